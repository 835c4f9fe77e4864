/*
 * Whether a shop's books balance, asked by SQL from outside: nothing of the till's arithmetic, only its rows.
 *
 * Each rule of a sale is one statement over a span of sales: after an act the one that was touched is looked at, after a day
 * all of them, by the same words. The rules of the whole (numbers without gaps, counters, one open sale) are looked at together.
 */
#ifndef ZG_TESTS_LAB_BALANCE_H
#define ZG_TESTS_LAB_BALANCE_H

#include <sqlite3.h>
#include <stdint.h>

struct balance;

/* books are borrowed; a schema that is not known ends the program. */
struct balance *balance_open(sqlite3 *books);
void balance_close(struct balance *balance);
/* What is wrong with the sales from one id to another, as a sentence; "" when nothing is. */
const char *balance_sales(struct balance *balance, int64_t from, int64_t to);
const char *balance_whole(struct balance *balance);
int balance_rules(void);    /* how many there are, of both kinds */
#endif
