#include "src/store/journal.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/i18n.h"
#include "src/store/private.h"
#include "src/store/query.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH 500    /* rows fetched before the statement is let go */

/* ---- rows ---- */

static void seal_row(const struct zg_store *store, const struct zg_journal_row *row, unsigned char mac[ZG_MAC_SIZE])
{
	char numbers[80];
	int length = snprintf(numbers, sizeof(numbers), "%" PRId64 " %" PRId64 " %" PRId64, row->seq, row->at_ms, row->uid);
	const struct zg_piece pieces[] = {
		{ numbers, (size_t)length },
		{ row->who, strlen(row->who) },
		{ row->kind, strlen(row->kind) },
		{ row->body, strlen(row->body) },
		{ row->prev, ZG_MAC_SIZE },
	};

	if (!store->sealer)    /* like the cache of the last row, no part of what a const store promises */
		((struct zg_store *)(uintptr_t)store)->sealer = zg_sealer_new(store->key);
	zg_sealer_seal(store->sealer, mac, pieces, sizeof(pieces) / sizeof(pieces[0]));
}

bool zg_journal_is_sealed(const struct zg_store *store, const struct zg_journal_row *row)
{
	unsigned char mac[ZG_MAC_SIZE];

	seal_row(store, row, mac);
	return row->is_whole && zg_seal_is_same(row->mac, mac, ZG_MAC_SIZE);
}

/* The newest row's number and seal, from memory when nothing came between. */
static enum zg_result read_last(const struct zg_store *store, int64_t *seq, unsigned char mac[ZG_MAC_SIZE], struct zg_error *err)
{
	if (store->lock >= 0 && store->last_seq >= 0) {
		*seq = store->last_seq;
		memcpy(mac, store->last_mac, ZG_MAC_SIZE);
		return ZG_OK;
	}
	struct zg_query q = zg_query(store, "SELECT seq, mac FROM journal ORDER BY seq DESC LIMIT 1");
	size_t length = 0;

	*seq = 0;
	memset(mac, 0, ZG_MAC_SIZE);
	if (zg_query_row(&q)) {
		*seq = zg_column_integer(&q, 0);
		const void *bytes = zg_column_bytes(&q, 1, &length);

		if (length == ZG_MAC_SIZE)
			memcpy(mac, bytes, length);
	}
	return zg_query_end(&q, err);
}

static void set_anchor(char anchor[ZG_ANCHOR_TEXT], int64_t seq, const unsigned char mac[ZG_MAC_SIZE])
{
	if (seq > 0)
		zg_hex(anchor, mac, 4);
	else
		anchor[0] = '\0';
}

/* Joins a row to the sale it tells of: by the sale's id, or by the number of a refund's origin or of what was printed again. */
static enum zg_result join_sale(struct zg_store *store, int64_t seq, const char *kind, const json_t *body, struct zg_error *err)
{
	int64_t sale = zg_json_integer(body, "sale", 0);
	const char *number = zg_json_string(body, strcmp(kind, "print.receipt") == 0 ? "number" : "origin", NULL);

	if (sale == 0 && !number)
		return ZG_OK;
	struct zg_query q = zg_query(store, sale ? "INSERT INTO journal_sale (sale_id, seq) VALUES (:sale, :seq)"
				     : "INSERT INTO journal_sale (sale_id, seq) SELECT id, :seq FROM sale WHERE number = :number");

	zg_bind_integer(&q, ":seq", seq);
	if (sale)
		zg_bind_integer(&q, ":sale", sale);
	else
		zg_bind_text(&q, ":number", number);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

/* Joins a row to the shift that it names. */
static enum zg_result join_shift(struct zg_store *store, int64_t seq, const json_t *body, struct zg_error *err)
{
	int64_t shift = zg_json_integer(body, "shift", 0);

	if (shift == 0)
		return ZG_OK;
	struct zg_query q = zg_query(store, "INSERT INTO journal_shift (shift_id, seq) VALUES (:shift, :seq)");

