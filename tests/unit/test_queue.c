#include "src/till/queue.h"

#include "drivers/printer/escpos.h"
#include "src/base/alloc.h"
#include "src/base/json.h"
#include "src/shop/receipt.h"
#include "src/store/jobs.h"
#include "tests/unit/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pty.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* Time runs by itself, and the test can skip ahead. */
static int64_t skipped_ms;

static int64_t skip_now(void *self)
{
	(void)self;
	return zg_clock_now(&zg_real_clock) + skipped_ms;
}

static int64_t skip_running(void *self)
{
	(void)self;
	return zg_clock_running(&zg_real_clock) + skipped_ms;
}

static const struct zg_clock test_clock = { .now_ms = skip_now, .running_ms = skip_running };

/* The printer at the other end of a pty. */
static struct {
	int fd;                 /* -1: unplugged */
	bool is_mute;           /* never answers */
	bool is_unsure;         /* never confirms */
	bool has_no_paper;
	ssize_t reads;          /* bytes it takes before it stops; -1: all */
	struct zg_buffer got;
	size_t seen;            /* of got: looked at for questions */
} printer = { .fd = -1, .reads = -1 };

static char *home;
static struct zg_store *store;
static struct zg_loop *loop;
static struct zg_queue *queue;
static struct zg_config config;
static struct zg_error err;

/* ---- the printer ---- */

/* The same name for whatever device node it gets. */
static void plug_in(void)
{
	char node[64], *path = zg_print("%s/printer", home);
	struct termios raw;
	int slave;

	cr_assert(eq(int, openpty(&printer.fd, &slave, node, NULL, NULL), 0));
	tcgetattr(slave, &raw);
	cfmakeraw(&raw);
	tcsetattr(slave, TCSANOW, &raw);
	close(slave);
	fcntl(printer.fd, F_SETFL, O_NONBLOCK);
	fcntl(printer.fd, F_SETFD, FD_CLOEXEC);
	unlink(path);
	cr_assert(eq(int, symlink(node, path), 0));
	zg_buffer_empty(&printer.got);
	printer.seen = 0;
	printer.reads = -1;
	free(path);
}

static void unplug(void)
{
	char *path = zg_print("%s/printer", home);

	if (printer.fd >= 0)
		close(printer.fd);
	printer.fd = -1;
	unlink(path);
	free(path);
}

static void reply(const char *bytes, size_t length)
{
	cr_assert(eq(int, (int)write(printer.fd, bytes, length), (int)length));
}

/* Answers one request that starts here; false: more must come. */
static bool answer_at(const unsigned char *at, size_t left)
{
	char block[7] = { 0x37, 0x22, 0, 0, 0, 0, 0 };
	char status = 0x12;

	if (at[0] == 0x10 && left < 3)
		return false;
	if (at[0] == 0x1D && left < 3)
		return false;
	if (at[0] == 0x10 && at[1] == 0x04 && !printer.is_mute) {
		if (printer.has_no_paper)
			status = at[2] == 1 ? 0x1A : at[2] == 2 ? 0x32 : at[2] == 4 ? 0x72 : 0x12;
		reply(&status, 1);
	} else if (at[0] == 0x1D && at[1] == 0x72 && !printer.is_mute && !printer.is_unsure) {
		reply("\0", 1);
	} else if (at[0] == 0x1D && at[1] == 0x28 && at[2] == 0x48 && !printer.is_mute && !printer.is_unsure) {
		if (left < 11)
			return false;
		memcpy(block + 2, at + 7, 4);
		reply(block, 7);
	}
	return true;
}

static void printer_step(void)
{
	char bytes[512];
	size_t most = sizeof(bytes);

	if (printer.fd < 0)
		return;
	if (printer.reads >= 0 && (size_t)printer.reads < most)
		most = (size_t)printer.reads;
	ssize_t got = most ? read(printer.fd, bytes, most) : 0;

	if (got > 0) {
		zg_buffer_add(&printer.got, bytes, (size_t)got);
		if (printer.reads >= 0)
			printer.reads -= got;
	}
	while (printer.seen < printer.got.length &&
	       answer_at((const unsigned char *)printer.got.bytes + printer.seen, printer.got.length - printer.seen))
		printer.seen++;
}

