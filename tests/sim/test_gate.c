/* What the gateways share: the customer, the faults, the ledger, the control language. */
#include "tests/sim/gate_bench.h"

#include "contrib/sim/gate_time.h"

#include "src/base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE "130061098828009406"

static struct gate_bench bench;

static void open_bench(void)
{
	gate_bench_open(&bench, GATE_BEGIN);
}

static void close_bench(void)
{
	gate_bench_close(&bench);
}

TestSuite(gate, .init = open_bench, .fini = close_bench);

/* ---- faults ---- */

Test(gate, a_fault_before_leaves_nothing_and_one_after_leaves_a_payment)
{
	static const struct { const char *fault; int wire; long charged; } cases[] = {
		{ "drop-before", GATE_DROPPED, 0 },   { "drop-after", GATE_DROPPED, 100 }, { "error-before", GATE_WHOLE, 0 },
		{ "error-after", GATE_WHOLE, 100 },   { "busy-before", GATE_WHOLE, 0 },    { "busy-after", GATE_WHOLE, 100 },
		{ "rate", GATE_WHOLE, 0 },            { "truncate", GATE_CUT, 100 },       { "drip", GATE_DRIPS, 100 },
		{ "html", GATE_WHOLE, 100 },          { "redirect", GATE_WHOLE, 100 },     { "huge", GATE_WHOLE, 100 },
		{ "delay=20000", GATE_WHOLE, 100 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *line = zg_print("fault any pay %s 1", cases[i].fault), *number = zg_print("POS01_%04zu", i), *code = zg_print("1300610988280094%02zu", i);

		gate_bench_obey(&bench, line);
		gate_codepay(&bench, number, code, 100);
		cr_expect(eq(int, bench.reply.wire, cases[i].wire), "%s", cases[i].fault);
		cr_expect(eq(long, gate_charged(&bench, number), cases[i].charged), "%s", cases[i].fault);
		cr_expect(eq(int, gate_query(&bench, number), cases[i].charged ? 200 : 404), "%s", cases[i].fault);
		free(line);
		free(number);
		free(code);
	}
}

Test(gate, a_held_request_is_carried_out_later)
{
	gate_bench_obey(&bench, "fault wechat pay hold=30000");
	gate_codepay(&bench, "POS01_HELD", CODE, 100);
	cr_expect(eq(long, (long)bench.reply.hold_ms, 30000));
	cr_expect(eq(int, gate_charges(&bench, "POS01_HELD"), 0));
}

Test(gate, a_request_delivered_twice_is_one_payment)
{
	gate_bench_obey(&bench, "fault wechat pay duplicate");
	gate_codepay(&bench, "POS01_TWICE", CODE, 100);
	cr_expect(eq(int, bench.reply.status, 400), "the till hears the second answer");
	cr_expect(eq(str, (char *)gate_code_of(&bench), "ORDERPAID"));
	cr_expect(eq(int, gate_charges(&bench, "POS01_TWICE"), 1));
}

Test(gate, an_earlier_answer_comes_again)
{
	gate_codepay(&bench, "POS01_FIRST", CODE, 100);
	gate_query(&bench, "POS01_FIRST");
	gate_bench_obey(&bench, "fault wechat query replay");
	gate_query(&bench, "POS01_OTHER");
	cr_expect(bench.is_signed);
	cr_expect(eq(str, (char *)gate_says(&bench, "out_trade_no"), "POS01_FIRST"));
}

Test(gate, lies_are_rightly_signed)
{
	gate_codepay(&bench, "POS01_FIRST", CODE, 100);
	gate_bench_obey(&bench, "fault any query wrong-amount");
	gate_query(&bench, "POS01_FIRST");
	cr_expect(bench.is_signed);
	cr_expect(eq(long, gate_says_number(&bench, "amount.total"), 101));
	gate_bench_obey(&bench, "fault any query wrong-merchant");
	gate_query(&bench, "POS01_FIRST");
	cr_expect(bench.is_signed);
	cr_expect(eq(str, (char *)gate_says(&bench, "mchid"), "1900000109"));
	gate_bench_obey(&bench, "fault any query wrong-number");
	gate_query(&bench, "POS01_FIRST");
	cr_expect(ne(str, (char *)gate_says(&bench, "out_trade_no"), "POS01_FIRST"));
	gate_bench_obey(&bench, "fault any query text-numbers");
	gate_query(&bench, "POS01_FIRST");
	cr_expect(bench.is_signed);
	cr_expect(eq(str, (char *)gate_says(&bench, "amount.total"), "100"));
	gate_bench_obey(&bench, "fault any query hostile-text");
	gate_query(&bench, "POS01_FIRST");
	cr_expect(gate_says(&bench, "trade_state_desc")[0] == '\x1b');
	gate_bench_obey(&bench, "fault any query broken-utf8");
	gate_query(&bench, "POS01_FIRST");
	cr_expect(bench.is_signed);
	cr_expect(bench.json == NULL);
}

Test(gate, faults_come_as_often_as_ordered)
{
	struct zg_buffer answer = { 0 };
	int dropped = 0;

	gate_bench_obey(&bench, "fault wechat query drop-before 2");
	for (int i = 0; i < 5; i++) {
		gate_query(&bench, "POS01_FIRST");
		dropped += bench.reply.wire == GATE_DROPPED;
	}
	cr_expect(eq(int, dropped, 2));
	gate_bench_obey(&bench, "fault wechat query drop-before 50%");
	for (int i = 0; i < 200; i++) {
		gate_query(&bench, "POS01_FIRST");
		dropped += bench.reply.wire == GATE_DROPPED;
	}
	cr_expect(dropped > 70 && dropped < 130, "%d", dropped);
	gate_bench_obey(&bench, "fault off");
	gate_query(&bench, "POS01_FIRST");
	cr_expect(eq(int, bench.reply.wire, GATE_WHOLE));
	cr_assert(gate_obey(bench.gate, "faults", &answer));
	char *line = zg_print("wechat query drop-before %d\n", dropped);

	cr_expect(eq(str, answer.bytes, line));
	free(line);
	zg_buffer_clear(&answer);
}

Test(gate, the_same_seed_makes_the_same_day)
{
	char *days[2];

	for (int d = 0; d < 2; d++) {
		gate_bench_close(&bench);
		gate_bench_open(&bench, GATE_BEGIN);
		gate_bench_obey(&bench, "phone random");
		for (int i = 0; i < 60; i++) {
			char *number = zg_print("POS01_%04d", i), *code = zg_print("13006109882800%04d", i);

			gate_codepay(&bench, number, code, 100 + i);
			gate_bench_pass(&bench, 3000);
			free(number);
			free(code);
		}
		gate_bench_pass(&bench, 100000);
		gate_run(bench.gate);
		days[d] = zg_copy(zg_buffer_text(&bench.gate->ledger.lines));
	}
	cr_expect(eq(str, days[0], days[1]));
	cr_expect(bench.gate->ledger.count > 30 && bench.gate->ledger.count < 60, "%ld", (long)bench.gate->ledger.count);
	free(days[0]);
	free(days[1]);
}

/* ---- the customer ---- */

Test(gate, the_phone_does_as_it_is_told_while_a_payment_runs)
{
	gate_bench_obey(&bench, "phone vanishes");
	gate_codepay(&bench, "POS01_ONE", CODE, 100);
	gate_bench_obey(&bench, "phone now pays");
	cr_expect(eq(int, gate_charges(&bench, "POS01_ONE"), 1));
	gate_codepay(&bench, "POS01_TWO", "130061098828009407", 100);
	gate_bench_obey(&bench, "phone now refuses");
	gate_query(&bench, "POS01_TWO");
	cr_expect(eq(str, (char *)gate_says(&bench, "trade_state"), "PAYERROR"));
	gate_bench_obey(&bench, "phone next pays");
	gate_codepay(&bench, "POS01_THREE", "130061098828009408", 100);
	cr_expect(eq(int, gate_charges(&bench, "POS01_THREE"), 1));
	gate_codepay(&bench, "POS01_FOUR", "130061098828009409", 100);
	cr_expect(eq(int, gate_charges(&bench, "POS01_FOUR"), 0), "next is for one order");
}

Test(gate, knows_payment_codes_by_prefix_and_length)
{
	json_t *all = gate_fixture("payment_code_classification.json"), *list = json_object_get(all, "cases");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		const char *wallet = gate_code_wallet(zg_json_string(one, "code", "")), *wanted = zg_json_string(one, "wallet", "");

		cr_expect(eq(int, strcasecmp(wallet ? wallet : "", wanted), 0), "%s", zg_json_string(one, "code", ""));
	}
	cr_expect(eq(sz, json_array_size(list), 22));
	json_decref(all);
}

