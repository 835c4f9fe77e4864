/* The settings of zhanggui.conf: which there are, and what may stand there. zhanggui.conf(5) describes them. */
#include "src/till/setting.h"

#include "src/base/buffer.h"
#include "src/base/i18n.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static void *member(struct zg_config *config, const struct zg_setting *setting)
{
	return (char *)config + setting->offset;
}

bool zg_setting_take_text(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	size_t length = strlen(value);

	if ((long)length < setting->least || (long)length > setting->most)
		return false;
	memcpy(member(config, setting), value, length + 1);
	return true;
}

static bool parse_number(const char *value, long *number)
{
	size_t length = strlen(value);

	if (length == 0 || length > 6 || strspn(value, "0123456789") != length)
		return false;
	*number = strtol(value, NULL, 10);
	return true;
}

static bool take_number(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	long number;

	if (!parse_number(value, &number) || number < setting->least || number > setting->most)
		return false;
	*(int *)member(config, setting) = (int)number;
	return true;
}

static bool take_pin(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	if (strcmp(value, "0") != 0 && strcmp(value, "2") != 0 && strcmp(value, "5") != 0)
		return false;
	return take_number(config, setting, value);
}

static bool take_pulse(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	if (strcmp(value, "0") != 0 && strtol(value, NULL, 10) < 30)
		return false;
	return take_number(config, setting, value);
}

static bool take_language(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	if (strcmp(value, "zh") == 0)
		value = "zh_CN";
	if (value[0] != '\0' && strcmp(value, "zh_CN") != 0 && strcmp(value, "en") != 0)
		return false;
	return zg_setting_take_text(config, setting, value);
}

/* "04:00" */
static bool take_hour(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	bool form = strlen(value) == 5 && value[2] == ':' && strspn(value, "0123456789") == 2 &&
		strspn(value + 3, "0123456789") == 2;
	int minutes = form ? (int)strtol(value, NULL, 10) * 60 + (int)strtol(value + 3, NULL, 10) : -1;

	if (minutes < 0 || minutes >= 24 * 60 || value[3] > '5')
		return false;
	*(int *)member(config, setting) = minutes;
	return true;
}

static bool take_rounding(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	static const char *const words[] = { "none", "jiao", "yuan" };

	(void)setting;
	for (int i = 0; i < 3; i++)
		if (strcmp(value, words[i]) == 0) {
			config->rounding = (enum zg_rounding)i;
			return true;
		}
	return false;
}

static bool take_theme(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	static const char *const words[] = { "", "dark", "light", "high-contrast", "mono" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(value, words[i]) == 0)
			return zg_setting_take_text(config, setting, value);
	return false;
}

static bool take_keys(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	if (strcmp(value, "default") != 0)
		return false;
	return zg_setting_take_text(config, setting, value);
}

/* One of two words; the first is false. */
static bool take_either(bool *to, const char *value, const char *no, const char *yes)
{
	bool is_yes = strcmp(value, yes) == 0;

	if (!is_yes && strcmp(value, no) != 0)
		return false;
	*to = is_yes;
	return true;
}

static bool take_signs(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	return take_either(member(config, setting), value, "unicode", "ascii");
}

static bool take_drawer(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	return take_either(member(config, setting), value, "none", "printer");
}

/* Whether the whole address is right is the link's to say, when it opens. */
static bool take_link(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	bool is_link = value[0] == '\0' || strncmp(value, "serial:/", 8) == 0 || strncmp(value, "file:/", 6) == 0 ||
		(strncmp(value, "tcp:", 4) == 0 && value[4]);

	return is_link && zg_setting_take_text(config, setting, value);
}

static bool take_profile(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	size_t length = strlen(value);

	return strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-") == length && zg_setting_take_text(config, setting, value);
}

static bool take_path(struct zg_config *config, const struct zg_setting *setting, const char *value)
{
	return (value[0] == '\0' || value[0] == '/') && zg_setting_take_text(config, setting, value);
}

#define AT(field)   offsetof(struct zg_config, field)
#define ROOM(field) ((long)sizeof(((struct zg_config *)0)->field) - 1)

