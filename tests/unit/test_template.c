#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/json.h"
#include "src/shop/receipt.h"
#include "src/shop/template.h"
#include "tests/unit/chance.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static const char document_text[] =
	"{\"shop\":{\"name\":\"掌柜\",\"phone\":\"\"},\"total_fen\":-1250,\"big_fen\":9223372036854775807,\"quantity_milli\":856,"
	"\"rate_bp\":1300,\"at_ms\":1795424527000,\"count\":3,\"copy\":true,\"training\":false,\"none\":[],\"kind\":\"cash\",\"nothing\":null,"
	"\"lines\":[{\"name\":\"苹果\",\"amount_fen\":100,\"parts\":[{\"n\":1},{\"n\":2}]},{\"name\":\"梨\",\"amount_fen\":0,\"parts\":[]}]}";

/* The slip as plain text, or the message of a template that is refused. */
static char *lay(const char *text)
{
	json_t *document = zg_json_parse(document_text, strlen(document_text));
	struct zg_gbk *gbk = zg_gbk_new();
	struct zg_error err = { .text = "" };
	struct zg_paper paper;

	cr_assert(document != NULL);
	enum zg_result result = zg_receipt_layout(text, strlen(text), "t", document, 24, gbk, &paper, &err);
	char *shown = result == ZG_OK ? zg_paper_text(&paper) : zg_copy(err.text);

	zg_paper_clear(&paper);
	zg_gbk_free(gbk);
	json_decref(document);
	return shown;
}

