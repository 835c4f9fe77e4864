/*
 * The till's end of the control socket: whatever a peer sends, in whatever pieces, each line that is an object becomes one message, in
 * order, and the first that is none ends the talk with a complaint. Input: a byte for the size of the pieces, then what is sent.
 * Three of the sizes mean something else where a 0 follows: a line that is too long behind it, a door that is full, a peer that goes
 * without listening.
 */
#include "tests/fuzz/fuzz.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/io/control.h"
#include "tests/unit/scratch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* 64 kB are read at a time, and a line of a MB is held until it is known to be too long; jansson's values; the answers */
const struct fuzz_limits fuzz_limits = { 5000000, 200 };

enum { TOO_LONG = 255, FULL = 254, RUDE = 253 };

static struct zg_loop *loop;
static struct zg_control *control;
static struct sockaddr_un address = { .sun_family = AF_UNIX };
static int messages, gone;

/* Sends it back: the peer sees what was understood. */
static void message(void *self, struct zg_control_peer *peer, const json_t *object)
{
	(void)self;
	fuzz_check(json_is_object(object) && zg_control_uid(peer) == geteuid(), "a message of nobody");
	fuzz_check(!zg_control_data(peer) || zg_control_data(peer) == &messages, "somebody else's data");
	zg_control_set_data(peer, &messages);
	zg_control_send(peer, object);
	messages++;
}

static void closed(void *self, struct zg_control_peer *peer)
{
	(void)self, (void)peer;
	gone++;
}

static void begin(void)
{
	static const struct zg_control_events events = { message, closed };
	char *home = scratch_begin();
	struct zg_error err = { .text = "" };

	loop = zg_loop_new(&zg_real_clock);
	fuzz_check(zg_control_open(loop, home, &events, NULL, &control, &err) == ZG_OK, "%s", err.text);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s", home, ZG_CONTROL_NAME);
	free(home);
}

/* What the till must answer, worked out line by line; *count becomes the number of messages. */
static void expect(const char *at, const char *end, struct zg_buffer *answers, int *count)
{
	for (const char *stop; at < end && (stop = memchr(at, '\n', (size_t)(end - at))); at = stop + 1) {
		json_t *object = zg_json_parse(at, (size_t)(stop - at));
		char *text = json_is_object(object) ? zg_json_text(object) : NULL;

		json_decref(object);
		if (!text) {
			zg_buffer_add_text(answers, "{\"message\":\"");
			return;
		}
		zg_buffer_print(answers, "%s\n", text);
		free(text);
		++*count;
	}
}

static size_t lines_in(const char *at, const char *end)
{
	size_t lines = 0;

	for (; at < end; at++)
		lines += *at == '\n';
	return lines;
}

static int reach(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	fuzz_check(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0, "the till cannot be reached");
	zg_loop_step(loop, 0);
	return fd;
}

/* One more than may come in is hung up on, and the others do not notice. */
static void crowd(void)
{
	int fds[ZG_CONTROL_PEERS + 1];
	char byte;

	for (int i = 0; i <= ZG_CONTROL_PEERS; i++)
		fds[i] = reach();
	fuzz_check(recv(fds[ZG_CONTROL_PEERS], &byte, 1, MSG_DONTWAIT) == 0, "one too many is let in");
	fuzz_check(recv(fds[0], &byte, 1, MSG_DONTWAIT) < 0, "the first is hung up on");
	for (int i = 0; i <= ZG_CONTROL_PEERS; i++)
		close(fds[i]);
	for (int i = 0; i < 2 * ZG_CONTROL_PEERS; i++)
		zg_loop_step(loop, 0);
}

/* A line that is longer than any message; its end never comes. While lines before it wait for their turn the till reads nothing. */
static void send_too_long(int fd)
{
	static char line[65536];
	size_t sent = 0;

	memset(line, 'x', sizeof(line));
	for (int i = 0; i < 200 && sent <= ZG_CONTROL_LINE; i++) {
		ssize_t some = send(fd, line, sizeof(line), MSG_NOSIGNAL | MSG_DONTWAIT);

		if (some < 0 && errno != EAGAIN)
			return;    /* the till has heard enough */
		sent += some > 0 ? (size_t)some : 0;
		zg_loop_step(loop, 0);
	}
	fuzz_check(sent > ZG_CONTROL_LINE, "the till reads no more behind %zu bytes", sent);
}

static void hear(int fd, struct zg_buffer *heard)
{
	char bytes[4096];
	ssize_t got;

	while ((got = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
		zg_buffer_add(heard, bytes, (size_t)got);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	unsigned how = fuzz_byte(&input);

	if (how >= RUDE && (input.at == input.end || *input.at++))
		how = 0;    /* they take long, and one of many is enough */
	size_t piece = how % 64 * 4 + 1;
	struct zg_buffer want = { 0 }, heard = { 0 };
	const char *start = input.at;
	int count = 0;

	if (!loop)
		begin();
	expect(input.at, input.end, &want, &count);
	messages = gone = 0;
	if (how == FULL)
		crowd();
	int fd = reach();

	for (size_t left; (left = (size_t)(input.end - input.at)) > 0; input.at += left) {
		left = left < piece ? left : piece;
		if (send(fd, input.at, left, MSG_NOSIGNAL) < 0)
			break;    /* the till has heard enough */
		zg_loop_step(loop, 0);
		if (how != RUDE)
			hear(fd, &heard);
	}
	bool is_told = how == TOO_LONG && count == (int)lines_in(start, input.end);

	if (how == TOO_LONG)
		send_too_long(fd);
	if (is_told)
		zg_buffer_add_text(&want, "{\"message\":\"");
	for (int i = 0; how != RUDE && i < 200 && (heard.length < want.length || messages < count); i++) {
		zg_loop_step(loop, 0);
		hear(fd, &heard);
	}
	close(fd);
	for (int i = 0; i < 20 && (i < 3 || gone < (count > 0)); i++)
		zg_loop_step(loop, 0);
	/* of one that goes without listening, what still waited for its turn may stay undone: nobody was told of it */
	fuzz_check(messages == count || (how == RUDE && messages > 0 && messages < count), "%d messages of %d", messages, count);
	fuzz_check(gone == (count > 0), "%d peers are gone, of %d", gone, count > 0);
	if (how == RUDE)
		goto out;
	/* a complaint's words are in the language of the house */
	size_t same = 0;

	while (same < heard.length && same < want.length && heard.bytes[same] == want.bytes[same])
		same++;
	fuzz_check(same == want.length, "heard %zu bytes, %zu of %zu as they should be, then \"%.60s\" instead of \"%.60s\"", heard.length, same,
		   want.length, zg_buffer_text(&heard) + same, zg_buffer_text(&want) + same);
out:
	zg_buffer_clear(&want);
	zg_buffer_clear(&heard);
}
