#include "src/shop/product_file.h"

#include "src/base/alloc.h"
#include "src/base/charset.h"
#include "src/base/csv.h"
#include "src/base/i18n.h"
#include "src/base/names.h"
#include "src/shop/barcode.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK 65536           /* bytes of one step while the encoding is found out */
#define NAMES_FIRST 8000000   /* room made at once for names, at most */

enum phase { UTF8, GBK, HEADER, ROWS, DONE };

struct zg_product_file {
	const char *bytes, *text;      /* as given; as read: UTF-8 without BOM */
	size_t length, text_length;
	size_t at;                     /* how far the encoding was looked at */
	size_t bad_utf8;               /* where it stopped being UTF-8 */
	bool has_bom;
	size_t names_expected;         /* two a line, and one for each '|' */
	struct zg_buffer decoded;      /* the text, when it came as GBK */
	enum phase phase;
	struct zg_csv csv;
	size_t width;                  /* columns of the heading */
	enum zg_product_column order[ZG_CSV_CELLS];
	bool has[ZG_COLUMNS];
	struct zg_names names;         /* codes and barcodes, each with where_of() */
	size_t rows;
	struct zg_product_faults faults;
	bool is_reading;               /* the rows are read again; the names are known */
};

/* What is remembered of a name: its line, whether it is a code, and whether that code was written in another form. */
static uint32_t where_of(size_t line, bool is_code, bool is_other_form)
{
	return (uint32_t)(line * 4 + (is_code ? 2U : 0U) + (is_other_form ? 1U : 0U));    /* lines are fewer than ZG_PRODUCT_FILE_MAX */
}

struct zg_product_file *zg_product_file_new(const char *bytes, size_t length)
{
	struct zg_product_file *file = zg_alloc(1, sizeof(*file));

	file->bytes = bytes;
	file->length = length;
	file->has_bom = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
	file->at = file->has_bom ? 3 : 0;
	return file;
}

void zg_product_file_free(struct zg_product_file *file)
{
	if (!file)
		return;
	zg_csv_clear(&file->csv);
	zg_buffer_clear(&file->decoded);
	zg_names_clear(&file->names);
	free(file);
}

/* ---- faults ---- */

void zg_product_file_add_fault(struct zg_product_file *file, size_t line, size_t column, const char *text)
{
	zg_product_fault(&file->faults, line, column, "%s", text);
}

/* ---- the encoding ---- */

static void start_rows(struct zg_product_file *file, const char *text, size_t length)
{
	size_t names = file->names_expected;

	file->text = text;
	file->text_length = length;
	zg_csv_init(&file->csv, text, length);
	zg_names_reserve(&file->names, names < NAMES_FIRST ? names : NAMES_FIRST);
	file->phase = HEADER;
}

/* The column counts bytes: what the characters are is just what is not known. */
static void refuse_encoding(struct zg_product_file *file, size_t bad)
{
	size_t line = 1, start = 0;

	for (size_t i = 0; i < bad; i++)
		if (file->bytes[i] == '\n') {
			line++;
			start = i + 1;
		}
	zg_product_fault(&file->faults, line, bad - start + 1,
		_("the file is neither UTF-8 nor GBK from here on: save it again as UTF-8"));
	file->phase = DONE;
}

static size_t count_names(const char *bytes, size_t length)
{
	size_t names = 0;

	for (size_t i = 0; i < length; i++)
		names += bytes[i] == '\n' ? 2 : bytes[i] == '|' ? 1 : 0;
	return names;
}

static void check_utf8(struct zg_product_file *file)
{
	size_t start = file->at, end = start + CHUNK < file->length ? start + CHUNK : file->length, step;
	uint32_t character;
	bool valid = true;

	while (file->at < end && valid) {
		step = (unsigned char)file->bytes[file->at] < 0x80 ? 1 :
			zg_text_next(file->bytes + file->at, file->length - file->at, &character, &valid);
		file->at += valid ? step : 0;
	}
	file->names_expected += count_names(file->bytes + start, file->at - start);
	if (!valid && file->has_bom) {
		refuse_encoding(file, file->at);
	} else if (!valid) {
		file->bad_utf8 = file->at;
		file->at = 0;
		file->names_expected = 0;
		file->phase = GBK;
	} else if (file->at == file->length) {
		size_t bom = file->has_bom ? 3 : 0;

		start_rows(file, file->bytes + bom, file->length - bom);
	}
}

