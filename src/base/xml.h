/*
 * XML of one level, read by expat: <xml><name>value</name>...</xml>, as WeChat Pay's older interface speaks it.
 *
 * Values are the decoded text (entities, CDATA), not cleaned: signatures are made over them. Refused: a DOCTYPE and with it every entity of its
 * own, elements within elements, text beside them, a name that comes twice, an encoding other than UTF-8, and whatever passes a limit.
 */
#ifndef ZG_BASE_XML_H
#define ZG_BASE_XML_H

#include "src/base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

#define ZG_XML_MOST   65536    /* bytes of a document */
#define ZG_XML_FIELDS 100
#define ZG_XML_NAME   64       /* bytes of a name */

struct zg_xml_field {
	char *name, *value;        /* value: "" when the element is empty */
};

struct zg_xml {
	struct zg_xml_field *fields;    /* owned, in the document's order */
	size_t count, room;
};

/* Fills a zeroed *xml. False: it is not such a document; *xml is empty. */
bool zg_xml_parse(const char *bytes, size_t length, struct zg_xml *xml);
void zg_xml_clear(struct zg_xml *xml);
/* Borrowed; the fallback when there is no such element. */
const char *zg_xml_value(const struct zg_xml *xml, const char *name, const char *fallback);

/* Appends <name>value</name>, or <name/> when value is "". */
void zg_xml_add(struct zg_buffer *out, const char *name, const char *value);
#endif
