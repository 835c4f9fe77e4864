/* Alipay: trades, and how they stand (A3 to A6). */
#include "contrib/sim/gate_alipay.h"
#include "contrib/sim/gate_fields.h"
#include "contrib/sim/gate_time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS    86400000LL
#define QR_MS     7200000

const struct gate_field gate_alipay_which[] = {
	{ "out_trade_no", GATE_TEXT, false, 1, 64, GATE_ALIPAY_SIGNS, NULL },
	{ "trade_no",     GATE_TEXT, false, 1, 64, NULL, NULL },
	{ "operator_id",  GATE_TEXT, false, 0, 28, NULL, NULL },
	{ "query_options", GATE_LIST, false, 0, 0, NULL, NULL },
	{ 0 }
};
#define TRADE_FIELDS \
	{ "out_trade_no",    GATE_TEXT,   true,  1, 64,  GATE_ALIPAY_SIGNS, NULL }, \
	{ "subject",         GATE_TEXT,   true,  1, 256, NULL, NULL }, \
	{ "total_amount",    GATE_TEXT,   true,  1, 12,  "0123456789.", NULL }, \
	{ "product_code",    GATE_TEXT,   false, 1, 64,  NULL, NULL }, \
	{ "body",            GATE_TEXT,   false, 0, 128, NULL, NULL }, \
	{ "goods_detail",    GATE_LIST,   false, 0, 0,   NULL, NULL }, \
	{ "operator_id",     GATE_TEXT,   false, 0, 28,  NULL, NULL }, \
	{ "store_id",        GATE_TEXT,   false, 0, 32,  NULL, NULL }, \
	{ "terminal_id",     GATE_TEXT,   false, 0, 32,  NULL, NULL }, \
	{ "timeout_express", GATE_TEXT,   false, 2, 6,   NULL, NULL }, \
	{ "extend_params",   GATE_OBJECT, false, 0, 0,   NULL, NULL }, \
	{ "seller_id",       GATE_TEXT,   false, 0, 28,  NULL, NULL }
static const struct gate_field pay_fields[] = {
	TRADE_FIELDS,
	{ "scene",     GATE_TEXT, true, 8, 9,  "bar_code", NULL },
	{ "auth_code", GATE_TEXT, true, 1, 32, NULL, NULL },
	{ 0 }
};
static const struct gate_field precreate_fields[] = {
	TRADE_FIELDS,
	{ "qr_code_timeout_express", GATE_TEXT, false, 2, 6, NULL, NULL },
	{ 0 }
};

const char *gate_yuan(char text[32], int64_t fen)
{
	snprintf(text, 32, "%s%lld.%02lld", fen < 0 ? "-" : "", (long long)(llabs(fen) / 100), (long long)(llabs(fen) % 100));
	return text;
}

int64_t gate_yuan_read(const char *text)
{
	size_t whole = strspn(text, GATE_DIGITS_ONLY);
	const char *rest = text + whole;
	size_t part = *rest == '.' ? strspn(rest + 1, GATE_DIGITS_ONLY) : 0;

	if (whole == 0 || whole > 9 || (*rest && (*rest != '.' || part == 0 || part > 2 || rest[1 + part])))
		return -1;
	int64_t fen = strtoll(text, NULL, 10) * 100;

	if (part > 0)
		fen += (rest[1] - '0') * 10 + (part > 1 ? rest[2] - '0' : 0);
	return fen;
}

/* "5m", "2h", "1d"; 0: not given; -1: no such time. */
static int64_t express_ms(const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);
	int64_t ms;

	if (!*text)
		return 0;
	if (number <= 0 || end == text || end[0] == '\0' || end[1] != '\0')
		return -1;
	ms = *end == 'm' ? 60000 : *end == 'h' ? 3600000 : *end == 'd' ? DAY_MS : -1;
	return ms < 0 || ms * number > 15 * DAY_MS ? -1 : ms * number;
}

bool gate_alipay_check(struct gate_alipay_call *call, const struct gate_field *fields)
{
	char why[160];

	if (gate_fields_check(call->asked, fields, why, sizeof(why)))
		return true;
	gate_alipay_fail(call, "INVALID_PARAMETER", why, "A-form");
	return false;
}

