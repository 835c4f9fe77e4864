/* What the simulator's tests share: a printer's paper as one text. */
#ifndef TESTS_SIM_BENCH_H
#define TESTS_SIM_BENCH_H

#include "contrib/sim/virtual_printer.h"

#define BYTES(literal) (literal), sizeof(literal) - 1    /* keeps the NULs inside */

struct bench {
	int columns;
	struct zg_buffer paper;    /* as the paper file has it */
	int marks, faults;
	json_t *last;              /* the last mark but bands; borrowed by the test */
};

/* A sim_take_mark for a struct bench. */
void bench_take(void *bench, const struct sim_mark *mark);
void bench_clear(struct bench *bench);
/* All of it through a decoder, to its end. */
void bench_decode(struct bench *bench, const char *bytes, size_t length);
#endif
