#include "contrib/sim/mark.h"

#include "src/base/alloc.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

static void add_blanks(struct zg_buffer *out, int count)
{
	for (; count > 0; count--)
		zg_buffer_add_byte(out, ' ');
}

static int indent_of(const struct sim_mark *mark, int cells, int columns)
{
	int spare = columns > cells ? columns - cells : 0;

	return mark->align == SIM_LEFT ? 0 : mark->align == SIM_CENTRE ? spare / 2 : spare;
}

/* The row as it stands on paper, without the blanks at its end. */
static void write_row(const struct sim_mark *mark, struct zg_buffer *out)
{
	size_t start = out->length;

	add_blanks(out, mark->indent);
	for (size_t i = 0; i < mark->glyph_count; i++) {
		const struct sim_glyph *glyph = &mark->glyphs[i];

		zg_buffer_add_text(out, glyph->text);
		add_blanks(out, glyph->cells * (glyph->style.width - 1));
	}
	size_t length = out->length;

	while (length > start && out->bytes[length - 1] == ' ')
		length--;
	if (length < out->length)
		out->bytes[out->length = length] = '\0';
}

static void write_symbol(const struct sim_mark *mark, const char *what, int columns, struct zg_buffer *out)
{
	char text[1024];

	zg_text_clean(text, sizeof(text), mark->text, strlen(mark->text));
	char *line = zg_print("[%s %s]", what, text);

	add_blanks(out, indent_of(mark, zg_screen_width(line), columns));
	zg_buffer_print(out, "%s\n", line);
	free(line);
}

static void write_picture(const struct sim_mark *mark, int columns, struct zg_buffer *out)
{
	int cells = (mark->picture->width + SIM_CELL - 1) / SIM_CELL;

	sim_picture_draw(mark->picture, indent_of(mark, cells, columns), out);
}

static void write_bytes(const struct sim_mark *mark, const char *between, struct zg_buffer *out)
{
	for (size_t i = 0; i < mark->length; i++)
		zg_buffer_print(out, "%s%02X", i ? between : "", mark->bytes[i]);
}

void sim_mark_write(const struct sim_mark *mark, int columns, struct zg_buffer *out)
{
	switch (mark->kind) {
	case SIM_ROW:
		write_row(mark, out);
		zg_buffer_add_byte(out, '\n');
		break;
	case SIM_PICTURE:
		zg_buffer_print(out, "[raster %dx%d]\n", mark->picture->width, mark->picture->height);
		write_picture(mark, columns, out);
		break;
	case SIM_BARCODE:
		write_symbol(mark, mark->name, columns, out);
		break;
	case SIM_QR:
		write_symbol(mark, "QR", columns, out);
		write_picture(mark, columns, out);
		break;
	case SIM_CUT:
		zg_buffer_add_text(out, "✂ ----\n");
		break;
	case SIM_DRAWER:
		zg_buffer_print(out, "~ drawer %d %d ms\n", mark->a, mark->b);
		break;
	case SIM_BEEP:
		zg_buffer_print(out, "~ beep %d\n", mark->a);
		break;
	case SIM_FAULT:
		zg_buffer_print(out, "~ fault %s: ", mark->name);
		write_bytes(mark, " ", out);
		zg_buffer_add_byte(out, '\n');
		break;
	case SIM_BAND:
	case SIM_ASK:
	case SIM_CONFIRM:
	case SIM_AUTO:
	case SIM_KICK_SWITCH:
	case SIM_REALTIME:
	case SIM_RESET:
		break;
	}
}

static void set_text(json_t *object, const char *key, struct zg_buffer *text)
{
	zg_json_set_string(object, key, zg_buffer_text(text));
	zg_buffer_clear(text);
}

static bool is_same_style(const struct sim_style *a, const struct sim_style *b)
{
	return a->bold == b->bold && a->underline == b->underline && a->inverse == b->inverse &&
	       a->small == b->small && a->width == b->width && a->height == b->height;
}

/* Neighbours of one style are one span. */
static json_t *spans_of(const struct sim_mark *mark)
{
	json_t *spans = zg_json_array();

	for (size_t i = 0, end; i < mark->glyph_count; i = end) {
		const struct sim_style *style = &mark->glyphs[i].style;
		struct zg_buffer text = { 0 };
		json_t *span = zg_json_object();
		int cells = 0;

		for (end = i; end < mark->glyph_count && is_same_style(style, &mark->glyphs[end].style); end++) {
			zg_buffer_add_text(&text, mark->glyphs[end].text);
			cells += mark->glyphs[end].cells * style->width;
		}
		set_text(span, "text", &text);
		zg_json_set_integer(span, "cells", cells);
		zg_json_set_integer(span, "width", style->width);
		zg_json_set_integer(span, "height", style->height);
		zg_json_set_boolean(span, "bold", style->bold);
		zg_json_set_boolean(span, "underline", style->underline);
		zg_json_set_boolean(span, "inverse", style->inverse);
		zg_json_set_boolean(span, "small", style->small);
		zg_json_append(spans, span);
	}
	return spans;
}

