/* The people who may use the till. PINs are here only as hashes; checking them is the till's. */
#ifndef ZG_STORE_PEOPLE_H
#define ZG_STORE_PEOPLE_H

#include "src/base/result.h"
#include "src/base/text.h"
#include "src/shop/right.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zg_store;

#define ZG_LOGIN_MAX 32     /* letters, digits, '-', '_' and '.' */
#define ZG_HASH_MAX  128    /* bytes of a yescrypt hash */

struct zg_person {
	int64_t id;
	char login[ZG_LOGIN_MAX + 1];
	char name[ZG_NAME_MAX + 1];
	enum zg_role role;
	bool is_locked;         /* by an admin, until unlocked */
	int wrong_tries;        /* wrong PINs; only running time or an admin forgets them, a right PIN does not */
	int64_t wait_ms;        /* running time until they are forgotten; with 10 tries: until one may try again */
};

/* ZG_NOT_FOUND: nobody has that login. */
enum zg_result zg_people_find(const struct zg_store *store, const char *login, struct zg_person *person, struct zg_error *err);
/* The stored hash of a login, "" when there is none. */
enum zg_result zg_people_hash(const struct zg_store *store, const char *login, char hash[ZG_HASH_MAX + 1], struct zg_error *err);
/* All, by login. *people is the caller's, freed with free(). */
enum zg_result zg_people_list(const struct zg_store *store, struct zg_person **people, size_t *count, struct zg_error *err);
/* Inside a transaction. ZG_INVALID: the login is taken. */
enum zg_result zg_people_add(struct zg_store *store, const struct zg_person *person, const char *hash, struct zg_error *err);
/* Inside a transaction: writes name, role, lock, tries and wait of the person with that login. */
enum zg_result zg_people_save(struct zg_store *store, const struct zg_person *person, struct zg_error *err);
enum zg_result zg_people_set_hash(struct zg_store *store, const char *login, const char *hash, struct zg_error *err);
/*
 * Inside a transaction: elapsed_ms more of running time have passed for everybody who waits; tries whose time
 * is over are forgotten. *waiting: how many wait on.
 */
enum zg_result zg_people_wait(struct zg_store *store, int64_t elapsed_ms, int *waiting, struct zg_error *err);
/* Letters, digits, '-', '_', '.'; 1 to ZG_LOGIN_MAX. */
bool zg_login_is_valid(const char *login);
#endif
