/*
 * zhanggui-sim: what stands around a till, made of software, for the demo and the tests.
 * It knows the devices' own manuals and nothing of the till's drivers.
 */
#include "contrib/sim/commands.h"
#include "src/base/json.h"

/* The only clock of the shipped program; the lab builds this file with another, shared with the till. */
#ifndef ZG_MAIN_CLOCK
#define ZG_MAIN_CLOCK &zg_real_clock
#endif

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	int (*run)(const struct zg_clock *clock, int argc, char **argv);
	const char *what;
} commands[] = {
	{ "gateway", sim_gateway_command,      "WeChat Pay, Alipay and Lakala, and a customer who pays" },
	{ "printer", sim_printer_command_line, "a receipt printer with a drawer, on a pseudo-terminal" },
	{ "decode",  sim_decode_command,       "print ESC/POS bytes from standard input as paper text" },
	{ "paper",   sim_paper_command,        "watch a printer's paper in this terminal" },
};

int sim_number(const char *option, const char *text, int max)
{
	char *end;
	long number = strtol(text, &end, 10);

	if (*text && !*end && number >= 1 && number <= max)
		return (int)number;
	fprintf(stderr, "zhanggui-sim: --%s takes a number from 1 to %d, not '%s'\n", option, max, text);
	return -1;
}

static int help(FILE *out, int code)
{
	fprintf(out, "Usage: zhanggui-sim COMMAND [OPTION...]\n");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(out, "  %-8s  %s\n", commands[i].name, commands[i].what);
	fprintf(out, "Each command has --help.\n");
	return code;
}

int main(int argc, char **argv)
{
	if (!setlocale(LC_ALL, "") || MB_CUR_MAX == 1)
		setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	if (argc < 2)
		return help(stderr, 2);
	if (strcmp(argv[1], "--help") == 0)
		return help(stdout, 0);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(ZG_MAIN_CLOCK, argc - 1, argv + 1);
	fprintf(stderr, "zhanggui-sim: no command '%s'\n", argv[1]);
	return help(stderr, 2);
}
