#include "src/cli/pay_record.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"

#include <stdlib.h>
#include <string.h>

struct events {
	struct zg_pay_record *record;
	size_t room;
};

static bool take_event(const struct zg_payment_event *event, void *self)
{
	struct events *to = self;
	struct zg_payment_event *own;

	to->record->events = zg_grow(to->record->events, to->record->event_count, &to->room, sizeof(*own));
	own = &to->record->events[to->record->event_count++];
	*own = *event;
	own->call = zg_copy(event->call);
	own->event = zg_copy(event->event);
	own->says = zg_copy(event->says);
	own->proof = zg_copy(event->proof);
	own->code = zg_copy(event->code);
	own->words = zg_copy(event->words);
	own->request_id = zg_copy(event->request_id);
	own->serial = zg_copy(event->serial);
	own->body_hash = zg_copy(event->body_hash);
	return true;
}

enum zg_result zg_pay_record_fetch(const struct zg_store *store, const char *number, struct zg_pay_record *record, struct zg_error *err)
{
	struct events to = { .record = record };
	enum zg_result result = zg_payments_find_number(store, number, &record->payment, err);

	if (result == ZG_OK)
		result = zg_sales_find(store, record->payment.sale_id, &record->sale, err);
	if (result == ZG_OK)
		result = zg_payment_events_read(store, record->payment.id, take_event, &to, err);
	if (result == ZG_OK)
		result = zg_pay_refunds_of(store, record->payment.id, &record->refunds, &record->refund_count, err);
	return result;
}

void zg_pay_record_clear(struct zg_pay_record *record)
{
	for (size_t i = 0; i < record->event_count; i++) {
		const struct zg_payment_event *e = &record->events[i];
		const char *const texts[] = { e->call, e->event, e->says, e->proof, e->code, e->words, e->request_id, e->serial, e->body_hash };

		for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++)
			free((char *)(uintptr_t)texts[k]);    /* ours: copied above */
	}
	free(record->events);
	free(record->refunds);
	*record = (struct zg_pay_record){ .event_count = 0 };
}

const char *zg_pay_record_refund_no(const struct zg_pay_record *record, const struct zg_payment_event *event)
{
	for (size_t i = 0; event->refund_id && i < record->refund_count; i++)
		if (record->refunds[i].id == event->refund_id)
			return record->refunds[i].number;
	return "";
}

/* ---- JSON ---- */

json_t *zg_payment_json(const struct zg_payment *p)
{
	json_t *row = zg_json_object();

	zg_json_set_string(row, "number", p->number);
	zg_json_set_string(row, "channel", zg_channel_name(p->channel));
	zg_json_set_string(row, "wallet", zg_wallet_name(p->wallet));
	zg_json_set_string(row, "way", p->way == ZG_WAY_SHOWN ? "shown" : "code");
	zg_json_set_integer(row, "amount_fen", p->amount_fen);
	zg_json_set_string(row, "state", zg_pay_state_name(p->attempt.state));
	zg_json_set_integer(row, "begun_at", p->begun_at);
	zg_json_set_string(row, "begun_by", p->begun_by);
	zg_json_set_integer(row, "sent_at", p->sent_at);
	zg_json_set_integer(row, "paid_at", p->paid_at);
	zg_json_set_integer(row, "ended_at", p->ended_at);
	zg_json_set_string(row, "channel_no", p->channel_no);
	zg_json_set_string(row, "statement_no", p->statement_no);
	zg_json_set_string(row, "payer", p->payer);
	zg_json_set_string(row, "note", p->note);
	return row;
}

static json_t *event_json(const struct zg_pay_record *record, const struct zg_payment_event *e)
{
	json_t *row = zg_json_object();

	zg_json_set_integer(row, "at", e->at);
	zg_json_set_string(row, "call", e->call);
	zg_json_set_string(row, "event", e->event);
	zg_json_set_string(row, "says", e->says);
	zg_json_set_string(row, "proof", e->proof);
	if (e->amount_fen >= 0)
		zg_json_set_integer(row, "amount_fen", e->amount_fen);
	else
		zg_json_set(row, "amount_fen", json_null());
	zg_json_set_integer(row, "status", e->status);
	zg_json_set_string(row, "code", e->code);
	zg_json_set_string(row, "words", e->words);
	zg_json_set_string(row, "request_id", e->request_id);
	zg_json_set_string(row, "serial", e->serial);
	zg_json_set_string(row, "body_sha256", e->body_hash);
	zg_json_set_integer(row, "took_ms", e->took_ms);
	zg_json_set_string(row, "refund", zg_pay_record_refund_no(record, e));
	return row;
}

