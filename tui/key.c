#include "tui/key.h"

#include "src/base/alloc.h"
#include "src/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <termkey.h>

#define KEYS_NEED 1048576    /* bytes of memory, with room to spare: libtermkey follows pointers that it did not get */
#define QUEUE    256    /* keys that wait for zg_keys_next; a burst of more is a stuck line, and is dropped */
#define SEQUENCE 32     /* bytes of the longest sequence; longer is noise */

enum state {
	GROUND,
	ESCAPED,        /* an Esc byte came, perhaps alone */
	CSI,            /* Esc [ and so on, within the time */
	CSI_LINUX,      /* Esc [ [ and one letter: F1 to F5 of the Linux console */
	SS3,            /* Esc O and one byte */
	LATE,           /* Esc has acted as a key: a sequence that follows is its rest */
	LATE_CSI, LATE_LINUX, LATE_SS3,
};

struct key_at {
	uint32_t code;
	int64_t at_ms;
};

struct zg_keys {
	TermKey *termkey;
	enum state state;
	int64_t since_ms;             /* when the last byte of a sequence came, or Esc in ESCAPED and LATE */
	char sequence[SEQUENCE];
	size_t length;
	char utf8[4];                 /* the start of a character whose rest has not come */
	size_t utf8_length;
	struct key_at queue[QUEUE];
	size_t first, count;
	int sign_cells;               /* 0: not known */
};

static const struct { TermKeySym sym; uint32_t code; } symbols[] = {
	{ TERMKEY_SYM_BACKSPACE, ZG_KEY_BACKSPACE }, { TERMKEY_SYM_TAB, ZG_KEY_TAB },
	{ TERMKEY_SYM_ENTER, ZG_KEY_ENTER }, { TERMKEY_SYM_KPENTER, ZG_KEY_ENTER },
	{ TERMKEY_SYM_UP, ZG_KEY_UP }, { TERMKEY_SYM_DOWN, ZG_KEY_DOWN },
	{ TERMKEY_SYM_LEFT, ZG_KEY_LEFT }, { TERMKEY_SYM_RIGHT, ZG_KEY_RIGHT },
	{ TERMKEY_SYM_PAGEUP, ZG_KEY_PAGE_UP }, { TERMKEY_SYM_PAGEDOWN, ZG_KEY_PAGE_DOWN },
	{ TERMKEY_SYM_HOME, ZG_KEY_HOME }, { TERMKEY_SYM_FIND, ZG_KEY_HOME },
	{ TERMKEY_SYM_END, ZG_KEY_END }, { TERMKEY_SYM_SELECT, ZG_KEY_END },
	{ TERMKEY_SYM_INSERT, ZG_KEY_INSERT }, { TERMKEY_SYM_DELETE, ZG_KEY_DELETE },
	{ TERMKEY_SYM_KPPLUS, '+' }, { TERMKEY_SYM_KPMINUS, '-' }, { TERMKEY_SYM_KPMULT, '*' },
	{ TERMKEY_SYM_KPDIV, '/' }, { TERMKEY_SYM_KPPERIOD, '.' }, { TERMKEY_SYM_KPCOMMA, ',' },
	{ TERMKEY_SYM_KPEQUALS, '=' },
};

static const struct { const char *name; uint32_t code; } names[] = {
	{ "Enter", ZG_KEY_ENTER }, { "Backspace", ZG_KEY_BACKSPACE }, { "Esc", ZG_KEY_ESC },
	{ "Tab", ZG_KEY_TAB }, { "Shift-Tab", ZG_KEY_BACKTAB }, { "Up", ZG_KEY_UP },
	{ "Down", ZG_KEY_DOWN }, { "Left", ZG_KEY_LEFT }, { "Right", ZG_KEY_RIGHT },
	{ "PgUp", ZG_KEY_PAGE_UP }, { "PgDn", ZG_KEY_PAGE_DOWN }, { "Home", ZG_KEY_HOME },
	{ "End", ZG_KEY_END }, { "Ins", ZG_KEY_INSERT }, { "Del", ZG_KEY_DELETE }, { "Space", ' ' },
};

struct zg_keys *zg_keys_new(const char *term)
{
	struct zg_keys *keys = zg_alloc(1, sizeof(*keys));

