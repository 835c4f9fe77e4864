/*
 * The real program with a statement planted in it that breaks: by the amount that a customer gives, at three moments of a sale.
 * Linked with --wrap, so that not a line of the till differs. tests/fault/broken.c plays it.
 */
#include "src/base/alloc.h"
#include "src/shop/sale.h"
#include "src/store/journal.h"
#include "src/store/store.h"

enum moment { NEVER, WHILE_ASKING = 4201, IN_THE_TRANSACTION = 4202, AFTER_THE_COMMIT = 4203 };

static int64_t now;

enum zg_result __real_zg_sale_tender(struct zg_sale *sale, enum zg_tender_kind kind, zg_fen tendered, enum zg_rounding rounding,
				     struct zg_error *err);
enum zg_result __wrap_zg_sale_tender(struct zg_sale *sale, enum zg_tender_kind kind, zg_fen tendered, enum zg_rounding rounding,
				     struct zg_error *err);
enum zg_result __wrap_zg_sale_tender(struct zg_sale *sale, enum zg_tender_kind kind, zg_fen tendered, enum zg_rounding rounding,
				     struct zg_error *err)
{
	now = tendered;
	zg_assert(now != WHILE_ASKING);
	return __real_zg_sale_tender(sale, kind, tendered, rounding, err);
}

enum zg_result __real_zg_journal_add_from(struct zg_store *store, const char *who, int64_t uid, const char *kind, const json_t *body,
					  struct zg_journal_mark *mark, struct zg_error *err);
enum zg_result __wrap_zg_journal_add_from(struct zg_store *store, const char *who, int64_t uid, const char *kind, const json_t *body,
					  struct zg_journal_mark *mark, struct zg_error *err);
enum zg_result __wrap_zg_journal_add_from(struct zg_store *store, const char *who, int64_t uid, const char *kind, const json_t *body,
					  struct zg_journal_mark *mark, struct zg_error *err)
{
	enum zg_result result = __real_zg_journal_add_from(store, who, uid, kind, body, mark, err);

	zg_assert(now != IN_THE_TRANSACTION);
	return result;
}

enum zg_result __real_zg_store_commit(struct zg_store *store, struct zg_error *err);
enum zg_result __wrap_zg_store_commit(struct zg_store *store, struct zg_error *err);
enum zg_result __wrap_zg_store_commit(struct zg_store *store, struct zg_error *err)
{
	enum zg_result result = __real_zg_store_commit(store, err);

	zg_assert(now != AFTER_THE_COMMIT);
	return result;
}
