/* The ways in which a file of the books is damaged, or planted with what is not ours. */
#ifndef ZG_TESTS_FAULT_DAMAGED_H
#define ZG_TESTS_FAULT_DAMAGED_H

#include "tests/unit/chance.h"

struct damage {
	const char *name;
	/* Damages the books at path, of a shop that is closed; says in what[80] how. */
	void (*make)(struct chance *chance, const char *path, char what[80]);
};

/* Ending with a NULL name. */
extern const struct damage damages[];
#endif
