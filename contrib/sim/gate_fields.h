/* Which members a request may and must have, as tables. Strict: null and unknown members are refused, as WeChat's manual says. */
#ifndef SIM_GATE_FIELDS_H
#define SIM_GATE_FIELDS_H

#include "src/base/json.h"

enum gate_kind { GATE_TEXT, GATE_INTEGER, GATE_SWITCH, GATE_OBJECT, GATE_LIST };

#define GATE_ORDER_SIGNS "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-|*"
#define GATE_DIGITS_ONLY "0123456789"

struct gate_field {
	const char *name;                   /* NULL ends a table */
	enum gate_kind kind;
	bool must;
	int64_t least, most;                /* bytes of a text, or the value of a number */
	const char *signs;                  /* the only characters of a text; NULL: any */
	const struct gate_field *members;   /* of an object; NULL: any */
};

/* False: `why` names the member and what is wrong with it. */
bool gate_fields_check(const json_t *object, const struct gate_field *fields, char *why, size_t size);
/* A member within members, "amount.total"; NULL: it is not there. */
const json_t *gate_member(const json_t *object, const char *path);
/* The text of one; "" when it is not there. */
const char *gate_text_of(const json_t *object, const char *path);
#endif
