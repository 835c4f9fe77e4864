/*
 * Keys from the bytes that a terminal sends.
 *
 * The time is handed in with the bytes, because an Esc key and the start of a function key are the
 * same byte: alone for ZG_KEY_ESC_MS it is Esc. When the rest of such a sequence comes late (a slow
 * line cut F12 in two) it is swallowed; it never becomes text, and so never becomes cash.
 * Whole sequences are read by libtermkey. Alt with a character is dropped: that is what a scanner
 * in Alt-digit mode sends, and no key of ours needs it.
 */
#ifndef ZG_TUI_KEY_H
#define ZG_TUI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZG_KEY_ESC_MS  25      /* a lone Esc byte acts after this */
#define ZG_KEY_REST_MS 1000    /* how long the rest of a sequence may be late */

/*
 * A key is its character (code point), ZG_KEY_CTRL of a letter, or one of these. ZG_KEY_SHIFT may be
 * added to the ones above ZG_KEY_SPECIAL. The number pad sends ordinary characters.
 */
enum {
	ZG_KEY_SPECIAL = 0x200000,
	ZG_KEY_ENTER,
	ZG_KEY_LINE_FEED,    /* a \n byte: an Enter for people, the second half of CR LF for scanners */
	ZG_KEY_BACKSPACE, ZG_KEY_ESC, ZG_KEY_TAB, ZG_KEY_BACKTAB,
	ZG_KEY_UP, ZG_KEY_DOWN, ZG_KEY_LEFT, ZG_KEY_RIGHT,
	ZG_KEY_PAGE_UP, ZG_KEY_PAGE_DOWN, ZG_KEY_HOME, ZG_KEY_END, ZG_KEY_INSERT, ZG_KEY_DELETE,
	ZG_KEY_F0 = 0x200040,
	ZG_KEY_SHIFT = 0x400000,
};
#define ZG_KEY_F(n)         ((uint32_t)(ZG_KEY_F0 + (n)))    /* 1 to 12 */
#define ZG_KEY_CTRL(letter) ((uint32_t)((letter) & 0x1F))    /* a letter, either case */

struct zg_keys;

/* term names the terminal as $TERM does; an unknown one still has the common sequences. Never NULL. */
struct zg_keys *zg_keys_new(const char *term);
void zg_keys_free(struct zg_keys *keys);

/* Takes bytes that were read at now_ms (running clock). Ask for the keys after each 128 bytes at most. */
void zg_keys_push(struct zg_keys *keys, const char *bytes, size_t length, int64_t now_ms);
/* Gives the next key that is certain by now_ms. *at_ms is when its bytes came. False: none yet. */
bool zg_keys_next(struct zg_keys *keys, int64_t now_ms, uint32_t *code, int64_t *at_ms);
/* How long until zg_keys_next can give a key although no more bytes come; -1: never. */
int zg_keys_wait(const struct zg_keys *keys, int64_t now_ms);

/*
 * How many cells wide the terminal draws signs such as ─ and ●, from its answer to zg_place's question; 0: it has not said.
 */
int zg_keys_sign_cells(const struct zg_keys *keys);

/* A character that can stand in a text. */
static inline bool zg_key_is_text(uint32_t code)
{
	return code >= 0x20 && code != 0x7F && !(code >= 0x80 && code < 0xA0) && code < ZG_KEY_SPECIAL;
}

#define ZG_KEY_NAME 24

/* "F3", "Ctrl-X", "Enter", "+": as in the help line and the configuration. Returns name. */
const char *zg_key_name(char name[ZG_KEY_NAME], uint32_t code);
/* The same for people: an arrow is its sign, unless signs are to be plain. Returns label. */
const char *zg_key_label(char label[ZG_KEY_NAME], uint32_t code, bool ascii);
/* Reads such a name back, letters of named keys in either case; 0 when it names no key. */
uint32_t zg_key_parse(const char *name);
#endif
