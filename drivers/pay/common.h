/*
 * What the payment channels' drivers share: channel time, amounts as text, members of answers, checks of orders and accounts.
 * Channels tell the time of China (GMT+8, no summer time) whatever the till's zone.
 */
#ifndef ZG_DRIVERS_PAY_COMMON_H
#define ZG_DRIVERS_PAY_COMMON_H

#include "src/base/crypt.h"
#include "src/base/json.h"
#include "src/io/pay.h"

#define ZG_PAY_TIME 32    /* bytes that hold any time written here */
#define ZG_PAY_NO_ORDER "ZHANGGUI_CHECK"    /* a check asks for an order that nobody has made */

/* How a code that we show is asked about and taken back, by any channel; the last days for that are each channel's own. */
#define ZG_PAY_SHOWN \
	.connect_s = 5, .total_s = 10, \
	.queries_s = { 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39, 42, 45, 48, 51, 54, 57, 60 }, .every_s = 5, \
	.cancel_from_s = 0, .cancel_s = 300, .cancel_again_s = { 5, 10, 60 }

enum zg_pay_form {
	ZG_FORM_DASHED,     /* "2026-04-01 10:00:05" */
	ZG_FORM_PLAIN,      /* "20260401100005" */
	ZG_FORM_RFC3339,    /* "2026-04-01T10:00:05+08:00" */
};

/* An instant in China's time. Returns text. */
const char *zg_pay_time(char text[ZG_PAY_TIME], int64_t at_ms, enum zg_pay_form form);
/* "2026-04-01 10:00:05" or "20260401100005", China's time; 0: it is neither. */
int64_t zg_pay_time_read(const char *text);
/* Whole minutes from when the order was made until it expires, rounded up, within least and most; the same each time the order is sent. */
int zg_pay_minutes(const struct zg_pay_order *order, const struct zg_pay_moment *moment, int least, int most);

/* "12.34", at most two decimals; "1234" of fen. No sign, no blanks. */
bool zg_pay_yuan_read(const char *text, zg_fen *amount);
bool zg_pay_fen_read(const char *text, zg_fen *amount);

/* Compact, in the order in which members were set: these bytes are signed and sent. The caller frees. */
char *zg_pay_json_text(const json_t *value);

/* A text member, cleaned and cut to size; "" when it is none. */
void zg_pay_take(char *out, size_t size, const json_t *object, const char *key);
/* The same for what is compared: one that is too long, unclean or no text becomes "?", which is nobody's number. */
void zg_pay_take_number(char *out, size_t size, const json_t *object, const char *key);
/* The text of a code to show or an address to fetch: false, and "", when it is missing, too long, or not of visible ASCII. */
bool zg_pay_take_url(char *out, size_t size, const json_t *object, const char *key);
/* An amount member; -1 when it is missing or cannot be read. */
zg_fen zg_pay_take_amount(const json_t *object, const char *key, bool (*read)(const char *text, zg_fen *amount));
/* "2088101117955611" as "208***5611"; what has stars already stays. In place. */
void zg_pay_mask(char *text);

/* ZG_USAGE: a number, amount, code or title that no channel takes. */
enum zg_result zg_pay_check_order(enum zg_pay_call call, const struct zg_pay_order *order, struct zg_error *err);
/* ZG_USAGE: the setting [pay.<channel>] <name> is missing. */
enum zg_result zg_pay_need(const char *value, const char *channel, const char *name, struct zg_error *err);
/* Reads a key of an account; err begins with the setting's name. */
enum zg_result zg_pay_read_key(enum zg_result (*read)(const char *pem, struct zg_rsa **key, struct zg_error *err), const char *pem, const char *channel,
			       const char *name, struct zg_rsa **key, struct zg_error *err);
/* The address of the account that the moment asks for. */
const char *zg_pay_url(const char *const url[2], const struct zg_pay_moment *moment);
#endif
