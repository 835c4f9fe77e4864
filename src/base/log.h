/*
 * What happened, for the admin: one line an event, English, no secrets, capped in size.
 * The file is log/zhanggui.log of the shop; at ZG_LOG_SIZE it becomes zhanggui.log.1.
 * A log that cannot be written is passed over: it never stops the till.
 */
#ifndef ZG_BASE_LOG_H
#define ZG_BASE_LOG_H

#include "src/base/clock.h"

#define ZG_LOG_SIZE (4 * 1024 * 1024)

struct zg_log;

/* Opens or makes DIRECTORY/zhanggui.log (0600). Never NULL: without a file, lines are dropped. clock is borrowed. */
struct zg_log *zg_log_open(const char *directory, const struct zg_clock *clock);
void zg_log_close(struct zg_log *log);
/* Adds a line; bytes that are not clean text are replaced. log may be NULL. Does not sync. */
void zg_log_say(struct zg_log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));
#endif
