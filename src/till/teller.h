/*
 * The teller: everything that is under way with the payment channels. It sends, asks, cancels and gives back, by the drivers' time tables,
 * until each payment has its end, whatever the screen does meanwhile; selling never waits for it.
 *
 * What a channel says is written with the step that follows from it, and a payment that is proved closes its sale in the same transaction
 * (parts.paid). At the start the teller takes up what the last run left and asks how it ended.
 */
#ifndef ZG_TILL_TELLER_H
#define ZG_TILL_TELLER_H

#include "src/base/log.h"
#include "src/io/loop.h"
#include "src/store/pay_refunds.h"
#include "src/store/payments.h"
#include "src/store/store.h"
#include "src/till/accounts.h"

#define ZG_TELLER_WORDS ZG_ERROR_TEXT
#define ZG_TELLER_SKEW_MS 240000    /* a clock further off than that from a channel's begins no payment (channels refuse at 300 s) */

struct zg_teller;

enum zg_return_news {
	ZG_RETURN_SAME,     /* its state is as before */
	ZG_RETURN_MOVED,    /* another than before */
	ZG_RETURN_SLOW,     /* as before, and so for so long, or refused so often for its settings, that people should know; once a run */
};

/* All borrowed for as long as the teller; log may be NULL. */
struct zg_teller_parts {
	struct zg_store *store;
	struct zg_loop *loop;
	const struct zg_clock *clock;
	struct zg_log *log;
	const struct zg_accounts *accounts;
	const char *title;         /* what customers read: the shop's name */
	int till_id;
	/*
	 * Inside the transaction that makes a payment paid: closes its sale when that is complete now, or adds the refund of one that came too
	 * late. Anything but ZG_OK rolls it all back, and the channel is asked again later.
	 */
	enum zg_result (*paid)(void *self, const struct zg_payment *payment, struct zg_error *err);
	/* After a commit, or when something that screens show has changed; runs in the loop. */
	void (*changed)(void *self, const struct zg_payment *payment);
	/* A sentence that must be seen, at the start and once a day while it is so; runs in the loop, or in zg_teller_new. NULL: nobody to tell. */
	void (*warn)(void *self, const char *sentence);
	/* The same of money that goes back. */
	void (*returned)(void *self, const struct zg_payment *payment, const struct zg_pay_refund *refund, enum zg_return_news news);
	void *self;
};

/* Takes up what the last run left under way. No transaction may be open. Never NULL. */
struct zg_teller *zg_teller_new(const struct zg_teller_parts *parts);
/* What is under way stays so in the books. NULL is allowed. */
void zg_teller_free(struct zg_teller *teller);

/*
 * Whether a payment may begin: ZG_INVALID when the clock is too far off a channel's, with a sentence.
 */
enum zg_result zg_teller_may_begin(const struct zg_teller *teller, struct zg_error *err);
/*
 * A payment that the books have as SENT, committed: its request leaves now. code: the customer's digits, "" when ours is to be shown;
 * copied, and wiped once it is sent.
 */
void zg_teller_begin(struct zg_teller *teller, const struct zg_payment *payment, const char *code);
/* Takes it back as soon as the channel allows it. False: it is not under way. */
bool zg_teller_cancel(struct zg_teller *teller, int64_t payment_id);
/* Asks now; one that is to be settled by hand too, once. False: nobody to ask, or it is over. */
bool zg_teller_ask(struct zg_teller *teller, int64_t payment_id);
/* People have ended what their row is of, a payment or a refund, in the books: it is asked about no more. 0: none. */
void zg_teller_leave(struct zg_teller *teller, int64_t payment_id, int64_t refund_id);
/* People have taken over a refund that was under way, in the books: it is not sent again, only asked about until they have settled it. */
void zg_teller_stop(struct zg_teller *teller, int64_t refund_id);
/* Refunds that are new in the books, committed: they begin. */
void zg_teller_refund(struct zg_teller *teller);

/* ---- what screens read ---- */

struct zg_paying {
	struct zg_payment payment;
	int64_t gone_ms;                   /* since its request left */
	int64_t next_ms;                   /* until it is asked about or cancelled; 0: an answer is awaited now */
	int64_t cancel_ms;                 /* until it is taken back by itself; 0: it is being taken back, or nobody knows when */
	bool is_cancel_wanted;
	char words[ZG_TELLER_WORDS];       /* what came last, a sentence; "" */
	char url[ZG_PAY_URL];              /* of a code that we show; "" */
};

/* A code that the customer may scan now: nobody is to scan what is over or being taken back. */
bool zg_paying_is_shown(const struct zg_paying *paying);
/* Whether people may go on without it: it may stay unknown for hours, or nobody will ever take it back, for its channel is gone from the settings. */
bool zg_paying_may_be_let_go(const struct zg_paying *paying);
/* ZG_NOT_FOUND without err: it is not under way. */
enum zg_result zg_teller_look(const struct zg_teller *teller, int64_t payment_id, struct zg_paying *paying);
/* The same of the newest one of a sale that may still be paid. */
enum zg_result zg_teller_look_sale(const struct zg_teller *teller, int64_t sale_id, struct zg_paying *paying);
size_t zg_teller_count(const struct zg_teller *teller);     /* payments under way */
/* How far our clock is ahead of a channel's, ms, by what its last answer said; 0 before there was one. */
int64_t zg_teller_skew(const struct zg_teller *teller);
#endif
