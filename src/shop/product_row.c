#include "src/shop/product_row.h"

#include "src/base/i18n.h"
#include "src/shop/barcode.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct zg_product_column_rule zg_product_columns[ZG_COLUMNS] = {
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

bool zg_product_fault(struct zg_product_faults *faults, size_t line, size_t column, const char *format, ...)
{
	char text[512];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	if (faults->count < ZG_PRODUCT_FAULTS) {
		struct zg_product_fault *fault = &faults->first[faults->count];

		fault->line = line;
		fault->column = column;
		zg_text_clean(fault->text, sizeof(fault->text), text, strlen(text));
	}
	faults->count++;
	return false;
}

size_t zg_product_cell_column(const struct zg_csv_cell *cell, size_t byte)
{
	size_t column = cell->column + (cell->is_quoted ? 1 : 0);

	for (size_t i = 0; i < byte; i++) {
		column += ((unsigned char)cell->text[i] & 0xC0) != 0x80;
		column += cell->is_quoted && cell->text[i] == '"';    /* it was written twice */
	}
	return column;
}

static bool fits(struct zg_product_faults *faults, const struct zg_csv_cell *cell, const struct zg_product_column_rule *column)
{
	size_t at;
	const char *why;

	if (!zg_text_is_clean(cell->text, cell->length, &at, &why))
		return zg_product_fault(faults, cell->line, zg_product_cell_column(cell, at),
			_("the %s has %s: take it out"), column->name, _(why));
	if (cell->length > column->most)
		return zg_product_fault(faults, cell->line, cell->column,
			_("the %s is longer than %zu bytes: shorten it"), column->name, column->most);
	return true;
}

static bool read_code(struct zg_product_faults *faults, const struct zg_csv_cell *cell, struct zg_item *item)
{
	memcpy(item->code, cell->text, cell->length + 1);
	if (zg_barcode_is_goods(cell->text))
		return true;
	return zg_product_fault(faults, cell->line, cell->column,
		cell->length == 0 ? _("the code is empty: give the item one") :
		_("this cannot be a code: use letters, digits and - . _ / + $ %% #, and not the form of a receipt or a payment code"));
}

static bool read_barcode(struct zg_product_faults *faults, const struct zg_csv_cell *cell, size_t start, size_t length,
			 struct zg_product_row *row)
{
	char text[ZG_CODE_MAX + 1] = "";
	size_t column = zg_product_cell_column(cell, start);

	if (row->count == ZG_PRODUCT_BARCODES)
		return zg_product_fault(faults, cell->line, column,
			_("more than %d barcodes: make two items of it"), ZG_PRODUCT_BARCODES);
	if (length <= ZG_CODE_MAX)
		memcpy(text, cell->text + start, length);
	if (!zg_barcode_is_goods(text))
		return zg_product_fault(faults, cell->line, column,
			length == 0 ? _("there is no barcode between two signs '|': take one out") :
			_("this cannot be a barcode: use letters, digits and - . _ / + $ %% #, and not the form of a receipt or a payment code"));
	char normal[ZG_CODE_MAX + 1], other[ZG_CODE_MAX + 1];
	size_t used = strlen(row->barcodes);

	zg_barcode_normal(normal, text);
	for (const char *list = row->barcodes; list && used;) {
		list = zg_barcodes_next(list, other);
		if (strcmp(other, normal) == 0)
			return zg_product_fault(faults, cell->line, column,
				_("this item has the barcode %s twice: take one out"), text);
	}
	snprintf(row->barcodes + used, sizeof(row->barcodes) - used, "%s%s", used ? "|" : "", normal);
	row->starts[row->count++] = column;
	return true;
}

static bool read_barcodes(struct zg_product_faults *faults, const struct zg_csv_cell *cell, struct zg_product_row *row)
{
	bool good = true;

	if (cell->length == 0)
		return true;
	for (size_t start = 0, length; start <= cell->length && good; start += length + 1) {
		length = strcspn(cell->text + start, "|");
		good = read_barcode(faults, cell, start, length, row);
	}
	return good;
}

static bool read_name(struct zg_product_faults *faults, const struct zg_csv_cell *cell, struct zg_item *item)
{
	memcpy(item->name, cell->text, cell->length + 1);
	return cell->text[strspn(cell->text, " ")] != '\0' ||
	       zg_product_fault(faults, cell->line, cell->column, _("the name is empty: give the item one"));
}

