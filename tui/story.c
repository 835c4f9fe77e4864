/* One sale: what was bought, how it was paid, what was given back, who did what; and its slip as paper. */
#include "src/base/i18n.h"
#include "src/store/jobs.h"
#include "src/till/slips.h"
#include "tui/desk.h"
#include "tui/names.h"
#include "tui/order.h"
#include "tui/preview.h"
#include "tui/screens.h"
#include "tui/story_rows.h"
#include "tui/widget/bigdigits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIDE_FROM  110    /* columns from which the paper stands beside the facts */
#define TALL_FROM  14     /* rows from which the amount is written large */

struct story {
	int64_t id;
	struct zg_sale_record record;
	bool is_known;
	char origin[ZG_CODE_MAX + 1];    /* of a refund */
	char cashier[ZG_NAME_MAX + 1];
	struct zg_sheet sheet;
	struct zg_paper paper;
	bool has_paper;
};

/* Not closed yet: rung or hung. */
static bool is_open(const struct story *s)
{
	return s->record.state == ZG_SALE_OPEN || s->record.state == ZG_SALE_HUNG;
}

/* The slip's document as it was printed, or made again from the books. */
static json_t *document_of(const struct zg_app *app, const struct zg_sale_record *record, struct zg_error *err)
{
	const struct zg_till *till = zg_app_till(app);
	char *text = NULL;
	json_t *document = NULL;

	if (zg_jobs_document(zg_till_store(till), record->is_refund ? "refund" : "sale", record->id, &text, NULL) == ZG_OK)
		document = zg_json_parse(text, strlen(text));
	free(text);
	return document ? document : zg_slip_closed(till, record->id, "", err);
}

static enum zg_slip slip_of(const struct zg_sale_record *record)
{
	return record->is_refund ? ZG_SLIP_REFUND : ZG_SLIP_SALE;
}

static void load_paper(struct zg_app *app, struct story *s)
{
	json_t *document = is_open(s) ? NULL : document_of(app, &s->record, NULL);    /* its slip is still to come */

	zg_paper_clear(&s->paper);
	s->has_paper = document && zg_preview_layout(app, slip_of(&s->record), document, &s->paper, NULL) == ZG_OK;
	json_decref(document);
}

static void load(struct zg_app *app, struct story *s)
{
	const struct zg_till *till = zg_app_till(app);
	struct zg_sale_record origin;
	struct zg_error err;

	zg_sheet_clear(&s->sheet);
	s->is_known = zg_sales_find(zg_till_store(till), s->id, &s->record, &err) == ZG_OK;
	if (!s->is_known) {
		zg_app_fail(app, &err);
		return;
	}
	zg_names_person(till, is_open(s) ? s->record.cashier : s->record.closed_by, s->cashier);
	s->origin[0] = '\0';
	if (s->record.origin_id && zg_sales_find(zg_till_store(till), s->record.origin_id, &origin, NULL) == ZG_OK)
		snprintf(s->origin, sizeof(s->origin), "%s", origin.number);
	if (zg_story_rows(till, &s->record, &s->sheet, &err) != ZG_OK)
		zg_app_fail(app, &err);
}

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct story *s = self;

	s->id = *(const int64_t *)with;
	load(app, s);
	if (s->is_known)
		load_paper(app, s);
}

static void resumed(struct zg_app *app, void *self)
{
	load(app, self);    /* a refund or a reprint is part of the story now */
}

static void closed(struct zg_app *app, void *self)
{
	struct story *s = self;

	(void)app;
	zg_sheet_clear(&s->sheet);
	zg_paper_clear(&s->paper);
}

/* ---- drawing ---- */

static int head_rows(int rows)
{
	return rows >= TALL_FROM ? 4 : 2;
}

/* Columns of the facts: beside them stands the paper, where both have room. */
static int fact_columns(const struct story *s, int columns)
{
	return s->has_paper && columns >= SIDE_FROM ? columns - (s->paper.columns + 2) - 1 : columns;
}

static void fit(void *self, int rows, int columns)
{
	struct story *s = self;

	zg_sheet_fit(&s->sheet, rows - head_rows(rows), fact_columns(s, columns));
}

static const char *state_words(const struct story *s)
{
	if (is_open(s))
		return _("▲ Not paid yet");
	if (s->record.is_refund)
		return _("▲ Refund");
	return s->record.state == ZG_SALE_VOID ? _("✗ Cancelled") : _("✓ Paid");
}

