#include "src/cli/cli.h"

#include "src/base/i18n.h"
#include "src/shop/right.h"
#include "src/store/people.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_out(const struct zg_person *person)
{
	return person->is_locked || (person->wait_ms > 0 && person->wrong_tries >= 10);
}

static json_t *person_json(const struct zg_person *person)
{
	json_t *row = zg_json_object();

	zg_json_set_string(row, "login", person->login);
	zg_json_set_string(row, "name", person->name);
	zg_json_set_string(row, "role", zg_role_name(person->role));
	zg_json_set_boolean(row, "locked", is_out(person));
	zg_json_set_integer(row, "wrong_tries", person->wrong_tries);
	return row;
}

static int print_people(const struct zg_cli *cli, const struct zg_person *people, size_t count)
{
	struct zg_table table = { .align = "<<<<" };

	if (cli->json) {
		json_t *document = zg_json_object(), *rows = zg_json_array();

		for (size_t i = 0; i < count; i++)
			zg_json_append(rows, person_json(&people[i]));
		zg_json_set(document, "users", rows);
		return zg_cli_document(document, 0);
	}
	zg_table_add(&table, _("Login"));
	zg_table_add(&table, _("Name"));
	zg_table_add(&table, _("Role"));
	zg_table_add(&table, "");
	for (size_t i = 0; i < count; i++) {
		zg_table_add(&table, people[i].login);
		zg_table_add(&table, people[i].name);
		zg_table_add(&table, _(zg_role_title(people[i].role)));
		zg_table_add(&table, is_out(&people[i]) ? _("locked") : "");
	}
	zg_table_print(&table);
	return 0;
}

int zg_user_list_command(struct zg_cli *cli)
{
	struct zg_person *people = NULL;
	struct zg_error err = { .text = "" };
	size_t count = 0;
	int code;
	const struct zg_store *store = zg_cli_open(cli, &code);

	if (!store)
		return code;
	enum zg_result result = zg_people_list(store, &people, &count, &err);

	zg_cli_close(store);
	code = result == ZG_OK ? print_people(cli, people, count) : zg_cli_fail(cli, &err);
	free(people);
	return code;
}

/* Does the act and says `said` with the login in it. */
static int change(struct zg_cli *cli, const char *act, json_t *args, const char *said)
{
	struct zg_buffer text = { 0 };
	json_t *answer = NULL;
	int code = zg_cli_act(cli, act, args, &answer);

	if (code != 0)
		return code;
	if (!json_object_get(answer, "login"))
		zg_json_set_string(answer, "login", cli->arguments[0]);
	if (cli->json)
		return zg_cli_document(answer, 0);
	zg_buffer_print(&text, "%s: %s\n", cli->arguments[0], said);
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
	json_decref(answer);
	return 0;
}

static json_t *login_args(const struct zg_cli *cli)
{
	json_t *args = zg_json_object();

	zg_json_set_string(args, "login", cli->arguments[0]);
	return args;
}

/* Fills args["pin"]; the exit code when there is none. */
static int new_pin(const struct zg_cli *cli, json_t *args)
{
	char pin[ZG_PIN_MAX + 1] = "", question[120];
	struct zg_error err = { .text = "" };

	snprintf(question, sizeof(question), _("New PIN of %.40s"), cli->arguments[0]);
	if (zg_cli_pin(zg_cli_option(cli, "new-pin-file"), question, true, pin, &err) != ZG_OK) {
		json_decref(args);
		return zg_cli_fail(cli, &err);
	}
	zg_json_set_string(args, "pin", pin);
	OPENSSL_cleanse(pin, sizeof(pin));
	return 0;
}

int zg_user_add_command(struct zg_cli *cli)
{
	const char *name = zg_cli_option(cli, "name"), *role = zg_cli_option(cli, "role");
	enum zg_role known;
	json_t *args;
	int code;

	if (!role || !zg_role_parse(role, &known))
		return zg_cli_usage(cli, _("Say what the person may do: --role cashier, --role supervisor or --role admin."));
	if (!zg_cli_option(cli, "as"))
		return zg_cli_usage(cli, _("Say who makes the change: add --as LOGIN."));
	args = login_args(cli);
	zg_json_set_string(args, "name", name ? name : cli->arguments[0]);
	zg_json_set_string(args, "role", role);
	code = new_pin(cli, args);
	return code ? code : change(cli, "user.add", args, _("added."));
}

int zg_user_lock_command(struct zg_cli *cli)
{
	return change(cli, "user.lock", login_args(cli), _("locked out."));
}

int zg_user_unlock_command(struct zg_cli *cli)
{
	return change(cli, "user.unlock", login_args(cli), _("may come in again."));
}

int zg_user_pin_command(struct zg_cli *cli)
{
	json_t *args;
	int code;

	if (!zg_cli_option(cli, "as"))
		return zg_cli_usage(cli, _("Say who makes the change: add --as LOGIN."));
	args = login_args(cli);
	code = new_pin(cli, args);
	return code ? code : change(cli, "user.pin", args, _("has a new PIN."));
}
