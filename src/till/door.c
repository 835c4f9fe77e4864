#include "src/till/door.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/io/control.h"
#include "src/till/till.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CONNECT_MS 5000     /* also how long another command may hold the books before we give up */
#define ANSWER_MS  60000    /* without an answer or progress; a PIN on a Pi Zero takes seconds */
#define SLIPS_MS   10000    /* to print what the call queued; the next till finds what is left */
#define GONE_MS    1500     /* of them for a printer that cannot be reached: its second opening has failed too */
#define STEP_MS    50

static void set_text(json_t *request, const char *key, const char *text)
{
	if (text)
		zg_json_set_string(request, key, text);
}

static json_t *request_of(const struct zg_call *call)
{
	json_t *request = zg_json_object();

	zg_json_set_string(request, "act", call->act);
	zg_json_set(request, "args", call->args ? json_deep_copy(call->args) : zg_json_object());
	set_text(request, "as", call->as);
	set_text(request, "pin", call->pin);
	set_text(request, "with", call->with);
	set_text(request, "with_pin", call->with_pin);
	return request;
}

static void hear_progress(void *self, const json_t *message)
{
	const struct zg_call *call = self;

	if (call->progress)
		call->progress(call->self, zg_json_integer(message, "progress", 0), zg_json_integer(message, "of", 0));
}

/* What the till said: its result, its sentence, and its answer, which becomes the caller's. */
static enum zg_result take_answer(json_t *message, json_t **answer, struct zg_error *err)
{
	enum zg_result result = zg_result_parse(zg_json_string(message, "result", ""));
	json_t *said = json_object_get(message, "answer");

	if (json_is_object(said)) {
		json_decref(*answer);
		*answer = json_incref(said);
	}
	if (result != ZG_OK)
		zg_fail(err, result, "%s", zg_json_string(message, "message", _("The till gave no reason. See its log.")));
	json_decref(message);
	return result;
}

static enum zg_result ask(struct zg_control_client *client, json_t *request, const struct zg_call *call,
			  json_t **answer, struct zg_error *err)
{
	struct zg_call quiet = { 0 };
	json_t *message = NULL;
	enum zg_result result = zg_control_ask(client, request, ANSWER_MS, hear_progress,
					       call ? (void *)(uintptr_t)call : &quiet, &message, err);

	json_decref(request);
	return result == ZG_OK ? take_answer(message, answer, err) : result;
}

/* ---- without a running till ---- */

struct wait {
	bool is_done;
	enum zg_result result;
	json_t *answer;
	struct zg_error err;
};

static void take_end(void *self, enum zg_result result, const json_t *answer, const struct zg_error *err)
{
	struct wait *wait = self;

	wait->is_done = true;
	wait->result = result;
	wait->answer = json_is_object(answer) ? json_deep_copy(answer) : NULL;
	if (err && result != ZG_OK)
		wait->err = *err;
}

struct relay {
	struct wait wait;
	const struct zg_call *call;
};

static void relay_end(void *self, enum zg_result result, const json_t *answer, const struct zg_error *err)
{
	take_end(&((struct relay *)self)->wait, result, answer, err);
}

static void relay_progress(void *self, int64_t finished, int64_t of)
{
	const struct zg_call *call = ((struct relay *)self)->call;

	if (call->progress)
		call->progress(call->self, finished, of);
}

static void let_slips_out(const struct zg_till *till, struct zg_loop *loop)
{
	int64_t until = zg_loop_running(loop) + SLIPS_MS, gone_at = INT64_MAX;

	while (!zg_till_is_idle(till) && zg_loop_running(loop) < until && zg_loop_step(loop, STEP_MS)) {
		bool is_gone = zg_till_state(till)->printer == ZG_LAMP_DOWN && *zg_till_printer_problem(till);
		int64_t now = zg_loop_running(loop);

		if (!is_gone)
			gone_at = INT64_MAX;
		else if (gone_at == INT64_MAX)
			gone_at = now;
		else if (now - gone_at >= GONE_MS)
			break;
	}
}

