#include "src/base/alloc.h"
#include "src/io/child.h"
#include "src/io/curl.h"
#include "src/io/loop.h"
#include "tests/unit/waiting.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct held_clock {
	struct zg_clock clock;
	int64_t at;
};

static int64_t held_ms(void *self)
{
	return ((struct held_clock *)self)->at;
}

struct marks {
	struct zg_loop *loop;
	char text[64];
	struct zg_watch *other;
	int count, fd;
	uint64_t id;
};

static void mark(struct marks *marks, char letter)
{
	size_t length = strlen(marks->text);

	if (length < sizeof(marks->text) - 1)
		marks->text[length] = letter;
}

static void mark_a(void *self) { mark(self, 'a'); }
static void mark_b(void *self) { mark(self, 'b'); }
static void mark_c(void *self) { mark(self, 'c'); }

static void mark_and_add(void *self)
{
	struct marks *marks = self;

	mark(marks, 'n');
	zg_timer_add(marks->loop, 0, mark_c, marks);
}

Test(loop, timers_come_in_the_order_of_their_time_and_then_of_their_adding)
{
	struct held_clock held = { .clock = { .now_ms = held_ms, .running_ms = held_ms, .self = &held } };
	struct zg_loop *loop = zg_loop_new(&held.clock);
	struct marks marks = { .loop = loop };

	zg_timer_add(loop, 20, mark_c, &marks);
	zg_timer_add(loop, 10, mark_a, &marks);
	zg_timer_add(loop, 10, mark_b, &marks);
	uint64_t gone = zg_timer_add(loop, 15, mark_a, &marks);

	zg_timer_remove(loop, gone);
	zg_timer_remove(loop, gone);
	zg_timer_remove(loop, 0);
	zg_loop_step(loop, 0);
	cr_expect(eq(str, marks.text, ""));
	held.at = 10;
	zg_loop_step(loop, 0);
	cr_expect(eq(str, marks.text, "ab"));
	held.at = 100;
	zg_loop_step(loop, 0);
	cr_expect(eq(str, marks.text, "abc"));
	zg_loop_free(loop);
}

Test(loop, a_timer_that_a_timer_adds_waits_for_the_next_step)
{
	struct held_clock held = { .clock = { .now_ms = held_ms, .running_ms = held_ms, .self = &held } };
	struct zg_loop *loop = zg_loop_new(&held.clock);
	struct marks marks = { .loop = loop };

	zg_timer_add(loop, 0, mark_and_add, &marks);
	zg_loop_step(loop, 0);
	cr_expect(eq(str, marks.text, "n"));
	zg_loop_step(loop, 0);
	cr_expect(eq(str, marks.text, "nc"));
	zg_loop_free(loop);
}

Test(loop, a_wait_ends_at_the_timer_and_not_at_the_longest_wait)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	struct marks marks = { .loop = loop };
	int64_t start = zg_loop_running(loop);

	zg_timer_add(loop, 30, mark_a, &marks);
	for (int i = 0; i < 3 && !*marks.text; i++)
		zg_loop_step(loop, 10000);

	cr_expect(eq(str, marks.text, "a"));
	cr_expect(ge(long, zg_loop_running(loop) - start, 30));
	cr_expect(lt(long, zg_loop_running(loop) - start, 9000));
	zg_loop_free(loop);
}

Test(loop, a_clock_that_runs_a_thousand_times_faster_shortens_the_waits)
{
	struct held_clock held = { .clock = { held_ms, held_ms, &held, 1000 } };
	struct zg_loop *loop = zg_loop_new(&held.clock);
	struct marks marks = { .loop = loop };
	int64_t start = zg_clock_running(&zg_real_clock);

	zg_timer_add(loop, 20000, mark_a, &marks);
	zg_loop_step(loop, 10000);

	cr_expect(lt(long, zg_clock_running(&zg_real_clock) - start, 9000));
	zg_loop_free(loop);
}

/* Both are readable at once; the first one takes the second one away and closes its descriptor. */
static void remove_other(void *self, int fd, unsigned events)
{
	struct marks *marks = self;

	(void)fd, (void)events;
	mark(marks, 'r');
	if (marks->other) {
		zg_watch_remove(marks->other);
		close(marks->fd);
	}
	marks->other = NULL;
}

static void must_not_come(void *self, int fd, unsigned events)
{
	(void)fd, (void)events;
	mark(self, 'X');
}

Test(loop, a_watch_that_another_callback_removed_is_not_called)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	struct marks marks = { .loop = loop };
	int a[2], b[2];

	cr_assert(eq(int, pipe2(a, O_CLOEXEC), 0));
	cr_assert(eq(int, pipe2(b, O_CLOEXEC), 0));
	cr_assert(eq(long, write(a[1], "x", 1), 1));
	cr_assert(eq(long, write(b[1], "x", 1), 1));
	close(b[1]);    /* its hang-up would be told even to a watch that asks for nothing */
	struct zg_watch *first = zg_watch_add(loop, a[0], ZG_LOOP_IN, remove_other, &marks);

	marks.other = zg_watch_add(loop, b[0], ZG_LOOP_IN, must_not_come, &marks);
	marks.fd = b[0];
	zg_loop_step(loop, 1000);
	zg_loop_step(loop, 0);

	cr_expect(eq(str, marks.text, "rr"));
	zg_watch_remove(first);
	zg_loop_step(loop, 0);
	cr_expect(eq(str, marks.text, "rr"));
	zg_loop_free(loop);
}

