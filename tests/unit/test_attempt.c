/* The rules of an attempt to get paid by phone: stories that happen at a counter, and what holds whatever happens. */
#include "src/shop/attempt.h"

#include "src/base/crypt.h"
#include "tests/unit/chance.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

static struct zg_attempt play(const enum zg_pay_event *events, size_t count)
{
	struct zg_attempt attempt = { .state = ZG_PAY_NEW };

	for (size_t i = 0; i < count; i++)
		zg_attempt_step(&attempt, events[i]);
	return attempt;
}

struct story {
	const char *words;
	enum zg_pay_event events[8];
	size_t count;
	enum zg_pay_state state;
	bool is_free;
};

#define TOLD(...) { __VA_ARGS__ }, sizeof((enum zg_pay_event[]){ __VA_ARGS__ }) / sizeof(enum zg_pay_event)

static const struct story stories[] = {
	{ "paid at once", TOLD(ZG_EVENT_SEND, ZG_EVENT_PAID), ZG_PAY_PAID, false },
	{ "a password, then paid", TOLD(ZG_EVENT_SEND, ZG_EVENT_WAITING, ZG_EVENT_UNPAID, ZG_EVENT_PAID), ZG_PAY_PAID, false },
	{ "no answer, the query knows", TOLD(ZG_EVENT_SEND, ZG_EVENT_DOUBT, ZG_EVENT_MISSING, ZG_EVENT_PAID), ZG_PAY_PAID, false },
	{ "no answer at all, taken back", TOLD(ZG_EVENT_SEND, ZG_EVENT_DOUBT, ZG_EVENT_DOUBT, ZG_EVENT_CANCEL, ZG_EVENT_DOUBT, ZG_EVENT_CANCELLED), ZG_PAY_CANCELLED, true },
	{ "the network is down", TOLD(ZG_EVENT_SEND, ZG_EVENT_NOT_SENT), ZG_PAY_REFUSED, true },
	{ "an expired code frees the counter with the first query", TOLD(ZG_EVENT_SEND, ZG_EVENT_DECLINED, ZG_EVENT_MISSING), ZG_PAY_UNKNOWN, true },
	{ "a decline that nobody confirmed does not", TOLD(ZG_EVENT_SEND, ZG_EVENT_DECLINED), ZG_PAY_UNKNOWN, false },
	{ "a query that knows of the refusal confirms it", TOLD(ZG_EVENT_SEND, ZG_EVENT_DECLINED, ZG_EVENT_DECLINED), ZG_PAY_UNKNOWN, true },
	{ "a refusal that only one query told does not yet", TOLD(ZG_EVENT_SEND, ZG_EVENT_WAITING, ZG_EVENT_DECLINED), ZG_PAY_UNKNOWN, false },
	{ "refused twice, and paid all the same", TOLD(ZG_EVENT_SEND, ZG_EVENT_DECLINED, ZG_EVENT_DECLINED, ZG_EVENT_PAID), ZG_PAY_PAID, false },
	{ "nor does a query before the decline", TOLD(ZG_EVENT_SEND, ZG_EVENT_DOUBT, ZG_EVENT_UNPAID), ZG_PAY_UNKNOWN, false },
	{ "declined, free, and paid all the same", TOLD(ZG_EVENT_SEND, ZG_EVENT_DECLINED, ZG_EVENT_UNPAID, ZG_EVENT_PAID), ZG_PAY_PAID, false },
	{ "declined and still unknown to the channel", TOLD(ZG_EVENT_SEND, ZG_EVENT_DECLINED, ZG_EVENT_MISSING, ZG_EVENT_GONE), ZG_PAY_REFUSED, true },
	{ "declined, then reversed", TOLD(ZG_EVENT_SEND, ZG_EVENT_DECLINED, ZG_EVENT_CANCEL, ZG_EVENT_CANCELLED), ZG_PAY_REFUSED, true },
	{ "unknown to the channel is no end by itself", TOLD(ZG_EVENT_SEND, ZG_EVENT_DOUBT, ZG_EVENT_GONE), ZG_PAY_UNKNOWN, false },
	{ "paid while it was being cancelled", TOLD(ZG_EVENT_SEND, ZG_EVENT_WAITING, ZG_EVENT_CANCEL, ZG_EVENT_PAID), ZG_PAY_PAID, false },
	{ "a code that nobody scanned", TOLD(ZG_EVENT_SEND, ZG_EVENT_WAITING, ZG_EVENT_CANCEL, ZG_EVENT_TAKEN, ZG_EVENT_MISSING), ZG_PAY_CANCELLING, false },
	{ "and is not known later either", TOLD(ZG_EVENT_SEND, ZG_EVENT_WAITING, ZG_EVENT_CANCEL, ZG_EVENT_TAKEN, ZG_EVENT_GONE), ZG_PAY_CANCELLED, true },
	{ "a cancelling that nobody accepted", TOLD(ZG_EVENT_SEND, ZG_EVENT_DOUBT, ZG_EVENT_CANCEL, ZG_EVENT_DOUBT, ZG_EVENT_GONE), ZG_PAY_CANCELLING, false },
	{ "another amount", TOLD(ZG_EVENT_SEND, ZG_EVENT_MISMATCH), ZG_PAY_MANUAL, false },
	{ "a week without an answer", TOLD(ZG_EVENT_SEND, ZG_EVENT_DOUBT, ZG_EVENT_CANCEL, ZG_EVENT_LIMIT), ZG_PAY_MANUAL, false },
	{ "people asked once more", TOLD(ZG_EVENT_SEND, ZG_EVENT_DOUBT, ZG_EVENT_LIMIT, ZG_EVENT_PAID), ZG_PAY_PAID, false },
	{ "a week, then closed: was it given back?", TOLD(ZG_EVENT_SEND, ZG_EVENT_DOUBT, ZG_EVENT_LIMIT, ZG_EVENT_CLOSED), ZG_PAY_MANUAL, false },
	{ "the channel contradicts itself", TOLD(ZG_EVENT_SEND, ZG_EVENT_WAITING, ZG_EVENT_CLOSED, ZG_EVENT_PAID), ZG_PAY_MANUAL, false },
	{ "a wrong key", TOLD(ZG_EVENT_SEND, ZG_EVENT_WRONG), ZG_PAY_REFUSED, true },
	{ "a wrong key of a query proves nothing", TOLD(ZG_EVENT_SEND, ZG_EVENT_DOUBT, ZG_EVENT_WRONG), ZG_PAY_UNKNOWN, false },
	{ "killed before it was sent", TOLD(ZG_EVENT_START), ZG_PAY_CANCELLED, true },
	{ "killed while it was sent", TOLD(ZG_EVENT_SEND, ZG_EVENT_START), ZG_PAY_UNKNOWN, false },
	{ "killed while it was cancelled", TOLD(ZG_EVENT_SEND, ZG_EVENT_DOUBT, ZG_EVENT_CANCEL, ZG_EVENT_START), ZG_PAY_CANCELLING, false },
	{ "Esc while the request is under way waits for its answer", TOLD(ZG_EVENT_SEND, ZG_EVENT_CANCEL), ZG_PAY_SENT, false },
};

