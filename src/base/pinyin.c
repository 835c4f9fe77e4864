#include "src/base/pinyin.h"

#include "src/base/text.h"

#include <string.h>

#define FIRST 0x4E00
#define LAST  0x9FFF

#define ROW   64

/* One letter a character, in code point order, rows of 64; '-' where no reading is known. */
static const char letters[][ROW + 1] = {
#include "src/base/pinyin_letters.inc"
};

_Static_assert(sizeof(letters) == (LAST - FIRST + 1) / ROW * (ROW + 1), "the pinyin table has a letter for each character");

/* '\0' when the character has no initial. */
static char initial_of(uint32_t character)
{
	if (character >= 'a' && character <= 'z')
		return (char)(character - 'a' + 'A');
	if ((character >= 'A' && character <= 'Z') || (character >= '0' && character <= '9'))
		return (char)character;
	if (character < FIRST || character > LAST)
		return '\0';
	char letter = letters[(character - FIRST) / ROW][(character - FIRST) % ROW];

	return letter == '-' ? '\0' : letter;
}

size_t zg_pinyin_initials(const char *text, char *out, size_t size)
{
	size_t length = strlen(text), used = 0, step;
	uint32_t character;

	if (size == 0)
		return 0;
	for (; (step = zg_text_next(text, length, &character, NULL)) > 0; text += step, length -= step) {
		char letter = initial_of(character);

		if (letter != '\0' && used + 1 < size)
			out[used++] = letter;
	}
	out[used] = '\0';
	return used;
}
