/* Sales and refunds as rows: each column of each, and that what the books refuse ends the writing there. */
#include "tests/unit/ledger.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define STATES "SELECT id, state, hung_at, closed_at FROM sale"
#define LINES "SELECT no, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen, price_fen, price_is_set, quantity_milli," \
	" removed_milli, discount, discount_fen, share_fen, amount_fen, rounding_fen, net_fen, tax_fen, origin_no, added_at" \
	" FROM sale_line WHERE sale_id = "
#define SALE "SELECT kind, state, opened_at, cashier, hung_at, discount, shift_id, day, receipt_no, number, closed_at, closed_by, origin_id," \
	" total_fen, rounding_fen, reason, journal_seq, anchor FROM sale WHERE id = "
#define TENDERS "SELECT no, kind, tendered_fen, kept_fen, at FROM tender WHERE sale_id = "

static int64_t begin(void)
{
	int64_t id = -1;

	OK(zg_sales_begin(ledger.store, "lin", &id, &ledger.err));
	return id;
}

static void pay(int64_t id, struct zg_sale *sale)
{
	struct zg_payment payment = ledger_phone(id, 500);

	ledger_prove(&payment, ZG_EVENT_SEND);
	ledger_prove(&payment, ZG_EVENT_PAID);
	OK(zg_sale_tender(sale, ZG_TENDER_WECHAT, 500, ZG_ROUND_NONE, &ledger.err));
	OK(zg_sale_tender(sale, ZG_TENDER_CASH, 1000, ZG_ROUND_JIAO, &ledger.err));
}

/* What closes it, with a journal row and a number of its own. */
static struct zg_sale_close close_of(int64_t id)
{
	static struct zg_journal_mark mark;
	struct zg_sale_close close = { .id = id, .who = "lin", .day = "2026-11-23", .number = "R010000001", .reason = "", .mark = &mark,
		.shift_id = ledger.shift.id };

	ledger_note("sale.paid", &mark);
	strcpy(mark.anchor, "00c0ffee");
	OK(zg_store_next(ledger.store, "receipt", &close.receipt_no, &ledger.err));
	if (close.receipt_no == 2)
		close.number = "R010000002";
	return close;
}

TestSuite(sales, .init = ledger_open_held, .fini = ledger_close);

Test(sales, one_is_open_at_a_time)
{
	int64_t id = begin(), none = 77;

	cr_expect(eq(long, id, 1));
	ledger_expect(SALE "1", "sale|open|1763860000123|lin|-||-|-|-|-|-|-|-|0|0||-|\n");
	cr_expect(eq(int, zg_sales_begin(ledger.store, "lin", &none, &ledger.err), ZG_INVALID));
	cr_expect(eq(long, none, 77));
	cr_expect(ne(int, zg_sales_begin(ledger.store, "nobody", &none, &ledger.err), ZG_OK));
}

Test(sales, one_of_those_that_hang_is_taken_and_only_once)
{
	for (int i = 0; i < 3; i++) {
		int64_t id = begin();

		ledger.now_ms += 1000;
		OK(zg_sales_hang(ledger.store, id, &ledger.err));
	}
	ledger_expect(STATES, "1|hung|1763860001123|-\n2|hung|1763860002123|-\n3|hung|1763860003123|-\n");
	OK(zg_sales_take(ledger.store, 2, &ledger.err));
	ledger_expect(STATES, "1|hung|1763860001123|-\n2|open|-|-\n3|hung|1763860003123|-\n");
	ledger.err.text[0] = '\0';
	cr_expect(eq(int, zg_sales_take(ledger.store, 2, &ledger.err), ZG_NOT_FOUND));
	cr_expect(gt(sz, strlen(ledger.err.text), 10));
	ledger.now_ms += 1000;
	OK(zg_sales_hang(ledger.store, 1, &ledger.err));    /* it hangs: since then, not since now */
	ledger_expect(STATES, "1|hung|1763860001123|-\n2|open|-|-\n3|hung|1763860003123|-\n");
}

Test(sales, a_cancelled_one_keeps_who_when_and_why)
{
	struct zg_journal_mark mark;
	int64_t id = begin();

	ledger_note("sale.void", &mark);
	ledger.now_ms += 5000;
	OK(zg_sales_void(ledger.store, id, "lin", "顾客走了", ledger.shift.id, mark.seq, &ledger.err));
	ledger_expect(SALE "1", "sale|void|1763860000123|lin|-||1|2026-11-23|-|-|1763860005123|lin|-|0|0|顾客走了|1|\n");
	begin();
	ledger_expect(STATES " ORDER BY id", "1|void|-|1763860005123\n2|open|-|-\n");
}

