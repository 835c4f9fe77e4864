/*
 * Which language people read here.
 *
 * The environment decides first; a shop's own setting may then change it. The encoding is always
 * UTF-8, and numbers are never written the local way, because files and JSON read them.
 */
#ifndef ZG_BASE_LOCALE_H
#define ZG_BASE_LOCALE_H

/*
 * Once, at the start of a program. Catalogues come from $ZHANGGUI_LOCALEDIR if set (a program that was not
 * installed), else from where `make install` put them.
 */
void zg_locale_start(void);
/* "zh_CN" or "en" from the settings; "" changes nothing. Works with and without that locale on the machine. */
void zg_locale_choose(const char *language);
#endif
