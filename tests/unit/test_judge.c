/* What an answer of a channel means for a payment: only everything together makes it paid. */
#include "src/till/judge.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define NUMBER "P01251123000001ABCDEF"

static const struct zg_payment payment = { .number = NUMBER, .amount_fen = 4001 };

static struct zg_pay_answer answer_of(enum zg_pay_says says)
{
	struct zg_pay_answer answer = { .says = says, .proof = ZG_PROVED_VERIFIED, .number = NUMBER, .is_ours = true, .amount_fen = 4001 };

	return answer;
}

static void expect(enum zg_pay_call call, const struct zg_pay_answer *answer, enum zg_pay_event event, const char *why)
{
	cr_expect(eq(str, (char *)zg_pay_event_name(zg_judge(call, &payment, answer, 5000)), (char *)zg_pay_event_name(event)), "%s", why);
}

Test(judge, paid_needs_the_signature_the_merchant_the_number_and_the_amount)
{
	static const enum zg_pay_call calls[] = { ZG_CALL_CODE, ZG_CALL_SHOW, ZG_CALL_QUERY, ZG_CALL_CANCEL };

	for (size_t i = 0; i < 4; i++) {
		struct zg_pay_answer answer = answer_of(ZG_SAYS_PAID);

		expect(calls[i], &answer, ZG_EVENT_PAID, "all of it");
		answer.proof = ZG_PROVED_NOT_SIGNED;
		expect(calls[i], &answer, ZG_EVENT_DOUBT, "not signed");
		answer.proof = ZG_PROVED_FORGED;
		expect(calls[i], &answer, ZG_EVENT_DOUBT, "forged");
		answer.proof = ZG_PROVED_OTHER_KEY;
		expect(calls[i], &answer, ZG_EVENT_DOUBT, "another key");
		answer.proof = ZG_PROVED_STALE;
		expect(calls[i], &answer, ZG_EVENT_DOUBT, "stale");
		answer = answer_of(ZG_SAYS_PAID);
		answer.is_ours = false;
		expect(calls[i], &answer, ZG_EVENT_DOUBT, "another merchant");
		answer = answer_of(ZG_SAYS_PAID);
		answer.number[20] = 'G';
		expect(calls[i], &answer, ZG_EVENT_DOUBT, "another order");
		answer.number[0] = '\0';
		expect(calls[i], &answer, ZG_EVENT_DOUBT, "no order");
		answer = answer_of(ZG_SAYS_PAID);
		answer.amount_fen = 4002;
		expect(calls[i], &answer, ZG_EVENT_MISMATCH, "another amount");
		answer.amount_fen = -1;
		expect(calls[i], &answer, ZG_EVENT_DOUBT, "no amount");
	}
}

Test(judge, what_a_query_does_not_find_is_gone_only_after_a_while)
{
	struct zg_pay_answer answer = answer_of(ZG_SAYS_NOT_FOUND);

	answer.number[0] = '\0';
	cr_expect(eq(int, (int)zg_judge(ZG_CALL_QUERY, &payment, &answer, ZG_ATTEMPT_SETTLED_MS - 1), ZG_EVENT_MISSING));
	cr_expect(eq(int, (int)zg_judge(ZG_CALL_QUERY, &payment, &answer, ZG_ATTEMPT_SETTLED_MS), ZG_EVENT_GONE));
	cr_expect(eq(int, (int)zg_judge(ZG_CALL_CODE, &payment, &answer, ZG_ATTEMPT_SETTLED_MS), ZG_EVENT_DOUBT));
	/* a request that was lost made no order: WeChat's cancelling finds none either, and it would stand for a week */
	cr_expect(eq(int, (int)zg_judge(ZG_CALL_CANCEL, &payment, &answer, ZG_ATTEMPT_SETTLED_MS - 1), ZG_EVENT_DOUBT));
	cr_expect(eq(int, (int)zg_judge(ZG_CALL_CANCEL, &payment, &answer, ZG_ATTEMPT_SETTLED_MS), ZG_EVENT_TAKEN));
	struct zg_payment shown = payment;

	shown.way = ZG_WAY_SHOWN;    /* nobody has scanned it: there is no order */
	cr_expect(eq(int, (int)zg_judge(ZG_CALL_QUERY, &shown, &answer, 0), ZG_EVENT_GONE));
	cr_expect(eq(int, (int)zg_judge(ZG_CALL_CANCEL, &shown, &answer, 0), ZG_EVENT_TAKEN));
	answer.proof = ZG_PROVED_NOT_SIGNED;
	cr_expect(eq(int, (int)zg_judge(ZG_CALL_QUERY, &payment, &answer, ZG_ATTEMPT_SETTLED_MS), ZG_EVENT_DOUBT));
}

