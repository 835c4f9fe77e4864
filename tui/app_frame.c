/* One frame: the top line, the screen, boxes above it, the message, the keys. */
#include "tui/app_private.h"

#include "src/base/i18n.h"
#include "tui/widget/keyline.h"

#include <stdlib.h>

#define BESIDE 40    /* columns that a screen keeps when something is drawn beside it */
#define LOW    16    /* rows below which the message stands in the second line instead of its own */

static void draw_top_line(struct zg_app *app, const struct zg_pane *whole, const struct zg_layer *layer)
{
	struct zg_pane line = zg_pane_part(whole, 0, 0, 1, whole->columns);
	struct zg_status status = { .lamp_count = 0 };

	line.caret = NULL;
	if (layer->screen->head) {
		layer->screen->head(&line, layer->self);
		return;
	}
	if (app->parts.status)
		app->parts.status(app->parts.context, &status);
	zg_status_draw(&line, &status);
}

static void draw_layer(struct zg_app *app, const struct zg_pane *body, const struct zg_layer *layer)
{
	struct zg_pane pane = *body;

	if (layer != zg_app_layer(app))
		pane.caret = NULL;
	if (layer->screen->box) {
		int rows = body->rows - 2, columns = body->columns - 4;

		layer->screen->box(layer->self, &rows, &columns);
		rows = rows < body->rows - 2 ? rows : body->rows - 2;
		columns = columns < body->columns - 4 ? columns : body->columns - 4;
		pane = zg_pane_part(&pane, (body->rows - rows - 2) / 2, (body->columns - columns - 4) / 2, rows + 2, columns + 4);
		const char *heading = layer->screen->heading ? layer->screen->heading(layer->self) : NULL;

		pane = zg_draw_frame(&pane, heading ? heading : layer->screen->title ? _(layer->screen->title) : "");
	}
	if (layer->screen->fit)
		layer->screen->fit(layer->self, pane.rows, pane.columns);
	layer->screen->draw(&pane, layer->self);
}

static void draw_message(struct zg_app *app, const struct zg_pane *whole)
{
	int rows = zg_message_rows(&app->message, whole->columns);

	if (rows == 0)
		return;
	/* small screens have no row to spare: the rule under the top line gives way */
	int row = whole->rows < LOW ? 1 : whole->rows - 1 - rows;
	struct zg_pane pane = zg_pane_part(whole, row, 0, rows, whole->columns);

	zg_message_draw(&pane, &app->message);
}

/* What stands beside the screen; *whole keeps the rest. */
static void draw_side(struct zg_app *app, struct zg_pane *whole)
{
	if (!app->side || whole->columns - app->side_columns < BESIDE)
		return;
	struct zg_pane side = zg_pane_part(whole, 0, whole->columns - app->side_columns, whole->rows, app->side_columns);

	side.caret = NULL;
	whole->columns -= app->side_columns;
	app->side(&side, app->parts.context);
}

static void draw_all(struct zg_app *app, const struct zg_pane *whole)
{
	size_t lowest = app->count - 1;
	int body_rows = whole->rows - (whole->rows < LOW ? 3 : 4);
	struct zg_pane body = zg_pane_part(whole, 2, 0, body_rows, whole->columns);
	struct zg_pane last = zg_pane_part(whole, whole->rows - 1, 0, 1, whole->columns);

	while (lowest > 0 && app->layers[lowest].screen->box)
		lowest--;
	if (app->layers[lowest].screen->is_bare) {
		draw_layer(app, whole, &app->layers[lowest]);
		return;
	}
	draw_top_line(app, whole, &app->layers[lowest]);
	zg_draw_rule(whole, 1);
	for (size_t i = lowest; i < app->count; i++)
		draw_layer(app, &body, &app->layers[i]);
	draw_message(app, whole);
	zg_keyline_draw(&last, app->parts.keymap, zg_app_layer(app)->screen->keys, zg_app_layer(app)->self, zg_app_way_back(app),
			zg_app_help(app));
}

void zg_app_frame(struct zg_app *app)
{
	struct zg_caret caret = { .shown = false };
	struct zg_pane whole = { stdscr, &app->look, &caret, 0, 0, app->rows, app->columns };

	if (app->parts.before) {
		app->parts.before(app->parts.context);
		zg_app_bury(app);
	}
	werase(stdscr);
	zg_draw_blank(&whole);
	if (app->rows < ZG_APP_ROWS || app->columns < ZG_APP_COLUMNS) {
		zg_draw_wrap(&whole, 0, 0, app->columns, app->rows, ZG_INK_WARNING,
		             _("This window is too small. Make it 40 columns by 12 rows at least; the sale is safe."));
	} else if (app->count > 0) {
		draw_side(app, &whole);
		draw_all(app, &whole);
	}
	curs_set(caret.shown);
	if (caret.shown)
		wmove(stdscr, caret.row, caret.column);
	wnoutrefresh(stdscr);
	zg_place_mark(app->place, app->look.ascii || zg_keys_sign_cells(app->keys) == 1);
	doupdate();
	zg_place_settle(app->place);
}

void zg_app_resize(struct zg_app *app, int rows, int columns)
{
	if (rows < 1 || columns < 1)
		return;
	app->rows = rows;
	app->columns = columns;
	resizeterm(rows, columns);
	clearok(curscr, TRUE);
}

bool zg_app_is_ascii(const struct zg_app *app)
{
	return app->look.ascii;
}

void zg_app_set_look(struct zg_app *app, const char *theme, bool ascii)
{
	if (zg_theme_find(theme))
		app->look.theme = zg_theme_pick(theme, has_colors(), getenv("NO_COLOR"));
	app->look.ascii = ascii;
	zg_theme_start(app->look.theme);
	clearok(curscr, TRUE);
}
