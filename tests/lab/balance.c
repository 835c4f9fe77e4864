#include "tests/lab/balance.h"

#include <stdio.h>
#include <stdlib.h>

#define SPAN "s.id BETWEEN :from AND :to"
#define LIVE "l.quantity_milli <> 0"
/* Numbers that books gave which are lost, and an admin knows of. */
#define LOST(name) "(SELECT coalesce(sum(last - first + 1), 0) FROM lost_numbers WHERE name = '" name "')"

static const struct {
	const char *fault;
	const char *sql;    /* a first cell that is not 0 tells of the fault */
} rules[] = {
	{ "a closed sale has no number, no shift, no day, no time or no journal row",
	  "SELECT count(*) FROM sale s WHERE " SPAN " AND state = 'paid' AND (receipt_no IS NULL OR shift_id IS NULL OR day IS NULL OR closed_at IS NULL "
	  "OR journal_seq IS NULL OR number NOT GLOB 'R[0-9][0-9][0-9]*' OR CAST(substr(number, 4) AS INTEGER) <> receipt_no)" },
	{ "a sale that is not closed has a number, a tender, an opening of the drawer or a slip",
	  "SELECT count(*) FROM sale s WHERE " SPAN " AND state <> 'paid' AND (receipt_no IS NOT NULL OR EXISTS (SELECT 1 FROM tender t WHERE "
	  "t.sale_id = s.id) OR EXISTS (SELECT 1 FROM print_job p WHERE p.kind IN ('sale', 'refund', 'drawer') AND p.ref = s.id))" },
	{ "a total is not the sum of its lines",
	  "SELECT count(*) FROM sale s WHERE " SPAN " AND total_fen <> (SELECT coalesce(sum(amount_fen), 0) FROM sale_line l WHERE l.sale_id = s.id "
	  "AND " LIVE ")" },
	{ "a rounding is not the sum of its lines, or is more than there are fen to round off",
	  "SELECT count(*) FROM sale s WHERE " SPAN " AND (rounding_fen <> (SELECT coalesce(sum(rounding_fen), 0) FROM sale_line l WHERE "
	  "l.sale_id = s.id AND " LIVE ") OR (kind = 'sale' AND rounding_fen NOT BETWEEN 0 AND 99))" },
	{ "a line is not price times quantity less its discounts",
	  "SELECT count(*) FROM sale s JOIN sale_line l ON l.sale_id = s.id WHERE " SPAN " AND s.kind = 'sale' AND (l.amount_fen < 0 OR l.discount_fen < 0 "
	  "OR l.share_fen < 0 OR l.amount_fen <> (2 * l.price_fen * l.quantity_milli + 1000) / 2000 - l.discount_fen - l.share_fen)" },
	{ "the discounts written down are not those of the lines",
	  "SELECT count(*) FROM sale s WHERE " SPAN " AND kind = 'sale' AND (SELECT coalesce(sum(amount_fen), 0) FROM sale_discount d WHERE "
	  "d.sale_id = s.id) <> (SELECT coalesce(sum(discount_fen + share_fen), 0) FROM sale_line l WHERE l.sale_id = s.id)" },
	{ "net and tax are not what was paid for the line",
	  "SELECT count(*) FROM sale s JOIN sale_line l ON l.sale_id = s.id WHERE " SPAN " AND l.net_fen + l.tax_fen <> l.amount_fen - l.rounding_fen" },
	{ "a line's net is not its part of what was paid",
	  "SELECT count(*) FROM sale s JOIN sale_line l ON l.sale_id = s.id WHERE " SPAN " AND s.kind = 'sale' AND l.net_fen <> "
	  "((l.amount_fen - l.rounding_fen) * 20000 + 10000 + l.tax_bp) / (2 * (10000 + l.tax_bp))" },
	{ "tenders are not what the lines cost, or change was kept",
	  "SELECT count(*) FROM sale s WHERE " SPAN " AND state = 'paid' AND (total_fen - rounding_fen <> (SELECT coalesce(sum(kept_fen), 0) FROM tender t "
	  "WHERE t.sale_id = s.id) OR EXISTS (SELECT 1 FROM tender t WHERE t.sale_id = s.id AND abs(t.kept_fen) > abs(t.tendered_fen)))" },
	{ "money moved and the drawer was not opened exactly once, or it was opened without",
	  "SELECT count(*) FROM sale s WHERE " SPAN " AND state = 'paid' AND ((SELECT count(*) FROM drawer_opening d WHERE d.sale_id = s.id AND d.shift_id = s.shift_id) <> "
	  "(SELECT sum(tendered_fen <> 0) FROM tender t WHERE t.sale_id = s.id AND t.kind = 'cash') OR (SELECT count(*) FROM print_job p WHERE "
	  "p.kind = 'drawer' AND p.ref = s.id) <> (SELECT count(*) FROM drawer_opening d WHERE d.sale_id = s.id AND d.shift_id = s.shift_id))" },
	{ "a closed sale without exactly one original slip, or with another total on it",
	  "SELECT count(*) FROM sale s WHERE " SPAN " AND state = 'paid' AND ((SELECT count(*) FROM print_job p WHERE p.ref = s.id AND p.kind = s.kind AND "
	  "p.copy = 0) <> 1 OR (SELECT json_extract(body, '$.total_fen') FROM print_job p WHERE p.ref = s.id AND p.kind = s.kind AND p.copy = 0) <> "
	  "abs(s.total_fen - s.rounding_fen))" },
	{ "a closed sale without its journal row",
	  "SELECT count(*) FROM sale s WHERE " SPAN " AND state = 'paid' AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.seq = s.journal_seq AND "
	  "j.kind = CASE s.kind WHEN 'sale' THEN 'sale.paid' ELSE 'sale.refund' END AND json_extract(j.body, '$.number') = s.number AND "
	  "abs(s.total_fen - s.rounding_fen) = CASE s.kind WHEN 'sale' THEN json_extract(j.body, '$.paid_fen') ELSE json_extract(j.body, '$.refunded_fen') END)" },
	{ "more went back than was sold",
	  "SELECT count(*) FROM sale s JOIN sale o ON o.id = s.origin_id WHERE " SPAN " AND s.kind = 'refund' AND ("
	  "(SELECT sum(total_fen - rounding_fen) FROM sale r WHERE r.origin_id = o.id AND r.state = 'paid') + o.total_fen - o.rounding_fen < 0 OR "
	  "EXISTS (SELECT 1 FROM sale_line l WHERE l.sale_id = o.id AND " LIVE " AND ((SELECT coalesce(sum(b.quantity_milli), 0) FROM sale r JOIN sale_line b ON "
	  "b.sale_id = r.id WHERE r.origin_id = o.id AND b.origin_no = l.no) + l.quantity_milli < 0 OR (SELECT coalesce(sum(b.amount_fen), 0) FROM sale r "
	  "JOIN sale_line b ON b.sale_id = r.id WHERE r.origin_id = o.id AND b.origin_no = l.no) + l.amount_fen < 0)))" },
	{ "a refund of what was never sold, or with its sign reversed",
	  "SELECT count(*) FROM sale s JOIN sale_line b ON b.sale_id = s.id WHERE " SPAN " AND s.kind = 'refund' AND (b.quantity_milli >= 0 OR b.amount_fen > 0 "
	  "OR b.amount_fen - b.rounding_fen > 0 OR NOT EXISTS (SELECT 1 FROM sale_line l WHERE l.sale_id = s.origin_id AND l.no = b.origin_no AND " LIVE "))" },
};

