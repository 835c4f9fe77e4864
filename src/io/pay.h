/*
 * The port of payment channels: what can be asked of one (call, order), and what its answer says (answer).
 *
 * A driver turns an order into the exact bytes of a request, and the exact bytes of an answer into a verdict. It never opens, waits
 * or remembers; time and random text are handed in. Requests travel by src/io/http.h; time-outs, polling and retries are the till's, by
 * the driver's time table. Facts: the payment channels' documents, as the drivers name them.
 */
#ifndef ZG_IO_PAY_H
#define ZG_IO_PAY_H

#include "src/io/http.h"
#include "src/io/proof.h"
#include "src/shop/pay.h"

#define ZG_PAY_NUMBER   33     /* an order number: 20 to 32 of [0-9A-Z_], and its NUL; of a refund and a revocation too */
#define ZG_PAY_NO       65     /* a channel's own number of a payment or refund, and its NUL */
#define ZG_PAY_TEXT     160    /* a channel's message, cleaned, and its NUL */
#define ZG_PAY_URL      2049   /* the text of a code that we show (1024 at most), or where a bill lies, and its NUL */
#define ZG_PAY_NONCE    33     /* 32 of [0-9A-Za-z], and a NUL */

enum zg_pay_call {
	ZG_CALL_CODE,            /* take the money of the code that we scanned */
	ZG_CALL_SHOW,            /* give us a code to show */
	ZG_CALL_QUERY,           /* how does the payment stand? */
	ZG_CALL_CANCEL,          /* take it back, paid or not: reverse, cancel, revoke, close, as channel and way want it */
	ZG_CALL_REFUND,
	ZG_CALL_REFUND_QUERY,
	ZG_CALL_BILL,            /* where is the bill of a day? */
	ZG_CALL_BILL_FILE,       /* the bill itself, from there */
	ZG_CALL_KEYS,            /* the channel's certificates (WeChat in certificate mode) */
	ZG_CALL_CHECK,           /* something harmless that needs all our credentials */
};
#define ZG_PAY_CALLS 10

/* What a request is about; which members count depends on the call. All borrowed, "" or NULL: none. */
struct zg_pay_order {
	enum zg_pay_way way;
	enum zg_wallet wallet;
	const char *number;          /* ours, of the payment */
	const char *channel_no;      /* the channel's, once it is known */
	zg_fen amount_fen;           /* of the payment, > 0 */
	const char *code;            /* the customer's, for CODE: digits; never kept, never logged */
	const char *title;           /* what the customer reads: the shop's name */
	const char *cancel_no;       /* ours, of this cancelling, for channels that number it (Lakala's revocation) */
	const char *refund_no;       /* ours, of the refund */
	zg_fen refund_fen;
	const char *reason;
	int64_t begun_at;            /* the wall clock when the order was made, ms */
	int64_t expires_at;          /* for SHOW: the wall clock, ms */
	const char *day;             /* for BILL: "2026-11-23", the channel's day */
	const char *bill_type;       /* for BILL: the channel's word for it */
	const char *bill_url;        /* for BILL_FILE */
};

/* What is handed in, so that the same request can be built again. */
struct zg_pay_moment {
	int64_t now_ms;              /* wall clock */
	const char *nonce;           /* fresh random text, ZG_PAY_NONCE */
	int host;                    /* 0: the first of the account's addresses; 1: the other, when nothing left for the first */
};

enum zg_pay_says {
	/* no proof of anything: no answer, none that can be verified, or a code that means "we do not know" */
	ZG_SAYS_UNKNOWN,
	/* verified, about the payment */
	ZG_SAYS_PAID,                /* paid; also when it was refunded since. The other members say how much, to whom, for which order */
	ZG_SAYS_WAITING,             /* the customer is paying, or types a password, or has not scanned yet */
	ZG_SAYS_SHOWN,               /* `url` is to be shown */
	ZG_SAYS_NOT_PAID,            /* a query: it exists and is open and unpaid */
	ZG_SAYS_NOT_FOUND,           /* a query: no such order (yet): right after sending no result */
	ZG_SAYS_DECLINED,            /* the wallet said no: a query must agree */
	ZG_SAYS_BAD_CODE,            /* the customer's code is wrong, used or too old: a query must agree */
	ZG_SAYS_CLOSED,              /* cannot be paid any more, was not paid */
	ZG_SAYS_CANCELLED,           /* reversed, revoked or refunded whole by our cancelling */
	ZG_SAYS_CANCEL_AGAIN,        /* the same cancelling is to be repeated */
	ZG_SAYS_TOO_LATE,            /* cannot be cancelled any more: refund it */
	ZG_SAYS_NUMBER_USED,         /* the order number was used with other data */
	/* verified, about a refund */
	ZG_SAYS_REFUNDED,
	ZG_SAYS_REFUNDING,           /* accepted, not done */
	ZG_SAYS_REFUND_STUCK,        /* accepted, and it does not reach the customer by itself: people go on in the channel's own pages */
	ZG_SAYS_NOT_REFUNDED,        /* final: it did not happen and will not under this number */
	ZG_SAYS_NO_REFUND,           /* a query: no such refund */
	ZG_SAYS_LATER,               /* not now (no balance, too many requests): the same again later */
	/* the request was understood to be wrong, and nothing was done */
	ZG_SAYS_WRONG,               /* key, serial, clock, rights or a parameter: for the owner, not the customer */
	/* the rest */
	ZG_SAYS_DONE,                /* CHECK, KEYS, BILL (bill_url in `url`), BILL_FILE: it is so */
	ZG_SAYS_NO_BILL,             /* nothing was traded that day */
	ZG_SAYS_BILL_LATER,          /* the bill is still being made */
};
#define ZG_PAY_SAYS 23

