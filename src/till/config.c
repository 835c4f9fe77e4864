#include "src/till/config.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/i18n.h"
#include "src/base/ini.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "zhanggui.conf"
#define FILE_MAX  65536    /* bytes of the whole file */

struct setting {
	const char *section, *key;
	/* Takes a value; false, with nothing changed: it cannot be. */
	bool (*take)(struct zg_config *config, const struct setting *setting, const char *value);
	size_t offset;         /* of the member in struct zg_config */
	long least, most;      /* texts: bytes, numbers: range */
	const char *cure;      /* msgid: what may stand there */
};

static void *member(struct zg_config *config, const struct setting *setting)
{
	return (char *)config + setting->offset;
}

static bool take_text(struct zg_config *config, const struct setting *setting, const char *value)
{
	size_t length = strlen(value);

	if ((long)length < setting->least || (long)length > setting->most)
		return false;
	memcpy(member(config, setting), value, length + 1);
	return true;
}

static bool parse_number(const char *value, long *number)
{
	size_t length = strlen(value);

	if (length == 0 || length > 6 || strspn(value, "0123456789") != length)
		return false;
	*number = strtol(value, NULL, 10);
	return true;
}

static bool take_number(struct zg_config *config, const struct setting *setting, const char *value)
{
	long number;

	if (!parse_number(value, &number) || number < setting->least || number > setting->most)
		return false;
	*(int *)member(config, setting) = (int)number;
	return true;
}

static bool take_pin(struct zg_config *config, const struct setting *setting, const char *value)
{
	return (strcmp(value, "0") == 0 || strcmp(value, "2") == 0 || strcmp(value, "5") == 0)
		&& take_number(config, setting, value);
}

static bool take_pulse(struct zg_config *config, const struct setting *setting, const char *value)
{
	return (strcmp(value, "0") == 0 || strtol(value, NULL, 10) >= 30) && take_number(config, setting, value);
}

static bool take_language(struct zg_config *config, const struct setting *setting, const char *value)
{
	if (strcmp(value, "zh") == 0)
		value = "zh_CN";
	return (value[0] == '\0' || strcmp(value, "zh_CN") == 0 || strcmp(value, "en") == 0)
		&& take_text(config, setting, value);
}

/* "04:00" */
static bool take_hour(struct zg_config *config, const struct setting *setting, const char *value)
{
	bool form = strlen(value) == 5 && value[2] == ':' && strspn(value, "0123456789") == 2 &&
		strspn(value + 3, "0123456789") == 2;
	int minutes = form ? (int)strtol(value, NULL, 10) * 60 + (int)strtol(value + 3, NULL, 10) : -1;

	if (minutes < 0 || minutes >= 24 * 60 || value[3] > '5')
		return false;
	*(int *)member(config, setting) = minutes;
	return true;
}

static bool take_rounding(struct zg_config *config, const struct setting *setting, const char *value)
{
	static const char *const words[] = { "none", "jiao", "yuan" };

	(void)setting;
	for (int i = 0; i < 3; i++)
		if (strcmp(value, words[i]) == 0) {
			config->rounding = (enum zg_rounding)i;
			return true;
		}
	return false;
}

static bool take_theme(struct zg_config *config, const struct setting *setting, const char *value)
{
	static const char *const words[] = { "", "dark", "light", "high-contrast", "mono" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(value, words[i]) == 0)
			return take_text(config, setting, value);
	return false;
}

static bool take_keys(struct zg_config *config, const struct setting *setting, const char *value)
{
	return strcmp(value, "default") == 0 && take_text(config, setting, value);
}

/* One of two words; the first is false. */
static bool take_either(bool *to, const char *value, const char *no, const char *yes)
{
	bool is_yes = strcmp(value, yes) == 0;

	if (!is_yes && strcmp(value, no) != 0)
		return false;
	*to = is_yes;
	return true;
}

