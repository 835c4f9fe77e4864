/*
 * Comma-separated tables (RFC 4180), read record by record and written back.
 *
 * The reader works on a whole text in memory (UTF-8, already decoded), keeps line and column
 * for messages, and takes LF or CRLF; a quoted cell may hold commas, quotes and line ends.
 */
#ifndef ZG_BASE_CSV_H
#define ZG_BASE_CSV_H

#include "src/base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

#define ZG_CSV_CELLS 64       /* the most columns a record may have */

struct zg_csv_cell {
	char *text;               /* unquoted, NUL-terminated; borrowed until the next read */
	size_t length;
	size_t line, column;      /* where it starts in the file, from 1; columns count characters */
	bool is_quoted;
};

struct zg_csv {
	const char *at, *end;     /* what is left of the text */
	size_t line;              /* of the next record, from 1 */
	struct zg_csv_cell cells[ZG_CSV_CELLS];
	size_t count;             /* cells of the record just read */
	size_t fault_line, fault_column;
	const char *fault;        /* msgid, after a read that returned -1 */
	struct zg_buffer store;   /* holds the cells' bytes */
};

/* text is borrowed and must outlive the reader. */
void zg_csv_init(struct zg_csv *csv, const char *text, size_t length);
void zg_csv_clear(struct zg_csv *csv);
/*
 * Reads one record; lines with nothing on them are passed over.
 * 1: cells and count are set. 0: no more. -1: the record is broken; fault, fault_line and
 * fault_column say what and where, and the next read goes on with the next line.
 */
int zg_csv_read(struct zg_csv *csv);

/* Appends a cell, quoted when it must be, after a comma unless it is the first of its line. */
void zg_csv_add(struct zg_buffer *out, const char *text);
/*
 * The same for reports that people open in a spreadsheet: a text that would start a formula
 * (= + - @ TAB CR) gets a leading apostrophe. Never for product files.
 */
void zg_csv_add_report(struct zg_buffer *out, const char *text);
void zg_csv_end(struct zg_buffer *out);    /* ends the line with LF */
#endif
