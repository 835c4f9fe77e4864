/* Payments by phone beside the sale on the screen: one that was parked and comes, an alarm, codes told from amounts, the demo's customer. */
#include "drivers/drivers.h"
#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/till/phone.h"
#include "src/till/teller_private.h"
#include "tests/screen/counter.h"
#include "tests/unit/by_phone.h"
#include "tui/screens.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct counter *c;

#define HAS(text)  cr_expect(harness_has(c->h, text), "\"%s\" is not in\n%s", text, harness_screen(c->h))
#define LACKS(text) cr_expect(not(harness_has(c->h, text)), "\"%s\" is in\n%s", text, harness_screen(c->h))
#define DO(call) cr_assert(eq(int, (call), ZG_OK), "%s", c->shop->err.text)

#define NUTS "<6901028075831>"    /* 39.90 */

static void end(void)
{
	counter_close(c);
}

TestSuite(parked, .fini = end, .timeout = 60);

/* ---- what was parked comes ---- */

/* Nuts for 39.90 are hung with a payment of so much under way; the next customer's water for 2.00 is on the screen. Returns the payment. */
static int64_t park(zg_fen amount)
{
	struct zg_payment payment = { .channel = ZG_CHANNEL_WECHAT, .wallet = ZG_WALLET_WECHAT, .amount_fen = amount, .begun_by = "lin" };

	c = counter_open(24, 80, "lin", NULL);
	counter_shift(c);
	DO(shop_do(c->shop, "sale.add", "{s:s}", "code", "1003"));
	payment.sale_id = zg_till_sale_id(c->shop->till);
	by_phone_send(c->shop, &payment);
	counter_restart(c, 24, 80);
	counter_play(c, "lin\r2468\r" TYPE_F7 "1001\r");
	cr_assert(eq(sz, zg_till_hung(c->shop->till), 1), "%s", harness_screen(c->h));
	return payment.id;
}

/* The channel proves it, between two keys. */
static void prove(int64_t id)
{
	struct zg_affair *affair = c->shop->till->teller->affairs;
	size_t length;

	cr_assert(affair && affair->payment.id == id);
	struct zg_pay_answer answer = { .says = ZG_SAYS_PAID, .proof = ZG_PROVED_VERIFIED, .amount_fen = affair->payment.amount_fen, .is_ours = true,
		.channel_no = "4200001" };

	free(harness_sent(c->h, &length));
	zg_affair_news(affair, &(struct zg_news){ .call = "query", .event = ZG_EVENT_PAID, .answer = &answer });
	zg_app_frame(harness_app(c->h));
}

static bool rang(void)
{
	size_t length;
	char *sent = harness_sent(c->h, &length);
	bool has_bell = memchr(sent, '\a', length) != NULL;

	free(sent);
	return has_bell;
}

Test(parked, what_was_parked_and_comes_rings_and_names_its_sale_while_the_next_is_rung)
{
	int64_t id = park(3990);

	prove(id);
	cr_expect(rang());
	HAS("The sale hung at 16:42 (");
	HAS("is paid by phone: 39.90,");
	HAS("  receipt R010000001.");
	HAS("2.00");
	counter_play(c, NUTS);    /* the hands were faster than the eye */
	HAS("receipt R010000001.");
	harness_pass(c->h, 5000);
	counter_play(c, NUTS);
	LACKS("R010000001");
	cr_expect(eq(i64, zg_sale_totals(zg_till_sale(c->shop->till))->total_fen, 200 + 2 * 3990));
	cr_expect(not(rang()));
}

Test(parked, a_part_that_comes_says_what_is_still_due_for_which_sale)
{
	prove(park(1000));

	cr_expect(rang());
	HAS("10.00 came by phone for the sale hung at 16:42 (");
	HAS("29.90 is still due.");
	cr_expect(eq(sz, zg_till_hung(c->shop->till), 1));
}

Test(parked, what_comes_for_the_sale_on_the_screen_is_no_news)
{
	int64_t id = park(3990);

	counter_play(c, TYPE_F7);    /* the water is hung too */
	counter_play(c, TYPE_F7 TYPE_DOWN "\r");
	prove(id);
	LACKS("is paid by phone");
	HAS("Paid");
}

