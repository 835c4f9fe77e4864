/*
 * The fault matrix: each fault that the simulator's gateways know, at each call of each channel, one payment or refund a cell, brought to its end by
 * the real teller over real HTTP; then the phones' ledger is looked at. Printed as a table, channel × call × fault. P9, P10, P12.
 * ZG_COUNT cells (8); with as many as there are, or more, the whole table.
 */
#include "drivers/drivers.h"
#include "src/base/alloc.h"
#include "src/store/pay_refunds.h"
#include "tests/fault/tally.h"
#include "tests/lab/clock.h"
#include "tests/lab/crew.h"
#include "tests/lab/gateway.h"
#include "tests/lab/phones.h"
#include "tests/unit/shop.h"

#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define PACE     40
#define LIMIT_MS (40 * 60000LL)
#define TRIES    8
#define STRIDE   211                 /* prime to the number of cells: a few are spread over all */

static const char *const faults[] = { "drop-before", "drop-after", "hold", "delay", "truncate", "drip", "error-before", "error-after", "busy-before", "busy-after",
	"rate", "no-balance", "duplicate", "replay", "unsigned", "bad-signature", "probe", "wrong-serial", "stale", "altered", "wrong-amount", "wrong-merchant",
	"wrong-number", "hostile-text", "broken-utf8", "text-numbers", "huge", "html", "redirect" };
#define FAULTS (sizeof(faults) / sizeof(faults[0]))

static const struct channel {
	const char *title, *name, *wallet;    /* the channel's name is the simulator's */
	int shop;                             /* the second takes WeChat's codes by v3 */
	bool is_v2, has_close;
} channels[] = {
	{ "WeChat V2", "wechat", "wechat", 0, true, false },
	{ "WeChat v3", "wechat", "wechat", 1, false, true },
	{ "Alipay", "alipay", "alipay", 0, false, false },
	{ "Lakala", "lakala", "unionpay", 0, false, true },
};
#define CHANNELS (sizeof(channels) / sizeof(channels[0]))

enum call { PAY, SHOW, QUERY, CANCEL, CLOSE, REFUND, REFUND_QUERY, BILL, BILL_FILE, KEYS };
#define CALLS 10
static const char *const call_names[CALLS] = { "pay", "show", "query", "cancel", "close", "refund", "refund-query", "bill", "bill-file", "keys" };
static const char *const short_names[CALLS] = { "pay", "sho", "que", "can", "clo", "ref", "rqu", "bil", "bfi", "key" };
/* As the books name them. */
static const char *const book_names[CALLS] = { "code", "show", "query", "cancel", "cancel", "refund", "refund_query", "", "", "" };

#define CELLS ((long)(CHANNELS * CALLS * FAULTS))

/* Why a cell is empty: a letter, explained below the table; 0: it is not. */
static char empty(const struct channel *channel, enum call call, size_t fault)
{
	if (call >= BILL)
		return 'a';
	if (channel->is_v2 && (call == SHOW || call == CLOSE))
		return 'b';
	if (call == CLOSE && !channel->has_close)
		return 'c';
	if (strcmp(faults[fault], "no-balance") == 0 && call != REFUND)
		return 'd';
	return 0;
}

static const char *const reasons[] = {
	"a: the till fetches no bills yet, and no certificates by itself: keys are named in its settings",
	"b: WeChat shows and closes codes by v3 alone: see there",
	"c: Alipay's shown codes are cancelled, not closed",
	"d: only what gives money back can lack it",
};

struct trial {
	struct tally tally;
	struct shop *shops[2];
	struct gateway gateway;
	struct lab_clock *clock;
	char *place;
	long log_at;                           /* of the gateways' log, read so far */
	char cells[CHANNELS][CALLS][FAULTS];   /* 0: not run */
	long run, doubted;
	struct phones_sum sum;
};

#define CHECK(holds, ...) tally_check(&t->tally, holds, __VA_ARGS__)

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	printf("pay_matrix: %s\n0 passed, 1 failed\n", what);
	exit(1);
}

__attribute__((format(printf, 2, 3))) static void tell(struct trial *t, const char *format, ...)
{
	char line[128];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	gateway_tell(&t->gateway, line);
}

/* ---- the shops ---- */

static struct shop *open_shop(struct trial *t, const char *settings, int till)
{
	size_t count;
	char *config = zg_print("[shop]\nname = 小满便利店\nrounding = jiao\n\n[till]\nid = %d\n%s", till, settings);
	struct shop *shop = shop_begin(config);

