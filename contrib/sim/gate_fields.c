#include "contrib/sim/gate_fields.h"

#include <stdio.h>
#include <string.h>

static const struct gate_field *row_of(const struct gate_field *fields, const char *name)
{
	for (; fields->name; fields++)
		if (strcmp(fields->name, name) == 0)
			return fields;
	return NULL;
}

static bool wrong(char *why, size_t size, const char *name, const char *what)
{
	snprintf(why, size, "%s %s", name, what);
	return false;
}

static bool check_text(const json_t *value, const struct gate_field *field, char *why, size_t size)
{
	const char *text = json_string_value(value);
	int64_t length = (int64_t)strlen(text);

	if (length < field->least || length > field->most)
		return wrong(why, size, field->name, "is too short or too long");
	if (field->signs && strspn(text, field->signs) != (size_t)length)
		return wrong(why, size, field->name, "has characters that it may not have");
	return true;
}

static bool check_one(const json_t *value, const struct gate_field *field, char *why, size_t size)
{
	switch (field->kind) {
	case GATE_TEXT:
		return json_is_string(value) ? check_text(value, field, why, size) : wrong(why, size, field->name, "is no text");
	case GATE_INTEGER:
		if (!json_is_integer(value))
			return wrong(why, size, field->name, "is no whole number");
		return (json_integer_value(value) >= field->least && json_integer_value(value) <= field->most) ||
		       wrong(why, size, field->name, "is too small or too large");
	case GATE_SWITCH:
		return json_is_boolean(value) || wrong(why, size, field->name, "is neither true nor false");
	case GATE_LIST:
		return json_is_array(value) || wrong(why, size, field->name, "is no list");
	case GATE_OBJECT:
		if (!json_is_object(value))
			return wrong(why, size, field->name, "is no object");
		return !field->members || gate_fields_check(value, field->members, why, size);
	}
	return false;
}

bool gate_fields_check(const json_t *object, const struct gate_field *fields, char *why, size_t size)
{
	const char *name;
	json_t *value;

	if (!json_is_object(object))
		return wrong(why, size, "the body", "is no object");
	json_object_foreach((json_t *)(uintptr_t)object, name, value) {
		const struct gate_field *field = row_of(fields, name);

		if (!field)
			return wrong(why, size, name, "is not known here");
		if (json_is_null(value))
			return wrong(why, size, name, "is null");
		if (!check_one(value, field, why, size))
			return false;
	}
	for (; fields->name; fields++)
		if (fields->must && !json_object_get(object, fields->name))
			return wrong(why, size, fields->name, "is missing");
	return true;
}

const json_t *gate_member(const json_t *object, const char *path)
{
	char part[48];

	while (object && *path) {
		size_t length = strcspn(path, ".");

		snprintf(part, sizeof(part), "%.*s", (int)length, path);
		object = json_object_get(object, part);
		path += length + (path[length] == '.');
	}
	return object;
}

const char *gate_text_of(const json_t *object, const char *path)
{
	const char *text = json_string_value(gate_member(object, path));

	return text ? text : "";
}
