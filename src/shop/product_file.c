#include "src/shop/product_file.h"

#include "src/base/alloc.h"
#include "src/base/charset.h"
#include "src/base/csv.h"
#include "src/base/i18n.h"
#include "src/base/names.h"
#include "src/base/pinyin.h"
#include "src/shop/barcode.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK 65536           /* bytes of one step while the encoding is found out */
#define NAMES_FIRST 8000000   /* room made at once for names, at most */

static const struct column {
	const char *name;
	bool is_optional;
	size_t most;    /* bytes */
} columns[ZG_COLUMNS] = {
	[ZG_COLUMN_CODE]     = { "code",     false, ZG_CODE_MAX },
	[ZG_COLUMN_BARCODES] = { "barcodes", false, ZG_PRODUCT_BARCODES * (ZG_CODE_MAX + 1) },
	[ZG_COLUMN_NAME]     = { "name",     false, ZG_NAME_MAX },
	[ZG_COLUMN_UNIT]     = { "unit",     false, ZG_ITEM_UNIT_MAX },
	[ZG_COLUMN_PRICE]    = { "price",    false, ZG_AMOUNT_TEXT },
	[ZG_COLUMN_TAX_RATE] = { "tax_rate", false, ZG_AMOUNT_TEXT },
	[ZG_COLUMN_TAX_CODE] = { "tax_code", false, ZG_ITEM_TAX_CODE_MAX },
	[ZG_COLUMN_KIND]     = { "kind",     false, ZG_AMOUNT_TEXT },
	[ZG_COLUMN_INITIALS] = { "initials", true,  ZG_ITEM_INITIALS_MAX },
	[ZG_COLUMN_CATEGORY] = { "category", true,  ZG_ITEM_CATEGORY_MAX },
	[ZG_COLUMN_ACTIVE]   = { "active",   true,  ZG_AMOUNT_TEXT },
};

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
	size_t rows, fault_count;
	struct zg_product_fault faults[ZG_PRODUCT_FAULTS];
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
	if (file->fault_count < ZG_PRODUCT_FAULTS) {
		struct zg_product_fault *fault = &file->faults[file->fault_count];

		fault->line = line;
		fault->column = column;
		zg_text_clean(fault->text, sizeof(fault->text), text, strlen(text));
	}
	file->fault_count++;
}

__attribute__((format(printf, 4, 5)))
static bool fault(struct zg_product_file *file, size_t line, size_t column, const char *format, ...)
{
	char text[512];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	zg_product_file_add_fault(file, line, column, text);
	return false;
}

/* The column in the file of a byte of a cell. */
static size_t column_of(const struct zg_csv_cell *cell, size_t byte)
{
	size_t column = cell->column + (cell->is_quoted ? 1 : 0);

	for (size_t i = 0; i < byte; i++) {
		column += ((unsigned char)cell->text[i] & 0xC0) != 0x80;
		column += cell->is_quoted && cell->text[i] == '"';    /* it was written twice */
	}
	return column;
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
	fault(file, line, bad - start + 1, _("the file is neither UTF-8 nor GBK from here on: save it again as UTF-8"));
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
		fault(file, cell->line, column_of(cell, at), _("the heading has %s: take it out"), _(why));
		return;
	}
	for (size_t i = 0; i < ZG_COLUMNS; i++) {
		if (strcmp(columns[i].name, cell->text) != 0)
			continue;
		if (file->has[i])
			fault(file, cell->line, cell->column, _("the column \"%s\" is there twice: take one out"), cell->text);
		file->has[i] = true;
		file->order[place] = (enum zg_product_column)i;
		return;
	}
	fault(file, cell->line, cell->column, _("the column \"%.60s\" is not known: correct its name, or take it out"), cell->text);
}

static void csv_fault(struct zg_product_file *file)
{
	fault(file, file->csv.fault_line, file->csv.fault_column, _("%s: correct this line"), _(file->csv.fault));
}

static void read_heading(struct zg_product_file *file)
{
	int got = zg_csv_read(&file->csv);

	file->phase = ROWS;
	if (got == 0)
		fault(file, 1, 1, _("the file is empty: its first line must name the columns"));
	if (got < 0)
		csv_fault(file);
	file->width = got > 0 ? file->csv.count : 0;
	for (size_t i = 0; i < file->width; i++)
		read_heading_cell(file, i);
	for (size_t i = 0; i < ZG_COLUMNS && got > 0; i++)
		if (!file->has[i] && !columns[i].is_optional)
			fault(file, file->csv.cells[0].line, 1, _("the column \"%s\" is missing: add it"), columns[i].name);
	if (file->fault_count)
		file->phase = DONE;    /* without its heading, no cell means anything */
}

/* ---- the rows ---- */

static bool fits(struct zg_product_file *file, const struct zg_csv_cell *cell, const struct column *column)
{
	size_t at;
	const char *why;

	if (!zg_text_is_clean(cell->text, cell->length, &at, &why))
		return fault(file, cell->line, column_of(cell, at), _("the %s has %s: take it out"), column->name, _(why));
	if (cell->length > column->most)
		return fault(file, cell->line, cell->column, _("the %s is longer than %zu bytes: shorten it"), column->name, column->most);
	return true;
}

