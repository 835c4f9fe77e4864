/* Slips that nobody knows to be on paper: why, and what to do with each. */
#include "src/base/i18n.h"
#include "src/store/jobs.h"
#include "src/till/till.h"
#include "tui/desk.h"
#include "tui/names.h"
#include "tui/order.h"
#include "tui/screens.h"
#include "tui/widget/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICK_MS  1000    /* the queue goes on while one looks at it */
#define WHY_ROWS 4

struct jobs {
	const struct zg_till *till;
	struct zg_job *jobs;
	size_t count;
	struct zg_list list;
};

static void load(struct zg_app *app, struct jobs *j)
{
	struct zg_error err;

	free(j->jobs);
	if (zg_jobs_unprinted(zg_till_store(j->till), &j->jobs, &j->count, &err) != ZG_OK)
		zg_app_fail(app, &err);
	zg_list_update(&j->list, (int)j->count, NULL, j);
}

static void reload(struct zg_app *app)
{
	struct jobs *j = zg_app_self(app, &zg_jobs_screen);

	if (j)
		load(app, j);
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct jobs *j = self;

	(void)with;
	j->till = zg_app_till(app);
	load(app, j);
}

static void renew(struct zg_app *app, void *self)
{
	load(app, self);
}

static void closed(struct zg_app *app, void *self)
{
	struct jobs *j = self;

	(void)app;
	free(j->jobs);
	zg_list_clear(&j->list);
}

/* ---- drawing ---- */

static int why_rows(int rows)
{
	return rows >= 14 ? WHY_ROWS + 1 : 3;
}

static void fit(void *self, int rows, int columns)
{
	(void)columns;
	zg_list_fit(&((struct jobs *)self)->list, rows - 2 - why_rows(rows));
}

enum { TIME, KIND, NUMBER, STATE };

static const struct zg_column columns[] = {
	[TIME]   = { N_("Time"), 11, false, 0 },
	[KIND]   = { N_("Slip"), 14, false, 0 },
	[NUMBER] = { N_("Number"), 11, false, 60 },
	[STATE]  = { N_("State"), 0, false, 0 },
};

static void number_of(const struct jobs *j, const struct zg_job *job, char *text, size_t size)
{
	struct zg_sale_record record;
	bool is_sale = !strcmp(job->kind, "sale") || !strcmp(job->kind, "refund");

	if (is_sale && zg_sales_find(zg_till_store(j->till), job->ref, &record, NULL) == ZG_OK)
		snprintf(text, size, "%s", record.number);
	else if (job->ref)
		snprintf(text, size, "%lld", (long long)job->ref);
}

static bool is_bad(const struct zg_job *job)
{
	return job->state == ZG_JOB_FAILED || job->state == ZG_JOB_UNKNOWN;
}

static void cell(const void *self, int row, int column, struct zg_cell *text)
{
	const struct jobs *j = self;
	const struct zg_job *job = &j->jobs[row];
	char when[ZG_TIME_TEXT];

	switch (column) {
	case TIME:
		snprintf(text->text, sizeof(text->text), "%.11s", zg_time_format(when, job->queued_at) + 5);
		break;
	case KIND:
		snprintf(text->text, sizeof(text->text), job->copy ? _("%s, copy %d") : "%s", zg_names_slip(job->kind), job->copy);
		break;
	case NUMBER:
		number_of(j, job, text->text, sizeof(text->text));
		break;
	default:
		snprintf(text->text, sizeof(text->text), "%s%s", is_bad(job) ? "▲ " : "", _(zg_job_state_title(job->state)));
		text->ink = is_bad(job) ? ZG_INK_WARNING : ZG_INK_TEXT;
		break;
	}
}

static void draw(const struct zg_pane *pane, const void *self)
{
	const struct jobs *j = self;
	int why = why_rows(pane->rows), row = zg_list_row(&j->list);
	struct zg_pane list = zg_pane_part(pane, 1, 0, pane->rows - 1 - why, pane->columns);
	const char *problem = zg_till_printer_problem(j->till);
	int used;

	if (j->count == 0) {
		zg_draw_text(pane, 0, 1, pane->columns - 2, ZG_INK_TEXT, _("Unprinted slips"));
		zg_draw_text(&list, 1, 1, list.columns - 2, ZG_INK_PAID, _("✓ Every slip is printed."));
	} else {
		zg_draw_print(pane, 0, 1, pane->columns - 2, ZG_INK_TEXT,
			      P_("%zu slip is not known to be on paper", "%zu slips are not known to be on paper", j->count), j->count);
		zg_list_draw(&list, &j->list, columns, sizeof(columns) / sizeof(columns[0]), cell, j);
		zg_draw_rule(pane, pane->rows - why);
	}
	used = *problem ? zg_draw_wrap(pane, pane->rows - why + 1, 1, pane->columns - 2, why - 1, ZG_INK_WARNING, problem) : 0;
	if (row >= 0 && used < why - 1 && j->jobs[row].note[0])
		zg_draw_wrap(pane, pane->rows - why + 1 + used, 1, pane->columns - 2, why - 1 - used, ZG_INK_DIM, j->jobs[row].note);
}

/* ---- keys ---- */

static bool has_row(const void *self)
{
	return zg_list_row(&((const struct jobs *)self)->list) >= 0;
}

static void done(struct zg_app *app, const json_t *answer, int64_t is_drop)
{
	(void)answer;
	reload(app);
	zg_app_say(app, is_drop ? _("The slip is set aside. It can still be printed from the list of sales.") : _("The slip goes to the printer again."));
}

static void send(struct zg_app *app, const struct jobs *j, const char *act, bool is_drop)
{
	struct zg_order order = { .act = act, .args = zg_json_object(), .done = done, .data = is_drop };

	zg_json_set_integer(order.args, "job", j->jobs[zg_list_row(&j->list)].id);
	zg_order_send(app, &order);
}

static void again(struct zg_app *app, void *self)
{
	send(app, self, "print.retry", false);
}

static void drop(struct zg_app *app, void *self)
{
	send(app, self, "print.drop", true);
}

static void open_sale(struct zg_app *app, void *self)
{
	const struct jobs *j = self;
	const struct zg_job *job = &j->jobs[zg_list_row(&j->list)];

	if (!strcmp(job->kind, "sale") || !strcmp(job->kind, "refund"))
		zg_app_show(app, &zg_story_screen, &job->ref);
	else
		zg_app_warn(app, _("This slip belongs to no sale."));
}

static bool press(struct zg_app *app, void *self, uint32_t code)
{
	(void)app;
	return code != '/' && zg_list_press(&((struct jobs *)self)->list, code);
}

static const struct zg_key keys[] = {
	{ "jobs.again", 'p', N_("Print again"), again, has_row },
	{ "jobs.drop", 'x', N_("Set aside"), drop, has_row },
	{ "jobs.open", ZG_KEY_ENTER, N_("The sale"), open_sale, has_row },
	{ .action = NULL },
};

const struct zg_screen zg_jobs_screen = {
	.title = N_("Unprinted slips"), .size = sizeof(struct jobs), .keys = keys, .draw = draw, .opened = opened, .closed = closed,
	.resumed = renew, .fit = fit, .press = press, .moves = zg_list_moves, .tick = renew, .tick_ms = TICK_MS,
};
