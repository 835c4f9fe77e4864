#include "contrib/sim/printer_options.h"

#include "contrib/sim/commands.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int help(FILE *out, int code)
{
	fprintf(out,
		"Usage: zhanggui-sim printer --link PATH [OPTION...]\n"
		"A receipt printer on a pseudo-terminal that PATH points to; prints 'ready PATH PTY' once it is there.\n"
		"  --paper FILE      adds the paper to FILE as text (else: standard output)\n"
		"  --events FILE     adds what happens as JSON lines\n"
		"  --raw FILE        adds the bytes that come, as they are\n"
		"  --log FILE        adds the bytes of both ways, with milliseconds, in hexadecimal\n"
		"  --control FIFO    makes a FIFO that takes commands; standard input takes them too\n"
		"  --until-eof       ends when standard input ends\n"
		"  --profile 58|80   58 mm paper: 32 columns; 80 mm: 48 (80)\n"
		"  --columns N       columns of the paper, if others\n"
		"  --baud N          takes bytes at this pace (else as fast as they come)\n"
		"  --speed N         prints N mm a second (else at once)\n"
		"  --buffer N        bytes of the receive buffer (4096)\n"
		"  --flow hold|xonxoff|none   what it does when the buffer is full (hold)\n"
		"  --roll MM, --near MM       length of the roll; when the near-end sensor speaks\n"
		"  --drawer low|high|none     level of the drawer's pin 3 when it is open (low)\n"
		"  --lacks LIST      of qr,barcode,cutter,dle,gsr,gsh,asb\n"
		"  --faults LIST     commands, with ';' between them, before it is ready\n"
		"  --seed N          of the garbage\n"
		"Commands: paper out|in [MM]|near, cover open|close, mute on|off, hang on|off, unplug, plug,\n"
		"power off|on, slow N, fast, cutter jam|free, drawer open|close, garbage N|off, noise HEX,\n"
		"lose N, status, quit. Each is answered by a line 'ok COMMAND' or 'unknown COMMAND'.\n");
	return code;
}

static bool take_lacks(struct sim_printer_options *options, char *list)
{
	const struct { const char *name; bool *flag; } lacks[] = {
		{ "qr", &options->decoder.lacks_qr }, { "barcode", &options->decoder.lacks_barcode },
		{ "cutter", &options->decoder.lacks_cutter }, { "dle", &options->lacks_dle },
		{ "gsr", &options->lacks_gsr }, { "gsh", &options->lacks_gsh }, { "asb", &options->lacks_asb },
	};
	char *rest = NULL;

	for (char *one = strtok_r(list, ",", &rest); one; one = strtok_r(NULL, ",", &rest)) {
		bool known = false;

		for (size_t i = 0; i < sizeof(lacks) / sizeof(lacks[0]); i++)
			if (strcmp(one, lacks[i].name) == 0)
				known = *lacks[i].flag = true;
		if (!known)
			return false;
	}
	return true;
}

/* Index of word in words, or -1. */
static int choose(const char *word, const char *const *words, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	return -1;
}

static bool take_number(const char *name, const char *text, int max, int *number)
{
	*number = sim_number(name, text, max);
	return *number > 0;
}

static bool take_profile(struct sim_printer_options *options, const char *paper)
{
	options->decoder.columns = strcmp(paper, "58") == 0 ? 32 : 48;
	return strcmp(paper, "58") == 0 || strcmp(paper, "80") == 0;
}

static bool take_flow(struct sim_printer_options *options, const char *word)
{
	static const char *const words[] = { "hold", "xonxoff", "none" };
	int which = choose(word, words, 3);

	if (which >= 0)
		options->flow = (enum sim_flow)which;
	return which >= 0;
}

static bool take_sensor(struct sim_printer_options *options, const char *word)
{
	static const char *const words[] = { "low", "high", "none" };
	int which = choose(word, words, 3);

	if (which >= 0)
		options->drawer = (enum sim_sensor)which;
	return which >= 0;
}

static bool take_buffer(struct sim_printer_options *options, const char *text)
{
	int bytes;

	if (!take_number("buffer", text, 1 << 20, &bytes) || bytes < 32)
		return false;
	options->buffer = (size_t)bytes;
	return true;
}

static bool take_seed(struct sim_printer_options *options, const char *text)
{
	int seed;

	if (!take_number("seed", text, 1 << 30, &seed))
		return false;
	options->seed = (uint32_t)seed;
	return true;
}

/* One option; false when its value is wrong. */
static bool take_option(struct sim_printer_wish *wish, int letter)
{
	struct sim_printer_options *printer = &wish->printer;

	switch (letter) {
	case 'l': wish->link = optarg; return true;
	case 'k': wish->control = optarg; return true;
	case 'f': wish->faults = optarg; return true;
	case 'e': wish->until_eof = true; return true;
	case 'P': wish->paper = optarg; return true;
	case 'E': wish->events = optarg; return true;
	case 'R': wish->raw = optarg; return true;
	case 'L': wish->log = optarg; return true;
	case 'p': return take_profile(printer, optarg);
	case 'c': return take_number("columns", optarg, 255, &printer->decoder.columns);
	case 'b': return take_number("baud", optarg, 4000000, &wish->baud);
	case 's': return take_number("speed", optarg, 10000, &printer->speed);
	case 'u': return take_buffer(printer, optarg);
	case 'w': return take_flow(printer, optarg);
	case 'o': return take_number("roll", optarg, 1000000, &printer->roll);
	case 'n': return take_number("near", optarg, 1000000, &printer->near);
	case 'd': return take_sensor(printer, optarg);
	case 'a': return take_lacks(printer, optarg);
	case 'S': return take_seed(printer, optarg);
	default: return false;
	}
}

bool sim_printer_wish_read(struct sim_printer_wish *wish, int argc, char **argv, int *code)
{
	static const struct option options[] = {
		{ "link", required_argument, NULL, 'l' },    { "paper", required_argument, NULL, 'P' },
		{ "events", required_argument, NULL, 'E' },  { "raw", required_argument, NULL, 'R' },
		{ "log", required_argument, NULL, 'L' },     { "control", required_argument, NULL, 'k' },
		{ "until-eof", no_argument, NULL, 'e' },     { "profile", required_argument, NULL, 'p' },
		{ "columns", required_argument, NULL, 'c' }, { "baud", required_argument, NULL, 'b' },
		{ "speed", required_argument, NULL, 's' },   { "buffer", required_argument, NULL, 'u' },
		{ "flow", required_argument, NULL, 'w' },    { "roll", required_argument, NULL, 'o' },
		{ "near", required_argument, NULL, 'n' },    { "drawer", required_argument, NULL, 'd' },
		{ "lacks", required_argument, NULL, 'a' },   { "faults", required_argument, NULL, 'f' },
		{ "seed", required_argument, NULL, 'S' },    { "help", no_argument, NULL, 'h' }, { 0 },
	};
	int letter;
	bool right = true;

	*wish = (struct sim_printer_wish){ .printer.decoder.columns = 48 };
	while (right && (letter = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (letter == 'h') {
			*code = help(stdout, 0);
			return false;
		}
		right = take_option(wish, letter);
	}
	if (right && wish->link && optind == argc)
		return true;
	*code = help(stderr, 2);
	return false;
}
