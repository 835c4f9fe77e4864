/*
 * Money that goes back: refunds of any part of a sale, several at once, tried again, refused by the channel, answered by lies or not at all, with the
 * till ending in the middle. By the phones' own ledger no payment gives back more than it took, each refund of ours is made once or not at all,
 * and what the books call given back is what came back. P13. ZG_COUNT sequences (25), one to five refunds each, ZG_SEED; the shops, of 50 sequences
 * each, are shared out among the processors, and one that fails says how to repeat it.
 */
#include "drivers/drivers.h"
#include "src/base/alloc.h"
#include "src/store/agree.h"
#include "src/store/pay_refunds.h"
#include "tests/fault/tally.h"
#include "tests/lab/courier.h"
#include "tests/lab/crew.h"
#include "tests/lab/phones.h"
#include "tests/unit/chance.h"
#include "tests/unit/shop.h"

#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAY_MS   9
#define LIMIT_MS (4 * 3600000LL)    /* of the clock: a refund has its end by then */
#define A_SHOP   50                 /* sequences; then its books are held against the phones and against their journal */

enum { SALES, REFUNDS, IN_CASH, REFUSED, AGAIN, RESTARTS, DONE, FAILED, MANUAL, REQUESTS, CHECKED };

struct trial {
	struct tally tally;
	struct courier courier;
	char *settings;                     /* NULL: no shop was opened in this process yet */
	struct shop *shop;
	struct chance chance;
	size_t from;                        /* bytes of the gateways' ledger before this shop */
	long sums[CREW_FIGURES];
};

#define CHECK(holds, ...) tally_check(&t->tally, holds, __VA_ARGS__)

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	printf("pay_back: %s\n0 passed, 1 failed\n", what);
	exit(1);
}

static void obey(struct trial *t, const char *line)
{
	must(courier_obey(&t->courier, line, NULL, 0), line);
}

static int64_t lot(struct trial *t, int64_t least, int64_t most)
{
	return chance_between(&t->chance, least, most);
}

static void open_till(struct trial *t)
{
	must(shop_open(t->shop) == ZG_OK, t->shop->err.text);
	t->courier.loops[0] = t->shop->loop;
	t->courier.loop_count = 1;
	must(shop_sign_in(t->shop, "lin") == ZG_OK, t->shop->err.text);
}

/* As after a power cut: nothing is said to anybody, and what was asked is not waited for. */
static void restart(struct trial *t)
{
	t->courier.loop_count = 0;
	shop_close(t->shop);
	open_till(t);
	t->sums[RESTARTS]++;
}

/* ---- a sale, paid by one or two phones, perhaps with cash or a card ---- */

static bool pay_part(struct trial *t, zg_fen amount)
{
	char code[64];
	int64_t until = t->courier.now_ms + LIMIT_MS;
	zg_fen due = zg_sale_due(zg_till_sale(t->shop->till));

	must(courier_obey(&t->courier, phones_code(&t->chance), code, sizeof(code)), "no code");
	must(shop_do(t->shop, "pay.code", "{s:s, s:I}", "code", code, "amount_fen", (json_int_t)amount) == ZG_OK, t->shop->err.text);
	while (t->courier.now_ms < until && zg_till_sale_id(t->shop->till) != 0 && zg_sale_due(zg_till_sale(t->shop->till)) == due)
		courier_next(&t->courier, until);
	return CHECK(t->courier.now_ms < until, "a payment has no end");
}

