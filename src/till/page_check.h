/*
 * SQLite's check of every page, while selling goes on (decision 11): "zhanggui doctor --pages", run beside the till. A forked
 * copy of the till would not do; see src/io/child.h.
 */
#ifndef ZG_TILL_PAGE_CHECK_H
#define ZG_TILL_PAGE_CHECK_H

#include "src/base/result.h"
#include "src/io/loop.h"

struct zg_page_check;

/*
 * program: path of zhanggui. done is called once in the loop, unless it is stopped before: ZG_OK, or ZG_BROKEN with the
 * check's own sentence, or with one that says that it could not be done. Never NULL.
 */
struct zg_page_check *zg_page_check_start(struct zg_loop *loop, const char *program, const char *home,
					  void (*done)(void *self, enum zg_result result, const struct zg_error *err), void *self);
void zg_page_check_stop(struct zg_page_check *check);    /* NULL is allowed */
#endif