static const struct {
	const char *fault;
	const char *sql;
} whole[] = {
	{ "a receipt number is missing or there twice",
	  "SELECT count(*) + " LOST("receipt") " <> (SELECT value FROM counter WHERE name = 'receipt') OR count(*) <> count(DISTINCT receipt_no) OR "
	  "coalesce(min(receipt_no), 1) < 1 OR coalesce(max(receipt_no), 0) > (SELECT value FROM counter WHERE name = 'receipt') FROM sale "
	  "WHERE receipt_no IS NOT NULL" },
	{ "a Z number is missing or there twice",
	  "SELECT count(*) + " LOST("z") " <> (SELECT value FROM counter WHERE name = 'z') OR count(*) <> count(DISTINCT z_no) OR "
	  "coalesce(min(z_no), 1) < 1 OR coalesce(max(z_no), 0) > (SELECT value FROM counter WHERE name = 'z') FROM shift WHERE z_no IS NOT NULL" },
	{ "numbers are left out for which no accepted copy accounts",
	  "SELECT count(*) FROM lost_numbers n WHERE (SELECT kind FROM journal WHERE seq = n.journal_seq) IS NOT 'journal.accept' OR EXISTS (SELECT 1 FROM "
	  "sale WHERE n.name = 'receipt' AND receipt_no BETWEEN n.first AND n.last) OR EXISTS (SELECT 1 FROM shift WHERE n.name = 'z' AND z_no BETWEEN "
	  "n.first AND n.last)" },
	{ "a row of the journal is missing",
	  "SELECT count(*) <> coalesce(max(seq), 0) OR coalesce(min(seq), 1) <> 1 FROM journal" },
	{ "a sale in the journal that is not in the books",
	  "SELECT (SELECT count(*) FROM journal WHERE kind IN ('sale.paid', 'sale.refund')) <> (SELECT count(*) FROM sale WHERE state = 'paid')" },
	{ "a void in the journal that is not in the books",
	  "SELECT (SELECT count(*) FROM journal WHERE kind = 'sale.void') <> (SELECT count(*) FROM sale WHERE state = 'void')" },
	{ "cash that moved by the journal is not that of the books",
	  "SELECT (SELECT coalesce(sum(json_extract(body, '$.amount_fen')), 0) FROM journal WHERE kind = 'cash.in') <> "
	  "(SELECT coalesce(sum(amount_fen), 0) FROM cash_move WHERE kind = 'in') OR (SELECT coalesce(sum(json_extract(body, '$.amount_fen')), 0) "
	  "FROM journal WHERE kind = 'cash.out') <> (SELECT coalesce(sum(amount_fen), 0) FROM cash_move WHERE kind = 'out')" },
	{ "the drawer was opened without a sale, and the journal does not tell of it",
	  "SELECT (SELECT count(*) FROM journal WHERE kind = 'drawer.open') <> (SELECT count(*) FROM drawer_opening WHERE sale_id IS NULL)" },
	{ "an opening of the drawer for a sale of another shift, or for one that is not closed",
	  "SELECT count(*) FROM drawer_opening d JOIN sale s ON s.id = d.sale_id WHERE s.shift_id IS NOT d.shift_id OR s.state <> 'paid'" },
	{ "two open sales, or two open shifts",
	  "SELECT (SELECT count(*) > 1 FROM sale WHERE state = 'open') OR (SELECT count(*) > 1 FROM shift WHERE state = 'open')" },
	{ "reprints in the journal are not those of the queue",
	  "SELECT (SELECT count(*) FROM journal WHERE kind = 'print.receipt') <> (SELECT count(*) FROM print_job WHERE kind IN ('sale', 'refund') AND copy > 0 "
	  "AND id NOT IN (SELECT json_extract(body, '$.again') FROM journal WHERE kind = 'print.retry'))" },
};

