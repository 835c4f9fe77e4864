/*
 * How a command reaches the shop: through a running till, whose loop this test turns while the command waits in a thread of its own
 * as it would in a process of its own; or without one.
 */
#include "src/till/door.h"

#include "src/base/alloc.h"
#include "src/io/control.h"
#include "tests/unit/whole.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

TestSuite(door, .init = whole_begin, .fini = whole_end, .timeout = 120);

static const struct zg_printer_driver *const no_printers[] = { NULL };

/* A command under way. */
static struct {
	void (*run)(void);
	struct zg_clock clock;
	struct zg_door door;
	const char *act, *as, *pin, *with, *message;
	json_t *args, *answer;
	enum zg_result result;
	struct zg_error err;
	int64_t progress;
	atomic_bool is_done;
	pthread_t thread;
} command;

static void count_progress(void *self, int64_t finished, int64_t of)
{
	(void)self;
	command.progress += finished <= of;
}

static void do_call(void)
{
	struct zg_call call = { .act = command.act, .args = command.args, .as = command.as, .pin = command.pin, .with = command.with,
		.with_pin = command.with ? SHOP_PIN : NULL, .progress = count_progress };

	command.result = zg_door_call(&command.door, &call, &command.answer, &command.err);
}

static void do_state(void)
{
	command.result = zg_door_state(&command.door, &command.answer, &command.err);
}

/* Words of its own over the socket. */
static void do_raw(void)
{
	struct zg_control_client *client = NULL;
	json_t *request = zg_json_parse(command.message, strlen(command.message));

	command.result = zg_control_connect(shop->home, &zg_real_clock, 5000, &client, &command.err);
	if (command.result == ZG_OK)
		command.result = zg_control_ask(client, request, 5000, NULL, NULL, &command.answer, &command.err);
	zg_control_disconnect(client);
	json_decref(request);
}

static void *in_thread(void *self)
{
	(void)self;
	command.run();
	atomic_store(&command.is_done, true);
	return NULL;
}

static void begin(void (*run)(void))
{
	json_decref(command.answer);
	command.answer = NULL;
	command.err = (struct zg_error){ .text = "" };
	command.progress = 0;
	command.run = run;
	command.clock = zg_real_clock;
	command.door = (struct zg_door){ .home = shop->home, .clock = &command.clock, .printers = no_printers };
	atomic_store(&command.is_done, false);
	cr_assert(eq(int, pthread_create(&command.thread, NULL, in_thread, NULL), 0));
}

static enum zg_result finish(struct zg_loop *loop)
{
	for (int i = 0; i < 3000 && !atomic_load(&command.is_done); i++)
		zg_loop_step(loop, 10);
	cr_assert(atomic_load(&command.is_done), "no answer");
	pthread_join(command.thread, NULL);
	return command.result;
}

static enum zg_result call(const char *as, const char *with, const char *act, const char *args)
{
	command.act = act;
	command.as = as;
	command.pin = as ? SHOP_PIN : NULL;
	command.with = with;
	json_decref(command.args);
	command.args = args ? zg_json_parse(args, strlen(args)) : NULL;
	begin(do_call);
	return finish(shop->loop);
}

static bool is_object(const json_t *value)
{
	return json_is_object(value);
}

static const char *text_of(const char *key)
{
	return zg_json_string(command.answer, key, "");
}

/* ---- a till runs ---- */

Test(door, a_command_is_done_by_the_till_that_runs)
{
	cr_expect(eq(int, call("lin", "ding", "drawer.open", "{\"reason\": \"换钱\"}"), ZG_OK), "%s", command.err.text);
	cr_expect(eq(long, whole_number("SELECT count(*) FROM journal WHERE kind = 'drawer.open' AND who = 'lin'"), 1));
	cr_expect(eq(int, call("boss", NULL, "cash.in", "{\"amount_fen\": 500, \"reason\": \"x\"}"), ZG_OK), "%s", command.err.text);
	cr_expect(is_object(command.answer));
	cr_expect(eq(long, whole_number("SELECT sum(amount_fen) FROM cash_move"), 500));
	cr_expect(eq(int, call("boss", NULL, "print.report", "{\"kind\": \"x\"}"), ZG_OK), "%s", command.err.text);
	cr_expect(eq(str, (char *)zg_till_person(shop->till)->login, "boss"), "who stands at the counter stays");
}

Test(door, what_the_till_refuses_is_told_with_its_sentence)
{
	cr_expect(eq(int, call("lin", NULL, "drawer.open", "{\"reason\": \"x\"}"), ZG_REFUSED));
	cr_expect(ne(ptr, strstr(command.err.text, "You do not have the right"), NULL), "%s", command.err.text);
	cr_expect(eq(str, (char *)text_of("needs"), "drawer"));
	cr_expect(eq(int, call("lin", NULL, "sale.nothing", NULL), ZG_USAGE));
	cr_expect(eq(int, call("lin", NULL, "shift.close", NULL), ZG_REFUSED), "%s", command.err.text);
	cr_expect(eq(int, call(NULL, NULL, "shift.close", NULL), ZG_INVALID));
	cr_expect(eq(str, command.err.text, "Say who you are: add --as LOGIN."));
	cr_expect(eq(int, call("boss", NULL, "session.start", NULL), ZG_INVALID));
	cr_expect(eq(str, command.err.text, "Signing in and out is done at the till itself."));
}

