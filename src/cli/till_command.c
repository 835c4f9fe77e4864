#include "src/cli/cli.h"

#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/till/till.h"

#include <stdlib.h>
#include <unistd.h>

static enum zg_result run(const struct zg_cli *cli, struct zg_loop *loop, struct zg_error *err)
{
	struct zg_till_parts parts = { .home = cli->home, .clock = cli->parts->clock, .loop = loop, .printers = cli->parts->printers,
		.payers = cli->parts->payers, .is_counter = true, .program = "/proc/self/exe" };
	struct zg_till *till = NULL;
	enum zg_result result = zg_till_open(&parts, &till, err);

	if (result == ZG_NOT_FOUND)
		err->result = result = ZG_USAGE;
	if (result == ZG_OK) {
		const char *logins = zg_till_config(till)->demo_logins;
		char *greeting = logins[0] ? zg_print(_("Demo: %s"), logins) : NULL;

		result = cli->parts->run_screen(till, loop, greeting, err);
		free(greeting);
	}
	zg_till_close(till);
	return result;
}

int zg_cli_run_till(struct zg_cli *cli)
{
	struct zg_error err = { .text = "" };

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return zg_cli_usage(cli, _("The till needs a terminal. 'zhanggui --help' lists what works without one."));
	struct zg_loop *loop = zg_loop_new(cli->parts->clock);
	enum zg_result result = run(cli, loop, &err);

	zg_loop_free(loop);
	return result == ZG_OK ? 0 : zg_cli_fail(cli, &err);
}

int zg_till_command(struct zg_cli *cli)
{
	return zg_cli_run_till(cli);
}
