/* Bills at the simulator's doors (W10, A10): when they are there, what stands in them, and how they are packed. */
#include "tests/sim/gate_bench.h"

#include "contrib/sim/gate_bill.h"
#include "contrib/sim/gate_pack.h"
#include "contrib/sim/gate_time.h"

#include "src/base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CODE       "130061098828009406"
#define DAY        (GATE_BEGIN - 36000000)    /* midnight of 2026-04-01 */
#define TRADE_BILL "/v3/bill/tradebill?bill_date=2026-04-01&bill_type=ALL"
#define REVERSE    "{\"appid\":\"wxd678efh567hg6787\",\"mchid\":\"1900009191\"}"

static struct gate_bench bench;

/* A day: one payment, one refunded in part, one reversed. */
static void open_bench(void)
{
	gate_bench_open(&bench, GATE_BEGIN);
	gate_codepay(&bench, "POS01_1", CODE, 1234);
	gate_codepay(&bench, "POS01_2", "130061098828009407", 10000);
	gate_codepay(&bench, "POS01_3", "130061098828009408", 500);
	gate_bench_pass(&bench, 60000);
	gate_refund(&bench, "POS01_2", "POS01_R1", 2500, 10000);
	gate_v3(&bench, "POST", "/v3/pay/transactions/out-trade-no/POS01_3/reverse", REVERSE);
	gate_bench_pass(&bench, 10000);
}

static void close_bench(void)
{
	gate_bench_close(&bench);
}

TestSuite(gate_bill, .init = open_bench, .fini = close_bench);

/* Ten in the morning of the next day. */
static void next_morning(void)
{
	bench.now_ms = DAY + 86400000 + 36000000;
}

/* The first line of a fixture, and of a text; the caller frees it. */
static char *first_line(const char *text)
{
	return zg_copy_bytes(text, strcspn(text, "\r\n"));
}

static char *fixture_line(const char *name)
{
	char *path = zg_print(GATE_FIXTURES "/bills/%s", name), text[4096];
	FILE *file = fopen(path, "re");

	cr_assert(file != NULL, "%s", path);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	free(path);
	return first_line(text);
}

/* Through a command of the system, which knows the format better than we do. */
static char *through(const char *bytes, size_t length, const char *command)
{
	char path[] = "/tmp/zhanggui-bill-XXXXXX", *text = zg_alloc(65536, 1);
	int fd = mkstemp(path);

	cr_assert(fd >= 0 && write(fd, bytes, length) == (ssize_t)length);
	close(fd);
	char *line = zg_print("%s %s", command, path);
	FILE *pipe = popen(line, "re");

	cr_assert(pipe != NULL);
	text[fread(text, 1, 65535, pipe)] = '\0';
	cr_expect(eq(int, pclose(pipe), 0), "%s", line);
	unlink(path);
	free(line);
	return text;
}

static const char *download(void)
{
	char *target = zg_copy(strstr(gate_says(&bench, "download_url"), "/v3/"));

	gate_v3(&bench, "GET", target, "");
	free(target);
	return zg_buffer_text(&bench.reply.body);
}

/* ---- WeChat ---- */

Test(gate_bill, w10_is_there_from_ten_the_next_morning)
{
	cr_expect(eq(int, gate_v3(&bench, "GET", TRADE_BILL, ""), 400));
	cr_expect(eq(str, (char *)gate_code_of(&bench), "BILL_CREATING"));
	next_morning();
	bench.now_ms--;
	cr_expect(eq(int, gate_v3(&bench, "GET", TRADE_BILL, ""), 400));
	bench.now_ms++;
	cr_expect(eq(int, gate_v3(&bench, "GET", TRADE_BILL, ""), 200));
	cr_expect(bench.is_signed);
	cr_expect(eq(int, gate_v3(&bench, "GET", "/v3/bill/tradebill?bill_date=2026-03-31", ""), 400));
	cr_expect(eq(str, (char *)gate_code_of(&bench), "NO_STATEMENT_EXIST"));
	cr_expect(eq(int, gate_v3(&bench, "GET", "/v3/bill/tradebill?bill_date=2026-4-1", ""), 400));
	cr_expect(eq(str, (char *)gate_code_of(&bench), "PARAM_ERROR"));
}

