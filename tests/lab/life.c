#include "tests/lab/life.h"

#include "src/base/alloc.h"
#include "src/base/json.h"
#include "src/till/founding.h"
#include "tests/lab/crew.h"
#include "tests/lab/life_private.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct life *living;    /* whose commits are noted */

/* ---- commits, seen where the till calls its store ---- */

enum zg_result __real_zg_store_begin(struct zg_store *store, enum zg_sync sync, struct zg_error *err);
enum zg_result __real_zg_store_commit(struct zg_store *store, struct zg_error *err);
enum zg_result __wrap_zg_store_begin(struct zg_store *store, enum zg_sync sync, struct zg_error *err);
enum zg_result __wrap_zg_store_commit(struct zg_store *store, struct zg_error *err);

static enum zg_sync asked;    /* how hard the transaction under way is to be written */

enum zg_result __wrap_zg_store_begin(struct zg_store *store, enum zg_sync sync, struct zg_error *err)
{
	asked = sync;
	return __real_zg_store_begin(store, sync, err);
}

static void add_state(struct life *life, struct state state)
{
	life->states = zg_grow(life->states, life->state_count, &life->state_room, sizeof(*life->states));
	life->states[life->state_count++] = state;
}

/* The digest is taken before: a commit that fails may be there after all. */
enum zg_result __wrap_zg_store_commit(struct zg_store *store, struct zg_error *err)
{
	struct life *life = living;
	struct zg_error own = { 0 };

	if (!life)
		return __real_zg_store_commit(store, err);
	add_state(life, (struct state){ .from = power_count(), .done = SIZE_MAX, .is_full = asked == ZG_SYNC_FULL,
		.digest = life_digest(zg_store_raw(store)) });
	enum zg_result result = __real_zg_store_commit(store, &own);

	if (err)
		*err = own;
	if (result == ZG_OK)
		life->states[life->state_count - 1].done = power_count();
	else if (strstr(own.text, "nothing was booked"))
		life->state_count--;    /* that is a promise too */
	return result;
}

/* PINs are hashed at the library's lowest cost: their strength is not what is tried here, and they would be most of the time. */
char *__real_crypt_gensalt_rn(const char *prefix, unsigned long count, const char *bytes, int length, char *out, int size);
char *__wrap_crypt_gensalt_rn(const char *prefix, unsigned long count, const char *bytes, int length, char *out, int size);

char *__wrap_crypt_gensalt_rn(const char *prefix, unsigned long count, const char *bytes, int length, char *out, int size)
{
	(void)count;
	return __real_crypt_gensalt_rn(prefix, 1, bytes, length, out, size);
}

/* ---- the digest ---- */

static void mix(uint64_t *digest, const void *bytes, size_t length)
{
	const unsigned char *b = bytes;

	for (size_t i = 0; i < length; i++)
		*digest = (*digest ^ b[i]) * 0x100000001B3u;
}

static void mix_rows(uint64_t *digest, sqlite3 *books, const char *table)
{
	char *sql = zg_print("SELECT * FROM \"%s\"", table);
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(books, sql, -1, &stmt, NULL);

	mix(digest, table, strlen(table) + 1);
	while (code == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(stmt); i++) {
			int type = sqlite3_column_type(stmt, i);
			const void *bytes = sqlite3_column_blob(stmt, i);

			if (strcmp(sqlite3_column_name(stmt, i), "wait_ms") == 0)
				continue;    /* runs down with the clock, at a start too */
			mix(digest, &type, sizeof(type));
			mix(digest, bytes ? bytes : "", (size_t)sqlite3_column_bytes(stmt, i));
		}
	}
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		*digest = 0;    /* unreadable is no state that ever was */
	free(sql);
}

