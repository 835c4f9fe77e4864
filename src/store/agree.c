#include "src/store/agree.h"

#include "src/base/i18n.h"
#include "src/base/json.h"
#include "src/store/query.h"

#include <stdio.h>
#include <string.h>

#define WHAT 80    /* bytes of what is named */

/* ---- what was sold and given back: its JSON is taken apart once a sale, which SQL would do for every member ---- */

/* A member of the journal's object, for each column of a query in turn. */
struct field {
	const char *key;    /* NULL: the end */
	bool is_text;
};

#define TEXT(key)    { key, true }
#define INTEGER(key) { key, false }

static const struct field sale_head[] = { INTEGER("sale"), TEXT("number"), INTEGER("shift"), TEXT("day"), INTEGER("rounding_fen"),
	INTEGER("paid_fen"), { 0 } };
static const struct field refund_head[] = { TEXT("number"), INTEGER("shift"), TEXT("day"), INTEGER("refunded_fen"), TEXT("reason"),
	TEXT("origin"), { 0 } };
static const struct field sale_lines[] = { INTEGER("no"), TEXT("code"), TEXT("name"), INTEGER("price_fen"), INTEGER("quantity_milli"),
	INTEGER("discount_fen"), INTEGER("share_fen"), INTEGER("paid_fen"), INTEGER("tax_bp"), INTEGER("net_fen"), INTEGER("tax_fen"),
	INTEGER("removed_milli"), { 0 } };
static const struct field refund_lines[] = { INTEGER("line"), INTEGER("quantity_milli"), INTEGER("amount_fen"), INTEGER("tax_bp"),
	INTEGER("net_fen"), INTEGER("tax_fen"), { 0 } };
static const struct field sale_tenders[] = { TEXT("kind"), INTEGER("tendered_fen"), INTEGER("kept_fen"), TEXT("reference"), { 0 } };

/* The rows of a refund are negative, its words are not. */
#define SALES   "SELECT s.id, s.number, j.kind, j.body, j.who IS s.closed_by," \
	" s.id, s.number, s.shift_id, s.day, s.rounding_fen, s.total_fen - s.rounding_fen" \
	" FROM sale AS s LEFT JOIN journal AS j ON j.seq = s.journal_seq WHERE s.state = 'paid' AND s.kind = 'sale'"
#define REFUNDS "SELECT s.id, s.number, j.kind, j.body, j.who IS s.closed_by," \
	" s.number, s.shift_id, s.day, s.rounding_fen - s.total_fen, s.reason, (SELECT number FROM sale WHERE id = s.origin_id)" \
	" FROM sale AS s LEFT JOIN journal AS j ON j.seq = s.journal_seq WHERE s.state = 'paid' AND s.kind = 'refund'"
#define ORDER   " ORDER BY s.receipt_no"
#define OF_DAY  " AND s.day = :day"
#define HEAD 5    /* the first column of the head in both */
static const char sale_lines_sql[] =
	"SELECT no, code, name, price_fen, quantity_milli, discount_fen, share_fen, amount_fen - rounding_fen, tax_bp, net_fen, tax_fen,"
	" removed_milli FROM sale_line WHERE sale_id = :id ORDER BY no";
static const char refund_lines_sql[] =
	"SELECT origin_no, -quantity_milli, -amount_fen, tax_bp, -net_fen, -tax_fen FROM sale_line WHERE sale_id = :id ORDER BY no";
/* A sale of nothing has a row of nothing, for which nobody gave anything. */
static const char tenders_sql[] =
	"SELECT kind, tendered_fen, kept_fen, reference FROM tender WHERE sale_id = :id AND (tendered_fen <> 0 OR kept_fen <> 0) ORDER BY no";
static const char refunded_sql[] = "SELECT kind, -tendered_fen, -kept_fen, reference FROM tender WHERE sale_id = :id ORDER BY no";

static bool row_is(struct zg_query *q, int column, const json_t *object, const struct field *fields)
{
	for (; fields->key; fields++, column++) {
		if (fields->is_text && strcmp(zg_json_string(object, fields->key, ""), zg_column_text(q, column)) != 0)
			return false;
		if (!fields->is_text && zg_json_integer(object, fields->key, 0) != zg_column_integer(q, column))
			return false;
	}
	return true;
}

