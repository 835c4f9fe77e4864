#include "src/till/goods.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/i18n.h"
#include "src/base/seal.h"
#include "src/shop/product_file.h"
#include "src/store/item_import.h"
#include "src/till/private.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a slice of at most 2 ms takes, on a machine half as fast as it should be. */
#define READ_BYTES 65536
#define CHECK_ROWS 150
#define WRITE_ROWS 30
#define TIDY_ROWS  20

#define SHA256_SIZE 32

enum phase { READING, CHECKING, CLEANING, WRITING };

struct zg_product_import {
	struct zg_till *till;
	struct zg_deed *deed;
	enum phase phase;
	int fd;
	struct zg_buffer bytes;
	EVP_MD_CTX *digest;
	char sha256[2 * SHA256_SIZE + 1];
	struct zg_product_file *file;
	struct zg_item_import *import;
	bool has_clash;         /* with goods that are not in the file: the rest is only looked at */
	int percent;            /* last told */
	uint64_t idle;
};

/* ---- tidying ---- */

static bool tidy_slice(void *self)
{
	struct zg_till *till = self;
	bool more = false;

	if (!till->import && zg_items_tidy(till->store, TIDY_ROWS, false, &more, NULL) == ZG_OK && more)
		return true;
	till->tidy = 0;    /* what failed is tried again after the next import or start */
	return false;
}

void zg_goods_tidy(struct zg_till *till)
{
	if (!till->tidy)
		till->tidy = zg_idle_add(till->parts.loop, tidy_slice, till);
}

/* ---- the import ---- */

static void end(struct zg_product_import *p, enum zg_result result, const struct zg_error *err)
{
	struct zg_till *till = p->till;
	struct zg_deed *deed = p->deed;

	zg_item_import_free(p->import);
	zg_product_file_free(p->file);
	zg_buffer_clear(&p->bytes);
	EVP_MD_CTX_free(p->digest);
	if (p->fd >= 0)
		close(p->fd);
	till->import = NULL;
	free(p);
	till->state.is_broken = zg_store_is_broken(till->store);
	zg_goods_tidy(till);
	zg_deed_end(deed, result, err);
}

void zg_goods_stop(struct zg_till *till)
{
	struct zg_error err;

	if (till->import) {
		zg_idle_remove(till->parts.loop, till->import->idle);
		zg_fail(&err, ZG_OFFLINE, _("The till was closed during the import. The product list is as it was; import it again."));
		end(till->import, ZG_OFFLINE, &err);
	}
	zg_idle_remove(till->parts.loop, till->tidy);
	till->tidy = 0;
}

/* Checking is the first half of the way, writing the second. */
static void tell(struct zg_product_import *p)
{
	size_t done, of;

	zg_product_file_progress(p->file, &done, &of);
	int percent = of ? (int)(done * 50 / of) + (p->phase == WRITING ? 50 : 0) : 0;

	if (percent != p->percent)
		zg_deed_progress(p->deed, percent, 100);
	p->percent = percent;
}

static enum zg_result read_slice(struct zg_product_import *p, struct zg_error *err)
{
	char bytes[READ_BYTES];
	unsigned char sum[SHA256_SIZE];
	ssize_t got = read(p->fd, bytes, sizeof(bytes));

	if (got < 0 && errno == EINTR)
		return ZG_OK;
	if (got < 0)
		return zg_fail(err, ZG_INVALID, _("The file could not be read to its end (%s). Nothing was changed; copy it again."),
			       strerror(errno));
	if (p->bytes.length + (size_t)got > ZG_PRODUCT_FILE_MAX)
		return zg_fail(err, ZG_INVALID, _("The file is larger than %d MB. Make two files of it."), ZG_PRODUCT_FILE_MAX / 1048576);
	zg_buffer_add(&p->bytes, bytes, (size_t)got);
	if (EVP_DigestUpdate(p->digest, bytes, (size_t)got) != 1)
		zg_out_of_memory();    /* all that it can lack */
	if (got > 0)
		return ZG_OK;
	if (EVP_DigestFinal_ex(p->digest, sum, NULL) != 1)
		zg_out_of_memory();
	zg_hex(p->sha256, sum, sizeof(sum));
	p->file = zg_product_file_new(zg_buffer_text(&p->bytes), p->bytes.length);
	p->phase = CHECKING;
	return ZG_OK;
}

