#include "src/cli/cli.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/money.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_MAX 99999    /* pieces of one kind */

/* JSON as it is, or a sentence with amounts in it. */
static int answer(const struct zg_cli *cli, json_t *document, struct zg_buffer *text)
{
	int code = 0;

	if (cli->json) {
		code = zg_cli_document(document, 0);
	} else {
		zg_cli_print(zg_buffer_text(text));
		json_decref(document);
	}
	zg_buffer_clear(text);
	return code;
}

static void put_amount(struct zg_buffer *text, const char *label, const json_t *document, const char *key)
{
	char amount[ZG_AMOUNT_TEXT];

	zg_buffer_print(text, "%s: %s\n", label, zg_fen_format(amount, zg_json_integer(document, key, 0)));
}

int zg_shift_open_command(struct zg_cli *cli)
{
	const char *given = zg_cli_option(cli, "float");
	struct zg_buffer text = { 0 };
	json_t *args, *said = NULL;
	zg_fen fen;

	if (!given)
		return zg_cli_usage(cli, _("Say how much cash is in the drawer: add --float AMOUNT (0 for none)."));
	if (!zg_cli_amount(cli, given, &fen))
		return 2;
	args = zg_json_object();
	zg_json_set_integer(args, "float_fen", fen);
	int code = zg_cli_act(cli, "shift.open", args, &said);

	if (code != 0)
		return code;
	zg_buffer_print(&text, _("Shift %lld of %s is open.\n"), (long long)zg_json_integer(said, "shift", 0),
			zg_json_string(said, "day", ""));
	return answer(cli, said, &text);
}

bool zg_cli_pieces(const struct zg_cli *cli, const char *text, json_t *pieces)
{
	const char *cross = strpbrk(text, "xX*");
	char *value = zg_copy_bytes(text, cross ? (size_t)(cross - text) : 0), key[24];
	zg_fen fen = 0;
	int64_t count = 0;
	bool ok = cross && zg_fen_parse(value, &fen) && fen > 0;

	free(value);
	if (!ok) {
		zg_cli_usage(cli, _("'%s' is not a count. Write value x pieces, such as 100x3 for three notes of 100."), text);
		return false;
	}
	if (!zg_cli_number(cli, _("A number of pieces"), cross + 1, 0, COUNT_MAX, &count))
		return false;
	snprintf(key, sizeof(key), "%lld", (long long)fen);
	if (json_object_get(pieces, key)) {
		zg_cli_usage(cli, _("%s stands there twice. Count each kind once."), text);
		return false;
	}
	zg_json_set_integer(pieces, key, count);
	return true;
}

int zg_shift_count_command(struct zg_cli *cli)
{
	const char *given = zg_cli_option(cli, "total");
	struct zg_buffer text = { 0 };
	json_t *args, *pieces, *said = NULL;
	zg_fen fen = 0;

	if ((given != NULL) == (cli->argument_count > 0))
		return zg_cli_usage(cli, _("Count by pieces, such as 100x3 50x2 1x7, or give the sum with --total AMOUNT."));
	if (given && !zg_cli_amount(cli, given, &fen))
		return 2;
	pieces = zg_json_object();
	for (size_t i = 0; i < cli->argument_count; i++)
		if (!zg_cli_pieces(cli, cli->arguments[i], pieces)) {
			json_decref(pieces);
			return 2;
		}
	args = zg_json_object();
	if (given) {
		zg_json_set_integer(args, "total_fen", fen);
		json_decref(pieces);
	} else {
		zg_json_set(args, "pieces", pieces);
	}
	int code = zg_cli_act(cli, "shift.count", args, &said);

	if (code != 0)
		return code;
	put_amount(&text, _("Counted"), said, "total_fen");
	return answer(cli, said, &text);
}

int zg_shift_close_command(struct zg_cli *cli)
{
	struct zg_buffer text = { 0 };
	json_t *said = NULL;
	int code = zg_cli_act(cli, "shift.close", zg_json_object(), &said);

	if (code != 0)
		return code;
	zg_buffer_print(&text, _("The shift is closed. Z report number %lld.\n"), (long long)zg_json_integer(said, "z", 0));
	put_amount(&text, _("Expected"), said, "expected_fen");
	put_amount(&text, _("Counted"), said, "counted_fen");
	put_amount(&text, zg_json_integer(said, "over_fen", 0) < 0 ? _("Short") : _("Over"), said, "over_fen");
	return answer(cli, said, &text);
}
