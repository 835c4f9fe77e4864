#include "src/till/till.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/store/transactions.h"
#include "src/till/doorman.h"
#include "src/till/goods.h"
#include "src/till/page_check.h"
#include "src/till/phone.h"
#include "src/till/pins.h"
#include "src/till/private.h"
#include "src/till/queue.h"
#include "src/till/slips.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define REST_MS      2000     /* between two pieces of idle work */
#define BREATH_MS    20       /* the screen has said how an act ended, and nobody has begun another */
#define QUIET_MS     3000     /* nobody has done anything for so long: a checkpoint holds nobody up */
#define JUMP_MS      2000     /* a wall clock this far behind the running one has been set back */

/* ---- what is under way, read from the books ---- */

static enum zg_result load_sale(struct zg_till *till, struct zg_error *err)
{
	struct zg_sale *sale = NULL;
	int64_t id = 0;
	enum zg_result result = zg_sales_open_id(till->store, &id, err);

	if (result == ZG_OK && id)
		result = zg_sales_load(till->store, id, &sale, err);
	if (result == ZG_OK && id)
		result = zg_phone_restore(till, id, sale, err);
	if (result != ZG_OK) {
		zg_sale_free(sale);
		return result;
	}
	zg_sale_free(till->sale);
	till->sale = sale ? sale : zg_sale_new();
	till->sale_id = id;
	return ZG_OK;
}

static enum zg_result count_hung(struct zg_till *till, struct zg_error *err)
{
	size_t count = 0;
	enum zg_result result = zg_sales_count_hung(till->store, &count, err);

	if (result == ZG_OK)
		till->hung = count;
	return result;
}

enum zg_result zg_till_reload(struct zg_till *till, struct zg_error *err)
{
	struct zg_shift shift;
	enum zg_result result = load_sale(till, err);

	if (result == ZG_OK) {
		result = zg_shifts_current(till->store, &shift, err);
		if (result == ZG_OK)
			till->shift = shift;
		if (result == ZG_OK || result == ZG_NOT_FOUND) {
			till->has_shift = result == ZG_OK;
			result = ZG_OK;
		}
	}
	if (result == ZG_OK)
		result = count_hung(till, err);
	till->is_stale = result != ZG_OK;
	return result;
}

/* ---- starting ---- */

/*
 * After a sudden end the last committed sale may be one that nobody was told of (in other measurements 92 % of
 * kills left one): say it, so that it is not entered again.
 */
static void tell_last_sale(struct zg_till *till)
{
	struct zg_sale_filter filter = { .state = ZG_SALE_PAID, .most = 1 };
	struct zg_sale_row *rows = NULL;
	size_t count = 0;

	if (zg_sales_list(till->store, &filter, &rows, &count, NULL) == ZG_OK && count == 1) {
		const struct zg_sale_record *r = &rows[0].record;
		char amount[ZG_AMOUNT_TEXT], when[ZG_TIME_TEXT], words[ZG_ERROR_TEXT];

		/* of a refund every amount is negative: it is said as the money that was given back */
		snprintf(words, sizeof(words), r->is_refund
				? _("The till ended suddenly. A refund is booked last: %s, %s given back, %s. Do not enter it again.")
				: _("The till ended suddenly. The last sale that is booked: %s, %s, %s. Do not enter it again."),
			 r->number, zg_fen_format(amount, llabs(r->total_fen - r->rounding_fen)), zg_hour_format(when, r->closed_at));
		zg_till_raise(till, "%s", words);
	}
	free(rows);
}

static void pages_checked(void *self, enum zg_result result, const struct zg_error *err)
{
	struct zg_till *till = self;

	till->page_check = NULL;
	if (result != ZG_OK)
		zg_till_raise(till, "%s", err->text);
}

static void look_after(struct zg_till *till)
{
	if (zg_store_was_unclean(till->store) && till->parts.is_counter) {
		tell_last_sale(till);
		if (till->parts.program)
			till->page_check = zg_page_check_start(till->parts.loop, till->parts.program, till->parts.home, pages_checked, till);
	}
}

static void note_back(struct zg_till *till, int64_t behind)
{
	zg_log_say(till->log, "the clock was set back by %" PRId64 " ms", behind);
	if (zg_store_begin(till->store, ZG_SYNC_NORMAL, NULL) != ZG_OK)
		return;
	json_t *body = zg_json_object();

	zg_json_set_integer(body, "back_ms", behind);
	if (zg_journal_add(till->store, "-", "clock.back", body, NULL, NULL) != ZG_OK || zg_store_commit(till->store, NULL) != ZG_OK)
		zg_store_rollback(till->store);
	json_decref(body);
}

static bool take_at(const struct zg_journal_row *row, void *self)
{
	*(int64_t *)self = row->at_ms;
	return false;
}

