/* What each act says no to: a table of acts, arguments, who asks, how it ends, and a word of the sentence. */
#include "src/base/alloc.h"
#include "tests/unit/whole.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct refusal {
	const char *who, *act, *args;
	enum zg_result result;
	const char *word;
};

TestSuite(refusals, .init = whole_begin, .fini = whole_end, .timeout = 120);

static void be(const char *who)
{
	if (!zg_till_person(shop->till) || strcmp(zg_till_person(shop->till)->login, who) != 0)
		cr_assert(eq(int, shop_sign_in(shop, who), ZG_OK), "%s", shop->err.text);
}

static enum zg_result call(const char *who, const char *act, const char *args)
{
	json_t *object = zg_json_parse(args, strlen(args));

	cr_assert(ne(ptr, object, NULL), "%s", args);
	be(who);
	return shop_do(shop, act, "o", object);
}

/* Each leaves the books as they were, but for who signed in, and the screen too. */
static void refuse(const struct refusal *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct refusal *r = &rows[i];

		be(r->who);
		whole_settle();
		uint64_t before = whole_books();
		char *shown = whole_screen(), *now;

		cr_expect(eq(int, call(r->who, r->act, r->args), r->result), "%s %s: %s", r->act, r->args, shop->err.text);
		cr_expect(ne(ptr, strstr(shop->err.text, r->word), NULL), "%s %s: %s", r->act, r->args, shop->err.text);
		cr_expect(eq(u64, whole_books(), before), "%s %s", r->act, r->args);
		now = whole_screen();
		cr_expect(eq(str, now, shown), "%s %s", r->act, r->args);
		free(now);
		free(shown);
	}
}

#define REFUSE(rows) refuse(rows, sizeof(rows) / sizeof((rows)[0]))

#define TEN "0123456789"
#define LONG TEN TEN TEN TEN TEN TEN TEN

Test(refusals, arguments_of_the_wrong_kind_or_size)
{
	static const struct refusal rows[] = {
		{ "boss", "sale.add", "{\"code\": 1001}", ZG_USAGE, "\"code\" is of the wrong kind" },
		{ "boss", "sale.add", "{\"code\": true}", ZG_USAGE, "\"code\" is of the wrong kind" },
		{ "boss", "sale.add", "{\"code\": [\"1001\"]}", ZG_USAGE, "\"code\" is of the wrong kind" },
		{ "boss", "sale.add", "{\"code\": \"1001\", \"quantity_milli\": \"1\"}", ZG_USAGE, "\"quantity_milli\" is of the wrong kind" },
		{ "boss", "sale.add", "{\"code\": \"1001\", \"quantity_milli\": 1.5}", ZG_USAGE, "\"quantity_milli\" is of the wrong kind" },
		{ "boss", "sale.add", "{\"code\": \"1001\", \"colour\": 1}", ZG_USAGE, "\"colour\" is not known to sale.add" },
		{ "boss", "sale.add", "{\"code\": 1001, \"colour\": 1}", ZG_USAGE, "wrong kind" },
		{ "boss", "sale.add", "{\"code\": \"" LONG "\"}", ZG_INVALID, "64 bytes at most" },
		{ "boss", "sale.add", "{\"code\": \"10\\u000701\"}", ZG_INVALID, "Type it again without it" },
		{ "boss", "sale.add", "{\"code\": \"1001\", \"quantity_milli\": 9000000000000000}", ZG_INVALID, "no quantity" },
		{ "boss", "sale.add", "{\"code\": \"1001\", \"price_fen\": -1}", ZG_INVALID, "An amount from 0.00" },
		{ "boss", "sale.quantity", "{\"line\": 1}", ZG_USAGE, "\"quantity_milli\" is missing" },
		{ "boss", "sale.quantity", "{\"line\": null, \"quantity_milli\": 1000}", ZG_USAGE, "\"line\" is missing" },
		{ "boss", "sale.quantity", "{\"line\": 0, \"quantity_milli\": 1000}", ZG_INVALID, "\"line\" must be between 1 and" },
		{ "boss", "sale.take", "{\"sale\": 0}", ZG_INVALID, "\"sale\" must be between 1" },
		{ "boss", "sale.refund", "{\"number\": \"1\", \"reason\": \"x\", \"lines\": {}}", ZG_USAGE, "\"lines\" is of the wrong kind" },
		{ "boss", "sale.refund", "{\"number\": \"1\", \"reason\": \"x\", \"all\": 1}", ZG_USAGE, "\"all\" is of the wrong kind" },
		{ "boss", "shift.count", "{\"pieces\": []}", ZG_USAGE, "\"pieces\" is of the wrong kind" },
		{ "boss", "shift.open", "{\"float_fen\": -100}", ZG_INVALID, "An amount from 0.00" },
		{ "boss", "cash.in", "{\"amount_fen\": 0, \"reason\": \"x\"}", ZG_INVALID, "An amount from 0.01" },
		{ "boss", "user.lock", "{\"login\": \"\"}", ZG_INVALID, "\"login\" must be between 1 and" },
	};

	REFUSE(rows);
}

