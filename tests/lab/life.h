/*
 * A shop's life on the lab's disk, and the memory of it: founded, goods imported, sold, hung, taken up, cancelled, refunded, cash in
 * and out, counted, closed, started again; every step through the real acts of the real till.
 *
 * What an act answered is kept as a fact with the operation of the disk at which it was answered. Beside the facts, every commit is
 * kept by a digest of all rows, so that what a cut leaves can be compared with the whole of what there was: it must be one of
 * the states that were, none older than the last one that was promised, and none that is half.
 * One life at a time is being lived in a process.
 */
#ifndef ZG_TESTS_LAB_LIFE_H
#define ZG_TESTS_LAB_LIFE_H

#include "tests/lab/power.h"
#include "tests/unit/shop.h"

struct sqlite3;

/* An answer that was given: from then on the SQL gives the number. */
struct fact {
	size_t at;                 /* operations of the disk when it was answered */
	char *what, *sql;
	int64_t expected;
};

/* A commit: the books as they are after it. */
struct state {
	size_t from, done;         /* operations when it began and when it was answered; done SIZE_MAX: it never was */
	bool is_full;              /* answered only once it was synced */
	uint64_t digest;
};

struct life {
	struct shop *shop;
	struct chance chance;
	struct fact *facts;
	size_t fact_count, fact_room;
	struct state *states;
	size_t state_count, state_room;
	size_t founded;            /* operations when the founding was answered; SIZE_MAX: not yet */
	size_t renaming, renamed;  /* the shop's new name: begun and answered; SIZE_MAX: not yet */
	bool has_name;             /* it has the new one from the beginning */
	int64_t known_receipts;    /* numbers that were there at its beginning */
	char *goods;               /* a product file, outside of the shop */
	char last_number[32];      /* of the sale last paid */
	bool sells;                /* somebody is signed in, a shift is open */
	char *told;                /* the first sentence that was read after a fault had fired */
	char **sentences;          /* what the cashier read when an act was refused, and alarms, each once */
	size_t sentence_count, sentence_room;
};

#define LIFE_NAME "街角便利店"     /* as it is founded */
#define LIFE_NEW_NAME "小满便利店"

/* goods: path of life_goods' file. home need not be there yet. */
struct life *life_new(const char *home, const char *goods, uint64_t seed);
void life_free(struct life *life);
/* Writes the product file; the path is the caller's. */
char *life_goods(const char *folder);

/* ---- living; each is false when something was refused ---- */

bool life_found(struct life *life);
void life_hear(struct life *life, const char *sentence);    /* keeps what is read */
bool life_open(struct life *life);             /* starts the till */
void life_close(struct life *life);
bool life_sign_in(struct life *life);
bool life_set_up(struct life *life);           /* another user, the goods, the shop's name, a shift */
bool life_sell(struct life *life);             /* one sale, by chance with quantities, discounts, lines taken off */
void life_work(struct life *life);             /* all kinds of acts, each at least once */
void life_rest(struct life *life);             /* nobody does anything until the till has tidied up */
bool life_close_day(struct life *life);        /* counts the drawer, closes the shift */
/* All of it, from the founding to the second start and its end. */
void life_whole(struct life *life);
/* The same with its record; both are the caller's. The directory is gone afterwards: only the record knows it. */
struct life *life_recorded(uint64_t seed, struct power_record **record);

/* ---- what is there, compared with what was ---- */

uint64_t life_digest(struct sqlite3 *books);
/* The memory of what had been answered by k, at a place whose till is not open yet. */
struct life *life_remember(const struct life *life, size_t k, const char *home);
/*
 * The life that goes on at `home` after a cut at operation k of this one: knows what had been answered by then.
 * Its till is opened (a founding that was cut off is made again first); NULL: it does not open, *why says it.
 */
struct life *life_resume(const struct life *life, size_t k, const char *home, char *why, size_t size);
/*
 * Compares the open till of `next` with what `life` knew at k. "" when all is right. What is there beyond what was answered
 * must have been told by the till itself. From then on `next` knows everything that is there.
 */
void life_compare(const struct life *life, size_t k, struct life *next, char *why, size_t size);
/* The day goes on: somebody signs in, sells with the next number, and the till ends. "" when all of it works. */
void life_go_on(struct life *next, char *why, size_t size);
#endif
