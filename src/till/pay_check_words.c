/* What an answer to a check means, in words for the owner. */
#include "src/till/pay_check_private.h"

#include "src/base/i18n.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WARN_MS  60000     /* a clock further off is told */
#define BLOCK_MS 240000    /* and from here on payments are not begun; the channels refuse at 300 s */

const char *zg_pay_fault_name(enum zg_pay_fault fault)
{
	static const char *const names[ZG_PAY_FAULTS] = { "well", "settings", "network", "clock", "key", "serial", "channel_key", "other" };

	return names[fault];
}

/* The setting that names the key which we sign with. */
static const char *own_key(const struct zg_pay_finding *f, const struct zg_channel_config *c)
{
	return f->channel == ZG_CHANNEL_WECHAT && f->way == ZG_WAY_CODE && !c->codepay ? "apiv2_key_file" : "key";
}

/* And the one that names the channel's. WeChat's V2 has one key for both directions. */
static const char *channel_key(const struct zg_pay_finding *f, const struct zg_channel_config *c)
{
	if (f->channel == ZG_CHANNEL_ALIPAY)
		return "alipay_public_key";
	if (f->channel == ZG_CHANNEL_LAKALA)
		return "platform_cert";
	if (strcmp(own_key(f, c), "key") != 0)
		return "apiv2_key_file";
	return c->public_key[0] ? "public_key" : "platform_cert";
}

static void say_clock(struct zg_pay_finding *f)
{
	long long seconds = (llabs(f->skew_ms) + 500) / 1000, minutes = (seconds + 30) / 60;

	f->fault = ZG_PAY_FAULT_CLOCK;
	if (seconds * 1000 <= BLOCK_MS)
		snprintf(f->text, sizeof(f->text), f->skew_ms > 0
			 ? _("This computer's clock is %lld seconds fast. Payments still work; beyond four minutes they do not. Set it: sudo "
			     "timedatectl set-ntp true")
			 : _("This computer's clock is %lld seconds slow. Payments still work; beyond four minutes they do not. Set it: sudo "
			     "timedatectl set-ntp true"),
			 seconds);
	else
		snprintf(f->text, sizeof(f->text), f->skew_ms > 0
			 ? _("This computer's clock is %lld minutes fast, so the channel refuses what it sends. Set it: sudo timedatectl set-ntp true")
			 : _("This computer's clock is %lld minutes slow, so the channel refuses what it sends. Set it: sudo timedatectl set-ntp true"),
			 minutes);
}

static bool has(const struct zg_pay_answer *answer, const char *word)
{
	return strstr(answer->code, word) || strstr(answer->text, word);
}

/* The channel's own words, for who reads them to its service. */
static void quote(struct zg_pay_finding *f, const struct zg_pay_answer *answer)
{
	size_t length = strlen(f->text);

	if (answer->code[0] || answer->text[0])
		snprintf(f->text + length, sizeof(f->text) - length, " (%s%s%s)", answer->code, answer->code[0] && answer->text[0] ? " " : "",
			 answer->text);
}

/* It understood that the request was wrong. WeChat says of a serial number that it is wrong 商户证书序列号有误, of the rest 签名错误. */
static void say_refused(struct zg_pay_finding *f, const struct zg_channel_config *c, const struct zg_pay_answer *answer)
{
	const char *title = _(zg_channel_title(f->channel)), *key = own_key(f, c), *section = zg_channel_name(f->channel);
	bool has_serial = strcmp(key, "key") == 0 && c->serial[0];

	if (has(answer, "timestamp")) {
		f->fault = ZG_PAY_FAULT_CLOCK;
		snprintf(f->text, sizeof(f->text), _("%s says that this computer's clock is wrong. Set it: sudo timedatectl set-ntp true"), title);
	} else if (has_serial && (has(answer, "序列号") || has(answer, "serial"))) {
		f->fault = ZG_PAY_FAULT_SERIAL;
		snprintf(f->text, sizeof(f->text), _("%s does not know a certificate of this shop with the number %s. Copy the serial number again into "
						     "serial of [pay.%s]; it must belong to the private key in key."), title, c->serial, section);
	} else if (has(answer, "SIGN") || has(answer, "signature") || has(answer, "签名") || has(answer, "验签")) {
		f->fault = ZG_PAY_FAULT_KEY;
		if (has_serial)
			snprintf(f->text, sizeof(f->text), _("%s does not accept this shop's signature. The private key in key of [pay.%s] and the serial "
							     "number %s must be those of the certificate that its merchant pages show."), title, section, c->serial);
		else
			snprintf(f->text, sizeof(f->text), _("%s does not accept this shop's signature. The key in %s of [pay.%s] is not the one that its "
							     "merchant pages have for this shop."), title, key, section);
	} else {
		f->fault = ZG_PAY_FAULT_SETTINGS;
		snprintf(f->text, sizeof(f->text), _("%s refuses the request. Compare the numbers in [pay.%s] with its merchant pages."), title, section);
	}
	quote(f, answer);
}

