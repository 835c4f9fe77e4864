/* Payments and refunds by phone without an end, by name: what stands there, what people do about it, and what it asks before. */
#include "src/base/locale.h"
#include "src/store/shifts.h"
#include "src/till/phone.h"
#include "src/till/teller_private.h"
#include "tests/screen/counter.h"
#include "tests/screen/golden.h"
#include "tests/unit/by_phone.h"
#include "tui/screens.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

static struct counter *c;

#define HAS(text)   cr_expect(harness_has(c->h, text), "\"%s\" is not in\n%s", text, harness_screen(c->h))
#define LACKS(text) cr_expect(not(harness_has(c->h, text)), "\"%s\" is in\n%s", text, harness_screen(c->h))
#define DO(call) cr_assert(eq(int, (call), ZG_OK), "%s", c->shop->err.text)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A supervisor, at a till that takes payments by phone. */
static void begin(const char *language)
{
	setenv("ZHANGGUI_LOCALEDIR", ZG_BUILD "/po/locale", 0);
	zg_locale_choose(language);
	c = counter_open(24, 80, NULL, by_phone_config);
	c->shop->payers = by_phone_channels;
	counter_restart(c, 24, 80);
	counter_keep_up(c);
	counter_play(c, "ding\r2468\r");
	counter_shift(c);
}

static void end(void)
{
	if (c)
		counter_close(c);
}

/* Nuts for 39.90 are being paid by phone. Returns the payment. */
static int64_t begin_payment(void)
{
	struct zg_payment payment = { .channel = ZG_CHANNEL_WECHAT, .wallet = ZG_WALLET_WECHAT, .amount_fen = 3990, .begun_by = "ding" };

	DO(shop_do(c->shop, "sale.add", "{s:s}", "code", "1003"));
	payment.sale_id = zg_till_sale_id(c->shop->till);
	by_phone_send(c->shop, &payment);
	counter_restart(c, 24, 80);    /* taken up from the last run */
	if (zg_app_has_box(harness_app(c->h)))
		counter_play(c, TYPE_ESC);    /* what waits already is said */
	counter_play(c, "ding\r2468\r");
	return payment.id;
}

/* One that nobody knows the end of, and whose sale was paid in cash; and a refund that its channel would not make. */
static void doubts(void)
{
	struct zg_pay_refund back = { .id = 0 };
	int64_t id = begin_payment();

	by_phone_prove(c->shop, id);
	DO(shop_do(c->shop, "sale.refund", "{s:s, s:b, s:s}", "number", "R010000001", "all", 1, "reason", "坏了"));
	cr_assert(eq(sz, by_phone_refunds(c->shop, id, &back), 1));
	snprintf(back.note, sizeof(back.note), "余额不足");
	by_phone_refund_is(c->shop, &back, ZG_PAY_REFUND_FAILED);
	id = begin_payment();
	zg_affair_news(c->shop->till->teller->affairs, &(struct zg_news){ .call = "till", .event = ZG_EVENT_LIMIT, .words = "too old to be cancelled" });
	DO(shop_do_as(c->shop, "ding", "boss", "pay.let_go", "{s:I}", "payment", (json_int_t)id));
	DO(shop_do(c->shop, "sale.pay", "{s:i}", "tendered_fen", 5000));
	zg_phone_count(c->shop->till);
	counter_play(c, TYPE_F12 "p");
}

static void none(void)
{
	counter_play(c, TYPE_F12 "p");
}

static void cash(void)
{
	doubts();
	counter_play(c, TYPE_DOWN "c");
}

static void how(void)
{
	doubts();
	counter_play(c, "x");
}

static const struct scene {
	const char *name;
	void (*play)(void);
} scenes[] = { { "doubt-none", none }, { "doubt", doubts }, { "doubt-cash", cash }, { "doubt-how", how } };
static const char *const languages[] = { "en", "zh_CN" };