/* How often these bytes came out of it. */
static int count_of(const char *bytes, size_t length)
{
	int count = 0;

	for (size_t i = 0; i + length <= printer.got.length; i++)
		count += !memcmp(printer.got.bytes + i, bytes, length);
	return count;
}

static int slips(void)
{
	return count_of("{BR010000187", 12);    /* the receipt's number as a CODE128 */
}

static int pulses(void)
{
	return count_of("\x1B\x70\x00", 3) + count_of("\x10\x14\x01", 3);
}

/* ---- the till's side ---- */

static void start_queue(void)
{
	static const struct zg_printer_driver *const drivers[] = { &zg_escpos, NULL };
	const char *directories[] = { home, ZG_SOURCE "/data" };
	struct zg_queue_parts parts = { store, loop, &test_clock, NULL, drivers, &config, directories, 2 };

	queue = zg_queue_new(&parts);
}

static void open_shop(void)
{
	home = scratch_begin();
	skipped_ms = 0;
	cr_assert(eq(int, zg_store_open(home, ZG_STORE_CREATE, &test_clock, &store, &err), ZG_OK), "%s", err.text);
	loop = zg_loop_new(&test_clock);
	snprintf(config.link, sizeof(config.link), "serial:%s/printer", home);
	snprintf(config.profile, sizeof(config.profile), "xprinter-80");
	snprintf(config.language, sizeof(config.language), "en");
	config.has_drawer = true;
}

static void close_shop(void)
{
	zg_queue_free(queue);
	queue = NULL;
	unplug();
	zg_loop_free(loop);
	zg_store_close(store);
	zg_buffer_clear(&printer.got);
	scratch_end(home);
}

static int64_t add_document(const char *kind, int64_t ref, json_t *document)
{
	int64_t id = 0;
	char *text = document ? zg_json_text(document) : zg_copy("");

	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_FULL, &err), ZG_OK));
	cr_assert(eq(int, zg_jobs_add(store, kind, ref, 0, text, &id, &err), ZG_OK), "%s", err.text);
	cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));
	json_decref(document);
	free(text);
	if (queue)
		zg_queue_wake(queue);
	return id;
}

static int64_t add_slip(int64_t ref)
{
	json_t *document = zg_slip_sample(ZG_SLIP_SALE);

	zg_json_set_string(document, "number", "R010000187");
	return add_document("sale", ref, document);
}

static int64_t add_pulse(void)
{
	return add_document("drawer", 1, NULL);
}

/* Longer than any buffer between us and the printer. */
static int64_t add_long_slip(void)
{
	json_t *document = zg_slip_sample(ZG_SLIP_TRANSACTIONS), *rows = json_object_get(document, "rows");
	json_t *row = json_array_get(rows, 0);

	for (int i = 0; i < 1500; i++)
		zg_json_append(rows, json_deep_copy(row));
	return add_document("transactions", 0, document);
}

static struct zg_job job_of(int64_t id)
{
	struct zg_job job;

	cr_assert(eq(int, zg_jobs_find(store, id, &job, NULL, &err), ZG_OK), "%s", err.text);
	return job;
}

static void set_aside(int64_t id)
{
	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_NORMAL, &err), ZG_OK));
	cr_assert(eq(int, zg_jobs_set(store, id, ZG_JOB_DROPPED, "", &err), ZG_OK));
	cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));
	zg_queue_wake(queue);
}

/* Skips time while everybody goes on. */
static void spend(int64_t ms)
{
	for (; ms > 0; ms -= 50) {
		skipped_ms += 50;
		for (int i = 0; i < 3; i++) {
			zg_loop_step(loop, 0);
			printer_step();
		}
	}
}

static bool becomes(int64_t id, enum zg_job_state state)
{
	for (int i = 0; i < 2000; i++) {
		zg_loop_step(loop, 1);
		printer_step();
		if (job_of(id).state == state)
			return true;
		if (i > 50)
			skipped_ms += 20;
	}
	return false;
}

/* Until the link is up and the printer's state is known, as in a shop that has been open for a while. */
static void settle(void)
{
	for (int i = 0; i < 60; i++) {
		zg_loop_step(loop, 1);
		printer_step();
	}
}

