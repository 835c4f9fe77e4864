#include "src/shop/template.h"

#include "src/base/alloc.h"
#include "src/base/clock.h"
#include "src/base/i18n.h"
#include "src/base/money.h"
#include "src/base/text.h"
#include "src/shop/template_line.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Where names are looked up: the member of the innermost list first, the document last. */
struct scope {
	const json_t *object;
	const struct scope *outer;
};

static const json_t *find(const struct scope *scope, const char *path)
{
	char name[ZG_TEMPLATE_FIELD];
	size_t length = strcspn(path, ".");
	const json_t *value = NULL;

	memcpy(name, path, length);
	name[length] = '\0';
	for (; scope && !value; scope = scope->outer)
		value = json_object_get(scope->object, name);
	while (value && path[length] == '.') {
		path += length + 1;
		length = strcspn(path, ".");
		memcpy(name, path, length);
		name[length] = '\0';
		value = json_object_get(value, name);
	}
	return value;
}

static void put_integer(struct zg_buffer *out, int64_t value, enum zg_field_format format)
{
	char text[ZG_AMOUNT_TEXT], time[ZG_TIME_TEXT];

	switch (format) {
	case ZG_FIELD_MONEY:
		zg_buffer_add_text(out, zg_fen_format(text, value));
		break;
	case ZG_FIELD_YUAN:
		zg_buffer_print(out, "%s￥%s", value < 0 ? "-" : "", zg_fen_format(text, value < 0 ? -value : value));
		break;
	case ZG_FIELD_MINUS:
		zg_buffer_add_text(out, zg_fen_format(text, -value));
		break;
	case ZG_FIELD_QUANTITY:
		zg_buffer_add_text(out, zg_milli_format(text, value));
		break;
	case ZG_FIELD_RATE:
		zg_buffer_add_text(out, zg_bp_format(text, (zg_bp)value));
		break;
	case ZG_FIELD_TIME:
		zg_buffer_add_text(out, zg_time_format(time, value));
		break;
	case ZG_FIELD_DATE:
		zg_buffer_add(out, zg_time_format(time, value), ZG_DAY_TEXT - 1);
		break;
	case ZG_FIELD_HOUR:
		zg_buffer_add_text(out, zg_hour_format(time, value));
		break;
	case ZG_FIELD_TEXT:
	case ZG_FIELD_NUMBER:
		zg_buffer_print(out, "%" PRId64, value);
		break;
	}
}

static void put_value(struct zg_buffer *out, const json_t *value, enum zg_field_format format)
{
	int64_t number = json_integer_value(value);

	/* an amount that no sale can have: shown as it is rather than in a format that overflows */
	if (json_is_integer(value))
		put_integer(out, number, number > -ZG_FEN_MAX * 1000 && number < ZG_FEN_MAX * 1000 ? format : ZG_FIELD_NUMBER);
	else if (json_is_string(value))
		zg_buffer_add_text(out, json_string_value(value));
}

static bool is_set(const json_t *value)
{
	switch (value ? json_typeof(value) : JSON_NULL) {
	case JSON_INTEGER:
		return json_integer_value(value) != 0;
	case JSON_STRING:
		return json_string_length(value) > 0;
	case JSON_ARRAY:
		return json_array_size(value) > 0;
	case JSON_OBJECT:
		return json_object_size(value) > 0;
	case JSON_TRUE:
		return true;
	default:
		return false;
	}
}

static bool is_word(const json_t *value, const char *word)
{
	char number[24];

	if (json_is_string(value))
		return strcmp(json_string_value(value), word) == 0;
	if (!json_is_integer(value))
		return false;
	snprintf(number, sizeof(number), "%" PRId64, (int64_t)json_integer_value(value));
	return strcmp(number, word) == 0;
}

static bool holds(const struct zg_template_line *line, const struct scope *scope)
{
	const json_t *value = find(scope, line->path);
	int64_t limit = strtoll(line->word, NULL, 10);

	switch (line->test) {
	case ZG_TEST_SET:
		return is_set(value);
	case ZG_TEST_NOT:
		return !is_set(value);
	case ZG_TEST_MORE:
		return json_integer_value(value) > limit;
	case ZG_TEST_LESS:
		return json_integer_value(value) < limit;
	case ZG_TEST_SAME:
		return is_word(value, line->word);
	case ZG_TEST_OTHER:
		return !is_word(value, line->word);
	}
	return false;
}

static void put_text(const struct zg_template_line *line, const struct scope *scope, struct zg_gbk *gbk,
		     struct zg_paper *paper)
{
	struct zg_buffer parts[ZG_PAPER_PARTS] = { { 0 } };
	const char *texts[ZG_PAPER_PARTS];
	size_t count = 0;

