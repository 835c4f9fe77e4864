#include "tui/scan.h"

#include "src/base/alloc.h"
#include "src/base/text.h"
#include "src/shop/barcode.h"
#include "tui/key.h"

#include <stdlib.h>
#include <string.h>

#define QUEUE       256
#define QUANTITY    5    /* `3*` and a code typed by a script: a * this early in a burst is a key */
#define MANY_DIGITS 4    /* what people type fast, or in one write, are words: a code has digits */
#define REPEAT      3    /* a letter so often in a row is a key held down */

struct key_at {
	uint32_t code;
	int64_t at_ms;
};

struct zg_burst {
	struct key_at queue[QUEUE];
	size_t first, count;
	char text[ZG_BURST_MAX + 8];
	size_t length;       /* of the burst so far */
	size_t passed;       /* how much of it was passed on as keys; the rest is held */
	int64_t last_ms;     /* when its last character came */
	bool sure;           /* after Ctrl-B */
	bool replaying;      /* decided: what is held are keys */
	bool is_finished;    /* text was given out as a scan; empty it at the next call */
	int64_t return_ms;   /* when a scan ended in CR, whose LF may follow; INT64_MIN: no */
	size_t least;
	zg_burst_acts *acts;
	void *context;
};

struct zg_burst *zg_burst_new(void)
{
	struct zg_burst *burst = zg_alloc(1, sizeof(*burst));

	burst->least = ZG_BURST_LEAST;
	burst->return_ms = INT64_MIN;
	return burst;
}

void zg_burst_free(struct zg_burst *burst)
{
	free(burst);
}

void zg_burst_listen(struct zg_burst *burst, zg_burst_acts *acts, void *context)
{
	burst->acts = acts;
	burst->context = context;
}

void zg_burst_require(struct zg_burst *burst, size_t least)
{
	burst->least = least;
}

void zg_burst_push(struct zg_burst *burst, uint32_t code, int64_t at_ms)
{
	if (burst->count < QUEUE)
		burst->queue[(burst->first + burst->count++) % QUEUE] = (struct key_at){ code, at_ms };
}

static void drop_key(struct zg_burst *burst)
{
	burst->first = (burst->first + 1) % QUEUE;
	burst->count--;
}

/* What people type fast may be a PIN. */
static void reset(struct zg_burst *burst)
{
	explicit_bzero(burst->text, burst->length < sizeof(burst->text) ? burst->length + 1 : sizeof(burst->text));
	burst->length = burst->passed = 0;
	burst->replaying = false;
}

static bool is_held(const struct zg_burst *burst)
{
	return burst->length > burst->passed;
}

static bool is_action(uint32_t code)
{
	return code < 0x80 && code != 0 && strchr("+-*/.", (int)code);
}

/* "120.50": nobody's code, but what a script pays with. */
static bool is_amount(const char *text)
{
	size_t whole = strspn(text, "0123456789");

	if (text[whole] != '.')
		return false;
	size_t rest = strspn(text + whole + 1, "0123456789");

	return rest <= 2 && text[whole + 1 + rest] == '\0';
}

static bool is_scan(struct zg_burst *burst)
{
	size_t digits = 0;

	burst->text[burst->length] = '\0';
	if (burst->length < burst->least || is_action((unsigned char)burst->text[burst->length - 1]) || is_amount(burst->text))
		return false;
	for (size_t i = 0; i < burst->length; i++)
		digits += burst->text[i] >= '0' && burst->text[i] <= '9';
	return (digits >= MANY_DIGITS || strstr(burst->text, "://")) && !zg_barcode_is_doubtful(burst->text);
}

static bool is_held_down(const struct zg_burst *burst)
{
	char one = burst->text[0];

	if (burst->length < REPEAT || (one >= '0' && one <= '9'))
		return false;
	for (size_t i = 1; i < burst->length; i++)
		if (burst->text[i] != one)
			return false;
	return true;
}

static bool give_key(struct zg_burst_event *event, uint32_t code, bool first)
{
	*event = (struct zg_burst_event){ .kind = ZG_BURST_KEY, .code = code, .first = first };
	return true;
}

static bool give_scan(struct zg_burst *burst, struct zg_burst_event *event, const struct key_at *end)
{
	burst->text[burst->length] = '\0';
	*event = (struct zg_burst_event){ .kind = ZG_BURST_SCAN, .taken_back = burst->passed > 0, .text = burst->text };
	burst->return_ms = end->code == ZG_KEY_ENTER ? end->at_ms : INT64_MIN;
	burst->is_finished = true;
	burst->sure = false;
	return true;
}

static bool give_cut(struct zg_burst *burst, struct zg_burst_event *event)
{
	*event = (struct zg_burst_event){ .kind = ZG_BURST_CUT };
	burst->sure = false;
	reset(burst);
	return true;
}