/* Line by line: no second byte of GBK is a line end. */
static void decode_gbk(struct zg_product_file *file)
{
	size_t end = file->at + CHUNK / 2 < file->length ? file->at + CHUNK / 2 : file->length, bad = 0;
	const char *stop = memchr(file->bytes + end, '\n', file->length - end);

	if (end < file->length)
		end = stop ? (size_t)(stop - file->bytes) + 1 : file->length;
	if (!zg_gbk_decode(file->bytes + file->at, end - file->at, &file->decoded, &bad)) {
		bad += file->at;
		refuse_encoding(file, bad > file->bad_utf8 ? bad : file->bad_utf8);
		return;
	}
	file->names_expected += count_names(file->bytes + file->at, end - file->at);
	file->at = end;
	if (end == file->length)
		start_rows(file, zg_buffer_text(&file->decoded), file->decoded.length);
}

/* ---- the heading ---- */

static void read_heading_cell(struct zg_product_file *file, size_t place)
{
	const struct zg_csv_cell *cell = &file->csv.cells[place];
	size_t at;
	const char *why;

	file->order[place] = ZG_COLUMNS;
	if (!zg_text_is_clean(cell->text, cell->length, &at, &why)) {
		zg_product_fault(&file->faults, cell->line, zg_product_cell_column(cell, at),
			_("the heading has %s: take it out"), _(why));
		return;
	}
	for (size_t i = 0; i < ZG_COLUMNS; i++) {
		if (strcmp(zg_product_columns[i].name, cell->text) != 0)
			continue;
		if (file->has[i])
			zg_product_fault(&file->faults, cell->line, cell->column,
				_("the column \"%s\" is there twice: take one out"), cell->text);
		file->has[i] = true;
		file->order[place] = (enum zg_product_column)i;
		return;
	}
	zg_product_fault(&file->faults, cell->line, cell->column,
		_("the column \"%.60s\" is not known: correct its name, or take it out"), cell->text);
}

static void csv_fault(struct zg_product_file *file)
{
	zg_product_fault(&file->faults, file->csv.fault_line, file->csv.fault_column,
		_("%s: correct this line"), _(file->csv.fault));
}

static void read_heading(struct zg_product_file *file)
{
	int got = zg_csv_read(&file->csv);

	file->phase = ROWS;
	if (got == 0)
		zg_product_fault(&file->faults, 1, 1, _("the file is empty: its first line must name the columns"));
	if (got < 0)
		csv_fault(file);
	file->width = got > 0 ? file->csv.count : 0;
	for (size_t i = 0; i < file->width; i++)
		read_heading_cell(file, i);
	for (size_t i = 0; i < ZG_COLUMNS && got > 0; i++)
		if (!file->has[i] && !zg_product_columns[i].is_optional)
			zg_product_fault(&file->faults, file->csv.cells[0].line, 1,
				_("the column \"%s\" is missing: add it"), zg_product_columns[i].name);
	if (file->faults.count)
		file->phase = DONE;    /* without its heading, no cell means anything */
}

/* ---- the rows ---- */

/* Notes the row's code and barcodes; each may lead to one item only. */
static bool note_names(struct zg_product_file *file, const struct zg_product_row *row)
{
	char code[ZG_CODE_MAX + 1];
	uint32_t where;
	bool good = true;

	zg_barcode_normal(code, row->item.code);
	where = where_of(row->line, true, strcmp(code, row->item.code) != 0);
	if (!zg_names_add(&file->names, code, &where))
		good = zg_product_fault(&file->faults, row->line, row->columns[ZG_COLUMN_CODE],
			_("the code %s already leads to the item in line %zu: give each its own"),
			row->item.code, (size_t)(where / 4));
	const char *list = row->barcodes;

	for (size_t i = 0; i < row->count; i++) {
		list = zg_barcodes_next(list, code);
		where = where_of(row->line, false, false);
		if (!zg_names_add(&file->names, code, &where) && (size_t)(where / 4) != row->line)
			good = zg_product_fault(&file->faults, row->line, row->starts[i],
				_("the barcode %s already leads to the item in line %zu: take it out of one"),
				code, (size_t)(where / 4));
	}
	return good;
}

