#include "tui/tui.h"

#include "src/till/till.h"
#include "tui/console.h"
#include "tui/demo.h"
#include "tui/desk.h"
#include "tui/order.h"
#include "tui/screens.h"

#include <signal.h>

#define LOOK_MS 1000    /* between two looks at whether the till was left alone */

static void look(void *self)
{
	struct zg_desk *desk = self;

	zg_desk_look(desk);
	zg_timer_add(desk->loop, LOOK_MS, look, desk);
}

static void end(void *self, int number)
{
	struct zg_desk *desk = self;

	(void)number;
	zg_loop_stop(desk->loop);
}

enum zg_result zg_tui_run(const struct zg_tui_parts *parts, struct zg_error *err)
{
	const struct zg_config *config = zg_till_config(parts->till);
	struct zg_desk desk = { .till = parts->till, .loop = parts->loop };
	struct zg_app_parts app = {
		.till = parts->till, .theme = parts->theme ? parts->theme : config->theme, .ascii = config->ascii_signs,
		.globals = zg_desk_keys(parts->till), .before = zg_desk_hear, .status = zg_desk_status, .context = &desk,
	};
	struct zg_console *console;
	char greeting[512];

	if (parts->greeting) {
		zg_demo_greet(greeting, sizeof(greeting), parts->greeting, app.globals);
		desk.greeting = greeting;
	}
	enum zg_result result = zg_console_open(parts->loop, parts->fd, &app, &console, err);

	if (result != ZG_OK)
		return result;
	static const int ends[] = { SIGTERM, SIGINT, SIGHUP };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		zg_signal_add(parts->loop, ends[i], end, &desk);
	desk.app = zg_console_app(console);
	zg_app_show(desk.app, &zg_login_screen, NULL);
	zg_timer_add(parts->loop, LOOK_MS, look, &desk);
	zg_loop_run(parts->loop);
	zg_order_forget(desk.app);
	zg_till_forget(parts->till, desk.app);    /* a PIN that was still being checked */
	zg_console_close(console);
	return ZG_OK;
}
