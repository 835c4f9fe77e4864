#include "tests/lab/sums.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const names[SUMS] = {
	[SUM_SALES] = "sales", [SUM_REFUNDS] = "refunds", [SUM_GROSS] = "gross_fen", [SUM_LINE_DISCOUNT] = "line_discount_fen",
	[SUM_SALE_DISCOUNT] = "sale_discount_fen", [SUM_ROUNDING] = "rounding_fen", [SUM_SOLD] = "sold_fen", [SUM_RETURNED] = "returned_fen",
	[SUM_REFUND_ROUNDING] = "refund_rounding_fen", [SUM_REFUNDED] = "refunded_fen", [SUM_VOIDS] = "voids", [SUM_VOID] = "void_fen",
	[SUM_REMOVED_LINES] = "removed_lines", [SUM_REMOVED] = "removed_fen", [SUM_NO_SALES] = "no_sales", [SUM_CASH_INS] = "cash_ins",
	[SUM_CASH_OUTS] = "cash_outs", [SUM_CASH_IN] = "cash_in_fen", [SUM_CASH_OUT] = "cash_out_fen", [SUM_FLOAT] = "float_fen",
	[SUM_COUNTS] = "counts", [SUM_COUNTED] = "counted_fen", [SUM_OVER] = "over_fen",
};

static const char *const kinds[SUMS_KINDS] = { "cash", "wechat", "alipay", "unionpay", "card", "other" };

int sums_kind(const char *word)
{
	for (int i = 0; word && i < SUMS_KINDS; i++)
		if (strcmp(word, kinds[i]) == 0)
			return i;
	return -1;
}

static void add_tax(struct sums *sums, int64_t rate_bp, int64_t gross, int64_t net, int64_t tax)
{
	size_t at = 0;

	while (at < sums->rates && sums->taxes[at].rate_bp < rate_bp)
		at++;
	if (at == sums->rates || sums->taxes[at].rate_bp != rate_bp) {
		if (sums->rates == SUMS_RATES)
			return;    /* the sums then differ, which is told */
		memmove(&sums->taxes[at + 1], &sums->taxes[at], (sums->rates - at) * sizeof(sums->taxes[0]));
		memset(&sums->taxes[at], 0, sizeof(sums->taxes[0]));
		sums->taxes[at].rate_bp = rate_bp;
		sums->rates++;
	}
	sums->taxes[at].gross += gross;
	sums->taxes[at].net += net;
	sums->taxes[at].tax += tax;
}

void sums_tax(struct sums *sums, int64_t rate_bp, int64_t net, int64_t tax)
{
	add_tax(sums, rate_bp, net + tax, net, tax);
}

void sums_add(struct sums *sums, const struct sums *more)
{
	for (int i = 0; i < SUMS; i++)
		sums->figure[i] += more->figure[i];
	for (int i = 0; i < SUMS_KINDS; i++) {
		sums->kept[i] += more->kept[i];
		sums->given[i] += more->given[i];
	}
	for (size_t i = 0; i < more->rates; i++)
		add_tax(sums, more->taxes[i].rate_bp, more->taxes[i].gross, more->taxes[i].net, more->taxes[i].tax);
	sums->discounts += more->discounts;
	sums->overrides += more->overrides;
	sums->reprints += more->reprints;
}

int64_t sums_expected(const struct sums *sums)
{
	return sums->figure[SUM_FLOAT] + sums->kept[SUMS_CASH] - sums->given[SUMS_CASH] + sums->figure[SUM_CASH_IN] - sums->figure[SUM_CASH_OUT];
}

int64_t sums_takings(const struct sums *sums)
{
	return sums->figure[SUM_SOLD] - sums->figure[SUM_REFUNDED];
}

/* ---- the till's Z ---- */

static bool read_integer(const json_t *object, const char *name, int64_t *value)
{
	const json_t *member = json_object_get(object, name);

	*value = (int64_t)json_integer_value(member);
	return json_is_integer(member);
}

bool sums_read(struct sums *sums, const json_t *totals)
{
	const json_t *taxes = json_object_get(totals, "taxes");
	bool is_whole = json_is_array(taxes);

	memset(sums, 0, sizeof(*sums));
	for (int i = 0; i < SUMS; i++)
		is_whole &= read_integer(totals, names[i], &sums->figure[i]);
	for (int i = 0; i < SUMS_KINDS; i++) {
		is_whole &= read_integer(json_object_get(totals, "kept_fen"), kinds[i], &sums->kept[i]);
		is_whole &= read_integer(json_object_get(totals, "given_fen"), kinds[i], &sums->given[i]);
	}
	for (size_t i = 0; i < json_array_size(taxes); i++) {
		const json_t *row = json_array_get(taxes, i);
		int64_t rate, gross, net, tax;

		is_whole &= read_integer(row, "rate_bp", &rate);
		is_whole &= read_integer(row, "gross_fen", &gross);
		is_whole &= read_integer(row, "net_fen", &net);
		is_whole &= read_integer(row, "tax_fen", &tax);
		add_tax(sums, rate, gross, net, tax);
	}
	return is_whole;
}

