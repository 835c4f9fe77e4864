/*
 * Each hostile string in each field that takes text, at full speed: every text of every act (src/till/act.h), every column of a goods file,
 * and everything that is looked for. The acts are those of the table: one whose usual arguments are not known here is a failure.
 *
 * After each trial the schema is what it was; what was refused or only looked for has changed no table, and what was taken has removed no row.
 * Nothing breaks the till, and a reason stands in the journal as it was given.
 * P29. ZG_COUNT trials (1,500; strings times fields are all), ZG_SEED. What comes out again is tests/fault/hostile's to see.
 */
#include "tests/fault/payloads.h"
#include "tests/fault/shape.h"
#include "tests/fault/tally.h"

#include "src/base/alloc.h"
#include "src/base/json.h"
#include "src/store/items.h"
#include "src/store/search.h"
#include "src/till/private.h"
#include "tests/unit/chance.h"
#include "tests/unit/shop.h"

#include <locale.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOORS_MAX 100

/* What an act is given beside the hostile string. */
static const struct { const char *act, *args; } usual[] = {
	{ "cash.in", "{\"amount_fen\":1,\"reason\":\"x\"}" }, { "cash.out", "{\"amount_fen\":1,\"reason\":\"x\"}" }, { "drawer.open", "{\"reason\":\"x\"}" },
	{ "journal.accept", "{\"reason\":\"x\"}" }, { "print.receipt", "{\"number\":\"R010000001\"}" }, { "print.report", "{\"kind\":\"x\"}" },
	{ "pay.ask", "{\"payment\":1}" }, { "pay.cancel", "{\"payment\":1}" }, { "pay.code", "{\"code\":\"134567890123456789\"}" },
	{ "pay.let_go", "{\"payment\":1}" }, { "pay.refund", "{\"number\":\"P1\",\"reason\":\"x\"}" }, { "pay.show", "{\"wallet\":\"alipay\"}" },
	{ "pay.settle", "{\"number\":\"R1\",\"reason\":\"x\"}" }, { "pay.stop", "{\"number\":\"R1\"}" },
	{ "product.import", "{\"path\":\"/nowhere\"}" }, { "sale.add", "{\"code\":\"1001\"}" }, { "sale.pay", "{}" },
	{ "sale.refund", "{\"number\":\"R010000001\",\"all\":true,\"reason\":\"x\"}" }, { "sale.void", "{\"reason\":\"x\"}" }, { "shop.set", "{}" },
	{ "user.add", "{\"login\":\"new\",\"name\":\"x\",\"role\":\"cashier\",\"pin\":\"2468\"}" }, { "user.lock", "{\"login\":\"lin\"}" },
	{ "user.pin", "{\"login\":\"lin\",\"pin\":\"2468\"}" }, { "user.unlock", "{\"login\":\"lin\"}" },
};

static const char *const columns[] = { "code", "barcodes", "name", "unit", "price", "tax_rate", "tax_code", "kind", "initials", "category" };
static const char *const plain[] = { "", "", "Plain", "pc", "1.00", "13%", "", "piece", "p", "c" };
#define COLUMNS (int)(sizeof(columns) / sizeof(columns[0]))

enum look { SEARCH, SEARCH_ALL, CODE, SALES, SALES_DAY, NUMBER, PERSON, SHIFTS, LOOKS };
static const char *const look_names[] = { "search", "search in all goods", "code", "past sales", "sales of a day", "receipt number", "login", "shifts of a day" };

/* A field: of an act, a column, or something looked for. */
struct door {
	const char *act, *key;
	int column, look;    /* -1: none */
};

struct trial {
	struct tally tally;
	struct chance chance;
	struct payloads payloads;
	struct shop *shop;
	struct zg_person boss;
	struct shape shape;
	struct door doors[DOORS_MAX];
	int count;
	long trials, taken, refused, outside;    /* outside: what is no UTF-8 comes through no JSON */
	const char *what;
	int payload;
};

static sqlite3 *books(const struct trial *t)
{
	return zg_store_raw(zg_till_store(t->shop->till));
}

static bool check(struct trial *t, bool holds, const char *words)
{
	return tally_check(&t->tally, holds, "%s with string %d: %s", t->what, t->payload, words);
}

/* ---- the fields ---- */

static json_t *usual_args(const char *act)
{
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (strcmp(usual[i].act, act) == 0)
			return zg_json_parse(usual[i].args, strlen(usual[i].args));
	return NULL;
}