Test(template, every_mark_does_what_the_manual_says)
{
	static const struct { const char *text, *shown; } cases[] = {
		{ "", "" },
		{ "# a note\nwords\r\n\nmore", "words\n\nmore\n" },
		{ "\xEF\xBB\xBFwords", "words\n" },
		{ "---\n=====", "------------------------\n========================\n" },
		{ "--", "--\n" },
		{ "{centre}{bold}ab", "           ab\n" },
		{ "{right} ab", "                      ab\n" },
		{ "{shop.name}|{total_fen}", "掌柜              -12.50\n" },
		{ "a {|} b {{c}", "a | b {c}\n" },
		{ "{total_fen:yuan} {total_fen:minus} {total_fen:number}", "-￥12.50 12.50 -1250\n" },
		{ "{quantity_milli} {rate_bp} {count} {count:text}", "0.856 13% 3 3\n" },
		{ "{at_ms}\n{at_ms:date}\n{at_ms:hour}", "2026-11-23 17:02:07\n2026-11-23\n17:02\n" },
		{ "[{absent}{shop.absent}{nothing}{shop}{copy}]", "[]\n" },
		{ "{big_fen}", "9223372036854775807\n" },
		{ "{each lines}\n{name} {amount_fen} {kind}\n{end}", "苹果 1.00 cash\n梨 0.00 cash\n" },
		{ "{each lines}\n{each parts}\n{n}{name}\n{end}\n{end}\n.", "1苹果\n2苹果\n.\n" },
		{ "{each none}\nx\n{end}{each kind}\nx\n{end}", "t, line 3: {end} must stand on a line of its own. Move it there." },
		{ "{each none}\nx\n{end}\n{each kind}\nx\n{end}\n{each absent}\nx\n{end}", "" },
		{ "{if copy}\na\n{else}\nb\n{end}\n{if training}\nc\n{else}\nd\n{end}", "a\nd\n" },
		{ "{if not shop.phone}\na\n{end}\n{if none}\nb\n{end}\n{if nothing}\nc\n{end}\n{if lines}\nd\n{end}", "a\nd\n" },
		{ "{if shop}\ne\n{end}\n{if shop = x}\nf\n{end}\n{if shop != x}\ng\n{end}", "e\ng\n" },
		{ "{if total_fen < 0}\na\n{end}\n{if total_fen > 0}\nb\n{end}\n{if total_fen > -1251}\nc\n{end}", "a\nc\n" },
		{ "{if kind = cash}\na\n{end}\n{if kind != cash}\nb\n{end}\n{if count = 3}\nc\n{end}\n{if count != 4}\nd\n{end}", "a\nc\nd\n" },
		{ "{barcode kind}\n{qr shop.name}\n{qr absent}\n{feed 2}\n{cut}", "[CODE128 cash]\n[QR 掌柜]\n\n\n- - - cut - - -\n" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *shown = lay(cases[i].text);

		cr_expect(eq(str, shown, (char *)cases[i].shown));
		free(shown);
	}
}

Test(template, a_mistake_is_named_with_its_line_and_its_cure)
{
	static const struct { const char *text, *start; } cases[] = {
		{ "ok\n{total_fen", "t, line 2: a { has no }. Close it" },
		{ "{}", "t, line 1: \"\" is not the name of a field" },
		{ "{Total}", "t, line 1: \"Total\" is not the name of a field" },
		{ "{shop..name}", "t, line 1: \"shop..name\" is not the name" },
		{ "{shop.}", "t, line 1: \"shop.\" is not the name" },
		{ "{total_fen:euro}", "t, line 1: there is no format \"euro\". Use text, money" },
		{ "a|b|c|d|e", "t, line 1: there are more than 3 bars" },
		{ "\n\n{each lines}\n{name}\n", "t, line 3: this block has no {end}" },
		{ "{end}", "t, line 1: {end} ends nothing" },
		{ "{each lines}\n{else}\n{end}", "t, line 2: {else} is not within an {if}" },
		{ "{if copy}\n{else}\n{else}\n{end}", "t, line 3: {else} is not within an {if}" },
		{ "{each}", "t, line 1: a name or number is missing" },
		{ "{cut now}", "t, line 1: {else}, {end} and {cut} stand alone" },
		{ "a {cut}", "t, line 1: {cut} must stand on a line of its own" },
		{ "{bold}{cut}", "t, line 1: {cut} must stand on a line of its own" },
		{ "a {bold}b", "t, line 1: {bold} must stand at the start" },
		{ "{feed 0}", "t, line 1: {feed} takes a number of lines from 1 to 15" },
		{ "{feed 16}", "t, line 1: {feed} takes" },
		{ "{feed 99999999999}", "t, line 1: {feed} takes" },
		{ "{feed x}", "t, line 1: {feed} takes" },
		{ "{if total_fen > much}\n{end}", "t, line 1: > and < compare with a whole number" },
		{ "{if total_fen = }\n{end}", "t, line 1: " },
		{ "a\tb", "t, line 1: there is a control character in it" },
		{ "a\n\x1b@", "t, line 2: there is a control character in it" },
		{ "a\n\xff", "t, line 2: there is bytes that are not UTF-8 in it" },
		{ "{if copy}\n{if copy}\n{if copy}\n{if copy}\n{if copy}\n{if copy}\n{if copy}\n{if copy}\n{if copy}\n", "t, line 9: blocks stand" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *shown = lay(cases[i].text);

		cr_expect(eq(int, strncmp(shown, cases[i].start, strlen(cases[i].start)), 0), "%s", shown);
		free(shown);
	}
}

Test(template, a_field_that_the_slip_lacks_is_found_beforehand)
{
	static const struct { const char *text, *message; } cases[] = {
		{ "{total_fen}\n{each lines}\n{name} {total_fen}\n{end}", "" },
		{ "{totl}", "t, line 1: this slip has no field \"totl\"" },
		{ "{each lines}\n\n{nam}\n{end}", "t, line 3: this slip has no field \"nam\"" },
		{ "{name}", "t, line 1: this slip has no field \"name\"" },
		{ "{if cop}\n{end}", "t, line 1: this slip has no field \"cop\"" },
		{ "{each number}\n{end}", "t, line 1: \"number\" is not a list" },
		{ "", "t prints no word" },
		{ "# nothing\n\n---\n{barcode number}\n{feed 2}\n{cut}\n", "t prints no word" },
		{ "{if copy}\ncopy\n{end}", "t prints no word" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_error err = { .text = "" };
		enum zg_result result = zg_receipt_check(ZG_SLIP_SALE, cases[i].text, strlen(cases[i].text), "t", &err);

		cr_expect(eq(int, result, cases[i].message[0] ? ZG_INVALID : ZG_OK));
		cr_expect(eq(int, strncmp(err.text, cases[i].message, strlen(cases[i].message)), 0), "%s", err.text);
	}
}

Test(template, an_endless_list_is_refused)
{
	json_t *document = zg_json_object(), *rows = zg_json_array();
	struct zg_gbk *gbk = zg_gbk_new();
	struct zg_paper paper;
	const char *text = "{each rows}\nx\n{end}";

	for (int i = 0; i < ZG_PAPER_ROWS_MAX + 5; i++)
		zg_json_append(rows, zg_json_object());
	zg_json_set(document, "rows", rows);

	cr_expect(eq(int, zg_receipt_layout(text, strlen(text), "t", document, 32, gbk, &paper, NULL), ZG_INVALID));
	zg_paper_clear(&paper);
	cr_expect(eq(int, zg_receipt_layout(text, strlen(text), "t", document, 10, gbk, &paper, NULL), ZG_INVALID));
	zg_paper_clear(&paper);
	json_decref(document);
	zg_gbk_free(gbk);
}

Test(template, rubbish_is_laid_out_or_refused)
{
	static const char *const pieces[] = {
		"{", "}", "|", "\n", "{each lines}\n", "{if copy}\n", "{else}\n", "{end}\n", "{total_fen}", "{centre}", "{big}", "{cut}\n", "---\n",
		"words ", "掌柜", "{feed 3}\n", "{qr kind}\n", ":money}", "{shop.name:", "\x80", "#",
	};
	json_t *document = zg_json_parse(document_text, strlen(document_text));
	struct zg_gbk *gbk = zg_gbk_new();
	struct chance chance = chance_begin();
	int good = 0;

	for (int round = 0; round < chance_rounds(100000); round++) {
		struct zg_buffer text = { 0 };
		struct zg_paper paper;

		for (uint64_t n = chance_next(&chance) % 12; n > 0; n--)
			zg_buffer_add_text(&text, pieces[chance_next(&chance) % (sizeof(pieces) / sizeof(pieces[0]))]);
		good += zg_receipt_layout(zg_buffer_text(&text), text.length, "t", document, 24 + (int)(chance_next(&chance) % 41), gbk,
					  &paper, NULL) == ZG_OK;
		zg_paper_clear(&paper);
		zg_buffer_clear(&text);
	}
	cr_expect(gt(int, good, 0), "ZG_SEED=%llu", (unsigned long long)chance.seed);
	zg_gbk_free(gbk);
	json_decref(document);
}

Test(template, a_line_and_a_file_have_a_limit)
{
	struct zg_buffer text = { 0 };

	while (text.length < 512)
		zg_buffer_add_byte(&text, 'a');
	char *shown = lay(zg_buffer_text(&text));

	cr_expect(eq(ptr, strstr(shown, "too long"), NULL));
	free(shown);
	zg_buffer_add_byte(&text, 'a');
	shown = lay(zg_buffer_text(&text));
	cr_expect(eq(str, shown, "t, line 1: the line is too long. Make several of it."));
	free(shown);
	zg_buffer_empty(&text);
	while (text.length <= 64 * 1024)
		zg_buffer_add_text(&text, "# a note\n");
	shown = lay(zg_buffer_text(&text));
	cr_expect(ne(ptr, strstr(shown, "the file is too big"), NULL), "%s", shown);
	free(shown);
	zg_buffer_clear(&text);
	enum zg_slip slip;

	cr_expect(not(zg_slip_find("no slip", &slip)));
	cr_expect(zg_slip_find("sale", &slip));
}
