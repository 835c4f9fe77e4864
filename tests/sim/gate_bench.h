/*
 * The gateways without sockets, for tests: the merchant of the vectors, a clock that stands still, and calls signed as that merchant
 * would. Each answer's signature is checked on the way in.
 */
#ifndef TESTS_SIM_GATE_BENCH_H
#define TESTS_SIM_GATE_BENCH_H

#include "contrib/sim/gate.h"
#include "contrib/sim/gate_xml.h"

#include "src/base/json.h"

#define GATE_FIXTURES ZG_SOURCE "/tests/fixtures/payments"
#define GATE_BEGIN    1775008800000    /* 2026-04-01 10:00:00 GMT+8, as the vectors have it */

struct gate_bench {
	struct gate_shop *shop;
	struct gate_key *key;            /* the merchant's private one */
	struct gate *gate;
	int64_t now_ms;
	struct zg_clock clock;
	struct gate_reply reply;         /* of the last call */
	json_t *json;                    /* its body; NULL: none */
	struct gate_pairs pairs;         /* its body, of V2 */
	bool is_signed;                  /* its signature is there and right */
	int nonces;
};

void gate_bench_open(struct gate_bench *bench, int64_t now_ms);
void gate_bench_close(struct gate_bench *bench);
void gate_bench_pass(struct gate_bench *bench, int64_t ms);
/* A control line; asserts that it is understood. */
void gate_bench_obey(struct gate_bench *bench, const char *line);
/* A file of the fixtures as JSON; the caller lets it go. */
json_t *gate_fixture(const char *name);

/* As it is, into bench->reply. */
void gate_bench_send(struct gate_bench *bench, const struct gate_request *request);
/* A signed call of APIv3; body "" for GET. Returns the status. */
int gate_v3(struct gate_bench *bench, const char *method, const char *target, const char *body);
/* "code" of the last JSON answer; "" when there is none. */
const char *gate_code_of(const struct gate_bench *bench);
/* A text or number within the last JSON answer. */
const char *gate_says(const struct gate_bench *bench, const char *path);
long gate_says_number(const struct gate_bench *bench, const char *path);
/* A signed call of V2: "name=value&...", to which mch_id, appid, nonce_str, sign_type are added. Returns err_code, return_code when that is FAIL, or "". */
const char *gate_v2(struct gate_bench *bench, const char *path, const char *fields);

/* A signed call of Alipay. Returns sub_code, or code when there is none. bench->json is the answer object within. */
const char *gate_alipay_ask(struct gate_bench *bench, const char *method, const char *biz);

/* A signed call of Lakala; data: req_data without merchant_no and term_no, which are added. Returns the code. */
const char *gate_lakala_ask(struct gate_bench *bench, const char *path, const char *data);

/* Made and sent: a payment by code (v3), a shown code, by that number. Return the status. */
int gate_codepay(struct gate_bench *bench, const char *number, const char *code, long fen);
int gate_native(struct gate_bench *bench, const char *number, long fen);
int gate_query(struct gate_bench *bench, const char *number);
int gate_refund(struct gate_bench *bench, const char *number, const char *refund, long fen, long total);

/* By the phones' own ledger: what an order cost its customer, and how often he was charged. */
long gate_charged(struct gate_bench *bench, const char *number);
int gate_charges(struct gate_bench *bench, const char *number);
#endif
