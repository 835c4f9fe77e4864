/* Runs every suite that is linked in; the locale and jansson's memory are set as the till sets them. */
#include "src/base/json.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	setenv("TZ", "Asia/Shanghai", 1);
	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
	struct criterion_test_set *tests = criterion_initialize();
	int ok = !criterion_handle_args(argc, argv, true) || criterion_run_all_tests(tests);

	criterion_finalize(tests);
	return !ok;
}