/* Our numbers end in six characters by lot. */
static void hide_numbers(char *text)
{
	for (char *at = text; *at; at++)
		if ((*at == 'P' || *at == 'R') && strspn(at + 1, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") >= 19)
			for (at++; strchr("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", *at) && *at; at++)
				*at = '0';
}

ParameterizedTestParameters(golden_doubt, screens)
{
	static size_t all[COUNT(scenes) * COUNT(languages)];

	for (size_t i = 0; i < COUNT(all); i++)
		all[i] = i;
	return cr_make_param_array(size_t, all, COUNT(all));
}

ParameterizedTest(size_t *which, golden_doubt, screens, .fini = end, .timeout = 60)
{
	const struct scene *scene = &scenes[*which / COUNT(languages)];
	const char *tongue = languages[*which % COUNT(languages)];

	begin(tongue);
	scene->play();
	golden_sizes(c->h, scene->name, tongue, hide_numbers);
}

/* ---- what the keys do ---- */

TestSuite(doubt, .fini = end, .timeout = 60);

static zg_fen in_drawer(void)
{
	struct zg_totals totals;

	DO(zg_shifts_totals(by_phone_store(c->shop), zg_till_shift(c->shop->till), &totals, &c->shop->err));
	return zg_totals_expected(&totals);
}

Test(doubt, a_refund_that_failed_is_given_in_cash_when_somebody_says_yes)
{
	begin("en");
	doubts();
	zg_fen before = in_drawer();

	HAS("to be settled by hand");
	HAS("not given back");
	counter_play(c, TYPE_DOWN "c" TYPE_ESC);
	cr_expect(eq(i64, in_drawer(), before));
	counter_play(c, "c\r");
	HAS("It is settled. Give the customer the money from the drawer.");
	cr_expect(eq(i64, in_drawer(), before - 3990));
	LACKS("not given back");
	cr_expect(eq(sz, zg_till_state(c->shop->till)->in_doubt, 1));
}

Test(doubt, a_payment_is_settled_with_how_and_then_nothing_is_left)
{
	begin("en");
	doubts();
	counter_play(c, "x3");
	HAS("It is settled.");
	LACKS("to be settled by hand");
	counter_play(c, "x1");
	HAS("Every payment and refund by phone has its end.");
	cr_expect(eq(sz, zg_till_state(c->shop->till)->in_doubt, 0));
}

Test(doubt, a_refund_that_failed_goes_out_again)
{
	begin("en");
	doubts();
	counter_play(c, TYPE_DOWN "r");
	HAS("The refund goes out again");
	HAS("prepared");
	LACKS("not given back");
	cr_expect(eq(sz, zg_till_state(c->shop->till)->in_doubt, 1));
	counter_play(c, "c");    /* it is the channel's again */
	LACKS("leaves the drawer");
}

/* The list moves while the box asks: the money is for the refund that it asked about, or for none. */
Test(doubt, cash_is_for_the_refund_that_was_asked_about)
{
	struct zg_pay_refund first = { .id = 0 }, second = { .id = 0 };

	begin("en");
	for (int i = 0; i < 2; i++) {
		struct zg_pay_refund *back = i ? &second : &first;
		int64_t id = begin_payment();

		by_phone_prove(c->shop, id);
		DO(shop_do(c->shop, "sale.refund", "{s:s, s:b, s:s}", "number", i ? "R010000003" : "R010000001", "all", 1, "reason", "x"));
		cr_assert(eq(sz, by_phone_refunds(c->shop, id, back), 1));
		by_phone_refund_is(c->shop, back, ZG_PAY_REFUND_FAILED);
	}
	counter_play(c, TYPE_F12 "pc");
	HAS(first.number);
	DO(shop_do_as(c->shop, "boss", NULL, "pay.settle", "{s:s, s:s}", "number", first.number, "reason", "elsewhere"));
	zg_fen before = in_drawer();

	counter_play(c, "\r");
	HAS("was settled already");
	cr_expect(eq(i64, in_drawer(), before));
	DO(zg_pay_refunds_find(by_phone_store(c->shop), second.id, &second, &c->shop->err));
	cr_expect(eq(i64, second.settled_at, 0));
}

/* Neither a sale that waits for its payment nor one whose payment goes back is shown as paid. */
Test(doubt, a_sale_that_is_not_paid_is_not_shown_as_paid)
{
	int64_t id;

	begin("en");
	id = begin_payment();
	counter_play(c, TYPE_F12 "p\r");
	HAS("Not paid yet");
	LACKS("Paid ");
	counter_play(c, TYPE_ESC);
	by_phone_prove(c->shop, id);
	LACKS("Not paid yet");
	harness_resize(c->h, 40, 120);
	begin_payment();
	counter_play(c, TYPE_F12 "p\r");
	HAS("Not paid yet");
	LACKS("Seal");
	LACKS("Receipt");    /* no slip of it stands beside it */
}

/* What the last run left to people is said at the start. */
Test(doubt, the_next_start_says_what_waits_for_people)
{
	begin("en");
	doubts();
	counter_restart(c, 24, 80);
	HAS("2 payments or refunds by phone wait to be settled by");
	counter_play(c, TYPE_ESC);
	LACKS("settled by hand");
}

/* Two that come between two frames are shown one after the other. */
Test(doubt, alarms_that_come_together_are_seen_one_after_another)
{
	begin("en");
	counter_show(c, &zg_sale_screen, NULL);
	zg_till_raise(c->shop->till, "the first");
	zg_till_raise(c->shop->till, "the second");
	zg_app_frame(harness_app(c->h));
	HAS("the first");
	LACKS("the second");
	counter_play(c, TYPE_ESC);
	HAS("the second");
	counter_play(c, TYPE_ESC);
	LACKS("the second");
}
