/* The cashier's side of the till: screens on the terminal, until she leaves. */
#ifndef ZG_TUI_TUI_H
#define ZG_TUI_TUI_H

#include "src/base/result.h"
#include "src/io/loop.h"

struct zg_till;

struct zg_tui_parts {
	struct zg_till *till;
	struct zg_loop *loop;
	int fd;                    /* the terminal */
	const char *theme;         /* over the configuration's; NULL: that one */
	const char *greeting;      /* translated; under the sign-in fields (the demo's logins); NULL */
};

/* Runs the loop until the cashier leaves, the terminal hangs up, or a signal ends it. ZG_USAGE: the terminal cannot be used. */
enum zg_result zg_tui_run(const struct zg_tui_parts *parts, struct zg_error *err);
#endif
