/*
 * Whatever the store is asked, broken off at each statement and each row of it: it says so, blames neither the shop's rules nor
 * somebody from outside, and the books are as they were; asked again, it answers as if nothing had been. An answer that is given
 * all the same is the right one.
 */
#include "src/base/json.h"
#include "src/store/agree.h"
#include "src/store/days.h"
#include "src/store/item_import.h"
#include "src/store/items.h"
#include "src/store/jobs.h"
#include "src/store/journal.h"
#include "src/store/people.h"
#include "src/store/sales.h"
#include "src/store/search.h"
#include "src/store/shifts.h"
#include "src/store/story.h"
#include "src/store/transactions.h"
#include "tests/unit/breaker.h"
#include "tests/unit/busy_books.h"
#include "tests/unit/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static char *home;
static struct zg_store *store;
static const char *day;
static struct zg_error err;

static void open_with(enum breaker_kind kind)
{
	breaker_start(kind);
	home = busy_books_make();
	cr_assert(eq(int, zg_store_open(home, ZG_STORE_WRITE, &zg_real_clock, &store, &err), ZG_OK), "%s", err.text);
	day = busy_books_day(store);
}

static void open_books(void)
{
	open_with(BREAK_STEPS);
}

static void open_books_short_of_memory(void)
{
	open_with(BREAK_MEMORY);
}

static void close_books(void)
{
	zg_store_close(store);
	scratch_end(home);
}

TestSuite(broken_off, .init = open_books, .fini = close_books, .timeout = 300);
/* The same where SQLite asks for memory and gets none. */
TestSuite(short_of_memory_asked, .init = open_books_short_of_memory, .fini = close_books, .timeout = 300);

/* ---- what is asked: each writes its answer as text ---- */

struct question {
	const char *name;
	enum zg_result (*ask)(struct zg_buffer *out);
};


static void say_item(struct zg_buffer *out, const struct zg_item *item)
{
	zg_buffer_print(out, "%" PRId64 " %s %s %" PRId64 " %d %s;", item->id, item->code, item->name, item->price_fen, item->active, item->initials);
}

static enum zg_result say_items(struct zg_buffer *out, enum zg_result result, struct zg_item *items, size_t count)
{
	for (size_t i = 0; result == ZG_OK && i < count; i++)
		say_item(out, &items[i]);
	free(items);
	return result;
}

static enum zg_result find_code(struct zg_buffer *out)
{
	struct zg_item item = { 0 };
	enum zg_result result = zg_items_find_code(store, "6901028075831", true, &item, &err);

	say_item(out, &item);
	return result;
}

static enum zg_result get_item(struct zg_buffer *out)
{
	struct zg_item item = { 0 };
	enum zg_result result = zg_items_get(store, 2, &item, &err);

	say_item(out, &item);
	return result;
}

static enum zg_result barcodes(struct zg_buffer *out)
{
	char **codes;
	size_t count;
	enum zg_result result = zg_items_barcodes(store, 3, &codes, &count, &err);

	for (size_t i = 0; i < count; i++)
		zg_buffer_print(out, "%s ", codes[i]);
	free(codes);
	return result;
}

static enum zg_result list_items(struct zg_buffer *out)
{
	struct zg_item *items;
	size_t count;
	enum zg_result result = zg_items_list(store, "", false, 10, &items, &count, &err);

	return say_items(out, result, items, count);
}

static enum zg_result count_items(struct zg_buffer *out)
{
	int64_t count;
	enum zg_result result = zg_items_count(store, &count, &err);

	zg_buffer_print(out, "%" PRId64, count);
	return result;
}

static enum zg_result export_items(struct zg_buffer *out)
{
	char after[ZG_CODE_MAX + 1] = "";
	size_t count;

	return zg_items_export(store, after, 10, out, &count, &err);
}

static enum zg_result search(struct zg_buffer *out)
{
	static const char *const texts[] = { "水", "10", "6901028075831", "s", "果 1", "a", "ABC" };
	enum zg_result result = ZG_OK;

	for (size_t i = 0; result == ZG_OK && i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct zg_item *items;
		size_t count;

		result = zg_items_search(store, texts[i], true, 10, &items, &count, &err);
		result = say_items(out, result, items, count);
	}
	return result;
}

static void say_record(struct zg_buffer *out, const struct zg_sale_record *r)
{
	zg_buffer_print(out, "%" PRId64 " %d %s %" PRId64 " %" PRId64 " %s;", r->id, (int)r->state, r->number, r->total_fen, r->rounding_fen, r->anchor);
}

static enum zg_result find_sales(struct zg_buffer *out)
{
	struct zg_sale_record record = { 0 };
	enum zg_result result = zg_sales_find(store, BUSY_REFUND, &record, &err);

