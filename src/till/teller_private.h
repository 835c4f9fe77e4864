/* What the files of the teller share. Nobody else includes this. */
#ifndef ZG_TILL_TELLER_PRIVATE_H
#define ZG_TILL_TELLER_PRIVATE_H

#include "src/till/teller.h"

#define ZG_CODE_DIGITS 33
#define ZG_CANCEL_LASTS_MS 30000     /* a cancelling that nobody answered may still be carried out for so long */

/* One payment under way, in memory; its row is the truth. */
struct zg_affair {
	struct zg_affair *next;
	struct zg_teller *teller;
	struct zg_payment payment;
	char code[ZG_CODE_DIGITS];       /* the customer's, until it is sent */
	struct zg_http_call *call;       /* NULL: nothing is asked now */
	enum zg_pay_call asking;
	uint64_t timer;
	int64_t due_ms;                  /* running clock: when the timer rings */
	int64_t sent_ms;                 /* running clock: when the paying request left, as far as that is known */
	int host;
	int cancels;                     /* cancellings sent so far */
	int mismatches;
	int64_t cancel_lasts_ms;         /* running clock: until then one that was not answered may still take the money back; 0: there is none */
	bool is_paid_seen;               /* and meanwhile a query said paid: it is asked again then */
	bool is_cancel_wanted;           /* by people, before the channel allows it */
	bool was_asked;                  /* since the last paying or cancelling request: a query has been answered, or has failed */
	bool was_asked_last;             /* and that was the one before the cancelling */
	bool is_new_start;               /* taken up from the last run: it is asked about before anything else */
	char cancel_no[ZG_PAY_NUMBER];
	char words[ZG_TELLER_WORDS];
	char url[ZG_PAY_URL];
};

/* One refund under way. */
struct zg_return {
	struct zg_return *next;
	struct zg_teller *teller;
	struct zg_payment payment;
	struct zg_pay_refund refund;
	struct zg_http_call *call;
	enum zg_pay_call asking;
	uint64_t timer;
	int host, tries, wrongs;    /* wrongs: refusals of the request itself, for a right or a key */
	int64_t since_ms;           /* running clock: when it was taken up */
	bool is_told;               /* people know that it does not get through */
	bool has_waited;    /* for the channel's distance between two refunds of an order */
};

/* The certificates of one channel, for those that come over the network. */
struct zg_fetch {
	struct zg_teller *teller;
	enum zg_channel channel;
	struct zg_http_call *call;
	uint64_t timer;
	int64_t asked_ms, due_ms;    /* running clock: of the last request, and of the next one */
	int host, tries;
};

struct zg_teller {
	struct zg_teller_parts parts;
	struct zg_fetch fetches[ZG_CHANNELS];
	uint64_t daily;               /* timer of the look at what ends */
	struct zg_affair *affairs;
	struct zg_return *returns;
	uint64_t load;                /* timer: libcurl is loaded; 0: it was, or is not needed */
	int64_t date_ms, dated_ms;    /* a channel's time, and the running clock when it came; 0: none came yet */
};

/* What happened to a payment: one thing to write and to show. */
struct zg_news {
	const char *call;                      /* the word in the books */
	enum zg_pay_event event;
	const struct zg_pay_answer *answer;    /* NULL: nothing was read */
	const struct zg_http_reply *reply;     /* NULL: nobody answered */
	const char *words;                     /* for people; NULL: those of the answer */
};

/* teller_ask.c: sends one request about a payment; its answer ends in zg_affair_news. Nothing when one is under way. */
void zg_affair_ask(struct zg_affair *affair, enum zg_pay_call call);
/* teller_ask.c: the reply's clock against ours. */
void zg_teller_note_date(struct zg_teller *teller, const struct zg_http_reply *reply);
const char *zg_pay_call_name(enum zg_pay_call call);

/* teller_step.c: writes what happened with the step that follows, then goes on: asks, waits, cancels, or lets the affair go. */
void zg_affair_news(struct zg_affair *affair, const struct zg_news *news);
/* teller_step.c: what is due now; called by the timer, and after every news. */
void zg_affair_go_on(struct zg_affair *affair);

/* teller_step.c: until it is taken back by itself; 0: it is being, or nobody knows. */
int64_t zg_affair_cancel_ms(const struct zg_affair *affair);

/* teller.c: the affair is over: taken out of the list and freed. */
void zg_affair_end(struct zg_affair *affair);

/* teller_refund.c */
void zg_returns_load(struct zg_teller *teller);
void zg_returns_free(struct zg_teller *teller);
void zg_return_leave(struct zg_teller *teller, int64_t refund_id);    /* nothing when it is not under way */

/* teller_keys.c. soon: an answer was signed with a key that we do not have. */
void zg_fetches_begin(struct zg_teller *teller);
void zg_fetches_end(struct zg_teller *teller);
void zg_fetch_soon(struct zg_teller *teller, enum zg_channel channel);
#endif
