/* Alipay: the way in (A1, A2), the list of calls, and how answers are written and signed (A9). */
#include "contrib/sim/gate_alipay.h"
#include "contrib/sim/gate_doors.h"
#include "contrib/sim/gate_fields.h"
#include "contrib/sim/gate_time.h"
#include "contrib/sim/gate_xml.h"

#include "src/base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH      "/gateway.do"
#define FILE_PATH "/downloadBillFile.resource"
#define BODY_MOST 65536
#define SKEW_MS   900000    /* A2 */

static const struct route {
	const char *method;
	enum gate_call call;
	void (*run)(struct gate_alipay_call *call);
} routes[] = {
	{ "alipay.trade.pay",                   GATE_PAY,          gate_alipay_pay          },
	{ "alipay.trade.precreate",             GATE_SHOW,         gate_alipay_precreate    },
	{ "alipay.trade.query",                 GATE_QUERY,        gate_alipay_query        },
	{ "alipay.trade.cancel",                GATE_CANCEL,       gate_alipay_cancel       },
	{ "alipay.trade.close",                 GATE_CLOSE,        gate_alipay_close        },
	{ "alipay.trade.refund",                GATE_REFUND,       gate_alipay_refund       },
	{ "alipay.trade.fastpay.refund.query",  GATE_REFUND_QUERY, gate_alipay_refund_query },
	{ "alipay.data.dataservice.bill.downloadurl.query", GATE_BILL, gate_alipay_bill    },
};

/* Which parameters there may be, beside biz_content and sign. */
static const char *const known[] = { "app_id", "method", "format", "charset", "sign_type", "sign", "timestamp", "version", "notify_url", "return_url",
				     "app_auth_token", "biz_content", "app_cert_sn", "alipay_root_cert_sn" };

static const struct route *route_of(const char *method)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (strcmp(routes[i].method, method) == 0)
			return &routes[i];
	return NULL;
}

static bool find_method(const struct gate_request *request, char *method, size_t size)
{
	const char *query = gate_request_query(request);

	return gate_form_value(query, strlen(query), "method", method, size) || gate_form_value(request->body, request->length, "method", method, size);
}

static bool knows(const struct gate_request *request, const char *path, enum gate_call *call)
{
	char method[80];
	const struct route *route;

	if (strcmp(path, FILE_PATH) == 0 && strcmp(request->method, "GET") == 0) {
		*call = GATE_BILL_FILE;
		return true;
	}
	if (strcmp(path, PATH) != 0 || strcmp(request->method, "POST") != 0 || !find_method(request, method, sizeof(method)))
		return false;
	route = route_of(method);
	if (route)
		*call = route->call;
	return route != NULL;
}

/* ---- the way in ---- */

/* a=b&c=d into pairs, each name once; false: not that. */
static bool read_form(const char *text, size_t length, struct gate_pairs *pairs)
{
	char *all = zg_copy_bytes(text, length), *rest = NULL;
	bool good = true;

	for (char *one = strtok_r(all, "&", &rest); one && good; one = strtok_r(NULL, "&", &rest)) {
		char *value = strchr(one, '=');
		size_t size;

		if (!value || pairs->count >= 40) {
			good = false;
			break;
		}
		*value++ = '\0';
		size = strlen(value);
		good = gate_unescape(value, &size) && strlen(value) == size && !*gate_pair(pairs, one);
		if (good)
			gate_pairs_set(pairs, one, value);
	}
	free(all);
	return good;
}

static bool is_known(const char *name)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i], name) == 0)
			return true;
	return false;
}

static bool check_sign(const struct gate *gate, const struct gate_pairs *pairs)
{
	struct zg_buffer text = { 0 };

	gate_pairs_join(pairs, NULL, &text);
	bool good = gate_signed(gate->shop->merchant, zg_buffer_text(&text), text.length, gate_pair(pairs, "sign"));

	zg_buffer_clear(&text);
	return good;
}

