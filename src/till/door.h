/*
 * How a command reaches the shop.
 *
 * While a till runs, the call goes to it over its control socket. Otherwise the till is opened here, without
 * a screen, for as long as the call and its slips take. Both end the same way. This waits, so a screen never uses it.
 *
 * A request is {"act", "args", "as", "pin", "with", "with_pin"}, or {"ask": "state"} or {"ask": "customer"}; progress is
 * {"progress", "of"}; the last message is {"result", "answer", "message"}.
 */
#ifndef ZG_TILL_DOOR_H
#define ZG_TILL_DOOR_H

#include "src/io/printer.h"
#include "src/till/act.h"

#include <stdbool.h>

/* All borrowed. */
struct zg_door {
	const char *home;
	const struct zg_clock *clock;
	const struct zg_printer_driver *const *printers;    /* ends with NULL */
};

/*
 * Does the call and waits for its end; call->done is not used. *answer (may be NULL) is an object of the
 * caller's, never NULL, also when the act was refused. ZG_OFFLINE: the till did not take the call, nothing was
 * done. ZG_UNKNOWN: it took it and did not answer: look before doing it again.
 */
enum zg_result zg_door_call(const struct zg_door *door, const struct zg_call *call, json_t **answer, struct zg_error *err);

/* What a running till says of its devices (zg_door_state_json). ZG_NOT_FOUND: no till runs. */
enum zg_result zg_door_state(const struct zg_door *door, json_t **state, struct zg_error *err);

struct zg_till;
/* {"printer", "paper", "drawer": "absent" "well" "look" "down", "queued", "unprinted", "low", "broken", "alarm", "problem"}. */
json_t *zg_door_state_json(const struct zg_till *till);
#endif
