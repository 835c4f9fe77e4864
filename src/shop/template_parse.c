#include "src/shop/template_line.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 512

static const struct {
	const char *word;
	enum zg_align align;
	unsigned style;
} marks[] = {
	{ "left",    ZG_ALIGN_LEFT,   0 },
	{ "centre",  ZG_ALIGN_CENTRE, 0 },
	{ "center",  ZG_ALIGN_CENTRE, 0 },
	{ "right",   ZG_ALIGN_RIGHT,  0 },
	{ "bold",    ZG_ALIGN_LEFT,   ZG_STYLE_BOLD },
	{ "inverse", ZG_ALIGN_LEFT,   ZG_STYLE_INVERSE },
	{ "wide",    ZG_ALIGN_LEFT,   ZG_STYLE_WIDE },
	{ "tall",    ZG_ALIGN_LEFT,   ZG_STYLE_TALL },
	{ "big",     ZG_ALIGN_LEFT,   ZG_STYLE_BIG },
};

static const struct {
	const char *word;
	enum zg_line_op op;
	bool takes;          /* something after the word */
} commands[] = {
	{ "each",    ZG_LINE_EACH,    true },
	{ "if",      ZG_LINE_IF,      true },
	{ "else",    ZG_LINE_ELSE,    false },
	{ "end",     ZG_LINE_END,     false },
	{ "barcode", ZG_LINE_BARCODE, true },
	{ "qr",      ZG_LINE_QR,      true },
	{ "feed",    ZG_LINE_FEED,    true },
	{ "cut",     ZG_LINE_CUT,     false },
};

static const struct {
	const char *word, *ending;    /* ending: of the fields that have this format unasked */
	enum zg_field_format format;
} formats[] = {
	{ "text",     NULL,     ZG_FIELD_TEXT },
	{ "money",    "_fen",   ZG_FIELD_MONEY },
	{ "yuan",     NULL,     ZG_FIELD_YUAN },
	{ "minus",    NULL,     ZG_FIELD_MINUS },
	{ "quantity", "_milli", ZG_FIELD_QUANTITY },
	{ "rate",     "_bp",    ZG_FIELD_RATE },
	{ "time",     "_ms",    ZG_FIELD_TIME },
	{ "date",     NULL,     ZG_FIELD_DATE },
	{ "hour",     NULL,     ZG_FIELD_HOUR },
	{ "number",   NULL,     ZG_FIELD_NUMBER },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct parsing {
	struct zg_template *t;
	size_t number;                     /* of the line being read */
	size_t open[ZG_TEMPLATE_DEPTH];    /* indexes of the each, if or else lines that wait for their end */
	size_t depth;
	struct zg_error *err;
};

static enum zg_result fault(struct parsing *p, const char *what)
{
	return zg_fail(p->err, ZG_INVALID, _("%s, line %zu: %s"), p->t->name, p->number, what);
}

static enum zg_result fault_at(struct parsing *p, const char *format, const char *word, size_t length)
{
	char *shown = zg_copy_bytes(word, length < 40 ? length : 40);
	char *what;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	what = zg_print(format, shown);
#pragma GCC diagnostic pop
	enum zg_result result = fault(p, what);

	free(what);
	free(shown);
	return result;
}

static bool is_same(const char *word, const char *text, size_t length)
{
	return strlen(word) == length && memcmp(word, text, length) == 0;
}

/* Lower-case names with dots between them: shop.name. */
static bool is_path(const char *text, size_t length)
{
	if (length == 0 || length >= ZG_TEMPLATE_FIELD || !islower((unsigned char)text[0]) || text[length - 1] == '.')
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (!(c < 0x80 && (islower(c) || isdigit(c) || c == '_' || (c == '.' && text[i - 1] != '.'))))
			return false;
	}
	return true;
}

static enum zg_result set_path(struct parsing *p, char path[ZG_TEMPLATE_FIELD], const char *text, size_t length)
{
	if (!is_path(text, length))
		return fault_at(p, _("\"%s\" is not the name of a field. Names are like total_fen or shop.name."), text, length);
	memcpy(path, text, length);
	path[length] = '\0';
	return ZG_OK;
}

