/* Joins the app to the terminal and the loop: bytes in, frames out, the window's size, the timers. */
#ifndef ZG_TUI_CONSOLE_H
#define ZG_TUI_CONSOLE_H

#include "src/io/loop.h"
#include "src/io/terminal.h"
#include "tui/app.h"

struct zg_console;

/*
 * Takes the terminal that fd is and opens the app on it; out, in, rows, columns and clock of parts are filled in here.
 * The loop's `after` hook is ours from now on; when the app is done, or the terminal hangs up, the loop is stopped.
 */
enum zg_result zg_console_open(struct zg_loop *loop, int fd, const struct zg_app_parts *parts,
                               struct zg_console **console, struct zg_error *err);
struct zg_app *zg_console_app(const struct zg_console *console);
/* Closes the app and gives the terminal back. NULL is allowed. */
void zg_console_close(struct zg_console *console);
#endif
