/*
 * Plays keys to the app and reads the screen back as text, without a terminal: the clock is held, the
 * size is given, and what curses would send is kept, to be looked at or thrown away.
 */
#ifndef ZG_TESTS_SCREEN_HARNESS_H
#define ZG_TESTS_SCREEN_HARNESS_H

#include "tui/app.h"

#define HARNESS_ROW 1024    /* bytes of a row's text */

struct harness;

/* Fills parts with the usual: held clock, xterm-256color, the size, the dark theme. Change it before harness_open. */
void harness_parts(struct zg_app_parts *parts, int rows, int columns);
struct harness *harness_open(const struct zg_app_parts *parts, const struct zg_screen *screen, const void *with);
void harness_close(struct harness *h);
struct zg_app *harness_app(struct harness *h);
/* The held clock; parts->clock points to it, so a till can be made on it before the app. */
const struct zg_clock *harness_clock(void);

/* Types as a person does: each character, or whole escape sequence, 100 ms after the one before. */
void harness_type(struct harness *h, const char *keys);
/* Bytes of the key at the head: a whole escape sequence, or one character. */
size_t harness_key_length(const char *keys);
/* All bytes in one write, now; then time goes on 100 ms. */
void harness_write(struct harness *h, const char *bytes);
/* A scanner that types: 10 ms a character, then Enter. */
void harness_scan(struct harness *h, const char *code);
/* The bytes now, and no time passes: for what happens between two writes. */
void harness_bytes(struct harness *h, const char *bytes, size_t length);
void harness_pass(struct harness *h, int ms);    /* time goes on; what is due is done, a frame is drawn */
/* Called whenever time goes on, before the frame: where a till's loop is stepped. NULL: nobody. */
void harness_meanwhile(struct harness *h, void (*call)(void *self), void *self);
void harness_resize(struct harness *h, int rows, int columns);

/* A row of the screen, blanks at its end cut off. Lasts until the next call for the same row. */
const char *harness_row(struct harness *h, int row);
/* The whole screen, rows ended by newlines; the caller frees it. */
char *harness_screen(struct harness *h);
/* Cells up to the last column of a row; the sign at the edge, that more is above or below, is none. */
int harness_width(struct harness *h, int row);
bool harness_has(struct harness *h, const char *text);
/* The first row that has the text, -1: none; *column gets the cell where it begins (may be NULL). */
int harness_find(struct harness *h, const char *text, int *column);
int harness_find_below(struct harness *h, int first, const char *text, int *column);    /* from row first on */
/* How a cell is shown. */
attr_t harness_attributes(struct harness *h, int row, int column, short *pair);
int harness_rows(struct harness *h);
int harness_columns(struct harness *h);
/* What curses has sent since the last call; the caller frees it. *length gets the bytes. */
char *harness_sent(struct harness *h, size_t *length);
#endif
