/* Payments by phone in the books: what is kept, and what the books refuse whoever asks. */
#include "src/store/pay_refunds.h"
#include "src/store/payment_number.h"
#include "src/store/payments.h"
#include "src/store/refund_ways.h"
#include "tests/unit/chance.h"
#include "tests/unit/ledger.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

TestSuite(payments, .init = ledger_open_held, .fini = ledger_close);

static int64_t begin_sale(struct zg_sale **sale)
{
	int64_t id = 0;

	*sale = ledger_ring();    /* 10.36 */
	OK(zg_sales_begin(ledger.store, "lin", &id, &ledger.err));
	OK(zg_sales_save(ledger.store, id, *sale, &ledger.err));
	return id;
}

/* Closes the sale with what is tendered; ZG_INVALID when the books refuse it. */
static enum zg_result close_it(int64_t id, struct zg_sale *sale)
{
	struct zg_journal_mark mark;
	struct zg_sale_close close = { .id = id, .who = "lin", .day = ledger.shift.day, .shift_id = ledger.shift.id, .reason = "", .mark = &mark,
		.number = "R010000001" };

	OK(zg_store_next(ledger.store, "receipt", &close.receipt_no, &ledger.err));
	ledger_note("sale.paid", &mark);
	return zg_sales_close(ledger.store, &close, sale, &ledger.err);
}

/* A refund of the sale that is being written: its row alone. */
static int64_t begin_refund(int64_t origin)
{
	char *sql = sqlite3_mprintf("INSERT INTO sale (kind, state, opened_at, cashier, origin_id) VALUES ('refund', 'open', 0, 'lin', %lld)", (long long)origin);

	ledger_run(sql);
	sqlite3_free(sql);
	return sqlite3_last_insert_rowid(zg_store_raw(ledger.store));
}

Test(payments, a_payment_is_kept_with_all_that_is_known_of_it)
{
	struct zg_sale *sale;
	struct zg_payment payment = { .sale_id = begin_sale(&sale), .channel = ZG_CHANNEL_LAKALA, .wallet = ZG_WALLET_UNIONPAY, .way = ZG_WAY_SHOWN,
		.amount_fen = 1036, .begun_by = "lin", .expires_at = 77, .code_hash = "ab12", .code_end = "4321" }, read;

	OK(zg_payments_add(ledger.store, 7, &payment, &ledger.err));
	payment.attempt = (struct zg_attempt){ .state = ZG_PAY_REFUSED, .is_declined = true, .is_free = true, .is_cancel_taken = true };
	payment.sent_at = 1;
	payment.ended_at = 2;
	payment.paid_at = 3;
	snprintf(payment.let_go_by, sizeof(payment.let_go_by), "lin+zhao");
	snprintf(payment.channel_no, sizeof(payment.channel_no), "4200001");
	snprintf(payment.statement_no, sizeof(payment.statement_no), "66001122334455");
	snprintf(payment.payer, sizeof(payment.payer), "oUpF8***");
	snprintf(payment.note, sizeof(payment.note), "余额不足");
	OK(zg_payments_set(ledger.store, &payment, &ledger.err));
	OK(zg_payments_find_number(ledger.store, payment.number, &read, &ledger.err));

	cr_expect(eq(long, read.id, 1));
	cr_expect(eq(long, read.sale_id, payment.sale_id));
	cr_expect(read.channel == ZG_CHANNEL_LAKALA && read.wallet == ZG_WALLET_UNIONPAY && read.way == ZG_WAY_SHOWN);
	cr_expect(eq(long, read.amount_fen, 1036));
	cr_expect(read.attempt.state == ZG_PAY_REFUSED && read.attempt.is_declined && read.attempt.is_free && read.attempt.is_cancel_taken);
	cr_expect(read.begun_at == ledger.now_ms && read.expires_at == 77 && read.sent_at == 1 && read.ended_at == 2 && read.paid_at == 3);
	cr_expect(eq(str, read.let_go_by, "lin+zhao"));
	cr_expect(eq(str, read.begun_by, "lin"));
	cr_expect(eq(str, read.code_hash, "ab12"));
	cr_expect(eq(str, read.code_end, "4321"));
	cr_expect(eq(str, read.channel_no, "4200001"));
	cr_expect(eq(str, read.statement_no, "66001122334455"));
	cr_expect(eq(str, read.payer, "oUpF8***"));
	cr_expect(eq(str, read.note, "余额不足"));
	cr_expect(eq(int, strncmp(read.number, "P07251123000001", 15), 0), "%s", read.number);
	cr_expect(eq(int, zg_payments_find(ledger.store, 2, &read, &ledger.err), ZG_NOT_FOUND));
	zg_sale_free(sale);
}