static bool check_whole(struct zg_product_file *file, struct zg_product_row *row)
{
	struct zg_error err;
	const struct zg_csv_cell *price = NULL;

	for (size_t i = 0; i < file->width; i++)
		if (file->order[i] == ZG_COLUMN_PRICE)
			price = &file->csv.cells[i];
	if (price && price->length == 0 && row->item.kind != ZG_ITEM_OPEN_PRICE)
		return zg_product_fault(&file->faults, price->line, price->column,
			_("the price is empty: only open-price goods need none"));
	if (row->item.initials[0] == '\0')
		zg_item_make_initials(row->item.initials, row->item.name);
	return zg_item_check(&row->item, &err) == ZG_OK || zg_product_fault(&file->faults, row->line, 1, "%s", err.text);
}

/* Reads the record that the CSV reader holds. False: it has a fault, which is noted. */
static bool read_row(struct zg_product_file *file, struct zg_product_row *row)
{
	const struct zg_csv_cell *cells = file->csv.cells;
	bool good = true;

	memset(&row->item, 0, sizeof(row->item));
	row->item.active = true;
	row->count = 0;
	row->barcodes[0] = '\0';
	row->line = cells[0].line;
	memset(row->columns, 0, sizeof(row->columns));
	if (file->csv.count != file->width)
		return zg_product_fault(&file->faults, row->line, 1,
			_("this line has %zu cells, the heading has %zu: correct it"), file->csv.count, file->width);
	for (size_t i = 0; i < file->width; i++) {
		row->columns[file->order[i]] = cells[i].column;
		good &= zg_product_cell_read(&file->faults, file->order[i], &cells[i], row);
	}
	return good && check_whole(file, row);
}

static void check_row(struct zg_product_file *file)
{
	struct zg_product_row row;
	int got = zg_csv_read(&file->csv);

	if (got < 0)
		csv_fault(file);
	if (got == 0) {
		file->phase = DONE;
	} else if (file->rows == ZG_PRODUCT_ROWS_MAX) {
		zg_product_fault(&file->faults, file->csv.cells[0].line, 1,
			_("more than %d items: make two files of it"), ZG_PRODUCT_ROWS_MAX);
		file->phase = DONE;
	} else if (got > 0) {
		file->rows++;
		if (read_row(file, &row))
			note_names(file, &row);
	}
}

bool zg_product_file_step(struct zg_product_file *file, size_t rows)
{
	if (file->length > ZG_PRODUCT_FILE_MAX && file->phase != DONE) {
		zg_product_fault(&file->faults, 1, 1,
			_("the file is larger than %d MB: make two files of it"), ZG_PRODUCT_FILE_MAX / 1048576);
		file->phase = DONE;
	}
	if (file->phase == UTF8)
		check_utf8(file);
	else if (file->phase == GBK)
		decode_gbk(file);
	else if (file->phase == HEADER)
		read_heading(file);
	else
		for (size_t i = 0; i < rows && file->phase == ROWS; i++)
			check_row(file);
	return file->phase != DONE;
}

void zg_product_file_progress(const struct zg_product_file *file, size_t *done, size_t *of)
{
	*of = file->text ? file->text_length : file->length;
	*done = file->text ? (size_t)(file->csv.at - file->text) : 0;
}

size_t zg_product_file_rows(const struct zg_product_file *file)
{
	return file->rows;
}

size_t zg_product_file_fault_count(const struct zg_product_file *file)
{
	return file->faults.count;
}

const struct zg_product_fault *zg_product_file_faults(const struct zg_product_file *file)
{
	return file->faults.first;
}

bool zg_product_file_has_column(const struct zg_product_file *file, enum zg_product_column column)
{
	return file->has[column];
}

bool zg_product_file_has_code(const struct zg_product_file *file, const char *code)
{
	char normal[ZG_CODE_MAX + 1];
	uint32_t where;

	zg_barcode_normal(normal, code);
	return zg_names_find(&file->names, normal, &where) && (where & 2) && (where & 1) == (strcmp(normal, code) != 0 ? 1U : 0U);
}

bool zg_product_file_next(struct zg_product_file *file, struct zg_product_row *row)
{
	if (!file->is_reading) {
		zg_csv_clear(&file->csv);
		zg_csv_init(&file->csv, file->text, file->text_length);
		file->is_reading = zg_csv_read(&file->csv) > 0;    /* the heading */
	}
	return file->is_reading && zg_csv_read(&file->csv) > 0 && read_row(file, row);
}
