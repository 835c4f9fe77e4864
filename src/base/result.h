/*
 * How a call ended, and the sentence for the person who waits for it.
 *
 * The results differ by what the caller can do next. A message says what happened, then
 * what to do, in the shop's words; it is already translated. The cause goes to the log.
 */
#ifndef ZG_BASE_RESULT_H
#define ZG_BASE_RESULT_H

enum zg_result {
	ZG_OK = 0,
	ZG_INVALID,    /* breaks a rule of the shop, a bad file, a missing right; nothing changed */
	ZG_NOT_FOUND,  /* often no failure at all */
	ZG_OFFLINE,    /* nothing left this till; safe to try again */
	ZG_UNKNOWN,    /* it may have happened; ask first */
	ZG_REFUSED,    /* a final no */
	ZG_USAGE,      /* wrong words on the command line, or a wrong configuration */
	ZG_BROKEN,     /* our own part failed: a damaged or full store, a bug */
};

#define ZG_ERROR_TEXT 512    /* bytes, the ending NUL included; longer text is cut at a character */

struct zg_error {
	enum zg_result result;
	char text[ZG_ERROR_TEXT];
};

/* Fills err (NULL: nobody reads it) and returns result, so that it can end a function. */
enum zg_result zg_fail(struct zg_error *err, enum zg_result result, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "ok", "invalid", ...: the word that --json and the control socket use. Never NULL. */
const char *zg_result_name(enum zg_result result);
/* The result with that name; ZG_BROKEN for a word nobody knows. */
enum zg_result zg_result_parse(const char *name);

/* The exit code of every command: 0 done, 1 nothing found, 2 usage, 3 refused, 4 no answer, 5 our own failure. */
int zg_result_exit(enum zg_result result);
#endif
