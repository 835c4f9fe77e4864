/*
 * The pump between the screen and the terminal, so that a terminal that nobody reads (Ctrl-S in an outer
 * terminal, a frozen SSH) stops no sale.
 *
 * ncurses writes into a pipe, and the loop carries the bytes on as the terminal takes them. While
 * zg_terminal_is_behind, draw nothing: the pipe holds one frame, and ncurses would wait for room without end.
 * The bytes that the terminal sends are handed over raw, apart from getch.
 */
#ifndef ZG_IO_TERMINAL_H
#define ZG_IO_TERMINAL_H

#include "src/base/result.h"
#include "src/io/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define ZG_TERMINAL_ROWS    200    /* a bigger terminal counts as this big: a frame must fit in the pipe */
#define ZG_TERMINAL_COLUMNS 500

struct zg_terminal;

/* All run in the loop; any may be NULL. */
struct zg_terminal_events {
	void (*bytes)(void *self, const char *bytes, size_t length, int64_t at_ms);    /* at_ms: running clock */
	void (*resized)(void *self, int rows, int columns);    /* after SIGWINCH, when the size is another */
	void (*gone)(void *self);                              /* the terminal hung up; nothing more will come */
};

/*
 * Takes the terminal that `fd` is: raw mode (no echo, no signals from keys, no Ctrl-S), kept until zg_terminal_close.
 * A small process of our own stays beside us and puts the terminal back if we should die without closing it.
 * fd itself is not used any more and keeps its flags. ZG_USAGE: fd is no terminal.
 */
enum zg_result zg_terminal_open(struct zg_loop *loop, int fd, const struct zg_terminal_events *events, void *self,
				struct zg_terminal **terminal, struct zg_error *err);
/*
 * After endwin(): sends what is left, at most limit_ms of real time (1000 is good), puts the terminal's modes back
 * and closes it all, zg_terminal_out included. delscreen() comes before. NULL is allowed.
 */
void zg_terminal_close(struct zg_terminal *terminal, int limit_ms);

/* For newterm(NULL, zg_terminal_out(t), stdin-like FILE). Borrowed until the close. */
FILE *zg_terminal_out(struct zg_terminal *terminal);
/* An input for newterm that never has a byte: keys come through `bytes`. Borrowed until the close. */
FILE *zg_terminal_in(struct zg_terminal *terminal);
/* Bytes of an earlier frame still wait: skip this frame. The step in which it has caught up calls the loop's after hook. */
bool zg_terminal_is_behind(struct zg_terminal *terminal);
/* After a frame: hands it to the terminal at once, as far as that takes it, and not only when the loop comes round. */
void zg_terminal_push(struct zg_terminal *terminal);
/* Once, after newterm: this terminal's cursor leaves a row as soon as its last column is written (terminfo's am without xenl). */
void zg_terminal_wraps(struct zg_terminal *terminal);
/* Set LINES and COLUMNS to this before newterm. 24 and 80 when the terminal does not know. */
void zg_terminal_size(const struct zg_terminal *terminal, int *rows, int *columns);
/* Bytes handed to the terminal so far; for measuring. */
uint64_t zg_terminal_written(const struct zg_terminal *terminal);
#endif
