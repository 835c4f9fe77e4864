/*
 * Every screen and box of the till is visited twice, with keys: in a made-up language whose texts are marked, so that
 * a word without a translation is seen, and in Chinese. The shop's own data has no Latin letter.
 */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"
#include "src/io/data.h"
#include "src/store/jobs.h"
#include "tests/screen/counter.h"
#include "tests/screen/words.h"
#include "tui/screens.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ROWS 64
#define F3  "\033OR"
#define F4  "\033OS"
#define F7  "\033[18~"
#define F9  "\033[20~"
#define F12 "\033[24~"
#define CTRL_L "\014"
#define CTRL_O "\017"
#define CTRL_Q "\021"
#define CTRL_X "\030"

static struct counter *c;
static const char home[] = "";    /* back to the selling screen, whatever is open */
static const char lent[] = "ding\r2468\r";    /* typed only when a right is asked for */
/* A language is called by its own name in every language. */
static const char *const no_words[] = { "boss", "ding", "lin", "English", NULL };
static const char *const chinese_words[] = { "X", "Z", "xX", "boss", "ding", "lin", "English", NULL };    /* x is the key of X 报表 */
static const char *const *allowed;

/* Our messages in that language, from the catalogues under that directory of the build. */
static void speak(const char *language, const char *directory)
{
	char *path = zg_print("%s/%s", ZG_BUILD, directory);

	setenv("LANGUAGE", language, 1);
	bindtextdomain("zhanggui", path);
	bind_textdomain_codeset("zhanggui", "UTF-8");
	textdomain("zhanggui");
	free(path);
	cr_assert(ne(str, (char *)_("Settle"), "Settle"), "no catalogue of %s", language);
}

/* ---- the made-up shop ---- */

static const char goods[] =
	"code,barcodes,name,unit,price,tax_rate,tax_code,kind,category\n"
	"501,6901234567892,甲乙丙丁,个,12.50,13%,,piece,戊己\n"
	"502,,庚辛壬癸,斤,8.80,9%,,weighed,\n"
	"503,,子丑寅卯,件,0.00,13%,,open-price,\n";

static void write_file(const char *directory, const char *name, const char *text)
{
	char *path = zg_print("%s/%s", directory, name);
	FILE *file = fopen(path, "w");

	cr_assert(ne(ptr, file, NULL), "%s", path);
	fputs(text, file);
	fclose(file);
	free(path);
}

/* The English templates with their words marked, as the shop's own. */
static void mark_templates(const char *home)
{
	static const char *const ours[] = { ZG_SOURCE "/data" };
	char *receipts = zg_print("%s/receipts", home);

	mkdir(receipts, 0700);
	for (int slip = 0; slip < ZG_SLIPS; slip++) {
		struct zg_buffer text = { 0 }, marked = { 0 };
		struct zg_error err = { .text = "" };
		char *name = zg_print("%s.en.txt", zg_slip_name((enum zg_slip)slip));

		cr_assert(eq(int, zg_data_template(ours, 1, (enum zg_slip)slip, "en", &text, &err), ZG_OK), "%s", err.text);
		words_template(zg_buffer_text(&text), &marked);
		write_file(receipts, name, zg_buffer_text(&marked));
		free(name);
		zg_buffer_clear(&text);
		zg_buffer_clear(&marked);
	}
	free(receipts);
}

static void begin(bool is_marked)
{
	c = counter_open(24, 80, NULL, "[shop]\nname = 天地玄黄\nrounding = jiao\n\n[till]\nid = 1\n\n[drawer]\ndrawer = printer\n");
	if (is_marked)
		mark_templates(c->shop->home);
	write_file(c->shop->home, "more.csv", goods);
	char *path = zg_print("%s/more.csv", c->shop->home);

	cr_assert(eq(int, shop_do_as(c->shop, "boss", NULL, "product.import", "{s:s}", "path", path), ZG_OK), "%s", c->shop->err.text);
	free(path);
	counter_show(c, &zg_login_screen, NULL);
}

/* ---- looking ---- */

static int looks, seen;

static void look(const char *where)
{
	static const int sizes[][2] = { { 12, 40 }, { 40, 120 }, { 8, 30 }, { 24, 80 } };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		const char *rows[ROWS];
		struct zg_buffer words = { 0 };

		harness_resize(c->h, sizes[i][0], sizes[i][1]);
		for (int row = 0; row < sizes[i][0]; row++)
			rows[row] = harness_row(c->h, row);
		words_unmarked(rows, (size_t)sizes[i][0], allowed, &words);
		cr_expect(eq(int, (int)words.length, 0), "%s, %d columns: %s\n%s", where, sizes[i][1], zg_buffer_text(&words), harness_screen(c->h));
		zg_buffer_clear(&words);
	}
	looks++;
}

