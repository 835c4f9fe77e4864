#include "src/store/search.h"

#include "src/base/alloc.h"
#include "src/store/item_row.h"
#include "src/store/items.h"

#include <stdlib.h>
#include <string.h>

/*
 * FTS5's 'ascii' tokenizer takes ASCII letters, digits and everything above U+007F for parts of a token. Other ASCII
 * characters are written as private-use ones, which no clean text has; so is the start of a name.
 */
#define PRIVATE 0xE000U
#define START   0xE080U

#define WORDS  8     /* of a query that are looked at; more only narrow what these found */
#define TOKENS 24    /* the same for pairs of characters */
#define PASSED 150   /* names that have the pairs but do not start so (旺旺芥末 for 旺芥), until names that start so are no longer put first */

/* Capitals and full-width forms as small, half-width ones. Fixed ranges, so that an index made today is right tomorrow. */
static uint32_t fold(uint32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFEE0;
	if (c == 0x3000)
		c = ' ';
	if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) ||
	    (c >= 0x391 && c <= 0x3A9 && c != 0x3A2) || (c >= 0x410 && c <= 0x42F))
		return c + 32;
	return c >= 0x400 && c <= 0x40F ? c + 80 : c;
}

/* Folded text is never longer than what it was made from. */
static void fold_text(char *out, size_t size, const char *text)
{
	size_t length = strlen(text), used = 0, step;
	uint32_t c;

	for (; (step = zg_text_next(text, length, &c, NULL)) > 0 && used + 4 < size; text += step, length -= step)
		used += zg_text_put(out + used, fold(c));
	out[used] = '\0';
}

static bool is_plain(uint32_t c)
{
	return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

static void add_part(struct zg_buffer *out, uint32_t c)
{
	char bytes[4];

	zg_buffer_add(out, bytes, zg_text_put(bytes, is_plain(c) ? c : PRIVATE + c));
}

/* Each character, each pair, and with `before` the pair of that and the first. */
static void add_tokens(const char *text, uint32_t before, struct zg_buffer *out)
{
	size_t length = strlen(text), step;
	uint32_t c;

	for (; (step = zg_text_next(text, length, &c, NULL)) > 0; text += step, length -= step) {
		c = fold(c);
		add_part(out, c);
		zg_buffer_add_byte(out, ' ');
		if (before) {
			add_part(out, before);
			add_part(out, c);
			zg_buffer_add_byte(out, ' ');
		}
		before = c;
	}
}

void zg_search_tokens(const char *name, const char *initials, struct zg_buffer *out)
{
	add_tokens(name, START, out);
	add_tokens(initials, 0, out);
}

struct search {
	const struct zg_store *store;
	bool active_only;
	char text[ZG_NAME_MAX + 8];       /* folded */
	const char *words[WORDS];         /* in `split` */
	char split[ZG_NAME_MAX + 8];
	size_t word_count;
	struct zg_item *items;
	size_t count, most;
};

static bool is_full(const struct search *s)
{
	return s->count == s->most;
}

static void take(struct search *s, const struct zg_item *item)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->items[i].id == item->id)
			return;
	if (s->count % ZG_SEARCH_MOST == 0)
		s->items = zg_resize(s->items, s->count + ZG_SEARCH_MOST, sizeof(*s->items));
	s->items[s->count++] = *item;
}

static bool has_words(const struct search *s, const struct zg_item *item, bool at_start)
{
	char name[ZG_NAME_MAX + 8], initials[ZG_ITEM_INITIALS_MAX + 8];

	fold_text(name, sizeof(name), item->name);
	fold_text(initials, sizeof(initials), item->initials);
	if (at_start && strncmp(name, s->words[0], strlen(s->words[0])) != 0)
		return false;
	for (size_t i = 0; i < s->word_count; i++)
		if (!strstr(name, s->words[i]) && !strstr(initials, s->words[i]))
			return false;
	return true;
}

static enum zg_result find_exact(struct search *s, const char *text, struct zg_error *err)
{
	struct zg_item item;
	enum zg_result result = zg_items_find_code(s->store, text, s->active_only, &item, err);

	if (result == ZG_OK)
		take(s, &item);
	return result == ZG_NOT_FOUND ? ZG_OK : result;
}

/* The query gives rows from :from up to, but without, :end. */
static enum zg_result find_range(struct search *s, const char *sql, const char *start, struct zg_error *err)
{
	struct zg_query q = zg_query(s->store, sql);
	char end[ZG_NAME_MAX + 8];
	struct zg_item item;

	memcpy(end, start, strlen(start) + 1);
	end[strlen(end) - 1]++;    /* ASCII below DEL: the next text that does not start so */
	zg_bind_text(&q, ":from", start);
	zg_bind_text(&q, ":end", end);
	zg_bind_integer(&q, ":all", !s->active_only);
	while (!is_full(s) && zg_query_row(&q)) {
		zg_item_read(&q, &item);
		take(s, &item);
	}
	return zg_query_end(&q, err);
}

