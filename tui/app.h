/*
 * The app: screens on a stack, boxes above them, keys and scans to whom they belong.
 *
 * It has no terminal of its own: it takes bytes with their time and draws frames into a FILE, so a
 * test drives it without a tty. tui/console.h joins it to the real one.
 * After each event the top screen is drawn again; ncurses sends only what changed. So nothing ever
 * has to notify a screen.
 *
 * A box never eats a scan: while one is open, scans wait (and the message line says so), and go to
 * the screen under it, in order, when it closes. Only a box that asks for a code takes one itself.
 */
#ifndef ZG_TUI_APP_H
#define ZG_TUI_APP_H

#include "src/base/clock.h"
#include "src/base/result.h"
#include "tui/screen.h"
#include "tui/widget/message.h"
#include "tui/widget/status.h"

#include <stdio.h>

#define ZG_APP_SCANS 64    /* scans that can wait; one more is refused by name in the message line */
#define ZG_APP_ROWS    12
#define ZG_APP_COLUMNS 40  /* a smaller terminal shows a sentence that says so, and still takes scans */

struct zg_till;

struct zg_app_parts {
	const struct zg_clock *clock;
	struct zg_till *till;               /* for the screens; the app itself does not touch it */
	const char *term;                   /* NULL: $TERM */
	FILE *out, *in;                     /* for newterm; borrowed */
	int rows, columns;
	const char *theme;                  /* NULL: the default */
	bool ascii;                         /* signs = ascii */
	const struct zg_keymap *keymap;     /* NULL: the default keys */
	const struct zg_key *globals;       /* bound on every screen, after its own; self is NULL. NULL: none */
	void (*before)(void *context);      /* first in each frame: what happened without a key is told to the screens; NULL: nothing */
	void (*status)(void *context, struct zg_status *status);    /* fills the top line before each frame */
	void *context;
};

/* Starts curses on parts->out. ZG_USAGE: the terminal's name is unknown. One app a process at a time. */
enum zg_result zg_app_new(const struct zg_app_parts *parts, struct zg_app **app, struct zg_error *err);
/* See zg_terminal_wraps. */
bool zg_app_wraps(const struct zg_app *app);
/* Closes every screen, then curses (endwin and delscreen: what they write goes to parts->out). */
void zg_app_free(struct zg_app *app);

/* ---- what drives it ---- */

void zg_app_bytes(struct zg_app *app, const char *bytes, size_t length, int64_t at_ms);
/* A scan from a scanner that is not a keyboard: cleaned, whole. */
void zg_app_scan(struct zg_app *app, const char *text);
/* A screen that refused a scan may take it now: offers what waits again, at the next tick. */
void zg_app_offer(struct zg_app *app);
void zg_app_resize(struct zg_app *app, int rows, int columns);
/* Does what is due by now: a lone Esc, a burst that ended, a screen's tick. */
void zg_app_tick(struct zg_app *app);
/* Milliseconds until zg_app_tick has something to do; -1: never. */
int zg_app_wait(const struct zg_app *app);
/* Draws a frame. Do not call it while the terminal is behind. */
void zg_app_frame(struct zg_app *app);
/* The last screen was closed, or zg_app_quit was called. */
bool zg_app_is_done(const struct zg_app *app);

/* ---- what screens call ---- */

struct zg_till *zg_app_till(const struct zg_app *app);
const struct zg_clock *zg_app_clock(const struct zg_app *app);
void *zg_app_context(const struct zg_app *app);

