#include "src/io/link.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/i18n.h"
#include "src/io/private.h"

#include <errno.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define FIRST_RETRY_MS 1000
#define LATER_RETRY_MS 2000
#define SERIAL_CHUNK   256     /* cheap printers have small buffers; see also PATIENCE */
#define CHUNK          16384
#define CHUNKS_A_TURN  64
#define PATIENCE       512     /* bytes that may wait in the port's own buffer before more follow */
#define LOOK_AGAIN_MS  10      /* for the kernel's buffer to empty: it tells nobody */
#define QUEUE_SLACK    65536

struct zg_link {
	struct zg_loop *loop;
	struct zg_link_address address;
	struct zg_link_events events;
	void *self;
	enum zg_link_state state;
	char problem[ZG_ERROR_TEXT];
	int fd;                     /* -1: not open */
	bool is_plain;              /* a file: never read */
	struct zg_watch *watch;
	struct zg_tcp *tcp;         /* while connecting */
	uint64_t retry_timer, look_timer;
	bool has_failed;            /* the last opening did: be slower */
	bool has_ended;             /* the device ended the connection by its own will */
	int64_t doubt_ms;           /* of the last loss; see zg_link_doubt_ms */
	struct zg_buffer queue;     /* from queue_at on: waits */
	size_t queue_at;
	bool is_draining;           /* bytes went out, and drained was not told yet */
	uint64_t sent;              /* taken by the kernel since READY */
	size_t held;                /* of them still in its buffer, when last seen */
	int depth;                  /* callbacks on the stack: free later */
	bool is_closed;
};

static void try_open(void *self);
static void look_at_queue(void *self);

static size_t waiting(const struct zg_link *link)
{
	return link->queue.length - link->queue_at;
}

static void leave(struct zg_link *link)
{
	if (--link->depth > 0 || !link->is_closed)
		return;
	zg_buffer_clear(&link->queue);
	free(link);
}

/* Bytes that the kernel still holds; what was last seen when it does not tell any more. */
static size_t ask_held(const struct zg_link *link)
{
	int held = 0;

	if (link->fd < 0)
		return link->held;
	if (link->is_plain || ioctl(link->fd, link->address.kind == ZG_LINK_TCP ? SIOCOUTQ : TIOCOUTQ, &held) < 0)
		return link->is_plain || errno == ENOTTY || errno == EINVAL ? 0 : link->held;
	return held > 0 ? (size_t)held : 0;
}

/* Lets the device go; what was queued is gone with it. */
static void close_device(struct zg_link *link)
{
	link->held = ask_held(link);
	zg_watch_remove(link->watch);
	link->watch = NULL;
	zg_tcp_cancel(link->tcp);
	link->tcp = NULL;
	zg_timer_remove(link->loop, link->retry_timer);
	zg_timer_remove(link->loop, link->look_timer);
	link->retry_timer = link->look_timer = 0;
	if (link->fd >= 0)
		close(link->fd);
	link->fd = -1;
	zg_buffer_empty(&link->queue);
	link->queue_at = 0;
	link->is_draining = false;
}

static void tell_state(struct zg_link *link, enum zg_link_state state, const char *problem)
{
	bool is_news = state != link->state || strcmp(problem, link->problem) != 0;

	link->state = state;
	strncpy(link->problem, problem, sizeof(link->problem) - 1);
	if (is_news && link->events.state)
		link->events.state(link->self, state);
}

static void lose(struct zg_link *link, enum zg_link_state state, const char *problem)
{
	close_device(link);
	link->retry_timer = zg_timer_add(link->loop, link->has_failed ? LATER_RETRY_MS : FIRST_RETRY_MS, try_open, link);
	link->has_failed = true;
	tell_state(link, state, problem);
}

