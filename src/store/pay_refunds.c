#include "src/store/pay_refunds.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/store/payment_number.h"
#include "src/store/query.h"
#include "src/store/store.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS "id, payment_id, coalesce(sale_id, 0), number, amount_fen, state, begun_at, begun_by, ended_at, channel_no, reason, note,"\
	" settled_at, settled_by"

static const struct {
	const char *name, *title;
} states[ZG_PAY_REFUND_STATES] = {
	[ZG_PAY_REFUND_NEW]     = { "new", N_("prepared") },
	[ZG_PAY_REFUND_RUNNING] = { "running", N_("under way") },
	[ZG_PAY_REFUND_DONE]    = { "done", N_("given back") },
	[ZG_PAY_REFUND_FAILED]  = { "failed", N_("not given back") },
	[ZG_PAY_REFUND_MANUAL]  = { "manual", N_("to be settled by hand") },
};

const char *zg_pay_refund_state_name(enum zg_pay_refund_state state)
{
	return states[state].name;
}

const char *zg_pay_refund_state_title(enum zg_pay_refund_state state)
{
	return states[state].title;
}

const char *zg_pay_refund_end_title(const struct zg_pay_refund *refund)
{
	return refund->settled_at ? N_("settled another way") : states[refund->state].title;
}

/* A word that no version of ours has written is to be looked at. */
static enum zg_pay_refund_state parse_state(const char *name)
{
	for (int i = 0; i < ZG_PAY_REFUND_STATES; i++)
		if (strcmp(states[i].name, name) == 0)
			return (enum zg_pay_refund_state)i;
	return ZG_PAY_REFUND_MANUAL;
}

static struct zg_pay_refund read_refund(struct zg_query *q)
{
	struct zg_pay_refund r = { .id = zg_column_integer(q, 0), .payment_id = zg_column_integer(q, 1), .sale_id = zg_column_integer(q, 2),
		.amount_fen = zg_column_integer(q, 4), .state = parse_state(zg_column_text(q, 5)), .begun_at = zg_column_integer(q, 6),
		.ended_at = zg_column_integer(q, 8) };

	zg_column_copy(q, 3, r.number, sizeof(r.number));
	zg_column_copy(q, 7, r.begun_by, sizeof(r.begun_by));
	zg_column_copy(q, 9, r.channel_no, sizeof(r.channel_no));
	zg_column_copy(q, 10, r.reason, sizeof(r.reason));
	zg_column_copy(q, 11, r.note, sizeof(r.note));
	r.settled_at = zg_column_integer(q, 12);
	zg_column_copy(q, 13, r.settled_by, sizeof(r.settled_by));
	return r;
}

enum zg_result zg_pay_refunds_add(struct zg_store *store, int till_id, struct zg_pay_refund *refund, struct zg_error *err)
{
	enum zg_result result = zg_query_number(store, "SELECT coalesce(max(id), 0) + 1 FROM pay_refund", &refund->id, err);

	zg_assert(zg_store_is_open(store) && refund->amount_fen > 0);
	if (result != ZG_OK)
		return result;
	refund->begun_at = zg_clock_now(zg_store_clock(store));
	refund->state = ZG_PAY_REFUND_NEW;
	refund->ended_at = 0;
	zg_payment_number(refund->number, 'R', till_id, refund->begun_at, refund->id);
	struct zg_query q = zg_query(store, "INSERT INTO pay_refund (id, payment_id, sale_id, number, amount_fen, state, begun_at, begun_by, reason)"
				     " VALUES (:id, :payment, :sale, :number, :amount, 'new', :at, :who, :reason)");

	zg_bind_integer(&q, ":id", refund->id);
	zg_bind_integer(&q, ":payment", refund->payment_id);
	if (refund->sale_id)
		zg_bind_integer(&q, ":sale", refund->sale_id);
	zg_bind_text(&q, ":number", refund->number);
	zg_bind_integer(&q, ":amount", refund->amount_fen);
	zg_bind_integer(&q, ":at", refund->begun_at);
	zg_bind_text(&q, ":who", refund->begun_by);
	zg_bind_text(&q, ":reason", refund->reason);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

enum zg_result zg_pay_refunds_set(struct zg_store *store, const struct zg_pay_refund *refund, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "UPDATE pay_refund SET state = :state, ended_at = :ended, channel_no = :channel_no, note = :note WHERE id = :id");

