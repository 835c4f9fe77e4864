/*
 * Hostile strings in every field that takes text: given to commands, in the settings and in a product file, typed and scanned at the till.
 * Whatever was accepted then goes round: on the screen, on paper, in the log, in lists, JSON and the journal's export.
 *
 * P29: after each trial the schema of the books is what it was; what was refused, or only asked, has added and removed no row of any table,
 * and nothing that was typed has removed one. P30: no byte outside what is allowed reaches terminal, paper, log or export; no string
 * becomes a command of the printer; beside each name that was taken the price stands in its column, on the screen and on paper.
 *
 * A trial is a string in a field. ZG_COUNT trials (250: as many strings, the fields in turn; strings times fields are all), ZG_SEED. Names of odd
 * widths are sold in each run.
 */
#include "tests/fault/books.h"
#include "tests/fault/payloads.h"
#include "tests/fault/shape.h"
#include "tests/fault/tally.h"
#include "tests/unit/chance.h"

#include <dirent.h>
#include <iconv.h>
#include <jansson.h>
#include <signal.h>
#include <string.h>

#define GOODS    "code,barcodes,name,unit,price,tax_rate,tax_code,kind\nT1,6901234567892,Tea,cup,12.98,13%,,piece\n" \
		 "T2,6901234567908,Repair,job,0.00,13%,,open-price\nT3,6901234567915,Plain,pc,1.00,13%,,piece\n"
#define PLAIN    "6901234567915"    /* but for its name, as the goods with hostile names */
#define PAPER    48                 /* cells of a row */

struct trial {
	struct tally tally;
	struct chance chance;
	struct shop shop;
	struct counter counter;
	struct printer printer;
	struct payloads payloads;
	int trials;
	int refused, taken;        /* by commands */
	int named;                 /* goods with hostile names that were sold */
	int64_t bytes;             /* of output that was looked at */
	uint64_t terminal_bytes;   /* to the terminals before this one */
	sqlite3 *books;
	struct shape shape;        /* after the last trial */
	uint32_t prices[VT_COLUMNS];    /* the row of the plain goods */
	int price_row, price_column;
	char pin[RUN_PATH];
};

/* ---- the books ---- */

static void begin_shape(struct trial *t)
{
	t->books = books_open(&t->shop);
	shape_begin(&t->shape, t->books);
	tally_check(&t->tally, t->shape.count > 10, "only %d tables are watched", t->shape.count);
}

/* After a trial. */
static void check_shape(struct trial *t, const char *what, int payload, bool may_add)
{
	char words[200];
	const char *change = shape_change(&t->shape, t->books, may_add, words);

	tally_check(&t->tally, !change, "%s with payload %d: %s", what, payload, change ? change : "");
}

/* ---- what may come out ---- */

/* The first byte that may not be there, in words; "" when all may. Line ends are allowed. */
static const char *fault_of(const char *text, size_t length)
{
	static struct vt vt;
	static char words[200];

	vt_init(&vt, 60, 200);
	for (size_t i = 0; i < length; i++) {
		if (text[i] != '\n' && (unsigned char)text[i] < 0x20) {
			snprintf(words, sizeof(words), "control %02X after %.*s", (unsigned char)text[i], (int)(i < 40 ? i : 40), text + (i < 40 ? 0 : i - 40));
			return words;
		}
		vt_feed(&vt, text + i, 1);
		if (vt.faults > 0) {
			snprintf(words, sizeof(words), "%s after %.*s", vt.fault, (int)(i < 40 ? i : 40), text + (i < 40 ? 0 : i - 40));
			return words;
		}
	}
	return vt.more > 0 ? "cut UTF-8 at the end" : "";
}

static void must_be_clean(struct trial *t, const char *what, int payload, const char *text)
{
	const char *fault = fault_of(text, strlen(text));

	t->bytes += (int64_t)strlen(text);
	tally_check(&t->tally, !*fault, "%s with payload %d: %s", what, payload, fault);
}

/* ---- commands ---- */

enum { CASH_IN, USER_NAME, USER_LOGIN, REFUND = 7, COMMANDS = 9 };

