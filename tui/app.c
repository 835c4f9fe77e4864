#include "tui/app.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"
#include "tui/box.h"
#include "tui/place.h"
#include "tui/scan.h"
#include "tui/widget/keyline.h"

#include <stdlib.h>
#include <string.h>

#define LAYERS 32     /* screens and boxes above each other; our own limit, never a cashier's */
#define CHUNK  64     /* bytes that are acted on before more are taken */
#define BESIDE 60     /* columns that a screen keeps when something is drawn beside it */
#define LOW    16     /* rows below which the message stands in the second line instead of its own */

struct layer {
	const struct zg_screen *screen;
	void *self;
};

struct zg_app {
	struct zg_app_parts parts;
	struct zg_look look;
	SCREEN *curses;
	struct zg_place *place;
	struct zg_keys *keys;
	struct zg_burst *burst;
	struct layer layers[LAYERS];
	size_t count;
	struct layer gone[LAYERS];        /* closed during this event; a handler of theirs may still run */
	size_t gone_count;
	int rows, columns;
	struct zg_message message;
	char *scans[ZG_APP_SCANS];        /* that wait, the oldest first; owned */
	size_t scan_count;
	bool is_pumping;
	struct zg_input *watched;         /* the field as it was before a burst began: compared, never followed */
	struct zg_input snapshot;
	int64_t ticked_ms;
	int64_t pressed_ms;
	void (*side)(const struct zg_pane *pane, void *context);
	int side_columns;
	bool is_done;
};

static const struct zg_key help_keys[] = {
	{ "app.keys", '?', N_("All keys"), NULL, NULL },
	{ "app.keys", ZG_KEY_F(1), N_("All keys"), NULL, NULL },
	{ .action = NULL },
};

static struct layer *top(struct zg_app *app)
{
	return app->count > 0 ? &app->layers[app->count - 1] : NULL;
}

static struct zg_input *input_of(struct zg_app *app)
{
	struct layer *layer = top(app);

	return layer && layer->screen->input ? layer->screen->input(layer->self) : NULL;
}

static int64_t now(const struct zg_app *app)
{
	return zg_clock_running(app->parts.clock);
}

/* ---- the stack ---- */

static void bury(struct zg_app *app)
{
	while (app->gone_count > 0)
		free(app->gone[--app->gone_count].self);
}

static void resumed(struct zg_app *app)
{
	struct layer *layer = top(app);

	app->ticked_ms = now(app);
	app->watched = NULL;
	if (!layer)
		app->is_done = true;
	else if (layer->screen->resumed)
		layer->screen->resumed(app, layer->self);
}

static void pop(struct zg_app *app)
{
	struct layer layer = app->layers[--app->count];

	if (layer.screen->closed)
		layer.screen->closed(app, layer.self);
	if (app->gone_count == LAYERS)    /* only a handler that opens and closes without end comes here */
		bury(app);
	app->gone[app->gone_count++] = layer;
}

static void push(struct zg_app *app, const struct zg_screen *screen, const void *with)
{
	zg_assert(app->count < LAYERS);
	struct layer *layer = &app->layers[app->count++];

	*layer = (struct layer){ screen, zg_alloc(1, screen->size > 0 ? screen->size : 1) };
	app->ticked_ms = now(app);
	app->watched = NULL;
	if (screen->opened)
		screen->opened(app, layer->self, with);
}

void zg_app_show(struct zg_app *app, const struct zg_screen *screen, const void *with)
{
	push(app, screen, with);
}

void zg_app_replace(struct zg_app *app, const struct zg_screen *screen, const void *with)
{
	while (app->count > 0 && top(app)->screen->box)
		pop(app);
	if (app->count > 0)
		pop(app);
	push(app, screen, with);
}

void zg_app_back(struct zg_app *app)
{
	if (app->count > 0)
		pop(app);
	resumed(app);
}

void zg_app_back_to(struct zg_app *app, const struct zg_screen *screen)
{
	size_t place = app->count;

	while (place > 0 && app->layers[place - 1].screen != screen)
		place--;
	if (place == 0 || place == app->count)
		return;
	while (app->count > place)
		pop(app);
	resumed(app);
}

const struct zg_screen *zg_app_top(const struct zg_app *app)
{
	return app->count > 0 ? app->layers[app->count - 1].screen : NULL;
}

void *zg_app_self(const struct zg_app *app, const struct zg_screen *screen)
{
	for (size_t i = app->count; i > 0; i--)
		if (app->layers[i - 1].screen == screen)
			return app->layers[i - 1].self;
	return NULL;
}

bool zg_app_has_box(const struct zg_app *app)
{
	return app->count > 0 && app->layers[app->count - 1].screen->box;
}

