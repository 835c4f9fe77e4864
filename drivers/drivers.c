#include "drivers/drivers.h"

#include "drivers/printer/escpos.h"

#include <string.h>

static const struct zg_printer_driver *const printers[] = {
	&zg_escpos,
	NULL
};

#define PRINTERS (sizeof(printers) / sizeof(printers[0]) - 1)

const struct zg_printer_driver *zg_printer_driver_find(const char *name)
{
	for (size_t i = 0; i < PRINTERS; i++)
		if (strcmp(printers[i]->name, name) == 0)
			return printers[i];
	return NULL;
}

const struct zg_printer_driver *const *zg_printer_drivers(size_t *count)
{
	*count = PRINTERS;
	return printers;
}
