/* The journal's key and the head of it that was sealed last, kept beside the books in keys/. See journal.h. */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/store/journal.h"
#include "src/store/private.h"
#include "src/store/query.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the key ---- */

static bool write_whole(int fd, const char *text)
{
	size_t length = strlen(text);
	ssize_t written = write(fd, text, length);

	if (written >= 0 && written < (ssize_t)length)
		errno = ENOSPC;    /* only a full disk stops half-way */
	return written == (ssize_t)length && fsync(fd) == 0;
}

static void sync_directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		(void)fsync(fd);    /* a rename that is lost leaves the older file, which is allowed */
		close(fd);
	}
}

/* Whole or not at all, after any power cut: written beside it, synced, then given its name. False: errno says why. */
static bool put_file(const char *directory, const char *name, const char *text)
{
	char *path = zg_print("%s/%s", directory, name), *fresh = zg_print("%s.new", path);
	int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool done = fd >= 0 && write_whole(fd, text) && rename(fresh, path) == 0;
	int why = errno;

	if (fd >= 0)
		close(fd);
	if (fd >= 0 && !done)
		unlink(fresh);
	sync_directory(directory);
	free(fresh);
	free(path);
	errno = why;
	return done;
}

enum zg_result zg_journal_make_key(const char *home, struct zg_error *err)
{
	char *directory = zg_print("%s/keys", home);
	char *path = zg_print("%s/journal.key", directory);
	unsigned char key[ZG_MAC_SIZE];
	char text[2 * ZG_MAC_SIZE + 2];
	enum zg_result result = ZG_OK;

	if (access(path, F_OK) != 0) {
		mkdir(directory, 0700);
		zg_random(key, sizeof(key));
		zg_hex(text, key, sizeof(key));
		strcat(text, "\n");
		if (!put_file(directory, "journal.key", text))
			result = zg_fail(err, ZG_BROKEN, _("The journal's key cannot be made in %s (%s). Check the disk and who owns it."),
					 directory, strerror(errno));
		sync_directory(home);    /* the books come after their key, never before */
	}
	free(path);
	free(directory);
	return result;
}

enum zg_result zg_journal_read_key(struct zg_store *store, struct zg_error *err)
{
	char *path = zg_print("%s/keys/journal.key", store->home);
	char text[2 * ZG_MAC_SIZE + 2] = "";
	struct stat about;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	enum zg_result result = ZG_OK;

	if (fd < 0 || fstat(fd, &about) != 0)
		result = zg_fail(err, ZG_BROKEN, _("The journal's key %s cannot be read (%s). Put it back from a copy of the shop's directory."),
				 path, strerror(errno));
	else if (about.st_mode & 077)
		result = zg_fail(err, ZG_USAGE, _("The journal's key %s can be read by others. Run: chmod 600 %s"), path, path);
	else if (read(fd, text, sizeof(text) - 1) < 0)
		result = zg_fail(err, ZG_BROKEN, _("The journal's key %s cannot be read (%s). Put it back from a copy of the shop's directory."),
				 path, strerror(errno));
	if (result == ZG_OK) {
		text[strcspn(text, "\n")] = '\0';
		store->has_key = zg_unhex(store->key, sizeof(store->key), text);
		if (!store->has_key)
			result = zg_fail(err, ZG_BROKEN, _("The journal's key %s is damaged. Put it back from a copy of the shop's directory."), path);
	}
	if (fd >= 0)
		close(fd);
	free(path);
	return result;
}

/* ---- the head ---- */

/* "SEQ HEX RECEIPT Z", one line. The first ones had no numbers. */
static void read_kept(const struct zg_store *store, struct zg_journal_seal *head)
{
	char *path = zg_print("%s/keys/journal.head", store->home);
	int fd = open(path, O_RDONLY | O_CLOEXEC);    /* not by stdio: without memory for that there would seem to be no head */
	char text[2 * ZG_MAC_SIZE + 80], hex[2 * ZG_MAC_SIZE + 1] = "";
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	*head = (struct zg_journal_seal){ 0 };
	text[length > 0 ? length : 0] = '\0';
	if (sscanf(text, "%" SCNd64 " %64s %" SCNd64 " %" SCNd64, &head->seq, hex, &head->receipt_no, &head->z_no) < 2 ||
	    head->seq <= 0 || !zg_unhex(head->mac, ZG_MAC_SIZE, hex))
		*head = (struct zg_journal_seal){ 0 };
	if (fd >= 0)
		close(fd);
	free(path);
}

