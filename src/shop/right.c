#include "src/shop/right.h"

#include "src/base/i18n.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *name;
	const char *title;
} roles[ZG_ROLES] = {
	[ZG_ROLE_CASHIER]    = { "cashier",    N_("Cashier")    },
	[ZG_ROLE_SUPERVISOR] = { "supervisor", N_("Supervisor") },
	[ZG_ROLE_ADMIN]      = { "admin",      N_("Admin")      },
};

/* Each role has all that the role before it has: the table names the first one that has the right. */
static const struct {
	const char *name;
	const char *title;
	enum zg_role from;
} rights[ZG_RIGHTS] = {
	[ZG_RIGHT_NONE]          = { "none",          N_("No right needed"),           ZG_ROLE_CASHIER    },
	[ZG_RIGHT_SELL]          = { "sell",          N_("Sell"),                      ZG_ROLE_CASHIER    },
	[ZG_RIGHT_DISCOUNT]      = { "discount",      N_("Discount a line"),           ZG_ROLE_CASHIER    },
	[ZG_RIGHT_SALE_DISCOUNT] = { "sale-discount", N_("Discount the whole sale"),   ZG_ROLE_SUPERVISOR },
	[ZG_RIGHT_PRICE]         = { "price",         N_("Change a price"),            ZG_ROLE_SUPERVISOR },
	[ZG_RIGHT_VOID]          = { "void",          N_("Cancel a whole sale"),       ZG_ROLE_SUPERVISOR },
	[ZG_RIGHT_REFUND]        = { "refund",        N_("Refund"),                    ZG_ROLE_SUPERVISOR },
	[ZG_RIGHT_DRAWER]        = { "drawer",        N_("Open the drawer without a sale"), ZG_ROLE_SUPERVISOR },
	[ZG_RIGHT_CASH_MOVE]     = { "cash-move",     N_("Cash in and out"),           ZG_ROLE_CASHIER    },
	[ZG_RIGHT_SHIFT]         = { "shift",         N_("Open and close a shift"),    ZG_ROLE_CASHIER    },
	[ZG_RIGHT_REPORT_X]      = { "report",        N_("Print an X report"),         ZG_ROLE_CASHIER    },
	[ZG_RIGHT_REPORT_Z]      = { "report-z",      N_("See Z reports and all shifts"), ZG_ROLE_SUPERVISOR },
	[ZG_RIGHT_REPRINT]       = { "reprint",       N_("Print a receipt again"),     ZG_ROLE_CASHIER    },
	[ZG_RIGHT_UNLOCK]        = { "unlock",        N_("Unlock another's till"),     ZG_ROLE_SUPERVISOR },
	[ZG_RIGHT_LEND]          = { "lend",          N_("Lend a right for one act"),  ZG_ROLE_SUPERVISOR },
	[ZG_RIGHT_PRODUCTS]      = { "products",      N_("Change the product list"),   ZG_ROLE_ADMIN      },
	[ZG_RIGHT_USERS]         = { "users",         N_("Change the people"),         ZG_ROLE_ADMIN      },
	[ZG_RIGHT_SETTINGS]      = { "settings",      N_("Change the settings"),       ZG_ROLE_ADMIN      },
};

bool zg_role_has(enum zg_role role, enum zg_right right)
{
	/* What nobody knows is nobody's right. */
	return (unsigned)role < ZG_ROLES && (unsigned)right < ZG_RIGHTS && role >= rights[right].from;
}

const char *zg_role_name(enum zg_role role)
{
	return (unsigned)role < ZG_ROLES ? roles[role].name : "?";
}

bool zg_role_parse(const char *name, enum zg_role *role)
{
	for (size_t i = 0; i < ZG_ROLES; i++)
		if (strcmp(roles[i].name, name) == 0) {
			*role = (enum zg_role)i;
			return true;
		}
	return false;
}

const char *zg_role_title(enum zg_role role)
{
	return (unsigned)role < ZG_ROLES ? roles[role].title : "?";
}

const char *zg_right_name(enum zg_right right)
{
	return (unsigned)right < ZG_RIGHTS ? rights[right].name : "?";
}

bool zg_right_parse(const char *name, enum zg_right *right)
{
	for (size_t i = 0; i < ZG_RIGHTS; i++)
		if (strcmp(rights[i].name, name) == 0) {
			*right = (enum zg_right)i;
			return true;
		}
	return false;
}

const char *zg_right_title(enum zg_right right)
{
	return (unsigned)right < ZG_RIGHTS ? rights[right].title : "?";
}