static void describe_row(json_t *object, const struct sim_mark *mark)
{
	static const char *const aligns[] = { "left", "centre", "right" };
	struct zg_buffer paper = { 0 }, text = { 0 };
	int cells = mark->indent;

	write_row(mark, &paper);
	for (size_t i = 0; i < mark->glyph_count; i++) {
		zg_buffer_add_text(&text, mark->glyphs[i].text);
		cells += mark->glyphs[i].cells * mark->glyphs[i].style.width;
	}
	set_text(object, "paper", &paper);
	set_text(object, "text", &text);
	zg_json_set_integer(object, "cells", cells);
	zg_json_set_string(object, "align", aligns[mark->align]);
	zg_json_set_boolean(object, "wrapped", mark->wrapped);
	zg_json_set(object, "spans", spans_of(mark));
}

static void describe_picture(json_t *object, const struct sim_picture *picture)
{
	json_t *rows = zg_json_array();

	for (int y = 0; y < picture->height; y++) {
		const char *dots = picture->dots.bytes + (size_t)y * (size_t)picture->width;
		struct zg_buffer row = { 0 };

		for (int x = 0; x < picture->width; x += 8) {
			unsigned byte = 0;

			for (int i = 0; i < 8; i++)
				byte = byte << 1 | (x + i < picture->width && dots[x + i] ? 1U : 0U);
			zg_buffer_print(&row, "%02X", byte);
		}
		zg_json_append(rows, json_string(zg_buffer_text(&row)));
		zg_buffer_clear(&row);
	}
	zg_json_set_integer(object, "width", picture->width);
	zg_json_set_integer(object, "height", picture->height);
	zg_json_set_integer(object, "bands", picture->bands);
	zg_json_set_boolean(object, "clipped", picture->clipped);
	zg_json_set(object, "rows", rows);
}

/* Text inside a symbol is whatever was sent; what is not clean shows as '?'. */
static void set_clean(json_t *object, const char *key, const char *text)
{
	char clean[8192];

	zg_text_clean(clean, sizeof(clean), text, strlen(text));
	zg_json_set_string(object, key, clean);
}

json_t *sim_mark_json(const struct sim_mark *mark)
{
	static const char *const kinds[] = { "row", "band", "picture", "barcode", "qr", "cut", "drawer", "beep", "ask",
					     "confirm", "auto", "kick_switch", "realtime", "reset", "unknown" };
	json_t *object = zg_json_object();
	struct zg_buffer bytes = { 0 };

	zg_json_set_string(object, "kind", kinds[mark->kind]);
	zg_json_set_integer(object, "offset", (int64_t)mark->offset);
	zg_json_set_integer(object, "dots", mark->dots);
	switch (mark->kind) {
	case SIM_ROW:
		describe_row(object, mark);
		break;
	case SIM_PICTURE:
		describe_picture(object, mark->picture);
		break;
	case SIM_BARCODE:
		zg_json_set_string(object, "symbology", mark->name);
		set_clean(object, "text", mark->text);
		zg_json_set_integer(object, "height", mark->a);
		zg_json_set_integer(object, "module", mark->b);
		zg_json_set_integer(object, "digits", mark->c);
		break;
	case SIM_QR:
		set_clean(object, "text", mark->text);
		zg_json_set_string(object, "level", mark->name);
		zg_json_set_integer(object, "module", mark->a);
		break;
	case SIM_CUT:
		zg_json_set_string(object, "cut", mark->name);
		zg_json_set_integer(object, "blank_dots", mark->a);
		break;
	case SIM_DRAWER:
		zg_json_set_integer(object, "drawer", mark->a);
		zg_json_set_integer(object, "pin", mark->a == 1 ? 2 : 5);
		zg_json_set_integer(object, "on_ms", mark->b);
		zg_json_set_integer(object, "off_ms", mark->c);
		break;
	case SIM_BEEP:
		zg_json_set_integer(object, "times", mark->a);
		break;
	case SIM_ASK:
		zg_json_set_string(object, "what", mark->name);
		zg_json_set_integer(object, "n", mark->a);
		break;
	case SIM_CONFIRM:
		set_clean(object, "id", mark->text);
		break;
	case SIM_AUTO:
	case SIM_KICK_SWITCH:
		zg_json_set_integer(object, "bits", mark->a);
		break;
	case SIM_FAULT:
		zg_json_set_string(object, "why", mark->name);
		write_bytes(mark, "", &bytes);
		set_text(object, "bytes", &bytes);
		break;
	case SIM_REALTIME:
		write_bytes(mark, "", &bytes);
		set_text(object, "bytes", &bytes);
		break;
	case SIM_BAND:
	case SIM_RESET:
		break;
	}
	return object;
}
