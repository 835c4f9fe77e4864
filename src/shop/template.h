/*
 * Templates of slips: plain text files that a shop may edit, data/receipts/<kind>.<language>.txt.
 *
 * Each line of a template is a line of the slip. The same file serves every width of paper.
 *
 *     # comment            a line that starts with # is not printed
 *     (an empty line)      an empty row
 *     ---   ===            a rule over the full width
 *     {centre} {right}     at the start of a line: its alignment; left when none is given
 *     {bold} {inverse}     at the start of a line: its look
 *     {wide} {tall} {big}  at the start of a line: double width, double height, both
 *     left|right           the right part stands at the right edge; the left part wraps beside it
 *     a|b|c                up to 4 parts: the first at the left, the others in equal columns at the right
 *     {field}              a value of the slip's document: {total_fen}, {shop.name}
 *     {field:format}       formats: text money yuan minus quantity rate time date hour number
 *     {{ and {|}           a brace and a bar
 *
 * These stand on a line of their own:
 *
 *     {each lines} ... {end}              once for every member of a list; its fields come first, then the outer ones
 *     {if field} ... {else} ... {end}     when the field is there and is not 0, "", false or empty
 *     {if not field}   {if field > 0}   {if field < 0}   {if field = word}   {if field != word}
 *     {barcode field}  {qr field}         a CODE128 barcode, a QR code; nothing when the field is empty
 *     {feed 3}  {cut}                     empty lines; the cutter
 *
 * Without a format the end of the field's name chooses one: _fen money, _milli quantity, _bp rate,
 * _ms time, else text. money "12.50"; yuan "￥12.50"; minus is money with its sign turned.
 * A field that a document does not carry prints as nothing: a slip is never held back by one.
 */
#ifndef ZG_SHOP_TEMPLATE_H
#define ZG_SHOP_TEMPLATE_H

#include "src/base/result.h"
#include "src/shop/paper.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define ZG_TEMPLATE_SIZE  65536    /* bytes of a template file */
#define ZG_TEMPLATE_DEPTH 8        /* blocks within blocks */
#define ZG_TEMPLATE_FIELD 64       /* bytes of a field's path */

struct zg_template;

/*
 * Reads a template; `name` is what messages call it. The caller frees *out.
 * ZG_INVALID: err names the line, what is wrong there and what to write instead; *out is NULL.
 */
enum zg_result zg_template_parse(const char *text, size_t length, const char *name, struct zg_template **out,
				 struct zg_error *err);
void zg_template_free(struct zg_template *parsed);

/*
 * Lays the document out, adding rows to paper, whose columns are set.
 * ZG_INVALID: the slip would pass ZG_PAPER_ROWS_MAX; rows may have been added.
 */
enum zg_result zg_template_layout(const struct zg_template *parsed, const json_t *document, struct zg_gbk *gbk,
				  struct zg_paper *paper, struct zg_error *err);

/*
 * True when every field that the template names is in the sample document (lists have a
 * member there). Else ZG_INVALID, and err names the line and the field: for checking a shop's own file.
 */
enum zg_result zg_template_check(const struct zg_template *parsed, const json_t *sample, struct zg_error *err);
#endif