Test(gate_bill, w10_an_address_is_good_once_and_for_half_a_minute)
{
	next_morning();
	gate_v3(&bench, "GET", TRADE_BILL, "");
	char *target = zg_copy(strstr(gate_says(&bench, "download_url"), "/v3/"));

	cr_expect(eq(int, gate_v3(&bench, "GET", target, ""), 200));
	cr_expect(not(bench.is_signed), "a bill is not signed");
	cr_expect(eq(int, gate_v3(&bench, "GET", target, ""), 400));
	cr_expect(eq(str, bench.reply.rule, "W10"));
	free(target);
	gate_v3(&bench, "GET", TRADE_BILL, "");
	target = zg_copy(strstr(gate_says(&bench, "download_url"), "/v3/"));
	gate_bench_pass(&bench, 30001);
	cr_expect(eq(int, gate_v3(&bench, "GET", target, ""), 400));
	free(target);
}

Test(gate_bill, w10_bears_the_hash_that_was_told_unless_it_is_to_be_wrong)
{
	char told[GATE_DIGEST], hash[GATE_DIGEST];

	next_morning();
	for (int wrong = 0; wrong < 2; wrong++) {
		gate_bench_obey(&bench, wrong ? "set bill-wrong-hash 1" : "set bill-wrong-hash 0");
		gate_v3(&bench, "GET", TRADE_BILL, "");
		snprintf(told, sizeof(told), "%s", gate_says(&bench, "hash_value"));
		download();
		gate_digest(hash, "sha1", bench.reply.body.bytes, bench.reply.body.length);
		cr_expect(eq(int, strcmp(told, hash) != 0, wrong));
	}
}

Test(gate_bill, w10_has_the_columns_and_the_lines_of_that_day)
{
	static const struct { const char *kind, *fixture; int rows; } cases[] = {
		{ "ALL", "wechat_trade_ALL_2026-03-31.csv", 5 }, { "SUCCESS", "wechat_trade_SUCCESS_2026-03-31.csv", 3 },
		{ "REFUND", "wechat_trade_REFUND_2026-03-31.csv", 2 },
	};

	next_morning();
	for (size_t i = 0; i < 3; i++) {
		char *target = zg_print("/v3/bill/tradebill?bill_date=2026-04-01&bill_type=%s", cases[i].kind), *header, *wanted = fixture_line(cases[i].fixture);
		int rows = 0, commas = 0;

		cr_expect(eq(int, gate_v3(&bench, "GET", target, ""), 200));
		const char *text = download();

		header = first_line(text);
		cr_expect(eq(str, header, wanted));
		for (const char *c = header; *c; c++)
			commas += *c == ',';
		for (const char *at = text; (at = strstr(at, "\r\n`")) != NULL; at += 3) {
			char *row = first_line(at + 2);
			int marks = 0;

			for (const char *c = row; (c = strstr(c, ",`")) != NULL; c++)
				marks++;
			/* the last is the summary */
			if (strstr(at + 2, "\r\n`") || strstr(at + 2, "总交易单数")) {
				cr_expect(eq(int, marks, commas), "%s", row);
				rows++;
			}
			free(row);
		}
		cr_expect(eq(int, rows, cases[i].rows), "%s", text);
		free(header);
		free(wanted);
		free(target);
	}
	gate_v3(&bench, "GET", TRADE_BILL, "");
	const char *all = download();

	cr_expect(strstr(all, "`5.0,`117.34,`30.00,`0.0,`0.52000,`117.34,`30.00\r\n") != NULL, "%s", all);
	cr_expect(strstr(all, "`POS01_R1,`25.00,`0.00,`ORIGINAL,`SUCCESS,") != NULL);
}

Test(gate_bill, w10_the_funds_add_up)
{
	char *wanted = fixture_line("wechat_fundflow_BASIC_2026-03-31.csv"), *header;

	next_morning();
	cr_expect(eq(int, gate_v3(&bench, "GET", "/v3/bill/fundflowbill?bill_date=2026-04-01&account_type=BASIC&tar_type=GZIP", ""), 200));
	download();
	char *text = through(bench.reply.body.bytes, bench.reply.body.length, "gzip -dc <");

	header = first_line(text);
	cr_expect(eq(str, header, wanted));
	cr_expect(strstr(text, "\r\n`8.0,`3.0,`117.34,`5.0,`30.52\r\n") != NULL, "%s", text);
	free(text);
	free(wanted);
	free(header);
}

