#include "tests/lab/phones.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/json.h"
#include "src/store/pay_refunds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_number(const void *a, const void *b)
{
	return strcmp(((const struct phone_account *)a)->number, ((const struct phone_account *)b)->number);
}

static void take_line(struct phones *phones, const char *line, size_t length)
{
	json_t *row = zg_json_parse(line, length);
	zg_fen fen = zg_json_integer(row, "fen", 0);
	bool is_charge = strcmp(zg_json_string(row, "kind", ""), "charge") == 0;

	phones->all = zg_grow(phones->all, phones->count, &phones->room, sizeof(*phones->all));
	struct phone_account *account = &phones->all[phones->count++];

	*account = (struct phone_account){ .charged_fen = is_charge ? fen : 0, .returned_fen = is_charge ? 0 : fen, .charges = is_charge };
	snprintf(account->number, sizeof(account->number), "%s", zg_json_string(row, "number", ""));
	json_decref(row);
}

void phones_read(struct phones *phones, const char *text, size_t length)
{
	size_t used = 0;

	for (const char *at = text, *end; length > 0 && (end = memchr(at, '\n', length)) != NULL; at = end + 1) {
		take_line(phones, at, (size_t)(end - at));
		length -= (size_t)(end - at) + 1;
	}
	if (phones->count == 0)
		return;
	qsort(phones->all, phones->count, sizeof(phones->all[0]), by_number);
	for (size_t i = 1; i < phones->count; i++) {
		struct phone_account *last = &phones->all[used], *next = &phones->all[i];

		if (strcmp(last->number, next->number) != 0) {
			phones->all[++used] = *next;
			continue;
		}
		last->charged_fen += next->charged_fen;
		last->returned_fen += next->returned_fen;
		last->charges += next->charges;
	}
	phones->count = used + 1;
}

void phones_read_file(struct phones *phones, const char *path)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	struct zg_buffer text = { 0 };

	while (file && (length = getline(&line, &size, file)) > 0)
		zg_buffer_add(&text, line, (size_t)length);
	if (file)
		fclose(file);
	free(line);
	phones_read(phones, zg_buffer_text(&text), text.length);
	zg_buffer_clear(&text);
}

void phones_clear(struct phones *phones)
{
	free(phones->all);
	*phones = (struct phones){ 0 };
}

struct phone_account *phones_of(const struct phones *phones, const char *number)
{
	struct phone_account wanted = { .charges = 0 };

	snprintf(wanted.number, sizeof(wanted.number), "%s", number);
	return phones->count ? bsearch(&wanted, phones->all, phones->count, sizeof(phones->all[0]), by_number) : NULL;
}

static void compare_paid(const struct zg_store *store, const struct zg_payment *p, const struct phone_account *account, struct tally *tally,
			 struct phones_sum *sum)
{
	zg_fen left = 0, fen = account ? account->charged_fen - account->returned_fen : 0;

	tally_check(tally, zg_pay_refunds_left(store, p->id, &left, NULL) == ZG_OK, "the books cannot be read");
	tally_check(tally, account && account->charges == 1, "%s: called paid, and charged %d times", p->number, account ? account->charges : 0);
	tally_check(tally, fen == left, "%s: paid, %lld of it kept by the books, the customer was charged %lld", p->number, (long long)left, (long long)fen);
	sum->paid += left > 0;
	sum->late += left == 0;
}

static void compare_one(struct phones *phones, const struct zg_store *store, const struct zg_payment *p, bool may_be_open, struct tally *tally,
			struct phones_sum *sum)
{
	struct phone_account *account = phones_of(phones, p->number);
	zg_fen fen = account ? account->charged_fen - account->returned_fen : 0;

	if (account)
		account->is_ours = true;
	if (p->attempt.state == ZG_PAY_PAID) {
		compare_paid(store, p, account, tally, sum);
	} else if (p->attempt.state == ZG_PAY_MANUAL) {
		sum->manual++;
	} else if (!zg_pay_state_is_final(p->attempt.state)) {
		sum->open++;
		tally_check(tally, may_be_open, "%s is still %s", p->number, zg_pay_state_name(p->attempt.state));
	} else {
		tally_check(tally, fen == 0, "%s: %s, and the customer was charged %lld", p->number, zg_pay_state_name(p->attempt.state), (long long)fen);
		sum->unpaid++;
	}
}

void phones_compare(struct phones *phones, const struct zg_store *store, bool may_be_open, struct tally *tally, struct phones_sum *sum)
{
	struct zg_payment *payments = NULL;
	size_t count = 0;

	tally_check(tally, zg_payments_since(store, 0, 10000000, &payments, &count, NULL) == ZG_OK, "the books cannot be read");
	for (size_t i = 0; i < count; i++)
		compare_one(phones, store, &payments[i], may_be_open, tally, sum);
	free(payments);
}

void phones_compare_rest(const struct phones *phones, struct tally *tally)
{
	for (size_t i = 0; i < phones->count; i++)
		tally_check(tally, phones->all[i].is_ours, "a customer was charged under %s, which is not in the books", phones->all[i].number);
}

/* ---- customers, and what goes wrong ---- */

static const char *one_of(struct chance *chance, const char *const *words, size_t count)
{
	return words[chance_between(chance, 0, (int64_t)count - 1)];
}

const char *phones_plan(struct chance *chance)
{
	static const char *const plans[] = { "phone next pays", "phone next pays", "phone next pays", "phone next pays-after 4000", "phone next password 6000",
		"phone next password 50000", "phone next refuses", "phone next refuses-after 5000", "phone next vanishes", "phone next pays-late 70000",
		"phone next pays-at-cancel" };

	return one_of(chance, plans, sizeof(plans) / sizeof(plans[0]));
}

const char *phones_code(struct chance *chance)
{
	static const char *const codes[] = { "code wechat", "code alipay", "code unionpay" };

	return one_of(chance, codes, sizeof(codes) / sizeof(codes[0]));
}

void phones_spoil(void (*tell)(void *self, const char *line), void *self)
{
	static const char *const kinds[] = { "drop-before", "drop-after", "delay=20000", "truncate", "error-before=500", "error-after=500", "busy-before",
		"busy-after", "duplicate", "replay", "unsigned", "bad-signature", "wrong-serial", "altered", "wrong-merchant", "wrong-number", "hostile-text",
		"broken-utf8", "html", "redirect" };
	static const char *const calls[] = { "pay", "show", "query", "cancel", "close", "refund", "refund-query" };
	char line[96];

	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (size_t c = 0; c < sizeof(calls) / sizeof(calls[0]); c++) {
			snprintf(line, sizeof(line), "fault any %s %s 1%%", calls[c], kinds[k]);
			tell(self, line);
		}
}
