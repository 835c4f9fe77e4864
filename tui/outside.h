/* Money for the sale on the settle screen that the till does not ask for itself: a card terminal has taken it, or it is a voucher. */
#ifndef ZG_TUI_OUTSIDE_H
#define ZG_TUI_OUTSIDE_H

#include "tui/app.h"

/* Asks which it is and for its reference, then books it; all that is due closes the sale and goes back to the sale screen. amount in fen, > 0. */
void zg_outside_ask(struct zg_app *app, int64_t amount);
/* The one that was booked last is not counted any more; without any, what came by phone for the sale goes back to its channel, with a reason. */
void zg_outside_take_back(struct zg_app *app);
#endif
