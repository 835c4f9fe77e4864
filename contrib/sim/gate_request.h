/* A request as it came and an answer as it goes, without the sockets. */
#ifndef SIM_GATE_REQUEST_H
#define SIM_GATE_REQUEST_H

#include "contrib/sim/gate_words.h"

#include "src/base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gate_request {
	const char *method;
	const char *target;          /* path and query exactly as on the wire */
	const char *head;            /* "Name: value\n" a line */
	const char *body;
	size_t length;
	bool is_tls, has_certificate;    /* the merchant's own certificate came with it */
	bool was_held;                   /* it comes once more after it was held: nothing goes wrong with it now */
};

/* What the line does to the answer. */
enum gate_wire { GATE_WHOLE, GATE_DROPPED, GATE_CUT, GATE_DRIPS };

struct gate_reply {
	int status;
	struct zg_buffer head;       /* "Name: value\n" a line */
	struct zg_buffer body;
	enum gate_wire wire;
	int64_t delay_ms;            /* running clock, until the answer leaves */
	int64_t hold_ms;             /* > 0: nothing was done yet; ask again in so long, with the fault spent */
	/* for logs and tests */
	enum gate_channel channel;
	enum gate_call call;
	bool is_known;               /* channel and call are */
	char number[GATE_NUMBER];    /* the order it was about */
	char rule[24];               /* "W1", ...: the rule by which it was refused; "": none */
	char why[160];
	const char *fault;           /* what went wrong, by order; NULL: nothing */
};

void gate_reply_clear(struct gate_reply *reply);
void gate_reply_header(struct gate_reply *reply, const char *name, const char *value);
/* The value of the first header of that name, whatever its case; false: absent or longer than size - 1. */
bool gate_head_value(const char *head, const char *name, char *value, size_t size);
/* The decoded value of a parameter of `text` ("a=b&c=d"); false: absent or longer. In a form '+' is a space. */
bool gate_form_value(const char *text, size_t length, const char *name, char *value, size_t size);
/* Decodes %XX (and '+' to a space) in place; false: a wrong escape. Returns through *length. */
bool gate_unescape(char *text, size_t *length);
/* Only the path; size bytes. */
void gate_path(const struct gate_request *request, char *path, size_t size);
/* What stands behind '?'; "" without. */
const char *gate_request_query(const struct gate_request *request);

/* Notes why it was refused; returns false, to end a check. */
bool gate_refuse(struct gate_reply *reply, const char *rule, const char *why);
#endif