Test(refusals, ringing_up)
{
	static const struct refusal none[] = {
		{ "lin", "sale.add", "{\"item_id\": 999}", ZG_NOT_FOUND, "No goods have the code" },
		{ "lin", "sale.add", "{\"code\": \"1001\", \"quantity_milli\": 1500}", ZG_INVALID, "" },
		{ "lin", "sale.discount", "{\"kept_bp\": 9000}", ZG_REFUSED, "Discount the whole sale" },
		{ "ding", "sale.discount", "{\"kept_bp\": 9000}", ZG_INVALID, "nothing to discount yet" },
		{ "lin", "sale.discount", "{\"line\": 1, \"off_fen\": 1}", ZG_INVALID, "nothing to discount yet" },
		{ "lin", "sale.remove", "{\"line\": 1}", ZG_NOT_FOUND, "" },
		{ "lin", "sale.restore", "{\"line\": 1}", ZG_NOT_FOUND, "" },
		{ "ding", "sale.price", "{\"line\": 1, \"price_fen\": 1}", ZG_NOT_FOUND, "" },
		{ "lin", "sale.hang", "{}", ZG_INVALID, "nothing to hang yet" },
		{ "ding", "sale.void", "{\"reason\": \"x\"}", ZG_INVALID, "No sale is under way" },
		{ "lin", "sale.take", "{\"sale\": 77}", ZG_NOT_FOUND, "not hung any more" },
		{ "lin", "sale.pay", "{}", ZG_INVALID, "Nothing to pay yet" },
	};
	static const struct refusal rung[] = {
		{ "ding", "sale.void", "{\"reason\": \"  \"}", ZG_INVALID, "Say why" },
		{ "lin", "sale.void", "{\"reason\": \"x\"}", ZG_REFUSED, "Cancel a whole sale" },
		{ "lin", "sale.take", "{\"sale\": 77}", ZG_INVALID, "A sale is under way" },
		{ "lin", "sale.pay", "{\"tender\": \"card\"}", ZG_INVALID, "Type the number" },
		{ "lin", "sale.pay", "{\"tender\": \"wechat\"}", ZG_INVALID, "By phone" },
		{ "lin", "sale.pay", "{\"sale\": 77}", ZG_INVALID, "not under way any more" },
		{ "lin", "sale.discount", "{\"line\": 9, \"off_fen\": 1}", ZG_NOT_FOUND, "" },
		{ "boss", "shift.close", "{}", ZG_INVALID, "A sale is under way" },
	};

	REFUSE(none);
	have_sale();
	REFUSE(rung);
}

/* Goods that the list still has, and that are not sold any more. */
Test(refusals, what_is_not_sold_any_more)
{
	char *path = zg_print("%s/more.csv", shop->home);
	FILE *file = fopen(path, "w");
	static const struct refusal rows[] = { { "lin", "sale.add", "{\"code\": \"7001\"}", ZG_INVALID, "旧货 is no longer sold" } };

	cr_assert(ne(ptr, file, NULL));
	fputs("code,barcodes,name,unit,price,tax_rate,tax_code,kind,active\n7001,,旧货,个,2.00,13%,,piece,no\n", file);
	fclose(file);
	DO("product.import", "{s:s}", "path", path);
	free(path);
	REFUSE(rows);
}