void zg_journal_read_head(const struct zg_store *store, struct zg_journal_seal *head)
{
	struct zg_journal_seal note;

	read_kept(store, head);
	zg_journal_read_note(store, &note);
	if (note.seq > head->seq)
		*head = note;
}

/* *same: the row that was sealed is in the books, as it was. */
static enum zg_result find_sealed(const struct zg_store *store, const struct zg_journal_seal *head, bool *same, struct zg_error *err)
{
	struct zg_query q = zg_query(store, "SELECT mac FROM journal WHERE seq = :seq");
	size_t length = 0;

	*same = false;
	zg_bind_integer(&q, ":seq", head->seq);
	if (zg_query_row(&q)) {
		const void *bytes = zg_column_bytes(&q, 0, &length);
		unsigned char mac[ZG_MAC_SIZE];

		*same = length == ZG_MAC_SIZE && zg_seal_is_same(memcpy(mac, bytes, length), head->mac, ZG_MAC_SIZE);
	}
	return zg_query_end(&q, err);
}

enum zg_result zg_journal_find_gap(const struct zg_store *store, struct zg_journal_gap *gap, struct zg_error *err)
{
	struct zg_journal_seal head;
	struct zg_journal_mark last = { 0 };
	bool same = true;
	enum zg_result result = ZG_OK;

	zg_journal_read_head(store, &head);
	if (head.seq != 0)
		result = find_sealed(store, &head, &same, err);
	if (result == ZG_OK && same)
		return ZG_NOT_FOUND;
	if (result == ZG_OK)
		result = zg_journal_head(store, &last, err);
	*gap = (struct zg_journal_gap){ .last_seq = last.seq, .head_seq = head.seq, .receipt_no = head.receipt_no, .z_no = head.z_no };
	zg_hex(gap->head, head.mac, 4);
	return result;
}

enum zg_result zg_journal_check_head(const struct zg_store *store, struct zg_error *err)
{
	struct zg_journal_gap gap;
	enum zg_result result = zg_journal_find_gap(store, &gap, err);

	if (result == ZG_NOT_FOUND)
		return ZG_OK;
	if (result != ZG_OK)
		return result;
	return zg_fail(err, ZG_INVALID, _("These books are an old copy: row %" PRId64 " of the journal, which was sealed before, "
					  "is missing or another. Put the newest books back; if there are none, an admin goes on with these "
					  "by: zhanggui journal accept"), gap.head_seq);
}

/* The receipt and the Z last given: what a copy that is put back one day must not give again. */
static enum zg_result last_numbers(const struct zg_store *store, int64_t *receipt_no, int64_t *z_no, struct zg_error *err)
{
	enum zg_result result = zg_store_last(store, "receipt", receipt_no, err);

	return result == ZG_OK ? zg_store_last(store, "z", z_no, err) : result;
}

enum zg_result zg_journal_take_head(struct zg_store *store, struct zg_error *err)
{
	struct zg_journal_mark mark;
	int64_t receipt_no = 0, z_no = 0;
	/* A head that outlives the row it names would make the books look like an old copy. */
	enum zg_result result = zg_store_settle(store, false, err);

	if (result == ZG_OK)
		result = zg_journal_head(store, &mark, err);
	if (result == ZG_OK)
		result = last_numbers(store, &receipt_no, &z_no, err);
	if (result != ZG_OK)
		return result;
	char hex[2 * ZG_MAC_SIZE + 1];
	char *directory = zg_print("%s/keys", store->home);
	char *text = zg_print("%" PRId64 " %s %" PRId64 " %" PRId64 "\n", mark.seq, zg_hex(hex, store->last_mac, sizeof(store->last_mac)),
			      receipt_no, z_no);

	if (!put_file(directory, "journal.head", text))
		result = zg_fail(err, ZG_BROKEN, _("The journal's head cannot be written in %s. Check the disk."), directory);
	else
		zg_journal_note(store);    /* of a copy that was accepted, too: the note of the lost books is none any more */
	free(text);
	free(directory);
	return result;
}

enum zg_result zg_journal_keep_head(struct zg_store *store, struct zg_error *err)
{
	enum zg_result result = zg_journal_check_head(store, err);    /* the head never goes back, nor over to other books */

	return result == ZG_OK ? zg_journal_take_head(store, err) : result;
}
