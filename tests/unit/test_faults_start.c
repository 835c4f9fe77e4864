/* A start, an import and a disk, while something fails. */
#include "drivers/printer/escpos.h"
#include "src/base/alloc.h"
#include "src/store/jobs.h"
#include "src/till/private.h"
#include "tests/unit/fault.h"
#include "tests/unit/goods.h"
#include "tests/unit/whole.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(faults_start, .init = whole_begin, .fini = whole_end, .timeout = 240);

static void write_file(const char *name, const char *text)
{
	char *path = zg_print("%s/%s", shop->home, name);
	FILE *file = fopen(path, "w");

	cr_assert(ne(ptr, file, NULL), "%s", path);
	fputs(text, file);
	fclose(file);
	free(path);
}

/* ---- a start ---- */

/* After a sudden end, with a clock that went back and a sale under way, so that a start has all its work to do. */
static void leave_suddenly(void)
{
	shop_close(shop);
	write_file("zhanggui.running", "");
	shop->now_ms -= 5000;
}

Test(faults_start, a_till_starts_whole_or_says_why_not)
{
	bool is_over = false;
	int n = 0, refused = 0;

	have_paid();
	have_sale();
	whole_settle();
	shop_restart(shop);
	cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK));
	char *shown = whole_screen();

	for (; n < 100 && !is_over; n++) {
		leave_suddenly();
		shop->err.text[0] = '\0';
		fault_at(n, SQLITE_NOMEM, false);
		enum zg_result result = shop_open(shop);

		fault_off();
		is_over = !fault_is_met();
		if (result != ZG_OK) {
			cr_expect(gt(sz, strlen(shop->err.text), 0), "at %d (%s): not a word", n, fault_where());
			cr_expect(eq(ptr, shop->till, NULL));
			cr_assert(eq(int, shop_open(shop), ZG_OK), "after %d (%s): %s", n, fault_where(), shop->err.text);
			refused++;
		}
		whole_settle();
		cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK), "at %d (%s): %s", n, fault_where(), shop->err.text);
		char *now = whole_screen();

		cr_expect(eq(str, now, shown), "at %d (%s)", n, fault_where());
		free(now);
	}
	cr_expect(is_over);
	cr_expect(gt(int, refused, 3));
	DO("sale.pay", "{s:i}", "tendered_fen", 5000);
	free(shown);
}

/* ---- the check of every page after a sudden end ---- */

static const char *alarm_after(const char *script)
{
	static const struct zg_printer_driver *const none[] = { NULL };
	char *program = zg_print("%s/doctor.sh", shop->home);
	struct zg_till_parts parts = { .home = shop->home, .clock = &shop->clock, .is_counter = true, .printers = none, .program = program };

	write_file("doctor.sh", script);
	cr_assert(eq(int, chmod(program, 0700), 0));
	shop_close(shop);
	write_file("zhanggui.running", "");
	parts.loop = shop->loop = zg_loop_new(&shop->clock);
	cr_assert(eq(int, zg_till_open(&parts, &shop->till, &shop->err), ZG_OK), "%s", shop->err.text);
	for (int i = 0; i < 100; i++)
		zg_loop_step(shop->loop, 10);
	free(program);
	return zg_till_newest_alarm(shop->till);
}

Test(faults_start, after_a_sudden_end_the_books_are_looked_over)
{
	cr_expect(eq(str, (char *)alarm_after("#!/bin/sh\necho '{\"checks\": [{\"well\": true, \"text\": \"x\"}]}'\n"), ""));
	cr_expect(eq(str, (char *)alarm_after("#!/bin/sh\necho '{\"checks\": [{\"well\": false, \"text\": \"Page 7 is damaged.\"}]}'\nexit 1\n"),
		     "Page 7 is damaged."));
	cr_expect(ne(ptr, strstr(alarm_after("#!/bin/sh\nexit 5\n"), "could not be checked"), NULL));
}

