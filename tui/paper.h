/* The demo's paper beside the screen: what the virtual printer shows in its file, the newest rows at the bottom. */
#ifndef ZG_TUI_PAPER_H
#define ZG_TUI_PAPER_H

#include "tui/widget/draw.h"

void zg_paper_side(const struct zg_pane *pane, void *context);
#endif