	shop_close(shop);
	shop->clock = *lab_clock_of(t->clock);
	shop->payers = zg_pay_drivers(&count);
	must(shop_open(shop) == ZG_OK, shop->err.text);
	must(shop_sign_in(shop, "lin") == ZG_OK && shop_do(shop, "shift.open", "{s:i}", "float_fen", 0) == ZG_OK, shop->err.text);
	free(config);
	return shop;
}

static struct zg_payment payment_of(const struct shop *shop, int64_t id)
{
	struct zg_payment payment = { .id = 0 };

	must(zg_payments_find(zg_till_store(shop->till), id, &payment, NULL) == ZG_OK, "a payment is not in the books");
	return payment;
}

static bool is_final(const struct shop *shop, int64_t id)
{
	return zg_pay_state_is_final(payment_of(shop, id).attempt.state);
}

static bool is_over(const struct shop *shop, int64_t id)
{
	struct zg_pay_refund *refunds = NULL;
	size_t count = 0;

	must(zg_pay_refunds_open(zg_till_store(shop->till), &refunds, &count, NULL) == ZG_OK, "the books cannot be read");
	free(refunds);
	return count == 0 && is_final(shop, id);
}

/* So long by the clock, or until it is over. */
static void pass(const struct shop *shop, int64_t id, int64_t ms, bool (*is_enough)(const struct shop *shop, int64_t id))
{
	for (int64_t until = zg_clock_running(&shop->clock) + ms; !is_enough(shop, id) && zg_clock_running(&shop->clock) < until;)
		zg_loop_step(shop->loop, 20);
}

/* ---- one cell ---- */

static void cancel(struct shop *shop, int64_t id)
{
	if (!is_final(shop, id))
		(void)shop_do(shop, "pay.cancel", "{s:I}", "payment", (json_int_t)id);    /* it may end at this very moment */
}

/* Two people let it go, and the sale is paid in cash; then he pays, and that goes back. A busy machine may be too slow for that, and the cell is tried again. */
static void come_late(struct trial *t, struct shop *shop, int64_t id)
{
	if (shop_do_as(shop, "lin", "ding", "pay.let_go", "{s:I}", "payment", (json_int_t)id) == ZG_OK)
		CHECK(shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 200) == ZG_OK, "cash: %s", shop->err.text);
	gateway_tell(&t->gateway, "phone now pays");
}

/* What the customer does, so that the call comes about. */
static const char *plan_of(enum call call)
{
	switch (call) {
	case PAY: return "pays";
	case SHOW: return "pays-after 9000";
	case QUERY: return "pays-after 20000";
	case CANCEL: return "pays-at-cancel";
	case CLOSE: return "vanishes";
	default: return "pays-late 900000";    /* when he is told */
	}
}

static int64_t begin(struct trial *t, const struct channel *channel, enum call call, const char *fault)
{
	struct shop *shop = t->shops[channel->shop];
	char code[64], line[64];
	bool is_shown = call == SHOW || call == CLOSE;

	tell(t, "phone %s", plan_of(call));
	/* Alipay gives money back at once: its query comes after a doubt */
	if (call == REFUND_QUERY && strcmp(channel->name, "alipay") == 0)
		tell(t, "fault alipay refund drop-after 1");
	tell(t, "fault %s %s %s 1", channel->name, call_names[call], fault);
	snprintf(line, sizeof(line), "code %s", channel->wallet);
	gateway_ask(&t->gateway, line, code, sizeof(code));
	must(shop_do(shop, "sale.add", "{s:s}", "code", "1001") == ZG_OK, shop->err.text);
	enum zg_result result = is_shown ? shop_do(shop, "pay.show", "{s:s}", "wallet", channel->wallet) : shop_do(shop, "pay.code", "{s:s}", "code", code);

	must(result == ZG_OK, shop->err.text);
	return shop_integer(shop, "payment");
}

static void bring_to_its_end(struct trial *t, struct shop *shop, enum call call, int64_t id)
{
	switch (call) {
	case SHOW:
		pass(shop, id, 20000, is_final);
		cancel(shop, id);
		break;
	case CANCEL:
	case CLOSE:
		pass(shop, id, 1000, is_final);
		cancel(shop, id);
		break;
	case REFUND:
	case REFUND_QUERY:
		pass(shop, id, 500, is_final);
		come_late(t, shop, id);
		break;
	default:
		break;
	}
	pass(shop, id, LIMIT_MS, is_over);
}

