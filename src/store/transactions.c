#include "src/store/transactions.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/json.h"
#include "src/shop/totals.h"
#include "src/store/journal.h"
#include "src/store/private.h"
#include "src/store/query.h"
#include "src/store/shifts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What the journal calls them. A kind that is not here is no transaction. */
static const struct {
	const char *name, *row;
} kinds[ZG_TRANSACTION_KINDS] = {
	[ZG_TRANSACTION_FLOAT]  = { "float",  "shift.open"  },
	[ZG_TRANSACTION_SALE]   = { "sale",   "sale.paid"   },
	[ZG_TRANSACTION_REFUND] = { "refund", "sale.refund" },
	[ZG_TRANSACTION_VOID]   = { "void",   "sale.void"   },
	[ZG_TRANSACTION_IN]     = { "in",     "cash.in"     },
	[ZG_TRANSACTION_OUT]    = { "out",    "cash.out"    },
	[ZG_TRANSACTION_DRAWER] = { "drawer", "drawer.open" },
};

const char *zg_transaction_name(enum zg_transaction_kind kind)
{
	return (unsigned)kind < ZG_TRANSACTION_KINDS ? kinds[kind].name : "?";
}

static bool find_kind(const char *row, enum zg_transaction_kind *kind)
{
	for (size_t i = 0; i < ZG_TRANSACTION_KINDS; i++)
		if (strcmp(kinds[i].row, row) == 0) {
			*kind = (enum zg_transaction_kind)i;
			return true;
		}
	return false;
}

static void copy_text(char *out, size_t size, const json_t *body, const char *key)
{
	snprintf(out, size, "%s", zg_json_string(body, key, ""));
}

static void add_tender(struct zg_transaction *t, const char *name, zg_fen amount)
{
	enum zg_tender_kind kind = ZG_TENDER_OTHER;

	(void)zg_tender_kind_parse(name, &kind);    /* an unknown word stays OTHER */
	t->is_tender[kind] = true;
	t->tender_fen[kind] += amount;
}

/* sign: -1 of what was given back. */
static void read_tenders(struct zg_transaction *t, const json_t *body, int64_t sign)
{
	const json_t *tenders = json_object_get(body, "tenders");

	for (size_t i = 0; i < json_array_size(tenders); i++) {
		const json_t *row = json_array_get(tenders, i);

		add_tender(t, zg_json_string(row, "kind", ""), sign * zg_json_integer(row, "kept_fen", 0));
	}
}

static void read_sale(struct zg_transaction *t, const json_t *body)
{
	t->amount_fen = zg_json_integer(body, "paid_fen", 0);
	t->discount_fen = zg_json_integer(body, "line_discount_fen", 0) + zg_json_integer(body, "sale_discount_fen", 0);
	read_tenders(t, body, 1);
}

static void read_refund(struct zg_transaction *t, const json_t *body)
{
	const char *all_by = zg_json_string(body, "tender", "");    /* as refunds were written when they were cash alone */

	t->amount_fen = -zg_json_integer(body, "refunded_fen", 0);
	read_tenders(t, body, -1);
	if (all_by[0])
		add_tender(t, all_by, t->amount_fen);
}

static void read_body(struct zg_transaction *t, const json_t *body)
{
	copy_text(t->with, sizeof(t->with), body, "with");
	copy_text(t->reason, sizeof(t->reason), body, "reason");
	copy_text(t->number, sizeof(t->number), body, "number");
	copy_text(t->origin, sizeof(t->origin), body, "origin");
	t->rounding_fen = zg_json_integer(body, "rounding_fen", 0);
	switch (t->kind) {
	case ZG_TRANSACTION_FLOAT:
		t->amount_fen = zg_json_integer(body, "float_fen", 0);
		break;
	case ZG_TRANSACTION_SALE:
		read_sale(t, body);
		break;
	case ZG_TRANSACTION_REFUND:
		read_refund(t, body);
		break;
	case ZG_TRANSACTION_VOID:
		t->amount_fen = zg_json_integer(body, "total_fen", 0);
		break;
	case ZG_TRANSACTION_IN:
	case ZG_TRANSACTION_OUT:
		t->amount_fen = zg_json_integer(body, "amount_fen", 0) * (t->kind == ZG_TRANSACTION_IN ? 1 : -1);
		snprintf(t->number, sizeof(t->number), "%lld", (long long)zg_json_integer(body, "id", 0));
		break;
	case ZG_TRANSACTION_DRAWER:
	case ZG_TRANSACTION_KINDS:
		break;
	}
}

