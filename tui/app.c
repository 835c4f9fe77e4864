#include "tui/app_private.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"
#include "tui/box.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK 64    /* bytes that are acted on before more are taken */

static const struct zg_key back_key = { "app.back", ZG_KEY_ESC, N_("Back"), NULL, NULL };

static const struct zg_key help_keys[] = {
	{ "app.keys", '?', N_("All keys"), NULL, NULL },
	{ "app.keys", ZG_KEY_F(1), N_("All keys"), NULL, NULL },
	{ .action = NULL },
};

/* ---- scans ---- */

void zg_app_pump(struct zg_app *app)
{
	if (app->is_pumping)
		return;
	app->is_pumping = true;
	while (app->scan_count > 0 && app->count > 0 && !app->is_done) {
		struct zg_layer *layer = zg_app_layer(app);
		char *scan = app->scans[0];

		app->refused = layer->self;
		if (!layer->screen->scan || !layer->screen->scan(app, layer->self, scan))
			break;
		app->refused = NULL;
		explicit_bzero(scan, strlen(scan));    /* it may be somebody's money */
		free(scan);
		memmove(app->scans, app->scans + 1, --app->scan_count * sizeof(app->scans[0]));
	}
	app->is_pumping = false;
}

void zg_app_offer(struct zg_app *app)
{
	app->refused = NULL;
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
	zg_app_unsay(app);
	app->pressed_ms = zg_app_running(app);
	if (before == ZG_APP_SCANS) {
		zg_app_refuse(app, _("Too many scans wait. Close this first, then scan the last one again."));
		zg_app_beep(app);
		return;
	}
	app->scans[app->scan_count++] = zg_copy(clean);
	explicit_bzero(clean, sizeof(clean));
	zg_app_pump(app);
	if (app->scan_count > before && !app->is_pumping)
		tell_waiting(app);
}

/* ---- keys ---- */

static bool is_word(uint32_t code)
{
	return code >= 0x80 || code == ' ' || (code >= '0' && code <= '9') || ((code | 0x20) >= 'a' && (code | 0x20) <= 'z');
}

const struct zg_key *zg_app_way_back(struct zg_app *app)
{
	const struct zg_layer *layer = zg_app_layer(app);
	const struct zg_key *own = zg_keymap_find(app->parts.keymap, layer->screen->keys, ZG_KEY_ESC, layer->self);

	if (app->count < 2 || layer->screen->box || (own && strcmp(own->title, back_key.title) != 0))
		return NULL;
	return own ? own : &back_key;
}

const struct zg_key *zg_app_help(struct zg_app *app)
{
	return zg_app_input(app) && zg_app_has_box(app) ? &help_keys[1] : &help_keys[0];
}

/* The row that this key runs now: the screen's own, then those of every screen. While one types, words are text. */
static const struct zg_key *find_key(struct zg_app *app, uint32_t code, void **self)
{
	struct zg_layer *layer = zg_app_layer(app);
	const struct zg_key *key;

	if (zg_key_is_text(code) && is_word(code) && zg_app_input(app))
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
	return zg_keymap_find(app->parts.keymap, help_keys, code, NULL) && !zg_app_layer(app)->screen->is_bare &&
	       !(zg_key_is_text(code) && zg_app_has_box(app) && zg_app_input(app));
}

/* For the burst recogniser: would this key do what cannot be taken back? */
static bool acts(void *self, uint32_t code)
{
	struct zg_app *app = self;
	void *state;

	if (!zg_app_layer(app) || !zg_app_input(app))
		return true;
	return is_help(app, code) || find_key(app, code, &state);
}

static void changed(struct zg_app *app)
{
	struct zg_layer *layer = zg_app_layer(app);

	if (layer && layer->screen->changed)
		layer->screen->changed(app, layer->self);
}

/* Esc, or Backspace with nothing to rub out: clears what was typed, else steps back; never past the first screen. */
static void step_back(struct zg_app *app, uint32_t code)
{
	struct zg_input *input = zg_app_input(app);

	if (code == ZG_KEY_ESC && input && input->length > 0 && !zg_app_has_box(app)) {
		zg_input_clear(input);
		changed(app);
	} else if (app->count > 1 && (code == ZG_KEY_ESC || (input && !zg_app_has_box(app)))) {
		zg_app_back(app);
	}
}

static bool type(struct zg_app *app, uint32_t code)
{
	struct zg_input *input = zg_app_input(app);

	/* the arrows of an empty line are the list's */
	if (!input || (input->length == 0 && !zg_key_is_text(code)) || !zg_input_press(input, code))
		return false;
	changed(app);
	return true;
}