/* The fault came, by the gateways' log. */
static bool has_come(struct trial *t, const struct channel *channel, enum call call, const char *fault)
{
	FILE *file = fopen(t->gateway.log, "r");
	char line[2048];
	bool found = false;

	must(file && fseek(file, t->log_at, SEEK_SET) == 0, "no log");
	while (fgets(line, sizeof(line), file)) {
		json_t *row = zg_json_parse(line, strcspn(line, "\n"));

		found |= strcmp(zg_json_string(row, "channel", ""), channel->name) == 0 && strcmp(zg_json_string(row, "call", ""), call_names[call]) == 0 &&
			strcmp(zg_json_string(row, "fault", ""), fault) == 0;
		json_decref(row);
	}
	t->log_at = ftell(file);
	fclose(file);
	return found;
}

struct seen {
	const char *call;
	bool is_doubted;
};

static bool take_event(const struct zg_payment_event *event, void *self)
{
	struct seen *seen = self;

	/* a refund that is said to be done and is not taken for it: of another amount, number or merchant */
	bool is_not_ours = strcmp(event->says, "refunded") == 0 && strcmp(event->event, "done") != 0;

	seen->is_doubted |= strcmp(event->call, seen->call) == 0 && (is_not_ours || strcmp(event->proof, "verified") != 0 ||
		strcmp(event->says, "unknown") == 0 || strcmp(event->event, "doubt") == 0 || strcmp(event->says, "later") == 0);
	return true;
}

/* P paid, U not paid, B given back, M by hand; small: the till had no reason to doubt that answer. */
static char letter(const struct shop *shop, enum call call, const struct zg_payment *payment)
{
	struct seen seen = { .call = book_names[call] };
	zg_fen left = 0;
	char sign = 'U';

	must(zg_payment_events_read(zg_till_store(shop->till), payment->id, take_event, &seen, NULL) == ZG_OK &&
	     zg_pay_refunds_left(zg_till_store(shop->till), payment->id, &left, NULL) == ZG_OK, "the books cannot be read");
	if (payment->attempt.state == ZG_PAY_PAID)
		sign = left > 0 ? 'P' : 'B';
	else if (payment->attempt.state == ZG_PAY_MANUAL)
		sign = 'M';
	return seen.is_doubted ? sign : (char)(sign + 'a' - 'A');
}

static void compare_one(struct trial *t, const struct shop *shop, const struct zg_payment *payment, const char *where)
{
	struct phones phones = { 0 };
	zg_fen kept = 0;

	phones_read_file(&phones, t->gateway.ledger);
	const struct phone_account *account = phones_of(&phones, payment->number);
	zg_fen cost = account ? account->charged_fen - account->returned_fen : 0;

	if (payment->attempt.state == ZG_PAY_PAID)
		must(zg_pay_refunds_left(zg_till_store(shop->till), payment->id, &kept, NULL) == ZG_OK, "the books cannot be read");
	CHECK(cost == kept, "%s: %s is %s, the books keep %lld, the phone paid %lld", where, payment->number, zg_pay_state_name(payment->attempt.state),
	      (long long)kept, (long long)cost);
	CHECK(!account || account->charges <= 1, "%s: %s was charged %d times", where, payment->number, account ? account->charges : 0);
	phones_clear(&phones);
}

/* False: the call was not made; then nothing is said of the cell. */
static bool try(struct trial *t, const struct channel *channel, enum call call, size_t f, char *sign)
{
	struct shop *shop = t->shops[channel->shop];
	char where[80];

	snprintf(where, sizeof(where), "%s, %s, %s", channel->title, call_names[call], faults[f]);
	int64_t id = begin(t, channel, call, faults[f]);

	bring_to_its_end(t, shop, call, id);
	tell(t, "fault off");
	struct zg_payment payment = payment_of(shop, id);

	CHECK(is_over(shop, id), "%s: %s has no end: %s", where, payment.number, zg_pay_state_name(payment.attempt.state));
	CHECK(payment.attempt.state != ZG_PAY_MANUAL, "%s: %s is left to people", where, payment.number);
	compare_one(t, shop, &payment, where);
	*sign = letter(shop, call, &payment);
	if (zg_till_sale_id(shop->till) != 0)
		CHECK(shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 200) == ZG_OK, "%s: the sale cannot be paid in cash: %s", where, shop->err.text);
	bool came = has_come(t, channel, call, faults[f]);

	if (!came)
		printf("again: %s: %s was %s%s\n", where, payment.number, zg_pay_state_name(payment.attempt.state), payment.let_go_by[0] ? ", let go" : "");
	return came;
}

