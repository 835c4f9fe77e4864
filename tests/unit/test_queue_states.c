/*
 * The print queue with a printer whose language is words: what it says of itself, in which order, and when it says nothing.
 * Lines to it: I (initialise), B (after a slip that was cut off), Pn (slip n), D and N (drawer, and at once), ?q (question q).
 * Lines from it: Sflags (status), Rflags (report), Kn (slip n is printed), A (printed, without a number), C (cleared).
 */
#include "src/base/alloc.h"
#include "src/base/json.h"
#include "src/shop/receipt.h"
#include "src/store/jobs.h"
#include "src/till/queue.h"
#include "tests/unit/fault.h"
#include "tests/unit/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <pty.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* ---- its driver ---- */

static void say_init(const struct zg_printer_profile *profile, bool broken, struct zg_buffer *out)
{
	(void)profile;
	zg_buffer_add_text(out, broken ? "B\n" : "I\n");
}

static void say_slip(const struct zg_printer_profile *profile, const struct zg_paper *paper, struct zg_gbk *gbk, unsigned id, struct zg_buffer *out)
{
	(void)profile, (void)paper, (void)gbk;
	zg_buffer_print(out, "P%u\n", id);
}

static void say_drawer(const struct zg_printer_profile *profile, struct zg_buffer *out)
{
	if (profile->drawer_pin)
		zg_buffer_add_text(out, "D\n");
}

static void say_drawer_now(const struct zg_printer_profile *profile, struct zg_buffer *out)
{
	if (profile->drawer_pin)
		zg_buffer_add_text(out, "N\n");
}

static void say_question(const struct zg_printer_profile *profile, enum zg_printer_question question, struct zg_buffer *out)
{
	if (profile->status != ZG_STATUS_NONE && question != ZG_ASK_REPORTS)
		zg_buffer_print(out, "?%d\n", (int)question);
}

static size_t hear(const char *bytes, size_t length, enum zg_printer_question asked, struct zg_printer_answer *answer)
{
	static const unsigned known[] = { [ZG_ASK_PRINTER] = ZG_PRINTER_OFFLINE, [ZG_ASK_OFFLINE] = ZG_PRINTER_COVER_OPEN | ZG_PRINTER_ERROR,
		[ZG_ASK_ERROR] = ZG_PRINTER_CUTTER | ZG_PRINTER_FAULT | ZG_PRINTER_HOT, [ZG_ASK_PAPER] = ZG_PRINTER_PAPER_OUT | ZG_PRINTER_PAPER_LOW,
		[ZG_ASK_REPORTS] = 0 };
	const char *end = memchr(bytes, '\n', length);

	if (!end)
		return 0;
	*answer = (struct zg_printer_answer){ .kind = ZG_ANSWER_NONE };
	if (bytes[0] == 'S' || bytes[0] == 'R') {
		answer->kind = ZG_ANSWER_STATUS;
		answer->known = bytes[0] == 'S' ? known[asked] : ~0u;
		answer->flags = (unsigned)strtoul(bytes + 1, NULL, 16) & answer->known;
	} else if (bytes[0] == 'K') {
		answer->kind = ZG_ANSWER_PRINTED;
		answer->id = (unsigned)strtoul(bytes + 1, NULL, 10);
	} else if (bytes[0] == 'A') {
		answer->kind = ZG_ANSWER_PAPER;
	} else if (bytes[0] == 'C') {
		answer->kind = ZG_ANSWER_CLEARED;
	}
	return (size_t)(end - bytes) + 1;
}

static const struct zg_printer_driver words = { .name = "words", .title = "Words", .source = "this test", .init = say_init, .build = say_slip,
	.drawer = say_drawer, .drawer_now = say_drawer_now, .ask = say_question, .read = hear };

/* ---- the printer and the shop ---- */

static int64_t skipped_ms;

static int64_t now_of(void *self)
{
	(void)self;
	return zg_clock_now(&zg_real_clock) + skipped_ms;
}

static int64_t running_of(void *self)
{
	(void)self;
	return zg_clock_running(&zg_real_clock) + skipped_ms;
}

static const struct zg_clock test_clock = { .now_ms = now_of, .running_ms = running_of };

static struct {
	int fd, slave;
	unsigned flags;
	bool is_mute, is_unsure;    /* answers no question; confirms no slip */
	struct zg_buffer got;
	size_t seen;
} printer;

