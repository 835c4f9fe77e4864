/* What the demo's screens have beside a shop's: the printer's paper, and a customer who does with his phone what he is told. */
#ifndef ZG_TUI_DEMO_H
#define ZG_TUI_DEMO_H

#include "tui/binding.h"

#include <stddef.h>

struct zg_app;

/* For a table of keys of every screen; self is NULL. */
void zg_demo_paper(struct zg_app *app, void *self);       /* shows it beside the screen, or no longer */
void zg_demo_customer(struct zg_app *app, void *self);    /* whose code he holds out */
void zg_demo_refuse(struct zg_app *app, void *self);      /* what is being paid now, else what comes next */
void zg_demo_vanish(struct zg_app *app, void *self);

/* "Ctrl-K: Customer's phone. ...": what follows the logins on the sign-in screen, by the rows of the table whose actions begin with "demo.". */
void zg_demo_greet(char *text, size_t size, const char *logins, const struct zg_key *keys);
#endif
