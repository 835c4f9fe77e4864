#include "src/io/thrift.h"

#include <stdio.h>
#include <string.h>

#define OWN_LETTER 39
#define OWN_GROUND 49
#define OF_256     256    /* 256 + n: colour n of 256 */

static const struct zg_look_now plain = { .letter = OWN_LETTER, .ground = OWN_GROUND, .set = 'B' };

void zg_thrift_init(struct zg_thrift *thrift)
{
	*thrift = (struct zg_thrift){ .is = plain, .wanted = plain, .is_sure = true };
}

static void add_number(struct zg_buffer *out, int number, bool *some)
{
	zg_buffer_print(out, "%s%d", *some ? ";" : "\033[", number);
	*some = true;
}

static void add_colour(struct zg_buffer *out, int colour, int first, bool *some)
{
	if (colour >= OF_256) {
		add_number(out, first + 8, some);
		add_number(out, 5, some);
		add_number(out, colour - OF_256, some);
	} else {
		add_number(out, colour, some);
	}
}

static void add_set(struct zg_thrift *thrift, struct zg_buffer *out)
{
	if (thrift->is.set == thrift->wanted.set && thrift->is_sure)
		return;
	zg_buffer_print(out, "\033(%c", thrift->wanted.set);
	thrift->is.set = thrift->wanted.set;
}

/* Makes the terminal look as wanted. */
static void settle(struct zg_thrift *thrift, struct zg_buffer *out)
{
	struct zg_look_now *is = &thrift->is;
	const struct zg_look_now *to = &thrift->wanted;
	bool some = false;

	add_set(thrift, out);
	if (!thrift->is_sure) {
		add_number(out, 0, &some);
		*is = plain;
		is->set = to->set;
		thrift->is_sure = true;
	}
	if ((is->bold && !to->bold) || (is->dim && !to->dim)) {
		add_number(out, 22, &some);
		is->bold = is->dim = false;
	}
	if (to->bold && !is->bold)
		add_number(out, 1, &some);
	if (to->dim && !is->dim)
		add_number(out, 2, &some);
	if (to->underline != is->underline)
		add_number(out, to->underline ? 4 : 24, &some);
	if (to->reverse != is->reverse)
		add_number(out, to->reverse ? 7 : 27, &some);
	if (to->letter != is->letter)
		add_colour(out, to->letter, 30, &some);
	if (to->ground != is->ground)
		add_colour(out, to->ground, 40, &some);
	if (some)
		zg_buffer_add_byte(out, 'm');
	*is = *to;
}

/* A blank, and what erases, shows nothing but its ground. */
static void settle_ground(struct zg_thrift *thrift, struct zg_buffer *out)
{
	struct zg_look_now *is = &thrift->is;
	const struct zg_look_now *to = &thrift->wanted;
	bool some = false;

	if (!thrift->is_sure || is->underline || to->underline || is->reverse || to->reverse) {
		settle(thrift, out);
		return;
	}
	if (is->ground == to->ground)
		return;
	add_colour(out, to->ground, 40, &some);
	zg_buffer_add_byte(out, 'm');
	is->ground = to->ground;
}

/* Reads the numbers between "Esc [" and "m". False: there is one that is not known here. */
static bool read_look(const char *at, const char *end, struct zg_look_now *look)
{
	int numbers[16], count = 0, digits = 0;

	numbers[0] = 0;
	for (; at < end; at++) {
		if (*at == ';') {
			if (++count == 16)
				return false;
			numbers[count] = digits = 0;
		} else if (*at >= '0' && *at <= '9' && ++digits <= 3) {
			numbers[count] = numbers[count] * 10 + (*at - '0');
		} else {
			return false;
		}
	}
	for (int i = 0; i <= count; i++) {
		int n = numbers[i];

		if (n == 0)
			*look = (struct zg_look_now){ .letter = OWN_LETTER, .ground = OWN_GROUND, .set = look->set };
		else if (n == 1)
			look->bold = true;
		else if (n == 2)
			look->dim = true;
		else if (n == 4 || n == 24)
			look->underline = n == 4;
		else if (n == 7 || n == 27)
			look->reverse = n == 7;
		else if (n == 22)
			look->bold = look->dim = false;
		else if ((n >= 30 && n <= 37) || n == 39 || (n >= 90 && n <= 97))
			look->letter = n;
		else if ((n >= 40 && n <= 47) || n == 49 || (n >= 100 && n <= 107))
			look->ground = n;
		else if ((n == 38 || n == 48) && i + 2 <= count && numbers[i + 1] == 5 && numbers[i + 2] < 256) {
			*(n == 38 ? &look->letter : &look->ground) = OF_256 + numbers[i + 2];
			i += 2;
		} else {
			return false;
		}
	}
	return true;
}