#define RULES (sizeof(rules) / sizeof(rules[0]))
#define WHOLE (sizeof(whole) / sizeof(whole[0]))

struct balance {
	sqlite3 *books;
	sqlite3_stmt *of_sales[RULES], *of_whole[WHOLE];
};

static sqlite3_stmt *prepare(sqlite3 *books, const char *sql)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v3(books, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
		printf("%s: %s\n0 passed, 1 failed\n", sql, sqlite3_errmsg(books));
		exit(1);
	}
	return statement;
}

struct balance *balance_open(sqlite3 *books)
{
	struct balance *b = calloc(1, sizeof(*b));

	b->books = books;
	for (size_t i = 0; i < RULES; i++)
		b->of_sales[i] = prepare(books, rules[i].sql);
	for (size_t i = 0; i < WHOLE; i++)
		b->of_whole[i] = prepare(books, whole[i].sql);
	return b;
}

void balance_close(struct balance *b)
{
	for (size_t i = 0; i < RULES; i++)
		sqlite3_finalize(b->of_sales[i]);
	for (size_t i = 0; i < WHOLE; i++)
		sqlite3_finalize(b->of_whole[i]);
	free(b);
}

/* Also when it could not be asked. */
static int is_wrong(sqlite3_stmt *statement)
{
	int wrong = sqlite3_step(statement) != SQLITE_ROW || sqlite3_column_int64(statement, 0) != 0;

	sqlite3_reset(statement);
	return wrong;
}

const char *balance_sales(struct balance *b, int64_t from, int64_t to)
{
	for (size_t i = 0; i < RULES; i++) {
		sqlite3_bind_int64(b->of_sales[i], 1, from);
		sqlite3_bind_int64(b->of_sales[i], 2, to);
		if (is_wrong(b->of_sales[i]))
			return rules[i].fault;
	}
	return "";
}

const char *balance_whole(struct balance *b)
{
	for (size_t i = 0; i < WHOLE; i++)
		if (is_wrong(b->of_whole[i]))
			return whole[i].fault;
	return "";
}

int balance_rules(void)
{
	return (int)(RULES + WHOLE);
}
