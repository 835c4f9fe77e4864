#include "src/io/printer.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/ini.h"
#include "src/base/seal.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct word {
	const char *name;
	int value;
};

static const struct word proofs[] = {
	{ "manual", ZG_PROOF_MANUAL }, { "device", ZG_PROOF_DEVICE }, { "shop", ZG_PROOF_SHOP }, { 0 }
};
static const struct word encodings[] = { { "gbk", true }, { "ascii", false }, { 0 } };
static const struct word switches[] = { { "yes", true }, { "no", false }, { 0 } };
static const struct word images[] = { { "raster", true }, { "none", false }, { 0 } };
static const struct word cuts[] = {
	{ "none", ZG_CUT_NONE }, { "partial", ZG_CUT_PARTIAL }, { "full", ZG_CUT_FULL }, { "feedcut", ZG_CUT_FEEDCUT }, { 0 }
};
static const struct word codes[] = {
	{ "raster", ZG_CODE_RASTER }, { "native", ZG_CODE_NATIVE }, { "none", ZG_CODE_NONE }, { 0 }
};
static const struct word statuses[] = {
	{ "none", ZG_STATUS_NONE }, { "dle", ZG_STATUS_DLE }, { "asb", ZG_STATUS_ASB }, { 0 }
};
static const struct word confirms[] = {
	{ "none", ZG_CONFIRM_NONE }, { "gsr", ZG_CONFIRM_GSR }, { "gsH", ZG_CONFIRM_GSH }, { 0 }
};
static const struct word flows[] = {
	{ "none", ZG_FLOW_NONE }, { "xonxoff", ZG_FLOW_XONXOFF }, { "rtscts", ZG_FLOW_RTSCTS }, { 0 }
};
static const struct word pins[] = { { "none", 0 }, { "2", 2 }, { "5", 5 }, { 0 } };

enum kind { TEXT, NUMBER, WORD, HEX };

#define AT(member) offsetof(struct zg_printer_profile, member), sizeof(((struct zg_printer_profile *)0)->member)

/* WORD members are enums, ints and bools: they are told apart by their size. */
static const struct setting {
	const char *section, *key;
	enum kind kind;
	size_t offset, size;
	int least, most;             /* of a NUMBER */
	const struct word *words;
	size_t length_offset;        /* of HEX */
} settings[] = {
	{ "printer", "title",    TEXT,   AT(title),      0, 0, NULL, 0 },
	{ "printer", "source",   TEXT,   AT(source),     0, 0, NULL, 0 },
	{ "printer", "proof",    WORD,   AT(proof),      0, 0, proofs, 0 },
	{ "printer", "driver",   TEXT,   AT(driver),     0, 0, NULL, 0 },
	{ "paper", "columns",    NUMBER, AT(columns),    ZG_PAPER_COLUMNS_MIN, ZG_PAPER_COLUMNS_MAX, NULL, 0 },
	{ "paper", "width_dots", NUMBER, AT(width_dots), 256, 832, NULL, 0 },
	{ "paper", "cut",        WORD,   AT(cut),        0, 0, cuts, 0 },
	{ "paper", "cut_feed",   NUMBER, AT(cut_feed),   0, 15, NULL, 0 },
	{ "text", "encoding",    WORD,   AT(gbk),        0, 0, encodings, 0 },
	{ "text", "kanji",       WORD,   AT(kanji),      0, 0, switches, 0 },
	{ "codes", "image",      WORD,   AT(raster),     0, 0, images, 0 },
	{ "codes", "qr",         WORD,   AT(qr),         0, 0, codes, 0 },
	{ "codes", "barcode",    WORD,   AT(barcode),    0, 0, codes, 0 },
	{ "answers", "status",   WORD,   AT(status),     0, 0, statuses, 0 },
	{ "answers", "confirm",  WORD,   AT(confirm),    0, 0, confirms, 0 },
	{ "drawer", "pin",       WORD,   AT(drawer_pin), 0, 0, pins, 0 },
	{ "drawer", "on_ms",     NUMBER, AT(drawer_on_ms),  30, 510, NULL, 0 },
	{ "drawer", "off_ms",    NUMBER, AT(drawer_off_ms), 30, 510, NULL, 0 },
	{ "extra", "init_hex",   HEX,    AT(init), 0, 0, NULL, offsetof(struct zg_printer_profile, init_length) },
	{ "extra", "beep_hex",   HEX,    AT(beep), 0, 0, NULL, offsetof(struct zg_printer_profile, beep_length) },
	{ "serial", "baud",      NUMBER, AT(baud), 1200, 921600, NULL, 0 },
	{ "serial", "flow",      WORD,   AT(flow), 0, 0, flows, 0 },
};

