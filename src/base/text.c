#include "src/base/text.h"

#include "src/base/i18n.h"

#include <string.h>
#include <wchar.h>

/* Invisible, or able to turn the text around it. Sorted. Unicode 15, general categories Cf, Zl, Zp and kin. */
static const struct { uint32_t first, last; } hidden[] = {
	{ 0x00AD, 0x00AD }, { 0x034F, 0x034F }, { 0x061C, 0x061C }, { 0x115F, 0x1160 },
	{ 0x17B4, 0x17B5 }, { 0x180B, 0x180F }, { 0x200B, 0x200F }, { 0x2028, 0x202E },
	{ 0x2060, 0x206F }, { 0x3164, 0x3164 }, { 0xD800, 0xF8FF }, { 0xFDD0, 0xFDEF },
	{ 0xFE00, 0xFE0F }, { 0xFEFF, 0xFEFF }, { 0xFFA0, 0xFFA0 }, { 0xFFF0, 0xFFFB },
	{ 0xFFFE, 0xFFFF }, { 0x1BCA0, 0x1BCA3 }, { 0x1D173, 0x1D17A }, { 0xE0000, 0x10FFFF },
};

size_t zg_text_next(const char *bytes, size_t length, uint32_t *character, bool *valid)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *b = (const unsigned char *)bytes;
	size_t need = 1;
	uint32_t value;

	if (length == 0) {
		*character = 0;
		return 0;
	}
	if (valid)
		*valid = true;
	*character = b[0];
	if (b[0] < 0x80)
		return 1;
	if (b[0] >= 0xC2 && b[0] < 0xE0)
		need = 2, value = b[0] & 0x1FU;
	else if (b[0] >= 0xE0 && b[0] < 0xF0)
		need = 3, value = b[0] & 0x0FU;
	else if (b[0] >= 0xF0 && b[0] < 0xF5)
		need = 4, value = b[0] & 0x07U;
	else
		goto invalid;
	if (length < need)
		goto invalid;
	for (size_t i = 1; i < need; i++) {
		if ((b[i] & 0xC0) != 0x80)
			goto invalid;
		value = value << 6 | (b[i] & 0x3FU);
	}
	if (value < least[need] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))
		goto invalid;
	*character = value;
	return need;
invalid:
	*character = 0xFFFD;
	if (valid)
		*valid = false;
	return 1;
}

size_t zg_text_put(char bytes[4], uint32_t character)
{
	if (character < 0x80) {
		bytes[0] = (char)character;
		return 1;
	}
	size_t need = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
	static const unsigned char starts[] = { 0, 0, 0xC0, 0xE0, 0xF0 };

	for (size_t i = need - 1; i > 0; i--) {
		bytes[i] = (char)(0x80 | (character & 0x3F));
		character >>= 6;
	}
	bytes[0] = (char)(starts[need] | character);
	return need;
}

size_t zg_text_count(const char *text)
{
	size_t count = 0, length = strlen(text), step;
	uint32_t character;

	while ((step = zg_text_next(text, length, &character, NULL)) > 0) {
		text += step;
		length -= step;
		count++;
	}
	return count;
}

static bool is_hidden(uint32_t character)
{
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]) && hidden[i].first <= character; i++)
		if (character <= hidden[i].last)
			return true;
	return false;
}

/* NULL when the character may stand here; `marks` counts the combining marks just before it, -1 at the start. */
static const char *fault_of(uint32_t character, bool valid, int *marks)
{
	if (!valid)
		return N_("bytes that are not UTF-8");
	if (character < 0x20 || (character >= 0x7F && character < 0xA0))
		return N_("a control character");
	if (is_hidden(character))
		return N_("an invisible or direction-changing character");
	int width = wcwidth((wchar_t)character);

	if (width < 0)
		return N_("a character that cannot be shown");
	if (width > 0) {
		*marks = 0;
		return NULL;
	}
	if (*marks < 0 || *marks >= ZG_TEXT_MARKS)
		return N_("too many combining marks");
	++*marks;
	return NULL;
}

bool zg_text_is_clean(const char *bytes, size_t length, size_t *at, const char **why)
{
	int marks = -1;

	for (size_t i = 0, step; i < length; i += step) {
		uint32_t character;
		bool valid;

		step = zg_text_next(bytes + i, length - i, &character, &valid);
		const char *fault = fault_of(character, valid, &marks);

		if (fault) {
			if (at)
				*at = i;
			if (why)
				*why = fault;
			return false;
		}
	}
	return true;
}

size_t zg_text_clean(char *out, size_t size, const char *bytes, size_t length)
{
	size_t used = 0, changed = 0;
	int marks = -1;

	for (size_t i = 0, step; i < length; i += step) {
		uint32_t character;
		bool valid;
		char put[4];

		step = zg_text_next(bytes + i, length - i, &character, &valid);
		if (fault_of(character, valid, &marks)) {
			character = character == '\t' || character == '\n' || character == '\r' ? ' ' : '?';
			marks = 0;
			changed++;
		}
		size_t need = zg_text_put(put, character);

		if (used + need >= size) {
			changed++;
			break;
		}
		memcpy(out + used, put, need);
		used += need;
	}
	out[used] = '\0';
	return changed;
}

size_t zg_screen_cut(const char *text, int cells, int *used)
{
	size_t length = strlen(text), at = 0, step;
	uint32_t character;
	int wide = 0;

	while ((step = zg_text_next(text + at, length - at, &character, NULL)) > 0) {
		int width = wcwidth((wchar_t)character);

		if (width < 0)
			width = 1;
		if (wide + width > cells)
			break;
		wide += width;
		at += step;
	}
	if (used)
		*used = wide;
	return at;
}

int zg_screen_width(const char *text)
{
	int used;

	zg_screen_cut(text, 1 << 28, &used);
	return used;
}

void zg_text_upper(char *text)
{
	for (; *text; text++)
		if (*text >= 'a' && *text <= 'z')
			*text = (char)(*text - 'a' + 'A');
}

void zg_text_trim(char *text)
{
	size_t start = strspn(text, " ");
	size_t length = strlen(text + start);

	while (length > 0 && text[start + length - 1] == ' ')
		length--;
	memmove(text, text + start, length);
	text[length] = '\0';
}
