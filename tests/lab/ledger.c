#include "tests/lab/ledger.h"

#include "tests/lab/reference.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 4, 5))) static void check(struct ledger *l, int64_t seq, bool is_right, const char *format, ...)
{
	va_list args;
	int used;

	if (is_right)
		return;
	if (l->faults++ > 0)
		return;
	used = snprintf(l->fault, sizeof(l->fault), "journal row %" PRId64 ": ", seq);
	va_start(args, format);
	vsnprintf(l->fault + used, sizeof(l->fault) - (size_t)used, format, args);
	va_end(args);
}

static int64_t integer(const json_t *object, const char *name)
{
	return (int64_t)json_integer_value(json_object_get(object, name));
}

static const char *text(const json_t *object, const char *name)
{
	const char *value = json_string_value(json_object_get(object, name));

	return value ? value : "";
}

/* Room for the shift, also for one that is yet to open. */
static struct ledger_shift *shift_at(struct ledger *l, int64_t id)
{
	if (id < 1 || id > 10000000)
		id = 1;    /* told by whoever compares */
	while ((size_t)id > l->room) {
		size_t room = l->room ? 2 * l->room : 16;

		l->shifts = realloc(l->shifts, room * sizeof(*l->shifts));
		memset(l->shifts + l->room, 0, (room - l->room) * sizeof(*l->shifts));
		l->room = room;
	}
	if ((size_t)id > l->count)
		l->count = (size_t)id;
	return &l->shifts[id - 1];
}

/* "R010000187": the next one, of this till. */
static void take_number(struct ledger *l, int64_t seq, const json_t *body)
{
	const char *number = text(body, "number");
	int till = 0;
	int64_t no = 0;
	char again[40];

	sscanf(number, "R%2d%" SCNd64, &till, &no);
	snprintf(again, sizeof(again), "R%02d%07" PRId64, till, no);
	check(l, seq, strcmp(again, number) == 0 && (l->till_id == 0 || till == l->till_id), "%s is no number of this till", number);
	check(l, seq, no == l->receipts + 1, "%s does not follow %" PRId64, number, l->receipts);
	l->till_id = till;
	l->receipts++;
	if ((size_t)l->receipts > l->receipt_room) {
		l->receipt_room = l->receipt_room ? 2 * l->receipt_room : 1024;
		l->shift_of = realloc(l->shift_of, l->receipt_room * sizeof(*l->shift_of));
	}
	l->shift_of[l->receipts - 1] = integer(body, "shift");
}

static void same(struct ledger *l, int64_t seq, const json_t *row, const char *name, int64_t ours)
{
	check(l, seq, integer(row, name) == ours, "%s is %" PRId64 " and should be %" PRId64, name, integer(row, name), ours);
}

/* A sold line: everything but what the rules gave is worked out again. Returns what was paid for it. */
static int64_t sold_line(struct ledger *l, int64_t seq, const json_t *row, struct sums *sums)
{
	int64_t quantity = integer(row, "quantity_milli"), gross = (int64_t)ref_times(integer(row, "price_fen"), quantity);
	int64_t discount = integer(row, "discount_fen"), share = integer(row, "share_fen"), rounding = integer(row, "rounding_fen");
	int64_t paid = gross - discount - share - rounding, net = ref_net(paid, integer(row, "tax_bp"));

	same(l, seq, row, "gross_fen", gross);
	same(l, seq, row, "paid_fen", paid);
	same(l, seq, row, "net_fen", net);
	same(l, seq, row, "tax_fen", paid - net);
	check(l, seq, discount >= 0 && share >= 0 && rounding >= 0 && paid >= 0 && quantity >= 0, "a line takes off more than there is");
	if (integer(row, "removed_milli") > 0) {
		ref_wide removed = ref_times(integer(row, "price_fen"), integer(row, "removed_milli"));

		same(l, seq, row, "removed_fen", removed > REF_FEN_MAX ? REF_FEN_MAX : (int64_t)removed);
		sums->figure[SUM_REMOVED_LINES]++;
		sums->figure[SUM_REMOVED] += integer(row, "removed_fen");
	}
	sums->figure[SUM_GROSS] += gross;
	sums->figure[SUM_LINE_DISCOUNT] += discount;
	sums->figure[SUM_SALE_DISCOUNT] += share;
	sums->figure[SUM_ROUNDING] += rounding;
	sums->discounts += discount > 0;
	sums->overrides += quantity > 0 && json_object_get(row, "list_fen") != NULL;
	if (quantity > 0)
		sums_tax(sums, integer(row, "tax_bp"), net, paid - net);
	return paid;
}

