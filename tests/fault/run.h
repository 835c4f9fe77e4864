/*
 * Runs the real programs for the fault tests: commands and their output, the till under a pseudo-terminal with
 * somebody who types and looks, and the virtual printer at the other end of its line.
 *
 * ZG_BUILD and ZG_SOURCE say where they are (make check sets them).
 */
#ifndef ZG_TESTS_FAULT_RUN_H
#define ZG_TESTS_FAULT_RUN_H

#include "tests/fault/vt.h"

#include <stdio.h>
#include <sys/types.h>

#define RUN_PATH 512

/* ---- a shop ---- */

struct shop {
	char home[RUN_PATH - 100];     /* a fresh directory; goes with shop_end */
	char link[RUN_PATH];           /* where the virtual printer's line is */
};

/* Reads the environment, the locale and the clock's zone; call it first. */
void run_begin(void);
/* Directory of the shipped programs as they were built, and of the sources. */
const char *run_build(void);
const char *run_source(void);
/* From now on the lab's builds of the programs are run, by the clock in that file (tests/lab/clock.h); NULL: the shipped ones. */
void run_use_clock(const char *path);
int64_t run_now_us(void);
void run_sleep_us(int64_t us);

/*
 * A shop with boss 8526 (admin), lin 6092 (cashier) and the goods of a product file. conf is its whole zhanggui.conf; NULL:
 * one in English with the virtual printer. Ends the program with a sentence when a command fails: then there is
 * nothing to test.
 */
void shop_begin(struct shop *shop, const char *goods_csv, const char *conf);
/* Writes that usual zhanggui.conf again, for a printer profile, with more behind its last section, [printer]. */
void shop_config(const struct shop *shop, const char *profile, const char *more);
void shop_end(struct shop *shop);
/*
 * Runs `zhanggui ARGS... --home shop` and keeps its standard output (and standard error when asked for). The arguments
 * end with NULL. Returns the exit code, -1 when it was killed. The caller frees *out.
 */
int shop_run(const struct shop *shop, char **out, char **errors, const char *const *args);
/* The same for one that must work; returns its output, or ends the program. */
char *shop_must(const struct shop *shop, const char *const *args);
/* Writes text into home/name. */
void shop_write(const struct shop *shop, const char *name, const char *text);
/* A whole file; NULL when it is not there. *length may be NULL. The caller frees it. */
char *run_read_file(const char *path, size_t *length);

/* ---- somebody at the till ---- */

struct counter {
	pid_t pid;
	int fd;                        /* the terminal's other end */
	struct vt *vt;
	FILE *record;                  /* gets every byte that came; NULL: none */
	int status;                    /* of the program that ended */
};

/* Starts `zhanggui till` (or argv, ending with NULL, when given) on a terminal of that size. Language: en or zh_CN. */
void counter_open(struct counter *counter, const struct shop *shop, int rows, int columns, const char *const *argv);
/* Bytes as they are, in one write. */
void counter_write(struct counter *counter, const char *bytes);
/* Character by character, each only after the one before was drawn or 3 ms passed, never as a scanner does. */
void counter_type(struct counter *counter, const char *keys);
/* A scanner's burst: all in one write, Enter behind. */
void counter_scan(struct counter *counter, const char *code);
/* Looks at what came, for at most ms; false: the terminal hung up. */
bool counter_look(struct counter *counter, int ms);
/* Looks until the text stands on the screen (or does not any more); false: it did not within ms. */
bool counter_wait(struct counter *counter, const char *text, int ms);
bool counter_gone(struct counter *counter, const char *text, int ms);
/* Looks until nothing came for ms. */
void counter_rest(struct counter *counter, int ms);
/* SIGKILL, then everything that had left the program is looked at; the program is waited for. */
void counter_kill(struct counter *counter);
/* Waits for it to end by itself; its exit code, -1 when it had to be killed after ms. */
int counter_end(struct counter *counter, int ms);
/* From the sign-in screen to the selling screen. Boxes that stand in the way are read and closed. */
bool counter_sign_in(struct counter *counter, const char *login, const char *pin);

/* ---- the virtual printer ---- */

struct printer {
	pid_t pid;
	int in, out;
	char paper[RUN_PATH], raw[RUN_PATH];    /* files that it adds to */
	char link[RUN_PATH];
};

/* options: further words for zhanggui-sim, ending with NULL; NULL: none. */
void printer_open(struct printer *printer, const struct shop *shop, const char *const *options);
/* A command, such as "unplug"; waits for its answer. */
void printer_say(struct printer *printer, const char *command);
void printer_close(struct printer *printer);
/* The paper so far. The caller frees it. */
char *printer_paper(const struct printer *printer);
/* Waits until the paper has the text so many times. */
bool printer_wait(const struct printer *printer, const char *text, int times, int ms);

/* How often needle stands in text. */
int run_count(const char *text, const char *needle);
#endif
