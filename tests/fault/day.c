/*
 * The main job on real input: a product file of 100,000 goods imported by the command, a day of 600 sales typed through the terminal,
 * receipts through a pseudo-terminal at the printer's end. The day is the lab's simulated one (tests/lab/day.h), with a change of shift:
 * quantities, weights, discounts, second thoughts, hung sales, refunds, cash in and out, X, counts and Zs; two people take turns.
 *
 * The oracle beside it knows what was acknowledged, printed and kicked. Each Z must be what the journal alone adds up to (its export,
 * read by tests/lab/ledger.h) and what the oracle remembers; each receipt on paper shows its sum, under its own number, once and once more
 * for each copy; the drawer opened as often as it should, and the paper was cut behind each slip.
 * ZG_COUNT sales (600), ZG_GOODS (100000), ZG_SEED.
 */
#include "tests/fault/books.h"
#include "tests/fault/tally.h"
#include "tests/lab/ledger.h"
#include "tests/lab/typed.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#define SHIFTS_MAX 40
#define PIN "8526"    /* TEST ONLY */

/* As usual, but with more of what is rare. */
static const struct day_habits habits = {
	.shifts_most = 3, .weighed = 90, .open_price = 40, .change_quantity = 80, .remove = 90, .restore = 300, .price = 40, .discount = 90,
	.sale_discount = 40, .hang = 60, .void_sale = 20, .cash = 20, .drawer = 12, .refund = 25, .reprint = 14, .x = 6,
};

struct trial {
	struct tally tally;
	struct chance chance;
	struct day_habits habits;
	struct day day;
	struct oracle oracle;
	struct shop shop;
	struct counter counter;
	struct printer printer;
	struct typed typed;
	struct oracle_good *goods;
	int goods_count;
	struct sums shifts[SHIFTS_MAX];    /* as they were closed */
	int64_t shift_count;
};

/* ---- the goods ---- */

static void write_name(FILE *file, struct chance *chance)
{
	static const char *const words[] = { "农夫", "康师傅", "红烧", "牛肉", "面", "绿茶", "矿泉水", "苹果", "酱油", "香醋", "饼干", "牛奶", "巧克力",
		"洗衣粉", "毛巾", "纸巾", "原味", "辣", "大", "小", "袋装", "瓶装", "礼盒", "Coffee", "Milk", "500ml", "1L" };

	for (int64_t n = chance_between(chance, 2, 5); n > 0; n--)
		fputs(words[chance_between(chance, 0, (int64_t)(sizeof(words) / sizeof(words[0])) - 1)], file);
}

static void make_goods(struct trial *t, const char *path)
{
	static const int rates[] = { 1300, 900, 600, 0 };
	static const char *const kinds[] = { [ORACLE_PIECE] = "piece", [ORACLE_WEIGHED] = "weighed", [ORACLE_OPEN_PRICE] = "open-price" };
	FILE *file = fopen(path, "w");

	t->goods = calloc((size_t)t->goods_count, sizeof(*t->goods));
	fputs("code,barcodes,name,unit,price,tax_rate,tax_code,kind\n", file);
	for (int i = 0; i < t->goods_count; i++) {
		struct oracle_good *g = &t->goods[i];
		int64_t roll = chance_between(&t->chance, 0, 19);

		books_barcode(g->code, 100000000 + i);
		g->kind = roll == 0 ? ORACLE_WEIGHED : roll == 1 ? ORACLE_OPEN_PRICE : ORACLE_PIECE;
		g->price_fen = roll == 1 ? 0 : chance_between(&t->chance, 10, 29999);
		g->tax_bp = rates[chance_between(&t->chance, 0, 3)];
		fprintf(file, "Z%06d,%s,", i, g->code);
		write_name(file, &t->chance);
		fprintf(file, " %d,%s,%s,%d%%,1010101010000000000,%s\n", i, roll == 0 ? "kg" : "个", typed_yuan(g->price_fen), (int)g->tax_bp / 100,
			kinds[g->kind]);
	}
	fclose(file);
}

static void prepare(struct trial *t)
{
	char path[2 * RUN_PATH], pin[RUN_PATH], ding[RUN_PATH];
	int64_t begun;

	shop_begin(&t->shop, NULL, NULL);
	snprintf(path, sizeof(path), "[shop]\nname = 街角便利店\nlanguage = en\nrounding = jiao\n[printer]\nlink = file:%s\nprofile = generic-80\n",
		 t->shop.link);
	shop_write(&t->shop, "zhanggui.conf", path);
	shop_write(&t->shop, "ding.pin", PIN "\n");
	snprintf(path, sizeof(path), "%s/goods.csv", t->shop.home);
	snprintf(pin, sizeof(pin), "%s/boss.pin", t->shop.home);
	snprintf(ding, sizeof(ding), "%s/ding.pin", t->shop.home);
	make_goods(t, path);
	begun = run_now_us();
	free(shop_must(&t->shop, (const char *const[]){ "product", "import", path, "--as", "boss", "--pin-file", pin, NULL }));
	printf("import: %d goods in %.1f s\n", t->goods_count, (double)(run_now_us() - begun) / 1e6);
	free(shop_must(&t->shop, (const char *const[]){ "user", "add", "ding", "--name", "丁", "--role", "supervisor", "--new-pin-file", ding, "--as",
		"boss", "--pin-file", pin, NULL }));
	printer_open(&t->printer, &t->shop, NULL);
	oracle_begin(&t->oracle, t->goods, t->goods_count, 10);
}