	zg_bind_integer(&q, ":shift", shift);
	zg_bind_integer(&q, ":seq", seq);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

enum zg_result zg_journal_add_from(struct zg_store *store, const char *who, int64_t uid, const char *kind,
				   const json_t *body, struct zg_journal_mark *mark, struct zg_error *err)
{
	struct zg_journal_row row = { .at_ms = zg_clock_now(store->clock), .uid = uid, .who = who, .kind = kind };
	unsigned char mac[ZG_MAC_SIZE];
	int64_t last;

	zg_assert(zg_store_is_open(store));
	enum zg_result result = read_last(store, &last, row.prev, err);

	if (result != ZG_OK)
		return result;
	char *text = zg_json_text(body);

	row.seq = last + 1;
	row.body = text;
	seal_row(store, &row, mac);
	struct zg_query q = zg_query(store, "INSERT INTO journal (seq, at, who, uid, kind, body, prev, mac)"
				     " VALUES (:seq, :at, :who, :uid, :kind, :body, :prev, :mac)");

	zg_bind_integer(&q, ":seq", row.seq);
	zg_bind_integer(&q, ":at", row.at_ms);
	zg_bind_text(&q, ":who", who);
	zg_bind_integer(&q, ":uid", row.uid);
	zg_bind_text(&q, ":kind", kind);
	zg_bind_text(&q, ":body", text);
	zg_bind_bytes(&q, ":prev", row.prev, ZG_MAC_SIZE);
	zg_bind_bytes(&q, ":mac", mac, ZG_MAC_SIZE);
	zg_query_run(&q);
	result = zg_query_end(&q, err);
	free(text);
	if (result == ZG_OK)
		result = join_sale(store, row.seq, kind, body, err);
	if (result == ZG_OK)
		result = join_shift(store, row.seq, body, err);
	if (result != ZG_OK)
		return result;
	store->last_seq = row.seq;
	memcpy(store->last_mac, mac, ZG_MAC_SIZE);
	if (mark) {
		mark->seq = row.seq;
		set_anchor(mark->anchor, row.seq, mac);
	}
	return ZG_OK;
}

enum zg_result zg_journal_add(struct zg_store *store, const char *who, const char *kind,
			      const json_t *body, struct zg_journal_mark *mark, struct zg_error *err)
{
	return zg_journal_add_from(store, who, (int64_t)getuid(), kind, body, mark, err);
}

enum zg_result zg_journal_head(const struct zg_store *store, struct zg_journal_mark *mark, struct zg_error *err)
{
	unsigned char mac[ZG_MAC_SIZE];
	enum zg_result result = read_last(store, &mark->seq, mac, err);

	set_anchor(mark->anchor, mark->seq, mac);
	if (result == ZG_OK) {
		/* The cache is no part of what a const store promises. */
		struct zg_store *own = (struct zg_store *)(uintptr_t)store;

		own->last_seq = mark->seq;
		memcpy(own->last_mac, mac, ZG_MAC_SIZE);
	}
	return result;
}

/* Rows whose statement was let go, their texts one behind the other. */
struct batch {
	struct fetched *rows;    /* room for BATCH */
	size_t count;
	struct zg_buffer texts;
};

struct fetched {
	int64_t seq, at_ms, uid;
	size_t who, kind, body;    /* where they begin among the texts */
	unsigned char prev[ZG_MAC_SIZE], mac[ZG_MAC_SIZE];
	bool is_whole;    /* both seals have their length, and no text goes on behind a NUL */
};

static bool copy_mac(struct zg_query *q, int column, unsigned char mac[ZG_MAC_SIZE])
{
	size_t length;
	const void *bytes = zg_column_bytes(q, column, &length);

	memset(mac, 0, ZG_MAC_SIZE);
	memcpy(mac, bytes, length < ZG_MAC_SIZE ? length : ZG_MAC_SIZE);
	return length == ZG_MAC_SIZE;
}

/* What stands behind a NUL would be in the books and under no seal. */
static bool copy_whole(struct zg_query *q, int column, struct zg_buffer *texts, size_t *place)
{
	const char *text = zg_column_text(q, column);
	size_t length, seen = strlen(text);

	*place = texts->length;
	zg_buffer_add(texts, text, seen + 1);
	(void)zg_column_bytes(q, column, &length);
	return seen == length;
}

static enum zg_result fetch(const struct zg_store *store, int64_t from, struct batch *batch, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT seq, at, who, uid, kind, body, prev, mac FROM journal"
				     " WHERE seq >= :from ORDER BY seq LIMIT 500");

