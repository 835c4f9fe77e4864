/* The scenes: what a shop does on a day, each played again for every allocation in it. */
#include "tests/fault/memory.h"

#include "src/base/alloc.h"
#include "src/store/journal.h"
#include "src/store/search.h"
#include "src/till/private.h"

#include <stdlib.h>
#include <string.h>

#define RECEIPTS "SELECT count(*) FROM sale WHERE state = 'paid'"
#define OPEN     "SELECT coalesce(sum(l.amount_fen), 0) FROM sale_line l JOIN sale s ON s.id = l.sale_id WHERE s.state = 'open' " \
		 "AND l.quantity_milli <> 0"

static json_t *code(const char *code_)
{
	return json_pack("{s:s}", "code", code_);
}

static void cashier(struct stage *stage)
{
	stage_sign_in(stage, "lin");
}

static void supervisor(struct stage *stage)
{
	stage_sign_in(stage, "ding");
}

static void admin(struct stage *stage)
{
	stage_sign_in(stage, "boss");
}

/* ---- start and end ---- */

static void close_till(struct stage *stage)
{
	shop_close(stage->shop);
}

/* Neither its slip nor its pulse has left when the till ends: the next start must not send them. */
static void stop_in_a_sale(struct stage *stage)
{
	cashier(stage);
	stage_must(stage, "sale.add", code("1002"));
	stage_must(stage, "sale.pay", NULL);
	stage->told->booked++;
	stage->told->sum_fen += 550;
	stage->told->before = ++stage->told->after;
	close_till(stage);
}

static void start(struct stage *stage)
{
	(void)stage_took(stage, "start", shop_open(stage->shop), &stage->shop->err);
}

static void sign_in(struct stage *stage)
{
	if (stage_act(stage, "lin", "session.start", NULL, 0, 0) && strcmp(zg_till_person(stage->shop->till)->login, "lin") != 0)
		stage_problem(stage, "somebody else is signed in");
}

/* ---- goods ---- */

static void import(struct stage *stage)
{
	char *path = zg_print("%s/more.csv", stage->shop->home);

	(void)stage_act(stage, NULL, "product.import", json_pack("{s:s}", "path", path), 115, 0);
	free(path);
}

/* What is found with memory for everything, and what is found while it runs out: the same, or nothing with a sentence. */
static void search(struct stage *stage)
{
	static const char *const texts[] = { "10", "农夫", "红烧", "nfsq", "果", "6901028075831", "x" };
	const struct zg_store *store = zg_till_store(stage->shop->till);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && !stage->was_refused; i++) {
		struct zg_item *right = NULL, *found = NULL;
		size_t right_count = 0, count = 0;
		struct zg_error err;

		memory_look();
		zg_assert(zg_items_search(store, texts[i], true, ZG_SEARCH_MOST, &right, &right_count, &err) == ZG_OK);
		memory_look_end();
		err.text[0] = '\0';
		if (stage_took(stage, "search", zg_items_search(store, texts[i], true, ZG_SEARCH_MOST, &found, &count, &err), &err)) {
			bool same = count == right_count;

			for (size_t k = 0; same && k < count; k++)
				same = strcmp(found[k].code, right[k].code) == 0 && strcmp(found[k].name, right[k].name) == 0 &&
				       found[k].price_fen == right[k].price_fen;
			if (!same)
				stage_problem(stage, "a search for %s finds %zu goods, not the %zu that are there", texts[i], count, right_count);
		}
		free(found);
		free(right);
	}
}

/* ---- selling ---- */

static void ring_up(struct stage *stage)
{
	(void)(stage_act(stage, NULL, "sale.add", code("1001"), 200, 0) &&
	       stage_act(stage, NULL, "sale.add", json_pack("{s:s, s:i}", "code", "6901028075831", "quantity_milli", 2000), 7980, 0) &&
	       stage_act(stage, NULL, "sale.add", json_pack("{s:s, s:i}", "code", "201", "quantity_milli", 730), 948, 0) &&
	       stage_act(stage, NULL, "sale.quantity", json_pack("{s:i, s:i}", "line", 1, "quantity_milli", 3000), 400, 0) &&
	       stage_act(stage, NULL, "sale.remove", json_pack("{s:i}", "line", 3), -948, 0) &&
	       stage_act(stage, NULL, "sale.discount", json_pack("{s:i, s:i}", "line", 1, "kept_bp", 9000), UNKNOWN_CHANGE, 0));
}

static void rung_up(struct stage *stage)
{
	cashier(stage);
	stage_must(stage, "sale.add", code("1002"));
	stage_must(stage, "sale.add", json_pack("{s:s, s:i}", "code", "1003", "quantity_milli", 2000));
}

static void settle(struct stage *stage)
{
	(void)stage_act(stage, NULL, "sale.pay", json_pack("{s:i}", "tendered_fen", 10000), 1, 8530);
}

static void refund(struct stage *stage)
{
	(void)stage_act(stage, NULL, "sale.refund", json_pack("{s:s, s:b, s:s}", "number", "R010000002", "all", 1, "reason", "stale"), 1, -1100);
}