static char *home;
static struct zg_store *store;
static struct zg_loop *loop;
static struct zg_queue *queue;
static struct zg_config config;
static struct zg_error err;

static void write_file(const char *name, const char *text)
{
	char *path = zg_print("%s/%s", home, name);
	FILE *file = fopen(path, "w");

	cr_assert(ne(ptr, file, NULL), "%s", path);
	fputs(text, file);
	fclose(file);
	free(path);
}

static void make_directory(const char *name)
{
	char *path = zg_print("%s/%s", home, name);

	cr_assert(eq(int, mkdir(path, 0700), 0));
	free(path);
}

/* answers: of the profile. */
static void open_shop(const char *profile)
{
	struct termios raw;
	char node[64];

	home = scratch_begin();
	make_directory("printers");
	make_directory("receipts");
	write_file("printers/words.ini", profile);
	cr_assert(eq(int, zg_store_open(home, ZG_STORE_CREATE, &test_clock, &store, &err), ZG_OK), "%s", err.text);
	loop = zg_loop_new(&test_clock);
	cr_assert(eq(int, openpty(&printer.fd, &printer.slave, node, NULL, NULL), 0));
	tcgetattr(printer.slave, &raw);
	cfmakeraw(&raw);
	tcsetattr(printer.slave, TCSANOW, &raw);
	fcntl(printer.fd, F_SETFL, O_NONBLOCK);
	fcntl(printer.fd, F_SETFD, FD_CLOEXEC);
	fcntl(printer.slave, F_SETFD, FD_CLOEXEC);
	snprintf(config.link, sizeof(config.link), "file:%s", node);
	snprintf(config.profile, sizeof(config.profile), "words");
	snprintf(config.language, sizeof(config.language), "en");
	config.has_drawer = true;
}

static void start_queue(void)
{
	static const struct zg_printer_driver *const drivers[] = { &words, NULL };
	const char *directories[] = { home, ZG_SOURCE "/data" };
	struct zg_queue_parts parts = { store, loop, &test_clock, NULL, drivers, &config, directories, 2 };

	queue = zg_queue_new(&parts);
}

static void close_shop(void)
{
	fault_off();
	zg_queue_free(queue);
	if (printer.fd >= 0)
		close(printer.fd);
	if (printer.slave >= 0)
		close(printer.slave);
	zg_loop_free(loop);
	zg_store_close(store);
	zg_buffer_clear(&printer.got);
	scratch_end(home);
}

#define ASKED     "[printer]\ntitle = t\nsource = s\nproof = manual\ndriver = words\n[answers]\nstatus = dle\n"
#define CONFIRMED ASKED "confirm = gsH\n"
#define COUNTED   ASKED "confirm = gsr\n"
#define DUMB      "[printer]\ntitle = t\nsource = s\nproof = manual\ndriver = words\n"

TestSuite(queue_states, .fini = close_shop, .timeout = 120);

/* From the printer. */
static void tell(const char *line)
{
	cr_assert(eq(int, (int)write(printer.fd, line, strlen(line)), (int)strlen(line)));
}

static void heed(const char *line)
{
	char words_[32];

	if (line[0] == '?' && !printer.is_mute) {
		snprintf(words_, sizeof(words_), "S%x\n", printer.flags);
		tell(words_);
	}
	if (line[0] == 'P' && !printer.is_unsure) {
		snprintf(words_, sizeof(words_), "K%s\nA\n", line + 1);
		tell(words_);
	}
}

static void printer_step(void)
{
	char bytes[512], *end;
	ssize_t got = read(printer.fd, bytes, sizeof(bytes));

	if (got > 0)
		zg_buffer_add(&printer.got, bytes, (size_t)got);
	while (printer.seen < printer.got.length &&
	       (end = memchr(printer.got.bytes + printer.seen, '\n', printer.got.length - printer.seen)) != NULL) {
		char *line = zg_copy_bytes(printer.got.bytes + printer.seen, (size_t)(end - printer.got.bytes) - printer.seen);

		printer.seen = (size_t)(end - printer.got.bytes) + 1;
		heed(line);
		free(line);
	}
}

static void step(int times)
{
	for (int i = 0; i < times; i++) {
		zg_loop_step(loop, 1);
		printer_step();
	}
}

/* Skips time while everybody goes on. */
static void spend(int64_t ms)
{
	for (; ms > 0; ms -= 100) {
		skipped_ms += 100;
		step(3);
	}
}

