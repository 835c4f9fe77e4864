/* A terminal for the customer, beside the till's own. */
#include "src/cli/cli.h"

#include "src/base/i18n.h"
#include "src/till/config.h"

#include <unistd.h>

int zg_customer_command(struct zg_cli *cli)
{
	struct zg_config config;
	struct zg_error err = { .text = "" };
	enum zg_result result = zg_store_find(cli->home, &err);

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return zg_cli_usage(cli, _("The customer's screen needs a terminal."));
	if (result == ZG_NOT_FOUND)
		err.result = result = ZG_USAGE;    /* a wrong --home is not "nothing found" */
	if (result == ZG_OK)
		result = zg_config_read(cli->home, &config, &err);
	if (result != ZG_OK)
		return zg_cli_fail(cli, &err);
	struct zg_loop *loop = zg_loop_new(cli->parts->clock);

	result = cli->parts->run_customer(cli->home, &config, loop, &err);
	zg_loop_free(loop);
	return result == ZG_OK ? 0 : zg_cli_fail(cli, &err);
}