/* ---- the day ---- */

static void agree(struct trial *t, int64_t shift, const char *whose, const char *difference)
{
	tally_check(&t->tally, !difference, "Z %" PRId64 ", ours and %s: %s", shift, whose, difference ? difference : "");
}

/* What a report of the till says. */
static struct sums report(struct trial *t, const char *option, const char *value)
{
	char *out = shop_must(&t->shop, (const char *const[]){ "report", "z", "--json", option, value, NULL });
	json_t *document = json_loads(out, 0, NULL);
	struct sums sums = { .rates = 0 };

	tally_check(&t->tally, sums_read(&sums, json_object_get(document, "figures")), "report z %s: figures are missing: %s", option ? option : "", out);
	json_decref(document);
	free(out);
	return sums;
}

/* A shift that is being closed with so much in the drawer: its figures, and the Z's. */
static void closed(struct trial *t, struct sums sums, int64_t counted)
{
	char words[200];
	struct sums z = report(t, NULL, NULL);

	sums.figure[SUM_OVER] = counted - sums_expected(&sums);
	sums.figure[SUM_COUNTS] = 1;
	sums.figure[SUM_COUNTED] = counted;
	agree(t, t->shift_count + 1, "the Z", sums_difference(&sums, &z, words));
	if (t->shift_count < SHIFTS_MAX)
		t->shifts[t->shift_count++] = sums;
}

static void live(struct trial *t)
{
	bool good = true;
	int64_t people = 0;

	t->typed = (struct typed){ .tally = &t->tally, .shop = &t->shop, .counter = &t->counter, .oracle = &t->oracle, .pin = PIN };
	day_begin(&t->day);
	if (t->day.shifts_left == 0)
		t->day.shifts_left = 1;    /* one takes over from another */
	while (good && t->tally.failed == 0) {
		struct day_step step = day_next(&t->day, &t->oracle);
		struct sums sums = t->oracle.shift.sums;

		if (step.what == DAY_OVER)
			break;
		if (step.what == DAY_SIGN_IN)
			step.who = people++ % 2 ? "ding" : "boss";
		good = typed_step(&t->typed, &step);
		if (good && step.what == DAY_CLOSE && !t->oracle.shift.is_open)
			closed(t, sums, step.fen);
	}
}

/* ---- the evening ---- */

/* The journal alone, by its export, against what was acknowledged. */
static void check_journal(struct trial *t)
{
	struct ledger ledger = { .rows = 0 };
	char *rows = shop_must(&t->shop, (const char *const[]){ "journal", "export", NULL }), *rest = NULL, words[200];

	for (char *row = strtok_r(rows, "\n", &rest); row; row = strtok_r(NULL, "\n", &rest))
		tally_check(&t->tally, ledger_line(&ledger, row), "a row of the journal's export is no JSON: %s", row);
	free(rows);
	tally_check(&t->tally, ledger.faults == 0, "the journal: %s (%" PRId64 " faults)", ledger.fault, ledger.faults);
	tally_check(&t->tally, (int64_t)ledger.count == t->shift_count && ledger.receipts == t->typed.count,
		    "the journal has %zu shifts and %" PRId64 " receipts, not %" PRId64 " and %" PRId64, ledger.count, ledger.receipts, t->shift_count, t->typed.count);
	for (size_t i = 0; i < ledger.count && (int64_t)i < t->shift_count; i++)
		agree(t, (int64_t)i + 1, "the journal", sums_difference(&t->shifts[i], &ledger.shifts[i].sums, words));
	if (ledger.count > 0) {
		struct sums day = report(t, "--day", ledger.shifts[0].day), all = ledger_all(&ledger);

		agree(t, 0, "the day's report", sums_difference(&t->oracle.all, &day, words));
		agree(t, 0, "the whole journal", sums_difference(&t->oracle.all, &all, words));
	}
	ledger_clear(&ledger);
	free(shop_must(&t->shop, (const char *const[]){ "journal", "verify", NULL }));
}

/* The number behind the label's last blank, commas and signs left out. */
static int64_t amount_after(const char *line)
{
	const char *end = line + strcspn(line, "\n"), *at = end;
	int64_t fen = 0;

	while (at > line && strchr("0123456789.,", at[-1]))
		at--;
	for (; at < end; at++)
		if (*at >= '0' && *at <= '9')
			fen = fen * 10 + (*at - '0');
	return fen;
}