static struct zg_till_state lamps(void)
{
	struct zg_till_state state = { 0 };

	zg_queue_show(queue, &state);
	return state;
}

TestSuite(queue, .init = open_shop, .fini = close_shop, .timeout = 120);

Test(queue, a_slip_goes_out_whole_and_is_printed_when_the_printer_says_so)
{
	plug_in();
	start_queue();
	int64_t id = add_slip(1);

	cr_expect(becomes(id, ZG_JOB_PRINTED), "%s: %s", zg_job_state_name(job_of(id).state), zg_queue_problem(queue));
	cr_expect(eq(int, slips(), 1));
	cr_expect(gt(long, job_of(id).ended_at, 0));
	settle();
	cr_expect(zg_queue_idle(queue));
	cr_expect(eq(int, lamps().printer, ZG_LAMP_WELL));
	cr_expect(eq(int, lamps().paper, ZG_LAMP_WELL));
	cr_expect(eq(int, lamps().drawer, ZG_LAMP_WELL));
	cr_expect(eq(str, (char *)zg_queue_problem(queue), ""));
}

Test(queue, a_printer_that_numbers_its_slips_confirms_by_number)
{
	strcpy(config.profile, "epson-tm-t20");
	plug_in();
	start_queue();
	int64_t first = add_slip(1), second = add_slip(2);

	cr_expect(becomes(second, ZG_JOB_PRINTED));
	cr_expect(eq(int, job_of(first).state, ZG_JOB_PRINTED));
	cr_expect(eq(int, slips(), 2));
}

Test(queue, a_printer_that_says_nothing_has_been_sent_the_slip)
{
	strcpy(config.profile, "generic-58");
	plug_in();
	printer.is_mute = true;
	start_queue();
	int64_t id = add_slip(1);

	cr_expect(becomes(id, ZG_JOB_SENT));
	settle();
	cr_expect(gt(sz, printer.got.length, 200));
	cr_expect(eq(int, lamps().paper, ZG_LAMP_ABSENT));
}

Test(queue, the_drawer_opens_before_the_slip_and_once)
{
	plug_in();
	start_queue();
	settle();
	int64_t slip = add_slip(1), pulse = add_pulse();

	cr_expect(becomes(slip, ZG_JOB_PRINTED));
	cr_expect(eq(int, job_of(pulse).state, ZG_JOB_SENT));
	cr_expect(eq(int, pulses(), 1));
	char *kick = memmem(printer.got.bytes, printer.got.length, "\x1B\x70\x00", 3);
	char *number = memmem(printer.got.bytes, printer.got.length, "{BR010000187", 12);

	cr_expect(kick && number && kick < number);
}

Test(queue, an_absent_printer_is_waited_for_and_shown)
{
	start_queue();
	int64_t id = add_slip(1);

	spend(60000);
	cr_expect(eq(int, job_of(id).state, ZG_JOB_QUEUED));
	cr_expect(eq(int, lamps().printer, ZG_LAMP_DOWN));
	cr_expect(eq(sz, lamps().queued, 1));
	cr_expect(ne(str, (char *)zg_queue_problem(queue), ""));
	cr_expect(not(zg_queue_idle(queue)));
	plug_in();

	cr_expect(becomes(id, ZG_JOB_PRINTED), "%s", zg_queue_problem(queue));
	cr_expect(eq(int, slips(), 1));
}

Test(queue, no_drawer_springs_open_an_hour_later)
{
	start_queue();
	int64_t pulse = add_pulse(), second = add_pulse();

	spend(6000);
	cr_expect(eq(int, job_of(pulse).state, ZG_JOB_DROPPED));
	cr_expect(eq(int, job_of(second).state, ZG_JOB_DROPPED));
	cr_expect(ne(str, job_of(pulse).note, ""));
	plug_in();
	spend(10000);
	int64_t slip = add_slip(1);

	cr_expect(becomes(slip, ZG_JOB_PRINTED));
	cr_expect(eq(int, pulses(), 0));
}

