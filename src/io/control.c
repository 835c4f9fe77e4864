/* The till's end of the control socket; a command's end is in control_client.c. */
#include "src/io/control.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/i18n.h"
#include "src/io/control_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define READ_SIZE       65536
#define LINES_A_TURN    16      /* then the others have their turn */
#define REST_MS         500     /* between two tries to accept while there are no descriptors */

struct zg_control_peer {
	struct zg_control *control;
	int fd;                     /* -1: cut off, waits to be freed */
	struct zg_watch *watch;
	uid_t uid;
	struct zg_buffer in, out;
	size_t looked_at;           /* bytes of `in` without a line end */
	bool is_known;              /* its owner has seen a message of it */
	bool is_ending, is_deaf;    /* close when all is sent; read no more */
	int depth;                  /* its callbacks on the stack */
	uint64_t turn_timer;
	void *data;
};

struct zg_control {
	struct zg_loop *loop;
	struct zg_control_events events;
	void *self;
	int directory;
	int fd;
	struct zg_watch *watch;
	uint64_t rest_timer;
	struct zg_control_peer *peers[ZG_CONTROL_PEERS];
	bool is_closing;
};

bool zg_control_address(int directory, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	int length = snprintf(address->sun_path, sizeof(address->sun_path), "/proc/self/fd/%d/" ZG_CONTROL_NAME, directory);

	return length > 0 && (size_t)length < sizeof(address->sun_path);
}

bool zg_control_is_ours(int fd, uid_t *uid)
{
	struct ucred who;
	socklen_t length = sizeof(who);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &length) < 0)
		return false;
	*uid = who.uid;
	return who.uid == geteuid() || who.uid == 0;
}

/* What was dropped from it: there were PINs among the messages. */
static void wipe(struct zg_buffer *buffer)
{
	if (buffer->room > buffer->length)
		explicit_bzero(buffer->bytes + buffer->length, buffer->room - buffer->length);
}

/* Frees the peer unless a callback of it is on the stack; then that one's end does it. */
static void free_peer(struct zg_control_peer *peer)
{
	struct zg_control *control = peer->control;

	if (peer->depth > 0)
		return;
	for (size_t i = 0; i < ZG_CONTROL_PEERS; i++)
		if (control->peers[i] == peer)
			control->peers[i] = NULL;
	zg_buffer_empty(&peer->in);
	wipe(&peer->in);
	zg_buffer_clear(&peer->in);
	zg_buffer_clear(&peer->out);
	free(peer);
}

static void release(struct zg_control_peer *peer)
{
	zg_watch_remove(peer->watch);
	peer->watch = NULL;
	zg_timer_remove(peer->control->loop, peer->turn_timer);
	peer->turn_timer = 0;
	if (peer->fd >= 0)
		close(peer->fd);
	peer->fd = -1;
}

static void cut_off(struct zg_control_peer *peer)
{
	struct zg_control *control = peer->control;

	if (peer->fd < 0)
		return;
	release(peer);
	peer->depth++;
	if (peer->is_known && control->events.closed && !control->is_closing)
		control->events.closed(control->self, peer);
	peer->depth--;
	free_peer(peer);
}

static void send_some(struct zg_control_peer *peer)
{
	while (peer->out.length > 0) {
		ssize_t sent = send(peer->fd, peer->out.bytes, peer->out.length, MSG_NOSIGNAL);

		if (sent < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		if (sent < 0) {
			cut_off(peer);
			return;
		}
		zg_buffer_drop(&peer->out, (size_t)sent);
	}
	if (peer->out.length == 0 && peer->is_ending) {
		cut_off(peer);
		return;
	}
	zg_watch_set(peer->watch, (peer->is_deaf ? 0 : ZG_LOOP_IN) | (peer->out.length > 0 ? ZG_LOOP_OUT : 0));
}

void zg_control_send(struct zg_control_peer *peer, const json_t *message)
{
	if (peer->fd < 0 || peer->is_ending)
		return;
	char *text = zg_json_text(message);

	zg_buffer_add_text(&peer->out, text);
	zg_buffer_add_byte(&peer->out, '\n');
	free(text);
	if (peer->out.length > ZG_CONTROL_QUEUE) {    /* it does not read; its loss is told from the loop */
		zg_buffer_empty(&peer->out);
		zg_control_end(peer);
		return;
	}
	zg_watch_set(peer->watch, (peer->is_deaf ? 0 : ZG_LOOP_IN) | ZG_LOOP_OUT);
}

void zg_control_end(struct zg_control_peer *peer)
{
	if (peer->fd < 0)
		return;
	peer->is_ending = peer->is_deaf = true;
	zg_watch_set(peer->watch, ZG_LOOP_OUT);
}

static void complain(struct zg_control_peer *peer, const char *why)
{
	json_t *message = zg_json_object();

	zg_json_set_string(message, "result", zg_result_name(ZG_INVALID));
	zg_json_set_string(message, "message", why);
	zg_control_send(peer, message);
	json_decref(message);
	zg_control_end(peer);
}

static void take_line(struct zg_control_peer *peer, const char *line, size_t length)
{
	struct zg_control *control = peer->control;
	json_t *message = zg_json_parse(line, length);

	if (json_is_object(message)) {
		peer->is_known = true;
		if (control->events.message)
			control->events.message(control->self, peer, message);
	} else {
		complain(peer, _("The till did not understand that message. Use the command of the same version."));
	}
	json_decref(message);
}

static void take_lines(void *self);

/* Takes the whole lines that are in; called with depth raised. */
static void take_some(struct zg_control_peer *peer)
{
	for (int turn = 0; peer->fd >= 0 && !peer->is_deaf && peer->in.length > peer->looked_at; turn++) {
		const char *start = peer->in.bytes;
		const char *end = memchr(start + peer->looked_at, '\n', peer->in.length - peer->looked_at);

		if (end && turn == LINES_A_TURN) {
			if (!peer->turn_timer)
				peer->turn_timer = zg_timer_add(peer->control->loop, 0, take_lines, peer);
			return;
		}
		size_t length = end ? (size_t)(end - start) : peer->in.length;

		if (length > ZG_CONTROL_LINE) {
			complain(peer, _("The till refuses a message that is this long. Send less at a time."));
			return;
		}
		peer->looked_at = end ? 0 : length;
		if (!end)
			return;
		char *line = zg_copy_bytes(start, length);    /* a callback may not see it change */

		zg_buffer_drop(&peer->in, length + 1);
		wipe(&peer->in);
		take_line(peer, line, length);
		explicit_bzero(line, length);
		free(line);
	}
}

static void take_lines(void *self)
{
	struct zg_control_peer *peer = self;

	peer->turn_timer = 0;
	peer->depth++;
	take_some(peer);
	peer->depth--;
	if (peer->fd < 0)
		free_peer(peer);
}

static void peer_ready(void *self, int fd, unsigned events)
{
	struct zg_control_peer *peer = self;
	ssize_t got = -1;

	if (peer->is_deaf) {        /* only what is still to be sent counts */
		if (events & (ZG_LOOP_HANGUP | ZG_LOOP_ERROR))
			cut_off(peer);
		else
			send_some(peer);
		return;
	}
	/* While lines wait for their turn no more are read, or a flood would fill the memory. */
	if ((events & ~ZG_LOOP_OUT) && !peer->turn_timer) {
		char *bytes = zg_alloc(1, READ_SIZE);

		got = recv(fd, bytes, READ_SIZE, 0);
		if (got > 0)
			zg_buffer_add(&peer->in, bytes, (size_t)got);
		explicit_bzero(bytes, got > 0 ? (size_t)got : 0);
		free(bytes);
		if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
			cut_off(peer);
			return;
		}
	}
	if (got > 0) {
		peer->depth++;
		take_some(peer);
		peer->depth--;
		if (peer->fd < 0) {
			free_peer(peer);
			return;
		}
	}
	if ((events & ZG_LOOP_OUT) && peer->fd >= 0)
		send_some(peer);
}

