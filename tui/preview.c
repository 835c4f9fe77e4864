#include "tui/preview.h"

#include "src/base/buffer.h"
#include "src/base/i18n.h"
#include "src/base/text.h"
#include "src/io/data.h"
#include "src/till/till.h"
#include "tui/order.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS 48    /* of a printer that is not set up */
#define RUN     256   /* bytes that are drawn at once */
#define STEP    8     /* columns that an arrow moves a paper wider than the screen */

/* ---- the grid ---- */

enum zg_result zg_preview_layout(const struct zg_app *app, enum zg_slip slip, const json_t *document, struct zg_paper *paper,
				 struct zg_error *err)
{
	const struct zg_till *till = zg_app_till(app);
	const struct zg_config *config = zg_till_config(till);
	const char *directories[] = { zg_store_home(zg_till_store(till)), zg_data_directory() };
	struct zg_printer_profile profile;
	struct zg_buffer text = { 0 };
	int columns = COLUMNS;

	zg_paper_init(paper, columns);
	if (config->profile[0] && zg_data_profile(directories, 2, config->profile, &profile, NULL) == ZG_OK)
		columns = profile.columns;
	enum zg_result result = zg_data_template(directories, 2, slip, zg_config_slip_language(config), &text, err);

	if (result == ZG_OK) {
		struct zg_gbk *gbk = zg_gbk_new();

		zg_paper_clear(paper);
		result = zg_receipt_layout(text.bytes, text.length, zg_slip_name(slip), document, columns, gbk, paper, err);
		zg_gbk_free(gbk);
	}
	zg_buffer_clear(&text);
	return result;
}

struct run {
	const struct zg_pane *pane;
	int row, column;    /* where the run begins */
	int cells;
	enum zg_ink ink;
	char text[RUN + 5];
	size_t length;
};

static void flush(struct run *run)
{
	run->text[run->length] = '\0';
	if (run->length > 0)
		zg_draw_text(run->pane, run->row, run->column, run->cells, run->ink, run->text);
	run->column += run->cells;
	run->cells = 0;
	run->length = 0;
}

/* Characters whose width on the screen is not the paper's end a run, so that the next one stands where paper has it. */
static void draw_text_row(const struct zg_pane *pane, int at, int left, const struct zg_paper_row *row)
{
	int scale = row->style & ZG_STYLE_WIDE ? 2 : 1, column = -left;
	struct run run = { .pane = pane, .row = at, .column = column, .ink = row->style & ZG_STYLE_INVERSE ? ZG_INK_TEXT : ZG_INK_QR };
	const char *text = row->text;
	size_t rest = strlen(text), step;
	uint32_t character;

	while ((step = zg_text_next(text, rest, &character, NULL)) > 0) {
		char one[5] = "";
		int cells = (character < 0x80 ? 1 : 2) * scale;

		memcpy(one, text, step < 4 ? step : 4);
		if (column < 0) {    /* cut off at the left edge */
			run.column = column + cells;
		} else {
			memcpy(run.text + run.length, text, step);
			run.length += step;
			run.cells += cells;
			if (zg_screen_width(one) != cells || run.length > RUN - 5)
				flush(&run);
		}
		column += cells;
		text += step;
		rest -= step;
	}
	flush(&run);
}

/* A picture of a code: bars that are the same for the same text, and what it says. */
static void draw_code(const struct zg_pane *pane, int at, const struct zg_paper *paper, int left, const struct zg_paper_row *row)
{
	char text[ZG_CODE_MAX * 4 + 64];
	struct zg_paper_row shown = { .kind = ZG_ROW_TEXT, .text = text };
	int cells, spaces;

	snprintf(text, sizeof(text), row->kind == ZG_ROW_QR ? "[QR %.*s]" : "||| |||| | %.*s | ||| ||||", ZG_CODE_MAX, row->text);
	cells = zg_paper_cells(text);
	spaces = cells < paper->columns ? (paper->columns - cells) / 2 : 0;
	draw_text_row(pane, at, left - spaces, &shown);
}

static void draw_paper_row(const struct zg_pane *pane, int at, const struct zg_paper *paper, int left, const struct zg_paper_row *row)
{
	switch (row->kind) {
	case ZG_ROW_TEXT:
	case ZG_ROW_RULE:
		draw_text_row(pane, at, left, row);
		break;
	case ZG_ROW_BARCODE:
	case ZG_ROW_QR:
		draw_code(pane, at, paper, left, row);
		break;
	case ZG_ROW_CUT:
		for (int column = 0; column + 1 < paper->columns - left && column < pane->columns; column += 2)
			zg_draw_text(pane, at, column, 1, ZG_INK_QR, "-");
		break;
	case ZG_ROW_FEED:
		break;
	}
}

void zg_preview_draw(const struct zg_pane *pane, const struct zg_paper *paper, int top, int left)
{
	int spaces = pane->columns > paper->columns ? (pane->columns - paper->columns) / 2 : 0;
	struct zg_pane sheet = zg_pane_part(pane, 0, spaces, pane->rows, paper->columns);

	for (int row = 0; row < sheet.rows && (size_t)(top + row) < paper->count; row++) {
		zg_draw_fill(&sheet, row, 0, sheet.columns, ZG_INK_QR);
		draw_paper_row(&sheet, row, paper, left, &paper->rows[top + row]);
	}
}

/* ---- the screen ---- */

