/* Going on with an older copy of the books that was put back. */
#include "src/cli/cli.h"

#include "src/base/i18n.h"
#include "src/shop/barcode.h"

#include <string.h>

/* "R010000187", as it stands on paper, or "187". */
static bool take_receipt(struct zg_cli *cli, const char *text, int64_t *number)
{
	return zg_receipt_number_parse(text, NULL, number) || zg_cli_number(cli, "--last-receipt", text, 1, INT32_MAX, number);
}

static long long number_of(const json_t *said, const char *key)
{
	return (long long)zg_json_integer(said, key, 0);
}

static int answer(const struct zg_cli *cli, json_t *said)
{
	const char *warning = zg_json_string(said, "warning", "");
	struct zg_buffer text = { 0 };
	int code = *warning ? 5 : 0;

	if (cli->json)
		return zg_cli_document(said, code);
	zg_buffer_print(&text, _("The shop goes on with these books. Their last row was %lld; row %lld (%s), which was sealed before, is lost. "
				 "The journal tells of it.\n"), number_of(said, "last_seq"),
			number_of(said, "head_seq"), zg_json_string(said, "head", ""));
	if (number_of(said, "last_receipt") > 0)
		zg_buffer_print(&text, _("Receipt numbers %lld to %lld were given by the lost books and stay out.\n"),
				number_of(said, "first_receipt"), number_of(said, "last_receipt"));
	if (number_of(said, "last_z") > 0)
		zg_buffer_print(&text, _("Z reports %lld to %lld were given by the lost books and stay out.\n"),
				number_of(said, "first_z"), number_of(said, "last_z"));
	if (*warning)
		zg_buffer_print(&text, "%s\n", warning);
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
	json_decref(said);
	return code;
}

int zg_journal_accept_command(struct zg_cli *cli)
{
	const char *reason = zg_cli_option(cli, "reason"), *receipt = zg_cli_option(cli, "last-receipt"), *z = zg_cli_option(cli, "last-z");
	int64_t receipt_no = 0, z_no = 0;
	json_t *args, *said = NULL;

	if (!reason)
		return zg_cli_usage(cli, _("Say why an older copy is used: add --reason TEXT."));
	if (receipt && !take_receipt(cli, receipt, &receipt_no))
		return 2;
	if (z && !zg_cli_number(cli, "--last-z", z, 1, INT32_MAX, &z_no))
		return 2;
	args = zg_json_object();
	zg_json_set_string(args, "reason", reason);
	if (receipt)
		zg_json_set_integer(args, "receipt_no", receipt_no);
	if (z)
		zg_json_set_integer(args, "z_no", z_no);
	int code = zg_cli_act(cli, "journal.accept", args, &said);

	return code ? code : answer(cli, said);
}
