/* The stack of screens and boxes, and what is said. */
#include "tui/app_private.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"
#include "tui/box.h"

#include <stdlib.h>
#include <string.h>

#define NOTICE_MS 5000

struct zg_layer *zg_app_layer(struct zg_app *app)
{
	return app->count > 0 ? &app->layers[app->count - 1] : NULL;
}

struct zg_input *zg_app_input(struct zg_app *app)
{
	struct zg_layer *layer = zg_app_layer(app);

	return layer && layer->screen->input ? layer->screen->input(layer->self) : NULL;
}

int64_t zg_app_running(const struct zg_app *app)
{
	return zg_clock_running(app->parts.clock);
}

/* ---- the stack ---- */

void zg_app_bury(struct zg_app *app)
{
	while (app->gone_count > 0)
		free(app->gone[--app->gone_count].self);
}

static void resumed(struct zg_app *app)
{
	struct zg_layer *layer = zg_app_layer(app);

	app->ticked_ms = zg_app_running(app);
	app->watched = NULL;
	if (!layer)
		app->is_done = true;
	else if (layer->screen->resumed)
		layer->screen->resumed(app, layer->self);
}

void zg_app_renew(struct zg_app *app)
{
	struct zg_layer *layer = zg_app_layer(app);

	if (layer && !layer->screen->box && layer->screen->resumed)
		layer->screen->resumed(app, layer->self);
}

void zg_app_pop(struct zg_app *app)
{
	struct zg_layer layer = app->layers[--app->count];

	if (layer.screen->closed)
		layer.screen->closed(app, layer.self);
	if (app->gone_count == ZG_APP_LAYERS)    /* only a handler that opens and closes without end comes here */
		zg_app_bury(app);
	app->gone[app->gone_count++] = layer;
}

static void push(struct zg_app *app, const struct zg_screen *screen, const void *with)
{
	zg_assert(app->count < ZG_APP_LAYERS);
	struct zg_layer *layer = &app->layers[app->count++];

	*layer = (struct zg_layer){ screen, zg_alloc(1, screen->size > 0 ? screen->size : 1) };
	app->ticked_ms = zg_app_running(app);
	app->watched = NULL;
	app->refused = NULL;
	if (screen->opened)
		screen->opened(app, layer->self, with);
}

void zg_app_show(struct zg_app *app, const struct zg_screen *screen, const void *with)
{
	push(app, screen, with);
}

void zg_app_replace(struct zg_app *app, const struct zg_screen *screen, const void *with)
{
	while (app->count > 0 && zg_app_layer(app)->screen->box)
		zg_app_pop(app);
	if (app->count > 0)
		zg_app_pop(app);
	push(app, screen, with);
}

void zg_app_back(struct zg_app *app)
{
	if (app->count > 0)
		zg_app_pop(app);
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
		zg_app_pop(app);
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
	zg_assert(app->count < ZG_APP_LAYERS);
	app->layers[app->count++] = (struct zg_layer){ screen, self };
}

void zg_box_drop(struct zg_app *app, const struct zg_screen *screen, void *self)
{
	if (app->gone_count < ZG_APP_LAYERS)
		app->gone[app->gone_count++] = (struct zg_layer){ screen, self };
	resumed(app);
}

/* ---- what is said ---- */

static void say(struct zg_app *app, enum zg_message_kind kind, const char *text)
{
	app->message.kind = kind;
	app->message_ms = 0;
	zg_text_clean(app->message.text, sizeof(app->message.text), text, strlen(text));
}

void zg_app_unsay(struct zg_app *app)
{
	if (zg_app_running(app) >= app->message_ms)
		app->message.kind = ZG_SAY_NONE;
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

void zg_app_notice(struct zg_app *app, const char *text)
{
	say(app, ZG_SAY_INFO, text);
	app->message_ms = zg_app_running(app) + NOTICE_MS;
	zg_app_beep(app);
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
	const struct zg_layer *layer = zg_app_layer(app);

	if (layer)
		zg_box_show_keys(app, app->parts.keymap, layer->screen, zg_app_input(app) != NULL,
				 layer->screen->box ? NULL : app->parts.globals);
}
