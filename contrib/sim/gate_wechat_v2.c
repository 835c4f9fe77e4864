/*
 * WeChat Pay V2: payments by code, in flat XML with a keyed digest. The orders, and most rules, are those of v3. Over HTTPS the calls
 * that give money back want the merchant's certificate; over plain HTTP, on loopback, there is none to ask for.
 */
#include "contrib/sim/gate_doors.h"
#include "contrib/sim/gate_wechat_v2.h"

#include <stdio.h>
#include <string.h>

#define BODY_MOST 65536

static const struct route {
	const char *path;
	enum gate_call call;
	bool wants_certificate;
	void (*run)(struct gate_v2 *call);
	const char *must, *may;    /* names of fields, beside those of every call */
} routes[] = {
	{ "/pay/micropay",       GATE_PAY,          false, gate_v2_micropay,     "body out_trade_no total_fee spbill_create_ip auth_code",
	  "device_info detail attach fee_type goods_tag limit_pay time_start time_expire receipt scene_info profit_sharing" },
	{ "/pay/orderquery",     GATE_QUERY,        false, gate_v2_query,        "", "transaction_id out_trade_no" },
	{ "/secapi/pay/reverse", GATE_CANCEL,       true,  gate_v2_reverse,      "", "transaction_id out_trade_no" },
	{ "/secapi/pay/refund",  GATE_REFUND,       true,  gate_v2_refund,       "out_refund_no total_fee refund_fee",
	  "transaction_id out_trade_no refund_fee_type refund_desc refund_account notify_url" },
	{ "/pay/refundquery",    GATE_REFUND_QUERY, false, gate_v2_refund_query, "", "transaction_id out_trade_no out_refund_no refund_id offset" },
	{ "/pay/closeorder",     GATE_CLOSE,        false, gate_v2_close,        "out_trade_no", "" },
	{ "/pay/downloadbill",   GATE_BILL_FILE,    false, gate_v2_trade_bill,   "bill_date", "bill_type tar_type" },
	{ "/pay/downloadfundflow", GATE_BILL_FILE,  true,  gate_v2_fund_bill,    "bill_date account_type", "tar_type" },
};

static const struct route *route_of(const char *path)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (strcmp(routes[i].path, path) == 0)
			return &routes[i];
	return NULL;
}

static bool knows(const struct gate_request *request, const char *path, enum gate_call *call)
{
	const struct route *route = strcmp(request->method, "POST") == 0 ? route_of(path) : NULL;

	if (route)
		*call = route->call;
	return route != NULL;
}

/* ---- signatures ---- */

static void sign(const struct gate *gate, bool is_md5, const struct gate_pairs *pairs, char text[GATE_DIGEST])
{
	struct zg_buffer joined = { 0 };

	gate_pairs_join(pairs, NULL, &joined);
	zg_buffer_print(&joined, "&key=%s", gate->shop->apiv2_key);
	if (is_md5)
		gate_digest(text, "md5", joined.bytes, joined.length);
	else
		gate_hmac(text, gate->shop->apiv2_key, joined.bytes, joined.length);
	for (char *c = text; *c; c++)
		if (*c >= 'a')
			*c = (char)(*c - 'a' + 'A');
	zg_buffer_clear(&joined);
}

/* ---- the way in and out ---- */

static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; *at; at += strcspn(at, " "), at += *at == ' ')
		if (strncmp(at, word, length) == 0 && (at[length] == ' ' || !at[length]))
			return true;
	return false;
}

/* W3: each field known, each needed one there. */
static bool check_fields(struct gate_v2 *call, const struct route *route)
{
	static const char always[] = "appid mch_id nonce_str sign sign_type";

	for (int i = 0; i < call->asked.count; i++) {
		const char *name = call->asked.pair[i].name;

		if (!has_word(always, name) && !has_word(route->must, name) && !has_word(route->may, name)) {
			gate_v2_fail(call, name, "W3");
			return false;
		}
	}
	for (const char *at = route->must; *at; at += strcspn(at, " "), at += *at == ' ') {
		char name[32];

		snprintf(name, sizeof(name), "%.*s", (int)strcspn(at, " "), at);
		if (!*gate_pair(&call->asked, name)) {
			gate_v2_refuse(call, "LACK_PARAMS", name, "W3");
			return false;
		}
	}
	return true;
}