json_t *zg_pay_refund_json(const struct zg_pay_refund *r)
{
	json_t *row = zg_json_object();

	zg_json_set_string(row, "number", r->number);
	zg_json_set_integer(row, "amount_fen", r->amount_fen);
	zg_json_set_string(row, "state", zg_pay_refund_state_name(r->state));
	zg_json_set_integer(row, "begun_at", r->begun_at);
	zg_json_set_string(row, "begun_by", r->begun_by);
	zg_json_set_integer(row, "ended_at", r->ended_at);
	zg_json_set_string(row, "channel_no", r->channel_no);
	zg_json_set_string(row, "reason", r->reason);
	zg_json_set_string(row, "note", r->note);
	zg_json_set_boolean(row, "is_late", r->sale_id == 0);
	zg_json_set_integer(row, "settled_at", r->settled_at);
	zg_json_set_string(row, "settled_by", r->settled_by);
	return row;
}

json_t *zg_pay_record_json(const struct zg_pay_record *record)
{
	const struct zg_payment *p = &record->payment;
	json_t *object = zg_payment_json(p), *events = zg_json_array(), *refunds = zg_json_array();

	for (size_t i = 0; i < record->event_count; i++)
		zg_json_append(events, event_json(record, &record->events[i]));
	for (size_t i = 0; i < record->refund_count; i++)
		zg_json_append(refunds, zg_pay_refund_json(&record->refunds[i]));
	zg_json_set_string(object, "sale", record->sale.number);
	zg_json_set_integer(object, "expires_at", p->expires_at);
	zg_json_set_string(object, "code_end", p->code_end);
	zg_json_set_string(object, "let_go_by", p->let_go_by);
	zg_json_set_integer(object, "settled_at", p->settled_at);
	zg_json_set_string(object, "settled_by", p->settled_by);
	zg_json_set_string(object, "merchant", p->merchant);
	zg_json_set(object, "events", events);
	zg_json_set(object, "refunds", refunds);
	return object;
}

/* ---- words ---- */

struct word {
	const char *name, *title;
};

static const char *title_of(const struct word *words, const char *name)
{
	for (; words->name; words++)
		if (strcmp(words->name, name) == 0)
			return _(words->title);
	return name;
}

const char *zg_pay_call_title(const char *call)
{
	static const struct word words[] = {
		{ "code", N_("take the money") }, { "show", N_("give a code to show") }, { "query", N_("how does it stand?") },
		{ "cancel", N_("take it back") }, { "refund", N_("give back") }, { "refund_query", N_("was it given back?") },
		{ "till", N_("the till itself") },
		{ NULL, NULL },
	};

	return title_of(words, call);
}

/* Of a payment by src/shop/attempt.h; of a refund the state that followed. */
const char *zg_pay_event_title(const char *event)
{
	static const struct word words[] = {
		{ "send", N_("sent") }, { "not_sent", N_("nothing was sent") }, { "doubt", N_("no answer that proves anything") },
		{ "waiting", N_("customer is paying") }, { "paid", N_("paid") }, { "mismatch", N_("paid, but another amount") },
		{ "declined", N_("declined") }, { "wrong", N_("our request was wrong") }, { "unpaid", N_("not paid") },
		{ "missing", N_("no such order yet") }, { "gone", N_("no such order") }, { "closed", N_("closed unpaid") },
		{ "cancelled", N_("taken back") }, { "taken", N_("will be taken back") }, { "cancel", N_("is to be taken back") },
		{ "limit", N_("too old to be taken back") }, { "start", N_("found under way at the start") },
		{ "new", N_("prepared") }, { "running", N_("under way") }, { "done", N_("given back") }, { "failed", N_("not given back") },
		{ "manual", N_("to be settled by hand") },
		{ NULL, NULL },
	};

	return title_of(words, event);
}

const char *zg_pay_proof_title(const char *proof)
{
	static const struct word words[] = {
		{ "not_signed", N_("not signed") }, { "verified", N_("verified") }, { "forged", N_("wrong signature") },
		{ "other_key", N_("signed with a key that we do not have") }, { "stale", N_("of another time") },
		{ NULL, NULL },
	};

	return proof[0] ? title_of(words, proof) : "-";
}

void zg_pay_put(struct zg_buffer *text, const char *label, const char *value)
{
	if (value[0])
		zg_buffer_print(text, "%s: %s\n", label, value);
}

void zg_pay_put_time(struct zg_buffer *text, const char *label, int64_t at)
{
	char time[ZG_TIME_TEXT];

	if (at)
		zg_pay_put(text, label, zg_time_format(time, at));
}
