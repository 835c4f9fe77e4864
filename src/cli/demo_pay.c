/* Payment gateways for the demo, and a merchant and a customer who do not exist. */
#include "src/cli/demo_part.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/i18n.h"
#include "src/base/ini.h"
#include "src/till/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAIRS 64    /* settings that pay.conf may have */

/* Without another word he takes so long: enough to read what the screen says meanwhile. */
#define CUSTOMER "phone pays-after 3000\n"

/* The merchant's keys and the gateways', of both sides. One that was cut off in the middle is made anew. */
static enum zg_result make_merchant(const char *home, const char *keys, struct zg_error *err)
{
	/* the ports are put in when the gateways have theirs; both are named here so that the addresses are of HTTPS */
	const char *words[] = { "gateway", "--make-shop", keys, "--port", "1", "--https-port", "1", NULL };
	char *last = zg_print("%s/gateway.json", keys);    /* what is written last */
	bool is_whole = access(last, F_OK) == 0;

	free(last);
	if (is_whole)
		return ZG_OK;
	zg_demo_remove(keys);
	return zg_demo_part_run(home, words, err);
}

/* The gateways' standard input is a named pipe, so that the screen can tell the customer what to do; we hold it open. */
static enum zg_result open_control(struct zg_demo_part *part, const char *path, int *in, struct zg_error *err)
{
	unlink(path);
	if (mkfifo(path, 0600) == 0) {
		*in = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		part->control = *in >= 0 ? open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC) : -1;
	}
	if (part->control >= 0 && write(part->control, CUSTOMER, strlen(CUSTOMER)) > 0)
		return ZG_OK;
	enum zg_result result = zg_fail(err, ZG_BROKEN, _("%s could not be made (%s)."), path, strerror(errno));

	if (*in >= 0)
		close(*in);
	return result;
}

/* ---- the settings ---- */

struct settings {
	const char *base;              /* "https://127.0.0.1:PORT" */
	char *texts[2 * PAIRS + 1];    /* name, value, ..., NULL: owned */
	size_t count;
};

static enum zg_result take(void *self, const char *section, const char *key, const char *value, size_t line, struct zg_error *err)
{
	struct settings *settings = self;

	(void)line;
	if (settings->count == 2 * PAIRS)
		return zg_fail(err, ZG_BROKEN, "too many settings");
	settings->texts[settings->count++] = zg_print("%s.%s", section, key);
	if (strcmp(key, "url") != 0) {
		settings->texts[settings->count++] = zg_copy(value);
		return ZG_OK;
	}
	const char *host = strstr(value, "://"), *path = host ? strchr(host + 3, '/') : NULL;

	settings->texts[settings->count++] = zg_print("%s%s", settings->base, path ? path : "");
	return ZG_OK;
}

static bool read_text(const char *path, struct zg_buffer *text)
{
	char bytes[4096];
	FILE *file = fopen(path, "re");
	size_t got;

	while (file && (got = fread(bytes, 1, sizeof(bytes), file)) > 0)
		zg_buffer_add(text, bytes, got);
	bool good = file && !ferror(file);

	if (file)
		fclose(file);
	return good;
}

static enum zg_result write_settings(const char *home, const char *keys, const char *base, const char *phone, struct zg_error *err)
{
	struct settings settings = { .base = base };
	struct zg_buffer text = { 0 };
	char *path = zg_print("%s/pay.conf", keys);
	enum zg_result result = read_text(path, &text) ? ZG_OK : zg_fail(err, ZG_BROKEN, _("%s cannot be read (%s)."), path, strerror(errno));

	if (result == ZG_OK)
		result = zg_ini_read(zg_buffer_text(&text), text.length, path, take, &settings, err);
	if (result == ZG_OK)
		result = zg_config_change(home, (const char *const *)settings.texts, err);
	if (result == ZG_OK)
		result = zg_config_change(home, (const char *const[]){ "demo.phone", phone, NULL }, err);
	for (size_t i = 0; i < settings.count; i++)
		free(settings.texts[i]);
	zg_buffer_clear(&text);
	free(path);
	return result;
}

enum zg_result zg_demo_pay_start(struct zg_demo_part *part, const char *home, struct zg_error *err)
{
	char *keys = zg_print("%s/gateways", home), *phone = zg_print("%s/phone", home), *ledger = zg_print("%s/phones.jsonl", home);
	const char *words[] = { "gateway", "--keys", keys, "--https-port", "0", "--ledger", ledger, "--until-eof", NULL };
	char line[256] = "", *base = NULL;
	int in = -1;
	enum zg_result result = make_merchant(home, keys, err);

	if (result == ZG_OK)
		result = open_control(part, phone, &in, err);
	if (result == ZG_OK)
		result = zg_demo_part_start(part, home, words, in, line, sizeof(line), err);
	if (result == ZG_OK && !(base = strstr(line, "https://")))
		result = zg_fail(err, ZG_BROKEN, _("The demo's simulator did not begin. %s/log/sim.log says why."), home);
	if (result == ZG_OK)
		result = write_settings(home, keys, base, phone, err);
	if (result != ZG_OK)
		zg_demo_part_stop(part);
	free(keys);
	free(phone);
	free(ledger);
	return result;
}
