/* One process of the memory experiment: the shop, the acts, and what is compared with what was told. */
#include "tests/fault/memory.h"

#include "drivers/drivers.h"
#include "src/base/alloc.h"
#include "src/store/journal.h"
#include "src/till/private.h"
#include "tests/fault/rules.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TURN_MS 50    /* of the clock, while slips are waited for */
#define FLOAT   20000

/* The clock stands but for the waits for the printer, so that the same acts write the same books, to the byte. */
static int64_t begun_ms, passed_ms;

static int64_t standing_ms(void *self)
{
	(void)self;
	return begun_ms + passed_ms;
}

void stage_set_clock(void)
{
	begun_ms = zg_clock_now(&zg_real_clock);
}

static struct shop *shop_of(const char *home)
{
	struct shop *shop = shop_at(home);
	size_t count;

	shop->clock = (struct zg_clock){ .now_ms = standing_ms, .running_ms = standing_ms, .self = shop };
	shop->printers = zg_printer_drivers(&count);
	return shop;
}

static struct sqlite3 *books(const struct stage *stage)
{
	return zg_store_raw(zg_till_store(stage->shop->till));
}

static int64_t fact(const struct stage *stage)
{
	return books_number(books(stage), stage->scene->fact);
}

void stage_problem(struct stage *stage, const char *format, ...)
{
	size_t used = strlen(stage->told->problem);
	va_list args;

	if (used)
		return;
	va_start(args, format);
	vsnprintf(stage->told->problem, sizeof(stage->told->problem), format, args);
	va_end(args);
}

/* ---- acts ---- */

struct answer {
	bool is_done;
	enum zg_result result;
	struct zg_error err;
};

/* Takes no memory of its own. */
static void take(void *self, enum zg_result result, const json_t *answered, const struct zg_error *err)
{
	struct answer *answer = self;

	(void)answered;
	answer->is_done = true;
	answer->result = result;
	answer->err = err ? *err : (struct zg_error){ 0 };
}

static struct answer call(struct stage *stage, const char *login, const char *act, const json_t *args)
{
	struct answer answer = { .result = ZG_UNKNOWN };

	zg_till_call(stage->shop->till, &(struct zg_call){ .act = act, .args = args, .as = login, .pin = login ? SHOP_PIN : NULL,
		     .done = take, .self = &answer });
	for (int i = 0; i < 3000 && !answer.is_done; i++)
		zg_loop_step(stage->shop->loop, 10);
	if (!answer.is_done)
		stage_problem(stage, "%s was never answered", act);
	return answer;
}

void stage_sign_in(struct stage *stage, const char *login)
{
	struct zg_person person;

	zg_assert(zg_people_find(zg_till_store(stage->shop->till), login, &person, NULL) == ZG_OK);
	zg_till_sign_in(stage->shop->till, &person);
}

void stage_must(struct stage *stage, const char *act, json_t *args)
{
	struct answer answer = call(stage, NULL, act, args);

	if (answer.result != ZG_OK)
		stage_problem(stage, "%s, with memory enough: %s", act, answer.err.text);
	json_decref(args);
}

/* Words that would send somebody to look for what is not there. */
static bool misleads(const char *sentence)
{
	static const char *const words[] = { "disk", "damaged", "changed", "old copy", "wrong", "refuse", "not found", "No goods", "There is no",
					     "newer", "stale", "lack" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(sentence, words[i]))
			return true;
	return false;
}

bool stage_took(struct stage *stage, const char *what, enum zg_result result, const struct zg_error *err)
{
	size_t length = strlen(err->text);

	if (result == ZG_OK)
		return true;
	stage->was_refused = true;
	if (stage->told->refused++ == 0)
		snprintf(stage->told->sentence, sizeof(stage->told->sentence), "%s", err->text);
	if (length == 0 || err->text[length - 1] != '.')
		stage_problem(stage, "%s is refused (%s) without a sentence: '%s'", what, zg_result_name(result), err->text);
	if ((result != ZG_BROKEN && result != ZG_OFFLINE) || misleads(err->text))
		stage_problem(stage, "%s is refused (%s), and the sentence misleads: '%s'", what, zg_result_name(result), err->text);
	return false;
}

