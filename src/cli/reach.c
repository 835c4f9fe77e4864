/* How commands reach the shop: snapshots for reads, acts for changes, PINs for both persons. */
#include "src/cli/cli.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/base/text.h"
#include "src/till/config.h"
#include "src/till/door.h"
#include "src/till/pins.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

const struct zg_store *zg_cli_open_any(const struct zg_cli *cli, int *code)
{
	struct zg_store *store = NULL;
	struct zg_error err = { .text = "" };

	*code = 0;
	if (zg_store_open(cli->home, ZG_STORE_READ, cli->parts->clock, &store, &err) != ZG_OK) {
		if (err.result == ZG_NOT_FOUND)
			err.result = ZG_USAGE;    /* a wrong --home is not "nothing found" */
		*code = zg_cli_fail(cli, &err);
		return NULL;
	}
	zg_store_snapshot(store);
	return store;
}

const struct zg_store *zg_cli_open(const struct zg_cli *cli, int *code)
{
	const struct zg_store *store = zg_cli_open_any(cli, code);
	struct zg_error err = { .text = "" };

	if (!store || zg_store_check_sealed(store, &err) == ZG_OK)
		return store;
	zg_cli_close(store);
	*code = zg_cli_fail(cli, &err);
	return NULL;
}

void zg_cli_close(const struct zg_store *store)
{
	if (store && zg_store_is_open(store))
		zg_store_snapshot_end(store);
	zg_store_close((struct zg_store *)(uintptr_t)store);    /* ours: opened above, handed out to be read */
}

bool zg_cli_day(const struct zg_cli *cli, char day[ZG_DAY_TEXT], int *code)
{
	const char *given = zg_cli_option(cli, "day");
	struct zg_config config;
	struct zg_error err = { .text = "" };

	if (given && !zg_day_is_valid(given)) {
		*code = zg_cli_usage(cli, _("'%s' is not a day. Write it as 2026-11-23."), given);
		return false;
	}
	if (given) {
		memcpy(day, given, ZG_DAY_TEXT);
		return true;
	}
	if (zg_config_read(cli->home, &config, &err) != ZG_OK) {
		*code = zg_cli_fail(cli, &err);
		return false;
	}
	zg_business_day(day, zg_clock_now(cli->parts->clock), config.day_ends_min);
	return true;
}

/* ---- PINs ---- */

static enum zg_result take_line(const struct zg_buffer *text, char pin[ZG_PIN_MAX + 1], struct zg_error *err)
{
	size_t length = text->length ? strcspn(zg_buffer_text(text), "\r\n") : 0;

	if (length == 0)
		return zg_fail(err, ZG_USAGE, _("There is no PIN on the first line."));
	if (length > ZG_PIN_MAX || !zg_text_is_clean(zg_buffer_text(text), length, NULL, NULL))
		return zg_fail(err, ZG_USAGE, _("That cannot be a PIN. It has at most %d bytes of plain text."), ZG_PIN_MAX);
	memcpy(pin, text->bytes, length);
	pin[length] = '\0';
	return ZG_OK;
}

static void wipe(struct zg_buffer *text)
{
	if (text->bytes)
		OPENSSL_cleanse(text->bytes, text->room);
	zg_buffer_clear(text);
}

static enum zg_result pin_from_file(const char *file, char pin[ZG_PIN_MAX + 1], struct zg_error *err)
{
	bool is_input = strcmp(file, "-") == 0;
	int fd = is_input ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	char bytes[2 * ZG_PIN_MAX];
	struct zg_buffer text = { 0 };
	size_t length = 0;
	ssize_t got = 0;

	if (fd < 0)
		return zg_fail(err, ZG_USAGE, _("The PIN file %s cannot be read (%s)."), file, strerror(errno));
	/* a byte at a time: two PINs may stand on two lines of standard input */
	while (length < sizeof(bytes) && (got = read(fd, bytes + length, 1)) > 0 && bytes[length++] != '\n')
		;
	if (!is_input)
		close(fd);
	zg_buffer_add(&text, bytes, length);
	enum zg_result result = got < 0 ? zg_fail(err, ZG_USAGE, _("The PIN file %s cannot be read."), file)
		: take_line(&text, pin, err);

	OPENSSL_cleanse(bytes, sizeof(bytes));
	wipe(&text);
	return result;
}

/* One line without echo; Ctrl-C and Ctrl-D give up. */
static bool read_hidden(int tty, struct zg_buffer *text)
{
	unsigned char byte = 0;

	while (read(tty, &byte, 1) == 1 && byte != '\r' && byte != '\n') {
		if (byte == 3 || byte == 4)
			return false;
		if (byte == 8 || byte == 127) {
			while (text->length > 0 && (text->bytes[--text->length] & 0xC0) == 0x80)
				;
		} else if (text->length <= ZG_PIN_MAX) {
			zg_buffer_add_byte(text, byte);
		}
	}
	return byte == '\r' || byte == '\n';
}

static enum zg_result pin_from_terminal(const char *question, char pin[ZG_PIN_MAX + 1], struct zg_error *err)
{
	int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios before, hidden;
	struct zg_buffer text = { 0 };

