/* Alipay's bill, and a statement for Lakala, whose own nobody published. */
#include "contrib/sim/gate_alipay.h"
#include "contrib/sim/gate_bill.h"
#include "contrib/sim/gate_pack.h"
#include "contrib/sim/gate_time.h"

#include "src/base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS  86400000LL
#define ACCOUNT "20881021462251350156"
#define NEW_LINE "\r\n"

static void chinese_day(char text[48], int64_t at_ms)
{
	char plain[GATE_TIME];

	gate_time(plain, GATE_PLAIN, at_ms);
	snprintf(text, 48, "%.4s年%.2s月%.2s日 %s", plain, plain + 5, plain + 8, plain + 11);
}

static void head(int64_t day_ms, const char *title, const char *list, struct zg_buffer *out)
{
	char from[48], to[48];

	chinese_day(from, day_ms);
	chinese_day(to, day_ms + DAY_MS);
	zg_buffer_print(out, "#%s查询" NEW_LINE "#账号：[" ACCOUNT "]" NEW_LINE "#起始日期：[%s]   终止日期：[%s]" NEW_LINE, title, from, to);
	zg_buffer_print(out, "#-----------------------------------------%s列表----------------------------------------" NEW_LINE, list);
}

struct sums { int sales, refunds; int64_t sold, returned, fees; };

static void add_up(struct sums *sums, const struct gate_line *line)
{
	bool is_sale = line->kind == GATE_LINE_SALE;

	*(is_sale ? &sums->sales : &sums->refunds) += 1;
	*(is_sale ? &sums->sold : &sums->returned) += line->fen;
	sums->fees += is_sale ? -gate_bill_fee(line->fen) : gate_bill_fee(line->fen);
}

static void detail_row(const struct gate_line *line, struct zg_buffer *out)
{
	bool is_sale = line->kind == GATE_LINE_SALE;
	int64_t fen = is_sale ? line->fen : -line->fen, fee = is_sale ? -gate_bill_fee(line->fen) : gate_bill_fee(line->fen);
	char made[GATE_TIME], done[GATE_TIME], yuan[32], fees[32];

	zg_buffer_print(out, "%s\t,%s\t,%s,%s,%s,%s,,,,%s,*三(138****0000),%s,%s,0.00,0.00,0.00,0.00,0.00,,0.00,0.00,%s,%s,0.00,%s" NEW_LINE, line->order->no,
			line->order->number, is_sale ? "交易" : "退款", line->order->title, gate_time(made, GATE_PLAIN, line->order->made_at),
			gate_time(done, GATE_PLAIN, line->at), line->order->device, gate_yuan(yuan, fen), yuan,
			is_sale ? "" : line->refund ? line->refund->number : line->order->number, gate_yuan(fees, fee), line->refund ? line->refund->reason : "");
}

void gate_bill_alipay(const struct gate *gate, int64_t day_ms, struct zg_buffer *detail, struct zg_buffer *summary)
{
	struct gate_lines lines;
	struct sums sums = { 0 };
	char now[48], a[32], b[32], c[32], d[32];

	gate_bill_lines(gate, GATE_ALIPAY, day_ms, "ALL", &lines);
	chinese_day(now, gate_now(gate));
	head(day_ms, "支付宝业务明细", "业务明细", detail);
	zg_buffer_add_text(detail, "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,"
			   "支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,"
			   "服务费（元）,分润（元）,备注" NEW_LINE);
	for (size_t i = 0; i < lines.count; i++) {
		detail_row(&lines.line[i], detail);
		add_up(&sums, &lines.line[i]);
	}
	zg_buffer_print(detail, "#-----------------------------------------业务明细列表结束------------------------------------" NEW_LINE
			"#交易合计：%d笔，商家实收共%s元，商家优惠共0.00元" NEW_LINE "#退款合计：%d笔，商家实收退款共%s元，商家优惠退款共0.00元" NEW_LINE "#导出时间：[%s]" NEW_LINE,
			sums.sales, gate_yuan(a, sums.sold), sums.refunds, gate_yuan(b, -sums.returned), now);
	head(day_ms, "支付宝业务汇总", "业务汇总", summary);
	zg_buffer_add_text(summary, "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）" NEW_LINE);
	gate_yuan(c, sums.sold - sums.returned);
	zg_buffer_print(summary, "合计,,%d,%d,%s,%s,0.00,0.00,0.00,%s,0.00,%s" NEW_LINE, sums.sales, sums.refunds, c, c, gate_yuan(a, sums.fees),
			gate_yuan(d, sums.sold - sums.returned + sums.fees));
	zg_buffer_print(summary, "#-----------------------------------------业务汇总列表结束------------------------------------" NEW_LINE "#导出时间：[%s]" NEW_LINE, now);
	free(lines.line);
}

