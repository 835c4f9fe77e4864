/* SQLite's check of every page, in a read-only child process while selling goes on (decision 11). */
#ifndef ZG_TILL_PAGE_CHECK_H
#define ZG_TILL_PAGE_CHECK_H

#include "src/base/result.h"
#include "src/io/loop.h"

struct zg_page_check;

/* done is called once in the loop, unless it is stopped before. NULL: no child could be made. */
struct zg_page_check *zg_page_check_start(struct zg_loop *loop, const char *home,
					  void (*done)(void *self, enum zg_result result, const struct zg_error *err), void *self);
void zg_page_check_stop(struct zg_page_check *check);    /* NULL is allowed */
#endif
