/* Between the files of src/io; nobody else includes it. */
#ifndef ZG_IO_PRIVATE_H
#define ZG_IO_PRIVATE_H

#include "src/base/result.h"
#include "src/io/link.h"

#include <stdbool.h>
#include <sys/stat.h>

/*
 * Says why a device at `path` cannot be opened, from errno and, where it could be had, what stat tells of it (else
 * NULL). Fills err and returns ZG_LINK_ABSENT or ZG_LINK_FAILED.
 */
enum zg_link_state zg_link_explain(int error, const char *path, const struct stat *about, struct zg_error *err);

/*
 * Open a device without waiting. ZG_LINK_READY: *fd is the caller's, non-blocking, close-on-exec. Else err says why.
 * file: *is_plain says that it is a plain file, which is appended to and never read.
 */
enum zg_link_state zg_serial_open(const struct zg_link_address *address, int *fd, struct zg_error *err);
enum zg_link_state zg_file_open(const struct zg_link_address *address, int *fd, bool *is_plain, struct zg_error *err);

/* A connection being made: names are looked up in a child, so it takes its time. */
struct zg_tcp;
typedef void zg_tcp_done(void *self, enum zg_link_state state, int fd, const char *problem);

/* `done` runs in the loop, never before this returns, and ends the attempt. */
struct zg_tcp *zg_tcp_open(struct zg_loop *loop, const struct zg_link_address *address, zg_tcp_done *done, void *self);
void zg_tcp_cancel(struct zg_tcp *tcp);    /* done is not called; NULL is allowed */
#endif
