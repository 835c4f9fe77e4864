/*
 * What a paid sale costs the disk, beside the least that a disk can do: a 4 KiB pwrite and an fdatasync on a file of its own,
 * by turns with the till's own act in the same directory.
 *
 * commit SALES prints one line of numbers: the median act of paying and the median raw write in microseconds, then the same with every
 * flush made 10 ms longer (a slow card), the flushes a paid sale waited for, kilobytes written by the process a sale, and how much
 * memory (RSS, KB) the second half of the sales added. The shop lies in $TMPDIR.
 */
#include "tests/unit/shop.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SLOW_MS 10

static bool is_slow;
static long flushes;

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int flush(long call, int fd)
{
	flushes++;
	if (is_slow)
		nanosleep(&(struct timespec){ 0, SLOW_MS * 1000000 }, NULL);
	return (int)syscall(call, fd);
}

/* The program's own symbols come first: SQLite's calls end here. */
int fdatasync(int fd)
{
	return flush(SYS_fdatasync, fd);
}

int fsync(int fd)
{
	return flush(SYS_fsync, fd);
}

static int by_size(const void *a, const void *b)
{
	return (*(const int64_t *)a > *(const int64_t *)b) - (*(const int64_t *)a < *(const int64_t *)b);
}

static int64_t median(int64_t *values, long count)
{
	qsort(values, (size_t)count, sizeof(*values), by_size);
	return values[count / 2];
}

static long from_proc(const char *path, const char *key)
{
	char line[256];
	long value = 0;
	FILE *file = fopen(path, "r");

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, key, strlen(key)) == 0)
			value = strtol(line + strlen(key), NULL, 10);
	if (file)
		fclose(file);
	return value;
}

static void must(enum zg_result result, const struct shop *shop)
{
	if (result == ZG_OK)
		return;
	fprintf(stderr, "commit: %s\n", shop->err.text);
	exit(1);
}

static int64_t pay(struct shop *shop)
{
	must(shop_do(shop, "sale.add", "{s:s}", "code", "1001"), shop);
	must(shop_do(shop, "sale.add", "{s:s}", "code", "1002"), shop);
	must(shop_do(shop, "sale.add", "{s:s}", "code", "1003"), shop);
	int64_t begun = now_us();

	must(shop_do(shop, "sale.pay", "{s:i}", "tendered_fen", 10000), shop);
	int64_t took = now_us() - begun;

	while (zg_loop_step(shop->loop, 0) && !zg_till_is_idle(shop->till))
		;
	return took;
}

static int64_t write_raw(int fd)
{
	static char page[4096];
	int64_t begun = now_us();

	page[0]++;
	if (pwrite(fd, page, sizeof(page), 0) != (ssize_t)sizeof(page) || fdatasync(fd) != 0) {
		perror("commit");
		exit(1);
	}
	return now_us() - begun;
}

static void measure(struct shop *shop, int raw, long sales, int64_t *act_us, int64_t *raw_us, double *waited)
{
	int64_t *acts = calloc((size_t)sales, sizeof(*acts)), *raws = calloc((size_t)sales, sizeof(*raws));
	long counted = 0;

	for (long i = 0; i < sales; i++) {
		long before = flushes;

		acts[i] = pay(shop);
		counted += flushes - before;
		raws[i] = write_raw(raw);
	}
	*waited = (double)counted / (double)sales;
	*act_us = median(acts, sales);
	*raw_us = median(raws, sales);
	free(acts);
	free(raws);
}

int main(int argc, char **argv)
{
	long sales = argc > 1 ? strtol(argv[1], NULL, 10) : 1000, slow_sales = sales < 100 ? sales : 100;
	struct shop *shop;
	int64_t act, raw_us, slow_act, slow_raw;
	double waited, slow_waited;
	char path[600];

	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	shop = shop_begin(NULL);
	must(shop_sign_in(shop, "lin"), shop);
	must(shop_do(shop, "shift.open", "{s:i}", "float_fen", 0), shop);
	snprintf(path, sizeof(path), "%s/raw", shop->home);
	int raw = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	measure(shop, raw, sales / 2, &act, &raw_us, &waited);
	long rss = from_proc("/proc/self/status", "VmRSS:"), wrote = from_proc("/proc/self/io", "write_bytes:");

	measure(shop, raw, sales - sales / 2, &act, &raw_us, &waited);
	rss = from_proc("/proc/self/status", "VmRSS:") - rss;
	wrote = from_proc("/proc/self/io", "write_bytes:") - wrote;
	is_slow = true;
	measure(shop, raw, slow_sales, &slow_act, &slow_raw, &slow_waited);
	is_slow = false;
	printf("%lld %lld %lld %lld %.3f %.1f %ld\n", (long long)act, (long long)raw_us, (long long)slow_act, (long long)slow_raw, waited,
	       (double)wrote / 1024 / (double)(sales - sales / 2), rss);
	close(raw);
	shop_end(shop);
	return 0;
}
