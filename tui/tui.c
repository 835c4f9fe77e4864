#include "tui/tui.h"

#include "src/base/i18n.h"
#include "src/till/till.h"
#include "tui/console.h"
#include "tui/desk.h"
#include "tui/order.h"
#include "tui/paper.h"
#include "tui/screens.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define LOOK_MS 1000    /* between two looks at whether the till was left alone */

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

static void fill_lamps(const struct zg_till *till, struct zg_status *status)
{
	const struct zg_till_state *state = zg_till_state(till);
	size_t waiting = state->queued + state->unprinted;

	add_lamp(status, _("Printer"), light_of(state->printer), -1);
	add_lamp(status, _("Paper"), light_of(state->paper), -1);
	add_lamp(status, _("Drawer"), light_of(state->drawer), -1);
	add_lamp(status, _("Slips"), state->unprinted ? ZG_LIGHT_LOOK : ZG_LIGHT_WELL, (int)waiting);
	if (zg_till_hung(till) > 0)
		add_lamp(status, _("Hung"), ZG_LIGHT_WELL, (int)zg_till_hung(till));
	if (state->is_broken || state->is_low)
		add_lamp(status, _("Disk"), state->is_broken ? ZG_LIGHT_DOWN : ZG_LIGHT_LOOK, -1);
}

static void fill_status(void *context, struct zg_status *status)
{
	const struct zg_desk *desk = context;
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
	fill_lamps(till, status);
}

/* ---- what every screen has ---- */

static void lock(struct zg_app *app, void *self)
{
	struct zg_call call = { .act = "session.lock" };

	(void)self;
	if (!zg_till_person(zg_app_till(app)) || zg_app_top(app) == &zg_login_screen)
		return;
	zg_till_call(zg_app_till(app), &call);
	zg_app_show(app, &zg_login_screen, NULL);
}

static void redraw(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_redraw(app);
}

static void show_paper(struct zg_app *app, void *self)
{
	struct zg_desk *desk = zg_desk_of(app);

	(void)self;
	if (!zg_till_config(desk->till)->demo_paper[0])
		return;
	desk->has_paper = !desk->has_paper;
	zg_app_set_side(app, desk->has_paper ? zg_paper_side : NULL, 38);
}

static const struct zg_key globals[] = {
	{ "app.lock", ZG_KEY_CTRL('L'), N_("Lock"), lock, NULL },
	{ "app.redraw", ZG_KEY_CTRL('R'), N_("Redraw"), redraw, NULL },
	{ "demo.paper", ZG_KEY_CTRL('P'), N_("Paper"), show_paper, NULL },
	{ .action = NULL },
};

/* ---- the auto-lock and the ends ---- */

static void look(void *self)
{
	struct zg_desk *desk = self;
	int64_t minutes = zg_till_config(desk->till)->lock_after_min;
	int64_t idle = zg_loop_running(desk->loop) - zg_app_pressed_ms(desk->app);

	if (minutes > 0 && idle > minutes * 60000)
		lock(desk->app, NULL);
	zg_timer_add(desk->loop, LOOK_MS, look, desk);
}

static void end(void *self, int number)
{
	struct zg_desk *desk = self;

	(void)number;
	zg_loop_stop(desk->loop);
}

enum zg_result zg_tui_run(const struct zg_tui_parts *parts, struct zg_error *err)
{
	const struct zg_config *config = zg_till_config(parts->till);
	struct zg_desk desk = { .till = parts->till, .loop = parts->loop, .greeting = parts->greeting };
	struct zg_app_parts app = {
		.till = parts->till, .theme = parts->theme ? parts->theme : config->theme, .ascii = config->ascii_signs,
		.globals = globals, .status = fill_status, .context = &desk,
	};
	struct zg_console *console;
	enum zg_result result = zg_console_open(parts->loop, parts->fd, &app, &console, err);

	if (result != ZG_OK)
		return result;
	static const int ends[] = { SIGTERM, SIGINT, SIGHUP };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		zg_signal_add(parts->loop, ends[i], end, &desk);
	desk.app = zg_console_app(console);
	zg_app_show(desk.app, &zg_login_screen, NULL);
	if (zg_till_state(parts->till)->alarm[0])
		zg_app_tell(desk.app, _("Look at this first"), zg_till_state(parts->till)->alarm);
	zg_timer_add(parts->loop, LOOK_MS, look, &desk);
	zg_loop_run(parts->loop);
	zg_order_forget(desk.app);
	zg_till_forget(parts->till, desk.app);    /* a PIN that was still being checked */
	zg_console_close(console);
	return ZG_OK;
}
