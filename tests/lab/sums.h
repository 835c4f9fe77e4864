/*
 * The figures of a shift or a day as the lab adds them up: from what was acknowledged (oracle.h) and from the journal alone
 * (ledger.h). Names are those of the till's Z, so that the three can be laid beside each other; the adding up is the lab's own.
 *
 * A new figure is a word here and its name in sums.c; whoever counts it adds to it.
 */
#ifndef ZG_TESTS_LAB_SUMS_H
#define ZG_TESTS_LAB_SUMS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sum {
	SUM_SALES, SUM_REFUNDS, SUM_GROSS, SUM_LINE_DISCOUNT, SUM_SALE_DISCOUNT, SUM_ROUNDING, SUM_SOLD, SUM_RETURNED, SUM_REFUND_ROUNDING,
	SUM_REFUNDED, SUM_VOIDS, SUM_VOID, SUM_REMOVED_LINES, SUM_REMOVED, SUM_NO_SALES, SUM_CASH_INS, SUM_CASH_OUTS, SUM_CASH_IN, SUM_CASH_OUT,
	SUM_FLOAT, SUM_COUNTS, SUM_COUNTED, SUM_OVER,
	SUMS
};

#define SUMS_KINDS 6     /* of tenders, by the words of the store */
#define SUMS_RATES 64
#define SUMS_CASH  0

struct sums {
	int64_t figure[SUMS];
	int64_t kept[SUMS_KINDS], given[SUMS_KINDS];
	struct {
		int64_t rate_bp, gross, net, tax;
	} taxes[SUMS_RATES];                          /* ascending by rate */
	size_t rates;
	/* told by slips, not kept in the Z row */
	int64_t discounts, overrides, reprints;
};

/* -1: no such word. */
int sums_kind(const char *word);
void sums_tax(struct sums *sums, int64_t rate_bp, int64_t net, int64_t tax);    /* negative for what went back */
void sums_add(struct sums *sums, const struct sums *more);
/* What should lie in the drawer. */
int64_t sums_expected(const struct sums *sums);
int64_t sums_takings(const struct sums *sums);

/* The figures of a Z as the till writes them into its row and into the journal. False: one is missing. */
bool sums_read(struct sums *sums, const json_t *totals);
/* The first figure that differs, as a sentence in words; NULL: none. Only what a Z row holds. */
const char *sums_difference(const struct sums *ours, const struct sums *theirs, char words[200]);
/* The same for the document of an X or a Z, whether of a shift or a day. */
const char *sums_document(const struct sums *ours, const json_t *document, char words[200]);
#endif