/* number: the receipt's. */
static bool sell(struct trial *t, char number[ZG_CODE_MAX + 1])
{
	static const char *const goods[] = { "1001", "1002", "1003" };

	for (int64_t lines = lot(t, 1, 4); lines > 0; lines--)
		must(shop_do(t->shop, "sale.add", "{s:s, s:I}", "code", goods[lot(t, 0, 2)], "quantity_milli", (json_int_t)(lot(t, 1, 4) * 1000)) == ZG_OK,
		     t->shop->err.text);
	int64_t sale = zg_till_sale_id(t->shop->till);
	zg_fen due = zg_sale_due(zg_till_sale(t->shop->till));
	struct zg_sale_record record;

	obey(t, "phone pays");
	if (lot(t, 0, 2) == 0 && !pay_part(t, lot(t, 1, due - 1)))
		return false;
	int64_t rest = lot(t, 0, 5);

	if (rest == 0)
		must(shop_do(t->shop, "sale.pay", "{s:i}", "tendered_fen", 100000) == ZG_OK, t->shop->err.text);
	else if (rest == 1)
		must(shop_do(t->shop, "sale.pay", "{s:s, s:s}", "tender", "card", "reference", "T1") == ZG_OK, t->shop->err.text);
	else if (!pay_part(t, zg_sale_due(zg_till_sale(t->shop->till))))
		return false;
	must(zg_sales_find(zg_till_store(t->shop->till), sale, &record, NULL) == ZG_OK, "the books cannot be read");
	snprintf(number, ZG_CODE_MAX + 1, "%s", record.number);
	t->sums[SALES]++;
	return CHECK(record.state == ZG_SALE_PAID, "the sale is not closed");
}

/* ---- refunds ---- */

static void spoil(struct trial *t)
{
	static const char *const kinds[] = { "drop-before", "drop-after", "delay=20000", "truncate", "error-before=500", "error-after=500", "busy-before",
		"busy-after", "no-balance", "rate", "duplicate", "replay", "unsigned", "bad-signature", "wrong-serial", "altered", "wrong-number", "wrong-amount", "html" };
	char line[96];

	for (int64_t i = lot(t, 0, 3); i > 0; i--) {
		snprintf(line, sizeof(line), "fault any %s %s %d", lot(t, 0, 2) ? "refund" : "refund-query",
			 kinds[lot(t, 0, (int64_t)(sizeof(kinds) / sizeof(kinds[0])) - 1)], (int)lot(t, 1, 3));
		obey(t, line);
	}
	if (lot(t, 0, 9) == 0)
		obey(t, "set refund-fails 1");
}

/* Some of what is left of each line; now and then more than that, which the books refuse. */
static json_t *choose(struct trial *t, const char *number)
{
	struct zg_sale_record record;
	struct zg_refundable *sold = NULL;
	size_t count = 0;
	json_t *lines = json_array();

	must(zg_sales_find_number(zg_till_store(t->shop->till), number, &record, NULL) == ZG_OK &&
	     zg_sales_refundable(zg_till_store(t->shop->till), record.id, &sold, &count, NULL) == ZG_OK, "the books cannot be read");
	for (size_t i = 0; i < count; i++) {
		zg_milli left = zg_refund_left(&sold[i]), some = lot(t, 0, left / 1000) * 1000 + (lot(t, 0, 30) == 0 ? 1000 : 0);

		if (some > 0)
			json_array_append_new(lines, json_pack("{s:i, s:I}", "line", sold[i].line_no, "quantity_milli", (json_int_t)some));
	}
	free(sold);
	return lines;
}

/* Everything, or some of it. */
static void refund(struct trial *t, const char *number)
{
	json_t *lines = choose(t, number);
	int all = lot(t, 0, 5) == 0, in_cash = lot(t, 0, 9) == 0;
	enum zg_result result = all ? shop_do_as(t->shop, "ding", NULL, "sale.refund", "{s:s, s:b, s:b, s:s}", "number", number, "all", 1, "in_cash", in_cash,
						 "reason", "x")
				    : shop_do_as(t->shop, "ding", NULL, "sale.refund", "{s:s, s:O, s:b, s:s}", "number", number, "lines", lines, "in_cash", in_cash,
						 "reason", "x");

	CHECK(result == ZG_OK || result == ZG_INVALID, "a refund: %s", t->shop->err.text);
	t->sums[REFUNDS] += result == ZG_OK;
	t->sums[IN_CASH] += result == ZG_OK && in_cash;
	t->sums[REFUSED] += result != ZG_OK;
	json_decref(lines);
}