Test(attempt, stories_of_the_counter_end_as_they_must)
{
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		struct zg_attempt attempt = play(stories[i].events, stories[i].count);

		cr_expect(eq(str, (char *)zg_pay_state_name(attempt.state), (char *)zg_pay_state_name(stories[i].state)), "%s", stories[i].words);
		cr_expect(eq(int, attempt.is_free, stories[i].is_free), "%s", stories[i].words);
	}
}

static bool implies(bool first, bool second)
{
	return !first || second;
}

static bool is_unpaid_end(enum zg_pay_state state)
{
	return state == ZG_PAY_REFUSED || state == ZG_PAY_CANCELLED;
}

/* What was heard so far, kept apart from the attempt: the evidence. */
struct heard {
	bool paid, declined, agreed, ended, taken, wrong, not_sent;
};

static void hear(struct heard *heard, const struct zg_attempt *was, enum zg_pay_event event)
{
	bool is_open = !zg_pay_state_is_final(was->state) && was->state != ZG_PAY_NEW;

	heard->paid |= event == ZG_EVENT_PAID && was->state != ZG_PAY_NEW;
	heard->agreed |= heard->declined && is_open && (event == ZG_EVENT_UNPAID || event == ZG_EVENT_MISSING || event == ZG_EVENT_GONE ||
		event == ZG_EVENT_DECLINED);
	heard->declined |= event == ZG_EVENT_DECLINED && is_open;
	heard->ended |= event == ZG_EVENT_CLOSED || event == ZG_EVENT_CANCELLED;
	heard->ended |= event == ZG_EVENT_GONE && (heard->declined || heard->taken);
	heard->taken |= event == ZG_EVENT_TAKEN && was->state == ZG_PAY_CANCELLING;
	heard->wrong |= event == ZG_EVENT_WRONG;
	heard->not_sent |= event == ZG_EVENT_NOT_SENT || (was->state == ZG_PAY_NEW && (event == ZG_EVENT_CANCEL || event == ZG_EVENT_START));
}

