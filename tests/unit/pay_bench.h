/* A channel's driver with the TEST ONLY keys, and answers signed as the channel signs them. */
#ifndef TESTS_UNIT_PAY_BENCH_H
#define TESTS_UNIT_PAY_BENCH_H

#include "src/base/crypt.h"
#include "src/io/pay.h"

#define BENCH_NOW   1775008800000LL    /* 2026-04-01 10:00:00 in China */
#define BENCH_NONCE "593BEC0C930B"

struct pay_bench {
	const struct zg_pay_driver *driver;
	struct zg_pay_keys *keys;
	struct zg_rsa *merchant, *platform;    /* private */
};

void bench_open(struct pay_bench *bench, const struct zg_pay_driver *driver);
void bench_close(struct pay_bench *bench);
/* The account that bench_open uses; its keys' texts last until bench_account_clear. */
struct zg_pay_account bench_account(enum zg_channel channel);
void bench_account_clear(struct zg_pay_account *account);

/* An order with everything in it, for 12.34. */
struct zg_pay_order bench_order(enum zg_pay_way way);
struct zg_pay_moment bench_moment(void);
enum zg_result bench_build(const struct pay_bench *bench, enum zg_pay_call call, const struct zg_pay_order *order, struct zg_http_request *request,
			   struct zg_error *err);

/* A whole answer with status 200 and this body; head lines end in LF. */
struct zg_http_reply bench_reply(const char *head, const char *body);
struct zg_pay_answer bench_read(const struct pay_bench *bench, enum zg_pay_call call, const struct zg_http_reply *reply);
/* {"<name>":<body>,"sign":"..."} */
char *bench_alipay_body(const struct pay_bench *bench, const char *name, const char *body);
struct zg_pay_answer bench_read_alipay(const struct pay_bench *bench, enum zg_pay_call call, const char *body);
/* The header lines of Lakala's signature over a body. */
char *bench_lakala_head(const struct pay_bench *bench, const char *body);
struct zg_pay_answer bench_read_lakala(const struct pay_bench *bench, enum zg_pay_call call, const char *body);
#endif