static bool take_signs(struct zg_config *config, const struct setting *setting, const char *value)
{
	return take_either(member(config, setting), value, "unicode", "ascii");
}

static bool take_drawer(struct zg_config *config, const struct setting *setting, const char *value)
{
	return take_either(member(config, setting), value, "none", "printer");
}

/* Whether the whole address is right is the link's to say, when it opens. */
static bool take_link(struct zg_config *config, const struct setting *setting, const char *value)
{
	return (value[0] == '\0' || strncmp(value, "serial:/", 8) == 0 || strncmp(value, "file:/", 6) == 0 ||
		(strncmp(value, "tcp:", 4) == 0 && value[4])) && take_text(config, setting, value);
}

static bool take_profile(struct zg_config *config, const struct setting *setting, const char *value)
{
	size_t length = strlen(value);

	return strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-") == length && take_text(config, setting, value);
}

static bool take_path(struct zg_config *config, const struct setting *setting, const char *value)
{
	return (value[0] == '\0' || value[0] == '/') && take_text(config, setting, value);
}

#define AT(field)   offsetof(struct zg_config, field)
#define ROOM(field) ((long)sizeof(((struct zg_config *)0)->field) - 1)

static const struct setting settings[] = {
	{ "shop", "name", take_text, AT(name), 1, ROOM(name), N_("Write a name of 1 to 120 bytes; a Chinese character counts three.") },
	{ "shop", "tax_number", take_text, AT(tax_number), 0, ROOM(tax_number), N_("Write at most 64 characters.") },
	{ "shop", "address", take_text, AT(address), 0, ROOM(address), N_("Shorten it.") },
	{ "shop", "phone", take_text, AT(phone), 0, ROOM(phone), N_("Write at most 64 characters.") },
	{ "shop", "bank", take_text, AT(bank), 0, ROOM(bank), N_("Shorten it.") },
	{ "shop", "account", take_text, AT(account), 0, ROOM(account), N_("Write at most 64 characters.") },
	{ "shop", "language", take_language, AT(language), 0, ROOM(language), N_("Write zh_CN or en.") },
	{ "shop", "day_ends_at", take_hour, AT(day_ends_min), 0, 0, N_("Write a time of day from 00:00 to 23:59, such as 04:00.") },
	{ "shop", "rounding", take_rounding, AT(rounding), 0, 0, N_("Write none, jiao or yuan.") },
	{ "till", "id", take_number, AT(till_id), 1, 99, N_("Write a number from 1 to 99.") },
	{ "till", "theme", take_theme, AT(theme), 0, ROOM(theme), N_("Write dark, light, high-contrast or mono.") },
	{ "till", "keys", take_keys, AT(keys), 0, ROOM(keys), N_("Write default.") },
	{ "till", "lock_after", take_number, AT(lock_after_min), 0, 1440, N_("Write minutes from 0 (never) to 1440.") },
	{ "till", "signs", take_signs, AT(ascii_signs), 0, 0, N_("Write unicode or ascii.") },
	{ "printer", "link", take_link, AT(link), 0, ROOM(link),
	  N_("Write serial:/dev/serial/by-id/NAME, tcp:HOST:9100 or file:/PATH.") },
	{ "printer", "profile", take_profile, AT(profile), 1, ROOM(profile),
	  N_("Write the name of a profile; 'zhanggui printer list' shows them.") },
	{ "drawer", "drawer", take_drawer, AT(has_drawer), 0, 0, N_("Write printer or none.") },
	{ "drawer", "pin", take_pin, AT(drawer_pin), 0, 5, N_("Write 2 or 5, or 0 for the printer profile's.") },
	{ "drawer", "on_ms", take_pulse, AT(drawer_on_ms), 0, 510,
	  N_("Write milliseconds from 30 to 510, or 0 for the printer profile's.") },
	{ "demo", "paper", take_path, AT(demo_paper), 0, ROOM(demo_paper), N_("Write the path of a file, from / on.") },
	{ "demo", "logins", take_text, AT(demo_logins), 0, ROOM(demo_logins), N_("Shorten it.") },
};

