/*
 * The main job on real input: a product file of 100,000 goods imported by the command, a day of 600 sales typed through the
 * terminal, receipts through a pseudo-terminal at the printer's end, the shift counted and closed.
 *
 * The Z report must be what the journal alone adds up to (its export, read here), and what the cashier's own list of the day
 * says; each receipt on paper shows its sale's total; the drawer opened once a sale.
 * ZG_COUNT sales (600), ZG_GOODS (100000), ZG_SEED.
 */
#include "tests/fault/books.h"
#include "tests/fault/tally.h"
#include "tests/unit/chance.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#define SALES_MAX 5000
#define FLOAT_FEN 50000
#define WEIGHED   "weighed"
#define OPEN      "open-price"

struct goods {
	char barcode[14];
	const char *kind;
	int price_fen, tax_bp;
};

struct day {
	struct tally tally;
	struct chance chance;
	struct shop shop;
	struct counter counter;
	struct printer printer;
	struct goods *goods;
	long goods_count;
	int64_t totals[SALES_MAX];    /* what each customer paid */
	int64_t gross_fen, discount_fen, rounding_fen, paid_fen;
	long sales;
};

static const char *yuan(int64_t fen)
{
	static char text[4][32];
	static int next;

	next = (next + 1) % 4;
	snprintf(text[next], sizeof(text[next]), "%lld.%02d", (long long)(fen / 100), (int)(fen % 100));
	return text[next];
}

/* ---- the goods ---- */

static void write_name(FILE *file, struct chance *chance)
{
	static const char *const words[] = { "农夫", "康师傅", "红烧", "牛肉", "面", "绿茶", "矿泉水", "苹果", "酱油", "香醋", "饼干", "牛奶", "巧克力",
		"洗衣粉", "毛巾", "纸巾", "原味", "辣", "大", "小", "袋装", "瓶装", "礼盒", "Coffee", "Milk", "500ml", "1L" };

	for (int64_t n = chance_between(chance, 2, 5); n > 0; n--)
		fputs(words[chance_between(chance, 0, (int64_t)(sizeof(words) / sizeof(words[0])) - 1)], file);
}

static void make_goods(struct day *d, const char *path)
{
	static const int rates[] = { 1300, 900, 600, 0 };
	FILE *file = fopen(path, "w");

	d->goods = calloc((size_t)d->goods_count, sizeof(*d->goods));
	fputs("code,barcodes,name,unit,price,tax_rate,tax_code,kind\n", file);
	for (long i = 0; i < d->goods_count; i++) {
		struct goods *g = &d->goods[i];
		int64_t roll = chance_between(&d->chance, 0, 19);

		books_barcode(g->barcode, 100000000 + i);
		g->kind = roll == 0 ? WEIGHED : roll == 1 ? OPEN : "piece";
		g->price_fen = (int)chance_between(&d->chance, 10, 29999);
		g->tax_bp = rates[chance_between(&d->chance, 0, 3)];
		fprintf(file, "Z%06ld,%s,", i, g->barcode);
		write_name(file, &d->chance);
		fprintf(file, " %ld,%s,%s,%d%%,1010101010000000000,%s\n", i, roll == 0 ? "kg" : "个", roll == 1 ? "0.00" : yuan(g->price_fen),
			g->tax_bp / 100, g->kind);
	}
	fclose(file);
}

static void prepare(struct day *d)
{
	char path[2 * RUN_PATH], pin[RUN_PATH];
	int64_t begun;

	shop_begin(&d->shop, NULL, NULL);
	snprintf(path, sizeof(path), "[shop]\nname = 街角便利店\nlanguage = en\nrounding = jiao\n[printer]\nlink = file:%s\nprofile = generic-80\n",
		 d->shop.link);
	shop_write(&d->shop, "zhanggui.conf", path);
	snprintf(path, sizeof(path), "%s/goods.csv", d->shop.home);
	snprintf(pin, sizeof(pin), "%s/boss.pin", d->shop.home);
	make_goods(d, path);
	begun = run_now_us();
	free(shop_must(&d->shop, (const char *const[]){ "product", "import", path, "--as", "boss", "--pin-file", pin, NULL }));
	printf("import: %ld goods in %.1f s\n", d->goods_count, (double)(run_now_us() - begun) / 1e6);
	free(shop_must(&d->shop, (const char *const[]){ "shift", "open", "--float", "500", "--as", "boss", "--pin-file", pin, NULL }));
	printer_open(&d->printer, &d->shop, NULL);
}