void gate_bill_alipay_zip(const struct gate *gate, int64_t day_ms, struct zg_buffer *out)
{
	struct zg_buffer texts[2] = { { 0 }, { 0 } }, files[2] = { { 0 }, { 0 } }, names[2] = { { 0 }, { 0 } };
	char day[GATE_TIME], name[96];

	gate_time(day, GATE_DIGITS, day_ms);
	day[8] = '\0';
	gate_bill_alipay(gate, day_ms, &texts[1], &texts[0]);
	for (int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), ACCOUNT "_%s_业务明细%s.csv", day, i == 0 ? "(汇总)" : "");
		gate_gbk(name, &names[i]);
		gate_gbk(zg_buffer_text(&texts[i]), &files[i]);
	}
	const struct gate_file list[] = {
		{ names[0].bytes, names[0].length, files[0].bytes, files[0].length },
		{ names[1].bytes, names[1].length, files[1].bytes, files[1].length },
	};

	gate_zip(list, 2, out);
	for (int i = 0; i < 2; i++) {
		zg_buffer_clear(&texts[i]);
		zg_buffer_clear(&files[i]);
		zg_buffer_clear(&names[i]);
	}
}

void gate_bill_lakala(const struct gate *gate, int64_t day_ms, struct zg_buffer *out)
{
	struct gate_lines lines;
	char time[GATE_TIME], a[32], b[32];

	gate_bill_lines(gate, GATE_LAKALA, day_ms, "ALL", &lines);
	zg_buffer_add_text(out, "交易时间,商户号,终端号,流水号,商户订单号,交易类型,支付方式,交易金额,手续费" NEW_LINE);
	for (size_t i = 0; i < lines.count; i++) {
		const struct gate_line *line = &lines.line[i];
		bool is_sale = line->kind == GATE_LINE_SALE;
		const char *no = line->refund ? line->refund->no : line->order->no;

		zg_buffer_print(out, "%s,%s,%s,%s,%s,%s,%s,%s,%s" NEW_LINE, gate_time(time, GATE_PLAIN, line->at), gate->shop->merchant_no, gate->shop->term_no,
				no + strlen(no) - 14, line->refund ? line->refund->number : line->order->number, is_sale ? "消费" : "退款", line->order->wallet,
				gate_yuan(a, is_sale ? line->fen : -line->fen), gate_yuan(b, is_sale ? gate_bill_fee(line->fen) : -gate_bill_fee(line->fen)));
	}
	free(lines.line);
}

/* ---- Alipay's two calls ---- */

void gate_alipay_bill(struct gate_alipay_call *call)
{
	struct gate_token token = { .kind = "trade", .is_packed = true };
	const char *kind = zg_json_string(call->asked, "bill_type", ""), *day = zg_json_string(call->asked, "bill_date", "");
	struct gate_lines lines = { 0 };
	char text[65];

	if (strcmp(kind, "trade") != 0 || !gate_time_read(day, GATE_DAY, &token.day_ms)) {
		gate_alipay_fail(call, "INVALID_ARGUMENTS", "入参不合法", "A10");
		return;
	}
	gate_bill_lines(call->gate, GATE_ALIPAY, token.day_ms, "ALL", &lines);
	free(lines.line);
	if (lines.count == 0 || !gate_bill_is_ready(call->gate, token.day_ms)) {
		gate_alipay_fail(call, "BILL_NOT_EXIST", "账单不存在", "");
		zg_json_set_string(call->told, "sub_code", "isp.bill_not_exist");
		return;
	}
	gate_token_make(call->gate, &token, text);
	char *url = zg_print("%s/downloadBillFile.resource?token=%s", call->gate->url, text);

	gate_alipay_done(call, "10000", "Success");
	zg_json_set_string(call->told, "bill_download_url", url);
	free(url);
}

void gate_alipay_bill_file(struct gate *gate, const struct gate_request *request, struct gate_reply *reply)
{
	struct gate_token token;
	const char *query = gate_request_query(request);
	char text[80];

	if (!gate_form_value(query, strlen(query), "token", text, sizeof(text)) || !gate_token_take(gate, text, &token)) {
		reply->status = 403;
		gate_reply_header(reply, "Content-Type", "text/html");
		zg_buffer_add_text(&reply->body, "<html><body>链接已失效</body></html>");
		gate_refuse(reply, "A10", "the address has died");
		return;
	}
	reply->status = 200;
	gate_reply_header(reply, "Content-Type", "application/octet-stream");
	gate_bill_alipay_zip(gate, token.day_ms, &reply->body);
}