#define COUNT (sizeof(settings) / sizeof(settings[0]))

static void start(struct zg_config *config)
{
	*config = (struct zg_config){
		.name = "掌柜", .day_ends_min = 4 * 60, .rounding = ZG_ROUND_NONE, .till_id = 1, .keys = "default",
		.lock_after_min = 10, .profile = "generic-80", .has_drawer = true,
	};
}

/* NULL with a sentence when there is no such setting. */
static const struct setting *find_setting(const char *section, const char *key, struct zg_error *err)
{
	struct zg_buffer known = { 0 };

	for (size_t i = 0; i < COUNT; i++) {
		if (strcmp(settings[i].section, section) != 0)
			continue;
		if (strcmp(settings[i].key, key) == 0) {
			zg_buffer_clear(&known);
			return &settings[i];
		}
		zg_buffer_print(&known, "%s%s", known.length ? ", " : "", settings[i].key);
	}
	if (known.length)
		zg_fail(err, ZG_USAGE, _("[%s] has no setting '%s'. It knows: %s."), section, key, zg_buffer_text(&known));
	else if (section[0])
		zg_fail(err, ZG_USAGE, _("there is no section [%s]. There are [shop], [till], [printer], [drawer] and [demo]."), section);
	else
		zg_fail(err, ZG_USAGE, _("'%s' stands before any section. Put a heading such as [shop] above it."), key);
	zg_buffer_clear(&known);
	return NULL;
}

static enum zg_result take(void *self, const char *section, const char *key, const char *value, size_t line,
			   struct zg_error *err)
{
	const struct setting *setting = find_setting(section, key, err);

	(void)line;
	if (!setting)
		return ZG_USAGE;
	if (!setting->take(self, setting, value))
		return zg_fail(err, ZG_USAGE, _("%s cannot be '%s'. %s"), key, value, _(setting->cure));
	return ZG_OK;
}

static enum zg_result parse(const char *text, size_t length, struct zg_config *config, struct zg_error *err)
{
	struct zg_config fresh;

	start(&fresh);
	enum zg_result result = zg_ini_read(text, length, FILE_NAME, take, &fresh, err);

	if (result == ZG_OK)
		*config = fresh;
	return result;
}

/* A file that is not there reads as empty. *mode is kept for its replacement. */
static enum zg_result read_file(const char *path, struct zg_buffer *text, mode_t *mode, struct zg_error *err)
{
	char block[4096];
	struct stat info;
	ssize_t got = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	*mode = 0600;
	if (fd < 0 && errno == ENOENT)
		return ZG_OK;
	if (fd < 0)
		return zg_fail(err, ZG_USAGE, _("%s cannot be read (%s). Check who owns it."), path, strerror(errno));
	if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > FILE_MAX) {
		close(fd);
		return zg_fail(err, ZG_USAGE, _("%s is not a settings file. Put a text file of at most 64 kB there."), path);
	}
	*mode = info.st_mode & 0777;
	while (text->length <= FILE_MAX && (got = read(fd, block, sizeof(block))) > 0)
		zg_buffer_add(text, block, (size_t)got);
	int why = errno;

	close(fd);
	return got >= 0 ? ZG_OK : zg_fail(err, ZG_BROKEN, _("%s cannot be read (%s)."), path, strerror(why));
}

enum zg_result zg_config_read(const char *home, struct zg_config *config, struct zg_error *err)
{
	char *path = zg_print("%s/" FILE_NAME, home);
	struct zg_buffer text = { 0 };
	mode_t mode;
	enum zg_result result = read_file(path, &text, &mode, err);

	start(config);
	if (result == ZG_OK)
		result = parse(zg_buffer_text(&text), text.length, config, err);
	zg_buffer_clear(&text);
	free(path);
	return result;
}

