/* Asks why: the reasons that come up every day have a number key, any other one is typed. */
#ifndef ZG_TUI_REASON_H
#define ZG_TUI_REASON_H

#include "tui/app.h"

#define ZG_REASONS 6    /* ready-made ones at most */

enum zg_reason_for { ZG_REASON_REFUND, ZG_REASON_CASH_IN, ZG_REASON_CASH_OUT, ZG_REASON_DRAWER, ZG_REASON_SETTLED };

/* done gets the state of the screen that asked and a clean reason that is not empty; nothing is called after Esc. One question at a time. */
void zg_reason_ask(struct zg_app *app, enum zg_reason_for what, void (*done)(struct zg_app *app, void *self, const char *reason));
#endif
