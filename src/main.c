/* Joins the parts; the only file that names both a driver and a screen. */
#include "drivers/drivers.h"
#include "src/base/json.h"
#include "src/base/locale.h"
#include "src/cli/cli.h"
#include "tui/customer.h"
#include "tui/tui.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* The only clock of the shipped program; the lab builds this file with another (tests/lab/clock.h). */
#ifndef ZG_MAIN_CLOCK
#define ZG_MAIN_CLOCK &zg_real_clock
#endif

/* PINs and keys pass through this memory: no core file, and no other process of this user may look in. */
static void close_memory(void)
{
	(void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static enum zg_result run_screen(struct zg_till *till, struct zg_loop *loop, const char *greeting, struct zg_error *err)
{
	return zg_tui_run(&(struct zg_tui_parts){ .till = till, .loop = loop, .fd = STDIN_FILENO, .greeting = greeting }, err);
}

static enum zg_result run_customer(const char *home, const struct zg_config *config, struct zg_loop *loop, struct zg_error *err)
{
	return zg_customer_run(&(struct zg_customer_parts){ .home = home, .config = config, .loop = loop, .fd = STDIN_FILENO }, err);
}

int main(int argc, char **argv)
{
	size_t printers, payers;

	close_memory();
	umask(077);
	zg_locale_start();
	zg_json_start();
	return zg_cli_main(&(struct zg_cli_parts){
		.clock = ZG_MAIN_CLOCK, .printers = zg_printer_drivers(&printers), .payers = zg_pay_drivers(&payers), .run_screen = run_screen,
		.run_customer = run_customer }, argc, argv);
}
