/*
 * Keys in their times become keys and scans: every key that was pressed is passed on or is in a scan, in its order, and a scan
 * is what the keys say. Input: pairs of a byte for the time before a key and the key.
 */
#include "tests/fuzz/fuzz.h"

#include "src/base/text.h"
#include "tui/key.h"
#include "tui/scan.h"

#include <string.h>

const struct fuzz_limits fuzz_limits = { 65536, 8 };

static bool acts_at_once(void *context, uint32_t code)
{
	unsigned mask = *(const unsigned *)context;

	return (code == '+' && (mask & 1)) || (code == '*' && (mask & 2)) || (code >= 'a' && code <= 'f' && (mask & 4));
}

static uint32_t key_of(unsigned byte)
{
	static const uint32_t others[] = { ZG_KEY_ENTER, ZG_KEY_LINE_FEED, ZG_KEY_ESC, ZG_BURST_PREFIX, ZG_KEY_F(3), 0x597D, ZG_KEY_BACKSPACE, ZG_KEY_UP };

	return byte > ' ' && byte < 0x7F ? byte : others[byte % 8];
}

struct played {
	char typed[4096];     /* visible ASCII keys that were pressed */
	char shown[4096];     /* and that came out, as keys or in scans */
	size_t pressed, came;
	size_t first;         /* where the last burst began in `shown` */
	bool was_cut;
};

static void take(struct zg_burst *burst, int64_t now_ms, struct played *played)
{
	struct zg_burst_event event;

	while (zg_burst_next(burst, now_ms, &event)) {
		switch (event.kind) {
		case ZG_BURST_KEY:
			fuzz_check(event.code != ZG_KEY_LINE_FEED, "a line feed is passed on");
			if (event.first)
				played->first = played->came;
			if (event.code > ' ' && event.code < 0x7F)
				played->shown[played->came++] = (char)event.code;
			break;
		case ZG_BURST_SCAN:
			fuzz_check(*event.text && strlen(event.text) <= ZG_BURST_MAX + 7, "a scan of %zu bytes", strlen(event.text));
			if (event.taken_back)
				played->came = played->first;
			for (const char *at = event.text; *at; at++)
				if (*at > ' ' && *at < 0x7F)
					played->shown[played->came++] = *at;
			break;
		case ZG_BURST_CUT:
			played->was_cut = true;    /* from here on they cannot be compared */
			break;
		}
	}
	int wait = zg_burst_wait(burst, now_ms);

	fuzz_check(wait >= -1 && wait <= ZG_BURST_CUT_MS, "a wait of %d", wait);
}

void fuzz_one(const char *bytes, size_t length)
{
	static const int pauses[] = { 0, 0, 0, 5, 29, 30, 100, 1000 };
	struct fuzz_input input = { bytes, bytes + length };
	unsigned mask = fuzz_byte(&input);
	static struct played played;
	struct zg_burst *burst = zg_burst_new();
	int64_t now_ms = 1000;

	memset(&played, 0, sizeof(played));
	zg_burst_listen(burst, acts_at_once, &mask);
	zg_burst_require(burst, mask & 8 ? 9 : ZG_BURST_LEAST);
	for (int i = 0; input.at < input.end && i < 1500; i++) {
		unsigned how = fuzz_byte(&input);
		uint32_t code = key_of(fuzz_byte(&input));

		now_ms += pauses[how % 8];
		zg_burst_push(burst, code, now_ms);
		if (code > ' ' && code < 0x7F)
			played.typed[played.pressed++] = (char)code;
		if (i % 64 == 63 || how >= 8)
			take(burst, now_ms, &played);
		if (how >= 128 && how < 132)
			take(burst, now_ms + 2 * ZG_BURST_CUT_MS, &played), now_ms += 2 * ZG_BURST_CUT_MS;
	}
	take(burst, now_ms + 2 * ZG_BURST_CUT_MS, &played);
	fuzz_check(zg_burst_wait(burst, now_ms + 2 * ZG_BURST_CUT_MS) == -1, "something is still held");
	if (!played.was_cut)
		fuzz_check(played.came == played.pressed && memcmp(played.typed, played.shown, played.came) == 0, "pressed \"%.*s\", came \"%.*s\"",
			   (int)played.pressed, played.typed, (int)played.came, played.shown);
	zg_burst_free(burst);
}