	zg_bind_integer(&q, ":from", from);
	batch->count = 0;
	zg_buffer_empty(&batch->texts);
	while (batch->count < BATCH && zg_query_row(&q)) {
		struct fetched *row = &batch->rows[batch->count++];

		row->seq = zg_column_integer(&q, 0);
		row->at_ms = zg_column_integer(&q, 1);
		row->is_whole = copy_whole(&q, 2, &batch->texts, &row->who);
		row->uid = zg_column_integer(&q, 3);
		row->is_whole &= copy_whole(&q, 4, &batch->texts, &row->kind);
		row->is_whole &= copy_whole(&q, 5, &batch->texts, &row->body);
		row->is_whole &= copy_mac(&q, 6, row->prev);
		row->is_whole &= copy_mac(&q, 7, row->mac);
	}
	return zg_query_end(&q, err);
}

enum zg_result zg_journal_read(const struct zg_store *store, int64_t from, int64_t most,
			       bool (*visit)(const struct zg_journal_row *row, void *self), void *self, struct zg_error *err)
{
	struct batch batch = { .rows = zg_alloc(BATCH, sizeof(*batch.rows)) };
	enum zg_result result;
	int64_t seen = 0;
	bool more = true;

	do {
		result = fetch(store, from, &batch, err);
		for (size_t i = 0; i < batch.count && more && result == ZG_OK; i++) {
			const struct fetched *found = &batch.rows[i];
			const char *texts = batch.texts.bytes;
			struct zg_journal_row row = { .seq = found->seq, .at_ms = found->at_ms, .uid = found->uid, .is_whole = found->is_whole,
				.who = texts + found->who, .kind = texts + found->kind, .body = texts + found->body };

			memcpy(row.prev, found->prev, ZG_MAC_SIZE);
			memcpy(row.mac, found->mac, ZG_MAC_SIZE);
			more = visit(&row, self) && (most == 0 || ++seen < most);
			from = row.seq + 1;
		}
	} while (result == ZG_OK && batch.count == BATCH && more);
	zg_buffer_clear(&batch.texts);
	free(batch.rows);
	return result;
}

/* ---- verifying ---- */

struct verifying {
	const struct zg_store *store;
	struct zg_journal_check *check;
	struct zg_error *err;
	unsigned char last[ZG_MAC_SIZE];
	struct zg_journal_seal head;
	bool head_differs;
	enum zg_result result;
};

static bool bad_row(struct verifying *v, int64_t seq, const char *what)
{
	v->check->bad_seq = seq;
	v->result = zg_fail(v->err, ZG_INVALID, _("Row %" PRId64 " of the journal: %s. The books were changed from outside."),
			    seq, _(what));
	return false;
}

static bool verify_row(const struct zg_journal_row *row, void *self)
{
	struct verifying *v = self;

	if (row->seq <= v->check->rows)    /* before the first one, where no number is given */
		return bad_row(v, row->seq, N_("it does not follow the row before it"));
	if (row->seq != v->check->rows + 1)
		return bad_row(v, v->check->rows + 1, N_("it is missing"));
	if (!zg_seal_is_same(row->prev, v->last, ZG_MAC_SIZE))
		return bad_row(v, row->seq, N_("it does not follow the row before it"));
	if (!zg_journal_is_sealed(v->store, row))
		return bad_row(v, row->seq, N_("its seal does not fit its words"));
	if (row->seq == v->head.seq && !zg_seal_is_same(row->mac, v->head.mac, ZG_MAC_SIZE))
		return bad_row(v, row->seq, N_("it is not the row that was last sealed"));
	memcpy(v->last, row->mac, ZG_MAC_SIZE);
	v->check->rows++;
	zg_hex(v->check->anchor, row->mac, 4);
	return true;
}

enum zg_result zg_journal_verify(const struct zg_store *store, struct zg_journal_check *check, struct zg_error *err)
{
	struct verifying v = { .store = store, .check = check, .err = err, .result = ZG_OK };

	*check = (struct zg_journal_check){ 0 };
	if (store->has_snapshot)
		v.head = store->seen;    /* while it reads, a till goes on selling */
	else
		zg_journal_read_head(store, &v.head);
	enum zg_result result = zg_journal_read(store, INT64_MIN, 0, verify_row, &v, err);

	if (result == ZG_OK)
		result = v.result;
	if (result == ZG_OK && check->rows < v.head.seq) {
		check->bad_seq = check->rows + 1;
		result = zg_fail(err, ZG_INVALID, _("Rows %" PRId64 " to %" PRId64 " of the journal are missing. "
						    "The books are an old copy, or were cut off."), check->rows + 1, v.head.seq);
	}
	return result;
}