static struct zg_template_piece *add_piece(struct zg_template_line *line, enum zg_piece_kind kind, const char *text, size_t length)
{
	line->pieces = zg_resize(line->pieces, line->count + 1, sizeof(*line->pieces));
	struct zg_template_piece *piece = &line->pieces[line->count++];

	*piece = (struct zg_template_piece){ .kind = kind, .text = text ? zg_copy_bytes(text, length) : NULL };
	return piece;
}

static enum zg_field_format format_by_name(const char *path)
{
	size_t length = strlen(path);

	for (size_t i = 0; i < COUNT(formats); i++) {
		size_t ending = formats[i].ending ? strlen(formats[i].ending) : 0;

		if (ending && length > ending && strcmp(path + length - ending, formats[i].ending) == 0)
			return formats[i].format;
	}
	return ZG_FIELD_TEXT;
}

/* What stands between the braces: a field, with or without a format. */
static enum zg_result add_field(struct parsing *p, struct zg_template_line *line, const char *text, size_t length)
{
	const char *colon = memchr(text, ':', length);
	size_t path_length = colon ? (size_t)(colon - text) : length;
	char path[ZG_TEMPLATE_FIELD];
	enum zg_result result = set_path(p, path, text, path_length);

	if (result != ZG_OK)
		return result;
	for (size_t i = 0; i < COUNT(commands); i++)
		if (strcmp(path, commands[i].word) == 0)
			return fault_at(p, _("{%s} must stand on a line of its own. Move it there."), text, length);
	for (size_t i = 0; i < COUNT(marks); i++)
		if (strcmp(path, marks[i].word) == 0)
			return fault_at(p, _("{%s} must stand at the start of its line. Move it there."), text, length);
	struct zg_template_piece *piece = add_piece(line, ZG_PIECE_FIELD, path, path_length);

	piece->format = format_by_name(path);
	if (!colon)
		return ZG_OK;
	for (size_t i = 0; i < COUNT(formats); i++)
		if (is_same(formats[i].word, colon + 1, length - path_length - 1)) {
			piece->format = formats[i].format;
			return ZG_OK;
		}
	return fault_at(p, _("there is no format \"%s\". Use text, money, yuan, minus, quantity, rate, time, date, hour or number."),
			colon + 1, length - path_length - 1);
}

/* Words, fields and bars up to the end of the line. */
static enum zg_result read_pieces(struct parsing *p, struct zg_template_line *line, const char *at, const char *end)
{
	size_t bars = 0;

	while (at < end) {
		const char *words = at;

		while (at < end && *at != '{' && *at != '|' && *at != '}')
			at++;
		if (at > words)
			add_piece(line, ZG_PIECE_WORDS, words, (size_t)(at - words));
		if (at == end)
			break;
		if (*at == '|') {
			add_piece(line, ZG_PIECE_BAR, NULL, 0);
			if (++bars == ZG_PAPER_PARTS)
				return fault(p, _("there are more than 3 bars. Make two lines of it."));
			at++;
		} else if (end - at >= 2 && memcmp(at, "{{", 2) == 0) {
			add_piece(line, ZG_PIECE_WORDS, "{", 1);
			at += 2;
		} else if (end - at >= 3 && memcmp(at, "{|}", 3) == 0) {
			add_piece(line, ZG_PIECE_WORDS, "|", 1);
			at += 3;
		} else if (*at == '}') {    /* alone, it is only a character */
			add_piece(line, ZG_PIECE_WORDS, "}", 1);
			at++;
		} else {
			const char *close = memchr(at, '}', (size_t)(end - at));

			if (!close)
				return fault(p, _("a { has no }. Close it, or write {{ for a brace."));
			enum zg_result result = add_field(p, line, at + 1, (size_t)(close - at - 1));

			if (result != ZG_OK)
				return result;
			at = close + 1;
		}
	}
	return ZG_OK;
}