void gate_alipay_set_yuan(struct gate_alipay_call *call, const char *name, int64_t fen)
{
	char text[32];

	zg_json_set_string(call->told, name, gate_yuan(text, fen));
}

const char *gate_alipay_print(char print[GATE_DIGEST], const json_t *asked)
{
	char *text = zg_json_text(asked);

	gate_digest(print, "sha256", text, strlen(text));
	free(text);
	return print;
}

/* ---- trades ---- */

void gate_alipay_tell_trade(struct gate_alipay_call *call, const struct gate_order *order)
{
	zg_json_set_string(call->told, "out_trade_no", gate_told_number(call->gate, order->number));
	zg_json_set_string(call->told, "trade_no", order->no);
	if (call->gate->fault.wrong == GATE_WRONG_MERCHANT)
		zg_json_set_string(call->told, "seller_id", gate_told_merchant(call->gate, ""));
}

static void tell_amounts(struct gate_alipay_call *call, const struct gate_order *order)
{
	static const char *const names[] = { "total_amount", "receipt_amount", "buyer_pay_amount", "invoice_amount" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		gate_alipay_set_yuan(call, names[i], gate_told_fen(call->gate, order->fen));
	gate_alipay_set_yuan(call, "point_amount", 0);
	zg_json_set_string(call->told, "buyer_logon_id", gate_told_text(call->gate, "159****5620"));
	zg_json_set_string(call->told, "buyer_user_id", order->payer);
}

static void tell_payment(struct gate_alipay_call *call, const struct gate_order *order)
{
	char time[GATE_TIME], yuan[32];

	if (order->state == GATE_FAILED) {
		gate_alipay_fail(call, "BUYER_BALANCE_NOT_ENOUGH", "买家余额不足", "");
	} else if (!order->was_paid) {
		gate_alipay_done(call, "10003", " order success pay inprocess");
		gate_alipay_tell_trade(call, order);
		gate_alipay_set_yuan(call, "total_amount", gate_told_fen(call->gate, order->fen));
	} else {
		json_t *list = zg_json_array(), *one = zg_json_object();

		gate_alipay_done(call, "10000", "Success");
		gate_alipay_tell_trade(call, order);
		tell_amounts(call, order);
		zg_json_set_string(call->told, "gmt_payment", gate_time(time, GATE_PLAIN, order->paid_at));
		zg_json_set_string(one, "amount", gate_yuan(yuan, order->fen));
		zg_json_set_string(one, "fund_channel", "ALIPAYACCOUNT");
		zg_json_append(list, one);
		zg_json_set(call->told, "fund_bill_list", list);
	}
}

/* A3. False: it failed, or *order is the same one of before. */
static bool is_new(struct gate_alipay_call *call, const char *print, struct gate_order **order)
{
	*order = gate_order_find(call->gate, GATE_ALIPAY, gate_text_of(call->asked, "out_trade_no"));
	if (!*order)
		return true;
	if (strcmp((*order)->print, print) != 0) {
		gate_alipay_fail(call, "CONTEXT_INCONSISTENT", "交易信息被篡改", "A3");
		*order = NULL;
	} else if ((*order)->state == GATE_CLOSED || (*order)->state == GATE_REVERSED) {
		gate_alipay_fail(call, "TRADE_HAS_CLOSE", "交易已经关闭", "A3");
		*order = NULL;
	}
	return false;
}

static struct gate_order *make(struct gate_alipay_call *call, enum gate_way way, const char *print, int64_t lives_ms, int64_t code_lives_ms)
{
	return gate_order_add(call->gate, &(struct gate_wish){
		.channel = GATE_ALIPAY, .way = way, .number = gate_text_of(call->asked, "out_trade_no"), .print = print, .wallet = "alipay",
		.title = gate_text_of(call->asked, "subject"), .attach = gate_text_of(call->asked, "body"), .device = gate_text_of(call->asked, "terminal_id"),
		.fen = gate_yuan_read(gate_text_of(call->asked, "total_amount")), .lives_ms = lives_ms, .code_lives_ms = code_lives_ms });
}

/* False: it failed. */
static bool check_trade(struct gate_alipay_call *call, const struct gate_field *fields)
{
	if (!gate_alipay_check(call, fields))
		return false;
	int64_t fen = gate_yuan_read(gate_text_of(call->asked, "total_amount"));

	if (fen < 1 || fen > 10000000000LL || express_ms(gate_text_of(call->asked, "timeout_express")) < 0 ||
	    express_ms(gate_text_of(call->asked, "qr_code_timeout_express")) < 0) {
		gate_alipay_fail(call, "INVALID_PARAMETER", "total_amount or a time", "A-form");
		return false;
	}
	return true;
}

void gate_alipay_pay(struct gate_alipay_call *call)
{
	char print[GATE_DIGEST];
	const char *code = gate_text_of(call->asked, "auth_code"), *wallet = gate_code_wallet(code);
	struct gate_order *order;

	if (!check_trade(call, pay_fields))
		return;
	gate_alipay_print(print, call->asked);
	if (is_new(call, print, &order)) {
		if (!wallet || strcmp(wallet, "alipay") != 0 || gate_phone_scanned(call->gate, code) != GATE_CODE_FRESH) {
			gate_alipay_fail(call, "PAYMENT_AUTH_CODE_INVALID", "支付失败,获取顾客账户信息失败,请顾客刷新付款码后重新收款", "A4");
			return;
		}
		order = make(call, GATE_SCANNED, print, express_ms(gate_text_of(call->asked, "timeout_express")), 0);
	}
	if (order)
		tell_payment(call, order);
}

void gate_alipay_precreate(struct gate_alipay_call *call)
{
	char print[GATE_DIGEST], tail[24];
	int64_t lives;
	struct gate_order *order;

	if (!check_trade(call, precreate_fields))
		return;
	lives = express_ms(gate_text_of(call->asked, "qr_code_timeout_express"));
	if (is_new(call, gate_alipay_print(print, call->asked), &order))
		order = make(call, GATE_SHOWN, print, express_ms(gate_text_of(call->asked, "timeout_express")), lives && lives < QR_MS ? lives : QR_MS);
	if (!order)
		return;
	if (order->was_paid) {
		gate_alipay_fail(call, "TRADE_HAS_SUCCESS", "交易已被支付", "A3");
		return;
	}
	gate_nonce(call->gate, tail, 18);
	gate_alipay_done(call, "10000", "Success");
	zg_json_set_string(call->told, "out_trade_no", gate_told_number(call->gate, order->number));
	snprintf(order->url, sizeof(order->url), "https://qr.alipay.com/%s", tail);
	zg_json_set_string(call->told, "qr_code", order->url);
}

struct gate_order *gate_alipay_trade(struct gate_alipay_call *call, bool quiet)
{
	const char *number = gate_text_of(call->asked, "out_trade_no"), *no = gate_text_of(call->asked, "trade_no");
	struct gate_order *order = *no ? gate_order_find_no(call->gate, GATE_ALIPAY, no) : gate_order_find(call->gate, GATE_ALIPAY, number);

	if (order && gate_order_is_scanned(call->gate, order))
		return order;
	if (!quiet)
		gate_alipay_fail(call, "TRADE_NOT_EXIST", "交易不存在", "");
	return NULL;
}

static const char *status_of(const struct gate *gate, const struct gate_order *order)
{
	if (order->state == GATE_PAID && order->refunded_fen < order->fen)
		return gate->set.alipay_finished ? "TRADE_FINISHED" : "TRADE_SUCCESS";
	return order->state == GATE_OPEN || order->state == GATE_WAITING || order->state == GATE_TYPING ? "WAIT_BUYER_PAY" : "TRADE_CLOSED";
}

void gate_alipay_query(struct gate_alipay_call *call)
{
	char time[GATE_TIME];
	struct gate_order *order = gate_alipay_check(call, gate_alipay_which) ? gate_alipay_trade(call, false) : NULL;

	if (!order)
		return;
	if (order->asked++ == 0 && call->gate->set.read_lag) {
		gate_alipay_fail(call, "TRADE_NOT_EXIST", "交易不存在", "");
		return;
	}
	gate_alipay_done(call, "10000", "Success");
	gate_alipay_tell_trade(call, order);
	tell_amounts(call, order);
	zg_json_set_string(call->told, "trade_status", status_of(call->gate, order));
	if (order->was_paid)
		zg_json_set_string(call->told, "send_pay_date", gate_time(time, GATE_PLAIN, order->paid_at));
}
