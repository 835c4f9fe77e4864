#include "tests/screen/counter.h"

#include "src/base/alloc.h"
#include "tui/order.h"
#include "tui/screens.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* The first frame is drawn before the desk has its app. */
static void hear(void *context)
{
	const struct zg_desk *desk = context;

	if (desk->app)
		zg_desk_hear(context);
}

static void open_app(struct counter *c, int rows, int columns)
{
	struct zg_app_parts parts;

	harness_parts(&parts, rows, columns);
	parts.till = c->shop->till;
	parts.context = &c->desk;
	parts.globals = zg_desk_keys(c->shop->till);
	parts.before = hear;
	parts.status = zg_desk_status;
	c->desk = (struct zg_desk){ .till = c->shop->till, .loop = c->shop->loop };
	c->h = harness_open(&parts, NULL, NULL);
	c->desk.app = harness_app(c->h);
}

struct counter *counter_open(int rows, int columns, const char *login, const char *config)
{
	struct counter *c = zg_alloc(1, sizeof(*c));

	c->shop = shop_begin(config);
	/* What the screen says of time stands still; what the till waits for goes on. */
	c->shop->clock = (struct zg_clock){ .now_ms = harness_clock()->now_ms, .running_ms = zg_real_clock.running_ms };
	if (login)
		cr_assert(eq(int, shop_sign_in(c->shop, login), ZG_OK), "%s", c->shop->err.text);
	open_app(c, rows, columns);
	return c;
}

void counter_close(struct counter *c)
{
	zg_order_forget(c->desk.app);
	zg_till_forget(c->shop->till, c->desk.app);
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

void counter_restart(struct counter *c, int rows, int columns)
{
	harness_close(c->h);
	shop_restart(c->shop);
	open_app(c, rows, columns);
	counter_keep_up(c);
	counter_show(c, &zg_login_screen, NULL);
}

static void keep_up(void *self)
{
	struct counter *c = self;

	zg_loop_step(c->shop->loop, 0);
	for (int i = 0; i < 1000 && !zg_till_is_idle(c->shop->till); i++)
		zg_loop_step(c->shop->loop, 5);
}

void counter_keep_up(struct counter *c)
{
	harness_meanwhile(c->h, keep_up, c);
}

int counter_play(struct counter *c, const char *keys)
{
	char part[256];
	int count = 0;

	while (*keys) {
		bool is_scan = *keys == '<' && strchr(keys, '>');
		size_t length = is_scan ? strcspn(keys, ">") - 1 : harness_key_length(keys);

		cr_assert(lt(sz, length, sizeof(part)));
		memcpy(part, keys + is_scan, length);
		part[length] = '\0';
		if (is_scan)
			harness_scan(c->h, part);
		else
			harness_type(c->h, part);
		keys += length + (is_scan ? 2 : 0);
		count++;
	}
	return count;
}

void counter_goods(struct counter *c, const char *rows)
{
	char *path = zg_print("%s/more.csv", c->shop->home);
	FILE *file = fopen(path, "w");

	cr_assert(ne(ptr, file, NULL));
	fprintf(file, "code,barcodes,name,unit,price,tax_rate,tax_code,kind\n%s", rows);
	fclose(file);
	cr_assert(eq(int, shop_do_as(c->shop, "boss", NULL, "product.import", "{s:s}", "path", path), ZG_OK), "%s", c->shop->err.text);
	free(path);
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
