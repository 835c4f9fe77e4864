/*
 * The running till's doorman: of what a peer sends, a till gets just the calls that name an act and who does it, whole and unchanged, in
 * order; all else is refused with a sentence, and each message has one end. Input: a byte that says how the till behaves, then what is sent,
 * a message a line. Behind the door stands no real till, but one that writes down its calls: see tests/fuzz/till.c for that.
 */
#include "tests/fuzz/fuzz.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/io/control.h"
#include "src/till/customer.h"
#include "src/till/door.h"
#include "src/till/doorman.h"
#include "src/till/till.h"
#include "tests/unit/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

const struct fuzz_limits fuzz_limits = { 1000000, 400 };

#define CALLS 128    /* more messages than an input has room for */

enum { LATER = 1, SLOWLY = 2, LEAVES = 4, CLOSES = 8, FAILS = 16 };    /* how the till, or the peer, behaves */

static struct zg_loop *loop;
static struct zg_doorman *doorman;
static char *home;
static struct zg_till *const nobody = (struct zg_till *)&loop;    /* only handed on */
static unsigned how;
static struct zg_call waiting[CALLS];
static json_t *wanted[CALLS];    /* the messages that must arrive, in order */
static int calls, wanted_count, forgotten;

/* ---- the till ---- */

static bool is_same(const char *text, const json_t *message, const char *key)
{
	const char *want = zg_json_string(message, key, NULL);

	return text && want ? strcmp(text, want) == 0 : !text && !want;
}

static void end(const struct zg_call *call)
{
	struct zg_error err = { .text = "No." };
	json_t *answer = zg_json_object();

	zg_json_set_string(answer, "done", "yes");
	call->done(call->self, how & FAILS ? ZG_REFUSED : ZG_OK, answer, how & FAILS ? &err : NULL);
	json_decref(answer);
}

void zg_till_call(struct zg_till *till, const struct zg_call *call)
{
	const json_t *message = calls < wanted_count ? wanted[calls] : NULL;

	fuzz_check(till == nobody && message, "a call that nobody sent: %s", call->act);
	fuzz_check(is_same(call->act, message, "act") && is_same(call->as, message, "as") && is_same(call->pin, message, "pin") &&
		   is_same(call->with, message, "with") && is_same(call->with_pin, message, "with_pin"), "another call than was sent: %s", call->act);
	fuzz_check(call->as && *call->uid == (int64_t)geteuid(), "a call of nobody");
	fuzz_check(call->args ? json_equal(call->args, json_object_get(message, "args")) : !json_object_get(message, "args"), "other arguments");
	waiting[calls++] = *call;
	if (how & SLOWLY)
		call->progress(call->self, calls, CALLS);
	if (!(how & LATER)) {
		waiting[calls - 1].self = NULL;
		end(call);
	}
}

void zg_till_forget(struct zg_till *till, const void *self)
{
	(void)till;
	for (int i = 0; i < calls; i++)
		if (waiting[i].self == self) {
			waiting[i].self = NULL;
			forgotten++;
			return;
		}
	fuzz_check(false, "a call is forgotten that was not made");
}

json_t *zg_door_state_json(const struct zg_till *till)
{
	json_t *state = zg_json_object();

	fuzz_check(till == nobody, "the state of another till");
	zg_json_set_string(state, "printer", "well");
	return state;
}

json_t *zg_customer_json(const struct zg_till *till)
{
	return zg_door_state_json(till);
}

/* ---- what must become of a message ---- */

enum fate { NO_MESSAGE, STATE, REFUSED, CALLED };

static bool is_text(const json_t *message, const char *key)
{
	return !json_object_get(message, key) || json_is_string(json_object_get(message, key));
}

static enum fate fate_of(const json_t *message)
{
	static const char *const known[] = { "act", "args", "as", "pin", "with", "with_pin" };
	const json_t *args = json_object_get(message, "args");
	const char *key;
	json_t *value;

	if (!json_is_object(message))
		return NO_MESSAGE;
	const char *asked = json_object_size(message) == 1 ? zg_json_string(message, "ask", "") : "";

	if (strcmp(asked, "state") == 0 || strcmp(asked, "customer") == 0)
		return STATE;
	json_object_foreach((json_t *)(uintptr_t)message, key, value) {
		size_t i = 0;

		while (i < sizeof(known) / sizeof(known[0]) && strcmp(known[i], key) != 0)
			i++;
		if (i == sizeof(known) / sizeof(known[0]))
			return REFUSED;
	}
	if ((args && !json_is_object(args)) || !is_text(message, "act") || !is_text(message, "as") || !is_text(message, "pin") ||
	    !is_text(message, "with") || !is_text(message, "with_pin"))
		return REFUSED;
	const char *act = zg_json_string(message, "act", "");

	return !*act || strncmp(act, "session.", strlen("session.")) == 0 || !json_object_get(message, "as") ? REFUSED : CALLED;
}

