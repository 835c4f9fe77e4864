/*
 * kill -9 in the middle of payments by phone, while the gateways spoil every fifth answer: the real program under a terminal, killed at any moment
 * from the scan of a customer's code on, now and then while it starts, started again. What was under way is asked about before anything else
 * happens to it, its sale takes no other money meanwhile, and at the end the books are held against the ledger of the phones: nobody is
 * charged twice, nothing is lost. P12. ZG_COUNT kills (12).
 */
#include "src/base/alloc.h"
#include "src/store/store.h"
#include "tests/fault/books.h"
#include "tests/fault/tally.h"
#include "tests/lab/clock.h"
#include "tests/lab/crew.h"
#include "tests/lab/gateway.h"
#include "tests/lab/phones.h"

#include <stdlib.h>
#include <string.h>

#define PACE    60
#define GOODS   "code,barcodes,name,unit,price,tax_rate,tax_code,kind\nW1,6901234567892,Water,bottle,2.00,13%,,piece\n"
#define BARCODE "6901234567892"
#define STATES  10

static const char *const state_names[STATES] = { "none", "new", "sent", "waiting", "unknown", "cancelling", "paid", "refused", "cancelled", "manual" };

struct trial {
	struct tally tally;
	struct shop shop;
	struct counter counter;
	struct gateway gateway;
	struct lab_clock *clock;
	struct chance chance;
	char *place;
	sqlite3 *books;
	long kills, starts, touched, at[STATES];
};

#define CHECK(holds, ...) tally_check(&t->tally, holds, __VA_ARGS__)

static int64_t ask(const struct trial *t, const char *sql)
{
	return books_number(t->books, sql);
}

static void begin(struct trial *t)
{
	char *path;

	t->place = crew_place();
	path = zg_print("%s/clock", t->place);
	t->clock = lab_clock_make(path, PACE);
	run_use_clock(path);
	gateway_open(&t->gateway, t->place, t->chance.seed);
	char *conf = zg_print("[shop]\nname = Corner shop\nlanguage = en\n[till]\nid = 1\n%s", t->gateway.settings);

	setenv("TMPDIR", t->place, 1);
	shop_begin(&t->shop, GOODS, conf);
	char *pin = zg_print("%s/boss.pin", t->shop.home);

	free(shop_must(&t->shop, (const char *const[]){ "shift", "open", "--float", "0", "--as", "boss", "--pin-file", pin, NULL }));
	t->books = books_open(&t->shop);
	phones_spoil(gateway_tell, &t->gateway);
	free(pin);
	free(conf);
	free(path);
}

/* ---- the kill ---- */

/* Of the payment begun last: where it stood. */
static void note_state(struct trial *t)
{
	char *state = books_text(t->books, "SELECT state FROM payment ORDER BY id DESC LIMIT 1");
	int i = STATES - 1;

	while (i > 0 && strcmp(state_names[i], state) != 0)
		i--;
	t->at[i]++;
	free(state);
}

static void kill_now(struct trial *t)
{
	counter_kill(&t->counter);
	note_state(t);
	t->kills++;
}

/* Most moments are soon after something was begun; some are as late as the deadlines. Real time. */
static int64_t a_while(struct trial *t)
{
	int64_t roll = chance_between(&t->chance, 0, 9);

	return chance_between(&t->chance, 0, roll < 6 ? 20000 : roll < 9 ? 120000 : 1200000);
}

static void look_for(struct trial *t, int64_t us)
{
	for (int64_t until = run_now_us() + us, left; (left = until - run_now_us()) > 0;)
		counter_look(&t->counter, left > 5000 ? 5 : (int)(left / 1000));
}

/* ---- at the counter ---- */

#define OPEN_SALE  "SELECT coalesce((SELECT id FROM sale WHERE state = 'open'), 0)"
#define UNDER_WAY  "SELECT count(*) FROM payment p JOIN sale s ON s.id = p.sale_id WHERE s.state = 'open' AND p.is_free = 0 AND p.let_go_by = '' " \
		   "AND p.state IN ('new', 'sent', 'waiting', 'unknown', 'cancelling', 'manual')"

static bool start(struct trial *t)
{
	counter_open(&t->counter, &t->shop, 24, 80, NULL);
	t->starts++;
	if (t->kills > 0 && chance_between(&t->chance, 0, 3) == 0) {
		look_for(t, chance_between(&t->chance, 0, 60000));
		kill_now(t);
		counter_open(&t->counter, &t->shop, 24, 80, NULL);
		t->starts++;
	}
	bool good = counter_sign_in(&t->counter, "lin", "6092");

	if (!CHECK(good, "kill %ld: nobody can sign in", t->kills))
		vt_print(t->counter.vt);
	return good;
}

/* Cash, or keys that might lead to it, while nobody knows how the payment ends. */
static void touch(struct trial *t)
{
	char sql[160];
	int64_t sale = ask(t, OPEN_SALE);

	t->touched++;
	counter_write(&t->counter, chance_between(&t->chance, 0, 1) ? "+\r" : "50+");
	look_for(t, 30000);
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM tender WHERE kind = 'cash' AND sale_id = %lld", (long long)sale);
	/* it may have been declined meanwhile, and then cash is right */
	if (ask(t, sql) > 0) {
		snprintf(sql, sizeof(sql), "SELECT count(*) FROM payment WHERE sale_id = %lld AND is_free = 0 AND state <> 'paid'", (long long)sale);
		CHECK(ask(t, sql) == 0, "kill %ld: cash was taken for sale %lld beside a payment under way", t->kills, (long long)sale);
	}
}