/* How often the printer got this line. */
static int count_of(const char *line)
{
	char *text = zg_print("\n%s", zg_buffer_text(&printer.got)), *what = zg_print("\n%s\n", line);
	int count = 0;

	for (const char *at = text; (at = strstr(at, what)) != NULL; at++)
		count++;
	free(text);
	free(what);
	return count;
}

/* Each is the first slip of a sale of its own. */
static int64_t add_job(const char *kind, const char *text)
{
	static int64_t sale;
	int64_t id = 0;

	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_NORMAL, &err), ZG_OK));
	cr_assert(eq(int, zg_jobs_add(store, kind, ++sale, 0, text, &id, &err), ZG_OK), "%s", err.text);
	cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));
	if (queue)
		zg_queue_wake(queue);
	return id;
}

static int64_t add_slip(void)
{
	json_t *document = zg_slip_sample(ZG_SLIP_SALE);
	char *text = zg_json_text(document);
	int64_t id = add_job("sale", text);

	free(text);
	json_decref(document);
	return id;
}

static int64_t add_pulse(void)
{
	return add_job("drawer", "");
}

static struct zg_job job_of(int64_t id)
{
	struct zg_job job;

	cr_assert(eq(int, zg_jobs_find(store, id, &job, NULL, &err), ZG_OK), "%s", err.text);
	return job;
}

static bool becomes(int64_t id, enum zg_job_state state)
{
	for (int i = 0; i < 1500 && job_of(id).state != state; i++) {
		step(1);
		if (i > 50)
			skipped_ms += 20;
	}
	return job_of(id).state == state;
}

static struct zg_till_state lamps(void)
{
	struct zg_till_state state = { 0 };

	zg_queue_show(queue, &state);
	return state;
}

static char *line_of(int64_t id)
{
	return zg_print("P%lld", (long long)id);
}

static int copies_of(int64_t id)
{
	char *line = line_of(id);
	int count = count_of(line);

	free(line);
	return count;
}

/* ---- what it says of itself ---- */

/* Each thing that keeps it from printing has its own sentence, and its end lets the slip out. */
Test(queue_states, each_hindrance_is_named_and_the_slip_waits_for_its_end)
{
	static const struct { unsigned flags; const char *word; enum zg_lamp lamp; } cases[] = {
		{ ZG_PRINTER_OFFLINE, "not ready", ZG_LAMP_LOOK },
		{ ZG_PRINTER_OFFLINE | ZG_PRINTER_COVER_OPEN, "cover is open", ZG_LAMP_LOOK },
		{ ZG_PRINTER_PAPER_OUT, "out of paper", ZG_LAMP_LOOK },
		{ ZG_PRINTER_OFFLINE | ZG_PRINTER_ERROR | ZG_PRINTER_CUTTER, "cutter is stuck", ZG_LAMP_DOWN },
		{ ZG_PRINTER_OFFLINE | ZG_PRINTER_ERROR | ZG_PRINTER_HOT, "too hot", ZG_LAMP_LOOK },
		{ ZG_PRINTER_OFFLINE | ZG_PRINTER_ERROR | ZG_PRINTER_FAULT, "has a fault", ZG_LAMP_DOWN },
	};

	open_shop(CONFIRMED);
	start_queue();
	step(40);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		printer.flags = cases[i].flags;
		spend(6000);
		int64_t id = add_slip();

		spend(6000);
		cr_expect(eq(int, job_of(id).state, ZG_JOB_QUEUED), "%s", cases[i].word);
		cr_expect(ne(ptr, strstr(zg_queue_problem(queue), cases[i].word), NULL), "%s: %s", cases[i].word, zg_queue_problem(queue));
		cr_expect(eq(int, lamps().printer, cases[i].lamp), "%s", cases[i].word);
		cr_expect(eq(int, lamps().paper, cases[i].flags & ZG_PRINTER_PAPER_OUT ? ZG_LAMP_DOWN : ZG_LAMP_WELL), "%s", cases[i].word);
		cr_expect(eq(int, copies_of(id), 0));
		printer.flags = 0;
		cr_expect(becomes(id, ZG_JOB_PRINTED), "%s: %s", cases[i].word, zg_queue_problem(queue));
		cr_expect(eq(int, copies_of(id), 1));
	}
	printer.flags = ZG_PRINTER_PAPER_LOW;
	spend(6000);
	cr_expect(eq(int, lamps().paper, ZG_LAMP_LOOK));
	cr_expect(becomes(add_slip(), ZG_JOB_PRINTED), "little paper is no hindrance");
}

