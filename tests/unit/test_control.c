#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/io/control.h"
#include "tests/unit/scratch.h"
#include "tests/unit/waiting.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* A till that answers as the message asks it to. */
struct till {
	struct zg_loop *loop;
	struct zg_control *control;
	struct zg_control_peer *peer;    /* of the last message */
	int messages, closed;
};

static void answer(struct zg_control_peer *peer, const char *key, const char *value)
{
	json_t *message = zg_json_object();

	zg_json_set_string(message, key, value);
	zg_control_send(peer, message);
	json_decref(message);
}

static void answer_late(void *self)
{
	struct till *till = self;

	if (!till->peer)    /* it did not wait for it */
		return;
	answer(till->peer, "progress", "half");
	answer(till->peer, "result", "late");
}

static void message(void *self, struct zg_control_peer *peer, const json_t *object)
{
	struct till *till = self;
	const char *act = zg_json_string(object, "act", "");

	till->messages++;
	till->peer = peer;
	zg_control_set_data(peer, till);
	if (strcmp(act, "late") == 0)
		zg_timer_add(till->loop, 20, answer_late, till);
	else if (strcmp(act, "end") == 0)
		zg_control_end(peer);
	else if (strcmp(act, "silent") != 0)
		answer(peer, "result", act);
}

static void closed(void *self, struct zg_control_peer *peer)
{
	struct till *till = self;

	till->closed += zg_control_data(peer) == till;
	if (till->peer == peer)
		till->peer = NULL;
}

static const struct zg_control_events events = { .message = message, .closed = closed };

static void begin(struct till *till, const char *dir)
{
	struct zg_error err = { 0 };

	*till = (struct till){ .loop = zg_loop_new(&zg_real_clock) };
	cr_assert(eq(int, zg_control_open(till->loop, dir, &events, till, &till->control, &err), ZG_OK), "%s", err.text);
}

static void end(struct till *till)
{
	zg_control_close(till->control);
	zg_loop_free(till->loop);
}

static int progress_seen;

static void progress(void *self, const json_t *object)
{
	(void)self;
	progress_seen += strcmp(zg_json_string(object, "progress", ""), "half") == 0;
}

/* Runs a command in a process of its own, as it is in a shop; its exit code is the result. */
static pid_t command(int (*run)(const char *dir), const char *dir)
{
	pid_t child = fork();

	if (child == 0)
		_exit(run(dir));
	return child;
}