Test(sales, a_paid_one_is_told_in_every_column)
{
	struct zg_sale *sale = ledger_ring();
	int64_t id = begin();
	struct zg_sale_close close = close_of(id);

	pay(id, sale);
	ledger.now_ms += 9000;
	OK(zg_sales_close(ledger.store, &close, sale, &ledger.err));
	ledger_expect(SALE "1", "sale|paid|1763860000123|lin|-|{\"coupon\":\"\",\"funder\":\"shop\",\"kind\":\"amount\",\"label\":\"\",\"off_fen\":57}"
		    "|1|2026-11-23|1|R010000001|1763860009123|lin|-|1036|6||1|00c0ffee\n");
	ledger_expect(TENDERS "1", "1|wechat|500|500|1763860009123\n2|cash|1000|530|1763860009123\n");
	ledger_expect(LINES "1", "1|41|201|苹果|千克|weighed|900|1010115|1298|1100|1|700|156|{\"coupon\":\"7\",\"funder\":\"maker\","
		    "\"kept_bp\":9000,\"kind\":\"percent\",\"label\":\"会员\"}|77|36|657|4|599|54|-|1763860009123\n"
		    "2|12|1001|水|瓶|piece|1300|1030307|200|200|0|2000|0||0|21|379|2|334|43|-|1763860009123\n");
	zg_sale_free(sale);
}

/* Its money adds up to nothing, and the till still wants to know how it was paid. */
Test(sales, one_that_cost_nothing_was_paid_with_no_cash)
{
	const struct zg_discount gift = zg_discount_kept(0);
	struct zg_sale *sale = ledger_ring();
	int64_t id = begin();
	struct zg_sale_close close = close_of(id);

	OK(zg_sale_discount(sale, &gift, &ledger.err));
	OK(zg_sales_close(ledger.store, &close, sale, &ledger.err));
	ledger_expect(TENDERS "1", "1|cash|0|0|1763860000123\n");
	zg_sale_free(sale);
}

Test(sales, one_tender_is_one_row)
{
	struct zg_sale *sale = ledger_ring();
	int64_t id = begin();
	struct zg_sale_close close = close_of(id);

	OK(zg_sale_tender(sale, ZG_TENDER_CARD, zg_sale_due(sale), ZG_ROUND_NONE, &ledger.err));
	OK(zg_sales_close(ledger.store, &close, sale, &ledger.err));
	ledger_expect(TENDERS "1", "1|card|1036|1036|1763860000123\n");
	zg_sale_free(sale);
}

static const struct zg_refund_line returned[] = {
	{ .line_no = 2, .quantity = 1000, .value_fen = 190, .rounding_fen = 2, .net_fen = 166, .tax_fen = 22 },
	{ .line_no = 1, .quantity = 350, .value_fen = 328, .rounding_fen = 6, .net_fen = 295, .tax_fen = 27 },
};
static const struct zg_refund_sum returned_sum = { .lines = 2, .value_fen = 518, .rounding_fen = 8, .money_fen = 510 };

/* The sale above, paid; what closes its refund. */
static struct zg_sale_close sell(void)
{
	struct zg_sale *sale = ledger_ring();
	int64_t id = begin();
	struct zg_sale_close close = close_of(id);

	pay(id, sale);
	OK(zg_sales_close(ledger.store, &close, sale, &ledger.err));
	zg_sale_free(sale);
	close = close_of(0);
	close.reason = "坏了";
	return close;
}

/* close gets the refund's id. */
static enum zg_result give_back(struct zg_sale_close *close, enum zg_tender_kind kind)
{
	struct zg_tender tender = { .kind = kind, .kept_fen = returned_sum.money_fen };
	enum zg_result result = zg_sales_refund(ledger.store, close->who, 1, returned, &returned_sum, &tender, 1, &close->id, &ledger.err);

	return result == ZG_OK ? zg_sales_refund_close(ledger.store, close, &returned_sum, &ledger.err) : result;
}

Test(sales, a_refund_has_the_words_of_the_sale_and_figures_below_zero)
{
	struct zg_sale_close close = sell();

	ledger.now_ms += 9000;
	OK(give_back(&close, ZG_TENDER_CARD));
	cr_expect(eq(long, close.id, 2));
	ledger_expect(SALE "2", "refund|paid|1763860009123|lin|-||1|2026-11-23|2|R010000002|1763860009123|lin|1|-518|-8|坏了|2|00c0ffee\n");
	ledger_expect(TENDERS "2", "1|card|-510|-510|1763860009123\n");
	ledger_expect(LINES "2", "1|12|1001|水|瓶|piece|1300|1030307|200|200|0|-1000|0||0|0|-190|-2|-166|-22|2|1763860009123\n"
		    "2|41|201|苹果|千克|weighed|900|1010115|1298|1100|0|-350|0||0|0|-328|-6|-295|-27|1|1763860009123\n");
}

