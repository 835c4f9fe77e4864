/*
 * Payments by phone on the screen: where each state stands, what the keys do, at three sizes in both languages. The channel is one of this
 * test, which answers when it is told to; the real ones are driven by tests/fault/payments.c and tests/fault/shown.py.
 */
#include "src/base/alloc.h"
#include "src/base/locale.h"
#include "src/base/text.h"
#include "src/store/agree.h"
#include "src/store/jobs.h"
#include "src/store/payments.h"
#include "src/till/private.h"
#include "src/till/teller_private.h"
#include "tests/screen/counter.h"
#include "tests/screen/golden.h"
#include "tests/unit/by_phone.h"
#include "tui/screens.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct counter *c;

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define URL "weixin://wxpay/bizpayurl?pr=TESTONLY1"

static const char config[] = "[shop]\nname = 小满便利店\nrounding = jiao\n\n[till]\nid = 1\n\n[pay.wechat]\nurl = http://127.0.0.1:9\n";

/* ---- a channel that says what the test wants ---- */

static const struct zg_pay_times *times(enum zg_pay_way way)
{
	static const struct zg_pay_times table = { .connect_s = 1, .total_s = 10, .queries_s = { 10, 20 }, .every_s = 10, .cancel_s = 45, .cancel_from_s = 15,
		.cancel_again_s = { 15 } };

	(void)way;
	return &table;
}

static struct zg_pay_driver channel;    /* made in begin */
static const struct zg_pay_driver *const channels[] = { &channel, NULL };

static int64_t zero(void *self)
{
	(void)self;
	return zg_clock_running(harness_clock());
}

static void begin(const char *language)
{
	setenv("ZHANGGUI_LOCALEDIR", ZG_BUILD "/po/locale", 0);
	zg_locale_choose(language);
	c = counter_open(24, 80, NULL, config);
	channel = by_phone_driver;
	channel.times = times;
	c->shop->payers = channels;
	c->shop->clock.running_ms = zero;
	counter_restart(c, 24, 80);
	cr_assert(eq(int, shop_sign_in(c->shop, "lin"), ZG_OK), "%s", c->shop->err.text);
	counter_shift(c);
	zg_app_replace(harness_app(c->h), &zg_sale_screen, NULL);
	counter_play(c, "<6901028075831>");
}

static void end(void)
{
	if (c)
		counter_close(c);
}

#define DONE(call) cr_assert(eq(int, (call), ZG_OK), "%s", c->shop->err.text)

static struct zg_affair *affair(void)
{
	cr_assert(ne(ptr, c->shop->till->teller->affairs, NULL));
	return c->shop->till->teller->affairs;
}

/* A payment that has just been sent, in the books and at the teller; its screen is come to as a cashier does. */
static void send(enum zg_pay_way way, zg_fen amount)
{
	struct zg_payment payment = { .channel = ZG_CHANNEL_WECHAT, .wallet = ZG_WALLET_WECHAT, .way = way, .amount_fen = amount, .begun_by = "lin",
		.sale_id = zg_till_sale_id(c->shop->till), .expires_at = way == ZG_WAY_SHOWN ? zg_clock_now(harness_clock()) + 300000 : 0 };
	struct zg_affair *made = zg_alloc(1, sizeof(*made));

	if (way == ZG_WAY_CODE)
		strcpy(payment.code_end, "6789");
	by_phone_send(c->shop, &payment);
	*made = (struct zg_affair){ .teller = c->shop->till->teller, .payment = payment, .sent_ms = zg_clock_running(harness_clock()) };
	c->shop->till->teller->affairs = made;
	counter_play(c, "+");
}

static void hear(enum zg_pay_event event, const char *words)
{
	struct zg_pay_answer answer = { .says = ZG_SAYS_WAITING, .proof = ZG_PROVED_VERIFIED, .amount_fen = affair()->payment.amount_fen, .is_ours = true };

	if (event == ZG_EVENT_WAITING && affair()->payment.way == ZG_WAY_SHOWN)
		strcpy(affair()->url, URL);
	zg_affair_news(affair(), &(struct zg_news){ .call = "query", .event = event, .answer = &answer, .words = words });
	harness_pass(c->h, 300);
}

/* ---- goldens ---- */

static void sent(void)
{
	send(ZG_WAY_CODE, 3990);
	harness_pass(c->h, 1500);
}

static void password(void)
{
	send(ZG_WAY_CODE, 3990);
	hear(ZG_EVENT_WAITING, "");
	harness_pass(c->h, 6700);
}

