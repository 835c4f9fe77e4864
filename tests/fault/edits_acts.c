#include "tests/fault/edits.h"

#include "src/till/act.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PAID(columns, table) "SELECT " columns " FROM " table " AS t JOIN sale AS s ON s.id = t.sale_id WHERE s.state = 'paid' ORDER BY s.receipt_no, t.no"

/* What is closed, each in the order in which it comes: later rows stand behind earlier ones, or one of these was changed. */
static const struct {
	const char *what, *sql;
} closed[] = {
	{ "a closed sale", "SELECT * FROM sale WHERE state = 'paid' ORDER BY receipt_no" },
	{ "a line of a closed sale", PAID("t.*", "sale_line") },
	{ "a tender of a closed sale", PAID("t.*", "tender") },
	{ "a discount of a closed sale", PAID("t.*", "sale_discount") },
	{ "a cancelled sale", "SELECT * FROM sale WHERE state = 'void' ORDER BY journal_seq" },
	{ "a line of a cancelled sale", "SELECT t.* FROM sale_line AS t JOIN sale AS s ON s.id = t.sale_id WHERE s.state = 'void' ORDER BY s.journal_seq, t.no" },
	{ "a closed shift", "SELECT * FROM shift WHERE state = 'closed' ORDER BY z_no" },
	{ "a shift's beginning", "SELECT id, day, opened_at, opened_by, float_fen FROM shift ORDER BY id" },
	{ "a movement of cash", "SELECT * FROM cash_move ORDER BY id" },
	{ "a count", "SELECT * FROM cash_count ORDER BY id" },
	{ "an opening of the drawer", "SELECT * FROM drawer_opening ORDER BY id" },
	{ "a row of the journal", "SELECT * FROM journal ORDER BY seq" },
	{ "a slip", "SELECT id, kind, ref, body, copy, queued_at FROM print_job ORDER BY id" },
	{ "an import", "SELECT * FROM import WHERE state = 'live' ORDER BY id" },
	{ "a number that was left out", "SELECT * FROM lost_numbers ORDER BY journal_seq, name" },
};
#define CLOSED (sizeof(closed) / sizeof(closed[0]))

struct seen {
	int64_t rows;
	uint64_t digest;
};

static void mix(uint64_t *digest, const void *bytes, size_t length)
{
	for (const unsigned char *c = bytes; length > 0; c++, length--)
		*digest = (*digest ^ *c) * 0x100000001B3u;
}

static void mix_row(uint64_t *digest, sqlite3_stmt *row)
{
	for (int i = 0; i < sqlite3_column_count(row); i++) {
		int type = sqlite3_column_type(row, i), length = sqlite3_column_bytes(row, i);
		const void *bytes = sqlite3_column_blob(row, i);

		mix(digest, &type, sizeof(type));
		mix(digest, &length, sizeof(length));
		if (bytes)
			mix(digest, bytes, (size_t)length);
	}
}

/* The rows of one question; false: it could not be asked. */
static bool mix_rows(sqlite3 *books, const char *sql, uint64_t *digest)
{
	sqlite3_stmt *rows = NULL;

	if (sqlite3_prepare_v2(books, sql, -1, &rows, NULL) != SQLITE_OK)
		return false;
	while (sqlite3_step(rows) == SQLITE_ROW)
		mix_row(digest, rows);
	return sqlite3_finalize(rows) == SQLITE_OK;
}

bool edits_digest(sqlite3 *books, uint64_t *digest)
{
	static const char of_open[] = "SELECT name, name IN ('sale_line', 'sale_discount', 'tender') FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'item_gram%' ORDER BY name";
	sqlite3_stmt *tables = NULL;
	bool read = sqlite3_prepare_v2(books, of_open, -1, &tables, NULL) == SQLITE_OK;

	*digest = 0xCBF29CE484222325u;
	while (read && sqlite3_step(tables) == SQLITE_ROW) {
		char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"%s ORDER BY 1", sqlite3_column_text(tables, 0), sqlite3_column_int(tables, 1)
					    ? " WHERE coalesce((SELECT state FROM sale WHERE id = sale_id), '') NOT IN ('open', 'hung')" : "");

		read = mix_rows(books, sql, digest);
		sqlite3_free(sql);
	}
	sqlite3_finalize(tables);
	return read;
}

/* Whether the first rows are those that were seen; then sees all of them. */
static bool still_there(struct inside *in, size_t which, struct seen *seen)
{
	struct seen now = { 0, 0xCBF29CE484222325u };
	sqlite3_stmt *rows = NULL;
	bool same = seen->rows == 0;

	if (sqlite3_prepare_v2(in->books, closed[which].sql, -1, &rows, NULL) != SQLITE_OK)
		return tally_check(in->tally, false, "%s: %s", closed[which].sql, sqlite3_errmsg(in->books));
	while (sqlite3_step(rows) == SQLITE_ROW) {
		mix_row(&now.digest, rows);
		now.rows++;
		same = same || (now.rows == seen->rows && now.digest == seen->digest);
	}
	sqlite3_finalize(rows);
	*seen = now;
	return same;
}

/* ---- any act with any arguments ---- */

static int64_t pick(struct inside *in, struct chance *chance, const char *sql)
{
	int64_t most = inside_number(in, sql);

	return most > 0 ? chance_between(chance, 1, most) : 1;
}