/* The first instant belongs to a day, the last one to the next. */
Test(payments, a_days_payments_are_those_begun_in_it)
{
	static const struct { int64_t from, until; size_t count; } cases[] = { { -1, 0, 0 }, { 0, 1, 1 }, { -10, 10, 1 }, { 1, 10, 0 }, { 0, 0, 0 } };
	struct zg_sale *sale;
	struct zg_payment payment = { .sale_id = begin_sale(&sale), .amount_fen = 1036, .begun_by = "lin", .wallet = ZG_WALLET_WECHAT }, *list;
	size_t count;

	OK(zg_payments_add(ledger.store, 1, &payment, &ledger.err));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		OK(zg_payments_between(ledger.store, payment.begun_at + cases[i].from, payment.begun_at + cases[i].until, &list, &count, &ledger.err));
		cr_expect(eq(sz, count, cases[i].count), "%zu", i);
		cr_expect(count == 0 || list[0].id == payment.id);
		free(list);
	}
	zg_sale_free(sale);
}

Test(payments, a_number_is_never_given_twice_even_by_a_copy_of_the_books)
{
	char first[33], second[33];

	zg_payment_number(first, 'P', 1, ledger.now_ms, 12);
	zg_payment_number(second, 'P', 1, ledger.now_ms, 12);
	cr_expect(eq(int, strncmp(first, second, 15), 0));
	cr_expect(ne(str, first, second));
	zg_payment_number(first, 'R', 99, INT64_C(4102416000000), INT64_C(999999999999));    /* 2100 in the channels' time */
	cr_expect(eq(int, strncmp(first, "R99000101999999999999", 21), 0), "%s", first);
	cr_expect(le(sz, strlen(first), 32));
}

static void count_lists(size_t open, size_t doubt, size_t of_sale, int64_t sale_id)
{
	struct zg_payment *payments = NULL;
	size_t count = 99;

	OK(zg_payments_open(ledger.store, &payments, &count, &ledger.err));
	cr_expect(eq(sz, count, open));
	free(payments);
	OK(zg_payments_in_doubt(ledger.store, &payments, &count, &ledger.err));
	cr_expect(eq(sz, count, doubt));
	free(payments);
	OK(zg_payments_of_sale(ledger.store, sale_id, &payments, &count, &ledger.err));
	cr_expect(eq(sz, count, of_sale));
	free(payments);
}

Test(payments, a_second_attempt_waits_until_the_first_is_over_or_declined)
{
	struct zg_sale *sale;
	int64_t id = begin_sale(&sale);
	struct zg_payment first = ledger_phone(id, 1036), second = first;

	cr_expect(eq(int, zg_payments_add(ledger.store, 1, &second, &ledger.err), ZG_INVALID));
	ledger_prove(&first, ZG_EVENT_SEND);
	ledger_prove(&first, ZG_EVENT_DECLINED);
	cr_expect(eq(int, zg_payments_add(ledger.store, 1, &second, &ledger.err), ZG_INVALID));
	count_lists(1, 1, 1, id);
	ledger_prove(&first, ZG_EVENT_MISSING);
	OK(zg_payments_add(ledger.store, 1, &second, &ledger.err));
	cr_expect(ne(str, first.number, second.number));
	count_lists(2, 2, 2, id);
	ledger_prove(&second, ZG_EVENT_SEND);
	ledger_prove(&second, ZG_EVENT_LIMIT);    /* to be settled by hand: not free, and named on the Z */
	count_lists(1, 2, 2, id);
	struct zg_payment third = second;

	cr_expect(eq(int, zg_payments_add(ledger.store, 1, &third, &ledger.err), ZG_INVALID));
	snprintf(second.let_go_by, sizeof(second.let_go_by), "lin+zhao");
	OK(zg_payments_set(ledger.store, &second, &ledger.err));
	OK(zg_payments_add(ledger.store, 1, &third, &ledger.err));
	zg_sale_free(sale);
}

