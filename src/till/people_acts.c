/* Signing in and out, and the people who may. */
#include "src/base/i18n.h"
#include "src/till/acts.h"
#include "src/till/pins.h"
#include "src/till/private.h"

#include <stdlib.h>
#include <string.h>

/* ---- the session ---- */

static void set_person(json_t *object, const struct zg_person *person)
{
	zg_json_set_string(object, "login", person->login);
	zg_json_set_string(object, "name", person->name);
	zg_json_set_string(object, "role", zg_role_name(person->role));
}

static bool is_unlocking_only(const struct zg_till *till, const struct zg_deed *deed)
{
	return till->is_locked && till->has_person && zg_json_boolean(deed->args, "lock");
}

static void sign_in(struct zg_till *till, struct zg_deed *deed)
{
	if (is_unlocking_only(till, deed))
		till->is_locked = false;
	else
		zg_till_sign_in(till, &deed->person);
}

static enum zg_result session_start(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	/* Everybody may call this act, so it is the PIN given with it that counts, never the person signed in already. */
	if (!deed->as)
		return zg_fail(err, ZG_INVALID, _("Type your login and your PIN to sign in."));
	bool is_other = till->is_locked && till->has_person && strcmp(till->person.login, deed->person.login) != 0;

	if (is_other && !zg_role_has(zg_deed_role(deed), ZG_RIGHT_UNLOCK))
		return zg_fail(err, ZG_INVALID, _("%s has locked this till. Ask %s or a supervisor to unlock it."), till->person.name,
			       till->person.name);
	json_t *body = zg_json_object();

	zg_json_set_string(body, "login", deed->person.login);
	zg_json_set_string(body, "role", zg_role_name(deed->person.role));
	if (till->is_locked && till->has_person)
		zg_json_set_string(body, "locked_by", till->person.login);
	set_person(zg_deed_answer(deed), is_unlocking_only(till, deed) ? &till->person : &deed->person);
	deed->then = sign_in;
	return zg_deed_note(deed, "session.start", body, NULL, err);
}

static void sign_out(struct zg_till *till, struct zg_deed *deed)
{
	(void)deed;
	zg_till_sign_out(till);
}

static enum zg_result session_end(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	(void)till;
	deed->then = sign_out;
	return zg_deed_note(deed, "session.end", zg_json_object(), NULL, err);
}

static void lock(struct zg_till *till, struct zg_deed *deed)
{
	(void)deed;
	till->is_locked = till->has_person;
}

static enum zg_result session_lock(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	(void)till;
	deed->then = lock;
	return zg_deed_note(deed, "session.lock", zg_json_object(), NULL, err);
}

/* ---- users ---- */

static const char *text_of(const struct zg_deed *deed, const char *name)
{
	return zg_json_string(zg_deed_args(deed), name, "");
}

static json_t *login_body(const char *login)
{
	json_t *body = zg_json_object();

	zg_json_set_string(body, "login", login);
	return body;
}

/* Fills person from the arguments of user.add and finds what is wrong with them; that the name is clean and fits, its field says. */
static enum zg_result read_new_person(const struct zg_till *till, const struct zg_deed *deed, struct zg_person *person,
				      struct zg_error *err)
{
	const char *login = text_of(deed, "login"), *name = text_of(deed, "name");
	struct zg_person other;

	memset(person, 0, sizeof(*person));
	if (!zg_login_is_valid(login))
		return zg_fail(err, ZG_INVALID, _("A login has 1 to %d letters a-z, digits, dots, dashes or underscores. Choose such a one."),
			       ZG_LOGIN_MAX);
	if (!zg_role_parse(text_of(deed, "role"), &person->role))
		return zg_fail(err, ZG_INVALID, _("There is no such role. Choose cashier, supervisor or admin."));
	if (zg_people_find(till->store, login, &other, NULL) == ZG_OK)
		return zg_fail(err, ZG_INVALID, _("The login %s is taken. Choose another one."), login);
	memcpy(person->login, login, strlen(login));
	memcpy(person->name, name, strlen(name));
	return zg_pin_is_valid(text_of(deed, "pin"), err);
}

