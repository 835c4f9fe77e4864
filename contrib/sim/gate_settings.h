/* What can be set while it runs, by `set NAME VALUE`. All whole numbers; switches are 0 and 1. */
#ifndef SIM_GATE_SETTINGS_H
#define SIM_GATE_SETTINGS_H

#include "src/base/buffer.h"

#include <stdbool.h>

struct gate_settings {
	int pin_above;            /* fen: above it the wallet wants the password (W6, A5) */
	int password_ms;          /* which takes so long */
	int scan_ms;              /* how long a customer takes to scan what the till shows */
	int refund_ms;            /* until a refund is done (W8, L8) */
	int refund_fails;         /* refunds are accepted and end badly */
	int read_lag;             /* the first query of an order finds nothing (W9) */
	int errors_signed;        /* WeChat signs its 4xx of business too; 2: by lot */
	int certificate_mode;     /* WeChat signs by its certificate, unless the request names a key (W2) */
	int recall;               /* WeChat V2: the first so many reverses of an order say "again" (recall=Y) */
	int alipay_again;         /* Alipay: the first so many cancels say retry_flag=Y (A7) */
	int alipay_slashes;       /* 1: '/' in answers is written '\/' and signed so; 2: signed without (A9) */
	int alipay_sign_first;    /* "sign" before the answer (A9) */
	int alipay_certificate;   /* with alipay_cert_sn (A9) */
	int alipay_finished;      /* paid trades are TRADE_FINISHED: no refund any more (A8) */
	int lakala_pending;       /* 0: BBS10000 while a customer pays; 1: need_query=1; 2: BBS11112 (L5) */
	int lakala_quotes;        /* header values in quotes (L2) */
	int lakala_lower;         /* lower-case serial (L2) */
	int bill_minute;          /* minutes after midnight GMT+8 from which yesterday's bill is there (W10, A10) */
	int bill_wrong_hash;      /* W10 */
	int bill_missing;         /* every so manieth line is left out of the bills; 0: none */
	int bill_altered;         /* every so manieth line says a fen more */
};

void gate_settings_usual(struct gate_settings *settings);
/* False: no such setting, or not from 0 to its most. */
bool gate_settings_set(struct gate_settings *settings, const char *name, const char *value);
/* "name value" a line. */
void gate_settings_list(const struct gate_settings *settings, struct zg_buffer *out);
#endif