Test(payments, a_sale_closes_with_the_payments_that_were_proved_and_no_others)
{
	struct zg_sale *sale;
	int64_t id = begin_sale(&sale);
	struct zg_payment payment = ledger_phone(id, 1000);

	OK(zg_sale_tender(sale, ZG_TENDER_WECHAT, 1000, ZG_ROUND_NONE, &ledger.err));
	OK(zg_sale_tender(sale, ZG_TENDER_CASH, 100, ZG_ROUND_JIAO, &ledger.err));
	ledger_prove(&payment, ZG_EVENT_SEND);
	ledger_prove(&payment, ZG_EVENT_DOUBT);
	OK(zg_store_commit(ledger.store, &ledger.err));
	OK(zg_store_begin(ledger.store, ZG_SYNC_NORMAL, &ledger.err));
	cr_expect(eq(int, close_it(id, sale), ZG_INVALID));
	zg_store_rollback(ledger.store);
	OK(zg_store_begin(ledger.store, ZG_SYNC_NORMAL, &ledger.err));
	ledger_prove(&payment, ZG_EVENT_PAID);
	OK(zg_store_commit(ledger.store, &ledger.err));
	OK(zg_store_begin(ledger.store, ZG_SYNC_NORMAL, &ledger.err));
	cr_expect(eq(int, close_it(id, sale), ZG_OK), "%s", ledger.err.text);
	zg_store_rollback(ledger.store);
	OK(zg_store_begin(ledger.store, ZG_SYNC_NORMAL, &ledger.err));

	/* the same money once more, by nobody's word */
	ledger_run("INSERT INTO tender (sale_id, no, kind, tendered_fen, kept_fen, at) VALUES (1, 9, 'alipay', 1, 1, 0)");
	cr_expect(eq(int, close_it(id, sale), ZG_INVALID));
	zg_sale_free(sale);
}

Test(payments, a_hung_sale_closes_by_the_payment_that_was_parked)
{
	struct zg_sale *sale, *next;
	int64_t id = begin_sale(&sale), other;
	struct zg_payment payment = ledger_phone(id, 1036);

	ledger_prove(&payment, ZG_EVENT_SEND);
	OK(zg_sales_hang(ledger.store, id, &ledger.err));
	other = begin_sale(&next);
	cr_expect(ne(long, id, other));
	ledger_prove(&payment, ZG_EVENT_PAID);
	OK(zg_sale_tender(sale, ZG_TENDER_WECHAT, 1036, ZG_ROUND_NONE, &ledger.err));

	cr_expect(eq(int, close_it(id, sale), ZG_OK), "%s", ledger.err.text);
	ledger_expect("SELECT id, state FROM sale ORDER BY id", "1|paid\n2|open\n");
	zg_sale_free(sale);
	zg_sale_free(next);
}

Test(payments, what_comes_too_late_goes_back_and_never_more_than_came)
{
	struct zg_sale *sale;
	int64_t id = begin_sale(&sale);
	struct zg_payment payment = ledger_phone(id, 1036);
	struct zg_pay_refund back = { .payment_id = payment.id, .amount_fen = 1036, .begun_by = "-", .reason = "late" }, read;
	zg_fen left = -1;

	cr_expect(eq(int, zg_pay_refunds_add(ledger.store, 1, &back, &ledger.err), ZG_INVALID));    /* nothing came yet */
	ledger_prove(&payment, ZG_EVENT_SEND);
	ledger_prove(&payment, ZG_EVENT_DECLINED);
	ledger_prove(&payment, ZG_EVENT_UNPAID);
	OK(zg_sale_tender(sale, ZG_TENDER_CASH, 1040, ZG_ROUND_NONE, &ledger.err));
	OK(close_it(id, sale));    /* in cash, the declined payment is still watched */
	ledger_prove(&payment, ZG_EVENT_PAID);
	OK(zg_pay_refunds_left(ledger.store, payment.id, &left, &ledger.err));
	cr_expect(eq(long, left, 1036));
	OK(zg_pay_refunds_add(ledger.store, 1, &back, &ledger.err));
	OK(zg_pay_refunds_left(ledger.store, payment.id, &left, &ledger.err));
	cr_expect(eq(long, left, 0));
	struct zg_pay_refund more = back;

	cr_expect(eq(int, zg_pay_refunds_add(ledger.store, 1, &more, &ledger.err), ZG_INVALID));
	back.state = ZG_PAY_REFUND_FAILED;
	back.ended_at = 5;
	snprintf(back.channel_no, sizeof(back.channel_no), "5030");
	snprintf(back.note, sizeof(back.note), "closed");
	OK(zg_pay_refunds_set(ledger.store, &back, &ledger.err));
	OK(zg_pay_refunds_find(ledger.store, back.id, &read, &ledger.err));
	cr_expect(read.state == ZG_PAY_REFUND_FAILED && read.ended_at == 5 && read.sale_id == 0 && read.amount_fen == 1036);
	cr_expect(eq(str, read.channel_no, "5030"));
	cr_expect(eq(str, read.note, "closed"));
	cr_expect(eq(str, read.number, back.number));
	more.amount_fen = 1;
	cr_expect(eq(int, zg_pay_refunds_add(ledger.store, 1, &more, &ledger.err), ZG_INVALID));    /* all of it came for nothing */
	more.amount_fen = 1036;
	OK(zg_pay_refunds_add(ledger.store, 1, &more, &ledger.err));    /* a new one under a new number */
	cr_expect(ne(str, more.number, back.number));
	zg_sale_free(sale);
}

