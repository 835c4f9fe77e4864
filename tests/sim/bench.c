#include "tests/sim/bench.h"

void bench_take(void *self, const struct sim_mark *mark)
{
	struct bench *bench = self;

	sim_mark_write(mark, bench->columns, &bench->paper);
	bench->marks++;
	bench->faults += mark->kind == SIM_FAULT;
	if (mark->kind == SIM_BAND)
		return;
	json_decref(bench->last);
	bench->last = sim_mark_json(mark);
}

void bench_clear(struct bench *bench)
{
	zg_buffer_clear(&bench->paper);
	json_decref(bench->last);
	*bench = (struct bench){ .columns = bench->columns };
}

void bench_decode(struct bench *bench, const char *bytes, size_t length)
{
	struct sim_decoder_options options = { .columns = bench->columns };
	struct sim_decoder *decoder = sim_decoder_new(&options, bench_take, bench);

	for (size_t i = 0; i < length; i++)
		sim_decoder_put(decoder, (unsigned char)bytes[i]);
	sim_decoder_end(decoder);
	sim_decoder_free(decoder);
}