/* Opens a screen above this one. */
void zg_app_show(struct zg_app *app, const struct zg_screen *screen, const void *with);
/* Closes the top screen (boxes above it too) and opens this one in its place. */
void zg_app_replace(struct zg_app *app, const struct zg_screen *screen, const void *with);
/* Closes the top box, or the top screen when no box is open. */
void zg_app_back(struct zg_app *app);
/* Closes boxes and screens until this one is on top; nothing when it is not on the stack. */
void zg_app_back_to(struct zg_app *app, const struct zg_screen *screen);
const struct zg_screen *zg_app_top(const struct zg_app *app);    /* NULL: none */
/* The state of that screen, the uppermost if it is open twice; NULL: it is not open. For answers that come later. */
void *zg_app_self(const struct zg_app *app, const struct zg_screen *screen);
bool zg_app_has_box(const struct zg_app *app);
/* The books were written to: the top screen reads anew what it shows of them; one under a box when that closes. */
void zg_app_renew(struct zg_app *app);
void zg_app_quit(struct zg_app *app);

/* The message line, until the next key or scan. text is translated, and copied. */
void zg_app_say(struct zg_app *app, const char *text);
void zg_app_warn(struct zg_app *app, const char *text);
void zg_app_refuse(struct zg_app *app, const char *text);
void zg_app_notice(struct zg_app *app, const char *text);   /* rings, and stays 5 s at least whatever is pressed: nobody waited for it */
void zg_app_fail(struct zg_app *app, const struct zg_error *err);    /* as zg_app_refuse; ZG_UNKNOWN and ZG_OFFLINE warn */
const struct zg_message *zg_app_message(const struct zg_app *app);
void zg_app_beep(struct zg_app *app);
void zg_app_redraw(struct zg_app *app);    /* sends the whole screen anew: after line noise */
/* When a key or a scan last came, on the running clock: for the auto-lock. */
int64_t zg_app_pressed_ms(const struct zg_app *app);
/* Draws beside every screen, at the right, while so many columns leave it 40 at least; NULL takes it away. */
void zg_app_set_side(struct zg_app *app, void (*side)(const struct zg_pane *pane, void *context), int columns);
bool zg_app_is_ascii(const struct zg_app *app);    /* signs are plain */
void zg_app_set_look(struct zg_app *app, const char *theme, bool ascii);    /* an unknown theme changes nothing */

/*
 * Boxes. `done` gets the state of the screen that asked (the top one when the box opened), after the
 * box has closed; Esc answers false, NULL or -1. Texts are translated, and copied. done may open the next box.
 */
void zg_app_tell(struct zg_app *app, const char *title, const char *text);
/* yes is the word on Enter's key: "Pay out". dangerous: Enter means no, and the letter y must be typed. */
struct zg_confirm {
	const char *title, *text, *yes;
	bool dangerous;
	void (*done)(struct zg_app *app, void *self, bool yes);
};
void zg_app_confirm(struct zg_app *app, const struct zg_confirm *confirm);

#define ZG_BOX_FIELDS 8

struct zg_form {
	const char *title, *text;      /* text may be NULL */
	struct zg_form_field {
		const char *label;         /* NULL ends the fields */
		const char *value;         /* what stands in it at first; NULL: nothing */
		size_t room;               /* bytes; 0: as many as fit */
		bool secret;               /* a PIN: never shown, and wiped when the box closes */
		bool scan;                 /* a scan goes into it, as if typed with Enter */
	} fields[ZG_BOX_FIELDS + 1];
	/*
	 * answers: one text a field, lasting for this call; NULL: Esc. Return NULL to accept, else a translated
	 * sentence: the box stays open and shows it. (After Esc the return value means nothing.)
	 */
	const char *(*done)(struct zg_app *app, void *self, const char *const *answers);
};
void zg_app_form(struct zg_app *app, const struct zg_form *form);

#define ZG_BOX_CHOICES 24

struct zg_choice {
	const char *title, *text;          /* text may be NULL */
	const char *const *choices;        /* copied; 1 to ZG_BOX_CHOICES; the first nine have the keys 1 to 9 */
	int count, selected;
	int undo;                          /* the choice, counted from 1, that takes something back: it has the key u too. 0: none */
	void (*done)(struct zg_app *app, void *self, int index);
};
void zg_app_choose(struct zg_app *app, const struct zg_choice *choice);

/* The box with every key of this screen; bound to ? and F1 everywhere. */
void zg_app_keys(struct zg_app *app);
#endif