/* All but what a start changes: what the till keeps for itself, slips under way, and the words' index, which is made at the commit. */
uint64_t life_digest(sqlite3 *books)
{
	static const char list[] = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('setting', 'print_job')"
		" AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'item_gram%' ORDER BY name";
	uint64_t digest = 0xCBF29CE484222325u;
	sqlite3_stmt *stmt = NULL;

	power_look();
	int code = sqlite3_prepare_v2(books, list, -1, &stmt, NULL);

	while (code == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		mix_rows(&digest, books, (const char *)sqlite3_column_text(stmt, 0));
	if (code != SQLITE_OK || sqlite3_finalize(stmt) != SQLITE_OK)
		digest = 0;
	power_look_end();
	return digest;
}

/* ---- memory ---- */

struct life *life_new(const char *home, const char *goods, uint64_t seed)
{
	struct life *life = zg_alloc(1, sizeof(*life));

	life->shop = shop_at(home);
	life->goods = zg_copy(goods);
	life->chance = (struct chance){ seed, seed };
	life->founded = life->renaming = life->renamed = SIZE_MAX;
	return life;
}

void life_free(struct life *life)
{
	if (!life)
		return;
	life_close(life);
	for (size_t i = 0; i < life->fact_count; i++) {
		free(life->facts[i].what);
		free(life->facts[i].sql);
	}
	for (size_t i = 0; i < life->sentence_count; i++)
		free(life->sentences[i]);
	free(life->sentences);
	free(life->told);
	free(life->facts);
	free(life->states);
	free(life->goods);
	shop_leave(life->shop);
	free(life);
}

char *life_goods(const char *folder)
{
	char *path = zg_print("%s/goods.csv", folder);
	FILE *file = fopen(path, "w");

	zg_assert(file != NULL);
	fputs("code,barcodes,name,unit,price,tax_rate,tax_code,kind\n", file);
	fputs("1001,,农夫山泉 550ml,瓶,2.00,13%,,piece\n1002,,康师傅红烧牛肉面 桶装,桶,5.50,13%,,piece\n", file);
	fputs("1003,6901028075831,三只松鼠 每日坚果 25g×7,盒,39.90,13%,,piece\n201,,散装红富士苹果,kg,12.98,9%,,weighed\n", file);
	fputs("901,,杂项,,0.00,13%,,open-price\n", file);
	zg_assert(fclose(file) == 0);
	return path;
}

__attribute__((format(printf, 4, 5))) static void know(struct life *life, const char *what, int64_t expected, const char *format, ...)
{
	va_list args;
	char *sql = NULL;

	va_start(args, format);
	zg_assert(vasprintf(&sql, format, args) >= 0);
	va_end(args);
	life->facts = zg_grow(life->facts, life->fact_count, &life->fact_room, sizeof(*life->facts));
	life->facts[life->fact_count++] = (struct fact){ power_count(), zg_copy(what), sql, expected };
}

void life_hear(struct life *life, const char *sentence)
{
	if (!life->told && power_fault()->fired > 0)
		life->told = zg_copy(sentence);
	for (size_t i = 0; i < life->sentence_count; i++)
		if (strcmp(life->sentences[i], sentence) == 0)
			return;
	life->sentences = zg_grow(life->sentences, life->sentence_count, &life->sentence_room, sizeof(*life->sentences));
	life->sentences[life->sentence_count++] = zg_copy(sentence);
}

/* An act's end: what was refused is read. */
static bool ok(struct life *life)
{
	if (life->shop->result != ZG_OK)
		life_hear(life, life->shop->err.text);
	return life->shop->result == ZG_OK;
}

#define DO(life, ...) (shop_do((life)->shop, __VA_ARGS__), ok(life))

/* ---- living ---- */

bool life_found(struct life *life)
{
	struct zg_error err = { 0 };
	struct zg_founding founding = { .home = life->shop->home, .name = LIFE_NAME, .language = "en", .admin = "boss", .admin_name = "王老板",
		.pin = SHOP_PIN };

	living = life;
	enum zg_result result = zg_shop_found(&founding, &life->shop->clock, &err);

	living = NULL;
	if (result == ZG_OK)
		life->founded = power_count();
	else
		life_hear(life, err.text);
	return result == ZG_OK;
}

bool life_open(struct life *life)
{
	living = life;
	if (shop_open(life->shop) == ZG_OK)
		return true;
	life_hear(life, life->shop->err.text);
	living = NULL;
	return false;
}

void life_close(struct life *life)
{
	if (life->shop->till) {
		const char *alarm = zg_till_newest_alarm(life->shop->till);

		if (alarm[0])
			life_hear(life, alarm);
	}
	shop_close(life->shop);
	life->sells = false;
	living = NULL;
}

bool life_sign_in(struct life *life)
{
	shop_sign_in(life->shop, "boss");
	return ok(life);
}

static bool open_shift(struct life *life)
{
	int64_t amount = chance_between(&life->chance, 0, 500) * 100;

	if (!DO(life, "shift.open", "{s:I}", "float_fen", (json_int_t)amount))
		return false;
	know(life, "a shift's float", amount, "SELECT float_fen FROM shift WHERE id = %" PRId64, shop_integer(life->shop, "shift"));
	life->sells = true;
	return true;
}

static bool rename_shop(struct life *life)
{
	life->renaming = power_count();
	if (!DO(life, "shop.set", "{s:s,s:s}", "name", LIFE_NEW_NAME, "rounding", "jiao"))
		return false;
	life->renamed = power_count();
	know(life, "the new name's journal row", 1, "SELECT count(*) FROM journal WHERE kind = 'shop.set'");
	return true;
}

bool life_set_up(struct life *life)
{
	bool done = DO(life, "user.add", "{s:s,s:s,s:s,s:s}", "login", "lin", "name", "林晓", "role", "cashier", "pin", SHOP_PIN);

	if (done)
		know(life, "a new user", 1, "SELECT count(*) FROM person WHERE login = 'lin'");
	if (DO(life, "product.import", "{s:s}", "path", life->goods)) {
		know(life, "an import", 5, "SELECT count(*) FROM item WHERE until_import IS NULL AND from_import <= "
		     "(SELECT max(id) FROM import WHERE state = 'live')");
		know(life, "the words of an import", 1, "SELECT count(*) FROM item_gram WHERE item_gram MATCH '农夫'");
	} else {
		done = false;
	}
	done &= rename_shop(life);
	return open_shift(life) && done;
}

static bool ring(struct life *life)
{
	static const char *const codes[] = { "1001", "1002", "1003", "6901028075831" };
	int64_t roll = chance_between(&life->chance, 0, 5);

	if (roll == 4)
		return DO(life, "sale.add", "{s:s,s:I}", "code", "201", "quantity_milli", (json_int_t)chance_between(&life->chance, 50, 4999));
	if (roll == 5)
		return DO(life, "sale.add", "{s:s,s:I}", "code", "901", "price_fen", (json_int_t)chance_between(&life->chance, 100, 9999));
	return DO(life, "sale.add", "{s:s,s:I}", "code", codes[roll], "quantity_milli", (json_int_t)chance_between(&life->chance, 1, 4) * 1000);
}

static bool change_lines(struct life *life)
{
	bool done = true;

	if (chance_between(&life->chance, 0, 3) == 0)
		done &= DO(life, "sale.discount", "{s:i,s:i}", "line", 1, "kept_bp", 9000);
	if (chance_between(&life->chance, 0, 3) == 0)
		done &= DO(life, "sale.remove", "{s:i}", "line", 1) && DO(life, "sale.restore", "{s:i}", "line", 1);
	if (chance_between(&life->chance, 0, 3) == 0)
		done &= DO(life, "sale.discount", "{s:i}", "off_fen", 50);
	return done;
}

static bool pay(struct life *life)
{
	if (!DO(life, "sale.pay", NULL))
		return false;
	snprintf(life->last_number, sizeof(life->last_number), "%s", shop_text(life->shop, "number"));
	know(life, FACT_SALE, shop_integer(life->shop, "total_fen"), "SELECT coalesce(sum(kept_fen), -1) FROM tender JOIN sale ON sale.id = "
	     "tender.sale_id WHERE state = 'paid' AND sale.kind = 'sale' AND number = '%s'", life->last_number);
	return true;
}

bool life_sell(struct life *life)
{
	bool done = true;

	for (int64_t n = chance_between(&life->chance, 1, 3); n > 0 && done; n--)
		done = ring(life);
	return done && change_lines(life) && pay(life);
}

static bool hang_and_take(struct life *life)
{
	if (!ring(life) || !DO(life, "sale.hang", NULL))
		return false;
	int64_t id = shop_integer(life->shop, "sale_id");

	know(life, "a hung sale", 1, "SELECT count(*) FROM sale WHERE id = %" PRId64, id);
	return life_sell(life) && DO(life, "sale.take", "{s:I}", "sale", (json_int_t)id) && pay(life);
}

static bool cancel(struct life *life)
{
	bool rung = ring(life);
	int64_t id = life->shop->till ? zg_till_sale_id(life->shop->till) : 0;

	if (!rung || !DO(life, "sale.void", "{s:s}", "reason", "went away"))
		return false;
	know(life, "a cancelled sale", 1, "SELECT state = 'void' FROM sale WHERE id = %" PRId64, id);
	return true;
}

static bool give_back(struct life *life)
{
	if (!life->last_number[0] ||
	    !DO(life, "sale.refund", "{s:s,s:b,s:s}", "number", life->last_number, "all", 1, "reason", "broken"))
		return false;
	know(life, FACT_REFUND, -shop_integer(life->shop, "refunded_fen"), "SELECT coalesce(sum(kept_fen), 1) FROM tender JOIN sale ON sale.id = "
	     "tender.sale_id WHERE state = 'paid' AND sale.kind = 'refund' AND number = '%s'", shop_text(life->shop, "number"));
	life->last_number[0] = '\0';
	return true;
}

static bool move_cash(struct life *life)
{
	int64_t in = chance_between(&life->chance, 1, 20000), out = chance_between(&life->chance, 1, in);
	bool done = DO(life, "cash.in", "{s:I,s:s}", "amount_fen", (json_int_t)in, "reason", "change from the bank");

	if (done)
		know(life, "cash put in", in, "SELECT amount_fen FROM cash_move WHERE id = %" PRId64, shop_integer(life->shop, "id"));
	if (!done || !DO(life, "cash.out", "{s:I,s:s}", "amount_fen", (json_int_t)out, "reason", "water bill"))
		return false;
	know(life, "cash taken out", out, "SELECT amount_fen FROM cash_move WHERE id = %" PRId64, shop_integer(life->shop, "id"));
	return DO(life, "drawer.open", "{s:s}", "reason", "change");
}

void life_rest(struct life *life)
{
	if (!life->shop->till)
		return;
	for (int i = 0; i < 3; i++) {
		life->shop->now_ms += 4000;
		life->shop->running_ms += 4000;
		for (int step = 0; step < 4; step++)
			(void)zg_loop_step(life->shop->loop, 0);
	}
}

void life_work(struct life *life)
{
	static bool (*const kinds[])(struct life *life) = { life_sell, hang_and_take, life_sell, cancel, move_cash, life_sell, give_back };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		(void)kinds[i](life);    /* refused: the cashier read why, and goes on with the next thing */
		if (i == 3)
			life_rest(life);
	}
}