Test(refusals, cash_and_shifts)
{
	static const struct refusal open[] = {
		{ "boss", "cash.in", "{\"amount_fen\": 100, \"reason\": \" \"}", ZG_INVALID, "Say why" },
		{ "boss", "drawer.open", "{\"reason\": \"\"}", ZG_INVALID, "Say why" },
		{ "lin", "drawer.open", "{\"reason\": \"x\"}", ZG_REFUSED, "Open the drawer without a sale" },
		{ "boss", "shift.open", "{\"float_fen\": 0}", ZG_INVALID, "A shift is open already" },
		{ "boss", "shift.close", "{}", ZG_INVALID, "" },
		{ "boss", "shift.count", "{}", ZG_INVALID, "give the pieces, or the sum" },
		{ "boss", "shift.count", "{\"pieces\": {\"7\": 1}}", ZG_INVALID, "no note or coin of 7 fen" },
		{ "boss", "shift.count", "{\"pieces\": {\"100\": \"2\"}}", ZG_INVALID, "no note or coin of 100 fen" },
		{ "boss", "shift.count", "{\"pieces\": {\"100\": -2}}", ZG_INVALID, "" },
		{ "lin", "shift.count", "{\"total_fen\": 1}", ZG_REFUSED, "See Z reports" },
		{ "lin", "shift.close", "{}", ZG_REFUSED, "See Z reports" },
		{ "lin", "cash.out", "{\"amount_fen\": 20001, \"reason\": \"x\"}", ZG_REFUSED, "See Z reports" },
	};
	static const struct refusal closed[] = {
		{ "boss", "cash.in", "{\"amount_fen\": 100, \"reason\": \"x\"}", ZG_INVALID, "No shift is open" },
		{ "boss", "cash.out", "{\"amount_fen\": 100, \"reason\": \"x\"}", ZG_INVALID, "No shift is open" },
		{ "boss", "shift.count", "{\"total_fen\": 1}", ZG_INVALID, "No shift is open" },
		{ "boss", "shift.close", "{}", ZG_INVALID, "No shift is open" },
		{ "boss", "print.report", "{\"kind\": \"x\"}", ZG_NOT_FOUND, "" },
		{ "boss", "print.report", "{\"kind\": \"z\"}", ZG_NOT_FOUND, "" },
		{ "boss", "sale.refund", "{\"number\": \"R010000001\", \"all\": true, \"reason\": \"x\"}", ZG_INVALID, "No shift is open" },
	};

	REFUSE(open);
	be("boss");
	have_no_shift();
	REFUSE(closed);
}

Test(refusals, giving_money_back)
{
	static const struct refusal rows[] = {
		{ "lin", "sale.refund", "{\"number\": \"R010000001\", \"all\": true, \"reason\": \"x\"}", ZG_REFUSED, "Refund" },
		{ "ding", "sale.refund", "{\"number\": \"R010000009\", \"all\": true, \"reason\": \"x\"}", ZG_NOT_FOUND, "" },
		{ "ding", "sale.refund", "{\"number\": \"R010000001\", \"all\": true, \"reason\": \" \"}", ZG_INVALID, "Say why" },
		{ "ding", "sale.refund", "{\"number\": \"R010000001\", \"reason\": \"x\"}", ZG_INVALID, "" },
		{ "ding", "sale.refund", "{\"number\": \"R010000001\", \"lines\": [{\"line\": 9}], \"reason\": \"x\"}", ZG_INVALID, "no such line" },
		{ "ding", "sale.refund", "{\"number\": \"R010000001\", \"lines\": [3], \"reason\": \"x\"}", ZG_INVALID, "no such line" },
		{ "ding", "sale.refund", "{\"number\": \"R010000001\", \"lines\": [{\"line\": 1}, {\"line\": 1}], \"reason\": \"x\"}", ZG_INVALID, "named twice" },
		{ "ding", "sale.refund", "{\"number\": \"R010000001\", \"lines\": [{\"line\": 1, \"quantity_milli\": 4000}, {\"line\": 2}], \"reason\": \"x\"}",
		  ZG_INVALID, "" },
		{ "ding", "sale.refund", "{\"number\": \"R010000001\", \"lines\": [{\"line\": 1, \"quantity_milli\": -1000}], \"reason\": \"x\"}", ZG_INVALID, "" },
	};
	static const struct refusal again[] = {
		{ "ding", "sale.refund", "{\"number\": \"R010000001\", \"all\": true, \"reason\": \"x\"}", ZG_INVALID, "refunded before" },
		{ "ding", "sale.refund", "{\"number\": \"R010000001\", \"lines\": [{\"line\": 1}], \"reason\": \"x\"}", ZG_INVALID, "" },
		{ "ding", "sale.refund", "{\"number\": \"R010000002\", \"all\": true, \"reason\": \"x\"}", ZG_INVALID, "not of a sale" },
	};

	have_paid();
	cr_assert(eq(str, had_number, "R010000001"));
	REFUSE(rows);
	cr_assert(eq(int, call("ding", "sale.refund", "{\"number\": \"R010000001\", \"all\": true, \"reason\": \"x\"}"), ZG_OK), "%s", shop->err.text);
	REFUSE(again);
}