/* One step of the visit: keys, then a msgid that must be seen; NULL: only look. */
struct stop {
	const char *keys, *shows;
};

/* A PIN takes a while to check; all else is done at once. */
static void settle_down(bool has_pin)
{
	for (int i = 0; i < 5; i++)
		zg_loop_step(c->shop->loop, 0);
	if (has_pin)
		counter_wait(c);
	harness_pass(c->h, 10);
}

static void visit(const struct stop *stops)
{
	for (; stops->keys; stops++) {
		if (stops->keys != lent || harness_has(c->h, _("A supervisor's right is needed")))
			harness_type(c->h, stops->keys);
		if (stops->keys == home) {
			zg_app_back_to(harness_app(c->h), &zg_sale_screen);
			harness_type(c->h, "\033");
		}
		harness_pass(c->h, 100);
		settle_down(strstr(stops->keys, "2468") || strstr(stops->keys, "1111"));
		if (stops->shows) {
			cr_expect(harness_has(c->h, _(stops->shows)), "\"%s\" is not in\n%s", stops->shows, harness_screen(c->h));
			seen++;
		}
		look(stops->shows ? stops->shows : stops->keys);
	}
}

static const struct stop signing_in[] = {
	{ "", "Sign in" },
	{ "?", NULL },
	{ "\033", NULL },
	{ "lin\r1111\r", NULL },
	{ "2468\r", NULL },
	{ .keys = NULL },
};

static const struct stop selling[] = {
	{ "?", "Keys" }, { "\033[6~", NULL }, { "\033", NULL },
	{ "+", "Nothing to pay yet. Scan an item first." },
	{ "-", NULL }, { "/", NULL }, { "3*", NULL }, { "\033", NULL }, { "*", NULL }, { "\033", NULL },
	{ F7, "No sale is hung." },
	{ CTRL_X, "No sale is under way." },
	{ "999\r", NULL },
	{ "501\r", NULL },
	{ "+", "No shift is open. Open one before you take money." }, { F9, "No shift is open." }, { "?", NULL }, { "\033", NULL },
	{ "\r", "Open a shift" }, { "3-\r", NULL }, { "\b\b\b\b\b\b\b\b200\r", NULL }, { "\033", NULL },
	{ "501\r", "甲乙丙丁" }, { "502\r", NULL }, { "0-\r", NULL }, { "\b\b0.75\r", NULL },
	{ "503\r", NULL }, { "3.30\r", NULL }, { "0*", NULL }, { "3*", NULL }, { "501\r", NULL },
	{ "9/", NULL }, { "//", NULL }, { "\033", NULL }, { "95//", NULL }, { "\033", NULL },
	{ "-", "taken off" }, { "\033[B", NULL }, { "-", NULL }, { "\r", "Put back what was taken off" }, { "?", NULL }, { "\033", NULL }, { "u", NULL },
	{ "\r", "Take it off" }, { "3", NULL }, { "9.90\r", NULL }, { "ding\r1111\r", NULL }, { "\033", NULL }, { "\033", NULL },
	{ "\r1", NULL }, { "\033", NULL }, { "\r2", NULL }, { "\033", NULL }, { ".", NULL }, { "\033", NULL }, { "-", NULL }, { "\033", NULL },
	{ "甲", "Price" }, { "\033", NULL },
	{ F3, "Find goods" }, { "?", NULL }, { "\033", NULL }, { "甲", NULL }, { "\b", NULL }, { "天", "Nothing is called so." }, { "\033", NULL }, { "\033", NULL },
	{ CTRL_X, "Cancel the whole sale" }, { "\r", "Say why: a reason is kept with it." }, { "\033", NULL },
	{ CTRL_O, "Why is the drawer opened?" }, { "\033", NULL },
	{ CTRL_Q, "A sale is under way. Hang or settle it before you sign out." },
	{ F7, NULL }, { F7, "Hung sales" }, { "?", NULL }, { "\033", NULL }, { "\r", NULL },
	{ "+", "Take the money" }, { "?", NULL }, { "\033", NULL }, { "0\r", NULL }, { "\033\033+", NULL }, { "1\r", NULL }, { "\033\033+", NULL },
	{ "999999\r", "That is a lot of money" }, { "\r", NULL }, { "\033\033+", NULL },
	{ "\r", "Paid" }, { "501\r", NULL }, { "100+", "Paid" }, { "501\r", NULL },
	{ CTRL_X, NULL }, { "丑\r", "A supervisor's right is needed" }, { lent, NULL },
	{ "501\r", NULL }, { "10+", NULL }, { "\033\033+\r", NULL },
	{ .keys = NULL },
};

