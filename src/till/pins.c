#include "src/till/pins.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/json.h"
#include "src/io/hash.h"
#include "src/store/journal.h"

#include <stdlib.h>
#include <string.h>

#define TICK_MS 30000    /* running time is written down this often, while somebody waits */

struct check {
	struct check *next;
	char login[ZG_LOGIN_MAX + 1];    /* "" when it cannot be one */
	char pin[ZG_PIN_MAX + 2];        /* one longer than can be right, so that it stays wrong */
	unsigned bucket;
	bool is_stranger, is_one_too_many;
	zg_pins_checked *done;
	void *self;
};

struct hashing {
	struct hashing *next;
	struct zg_pins *pins;
	struct zg_pin_job *job;
	zg_pins_hashed *done;
	void *self;
};

struct zg_pins {
	struct zg_store *store;
	struct zg_loop *loop;
	const struct zg_clock *clock;
	struct zg_log *log;
	struct zg_tries kept;          /* as in the books */
	bool has_waiting;              /* some tally runs down */
	int64_t ticked_ms;             /* running time that the books know of */
	int64_t slow_until_ms;         /* running time before which no PIN is compared */
	struct check *first, **last;   /* waiting for their turn */
	size_t count;
	struct check *now;             /* being compared */
	struct zg_pin_job *job;
	struct hashing *hashings;
	uint64_t turn, tick;           /* timers */
};

/* The tick of running time, written without a sync: what a power cut takes back only makes the wait longer. */
static void pass_time(struct zg_pins *pins)
{
	int64_t now_ms = zg_clock_running(pins->clock), elapsed_ms = now_ms - pins->ticked_ms;
	struct zg_tries kept = pins->kept;
	int waiting = 0;

	if (!pins->has_waiting || zg_store_is_broken(pins->store)) {
		pins->ticked_ms = now_ms;
		return;
	}
	zg_tally_pass(&kept.till, elapsed_ms);
	waiting += kept.till.tries > 0;
	for (unsigned i = 0; i < ZG_STRANGERS; i++) {
		zg_tally_pass(&kept.strangers[i], elapsed_ms);
		waiting += kept.strangers[i].tries > 0;
	}
	int people = 0;

	if (zg_store_begin(pins->store, ZG_SYNC_NORMAL, NULL) != ZG_OK)
		return;
	if (zg_people_wait(pins->store, elapsed_ms, &people, NULL) != ZG_OK || zg_tries_write(pins->store, &kept, NULL) != ZG_OK) {
		zg_store_rollback(pins->store);
		return;
	}
	if (zg_store_commit(pins->store, NULL) != ZG_OK)
		return;    /* not written, so it has not passed: the next tick takes it along */
	pins->kept = kept;
	pins->ticked_ms = now_ms;
	pins->has_waiting = waiting + people > 0;
}

static void tick(void *self)
{
	struct zg_pins *pins = self;

	pass_time(pins);
	pins->tick = zg_timer_add(pins->loop, TICK_MS, tick, pins);
}

/* ---- one try ---- */

static int64_t slowness(const struct zg_pins *pins)
{
	int steps = pins->kept.till.tries - ZG_PINS_FREE;

	if (steps <= 0)
		return 0;
	return steps > 5 ? ZG_PINS_SLOWEST : 1000LL << (steps - 1);
}

/* The tally of the login on trial as the books have it now. */
static enum zg_result tally_find(struct zg_pins *pins, struct check *check, struct zg_person *person, struct zg_tally *tally,
				 struct zg_error *err)
{
	enum zg_result result = zg_people_find(pins->store, check->login, person, err);

	check->is_stranger = result == ZG_NOT_FOUND;
	if (check->is_stranger) {
		*tally = pins->kept.strangers[check->bucket];
		return ZG_OK;
	}
	tally->tries = person->wrong_tries;
	tally->wait_ms = person->wait_ms;
	return result;
}

