/* What the files of the app share: its struct, and a few steps that each needs. Only tui/app*.c and tui/box.c include it. */
#ifndef ZG_TUI_APP_PRIVATE_H
#define ZG_TUI_APP_PRIVATE_H

#include "tui/app.h"
#include "tui/place.h"
#include "tui/scan.h"

#define ZG_APP_LAYERS 32    /* screens and boxes above each other; our own limit, never a cashier's */

struct zg_layer {
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
	struct zg_layer layers[ZG_APP_LAYERS];
	size_t count;
	struct zg_layer gone[ZG_APP_LAYERS];        /* closed during this event; a handler of theirs may still run */
	size_t gone_count;
	int rows, columns;
	struct zg_message message;
	int64_t message_ms;               /* running clock: until then no key takes it away */
	char *scans[ZG_APP_SCANS];        /* that wait, the oldest first; owned */
	size_t scan_count;
	bool is_pumping;
	const void *refused;              /* the state of the screen that did not take the first of them; compared only */
	struct zg_input *watched;         /* the field as it was before a burst began: compared, never followed */
	struct zg_input snapshot;
	int64_t ticked_ms;
	int64_t pressed_ms;
	void (*side)(const struct zg_pane *pane, void *context);
	int side_columns;
	bool is_done;
};

/* The top screen or box; NULL: none. */
struct zg_layer *zg_app_layer(struct zg_app *app);
/* Where typed text goes now; NULL: nowhere. */
struct zg_input *zg_app_input(struct zg_app *app);
int64_t zg_app_running(const struct zg_app *app);    /* the running clock */
/* A key or a scan came: what was said is over. */
void zg_app_unsay(struct zg_app *app);
/* Closes the top layer; its state lasts until zg_app_bury, after the event. */
void zg_app_pop(struct zg_app *app);
void zg_app_bury(struct zg_app *app);
/* Gives waiting scans to the top screen, as long as it takes them. */
void zg_app_pump(struct zg_app *app);
/* The key that leads back from a screen above another; NULL: none does, or Esc does something else here. */
const struct zg_key *zg_app_way_back(struct zg_app *app);
/* The key that shows all keys, as it is here. */
const struct zg_key *zg_app_help(struct zg_app *app);
#endif
