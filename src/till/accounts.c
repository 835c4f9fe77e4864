#include "src/till/accounts.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/clock.h"
#include "src/base/i18n.h"
#include "src/base/seal.h"
#include "src/till/setting.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_FILE_MAX 65536
#define ENDING_MS    (30 * 86400000LL)
#define ANSWER_MAX   (256 * 1024)    /* bytes; the longest honest answer is a few kB */

struct zg_accounts {
	struct zg_account channels[ZG_CHANNELS];    /* driver NULL: not set up */
	char *paths[ZG_CHANNELS][3];                /* ca_file, certificate_file, key_file; owned */
	int route[ZG_WALLETS];
};

static char *whole_path(const char *home, const char *name)
{
	return name[0] == '/' ? zg_copy(name) : zg_print("%s/keys/%s", home, name);
}

static enum zg_result unreadable(const char *path, struct zg_error *err)
{
	return zg_fail(err, ZG_USAGE, _("The key file %s cannot be read (%s). Put it there, or correct its name in zhanggui.conf."), path, strerror(errno));
}

/* *text is the caller's; NULL when the setting is empty. is_secret: refused when others can read it. */
static enum zg_result read_key(const char *home, const char *name, bool is_secret, char **text, struct zg_error *err)
{
	struct zg_buffer bytes = { 0 };
	struct stat about;
	char block[4096];
	ssize_t got = 0;

	*text = NULL;
	if (!name[0])
		return ZG_OK;
	char *path = whole_path(home, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum zg_result result = ZG_OK;

	if (fd < 0 || fstat(fd, &about) != 0)
		result = unreadable(path, err);
	else if (!S_ISREG(about.st_mode) || about.st_size > KEY_FILE_MAX)
		result = zg_fail(err, ZG_USAGE, _("%s is no key file. Correct its name in zhanggui.conf."), path);
	else if (is_secret && (about.st_mode & 077))
		result = zg_fail(err, ZG_USAGE, _("The key %s can be read by others. Run: chmod 600 %s"), path, path);
	while (result == ZG_OK && (got = read(fd, block, sizeof(block))) > 0)
		zg_buffer_add(&bytes, block, (size_t)got);
	if (result == ZG_OK && got < 0)
		result = unreadable(path, err);
	if (fd >= 0)
		close(fd);
	OPENSSL_cleanse(block, sizeof(block));
	free(path);
	if (result == ZG_OK)
		*text = zg_buffer_take(&bytes);
	else
		zg_buffer_clear(&bytes);
	return result;
}

static void wipe(char *text)
{
	if (text)
		OPENSSL_cleanse(text, strlen(text));
	free(text);
}

/* A key that is one line of a file: without the line's end. */
static void cut_line(char *text)
{
	if (text)
		text[strcspn(text, "\r\n")] = '\0';
}

/* The two addresses of a setting; text is cut in place. */
static void cut_addresses(char *text, const char *url[2])
{
	char *blank = strchr(text, ' ');

	if (blank)
		*blank = '\0';
	url[0] = text;
	url[1] = blank ? blank + 1 : NULL;
}

static const char *or_null(const char *text)
{
	return text[0] ? text : NULL;
}

/* What the channel finds an order by, besides its number. */
static void name_merchant(struct zg_account *account, enum zg_channel channel, const struct zg_pay_account *own)
{
	const char *merchant = channel == ZG_CHANNEL_ALIPAY ? own->appid : own->merchant, *terminal = channel == ZG_CHANNEL_LAKALA ? own->terminal : NULL;

	snprintf(account->merchant, sizeof(account->merchant), "%s%s%s", merchant ? merchant : "", terminal ? "/" : "", terminal ? terminal : "");
}

static enum zg_result read_channel(struct zg_accounts *accounts, enum zg_channel channel, const struct zg_channel_config *c, const char *home,
				   const struct zg_pay_driver *driver, struct zg_error *err)
{
	char *texts[6] = { NULL }, url[ZG_SETTING_MAX + 1];
	const struct { const char *name; bool is_secret; } files[6] = {
		{ c->key, true }, { c->api2_key_file, true }, { c->api3_key_file, true }, { c->cert, false }, { c->public_key, false }, { c->platform_cert, false },
	};
	struct zg_account *account = &accounts->channels[channel];
	enum zg_result result = ZG_OK;

	for (int i = 0; i < 6 && result == ZG_OK; i++)
		result = read_key(home, files[i].name, files[i].is_secret, &texts[i], err);
	cut_line(texts[1]);
	cut_line(texts[2]);
	memcpy(url, c->url, sizeof(url));
	struct zg_pay_account own = { .appid = or_null(c->appid), .merchant = or_null(c->merchant), .terminal = or_null(c->terminal),
		.serial = or_null(c->serial), .key_pem = texts[0], .api2_key = texts[1], .api3_key = texts[2], .certificate_pem = texts[3],
		.public_key_id = or_null(c->public_key_id), .public_key_pem = texts[4], .platform_pem = texts[5], .notify_url = or_null(c->notify_url),
		.request_ip = or_null(c->request_ip), .codepay = c->codepay };

	cut_addresses(url, own.url);
	if (result == ZG_OK)
		result = driver->open(&own, &account->keys, err);
	for (int i = 0; i < 6; i++)
		wipe(texts[i]);
	if (result != ZG_OK)
		return result;
	account->driver = driver;
	name_merchant(account, channel, &own);
	account->has_other_host = own.url[1] != NULL;
	account->fetches_keys = !c->public_key[0] && c->api3_key_file[0];
	const char *paths[3] = { c->ca_file, c->cert, c->key };

	for (int i = 0; i < 3; i++)
		accounts->paths[channel][i] = paths[i][0] ? whole_path(home, paths[i]) : NULL;
	account->ca_file = accounts->paths[channel][0];
	account->certificate_file = accounts->paths[channel][1];
	account->key_file = accounts->paths[channel][2];
	return ZG_OK;
}

enum zg_result zg_accounts_read(const struct zg_config *config, const char *home, const struct zg_pay_driver *const *drivers,
				struct zg_accounts **made, struct zg_error *err)
{
	struct zg_accounts *accounts = zg_alloc(1, sizeof(*accounts));
	enum zg_result result = ZG_OK;

