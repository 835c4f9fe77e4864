#include "src/cli/cli.h"

#include "src/base/i18n.h"
#include "src/io/data.h"
#include "src/io/link.h"
#include "src/till/accounts.h"
#include "src/till/config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The settings one by one, the profile, the address and the payment channels' key files among them. */
static enum zg_result check(const struct zg_cli *cli, struct zg_config *config, struct zg_error *err)
{
	const char *directories[] = { cli->home, zg_data_directory() };
	struct zg_printer_profile profile;
	struct zg_link_address address;
	enum zg_result result = zg_config_read(cli->home, config, err);

	if (result == ZG_OK && config->profile[0]) {
		result = zg_data_profile(directories, 2, config->profile, &profile, err);
		if (result == ZG_NOT_FOUND)
			err->result = result = ZG_USAGE;
	}
	if (result == ZG_OK && config->link[0])
		result = zg_link_parse(config->link, NULL, &address, err);
	if (result == ZG_OK) {
		struct zg_accounts *accounts = NULL;

		result = zg_accounts_read(config, cli->home, cli->parts->payers, &accounts, err);
		zg_accounts_free(accounts);
	}
	return result;
}

/* A settings file may be written before there is a shop, but not before there is a directory. */
static enum zg_result need_directory(const struct zg_cli *cli, struct zg_error *err)
{
	return access(cli->home, F_OK) == 0 ? ZG_OK
		: zg_fail(err, ZG_USAGE, _("There is no shop in %s. Make one with: zhanggui init"), cli->home);
}

int zg_config_check_command(struct zg_cli *cli)
{
	struct zg_error err = { .text = "" };
	struct zg_config config;
	struct zg_buffer text = { 0 };

	if (need_directory(cli, &err) != ZG_OK || check(cli, &config, &err) != ZG_OK)
		return zg_cli_fail(cli, &err);
	zg_buffer_print(&text, "%s/zhanggui.conf", cli->home);
	if (cli->json) {
		json_t *document = zg_json_object();

		zg_json_set_string(document, "file", zg_buffer_text(&text));
		zg_buffer_clear(&text);
		return zg_cli_document(document, 0);
	}
	zg_buffer_print(&text, ": %s\n", _("nothing is wrong."));
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
	return 0;
}

/* ---- show ---- */

/* One setting into both forms. */
struct shown {
	json_t *document, *section;
	struct zg_buffer text;
};

static void begin(struct shown *shown, const char *name)
{
	shown->section = zg_json_object();
	zg_json_set(shown->document, name, shown->section);
	zg_buffer_print(&shown->text, "%s[%s]\n", shown->text.length ? "\n" : "", name);
}

static void word(struct shown *shown, const char *key, const char *value)
{
	zg_json_set_string(shown->section, key, value);
	zg_buffer_print(&shown->text, "%s =%s%s\n", key, value[0] ? " " : "", value);
}

static void number(struct shown *shown, const char *key, int value)
{
	zg_json_set_integer(shown->section, key, value);
	zg_buffer_print(&shown->text, "%s = %d\n", key, value);
}

static void show_shop(struct shown *shown, const struct zg_config *config)
{
	static const char *const roundings[] = { "none", "jiao", "yuan" };
	char hour[16];

	snprintf(hour, sizeof(hour), "%02d:%02d", config->day_ends_min / 60, config->day_ends_min % 60);
	begin(shown, "shop");
	word(shown, "name", config->name);
	word(shown, "tax_number", config->tax_number);
	word(shown, "address", config->address);
	word(shown, "phone", config->phone);
	word(shown, "bank", config->bank);
	word(shown, "account", config->account);
	word(shown, "language", config->language);
	word(shown, "day_ends_at", hour);
	word(shown, "rounding", roundings[config->rounding]);
}

static void show_rest(struct shown *shown, const struct zg_config *config)
{
	begin(shown, "till");
	number(shown, "id", config->till_id);
	word(shown, "theme", config->theme);
	word(shown, "keys", config->keys);
	number(shown, "lock_after", config->lock_after_min);
	word(shown, "signs", config->ascii_signs ? "ascii" : "unicode");
	begin(shown, "printer");
	word(shown, "link", config->link);
	word(shown, "profile", config->profile);
	begin(shown, "drawer");
	word(shown, "drawer", config->has_drawer ? "printer" : "none");
	number(shown, "pin", config->drawer_pin);
	number(shown, "on_ms", config->drawer_on_ms);
	if (config->demo_paper[0]) {
		begin(shown, "demo");
		word(shown, "paper", config->demo_paper);
		word(shown, "phone", config->demo_phone);
		word(shown, "logins", config->demo_logins);
	}
}

struct named {
	const char *key, *value;
};

static void show_channel(struct shown *shown, const char *section, const struct zg_channel_config *c, const struct named *own, size_t count)
{
	if (!c->url[0])
		return;    /* not set up */
	begin(shown, section);
	word(shown, "url", c->url);
	for (size_t i = 0; i < count; i++)
		word(shown, own[i].key, own[i].value);
	word(shown, "ca_file", c->ca_file);
	word(shown, "contact", c->contact);
}

/* Keys are names of files: nothing secret stands in the settings. */
static void show_pay(struct shown *shown, const struct zg_config *config)
{
	const struct zg_channel_config *w = &config->pay[ZG_CHANNEL_WECHAT], *a = &config->pay[ZG_CHANNEL_ALIPAY], *l = &config->pay[ZG_CHANNEL_LAKALA];
	const struct named wechat[] = {
		{ "mchid", w->merchant }, { "appid", w->appid }, { "serial", w->serial }, { "key", w->key }, { "cert", w->cert },
		{ "apiv2_key_file", w->api2_key_file }, { "apiv3_key_file", w->api3_key_file }, { "public_key_id", w->public_key_id },
		{ "public_key", w->public_key }, { "platform_cert", w->platform_cert }, { "notify_url", w->notify_url },
		{ "codepay", w->codepay ? "on" : "off" }, { "request_ip", w->request_ip },
	};
	const struct named alipay[] = {
		{ "app_id", a->appid }, { "key", a->key }, { "alipay_public_key", a->public_key }, { "seller_id", a->merchant },
	};
	const struct named lakala[] = {
		{ "appid", l->appid }, { "serial", l->serial }, { "key", l->key }, { "platform_cert", l->platform_cert }, { "merchant_no", l->merchant },
		{ "term_no", l->terminal }, { "request_ip", l->request_ip },
	};

	if (config->route[0]) {
		begin(shown, "pay");
		word(shown, "route", config->route);
	}
	show_channel(shown, "pay.wechat", w, wechat, sizeof(wechat) / sizeof(wechat[0]));
	show_channel(shown, "pay.alipay", a, alipay, sizeof(alipay) / sizeof(alipay[0]));
	show_channel(shown, "pay.lakala", l, lakala, sizeof(lakala) / sizeof(lakala[0]));
}

int zg_config_show_command(struct zg_cli *cli)
{
	struct shown shown = { .document = NULL };
	struct zg_error err = { .text = "" };
	struct zg_config config;
	int code = 0;

	if (need_directory(cli, &err) != ZG_OK || zg_config_read(cli->home, &config, &err) != ZG_OK)
		return zg_cli_fail(cli, &err);
	shown.document = zg_json_object();
	show_shop(&shown, &config);
	show_rest(&shown, &config);
	show_pay(&shown, &config);
	if (cli->json) {
		code = zg_cli_document(shown.document, 0);
	} else {
		zg_cli_print(zg_buffer_text(&shown.text));
		json_decref(shown.document);
	}
	zg_buffer_clear(&shown.text);
	return code;
}