/* A callback that adds a hundred watches moves everything that the step under way holds. */
static void add_many(void *self, int fd, unsigned events)
{
	struct marks *marks = self;

	(void)events;
	if (!marks->count++)
		for (int i = 0; i < 100; i++)
			zg_watch_add(marks->loop, fd, 0, must_not_come, marks);
	mark(marks, 'm');
}

Test(loop, watches_may_be_added_from_a_callback)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	struct marks marks = { .loop = loop };
	int a[2], b[2];

	cr_assert(eq(int, pipe2(a, O_CLOEXEC), 0));
	cr_assert(eq(int, pipe2(b, O_CLOEXEC), 0));
	cr_assert(eq(long, write(a[1], "x", 1), 1));
	cr_assert(eq(long, write(b[1], "x", 1), 1));
	zg_watch_add(loop, a[0], ZG_LOOP_IN, add_many, &marks);
	zg_watch_add(loop, b[0], ZG_LOOP_IN, remove_other, &marks);
	zg_loop_step(loop, 1000);

	cr_expect(eq(str, marks.text, "mr"));
	zg_loop_free(loop);
}

static void keep_events(void *self, int fd, unsigned events)
{
	struct marks *marks = self;

	(void)fd;
	marks->count |= (int)events;
	if (events & ZG_LOOP_HANGUP) {
		zg_watch_remove(marks->other);
		marks->other = NULL;
	}
}

Test(loop, a_hang_up_is_told_as_one)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	struct marks marks = { .loop = loop };
	int ends[2];

	cr_assert(eq(int, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0));
	marks.other = zg_watch_add(loop, ends[0], ZG_LOOP_IN, keep_events, &marks);
	close(ends[1]);
	zg_loop_step(loop, 1000);

	cr_expect(ne(int, marks.count & (int)ZG_LOOP_HANGUP, 0));
	cr_expect(eq(ptr, marks.other, NULL));
	close(ends[0]);
	zg_loop_free(loop);
}

static bool three_slices(void *self)
{
	struct marks *marks = self;

	mark(marks, 'i');
	return ++marks->count < 3;
}

static void count_after(void *self)
{
	((struct marks *)self)->fd++;
}

Test(loop, idle_work_goes_on_slice_by_slice_and_then_the_loop_sleeps)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	struct marks marks = { .loop = loop };

	zg_idle_add(loop, three_slices, &marks);
	zg_timer_add(loop, 0, mark_a, &marks);
	for (int i = 0; i < 6; i++)
		zg_loop_step(loop, 0);

	cr_expect(eq(int, marks.count, 3));
	cr_expect(eq(str, marks.text, "aiii"));
	zg_loop_free(loop);
}

Test(loop, the_screen_is_drawn_once_after_a_batch_of_events_and_never_without_one)
{
	struct held_clock held = { .clock = { .now_ms = held_ms, .running_ms = held_ms, .self = &held } };
	struct zg_loop *loop = zg_loop_new(&held.clock);
	struct marks marks = { .loop = loop };

	zg_loop_after(loop, count_after, &marks);
	zg_loop_step(loop, 0);
	cr_expect(eq(int, marks.fd, 0));
	zg_timer_add(loop, 0, mark_a, &marks);
	zg_timer_add(loop, 0, mark_b, &marks);
	zg_loop_step(loop, 0);
	cr_expect(eq(int, marks.fd, 1));
	zg_loop_free(loop);
}

static void heard(void *self, int number)
{
	struct marks *marks = self;

	marks->count = number;
	zg_loop_stop(marks->loop);
}

Test(loop, a_signal_comes_through_the_loop_and_can_stop_it)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	struct marks marks = { .loop = loop };

	zg_signal_add(loop, SIGTERM, heard, &marks);
	uint64_t gone = zg_signal_add(loop, SIGHUP, heard, &marks);

	zg_signal_remove(loop, gone);
	kill(getpid(), SIGHUP);
	zg_loop_step(loop, 100);
	cr_expect(eq(int, marks.count, 0));
	kill(getpid(), SIGTERM);
	zg_loop_run(loop);
	cr_expect(eq(int, marks.count, SIGTERM));
	cr_expect(not(zg_loop_step(loop, 1000)));
	zg_loop_free(loop);
}

