#include "drivers/printer/escpos.h"

#include "drivers/printer/escpos_answer.h"
#include "drivers/printer/raster.h"

#include <stdint.h>
#include <string.h>

#define ADD(out, ...) \
	zg_buffer_add(out, (const unsigned char[]){ __VA_ARGS__ }, sizeof((const unsigned char[]){ __VA_ARGS__ }))

/*
 * Initialise, code table 0, Chinese mode, normal size, left. Some firmwares print the first line wrong
 * when no code table was chosen since power-on: python-escpos issue 269.
 */
static void add_prologue(const struct zg_printer_profile *profile, struct zg_buffer *out)
{
	ADD(out, 0x1B, 0x40, 0x1B, 0x74, 0x00);
	if (profile->kanji)
		ADD(out, 0x1C, 0x26);
	ADD(out, 0x1D, 0x21, 0x00, 0x1B, 0x61, 0x00);
	if (profile->status == ZG_STATUS_ASB)
		ADD(out, 0x1D, 0x61, 0x0F);    /* initialise turned the reports off */
	zg_buffer_add(out, profile->init, profile->init_length);
}

static void init(const struct zg_printer_profile *profile, bool broken, struct zg_buffer *out)
{
	/* zeros end whatever image or command was open: no block of ours is longer than a band */
	size_t zeros = broken ? (size_t)ZG_RASTER_ROWS * (size_t)((profile->width_dots + 7) / 8) + 8 : 0;

	while (zeros-- > 0)
		zg_buffer_add_byte(out, 0x00);
	add_prologue(profile, out);
}

/* The grid is clean already; should it not be, no byte of a name may be a command. */
static void add_text(const struct zg_printer_profile *profile, struct zg_gbk *gbk, const char *text, struct zg_buffer *out)
{
	struct zg_buffer wire = { 0 };

	if (profile->gbk) {
		zg_gbk_encode(gbk, text, &wire);
	} else {
		for (const char *at = text; *at; at++) {
			if ((unsigned char)*at < 0x80)
				zg_buffer_add_byte(&wire, (unsigned char)*at);
			else if (((unsigned char)*at & 0xC0) == 0xC0)
				zg_buffer_add_text(&wire, "??");    /* keeps its two cells */
		}
	}
	for (size_t i = 0; i < wire.length; i++) {
		unsigned char byte = (unsigned char)wire.bytes[i];

		if (byte >= 0x20 && byte != 0x7F)
			zg_buffer_add_byte(out, byte);
	}
	zg_buffer_clear(&wire);
}

/* GS ! is for Latin letters, and on good firmware for Chinese too; FS W and FS ! are for the others. */
static void set_size(const struct zg_printer_profile *profile, unsigned style, struct zg_buffer *out)
{
	bool wide = style & ZG_STYLE_WIDE, tall = style & ZG_STYLE_TALL;

	ADD(out, 0x1D, 0x21, (unsigned char)((wide ? 0x10 : 0) | (tall ? 0x01 : 0)));
	if (!profile->kanji)
		return;
	if (wide && tall)
		ADD(out, 0x1C, 0x57, 0x01);
	else
		ADD(out, 0x1C, 0x21, (unsigned char)((wide ? 0x04 : 0) | (tall ? 0x08 : 0)));
}

static void unset_size(const struct zg_printer_profile *profile, unsigned style, struct zg_buffer *out)
{
	if (profile->kanji && (style & ZG_STYLE_BIG) == ZG_STYLE_BIG)
		ADD(out, 0x1C, 0x57, 0x00);
	else if (profile->kanji)
		ADD(out, 0x1C, 0x21, 0x00);
	ADD(out, 0x1D, 0x21, 0x00);
}

static void add_row(const struct zg_printer_profile *profile, struct zg_gbk *gbk, const struct zg_paper_row *row,
		    struct zg_buffer *out)
{
	bool sized = row->style & ZG_STYLE_BIG;

