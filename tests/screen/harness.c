#include "tests/screen/harness.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"
#include "src/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define ROWS 256
#define STEP 100    /* ms between two keys of a person */

static int64_t held_ms;    /* Criterion runs each test in its own process, so each starts at the same time */

static int64_t held_now(void *self)
{
	(void)self;
	return 1795596122000 + held_ms;    /* 2026-11-25 16:42:02 in Shanghai */
}

static int64_t held_running(void *self)
{
	(void)self;
	return 1000 + held_ms;
}

static const struct zg_clock held_clock = { .now_ms = held_now, .running_ms = held_running };

struct harness {
	struct zg_app *app;
	FILE *out, *in;
	long taken;    /* bytes of out that were handed over */
	int rows, columns;
	void (*meanwhile)(void *self);
	void *self;
	char text[ROWS][HARNESS_ROW];
};

const struct zg_clock *harness_clock(void)
{
	return &held_clock;
}

void harness_parts(struct zg_app_parts *parts, int rows, int columns)
{
	memset(parts, 0, sizeof(*parts));
	parts->clock = &held_clock;
	parts->term = "xterm-256color";
	parts->rows = rows;
	parts->columns = columns;
	parts->theme = "dark";
}

struct harness *harness_open(const struct zg_app_parts *parts, const struct zg_screen *screen, const void *with)
{
	struct harness *h = zg_alloc(1, sizeof(*h));
	struct zg_app_parts mine = *parts;
	struct zg_error err;

	h->out = mine.out = tmpfile();
	h->in = mine.in = fopen("/dev/null", "r");
	h->rows = parts->rows;
	h->columns = parts->columns;
	zg_assert(h->out && h->in);
	if (zg_app_new(&mine, &h->app, &err) != ZG_OK) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
	if (screen)
		zg_app_show(h->app, screen, with);
	zg_app_frame(h->app);
	return h;
}

void harness_close(struct harness *h)
{
	zg_app_free(h->app);
	fclose(h->out);
	fclose(h->in);
	free(h);
}

struct zg_app *harness_app(struct harness *h)
{
	return h->app;
}

void harness_bytes(struct harness *h, const char *bytes, size_t length)
{
	zg_app_bytes(h->app, bytes, length, held_running(NULL));
	zg_app_frame(h->app);
}

void harness_pass(struct harness *h, int ms)
{
	/* as the loop would: no timer is passed over */
	for (;;) {
		int wait = zg_app_wait(h->app);

		if (wait < 0 || wait > ms)
			break;
		wait = wait < 1 ? 1 : wait;
		held_ms += wait < ms ? wait : ms;
		ms -= wait < ms ? wait : ms;
		zg_app_tick(h->app);
		if (ms == 0)
			break;
	}
	held_ms += ms;
	zg_app_tick(h->app);
	if (h->meanwhile) {
		h->meanwhile(h->self);
		if (zg_app_wait(h->app) == 0)
			zg_app_tick(h->app);
	}
	zg_app_frame(h->app);
}

void harness_meanwhile(struct harness *h, void (*call)(void *self), void *self)
{
	h->meanwhile = call;
	h->self = self;
}

size_t harness_key_length(const char *keys)
{
	uint32_t character;

	if (keys[0] == '\033' && keys[1] == '[') {
		size_t length = 2;

		while (keys[length] && !(keys[length] >= 0x40 && keys[length] <= 0x7E))
			length++;
		return length + (keys[length] != '\0');
	}
	if (keys[0] == '\033' && keys[1] == 'O' && keys[2])
		return 3;
	return zg_text_next(keys, strlen(keys), &character, NULL);
}

void harness_type(struct harness *h, const char *keys)
{
	while (*keys) {
		size_t length = harness_key_length(keys);

		harness_bytes(h, keys, length);
		harness_pass(h, STEP);
		keys += length;
	}
}

void harness_write(struct harness *h, const char *bytes)
{
	harness_bytes(h, bytes, strlen(bytes));
	harness_pass(h, STEP);
}

void harness_scan(struct harness *h, const char *code)
{
	for (; *code; code++) {
		harness_bytes(h, code, 1);
		harness_pass(h, 10);
	}
	harness_bytes(h, "\r", 1);
	harness_pass(h, STEP);
}

void harness_resize(struct harness *h, int rows, int columns)
{
	h->rows = rows;
	h->columns = columns;
	zg_app_resize(h->app, rows, columns);
	zg_app_frame(h->app);
}

const char *harness_row(struct harness *h, int row)
{
	cchar_t cells[512] = { 0 };
	char *out = h->text[row];
	size_t length = 0;
	int count = h->columns < 511 ? h->columns : 511;

	mvwin_wchnstr(curscr, row, 0, cells, count);
	/* one for each character, a wide one too */
	for (int i = 0; i < count && cells[i].chars[0]; i++) {
		wchar_t text[CCHARW_MAX + 1] = { 0 };
		attr_t attributes;
		short pair;

		getcchar(&cells[i], text, &attributes, &pair, NULL);
		for (int k = 0; k < CCHARW_MAX && text[k] && length + 5 < HARNESS_ROW; k++)
			length += zg_text_put(out + length, (uint32_t)text[k]);
	}
	while (length > 0 && out[length - 1] == ' ')
		length--;
	out[length] = '\0';
	return out;
}

int harness_width(struct harness *h, int row)
{
	const char *line = harness_row(h, row);
	size_t length = strlen(line), sign = strlen("↑");
	bool has_sign = length > sign && (strcmp(line + length - sign, "↑") == 0 || strcmp(line + length - sign, "↓") == 0);

	return zg_screen_width(line) - (has_sign && zg_screen_width(line) == h->columns);
}

char *harness_screen(struct harness *h)
{
	struct zg_buffer all = { 0 };

	for (int row = 0; row < h->rows; row++)
		zg_buffer_print(&all, "%s\n", harness_row(h, row));
	return zg_buffer_take(&all);
}

int harness_find_below(struct harness *h, int first, const char *text, int *column)
{
	for (int row = first; row < h->rows; row++) {
		const char *line = harness_row(h, row), *at = strstr(line, text);

		if (!at)
			continue;
		char *before = zg_copy_bytes(line, (size_t)(at - line));

		if (column)
			*column = zg_screen_width(before);
		free(before);
		return row;
	}
	return -1;
}

int harness_find(struct harness *h, const char *text, int *column)
{
	return harness_find_below(h, 0, text, column);
}

bool harness_has(struct harness *h, const char *text)
{
	return harness_find(h, text, NULL) >= 0;
}

attr_t harness_attributes(struct harness *h, int row, int column, short *pair)
{
	cchar_t cell = { 0 };
	wchar_t text[CCHARW_MAX + 1];
	attr_t attributes = 0;

	(void)h;
	mvwin_wch(curscr, row, column, &cell);
	getcchar(&cell, text, &attributes, pair, NULL);
	return attributes;
}

int harness_rows(struct harness *h)
{
	return h->rows;
}

int harness_columns(struct harness *h)
{
	return h->columns;
}

char *harness_sent(struct harness *h, size_t *length)
{
	struct zg_buffer all = { 0 };
	char bytes[4096];
	size_t got;

	fflush(h->out);
	FILE *again = h->out;

	fseek(again, h->taken, SEEK_SET);
	while ((got = fread(bytes, 1, sizeof(bytes), again)) > 0)
		zg_buffer_add(&all, bytes, got);
	fseek(again, 0, SEEK_END);
	h->taken += (long)all.length;
	*length = all.length;
	return zg_buffer_take(&all);
}
