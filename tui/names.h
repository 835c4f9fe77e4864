/* Words for what the books keep as codes: a login's person, a slip's kind, a difference in the drawer. */
#ifndef ZG_TUI_NAMES_H
#define ZG_TUI_NAMES_H

#include "src/base/money.h"
#include "src/base/text.h"
#include "tui/theme.h"

#include <stddef.h>

struct zg_till;

/* The person's name, or the login itself when nobody has it any more. Returns name. */
const char *zg_names_person(const struct zg_till *till, const char *login, char name[ZG_NAME_MAX + 1]);
/* What a print job's kind is called, translated. */
const char *zg_names_slip(const char *kind);
/* "The drawer is right to the fen.", "3.50 too much in the drawer.", "3.50 missing from the drawer.": returns text; *ink (or NULL) gets its ink. */
const char *zg_names_difference(char *text, size_t size, zg_fen over, enum zg_ink *ink);
#endif
