/*
 * Experiments shared out to as many processes as the machine has cores, each with a place of its own.
 *
 * A job that crashes its process is a failure of that job, and the others go on.
 */
#ifndef ZG_TESTS_LAB_CREW_H
#define ZG_TESTS_LAB_CREW_H

#include "tests/fault/tally.h"

#include <stdbool.h>

#define CREW_FIGURES 16

/*
 * Calls job(self, number, place) for every number below jobs, in rising order within a process. place is an empty directory that
 * the process keeps. A job says itself what is wrong before it returns false. figures: sums that jobs add to with crew_add; may be NULL.
 */
void crew_run(struct tally *tally, long jobs, bool (*job)(void *self, long number, const char *place), void *self,
	      long figures[CREW_FIGURES]);
void crew_add(int figure, long more);

/* A fresh directory, in memory when there is room for it; the path is the caller's and has no link in it. */
char *crew_place(void);
void crew_leave(char *place);          /* with all that is in it, and the path is freed */
void crew_empty(const char *path);     /* what is there goes, itself included */
#endif
