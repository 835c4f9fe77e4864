#include "src/store/people.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/store/query.h"
#include "src/store/store.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS "id, login, name, role, is_locked, wrong_tries, wait_ms"

static struct zg_person read_person(struct zg_query *q)
{
	struct zg_person person = { .id = zg_column_integer(q, 0), .role = ZG_ROLE_CASHIER };

	zg_column_copy(q, 1, person.login, sizeof(person.login));
	zg_column_copy(q, 2, person.name, sizeof(person.name));
	(void)zg_role_parse(zg_column_text(q, 3), &person.role);    /* an unknown role has the fewest rights */
	person.is_locked = zg_column_integer(q, 4) != 0;
	person.wrong_tries = (int)zg_column_integer(q, 5);
	person.wait_ms = zg_column_integer(q, 6);
	return person;
}

static enum zg_result nobody(const char *login, struct zg_error *err)
{
	return zg_fail(err, ZG_NOT_FOUND, _("Nobody has the login %s. Look at the list of users for the right one."), login);
}

enum zg_result zg_people_find(const struct zg_store *store, const char *login, struct zg_person *person, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS " FROM person WHERE login = :login");

	zg_bind_text(&q, ":login", login);
	bool found = zg_query_row(&q);

	if (found)
		*person = read_person(&q);
	enum zg_result result = zg_query_end(&q, err);

	return result == ZG_OK && !found ? nobody(login, err) : result;
}

enum zg_result zg_people_hash(const struct zg_store *store, const char *login, char hash[ZG_HASH_MAX + 1], struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT pin_hash FROM person WHERE login = :login");

	hash[0] = '\0';
	zg_bind_text(&q, ":login", login);
	if (zg_query_row(&q))
		zg_column_copy(&q, 0, hash, ZG_HASH_MAX + 1);
	return zg_query_end(&q, err);
}

enum zg_result zg_people_list(const struct zg_store *store, struct zg_person **people, size_t *count, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT " COLUMNS " FROM person ORDER BY login");
	struct zg_person *list = NULL;
	size_t n = 0, room = 0;

	*people = NULL;
	*count = 0;
	while (zg_query_row(&q)) {
		list = zg_grow(list, n, &room, sizeof(*list));
		list[n++] = read_person(&q);
	}
	enum zg_result result = zg_query_end(&q, err);

	if (result != ZG_OK) {
		free(list);
		return result;
	}
	*people = list;
	*count = n;
	return ZG_OK;
}

enum zg_result zg_people_add(struct zg_store *store, const struct zg_person *person, const char *hash, struct zg_error *err)
{
	struct zg_person other;

	zg_assert(zg_store_is_open(store) && zg_login_is_valid(person->login));
	enum zg_result found = zg_people_find(store, person->login, &other, err);

	if (found == ZG_OK)
		return zg_fail(err, ZG_INVALID, _("The login %s is taken. Choose another one."), person->login);
	if (found != ZG_NOT_FOUND)
		return found;

	struct zg_query q = zg_query(store, "INSERT INTO person (login, name, role, pin_hash, is_locked, wrong_tries, wait_ms)"
				     " VALUES (:login, :name, :role, :hash, :locked, :tries, :wait)");

	zg_bind_text(&q, ":login", person->login);
	zg_bind_text(&q, ":name", person->name);
	zg_bind_text(&q, ":role", zg_role_name(person->role));
	zg_bind_text(&q, ":hash", hash);
	zg_bind_integer(&q, ":locked", person->is_locked);
	zg_bind_integer(&q, ":tries", person->wrong_tries);
	zg_bind_integer(&q, ":wait", person->wait_ms);
	zg_query_run(&q);
	return zg_query_end(&q, err);
}

/* Ends an UPDATE ... RETURNING id that must have met one person. */
static enum zg_result end_update(struct zg_query *q, const char *login, struct zg_error *err)
{
	bool found = zg_query_row(q);

	zg_query_run(q);
	enum zg_result result = zg_query_end(q, err);

	return result == ZG_OK && !found ? nobody(login, err) : result;
}

enum zg_result zg_people_save(struct zg_store *store, const struct zg_person *person, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "UPDATE person SET name = :name, role = :role, is_locked = :locked,"
				     " wrong_tries = :tries, wait_ms = :wait WHERE login = :login RETURNING id");

	zg_assert(zg_store_is_open(store));
	zg_bind_text(&q, ":login", person->login);
	zg_bind_text(&q, ":name", person->name);
	zg_bind_text(&q, ":role", zg_role_name(person->role));
	zg_bind_integer(&q, ":locked", person->is_locked);
	zg_bind_integer(&q, ":tries", person->wrong_tries);
	zg_bind_integer(&q, ":wait", person->wait_ms);
	return end_update(&q, person->login, err);
}

enum zg_result zg_people_set_hash(struct zg_store *store, const char *login, const char *hash, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "UPDATE person SET pin_hash = :hash WHERE login = :login RETURNING id");

	zg_assert(zg_store_is_open(store));
	zg_bind_text(&q, ":login", login);
	zg_bind_text(&q, ":hash", hash);
	return end_update(&q, login, err);
}

enum zg_result zg_people_wait(struct zg_store *store, int64_t elapsed_ms, int *waiting, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "UPDATE person SET wait_ms = max(0, wait_ms - :elapsed),"
				     " wrong_tries = iif(wait_ms > :elapsed, wrong_tries, 0)"
				     " WHERE wait_ms > 0 OR wrong_tries > 0 RETURNING wait_ms > 0");

	zg_assert(zg_store_is_open(store));
	*waiting = 0;
	zg_bind_integer(&q, ":elapsed", elapsed_ms > 0 ? elapsed_ms : 0);
	while (zg_query_row(&q))
		*waiting += (int)zg_column_integer(&q, 0);
	return zg_query_end(&q, err);
}

bool zg_login_is_valid(const char *login)
{
	size_t length = strspn(login, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

	/* "-" alone is the journal's word for nobody. */
	return length > 0 && length <= ZG_LOGIN_MAX && login[length] == '\0' && strcmp(login, "-") != 0;
}