static void command(struct trial *t, int which, int payload)
{
	const char *p = t->payloads.texts[payload];
	char login[24], *out, *errors;
	const char *const as[] = { "--as", "boss", "--pin-file", t->pin };

	snprintf(login, sizeof(login), "u%d", payload);
	const char *const all[COMMANDS][16] = {
		{ "cash", "in", "1", "--reason", p, as[0], as[1], as[2], as[3] },
		{ "user", "add", login, "--name", p, "--role", "cashier", "--new-pin-file", t->pin, as[0], as[1], as[2], as[3] },
		{ "user", "add", p, "--name", "x", "--role", "cashier", "--new-pin-file", t->pin, as[0], as[1], as[2], as[3] },
		{ "product", "find", p },
		{ "sale", "list", "--find", p },
		{ "receipt", "show", p },
		{ "sale", "show", p, "--json" },
		{ "refund", p, "--all", "--reason", p, as[0], as[1], as[2], as[3] },
		{ p, p },
	};
	int code = shop_run(&t->shop, &out, &errors, all[which]);

	t->refused += code != 0;
	t->taken += code == 0;
	tally_check(&t->tally, code >= 0 && code <= 3, "%s %s with payload %d ended with %d: %.80s", all[which][0], which < 8 ? all[which][1] : "", payload,
		    code, fault_of(errors, strlen(errors)));
	must_be_clean(t, all[which][which < 8], payload, out);
	must_be_clean(t, "its sentence", payload, errors);
	check_shape(t, all[which][which < 8], payload, code == 0 && (which <= USER_LOGIN || which == REFUND));
	free(out);
	free(errors);
}

/* ---- names, and the prices beside them ---- */

static bool ring_up(struct trial *t, const char *code)
{
	counter_scan(&t->counter, code);
	return tally_check(&t->tally, counter_wait(&t->counter, "Invoiceable  1.00", 5000), "%s: it is not rung up", code);
}

/* Paid, so that its slip is printed. */
static void settle(struct trial *t)
{
	counter_write(&t->counter, "+\r");
	tally_check(&t->tally, counter_wait(&t->counter, "1.00 received", 5000), "it is not paid");
}

/* Where quantity and price stand beside a name that harms nobody. */
static void learn_column(struct trial *t)
{
	struct vt *vt = t->counter.vt;

	if (!ring_up(t, PLAIN))
		return;
	int head = vt_find(vt, "Quantity");
	const char *title = head < 0 ? NULL : strstr(vt_row(vt, head), "Quantity");

	t->price_row = vt_find(vt, "Plain");
	if (tally_check(&t->tally, title && t->price_row == head + 1 && strstr(vt_row(vt, t->price_row), "1.00"), "the plain goods are not on the screen")) {
		t->price_column = (int)(title - vt_row(vt, head));
		memcpy(t->prices, vt->cells[t->price_row], sizeof(t->prices));
	}
	settle(t);
}

static void check_column(struct trial *t, int payload)
{
	const uint32_t *row = t->counter.vt->cells[t->price_row];
	int column = t->price_column;

	while (column < t->counter.vt->columns && row[column] == t->prices[column])
		column++;
	if (!tally_check(&t->tally, column == t->counter.vt->columns && row[t->price_column - 1] == ' ', "name with payload %d: another price column", payload))
		vt_print(t->counter.vt);
}

/* Goods of that name: taken as it is and sold, or refused with its place. */
static void name(struct trial *t, int payload)
{
	char file[RUN_PATH], code[14], *out, *errors;
	FILE *csv;

	snprintf(file, sizeof(file), "%s/hostile.csv", t->shop.home);
	books_barcode(code, 200000000 + payload);    /* a second time, the same name again */
	csv = fopen(file, "w");
	fputs("code,barcodes,name,unit,price,tax_rate,tax_code,kind\n", csv);
	fprintf(csv, "H%d,%s,\"", payload, code);
	for (const char *at = t->payloads.texts[payload]; *at; at++)
		fprintf(csv, *at == '"' ? "\"\"" : "%c", *at);
	fputs("\",pc,1.00,13%,,piece\n", csv);
	fclose(csv);
	int result = shop_run(&t->shop, &out, &errors, (const char *const[]){ "product", "import", file, "--as", "boss", "--pin-file", t->pin, NULL });

	tally_check(&t->tally, result == 0 || result == 3, "product import with payload %d ended with %d", payload, result);
	t->refused += result != 0;
	t->taken += result == 0;
	must_be_clean(t, "product import", payload, out);
	must_be_clean(t, "product import's sentence", payload, errors);
	free(out);
	free(errors);
	check_shape(t, "product import", payload, result == 0);
	if (result != 0)
		return;
	if (ring_up(t, code)) {
		check_column(t, payload);
		settle(t);
		t->named++;
	}
	check_shape(t, "its sale", payload, true);
}

static bool is_drawn(const char *row, size_t length)
{
	for (size_t i = 0; i + 1 < length; i++)
		if ((unsigned char)row[i] == 0xE2 && (unsigned char)row[i + 1] >= 0xA0 && (unsigned char)row[i + 1] <= 0xA3)
			return true;
	return false;
}