/* ---- changing ---- */

/* The end of the line at `at`, its line end included. */
static size_t next_line(const struct zg_buffer *text, size_t at)
{
	const char *end = memchr(text->bytes + at, '\n', text->length - at);

	return end ? (size_t)(end - text->bytes) + 1 : text->length;
}

/* Copies the line without spaces around it. */
static char *line_text(const struct zg_buffer *text, size_t at, size_t next)
{
	while (next > at && strchr(" \t\r\n", text->bytes[next - 1]))
		next--;
	return zg_copy_bytes(text->bytes + at, next - at);
}

static bool is_key(const char *line, const char *key)
{
	size_t length = strlen(key);

	return strncmp(line, key, length) == 0 && line[length + strspn(line + length, " \t")] == '=';
}

/* Where the setting's line is, or where it belongs. */
struct place {
	bool has_section, has_line;
	size_t at, next;
};

static struct place find_place(const struct zg_buffer *text, const struct setting *setting)
{
	struct place place = { .at = text->length, .next = text->length };
	char *heading = zg_print("[%s]", setting->section);
	bool inside = false;

	for (size_t at = 0, next; at < text->length && !place.has_line; at = next) {
		next = next_line(text, at);
		char *line = line_text(text, at, next);

		if (line[0] == '[') {
			inside = strcmp(line, heading) == 0;
			place.has_section = place.has_section || inside;
		}
		if (inside && is_key(line, setting->key))
			place = (struct place){ true, true, at, next };
		else if (inside && line[0])
			place.at = place.next = next;    /* below the section's last line that says something */
		free(line);
	}
	free(heading);
	return place;
}

static void put_setting(struct zg_buffer *text, const struct setting *setting, const char *value)
{
	struct place place = find_place(text, setting);
	struct zg_buffer out = { 0 };

	if (place.at)
		zg_buffer_add(&out, text->bytes, place.at);
	if (place.at && out.bytes[out.length - 1] != '\n')
		zg_buffer_add_byte(&out, '\n');
	if (!place.has_section)
		zg_buffer_print(&out, "%s[%s]\n", place.at ? "\n" : "", setting->section);
	zg_buffer_print(&out, "%s =%s%s\n", setting->key, value[0] ? " " : "", value);
	if (place.next < text->length)
		zg_buffer_add(&out, text->bytes + place.next, text->length - place.next);
	zg_buffer_clear(text);
	*text = out;
}

static bool write_all(int fd, const struct zg_buffer *text)
{
	for (size_t done = 0; done < text->length;) {
		ssize_t wrote = write(fd, text->bytes + done, text->length - done);

		if (wrote < 0 && errno != EINTR)
			return false;
		done += wrote > 0 ? (size_t)wrote : 0;
	}
	return fsync(fd) == 0;
}

static enum zg_result cannot_write(const char *path, int why, struct zg_error *err)
{
	return zg_fail(err, ZG_BROKEN, _("%s cannot be written (%s). Check the disk and who owns the directory."), path, strerror(why));
}

/* The new text beside the file, synced: only its name is still to be changed. */
static enum zg_result write_fresh(const char *path, const struct zg_buffer *text, mode_t mode, struct zg_error *err)
{
	char *fresh = zg_print("%s.new", path);
	int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool ok = fd >= 0 && fchmod(fd, mode) == 0 && write_all(fd, text);
	int why = errno;

	if (fd >= 0)
		close(fd);
	if (!ok && fd >= 0)
		unlink(fresh);
	free(fresh);
	return ok ? ZG_OK : cannot_write(path, why, err);
}

static enum zg_result change_one(struct zg_buffer *text, const char *name, const char *value, struct zg_error *err)
{
	struct zg_config scratch;
	const char *dot = strchr(name, '.');
	char *section = zg_copy_bytes(name, dot ? (size_t)(dot - name) : 0);
	const struct setting *setting = find_setting(section, dot ? dot + 1 : name, err);
	const char *why = NULL;