static const struct stop looking_back[] = {
	{ home, NULL }, { F4, "Number" }, { "?", "Keys" }, { "\033", NULL }, { "/", NULL }, { "天\r", NULL },
	{ home, NULL }, { F4, NULL }, { "[", NULL }, { "]", NULL }, { "]", NULL },
	{ "\r", "What happened" }, { "?", "Keys" }, { "\033", NULL }, { "\033[6~", NULL }, { "\r", NULL }, { "?", NULL }, { "\033", NULL }, { "\033[6~", NULL },
	{ home, NULL }, { F4, NULL }, { "\r", NULL }, { "p", NULL }, { lent, NULL },
	{ home, NULL }, { F4, NULL }, { "\r", NULL }, { "t", "To give back" }, { "?", "Keys" }, { "\033", NULL }, { "\r", NULL }, { "9", NULL },
	{ home, NULL }, { F4, NULL }, { "\r", NULL }, { "t", NULL }, { "a", NULL }, { "\r", "Why is it given back?" }, { "1", NULL }, { lent, NULL },
	{ home, NULL }, { F4, NULL }, { "\r", "What happened" }, { "\r", NULL }, { "\033", NULL }, { "t", NULL }, { "\033", NULL },
	{ home, NULL }, { F4, NULL }, { "\033[B\r", "What happened" }, { "t", NULL }, { "\r", NULL },
	{ home, NULL },
	{ .keys = NULL },
};

static const struct stop the_shift[] = {
	{ F9, "Float" }, { "?", "Keys" }, { "\033", NULL },
	{ "i", "Put cash in" }, { "3-\r", NULL }, { "\033", NULL }, { "i20\r", "Why is cash put in?" }, { "9", NULL }, { "\033", NULL }, { "\033", NULL },
	{ home, NULL }, { F9, NULL }, { "i20\r1", NULL }, { lent, NULL },
	{ home, NULL }, { F9, NULL }, { "o", "Take cash out" }, { "5\r", "Why is cash taken out?" }, { "1", NULL }, { lent, NULL },
	{ home, NULL }, { CTRL_O, "Why is the drawer opened?" }, { "1", NULL }, { lent, NULL },
	{ home, NULL }, { F9, NULL }, { "x", NULL }, { "?", "Keys" }, { "\033", NULL }, { "p", NULL },
	{ home, NULL }, { F9, NULL }, { "u", NULL }, { "?", "Keys" }, { "\033", NULL }, { "p", NULL }, { lent, NULL },
	{ home, NULL }, { F9, NULL }, { "u", NULL }, { "x", NULL }, { "\r", NULL }, { lent, NULL },
	{ home, NULL }, { F9, NULL }, { "c", "Counted" }, { "?", "Keys" }, { "\033", NULL }, { "-", NULL }, { "2\r", NULL },
	{ "+", "Close the shift" }, { "\r", NULL }, { lent, NULL }, { "\033[6~", NULL },
	{ home, NULL }, { F9, NULL }, { home, NULL },
	{ CTRL_L, "Locked" }, { "1111\r", NULL }, { "2468\r", NULL },
	{ home, NULL }, { CTRL_Q, "Sign in" },
	{ .keys = NULL },
};

static const struct stop the_day[] = {
	{ "ding\r2468\r", NULL }, { F12, "Takings of the day" }, { "?", "Keys" }, { "\033", NULL },
	{ "[", NULL }, { "]", NULL }, { "]", NULL }, { "\r", NULL }, { "?", "Keys" }, { "\033", NULL }, { "p", NULL },
	{ home, NULL }, { F12, NULL }, { "d", NULL }, { "p", NULL }, { home, NULL }, { F12, NULL }, { "t", NULL }, { "p", NULL },
	{ home, NULL }, { F12, NULL }, { "u", NULL }, { "\033[B", NULL }, { "\033[B", NULL }, { "\033[B", NULL },
	{ home, NULL }, { F12, NULL }, { "s", "Shop's name" }, { "?", "Keys" }, { "\033", NULL }, { "t", NULL }, { lent, NULL },
	{ home, NULL }, { F12, NULL }, { "s", NULL }, { "\r", NULL }, { "\033", NULL }, { "\033[B\r", NULL }, { "\033", NULL }, { "\033[B\r", NULL }, { "\033", NULL },
	{ "\033[B\r", NULL }, { "\033", NULL }, { "\033[B\r", NULL }, { "\033", NULL }, { "\033[B\r", NULL }, { "\033", NULL },
	{ "\033[B\r", NULL }, { "\033", NULL }, { "\033[B\r", NULL }, { "\033", NULL }, { "\033[B\r", NULL }, { "\033", NULL },
	{ "\033[B\r", NULL }, { "\033", NULL }, { "\033[B\r", NULL }, { "\033", NULL }, { "\033[B\r", NULL }, { "\033", NULL },
	{ home, NULL },
	{ .keys = NULL },
};