static void find_doors(struct trial *t)
{
	for (const struct zg_act *const *act = zg_acts(); *act; act++)
		for (const struct zg_field *field = (*act)->fields; field->name && t->count < DOORS_MAX; field++) {
			if (field->type != ZG_FIELD_TEXT)
				continue;
			json_t *args = usual_args((*act)->name);

			tally_check(&t->tally, args != NULL, "%s has a text, and its usual arguments are not known here", (*act)->name);
			json_decref(args);
			t->doors[t->count++] = (struct door){ (*act)->name, field->name, -1, -1 };
		}
	tally_check(&t->tally, t->count > 20, "only %d texts of acts", t->count);
	for (int i = 0; i < COLUMNS; i++)
		t->doors[t->count++] = (struct door){ "goods file", columns[i], i, -1 };
	for (int i = 0; i < LOOKS; i++)
		t->doors[t->count++] = (struct door){ "look for", look_names[i], -1, i };
	tally_check(&t->tally, t->count < DOORS_MAX, "more fields than there is room for");
}

/* ---- a trial ---- */

/* What an import has left behind is tidied up from the loop: then the tables are as they stay. */
static void rest(struct trial *t)
{
	for (int i = 0; i < 10000 && t->shop->till->tidy; i++)
		zg_loop_step(t->shop->loop, 0);
	check(t, !t->shop->till->tidy, "it tidies up for ever");
}

/* Somebody with every right, a shift and a sale with a line: what the last act may have ended. */
static void make_ready(struct trial *t)
{
	zg_till_sign_in(t->shop->till, &t->boss);
	if (!zg_till_shift(t->shop->till))
		shop_do(t->shop, "shift.open", "{s:i}", "float_fen", 100000);
	if (zg_sale_line_count(zg_till_sale(t->shop->till)) == 0)
		shop_do(t->shop, "sale.add", "{s:s}", "code", "1001");
	char words[200];

	(void)shape_change(&t->shape, books(t), true, words);
}

static void check_shape(struct trial *t, bool may_add)
{
	char words[200];
	const char *change = shape_change(&t->shape, books(t), may_add, words);

	check(t, !change, change ? change : "");
}

/* A reason is kept as it was given; blanks around it may be left out. */
static void check_reason(struct trial *t, const char *text)
{
	sqlite3_stmt *row = NULL;

	sqlite3_prepare_v2(books(t), "SELECT body FROM journal ORDER BY seq DESC LIMIT 1", -1, &row, NULL);
	bool has_row = sqlite3_step(row) == SQLITE_ROW;
	json_t *body = has_row ? json_loads((const char *)sqlite3_column_text(row, 0), 0, NULL) : NULL;
	const char *kept = zg_json_string(body, "reason", "");

	text += strspn(text, " ");
	kept += strspn(kept, " ");
	check(t, *kept && strncmp(text, kept, strlen(kept)) == 0 && strspn(text + strlen(kept), " ") == strlen(text + strlen(kept)), "its reason is kept as another");
	json_decref(body);
	sqlite3_finalize(row);
}

static void end(struct trial *t, enum zg_result result)
{
	check(t, result != ZG_BROKEN && result != ZG_UNKNOWN, t->shop->err.text);
	check(t, sqlite3_get_autocommit(books(t)), "a transaction is left open");
	t->taken += result == ZG_OK;
	t->refused += result != ZG_OK;
	check_shape(t, result == ZG_OK);
}

static void try_act(struct trial *t, const struct door *door, const char *text)
{
	json_t *args = usual_args(door->act), *value = json_string(text);
	char login[32];

	if (!value) {
		t->outside++;
		json_decref(args);
		return;
	}
	snprintf(login, sizeof(login), "new%ld", t->trials);
	if (strcmp(door->act, "user.add") == 0)
		zg_json_set_string(args, "login", login);
	zg_json_set(args, door->key, value);
	enum zg_result result = shop_do(t->shop, door->act, "o", args);

	end(t, result);
	if (result == ZG_OK && strcmp(door->key, "reason") == 0)
		check_reason(t, text);
}

static void try_column(struct trial *t, int column, const char *text)
{
	char *path = zg_print("%s/hostile.csv", t->shop->home), code[32];
	FILE *file = fopen(path, "w");

	snprintf(code, sizeof(code), "H%ld", t->trials);    /* always new goods: nothing of older ones is replaced */
	for (int i = 0; i < COLUMNS; i++)
		fprintf(file, "%s%s", i ? "," : "", columns[i]);
	fputc('\n', file);
	for (int i = 0; i < COLUMNS; i++) {
		fputs(i ? ",\"" : "\"", file);
		for (const char *at = i == column ? text : i == 0 ? code : plain[i]; *at; at++)
			fprintf(file, *at == '"' ? "\"\"" : "%c", *at);
		fputc('"', file);
	}
	fputc('\n', file);
	fclose(file);
	enum zg_result result = shop_do(t->shop, "product.import", "{s:s}", "path", path);

	rest(t);
	end(t, result);
	free(path);
}

