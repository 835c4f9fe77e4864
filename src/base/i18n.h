/* Words for people: English msgids, translated by gettext. Logs and the journal stay English. */
#ifndef ZG_BASE_I18N_H
#define ZG_BASE_I18N_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) (text)                             /* marks a text that a table holds; _() it when shown */
#define P_(one, many, n) ngettext(one, many, n)
#endif