Test(refusals, reports_and_slips)
{
	static const struct refusal rows[] = {
		{ "boss", "print.report", "{\"kind\": \"y\"}", ZG_INVALID, "no such report" },
		{ "boss", "print.report", "{\"kind\": \"z\"}", ZG_INVALID, "not closed yet" },
		{ "boss", "print.report", "{\"kind\": \"z\", \"shift\": 1}", ZG_INVALID, "not closed yet" },
		{ "boss", "print.report", "{\"kind\": \"z\", \"shift\": 9}", ZG_NOT_FOUND, "" },
		{ "boss", "print.report", "{\"kind\": \"z\", \"z\": 9}", ZG_NOT_FOUND, "" },
		{ "boss", "print.report", "{\"kind\": \"z\", \"day\": \"yesterday\"}", ZG_INVALID, "A day looks like" },
		{ "boss", "print.report", "{\"kind\": \"z\", \"day\": \"2001-01-01\"}", ZG_NOT_FOUND, "2001-01-01" },
		{ "boss", "print.report", "{\"kind\": \"transactions\", \"day\": \"2001-13-01\"}", ZG_INVALID, "A day looks like" },
		{ "lin", "print.report", "{\"kind\": \"z\", \"z\": 1}", ZG_REFUSED, "See Z reports" },
		{ "lin", "print.report", "{\"kind\": \"z\", \"day\": \"2001-01-01\"}", ZG_REFUSED, "See Z reports" },
		{ "lin", "print.retry", "{\"job\": 99}", ZG_NOT_FOUND, "" },
		{ "lin", "print.drop", "{\"job\": 99}", ZG_NOT_FOUND, "" },
		{ "lin", "print.receipt", "{\"number\": \"R010000009\"}", ZG_NOT_FOUND, "" },
		{ "lin", "print.test", "{}", ZG_INVALID, "No printer is set up" },
	};

	REFUSE(rows);
	cr_expect(eq(int, call("boss", "print.report", "{\"kind\": \"transactions\", \"day\": \"2001-01-01\"}"), ZG_OK), "%s", shop->err.text);
}

