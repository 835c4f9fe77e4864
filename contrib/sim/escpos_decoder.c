#include "contrib/sim/decoder_state.h"

#include "contrib/sim/realtime.h"
#include "src/base/alloc.h"

#include <stdlib.h>
#include <string.h>

#define LINE_SPACING 30    /* dots: 1/6 inch at 203 dpi is 34, the clones have 30 */

int sim_decoder_head(const struct sim_decoder *decoder)
{
	return decoder->options.columns * SIM_CELL;
}

int sim_decoder_limit(const struct sim_decoder *decoder)
{
	int limit = sim_decoder_head(decoder) - decoder->margin;

	return decoder->area > 0 && decoder->area < limit ? decoder->area : limit;
}

void sim_decoder_initialise(struct sim_decoder *decoder)
{
	decoder->ascii = decoder->hanzi = (struct sim_style){ .width = 1, .height = 1 };
	decoder->ascii_space = decoder->hanzi_space = 0;
	decoder->hanzi_mode = true;    /* Chinese printers power up so (devices.md 1.3) */
	decoder->align = SIM_LEFT;
	decoder->spacing = LINE_SPACING;
	decoder->margin = decoder->area = 0;
	decoder->code_height = 162;
	decoder->code_module = 3;
	decoder->code_digits = 0;
	decoder->qr_module = 3;
	decoder->qr_level = 0;
	zg_buffer_empty(&decoder->qr);
}

struct sim_decoder *sim_decoder_new(const struct sim_decoder_options *options, sim_take_mark *take, void *self)
{
	struct sim_decoder *decoder = zg_alloc(1, sizeof(*decoder));

	decoder->options = *options;
	decoder->take = take;
	decoder->self = self;
	decoder->gbk = iconv_open("UTF-8", "GBK");
	decoder->cp437 = iconv_open("UTF-8", "CP437");
	zg_assert(decoder->gbk != (iconv_t)-1 && decoder->cp437 != (iconv_t)-1);
	sim_decoder_initialise(decoder);
	return decoder;
}

void sim_decoder_free(struct sim_decoder *decoder)
{
	if (!decoder)
		return;
	iconv_close(decoder->gbk);
	iconv_close(decoder->cp437);
	zg_buffer_clear(&decoder->command);
	zg_buffer_clear(&decoder->qr);
	sim_line_clear(&decoder->line);
	sim_picture_clear(&decoder->picture);
	sim_picture_clear(&decoder->stored);
	free(decoder);
}

void sim_decoder_flush(struct sim_decoder *decoder)
{
	if (decoder->picture.height == 0)
		return;
	struct sim_picture picture = decoder->picture;
	struct sim_mark mark = { .kind = SIM_PICTURE, .offset = decoder->start,
				 .align = decoder->picture_align, .picture = &picture };

	decoder->picture = (struct sim_picture){ 0 };
	decoder->take(decoder->self, &mark);
	sim_picture_clear(&picture);
}

bool sim_decoder_has_picture(const struct sim_decoder *decoder)
{
	return decoder->picture.height > 0;
}

void sim_decoder_give(struct sim_decoder *decoder, struct sim_mark *mark)
{
	if (mark->kind != SIM_REALTIME && mark->kind != SIM_FAULT && mark->kind != SIM_BAND)
		sim_decoder_flush(decoder);
	mark->offset = decoder->start;
	decoder->take(decoder->self, mark);
}

void sim_decoder_fault(struct sim_decoder *decoder, const char *why, const void *bytes, size_t length)
{
	struct sim_mark mark = { .kind = SIM_FAULT, .name = why, .bytes = bytes,
				 .length = length < 32 ? length : 32 };

	sim_decoder_give(decoder, &mark);
}

void sim_decoder_print(struct sim_decoder *decoder, int dots, bool wrapped)
{
	struct sim_line *line = &decoder->line;
	int height = sim_line_height(line);
	int spare = sim_decoder_limit(decoder) - line->dots;
	int before = decoder->align == SIM_LEFT ? 0 : decoder->align == SIM_CENTRE ? spare / 2 : spare;
	struct sim_mark mark = {
		.kind = SIM_ROW, .dots = dots > height ? dots : height, .align = decoder->align,
		.indent = line->count ? (decoder->margin + (before > 0 ? before : 0)) / SIM_CELL : 0,
		.glyphs = line->glyphs, .glyph_count = line->count, .wrapped = wrapped,
	};

	decoder->blank_dots = line->count ? mark.dots - height : decoder->blank_dots + mark.dots;
	sim_decoder_give(decoder, &mark);
	sim_line_empty(line);
}

/* A character that no longer fits goes to the next line, as on every printer. */
static void set_glyph(struct sim_decoder *decoder, const char *text, int cells)
{
	const struct sim_style *style = cells == 2 ? &decoder->hanzi : &decoder->ascii;
	int space = cells == 2 ? decoder->hanzi_space : decoder->ascii_space;

	if (decoder->line.count && decoder->line.dots + sim_glyph_dots(cells, style, space) > sim_decoder_limit(decoder))
		sim_decoder_print(decoder, decoder->spacing, true);
	sim_line_add(&decoder->line, text, cells, style, space);
}