/* What the signature said. Only VERIFIED proves anything about money. */
enum zg_pay_proof {
	ZG_PROVED_NOT_SIGNED,        /* there is none where none is due (errors, bill files) or none at all */
	ZG_PROVED_VERIFIED,
	ZG_PROVED_FORGED,            /* one is there and is wrong, or one is due and is missing */
	ZG_PROVED_OTHER_KEY,         /* by a key that we do not have: `serial` names it */
	ZG_PROVED_STALE,             /* its time is too far from ours */
};

struct zg_pay_answer {
	enum zg_pay_says says;
	enum zg_pay_proof proof;
	char number[ZG_PAY_NUMBER];          /* as the answer has it, for the till to compare; "" when it has none */
	char refund_no[ZG_PAY_NUMBER];
	char channel_no[ZG_PAY_NO];          /* the channel's number of the payment */
	char refund_channel_no[ZG_PAY_NO];
	char statement_no[ZG_PAY_NO];        /* under which the channel's statement lists it, when that is another */
	bool is_ours;                        /* the merchant in the answer is the account's, or the answer names none */
	zg_fen amount_fen;                   /* of the payment; -1: the answer does not say */
	zg_fen refund_fen;                   /* of the refund; -1: the answer does not say */
	int64_t paid_at;                     /* wall clock, ms; 0: the answer does not say */
	char code[64], text[ZG_PAY_TEXT];    /* the channel's own code and words, cleaned; for log, list and case file */
	char request_id[80], serial[80];     /* for the channel's service */
	char payer[ZG_PAY_NO];               /* masked */
	char url[ZG_PAY_URL];
	char hash[65];                       /* of a bill's bytes, hex, "": none */
};

#define ZG_PAY_QUERIES 21    /* the most of one list, and the 0 that ends it */

/* Seconds after the paying call left. Data, from the channel's documents. */
struct zg_pay_times {
	int connect_s, total_s;              /* time-outs of one request */
	int queries_s[ZG_PAY_QUERIES];       /* when to ask, ascending; 0 ends them */
	int every_s;                         /* and from then on */
	int cancel_from_s, cancel_s;         /* never cancel before; cancel at */
	int cancel_again_s[ZG_PAY_QUERIES];  /* from one try to the next; the last goes on; 0 ends them */
	int64_t cancel_until_s;              /* from the payment: later it is a refund; 0: not known */
	int64_t refund_until_s;
	int refund_gap_s;                    /* from one refund of an order to the next */
};

/* What a merchant has with a channel; texts owned by whoever made it. Each driver says which it needs. */
struct zg_pay_account {
	const char *url[2];                  /* without a slash at the end; [1] may be NULL */
	const char *appid, *merchant, *terminal, *serial;
	const char *key_pem, *api2_key, *api3_key;    /* contents, not names */
	const char *certificate_pem;         /* the merchant's own, to recognise it when it is used for the platform's by mistake */
	const char *public_key_id, *public_key_pem;
	const char *platform_pem;            /* platform certificates, one after another */
	const char *notify_url;
	const char *request_ip;              /* WeChat, Lakala: the till's IP address as it is told, NULL: 127.0.0.1 */
	bool codepay;                        /* WeChat: payment codes by v3 */
};

struct zg_pay_keys;    /* an account with its keys read; a driver's own */

struct zg_pay_driver {
	const char *name;       /* zg_channel_name */
	const char *title;
	const char *source;
	enum zg_proof proof;
	enum zg_channel channel;
	const struct zg_pay_times *(*times)(enum zg_pay_way way);
	/* Reads the account's keys, which is copied. ZG_USAGE: something is missing or no such key; err names the setting and says what to do. */
	enum zg_result (*open)(const struct zg_pay_account *account, struct zg_pay_keys **keys, struct zg_error *err);
	void (*close)(struct zg_pay_keys *keys);
	/* Fills a zeroed request. ZG_USAGE: this channel has no such call, or the order does not fit its rules; err says which. */
	enum zg_result (*build)(const struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order,
				const struct zg_pay_moment *moment, struct zg_http_request *request, struct zg_error *err);
	/*
	 * Reads what came back for that call and order into *answer. Every reply has an answer: whatever is not understood, not verified or not
	 * whole is ZG_SAYS_UNKNOWN. now_ms is when the answer came. May learn keys (KEYS).
	 */
	void (*read)(struct zg_pay_keys *keys, enum zg_pay_call call, const struct zg_pay_order *order, int64_t now_ms,
		     const struct zg_http_reply *reply, struct zg_pay_answer *answer);
	/* When the last of the channel's certificates that we have ends, ms; 0: there is none, or a bare key, which does not end. NULL: the same. */
	int64_t (*ends)(const struct zg_pay_keys *keys);
};

/* The words of `says` and `proof`, for log and tests. Never NULL. */
const char *zg_pay_says_name(enum zg_pay_says says);
const char *zg_pay_proof_name(enum zg_pay_proof proof);
#endif
