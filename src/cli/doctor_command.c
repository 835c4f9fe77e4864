/* Looks at everything a shop stands on and says what is not right, one line each. */
#include "src/cli/cli.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/cli/device.h"
#include "src/io/data.h"
#include "src/store/agree.h"
#include "src/store/jobs.h"
#include "src/store/journal.h"
#include "src/till/config.h"

#include <dirent.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define EARLIEST_MS 1735689600000LL    /* 2025-01-01: before this program was */
#define LATEST_MS   4102444800000LL    /* 2100-01-01 */
#define SPARE_BYTES (200LL * 1024 * 1024)

struct visit {
	const struct zg_cli *cli;
	json_t *findings;       /* of {check, well, text} */
	size_t bad;
};

static void note(struct visit *visit, const char *check, bool well, const char *text)
{
	json_t *row = zg_json_object();

	zg_json_set_string(row, "check", check);
	zg_json_set_boolean(row, "well", well);
	zg_json_set_string(row, "text", well ? "" : text);
	zg_json_append(visit->findings, row);
	visit->bad += !well;
}

static void note_result(struct visit *visit, const char *check, enum zg_result result, const struct zg_error *err)
{
	note(visit, check, result == ZG_OK, err->text);
}

/* ---- files ---- */

/* Why others could get at the path, or NULL; the caller frees it. */
static char *file_fault(const char *path, bool is_needed)
{
	struct stat info;

	if (lstat(path, &info) != 0)
		return errno == ENOENT && !is_needed ? NULL : zg_print(_("%s: %s."), path, strerror(errno));
	if (info.st_uid != geteuid())
		return zg_print(_("%s belongs to another user. Give it to the shop's user."), path);
	if (info.st_mode & 077)
		return zg_print(_("%s can be reached by others. Close it: chmod go= %s"), path, path);
	return NULL;
}

static void check_path(struct visit *visit, const char *check, const char *name, bool is_needed)
{
	char *path = name[0] ? zg_print("%s/%s", visit->cli->home, name) : zg_copy(visit->cli->home);
	char *fault = file_fault(path, is_needed);

	note(visit, check, !fault, fault);
	free(fault);
	free(path);
}

