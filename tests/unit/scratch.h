/* A directory of its own for a test, removed with everything in it. */
#ifndef ZG_TEST_SCRATCH_H
#define ZG_TEST_SCRATCH_H

/* The path; freed and removed by scratch_end. */
char *scratch_begin(void);
void scratch_end(char *path);
#endif
