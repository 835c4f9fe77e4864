/* Joins the parts; the only file that names both a driver and a screen. */
#include "src/base/json.h"

#include <locale.h>

int main(void)
{
	setlocale(LC_ALL, "");
	zg_json_start();
	return 0;
}
