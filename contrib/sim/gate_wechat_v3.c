/* WeChat Pay APIv3: the way in (W1), the list of calls, and the signature of what goes out (W2). */
#include "contrib/sim/gate_authorization.h"
#include "contrib/sim/gate_doors.h"
#include "contrib/sim/gate_fields.h"
#include "contrib/sim/gate_wechat.h"

#include "src/base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCHEME    "WECHATPAY2-SHA256-RSA2048"
#define SKEW_S    300
#define UNKNOWN_SERIAL "unknown serial_no"
#define BODY_MOST 65536
#define NUMBERED  "/v3/pay/transactions/out-trade-no/"

/* ---- the calls ---- */

static const struct route {
	const char *method, *start, *end;    /* the path between them is the order's number; end NULL: the path is just `start` */
	enum gate_call call;
	void (*run)(struct gate_v3 *call);
} routes[] = {
	{ "POST", "/v3/pay/transactions/native",   NULL,       GATE_SHOW,         gate_v3_native       },
	{ "POST", "/v3/pay/transactions/codepay",  NULL,       GATE_PAY,          gate_v3_codepay      },
	{ "POST", NUMBERED,                        "/close",   GATE_CLOSE,        gate_v3_close        },
	{ "POST", NUMBERED,                        "/reverse", GATE_CANCEL,       gate_v3_reverse      },
	{ "GET",  NUMBERED,                        "",         GATE_QUERY,        gate_v3_query        },
	{ "GET",  "/v3/pay/transactions/id/",      "",         GATE_QUERY,        gate_v3_query_no     },
	{ "POST", "/v3/refund/domestic/refunds",   NULL,       GATE_REFUND,       gate_v3_refund       },
	{ "GET",  "/v3/refund/domestic/refunds/",  "",         GATE_REFUND_QUERY, gate_v3_refund_query },
	{ "GET",  "/v3/bill/tradebill",            NULL,       GATE_BILL,         gate_v3_trade_bill   },
	{ "GET",  "/v3/bill/fundflowbill",         NULL,       GATE_BILL,         gate_v3_fund_bill    },
	{ "GET",  "/v3/billdownload/file",         NULL,       GATE_BILL_FILE,    gate_v3_bill_file    },
	{ "GET",  "/v3/certificates",              NULL,       GATE_KEYS,         gate_v3_certificates },
};

static bool fits(const struct route *route, const char *method, const char *path, char *number, size_t size)
{
	size_t start = strlen(route->start), length = strlen(path), end = route->end ? strlen(route->end) : 0;

	if (strcmp(method, route->method) != 0 || strncmp(path, route->start, start) != 0)
		return false;
	if (!route->end)
		return path[start] == '\0';
	if (length <= start + end || strcmp(path + length - end, route->end) != 0)
		return false;
	size_t middle = length - start - end;

	if (middle >= size || memchr(path + start, '/', middle))
		return false;
	snprintf(number, size, "%.*s", (int)middle, path + start);
	return gate_unescape(number, &middle);
}

static const struct route *route_of(const struct gate_request *request, const char *path, char *number, size_t size)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (fits(&routes[i], request->method, path, number, size))
			return &routes[i];
	return NULL;
}

static bool knows(const struct gate_request *request, const char *path, enum gate_call *call)
{
	char number[GATE_NUMBER];
	const struct route *route = route_of(request, path, number, sizeof(number));

	if (route)
		*call = route->call;
	return route != NULL;
}

/* ---- the way in ---- */

/* W1, in the order in which the real one is said to look. */
static bool check_authorization(struct gate *gate, const struct gate_request *request, struct gate_reply *reply)
{
	char other[256];
	struct gate_authorization given;

	if (!gate_head_value(request->head, "Accept", other, sizeof(other)) || !gate_head_value(request->head, "User-Agent", other, sizeof(other)))
		return gate_refuse(reply, "W1", "Accept and User-Agent are needed");
	if (!gate_authorization_read(request->head, SCHEME, "mchid", &given))
		return gate_refuse(reply, "W1", "no Authorization of that scheme with its five parts");
	if (strcmp(given.who, gate->shop->mchid) != 0)
		return gate_refuse(reply, "W1", "unknown mchid");
	if (strcmp(given.serial, gate->shop->serial) != 0)
		return gate_refuse(reply, "W1", UNKNOWN_SERIAL);
	if (!gate_authorization_is_near(given.timestamp, gate_now(gate), SKEW_S))
		return gate_refuse(reply, "W1", "timestamp is too far off");
	struct zg_buffer message = { 0 };

	zg_buffer_print(&message, "%s\n%s\n%s\n%s\n", request->method, request->target, given.timestamp, given.nonce);
	zg_buffer_add(&message, request->body, request->length);
	zg_buffer_add_byte(&message, '\n');
	bool good = gate_signed(gate->shop->merchant, message.bytes, message.length, given.signature);

	zg_buffer_clear(&message);
	if (!good)
		return gate_refuse(reply, "W1", "the signature is wrong");
	if (!gate_nonce_is_new(gate, GATE_WECHAT, given.nonce))
		return gate_refuse(reply, "W1", "nonce_str was used before");
	return true;
}

/* ---- the way out ---- */

static const char *serial_for(struct gate *gate, const struct gate_request *request, char asked[80])
{
	if (gate->fault.wrong == GATE_WRONG_SERIAL)
		return "00000000000000000000000000000000DEADBEEF";
	if (gate_head_value(request->head, "Wechatpay-Serial", asked, 80)) {
		if (strcmp(asked, gate->shop->public_key_id) == 0 || strcmp(asked, gate_key_serial(gate->shop->platform_certificate)) == 0)
			return asked;
	}
	return gate->set.certificate_mode ? gate_key_serial(gate->shop->platform_certificate) : gate->shop->public_key_id;
}

