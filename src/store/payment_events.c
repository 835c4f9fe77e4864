/* What was asked of the channels and what came of it. See payments.h. */
#include "src/base/alloc.h"
#include "src/store/payments.h"
#include "src/store/query.h"
#include "src/store/store.h"

#include <string.h>

static void bind_words(struct zg_query *q, const char *name, const char *text, size_t most)
{
	char words[ZG_PAYMENT_TEXT];

	zg_assert(most <= sizeof(words));
	zg_text_clean(words, most, text ? text : "", text ? strlen(text) : 0);
	zg_bind_text(q, name, words);
}

enum zg_result zg_payment_events_add(struct zg_store *store, const struct zg_payment_event *event, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "INSERT INTO payment_event (id, payment_id, refund_id, at, call, event, says, proof, amount_fen, status,"
				     " code, words, request_id, serial, body_hash, took_ms) VALUES ((SELECT coalesce(max(id), 0) + 1 FROM payment_event),"
				     " :payment, :refund, :at, :call, :event, :says, :proof, :amount, :status, :code, :words, :request, :serial, :hash, :took)");

	zg_assert(zg_store_is_open(store));
	zg_bind_integer(&q, ":payment", event->payment_id);
	if (event->refund_id)
		zg_bind_integer(&q, ":refund", event->refund_id);
	zg_bind_integer(&q, ":at", zg_clock_now(zg_store_clock(store)));
	zg_bind_text(&q, ":call", event->call);
	zg_bind_text(&q, ":event", event->event);
	zg_bind_text(&q, ":says", event->says ? event->says : "");
	zg_bind_text(&q, ":proof", event->proof ? event->proof : "");
	zg_bind_integer(&q, ":amount", event->amount_fen);
	zg_bind_integer(&q, ":status", event->status);
	bind_words(&q, ":code", event->code, 64);
	bind_words(&q, ":words", event->words, ZG_PAYMENT_TEXT);
	bind_words(&q, ":request", event->request_id, 80);
	bind_words(&q, ":serial", event->serial, 80);
	bind_words(&q, ":hash", event->body_hash, ZG_PAYMENT_HASH);
	zg_bind_integer(&q, ":took", event->took_ms);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

enum zg_result zg_payment_events_read(const struct zg_store *store, int64_t payment_id,
				      bool (*take)(const struct zg_payment_event *event, void *self), void *self, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT coalesce(refund_id, 0), at, call, event, says, proof, amount_fen, status, code, words, request_id,"
				     " serial, body_hash, took_ms FROM payment_event WHERE payment_id = :payment ORDER BY id");
	bool more = true;

	zg_bind_integer(&q, ":payment", payment_id);
	while (more && zg_query_row(&q)) {
		struct zg_payment_event event = { .payment_id = payment_id, .refund_id = zg_column_integer(&q, 0), .at = zg_column_integer(&q, 1),
			.call = zg_column_text(&q, 2), .event = zg_column_text(&q, 3), .says = zg_column_text(&q, 4), .proof = zg_column_text(&q, 5),
			.amount_fen = zg_column_integer(&q, 6), .status = (int)zg_column_integer(&q, 7), .code = zg_column_text(&q, 8),
			.words = zg_column_text(&q, 9), .request_id = zg_column_text(&q, 10), .serial = zg_column_text(&q, 11),
			.body_hash = zg_column_text(&q, 12), .took_ms = zg_column_integer(&q, 13) };

		more = take(&event, self);
	}
	return zg_query_end(&q, err);
}