static bool let_in(struct gate_v2 *call, const struct gate_request *request, const struct route *route)
{
	char right[GATE_DIGEST];
	const char *type;
	struct gate *gate = call->gate;

	if (request->length > BODY_MOST || !gate_xml_read(request->body, request->length, &call->asked)) {
		gate_v2_fail(call, "XML格式错误", "W3");
		return false;
	}
	type = gate_pair(&call->asked, "sign_type");
	call->is_md5 = !*type || strcmp(type, "MD5") == 0;
	if (strcmp(gate_pair(&call->asked, "mch_id"), gate->shop->mchid) != 0 || strcmp(gate_pair(&call->asked, "appid"), gate->shop->wechat_appid) != 0) {
		gate_v2_fail(call, "appid和mch_id不匹配", "W1");
		return false;
	}
	sign(gate, call->is_md5, &call->asked, right);
	if (strcmp(gate_pair(&call->asked, "sign"), right) != 0 || (!call->is_md5 && strcmp(type, "HMAC-SHA256") != 0)) {
		gate_v2_fail(call, "签名错误", "W1");
		return false;
	}
	if (!*gate_pair(&call->asked, "nonce_str") || strlen(gate_pair(&call->asked, "nonce_str")) > 32) {
		gate_v2_fail(call, "nonce_str", "W3");
		return false;
	}
	if (route->wants_certificate && request->is_tls && !request->has_certificate) {
		gate_v2_fail(call, "证书验证失败", "W7");
		return false;
	}
	return check_fields(call, route);
}

static void write_answer(struct gate_v2 *call)
{
	struct gate *gate = call->gate;
	char text[GATE_DIGEST], nonce[40];

	if (gate->fault.wrong == GATE_BUSY_AFTER)
		gate_v2_refuse(call, "SYSTEMERROR", "系统异常,请用户支付后查询", "");
	if (strcmp(gate_pair(&call->told, "return_code"), "SUCCESS") == 0) {
		gate_nonce(gate, nonce, 16);
		gate_pairs_set(&call->told, "nonce_str", nonce);
		sign(gate, call->is_md5, &call->told, text);
		if (gate->fault.wrong == GATE_BAD_SIGNATURE || gate->fault.wrong == GATE_PROBE || gate->fault.wrong == GATE_WRONG_SERIAL)
			text[0] = text[0] == 'A' ? 'B' : 'A';
		if (gate->fault.wrong != GATE_UNSIGNED)
			gate_pairs_set(&call->told, "sign", text);
	}
	call->reply->status = 200;
	gate_reply_header(call->reply, "Content-Type", "text/plain");
	if (call->is_file && strcmp(gate_pair(&call->told, "result_code"), "FAIL") != 0)
		return;
	zg_buffer_empty(&call->reply->body);
	gate_xml_write(&call->told, &call->reply->body);
	if (gate->fault.wrong == GATE_BROKEN_UTF8 && call->reply->body.length > 40)
		call->reply->body.bytes[call->reply->body.length / 2] = (char)0xFE;
}

static void answer(struct gate *gate, const struct gate_request *request, struct gate_reply *reply)
{
	struct gate_v2 call = { .gate = gate, .reply = reply };
	char path[128];

	gate_path(request, path, sizeof(path));
	const struct route *route = route_of(path);

	if (let_in(&call, request, route)) {
		snprintf(reply->number, sizeof(reply->number), "%s", gate_pair(&call.asked, route->call == GATE_REFUND ? "out_refund_no" : "out_trade_no"));
		gate_v2_begin(&call);
		if (gate->fault.wrong == GATE_BUSY_BEFORE)
			gate_v2_refuse(&call, "SYSTEMERROR", "系统异常", "");
		else if (gate->fault.wrong == GATE_RATE)
			gate_v2_refuse(&call, "FREQUENCY_LIMITED", "频率限制", "");
		else
			route->run(&call);
	}
	write_answer(&call);
	gate_pairs_clear(&call.asked);
	gate_pairs_clear(&call.told);
}

const struct gate_door gate_wechat_v2 = { .channel = GATE_WECHAT, .knows = knows, .answer = answer };