static int64_t check_receipts(struct trial *t, const char *paper)
{
	int64_t right = 0;

	for (int64_t i = 0; i < t->typed.count; i++) {
		const struct typed_receipt *r = &t->typed.receipts[i];
		char words[64];
		int copies = 0;
		bool is_same = true;

		snprintf(words, sizeof(words), "Receipt R01%07" PRId64, i + 1);
		for (const char *slip = paper; (slip = strstr(slip, words)); slip += strlen(words), copies++) {
			const char *sum = strstr(slip, r->is_refund ? "\nPAID BACK" : "\nTOTAL");

			is_same = is_same && sum && amount_after(sum + 1) == r->fen;
		}
		right += tally_check(&t->tally, is_same && copies == 1 + r->copies, "receipt %" PRId64 " (%s) is on paper %d times of %d, %s", i + 1,
				     typed_yuan(r->fen), copies, 1 + r->copies, is_same ? "with that sum" : "with another sum");
	}
	return right;
}

static void check_paper(struct trial *t)
{
	char *paper = printer_paper(&t->printer), words[64], command[3 * RUN_PATH];
	int64_t right = check_receipts(t, paper);

	for (int64_t i = 0; i < t->shift_count; i++) {
		snprintf(words, sizeof(words), "Z REPORT No. %" PRId64, i + 1);
		char *z = strstr(paper, words), *takings = z ? strstr(z, "TAKINGS") : NULL;

		tally_check(&t->tally, takings && amount_after(takings) == sums_takings(&t->shifts[i]), "%s on paper does not take %s", words,
			    typed_yuan(sums_takings(&t->shifts[i])));
	}
	tally_check(&t->tally, run_count(paper, "~ drawer 1 ") == t->oracle.pulses, "%d pulses, not %" PRId64, run_count(paper, "~ drawer 1 "),
		    t->oracle.pulses);
	tally_check(&t->tally, run_count(paper, "✂") == t->oracle.slips, "%d cuts, not %" PRId64, run_count(paper, "✂"), t->oracle.slips);
	tally_check(&t->tally, run_count(paper, "~ fault") == 0, "the printer was sent what it does not understand");
	free(paper);
	/* the bytes once more, through the decoder by itself */
	snprintf(command, sizeof(command), "%s/zhanggui-sim decode --profile 80 < %s > /dev/null", run_build(), t->printer.raw);
	int code = system(command);

	tally_check(&t->tally, code == 0, "the bytes at the printer's end have faults when decoded (%d)", code);
	printf("figure: %" PRId64 " of %" PRId64 " receipts right on paper, %" PRId64 " slips, %" PRId64 " pulses; %" PRId64 " shifts, takings of %s\n", right,
	       t->typed.count, t->oracle.slips, t->oracle.pulses, t->shift_count, typed_yuan(sums_takings(&t->oracle.all)));
}

static void look_back(struct trial *t)
{
	tally_check(&t->tally, printer_wait(&t->printer, "✂", (int)t->oracle.slips, 60000), "not all slips came out of the printer");
	check_journal(t);
	check_paper(t);
	sqlite3 *books = books_open(&t->shop);
	const char *fault = books_fault(books);

	tally_check(&t->tally, !*fault, "%s", fault);
	sqlite3_close(books);
	tally_check(&t->tally, t->counter.vt->faults == 0, "the terminal was sent %s", t->counter.vt->fault);
}

static void print_steps(const struct trial *t, double seconds)
{
	printf("figure: %" PRId64 " steps typed in %.1f s, %" PRIu64 " bytes to the terminal a sale:", t->typed.steps - t->typed.left_out, seconds,
	       t->counter.vt->bytes / (uint64_t)(t->typed.count ? t->typed.count : 1));
	for (int i = 0; i < DAY_OVER; i++)
		printf(" %s %" PRId64, day_word((enum day_what)i), t->typed.done[i]);
	printf(", left out %" PRId64 "\n", t->typed.left_out);
}

int main(void)
{
	static struct trial t;
	int64_t begun;

	run_begin();
	t.chance = chance_begin();
	t.habits = habits;
	t.habits.sales = (int)chance_rounds(600);
	t.day = (struct day){ .chance = &t.chance, .habits = &t.habits };
	t.goods_count = (int)tally_setting("ZG_GOODS", 100000);
	printf("day: ZG_SEED=%" PRIu64 " ZG_COUNT=%d ZG_GOODS=%d\n", t.chance.seed, t.habits.sales, t.goods_count);
	begun = run_now_us();
	prepare(&t);
	counter_open(&t.counter, &t.shop, 24, 80, NULL);
	int64_t opened = run_now_us();

	live(&t);
	print_steps(&t, (double)(run_now_us() - opened) / 1e6);
	tally_check(&t.tally, t.typed.done[DAY_PAY] >= t.habits.sales, "only %" PRId64 " of %d sales were made", t.typed.done[DAY_PAY], t.habits.sales);
	if (t.tally.failed == 0)
		look_back(&t);
	counter_kill(&t.counter);
	printer_close(&t.printer);
	shop_end(&t.shop);
	typed_end(&t.typed);
	oracle_end(&t.oracle);
	free(t.goods);
	printf("%.0f s\n", (double)(run_now_us() - begun) / 1e6);
	return tally_end(&t.tally);
}