static void run(struct trial *t, long cell)
{
	size_t c = (size_t)cell % CHANNELS, f = (size_t)cell / CHANNELS / CALLS;
	enum call call = (enum call)((size_t)cell / CHANNELS % CALLS);
	bool has_come = false;

	for (int tries = 0; tries < TRIES && !has_come; tries++)
		has_come = try(t, &channels[c], call, f, &t->cells[c][call][f]);
	CHECK(has_come, "%s, %s, %s: the call was not made, or went well", channels[c].title, call_names[call], faults[f]);
	t->doubted += t->cells[c][call][f] < 'a';
	t->run++;
}

/* ---- the table ---- */

/* Two channels beside each other. */
static void print_half(const struct trial *t, size_t from)
{
	printf("table: %-15s| %-*s| %s\ntable: %-15s", "", CALLS * 4, channels[from].title, channels[from + 1].title, "");
	for (size_t c = from; c < from + 2; c++) {
		printf("| ");
		for (int k = 0; k < CALLS; k++)
			printf("%s ", short_names[k]);
	}
	for (size_t f = 0; f < FAULTS; f++) {
		printf("\ntable: %-15s", faults[f]);
		for (size_t c = from; c < from + 2; c++) {
			printf("| ");
			for (int k = 0; k < CALLS; k++) {
				char reason = empty(&channels[c], (enum call)k, f), sign = t->cells[c][k][f];

				printf(reason ? "(%c) " : " %c  ", reason ? reason : sign ? sign : '?');
			}
		}
	}
	printf("\ntable:\n");
}

static void print_table(const struct trial *t)
{
	print_half(t, 0);
	print_half(t, 2);
	printf("table: P paid, U not paid, B given back, M left to people; small: the till had no reason to doubt that answer (late, doubled, or nothing in it to "
	       "spoil)\ntable: empty cells:\n");
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		printf("table: (%c)%s\n", reasons[i][0], reasons[i] + 2);
}

/* Of every cell that is not empty, in an order that spreads a few over all. */
static void run_cells(struct trial *t, long count, long from)
{
	for (long i = 0; i < CELLS && t->run < count && t->tally.failed < 20; i++) {
		long cell = (from + i) % CELLS * STRIDE % CELLS;

		if (!empty(&channels[(size_t)cell % CHANNELS], (enum call)((size_t)cell / CHANNELS % CALLS), (size_t)cell / CHANNELS / CALLS))
			run(t, cell);
	}
}

static void compare_all(struct trial *t)
{
	struct phones phones = { 0 };

	phones_read_file(&phones, t->gateway.ledger);
	for (int i = 0; i < 2; i++)
		phones_compare(&phones, zg_till_store(t->shops[i]->till), false, &t->tally, &t->sum);
	phones_compare_rest(&phones, &t->tally);
	phones_clear(&phones);
}

int main(void)
{
	struct trial trial = { .run = 0 }, *t = &trial;
	struct chance chance = chance_begin_at(10);
	long count = chance_rounds(8), all = 0;

	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	for (long cell = 0; cell < CELLS; cell++)
		all += !empty(&channels[(size_t)cell % CHANNELS], (enum call)((size_t)cell / CHANNELS % CALLS), (size_t)cell / CHANNELS / CALLS);
	printf("pay_matrix: ZG_SEED=%llu, %ld of %ld cells\n", (unsigned long long)chance.seed, count < all ? count : all, all);
	t->place = crew_place();
	setenv("TMPDIR", t->place, 1);
	char *path = zg_print("%s/clock", t->place);

	t->clock = lab_clock_make(path, PACE);
	setenv(LAB_CLOCK_NAME, path, 1);
	gateway_open(&t->gateway, t->place, chance.seed);
	char *v3 = zg_copy(t->gateway.settings), *at = strstr(v3, "codepay = off");

	must(at != NULL, "pay.conf has no codepay");
	memcpy(at, "codepay = on ", 13);
	t->shops[0] = open_shop(t, t->gateway.settings, 1);
	t->shops[1] = open_shop(t, v3, 2);
	run_cells(t, count, (long)(chance.seed % (uint64_t)CELLS));
	compare_all(t);
	if (count >= all)
		print_table(t);
	printf("figure: %ld cells of %ld, in %ld of them an answer was doubted; %ld paid, %ld not, %ld given back, %ld left to people\n", t->run, all, t->doubted,
	       t->sum.paid, t->sum.unpaid, t->sum.late, t->sum.manual);
	shop_end(t->shops[0]);
	shop_end(t->shops[1]);
	gateway_close(&t->gateway);
	lab_clock_drop(t->clock);
	crew_leave(t->place);
	free(v3);
	free(path);
	return tally_end(&t->tally);
}
