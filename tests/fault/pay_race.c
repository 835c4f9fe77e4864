/*
 * The race between the customer's thumb and our cancelling: he pays at each millisecond between our last query and the cancelling that follows it,
 * and a little before and after; the cancelling's answer is lost or spoilt as well. Till, gateways and phones are in this process, by a clock that
 * is moved by hand (tests/lab/courier.h), so each schedule is played to the millisecond. At the end what the phones were charged is what the
 * books say, or it was given back. P11. ZG_COUNT schedules (60); all of them once are 4,830.
 */
#include "drivers/drivers.h"
#include "src/base/alloc.h"
#include "src/store/pay_refunds.h"
#include "src/till/teller.h"
#include "tests/fault/tally.h"
#include "tests/lab/courier.h"
#include "tests/lab/crew.h"
#include "tests/lab/phones.h"
#include "tests/unit/chance.h"
#include "tests/unit/shop.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAY_MS   9                      /* a request, and an answer, travels so long: the race is open for twice as much */
#define MARGIN   2
#define STEPS    (2 * WAY_MS + 1 + 2 * MARGIN)
#define LIMIT_MS (3 * 3600000LL)        /* an end must be found by then */
#define STRIDE   1217                   /* prime to the number of schedules: a short run is spread over all of them */

static const struct kind {
	const char *name, *wallet;
	bool is_shown;
	int shop;                           /* the second one takes WeChat's codes by v3 */
} kinds[] = {
	{ "WeChat V2, code",  "wechat",   false, 0 },
	{ "WeChat v3, code",  "wechat",   false, 1 },
	{ "WeChat, shown",    "wechat",   true,  0 },
	{ "Alipay, code",     "alipay",   false, 0 },
	{ "Alipay, shown",    "alipay",   true,  0 },
	{ "Lakala, code",     "unionpay", false, 0 },
	{ "Lakala, shown",    "unionpay", true,  0 },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* What becomes of the cancelling. */
static const char *const fates[] = { "none", "drop-before", "drop-after", "delay=20000", "hold=20000", "truncate", "error-before=500", "error-after=500",
	"busy-before", "busy-after", "duplicate", "unsigned", "bad-signature", "wrong-number", "html" };
#define FATES (sizeof(fates) / sizeof(fates[0]))

struct schedule {
	long index;
	const struct kind *kind;
	const char *fate;
	bool is_key;                        /* somebody cancels; else the time is up */
	int step;                           /* he pays so long after the last query was answered, ms */
};

struct trial {
	struct tally tally;
	struct courier courier;
	struct shop *shops[2];
	struct chance chance;
	long within, cancelled, paid, let_go;
	bool steps[STEPS];
};

#define CHECK(holds, ...) tally_check(&t->tally, holds, __VA_ARGS__)

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	printf("pay_race: %s\n0 passed, 1 failed\n", what);
	exit(1);
}

static void obey(struct trial *t, const char *line)
{
	must(courier_obey(&t->courier, line, NULL, 0), line);
}

static struct shop *open_shop(struct trial *t, const char *settings, int till)
{
	size_t count;
	char *config = zg_print("[shop]\nname = 小满便利店\nrounding = jiao\n\n[till]\nid = %d\n%s", till, settings);
	struct shop *shop = shop_begin(config);

	shop_close(shop);
	shop->clock = t->courier.clock;
	shop->payers = zg_pay_drivers(&count);
	must(shop_open(shop) == ZG_OK, shop->err.text);
	must(shop_sign_in(shop, "lin") == ZG_OK && shop_do(shop, "shift.open", "{s:i}", "float_fen", 0) == ZG_OK, shop->err.text);
	t->courier.loops[t->courier.loop_count++] = shop->loop;
	free(config);
	return shop;
}

static struct schedule schedule_of(long index)
{
	long all = (long)(KINDS * FATES) * 2 * STEPS, at = index % all * STRIDE % all;
	struct schedule s = { .index = index, .kind = &kinds[at % (long)KINDS] };

	at /= (long)KINDS;
	s.fate = fates[at % (long)FATES];
	at /= (long)FATES;
	s.is_key = at % 2 == 0;
	s.step = (int)(at / 2) - MARGIN;
	return s;
}

static struct zg_payment payment_of(const struct shop *shop, int64_t id)
{
	struct zg_payment payment = { .id = 0 };

	must(zg_payments_find(zg_till_store(shop->till), id, &payment, NULL) == ZG_OK, "a payment is not in the books");
	return payment;
}

