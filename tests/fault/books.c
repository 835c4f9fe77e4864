#include "tests/fault/books.h"

#include <stdlib.h>
#include <string.h>

sqlite3 *books_open(const struct shop *shop)
{
	char path[RUN_PATH];
	sqlite3 *books = NULL;

	snprintf(path, sizeof(path), "%s/zhanggui.db", shop->home);
	if (sqlite3_open_v2(path, &books, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
		printf("the books cannot be opened: %s\n0 passed, 1 failed\n", sqlite3_errmsg(books));
		exit(1);
	}
	sqlite3_busy_timeout(books, 5000);
	return books;
}

static sqlite3_stmt *prepare(sqlite3 *books, const char *sql)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(books, sql, -1, &statement, NULL) != SQLITE_OK) {
		printf("%s: %s\n0 passed, 1 failed\n", sql, sqlite3_errmsg(books));
		exit(1);
	}
	return statement;
}

int64_t books_number(sqlite3 *books, const char *sql)
{
	sqlite3_stmt *statement = prepare(books, sql);
	int64_t number = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;

	sqlite3_finalize(statement);
	return number;
}

char *books_text(sqlite3 *books, const char *sql)
{
	sqlite3_stmt *statement = prepare(books, sql);
	const char *cell = sqlite3_step(statement) == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : NULL;
	char *text = strdup(cell ? cell : "");

	sqlite3_finalize(statement);
	return text;
}

static const struct {
	const char *fault;
	const char *sql;    /* counts what is wrong */
} rules[] = {
	{ "a receipt number is missing or there twice",
	  "SELECT count(*) <> coalesce(max(receipt_no), 0) OR coalesce(min(receipt_no), 1) <> 1 FROM sale WHERE receipt_no IS NOT NULL" },
	{ "a closed sale has no number, no shift or no day",
	  "SELECT count(*) FROM sale WHERE state = 'paid' AND (receipt_no IS NULL OR shift_id IS NULL OR day IS NULL)" },
	{ "a total is not the sum of its lines",
	  "SELECT count(*) FROM sale s WHERE state = 'paid' AND total_fen <> (SELECT sum(amount_fen) FROM sale_line l "
	  "WHERE l.sale_id = s.id AND quantity_milli <> 0)" },
	{ "a line is not price times quantity less its discounts",
	  "SELECT count(*) FROM sale s JOIN sale_line l ON l.sale_id = s.id WHERE s.state = 'paid' AND s.kind = 'sale' AND "
	  "l.amount_fen <> (l.price_fen * l.quantity_milli + 500) / 1000 - l.discount_fen - l.share_fen" },
	{ "tenders are not what the lines cost",
	  "SELECT count(*) FROM sale s WHERE state = 'paid' AND total_fen - rounding_fen <> "
	  "(SELECT coalesce(sum(kept_fen), 0) FROM tender t WHERE t.sale_id = s.id)" },
	{ "net and tax are not the line",
	  "SELECT count(*) FROM sale s JOIN sale_line l ON l.sale_id = s.id WHERE s.state = 'paid' AND l.quantity_milli <> 0 AND "
	  "l.net_fen + l.tax_fen <> l.amount_fen - l.rounding_fen" },
	{ "a sale with cash without exactly one opening of the drawer, or one without cash with one",
	  "SELECT count(*) FROM sale s WHERE state = 'paid' AND (SELECT count(*) FROM drawer_opening d WHERE d.sale_id = s.id) <> "
	  "EXISTS (SELECT 1 FROM tender t WHERE t.sale_id = s.id AND t.kind = 'cash' AND (t.kept_fen <> 0 OR t.tendered_fen <> 0))" },
	{ "a closed sale without exactly one original slip",
	  "SELECT count(*) FROM sale s WHERE state = 'paid' AND (SELECT count(*) FROM print_job p WHERE p.ref = s.id AND "
	  "p.kind = s.kind AND p.copy = 0) <> 1" },
	{ "a closed sale without its journal row",
	  "SELECT count(*) FROM sale s WHERE state = 'paid' AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.seq = s.journal_seq "
	  "AND json_extract(j.body, '$.number') = s.number)" },
	{ "a sale in the journal that is not in the books",
	  "SELECT (SELECT count(*) FROM journal WHERE kind IN ('sale.paid', 'sale.refund')) <> (SELECT count(*) FROM sale WHERE state = 'paid')" },
	{ "two open sales", "SELECT count(*) > 1 FROM sale WHERE state = 'open'" },
};

const char *books_fault(sqlite3 *books)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (books_number(books, rules[i].sql) != 0)
			return rules[i].fault;
	return "";
}

void books_barcode(char code[14], int64_t number)
{
	int sum = 0;

	memcpy(code, "6900000000000", 14);
	for (int i = 11; i > 2; i--, number /= 10)
		code[i] = (char)('0' + number % 10);
	for (int i = 0; i < 12; i++)
		sum += (code[i] - '0') * (i % 2 ? 3 : 1);
	code[12] = (char)('0' + (10 - sum % 10) % 10);
}
