/* The page of keys (?) is made from what binds them: no key does anything that it does not tell. */
#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/text.h"
#include "tests/screen/counter.h"
#include "tui/screens.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

static struct counter *c;

#define NUTS "<6901028075831>"
#define F4   "\033OS"
#define F9   "\033[20~"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* How each screen is come to from the selling screen, and the letters that are text there. */
static const struct place {
	const char *name, *keys, *text;
} places[] = {
	{ "selling", NUTS "<1001>-<1002>", NULL }, { "settle", NUTS "+", NULL }, { "find", TYPE_F3 "n", NULL },
	{ "hung", NUTS TYPE_F7 "<1001><1002>" TYPE_F7 TYPE_F7, "" },
	{ "history", F4, "" }, { "story", F4 "\r", "" }, { "slip", F4 "\r\r", "" }, { "refund", F4 "\rt", "0123456789." },
	{ "shift", F9, "" }, { "x", F9 "x", "" }, { "count", F9 "c", NULL }, { "jobs", F9 "u", "" },
	{ "day", TYPE_F12, "" }, { "setup", TYPE_F12 "s", "" },
	{ "line", NUTS "\r", "12345" }, { "removed line", NUTS "<1001>-" TYPE_DOWN "\r", "1" }, { "form", "\017", NULL },
	{ "confirm", "<1001>300+", "" },
};

/* As the terminal sends it, and as the page calls it. */
struct key {
	char bytes[8], name[ZG_KEY_NAME];
};

static size_t all_keys(struct key *keys)
{
	static const struct key special[] = {
		{ "\r", "Enter" }, { "\t", "Tab" }, { "\033", "Esc" }, { "\177", "Backspace" }, { " ", "Space" }, { "\033[A", "↑" }, { "\033[B", "↓" },
		{ "\033[C", "→" }, { "\033[D", "←" }, { "\033[5~", "PgUp" }, { "\033[6~", "PgDn" }, { "\033[H", "Home" }, { "\033[F", "End" },
		{ "\033[2~", "Ins" }, { "\033[3~", "Del" }, { "\033[Z", "Shift-Tab" }, { "\033OP", "F1" }, { "\033OQ", "F2" }, { "\033OR", "F3" },
		{ "\033OS", "F4" }, { "\033[15~", "F5" }, { "\033[17~", "F6" }, { "\033[18~", "F7" }, { "\033[19~", "F8" }, { "\033[20~", "F9" },
		{ "\033[21~", "F10" }, { "\033[23~", "F11" }, { "\033[24~", "F12" },
	};
	size_t count = 0;

	for (size_t i = 0; i < COUNT(special); i++)
		keys[count++] = special[i];
	for (char sign = '!'; sign <= '~'; sign++)
		keys[count++] = (struct key){ { sign }, { sign } };
	for (char letter = 'A'; letter <= 'Z'; letter++)
		if (!strchr("HIJM", letter))    /* the terminal's Backspace, Tab and Enter */
			keys[count++] = (struct key){ { (char)(letter - '@') }, { 'C', 't', 'r', 'l', '-', letter } };
	return count;
}

/* The row from this cell on. */
static const char *from_cell(int row, int column)
{
	const char *line = harness_row(c->h, row);

	return line + zg_screen_cut(line, column, NULL);
}

/* The names on the page of keys of the screen that is open: the first column of the box, between blanks. */
static void read_page(struct zg_buffer *names)
{
	int column = 0;

	counter_play(c, "\033OP");
	int row = harness_find(c->h, "┌─ Keys", &column);

	cr_assert(ge(int, row, 0), "%s", harness_screen(c->h));
	while (strncmp(from_cell(++row, column), "│", strlen("│")) == 0) {
		const char *in = from_cell(row, column + 2);
		char part[HARNESS_ROW];

		in += strncmp(in, "▸", strlen("▸")) == 0 ? strlen("▸") : 0;
		in += strspn(in, " ");
		snprintf(part, sizeof(part), "%s", in);
		char *end = strstr(part, "  ");

		if (end)
			*end = '\0';
		zg_buffer_print(names, " %s ", part);
	}
	counter_play(c, TYPE_ESC);
}

/* All but the top line, whose clock goes on. */
static char *body(void)
{
	char *screen = harness_screen(c->h);
	char *rest = zg_copy(strchr(screen, '\n') + 1);

	free(screen);
	return rest;
}

static bool is_named(const struct zg_buffer *names, const char *name)
{
	char word[ZG_KEY_NAME + 3];

	snprintf(word, sizeof(word), " %s ", name);
	return strstr(zg_buffer_text((struct zg_buffer *)names), word) != NULL;
}

static void come_to(const struct place *place)
{
	struct zg_app *app = harness_app(c->h);

	if (zg_till_is_locked(c->shop->till))
		counter_play(c, TYPE_ESC "2468\r");
	else if (!zg_till_person(c->shop->till))
		counter_play(c, TYPE_ESC "boss\r2468\r");
	zg_app_back_to(app, &zg_sale_screen);
	counter_play(c, TYPE_ESC TYPE_ESC);
	cr_assert(zg_app_top(app) == &zg_sale_screen, "%s", harness_screen(c->h));
	if (zg_till_sale_id(c->shop->till))
		cr_assert(eq(int, shop_do(c->shop, "sale.void", "{s:s}", "reason", "again"), ZG_OK), "%s", c->shop->err.text);
	counter_play(c, place->keys);
	cr_assert(place == places || zg_app_top(app) != &zg_sale_screen, "%s: %s", place->name, harness_screen(c->h));
}

static bool is_text(const struct place *place, const struct key *key)
{
	bool is_sign = !key->bytes[1] && key->bytes[0] >= ' ' && key->bytes[0] < 127;

	return is_sign && (place->text ? strchr(place->text, key->bytes[0]) != NULL : true);
}

ParameterizedTestParameters(page_of_keys, no_key_does_what_it_does_not_tell)
{
	static size_t all[COUNT(places)];

	for (size_t i = 0; i < COUNT(all); i++)
		all[i] = i;
	return cr_make_param_array(size_t, all, COUNT(all));
}

static void end(void)
{
	counter_close(c);
}

ParameterizedTest(size_t *which, page_of_keys, no_key_does_what_it_does_not_tell, .fini = end, .timeout = 120)
{
	const struct place *place = &places[*which];
	struct key keys[160] = { 0 };
	size_t count = all_keys(keys), acted = 0;
	struct zg_buffer names = { 0 };

	c = counter_open(60, 100, "boss", "[shop]\nname = 小满便利店\n\n[till]\nid = 1\nlock_after = 0\n\n[drawer]\ndrawer = printer\n");
	counter_shift(c);
	counter_sell(c, NULL, "1001", 2000, "1002", 2000, NULL);
	counter_keep_up(c);
	counter_show(c, &zg_sale_screen, NULL);
	come_to(place);
	read_page(&names);

	const struct zg_screen *top = zg_app_top(harness_app(c->h));
	char *before = body();

	for (size_t i = 0; i < count; i++) {
		counter_play(c, keys[i].bytes);
		char *after = body();

		if (strcmp(before, after) != 0 || top != zg_app_top(harness_app(c->h))) {
			cr_expect(is_named(&names, keys[i].name) || is_text(place, &keys[i]), "%s: %s is not told, but leads from\n%s\nto\n%s", place->name,
				  keys[i].name, before, after);
			acted++;
			come_to(place);
			free(before);
			before = body();
		}
		free(after);
	}

	free(before);
	cr_expect(gt(sz, acted, 2), "%s: hardly a key does anything", place->name);
	zg_buffer_clear(&names);
}