	zg_assert(zg_store_is_open(store));
	zg_bind_integer(&q, ":id", refund->id);
	zg_bind_text(&q, ":state", states[refund->state].name);
	zg_bind_integer(&q, ":ended", refund->ended_at);
	zg_bind_text(&q, ":channel_no", refund->channel_no);
	zg_bind_text(&q, ":note", refund->note);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

enum zg_result zg_pay_refunds_settle(struct zg_store *store, int64_t id, const char *who, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "UPDATE pay_refund SET settled_at = :at, settled_by = :who WHERE id = :id");

	zg_assert(zg_store_is_open(store));
	zg_bind_integer(&q, ":at", zg_clock_now(zg_store_clock(store)));
	zg_bind_text(&q, ":who", who);
	zg_bind_integer(&q, ":id", id);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

static enum zg_result end_find(struct zg_query *q, struct zg_pay_refund *refund, struct zg_error *err)
{
	bool found = zg_query_row(q);

	if (found)
		*refund = read_refund(q);
	enum zg_result result = zg_query_end(q, err);

	return result == ZG_OK && !found ? zg_fail(err, ZG_NOT_FOUND, _("There is no such refund.")) : result;
}

enum zg_result zg_pay_refunds_find(const struct zg_store *store, int64_t id, struct zg_pay_refund *refund, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS " FROM pay_refund WHERE id = :id");

	zg_bind_integer(&q, ":id", id);
	return end_find(&q, refund, err);
}

enum zg_result zg_pay_refunds_find_number(const struct zg_store *store, const char *number, struct zg_pay_refund *refund, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS " FROM pay_refund WHERE number = :number");

	zg_bind_text(&q, ":number", number);
	return end_find(&q, refund, err);
}

static enum zg_result end_list(struct zg_query *q, struct zg_pay_refund **refunds, size_t *count, struct zg_error *err)
{
	size_t room = 0;

	*refunds = NULL;
	*count = 0;
	while (zg_query_row(q)) {
		*refunds = zg_grow(*refunds, *count, &room, sizeof(**refunds));
		(*refunds)[(*count)++] = read_refund(q);
	}
	enum zg_result result = zg_query_end(q, err);

	if (result != ZG_OK) {
		free(*refunds);
		*refunds = NULL;
		*count = 0;
	}
	return result;
}

enum zg_result zg_pay_refunds_open(const struct zg_store *store, struct zg_pay_refund **refunds, size_t *count, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS " FROM pay_refund WHERE state IN ('new', 'running', 'manual') AND settled_at = 0 ORDER BY id");

	return end_list(&q, refunds, count, err);
}

enum zg_result zg_pay_refunds_in_doubt(const struct zg_store *store, struct zg_pay_refund **refunds, size_t *count, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS " FROM pay_refund AS r WHERE state <> 'done' AND settled_at = 0 AND (state <> 'failed' OR NOT EXISTS"
				     " (SELECT 1 FROM pay_refund WHERE payment_id = r.payment_id AND sale_id IS r.sale_id AND id > r.id)) ORDER BY id");

	return end_list(&q, refunds, count, err);
}

enum zg_result zg_pay_refunds_of(const struct zg_store *store, int64_t payment_id, struct zg_pay_refund **refunds, size_t *count,
				 struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS " FROM pay_refund WHERE payment_id = :payment ORDER BY id");

	zg_bind_integer(&q, ":payment", payment_id);
	return end_list(&q, refunds, count, err);
}

enum zg_result zg_pay_refunds_left(const struct zg_store *store, int64_t payment_id, zg_fen *left, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT amount_fen - (SELECT coalesce(sum(amount_fen), 0) FROM pay_refund"
				     " WHERE payment_id = payment.id AND (state <> 'failed' OR settled_at <> 0)) FROM payment WHERE id = :payment AND state = 'paid'");

	zg_bind_integer(&q, ":payment", payment_id);
	*left = zg_query_row(&q) ? zg_column_integer(&q, 0) : 0;
	return zg_query_end(&q, err);
}
