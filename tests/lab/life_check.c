/* What a cut left, compared with what had been answered. */
#include "tests/lab/life.h"

#include "src/base/alloc.h"
#include "src/store/journal.h"
#include "tests/lab/life_private.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the schema's check, remembered ---- */

enum zg_result __real_zg_store_check_schema(const struct zg_store *store, struct zg_error *err);
enum zg_result __wrap_zg_store_check_schema(const struct zg_store *store, struct zg_error *err);

static void mix_schema(uint64_t *digest, sqlite3 *books)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(books, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name", -1, &stmt, NULL);

	while (code == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		for (int i = 0; i < 4; i++) {
			const char *text = (const char *)sqlite3_column_text(stmt, i);

			for (const char *c = text ? text : ""; ; c++) {
				*digest = (*digest ^ (unsigned char)*c) * 0x100000001B3u;
				if (!*c)
					break;
			}
		}
	if (code != SQLITE_OK || sqlite3_finalize(stmt) != SQLITE_OK)
		*digest = 0;
}

/* The till makes a whole schema afresh to compare with, which is most of a start: what it found right once is not made again. */
enum zg_result __wrap_zg_store_check_schema(const struct zg_store *store, struct zg_error *err)
{
	static uint64_t good;
	uint64_t digest = 0xCBF29CE484222325u;

	power_look();
	mix_schema(&digest, zg_store_raw(store));
	power_look_end();
	if (digest != 0 && digest == good)
		return ZG_OK;
	enum zg_result result = __real_zg_store_check_schema(store, err);

	if (result == ZG_OK)
		good = digest;
	return result;
}

/* ---- looking ---- */

static int64_t number(sqlite3 *books, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t found = INT64_MIN;

	if (sqlite3_prepare_v2(books, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		found = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return found;
}

static void check_facts(const struct life *life, size_t k, sqlite3 *books, char *why, size_t size)
{
	for (size_t i = 0; i < life->fact_count && !why[0]; i++) {
		const struct fact *fact = &life->facts[i];
		int64_t found = fact->at <= k ? number(books, fact->sql) : fact->expected;

		if (found != fact->expected)
			snprintf(why, size, "%s was answered, and is not there: %" PRId64 " instead of %" PRId64 " (%s)", fact->what, found,
				 fact->expected, fact->sql);
	}
}

/* One of the states that were, none older than the last that was promised, none that had not begun yet. */
static void check_state(const struct life *life, size_t k, sqlite3 *books, char *why, size_t size)
{
	uint64_t digest = life_digest(books);
	size_t first = 0;
	bool was = false;

	for (size_t i = 0; i < life->state_count; i++)
		if (life->states[i].is_full && life->states[i].done <= k)
			first = i;
	for (size_t i = 0; i < life->state_count; i++) {
		const struct state *state = &life->states[i];

		if (state->digest == digest && state->from <= k && i >= first)
			return;
		was = was || state->digest == digest;
	}
	snprintf(why, size, was ? "the books are older than what was promised (commit %zu of %zu)" : "the books are in a state that never was "
		 "(promised: commit %zu of %zu)", first + 1, life->state_count);
}

static void check_name(const struct life *life, size_t k, const struct life *next, char *why, size_t size)
{
	const char *name = zg_till_config(next->shop->till)->name;
	bool must_be_new = life->has_name || (life->renamed != SIZE_MAX && life->renamed <= k);
	bool may_be_new = must_be_new || (life->renaming != SIZE_MAX && life->renaming <= k);
	bool is_new = strcmp(name, LIFE_NEW_NAME) == 0;

	if ((!is_new && strcmp(name, LIFE_NAME) != 0) || (must_be_new && !is_new) || (is_new && !may_be_new))
		snprintf(why, size, "the shop is called '%s'", name);
}

/* Sales beyond those that were answered: at most the one under way, and the till names it. */
static void check_surplus(const struct life *life, size_t k, const struct life *next, sqlite3 *books, char *why, size_t size)
{
	const char *alarm = zg_till_newest_alarm(next->shop->till);
	int64_t known = life->known_receipts, there = number(books, "SELECT coalesce(max(receipt_no), 0) FROM sale");
	char words[32];

	for (size_t i = 0; i < life->fact_count; i++)
		known += life->facts[i].at <= k && (strcmp(life->facts[i].what, FACT_SALE) == 0 || strcmp(life->facts[i].what, FACT_REFUND) == 0);
	snprintf(words, sizeof(words), "R01%07" PRId64, there);
	if (there < known || there > known + 1)
		snprintf(why, size, "%" PRId64 " receipts were answered, %" PRId64 " are there", known, there);
	else if (there > known && !strstr(alarm, words))
		snprintf(why, size, "%s is booked, nobody was told, and the till does not say so: '%s'", words, alarm);
}

static void check_whole(const struct life *next, sqlite3 *books, char *why, size_t size)
{
	struct zg_error err = { 0 };
	struct zg_journal_check check;
	const struct zg_store *store = zg_till_store(next->shop->till);
	const char *fault = life_books_fault(books), *alarm = zg_till_newest_alarm(next->shop->till);

	if (fault[0])
		snprintf(why, size, "%s", fault);
	else if (zg_journal_verify(store, &check, &err) != ZG_OK || zg_store_check_pages(store, &err) != ZG_OK)
		snprintf(why, size, "%s", err.text);
	else if (alarm[0] && !strstr(alarm, "ended suddenly"))
		snprintf(why, size, "the till starts with an alarm: %s", alarm);
}

void life_compare(const struct life *life, size_t k, struct life *next, char *why, size_t size)
{
	sqlite3 *books = zg_store_raw(zg_till_store(next->shop->till));

	why[0] = '\0';
	if (life->founded <= k) {
		check_facts(life, k, books, why, size);
		if (!why[0])
			check_state(life, k, books, why, size);
		if (!why[0])
			check_name(life, k, next, why, size);
	}
	if (!why[0])
		check_surplus(life, k, next, books, why, size);
	if (!why[0])
		check_whole(next, books, why, size);
	next->known_receipts = number(books, "SELECT coalesce(max(receipt_no), 0) FROM sale");
	next->states[0].digest = life_digest(books);
	next->has_name = strcmp(zg_till_config(next->shop->till)->name, LIFE_NEW_NAME) == 0;
}

/* ---- going on ---- */

struct life *life_remember(const struct life *life, size_t k, const char *home)
{
	struct life *next = life_new(home, life->goods, life->chance.seed + k);

	for (size_t i = 0; i < life->fact_count; i++) {
		const struct fact *fact = &life->facts[i];
		bool counts = strcmp(fact->what, FACT_SALE) == 0 || strcmp(fact->what, FACT_REFUND) == 0;

		if (fact->at > k)
			continue;
		next->known_receipts += counts;
		next->facts = zg_grow(next->facts, next->fact_count, &next->fact_room, sizeof(*next->facts));
		next->facts[next->fact_count++] = (struct fact){ 0, zg_print("%s%s", counts ? "before, " : "", fact->what), zg_copy(fact->sql),
			fact->expected };
	}
	next->known_receipts += life->known_receipts;
	next->has_name = life->has_name || life->renamed <= k;
	next->shop->now_ms = life->shop->now_ms;    /* the clock stands where the life ended, or the till would find it set back */
	next->founded = life->founded <= k ? 0 : SIZE_MAX;
	/* as it is found: what a cut left will not be less after the next */
	next->states = zg_grow(next->states, next->state_count, &next->state_room, sizeof(*next->states));
	next->states[next->state_count++] = (struct state){ .is_full = true,
		.digest = life->state_count ? life->states[life->state_count - 1].digest : 0 };
	return next;
}

struct life *life_resume(const struct life *life, size_t k, const char *home, char *why, size_t size)
{
	struct life *next = life_remember(life, k, home);
	bool begun = true;

	/* Cut off while it was being founded: then it is made again, unless its books are there already. */
	if (next->founded == SIZE_MAX) {
		begun = life_found(next) || strstr(next->sentences[0], "already");
		next->founded = power_count();
		next->state_count = 1;
	}
	if (begun && life_open(next))
		return next;
	snprintf(why, size, "it does not start: %s", next->sentence_count ? next->sentences[next->sentence_count - 1] : "");
	life_free(next);
	return NULL;
}

void life_go_on(struct life *next, char *why, size_t size)
{
	struct shop *shop = next->shop;
	bool ready = life_sign_in(next) && (zg_till_shift(shop->till) || shop_do(shop, "shift.open", "{s:i}", "float_fen", 0) == ZG_OK) &&
		(!zg_till_sale_id(shop->till) || shop_do(shop, "sale.void", "{s:s}", "reason", "lab") == ZG_OK);

	why[0] = '\0';
	if (!ready)
		snprintf(why, size, "nobody can sign in and open a shift: %s", shop->err.text);
	else if (next->has_name && !life_sell(next))    /* the goods were imported before it got its new name */
		snprintf(why, size, "selling does not go on: %s", shop->err.text);
	life_close(next);
}
