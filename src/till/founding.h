/* A shop's first day: its directory, settings, keys, books and first admin. */
#ifndef ZG_TILL_FOUNDING_H
#define ZG_TILL_FOUNDING_H

#include "src/base/clock.h"
#include "src/base/result.h"

struct zg_founding {
	const char *home;        /* made 0700, parents too */
	const char *name;        /* of the shop */
	const char *language;    /* "zh_CN", "en"; "" follows the locale */
	const char *admin;       /* login of the first admin */
	const char *admin_name;  /* NULL: the login */
	const char *pin;
};

/*
 * Makes the shop. ZG_INVALID: there is one already, or a name, login or PIN cannot be; nothing was changed.
 * ZG_BROKEN: the directory cannot be made or written. A founding that was cut off can be made again.
 */
enum zg_result zg_shop_found(const struct zg_founding *founding, const struct zg_clock *clock, struct zg_error *err);
#endif