/* The price depends on the kind, which may come later in the line: an empty one is looked at when the line is whole. */
static bool read_price(struct zg_product_faults *faults, const struct zg_csv_cell *cell, struct zg_item *item)
{
	if (cell->length == 0)
		return true;
	return (zg_fen_parse(cell->text, &item->price_fen) && cell->text[0] != '-' && cell->text[0] != '+' &&
		item->price_fen <= ZG_ITEM_PRICE_MAX) ||
	       zg_product_fault(faults, cell->line, cell->column,
			_("\"%s\" is not a price: write yuan as 3.50, at most 9999999.99"), cell->text);
}

/* A spreadsheet's 0.13 is 13 %, and would become 0.13 %: below one, the sign must say what is meant. */
static bool is_clear_rate(const char *text, zg_bp rate)
{
	return rate == 0 || rate >= 100 || text[strlen(text) - 1] == '%';
}

static bool read_tax_rate(struct zg_product_faults *faults, const struct zg_csv_cell *cell, struct zg_item *item)
{
	return (zg_bp_parse(cell->text, &item->tax_bp) && is_clear_rate(cell->text, item->tax_bp)) ||
	       zg_product_fault(faults, cell->line, cell->column,
			_("\"%s\" is not a tax rate: write it as 13%%"), cell->text);
}

static bool read_tax_code(struct zg_product_faults *faults, const struct zg_csv_cell *cell, struct zg_item *item)
{
	memcpy(item->tax_code, cell->text, cell->length + 1);
	return cell->text[strspn(cell->text, "0123456789")] == '\0' ||
	       zg_product_fault(faults, cell->line, cell->column,
			_("the tax code is not a number: correct it, or leave it empty"));
}

static bool read_kind(struct zg_product_faults *faults, const struct zg_csv_cell *cell, struct zg_item *item)
{
	return zg_item_kind_parse(cell->text, &item->kind) ||
	       zg_product_fault(faults, cell->line, cell->column,
			_("\"%s\" is not a kind: write piece, weighed or open-price"), cell->text);
}

static bool read_initials(struct zg_product_faults *faults, const struct zg_csv_cell *cell, struct zg_item *item)
{
	memcpy(item->initials, cell->text, cell->length + 1);
	return cell->text[strspn(cell->text, "abcdefghijklmnopqrstuvwxyz0123456789")] == '\0' ||
	       zg_product_fault(faults, cell->line, cell->column,
			_("initials are small letters and digits: correct them, or leave them empty"));
}

static bool read_active(struct zg_product_faults *faults, const struct zg_csv_cell *cell, struct zg_item *item)
{
	item->active = strcmp(cell->text, "no") != 0;
	return !item->active || strcmp(cell->text, "yes") == 0 ||
	       zg_product_fault(faults, cell->line, cell->column, _("\"%s\" is neither yes nor no"), cell->text);
}

bool zg_product_cell_read(struct zg_product_faults *faults, enum zg_product_column column, const struct zg_csv_cell *cell,
			  struct zg_product_row *row)
{
	struct zg_item *item = &row->item;

	if (!fits(faults, cell, &zg_product_columns[column]))
		return false;
	switch (column) {
	case ZG_COLUMN_CODE:     return read_code(faults, cell, item);
	case ZG_COLUMN_BARCODES: return read_barcodes(faults, cell, row);
	case ZG_COLUMN_NAME:     return read_name(faults, cell, item);
	case ZG_COLUMN_UNIT:     memcpy(item->unit, cell->text, cell->length + 1); return true;
	case ZG_COLUMN_PRICE:    return read_price(faults, cell, item);
	case ZG_COLUMN_TAX_RATE: return read_tax_rate(faults, cell, item);
	case ZG_COLUMN_TAX_CODE: return read_tax_code(faults, cell, item);
	case ZG_COLUMN_KIND:     return read_kind(faults, cell, item);
	case ZG_COLUMN_INITIALS: return read_initials(faults, cell, item);
	case ZG_COLUMN_CATEGORY: memcpy(item->category, cell->text, cell->length + 1); return true;
	case ZG_COLUMN_ACTIVE:   return read_active(faults, cell, item);
	case ZG_COLUMNS:         break;
	}
	return true;
}
