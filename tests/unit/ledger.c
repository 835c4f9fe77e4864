#include "tests/unit/ledger.h"

#include "src/base/buffer.h"
#include "src/shop/barcode.h"
#include "src/store/private.h"
#include "tests/unit/scratch.h"

#include <stdio.h>
#include <string.h>

struct ledger ledger;

void ledger_note(const char *kind, struct zg_journal_mark *mark)
{
	json_t *body = zg_json_object();

	zg_json_set_integer(body, "shift", ledger.shift.id);
	OK(zg_journal_add(ledger.store, "lin", kind, body, mark, &ledger.err));
	json_decref(body);
}

static void open_by(const struct zg_clock *clock)
{
	struct zg_person lin = { .login = "lin", .name = "林晓", .role = ZG_ROLE_CASHIER };

	ledger.home = scratch_begin();
	OK(zg_store_open(ledger.home, ZG_STORE_CREATE, clock, &ledger.store, &ledger.err));
	OK(zg_store_begin(ledger.store, ZG_SYNC_FULL, &ledger.err));
	OK(zg_people_add(ledger.store, &lin, "$y$none", &ledger.err));
	OK(zg_shifts_open(ledger.store, "lin", "2026-11-23", 20000, &ledger.shift, &ledger.err));
	OK(zg_store_commit(ledger.store, &ledger.err));
}

void ledger_open(void)
{
	open_by(&zg_real_clock);
}

static int64_t held_ms(void *self)
{
	return *(const int64_t *)self;
}

void ledger_open_held(void)
{
	static const struct zg_clock held = { .now_ms = held_ms, .running_ms = held_ms, .self = &ledger.now_ms };

	ledger.now_ms = 1763860000123;
	open_by(&held);
	OK(zg_store_begin(ledger.store, ZG_SYNC_NORMAL, &ledger.err));
}

/* seal(seq, kind, body, prev): what 'lin' has in the journal at 0, under the shop's own key. */
static void seal(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct zg_journal_row row = { .seq = sqlite3_value_int64(values[0]), .who = "lin", .kind = (const char *)sqlite3_value_text(values[1]),
		.body = (const char *)sqlite3_value_text(values[2]) };
	char numbers[32];
	unsigned char mac[ZG_MAC_SIZE];
	const struct zg_piece pieces[] = {
		{ numbers, (size_t)snprintf(numbers, sizeof(numbers), "%lld 0 0", (long long)row.seq) }, { row.who, strlen(row.who) },
		{ row.kind, strlen(row.kind) }, { row.body, strlen(row.body) }, { sqlite3_value_blob(values[3]), ZG_MAC_SIZE },
	};

	(void)count;
	zg_seal(mac, sqlite3_user_data(context), pieces, sizeof(pieces) / sizeof(pieces[0]));
	sqlite3_result_blob(context, mac, sizeof(mac), SQLITE_TRANSIENT);
}