/* Rows on paper have their width, and their amounts stand at its end: in the bytes of its own charset each takes one cell. */
static void check_paper_column(struct trial *t, const char *paper)
{
	iconv_t to = iconv_open("GB18030", "UTF-8");
	int amounts = 0;

	for (const char *row = paper, *end; *row && (end = strchr(row, '\n')); row = end + 1) {
		char bytes[1000], *in = (char *)(uintptr_t)row, *out = bytes;
		size_t left = (size_t)(end - row), room = sizeof(bytes);

		/* what the drawer and the cutter did; a row of a barcode, drawn in braille */
		if (*row == '~' || strncmp(row, "✂", strlen("✂")) == 0 || left > sizeof(bytes) / 2 || is_drawn(row, left))
			continue;
		size_t result = iconv(to, &in, &left, &out, &room);
		size_t cells = sizeof(bytes) - room;
		const char *reason = strstr(row, "Reason: ");    /* which may be an amount, as any text */
		bool is_amount = left == 0 && cells > 5 && memcmp(out - 5, " 1.00", 5) == 0 && (!reason || reason > end);

		amounts += is_amount;
		tally_check(&t->tally, result != (size_t)-1 && cells <= PAPER && (!is_amount || cells == PAPER), "a row on paper has %zu cells: %.*s", cells,
			    (int)(end - row), row);
	}
	iconv_close(to);
	tally_check(&t->tally, amounts > t->named, "only %d amounts on paper", amounts);
}

/* Settings with it: refused, or harmless. Not while the till runs on them. */
static void settings(struct trial *t, int payload)
{
	static char conf[30000];
	char *out, *errors, *kept, path[RUN_PATH];

	snprintf(path, sizeof(path), "%s/zhanggui.conf", t->shop.home);
	kept = run_read_file(path, NULL);
	snprintf(conf, sizeof(conf), "[shop]\nname = %s\naddress = %s\nphone = 1\n", t->payloads.texts[payload], t->payloads.texts[payload]);
	shop_write(&t->shop, "zhanggui.conf", conf);
	for (int i = 0; i < 2; i++) {
		int code = shop_run(&t->shop, &out, &errors, i ? (const char *const[]){ "config", "show", NULL } : (const char *const[]){ "config", "check", NULL });

		tally_check(&t->tally, code == 0 || code == 2, "config with payload %d ended with %d", payload, code);
		must_be_clean(t, "config", payload, out);
		must_be_clean(t, "config's sentence", payload, errors);
		free(out);
		free(errors);
	}
	shop_write(&t->shop, "zhanggui.conf", kept);
	free(kept);
	check_shape(t, "settings", payload, false);
}

/* ---- at the till ---- */

/* A payload at the locked till is so many wrong PINs. The other admin forgives them, and the till begins afresh. */
static void begin_afresh(struct trial *t)
{
	if (t->counter.pid) {
		t->terminal_bytes += t->counter.vt->bytes;
		kill(t->counter.pid, SIGTERM);
		counter_end(&t->counter, 3000);
	}
	shop_run(&t->shop, NULL, NULL, (const char *const[]){ "user", "unlock", "boss", "--as", "chief", "--pin-file", t->pin, NULL });
	counter_open(&t->counter, &t->shop, 24, 80, NULL);
	counter_sign_in(&t->counter, "boss", "8526");
}

/* Back to the selling screen, wherever the bytes, which are keys too, have led. */
static bool come_back(struct trial *t)
{
	for (int tries = 0; tries < 30; tries++) {
		counter_rest(&t->counter, 45);
		if (vt_has(t->counter.vt, "Settle") && !vt_has(t->counter.vt, "┌─"))
			return true;
		if (tries == 15 || !counter_look(&t->counter, 0) || vt_has(t->counter.vt, "Locked") || vt_has(t->counter.vt, "Sign in"))
			begin_afresh(t);
		else
			counter_write(&t->counter, "\033");
	}
	return false;
}

/* Keys that open a field, and what is pressed behind the payload. */
static const struct { const char *name, *before, *after; } fields[] = {
	{ "code or search", "", "\r" }, { "scan", "\002", "\r" }, { "quantity", "*", "\r" }, { "discount", "/", "\r" }, { "price", ".", "\r" },
	{ "find", "\033OR", "\r" }, { "history", "\033OS", "\r" }, { "history's filter", "\033OS|/", "\r" }, { "drawer's reason", "\017", "\r" },
	{ "cancel's reason", "\030", "\r" }, { "cash given", "+", "\r" }, { "shift", "\033[20~", "\r" }, { "day", "\033[24~", "\r" },
	{ "login", "\014", "\r" },
};
#define FIELDS (int)(sizeof(fields) / sizeof(fields[0]))