/* A comparison that could not be made is no difference: then `result` says what was in its way. */
struct looking {
	const struct zg_store *store;
	enum zg_result result;
	struct zg_error *err;
};

/* The members of an array, one row each. */
static bool rows_are(struct looking *looking, const char *sql, int64_t id, const json_t *array, const struct field *fields)
{
	struct zg_query q = zg_query(looking->store, sql);
	size_t i = 0;
	bool same = true;

	zg_bind_integer(&q, ":id", id);
	while (same && zg_query_row(&q))
		same = i < json_array_size(array) && row_is(&q, 0, json_array_get(array, i++), fields);
	looking->result = zg_query_end(&q, looking->err);
	return looking->result == ZG_OK && same && i == json_array_size(array);
}

/* Those of a sale that nobody gave anything for are not in the books either. */
static void drop_nothing(json_t *tenders)
{
	for (size_t i = json_array_size(tenders); i-- > 0;)
		if (zg_json_integer(json_array_get(tenders, i), "tendered_fen", 0) == 0)
			json_array_remove(tenders, i);
}

static bool sale_is(struct looking *looking, struct zg_query *q, json_t *body)
{
	int64_t id = zg_column_integer(q, 0);

	drop_nothing(json_object_get(body, "tenders"));
	return strcmp(zg_column_text(q, 2), "sale.paid") == 0 && row_is(q, HEAD, body, sale_head) &&
	       rows_are(looking, sale_lines_sql, id, json_object_get(body, "lines"), sale_lines) &&
	       rows_are(looking, tenders_sql, id, json_object_get(body, "tenders"), sale_tenders);
}

/* As they were written when refunds were cash alone. */
static json_t *cash_alone(const json_t *body)
{
	json_t *rows = zg_json_array(), *row = zg_json_object();

	zg_json_set_string(row, "kind", zg_json_string(body, "tender", ""));
	zg_json_set_integer(row, "tendered_fen", zg_json_integer(body, "refunded_fen", 0));
	zg_json_set_integer(row, "kept_fen", zg_json_integer(body, "refunded_fen", 0));
	zg_json_append(rows, row);
	return rows;
}

static bool refund_is(struct looking *looking, struct zg_query *q, const json_t *body)
{
	int64_t id = zg_column_integer(q, 0);
	json_t *old = json_object_get(body, "tenders") ? NULL : cash_alone(body);
	bool same = strcmp(zg_column_text(q, 2), "sale.refund") == 0 && row_is(q, HEAD, body, refund_head) &&
		    rows_are(looking, refund_lines_sql, id, json_object_get(body, "lines"), refund_lines) &&
		    rows_are(looking, refunded_sql, id, old ? old : json_object_get(body, "tenders"), sale_tenders);

	json_decref(old);
	return same;
}

/* The number of the first that differs, "" when all are as they were. */
static enum zg_result find_sale(const struct zg_store *store, bool is_refund, const char *day, char what[WHAT], struct zg_error *err)
{
	struct looking looking = { store, ZG_OK, err };
	struct zg_query q = zg_query(store, day ? (is_refund ? REFUNDS OF_DAY ORDER : SALES OF_DAY ORDER) : is_refund ? REFUNDS ORDER : SALES ORDER);
	bool same = true;

	if (day)
		zg_bind_text(&q, ":day", day);

	while (same && zg_query_row(&q)) {
		const char *text = zg_column_text(&q, 3);
		json_t *body = zg_json_parse(text, strlen(text));

		same = body && zg_column_integer(&q, 4) && (is_refund ? refund_is(&looking, &q, body) : sale_is(&looking, &q, body));
		json_decref(body);
		if (!same && looking.result == ZG_OK)
			zg_column_copy(&q, 1, what, WHAT);
	}
	enum zg_result end = zg_query_end(&q, err);

	return looking.result == ZG_OK ? end : looking.result;
}

/* ---- the rest ---- */

/*
 * Each finds the first thing that the tables and the journal tell differently, and names it. Columns of a row that is
 * missing are NULL, and `IS NOT` takes NULL for different.
 */
