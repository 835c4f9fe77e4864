/*
 * Payments by phone, each answer spoiled by lot: a shop in this process, the three gateways and their customers in another, one clock for both.
 * The till's books are held against the ledger of the phones: nobody is charged twice, nothing is charged that the books do not have, and
 * nothing is called paid that was not charged. P9, P10. ZG_COUNT payments (20).
 */
#include "drivers/drivers.h"
#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/store/pay_refunds.h"
#include "src/store/payments.h"
#include "tests/fault/tally.h"
#include "tests/lab/clock.h"
#include "tests/unit/chance.h"
#include "tests/unit/shop.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PACE      60
#define LIMIT_MS  (40 * 60000LL)    /* of the clock: an open payment older than that is a failure; the last cancellings come each minute */
#define PORT_TEXT "65511"           /* stands in the settings that the simulator writes; the port that it got takes its place */

struct trial {
	struct tally tally;
	struct shop *shop;
	struct lab_clock *clock;
	pid_t gateway;
	FILE *to, *from;
	char place[256];
	long paid, unpaid, manual, late;
};

#define CHECK(holds, ...) tally_check(&t->tally, holds, __VA_ARGS__)

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	printf("payments: %s\n0 passed, 1 failed\n", what);
	exit(1);
}

/* ---- the gateways ---- */

static char *program(void)
{
	const char *build = getenv("ZG_BUILD");

	return zg_print("%s/tests/lab/zhanggui-sim", build ? build : ".");
}

static void ask(struct trial *t, const char *line, char *answer, size_t size)
{
	fprintf(t->to, "%s\n", line);
	fflush(t->to);
	must(fgets(answer, (int)size, t->from) != NULL, "the simulator is gone");
	answer[strcspn(answer, "\n")] = '\0';
}

static void tell(struct trial *t, const char *line)
{
	char answer[512];

	ask(t, line, answer, sizeof(answer));
	must(strncmp(answer, "ok ", 3) == 0, line);
}

static void make_keys(struct trial *t)
{
	char *path = program(), *line = zg_print("'%s' gateway --make-shop '%s/gate' --port " PORT_TEXT " >/dev/null", path, t->place);

	must(system(line) == 0, "the simulator makes no keys");
	free(line);
	free(path);
}

