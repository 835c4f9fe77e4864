#include "contrib/sim/gate_bill.h"

#include "contrib/sim/gate_alipay.h"
#include "contrib/sim/gate_time.h"

#include "src/base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS   86400000LL
#define TOKEN_MS 30000    /* W10, A10 */

/* ---- lines ---- */

static void add(struct gate_lines *lines, const struct gate_line *line, int64_t day_ms)
{
	if (line->at < day_ms || line->at >= day_ms + DAY_MS)
		return;
	lines->line = zg_grow(lines->line, lines->count, &lines->room, sizeof(*lines->line));
	lines->line[lines->count++] = *line;
}

static int by_time(const void *a, const void *b)
{
	const struct gate_line *one = a, *two = b;

	return one->at < two->at ? -1 : one->at > two->at;
}

/* What a gateway gets wrong when so set. */
static void spoil(const struct gate *gate, struct gate_lines *lines)
{
	size_t kept = 0;
	size_t missing = (size_t)gate->set.bill_missing, altered = (size_t)gate->set.bill_altered;

	for (size_t i = 0; i < lines->count; i++) {
		struct gate_line line = lines->line[i];

		if (missing && (i + 1) % missing == 0)
			continue;
		if (altered && (i + 1) % altered == 0)
			line.fen++;
		lines->line[kept++] = line;
	}
	lines->count = kept;
}

void gate_bill_lines(const struct gate *gate, enum gate_channel channel, int64_t day_ms, const char *kind, struct gate_lines *lines)
{
	bool sales = strcmp(kind, "REFUND") != 0, returns = strcmp(kind, "SUCCESS") != 0;

	*lines = (struct gate_lines){ 0 };
	for (size_t i = 0; i < gate->order_count; i++) {
		const struct gate_order *order = gate->all[i];

		if (order->channel != channel || !order->was_paid)
			continue;
		if (sales)
			add(lines, &(struct gate_line){ order, GATE_LINE_SALE, NULL, order->paid_at, order->fen }, day_ms);
		for (size_t r = 0; returns && r < order->refund_count; r++)
			if (order->refunds[r]->state != GATE_NOT_REFUNDED)
				add(lines, &(struct gate_line){ order, GATE_LINE_REFUND, order->refunds[r], order->refunds[r]->asked_at, order->refunds[r]->fen }, day_ms);
		if (returns && order->reversed_fen > 0)
			add(lines, &(struct gate_line){ order, GATE_LINE_REVERSED, NULL, order->reversed_at, order->reversed_fen }, day_ms);
	}
	if (lines->count > 0)
		qsort(lines->line, lines->count, sizeof(*lines->line), by_time);
	spoil(gate, lines);
}

bool gate_bill_is_ready(const struct gate *gate, int64_t day_ms)
{
	return gate_now(gate) >= day_ms + DAY_MS + gate->set.bill_minute * 60000LL;
}

int64_t gate_bill_fee(int64_t fen)
{
	return (fen * 6 + 500) / 1000;
}

/* ---- tokens ---- */

void gate_token_make(struct gate *gate, const struct gate_token *token, char text[65])
{
	struct gate_token *made = zg_alloc(1, sizeof(*made));

	*made = *token;
	made->until = gate_running(gate) + TOKEN_MS;
	gate_nonce(gate, text, 64);
	gate_map_put(&gate->tokens, text, made);
}

bool gate_token_take(struct gate *gate, const char *text, struct gate_token *token)
{
	struct gate_token *found = gate_map_get(&gate->tokens, text);

	if (!found || gate_running(gate) > found->until)
		return false;
	*token = *found;
	found->until = -1;
	return true;
}

/* ---- WeChat ---- */

#define FIRST14 "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额"
#define BACK    "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态"
#define LAST6   "商品名称,商户数据包,手续费,费率,订单金额"

static void first14(const struct gate *gate, const struct gate_line *line, struct zg_buffer *out)
{
	static const char *const states[] = { "SUCCESS", "REFUND", "REVOKED" };
	const struct gate_order *order = line->order;
	char time[GATE_TIME], yuan[32];

	zg_buffer_print(out, "`%s,`%s,`%s,`0,`%s,`%s,`%s,`%s,`%s,`%s,`OTHERS,`CNY,`%s,`0.00", gate_time(time, GATE_PLAIN, line->at), gate->shop->wechat_appid,
			gate->shop->mchid, order->device, order->no, order->number, order->payer, order->way == GATE_SCANNED ? "MICROPAY" : "NATIVE",
			states[line->kind], gate_yuan(yuan, line->kind == GATE_LINE_SALE ? line->fen : 0));
}

/* The gateway's refund number; a reversal has one that the till never sees. */
static void back(const struct gate_line *line, struct zg_buffer *out)
{
	char yuan[32];

	if (line->kind == GATE_LINE_SALE)
		zg_buffer_add_text(out, ",`0,`0,`0.00,`0.00,`,`");
	else
		zg_buffer_print(out, ",`%s,`%s,`%s,`0.00,`ORIGINAL,`%s", line->refund ? line->refund->no : line->order->no,
				line->refund ? line->refund->number : line->order->number, gate_yuan(yuan, line->fen),
				!line->refund || line->refund->state == GATE_REFUNDED ? "SUCCESS" : "PROCESSING");
}

