#include "src/cli/cli.h"

#include "src/base/i18n.h"
#include "src/till/founding.h"

#include <openssl/crypto.h>

static int answer(const struct zg_cli *cli, const struct zg_founding *founding)
{
	struct zg_buffer text = { 0 };

	if (cli->json) {
		json_t *document = zg_json_object();

		zg_json_set_string(document, "home", founding->home);
		zg_json_set_string(document, "name", founding->name);
		zg_json_set_string(document, "admin", founding->admin);
		return zg_cli_document(document, 0);
	}
	zg_buffer_print(&text, _("The shop %s is ready in %s.\nNext: its goods (zhanggui product import FILE.csv), its people "
				 "(zhanggui user add LOGIN), its printer (zhanggui.conf), then: zhanggui\n"),
			founding->name, founding->home);
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
	return 0;
}

int zg_init_command(struct zg_cli *cli)
{
	const char *language = zg_cli_option(cli, "language");
	char pin[ZG_PIN_MAX + 1] = "";
	struct zg_error err = { .text = "" };
	struct zg_founding founding = {
		.home = cli->home, .name = zg_cli_option(cli, "name"), .language = language, .admin = zg_cli_option(cli, "admin"),
		.pin = pin,
	};

	if (!founding.name)
		return zg_cli_usage(cli, _("The shop needs a name: add --name NAME."));
	if (!founding.admin)
		return zg_cli_usage(cli, _("The shop needs a first admin: add --admin LOGIN."));
	enum zg_result result = zg_cli_pin(zg_cli_option(cli, "pin-file"), _("New PIN of the admin"), true, pin, &err);

	if (result == ZG_OK)
		result = zg_shop_found(&founding, cli->parts->clock, &err);
	OPENSSL_cleanse(pin, sizeof(pin));
	return result == ZG_OK ? answer(cli, &founding) : zg_cli_fail(cli, &err);
}
