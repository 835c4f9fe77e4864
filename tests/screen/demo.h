/* A small selling screen, for the tests of what is under the real ones. */
#ifndef ZG_TESTS_SCREEN_DEMO_H
#define ZG_TESTS_SCREEN_DEMO_H

#include "tests/screen/harness.h"
#include "tui/widget/list.h"

#define DEMO_ROWS 128

struct demo {
	struct zg_list list;
	struct zg_input input;
	char lines[DEMO_ROWS][ZG_INPUT_SIZE];    /* codes that were scanned or typed */
	int count;
	char acts[256];               /* a letter for each key that acted: + * E(nter) 1 2 3 ... */
	char answer[600];
};

extern const struct zg_screen demo_screen;

/* The demo's state: the screen under test made it, and it lasts until the harness closes. */
struct demo *demo_state(void);
/* Opens the demo at a size. */
struct harness *demo_open(int rows, int columns);
void demo_status(void *context, struct zg_status *status);
#endif
