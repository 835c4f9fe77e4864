/*
 * JSON as the till uses it: jansson's values, with limits and exact numbers.
 *
 * Canonical text (keys sorted, no spaces, UTF-8) is what the journal's seal is made over, so
 * the same value always gives the same bytes. Money is always a whole number of fen.
 */
#ifndef ZG_BASE_JSON_H
#define ZG_BASE_JSON_H

#include "src/base/result.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Canonical text; the caller frees it. */
char *zg_json_text(const json_t *value);
/* Indented text for people, ending in a newline; the caller frees it. */
char *zg_json_pretty(const json_t *value);
/* One whole document of at most `length` bytes, no duplicate keys; NULL when it is not that. */
json_t *zg_json_parse(const char *bytes, size_t length);

/* A member, or the fallback when it is absent or of another type. The text is borrowed from object. */
const char *zg_json_string(const json_t *object, const char *key, const char *fallback);
int64_t zg_json_integer(const json_t *object, const char *key, int64_t fallback);
bool zg_json_boolean(const json_t *object, const char *key);

/* Sets a member; these never fail (out of memory ends the program). NULL text sets null. Text must be UTF-8. */
void zg_json_set_string(json_t *object, const char *key, const char *text);
void zg_json_set_integer(json_t *object, const char *key, int64_t value);
void zg_json_set_boolean(json_t *object, const char *key, bool value);
void zg_json_set(json_t *object, const char *key, json_t *value);    /* takes value over */
void zg_json_append(json_t *array, json_t *value);                   /* takes value over */
json_t *zg_json_object(void);
json_t *zg_json_array(void);

/* Makes jansson's memory come from zg_alloc, so that its failure has the one path. Called once by main and by test mains. */
void zg_json_start(void);
#endif
