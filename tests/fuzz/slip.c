/*
 * Any document on every slip, by the templates and printers of the house: the driver's bytes are read by the virtual printer, which
 * knows only the manuals. It must understand each byte, print just the rows of the grid, open no drawer, and cut where the
 * grid says. Input: a byte each for slip and printer, then the document.
 */
#include "tests/fuzz/fuzz.h"

#include "contrib/sim/escpos_decoder.h"
#include "drivers/printer/escpos.h"
#include "src/base/alloc.h"
#include "src/base/json.h"
#include "src/base/text.h"
#include "src/shop/receipt.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct fuzz_limits fuzz_limits = { 8000000, 400 };    /* QR codes are drawn dot by dot; a list's member is some rows */

#define PRINTERS 16

static struct zg_printer_profile printers[PRINTERS];
static size_t printer_count;
static char *templates[ZG_SLIPS][2];
static struct zg_gbk *gbk;

static char *read_file(const char *folder, const char *name)
{
	char *path = zg_print("%s/%s/%s", getenv("ZHANGGUI_DATA"), folder, name), *text = zg_alloc(1, 65536);
	FILE *file = fopen(path, "r");

	fuzz_check(file && fread(text, 1, 65535, file) > 0, "%s cannot be read", path);
	fclose(file);
	free(path);
	return text;
}

static void read_printers(void)
{
	char *path = zg_print("%s/printers", getenv("ZHANGGUI_DATA"));
	struct dirent **names;
	int count = scandir(path, &names, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		if (names[i]->d_name[0] != '.' && printer_count < PRINTERS) {
			char *text = read_file("printers", names[i]->d_name);

			zg_profile_init(&printers[printer_count]);
			fuzz_check(zg_profile_read(&printers[printer_count++], text, strlen(text), "printer", NULL) == ZG_OK, "a profile is wrong");
			free(text);
		}
		free(names[i]);
	}
	free(names);
	free(path);
}

static void begin(void)
{
	gbk = zg_gbk_new();
	read_printers();
	for (enum zg_slip slip = ZG_SLIP_SALE; slip < ZG_SLIPS; slip++)
		for (int i = 0; i < 2; i++) {
			char name[40];

			snprintf(name, sizeof(name), "%s.%s.txt", zg_slip_name(slip), i ? "zh" : "en");
			templates[slip][i] = read_file("receipts", name);
		}
}

/* Strings as they come into the shop: clean, and no longer than a field holds. */
static void clean(json_t *value)
{
	const char *key;
	json_t *member;
	size_t at;

	json_object_foreach(value, key, member) {
		if (json_is_string(member)) {
			char out[400];

			zg_text_clean(out, sizeof(out), json_string_value(member), strlen(json_string_value(member)));
			json_string_set(member, out);
		}
		clean(member);
	}
	json_array_foreach(value, at, member)
		clean(member);
}

struct seen {
	const struct zg_printer_profile *profile;
	const struct zg_paper *paper;
	size_t row;     /* of the grid, the next to be seen */
	int cuts;
};

/* The grid's next text row has this on paper; a printer without Chinese prints two '?' for a wide character. */
static void take_row(struct seen *seen, const struct sim_mark *mark)
{
	struct zg_buffer text = { 0 }, want = { 0 };

	if (mark->glyph_count == 0)
		return;    /* fed, or an empty row */
	while (seen->row < seen->paper->count && (seen->paper->rows[seen->row].kind > ZG_ROW_RULE || !*seen->paper->rows[seen->row].text))
		seen->row++;
	fuzz_check(seen->row < seen->paper->count, "more rows than the grid has");
	for (size_t i = 0; i < mark->glyph_count; i++)
		zg_buffer_add_text(&text, mark->glyphs[i].text);
	for (const char *at = seen->paper->rows[seen->row].text; *at; at++)
		if ((unsigned char)*at < 0x80 || seen->profile->gbk)
			zg_buffer_add_byte(&want, (unsigned char)*at);
		else if (((unsigned char)*at & 0xC0) == 0xC0)
			zg_buffer_add_text(&want, "??");
	fuzz_check(strcmp(zg_buffer_text(&text), zg_buffer_text(&want)) == 0, "on paper \"%s\", in the grid \"%s\"", zg_buffer_text(&text),
		   zg_buffer_text(&want));
	fuzz_check(!mark->wrapped, "the printer wrapped a row");
	seen->row++;
	zg_buffer_clear(&text);
	zg_buffer_clear(&want);
}

static void take(void *self, const struct sim_mark *mark)
{
	struct seen *seen = self;

	switch (mark->kind) {
	case SIM_ROW:
		take_row(seen, mark);
		break;
	case SIM_CUT:
		seen->cuts++;
		break;
	case SIM_FAULT:
	case SIM_DRAWER:
	case SIM_REALTIME:
		fuzz_check(false, "the printer was sent %s", mark->kind == SIM_FAULT ? mark->name : mark->kind == SIM_DRAWER ? "a pulse" : "a real-time command");
		break;
	default:
		break;
	}
}

static void print(const struct zg_printer_profile *profile, const struct zg_paper *paper)
{
	struct sim_decoder_options options = { .columns = profile->width_dots / 12 };
	struct seen seen = { .profile = profile, .paper = paper };
	struct sim_decoder *decoder = sim_decoder_new(&options, take, &seen);
	struct zg_buffer bytes = { 0 };
	int cuts = 0;

	zg_escpos.build(profile, paper, gbk, 1234, &bytes);
	for (size_t i = 0; i < bytes.length; i++)
		sim_decoder_put(decoder, (unsigned char)bytes.bytes[i]);
	sim_decoder_end(decoder);
	for (size_t i = 0; i < paper->count; i++)
		cuts += paper->rows[i].kind == ZG_ROW_CUT;
	while (seen.row < paper->count && (paper->rows[seen.row].kind > ZG_ROW_RULE || !*paper->rows[seen.row].text))
		seen.row++;
	fuzz_check(seen.row == paper->count, "row %zu of %zu is not on paper", seen.row, paper->count);
	fuzz_check(seen.cuts == (profile->cut == ZG_CUT_NONE ? 0 : cuts), "%d cuts, not %d", seen.cuts, cuts);
	sim_decoder_free(decoder);
	zg_buffer_clear(&bytes);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	unsigned which = fuzz_byte(&input), printer = fuzz_byte(&input);
	enum zg_slip slip = (enum zg_slip)(which / 2 % ZG_SLIPS);
	json_t *document = zg_json_parse(input.at, (size_t)(input.end - input.at));
	struct zg_paper paper;

	if (!gbk)
		begin();
	if (!json_is_object(document)) {
		json_decref(document);
		document = zg_slip_sample(slip);
	}
	clean(document);
	const struct zg_printer_profile *profile = &printers[printer % printer_count];
	const char *text = templates[slip][which % 2];

	if (zg_receipt_layout(text, strlen(text), "a.txt", document, profile->columns, gbk, &paper, NULL) == ZG_OK)
		print(profile, &paper);
	zg_paper_clear(&paper);
	json_decref(document);
}
