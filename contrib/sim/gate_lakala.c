/* Lakala, V3 labs: the way in (L1, L3), the list of calls, and the signature of what goes out (L2). */
#include "contrib/sim/gate_lakala.h"

#include "contrib/sim/gate_authorization.h"
#include "contrib/sim/gate_doors.h"
#include "contrib/sim/gate_fields.h"
#include "contrib/sim/gate_time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SCHEME    "LKLAPI-SHA256withRSA"
#define BODY_MOST 65536
#define SKEW_MS   600000    /* L3 */
#define BUSY      "BBS11112"

static const struct route {
	const char *path;
	enum gate_call call;
	const char *done;
	void (*run)(struct gate_lakala_call *call);
} routes[] = {
	{ "/api/v3/labs/trans/micropay",             GATE_PAY,          "BBS00000", gate_lakala_micropay      },
	{ "/api/v3/labs/trans/preorder",             GATE_SHOW,         "BBS00000", gate_lakala_preorder      },
	{ "/api/v3/labs/query/tradequery",           GATE_QUERY,        "BBS00000", gate_lakala_query         },
	{ "/api/v3/labs/relation/revoked",           GATE_CANCEL,       "BBS00000", gate_lakala_revoke        },
	{ "/api/v3/labs/relation/close",             GATE_CLOSE,        "BBS00000", gate_lakala_close         },
	{ "/api/v3/labs/relation/refund",            GATE_REFUND,       "BBS00000", gate_lakala_refund        },
	{ "/api/v3/rfd/refund_front/refund",         GATE_REFUND,       "000000",   gate_lakala_unified       },
	{ "/api/v3/rfd/refund_front/refund_query",   GATE_REFUND_QUERY, "000000",   gate_lakala_unified_query },
};

static const struct gate_field envelope[] = {
	{ "req_time",     GATE_TEXT,   true,  14, 14, GATE_DIGITS_ONLY, NULL },
	{ "version",      GATE_TEXT,   true,  3, 3,   NULL, NULL },
	{ "out_org_code", GATE_TEXT,   false, 1, 32,  NULL, NULL },
	{ "req_data",     GATE_OBJECT, true,  0, 0,   NULL, NULL },
	{ 0 }
};

/* The test system's base has a path of its own. */
const struct gate_field gate_lakala_location[] = {
	{ "request_ip",   GATE_TEXT, true,  1, 64, NULL, NULL },
	{ "base_station", GATE_TEXT, false, 0, 128, NULL, NULL },
	{ "location",     GATE_TEXT, false, 0, 32, NULL, NULL },
	{ 0 }
};

