/*
 * Hostile strings in every field that takes text: typed and scanned at the till, given to commands, in the settings and in a
 * product file. Whatever was accepted then goes round: on the screen, on paper, in the log, in lists, JSON and the journal's
 * export. No byte outside what is allowed may reach any of them, and no string may become a command of the printer.
 * ZG_COUNT payloads at most (all), ZG_SEED picks their fields.
 */
#include "tests/fault/books.h"
#include "tests/fault/tally.h"
#include "tests/unit/chance.h"

#include <dirent.h>
#include <jansson.h>
#include <signal.h>
#include <string.h>

#define GOODS    "code,barcodes,name,unit,price,tax_rate,tax_code,kind\nT1,6901234567892,Tea,cup,12.98,13%,,piece\n" \
		 "T2,6901234567908,Repair,job,0.00,13%,,open-price\n"
#define PAYLOADS 320
#define LONG     10240

struct trial {
	struct tally tally;
	struct chance chance;
	struct shop shop;
	struct counter counter;
	struct printer printer;
	char *payloads[PAYLOADS];
	size_t lengths[PAYLOADS];
	int count, used;           /* made, and tried */
	int refused, taken;        /* by commands */
	char pin[RUN_PATH];
};

/* ---- the strings ---- */

static void add_bytes(struct trial *t, const char *bytes, size_t length)
{
	char *text = malloc(length + 3);

	text[0] = 'A';
	memcpy(text + 1, bytes, length);
	text[length + 1] = 'B';
	text[length + 2] = '\0';
	t->payloads[t->count] = text;
	t->lengths[t->count++] = length + 2;
}

static void add(struct trial *t, const char *bytes)
{
	add_bytes(t, bytes, strlen(bytes));
}

static void add_character(struct trial *t, unsigned long c)
{
	char bytes[5];

	if (c < 0x800)
		snprintf(bytes, sizeof(bytes), "%c%c", (int)(0xC0 | c >> 6), (int)(0x80 | (c & 0x3F)));
	else if (c < 0x10000)
		snprintf(bytes, sizeof(bytes), "%c%c%c", (int)(0xE0 | c >> 12), (int)(0x80 | (c >> 6 & 0x3F)), (int)(0x80 | (c & 0x3F)));
	else
		snprintf(bytes, sizeof(bytes), "%c%c%c%c", (int)(0xF0 | c >> 18), (int)(0x80 | (c >> 12 & 0x3F)), (int)(0x80 | (c >> 6 & 0x3F)),
			 (int)(0x80 | (c & 0x3F)));
	add(t, bytes);
}

static void add_range(struct trial *t, unsigned long from, unsigned long to)
{
	for (; from <= to; from++)
		add_character(t, from);
}

static void make_payloads(struct trial *t)
{
	static const char *const some[] = {
		"\033[31mred", "\033[2J\033[H", "\033c", "\033]0;title\a", "\033]52;c;cm0gLXJmIC8=\a", "\033]8;;http://x\033\\link\033]8;;\033\\",
		"\033P$q\"p\033\\", "\033_hidden\033\\", "\033^hidden\033\\", "\033X hidden\033\\", "\033[?1049l", "\033[6n", "\033[c", "\033[5i", "\033(0",
		"\033#8", "\033[1;1r", "\233" "31m", "\2350;title\234", "\220q\234", "\xC2\x9B" "31m", "\xC2\x9D" "0;t\a", "\x0E", "\x0F", "\x05", "\r\n", "\n\n\n",
		"\033p\x01\x32\xFA", "\033p" "02", "\033@", "\035V\x01", "\035(k\x03\x01" "1QR", "\020\024\x01\x01\x01", "\020\004\x01", "\034p\x01\x01", "\034.",
		"\xC0\xAF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFE", "\xFF",
		"\xE4\xB8", "\xF0\x9F\x98", "\xC3", "\x80", "\xBF\xBF", "\xC3(", "\xEF\xBF\xBE", "\xEF\xBF\xBF",
		"e\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81", "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7", "\xF0\x9F\x98\x80", "\xE1\x85\x9F",
		"=cmd|'/c calc'!A0", "+1+1", "@SUM(A1)", "-2+3", "\t=1", "\"; drop", "'; DROP TABLE sale; --", "%s%s%n%n", "%999999d", "${jndi:x}", "`id`", "$(id)",
		"../../etc/passwd", "{\"a\":1}", "\\u001b[2J", "{shop.name}", "{if x}", "a|b|c", "a,b\"c", "\xE2\x80\xA8new line", "\xE2\x80\xA9", "a\xC2\xAD" "b",
	};

	for (int c = 1; c < 0x20; c++)
		add(t, (char[]){ (char)c, '\0' });
	add(t, "\x7F");
	for (int c = 0x80; c < 0xA0; c += 3)
		add(t, (char[]){ (char)c, '\0' });
	add_range(t, 0x80, 0x9F);
	add_range(t, 0x200B, 0x200F);
	add_range(t, 0x202A, 0x202E);
	add_range(t, 0x2060, 0x206F);
	add_range(t, 0xFFF9, 0xFFFB);
	add_range(t, 0xE0020, 0xE0024);
	add_range(t, 0xFE00, 0xFE03);
	for (size_t i = 0; i < sizeof((unsigned long[]){ 0xAD, 0x61C, 0x180E, 0xFEFF, 0xE001, 0xF0000, 0x1FFFE, 0x10FFFF, 0x115F, 0x3164, 0xFFA0, 0xE0001, 0x2800 })
	     / sizeof(unsigned long); i++)
		add_character(t, ((unsigned long[]){ 0xAD, 0x61C, 0x180E, 0xFEFF, 0xE001, 0xF0000, 0x1FFFE, 0x10FFFF, 0x115F, 0x3164, 0xFFA0, 0xE0001, 0x2800 })[i]);
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		add(t, some[i]);
	char *text = malloc(LONG + 1);

	for (int kind = 0; kind < 4; kind++) {
		for (int i = 0; i < LONG; i++)
			text[i] = kind == 0 ? 'x' : kind == 1 ? "\033["[i % 2] : kind == 2 ? "\xE5\xA5\xBD"[i % 3] : "\xE2\x80\xAE"[i % 3];
		text[LONG] = '\0';
		add(t, text);
	}
	free(text);
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

	tally_check(&t->tally, !*fault, "%s with payload %d: %s", what, payload, fault);
}