/* Cut anywhere: what was under way is unknown, is never sent again by itself, and the next slip is whole. */
Test(queue, a_cable_pulled_anywhere_in_a_receipt_leaves_it_unknown)
{
	plug_in();
	start_queue();
	int64_t first = add_slip(1);

	cr_assert(becomes(first, ZG_JOB_PRINTED));
	size_t whole = printer.got.length;
	int cut = 0;
	int64_t sale = 2;

	for (size_t n = 0; n < whole; n += whole / 16 + 1) {
		settle();
		for (int i = 0; i < 10; i++)
			spend(100);
		zg_buffer_empty(&printer.got);
		printer.seen = 0;
		int64_t id = add_slip(sale++);

		for (int i = 0; i < 500 && job_of(id).state == ZG_JOB_QUEUED; i++) {
			zg_loop_step(loop, 1);
			printer_step();
		}
		printer.reads = (ssize_t)n;
		for (int i = 0; i < 10 && printer.reads != 0; i++) {
			zg_loop_step(loop, 1);
			if (job_of(id).state != ZG_JOB_PRINTED)
				printer_step();
		}
		bool is_whole = job_of(id).state == ZG_JOB_PRINTED;

		unplug();
		cut += !is_whole;
		if (!is_whole)
			cr_expect(becomes(id, ZG_JOB_UNKNOWN), "cut at %zu: %s", n, zg_job_state_name(job_of(id).state));
		plug_in();
		settle();
		spend(5000);
		cr_expect(eq(int, slips(), 0), "cut at %zu", n);
		int64_t next = add_slip(sale++);

		cr_expect(becomes(next, ZG_JOB_PRINTED), "cut at %zu: %s", n, zg_queue_problem(queue));
		cr_expect(eq(int, slips(), 1), "cut at %zu", n);
		cr_expect(eq(int, job_of(id).state, is_whole ? ZG_JOB_PRINTED : ZG_JOB_UNKNOWN));
	}
	cr_expect(ge(int, cut, 14));
}

Test(queue, a_long_slip_cut_in_the_middle_says_what_to_do)
{
	strcpy(config.profile, "generic-58");
	plug_in();
	start_queue();
	settle();
	printer.reads = 3000;
	int64_t id = add_long_slip();

	cr_assert(becomes(id, ZG_JOB_SENDING));
	/* On a busy machine the last bytes that the printer takes may still be moving. */
	for (int i = 0; i < 20 && !zg_queue_problem(queue)[0]; i++)
		spend(8000);
	cr_expect(eq(int, job_of(id).state, ZG_JOB_SENDING));
	cr_expect(ne(str, (char *)zg_queue_problem(queue), ""));
	cr_expect(eq(int, lamps().printer, ZG_LAMP_LOOK));
	unplug();
	cr_expect(becomes(id, ZG_JOB_UNKNOWN));
	cr_expect(ne(ptr, strstr(job_of(id).note, "paper"), NULL), "%s", job_of(id).note);
	cr_expect(eq(sz, lamps().unprinted, 1));
}

Test(queue, a_slip_that_is_stuck_can_be_set_aside)
{
	strcpy(config.profile, "generic-58");
	plug_in();
	start_queue();
	settle();
	printer.reads = 3000;
	int64_t stuck = add_long_slip(), next = add_slip(1);

	cr_assert(becomes(stuck, ZG_JOB_SENDING));
	spend(6000);
	set_aside(stuck);
	settle();
	printer.reads = -1;

	cr_expect(becomes(next, ZG_JOB_SENT));
	cr_expect(eq(int, job_of(stuck).state, ZG_JOB_DROPPED));
}

Test(queue, a_printer_that_never_answers_gets_nothing_and_is_named)
{
	plug_in();
	printer.is_mute = true;
	start_queue();
	int64_t id = add_slip(1), pulse;

	spend(20000);
	cr_expect(eq(int, job_of(id).state, ZG_JOB_QUEUED));
	cr_expect(eq(int, slips(), 0));
	cr_expect(eq(int, lamps().printer, ZG_LAMP_DOWN));
	cr_expect(ne(ptr, strstr(zg_queue_problem(queue), "does not answer"), NULL));
	pulse = add_pulse();
	spend(6000);
	cr_expect(eq(int, job_of(pulse).state, ZG_JOB_DROPPED));
	printer.is_mute = false;

	cr_expect(becomes(id, ZG_JOB_PRINTED));
	cr_expect(eq(int, pulses(), 0));
}