static void open_gateway(struct trial *t, uint64_t seed)
{
	int in[2], out[2];
	char *path = program(), *keys = zg_print("%s/gate", t->place), *ledger = zg_print("%s/ledger", t->place), lot[32];

	snprintf(lot, sizeof(lot), "%llu", (unsigned long long)(seed % 1000000007));
	must(pipe(in) == 0 && pipe(out) == 0, "no pipe");
	t->gateway = fork();
	if (t->gateway == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[0]);
		close(in[1]);
		close(out[0]);
		close(out[1]);
		execl(path, path, "gateway", "--keys", keys, "--ledger", ledger, "--seed", lot, "--until-eof", (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	t->to = fdopen(in[1], "w");
	t->from = fdopen(out[0], "r");
	free(path);
	free(keys);
	free(ledger);
}

/* "ready http://127.0.0.1:PORT" */
static char *read_settings(struct trial *t)
{
	char line[256], *path = zg_print("%s/gate/pay.conf", t->place), block[8192];
	FILE *file = fopen(path, "r");
	struct zg_buffer text = { 0 };

	must(fgets(line, sizeof(line), t->from) && strrchr(line, ':'), "the simulator does not start");
	const char *port = strrchr(line, ':') + 1;
	size_t length = file ? fread(block, 1, sizeof(block) - 1, file) : 0;

	line[strcspn(line, "\n")] = '\0';
	block[length] = '\0';
	for (const char *at = block, *found; *at; at = found + strlen(PORT_TEXT)) {
		found = strstr(at, PORT_TEXT);
		if (!found) {
			zg_buffer_add_text(&text, at);
			break;
		}
		zg_buffer_add(&text, at, (size_t)(found - at));
		zg_buffer_add_text(&text, port);
	}
	fclose(file);
	free(path);
	return zg_buffer_take(&text);
}

/* Each kind of fault with its share at each call: about every fifth answer is spoiled. */
static void spoil(struct trial *t)
{
	static const char *const kinds[] = { "drop-before", "drop-after", "delay=20000", "truncate", "error-before=500", "error-after=500", "busy-before",
		"busy-after", "duplicate", "replay", "unsigned", "bad-signature", "wrong-serial", "altered", "wrong-merchant", "wrong-number", "hostile-text",
		"broken-utf8", "html", "redirect" };
	static const char *const calls[] = { "pay", "query", "cancel", "close", "refund", "refund-query" };
	char line[96];

	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (size_t c = 0; c < sizeof(calls) / sizeof(calls[0]); c++) {
			snprintf(line, sizeof(line), "fault any %s %s 1%%", calls[c], kinds[k]);
			tell(t, line);
		}
}

/* ---- the shop ---- */

static void open_shop(struct trial *t, const char *settings)
{
	size_t count;

	t->shop = shop_begin(settings);
	shop_close(t->shop);
	t->shop->clock = *lab_clock_of(t->clock);
	t->shop->payers = zg_pay_drivers(&count);
	must(shop_open(t->shop) == ZG_OK, t->shop->err.text);
	must(!zg_till_state(t->shop->till)->alarm[0], zg_till_state(t->shop->till)->alarm);
	must(shop_sign_in(t->shop, "lin") == ZG_OK && shop_do(t->shop, "shift.open", "{s:i}", "float_fen", 0) == ZG_OK, t->shop->err.text);
}

static struct zg_payment payment_of(struct trial *t, int64_t id)
{
	struct zg_payment payment = { .id = 0 };

	must(zg_payments_find(zg_till_store(t->shop->till), id, &payment, NULL) == ZG_OK, "a payment is not in the books");
	return payment;
}

/* Until it is over, or may be tried again. */
static struct zg_payment wait_for(struct trial *t, int64_t id)
{
	int64_t until = zg_clock_running(&t->shop->clock) + LIMIT_MS;
	struct zg_payment payment = payment_of(t, id);

	while (!zg_pay_state_is_final(payment.attempt.state) && !payment.attempt.is_free && zg_clock_running(&t->shop->clock) < until) {
		zg_loop_step(t->shop->loop, 20);
		payment = payment_of(t, id);
	}
	return payment;
}

static const char *const plans[] = { "pays", "pays", "pays", "pays-after 4000", "password 6000", "password 50000", "refuses", "refuses-after 5000",
	"vanishes", "pays-late 70000", "pays-at-cancel" };
static const char *const wallets[] = { "wechat", "alipay", "unionpay" };

/* The sale is given up, or paid in cash: what comes now comes too late. */
static void settle_otherwise(struct trial *t, struct chance *chance, const struct zg_payment *payment)
{
	if (!payment->attempt.is_free)
		CHECK(shop_do_as(t->shop, "lin", "ding", "pay.let_go", "{s:I}", "payment", (json_int_t)payment->id) == ZG_OK, "let go: %s", t->shop->err.text);
	if (chance_between(chance, 0, 1))
		CHECK(shop_do_as(t->shop, "ding", NULL, "sale.void", "{s:s}", "reason", "gone") == ZG_OK, "void: %s", t->shop->err.text);
	else
		CHECK(shop_do(t->shop, "sale.pay", "{s:i}", "tendered_fen", 10000) == ZG_OK, "cash: %s", t->shop->err.text);
}

static void one(struct trial *t, struct chance *chance)
{
	char line[64], code[64];

	snprintf(line, sizeof(line), "phone next %s", plans[chance_between(chance, 0, (int64_t)(sizeof(plans) / sizeof(plans[0])) - 1)]);
	tell(t, line);
	snprintf(line, sizeof(line), "code %s", wallets[chance_between(chance, 0, 2)]);
	ask(t, line, code, sizeof(code));
	must(shop_do(t->shop, "sale.add", "{s:s}", "code", chance_between(chance, 0, 1) ? "1001" : "1003") == ZG_OK, t->shop->err.text);
	if (!CHECK(shop_do(t->shop, "pay.code", "{s:s}", "code", code) == ZG_OK, "a payment does not begin: %s", t->shop->err.text))
		return;
	int64_t id = shop_integer(t->shop, "payment");

	/* nothing else is taken for the sale while it may still be paid */
	if (!zg_pay_state_is_final(payment_of(t, id).attempt.state) && !payment_of(t, id).attempt.is_free && payment_of(t, id).attempt.state != ZG_PAY_PAID)
		CHECK(shop_do(t->shop, "sale.pay", "{s:i}", "tendered_fen", 10000) == ZG_INVALID || payment_of(t, id).attempt.state == ZG_PAY_PAID ||
		      payment_of(t, id).attempt.is_free, "cash was taken beside a payment under way");
	struct zg_payment payment = wait_for(t, id);

	CHECK(zg_pay_state_is_final(payment.attempt.state) || payment.attempt.is_free, "%s is %s after %lld minutes", payment.number,
	      zg_pay_state_name(payment.attempt.state), LIMIT_MS / 60000);
	if (zg_till_sale_id(t->shop->till) != 0)
		settle_otherwise(t, chance, &payment);
}

/* What is declined and free is watched on to its end; refunds too. */
static void wait_for_all(struct trial *t)
{
	int64_t until = zg_clock_running(&t->shop->clock) + LIMIT_MS;

	for (bool more = true; more && zg_clock_running(&t->shop->clock) < until;) {
		struct zg_payment *payments = NULL;
		struct zg_pay_refund *refunds = NULL;
		size_t count = 0, backs = 0;

		for (int i = 0; i < 5; i++)
			zg_loop_step(t->shop->loop, 20);
		must(zg_payments_open(zg_till_store(t->shop->till), &payments, &count, NULL) == ZG_OK &&
		     zg_pay_refunds_open(zg_till_store(t->shop->till), &refunds, &backs, NULL) == ZG_OK, "the books cannot be read");
		more = count + backs > 0;
		free(payments);
		free(refunds);
	}
}

/* ---- the books against the phones ---- */

struct charged {
	char number[40];
	zg_fen fen;
	bool is_ours;
};

static struct charged *read_ledger(const struct trial *t, size_t *count)
{
	char *path = zg_print("%s/ledger", t->place), line[1024];
	FILE *file = fopen(path, "r");
	struct charged *all = NULL;
	size_t room = 0;

	*count = 0;
	while (file && fgets(line, sizeof(line), file)) {
		json_t *row = zg_json_parse(line, strcspn(line, "\n"));
		const char *number = zg_json_string(row, "number", "");
		zg_fen fen = zg_json_integer(row, "fen", 0);
		size_t at = 0;

		while (at < *count && strcmp(all[at].number, number) != 0)
			at++;
		if (at == *count) {
			all = zg_grow(all, *count, &room, sizeof(*all));
			all[(*count)++] = (struct charged){ .fen = 0 };
			snprintf(all[at].number, sizeof(all[at].number), "%s", number);
		}
		all[at].fen += strcmp(zg_json_string(row, "kind", ""), "charge") == 0 ? fen : -fen;
		json_decref(row);
	}
	if (file)
		fclose(file);
	free(path);
	return all;
}

static zg_fen charged_of(struct charged *all, size_t count, const char *number)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(all[i].number, number) == 0) {
			all[i].is_ours = true;
			return all[i].fen;
		}
	return 0;
}