	zg_need(KEYS_NEED);
	keys->termkey = termkey_new_abstract(term && *term ? term : "xterm",
	                                     TERMKEY_FLAG_UTF8 | TERMKEY_FLAG_NOTERMIOS | TERMKEY_FLAG_CONVERTKP);
	/* a terminal without an entry: libtermkey still reads the ECMA-48 sequences under this name */
	if (!keys->termkey)
		keys->termkey = termkey_new_abstract("xterm", TERMKEY_FLAG_UTF8 | TERMKEY_FLAG_NOTERMIOS);
	if (!keys->termkey)
		zg_out_of_memory();    /* it has xterm built in */
	return keys;
}

void zg_keys_free(struct zg_keys *keys)
{
	if (!keys)
		return;
	if (keys->termkey)
		termkey_destroy(keys->termkey);
	free(keys);
}

static void add(struct zg_keys *keys, uint32_t code, int64_t at_ms)
{
	if (code == 0 || keys->count == QUEUE)
		return;
	keys->queue[(keys->first + keys->count++) % QUEUE] = (struct key_at){ code, at_ms };
}

static uint32_t code_of(const TermKeyKey *key)
{
	uint32_t shift = key->modifiers & TERMKEY_KEYMOD_SHIFT ? (uint32_t)ZG_KEY_SHIFT : 0;

	if (key->modifiers & TERMKEY_KEYMOD_ALT)
		return 0;
	/* terminfo counts on: F13 is Shift-F1, on xterm and on the Linux console */
	if (key->type == TERMKEY_TYPE_FUNCTION && key->code.number > 12 && key->code.number <= 24)
		return ZG_KEY_F(key->code.number - 12) | ZG_KEY_SHIFT;
	if (key->type == TERMKEY_TYPE_FUNCTION && key->code.number >= 1 && key->code.number <= 12)
		return ZG_KEY_F(key->code.number) | shift;
	if (key->type == TERMKEY_TYPE_UNICODE && key->modifiers == 0)
		return (uint32_t)key->code.codepoint;
	if (key->type != TERMKEY_TYPE_KEYSYM)
		return 0;
	if (key->code.sym >= TERMKEY_SYM_KP0 && key->code.sym <= TERMKEY_SYM_KP9)
		return (uint32_t)'0' + (uint32_t)(key->code.sym - TERMKEY_SYM_KP0);
	if (key->code.sym == TERMKEY_SYM_TAB && shift)
		return ZG_KEY_BACKTAB;
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		if (symbols[i].sym == key->code.sym)
			return symbols[i].code > ZG_KEY_SPECIAL ? symbols[i].code | shift : symbols[i].code;
	return 0;
}

/*
 * Only what keys look like: Esc O and a byte, Esc [ with up to three short numbers, Esc [ [ and a letter.
 * libtermkey 0.22 reads out of bounds on some others (found with random bytes); mouse and replies are not keys.
 * Esc [ ~ without a number, and Esc [ 27 ~ without two more, would be whatever number lay on its stack: F12, say.
 */
static bool is_key_like(const struct zg_keys *keys)
{
	int digits = 0, numbers = 1;

	if (keys->sequence[1] == 'O' || (keys->length == 4 && keys->sequence[2] == '['))
		return keys->length < SEQUENCE;
	for (size_t i = 2; i + 1 < keys->length; i++) {
		char byte = keys->sequence[i];

		if (byte == ';') {
			numbers++;
			digits = 0;
		} else if (byte < '0' || byte > '9' || ++digits > 3) {
			return false;
		}
	}
	char final = keys->sequence[keys->length - 1];

	if (final == '~' && (keys->sequence[2] < '0' || keys->sequence[2] > '9' || strtol(keys->sequence + 2, NULL, 10) == 27))
		return false;
	return numbers <= 3 && keys->length < SEQUENCE && !strchr("Mmuy", final);
}

/* Where the cursor stands after one sign in the second row: the answer to zg_place's question. Shift-F3 names row 1. */
static bool is_answer(const struct zg_keys *keys)
{
	return keys->length == 6 && memcmp(keys->sequence + 2, "2;", 2) == 0 && keys->sequence[5] == 'R' &&
	       (keys->sequence[4] == '2' || keys->sequence[4] == '3');
}

