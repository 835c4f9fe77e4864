#include "src/till/page_check.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/json.h"
#include "src/io/child.h"

#include <stdlib.h>

#define LIMIT_MS (60 * 60 * 1000)    /* 315 MB take 1.7 s where this was written; a slow card with much more has its hour */

struct zg_page_check {
	struct zg_child *child;
	void (*done)(void *self, enum zg_result result, const struct zg_error *err);
	void *self;
};

/* The doctor's first finding; NULL: its answer is none. */
static const char *finding(const json_t *document)
{
	const json_t *checks = json_object_get(document, "checks");

	for (size_t i = 0; i < json_array_size(checks); i++)
		if (!zg_json_boolean(json_array_get(checks, i), "well"))
			return zg_json_string(json_array_get(checks, i), "text", NULL);
	return NULL;
}

static void ended(void *self, bool ok, const char *bytes, size_t length)
{
	struct zg_page_check *check = self;
	json_t *document = zg_json_parse(bytes, length);
	const char *text = finding(document);
	struct zg_error err = { .text = "" };
	enum zg_result result = ZG_OK;

	if (text)
		result = zg_fail(&err, ZG_BROKEN, "%s", text);
	else if (!ok || !document)
		result = zg_fail(&err, ZG_BROKEN, _("The books could not be checked after the sudden end. Run: zhanggui doctor"));
	json_decref(document);
	check->done(check->self, result, &err);
	free(check);
}

struct zg_page_check *zg_page_check_start(struct zg_loop *loop, const char *program, const char *home,
					  void (*done)(void *self, enum zg_result result, const struct zg_error *err), void *self)
{
	const char *const words[] = { program, "--home", home, "doctor", "--pages", "--json", NULL };
	struct zg_page_check *check = zg_alloc(1, sizeof(*check));

	check->done = done;
	check->self = self;
	check->child = zg_child_run(loop, words, LIMIT_MS, ended, check);
	return check;
}

void zg_page_check_stop(struct zg_page_check *check)
{
	if (!check)
		return;
	zg_child_cancel(check->child);
	free(check);
}