static void say_channel_key(struct zg_pay_finding *f, const struct zg_channel_config *c, const struct zg_pay_answer *answer)
{
	const char *title = _(zg_channel_title(f->channel)), *section = zg_channel_name(f->channel), *key = channel_key(f, c);

	f->fault = ZG_PAY_FAULT_CHANNEL_KEY;
	if (strstr(answer->text, "APIv3 key")) {    /* the driver's own words: the certificates came, and do not open */
		f->fault = ZG_PAY_FAULT_KEY;
		snprintf(f->text, sizeof(f->text), _("%s's certificates do not open with the key in apiv3_key_file of [pay.%s]. Set that key on the merchant "
						     "platform, and copy it again."), title, section);
	} else if (answer->proof == ZG_PROVED_OTHER_KEY) {
		snprintf(f->text, sizeof(f->text), _("%s signs with the key %s, which this shop does not have. Download it from the merchant pages into "
						     "%s of [pay.%s]."), title, answer->serial[0] ? answer->serial : "?", key, section);
	} else {
		snprintf(f->text, sizeof(f->text), _("What came is not signed with the key in %s of [pay.%s]. Download %s's key again from its merchant pages; "
						     "if it is the right one, somebody answers in its place: do not go on."), key, section, title);
	}
}

void zg_pay_check_judge(struct zg_pay_finding *f, const struct zg_channel_config *c, const struct zg_pay_answer *answer,
			const struct zg_http_reply *reply)
{
	f->proof = answer->proof;
	f->status = reply->status;
	f->took_ms = reply->took_ms;
	snprintf(f->code, sizeof(f->code), "%s", answer->code);
	snprintf(f->request_id, sizeof(f->request_id), "%s", answer->request_id);
	snprintf(f->serial, sizeof(f->serial), "%s", answer->serial);
	if (reply->end != ZG_HTTP_WHOLE) {
		f->fault = ZG_PAY_FAULT_NETWORK;
		snprintf(f->text, sizeof(f->text), "%s", reply->why);
	} else if (f->has_skew && llabs(f->skew_ms) > (answer->says == ZG_SAYS_DONE ? WARN_MS : BLOCK_MS)) {
		say_clock(f);    /* whatever else is said follows from it */
	} else if (answer->proof == ZG_PROVED_STALE) {
		f->fault = ZG_PAY_FAULT_CLOCK;
		snprintf(f->text, sizeof(f->text), "%s", _("The channel's answer is of another time. Set this computer's clock."));
	} else if (answer->proof == ZG_PROVED_OTHER_KEY || answer->proof == ZG_PROVED_FORGED) {
		say_channel_key(f, c, answer);
	} else if (answer->says == ZG_SAYS_DONE) {
		f->fault = ZG_PAY_WELL;
		if (answer->proof == ZG_PROVED_NOT_SIGNED)
			snprintf(f->text, sizeof(f->text), "%s", _("The answer was not signed, which is allowed here; so the channel's own key was not "
								   "tried."));
	} else if (answer->says == ZG_SAYS_WRONG || reply->status == 401) {
		say_refused(f, c, answer);
	} else {
		f->fault = ZG_PAY_FAULT_OTHER;
		snprintf(f->text, sizeof(f->text), _("%s answered something else than was asked. Try again later; if it stays so, ask its service."),
			 _(zg_channel_title(f->channel)));
		quote(f, answer);
	}
}