	for (size_t i = 0; i < line->count; i++) {
		const struct zg_template_piece *piece = &line->pieces[i];

		if (piece->kind == ZG_PIECE_BAR)
			count++;
		else if (piece->kind == ZG_PIECE_WORDS)
			zg_buffer_add_text(&parts[count], piece->text);
		else
			put_value(&parts[count], find(scope, piece->text), piece->format);
	}
	for (size_t i = 0; i <= count; i++)
		texts[i] = zg_buffer_text(&parts[i]);
	if (count > 0)
		zg_paper_add_parts(paper, gbk, texts, count + 1, line->style);
	else
		zg_paper_add_text(paper, gbk, texts[0], line->align, line->style);
	for (size_t i = 0; i <= count; i++)
		zg_buffer_clear(&parts[i]);
}

static void put_code(const struct zg_template_line *line, const struct scope *scope, struct zg_paper *paper)
{
	struct zg_buffer text = { 0 };

	put_value(&text, find(scope, line->path), ZG_FIELD_TEXT);
	zg_paper_add_code(paper, line->op == ZG_LINE_QR ? ZG_ROW_QR : ZG_ROW_BARCODE, zg_buffer_text(&text));
	zg_buffer_clear(&text);
}

/* Lays out the lines [from, to); blocks call it again for what they hold. Stops when the paper is full. */
static void put_lines(const struct zg_template *t, size_t from, size_t to, const struct scope *scope,
		      struct zg_gbk *gbk, struct zg_paper *paper)
{
	for (size_t i = from; i < to && paper->count <= ZG_PAPER_ROWS_MAX; i++) {
		const struct zg_template_line *line = &t->lines[i];

		switch (line->op) {
		case ZG_LINE_TEXT:
			put_text(line, scope, gbk, paper);
			break;
		case ZG_LINE_RULE:
			zg_paper_add_rule(paper, line->dash);
			break;
		case ZG_LINE_EACH: {
			const json_t *list = find(scope, line->path), *member;
			size_t at;

			json_array_foreach(list, at, member) {
				struct scope inner = { member, scope };

				put_lines(t, i + 1, line->other, &inner, gbk, paper);
			}
			i = line->other;
			break;
		}
		case ZG_LINE_IF: {
			const struct zg_template_line *other = &t->lines[line->other];
			size_t end = other->op == ZG_LINE_ELSE ? other->other : line->other;

			if (holds(line, scope))
				put_lines(t, i + 1, line->other, scope, gbk, paper);
			else
				put_lines(t, line->other + 1, end, scope, gbk, paper);
			i = end;
			break;
		}
		case ZG_LINE_BARCODE:
		case ZG_LINE_QR:
			put_code(line, scope, paper);
			break;
		case ZG_LINE_FEED:
			zg_paper_add_feed(paper, line->lines);
			break;
		case ZG_LINE_CUT:
			zg_paper_add_cut(paper);
			break;
		case ZG_LINE_ELSE:
		case ZG_LINE_END:
			break;
		}
	}
}

enum zg_result zg_template_layout(const struct zg_template *parsed, const json_t *document, struct zg_gbk *gbk,
				  struct zg_paper *paper, struct zg_error *err)
{
	struct scope scope = { document, NULL };

	put_lines(parsed, 0, parsed->count, &scope, gbk, paper);
	if (paper->count > ZG_PAPER_ROWS_MAX)
		return zg_fail(err, ZG_INVALID, _("The slip is longer than %d rows. Print a shorter list."),
			       ZG_PAPER_ROWS_MAX);
	return ZG_OK;
}

static enum zg_result unknown(const struct zg_template *t, const struct zg_template_line *line, const char *path,
			      struct zg_error *err)
{
	return zg_fail(err, ZG_INVALID,
		       _("%s, line %zu: this slip has no field \"%s\". The file receipts/README.md lists the fields."),
		       t->name, line->number, path);
}

static enum zg_result check_lines(const struct zg_template *t, size_t from, size_t to, const struct scope *scope,
				  struct zg_error *err)
{
	for (size_t i = from; i < to; i++) {
		const struct zg_template_line *line = &t->lines[i];

		if (line->path[0] && !find(scope, line->path))
			return unknown(t, line, line->path, err);
		for (size_t k = 0; k < line->count; k++)
			if (line->pieces[k].kind == ZG_PIECE_FIELD && !find(scope, line->pieces[k].text))
				return unknown(t, line, line->pieces[k].text, err);
		if (line->op != ZG_LINE_EACH)
			continue;
		struct scope inner = { json_array_get(find(scope, line->path), 0), scope };

		if (!inner.object)
			return zg_fail(err, ZG_INVALID, _("%s, line %zu: \"%s\" is not a list. Use it without {each}."),
				       t->name, line->number, line->path);
		enum zg_result result = check_lines(t, i + 1, line->other, &inner, err);

		if (result != ZG_OK)
			return result;
		i = line->other;
	}
	return ZG_OK;
}

enum zg_result zg_template_check(const struct zg_template *parsed, const json_t *sample, struct zg_error *err)
{
	struct scope scope = { sample, NULL };

	return check_lines(parsed, 0, parsed->count, &scope, err);
}
