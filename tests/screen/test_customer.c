/* What the customer's terminal shows of a till, and what it does not: goldens at three sizes in both languages, and what must be so. */
#include "src/base/alloc.h"
#include "src/base/locale.h"
#include "src/base/text.h"
#include "src/till/customer.h"
#include "src/till/private.h"
#include "src/till/teller_private.h"
#include "tests/screen/golden.h"
#include "tests/screen/harness.h"
#include "tests/unit/shop.h"
#include "tui/customer.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

static struct shop *shop;
static struct harness *h;

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DONE(call) cr_assert(eq(int, (call), ZG_OK), "%s", shop->err.text)
#define HAS(text) cr_expect(harness_has(h, text), "\"%s\" is not in\n%s", text, harness_screen(h))
#define LACKS(text) cr_expect(not(harness_has(h, text)), "\"%s\" is in\n%s", text, harness_screen(h))

/* Over the same text that the door sends. */
static enum zg_result look(void *self, json_t **view)
{
	(void)self;
	*view = shop->till ? zg_customer_json(shop->till) : NULL;
	return *view ? ZG_OK : ZG_NOT_FOUND;
}

static void begin(const char *language, int rows, int columns)
{
	static const struct zg_customer_source source = { .look = look, .shop = "小满便利店" };
	struct zg_app_parts parts;

	setenv("ZHANGGUI_LOCALEDIR", ZG_BUILD "/po/locale", 0);
	zg_locale_choose(language);
	shop = shop_begin(NULL);
	DONE(shop_sign_in(shop, "lin"));
	DONE(shop_do(shop, "shift.open", "{s:i}", "float_fen", 20000));
	harness_parts(&parts, rows, columns);
	h = harness_open(&parts, &zg_customer_screen, &source);
}

static void end(void)
{
	if (h)
		harness_close(h);
	if (shop)
		shop_end(shop);
}

static void ring(void)
{
	DONE(shop_do(shop, "sale.add", "{s:s, s:i}", "code", "1001", "quantity_milli", 2000));
	DONE(shop_do(shop, "sale.add", "{s:s}", "code", "1002"));
	DONE(shop_do(shop, "sale.add", "{s:s, s:i}", "code", "201", "quantity_milli", 856));
	harness_pass(h, 300);
}

static void pay(void)
{
	ring();
	DONE(shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 5000));
	harness_pass(h, 300);
}

/* A payment of the sale, as the teller has it. */
static struct zg_affair *send(enum zg_pay_way way, const char *url)
{
	struct zg_affair *affair = zg_alloc(1, sizeof(*affair));

	ring();
	*affair = (struct zg_affair){ .teller = shop->till->teller, .next = shop->till->teller->affairs };
	affair->payment = (struct zg_payment){ .id = 1, .sale_id = zg_till_sale_id(shop->till), .wallet = ZG_WALLET_ALIPAY, .way = way, .amount_fen = 2060,
		.attempt = { .state = ZG_PAY_WAITING } };
	strcpy(affair->url, url);
	shop->till->teller->affairs = affair;
	harness_pass(h, 300);
	return affair;
}

/* ---- goldens ---- */

static void idle(void)
{
}

static void code(void)
{
	send(ZG_WAY_SHOWN, "https://qr.alipay.com/TESTONLY0123456789");
}

static void asked(void)
{
	send(ZG_WAY_CODE, "");
}

static void away(void)
{
	shop_close(shop);
	harness_pass(h, 6000);
}

static const struct scene {
	const char *name;
	void (*play)(void);
} scenes[] = {
	{ "customer-idle", idle }, { "customer-sale", ring }, { "customer-code", code }, { "customer-asked", asked }, { "customer-paid", pay },
	{ "customer-away", away },
};

static const char *const languages[] = { "en", "zh_CN" };

ParameterizedTestParameters(golden_customer, screens)
{
	static size_t all[COUNT(scenes) * COUNT(languages)];

	for (size_t i = 0; i < COUNT(all); i++)
		all[i] = i;
	return cr_make_param_array(size_t, all, COUNT(all));
}