/* ---- a sale ---- */

struct customer {
	int64_t gross_fen, discount_fen;
};

static int64_t due_of(const struct customer *c)
{
	return c->gross_fen - c->discount_fen;
}

static bool sees(struct day *d, const char *words)
{
	if (tally_check(&d->tally, counter_wait(&d->counter, words, 5000), "sale %ld: the screen does not show '%s'", d->sales + 1, words))
		return true;
	vt_print(d->counter.vt);
	return false;
}

static bool sees_due(struct day *d, const struct customer *c)
{
	char words[64];

	snprintf(words, sizeof(words), "Invoiceable  %s", yuan(due_of(c)));
	return sees(d, words);
}

/* Goods of one kind, in the row behind the one before, so that no line is raised. */
static const struct goods *pick(struct day *d, const char *kind)
{
	long at = (long)chance_between(&d->chance, 0, d->goods_count - 1);

	while (strcmp(d->goods[at].kind, kind) != 0)
		at = (at + 1) % d->goods_count;
	return &d->goods[at];
}

static bool scan_pieces(struct day *d, struct customer *c)
{
	char keys[1000] = "";
	size_t used = 0;

	for (int64_t n = chance_between(&d->chance, 1, 6); n > 0; n--) {
		const struct goods *g = pick(d, "piece");
		int quantity = chance_between(&d->chance, 0, 3) ? 1 : (int)chance_between(&d->chance, 2, 12);

		if (quantity > 1)
			used += (size_t)snprintf(keys + used, sizeof(keys) - used, "%d*", quantity);
		used += (size_t)snprintf(keys + used, sizeof(keys) - used, "%s\r", g->barcode);
		c->gross_fen += (int64_t)quantity * g->price_fen;
	}
	counter_write(&d->counter, keys);
	return sees_due(d, c);
}

static bool weigh(struct day *d, struct customer *c)
{
	const struct goods *g = pick(d, WEIGHED);
	int64_t grams = chance_between(&d->chance, 50, 4999);
	char keys[32];

	counter_scan(&d->counter, g->barcode);
	if (!sees(d, "Weight, kg"))
		return false;
	snprintf(keys, sizeof(keys), "%" PRId64 ".%03" PRId64 "\r", grams / 1000, grams % 1000);
	counter_type(&d->counter, keys);
	c->gross_fen += (g->price_fen * grams + 500) / 1000;
	return sees_due(d, c);
}

static bool price(struct day *d, struct customer *c)
{
	const struct goods *g = pick(d, OPEN);
	int64_t fen = chance_between(&d->chance, 100, 9999);
	char keys[32];

	counter_scan(&d->counter, g->barcode);
	if (!sees(d, "Price, yuan"))
		return false;
	snprintf(keys, sizeof(keys), "%s\r", yuan(fen));
	counter_type(&d->counter, keys);
	c->gross_fen += fen;
	return sees_due(d, c);
}

/* One piece, then a discount on its line: 9 / keeps 90 %. */
static bool discount(struct day *d, struct customer *c)
{
	const struct goods *g = pick(d, "piece");
	int digit = (int)chance_between(&d->chance, 5, 9);
	char keys[8];

	counter_scan(&d->counter, g->barcode);
	c->gross_fen += g->price_fen;
	if (!sees_due(d, c))
		return false;
	snprintf(keys, sizeof(keys), "%d", digit);
	counter_write(&d->counter, keys);
	counter_rest(&d->counter, 32);
	counter_write(&d->counter, "/");
	c->discount_fen += g->price_fen - (g->price_fen * digit + 5) / 10;
	return sees_due(d, c);
}