static const char by_code[] =
	"SELECT " ZG_ITEM_COLUMNS " FROM barcode AS b CROSS JOIN item AS i ON i.id = b.item_id"
	" WHERE b.code >= :from AND b.code < :end AND " ZG_ITEM_WANTED " ORDER BY b.code";
static const char by_initials[] =
	"SELECT " ZG_ITEM_COLUMNS " FROM item AS i INDEXED BY item_initials"
	" WHERE i.initials >= :from AND i.initials < :end AND " ZG_ITEM_WANTED " ORDER BY i.initials";

static bool is_ascii_word(const char *text)
{
	for (; *text; text++)
		if (*text <= ' ' || *text >= 0x7E)
			return false;
	return true;
}

static enum zg_result find_starts(struct search *s, const char *typed, struct zg_error *err)
{
	char upper[ZG_NAME_MAX + 8];
	enum zg_result result = ZG_OK;

	if (!is_ascii_word(s->text))
		return ZG_OK;
	if (is_ascii_word(typed))
		result = find_range(s, by_code, typed, err);
	memcpy(upper, s->text, sizeof(upper));
	zg_text_upper(upper);
	if (result == ZG_OK && !is_full(s) && strcmp(upper, typed) != 0)
		result = find_range(s, by_code, upper, err);
	if (result == ZG_OK && !is_full(s) && strcmp(s->text, typed) != 0 && strcmp(s->text, upper) != 0)
		result = find_range(s, by_code, s->text, err);
	if (result == ZG_OK && !is_full(s))
		result = find_range(s, by_initials, s->text, err);
	return result;
}

/* Appends the tokens of a word as FTS5 strings: all of them must be there. */
static void add_match(const char *word, bool at_start, size_t *tokens, struct zg_buffer *out)
{
	size_t length = strlen(word), step;
	uint32_t c, before = at_start ? START : 0;
	bool is_alone = !at_start && zg_text_count(word) == 1;

	for (; (step = zg_text_next(word, length, &c, NULL)) > 0 && *tokens < TOKENS; word += step, length -= step) {
		if (before || is_alone) {
			zg_buffer_add_text(out, out->length ? " AND \"" : "\"");
			if (before)
				add_part(out, before);
			add_part(out, c);
			zg_buffer_add_byte(out, '"');
			++*tokens;
		}
		before = c;
	}
}

static enum zg_result find_pieces(struct search *s, bool at_start, struct zg_error *err)
{
	struct zg_buffer match = { 0 };
	struct zg_item item;
	size_t tokens = 0, passed = 0;

	for (size_t i = 0; i < s->word_count; i++)
		add_match(s->words[i], at_start && i == 0, &tokens, &match);
	struct zg_query q = zg_query(s->store, "SELECT " ZG_ITEM_COLUMNS " FROM item_gram AS g CROSS JOIN item AS i ON i.id = g.rowid"
				     " WHERE item_gram MATCH :match AND " ZG_ITEM_WANTED);

	zg_bind_text(&q, ":match", zg_buffer_text(&match));
	zg_bind_integer(&q, ":all", !s->active_only);
	while (!is_full(s) && (!at_start || passed < PASSED) && zg_query_row(&q)) {
		zg_item_read(&q, &item);
		if (has_words(s, &item, at_start))
			take(s, &item);
		else
			passed++;
	}
	zg_buffer_clear(&match);
	return zg_query_end(&q, err);
}

/* A text of spaces alone is one word: a piece of a name like any other. */
static void split(struct search *s)
{
	char *at = s->split;

	memcpy(s->split, s->text, sizeof(s->split));
	for (char *end; s->word_count < WORDS && *(at += strspn(at, " ")); at = end) {
		end = at + strcspn(at, " ");
		s->words[s->word_count++] = at;
		if (*end)
			*end++ = '\0';
	}
	if (s->word_count == 0)
		s->words[s->word_count++] = s->text;
}

enum zg_result zg_items_search(const struct zg_store *store, const char *text, bool active_only, size_t most,
			       struct zg_item **items, size_t *count, struct zg_error *err)
{
	struct search s = { .store = store, .active_only = active_only, .most = most };
	enum zg_result result = ZG_OK;

	/* Longer than any name, or nothing: nothing to be found. */
	if (*text && strnlen(text, ZG_NAME_MAX + 1) <= ZG_NAME_MAX && most) {
		char typed[ZG_NAME_MAX + 1];

		memcpy(typed, text, strlen(text) + 1);
		zg_text_trim(typed);
		fold_text(s.text, sizeof(s.text), *typed ? typed : " ");
		split(&s);
		if (*typed)
			result = find_exact(&s, typed, err);
		if (result == ZG_OK && !is_full(&s) && *typed)
			result = find_starts(&s, typed, err);
		if (result == ZG_OK && !is_full(&s))
			result = find_pieces(&s, true, err);
		if (result == ZG_OK && !is_full(&s))
			result = find_pieces(&s, false, err);
	}
	*items = s.items;
	*count = s.count;
	return result;
}
