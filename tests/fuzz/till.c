/*
 * A till at work that is told anything: one act a line, its name and its arguments as JSON, by an admin who is signed in. Each is answered
 * once, leaves no transaction open, and the books balance after the last. Not a parser itself: what stands behind those of the door.
 */
#include "tests/fuzz/fuzz.h"

#include "src/base/alloc.h"
#include "src/till/private.h"
#include "tests/unit/shop.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct fuzz_limits fuzz_limits = { 12000000, 400 };    /* SQLite, statements that are prepared once, and hashing a PIN */

#define INPUTS 1500    /* to one shop; then another begins, because books only grow */

static struct shop *shop;
static struct zg_person boss;
static int inputs, answers;

static const char *const sums[] = {
	"SELECT count(*) FROM sale s WHERE state = 'paid' AND total_fen <> (SELECT coalesce(sum(amount_fen), 0) FROM sale_line l WHERE l.sale_id = s.id"
	" AND quantity_milli <> 0)",
	"SELECT count(*) FROM sale s WHERE state = 'paid' AND total_fen - rounding_fen <> (SELECT coalesce(sum(kept_fen), 0) FROM tender t"
	" WHERE t.sale_id = s.id)",
	"SELECT count(*) FROM sale_line l JOIN sale s ON s.id = l.sale_id WHERE s.state = 'paid' AND quantity_milli <> 0 AND"
	" net_fen + tax_fen <> amount_fen - l.rounding_fen",
	"SELECT count(*) <> coalesce(max(receipt_no), 0) FROM sale WHERE receipt_no IS NOT NULL",
	"SELECT count(*) > 1 FROM sale WHERE state = 'open'",
};

static void check_books(void)
{
	sqlite3 *books = zg_store_raw(zg_till_store(shop->till));

	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		sqlite3_stmt *statement = NULL;

		fuzz_check(sqlite3_prepare_v2(books, sums[i], -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW, "%s",
			   sqlite3_errmsg(books));
		fuzz_check(sqlite3_column_int64(statement, 0) == 0, "the books do not balance: %s", sums[i]);
		sqlite3_finalize(statement);
	}
}

static void ended(void *self, enum zg_result result, const json_t *answer, const struct zg_error *err)
{
	(void)self;
	fuzz_check(json_is_object(answer), "an answer that is no object");
	fuzz_check(result == ZG_OK || (err && *err->text && strlen(err->text) < ZG_ERROR_TEXT), "result %d without a word", result);
	fuzz_check(result != ZG_BROKEN, "it broke: %s", err ? err->text : "");
	answers++;
}

static void begin(void)
{
	if (shop)
		shop_end(shop);
	shop = shop_begin(NULL);
	fuzz_check(shop_sign_in(shop, "boss") == ZG_OK, "%s", shop->err.text);
	boss = *zg_till_person(shop->till);
	fuzz_check(shop_do(shop, "shift.open", "{s:i}", "float_fen", 10000) == ZG_OK, "%s", shop->err.text);
	inputs = 0;
}

static void call(const char *line)
{
	const char *space = strchr(line, ' ');
	char *name = zg_copy_bytes(line, space ? (size_t)(space - line) : strlen(line));
	json_t *args = space ? zg_json_parse(space + 1, strlen(space + 1)) : NULL;
	struct zg_call c = { .act = name, .args = json_is_object(args) ? args : NULL, .done = ended };

	answers = 0;
	zg_till_call(shop->till, &c);
	for (int i = 0; i < 3000 && answers == 0; i++)
		zg_loop_step(shop->loop, 1);
	fuzz_check(answers == 1, "%s was answered %d times", name, answers);
	fuzz_check(!zg_store_is_open(zg_till_store(shop->till)), "%s left a transaction open", name);
	json_decref(args);
	free(name);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };

	if (!shop || inputs++ == INPUTS)
		begin();
	for (int i = 0; input.at < input.end && i < 24; i++) {
		char *line = fuzz_text(&input, '\n');

		call(line);
		free(line);
	}
	check_books();
	zg_till_sign_in(shop->till, &boss);
	if (!zg_till_shift(shop->till))
		call("shift.open {\"float_fen\":0}");
	call("sale.void {\"reason\":\"next\"}");
}
