/* What the report commands share. */
#ifndef ZG_CLI_REPORT_H
#define ZG_CLI_REPORT_H

#include "src/cli/cli.h"
#include "src/store/shifts.h"

/* The figures but for the drawer's: what it should hold is nobody's to see before the count. */
void zg_report_put_sales(struct zg_buffer *text, const struct zg_totals *t);
/* With --print: the slip too. args is taken over. Returns the exit code. */
int zg_report_slip(struct zg_cli *cli, const char *kind, json_t *args);
#endif