/* What must be said first is not covered by what comes later: screens show one after the other. */
Test(faults_start, no_alarm_covers_another)
{
	have_paid();
	alarm_after("#!/bin/sh\nexit 5\n");
	cr_assert(eq(u64, zg_till_state(shop->till)->alarmed, 2));
	cr_expect(ne(ptr, strstr(zg_till_alarm(shop->till, 0), "The till ended suddenly"), NULL));
	cr_expect(ne(ptr, strstr(zg_till_alarm(shop->till, 1), "could not be checked"), NULL));
	cr_expect(eq(str, (char *)zg_till_alarm(shop->till, 2), ""));
	for (int i = 0; i < ZG_ALARMS; i++)
		zg_till_raise(shop->till, "alarm %d", i);
	cr_expect(eq(str, (char *)zg_till_alarm(shop->till, 1), ""));    /* long ago: it is in the log */
	cr_expect(eq(str, (char *)zg_till_alarm(shop->till, 2), "alarm 0"));
	cr_expect(eq(str, (char *)zg_till_newest_alarm(shop->till), "alarm 7"));
}

/* ---- an import ---- */

static char *list_of_goods(void)
{
	struct zg_buffer text = goods_export(zg_till_store(shop->till));

	return zg_buffer_take(&text);
}

/* The list is the old one or the new one. */
Test(faults_start, an_import_changes_the_list_whole_or_not)
{
	static const char *const lists[] = { GOODS_HEADING "1001,,水,瓶,2.50,13%,,piece\n1004,,茶,杯,9.00,6%,,piece\n",
		GOODS_HEADING "1001,,水,瓶,2.00,13%,,piece\n1004,,茶,杯,8.00,6%,,piece\n" };
	char *path = zg_print("%s/new.csv", shop->home);
	bool is_over = false;
	int n = 0, refused = 0;

	for (; n < 300 && !is_over; n++) {
		write_file("new.csv", lists[n % 2]);
		whole_settle();
		char *before = list_of_goods(), *after;
		uint64_t books = whole_books();

		fault_at(n, SQLITE_FULL, false);
		enum zg_result result = shop_do(shop, "product.import", "{s:s}", "path", path);

		fault_off();
		is_over = !fault_is_met();
		after = list_of_goods();
		if (result != ZG_OK) {
			cr_expect(eq(str, after, before), "at %d (%s)", n, fault_where());
			cr_expect(eq(u64, whole_books(), books), "at %d (%s)", n, fault_where());
			cr_expect(gt(sz, strlen(shop->err.text), 0), "at %d (%s): not a word", n, fault_where());
			refused++;
			DO("product.import", "{s:s}", "path", path);
			free(after);
			after = list_of_goods();
		}
		cr_expect(ne(str, after, before), "at %d (%s)", n, fault_where());
		free(before);
		free(after);
	}
	cr_expect(is_over);
	cr_expect(gt(int, refused, 5), "of %d", n);
	free(path);
}

Test(faults_start, a_file_that_cannot_be_read_to_its_end_changes_nothing)
{
	char *big = zg_print("%s/big.csv", shop->home), *before = list_of_goods(), *after;

	write_file("big.csv", GOODS_HEADING);
	cr_assert(eq(int, truncate(big, 600L * 1024 * 1024), 0));    /* a hole, which takes no room */
	cr_expect(eq(int, shop_do(shop, "product.import", "{s:s}", "path", big), ZG_INVALID));
	cr_expect(ne(ptr, strstr(shop->err.text, "The file is larger than"), NULL), "%s", shop->err.text);
	cr_expect(eq(int, shop_do(shop, "product.import", "{s:s}", "path", "/proc/self/mem"), ZG_INVALID));
	cr_expect(ne(ptr, strstr(shop->err.text, "could not be read to its end"), NULL), "%s", shop->err.text);
	after = list_of_goods();
	cr_expect(eq(str, after, before));
	free(after);
	free(before);
	free(big);
}

/* ---- a disk without room, and names that it refuses ---- */