static void type_into(struct trial *t, int field, int payload)
{
	char keys[32], *rest = NULL;

	if (!tally_check(&t->tally, come_back(t), "%s: the way back to selling is not found before payload %d", fields[field].name, payload)) {
		vt_print(t->counter.vt);
		return;
	}
	if (!vt_has(t->counter.vt, "Invoiceable")) {
		counter_scan(&t->counter, "6901234567892");
		counter_wait(&t->counter, "Invoiceable", 1000);
	}
	snprintf(keys, sizeof(keys), "%s", fields[field].before);
	for (char *key = strtok_r(keys, "|", &rest); key; key = strtok_r(NULL, "|", &rest)) {
		counter_write(&t->counter, key);
		counter_rest(&t->counter, 8);
	}
	counter_write(&t->counter, t->payloads.texts[payload]);
	counter_rest(&t->counter, 35);
	counter_write(&t->counter, fields[field].after);
	counter_rest(&t->counter, 10);
	tally_check(&t->tally, t->counter.vt->faults == 0, "%s with payload %d: the terminal was sent %s", fields[field].name, payload, t->counter.vt->fault);
	t->counter.vt->faults = 0;
	check_shape(t, fields[field].name, payload, true);
}

/* ---- afterwards: everything that comes out ---- */

/* JSON's \\u0…, but not the same letters typed by somebody: their backslash is itself escaped. */
static bool has_escaped_control(const char *json)
{
	for (; *json; json++) {
		if (*json != '\\')
			continue;
		if (strncmp(json, "\\u0", 3) == 0)
			return true;
		json++;
	}
	return false;
}

static void check_out(struct trial *t, const char *const *words)
{
	char *out, *errors;
	int code = shop_run(&t->shop, &out, &errors, words);

	tally_check(&t->tally, code == 0 || code == 1, "%s %s ended with %d: %s", words[0], words[1], code, errors);
	must_be_clean(t, words[1], -1, out);
	if (strcmp(words[1], "export") == 0 && strcmp(words[0], "journal") == 0) {
		tally_check(&t->tally, !has_escaped_control(out), "the journal's export holds an escaped control character");
		char *rest = NULL;

		for (char *row = strtok_r(out, "\n", &rest); row; row = strtok_r(NULL, "\n", &rest)) {
			json_t *object = json_loads(row, 0, NULL);

			tally_check(&t->tally, object != NULL, "a row of the journal is no JSON: %.80s", row);
			json_decref(object);
		}
	}
	free(out);
	free(errors);
}

static void check_logs(struct trial *t)
{
	char path[RUN_PATH], file[2 * RUN_PATH];
	int files = 0;

	snprintf(path, sizeof(path), "%s/log", t->shop.home);
	DIR *folder = opendir(path);

	for (struct dirent *entry; folder && (entry = readdir(folder));) {
		size_t length = 0;

		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		char *text = entry->d_name[0] == '.' ? NULL : run_read_file(file, &length);

		if (!text)
			continue;
		files++;
		const char *fault = fault_of(text, length);

		tally_check(&t->tally, !*fault, "log %s: %s", entry->d_name, fault);
		free(text);
	}
	if (folder)
		closedir(folder);
	tally_check(&t->tally, files > 0, "there is no log to look at");
}

static void check_printer(struct trial *t)
{
	sqlite3 *books = books_open(&t->shop);
	char *paper = printer_paper(&t->printer);
	int pulses = run_count(paper, "~ drawer 1");
	int64_t sent = books_number(books, "SELECT count(*) FROM print_job WHERE kind = 'drawer' AND state IN ('sent', 'printed')");
	const char *fault = fault_of(paper, strlen(paper));

	tally_check(&t->tally, pulses == sent, "the drawer opened %d times, the till wished %lld", pulses, (long long)sent);
	tally_check(&t->tally, run_count(paper, "~ fault") == 0, "the printer was sent what it does not understand: %.80s",
		    strstr(paper, "~ fault") ? strstr(paper, "~ fault") : "");
	tally_check(&t->tally, !*fault, "on paper: %s", fault);
	check_paper_column(t, paper);
	fault = books_fault(books);
	tally_check(&t->tally, !*fault, "%s", fault);
	printf("printer: %lld jobs, %d pulses of %lld\n", (long long)books_number(books, "SELECT count(*) FROM print_job"), pulses, (long long)sent);
	free(paper);
	sqlite3_close(books);
}

