#include "src/io/data.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX  65536     /* bytes of one data file */
#define NAMES_MAX 200       /* profiles that are listed */

const char *zg_data_directory(void)
{
	const char *directory = getenv("ZHANGGUI_DATA");

	return directory && *directory ? directory : ZG_DATA_DIR;
}

/*
 * ZG_NOT_FOUND: no such file. ZG_USAGE: it cannot be read, or is no such file; err says so. A pipe of that name is
 * not waited for: the till prints from here.
 */
static enum zg_result read_whole(const char *path, struct zg_buffer *out, struct zg_error *err)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat about;
	char piece[4096];
	ssize_t got = -1;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return ZG_NOT_FOUND;
	if (fd < 0)
		return zg_fail(err, ZG_USAGE, _("%s cannot be read: %s. Check its permissions."), path, strerror(errno));
	if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode))
		while ((got = read(fd, piece, sizeof(piece))) > 0 && out->length <= FILE_MAX)
			zg_buffer_add(out, piece, (size_t)got);
	close(fd);
	if (got < 0)
		return zg_fail(err, ZG_USAGE, _("%s cannot be read. Is it a file?"), path);
	if (out->length > FILE_MAX)
		return zg_fail(err, ZG_USAGE, _("%s is too big. Such a file has at most 64 kB."), path);
	return ZG_OK;
}

/* Names come from files and command lines; none may lead out of its directory. */
static bool is_name(const char *name)
{
	return *name && strlen(name) < ZG_PROFILE_TEXT
	       && strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == strlen(name);
}

/* Keeps the first fault for the caller, who wants to hear of the shop's own file, not of later ones. */
static void keep_fault(struct zg_error *first, const struct zg_error *err)
{
	if (!first->text[0])
		*first = *err;
}

static enum zg_result find_template(const char *const *directories, size_t count, enum zg_slip slip,
				    const char *language, struct zg_buffer *out, struct zg_error *first)
{
	for (size_t i = 0; i < count; i++) {
		struct zg_error err = { .text = "" };
		char *path = zg_print("%s/receipts/%s.%s.txt", directories[i], zg_slip_name(slip), language);

		zg_buffer_empty(out);
		enum zg_result result = read_whole(path, out, &err);

		if (result == ZG_OK)
			result = zg_receipt_check(slip, zg_buffer_text(out), out->length, path, &err);
		free(path);
		if (result == ZG_OK)
			return ZG_OK;
		if (result != ZG_NOT_FOUND)
			keep_fault(first, &err);
	}
	return ZG_NOT_FOUND;
}

enum zg_result zg_data_template(const char *const *directories, size_t count, enum zg_slip slip, const char *language,
				struct zg_buffer *out, struct zg_error *err)
{
	struct zg_error first = { .text = "" };
	char shorter[16];

	snprintf(shorter, sizeof(shorter), "%.*s", (int)strcspn(language, "_.@"), language);
	enum zg_result result = is_name(shorter) ? find_template(directories, count, slip, shorter, out, &first)
						 : ZG_NOT_FOUND;

	if (result != ZG_OK)
		result = find_template(directories, count, slip, "en", out, &first);
	if (err)
		*err = first;
	if (result == ZG_OK)
		return ZG_OK;
	zg_buffer_empty(out);
	if (first.text[0])
		return ZG_NOT_FOUND;
	return zg_fail(err, ZG_NOT_FOUND, _("There is no template for the slip \"%s\". Install Zhanggui's data files again."),
		       zg_slip_name(slip));
}

enum zg_result zg_data_profile(const char *const *directories, size_t count, const char *name,
			       struct zg_printer_profile *profile, struct zg_error *err)
{
	struct zg_buffer text = { 0 };
	enum zg_result result = ZG_NOT_FOUND;

	zg_profile_init(profile);
	for (size_t i = 0; i < count && result == ZG_NOT_FOUND && is_name(name); i++) {
		char *path = zg_print("%s/printers/%s.ini", directories[i], name);

		zg_buffer_empty(&text);
		result = read_whole(path, &text, err);
		if (result == ZG_OK)
			result = zg_profile_read(profile, zg_buffer_text(&text), text.length, path, err);
		free(path);
	}
	zg_buffer_empty(&text);
	snprintf(profile->name, sizeof(profile->name), "%s", name);
	if (result == ZG_NOT_FOUND) {
		zg_data_profiles(directories, count, &text);
		for (size_t i = 0; i < text.length; i++)
			if (text.bytes[i] == '\n')
				text.bytes[i] = ' ';
		if (text.length > 0)
			zg_fail(err, ZG_NOT_FOUND, _("There is no printer profile \"%s\". Choose one of these: %s"), name, zg_buffer_text(&text));
		else
			zg_fail(err, ZG_NOT_FOUND, _("There is no printer profile \"%s\", nor any other. Install the program whole, or set ZHANGGUI_DATA."),
				name);
	}
	zg_buffer_clear(&text);
	return result;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t list_names(const char *directory, char **names, size_t count)
{
	char *path = zg_print("%s/printers", directory);
	DIR *opened = opendir(path);
	const struct dirent *entry;

	free(path);
	if (!opened)
		return count;
	while (count < NAMES_MAX && (entry = readdir(opened))) {
		size_t length = strlen(entry->d_name);

		if (length > 4 && strcmp(entry->d_name + length - 4, ".ini") == 0)
			names[count++] = zg_copy_bytes(entry->d_name, length - 4);
	}
	closedir(opened);
	return count;
}

void zg_data_profiles(const char *const *directories, size_t count, struct zg_buffer *out)
{
	char *names[NAMES_MAX];
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found = list_names(directories[i], names, found);
	qsort(names, found, sizeof(names[0]), compare);
	for (size_t i = 0; i < found; i++) {
		if (is_name(names[i]) && (i == 0 || strcmp(names[i], names[i - 1]) != 0))
			zg_buffer_print(out, "%s\n", names[i]);
	}
	for (size_t i = 0; i < found; i++)
		free(names[i]);
}
