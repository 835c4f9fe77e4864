#include "src/till/tries.h"

#include "src/base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETTING "pins"

static json_t *tally_json(const struct zg_tally *tally)
{
	json_t *pair = zg_json_array();

	zg_json_append(pair, json_integer(tally->tries));
	zg_json_append(pair, json_integer(tally->wait_ms));
	return pair;
}

static struct zg_tally tally_read(const json_t *pair)
{
	json_int_t tries = json_integer_value(json_array_get(pair, 0)), wait = json_integer_value(json_array_get(pair, 1));
	struct zg_tally tally = { 0 };

	if (tries > 0 && wait > 0) {
		tally.tries = tries < 1000 ? (int)tries : 1000;
		tally.wait_ms = wait < ZG_PINS_WAIT_MS ? wait : ZG_PINS_WAIT_MS;
	}
	return tally;
}

enum zg_result zg_tries_write(struct zg_store *store, const struct zg_tries *tries, struct zg_error *err)
{
	json_t *object = zg_json_object(), *strangers = zg_json_object();
	char salt[2 * ZG_MAC_SIZE + 1], name[8];

	for (unsigned i = 0; i < ZG_STRANGERS; i++) {
		if (tries->strangers[i].tries) {
			snprintf(name, sizeof(name), "%u", i);
			zg_json_set(strangers, name, tally_json(&tries->strangers[i]));
		}
	}
	zg_json_set_string(object, "salt", zg_hex(salt, tries->salt, ZG_MAC_SIZE));
	zg_json_set(object, "till", tally_json(&tries->till));
	zg_json_set(object, "strangers", strangers);
	char *text = zg_json_text(object);
	enum zg_result result = zg_store_set(store, SETTING, text, err);

	free(text);
	json_decref(object);
	return result;
}

void zg_tries_read(const struct zg_store *store, struct zg_tries *tries)
{
	char *text = zg_store_setting(store, SETTING, "{}");
	json_t *object = zg_json_parse(text, strlen(text));
	const json_t *strangers = json_object_get(object, "strangers");
	char name[8];

	memset(tries, 0, sizeof(*tries));
	if (!zg_unhex(tries->salt, ZG_MAC_SIZE, zg_json_string(object, "salt", "")))
		zg_random(tries->salt, ZG_MAC_SIZE);
	tries->till = tally_read(json_object_get(object, "till"));
	for (unsigned i = 0; i < ZG_STRANGERS; i++) {
		snprintf(name, sizeof(name), "%u", i);
		tries->strangers[i] = tally_read(json_object_get(strangers, name));
	}
	json_decref(object);
	free(text);
}

void zg_tally_pass(struct zg_tally *tally, int64_t elapsed_ms)
{
	tally->wait_ms = tally->wait_ms > elapsed_ms ? tally->wait_ms - elapsed_ms : 0;
	if (tally->wait_ms == 0)
		tally->tries = 0;
}

void zg_tally_add(struct zg_tally *tally)
{
	tally->tries++;
	tally->wait_ms = ZG_PINS_WAIT_MS;
}

unsigned zg_tries_bucket(const struct zg_tries *tries, const char *login)
{
	struct zg_piece piece = { login, strlen(login) };
	unsigned char mac[ZG_MAC_SIZE];

	zg_seal(mac, tries->salt, &piece, 1);
	return mac[0] % ZG_STRANGERS;
}