/* ---- commands ---- */

enum { LEAST_COMMAND = 0, COMMANDS = 9 };

static void command(struct trial *t, int which, int payload)
{
	const char *p = t->payloads[payload];
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
	free(out);
	free(errors);
}

/* A product of that name: taken as it is, or refused with its place. */
static void import(struct trial *t, int payload)
{
	char file[RUN_PATH], *out, *errors;
	FILE *csv;

	snprintf(file, sizeof(file), "%s/hostile.csv", t->shop.home);
	csv = fopen(file, "w");
	fputs("code,barcodes,name,unit,price,tax_rate,tax_code,kind\n", csv);
	fprintf(csv, "H%d,,\"", payload);
	for (const char *at = t->payloads[payload]; *at; at++)
		fprintf(csv, *at == '"' ? "\"\"" : "%c", *at);
	fputs("\",pc,1.00,13%,,piece\n", csv);
	fclose(csv);
	int code = shop_run(&t->shop, &out, &errors, (const char *const[]){ "product", "import", file, "--as", "boss", "--pin-file", t->pin, NULL });

	tally_check(&t->tally, code == 0 || code == 3, "product import with payload %d ended with %d", payload, code);
	t->refused += code != 0;
	t->taken += code == 0;
	must_be_clean(t, "product import", payload, out);
	must_be_clean(t, "product import's sentence", payload, errors);
	free(out);
	free(errors);
}

/* Settings with it: refused, or harmless. Not while the till runs on them. */
static void settings(struct trial *t, int payload)
{
	static char conf[LONG + 1000];
	char *out, *errors, *kept, path[RUN_PATH];

	snprintf(path, sizeof(path), "%s/zhanggui.conf", t->shop.home);
	kept = run_read_file(path, NULL);
	snprintf(conf, sizeof(conf), "[shop]\nname = %s\naddress = %s\nphone = 1\n", t->payloads[payload], t->payloads[payload]);
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
}

/* ---- at the till ---- */

/* A payload at the locked till is so many wrong PINs. The other admin forgives them, and the till begins afresh. */
static void begin_afresh(struct trial *t)
{
	if (t->counter.pid) {
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
	counter_write(&t->counter, t->payloads[payload]);
	counter_rest(&t->counter, 35);
	counter_write(&t->counter, fields[field].after);
	counter_rest(&t->counter, 10);
	tally_check(&t->tally, t->counter.vt->faults == 0, "%s with payload %d: the terminal was sent %s", fields[field].name, payload, t->counter.vt->fault);
	t->counter.vt->faults = 0;
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
	tally_check(&t->tally, books_number(books, "SELECT count(*) FROM print_job") > t->used / 20, "too few slips were printed to say anything");
	fault = books_fault(books);
	tally_check(&t->tally, !*fault, "%s", fault);
	printf("printer: %lld jobs, %d pulses of %lld\n", (long long)books_number(books, "SELECT count(*) FROM print_job"), pulses, (long long)sent);
	free(paper);
	sqlite3_close(books);
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
	make_payloads(&t);
	int count = (int)chance_rounds(t.count);

	count = t.used = count < t.count ? count : t.count;
	printf("hostile: ZG_SEED=%llu, %d payloads, %d fields at the till, %d of commands\n", (unsigned long long)t.chance.seed, count, FIELDS, COMMANDS + 2);
	shop_begin(&t.shop, GOODS, NULL);
	snprintf(t.pin, sizeof(t.pin), "%s/boss.pin", t.shop.home);
	free(shop_must(&t.shop, (const char *const[]){ "shift", "open", "--float", "0", "--as", "boss", "--pin-file", t.pin, NULL }));
	free(shop_must(&t.shop, (const char *const[]){ "user", "add", "chief", "--name", "Chief", "--role", "admin", "--new-pin-file", t.pin, "--as", "boss",
		"--pin-file", t.pin, NULL }));
	for (int i = 0; i < count; i += 3)
		settings(&t, i);
	printer_open(&t.printer, &t.shop, NULL);
	counter_open(&t.counter, &t.shop, 24, 80, NULL);
	if (tally_check(&t.tally, counter_sign_in(&t.counter, "boss", "8526"), "nobody can sign in")) {
		for (int i = 0; i < count; i++) {
			/* every payload into a command and a field, fields in turn */
			command(&t, (int)chance_between(&t.chance, LEAST_COMMAND, COMMANDS - 1), i);
			if (i % 3 == 0)
				command(&t, 0, i);
			if (i % 2 == 0)
				import(&t, i);
			type_into(&t, (int)((i + (int64_t)(t.chance.seed % FIELDS)) % FIELDS), i);
		}
		come_back(&t);
		counter_rest(&t.counter, 1000);
		for (size_t i = 0; i < sizeof(outs) / sizeof(outs[0]); i++)
			check_out(&t, outs[i]);
		check_logs(&t);
		check_printer(&t);
	}
	printf("commands: %d refused, %d taken\n", t.refused, t.taken);
	counter_kill(&t.counter);
	printer_close(&t.printer);
	shop_end(&t.shop);
	return tally_end(&t.tally);
}
