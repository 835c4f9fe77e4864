/*
 * Strings that nobody should type: control characters and sequences of terminals and printers, invisible and direction-changing
 * characters, broken UTF-8, SQL, formulas of tables, and what other programs would take for a command. Each stands between an A and a B, so
 * that it is seen where it ends up, unless a string must begin with it.
 */
#ifndef ZG_TESTS_FAULT_PAYLOADS_H
#define ZG_TESTS_FAULT_PAYLOADS_H

#define PAYLOADS_MAX 700

struct payloads {
	char *texts[PAYLOADS_MAX];
	int count;                    /* at least 500 */
	int awkward;                  /* the last so many: clean text that takes other room than it seems to */
};

void payloads_make(struct payloads *payloads);
void payloads_drop(struct payloads *payloads);
#endif