/* ---- which string in which field ---- */

enum { NAME = COMMANDS, SETTINGS, TYPED, ALL_FIELDS = TYPED + FIELDS };

static void try_one(struct trial *t, int field, int payload)
{
	if (field < COMMANDS)
		command(t, field, payload);
	else if (field == NAME)
		name(t, payload);
	else if (field == SETTINGS)
		settings(t, payload);
	else
		type_into(t, field - TYPED, payload);
}

/* Those of all trials whose field is among these. Each round meets every string once; after as many rounds as fields, in each. */
static void try_all(struct trial *t, int first, int last)
{
	int count = t->payloads.count, step = 277;

	while (count % step == 0)
		step += 2;
	for (int i = 0; i < t->trials; i++) {
		int payload = (int)((int64_t)i * step % count), field = (payload + i / count + (int)(t->chance.seed % ALL_FIELDS)) % ALL_FIELDS;

		if (field >= first && field <= last)
			try_one(t, field, payload);
	}
}

static void prepare(struct trial *t)
{
	shop_begin(&t->shop, GOODS, NULL);
	snprintf(t->pin, sizeof(t->pin), "%s/boss.pin", t->shop.home);
	free(shop_must(&t->shop, (const char *const[]){ "shift", "open", "--float", "0", "--as", "boss", "--pin-file", t->pin, NULL }));
	free(shop_must(&t->shop, (const char *const[]){ "user", "add", "chief", "--name", "Chief", "--role", "admin", "--new-pin-file", t->pin, "--as", "boss",
		"--pin-file", t->pin, NULL }));
	begin_shape(t);
}

int main(void)
{
	static struct trial t;
	static const char *const outs[][8] = {
		{ "journal", "export", NULL }, { "journal", "tail", "--most", "1000", NULL }, { "journal", "verify", "--json", NULL },
		{ "product", "export", NULL }, { "product", "list", "--json", NULL }, { "user", "list", NULL }, { "user", "list", "--json", NULL },
		{ "report", "x", NULL }, { "report", "x", "--json", NULL }, { "report", "transactions", NULL }, { "report", "sales", "--json", NULL },
		{ "sale", "list", NULL }, { "sale", "list", "--json", NULL }, { "config", "show", "--json", NULL },
	};

	run_begin();
	t.chance = chance_begin();
	payloads_make(&t.payloads);
	t.trials = (int)chance_rounds(250);
	printf("hostile: ZG_SEED=%llu ZG_COUNT=%d: %d strings, %d fields\n", (unsigned long long)t.chance.seed, t.trials, t.payloads.count, ALL_FIELDS);
	tally_check(&t.tally, t.payloads.count >= 500, "only %d strings", t.payloads.count);
	prepare(&t);
	try_all(&t, SETTINGS, SETTINGS);
	printer_open(&t.printer, &t.shop, NULL);
	counter_open(&t.counter, &t.shop, 24, 80, NULL);
	if (tally_check(&t.tally, counter_sign_in(&t.counter, "boss", "8526"), "nobody can sign in")) {
		learn_column(&t);
		check_shape(&t, "plain goods", -1, true);
		/* what runs beside the till first: then it does nothing by itself, and every row is the command's */
		try_all(&t, 0, COMMANDS - 1);
		try_all(&t, NAME, NAME);
		for (int i = t.payloads.count - t.payloads.awkward; i < t.payloads.count; i++)
			name(&t, i);
		try_all(&t, TYPED, ALL_FIELDS - 1);
		come_back(&t);
		counter_rest(&t.counter, 1000);
		for (size_t i = 0; i < sizeof(outs) / sizeof(outs[0]); i++)
			check_out(&t, outs[i]);
		check_logs(&t);
		check_printer(&t);
	}
	printf("figure: %d trials of %d strings in %d fields; commands: %d refused, %d taken; %d hostile names sold; %d tables unchanged, %lld bytes of output "
	       "and %llu to the terminal looked at\n", t.trials, t.payloads.count, ALL_FIELDS, t.refused, t.taken, t.named, t.shape.count,
	       (long long)t.bytes, (unsigned long long)t.terminal_bytes + (t.counter.vt ? t.counter.vt->bytes : 0));
	counter_kill(&t.counter);
	printer_close(&t.printer);
	shape_end(&t.shape);
	sqlite3_close(t.books);
	shop_end(&t.shop);
	payloads_drop(&t.payloads);
	return tally_end(&t.tally);
}
