/*
 * The slips that a shop prints, and the documents they are printed from.
 *
 * A document is the JSON that a print job keeps: everything on the slip, so that a reprint is
 * the same years later. Amounts are whole fen, quantities thousandths, rates basis points,
 * instants Unix milliseconds. Every field below is there; what does not apply is "", 0, false or [].
 *
 * On every document:
 *   shop { name address phone tax_number }  till  cashier  at_ms  training (bool)
 *   copy (bool)  copies (which reprint this is, from 1)
 *
 * sale:
 *   number  anchor (8 hex digits)  items (count of lines)
 *   lines [{ name unit quantity_milli price_fen discount_fen amount_fen }]
 *       discount_fen: the line's own, above zero when money is taken off; amount_fen: price × quantity less that
 *   subtotal_fen (sum of amount_fen)  discount_fen (of the whole sale, above zero)  rounding_fen (taken off, above zero)
 *   total_fen  tenders [{ kind label tendered_fen kept_fen }]  change_fen
 *   taxes [{ rate_bp net_fen tax_fen }]  invoiceable_fen
 * refund: as sale, with amounts above zero being what goes back (kept_fen: paid back by that tender; rounding_fen: below zero when
 *   what was rounded off earlier refunds of the sale goes back too), and
 *   origin (number of the sale)  reason  approver
 * z and x: of a shift or, on z, of a day
 *   number (Z number; 0 on x and on a day)  day "2026-11-23"  shift (0 on a day)  opened_ms  closed_ms  anchor
 *   first_number  last_number (of the receipts)
 *   sales_count  sales_fen  refunds_count  refunds_fen
 *   gross_fen (before any discount)  discounts_count  discount_fen  rounding_fen (of sales)  takings_fen (sales less refunds)
 *   refund_rounding_fen (taken off refunds; may be below zero)  rounding_total_fen (of sales, less of refunds)
 *   tenders [{ kind label count in_fen out_fen net_fen }]
 *   taxes [{ rate_bp net_fen tax_fen }]  invoiceable_fen
 *   voids_count  voids_fen  removed_count  removed_fen  overrides_count  no_sale_count  reprints_count
 *   hung_count  hung_fen (sales set aside and not paid when it was made)
 *   cash { counted (bool) float_fen sales_fen refunds_fen in_fen out_fen expected_fen counted_fen difference_fen }
 *   blind (bool: the cashier has still to count, so the cash is not printed)
 *   denominations [{ value_fen count amount_fen }]
 *   open [{ number label amount_fen }]  (payments that are not final yet)
 *   shifts [{ number shift cashier takings_fen difference_fen }]  (only on the Z of a day: the Zs it sums)
 *   open_shifts (of the day, which have no Z yet and are not in the sum)
 * transactions: the day's list, for checking: every one in the order of the journal, then what they come to
 *   day  count  rows [{ kind ("float", "sale", "refund", "void", "in", "out", "drawer")  number (of the receipt; of cash in or out the
 *   movement's; "" of others)  at_ms cashier approver (who lent the right) reason origin (of a refund: the sale's number) shift
 *   label (tenders)  total_fen (below zero: went out; of a void what it came to, not counted)  discount_fen }]
 *   as z: sales_… refunds_… gross_fen discounts_count discount_fen rounding_fen refund_rounding_fen rounding_total_fen takings_fen
 *   tenders taxes invoiceable_fen voids_… removed_… no_sale_count, and cash_in_count cash_in_fen cash_out_count cash_out_fen
 * cash: money put in or taken out
 *   direction ("in", "out")  amount_fen  reason  number (of the movement)  shift  approver  anchor
 * test: the test page
 *   columns  printer (profile)  link  qr_text  number (for the barcode)
 * code: a code of ours to pay by, shown on paper
 *   wallet (its title)  amount_fen  url (what the code says)  expires_ms  number (of the payment)
 */
#ifndef ZG_SHOP_RECEIPT_H
#define ZG_SHOP_RECEIPT_H

#include "src/base/result.h"
#include "src/shop/paper.h"

#include <jansson.h>
#include <stddef.h>

enum zg_slip {
	ZG_SLIP_SALE, ZG_SLIP_REFUND, ZG_SLIP_Z, ZG_SLIP_X, ZG_SLIP_TRANSACTIONS, ZG_SLIP_CASH, ZG_SLIP_TEST, ZG_SLIP_CODE,
	ZG_SLIPS
};

/* "sale", "refund", "z", "x", "transactions", "cash", "test", "code": names the template files and the jobs. */
const char *zg_slip_name(enum zg_slip slip);
/* False: no slip has that name. */
bool zg_slip_find(const char *name, enum zg_slip *slip);

/* A made-up document with every field: for previews, the check of a shop's own template, and tests. The caller lets it go. */
json_t *zg_slip_sample(enum zg_slip slip);

/* Template text and document to a grid of `columns`; out is initialised here, and the caller clears it, after a failure too. */
enum zg_result zg_receipt_layout(const char *text, size_t length, const char *name, const json_t *document, int columns,
				 struct zg_gbk *gbk, struct zg_paper *out, struct zg_error *err);
/* Whether a template can print a kind of slip: it parses, knows all its fields, and says something. ZG_INVALID with line and cure. */
enum zg_result zg_receipt_check(enum zg_slip slip, const char *text, size_t length, const char *name,
				struct zg_error *err);
#endif