/* Ends a long act whose transaction is open: its journal row, the commit, and the answer. */
static void finish(struct zg_deed *deed, enum zg_result result, const char *kind, json_t *body, struct zg_error *err)
{
	struct zg_store *store = deed->till->store;

	if (result == ZG_OK)
		result = zg_deed_note(deed, kind, body, NULL, err);
	else
		json_decref(body);
	if (result == ZG_OK)
		result = zg_store_commit(store, err);
	else
		zg_store_rollback(store);
	if (result == ZG_OK)
		zg_json_set_string(zg_deed_answer(deed), "login", text_of(deed, "login"));
	zg_deed_end(deed, result, err);
}

static void add_hashed(void *self, enum zg_result result, const char *hash, const struct zg_error *why)
{
	struct zg_deed *deed = self;
	struct zg_till *till = deed->till;
	struct zg_person person;
	struct zg_error err = { 0 };

	if (result != ZG_OK) {
		zg_deed_end(deed, result, why);
		return;
	}
	result = read_new_person(till, deed, &person, &err);    /* somebody may have taken the login meanwhile */
	if (result == ZG_OK)
		result = zg_store_begin(till->store, ZG_SYNC_FULL, &err);
	if (result != ZG_OK) {
		zg_deed_end(deed, result, &err);
		return;
	}
	json_t *body = zg_json_object();

	set_person(body, &person);
	finish(deed, zg_people_add(till->store, &person, hash, &err), "user.add", body, &err);
}

static void user_add(struct zg_till *till, struct zg_deed *deed)
{
	struct zg_person person;
	struct zg_error err = { 0 };
	enum zg_result result = read_new_person(till, deed, &person, &err);

	if (result != ZG_OK)
		zg_deed_end(deed, result, &err);
	else
		zg_pins_hash(till->pins, text_of(deed, "pin"), add_hashed, deed);
}

static enum zg_result forget_tries(struct zg_till *till, const char *login, struct zg_error *err)
{
	struct zg_person person;
	enum zg_result result = zg_people_find(till->store, login, &person, err);

	person.wrong_tries = 0;
	person.wait_ms = 0;
	return result == ZG_OK ? zg_people_save(till->store, &person, err) : result;
}

static void pin_hashed(void *self, enum zg_result result, const char *hash, const struct zg_error *why)
{
	struct zg_deed *deed = self;
	struct zg_till *till = deed->till;
	struct zg_error err = { 0 };

	if (result != ZG_OK) {
		zg_deed_end(deed, result, why);
		return;
	}
	result = zg_store_begin(till->store, ZG_SYNC_FULL, &err);
	if (result != ZG_OK) {
		zg_deed_end(deed, result, &err);
		return;
	}
	result = zg_people_set_hash(till->store, text_of(deed, "login"), hash, &err);
	/* Who got a new PIN is let in by it: the wrong tries were at the old one. One's own says who it is, and takes nothing back. */
	if (result == ZG_OK && strcmp(text_of(deed, "login"), zg_deed_who(deed)) != 0)
		result = forget_tries(till, text_of(deed, "login"), &err);
	finish(deed, result, "user.pin", login_body(text_of(deed, "login")), &err);
}

static void user_pin(struct zg_till *till, struct zg_deed *deed)
{
	const char *login = text_of(deed, "login");
	bool is_own = strcmp(login, zg_deed_who(deed)) == 0;
	struct zg_person person;
	struct zg_error err = { 0 };
	enum zg_result result = ZG_OK;

	/* Whoever passes a till that was left open must not be able to take it over. */
	if (is_own && !deed->as)
		result = zg_fail(&err, ZG_INVALID, _("Type your present PIN too, to change it."));
	else if (!is_own)
		result = zg_deed_need(deed, ZG_RIGHT_USERS, &err);
	if (result == ZG_OK)
		result = zg_people_find(till->store, login, &person, &err);
	if (result == ZG_OK)
		result = zg_pin_is_valid(text_of(deed, "pin"), &err);
	if (result != ZG_OK)
		zg_deed_end(deed, result, &err);
	else
		zg_pins_hash(till->pins, text_of(deed, "pin"), pin_hashed, deed);
}