struct view {
	struct zg_paper paper;
	char title[160], headline[160];
	enum zg_ink ink;
	const char *act;
	json_t *args;
	enum zg_right right;
	void (*after)(struct zg_app *app);
	int top, left, rows, columns;
};

static void opened(struct zg_app *app, void *self, const void *with)
{
	struct view *v = self;
	const struct view *from = with;

	(void)app;
	*v = *from;    /* the paper and the arguments are ours from now on */
}

static void closed(struct zg_app *app, void *self)
{
	struct view *v = self;

	(void)app;
	zg_paper_clear(&v->paper);
	json_decref(v->args);
}

static int head_rows(const struct view *v)
{
	return v->headline[0] ? 3 : 1;
}

static void settle(struct view *v)
{
	int page = v->rows - head_rows(v), last = (int)v->paper.count - page, edge = v->paper.columns - v->columns;

	v->top = v->top > last ? last : v->top;
	v->top = v->top < 0 ? 0 : v->top;
	v->left = v->left > edge ? edge : v->left;
	v->left = v->left < 0 ? 0 : v->left;
}

static void fit(void *self, int rows, int columns)
{
	struct view *v = self;

	v->rows = rows;
	v->columns = columns;
	settle(v);
}

static void draw(const struct zg_pane *pane, const void *self)
{
	const struct view *v = self;
	int head = head_rows(v);
	struct zg_pane paper = zg_pane_part(pane, head, 0, pane->rows - head, pane->columns);

	zg_draw_text(pane, 0, 1, pane->columns - 2, ZG_INK_DIM, v->title);
	if (v->headline[0])
		zg_draw_text(pane, 1, 1, pane->columns - 2, v->ink, v->headline);
	zg_preview_draw(&paper, &v->paper, v->top, v->left);
	if ((size_t)(v->top + paper.rows) < v->paper.count)
		zg_draw_text(pane, pane->rows - 1, pane->columns - 1, 1, ZG_INK_KEY, "↓");
}

static bool press(struct zg_app *app, void *self, uint32_t code)
{
	struct view *v = self;
	int page = v->rows - head_rows(v) > 1 ? v->rows - head_rows(v) - 1 : 1;

	(void)app;
	switch (code) {
	case 'k':
	case ZG_KEY_UP: v->top--; break;
	case 'j':
	case ZG_KEY_DOWN: v->top++; break;
	case ZG_KEY_PAGE_UP: v->top -= page; break;
	case ' ':
	case ZG_KEY_PAGE_DOWN: v->top += page; break;
	case ZG_KEY_HOME: v->top = 0; break;
	case ZG_KEY_END: v->top = (int)v->paper.count; break;
	case ZG_KEY_LEFT: v->left -= STEP; break;
	case ZG_KEY_RIGHT: v->left += STEP; break;
	default: return false;
	}
	settle(v);
	return true;
}

static void leave(struct zg_app *app, void *self)
{
	const struct view *v = self;
	void (*after)(struct zg_app *) = v->after;

	zg_app_back(app);
	if (after)
		after(app);
}

static void queued(struct zg_app *app, const json_t *answer, int64_t data)
{
	(void)answer;
	(void)data;
	zg_app_say(app, _("It goes to the printer."));
}

static void print(struct zg_app *app, void *self)
{
	const struct view *v = self;
	struct zg_order order = { .act = v->act, .args = json_deep_copy(v->args), .right = v->right, .done = queued };

	zg_order_send(app, &order);
}

static bool can_print(const void *self)
{
	return ((const struct view *)self)->act != NULL;
}

static bool is_wide(const void *self)
{
	const struct view *v = self;

	return v->paper.columns > v->columns;
}

static void look_right(struct zg_app *app, void *self)
{
	press(app, self, ZG_KEY_RIGHT);
}

static void look_left(struct zg_app *app, void *self)
{
	press(app, self, ZG_KEY_LEFT);
}

static const struct zg_key keys[] = {
	{ "preview.print", 'p', N_("Print"), print, can_print },
	{ "preview.right", ZG_KEY_RIGHT, N_("To the right"), look_right, is_wide },
	{ "preview.left", ZG_KEY_LEFT, N_("To the left"), look_left, is_wide },
	{ "preview.leave", ZG_KEY_ENTER, N_("Back"), leave, NULL },
	{ "preview.back", ZG_KEY_ESC, N_("Back"), leave, NULL },
	{ .action = NULL },
};

static const struct zg_screen screen = {
	.title = N_("Slip"), .size = sizeof(struct view), .keys = keys, .draw = draw, .opened = opened, .closed = closed,
	.fit = fit, .press = press, .moves = zg_list_moves,
};

void zg_preview_show(struct zg_app *app, const struct zg_preview *preview)
{
	struct view v = { .ink = preview->ink, .act = preview->act, .args = preview->args, .right = preview->right, .after = preview->after };
	struct zg_error err;

	if (zg_preview_layout(app, preview->slip, preview->document, &v.paper, &err) != ZG_OK) {
		zg_paper_clear(&v.paper);
		json_decref(v.args);
		zg_app_fail(app, &err);
		return;
	}
	snprintf(v.title, sizeof(v.title), "%s", preview->title);
	snprintf(v.headline, sizeof(v.headline), "%s", preview->headline ? preview->headline : "");
	zg_app_show(app, &screen, &v);
}