static void draw_head(const struct zg_pane *pane, const struct story *s)
{
	const struct zg_sale_record *r = &s->record;
	char amount[ZG_AMOUNT_TEXT], when[ZG_TIME_TEXT];
	int tall = head_rows(pane->rows) > 2, at_amount;
	enum zg_ink ink = r->is_refund || is_open(s) ? ZG_INK_WARNING : ZG_INK_PAID;
	struct zg_pane head = zg_pane_part(pane, 0, 0, tall ? ZG_BIG_ROWS : 1, (pane->columns < ZG_SHEET_WIDTH ? pane->columns : ZG_SHEET_WIDTH) - 1);

	zg_fen_format(amount, r->total_fen - r->rounding_fen);
	zg_big_draw(&head, 0, ink, amount);
	at_amount = head.columns - (tall ? zg_big_width(amount) : (int)strlen(amount)) - 2;
	zg_draw_text(pane, 0, 1, at_amount, ZG_INK_TEXT, r->number);
	zg_draw_text(pane, 0, 13, at_amount - 12, ink, state_words(s));
	zg_draw_print(pane, 1, 1, tall ? at_amount : pane->columns - 2, ZG_INK_DIM, "%.16s  %s", zg_time_format(when, is_open(s) ? r->opened_at : r->closed_at), s->cashier);
	if (tall && r->is_refund)
		zg_draw_print(pane, 2, 1, at_amount, ZG_INK_DIM, _("For %s: %s"), s->origin, r->reason);
	else if (tall && !is_open(s))
		zg_draw_print(pane, 2, 1, at_amount, ZG_INK_DIM, _("Seal %s"), r->anchor);
}

static void draw(const struct zg_pane *pane, const void *self)
{
	const struct story *s = self;
	struct zg_pane facts = *pane;
	int head = head_rows(pane->rows);

	if (!s->is_known)
		return;
	facts.columns = fact_columns(s, pane->columns);
	if (facts.columns < pane->columns) {
		struct zg_pane paper = zg_pane_part(pane, 0, facts.columns + 1, pane->rows, pane->columns - facts.columns - 1);

		zg_preview_draw(&paper, &s->paper, 0, 0);
	}
	draw_head(&facts, s);
	struct zg_pane sheet = zg_pane_part(&facts, head, 0, facts.rows - head, facts.columns);

	zg_sheet_draw(&sheet, &s->sheet);
}

static bool press(struct zg_app *app, void *self, uint32_t code)
{
	(void)app;
	return zg_sheet_press(&((struct story *)self)->sheet, code);
}

/* ---- what can be done with it ---- */

static bool is_closed_sale(const void *self)
{
	const struct story *s = self;

	return s->is_known && s->record.state == ZG_SALE_PAID;
}

static bool is_refundable(const void *self)
{
	return is_closed_sale(self) && !((const struct story *)self)->record.is_refund;
}

static void reprinted(struct zg_app *app, const json_t *answer, int64_t data)
{
	struct story *s = zg_app_self(app, &zg_story_screen);
	char text[200];

	(void)data;
	snprintf(text, sizeof(text), _("Copy %lld goes to the printer. The slip says that it is a reprint."), (long long)zg_json_integer(answer, "copy", 0));
	if (s)
		load(app, s);
	zg_app_say(app, text);
}

static void reprint(struct zg_app *app, void *self)
{
	const struct story *s = self;
	json_t *args = zg_json_object();
	struct zg_order order = { .act = "print.receipt", .args = args, .done = reprinted };

	zg_json_set_string(args, "number", s->record.number);
	zg_order_send(app, &order);
}

static void refund(struct zg_app *app, void *self)
{
	const struct story *s = self;

	zg_app_show(app, &zg_refund_screen, &s->id);
}

static void show_slip(struct zg_app *app, void *self)
{
	const struct story *s = self;
	struct zg_error err;
	json_t *document = document_of(app, &s->record, &err);

	if (!document) {
		zg_app_fail(app, &err);
		return;
	}
	struct zg_preview preview = { .slip = slip_of(&s->record), .document = document, .title = s->record.number,
		.act = "print.receipt", .args = zg_json_object() };

	zg_json_set_string(preview.args, "number", s->record.number);
	zg_preview_show(app, &preview);
	json_decref(document);
}

/* A receipt that is scanned while one is open is the next question. */
static bool scan(struct zg_app *app, void *self, const char *text)
{
	struct story *s = self;
	struct zg_sale_record record;

	if (zg_sales_find_number(zg_till_store(zg_app_till(app)), text, &record, NULL) != ZG_OK) {
		zg_app_refuse(app, _("That is not the number of one of our receipts."));
		zg_app_beep(app);
		return true;
	}
	s->id = record.id;
	s->sheet.top = 0;
	load(app, s);
	load_paper(app, s);
	return true;
}

static const struct zg_key keys[] = {
	{ "story.refund", 't', N_("Refund"), refund, is_refundable },
	{ "story.reprint", 'p', N_("Print again"), reprint, is_closed_sale },
	{ "story.slip", ZG_KEY_ENTER, N_("Slip"), show_slip, is_closed_sale },
	{ .action = NULL },
};

const struct zg_screen zg_story_screen = {
	.title = N_("One sale"), .size = sizeof(struct story), .keys = keys, .draw = draw, .opened = opened, .closed = closed,
	.resumed = resumed, .fit = fit, .press = press, .moves = zg_list_moves, .scan = scan,
};