	say_record(out, &record);
	if (result == ZG_OK)
		result = zg_sales_find_number(store, "R010000002", &record, &err);
	say_record(out, &record);
	return result;
}

static enum zg_result load_sale(struct zg_buffer *out)
{
	struct zg_sale *sale;
	enum zg_result result = zg_sales_load(store, BUSY_SETTLED, &sale, &err);

	cr_expect(eq(int, result == ZG_OK, sale != NULL));
	if (sale)
		zg_buffer_print(out, "%zu %" PRId64 " %zu", zg_sale_line_count(sale), zg_sale_totals(sale)->payable_fen, zg_sale_tender_count(sale));
	zg_sale_free(sale);
	return result;
}

static enum zg_result list_sales(struct zg_buffer *out)
{
	static const struct zg_sale_filter filters[] = {
		{ .state = ZG_SALE_PAID }, { .state = ZG_SALE_PAID, .shift_id = BUSY_SHIFT }, { .state = ZG_SALE_PAID, .origin_id = BUSY_SETTLED },
		{ .state = ZG_SALE_HUNG, .text = "6901028075831" }, { .state = ZG_SALE_PAID, .text = "", .most = 1 },
	};
	enum zg_result result = ZG_OK;

	for (size_t f = 0; result == ZG_OK && f < sizeof(filters) / sizeof(filters[0]); f++) {
		struct zg_sale_row *rows;
		size_t count;

		result = zg_sales_list(store, &filters[f], &rows, &count, &err);
		cr_expect(result == ZG_OK || !rows);
		for (size_t i = 0; i < count; i++)
			say_record(out, &rows[i].record);
		free(rows);
	}
	return result;
}

static enum zg_result refundable(struct zg_buffer *out)
{
	struct zg_refundable *lines;
	size_t count;
	enum zg_result result = zg_sales_refundable(store, BUSY_SETTLED, &lines, &count, &err);

	for (size_t i = 0; result == ZG_OK && i < count; i++)
		zg_buffer_print(out, "%d %" PRId64 " %" PRId64 ";", lines[i].line_no, lines[i].sold, lines[i].refunded);
	free(lines);
	return result;
}

static enum zg_result sale_rows(struct zg_buffer *out)
{
	struct zg_line *lines;
	struct zg_tender tenders[ZG_SALE_TENDERS];
	size_t count = 0;
	int64_t open = 0;
	enum zg_result result = zg_sales_lines(store, BUSY_SETTLED, &lines, &count, &err);

	for (size_t i = 0; i < count; i++)
		zg_buffer_print(out, "%d %s %" PRId64 ";", lines[i].no, lines[i].code, lines[i].amount_fen);
	free(lines);
	if (result == ZG_OK)
		result = zg_sales_tenders(store, BUSY_SETTLED, tenders, &count, &err);
	if (result == ZG_OK)
		zg_buffer_print(out, "%zu %" PRId64, count, tenders[0].kept_fen);
	if (result == ZG_OK)
		result = zg_sales_open_id(store, &open, &err);
	if (result == ZG_OK)
		result = zg_sales_count_hung(store, &count, &err);
	zg_buffer_print(out, "%" PRId64 " %zu", open, count);
	return result;
}

static void say_shift(struct zg_buffer *out, const struct zg_shift *shift)
{
	zg_buffer_print(out, "%" PRId64 " %s %d %" PRId64 " %" PRId64 ";", shift->id, shift->day, shift->is_closed, shift->z_no, shift->counted_fen);
}

static enum zg_result find_shifts(struct zg_buffer *out)
{
	struct zg_shift shift = { 0 }, *shifts;
	size_t count;
	int64_t id = 0;
	enum zg_result result = zg_shifts_current(store, &shift, &err);

	say_shift(out, &shift);
	if (result == ZG_OK)
		result = zg_shifts_find(store, BUSY_CLOSED_SHIFT, &shift, &err);
	if (result == ZG_OK)
		result = zg_shifts_find_z(store, 1, &shift, &err);
	say_shift(out, &shift);
	if (result == ZG_OK)
		result = zg_shifts_counting(store, &id, &err);
	if (result != ZG_OK)
		return result;
	zg_buffer_print(out, "%" PRId64, id);
	result = zg_shifts_list(store, NULL, &shifts, &count, &err);
	for (size_t i = 0; i < count; i++)
		say_shift(out, &shifts[i]);
	free(shifts);
	return result;
}

static enum zg_result totals(struct zg_buffer *out)
{
	enum zg_result result = ZG_OK;

