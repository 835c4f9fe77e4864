#include "drivers/pay/common.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"

#include <string.h>
#include <time.h>

#define CHINA_MS (8 * 3600 * 1000LL)
#define DAY_MS   86400000LL

const char *zg_pay_time(char text[ZG_PAY_TIME], int64_t at_ms, enum zg_pay_form form)
{
	time_t seconds = (time_t)((at_ms + CHINA_MS) / 1000);
	struct tm parts = { 0 };
	size_t length;

	gmtime_r(&seconds, &parts);
	if (form == ZG_FORM_PLAIN)
		length = strftime(text, ZG_PAY_TIME, "%Y%m%d%H%M%S", &parts);
	else if (form == ZG_FORM_DASHED)
		length = strftime(text, ZG_PAY_TIME, "%Y-%m-%d %H:%M:%S", &parts);
	else
		length = strftime(text, ZG_PAY_TIME, "%Y-%m-%dT%H:%M:%S+08:00", &parts);
	text[length] = '\0';
	return text;
}

/* Days from 1970-01-01 to a day of the calendar. */
static int64_t days_to(int year, int month, int day)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	int64_t last = year - 1;

	return last * 365 + last / 4 - last / 100 + last / 400 + before[month - 1] + (month > 2 && is_leap) + day - 1 - 719162;
}

int64_t zg_pay_time_read(const char *text)
{
	static const char dashed[] = "0000-00-00 00:00:00", plain[] = "00000000000000";
	const char *form = strlen(text) == sizeof(plain) - 1 ? plain : dashed;
	int value[6] = { 0 }, digits = 0;

	if (strlen(text) != strlen(form))
		return 0;
	for (size_t i = 0; form[i]; i++) {
		if (form[i] != '0' ? text[i] != form[i] : text[i] < '0' || text[i] > '9')
			return 0;
		if (form[i] == '0') {
			int field = digits < 4 ? 0 : (digits - 2) / 2;

			value[field] = value[field] * 10 + (text[i] - '0');
			digits++;
		}
	}
	if (value[0] < 1971 || value[1] < 1 || value[1] > 12 || value[2] < 1 || value[2] > 31 || value[3] > 23 || value[4] > 59 || value[5] > 60)
		return 0;
	return days_to(value[0], value[1], value[2]) * DAY_MS + (value[3] * 3600LL + value[4] * 60LL + value[5]) * 1000 - CHINA_MS;
}

int zg_pay_minutes(const struct zg_pay_order *order, const struct zg_pay_moment *moment, int least, int most)
{
	int64_t from = order->begun_at ? order->begun_at : moment->now_ms;
	int64_t minutes = order->expires_at > from ? (order->expires_at - from - 1) / 60000 + 1 : 0;

	return minutes < least ? least : minutes > most ? most : (int)minutes;
}

static size_t digits_in(const char *text)
{
	return strspn(text, "0123456789");
}

bool zg_pay_yuan_read(const char *text, zg_fen *amount)
{
	size_t whole = digits_in(text), part = text[whole] == '.' ? digits_in(text + whole + 1) : 0;

	/* with a point there are digits on both sides of it */
	if (whole == 0 || text[whole + (text[whole] == '.') + part] || (text[whole] == '.' && part == 0))
		return false;
	return zg_fen_parse(text, amount);
}

bool zg_pay_fen_read(const char *text, zg_fen *amount)
{
	size_t length = digits_in(text);
	zg_fen sum = 0;

	if (length == 0 || length > 12 || text[length])
		return false;
	for (size_t i = 0; i < length; i++)
		sum = sum * 10 + (text[i] - '0');
	if (sum > ZG_FEN_MAX)
		return false;
	*amount = sum;
	return true;
}

char *zg_pay_json_text(const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);

	zg_assert(text != NULL);
	return text;
}

void zg_pay_take(char *out, size_t size, const json_t *object, const char *key)
{
	const char *text = zg_json_string(object, key, "");

	zg_text_clean(out, size, text, strlen(text));
	zg_text_trim(out);
}