static const char *differ(char words[200], const char *name, int64_t ours, int64_t theirs)
{
	snprintf(words, 200, "%s is %" PRId64 " by our sums, and %" PRId64 " by theirs", name, ours, theirs);
	return words;
}

static int64_t tax_of(const struct sums *sums, int64_t rate_bp, int part)
{
	for (size_t i = 0; i < sums->rates; i++)
		if (sums->taxes[i].rate_bp == rate_bp)
			return part == 0 ? sums->taxes[i].gross : part == 1 ? sums->taxes[i].net : sums->taxes[i].tax;
	return 0;
}

/* Rates that came to nothing may be a row or none. */
static const char *tax_difference(const struct sums *ours, const struct sums *theirs, const struct sums *rates, char words[200])
{
	static const char *const parts[] = { "gross at", "net at", "tax at" };
	char name[60];

	for (size_t i = 0; i < rates->rates; i++)
		for (int part = 0; part < 3; part++) {
			int64_t rate = rates->taxes[i].rate_bp, a = tax_of(ours, rate, part), b = tax_of(theirs, rate, part);

			snprintf(name, sizeof(name), "%s %" PRId64 " bp", parts[part], rate);
			if (a != b)
				return differ(words, name, a, b);
		}
	return NULL;
}

const char *sums_difference(const struct sums *ours, const struct sums *theirs, char words[200])
{
	for (int i = 0; i < SUMS; i++)
		if (ours->figure[i] != theirs->figure[i])
			return differ(words, names[i], ours->figure[i], theirs->figure[i]);
	for (int i = 0; i < SUMS_KINDS; i++) {
		if (ours->kept[i] != theirs->kept[i])
			return differ(words, kinds[i], ours->kept[i], theirs->kept[i]);
		if (ours->given[i] != theirs->given[i])
			return differ(words, kinds[i], ours->given[i], theirs->given[i]);
	}
	const char *found = tax_difference(ours, theirs, ours, words);

	return found ? found : tax_difference(ours, theirs, theirs, words);
}

const char *sums_document(const struct sums *ours, const json_t *document, char words[200])
{
	const json_t *cash = json_object_get(document, "cash"), *taxes = json_object_get(document, "taxes");
	const int64_t *f = ours->figure;
	const struct { const char *name; const json_t *object; int64_t value; } rows[] = {
		{ "sales_count", document, f[SUM_SALES] }, { "sales_fen", document, f[SUM_SOLD] },
		{ "refunds_count", document, f[SUM_REFUNDS] }, { "refunds_fen", document, f[SUM_REFUNDED] },
		{ "gross_fen", document, f[SUM_GROSS] }, { "discount_fen", document, f[SUM_LINE_DISCOUNT] + f[SUM_SALE_DISCOUNT] },
		{ "rounding_fen", document, f[SUM_ROUNDING] }, { "refund_rounding_fen", document, f[SUM_REFUND_ROUNDING] },
		{ "takings_fen", document, sums_takings(ours) }, { "invoiceable_fen", document, sums_takings(ours) },
		{ "voids_count", document, f[SUM_VOIDS] }, { "voids_fen", document, f[SUM_VOID] },
		{ "removed_count", document, f[SUM_REMOVED_LINES] }, { "removed_fen", document, f[SUM_REMOVED] },
		{ "no_sale_count", document, f[SUM_NO_SALES] }, { "discounts_count", document, ours->discounts },
		{ "overrides_count", document, ours->overrides }, { "reprints_count", document, ours->reprints },
		{ "float_fen", cash, f[SUM_FLOAT] }, { "sales_fen", cash, ours->kept[SUMS_CASH] }, { "refunds_fen", cash, ours->given[SUMS_CASH] },
		{ "in_fen", cash, f[SUM_CASH_IN] }, { "out_fen", cash, f[SUM_CASH_OUT] }, { "expected_fen", cash, sums_expected(ours) },
		{ "counted_fen", cash, f[SUM_COUNTED] }, { "difference_fen", cash, f[SUM_OVER] },
	};
	struct sums theirs = { .rates = 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t value;

		if (!read_integer(rows[i].object, rows[i].name, &value) || value != rows[i].value)
			return differ(words, rows[i].name, rows[i].value, value);
	}
	for (size_t i = 0; i < json_array_size(taxes); i++) {
		const json_t *row = json_array_get(taxes, i);

		sums_tax(&theirs, (int64_t)json_integer_value(json_object_get(row, "rate_bp")), (int64_t)json_integer_value(json_object_get(row, "net_fen")),
			 (int64_t)json_integer_value(json_object_get(row, "tax_fen")));
	}
	const char *found = tax_difference(ours, &theirs, ours, words);

	return found ? found : tax_difference(ours, &theirs, &theirs, words);
}