Test(attempt, no_end_without_its_proof_whatever_happens)
{
	struct chance chance = chance_begin();

	for (long round = 0; round < chance_rounds(20000); round++) {
		struct zg_attempt attempt = { .state = ZG_PAY_NEW };
		struct heard heard = { false };

		for (int i = 0; i < 24; i++) {
			struct zg_attempt was = attempt;
			enum zg_pay_event event = i == 0 && round % 4 ? ZG_EVENT_SEND : (enum zg_pay_event)chance_between(&chance, 0, ZG_PAY_EVENTS - 1);
			bool changed = zg_attempt_step(&attempt, event);

			hear(&heard, &was, event);
			cr_assert(eq(int, changed, was.state != attempt.state || was.is_declined != attempt.is_declined ||
				     was.is_free != attempt.is_free || was.is_cancel_taken != attempt.is_cancel_taken));
			cr_assert(attempt.state != ZG_PAY_PAID || heard.paid, "paid by %s; ZG_SEED=%llu", zg_pay_event_name(event), (unsigned long long)chance.seed);
			cr_assert(was.state != ZG_PAY_PAID || attempt.state == ZG_PAY_PAID);
			cr_assert(implies(is_unpaid_end(attempt.state), heard.ended || heard.wrong || heard.not_sent),
				  "%s by %s; ZG_SEED=%llu", zg_pay_state_name(attempt.state), zg_pay_event_name(event), (unsigned long long)chance.seed);
			cr_assert(implies(is_unpaid_end(was.state), is_unpaid_end(attempt.state) || attempt.state == ZG_PAY_MANUAL));
			cr_assert(implies(attempt.is_free, is_unpaid_end(attempt.state) || (heard.agreed && !zg_pay_state_is_final(attempt.state))),
				  "free after %s; ZG_SEED=%llu", zg_pay_event_name(event), (unsigned long long)chance.seed);
			cr_assert(implies(heard.paid, attempt.state == ZG_PAY_PAID || attempt.state == ZG_PAY_MANUAL));
			cr_assert(was.state == ZG_PAY_NEW || attempt.state != ZG_PAY_NEW);
		}
	}
}

/* Once the channel has proved that money came, nothing ends it as if none had. */
Test(attempt, a_proved_payment_is_never_forgotten)
{
	for (int state = ZG_PAY_SENT; state < ZG_PAY_STATES; state++) {
		for (int after = 0; after < ZG_PAY_EVENTS; after++) {
			struct zg_attempt attempt = { .state = (enum zg_pay_state)state };

			zg_attempt_step(&attempt, ZG_EVENT_PAID);
			bool is_paid = attempt.state == ZG_PAY_PAID;

			cr_expect(is_paid || attempt.state == ZG_PAY_MANUAL);
			zg_attempt_step(&attempt, (enum zg_pay_event)after);
			cr_expect(implies(is_paid, attempt.state == ZG_PAY_PAID));
			cr_expect(implies(attempt.is_free, is_unpaid_end(attempt.state)));
		}
	}
}

/* Whatever a channel says back of what it was sent: only the code's own digits, wherever they stand, and only its last four stay. */
Test(attempt, no_whole_code_is_left_in_what_a_channel_said)
{
	static const struct { const char *text, *want; } cases[] = {
		{ "101 134567890123456789", "101 **************6789" }, { "134567890123456789", "**************6789" },
		{ "x134567890123456789x134567890123456789", "x**************6789x**************6789" },
		{ "99134567890123456789", "99**************6789" }, { "13456789012345678900", "**************678900" },
		{ "134567890123456788", "134567890123456788" }, { "13456789012345678", "13456789012345678" }, { "1345 67890123456789", "1345 67890123456789" },
		{ "付款码 134567890123456789 已过期", "付款码 **************6789 已过期" }, { "", "" }, { "4200002301202611250000000003", "4200002301202611250000000003" },
	};
	char hash[65], text[160];

	zg_sha256_hex(hash, "134567890123456789", 18);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "%s", cases[i].text);
		zg_pay_hide_code(text, hash);
		cr_expect(eq(str, text, (char *)cases[i].want), "%zu", i);
		snprintf(text, sizeof(text), "%s", cases[i].text);
		zg_pay_hide_code(text, "");
		cr_expect(eq(str, text, (char *)cases[i].text), "%zu", i);
	}
}

Test(attempt, words_go_there_and_back)
{
	for (int i = 0; i < ZG_PAY_STATES; i++) {
		enum zg_pay_state state = ZG_PAY_NEW;

		cr_expect(zg_pay_state_parse(zg_pay_state_name((enum zg_pay_state)i), &state) && state == (enum zg_pay_state)i);
	}
	for (int i = 0; i < ZG_WALLETS; i++) {
		enum zg_wallet wallet = ZG_WALLET_NONE;

		cr_expect(zg_wallet_parse(zg_wallet_name((enum zg_wallet)i), &wallet) && wallet == (enum zg_wallet)i);
	}
	for (int i = 0; i < ZG_CHANNELS; i++) {
		enum zg_channel channel = ZG_CHANNEL_WECHAT;

		cr_expect(zg_channel_parse(zg_channel_name((enum zg_channel)i), &channel) && channel == (enum zg_channel)i);
	}
	for (int i = 0; i < ZG_PAY_EVENTS; i++)
		for (int k = 0; k < i; k++)
			cr_expect(ne(str, (char *)zg_pay_event_name((enum zg_pay_event)i), (char *)zg_pay_event_name((enum zg_pay_event)k)));
	cr_expect(not(zg_pay_state_parse("lost", &(enum zg_pay_state){ 0 })));
	cr_expect(not(zg_wallet_parse("", &(enum zg_wallet){ 0 })));
	cr_expect(not(zg_channel_parse("none", &(enum zg_channel){ 0 })));
}
