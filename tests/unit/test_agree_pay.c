/* Payments by phone in books that were changed with the triggers away: what the tables tell otherwise than the journal is named. */
#include "src/base/alloc.h"
#include "src/store/agree.h"
#include "src/till/private.h"
#include "src/till/teller_private.h"
#include "tests/unit/busy_books.h"
#include "tests/unit/by_phone.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static struct shop *shop;

#define OK(call) cr_assert(eq(int, (call), ZG_OK), "%s", shop->err.text)

/* Payment 1 is paid and went back whole, which failed and was settled in cash; 2 was let go, is left to people, and was settled by them. */
static void begin(void)
{
	struct zg_pay_refund back = { .id = 0 };
	int64_t first = by_phone_begin(&shop, true, 3990);
	struct zg_payment second = { .channel = ZG_CHANNEL_WECHAT, .wallet = ZG_WALLET_WECHAT, .amount_fen = 3990, .begun_by = "lin" };

	by_phone_prove(shop, first);
	OK(shop_do_as(shop, "ding", NULL, "sale.refund", "{s:s, s:b, s:s}", "number", "R010000001", "all", 1, "reason", "x"));
	cr_assert(eq(sz, by_phone_refunds(shop, first, &back), 1));
	by_phone_refund_is(shop, &back, ZG_PAY_REFUND_RUNNING);
	by_phone_refund_is(shop, &back, ZG_PAY_REFUND_FAILED);
	OK(shop_do_as(shop, "boss", NULL, "pay.settle", "{s:s, s:b, s:s}", "number", back.number, "in_cash", 1, "reason", "x"));
	OK(shop_do(shop, "sale.add", "{s:s}", "code", "1003"));
	second.sale_id = zg_till_sale_id(shop->till);
	by_phone_send(shop, &second);
	shop_restart(shop);
	OK(shop_sign_in(shop, "lin"));
	zg_affair_news(shop->till->teller->affairs, &(struct zg_news){ .call = "till", .event = ZG_EVENT_LIMIT });
	OK(shop_do_as(shop, "lin", "ding", "pay.let_go", "{s:I}", "payment", (json_int_t)second.id));
	OK(shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 5000));
	OK(shop_do_as(shop, "ding", NULL, "pay.settle", "{s:s, s:s}", "number", second.number, "reason", "x"));
}

static void end(void)
{
	shop_end(shop);
}

TestSuite(agree_pay, .init = begin, .fini = end, .timeout = 60);

static const struct { const char *sql, *named; } changes[] = {
	{ "UPDATE payment SET amount_fen = amount_fen + 1 WHERE id = 1", "payment P" },
	{ "UPDATE payment SET sale_id = 3 WHERE id = 1", "payment P" },
	{ "UPDATE payment SET wallet = 'alipay' WHERE id = 2", "payment P" },
	{ "UPDATE payment SET channel = 'lakala' WHERE id = 2", "payment P" },
	{ "UPDATE payment SET way = 'shown' WHERE id = 2", "payment P" },
	{ "UPDATE payment SET begun_by = 'boss' WHERE id = 2", "payment P" },
	{ "UPDATE payment SET number = 'P01261125000042K7Q2XX' WHERE id = 2", "payment P" },
	{ "UPDATE payment SET state = 'cancelled' WHERE id = 1", "payment P" },
	{ "UPDATE payment SET state = 'paid', is_free = 0 WHERE id = 2", "payment P" },
	{ "UPDATE payment SET channel_no = 'x' WHERE id = 1", "payment P" },
	{ "DELETE FROM payment WHERE id = 2", "payment P" },
	{ "INSERT INTO payment (id, sale_id, number, channel, wallet, way, amount_fen, state, begun_at, begun_by)"
	  " VALUES (3, 3, 'P01261125000042K7Q2XX', 'wechat', 'wechat', 'code', 1, 'sent', 0, 'lin')", "payment P01261125000042K7Q2XX" },
	{ "UPDATE payment SET let_go_by = '' WHERE id = 2", "pay.let_go P" },
	{ "UPDATE payment SET let_go_by = 'boss+ding' WHERE id = 2", "pay.let_go P" },
	{ "UPDATE payment SET let_go_by = 'lin+ding' WHERE id = 1", "pay.let_go" },
	{ "UPDATE payment SET settled_at = 0, settled_by = '' WHERE id = 2", "pay.settle P" },
	{ "UPDATE pay_refund SET settled_at = 0 WHERE id = 1", "pay.settle" },
	{ "UPDATE pay_refund SET settled_by = 'lin' WHERE id = 1", "pay.settle R" },
	{ "UPDATE pay_refund SET state = 'done' WHERE id = 1", "refund R" },
	{ "UPDATE pay_refund SET amount_fen = 1 WHERE id = 1", "refund R" },
	{ "UPDATE pay_refund SET payment_id = 2 WHERE id = 1", "refund R" },
	{ "UPDATE pay_refund SET begun_by = '-' WHERE id = 1", "refund R" },
	{ "DELETE FROM pay_refund WHERE id = 1", "refund R" },
	{ "INSERT INTO pay_refund (id, payment_id, number, amount_fen, state, begun_at, begun_by, ended_at)"
	  " VALUES (2, 1, 'R01261125000042K7Q2XX', 1, 'done', 0, '-', 1)", "refund R01261125000042K7Q2XX" },
};

Test(agree_pay, the_first_that_differs_is_named)
{
	struct zg_store *store = by_phone_store(shop);

	OK(zg_books_agree(store, &shop->err));
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		char *named = zg_print("The books tell %s", changes[i].named);

		sqlite3_exec(zg_store_raw(store), "PRAGMA foreign_keys = OFF", NULL, NULL, NULL);
		OK(zg_store_begin(store, ZG_SYNC_NORMAL, &shop->err));
		busy_books_attack(store, changes[i].sql);
		cr_expect(eq(int, zg_books_agree(store, &shop->err), ZG_INVALID), "%s", changes[i].sql);
		cr_expect(eq(int, strncmp(shop->err.text, named, strlen(named)), 0), "%s: %s", changes[i].sql, shop->err.text);
		zg_store_rollback(store);
		free(named);
	}
	OK(zg_books_agree(store, &shop->err));
}