Test(door, a_long_act_tells_how_far_it_is)
{
	char *args = zg_print("{\"path\": \"%s/goods.csv\"}", shop->home);

	cr_expect(eq(int, call("boss", NULL, "product.import", args), ZG_OK), "%s", command.err.text);
	cr_expect(gt(long, command.progress, 0));
	cr_expect(eq(long, zg_json_integer(command.answer, "same", 0), 5));
	free(args);
}

Test(door, a_running_till_tells_of_its_devices)
{
	begin(do_state);
	cr_expect(eq(int, finish(shop->loop), ZG_OK), "%s", command.err.text);
	cr_expect(eq(str, (char *)text_of("printer"), "absent"));
	cr_expect(eq(str, (char *)text_of("alarm"), ""));
	cr_expect(not(zg_json_boolean(command.answer, "broken")));
}

/* Of another version, or of somebody who tries what there is. */
Test(door, what_the_till_does_not_understand_is_refused_and_does_nothing)
{
	static const char *const messages[] = {
		"{}", "{\"act\": \"\"}", "{\"act\": 1}", "{\"act\": \"cash.in\", \"args\": []}", "{\"act\": \"cash.in\", \"as\": 7}", "{\"as\": \"boss\"}",
		"{\"act\": \"cash.in\", \"colour\": \"red\"}", "{\"ask\": \"state\", \"act\": \"cash.in\"}", "{\"ask\": \"time\"}",
		"{\"act\": \"cash.in\", \"as\": \"boss\", \"with_pin\": {}}", "{\"act\": \"session.end\", \"as\": \"boss\"}", "{\"act\": \"cash.in\", \"as\": null}",
	};
	uint64_t before = whole_books();

	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		command.message = messages[i];
		begin(do_raw);
		cr_expect(eq(int, finish(shop->loop), ZG_OK), "%s: %s", messages[i], command.err.text);
		cr_expect(eq(str, (char *)text_of("result"), "invalid"), "%s", messages[i]);
		cr_expect(gt(sz, strlen(text_of("message")), 0), "%s", messages[i]);
	}
	cr_expect(eq(u64, whole_books(), before));
}

/* The caller goes away in the middle of an import: the list stays, and the next import works. */
static void ask_and_go(void)
{
	struct zg_control_client *client = NULL;
	json_t *request = zg_json_parse(command.message, strlen(command.message)), *answer = NULL;

	command.result = zg_control_connect(shop->home, &zg_real_clock, 5000, &client, &command.err);
	if (command.result == ZG_OK)
		command.result = zg_control_ask(client, request, 1, NULL, NULL, &answer, &command.err);
	zg_control_disconnect(client);
	json_decref(answer);
	json_decref(request);
}

Test(door, an_import_whose_caller_went_away_is_given_up)
{
	char *path = zg_print("%s/many.csv", shop->home), *message = zg_print(
		"{\"act\": \"product.import\", \"as\": \"boss\", \"pin\": \"" SHOP_PIN "\", \"args\": {\"path\": \"%s\"}}", path);
	FILE *file = fopen(path, "w");

	cr_assert(ne(ptr, file, NULL));
	fputs("code,barcodes,name,unit,price,tax_rate,tax_code,kind\n", file);
	for (int i = 0; i < 20000; i++)
		fprintf(file, "M%05d,,货 %d,个,2.00,13%%,,piece\n", i, i);
	fclose(file);
	command.message = message;
	begin(ask_and_go);
	finish(shop->loop);
	for (int i = 0; i < 3000 && !zg_till_is_idle(shop->till); i++)
		zg_loop_step(shop->loop, 10);
	cr_expect(zg_till_is_idle(shop->till));
	cr_expect(eq(long, whole_number("SELECT count(*) FROM journal WHERE kind = 'product.import'"), 1), "the one of the goods that the shop began with");
	cr_expect(eq(int, shop_do(shop, "sale.add", "{s:s}", "code", "M00001"), ZG_NOT_FOUND));
	DO("sale.add", "{s:s}", "code", "1001");
	free(message);
	free(path);
}

/* ---- no till runs ---- */

