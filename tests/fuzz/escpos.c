/*
 * The virtual printer's decoder: any bytes become marks, and these become clean text and JSON. Input: a byte for what the printer
 * lacks, then what it is sent.
 */
#include "tests/fuzz/fuzz.h"

#include "contrib/sim/escpos_decoder.h"
#include "contrib/sim/realtime.h"
#include "src/base/json.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>

/* A dot of an image is a byte here, four when it is doubled both ways; what is drawn, and JSON, come on top. */
const struct fuzz_limits fuzz_limits = { 4000000, 600 };

struct printed {
	struct zg_buffer paper;
	size_t marks, bytes;
	int columns;
};

static void take(void *self, const struct sim_mark *mark)
{
	struct printed *printed = self;

	fuzz_check(mark->offset < printed->bytes, "a mark from behind the bytes");
	sim_mark_write(mark, printed->columns, &printed->paper);
	if (printed->marks++ % 8 == 0) {
		json_t *object = sim_mark_json(mark);

		free(zg_json_text(object));
		json_decref(object);
	}
}

/* Paper is text that a terminal may show: line ends, and nothing else that controls. */
static void check_paper(const struct zg_buffer *paper)
{
	for (size_t at = 0, step; at < paper->length; at += step) {
		uint32_t character;
		bool valid;

		step = zg_text_next(paper->bytes + at, paper->length - at, &character, &valid);
		fuzz_check(valid && (character == '\n' || (character >= 0x20 && character != 0x7F && (character < 0x80 || character >= 0xA0))),
			   "U+%04X on paper", character);
	}
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	unsigned lacks = fuzz_byte(&input);
	struct printed printed = { .bytes = length, .columns = lacks & 8 ? 48 : 32 };
	struct sim_decoder_options options = { .columns = printed.columns, .lacks_qr = lacks & 1, .lacks_barcode = lacks & 2, .lacks_cutter = lacks & 4 };
	struct sim_decoder *decoder = sim_decoder_new(&options, take, &printed);
	struct sim_realtime realtime = { .length = 0 };

	for (; input.at < input.end; input.at++) {
		sim_decoder_put(decoder, (unsigned char)*input.at);
		if (sim_realtime_put(&realtime, (unsigned char)*input.at))
			fuzz_check(realtime.bytes[0] == 0x10 && realtime.length >= 3 && realtime.length <= SIM_REALTIME_MAX, "a real-time command of %zu bytes", realtime.length);
	}
	if (sim_decoder_has_picture(decoder))
		sim_decoder_flush(decoder);
	sim_decoder_end(decoder);
	check_paper(&printed.paper);
	sim_decoder_reset(decoder, lacks & 16);
	sim_decoder_free(decoder);
	zg_buffer_clear(&printed.paper);
}