/* While no till ran nobody watched the clock: the journal's last row tells where it stood. */
static void compare_clock(struct zg_till *till)
{
	struct zg_journal_mark mark = { 0 };
	int64_t at = 0;

	if (zg_journal_head(till->store, &mark, NULL) != ZG_OK || mark.seq == 0 ||
	    zg_journal_read(till->store, mark.seq, 1, take_at, &at, NULL) != ZG_OK)
		return;
	int64_t behind = at - zg_clock_now(till->parts.clock);

	if (behind > JUMP_MS)
		note_back(till, behind);
}

static int64_t lead(const struct zg_till *till)
{
	return zg_clock_now(till->parts.clock) - zg_clock_running(till->parts.clock);
}

/*
 * A wall clock that jumps back is written down before anything else is; order is by sequence, so nothing else happens.
 * Its lead over the running clock is held against the greatest that was seen: many small steps back are a large one.
 */
void zg_till_watch_clock(struct zg_till *till)
{
	int64_t behind = till->lead_ms - lead(till);

	if (behind >= 0 && behind <= JUMP_MS)
		return;
	till->lead_ms -= behind;
	if (behind > JUMP_MS)
		note_back(till, behind);
}

/*
 * Whether the log may be cleared now. In a queue without a rest it is, between two sales and a breath after "paid": never
 * while a customer's sale waits for its own sync, nor before the screen has said how it ended.
 */
static bool may_clear_log(const struct zg_till *till, int64_t quiet)
{
	int pages = zg_store_log_pages(till->store);

	if (quiet >= QUIET_MS || pages > ZG_STORE_LONGEST)
		return true;
	/* on a busy machine a breath is over before the loop has come to the screen: it has when nothing was done since the last rest */
	return pages > ZG_STORE_LONG && quiet >= BREATH_MS && till->called_ms == till->rested_ms && zg_sale_line_count(till->sale) == 0;
}

static void rest(void *self)
{
	struct zg_till *till = self;
	int64_t quiet = zg_clock_running(till->parts.clock) - till->called_ms;
	int wait = REST_MS;

	zg_till_watch_clock(till);
	if (till->is_stale)
		(void)zg_till_reload(till, NULL);    /* the next act tries again */
	if (may_clear_log(till, quiet))
		zg_store_checkpoint(till->store);
	else if (zg_store_log_pages(till->store) > ZG_STORE_LONG)
		wait = BREATH_MS;
	till->rested_ms = till->called_ms;
	till->state.is_low = zg_store_is_low(till->store);
	if (!till->state.is_low)
		zg_store_keep_reserve(till->store);
	till->state.is_broken = zg_store_is_broken(till->store);
	till->rest = zg_timer_add(till->parts.loop, wait, rest, till);
}

static struct zg_queue *start_queue(struct zg_till *till)
{
	const char *data = getenv("ZHANGGUI_DATA");
	const char *directories[] = { till->parts.home, data && *data ? data : ZG_DATA_DIR };
	struct zg_queue_parts parts = { .store = till->store, .loop = till->parts.loop, .clock = till->parts.clock, .log = till->log,
		.drivers = till->parts.printers, .config = &till->config, .directories = directories, .directory_count = 2 };

	return zg_queue_new(&parts);
}

/* Only in a shop of our own: nothing is left in a directory that is none, or another's. */
/* The last line of a till that will not go on with wrong figures. The next start goes on from the books. */
static void write_down(void *self, const char *words)
{
	zg_log_say(((struct zg_till *)self)->log, "the till ends itself: %s", words);
}

static enum zg_result open_log(struct zg_till *till, struct zg_error *err)
{
	enum zg_result result = zg_store_find(till->parts.home, err);

	if (result == ZG_OK)
		result = zg_store_check_owner(till->parts.home, err);
	if (result != ZG_OK)
		return result;
	char *log = zg_print("%s/log", till->parts.home);

	mkdir(log, 0700);
	till->log = zg_log_open(log, till->parts.clock);
	zg_assert_tell(write_down, till);
	free(log);
	return ZG_OK;
}

static enum zg_result start(struct zg_till *till, struct zg_error *err)
{
	enum zg_result result = open_log(till, err);

	if (result == ZG_OK)
		result = zg_config_read(till->parts.home, &till->config, err);
	if (result == ZG_OK)
		result = zg_store_open(till->parts.home, till->parts.takes_old ? ZG_STORE_ACCEPT : ZG_STORE_WRITE, till->parts.clock, &till->store, err);
	if (result == ZG_OK)
		result = zg_till_reload(till, err);
	if (result != ZG_OK) {
		zg_log_say(till->log, "the till does not start: %s", err ? err->text : "");
		return result;
	}
	look_after(till);
	if (!zg_store_is_old(till->store))    /* a copy that nobody has accepted yet gets no row */
		compare_clock(till);
	till->lead_ms = lead(till);
	till->pins = zg_pins_new(till->store, till->parts.loop, till->parts.clock, till->log);
	till->queue = start_queue(till);
	zg_phone_open(till);
	if (till->parts.is_counter)
		result = zg_doorman_open(till, till->parts.loop, till->parts.home, &till->doorman, err);
	till->state.is_low = zg_store_is_low(till->store);
	till->rest = zg_timer_add(till->parts.loop, REST_MS, rest, till);
	if (till->parts.is_counter)
		zg_goods_tidy(till);
	zg_log_say(till->log, "the till starts, schema %d%s", zg_store_version(), zg_store_was_unclean(till->store) ? ", after a sudden end" : "");
	return result;
}

