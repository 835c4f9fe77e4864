/* What the standard boxes share; each kind has a file: box.c tells and asks, box_form.c, box_list.c. For these alone. */
#ifndef ZG_TUI_BOX_PRIVATE_H
#define ZG_TUI_BOX_PRIVATE_H

#include "tui/box.h"
#include "tui/widget/input.h"
#include "tui/widget/list.h"

#include <stdbool.h>

struct zg_field {
	char *label;
	struct zg_input input;
	bool scan;
};

/* One struct for all kinds: what a kind does not need stays zero. Texts are owned. */
struct zg_box {
	char *title, *text;
	char *yes;
	char *fault;                   /* why the form was not accepted */
	struct zg_field fields[ZG_BOX_FIELDS];
	int field_count, current;
	char **rows, **notes;          /* of a list; notes stand in the second column, NULL: none */
	int row_count;
	int undo;                      /* as in struct zg_choice */
	struct zg_list list;
	void (*confirmed)(struct zg_app *app, void *self, bool yes);
	const char *(*filled)(struct zg_app *app, void *self, const char *const *answers);
	void (*chosen)(struct zg_app *app, void *self, int index);
};

/* Frees what it holds; all is zero then. */
void zg_box_empty(struct zg_box *box);
/* The columns that a box with this text needs, and no more than it may have. */
int zg_box_columns(const struct zg_box *box, int least, int most);
/* The rows that its text takes in so many columns. */
int zg_box_text_rows(const struct zg_box *box, int columns);
void zg_box_draw_text(const struct zg_pane *pane, const struct zg_box *box);
/* Two keys and their words, in the last row. */
void zg_box_draw_buttons(const struct zg_pane *pane, const char *key, const char *word, const char *other_key,
                         const char *other_word);

/* Parts of the screens' tables. A new box takes over what the caller filled in. */
void zg_box_opened(struct zg_app *app, void *self, const void *with);
void zg_box_closed(struct zg_app *app, void *self);
const char *zg_box_heading(const void *self);
void zg_box_back(struct zg_app *app, void *self);
#endif
