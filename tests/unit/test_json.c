#include "src/base/json.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

Test(json, what_is_not_there_or_of_another_kind_is_the_fallback)
{
	static const char text[] = "{\"a\":\"word\",\"n\":7,\"f\":7.0,\"t\":true,\"z\":null}";
	json_t *object = zg_json_parse(text, strlen(text));

	cr_assert(ne(ptr, object, NULL));
	cr_expect(eq(str, (char *)zg_json_string(object, "a", "none"), "word"));
	cr_expect(eq(str, (char *)zg_json_string(object, "n", "none"), "none"));
	cr_expect(eq(str, (char *)zg_json_string(object, "x", "none"), "none"));
	cr_expect(eq(int, (int)zg_json_integer(object, "n", -1), 7));
	cr_expect(eq(int, (int)zg_json_integer(object, "f", -1), -1), "an amount is never a float");
	cr_expect(eq(int, (int)zg_json_integer(object, "z", -1), -1));
	cr_expect(zg_json_boolean(object, "t"));
	cr_expect(not(zg_json_boolean(object, "n")));
	json_decref(object);
}

Test(json, the_same_key_twice_is_no_object)
{
	static const char *const texts[] = { "{\"a\":1,\"a\":2}", "{\"a\":1", "", "{\"a\":1} x" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cr_expect(eq(ptr, zg_json_parse(texts[i], strlen(texts[i])), NULL), "%zu", i);
}

/* A damaged page of the books may bring them; the till that reads it must go on. */
Test(json, bytes_that_are_no_text_are_shown_as_signs)
{
	json_t *object = zg_json_object();

	zg_json_set_string(object, "name", "tea \xFF\xC3 cup");

	cr_expect(eq(str, (char *)zg_json_string(object, "name", ""), "tea ?? cup"));
	json_decref(object);
}

Test(json, it_is_written_in_one_order_and_an_absent_text_is_null)
{
	json_t *object = zg_json_object(), *list = zg_json_array();

	zg_json_set_string(object, "note", NULL);
	zg_json_set_string(object, "name", "可乐");
	zg_json_set_integer(object, "fen", 350);
	zg_json_set_boolean(object, "is_open", false);
	zg_json_append(list, json_integer(1));
	zg_json_set(object, "list", list);
	char *text = zg_json_text(object), *pretty = zg_json_pretty(object);

	cr_expect(eq(str, text, "{\"fen\":350,\"is_open\":false,\"list\":[1],\"name\":\"可乐\",\"note\":null}"));
	cr_expect(eq(chr, pretty[strlen(pretty) - 1], '\n'));
	free(pretty);
	free(text);
	json_decref(object);
}
