/* The way of a call: checked, signed by PINs, run in one transaction, answered. */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/till/pins.h"
#include "src/till/private.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void free_secret(char *text)
{
	if (text)
		OPENSSL_cleanse(text, strlen(text));
	free(text);
}

/* A new PIN among the arguments, or a customer's payment code, leaves no trace in freed memory. */
static void wipe_secrets(json_t *args)
{
	static const char *const names[] = { "pin", "code" };

	for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
		const char *text = json_string_value(json_object_get(args, names[k]));

		if (text)
			OPENSSL_cleanse((char *)(uintptr_t)text, strlen(text));
	}
}

static struct zg_deed *make_deed(struct zg_till *till, const struct zg_act *act, const struct zg_call *call)
{
	struct zg_deed *deed = zg_alloc(1, sizeof(*deed));

	deed->till = till;
	deed->act = act;
	deed->args = call->args ? json_deep_copy(call->args) : zg_json_object();
	deed->answer = zg_json_object();
	deed->uid = call->uid ? *call->uid : (int64_t)getuid();
	deed->as = zg_copy(call->as);
	deed->pin = zg_copy(call->pin);
	deed->with = zg_copy(call->with);
	deed->with_pin = zg_copy(call->with_pin);
	deed->done = call->done;
	deed->progress = call->progress;
	deed->self = call->self;
	deed->next = till->deeds;
	till->deeds = deed;
	return deed;
}

static void forget(struct zg_deed *deed)
{
	struct zg_deed **at = &deed->till->deeds;

	while (*at != deed)
		at = &(*at)->next;
	*at = deed->next;
	wipe_secrets(deed->args);
	json_decref(deed->args);
	json_decref(deed->answer);
	free(deed->as);
	free_secret(deed->pin);
	free(deed->with);
	free_secret(deed->with_pin);
	OPENSSL_cleanse(deed, sizeof(*deed));
	free(deed);
}

void zg_deed_end(struct zg_deed *deed, enum zg_result result, const struct zg_error *err)
{
	static const struct zg_error silent = { .result = ZG_BROKEN, .text = "" };

	if (result != ZG_OK)
		zg_log_say(deed->till->log, "%s by %s: %s: %s", deed->act->name, zg_deed_who(deed), zg_result_name(result),
			   err ? err->text : "");
	deed->till->called_ms = zg_clock_running(deed->till->parts.clock);
	if (deed->done && !deed->is_orphan)
		deed->done(deed->self, result, deed->answer, result == ZG_OK ? NULL : err ? err : &silent);
	forget(deed);
}

/* A call that was made for one sale must not land on the next: its PIN may have been checked meanwhile. */
static enum zg_result check_sale(const struct zg_deed *deed, struct zg_error *err)
{
	const char *name = deed->act->name;
	bool is_meant = strncmp(name, "sale.", 5) == 0 && strcmp(name, "sale.take") != 0 && json_object_get(deed->args, "sale");

	if (is_meant && zg_json_integer(deed->args, "sale", 0) != deed->till->sale_id)
		return zg_fail(err, ZG_INVALID, _("That sale is not under way any more. Look at the screen, then do it again."));
	return ZG_OK;
}

/*
 * What is done on a screen that showed what is not in the books is not what was meant. When they cannot be read now either, the act
 * has its own say: a sale whose rows somebody changed is closed by none, but it can be cancelled.
 */
static enum zg_result refresh(struct zg_till *till, struct zg_error *err)
{
	if (!till->is_stale || zg_till_reload(till, NULL) != ZG_OK)
		return ZG_OK;
	return zg_fail(err, ZG_OFFLINE, _("The books could not be read for a moment. Look at the screen, then do it again."));
}

static void run(struct zg_deed *deed)
{
	struct zg_till *till = deed->till;
	struct zg_error err = { 0 };

	zg_till_watch_clock(till);
	enum zg_result result = zg_deed_need(deed, deed->act->right, &err);

	if (result == ZG_OK)
		result = refresh(till, &err);
	if (result == ZG_OK)
		result = check_sale(deed, &err);
	if (result == ZG_OK && deed->act->start) {
		deed->act->start(till, deed);
		return;
	}
	if (result == ZG_OK)
		result = zg_store_begin(till->store, deed->act->sync, &err);
	if (result == ZG_OK) {
		result = deed->act->run(till, deed, &err);
		if (result == ZG_OK)
			result = zg_store_commit(till->store, &err);
		else
			zg_store_rollback(till->store);
		if (result != ZG_OK)
			(void)zg_till_reload(till, NULL);    /* the act's own sentence is what the cashier needs */
		else if (deed->then)
			deed->then(till, deed);
	}
	till->state.is_broken = zg_store_is_broken(till->store);
	zg_deed_end(deed, result, &err);
}

static void lender_checked(void *self, enum zg_result result, const struct zg_person *person, const struct zg_error *err)
{
	struct zg_deed *deed = self;

	if (result != ZG_OK) {
		zg_deed_end(deed, result, err);
		return;
	}
	deed->lender = *person;
	deed->has_lender = true;
	run(deed);
}

static void check_lender(struct zg_deed *deed)
{
	if (deed->with)
		zg_pins_check(deed->till->pins, deed->with, deed->with_pin ? deed->with_pin : "", lender_checked, deed);
	else
		run(deed);
}

static void person_checked(void *self, enum zg_result result, const struct zg_person *person, const struct zg_error *err)
{
	struct zg_deed *deed = self;

	if (result != ZG_OK) {
		zg_deed_end(deed, result, err);
		return;
	}
	deed->person = *person;
	check_lender(deed);
}

void zg_till_call(struct zg_till *till, const struct zg_call *call)
{
	const struct zg_act *act = zg_act_find(call->act);
	struct zg_error err = { 0 };
	enum zg_result result = act ? zg_act_check(act, call->args, &err) : ZG_USAGE;

	if (!act)
		zg_fail(&err, ZG_USAGE, _("There is no act \"%s\"."), call->act);
	if (result != ZG_OK) {
		json_t *nothing = zg_json_object();

		if (call->done)
			call->done(call->self, result, nothing, &err);
		json_decref(nothing);
		return;
	}
	struct zg_deed *deed = make_deed(till, act, call);

	till->called_ms = zg_clock_running(till->parts.clock);

	if (deed->as) {
		zg_pins_check(till->pins, deed->as, deed->pin ? deed->pin : "", person_checked, deed);
		return;
	}
	if ((!till->has_person || till->is_locked) && !act->is_open_to_all) {
		zg_fail(&err, ZG_REFUSED, till->is_locked ? _("The till is locked. Unlock it with your PIN.")
							  : _("Nobody is signed in. Sign in first."));
		zg_deed_end(deed, ZG_REFUSED, &err);
		return;
	}
	if (till->has_person)
		deed->person = till->person;
	check_lender(deed);
}

void zg_till_forget(struct zg_till *till, const void *self)
{
	for (struct zg_deed *deed = till->deeds; deed; deed = deed->next)
		if (deed->self == self)
			deed->is_orphan = true;
}
