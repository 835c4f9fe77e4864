#include "tests/unit/pay_bench.h"

#include "src/base/alloc.h"
#include "tests/unit/vectors.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

struct zg_pay_account bench_account(enum zg_channel channel)
{
	struct zg_pay_account account = { .key_pem = vector_private_pem("merchant"), .public_key_pem = vector_pem("platform_public"),
					  .platform_pem = vector_pem("platform_certificate") };

	if (channel == ZG_CHANNEL_ALIPAY) {
		account.url[0] = "https://openapi.alipay.com/gateway.do";
		account.appid = "2014072300007148";
	} else if (channel == ZG_CHANNEL_WECHAT) {
		account.url[0] = "https://api.mch.weixin.qq.com";
		account.url[1] = "https://api2.mch.weixin.qq.com";
		account.appid = "wxd678efh567hg6787";
		account.merchant = "1900009191";
		account.serial = "1DDE55AD98ED71D6EDD4A4A16996DE7B00000001";
		account.api2_key = "192006250b4c09247ec02edce69f6a2d";
		account.api3_key = "0123456789abcdefghijklmnopqrstuv";
		account.public_key_id = "PUB_KEY_ID_0119000091912024120200000000000001";
		account.notify_url = "https://www.example.com/notify";
	} else {
		account.url[0] = "https://test.wsmsd.cn/sit";
		account.appid = "OP00000003";
		account.serial = "1DDE55AD98ED71D6EDD4A4A16996DE7B00000001";
		account.merchant = "822290070111135";
		account.terminal = "29034705";
		account.request_ip = "192.0.2.10";
	}
	return account;
}

void bench_account_clear(struct zg_pay_account *account)
{
	free((void *)account->key_pem);
	free((void *)account->public_key_pem);
	free((void *)account->platform_pem);
}

void bench_open(struct pay_bench *bench, const struct zg_pay_driver *driver)
{
	struct zg_pay_account account = bench_account(driver->channel);
	struct zg_error err = { .text = "" };
	char *pem = vector_private_pem("platform");

	bench->driver = driver;
	cr_assert(driver->open(&account, &bench->keys, &err) == ZG_OK, "%s", err.text);
	cr_assert(zg_rsa_read_private(account.key_pem, &bench->merchant, NULL) == ZG_OK);
	cr_assert(zg_rsa_read_private(pem, &bench->platform, NULL) == ZG_OK);
	free(pem);
	bench_account_clear(&account);
}

void bench_close(struct pay_bench *bench)
{
	bench->driver->close(bench->keys);
	zg_rsa_free(bench->merchant);
	zg_rsa_free(bench->platform);
}

struct zg_pay_order bench_order(enum zg_pay_way way)
{
	return (struct zg_pay_order){ .way = way, .wallet = ZG_WALLET_ALIPAY, .number = "POS01_20260401_000018", .channel_no = "", .amount_fen = 1234,
		.code = "281234567890123456", .title = "门店", .cancel_no = "POS01_20260401_V00001", .refund_no = "POS01_20260401_R00001", .refund_fen = 500,
		.reason = "顾客退货", .begun_at = BENCH_NOW, .expires_at = BENCH_NOW + 300000, .day = "2026-03-31", .bill_type = "trade",
		.bill_url = "https://dwbillcenter.alipay.com/downloadBillFile.resource?token=TEST" };
}

struct zg_pay_moment bench_moment(void)
{
	return (struct zg_pay_moment){ .now_ms = BENCH_NOW, .nonce = BENCH_NONCE };
}

enum zg_result bench_build(const struct pay_bench *bench, enum zg_pay_call call, const struct zg_pay_order *order, struct zg_http_request *request,
			   struct zg_error *err)
{
	struct zg_pay_moment moment = bench_moment();

	*request = (struct zg_http_request){ 0 };
	return bench->driver->build(bench->keys, call, order, &moment, request, err);
}

struct zg_http_reply bench_reply(const char *head, const char *body)
{
	struct zg_http_reply reply = { .end = ZG_HTTP_WHOLE, .status = 200 };

	zg_buffer_add_text(&reply.head, head);
	zg_buffer_add_text(&reply.body, body);
	return reply;
}

struct zg_pay_answer bench_read(const struct pay_bench *bench, enum zg_pay_call call, const struct zg_http_reply *reply)
{
	struct zg_pay_order order = bench_order(call == ZG_CALL_SHOW ? ZG_WAY_SHOWN : ZG_WAY_CODE);
	struct zg_pay_answer answer;

	memset(&answer, 0x55, sizeof(answer));    /* whoever forgets a member is found out */
	bench->driver->read(bench->keys, call, &order, BENCH_NOW, reply, &answer);
	return answer;
}

char *bench_alipay_body(const struct pay_bench *bench, const char *name, const char *body)
{
	struct zg_buffer signature = { 0 };
	char *whole;

	zg_rsa_sign(bench->platform, body, strlen(body), &signature);
	whole = zg_print("{\"%s\":%s,\"sign\":\"%s\"}", name, body, zg_buffer_text(&signature));
	zg_buffer_clear(&signature);
	return whole;
}

struct zg_pay_answer bench_read_alipay(const struct pay_bench *bench, enum zg_pay_call call, const char *body)
{
	static const char *const names[ZG_PAY_CALLS] = {
		[ZG_CALL_CODE] = "alipay_trade_pay_response", [ZG_CALL_SHOW] = "alipay_trade_precreate_response", [ZG_CALL_QUERY] = "alipay_trade_query_response",
		[ZG_CALL_CANCEL] = "alipay_trade_cancel_response", [ZG_CALL_REFUND] = "alipay_trade_refund_response",
		[ZG_CALL_REFUND_QUERY] = "alipay_trade_fastpay_refund_query_response",
		[ZG_CALL_BILL] = "alipay_data_dataservice_bill_downloadurl_query_response", [ZG_CALL_CHECK] = "alipay_trade_query_response",
	};
	char *whole = bench_alipay_body(bench, names[call], body);
	struct zg_http_reply reply = bench_reply("", whole);
	struct zg_pay_answer answer = bench_read(bench, call, &reply);

	zg_http_reply_clear(&reply);
	free(whole);
	return answer;
}

char *bench_lakala_head(const struct pay_bench *bench, const char *body)
{
	static const char serial[] = "5157F09EFDC096DE15EBE81A47057A7200000002", appid[] = "OP00000003";
	struct zg_buffer signature = { 0 };
	char *message = zg_print("%s\n%s\n1775008803\nXb7k2QpLm0Za\n%s\n", appid, serial, body), *head;

	zg_rsa_sign(bench->platform, message, strlen(message), &signature);
	head = zg_print("Lklapi-Appid: %s\nLklapi-Serial: %s\nLklapi-Timestamp: 1775008803\nLklapi-Nonce: Xb7k2QpLm0Za\nLklapi-Signature: %s\n",
			appid, serial, zg_buffer_text(&signature));
	zg_buffer_clear(&signature);
	free(message);
	return head;
}

struct zg_pay_answer bench_read_lakala(const struct pay_bench *bench, enum zg_pay_call call, const char *body)
{
	char *head = bench_lakala_head(bench, body);
	struct zg_http_reply reply = bench_reply(head, body);
	struct zg_pay_answer answer = bench_read(bench, call, &reply);

	zg_http_reply_clear(&reply);
	free(head);
	return answer;
}
