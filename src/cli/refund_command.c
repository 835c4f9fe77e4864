#include "src/cli/cli.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/money.h"
#include "src/store/pay_refunds.h"
#include "src/store/sales.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is left of a line to give back; false when there is no such line, or no such sale, and it was said. */
static bool rest_of(struct zg_cli *cli, int64_t line, zg_milli *rest, int *code)
{
	struct zg_sale_record record;
	struct zg_refundable *lines = NULL;
	struct zg_error err = { .text = "" };
	size_t count = 0;
	bool found = false;
	const struct zg_store *store = zg_cli_open(cli, code);

	if (!store)
		return false;
	enum zg_result result = zg_sales_find_number(store, cli->arguments[0], &record, &err);

	if (result == ZG_OK)
		result = zg_sales_refundable(store, record.id, &lines, &count, &err);
	zg_cli_close(store);
	for (size_t i = 0; i < count && result == ZG_OK && !found; i++)
		if (lines[i].line_no == line) {
			*rest = zg_refund_left(&lines[i]);
			found = true;
		}
	if (result == ZG_OK && !found)
		result = zg_fail(&err, ZG_NOT_FOUND, _("Sale %s has no line %lld. 'zhanggui sale show' lists them."), cli->arguments[0],
				 (long long)line);
	if (result != ZG_OK)
		*code = zg_cli_fail(cli, &err);
	free(lines);
	return found;
}

/* "2" or "2:1.5" into {line, quantity_milli}. */
static bool take_line(struct zg_cli *cli, const char *text, json_t *lines, int *code)
{
	const char *colon = strchr(text, ':');
	char *number = zg_copy_bytes(text, colon ? (size_t)(colon - text) : strlen(text));
	json_t *row;
	int64_t line = 0;
	zg_milli quantity = 0;
	bool ok = zg_cli_number(cli, _("A line's number"), number, 1, ZG_SALE_LINES, &line);

	free(number);
	*code = 2;
	if (!ok)
		return false;
	if (!colon && !rest_of(cli, line, &quantity, code))
		return false;
	if (colon && (!zg_milli_parse(colon + 1, &quantity) || quantity <= 0)) {
		*code = zg_cli_usage(cli, _("'%s' is not a quantity. Write --line LINE:QUANTITY, such as --line 2:1."), colon + 1);
		return false;
	}
	row = zg_json_object();
	zg_json_set_integer(row, "line", line);
	zg_json_set_integer(row, "quantity_milli", quantity);
	zg_json_append(lines, row);
	return true;
}

static int answer(const struct zg_cli *cli, json_t *said)
{
	struct zg_buffer text = { 0 };
	char amount[ZG_AMOUNT_TEXT], off[ZG_AMOUNT_TEXT];
	zg_fen rounding = zg_json_integer(said, "rounding_fen", 0);

	if (cli->json)
		return zg_cli_document(said, 0);
	const json_t *tenders = json_object_get(said, "tenders");

	if (zg_json_integer(said, "cash_fen", 0) > 0 || zg_json_integer(said, "refunded_fen", 0) == 0)
		zg_buffer_print(&text, _("Refund %s: give back %s in cash.\n"), zg_json_string(said, "number", ""),
				zg_fen_format(amount, zg_json_integer(said, "cash_fen", 0)));
	else
		zg_buffer_print(&text, _("Refund %s.\n"), zg_json_string(said, "number", ""));
	for (size_t i = 0; i < json_array_size(tenders); i++) {
		const json_t *row = json_array_get(tenders, i);
		enum zg_tender_kind kind = ZG_TENDER_CASH;

		if (!zg_tender_kind_parse(zg_json_string(row, "kind", ""), &kind) || kind == ZG_TENDER_CASH)
			continue;
		zg_fen_format(amount, zg_json_integer(row, "kept_fen", 0));
		zg_buffer_print(&text, kind == ZG_TENDER_CARD || kind == ZG_TENDER_OTHER ? _("Give back %s by %s.\n") : _("%s goes back by %s.\n"), amount,
				_(zg_tender_kind_title(kind)));
	}
	if (rounding != 0)
		zg_buffer_print(&text, "%s: %s\n", _("Rounded off"), zg_fen_format(off, rounding));
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
	json_decref(said);
	return 0;
}

int zg_refund_command(struct zg_cli *cli)
{
	const char *reason = zg_cli_option(cli, "reason"), *line;
	bool all = zg_cli_option(cli, "all") != NULL;
	json_t *args, *lines, *said = NULL;
	int code = 0;

	if (all == (zg_cli_option(cli, "line") != NULL))
		return zg_cli_usage(cli, _("Say what comes back: --all, or --line LINE[:QUANTITY] for each line."));
	if (!reason)
		return zg_cli_usage(cli, _("A refund needs a reason. Add --reason TEXT."));
	args = zg_json_object();
	lines = zg_json_array();
	zg_json_set_string(args, "number", cli->arguments[0]);
	zg_json_set_string(args, "reason", reason);
	if (zg_cli_option(cli, "cash"))
		zg_json_set_boolean(args, "in_cash", true);
	for (size_t i = 0; code == 0 && (line = zg_cli_option_at(cli, "line", i)); i++)
		if (!take_line(cli, line, lines, &code)) {
			json_decref(lines);
			json_decref(args);
			return code;
		}
	if (all) {
		zg_json_set_boolean(args, "all", true);
		json_decref(lines);
	} else {
		zg_json_set(args, "lines", lines);
	}
	code = zg_cli_act(cli, "sale.refund", args, &said);
	return code ? code : answer(cli, said);
}

