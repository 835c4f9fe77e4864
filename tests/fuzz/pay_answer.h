/* What must be so of any driver's reading of any answer. */
#ifndef ZG_TESTS_FUZZ_PAY_ANSWER_H
#define ZG_TESTS_FUZZ_PAY_ANSWER_H

#include "src/base/text.h"
#include "src/io/pay.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static inline void check_text(const char *name, const char *text, size_t size)
{
	fuzz_check(memchr(text, '\0', size) != NULL, "%s does not end", name);
	fuzz_check(zg_text_is_clean(text, strlen(text), NULL, NULL), "%s is not clean: %s", name, text);
}

static inline bool needs_no_proof(enum zg_pay_call call, enum zg_pay_says says)
{
	return says == ZG_SAYS_UNKNOWN || says == ZG_SAYS_WRONG || (call == ZG_CALL_BILL_FILE && says == ZG_SAYS_DONE);
}

static inline void check_answer(enum zg_pay_call call, const struct zg_pay_answer *answer)
{
	fuzz_check((unsigned)answer->says < ZG_PAY_SAYS && (unsigned)answer->proof <= ZG_PROVED_STALE, "an answer that cannot be");
	fuzz_check(answer->proof == ZG_PROVED_VERIFIED || needs_no_proof(call, answer->says), "%s without a proof", zg_pay_says_name(answer->says));
	fuzz_check(answer->amount_fen >= -1 && answer->refund_fen >= -1 && answer->paid_at >= 0, "an amount or a time below nothing");
	fuzz_check((answer->says == ZG_SAYS_SHOWN) <= (answer->url[0] != '\0'), "nothing to show");
#define TEXT(member) check_text(#member, answer->member, sizeof(answer->member))
	TEXT(number);
	TEXT(refund_no);
	TEXT(channel_no);
	TEXT(refund_channel_no);
	TEXT(statement_no);
	TEXT(code);
	TEXT(text);
	TEXT(request_id);
	TEXT(serial);
	TEXT(payer);
	TEXT(url);
	TEXT(hash);
#undef TEXT
}
#endif
