/*
 * The subcommands of zhanggui-sim. Each takes the clock that the simulated world runs by, which may be faster than the
 * machine's, and its own arguments, its name first; and gives the exit code.
 */
#ifndef SIM_COMMANDS_H
#define SIM_COMMANDS_H

#include "src/base/clock.h"

int sim_decode_command(const struct zg_clock *clock, int argc, char **argv);
int sim_gateway_command(const struct zg_clock *clock, int argc, char **argv);
int sim_paper_command(const struct zg_clock *clock, int argc, char **argv);
int sim_printer_command_line(const struct zg_clock *clock, int argc, char **argv);

/* A whole number from 1 to max, or -1 after a line on standard error. */
int sim_number(const char *option, const char *text, int max);
#endif
