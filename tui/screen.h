/*
 * What a screen is: a state struct, a draw that cannot change it, and one table of keys.
 *
 * The app makes the state (size bytes, zeroed), keeps it while the screen is on the stack, and frees
 * it after `closed`. Everything runs in the loop. Only keys, draw and size are needed.
 */
#ifndef ZG_TUI_SCREEN_H
#define ZG_TUI_SCREEN_H

#include "tui/binding.h"
#include "tui/widget/draw.h"
#include "tui/widget/input.h"

struct zg_screen {
	const char *title;              /* msgid */
	size_t size;
	const struct zg_key *keys;
	/* What `press` does, for the page of keys alone: such as zg_list_moves. NULL: nothing worth telling. */
	const struct zg_key *moves;
	/* Draws the body: all between the top line and the message line. After each event. */
	void (*draw)(const struct zg_pane *pane, const void *self);
	/*
	 * Set for a box, which is drawn in a frame above what is under it, with the size (inside the frame)
	 * that it wishes for at most so many rows and columns.
	 */
	void (*box)(const void *self, int *rows, int *columns);
	const char *(*heading)(const void *self);    /* the translated title of this box; NULL: title */
	bool is_bare;                   /* has the whole terminal: no top line, no message, no keys are told. For who is not of the shop */
	/* Draws the top line (one row) instead of the till's own. */
	void (*head)(const struct zg_pane *pane, const void *self);
	/* with is what zg_app_show was given; it lasts for this call. */
	void (*opened)(struct zg_app *app, void *self, const void *with);
	void (*closed)(struct zg_app *app, void *self);
	/* The screen is on top again, after a box or another screen; or it is, and the books were written to meanwhile. */
	void (*resumed)(struct zg_app *app, void *self);
	/* Just before each draw: how large the body is now; here lists scroll. */
	void (*fit)(void *self, int rows, int columns);
	/*
	 * Takes a scan. False, or no such function: not now, and nothing was done; it waits, and is offered again
	 * after each event, and to each screen that comes on top.
	 */
	bool (*scan)(struct zg_app *app, void *self, const char *text);
	/* Where typed text goes now; NULL: nowhere. Lasts until the next event. */
	struct zg_input *(*input)(void *self);
	/* The input was changed by typing. */
	void (*changed)(struct zg_app *app, void *self);
	/* Any key that neither the table nor the input took: a list's arrows. True: taken. */
	bool (*press)(struct zg_app *app, void *self, uint32_t code);
	/* Called about every tick_ms while the screen is on top (0: never). */
	void (*tick)(struct zg_app *app, void *self);
	int tick_ms;
};
#endif
