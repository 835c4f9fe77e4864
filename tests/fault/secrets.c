/*
 * Secrets leave no trace. People with known PINs are made, sign in, mistype, lend a right and unlock; commands take PINs from files; a
 * customer's payment code is scanned. Then everything that the till wrote, printed, showed or answered is searched for them: books, log,
 * journal, settings, paper, the terminal's bytes, command lines, environments, and, where this user may look, the till's own memory.
 * The journal's key may only be in its file. Files are the owner's alone, and no process of ours would leave a core.
 * P32. ZG_COUNT rounds of signing in (3), each with PINs of its own; ZG_SEED.
 */
#include "tests/fault/books.h"
#include "tests/fault/tally.h"
#include "tests/unit/chance.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GOODS   "code,barcodes,name,unit,price,tax_rate,tax_code,kind\nT1,6901234567892,Tea,cup,12.98,13%,,piece\n"
#define SECRETS 64

struct secret {
	const char *what;
	char bytes[80];
	size_t length;
};

static struct tally tally;
static struct secret secrets[SECRETS];
static size_t secret_count;
static long searched, files;
static char own_file[RUN_PATH];    /* the one that may hold the journal's key */

static void add_secret(const char *what, const void *bytes, size_t length)
{
	struct secret *s = &secrets[secret_count++];

	s->what = what;
	memcpy(s->bytes, bytes, length);
	s->length = length;
}

/* True when nothing of ours is in there. */
static bool search(const char *bytes, size_t length, const char *where)
{
	bool clean = true;

	searched += (long)length;
	for (size_t i = 0; i < secret_count; i++)
		clean &= tally_check(&tally, !memmem(bytes, length, secrets[i].bytes, secrets[i].length), "%s is in %s", secrets[i].what, where);
	return clean;
}

/* ---- files ---- */

static int look_at(const char *path, const struct stat *about, int kind, struct FTW *where)
{
	(void)where;
	if (kind == FTW_D) {
		tally_check(&tally, (about->st_mode & 077) == 0, "others may look into %s (%o)", path, about->st_mode & 0777);
		return 0;
	}
	if (S_ISLNK(about->st_mode))
		return 0;
	const char *name = strrchr(path, '/') + 1;
	bool is_tests = strcmp(name, "goods.csv") == 0 || strncmp(name, "paper.", 6) == 0;    /* the test and its printer made these */

	tally_check(&tally, is_tests || (about->st_mode & 077) == 0, "others may read %s (%o)", path, about->st_mode & 0777);
	size_t length = 0;
	char *bytes = S_ISREG(about->st_mode) ? run_read_file(path, &length) : NULL;

	if (bytes && strcmp(path, own_file) != 0) {
		search(bytes, length, path);
		files++;
	}
	free(bytes);
	return 0;
}

/* ---- processes ---- */

static char *read_proc(pid_t pid, const char *name, size_t *length)
{
	char path[64], *all = malloc(262144);
	int fd;
	ssize_t got;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	*length = 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && *length < 262143 && (got = read(fd, all + *length, 262143 - *length)) > 0)
		*length += (size_t)got;
	if (fd >= 0)
		close(fd);
	all[*length] = '\0';
	return all;
}

static void look_at_process(pid_t pid, const char *what)
{
	static const char *const names[] = { "cmdline", "environ" };
	size_t length;

	for (size_t i = 0; i < 2; i++) {
		char *bytes = read_proc(pid, names[i], &length);

		search(bytes, length, names[i]);
		free(bytes);
	}
	char *limits = read_proc(pid, "limits", &length);
	const char *core = strstr(limits, "Max core file size");
	int soft = -1, hard = -1;

	tally_check(&tally, core && sscanf(core + 18, "%d %d", &soft, &hard) == 2 && soft == 0 && hard == 0, "%s could leave a core: %.60s", what, core ? core : "?");
	free(limits);
}