static enum zg_result refuse(struct zg_product_import *p, struct zg_error *err)
{
	size_t count = zg_product_file_fault_count(p->file);
	const struct zg_product_fault *faults = zg_product_file_faults(p->file);
	json_t *list = zg_json_array();

	for (size_t i = 0; i < count && i < ZG_PRODUCT_FAULTS; i++) {
		json_t *fault = zg_json_object();

		zg_json_set_integer(fault, "line", (int64_t)faults[i].line);
		zg_json_set_integer(fault, "column", (int64_t)faults[i].column);
		zg_json_set_string(fault, "text", faults[i].text);
		zg_json_append(list, fault);
	}
	zg_json_set(zg_deed_answer(p->deed), "faults", list);
	zg_json_set_integer(zg_deed_answer(p->deed), "fault_count", (int64_t)count);
	return zg_fail(err, ZG_INVALID, P_("The file has %zu fault, and nothing was changed. Correct it, then import the file again.",
					   "The file has %zu faults, and nothing was changed. Correct them, then import the file again.",
					   count), count);
}

static enum zg_result check_slice(struct zg_product_import *p, struct zg_error *err)
{
	if (zg_product_file_step(p->file, CHECK_ROWS))
		return ZG_OK;
	p->phase = CLEANING;
	return zg_product_file_fault_count(p->file) ? refuse(p, err) : ZG_OK;
}

static bool has_code(const void *self, const char *code)
{
	return zg_product_file_has_code(self, code);
}

/* What an import that was killed has left goes first. */
static enum zg_result clean_slice(struct zg_product_import *p, struct zg_error *err)
{
	struct zg_item_import_parts parts = { .has_code = has_code, .self = p->file };
	bool more;
	enum zg_result result = zg_items_tidy(p->till->store, TIDY_ROWS, true, &more, err);

	if (result != ZG_OK || more)
		return result;
	parts.keep = (zg_product_file_has_column(p->file, ZG_COLUMN_INITIALS) ? 0 : ZG_IMPORT_KEEP_INITIALS) |
		     (zg_product_file_has_column(p->file, ZG_COLUMN_CATEGORY) ? 0 : ZG_IMPORT_KEEP_CATEGORY) |
		     (zg_product_file_has_column(p->file, ZG_COLUMN_ACTIVE) ? 0 : ZG_IMPORT_KEEP_ACTIVE);
	p->phase = WRITING;
	return zg_item_import_begin(p->till->store, &parts, &p->import, err);
}

static enum zg_result write_slice(struct zg_product_import *p, bool *more, struct zg_error *err)
{
	struct zg_product_row row;
	enum zg_result result = ZG_OK;

	for (size_t i = 0; i < WRITE_ROWS && result == ZG_OK && (*more = zg_product_file_next(p->file, &row)); i++) {
		size_t which = 0;

		result = p->has_clash ? zg_item_import_check(p->import, &row.item, row.barcodes, &which, err) :
			zg_item_import_add(p->import, &row.item, row.barcodes, &which, err);
		if (result != ZG_INVALID)
			continue;
		zg_product_file_add_fault(p->file, row.line, which ? row.starts[which - 1] : row.columns[ZG_COLUMN_CODE], err->text);
		p->has_clash = true;
		result = ZG_OK;
	}
	return result;
}

/* The last commit: from here on everybody sees the new list. */
static enum zg_result make_live(struct zg_product_import *p, struct zg_error *err)
{
	struct zg_item_counts counts = zg_item_import_counts(p->import);
	json_t *answer = zg_deed_answer(p->deed);
	enum zg_result result = zg_item_import_flush(p->import, err);

