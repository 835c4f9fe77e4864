/* WeChat's two interfaces on the bench of pay_bench.h: answers signed as WeChat signs them. */
#ifndef TESTS_UNIT_WECHAT_BENCH_H
#define TESTS_UNIT_WECHAT_BENCH_H

#include "tests/unit/pay_bench.h"

#define WECHAT_PUBLIC_KEY  "PUB_KEY_ID_0119000091912024120200000000000001"
#define WECHAT_CERTIFICATE "5157F09EFDC096DE15EBE81A47057A7200000002"
#define WECHAT_AT          1775008803LL    /* when answers are signed, 3 s after BENCH_NOW */

/* Opens the account, with payment codes by v3 or not, as `change` (NULL: nothing) leaves it. */
void wechat_open(struct pay_bench *bench, bool codepay, void (*change)(struct zg_pay_account *account));
/* The header lines of a signature over body. */
char *wechat_head(const struct pay_bench *bench, const char *serial, int64_t at_s, const char *body);
/* An answer of v3, signed; its status and body. */
struct zg_pay_answer wechat_read(const struct pay_bench *bench, enum zg_pay_call call, enum zg_pay_way way, int status, const char *body);
/* The same without a signature. */
struct zg_pay_answer wechat_read_bare(const struct pay_bench *bench, enum zg_pay_call call, enum zg_pay_way way, int status, const char *body);
/* "<a>1</a>..." as a whole document of V2 with its signature, made apart from the driver. The caller frees. */
char *wechat_v2_document(const char *fields);
struct zg_pay_answer wechat_read_v2(const struct pay_bench *bench, enum zg_pay_call call, const char *fields);
#endif