/* A report that nobody asked for tells of everything, and the slip that waits for it goes out. */
Test(queue_states, a_report_lets_the_slip_out_at_once)
{
	unsigned known;

	open_shop(CONFIRMED);
	start_queue();
	step(40);
	printer.flags = ZG_PRINTER_PAPER_OUT;
	spend(6000);
	int64_t id = add_slip();

	spend(3000);
	cr_expect(eq(int, job_of(id).state, ZG_JOB_QUEUED));
	cr_expect(eq(uint, zg_queue_flags(queue, &known), ZG_PRINTER_PAPER_OUT));
	cr_expect(ne(uint, known & ZG_PRINTER_PAPER_LOW, 0));
	printer.flags = 0;
	tell("R0\n");
	step(60);
	cr_expect(eq(int, job_of(id).state, ZG_JOB_PRINTED), "%s", zg_queue_problem(queue));
}

Test(queue_states, a_confirmation_that_comes_late_is_believed)
{
	char words_[32];

	open_shop(CONFIRMED);
	printer.is_unsure = true;
	start_queue();
	step(40);
	int64_t id = add_slip();

	cr_assert(becomes(id, ZG_JOB_UNKNOWN), "%s", zg_job_state_name(job_of(id).state));
	tell("K9999\n");    /* of nobody's */
	step(40);
	cr_expect(eq(int, job_of(id).state, ZG_JOB_UNKNOWN));
	snprintf(words_, sizeof(words_), "K%lld\n", (long long)id);
	tell(words_);
	cr_expect(becomes(id, ZG_JOB_PRINTED));
	cr_expect(eq(int, copies_of(id), 1));
}

/* The number of a slip vouches for those before it. */
Test(queue_states, a_slip_that_is_printed_vouches_for_the_one_before)
{
	open_shop(CONFIRMED);
	printer.is_unsure = true;
	start_queue();
	step(40);
	int64_t first = add_slip();

	cr_assert(becomes(first, ZG_JOB_UNKNOWN));
	printer.is_unsure = false;
	int64_t second = add_slip();

	cr_expect(becomes(second, ZG_JOB_PRINTED));
	cr_expect(becomes(first, ZG_JOB_PRINTED));
}

/* Set aside by hand meanwhile: it stays so. */
Test(queue_states, a_late_confirmation_does_not_bring_back_what_was_set_aside)
{
	char words_[32];

	open_shop(CONFIRMED);
	printer.is_unsure = true;
	start_queue();
	step(40);
	int64_t id = add_slip();

	cr_assert(becomes(id, ZG_JOB_UNKNOWN));
	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_NORMAL, &err), ZG_OK));
	cr_assert(eq(int, zg_jobs_set(store, id, ZG_JOB_DROPPED, "", &err), ZG_OK));
	cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));
	snprintf(words_, sizeof(words_), "K%lld\n", (long long)id);
	tell(words_);
	step(60);
	cr_expect(eq(int, job_of(id).state, ZG_JOB_DROPPED));
}

Test(queue_states, what_the_printer_threw_away_is_unknown_and_the_next_slip_goes_on)
{
	open_shop(CONFIRMED);
	printer.is_unsure = true;
	start_queue();
	step(40);
	tell("C\n");    /* with nothing in hand it means nothing */
	step(20);
	int64_t id = add_slip();

	for (int i = 0; i < 400 && copies_of(id) == 0; i++)
		step(1);
	cr_assert(eq(int, copies_of(id), 1));
	tell("C\n");
	cr_expect(becomes(id, ZG_JOB_UNKNOWN));
	cr_expect(ne(ptr, strstr(job_of(id).note, "threw away"), NULL), "%s", job_of(id).note);
	printer.is_unsure = false;
	cr_expect(becomes(add_slip(), ZG_JOB_PRINTED));
}