	free(section);
	if (!setting)
		return ZG_USAGE;
	if (!zg_text_is_clean(value, strlen(value), NULL, &why))
		return zg_fail(err, ZG_USAGE, _("There is a character in %s that cannot be kept. Type it again."), setting->key);
	if (value[0] == ' ' || (value[0] && value[strlen(value) - 1] == ' '))
		return zg_fail(err, ZG_USAGE, _("Take away the space at the end or beginning of %s."), setting->key);
	start(&scratch);
	enum zg_result result = take(&scratch, setting->section, setting->key, value, 0, err);

	if (result == ZG_OK)
		put_setting(text, setting, value);
	return result;
}

/* Every pair written into the text, and the text read over. */
static enum zg_result change_all(struct zg_buffer *text, const char *const *pairs, struct zg_error *err)
{
	struct zg_config config;
	enum zg_result result = parse(zg_buffer_text(text), text->length, &config, err);

	for (; result == ZG_OK && pairs[0]; pairs += 2)
		result = change_one(text, pairs[0], pairs[1], err);
	return result == ZG_OK ? parse(zg_buffer_text(text), text->length, &config, err) : result;
}

enum zg_result zg_config_try(const char *const *pairs, struct zg_error *err)
{
	struct zg_buffer text = { 0 };
	enum zg_result result = change_all(&text, pairs, err);

	zg_buffer_clear(&text);
	return result;
}

/* first: what a file that is not there begins with. */
static enum zg_result prepare(const char *home, const char *first, const char *const *pairs, struct zg_error *err)
{
	char *path = zg_print("%s/" FILE_NAME, home);
	struct zg_buffer text = { 0 };
	mode_t mode;
	enum zg_result result = read_file(path, &text, &mode, err);

	if (result == ZG_OK && text.length == 0)
		zg_buffer_add(&text, first, strlen(first));
	if (result == ZG_OK)
		result = change_all(&text, pairs, err);
	if (result == ZG_OK)
		result = write_fresh(path, &text, mode, err);
	zg_buffer_clear(&text);
	free(path);
	return result;
}

enum zg_result zg_config_prepare(const char *home, const char *const *pairs, struct zg_error *err)
{
	return prepare(home, "", pairs, err);
}

/* Old or new, whole, after any power cut. */
enum zg_result zg_config_adopt(const char *home, struct zg_error *err)
{
	char *path = zg_print("%s/" FILE_NAME, home), *fresh = zg_print("%s.new", path);
	bool ok = rename(fresh, path) == 0;
	int why = errno;
	int directory = ok ? open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (!ok)
		unlink(fresh);
	if (directory >= 0) {
		(void)fsync(directory);    /* some file systems cannot; the file itself is synced */
		close(directory);
	}
	enum zg_result result = ok ? ZG_OK : cannot_write(path, why, err);

	free(fresh);
	free(path);
	return result;
}

enum zg_result zg_config_change(const char *home, const char *const *pairs, struct zg_error *err)
{
	enum zg_result result = zg_config_prepare(home, pairs, err);

	return result == ZG_OK ? zg_config_adopt(home, err) : result;
}

enum zg_result zg_config_found(const char *home, const char *first, const char *const *pairs, struct zg_error *err)
{
	enum zg_result result = prepare(home, first, pairs, err);

	return result == ZG_OK ? zg_config_adopt(home, err) : result;
}

const char *zg_config_slip_language(const struct zg_config *config)
{
	const char *language = config->language;

	if (!language[0]) {
		language = getenv("LANGUAGE");
		if (!language || !language[0])
			language = setlocale(LC_MESSAGES, NULL);
	}
	return language && strncmp(language, "zh", 2) == 0 ? "zh" : "en";
}