Test(queue, without_paper_the_slip_waits_and_the_drawer_still_opens)
{
	plug_in();
	printer.has_no_paper = true;
	start_queue();
	settle();
	int64_t id = add_slip(1), pulse = add_pulse();

	spend(10000);
	cr_expect(eq(int, job_of(id).state, ZG_JOB_QUEUED));
	cr_expect(eq(int, lamps().paper, ZG_LAMP_DOWN));
	cr_expect(ne(ptr, strstr(zg_queue_problem(queue), "out of paper"), NULL), "%s", zg_queue_problem(queue));
	cr_expect(eq(int, job_of(pulse).state, ZG_JOB_SENT));
	cr_expect(eq(int, pulses(), 1));
	printer.has_no_paper = false;

	cr_expect(becomes(id, ZG_JOB_PRINTED));
	cr_expect(eq(int, lamps().paper, ZG_LAMP_WELL));
}

Test(queue, a_slip_that_is_not_confirmed_in_time_is_unknown_and_the_next_goes_on)
{
	plug_in();
	printer.is_unsure = true;
	start_queue();
	int64_t id = add_slip(1);

	cr_expect(becomes(id, ZG_JOB_SENT));
	cr_expect(eq(long, job_of(id).ended_at, 0));
	spend(30000);
	cr_expect(eq(int, job_of(id).state, ZG_JOB_UNKNOWN));
	cr_expect(eq(int, slips(), 1));
	cr_expect(zg_queue_idle(queue));
	printer.is_unsure = false;
	int64_t doubtful = add_slip(2);

	/* The answer may belong to the first: better one doubt too many. */
	cr_expect(becomes(doubtful, ZG_JOB_UNKNOWN));
	int64_t last = add_slip(3);

	cr_expect(becomes(last, ZG_JOB_PRINTED));
	cr_expect(eq(int, slips(), 3));
}

Test(queue, out_of_paper_in_the_middle_is_no_reason_to_give_up)
{
	plug_in();
	printer.is_unsure = true;
	start_queue();
	int64_t id = add_slip(1);

	cr_assert(becomes(id, ZG_JOB_SENT));
	printer.has_no_paper = true;
	spend(60000);
	cr_expect(eq(int, job_of(id).state, ZG_JOB_SENT), "%s", zg_job_state_name(job_of(id).state));
	cr_expect(ne(ptr, strstr(zg_queue_problem(queue), "out of paper"), NULL));
	printer.has_no_paper = false;
	reply("\0", 1);

	cr_expect(becomes(id, ZG_JOB_PRINTED));
}

Test(queue, what_a_stop_left_under_way_is_not_printed_by_the_next_start)
{
	start_queue();
	int64_t id = add_slip(1), pulse = add_pulse();

	settle();
	zg_queue_free(queue);
	plug_in();
	start_queue();
	spend(10000);

	cr_expect(eq(int, job_of(id).state, ZG_JOB_UNKNOWN));
	cr_expect(eq(int, job_of(pulse).state, ZG_JOB_DROPPED));
	cr_expect(eq(int, slips() + pulses(), 0));
	cr_expect(zg_queue_idle(queue));
}

/* Killed in the middle of a picture: zeros end it, else the next receipt is taken for its rest. */
Test(queue, a_stop_in_the_middle_of_a_slip_does_not_spoil_the_next_one)
{
	int64_t id = add_slip(1);

	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_NORMAL, &err), ZG_OK));
	cr_assert(eq(int, zg_jobs_set(store, id, ZG_JOB_SENDING, "", &err), ZG_OK));
	cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));
	for (int starts = 0; starts < 2; starts++) {    /* the first of them may be cut off before it has a line */
		size_t zeros = 0;

		plug_in();
		start_queue();
		settle();
		while (zeros < printer.got.length && printer.got.bytes[zeros] == 0)
			zeros++;
		cr_expect(gt(sz, zeros, 24 * 48), "start %d", starts + 1);
		zg_queue_free(queue);
		queue = NULL;
		unplug();
	}
	plug_in();
	start_queue();
	cr_expect(becomes(add_slip(2), ZG_JOB_PRINTED));
}

