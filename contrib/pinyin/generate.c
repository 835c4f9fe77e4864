/*
 * Writes src/base/pinyin_letters.inc: the first pinyin letter of every character from U+4E00 to
 * U+9FFF, one letter each in code point order, '-' for a character without a reading.
 *
 * Not part of the build: the table changes only when somebody runs this by hand, with ICU:
 *
 *     cc -o generate contrib/pinyin/generate.c $(pkg-config --cflags --libs icu-i18n icu-uc)
 *     ./generate > src/base/pinyin_letters.inc
 *
 * The reading is the one ICU's transliteration Han-Latin gives a character that stands alone,
 * except for the few below, where a shop says something else.
 */
#include <stdio.h>
#include <unicode/utrans.h>
#include <unicode/uversion.h>

#define FIRST 0x4E00
#define LAST  0x9FFF
#define ROW   64

/* Characters whose commonest reading on a shelf is not the one ICU gives. */
static const struct { UChar character; char letter; } shelf[] = {
	{ 0x5319, 'C' },    /* chi: 汤匙 */
	{ 0x53A6, 'X' },    /* xia: 厦门 */
	{ 0x54B3, 'K' },    /* ke: 止咳 */
	{ 0x8304, 'Q' },    /* qie: 番茄 */
	{ 0x86E4, 'G' },    /* ge: 蛤蜊 */
	{ 0x8C03, 'T' },    /* tiao: 调味 */
	{ 0x8C49, 'C' },    /* chi: 豆豉 */
	{ 0x957F, 'C' },    /* chang: 长城 */
};

static char letter_of(UTransliterator *latin, UChar character)
{
	UChar text[64] = { character, 0 };
	int32_t length = 1, limit = 1;
	UErrorCode code = U_ZERO_ERROR;

	for (size_t i = 0; i < sizeof(shelf) / sizeof(shelf[0]); i++)
		if (shelf[i].character == character)
			return shelf[i].letter;
	utrans_transUChars(latin, text, &length, 64, 0, &limit, &code);
	if (U_FAILURE(code))
		return '-';
	if (text[0] >= 'a' && text[0] <= 'z')
		return (char)(text[0] - 'a' + 'A');
	return text[0] >= 'A' && text[0] <= 'Z' ? (char)text[0] : '-';
}

int main(void)
{
	static const UChar name[] = u"Han-Latin; Latin-ASCII";
	UErrorCode code = U_ZERO_ERROR;
	UTransliterator *latin = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);

	if (!latin || U_FAILURE(code)) {
		fprintf(stderr, "generate: ICU has no Han-Latin: %s\n", u_errorName(code));
		return 1;
	}
	printf("/* Written by contrib/pinyin/generate.c with ICU %s. Do not edit. */\n", U_ICU_VERSION);
	for (int row = FIRST; row <= LAST; row += ROW) {
		printf("\"");
		for (int i = row; i < row + ROW && i <= LAST; i++)
			putchar(letter_of(latin, (UChar)i));
		printf("\",\n");
	}
	utrans_close(latin);
	return 0;
}
