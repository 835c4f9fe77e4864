/* The drivers that are built in, by the names that files use. */
#ifndef ZG_DRIVERS_H
#define ZG_DRIVERS_H

#include "src/io/pay.h"
#include "src/io/printer.h"

#include <stddef.h>

/* NULL: there is none of that name. */
const struct zg_printer_driver *zg_printer_driver_find(const char *name);
/* All of them, ending with NULL; *count is set. */
const struct zg_printer_driver *const *zg_printer_drivers(size_t *count);

/* NULL: there is none for that channel. */
const struct zg_pay_driver *zg_pay_driver_find(enum zg_channel channel);
/* All of them, ending with NULL; *count is set. */
const struct zg_pay_driver *const *zg_pay_drivers(size_t *count);
#endif