/* A printer that only counts: a confirmation that was still owed for the slip before is not this one's. */
Test(queue_states, a_confirmation_owed_for_the_slip_before_is_not_this_ones)
{
	open_shop(COUNTED);
	printer.is_unsure = true;
	start_queue();
	step(40);
	int64_t first = add_slip();

	cr_assert(becomes(first, ZG_JOB_UNKNOWN));
	int64_t second = add_slip();

	for (int i = 0; i < 400 && copies_of(second) == 0; i++)
		step(1);
	cr_assert(eq(int, copies_of(second), 1));
	tell("A\n");
	step(60);
	cr_expect(eq(int, job_of(second).state, ZG_JOB_SENT), "%s", zg_job_state_name(job_of(second).state));
	tell("A\n");
	cr_expect(becomes(second, ZG_JOB_PRINTED));
	cr_expect(eq(int, job_of(first).state, ZG_JOB_UNKNOWN));
}

/* ---- the drawer ---- */

Test(queue_states, the_drawer_opens_while_the_printer_still_works_on_a_slip)
{
	open_shop(CONFIRMED);
	printer.is_unsure = true;
	start_queue();
	step(40);
	int64_t slip = add_slip();

	for (int i = 0; i < 400 && copies_of(slip) == 0; i++)
		step(1);
	int64_t pulse = add_pulse();

	step(60);
	cr_expect(eq(int, job_of(pulse).state, ZG_JOB_SENT));
	cr_expect(eq(int, count_of("N"), 1));
	cr_expect(eq(int, job_of(slip).state, ZG_JOB_SENT));
}

Test(queue_states, without_a_drawer_no_pulse_goes_out)
{
	open_shop(CONFIRMED);
	config.has_drawer = false;
	printer.is_unsure = true;
	start_queue();
	step(40);
	int64_t alone = add_pulse();

	cr_expect(becomes(alone, ZG_JOB_DROPPED));
	int64_t slip = add_slip();

	for (int i = 0; i < 400 && copies_of(slip) == 0; i++)
		step(1);
	int64_t behind = add_pulse();

	step(60);
	cr_expect(eq(int, job_of(behind).state, ZG_JOB_DROPPED));
	cr_expect(ne(ptr, strstr(job_of(behind).note, "No drawer"), NULL), "%s", job_of(behind).note);
	cr_expect(eq(int, count_of("N") + count_of("D"), 0));
	cr_expect(eq(int, lamps().drawer, ZG_LAMP_ABSENT));
}

/* The line is held up: what has not left is thrown away, and no drawer springs open when it moves again. */
Test(queue_states, a_pulse_that_does_not_leave_is_told_and_never_comes_out)
{
	open_shop(DUMB);
	start_queue();
	step(40);
	cr_assert(eq(int, tcflow(printer.slave, TCOOFF), 0));
	int64_t pulse = add_pulse();

	spend(7000);
	cr_expect(eq(int, job_of(pulse).state, ZG_JOB_UNKNOWN), "%s", zg_job_state_name(job_of(pulse).state));
	cr_expect(ne(ptr, strstr(job_of(pulse).note, "with its key"), NULL), "%s", job_of(pulse).note);
	tcflow(printer.slave, TCOON);
	spend(10000);
	cr_expect(eq(int, count_of("D"), 0));
	cr_expect(becomes(add_slip(), ZG_JOB_SENT), "%s", zg_queue_problem(queue));
}

/* Unplugged while a pulse is on its way. */
Test(queue_states, a_printer_that_goes_during_a_pulse_leaves_it_unknown)
{
	open_shop(DUMB);
	start_queue();
	step(40);
	cr_assert(eq(int, tcflow(printer.slave, TCOOFF), 0));
	int64_t pulse = add_pulse();

	step(40);
	cr_assert(eq(int, job_of(pulse).state, ZG_JOB_SENDING));
	close(printer.slave);
	close(printer.fd);
	printer.fd = printer.slave = -1;
	for (int i = 0; i < 400 && job_of(pulse).state == ZG_JOB_SENDING; i++)
		zg_loop_step(loop, 1);
	cr_expect(eq(int, job_of(pulse).state, ZG_JOB_UNKNOWN), "%s", zg_job_state_name(job_of(pulse).state));
	cr_expect(ne(ptr, strstr(job_of(pulse).note, "while the drawer was to open"), NULL), "%s", job_of(pulse).note);
	cr_expect(eq(int, lamps().drawer, ZG_LAMP_DOWN));
}

/* ---- settings and files ---- */