static void hang_and_take(struct stage *stage)
{
	/* the one that hangs already is taken up: a sale of 2.00 hangs for one of 85.30 */
	if (stage_act(stage, NULL, "sale.hang", NULL, -8530, 0))
		(void)stage_act(stage, NULL, "sale.take", json_pack("{s:i}", "sale", 1), 200, 0);
}

/* ---- the evening ---- */

static void close_shift(struct stage *stage)
{
	if (stage_act(stage, NULL, "shift.count", json_pack("{s:{s:i}}", "pieces", "10000", 2), 0, 0))
		(void)stage_act(stage, NULL, "shift.close", NULL, 1, 0);
}

static void cash(struct stage *stage)
{
	if (stage_act(stage, NULL, "cash.in", json_pack("{s:i, s:s}", "amount_fen", 5000, "reason", "change"), 1, 0))
		(void)stage_act(stage, NULL, "cash.out", json_pack("{s:i, s:s}", "amount_fen", 500, "reason", "milk"), 1, 0);
}

static void reprint(struct stage *stage)
{
	if (!stage_act(stage, NULL, "print.receipt", json_pack("{s:s}", "number", "R010000003"), 1, 0))
		return;
	for (int i = 0; i < 500 && !zg_till_is_idle(stage->shop->till); i++)
		zg_loop_step(stage->shop->loop, 0);    /* the clock stands: what is put off stays so */
	stage_slips_wait(stage, stage->told->late, sizeof(stage->told->late));
}

static void verify(struct stage *stage)
{
	struct zg_journal_check right, check;
	const struct zg_store *store = zg_till_store(stage->shop->till);
	struct zg_error err = { 0 };

	memory_look();
	zg_assert(zg_journal_verify(store, &right, &err) == ZG_OK);
	memory_look_end();
	err.text[0] = '\0';
	enum zg_result result = zg_journal_verify(store, &check, &err);

	if (check.bad_seq != 0)
		stage_problem(stage, "row %lld of the journal is called changed: %s", (long long)check.bad_seq, err.text);
	if (stage_took(stage, "verify", result, &err) && (check.rows != right.rows || strcmp(check.anchor, right.anchor) != 0))
		stage_problem(stage, "the journal verifies with %lld rows of %lld", (long long)check.rows, (long long)right.rows);
}

static json_t *report(const struct stage *stage, int which, struct zg_error *err)
{
	struct zg_till *till = stage->shop->till;

	return which == 0 ? zg_till_report(till, zg_till_shift(till), err) :
		which == 1 ? zg_till_transactions(till, zg_till_shift(till)->day, err) : zg_till_day_report(till, zg_till_shift(till)->day, err);
}

/* The figures are those that they are with memory for everything, or there are none and a sentence says why. */
static void reports(struct stage *stage)
{
	struct zg_error err = { 0 }, why = { 0 };

	for (int i = 0; i < 2 && !stage->was_refused; i++) {
		memory_look();
		json_t *right = report(stage, i, &err);

		zg_assert(right != NULL);
		memory_look_end();
		json_t *found = report(stage, i, &why);

		if (stage_took(stage, "report", found ? ZG_OK : why.result, &why) && !json_equal(found, right))
			stage_problem(stage, "a report has other figures than there are");
		json_decref(found);
		json_decref(right);
	}
}

static void add_user(struct stage *stage)
{
	if (stage_act(stage, NULL, "user.add", json_pack("{s:s, s:s, s:s, s:s}", "login", "chen", "name", "陈", "role", "cashier", "pin", "739182"), 1, 0))
		(void)stage_act(stage, NULL, "user.lock", json_pack("{s:s}", "login", "chen"), 0, 0);
}

static void rename_shop(struct stage *stage)
{
	(void)stage_act(stage, NULL, "shop.set", json_pack("{s:s}", "name", "街角便利店"), 0, 0);
}

const struct scene memory_scenes[] = {
	{ "start",   RECEIPTS, stop_in_a_sale, start },
	{ "sign-in", RECEIPTS, NULL, sign_in },
	{ "import",  "SELECT item_count FROM import WHERE state = 'live' ORDER BY id DESC LIMIT 1", admin, import },
	{ "search",  RECEIPTS, cashier, search },
	{ "ring-up", OPEN, cashier, ring_up },
	{ "settle",  RECEIPTS, rung_up, settle },
	{ "refund",  RECEIPTS, supervisor, refund },
	{ "hang",    OPEN, rung_up, hang_and_take },
	{ "cash",    "SELECT count(*) FROM cash_move", supervisor, cash },
	{ "close",   "SELECT count(*) FROM shift WHERE state = 'closed'", cashier, close_shift },
	{ "print",   "SELECT count(*) FROM print_job WHERE kind = 'sale' AND copy > 0", cashier, reprint },
	{ "reports", RECEIPTS, supervisor, reports },
	{ "verify",  RECEIPTS, supervisor, verify },
	{ "user",    "SELECT count(*) FROM person", admin, add_user },
	{ "rename",  RECEIPTS, admin, rename_shop },
	{ "end",     RECEIPTS, rung_up, close_till },
	{ 0 }
};