static void press(struct zg_app *app, uint32_t code)
{
	struct zg_layer *layer = zg_app_layer(app);
	const struct zg_key *key;
	void *self;

	if (!layer || app->is_done)
		return;
	zg_app_unsay(app);
	app->pressed_ms = zg_app_running(app);
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
	struct zg_input *input = zg_app_input(app);

	switch (event->kind) {
	case ZG_BURST_KEY:
		if (event->first) {
			app->watched = input;
			app->snapshot = input ? *input : (struct zg_input){ 0 };
		}
		press(app, event->code);
		zg_app_pump(app);
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
	const struct zg_input *input = zg_app_input(app);

	/* six digits and Enter may be a PIN that was typed in one go; no scan of ours is so short */
	zg_burst_require(app->burst, input && input->secret ? ZG_BURST_LEAST + 2 : ZG_BURST_LEAST);
}

static void settle(struct zg_app *app)
{
	struct zg_burst_event event;
	uint32_t code;
	int64_t at_ms;

	while (zg_keys_next(app->keys, zg_app_running(app), &code, &at_ms))
		zg_burst_push(app->burst, code, at_ms);
	for (require(app); zg_burst_next(app->burst, zg_app_running(app), &event); require(app)) {
		take_event(app, &event);
		zg_app_bury(app);
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
	struct zg_layer *layer = zg_app_layer(app);

	settle(app);
	layer = zg_app_layer(app);
	if (layer && layer->screen->tick && layer->screen->tick_ms > 0 &&
	    zg_app_running(app) - app->ticked_ms >= layer->screen->tick_ms) {
		app->ticked_ms = zg_app_running(app);
		layer->screen->tick(app, layer->self);
	}
	zg_app_pump(app);
	zg_app_bury(app);
}

int zg_app_wait(const struct zg_app *app)
{
	int keys = zg_keys_wait(app->keys, zg_app_running(app)), burst = zg_burst_wait(app->burst, zg_app_running(app)), tick = -1, least;

	if (app->count > 0 && app->layers[app->count - 1].screen->tick_ms > 0) {
		int64_t left = app->ticked_ms + app->layers[app->count - 1].screen->tick_ms - zg_app_running(app);

		tick = left > 0 ? (int)left : 0;
	}
	/* another screen came up by itself, after a late answer: it may take the scans that wait */
	if (app->scan_count > 0 && app->count > 0 && app->layers[app->count - 1].self != app->refused)
		return 0;
	least = keys;
	if (burst >= 0 && (least < 0 || burst < least))
		least = burst;
	if (tick >= 0 && (least < 0 || tick < least))
		least = tick;
	return least;
}

/* ---- start and end ---- */

static void set_size(const char *name, int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", value);
	setenv(name, text, 1);
}

#define CURSES_NEED 1048576    /* bytes of memory, with room to spare */

enum zg_result zg_app_new(const struct zg_app_parts *parts, struct zg_app **made, struct zg_error *err)
{
	const char *term = parts->term ? parts->term : getenv("TERM");

	/* newterm would ask the pipe for its size; these speak first, and must not outlive it: resizeterm comes later */
	set_size("LINES", parts->rows);
	set_size("COLUMNS", parts->columns);
	SCREEN *curses = newterm(term, parts->out, parts->in);

	if (!curses) {
		zg_need(CURSES_NEED);    /* it does not tell a terminal that it does not know from memory that it does not get */
		curses = newterm(term, parts->out, parts->in);
	}
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
	app->pressed_ms = zg_app_running(app);
	app->place = zg_place_new(parts->out);
	zg_burst_listen(app->burst, acts, app);
	app->look.theme = zg_theme_pick(parts->theme, has_colors(), getenv("NO_COLOR"));
	/* without UTF-8 no sign of ours can be sent */
	app->look.ascii = parts->ascii || MB_CUR_MAX == 1;
	zg_theme_start(app->look.theme);
	*made = app;
	return ZG_OK;
}

bool zg_app_wraps(const struct zg_app *app)
{
	return zg_place_wraps(app->place);
}

void zg_app_free(struct zg_app *app)
{
	if (!app)
		return;
	while (app->count > 0)
		zg_app_pop(app);
	zg_app_bury(app);
	for (size_t i = 0; i < app->scan_count; i++)
		free(app->scans[i]);
	endwin();
	delscreen(app->curses);
	zg_place_free(app->place);
	zg_burst_free(app->burst);
	zg_keys_free(app->keys);
	free(app);
}
