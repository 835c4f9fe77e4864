/*
 * One setting of zhanggui.conf: where it stands, what may stand there, and the member of struct zg_config that it fills.
 * For config.c alone, which reads and writes the file.
 */
#ifndef ZG_TILL_SETTING_H
#define ZG_TILL_SETTING_H

#include "src/till/config.h"

#include <stddef.h>

struct zg_setting {
	const char *section, *key;
	/* Takes a value; false, with nothing changed: it cannot be. */
	bool (*take)(struct zg_config *config, const struct zg_setting *setting, const char *value);
	size_t offset;         /* of the member in struct zg_config */
	long least, most;      /* texts: bytes, numbers: range */
	const char *cure;      /* msgid: what may stand there */
};

/* NULL when there is none of that name; err names those that there are. section "": the file has no heading before it. */
const struct zg_setting *zg_setting_find(const char *section, const char *key, struct zg_error *err);
/* ZG_USAGE with the cure, and nothing changed: the value cannot be. */
enum zg_result zg_setting_take(const struct zg_setting *setting, struct zg_config *config, const char *value, struct zg_error *err);

/* Takes a text of least to most bytes: for tables of settings elsewhere. */
bool zg_setting_take_text(struct zg_config *config, const struct zg_setting *setting, const char *value);
/* Those of [pay...]; a NULL section ends them. */
extern const struct zg_setting zg_pay_settings[];
/* Reads a route; "" is one. False: a word of it is not WALLET=CHANNEL. to may be NULL; of each wallet: its channel, or -1 for the usual one. */
bool zg_pay_route_parse(const char *text, int to[ZG_WALLETS]);
#endif