Test(refusals, people_and_settings)
{
	static const struct refusal rows[] = {
		{ "lin", "user.lock", "{\"login\": \"ding\"}", ZG_REFUSED, "Change the people" },
		{ "boss", "user.lock", "{\"login\": \"nobody\"}", ZG_NOT_FOUND, "" },
		{ "boss", "user.unlock", "{\"login\": \"nobody\"}", ZG_NOT_FOUND, "" },
		{ "boss", "user.lock", "{\"login\": \"boss\"}", ZG_INVALID, "the last admin" },
		{ "boss", "user.pin", "{\"login\": \"nobody\", \"pin\": \"8352\"}", ZG_NOT_FOUND, "" },
		{ "boss", "user.pin", "{\"login\": \"boss\", \"pin\": \"8352\"}", ZG_INVALID, "present PIN" },
		{ "boss", "user.pin", "{\"login\": \"lin\", \"pin\": \"83\"}", ZG_INVALID, "A PIN has" },
		{ "lin", "user.pin", "{\"login\": \"ding\", \"pin\": \"8352\"}", ZG_REFUSED, "Change the people" },
		{ "boss", "user.add", "{\"login\": \"a b\", \"name\": \"x\", \"role\": \"cashier\", \"pin\": \"8352\"}", ZG_INVALID, "A login has" },
		{ "boss", "user.add", "{\"login\": \"lin\", \"name\": \"x\", \"role\": \"cashier\", \"pin\": \"8352\"}", ZG_INVALID, "is taken" },
		{ "boss", "user.add", "{\"login\": \"ab\", \"name\": \"\", \"role\": \"cashier\", \"pin\": \"8352\"}", ZG_INVALID, "\"name\" must be between" },
		{ "boss", "user.add", "{\"login\": \"ab\", \"name\": \"x\", \"role\": \"thief\", \"pin\": \"8352\"}", ZG_INVALID, "no such role" },
		{ "boss", "user.add", "{\"login\": \"ab\", \"name\": \"x\", \"role\": \"cashier\", \"pin\": \"1234\"}", ZG_INVALID, "thief tries" },
		{ "boss", "user.add", "{\"login\": \"ab\", \"name\": \"x\", \"role\": \"cashier\", \"pin\": \"989898\"}", ZG_INVALID, "thief tries" },
		{ "boss", "session.start", "{}", ZG_INVALID, "your login and your PIN" },
		{ "lin", "shop.set", "{\"phone\": \"1\"}", ZG_REFUSED, "Change the settings" },
		{ "boss", "shop.set", "{}", ZG_INVALID, "nothing to change" },
		{ "boss", "shop.set", "{\"name\": \"\"}", ZG_INVALID, "name cannot be ''" },
		{ "boss", "shop.set", "{\"rounding\": \"up\"}", ZG_INVALID, "none, jiao or yuan" },
		{ "boss", "journal.accept", "{\"reason\": \"x\"}", ZG_INVALID, "no copy to accept" },
		{ "boss", "product.import", "{\"path\": \"goods.csv\"}", ZG_USAGE, "full path" },
	};

	REFUSE(rows);
}

/* Nobody is at the till, and nobody says who asks. */
Test(refusals, nobody_is_signed_in)
{
	DO("session.end", NULL);
	uint64_t before = whole_books();

	cr_expect(eq(int, shop_do(shop, "sale.add", "{s:s}", "code", "1001"), ZG_REFUSED));
	cr_expect(eq(str, shop->err.text, "Nobody is signed in. Sign in first."));
	cr_expect(eq(int, shop_do(shop, "session.start", NULL), ZG_INVALID));
	cr_expect(eq(int, shop_do(shop, "session.lock", NULL), ZG_REFUSED));
	cr_expect(eq(u64, whole_books(), before));
}

/* Whoever locked it comes back to it; a supervisor may lend that. */
Test(refusals, a_till_that_another_locked)
{
	DO("session.end", NULL);
	cr_assert(eq(int, shop_sign_in(shop, "ding"), ZG_OK));
	DO("session.lock", NULL);
	cr_expect(eq(int, shop_sign_in(shop, "lin"), ZG_INVALID));
	cr_expect(ne(ptr, strstr(shop->err.text, "丁主管 has locked this till"), NULL), "%s", shop->err.text);
	cr_expect(eq(int, shop_do_as(shop, "lin", "lin", "session.start", NULL), ZG_INVALID));
	cr_expect(zg_till_is_locked(shop->till));
	cr_expect(eq(int, shop_do_as(shop, "lin", "boss", "session.start", NULL), ZG_OK), "%s", shop->err.text);
	cr_expect(eq(str, (char *)zg_till_person(shop->till)->login, "lin"));
}

/* A till without a drawer opens none, and takes and gives cash all the same. */
Test(refusals, a_till_without_a_drawer)
{
	static const struct refusal rows[] = { { "boss", "drawer.open", "{\"reason\": \"x\"}", ZG_INVALID, "No drawer is set up" } };

	zg_till_close(shop->till);
	cr_assert(eq(int, zg_config_change(shop->home, (const char *const[]){ "drawer.drawer", "none", NULL }, &shop->err), ZG_OK));
	shop->till = NULL;
	shop_restart(shop);
	cr_assert(eq(int, shop_sign_in(shop, "boss"), ZG_OK));
	REFUSE(rows);
	DO("cash.in", "{s:i, s:s}", "amount_fen", 100, "reason", "x");
	have_paid();
	cr_expect(eq(long, whole_number("SELECT count(*) FROM print_job WHERE kind IN ('cash', 'sale')"), 2));
	cr_expect(eq(long, whole_number("SELECT count(*) FROM print_job WHERE kind = 'drawer'"), 0));
	cr_expect(eq(long, whole_number("SELECT count(*) FROM drawer_opening"), 0));
}