/* What the till has in memory is what the books have, whatever the act came to. */
static void compare_sale(struct stage *stage)
{
	struct sqlite3 *db = books(stage);
	int64_t id = books_number(db, "SELECT coalesce(max(id), 0) FROM sale WHERE state = 'open' AND kind = 'sale'");
	int64_t total = books_number(db, "SELECT coalesce(sum(l.amount_fen), 0) FROM sale_line l JOIN sale s ON s.id = l.sale_id "
				     "WHERE s.state = 'open' AND l.quantity_milli <> 0");
	int64_t shifts = books_number(db, "SELECT count(*) FROM shift WHERE state = 'open'");
	const struct zg_till *till = stage->shop->till;

	if (till->is_stale)
		return;    /* and it knows */
	if (zg_till_sale_id(till) != id || zg_sale_totals(zg_till_sale(till))->total_fen != total)
		stage_problem(stage, "after %s the till has sale %" PRId64 " of %" PRId64 ", the books have %" PRId64 " of %" PRId64, stage->told->act,
			      zg_till_sale_id(till), zg_sale_totals(zg_till_sale(till))->total_fen, id, total);
	if ((zg_till_shift(till) != NULL) != (shifts == 1))
		stage_problem(stage, "after %s the till has %s shift, the books have %" PRId64, stage->told->act, zg_till_shift(till) ? "a" : "no", shifts);
	if ((int64_t)zg_till_hung(till) != books_number(db, "SELECT count(*) FROM sale WHERE state = 'hung'"))
		stage_problem(stage, "after %s the till counts %zu hung sales", stage->told->act, zg_till_hung(till));
}

bool stage_act(struct stage *stage, const char *login, const char *act, json_t *args, int64_t change, int64_t booking_fen)
{
	struct told *told = stage->told;

	memory_look();
	told->before = fact(stage);
	told->after = change == UNKNOWN_CHANGE ? UNKNOWN_CHANGE : told->before + change;
	told->booking_fen = booking_fen;
	snprintf(told->act, sizeof(told->act), "%s", act);
	told->is_under_way = true;
	memory_look_end();
	struct answer answer = call(stage, login, act, args);

	memory_look();
	told->is_under_way = false;
	int64_t found = fact(stage);

	if (answer.result == ZG_OK && booking_fen) {
		told->booked++;
		told->sum_fen += booking_fen;
	}
	if (answer.result == ZG_OK ? change != UNKNOWN_CHANGE && found != told->after : found != told->before)
		stage_problem(stage, "%s was %s, and the books went from %" PRId64 " to %" PRId64, act, answer.result == ZG_OK ? "done" : "refused",
			      told->before, found);
	told->before = told->after = found;
	compare_sale(stage);
	json_decref(args);
	memory_look_end();
	return stage_took(stage, act, answer.result, &answer.err);
}

/* ---- a whole process ---- */

void stage_slips_wait(struct stage *stage, char *why, size_t size)
{
	const char *problem = zg_till_printer_problem(stage->shop->till);

	if (zg_till_is_idle(stage->shop->till) && !*problem)
		return;
	snprintf(why, size, "%s", problem);
	if (!*problem)
		stage_problem(stage, "slips wait, and nobody is told why");
	if (misleads(problem))
		stage_problem(stage, "why slips wait misleads: '%s'", problem);
}

static void wait_for_slips(struct stage *stage)
{
	for (int i = 0; i < 400 && !zg_till_is_idle(stage->shop->till); i++) {
		passed_ms += TURN_MS;
		zg_loop_step(stage->shop->loop, 0);
	}
	stage_slips_wait(stage, stage->told->waits, sizeof(stage->told->waits));
}

