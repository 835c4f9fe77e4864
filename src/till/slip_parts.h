/* What the files that build documents of slips share. Nobody else includes this. */
#ifndef ZG_TILL_SLIP_PARTS_H
#define ZG_TILL_SLIP_PARTS_H

#include "src/till/till.h"

/* What every document has. */
json_t *zg_slip_start(const struct zg_till *till, const char *cashier, int64_t at_ms);
/* The name a login stands for, as paper shows it; the login itself when nobody has it. */
enum zg_result zg_slip_person(const struct zg_till *till, const char *login, char name[ZG_NAME_MAX + 1], struct zg_error *err);
json_t *zg_slip_taxes(const struct zg_tax_total *taxes, size_t count);
/* The figures of a shift or day, but for the drawer's. */
void zg_slip_set_totals(json_t *document, const struct zg_totals *t);

/* What the shifts of a day come to together. */
struct zg_slip_day {
	struct zg_totals totals;
	struct zg_shift_span span;
	json_t *shifts;                   /* a member for each; the caller's, after a failure too */
	int64_t count, open;              /* in the sum; of the day and still open */
	int64_t opened_ms, closed_ms;     /* of the first and the last in the sum */
};
/* Of those that are closed; with_open: of the open one so far too. A day without a shift has a sum of nothing. */
enum zg_result zg_slip_sum_day(const struct zg_till *till, const char *day, bool with_open, struct zg_slip_day *sum, struct zg_error *err);
#endif