static void visit_all(void)
{
	visit(signing_in);
	visit(selling);
	visit(looking_back);
	visit(the_shift);
	visit(the_day);
}

/* ---- the slips ---- */

static int slips_of[ZG_SLIPS];

static void read_slip(const struct zg_job *job, const char *document, int columns, const char *language)
{
	const char *directories[] = { c->shop->home, ZG_SOURCE "/data" };
	struct zg_error err = { .text = "" };
	struct zg_buffer text = { 0 }, words = { 0 };
	json_t *tree = zg_json_parse(document, strlen(document));
	struct zg_gbk *gbk = zg_gbk_new();
	struct zg_paper paper;
	enum zg_slip slip;

	cr_assert(zg_slip_find(job->kind, &slip));
	cr_assert(eq(int, zg_data_template(directories, 2, slip, language, &text, &err), ZG_OK), "%s", err.text);
	cr_assert(eq(str, err.text, (char *)""));
	cr_assert(eq(int, zg_receipt_layout(text.bytes, text.length, job->kind, tree, columns, gbk, &paper, &err), ZG_OK), "%s", err.text);
	const char **rows = zg_alloc(paper.count, sizeof(*rows));

	for (size_t i = 0; i < paper.count; i++)
		rows[i] = paper.rows[i].kind == ZG_ROW_TEXT ? paper.rows[i].text : "";
	words_unmarked(rows, paper.count, allowed, &words);
	cr_expect(eq(int, (int)words.length, 0), "%s, %d columns: %s in\n%s", job->kind, columns, zg_buffer_text(&words), zg_paper_text(&paper));
	free(rows);
	slips_of[slip]++;
	zg_paper_clear(&paper);
	zg_gbk_free(gbk);
	json_decref(tree);
	zg_buffer_clear(&text);
	zg_buffer_clear(&words);
}

static void read_slips(const char *language)
{
	struct zg_job job;
	char *document;

	for (int64_t id = 1; zg_jobs_find(zg_till_store(c->shop->till), id, &job, &document, NULL) == ZG_OK; id++) {
		if (strcmp(job.kind, "drawer") != 0) {
			read_slip(&job, document, 32, language);
			read_slip(&job, document, 48, language);
		}
		free(document);
	}
	for (int slip = 0; slip < ZG_SLIPS; slip++)
		cr_expect(gt(int, slips_of[slip], 0), "no %s was printed", zg_slip_name((enum zg_slip)slip));
}

/* ---- the tests ---- */

static void end(void)
{
	if (c)
		counter_close(c);
}

TestSuite(words, .fini = end, .timeout = 120);

Test(words, a_word_outside_the_marks_is_found)
{
	static const char *const rows[] = {
		"Enter «Go on»  Esc Leave", "«one text that goes", "on here» Loose", "«cut te…  More", "Side │«box» Inside│ Side", "R010000187 F12 ?Cash? 《Total》 Net",
	};
	struct zg_buffer words = { 0 };

	words_unmarked(rows, sizeof(rows) / sizeof(rows[0]), NULL, &words);

	cr_expect(eq(str, (char *)zg_buffer_text(&words), "Leave Loose More Inside Net "));
	zg_buffer_clear(&words);
}

Test(words, a_template_is_marked_but_for_its_fields)
{
	struct zg_buffer out = { 0 };

	words_template("# A note\n{bold}Receipt {number}|No.\n", &out);

	cr_expect(eq(str, (char *)zg_buffer_text(&out), "# A note\n{bold}《Receipt》 {number}|《No》.\n"));
	zg_buffer_clear(&out);
}

Test(words, every_word_of_every_screen_and_slip_can_be_translated)
{
	speak("en_XA", "tests/locale");
	allowed = no_words;
	begin(true);

	visit_all();

	read_slips("en");
	cr_expect(gt(int, looks, 200));
}

Test(words, no_screen_or_slip_has_an_english_word_in_chinese)
{
	speak("zh_CN", "po/locale");
	allowed = chinese_words;
	begin(false);

	visit_all();

	read_slips("zh");
}
