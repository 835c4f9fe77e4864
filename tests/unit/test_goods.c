#include "src/base/alloc.h"
#include "src/store/items.h"
#include "src/store/journal.h"
#include "src/till/goods.h"
#include "src/till/private.h"
#include "tests/unit/goods.h"
#include "tests/unit/scratch.h"
#include "tests/unit/waiting.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *home;
static struct zg_loop *loop;
static struct zg_till *till;
static struct zg_error err;

static void open_till(void)
{
	static const struct zg_printer_driver *const none[] = { NULL };
	struct zg_till_parts parts = { .home = home, .clock = &zg_real_clock, .loop = loop, .printers = none };
	struct zg_person boss = { .login = "boss", .name = "老板", .role = ZG_ROLE_ADMIN };

	cr_assert(eq(int, zg_till_open(&parts, &till, &err), ZG_OK), "%s", err.text);
	zg_till_sign_in(till, &boss);
}

static void open_shop(void)
{
	struct zg_store *store;

	home = scratch_begin();
	cr_assert(eq(int, zg_store_open(home, ZG_STORE_CREATE, &zg_real_clock, &store, &err), ZG_OK), "%s", err.text);
	zg_store_close(store);
	loop = zg_loop_new(&zg_real_clock);
	open_till();
}

static void close_shop(void)
{
	zg_till_close(till);
	zg_loop_free(loop);
	scratch_end(home);
}

/* How a call ended. */
struct ending {
	bool is_over;
	enum zg_result result;
	json_t *answer;
	struct zg_error err;
	int64_t last_told;
	int told;
};

static void over(void *self, enum zg_result result, const json_t *answer, const struct zg_error *why)
{
	struct ending *ending = self;

	ending->is_over = true;
	ending->result = result;
	ending->answer = json_deep_copy(answer);
	if (why)
		ending->err = *why;
}

static void progress(void *self, int64_t finished, int64_t of)
{
	struct ending *ending = self;

	cr_expect(ge(long, finished, ending->last_told));
	cr_expect(le(long, finished, of));
	ending->last_told = finished;
	ending->told++;
}

static char *write_file(const char *bytes)
{
	char *path = zg_print("%s/goods.csv", home);
	FILE *file = fopen(path, "w");

	cr_assert(ne(ptr, file, NULL));
	fputs(bytes, file);
	fclose(file);
	return path;
}

static void begin(const char *path, struct ending *ending)
{
	json_t *args = zg_json_object();

	zg_json_set_string(args, "path", path);
	struct zg_call call = { .act = "product.import", .args = args, .done = over, .progress = progress, .self = ending };

	*ending = (struct ending){ 0 };
	zg_till_call(till, &call);
	json_decref(args);
}

static enum zg_result import_path(const char *path, struct ending *ending)
{
	begin(path, ending);
	wait_until(loop, ending->is_over);
	return ending->result;
}

static enum zg_result import_text(const char *text, struct ending *ending)
{
	char *path = write_file(text);
	enum zg_result result = import_path(path, ending);

	free(path);
	return result;
}

static int64_t count_goods(void)
{
	int64_t count = -1;

	cr_assert(eq(int, zg_items_count(till->store, &count, &err), ZG_OK));
	return count;
}

TestSuite(goods, .init = open_shop, .fini = close_shop);

static bool keep_row(const struct zg_journal_row *row, void *self)
{
	if (strcmp(row->kind, "product.import") == 0)
		*(char **)self = zg_copy(row->body);
	return true;
}

Test(goods, an_import_answers_with_counts_and_stands_in_the_journal)
{
	struct ending ending;
	char *body = NULL;

	enum zg_result result = import_text(GOODS_HEADING "A1,,可乐,瓶,3.50,13%,,piece\nA2,,雪碧,瓶,3.50,13%,,piece\n", &ending);

	cr_expect(eq(int, result, ZG_OK), "%s", ending.err.text);
	cr_expect(eq(long, zg_json_integer(ending.answer, "added", -1), 2));
	cr_expect(eq(long, zg_json_integer(ending.answer, "changed", -1), 0));
	cr_expect(eq(long, zg_json_integer(ending.answer, "same", -1), 0));
	cr_expect(eq(long, zg_json_integer(ending.answer, "rows", -1), 2));
	cr_expect(eq(long, ending.last_told, 100));
	zg_journal_read(till->store, 1, 0, keep_row, &body, &err);
	/* printf of the same text | sha256sum */
	cr_expect(eq(str, body ? body : "", "{\"added\":2,\"changed\":0,\"rows\":2,\"same\":0,\"sha256\":"
		     "\"90fb6f5b442a51ede3d93f3e49a7539329c55baab0b9e2f01440d76b119f943c\"}"));
	free(body);
	json_decref(ending.answer);
}

