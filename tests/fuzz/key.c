/*
 * A terminal's bytes become keys, the same ones however they are cut while no time passes; no piece of a sequence becomes text.
 * Input: pairs of a byte for what comes (its length, the time before it) and the bytes.
 */
#include "tests/fuzz/fuzz.h"

#include "src/base/text.h"
#include "tui/key.h"

#include <stdlib.h>
#include <string.h>

const struct fuzz_limits fuzz_limits = { 262144, 16 };    /* libtermkey's tree of sequences, and the queue */

#define KEYS 2048

struct pressed {
	uint32_t codes[KEYS];
	size_t count;
};

static void check_key(uint32_t code)
{
	char name[ZG_KEY_NAME];

	fuzz_check(code != 0 && code < 2 * ZG_KEY_SHIFT, "key %X", code);
	if (zg_key_is_text(code))
		fuzz_check(code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF), "U+%X is typed", code);
	if (zg_key_is_text(code) && code % 16)
		return;    /* one of many alike */
	zg_key_name(name, code);
	fuzz_check(strlen(name) < ZG_KEY_NAME, "a long name");
	if (*name && code != ZG_KEY_CTRL('I') && code != ZG_KEY_CTRL('M'))
		fuzz_check(zg_key_parse(name) == code, "%s is key %X, not %X", name, zg_key_parse(name), code);
}

static void take(struct zg_keys *keys, int64_t now_ms, struct pressed *pressed)
{
	uint32_t code;
	int64_t at_ms;

	while (zg_keys_next(keys, now_ms, &code, &at_ms)) {
		fuzz_check(at_ms <= now_ms, "a key from the time to come");
		check_key(code);
		if (pressed->count < KEYS)
			pressed->codes[pressed->count++] = code;
	}
	fuzz_check(zg_keys_wait(keys, now_ms) >= -1 && zg_keys_wait(keys, now_ms) <= ZG_KEY_ESC_MS, "a wait of %d", zg_keys_wait(keys, now_ms));
}

/*
 * Each chunk at its time; `step` bytes a push. The keys live on, because reading the terminal's entry takes longer than all else; a
 * pause and a control byte leave nothing behind.
 */
static void play(struct zg_keys *keys, struct fuzz_input input, size_t step, struct pressed *pressed)
{
	static const int pauses[] = { 0, 1, 20, 24, 25, 60, 400, 1500 };
	static int64_t now_ms = 1000;
	struct pressed before = { .count = 0 };

	zg_keys_push(keys, "\005", 1, now_ms += 3 * ZG_KEY_REST_MS);
	take(keys, now_ms, &before);
	while (input.at < input.end) {
		unsigned how = fuzz_byte(&input);
		size_t left = (size_t)(input.end - input.at), length = how / 8 < left ? how / 8 : left;

		now_ms += pauses[how % 8];
		for (size_t i = 0; i < length; i += step) {
			zg_keys_push(keys, input.at + i, length - i < step ? length - i : step, now_ms);
			take(keys, now_ms, pressed);
		}
		input.at += length;
		take(keys, now_ms, pressed);
	}
	take(keys, now_ms += ZG_KEY_REST_MS + 1, pressed);
	fuzz_check(zg_keys_sign_cells(keys) >= 0 && zg_keys_sign_cells(keys) <= 2, "signs of %d cells", zg_keys_sign_cells(keys));
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	static struct pressed whole, slow;
	static struct zg_keys *one, *other;
	char *name = strndup(bytes, length);

	if (!one) {
		zg_keys_free(zg_keys_new("no-such-terminal"));
		one = zg_keys_new("xterm-256color");
		other = zg_keys_new("xterm-256color");
	}
	whole.count = slow.count = 0;
	play(one, input, 32, &whole);
	play(other, input, 1, &slow);
	fuzz_check(whole.count == slow.count && memcmp(whole.codes, slow.codes, whole.count * sizeof(whole.codes[0])) == 0,
		   "%zu keys at once, %zu byte by byte", whole.count, slow.count);
	uint32_t code = zg_key_parse(name);

	if (code)
		check_key(code);
	free(name);
}