/* Moves, margins, questions and modes say nothing about looks; leaving the other screen brings old ones back. */
static bool is_neutral(const char *text, size_t length)
{
	char last = text[length - 1];

	if (text[1] != '[')
		return false;
	if (text[2] == '?')
		return (last == 'h' || last == 'l') && (length < 6 || memcmp(text + 3, "104", 3) != 0);
	return strchr("ABCDEFGHdfnr", last) != NULL;
}

/* The first look that is asked for is sent whole, whatever the terminal was left in. */
static void begin(struct zg_thrift *thrift)
{
	if (!thrift->is_begun)
		thrift->is_sure = false;
	thrift->is_begun = true;
}

/*
 * Whether a move was said shorter: to the row it was sent to before, and to the one below, which a line feed reaches (the
 * terminal is in raw mode, and never in its last row then). Only printing, and moves by columns, keep the row for sure; at the
 * right margin too, where the next character would wrap and a move does not.
 */
static bool take_move(struct zg_thrift *thrift, struct zg_buffer *out)
{
	const char *text = thrift->sequence;
	char last = text[thrift->length - 1];
	int row = 0, column = 0, before = thrift->row;

	thrift->has_columns = thrift->has_columns || (last == 'G' && text[1] == '[');
	if (text[1] != '(' && (text[1] != '[' || (text[2] != '?' && !strchr("mCDGKXP@", last))))
		thrift->row = 0;
	if (text[1] == '[' && last == 'd' && sscanf(text + 2, "%4d", &row) == 1) {
		thrift->row = row;
		if (before == 0 || row != before + 1)
			return false;
		zg_buffer_add_byte(out, '\n');
		return true;
	}
	if (text[1] != '[' || last != 'H' || sscanf(text + 2, "%4d;%4d", &row, &column) != 2)
		return false;
	thrift->row = row;
	if (before == 0 || (row != before && row != before + 1) || !thrift->has_columns)
		return false;
	if (row > before)
		zg_buffer_add_byte(out, '\n');
	if (column == 1)
		zg_buffer_add_byte(out, '\r');
	else
		zg_buffer_print(out, "\033[%dG", column);
	return true;
}

/* A whole sequence. What erases or scrolls leaves the ground behind. */
static void take_sequence(struct zg_thrift *thrift, struct zg_buffer *out)
{
	const char *text = thrift->sequence;
	size_t length = thrift->length;
	char last = text[length - 1];
	struct zg_look_now look = thrift->wanted;

	bool is_said = take_move(thrift, out);

	thrift->length = 0;
	if (is_said)
		return;
	if (length == 3 && text[1] == '(' && (last == 'B' || last == '0')) {
		thrift->wanted.set = last;
		begin(thrift);
		return;
	}
	if (text[1] == '[' && last == 'm' && read_look(text + 2, text + length - 1, &look)) {
		thrift->wanted = look;
		begin(thrift);
		return;
	}
	if (text[1] == '[' && strchr("@JKLMPSTX", last)) {
		settle_ground(thrift, out);
	} else if (!is_neutral(text, length)) {
		settle(thrift, out);
		thrift->is_sure = false;
	}
	zg_buffer_add(out, text, length);
}

static bool is_whole(const struct zg_thrift *thrift)
{
	unsigned char last = (unsigned char)thrift->sequence[thrift->length - 1];

	if (thrift->length < 2)
		return false;
	if (thrift->sequence[1] == '[')
		return thrift->length > 2 && last >= 0x40 && last <= 0x7E;
	if (thrift->sequence[1] >= 0x20 && thrift->sequence[1] <= 0x2F)
		return thrift->length > 2;
	return true;
}

static void take_byte(struct zg_thrift *thrift, char byte, struct zg_buffer *out)
{
	if ((unsigned char)byte < 0x20 ? byte != '\r' && byte != '\b' : thrift->wraps)
		thrift->row = 0;
	if (byte == ' ' && thrift->is.set == thrift->wanted.set)
		settle_ground(thrift, out);
	else if ((unsigned char)byte >= 0x20 && byte != 0x7F)
		settle(thrift, out);
	else if (byte == '\n')
		settle_ground(thrift, out);    /* it may scroll */
	zg_buffer_add_byte(out, (unsigned char)byte);
}

void zg_thrift_pass(struct zg_thrift *thrift, const char *bytes, size_t length, struct zg_buffer *out)
{
	for (size_t i = 0; i < length; i++) {
		if (thrift->length == 0 && bytes[i] != '\033') {
			take_byte(thrift, bytes[i], out);
			continue;
		}
		thrift->sequence[thrift->length++] = bytes[i];
		thrift->sequence[thrift->length] = '\0';
		if (is_whole(thrift))
			take_sequence(thrift, out);
		else if (thrift->length == ZG_THRIFT_SEQUENCE - 1)
			zg_thrift_end(thrift, out);
	}
}

void zg_thrift_end(struct zg_thrift *thrift, struct zg_buffer *out)
{
	settle(thrift, out);
	if (thrift->length == 0)
		return;
	zg_buffer_add(out, thrift->sequence, thrift->length);
	thrift->length = 0;
	thrift->is_sure = false;
}
