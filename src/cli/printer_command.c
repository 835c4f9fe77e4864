#include "src/cli/cli.h"

#include "src/base/i18n.h"
#include "src/cli/device.h"
#include "src/io/data.h"
#include "src/io/link.h"
#include "src/store/jobs.h"
#include "src/till/config.h"
#include "src/till/door.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- list ---- */

static json_t *port_json(const struct zg_port *port)
{
	json_t *row = zg_json_object();

	zg_json_set_string(row, "link", port->address);
	zg_json_set_string(row, "path", port->path);
	zg_json_set_string(row, "maker", port->maker);
	zg_json_set_string(row, "product", port->product);
	zg_json_set_string(row, "serial", port->serial);
	return row;
}

static json_t *profiles_json(const char *names)
{
	json_t *array = zg_json_array();

	while (*names) {
		size_t length = strcspn(names, "\n");

		if (length)
			zg_json_append(array, json_stringn(names, length));
		names += length + (names[length] == '\n');
	}
	return array;
}

int zg_printer_list_command(struct zg_cli *cli)
{
	const char *directories[] = { cli->home, zg_data_directory() };
	struct zg_buffer profiles = { 0 };
	struct zg_table table = { .align = "<<<" };
	size_t count = 0;
	struct zg_port *ports = zg_port_list(&count);
	int code = 0;

	zg_data_profiles(directories, 2, &profiles);
	if (cli->json) {
		json_t *document = zg_json_object(), *rows = zg_json_array();

		for (size_t i = 0; i < count; i++)
			zg_json_append(rows, port_json(&ports[i]));
		zg_json_set(document, "ports", rows);
		zg_json_set(document, "profiles", profiles_json(zg_buffer_text(&profiles)));
		code = zg_cli_document(document, 0);
	} else {
		zg_table_add(&table, _("Link"));
		zg_table_add(&table, _("Path"));
		zg_table_add(&table, _("Device"));
		for (size_t i = 0; i < count; i++) {
			char device[300];

			snprintf(device, sizeof(device), "%s %s", ports[i].maker, ports[i].product);
			zg_table_add(&table, ports[i].address);
			zg_table_add(&table, ports[i].path);
			zg_table_add(&table, device);
		}
		if (count > 0)
			zg_table_print(&table);
		else
			zg_cli_print(_("No serial port and no USB printer is plugged in."));
		zg_table_drop(&table);
		zg_cli_print("\n");
		zg_cli_print(_("Profiles:"));
		zg_cli_print("\n");
		zg_cli_print(zg_buffer_text(&profiles));
	}
	zg_buffer_clear(&profiles);
	free(ports);
	return code;
}

/* ---- test ---- */

int zg_printer_test_command(struct zg_cli *cli)
{
	json_t *answer = NULL;
	int code = zg_cli_act(cli, "print.test", zg_json_object(), &answer);

	if (code != 0)
		return code;
	if (cli->json)
		return zg_cli_document(answer, 0);
	zg_cli_print(_("The test page is on its way to the printer. 'zhanggui printer status' tells what became of it."));
	zg_cli_print("\n");
	json_decref(answer);
	return 0;
}

/* ---- status ---- */

/* Without a running till nobody talks to the printer: what the books and the path tell. */
static enum zg_result state_of_books(const struct zg_cli *cli, const struct zg_config *config, json_t **state, struct zg_error *err)
{
	size_t waiting = 0, unprinted = 0;
	struct zg_store *store = NULL;
	enum zg_result result = zg_store_open(cli->home, ZG_STORE_READ, cli->parts->clock, &store, err);

	if (result == ZG_NOT_FOUND)
		err->result = result = ZG_USAGE;
	if (result == ZG_OK)
		result = zg_jobs_count(store, &waiting, &unprinted, err);
	zg_store_close(store);
	if (result != ZG_OK)
		return result;
	*state = zg_json_object();
	zg_json_set_string(*state, "printer", config->link[0] ? "unknown" : "absent");
	zg_json_set_string(*state, "paper", "unknown");
	zg_json_set_string(*state, "drawer", config->has_drawer ? "unknown" : "absent");
	zg_json_set_integer(*state, "queued", (int64_t)waiting);
	zg_json_set_integer(*state, "unprinted", (int64_t)unprinted);
	return ZG_OK;
}

static const char *state_title(const char *word)
{
	static const struct { const char *word, *title; } titles[] = {
		{ "absent", N_("none set up") }, { "well", N_("well") }, { "look", N_("look at it") }, { "down", N_("does not work") },
		{ "unknown", N_("not asked: no till is running") },
	};

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		if (strcmp(word, titles[i].word) == 0)
			return _(titles[i].title);
	return word;
}

static void put(struct zg_buffer *text, const char *label, const json_t *state, const char *key)
{
	zg_buffer_print(text, "%s: %s\n", label, state_title(zg_json_string(state, key, "")));
}

static int print_state(const struct zg_cli *cli, const struct zg_config *config, json_t *state, const char *problem)
{
	struct zg_buffer text = { 0 };
	const char *printer = zg_json_string(state, "printer", ""), *paper = zg_json_string(state, "paper", "");
	bool look = problem[0] || strcmp(printer, "look") == 0 || strcmp(printer, "down") == 0 || strcmp(paper, "look") == 0 ||
		strcmp(paper, "down") == 0 || zg_json_integer(state, "unprinted", 0) > 0;

	if (cli->json) {
		zg_json_set_string(state, "link", config->link);
		zg_json_set_string(state, "profile", config->profile);
		zg_json_set_string(state, "problem", problem);
		return zg_cli_document(state, look);
	}
	zg_buffer_print(&text, "%s: %s, %s\n", _("Link"), config->link[0] ? config->link : "-", config->profile);
	put(&text, _("Printer"), state, "printer");
	if (config->link[0] && strcmp(paper, "absent") == 0)
		zg_buffer_print(&text, "%s: %s\n", _("Paper"), _("this printer does not tell"));
	else
		put(&text, _("Paper"), state, "paper");
	put(&text, _("Drawer"), state, "drawer");
	zg_buffer_print(&text, "%s: %lld\n", _("Slips waiting"), (long long)zg_json_integer(state, "queued", 0));
	zg_buffer_print(&text, "%s: %lld\n", _("Slips that may not be on paper"), (long long)zg_json_integer(state, "unprinted", 0));
	if (problem[0])
		zg_buffer_print(&text, "%s\n", problem);
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
	json_decref(state);
	return look;
}

int zg_printer_status_command(struct zg_cli *cli)
{
	struct zg_door door = { .home = cli->home, .clock = cli->parts->clock, .printers = cli->parts->printers };
	struct zg_error err = { .text = "" }, problem = { .text = "" };
	struct zg_config config;
	json_t *state = NULL;
	enum zg_result result = zg_config_read(cli->home, &config, &err);

	if (result == ZG_OK) {
		result = zg_door_state(&door, &state, &err);
		if (result == ZG_NOT_FOUND)
			result = state_of_books(cli, &config, &state, &err);
	}
	if (result != ZG_OK)
		return zg_cli_fail(cli, &err);
	/* A till that runs knows best why it does not print; else what the path tells. */
	snprintf(problem.text, sizeof(problem.text), "%s", zg_json_string(state, "problem", ""));
	if (!problem.text[0] && config.link[0] && zg_device_check(config.link, &problem) == ZG_OK)
		problem.text[0] = '\0';
	return print_state(cli, &config, state, problem.text);
}
