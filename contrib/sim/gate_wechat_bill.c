/* WeChat Pay: bills, by v3 in two steps and by V2 in one (W10). */
#include "contrib/sim/gate_bill.h"
#include "contrib/sim/gate_pack.h"
#include "contrib/sim/gate_time.h"
#include "contrib/sim/gate_wechat_v2.h"

#include "src/base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS  86400000LL
#define REACH   92    /* days back */

/* NULL: there is such a bill; else the code that says why not. */
static const char *missing(const struct gate *gate, int64_t day_ms, const char *kind, const char *none)
{
	struct gate_lines lines;

	if (gate_now(gate) - day_ms > REACH * DAY_MS)
		return "INVALID_REQUEST";
	if (!gate_bill_is_ready(gate, day_ms))
		return "BILL_CREATING";
	gate_bill_lines(gate, GATE_WECHAT, day_ms, strcmp(kind, "fundflow") == 0 ? "ALL" : kind, &lines);
	free(lines.line);
	return lines.count > 0 ? NULL : none;
}

/* ---- v3 ---- */

/* True when every parameter of the query is one of the list. */
static bool only(const char *query, const char *const *names, size_t count)
{
	for (const char *at = query; *at; at += strcspn(at, "&"), at += *at == '&') {
		size_t length = strcspn(at, "="), i = 0;

		while (i < count && (strlen(names[i]) != length || strncmp(names[i], at, length) != 0))
			i++;
		if (i == count)
			return false;
	}
	return true;
}

static void offer(struct gate_v3 *call, const char *kind, const char *none)
{
	struct gate *gate = call->gate;
	const char *query = gate_request_query(call->request);
	struct gate_token token = { 0 };
	char day[16], packing[8] = "", text[65], hash[GATE_DIGEST];
	struct zg_buffer file = { 0 };

	if (!gate_form_value(query, strlen(query), "bill_date", day, sizeof(day)) || !gate_time_read(day, GATE_DAY, &token.day_ms) ||
	    (gate_form_value(query, strlen(query), "tar_type", packing, sizeof(packing)) && strcmp(packing, "GZIP") != 0)) {
		gate_v3_fail(call, 400, "PARAM_ERROR", "bill_date or tar_type", "W10");
		return;
	}
	const char *no = missing(gate, token.day_ms, kind, none);

	if (no) {
		gate_v3_fail(call, 400, no, "账单不存在", strcmp(no, "BILL_CREATING") == 0 ? "W10" : "");
		return;
	}
	snprintf(token.kind, sizeof(token.kind), "%s", kind);
	token.is_packed = *packing != '\0';
	gate_token_make(gate, &token, text);
	gate_bill_wechat(gate, token.day_ms, kind, &file);
	gate_digest(hash, "sha1", file.bytes, file.length);
	zg_buffer_clear(&file);
	if (gate->set.bill_wrong_hash)
		hash[0] = hash[0] == '0' ? '1' : '0';
	char *url = zg_print("%s/v3/billdownload/file?token=%s", call->request->is_tls ? gate->secure_url : gate->url, text);

	call->reply->status = 200;
	call->answer = zg_json_object();
	zg_json_set_string(call->answer, "hash_type", "SHA1");
	zg_json_set_string(call->answer, "hash_value", hash);
	zg_json_set_string(call->answer, "download_url", url);
	free(url);
}

void gate_v3_trade_bill(struct gate_v3 *call)
{
	static const char *const names[] = { "bill_date", "bill_type", "tar_type" };
	const char *query = gate_request_query(call->request);
	char kind[16] = "ALL";

	if ((gate_form_value(query, strlen(query), "bill_type", kind, sizeof(kind)) && strcmp(kind, "ALL") != 0 && strcmp(kind, "SUCCESS") != 0 &&
	     strcmp(kind, "REFUND") != 0) || !only(query, names, 3)) {
		gate_v3_fail(call, 400, "PARAM_ERROR", "bill_type, or a parameter that is not known", "W10");
		return;
	}
	offer(call, kind, "NO_STATEMENT_EXIST");
}

void gate_v3_fund_bill(struct gate_v3 *call)
{
	static const char *const names[] = { "bill_date", "account_type", "tar_type" };
	const char *query = gate_request_query(call->request);
	char kind[16] = "BASIC";

	if ((gate_form_value(query, strlen(query), "account_type", kind, sizeof(kind)) && strcmp(kind, "BASIC") != 0) || !only(query, names, 3)) {
		gate_v3_fail(call, 400, "PARAM_ERROR", "account_type, or a parameter that is not known", "W10");
		return;
	}
	offer(call, "fundflow", "NO_BILL_EXIST");
}

static void write_file(const struct gate *gate, int64_t day_ms, const char *kind, bool is_packed, struct zg_buffer *out)
{
	struct zg_buffer file = { 0 };

	gate_bill_wechat(gate, day_ms, kind, &file);
	if (is_packed)
		gate_gzip(file.bytes, file.length, out);
	else
		zg_buffer_add(out, file.bytes, file.length);
	zg_buffer_clear(&file);
}

void gate_v3_bill_file(struct gate_v3 *call)
{
	const char *query = gate_request_query(call->request);
	struct gate_token token;
	char text[80];

	if (!gate_form_value(query, strlen(query), "token", text, sizeof(text)) || !gate_token_take(call->gate, text, &token)) {
		gate_v3_fail(call, 400, "INVALID_REQUEST", "下载链接已失效", "W10");
		return;
	}
	call->reply->status = 200;
	gate_reply_header(call->reply, "Content-Type", token.is_packed ? "application/x-gzip" : "text/plain");
	write_file(call->gate, token.day_ms, token.kind, token.is_packed, &call->reply->body);
}

/* ---- V2 ---- */

static void give(struct gate_v2 *call, const char *kind)
{
	const char *digits = gate_pair(&call->asked, "bill_date"), *packing = gate_pair(&call->asked, "tar_type");
	char *whole = zg_print("%s000000", digits);
	int64_t day_ms;
	bool good = gate_time_read(whole, GATE_DIGITS, &day_ms) && (!*packing || strcmp(packing, "GZIP") == 0);
	const char *no = good ? missing(call->gate, day_ms, kind, "No Bill Exist") : "invalid bill_date";

	free(whole);
	if (no) {
		gate_v2_fail(call, strcmp(no, "BILL_CREATING") == 0 ? "Bill Creating" : no, good ? "" : "W10");
		gate_pairs_set(&call->told, "error_code", good ? "20002" : "20001");
		return;
	}
	call->is_file = true;
	write_file(call->gate, day_ms, kind, *packing != '\0', &call->reply->body);
}

void gate_v2_trade_bill(struct gate_v2 *call)
{
	const char *kind = gate_pair(&call->asked, "bill_type");

	if (*kind && strcmp(kind, "ALL") != 0 && strcmp(kind, "SUCCESS") != 0 && strcmp(kind, "REFUND") != 0)
		gate_v2_fail(call, "invalid bill_type", "W10");
	else
		give(call, *kind ? kind : "ALL");
}

void gate_v2_fund_bill(struct gate_v2 *call)
{
	char hash[GATE_DIGEST], header[80];

	if (strcmp(gate_pair(&call->asked, "account_type"), "Basic") != 0 || call->is_md5) {
		gate_v2_fail(call, "invalid account_type, or not HMAC-SHA256", "W10");
		return;
	}
	give(call, "fundflow");
	if (!call->is_file)
		return;
	snprintf(header, sizeof(header), "SHA=%s", gate_digest(hash, "sha1", call->reply->body.bytes, call->reply->body.length));
	gate_reply_header(call->reply, "Digest", header);
}