/* "not field", "field", "field > 0", "field = word". */
static enum zg_result read_test(struct parsing *p, struct zg_template_line *line, const char *text, size_t length)
{
	static const struct { const char *sign; enum zg_line_test test; } tests[] = {
		{ " > ", ZG_TEST_MORE }, { " < ", ZG_TEST_LESS }, { " != ", ZG_TEST_OTHER }, { " = ", ZG_TEST_SAME },
	};

	if (length > 4 && memcmp(text, "not ", 4) == 0) {
		line->test = ZG_TEST_NOT;
		return set_path(p, line->path, text + 4, length - 4);
	}
	for (size_t i = 0; i < COUNT(tests); i++) {
		const char *sign = memmem(text, length, tests[i].sign, strlen(tests[i].sign));

		if (!sign)
			continue;
		const char *word = sign + strlen(tests[i].sign);
		size_t word_length = length - (size_t)(word - text);
		char *end;

		if (word_length == 0 || word_length >= sizeof(line->word))
			return fault(p, _("the comparison has nothing to compare with. Write {if field = word}."));
		line->test = tests[i].test;
		memcpy(line->word, word, word_length);
		(void)strtoll(line->word, &end, 10);
		if (line->test <= ZG_TEST_LESS && *end)
			return fault(p, _("> and < compare with a whole number. Amounts are in fen: 1 yuan is 100."));
		return set_path(p, line->path, text, (size_t)(sign - text));
	}
	return set_path(p, line->path, text, length);
}

static enum zg_result read_feed(struct parsing *p, struct zg_template_line *line, const char *text, size_t length)
{
	line->lines = 0;
	for (size_t i = 0; i < length; i++) {
		if (!isdigit((unsigned char)text[i]) || line->lines > 1)
			line->lines = 99;
		else
			line->lines = line->lines * 10 + (text[i] - '0');
	}
	if (line->lines < 1 || line->lines > 15)
		return fault(p, _("{feed} takes a number of lines from 1 to 15."));
	return ZG_OK;
}

/* Joins else and end to the line that opened their block. The line itself is the next to be added. */
static enum zg_result read_block(struct parsing *p, const struct zg_template_line *line)
{
	size_t here = p->t->count;
	struct zg_template_line *opened = p->depth ? &p->t->lines[p->open[p->depth - 1]] : NULL;

	if (line->op == ZG_LINE_ELSE || line->op == ZG_LINE_END) {
		if (!opened || (line->op == ZG_LINE_ELSE && opened->op != ZG_LINE_IF))
			return fault(p, line->op == ZG_LINE_ELSE ? _("{else} is not within an {if}. Take it away or add {if field}.")
								 : _("{end} ends nothing. Take it away."));
		opened->other = here;
		p->depth--;
	}
	if (line->op == ZG_LINE_END)
		return ZG_OK;
	if (p->depth == ZG_TEMPLATE_DEPTH)
		return fault(p, _("blocks stand within each other too deeply. Use fewer {each} and {if}."));
	p->open[p->depth++] = here;
	return ZG_OK;
}

static enum zg_result read_command(struct parsing *p, struct zg_template_line *line, bool takes, const char *text, size_t length)
{
	if (takes != (length > 0))
		return fault(p, takes ? _("a name or number is missing after the word. Write for example {each lines} or {feed 2}.")
				      : _("{else}, {end} and {cut} stand alone. Take the rest away."));
	switch (line->op) {
	case ZG_LINE_EACH:
	case ZG_LINE_IF:
	case ZG_LINE_ELSE:
	case ZG_LINE_END: {
		enum zg_result result = line->op == ZG_LINE_IF ? read_test(p, line, text, length)
				      : line->op == ZG_LINE_EACH ? set_path(p, line->path, text, length) : ZG_OK;

		return result != ZG_OK ? result : read_block(p, line);
	}
	case ZG_LINE_FEED:
		return read_feed(p, line, text, length);
	case ZG_LINE_CUT:
		return ZG_OK;
	default:
		return set_path(p, line->path, text, length);
	}
}

/* Marks at the start; then either a command that fills the line, or text. */
static enum zg_result read_words(struct parsing *p, struct zg_template_line *line, const char *at, const char *end)
{
	bool marked = false;