static int64_t begin(struct trial *t, const struct schedule *s, struct shop *shop)
{
	char code[64], line[64];

	obey(t, "phone pays-late 900000000");
	must(shop_do(shop, "sale.add", "{s:s}", "code", "1003") == ZG_OK, shop->err.text);
	snprintf(line, sizeof(line), "code %s", s->kind->wallet);
	must(courier_obey(&t->courier, line, code, sizeof(code)), line);
	enum zg_result result = s->kind->is_shown ? shop_do(shop, "pay.show", "{s:s}", "wallet", s->kind->wallet)
						  : shop_do(shop, "pay.code", "{s:s}", "code", code);

	must(result == ZG_OK, shop->err.text);
	return shop_integer(shop, "payment");
}

/* When the last query leaves: the deadline, or as soon as the channel allows a cancelling that somebody wants. */
static int64_t last_query_at(struct trial *t, const struct schedule *s, struct shop *shop, int64_t id)
{
	struct zg_paying paying;

	if (s->is_key) {
		/* while nothing is asked, so that the last query leaves when it is due */
		courier_go(&t->courier, t->courier.now_ms + chance_between(&t->chance, 60, 1500));
		must(shop_do(shop, "pay.cancel", "{s:I}", "payment", (json_int_t)id) == ZG_OK, shop->err.text);
	}
	must(zg_teller_look(zg_till_teller(shop->till), id, &paying) == ZG_OK, "a payment is not under way");
	return t->courier.now_ms + (s->is_key && paying.cancel_ms <= 1 ? 0 : paying.cancel_ms);
}

static void spoil(struct trial *t, const struct schedule *s)
{
	char line[96];

	if (strcmp(s->fate, "none") != 0)
		for (int close = 0; close < 2; close++) {
			snprintf(line, sizeof(line), "fault any %s %s 1", close ? "close" : "cancel", s->fate);
			obey(t, line);
		}
	if (chance_between(&t->chance, 0, 4) == 0)
		obey(t, "fault any refund drop-after 1");
}

/* Two people say that the sale goes on without knowing; it is paid in cash, or given up. */
static void go_on_without(struct trial *t, struct shop *shop, int64_t id)
{
	if (zg_till_sale_id(shop->till) == 0 || zg_pay_state_is_final(payment_of(shop, id).attempt.state))
		return;
	t->let_go++;
	CHECK(shop_do_as(shop, "lin", "ding", "pay.let_go", "{s:I}", "payment", (json_int_t)id) == ZG_OK, "let go: %s", shop->err.text);
	if (chance_between(&t->chance, 0, 1))
		CHECK(shop_do_as(shop, "ding", NULL, "sale.void", "{s:s}", "reason", "gone") == ZG_OK, "void: %s", shop->err.text);
	else
		CHECK(shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 10000) == ZG_OK, "cash: %s", shop->err.text);
}

static bool is_over(const struct shop *shop, int64_t id)
{
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0;
	bool over = zg_pay_state_is_final(payment_of(shop, id).attempt.state);

	must(zg_pay_refunds_open(zg_till_store(shop->till), &refunds, &count, NULL) == ZG_OK, "the books cannot be read");
	free(refunds);
	return over && count == 0;
}

static void finish(struct trial *t, const struct schedule *s, struct shop *shop, int64_t id)
{
	int64_t until = t->courier.now_ms + LIMIT_MS;

	while (!is_over(shop, id) && t->courier.now_ms < until)
		courier_next(&t->courier, until);
	obey(t, "fault off");
	struct zg_payment payment = payment_of(shop, id);

	CHECK(zg_pay_state_is_final(payment.attempt.state) && payment.attempt.state != ZG_PAY_MANUAL, "schedule %ld (%s, %s, %s, step %d): %s ends as %s", s->index,
	      s->kind->name, s->is_key ? "key" : "deadline", s->fate, s->step, payment.number, zg_pay_state_name(payment.attempt.state));
	CHECK(is_over(shop, id), "schedule %ld: a refund has no end", s->index);
	if (zg_till_sale_id(shop->till) != 0) {
		CHECK(payment.attempt.state != ZG_PAY_PAID, "schedule %ld (%s, %s, step %d): %s is paid, and its sale is not", s->index, s->kind->name, s->fate, s->step,
		      payment.number);
		CHECK(shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 10000) == ZG_OK, "schedule %ld: the sale cannot be paid in cash: %s", s->index, shop->err.text);
	}
}

/* What this order cost him by the ledger's lines since `from`, and what the books keep of it. */
static void compare_one(struct trial *t, const struct schedule *s, const struct shop *shop, int64_t id, size_t from)
{
	const struct zg_buffer *lines = &t->courier.gate->ledger.lines;
	struct zg_payment payment = payment_of(shop, id);
	struct phones phones = { 0 };
	zg_fen kept = 0;

	phones_read(&phones, zg_buffer_text(lines) + from, lines->length - from);
	const struct phone_account *account = phones_of(&phones, payment.number);
	zg_fen cost = account ? account->charged_fen - account->returned_fen : 0;

	if (payment.attempt.state == ZG_PAY_PAID)
		must(zg_pay_refunds_left(zg_till_store(shop->till), id, &kept, NULL) == ZG_OK, "the books cannot be read");
	CHECK(cost == kept, "schedule %ld (%s, %s, %s, step %d): %s is %s, the books keep %lld, the phone paid %lld", s->index, s->kind->name,
	      s->is_key ? "key" : "deadline", s->fate, s->step, payment.number, zg_pay_state_name(payment.attempt.state), (long long)kept, (long long)cost);
	phones_clear(&phones);
}

