#include "tui/names.h"

#include "src/base/i18n.h"
#include "src/store/people.h"
#include "src/till/till.h"

#include <stdio.h>
#include <string.h>

const char *zg_names_person(const struct zg_till *till, const char *login, char name[ZG_NAME_MAX + 1])
{
	struct zg_person person;
	bool known = zg_people_find(zg_till_store(till), login, &person, NULL) == ZG_OK;

	snprintf(name, ZG_NAME_MAX + 1, "%s", known ? person.name : login);
	return name;
}

const char *zg_names_slip(const char *kind)
{
	static const struct {
		const char *kind, *title;
	} slips[] = {
		{ "sale", N_("Receipt") }, { "refund", N_("Refund slip") }, { "z", N_("Z report") }, { "x", N_("X report") },
		{ "transactions", N_("List of sales") }, { "cash", N_("Cash slip") }, { "test", N_("Test page") }, { "code", N_("Code to pay by") },
		{ "drawer", N_("Drawer") },
	};

	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++)
		if (strcmp(slips[i].kind, kind) == 0)
			return _(slips[i].title);
	return kind;
}

const char *zg_names_difference(char *text, size_t size, zg_fen over, enum zg_ink *ink)
{
	char amount[ZG_AMOUNT_TEXT];

	zg_fen_format(amount, over < 0 ? -over : over);
	if (over == 0)
		snprintf(text, size, "%s", _("✓ Even: the drawer is exact."));
	else if (over > 0)
		snprintf(text, size, _("▲ Over: %s too much."), amount);
	else
		snprintf(text, size, _("▲ Short: %s missing."), amount);
	if (ink)
		*ink = over == 0 ? ZG_INK_PAID : ZG_INK_WARNING;
	return text;
}