/* Makes the books of the test as the first schema left them: 3 waters of 8.97 for 8.00, one of them refunded to the fen. */
static void make_old(void)
{
	sqlite3 *db;
	char path[512], *why = NULL;
	static const char *const rows =
		"PRAGMA application_id = 1514621530; PRAGMA user_version = 1;"
		"INSERT INTO person (login, name, role, pin_hash) VALUES ('lin', '林晓', 'cashier', '$y$none');"
		"INSERT INTO shift (id, state, day, opened_at, opened_by, float_fen) VALUES (1, 'open', '2026-11-23', 0, 'lin', 20000);"
		"INSERT INTO journal SELECT 1, 0, 'lin', 0, 'shift.open', b, zeroblob(32), seal(1, 'shift.open', b, zeroblob(32))"
		" FROM (SELECT '{\"float_fen\":20000,\"shift\":1}' AS b);"
		"INSERT INTO journal SELECT 2, 0, 'lin', 0, 'drawer.open', b, mac, seal(2, 'drawer.open', b, mac)"
		" FROM journal, (SELECT '{\"reason\":\"换钱\",\"shift\":1}' AS b);"
		"INSERT INTO journal SELECT 3, 0, 'lin', 0, 'x', '{}', mac, randomblob(32) FROM journal WHERE seq = 2;"
		"INSERT INTO journal SELECT 4, 0, 'lin', 0, 'x', '{no JSON}', mac, randomblob(32) FROM journal WHERE seq = 3;"
		"INSERT INTO sale (kind, state, opened_at, cashier) VALUES ('sale', 'open', 0, 'lin');"
		"INSERT INTO sale_line (sale_id, no, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen, price_fen,"
		" quantity_milli, amount_fen, rounding_fen, net_fen, added_at) VALUES"
		" (1, 1, 1, '1001', '水', '瓶', 'piece', 0, '', 299, 299, 3000, 897, 97, 800, 0);"
		"INSERT INTO tender VALUES (1, 1, 'cash', 800, 800, 0);"
		"UPDATE counter SET value = 1 WHERE name = 'receipt';"
		"UPDATE sale SET state = 'paid', closed_at = 1, closed_by = 'lin', day = '2026-11-23', shift_id = 1, receipt_no = 1,"
		" number = 'R010000001', journal_seq = 1, total_fen = 897, rounding_fen = 97 WHERE id = 1;"
		"INSERT INTO sale (kind, state, opened_at, cashier, origin_id) VALUES ('refund', 'open', 0, 'lin', 1);"
		"INSERT INTO sale_line (sale_id, no, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen, price_fen,"
		" quantity_milli, amount_fen, net_fen, origin_no, added_at) VALUES"
		" (2, 1, 1, '1001', '水', '瓶', 'piece', 0, '', 299, 299, -1000, -267, -267, 1, 0);"
		"INSERT INTO tender VALUES (2, 1, 'cash', -267, -267, 0);"
		"UPDATE counter SET value = 2 WHERE name = 'receipt';"
		"UPDATE sale SET state = 'paid', closed_at = 1, closed_by = 'lin', day = '2026-11-23', shift_id = 1, receipt_no = 2,"
		" number = 'R010000002', journal_seq = 1, total_fen = -267 WHERE id = 2;"
		/* somebody moved it by hand, which those books let through: nothing could be sold any more */
		"UPDATE counter SET value = 3 WHERE name = 'receipt';";

	unsigned char key[ZG_MAC_SIZE];

	memcpy(key, ledger.store->key, sizeof(key));
	zg_store_close(ledger.store);
	snprintf(path, sizeof(path), "%s/zhanggui.db", ledger.home);
	cr_assert(eq(int, remove(path), 0));
	snprintf(path, sizeof(path), "%s/keys/journal.head", ledger.home);
	(void)remove(path);
	snprintf(path, sizeof(path), "%s/zhanggui.db", ledger.home);
	cr_assert(eq(int, sqlite3_open(path, &db), SQLITE_OK));
	cr_assert(eq(int, sqlite3_exec(db, zg_schema[0], NULL, NULL, &why), SQLITE_OK), "%s", why);
	cr_assert(eq(int, sqlite3_create_function(db, "seal", 4, SQLITE_UTF8, key, seal, NULL, NULL), SQLITE_OK));
	cr_assert(eq(int, sqlite3_exec(db, rows, NULL, NULL, &why), SQLITE_OK), "%s", why);
	sqlite3_close(db);
}

