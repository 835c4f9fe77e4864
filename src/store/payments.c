#include "src/store/payments.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/store/payment_number.h"
#include "src/store/query.h"
#include "src/store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS "id, sale_id, number, channel, wallet, way, amount_fen, state, is_declined, is_free, is_cancel_taken, let_go_by," \
	" begun_at, begun_by, expires_at, sent_at, ended_at, paid_at, code_hash, code_end, channel_no, statement_no, payer, note,"\
	" merchant, settled_at, settled_by"
#define IS_OPEN "state IN ('new', 'sent', 'waiting', 'unknown', 'cancelling')"

/* A word that no version of ours has written is taken for what must be looked at, never for an end. */
static struct zg_payment read_payment(struct zg_query *q)
{
	struct zg_payment p = { .id = zg_column_integer(q, 0), .sale_id = zg_column_integer(q, 1), .amount_fen = zg_column_integer(q, 6),
		.begun_at = zg_column_integer(q, 12), .expires_at = zg_column_integer(q, 14), .sent_at = zg_column_integer(q, 15),
		.ended_at = zg_column_integer(q, 16), .paid_at = zg_column_integer(q, 17) };

	zg_column_copy(q, 2, p.number, sizeof(p.number));
	if (!zg_channel_parse(zg_column_text(q, 3), &p.channel) || !zg_wallet_parse(zg_column_text(q, 4), &p.wallet) ||
	    !zg_pay_state_parse(zg_column_text(q, 7), &p.attempt.state))
		p.attempt.state = ZG_PAY_MANUAL;
	p.way = strcmp(zg_column_text(q, 5), "shown") == 0 ? ZG_WAY_SHOWN : ZG_WAY_CODE;
	p.attempt.is_declined = zg_column_integer(q, 8) != 0;
	p.attempt.is_free = zg_column_integer(q, 9) != 0;
	p.attempt.is_cancel_taken = zg_column_integer(q, 10) != 0;
	zg_column_copy(q, 11, p.let_go_by, sizeof(p.let_go_by));
	zg_column_copy(q, 13, p.begun_by, sizeof(p.begun_by));
	zg_column_copy(q, 18, p.code_hash, sizeof(p.code_hash));
	zg_column_copy(q, 19, p.code_end, sizeof(p.code_end));
	zg_column_copy(q, 20, p.channel_no, sizeof(p.channel_no));
	zg_column_copy(q, 21, p.statement_no, sizeof(p.statement_no));
	zg_column_copy(q, 22, p.payer, sizeof(p.payer));
	zg_column_copy(q, 23, p.note, sizeof(p.note));
	zg_column_copy(q, 24, p.merchant, sizeof(p.merchant));
	p.settled_at = zg_column_integer(q, 25);
	zg_column_copy(q, 26, p.settled_by, sizeof(p.settled_by));
	return p;
}

static void bind_order(struct zg_query *q, const struct zg_payment *p)
{
	zg_bind_integer(q, ":id", p->id);
	zg_bind_integer(q, ":sale", p->sale_id);
	zg_bind_text(q, ":number", p->number);
	zg_bind_text(q, ":channel", zg_channel_name(p->channel));
	zg_bind_text(q, ":wallet", zg_wallet_name(p->wallet));
	zg_bind_text(q, ":way", p->way == ZG_WAY_SHOWN ? "shown" : "code");
	zg_bind_integer(q, ":amount", p->amount_fen);
	zg_bind_integer(q, ":at", p->begun_at);
	zg_bind_text(q, ":who", p->begun_by);
	zg_bind_integer(q, ":expires", p->expires_at);
	zg_bind_text(q, ":hash", p->code_hash);
	zg_bind_text(q, ":end", p->code_end);
	zg_bind_text(q, ":merchant", p->merchant);
}

enum zg_result zg_payments_add(struct zg_store *store, int till_id, struct zg_payment *payment, struct zg_error *err)
{
	enum zg_result result = zg_query_number(store, "SELECT coalesce(max(id), 0) + 1 FROM payment", &payment->id, err);

	zg_assert(zg_store_is_open(store) && payment->amount_fen > 0);
	if (result != ZG_OK)
		return result;
	payment->begun_at = zg_clock_now(zg_store_clock(store));
	payment->attempt = (struct zg_attempt){ .state = ZG_PAY_NEW };
	payment->sent_at = payment->ended_at = payment->paid_at = payment->settled_at = 0;
	zg_payment_number(payment->number, 'P', till_id, payment->begun_at, payment->id);
	struct zg_query q = zg_query(store, "INSERT INTO payment (id, sale_id, number, channel, wallet, way, amount_fen, state, begun_at, begun_by,"
				     " expires_at, code_hash, code_end, merchant) VALUES (:id, :sale, :number, :channel, :wallet, :way, :amount, 'new', :at, :who,"
				     " :expires, :hash, :end, :merchant)");

	bind_order(&q, payment);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

enum zg_result zg_payments_set(struct zg_store *store, const struct zg_payment *p, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "UPDATE payment SET state = :state, is_declined = :declined, is_free = :free, is_cancel_taken = :taken,"
				     " let_go_by = :let, sent_at = :sent, ended_at = :ended, paid_at = :paid, channel_no = :channel_no,"
				     " statement_no = :statement_no, payer = :payer, note = :note WHERE id = :id");

