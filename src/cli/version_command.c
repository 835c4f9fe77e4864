#include "src/cli/cli.h"

#include "src/base/buffer.h"
#include "src/io/curl.h"

#include <sqlite3.h>

static const char *curl_version_text(void)
{
	const struct zg_curl *curl = zg_curl_load(NULL);

	return curl ? curl->version_info(CURLVERSION_NOW)->version : "-";
}

int zg_version_command(struct zg_cli *cli)
{
	struct zg_buffer text = { 0 };

	if (cli->json) {
		json_t *document = zg_json_object();

		zg_json_set_string(document, "version", PACKAGE_VERSION);
		zg_json_set_integer(document, "schema", zg_store_version());
		zg_json_set_string(document, "sqlite", sqlite3_libversion());
		zg_json_set_string(document, "curl", curl_version_text());
		return zg_cli_document(document, 0);
	}
	zg_buffer_print(&text, "zhanggui %s (schema %d, SQLite %s, curl %s)\n", PACKAGE_VERSION, zg_store_version(),
			sqlite3_libversion(), curl_version_text());
	zg_cli_print(zg_buffer_text(&text));
	zg_buffer_clear(&text);
	return 0;
}
