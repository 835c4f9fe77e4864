/* The settings of [pay] and of the payment channels. zhanggui.conf(5) describes them. */
#include "src/till/setting.h"

#include "src/base/i18n.h"
#include "src/io/http.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

bool zg_pay_route_parse(const char *text, int to[ZG_WALLETS])
{
	for (int i = 0; to && i < ZG_WALLETS; i++)
		to[i] = -1;
	while (*(text += strspn(text, " "))) {
		size_t length = strcspn(text, " ");
		char word[32], *equals;
		enum zg_wallet wallet;
		enum zg_channel channel;

		if (length >= sizeof(word))
			return false;
		snprintf(word, sizeof(word), "%.*s", (int)length, text);
		equals = strchr(word, '=');
		if (!equals)
			return false;
		*equals = '\0';
		if (!zg_wallet_parse(word, &wallet) || wallet == ZG_WALLET_NONE || !zg_channel_parse(equals + 1, &channel))
			return false;
		/* WeChat takes its own codes alone, and Alipay its own */
		if (channel != ZG_CHANNEL_LAKALA && strcmp(zg_wallet_name(wallet), zg_channel_name(channel)) != 0)
			return false;
		if (to)
			to[wallet] = (int)channel;
		text += length;
	}
	return true;
}

static bool take_route(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	return zg_pay_route_parse(value, NULL) && zg_setting_take_text(config, setting, value);
}

/* https://HOST..., or http:// to this machine; length bytes of text. */
static bool is_address(const char *text, size_t length)
{
	static const char plain[] = "http://", safe[] = "https://";
	char host[ZG_SETTING_MAX + 1];

	if (length >= sizeof(host) || length <= strlen(safe) || text[length - 1] == '/')
		return false;
	if (strncmp(text, safe, strlen(safe)) == 0)
		return true;
	if (strncmp(text, plain, strlen(plain)) != 0)
		return false;
	snprintf(host, sizeof(host), "%.*s", (int)(length - strlen(plain)), text + strlen(plain));
	host[host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/")] = '\0';
	return zg_http_is_loopback(host);
}

/* "", one address, or two with one blank between. */
static bool take_address(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	size_t first = strcspn(value, " ");
	const char *second = value[first] ? value + first + 1 : NULL;

	if (value[0] && !is_address(value, first))
		return false;
	if (second && (strchr(second, ' ') || !is_address(second, strlen(second))))
		return false;
	return zg_setting_take_text(config, setting, value);
}

/* A file's name, without steps upwards. */
static bool take_file(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	return !strstr(value, "..") && zg_setting_take_text(config, setting, value);
}

/* "", or an IP address as it is written: 192.0.2.10, 2001:db8::1. */
static bool take_ip(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	unsigned char bytes[sizeof(struct in6_addr)];

	return (!value[0] || inet_pton(AF_INET, value, bytes) == 1 || inet_pton(AF_INET6, value, bytes) == 1) &&
	       zg_setting_take_text(config, setting, value);
}

/* "", or digits. */
static bool take_digits(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	return value[strspn(value, "0123456789")] == '\0' && zg_setting_take_text(config, setting, value);
}

static bool take_codepay(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	bool is_yes = strcmp(value, "on") == 0;

	(void)setting;
	if (!is_yes && strcmp(value, "off") != 0)
		return false;
	config->pay[ZG_CHANNEL_WECHAT].codepay = is_yes;
	return true;
}

#define AT(channel, field) (offsetof(struct zg_config, pay) + (channel) * sizeof(struct zg_channel_config) + offsetof(struct zg_channel_config, field))
#define ROOM(field)        ((long)sizeof(((struct zg_channel_config *)0)->field) - 1)
#define WECHAT(key, take, field, cure) { "pay.wechat", key, take, AT(ZG_CHANNEL_WECHAT, field), 0, ROOM(field), cure }
#define ALIPAY(key, take, field, cure) { "pay.alipay", key, take, AT(ZG_CHANNEL_ALIPAY, field), 0, ROOM(field), cure }
#define LAKALA(key, take, field, cure) { "pay.lakala", key, take, AT(ZG_CHANNEL_LAKALA, field), 0, ROOM(field), cure }

#define ADDRESS N_("Write https://HOST without a slash at its end, or two such addresses with a blank between.")
#define A_FILE  N_("Write the name of a file in the shop's directory keys, or a whole path, without '..'.")
#define A_NAME  N_("Copy it from the channel's merchant pages; it is shorter.")
#define AN_IP   N_("Write this till's IP address, such as 192.0.2.10, or nothing.")
#define SELLER  N_("Write the shop's account number at Alipay: the digits that begin with 2088.")
#define CONTACT N_("Write the telephone number or address of the channel's service, up to 200 bytes.")

const struct zg_setting zg_pay_settings[] = {
	{ "pay", "route", take_route, offsetof(struct zg_config, route), 0, ZG_SETTING_MAX,
	  N_("Write WALLET=CHANNEL with blanks between, such as: wechat=lakala alipay=alipay.") },
	WECHAT("url", take_address, url, ADDRESS),
	WECHAT("mchid", zg_setting_take_text, merchant, A_NAME),
	WECHAT("appid", zg_setting_take_text, appid, A_NAME),
	WECHAT("serial", zg_setting_take_text, serial, A_NAME),
	WECHAT("key", take_file, key, A_FILE),
	WECHAT("cert", take_file, cert, A_FILE),
	WECHAT("apiv2_key_file", take_file, api2_key_file, A_FILE),
	WECHAT("apiv3_key_file", take_file, api3_key_file, A_FILE),
	WECHAT("public_key_id", zg_setting_take_text, public_key_id, A_NAME),
	WECHAT("public_key", take_file, public_key, A_FILE),
	WECHAT("platform_cert", take_file, platform_cert, A_FILE),
	WECHAT("notify_url", take_address, notify_url, ADDRESS),
	{ "pay.wechat", "codepay", take_codepay, 0, 0, 0, N_("Write on or off.") },
	WECHAT("ca_file", take_file, ca_file, A_FILE),
	WECHAT("request_ip", take_ip, request_ip, AN_IP),
	WECHAT("contact", zg_setting_take_text, contact, CONTACT),
	ALIPAY("url", take_address, url, ADDRESS),
	ALIPAY("app_id", zg_setting_take_text, appid, A_NAME),
	ALIPAY("key", take_file, key, A_FILE),
	ALIPAY("alipay_public_key", take_file, public_key, A_FILE),
	ALIPAY("seller_id", take_digits, merchant, SELLER),
	ALIPAY("ca_file", take_file, ca_file, A_FILE),
	ALIPAY("contact", zg_setting_take_text, contact, CONTACT),
	LAKALA("url", take_address, url, ADDRESS),
	LAKALA("appid", zg_setting_take_text, appid, A_NAME),
	LAKALA("serial", zg_setting_take_text, serial, A_NAME),
	LAKALA("key", take_file, key, A_FILE),
	LAKALA("platform_cert", take_file, platform_cert, A_FILE),
	LAKALA("merchant_no", zg_setting_take_text, merchant, A_NAME),
	LAKALA("term_no", zg_setting_take_text, terminal, A_NAME),
	LAKALA("request_ip", take_ip, request_ip, AN_IP),
	LAKALA("ca_file", take_file, ca_file, A_FILE),
	LAKALA("contact", zg_setting_take_text, contact, CONTACT),
	{ .section = NULL },
};
