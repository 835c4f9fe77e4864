/*
 * Files that come with the program and that a shop may replace: printer profiles and slip templates.
 *
 * They are looked for in a list of directories, the shop's own first. Each directory has printers/
 * and receipts/ in it. A file of the shop that has a fault never stops a slip: the next directory's is used.
 */
#ifndef ZG_IO_DATA_H
#define ZG_IO_DATA_H

#include "src/base/buffer.h"
#include "src/base/result.h"
#include "src/io/printer.h"
#include "src/shop/receipt.h"

#include <stddef.h>

/* $ZHANGGUI_DATA, or where the program was installed. Borrowed. */
const char *zg_data_directory(void);

/*
 * Reads the template of a slip: receipts/<kind>.<language>.txt, "zh_CN" counting as "zh". The language comes before
 * the directory: the shop's in that language, ours in it, and only without either the shop's English one, then ours.
 * ZG_OK with err->text not empty: a file of an earlier directory has a fault, which err tells, and was passed over.
 * ZG_NOT_FOUND: no directory has a good one.
 */
enum zg_result zg_data_template(const char *const *directories, size_t count, enum zg_slip slip, const char *language,
				struct zg_buffer *out, struct zg_error *err);

/*
 * Reads printers/<name>.ini. ZG_NOT_FOUND: there is none; err lists the names that there are.
 * ZG_USAGE: it has a fault; err says file, line and cure. profile is then not to be used.
 */
enum zg_result zg_data_profile(const char *const *directories, size_t count, const char *name,
			       struct zg_printer_profile *profile, struct zg_error *err);

/* Names of all profiles, sorted, one a line; for the set-up screen and messages. */
void zg_data_profiles(const char *const *directories, size_t count, struct zg_buffer *out);
#endif