/* Everything in keys/ is for the shop's user alone. */
static void check_keys(struct visit *visit)
{
	char *path = zg_print("%s/keys", visit->cli->home), *fault = NULL;
	DIR *directory = opendir(path);
	const struct dirent *entry;

	while (directory && !fault && (entry = readdir(directory)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		char *file = zg_print("%s/%s", path, entry->d_name);

		fault = file_fault(file, true);
		free(file);
	}
	if (directory)
		closedir(directory);
	note(visit, "keys", !fault, fault);
	free(fault);
	free(path);
}

static void check_space(struct visit *visit)
{
	struct statvfs info;
	bool known = statvfs(visit->cli->home, &info) == 0;
	long long left = known ? (long long)info.f_bavail * (long long)info.f_frsize : 0;
	char *text = zg_print(_("Only %lld MB are left on the shop's disk. Make room; below %d MB the till sells no more."),
			      left / 1024 / 1024, ZG_STORE_RESERVE / 1024 / 1024);

	note(visit, "space", known && left >= SPARE_BYTES, text);
	free(text);
}

/* ---- the machine ---- */

static void check_locale(struct visit *visit, const struct zg_config *config)
{
	char *before = zg_copy(setlocale(LC_MESSAGES, NULL));
	bool chinese = setlocale(LC_MESSAGES, "zh_CN.UTF-8") != NULL;

	setlocale(LC_MESSAGES, before);
	free(before);
	note(visit, "locale", MB_CUR_MAX > 1 && (strncmp(config->language, "zh", 2) != 0 || chinese),
	     MB_CUR_MAX > 1 ? _("The locale zh_CN.UTF-8 is missing. Make it: sudo localedef -i zh_CN -f UTF-8 zh_CN.UTF-8")
	     : _("This terminal's locale is not UTF-8. Set LANG to one that ends in .UTF-8."));
}

static void check_printer(struct visit *visit, const struct zg_config *config)
{
	const char *directories[] = { visit->cli->home, zg_data_directory() };
	struct zg_printer_profile profile;
	struct zg_error err = { .text = "" };
	enum zg_result result = ZG_OK;

	if (config->profile[0])
		result = zg_data_profile(directories, 2, config->profile, &profile, &err);
	note_result(visit, "profile", result, &err);
	err.text[0] = '\0';
	result = ZG_OK;
	if (config->link[0])
		result = zg_device_check(config->link, &err);
	note_result(visit, "printer", result, &err);
}

/* The shop's own templates: the till prints by ours instead of one that is not right, and says so in its log only. */
static void check_templates(struct visit *visit)
{
	const char *directories[] = { visit->cli->home, zg_data_directory() };
	static const char *const languages[] = { "zh", "en" };
	struct zg_error err = { .text = "" };

	for (int slip = 0; slip < ZG_SLIPS && !err.text[0]; slip++)
		for (size_t i = 0; i < 2 && !err.text[0]; i++) {
			struct zg_buffer text = { 0 };

			(void)zg_data_template(directories, 2, (enum zg_slip)slip, languages[i], &text, &err);    /* err tells */
			zg_buffer_clear(&text);
		}
	note(visit, "templates", !err.text[0], err.text);
}

static bool take_time(const struct zg_journal_row *row, void *self)
{
	*(int64_t *)self = row->at_ms;
	return true;
}

static void check_clock(struct visit *visit, const struct zg_store *store)
{
	int64_t now = zg_clock_now(visit->cli->parts->clock), last = 0;
	struct zg_journal_mark head = { 0 };
	bool sane = now >= EARLIEST_MS && now < LATEST_MS;

	if (zg_journal_head(store, &head, NULL) == ZG_OK && head.seq > 0)
		(void)zg_journal_read(store, head.seq, 1, take_time, &last, NULL);    /* a damaged journal has its own finding */
	note(visit, "clock", sane && last <= now + 5000, sane
	     ? _("The clock is behind the last entry of the journal. Set it right before selling.")
	     : _("The clock is wrong by years. Set it: sudo timedatectl set-ntp true"));
}

/* ---- the books ---- */

static void check_journal(struct visit *visit, const struct zg_store *store)
{
	struct zg_journal_check check;
	struct zg_error err = { .text = "" };

	note_result(visit, "schema", zg_store_check_schema(store, &err), &err);
	err.text[0] = '\0';
	note_result(visit, "journal", zg_journal_verify(store, &check, &err), &err);
	err.text[0] = '\0';
	note_result(visit, "entries", zg_books_agree(store, &err), &err);
}

static void check_pages(struct visit *visit, const struct zg_store *store)
{
	struct zg_error err = { .text = "" };

	note_result(visit, "pages", zg_store_check_pages(store, &err), &err);
}

static void check_slips(struct visit *visit, const struct zg_store *store)
{
	size_t waiting = 0, unprinted = 0;
	struct zg_error err = { .text = "" };
	enum zg_result result = zg_jobs_count(store, &waiting, &unprinted, &err);
	char *text = zg_print(P_("%zu slip may not be on paper. Look at it on the till's printing screen.",
				 "%zu slips may not be on paper. Look at them on the till's printing screen.", unprinted), unprinted);

	note(visit, "slips", result == ZG_OK && unprinted == 0, result == ZG_OK ? text : err.text);
	free(text);
}

static void check_books(struct visit *visit, bool pages_alone)
{
	struct zg_error err = { .text = "" };
	struct zg_store *store = NULL;
	enum zg_result result = zg_store_open(visit->cli->home, ZG_STORE_READ, visit->cli->parts->clock, &store, &err);

	note_result(visit, "books", result, &err);
	if (result == ZG_OK && !pages_alone)
		check_journal(visit, store);
	if (result == ZG_OK)
		check_pages(visit, store);
	if (result == ZG_OK && !pages_alone) {
		check_clock(visit, store);
		check_slips(visit, store);
	}
	zg_store_close(store);
}

/* The words of JSON stay; people read their own. */
static const char *title_of(const char *check)
{
	static const char *const titles[] = {
		N_("directory"), N_("settings"), N_("database"), N_("key store"), N_("keys"), N_("log"), N_("backup"), N_("space"),
		N_("config"), N_("locale"), N_("profile"), N_("printer"), N_("templates"), N_("books"), N_("schema"), N_("journal"),
		N_("entries"), N_("pages"), N_("clock"), N_("slips"),
	};

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		if (strcmp(titles[i], check) == 0)
			return _(titles[i]);
	return check;
}

static int print(struct visit *visit)
{
	struct zg_table table = { .align = "<<" };

	if (visit->cli->json) {
		json_t *document = zg_json_object();

		zg_json_set(document, "checks", visit->findings);
		zg_json_set_integer(document, "bad", (int64_t)visit->bad);
		return zg_cli_document(document, visit->bad > 0);
	}
	for (size_t i = 0; i < json_array_size(visit->findings); i++) {
		const json_t *row = json_array_get(visit->findings, i);

		zg_table_add(&table, title_of(zg_json_string(row, "check", "")));
		zg_table_add(&table, zg_json_boolean(row, "well") ? _("well") : zg_json_string(row, "text", ""));
	}
	zg_table_print(&table);
	json_decref(visit->findings);
	return visit->bad > 0;
}

static void check_all(struct visit *visit)
{
	struct zg_config config;
	struct zg_error err = { .text = "" };

	check_path(visit, "directory", "", true);
	check_path(visit, "settings", "zhanggui.conf", true);
	check_path(visit, "database", "zhanggui.db", true);
	check_path(visit, "key store", "keys", true);
	check_keys(visit);
	check_path(visit, "log", "log", false);
	check_path(visit, "backup", "backup", false);
	check_space(visit);
	note_result(visit, "config", zg_config_read(visit->cli->home, &config, &err), &err);
	check_locale(visit, &config);
	check_printer(visit, &config);
	check_templates(visit);
	check_books(visit, false);
}

int zg_doctor_command(struct zg_cli *cli)
{
	struct visit visit = { .cli = cli };
	struct zg_error err = { .text = "" };

	if (access(cli->home, F_OK) != 0) {
		zg_fail(&err, ZG_USAGE, _("There is no shop in %s. Make one with: zhanggui init"), cli->home);
		return zg_cli_fail(cli, &err);
	}
	visit.findings = zg_json_array();
	if (zg_cli_option(cli, "pages"))
		check_books(&visit, true);
	else
		check_all(&visit);
	return print(&visit);
}