void zg_app_quit(struct zg_app *app)
{
	app->is_done = true;
}

bool zg_app_is_done(const struct zg_app *app)
{
	return app->is_done;
}

void *zg_box_detach(struct zg_app *app, void **below)
{
	zg_assert(zg_app_has_box(app));
	void *self = app->layers[--app->count].self;

	*below = app->count > 0 ? app->layers[app->count - 1].self : NULL;
	app->watched = NULL;
	return self;
}

void zg_box_attach(struct zg_app *app, const struct zg_screen *screen, void *self)
{
	zg_assert(app->count < LAYERS);
	app->layers[app->count++] = (struct layer){ screen, self };
}

void zg_box_drop(struct zg_app *app, const struct zg_screen *screen, void *self)
{
	if (app->gone_count < LAYERS)
		app->gone[app->gone_count++] = (struct layer){ screen, self };
	resumed(app);
}

/* ---- what is said ---- */

static void say(struct zg_app *app, enum zg_message_kind kind, const char *text)
{
	app->message.kind = kind;
	zg_text_clean(app->message.text, sizeof(app->message.text), text, strlen(text));
}

void zg_app_say(struct zg_app *app, const char *text)
{
	say(app, ZG_SAY_INFO, text);
}

void zg_app_warn(struct zg_app *app, const char *text)
{
	say(app, ZG_SAY_WARNING, text);
}

void zg_app_refuse(struct zg_app *app, const char *text)
{
	say(app, ZG_SAY_REFUSED, text);
}

void zg_app_fail(struct zg_app *app, const struct zg_error *err)
{
	say(app, err->result == ZG_UNKNOWN || err->result == ZG_OFFLINE ? ZG_SAY_WARNING : ZG_SAY_REFUSED, err->text);
}

const struct zg_message *zg_app_message(const struct zg_app *app)
{
	return &app->message;
}

void zg_app_beep(struct zg_app *app)
{
	(void)app;
	beep();    /* a terminal without a bell has none: nothing else to do */
}

void zg_app_redraw(struct zg_app *app)
{
	(void)app;
	clearok(curscr, TRUE);
}

int64_t zg_app_pressed_ms(const struct zg_app *app)
{
	return app->pressed_ms;
}

void zg_app_set_side(struct zg_app *app, void (*side)(const struct zg_pane *pane, void *context), int columns)
{
	app->side = side;
	app->side_columns = columns;
}

struct zg_till *zg_app_till(const struct zg_app *app)
{
	return app->parts.till;
}

const struct zg_clock *zg_app_clock(const struct zg_app *app)
{
	return app->parts.clock;
}

void *zg_app_context(const struct zg_app *app)
{
	return app->parts.context;
}

void zg_app_keys(struct zg_app *app)
{
	const struct layer *layer = top(app);

	if (layer)
		zg_box_show_keys(app, app->parts.keymap, layer->screen->keys, layer->screen->box ? NULL : app->parts.globals);
}

/* ---- scans ---- */

static void pump_scans(struct zg_app *app)
{
	if (app->is_pumping)
		return;
	app->is_pumping = true;
	while (app->scan_count > 0 && app->count > 0 && !app->is_done) {
		struct layer *layer = top(app);
		char *scan = app->scans[0];

		if (!layer->screen->scan || !layer->screen->scan(app, layer->self, scan))
			break;
		explicit_bzero(scan, strlen(scan));    /* it may be somebody's money */
		free(scan);
		memmove(app->scans, app->scans + 1, --app->scan_count * sizeof(app->scans[0]));
	}
	app->is_pumping = false;
}

/* After the events: what still waits is said, so that no scan is lost unseen. */
static void tell_waiting(struct zg_app *app)
{
	char text[ZG_ERROR_TEXT];

	snprintf(text, sizeof(text), P_("%zu scan waits until this is closed.", "%zu scans wait until this is closed.",
	                                app->scan_count), app->scan_count);
	zg_app_warn(app, text);
	zg_app_beep(app);
}

void zg_app_scan(struct zg_app *app, const char *text)
{
	size_t before = app->scan_count;
	char clean[ZG_BURST_MAX + 1];

	zg_text_clean(clean, sizeof(clean), text, strlen(text));
	app->message.kind = ZG_SAY_NONE;
	app->pressed_ms = now(app);
	if (before == ZG_APP_SCANS) {
		zg_app_refuse(app, _("Too many scans wait. Close this first, then scan the last one again."));
		zg_app_beep(app);
		return;
	}
	app->scans[app->scan_count++] = zg_copy(clean);
	explicit_bzero(clean, sizeof(clean));
	pump_scans(app);
	if (app->scan_count > before && !app->is_pumping)
		tell_waiting(app);
}