	if (sized)
		set_size(profile, row->style, out);
	if (row->style & ZG_STYLE_BOLD)
		ADD(out, 0x1B, 0x45, 0x01);
	if (row->style & ZG_STYLE_INVERSE)
		ADD(out, 0x1D, 0x42, 0x01);
	add_text(profile, gbk, row->text, out);
	ADD(out, 0x0A);
	if (row->style & ZG_STYLE_INVERSE)
		ADD(out, 0x1D, 0x42, 0x00);
	if (row->style & ZG_STYLE_BOLD)
		ADD(out, 0x1B, 0x45, 0x00);
	if (sized)
		unset_size(profile, row->style, out);
}

/* Form B, set up anew each time: the NT-5890K forgets height and width after a barcode. */
static void add_native_barcode(const char *text, int size, struct zg_buffer *out)
{
	struct zg_buffer data = { 0 };

	for (const char *at = text; *at; at++) {
		if (*at == '{')
			zg_buffer_add_byte(&data, '{');
		if ((unsigned char)*at >= 0x20 && (unsigned char)*at < 0x7F)
			zg_buffer_add_byte(&data, (unsigned char)*at);
	}
	if (data.length > 0 && data.length <= 200) {
		ADD(out, 0x1D, 0x68, 0x50, 0x1D, 0x77, (unsigned char)size, 0x1D, 0x48, 0x00);
		ADD(out, 0x1D, 0x6B, 0x49, (unsigned char)(data.length + 2), '{', 'B');
		zg_buffer_add(out, data.bytes, data.length);
	}
	zg_buffer_clear(&data);
}

/* Model 2, module size, level M, store, print: Epson GS ( k 65, 67, 69, 80, 81. */
static void add_native_qr(const char *text, int size, struct zg_buffer *out)
{
	size_t store = strlen(text) + 3;

	ADD(out, 0x1D, 0x28, 0x6B, 0x04, 0x00, 0x31, 0x41, 0x32, 0x00);
	ADD(out, 0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x43, (unsigned char)size);
	ADD(out, 0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x45, 0x31);
	ADD(out, 0x1D, 0x28, 0x6B, (unsigned char)(store & 0xFF), (unsigned char)(store >> 8), 0x31, 0x50, 0x30);
	zg_buffer_add_text(out, text);
	ADD(out, 0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x51, 0x30);
}

static void add_code(const struct zg_printer_profile *profile, const struct zg_paper_row *row, struct zg_buffer *out)
{
	bool qr = row->kind == ZG_ROW_QR;
	enum zg_printer_code how = qr ? profile->qr : profile->barcode;
	int size = qr ? zg_raster_qr_size(row->text, profile->width_dots)
		      : zg_raster_code128_size(row->text, profile->width_dots);

	/* GS w knows no module of one dot: what fits only so is drawn, where the printer has images */
	if (!qr && how == ZG_CODE_NATIVE && size < 2)
		how = profile->raster ? ZG_CODE_RASTER : ZG_CODE_NONE;
	if (how == ZG_CODE_NONE || size == 0)
		return;    /* a code wider than the paper is not printed by any printer; its words stand beside it */
	ADD(out, 0x1B, 0x61, 0x01);
	if (how == ZG_CODE_NATIVE && qr)
		add_native_qr(row->text, size, out);
	else if (how == ZG_CODE_NATIVE)
		add_native_barcode(row->text, size, out);
	else if (qr)
		(void)zg_raster_qr(out, row->text, profile->width_dots);         /* it fits: size said so */
	else
		(void)zg_raster_code128(out, row->text, profile->width_dots);    /* the same */
	/* also keeps a line feed from following an image, where the NT-5890K would drop it */
	ADD(out, 0x1B, 0x61, 0x00);
}

static void add_feed(int lines, struct zg_buffer *out)
{
	if (lines > 0)
		ADD(out, 0x1B, 0x64, (unsigned char)(lines < 15 ? lines : 15));    /* 16 would be the 10 of a real-time command */
}