	for (int64_t id = 1; result == ZG_OK && id <= BUSY_SHIFT; id++) {
		struct zg_shift shift;
		struct zg_shift_span span;
		struct zg_totals sums;

		result = zg_shifts_find(store, id, &shift, &err);
		if (result == ZG_OK)
			result = zg_shifts_totals(store, &shift, &sums, &err);
		if (result == ZG_OK)
			result = zg_shifts_span(store, id, &span, &err);
		if (result != ZG_OK)
			break;
		json_t *object = zg_totals_json(&sums);
		char *text = zg_json_text(object);

		zg_buffer_print(out, "%s %s %" PRId64, text, span.last_number, span.discounts);
		free(text);
		json_decref(object);
	}
	return result;
}

static enum zg_result moves(struct zg_buffer *out)
{
	struct zg_cash_move *list;
	size_t count;
	enum zg_result result = zg_cash_moves(store, BUSY_SHIFT, &list, &count, &err);

	cr_expect(result == ZG_OK || !list);
	for (size_t i = 0; i < count; i++)
		zg_buffer_print(out, "%" PRId64 " %s;", list[i].amount_fen, list[i].reason);
	free(list);
	return result;
}

/* It was not counted since: that is a rule of the shop, and only that may be said. */
static enum zg_result counted(struct zg_buffer *out)
{
	zg_fen total = 0;
	json_t *pieces;
	enum zg_result result = zg_cash_count_last(store, BUSY_CLOSED_SHIFT, &total, &pieces, &err);

	json_decref(pieces);
	zg_buffer_print(out, "%" PRId64, total);
	return result;
}

static enum zg_result days(struct zg_buffer *out)
{
	char beside[ZG_DAY_TEXT] = "";
	struct zg_day_hours hours = { 0 };
	enum zg_result result = zg_days_beside(store, "2000-01-01", true, beside, &err);

	if (result == ZG_OK)
		result = zg_days_beside(store, "2999-01-01", false, beside, &err);
	if (result == ZG_OK)
		result = zg_days_hours(store, beside, &hours, &err);
	for (int i = 0; i < 24; i++)
		zg_buffer_print(out, "%s %" PRId64 " ", beside, hours.taken_fen[i]);
	return result;
}

static enum zg_result story(struct zg_buffer *out)
{
	struct zg_sale_record record = { 0 };
	struct zg_story rows = { 0 };
	enum zg_result result = zg_sales_find(store, BUSY_SETTLED, &record, &err);

	if (result == ZG_OK)
		result = zg_story_read(store, &record, &rows, &err);
	cr_expect(result == ZG_OK || rows.count == 0);
	for (size_t i = 0; i < rows.count; i++)
		zg_buffer_print(out, "%" PRId64 " %s %zu;", rows.rows[i].seq, rows.rows[i].kind, json_object_size(rows.rows[i].body));
	zg_story_clear(&rows);
	return result;
}

static enum zg_result transactions(struct zg_buffer *out)
{
	struct zg_transaction *list;
	size_t count;
	enum zg_result result = zg_transactions_of_day(store, day, &list, &count, &err);

	cr_expect(result == ZG_OK || !list);
	for (size_t i = 0; i < count; i++)
		zg_buffer_print(out, "%s %" PRId64 " %s;", zg_transaction_name(list[i].kind), list[i].amount_fen, list[i].reason);
	free(list);
	return result;
}

static bool visit(const struct zg_journal_row *row, void *self)
{
	zg_buffer_print(self, "%" PRId64 " %s %s;", row->seq, row->kind, row->body);
	return true;
}

static enum zg_result read_journal(struct zg_buffer *out)
{
	struct zg_journal_mark mark = { 0 };
	enum zg_result result = zg_journal_head(store, &mark, &err);

	zg_buffer_print(out, "%" PRId64 " %s", mark.seq, mark.anchor);
	return result == ZG_OK ? zg_journal_read(store, 2, 20, visit, out, &err) : result;
}

static enum zg_result verify(struct zg_buffer *out)
{
	struct zg_journal_check check;
	enum zg_result result = zg_journal_verify(store, &check, &err);

	zg_buffer_print(out, "%" PRId64 " %s", check.rows, check.anchor);
	cr_expect(eq(long, (long)check.bad_seq, 0));
	return result;
}

static enum zg_result check_head(struct zg_buffer *out)
{
	(void)out;
	return zg_journal_check_head(store, &err);
}

static enum zg_result agree(struct zg_buffer *out)
{
	(void)out;
	return zg_books_agree(store, &err);
}

static enum zg_result people(struct zg_buffer *out)
{
	struct zg_person person = { 0 }, *list = NULL;
	char hash[ZG_HASH_MAX + 1] = "";
	size_t count = 0;
	enum zg_result result = zg_people_find(store, "lin", &person, &err);

