/* A shop grows old: what is looked at every day finds its rows by an index, and never reads all the sales there ever were. */
#include "src/store/transactions.h"
#include "tests/unit/ledger.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

TestSuite(many_sales, .init = ledger_open, .fini = ledger_close);

static int64_t sell(void)
{
	struct zg_sale *sale = ledger_ring();

	OK(zg_sale_tender(sale, ZG_TENDER_CASH, 5000, ZG_ROUND_JIAO, &ledger.err));
	int64_t id = ledger_close_sale(sale);

	zg_sale_free(sale);
	return id;
}

/* How many rows the statements run so far have stepped over in scans of whole tables; named when there are any. */
static int scanned(void)
{
	int steps = 0;

	for (sqlite3_stmt *stmt = NULL; (stmt = sqlite3_next_stmt(zg_store_raw(ledger.store), stmt)) != NULL;) {
		int some = sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);

		cr_expect(eq(int, some, 0), "%s", sqlite3_sql(stmt));
		steps += some;
	}
	return steps;
}

static size_t list(const struct zg_sale_filter *filter)
{
	struct zg_sale_row *rows = NULL;
	size_t count = 0;

	OK(zg_sales_list(ledger.store, filter, &rows, &count, &ledger.err));
	free(rows);
	return count;
}

Test(many_sales, no_list_and_no_start_reads_them_all)
{
	struct zg_sale *sale = ledger_ring();
	int64_t id = 0, open = 0;
	size_t hung = 0;

	for (int i = 0; i < 12; i++)
		id = sell();
	OK(zg_store_begin(ledger.store, ZG_SYNC_NORMAL, &ledger.err));
	OK(zg_sales_begin(ledger.store, "lin", &open, &ledger.err));
	OK(zg_sales_save(ledger.store, open, sale, &ledger.err));
	OK(zg_sales_hang(ledger.store, open, &ledger.err));
	OK(zg_store_commit(ledger.store, &ledger.err));
	cr_expect(eq(int, scanned(), 0));    /* nor does selling itself */

	cr_expect(eq(sz, list(&(struct zg_sale_filter){ .state = ZG_SALE_PAID, .most = 1 }), 1));
	cr_expect(eq(sz, list(&(struct zg_sale_filter){ .state = ZG_SALE_PAID }), 12));
	cr_expect(eq(sz, list(&(struct zg_sale_filter){ .state = ZG_SALE_HUNG }), 1));
	cr_expect(eq(sz, list(&(struct zg_sale_filter){ .state = ZG_SALE_PAID, .day = ledger.shift.day }), 12));
	cr_expect(eq(sz, list(&(struct zg_sale_filter){ .state = ZG_SALE_PAID, .day = "2026-11-22" }), 0));
	cr_expect(eq(sz, list(&(struct zg_sale_filter){ .state = ZG_SALE_PAID, .shift_id = ledger.shift.id }), 12));
	cr_expect(eq(sz, list(&(struct zg_sale_filter){ .state = ZG_SALE_PAID, .origin_id = id }), 0));
	cr_expect(eq(sz, list(&(struct zg_sale_filter){ .state = ZG_SALE_PAID, .day = ledger.shift.day, .text = "0007" }), 1));
	OK(zg_sales_count_hung(ledger.store, &hung, &ledger.err));
	OK(zg_sales_open_id(ledger.store, &open, &ledger.err));
	OK(zg_shifts_current(ledger.store, &ledger.shift, &ledger.err));
	cr_expect(eq(sz, hung, 1));
	cr_expect(eq(int, scanned(), 0));
	zg_sale_free(sale);
}