/* No new sale, but the day can be closed, with the sale that could not be settled still under way. */
Test(faults_start, on_a_full_disk_nothing_is_sold_and_the_day_is_closed)
{
	char *reserve = zg_print("%s/reserve", shop->home);

	have_sale();
	whole_settle();
	cr_expect(eq(int, access(reserve, F_OK), 0));
	fault_room(true);
	whole_settle();
	cr_expect(zg_till_state(shop->till)->is_low);
	uint64_t before = whole_books();

	cr_expect(eq(int, shop_do(shop, "sale.pay", NULL), ZG_REFUSED));
	cr_expect(ne(ptr, strstr(shop->err.text, "The disk is almost full"), NULL), "%s", shop->err.text);
	cr_expect(eq(u64, whole_books(), before));
	DO("shift.count", "{s:i}", "total_fen", 20000);
	cr_expect(eq(int, access(reserve, F_OK), -1));
	DO("shift.close", NULL);
	cr_expect(eq(int, zg_sale_totals(zg_till_sale(shop->till))->lines, 2), "it waits for the next shift");
	fault_room(false);
	whole_settle();
	cr_expect(not(zg_till_state(shop->till)->is_low));
	cr_expect(eq(int, access(reserve, F_OK), 0), "the next time there is room again");
	DO("shift.open", "{s:i}", "float_fen", 0);
	DO("sale.pay", NULL);
	free(reserve);
}

/* The row is in the books, and the file kept its old words: it is said. */
Test(faults_start, settings_that_the_disk_does_not_take_are_told)
{
	fault_names(true);
	DO("shop.set", "{s:s}", "phone", "028-555");
	fault_names(false);
	cr_expect(ne(ptr, strstr(zg_till_newest_alarm(shop->till), "zhanggui.conf cannot be written"), NULL), "%s", zg_till_newest_alarm(shop->till));
	cr_expect(eq(str, (char *)zg_till_config(shop->till)->phone, ""));
	DO("shop.set", "{s:s}", "phone", "028-555");
	cr_expect(eq(str, (char *)zg_till_config(shop->till)->phone, "028-555"));
}

Test(faults_start, a_seal_that_the_disk_does_not_take_is_told)
{
	have_count();
	fault_names(true);
	DO("shift.close", NULL);
	fault_names(false);
	cr_expect(ne(str, (char *)zg_till_newest_alarm(shop->till), ""));
}

/* ---- slips in the books ---- */

/* Past the books' own rules, as somebody would who changes the file. */
static void change_books(const char *sql)
{
	char *path = zg_print("%s/zhanggui.db", shop->home);
	sqlite3 *db;

	cr_assert(eq(int, sqlite3_open(path, &db), SQLITE_OK));
	cr_assert(eq(int, sqlite3_exec(db, "DROP TRIGGER IF EXISTS print_job_fixed", NULL, NULL, NULL), SQLITE_OK), "%s", sqlite3_errmsg(db));
	cr_assert(eq(int, sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK), "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
	free(path);
}

static void spoil(int64_t job)
{
	char *sql = zg_print("UPDATE print_job SET body = '{no JSON' WHERE id = %lld", (long long)job);

	change_books(sql);
	free(sql);
}

static json_t *document_of(int64_t id)
{
	struct zg_job job;
	char *text = NULL;

	cr_assert(eq(int, zg_jobs_find(zg_till_store(shop->till), id, &job, &text, &shop->err), ZG_OK), "%s", shop->err.text);
	json_t *document = zg_json_parse(text, strlen(text));

	free(text);
	return document;
}

/* The books say it all again. */
Test(faults_start, a_slip_whose_document_is_spoilt_is_made_again_from_the_books)
{
	have_sale();
	DO("sale.remove", "{s:i}", "line", 1);
	DO("sale.pay", "{s:i}", "tendered_fen", 5000);
	snprintf(had_number, sizeof(had_number), "%s", shop_text(shop, "number"));
	whole_settle();
	int64_t first = whole_number("SELECT id FROM print_job WHERE kind = 'sale'");
	json_t *was = document_of(first), *is;

	spoil(first);
	DO("print.receipt", "{s:s}", "number", had_number);
	is = document_of(shop_integer(shop, "job"));
	cr_assert(ne(ptr, is, NULL));
	cr_expect(json_equal(json_object_get(is, "lines"), json_object_get(was, "lines")));
	cr_expect(json_equal(json_object_get(is, "taxes"), json_object_get(was, "taxes")));
	cr_expect(eq(long, zg_json_integer(is, "total_fen", -1), zg_json_integer(was, "total_fen", -2)));
	cr_expect(eq(str, (char *)zg_json_string(is, "anchor", ""), (char *)zg_json_string(was, "anchor", "?")));
	json_decref(is);
	json_decref(was);

	have_no_shift();
	whole_settle();
	spoil(whole_number("SELECT id FROM print_job WHERE kind = 'z'"));
	DO("print.report", "{s:s, s:i}", "kind", "z", "z", 1);
	is = document_of(shop_integer(shop, "job"));
	cr_expect(eq(long, zg_json_integer(is, "number", 0), 1));
	json_decref(is);
}

static void set_state(int64_t job, enum zg_job_state state)
{
	struct zg_store *store = (struct zg_store *)(uintptr_t)zg_till_store(shop->till);

	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_NORMAL, NULL), ZG_OK));
	cr_assert(eq(int, state == ZG_JOB_SENT ? zg_jobs_await(store, job, NULL) : zg_jobs_set(store, job, state, "", NULL), ZG_OK));
	cr_assert(eq(int, zg_store_commit(store, NULL), ZG_OK));
}

