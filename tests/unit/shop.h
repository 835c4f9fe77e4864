/*
 * A shop at work for tests: books in a scratch directory, people boss (admin), ding (supervisor)
 * and lin (cashier) with the PIN 2468, a few goods, a till on a loop with a clock of the test's own.
 */
#ifndef ZG_TEST_SHOP_H
#define ZG_TEST_SHOP_H

#include "src/till/till.h"

#include <stdint.h>

#define SHOP_PIN "2468"

/* What hashing it costs in shops that are made from now on, as yescrypt counts: 1, the least, at first; 0 is what a till does, and takes a while. */
extern unsigned long shop_pin_cost;

struct shop {
	char *home;
	struct zg_clock clock;
	int64_t now_ms, running_ms;    /* added to the machine's own clocks */
	const struct zg_printer_driver *const *printers;    /* NULL: none */
	const struct zg_pay_driver *const *payers;          /* NULL: none */
	struct zg_loop *loop;
	struct zg_till *till;
	/* How the last call ended. */
	enum zg_result result;
	json_t *answer;
	struct zg_error err;
	int done;
};

/* config: lines for zhanggui.conf; NULL for a plain one (rounding = jiao, no printer, a drawer). */
struct shop *shop_begin(const char *config);
void shop_end(struct shop *shop);
/* Closes and opens the till, as a restart does. */
void shop_restart(struct shop *shop);

/* The parts of the above, for those whose till may refuse to start: a shop that is there already, its till closed. */
struct shop *shop_at(const char *home);
enum zg_result shop_open(struct shop *shop);    /* opens its till; shop->err says why not */
void shop_close(struct shop *shop);             /* closes its till, when it is open */
void shop_leave(struct shop *shop);             /* closes and frees, and leaves the directory as it is */

/* Calls an act as the person signed in and waits for its end; args in jansson's pack format (NULL: none). */
enum zg_result shop_do(struct shop *shop, const char *act, const char *format, ...);
/* The same as somebody with the PIN of all test people. */
enum zg_result shop_do_as(struct shop *shop, const char *login, const char *with, const char *act, const char *format, ...);
enum zg_result shop_sign_in(struct shop *shop, const char *login);
/* Goods: 1001 water 2.00, 1002 noodles 5.50, 1003 nuts 39.90 (barcode 6901028075831), 201 apples 12.98/kg, 901 misc. */
int64_t shop_integer(const struct shop *shop, const char *key);    /* of the answer; -1 when absent */
const char *shop_text(const struct shop *shop, const char *key);
#endif
