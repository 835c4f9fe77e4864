#include "src/shop/pay.h"

#include "src/base/crypt.h"
#include "src/base/i18n.h"

#include <stddef.h>
#include <string.h>

struct word {
	const char *name, *title;
};

static const struct word wallets[ZG_WALLETS] = {
	[ZG_WALLET_NONE] = { "none", N_("no wallet") },
	[ZG_WALLET_WECHAT] = { "wechat", N_("WeChat Pay") },
	[ZG_WALLET_ALIPAY] = { "alipay", N_("Alipay") },
	[ZG_WALLET_UNIONPAY] = { "unionpay", N_("UnionPay") },
	[ZG_WALLET_ECNY] = { "ecny", N_("e-CNY") },
	[ZG_WALLET_BESTPAY] = { "bestpay", N_("BestPay") },
	[ZG_WALLET_SUNING] = { "suning", N_("Suning Pay") },
};

static const struct word channels[ZG_CHANNELS] = {
	[ZG_CHANNEL_WECHAT] = { "wechat", N_("WeChat Pay") },
	[ZG_CHANNEL_ALIPAY] = { "alipay", N_("Alipay") },
	[ZG_CHANNEL_LAKALA] = { "lakala", N_("Lakala") },
};

static const struct word states[ZG_PAY_STATES] = {
	[ZG_PAY_NEW] = { "new", N_("prepared") },
	[ZG_PAY_SENT] = { "sent", N_("sent") },
	[ZG_PAY_WAITING] = { "waiting", N_("customer is paying") },
	[ZG_PAY_UNKNOWN] = { "unknown", N_("in doubt") },
	[ZG_PAY_CANCELLING] = { "cancelling", N_("being cancelled") },
	[ZG_PAY_PAID] = { "paid", N_("paid") },
	[ZG_PAY_REFUSED] = { "refused", N_("refused") },
	[ZG_PAY_CANCELLED] = { "cancelled", N_("cancelled") },
	[ZG_PAY_MANUAL] = { "manual", N_("to be settled by hand") },
};

static bool find(const struct word *words, int count, const char *name, int *index)
{
	for (int i = 0; i < count; i++)
		if (strcmp(words[i].name, name) == 0) {
			*index = i;
			return true;
		}
	return false;
}

const char *zg_wallet_name(enum zg_wallet wallet)
{
	return wallets[wallet].name;
}

const char *zg_channel_name(enum zg_channel channel)
{
	return channels[channel].name;
}

const char *zg_pay_state_name(enum zg_pay_state state)
{
	return states[state].name;
}

bool zg_wallet_parse(const char *name, enum zg_wallet *wallet)
{
	int index = 0;
	bool found = find(wallets, ZG_WALLETS, name, &index);

	*wallet = (enum zg_wallet)index;
	return found;
}

bool zg_channel_parse(const char *name, enum zg_channel *channel)
{
	int index = 0;
	bool found = find(channels, ZG_CHANNELS, name, &index);

	*channel = (enum zg_channel)index;
	return found;
}

bool zg_pay_state_parse(const char *name, enum zg_pay_state *state)
{
	int index = 0;
	bool found = find(states, ZG_PAY_STATES, name, &index);

	*state = (enum zg_pay_state)index;
	return found;
}

const char *zg_wallet_title(enum zg_wallet wallet)
{
	return wallets[wallet].title;
}

const char *zg_channel_title(enum zg_channel channel)
{
	return channels[channel].title;
}

const char *zg_pay_state_title(enum zg_pay_state state)
{
	return states[state].title;
}

enum zg_tender_kind zg_wallet_tender(enum zg_wallet wallet)
{
	static const enum zg_tender_kind kinds[ZG_WALLETS] = {
		[ZG_WALLET_NONE] = ZG_TENDER_OTHER, [ZG_WALLET_WECHAT] = ZG_TENDER_WECHAT, [ZG_WALLET_ALIPAY] = ZG_TENDER_ALIPAY,
		[ZG_WALLET_UNIONPAY] = ZG_TENDER_UNIONPAY, [ZG_WALLET_ECNY] = ZG_TENDER_ECNY, [ZG_WALLET_BESTPAY] = ZG_TENDER_BESTPAY,
		[ZG_WALLET_SUNING] = ZG_TENDER_SUNING,
	};

	return kinds[wallet];
}

bool zg_pay_state_is_final(enum zg_pay_state state)
{
	return state >= ZG_PAY_PAID;
}

#define CODE_LEAST 16    /* digits of a payment code */
#define CODE_MOST  24

static bool is_code(const char *digits, size_t length, const char *code_hash)
{
	char hash[65];

	return strcmp(zg_sha256_hex(hash, digits, length), code_hash) == 0;
}

void zg_pay_hide_code(char *text, const char *code_hash)
{
	for (char *at = text; code_hash[0] && *at; at++) {
		size_t digits = strspn(at, "0123456789");

		for (size_t length = CODE_LEAST; length <= CODE_MOST && length <= digits; length++)
			if (is_code(at, length, code_hash))
				memset(at, '*', length - 4);
	}
}