/* Rung, then taken off again. */
static bool remove_line(struct day *d, const struct customer *c)
{
	struct customer with = *c;
	const struct goods *g = pick(d, "piece");

	counter_scan(&d->counter, g->barcode);
	with.gross_fen += g->price_fen;
	if (!sees_due(d, &with))
		return false;
	counter_write(&d->counter, "-");
	return sees_due(d, c);
}

static bool hang_and_take(struct day *d, const struct customer *c)
{
	counter_write(&d->counter, "\033[18~");
	if (!sees(d, "Hung1"))
		return false;
	counter_write(&d->counter, "\033[18~");
	if (!sees(d, "Hung sales"))
		return false;
	counter_write(&d->counter, "\r");
	return sees_due(d, c);
}

static bool take_money(struct day *d, const struct customer *c)
{
	int64_t rounding = due_of(c) % 10, due = due_of(c) - rounding, given = due;
	char words[64];

	if (chance_between(&d->chance, 0, 1)) {
		counter_write(&d->counter, "+\r");
	} else {
		given = (due / 1000 + 1) * 1000;
		snprintf(words, sizeof(words), "%" PRId64, given / 100);
		counter_write(&d->counter, words);
		counter_rest(&d->counter, 32);
		counter_write(&d->counter, "+");
	}
	if (given > 10 * due) {
		if (!sees(d, "That is a lot of money"))
			return false;
		counter_write(&d->counter, "y");
	}
	snprintf(words, sizeof(words), "R01%07ld", d->sales + 1);
	if (!sees(d, words))
		return false;
	snprintf(words, sizeof(words), "%s received", yuan(given));
	if (!sees(d, words))
		return false;
	d->totals[d->sales++] = due;
	d->gross_fen += c->gross_fen;
	d->discount_fen += c->discount_fen;
	d->rounding_fen += rounding;
	d->paid_fen += due;
	return true;
}

static bool sell(struct day *d)
{
	struct customer c = { 0, 0 };
	bool good = scan_pieces(d, &c);

	if (good && chance_between(&d->chance, 0, 7) == 0)
		good = weigh(d, &c);
	if (good && chance_between(&d->chance, 0, 9) == 0)
		good = price(d, &c);
	if (good && chance_between(&d->chance, 0, 7) == 0)
		good = discount(d, &c);
	if (good && chance_between(&d->chance, 0, 11) == 0)
		good = remove_line(d, &c);
	if (good && chance_between(&d->chance, 0, 14) == 0)
		good = hang_and_take(d, &c);
	return good && take_money(d, &c);
}

/* ---- the evening ---- */

struct sums {
	int64_t sales, gross_fen, discount_fen, rounding_fen, paid_fen;
	int64_t taxed_fen[10001], tax_fen[10001];    /* by rate */
};

static int64_t integer(const json_t *object, const char *name)
{
	return (int64_t)json_integer_value(json_object_get(object, name));
}

/* One sale as the journal tells it; each line is worked out again from price and quantity. */
static void add_sale(struct day *d, struct sums *sums, const json_t *body)
{
	const json_t *lines = json_object_get(body, "lines"), *tenders = json_object_get(body, "tenders");
	int64_t paid = 0, kept = 0;

	for (size_t i = 0; i < json_array_size(lines); i++) {
		const json_t *line = json_array_get(lines, i);
		int64_t gross = (integer(line, "price_fen") * integer(line, "quantity_milli") + 500) / 1000;
		int64_t off = integer(line, "discount_fen") + integer(line, "share_fen"), rounding = integer(line, "rounding_fen");
		int64_t rate = integer(line, "tax_bp"), left = gross - off - rounding, net = (left * 10000 * 2 + 10000 + rate) / (2 * (10000 + rate));

		sums->gross_fen += gross;
		sums->discount_fen += off;
		sums->rounding_fen += rounding;
		sums->taxed_fen[rate] += left;
		sums->tax_fen[rate] += left - net;
		paid += left;
	}
	for (size_t i = 0; i < json_array_size(tenders); i++)
		kept += integer(json_array_get(tenders, i), "kept_fen");
	tally_check(&d->tally, paid == kept && paid == integer(body, "paid_fen"), "%s: the journal's lines are %s, its tenders %s",
		    json_string_value(json_object_get(body, "number")), yuan(paid), yuan(kept));
	sums->paid_fen += paid;
	sums->sales++;
}