Test(queue_states, the_settings_overrule_the_profiles_drawer)
{
	open_shop(DUMB "[serial]\nflow = xonxoff\n[drawer]\npin = 2\non_ms = 50\n");
	start_queue();
	cr_expect(eq(int, zg_queue_profile(queue)->drawer_pin, 2));
	cr_expect(eq(int, zg_queue_profile(queue)->drawer_on_ms, 50));
	config.drawer_pin = 5;
	config.drawer_on_ms = 120;
	zg_queue_configure(queue);
	cr_expect(eq(int, zg_queue_profile(queue)->drawer_pin, 5));
	cr_expect(eq(int, zg_queue_profile(queue)->drawer_on_ms, 120));
	write_file("printers/words.ini", DUMB "[serial]\nflow = rtscts\n");
	config.has_drawer = false;
	zg_queue_configure(queue);
	cr_expect(eq(int, zg_queue_profile(queue)->drawer_pin, 0));
	cr_expect(eq(int, zg_queue_profile(queue)->flow, ZG_FLOW_RTSCTS));
	step(20);
	zg_queue_configure(queue);    /* nothing is new: the line stays */
	cr_expect(becomes(add_slip(), ZG_JOB_SENT));
	config.drawer_on_ms = 0;
	config.drawer_pin = 0;
	zg_queue_configure(queue);
	cr_expect(becomes(add_slip(), ZG_JOB_SENT));
}

Test(queue_states, a_driver_that_this_program_lacks_is_named_until_the_settings_are_right)
{
	open_shop(DUMB);
	write_file("printers/other.ini", "[printer]\ntitle = t\nsource = s\nproof = manual\ndriver = dots\n");
	snprintf(config.profile, sizeof(config.profile), "other");
	start_queue();
	int64_t id = add_slip();

	step(40);
	cr_expect(eq(int, job_of(id).state, ZG_JOB_QUEUED));
	cr_expect(ne(ptr, strstr(zg_queue_problem(queue), "dots"), NULL), "%s", zg_queue_problem(queue));
	cr_expect(eq(ptr, (void *)zg_queue_profile(queue), NULL));
	config.profile[0] = '\0';    /* the plainest one, whose driver is not here either */
	zg_queue_configure(queue);
	step(20);
	cr_expect(ne(ptr, strstr(zg_queue_problem(queue), "generic-58"), NULL), "%s", zg_queue_problem(queue));
	zg_queue_retry(queue);
	step(20);
	cr_expect(eq(int, job_of(id).state, ZG_JOB_QUEUED));
	snprintf(config.profile, sizeof(config.profile), "words");
	zg_queue_retry(queue);    /* whoever tries again has read the settings again */
	cr_expect(becomes(id, ZG_JOB_SENT), "%s", zg_queue_problem(queue));
	snprintf(config.link, sizeof(config.link), "tcp:");
	zg_queue_configure(queue);
	step(20);
	cr_expect(ne(str, (char *)zg_queue_problem(queue), ""));
	cr_expect(eq(int, lamps().printer, ZG_LAMP_DOWN));
}

/* The shop's own template has a fault: it is told in the log, and the slip comes out by ours. */
Test(queue_states, a_template_with_a_fault_holds_up_no_slip)
{
	open_shop(DUMB);
	write_file("receipts/sale.en.txt", "{{nonesuch}}\n");
	start_queue();
	cr_expect(becomes(add_slip(), ZG_JOB_SENT), "%s", zg_queue_problem(queue));
	int64_t strange = add_job("recipe", "{}");

	cr_expect(becomes(strange, ZG_JOB_FAILED));
	cr_expect(ne(str, job_of(strange).note, ""));
}

Test(queue_states, words_without_an_end_do_not_pile_up)
{
	char rubbish[1200];

	open_shop(CONFIRMED);
	start_queue();
	step(40);
	memset(rubbish, 'x', sizeof(rubbish));
	for (int i = 0; i < 5; i++) {
		cr_assert(gt(int, (int)write(printer.fd, rubbish, sizeof(rubbish)), 0));
		step(20);
	}
	tell("\n");
	step(20);
	cr_expect(becomes(add_slip(), ZG_JOB_PRINTED), "%s", zg_queue_problem(queue));
}