Test(goods, a_file_with_faults_changes_nothing_and_says_where_they_are)
{
	struct ending ending;

	enum zg_result result = import_text(GOODS_HEADING "A1,,可乐,瓶,3.50,13%,,piece\nA2,,雪碧,瓶,free,13%,,piece\n", &ending);

	cr_expect(eq(int, result, ZG_INVALID));
	cr_expect(eq(long, zg_json_integer(ending.answer, "fault_count", -1), 1));
	const json_t *fault = json_array_get(json_object_get(ending.answer, "faults"), 0);

	cr_expect(eq(long, zg_json_integer(fault, "line", -1), 3));
	cr_expect(eq(long, zg_json_integer(fault, "column", -1), 10));
	cr_expect(eq(long, count_goods(), 0));
	json_decref(ending.answer);
}

Test(goods, barcodes_of_other_goods_are_all_named)
{
	struct ending ending;

	import_text(GOODS_HEADING "A1,B1|B2,可乐,瓶,3.50,13%,,piece\n", &ending);
	json_decref(ending.answer);

	enum zg_result result = import_text(GOODS_HEADING "A2,x|B2,雪碧,瓶,3,13%,,piece\nA3,,y,瓶,3,13%,,piece\nB1,,z,瓶,3,13%,,piece\n", &ending);

	cr_expect(eq(int, result, ZG_INVALID));
	cr_expect(eq(long, zg_json_integer(ending.answer, "fault_count", -1), 2));
	const json_t *fault = json_array_get(json_object_get(ending.answer, "faults"), 0);

	cr_expect(eq(long, zg_json_integer(fault, "line", -1), 2));
	cr_expect(eq(long, zg_json_integer(fault, "column", -1), 6));
	cr_expect(eq(long, count_goods(), 1));
	json_decref(ending.answer);
}

Test(goods, a_file_that_cannot_be_read_says_so)
{
	static const struct { const char *path; enum zg_result result; } cases[] = {
		{ "goods.csv", ZG_USAGE }, { "/nowhere/goods.csv", ZG_INVALID }, { "/tmp", ZG_INVALID }, { "/dev/null", ZG_INVALID },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ending ending;

		cr_expect(eq(int, import_path(cases[i].path, &ending), cases[i].result), "%s", cases[i].path);
		cr_expect(ne(int, ending.err.text[0], 0));
		json_decref(ending.answer);
	}
}

static char *long_file(void)
{
	struct zg_buffer text = { 0 };

	zg_buffer_add_text(&text, GOODS_HEADING);
	for (int i = 0; i < 3000; i++)
		zg_buffer_print(&text, "N%d,,新货%d,,1,0%%,,piece\n", i, i);
	return zg_buffer_take(&text);
}

Test(goods, a_second_import_is_refused_while_one_runs)
{
	struct ending first, second;
	char *text = long_file(), *path = write_file(text);

	begin(path, &first);
	cr_expect(eq(int, import_path(path, &second), ZG_INVALID));
	wait_until(loop, first.is_over);

	cr_expect(eq(int, first.result, ZG_OK), "%s", first.err.text);
	cr_expect(eq(long, count_goods(), 3000));
	cr_expect(gt(int, first.told, 20));
	json_decref(first.answer);
	json_decref(second.answer);
	free(path);
	free(text);
}

Test(goods, a_till_that_closes_in_the_middle_keeps_its_old_list_and_imports_later)
{
	struct ending ending;
	char *text = long_file(), *path = write_file(text);

	begin(path, &ending);
	wait_until(loop, ending.last_told > 70);
	zg_till_close(till);
	cr_expect(ending.is_over);
	cr_expect(eq(int, ending.result, ZG_OFFLINE));
	json_decref(ending.answer);
	open_till();

	cr_expect(eq(long, count_goods(), 0));
	cr_expect(eq(int, import_path(path, &ending), ZG_OK), "%s", ending.err.text);
	cr_expect(eq(long, count_goods(), 3000));
	json_decref(ending.answer);
	free(path);
	free(text);
}

Test(goods, superseded_rows_are_removed_when_the_till_is_idle)
{
	struct ending ending;
	struct zg_item item;

	import_text(GOODS_HEADING "A1,,可乐,瓶,3.50,13%,,piece\n", &ending);
	json_decref(ending.answer);
	cr_assert(eq(int, zg_items_find_code(till->store, "A1", true, &item, &err), ZG_OK));
	int64_t id = item.id;

	import_text(GOODS_HEADING "A1,,可乐,瓶,4.50,13%,,piece\n", &ending);
	json_decref(ending.answer);
	wait_until(loop, till->tidy == 0);

	cr_expect(eq(int, zg_items_get(till->store, id, &item, &err), ZG_NOT_FOUND));
	cr_expect(eq(int, zg_items_find_code(till->store, "A1", true, &item, &err), ZG_OK));
	cr_expect(eq(long, item.price_fen, 450));
}

Test(goods, who_may_not_change_goods_imports_nothing)
{
	struct zg_person cashier = { .login = "lin", .name = "小林", .role = ZG_ROLE_CASHIER };
	struct ending ending;

	zg_till_sign_in(till, &cashier);

	cr_expect(eq(int, import_text(GOODS_HEADING, &ending), ZG_REFUSED));
	json_decref(ending.answer);
}