	if (result == ZG_OK)
		result = zg_people_hash(store, "lin", hash, &err);
	if (result == ZG_OK)
		result = zg_people_list(store, &list, &count, &err);
	zg_buffer_print(out, "%s %s %zu", person.name, hash, count);
	cr_expect(result == ZG_OK || !list);
	free(list);
	return result;
}

static enum zg_result jobs(struct zg_buffer *out)
{
	struct zg_job job = { 0 }, *list = NULL;
	char *document = NULL;
	size_t count = 0, waiting = 0, unprinted = 0;
	int copies = 0;
	enum zg_result result = zg_jobs_find(store, 1, &job, &document, &err);

	if (result == ZG_OK) {
		zg_buffer_print(out, "%s %s", job.kind, document);
		free(document);
		document = NULL;
		result = zg_jobs_next(store, &job, &document, &err);
	}
	if (result == ZG_OK) {
		free(document);
		document = NULL;
		result = zg_jobs_document(store, "sale", 1, &document, &err);
	}
	cr_expect(result == ZG_OK || !document);
	free(document);
	if (result == ZG_OK)
		result = zg_jobs_unprinted(store, &list, &count, &err);
	free(list);
	if (result == ZG_OK)
		result = zg_jobs_count(store, &waiting, &unprinted, &err);
	if (result == ZG_OK)
		result = zg_jobs_copies(store, "sale", 1, &copies, &err);
	zg_buffer_print(out, "%s %zu %zu %zu %d", job.kind, count, waiting, unprinted, copies);
	return result;
}

static enum zg_result numbers(struct zg_buffer *out)
{
	int64_t receipt = 0, z = 0;
	enum zg_result result = zg_store_last(store, "receipt", &receipt, &err);

	if (result == ZG_OK)
		result = zg_store_last(store, "z", &z, &err);
	zg_buffer_print(out, "%" PRId64 " %" PRId64, receipt, z);
	return result;
}

static enum zg_result check_schema(struct zg_buffer *out)
{
	(void)out;
	return zg_store_check_schema(store, &err);
}

static enum zg_result check_pages(struct zg_buffer *out)
{
	(void)out;
	return zg_store_check_pages(store, &err);
}

static const struct question questions[] = {
	{ "find a code", find_code }, { "get goods", get_item }, { "barcodes", barcodes }, { "list goods", list_items },
	{ "count goods", count_items }, { "export goods", export_items }, { "search", search }, { "find sales", find_sales },
	{ "load a sale", load_sale }, { "list sales", list_sales }, { "what can be refunded", refundable }, { "a sale's rows", sale_rows },
	{ "find shifts", find_shifts }, { "totals", totals }, { "cash moves", moves }, { "the count", counted }, { "days", days },
	{ "story", story }, { "transactions", transactions }, { "read the journal", read_journal }, { "verify", verify },
	{ "check the head", check_head }, { "agree", agree }, { "people", people }, { "jobs", jobs }, { "numbers", numbers },
	{ "check the schema", check_schema }, { "check the pages", check_pages },
};

/* Broken off it is the till's own trouble; an answer all the same is the one that was given before. */
static void look_at(const struct question *q, long at, bool for_good, enum zg_result result, const struct zg_buffer *out, const struct zg_buffer *right)
{
	if (result == ZG_OK)
		cr_assert(eq(str, (char *)zg_buffer_text(out), (char *)zg_buffer_text(right)), "%s, %ld%s", q->name, at, for_good ? " on" : "");
	else
		cr_assert(result == ZG_BROKEN && err.text[0], "%s, %ld%s: %s: %s", q->name, at, for_good ? " on" : "", zg_result_name(result), err.text);
}

static void break_questions(void)
{
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		const struct question *q = &questions[i];
		struct zg_buffer right = { 0 };
		long refused = 0;
		bool broke = true;

		cr_assert(eq(int, q->ask(&right), ZG_OK), "%s: %s", q->name, err.text);
		for (long at = 1; broke; at += 1 + at / 16) {
			for (int for_good = 0; for_good < 2; for_good++) {
				struct zg_buffer out = { 0 };

				err.text[0] = '\0';
				breaker_set(at, for_good);
				enum zg_result result = q->ask(&out);

				broke = breaker_off();
				cr_assert(broke || result == ZG_OK, "%s, %ld: %s", q->name, at, err.text);
				look_at(q, at, for_good, result, &out, &right);
				refused += result != ZG_OK;
				zg_buffer_clear(&out);
			}
		}
		cr_expect(gt(long, refused, 0), "%s was never broken off", q->name);
		zg_buffer_clear(&right);
	}
}

Test(broken_off, a_question_is_answered_right_or_not_at_all)
{
	break_questions();
}

Test(short_of_memory_asked, a_question_is_answered_right_or_not_at_all)
{
	break_questions();
}