static bool read_code(struct zg_product_file *file, const struct zg_csv_cell *cell, struct zg_item *item)
{
	memcpy(item->code, cell->text, cell->length + 1);
	if (zg_barcode_is_goods(cell->text))
		return true;
	return fault(file, cell->line, cell->column, cell->length == 0 ? _("the code is empty: give the item one") :
		_("this cannot be a code: use letters, digits and - . _ / + $ %% #, and not the form of a receipt or a payment code"));
}

static bool read_barcode(struct zg_product_file *file, const struct zg_csv_cell *cell, size_t start, size_t length,
			 struct zg_product_row *row)
{
	char text[ZG_CODE_MAX + 1] = "";
	size_t column = column_of(cell, start);

	if (row->count == ZG_PRODUCT_BARCODES)
		return fault(file, cell->line, column, _("more than %d barcodes: make two items of it"), ZG_PRODUCT_BARCODES);
	if (length <= ZG_CODE_MAX)
		memcpy(text, cell->text + start, length);
	if (!zg_barcode_is_goods(text))
		return fault(file, cell->line, column, length == 0 ? _("there is no barcode between two signs '|': take one out") :
			_("this cannot be a barcode: use letters, digits and - . _ / + $ %% #, and not the form of a receipt or a payment code"));
	char normal[ZG_CODE_MAX + 1], other[ZG_CODE_MAX + 1];
	size_t used = strlen(row->barcodes);

	zg_barcode_normal(normal, text);
	for (const char *list = row->barcodes; list && used;) {
		list = zg_barcodes_next(list, other);
		if (strcmp(other, normal) == 0)
			return fault(file, cell->line, column, _("this item has the barcode %s twice: take one out"), text);
	}
	snprintf(row->barcodes + used, sizeof(row->barcodes) - used, "%s%s", used ? "|" : "", normal);
	row->starts[row->count++] = column;
	return true;
}

static bool read_barcodes(struct zg_product_file *file, const struct zg_csv_cell *cell, struct zg_product_row *row)
{
	bool good = true;

	if (cell->length == 0)
		return true;
	for (size_t start = 0, length; start <= cell->length && good; start += length + 1) {
		length = strcspn(cell->text + start, "|");
		good = read_barcode(file, cell, start, length, row);
	}
	return good;
}

static bool read_name(struct zg_product_file *file, const struct zg_csv_cell *cell, struct zg_item *item)
{
	memcpy(item->name, cell->text, cell->length + 1);
	return cell->text[strspn(cell->text, " ")] != '\0' ||
	       fault(file, cell->line, cell->column, _("the name is empty: give the item one"));
}

/* The price depends on the kind, which may come later in the line: an empty one is looked at when the line is whole. */
static bool read_price(struct zg_product_file *file, const struct zg_csv_cell *cell, struct zg_item *item)
{
	if (cell->length == 0)
		return true;
	return (zg_fen_parse(cell->text, &item->price_fen) && cell->text[0] != '-' && cell->text[0] != '+' &&
		item->price_fen <= ZG_ITEM_PRICE_MAX) ||
	       fault(file, cell->line, cell->column, _("\"%s\" is not a price: write yuan as 3.50, at most 9999999.99"), cell->text);
}

static bool read_tax_rate(struct zg_product_file *file, const struct zg_csv_cell *cell, struct zg_item *item)
{
	return zg_bp_parse(cell->text, &item->tax_bp) ||
	       fault(file, cell->line, cell->column, _("\"%s\" is not a tax rate: write it as 13%%"), cell->text);
}

static bool read_tax_code(struct zg_product_file *file, const struct zg_csv_cell *cell, struct zg_item *item)
{
	memcpy(item->tax_code, cell->text, cell->length + 1);
	return cell->text[strspn(cell->text, "0123456789")] == '\0' ||
	       fault(file, cell->line, cell->column, _("the tax code is not a number: correct it, or leave it empty"));
}

static bool read_kind(struct zg_product_file *file, const struct zg_csv_cell *cell, struct zg_item *item)
{
	return zg_item_kind_parse(cell->text, &item->kind) ||
	       fault(file, cell->line, cell->column, _("\"%s\" is not a kind: write piece, weighed or open-price"), cell->text);
}

static bool read_initials(struct zg_product_file *file, const struct zg_csv_cell *cell, struct zg_item *item)
{
	memcpy(item->initials, cell->text, cell->length + 1);
	return cell->text[strspn(cell->text, "abcdefghijklmnopqrstuvwxyz0123456789")] == '\0' ||
	       fault(file, cell->line, cell->column, _("initials are small letters and digits: correct them, or leave them empty"));
}

static bool read_active(struct zg_product_file *file, const struct zg_csv_cell *cell, struct zg_item *item)
{
	item->active = strcmp(cell->text, "no") != 0;
	return !item->active || strcmp(cell->text, "yes") == 0 ||
	       fault(file, cell->line, cell->column, _("\"%s\" is neither yes nor no"), cell->text);
}

