/* The shop's own data, changed from the set-up screen. */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/till/acts.h"
#include "src/till/private.h"
#include "src/till/queue.h"

#include <stdio.h>
#include <stdlib.h>

static void take_config(struct zg_till *till, struct zg_deed *deed)
{
	struct zg_config config;
	struct zg_error err;

	(void)deed;
	if (zg_config_adopt(till->parts.home, &err) != ZG_OK) {    /* a disk that refuses a new name is told, not hidden */
		zg_till_raise(till, "%s", err.text);
		return;
	}
	if (zg_config_read(till->parts.home, &config, NULL) == ZG_OK)    /* it was valid a moment ago */
		till->config = config;
	zg_queue_configure(till->queue);
}

static enum zg_result shop_set(struct zg_till *till, struct zg_deed *deed, struct zg_error *err)
{
	const json_t *args = zg_deed_args(deed);
	const struct zg_field *fields = zg_act_shop_set.fields;
	const char *pairs[2 * ZG_ACT_FIELDS + 1] = { NULL };
	char *names[ZG_ACT_FIELDS];
	size_t count = 0;
	json_t *body = zg_json_object();

	for (size_t i = 0; fields[i].name; i++) {
		const char *value = zg_json_string(args, fields[i].name, NULL);

		if (!value)
			continue;
		zg_json_set_string(body, fields[i].name, value);
		names[count] = zg_print("shop.%s", fields[i].name);
		pairs[2 * count] = names[count];
		pairs[2 * count + 1] = value;
		count++;
	}
	enum zg_result result;

	if (count == 0) {
		json_decref(body);
		return zg_fail(err, ZG_INVALID, _("There is nothing to change. Fill in a field first."));
	}
	/* The file takes its new words only after the commit: what the journal does not tell has not changed. */
	result = zg_deed_note(deed, "shop.set", body, NULL, err);
	if (result == ZG_OK)
		result = zg_config_prepare(till->parts.home, pairs, err);
	if (result == ZG_USAGE) {
		result = ZG_INVALID;    /* to the person at the till it is a value refused, not wrong usage */
		if (err)
			err->result = ZG_INVALID;
	}
	while (count > 0)
		free(names[--count]);
	deed->then = take_config;
	return result;
}

const struct zg_act zg_act_shop_set = {
	.name = "shop.set",
	.title = N_("Change the shop's own data"),
	.right = ZG_RIGHT_SETTINGS,
	.sync = ZG_SYNC_FULL,
	.fields = {
		{ "name", ZG_FIELD_TEXT, false, 0, ZG_SETTING_MAX },
		{ "tax_number", ZG_FIELD_TEXT, false, 0, ZG_SETTING_MAX },
		{ "address", ZG_FIELD_TEXT, false, 0, ZG_SETTING_MAX },
		{ "phone", ZG_FIELD_TEXT, false, 0, ZG_SETTING_MAX },
		{ "bank", ZG_FIELD_TEXT, false, 0, ZG_SETTING_MAX },
		{ "account", ZG_FIELD_TEXT, false, 0, ZG_SETTING_MAX },
		{ "language", ZG_FIELD_TEXT, false, 0, ZG_SETTING_MAX },
		{ "rounding", ZG_FIELD_TEXT, false, 0, ZG_SETTING_MAX },
		{ "day_ends_at", ZG_FIELD_TEXT, false, 0, ZG_SETTING_MAX },
		{ 0 },
	},
	.run = shop_set,
};
