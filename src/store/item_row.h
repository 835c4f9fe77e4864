/* How the files of src/store read goods. For src/store alone. */
#ifndef ZG_STORE_ITEM_ROW_H
#define ZG_STORE_ITEM_ROW_H

#include "src/shop/item.h"
#include "src/store/query.h"

/* Columns of `item AS i`, in the order that zg_item_read reads them; the barcodes come last. */
#define ZG_ITEM_COLUMNS \
	"i.id, i.code, i.name, i.unit, i.price_fen, i.tax_bp, i.tax_code, i.kind, i.initials, i.category, i.is_active, i.barcodes"
#define ZG_ITEM_BARCODES 11    /* their column */
/* The number of the import that is shown; evaluated once in a statement. */
#define ZG_ITEM_LIVE "(SELECT max(id) FROM import WHERE state = 'live')"
#define ZG_ITEM_SHOWN \
	"i.from_import <= " ZG_ITEM_LIVE " AND (i.until_import IS NULL OR i.until_import > " ZG_ITEM_LIVE ")"
/* Binds :all: whether goods that are not sold are wanted too. */
#define ZG_ITEM_WANTED ZG_ITEM_SHOWN " AND (:all OR i.is_active)"

/* The row just stepped to. */
void zg_item_read(struct zg_query *query, struct zg_item *item);
#endif