/* Numbers that mean something somewhere: ids, lines, money. */
static int64_t some_number(struct inside *in, struct chance *chance, const struct zg_field *field)
{
	static const char *const sources[] = { "SELECT max(id) FROM sale", "SELECT max(id) FROM shift", "SELECT max(id) FROM print_job",
		"SELECT max(z_no) FROM shift", "SELECT 5", "SELECT 20000" };
	int64_t kind = chance_between(chance, 0, 5);

	if (strcmp(field->name, "job") == 0)
		return pick(in, chance, sources[2]);
	if (strcmp(field->name, "sale") == 0)
		return pick(in, chance, sources[0]);
	if (strcmp(field->name, "line") == 0)
		return chance_between(chance, 1, 4);
	return field->most && kind == 0 ? field->most : field->most && kind == 1 ? field->least : pick(in, chance, sources[kind]);
}

static const char *some_text(struct inside *in, struct chance *chance, const struct zg_field *field, char text[64])
{
	static const char *const words[] = { "x", "z", "cash", "transactions", "brought back", "2020-01-01", "D001" };
	static const char *const logins[] = { "boss", "ding", "lin", "new" };

	if (strcmp(field->name, "number") == 0)
		snprintf(text, 64, "R%02d%07" PRId64, zg_till_config(in->shop->till)->till_id, pick(in, chance, "SELECT max(receipt_no) FROM sale"));
	else if (strcmp(field->name, "login") == 0)
		snprintf(text, 64, "%s", logins[chance_between(chance, 0, 3)]);
	else if (strcmp(field->name, "code") == 0)
		snprintf(text, 64, "%s", in->goods[chance_between(chance, 0, INSIDE_GOODS - 1)].code);
	else
		snprintf(text, 64, "%s", words[chance_between(chance, 0, 6)]);
	return text;
}

static json_t *some_value(struct inside *in, struct chance *chance, const struct zg_field *field)
{
	char text[64];
	json_t *list;

	switch (field->type) {
	case ZG_FIELD_TEXT:
		return json_string(some_text(in, chance, field, text));
	case ZG_FIELD_INTEGER:
		return json_integer(some_number(in, chance, field));
	case ZG_FIELD_BOOLEAN:
		return json_boolean(chance_between(chance, 0, 1));
	case ZG_FIELD_ARRAY:
		list = json_array();
		json_array_append_new(list, json_pack("{s:i, s:I}", "line", (int)chance_between(chance, 1, 3), "quantity_milli", (json_int_t)1000));
		return list;
	case ZG_FIELD_OBJECT:
		break;
	}
	return json_object();
}

static bool do_some(struct inside *in, struct chance *chance, const struct zg_act *act)
{
	json_t *args = json_object();

	for (const struct zg_field *field = act->fields; field->name; field++)
		if (field->is_needed || chance_between(chance, 0, 1))
			json_object_set_new(args, field->name, some_value(in, chance, field));
	snprintf(in->trail, sizeof(in->trail), "%s", act->name);
	return shop_do(in->shop, act->name, "o", args) == ZG_OK;
}

/* The ones that would leave nobody to try the rest: they change people, not books. */
static bool is_about_people(const struct zg_act *act)
{
	return strncmp(act->name, "session.", 8) == 0 || strncmp(act->name, "user.", 5) == 0;
}

static void check_closed(struct inside *in, struct seen seen[CLOSED])
{
	for (size_t i = 0; i < CLOSED; i++)
		tally_check(in->tally, still_there(in, i, &seen[i]), "after %s (%s): %s is not what it was", in->trail, zg_result_name(in->shop->result),
			    closed[i].what);
}

long edits_by_acts(struct inside *in, struct chance *chance, long count)
{
	static struct seen seen[CLOSED];
	const struct zg_act *const *acts = zg_acts();
	int64_t most = 0;
	long done = 0;

	while (acts[most])
		most++;
	check_closed(in, seen);
	for (long i = 0; i < count; i++) {
		const struct zg_act *act = acts[i < most ? i : chance_between(chance, 0, most - 1)];

		if (is_about_people(act) && chance_between(chance, 0, 9))
			continue;
		done += do_some(in, chance, act);
		if (is_about_people(act))
			(void)shop_sign_in(in->shop, "boss");
		check_closed(in, seen);
		inside_pass(in, chance_between(chance, 10, 900));
	}
	return done;
}

void edits_check_copies(struct inside *in)
{
	static const struct {
		const char *fault, *sql;
	} rules[] = {
		{ "a slip's copies are not counted 1, 2, 3", "SELECT count(*) FROM (SELECT kind, ref, count(*) AS n, max(copy) AS last, min(copy) AS first "
		  "FROM print_job WHERE copy > 0 GROUP BY kind, ref) WHERE n <> last OR first <> 1" },
		{ "a copy does not say that it is one, or which", "SELECT count(*) FROM print_job WHERE copy > 0 AND (json_extract(body, '$.copy') IS NOT 1 OR "
		  "json_extract(body, '$.copies') IS NOT copy)" },
		{ "an original says that it is a copy", "SELECT count(*) FROM print_job WHERE copy = 0 AND kind <> 'drawer' AND json_extract(body, '$.copy') IS 1" },
		{ "a reprint is not in the journal, or by another number", "SELECT count(*) FROM journal AS j LEFT JOIN print_job AS p ON p.id = "
		  "json_extract(j.body, '$.job') WHERE j.kind = 'print.receipt' AND p.copy IS NOT json_extract(j.body, '$.copy')" },
		{ "a copy was printed that the journal does not tell of", "SELECT count(*) FROM print_job WHERE copy > 0 AND id NOT IN (SELECT "
		  "coalesce(json_extract(body, '$.again'), json_extract(body, '$.job')) FROM journal WHERE kind LIKE 'print.%')" },
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		tally_check(in->tally, inside_number(in, rules[i].sql) == 0, "%s", rules[i].fault);
	tally_check(in->tally, inside_number(in, "SELECT count(*) FROM print_job WHERE copy > 0") > 3, "hardly anything was printed again");
}
