#include "drivers/drivers.h"

#include "drivers/pay/alipay.h"
#include "drivers/pay/lakala.h"
#include "drivers/pay/wechat.h"
#include "drivers/printer/escpos.h"

#include <string.h>

static const struct zg_printer_driver *const printers[] = {
	&zg_escpos,
	NULL
};

#define PRINTERS (sizeof(printers) / sizeof(printers[0]) - 1)

static const struct zg_pay_driver *const channels[] = {
	&zg_pay_alipay,
	&zg_pay_lakala,
	&zg_pay_wechat,
	NULL
};

#define CHANNELS (sizeof(channels) / sizeof(channels[0]) - 1)

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

const struct zg_pay_driver *zg_pay_driver_find(enum zg_channel channel)
{
	for (size_t i = 0; i < CHANNELS; i++)
		if (channels[i]->channel == channel)
			return channels[i];
	return NULL;
}

const struct zg_pay_driver *const *zg_pay_drivers(size_t *count)
{
	*count = CHANNELS;
	return channels;
}
