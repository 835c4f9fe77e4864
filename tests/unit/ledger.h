/* Books with an open shift in a scratch directory, written through the store's own functions as the till does. */
#ifndef ZG_TEST_LEDGER_H
#define ZG_TEST_LEDGER_H

#include "src/store/journal.h"
#include "src/store/payments.h"
#include "src/store/people.h"
#include "src/store/sales.h"
#include "src/store/shifts.h"
#include "src/store/store.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* One ledger for each test; the process is the test's own. */
extern struct ledger {
	char *home;
	struct zg_store *store;
	struct zg_shift shift;
	struct zg_error err;
	int64_t now_ms;    /* where a held clock stands */
} ledger;

#define OK(call) cr_assert(eq(int, (call), ZG_OK), "%s", ledger.err.text)

/* Cashier lin, a shift of 2026-11-23 with a float of 200.00. */
void ledger_open(void);
/* The same by a clock that stands at ledger.now_ms, at first the morning of that day, and with a transaction begun. */
void ledger_open_held(void);
/* The same shop as the first schema left it, opened by this program: three waters sold, one of them refunded. */
void ledger_open_old(void);
void ledger_close(void);
/* A journal row that names the shift and nothing else. */
void ledger_note(const char *kind, struct zg_journal_mark *mark);
/* A payment of a sale through WeChat, begun; and one step of it, with the channel's word for it. Inside a transaction. */
struct zg_payment ledger_phone(int64_t sale_id, zg_fen amount);
void ledger_prove(struct zg_payment *payment, enum zg_pay_event event);
/* Closes a sale that is paid, with the payments of what was paid by WeChat; returns its row's id. */
int64_t ledger_close_sale(struct zg_sale *sale);
/*
 * Apples (weighed, 9 %) at a price of their own with a member's coupon, 0.156 kg of them taken off again; two waters (13 %);
 * 0.57 off it all. 10.36 is due. No figure of the first line is zero once it is paid and rounded off.
 */
struct zg_sale *ledger_ring(void);
/* Statements that must run. */
void ledger_run(const char *sql);
/* The rows that a statement is to give, a line each: columns between bars, - for NULL. */
void ledger_expect(const char *sql, const char *rows);
/* Writes a refund and commits it; ZG_INVALID when the books refuse it. */
enum zg_result ledger_refund(int64_t origin, const struct zg_refund_line *lines, const struct zg_refund_sum *sum);
#endif