/* NULL: it may come in; else the sub_code of the refusal. */
static const char *check_common(struct gate *gate, const struct gate_pairs *pairs, struct gate_reply *reply)
{
	int64_t at;

	for (int i = 0; i < pairs->count; i++) {
		if (!is_known(pairs->pair[i].name) || !*pairs->pair[i].value) {
			gate_refuse(reply, "A1", pairs->pair[i].name);
			return "isv.invalid-parameter";
		}
	}
	if (strcmp(gate_pair(pairs, "app_id"), gate->shop->alipay_app_id) != 0) {
		gate_refuse(reply, "A1", "unknown app_id");
		return "isv.invalid-app-id";
	}
	if (strcmp(gate_pair(pairs, "sign_type"), "RSA2") != 0 || strcasecmp(gate_pair(pairs, "charset"), "utf-8") != 0 ||
	    strcmp(gate_pair(pairs, "version"), "1.0") != 0) {
		gate_refuse(reply, "A1", "sign_type, charset or version");
		return "isv.invalid-signature-type";
	}
	if (!check_sign(gate, pairs)) {
		gate_refuse(reply, "A1", "the signature is wrong");
		return "isv.invalid-signature";
	}
	if (!gate_time_read(gate_pair(pairs, "timestamp"), GATE_PLAIN, &at) || at > gate_now(gate) + SKEW_MS || at < gate_now(gate) - SKEW_MS) {
		gate_refuse(reply, "A2", "timestamp is too far off");
		return "isv.invalid-timestamp";
	}
	return NULL;
}

/* ---- what is said ---- */

void gate_alipay_done(struct gate_alipay_call *call, const char *code, const char *text)
{
	json_decref(call->told);
	call->told = zg_json_object();
	zg_json_set_string(call->told, "code", code);
	zg_json_set_string(call->told, "msg", text);
}

void gate_alipay_fail(struct gate_alipay_call *call, const char *sub_code, const char *text, const char *rule)
{
	char *whole = zg_print("ACQ.%s", sub_code);

	gate_alipay_done(call, "40004", "Business Failed");
	zg_json_set_string(call->told, "sub_code", whole);
	zg_json_set_string(call->told, "sub_msg", gate_told_text(call->gate, text));
	free(whole);
	if (*rule)
		gate_refuse(call->reply, rule, text);
}

static void say_busy(struct gate_alipay_call *call)
{
	gate_alipay_done(call, "20000", "Service Currently Unavailable");
	zg_json_set_string(call->told, "sub_code", "isp.unknow-error");
	zg_json_set_string(call->told, "sub_msg", gate_told_text(call->gate, "系统繁忙"));
}

/* Texts that are numbers, written as numbers. */
static void swap_kinds(json_t *told)
{
	const char *name;
	json_t *value;
	void *next;

	json_object_foreach_safe(told, next, name, value) {
		const char *text = json_string_value(value);

		if (text && *text && strspn(text, "0123456789.") == strlen(text) && strlen(text) < 12)
			zg_json_set(told, name, strchr(text, '.') ? json_real(strtod(text, NULL)) : json_integer(strtoll(text, NULL, 10)));
	}
}

/* Each '/' with a backslash before it, as one of the real one's writers does. */
static char *slashed(const char *text)
{
	struct zg_buffer out = { 0 };

	for (; *text; text++) {
		if (*text == '/')
			zg_buffer_add_byte(&out, '\\');
		zg_buffer_add_byte(&out, (unsigned char)*text);
	}
	return zg_buffer_take(&out);
}

static void sign_text(struct gate *gate, const char *text, struct zg_buffer *sign)
{
	char *other = gate->fault.wrong == GATE_BAD_SIGNATURE || gate->fault.wrong == GATE_WRONG_SERIAL ? zg_print("%s ", text) : zg_copy(text);

	gate_sign(gate->shop->platform, other, strlen(other), sign);
	if (gate->fault.wrong == GATE_PROBE)
		memcpy(sign->bytes, "ALIPAY/SIGNTEST/", 16);
	free(other);
}