static void read_journal(struct day *d, struct sums *sums)
{
	char *rows = shop_must(&d->shop, (const char *const[]){ "journal", "export", NULL }), *rest = NULL;

	memset(sums, 0, sizeof(*sums));
	for (char *row = strtok_r(rows, "\n", &rest); row; row = strtok_r(NULL, "\n", &rest)) {
		json_t *object = json_loads(row, 0, NULL);

		if (!tally_check(&d->tally, object != NULL, "a row of the journal's export is no JSON: %s", row))
			continue;
		if (strcmp(json_string_value(json_object_get(object, "kind")), "sale.paid") == 0)
			add_sale(d, sums, json_object_get(object, "body"));
		json_decref(object);
	}
	free(rows);
}

static void same(struct day *d, const char *what, int64_t z, int64_t other, const char *whose)
{
	tally_check(&d->tally, z == other, "%s: the Z says %lld, %s %lld", what, (long long)z, whose, (long long)other);
}

static void compare_z(struct day *d, const struct sums *journal)
{
	char *out = shop_must(&d->shop, (const char *const[]){ "report", "z", "--json", NULL });
	json_t *z = json_loads(out, 0, NULL), *figures = json_object_get(z, "figures"), *taxes = json_object_get(figures, "taxes");
	int64_t discounts = integer(figures, "line_discount_fen") + integer(figures, "sale_discount_fen"), taxed = 0;

	same(d, "sales", integer(figures, "sales"), journal->sales, "the journal");
	same(d, "sales", integer(figures, "sales"), d->sales, "the cashier");
	same(d, "goods before discounts", integer(figures, "gross_fen"), journal->gross_fen, "the journal");
	same(d, "goods before discounts", integer(figures, "gross_fen"), d->gross_fen, "the cashier");
	same(d, "discounts", discounts, journal->discount_fen, "the journal");
	same(d, "discounts", discounts, d->discount_fen, "the cashier");
	same(d, "rounding", integer(figures, "rounding_fen"), journal->rounding_fen, "the journal");
	same(d, "rounding", integer(figures, "rounding_fen"), d->rounding_fen, "the cashier");
	same(d, "sold", integer(figures, "sold_fen"), journal->paid_fen, "the journal");
	same(d, "sold", integer(figures, "sold_fen"), d->paid_fen, "the cashier");
	same(d, "cash kept", integer(json_object_get(figures, "kept_fen"), "cash"), d->paid_fen, "the cashier");
	same(d, "over or short", integer(figures, "over_fen"), 0, "the count");
	for (size_t i = 0; i < json_array_size(taxes); i++) {
		const json_t *row = json_array_get(taxes, i);
		int64_t rate = integer(row, "rate_bp");

		same(d, "taxed", integer(row, "gross_fen"), journal->taxed_fen[rate], "the journal");
		same(d, "tax", integer(row, "tax_fen"), journal->tax_fen[rate], "the journal");
		taxed += integer(row, "gross_fen");
	}
	same(d, "all rates together", taxed, d->paid_fen, "the cashier");
	json_decref(z);
	free(out);
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

static void check_paper(struct day *d)
{
	char *paper = printer_paper(&d->printer), words[64], command[3 * RUN_PATH];
	long right = 0;
	int64_t sum = 0;

	for (long i = 0; i < d->sales; i++) {
		snprintf(words, sizeof(words), "Receipt R01%07ld", i + 1);
		char *slip = strstr(paper, words), *total = slip ? strstr(slip, "\nTOTAL") : NULL;
		int64_t fen = total ? amount_after(total + 1) : -1;

		sum += fen;
		right += tally_check(&d->tally, fen == d->totals[i] && run_count(paper, words) == 1, "receipt %ld: the paper says %s, the sale is %s",
				     i + 1, yuan(fen), yuan(d->totals[i]));
	}
	char *z = strstr(paper, "Z REPORT No. 1"), *takings = z ? strstr(z, "TAKINGS") : NULL;

	same(d, "takings", d->paid_fen, takings ? amount_after(takings) : -1, "the paper of the Z");
	same(d, "drawer", run_count(paper, "~ drawer 1 "), d->sales, "the cash sales");
	same(d, "cuts", run_count(paper, "✂"), d->sales + 1, "the slips");
	tally_check(&d->tally, run_count(paper, "~ fault") == 0, "the printer was sent what it does not understand");
	free(paper);
	/* the bytes once more, through the decoder by itself */
	snprintf(command, sizeof(command), "%s/zhanggui-sim decode --profile 80 < %s > /dev/null", run_build(), d->printer.raw);
	int code = system(command);

	tally_check(&d->tally, code == 0, "the bytes at the printer's end have faults when decoded (%d)", code);
	printf("paper: %ld of %ld receipts right, %s yuan\n", right, d->sales, yuan(sum));
}

static void close_day(struct day *d)
{
	static struct sums journal;
	char pin[RUN_PATH], total[32];

	snprintf(pin, sizeof(pin), "%s/boss.pin", d->shop.home);
	snprintf(total, sizeof(total), "%s", yuan(FLOAT_FEN + d->paid_fen));
	/* while the till runs: over its control socket */
	free(shop_must(&d->shop, (const char *const[]){ "shift", "count", "--total", total, "--as", "boss", "--pin-file", pin, NULL }));
	free(shop_must(&d->shop, (const char *const[]){ "shift", "close", "--as", "boss", "--pin-file", pin, NULL }));
	tally_check(&d->tally, printer_wait(&d->printer, "Z REPORT No. 1", 1, 20000), "the Z report did not come out of the printer");
	printer_wait(&d->printer, "✂", (int)d->sales + 1, 20000);
	read_journal(d, &journal);
	compare_z(d, &journal);
	check_paper(d);
	char *out = shop_must(&d->shop, (const char *const[]){ "journal", "verify", NULL });

	free(out);
	sqlite3 *books = books_open(&d->shop);
	const char *fault = books_fault(books);

	tally_check(&d->tally, !*fault, "%s", fault);
	sqlite3_close(books);
}

int main(void)
{
	static struct day d;
	int64_t begun, day_begun;
	long count;

	run_begin();
	d.chance = chance_begin();
	count = chance_rounds(600);
	count = count > SALES_MAX ? SALES_MAX : count;
	d.goods_count = tally_setting("ZG_GOODS", 100000);
	printf("day: ZG_SEED=%llu ZG_COUNT=%ld ZG_GOODS=%ld\n", (unsigned long long)d.chance.seed, count, d.goods_count);
	begun = run_now_us();
	prepare(&d);
	counter_open(&d.counter, &d.shop, 24, 80, NULL);
	if (tally_check(&d.tally, counter_sign_in(&d.counter, "boss", "8526"), "nobody can sign in")) {
		day_begun = run_now_us();
		while (d.sales < count && sell(&d))
			continue;
		printf("sold: %ld sales, %s yuan, %.1f ms each, %" PRIu64 " bytes to the terminal each\n", d.sales, yuan(d.paid_fen),
		       (double)(run_now_us() - day_begun) / 1000 / (double)(d.sales ? d.sales : 1),
		       d.counter.vt->bytes / (uint64_t)(d.sales ? d.sales : 1));
		tally_check(&d.tally, d.sales == count, "only %ld of %ld sales were made", d.sales, count);
		tally_check(&d.tally, printer_wait(&d.printer, "✂", (int)d.sales, 60000), "not all receipts came out of the printer");
		close_day(&d);
		tally_check(&d.tally, d.counter.vt->faults == 0, "the terminal was sent %s", d.counter.vt->fault);
	}
	counter_kill(&d.counter);
	printer_close(&d.printer);
	shop_end(&d.shop);
	printf("%.0f s\n", (double)(run_now_us() - begun) / 1e6);
	return tally_end(&d.tally);
}