/* What failed is tried again under a new number; what has not is refused. */
static void try_again(struct trial *t)
{
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0;

	must(zg_pay_refunds_in_doubt(zg_till_store(t->shop->till), &refunds, &count, NULL) == ZG_OK, "the books cannot be read");
	if (count > 0) {
		const struct zg_pay_refund *some = &refunds[lot(t, 0, (int64_t)count - 1)];
		enum zg_result result = shop_do_as(t->shop, "ding", NULL, "pay.refund", "{s:s, s:s}", "number", some->number, "reason", "again");

		CHECK((result == ZG_OK) == (some->state == ZG_PAY_REFUND_FAILED), "%s, which is %s, again: %s", some->number,
		      zg_pay_refund_state_name(some->state), t->shop->err.text);
		t->sums[AGAIN] += result == ZG_OK;
	}
	free(refunds);
}

static bool is_over(struct trial *t)
{
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0;

	bool over = true;

	must(zg_pay_refunds_open(zg_till_store(t->shop->till), &refunds, &count, NULL) == ZG_OK, "the books cannot be read");
	for (size_t i = 0; i < count; i++)
		over = over && refunds[i].state == ZG_PAY_REFUND_MANUAL;    /* the channel's pages go on with it */
	free(refunds);
	return over;
}

static bool tell_event(const struct zg_payment_event *event, void *self)
{
	(void)self;
	printf("  %s %s, %s, %s: %d %s %s\n", event->call, event->event, event->says, event->proof, event->status, event->code, event->words);
	return true;
}

static void tell_open(struct trial *t)
{
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0;

	must(zg_pay_refunds_open(zg_till_store(t->shop->till), &refunds, &count, NULL) == ZG_OK, "the books cannot be read");
	for (size_t i = 0; i < count; i++) {
		printf("  %s is %s: %s\n", refunds[i].number, zg_pay_refund_state_name(refunds[i].state), refunds[i].note);
		(void)zg_payment_events_read(zg_till_store(t->shop->till), refunds[i].payment_id, tell_event, t, NULL);
	}
	free(refunds);
}

static void one(struct trial *t)
{
	char number[ZG_CODE_MAX + 1];

	if (!sell(t, number))
		return;
	for (int64_t i = lot(t, 1, 5); i > 0; i--) {
		spoil(t);
		refund(t, number);
		/* the next one at once, or after a while in which it is asked about */
		courier_go(&t->courier, t->courier.now_ms + (lot(t, 0, 1) ? lot(t, 0, 40) : lot(t, 0, 90000)));
		if (lot(t, 0, 3) == 0)
			try_again(t);
		if (lot(t, 0, 3) == 0)
			restart(t);
	}
	obey(t, "fault off");
	obey(t, "set refund-fails 0");
	int64_t until = t->courier.now_ms + LIMIT_MS;

	while (!is_over(t) && t->courier.now_ms < until)
		courier_next(&t->courier, until);
	if (!CHECK(is_over(t), "a refund has no end after %lld hours", LIMIT_MS / 3600000))
		tell_open(t);
}

/* ---- the ledger's refunds, each by its number ---- */

struct returned {
	char number[40];
	zg_fen fen;
	int times;
};

static int by_number(const void *a, const void *b)
{
	return strcmp(((const struct returned *)a)->number, ((const struct returned *)b)->number);
}

/* Sorted; the same number once, with how often it stands there. */
static struct returned *read_returned(const struct trial *t, size_t *count)
{
	const struct zg_buffer *lines = &t->courier.gate->ledger.lines;
	struct returned *all = NULL;
	size_t room = 0, at = t->from;