static void hang_up(struct zg_link *link)
{
	struct zg_error err;
	bool has_all = waiting(link) == 0 && ask_held(link) == 0;

	link->doubt_ms = link->address.kind != ZG_LINK_TCP ? 0 : link->has_ended && has_all ? -1 : ZG_LINK_DOUBT_MS;
	if (link->address.kind == ZG_LINK_TCP)
		zg_fail(&err, ZG_OFFLINE, _("The device at %s has ended the connection. Check its cable and that it is "
					    "switched on."), link->address.target);
	else
		zg_link_explain(ENODEV, link->address.target, NULL, &err);
	lose(link, ZG_LINK_ABSENT, err.text);
}

static void tell_when_drained(struct zg_link *link)
{
	link->held = ask_held(link);
	if (link->held > 0) {
		if (!link->look_timer)
			link->look_timer = zg_timer_add(link->loop, LOOK_AGAIN_MS, look_at_queue, link);
		return;
	}
	if (!link->is_draining)
		return;
	link->is_draining = false;
	if (link->events.drained)
		link->events.drained(link->self);
}

/* Writes what the device takes. False: it is gone. */
static bool write_some(struct zg_link *link)
{
	bool is_serial = link->address.kind == ZG_LINK_SERIAL;

	for (int turn = 0; turn < CHUNKS_A_TURN && waiting(link) > 0; turn++) {
		size_t most = is_serial ? SERIAL_CHUNK : CHUNK;
		size_t size = waiting(link) < most ? waiting(link) : most;

		/* Never far ahead of the line: what is here can still be dropped, and counts as not sent. */
		if (is_serial && (link->held = ask_held(link)) > PATIENCE) {
			zg_watch_set(link->watch, ZG_LOOP_IN);
			link->look_timer = zg_timer_add(link->loop, LOOK_AGAIN_MS, look_at_queue, link);
			return true;
		}
		ssize_t sent = write(link->fd, link->queue.bytes + link->queue_at, size);

		if (sent < 0)
			return errno == EAGAIN || errno == EINTR;
		link->sent += (uint64_t)sent;
		link->queue_at += (size_t)sent;
		link->is_draining = true;
		if (link->queue_at >= QUEUE_SLACK || waiting(link) == 0) {
			zg_buffer_drop(&link->queue, link->queue_at);
			link->queue_at = 0;
		}
	}
	return true;
}

static void send_queue(struct zg_link *link)
{
	if (link->look_timer)    /* the port's buffer is full enough for now */
		return;
	if (!write_some(link)) {
		hang_up(link);
		return;
	}
	if (link->look_timer)
		return;
	bool more = waiting(link) > 0;

	zg_watch_set(link->watch, (link->is_plain ? 0 : ZG_LOOP_IN) | (more ? ZG_LOOP_OUT : 0));
	if (!more)
		tell_when_drained(link);
}

static void look_at_queue(void *self)
{
	struct zg_link *link = self;

	link->depth++;
	link->look_timer = 0;
	send_queue(link);
	leave(link);
}

/* Reads once. False: the device is gone. */
static bool read_some(struct zg_link *link, unsigned events)
{
	char bytes[4096];
	ssize_t got = read(link->fd, bytes, sizeof(bytes));

	if (got > 0) {
		if (link->events.bytes)
			link->events.bytes(link->self, bytes, (size_t)got);
		return true;
	}
	link->has_ended = got == 0 && !(events & ZG_LOOP_ERROR);
	if (got == 0 && link->address.kind == ZG_LINK_FILE && !isatty(link->fd))
		return !(events & (ZG_LOOP_HANGUP | ZG_LOOP_ERROR));    /* usblp: an empty transfer */
	return got < 0 && (errno == EAGAIN || errno == EINTR) && !(events & (ZG_LOOP_HANGUP | ZG_LOOP_ERROR));
}

static void device_ready(void *self, int fd, unsigned events)
{
	struct zg_link *link = self;

	link->depth++;
	if ((events & ~ZG_LOOP_OUT) && !read_some(link, events) && link->fd == fd)
		hang_up(link);
	/* A callback may have closed or reopened it; a new device's turn comes with its own watch. */
	if (!link->is_closed && link->fd == fd && link->watch && (events & ZG_LOOP_OUT))
		send_queue(link);
	leave(link);
}

