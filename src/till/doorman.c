#include "src/till/doorman.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/io/control.h"
#include "src/till/customer.h"
#include "src/till/door.h"
#include "src/till/till.h"

#include <stdlib.h>
#include <string.h>

/* A call that the till has not answered yet. */
struct request {
	struct zg_doorman *doorman;
	struct zg_control_peer *peer;
	struct request *next;
};

struct zg_doorman {
	struct zg_till *till;
	struct zg_control *control;
	struct request *requests;
};

static void send_end(struct zg_control_peer *peer, enum zg_result result, const json_t *answer, const char *text)
{
	json_t *message = zg_json_object();

	zg_json_set_string(message, "result", zg_result_name(result));
	zg_json_set(message, "answer", answer ? json_deep_copy(answer) : zg_json_object());
	if (result != ZG_OK)
		zg_json_set_string(message, "message", text);
	zg_control_send(peer, message);
	json_decref(message);
}

static void forget(struct request *request)
{
	struct request **at = &request->doorman->requests;

	while (*at != request)
		at = &(*at)->next;
	*at = request->next;
	free(request);
}

static void answer_end(void *self, enum zg_result result, const json_t *answer, const struct zg_error *err)
{
	struct request *request = self;

	send_end(request->peer, result, answer, err && result != ZG_OK ? err->text : "");
	forget(request);
}

static void answer_progress(void *self, int64_t finished, int64_t of)
{
	struct request *request = self;
	json_t *message = zg_json_object();

	zg_json_set_integer(message, "progress", finished);
	zg_json_set_integer(message, "of", of);
	zg_control_send(request->peer, message);
	json_decref(message);
}

static bool is_known(const json_t *message)
{
	static const char *const members[] = { "act", "args", "as", "pin", "with", "with_pin" };
	size_t known = 0;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const json_t *value = json_object_get(message, members[i]);

		if (value && !(i == 1 ? json_is_object(value) : json_is_string(value)))
			return false;
		known += value != NULL;
	}
	return known == json_object_size(message);
}

/* NULL, or why this call is not for the door. */
static const char *refusal(const json_t *message)
{
	const char *act = zg_json_string(message, "act", "");

	if (!is_known(message) || !act[0])
		return _("The till does not understand this request. Command and till may be of two versions; restart the till.");
	if (strncmp(act, "session.", 8) == 0)
		return _("Signing in and out is done at the till itself.");
	if (!zg_json_string(message, "as", NULL))
		return _("Say who you are: add --as LOGIN.");
	return NULL;
}

static void take_call(struct zg_doorman *doorman, struct zg_control_peer *peer, const json_t *message)
{
	struct request *request = zg_alloc(1, sizeof(*request));
	int64_t uid = (int64_t)zg_control_uid(peer);

	*request = (struct request){ .doorman = doorman, .peer = peer, .next = doorman->requests };
	doorman->requests = request;
	zg_till_call(doorman->till, &(struct zg_call){
		.act = zg_json_string(message, "act", ""),
		.args = json_object_get(message, "args"),
		.as = zg_json_string(message, "as", NULL),
		.pin = zg_json_string(message, "pin", NULL),
		.with = zg_json_string(message, "with", NULL),
		.with_pin = zg_json_string(message, "with_pin", NULL),
		.uid = &uid,
		.done = answer_end,
		.progress = answer_progress,
		.self = request,
	});
}

/* NULL: it asks for nothing of that kind. */
static json_t *answer_of(const struct zg_till *till, const json_t *message)
{
	const char *what = json_object_size(message) == 1 ? zg_json_string(message, "ask", "") : "";

	return strcmp(what, "state") == 0 ? zg_door_state_json(till) : strcmp(what, "customer") == 0 ? zg_customer_json(till) : NULL;
}

static void take_message(void *self, struct zg_control_peer *peer, const json_t *message)
{
	struct zg_doorman *doorman = self;
	json_t *answer = answer_of(doorman->till, message);

	if (answer) {
		send_end(peer, ZG_OK, answer, "");
		json_decref(answer);
		return;
	}
	const char *why = refusal(message);

	if (why)
		send_end(peer, ZG_INVALID, NULL, why);
	else
		take_call(doorman, peer, message);
}

/* The caller went away: what it asked for goes on, but for a long act, which stops where it is. */
static void lose_peer(void *self, struct zg_control_peer *peer)
{
	struct zg_doorman *doorman = self;

	for (struct request *request = doorman->requests, *next; request; request = next) {
		next = request->next;
		if (request->peer == peer) {
			zg_till_forget(doorman->till, request);
			forget(request);
		}
	}
}

enum zg_result zg_doorman_open(struct zg_till *till, struct zg_loop *loop, const char *home, struct zg_doorman **out,
			       struct zg_error *err)
{
	static const struct zg_control_events events = { .message = take_message, .closed = lose_peer };
	struct zg_doorman *doorman = zg_alloc(1, sizeof(*doorman));
	enum zg_result result;

	doorman->till = till;
	result = zg_control_open(loop, home, &events, doorman, &doorman->control, err);
	*out = result == ZG_OK ? doorman : NULL;
	if (result != ZG_OK)
		free(doorman);
	return result;
}

void zg_doorman_close(struct zg_doorman *doorman)
{
	if (!doorman)
		return;
	zg_assert(!doorman->requests);
	zg_control_close(doorman->control);
	free(doorman);
}
