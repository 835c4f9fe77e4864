#include "src/shop/right.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

/* Written out once more, right by right: a slip in the table must not give the cashier the drawer. */
static const struct {
	const char *name;
	enum zg_right right;
	bool cashier, supervisor, admin;
} table[] = {
	{ "none",          ZG_RIGHT_NONE,          true,  true,  true },
	{ "sell",          ZG_RIGHT_SELL,          true,  true,  true },
	{ "discount",      ZG_RIGHT_DISCOUNT,      true,  true,  true },
	{ "sale-discount", ZG_RIGHT_SALE_DISCOUNT, false, true,  true },
	{ "price",         ZG_RIGHT_PRICE,         false, true,  true },
	{ "void",          ZG_RIGHT_VOID,          false, true,  true },
	{ "refund",        ZG_RIGHT_REFUND,        false, true,  true },
	{ "drawer",        ZG_RIGHT_DRAWER,        false, true,  true },
	{ "cash-move",     ZG_RIGHT_CASH_MOVE,     true,  true,  true },
	{ "shift",         ZG_RIGHT_SHIFT,         true,  true,  true },
	{ "report",        ZG_RIGHT_REPORT_X,      true,  true,  true },
	{ "report-z",      ZG_RIGHT_REPORT_Z,      false, true,  true },
	{ "reprint",       ZG_RIGHT_REPRINT,       true,  true,  true },
	{ "unlock",        ZG_RIGHT_UNLOCK,        false, true,  true },
	{ "lend",          ZG_RIGHT_LEND,          false, true,  true },
	{ "products",      ZG_RIGHT_PRODUCTS,      false, false, true },
	{ "users",         ZG_RIGHT_USERS,         false, false, true },
	{ "settings",      ZG_RIGHT_SETTINGS,      false, false, true },
};

Test(right, every_role_has_what_its_work_needs_and_no_more)
{
	cr_assert(eq(int, sizeof(table) / sizeof(table[0]), ZG_RIGHTS));
	for (size_t i = 0; i < ZG_RIGHTS; i++) {
		cr_expect(eq(int, zg_role_has(ZG_ROLE_CASHIER, table[i].right), table[i].cashier), "%s", table[i].name);
		cr_expect(eq(int, zg_role_has(ZG_ROLE_SUPERVISOR, table[i].right), table[i].supervisor), "%s", table[i].name);
		cr_expect(eq(int, zg_role_has(ZG_ROLE_ADMIN, table[i].right), table[i].admin), "%s", table[i].name);
	}
}

Test(right, every_right_reads_back_by_name_and_has_a_title)
{
	for (size_t i = 0; i < ZG_RIGHTS; i++) {
		enum zg_right right = (enum zg_right)99;

		cr_expect(eq(str, (char *)zg_right_name(table[i].right), (char *)table[i].name));
		cr_expect(zg_right_parse(table[i].name, &right));
		cr_expect(eq(int, right, table[i].right));
		cr_expect(gt(sz, strlen(zg_right_title(right)), 3));
	}
}

Test(right, what_nobody_knows_is_nobodys_right)
{
	enum zg_right right = ZG_RIGHT_SELL;
	enum zg_role role = ZG_ROLE_CASHIER;

	cr_expect(not(zg_role_has(ZG_ROLE_ADMIN, (enum zg_right)ZG_RIGHTS)));
	cr_expect(not(zg_role_has((enum zg_role)ZG_ROLES, ZG_RIGHT_SELL)));
	cr_expect(not(zg_role_has((enum zg_role)-1, ZG_RIGHT_NONE)));
	cr_expect(not(zg_right_parse("everything", &right)));
	cr_expect(not(zg_role_parse("Admin", &role)));
	cr_expect(eq(int, right, ZG_RIGHT_SELL));
	cr_expect(eq(int, role, ZG_ROLE_CASHIER));
	cr_expect(eq(str, (char *)zg_right_name((enum zg_right)77), "?"));
	cr_expect(eq(str, (char *)zg_role_name((enum zg_role)77), "?"));
	cr_expect(eq(str, (char *)zg_role_title((enum zg_role)77), "?"));
	cr_expect(eq(str, (char *)zg_right_title((enum zg_right)77), "?"));
}

Test(right, roles_read_back_by_name)
{
	static const char *const names[] = { "cashier", "supervisor", "admin" };

	for (int i = 0; i < ZG_ROLES; i++) {
		enum zg_role role = (enum zg_role)9;

		cr_expect(eq(str, (char *)zg_role_name((enum zg_role)i), (char *)names[i]));
		cr_expect(zg_role_parse(names[i], &role));
		cr_expect(eq(int, role, i));
		cr_expect(gt(sz, strlen(zg_role_title(role)), 3));
	}
}
