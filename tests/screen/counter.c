#include "tests/screen/counter.h"

#include "src/base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct counter *counter_open(int rows, int columns, const char *login, const char *config)
{
	struct counter *c = zg_alloc(1, sizeof(*c));
	struct zg_app_parts parts;

	c->shop = shop_begin(config);
	/* What the screen says of time stands still; what the till waits for goes on. */
	c->shop->clock = (struct zg_clock){ harness_clock()->now_ms, zg_real_clock.running_ms, NULL };
	if (login)
		cr_assert(eq(int, shop_sign_in(c->shop, login), ZG_OK), "%s", c->shop->err.text);
	harness_parts(&parts, rows, columns);
	parts.till = c->shop->till;
	parts.context = &c->desk;
	c->h = harness_open(&parts, NULL, NULL);
	c->desk = (struct zg_desk){ .app = harness_app(c->h), .till = c->shop->till, .loop = c->shop->loop };
	return c;
}

void counter_close(struct counter *c)
{
	harness_close(c->h);
	shop_end(c->shop);
	free(c);
}

void counter_show(struct counter *c, const struct zg_screen *screen, const void *with)
{
	zg_app_show(harness_app(c->h), screen, with);
	zg_app_frame(harness_app(c->h));
}

void counter_wait(struct counter *c)
{
	for (int i = 0; i < 100; i++)
		zg_loop_step(c->shop->loop, 5);
	zg_app_frame(harness_app(c->h));
}

void counter_shift(struct counter *c)
{
	cr_assert(eq(int, shop_do(c->shop, "shift.open", "{s:i}", "float_fen", 20000), ZG_OK), "%s", c->shop->err.text);
}

void counter_sell(struct counter *c, char *number, const char *code, int quantity, ...)
{
	va_list list;

	va_start(list, quantity);
	while (code) {
		cr_assert(eq(int, shop_do(c->shop, "sale.add", "{s:s, s:i}", "code", code, "quantity_milli", quantity), ZG_OK), "%s", c->shop->err.text);
		code = va_arg(list, const char *);
		quantity = code ? va_arg(list, int) : 0;
	}
	va_end(list);
	cr_assert(eq(int, shop_do(c->shop, "sale.pay", "{s:s}", "tender", "cash"), ZG_OK), "%s", c->shop->err.text);
	if (number)
		strcpy(number, shop_text(c->shop, "number"));
}
