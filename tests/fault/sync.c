/*
 * Nothing says "paid" before it is on disk, and one sync is enough: the till under strace, sale after sale. From the read of the
 * settle key to the first byte of "paid" on the terminal, of the pulse and of the slip, there is exactly one fsync or fdatasync,
 * and it comes first.
 * P6. ZG_COUNT sales (50).
 */
#include "tests/fault/books.h"
#include "tests/fault/tally.h"
#include "tests/unit/chance.h"

#include <stdlib.h>
#include <string.h>

#define GOODS "code,barcodes,name,unit,price,tax_rate,tax_code,kind\nT1,6901234567892,Tea,cup,12.98,13%,,piece\n"

struct trace {
	long sales, exact;
	int histogram[5];         /* sales by syncs between the key and the first sign */
	int64_t wait_us;
};

/* What a line of the trace is. */
enum call { OTHER, SETTLE_KEY, SYNC, PAID_SHOWN, PULSE, SLIP };

static enum call call_of(const char *line)
{
	if (strstr(line, "fsync(") || strstr(line, "fdatasync("))
		return SYNC;
	if (strstr(line, "read(") && strstr(line, "\"+\\r\""))
		return SETTLE_KEY;
	if (!strstr(line, "write("))
		return OTHER;
	if (strstr(line, "\\33p"))
		return PULSE;
	if (strstr(line, "\\33@") && strstr(line, "Receipt"))
		return SLIP;
	return strstr(line, "Paid") || strstr(line, "received") ? PAID_SHOWN : OTHER;
}

static void check(struct tally *tally, const char *path, long expected, struct trace *trace)
{
	char *text = run_read_file(path, NULL), *rest = NULL;
	bool waits = false;
	int syncs = 0, pulses = 0, shown = 0, after = 0;

	for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest)) {
		switch (call_of(line)) {
		case SETTLE_KEY:
			waits = true;
			syncs = 0;
			trace->sales++;
			break;
		case SYNC:
			syncs++;
			after += !waits;
			break;
		case PAID_SHOWN: shown += waits;    /* fall through */
		case PULSE:      pulses += !!strstr(line, "\\33p");    /* fall through */
		case SLIP:
			if (!waits)
				break;
			waits = false;
			trace->histogram[syncs < 4 ? syncs : 4]++;
			trace->exact += tally_check(tally, syncs == 1, "sale %ld: %d syncs before %.60s", trace->sales, syncs, line);
			break;
		case OTHER: break;
		}
	}
	tally_check(tally, trace->sales == expected, "the trace shows %ld settle keys of %ld", trace->sales, expected);
	tally_check(tally, trace->exact == expected, "%ld of %ld sales had exactly one sync", trace->exact, expected);
	tally_check(tally, pulses == expected, "%d pulses for %ld sales", pulses, expected);
	printf("figure: %ld sales: %ld with exactly one sync before the first sign of payment (%d of them on the terminal first); %d pulses; "
	       "%d syncs elsewhere\n", trace->sales, trace->exact, shown, pulses, after);
	free(text);
}

int main(void)
{
	static struct tally tally;
	static struct trace trace;
	struct shop shop;
	struct counter counter = { 0 };
	struct printer printer;
	long count;
	char pin[RUN_PATH], file[RUN_PATH], program[RUN_PATH], number[32];

	run_begin();
	count = chance_rounds(50);
	if (system("strace -o /dev/null true 2>/dev/null") != 0) {
		printf("skipped: strace is not here, or may not trace\n0 passed, 0 failed\n");
		return 0;
	}
	shop_begin(&shop, GOODS, NULL);
	snprintf(pin, sizeof(pin), "%s/boss.pin", shop.home);
	snprintf(file, sizeof(file), "%s/trace", shop.home);
	snprintf(program, sizeof(program), "%s/zhanggui", run_build());
	free(shop_must(&shop, (const char *const[]){ "shift", "open", "--float", "0", "--as", "boss", "--pin-file", pin, NULL }));
	printer_open(&printer, &shop, NULL);
	counter_open(&counter, &shop, 24, 80, (const char *const[]){ "strace", "-o", file, "-s", "8192", "-e", "trace=read,write,fsync,fdatasync",
		     program, "till", "--home", shop.home, NULL });
	if (tally_check(&tally, counter_sign_in(&counter, "lin", "6092"), "nobody can sign in")) {
		for (long i = 1; i <= count; i++) {
			counter_scan(&counter, "6901234567892");
			counter_wait(&counter, "Invoiceable  12.98", 3000);
			counter_write(&counter, "+\r");
			snprintf(number, sizeof(number), "R01%07ld", i);
			if (!tally_check(&tally, counter_wait(&counter, number, 5000), "%s was not paid", number))
				break;
		}
		printer_wait(&printer, "✂", (int)count, 10000);
		counter_rest(&counter, 200);
		check(&tally, file, count, &trace);
	}
	counter_kill(&counter);
	printer_close(&printer);
	shop_end(&shop);
	return tally_end(&tally);
}
