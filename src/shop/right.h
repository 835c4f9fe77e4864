/*
 * Who may do what: three roles, and named rights in one table. Every act names the right it needs.
 * A supervisor can lend one right for one act; the lender must have it.
 */
#ifndef ZG_SHOP_RIGHT_H
#define ZG_SHOP_RIGHT_H

#include <stdbool.h>

enum zg_role { ZG_ROLE_CASHIER, ZG_ROLE_SUPERVISOR, ZG_ROLE_ADMIN };
#define ZG_ROLES 3

enum zg_right {
	ZG_RIGHT_NONE,           /* no right needed: everybody has it */
	ZG_RIGHT_SELL,           /* ring up, hang, take, settle, remove lines */
	ZG_RIGHT_DISCOUNT,       /* discount of a line */
	ZG_RIGHT_SALE_DISCOUNT,  /* discount of the whole sale */
	ZG_RIGHT_PRICE,          /* another price than the list's */
	ZG_RIGHT_VOID,           /* cancel a whole sale under way */
	ZG_RIGHT_REFUND,
	ZG_RIGHT_DRAWER,         /* open it without a sale */
	ZG_RIGHT_CASH_MOVE,      /* cash in and out */
	ZG_RIGHT_SHIFT,          /* open, count and close one's shift */
	ZG_RIGHT_REPORT_X,       /* figures so far */
	ZG_RIGHT_REPORT_Z,       /* Z reports, days, all shifts; closing another's shift */
	ZG_RIGHT_REPRINT,
	ZG_RIGHT_UNLOCK,         /* unlock a till that another locked */
	ZG_RIGHT_LEND,           /* lend a right for one act */
	ZG_RIGHT_PRODUCTS,
	ZG_RIGHT_USERS,
	ZG_RIGHT_SETTINGS,
};
#define ZG_RIGHTS 18

bool zg_role_has(enum zg_role role, enum zg_right right);

/* "cashier", "supervisor", "admin": the word in the store and in commands. Never NULL. */
const char *zg_role_name(enum zg_role role);
bool zg_role_parse(const char *name, enum zg_role *role);
/* For people, a msgid: _() it when shown. */
const char *zg_role_title(enum zg_role role);

/* "sell", "cash-move", …; "none" for ZG_RIGHT_NONE. Never NULL. */
const char *zg_right_name(enum zg_right right);
bool zg_right_parse(const char *name, enum zg_right *right);
const char *zg_right_title(enum zg_right right);    /* msgid */
#endif