void zg_profile_init(struct zg_printer_profile *profile)
{
	*profile = (struct zg_printer_profile){
		.driver = "escpos", .columns = 32, .width_dots = 384, .gbk = true, .kanji = true, .cut_feed = 4,
		.raster = true, .qr = ZG_CODE_RASTER, .barcode = ZG_CODE_RASTER,
		.drawer_pin = 2, .drawer_on_ms = 100, .drawer_off_ms = 500, .baud = 9600,
	};
}

static enum zg_result take_text(char *to, size_t room, const char *value, struct zg_error *err)
{
	if (strlen(value) >= room)
		return zg_fail(err, ZG_USAGE, _("the text is too long. It has at most %zu bytes."), room - 1);
	memcpy(to, value, strlen(value) + 1);
	return ZG_OK;
}

static enum zg_result take_number(int *to, const struct setting *s, const char *value, struct zg_error *err)
{
	char *end;

	errno = 0;
	long number = strtol(value, &end, 10);

	if (!isdigit((unsigned char)value[0]) || *end || errno || number < s->least || number > s->most)
		return zg_fail(err, ZG_USAGE, _("%s is a whole number from %d to %d."), s->key, s->least, s->most);
	*to = (int)number;
	return ZG_OK;
}

static enum zg_result take_word(char *to, const struct setting *s, const char *value, struct zg_error *err)
{
	char known[128] = "";

	for (const struct word *w = s->words; w->name; w++) {
		if (strcmp(w->name, value) == 0) {
			bool truth = w->value != 0;

			memcpy(to, s->size == sizeof(bool) ? (const void *)&truth : (const void *)&w->value, s->size);
			return ZG_OK;
		}
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s", known[0] ? ", " : "", w->name);
	}
	return zg_fail(err, ZG_USAGE, _("%s is one of: %s."), s->key, known);
}

/* Pairs of hexadecimal digits, with or without spaces between the pairs. */
static enum zg_result take_hex(unsigned char *to, size_t *length, const char *value, struct zg_error *err)
{
	*length = 0;
	for (; *value; value++) {
		if (*value == ' ')
			continue;
		char pair[3] = { value[0], value[1], '\0' };

		if (*length == ZG_PROFILE_BYTES || !zg_unhex(&to[*length], 1, pair))
			return zg_fail(err, ZG_USAGE, _("write at most %d bytes as pairs of hexadecimal digits, such as 1B 40."),
				       ZG_PROFILE_BYTES);
		++*length;
		value++;
	}
	return ZG_OK;
}

static enum zg_result take(void *self, const char *section, const char *key, const char *value, size_t line,
			   struct zg_error *err)
{
	char *profile = self;

	(void)line;    /* zg_ini_read puts it before our words */
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		const struct setting *s = &settings[i];

		if (strcmp(s->section, section) != 0 || strcmp(s->key, key) != 0)
			continue;
		switch (s->kind) {
		case TEXT:
			return take_text(profile + s->offset, s->size, value, err);
		case NUMBER:
			return take_number((int *)(void *)(profile + s->offset), s, value, err);
		case WORD:
			return take_word(profile + s->offset, s, value, err);
		case HEX:
			return take_hex((unsigned char *)profile + s->offset,
					(size_t *)(void *)(profile + s->length_offset), value, err);
		}
	}
	return zg_fail(err, ZG_USAGE, _("a printer profile has no setting \"%s\" in [%s]. Take it out, or correct it."),
		       key, section);
}

enum zg_result zg_profile_read(struct zg_printer_profile *profile, const char *text, size_t length, const char *name,
			       struct zg_error *err)
{
	enum zg_result result = zg_ini_read(text, length, name, take, profile, err);

	if (result != ZG_OK)
		return result;
	/* a cell narrower than the 12 dots of Font A is Font B, in which no printer has Chinese */
	if (profile->columns * 12 > profile->width_dots + 11)
		return zg_fail(err, ZG_USAGE, _("%s: %d columns do not fit on %d dots. A column takes 12 dots."), name,
			       profile->columns, profile->width_dots);
	if (!profile->raster && (profile->qr == ZG_CODE_RASTER || profile->barcode == ZG_CODE_RASTER))
		return zg_fail(err, ZG_USAGE, _("%s: the printer has no images, so qr and barcode are native or none."), name);
	return ZG_OK;
}