Test(door, without_a_till_the_command_does_it_itself)
{
	char *args = zg_print("{\"path\": \"%s/goods.csv\"}", shop->home);
	struct zg_loop *none = zg_loop_new(&zg_real_clock);

	shop_close(shop);
	shop->loop = none;
	cr_expect(eq(int, call("boss", NULL, "cash.in", "{\"amount_fen\": 500, \"reason\": \"x\"}"), ZG_OK), "%s", command.err.text);
	cr_expect(eq(long, whole_number("SELECT sum(amount_fen) FROM cash_move"), 500));
	cr_expect(eq(int, call("lin", NULL, "drawer.open", "{\"reason\": \"x\"}"), ZG_REFUSED));
	cr_expect(eq(str, (char *)text_of("needs"), "drawer"));
	cr_expect(eq(int, call("boss", NULL, "nothing.at.all", NULL), ZG_USAGE));
	cr_expect(eq(int, call(NULL, NULL, "cash.in", "{\"amount_fen\": 500, \"reason\": \"x\"}"), ZG_REFUSED));
	cr_expect(eq(int, call("boss", NULL, "product.import", args), ZG_OK), "%s", command.err.text);
	cr_expect(gt(long, command.progress, 0));
	begin(do_state);
	cr_expect(eq(int, finish(none), ZG_NOT_FOUND));
	cr_expect(eq(ptr, command.answer, NULL));

	struct zg_call quiet = { .act = "product.import", .args = command.args, .as = "boss", .pin = SHOP_PIN };

	cr_expect(eq(int, zg_door_call(&command.door, &quiet, NULL, NULL), ZG_OK), "nobody needs to listen");
	quiet.as = NULL;
	cr_expect(eq(int, zg_door_call(&command.door, &quiet, NULL, NULL), ZG_REFUSED));
	free(args);
}

/* ---- somebody else has the books ---- */

static int64_t hurried_ms;

/* Each look at it is half a second later. */
static int64_t hurry(void *self)
{
	(void)self;
	hurried_ms += 500;
	return hurried_ms;
}

static int64_t now_of(void *self)
{
	(void)self;
	return zg_clock_now(&zg_real_clock);
}

static int hold_books(void)
{
	char *path = zg_print("%s/zhanggui.lock", shop->home);
	int fd = open(path, O_RDWR | O_CLOEXEC);

	free(path);
	cr_assert(ge(int, fd, 0));
	cr_assert(eq(int, flock(fd, LOCK_EX | LOCK_NB), 0));
	return fd;
}

Test(door, a_command_that_finds_another_at_work_waits_and_then_says_so)
{
	struct zg_clock clock = { .now_ms = now_of, .running_ms = hurry };
	struct zg_door door = { .home = shop->home, .clock = &clock, .printers = no_printers };
	struct zg_call cash = { .act = "cash.in", .as = "boss", .pin = SHOP_PIN };
	json_t *answer = NULL;
	struct zg_error err = { .text = "" };

	shop_close(shop);
	int lock = hold_books();

	cr_expect(eq(int, zg_door_call(&door, &cash, &answer, &err), ZG_OFFLINE));
	cr_expect(ne(ptr, strstr(err.text, "Another command is working"), NULL), "%s", err.text);
	cr_expect(is_object(answer));
	json_decref(answer);
	cr_expect(eq(int, zg_door_state(&door, &answer, &err), ZG_NOT_FOUND));
	cr_expect(eq(ptr, answer, NULL));
	close(lock);
}

/* ---- a till that answers strangely ---- */

static const char *reply;

static void answer_strangely(void *self, struct zg_control_peer *peer, const json_t *message)
{
	json_t *object = zg_json_parse(reply, strlen(reply));

	(void)self, (void)message;
	zg_control_send(peer, object);
	json_decref(object);
}

static void ignore_peer(void *self, struct zg_control_peer *peer)
{
	(void)self, (void)peer;
}

Test(door, what_an_odd_till_says_is_doubted)
{
	static const struct zg_control_events events = { .message = answer_strangely, .closed = ignore_peer };
	static const struct { const char *reply; enum zg_result result; const char *word; } cases[] = {
		{ "{\"result\": \"refused\", \"answer\": {\"needs\": \"drawer\"}, \"message\": \"No.\"}", ZG_REFUSED, "No." },
		{ "{\"result\": \"refused\"}", ZG_REFUSED, "gave no reason" },
		{ "{\"result\": \"refused\", \"answer\": 7}", ZG_REFUSED, "gave no reason" },
		{ "{\"result\": \"splendid\"}", ZG_BROKEN, "gave no reason" },
		{ "{}", ZG_BROKEN, "gave no reason" },
		{ "{\"result\": \"ok\"}", ZG_OK, "" },
	};
	struct zg_control *control = NULL;
	struct zg_loop *loop;

	shop_close(shop);
	int lock = hold_books();

	loop = zg_loop_new(&zg_real_clock);
	cr_assert(eq(int, zg_control_open(loop, shop->home, &events, NULL, &control, &shop->err), ZG_OK), "%s", shop->err.text);
	shop->loop = loop;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		reply = cases[i].reply;
		cr_expect(eq(int, call("boss", NULL, "cash.in", "{}"), cases[i].result), "%s", reply);
		cr_expect(ne(ptr, strstr(command.err.text, cases[i].word), NULL), "%s: %s", reply, command.err.text);
		cr_expect(is_object(command.answer), "%s", reply);
		begin(do_state);
		cr_expect(eq(int, finish(loop), cases[i].result), "%s", reply);
		cr_expect(eq(int, command.answer != NULL, cases[i].result == ZG_OK), "%s", reply);
	}
	zg_control_close(control);
	close(lock);
}
