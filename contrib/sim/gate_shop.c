#include "contrib/sim/gate_shop.h"

#include "src/base/alloc.h"
#include "src/base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOP_MOST 65536

static json_t *read_file(const char *dir, char *why, size_t size)
{
	char *path = zg_print("%s/gateway.json", dir), *text = zg_alloc(SHOP_MOST, 1);
	FILE *file = fopen(path, "re");
	json_t *all = NULL;

	if (file) {
		size_t count = fread(text, 1, SHOP_MOST, file);

		fclose(file);
		all = zg_json_parse(text, count);
		if (!all)
			snprintf(why, size, "%s is not JSON", path);
	} else {
		snprintf(why, size, "%s cannot be read", path);
	}
	free(text);
	free(path);
	return all;
}

/* Members of gateway.json that are texts, and where they go. */
static bool read_texts(struct gate_shop *shop, const json_t *all, char *why, size_t size)
{
	const struct { const char *name; char **to; size_t length; } texts[] = {
		{ "mchid", &shop->mchid, 0 },                 { "wechat_appid", &shop->wechat_appid, 0 },
		{ "serial", &shop->serial, 0 },               { "apiv2_key", &shop->apiv2_key, 32 },
		{ "apiv3_key", &shop->apiv3_key, 32 },        { "public_key_id", &shop->public_key_id, 0 },
		{ "alipay_app_id", &shop->alipay_app_id, 0 }, { "lakala_appid", &shop->lakala_appid, 0 },
		{ "merchant_no", &shop->merchant_no, 0 },     { "term_no", &shop->term_no, 0 },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const char *text = zg_json_string(all, texts[i].name, "");

		if (!*text || (texts[i].length && strlen(text) != texts[i].length)) {
			snprintf(why, size, "gateway.json: %s is missing or not as long as it must be", texts[i].name);
			return false;
		}
		*texts[i].to = zg_copy(text);
	}
	return true;
}

static bool read_keys(struct gate_shop *shop, const json_t *all, const char *dir, char *why, size_t size)
{
	const struct { const char *name; struct gate_key **to; bool is_private, must; } keys[] = {
		{ "merchant_public", &shop->merchant, false, true },
		{ "merchant_certificate", &shop->merchant_certificate, false, false },
		{ "platform_key", &shop->platform, true, true },
		{ "platform_certificate", &shop->platform_certificate, false, true },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *name = zg_json_string(all, keys[i].name, "");
		char *path = zg_print("%s/%s", dir, name);

		*keys[i].to = !*name ? NULL : keys[i].is_private ? gate_key_private(path) : gate_key_public(path);
		if (!*keys[i].to && (keys[i].must || *name)) {
			snprintf(why, size, "gateway.json: %s names no key that can be read: %s", keys[i].name, path);
			free(path);
			return false;
		}
		free(path);
	}
	return true;
}

static char *path_of(const json_t *all, const char *name, const char *dir)
{
	const char *file = zg_json_string(all, name, "");

	return *file ? zg_print("%s/%s", dir, file) : zg_copy("");
}

struct gate_shop *gate_shop_read(const char *dir, char *why, size_t size)
{
	json_t *all = read_file(dir, why, size);

	if (!all)
		return NULL;
	struct gate_shop *shop = zg_alloc(1, sizeof(*shop));

	shop->server_certificate = path_of(all, "server_certificate", dir);
	shop->server_key = path_of(all, "server_key", dir);
	shop->client_ca = path_of(all, "client_ca", dir);
	if (!read_texts(shop, all, why, size) || !read_keys(shop, all, dir, why, size)) {
		gate_shop_free(shop);
		shop = NULL;
	}
	json_decref(all);
	return shop;
}

void gate_shop_free(struct gate_shop *shop)
{
	if (!shop)
		return;
	char *texts[] = { shop->mchid, shop->wechat_appid, shop->serial, shop->apiv2_key, shop->apiv3_key, shop->public_key_id, shop->alipay_app_id,
			  shop->lakala_appid, shop->merchant_no, shop->term_no, shop->server_certificate, shop->server_key, shop->client_ca };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free(texts[i]);
	gate_key_free(shop->merchant);
	gate_key_free(shop->merchant_certificate);
	gate_key_free(shop->platform);
	gate_key_free(shop->platform_certificate);
	free(shop);
}
