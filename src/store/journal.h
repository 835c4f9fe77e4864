/*
 * What happened in the shop, in order, each row sealed over itself and the row before it.
 *
 * A row is added in the same transaction as the change it tells of. The seal is HMAC-SHA-256
 * with keys/journal.key; its first 8 hex digits are printed on receipts and Z reports, so
 * paper in customers' hands vouches for the books. Bodies are canonical JSON in English.
 */
#ifndef ZG_STORE_JOURNAL_H
#define ZG_STORE_JOURNAL_H

#include "src/base/json.h"
#include "src/base/result.h"
#include "src/base/seal.h"

#include <stdbool.h>
#include <stdint.h>

struct zg_store;

#define ZG_ANCHOR_TEXT 9    /* 8 hex digits and the NUL */

struct zg_journal_mark {
	int64_t seq;
	char anchor[ZG_ANCHOR_TEXT];
};

/* Adds the next row inside the transaction under way. who is a login, "-" for nobody. mark may be NULL. */
enum zg_result zg_journal_add(struct zg_store *store, const char *who, const char *kind,
			      const json_t *body, struct zg_journal_mark *mark, struct zg_error *err);
/* The same for somebody who asked from a process of the OS user uid, over the control socket. */
enum zg_result zg_journal_add_from(struct zg_store *store, const char *who, int64_t uid, const char *kind,
				   const json_t *body, struct zg_journal_mark *mark, struct zg_error *err);

struct zg_journal_row {
	int64_t seq, at_ms;
	int64_t uid;
	bool is_whole;                    /* false: its fields hold more, or less, than is shown here */
	const char *who, *kind, *body;    /* borrowed until the visitor returns */
	unsigned char prev[ZG_MAC_SIZE], mac[ZG_MAC_SIZE];
};

/*
 * Visits rows from seq `from` on, oldest first, at most `most` (0: all). The visitor returns
 * false to stop. The rows are fetched in batches, so a slow reader holds no snapshot.
 */
enum zg_result zg_journal_read(const struct zg_store *store, int64_t from, int64_t most,
			       bool (*visit)(const struct zg_journal_row *row, void *self), void *self, struct zg_error *err);

/* The newest row's mark; seq 0 and "" in an empty journal. */
enum zg_result zg_journal_head(const struct zg_store *store, struct zg_journal_mark *mark, struct zg_error *err);

struct zg_journal_check {
	int64_t rows;           /* looked at */
	int64_t bad_seq;        /* first row that is not as it was written; 0: none */
	char anchor[ZG_ANCHOR_TEXT];    /* of the last row */
};

/*
 * Recomputes every seal, and compares with the head kept outside the books (keys/journal.head, keys/journal.last).
 * ZG_INVALID names the row in check->bad_seq and says what is wrong with it; ZG_BROKEN: unreadable.
 */
enum zg_result zg_journal_verify(const struct zg_store *store, struct zg_journal_check *check, struct zg_error *err);

/*
 * Writes the head's seq and seal, and the numbers last given, to keys/journal.head and syncs it. At shift change and at closing.
 * Books that zg_journal_check_head refuses leave the head as it is.
 */
enum zg_result zg_journal_keep_head(struct zg_store *store, struct zg_error *err);
/* At every writing start: ZG_INVALID when the books are older than what was noted outside them, that is, a stale copy. */
enum zg_result zg_journal_check_head(const struct zg_store *store, struct zg_error *err);

/* What a stale copy lacks. */
struct zg_journal_gap {
	int64_t last_seq;             /* the newest row of these books */
	int64_t head_seq;             /* the row that was sealed last: not in these books, or another one */
	char head[ZG_ANCHOR_TEXT];    /* its anchor, as papers of that time bear it */
	int64_t receipt_no, z_no;     /* the highest given by then, as far as the head tells; 0: it does not */
};
/* ZG_NOT_FOUND, without err: the books have everything that was sealed. */
enum zg_result zg_journal_find_gap(const struct zg_store *store, struct zg_journal_gap *gap, struct zg_error *err);
/* Makes these books' newest row the head, whatever was sealed before: once an admin has accepted the copy. */
enum zg_result zg_journal_take_head(struct zg_store *store, struct zg_error *err);
#endif