/* What someone with SQL and the program's own connection might try; 1 is paid, 2 waits, refund 1 is done. */
static const char *const hostile[] = {
	"UPDATE payment SET state = 'cancelled', ended_at = 9 WHERE id = 1",
	"UPDATE payment SET note = 'other' WHERE id = 1",
	"UPDATE payment SET amount_fen = 1 WHERE id = 2",
	"UPDATE payment SET number = 'P01261125000042K7Q2XX' WHERE id = 2",
	"UPDATE payment SET sale_id = 1 WHERE id = 2",
	"UPDATE payment SET sent_at = 77 WHERE id = 2",
	"UPDATE payment SET state = 'paid', ended_at = 1 WHERE id = 2",
	"UPDATE payment SET state = 'new' WHERE id = 2",
	"UPDATE payment SET state = 'gone' WHERE id = 2",
	"UPDATE payment SET is_free = 1, state = 'manual', ended_at = 1 WHERE id = 2",
	"DELETE FROM payment WHERE id = 2",
	"INSERT OR REPLACE INTO payment (id, sale_id, number, channel, wallet, way, amount_fen, state, begun_at, begun_by)"
	" SELECT id, sale_id, number, channel, wallet, way, 1, 'new', begun_at, begun_by FROM payment WHERE id = 2",
	"INSERT INTO payment (id, sale_id, number, channel, wallet, way, amount_fen, state, begun_at, begun_by)"
	" SELECT 9, sale_id, 'P01261125000042K7Q2XX', channel, wallet, way, 1, 'new', begun_at, begun_by FROM payment WHERE id = 2",
	"INSERT INTO payment (id, sale_id, number, channel, wallet, way, amount_fen, state, begun_at, begun_by)"
	" SELECT 3, sale_id, 'P01261125000042K7Q2XX', channel, wallet, way, 1, 'new', begun_at, begun_by FROM payment WHERE id = 2",
	"INSERT INTO payment (id, sale_id, number, channel, wallet, way, amount_fen, state, begun_at, begun_by)"
	" SELECT 3, 1, 'p01261125000042k7q2xx', channel, wallet, way, 1, 'new', begun_at, begun_by FROM payment WHERE id = 2",
	"UPDATE payment_event SET words = 'other' WHERE id = 1",
	"DELETE FROM payment_event WHERE id = 1",
	"INSERT OR REPLACE INTO payment_event (id, payment_id, at, call, event, says, proof) VALUES (1, 2, 0, 'query', 'paid', 'paid', 'verified')",
	"UPDATE pay_refund SET amount_fen = 2 WHERE id = 1",
	"UPDATE pay_refund SET state = 'failed' WHERE id = 1",
	"UPDATE pay_refund SET number = 'R01261125000042K7Q2XX' WHERE id = 1",
	"DELETE FROM pay_refund WHERE id = 1",
	"INSERT OR REPLACE INTO pay_refund (id, payment_id, number, amount_fen, state, begun_at, begun_by)"
	" SELECT id, payment_id, number, 1, 'new', 0, '-' FROM pay_refund WHERE id = 1",
	"INSERT INTO pay_refund (id, payment_id, number, amount_fen, state, begun_at, begun_by)"
	" SELECT 2, 1, number, 1, 'new', 0, '-' FROM payment WHERE id = 2",
	"INSERT INTO pay_refund (id, payment_id, number, amount_fen, state, begun_at, begun_by)"
	" VALUES (2, 2, 'R01261125000042K7Q2XX', 1, 'new', 0, '-')",
	/* for nothing, though its sale keeps it; for another sale's refund; for a sale that is none */
	"INSERT INTO pay_refund (id, payment_id, number, amount_fen, state, begun_at, begun_by)"
	" VALUES (2, 1, 'R01261125000042K7Q2XX', 1036, 'new', 0, '-')",
	"INSERT INTO pay_refund (id, payment_id, sale_id, number, amount_fen, state, begun_at, begun_by)"
	" VALUES (2, 1, 3, 'R01261125000042K7Q2XX', 1, 'new', 0, '-')",
	"INSERT INTO pay_refund (id, payment_id, sale_id, number, amount_fen, state, begun_at, begun_by)"
	" VALUES (2, 1, 1, 'R01261125000042K7Q2XX', 1, 'new', 0, '-')",
	"UPDATE sale SET state = 'void' WHERE id = 3",
};