static void follow(struct stage *stage)
{
	struct shop *shop = stage->shop;

	if (!shop->till && shop_open(shop) != ZG_OK) {
		stage_problem(stage, "the till does not start again: %s", shop->err.text);
		return;
	}
	if (zg_till_state(shop->till)->is_broken)
		stage_problem(stage, "the till takes the disk for broken");
	if (shop->till->is_stale) {
		stage->told->refused += stage->told->refused == 0;    /* not as if nothing had been */
		passed_ms += 2500;
		zg_loop_step(shop->loop, 0);
		if (shop->till->is_stale)
			stage_problem(stage, "what could not be read is not read again when there is memory");
	}
	compare_sale(stage);
	stage_sign_in(stage, "boss");
	if (!zg_till_shift(shop->till))
		stage_must(stage, "shift.open", json_pack("{s:i}", "float_fen", 0));
	if (zg_sale_is_empty(zg_till_sale(shop->till))) {
		json_t *args = json_pack("{s:s}", "code", "1001");

		stage_must(stage, "sale.add", args);
	}
	int64_t due = zg_sale_cash_due(zg_till_sale(shop->till), zg_till_config(shop->till)->rounding);

	stage_must(stage, "sale.pay", NULL);
	stage->told->booked++;
	stage->told->sum_fen += due;
	wait_for_slips(stage);
	stage->told->before = stage->told->after = fact(stage);
	shop_close(shop);
}

void stage_run(const struct scene *scene, const char *home, int64_t at, bool for_good, struct told *told)
{
	struct stage stage = { .scene = scene, .shop = shop_of(home), .told = told };
	struct shop *shop = stage.shop;
	int64_t blocks = memory_blocks();

	zg_assert(shop_open(shop) == ZG_OK);
	told->booked = books_number(books(&stage), "SELECT count(*) FROM sale WHERE state = 'paid'");
	told->sum_fen = books_number(books(&stage), "SELECT coalesce(sum(total_fen - rounding_fen), 0) FROM sale WHERE state = 'paid'");
	told->before = told->after = fact(&stage);
	if (scene->prepare)
		scene->prepare(&stage);
	if (shop->till)
		told->before = told->after = fact(&stage);
	memory_arm(at, for_good);
	scene->play(&stage);
	told->asked = memory_asked();
	memory_disarm();
	follow(&stage);
	shop_leave(shop);
	told->blocks = memory_blocks() - blocks;
	told->is_whole = true;
}

/* ---- afterwards ---- */

static void mix(uint64_t *digest, const char *text)
{
	do
		*digest = (*digest ^ (unsigned char)*text) * 0x100000001B3u;
	while (*text++);
}

