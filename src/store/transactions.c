#include "src/store/transactions.h"

#include "src/base/alloc.h"
#include "src/base/json.h"
#include "src/store/query.h"

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

static void read_sale(struct zg_transaction *t, const json_t *body)
{
	const json_t *tenders = json_object_get(body, "tenders");

	t->amount_fen = zg_json_integer(body, "paid_fen", 0);
	t->discount_fen = zg_json_integer(body, "line_discount_fen", 0) + zg_json_integer(body, "sale_discount_fen", 0);
	for (size_t i = 0; i < json_array_size(tenders); i++) {
		const json_t *row = json_array_get(tenders, i);

		add_tender(t, zg_json_string(row, "kind", ""), zg_json_integer(row, "kept_fen", 0));
	}
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
		t->amount_fen = -zg_json_integer(body, "refunded_fen", 0);
		add_tender(t, zg_json_string(body, "tender", ""), t->amount_fen);
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
	read_body(t, body);    /* a body that is damaged leaves the row empty: it is seen, and 'journal verify' finds it */
	json_decref(body);
	return true;
}

enum zg_result zg_transactions_of_day(const struct zg_store *store, const char *day, struct zg_transaction **list, size_t *count,
				      struct zg_error *err)
{
	struct zg_query q = zg_query(store,
		"SELECT j.seq, j.at, s.id, j.kind, j.who, j.body FROM shift AS s JOIN journal_shift AS t ON t.shift_id = s.id"
		" JOIN journal AS j ON j.seq = t.seq WHERE s.day = :day ORDER BY j.seq");
	size_t room = 0;

	*list = NULL;
	*count = 0;
	zg_bind_text(&q, ":day", day);
	while (zg_query_row(&q)) {
		struct zg_transaction row;

		if (!read_row(&q, &row))
			continue;
		*list = zg_grow(*list, *count, &room, sizeof(**list));
		(*list)[(*count)++] = row;
	}
	enum zg_result result = zg_query_end(&q, err);

	if (result != ZG_OK) {
		free(*list);
		*list = NULL;
		*count = 0;
	}
	return result;
}