static const struct route *route_of(const char *path)
{
	if (strncmp(path, "/sit/", 5) == 0)
		path += 4;
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

/* ---- the way in ---- */

static bool check_authorization(struct gate *gate, const struct gate_request *request, struct gate_reply *reply)
{
	struct gate_authorization given;
	struct zg_buffer message = { 0 };

	if (!gate_authorization_read(request->head, SCHEME, "appid", &given))
		return gate_refuse(reply, "L1", "no Authorization of that scheme with its five parts");
	if (strcmp(given.who, gate->shop->lakala_appid) != 0)
		return gate_refuse(reply, "L1", "unknown appid");
	if (strcasecmp(given.serial, gate->shop->serial) != 0)
		return gate_refuse(reply, "L1", "unknown serial_no");
	if (!gate_authorization_is_near(given.timestamp, gate_now(gate), SKEW_MS / 1000))
		return gate_refuse(reply, "L1", "timestamp is too far off");
	zg_buffer_print(&message, "%s\n%s\n%s\n%s\n", given.who, given.serial, given.timestamp, given.nonce);
	zg_buffer_add(&message, request->body, request->length);
	zg_buffer_add_byte(&message, '\n');
	bool good = gate_signed(gate->shop->merchant, message.bytes, message.length, given.signature);

	zg_buffer_clear(&message);
	return good || gate_refuse(reply, "L1", "the signature is wrong");
}

/* L3. NULL: it fits; else what is wrong. */
static const char *check_envelope(const struct gate *gate, const json_t *all, char *why, size_t size)
{
	int64_t at;

	if (!gate_fields_check(all, envelope, why, size))
		return why;
	if (strcmp(gate_text_of(all, "version"), "3.0") != 0)
		return "version is not 3.0";
	if (!gate_time_read(gate_text_of(all, "req_time"), GATE_DIGITS, &at) || at > gate_now(gate) + SKEW_MS || at < gate_now(gate) - SKEW_MS)
		return "req_time is too far off";
	if (strcmp(zg_json_string(all, "out_org_code", gate->shop->lakala_appid), gate->shop->lakala_appid) != 0)
		return "out_org_code is not yours";
	if (strcmp(gate_text_of(all, "req_data.merchant_no"), gate->shop->merchant_no) != 0 ||
	    strcmp(gate_text_of(all, "req_data.term_no"), gate->shop->term_no) != 0)
		return "merchant_no and term_no are not yours";
	return NULL;
}

/* ---- the way out ---- */

void gate_lakala_say(struct gate_lakala_call *call, const char *code, const char *text, const char *rule)
{
	json_decref(call->told);
	call->told = NULL;
	snprintf(call->code, sizeof(call->code), "%s", code);
	call->text = gate_told_text(call->gate, text);
	if (*rule)
		gate_refuse(call->reply, rule, text);
}

static const char *serial_for(const struct gate *gate, char serial[80])
{
	snprintf(serial, 80, "%s", gate->fault.wrong == GATE_WRONG_SERIAL ? "00000000000000000000000000000000DEADBEEF" :
		 gate_key_serial(gate->shop->platform_certificate));
	for (char *c = serial; gate->set.lakala_lower && *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c | 0x20);
	return serial;
}

static void add_header(const struct gate *gate, struct gate_reply *reply, const char *name, const char *value)
{
	char quoted[1024];

	snprintf(quoted, sizeof(quoted), gate->set.lakala_quotes ? "\"%s\"" : "%s", value);
	gate_reply_header(reply, name, quoted);
}

static void sign_answer(struct gate *gate, struct gate_reply *reply)
{
	struct zg_buffer message = { 0 }, signature = { 0 };
	long long at = gate_now(gate) / 1000 - (gate->fault.wrong == GATE_STALE ? gate->fault.value : 0);
	char nonce[16], stamp[24], serial[80];

	if (gate->fault.wrong == GATE_UNSIGNED)
		return;
	gate_nonce(gate, nonce, 12);
	snprintf(stamp, sizeof(stamp), "%lld", at);
	serial_for(gate, serial);
	zg_buffer_print(&message, "%s\n%s\n%s\n%s\n", gate->shop->lakala_appid, serial, stamp, nonce);
	zg_buffer_add(&message, reply->body.bytes, reply->body.length);
	zg_buffer_add_byte(&message, '\n');
	if (gate->fault.wrong == GATE_BAD_SIGNATURE)
		zg_buffer_add_byte(&message, '\n');
	gate_sign(gate->shop->platform, message.bytes, message.length, &signature);
	add_header(gate, reply, "Lklapi-Appid", gate->shop->lakala_appid);
	add_header(gate, reply, "Lklapi-Serial", serial);
	add_header(gate, reply, "Lklapi-Timestamp", stamp);
	if (gate->fault.wrong != GATE_PROBE)    /* here: a header that is missing */
		add_header(gate, reply, "Lklapi-Nonce", nonce);
	add_header(gate, reply, "Lklapi-Signature", zg_buffer_text(&signature));
	zg_buffer_clear(&message);
	zg_buffer_clear(&signature);
}

/* Amounts as numbers instead of texts. */
static void swap_kinds(json_t *told)
{
	const char *name;
	json_t *value;
	void *next;

	json_object_foreach_safe(told, next, name, value) {
		const char *text = json_string_value(value);

		if (text && *text && strlen(text) < 12 && strspn(text, GATE_DIGITS_ONLY) == strlen(text))
			zg_json_set_integer(told, name, strtoll(text, NULL, 10));
	}
}

static void write_answer(struct gate_lakala_call *call)
{
	json_t *all = zg_json_object();
	char time[GATE_TIME];

	zg_json_set_string(all, "code", call->code);
	zg_json_set_string(all, "msg", call->text);
	zg_json_set_string(all, "resp_time", gate_time(time, GATE_DIGITS, gate_now(call->gate)));
	if (call->told) {
		if (call->gate->fault.wrong == GATE_TEXT_NUMBERS)
			swap_kinds(call->told);
		json_object_set(all, "resp_data", call->told);
	}
	char *text = zg_json_text(all);

	gate_reply_header(call->reply, "Content-Type", "application/json;charset=UTF-8");
	zg_buffer_add_text(&call->reply->body, text);
	if (call->gate->fault.wrong == GATE_BROKEN_UTF8)
		call->reply->body.bytes[call->reply->body.length - 3] = (char)0xFE;
	free(text);
	json_decref(all);
}

static void run(struct gate_lakala_call *call, const struct gate_request *request, const struct route *route)
{
	json_t *all = zg_json_parse(request->body, request->length);
	char why[160];
	const char *wrong = all ? check_envelope(call->gate, all, why, sizeof(why)) : "the body is no JSON";

	call->asked = json_object_get(all, "req_data");
	snprintf(call->reply->number, sizeof(call->reply->number), "%s", gate_text_of(call->asked, "out_trade_no"));
	if (call->gate->fault.wrong == GATE_BUSY_BEFORE || call->gate->fault.wrong == GATE_RATE)
		gate_lakala_say(call, BUSY, "交易处理中,请查询", "");
	else if (wrong)
		gate_lakala_say(call, GATE_LAKALA_WRONG, wrong, "L3");
	else
		route->run(call);
	if (call->gate->fault.wrong == GATE_BUSY_AFTER)
		gate_lakala_say(call, route->call == GATE_REFUND ? "RFD11105" : BUSY, "交易处理中,请查询", "");
	/* what was wrong lies on this stack; it was copied where it is kept */
	write_answer(call);
	json_decref(all);
}

static void answer(struct gate *gate, const struct gate_request *request, struct gate_reply *reply)
{
	char path[128], trace[32];
	struct gate_lakala_call call = { .gate = gate, .reply = reply, .text = "" };

	snprintf(trace, sizeof(trace), "%016llx", (unsigned long long)++gate->serial);
	gate_reply_header(reply, "Lklapi-Traceid", trace);
	gate_path(request, path, sizeof(path));
	const struct route *route = route_of(path);

	if (request->length > BODY_MOST || !check_authorization(gate, request, reply)) {
		/* what the real one answers here is not documented */
		reply->status = 401;
		gate_reply_header(reply, "Content-Type", "application/json;charset=UTF-8");
		zg_buffer_add_text(&reply->body, "{\"code\":\"GWS10401\",\"msg\":\"验签失败\"}");
		return;
	}
	reply->status = 200;
	call.done = route->done;
	run(&call, request, route);
	sign_answer(gate, reply);
	json_decref(call.told);
}

const struct gate_door gate_lakala = { .channel = GATE_LAKALA, .knows = knows, .answer = answer };