	while (at < end && *at == '{') {
		const char *close = memchr(at, '}', (size_t)(end - at));
		const char *word = at + 1;
		size_t i, length = 0;

		if (!close)
			break;    /* read_pieces says what is wrong */
		while (word + length < close && word[length] != ' ')
			length++;
		for (i = 0; i < COUNT(commands); i++)
			if (is_same(commands[i].word, word, length))
				break;
		if (i < COUNT(commands)) {
			if (marked || close + 1 != end)
				return fault_at(p, _("{%s} must stand on a line of its own. Move it there."), word, length);
			const char *rest = word + length;

			while (rest < close && *rest == ' ')
				rest++;
			line->op = commands[i].op;
			return read_command(p, line, commands[i].takes, rest, (size_t)(close - rest));
		}
		for (i = 0; i < COUNT(marks); i++)
			if (is_same(marks[i].word, word, (size_t)(close - word)))
				break;
		if (i == COUNT(marks))
			break;
		line->style |= marks[i].style;
		if (marks[i].style == 0)
			line->align = marks[i].align;
		marked = true;
		for (at = close + 1; at < end && *at == ' '; at++)
			continue;
	}
	return read_pieces(p, line, at, end);
}

static bool is_rule(const char *at, const char *end)
{
	const char *first = at;

	while (at < end && *at == *first)
		at++;
	return at == end && end - first >= 3 && (*first == '-' || *first == '=');
}

static void clear_line(struct zg_template_line *line)
{
	for (size_t i = 0; i < line->count; i++)
		free(line->pieces[i].text);
	free(line->pieces);
}

static enum zg_result read_line(struct parsing *p, const char *at, const char *end)
{
	struct zg_template_line line = { .number = p->number };
	enum zg_result result = ZG_OK;
	const char *why;
	size_t bad;

	if (end - at > LINE_MAX_BYTES)
		return fault(p, _("the line is too long. Make several of it."));
	if (!zg_text_is_clean(at, (size_t)(end - at), &bad, &why))
		return fault_at(p, _("there is %s in it. Type the line again, with spaces for tabs."), _(why), strlen(_(why)));
	while (end > at && end[-1] == ' ')
		end--;
	if (at < end && *at == '#')
		return ZG_OK;
	if (is_rule(at, end)) {
		line.op = ZG_LINE_RULE;
		line.dash = *at;
	} else {
		result = read_words(p, &line, at, end);
	}
	if (result != ZG_OK) {
		clear_line(&line);
		return result;
	}
	p->t->lines = zg_grow(p->t->lines, p->t->count, &p->t->room, sizeof(*p->t->lines));
	p->t->lines[p->t->count++] = line;
	return ZG_OK;
}

enum zg_result zg_template_parse(const char *text, size_t length, const char *name, struct zg_template **out,
				 struct zg_error *err)
{
	struct parsing p = { .t = zg_alloc(1, sizeof(*p.t)), .err = err };
	const char *at = text, *end = text + length;
	enum zg_result result = ZG_OK;

	*out = NULL;
	p.t->name = zg_copy(name);
	if (length > ZG_TEMPLATE_SIZE)
		result = fault(&p, _("the file is too big. A template has at most 64 kB."));
	if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		at += 3;
	while (result == ZG_OK && at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const char *line_end = stop ? stop : end;

		p.number++;
		result = read_line(&p, at, line_end > at && line_end[-1] == '\r' ? line_end - 1 : line_end);
		at = stop ? stop + 1 : end;
	}
	if (result == ZG_OK && p.depth > 0) {
		p.number = p.t->lines[p.open[p.depth - 1]].number;
		result = fault(&p, _("this block has no {end}. Write {end} on a line of its own where it stops."));
	}
	if (result == ZG_OK)
		*out = p.t;
	else
		zg_template_free(p.t);
	return result;
}

void zg_template_free(struct zg_template *parsed)
{
	if (!parsed)
		return;
	for (size_t i = 0; i < parsed->count; i++)
		clear_line(&parsed->lines[i]);
	free(parsed->lines);
	free(parsed->name);
	free(parsed);
}