static int finish(struct till *till, pid_t child)
{
	int status = 0;

	wait_until(till->loop, waitpid(child, &status, WNOHANG) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static enum zg_result ask(struct zg_control_client *client, const char *act, int64_t limit_ms, const char *expected)
{
	json_t *request = zg_json_object(), *reply = NULL;

	zg_json_set_string(request, "act", act);
	enum zg_result result = zg_control_ask(client, request, limit_ms, progress, NULL, &reply, NULL);

	if (result == ZG_OK && strcmp(zg_json_string(reply, "result", ""), expected) != 0)
		result = ZG_REFUSED;
	json_decref(request);
	json_decref(reply);
	return result;
}

static int round_trips(const char *dir)
{
	struct zg_control_client *client;
	enum zg_result result = zg_control_connect(dir, &zg_real_clock, 10000, &client, NULL);

	if (result == ZG_OK)
		result = ask(client, "now", 10000, "now");
	if (result == ZG_OK)
		result = ask(client, "late", 10000, "late");
	if (result == ZG_OK && progress_seen != 1)
		result = ZG_REFUSED;
	zg_control_disconnect(client);
	return (int)result;
}

Test(control, a_command_gets_its_answers_and_the_progress_before_them)
{
	char *dir = scratch_begin();
	struct till till;

	begin(&till, dir);
	cr_expect(eq(int, finish(&till, command(round_trips, dir)), ZG_OK));
	wait_until(till.loop, till.closed == 1);
	cr_expect(eq(int, till.messages, 2));
	end(&till);
	scratch_end(dir);
}

Test(control, the_socket_is_for_the_shop_s_user_alone_and_goes_with_the_till)
{
	char *dir = scratch_begin(), *path = zg_print("%s/%s", dir, ZG_CONTROL_NAME);
	struct till till, again;
	struct stat about;

	begin(&till, dir);
	cr_assert(eq(int, stat(path, &about), 0));
	cr_expect(eq(int, about.st_mode & 07777, 0600));
	begin(&again, dir);    /* the file of a till that died is in nobody's way */
	zg_control_close(again.control);
	cr_expect(ne(int, access(path, F_OK), 0));
	zg_loop_free(again.loop);
	end(&till);
	free(path);
	scratch_end(dir);
}

Test(control, a_shop_may_lie_deeper_than_a_socket_s_name_is_long)
{
	char *dir = scratch_begin(), *deep = zg_copy(dir);
	struct till till;

	for (int i = 0; i < 8; i++) {
		char *more = zg_print("%s/a-directory-with-a-long-name", deep);

		cr_assert(eq(int, mkdir(more, 0700), 0));
		free(deep);
		deep = more;
	}
	begin(&till, deep);
	cr_expect(eq(int, finish(&till, command(round_trips, deep)), ZG_OK));
	end(&till);
	free(deep);
	scratch_end(dir);
}

static int connect_only(const char *dir)
{
	struct zg_control_client *client;

	return (int)zg_control_connect(dir, &zg_real_clock, 10000, &client, NULL);
}

Test(control, without_a_till_there_is_nobody_to_ask)
{
	char *dir = scratch_begin(), *path = zg_print("%s/%s", dir, ZG_CONTROL_NAME);
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	cr_expect(eq(int, connect_only(dir), ZG_NOT_FOUND));
	cr_expect(eq(int, connect_only("/nothing/like/this"), ZG_NOT_FOUND));
	int dead = socket(AF_UNIX, SOCK_STREAM, 0);    /* the file that a killed till leaves */

	strcpy(address.sun_path, path);
	cr_assert(eq(int, bind(dead, (struct sockaddr *)&address, sizeof(address)), 0));
	close(dead);
	cr_expect(eq(int, connect_only(dir), ZG_NOT_FOUND));
	free(path);
	scratch_end(dir);
}

static int ask_the_silent(const char *dir)
{
	struct zg_control_client *client;

	if (zg_control_connect(dir, &zg_real_clock, 10000, &client, NULL) != ZG_OK)
		return 99;
	return (int)ask(client, "silent", 100, "");
}

static int ask_and_be_cut_off(const char *dir)
{
	struct zg_control_client *client;

	if (zg_control_connect(dir, &zg_real_clock, 10000, &client, NULL) != ZG_OK)
		return 99;
	return (int)ask(client, "end", 10000, "");
}

/* The request has left, so it may have been done. */
Test(control, an_answer_that_does_not_come_is_unknown_and_not_refused)
{
	char *dir = scratch_begin();
	struct till till;

	begin(&till, dir);
	cr_expect(eq(int, finish(&till, command(ask_the_silent, dir)), ZG_UNKNOWN));
	cr_expect(eq(int, finish(&till, command(ask_and_be_cut_off, dir)), ZG_UNKNOWN));
	wait_until(till.loop, till.closed == 2);
	end(&till);
	scratch_end(dir);
}

/* Sends bytes as they are; true when the till complains and hangs up. */
static bool is_complained_about(struct till *till, const char *dir, const char *bytes, size_t length)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	char *path = zg_print("%s/%s", dir, ZG_CONTROL_NAME);
	struct zg_buffer heard = { 0 };
	bool is_over = false;
	size_t sent = 0;

	strcpy(address.sun_path, path);
	cr_assert(eq(int, connect(fd, (struct sockaddr *)&address, sizeof(address)), 0));
	for (int i = 0; i < 2000 && !is_over; i++) {
		char some[4096];

		if (sent < length) {
			ssize_t more = send(fd, bytes + sent, length - sent, MSG_NOSIGNAL);

			sent += more > 0 ? (size_t)more : 0;
		}
		zg_loop_step(till->loop, 10);
		ssize_t got = recv(fd, some, sizeof(some), 0);

		if (got > 0)
			zg_buffer_add(&heard, some, (size_t)got);
		is_over = got == 0;
	}
	bool complained = is_over && strstr(zg_buffer_text(&heard), "\"result\":\"invalid\"");

	zg_buffer_clear(&heard);
	free(path);
	close(fd);
	return complained;
}

Test(control, rubbish_and_messages_past_the_limit_are_refused)
{
	static const char *const rubbish[] = { "\n", "hello\n", "[1]\n", "{\"a\":1\n", "{\"a\":1}{}\n", "\xff\xfe\n", "null\n" };
	char *dir = scratch_begin();
	size_t size = ZG_CONTROL_LINE + 1;
	char *flood = zg_alloc(size, 1);
	struct till till;

	begin(&till, dir);
	for (size_t i = 0; i < sizeof(rubbish) / sizeof(rubbish[0]); i++)
		cr_expect(is_complained_about(&till, dir, rubbish[i], strlen(rubbish[i])), "case %zu", i);
	memset(flood, ' ', size);
	cr_expect(is_complained_about(&till, dir, flood, size));
	cr_expect(eq(int, till.messages, 0));
	cr_expect(eq(int, finish(&till, command(round_trips, dir)), ZG_OK));    /* and it still works */
	free(flood);
	end(&till);
	scratch_end(dir);
}

static int send_and_vanish(const char *dir)
{
	struct zg_control_client *client;

	if (zg_control_connect(dir, &zg_real_clock, 10000, &client, NULL) != ZG_OK)
		return 99;
	(void)ask(client, "late", 1, "");    /* and goes before the answer */
	return 0;
}

Test(control, a_command_that_vanishes_is_noticed_and_its_answer_dropped)
{
	char *dir = scratch_begin();
	struct till till;
	int before;

	begin(&till, dir);
	before = count_descriptors();
	for (int i = 0; i < 3; i++) {
		cr_expect(eq(int, finish(&till, command(send_and_vanish, dir)), 0));
		wait_until(till.loop, till.closed > i && till.closed == till.messages);
	}
	cr_expect(eq(int, count_descriptors(), before));
	end(&till);
	scratch_end(dir);
}

static int come_as_nobody(const char *dir)
{
	struct zg_control_client *client;

	if (setgroups(0, NULL) < 0 || setgid(65534) < 0 || setuid(65534) < 0)
		return 77;
	enum zg_result result = zg_control_connect(dir, &zg_real_clock, 10000, &client, NULL);

	if (result == ZG_OK)
		result = ask(client, "now", 10000, "now");
	return (int)result;
}

/* Even when the file's mode would let him in. */
Test(control, another_user_is_not_let_in)
{
	char *dir = scratch_begin(), *path = zg_print("%s/%s", dir, ZG_CONTROL_NAME);
	struct till till;

	begin(&till, dir);
	chmod(dir, 0755);
	int refused = finish(&till, command(come_as_nobody, dir));

	if (refused != 77) {    /* only root can play another user */
		cr_expect(eq(int, refused, ZG_INVALID));
		chmod(path, 0666);
		cr_expect(ne(int, finish(&till, command(come_as_nobody, dir)), ZG_OK));
		cr_expect(eq(int, till.messages, 0));
	}
	end(&till);
	free(path);
	scratch_end(dir);
}
