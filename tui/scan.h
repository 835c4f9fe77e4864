/*
 * Tells a scanner that types from a person who types.
 *
 * A scan is a burst (less than ZG_BURST_GAP_MS between characters) of printable ASCII that ends in
 * Enter, is at least `least` long, has digits in it, and, with 8, 12, 13 or 14 digits, a right check
 * digit. Ctrl-B, which a scanner can be told to send first, starts a scan for sure.
 * Anything else is keys: short bursts too, so that a script may type `100+` in one write.
 *
 * Typed text is passed on at once, so a field may show the start of a scan for a moment; the event
 * that starts a burst says so, and whoever owns the field puts it back when the scan is known.
 * What cannot be taken back (an action key inside a burst) waits until the burst is decided.
 * Pure: times are handed in, on the running clock.
 */
#ifndef ZG_TUI_SCAN_H
#define ZG_TUI_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZG_BURST_GAP_MS   30
#define ZG_BURST_LEAST    6       /* characters of the shortest scan */
#define ZG_BURST_MAX      2048    /* the longest scan; a title's QR code fits */
#define ZG_BURST_PREFIX   0x02    /* Ctrl-B */
#define ZG_BURST_CUT_MS   1000    /* a scan after Ctrl-B that goes quiet this long was cut short */

enum zg_burst_kind {
	ZG_BURST_KEY,     /* act on code */
	ZG_BURST_SCAN,    /* text is a scan: put the field back as it was before the last event with `first` */
	ZG_BURST_CUT,     /* a scan after Ctrl-B was cut short; nothing of it is to be used */
};

struct zg_burst_event {
	enum zg_burst_kind kind;
	uint32_t code;       /* of a key; both Enter bytes are ZG_KEY_ENTER */
	bool first;          /* a burst may begin with this key: remember the field before you act on it */
	bool taken_back;     /* of a scan: keys of it were passed on since `first` */
	const char *text;    /* of a scan; lasts until the next call */
};

struct zg_burst;

struct zg_burst *zg_burst_new(void);
void zg_burst_free(struct zg_burst *burst);

/*
 * What the key would do now, which only the screen knows: true when it would act at once and
 * could not be taken back (a bound key), false when it goes into a field.
 */
typedef bool zg_burst_acts(void *context, uint32_t code);
void zg_burst_listen(struct zg_burst *burst, zg_burst_acts *acts, void *context);
/* The shortest scan from now on: ZG_BURST_LEAST, or more while a PIN is asked for. */
void zg_burst_require(struct zg_burst *burst, size_t least);

/* Takes a key whose bytes came at at_ms. Ask for the events after each 128 keys at most. */
void zg_burst_push(struct zg_burst *burst, uint32_t code, int64_t at_ms);
/* The next event that is certain by now_ms; act on it before asking for the next one. False: none yet. */
bool zg_burst_next(struct zg_burst *burst, int64_t now_ms, struct zg_burst_event *event);
/* How long until zg_burst_next can give something although no key comes; -1: never. */
int zg_burst_wait(const struct zg_burst *burst, int64_t now_ms);
#endif