/* After Ctrl-B. True: event was filled. */
static bool take_sure(struct zg_burst *burst, const struct key_at *key, struct zg_burst_event *event)
{
	if (key->at_ms - burst->last_ms >= ZG_BURST_CUT_MS)
		return give_cut(burst, event);
	drop_key(burst);
	burst->last_ms = key->at_ms;
	if (key->code == ZG_KEY_ENTER || key->code == ZG_KEY_LINE_FEED) {
		if (burst->length > 0)
			return give_scan(burst, event, key);
		burst->sure = false;
	} else if (key->code == ZG_KEY_ESC || (zg_key_is_text(key->code) && burst->length + 4 > ZG_BURST_MAX)) {
		return give_cut(burst, event);
	} else if (zg_key_is_text(key->code)) {
		burst->length += zg_text_put(burst->text + burst->length, key->code);
	}
	return false;
}

/* A visible ASCII character. True: event was filled; false: it is held. */
static bool take_character(struct zg_burst *burst, const struct key_at *key, struct zg_burst_event *event)
{
	size_t before = burst->length;
	bool held = is_held(burst);
	bool acts = !held && burst->acts && burst->acts(burst->context, key->code);

	drop_key(burst);
	if (acts && is_action(key->code) && (before == 0 || (key->code == '*' && before < QUANTITY))) {
		reset(burst);
		return give_key(event, key->code, false);
	}
	burst->text[burst->length++] = (char)key->code;
	burst->last_ms = key->at_ms;
	if (held || acts) {
		burst->replaying = is_held_down(burst);
		return false;
	}
	burst->passed = burst->length;
	return give_key(event, key->code, before == 0);
}

static bool take_enter(struct zg_burst *burst, const struct key_at *key, struct zg_burst_event *event)
{
	bool is_second = key->code == ZG_KEY_LINE_FEED && burst->length == 0 && burst->return_ms != INT64_MIN &&
	                 key->at_ms - burst->return_ms < ZG_BURST_GAP_MS;

	burst->return_ms = burst->return_ms != INT64_MIN && is_second ? INT64_MIN : burst->return_ms;
	if (!is_second && burst->length > 0 && is_scan(burst)) {
		drop_key(burst);
		return give_scan(burst, event, key);
	}
	if (is_held(burst)) {
		burst->replaying = true;
		return false;
	}
	reset(burst);
	drop_key(burst);
	return is_second ? false : give_key(event, ZG_KEY_ENTER, false);
}

/* The key at the head of the queue. True: event was filled; false: look again. */
static bool take(struct zg_burst *burst, struct zg_burst_event *event)
{
	struct key_at key = burst->queue[burst->first];

	if (burst->sure)
		return take_sure(burst, &key, event);
	if (burst->length > 0 && key.at_ms - burst->last_ms >= ZG_BURST_GAP_MS) {
		if (is_held(burst)) {
			burst->replaying = true;
			return false;
		}
		reset(burst);
	}
	if (key.code == ZG_KEY_ENTER || key.code == ZG_KEY_LINE_FEED)
		return take_enter(burst, &key, event);
	if (key.code > ' ' && key.code < 0x7F && burst->length < ZG_BURST_MAX)
		return take_character(burst, &key, event);
	if (is_held(burst)) {
		burst->replaying = true;
		return false;
	}
	reset(burst);
	drop_key(burst);
	if (key.code != ZG_BURST_PREFIX)
		return give_key(event, key.code, false);
	burst->sure = true;
	burst->last_ms = key.at_ms;
	return false;
}

bool zg_burst_next(struct zg_burst *burst, int64_t now_ms, struct zg_burst_event *event)
{
	if (burst->is_finished) {
		burst->is_finished = false;
		reset(burst);
	}
	for (;;) {
		if (burst->replaying) {
			unsigned char code = (unsigned char)burst->text[burst->passed++];

			if (!is_held(burst))
				reset(burst);
			return give_key(event, code, false);
		}
		if (burst->count > 0) {
			if (take(burst, event))
				return true;
			continue;
		}
		if (burst->sure && now_ms - burst->last_ms >= ZG_BURST_CUT_MS)
			return give_cut(burst, event);
		if (!is_held(burst) || now_ms - burst->last_ms < ZG_BURST_GAP_MS)
			return false;
		burst->replaying = true;
	}
}

int zg_burst_wait(const struct zg_burst *burst, int64_t now_ms)
{
	if (burst->count > 0 || burst->replaying)
		return 0;
	if (!burst->sure && !is_held(burst))
		return -1;
	int64_t left = burst->last_ms + (burst->sure ? ZG_BURST_CUT_MS : ZG_BURST_GAP_MS) - now_ms;

	return left > 0 ? (int)left : 0;
}