static bool wait_until(struct trial *t, const char *sql, int64_t wanted, int ms)
{
	for (int64_t until = run_now_us() + ms * 1000LL; ask(t, sql) != wanted;) {
		if (run_now_us() > until)
			return false;
		counter_look(&t->counter, 2);
	}
	return true;
}

/* Something to pay for, the settle screen, the customer's code. */
static void pay(struct trial *t)
{
	char code[64];

	gateway_tell(&t->gateway, phones_plan(&t->chance));
	gateway_ask(&t->gateway, phones_code(&t->chance), code, sizeof(code));
	if (ask(t, OPEN_SALE) == 0) {
		counter_scan(&t->counter, BARCODE);
		counter_wait(&t->counter, "2.00", 3000);
	}
	counter_write(&t->counter, "+");
	counter_wait(&t->counter, "Take the money", 1000);
	counter_scan(&t->counter, code);
}

/* Signed in to killed. */
static void one_life(struct trial *t)
{
	if (!start(t)) {
		kill_now(t);
		return;
	}
	if (ask(t, UNDER_WAY) > 0) {
		touch(t);
		int64_t roll = chance_between(&t->chance, 0, 3);

		if (roll < 2)
			counter_write(&t->counter, "\033");    /* cancels it where it is shown */
		if (roll == 0)
			wait_until(t, "SELECT count(*) > 0 FROM payment WHERE state = 'cancelling'", 1, 700);
		if (roll != 3) {
			look_for(t, roll == 0 ? chance_between(&t->chance, 0, 3000) : a_while(t));
			kill_now(t);
			return;
		}
		/* the longest are given to the next life */
		wait_until(t, UNDER_WAY, 0, 2500);
	}
	if (ask(t, UNDER_WAY) == 0)
		pay(t);
	look_for(t, a_while(t));
	kill_now(t);
}

/* ---- the end ---- */

static void finish(struct trial *t)
{
	gateway_tell(&t->gateway, "fault off");
	counter_open(&t->counter, &t->shop, 24, 80, NULL);
	CHECK(wait_until(t, "SELECT (SELECT count(*) FROM payment WHERE state IN ('new', 'sent', 'waiting', 'unknown', 'cancelling')) + "
			 "(SELECT count(*) FROM pay_refund WHERE state IN ('new', 'running'))", 0, 60000), "payments are still under way an hour later");
	counter_kill(&t->counter);
}

static void compare(struct trial *t)
{
	struct phones phones = { 0 };
	struct phones_sum sum = { 0 };
	struct zg_store *store = NULL;
	struct zg_error err = { .text = "" };
	char *out, *errors;

	if (!CHECK(zg_store_open(t->shop.home, ZG_STORE_READ, lab_clock_of(t->clock), &store, &err) == ZG_OK, "the books cannot be read: %s", err.text))
		return;
	phones_read_file(&phones, t->gateway.ledger);
	phones_compare(&phones, store, false, &t->tally, &sum);
	phones_compare_rest(&phones, &t->tally);
	phones_clear(&phones);
	zg_store_close(store);
	CHECK(ask(t, "SELECT count(*) FROM payment_event s WHERE s.event = 'start' AND EXISTS (SELECT 1 FROM payment_event n WHERE n.id = (SELECT min(id) FROM "
		     "payment_event WHERE payment_id = s.payment_id AND refund_id IS NULL AND id > s.id) AND n.call <> 'query' AND n.event <> 'start')") == 0,
	      "a payment found at the start was not asked about first");
	CHECK(!*books_fault(t->books), "%s", books_fault(t->books));
	CHECK(shop_run(&t->shop, &out, &errors, (const char *const[]){ "journal", "verify", NULL }) == 0, "the journal does not verify: %s%s", out, errors);
	free(out);
	free(errors);
	printf("figure: %ld kills, %ld starts, %lld payments taken up again: %ld paid, %ld not, %ld given back, %ld by hand; cash was tried beside %ld\n", t->kills,
	       t->starts, (long long)ask(t, "SELECT count(*) FROM payment_event WHERE event = 'start'"), sum.paid, sum.unpaid, sum.late, sum.manual, t->touched);
}

int main(void)
{
	static struct trial t;

	run_begin();
	t.chance = chance_begin_at(12);
	long count = chance_rounds(12);

	printf("pay_kill: ZG_SEED=%llu ZG_COUNT=%ld\n", (unsigned long long)t.chance.seed, count);
	begin(&t);
	while (t.kills < count && t.tally.failed < 10)
		one_life(&t);
	finish(&t);
	compare(&t);
	printf("kills by where the last payment stood:");
	for (int i = 0; i < STATES; i++)
		printf(" %s %ld", state_names[i], t.at[i]);
	printf("\n");
	sqlite3_close(t.books);
	gateway_close(&t.gateway);
	shop_end(&t.shop);
	lab_clock_drop(t.clock);
	crew_leave(t.place);
	return tally_end(&t.tally);
}