ParameterizedTest(size_t *which, golden_customer, screens, .fini = end, .timeout = 60)
{
	const struct scene *scene = &scenes[*which / COUNT(languages)];
	const char *tongue = languages[*which % COUNT(languages)];

	begin(tongue, 24, 80);
	scene->play();
	golden_sizes(h, scene->name, tongue, NULL);
}

/* ---- what is so ---- */

TestSuite(customer, .fini = end, .timeout = 60);

Test(customer, sees_what_is_rung_up_and_nothing_of_the_staff)
{
	static const char *const hidden[] = { "林晓", "lin", "Shift", "R01", "Slips", "All keys" };

	begin("en", 24, 80);
	HAS("Welcome");
	pay();
	for (size_t i = 0; i < COUNT(hidden); i++)
		LACKS(hidden[i]);
	ring();
	HAS("康师傅红烧牛肉面 桶装");
	HAS("0.856kg");
	for (size_t i = 0; i < COUNT(hidden); i++)
		LACKS(hidden[i]);
}

Test(customer, is_thanked_until_the_next_goods_or_for_a_while)
{
	begin("en", 24, 80);
	pay();
	HAS("Thank you!");
	HAS("Change  ");
	harness_pass(h, 15000);
	HAS("Thank you!");
	harness_pass(h, 6000);
	LACKS("Thank you!");
	pay();
	HAS("Thank you!");
	ring();
	LACKS("Thank you!");
	DONE(shop_do(shop, "sale.hang", NULL));
	harness_pass(h, 300);
	LACKS("Thank you!");    /* it was another customer's */
}

/* Who comes to a screen that was just started, or to a till that was, is not thanked for what others paid. */
Test(customer, is_not_thanked_for_what_was_paid_before_the_screen_looked)
{
	struct zg_app_parts parts;
	static const struct zg_customer_source source = { .look = look, .shop = "店" };

	begin("en", 24, 80);
	pay();
	harness_close(h);
	harness_parts(&parts, 24, 80);
	h = harness_open(&parts, &zg_customer_screen, &source);
	harness_pass(h, 300);

	LACKS("Thank you!");
	HAS("Welcome");
}

Test(customer, sees_the_code_only_while_it_may_be_scanned)
{
	begin("en", 24, 80);
	struct zg_affair *affair = send(ZG_WAY_SHOWN, "https://qr.alipay.com/TESTONLY0123456789");

	HAS("Scan with Alipay to pay");
	HAS("█▀▀▀▀▀█");
	affair->is_cancel_wanted = true;
	harness_pass(h, 300);
	LACKS("Scan with");
	HAS("To pay");
	affair->is_cancel_wanted = false;
	affair->payment.sale_id++;    /* the sale was hung */
	harness_pass(h, 300);
	LACKS("Scan with");
}

Test(customer, a_long_sale_shows_its_last_lines)
{
	begin("en", 12, 40);
	for (int i = 0; i < 70; i++)
		DONE(shop_do(shop, "sale.add", "{s:s}", "code", i % 2 ? "1001" : "1002"));
	DONE(shop_do(shop, "sale.add", "{s:s}", "code", "1003"));
	harness_pass(h, 300);

	HAS("三只松鼠");
	json_t *view = zg_customer_json(shop->till);

	cr_expect(le(sz, json_array_size(json_object_get(view, "lines")), ZG_CUSTOMER_LINES));
	json_decref(view);
}

Test(customer, has_one_key_and_it_ends_the_screen)
{
	begin("en", 24, 80);
	ring();
	char *before = harness_screen(h);

	harness_type(h, "?\033OP\033[18~7\r x");
	harness_pass(h, 300);
	char *after = harness_screen(h);

	cr_expect(eq(str, after, before));
	cr_expect(not(zg_app_is_done(harness_app(h))));
	harness_type(h, "q");
	cr_expect(zg_app_is_done(harness_app(h)));
	free(before);
	free(after);
}