static void compare(struct trial *t)
{
	const struct zg_store *store = zg_till_store(t->shop->till);
	struct zg_payment *payments = NULL;
	size_t count = 0, lines = 0;
	struct charged *ledger = read_ledger(t, &lines);

	must(zg_payments_since(store, 0, 1000000, &payments, &count, NULL) == ZG_OK, "the books cannot be read");
	for (size_t i = 0; i < count; i++) {
		const struct zg_payment *p = &payments[i];
		zg_fen fen = charged_of(ledger, lines, p->number), left = 0;

		if (p->attempt.state == ZG_PAY_PAID) {
			must(zg_pay_refunds_left(store, p->id, &left, NULL) == ZG_OK, "the books cannot be read");
			CHECK(fen == left, "%s: paid, %lld of it kept by the books, the customer was charged %lld", p->number, (long long)left, (long long)fen);
			t->paid += left > 0;
			t->late += left == 0;
		} else if (p->attempt.state == ZG_PAY_MANUAL) {
			t->manual++;
		} else {
			CHECK(zg_pay_state_is_final(p->attempt.state), "%s is still %s", p->number, zg_pay_state_name(p->attempt.state));
			CHECK(fen == 0, "%s: %s, and the customer was charged %lld", p->number, zg_pay_state_name(p->attempt.state), (long long)fen);
			t->unpaid++;
		}
	}
	for (size_t i = 0; i < lines; i++)
		CHECK(ledger[i].is_ours, "a customer was charged under %s, which is not in the books", ledger[i].number);
	free(payments);
	free(ledger);
}

int main(void)
{
	struct trial trial = { .gateway = 0 }, *t = &trial;
	struct chance chance = chance_begin_at(9);
	long count = chance_rounds(20);
	char status[512];

	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	signal(SIGPIPE, SIG_IGN);
	printf("payments: ZG_SEED=%llu, %ld payments\n", (unsigned long long)chance.seed, count);
	const char *temporary = getenv("TMPDIR");

	snprintf(t->place, sizeof(t->place), "%s/zg-payments-XXXXXX", temporary ? temporary : "/tmp");
	must(mkdtemp(t->place) != NULL, "no directory");
	char *path = zg_print("%s/clock", t->place);

	t->clock = lab_clock_make(path, PACE);
	setenv(LAB_CLOCK_NAME, path, 1);
	make_keys(t);
	open_gateway(t, chance.seed);
	char *settings = read_settings(t);

	open_shop(t, settings);
	spoil(t);
	for (long i = 0; i < count; i++)
		one(t, &chance);
	tell(t, "fault off");
	wait_for_all(t);
	compare(t);
	ask(t, "status", status, sizeof(status));
	printf("figure: %ld payments: %ld paid, %ld not, %ld given back because they came too late, %ld to be settled by hand; the gateways: %s\n", count, t->paid,
	       t->unpaid, t->late, t->manual, status);
	CHECK(t->manual * 20 <= count, "%ld of %ld are left to people", t->manual, count);
	shop_end(t->shop);
	fclose(t->to);
	fclose(t->from);
	waitpid(t->gateway, NULL, 0);
	lab_clock_drop(t->clock);
	char *clean = zg_print("rm -rf '%s'", t->place);

	must(system(clean) == 0, "the directory cannot be removed");
	free(clean);
	free(settings);
	free(path);
	return tally_end(&t->tally);
}
