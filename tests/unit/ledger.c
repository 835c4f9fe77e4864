#include "tests/unit/ledger.h"

#include "src/shop/barcode.h"
#include "tests/unit/scratch.h"

struct ledger ledger;

void ledger_note(const char *kind, struct zg_journal_mark *mark)
{
	json_t *body = zg_json_object();

	OK(zg_journal_add(ledger.store, "lin", kind, body, mark, &ledger.err));
	json_decref(body);
}

void ledger_open(void)
{
	struct zg_person lin = { .login = "lin", .name = "林晓", .role = ZG_ROLE_CASHIER };

	ledger.home = scratch_begin();
	OK(zg_store_open(ledger.home, ZG_STORE_CREATE, &zg_real_clock, &ledger.store, &ledger.err));
	OK(zg_store_begin(ledger.store, ZG_SYNC_FULL, &ledger.err));
	OK(zg_people_add(ledger.store, &lin, "$y$none", &ledger.err));
	OK(zg_shifts_open(ledger.store, "lin", "2026-11-23", 20000, &ledger.shift, &ledger.err));
	OK(zg_store_commit(ledger.store, &ledger.err));
}

void ledger_close(void)
{
	zg_store_close(ledger.store);
	scratch_end(ledger.home);
}

/* The next receipt number, and its journal row. */
static void begin_closing(struct zg_sale_close *close, struct zg_journal_mark *mark, char number[ZG_CODE_MAX + 1], const char *kind)
{
	*close = (struct zg_sale_close){ .id = close->id, .who = "lin", .day = ledger.shift.day, .shift_id = ledger.shift.id,
		.reason = close->reason, .mark = mark };
	OK(zg_store_next(ledger.store, "receipt", &close->receipt_no, &ledger.err));
	close->number = zg_receipt_number_format(number, 1, close->receipt_no);
	ledger_note(kind, mark);
}

int64_t ledger_close_sale(struct zg_sale *sale)
{
	struct zg_journal_mark mark;
	char number[ZG_CODE_MAX + 1];
	struct zg_sale_close close = { .reason = "" };

	OK(zg_store_begin(ledger.store, ZG_SYNC_FULL, &ledger.err));
	OK(zg_sales_begin(ledger.store, "lin", &close.id, &ledger.err));
	begin_closing(&close, &mark, number, "sale.paid");
	OK(zg_sales_close(ledger.store, &close, sale, &ledger.err));
	OK(zg_store_commit(ledger.store, &ledger.err));
	return close.id;
}

enum zg_result ledger_refund(int64_t origin, const struct zg_refund_line *lines, const struct zg_refund_sum *sum)
{
	struct zg_journal_mark mark;
	char number[ZG_CODE_MAX + 1];
	struct zg_sale_close close = { .reason = "不想要" };
	int64_t id;

	OK(zg_store_begin(ledger.store, ZG_SYNC_FULL, &ledger.err));
	begin_closing(&close, &mark, number, "sale.refund");
	enum zg_result result = zg_sales_refund(ledger.store, &close, origin, lines, sum, ZG_TENDER_CASH, &id, &ledger.err);

	if (result == ZG_OK)
		OK(zg_store_commit(ledger.store, &ledger.err));
	else
		zg_store_rollback(ledger.store);
	return result;
}