/* ZG_REFUSED, with nothing done, when somebody else has the books; *is_open says that it was our own turn. */
static enum zg_result do_here(const struct zg_door *door, const struct zg_call *call, json_t **answer, bool *is_open,
			      struct zg_error *err)
{
	struct relay relay = { .wait = { .result = ZG_UNKNOWN }, .call = call };
	struct zg_loop *loop = zg_loop_new(door->clock);
	struct zg_till_parts parts = { .home = door->home, .clock = door->clock, .loop = loop, .printers = door->printers,
		.takes_old = strcmp(call->act, "journal.accept") == 0 };
	struct zg_till *till = NULL;
	enum zg_result result = zg_till_open(&parts, &till, err);

	*is_open = result == ZG_OK;
	if (result == ZG_OK) {
		struct zg_call ours = *call;

		ours.done = relay_end;
		ours.progress = relay_progress;
		ours.self = &relay;
		zg_till_call(till, &ours);
		while (!relay.wait.is_done && zg_loop_step(loop, 1000))
			;
		let_slips_out(till, loop);
		zg_till_close(till);
		result = relay.wait.result;
		if (result != ZG_OK && err)
			*err = relay.wait.err;
		if (relay.wait.answer) {
			json_decref(*answer);
			*answer = relay.wait.answer;
		}
	}
	zg_loop_free(loop);
	return result;
}

static void pause_briefly(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 100 * 1000 * 1000 }, NULL);
}

enum zg_result zg_door_call(const struct zg_door *door, const struct zg_call *call, json_t **answer, struct zg_error *err)
{
	int64_t until = zg_clock_running(door->clock) + CONNECT_MS;
	json_t *said = zg_json_object();
	enum zg_result result;

	/* Another command may hold the books for a moment, and a till may end between our two looks: try both in turn. */
	for (;;) {
		struct zg_control_client *client = NULL;
		bool is_open = true;

		if (zg_store_is_taken(door->home)) {
			result = zg_control_connect(door->home, door->clock, CONNECT_MS, &client, err);
			if (result == ZG_OK) {
				result = ask(client, request_of(call), call, &said, err);
				zg_control_disconnect(client);
				break;
			}
			if (result != ZG_NOT_FOUND)
				break;
		} else {
			result = do_here(door, call, &said, &is_open, err);
			if (is_open || result != ZG_REFUSED)
				break;
		}
		if (zg_clock_running(door->clock) >= until) {
			result = zg_fail(err, ZG_OFFLINE, _("Another command is working on this shop. Wait until it has ended, then try again."));
			break;
		}
		pause_briefly();
	}
	if (answer)
		*answer = said;
	else
		json_decref(said);
	return result;
}

/* ---- what a running till says of itself ---- */

static const char *lamp_word(enum zg_lamp lamp)
{
	static const char *const words[] = { "absent", "well", "look", "down" };

	return words[lamp];
}

json_t *zg_door_state_json(const struct zg_till *till)
{
	const struct zg_till_state *state = zg_till_state(till);
	json_t *object = zg_json_object();

	zg_json_set_string(object, "printer", lamp_word(state->printer));
	zg_json_set_string(object, "paper", lamp_word(state->paper));
	zg_json_set_string(object, "drawer", lamp_word(state->drawer));
	zg_json_set_integer(object, "queued", (int64_t)state->queued);
	zg_json_set_integer(object, "unprinted", (int64_t)state->unprinted);
	zg_json_set_boolean(object, "low", state->is_low);
	zg_json_set_boolean(object, "broken", state->is_broken);
	zg_json_set_string(object, "alarm", zg_till_newest_alarm(till));
	zg_json_set_string(object, "problem", zg_till_printer_problem(till));
	return object;
}

enum zg_result zg_door_state(const struct zg_door *door, json_t **state, struct zg_error *err)
{
	struct zg_control_client *client = NULL;
	json_t *request = NULL;
	enum zg_result result;

	*state = NULL;
	if (!zg_store_is_taken(door->home))
		return zg_fail(err, ZG_NOT_FOUND, _("No till is running for this shop."));
	result = zg_control_connect(door->home, door->clock, CONNECT_MS, &client, err);
	if (result != ZG_OK)
		return result;
	request = zg_json_object();
	zg_json_set_string(request, "ask", "state");
	*state = zg_json_object();
	result = ask(client, request, NULL, state, err);
	zg_control_disconnect(client);
	if (result != ZG_OK) {
		json_decref(*state);
		*state = NULL;
	}
	return result;
}
