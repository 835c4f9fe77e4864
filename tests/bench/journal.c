/*
 * What checking the journal costs: a shop sells once, then its journal gets so many rows more with the words of that sale, each sealed,
 * and is verified.
 *
 * journal ROWS prints one line of numbers: seconds that verifying took in this process, seconds of the processor's in them, rows, kilobytes
 * of the books. The shop lies in $TMPDIR.
 */
#include "tests/unit/shop.h"

#include "src/base/json.h"
#include "src/store/journal.h"
#include "src/store/store.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#define EACH 10000    /* rows a transaction */

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double busy_s(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void must(enum zg_result result, const struct zg_error *err)
{
	if (result == ZG_OK)
		return;
	fprintf(stderr, "journal: %s\n", err->text);
	exit(1);
}

static bool keep_sale(const struct zg_journal_row *row, void *self)
{
	json_t **body = self;

	if (strcmp(row->kind, "sale.paid") == 0)
		*body = zg_json_parse(row->body, strlen(row->body));
	return *body == NULL;
}

static json_t *sell(struct shop *shop)
{
	json_t *body = NULL;

	must(shop_sign_in(shop, "lin"), &shop->err);
	must(shop_do(shop, "shift.open", "{s:i}", "float_fen", 0), &shop->err);
	for (int i = 0; i < 3; i++)
		must(shop_do(shop, "sale.add", "{s:s}", "code", (const char *const[]){ "1001", "1002", "1003" }[i]), &shop->err);
	must(shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 10000), &shop->err);
	must(zg_journal_read(zg_till_store(shop->till), 1, 0, keep_sale, &body, &shop->err), &shop->err);
	return body;
}

static void add_rows(struct shop *shop, const json_t *body, long rows)
{
	struct zg_store *store = (struct zg_store *)(uintptr_t)zg_till_store(shop->till);

	for (long i = 0; i < rows; i++) {
		if (i % EACH == 0)
			must(zg_store_begin(store, ZG_SYNC_NORMAL, &shop->err), &shop->err);
		must(zg_journal_add(store, "lin", "sale.paid", body, NULL, &shop->err), &shop->err);
		if (i % EACH == EACH - 1 || i == rows - 1) {
			must(zg_store_commit(store, &shop->err), &shop->err);
			zg_store_checkpoint(store);
		}
	}
}

int main(int argc, char **argv)
{
	long rows = argc > 1 ? strtol(argv[1], NULL, 10) : 1000000;
	struct zg_journal_check check;
	struct stat about = { 0 };
	char path[600];

	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	struct shop *shop = shop_begin(NULL);
	json_t *body = sell(shop);

	add_rows(shop, body, rows);
	double begun = now_s(), busy = busy_s();

	must(zg_journal_verify(zg_till_store(shop->till), &check, &shop->err), &shop->err);
	double took = now_s() - begun;

	busy = busy_s() - busy;
	snprintf(path, sizeof(path), "%s/zhanggui.db", shop->home);
	stat(path, &about);
	printf("%.3f %.3f %lld %lld\n", took, busy, (long long)check.rows, (long long)about.st_size / 1024);
	json_decref(body);
	shop_end(shop);
	return 0;
}