Test(payments, the_books_refuse_every_edit_of_what_a_channel_has_proved)
{
	struct zg_sale *sale, *next;
	int64_t id = begin_sale(&sale);
	struct zg_payment payment = ledger_phone(id, 1036);
	struct zg_pay_refund back = { .payment_id = payment.id, .sale_id = 2, .amount_fen = 1, .begun_by = "lin" };
	sqlite3 *db = zg_store_raw(ledger.store);

	ledger_prove(&payment, ZG_EVENT_SEND);
	ledger_prove(&payment, ZG_EVENT_PAID);
	OK(zg_sale_tender(sale, ZG_TENDER_WECHAT, 1036, ZG_ROUND_NONE, &ledger.err));
	OK(close_it(id, sale));
	cr_assert(eq(long, begin_refund(id), 2));
	OK(zg_pay_refunds_add(ledger.store, 1, &back, &ledger.err));
	back.state = ZG_PAY_REFUND_DONE;
	back.ended_at = 5;
	OK(zg_pay_refunds_set(ledger.store, &back, &ledger.err));
	payment = ledger_phone(begin_sale(&next), 500);
	ledger_prove(&payment, ZG_EVENT_SEND);
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		ledger_run("SAVEPOINT try");
		cr_expect(ne(int, sqlite3_exec(db, hostile[i], NULL, NULL, NULL), SQLITE_OK), "%s", hostile[i]);
		ledger_run("ROLLBACK TO try");
	}
	zg_sale_free(sale);
	zg_sale_free(next);
}

struct read_back {
	int count;
	char words[ZG_PAYMENT_TEXT];
	zg_fen amount;
};

static bool take_event(const struct zg_payment_event *event, void *self)
{
	struct read_back *read = self;

	read->count++;
	read->amount = event->amount_fen;
	snprintf(read->words, sizeof(read->words), "%s %s %s %d %s %lld", event->call, event->event, event->code, event->status, event->words,
		 (long long)event->took_ms);
	return read->count < 2;
}

Test(payments, what_a_channel_said_is_kept_clean_and_in_order)
{
	struct zg_sale *sale;
	struct zg_payment payment = ledger_phone(begin_sale(&sale), 1036);
	struct zg_payment_event said = { .payment_id = payment.id, .call = "code", .event = "doubt", .says = "unknown", .proof = "forged", .amount_fen = -1,
		.status = 500, .code = "SYSTEM_ERROR", .words = "系统\033[2J错误", .took_ms = 1234 };
	struct read_back read = { .count = 0 };

	OK(zg_payment_events_add(ledger.store, &said, &ledger.err));
	said.code = NULL;
	OK(zg_payment_events_add(ledger.store, &said, &ledger.err));
	OK(zg_payment_events_add(ledger.store, &said, &ledger.err));
	OK(zg_payment_events_read(ledger.store, payment.id, take_event, &read, &ledger.err));

	cr_expect(eq(int, read.count, 2));
	cr_expect(eq(str, read.words, "code doubt  500 系统?[2J错误 1234"));
	cr_expect(eq(long, read.amount, -1));
	zg_sale_free(sale);
}