Test(queue, a_shop_without_a_printer_sells_without_a_pile_of_slips)
{
	config.link[0] = '\0';
	start_queue();
	int64_t id = add_slip(1);

	settle();
	cr_expect(eq(int, job_of(id).state, ZG_JOB_DROPPED));
	cr_expect(zg_queue_idle(queue));
	cr_expect(eq(int, lamps().printer, ZG_LAMP_ABSENT));
}

Test(queue, a_profile_that_does_not_exist_is_told_and_cured_by_the_settings)
{
	strcpy(config.profile, "nonesuch");
	plug_in();
	start_queue();
	int64_t id = add_slip(1);

	settle();
	cr_expect(eq(int, job_of(id).state, ZG_JOB_QUEUED));
	cr_expect(ne(ptr, strstr(zg_queue_problem(queue), "nonesuch"), NULL), "%s", zg_queue_problem(queue));
	cr_expect(eq(int, lamps().printer, ZG_LAMP_DOWN));
	strcpy(config.profile, "xprinter-80");
	zg_queue_configure(queue);

	cr_expect(becomes(id, ZG_JOB_PRINTED));
}

Test(queue, a_slip_that_cannot_be_laid_out_has_failed_and_holds_up_nobody)
{
	plug_in();
	start_queue();
	int64_t bad = add_document("sale", 1, NULL), good = add_slip(2);

	cr_expect(becomes(good, ZG_JOB_PRINTED));
	cr_expect(eq(int, job_of(bad).state, ZG_JOB_FAILED));
	cr_expect(ne(str, job_of(bad).note, ""));
}

Test(queue, printer_rubbish_harms_nothing)
{
	char rubbish[256];

	plug_in();
	start_queue();
	settle();
	for (int seed = 1; seed <= 50; seed++) {
		srand((unsigned)seed);
		for (size_t i = 0; i < sizeof(rubbish); i++)
			rubbish[i] = (char)rand();
		reply(rubbish, sizeof(rubbish));
		spend(100);
	}
	spend(5000);
	int64_t id = add_slip(1);

	cr_expect(becomes(id, ZG_JOB_PRINTED), "%s", zg_queue_problem(queue));
}

/* ---- printers that confirm nothing ---- */

#define ROWS_MS 15000    /* the sample slip is out by then: it has fewer than 80 rows */

static void say_nothing(void)
{
	strcpy(config.profile, "generic-58");
	printer.is_mute = true;
}

Test(queue, a_slip_is_unknown_when_the_printer_goes_before_it_can_be_out)
{
	say_nothing();
	plug_in();
	start_queue();
	int64_t id = add_slip(1);

	cr_assert(becomes(id, ZG_JOB_SENT));
	spend(1000);
	unplug();

	cr_expect(becomes(id, ZG_JOB_UNKNOWN));
	cr_expect(ne(str, job_of(id).note, ""));
	cr_expect(eq(sz, lamps().unprinted, 1));
	plug_in();
	spend(20000);
	cr_expect(eq(int, slips(), 0));    /* and it is not sent again by itself */
	cr_expect(eq(int, job_of(id).state, ZG_JOB_UNKNOWN));
}

Test(queue, a_slip_that_had_its_time_stays_sent_when_the_printer_goes)
{
	say_nothing();
	plug_in();
	start_queue();
	int64_t id = add_slip(1);

	cr_assert(becomes(id, ZG_JOB_SENT));
	spend(ROWS_MS);
	unplug();
	spend(5000);

	cr_expect(eq(int, job_of(id).state, ZG_JOB_SENT));
	cr_expect(eq(sz, lamps().unprinted, 0));
	cr_expect(eq(int, lamps().printer, ZG_LAMP_DOWN));
}

/* Each needs its own time after the one before; the one that a person set aside is none of ours any more. */
Test(queue, of_several_slips_those_that_may_be_inside_are_unknown)
{
	int64_t ids[4];

	say_nothing();
	plug_in();
	start_queue();
	for (int i = 0; i < 4; i++)
		ids[i] = add_slip(i + 1);
	for (int i = 0; i < 4; i++)
		cr_assert(becomes(ids[i], ZG_JOB_SENT));
	set_aside(ids[3]);
	spend(ROWS_MS);
	unplug();
	spend(5000);

	cr_expect(eq(int, job_of(ids[0]).state, ZG_JOB_SENT));
	cr_expect(eq(int, job_of(ids[2]).state, ZG_JOB_UNKNOWN));
	cr_expect(eq(int, job_of(ids[3]).state, ZG_JOB_DROPPED));
}