/* The next line that was heard, or NULL. */
static json_t *next_line(const char **at)
{
	const char *stop = strchr(*at, '\n');
	json_t *message = stop ? zg_json_parse(*at, (size_t)(stop - *at)) : NULL;

	if (stop)
		*at = stop + 1;
	return message;
}

static void check_end(const char **at, const char *result, const char *member)
{
	json_t *message = next_line(at);
	const json_t *answer = json_object_get(message, "answer");

	fuzz_check(message && strcmp(zg_json_string(message, "result", ""), result) == 0, "no \"%s\", but %.80s", result, *at);
	fuzz_check(json_is_object(answer) && (member ? json_object_get(answer, member) != NULL : json_object_size(answer) == 0), "another answer");
	fuzz_check(strcmp(result, "ok") == 0 ? !json_object_get(message, "message") : *zg_json_string(message, "message", "") != '\0', "a word too few");
	json_decref(message);
}

/* Goes through the messages as they were sent, and through what was heard: at once first, then what came later. */
static void check_heard(const char *at, const char *last, const char *heard)
{
	const char *result = how & FAILS ? "refused" : "ok";
	int later = 0;

	for (const char *stop; at < last && (stop = memchr(at, '\n', (size_t)(last - at))); at = stop + 1) {
		json_t *message = zg_json_parse(at, (size_t)(stop - at));
		enum fate fate = fate_of(message);

		json_decref(message);
		if (fate == NO_MESSAGE)
			break;    /* the socket's own complaint ends the talk: tests/fuzz/control.c */
		if (fate == CALLED && (how & SLOWLY)) {
			json_t *progress = next_line(&heard);

			fuzz_check(zg_json_integer(progress, "of", 0) == CALLS && json_object_size(progress) == 2, "no progress, but %.80s", heard);
			json_decref(progress);
		}
		if (fate == CALLED && (how & LATER))
			later++;
		else
			check_end(&heard, fate == REFUSED ? "invalid" : fate == STATE ? "ok" : result, fate == REFUSED ? NULL : fate == STATE ? "printer" : "done");
	}
	if (at < last && memchr(at, '\n', (size_t)(last - at)))
		return;    /* nothing comes behind a complaint */
	while (later-- > 0)
		check_end(&heard, result, "done");
	fuzz_check(!*heard, "more is heard: %.80s", heard);
}

static void want(const char *at, const char *last)
{
	for (const char *stop; at < last && (stop = memchr(at, '\n', (size_t)(last - at))); at = stop + 1) {
		json_t *message = zg_json_parse(at, (size_t)(stop - at));
		enum fate fate = fate_of(message);

		if (fate == CALLED && wanted_count < CALLS)
			wanted[wanted_count++] = json_incref(message);
		json_decref(message);
		if (fate == NO_MESSAGE)
			break;
	}
}

/* ---- the talk ---- */

static void open_door(void)
{
	struct zg_error err = { .text = "" };

	if (!loop) {
		loop = zg_loop_new(&zg_real_clock);
		home = scratch_begin();
	}
	fuzz_check(zg_doorman_open(nobody, loop, home, &doorman, &err) == ZG_OK, "%s", err.text);
}

static int reach(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s", home, ZG_CONTROL_NAME);
	fuzz_check(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0, "the till cannot be reached");
	return fd;
}

static void step(int fd, struct zg_buffer *heard)
{
	char bytes[4096];
	ssize_t got;

	/* an input's lines have their turns in far fewer */
	for (int i = 0; i < 40; i++) {
		zg_loop_step(loop, 0);
		while (fd >= 0 && (got = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
			zg_buffer_add(heard, bytes, (size_t)got);
	}
}

static void end_waiting(void)
{
	for (int i = 0; i < calls; i++)
		if (waiting[i].self) {
			struct zg_call call = waiting[i];

			waiting[i].self = NULL;
			end(&call);
		}
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	struct zg_buffer heard = { 0 };

	how = fuzz_byte(&input);
	if (!doorman)
		open_door();
	calls = wanted_count = forgotten = 0;
	want(input.at, input.end);
	int fd = reach();

	fuzz_check(send(fd, input.at, (size_t)(input.end - input.at), MSG_NOSIGNAL) == input.end - input.at, "it does not fit");
	step(fd, &heard);
	fuzz_check(calls == wanted_count, "%d calls reach the till, not %d", calls, wanted_count);
	if (how & LEAVES) {
		close(fd);
		fd = -1;
		step(fd, &heard);
		fuzz_check(forgotten == (how & LATER ? calls : 0), "%d of %d calls are forgotten", forgotten, calls);
	} else {
		end_waiting();
		step(fd, &heard);
	}
	if (how & CLOSES) {
		zg_doorman_close(doorman);    /* with its peer, when that is still there */
		doorman = NULL;
	}
	if (!(how & LEAVES))
		check_heard(input.at, input.end, zg_buffer_text(&heard));
	if (fd >= 0)
		close(fd);
	if (doorman)
		step(-1, &heard);
	for (int i = 0; i < wanted_count; i++)
		json_decref(wanted[i]);
	zg_buffer_clear(&heard);
}
