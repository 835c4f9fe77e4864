/* How sales look in lists and in JSON; shared by sale and report. */
#ifndef ZG_CLI_SALE_TABLE_H
#define ZG_CLI_SALE_TABLE_H

#include "src/base/json.h"
#include "src/store/sales.h"

/* The caller owns it. */
json_t *zg_sale_record_json(const struct zg_sale_record *record);
json_t *zg_sale_rows_json(const struct zg_sale_row *rows, size_t count);
void zg_sale_rows_print(const struct zg_sale_row *rows, size_t count);
/* "open", "hung", "paid", "void". */
const char *zg_sale_state_word(enum zg_sale_state state);
/* Every sale and refund that was closed on a day, newest first. *rows is the caller's, freed with free(). */
enum zg_result zg_sale_rows_of_day(const struct zg_store *store, const char *day, struct zg_sale_row **rows, size_t *count,
				   struct zg_error *err);
#endif
