#include "src/cli/cli.h"

#include "src/base/i18n.h"
#include "src/base/money.h"

static int move(struct zg_cli *cli, bool is_in)
{
	const char *reason = zg_cli_option(cli, "reason");
	char amount[ZG_AMOUNT_TEXT];
	struct zg_buffer text = { 0 };
	json_t *args, *answer = NULL;
	zg_fen fen;

	if (!zg_cli_amount(cli, cli->arguments[0], &fen))
		return 2;
	if (!reason)
		return zg_cli_usage(cli, _("Cash does not move without a reason. Add --reason TEXT."));
	args = zg_json_object();
	zg_json_set_integer(args, "amount_fen", fen);
	zg_json_set_string(args, "reason", reason);
	int code = zg_cli_act(cli, is_in ? "cash.in" : "cash.out", args, &answer);

	if (code != 0)
		return code;
	if (cli->json)
		return zg_cli_document(answer, 0);
	zg_fen_format(amount, fen);
	if (is_in)
		zg_buffer_print(&text, _("%s was put into the drawer.\n"), amount);
	else
		zg_buffer_print(&text, _("%s was taken out of the drawer.\n"), amount);
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
	json_decref(answer);
	return 0;
}

int zg_cash_in_command(struct zg_cli *cli)
{
	return move(cli, true);
}

int zg_cash_out_command(struct zg_cli *cli)
{
	return move(cli, false);
}