static bool copy_mac(struct zg_query *q, int column, unsigned char mac[ZG_MAC_SIZE])
{
	size_t length = 0;
	const void *bytes = zg_column_bytes(q, column, &length);

	memset(mac, 0, ZG_MAC_SIZE);
	if (length == ZG_MAC_SIZE)
		memcpy(mac, bytes, length);
	return length == ZG_MAC_SIZE;
}

/* Every row is asked for its seal: what a damaged page says is not told on. Books whose key is lost have none to ask for. */
static bool is_sealed(const struct zg_store *store, struct zg_query *q)
{
	if (!store->has_key)
		return true;
	struct zg_journal_row row = { .seq = zg_column_integer(q, 0), .at_ms = zg_column_integer(q, 1), .uid = zg_column_integer(q, 6) };
	bool has_prev = copy_mac(q, 7, row.prev), has_mac = copy_mac(q, 8, row.mac);

	row.is_whole = has_prev && has_mac;
	row.kind = zg_column_text(q, 3);
	row.who = zg_column_text(q, 4);
	row.body = zg_column_text(q, 5);
	return zg_journal_is_sealed(store, &row);
}

/* False: the row is no transaction. */
static bool read_row(struct zg_query *q, struct zg_transaction *t)
{
	const char *text = zg_column_text(q, 5);
	json_t *body;

	*t = (struct zg_transaction){ .seq = zg_column_integer(q, 0), .at = zg_column_integer(q, 1), .shift_id = zg_column_integer(q, 2) };
	if (!find_kind(zg_column_text(q, 3), &t->kind))
		return false;
	zg_column_copy(q, 4, t->who, sizeof(t->who));
	body = zg_json_parse(text, strlen(text));
	read_body(t, body);
	json_decref(body);
	return true;
}

/* Ends the query. */
static enum zg_result collect(const struct zg_store *store, struct zg_query *q, struct zg_transaction **list, size_t *count, struct zg_error *err)
{
	size_t room = 0;
	int64_t bad = 0;

	*list = NULL;
	*count = 0;
	while (!bad && zg_query_row(q)) {
		struct zg_transaction row;

		if (!is_sealed(store, q))
			bad = zg_column_integer(q, 0);
		else if (read_row(q, &row)) {
			*list = zg_grow(*list, *count, &room, sizeof(**list));
			(*list)[(*count)++] = row;
		}
	}
	enum zg_result result = zg_query_end(q, err);

	if (result == ZG_OK && bad)
		result = zg_fail(err, ZG_INVALID, _("Row %" PRId64 " of the journal: %s. The books were changed from outside."), bad,
				 _("its seal does not fit its words"));
	if (result != ZG_OK) {
		free(*list);
		*list = NULL;
		*count = 0;
	}
	return result;
}

#define ROWS "SELECT j.seq, j.at, s.id, j.kind, j.who, j.body, j.uid, j.prev, j.mac FROM shift AS s" \
	" JOIN journal_shift AS t ON t.shift_id = s.id JOIN journal AS j ON j.seq = t.seq"

enum zg_result zg_transactions_of_day(const struct zg_store *store, const char *day, struct zg_transaction **list, size_t *count,
				      struct zg_error *err)
{
	struct zg_query q = zg_query(store, ROWS " WHERE s.day = :day ORDER BY j.seq");

	zg_bind_text(&q, ":day", day);
	return collect(store, &q, list, count, err);
}

/* ---- beside the totals ---- */

