#include "src/shop/product_file.h"

void zg_product_file_write_header(struct zg_buffer *out)
{
	for (size_t i = 0; i < ZG_COLUMNS; i++)
		zg_csv_add(out, zg_product_columns[i].name);
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