/* ---- keys ---- */

static bool is_word(uint32_t code)
{
	return code >= 0x80 || code == ' ' || (code >= '0' && code <= '9') || ((code | 0x20) >= 'a' && (code | 0x20) <= 'z');
}

static const struct zg_key *help_key(struct zg_app *app)
{
	return input_of(app) && zg_app_has_box(app) ? &help_keys[1] : &help_keys[0];
}

/* The row that this key runs now: the screen's own, then those of every screen. While one types, words are text. */
static const struct zg_key *find_key(struct zg_app *app, uint32_t code, void **self)
{
	struct layer *layer = top(app);
	const struct zg_key *key;

	if (zg_key_is_text(code) && is_word(code) && input_of(app))
		return NULL;
	*self = layer->self;
	key = zg_keymap_find(app->parts.keymap, layer->screen->keys, code, layer->self);
	if (key || layer->screen->box)
		return key;
	*self = NULL;
	return zg_keymap_find(app->parts.keymap, app->parts.globals, code, NULL);
}

static bool is_help(struct zg_app *app, uint32_t code)
{
	/* in a box where one types, a sign is text */
	return zg_keymap_find(app->parts.keymap, help_keys, code, NULL) &&
	       !(zg_key_is_text(code) && zg_app_has_box(app) && input_of(app));
}

/* For the burst recogniser: would this key do what cannot be taken back? */
static bool acts(void *self, uint32_t code)
{
	struct zg_app *app = self;
	void *state;

	if (!top(app) || !input_of(app))
		return true;
	return is_help(app, code) || find_key(app, code, &state);
}

static void changed(struct zg_app *app)
{
	struct layer *layer = top(app);

	if (layer && layer->screen->changed)
		layer->screen->changed(app, layer->self);
}

/* Esc, or Backspace with nothing to rub out: clears what was typed, else steps back; never past the first screen. */
static void step_back(struct zg_app *app, uint32_t code)
{
	struct zg_input *input = input_of(app);

	if (code == ZG_KEY_ESC && input && input->length > 0 && !zg_app_has_box(app)) {
		zg_input_clear(input);
		changed(app);
	} else if (app->count > 1 && (code == ZG_KEY_ESC || (input && !zg_app_has_box(app)))) {
		zg_app_back(app);
	}
}

static bool type(struct zg_app *app, uint32_t code)
{
	struct zg_input *input = input_of(app);

	/* the arrows of an empty line are the list's */
	if (!input || (input->length == 0 && !zg_key_is_text(code)) || !zg_input_press(input, code))
		return false;
	changed(app);
	return true;
}

static void press(struct zg_app *app, uint32_t code)
{
	struct layer *layer = top(app);
	const struct zg_key *key;
	void *self;

	if (!layer || app->is_done)
		return;
	app->message.kind = ZG_SAY_NONE;
	app->pressed_ms = now(app);
	if (is_help(app, code))
		zg_app_keys(app);
	else if ((key = find_key(app, code, &self)))
		key->run(app, self);
	else if (code == ZG_KEY_CTRL('R'))
		zg_app_redraw(app);
	else if (!type(app, code) && !(layer->screen->press && layer->screen->press(app, layer->self, code)) &&
	         (code == ZG_KEY_ESC || code == ZG_KEY_BACKSPACE))
		step_back(app, code);
}

static void take_event(struct zg_app *app, const struct zg_burst_event *event)
{
	struct zg_input *input = input_of(app);

	switch (event->kind) {
	case ZG_BURST_KEY:
		if (event->first) {
			app->watched = input;
			app->snapshot = input ? *input : (struct zg_input){ 0 };
		}
		press(app, event->code);
		pump_scans(app);
		break;
	case ZG_BURST_SCAN:
		if (event->taken_back && input && input == app->watched) {
			*input = app->snapshot;
			changed(app);
		}
		zg_app_scan(app, event->text);
		break;
	case ZG_BURST_CUT:
		zg_app_warn(app, _("The scan was cut short. Scan again."));
		zg_app_beep(app);
		break;
	}
}

static void require(struct zg_app *app)
{
	const struct zg_input *input = input_of(app);

	/* six digits and Enter may be a PIN that was typed in one go; no scan of ours is so short */
	zg_burst_require(app->burst, input && input->secret ? ZG_BURST_LEAST + 2 : ZG_BURST_LEAST);
}

static void settle(struct zg_app *app)
{
	struct zg_burst_event event;
	uint32_t code;
	int64_t at_ms;

	while (zg_keys_next(app->keys, now(app), &code, &at_ms))
		zg_burst_push(app->burst, code, at_ms);
	for (require(app); zg_burst_next(app->burst, now(app), &event); require(app)) {
		take_event(app, &event);
		bury(app);
	}
}

