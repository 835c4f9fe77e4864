/* The shop's own data, as receipts and invoices show it, and a test page for the printer. */
#include "src/base/i18n.h"
#include "src/base/text.h"
#include "src/till/till.h"
#include "tui/desk.h"
#include "tui/order.h"
#include "tui/screens.h"
#include "tui/widget/list.h"

#include <stdio.h>
#include <string.h>

#define CHOICES 4

struct setup {
	const struct zg_till *till;
	struct zg_list list;
	int asked;    /* the setting that a box asks for */
};

enum { NAME, TAX_NUMBER, ADDRESS, PHONE, BANK, ACCOUNT, LANGUAGE, ROUNDING, DAY_ENDS, SETTINGS };

struct option {
	const char *value, *title;
};

/* name is the act's word; a setting with options is chosen, the others are typed. */
static const struct setting {
	const char *name, *title, *help;
	struct option options[CHOICES];
} settings[SETTINGS] = {
	[NAME]       = { .name = "name", .title = N_("Shop's name") },
	[TAX_NUMBER] = { .name = "tax_number", .title = N_("Tax number"), .help = N_("The 18 characters of the business licence.") },
	[ADDRESS]    = { .name = "address", .title = N_("Address") },
	[PHONE]      = { .name = "phone", .title = N_("Telephone") },
	[BANK]       = { .name = "bank", .title = N_("Bank") },
	[ACCOUNT]    = { .name = "account", .title = N_("Bank account") },
	[LANGUAGE]   = { .name = "language", .title = N_("Language"),
		.options = { { "zh_CN", "中文" }, { "en", "English" } } },
	[ROUNDING]   = { .name = "rounding", .title = N_("Cash rounding"),
		.options = { { "none", N_("None") }, { "jiao", N_("Down to 0.10") }, { "yuan", N_("Down to 1.00") } } },
	[DAY_ENDS]   = { .name = "day_ends_at", .title = N_("Day ends at"), .help = N_("A time like 04:00. A running shift keeps its day.") },
};

/* The setting as the file has it. */
static void value_of(const struct zg_config *config, int i, char text[ZG_SETTING_MAX + 1])
{
	static const char *const roundings[] = { [ZG_ROUND_NONE] = "none", [ZG_ROUND_JIAO] = "jiao", [ZG_ROUND_YUAN] = "yuan" };
	const char *value = "";

	switch (i) {
	case NAME: value = config->name; break;
	case TAX_NUMBER: value = config->tax_number; break;
	case ADDRESS: value = config->address; break;
	case PHONE: value = config->phone; break;
	case BANK: value = config->bank; break;
	case ACCOUNT: value = config->account; break;
	case LANGUAGE: value = config->language; break;
	case ROUNDING: value = roundings[config->rounding]; break;
	default:
		snprintf(text, ZG_SETTING_MAX + 1, "%02d:%02d", config->day_ends_min / 60 % 24, config->day_ends_min % 60);
		return;
	}
	snprintf(text, ZG_SETTING_MAX + 1, "%s", value);
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct setup *s = self;

	(void)with;
	s->till = zg_app_till(app);
	zg_list_update(&s->list, SETTINGS, NULL, s);
}

static void closed(struct zg_app *app, void *self)
{
	(void)app;
	zg_list_clear(&((struct setup *)self)->list);
}

/* ---- drawing ---- */

static void fit(void *self, int rows, int columns)
{
	(void)columns;
	zg_list_fit(&((struct setup *)self)->list, rows - 2);
}

static void cell(const void *self, int row, int column, struct zg_cell *text)
{
	const struct setup *s = self;
	char value[ZG_SETTING_MAX + 1];

	if (column == 0) {
		snprintf(text->text, sizeof(text->text), "%s", _(settings[row].title));
		text->ink = ZG_INK_DIM;
		return;
	}
	value_of(zg_till_config(s->till), row, value);
	for (int i = 0; i < CHOICES && settings[row].options[i].value; i++)
		if (strcmp(settings[row].options[i].value, value) == 0)
			snprintf(value, sizeof(value), "%s", _(settings[row].options[i].title));
	snprintf(text->text, sizeof(text->text), "%s", value[0] ? value : row == LANGUAGE ? _("As the system's") : "-");
}

