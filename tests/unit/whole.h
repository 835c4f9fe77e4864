/*
 * Acts while the books fail at the first statement, at the second, and so on until none is left: each is done or refused, never half
 * of it; what was refused has changed neither the books nor the screen, and says so in a sentence; and then it works.
 */
#ifndef ZG_TEST_WHOLE_H
#define ZG_TEST_WHOLE_H

#include "tests/unit/shop.h"

#include <stdint.h>

/* One for each test: boss is signed in, a shift with 200.00 is open. */
extern struct shop *shop;

void whole_begin(void);
void whole_end(void);

struct scene {
	const char *name;
	void (*prepare)(void);         /* makes what the act needs, afresh after each time that it was done */
	enum zg_result (*act)(void);
};

void whole_try(const struct scene *scenes, size_t count);

/* What the books hold, seen from outside: a sum over every row but those of wrong tries and of the product list. */
uint64_t whole_books(void);
/* The number that a statement gives there. */
int64_t whole_number(const char *sql);
/* What the till shows, as a text; the caller frees it. */
char *whole_screen(void);
/* Lets the till come to rest: nothing is under way, and what could not be read is read again. */
void whole_settle(void);

/* What an act needs: made when it is not there, afresh when the last one was used up. */
void have_nothing(void);
void have_no_sale(void);
void have_sale(void);        /* under way: three waters and a box of nuts */
void have_paid(void);        /* the same, paid */
void have_hung(void);
void have_shift(void);
void have_count(void);       /* of the drawer, since money moved last */
void have_no_shift(void);
extern int64_t had_sale;     /* the sale made last, and its number when it was paid */
extern char had_number[32];

#define DO(...) cr_assert(eq(int, shop_do(shop, __VA_ARGS__), ZG_OK), "%s", shop->err.text)
#endif