static enum zg_result look_for(const struct zg_store *store, enum look look, const char *text, struct zg_error *err)
{
	struct zg_sale_filter filter = { .most = 50 };
	struct zg_sale_row *rows = NULL;
	struct zg_shift *shifts = NULL;
	struct zg_item *items = NULL, item;
	struct zg_sale_record record;
	struct zg_person person;
	size_t count;
	enum zg_result result = ZG_OK;

	switch (look) {
	case SEARCH: case SEARCH_ALL:
		result = zg_items_search(store, text, look == SEARCH, 50, &items, &count, err);
		break;
	case CODE:   result = zg_items_find_code(store, text, false, &item, err); break;
	case NUMBER: result = zg_sales_find_number(store, text, &record, err); break;
	case PERSON: result = zg_people_find(store, text, &person, err); break;
	case SHIFTS: result = zg_shifts_list(store, text, &shifts, &count, err); break;
	case SALES: case SALES_DAY:
		filter.state = ZG_SALE_PAID;
		filter.text = look == SALES ? text : NULL;
		filter.day = look == SALES ? NULL : text;
		result = zg_sales_list(store, &filter, &rows, &count, err);
		break;
	case LOOKS: break;
	}
	free(items);
	free(rows);
	free(shifts);
	return result;
}

static void try_look(struct trial *t, enum look look, const char *text)
{
	struct zg_error err = { .text = "" };
	enum zg_result result = look_for(zg_till_store(t->shop->till), look, text, &err);

	check(t, result != ZG_BROKEN, err.text);
	t->taken += result == ZG_OK;
	t->refused += result != ZG_OK;
	check_shape(t, false);
}

static void try_one(struct trial *t, const struct door *door, int payload)
{
	char what[80];

	snprintf(what, sizeof(what), "%s %s", door->act, door->key);
	t->what = what;
	t->payload = payload;
	t->trials++;
	make_ready(t);
	if (door->look >= 0)
		try_look(t, (enum look)door->look, t->payloads.texts[payload]);
	else if (door->column >= 0)
		try_column(t, door->column, t->payloads.texts[payload]);
	else
		try_act(t, door, t->payloads.texts[payload]);
}

int main(void)
{
	static struct trial t;
	int step = 277;

	setenv("TZ", "Asia/Shanghai", 1);
	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
	t.chance = chance_begin();
	payloads_make(&t.payloads);
	long count = chance_rounds(1500);

	t.shop = shop_begin(NULL);
	tally_check(&t.tally, shop_sign_in(t.shop, "boss") == ZG_OK, "%s", t.shop->err.text);
	t.boss = *zg_till_person(t.shop->till);
	find_doors(&t);
	printf("fields: ZG_SEED=%llu ZG_COUNT=%ld: %d strings, %d fields\n", (unsigned long long)t.chance.seed, count, t.payloads.count, t.count);
	shape_begin(&t.shape, books(&t));
	tally_check(&t.tally, t.shape.count > 10 && t.payloads.count >= 500, "only %d tables or %d strings", t.shape.count, t.payloads.count);
	make_ready(&t);
	tally_check(&t.tally, shop_do(t.shop, "sale.pay", NULL) == ZG_OK, "%s", t.shop->err.text);
	while (t.payloads.count % step == 0)
		step += 2;
	/* each round meets every string once; after as many rounds as there are fields, in each of them */
	for (long i = 0; i < count && t.tally.failed < 20; i++) {
		int payload = (int)(i * step % t.payloads.count);

		try_one(&t, &t.doors[(payload + i / t.payloads.count + (long)(t.chance.seed % (uint64_t)t.count)) % t.count], payload);
	}
	printf("figure: %ld trials of %d strings in %d fields: %ld taken, %ld refused, %ld no UTF-8; %d tables and the schema as they must be\n", t.trials,
	       t.payloads.count, t.count, t.taken, t.refused, t.outside, t.shape.count);
	shape_end(&t.shape);
	shop_end(t.shop);
	payloads_drop(&t.payloads);
	return tally_end(&t.tally);
}