	if (tty < 0 || tcgetattr(tty, &before) != 0) {
		if (tty >= 0)
			close(tty);
		return zg_fail(err, ZG_USAGE, _("There is no terminal to ask for a PIN at. Give it with --pin-file FILE."));
	}
	hidden = before;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
	hidden.c_cc[VMIN] = 1;
	hidden.c_cc[VTIME] = 0;
	dprintf(tty, "%s: ", question);
	tcsetattr(tty, TCSAFLUSH, &hidden);
	bool given = read_hidden(tty, &text);

	tcsetattr(tty, TCSAFLUSH, &before);
	dprintf(tty, "\n");
	close(tty);
	enum zg_result result = given ? take_line(&text, pin, err) : zg_fail(err, ZG_USAGE, _("No PIN was given. Nothing was done."));

	wipe(&text);
	return result;
}

enum zg_result zg_cli_pin(const char *file, const char *question, bool is_new, char pin[ZG_PIN_MAX + 1], struct zg_error *err)
{
	char again[ZG_PIN_MAX + 1] = "";
	enum zg_result result = file ? pin_from_file(file, pin, err) : pin_from_terminal(question, pin, err);

	if (result == ZG_OK && is_new)
		result = zg_pin_is_valid(pin, err);
	if (result == ZG_OK && is_new && !file) {
		result = pin_from_terminal(_("The same PIN again"), again, err);
		if (result == ZG_OK && strcmp(pin, again) != 0)
			result = zg_fail(err, ZG_INVALID, _("The two PINs are not the same. Nothing was done; try again."));
	}
	OPENSSL_cleanse(again, sizeof(again));
	return result;
}

/* ---- acts ---- */

static void show_progress(void *self, int64_t finished, int64_t of)
{
	(void)self;
	fprintf(stderr, "\r%lld / %lld", (long long)finished, (long long)of);
}

static enum zg_result call(struct zg_cli *cli, struct zg_call *call, json_t *args, json_t **answer, struct zg_error *err)
{
	struct zg_door door = { .home = cli->home, .clock = cli->parts->clock, .printers = cli->parts->printers };
	bool shows = isatty(STDERR_FILENO) && !cli->json;

	call->args = args;
	call->progress = shows ? show_progress : NULL;
	enum zg_result result = zg_door_call(&door, call, answer, err);

	err->result = result;    /* an act may give a sentence of below another result */
	if (shows && strcmp(call->act, "product.import") == 0)
		fprintf(stderr, "\r%*s\r", 40, "");
	json_decref(args);
	return result;
}

enum zg_result zg_cli_act_as(struct zg_cli *cli, const char *act, json_t *args, const char *as, const char *pin,
			     json_t **answer, struct zg_error *err)
{
	return call(cli, &(struct zg_call){ .act = act, .as = as, .pin = pin }, args, answer, err);
}

static enum zg_result ask_pins(const struct zg_cli *cli, struct zg_call *call, char pin[ZG_PIN_MAX + 1],
			       char with_pin[ZG_PIN_MAX + 1], struct zg_error *err)
{
	enum zg_result result = ZG_OK;
	char *question;

	call->as = zg_cli_option(cli, "as");
	call->with = zg_cli_option(cli, "with");
	if (!call->as)
		return zg_fail(err, ZG_USAGE, _("Say who makes the change: add --as LOGIN."));
	if (!call->with && zg_cli_option(cli, "with-pin-file"))
		return zg_fail(err, ZG_USAGE, _("Say whose PIN that is: add --with LOGIN."));
	question = zg_print(_("PIN of %s"), call->as);
	result = zg_cli_pin(zg_cli_option(cli, "pin-file"), question, false, pin, err);
	free(question);
	call->pin = pin;
	if (result == ZG_OK && call->with) {
		question = zg_print(_("PIN of %s"), call->with);
		result = zg_cli_pin(zg_cli_option(cli, "with-pin-file"), question, false, with_pin, err);
		free(question);
		call->with_pin = with_pin;
	}
	return result;
}

/* Before anybody types a PIN. */
static enum zg_result check_shop(const struct zg_cli *cli, struct zg_error *err)
{
	enum zg_result result = zg_store_find(cli->home, err);

	if (result == ZG_NOT_FOUND)
		err->result = result = ZG_USAGE;    /* a wrong --home is not "nothing found" */
	return result;
}

int zg_cli_act(struct zg_cli *cli, const char *act, json_t *args, json_t **answer)
{
	struct zg_call deed = { .act = act };
	char pin[ZG_PIN_MAX + 1] = "", with_pin[ZG_PIN_MAX + 1] = "";
	struct zg_error err = { .text = "" };
	json_t *said = NULL;
	enum zg_result result = check_shop(cli, &err);

	if (result == ZG_OK)
		result = ask_pins(cli, &deed, pin, with_pin, &err);
	if (result == ZG_OK) {
		result = call(cli, &deed, args, &said, &err);
	} else {
		json_decref(args);
	}
	OPENSSL_cleanse(pin, sizeof(pin));
	OPENSSL_cleanse(with_pin, sizeof(with_pin));
	if (result != ZG_OK) {
		if (answer)
			*answer = NULL;
		return zg_cli_fail_with(cli, &err, said ? said : zg_json_object());
	}
	if (answer)
		*answer = said;
	else
		json_decref(said);
	return 0;
}