/* One transaction of its own that leaves `tally` for the login and `till` for the till. */
static enum zg_result tally_write(struct zg_pins *pins, const struct check *check, const struct zg_tally *tally,
				  const struct zg_tally *till, enum zg_sync sync, struct zg_error *err)
{
	struct zg_tries kept = pins->kept;
	struct zg_person person;
	enum zg_result result = zg_store_begin(pins->store, sync, err);

	if (result != ZG_OK)
		return result;
	kept.till = *till;
	if (check->is_stranger) {
		kept.strangers[check->bucket] = *tally;
	} else {
		result = zg_people_find(pins->store, check->login, &person, err);
		if (result == ZG_OK) {
			person.wrong_tries = tally->tries;
			person.wait_ms = tally->wait_ms;
			result = zg_people_save(pins->store, &person, err);
		}
	}
	if (result == ZG_OK)
		result = zg_tries_write(pins->store, &kept, err);
	if (result != ZG_OK) {
		zg_store_rollback(pins->store);
		return result;
	}
	result = zg_store_commit(pins->store, err);
	if (result == ZG_OK) {
		pins->kept = kept;
		pins->has_waiting = true;
	}
	return result;
}

static enum zg_result try_write(struct zg_pins *pins, struct check *check, const struct zg_tally *before, struct zg_error *err)
{
	struct zg_tally tally = *before, till = pins->kept.till;

	zg_tally_add(&tally);
	zg_tally_add(&till);
	enum zg_result result = tally_write(pins, check, &tally, &till, ZG_SYNC_FULL, err);

	if (result == ZG_BROKEN && !zg_store_is_broken(pins->store)) {
		/* A full disk: one must still be able to sign in and close the day. */
		zg_store_use_reserve(pins->store);
		result = tally_write(pins, check, &tally, &till, ZG_SYNC_FULL, err);
	}
	return result;
}

/* After a right PIN, or one that could not be compared. The time to wait stays, for the older tries. */
static void try_take_back(struct zg_pins *pins, struct check *check, bool was_right)
{
	struct zg_tally tally, till = pins->kept.till;
	struct zg_person person;

	if (tally_find(pins, check, &person, &tally, NULL) != ZG_OK)
		return;
	if (tally.tries > 0 && --tally.tries == 0)
		tally.wait_ms = 0;
	if (till.tries > 0)
		till.tries--;
	if (was_right)
		till.tries /= 2;
	if (till.tries == 0)
		till.wait_ms = 0;
	/* Without a sync: if it is lost, one try more than there was is counted. */
	if (tally_write(pins, check, &tally, &till, ZG_SYNC_NORMAL, NULL) != ZG_OK)
		zg_log_say(pins->log, "pins: a try could not be taken back");
}

static enum zg_result say_shut(const struct zg_tally *tally, struct zg_error *err)
{
	int minutes = (int)((tally->wait_ms + 59999) / 60000);

	return zg_fail(err, ZG_REFUSED,
		       P_("Too many wrong PINs. Wait %d minute, or ask an admin to unlock this login.",
			  "Too many wrong PINs. Wait %d minutes, or ask an admin to unlock this login.", (unsigned long)minutes),
		       minutes);
}

static enum zg_result say_wrong(const struct zg_tally *tally, struct zg_error *err)
{
	int left = ZG_PINS_TRIES - tally->tries;

	if (left > 3)
		return zg_fail(err, ZG_INVALID, _("The login or the PIN is wrong. Try again."));
	return zg_fail(err, ZG_INVALID,
		       P_("The login or the PIN is wrong. After %d more wrong try it is shut for half an hour.",
			  "The login or the PIN is wrong. After %d more wrong tries it is shut for half an hour.", (unsigned long)left),
		       left);
}

/* Tells of a login that has just been shut, when it is somebody's. */
static void note_shut(struct zg_pins *pins, const struct check *check)
{
	if (check->is_stranger) {
		zg_log_say(pins->log, "pins: a login that nobody has is shut after %d wrong PINs", ZG_PINS_TRIES);
		return;
	}
	zg_log_say(pins->log, "pins: %s is shut after %d wrong PINs", check->login, ZG_PINS_TRIES);
	if (zg_store_begin(pins->store, ZG_SYNC_NORMAL, NULL) != ZG_OK)
		return;
	json_t *body = zg_json_object();

	zg_json_set_string(body, "login", check->login);
	zg_json_set_integer(body, "tries", ZG_PINS_TRIES);
	if (zg_journal_add(pins->store, "-", "user.shut", body, NULL, NULL) == ZG_OK)
		(void)zg_store_commit(pins->store, NULL);    /* the lock itself is already in the books */
	else
		zg_store_rollback(pins->store);
	json_decref(body);
}

