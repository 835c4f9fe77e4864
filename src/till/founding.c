#include "src/till/founding.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/json.h"
#include "src/base/text.h"
#include "src/io/hash.h"
#include "src/store/journal.h"
#include "src/store/people.h"
#include "src/store/store.h"
#include "src/till/config.h"
#include "src/till/pins.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char first_settings[] =
	"# Settings of this shop and till. zhanggui.conf(5) says what may stand here;\n"
	"# 'zhanggui config check' reads it over. Comments stand on lines of their own.\n"
	"\n"
	"[shop]\n"
	"name = 掌柜\n"
	"\n"
	"[till]\n"
	"id = 1\n"
	"\n"
	"[printer]\n"
	"# link = serial:/dev/serial/by-id/NAME?baud=9600\n"
	"# link = tcp:192.168.1.87:9100\n"
	"# link = file:/dev/usb/lp0\n"
	"profile = generic-80\n"
	"\n"
	"[drawer]\n"
	"drawer = printer\n";

#define SETTINGS(f) ((const char *const[]){ "shop.name", (f)->name, \
	(f)->language && (f)->language[0] ? "shop.language" : NULL, (f)->language, NULL })

static enum zg_result check(const struct zg_founding *f, struct zg_error *err)
{
	size_t length = strlen(f->name);

	if (length == 0 || length > ZG_NAME_MAX || !zg_text_is_clean(f->name, length, NULL, NULL))
		return zg_fail(err, ZG_INVALID, _("That cannot be a shop's name. Write 1 to 120 bytes of plain text."));
	if (!zg_login_is_valid(f->admin))
		return zg_fail(err, ZG_INVALID, _("'%s' cannot be a login. Use 1 to 32 letters, digits, '-', '_' and '.'."), f->admin);
	if (f->admin_name && (!f->admin_name[0] || strlen(f->admin_name) > ZG_NAME_MAX ||
			      !zg_text_is_clean(f->admin_name, strlen(f->admin_name), NULL, NULL)))
		return zg_fail(err, ZG_INVALID, _("That cannot be a person's name. Write 1 to 120 bytes of plain text."));
	enum zg_result result = zg_config_try(SETTINGS(f), err);

	return result == ZG_OK ? zg_pin_is_valid(f->pin, err) : result;
}