static void start_peer(struct zg_control *control, int fd)
{
	struct zg_control_peer *peer;
	uid_t uid = 0;
	size_t at = 0;

	while (at < ZG_CONTROL_PEERS && control->peers[at])
		at++;
	if (at == ZG_CONTROL_PEERS || !zg_control_is_ours(fd, &uid)) {
		close(fd);
		return;
	}
	peer = zg_alloc(1, sizeof(*peer));
	*peer = (struct zg_control_peer){ .control = control, .fd = fd, .uid = uid };
	peer->watch = zg_watch_add(control->loop, fd, ZG_LOOP_IN, peer_ready, peer);
	control->peers[at] = peer;
}

static void listen_again(void *self)
{
	struct zg_control *control = self;

	control->rest_timer = 0;
	zg_watch_set(control->watch, ZG_LOOP_IN);
}

static void accept_peer(void *self, int fd, unsigned events)
{
	struct zg_control *control = self;
	int peer = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)events;
	if (peer >= 0) {
		start_peer(control, peer);
	} else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
		zg_watch_set(control->watch, 0);    /* no descriptors: the call would come again at once */
		control->rest_timer = zg_timer_add(control->loop, REST_MS, listen_again, control);
	}
}

enum zg_result zg_control_open(struct zg_loop *loop, const char *directory, const struct zg_control_events *events,
			       void *self, struct zg_control **made, struct zg_error *err)
{
	struct zg_control *control = zg_alloc(1, sizeof(*control));
	struct sockaddr_un address;

	*made = NULL;
	*control = (struct zg_control){ .loop = loop, .events = *events, .self = self, .fd = -1 };
	/* The directory is reached by its descriptor: its path may be longer than a socket's address. */
	control->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (control->directory >= 0 && zg_control_address(control->directory, &address))
		control->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (control->fd >= 0)
		unlinkat(control->directory, ZG_CONTROL_NAME, 0);
	mode_t mask = umask(0177);    /* 0600 from the first moment */
	bool ok = control->fd >= 0 && bind(control->fd, (struct sockaddr *)&address, sizeof(address)) == 0;

	umask(mask);
	if (!ok || listen(control->fd, 16) < 0) {
		zg_fail(err, ZG_BROKEN, _("Commands cannot reach this till: %s/%s cannot be made (%s)."), directory,
			ZG_CONTROL_NAME, strerror(errno));
		zg_control_close(control);
		return ZG_BROKEN;
	}
	control->watch = zg_watch_add(loop, control->fd, ZG_LOOP_IN, accept_peer, control);
	*made = control;
	return ZG_OK;
}

void zg_control_close(struct zg_control *control)
{
	if (!control)
		return;
	control->is_closing = true;
	for (size_t i = 0; i < ZG_CONTROL_PEERS; i++)
		if (control->peers[i])
			cut_off(control->peers[i]);
	zg_watch_remove(control->watch);
	zg_timer_remove(control->loop, control->rest_timer);
	if (control->watch)
		unlinkat(control->directory, ZG_CONTROL_NAME, 0);
	if (control->fd >= 0)
		close(control->fd);
	if (control->directory >= 0)
		close(control->directory);
	free(control);
}

uid_t zg_control_uid(const struct zg_control_peer *peer)
{
	return peer->uid;
}

void zg_control_set_data(struct zg_control_peer *peer, void *data)
{
	peer->data = data;
}

void *zg_control_data(const struct zg_control_peer *peer)
{
	return peer->data;
}
