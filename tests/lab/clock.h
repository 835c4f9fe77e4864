/*
 * A clock for the lab: one page of shared memory that till, simulators and experiment read together. It runs as many times
 * faster than the machine as it was made with, so that a payment's 15 s pass in 15 ms, and its wall clock can be set.
 *
 * The lab's own builds of the programs (tests/lab/zhanggui, tests/lab/zhanggui-sim) take it from the file that the environment
 * variable ZG_LAB_CLOCK names. The shipped programs have nothing of this in them: tests/lab/absent.sh looks.
 */
#ifndef ZG_TESTS_LAB_CLOCK_H
#define ZG_TESTS_LAB_CLOCK_H

#include "src/base/clock.h"

#include <stdbool.h>

#define LAB_CLOCK_NAME "ZG_LAB_CLOCK"

struct lab_clock;

/* The programs' end: the clock of that file; the machine's own when none is named. A file that is no clock ends the program. */
const struct zg_clock *lab_clock_given(void);

/* ---- the experiment's end ---- */

/*
 * A new clock in a file, running `pace` times as fast as the machine from now on, its wall clock right at first. Ends the
 * program when that cannot be done. The file may go once the programs that are to read it have begun.
 */
struct lab_clock *lab_clock_make(const char *path, int pace);
void lab_clock_drop(struct lab_clock *clock);    /* the file stays */
/* For parts that run in this process. */
const struct zg_clock *lab_clock_of(const struct lab_clock *clock);
/* Sets the wall clock: by a step, or to an instant. The running clock does not notice. */
void lab_clock_step(struct lab_clock *clock, int64_t by_ms);
void lab_clock_set(struct lab_clock *clock, int64_t at_ms);
/* So much time has passed at once, on both. A wait that is under way in a program is not shortened by it. */
void lab_clock_pass(struct lab_clock *clock, int64_t ms);
#endif