	zg_json_set_integer(answer, "added", counts.added);
	zg_json_set_integer(answer, "changed", counts.changed);
	zg_json_set_integer(answer, "same", counts.same);
	zg_json_set_integer(answer, "rows", (int64_t)zg_product_file_rows(p->file));
	zg_json_set_string(answer, "sha256", p->sha256);
	if (result == ZG_OK)
		result = zg_store_begin(p->till->store, ZG_SYNC_FULL, err);
	if (result != ZG_OK)
		return result;
	result = zg_item_import_live(p->import, err);
	if (result == ZG_OK)
		result = zg_deed_note(p->deed, "product.import", json_deep_copy(answer), NULL, err);
	if (result == ZG_OK)
		return zg_store_commit(p->till->store, err);
	zg_store_rollback(p->till->store);
	return result;
}

static enum zg_result step(struct zg_product_import *p, bool *is_done, struct zg_error *err)
{
	bool more = true;
	enum zg_result result = ZG_OK;

	if (zg_deed_is_orphan(p->deed))
		return zg_fail(err, ZG_OFFLINE, _("The import was given up. The product list is as it was."));
	switch (p->phase) {
	case READING:  return read_slice(p, err);
	case CHECKING: result = check_slice(p, err); break;
	case CLEANING: return clean_slice(p, err);
	case WRITING:  result = write_slice(p, &more, err); break;
	}
	tell(p);
	if (result != ZG_OK || more)
		return result;
	*is_done = true;
	return p->has_clash ? refuse(p, err) : make_live(p, err);
}

static bool slice(void *self)
{
	struct zg_product_import *p = self;
	struct zg_error err = { 0 };
	bool is_done = false;
	enum zg_result result = step(p, &is_done, &err);

	if (result == ZG_OK && !is_done)
		return true;
	end(p, result, result == ZG_OK ? NULL : &err);
	return false;
}

static enum zg_result open_file(const char *path, int *fd, struct zg_error *err)
{
	struct stat about;

	*fd = -1;
	if (path[0] != '/')
		return zg_fail(err, ZG_USAGE, _("The product file must be named by its full path."));
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (*fd < 0 && errno == ENOENT)
		return zg_fail(err, ZG_INVALID, _("There is no file %s. Check its name."), path);
	if (*fd < 0)
		return zg_fail(err, ZG_INVALID, _("The file %s cannot be read (%s). Check who may read it."), path, strerror(errno));
	if (fstat(*fd, &about) != 0 || !S_ISREG(about.st_mode))
		return zg_fail(err, ZG_INVALID, _("%s is not a file. Name the product file itself."), path);
	if (about.st_size > ZG_PRODUCT_FILE_MAX)
		return zg_fail(err, ZG_INVALID, _("The file is larger than %d MB. Make two files of it."), ZG_PRODUCT_FILE_MAX / 1048576);
	return ZG_OK;
}

static void start(struct zg_till *till, struct zg_deed *deed)
{
	struct zg_error err;
	int fd = -1;
	enum zg_result result = till->import ?
		zg_fail(&err, ZG_INVALID, _("Another product list is being imported. Wait until it is done.")) :
		open_file(zg_json_string(zg_deed_args(deed), "path", ""), &fd, &err);

	if (result != ZG_OK) {
		if (fd >= 0)
			close(fd);
		zg_deed_end(deed, result, &err);
		return;
	}
	struct zg_product_import *p = zg_alloc(1, sizeof(*p));

	*p = (struct zg_product_import){ .till = till, .deed = deed, .fd = fd, .percent = -1, .digest = EVP_MD_CTX_new() };
	if (!p->digest || EVP_DigestInit_ex(p->digest, EVP_sha256(), NULL) != 1)
		zg_out_of_memory();
	p->idle = zg_idle_add(till->parts.loop, slice, p);
	till->import = p;
}

const struct zg_act zg_act_product_import = {
	.name   = "product.import",
	.title  = N_("Import a product list"),
	.right  = ZG_RIGHT_PRODUCTS,
	.sync   = ZG_SYNC_FULL,
	.fields = { { "path", ZG_FIELD_TEXT, true, 1, 4000 }, { 0 } },
	.start  = start,
};
