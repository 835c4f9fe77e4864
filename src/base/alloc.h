/*
 * Memory that is there or ends the program. Out of memory has one path: exit 5 from the
 * failed allocation. The sale under way is in the store, and the next start resumes it.
 * None of these returns NULL; what they return is freed with free().
 */
#ifndef ZG_BASE_ALLOC_H
#define ZG_BASE_ALLOC_H

#include <stdarg.h>
#include <stddef.h>

void *zg_alloc(size_t count, size_t size);                     /* zeroed */
void *zg_resize(void *block, size_t count, size_t size);       /* new bytes are not zeroed */
/* Has room for one more than count; *room counts members of `size` bytes, and starts at 0 with a NULL block. */
void *zg_grow(void *block, size_t count, size_t *room, size_t size);
char *zg_copy(const char *text);                               /* NULL gives NULL */
char *zg_copy_bytes(const char *bytes, size_t length);         /* adds a NUL */
char *zg_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends the program now if there is not so much left: before a library is called that takes its memory for granted. */
void zg_need(size_t bytes);

/* Ends the program with exit 5 and one line on standard error. */
void zg_out_of_memory(void) __attribute__((noreturn));

/*
 * States what must be so; stays on in the shipped program. A broken one says where on
 * standard error and in the log, and aborts: a wrong total is worse than a restart.
 * One call without a branch in the caller, so that branch coverage stays meaningful.
 */
#define zg_assert(condition) zg_assert_that((condition), #condition, __FILE__, __LINE__)
void zg_assert_that(int holds, const char *what, const char *file, int line);
/*
 * Who writes down what was broken before the program ends: the shop's log, while a till is open. NULL: nobody. The one
 * thing of the program that is not handed down, because a statement may break anywhere.
 */
void zg_assert_tell(void (*tell)(void *self, const char *words), void *self);
#endif