/* Whoever may read it finds no PIN there once it was used. The journal's key is at work and stays. */
static bool look_at_memory(pid_t pid, size_t first, size_t end)
{
	size_t length;
	char *maps = read_proc(pid, "maps", &length), path[64], *rest = NULL;
	bool read_some = false;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	for (char *line = strtok_r(maps, "\n", &rest); fd >= 0 && line; line = strtok_r(NULL, "\n", &rest)) {
		unsigned long from, to;
		char mode[8];

		if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) != 3 || mode[0] != 'r' || mode[1] != 'w' || to - from > 256UL << 20)
			continue;
		char *bytes = malloc(to - from);
		ssize_t got = pread(fd, bytes, to - from, (off_t)from);

		for (size_t i = first; got > 0 && i < end; i++)
			tally_check(&tally, !memmem(bytes, (size_t)got, secrets[i].bytes, secrets[i].length), "%s is in the till's memory: %.80s", secrets[i].what, line);
		read_some |= got > 0;
		free(bytes);
	}
	if (fd >= 0)
		close(fd);
	free(maps);
	return read_some;
}

/* ---- people ---- */

struct person {
	char login[16], pin[16], wrong[16], file[RUN_PATH];
};

static void invent(struct chance *chance, struct person *p, int round, const char *what, const char *folder)
{
	snprintf(p->login, sizeof(p->login), "%s%d", what, round);
	snprintf(p->pin, sizeof(p->pin), "%lld", (long long)chance_between(chance, 1000000000, 9999999999));
	snprintf(p->wrong, sizeof(p->wrong), "%lld", (long long)chance_between(chance, 1000000000, 9999999999));
	snprintf(p->file, sizeof(p->file), "%s/%s", folder, p->login);
	FILE *file = fopen(p->file, "w");

	fprintf(file, "%s\n", p->pin);
	fclose(file);
	add_secret("a PIN", p->pin, strlen(p->pin));
	add_secret("a wrong PIN", p->wrong, strlen(p->wrong));
}

static void command(const struct shop *shop, const char *const *words, const char *what)
{
	char *out, *errors;

	shop_run(shop, &out, &errors, words);
	search(out, strlen(out), what);
	search(errors, strlen(errors), what);
	free(out);
	free(errors);
}

/* By hand: so many digits at once would be a scan. */
static bool sign_in(struct counter *counter, const struct person *p)
{
	if (!counter_wait(counter, "Sign in", 5000))
		return false;
	if (vt_has(counter->vt, "Look at this first")) {
		counter_write(counter, "\r");
		counter_gone(counter, "Look at this first", 2000);
	}
	counter_type(counter, p->login);
	counter_write(counter, "\r");
	counter_rest(counter, 50);
	counter_type(counter, p->pin);
	counter_rest(counter, 50);
	counter_write(counter, "\r");
	return counter_wait(counter, "Settle", 5000);
}

static void type_pin(struct counter *counter, const char *pin)
{
	counter_type(counter, pin);
	counter_rest(counter, 50);
	counter_write(counter, "\r");
}

static bool lock_and_unlock(struct counter *counter, const struct person *p)
{
	counter_write(counter, "\014");
	if (!counter_gone(counter, "Settle", 5000))
		return false;
	counter_rest(counter, 100);
	type_pin(counter, p->wrong);
	counter_rest(counter, 600);
	type_pin(counter, p->pin);
	return counter_wait(counter, "Settle", 8000);
}

