/* Runs every screen suite that is linked in: a UTF-8 locale, no wish about colours from outside. */
#include "src/base/json.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Each test runs in a process of its own that never comes through main. */
__attribute__((constructor)) static void start(void)
{
	setenv("TZ", "Asia/Shanghai", 1);
	unsetenv("NO_COLOR");
	setlocale(LC_ALL, "C.UTF-8");
	zg_json_start();
}

int main(int argc, char **argv)
{
	struct criterion_test_set *tests = criterion_initialize();
	int ok = !criterion_handle_args(argc, argv, true) || criterion_run_all_tests(tests);

	criterion_finalize(tests);
	fflush(NULL);
	/*
	 * The tests ran in processes of their own, each of which looked for leaks. What is left here is Criterion's: 48 bytes
	 * of its own now and then, which the leak sanitizer would take for ours.
	 */
	_exit(!ok);
}