static void sale_paid(struct ledger *l, int64_t seq, const json_t *body)
{
	const json_t *lines = json_object_get(body, "lines"), *tenders = json_object_get(body, "tenders");
	struct ledger_shift *shift = shift_at(l, integer(body, "shift"));
	struct sums sums = { .rates = 0 };
	int64_t paid = 0, kept = 0;

	take_number(l, seq, body);
	check(l, seq, strcmp(shift->day, text(body, "day")) == 0 && shift->z == 0, "a sale in a shift of another day, or one that is closed");
	for (size_t i = 0; i < json_array_size(lines); i++)
		paid += sold_line(l, seq, json_array_get(lines, i), &sums);
	for (size_t i = 0; i < json_array_size(tenders); i++) {
		const json_t *row = json_array_get(tenders, i);
		int kind = sums_kind(text(row, "kind"));

		check(l, seq, kind >= 0 && integer(row, "tendered_fen") >= integer(row, "kept_fen") && integer(row, "kept_fen") >= 0, "a tender of %s",
		      text(row, "kind"));
		sums.kept[kind < 0 ? SUMS_KINDS - 1 : kind] += integer(row, "kept_fen");
		kept += integer(row, "kept_fen");
	}
	sums.discounts += sums.figure[SUM_SALE_DISCOUNT] > 0;
	sums.figure[SUM_SALES] = 1;
	sums.figure[SUM_SOLD] = paid;
	check(l, seq, paid == kept, "lines of %" PRId64 ", tenders of %" PRId64, paid, kept);
	same(l, seq, body, "paid_fen", paid);
	same(l, seq, body, "gross_fen", sums.figure[SUM_GROSS]);
	same(l, seq, body, "line_discount_fen", sums.figure[SUM_LINE_DISCOUNT]);
	same(l, seq, body, "sale_discount_fen", sums.figure[SUM_SALE_DISCOUNT]);
	same(l, seq, body, "rounding_fen", sums.figure[SUM_ROUNDING]);
	sums_add(&shift->sums, &sums);
}

static void sale_refund(struct ledger *l, int64_t seq, const json_t *body)
{
	const json_t *lines = json_object_get(body, "lines");
	struct ledger_shift *shift = shift_at(l, integer(body, "shift"));
	struct sums *sums = &shift->sums;
	const json_t *tenders = json_object_get(body, "tenders");
	int64_t value = 0, rounding = 0, money = 0, given = 0;

	take_number(l, seq, body);
	check(l, seq, strcmp(shift->day, text(body, "day")) == 0 && shift->z == 0, "a refund in a shift of another day, or one that is closed");
	for (size_t i = 0; i < json_array_size(lines); i++) {
		const json_t *row = json_array_get(lines, i);
		int64_t back = integer(row, "amount_fen") - integer(row, "rounding_fen");

		check(l, seq, integer(row, "net_fen") + integer(row, "tax_fen") == back && back >= 0 && integer(row, "quantity_milli") > 0,
		      "a line of a refund gives %" PRId64, back);
		value += integer(row, "amount_fen");
		rounding += integer(row, "rounding_fen");
		money += back;
		sums_tax(sums, integer(row, "tax_bp"), -integer(row, "net_fen"), -integer(row, "tax_fen"));
	}
	same(l, seq, body, "rounding_fen", rounding);
	same(l, seq, body, "refunded_fen", money);
	for (size_t i = 0; i < json_array_size(tenders); i++) {
		const json_t *row = json_array_get(tenders, i);
		int kind = sums_kind(text(row, "kind"));

		check(l, seq, kind >= 0 && integer(row, "kept_fen") >= 0 && integer(row, "kept_fen") == integer(row, "tendered_fen"), "a refund by %s",
		      text(row, "kind"));
		sums->given[kind < 0 ? SUMS_KINDS - 1 : kind] += integer(row, "kept_fen");
		given += integer(row, "kept_fen");
	}
	check(l, seq, given == money, "lines of %" PRId64 " back, tenders of %" PRId64, money, given);
	sums->figure[SUM_REFUNDS]++;
	sums->figure[SUM_RETURNED] += value;
	sums->figure[SUM_REFUND_ROUNDING] += rounding;
	sums->figure[SUM_REFUNDED] += money;
}

static void sale_void(struct ledger *l, const json_t *body)
{
	struct sums *sums = &shift_at(l, integer(body, "shift"))->sums;

	sums->figure[SUM_VOIDS]++;
	sums->figure[SUM_VOID] += integer(body, "total_fen");
	sums->figure[SUM_REMOVED_LINES] += integer(body, "removed_lines");
	sums->figure[SUM_REMOVED] += integer(body, "removed_fen");
}

static void shift_open(struct ledger *l, int64_t seq, const json_t *body)
{
	struct ledger_shift *shift = shift_at(l, integer(body, "shift"));

	check(l, seq, shift->id == 0 && integer(body, "shift") == (int64_t)l->count, "shift %" PRId64 " opens out of turn", integer(body, "shift"));
	shift->id = integer(body, "shift");
	snprintf(shift->day, sizeof(shift->day), "%s", text(body, "day"));
	shift->sums.figure[SUM_FLOAT] = integer(body, "float_fen");
}