/* A whole sequence: one key at most, and nothing of it may stay behind. */
static void read_sequence(struct zg_keys *keys, int64_t at_ms)
{
	TermKeyKey key;
	uint32_t code = 0;

	if (is_answer(keys)) {
		keys->sign_cells = keys->sequence[4] - '1';
	} else if (keys->termkey && is_key_like(keys)) {
		termkey_push_bytes(keys->termkey, keys->sequence, keys->length);
		if (termkey_getkey_force(keys->termkey, &key) == TERMKEY_RES_KEY)
			code = code_of(&key);
		for (int i = 0; i < SEQUENCE && termkey_getkey_force(keys->termkey, &key) == TERMKEY_RES_KEY; i++)
			continue;
	}
	keys->state = GROUND;
	keys->length = 0;
	add(keys, code, at_ms);
}

static void read_control(struct zg_keys *keys, unsigned char byte, int64_t at_ms)
{
	switch (byte) {
	case '\r': add(keys, ZG_KEY_ENTER, at_ms); break;
	case '\n': add(keys, ZG_KEY_LINE_FEED, at_ms); break;
	case '\t': add(keys, ZG_KEY_TAB, at_ms); break;
	case 0x08:
	case 0x7F: add(keys, ZG_KEY_BACKSPACE, at_ms); break;
	case 0x1B:
		keys->state = ESCAPED;
		keys->since_ms = at_ms;
		break;
	default:
		add(keys, byte < 0x1B ? byte : 0, at_ms);
	}
}

/* A byte of a character; invalid ones are dropped. */
static void read_text(struct zg_keys *keys, char byte, int64_t at_ms)
{
	uint32_t character;
	bool valid;

	keys->utf8[keys->utf8_length++] = byte;
	unsigned char lead = (unsigned char)keys->utf8[0];
	size_t need = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;

	if (keys->utf8_length > 1 && ((unsigned char)byte & 0xC0) != 0x80) {
		keys->utf8_length = 0;
		read_text(keys, byte, at_ms);
		return;
	}
	if (keys->utf8_length < need)
		return;
	zg_text_next(keys->utf8, keys->utf8_length, &character, &valid);
	keys->utf8_length = 0;
	if (valid && zg_key_is_text(character))
		add(keys, character, at_ms);
}

static void collect(struct zg_keys *keys, char byte, int64_t at_ms)
{
	if (keys->length < SEQUENCE)
		keys->sequence[keys->length++] = byte;
	keys->since_ms = at_ms;
}

static bool is_final(unsigned char byte)
{
	return byte >= 0x40 && byte <= 0x7E;
}

static void step(struct zg_keys *keys, unsigned char byte, int64_t at_ms)
{
	/* a control or a character inside a sequence: the sequence was noise, the byte is not */
	if (keys->state != GROUND && keys->state != ESCAPED && keys->state != LATE && (byte < 0x20 || byte >= 0x7F)) {
		keys->state = GROUND;
		keys->length = 0;
	}
	switch (keys->state) {
	case LATE:
		if (byte == '[' || byte == 'O') {
			keys->state = byte == '[' ? LATE_CSI : LATE_SS3;
			keys->length = 0;
			collect(keys, (char)byte, at_ms);
			return;
		}
		keys->state = GROUND;
		break;
	case ESCAPED:
		keys->state = GROUND;
		if (byte == '[' || byte == 'O') {
			keys->state = byte == '[' ? CSI : SS3;
			keys->length = 0;
			collect(keys, '\033', at_ms);
			collect(keys, (char)byte, at_ms);
			return;
		}
		if (byte >= 0x20 && byte != 0x7F)
			return;    /* Alt and a character */
		add(keys, ZG_KEY_ESC, keys->since_ms);
		break;
	case CSI:
	case LATE_CSI:
		collect(keys, (char)byte, at_ms);
		if (byte == '[' && keys->length == (keys->state == CSI ? 3 : 2))
			keys->state = keys->state == CSI ? CSI_LINUX : LATE_LINUX;
		else if (is_final(byte) && keys->state == CSI)
			read_sequence(keys, at_ms);
		else if (is_final(byte))
			keys->state = GROUND;
		return;
	case CSI_LINUX:
	case SS3:
		collect(keys, (char)byte, at_ms);
		read_sequence(keys, at_ms);
		return;
	case LATE_LINUX:
	case LATE_SS3:
		keys->state = GROUND;
		return;
	case GROUND:
		break;
	}
	if (byte < 0x20 || byte == 0x7F) {
		keys->utf8_length = 0;
		read_control(keys, byte, at_ms);
	} else {
		read_text(keys, (char)byte, at_ms);
	}
}

