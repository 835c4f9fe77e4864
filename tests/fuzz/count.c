/*
 * A drawer that is counted: the words of `shift count` into pieces, and the pieces into a sum by the till. Each line of the input is a word,
 * "100x3"; behind a NUL may stand pieces as JSON, as the control socket brings them. What is taken is just what it says, each kind once;
 * the till adds it up, or refuses a kind or a number that there is not.
 */
#include "tests/fuzz/fuzz.h"

#include "src/base/alloc.h"
#include "src/cli/cli.h"
#include "src/shop/cash.h"
#include "tests/unit/shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct fuzz_limits fuzz_limits = { 12000000, 400 };    /* SQLite, and statements that are prepared once */

#define INPUTS 3000    /* to one shop; then another begins, because books only grow */
#define MOST   99999   /* pieces of one kind in a command */

static struct shop *shop;
static int inputs;

static void begin(void)
{
	if (shop)
		shop_end(shop);
	shop = shop_begin(NULL);
	fuzz_check(shop_sign_in(shop, "boss") == ZG_OK && shop_do(shop, "shift.open", "{s:i}", "float_fen", 0) == ZG_OK, "%s", shop->err.text);
	inputs = 0;
}

/* Read by hand: digits, a point with one or two more, a cross, digits. False: it is no count. */
static bool read_word(const char *at, int64_t *fen, int64_t *pieces)
{
	int decimals = 0, digits = 0;

	*fen = *pieces = 0;
	at += *at == '+';
	for (; *at >= '0' && *at <= '9'; at++)
		if ((*fen = *fen * 10 + (*at - '0') * 100) > ZG_FEN_MAX)
			return false;
	if (*at == '.')
		for (at++; decimals < 2 && *at >= '0' && *at <= '9'; at++, decimals++)
			*fen += (*at - '0') * (decimals ? 1 : 10);
	if (*fen <= 0 || *fen > ZG_FEN_MAX || (*at != 'x' && *at != 'X' && *at != '*') || !*++at)
		return false;
	for (; *at >= '0' && *at <= '9' && digits < 17; at++, digits++)
		*pieces = *pieces * 10 + (*at - '0');
	return !*at && *pieces <= MOST;
}

/* What the command says of a word that is none goes where nobody reads it. */
static bool take(const char *word, json_t *pieces)
{
	static const struct zg_cli cli;
	static FILE *quiet;
	FILE *before = stderr;

	if (!quiet)
		quiet = fopen("/dev/null", "w");
	stderr = quiet;
	bool taken = zg_cli_pieces(&cli, word, pieces);

	stderr = before;
	return taken;
}

/* The till's half: what it must make of pieces, and makes. */
static void count(json_t *pieces)
{
	const char *key;
	json_t *value;
	int64_t sum = 0;
	bool is_cash = json_object_size(pieces) <= ZG_CASH_NOTES;

	json_object_foreach(pieces, key, value) {
		int64_t number = json_is_integer(value) ? (int64_t)json_integer_value(value) : -1;
		size_t i = 0;

		for (char name[ZG_AMOUNT_TEXT]; i < ZG_CASH_NOTES; i++) {
			snprintf(name, sizeof(name), "%lld", (long long)zg_cash_notes[i]);
			if (strcmp(name, key) == 0)
				break;
		}
		is_cash = is_cash && i < ZG_CASH_NOTES && number >= 0 && number <= ZG_CASH_PIECES_MAX;
		sum += is_cash ? number * zg_cash_notes[i] : 0;
	}
	enum zg_result result = shop_do(shop, "shift.count", "{s:O}", "pieces", pieces);

	fuzz_check((result == ZG_OK) == is_cash, "%zu kinds give %d: %s", json_object_size(pieces), result, shop->err.text);
	fuzz_check(result != ZG_OK || shop_integer(shop, "total_fen") == sum, "%lld fen, not %lld", (long long)shop_integer(shop, "total_fen"),
		   (long long)sum);
}

void fuzz_one(const char *bytes, size_t length)
{
	const char *stop = memchr(bytes, '\0', length);
	struct fuzz_input input = { bytes, stop ? stop : bytes + length };
	json_t *pieces = zg_json_object(), *sent = stop ? zg_json_parse(stop + 1, length - (size_t)(stop - bytes) - 1) : NULL;

	if (!shop || inputs++ == INPUTS)
		begin();
	while (input.at < input.end) {
		char *word = fuzz_text(&input, '\n'), key[24];
		int64_t fen, number;
		bool is_count = read_word(word, &fen, &number);

		snprintf(key, sizeof(key), "%lld", (long long)fen);
		bool is_new = is_count && !json_object_get(pieces, key);

		fuzz_check(take(word, pieces) == is_new, "'%s' is %staken", word, is_new ? "not " : "");
		fuzz_check(!is_new || zg_json_integer(pieces, key, -1) == number, "'%s' is taken for another number", word);
		free(word);
	}
	count(pieces);
	if (json_is_object(sent))
		count(sent);
	json_decref(sent);
	json_decref(pieces);
}