static void shift_close(struct ledger *l, int64_t seq, const json_t *body)
{
	struct ledger_shift *shift = shift_at(l, integer(body, "shift"));
	struct sums *sums = &shift->sums;
	char words[200] = "a figure is missing";

	check(l, seq, integer(body, "z") == l->zs + 1, "Z %" PRId64 " does not follow %" PRId64, integer(body, "z"), l->zs);
	check(l, seq, shift->z == 0 && strcmp(shift->day, text(body, "day")) == 0, "shift %" PRId64 " closes twice, or on another day", shift->id);
	shift->z = ++l->zs;
	sums->figure[SUM_COUNTS] = 1;
	sums->figure[SUM_COUNTED] = shift->counted;
	sums->figure[SUM_OVER] = sums->figure[SUM_COUNTED] - sums_expected(sums);
	bool is_same = sums_read(&shift->told, json_object_get(body, "totals")) && !sums_difference(sums, &shift->told, words);

	check(l, seq, is_same, "Z %" PRId64 ": %s", shift->z, words);
}

static void reprint(struct ledger *l, int64_t seq, const json_t *body)
{
	const char *number = text(body, "number");
	int64_t no = strlen(number) > 3 ? strtoll(number + 3, NULL, 10) : 0;

	check(l, seq, no >= 1 && no <= l->receipts, "%s was printed again before it was there", number);
	if (no >= 1 && no <= l->receipts)
		shift_at(l, l->shift_of[no - 1])->sums.reprints++;
}

static void cash(struct ledger *l, const json_t *body, enum sum count, enum sum sum)
{
	struct sums *sums = &shift_at(l, integer(body, "shift"))->sums;

	sums->figure[count]++;
	sums->figure[sum] += integer(body, "amount_fen");
}

void ledger_row(struct ledger *l, int64_t seq, const char *kind, const json_t *body)
{
	check(l, seq, seq == l->rows + 1, "it does not follow row %" PRId64, l->rows);
	l->rows = seq;
	if (strcmp(kind, "sale.paid") == 0)
		sale_paid(l, seq, body);
	else if (strcmp(kind, "sale.refund") == 0)
		sale_refund(l, seq, body);
	else if (strcmp(kind, "sale.void") == 0)
		sale_void(l, body);
	else if (strcmp(kind, "cash.in") == 0)
		cash(l, body, SUM_CASH_INS, SUM_CASH_IN);
	else if (strcmp(kind, "cash.out") == 0)
		cash(l, body, SUM_CASH_OUTS, SUM_CASH_OUT);
	else if (strcmp(kind, "drawer.open") == 0)
		shift_at(l, integer(body, "shift"))->sums.figure[SUM_NO_SALES]++;
	else if (strcmp(kind, "shift.open") == 0)
		shift_open(l, seq, body);
	else if (strcmp(kind, "shift.count") == 0)
		shift_at(l, integer(body, "shift"))->counted = integer(body, "total_fen");
	else if (strcmp(kind, "shift.close") == 0)
		shift_close(l, seq, body);
	else if (strcmp(kind, "print.receipt") == 0)
		reprint(l, seq, body);
}

bool ledger_read(struct ledger *l, sqlite3 *books)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(books, "SELECT seq, kind, body FROM journal WHERE seq > ? ORDER BY seq", -1, &statement, NULL);

	if (code == SQLITE_OK)
		sqlite3_bind_int64(statement, 1, l->rows);
	while (code == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
		json_t *body = json_loads((const char *)sqlite3_column_text(statement, 2), 0, NULL);

		check(l, sqlite3_column_int64(statement, 0), body != NULL, "it is no JSON");
		ledger_row(l, sqlite3_column_int64(statement, 0), (const char *)sqlite3_column_text(statement, 1), body);
		json_decref(body);
	}
	return sqlite3_finalize(statement) == SQLITE_OK && code == SQLITE_OK;
}

bool ledger_line(struct ledger *l, const char *line)
{
	json_t *row = json_loads(line, 0, NULL);

	if (row)
		ledger_row(l, integer(row, "seq"), text(row, "kind"), json_object_get(row, "body"));
	json_decref(row);
	return row != NULL;
}

struct sums ledger_day(const struct ledger *l, const char *day)
{
	struct sums sums = { .rates = 0 };

	for (size_t i = 0; i < l->count; i++)
		if (!day || strcmp(l->shifts[i].day, day) == 0)
			sums_add(&sums, &l->shifts[i].sums);
	return sums;
}

struct sums ledger_all(const struct ledger *l)
{
	return ledger_day(l, NULL);
}

void ledger_clear(struct ledger *l)
{
	free(l->shifts);
	free(l->shift_of);
	*l = (struct ledger){ 0 };
}
