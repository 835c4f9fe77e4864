/* One payment by phone with all that the books have of it, and how payments look in lists and in JSON; shared by the pay commands. */
#ifndef ZG_CLI_PAY_RECORD_H
#define ZG_CLI_PAY_RECORD_H

#include "src/base/buffer.h"
#include "src/base/json.h"
#include "src/store/pay_refunds.h"
#include "src/store/sales.h"

struct zg_pay_record {
	struct zg_payment payment;
	struct zg_sale_record sale;
	struct zg_payment_event *events;     /* oldest first; their texts are owned */
	size_t event_count;
	struct zg_pay_refund *refunds;
	size_t refund_count;
};

/* ZG_NOT_FOUND with a sentence: no such payment, by order number. *record is cleared by the caller in any case. */
enum zg_result zg_pay_record_fetch(const struct zg_store *store, const char *number, struct zg_pay_record *record, struct zg_error *err);
void zg_pay_record_clear(struct zg_pay_record *record);
/* The order number of the refund that an event is about; "": about the payment itself. Borrowed. */
const char *zg_pay_record_refund_no(const struct zg_pay_record *record, const struct zg_payment_event *event);

/* What a list has of a payment; the caller owns it. */
json_t *zg_payment_json(const struct zg_payment *payment);
json_t *zg_pay_refund_json(const struct zg_pay_refund *refund);
/* The same with everything else. */
json_t *zg_pay_record_json(const struct zg_pay_record *record);

/* "label: value" on a line of its own; nothing without a value, or a time of 0. */
void zg_pay_put(struct zg_buffer *text, const char *label, const char *value);
void zg_pay_put_time(struct zg_buffer *text, const char *label, int64_t at);

/* Words of events for people; those that we do not know stand as they are. */
const char *zg_pay_call_title(const char *call);
const char *zg_pay_event_title(const char *event);
const char *zg_pay_proof_title(const char *proof);
#endif