	zg_assert(zg_store_is_open(store));
	zg_assert(zg_pay_state_is_final(p->attempt.state) == (p->ended_at != 0));
	zg_bind_integer(&q, ":id", p->id);
	zg_bind_text(&q, ":state", zg_pay_state_name(p->attempt.state));
	zg_bind_integer(&q, ":declined", p->attempt.is_declined);
	zg_bind_integer(&q, ":free", p->attempt.is_free);
	zg_bind_integer(&q, ":taken", p->attempt.is_cancel_taken);
	zg_bind_text(&q, ":let", p->let_go_by);
	zg_bind_integer(&q, ":sent", p->sent_at);
	zg_bind_integer(&q, ":ended", p->ended_at);
	zg_bind_integer(&q, ":paid", p->paid_at);
	zg_bind_text(&q, ":channel_no", p->channel_no);
	zg_bind_text(&q, ":statement_no", p->statement_no);
	zg_bind_text(&q, ":payer", p->payer);
	zg_bind_text(&q, ":note", p->note);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

enum zg_result zg_payments_settle(struct zg_store *store, int64_t id, const char *who, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "UPDATE payment SET settled_at = :at, settled_by = :who WHERE id = :id");

	zg_assert(zg_store_is_open(store));
	zg_bind_integer(&q, ":at", zg_clock_now(zg_store_clock(store)));
	zg_bind_text(&q, ":who", who);
	zg_bind_integer(&q, ":id", id);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

static enum zg_result end_one(struct zg_query *q, struct zg_payment *payment, struct zg_error *err)
{
	bool found = zg_query_row(q);

	if (found)
		*payment = read_payment(q);
	enum zg_result result = zg_query_end(q, err);

	if (result == ZG_OK && !found)
		result = zg_fail(err, ZG_NOT_FOUND, _("There is no such payment."));
	return result;
}

enum zg_result zg_payments_find(const struct zg_store *store, int64_t id, struct zg_payment *payment, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS " FROM payment WHERE id = :id");

	zg_bind_integer(&q, ":id", id);
	return end_one(&q, payment, err);
}

enum zg_result zg_payments_find_number(const struct zg_store *store, const char *number, struct zg_payment *payment, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS " FROM payment WHERE number = :number");

	zg_bind_text(&q, ":number", number);
	return end_one(&q, payment, err);
}

static enum zg_result end_list(struct zg_query *q, struct zg_payment **payments, size_t *count, struct zg_error *err)
{
	size_t room = 0;

	*payments = NULL;
	*count = 0;
	while (zg_query_row(q)) {
		*payments = zg_grow(*payments, *count, &room, sizeof(**payments));
		(*payments)[(*count)++] = read_payment(q);
	}
	enum zg_result result = zg_query_end(q, err);

	if (result != ZG_OK) {
		free(*payments);
		*payments = NULL;
		*count = 0;
	}
	return result;
}

enum zg_result zg_payments_find_holding(const struct zg_store *store, int64_t sale_id, struct zg_payment *payment, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS " FROM payment WHERE sale_id = :sale AND is_free = 0 AND let_go_by = '' AND"
				     " (" IS_OPEN " OR state = 'manual') ORDER BY id");

	zg_bind_integer(&q, ":sale", sale_id);
	*payment = zg_query_row(&q) ? read_payment(&q) : (struct zg_payment){ .id = 0 };
	return zg_query_end(&q, err);
}

enum zg_result zg_payments_open(const struct zg_store *store, struct zg_payment **payments, size_t *count, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS " FROM payment WHERE " IS_OPEN " ORDER BY id");

	return end_list(&q, payments, count, err);
}

enum zg_result zg_payments_of_sale(const struct zg_store *store, int64_t sale_id, struct zg_payment **payments, size_t *count, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS " FROM payment WHERE sale_id = :sale ORDER BY id");

	zg_bind_integer(&q, ":sale", sale_id);
	return end_list(&q, payments, count, err);
}

enum zg_result zg_payments_since(const struct zg_store *store, int64_t since_at, size_t most, struct zg_payment **payments, size_t *count,
				 struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS " FROM payment WHERE begun_at >= :since ORDER BY id DESC LIMIT :most");

	zg_bind_integer(&q, ":since", since_at);
	zg_bind_integer(&q, ":most", (int64_t)most);
	return end_list(&q, payments, count, err);
}

enum zg_result zg_payments_between(const struct zg_store *store, int64_t from_at, int64_t until_at, struct zg_payment **payments, size_t *count,
				   struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS " FROM payment WHERE begun_at >= :from AND begun_at < :until ORDER BY id");

	zg_bind_integer(&q, ":from", from_at);
	zg_bind_integer(&q, ":until", until_at);
	return end_list(&q, payments, count, err);
}

enum zg_result zg_payments_in_doubt(const struct zg_store *store, struct zg_payment **payments, size_t *count, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS " FROM payment WHERE " IS_OPEN
				     " UNION ALL SELECT " COLUMNS " FROM payment WHERE state = 'manual' AND settled_at = 0 ORDER BY 1");

	return end_list(&q, payments, count, err);
}

enum zg_result zg_payments_waiting(const struct zg_store *store, struct zg_payment **payments, size_t *count, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS " FROM payment WHERE state = 'paid' AND sale_id IN (SELECT id FROM sale WHERE state IN ('open', 'hung'))"
				     " AND NOT EXISTS (SELECT 1 FROM pay_refund WHERE payment_id = payment.id AND sale_id IS NULL) ORDER BY id");

	return end_list(&q, payments, count, err);
}

enum zg_result zg_payments_is_used(const struct zg_store *store, const char *code_hash, bool *used, struct zg_error *err)
{
	/* one that ended before anything was sent has used up nothing */
	struct zg_query q = zg_query(store, "SELECT 1 FROM payment WHERE code_hash = :hash AND code_hash <> ''"
				     " AND NOT EXISTS (SELECT 1 FROM payment_event WHERE payment_id = payment.id AND event = 'not_sent') LIMIT 1");

	zg_bind_text(&q, ":hash", code_hash);
	*used = zg_query_row(&q);
	return zg_query_end(&q, err);
}