static bool read_cell(struct zg_product_file *file, enum zg_product_column column, const struct zg_csv_cell *cell,
		      struct zg_product_row *row)
{
	struct zg_item *item = &row->item;

	if (!fits(file, cell, &columns[column]))
		return false;
	switch (column) {
	case ZG_COLUMN_CODE:     return read_code(file, cell, item);
	case ZG_COLUMN_BARCODES: return read_barcodes(file, cell, row);
	case ZG_COLUMN_NAME:     return read_name(file, cell, item);
	case ZG_COLUMN_UNIT:     memcpy(item->unit, cell->text, cell->length + 1); return true;
	case ZG_COLUMN_PRICE:    return read_price(file, cell, item);
	case ZG_COLUMN_TAX_RATE: return read_tax_rate(file, cell, item);
	case ZG_COLUMN_TAX_CODE: return read_tax_code(file, cell, item);
	case ZG_COLUMN_KIND:     return read_kind(file, cell, item);
	case ZG_COLUMN_INITIALS: return read_initials(file, cell, item);
	case ZG_COLUMN_CATEGORY: memcpy(item->category, cell->text, cell->length + 1); return true;
	case ZG_COLUMN_ACTIVE:   return read_active(file, cell, item);
	case ZG_COLUMNS:         break;
	}
	return true;
}

/* Notes the row's code and barcodes; each may lead to one item only. */
static bool note_names(struct zg_product_file *file, const struct zg_product_row *row)
{
	char code[ZG_CODE_MAX + 1];
	uint32_t where;
	bool good = true;

	zg_barcode_normal(code, row->item.code);
	where = where_of(row->line, true, strcmp(code, row->item.code) != 0);
	if (!zg_names_add(&file->names, code, &where))
		good = fault(file, row->line, row->columns[ZG_COLUMN_CODE], _("the code %s already leads to the item in line %zu: "
			     "give each its own"), row->item.code, (size_t)(where / 4));
	const char *list = row->barcodes;

	for (size_t i = 0; i < row->count; i++) {
		list = zg_barcodes_next(list, code);
		where = where_of(row->line, false, false);
		if (!zg_names_add(&file->names, code, &where) && (size_t)(where / 4) != row->line)
			good = fault(file, row->line, row->starts[i], _("the barcode %s already leads to the item in line %zu: "
				     "take it out of one"), code, (size_t)(where / 4));
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
		return fault(file, price->line, price->column, _("the price is empty: only open-price goods need none"));
	if (row->item.initials[0] == '\0')
		zg_item_make_initials(row->item.initials, row->item.name);
	return zg_item_check(&row->item, &err) == ZG_OK || fault(file, row->line, 1, "%s", err.text);
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
		return fault(file, row->line, 1, _("this line has %zu cells, the heading has %zu: correct it"), file->csv.count, file->width);
	for (size_t i = 0; i < file->width; i++) {
		row->columns[file->order[i]] = cells[i].column;
		good &= read_cell(file, file->order[i], &cells[i], row);
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
		fault(file, file->csv.cells[0].line, 1, _("more than %d items: make two files of it"), ZG_PRODUCT_ROWS_MAX);
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
		fault(file, 1, 1, _("the file is larger than %d MB: make two files of it"), ZG_PRODUCT_FILE_MAX / 1048576);
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
	return file->fault_count;
}

const struct zg_product_fault *zg_product_file_faults(const struct zg_product_file *file)
{
	return file->faults;
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

/* ---- writing ---- */

void zg_product_file_write_header(struct zg_buffer *out)
{
	for (size_t i = 0; i < ZG_COLUMNS; i++)
		zg_csv_add(out, columns[i].name);
	zg_csv_end(out);
}

void zg_product_file_write(struct zg_buffer *out, const struct zg_item *item, const char *barcodes)
{
	char text[ZG_AMOUNT_TEXT];

	zg_csv_add(out, item->code);
	zg_csv_add(out, barcodes);
	zg_csv_add(out, item->name);
	zg_csv_add(out, item->unit);
	zg_csv_add(out, zg_fen_format(text, item->price_fen));
	zg_csv_add(out, zg_bp_format(text, item->tax_bp));
	zg_csv_add(out, item->tax_code);
	zg_csv_add(out, zg_item_kind_name(item->kind));
	zg_csv_add(out, item->initials);
	zg_csv_add(out, item->category);
	zg_csv_add(out, item->active ? "yes" : "no");
	zg_csv_end(out);
}

void zg_item_make_initials(char initials[ZG_ITEM_INITIALS_MAX + 1], const char *name)
{
	zg_pinyin_initials(name, initials, ZG_ITEM_INITIALS_MAX + 1);
	for (; *initials; initials++)
		if (*initials >= 'A' && *initials <= 'Z')
			*initials = (char)(*initials - 'A' + 'a');
}

const char *zg_barcodes_next(const char *list, char code[ZG_CODE_MAX + 1])
{
	size_t length = strcspn(list, "|"), kept = length <= ZG_CODE_MAX ? length : ZG_CODE_MAX;

	memcpy(code, list, kept);
	code[kept] = '\0';
	return list[length] ? list + length + 1 : NULL;
}
