#include "src/base/json.h"

#include "src/base/alloc.h"
#include "src/base/text.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static void *allocate(size_t size)
{
	return zg_alloc(1, size);
}

/* PINs come and go as JSON: nothing of a value stays behind in freed memory. */
static void release(void *block)
{
	if (block)
		explicit_bzero(block, malloc_usable_size(block));
	free(block);
}

void zg_json_start(void)
{
	json_set_alloc_funcs(allocate, release);
}

char *zg_json_text(const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);

	zg_assert(text != NULL);
	return text;
}

char *zg_json_pretty(const json_t *value)
{
	char *text = json_dumps(value, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_ENCODE_ANY);

	zg_assert(text != NULL);
	size_t length = strlen(text);

	text = zg_resize(text, length + 2, 1);
	memcpy(text + length, "\n", 2);
	return text;
}

json_t *zg_json_parse(const char *bytes, size_t length)
{
	return json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL);
}

const char *zg_json_string(const json_t *object, const char *key, const char *fallback)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : fallback;
}

int64_t zg_json_integer(const json_t *object, const char *key, int64_t fallback)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) ? (int64_t)json_integer_value(value) : fallback;
}

bool zg_json_boolean(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

void zg_json_set(json_t *object, const char *key, json_t *value)
{
	zg_assert(value != NULL);
	int failed = json_object_set_new(object, key, value);

	zg_assert(!failed);
}

void zg_json_set_string(json_t *object, const char *key, const char *text)
{
	json_t *value = text ? json_string(text) : json_null();

	if (!value) {
		char *clean = zg_alloc(strlen(text) + 1, 1);

		zg_text_clean(clean, strlen(text) + 1, text, strlen(text));
		value = json_string(clean);
		free(clean);
	}
	zg_json_set(object, key, value);
}

void zg_json_set_integer(json_t *object, const char *key, int64_t value)
{
	zg_json_set(object, key, json_integer((json_int_t)value));
}

void zg_json_set_boolean(json_t *object, const char *key, bool value)
{
	zg_json_set(object, key, json_boolean(value));
}

void zg_json_append(json_t *array, json_t *value)
{
	zg_assert(value != NULL);
	int failed = json_array_append_new(array, value);

	zg_assert(!failed);
}

json_t *zg_json_object(void)
{
	json_t *value = json_object();

	zg_assert(value != NULL);
	return value;
}

json_t *zg_json_array(void)
{
	json_t *value = json_array();

	zg_assert(value != NULL);
	return value;
}
