/* Every screen, by the file that has it. */
#ifndef ZG_TUI_SCREENS_H
#define ZG_TUI_SCREENS_H

#include "tui/screen.h"

extern const struct zg_screen zg_login_screen;      /* login.c; sign in, and unlock */
extern const struct zg_screen zg_sale_screen;       /* sale_screen.c; ring up */
extern const struct zg_screen zg_settle_screen;     /* settle.c; take the money */
extern const struct zg_screen zg_paying_screen;     /* paying.c; a payment by phone under way, opened with a const int64_t *: its id */
extern const struct zg_screen zg_find_screen;       /* find.c; goods by name, code, initials */
extern const struct zg_screen zg_hung_screen;       /* hung.c; sales set aside */
extern const struct zg_screen zg_history_screen;    /* history.c; F4 */
extern const struct zg_screen zg_story_screen;      /* story.c; one sale, opened with a const int64_t *: its id */
extern const struct zg_screen zg_refund_screen;     /* refund.c; money back for a sale, opened the same way */
extern const struct zg_screen zg_shift_screen;      /* shift.c; F9 */
extern const struct zg_screen zg_count_screen;      /* count.c; the blind count, opened with a const bool *: hand-over follows */
extern const struct zg_screen zg_day_screen;        /* day.c; F12 */
extern const struct zg_screen zg_setup_screen;      /* setup.c; the shop's own data */
extern const struct zg_screen zg_jobs_screen;       /* jobs.c; slips that are not on paper */
extern const struct zg_screen zg_doubt_screen;      /* doubt.c; payments and refunds by phone without an end */

/* Opens the drawer without a sale, with a reason; for any screen's key table. shift.c */
void zg_shift_open_drawer(struct zg_app *app, void *self);

/* Rings up the goods of that code, asking for what is missing (weight, price); quantity 0: what was typed for the
 * next item, else one. ring.c */
void zg_sale_ring(struct zg_app *app, const char *code, int64_t item_id, int64_t quantity);
#endif