Test(gate, refuses_words_that_it_does_not_know)
{
	static const char *const cases[] = {
		"", "phone", "phone sleeps", "phone pays soon", "phone pays-after -1", "fault", "fault wechat", "fault wechat query", "fault paypal query drop-after",
		"fault wechat query nothing", "fault wechat query none", "fault wechat query drop-after 0", "fault wechat query drop-after 101%",
		"fault wechat query delay=x", "set pin-above", "set pin-above -1", "set nothing 1", "set read-lag 2", "code paypal", "orders NOBODY", "dance",
	};
	struct zg_buffer answer = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect(not(gate_obey(bench.gate, cases[i], &answer)), "%s", cases[i]);
	zg_buffer_clear(&answer);
}

/* ---- small things ---- */

Test(gate, times_are_gmt_plus_8_and_only_of_their_form)
{
	static const struct { enum gate_form form; const char *good, *bad; } cases[] = {
		{ GATE_RFC3339, "2026-04-01T10:00:00+08:00", "2026-04-01T10:00:00Z" }, { GATE_PLAIN, "2026-04-01 10:00:00", "2026-02-30 10:00:00" },
		{ GATE_DIGITS, "20260401100000", "20260401246000" },                    { GATE_DAY, "2026-04-01", "2026-4-1" },
	};
	char text[GATE_TIME];
	int64_t at;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_expect(eq(str, (char *)gate_time(text, cases[i].form, GATE_BEGIN), (char *)cases[i].good));
		cr_assert(gate_time_read(cases[i].good, cases[i].form, &at));
		cr_expect(eq(long, (long)at, cases[i].form == GATE_DAY ? GATE_BEGIN - 36000000 : GATE_BEGIN));
		cr_expect(not(gate_time_read(cases[i].bad, cases[i].form, &at)), "%s", cases[i].bad);
	}
}
