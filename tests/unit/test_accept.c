/* Books that were put back from an older copy: refused, until an admin goes on with them knowingly. */
#include "src/store/journal.h"
#include "src/store/sales.h"
#include "src/store/store.h"
#include "src/till/door.h"
#include "tests/unit/fault.h"
#include "tests/unit/shop.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct zg_printer_driver *const no_printers[] = { NULL };
static struct shop *shop;
static char number[32];    /* of the sale last made */

#define DO(...) cr_assert(eq(int, shop_do(shop, __VA_ARGS__), ZG_OK), "%s", shop->err.text)

static void sell(void)
{
	DO("sale.add", "{s:s}", "code", "1001");
	DO("sale.pay", NULL);
	snprintf(number, sizeof(number), "%s", shop_text(shop, "number"));
}

static void close_shift(int total)
{
	DO("shift.count", "{s:i}", "total_fen", total);
	DO("shift.close", NULL);
}

static void begin(void)
{
	shop = shop_begin(NULL);
	cr_assert(eq(int, shop_sign_in(shop, "lin"), ZG_OK), "%s", shop->err.text);
	DO("shift.open", "{s:i}", "float_fen", 0);
	sell();
}

static void run(const char *command)
{
	setenv("SHOP", shop->home, 1);
	cr_assert(eq(int, system(command), 0), "%s", command);
}

/* Stops the till, does what the shell says in $SHOP, and tries to go on. */
static enum zg_result reopen(const char *command)
{
	struct zg_till_parts parts = { .home = shop->home, .clock = &shop->clock, .printers = no_printers, .is_counter = true };

	zg_till_close(shop->till);
	zg_loop_free(shop->loop);
	shop->till = NULL;
	shop->loop = NULL;
	run(command);
	shop->loop = zg_loop_new(&shop->clock);
	parts.loop = shop->loop;
	return zg_till_open(&parts, &shop->till, &shop->err);
}

#define KEEP    "cp $SHOP/zhanggui.db $SHOP/kept.db"
#define PUT_BACK "cp $SHOP/kept.db $SHOP/zhanggui.db"

/*
 * The copy knows one receipt and no Z; the lost books gave receipts 2 and 3 and Z 1, of which the head tells 2 and 1: the note of the last
 * row went with the power.
 */
static void lose(void)
{
	begin();
	cr_assert(eq(int, reopen(KEEP), ZG_OK), "%s", shop->err.text);
	cr_assert(eq(int, shop_sign_in(shop, "lin"), ZG_OK), "%s", shop->err.text);
	sell();
	close_shift(400);
	DO("shift.open", "{s:i}", "float_fen", 400);
	run("cp $SHOP/keys/journal.head $SHOP/kept.head");
	sell();
	cr_assert(eq(str, number, "R010000003"));
	cr_assert(eq(int, reopen(PUT_BACK "; cp $SHOP/kept.head $SHOP/keys/journal.head; rm $SHOP/keys/journal.last"), ZG_INVALID));
	cr_expect(ne(ptr, strstr(shop->err.text, "journal accept"), NULL), "%s", shop->err.text);
}

static enum zg_result accept_as(const char *login, const char *reason, int64_t receipt_no)
{
	struct zg_door door = { .home = shop->home, .clock = &shop->clock, .printers = no_printers };
	struct zg_call call = { .act = "journal.accept", .as = login, .pin = SHOP_PIN };
	json_t *args = zg_json_object();

	zg_json_set_string(args, "reason", reason);
	if (receipt_no)
		zg_json_set_integer(args, "receipt_no", receipt_no);
	call.args = args;
	json_decref(shop->answer);
	enum zg_result result = zg_door_call(&door, &call, &shop->answer, &shop->err);

	json_decref(args);
	return result;
}

static void end(void)
{
	shop_end(shop);
}

TestSuite(accept, .fini = end);

static bool take_body(const struct zg_journal_row *row, void *self)
{
	json_t **body = self;

	if (strcmp(row->kind, "journal.accept") == 0)
		*body = zg_json_parse(row->body, strlen(row->body));
	return *body == NULL;
}

