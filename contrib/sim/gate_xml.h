/*
 * The flat XML of WeChat Pay V2: <xml><name>value</name>...</xml>, read and written by hand. No DOCTYPE, no processing
 * instructions but the declaration, no attributes, no nesting, no entities but the five and numbers; each name once.
 */
#ifndef SIM_GATE_XML_H
#define SIM_GATE_XML_H

#include "src/base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

#define GATE_PAIRS 48

struct gate_pair { char *name, *value; };

struct gate_pairs {
	struct gate_pair pair[GATE_PAIRS];
	int count;
};

/* False: it is no such document. pairs is to be cleared all the same. */
bool gate_xml_read(const char *bytes, size_t length, struct gate_pairs *pairs);
/* With the values in CDATA, as the real one writes them. */
void gate_xml_write(const struct gate_pairs *pairs, struct zg_buffer *out);

const char *gate_pair(const struct gate_pairs *pairs, const char *name);    /* "" when it is not there */
void gate_pairs_set(struct gate_pairs *pairs, const char *name, const char *value);
void gate_pairs_clear(struct gate_pairs *pairs);
/* "a=1&b=2" by name in byte order, without "sign" and without what is empty; of other names those for which `leave` is NULL or another. */
void gate_pairs_join(const struct gate_pairs *pairs, const char *leave, struct zg_buffer *out);
#endif