void zg_pay_take_number(char *out, size_t size, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	const char *text = json_string_value(value);

	out[0] = '\0';
	if (!value || json_is_null(value))
		return;
	if (!text || zg_text_clean(out, size, text, strlen(text)) > 0)
		memcpy(out, "?", 2);
}

bool zg_pay_take_url(char *out, size_t size, const json_t *object, const char *key)
{
	const char *text = zg_json_string(object, key, "");
	size_t length = strlen(text);

	out[0] = '\0';
	for (size_t i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	if (length == 0 || length >= size)
		return false;
	memcpy(out, text, length + 1);
	return true;
}

zg_fen zg_pay_take_amount(const json_t *object, const char *key, bool (*read)(const char *text, zg_fen *amount))
{
	const char *text = zg_json_string(object, key, "");
	zg_fen amount = -1;

	return read(text, &amount) ? amount : -1;
}

void zg_pay_mask(char *text)
{
	size_t length = strlen(text);

	if (strchr(text, '*') || length == 0)
		return;
	if (length < 12) {    /* what is short would be told by its ends */
		memcpy(text, "***", length < 3 ? length : 4);
		return;
	}
	memmove(text + 6, text + length - 4, 5);
	memcpy(text + 3, "***", 3);
}

static bool is_number(const char *text)
{
	size_t length = text ? strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_") : 0;

	return length > 0 && length < ZG_PAY_NUMBER && text[length] == '\0';
}

static bool is_code(const char *text)
{
	size_t length = text ? digits_in(text) : 0;

	return length >= 10 && length <= 32 && text[length] == '\0';
}

enum zg_result zg_pay_check_order(enum zg_pay_call call, const struct zg_pay_order *order, struct zg_error *err)
{
	bool is_refund = call == ZG_CALL_REFUND || call == ZG_CALL_REFUND_QUERY, is_paying = call == ZG_CALL_CODE || call == ZG_CALL_SHOW;

	if (!is_paying && !is_refund && call != ZG_CALL_QUERY && call != ZG_CALL_CANCEL)
		return ZG_OK;
	if (!is_number(order->number) || (is_refund && !is_number(order->refund_no)))
		return zg_fail(err, ZG_USAGE, _("A payment's number has 1 to 32 letters, digits and underscores."));
	if ((is_paying && (order->amount_fen <= 0 || order->amount_fen > ZG_FEN_MAX)) ||
	    (call == ZG_CALL_REFUND && (order->refund_fen <= 0 || order->refund_fen > ZG_FEN_MAX)))
		return zg_fail(err, ZG_USAGE, _("A payment's amount is at least 0.01."));
	if (call == ZG_CALL_CODE && !is_code(order->code))
		return zg_fail(err, ZG_USAGE, _("This is no payment code. Scan the code on the customer's phone again."));
	if (is_paying && (!order->title || !order->title[0]))
		return zg_fail(err, ZG_USAGE, _("The shop has no name, and the customer must read one when paying. Enter it in the settings."));
	return ZG_OK;
}

enum zg_result zg_pay_need(const char *value, const char *channel, const char *name, struct zg_error *err)
{
	if (value && value[0])
		return ZG_OK;
	return zg_fail(err, ZG_USAGE, _("The setting %s of [pay.%s] is missing. See man zhanggui.conf."), name, channel);
}

enum zg_result zg_pay_read_key(enum zg_result (*read)(const char *pem, struct zg_rsa **key, struct zg_error *err), const char *pem, const char *channel,
			       const char *name, struct zg_rsa **key, struct zg_error *err)
{
	struct zg_error why = { .text = "" };
	enum zg_result result = zg_pay_need(pem, channel, name, err);

	if (result == ZG_OK && read(pem, key, &why) != ZG_OK)
		result = zg_fail(err, ZG_USAGE, "[pay.%s] %s: %s", channel, name, why.text);
	return result;
}

const char *zg_pay_url(const char *const url[2], const struct zg_pay_moment *moment)
{
	return moment->host && url[1] ? url[1] : url[0];
}
