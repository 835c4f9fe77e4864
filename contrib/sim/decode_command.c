#include "contrib/sim/commands.h"
#include "contrib/sim/escpos_decoder.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct job {
	int columns;
	bool json;
	int faults;
	struct zg_buffer paper;
	json_t *marks;
};

static void take(void *self, const struct sim_mark *mark)
{
	struct job *job = self;

	if (mark->kind == SIM_FAULT)
		job->faults++;
	if (!job->json)
		sim_mark_write(mark, job->columns, &job->paper);
	else if (mark->kind != SIM_BAND)
		zg_json_append(job->marks, sim_mark_json(mark));
}

static int help(FILE *out, int code)
{
	fprintf(out,
		"Usage: zhanggui-sim decode [--columns N] [--profile 58|80] [--json] < BYTES\n"
		"Prints what a receipt printer makes of the bytes. Exit 1: some mean nothing or do harm.\n"
		"  --columns N   characters a line (48)\n"
		"  --profile P   58: 32 columns; 80: 48 columns\n"
		"  --json        {\"columns\", \"bytes\", \"faults\", \"marks\": [...]}; bytes outside any known\n"
		"                command are marks of kind \"unknown\"\n");
	return code;
}

static void print_json(struct job *job, size_t bytes)
{
	json_t *all = zg_json_object();

	zg_json_set_integer(all, "columns", job->columns);
	zg_json_set_integer(all, "bytes", (int64_t)bytes);
	zg_json_set_integer(all, "faults", job->faults);
	zg_json_set(all, "marks", job->marks);
	char *text = zg_json_pretty(all);

	fputs(text, stdout);
	free(text);
	json_decref(all);
}

static int decode(struct job *job)
{
	struct sim_decoder_options options = { .columns = job->columns };
	struct sim_decoder *decoder = sim_decoder_new(&options, take, job);
	size_t bytes = 0;
	int byte;

	for (; (byte = getchar()) != EOF; bytes++)
		sim_decoder_put(decoder, (unsigned char)byte);
	sim_decoder_end(decoder);
	sim_decoder_free(decoder);
	if (job->json)
		print_json(job, bytes);
	else
		fputs(zg_buffer_text(&job->paper), stdout);
	zg_buffer_clear(&job->paper);
	if (ferror(stdin) || fflush(stdout) != 0)
		return 5;
	return job->faults > 0;
}

int sim_decode_command(const struct zg_clock *clock, int argc, char **argv)
{
	static const struct option options[] = {
		{ "columns", required_argument, NULL, 'c' }, { "profile", required_argument, NULL, 'p' },
		{ "json", no_argument, NULL, 'j' },          { "help", no_argument, NULL, 'h' }, { 0 },
	};
	struct job job = { .columns = 48 };
	int option;

	(void)clock;    /* what was printed has no time */
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'c')
			job.columns = sim_number("columns", optarg, 255);
		else if (option == 'p')
			job.columns = strcmp(optarg, "58") == 0 ? 32 : strcmp(optarg, "80") == 0 ? 48 : -1;
		else if (option == 'j')
			job.json = true;
		else
			return option == 'h' ? help(stdout, 0) : help(stderr, 2);
	}
	if (job.columns < 0 || optind < argc)
		return help(stderr, 2);
	job.marks = job.json ? zg_json_array() : NULL;
	return decode(&job);
}