void zg_app_bytes(struct zg_app *app, const char *bytes, size_t length, int64_t at_ms)
{
	for (size_t step; length > 0; bytes += step, length -= step) {
		step = length < CHUNK ? length : CHUNK;
		zg_keys_push(app->keys, bytes, step, at_ms);
		settle(app);
	}
}

void zg_app_tick(struct zg_app *app)
{
	struct layer *layer = top(app);

	settle(app);
	layer = top(app);
	if (layer && layer->screen->tick && layer->screen->tick_ms > 0 &&
	    now(app) - app->ticked_ms >= layer->screen->tick_ms) {
		app->ticked_ms = now(app);
		layer->screen->tick(app, layer->self);
	}
	pump_scans(app);
	bury(app);
}

int zg_app_wait(const struct zg_app *app)
{
	int keys = zg_keys_wait(app->keys, now(app)), burst = zg_burst_wait(app->burst, now(app)), tick = -1, least;

	if (app->count > 0 && app->layers[app->count - 1].screen->tick_ms > 0) {
		int64_t left = app->ticked_ms + app->layers[app->count - 1].screen->tick_ms - now(app);

		tick = left > 0 ? (int)left : 0;
	}
	least = keys;
	if (burst >= 0 && (least < 0 || burst < least))
		least = burst;
	if (tick >= 0 && (least < 0 || tick < least))
		least = tick;
	return least;
}

/* ---- frames ---- */

static void draw_top_line(struct zg_app *app, const struct zg_pane *whole, const struct layer *layer)
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

static void draw_layer(struct zg_app *app, const struct zg_pane *body, const struct layer *layer)
{
	struct zg_pane pane = *body;

	if (layer != top(app))
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
	draw_top_line(app, whole, &app->layers[lowest]);
	zg_draw_rule(whole, 1);
	for (size_t i = lowest; i < app->count; i++)
		draw_layer(app, &body, &app->layers[i]);
	draw_message(app, whole);
	zg_keyline_draw(&last, app->parts.keymap, top(app)->screen->keys, top(app)->self, help_key(app));
}

void zg_app_frame(struct zg_app *app)
{
	struct zg_caret caret = { .shown = false };
	struct zg_pane whole = { stdscr, &app->look, &caret, 0, 0, app->rows, app->columns };

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
	zg_place_mark(app->place, app->look.ascii);
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

void zg_app_set_look(struct zg_app *app, const char *theme, bool ascii)
{
	if (zg_theme_find(theme))
		app->look.theme = zg_theme_pick(theme, has_colors(), getenv("NO_COLOR"));
	app->look.ascii = ascii;
	zg_theme_start(app->look.theme);
	clearok(curscr, TRUE);
}

/* ---- start and end ---- */

static void set_size(const char *name, int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", value);
	setenv(name, text, 1);
}

enum zg_result zg_app_new(const struct zg_app_parts *parts, struct zg_app **made, struct zg_error *err)
{
	const char *term = parts->term ? parts->term : getenv("TERM");

	/* newterm would ask the pipe for its size; these speak first, and must not outlive it: resizeterm comes later */
	set_size("LINES", parts->rows);
	set_size("COLUMNS", parts->columns);
	SCREEN *curses = newterm(term, parts->out, parts->in);

	unsetenv("LINES");
	unsetenv("COLUMNS");
	if (!curses)
		return zg_fail(err, ZG_USAGE, _("The terminal \"%s\" is not known here. Set TERM to what it is, for example xterm or linux."),
		               term ? term : "");
	struct zg_app *app = zg_alloc(1, sizeof(*app));

	app->parts = *parts;
	app->curses = curses;
	app->rows = parts->rows;
	app->columns = parts->columns;
	app->keys = zg_keys_new(term);
	app->burst = zg_burst_new();
	app->pressed_ms = now(app);
	app->place = zg_place_new(parts->out);
	zg_burst_listen(app->burst, acts, app);
	app->look.theme = zg_theme_pick(parts->theme, has_colors(), getenv("NO_COLOR"));
	/* without UTF-8 no sign of ours can be sent */
	app->look.ascii = parts->ascii || MB_CUR_MAX == 1;
	zg_theme_start(app->look.theme);
	*made = app;
	return ZG_OK;
}

void zg_app_free(struct zg_app *app)
{
	if (!app)
		return;
	while (app->count > 0)
		pop(app);
	bury(app);
	for (size_t i = 0; i < app->scan_count; i++)
		free(app->scans[i]);
	endwin();
	delscreen(app->curses);
	zg_place_free(app->place);
	zg_burst_free(app->burst);
	zg_keys_free(app->keys);
	free(app);
}
