/* Addresses of devices: one that is taken is written out whole, and that is read back as the same. */
#include "tests/fuzz/fuzz.h"

#include "src/io/link.h"

#include <stdlib.h>
#include <string.h>

const struct fuzz_limits fuzz_limits = { 8192, 8 };

static bool is_same(const struct zg_link_address *a, const struct zg_link_address *b)
{
	return a->kind == b->kind && strcmp(a->target, b->target) == 0 && a->port == b->port &&
	       (a->kind != ZG_LINK_SERIAL || (a->mode.baud == b->mode.baud && a->mode.bits == b->mode.bits && a->mode.parity == b->mode.parity &&
					      a->mode.stop == b->mode.stop && a->mode.flow == b->mode.flow));
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	struct zg_link_mode mode = { .baud = 19200, .bits = 7, .parity = 'E', .stop = 2, .flow = ZG_LINK_FLOW_RTSCTS };
	struct zg_link_address address = { .target = "untouched" }, again = { .target = "" };
	struct zg_error err = { .text = "" };
	char written[ZG_LINK_TEXT];
	bool uses_mode = fuzz_byte(&input) & 1;
	char *text = fuzz_text(&input, '\n');

	if (zg_link_parse(text, uses_mode ? &mode : NULL, &address, &err) != ZG_OK) {
		fuzz_check(err.result == ZG_USAGE && *err.text && strcmp(address.target, "untouched") == 0, "a fault changed something");
	} else {
		fuzz_check(address.kind == ZG_LINK_TCP || address.target[0] == '/', "%s is no path", address.target);
		fuzz_check(address.kind != ZG_LINK_TCP || (address.port >= 1 && address.port <= 65535), "port %d", address.port);
		fuzz_check(address.mode.baud >= 300 && address.mode.baud <= 921600 && strchr("NEO", address.mode.parity), "mode of %s", text);
		zg_link_format(written, &address);
		fuzz_check(zg_link_parse(written, NULL, &again, &err) == ZG_OK && is_same(&address, &again), "%s is written %s: %s", text, written, err.text);
	}
	free(text);
}