/* ZG_OK when somebody else could still make users: an admin who is not locked. */
static enum zg_result need_other_admin(const struct zg_till *till, const char *login, struct zg_error *err)
{
	struct zg_person *people = NULL;
	size_t count = 0, admins = 0;
	enum zg_result result = zg_people_list(till->store, &people, &count, err);

	for (size_t i = 0; i < count; i++)
		admins += people[i].role == ZG_ROLE_ADMIN && !people[i].is_locked && strcmp(people[i].login, login) != 0;
	free(people);
	if (result == ZG_OK && admins == 0)
		return zg_fail(err, ZG_INVALID, _("%s is the last admin. Make another admin first, then lock this one."), login);
	return result;
}

static void sign_out_locked(struct zg_till *till, struct zg_deed *deed)
{
	if (till->has_person && strcmp(till->person.login, text_of(deed, "login")) == 0)
		zg_till_sign_out(till);
}

static enum zg_result set_lock(struct zg_till *till, struct zg_deed *deed, bool is_locked, struct zg_error *err)
{
	const char *login = text_of(deed, "login");
	struct zg_person person;
	enum zg_result result = zg_people_find(till->store, login, &person, err);

	if (result == ZG_OK && is_locked && person.role == ZG_ROLE_ADMIN)
		result = need_other_admin(till, login, err);
	if (result != ZG_OK)
		return result;
	person.is_locked = is_locked;
	if (!is_locked) {
		person.wrong_tries = 0;
		person.wait_ms = 0;
	}
	result = zg_people_save(till->store, &person, err);
	if (result == ZG_OK)
		result = zg_deed_note(deed, is_locked ? "user.lock" : "user.unlock", login_body(login), NULL, err);
	if (result == ZG_OK)
		zg_json_set_string(zg_deed_answer(deed), "login", login);
	return result;
}

static enum zg_result user_lock(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	deed->then = sign_out_locked;
	return set_lock(till, deed, true, err);
}

static enum zg_result user_unlock(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	return set_lock(till, deed, false, err);
}

#define LOGIN { "login", ZG_FIELD_TEXT, true, 1, ZG_LOGIN_MAX }
#define PIN   { "pin", ZG_FIELD_TEXT, true, 1, 64 }

/* lock: true only unlocks, and the person who locked the till stays the one signed in. */
const struct zg_act zg_act_session_start = {
	.name = "session.start", .title = N_("Sign in"), .right = ZG_RIGHT_NONE, .is_open_to_all = true, .sync = ZG_SYNC_NORMAL,
	.fields = { { "lock", ZG_FIELD_BOOLEAN, false, 0, 0 } }, .run = session_start,
};

const struct zg_act zg_act_session_end = {
	.name = "session.end", .title = N_("Sign out"), .right = ZG_RIGHT_NONE, .sync = ZG_SYNC_NORMAL, .run = session_end,
};

const struct zg_act zg_act_session_lock = {
	.name = "session.lock", .title = N_("Lock the till"), .right = ZG_RIGHT_NONE, .sync = ZG_SYNC_NORMAL, .run = session_lock,
};

const struct zg_act zg_act_user_add = {
	.name = "user.add", .title = N_("Add a user"), .right = ZG_RIGHT_USERS, .sync = ZG_SYNC_FULL,
	.fields = {
		LOGIN, { "name", ZG_FIELD_TEXT, true, 1, ZG_NAME_MAX }, { "role", ZG_FIELD_TEXT, true, 1, 16 }, PIN,
	},
	.start = user_add,
};

const struct zg_act zg_act_user_lock = {
	.name = "user.lock", .title = N_("Lock a user"), .right = ZG_RIGHT_USERS, .sync = ZG_SYNC_FULL,
	.fields = { LOGIN }, .run = user_lock,
};

const struct zg_act zg_act_user_unlock = {
	.name = "user.unlock", .title = N_("Unlock a user"), .right = ZG_RIGHT_USERS, .sync = ZG_SYNC_FULL,
	.fields = { LOGIN }, .run = user_unlock,
};

const struct zg_act zg_act_user_pin = {
	.name = "user.pin", .title = N_("Change a PIN"), .right = ZG_RIGHT_NONE, .sync = ZG_SYNC_FULL,
	.fields = { LOGIN, PIN }, .start = user_pin,
};
