/* The keys that act on the current line of the sale: quantity, taking off, discount, price. */
#ifndef ZG_TUI_SALE_KEYS_H
#define ZG_TUI_SALE_KEYS_H

#include "tui/sale_screen.h"

void zg_sale_key_times(struct zg_app *app, void *self);    /* 3 * before an item, * 3 after it */
void zg_sale_key_minus(struct zg_app *app, void *self);    /* the line, or so many of it */
void zg_sale_key_slash(struct zg_app *app, void *self);    /* 9 / is 90 %, / 5 is 5 yuan less, // the whole sale */
void zg_sale_key_point(struct zg_app *app, void *self);    /* another price */
/* Enter, while a mode is on. */
void zg_sale_enter_mode(struct zg_app *app, struct zg_selling *s);
/* sale_line.c */
/* The box of what can be done to the current line. */
void zg_sale_open_line(struct zg_app *app, struct zg_selling *s);
/* Puts back what was taken off the current line; when that is nothing, what was taken off last. */
void zg_sale_key_restore(struct zg_app *app, void *self);
/* There is something to put back, and no number is being typed for a line: of the two, the one whose time it is. */
bool zg_sale_undo_first(const void *self);    /* just now it was taken off, or it is chosen */
bool zg_sale_undo_later(const void *self);

void zg_shift_open_drawer(struct zg_app *app, void *self);    /* shift.c */
/* Takes cash for the sale under way; asks first when it is far too much. settle.c */
void zg_settle_cash(struct zg_app *app, zg_fen tendered);
#endif
