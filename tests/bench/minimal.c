/*
 * The yardstick of `make bench`: the least program that shows goods of the same books.
 *
 * ncurses and SQLite and nothing else. It opens the database read-only, shows the first goods, and at
 * each key looks up what begins with the typed code or initials and draws again; Enter looks up
 * one item by its barcode and puts it on the list of the sale. It writes nothing, prints nothing,
 * checks no PIN and keeps no journal: what it needs is the least that such a screen can cost.
 *
 * What was typed is also looked for inside names and initials, through the pairs of characters that the books keep for
 * that, when too few goods begin so. Without this it found nothing for nine of ten second letters where the till
 * found goods anywhere in their names, and was quick because it had nothing to draw: the two lists must be the same.
 */
#define _XOPEN_SOURCE_EXTENDED 1
#include <locale.h>
#include <ncurses.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#define SALE_MOST 8

struct line {
	char name[128];
	long long price_fen;
};

struct minimal {
	sqlite3 *db;
	sqlite3_stmt *by_code, *by_initials, *by_pieces, *by_barcode;
	char typed[32];
	struct line sale[SALE_MOST];
	int lines;
	long long total_fen;
};

static int prepare(struct minimal *m, const char *path)
{
	if (sqlite3_open_v2(path, &m->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_prepare_v2(m->db, "SELECT code, name, unit, price_fen FROM item WHERE code >= ?1 AND code < ?1 || x'7f' ORDER BY code LIMIT ?2",
			       -1, &m->by_code, NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_prepare_v2(m->db, "SELECT code, name, unit, price_fen FROM item WHERE initials >= ?1 AND initials < ?1 || x'7f' "
			       "ORDER BY initials LIMIT ?2", -1, &m->by_initials, NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_prepare_v2(m->db, "SELECT code, name, unit, price_fen FROM item_gram CROSS JOIN item ON item.id = item_gram.rowid"
			       " WHERE item_gram MATCH ?3 AND NOT (initials >= ?1 AND initials < ?1 || x'7f')"
			       " AND (instr(initials, ?1) OR instr(lower(name), ?1)) LIMIT ?2", -1, &m->by_pieces, NULL) != SQLITE_OK)
		return -1;
	return sqlite3_prepare_v2(m->db, "SELECT name, price_fen FROM barcode JOIN item ON item.id = item_id WHERE barcode.code = ?1 LIMIT 1",
				  -1, &m->by_barcode, NULL) == SQLITE_OK ? 0 : -1;
}

/* Draws what a query finds from a row on; returns the row behind. */
static int draw_query(struct minimal *m, sqlite3_stmt *find, int row, int rows)
{
	sqlite3_bind_text(find, 1, m->typed, -1, SQLITE_STATIC);
	sqlite3_bind_int(find, 2, rows - row);
	for (; row < rows && sqlite3_step(find) == SQLITE_ROW; row++) {
		long long fen = sqlite3_column_int64(find, 3);

		mvaddstr(row + 1, 1, (const char *)sqlite3_column_text(find, 0));
		mvaddstr(row + 1, 17, (const char *)sqlite3_column_text(find, 1));
		mvaddstr(row + 1, 60, (const char *)sqlite3_column_text(find, 2));
		mvprintw(row + 1, 68, "%8lld.%02lld", fen / 100, fen % 100);
	}
	sqlite3_reset(find);
	return row;
}

/* The pairs of what was typed, as the index of pieces is asked for them: "nf" AND "fs"; one letter stands alone. */
static void pairs_of(const char *typed, char out[256])
{
	size_t length = strlen(typed), used = 0;

	out[0] = '\0';
	for (size_t i = 0; i == 0 || i + 1 < length; i++)
		used += (size_t)snprintf(out + used, 256 - used, "%s\"%.2s\"", i ? " AND " : "", typed + i);
}

static void draw_found(struct minimal *m, int rows)
{
	bool is_word = m->typed[0] >= 'a' && m->typed[0] <= 'z';
	int row = draw_query(m, is_word ? m->by_initials : m->by_code, 0, rows);
	char pairs[256];

	if (!is_word || row == rows)
		return;
	pairs_of(m->typed, pairs);
	sqlite3_bind_text(m->by_pieces, 3, pairs, -1, SQLITE_STATIC);
	draw_query(m, m->by_pieces, row, rows);
}

static void draw(struct minimal *m)
{
	int foot = LINES - SALE_MOST - 3;

	erase();
	mvaddstr(0, 1, "Goods");
	draw_found(m, foot - 2);
	mvhline(foot, 0, ACS_HLINE, COLS);
	for (int i = 0; i < m->lines; i++) {
		mvaddstr(foot + 1 + i, 1, m->sale[i].name);
		mvprintw(foot + 1 + i, 68, "%8lld.%02lld", m->sale[i].price_fen / 100, m->sale[i].price_fen % 100);
	}
	mvprintw(LINES - 2, 60, "Total %10lld.%02lld", m->total_fen / 100, m->total_fen % 100);
	mvprintw(LINES - 1, 1, "> %s", m->typed);
	refresh();
}

static void ring(struct minimal *m)
{
	sqlite3_bind_text(m->by_barcode, 1, m->typed, -1, SQLITE_STATIC);
	if (sqlite3_step(m->by_barcode) == SQLITE_ROW) {
		if (m->lines == SALE_MOST) {
			memmove(m->sale, m->sale + 1, sizeof(m->sale) - sizeof(m->sale[0]));
			m->lines--;
		}
		struct line *line = &m->sale[m->lines++];

		snprintf(line->name, sizeof(line->name), "%s", (const char *)sqlite3_column_text(m->by_barcode, 0));
		line->price_fen = sqlite3_column_int64(m->by_barcode, 1);
		m->total_fen += line->price_fen;
	}
	sqlite3_reset(m->by_barcode);
	m->typed[0] = '\0';
}

int main(int argc, char **argv)
{
	struct minimal m = { .lines = 0 };

	setlocale(LC_ALL, "");
	if (argc != 2 || prepare(&m, argv[1]) != 0) {
		fprintf(stderr, "usage: minimal DATABASE (%s)\n", m.db ? sqlite3_errmsg(m.db) : "");
		return 2;
	}
	initscr();
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	draw(&m);
	for (int key = getch(); key != 'Q' - '@' && key != ERR; key = getch()) {
		size_t length = strlen(m.typed);

		if (key == '\r')
			ring(&m);
		else if (key == 27)
			m.typed[0] = '\0';
		else if (key > ' ' && key < 127 && length + 1 < sizeof(m.typed))
			snprintf(m.typed + length, sizeof(m.typed) - length, "%c", key);
		draw(&m);
	}
	endwin();
	sqlite3_finalize(m.by_code);
	sqlite3_finalize(m.by_initials);
	sqlite3_finalize(m.by_pieces);
	sqlite3_finalize(m.by_barcode);
	return sqlite3_close(m.db) == SQLITE_OK ? 0 : 1;
}
