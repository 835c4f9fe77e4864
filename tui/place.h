/*
 * Puts columns where they belong on terminals that draw signs such as ● × … two cells wide.
 *
 * curses counts such a sign as one cell and writes on; everything behind it in the row would stand one
 * cell to the right. So each row that was changed and has such a sign is sent once more, with the cursor
 * placed anew at the first blank behind each sign. On a terminal that draws them one cell wide
 * nothing looks different, and it costs five times the bytes: so, after each whole screen, the terminal is asked
 * where one sign has moved its cursor, and once it has said "by one cell", is_off may be set. One that does not
 * answer gets the rows twice.
 */
#ifndef ZG_TUI_PLACE_H
#define ZG_TUI_PLACE_H

#include <stdbool.h>
#include <stdio.h>

struct zg_place;

/* out is where curses writes; borrowed. */
struct zg_place *zg_place_new(FILE *out);
void zg_place_free(struct zg_place *place);
/* The character in a row's last cell takes this terminal's cursor to the next row at once (terminfo's am without xenl: ansi). */
bool zg_place_wraps(const struct zg_place *place);
/* Between wnoutrefresh and doupdate: notes the rows. is_off: none. */
void zg_place_mark(struct zg_place *place, bool is_off);
/* After doupdate: sends them, and after a whole screen the question, which zg_keys hears the answer to. */
void zg_place_settle(struct zg_place *place);
#endif
