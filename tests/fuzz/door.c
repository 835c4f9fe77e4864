/*
 * A command's end: whatever a till (or what took its place) answers, the call ends, with a result and an object, and nothing that did not
 * come is believed. The input is what the till says.
 */
#include "tests/fuzz/fuzz.h"

#include "src/base/alloc.h"
#include "src/io/control.h"
#include "src/till/door.h"
#include "tests/unit/scratch.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

const struct fuzz_limits fuzz_limits = { 65536, 200 };

static int door = -1;
static char *home;
static const char *said;
static size_t said_length;
static int64_t now_ms;
static int progress;

/*
 * The clock is asked between connecting and reading: then the till's whole answer is laid into the socket. A till that says
 * nothing more hangs up, so nobody waits.
 */
static int64_t running(void *self)
{
	int peer = accept4(door, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)self;
	if (peer >= 0) {
		fuzz_check(send(peer, said, said_length, MSG_NOSIGNAL) == (ssize_t)said_length, "the answer does not fit");
		shutdown(peer, SHUT_WR);
		static int last = -1;

		if (last >= 0)
			close(last);    /* kept open until the next: a request must still be taken */
		last = peer;
	}
	return ++now_ms;
}

static const struct zg_clock clock_here = { .now_ms = running, .running_ms = running };

/* A shop whose lock is held and whose socket listens: a till runs there. */
static void begin(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	home = scratch_begin();
	char *lock = zg_print("%s/zhanggui.lock", home);
	int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	fuzz_check(fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0, "the lock cannot be taken");
	free(lock);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s", home, ZG_CONTROL_NAME);
	door = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	fuzz_check(bind(door, (struct sockaddr *)&address, sizeof(address)) == 0 && listen(door, 4) == 0, "the socket cannot be made");
}

static void hear_progress(void *self, int64_t finished, int64_t of)
{
	(void)self, (void)finished, (void)of;
	progress++;
}

/* The first line that is no progress, read by hand; NULL: there is none that could be an answer. */
static json_t *answer_in(const char *at, const char *end)
{
	for (const char *stop; at < end && (stop = memchr(at, '\n', (size_t)(end - at))); at = stop + 1) {
		json_t *object = zg_json_parse(at, (size_t)(stop - at));

		if (json_is_object(object) && json_object_get(object, "progress")) {
			json_decref(object);
			continue;
		}
		if (json_is_object(object))
			return object;
		json_decref(object);
		return NULL;
	}
	return NULL;
}

void fuzz_one(const char *bytes, size_t length)
{
	struct zg_error err = { .text = "" };
	json_t *answer = NULL, *state = NULL;

	if (door < 0)
		begin();
	said = bytes;
	said_length = length;
	progress = 0;
	const struct zg_door way = { .home = home, .clock = &clock_here };
	const struct zg_call call = { .act = "cash.in", .as = "boss", .pin = "1", .with = "lin", .with_pin = "2", .progress = hear_progress };
	enum zg_result result = zg_door_call(&way, &call, &answer, &err);
	json_t *want = answer_in(bytes, bytes + length);

	fuzz_check(json_is_object(answer), "no object");
	if (!want) {
		fuzz_check(result == ZG_UNKNOWN && *err.text && json_object_size(answer) == 0, "no answer came, and the result is %d", result);
	} else {
		json_t *inner = json_object_get(want, "answer"), *none = zg_json_object();

		fuzz_check(result == zg_result_parse(zg_json_string(want, "result", "")), "the result is %d", result);
		fuzz_check(json_equal(answer, json_is_object(inner) ? inner : none), "another answer than came");
		fuzz_check(result == ZG_OK || strlen(err.text) < ZG_ERROR_TEXT, "a long sentence");
		json_decref(none);
	}
	json_decref(want);
	json_decref(answer);
	result = zg_door_state(&way, &state, &err);
	fuzz_check((result == ZG_OK) == json_is_object(state), "a state of nothing");
	json_decref(state);
}