Test(accept, numbers_go_on_above_what_the_lost_books_gave)
{
	struct zg_journal_check check;
	json_t *body = NULL;

	lose();
	cr_assert(eq(int, accept_as("boss", "disk died", 0), ZG_OK), "%s", shop->err.text);
	cr_expect(eq(long, shop_integer(shop, "first_receipt"), 2));
	cr_expect(eq(long, shop_integer(shop, "last_receipt"), 2));
	cr_expect(eq(long, shop_integer(shop, "last_z"), 1));
	cr_expect(eq(str, (char *)shop_text(shop, "warning"), ""));

	cr_assert(eq(int, reopen("true"), ZG_OK), "%s", shop->err.text);
	cr_assert(eq(int, shop_sign_in(shop, "lin"), ZG_OK), "%s", shop->err.text);
	sell();
	cr_expect(eq(str, number, "R010000003"));
	close_shift(400);
	cr_expect(eq(long, shop_integer(shop, "z"), 2));
	const struct zg_store *store = zg_till_store(shop->till);

	cr_expect(eq(int, zg_journal_verify(store, &check, &shop->err), ZG_OK), "%s", shop->err.text);
	cr_assert(eq(int, zg_journal_read(store, 1, 0, take_body, &body, NULL), ZG_OK));
	cr_assert(ne(ptr, body, NULL));
	cr_expect(eq(str, (char *)zg_json_string(body, "reason", ""), "disk died"));
	cr_expect(gt(long, zg_json_integer(body, "head_seq", 0), zg_json_integer(body, "last_seq", 0)));
	cr_expect(eq(sz, strlen(zg_json_string(body, "head", "")), 8));
	json_decref(body);
}

Test(accept, the_newest_receipt_on_paper_is_taken_at_its_word)
{
	lose();
	cr_assert(eq(int, accept_as("boss", "disk died", 3), ZG_OK), "%s", shop->err.text);

	cr_assert(eq(int, reopen("true"), ZG_OK), "%s", shop->err.text);
	cr_assert(eq(int, shop_sign_in(shop, "lin"), ZG_OK), "%s", shop->err.text);
	sell();
	cr_expect(eq(str, number, "R010000004"));
}

Test(accept, nobody_else_may_and_not_without_a_reason)
{
	lose();
	cr_expect(eq(int, accept_as("ding", "disk died", 0), ZG_REFUSED));
	cr_expect(eq(int, accept_as("boss", "  ", 0), ZG_INVALID));
	cr_expect(eq(int, accept_as("boss", "disk died", 200000), ZG_INVALID), "a slip of the finger");
	cr_expect(eq(int, reopen("true"), ZG_INVALID), "what was not accepted stays refused");
	cr_expect(eq(int, accept_as("boss", "disk died", 0), ZG_OK), "%s", shop->err.text);
	cr_expect(eq(int, reopen("true"), ZG_OK), "%s", shop->err.text);
}

Test(accept, books_that_are_whole_have_nothing_to_accept)
{
	begin();
	cr_expect(eq(int, shop_do_as(shop, "boss", NULL, "journal.accept", "{s:s}", "reason", "x"), ZG_INVALID));
	zg_till_close(shop->till);
	shop->till = NULL;
	cr_expect(eq(int, accept_as("boss", "x", 0), ZG_INVALID));
	cr_expect(eq(int, reopen("true"), ZG_OK), "%s", shop->err.text);
	cr_assert(eq(int, shop_sign_in(shop, "lin"), ZG_OK), "%s", shop->err.text);
	sell();
	cr_expect(eq(str, number, "R010000002"));
}

/* A head of before numbers were kept in it: what nobody knows cannot be left out. */
Test(accept, an_older_head_is_read_without_its_numbers)
{
	lose();
	cr_expect(eq(int, reopen("awk '{ print $1, $2 }' $SHOP/keys/journal.head > $SHOP/h && mv $SHOP/h $SHOP/keys/journal.head"), ZG_INVALID));
	cr_assert(eq(int, accept_as("boss", "disk died", 0), ZG_OK), "%s", shop->err.text);
	cr_expect(eq(long, shop_integer(shop, "last_receipt"), 0));
	cr_expect(eq(long, shop_integer(shop, "last_z"), 0));
}

/* The row is written and the head beside the books is not: it is said, and the act can be done again. */
Test(accept, a_head_that_the_disk_does_not_take_leaves_the_copy_to_be_accepted_again)
{
	lose();
	fault_names(true);
	cr_assert(eq(int, accept_as("boss", "disk died", 0), ZG_OK), "%s", shop->err.text);
	fault_names(false);
	cr_expect(ne(str, (char *)shop_text(shop, "warning"), ""));
	cr_expect(eq(int, accept_as("boss", "disk died", 0), ZG_OK), "%s", shop->err.text);
	cr_expect(eq(str, (char *)shop_text(shop, "warning"), ""));
	cr_expect(eq(int, reopen("true"), ZG_OK), "%s", shop->err.text);
}