Test(queue_states, somebody_who_asks_does_not_wait_for_the_next_try)
{
	open_shop(CONFIRMED);
	printer.is_mute = true;
	start_queue();
	step(40);
	int64_t id = add_slip();

	spend(1500);
	cr_expect(ne(ptr, strstr(zg_queue_problem(queue), "does not answer"), NULL), "%s", zg_queue_problem(queue));
	printer.is_mute = false;
	zg_queue_retry(queue);
	step(80);
	cr_expect(eq(int, job_of(id).state, ZG_JOB_PRINTED), "%s", zg_queue_problem(queue));
}

/* ---- books that fail ---- */

/* One statement fails while a pulse and a slip go out: both still go, none of them twice. */
Test(queue_states, a_statement_that_fails_holds_up_paper_and_never_doubles_it)
{
	bool is_met = true;
	int n = 0, lost = 0;

	open_shop(CONFIRMED);
	start_queue();
	step(40);
	for (; n < 60 && is_met; n++) {
		int64_t pulse = add_pulse(), slip = add_slip();
		int before = count_of("D");

		fault_at(n, SQLITE_FULL, false);
		for (int i = 0; i < 1500 && (i < 30 || !zg_queue_idle(queue)); i++) {
			step(1);
			skipped_ms += i > 30 ? 20 : 0;
		}
		is_met = fault_is_met();
		fault_off();
		for (int i = 0; i < 120 && (job_of(slip).ended_at == 0 || job_of(pulse).ended_at == 0); i++)
			spend(100);
		enum zg_job_state state = job_of(slip).state, opened = job_of(pulse).state;

		cr_expect(le(int, copies_of(slip), 1), "at %d (%s): twice", n, fault_where());
		cr_expect(le(int, count_of("D") - before, 1), "at %d (%s): twice", n, fault_where());
		bool is_told = state == ZG_JOB_PRINTED || state == ZG_JOB_UNKNOWN;
		bool is_pulse_told = opened == ZG_JOB_SENT || opened == ZG_JOB_DROPPED || opened == ZG_JOB_UNKNOWN;

		cr_expect(is_told, "at %d (%s): the slip is %s", n, fault_where(), zg_job_state_name(state));
		cr_expect(is_pulse_told, "at %d (%s): the pulse is %s", n, fault_where(), zg_job_state_name(opened));
		if (state == ZG_JOB_PRINTED)
			cr_expect(eq(int, copies_of(slip), 1), "at %d (%s): never", n, fault_where());
		lost += state != ZG_JOB_PRINTED;
	}
	cr_expect(gt(int, n, 8));
	cr_expect(lt(int, lost, n / 2), "%d of %d", lost, n);
	cr_expect(eq(sz, lamps().queued, 0));
}

/* They are told as soon as they listen again, and meanwhile the queue is not done; what a person set aside first stays so. */
Test(queue_states, how_a_slip_ended_is_told_to_the_books_when_they_listen_again)
{
	open_shop(CONFIRMED);
	printer.is_unsure = true;
	start_queue();
	step(40);
	int64_t first = add_slip();

	for (int i = 0; i < 400 && (copies_of(first) == 0 || job_of(first).state != ZG_JOB_SENT); i++)
		step(1);
	fault_at(0, SQLITE_FULL, true);
	tell("C\n");
	step(60);
	spend(12000);
	cr_expect(not(zg_queue_idle(queue)));
	cr_expect(ne(str, (char *)zg_queue_problem(queue), ""));
	fault_off();
	cr_expect(eq(int, job_of(first).state, ZG_JOB_SENT));
	cr_expect(becomes(first, ZG_JOB_UNKNOWN));
	cr_expect(ne(ptr, strstr(job_of(first).note, "threw away"), NULL), "%s", job_of(first).note);
	spend(6000);
	cr_expect(zg_queue_idle(queue));

	int64_t second = add_slip();

	for (int i = 0; i < 400 && (copies_of(second) == 0 || job_of(second).state != ZG_JOB_SENT); i++)
		step(1);
	fault_at(0, SQLITE_FULL, true);
	tell("C\n");
	step(60);
	fault_off();
	cr_assert(eq(int, zg_store_begin(store, ZG_SYNC_NORMAL, &err), ZG_OK));
	cr_assert(eq(int, zg_jobs_set(store, second, ZG_JOB_DROPPED, "", &err), ZG_OK));
	cr_assert(eq(int, zg_store_commit(store, &err), ZG_OK));
	spend(12000);
	cr_expect(eq(int, job_of(second).state, ZG_JOB_DROPPED));
	cr_expect(zg_queue_idle(queue));
}