static void last(const struct gate_line *line, bool with_refund, struct zg_buffer *out)
{
	bool is_sale = line->kind == GATE_LINE_SALE;
	int64_t fee = gate_bill_fee(line->fen);
	char yuan[32], other[32];

	zg_buffer_print(out, ",`%s,`%s,`%s000,`0.60%%,`%s", line->order->title, line->order->attach, gate_yuan(yuan, is_sale ? fee : -fee),
			gate_yuan(other, is_sale ? line->fen : 0));
	if (with_refund)
		zg_buffer_print(out, ",`%s", gate_yuan(yuan, is_sale ? 0 : line->fen));
	zg_buffer_add_text(out, ",`\r\n");
}

static void wechat_rows(const struct gate *gate, const char *kind, const struct gate_lines *lines, struct zg_buffer *out)
{
	bool is_all = strcmp(kind, "ALL") == 0, is_refund = strcmp(kind, "REFUND") == 0;
	char time[GATE_TIME];

	zg_buffer_print(out, FIRST14 ",%s%s" LAST6 "%s,费率备注\r\n", is_refund ? "退款申请时间,退款成功时间," : "", is_all || is_refund ? BACK "," : "",
			is_all || is_refund ? ",申请退款金额" : "");
	for (size_t i = 0; i < lines->count; i++) {
		const struct gate_line *line = &lines->line[i];

		first14(gate, line, out);
		if (is_refund) {
			int64_t done = line->refund ? line->refund->done_at : line->at;

			zg_buffer_print(out, ",`%s", gate_time(time, GATE_PLAIN, line->at));
			zg_buffer_print(out, ",`%s", done ? gate_time(time, GATE_PLAIN, done) : "");
		}
		if (is_all || is_refund)
			back(line, out);
		last(line, is_all || is_refund, out);
	}
}

static void wechat_fund(const struct gate *gate, const struct gate_lines *lines, struct zg_buffer *out)
{
	int64_t rest = 0, in = 0, gone = 0;
	int ins = 0, outs = 0, serial = 0;
	char time[GATE_TIME], a[32], b[32];

	zg_buffer_add_text(out, "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\r\n");
	for (size_t i = 0; i < lines->count; i++) {
		const struct gate_line *line = &lines->line[i];
		bool is_sale = line->kind == GATE_LINE_SALE;
		const char *no = line->refund ? line->refund->no : line->order->no, *voucher = is_sale ? line->order->no : line->refund ? line->refund->number : line->order->number;
		int64_t fee = gate_bill_fee(line->fen), moved = is_sale ? line->fen : line->fen - fee;

		rest += is_sale ? moved : -moved;
		*(is_sale ? &in : &gone) += moved;
		*(is_sale ? &ins : &outs) += 1;
		gate_time(time, GATE_PLAIN, line->at);
		zg_buffer_print(out, "`%s,`%s,`%sA%04d,`%s,`%s,`%s,`%s,`%s,`%s,`,`%s\r\n", time, no, gate->shop->mchid, ++serial, is_sale ? "交易" : "退款",
				is_sale ? "交易" : "退款", is_sale ? "收入" : "支出", gate_yuan(a, moved), gate_yuan(b, rest), is_sale ? "system" : "API", voucher);
		if (!is_sale || fee == 0)
			continue;
		rest -= fee;
		gone += fee;
		outs++;
		zg_buffer_print(out, "`%s,`%s,`%sA%04d,`扣除交易手续费,`扣除交易手续费,`支出,`%s,`%s,`system,`,`%s\r\n", time, no, gate->shop->mchid, ++serial,
				gate_yuan(a, fee), gate_yuan(b, rest), voucher);
	}
	zg_buffer_add_text(out, "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n");
	zg_buffer_print(out, "`%d.0,`%d.0,`%s,`%d.0,`%s\r\n", ins + outs, ins, gate_yuan(a, in), outs, gate_yuan(b, gone));
}

void gate_bill_wechat(const struct gate *gate, int64_t day_ms, const char *kind, struct zg_buffer *out)
{
	struct gate_lines lines;
	bool is_fund = strcmp(kind, "fundflow") == 0;
	int64_t sold = 0, returned = 0, fees = 0;
	char a[32], b[32], c[32];

	zg_buffer_add(out, "\xEF\xBB\xBF", 3);
	gate_bill_lines(gate, GATE_WECHAT, day_ms, is_fund ? "ALL" : kind, &lines);
	if (is_fund) {
		wechat_fund(gate, &lines, out);
	} else {
		wechat_rows(gate, kind, &lines, out);
		for (size_t i = 0; i < lines.count; i++) {
			bool is_sale = lines.line[i].kind == GATE_LINE_SALE;

			*(is_sale ? &sold : &returned) += lines.line[i].fen;
			fees += is_sale ? gate_bill_fee(lines.line[i].fen) : -gate_bill_fee(lines.line[i].fen);
		}
		zg_buffer_add_text(out, "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n");
		zg_buffer_print(out, "`%zu.0,`%s,`%s,`0.0,`%s000,`%s,`%s\r\n", lines.count, gate_yuan(a, sold), gate_yuan(b, returned), gate_yuan(c, fees), a, b);
	}
	free(lines.line);
}
