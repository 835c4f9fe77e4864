/*
 * Without the line to the channels no sale is closed as paid by phone, whatever is pressed: WeChat's address says nothing, resets, cuts off or shows a
 * hotel's page, Lakala's has nobody, and behind Alipay's somebody answers "paid" to everything, but cannot sign. At the real screen codes are
 * scanned and shown, and then any keys are pressed. P15. ZG_COUNT attempts (8).
 */
#include "src/base/alloc.h"
#include "tests/fault/books.h"
#include "tests/fault/tally.h"
#include "tests/lab/clock.h"
#include "tests/lab/crew.h"
#include "tests/lab/gateway.h"
#include "tests/lab/web.h"
#include "tests/unit/chance.h"

#include <stdlib.h>
#include <string.h>

#define PACE    60
#define GOODS   "code,barcodes,name,unit,price,tax_rate,tax_code,kind\nW1,6901234567892,Water,bottle,2.00,13%,,piece\n"
#define BARCODE "6901234567892"
#define A_SHOP  40    /* attempts; what hangs is asked about again and again, so another shop is founded then */

struct trial {
	struct tally tally;
	struct shop shop;
	struct counter counter;
	struct web dead, liar;
	struct lab_clock *clock;
	struct chance chance;
	sqlite3 *books;
	char *place, *conf;
	long attempts, payments, cash, restarts, keys;
};

#define CHECK(holds, ...) tally_check(&t->tally, holds, __VA_ARGS__)

/* ---- who is at the other end ---- */

