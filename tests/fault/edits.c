/*
 * Corrections only by + and -: whatever is tried on what is closed is refused, or named; nothing is edited in silence.
 *
 * After some lively days through the till, first its own acts, all of them in any order and pointed at what is closed: they may only
 * add (edits_acts.c); reprints are marked and counted. Then the file itself, by SQL with every trigger in its place, as the sqlite3
 * shell opens it and as the program does: every column of every table by UPDATE, UPDATE OR REPLACE, UPDATE OR IGNORE, INSERT OR
 * REPLACE and upsert, rows removed, rows made up, and whole sales, refunds, Zs and prices forged in several steps. The database refuses
 * it; or else the schema's check, the journal's, that of tables against journal (journal verify) or the pages' (doctor)
 * names it. A table of later times is tried by itself: only what stands in `elsewhere` is left out, with its reason.
 * P20. ZG_COUNT edits (1,200), ZG_SEED; a tenth as many acts.
 */
#include "tests/fault/edits.h"

#include "src/base/alloc.h"
#include "src/store/agree.h"
#include "src/store/journal.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define TABLES  40
#define COLUMNS 32

/* What is no record of money, numbers or slips, or moves on by nature. column NULL: the whole table. */
static const struct {
	const char *table, *column, *why;
} elsewhere[] = {
	{ "setting", NULL, "settings and wrong tries, no records" },
	{ "person", NULL, "people; their acts stand in the journal" },
	{ "item", NULL, "the list of prices, no record: a sale's lines keep their own; a changed row is refused, one replaced whole is not noticed" },
	{ "barcode", NULL, "an index made from item" },
	{ "item_gram*", NULL, "an index made from item" },
	{ "sqlite_*", NULL, "SQLite's own" },
	{ "payment", NULL, "payments by phone: tests/unit/test_payments.c and test_agree_pay.c try their edits" },
	{ "payment_event", NULL, "what channels said; the same" },
	{ "pay_refund", NULL, "the same" },
	{ "print_job", "state", "where a slip is on its way" },
	{ "print_job", "ended_at", "when it came there" },
	{ "print_job", "note", "why it did not" },
};

/* Which rows are closed, where a table has both. Others: all of them. */
static const struct {
	const char *table, *rows;
} closed_rows[] = {
	{ "sale", "state IN ('paid', 'void')" },
	{ "sale_line", "sale_id IN (SELECT id FROM sale WHERE state IN ('paid', 'void'))" },
	{ "sale_discount", "sale_id IN (SELECT id FROM sale WHERE state IN ('paid', 'void'))" },
	{ "tender", "sale_id IN (SELECT id FROM sale WHERE state IN ('paid', 'void'))" },
	{ "shift", "state = 'closed'" },
};

struct table {
	char name[40];
	const char *rows;
	int columns;
	char column[COLUMNS][40], type[COLUMNS][16];
	bool is_key[COLUMNS], is_left_out[COLUMNS];
	int64_t count;
};

enum how { REFUSED, NOTHING, NAMED, UNCLOSED, SILENT, HOWS };    /* UNCLOSED: only what is being rung was changed */

struct trial {
	struct tally *tally;
	struct chance *chance;
	struct inside *in;
	char *books, *pristine;
	sqlite3 *db;
	bool as_program;
	uint64_t whole;          /* the digest of the pristine books */
	struct table tables[TABLES];
	int table_count;
	long how[HOWS], tries, columns;
};

/* ---- the file, and back ---- */

static void copy_file(const char *from, const char *to)
{
	static char bytes[1 << 20];
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	size_t got;

	while (in && out && (got = fread(bytes, 1, sizeof(bytes), in)) > 0)
		fwrite(bytes, 1, got, out);
	if (!in || !out || fclose(in) != 0 || fclose(out) != 0) {
		printf("%s cannot be copied to %s\n0 passed, 1 failed\n", from, to);
		exit(1);
	}
}

