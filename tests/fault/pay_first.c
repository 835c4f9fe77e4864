/*
 * Remember, then act: before the first byte of a request to a payment channel leaves, what it is about is on the disk. A shop and the gateways at work
 * in this process, every fifth answer spoilt, customers of all kinds; each request is held at the door while the books are read as a power cut
 * would leave them at that moment (tests/lab/synced.h). Its order number must stand there as sent, one that is being taken back as being
 * taken back, a refund as under way. P8. ZG_COUNT requests (400).
 */
#include "tests/lab/crew.h"
#include "tests/lab/customers.h"
#include "tests/lab/synced.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define A_SHOP 200    /* payments; then another shop is founded, so that the books to be read stay small */

struct trial {
	struct tally tally;
	struct customers customers;
	long looked, cancels, refunds;
};

#define CHECK(holds, ...) tally_check(&t->tally, holds, __VA_ARGS__)

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	printf("pay_first: %s\n0 passed, 1 failed\n", what);
	exit(1);
}

/* ---- at the door ---- */

/* A number of ours as src/store/payment_number.h makes them: P, R or C, till, day, row, six signs; or NULL. */
static const char *next_number(const char *text, const char *end, char number[40])
{
	static const char signs[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	for (; text < end; text++) {
		if (*text == '%' && end - text > 2)
			text += 3;    /* a quote mark in Alipay's form */
		size_t length = strspn(text, signs);

		if (length >= 21 && length < 33 && strchr("PRC", *text) && strspn(text + 1, "0123456789") >= 14) {
			snprintf(number, 40, "%.*s", (int)length, text);
			return text + length;
		}
		if (length > 0)
			text += length - 1;
	}
	return NULL;
}

static void look_up(struct trial *t, const char *number)
{
	int64_t row = 0;

	switch (number[0]) {
	case 'P':
		CHECK(synced_number("SELECT count(*) FROM payment WHERE number = :number AND state <> 'new' AND sent_at <> 0", number) == 1,
		      "request %ld is about %s, which is not on the disk as sent", t->looked, number);
		break;
	case 'R':
		t->refunds++;
		CHECK(synced_number("SELECT count(*) FROM pay_refund WHERE number = :number AND state <> 'new'", number) == 1,
		      "request %ld is about refund %s, which is not on the disk as under way", t->looked, number);
		break;
	default:
		/* of a revocation: its payment's row is in it */
		t->cancels++;
		must(sscanf(number + 9, "%6lld", (long long *)&row) == 1, "a revocation's number has no row");
		CHECK(synced_number("SELECT count(*) FROM payment WHERE id = CAST(substr(:number, 10, 6) AS INTEGER) AND state IN ('cancelling', 'paid')", number) == 1,
		      "request %ld revokes the payment of row %lld, which is not on the disk as being taken back", t->looked, (long long)row);
	}
}

/* Whether it takes money back: then its payment stands as being taken back. */
static bool is_taking_back(const struct zg_http_request *request, const char *body)
{
	return strstr(request->url, "/reverse") || strstr(request->url, "/close") || strstr(body, "alipay.trade.cancel");
}

static void leaving(void *self, const struct zg_http_request *request)
{
	struct trial *t = self;
	const char *texts[] = { request->url, zg_buffer_text(&request->body) };
	char number[40], payment[40] = "";
	int found = 0;

	t->looked++;
	for (int i = 0; i < 2; i++) {
		const char *at = texts[i], *end = at + strlen(at);

		while ((at = next_number(at, end, number)) != NULL) {
			found++;
			if (number[0] == 'P')
				snprintf(payment, sizeof(payment), "%s", number);
			look_up(t, number);
		}
	}
	CHECK(found > 0, "request %ld names no order: %s", t->looked, request->url);
	if (!is_taking_back(request, texts[1]))
		return;
	t->cancels++;
	CHECK(synced_number("SELECT count(*) FROM payment WHERE number = :number AND state = 'cancelling'", payment) == 1,
	      "request %ld takes %s back, which is not on the disk as being taken back", t->looked, payment);
}

/* ---- shops ---- */

static void live(struct trial *t, const char *place, uint64_t seed, long count)
{
	struct customers *c = &t->customers;

	customers_found(c, seed);
	synced_begin(c->shop->home, place);
	customers_open(c);
	for (int i = 0; i < A_SHOP && t->looked < count && t->tally.failed < 20; i++)
		customers_serve(c);
	customers_close(c);
	synced_end();
}

int main(void)
{
	struct trial trial = { .looked = 0 }, *t = &trial;
	struct customers *c = &t->customers;
	uint64_t seed = chance_begin_at(8).seed;
	long count = chance_rounds(400);
	char *place = crew_place();

	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	printf("pay_first: ZG_SEED=%llu, %ld requests\n", (unsigned long long)seed, count);
	setenv("TMPDIR", place, 1);
	customers_begin(c, place, &t->tally);
	c->courier.leaving = leaving;
	c->courier.self = t;
	for (long shop = 0; t->looked < count && t->tally.failed < 20; shop++)
		live(t, place, chance_part(seed, shop), count);
	printf("figure: %ld requests of %ld payments, each on the disk first; %ld that take back, %ld about refunds; %ld syncs\n", t->looked, c->payments,
	       t->cancels, t->refunds, synced_count());
	printf("figure: %ld paid, %ld not, %ld given back because they came too late, %ld to be settled by hand\n", c->sum.paid, c->sum.unpaid, c->sum.late,
	       c->sum.manual);
	CHECK(t->looked == c->courier.requests && (count < 5000 || (t->cancels > 0 && t->refunds > 0)), "not every kind of request was met");
	customers_end(c);
	crew_leave(place);
	return tally_end(&t->tally);
}
