#include "tests/fault/shape.h"

#include "tests/fault/rules.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_schema(sqlite3 *books)
{
	return books_text(books, "SELECT group_concat(type || ' ' || name || ' ' || coalesce(sql, ''), ';') FROM "
			  "(SELECT * FROM sqlite_schema ORDER BY type, name)");
}

static int64_t count_rows(sqlite3 *books, const char *table)
{
	char sql[200];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM \"%s\"", table);
	return books_number(books, sql);
}

void shape_begin(struct shape *shape, sqlite3 *books)
{
	sqlite3_stmt *tables = NULL;

	*shape = (struct shape){ .schema = read_schema(books) };
	sqlite3_prepare_v2(books, "SELECT name FROM sqlite_schema s WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%' "
			   "AND NOT EXISTS (SELECT 1 FROM sqlite_schema v WHERE v.sql LIKE 'CREATE VIRTUAL%' AND s.name LIKE v.name || '_%') ORDER BY name",
			   -1, &tables, NULL);
	while (sqlite3_step(tables) == SQLITE_ROW && shape->count < SHAPE_TABLES) {
		shape->names[shape->count] = strdup((const char *)sqlite3_column_text(tables, 0));
		shape->rows[shape->count] = count_rows(books, shape->names[shape->count]);
		shape->count++;
	}
	sqlite3_finalize(tables);
}

void shape_end(struct shape *shape)
{
	for (int i = 0; i < shape->count; i++)
		free(shape->names[i]);
	free(shape->schema);
	*shape = (struct shape){ .count = 0 };
}

const char *shape_change(struct shape *shape, sqlite3 *books, bool may_add, char words[200])
{
	char *schema = read_schema(books);
	const char *change = NULL;

	if (strcmp(schema, shape->schema) != 0)
		change = strcpy(words, "the schema is another");
	free(shape->schema);
	shape->schema = schema;
	for (int i = 0; i < shape->count; i++) {
		int64_t rows = count_rows(books, shape->names[i]), before = shape->rows[i];

		shape->rows[i] = rows;
		if (!change && (rows < before || (rows > before && !may_add))) {
			snprintf(words, 200, "%s has %lld rows, and had %lld", shape->names[i], (long long)rows, (long long)before);
			change = words;
		}
	}
	return change;
}
