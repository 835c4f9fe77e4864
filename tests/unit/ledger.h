/* Books with an open shift in a scratch directory, written through the store's own functions as the till does. */
#ifndef ZG_TEST_LEDGER_H
#define ZG_TEST_LEDGER_H

#include "src/store/journal.h"
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
} ledger;

#define OK(call) cr_assert(eq(int, (call), ZG_OK), "%s", ledger.err.text)

/* Cashier lin, a shift of 2026-11-23 with a float of 200.00. */
void ledger_open(void);
/* The same shop as the first schema left it, opened by this program: three waters sold, one of them refunded. */
void ledger_open_old(void);
void ledger_close(void);
/* A journal row that names the shift and nothing else. */
void ledger_note(const char *kind, struct zg_journal_mark *mark);
/* Closes a sale that is paid; returns its row's id. */
int64_t ledger_close_sale(struct zg_sale *sale);
/* Writes a refund and commits it; ZG_INVALID when the books refuse it. */
enum zg_result ledger_refund(int64_t origin, const struct zg_refund_line *lines, const struct zg_refund_sum *sum);
#endif