int main(void)
{
	struct shop shop;
	struct printer printer;
	struct counter counter = { .pid = 0 };
	struct chance chance;
	char folder[] = "/tmp/zg-pins-XXXXXX", admin[RUN_PATH], recorded[RUN_PATH], code[24];

	run_begin();
	chance = chance_begin();
	long rounds = chance_rounds(3);
	bool looked_inside = false;

	rounds = rounds < 12 ? rounds : 12;
	printf("secrets: ZG_SEED=%llu, %ld rounds\n", (unsigned long long)chance.seed, rounds);
	if (!mkdtemp(folder))
		return 1;
	shop_begin(&shop, GOODS, NULL);
	snprintf(admin, sizeof(admin), "%s/boss.pin", shop.home);
	snprintf(recorded, sizeof(recorded), "%s/terminal", folder);
	snprintf(own_file, sizeof(own_file), "%s/keys/journal.key", shop.home);
	char *key = run_read_file(own_file, NULL);
	unsigned char raw[32];

	add_secret("the journal's key", key, 64);
	for (int i = 0; i < 32; i++) {
		unsigned byte = 0;

		sscanf(key + 2 * i, "%2x", &byte);
		raw[i] = (unsigned char)byte;
	}
	add_secret("the journal's key in bytes", raw, sizeof(raw));
	free(key);
	printer_open(&printer, &shop, NULL);
	free(shop_must(&shop, (const char *const[]){ "shift", "open", "--float", "0", "--as", "boss", "--pin-file", admin, NULL }));
	for (int round = 0; round < rounds; round++) {
		struct person chief, lin;
		size_t first = secret_count;

		invent(&chance, &chief, round, "chief", folder);
		invent(&chance, &lin, round, "cash", folder);
		snprintf(code, sizeof(code), "13%lld", (long long)chance_between(&chance, 1000000000000000, 9999999999999999));
		add_secret("a payment code", code, strlen(code));
		free(shop_must(&shop, (const char *const[]){ "user", "add", chief.login, "--name", "Chief", "--role", "admin", "--new-pin-file", chief.file, "--as",
			"boss", "--pin-file", admin, NULL }));
		free(shop_must(&shop, (const char *const[]){ "user", "add", lin.login, "--name", "Lin", "--role", "cashier", "--new-pin-file", lin.file, "--as",
			chief.login, "--pin-file", chief.file, NULL }));
		counter_open(&counter, &shop, 24, 80, NULL);
		counter.record = fopen(recorded, "w");
		if (!tally_check(&tally, sign_in(&counter, &lin), "round %d: nobody can sign in", round)) {
			vt_print(counter.vt);
			break;
		}
		look_at_process(counter.pid, "the till");
		counter_scan(&counter, "6901234567892");
		counter_rest(&counter, 200);
		counter_scan(&counter, code);
		counter_rest(&counter, 300);
		counter_write(&counter, "\033");
		counter_rest(&counter, 200);
		if (!tally_check(&tally, lock_and_unlock(&counter, &lin), "round %d: the till does not lock and unlock", round))
			vt_print(counter.vt);
		/* a right lent over the socket, a PIN changed, and one that is wrong */
		command(&shop, (const char *const[]){ "cash", "in", "5", "--reason", "change", "--as", lin.login, "--pin-file", lin.file, "--with", chief.login, "--with-pin-file",
			chief.file, NULL }, "an answer to a lent right");
		command(&shop, (const char *const[]){ "cash", "in", "5", "--reason", "change", "--as", chief.login, "--pin-file", lin.file, NULL }, "an answer to a wrong PIN");
		command(&shop, (const char *const[]){ "user", "list", "--json", NULL }, "the list of people");
		counter_rest(&counter, 300);
		looked_inside |= look_at_memory(counter.pid, first, secret_count);
		fflush(counter.record);
		size_t length = 0;
		char *bytes = run_read_file(recorded, &length);

		tally_check(&tally, length > 2000, "the terminal was sent %zu bytes only", length);
		search(bytes, length, "the terminal's bytes");
		free(bytes);
		counter_kill(&counter);
		fclose(counter.record);
		counter.record = NULL;
		remove(recorded);
		remove(chief.file);
		remove(lin.file);
	}
	static const char *const outs[][4] = {
		{ "journal", "export", NULL }, { "journal", "tail", NULL }, { "config", "show", NULL }, { "doctor", NULL }, { "report", "x", NULL }, { "sale", "list", NULL },
	};

	for (size_t i = 0; i < sizeof(outs) / sizeof(outs[0]); i++)
		command(&shop, outs[i], outs[i][0]);
	char *paper = printer_paper(&printer);

	search(paper, strlen(paper), "the paper");
	free(paper);
	remove(admin);    /* of the test, with a short PIN */
	printer_close(&printer);
	nftw(shop.home, look_at, 16, FTW_PHYS);
	tally_check(&tally, files >= 4, "only %ld files were searched", files);
	sqlite3 *books = books_open(&shop);

	tally_check(&tally, books_number(books, "SELECT count(*) FROM person WHERE pin_hash NOT LIKE '$y$%'") == 0, "a PIN is kept otherwise than hashed");
	sqlite3_close(books);
	printf("figure: %zu secrets looked for in %ld files and %ld kB%s: %d hits\n", secret_count, files, searched / 1024,
	       looked_inside ? ", and in the till's memory" : "; the till's memory was closed to us", tally.failed);
	shop_end(&shop);
	rmdir(folder);
	return tally_end(&tally);
}