static const char *const questions[] = {
	/* sales that were cancelled have no number */
	"SELECT 'sale.void ' || s.id FROM sale AS s LEFT JOIN journal AS j ON j.seq = s.journal_seq WHERE s.state = 'void'"
	" AND (j.kind IS NOT 'sale.void' OR j.body ->> 'sale' IS NOT s.id OR j.body ->> 'shift' IS NOT s.shift_id"
	"  OR j.body ->> 'reason' IS NOT s.reason OR j.body ->> 'total_fen' IS NOT s.total_fen) LIMIT 1",
	/* shifts and their Zs */
	"SELECT 'Z ' || coalesce(s.z_no, '') FROM shift AS s LEFT JOIN journal AS j ON j.seq = s.journal_seq WHERE s.state = 'closed'"
	" AND (j.kind IS NOT 'shift.close' OR j.body ->> 'shift' IS NOT s.id OR j.body ->> 'day' IS NOT s.day OR j.body ->> 'z' IS NOT s.z_no"
	"  OR json_extract(j.body, '$.totals') IS NOT json(s.totals) OR s.totals ->> 'counted_fen' IS NOT s.counted_fen"
	"  OR s.totals ->> 'over_fen' IS NOT s.counted_fen - s.expected_fen OR s.totals ->> 'float_fen' IS NOT s.float_fen) LIMIT 1",
	/* cash that came and went */
	"SELECT j.kind || ' ' || (j.body ->> 'id') FROM journal AS j LEFT JOIN cash_move AS m ON m.id = j.body ->> 'id'"
	" WHERE j.kind IN ('cash.in', 'cash.out') AND (m.kind IS NOT substr(j.kind, 6) OR m.amount_fen IS NOT j.body ->> 'amount_fen'"
	"  OR m.shift_id IS NOT j.body ->> 'shift' OR m.reason IS NOT j.body ->> 'reason' OR m.who IS NOT j.who) LIMIT 1",
	/* shifts as they began */
	"SELECT j.kind || ' ' || (j.body ->> 'shift') FROM journal AS j LEFT JOIN shift AS s ON s.id = j.body ->> 'shift'"
	" WHERE j.kind = 'shift.open' AND (s.day IS NOT j.body ->> 'day' OR s.float_fen IS NOT j.body ->> 'float_fen' OR s.opened_by IS NOT j.who) LIMIT 1",
	/* numbers that were left out */
	("SELECT 'journal.accept ' || l.first FROM lost_numbers AS l LEFT JOIN journal AS j ON j.seq = l.journal_seq WHERE j.kind IS NOT 'journal.accept'"
	 " OR l.first IS NOT j.body ->> ('first_' || l.name) OR l.last IS NOT j.body ->> ('last_' || l.name) LIMIT 1"),
	/* copies of slips, and slips that nobody asked for: each has its row, or the sale, shift or movement that it is of */
	("SELECT 'slip ' || p.id FROM print_job AS p WHERE (p.copy > 0 OR p.kind IN ('x', 'transactions', 'test', 'code') OR (p.kind = 'z' AND p.ref = 0))"
	 " AND p.id NOT IN (SELECT coalesce(body ->> 'again', body ->> 'job') FROM journal"
	 "  WHERE kind IN ('print.code', 'print.receipt', 'print.report', 'print.retry', 'print.test')) LIMIT 1"),
	("SELECT 'slip ' || p.id FROM print_job AS p WHERE CASE p.kind"
	 " WHEN 'sale' THEN NOT EXISTS (SELECT 1 FROM sale WHERE id = p.ref AND kind = 'sale' AND state = 'paid')"
	 " WHEN 'refund' THEN NOT EXISTS (SELECT 1 FROM sale WHERE id = p.ref AND kind = 'refund' AND state = 'paid')"
	 " WHEN 'z' THEN p.ref <> 0 AND NOT EXISTS (SELECT 1 FROM shift WHERE id = p.ref AND state = 'closed')"
	 " WHEN 'cash' THEN NOT EXISTS (SELECT 1 FROM cash_move WHERE id = p.ref)"
	 " WHEN 'code' THEN NOT EXISTS (SELECT 1 FROM payment WHERE id = p.ref)"
	 " ELSE p.kind NOT IN ('x', 'transactions', 'test', 'drawer') END LIMIT 1"),
	/* payments by phone: as they were begun, and where the last row of the journal left them */
	("SELECT 'payment ' || (j.body ->> 'payment') FROM journal AS j LEFT JOIN payment AS p ON p.number = j.body ->> 'payment' WHERE j.kind = 'pay.begin'"
	 " AND (p.sale_id IS NOT j.body ->> 'sale' OR p.channel IS NOT j.body ->> 'channel' OR p.wallet IS NOT j.body ->> 'wallet' OR p.way IS NOT j.body ->> 'way'"
	 "  OR p.amount_fen IS NOT j.body ->> 'amount_fen' OR p.begun_by IS NOT j.who) LIMIT 1"),
	("WITH last (number, seq) AS MATERIALIZED (SELECT body ->> 'payment', max(seq) FROM journal WHERE kind IN ('pay.begin', 'pay.waiting', 'pay.unknown',"
	 "  'pay.cancelling', 'pay.paid', 'pay.refused', 'pay.cancelled', 'pay.manual') GROUP BY 1)"
	 " SELECT 'payment ' || p.number FROM payment AS p LEFT JOIN last AS l ON l.number = p.number LEFT JOIN journal AS j ON j.seq = l.seq"
	 " WHERE p.state IS NOT CASE j.kind WHEN 'pay.begin' THEN 'sent' ELSE substr(j.kind, 5) END OR p.amount_fen IS NOT j.body ->> 'amount_fen'"
	 "  OR (p.state = 'paid' AND p.channel_no IS NOT coalesce(j.body ->> 'channel_no', '')) LIMIT 1"),
	/* what went back by them; one that was never sent has no row */
	("WITH last (number, seq) AS MATERIALIZED (SELECT body ->> 'refund', max(seq) FROM journal"
	 "  WHERE kind IN ('pay.refund.running', 'pay.refund.done', 'pay.refund.failed', 'pay.refund.manual', 'pay.stop') GROUP BY 1)"
	 " SELECT 'refund ' || coalesce(r.number, l.number) FROM last AS l LEFT JOIN pay_refund AS r ON r.number = l.number LEFT JOIN payment AS p ON p.id = r.payment_id"
	 "  LEFT JOIN journal AS j ON j.seq = l.seq WHERE r.state IS NOT CASE j.kind WHEN 'pay.stop' THEN 'manual' ELSE substr(j.kind, 12) END OR r.amount_fen IS NOT j.body ->> 'refund_fen'"
	 "  OR p.number IS NOT j.body ->> 'payment' OR (j.kind <> 'pay.stop' AND r.begun_by IS NOT j.who)"
	 " UNION ALL SELECT 'refund ' || r.number FROM pay_refund AS r WHERE r.state <> 'new' AND r.number NOT IN (SELECT number FROM last) LIMIT 1"),
	/* what people ended, and what they let go */
	("SELECT 'pay.settle ' || coalesce(j.body ->> 'refund', j.body ->> 'payment') FROM journal AS j LEFT JOIN pay_refund AS r ON r.number = j.body ->> 'refund'"
	 " LEFT JOIN payment AS p ON p.number = j.body ->> 'payment' WHERE j.kind = 'pay.settle' AND coalesce(r.settled_by, p.settled_by) IS NOT j.who LIMIT 1"),
	("SELECT 'pay.let_go ' || (j.body ->> 'payment') FROM journal AS j LEFT JOIN payment AS p ON p.number = j.body ->> 'payment'"
	 " WHERE j.kind = 'pay.let_go' AND coalesce(p.let_go_by, '') NOT LIKE j.who || '+_%' LIMIT 1"),
	/*
	 * And nothing that only one of the two knows: what, how many there are, how many the journal tells of at least, and at most. (A
	 * movement of cash opens the drawer where there is one.)
	 */
	("WITH told (kind, n) AS MATERIALIZED (SELECT kind, count(*) FROM journal GROUP BY kind), pairs (what, there, least, most) AS ("
	 " SELECT 'sale', (SELECT count(*) FROM sale WHERE state = 'paid'), (SELECT sum(n) FROM told WHERE kind IN ('sale.paid', 'sale.refund')), NULL"
	 " UNION ALL SELECT 'sale.void', (SELECT count(*) FROM sale WHERE state = 'void'), (SELECT n FROM told WHERE kind = 'sale.void'), NULL"
	 " UNION ALL SELECT 'shift', (SELECT count(*) FROM shift), (SELECT n FROM told WHERE kind = 'shift.open'), NULL"
	 " UNION ALL SELECT 'Z', (SELECT count(*) FROM shift WHERE state = 'closed'), (SELECT n FROM told WHERE kind = 'shift.close'), NULL"
	 " UNION ALL SELECT 'cash', (SELECT count(*) FROM cash_move), (SELECT sum(n) FROM told WHERE kind IN ('cash.in', 'cash.out')), NULL"
	 " UNION ALL SELECT 'shift.count', (SELECT count(*) FROM cash_count), (SELECT n FROM told WHERE kind = 'shift.count'), NULL"
	 " UNION ALL SELECT 'drawer.open', (SELECT count(*) FROM drawer_opening WHERE sale_id IS NULL), (SELECT n FROM told WHERE kind = 'drawer.open'), NULL"
	 " UNION ALL SELECT 'drawer', (SELECT count(*) FROM print_job WHERE kind = 'drawer' AND ref = 0), (SELECT n FROM told WHERE kind = 'drawer.open'),"
	 "  (SELECT sum(n) FROM told WHERE kind IN ('drawer.open', 'cash.in', 'cash.out'))"
	 " UNION ALL SELECT 'payment', (SELECT count(*) FROM payment), (SELECT n FROM told WHERE kind = 'pay.begin'), NULL"
	 " UNION ALL SELECT 'pay.let_go', (SELECT count(*) FROM payment WHERE let_go_by <> ''), (SELECT n FROM told WHERE kind = 'pay.let_go'), NULL"
	 " UNION ALL SELECT 'pay.settle', (SELECT count(*) FROM payment WHERE settled_at <> 0) + (SELECT count(*) FROM pay_refund WHERE settled_at <> 0),"
	 "  (SELECT n FROM told WHERE kind = 'pay.settle'), NULL"
	 " UNION ALL SELECT 'product.import', (SELECT count(*) FROM import WHERE state = 'live'), (SELECT n FROM told WHERE kind = 'product.import'), NULL)"
	 " SELECT what FROM pairs WHERE there < coalesce(least, 0) OR there > coalesce(most, least, 0) LIMIT 1"),
	/* the drawer opens once for a sale or a refund, in its shift, with one pulse */
	("SELECT 'drawer ' || s.number FROM (SELECT sale_id, shift_id, count(*) AS n FROM drawer_opening WHERE sale_id IS NOT NULL GROUP BY sale_id) AS d"
	 " JOIN sale AS s ON s.id = d.sale_id WHERE d.n <> 1 OR s.state <> 'paid' OR s.shift_id IS NOT d.shift_id LIMIT 1"),
	("SELECT 'drawer' WHERE (SELECT count(*) FROM drawer_opening WHERE sale_id IS NOT NULL)"
	 " <> (SELECT count(*) FROM print_job WHERE kind = 'drawer' AND ref <> 0)"),
};