static void draw(const struct zg_pane *pane, const void *self)
{
	static const struct zg_column narrow[] = { { NULL, 15, false, 0 }, { NULL, 0, false, 0 } };
	static const struct zg_column wide[] = { { NULL, 26, false, 0 }, { NULL, 0, false, 0 } };
	const struct setup *s = self;
	const struct zg_config *config = zg_till_config(s->till);
	struct zg_pane list = zg_pane_part(pane, 1, 0, pane->rows - 2, pane->columns);

	zg_draw_text(pane, 0, 1, pane->columns - 2, ZG_INK_TEXT, _("The shop's own data"));
	zg_list_draw(&list, &s->list, pane->columns < 60 ? narrow : wide, 2, cell, s);
	if (config->link[0])
		zg_draw_print(pane, pane->rows - 1, 1, pane->columns - 2, ZG_INK_DIM, _("Printer: profile %s, at %s"), config->profile, config->link);
	else
		zg_draw_text(pane, pane->rows - 1, 1, pane->columns - 2, ZG_INK_DIM, _("No printer is set up."));
}

/* ---- changing ---- */

static void changed(struct zg_app *app, const json_t *answer, int64_t data)
{
	(void)answer;
	(void)data;
	zg_app_say(app, _("Written to the settings."));
}

static void send(struct zg_app *app, int setting, const char *value)
{
	struct zg_order order = { .act = "shop.set", .args = zg_json_object(), .done = changed };

	zg_json_set_string(order.args, settings[setting].name, value);
	zg_order_send(app, &order);
}

static const char *typed(struct zg_app *app, void *self, const char *const *answers)
{
	const struct setup *s = self;
	char value[ZG_SETTING_MAX + 1];

	if (!answers)
		return NULL;
	snprintf(value, sizeof(value), "%s", answers[0]);
	zg_text_trim(value);
	if (s->asked == NAME && !value[0])
		return _("A shop has a name. Type it.");
	send(app, s->asked, value);
	return NULL;
}

static void chosen(struct zg_app *app, void *self, int index)
{
	const struct setup *s = self;

	if (index >= 0)
		send(app, s->asked, settings[s->asked].options[index].value);
}

static void change(struct zg_app *app, void *self)
{
	struct setup *s = self;
	char value[ZG_SETTING_MAX + 1];
	const char *titles[CHOICES];

	s->asked = zg_list_row(&s->list);
	const struct setting *setting = &settings[s->asked];
	struct zg_choice choice = { .title = _(setting->title), .choices = titles, .done = chosen };

	value_of(zg_till_config(s->till), s->asked, value);
	for (; choice.count < CHOICES && setting->options[choice.count].value; choice.count++) {
		titles[choice.count] = _(setting->options[choice.count].title);
		if (strcmp(setting->options[choice.count].value, value) == 0)
			choice.selected = choice.count;
	}
	if (choice.count > 0) {
		zg_app_choose(app, &choice);
		return;
	}
	struct zg_form form = {
		.title = _(setting->title), .text = setting->help ? _(setting->help) : NULL,
		.fields = { { .label = _("New"), .value = value, .room = ZG_NAME_MAX } }, .done = typed,
	};

	zg_app_form(app, &form);
}

static void tested(struct zg_app *app, const json_t *answer, int64_t data)
{
	(void)answer;
	(void)data;
	zg_app_say(app, _("A test page goes to the printer. Look whether Chinese, barcode and cutter are right."));
}

static void test(struct zg_app *app, void *self)
{
	struct zg_order order = { .act = "print.test", .done = tested };

	(void)self;
	zg_order_send(app, &order);
}

static void show_jobs(struct zg_app *app, void *self)
{
	(void)self;
	zg_app_show(app, &zg_jobs_screen, NULL);
}

static bool press(struct zg_app *app, void *self, uint32_t code)
{
	(void)app;
	return code != '/' && zg_list_press(&((struct setup *)self)->list, code);
}

static const struct zg_key keys[] = {
	{ "setup.change", ZG_KEY_ENTER, N_("Edit"), change, NULL },
	{ "setup.test", 't', N_("Test page"), test, NULL },
	{ "setup.slips", 'u', N_("Unprinted slips"), show_jobs, NULL },
	{ .action = NULL },
};

const struct zg_screen zg_setup_screen = {
	.title = N_("Settings"), .size = sizeof(struct setup), .keys = keys, .draw = draw, .opened = opened, .closed = closed,
	.fit = fit, .press = press, .moves = zg_list_moves,
};