static void open_file(struct trial *t)
{
	t->as_program = chance_between(t->chance, 0, 1);
	if (sqlite3_open_v2(t->books, &t->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
		printf("the books cannot be opened: %s\n0 passed, 1 failed\n", sqlite3_errmsg(t->db));
		exit(1);
	}
	if (t->as_program)
		sqlite3_exec(t->db, "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; PRAGMA trusted_schema = OFF", NULL, NULL, NULL);
}

static void put_back(struct trial *t)
{
	static const char *const tails[] = { "-wal", "-shm" };

	sqlite3_close(t->db);
	for (int i = 0; i < 2; i++) {
		char *path = zg_print("%s%s", t->books, tails[i]);

		(void)unlink(path);
		free(path);
	}
	copy_file(t->pristine, t->books);
	open_file(t);
}

/* What journal verify and doctor would say. */
static bool is_named(struct trial *t, struct zg_error *err)
{
	struct zg_journal_check check;
	struct zg_store *store = NULL;

	sqlite3_close(t->db);    /* moves the log into the file */
	t->db = NULL;
	bool named = zg_store_open(t->in->shop->home, ZG_STORE_READ, &t->in->shop->clock, &store, err) != ZG_OK ||
		zg_store_check_schema(store, err) != ZG_OK || zg_journal_verify(store, &check, err) != ZG_OK || zg_books_agree(store, err) != ZG_OK ||
		zg_store_check_pages(store, err) != ZG_OK;

	zg_store_close(store);
	return named && err->text[0];
}

/* After is_named: the books are opened anew. */
static bool is_unclosed(struct trial *t)
{
	uint64_t digest = 0;

	return sqlite3_open_v2(t->books, &t->db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK && edits_digest(t->db, &digest) && digest == t->whole;
}

static void try_edit(struct trial *t, const char *sql)
{
	struct zg_error err = { .text = "" };
	char *why = NULL, *begun = zg_print("BEGIN; %s", sql);
	int before = sqlite3_total_changes(t->db);
	int code = sqlite3_exec(t->db, begun, NULL, NULL, &why);
	bool has_changed = sqlite3_total_changes(t->db) > before;
	enum how how = REFUSED;

	t->tries++;
	if (code == SQLITE_OK)
		code = sqlite3_exec(t->db, "COMMIT", NULL, NULL, NULL);    /* a foreign key may still say no */
	if (code != SQLITE_OK) {
		sqlite3_exec(t->db, "ROLLBACK", NULL, NULL, NULL);
		tally_check(t->tally, code != SQLITE_ERROR, "it is no SQL, so it tried nothing: %s (%s)", sql, why);
	} else if (!has_changed) {
		how = NOTHING;
	} else {
		how = is_named(t, &err) ? NAMED : is_unclosed(t) ? UNCLOSED : SILENT;
		put_back(t);
	}
	t->how[how]++;
	tally_check(t->tally, how != SILENT, "nobody noticed%s: %.600s", t->as_program ? " (with the program's settings)" : "", sql);
	sqlite3_free(why);
	free(begun);
}

/* ---- tables ---- */

static bool is_like(const char *name, const char *pattern)
{
	size_t length = strlen(pattern);

	return pattern[length - 1] == '*' ? strncmp(name, pattern, length - 1) == 0 : strcmp(name, pattern) == 0;
}

static bool is_elsewhere(const char *table, const char *column)
{
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		if (is_like(table, elsewhere[i].table) && (!elsewhere[i].column || (column && strcmp(column, elsewhere[i].column) == 0)))
			return true;
	return false;
}

static void copy_text(char *to, size_t size, const unsigned char *text)
{
	snprintf(to, size, "%s", text ? (const char *)text : "");
}

static void read_columns(struct trial *t, struct table *table)
{
	sqlite3_stmt *list = NULL;

	sqlite3_prepare_v2(t->db, "SELECT name, type, pk FROM pragma_table_info(?)", -1, &list, NULL);
	sqlite3_bind_text(list, 1, table->name, -1, SQLITE_STATIC);
	while (sqlite3_step(list) == SQLITE_ROW && table->columns < COLUMNS) {
		int i = table->columns++;

		copy_text(table->column[i], sizeof(table->column[i]), sqlite3_column_text(list, 0));
		copy_text(table->type[i], sizeof(table->type[i]), sqlite3_column_text(list, 1));
		table->is_key[i] = sqlite3_column_int(list, 2) > 0;
		table->is_left_out[i] = is_elsewhere(table->name, table->column[i]);
		t->columns += !table->is_left_out[i];
	}
	sqlite3_finalize(list);
}

static int64_t number(struct trial *t, char *sql)
{
	sqlite3_stmt *one = NULL;
	int64_t found = sqlite3_prepare_v2(t->db, sql, -1, &one, NULL) == SQLITE_OK && sqlite3_step(one) == SQLITE_ROW ? sqlite3_column_int64(one, 0) : -1;

	sqlite3_finalize(one);
	sqlite3_free(sql);
	return found;
}

static void read_tables(struct trial *t)
{
	sqlite3_stmt *list = NULL;

	sqlite3_prepare_v2(t->db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", -1, &list, NULL);
	while (sqlite3_step(list) == SQLITE_ROW && t->table_count < TABLES) {
		struct table *table = &t->tables[t->table_count];

		copy_text(table->name, sizeof(table->name), sqlite3_column_text(list, 0));
		if (is_elsewhere(table->name, NULL))
			continue;
		table->rows = "1";
		for (size_t i = 0; i < sizeof(closed_rows) / sizeof(closed_rows[0]); i++)
			if (strcmp(closed_rows[i].table, table->name) == 0)
				table->rows = closed_rows[i].rows;
		read_columns(t, table);
		table->count = number(t, sqlite3_mprintf("SELECT count(*) FROM \"%w\" WHERE %s", table->name, table->rows));
		tally_check(t->tally, table->count > 0, "%s has no row to try anything on", table->name);
		t->table_count += table->count > 0;
	}
	sqlite3_finalize(list);
}

/* ---- one edit ---- */

/* A row's values as SQL; the array's texts are the caller's. */
static void read_row(struct trial *t, const struct table *table, char *values[COLUMNS])
{
	sqlite3_str *columns = sqlite3_str_new(NULL);

	for (int i = 0; i < table->columns; i++)
		sqlite3_str_appendf(columns, "%squote(\"%w\")", i ? ", " : "", table->column[i]);
	char *list = sqlite3_str_finish(columns);
	char *sql = sqlite3_mprintf("SELECT %s FROM \"%w\" WHERE %s LIMIT 1 OFFSET %lld", list, table->name, table->rows,
				    (long long)chance_between(t->chance, 0, table->count - 1));
	sqlite3_stmt *row = NULL;

	if (sqlite3_prepare_v2(t->db, sql, -1, &row, NULL) != SQLITE_OK || sqlite3_step(row) != SQLITE_ROW) {
		printf("%s: %s\n0 passed, 1 failed\n", sql, sqlite3_errmsg(t->db));
		exit(1);
	}
	for (int i = 0; i < table->columns; i++)
		values[i] = sqlite3_mprintf("%s", sqlite3_column_text(row, i));
	sqlite3_finalize(row);
	sqlite3_free(sql);
	sqlite3_free(list);
}

/* Another value for the column, as SQL. */
static char *other_value(struct trial *t, const struct table *table, int column, const char *value)
{
	int64_t kind = chance_between(t->chance, 0, 5);

	if (kind == 5)
		return sqlite3_mprintf("(SELECT \"%w\" FROM \"%w\" ORDER BY \"%w\" IS %s LIMIT 1)", table->column[column], table->name, table->column[column], value);
	if (kind == 4)
		return sqlite3_mprintf("NULL");
	if (strcmp(table->type[column], "INTEGER") == 0)
		return kind == 0 ? sqlite3_mprintf("coalesce(%s, 0) + 1", value) : kind == 1 ? sqlite3_mprintf("coalesce(%s, 0) - 1", value)
			: kind == 2 ? sqlite3_mprintf("0") : sqlite3_mprintf("%lld", (long long)chance_between(t->chance, -100000, 100000));
	if (strcmp(table->type[column], "BLOB") == 0)
		return sqlite3_mprintf(kind < 2 ? "randomblob(32)" : "zeroblob(32)");
	return kind == 0 ? sqlite3_mprintf("coalesce(%s, '') || 'x'", value) : kind == 1 ? sqlite3_mprintf("''") : kind == 2
		? sqlite3_mprintf("'{}'") : sqlite3_mprintf("replace(%s, '1', '2')", value);
}

static char *where(const struct table *table, char *values[COLUMNS])
{
	sqlite3_str *text = sqlite3_str_new(NULL);
	bool is_first = true;

	for (int i = 0; i < table->columns; i++)
		if (table->is_key[i]) {
			sqlite3_str_appendf(text, "%s\"%w\" = %s", is_first ? "" : " AND ", table->column[i], values[i]);
			is_first = false;
		}
	return sqlite3_str_finish(text);
}

/* INSERT verbs; changed: the column that gets another value, or all keys when it is -1. */
static char *insert(struct trial *t, const struct table *table, const char *verb, char *values[COLUMNS], int changed, const char *value)
{
	sqlite3_str *text = sqlite3_str_new(NULL);

	sqlite3_str_appendf(text, "%s INTO \"%w\" VALUES (", verb, table->name);
	for (int i = 0; i < table->columns; i++) {
		bool is_new = changed < 0 && table->is_key[i] && strcmp(table->type[i], "INTEGER") == 0;

		if (is_new && chance_between(t->chance, 0, 1))
			sqlite3_str_appendf(text, "%s(SELECT max(\"%w\") + 1 FROM \"%w\")", i ? ", " : "", table->column[i], table->name);
		else if (is_new)
			sqlite3_str_appendf(text, "%s%s + %lld", i ? ", " : "", values[i], (long long)chance_between(t->chance, 1, 9));
		else
			sqlite3_str_appendf(text, "%s%s", i ? ", " : "", i == changed ? value : values[i]);
	}
	sqlite3_str_appendf(text, ")");
	return sqlite3_str_finish(text);
}

enum verb { UPDATE, UPDATE_REPLACE, UPDATE_IGNORE, UPDATE_ALL, INSERT_REPLACE, UPSERT, COLUMN_VERBS, REMOVE = COLUMN_VERBS, REMOVE_ALL, MAKE_UP, VERBS };

static char *edit(struct trial *t, const struct table *table, int column, enum verb verb)
{
	static const char *const updates[] = { "UPDATE", "UPDATE OR REPLACE", "UPDATE OR IGNORE" };
	char *values[COLUMNS], *sql = NULL;

	read_row(t, table, values);
	char *value = other_value(t, table, column, values[column]), *key = where(table, values), *fresh;

	switch (verb) {
	case UPDATE: case UPDATE_REPLACE: case UPDATE_IGNORE:
		sql = sqlite3_mprintf("%s \"%w\" SET \"%w\" = %s WHERE %s AND \"%w\" IS NOT %s", updates[verb], table->name, table->column[column], value, key,
				      table->column[column], value);
		break;
	case UPDATE_ALL:
		sql = sqlite3_mprintf("UPDATE \"%w\" SET \"%w\" = %s WHERE (%s) AND \"%w\" IS NOT %s", table->name, table->column[column], value, table->rows,
				      table->column[column], value);
		break;
	case INSERT_REPLACE:
		sql = insert(t, table, chance_between(t->chance, 0, 1) ? "INSERT OR REPLACE" : "REPLACE", values, column, value);
		break;
	case UPSERT:
		fresh = insert(t, table, "INSERT", values, column, values[column]);
		sql = sqlite3_mprintf("%s ON CONFLICT DO UPDATE SET \"%w\" = %s", fresh, table->column[column], value);
		sqlite3_free(fresh);
		break;
	case REMOVE:
		sql = sqlite3_mprintf("DELETE FROM \"%w\" WHERE %s", table->name, key);
		break;
	case REMOVE_ALL:
		sql = sqlite3_mprintf("DELETE FROM \"%w\" WHERE %s", table->name, table->rows);
		break;
	default:
		sql = insert(t, table, "INSERT", values, -1, "");
	}
	sqlite3_free(value);
	sqlite3_free(key);
	for (int i = 0; i < table->columns; i++)
		sqlite3_free(values[i]);
	return sql;
}

static void try_one(struct trial *t, const struct table *table, int column, enum verb verb)
{
	char *sql = edit(t, table, column, verb);

	try_edit(t, sql);
	sqlite3_free(sql);
}

static int any_column(struct trial *t, const struct table *table)
{
	int column;

	do
		column = (int)chance_between(t->chance, 0, table->columns - 1);
	while (table->is_left_out[column]);
	return column;
}

/* Every column by every verb once, then by chance. */
static void try_tables(struct trial *t, long count)
{
	long left = count;

	for (int i = 0; i < t->table_count; i++) {
		const struct table *table = &t->tables[i];

		for (int column = 0; column < table->columns; column++)
			for (int verb = 0; verb < COLUMN_VERBS && !table->is_left_out[column]; verb++, left--)
				try_one(t, table, column, (enum verb)verb);
		for (int verb = COLUMN_VERBS; verb < VERBS; verb++, left--)
			try_one(t, table, any_column(t, table), (enum verb)verb);
	}
	tally_check(t->tally, left >= 0, "the count is too small for every column once: %ld more", -left);
	for (; left > 0; left--) {
		const struct table *table = &t->tables[chance_between(t->chance, 0, t->table_count - 1)];

		try_one(t, table, any_column(t, table), (enum verb)chance_between(t->chance, 0, VERBS - 1));
	}
}

/* ---- in several steps ---- */

#define NEXT(counter) "(SELECT value + 1 FROM counter WHERE name = '" counter "')"
#define NEWEST "(SELECT max(id) FROM sale)"
#define SHIFT "(SELECT id FROM shift WHERE state = 'open')"
#define CLOSE "UPDATE sale SET state = 'paid', closed_at = 1, closed_by = 'boss', day = '2026-11-23', shift_id = " SHIFT ", receipt_no = " NEXT("receipt") \
	", number = 'R99' || printf('%07d', " NEXT("receipt") "), journal_seq = (SELECT max(seq) FROM journal), total_fen = "
#define LINE "INSERT INTO sale_line (sale_id, no, item_id, code, name, unit, kind, tax_bp, tax_code, list_price_fen, price_fen, quantity_milli, amount_fen, " \
	"net_fen, origin_no, added_at) VALUES ("

static const char *const forged[] = {
	/* a sale that nobody rang; and one in the place of a customer who waits */
	"INSERT INTO sale (kind, state, opened_at, cashier) SELECT 'sale', 'open', 1, 'boss' WHERE NOT EXISTS (SELECT 1 FROM sale WHERE state = 'open'); "
	LINE "(SELECT id FROM sale WHERE state = 'open'), 99, 1, 'D001', 'x', 'u', 'piece', 0, '', 100, 100, 1000, 100, 100, NULL, 1); "
	"UPDATE sale_line SET quantity_milli = 0, amount_fen = 0, discount_fen = 0, share_fen = 0, rounding_fen = 0, net_fen = 0, tax_fen = 0 "
	"WHERE sale_id = (SELECT id FROM sale WHERE state = 'open') AND no < 99; DELETE FROM sale_discount WHERE sale_id = (SELECT id FROM sale WHERE state = 'open'); "
	"INSERT INTO tender (sale_id, no, kind, tendered_fen, kept_fen, at) VALUES ((SELECT id FROM sale WHERE state = 'open'), 1, 'cash', 100, 100, 1); " CLOSE "100, rounding_fen = 0 WHERE state = 'open'",
	/* money back that nobody asked for */
	"INSERT INTO sale (kind, state, opened_at, cashier, origin_id) SELECT 'refund', 'open', 1, 'boss', max(id) FROM sale WHERE state = 'paid' AND kind = 'sale' AND "
	"total_fen > 100; " LINE NEWEST ", 1, 1, 'D001', 'x', 'u', 'piece', 0, '', 1, 1, -1, -1, -1, (SELECT max(no) FROM sale_line AS l JOIN sale AS s ON s.origin_id = l.sale_id "
	"WHERE s.id = " NEWEST " AND l.quantity_milli > 0), 1); INSERT INTO tender (sale_id, no, kind, tendered_fen, kept_fen, at) VALUES (" NEWEST ", 1, 'cash', -1, -1, 1); " CLOSE "-1 WHERE id = " NEWEST,
	/* a customer who waits is cancelled */
	"UPDATE sale SET state = 'void', closed_at = 1, closed_by = 'boss', shift_id = 1, reason = 'x', journal_seq = 1 WHERE state IN ('open', 'hung')",
	/* a Z of one's own */
	"UPDATE shift SET state = 'closed', closed_at = 1, closed_by = 'boss', z_no = " NEXT("z") ", expected_fen = 0, counted_fen = 0, totals = '{}', "
	"journal_seq = (SELECT max(seq) FROM journal) WHERE state = 'open'",
	"INSERT INTO shift (id, state, day, opened_at, opened_by, float_fen) SELECT max(id) + 1, 'open', '2026-11-23', 1, 'boss', 0 FROM shift "
	"WHERE NOT EXISTS (SELECT 1 FROM shift WHERE state = 'open')",
	/* prices */
	"INSERT INTO import (state, started_at) VALUES ('writing', 1); UPDATE item SET until_import = (SELECT max(id) FROM import) WHERE id = 1; "
	"INSERT INTO item SELECT (SELECT max(id) + 1 FROM item), code, name, unit, 1, tax_bp, tax_code, kind, initials, category, is_active, barcodes, until_import, NULL "
	"FROM item WHERE id = 1; UPDATE import SET state = 'live', item_count = 60 WHERE state = 'writing'",
	/* numbers left out */
	"INSERT INTO lost_numbers SELECT name, value + 1, value + 9, (SELECT max(seq) FROM journal) FROM counter; UPDATE counter SET value = value + 9",
	"INSERT INTO journal SELECT seq + 1, at, who, uid, 'journal.accept', '{}', mac, randomblob(32) FROM journal ORDER BY seq DESC LIMIT 1; "
	"INSERT INTO lost_numbers SELECT name, value + 1, value + 9, (SELECT max(seq) FROM journal) FROM counter; UPDATE counter SET value = value + 9",
	/* rows that no act writes */
	"INSERT INTO journal SELECT seq + 1, at, who, uid, kind, body, mac, randomblob(32) FROM journal ORDER BY seq DESC LIMIT 1",
	"INSERT INTO journal_shift SELECT 99, max(seq) FROM journal",
	"INSERT INTO journal_sale SELECT 1, max(seq) FROM journal",
	"INSERT INTO cash_move (shift_id, kind, amount_fen, reason, at, who) VALUES (" SHIFT ", 'out', 100, 'x', 1, 'boss')",
	"INSERT INTO cash_count (shift_id, pieces, total_fen, events, at, who) VALUES (" SHIFT ", '{}', 1, 0, 1, 'boss')",
	"INSERT INTO drawer_opening (shift_id, reason, at, who) VALUES (" SHIFT ", 'x', 1, 'boss')",
	"INSERT INTO print_job (kind, ref, body, copy, state, queued_at) VALUES ('drawer', 0, '', 0, 'queued', 1)",
	"INSERT INTO print_job (kind, ref, body, copy, state, queued_at) SELECT 'sale', 0, body, 0, 'queued', 1 FROM print_job WHERE kind = 'sale' LIMIT 1",
	"INSERT INTO print_job (kind, ref, body, copy, state, queued_at) SELECT 'sale', ref, body, (SELECT max(copy) + 1 FROM print_job WHERE kind = 'sale' AND ref = p.ref), "
	"'queued', 1 FROM print_job AS p WHERE kind = 'sale' LIMIT 1",
	"INSERT OR REPLACE INTO print_job (kind, ref, body, copy, state, queued_at) SELECT 'sale', ref, body, NULL, 'queued', 1 FROM print_job WHERE kind = 'sale' LIMIT 1",
	/* a trigger taken away, and put back as it was: what the rows then say is another matter */
	"DROP TRIGGER sale_line_fixed; UPDATE sale_line SET price_fen = price_fen + 1 WHERE sale_id = (SELECT max(id) FROM sale WHERE state = 'paid')",
};

static void try_forged(struct trial *t)
{
	for (size_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++)
		for (int again = 0; again < 2; again++) {
			put_back(t);
			t->as_program = again;
			if (again)
				sqlite3_exec(t->db, "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON", NULL, NULL, NULL);
			try_edit(t, forged[i]);
		}
}

/* ---- the days before ---- */

static void trade(struct inside *in, struct chance *chance, long steps)
{
	struct day day = { .chance = chance, .habits = &day_wild };
	bool good = true;

	day_begin(&day);
	while (good && (in->steps < steps || !in->oracle.shift.is_open || in->oracle.zs < 2)) {
		struct day_step step = day_next(&day, &in->oracle);

		if (step.what == DAY_OVER) {
			inside_pass(in, 12 * 3600 * 1000);
			oracle_new_day(&in->oracle);
			day_begin(&day);
			continue;
		}
		good = inside_step(in, &step);
		inside_pass(in, chance_between(chance, 10, 900));
	}
}

/* An admin goes on with a copy, so that numbers were left out too; what is tried on them must find a row. */
static void leave_out(struct trial *t)
{
	struct inside *in = t->in;
	static const char *const tails[] = { "", "-wal", "-shm" };
	static const struct zg_printer_driver *const none[] = { NULL };
	char *copy = zg_print("%s.old", t->books);

	inside_close_books(in);
	shop_close(in->shop);
	copy_file(t->books, copy);
	tally_check(t->tally, shop_open(in->shop) == ZG_OK && shop_sign_in(in->shop, "boss") == ZG_OK, "%s", in->shop->err.text);
	if (!zg_till_shift(in->shop->till))
		(void)shop_do(in->shop, "shift.open", "{s:i}", "float_fen", 0);
	if (zg_till_sale_id(in->shop->till))
		(void)shop_do(in->shop, "sale.void", "{s:s}", "reason", "x");
	for (int i = 0; i < INSIDE_GOODS && shop_do(in->shop, "sale.add", "{s:s}", "code", in->goods[i].code) != ZG_OK; i++)
		;
	tally_check(t->tally, shop_do(in->shop, "sale.pay", NULL) == ZG_OK, "%s", in->shop->err.text);
	shop_close(in->shop);
	for (int i = 0; i < 3; i++) {
		char *path = zg_print("%s%s", t->books, tails[i]);

		(void)unlink(path);
		free(path);
	}
	copy_file(copy, t->books);
	(void)unlink(copy);
	free(copy);
	struct zg_till_parts parts = { .home = in->shop->home, .clock = &in->shop->clock, .printers = none, .takes_old = true };

	parts.loop = in->shop->loop = zg_loop_new(&in->shop->clock);
	tally_check(t->tally, zg_till_open(&parts, &in->shop->till, &in->shop->err) == ZG_OK && shop_sign_in(in->shop, "boss") == ZG_OK &&
		    shop_do(in->shop, "journal.accept", "{s:s, s:I}", "reason", "the card is gone", "z_no", (json_int_t)in->oracle.zs + 2) == ZG_OK, "%s",
		    in->shop->err.text);
	shop_close(in->shop);
}

int main(void)
{
	static struct inside in;
	static struct tally tally;
	static struct trial t;
	struct chance chance = chance_begin();
	long count = chance_rounds(1200), done;
	struct zg_error err = { .text = "" };

	inside_start();
	printf("edits: ZG_SEED=%" PRIu64 " ZG_COUNT=%ld\n", chance.seed, count);
	inside_begin(&in, &tally, &chance, false);
	trade(&in, &chance, 400);
	tally_check(&tally, shop_sign_in(in.shop, "boss") == ZG_OK, "%s", in.shop->err.text);
	done = edits_by_acts(&in, &chance, count / 10);
	edits_check_copies(&in);
	tally_check(&tally, done > count / 100, "only %ld acts were done: the others tried nothing", done);
	t = (struct trial){ .tally = &tally, .chance = &chance, .in = &in };
	t.books = zg_print("%s/zhanggui.db", in.shop->home);
	t.pristine = zg_print("%s/pristine.db", in.shop->home);
	leave_out(&t);
	open_file(&t);
	tally_check(&tally, !is_named(&t, &err), "before anything was tried: %s", err.text);
	copy_file(t.books, t.pristine);
	open_file(&t);
	read_tables(&t);
	tally_check(&tally, edits_digest(t.db, &t.whole), "the books cannot be read");
	if (tally.failed == 0) {
		try_tables(&t, count);
		try_forged(&t);
	}
	sqlite3_close(t.db);
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		printf("  left out: %s%s%s: %s\n", elsewhere[i].table, elsewhere[i].column ? "." : "", elsewhere[i].column ? elsewhere[i].column : "", elsewhere[i].why);
	printf("figure: %ld of %ld acts done and nothing closed was changed; %ld edits by SQL on %ld columns of %d tables: %ld refused, %ld found nothing to change, "
	       "%ld changed only what is being rung, %ld named, %ld silent\n", done, count / 10, t.tries, t.columns, t.table_count, t.how[REFUSED], t.how[NOTHING], t.how[UNCLOSED], t.how[NAMED],
	       t.how[SILENT]);
	tally_check(&tally, tally.failed || (t.how[REFUSED] > t.tries / 2 && t.how[NAMED] > 5), "most edits tried nothing");
	free(t.books);
	free(t.pristine);
	oracle_end(&in.oracle);
	shop_end(in.shop);
	return tally_end(&tally);
}
