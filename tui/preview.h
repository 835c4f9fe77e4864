/*
 * A slip shown as paper: the very grid of cells that the printer gets, laid out by the same template.
 *
 * Paper widths are not the screen's: a sign that is one cell here and two there keeps its paper's place.
 */
#ifndef ZG_TUI_PREVIEW_H
#define ZG_TUI_PREVIEW_H

#include "src/base/json.h"
#include "src/shop/receipt.h"
#include "src/shop/right.h"
#include "tui/app.h"

/* Lays a document out at the width of this till's printer. The caller clears paper, after a failure too. */
enum zg_result zg_preview_layout(const struct zg_app *app, enum zg_slip slip, const json_t *document, struct zg_paper *paper,
				 struct zg_error *err);
/* Draws the paper, dark on light, from its row `top` and column `left` on, in the middle of the pane. */
void zg_preview_draw(const struct zg_pane *pane, const struct zg_paper *paper, int top, int left);

/* All borrowed for the call of zg_preview_show, except args. */
struct zg_preview {
	enum zg_slip slip;
	const json_t *document;
	const char *title;             /* translated: what it is */
	const char *headline;          /* translated: what matters most about it, large above the paper; NULL */
	enum zg_ink ink;               /* of the headline */
	const char *act;               /* what prints it, a literal; NULL: it cannot be printed from here */
	json_t *args;                  /* of that act; taken over */
	enum zg_right right;           /* what printing it needs; NONE: the act's own */
	void (*after)(struct zg_app *app);    /* once it was left with Enter or Esc; NULL */
};

/* Opens it as a screen. What cannot be laid out is told in the message line. */
void zg_preview_show(struct zg_app *app, const struct zg_preview *preview);
#endif
