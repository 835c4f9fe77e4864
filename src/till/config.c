#include "src/till/config.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/i18n.h"
#include "src/base/ini.h"
#include "src/till/setting.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "zhanggui.conf"
#define FILE_MAX  65536    /* bytes of the whole file */

static void start(struct zg_config *config)
{
	*config = (struct zg_config){
		.name = "掌柜", .day_ends_min = 4 * 60, .rounding = ZG_ROUND_NONE, .till_id = 1, .keys = "default",
		.lock_after_min = 10, .profile = "generic-80", .has_drawer = true,
	};
	/* WeChat's stands under the pages of its merchant platform; of the others we have no page that says so: a shop enters what its contract names */
	snprintf(config->pay[ZG_CHANNEL_WECHAT].contact, sizeof(config->pay[0].contact), "95017-2, https://pay.weixin.qq.com");
	snprintf(config->pay[ZG_CHANNEL_ALIPAY].contact, sizeof(config->pay[0].contact), "95188, https://b.alipay.com");
	snprintf(config->pay[ZG_CHANNEL_LAKALA].contact, sizeof(config->pay[0].contact), "95016, https://o.lakala.com");
}

static enum zg_result take(void *self, const char *section, const char *key, const char *value, size_t line,
			   struct zg_error *err)
{
	const struct zg_setting *setting = zg_setting_find(section, key, err);

	(void)line;
	return setting ? zg_setting_take(setting, self, value, err) : ZG_USAGE;
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

static struct place find_place(const struct zg_buffer *text, const struct zg_setting *setting)
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

static void put_setting(struct zg_buffer *text, const struct zg_setting *setting, const char *value)
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
	const char *dot = strrchr(name, '.');
	char *section = zg_copy_bytes(name, dot ? (size_t)(dot - name) : 0);
	const struct zg_setting *setting = zg_setting_find(section, dot ? dot + 1 : name, err);
	const char *why = NULL;

	free(section);
	if (!setting)
		return ZG_USAGE;
	if (!zg_text_is_clean(value, strlen(value), NULL, &why))
		return zg_fail(err, ZG_USAGE, _("There is a character in %s that cannot be kept. Type it again."), setting->key);
	if (value[0] == ' ' || (value[0] && value[strlen(value) - 1] == ' '))
		return zg_fail(err, ZG_USAGE, _("Take away the space at the end or beginning of %s."), setting->key);
	start(&scratch);
	enum zg_result result = zg_setting_take(setting, &scratch, value, err);

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
