/* The customer's side of the counter: a terminal that faces the shop. It looks at a running till, has no key but the one that ends it. */
#ifndef ZG_TUI_CUSTOMER_H
#define ZG_TUI_CUSTOMER_H

#include "src/base/clock.h"
#include "src/base/json.h"
#include "src/base/result.h"
#include "src/io/loop.h"
#include "src/till/config.h"
#include "tui/screen.h"

/* Where the screen looks: src/till/customer.h's view. All borrowed. */
struct zg_customer_source {
	enum zg_result (*look)(void *self, json_t **view);    /* *view is the caller's */
	void *self;
	const char *shop;          /* while no till answers */
};

extern const struct zg_screen zg_customer_screen;    /* opened with a const struct zg_customer_source * */

struct zg_customer_parts {
	const char *home;
	const struct zg_config *config;
	struct zg_loop *loop;
	int fd;                    /* the terminal */
};

/* Until the key, a signal, or the terminal's end. ZG_USAGE: the terminal cannot be used. */
enum zg_result zg_customer_run(const struct zg_customer_parts *parts, struct zg_error *err);
#endif