Test(queue, without_paper_nothing_comes_out_however_long_it_takes)
{
	char *path = zg_print("%s/printers", home), *file = zg_print("%s/asked.ini", path);

	mkdir(path, 0700);
	FILE *profile = fopen(file, "w");

	fputs("[printer]\ntitle = asked\nsource = a test\nproof = manual\n[answers]\nstatus = dle\n", profile);
	fclose(profile);
	free(file);
	free(path);
	strcpy(config.profile, "asked");    /* it answers questions and confirms nothing */
	plug_in();
	start_queue();
	settle();
	int64_t id = add_slip(1);

	cr_assert(becomes(id, ZG_JOB_SENT), "%s: %s %s", zg_job_state_name(job_of(id).state), job_of(id).note, zg_queue_problem(queue));
	printer.has_no_paper = true;
	spend(60000);
	cr_expect(eq(int, lamps().paper, ZG_LAMP_DOWN));
	unplug();

	cr_expect(becomes(id, ZG_JOB_UNKNOWN));
}

static int refuse_commit(void *self)
{
	(void)self;
	return 1;
}

Test(queue, books_that_cannot_take_it_now_are_told_later)
{
	say_nothing();
	plug_in();
	start_queue();
	int64_t id = add_slip(1);

	cr_assert(becomes(id, ZG_JOB_SENT));
	sqlite3_commit_hook(zg_store_raw(store), refuse_commit, NULL);
	unplug();
	spend(3000);
	cr_expect(eq(int, job_of(id).state, ZG_JOB_SENT));
	sqlite3_commit_hook(zg_store_raw(store), NULL, NULL);

	cr_expect(becomes(id, ZG_JOB_UNKNOWN));
}

/* A start that cannot tell the books what the last run left under way sends none of it: it would come late, and perhaps twice. */
Test(queue, what_a_stop_left_waits_until_the_books_can_be_told)
{
	int64_t id = add_slip(1), pulse = add_pulse();

	sqlite3_commit_hook(zg_store_raw(store), refuse_commit, NULL);
	plug_in();
	start_queue();
	spend(3000);
	cr_expect(eq(int, slips() + pulses(), 0));
	cr_expect(ne(str, (char *)zg_queue_problem(queue), ""));
	cr_expect(eq(int, lamps().printer, ZG_LAMP_LOOK));
	cr_expect(not(zg_queue_idle(queue)));
	sqlite3_commit_hook(zg_store_raw(store), NULL, NULL);
	spend(6000);

	cr_expect(eq(int, job_of(id).state, ZG_JOB_UNKNOWN));
	cr_expect(eq(int, job_of(pulse).state, ZG_JOB_DROPPED));
	cr_expect(eq(int, slips() + pulses(), 0));
	cr_expect(eq(str, (char *)zg_queue_problem(queue), ""));
	cr_expect(becomes(add_slip(2), ZG_JOB_PRINTED));
	cr_expect(eq(int, slips(), 1));
}

static int refuse_all(void *self, int action, const char *one, const char *two, const char *three, const char *four)
{
	(void)self, (void)action, (void)one, (void)two, (void)three, (void)four;
	return SQLITE_DENY;
}

/* The jobs cannot be read for so long, then they can. */
static void spend_unread(int64_t ms)
{
	sqlite3_set_authorizer(zg_store_raw(store), refuse_all, NULL);
	spend(ms);
	cr_expect(eq(int, pulses(), 0));
	cr_expect(ne(str, (char *)zg_queue_problem(queue), ""));
	cr_expect(eq(int, lamps().printer, ZG_LAMP_LOOK));
	sqlite3_set_authorizer(zg_store_raw(store), NULL, NULL);
}

