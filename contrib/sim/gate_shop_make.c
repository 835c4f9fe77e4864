/* A whole made-up merchant in a directory: keys of both sides, gateway.json for the gateways, pay.conf for the till. */
#include "contrib/sim/gate_make.h"
#include "contrib/sim/gate_shop.h"

#include "src/base/alloc.h"
#include "src/base/json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MCHID         "1900009191"
#define APPID         "wxd678efh567hg6787"
#define PUBLIC_KEY_ID "PUB_KEY_ID_0119000091912024120200000000000001"
#define ALIPAY_APP    "2014072300007148"
#define LAKALA_APP    "OP00000003"
#define MERCHANT_NO   "822290070111135"
#define TERM_NO       "29034705"

static bool write_json(const char *dir, const char *serial, const char *api2, const char *api3, char *why, size_t size)
{
	json_t *all = zg_json_object();
	const struct { const char *name, *value; } texts[] = {
		{ "note", "TEST ONLY: made by zhanggui-sim gateway --make-shop" },
		{ "mchid", MCHID }, { "wechat_appid", APPID }, { "serial", serial }, { "apiv2_key", api2 }, { "apiv3_key", api3 },
		{ "public_key_id", PUBLIC_KEY_ID }, { "alipay_app_id", ALIPAY_APP }, { "lakala_appid", LAKALA_APP },
		{ "merchant_no", MERCHANT_NO }, { "term_no", TERM_NO },
		{ "merchant_public", "merchant_public.pem" }, { "merchant_certificate", "merchant_certificate.pem" },
		{ "platform_key", "platform_key.pem" }, { "platform_certificate", "platform_certificate.pem" },
		{ "server_certificate", "server_certificate.pem" }, { "server_key", "server_key.pem" },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		zg_json_set_string(all, texts[i].name, texts[i].value);
	char *text = zg_json_pretty(all);
	bool good = gate_make_file(dir, "gateway.json", 0600, text, why, size);

	free(text);
	json_decref(all);
	return good;
}

/* What the till on the other side has to know. */
static bool write_conf(const char *dir, const char *serial, int port, int https_port, char *why, size_t size)
{
	bool is_secure = https_port > 0;
	char *url = is_secure ? zg_print("https://127.0.0.1:%d", https_port) : zg_print("http://127.0.0.1:%d", port);
	char *ca = is_secure ? zg_print("ca_file = %s/ca_certificate.pem\n", dir) : zg_copy("");
	char *text = zg_print(
		"# TEST ONLY: a merchant that does not exist, at gateways of this machine. A piece for zhanggui.conf.\n"
		"[pay.wechat]\nurl = %s\nmchid = " MCHID "\nappid = " APPID "\nserial = %s\n"
		"key = %s/merchant_key.pem\ncert = %s/merchant_certificate.pem\n"
		"apiv2_key_file = %s/apiv2_key\napiv3_key_file = %s/apiv3_key\n"
		"public_key_id = " PUBLIC_KEY_ID "\npublic_key = %s/platform_public.pem\n"
		"notify_url = https://www.example.com/notify\ncodepay = off\n%s\n"
		"[pay.alipay]\nurl = %s/gateway.do\napp_id = " ALIPAY_APP "\nkey = %s/merchant_key.pem\nalipay_public_key = %s/platform_public.pem\n%s\n"
		"[pay.lakala]\nurl = %s\nappid = " LAKALA_APP "\nserial = %s\nkey = %s/merchant_key.pem\nplatform_cert = %s/platform_certificate.pem\n"
		"merchant_no = " MERCHANT_NO "\nterm_no = " TERM_NO "\n%s",
		url, serial, dir, dir, dir, dir, dir, ca, url, dir, dir, ca, url, serial, dir, dir, ca);
	bool good = gate_make_file(dir, "pay.conf", 0644, text, why, size);

	free(text);
	free(url);
	free(ca);
	return good;
}

bool gate_shop_make(const char *dir, int port, int https_port, char *why, size_t size)
{
	static const struct gate_identity merchant = { "merchant", MCHID, NULL, false, false };
	static const struct gate_identity platform = { "platform", "platform.test.invalid", NULL, false, false };
	char serial[41], other[41], api2[33], api3[33];

	if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
		snprintf(why, size, "%s: %s", dir, strerror(errno));
		return false;
	}
	gate_make_secret(api2, 32);
	gate_make_secret(api3, 32);
	char *real = realpath(dir, NULL);
	bool good = real && gate_make_identity(real, &merchant, serial, why, size) && gate_make_identity(real, &platform, other, why, size) &&
		    gate_make_tls(real, why, size) && gate_make_file(real, "apiv2_key", 0600, api2, why, size) &&
		    gate_make_file(real, "apiv3_key", 0600, api3, why, size) && write_conf(real, serial, port, https_port, why, size) &&
		    write_json(real, serial, api2, api3, why, size);

	free(real);
	return good;
}
