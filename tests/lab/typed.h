/*
 * Types the steps of a day (day.h) at the real program, on a pseudo-terminal, and looks at the screen; beside it the oracle, which says what
 * each must show. What is typed is what a cashier would type: scans, amounts, keys, reasons from a list.
 *
 * A step that the oracle says is refused is left out. A percentage is one of two digits. A count goes over the control socket,
 * as `zhanggui shift count`; the shift is closed at the counter, where the drawer is counted once more.
 */
#ifndef ZG_TESTS_LAB_TYPED_H
#define ZG_TESTS_LAB_TYPED_H

#include "tests/fault/run.h"
#include "tests/fault/tally.h"
#include "tests/lab/oracle.h"

/* What must be on paper under a receipt's number. */
struct typed_receipt {
	int64_t fen;
	bool is_refund;
	int copies;
};

struct typed {
	struct tally *tally;
	struct shop *shop;
	struct counter *counter;
	struct oracle *oracle;         /* all four borrowed */
	const char *pin;               /* of everybody; a file NAME.pin in the shop holds it too */
	struct typed_receipt *receipts;
	int64_t count, room;           /* of them; the first one's number is 1 */
	int64_t steps, done[DAY_WHATS], left_out;
	char keys[1000];               /* scans that are sent with the next ones, as a scanner in a hurry does */
};

/* False: the screen does not show what it must, and that was said. The step becomes the one that was typed. */
bool typed_step(struct typed *typed, struct day_step *step);
void typed_end(struct typed *typed);
/* An amount as it stands on screens and on paper. Lasts for three more calls. */
const char *typed_yuan(int64_t fen);
#endif
