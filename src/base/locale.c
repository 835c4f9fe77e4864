#include "src/base/locale.h"

#include "src/base/i18n.h"

#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static bool is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* The first of the variables that decide on messages. */
static const char *wanted(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value && value[0])
			return value;
	}
	return "";
}

static void bind_catalogue(void)
{
	const char *directory = getenv("ZHANGGUI_LOCALEDIR");

	bindtextdomain("zhanggui", directory && directory[0] ? directory : ZG_LOCALE_DIR);
	bind_textdomain_codeset("zhanggui", "UTF-8");
	textdomain("zhanggui");
}

void zg_locale_start(void)
{
	bool there = setlocale(LC_ALL, "") != NULL;

	if (!there || !is_utf8()) {
		/* The locale named is not on this machine, or not UTF-8: LANGUAGE still finds the catalogue under glibc 2.36. */
		bool chinese = strncmp(wanted(), "zh", 2) == 0;

		setlocale(LC_ALL, "C.UTF-8");
		if (chinese)
			setenv("LANGUAGE", "zh_CN", 0);
	}
	setlocale(LC_NUMERIC, "C");
	bind_catalogue();
}

void zg_locale_choose(const char *language)
{
	static const char *const chinese[] = { "zh_CN.UTF-8", "zh_CN.utf8", NULL };
	static const char *const english[] = { "en_US.UTF-8", "en_GB.UTF-8", "C.UTF-8", NULL };

	if (!language[0])
		return;
	for (const char *const *name = strncmp(language, "zh", 2) == 0 ? chinese : english; *name; name++)
		if (setlocale(LC_MESSAGES, *name))
			break;
	setenv("LANGUAGE", language, 1);
	bind_catalogue();
}