/* The same refund of goods, with its first way back failed: again for the same amount, and once. */
Test(payments, a_refund_that_failed_is_tried_again_for_the_same_amount_and_no_other)
{
	struct zg_sale *sale;
	int64_t id = begin_sale(&sale);
	struct zg_payment payment = ledger_phone(id, 1036);

	ledger_prove(&payment, ZG_EVENT_SEND);
	ledger_prove(&payment, ZG_EVENT_PAID);
	OK(zg_sale_tender(sale, ZG_TENDER_WECHAT, 1036, ZG_ROUND_NONE, &ledger.err));
	OK(close_it(id, sale));
	struct zg_pay_refund first = { .payment_id = payment.id, .sale_id = begin_refund(id), .amount_fen = 300, .begun_by = "lin" }, again, found;
	struct zg_refund_way *ways;
	size_t count;
	zg_fen cash;

	OK(zg_pay_refunds_add(ledger.store, 1, &first, &ledger.err));
	first.state = ZG_PAY_REFUND_FAILED;
	first.ended_at = 9;
	OK(zg_pay_refunds_set(ledger.store, &first, &ledger.err));
	OK(zg_pay_refunds_find_number(ledger.store, first.number, &found, &ledger.err));
	cr_expect(eq(long, found.id, first.id));
	OK(zg_refund_ways(ledger.store, id, &ways, &count, &cash, &ledger.err));
	cr_assert(eq(sz, count, 1));
	cr_expect(eq(long, ways[0].left_fen, 736));    /* what failed is kept for its refund */
	free(ways);
	again = first;
	again.amount_fen = 300;
	OK(zg_pay_refunds_add(ledger.store, 1, &again, &ledger.err));
	OK(zg_refund_ways(ledger.store, id, &ways, &count, &cash, &ledger.err));
	cr_expect(eq(long, ways[0].left_fen, 736));
	free(ways);
	cr_expect(eq(int, zg_pay_refunds_find_number(ledger.store, "R0", &found, &ledger.err), ZG_NOT_FOUND));
	zg_sale_free(sale);
}

/* Whatever goes back in whatever order, by whatever failed before: all of it together stays within what came. */
Test(payments, refunds_in_any_order_stay_within_the_payment)
{
	struct chance chance = chance_begin();
	struct zg_sale *sale;
	int64_t id = begin_sale(&sale);
	struct zg_payment payment = ledger_phone(id, 1036);

	ledger_prove(&payment, ZG_EVENT_SEND);
	ledger_prove(&payment, ZG_EVENT_PAID);
	int64_t refund_id = begin_refund(id);

	for (long round = 0; round < chance_rounds(60); round++) {
		struct zg_pay_refund all[24];
		size_t count = 0;
		zg_fen given = 0;

		ledger_run("SAVEPOINT round");
		for (int i = 0; i < 24; i++) {
			struct zg_pay_refund refund = { .payment_id = payment.id, .sale_id = refund_id, .amount_fen = chance_amount(&chance, 1200) + 1,
				.begun_by = "lin" };
			bool fits = given + refund.amount_fen <= 1036;

			cr_assert(eq(int, zg_pay_refunds_add(ledger.store, 1, &refund, &ledger.err), fits ? ZG_OK : ZG_INVALID), "ZG_SEED=%llu",
				  (unsigned long long)chance.seed);
			if (fits) {
				given += refund.amount_fen;
				all[count++] = refund;
			}
			if (count && chance_between(&chance, 0, 2) == 0) {
				struct zg_pay_refund *some = &all[chance_between(&chance, 0, (int64_t)count - 1)];

				if (some->ended_at)
					continue;
				some->state = chance_between(&chance, 0, 1) ? ZG_PAY_REFUND_DONE : ZG_PAY_REFUND_FAILED;
				some->ended_at = 1;
				given -= some->state == ZG_PAY_REFUND_FAILED ? some->amount_fen : 0;
				OK(zg_pay_refunds_set(ledger.store, some, &ledger.err));
			}
			zg_fen left;

			OK(zg_pay_refunds_left(ledger.store, payment.id, &left, &ledger.err));
			cr_assert(eq(long, left, 1036 - given));
		}
		ledger_run("ROLLBACK TO round");
	}
	zg_sale_free(sale);
}