static void one(struct trial *t, const struct schedule *s)
{
	struct shop *shop = t->shops[s->kind->shop];
	size_t from = t->courier.gate->ledger.lines.length;
	int64_t id = begin(t, s, shop), last, thumb;

	courier_go(&t->courier, t->courier.now_ms + 4 * WAY_MS);
	last = last_query_at(t, s, shop, id);
	thumb = last + WAY_MS + s->step;
	courier_go(&t->courier, last - 1);
	spoil(t, s);
	t->courier.queried_ms = t->courier.cancelled_ms = 0;
	courier_go(&t->courier, thumb - 1);
	bool without = chance_between(&t->chance, 0, 7) == 0;

	if (without && chance_between(&t->chance, 0, 1))
		go_on_without(t, shop, id);
	courier_go(&t->courier, thumb);
	/* he pays, or begins to type his password, which stands in the cancelling's way */
	obey(t, chance_between(&t->chance, 0, 3) ? "phone now pays" : "phone now password 30");
	if (without)
		go_on_without(t, shop, id);
	courier_go(&t->courier, thumb + 4 * WAY_MS);
	bool is_within = t->courier.queried_ms > 0 && thumb >= t->courier.queried_ms &&
		(t->courier.cancelled_ms == 0 || thumb <= t->courier.cancelled_ms) && s->step >= 0 && s->step <= 2 * WAY_MS;

	t->within += is_within;
	if (is_within)
		t->steps[s->step] = true;
	finish(t, s, shop, id);
	compare_one(t, s, shop, id, from);
}

static void compare(struct trial *t)
{
	struct phones phones = { 0 };
	struct phones_sum sum = { 0 };

	phones_read(&phones, zg_buffer_text(&t->courier.gate->ledger.lines), t->courier.gate->ledger.lines.length);
	for (int i = 0; i < 2; i++)
		phones_compare(&phones, zg_till_store(t->shops[i]->till), false, &t->tally, &sum);
	phones_compare_rest(&phones, &t->tally);
	printf("figure: %ld kept, %ld given back because they came too late, %ld not paid, %ld by hand; %ld requests\n", sum.paid, sum.late, sum.unpaid,
	       sum.manual, t->courier.requests);
	phones_clear(&phones);
}

int main(void)
{
	struct trial trial = { .chance = chance_begin_at(11) }, *t = &trial;
	long count = chance_rounds(60), steps = 0;
	char *place = crew_place();

	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	printf("pay_race: ZG_SEED=%llu, %ld schedules\n", (unsigned long long)t->chance.seed, count);
	setenv("TMPDIR", place, 1);
	char *keys = zg_print("%s/gate", place);

	courier_open(&t->courier, keys, t->chance.seed);
	t->courier.up_ms = t->courier.down_ms = WAY_MS;
	char *settings = courier_settings(keys), *v3 = zg_copy(settings), *at = strstr(v3, "codepay = off");

	must(at != NULL, "pay.conf has no codepay");
	memcpy(at, "codepay = on ", 13);
	t->shops[0] = open_shop(t, settings, 1);
	t->shops[1] = open_shop(t, v3, 2);
	for (long i = 0; i < count && t->tally.failed < 20; i++) {
		struct schedule s = schedule_of(i + (long)(t->chance.seed % 1000));

		one(t, &s);
	}
	compare(t);
	for (int i = 0; i <= 2 * WAY_MS; i++)
		steps += t->steps[i];
	printf("figure: %ld schedules, %ld of them within the window of %d ms, at %ld different milliseconds of it; %ld let go\n", count, t->within, 2 * WAY_MS, steps,
	       t->let_go);
	CHECK(t->courier.broken == 0, "%ld requests broke a rule of their channel's: %s", t->courier.broken, t->courier.rule);
	/* the scene is what it says */
	CHECK(t->within * 10 >= count * 6, "only %ld of %ld fell between the query and the cancelling", t->within, count);
	CHECK(count < 1000 || steps == 2 * WAY_MS + 1, "only %ld milliseconds of the window were met", steps);
	shop_end(t->shops[0]);
	shop_end(t->shops[1]);
	courier_close(&t->courier);
	crew_leave(place);
	free(keys);
	free(settings);
	free(v3);
	return tally_end(&t->tally);
}