/* What a shop has in its directory: left by a founding that was cut off, or laid there beforehand. */
static bool is_of_a_shop(const char *name)
{
	static const char *const names[] = { "keys", "backup", "log", "receipts", "printers", "reserve", "control.sock", "lost+found" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return strncmp(name, "zhanggui.", 9) == 0;
}

/* The directory is closed to all others, so it must be the shop's alone: never /tmp, nor anybody's home. */
static enum zg_result check_alone(const char *home, struct zg_error *err)
{
	DIR *directory = opendir(home);
	const struct dirent *entry;
	enum zg_result result = ZG_OK;

	if (!directory && errno == ENOMEM)
		zg_out_of_memory();
	while (directory && result == ZG_OK && (entry = readdir(directory)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 && !is_of_a_shop(entry->d_name))
			result = zg_fail(err, ZG_INVALID, _("%s holds other things, such as %s. Give the shop a directory of its own."),
					 home, entry->d_name);
	if (directory)
		closedir(directory);
	return result;
}

/* Parents get 0755 less the umask, the shop itself 0700. */
static enum zg_result make_home(const char *home, struct zg_error *err)
{
	char *path = zg_copy(home);
	struct stat info;
	bool ok = true;

	for (char *slash = strchr(path + 1, '/'); slash && ok; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		ok = mkdir(path, 0755) == 0 || errno == EEXIST;
		*slash = '/';
	}
	ok = ok && (mkdir(path, 0700) == 0 || errno == EEXIST) && stat(path, &info) == 0;
	int why = errno;

	free(path);
	if (!ok)
		return zg_fail(err, ZG_BROKEN, _("The directory %s cannot be made (%s). Make it and give it to the shop's user."),
			       home, strerror(why));
	if (!S_ISDIR(info.st_mode))
		return zg_fail(err, ZG_INVALID, _("%s is not a directory. Choose another."), home);
	if (info.st_uid != geteuid())
		return zg_fail(err, ZG_INVALID, _("%s belongs to another user. Run this as that user, or choose another directory."), home);
	/* what the till keeps there is for the shop's user alone */
	if (chmod(home, 0700) != 0)
		return zg_fail(err, ZG_BROKEN, _("%s cannot be closed to others (%s)."), home, strerror(errno));
	return ZG_OK;
}

/* True: a directory of that name is there now. */
static bool make_part(const char *path)
{
	struct stat info;

	if (mkdir(path, 0700) == 0)
		return true;
	if (errno == EEXIST && stat(path, &info) == 0 && !S_ISDIR(info.st_mode))
		errno = ENOTDIR;
	return errno == EEXIST;
}

static enum zg_result make_parts(const char *home, struct zg_error *err)
{
	static const char *const names[] = { "keys", "backup", "log" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = zg_print("%s/%s", home, names[i]);
		bool ok = make_part(path);
		int why = errno;

		free(path);
		if (!ok)
			return zg_fail(err, ZG_BROKEN, _("The directory %s/%s cannot be made (%s)."), home, names[i], strerror(why));
	}
	return ZG_OK;
}

static enum zg_result add_admin(struct zg_store *store, const struct zg_founding *f, const char *hash, struct zg_error *err)
{
	struct zg_person admin = { .role = ZG_ROLE_ADMIN };
	json_t *body = zg_json_object();
	enum zg_result result = zg_store_begin(store, ZG_SYNC_FULL, err);

	strcpy(admin.login, f->admin);    /* checked: it fits */
	strcpy(admin.name, f->admin_name ? f->admin_name : f->admin);
	zg_json_set_string(body, "name", f->name);
	zg_json_set_string(body, "admin", f->admin);
	if (result == ZG_OK) {
		result = zg_people_add(store, &admin, hash, err);
		if (result == ZG_OK)
			result = zg_journal_add(store, f->admin, "shop.found", body, NULL, err);
		if (result == ZG_OK)
			result = zg_store_commit(store, err);
		else
			zg_store_rollback(store);
	}
	json_decref(body);
	return result;
}

static enum zg_result has_people(const struct zg_store *store, bool *has, struct zg_error *err)
{
	struct zg_person *people = NULL;
	size_t count = 0;
	enum zg_result result = zg_people_list(store, &people, &count, err);

	free(people);
	*has = count > 0;
	return result;
}

/* A founding that was cut off has books without people; any other books are a shop. */
static enum zg_result check_free(const char *home, const struct zg_clock *clock, struct zg_error *err)
{
	struct zg_store *store = NULL;
	bool has = true;
	char *path = zg_print("%s/zhanggui.db", home);
	bool there = access(path, F_OK) == 0;

	free(path);
	if (!there)
		return ZG_OK;
	if (zg_store_open(home, ZG_STORE_WRITE, clock, &store, NULL) == ZG_OK)
		(void)has_people(store, &has, NULL);    /* unreadable books count as a shop */
	zg_store_close(store);
	return has ? zg_fail(err, ZG_INVALID, _("There is a shop in %s already. Choose another directory with --home."), home) : ZG_OK;
}

enum zg_result zg_shop_found(const struct zg_founding *f, const struct zg_clock *clock, struct zg_error *err)
{
	char hash[ZG_PIN_HASH_TEXT] = "";
	struct zg_store *store = NULL;
	enum zg_result result = check(f, err);

	if (result == ZG_OK)
		result = check_free(f->home, clock, err);
	if (result == ZG_OK)
		result = check_alone(f->home, err);
	if (result == ZG_OK && zg_pin_hash_now(f->pin, hash) != ZG_OK)
		result = zg_fail(err, ZG_BROKEN, _("The PIN could not be sealed. There may be too little memory."));
	if (result == ZG_OK)
		result = make_home(f->home, err);
	if (result == ZG_OK)
		result = make_parts(f->home, err);
	if (result == ZG_OK)
		result = zg_config_found(f->home, first_settings, SETTINGS(f), err);    /* what somebody wrote before is kept */
	if (result == ZG_OK)
		result = zg_store_open(f->home, ZG_STORE_CREATE, clock, &store, err);
	if (result == ZG_OK)
		result = add_admin(store, f, hash, err);
	zg_store_close(store);
	return result;
}
