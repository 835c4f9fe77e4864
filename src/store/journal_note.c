/*
 * keys/journal.last: the newest row of the journal and the numbers last given, noted outside the books after every commit that waited
 * for the disk.
 *
 * keys/journal.head is written and synced at a shift's end and at closing; the note tells of a copy that was taken in between
 * and put back after a kill. It is written over in its place and waits for nothing. It follows the sync of the row that it names, so
 * it is never ahead of the books; what a power cut leaves of it is an older note or rubbish, which its own seal tells
 * from a note, and which counts as none.
 */
#include "src/base/alloc.h"
#include "src/store/journal.h"
#include "src/store/private.h"
#include "src/store/store.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEX  (2 * ZG_MAC_SIZE)
#define TEXT (3 * 20 + HEX + 1 + HEX + 2)    /* always as long, so that no end of an older one stays */

static void seal_note(const struct zg_store *store, const struct zg_journal_seal *note, char hex[HEX + 1])
{
	unsigned char seal[ZG_MAC_SIZE];
	char numbers[80];
	int length = snprintf(numbers, sizeof(numbers), "journal.last %" PRId64 " %" PRId64 " %" PRId64, note->seq, note->receipt_no, note->z_no);
	const struct zg_piece pieces[] = { { numbers, (size_t)length }, { note->mac, ZG_MAC_SIZE } };

	zg_seal(seal, store->key, pieces, sizeof(pieces) / sizeof(pieces[0]));
	zg_hex(hex, seal, sizeof(seal));
}

/* "SEQ HEX RECEIPT Z SEAL", one line. */
void zg_journal_read_note(const struct zg_store *store, struct zg_journal_seal *note)
{
	char *path = zg_print("%s/keys/journal.last", store->home);
	FILE *file = store->has_key ? fopen(path, "re") : NULL;
	char hex[HEX + 1] = "", seal[HEX + 1] = "", own[HEX + 1] = "";

	*note = (struct zg_journal_seal){ 0 };
	if (file && fscanf(file, "%" SCNd64 " %64s %" SCNd64 " %" SCNd64 " %64s", &note->seq, hex, &note->receipt_no, &note->z_no, seal) == 5 &&
	    zg_unhex(note->mac, ZG_MAC_SIZE, hex))
		seal_note(store, note, own);
	if (!own[0] || strcmp(own, seal) != 0)
		*note = (struct zg_journal_seal){ 0 };
	if (file)
		fclose(file);
	free(path);
}

void zg_journal_note(struct zg_store *store)
{
	struct zg_journal_seal note = { .seq = store->last_seq };
	char text[TEXT], hex[HEX + 1], seal[HEX + 1];

	if (note.seq <= 0 || note.seq == store->noted_seq)
		return;
	if (zg_store_last(store, "receipt", &note.receipt_no, NULL) != ZG_OK || zg_store_last(store, "z", &note.z_no, NULL) != ZG_OK)
		return;    /* the next commit says what is wrong with the disk */
	memcpy(note.mac, store->last_mac, ZG_MAC_SIZE);
	seal_note(store, &note, seal);
	int length = snprintf(text, sizeof(text), "%019" PRId64 " %s %019" PRId64 " %019" PRId64 " %s\n", note.seq, zg_hex(hex, note.mac, ZG_MAC_SIZE),
			      note.receipt_no, note.z_no, seal);
	char *path = zg_print("%s/keys/journal.last", store->home);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	/* One that cannot be written is older, or torn: never a false alarm. */
	if (fd >= 0 && write(fd, text, (size_t)length) == length)
		store->noted_seq = note.seq;
	if (fd >= 0)
		close(fd);
	free(path);
}