Test(parked, an_alarm_is_a_box_at_once_and_once_but_waits_for_the_box_that_asks)
{
	int64_t id = park(3990);
	int64_t sale = c->shop->till->teller->affairs->payment.sale_id;

	DO(shop_do_as(c->shop, "lin", "ding", "pay.let_go", "{s:I}", "payment", (json_int_t)id));
	counter_play(c, TYPE_F7);
	DO(shop_do(c->shop, "sale.take", "{s:I}", "sale", (json_int_t)sale));
	DO(shop_do(c->shop, "sale.pay", "{s:i}", "tendered_fen", 5000));
	counter_play(c, "?");
	prove(id);
	LACKS("came too late");
	counter_play(c, TYPE_ESC);
	HAS("Look at this first");
	HAS("came too late for its sale");
	counter_play(c, TYPE_ESC);
	LACKS("came too late");
	counter_play(c, "1");
	LACKS("came too late");
}

/* ---- codes and amounts ---- */

static void put_key(const char *name, const char *fixture)
{
	char *path = zg_print("%s/keys/%s", c->shop->home, name), *from = zg_print("%s/tests/fixtures/payments/%s", ZG_SOURCE, fixture), *text;
	struct zg_buffer read = { 0 };
	FILE *in = fopen(from, "r"), *out;
	char bytes[4096];
	size_t got;

	cr_assert(ne(ptr, in, NULL));
	while ((got = fread(bytes, 1, sizeof(bytes), in)) > 0)
		zg_buffer_add(&read, bytes, got);
	fclose(in);
	text = zg_buffer_take(&read);
	out = fopen(path, "w");
	cr_assert(ne(ptr, out, NULL));
	fputs(text, out);
	fclose(out);
	chmod(path, 0600);
	free(text);
	free(from);
	free(path);
}

/* A shop with Alipay, at a port where nobody listens; nuts for 39.90 are to be settled. */
static void settle_with(const char *more)
{
	char *config = zg_print("[shop]\nname = x\nrounding = jiao\n\n[till]\nid = 1\n\n[pay.alipay]\nurl = http://127.0.0.1:9/gateway.do\n"
				"app_id = 2014072300007148\nkey = key\nalipay_public_key = alipay.pem\n%s", more);
	size_t count;

	c = counter_open(24, 80, "lin", config);
	free(config);
	counter_shift(c);
	put_key("key", "TEST_ONLY_merchant_private_pkcs8.der.b64");
	put_key("alipay.pem", "TEST_ONLY_platform_public.pem");
	c->shop->payers = zg_pay_drivers(&count);
	counter_restart(c, 24, 80);
	counter_play(c, "lin\r2468\r1003\r+");
	cr_assert(zg_till_state(c->shop->till)->has_phone, "%s", zg_till_newest_alarm(c->shop->till));
}

static void settle(void)
{
	settle_with("");
}

static size_t begun(void)
{
	return zg_teller_count(zg_till_teller(c->shop->till));
}

Test(parked, a_digit_and_the_point_wait_for_what_follows_a_code_or_an_amount)
{
	settle();

	counter_play(c, "2.");
	HAS("Enter: show the code of Alipay");
	cr_expect(eq(sz, begun(), 0));
	counter_play(c, "50\r");    /* 2.50 is too little for 39.90, and no code */
	HAS("Not done:");
	cr_expect(eq(sz, begun(), 0));
	counter_play(c, "2.\r");
	cr_expect(eq(sz, begun(), 1));
	HAS("Scan with Alipay to pay");
	cr_expect(zg_app_top(harness_app(c->h)) == &zg_paying_screen);
}

Test(parked, a_digit_and_two_points_are_enough_for_one_hand)
{
	settle();

	counter_play(c, "2..");
	cr_expect(eq(sz, begun(), 1));
	HAS("Scan with Alipay to pay");
}

Test(parked, a_lone_point_shows_a_code_of_a_wallet_that_the_shop_takes)
{
	settle();

	counter_play(c, "1..");    /* WeChat's, which it does not */
	HAS("This shop takes no WeChat Pay.");
	counter_play(c, ".");
	cr_expect(eq(sz, begun(), 1));
	HAS("Scan with Alipay to pay");
}