Test(queue, a_pulse_that_nobody_could_read_in_time_is_dropped)
{
	plug_in();
	start_queue();
	settle();
	int64_t pulse = add_pulse(), slip = add_slip(1);

	spend_unread(9000);

	cr_expect(becomes(slip, ZG_JOB_PRINTED));
	cr_expect(eq(int, job_of(pulse).state, ZG_JOB_DROPPED));
	cr_expect(eq(int, pulses(), 0));
	cr_expect(eq(int, lamps().drawer, ZG_LAMP_LOOK));
	cr_expect(eq(str, (char *)zg_queue_problem(queue), ""));
}

Test(queue, a_pulse_that_could_be_read_again_in_time_opens_the_drawer)
{
	plug_in();
	start_queue();
	settle();
	int64_t pulse = add_pulse();

	spend_unread(1000);
	zg_queue_wake(queue);

	cr_expect(becomes(pulse, ZG_JOB_SENT));
	cr_expect(eq(int, pulses(), 1));
}

/* ---- the same over the network ---- */

static int server = -1;

/* What plug_in is for a pty: the shop's printer is now a port of this computer. */
static void plug_in_network(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	int small = 4096;

	server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(server, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	cr_assert(eq(int, bind(server, (struct sockaddr *)&address, sizeof(address)), 0));
	cr_assert(eq(int, listen(server, 1), 0));
	getsockname(server, (struct sockaddr *)&address, &length);
	snprintf(config.link, sizeof(config.link), "tcp:127.0.0.1:%d", ntohs(address.sin_port));
}

static void take_connection(void)
{
	for (int i = 0; i < 2000 && printer.fd < 0; i++) {
		zg_loop_step(loop, 1);
		printer.fd = accept4(server, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		fcntl(server, F_SETFL, O_NONBLOCK);
	}
	cr_assert(ge(int, printer.fd, 0));
	close(server);    /* it does not come back */
}

/* As a printer that was switched off and on answers: by a reset. */
static void reset_connection(void)
{
	struct linger at_once = { .l_onoff = 1 };

	setsockopt(printer.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	unplug();
}

static int64_t send_over_network(void)
{
	say_nothing();
	plug_in_network();
	start_queue();
	fcntl(server, F_SETFL, O_NONBLOCK);
	take_connection();
	int64_t id = add_slip(1);

	cr_assert(becomes(id, ZG_JOB_SENT), "%s", zg_queue_problem(queue));
	return id;
}

Test(queue, a_network_printer_that_ends_in_order_had_the_slip)
{
	int64_t id = send_over_network();

	spend(500);
	unplug();    /* all was read: a plain end of the connection */
	spend(5000);
	cr_expect(eq(int, lamps().printer, ZG_LAMP_DOWN));
	cr_expect(eq(int, job_of(id).state, ZG_JOB_SENT));
}

Test(queue, a_network_printer_that_breaks_off_leaves_the_slip_unknown)
{
	int64_t id = send_over_network();

	spend(1000);
	reset_connection();
	cr_expect(becomes(id, ZG_JOB_UNKNOWN));
	cr_expect(eq(sz, lamps().unprinted, 1));
}

/* A pulled cable is noticed some 20 s late. */
Test(queue, a_network_printer_may_have_been_gone_before_it_was_missed)
{
	int64_t id = send_over_network();

	spend(ROWS_MS);
	reset_connection();
	cr_expect(becomes(id, ZG_JOB_UNKNOWN));
}

Test(queue, a_network_printer_that_spoke_afterwards_had_printed)
{
	int64_t id = send_over_network();

	spend(ROWS_MS);
	reply("\x11", 1);    /* XON, whatever it means: it is alive */
	spend(100);
	reset_connection();
	spend(5000);
	cr_expect(eq(int, lamps().printer, ZG_LAMP_DOWN));
	cr_expect(eq(int, job_of(id).state, ZG_JOB_SENT));
}

Test(queue, a_slip_that_a_network_printer_has_not_taken_is_never_sent)
{
	say_nothing();
	plug_in_network();
	start_queue();
	fcntl(server, F_SETFL, O_NONBLOCK);
	take_connection();
	int64_t id = add_long_slip();

	printer.reads = 0;    /* its buffers fill, and the rest waits in our kernel */
	spend(3000);
	cr_expect(eq(int, job_of(id).state, ZG_JOB_SENDING));
	unplug();

	cr_expect(becomes(id, ZG_JOB_UNKNOWN));
	cr_expect(eq(sz, lamps().unprinted, 1));
}
