/*
 * What happened to one sale, from the journal: what was changed while it was rung, hung, paid,
 * printed again, refunded, each with its time and who did it.
 *
 * The rows of a sale were joined to it when they were written, so they are found whatever the journal's length.
 */
#ifndef ZG_STORE_STORY_H
#define ZG_STORE_STORY_H

#include "src/base/json.h"
#include "src/base/result.h"
#include "src/store/people.h"
#include "src/store/sales.h"

#include <stddef.h>
#include <stdint.h>

struct zg_store;

#define ZG_STORY_KIND 32

struct zg_story_row {
	int64_t seq, at_ms;
	char who[ZG_LOGIN_MAX + 1];
	char kind[ZG_STORY_KIND];    /* "sale.discount", "sale.hang", "sale.paid", "sale.refund", "print.receipt", … */
	json_t *body;                /* never NULL */
};

/* Zero-initialise; plain data to read. */
struct zg_story {
	struct zg_story_row *rows;    /* oldest first; owned */
	size_t count;
};

/* Of a sale: its own rows, its refunds' and its reprints'. Of a refund: its own and its reprints'. On failure story is empty. */
enum zg_result zg_story_read(const struct zg_store *store, const struct zg_sale_record *sale, struct zg_story *story,
			     struct zg_error *err);
void zg_story_clear(struct zg_story *story);
#endif
