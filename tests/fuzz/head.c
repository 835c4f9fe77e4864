/*
 * The files beside the books: keys/journal.head and keys/journal.key. Only the head that was kept agrees with the books, and a key is 64
 * hexadecimal digits or is refused. Input: the head, a NUL, the key.
 */
#include "tests/fuzz/fuzz.h"

#include "src/base/alloc.h"
#include "src/store/journal.h"
#include "src/store/private.h"
#include "tests/unit/scratch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const struct fuzz_limits fuzz_limits = { 400000, 8 };    /* verifying fetches 500 rows */

#define ROWS 4

static struct zg_store *store;
static char head[2 * ZG_MAC_SIZE + 1];    /* of the last row */
static unsigned char key[ZG_MAC_SIZE];

static void begin(void)
{
	char *home = scratch_begin();
	struct zg_error err = { .text = "" };
	json_t *body = zg_json_object();

	fuzz_check(zg_store_open(home, ZG_STORE_CREATE, &zg_real_clock, &store, &err) == ZG_OK, "%s", err.text);
	fuzz_check(zg_store_begin(store, ZG_SYNC_NORMAL, &err) == ZG_OK, "%s", err.text);
	for (int i = 0; i < ROWS; i++)
		fuzz_check(zg_journal_add(store, "-", "test", body, NULL, &err) == ZG_OK, "%s", err.text);
	fuzz_check(zg_store_commit(store, &err) == ZG_OK, "%s", err.text);
	zg_hex(head, store->last_mac, ZG_MAC_SIZE);
	memcpy(key, store->key, ZG_MAC_SIZE);
	json_decref(body);
	free(home);
}

static void write_file(const char *name, const char *bytes, size_t length)
{
	char *path = zg_print("%s/keys/%s", zg_store_home(store), name);
	FILE *file = fopen(path, "w");

	fuzz_check(file && fwrite(bytes, 1, length, file) == length, "%s cannot be written", path);
	fclose(file);
	chmod(path, 0600);
	free(path);
}

#define HEAD_MOST (2 * ZG_MAC_SIZE + 79)

static void check_head(const char *bytes, size_t length)
{
	struct zg_error err = { .text = "" };
	struct zg_journal_check check;
	/* a head that the till wrote is far shorter than what it reads of the file */
	char *text = strndup(bytes, length < HEAD_MOST ? length : HEAD_MOST), hex[2 * ZG_MAC_SIZE + 1] = "";
	int64_t seq = 0;
	unsigned char mac[ZG_MAC_SIZE];

	write_file("journal.head", bytes, length);
	bool is_head = sscanf(text, "%" SCNd64 " %64s", &seq, hex) == 2 && zg_unhex(mac, ZG_MAC_SIZE, hex) && seq > 0;
	bool is_last = is_head && seq == ROWS && strcasecmp(hex, head) == 0;
	enum zg_result result = zg_journal_check_head(store, &err);

	/* a file that is no head is none; one of another row or books is an alarm */
	fuzz_check(result == (is_head && !is_last ? ZG_INVALID : ZG_OK), "the head \"%s\" gives %d", text, result);
	result = zg_journal_verify(store, &check, &err);
	fuzz_check(result == ZG_OK || (result == ZG_INVALID && is_head && !is_last), "verifying with \"%s\" gives %d", text, result);
	free(text);
}

static void check_key(const char *bytes, size_t length)
{
	struct zg_error err = { .text = "" };
	unsigned char want[ZG_MAC_SIZE];
	char *text = strndup(bytes, length < 2 * ZG_MAC_SIZE + 1 ? length : 2 * ZG_MAC_SIZE + 1);

	text[strcspn(text, "\n")] = '\0';
	write_file("journal.key", bytes, length);
	bool is_key = zg_unhex(want, ZG_MAC_SIZE, text);
	enum zg_result result = zg_journal_read_key(store, &err);

	fuzz_check(result == (is_key ? ZG_OK : ZG_BROKEN), "the key \"%s\" gives %d: %s", text, result, err.text);
	fuzz_check(!is_key || memcmp(store->key, want, ZG_MAC_SIZE) == 0, "another key");
	memcpy(store->key, key, ZG_MAC_SIZE);
	free(text);
}

void fuzz_one(const char *bytes, size_t length)
{
	const char *stop = memchr(bytes, '\0', length);
	size_t size = stop ? (size_t)(stop - bytes) : length;

	if (!store)
		begin();
	check_head(bytes, size);
	if (stop)
		check_key(stop + 1, length - size - 1);
}