static const struct zg_setting settings[] = {
	{ "shop", "name", zg_setting_take_text, AT(name), 1, ROOM(name), N_("Write a name of 1 to 120 bytes; a Chinese character counts three.") },
	{ "shop", "tax_number", zg_setting_take_text, AT(tax_number), 0, ROOM(tax_number), N_("Write at most 64 characters.") },
	{ "shop", "address", zg_setting_take_text, AT(address), 0, ROOM(address), N_("Shorten it.") },
	{ "shop", "phone", zg_setting_take_text, AT(phone), 0, ROOM(phone), N_("Write at most 64 characters.") },
	{ "shop", "bank", zg_setting_take_text, AT(bank), 0, ROOM(bank), N_("Shorten it.") },
	{ "shop", "account", zg_setting_take_text, AT(account), 0, ROOM(account), N_("Write at most 64 characters.") },
	{ "shop", "language", take_language, AT(language), 0, ROOM(language), N_("Write zh_CN or en.") },
	{ "shop", "day_ends_at", take_hour, AT(day_ends_min), 0, 0, N_("Write a time of day from 00:00 to 23:59, such as 04:00.") },
	{ "shop", "rounding", take_rounding, AT(rounding), 0, 0, N_("Write none, jiao or yuan.") },
	{ "till", "id", take_number, AT(till_id), 1, 99, N_("Write a number from 1 to 99.") },
	{ "till", "theme", take_theme, AT(theme), 0, ROOM(theme), N_("Write dark, light, high-contrast or mono.") },
	{ "till", "keys", take_keys, AT(keys), 0, ROOM(keys), N_("Write default.") },
	{ "till", "lock_after", take_number, AT(lock_after_min), 0, 1440, N_("Write minutes from 0 (never) to 1440.") },
	{ "till", "signs", take_signs, AT(ascii_signs), 0, 0, N_("Write unicode or ascii.") },
	{ "printer", "link", take_link, AT(link), 0, ROOM(link),
	  N_("Write serial:/dev/serial/by-id/NAME, tcp:HOST:9100 or file:/PATH.") },
	{ "printer", "profile", take_profile, AT(profile), 1, ROOM(profile),
	  N_("Write the name of a profile; 'zhanggui printer list' shows them.") },
	{ "drawer", "drawer", take_drawer, AT(has_drawer), 0, 0, N_("Write printer or none.") },
	{ "drawer", "pin", take_pin, AT(drawer_pin), 0, 5, N_("Write 2 or 5, or 0 for the printer profile's.") },
	{ "drawer", "on_ms", take_pulse, AT(drawer_on_ms), 0, 510,
	  N_("Write milliseconds from 30 to 510, or 0 for the printer profile's.") },
	{ "demo", "paper", take_path, AT(demo_paper), 0, ROOM(demo_paper), N_("Write the path of a file, from / on.") },
	{ "demo", "phone", take_path, AT(demo_phone), 0, ROOM(demo_phone), N_("Write the path of a file, from / on.") },
	{ "demo", "logins", zg_setting_take_text, AT(demo_logins), 0, ROOM(demo_logins), N_("Shorten it.") },
};

#define COUNT (sizeof(settings) / sizeof(settings[0]))

/* The index-th of both tables; NULL after the last. */
static const struct zg_setting *setting_at(size_t index)
{
	if (index < COUNT)
		return &settings[index];
	return zg_pay_settings[index - COUNT].section ? &zg_pay_settings[index - COUNT] : NULL;
}

const struct zg_setting *zg_setting_find(const char *section, const char *key, struct zg_error *err)
{
	struct zg_buffer known = { 0 };
	const struct zg_setting *setting;

	for (size_t i = 0; (setting = setting_at(i)) != NULL; i++) {
		if (strcmp(setting->section, section) != 0)
			continue;
		if (strcmp(setting->key, key) == 0) {
			zg_buffer_clear(&known);
			return setting;
		}
		zg_buffer_print(&known, "%s%s", known.length ? ", " : "", setting->key);
	}
	if (known.length)
		zg_fail(err, ZG_USAGE, _("[%s] has no setting '%s'. It knows: %s."), section, key, zg_buffer_text(&known));
	else if (section[0])
		zg_fail(err, ZG_USAGE, _("there is no section [%s]. There are [shop], [till], [printer], [drawer], [pay], [pay.wechat], [pay.alipay], "
					 "[pay.lakala] and [demo]."), section);
	else
		zg_fail(err, ZG_USAGE, _("'%s' stands before any section. Put a heading such as [shop] above it."), key);
	zg_buffer_clear(&known);
	return NULL;
}

enum zg_result zg_setting_take(const struct zg_setting *setting, struct zg_config *config, const char *value, struct zg_error *err)
{
	return setting->take(config, setting, value) ? ZG_OK
		: zg_fail(err, ZG_USAGE, _("%s cannot be '%s'. %s"), setting->key, value, _(setting->cure));
}