static void opened(struct zg_link *link, int fd)
{
	link->fd = fd;
	link->sent = 0;
	link->held = 0;
	link->has_failed = link->has_ended = false;
	link->watch = zg_watch_add(link->loop, fd, link->is_plain ? 0 : ZG_LOOP_IN, device_ready, link);
	tell_state(link, ZG_LINK_READY, "");
}

static void connected(void *self, enum zg_link_state state, int fd, const char *problem)
{
	struct zg_link *link = self;

	link->depth++;
	link->tcp = NULL;
	if (state == ZG_LINK_READY)
		opened(link, fd);
	else
		lose(link, state, problem);
	leave(link);
}

static void try_open(void *self)
{
	struct zg_link *link = self;
	enum zg_link_state state;
	struct zg_error err;
	int fd = -1;

	link->retry_timer = 0;
	if (link->address.kind == ZG_LINK_TCP) {
		link->tcp = zg_tcp_open(link->loop, &link->address, connected, link);
		return;
	}
	link->depth++;
	if (link->address.kind == ZG_LINK_SERIAL)
		state = zg_serial_open(&link->address, &fd, &err);
	else
		state = zg_file_open(&link->address, &fd, &link->is_plain, &err);
	if (state == ZG_LINK_READY)
		opened(link, fd);
	else
		lose(link, state, err.text);
	leave(link);
}

struct zg_link *zg_link_open(struct zg_loop *loop, const struct zg_link_address *address,
			     const struct zg_link_events *events, void *self)
{
	struct zg_link *link = zg_alloc(1, sizeof(*link));

	*link = (struct zg_link){ .loop = loop, .address = *address, .events = *events, .self = self, .fd = -1,
				  .state = ZG_LINK_OPENING };
	link->retry_timer = zg_timer_add(loop, 0, try_open, link);
	return link;
}

void zg_link_close(struct zg_link *link)
{
	if (!link || link->is_closed)
		return;
	link->depth++;
	close_device(link);
	link->is_closed = true;
	link->events = (struct zg_link_events){ 0 };
	leave(link);
}

enum zg_link_state zg_link_state(const struct zg_link *link)
{
	return link->state;
}

const struct zg_link_address *zg_link_address(const struct zg_link *link)
{
	return &link->address;
}

const char *zg_link_problem(const struct zg_link *link)
{
	return link->problem;
}

enum zg_result zg_link_send(struct zg_link *link, const void *bytes, size_t length, struct zg_error *err)
{
	if (link->state != ZG_LINK_READY)
		return zg_fail(err, ZG_OFFLINE, "%s", *link->problem ? link->problem : _("The device is not ready yet."));
	if (length > ZG_LINK_QUEUE - waiting(link))
		return zg_fail(err, ZG_INVALID, _("Too much waits for the device already. Wait until it has gone on."));
	if (length == 0)
		return ZG_OK;
	zg_buffer_add(&link->queue, bytes, length);
	/* Sent from the loop, so that no callback runs in here. */
	if (!link->look_timer)
		zg_watch_set(link->watch, (link->is_plain ? 0 : ZG_LOOP_IN) | ZG_LOOP_OUT);
	return ZG_OK;
}

size_t zg_link_queued(const struct zg_link *link)
{
	return link->fd < 0 ? 0 : waiting(link) + ask_held(link);
}

uint64_t zg_link_written(const struct zg_link *link)
{
	size_t held = ask_held(link);

	return link->sent > held ? link->sent - held : 0;
}

int64_t zg_link_doubt_ms(const struct zg_link *link)
{
	return link->doubt_ms;
}

void zg_link_drop(struct zg_link *link)
{
	zg_buffer_empty(&link->queue);
	link->queue_at = 0;
}

void zg_link_reopen(struct zg_link *link)
{
	close_device(link);
	link->has_failed = false;
	link->state = ZG_LINK_OPENING;
	link->problem[0] = '\0';
	link->retry_timer = zg_timer_add(link->loop, 0, try_open, link);
}