Test(gate_bill, w10_v2_gives_it_at_once)
{
	next_morning();
	gate_v2(&bench, "/pay/downloadbill", "bill_date=20260331");
	cr_expect(eq(str, (char *)gate_pair(&bench.pairs, "error_code"), "20002"));
	gate_bench_obey(&bench, "set bill-missing 2");
	gate_bench_obey(&bench, "set bill-altered 3");
	struct zg_buffer text = { 0 };

	gate_bill_wechat(bench.gate, DAY, "ALL", &text);
	cr_expect(strstr(text.bytes, "`3.0,") != NULL, "two of five are missing: %s", text.bytes);
	cr_expect(strstr(text.bytes, "`5.01,") != NULL, "the third says a fen more");
	zg_buffer_clear(&text);
}

/* ---- Alipay ---- */

#define PAY(number, code, yuan) "{\"out_trade_no\":\"" number "\",\"scene\":\"bar_code\",\"auth_code\":\"" code "\",\"subject\":\"拿铁\",\"total_amount\":\"" yuan "\"}"
#define LIST "import sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);assert z.testzip() is None;" \
	     "[print(i.filename.encode('cp437').decode('gbk'),i.flag_bits,z.read(i).decode('gb18030')) for i in z.infolist()]"

Test(gate_bill, a10_comes_as_a_zip_in_gbk_behind_an_address_that_dies)
{
	const char *ask = "alipay.data.dataservice.bill.downloadurl.query", *biz = "{\"bill_type\":\"trade\",\"bill_date\":\"2026-04-01\"}";

	gate_alipay_ask(&bench, "alipay.trade.pay", PAY("POS01_A1", "281234567890123456", "12.34"));
	gate_alipay_ask(&bench, "alipay.trade.pay", PAY("POS01_A2", "281234567890123457", "100.00"));
	gate_alipay_ask(&bench, "alipay.trade.refund", "{\"out_trade_no\":\"POS01_A2\",\"out_request_no\":\"POS01_R2\",\"refund_amount\":\"5.00\"}");
	cr_expect(eq(str, (char *)gate_alipay_ask(&bench, ask, biz), "isp.bill_not_exist"));
	next_morning();
	cr_expect(eq(str, (char *)gate_alipay_ask(&bench, ask, "{\"bill_type\":\"trade\",\"bill_date\":\"2026-03-31\"}"), "isp.bill_not_exist"));
	for (int late = 0; late < 2; late++) {
		cr_expect(eq(str, (char *)gate_alipay_ask(&bench, ask, biz), "10000"));
		char *target = zg_copy(strstr(gate_says(&bench, "bill_download_url"), "/download"));

		gate_bench_pass(&bench, late ? 30001 : 30000);
		gate_bench_send(&bench, &(struct gate_request){ .method = "GET", .target = target, .head = "", .body = "" });
		cr_expect(eq(int, bench.reply.status, late ? 403 : 200));
		free(target);
		if (late)
			continue;
		char *text = through(bench.reply.body.bytes, bench.reply.body.length, "PYTHONUTF8=1 python3 -c \"" LIST "\"");

		cr_expect(strstr(text, "20881021462251350156_20260401_业务明细(汇总).csv 0 #支付宝业务汇总查询") != NULL, "%s", text);
		cr_expect(strstr(text, "\t,POS01_A1\t,交易,拿铁,2026-04-01 10:01:10,2026-04-01 10:01:10,") != NULL);
		cr_expect(strstr(text, ",-5.00,-5.00,") != NULL);
		cr_expect(strstr(text, "#交易合计：2笔，商家实收共112.34元") != NULL);
		cr_expect(strstr(text, "#退款合计：1笔，商家实收退款共-5.00元") != NULL);
		free(text);
	}
}

Test(gate_bill, tells_any_days_bill_to_the_hand_behind_the_scenes)
{
	struct zg_buffer text = { 0 };

	cr_expect(gate_obey(bench.gate, "bill wechat 2026-04-01", &text));
	cr_expect(strstr(text.bytes, "POS01_R1") != NULL);
	zg_buffer_empty(&text);
	gate_lakala_ask(&bench, "/api/v3/labs/trans/micropay", "\"out_trade_no\":\"POS01_L1\",\"total_amount\":\"100\",\"auth_code\":\"6212345678901234567\","
			"\"location_info\":{\"request_ip\":\"192.0.2.10\"}");
	cr_expect(gate_obey(bench.gate, "bill lakala 2026-04-01", &text));
	cr_expect(strstr(text.bytes, "POS01_L1,消费,unionpay,1.00,0.01") != NULL, "%s", text.bytes);
	cr_expect(not(gate_obey(bench.gate, "bill lakala yesterday", &text)));
	zg_buffer_clear(&text);
}