Test(judge, every_word_has_its_meaning_by_what_was_asked)
{
	static const struct { enum zg_pay_says says; enum zg_pay_event code, query, cancel; } cases[] = {
		{ ZG_SAYS_UNKNOWN, ZG_EVENT_DOUBT, ZG_EVENT_DOUBT, ZG_EVENT_DOUBT },
		{ ZG_SAYS_WAITING, ZG_EVENT_WAITING, ZG_EVENT_WAITING, ZG_EVENT_WAITING },
		{ ZG_SAYS_SHOWN, ZG_EVENT_WAITING, ZG_EVENT_WAITING, ZG_EVENT_WAITING },
		{ ZG_SAYS_NOT_PAID, ZG_EVENT_DOUBT, ZG_EVENT_UNPAID, ZG_EVENT_DOUBT },
		{ ZG_SAYS_DECLINED, ZG_EVENT_DECLINED, ZG_EVENT_DECLINED, ZG_EVENT_DECLINED },
		{ ZG_SAYS_BAD_CODE, ZG_EVENT_DECLINED, ZG_EVENT_DECLINED, ZG_EVENT_DECLINED },
		{ ZG_SAYS_CLOSED, ZG_EVENT_CLOSED, ZG_EVENT_CLOSED, ZG_EVENT_CLOSED },
		{ ZG_SAYS_CANCELLED, ZG_EVENT_CANCELLED, ZG_EVENT_CANCELLED, ZG_EVENT_CANCELLED },
		{ ZG_SAYS_CANCEL_AGAIN, ZG_EVENT_DOUBT, ZG_EVENT_DOUBT, ZG_EVENT_DOUBT },
		{ ZG_SAYS_TOO_LATE, ZG_EVENT_DOUBT, ZG_EVENT_DOUBT, ZG_EVENT_DOUBT },
		{ ZG_SAYS_NUMBER_USED, ZG_EVENT_DOUBT, ZG_EVENT_DOUBT, ZG_EVENT_DOUBT },
		{ ZG_SAYS_WRONG, ZG_EVENT_WRONG, ZG_EVENT_DOUBT, ZG_EVENT_DOUBT },
		{ ZG_SAYS_DONE, ZG_EVENT_DOUBT, ZG_EVENT_DOUBT, ZG_EVENT_TAKEN },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zg_pay_answer answer = answer_of(cases[i].says);

		expect(ZG_CALL_CODE, &answer, cases[i].code, zg_pay_says_name(cases[i].says));
		expect(ZG_CALL_QUERY, &answer, cases[i].query, zg_pay_says_name(cases[i].says));
		expect(ZG_CALL_CANCEL, &answer, cases[i].cancel, zg_pay_says_name(cases[i].says));
		/* about another order it means nothing, whatever it says, but for a request that was wrong */
		snprintf(answer.number, sizeof(answer.number), "P01251123000002ABCDEF");
		expect(ZG_CALL_QUERY, &answer, ZG_EVENT_DOUBT, "another order");
		answer = answer_of(cases[i].says);
		answer.proof = ZG_PROVED_FORGED;
		expect(ZG_CALL_CODE, &answer, ZG_EVENT_DOUBT, "forged");
	}
	struct zg_pay_answer wrong = answer_of(ZG_SAYS_WRONG);

	wrong.proof = ZG_PROVED_NOT_SIGNED;
	expect(ZG_CALL_SHOW, &wrong, ZG_EVENT_WRONG, "channels do not sign what they did not take");
}
