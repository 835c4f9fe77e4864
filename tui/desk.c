#include "tui/desk.h"

#include "src/base/i18n.h"
#include "src/till/till.h"
#include "tui/demo.h"
#include "tui/order.h"
#include "tui/screens.h"

#include <stdio.h>
#include <string.h>

#define PATIENCE_MS 1000    /* in which a slip may leave for the printer without being counted among those that wait */

/* ---- the top line ---- */

static void copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from);
}

static enum zg_light light_of(enum zg_lamp lamp)
{
	static const enum zg_light lights[] = { [ZG_LAMP_ABSENT] = ZG_LIGHT_ABSENT, [ZG_LAMP_WELL] = ZG_LIGHT_WELL,
		[ZG_LAMP_LOOK] = ZG_LIGHT_LOOK, [ZG_LAMP_DOWN] = ZG_LIGHT_DOWN };

	return lights[lamp];
}

static void add_lamp(struct zg_status *status, const char *word, enum zg_light light, int count)
{
	status->lamps[status->lamp_count++] = (struct zg_status_lamp){ .word = word, .light = light, .count = count };
}

/* Slips that wait. One that is on its way to a printer that takes it does not: the number would only flicker at each sale. */
static size_t waiting_slips(struct zg_desk *desk)
{
	const struct zg_till_state *state = zg_till_state(desk->till);
	int64_t now = zg_clock_running(zg_till_clock(desk->till));

	if (state->queued == 0)
		desk->queued_ms = 0;
	else if (desk->queued_ms == 0)
		desk->queued_ms = now > 0 ? now : 1;
	return state->unprinted + (state->queued > 0 && now - desk->queued_ms >= PATIENCE_MS ? state->queued : 0);
}

static void fill_lamps(struct zg_desk *desk, struct zg_status *status)
{
	const struct zg_till *till = desk->till;
	const struct zg_till_state *state = zg_till_state(till);
	size_t waiting = waiting_slips(desk);

	add_lamp(status, _("Printer"), light_of(state->printer), -1);
	add_lamp(status, _("Paper"), light_of(state->paper), -1);
	add_lamp(status, _("Drawer"), light_of(state->drawer), -1);
	add_lamp(status, _("Slips"), state->unprinted ? ZG_LIGHT_LOOK : ZG_LIGHT_WELL, (int)waiting);
	if (state->has_phone || state->in_doubt)
		add_lamp(status, _("In doubt"), state->in_doubt ? ZG_LIGHT_LOOK : ZG_LIGHT_WELL, (int)state->in_doubt);
	if (zg_till_hung(till) > 0)
		add_lamp(status, _("Hung"), ZG_LIGHT_WELL, (int)zg_till_hung(till));
	if (state->is_broken || state->is_low)
		add_lamp(status, _("Disk"), state->is_broken ? ZG_LIGHT_DOWN : ZG_LIGHT_LOOK, -1);
}

void zg_desk_status(void *context, struct zg_status *status)
{
	struct zg_desk *desk = context;
	const struct zg_till *till = desk->till;
	const struct zg_person *person = zg_till_person(till);
	const struct zg_shift *shift = zg_till_shift(till);
	char now[ZG_TIME_TEXT], day[ZG_DAY_TEXT];
	int64_t at = zg_clock_now(zg_till_clock(till));

	*status = (struct zg_status){ 0 };
	copy(status->shop, sizeof(status->shop), zg_till_config(till)->name);
	snprintf(status->till, sizeof(status->till), _("Till %d"), zg_till_config(till)->till_id);
	if (person)
		copy(status->cashier, sizeof(status->cashier), person->name);
	if (shift)
		snprintf(status->shift, sizeof(status->shift), _("Shift %lld"), (long long)shift->id);
	zg_business_day(day, at, zg_till_config(till)->day_ends_min);
	copy(status->day, sizeof(status->day), shift ? shift->day + 5 : day + 5);
	copy(status->clock, sizeof(status->clock), zg_hour_format(now, at));
	fill_lamps(desk, status);
}

/* ---- what nobody pressed a key for ---- */

void zg_desk_hear(void *context)
{
	struct zg_desk *desk = context;
	const struct zg_till_state *state = zg_till_state(desk->till);

	if (state->came != desk->came) {
		desk->came = state->came;
		zg_app_renew(desk->app);
		if (state->news[0])
			zg_app_notice(desk->app, state->news);
	}
	/* one at a time: a box that asks is answered first */
	while (desk->alarmed < state->alarmed && !zg_app_has_box(desk->app)) {
		const char *alarm = zg_till_alarm(desk->till, desk->alarmed++);

		if (alarm[0]) {
			zg_app_tell(desk->app, _("Look at this first"), alarm);
			zg_app_beep(desk->app);
		}
	}
}

/* ---- what every screen has ---- */

static void lock(struct zg_app *app, void *self)
{
	struct zg_call call = { .act = "session.lock" };

	(void)self;
	/* a box, such as the list of keys, may stand above the sign-in that is there already */
	if (!zg_till_person(zg_app_till(app)) || zg_app_self(app, &zg_login_screen))
		return;
	zg_till_call(zg_app_till(app), &call);
	zg_app_show(app, &zg_login_screen, NULL);
}

static const struct zg_key shop_keys[] = {
	{ "app.lock", ZG_KEY_CTRL('L'), N_("Lock"), lock, NULL },
	{ .action = NULL },
};

static const struct zg_key demo_keys[] = {
	{ "app.lock", ZG_KEY_CTRL('L'), N_("Lock"), lock, NULL },
	{ "demo.paper", ZG_KEY_CTRL('P'), N_("Printer's paper"), zg_demo_paper, NULL },
	{ "demo.customer", ZG_KEY_CTRL('K'), N_("Customer's phone"), zg_demo_customer, NULL },
	{ "demo.refuse", ZG_KEY_CTRL('N'), N_("Customer refuses"), zg_demo_refuse, NULL },
	{ "demo.vanish", ZG_KEY_CTRL('G'), N_("Customer vanishes"), zg_demo_vanish, NULL },
	{ .action = NULL },
};

const struct zg_key *zg_desk_keys(const struct zg_till *till)
{
	return zg_till_config(till)->demo_paper[0] ? demo_keys : shop_keys;
}

/* ---- the auto-lock ---- */

/* A command has locked whoever was signed in: the sale stays, and the next person signs in to it. */
static void sign_in_anew(struct zg_desk *desk)
{
	zg_order_forget(desk->app);
	zg_app_back_to(desk->app, &zg_sale_screen);
	zg_app_replace(desk->app, &zg_login_screen, NULL);
	zg_app_warn(desk->app, _("Whoever was signed in here was locked out. A sale under way stays as it is."));
}

/* A command over the control socket, or the queue: what stands on the screen is read anew. */
static void follow_books(struct zg_desk *desk)
{
	uint64_t commits = zg_store_commits(zg_till_store(desk->till));

	if (commits != desk->commits)
		zg_app_renew(desk->app);
	desk->commits = commits;
}

void zg_desk_look(struct zg_desk *desk)
{
	follow_books(desk);
	if (!zg_till_person(desk->till) && !zg_app_self(desk->app, &zg_login_screen)) {
		sign_in_anew(desk);
		return;
	}
	int64_t minutes = zg_till_config(desk->till)->lock_after_min;
	int64_t idle = zg_clock_running(zg_app_clock(desk->app)) - zg_app_pressed_ms(desk->app);

	/* a lent act that ended after the lock may have closed the screen that keeps it */
	if ((minutes > 0 && idle > minutes * 60000) || zg_till_is_locked(desk->till))
		lock(desk->app, NULL);
}