/* What time alone decides. */
static void expire(struct zg_keys *keys, int64_t now_ms)
{
	if (keys->state == ESCAPED && now_ms - keys->since_ms >= ZG_KEY_ESC_MS) {
		add(keys, ZG_KEY_ESC, keys->since_ms);
		keys->state = LATE;
	}
	if (keys->state != GROUND && keys->state != ESCAPED && now_ms - keys->since_ms >= ZG_KEY_REST_MS) {
		keys->state = GROUND;
		keys->length = 0;
	}
}

void zg_keys_push(struct zg_keys *keys, const char *bytes, size_t length, int64_t now_ms)
{
	expire(keys, now_ms);
	for (size_t i = 0; i < length; i++)
		step(keys, (unsigned char)bytes[i], now_ms);
}

bool zg_keys_next(struct zg_keys *keys, int64_t now_ms, uint32_t *code, int64_t *at_ms)
{
	expire(keys, now_ms);
	if (keys->count == 0)
		return false;
	*code = keys->queue[keys->first].code;
	*at_ms = keys->queue[keys->first].at_ms;
	keys->first = (keys->first + 1) % QUEUE;
	keys->count--;
	return true;
}

int zg_keys_sign_cells(const struct zg_keys *keys)
{
	return keys->sign_cells;
}

int zg_keys_wait(const struct zg_keys *keys, int64_t now_ms)
{
	if (keys->count > 0)
		return 0;
	if (keys->state != ESCAPED)
		return -1;
	int64_t left = keys->since_ms + ZG_KEY_ESC_MS - now_ms;

	return left > 0 ? (int)left : 0;
}

const char *zg_key_name(char name[ZG_KEY_NAME], uint32_t code)
{
	const char *shift = code & ZG_KEY_SHIFT ? "Shift-" : "";
	uint32_t plain = code & ~(uint32_t)ZG_KEY_SHIFT;

	name[0] = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].code == plain)
			snprintf(name, ZG_KEY_NAME, "%s%s", shift, names[i].name);
	if (name[0])
		return name;
	if (plain > ZG_KEY_F(0) && plain <= ZG_KEY_F(12))
		snprintf(name, ZG_KEY_NAME, "%sF%u", shift, (unsigned)(plain - ZG_KEY_F(0)));
	else if (plain >= 1 && plain <= 26)
		snprintf(name, ZG_KEY_NAME, "Ctrl-%c", (char)('A' + plain - 1));
	else if (zg_key_is_text(plain))
		name[zg_text_put(name, plain)] = '\0';
	return name;
}

const char *zg_key_label(char label[ZG_KEY_NAME], uint32_t code, bool ascii)
{
	static const struct { uint32_t code; const char *sign; } arrows[] = {
		{ ZG_KEY_UP, "↑" }, { ZG_KEY_DOWN, "↓" }, { ZG_KEY_LEFT, "←" }, { ZG_KEY_RIGHT, "→" },
	};

	zg_key_name(label, code);
	for (size_t i = 0; i < sizeof(arrows) / sizeof(arrows[0]) && !ascii; i++)
		if (arrows[i].code == code)
			snprintf(label, ZG_KEY_NAME, "%s", arrows[i].sign);
	return label;
}

uint32_t zg_key_parse(const char *name)
{
	uint32_t character, shift = 0;
	bool valid;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(name, names[i].name) == 0)
			return names[i].code;
	if (strncasecmp(name, "Ctrl-", 5) == 0 && strlen(name) == 6) {
		char letter = name[5] >= 'a' && name[5] <= 'z' ? (char)(name[5] - 'a' + 'A') : name[5];

		return letter >= 'A' && letter <= 'Z' ? ZG_KEY_CTRL(letter) : 0;
	}
	size_t length = strlen(name);

	if (zg_text_next(name, length, &character, &valid) == length && length > 0)
		return valid && zg_key_is_text(character) ? character : 0;
	if (strncasecmp(name, "Shift-", 6) == 0) {
		name += 6;
		shift = ZG_KEY_SHIFT;
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (strcasecmp(name, names[i].name) == 0 && names[i].code > ZG_KEY_SPECIAL)
				return names[i].code | shift;
	}
	if ((name[0] == 'F' || name[0] == 'f') && name[1] >= '1' && name[1] <= '9') {
		char *end;
		unsigned long number = strtoul(name + 1, &end, 10);

		if (*end == '\0' && number <= 12)
			return ZG_KEY_F(number) | shift;
	}
	return 0;
}