Test(faults_start, only_what_is_still_waited_for_can_be_set_aside_or_printed_again)
{
	static const struct { enum zg_job_state state; enum zg_result retry, drop; } cases[] = {
		{ ZG_JOB_SENDING, ZG_INVALID, ZG_OK }, { ZG_JOB_SENT, ZG_INVALID, ZG_OK }, { ZG_JOB_PRINTED, ZG_INVALID, ZG_INVALID },
		{ ZG_JOB_DROPPED, ZG_INVALID, ZG_INVALID }, { ZG_JOB_FAILED, ZG_OK, ZG_OK }, { ZG_JOB_UNKNOWN, ZG_OK, ZG_OK },
	};

	have_paid();
	change_books("SELECT 1");    /* a slip may be in any state */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (int drop = 0; drop < 2; drop++) {
			DO("print.receipt", "{s:s}", "number", had_number);
			int64_t job = shop_integer(shop, "job");

			whole_settle();
			set_state(job, cases[i].state);
			cr_expect(eq(int, shop_do(shop, drop ? "print.drop" : "print.retry", "{s:I}", "job", (json_int_t)job),
				     drop ? cases[i].drop : cases[i].retry), "%s: %s", zg_job_state_name(cases[i].state), shop->err.text);
		}
	}
	DO("print.receipt", "{s:s}", "number", had_number);
	int64_t doubtful = shop_integer(shop, "job");

	whole_settle();
	set_state(doubtful, ZG_JOB_UNKNOWN);
	spoil(doubtful);
	cr_expect(eq(int, shop_do(shop, "print.retry", "{s:I}", "job", (json_int_t)doubtful), ZG_BROKEN));
	cr_expect(ne(ptr, strstr(shop->err.text, "cannot be read any more"), NULL), "%s", shop->err.text);
}

/* With a printer that is not there: slips wait, one of them is tried again and set aside, and a test page comes last. */
Test(faults_start, what_waits_for_a_printer_can_be_tried_again_and_set_aside)
{
	static const struct zg_printer_driver *const drivers[] = { &zg_escpos, NULL };
	char *link = zg_print("file:%s/nowhere", shop->home);

	shop_close(shop);
	cr_assert(eq(int, zg_config_change(shop->home, (const char *const[]){ "printer.link", link, NULL }, &shop->err), ZG_OK));
	shop->printers = drivers;
	cr_assert(eq(int, shop_open(shop), ZG_OK), "%s", shop->err.text);
	cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK));
	have_paid();
	DO("print.receipt", "{s:s}", "number", had_number);
	int64_t job = shop_integer(shop, "job"), rows = whole_number("SELECT count(*) FROM journal");

	DO("print.retry", "{s:I}", "job", (json_int_t)job);
	cr_expect(eq(long, whole_number("SELECT count(*) FROM journal"), rows), "it waits already: nothing has changed");
	DO("print.drop", "{s:I}", "job", (json_int_t)job);
	DO("print.test", NULL);
	json_t *page = document_of(shop_integer(shop, "job"));

	cr_expect(eq(str, (char *)zg_json_string(page, "link", ""), link));
	cr_expect(eq(long, zg_json_integer(page, "columns", 0), 48));
	json_decref(page);
	shop->printers = NULL;
	shop_restart(shop);
	cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK));
	cr_expect(eq(int, shop_do(shop, "print.test", NULL), ZG_INVALID));
	cr_expect(ne(ptr, strstr(shop->err.text, "does not have"), NULL), "%s", shop->err.text);
	free(link);
}