/* As lists and slips read them. */
Test(sales, lines_are_read_as_they_were_written)
{
	struct zg_sale_close close = sell();
	struct zg_line *lines;
	size_t count;

	OK(zg_sales_lines(ledger.store, 1, &lines, &count, &ledger.err));
	cr_assert(eq(sz, count, 2));
	cr_expect(eq(long, lines[0].gross_fen, 770));
	cr_expect(eq(long, lines[0].paid_fen, 653));
	cr_expect(eq(long, lines[1].gross_fen, 400));
	cr_expect(eq(long, lines[1].paid_fen, 377));
	cr_expect(lines[0].price_is_set);
	cr_expect(not(lines[1].price_is_set));
	free(lines);
	OK(give_back(&close, ZG_TENDER_CASH));
	OK(zg_sales_lines(ledger.store, close.id, &lines, &count, &ledger.err));
	cr_assert(eq(sz, count, 2));
	cr_expect(eq(long, lines[1].paid_fen, -322));
	free(lines);
}

/* ---- what the books refuse */

static void refuse(const char *what)
{
	char *sql = sqlite3_mprintf("CREATE TEMP TRIGGER refused BEFORE %s BEGIN SELECT RAISE(ABORT, 'refused'); END", what);

	ledger_run(sql);
	sqlite3_free(sql);
}

#define LEFT "SELECT (SELECT count(*) FROM sale_line), (SELECT count(*) FROM sale_discount), (SELECT count(*) FROM tender)," \
	" (SELECT group_concat(state) FROM sale)"

Test(sales, a_row_that_is_refused_is_the_last_that_is_tried)
{
	static const struct { const char *what, *left; } cases[] = {
		{ "INSERT ON main.sale_line", "0|0|0|open\n" },
		{ "INSERT ON main.sale_line WHEN NEW.no = 2", "1|0|0|open\n" },
		{ "INSERT ON main.sale_discount", "2|0|0|open\n" },
		{ "INSERT ON main.sale_discount WHEN NEW.no = 2", "2|1|0|open\n" },
		{ "UPDATE OF total_fen ON main.sale WHEN NEW.state = 'open'", "2|2|0|open\n" },
		{ "INSERT ON main.tender", "2|2|0|open\n" },
		{ "INSERT ON main.tender WHEN NEW.no = 2", "2|2|1|open\n" },
		{ "UPDATE OF state ON main.sale", "2|2|2|open\n" },
	};
	struct zg_sale *sale = ledger_ring();
	int64_t id = begin();
	struct zg_sale_close close = close_of(id);

	pay(id, sale);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ledger_run("SAVEPOINT one");
		refuse(cases[i].what);
		cr_expect(eq(int, zg_sales_close(ledger.store, &close, sale, &ledger.err), ZG_INVALID), "%s", cases[i].what);
		ledger_expect(LEFT, cases[i].left);
		ledger_run("ROLLBACK TO one; RELEASE one");
	}
	OK(zg_sales_close(ledger.store, &close, sale, &ledger.err));
	ledger_expect(LEFT, "2|2|2|paid\n");
	zg_sale_free(sale);
}

/* A line that is not on the screen: no money is taken for it. */
Test(sales, none_is_closed_over_a_line_that_it_does_not_have)
{
	struct zg_sale *sale = ledger_ring();
	int64_t id = begin();
	struct zg_sale_close close = close_of(id);

	pay(id, sale);
	OK(zg_sales_save(ledger.store, id, sale, &ledger.err));
	ledger_run("INSERT INTO sale_line SELECT sale_id, 3, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen, price_fen, price_is_set,"
	    " 0, removed_milli, discount, 0, 0, 0, 0, 0, 0, origin_no, added_at FROM sale_line WHERE no = 1");
	cr_expect(eq(int, zg_sales_close(ledger.store, &close, sale, &ledger.err), ZG_BROKEN));
	ledger_expect(LEFT, "3|2|0|open\n");
	zg_sale_free(sale);
}

Test(sales, a_refund_is_not_written_further_than_it_is_taken)
{
	static const struct { const char *what, *left; } cases[] = {
		{ "INSERT ON main.sale", "2|2|2|paid\n" },
		{ "INSERT ON main.sale_line", "2|2|2|paid,open\n" },
		{ "INSERT ON main.sale_line WHEN NEW.no = 2", "3|2|2|paid,open\n" },
		{ "INSERT ON main.tender", "4|2|2|paid,open\n" },
		{ "UPDATE OF state ON main.sale", "4|2|3|paid,open\n" },
	};
	struct zg_sale_close close = sell();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ledger_run("SAVEPOINT one");
		refuse(cases[i].what);
		cr_expect(eq(int, give_back(&close, ZG_TENDER_CASH), ZG_INVALID),
			  "%s", cases[i].what);
		ledger_expect(LEFT, cases[i].left);
		ledger_run("ROLLBACK TO one; RELEASE one");
	}
}

Test(sales, what_could_not_be_taken_back_is_not_called_gone)
{
	int64_t id = begin();

	OK(zg_sales_hang(ledger.store, id, &ledger.err));
	refuse("UPDATE ON main.sale");
	cr_expect(eq(int, zg_sales_take(ledger.store, id, &ledger.err), ZG_INVALID));
}