Test(parked, an_amount_and_two_points_show_a_code_for_that_part)
{
	settle();

	counter_play(c, "10.");
	HAS("Once more the point");
	counter_play(c, ".");
	cr_expect(eq(sz, begun(), 1));
	cr_expect(eq(i64, c->shop->till->teller->affairs->payment.amount_fen, 1000));
}

Test(parked, an_amount_with_a_small_first_digit_is_cash)
{
	settle();

	counter_play(c, "41.50\r");
	cr_expect(eq(i64, zg_till_last(c->shop->till)->change_fen, 160));
	cr_expect(eq(sz, begun(), 0));
}

Test(parked, a_payment_code_may_be_typed_where_the_scanner_does_not_read)
{
	settle();

	counter_play(c, "28");
	harness_pass(c->h, 1000);
	counter_play(c, "7631234567890123\r");
	cr_expect(eq(sz, begun(), 1));
	HAS("By Alipay, code …0123");
	LACKS("2876312345");
}

static int64_t a_minute_later(void *self)
{
	(void)self;
	return zg_real_clock.running_ms(NULL) + 61000;
}

/* Enter was meant for the code. It must not take cash that nobody gave. */
Test(parked, a_code_that_is_too_old_is_not_turned_into_cash)
{
	settle();
	counter_play(c, TYPE_ESC "<287631234567896789>");
	HAS("…6789");
	c->shop->clock.running_ms = a_minute_later;
	counter_play(c, "\r");
	HAS("That code is too old by now");
	cr_expect(ne(long, zg_till_sale_id(c->shop->till), 0));
	counter_play(c, "\r");
	cr_expect(eq(long, zg_till_sale_id(c->shop->till), 0));
}

/* ---- the demo's customer ---- */

/* A demo whose customer is told by a pipe; the read end of it. */
static int settle_demo(void)
{
	char path[] = "/tmp/zg-phone-XXXXXX";
	char *more;
	int fd;

	cr_assert(ne(ptr, mkdtemp(path), NULL));
	more = zg_print("[demo]\npaper = %s/paper\nphone = %s/phone\n", path, path);
	settle_with(more);
	cr_assert(eq(int, mkfifo(zg_till_config(c->shop->till)->demo_phone, 0600), 0));
	fd = open(zg_till_config(c->shop->till)->demo_phone, O_RDONLY | O_NONBLOCK);
	cr_assert(ge(int, fd, 0));
	free(more);
	return fd;
}

static void end_demo(int fd)
{
	char *phone = zg_copy(zg_till_config(c->shop->till)->demo_phone);

	if (fd >= 0)
		close(fd);
	unlink(phone);
	*strrchr(phone, '/') = '\0';
	rmdir(phone);
	free(phone);
}

static const char *told(int fd)
{
	static char text[256];
	ssize_t got = read(fd, text, sizeof(text) - 1);

	text[got > 0 ? got : 0] = '\0';
	return text;
}

Test(parked, the_demos_customer_holds_out_a_new_code_at_a_key_and_two)
{
	int fd = settle_demo();

	counter_play(c, "\013");
	HAS("The customer's phone");
	counter_play(c, "2");
	cr_expect(eq(sz, begun(), 1));
	HAS("By Alipay, code …");
	end_demo(fd);
}

Test(parked, the_demos_customer_refuses_or_vanishes_at_one_key_now_or_next_time)
{
	int fd = settle_demo();

	counter_play(c, "\016");
	cr_expect(eq(str, (char *)told(fd), "phone next refuses\n"));
	HAS("The customer refuses to pay.");
	counter_play(c, "\007");
	cr_expect(eq(str, (char *)told(fd), "phone next vanishes\n"));
	counter_play(c, "2..");
	counter_play(c, "\016");
	cr_expect(eq(str, (char *)told(fd), "phone now refuses\n"));
	close(fd);
	counter_play(c, "\007");
	HAS("The demo's payment gateways do not run.");
	end_demo(-1);
}

Test(parked, a_shop_has_no_such_customer)
{
	settle();

	counter_play(c, "\013\016\007");
	LACKS("customer");
	LACKS("phone");
	cr_expect(zg_app_top(harness_app(c->h)) == &zg_settle_screen);
}
