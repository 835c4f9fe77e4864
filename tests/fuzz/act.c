/*
 * Arguments of acts: what passes the check is of the right kind, clean and within its limits, and nothing else is there.
 * Input: the act's name (another word picks one), a line end, the arguments as JSON.
 */
#include "tests/fuzz/fuzz.h"

#include "src/base/json.h"
#include "src/base/text.h"
#include "src/till/act.h"
#include "src/till/private.h"

#include <stdlib.h>
#include <string.h>

const struct fuzz_limits fuzz_limits = { 65536, 200 };

static const struct zg_field *field_of(const struct zg_act *act, const char *name)
{
	for (const struct zg_field *field = act->fields; field->name; field++)
		if (strcmp(field->name, name) == 0)
			return field;
	return NULL;
}

static void check_value(const struct zg_field *field, const json_t *value)
{
	int64_t size = 0;

	if (json_is_null(value)) {
		fuzz_check(!field->is_needed, "%s is null", field->name);
		return;
	}
	switch (field->type) {
	case ZG_FIELD_TEXT:
		fuzz_check(json_is_string(value) && zg_text_is_clean(json_string_value(value), json_string_length(value), NULL, NULL), "%s is not clean", field->name);
		size = (int64_t)json_string_length(value);
		fuzz_check(strlen(json_string_value(value)) == (size_t)size, "%s has a NUL", field->name);
		break;
	case ZG_FIELD_INTEGER:
		fuzz_check(json_is_integer(value), "%s is no number", field->name);
		size = json_integer_value(value);
		break;
	case ZG_FIELD_BOOLEAN:
		fuzz_check(json_is_boolean(value), "%s is neither true nor false", field->name);
		return;
	case ZG_FIELD_OBJECT:
		fuzz_check(json_is_object(value), "%s is no object", field->name);
		size = (int64_t)json_object_size(value);
		break;
	case ZG_FIELD_ARRAY:
		fuzz_check(json_is_array(value), "%s is no list", field->name);
		size = (int64_t)json_array_size(value);
		break;
	}
	fuzz_check(size >= field->least && (!field->most || size <= field->most), "%s is %lld", field->name, (long long)size);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	const struct zg_act *const *acts = zg_acts();
	unsigned count = 0;
	struct zg_error err = { .text = "" };
	const char *key;
	char *name = fuzz_text(&input, '\n');
	json_t *args = zg_json_parse(input.at, (size_t)(input.end - input.at)), *value;

	while (acts[count])
		count++;
	const struct zg_act *act = zg_act_find(name);

	act = act ? act : acts[(unsigned char)*name % count];
	free(name);
	fuzz_check(zg_act_find(act->name) == act && !zg_act_find("no.such"), "%s is not found", act->name);
	if (!json_is_object(args)) {
		json_decref(args);
		args = zg_json_object();
	}
	enum zg_result result = zg_act_check(act, args, &err);

	if (result != ZG_OK) {
		fuzz_check((result == ZG_USAGE || result == ZG_INVALID) && *err.text, "%s: %d without a word", act->name, result);
	} else {
		json_object_foreach(args, key, value) {
			const struct zg_field *field = field_of(act, key);

			fuzz_check(field != NULL, "%s knows no %s", act->name, key);
			check_value(field, value);
		}
		for (const struct zg_field *field = act->fields; field->name; field++)
			fuzz_check(!field->is_needed || json_object_get(args, field->name), "%s lacks %s", act->name, field->name);
	}
	json_decref(args);
}