/* How many of a kind there are, and what they come to. Damaged numbers may pass any limit: they wrap, and are then not the same. */
struct sum {
	int64_t count;
	uint64_t amount, discount, tenders[ZG_TENDER_KINDS];
};

static struct sum sum_of(const struct zg_transaction *list, size_t count, enum zg_transaction_kind kind)
{
	struct sum sum = { 0 };

	for (size_t i = 0; i < count; i++) {
		if (list[i].kind != kind)
			continue;
		sum.count++;
		sum.amount += (uint64_t)list[i].amount_fen;
		sum.discount += (uint64_t)list[i].discount_fen;
		for (int k = 0; k < ZG_TENDER_KINDS; k++)
			sum.tenders[k] += (uint64_t)list[i].tender_fen[k];
	}
	return sum;
}

static bool is(struct sum sum, int64_t count, zg_fen amount)
{
	return sum.count == count && sum.amount == (uint64_t)amount;
}

enum zg_result zg_transactions_come_to(const struct zg_transaction *list, size_t count, const struct zg_totals *totals, struct zg_error *err)
{
	struct sum sales = sum_of(list, count, ZG_TRANSACTION_SALE), refunds = sum_of(list, count, ZG_TRANSACTION_REFUND);
	bool same = is(sales, totals->sales, totals->sold_fen) && is(refunds, totals->refunds, -totals->refunded_fen) &&
		    sales.discount == (uint64_t)(totals->line_discount_fen + totals->sale_discount_fen) &&
		    is(sum_of(list, count, ZG_TRANSACTION_VOID), totals->voids, totals->void_fen) &&
		    is(sum_of(list, count, ZG_TRANSACTION_IN), totals->cash_ins, totals->cash_in_fen) &&
		    is(sum_of(list, count, ZG_TRANSACTION_OUT), totals->cash_outs, -totals->cash_out_fen) &&
		    sum_of(list, count, ZG_TRANSACTION_DRAWER).count == totals->no_sales;

	for (int k = 0; same && k < ZG_TENDER_KINDS; k++)
		same = sales.tenders[k] == (uint64_t)totals->kept_fen[k] && refunds.tenders[k] == (uint64_t)-totals->given_fen[k];
	return same ? ZG_OK : zg_fail(err, ZG_INVALID, _("The figures of a shift and what the journal tells of it do not agree. "
							 "Run the check of the shop's books."));
}

/* What a Z froze stands in the journal as well, in a row whose seal was looked at with the others. */
static enum zg_result frozen_agree(const struct zg_store *store, int64_t shift_id, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT json_extract(j.body, '$.totals') IS json(s.totals) FROM shift AS s"
				     " JOIN journal AS j ON j.seq = s.journal_seq WHERE s.id = :shift AND j.kind = 'shift.close'");

	zg_bind_integer(&q, ":shift", shift_id);
	bool same = zg_query_row(&q) && zg_column_integer(&q, 0);
	enum zg_result result = zg_query_end(&q, err);

	return result != ZG_OK || same ? result : zg_fail(err, ZG_INVALID, _("The figures of a shift and what the journal tells of it do not agree. "
									      "Run the check of the shop's books."));
}

enum zg_result zg_transactions_agree(const struct zg_store *store, const struct zg_shift *shift, const struct zg_totals *totals,
				     struct zg_error *err)
{
	struct zg_query q = zg_query(store, ROWS " WHERE s.id = :shift ORDER BY j.seq");
	struct zg_transaction *list;
	size_t count;

	zg_bind_integer(&q, ":shift", shift->id);
	enum zg_result result = collect(store, &q, &list, &count, err);

	if (result == ZG_OK && !is(sum_of(list, count, ZG_TRANSACTION_FLOAT), 1, totals->float_fen))
		result = zg_fail(err, ZG_INVALID, _("The figures of a shift and what the journal tells of it do not agree. "
						    "Run the check of the shop's books."));
	if (result == ZG_OK)
		result = zg_transactions_come_to(list, count, totals, err);
	if (result == ZG_OK && shift->is_closed)
		result = frozen_agree(store, shift->id, err);
	free(list);
	return result;
}