/* Every kind of dead line in turn. */
static void serve_dead(struct web_peer *peer)
{
	static const char page[] = "<html><head><title>Welcome</title></head><body>Please sign in to use our network.</body></html>";

	switch (peer->index % 5) {
	case 0: web_wait_for_end(peer); break;
	case 1: web_reset(peer); break;
	case 2:
		web_take(peer);
		web_reset(peer);
		break;
	case 3:
		web_take(peer);
		web_say(peer, "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n<xml><return_code><![CDATA[SUCCESS");
		web_cut(peer);
		break;
	default:
		web_take(peer);
		web_say(peer, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %zu\r\n\r\n%s", strlen(page), page);
	}
}

/* The number in a form of Alipay's. */
static void take_number(const char *request, char number[40])
{
	const char *at = strstr(request, "out_trade_no%22%3A%22");

	number[0] = '\0';
	if (at)
		snprintf(number, 40, "%.*s", (int)strcspn(at + 21, "%"), at + 21);
}

/* Says of everything that it is paid, in Alipay's own words and for the right amount. */
static void serve_lies(struct web_peer *peer)
{
	char number[40], body[1024];

	if (!web_take(peer))
		return;
	take_number(peer->seen->last, number);
	bool is_query = strstr(peer->seen->last, "alipay.trade.query") != NULL;

	snprintf(body, sizeof(body), "{\"%s\":{\"code\":\"10000\",\"msg\":\"Success\",\"trade_no\":\"2026112522001400000000000001\",\"out_trade_no\":\"%s\","
		 "\"buyer_logon_id\":\"159****5620\",\"total_amount\":\"2.00\",\"trade_status\":\"TRADE_SUCCESS\",\"gmt_payment\":\"2026-11-25 12:00:00\","
		 "\"send_pay_date\":\"2026-11-25 12:00:00\"},\"sign\":\"bm90IHNpZ25lZCBieSBhbnlib2R5\"}",
		 is_query ? "alipay_trade_query_response" : "alipay_trade_pay_response", number);
	web_say(peer, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
}

/* ---- the shop ---- */

static void begin(struct trial *t)
{
	char wechat[40], alipay[40], lakala[40], *path;

	t->place = crew_place();
	setenv("TMPDIR", t->place, 1);
	path = zg_print("%s/clock", t->place);
	t->clock = lab_clock_make(path, PACE);
	run_use_clock(path);
	free(path);
	web_begin(&t->dead, serve_dead, NULL, NULL, NULL, NULL);
	web_begin(&t->liar, serve_lies, NULL, NULL, NULL, NULL);
	snprintf(wechat, sizeof(wechat), "http://127.0.0.1:%d", t->dead.port);
	snprintf(alipay, sizeof(alipay), "http://127.0.0.1:%d", t->liar.port);
	snprintf(lakala, sizeof(lakala), "http://127.0.0.1:%d", web_nobody());
	char *settings = gateway_nowhere(t->place, (const char *const[]){ wechat, alipay, lakala });

	t->conf = zg_print("[shop]\nname = Corner shop\nlanguage = en\n[till]\nid = 1\n%s", settings);
	free(settings);
}

static int64_t ask(const struct trial *t, const char *sql)
{
	return books_number(t->books, sql);
}

static void open_shop(struct trial *t)
{
	shop_begin(&t->shop, GOODS, t->conf);
	char *pin = zg_print("%s/boss.pin", t->shop.home);

	free(shop_must(&t->shop, (const char *const[]){ "shift", "open", "--float", "0", "--as", "boss", "--pin-file", pin, NULL }));
	free(pin);
	t->books = books_open(&t->shop);
	counter_open(&t->counter, &t->shop, 24, 80, NULL);
	CHECK(counter_sign_in(&t->counter, "lin", "6092"), "nobody can sign in");
}

static void check(struct trial *t)
{
	int64_t by_phone = ask(t, "SELECT count(*) FROM tender WHERE kind <> 'cash'"), paid = ask(t, "SELECT count(*) FROM payment WHERE state = 'paid'");

	CHECK(by_phone == 0, "attempt %ld: %lld sales are closed with money by phone", t->attempts, (long long)by_phone);
	CHECK(paid == 0, "attempt %ld: %lld payments are called paid", t->attempts, (long long)paid);
	CHECK(!*books_fault(t->books), "attempt %ld: %s", t->attempts, books_fault(t->books));
}

static void close_shop(struct trial *t)
{
	char *out, *errors;

	counter_kill(&t->counter);
	check(t);
	t->payments += ask(t, "SELECT count(*) FROM payment");
	t->cash += ask(t, "SELECT count(*) FROM sale WHERE state = 'paid'");
	sqlite3_close(t->books);
	CHECK(shop_run(&t->shop, &out, &errors, (const char *const[]){ "journal", "verify", NULL }) == 0, "the journal does not verify: %s%s", out, errors);
	free(out);
	free(errors);
	shop_end(&t->shop);
}

/* ---- at the screen ---- */

static void press(struct trial *t, const char *keys, int ms)
{
	counter_write(&t->counter, keys);
	counter_look(&t->counter, ms);
	t->keys++;
}

static bool is_selling(struct trial *t)
{
	return vt_has(t->counter.vt, "Settle") && !vt_has(t->counter.vt, "Take the money") && !vt_has(t->counter.vt, "Ask now");
}

/* Out of wherever the keys led, to the selling screen; the program may even have ended. */
static bool get_ready(struct trial *t)
{
	for (int tries = 0; tries < 8; tries++) {
		if (!counter_look(&t->counter, 2))
			break;
		if (vt_has(t->counter.vt, "Sign in") && counter_sign_in(&t->counter, "lin", "6092"))
			return true;
		if (is_selling(t))
			return true;
		/* what is being cancelled is left by hanging its sale, as a cashier does */
		press(t, vt_has(t->counter.vt, "Ask now") ? "\033[18~" : "\033", 40);
	}
	counter_kill(&t->counter);
	t->restarts++;
	counter_open(&t->counter, &t->shop, 24, 80, NULL);
	return CHECK(counter_sign_in(&t->counter, "lin", "6092"), "attempt %ld: nobody can sign in", t->attempts);
}

static void make_code(struct trial *t, char code[24])
{
	static const struct { const char *head; size_t length; } kinds[] = { { "13", 18 }, { "28", 18 }, { "62", 19 } };
	int64_t kind = chance_between(&t->chance, 0, 2);
	size_t at = strlen(kinds[kind].head);

	memcpy(code, kinds[kind].head, at);
	while (at < kinds[kind].length)
		code[at++] = (char)('0' + chance_between(&t->chance, 0, 9));
	code[at] = '\0';
}

static void press_anything(struct trial *t)
{
	static const char *const keys[] = { "+", "\r", "\033", ".", "1.", "2.", "3.", "0", "1", "2", "5", "9", "00", "50+", "2.00+", "*", "/", "-", "\t", " ", "\177",
		"y", "n", "j", "a", "p", "\033[A", "\033[B", "\033[C", "\033[D", "\033[5~", "\033[6~", "\033OP", "\033OQ", "\033OR", "\033OS", "\033[15~", "\033[17~",
		"\033[18~", "\033[19~", "\033[20~", "\033[21~", "\033[23~", "\033[24~", "+\r", "\r\r", "y\r", "R010000001\r", BARCODE "\r" };
	char code[24];

	if (chance_between(&t->chance, 0, 9) == 0) {
		make_code(t, code);
		counter_scan(&t->counter, code);
		t->keys++;
	} else {
		press(t, keys[chance_between(&t->chance, 0, (int64_t)(sizeof(keys) / sizeof(keys[0])) - 1)], (int)chance_between(&t->chance, 0, 8));
	}
}

static void attempt(struct trial *t)
{
	char code[24];

	t->attempts++;
	if (!get_ready(t))
		return;
	if (ask(t, "SELECT count(*) FROM sale WHERE state = 'open'") > 0) {
		press(t, "\033[18~", 30);
		if (!get_ready(t))
			return;
	}
	counter_scan(&t->counter, BARCODE);
	counter_wait(&t->counter, "2.00", 1000);
	press(t, "+", 5);
	counter_wait(&t->counter, "Take the money", 500);
	if (chance_between(&t->chance, 0, 2)) {
		make_code(t, code);
		counter_scan(&t->counter, code);
	} else {
		press(t, chance_between(&t->chance, 0, 1) ? "1." : "2.", 5);
		press(t, "\r", 5);
	}
	counter_look(&t->counter, (int)chance_between(&t->chance, 0, 60));
	for (int64_t keys = chance_between(&t->chance, 3, 20); keys > 0; keys--)
		press_anything(t);
	counter_look(&t->counter, 10);
	CHECK(!vt_has(t->counter.vt, "came by phone"), "attempt %ld: the screen says that money came by phone", t->attempts);
	if (t->attempts % 10 == 0)
		check(t);
}

int main(void)
{
	static struct trial t;

	run_begin();
	t.chance = chance_begin_at(15);
	long count = chance_rounds(8);

	printf("pay_offline: ZG_SEED=%llu ZG_COUNT=%ld\n", (unsigned long long)t.chance.seed, count);
	begin(&t);
	while (t.attempts < count && t.tally.failed < 10) {
		open_shop(&t);
		for (int i = 0; i < A_SHOP && t.attempts < count && t.tally.failed < 10; i++)
			attempt(&t);
		close_shop(&t);
	}
	printf("figure: %ld attempts with %ld payments begun and %ld keys, %ld sales paid in cash; %d and %d connections; %ld restarts\n",
	       t.attempts, t.payments, t.keys, t.cash, t.dead.seen->connections, t.liar.seen->requests, t.restarts);
	/* the scene is what it says */
	bool is_long = t.attempts >= 40;

	tally_check(&t.tally, t.payments > 0 && (!is_long || (t.payments * 2 >= t.attempts && t.dead.seen->connections > 0)), "only %ld payments were begun",
		    t.payments);
	web_end(&t.dead);
	web_end(&t.liar);
	lab_clock_drop(t.clock);
	crew_leave(t.place);
	free(t.conf);
	return tally_end(&t.tally);
}