/* ---- a payment by phone ---- */

/* Whether it was all the money of its sale, and counts for it: then the sale is refunded. ZG_INVALID: it was a part of it. */
static enum zg_result is_the_sale(const struct zg_store *store, const struct zg_payment *payment, const struct zg_sale_record *record, bool *is,
				  struct zg_error *err)
{
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0;
	enum zg_result result = zg_pay_refunds_of(store, payment->id, &refunds, &count, err);

	*is = payment->attempt.state == ZG_PAY_PAID && record->state == ZG_SALE_PAID;
	for (size_t i = 0; i < count; i++)
		*is = *is && refunds[i].sale_id != 0;    /* it came for nothing: the sale was paid otherwise */
	free(refunds);
	if (result == ZG_OK && *is && payment->amount_fen != record->total_fen - record->rounding_fen)
		result = zg_fail(err, ZG_INVALID, _("Only a part of its sale was paid by it. Refund goods of receipt %s with 'zhanggui refund': the money goes back the "
						    "way it came."), record->number);
	return result;
}

/* The receipt of the payment's sale when that is closed, else "": its money is refunded with the sale's goods. False: it was said why not. */
static bool receipt_of(struct zg_cli *cli, const char *number, char receipt[ZG_CODE_MAX + 1], int *code)
{
	const struct zg_store *store = zg_cli_open(cli, code);
	struct zg_pay_refund refund;
	struct zg_payment payment;
	struct zg_sale_record record = { .id = 0 };
	struct zg_error err = { .text = "" };

	if (!store)
		return false;
	receipt[0] = '\0';
	enum zg_result result = zg_pay_refunds_find_number(store, number, &refund, &err);

	if (result == ZG_NOT_FOUND) {
		result = zg_payments_find_number(store, number, &payment, &err);
		if (result == ZG_OK)
			result = zg_sales_find(store, payment.sale_id, &record, &err);
		bool is_sale = false;

		if (result == ZG_OK)
			result = is_the_sale(store, &payment, &record, &is_sale, &err);
		if (result == ZG_OK && is_sale)
			snprintf(receipt, ZG_CODE_MAX + 1, "%s", record.number);
	}
	zg_cli_close(store);
	if (result != ZG_OK)
		*code = zg_cli_fail(cli, &err);
	return result == ZG_OK;
}

int zg_pay_refund_command(struct zg_cli *cli)
{
	const char *reason = zg_cli_option(cli, "reason");
	char receipt[ZG_CODE_MAX + 1], amount[ZG_AMOUNT_TEXT];
	json_t *args, *said = NULL;
	int code = 0;

	if (!reason)
		return zg_cli_usage(cli, _("A refund needs a reason. Add --reason TEXT."));
	if (!receipt_of(cli, cli->arguments[0], receipt, &code))
		return code;
	args = zg_json_object();
	zg_json_set_string(args, "number", receipt[0] ? receipt : cli->arguments[0]);
	zg_json_set_string(args, "reason", reason);
	if (receipt[0])
		zg_json_set_boolean(args, "all", true);
	code = zg_cli_act(cli, receipt[0] ? "sale.refund" : "pay.refund", args, &said);
	if (code || receipt[0])
		return code ? code : answer(cli, said);
	if (cli->json)
		return zg_cli_document(said, 0);
	char *text = zg_print(_("%s goes back as refund %s. 'zhanggui pay show' tells what comes of it.\n"),
			      zg_fen_format(amount, zg_json_integer(said, "refunded_fen", 0)), zg_json_string(said, "refund", ""));

	zg_cli_print(text);
	free(text);
	json_decref(said);
	return 0;
}

int zg_pay_settle_command(struct zg_cli *cli)
{
	const char *reason = zg_cli_option(cli, "reason");
	bool in_cash = zg_cli_option(cli, "cash") != NULL;
	json_t *args = zg_json_object(), *said = NULL;

	if (!reason) {
		json_decref(args);
		return zg_cli_usage(cli, _("Say how it was settled: add --reason TEXT."));
	}
	zg_json_set_string(args, "number", cli->arguments[0]);
	zg_json_set_string(args, "reason", reason);
	zg_json_set_boolean(args, "in_cash", in_cash);
	int code = zg_cli_act(cli, "pay.settle", args, &said);

	if (code)
		return code;
	if (cli->json)
		return zg_cli_document(said, 0);
	char *text = zg_print(in_cash ? _("%s is settled: its money was taken from the drawer.\n") : _("%s is settled.\n"), cli->arguments[0]);

	zg_cli_print(text);
	free(text);
	json_decref(said);
	return 0;
}

int zg_pay_stop_command(struct zg_cli *cli)
{
	json_t *args = zg_json_object(), *said = NULL;

	zg_json_set_string(args, "number", cli->arguments[0]);
	int code = zg_cli_act(cli, "pay.stop", args, &said);

	if (code)
		return code;
	if (cli->json)
		return zg_cli_document(said, 0);
	char *text = zg_print(_("Refund %s is not sent again. Settle it with 'zhanggui pay settle' when it is clear how it ended.\n"), cli->arguments[0]);

	zg_cli_print(text);
	free(text);
	json_decref(said);
	return 0;
}
