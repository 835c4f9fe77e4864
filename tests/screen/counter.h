/*
 * A counter for tests: a real till in a scratch directory, and the app above it; the wall clock is the
 * harness's held one. Goods and people are those of tests/unit/shop.h.
 */
#ifndef ZG_TESTS_SCREEN_COUNTER_H
#define ZG_TESTS_SCREEN_COUNTER_H

#include "tests/screen/harness.h"
#include "tests/unit/shop.h"
#include "tui/desk.h"

struct counter {
	struct shop *shop;
	struct zg_desk desk;
	struct harness *h;
};

/* Signs the login in; NULL: nobody. config as of shop_begin. */
struct counter *counter_open(int rows, int columns, const char *login, const char *config);
void counter_close(struct counter *c);
/* Opens a screen; the first one of a counter is the bottom of its stack. */
void counter_show(struct counter *c, const struct zg_screen *screen, const void *with);
/* Lets the loop do what is due (a PIN's check, a job), then draws. */
void counter_wait(struct counter *c);

/* Opens a shift with 200.00. */
void counter_shift(struct counter *c);
/* Rings up so much of each code (milli; NULL ends them), pays in cash; number (or NULL) gets the receipt's. */
void counter_sell(struct counter *c, char *number, const char *code, int quantity, ...);

/* The till stops and starts again at this size; the sign-in is shown, as by the program. */
void counter_restart(struct counter *c, int rows, int columns);
/* From now on the till is waited for after each key: a PIN that is checked in another process is answered. */
void counter_keep_up(struct counter *c);
/* Plays keys; <690102807> is a scan of that. Returns how many keys that were, a scan being one. */
int counter_play(struct counter *c, const char *keys);
/* Imports these rows of code,barcodes,name,unit,price,tax_rate,tax_code,kind. */
void counter_goods(struct counter *c, const char *rows);

/* Keys of which the terminal sends more than one byte. */
#define TYPE_UP    "\033[A"
#define TYPE_DOWN  "\033[B"
#define TYPE_RIGHT "\033[C"
#define TYPE_LEFT  "\033[D"
#define TYPE_PAGE_DOWN "\033[6~"
#define TYPE_F3    "\033OR"
#define TYPE_F7    "\033[18~"
#define TYPE_F12   "\033[24~"
#define TYPE_ESC   "\033"
#endif
