/* ESC/POS receipt printers: Epson and nearly every Chinese maker. */
#ifndef ZG_DRIVERS_PRINTER_ESCPOS_H
#define ZG_DRIVERS_PRINTER_ESCPOS_H

#include "src/io/printer.h"

extern const struct zg_printer_driver zg_escpos;
#endif
