/* What a shop has with the payment channels: settings, key files and the ways that they open. */
#include "drivers/drivers.h"
#include "src/base/alloc.h"
#include "src/till/accounts.h"
#include "src/till/setting.h"
#include "tests/unit/scratch.h"
#include "tests/unit/vectors.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- single settings ---- */

static bool takes(const char *section, const char *key, const char *value)
{
	struct zg_config config = { .name = "x" };
	struct zg_error err;
	const struct zg_setting *setting = zg_setting_find(section, key, &err);

	cr_assert(ne(ptr, (void *)(uintptr_t)setting, NULL), "%s", err.text);
	return zg_setting_take(setting, &config, value, &err) == ZG_OK;
}

Test(accounts, an_address_is_https_or_of_this_machine)
{
	static const struct { const char *text; bool is_good; } cases[] = {
		{ "", true }, { "https://api.mch.weixin.qq.com", true }, { "https://a.example https://b.example", true }, { "http://127.0.0.1:8080/gateway.do", true },
		{ "http://127.9.9.9", true }, { "http://localhost:1", true }, { "http://[::1]:8080", true },
		{ "http://127.0.0.1.example.com", false }, { "http://localhost.example.com", false }, { "http://api.mch.weixin.qq.com", false },
		{ "http://[::2]", false }, { "http://[::1", false }, { "https://a.example/", false }, { "https://", false }, { "http://", false }, { "ftp://a.example", false },
		{ "https://a.example  https://b.example", false }, { "https://a.example b", false }, { "https://a.example https://b https://c", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect(eq(int, takes("pay.wechat", "url", cases[i].text), cases[i].is_good), "%s", cases[i].text);
}

Test(accounts, a_route_names_a_wallet_and_a_channel_that_may_take_it)
{
	static const struct { const char *text; bool is_good; } cases[] = {
		{ "", true }, { "wechat=lakala", true }, { "  wechat=lakala   alipay=alipay ", true }, { "unionpay=lakala", true },
		{ "wechat", false }, { "wechat=", false }, { "=lakala", false }, { "none=lakala", false }, { "wechat=alipay", false }, { "alipay=wechat", false },
		{ "unionpay=wechat", false }, { "wechat=bank", false }, { "wechatwechatwechatwechatwechat=lakala", false },
	};
	int to[ZG_WALLETS];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect(eq(int, takes("pay", "route", cases[i].text), cases[i].is_good), "%s", cases[i].text);
	cr_expect(zg_pay_route_parse("wechat=lakala", to));
	cr_expect(to[ZG_WALLET_WECHAT] == ZG_CHANNEL_LAKALA && to[ZG_WALLET_ALIPAY] == -1 && to[ZG_WALLET_ECNY] == -1);
}

Test(accounts, words_and_files_of_settings)
{
	cr_expect(takes("pay.wechat", "codepay", "on") && takes("pay.wechat", "codepay", "off") && !takes("pay.wechat", "codepay", "v3"));
	cr_expect(takes("pay.alipay", "key", "key.pem") && takes("pay.alipay", "key", "/etc/key.pem") && !takes("pay.alipay", "key", "../key.pem"));
	cr_expect(not(takes("pay.lakala", "merchant_no", "123456789012345678901234567890123")));
	cr_expect(takes("pay.lakala", "request_ip", "192.0.2.10") && takes("pay.lakala", "request_ip", "2001:db8::1") && takes("pay.wechat", "request_ip", ""));
	cr_expect(not(takes("pay.lakala", "request_ip", "192.0.2")));
	cr_expect(not(takes("pay.lakala", "request_ip", "till.example")));
	cr_expect(not(takes("pay.wechat", "request_ip", "1.2.3.4 ")));
	cr_expect(takes("pay.alipay", "seller_id", "2088123456789012") && takes("pay.alipay", "seller_id", "") && !takes("pay.alipay", "seller_id", "2088x"));
	cr_expect(takes("pay.wechat", "contact", "95017-2") && takes("pay.lakala", "contact", "王经理 400-000-0000"));
}

/* ---- the files ---- */

static char *home;

static void begin(void)
{
	home = scratch_begin();
	char *keys = zg_print("%s/keys", home);

	mkdir(keys, 0700);
	free(keys);
}

static void end(void)
{
	scratch_end(home);
}

static void put(const char *name, const char *fixture, mode_t mode)
{
	char *path = zg_print("%s/keys/%s", home, name), *text = vector_text(fixture);
	FILE *file = fopen(path, "w");

	cr_assert(ne(ptr, file, NULL));
	fputs(text, file);
	fclose(file);
	chmod(path, mode);
	free(text);
	free(path);
}

static struct zg_config alipay(void)
{
	struct zg_config config = { .name = "x" };
	struct zg_channel_config *c = &config.pay[ZG_CHANNEL_ALIPAY];

	snprintf(c->url, sizeof(c->url), "https://a.example/gateway.do https://b.example/gateway.do");
	snprintf(c->appid, sizeof(c->appid), "2014072300007148");
	snprintf(c->key, sizeof(c->key), "key");
	snprintf(c->public_key, sizeof(c->public_key), "alipay.pem");
	snprintf(c->ca_file, sizeof(c->ca_file), "ca.pem");
	return config;
}

static enum zg_result read_accounts(const struct zg_config *config, struct zg_accounts **accounts, struct zg_error *err)
{
	size_t count;

	zg_accounts_free(*accounts);
	*accounts = NULL;
	return zg_accounts_read(config, home, zg_pay_drivers(&count), accounts, err);
}

TestSuite(accounts_files, .init = begin, .fini = end);

Test(accounts_files, a_key_that_others_can_read_or_that_is_none_is_refused_by_name)
{
	struct zg_config config = alipay();
	struct zg_accounts *accounts = NULL;
	struct zg_error err;

	put("alipay.pem", "TEST_ONLY_platform_public.pem", 0644);
	cr_expect(eq(int, read_accounts(&config, &accounts, &err), ZG_USAGE));
	cr_expect(strstr(err.text, "keys/key cannot be read") && accounts && !zg_accounts_of(accounts, ZG_CHANNEL_ALIPAY), "%s", err.text);
	put("key", "TEST_ONLY_merchant_private_pkcs8.der.b64", 0640);
	cr_expect(eq(int, read_accounts(&config, &accounts, &err), ZG_USAGE));
	cr_expect(strstr(err.text, "chmod 600") != NULL, "%s", err.text);
	put("key", "TEST_ONLY_merchant_private_pkcs8.der.b64", 0600);
	put("alipay.pem", "README.md", 0644);
	cr_expect(eq(int, read_accounts(&config, &accounts, &err), ZG_USAGE));
	cr_expect(strstr(err.text, "alipay_public_key") != NULL, "%s", err.text);
	put("alipay.pem", "TEST_ONLY_merchant_public.pem", 0644);    /* the commonest mistake: our own */
	cr_expect(eq(int, read_accounts(&config, &accounts, &err), ZG_USAGE));
	snprintf(config.pay[ZG_CHANNEL_ALIPAY].key, 8, ".");
	cr_expect(eq(int, read_accounts(&config, &accounts, &err), ZG_USAGE));
	cr_expect(strstr(err.text, "is no key file") != NULL, "%s", err.text);
	zg_accounts_free(accounts);
}

Test(accounts_files, a_wallet_goes_to_its_own_channel_or_by_lakala_or_not_at_all)
{
	struct zg_config config = alipay();
	struct zg_accounts *accounts = NULL;
	enum zg_channel channel;
	struct zg_error err;

	put("key", "TEST_ONLY_merchant_private_pkcs8.der.b64", 0600);
	put("alipay.pem", "TEST_ONLY_platform_public.pem", 0644);
	cr_assert(eq(int, read_accounts(&config, &accounts, &err), ZG_OK), "%s", err.text);
	const struct zg_account *account = zg_accounts_of(accounts, ZG_CHANNEL_ALIPAY);

	cr_assert(ne(ptr, (void *)(uintptr_t)account, NULL));
	cr_expect(account->has_other_host && strstr(account->ca_file, "/keys/ca.pem") && account->certificate_file == NULL);
	cr_expect(zg_accounts_of(accounts, ZG_CHANNEL_WECHAT) == NULL && zg_accounts_of(NULL, ZG_CHANNEL_ALIPAY) == NULL);
	cr_expect(zg_accounts_route(accounts, ZG_WALLET_ALIPAY, ZG_WAY_CODE, &channel, &err) == ZG_OK && channel == ZG_CHANNEL_ALIPAY);
	cr_expect(eq(int, zg_accounts_route(accounts, ZG_WALLET_WECHAT, ZG_WAY_CODE, &channel, &err), ZG_USAGE));
	cr_expect(eq(int, zg_accounts_route(accounts, ZG_WALLET_UNIONPAY, ZG_WAY_CODE, &channel, &err), ZG_USAGE));
	cr_expect(eq(int, zg_accounts_route(NULL, ZG_WALLET_ALIPAY, ZG_WAY_CODE, &channel, &err), ZG_USAGE));

	snprintf(config.route, sizeof(config.route), "alipay=lakala");    /* which this shop has not */
	cr_assert(eq(int, read_accounts(&config, &accounts, &err), ZG_OK));
	cr_expect(eq(int, zg_accounts_route(accounts, ZG_WALLET_ALIPAY, ZG_WAY_CODE, &channel, &err), ZG_USAGE));
	zg_accounts_free(accounts);
	zg_accounts_free(NULL);
}

/* ---- what reaches the drivers ---- */

static char told_ip[64], told_seller[64];

static enum zg_result note_account(const struct zg_pay_account *account, struct zg_pay_keys **keys, struct zg_error *err)
{
	(void)err;
	*keys = NULL;
	snprintf(told_ip, sizeof(told_ip), "%s", account->request_ip ? account->request_ip : "-");
	snprintf(told_seller, sizeof(told_seller), "%s", account->merchant ? account->merchant : "-");
	return ZG_OK;
}

static void close_nothing(struct zg_pay_keys *keys)
{
	(void)keys;
}

Test(accounts_files, a_driver_is_told_the_shops_address_and_its_account)
{
	static const struct zg_pay_driver driver = { .channel = ZG_CHANNEL_LAKALA, .open = note_account, .close = close_nothing };
	static const struct zg_pay_driver *const drivers[] = { &driver, NULL };
	struct zg_config config = { .name = "x" };
	struct zg_accounts *accounts = NULL;
	struct zg_error err;

	snprintf(config.pay[ZG_CHANNEL_LAKALA].url, 32, "https://a.example");
	cr_assert(eq(int, zg_accounts_read(&config, home, drivers, &accounts, &err), ZG_OK));
	cr_expect(eq(str, told_ip, "-"));
	cr_expect(eq(str, told_seller, "-"));
	zg_accounts_free(accounts);
	snprintf(config.pay[ZG_CHANNEL_LAKALA].request_ip, 32, "192.0.2.10");
	snprintf(config.pay[ZG_CHANNEL_LAKALA].merchant, 32, "2088123456789012");
	cr_assert(eq(int, zg_accounts_read(&config, home, drivers, &accounts, &err), ZG_OK));
	cr_expect(eq(str, told_ip, "192.0.2.10"));
	cr_expect(eq(str, told_seller, "2088123456789012"));
	zg_accounts_free(accounts);
}
