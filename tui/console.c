#include "tui/console.h"

#include "src/base/alloc.h"

#include <stdlib.h>

struct zg_console {
	struct zg_loop *loop;
	struct zg_terminal *terminal;
	struct zg_app *app;
	uint64_t timer;
};

static void due(void *self)
{
	struct zg_console *console = self;

	console->timer = 0;
	zg_app_tick(console->app);
}

/* The end of each step: the frame, when the terminal can take it, and the time of the next tick. */
static void after(void *self)
{
	struct zg_console *console = self;

	if (zg_app_is_done(console->app)) {
		zg_loop_stop(console->loop);
		return;
	}
	if (!zg_terminal_is_behind(console->terminal)) {
		zg_app_frame(console->app);
		zg_terminal_push(console->terminal);
	}
	zg_timer_remove(console->loop, console->timer);
	int wait = zg_app_wait(console->app);

	console->timer = wait < 0 ? 0 : zg_timer_add(console->loop, wait, due, console);
}

static void bytes(void *self, const char *data, size_t length, int64_t at_ms)
{
	struct zg_console *console = self;

	zg_app_bytes(console->app, data, length, at_ms);
}

static void resized(void *self, int rows, int columns)
{
	struct zg_console *console = self;

	zg_app_resize(console->app, rows, columns);
}

/* Nobody sees the screen any more: the sale is in the books, the next start shows it again. */
static void gone(void *self)
{
	struct zg_console *console = self;

	zg_loop_stop(console->loop);
}

enum zg_result zg_console_open(struct zg_loop *loop, int fd, const struct zg_app_parts *parts,
                               struct zg_console **made, struct zg_error *err)
{
	static const struct zg_terminal_events events = { .bytes = bytes, .resized = resized, .gone = gone };
	struct zg_console *console = zg_alloc(1, sizeof(*console));
	struct zg_app_parts mine = *parts;

	console->loop = loop;
	enum zg_result result = zg_terminal_open(loop, fd, &events, console, &console->terminal, err);

	if (result != ZG_OK)
		goto out;
	mine.clock = zg_loop_clock(loop);
	mine.out = zg_terminal_out(console->terminal);
	mine.in = zg_terminal_in(console->terminal);
	zg_terminal_size(console->terminal, &mine.rows, &mine.columns);
	result = zg_app_new(&mine, &console->app, err);
	if (result != ZG_OK)
		goto out;
	if (zg_app_wraps(console->app))
		zg_terminal_wraps(console->terminal);
	zg_loop_after(loop, after, console);
	console->timer = zg_timer_add(loop, 0, due, console);
	*made = console;
	return ZG_OK;
out:
	zg_terminal_close(console->terminal, 1000);
	free(console);
	return result;
}

struct zg_app *zg_console_app(const struct zg_console *console)
{
	return console->app;
}

void zg_console_close(struct zg_console *console)
{
	if (!console)
		return;
	zg_loop_after(console->loop, NULL, NULL);
	zg_timer_remove(console->loop, console->timer);
	zg_app_free(console->app);
	zg_terminal_close(console->terminal, 1000);
	free(console);
}
