/* What an ESC/POS printer sends back: the `read` of the escpos driver; see src/io/printer.h. */
#ifndef ZG_DRIVERS_PRINTER_ESCPOS_ANSWER_H
#define ZG_DRIVERS_PRINTER_ESCPOS_ANSWER_H

#include "src/io/printer.h"

size_t zg_escpos_read(const char *bytes, size_t length, enum zg_printer_question asked,
		      struct zg_printer_answer *answer);
#endif