bool life_close_day(struct life *life)
{
	int64_t counted = chance_between(&life->chance, 0, 100000);

	if (!DO(life, "shift.count", "{s:I}", "total_fen", (json_int_t)counted) || !DO(life, "shift.close", NULL))
		return false;
	know(life, "a closed shift", counted, "SELECT counted_fen FROM shift WHERE state = 'closed' AND z_no = %" PRId64,
	     shop_integer(life->shop, "z"));
	know(life, "a shift's takings", shop_integer(life->shop, "takings_fen"), "SELECT coalesce(sum(kept_fen), 0) FROM tender JOIN sale ON "
	     "sale.id = tender.sale_id WHERE state = 'paid' AND shift_id = %" PRId64, shop_integer(life->shop, "shift"));
	life->sells = false;
	return true;
}

void life_whole(struct life *life)
{
	if (!life_found(life) || !life_open(life))
		return;
	(void)(life_sign_in(life) && life_set_up(life));
	life_rest(life);
	life_work(life);
	(void)life_close_day(life);
	life_close(life);
	if (!life_open(life) || !life_sign_in(life) || !open_shift(life))
		return;
	(void)life_sell(life);
	life_rest(life);
	(void)(life_sell(life) && give_back(life));
	(void)DO(life, "session.end", NULL);    /* the last row of the journal, and no sync that it was promised */
	life_close(life);
}

struct life *life_recorded(uint64_t seed, struct power_record **record)
{
	char *place = crew_place(), *goods = life_goods(place), *home = zg_print("%s/shop", place);
	struct life *life = life_new(home, goods, seed);

	*record = power_begin(home);
	life_whole(life);
	power_end();
	free(home);
	free(goods);
	crew_leave(place);
	return life;
}
