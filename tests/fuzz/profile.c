/* Printer profiles: whatever is taken is within its range, does not contradict itself, and drives the driver. */
#include "tests/fuzz/fuzz.h"

#include "drivers/printer/escpos.h"
#include "src/io/printer.h"

#include <string.h>

const struct fuzz_limits fuzz_limits = { 131072, 16 };

static void check_profile(const struct zg_printer_profile *p)
{
	struct zg_buffer out = { 0 };

	fuzz_check(p->columns >= ZG_PAPER_COLUMNS_MIN && p->columns <= ZG_PAPER_COLUMNS_MAX, "%d columns", p->columns);
	fuzz_check(p->width_dots >= 256 && p->width_dots <= 832 && p->columns * 12 <= p->width_dots + 11, "%d dots", p->width_dots);
	fuzz_check(p->cut_feed >= 0 && p->cut_feed <= 15, "%d lines to the cutter", p->cut_feed);
	fuzz_check(p->drawer_pin == 0 || p->drawer_pin == 2 || p->drawer_pin == 5, "pin %d", p->drawer_pin);
	fuzz_check(p->drawer_on_ms >= 30 && p->drawer_on_ms <= 510 && p->drawer_off_ms >= 30 && p->drawer_off_ms <= 510, "a pulse of %d", p->drawer_on_ms);
	fuzz_check(p->init_length <= ZG_PROFILE_BYTES && p->beep_length <= ZG_PROFILE_BYTES, "too many extra bytes");
	fuzz_check(p->raster || (p->qr != ZG_CODE_RASTER && p->barcode != ZG_CODE_RASTER), "images on a printer without");
	fuzz_check(p->baud >= 1200 && p->baud <= 921600, "%d baud", p->baud);
	fuzz_check(memchr(p->title, 0, sizeof(p->title)) && memchr(p->source, 0, sizeof(p->source)) && memchr(p->driver, 0, sizeof(p->driver)), "a text is not ended");
	zg_escpos.init(p, false, &out);
	fuzz_check(out.length >= p->init_length, "the extra bytes are lost");
	zg_buffer_empty(&out);
	zg_escpos.drawer(p, &out);
	fuzz_check(out.length == (p->drawer_pin ? 5 : 0), "%zu bytes for the drawer", out.length);
	zg_buffer_empty(&out);
	for (enum zg_printer_question q = ZG_ASK_PRINTER; q <= ZG_ASK_PAPER; q++)
		zg_escpos.ask(p, q, &out);
	fuzz_check(out.length == (p->status == ZG_STATUS_NONE ? 0 : 12), "%zu bytes for four questions", out.length);
	zg_buffer_clear(&out);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct zg_printer_profile profile, again;
	struct zg_error err = { .text = "" };

	zg_profile_init(&profile);
	again = profile;
	enum zg_result result = zg_profile_read(&profile, bytes, length, "a.ini", &err);

	if (result != ZG_OK) {
		fuzz_check(result == ZG_USAGE && strncmp(err.text, "a.ini", 5) == 0, "%d: %s", result, err.text);
		return;
	}
	check_profile(&profile);
	fuzz_check(zg_profile_read(&again, bytes, length, "a.ini", &err) == ZG_OK, "read twice, it is refused: %s", err.text);
	fuzz_check(again.columns == profile.columns && again.drawer_pin == profile.drawer_pin && again.init_length == profile.init_length, "read twice, it is another");
}