	(void)zg_pay_route_parse(config->route, accounts->route);    /* was tried when it was read */
	for (; *drivers; drivers++) {
		const struct zg_channel_config *c = &config->pay[(*drivers)->channel];
		enum zg_result one = c->url[0] ? read_channel(accounts, (*drivers)->channel, c, home, *drivers, result == ZG_OK ? err : NULL) : ZG_OK;

		result = result == ZG_OK ? one : result;
	}
	*made = accounts;
	return result;
}

void zg_accounts_free(struct zg_accounts *accounts)
{
	if (!accounts)
		return;
	for (int i = 0; i < ZG_CHANNELS; i++) {
		if (accounts->channels[i].driver)
			accounts->channels[i].driver->close(accounts->channels[i].keys);
		for (int k = 0; k < 3; k++)
			free(accounts->paths[i][k]);
	}
	free(accounts);
}

const struct zg_account *zg_accounts_of(const struct zg_accounts *accounts, enum zg_channel channel)
{
	return accounts && accounts->channels[channel].driver ? &accounts->channels[channel] : NULL;
}

const struct zg_account *zg_accounts_for(const struct zg_accounts *accounts, const struct zg_payment *payment)
{
	const struct zg_account *account = zg_accounts_of(accounts, payment->channel);

	return account && (payment->merchant[0] == '\0' || strcmp(payment->merchant, account->merchant) == 0) ? account : NULL;
}

/* Its own channel, for the two wallets that have one. */
static bool own_channel(enum zg_wallet wallet, enum zg_channel *channel)
{
	*channel = wallet == ZG_WALLET_ALIPAY ? ZG_CHANNEL_ALIPAY : ZG_CHANNEL_WECHAT;
	return wallet == ZG_WALLET_WECHAT || wallet == ZG_WALLET_ALIPAY;
}

enum zg_result zg_accounts_route(const struct zg_accounts *accounts, enum zg_wallet wallet, enum zg_pay_way way, enum zg_channel *channel,
				 struct zg_error *err)
{
	int chosen = accounts ? accounts->route[wallet] : -1;

	zg_assert(wallet != ZG_WALLET_NONE);
	if (chosen >= 0)
		*channel = (enum zg_channel)chosen;
	else if (!own_channel(wallet, channel) || !zg_accounts_of(accounts, *channel))
		*channel = ZG_CHANNEL_LAKALA;
	if (!zg_accounts_of(accounts, *channel))
		return zg_fail(err, ZG_USAGE, _("This shop takes no %s. Ask for another way to pay; an admin can set it up, see zhanggui.conf(5)."),
			       _(zg_wallet_title(wallet)));
	if (way == ZG_WAY_SHOWN && *channel == ZG_CHANNEL_LAKALA && wallet == ZG_WALLET_WECHAT)
		return zg_fail(err, ZG_USAGE, _("Lakala shows no code for WeChat. Scan the customer's code instead."));
	return ZG_OK;
}

bool zg_account_is_ending(const struct zg_account *account, int64_t now_ms, char text[ZG_ERROR_TEXT])
{
	int64_t ends = account->driver->ends ? account->driver->ends(account->keys) : 0;
	char day[ZG_TIME_TEXT];

	if (ends == 0 || ends - now_ms > ENDING_MS)
		return false;
	zg_time_format(day, ends);
	day[ZG_DAY_TEXT - 1] = '\0';
	snprintf(text, ZG_ERROR_TEXT, _("The certificate that %s signs with ends on %s. After that no payment by phone can be proved. Put the new one into the shop's "
					"settings in time; see zhanggui.conf(5)."), _(zg_channel_title(account->driver->channel)), day);
	return true;
}

void zg_pay_nonce(char nonce[ZG_PAY_NONCE])
{
	zg_random_text(nonce, ZG_PAY_NONCE - 1, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
}

struct zg_http_options zg_account_options(const struct zg_account *account, enum zg_pay_way way, enum zg_pay_call call)
{
	const struct zg_pay_times *times = account->driver->times(way);

	return (struct zg_http_options){ .ca_file = account->ca_file, .certificate_file = account->certificate_file, .key_file = account->key_file,
		.proxy = account->proxy, .connect_ms = times->connect_s * 1000, .total_ms = times->total_s * 1000, .most = ANSWER_MAX,
		.is_fresh = call == ZG_CALL_CODE || call == ZG_CALL_SHOW || call == ZG_CALL_CANCEL || call == ZG_CALL_REFUND };
}
