/*
 * What a printer sends back: never more is used than came, and the answers are the same whether the bytes come at once or one by
 * one. Input: a byte for the question that waits, then the bytes.
 */
#include "tests/fuzz/fuzz.h"

#include "drivers/printer/escpos_answer.h"

#include <string.h>

const struct fuzz_limits fuzz_limits = { 4096, 4 };

#define ANSWERS 256

struct heard {
	struct zg_printer_answer answers[ANSWERS];
	size_t count;
};

static void keep(struct heard *heard, const struct zg_printer_answer *answer)
{
	if (answer->kind == ZG_ANSWER_NONE)
		return;
	fuzz_check(answer->kind <= ZG_ANSWER_GO && answer->id <= 9999 && (answer->flags & ~answer->known) == 0, "an answer that cannot be");
	if (heard->count < ANSWERS)
		heard->answers[heard->count++] = *answer;
}

/* As the queue does: what was not used stays in front of what comes next. */
static void hear(const char *bytes, size_t length, size_t step, enum zg_printer_question asked, struct heard *heard)
{
	size_t at = 0, used;

	for (size_t end = step < length ? step : length; at < length || end < length; end = end + step < length ? end + step : length) {
		struct zg_printer_answer answer;

		while (at < end && (used = zg_escpos_read(bytes + at, end - at, asked, &answer)) > 0) {
			fuzz_check(used <= end - at, "%zu of %zu bytes were used", used, end - at);
			keep(heard, &answer);
			at += used;
		}
		if (end == length)
			break;
	}
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = { bytes, bytes + length };
	enum zg_printer_question asked = (enum zg_printer_question)(fuzz_byte(&input) % 6);
	struct heard whole = { .count = 0 }, slow = { .count = 0 };
	size_t left = (size_t)(input.end - input.at);

	hear(input.at, left, left, asked, &whole);
	hear(input.at, left, 1, asked, &slow);
	fuzz_check(whole.count == slow.count, "%zu answers at once, %zu byte by byte", whole.count, slow.count);
	for (size_t i = 0; i < whole.count; i++)
		fuzz_check(whole.answers[i].kind == slow.answers[i].kind && whole.answers[i].flags == slow.answers[i].flags &&
			   whole.answers[i].id == slow.answers[i].id, "answer %zu differs", i);
}