static void shown(void)
{
	send(ZG_WAY_SHOWN, 3990);
	hear(ZG_EVENT_WAITING, "");
	harness_pass(c->h, 6700);
}

static void part(void)
{
	send(ZG_WAY_SHOWN, 2000);
	hear(ZG_EVENT_WAITING, "");
}

static void unknown(void)
{
	send(ZG_WAY_CODE, 3990);
	harness_pass(c->h, 2000);
	hear(ZG_EVENT_DOUBT, "The channel does not answer. Check the network.");
}

static void cancelling(void)
{
	shown();
	counter_play(c, TYPE_ESC);
	hear(ZG_EVENT_CANCEL, NULL);
	counter_play(c, "+");    /* the message goes */
}

static void refused(void)
{
	send(ZG_WAY_CODE, 3990);
	hear(ZG_EVENT_DECLINED, "余额不足");
	hear(ZG_EVENT_UNPAID, "");
}

static void manual(void)
{
	send(ZG_WAY_CODE, 3990);
	hear(ZG_EVENT_CANCEL, NULL);
	hear(ZG_EVENT_LIMIT, "The channel has not said for too long how this payment ended.");
}

static void let_go(void)
{
	unknown();
	counter_play(c, "g");
}

/* Twenty of it came; the rest is asked for. */
static void rest(void)
{
	part();
	hear(ZG_EVENT_PAID, "");
}

static const struct scene {
	const char *name;
	void (*play)(void);
} scenes[] = {
	{ "phone-sent", sent }, { "phone-password", password }, { "phone-shown", shown }, { "phone-unknown", unknown }, { "phone-cancelling", cancelling },
	{ "phone-refused", refused }, { "phone-manual", manual }, { "phone-let-go", let_go }, { "phone-rest", rest },
};

static const char *const languages[] = { "en", "zh_CN" };

ParameterizedTestParameters(golden_phone, screens)
{
	static size_t all[COUNT(scenes) * COUNT(languages)];

	for (size_t i = 0; i < COUNT(all); i++)
		all[i] = i;
	return cr_make_param_array(size_t, all, COUNT(all));
}

ParameterizedTest(size_t *which, golden_phone, screens, .fini = end, .timeout = 60)
{
	const struct scene *scene = &scenes[*which / COUNT(languages)];
	const char *tongue = languages[*which % COUNT(languages)];

	begin(tongue);
	scene->play();
	golden_sizes(c->h, scene->name, tongue, NULL);
}

/* ---- what the keys do ---- */

TestSuite(paying, .fini = end, .timeout = 60);

static struct zg_payment payment(void)
{
	struct zg_payment found = { .id = 0 };

	DONE(zg_payments_find(by_phone_store(c->shop), 1, &found, &c->shop->err));
	return found;
}

Test(paying, a_payment_that_holds_its_sale_is_shown_again_wherever_it_was_left)
{
	begin("en");
	password();
	counter_play(c, TYPE_F7);
	cr_expect(zg_app_top(harness_app(c->h)) == &zg_sale_screen);
	counter_play(c, TYPE_F7 "\r");    /* taken up again */
	counter_play(c, "+");

	cr_expect(zg_app_top(harness_app(c->h)) == &zg_paying_screen, "%s", harness_screen(c->h));
	cr_expect(harness_has(c->h, "code …6789"));
	counter_restart(c, 24, 80);
	DONE(shop_sign_in(c->shop, "lin"));
	zg_app_replace(harness_app(c->h), &zg_sale_screen, NULL);
	counter_play(c, "+");
	cr_expect(zg_app_top(harness_app(c->h)) == &zg_paying_screen, "%s", harness_screen(c->h));
	cr_expect(harness_has(c->h, "asked to confirm"), "%s", harness_screen(c->h));
}

Test(paying, goes_on_without_it_when_two_people_say_so_and_only_then)
{
	begin("en");
	unknown();
	counter_play(c, "g" TYPE_ESC);
	cr_expect(eq(str, payment().let_go_by, ""));
	counter_play(c, "glin\r2468\r");    /* the same one twice */
	cr_expect(eq(str, payment().let_go_by, ""));
	cr_expect(zg_app_top(harness_app(c->h)) == &zg_paying_screen);
	counter_play(c, "gding\r2468\r");

	cr_expect(eq(str, payment().let_go_by, "lin+ding"));
	cr_expect(zg_app_top(harness_app(c->h)) == &zg_settle_screen, "%s", harness_screen(c->h));
	cr_expect(eq(int, (int)payment().attempt.state, ZG_PAY_UNKNOWN));    /* it is watched on */
	counter_play(c, "40\r");
	cr_expect(harness_has(c->h, "Paid"), "%s", harness_screen(c->h));
	cr_expect(eq(sz, zg_teller_count(c->shop->till->teller), 1));
}

