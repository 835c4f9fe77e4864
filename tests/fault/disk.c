/*
 * A full disk: the shop on a small file system of its own that is filled up. Sales are refused below the reserve, with a
 * sentence that says what to do; the shift can still be counted and closed; when there is room again, selling goes on.
 * Needs root for the mount, in a mount namespace of its own; else it is skipped with a note.
 */
#include "tests/fault/books.h"
#include "tests/fault/tally.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define GOODS "code,barcodes,name,unit,price,tax_rate,tax_code,kind\nT1,6901234567892,Tea,cup,12.98,13%,,piece\n"

/* Mounts are unseen by everybody else, and gone with this process. */
static bool may_mount(void)
{
	return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static bool own_disk(char *place, const char *size)
{
	char options[32];

	snprintf(options, sizeof(options), "size=%s", size);
	return mkdtemp(place) && mount("zg-fault", place, "tmpfs", 0, options) == 0;
}

static int64_t room(const char *place)
{
	struct statvfs now;

	return statvfs(place, &now) == 0 ? (int64_t)now.f_bavail * (int64_t)now.f_frsize : -1;
}

/* Fills until so much is left; a file for each time. */
static void fill(const char *place, const char *name, int64_t leave)
{
	static char block[65536];
	char path[RUN_PATH];

	memset(block, 'x', sizeof(block));
	snprintf(path, sizeof(path), "%s/%s", place, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);

	while (room(place) > leave) {
		size_t size = room(place) - leave < (int64_t)sizeof(block) ? (size_t)(room(place) - leave) : sizeof(block);

		if (write(fd, block, size) <= 0)
			break;
	}
	close(fd);
}

static void drop(const char *place, const char *name)
{
	char path[RUN_PATH];

	snprintf(path, sizeof(path), "%s/%s", place, name);
	unlink(path);
}

static bool sell(struct counter *counter, int number)
{
	char words[32];

	snprintf(words, sizeof(words), "R01%07d", number);
	if (!vt_has(counter->vt, "Invoiceable")) {
		counter_scan(counter, "6901234567892");
		if (!counter_wait(counter, "Invoiceable", 3000))
			return false;
	}
	counter_write(counter, "+\r");
	return counter_wait(counter, words, 2000);
}

/* Paid or refused with the sentence; how many were paid before. */
static int sell_until_refused(struct counter *counter, int number)
{
	int paid = 0;

	while (paid < 200 && sell(counter, number + paid))
		paid++;
	return paid;
}

/* leave: what others leave of the disk. */
static void full_disk(struct tally *tally, const char *place, const char *size, int64_t leave)
{
	struct shop shop, outside;
	struct counter counter = { 0 };
	struct printer printer;
	char pin[RUN_PATH], *errors = NULL;
	const char *fault;
	int paid;

	setenv("TMPDIR", place, 1);
	shop_begin(&shop, GOODS, NULL);
	/* the paper of the virtual printer is not on that disk */
	outside = shop;
	snprintf(outside.home, sizeof(outside.home), "/tmp/zg-fault-paper-XXXXXX");
	if (!mkdtemp(outside.home))
		return;
	snprintf(pin, sizeof(pin), "%s/boss.pin", shop.home);
	free(shop_must(&shop, (const char *const[]){ "shift", "open", "--float", "0", "--as", "boss", "--pin-file", pin, NULL }));
	printer_open(&printer, &outside, NULL);
	counter_open(&counter, &shop, 24, 80, NULL);
	tally_check(tally, counter_sign_in(&counter, "lin", "6092") && sell(&counter, 1), "%s: no sale on a disk with room", size);
	counter_rest(&counter, 2500);

	int64_t before = room(place);

	fill(place, "filler", leave);
	counter_rest(&counter, 2500);
	paid = sell_until_refused(&counter, 2);
	printf("%s: room %lld kB, then filled to %lld kB; %d more sales, then refused\n", size, (long long)before / 1024, (long long)leave / 1024, paid);
	tally_check(tally, paid < 200, "%s: sales are not refused on a full disk", size);
	if (!tally_check(tally, counter_wait(&counter, "disk is almost full", 2000), "%s: the refusal does not name the disk", size))
		vt_print(counter.vt);
	tally_check(tally, !sell(&counter, 2 + paid), "%s: a sale was taken below the reserve", size);
	tally_check(tally, counter_wait(&counter, "Disk", 3000), "%s: the status line does not show the disk", size);

	/* a shift closes without a sale under way: the one that was refused is hung, which a full disk must still take */
	counter_write(&counter, "\033[18~");
	tally_check(tally, counter_wait(&counter, "Hung1", 3000), "%s: the refused sale cannot be hung", size);

	int code = shop_run(&shop, NULL, &errors, (const char *const[]){ "shift", "count", "--total", "0", "--as", "boss", "--pin-file", pin, NULL });

	tally_check(tally, code == 0, "%s: the drawer cannot be counted: %s", size, errors);
	free(errors);
	code = shop_run(&shop, NULL, &errors, (const char *const[]){ "shift", "close", "--as", "boss", "--pin-file", pin, NULL });
	tally_check(tally, code == 0, "%s: the shift cannot be closed: %s", size, errors);
	free(errors);
	tally_check(tally, printer_wait(&printer, "Z REPORT No. 1", 1, 10000), "%s: no Z on paper", size);

	/* room again */
	drop(place, "filler");
	counter_rest(&counter, 3000);
	free(shop_must(&shop, (const char *const[]){ "shift", "open", "--float", "0", "--as", "boss", "--pin-file", pin, NULL }));
	if (!tally_check(tally, sell(&counter, 2 + paid), "%s: no sale although there is room again", size))
		vt_print(counter.vt);
	sqlite3 *books = books_open(&shop);

	fault = books_fault(books);
	tally_check(tally, !*fault, "%s: %s", size, fault);
	tally_check(tally, books_number(books, "SELECT count(*) FROM sale WHERE state = 'paid'") == 2 + paid, "%s: other sales are booked than were paid", size);
	sqlite3_close(books);
	code = shop_run(&shop, NULL, NULL, (const char *const[]){ "journal", "verify", NULL });
	tally_check(tally, code == 0, "%s: the journal does not verify", size);
	tally_check(tally, counter.vt->faults == 0, "%s: the terminal was sent %s", size, counter.vt->fault);
	counter_kill(&counter);
	printer_close(&printer);
	shop_end(&outside);
	shop_end(&shop);
}

int main(void)
{
	/* with room for the till's reserve, which others cannot take; and too small for one */
	static const struct { const char *size; int64_t leave; } disks[] = { { "100m", 0 }, { "40m", 1024 * 1024 } };
	static struct tally tally;

	run_begin();
	for (size_t i = 0; i < sizeof(disks) / sizeof(disks[0]); i++) {
		char place[] = "/tmp/zg-fault-disk-XXXXXX";

		if ((i == 0 && !may_mount()) || !own_disk(place, disks[i].size)) {
			printf("skipped: no small disk can be mounted here (%s)\n0 passed, 0 failed\n", strerror(errno));
			rmdir(place);
			return 0;
		}
		full_disk(&tally, place, disks[i].size, disks[i].leave);
		umount2(place, MNT_DETACH);
		rmdir(place);
	}
	return tally_end(&tally);
}
