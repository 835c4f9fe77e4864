/* What `zhanggui-sim printer` was asked for. */
#ifndef SIM_PRINTER_OPTIONS_H
#define SIM_PRINTER_OPTIONS_H

#include "contrib/sim/virtual_printer.h"

struct sim_printer_wish {
	const char *link, *control, *faults;          /* borrowed from argv; NULL: not wanted, but link */
	const char *paper, *events, *raw, *log;       /* files to add to */
	int baud;                                     /* pace of the line; 0: as fast as it comes */
	bool until_eof;                               /* end with standard input */
	struct sim_printer_options printer;
};

/* True when there is something to do; else *code is the exit code, and what was wrong has been said. */
bool sim_printer_wish_read(struct sim_printer_wish *wish, int argc, char **argv, int *code);
#endif