/* A supervisor alone is one person too. */
Test(paying, a_supervisor_needs_a_second_person_as_well)
{
	begin("en");
	cr_assert(eq(int, shop_sign_in(c->shop, "ding"), ZG_OK), "%s", c->shop->err.text);
	unknown();
	counter_play(c, "g");

	cr_expect(harness_has(c->h, "A second person signs"), "%s", harness_screen(c->h));
	counter_play(c, "boss\r2468\r");
	cr_expect(eq(str, payment().let_go_by, "ding+boss"));
}

Test(paying, what_came_by_phone_is_received_and_not_rounded_off)
{
	begin("en");
	rest();

	cr_expect(harness_has(c->h, "Received  20.00"), "%s", harness_screen(c->h));
	cr_expect(not(harness_has(c->h, "Rounded off")));
	counter_play(c, "50");
	cr_expect(harness_has(c->h, "Change  30.10"), "%s", harness_screen(c->h));
}

Test(paying, what_is_over_unpaid_is_left_by_enter_and_by_esc)
{
	begin("en");
	refused();
	counter_play(c, "\r");
	cr_expect(zg_app_top(harness_app(c->h)) == &zg_settle_screen);
	cr_expect(not(harness_has(c->h, "Paid")), "%s", harness_screen(c->h));
	counter_play(c, TYPE_ESC "+");
	cr_expect(zg_app_top(harness_app(c->h)) == &zg_settle_screen, "it holds nothing any more:\n%s", harness_screen(c->h));
}

Test(paying, what_is_being_taken_back_shows_no_code)
{
	begin("en");
	shown();
	cr_expect(harness_has(c->h, "Scan with WeChat Pay"));
	counter_play(c, TYPE_ESC);

	cr_expect(not(harness_has(c->h, "Scan with")), "%s", harness_screen(c->h));
	cr_expect(not(harness_has(c->h, "█▀▀▀▀▀█")));
}

Test(paying, the_code_is_printed_while_it_may_be_scanned_and_not_after)
{
	struct zg_job job = { .id = 0 };
	char *text = NULL;

	begin("en");
	shown();
	counter_play(c, "p");
	cr_expect(harness_has(c->h, "No printer is set up"), "%s", harness_screen(c->h));
	strcpy(c->shop->till->config.link, "file:/no/such/printer");
	counter_play(c, "p");

	cr_expect(harness_has(c->h, "on its way to the printer"), "%s", harness_screen(c->h));
	DONE(zg_jobs_find(by_phone_store(c->shop), 1, &job, &text, &c->shop->err));
	cr_expect(eq(str, job.kind, "code"));
	cr_expect(strstr(text, "\"url\":\"" URL "\"") != NULL && strstr(text, "\"amount_fen\":3990") != NULL, "%s", text);
	free(text);
	counter_play(c, TYPE_ESC "p");
	cr_expect(eq(int, shop_do(c->shop, "print.code", "{s:i}", "payment", 1), ZG_INVALID));
	cr_expect(eq(int, zg_jobs_find(by_phone_store(c->shop), 2, &job, NULL, &c->shop->err), ZG_NOT_FOUND));
	DONE(zg_books_agree(by_phone_store(c->shop), &c->shop->err));
}

/* Without half blocks it stands in blanks of two grounds, as far as it fits. */
Test(paying, with_plain_signs_the_code_is_made_of_blanks)
{
	short light = -1, dark = -1;

	begin("en");
	shown();
	zg_app_set_look(harness_app(c->h), "dark", true);
	harness_resize(c->h, 24, 80);
	cr_expect(harness_has(c->h, "The code does not fit"), "%s", harness_screen(c->h));
	harness_resize(c->h, 50, 120);
	cr_expect(not(harness_has(c->h, "The code does not fit")), "%s", harness_screen(c->h));
	/* the finder's corner behind 4 modules of quiet zone */
	harness_attributes(c->h, 2 + 4, 8, &dark);
	harness_attributes(c->h, 2 + 3, 8, &light);
	cr_expect(eq(int, dark, ZG_INK_QR_DARK + 1));
	cr_expect(eq(int, light, ZG_INK_QR + 1));
	for (int row = 2; row < 2 + 37; row++)
		cr_expect(eq(int, (int)strspn(harness_row(c->h, row), " ") >= 74 || !harness_row(c->h, row)[0], true), "row %d: %s", row, harness_row(c->h, row));
}
