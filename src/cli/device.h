/* Whether a printer's path can be opened by us, in words; shared by printer and doctor. */
#ifndef ZG_CLI_DEVICE_H
#define ZG_CLI_DEVICE_H

#include "src/base/result.h"

/* ZG_OK also for an address that has no path. ZG_NOT_FOUND: it is not there. ZG_INVALID: not for us; err names the group. */
enum zg_result zg_device_check(const char *link, struct zg_error *err);
#endif