static bool is_blind(const char *who, const char *with)
{
	cr_assert(eq(int, shop_do_as(shop, who, with, "print.report", "{s:s}", "kind", "x"), ZG_OK), "%s", shop->err.text);
	json_t *document = document_of(shop_integer(shop, "job"));
	bool is = zg_json_boolean(document, "blind");

	json_decref(document);
	return is;
}

/* What the drawer should hold is not for the eyes of who will count it, whoever stands at the counter. */
Test(faults_start, an_x_is_blind_for_the_one_who_asks)
{
	cr_expect(is_blind("lin", NULL), "boss is at the counter");
	cr_expect(not(is_blind("boss", NULL)));
	cr_expect(not(is_blind("lin", "ding")), "a supervisor lends her eyes");
	cr_assert(eq(int, shop_sign_in(shop, "lin"), ZG_OK));
	cr_expect(is_blind("lin", NULL));
	cr_expect(not(is_blind("ding", NULL)));
}

/* ---- callers who do not listen ---- */

Test(faults_start, an_act_is_done_for_those_who_do_not_wait_too)
{
	json_t *args = zg_json_parse("{\"amount_fen\": 500, \"reason\": \"x\"}", 34);

	zg_till_call(shop->till, &(struct zg_call){ .act = "cash.in", .args = args });
	zg_till_call(shop->till, &(struct zg_call){ .act = "no.such.act" });
	zg_till_call(shop->till, &(struct zg_call){ .act = "cash.in", .args = args, .as = "lin" });
	zg_till_call(shop->till, &(struct zg_call){ .act = "cash.in", .args = args, .with = "lin" });
	for (int i = 0; i < 1000 && (i < 20 || !zg_till_is_idle(shop->till)); i++)
		zg_loop_step(shop->loop, 10);
	cr_expect(eq(long, whole_number("SELECT count(*) FROM cash_move"), 1), "without a PIN nothing is done");
	json_decref(args);
}

static int heard;

static void hear(void *self, enum zg_result result, const json_t *answer, const struct zg_error *err)
{
	(void)self, (void)answer;
	heard += result == ZG_REFUSED && err && strstr(err->text, "Too many people") != NULL;
}

/* A flood of PINs is cut off, and those who came first are answered. */
Test(faults_start, too_many_at_once_are_told_to_wait)
{
	for (int i = 0; i < 40; i++)
		zg_till_call(shop->till, &(struct zg_call){ .act = "session.lock", .as = "lin", .pin = SHOP_PIN, .done = hear });
	for (int i = 0; i < 3000 && (i < 20 || !zg_till_is_idle(shop->till)); i++)
		zg_loop_step(shop->loop, 10);
	cr_expect(zg_till_is_idle(shop->till));
	cr_expect(gt(int, heard, 0));
	cr_expect(lt(int, heard, 40));
}

static int added;

static void count_added(void *self, enum zg_result result, const json_t *answer, const struct zg_error *err)
{
	(void)self, (void)answer, (void)err;
	added += result == ZG_OK;
}

/* Three people at once, and the till closes on the fourth. */
Test(faults_start, several_people_are_added_at_once)
{
	for (int i = 0; i < 4; i++) {
		char *text = zg_print("{\"login\": \"new%d\", \"name\": \"x\", \"role\": \"cashier\", \"pin\": \"8352\"}", i);
		json_t *args = zg_json_parse(text, strlen(text));

		if (i == 3)
			for (int j = 0; j < 2000 && added < 3; j++)
				zg_loop_step(shop->loop, 10);
		zg_till_call(shop->till, &(struct zg_call){ .act = "user.add", .args = args, .done = count_added });
		json_decref(args);
		free(text);
	}
	shop_close(shop);
	cr_expect(eq(int, added, 3));
	cr_expect(eq(long, whole_number("SELECT count(*) FROM person WHERE login LIKE 'new%'"), 3));
}