/* Every row of every table, but what chance makes (salts, hashes) and what the printer's end came to. */
static void mix_table(uint64_t *digest, sqlite3 *db, const char *name)
{
	static const struct { const char *table, *column; } left_out[] = {
		{ "person", "pin_hash" }, { "person", "wrong_tries" }, { "person", "wait_ms" },    /* one try more may be counted */
		{ "print_job", "ended_at" }, { "print_job", "note" }, { "print_job", "state" },
	};
	char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", name);
	sqlite3_stmt *stmt = NULL;

	zg_assert(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		for (int i = 0; i < sqlite3_column_count(stmt); i++) {
			bool skips = false;

			for (size_t k = 0; k < sizeof(left_out) / sizeof(left_out[0]); k++)
				skips = skips || (strcmp(left_out[k].column, sqlite3_column_name(stmt, i)) == 0 && strcmp(left_out[k].table, name) == 0);
			if (!skips) {
				const char *text = (const char *)sqlite3_column_text(stmt, i);

				mix(digest, text ? text : "-");
			}
		}
	sqlite3_finalize(stmt);
	sqlite3_free(sql);
}

static uint64_t digest_of(sqlite3 *db)
{
	uint64_t digest = 0xCBF29CE484222325u;
	sqlite3_stmt *stmt = NULL;

	zg_assert(sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' AND name <> 'setting' "
				     "AND name NOT LIKE 'sqlite%' ORDER BY name", -1, &stmt, NULL) == SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		mix_table(&digest, db, (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return digest;
}

static void check_told(struct stage *stage)
{
	struct told *told = stage->told;
	sqlite3 *db = books(stage);
	int64_t booked = books_number(db, "SELECT count(*) FROM sale WHERE state = 'paid'");
	int64_t sum = books_number(db, "SELECT coalesce(sum(total_fen - rounding_fen), 0) FROM sale WHERE state = 'paid'");
	int64_t found = fact(stage);
	bool may_book = told->is_under_way && told->booking_fen;
	bool has_more = may_book && booked == told->booked + 1 && sum == told->sum_fen + told->booking_fen;
	char number[32];

	if (!has_more && (booked != told->booked || sum != told->sum_fen))
		stage_problem(stage, "%" PRId64 " receipts of %" PRId64 " fen were answered, %" PRId64 " of %" PRId64 " are there", told->booked, told->sum_fen,
			      booked, sum);
	snprintf(number, sizeof(number), "R01%07" PRId64, booked);
	if (has_more && !strstr(zg_till_newest_alarm(stage->shop->till), number))
		stage_problem(stage, "%s is booked, nobody was told, and the till does not say so", number);
	if (found != told->before && !(told->is_under_way && (told->after == UNKNOWN_CHANGE || found == told->after)))
		stage_problem(stage, "%s: the books have %" PRId64 ", %" PRId64 " was answered", told->act, found, told->before);
}

void stage_look(const struct scene *scene, const char *home, struct told *told, uint64_t *digest)
{
	struct stage stage = { .scene = scene, .shop = shop_of(home), .told = told };
	struct zg_journal_check check;
	struct zg_error err = { 0 };

	passed_ms = 3600000;    /* later than all that was done */
	if (shop_open(stage.shop) != ZG_OK) {
		stage_problem(&stage, "the till does not start again: %s", stage.shop->err.text);
		return;
	}
	check_told(&stage);
	const char *fault = books_fault(books(&stage));

	if (*fault)
		stage_problem(&stage, "%s", fault);
	if (zg_journal_verify(zg_till_store(stage.shop->till), &check, &err) != ZG_OK ||
	    zg_store_check_pages(zg_till_store(stage.shop->till), &err) != ZG_OK)
		stage_problem(&stage, "%s", err.text);
	*digest = digest_of(books(&stage));
	shop_close(stage.shop);
}

/* ---- the shop before all of it ---- */

static void add_goods(const char *home)
{
	char *path = zg_print("%s/more.csv", home);
	FILE *file = fopen(path, "w");

	zg_assert(file != NULL);
	fputs("code,barcodes,name,unit,price,tax_rate,tax_code,kind\n1001,,农夫山泉 550ml,瓶,2.00,13%,,piece\n", file);
	for (int i = 0; i < 115; i++)
		fprintf(file, "%d,,红烧牛肉面 %d,桶,%d.50,13%%,,piece\n", 5000 + i, i, 1 + i % 9);
	fclose(file);
	free(path);
}

void stage_make_shop(const char *home)
{
	char *config = zg_print("[shop]\nname = 小满便利店\nrounding = jiao\n[till]\nid = 1\n[printer]\nlink = file:%s.paper\nprofile = generic-80\n", home);
	struct shop *shop = shop_begin(config);
	struct stage stage = { .shop = shop, .told = &(struct told){ 0 } };
	size_t count;

	shop_close(shop);
	shop->printers = zg_printer_drivers(&count);
	zg_assert(shop_open(shop) == ZG_OK);
	add_goods(shop->home);
	stage_sign_in(&stage, "lin");
	stage_must(&stage, "shift.open", json_pack("{s:i}", "float_fen", FLOAT));
	stage_must(&stage, "sale.add", json_pack("{s:s}", "code", "1001"));
	stage_must(&stage, "sale.hang", NULL);
	stage_must(&stage, "sale.add", json_pack("{s:s}", "code", "1001"));
	stage_must(&stage, "sale.pay", NULL);
	stage_must(&stage, "sale.add", json_pack("{s:s, s:i}", "code", "1002", "quantity_milli", 2000));
	stage_must(&stage, "sale.pay", NULL);
	stage_must(&stage, "sale.add", json_pack("{s:s}", "code", "1003"));
	stage_must(&stage, "sale.pay", NULL);
	for (int i = 0; i < 1000 && !zg_till_is_idle(shop->till); i++)
		zg_loop_step(shop->loop, 10);
	zg_assert(zg_till_is_idle(shop->till));
	shop_close(shop);
	zg_assert(!stage.told->problem[0] && rename(shop->home, home) == 0);
	free(shop->home);
	shop->home = zg_copy(home);
	shop_leave(shop);
	free(config);
}
