/*
 * The books as a string that got into a statement would change them: the schema, and how many rows each table has. The search's own tables,
 * which it keeps as it likes, are left out; what is found in them is looked at elsewhere.
 */
#ifndef ZG_TESTS_FAULT_SHAPE_H
#define ZG_TESTS_FAULT_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

struct sqlite3;

#define SHAPE_TABLES 64

struct shape {
	char *schema;
	char *names[SHAPE_TABLES];
	int64_t rows[SHAPE_TABLES];
	int count;
};

void shape_begin(struct shape *shape, struct sqlite3 *books);
void shape_end(struct shape *shape);
/*
 * What is another than at the last look, as a sentence in words; NULL: nothing. With may_add, tables may have got more rows. From here on it is
 * the books as they are now that count.
 */
const char *shape_change(struct shape *shape, struct sqlite3 *books, bool may_add, char words[200]);
#endif
