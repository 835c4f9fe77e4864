/* The gateways' wall-clock texts: always GMT+8, whatever the machine's zone. Instants are Unix milliseconds. */
#ifndef SIM_GATE_TIME_H
#define SIM_GATE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#define GATE_TIME 32

/* form: GATE_RFC3339 "2026-04-01T10:02:11+08:00", GATE_PLAIN "2026-04-01 10:02:11", GATE_DIGITS "20260401100211", GATE_DAY "2026-04-01". */
enum gate_form { GATE_RFC3339, GATE_PLAIN, GATE_DIGITS, GATE_DAY };

/* Returns text. */
const char *gate_time(char text[GATE_TIME], enum gate_form form, int64_t at_ms);
/* False: not exactly of that form, or no such day. */
bool gate_time_read(const char *text, enum gate_form form, int64_t *at_ms);
#endif