enum zg_result zg_till_open(const struct zg_till_parts *parts, struct zg_till **out, struct zg_error *err)
{
	struct zg_till *till = zg_alloc(1, sizeof(*till));

	*out = NULL;
	till->parts = *parts;
	till->sale = zg_sale_new();
	enum zg_result result = start(till, err);

	if (result != ZG_OK) {
		zg_till_close(till);
		return result;
	}
	*out = till;
	return ZG_OK;
}

void zg_till_close(struct zg_till *till)
{
	if (!till)
		return;
	zg_timer_remove(till->parts.loop, till->rest);
	zg_goods_stop(till);
	zg_page_check_stop(till->page_check);
	zg_pins_free(till->pins);       /* ends the deeds that wait for a PIN */
	zg_phone_close(till);
	zg_queue_free(till->queue);
	zg_assert(!till->deeds);        /* all who waited have heard that the till closes */
	zg_doorman_close(till->doorman);
	if (till->rest && !zg_store_is_broken(till->store))    /* it had started */
		zg_till_watch_clock(till);
	zg_store_close(till->store);
	zg_assert_tell(NULL, NULL);
	zg_log_close(till->log);
	zg_sale_free(till->sale);
	free(till);
}

/* ---- what screens read ---- */

void zg_till_sign_in(struct zg_till *till, const struct zg_person *person)
{
	till->person = *person;
	till->has_person = true;
	till->is_locked = false;
}

void zg_till_sign_out(struct zg_till *till)
{
	till->has_person = false;
	till->is_locked = false;
}

void zg_till_day(const struct zg_till *till, char day[ZG_DAY_TEXT])
{
	zg_business_day(day, zg_clock_now(till->parts.clock), till->config.day_ends_min);
}

const struct zg_store *zg_till_store(const struct zg_till *till)
{
	return till->store;
}

const struct zg_config *zg_till_config(const struct zg_till *till)
{
	return &till->config;
}

const struct zg_clock *zg_till_clock(const struct zg_till *till)
{
	return till->parts.clock;
}

const struct zg_person *zg_till_person(const struct zg_till *till)
{
	return till->has_person ? &till->person : NULL;
}

bool zg_till_is_locked(const struct zg_till *till)
{
	return till->is_locked;
}

const struct zg_shift *zg_till_shift(const struct zg_till *till)
{
	return till->has_shift ? &till->shift : NULL;
}

const struct zg_sale *zg_till_sale(const struct zg_till *till)
{
	return till->sale;
}

int64_t zg_till_sale_id(const struct zg_till *till)
{
	return till->sale_id;
}

size_t zg_till_hung(const struct zg_till *till)
{
	return till->hung;
}

const struct zg_last_sale *zg_till_last(const struct zg_till *till)
{
	return &till->last;
}

const struct zg_till_state *zg_till_state(const struct zg_till *till)
{
	zg_queue_show(till->queue, &((struct zg_till *)(uintptr_t)till)->state);    /* lamps are worked out when they are looked at */
	return &till->state;
}

const struct zg_teller *zg_till_teller(const struct zg_till *till)
{
	return till->teller;
}

const char *zg_till_printer_problem(const struct zg_till *till)
{
	return zg_queue_problem(till->queue);
}

bool zg_till_is_idle(const struct zg_till *till)
{
	return !till->deeds && zg_queue_idle(till->queue);
}

json_t *zg_till_report(const struct zg_till *till, const struct zg_shift *shift, struct zg_error *err)
{
	struct zg_totals totals;
	struct zg_journal_mark mark = { 0 };

	if (zg_shifts_totals(till->store, shift, &totals, err) != ZG_OK || zg_transactions_agree(till->store, shift, &totals, err) != ZG_OK ||
	    zg_journal_head(till->store, &mark, err) != ZG_OK)
		return NULL;
	return zg_slip_shift(till, shift, &totals, mark.anchor, err);
}

json_t *zg_till_day_report(const struct zg_till *till, const char *day, struct zg_error *err)
{
	return zg_slip_day(till, day, err);
}

json_t *zg_till_transactions(const struct zg_till *till, const char *day, struct zg_error *err)
{
	return zg_slip_transactions(till, day, err);
}