static void turn_soon(struct zg_pins *pins, int64_t delay_ms);

static void check_end(struct zg_pins *pins, struct check *check, enum zg_result result, const struct zg_person *person,
		      const struct zg_error *err)
{
	zg_pins_checked *done = check->done;
	void *self = check->self;

	explicit_bzero(check, sizeof(*check));
	free(check);
	turn_soon(pins, 0);
	done(self, result, person, err);
}

static void compared(void *self, enum zg_result compared_result)
{
	struct zg_pins *pins = self;
	struct check *check = pins->now;
	struct zg_person person = { 0 };
	struct zg_error err = { 0 };
	struct zg_tally tally = { 0 };
	enum zg_result result;

	pins->now = NULL;
	pins->job = NULL;
	if (compared_result != ZG_REFUSED)
		try_take_back(pins, check, compared_result == ZG_OK);
	result = tally_find(pins, check, &person, &tally, &err);
	if (result == ZG_OK && compared_result == ZG_BROKEN)
		result = zg_fail(&err, ZG_BROKEN, _("The PIN could not be tried: the computer has no room for it. Try again."));
	else if (result == ZG_OK && (compared_result != ZG_OK || check->is_stranger)) {
		pins->slow_until_ms = zg_clock_running(pins->clock) + slowness(pins);
		if (tally.tries == ZG_PINS_TRIES)
			note_shut(pins, check);
		result = tally.tries >= ZG_PINS_TRIES ? say_shut(&tally, &err) : say_wrong(&tally, &err);
	} else if (result == ZG_OK && person.is_locked)
		result = zg_fail(&err, ZG_INVALID, _("This user is locked. Ask an admin to unlock it."));
	check_end(pins, check, result, result == ZG_OK ? &person : NULL, &err);
}

static void begin_try(struct zg_pins *pins, struct check *check)
{
	char hash[ZG_HASH_MAX + 1] = "";
	struct zg_person person = { 0 };
	struct zg_error err = { 0 };
	struct zg_tally tally = { 0 };
	enum zg_result result;

	pass_time(pins);
	result = tally_find(pins, check, &person, &tally, &err);
	if (result == ZG_OK && tally.tries >= ZG_PINS_TRIES)
		result = say_shut(&tally, &err);
	if (result == ZG_OK)
		result = try_write(pins, check, &tally, &err);
	if (result == ZG_OK)
		result = zg_people_hash(pins->store, check->login, hash, &err);
	if (result != ZG_OK) {
		check_end(pins, check, result, NULL, &err);
		return;
	}
	pins->now = check;
	pins->job = zg_pin_check(pins->loop, check->pin, hash, compared, pins);
	explicit_bzero(check->pin, sizeof(check->pin));
	explicit_bzero(hash, sizeof(hash));
}

static void turn(void *self)
{
	struct zg_pins *pins = self;
	struct check *check = pins->first;
	int64_t wait_ms = pins->slow_until_ms - zg_clock_running(pins->clock);
	struct zg_error err;

	pins->turn = 0;
	if (!check || pins->now)
		return;
	if (wait_ms > 0 && !check->is_one_too_many) {
		turn_soon(pins, wait_ms);
		return;
	}
	pins->first = check->next;
	if (!pins->first)
		pins->last = &pins->first;
	pins->count--;
	if (check->is_one_too_many)
		check_end(pins, check, zg_fail(&err, ZG_REFUSED, _("Too many people sign in at once. Try again in a moment.")), NULL, &err);
	else
		begin_try(pins, check);
}

static void turn_soon(struct zg_pins *pins, int64_t delay_ms)
{
	zg_timer_remove(pins->loop, pins->turn);
	pins->turn = zg_timer_add(pins->loop, delay_ms, turn, pins);
}

/* ---- public ---- */

struct zg_pins *zg_pins_new(struct zg_store *store, struct zg_loop *loop, const struct zg_clock *clock, struct zg_log *log)
{
	struct zg_pins *pins = zg_alloc(1, sizeof(*pins));

