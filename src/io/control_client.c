/* A command's end of the control socket. */
#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/i18n.h"
#include "src/io/control.h"
#include "src/io/control_private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LATER_MS 20    /* between two tries while the till's door is full */

struct zg_control_client {
	const struct zg_clock *clock;
	int fd;
	struct zg_buffer in;
	size_t looked_at;       /* bytes of `in` without a line end */
};

/* Waits for the socket until end_ms of the running clock. False: too late. */
static bool wait_for(const struct zg_control_client *client, short events, int64_t end_ms)
{
	struct pollfd socket = { .fd = client->fd, .events = events };

	for (;;) {
		int64_t left = zg_clock_wait(client->clock, end_ms - zg_clock_running(client->clock));

		if (left <= 0)
			return false;
		int ready = poll(&socket, 1, left > INT_MAX ? INT_MAX : (int)left);

		if (ready > 0 || (ready < 0 && errno != EINTR))
			return true;    /* an error shows at the next call */
	}
}

static enum zg_result nobody(struct zg_error *err)
{
	return zg_fail(err, ZG_NOT_FOUND, _("No till is running in this shop's directory."));
}

static enum zg_result silent(struct zg_error *err)
{
	return zg_fail(err, ZG_OFFLINE, _("The running till does not answer. Look at its screen, then try again."));
}

static enum zg_result try_connect(struct zg_control_client *client, const struct sockaddr_un *address, int64_t end_ms,
				  struct zg_error *err)
{
	while (connect(client->fd, (const struct sockaddr *)address, sizeof(*address)) < 0) {
		switch (errno) {
		case EINTR:
			continue;
		case EAGAIN:    /* too many are waiting already; a Unix socket cannot be polled for that */
			if (zg_clock_running(client->clock) + LATER_MS >= end_ms)
				return silent(err);
			poll(NULL, 0, LATER_MS);
			continue;
		case ENOENT:
		case ECONNREFUSED:
			return nobody(err);
		case EACCES:
		case EPERM:
			return zg_fail(err, ZG_INVALID, _("The running till belongs to another user. Use the command as that user."));
		default:
			return zg_fail(err, ZG_OFFLINE, _("The running till cannot be reached: %s."), strerror(errno));
		}
	}
	return ZG_OK;
}

enum zg_result zg_control_connect(const char *directory, const struct zg_clock *clock, int64_t limit_ms,
				  struct zg_control_client **made, struct zg_error *err)
{
	struct zg_control_client *client = NULL;
	int folder = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	enum zg_result result = ZG_BROKEN;
	struct sockaddr_un address;
	uid_t uid;

	*made = NULL;
	if (folder < 0)
		return nobody(err);
	client = zg_alloc(1, sizeof(*client));
	client->clock = clock;
	client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (client->fd < 0 || !zg_control_address(folder, &address)) {
		zg_fail(err, ZG_BROKEN, _("The running till cannot be reached: %s."), strerror(errno));
		goto out;
	}
	result = try_connect(client, &address, zg_clock_running(clock) + limit_ms, err);
	if (result != ZG_OK)
		goto out;
	/* A PIN goes this way: never to a stranger who made the socket. */
	if (geteuid() != 0 && !zg_control_is_ours(client->fd, &uid)) {
		result = zg_fail(err, ZG_INVALID, _("The running till belongs to another user. Use the command as that user."));
		goto out;
	}
	*made = client;
	client = NULL;
out:
	close(folder);
	zg_control_disconnect(client);
	return result;
}

void zg_control_disconnect(struct zg_control_client *client)
{
	if (!client)
		return;
	if (client->fd >= 0)
		close(client->fd);
	zg_buffer_clear(&client->in);
	free(client);
}

static enum zg_result send_all(struct zg_control_client *client, const char *bytes, size_t length, int64_t end_ms,
			       struct zg_error *err)
{
	while (length > 0) {
		ssize_t sent = send(client->fd, bytes, length, MSG_NOSIGNAL);

		if (sent > 0) {
			bytes += sent;
			length -= (size_t)sent;
		} else if (errno == EAGAIN) {
			if (!wait_for(client, POLLOUT, end_ms))
				return silent(err);
		} else if (errno != EINTR) {
			return silent(err);
		}
	}
	return ZG_OK;
}

/* The next whole line, without its end, for the caller to free. NULL: none came in time, or the till has gone. */
static char *read_line(struct zg_control_client *client, size_t *length, int64_t end_ms)
{
	struct zg_buffer *in = &client->in;

	for (;;) {
		const char *end = in->length > client->looked_at ?
			memchr(in->bytes + client->looked_at, '\n', in->length - client->looked_at) : NULL;
		char bytes[16384];

		if (end) {
			*length = (size_t)(end - in->bytes);
			char *line = zg_copy_bytes(in->bytes, *length);

			zg_buffer_drop(in, *length + 1);
			client->looked_at = 0;
			return line;
		}
		client->looked_at = in->length;
		if (in->length > ZG_CONTROL_QUEUE || !wait_for(client, POLLIN, end_ms))
			return NULL;
		ssize_t got = recv(client->fd, bytes, sizeof(bytes), 0);

		if (got > 0)
			zg_buffer_add(in, bytes, (size_t)got);
		else if (got == 0 || (errno != EAGAIN && errno != EINTR))
			return NULL;
	}
}

enum zg_result zg_control_ask(struct zg_control_client *client, const json_t *request, int64_t limit_ms,
			      void (*progress)(void *self, const json_t *message), void *self,
			      json_t **answer, struct zg_error *err)
{
	struct zg_buffer line = { 0 };
	char *text = zg_json_text(request);

	*answer = NULL;
	zg_buffer_add_text(&line, text);
	zg_buffer_add_byte(&line, '\n');
	/* Without its line end the till never acts on it: a request that did not leave whole did nothing. */
	enum zg_result result = send_all(client, line.bytes, line.length, zg_clock_running(client->clock) + limit_ms, err);

	explicit_bzero(text, strlen(text));    /* there may be a PIN in it */
	explicit_bzero(line.bytes, line.length);
	free(text);
	zg_buffer_clear(&line);
	while (result == ZG_OK && !*answer) {
		size_t length = 0;
		char *reply = read_line(client, &length, zg_clock_running(client->clock) + limit_ms);
		json_t *message = reply ? zg_json_parse(reply, length) : NULL;

		free(reply);
		if (!json_is_object(message)) {
			json_decref(message);
			return zg_fail(err, ZG_UNKNOWN, _("The till took the request, and its answer did not come. "
							  "Look whether it was done before you try again."));
		}
		if (!json_object_get(message, "progress")) {
			*answer = message;
			break;
		}
		if (progress)
			progress(self, message);
		json_decref(message);
	}
	return result;
}
