#include "tui/demo.h"

#include "src/base/i18n.h"
#include "src/shop/pay.h"
#include "src/till/till.h"
#include "tui/desk.h"
#include "tui/paper.h"
#include "tui/screens.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PAPER_CELLS 38

void zg_demo_paper(struct zg_app *app, void *self)
{
	struct zg_desk *desk = zg_desk_of(app);

	(void)self;
	desk->has_paper = !desk->has_paper;
	zg_app_set_side(app, desk->has_paper ? zg_paper_side : NULL, PAPER_CELLS);
}

/* ---- the customer ---- */

/* The same shapes as on the demo's first page. No code comes twice: its digits are the time. */
static const struct {
	enum zg_wallet wallet;
	const char *first;
	int digits;    /* that follow */
} phones[] = {
	{ ZG_WALLET_WECHAT, "13", 16 },
	{ ZG_WALLET_ALIPAY, "28", 16 },
	{ ZG_WALLET_UNIONPAY, "62", 17 },
};

#define PHONES ((int)(sizeof(phones) / sizeof(phones[0])))

static void hold_out(struct zg_app *app, void *self, int index)
{
	char code[32];

	(void)self;
	if (index < 0)
		return;
	snprintf(code, sizeof(code), "%s%0*lld", phones[index].first, phones[index].digits, (long long)zg_clock_now(zg_app_clock(app)));
	zg_app_scan(app, code);
}

void zg_demo_customer(struct zg_app *app, void *self)
{
	const char *names[PHONES];
	struct zg_choice choice = { .title = _("The customer's phone"),
		.text = _("He holds out a code, and pays after three seconds unless he is told otherwise."), .choices = names, .count = PHONES,
		.done = hold_out };

	(void)self;
	for (int i = 0; i < PHONES; i++)
		names[i] = _(zg_wallet_title(phones[i].wallet));
	zg_app_choose(app, &choice);
}

/* True: the gateways heard it. */
static bool tell(struct zg_app *app, const char *plan)
{
	int fd = open(zg_till_config(zg_app_till(app))->demo_phone, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	char line[64];
	int length = snprintf(line, sizeof(line), "phone %s %s\n", zg_app_top(app) == &zg_paying_screen ? "now" : "next", plan);
	bool good = fd >= 0 && write(fd, line, (size_t)length) == length;

	if (fd >= 0)
		close(fd);
	return good;
}

static void obey(struct zg_app *app, const char *plan, const char *said)
{
	if (tell(app, plan))
		zg_app_say(app, said);
	else
		zg_app_refuse(app, _("The demo's payment gateways do not run. Leave the demo, and start it again."));
}

void zg_demo_refuse(struct zg_app *app, void *self)
{
	(void)self;
	obey(app, "refuses", _("The customer refuses to pay."));
}

void zg_demo_vanish(struct zg_app *app, void *self)
{
	(void)self;
	obey(app, "vanishes", _("The customer puts the phone away and does nothing more."));
}

/* ---- the sign-in screen ---- */

void zg_demo_greet(char *text, size_t size, const char *logins, const struct zg_key *keys)
{
	size_t length = (size_t)snprintf(text, size, "%s", logins);

	for (; keys->action && length < size; keys++) {
		char name[ZG_KEY_NAME];

		if (strncmp(keys->action, "demo.", 5) == 0)
			length += (size_t)snprintf(text + length, size - length, "  %s %s", zg_key_name(name, keys->code), _(keys->title));
	}
}