	pins->store = store;
	pins->loop = loop;
	pins->clock = clock;
	pins->log = log;
	pins->last = &pins->first;
	pins->ticked_ms = zg_clock_running(clock);
	pins->has_waiting = true;      /* the first pass finds out */
	zg_tries_read(store, &pins->kept);
	pins->slow_until_ms = pins->ticked_ms + slowness(pins);    /* in full again: a restart does not help */
	tick(pins);
	return pins;
}

void zg_pins_free(struct zg_pins *pins)
{
	struct zg_error err;

	if (!pins)
		return;
	zg_timer_remove(pins->loop, pins->tick);
	zg_pin_cancel(pins->job);
	pass_time(pins);
	(void)zg_fail(&err, ZG_OFFLINE, _("The till is closing. Try again when it runs."));
	if (pins->now) {
		pins->now->next = pins->first;
		pins->first = pins->now;
		pins->now = NULL;
	}
	while (pins->first) {
		struct check *check = pins->first;

		pins->first = check->next;
		check_end(pins, check, ZG_OFFLINE, NULL, &err);
	}
	while (pins->hashings) {
		struct hashing *hashing = pins->hashings;

		pins->hashings = hashing->next;
		zg_pin_cancel(hashing->job);
		hashing->done(hashing->self, ZG_OFFLINE, "", &err);
		free(hashing);
	}
	zg_timer_remove(pins->loop, pins->turn);
	explicit_bzero(pins, sizeof(*pins));
	free(pins);
}

void zg_pins_check(struct zg_pins *pins, const char *login, const char *pin, zg_pins_checked *done, void *self)
{
	struct check *check = zg_alloc(1, sizeof(*check));
	size_t length = strlen(pin);

	if (zg_login_is_valid(login))
		memcpy(check->login, login, strlen(login));
	memcpy(check->pin, pin, length < sizeof(check->pin) ? length : sizeof(check->pin) - 1);
	check->bucket = zg_tries_bucket(&pins->kept, login);
	check->is_one_too_many = pins->count >= ZG_PINS_WAITING;
	check->done = done;
	check->self = self;
	*pins->last = check;
	pins->last = &check->next;
	pins->count++;
	if (!pins->turn && !pins->now)
		turn_soon(pins, 0);
}

static void hashed(void *self, enum zg_result result, const char *hash)
{
	struct hashing *hashing = self, **link = &hashing->pins->hashings;
	struct zg_error err = { 0 };

	while (*link != hashing)
		link = &(*link)->next;
	*link = hashing->next;
	if (result != ZG_OK)
		result = zg_fail(&err, ZG_BROKEN, _("The PIN could not be kept: the computer has no room for it. Try again."));
	hashing->done(hashing->self, result, result == ZG_OK ? hash : "", &err);
	free(hashing);
}

void zg_pins_hash(struct zg_pins *pins, const char *pin, zg_pins_hashed *done, void *self)
{
	struct hashing *hashing = zg_alloc(1, sizeof(*hashing));

	hashing->pins = pins;
	hashing->done = done;
	hashing->self = self;
	hashing->next = pins->hashings;
	pins->hashings = hashing;
	hashing->job = zg_pin_hash(pins->loop, pin, hashed, hashing);
}

/* Digits that go up or down by one, round from 9 to 0 too, or stay. */
static bool is_run(const char *pin, int step)
{
	for (size_t i = 1; pin[i]; i++) {
		if ((pin[i - 1] - '0' + step + 10) % 10 != pin[i] - '0')
			return false;
	}
	return true;
}

enum zg_result zg_pin_is_valid(const char *pin, struct zg_error *err)
{
	size_t length = strspn(pin, "0123456789");

	if (pin[length] != '\0' || length < ZG_PIN_SHORTEST || length > ZG_PIN_LONGEST)
		return zg_fail(err, ZG_INVALID, _("A PIN has %d to %d digits and nothing else. Choose such a one."), ZG_PIN_SHORTEST,
			       ZG_PIN_LONGEST);
	bool is_pair = length % 2 == 0;

	for (size_t i = 2; i < length; i++)
		is_pair = is_pair && pin[i] == pin[i - 2];
	if (is_pair || is_run(pin, 0) || is_run(pin, 1) || is_run(pin, -1))
		return zg_fail(err, ZG_INVALID, _("This PIN is one of the first that a thief tries. Choose another one, not in order "
						  "and not the same digits."));
	return ZG_OK;
}