	*count = 0;
	while (at < lines->length) {
		const char *line = zg_buffer_text(lines) + at;
		size_t length = strcspn(line, "\n");
		json_t *row = zg_json_parse(line, length);

		if (strcmp(zg_json_string(row, "kind", ""), "refund") == 0) {
			all = zg_grow(all, *count, &room, sizeof(*all));
			all[*count] = (struct returned){ .fen = zg_json_integer(row, "fen", 0), .times = 1 };
			snprintf(all[(*count)++].number, sizeof(all->number), "%s", zg_json_string(row, "refund_no", ""));
		}
		json_decref(row);
		at += length + 1;
	}
	if (*count > 0)
		qsort(all, *count, sizeof(*all), by_number);
	return all;
}

static void compare_refunds(struct trial *t)
{
	size_t count, known = 0, all = 0;
	struct returned *back = read_returned(t, &count);
	const struct zg_store *store = zg_till_store(t->shop->till);
	struct zg_pay_refund refund;

	for (size_t i = 1; i < count; i++)
		CHECK(strcmp(back[i - 1].number, back[i].number) != 0, "%s came back twice", back[i].number);
	for (int64_t id = 1; zg_pay_refunds_find(store, id, &refund, NULL) == ZG_OK; id++) {
		struct returned wanted = { .times = 0 };

		snprintf(wanted.number, sizeof(wanted.number), "%s", refund.number);
		const struct returned *found = count ? bsearch(&wanted, back, count, sizeof(*back), by_number) : NULL;

		CHECK((found != NULL) == (refund.state == ZG_PAY_REFUND_DONE), "%s is %s, and the phone %s it", refund.number,
		      zg_pay_refund_state_name(refund.state), found ? "got" : "did not get");
		if (found)
			CHECK(found->fen == refund.amount_fen, "%s: %lld of %lld came back", refund.number, (long long)found->fen, (long long)refund.amount_fen);
		known += found != NULL;
		t->sums[DONE] += refund.state == ZG_PAY_REFUND_DONE;
		t->sums[FAILED] += refund.state == ZG_PAY_REFUND_FAILED;
		t->sums[MANUAL] += refund.state == ZG_PAY_REFUND_MANUAL;
		all++;
	}
	CHECK(known == count, "%zu of %zu that came back are refunds of ours", known, count);
	CHECK(all > 0 && t->sums[DONE] > 0, "nothing went back: nothing was tried");
	free(back);
}

/* Each payment against what its refunds that were done come to; those that people have to settle have not come back. */
static zg_fen done_of(struct trial *t, int64_t payment_id)
{
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0;
	zg_fen sum = 0;

	must(zg_pay_refunds_of(zg_till_store(t->shop->till), payment_id, &refunds, &count, NULL) == ZG_OK, "the books cannot be read");
	for (size_t i = 0; i < count; i++)
		sum += refunds[i].state == ZG_PAY_REFUND_DONE ? refunds[i].amount_fen : 0;
	free(refunds);
	return sum;
}

static void compare(struct trial *t)
{
	struct phones phones = { 0 };
	struct zg_payment *payments = NULL;
	size_t count = 0;

	phones_read(&phones, zg_buffer_text(&t->courier.gate->ledger.lines) + t->from, t->courier.gate->ledger.lines.length - t->from);
	must(zg_payments_since(zg_till_store(t->shop->till), 0, 10000000, &payments, &count, NULL) == ZG_OK, "the books cannot be read");
	for (size_t i = 0; i < count; i++) {
		struct phone_account *account = phones_of(&phones, payments[i].number);

		if (!CHECK(account != NULL && payments[i].attempt.state == ZG_PAY_PAID, "%s is %s", payments[i].number,
			   zg_pay_state_name(payments[i].attempt.state)))
			continue;
		account->is_ours = true;
		CHECK(account->charges == 1 && account->charged_fen == payments[i].amount_fen && account->returned_fen == done_of(t, payments[i].id) &&
		      account->returned_fen <= account->charged_fen, "%s: charged %lld in %d, given back %lld", payments[i].number,
		      (long long)account->charged_fen, account->charges, (long long)account->returned_fen);
	}
	phones_compare_rest(&phones, &t->tally);
	phones_clear(&phones);
	free(payments);
	compare_refunds(t);
}

