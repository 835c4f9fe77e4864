/* An experiment on all processors: as many processes as there are, and what each of them counted added up. */
#ifndef ZG_TESTS_LAB_WORKERS_H
#define ZG_TESTS_LAB_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

#define WORKERS_MOST 16

int workers_count(void);
/*
 * Calls work(index, of, result) in a process of its own for each index below `of`; result is `size` bytes of zeros, and comes
 * back to add(result, self) in this process, in the order of the indexes. False: one of them did not come to its end.
 */
bool workers_run(int of, size_t size, void (*work)(int index, int of, void *result), void (*add)(const void *result, void *self), void *self);
#endif