static bool convert(iconv_t from, const unsigned char *bytes, size_t length, char text[5])
{
	char in[2] = { (char)bytes[0], length > 1 ? (char)bytes[1] : '\0' };
	char *at = in, *to = text;
	size_t left = length, room = 4;

	iconv(from, NULL, NULL, NULL, NULL);
	if (iconv(from, &at, &left, &to, &room) == (size_t)-1)
		return false;
	*to = '\0';
	return true;
}

static void set_hanzi(struct sim_decoder *decoder, unsigned char lead, unsigned char trail)
{
	unsigned char pair[2] = { lead, trail };
	char text[5];

	if (convert(decoder->gbk, pair, 2, text)) {
		set_glyph(decoder, text, 2);
		return;
	}
	sim_decoder_fault(decoder, "no such hanzi in GBK", pair, 2);
	set_glyph(decoder, "□", 2);
}

static void put_control(struct sim_decoder *decoder, unsigned char byte)
{
	struct sim_mark beep = { .kind = SIM_BEEP, .a = 1 };

	switch (byte) {
	case '\0':    /* passed over; hosts send it to fill up a broken block */
		break;
	case '\n':
		if (decoder->column_image && decoder->line.count == 0)
			decoder->column_image = false;
		else
			sim_decoder_print(decoder, decoder->spacing, false);
		break;
	case '\a':
		sim_decoder_give(decoder, &beep);
		break;
	default:
		sim_decoder_fault(decoder, "control byte", &byte, 1);
		break;
	}
}

static void put_text(struct sim_decoder *decoder, unsigned char byte)
{
	char text[5] = { (char)byte, '\0' };

	if (byte < 0x20 || byte == 0x7F) {
		put_control(decoder, byte);
	} else if (byte < 0x7F) {
		set_glyph(decoder, text, 1);
	} else if (!decoder->hanzi_mode) {
		set_glyph(decoder, convert(decoder->cp437, &byte, 1, text) ? text : "?", 1);
	} else if (byte == 0x80 || byte == 0xFF) {
		sim_decoder_fault(decoder, "byte that starts no hanzi", &byte, 1);
	} else {
		decoder->lead = byte;
	}
}

/* A real-time command inside another's data was acted on already, when it arrived. */
static void look_for_realtime(struct sim_decoder *decoder, const unsigned char *bytes, size_t length)
{
	struct sim_realtime realtime = { 0 };

	for (size_t i = 0; i < length; i++)
		if (sim_realtime_put(&realtime, bytes[i]))
			sim_decoder_fault(decoder, "real-time command inside data", realtime.bytes, realtime.length);
}

static void put_command(struct sim_decoder *decoder, unsigned char byte)
{
	zg_buffer_add_byte(&decoder->command, byte);
	const unsigned char *bytes = (const unsigned char *)decoder->command.bytes;
	size_t length = decoder->command.length;
	size_t need = bytes[0] == 0x10 ? sim_realtime_length(bytes, length) : sim_command_length(decoder, bytes, length);

	if (need > length)
		return;
	struct zg_buffer command = decoder->command;

	decoder->command = (struct zg_buffer){ 0 };
	if (need == 0) {
		sim_decoder_fault(decoder, "unknown command", bytes, length);
	} else if (bytes[0] == 0x10) {
		struct sim_mark mark = { .kind = SIM_REALTIME, .bytes = bytes, .length = length };

		sim_decoder_give(decoder, &mark);
	} else {
		look_for_realtime(decoder, bytes, length);
		sim_command_act(decoder, bytes, length);
	}
	zg_buffer_clear(&command);
}

void sim_decoder_put(struct sim_decoder *decoder, unsigned char byte)
{
	size_t at = decoder->taken++;

	if (decoder->command.length > 0) {
		put_command(decoder, byte);
		return;
	}
	if (decoder->lead) {
		unsigned char lead = decoder->lead;

		decoder->lead = 0;
		if (byte >= 0x40 && byte != 0x7F && byte != 0xFF) {
			set_hanzi(decoder, lead, byte);
			return;
		}
		sim_decoder_fault(decoder, "half a hanzi", &lead, 1);
	}
	decoder->start = at;
	if (byte == 0x10 || byte == 0x1B || byte == 0x1C || byte == 0x1D)
		put_command(decoder, byte);
	else
		put_text(decoder, byte);
}

void sim_decoder_end(struct sim_decoder *decoder)
{
	if (decoder->command.length > 0)
		sim_decoder_fault(decoder, "unfinished command", decoder->command.bytes, decoder->command.length);
	if (decoder->lead)
		sim_decoder_fault(decoder, "half a hanzi", &decoder->lead, 1);
	if (decoder->line.count > 0) {
		sim_decoder_fault(decoder, "line without its end", "", 0);
		sim_decoder_print(decoder, decoder->spacing, false);
	}
	sim_decoder_flush(decoder);
	zg_buffer_empty(&decoder->command);
	decoder->lead = 0;
}

void sim_decoder_reset(struct sim_decoder *decoder, bool modes)
{
	zg_buffer_empty(&decoder->command);
	decoder->lead = 0;
	decoder->column_image = false;
	sim_line_empty(&decoder->line);
	sim_decoder_flush(decoder);
	if (modes)
		sim_decoder_initialise(decoder);
}