static void sign_answer(struct gate *gate, const struct gate_request *request, struct gate_reply *reply)
{
	struct zg_buffer message = { 0 }, signature = { 0 };
	long long at = gate_now(gate) / 1000 - (gate->fault.wrong == GATE_STALE ? gate->fault.value : 0);
	char nonce[40], stamp[24], asked[80];

	if (gate->fault.wrong == GATE_UNSIGNED)
		return;
	gate_nonce(gate, nonce, 32);
	snprintf(stamp, sizeof(stamp), "%lld", at);
	zg_buffer_print(&message, "%s\n%s\n", stamp, nonce);
	zg_buffer_add(&message, reply->body.bytes, reply->body.length);
	zg_buffer_add_byte(&message, '\n');
	if (gate->fault.wrong == GATE_BAD_SIGNATURE)
		zg_buffer_add_byte(&message, '\n');
	gate_sign(gate->shop->platform, message.bytes, message.length, &signature);
	if (gate->fault.wrong == GATE_PROBE)
		memcpy(signature.bytes, "WECHATPAY/SIGNTEST/", 19);
	gate_reply_header(reply, "Wechatpay-Timestamp", stamp);
	gate_reply_header(reply, "Wechatpay-Nonce", nonce);
	gate_reply_header(reply, "Wechatpay-Signature", zg_buffer_text(&signature));
	gate_reply_header(reply, "Wechatpay-Serial", serial_for(gate, request, asked));
	gate_reply_header(reply, "Wechatpay-Signature-Type", SCHEME);
	zg_buffer_clear(&message);
	zg_buffer_clear(&signature);
}

/* An integer becomes its text, and a text that is all digits a number: "spoken" JSON that only a careless reader takes. */
static void swap_kinds(json_t *object)
{
	const char *name;
	json_t *value;
	void *next;

	json_object_foreach_safe(object, next, name, value) {
		char text[32];

		if (json_is_object(value)) {
			swap_kinds(value);
		} else if (json_is_integer(value)) {
			snprintf(text, sizeof(text), "%lld", (long long)json_integer_value(value));
			zg_json_set_string(object, name, text);
		}
	}
}

static void write_answer(struct gate_v3 *call)
{
	struct gate *gate = call->gate;

	if (call->answer) {
		if (gate->fault.wrong == GATE_TEXT_NUMBERS)
			swap_kinds(call->answer);
		char *text = zg_json_text(call->answer);

		gate_reply_header(call->reply, "Content-Type", "application/json; charset=utf-8");
		zg_buffer_add_text(&call->reply->body, text);
		free(text);
	}
	if (gate->fault.wrong == GATE_BROKEN_UTF8 && call->reply->body.length > 2)
		call->reply->body.bytes[call->reply->body.length - 3] = (char)0xFE;
}

void gate_v3_fail(struct gate_v3 *call, int status, const char *code, const char *message, const char *rule)
{
	json_decref(call->answer);
	call->answer = zg_json_object();
	call->reply->status = status;
	zg_json_set_string(call->answer, "code", code);
	zg_json_set_string(call->answer, "message", gate_told_text(call->gate, message));
	if (*rule)
		gate_refuse(call->reply, rule, message);
}

static bool error_is_signed(struct gate *gate)
{
	return gate->set.errors_signed == 1 || (gate->set.errors_signed == 2 && gate_lot(gate, 2));
}

static void run(struct gate_v3 *call, const struct route *route)
{
	json_t *body = NULL;

	if (call->gate->fault.wrong == GATE_RATE) {
		gate_v3_fail(call, 429, "FREQUENCY_LIMITED", "频率超限", "");
	} else if (call->gate->fault.wrong == GATE_BUSY_BEFORE) {
		gate_v3_fail(call, 500, "SYSTEM_ERROR", "系统异常", "");
	} else if (strcmp(route->method, "POST") == 0 && !(body = zg_json_parse(call->request->body, call->request->length))) {
		gate_v3_fail(call, 400, "PARAM_ERROR", "the body is no JSON", "W3");
	} else {
		call->body = body;
		route->run(call);
		if (call->gate->fault.wrong == GATE_BUSY_AFTER)
			gate_v3_fail(call, 500, "SYSTEM_ERROR", "系统异常", "");
	}
	json_decref(body);
}

static void answer(struct gate *gate, const struct gate_request *request, struct gate_reply *reply)
{
	char path[512], id[80];
	struct gate_v3 call = { .gate = gate, .request = request, .reply = reply, .path = path };

	gate_path(request, path, sizeof(path));
	const struct route *route = route_of(request, path, call.number, sizeof(call.number));

	snprintf(id, sizeof(id), "08%012llX-268435456", (unsigned long long)++gate->serial);
	gate_reply_header(reply, "Request-ID", id);
	if (request->length > BODY_MOST || !check_authorization(gate, request, reply))
		gate_v3_fail(&call, 401, "SIGN_ERROR", strcmp(reply->why, UNKNOWN_SERIAL) == 0 ? "商户证书序列号有误。" : "签名错误", "");
	else
		run(&call, route);
	write_answer(&call);
	if (reply->status != 401 && route->call != GATE_BILL_FILE && (reply->status < 300 || (reply->status < 500 && error_is_signed(gate))))
		sign_answer(gate, request, reply);
	json_decref(call.answer);
}

const struct gate_door gate_wechat_v3 = { .channel = GATE_WECHAT, .knows = knows, .answer = answer };
