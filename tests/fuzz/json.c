/* JSON: canonical text is read back as the same value and the same text; so is the text for people. */
#include "tests/fuzz/fuzz.h"

#include "src/base/json.h"

#include <stdlib.h>
#include <string.h>

const struct fuzz_limits fuzz_limits = { 65536, 200 };    /* a member of one byte is a value of some 100 in jansson, and three times that here */

static void check_same(const json_t *value, const char *text)
{
	json_t *again = zg_json_parse(text, strlen(text));

	fuzz_check(again && json_equal(value, again), "written out, it is another value: %s", text);
	json_decref(again);
}

void fuzz_one(const char *bytes, size_t length)
{
	json_t *value = zg_json_parse(bytes, length);

	if (!value)
		return;
	char *text = zg_json_text(value), *pretty = zg_json_pretty(value);

	check_same(value, text);
	check_same(value, pretty);
	fuzz_check(!strchr(text, '\n') && pretty[strlen(pretty) - 1] == '\n', "line ends are not where they belong");
	int64_t number = zg_json_integer(value, "n", 7);
	const char *word = zg_json_string(value, "s", "");

	fuzz_check(strlen(word) <= length, "a text from nowhere");
	json_t *object = zg_json_object(), *list = zg_json_array();

	zg_json_set_integer(object, "n", number);
	zg_json_set_string(object, "s", word);
	zg_json_set_string(object, "t", NULL);
	zg_json_set_boolean(object, "b", zg_json_boolean(value, "b"));
	zg_json_append(list, json_incref(value));
	zg_json_set(object, "l", list);
	fuzz_check(zg_json_integer(object, "n", number + 1) == number && strcmp(zg_json_string(object, "s", ""), word) == 0, "a member is lost");
	char *whole = zg_json_text(object);

	check_same(object, whole);
	free(whole);
	free(pretty);
	free(text);
	json_decref(object);
	json_decref(value);
}
