/*
 * Yesterday's bills: what a channel says that it moved on one day of GMT+8. Made from the orders, so that a till can be reconciled with it;
 * set bill-missing and bill-altered to make it wrong.
 */
#ifndef SIM_GATE_BILL_H
#define SIM_GATE_BILL_H

#include "contrib/sim/gate.h"

struct gate_line {
	const struct gate_order *order;
	enum { GATE_LINE_SALE, GATE_LINE_REFUND, GATE_LINE_REVERSED } kind;
	const struct gate_refund *refund;    /* of a REFUND */
	int64_t at;                          /* wall clock, ms: paid, or asked back */
	int64_t fen;
};

struct gate_lines {
	struct gate_line *line;
	size_t count, room;
};

/* The lines of a channel and day, by time; wechat_kind "ALL", "SUCCESS" or "REFUND" chooses. Cleared by the caller with free(lines->line). */
void gate_bill_lines(const struct gate *gate, enum gate_channel channel, int64_t day_ms, const char *kind, struct gate_lines *lines);
/* Is a day's bill there by now? */
bool gate_bill_is_ready(const struct gate *gate, int64_t day_ms);

/* What a token stands for: half a minute, once. */
struct gate_token {
	int64_t until;               /* running clock */
	char kind[16];               /* "ALL", "fundflow", "trade" */
	int64_t day_ms;
	bool is_packed;
};
/* text gets a fresh token. */
void gate_token_make(struct gate *gate, const struct gate_token *token, char text[65]);
/* False: never made, used, or too old. */
bool gate_token_take(struct gate *gate, const char *text, struct gate_token *token);

/* 0.6 %, to the fen. */
int64_t gate_bill_fee(int64_t fen);

/* The files, in UTF-8: WeChat's (kind also "fundflow"), Alipay's two, and one for Lakala with made-up columns. */
void gate_bill_wechat(const struct gate *gate, int64_t day_ms, const char *kind, struct zg_buffer *out);
void gate_bill_alipay(const struct gate *gate, int64_t day_ms, struct zg_buffer *detail, struct zg_buffer *summary);
void gate_bill_lakala(const struct gate *gate, int64_t day_ms, struct zg_buffer *out);
/* Alipay's two in GBK in a zip. */
void gate_bill_alipay_zip(const struct gate *gate, int64_t day_ms, struct zg_buffer *out);
#endif