static void open_shop(struct trial *t)
{
	size_t count;

	t->shop = shop_begin(t->settings);
	shop_close(t->shop);
	t->shop->clock = t->courier.clock;
	t->shop->payers = zg_pay_drivers(&count);
	t->from = t->courier.gate->ledger.lines.length;
	open_till(t);
	must(shop_do(t->shop, "shift.open", "{s:i}", "float_fen", 0) == ZG_OK, t->shop->err.text);
}

/* The gateways and their keys, once a process. */
static void begin(struct trial *t, const char *place)
{
	char *keys = zg_print("%s/gate", place);

	setenv("TMPDIR", place, 1);
	courier_open(&t->courier, keys, 1);
	t->courier.up_ms = t->courier.down_ms = WAY_MS;
	char *settings = courier_settings(keys);

	t->settings = zg_print("[shop]\nname = 小满便利店\nrounding = jiao\n\n[till]\nid = 1\n%s", settings);
	free(settings);
	free(keys);
}

struct run {
	uint64_t seed;
	long count;
};

static bool live(void *self, long number, const char *place)
{
	static struct trial trial;    /* of this process */
	struct trial *t = &trial;
	const struct run *run = self;
	long left = run->count - number * A_SHOP, most = left < A_SHOP ? left : A_SHOP, broken = t->courier.broken, requests = t->courier.requests;
	uint64_t seed = chance_part(run->seed, number);
	struct zg_error err = { .text = "" };

	if (!t->settings)
		begin(t, place);
	t->tally = (struct tally){ 0 };
	memset(t->sums, 0, sizeof(t->sums));
	t->chance = (struct chance){ seed, seed };
	courier_again(&t->courier, seed);
	open_shop(t);
	for (long i = 0; i < most && t->tally.failed < 20; i++)
		one(t);
	CHECK(zg_books_agree(zg_till_store(t->shop->till), &err) == ZG_OK, "%s", err.text);
	compare(t);
	CHECK(t->courier.broken == broken, "a request broke a rule of its channel's: %s", t->courier.rule);
	t->courier.loop_count = 0;
	shop_end(t->shop);
	t->sums[REQUESTS] = t->courier.requests - requests;
	t->sums[CHECKED] = t->tally.passed;
	for (int i = 0; i <= CHECKED; i++)
		crew_add(i, t->sums[i]);
	if (t->tally.failed)
		printf("    repeat it: ZG_SEED=%" PRIu64 " ZG_COUNT=%ld\n", seed, most);
	return t->tally.failed == 0;
}

int main(void)
{
	struct tally tally = { 0 };
	struct run run = { chance_begin_at(13).seed, chance_rounds(25) };
	long sums[CREW_FIGURES] = { 0 };

	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	printf("pay_back: ZG_SEED=%" PRIu64 ", %ld sequences\n", run.seed, run.count);
	crew_run(&tally, (run.count + A_SHOP - 1) / A_SHOP, live, &run, sums);
	printf("figure: %ld sales, %ld refunds (%ld in cash, %ld refused by the books), %ld tried again, %ld restarts; by phone %ld given back, %ld not, %ld for people to settle; %ld requests, %ld checks\n",
	       sums[SALES], sums[REFUNDS], sums[IN_CASH], sums[REFUSED], sums[AGAIN], sums[RESTARTS], sums[DONE], sums[FAILED], sums[MANUAL], sums[REQUESTS], sums[CHECKED]);
	tally_check(&tally, sums[SALES] == run.count, "%ld of %ld sales were made", sums[SALES], run.count);
	return tally_end(&tally);
}
