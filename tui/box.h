/*
 * The standard boxes behind zg_app_tell, zg_app_confirm, zg_app_form, zg_app_choose and zg_app_keys.
 * A box is a screen with a frame; these are what the app gives them besides what every screen may call.
 */
#ifndef ZG_TUI_BOX_H
#define ZG_TUI_BOX_H

#include "tui/app.h"

/* Takes the top box off the stack without closing it; its state is the caller's. *below: the state of what asked. */
void *zg_box_detach(struct zg_app *app, void **below);
/* Puts it back on top. */
void zg_box_attach(struct zg_app *app, const struct zg_screen *screen, void *self);
/* Lets it go after this event, and resumes what is on top now. */
void zg_box_drop(struct zg_app *app, const struct zg_screen *screen, void *self);

/* The box of zg_app_keys: the keys of this screen, of a line that is typed in, of every screen (NULL: none). Not above itself. */
void zg_box_show_keys(struct zg_app *app, const struct zg_keymap *map, const struct zg_screen *screen,
                      bool is_typing, const struct zg_key *globals);
#endif
