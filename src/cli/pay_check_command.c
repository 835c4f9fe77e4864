/* Asks the shop's payment channels whether they can be used; no till need run. */
#include "src/cli/cli.h"

#include "src/base/i18n.h"
#include "src/till/pay_check.h"

#include <stdlib.h>

static json_t *finding_json(const struct zg_pay_finding *f)
{
	json_t *row = zg_json_object();

	zg_json_set_string(row, "channel", zg_channel_name(f->channel));
	zg_json_set_string(row, "way", !f->is_one_way ? "" : f->way == ZG_WAY_SHOWN ? "shown" : "code");
	zg_json_set_string(row, "address", f->address);
	zg_json_set_boolean(row, "well", f->fault == ZG_PAY_WELL);
	zg_json_set_string(row, "fault", zg_pay_fault_name(f->fault));
	zg_json_set_string(row, "text", f->text);
	zg_json_set_string(row, "code", f->code);
	zg_json_set_string(row, "request_id", f->request_id);
	zg_json_set_string(row, "serial", f->serial);
	zg_json_set_string(row, "proof", zg_pay_proof_name(f->proof));
	zg_json_set_integer(row, "status", f->status);
	if (f->has_skew)
		zg_json_set_integer(row, "skew_ms", f->skew_ms);
	else
		zg_json_set(row, "skew_ms", json_null());
	zg_json_set_integer(row, "took_ms", f->took_ms);
	return row;
}

static void print_finding(struct zg_buffer *text, const struct zg_pay_finding *f)
{
	zg_buffer_add_text(text, _(zg_channel_title(f->channel)));
	if (f->is_one_way)
		zg_buffer_print(text, ", %s", f->way == ZG_WAY_SHOWN ? _("our code, shown to the customer") : _("the customer's code"));
	zg_buffer_print(text, ", %s: ", f->address);
	if (f->fault == ZG_PAY_WELL)
		zg_buffer_print(text, "%s%s", _("well."), f->text[0] ? " " : "");
	zg_buffer_print(text, "%s\n", f->text);
}

/* 0: all well. 4: the only trouble is that nobody answered. 1: something is to be set right. */
static int code_of(const struct zg_pay_finding *findings, size_t count)
{
	int code = 0;

	for (size_t i = 0; i < count; i++) {
		if (findings[i].fault == ZG_PAY_FAULT_NETWORK && code == 0)
			code = 4;
		else if (findings[i].fault != ZG_PAY_WELL && findings[i].fault != ZG_PAY_FAULT_NETWORK)
			code = 1;
	}
	return code;
}

static int answer(const struct zg_cli *cli, const struct zg_pay_finding *findings, size_t count)
{
	struct zg_buffer text = { 0 };
	size_t bad = 0;

	if (cli->json) {
		json_t *document = zg_json_object(), *rows = zg_json_array();

		for (size_t i = 0; i < count; i++) {
			zg_json_append(rows, finding_json(&findings[i]));
			bad += findings[i].fault != ZG_PAY_WELL;
		}
		zg_json_set(document, "checks", rows);
		zg_json_set_integer(document, "bad", (int64_t)bad);
		return zg_cli_document(document, count ? code_of(findings, count) : 1);
	}
	for (size_t i = 0; i < count; i++)
		print_finding(&text, &findings[i]);
	if (count == 0)
		zg_buffer_print(&text, "%s\n", _("This shop has no payment channel set up; see zhanggui.conf(5)."));
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
	return count ? code_of(findings, count) : 1;
}

int zg_pay_check_command(struct zg_cli *cli)
{
	struct zg_error err = { .text = "" };
	struct zg_pay_finding *findings = NULL;
	struct zg_config config;
	size_t count = 0;
	enum zg_result result = zg_store_find(cli->home, &err);

	if (result == ZG_NOT_FOUND)
		err.result = result = ZG_USAGE;
	if (result == ZG_OK)
		result = zg_config_read(cli->home, &config, &err);
	if (result != ZG_OK)
		return zg_cli_fail(cli, &err);
	struct zg_pay_check check = { .home = cli->home, .config = &config, .drivers = cli->parts->payers, .clock = cli->parts->clock };

	zg_pay_check(&check, &findings, &count);
	int code = answer(cli, findings, count);

	free(findings);
	return code;
}
