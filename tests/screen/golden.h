/*
 * Whole screens beside the files that a person has looked at: tests/screen/golden/NAME.txt.
 * The check only compares. tests/screen/golden/README.md tells how to see new ones.
 */
#ifndef ZG_TESTS_SCREEN_GOLDEN_H
#define ZG_TESTS_SCREEN_GOLDEN_H

#include "tests/screen/harness.h"

/* Fails the test, with the first row that differs, unless text is what the file has. */
void golden_check(const char *name, const char *text);
/*
 * What stands on the screen at 40×12, 80×24 and 120×40, one after another, beside "NAME.LANGUAGE"; hide (or NULL) takes out of it what is another each
 * time. No row may be wider than its screen.
 */
void golden_sizes(struct harness *h, const char *name, const char *language, void (*hide)(char *text));
#endif
