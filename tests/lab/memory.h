/*
 * Memory that runs out when an experiment says so. A program that is linked with memory.c has its malloc and its kin there, for
 * itself and for every library that it uses; one allocation, or all from one on, can be made to fail, and the blocks that
 * were not given back can be counted.
 *
 * What it wants is in a page that is shared with forked children and, in a program that is started anew, can be read from the file
 * that the environment variable ZG_LAB_MEMORY names; should that one crash, it writes its stack into the file ZG_LAB_TRACE names.
 * Not with the address sanitizer, which has a malloc of its own: then memory_is_here says so.
 */
#ifndef ZG_TESTS_LAB_MEMORY_H
#define ZG_TESTS_LAB_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

struct memory_plan {
	_Atomic int64_t at;           /* the allocation that fails, counted from 1; 0: none */
	_Atomic bool is_for_good;     /* and all after it */
	_Atomic int64_t asked;        /* allocations so far, while it was armed */
	_Atomic int64_t failed;       /* of them refused */
};

bool memory_is_here(void);

/* From here on the at-th allocation of this process fails, or with for_good it and all later ones. 0: they are only counted. */
void memory_arm(int64_t at, bool for_good);
void memory_disarm(void);
/* Between the two nothing is counted and nothing fails: the experiment looks. */
void memory_look(void);
void memory_look_end(void);
int64_t memory_asked(void);     /* since it was armed */
int64_t memory_failed(void);
int64_t memory_blocks(void);    /* that this process has and did not give back */

/* A plan in a file for a program that is linked with memory.c; NULL when it cannot be made. Of the file's own it fails nothing. */
struct memory_plan *memory_plan_make(const char *path);
void memory_plan_drop(struct memory_plan *plan);
#endif
