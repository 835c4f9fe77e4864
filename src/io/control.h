/*
 * The control socket: how a command reaches the till that is running.
 *
 * A Unix stream socket, control.sock in the shop's directory, 0600; only the shop's own user and root are
 * let in (peer credentials). A message is one JSON object on one line of at most ZG_CONTROL_LINE bytes.
 * What the members mean is the till's business, but for two: a message with a member "progress" is not the
 * answer yet, and the socket's own complaints are {"result":"invalid","message":"..."}.
 */
#ifndef ZG_IO_CONTROL_H
#define ZG_IO_CONTROL_H

#include "src/base/clock.h"
#include "src/base/json.h"
#include "src/base/result.h"
#include "src/io/loop.h"

#include <sys/types.h>

#define ZG_CONTROL_NAME  "control.sock"
#define ZG_CONTROL_LINE  (1024 * 1024)      /* bytes of a message, its line end not counted */
#define ZG_CONTROL_PEERS 32                 /* connections at a time; one more is closed at once */
#define ZG_CONTROL_QUEUE (8 * 1024 * 1024)  /* bytes that may wait for a reader who does not read; then it is cut off */

struct zg_control;
struct zg_control_peer;

/* Run in the loop. A peer is valid from its first message until `closed` returns. */
struct zg_control_events {
	/* One message came; the object is borrowed for the call. Answer now or later, or never. */
	void (*message)(void *self, struct zg_control_peer *peer, const json_t *message);
	/* The peer is gone, or was cut off. Also called after zg_control_end; not by zg_control_close. */
	void (*closed)(void *self, struct zg_control_peer *peer);
};

/*
 * Listens in the directory. A socket file that is there is taken away: the caller holds the shop's lock and so
 * knows that it is a dead till's. ZG_BROKEN: the socket cannot be made; err says why.
 */
enum zg_result zg_control_open(struct zg_loop *loop, const char *directory, const struct zg_control_events *events,
			       void *self, struct zg_control **control, struct zg_error *err);
/* Cuts all peers off and removes the file. Not from inside a callback of its own; NULL is allowed. */
void zg_control_close(struct zg_control *control);

/* Queues a message (written out at once, the object stays the caller's). May be called any time; never blocks. */
void zg_control_send(struct zg_control_peer *peer, const json_t *message);
void zg_control_end(struct zg_control_peer *peer);    /* closes once all is sent */
uid_t zg_control_uid(const struct zg_control_peer *peer);
/* Something of the till's own, kept with the peer; NULL at first. */
void zg_control_set_data(struct zg_control_peer *peer, void *data);
void *zg_control_data(const struct zg_control_peer *peer);

/* The other end, for a command: it waits, so it is never used in the till's loop. */
struct zg_control_client;

/*
 * Connects within limit_ms. ZG_NOT_FOUND: no till runs in this directory (no socket, or nobody listens).
 * ZG_OFFLINE: it does not answer. ZG_INVALID: the socket belongs to somebody else.
 */
enum zg_result zg_control_connect(const char *directory, const struct zg_clock *clock, int64_t limit_ms,
				  struct zg_control_client **client, struct zg_error *err);
void zg_control_disconnect(struct zg_control_client *client);    /* NULL is allowed */

/*
 * Sends a request and waits for its answer; each progress message goes to `progress` (NULL: nobody), which
 * also starts the limit again. *answer is the caller's.
 * ZG_OFFLINE: the request did not leave. ZG_UNKNOWN: it left and no answer came: it may have been done.
 * After anything but ZG_OK the client is of no more use.
 */
enum zg_result zg_control_ask(struct zg_control_client *client, const json_t *request, int64_t limit_ms,
			      void (*progress)(void *self, const json_t *message), void *self,
			      json_t **answer, struct zg_error *err);
#endif
