/* How the screens behind the sale look: goldens at three sizes in both languages, and what must be so at every size. */
#include "src/base/buffer.h"
#include "src/base/locale.h"
#include "src/base/text.h"
#include "tests/screen/counter.h"
#include "tests/screen/golden.h"
#include "tui/screens.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

static struct counter *c;

#define F4 "\033OS"
#define F9 "\033[20~"
#define NUTS "<6901028075831>"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char config[] =
	"[shop]\nname = 小满便利店\nrounding = jiao\naddress = 杭州市演示路 1 号\n\n[till]\nid = 1\n\n[drawer]\ndrawer = printer\n";

/* A morning: three sales, one with a discount, one large; half of one given back; cash moved; the drawer opened. */
static void begin(const char *language)
{
	setenv("ZHANGGUI_LOCALEDIR", ZG_BUILD "/po/locale", 0);
	zg_locale_choose(language);
	c = counter_open(24, 80, "boss", config);
	counter_keep_up(c);
	counter_show(c, &zg_sale_screen, NULL);
}

static void work(void)
{
	counter_shift(c);
	counter_sell(c, NULL, "1001", 2000, "1002", 1000, NULL);
	counter_play(c, NUTS "/5\r201\r0.856\r1001\r-100+");
	counter_play(c, "9999*1003\r+\r");
	cr_assert(eq(int, shop_do(c->shop, "cash.out", "{s:i, s:s}", "amount_fen", 10000, "reason", "存银行"), ZG_OK), "%s", c->shop->err.text);
	cr_assert(eq(int, shop_do(c->shop, "drawer.open", "{s:s}", "reason", "换零钱"), ZG_OK), "%s", c->shop->err.text);
}

static void end(void)
{
	if (c)
		counter_close(c);
}

static const struct scene {
	const char *name, *keys;
} scenes[] = {
	{ "no-shift",    F9 },
	{ "float",       F9 "\r200" },
	{ "bad-float",   F9 "\rabc\r" },
	{ "history",     F4 },
	{ "story",       F4 TYPE_DOWN "\r" },
	{ "slip",        F4 TYPE_DOWN "\r\r" },
	{ "refund",      F4 TYPE_DOWN "\rt1" TYPE_DOWN " " },
	{ "why-back",    F4 TYPE_DOWN "\rt \r" },
	{ "given-back",  F4 TYPE_DOWN "\rt \r1" },
	{ "shift",       F9 },
	{ "cash-out",    F9 "o50" },
	{ "why-out",     F9 "o50\r" },
	{ "x",           F9 "x" },
	{ "count",       F9 "c3\r2\r" },
	{ "close",       F9 "c3\r2\r+" },
	{ "z",           F9 "c3\r2\r+\r" },
	{ "slips",       F9 "u" },
	{ "day",         TYPE_F12 },
	{ "whole-day",   F9 "c3\r2\r+\r" TYPE_ESC TYPE_ESC TYPE_F12 "d" },
	{ "all-sales",   TYPE_F12 "t" },
	{ "setup",       TYPE_F12 "s" },
	{ "set",         TYPE_F12 "s\r" },
	{ "why-open",    "\017" },
	{ "keys",        "?" },
};

/* A seal is another one each time: its key is made for the shop. */
static void hide_seals(char *text)
{
	static const char *const words[] = { "Seal ", "Check ", "校验 " };

	for (size_t i = 0; i < COUNT(words); i++)
		for (char *at = text; (at = strstr(at, words[i]));) {
			at += strlen(words[i]);
			if (strspn(at, "0123456789abcdef") == 8)
				memset(at, 'x', 8);
		}
}

static const char *const languages[] = { "en", "zh_CN" };
static const int sizes[][2] = { { 12, 40 }, { 24, 80 }, { 40, 120 } };

ParameterizedTestParameters(golden_office, screens)
{
	static size_t all[COUNT(scenes) * COUNT(languages)];

	for (size_t i = 0; i < COUNT(all); i++)
		all[i] = i;
	return cr_make_param_array(size_t, all, COUNT(all));
}

ParameterizedTest(size_t *which, golden_office, screens, .fini = end, .timeout = 60)
{
	const struct scene *scene = &scenes[*which / COUNT(languages)];
	const char *tongue = languages[*which % COUNT(languages)];
	struct zg_buffer all = { 0 };
	char name[64];

	begin(tongue);
	if (*which / COUNT(languages) > 2)
		work();
	counter_play(c, scene->keys);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		harness_resize(c->h, sizes[i][0], sizes[i][1]);
		char *screen = harness_screen(c->h);

		/* see tui/widget/keyline.c */
		cr_expect(le(int, zg_screen_width(harness_row(c->h, sizes[i][0] - 1)), sizes[i][1] - (sizes[i][1] < 60 ? 0 : 2)));
		zg_buffer_print(&all, "%s== %d×%d ==\n%s", i ? "\n" : "", sizes[i][1], sizes[i][0], screen);
		free(screen);
	}

	snprintf(name, sizeof(name), "%s.%s", scene->name, tongue);
	char *text = zg_buffer_take(&all);

	hide_seals(text);
	golden_check(name, text);
	free(text);
}
