/* Signing in, and coming back to a locked till. */
#include "src/base/i18n.h"
#include "src/till/till.h"
#include "tui/desk.h"
#include "tui/screens.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#define FIELD_CELLS 24

struct login {
	struct zg_app *app;
	struct zg_input name, pin;
	bool at_pin;
	bool is_lock;          /* the till is locked: the sale under it stays as it is */
	bool is_checking;
	const char *greeting;
	char who[ZG_NAME_MAX + 1];    /* of a lock: whose */
};

static void done(void *self, enum zg_result result, const json_t *answer, const struct zg_error *err)
{
	struct zg_app *app = self;
	struct login *s = zg_app_self(app, &zg_login_screen);

	(void)answer;
	if (!s)
		return;
	s->is_checking = false;
	if (result != ZG_OK) {
		zg_app_fail(app, err);
		zg_app_beep(app);
		return;
	}
	bool is_lock = s->is_lock;

	zg_app_back_to(app, &zg_login_screen);    /* a box may stand above it by now */
	if (is_lock)
		zg_app_back(app);
	else
		zg_app_replace(app, &zg_sale_screen, NULL);
	if (!zg_till_shift(zg_app_till(app)))
		zg_app_warn(app, _("No shift is open. Open one before you take money."));
}

static void enter(struct zg_app *app, void *self)
{
	struct login *s = self;

	if (s->is_checking)
		return;
	if (!s->at_pin) {
		s->at_pin = s->name.length > 0;
		return;
	}
	struct zg_call call = { .act = "session.start", .as = s->name.text, .pin = s->pin.text, .done = done, .self = app };

	s->is_checking = true;
	zg_till_call(zg_app_till(app), &call);
	OPENSSL_cleanse(s->pin.text, sizeof(s->pin.text));
	zg_input_clear(&s->pin);
}

static void other_field(struct zg_app *app, void *self)
{
	struct login *s = self;

	(void)app;
	s->at_pin = !s->at_pin;
}

static void leave(struct zg_app *app, void *self)
{
	const struct login *s = self;

	if (s->is_lock)
		zg_app_warn(app, _("The till is locked. Unlock it with your PIN first."));
	else
		zg_app_quit(app);
}

static void rub_out(struct zg_app *app, void *self)
{
	struct login *s = self;

	(void)app;
	zg_input_clear(s->at_pin ? &s->pin : &s->name);
}

/* Backspace on an empty field steps back from other screens; only a PIN leads out of this one. */
static bool press(struct zg_app *app, void *self, uint32_t code)
{
	(void)app;
	(void)self;
	return code == ZG_KEY_BACKSPACE;
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct login *s = self;
	const struct zg_person *person = zg_till_person(zg_app_till(app));

	(void)with;
	s->app = app;
	s->name.room = ZG_LOGIN_MAX;
	s->pin.room = 12;
	s->pin.secret = true;
	s->greeting = zg_desk_of(app)->greeting;
	if (person) {
		s->is_lock = true;
		s->at_pin = true;
		snprintf(s->who, sizeof(s->who), "%s", person->name);
		zg_input_set(&s->name, person->login);
	}
}

static void closed(struct zg_app *app, void *self)
{
	struct login *s = self;

	(void)app;
	OPENSSL_cleanse(s->pin.text, sizeof(s->pin.text));
}

static struct zg_input *input(void *self)
{
	struct login *s = self;

	return s->at_pin ? &s->pin : &s->name;
}

static void field(const struct zg_pane *pane, int row, int left, const char *label, const struct zg_input *in, bool focused)
{
	zg_draw_text(pane, row, left, 14, ZG_INK_DIM, label);
	zg_input_draw(pane, row, left + 14, FIELD_CELLS, in, focused);
}

static void draw(const struct zg_pane *pane, const void *self)
{
	const struct login *s = self;
	int width = 14 + FIELD_CELLS, left = (pane->columns - width) / 2, row = pane->rows > 14 ? pane->rows / 3 : 1;

	if (left < 0)
		left = 0;
	zg_draw_centre(pane, row, 0, pane->columns, ZG_INK_DUE, s->is_lock ? _("Locked") : _("Sign in"));
	if (s->is_lock)
		zg_draw_centre(pane, row + 1, 0, pane->columns, ZG_INK_TEXT, s->who);
	field(pane, row + 3, left, _("Login"), &s->name, !s->at_pin);
	field(pane, row + 4, left, _("PIN"), &s->pin, s->at_pin);
	if (s->is_checking)
		zg_draw_centre(pane, row + 6, 0, pane->columns, ZG_INK_DIM, _("Checking the PIN …"));
	else if (s->greeting)
		zg_draw_wrap(pane, row + 6, 2, pane->columns - 4, pane->rows - row - 6, ZG_INK_DIM, s->greeting);
}

static const struct zg_key keys[] = {
	{ "login.enter", ZG_KEY_ENTER, N_("Next"), enter, NULL },
	{ "login.field", ZG_KEY_TAB, N_("Other field"), other_field, NULL },
	{ "login.up", ZG_KEY_UP, N_("Other field"), other_field, NULL },
	{ "login.down", ZG_KEY_DOWN, N_("Other field"), other_field, NULL },
	{ "login.clear", ZG_KEY_ESC, N_("Clear"), rub_out, NULL },
	{ "login.leave", ZG_KEY_CTRL('Q'), N_("Leave"), leave, NULL },
	{ .action = NULL },
};

const struct zg_screen zg_login_screen = {
	.title = N_("Sign in"), .size = sizeof(struct login), .keys = keys, .draw = draw, .opened = opened, .closed = closed, .input = input,
	.press = press,
};
