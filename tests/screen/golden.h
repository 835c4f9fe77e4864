/*
 * Whole screens beside the files that a person has looked at: tests/screen/golden/NAME.txt.
 * The check only compares. tests/screen/golden/README.md tells how to see new ones.
 */
#ifndef ZG_TESTS_SCREEN_GOLDEN_H
#define ZG_TESTS_SCREEN_GOLDEN_H

/* Fails the test, with the first row that differs, unless text is what the file has. */
void golden_check(const char *name, const char *text);
#endif