static void add_cut(const struct zg_printer_profile *profile, struct zg_buffer *out)
{
	switch (profile->cut) {
	case ZG_CUT_NONE:    /* GS V is a feed on some printers without a cutter, and nothing on others */
		add_feed(profile->cut_feed, out);
		break;
	case ZG_CUT_PARTIAL:
		add_feed(profile->cut_feed, out);
		ADD(out, 0x1D, 0x56, 0x01);
		break;
	case ZG_CUT_FULL:
		add_feed(profile->cut_feed, out);
		ADD(out, 0x1D, 0x56, 0x00);
		break;
	case ZG_CUT_FEEDCUT:
		ADD(out, 0x1D, 0x56, 0x42, 0x00);
		break;
	}
}

static void add_confirm(const struct zg_printer_profile *profile, unsigned id, struct zg_buffer *out)
{
	if (profile->confirm == ZG_CONFIRM_GSR)
		ADD(out, 0x1D, 0x72, 0x01);
	if (profile->confirm == ZG_CONFIRM_GSH)
		ADD(out, 0x1D, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, (unsigned char)('0' + id / 1000 % 10),
		    (unsigned char)('0' + id / 100 % 10), (unsigned char)('0' + id / 10 % 10), (unsigned char)('0' + id % 10));
}

static void build(const struct zg_printer_profile *profile, const struct zg_paper *paper, struct zg_gbk *gbk,
		  unsigned id, struct zg_buffer *out)
{
	add_prologue(profile, out);
	for (size_t i = 0; i < paper->count; i++) {
		const struct zg_paper_row *row = &paper->rows[i];

		switch (row->kind) {
		case ZG_ROW_TEXT:
		case ZG_ROW_RULE:
			add_row(profile, gbk, row, out);
			break;
		case ZG_ROW_BARCODE:
		case ZG_ROW_QR:
			add_code(profile, row, out);
			break;
		case ZG_ROW_FEED:
			add_feed(row->lines, out);
			break;
		case ZG_ROW_CUT:
			add_cut(profile, out);
			break;
		}
	}
	zg_buffer_add(out, profile->beep, profile->beep_length);
	add_confirm(profile, id, out);
}

static unsigned char clamp(int value, int least, int most)
{
	return (unsigned char)(value < least ? least : value > most ? most : value);
}

/* Both times always: printers take two bytes more, and a missing one opens the drawer one sale late. */
static void drawer(const struct zg_printer_profile *profile, struct zg_buffer *out)
{
	if (profile->drawer_pin != 0)
		ADD(out, 0x1B, 0x70, profile->drawer_pin == 5, clamp(profile->drawer_on_ms / 2, 0x0F, 0xFF),
		    clamp(profile->drawer_off_ms / 2, 0x0F, 0xFF));
}

static void drawer_now(const struct zg_printer_profile *profile, struct zg_buffer *out)
{
	if (profile->drawer_pin != 0 && profile->status != ZG_STATUS_NONE)
		ADD(out, 0x10, 0x14, 0x01, profile->drawer_pin == 5, clamp((profile->drawer_on_ms + 99) / 100, 1, 8));
}

static void ask(const struct zg_printer_profile *profile, enum zg_printer_question question, struct zg_buffer *out)
{
	if (question == ZG_ASK_REPORTS && profile->status == ZG_STATUS_ASB)
		ADD(out, 0x1D, 0x61, 0x0F);
	if (question >= ZG_ASK_PRINTER && question <= ZG_ASK_PAPER && profile->status != ZG_STATUS_NONE)
		ADD(out, 0x10, 0x04, (unsigned char)question);
}

const struct zg_printer_driver zg_escpos = {
	.name       = "escpos",
	.title      = "ESC/POS receipt printer",
	.source     = "Epson TM-T88III specification, HPRT TP80K and Citizen CT-S manuals, escpos-printer-db",
	.proof      = ZG_PROOF_MANUAL,
	.init       = init,
	.build      = build,
	.drawer     = drawer,
	.drawer_now = drawer_now,
	.ask        = ask,
	.read       = zg_escpos_read,
};