void ledger_open_old(void)
{
	ledger_open();
	make_old();
	OK(zg_store_open(ledger.home, ZG_STORE_WRITE, &zg_real_clock, &ledger.store, &ledger.err));
	OK(zg_shifts_current(ledger.store, &ledger.shift, &ledger.err));
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

void ledger_prove(struct zg_payment *payment, enum zg_pay_event event)
{
	struct zg_payment_event said = { .payment_id = payment->id, .call = "query", .event = zg_pay_event_name(event), .says = "paid",
		.proof = "verified", .amount_fen = payment->amount_fen, .status = 200 };

	zg_attempt_step(&payment->attempt, event);
	if (event == ZG_EVENT_SEND)
		payment->sent_at = payment->begun_at;
	payment->ended_at = zg_pay_state_is_final(payment->attempt.state) ? payment->begun_at : 0;
	OK(zg_payment_events_add(ledger.store, &said, &ledger.err));
	OK(zg_payments_set(ledger.store, payment, &ledger.err));
}

struct zg_payment ledger_phone(int64_t sale_id, zg_fen amount)
{
	struct zg_payment payment = { .sale_id = sale_id, .channel = ZG_CHANNEL_WECHAT, .wallet = ZG_WALLET_WECHAT, .way = ZG_WAY_CODE,
		.amount_fen = amount, .begun_by = "lin" };

	OK(zg_payments_add(ledger.store, 1, &payment, &ledger.err));
	return payment;
}

static void pay_by_phone(int64_t sale_id, const struct zg_sale *sale)
{
	for (size_t i = 0; i < zg_sale_tender_count(sale); i++) {
		const struct zg_tender *tender = zg_sale_tender_at(sale, i);

		if (tender->kind != ZG_TENDER_WECHAT)
			continue;
		struct zg_payment payment = ledger_phone(sale_id, tender->kept_fen);

		ledger_prove(&payment, ZG_EVENT_SEND);
		ledger_prove(&payment, ZG_EVENT_PAID);
	}
}

int64_t ledger_close_sale(struct zg_sale *sale)
{
	struct zg_journal_mark mark;
	char number[ZG_CODE_MAX + 1];
	struct zg_sale_close close = { .reason = "" };

	OK(zg_store_begin(ledger.store, ZG_SYNC_FULL, &ledger.err));
	OK(zg_sales_begin(ledger.store, "lin", &close.id, &ledger.err));
	pay_by_phone(close.id, sale);
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

	OK(zg_store_begin(ledger.store, ZG_SYNC_FULL, &ledger.err));
	begin_closing(&close, &mark, number, "sale.refund");
	enum zg_result result = zg_sales_refund(ledger.store, close.who, origin, lines, sum, &(struct zg_tender){ .kept_fen = sum->money_fen }, 1, &close.id,
						&ledger.err);

	if (result == ZG_OK)
		result = zg_sales_refund_close(ledger.store, &close, sum, &ledger.err);
	if (result == ZG_OK)
		OK(zg_store_commit(ledger.store, &ledger.err));
	else
		zg_store_rollback(ledger.store);
	return result;
}

void ledger_run(const char *sql)
{
	sqlite3 *db = zg_store_raw(ledger.store);

	cr_assert(eq(int, sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK), "%s", sqlite3_errmsg(db));
}

static int put(void *self, int count, char **texts, char **names)
{
	(void)names;
	for (int i = 0; i < count; i++)
		zg_buffer_print(self, "%s%s", i ? "|" : "", texts[i] ? texts[i] : "-");
	zg_buffer_print(self, "\n");
	return 0;
}

void ledger_expect(const char *sql, const char *rows)
{
	struct zg_buffer text = { 0 };
	sqlite3 *db = zg_store_raw(ledger.store);

	cr_assert(eq(int, sqlite3_exec(db, sql, put, &text, NULL), SQLITE_OK), "%s", sqlite3_errmsg(db));
	cr_expect(eq(str, (char *)zg_buffer_text(&text), (char *)rows), "%s", sql);
	zg_buffer_clear(&text);
}

struct zg_sale *ledger_ring(void)
{
	static const struct zg_item apples = { .id = 41, .kind = ZG_ITEM_WEIGHED, .tax_bp = 900, .price_fen = 1298, .active = true,
		.code = "201", .name = "苹果", .unit = "千克", .tax_code = "1010115" };
	static const struct zg_item water = { .id = 12, .kind = ZG_ITEM_PIECE, .tax_bp = 1300, .price_fen = 200, .active = true,
		.code = "1001", .name = "水", .unit = "瓶", .tax_code = "1030307" };
	static const struct zg_discount coupon = { .kind = ZG_DISCOUNT_KEPT, .kept_bp = 9000, .label = "会员", .funder = "maker", .coupon = "7" };
	const struct zg_discount off = zg_discount_off(57);
	struct zg_sale *sale = zg_sale_new();

	OK(zg_sale_add(sale, &apples, 856, 0, NULL, &ledger.err));
	OK(zg_sale_set_price(sale, 1, 1100, &ledger.err));
	OK(zg_sale_remove(sale, 1, 156, &ledger.err));
	OK(zg_sale_discount_line(sale, 1, &coupon, &ledger.err));
	OK(zg_sale_add(sale, &water, 2000, 0, NULL, &ledger.err));
	OK(zg_sale_discount(sale, &off, &ledger.err));
	return sale;
}