static enum zg_result find_other(const struct zg_store *store, const char *question, char what[WHAT], struct zg_error *err)
{
	struct zg_query q = zg_query(store, question);

	if (zg_query_row(&q))
		zg_column_copy(&q, 0, what, WHAT);
	return zg_query_end(&q, err);
}

static enum zg_result changed(const char *what, struct zg_error *err)
{
	return zg_fail(err, ZG_INVALID, _("The books tell %s otherwise than the journal. They were changed from outside."), what);
}

enum zg_result zg_books_agree_day(const struct zg_store *store, const char *day, struct zg_error *err)
{
	char what[WHAT] = "";
	enum zg_result result = find_sale(store, false, day, what, err);

	if (result == ZG_OK && !what[0])
		result = find_sale(store, true, day, what, err);
	return result == ZG_OK && what[0] ? changed(what, err) : result;
}

enum zg_result zg_books_agree(const struct zg_store *store, struct zg_error *err)
{
	char what[WHAT] = "";
	enum zg_result result = find_sale(store, false, NULL, what, err);

	if (result == ZG_OK && !what[0])
		result = find_sale(store, true, NULL, what, err);
	for (size_t i = 0; result == ZG_OK && !what[0] && i < sizeof(questions) / sizeof(questions[0]); i++)
		result = find_other(store, questions[i], what, err);
	if (result == ZG_OK && what[0])
		result = changed(what, err);
	return result;
}
