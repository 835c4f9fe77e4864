#include "src/till/act.h"

#include "src/base/i18n.h"
#include "src/base/money.h"
#include "src/till/private.h"

#include <inttypes.h>
#include <string.h>

static bool is_of_type(const json_t *value, enum zg_field_type type)
{
	static const json_type types[] = { [ZG_FIELD_TEXT] = JSON_STRING, [ZG_FIELD_INTEGER] = JSON_INTEGER, [ZG_FIELD_BOOLEAN] = JSON_TRUE,
		[ZG_FIELD_OBJECT] = JSON_OBJECT, [ZG_FIELD_ARRAY] = JSON_ARRAY };
	json_type kind = json_typeof(value);

	return (kind == JSON_FALSE ? JSON_TRUE : kind) == types[type];
}

/* What `least` and `most` limit: a number itself, the bytes of a text, the members of a list. */
static int64_t size_of(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING:  return (int64_t)json_string_length(value);
	case JSON_INTEGER: return (int64_t)json_integer_value(value);
	case JSON_OBJECT:  return (int64_t)json_object_size(value);
	case JSON_ARRAY:   return (int64_t)json_array_size(value);
	default:           return 0;
	}
}

static bool ends_in(const char *name, const char *end)
{
	size_t length = strlen(name), size = strlen(end);

	return length > size && strcmp(name + length - size, end) == 0;
}

/* People read yuan and pieces, never our units. */
static enum zg_result out_of_range(const struct zg_field *field, struct zg_error *err)
{
	char least[ZG_AMOUNT_TEXT], most[ZG_AMOUNT_TEXT];

	if (ends_in(field->name, "_fen"))
		return zg_fail(err, ZG_INVALID, _("An amount from %s to %s is possible here. Type it again."),
			       zg_fen_format(least, field->least), zg_fen_format(most, field->most));
	if (ends_in(field->name, "_milli"))
		return zg_fail(err, ZG_INVALID, _("That is no quantity. Type a number above 0 and below 10,000."));
	return zg_fail(err, ZG_INVALID, _("\"%s\" must be between %" PRId64 " and %" PRId64 "."), field->name, field->least, field->most);
}

static enum zg_result check_field(const struct zg_field *field, const json_t *value, struct zg_error *err)
{
	size_t at;
	const char *why;

	if (!value || json_typeof(value) == JSON_NULL)
		return field->is_needed ? zg_fail(err, ZG_USAGE, _("\"%s\" is missing."), field->name) : ZG_OK;
	if (!is_of_type(value, field->type))
		return zg_fail(err, ZG_USAGE, _("\"%s\" is of the wrong kind."), field->name);
	int64_t size = size_of(value);

	if (field->type == ZG_FIELD_TEXT && size > field->most)
		return zg_fail(err, ZG_INVALID, _("The text for \"%s\" is too long: %" PRId64 " bytes at most."), field->name, field->most);
	if (field->type == ZG_FIELD_TEXT && !zg_text_is_clean(json_string_value(value), (size_t)size, &at, &why))
		return zg_fail(err, ZG_INVALID, _("The text for \"%s\" has %s. Type it again without it."), field->name, _(why));
	if (size < field->least || (field->most && size > field->most))
		return out_of_range(field, err);
	return ZG_OK;
}

enum zg_result zg_act_check(const struct zg_act *act, const json_t *args, struct zg_error *err)
{
	const char *key;
	json_t *value;
	enum zg_result result = ZG_OK;

	for (const struct zg_field *field = act->fields; field->name && result == ZG_OK; field++)
		result = check_field(field, json_object_get(args, field->name), err);
	json_object_foreach((json_t *)(uintptr_t)args, key, value) {
		const struct zg_field *field = act->fields;

		while (field->name && strcmp(field->name, key) != 0)
			field++;
		if (!field->name && result == ZG_OK)
			result = zg_fail(err, ZG_USAGE, _("\"%s\" is not known to %s."), key, act->name);
	}
	return result;
}

const json_t *zg_deed_args(const struct zg_deed *deed)
{
	return deed->args;
}

json_t *zg_deed_answer(struct zg_deed *deed)
{
	return deed->answer;
}

const char *zg_deed_who(const struct zg_deed *deed)
{
	return deed->person.login[0] ? deed->person.login : "-";
}

enum zg_role zg_deed_role(const struct zg_deed *deed)
{
	return deed->has_lender && deed->lender.role > deed->person.role ? deed->lender.role : deed->person.role;
}

enum zg_result zg_deed_need(const struct zg_deed *deed, enum zg_right right, struct zg_error *err)
{
	if (zg_role_has(deed->person.role, right))
		return ZG_OK;
	if (deed->has_lender && zg_role_has(deed->lender.role, right) && zg_role_has(deed->lender.role, ZG_RIGHT_LEND))
		return ZG_OK;
	zg_json_set_string(deed->answer, "needs", zg_right_name(right));    /* so that a screen can ask for a lender */
	return zg_fail(err, ZG_REFUSED, _("You do not have the right \"%s\". Ask a supervisor to lend it."), _(zg_right_title(right)));
}

enum zg_result zg_deed_note(struct zg_deed *deed, const char *kind, json_t *body, struct zg_journal_mark *mark,
			    struct zg_error *err)
{
	if (deed->has_lender)
		zg_json_set_string(body, "with", deed->lender.login);
	enum zg_result result = zg_journal_add_from(deed->till->store, zg_deed_who(deed), deed->uid, kind, body, mark, err);

	json_decref(body);
	return result;
}

enum zg_result zg_deed_reason(const struct zg_deed *deed, const char **reason, struct zg_error *err)
{
	*reason = zg_json_string(deed->args, "reason", "");
	if ((*reason)[strspn(*reason, " ")] == '\0')
		return zg_fail(err, ZG_INVALID, _("Say why: a reason is kept with it."));
	return ZG_OK;
}

void zg_deed_progress(struct zg_deed *deed, int64_t finished, int64_t of)
{
	if (deed->progress && !deed->is_orphan)
		deed->progress(deed->self, finished, of);
}

bool zg_deed_is_orphan(const struct zg_deed *deed)
{
	return deed->is_orphan;
}
