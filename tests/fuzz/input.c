/* A line that is typed into: whatever is pressed, its text is clean and in its room, and the cursor stands at a character. */
#include "tests/fuzz/fuzz.h"

#include "src/base/text.h"
#include "tui/key.h"
#include "tui/widget/input.h"

#include <stdlib.h>
#include <string.h>

const struct fuzz_limits fuzz_limits = { 65536, 8 };

static void check_line(const struct zg_input *input)
{
	size_t room = input->room && input->room < ZG_INPUT_SIZE ? input->room : ZG_INPUT_SIZE - 1;

	fuzz_check(input->length == strlen(input->text) && input->length <= room, "%zu bytes in room for %zu", input->length, room);
	fuzz_check(input->cursor <= input->length && ((unsigned char)input->text[input->cursor] & 0xC0) != 0x80, "the cursor stands inside a character");
	fuzz_check(zg_text_is_clean(input->text, input->length, NULL, NULL), "the line is not clean");
}

static uint32_t key_of(struct fuzz_input *input)
{
	static const uint32_t keys[] = {
		ZG_KEY_BACKSPACE, ZG_KEY_DELETE, ZG_KEY_LEFT, ZG_KEY_RIGHT, ZG_KEY_HOME, ZG_KEY_END, ZG_KEY_CTRL('U'), ZG_KEY_ENTER, ZG_KEY_UP,
	};
	uint32_t character;
	size_t left = (size_t)(input->end - input->at), step;

	if ((unsigned char)*input->at < 0x20)
		return keys[fuzz_byte(input) % (sizeof(keys) / sizeof(keys[0]))];
	step = zg_text_next(input->at, left, &character, NULL);
	input->at += step;
	return character;
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	struct zg_input line = { .room = fuzz_byte(&input) };
	char *text = fuzz_text(&input, '\n');

	line.secret = line.room % 2;
	zg_input_set(&line, text);
	check_line(&line);
	while (input.at < input.end) {
		zg_input_press(&line, key_of(&input));
		check_line(&line);
	}
	struct zg_input before = line;

	if (!zg_input_add(&line, text))
		fuzz_check(memcmp(&before, &line, sizeof(line)) == 0, "text that was refused changed the line");
	check_line(&line);
	zg_input_clear(&line);
	fuzz_check(!line.length && !line.text[0], "it is not empty");
	free(text);
}