Test(loop, curl_waits_in_the_same_loop)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	struct marks marks = { .loop = loop };
	const struct zg_curl *curl = zg_curl_load(NULL);

	cr_assert(ne(ptr, (void *)curl, NULL));
	CURL *transfer = curl->easy_init();

	zg_loop_curl_after(loop, count_after, &marks);
	curl->easy_setopt(transfer, CURLOPT_URL, "http://127.0.0.1:1/");    /* nobody listens there */
	curl->multi_add_handle(zg_loop_curl(loop, NULL), transfer);
	int left = 1;
	CURLMsg *message = NULL;

	wait_until(loop, (message = curl->multi_info_read(zg_loop_curl(loop, NULL), &left)) != NULL);

	cr_expect(eq(int, message->data.result, CURLE_COULDNT_CONNECT));
	cr_expect(gt(int, marks.fd, 0));
	curl->multi_remove_handle(zg_loop_curl(loop, NULL), transfer);
	curl->easy_cleanup(transfer);
	zg_loop_free(loop);
}

/* -- children */

struct outcome {
	bool is_done, ok;
	char bytes[64];
	size_t length;
};

static void child_done(void *self, bool ok, const char *bytes, size_t length)
{
	struct outcome *outcome = self;

	outcome->is_done = true;
	outcome->ok = ok;
	outcome->length = length;
	memcpy(outcome->bytes, bytes, length < 63 ? length : 63);
}

static int say(void *self, int out)
{
	return write(out, self, strlen(self)) < 0;
}

static int fail_after_saying(void *self, int out)
{
	return say(self, out) + 3;
}

static int crash(void *self, int out)
{
	(void)self, (void)out;
	kill(getpid(), SIGKILL);
	return 0;
}

static int hang(void *self, int out)
{
	(void)self, (void)out;
	for (;;)
		pause();
	return 0;
}

static int flood(void *self, int out)
{
	(void)self;
	static const char bytes[65536];

	while (write(out, bytes, sizeof(bytes)) > 0)
		;
	return 0;
}

/* Says how many descriptors it has beyond the usual three and its answer's. */
static int count_own(void *self, int out)
{
	char digit = (char)('0' + count_descriptors() - 4);

	(void)self;
	return write(out, &digit, 1) != 1;
}

Test(child, a_child_tells_its_answer_or_that_it_failed)
{
	static const struct { zg_child_work *work; bool ok; const char *answer; } cases[] = {
		{ say, true, "done" }, { fail_after_saying, false, "done" }, { crash, false, "" }, { hang, false, "" },
		{ flood, false, "" },
	};
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	char text[] = "done";

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct outcome outcome = { 0 };

		zg_child_start(loop, cases[i].work, text, cases[i].work == hang ? 50 : 10000, child_done, &outcome);
		cr_expect(not(outcome.is_done));
		wait_until(loop, outcome.is_done);
		cr_expect(eq(int, outcome.ok, cases[i].ok), "case %zu", i);
		cr_expect(eq(str, outcome.bytes, (char *)cases[i].answer), "case %zu", i);
	}
	cr_expect(eq(int, waitpid(-1, NULL, WNOHANG), -1));    /* no zombies */
	zg_loop_free(loop);
}

Test(child, a_child_inherits_no_descriptor_and_leaves_none)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	struct outcome outcome = { 0 };
	int before = count_descriptors();

	zg_child_start(loop, count_own, NULL, 10000, child_done, &outcome);
	wait_until(loop, outcome.is_done);
	zg_child_cancel(zg_child_start(loop, hang, NULL, 10000, child_done, &outcome));

	cr_expect(outcome.ok);
	cr_expect(eq(int, outcome.bytes[0], 48));
	cr_expect(eq(int, count_descriptors(), before));
	cr_expect(eq(int, waitpid(-1, NULL, WNOHANG), -1));
	zg_loop_free(loop);
}

Test(child, a_program_answers_and_says_how_it_ended)
{
	static const struct { const char *words[4]; bool ok; const char *answer; } cases[] = {
		{ { "/bin/sh", "-c", "printf well", NULL }, true, "well" },
		{ { "/bin/sh", "-c", "printf ill; exit 3", NULL }, false, "ill" },
		{ { "/bin/sh", "-c", "printf half; kill -9 $$", NULL }, false, "" },
		{ { "/bin/sh", "-c", "printf lost >&2; read x || printf none", NULL }, true, "none" },
		{ { "/nowhere/zhanggui", NULL }, false, "" },
	};
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct outcome outcome = { 0 };

		zg_child_run(loop, cases[i].words, 10000, child_done, &outcome);
		wait_until(loop, outcome.is_done);
		cr_expect(eq(int, outcome.ok, cases[i].ok), "case %zu", i);
		cr_expect(eq(str, outcome.bytes, (char *)cases[i].answer), "case %zu", i);
	}
	zg_loop_free(loop);
}

/* Not even one that its owner forgot to mark: the books' own files among them. */
Test(child, a_program_inherits_no_descriptor)
{
	static const char *const words[] = { "/bin/sh", "-c",
		"i=0; while [ $i -lt 64 ]; do [ -e /proc/$$/fd/$i ] && printf '%s ' $i; i=$((i + 1)); done", NULL };
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	struct outcome outcome = { 0 };
	int own = fcntl(STDIN_FILENO, F_DUPFD, 40);    /* without close-on-exec */

	zg_child_run(loop, words, 10000, child_done, &outcome);
	wait_until(loop, outcome.is_done);

	cr_expect(eq(str, outcome.bytes, "0 1 2 "));
	close(own);
	zg_loop_free(loop);
}