/* {"alipay_trade_pay_response":{...},"sign":"..."} in the order and dress that it was set to (A9). */
static void write_answer(struct gate_alipay_call *call, const char *method)
{
	struct gate *gate = call->gate;
	struct zg_buffer sign = { 0 }, *body = &call->reply->body;
	bool is_signed = gate->fault.wrong != GATE_UNSIGNED;
	char *name = zg_copy(method), certificate[96] = "";

	if (gate->fault.wrong == GATE_TEXT_NUMBERS)
		swap_kinds(call->told);
	char *plain = zg_json_text(call->told), *text = gate->set.alipay_slashes ? slashed(plain) : zg_copy(plain);

	if (gate->fault.wrong == GATE_BROKEN_UTF8)
		text[strlen(text) - 3] = (char)0xFE;
	for (char *c = name; *c; c++)
		if (*c == '.')
			*c = '_';
	sign_text(gate, gate->set.alipay_slashes == 2 ? plain : text, &sign);
	if (gate->set.alipay_certificate || gate->fault.wrong == GATE_WRONG_SERIAL)
		snprintf(certificate, sizeof(certificate), ",\"alipay_cert_sn\":\"%s\"",
			 gate->fault.wrong == GATE_WRONG_SERIAL ? "deadbeefdeadbeefdeadbeefdeadbeef" : "f5a9b3bd3d6a5ea4f5a9b3bd3d6a5ea4");
	zg_buffer_add_byte(body, '{');
	if (is_signed && gate->set.alipay_sign_first)
		zg_buffer_print(body, "\"sign\":\"%s\",", sign.bytes);
	zg_buffer_print(body, "\"%s_response\":%s%s", name, text, certificate);
	if (is_signed && !gate->set.alipay_sign_first)
		zg_buffer_print(body, ",\"sign\":\"%s\"", sign.bytes);
	zg_buffer_add_byte(body, '}');
	zg_buffer_clear(&sign);
	free(name);
	free(plain);
	free(text);
}

static void run(struct gate_alipay_call *call, const struct route *route, const char *biz)
{
	json_t *asked = zg_json_parse(biz, strlen(biz));

	call->asked = asked;
	snprintf(call->reply->number, sizeof(call->reply->number), "%s", gate_text_of(asked, "out_trade_no"));
	if (call->gate->fault.wrong == GATE_BUSY_BEFORE || call->gate->fault.wrong == GATE_RATE)
		say_busy(call);
	else if (!asked)
		gate_alipay_fail(call, "INVALID_PARAMETER", "biz_content is no JSON", "A1");
	else
		route->run(call);
	if (call->gate->fault.wrong == GATE_BUSY_AFTER)
		say_busy(call);
	json_decref(asked);
}

static void answer(struct gate *gate, const struct gate_request *request, struct gate_reply *reply)
{
	struct gate_pairs pairs = { 0 };
	struct gate_alipay_call call = { .gate = gate, .reply = reply };
	const char *query = gate_request_query(request), *sub_code = "isv.invalid-parameter";

	if (reply->call == GATE_BILL_FILE) {
		gate_alipay_bill_file(gate, request, reply);
		return;
	}
	reply->status = 200;
	gate_reply_header(reply, "Content-Type", "text/html;charset=utf-8");
	if (request->length > BODY_MOST || !read_form(query, strlen(query), &pairs) || !read_form(request->body, request->length, &pairs))
		gate_refuse(reply, "A1", "no form, or a parameter twice");
	else
		sub_code = check_common(gate, &pairs, reply);
	if (sub_code) {
		zg_buffer_print(&reply->body, "{\"error_response\":{\"code\":\"40002\",\"msg\":\"Invalid Arguments\",\"sub_code\":\"%s\",\"sub_msg\":\"%s\"}}",
				sub_code, reply->why);
	} else {
		run(&call, route_of(gate_pair(&pairs, "method")), gate_pair(&pairs, "biz_content"));
		write_answer(&call, gate_pair(&pairs, "method"));
	}
	json_decref(call.told);
	gate_pairs_clear(&pairs);
}

const struct gate_door gate_alipay = { .channel = GATE_ALIPAY, .knows = knows, .answer = answer };
