#include "tui/reason.h"

#include "src/base/i18n.h"
#include "src/base/text.h"
#include "tui/desk.h"

#include <stdio.h>

static const struct {
	const char *title;
	const char *reasons[ZG_REASONS];
} tables[] = {
	[ZG_REASON_REFUND] = { N_("Why is it given back?"), { N_("Bad or damaged goods"), N_("The customer changed their mind"),
		N_("Wrong goods were rung up"), N_("The price was wrong") } },
	[ZG_REASON_CASH_IN] = { N_("Why is cash put in?"), { N_("Small change"), N_("A float that was forgotten") } },
	[ZG_REASON_CASH_OUT] = { N_("Why is cash taken out?"), { N_("To the safe"), N_("To the bank"), N_("Goods that were bought"),
		N_("Money for small expenses") } },
	[ZG_REASON_DRAWER] = { N_("Why is the drawer opened?"), { N_("To give small change"), N_("To check the cash"),
		N_("The drawer was shut too early") } },
	[ZG_REASON_SETTLED] = { N_("How was it settled?"), { N_("In the channel's own pages"), N_("By a bank transfer"),
		N_("Cleared up with the channel's service") } },
};

static void answer(struct zg_app *app, void *self, const char *reason)
{
	struct zg_asking *asking = &zg_desk_of(app)->asking;

	asking->done(app, self, reason);
}

static const char *typed(struct zg_app *app, void *self, const char *const *answers)
{
	char reason[ZG_REASON_MAX + 1];

	if (!answers)
		return NULL;
	snprintf(reason, sizeof(reason), "%s", answers[0]);
	zg_text_trim(reason);
	if (!reason[0])
		return _("A reason is needed. Type one in a few words.");
	answer(app, self, reason);
	return NULL;
}

static void chosen(struct zg_app *app, void *self, int index)
{
	const struct zg_asking *asking = &zg_desk_of(app)->asking;

	if (index < 0)
		return;
	if (index < ZG_REASONS && tables[asking->what].reasons[index]) {
		answer(app, self, _(tables[asking->what].reasons[index]));
		return;
	}
	struct zg_form form = {
		.title = _(tables[asking->what].title),
		.fields = { { .label = _("Reason"), .room = ZG_REASON_MAX } },
		.done = typed,
	};

	zg_app_form(app, &form);
}

void zg_reason_ask(struct zg_app *app, enum zg_reason_for what, void (*done)(struct zg_app *app, void *self, const char *reason))
{
	const char *choices[ZG_REASONS + 1];
	struct zg_choice choice = { .title = _(tables[what].title), .choices = choices, .done = chosen };

	while (choice.count < ZG_REASONS && tables[what].reasons[choice.count]) {
		choices[choice.count] = _(tables[what].reasons[choice.count]);
		choice.count++;
	}
	choices[choice.count++] = _("Another reason …");
	zg_desk_of(app)->asking = (struct zg_asking){ .what = (int)what, .done = done };
	zg_app_choose(app, &choice);
}
