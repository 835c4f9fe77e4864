/*
 * A till without a screen, for tests: opens the shop as its counter, answers the control socket, and does the acts
 * that come as JSON lines on standard input: {"act", "args", "as", "pin"}. Each is answered by one line
 * {"result", "answer", "message"}; ends when standard input ends.
 */
#include "drivers/drivers.h"
#include "src/base/alloc.h"
#include "src/base/json.h"
#include "src/base/locale.h"
#include "src/till/till.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct counter {
	struct zg_till *till;
	struct zg_loop *loop;
	struct zg_watch *input;
	struct zg_buffer text;
	int under_way;
	bool ends;
};

static void stop_when_done(struct counter *counter)
{
	if (counter->ends && counter->under_way == 0)
		zg_loop_stop(counter->loop);
}

static void answer(void *self, enum zg_result result, const json_t *said, const struct zg_error *err)
{
	struct counter *counter = self;
	json_t *line = zg_json_object();

	zg_json_set_string(line, "result", zg_result_name(result));
	zg_json_set(line, "answer", said ? json_deep_copy(said) : zg_json_object());
	zg_json_set_string(line, "message", result == ZG_OK || !err ? "" : err->text);
	char *text = zg_json_text(line);

	puts(text);
	fflush(stdout);
	free(text);
	json_decref(line);
	counter->under_way--;
	stop_when_done(counter);
}

static void do_line(struct counter *counter, const char *line)
{
	json_t *order = zg_json_parse(line, strlen(line));

	counter->under_way++;
	zg_till_call(counter->till, &(struct zg_call){
		.act = zg_json_string(order, "act", ""), .args = json_object_get(order, "args"),
		.as = zg_json_string(order, "as", NULL), .pin = zg_json_string(order, "pin", NULL),
		.done = answer, .self = counter,
	});
	json_decref(order);
}

static void hear(void *self, int fd, unsigned events)
{
	struct counter *counter = self;
	char bytes[4096], *end;
	ssize_t got = read(fd, bytes, sizeof(bytes));

	(void)events;
	if (got <= 0) {
		zg_watch_remove(counter->input);
		counter->input = NULL;
		counter->ends = true;
		stop_when_done(counter);
		return;
	}
	zg_buffer_add(&counter->text, bytes, (size_t)got);
	while (counter->text.length > 0 && (end = memchr(counter->text.bytes, '\n', counter->text.length)) != NULL) {
		size_t length = (size_t)(end - counter->text.bytes);

		*end = '\0';
		do_line(counter, counter->text.bytes);
		zg_buffer_drop(&counter->text, length + 1);
	}
}

int main(int argc, char **argv)
{
	struct zg_error err = { .text = "" };
	struct counter counter = { .loop = NULL };
	size_t count, payers;

	if (argc != 2)
		return 2;
	umask(077);
	zg_locale_start();
	zg_json_start();
	counter.loop = zg_loop_new(&zg_real_clock);
	enum zg_result result = zg_till_open(&(struct zg_till_parts){ .home = argv[1], .clock = &zg_real_clock, .loop = counter.loop,
		.printers = zg_printer_drivers(&count), .payers = zg_pay_drivers(&payers), .is_counter = true }, &counter.till, &err);

	if (result == ZG_OK) {
		puts("ready");
		fflush(stdout);
		counter.input = zg_watch_add(counter.loop, STDIN_FILENO, ZG_LOOP_IN, hear, &counter);
		zg_loop_run(counter.loop);
		zg_till_close(counter.till);
	} else {
		fprintf(stderr, "%s\n", err.text);
	}
	zg_buffer_clear(&counter.text);
	zg_loop_free(counter.loop);
	return zg_result_exit(result);
}
