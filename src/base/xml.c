#include "src/base/xml.h"

#include "src/base/alloc.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	XML_Parser parser;
	struct zg_xml *xml;
	struct zg_buffer text;    /* of the field that is open */
	int depth;
	bool is_refused;
};

static void *allocate(size_t size)
{
	return zg_alloc(1, size);
}

static void *resize(void *block, size_t size)
{
	return zg_resize(block, size, 1);
}

static void refuse(struct reader *reader)
{
	reader->is_refused = true;
	XML_StopParser(reader->parser, XML_FALSE);
}

static void begin(void *self, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *reader = self;
	struct zg_xml *xml = reader->xml;

	(void)attributes;    /* nobody's; they are not signed */
	reader->depth++;
	if (reader->depth == 1) {
		if (strcmp(name, "xml") != 0)
			refuse(reader);
		return;
	}
	if (reader->depth > 2 || xml->count == ZG_XML_FIELDS || strlen(name) > ZG_XML_NAME || zg_xml_value(xml, name, NULL)) {
		refuse(reader);
		return;
	}
	xml->fields = zg_grow(xml->fields, xml->count, &xml->room, sizeof(*xml->fields));
	xml->fields[xml->count++] = (struct zg_xml_field){ zg_copy(name), zg_copy("") };
}

static void end(void *self, const XML_Char *name)
{
	struct reader *reader = self;

	(void)name;
	/* after a refusal expat may still report the end of an empty element */
	if (reader->depth-- == 2 && !reader->is_refused && reader->text.length > 0) {
		struct zg_xml_field *field = &reader->xml->fields[reader->xml->count - 1];

		free(field->value);
		field->value = zg_buffer_take(&reader->text);
	}
}

static void add_text(void *self, const XML_Char *text, int length)
{
	struct reader *reader = self;

	if (reader->depth == 2) {
		zg_buffer_add(&reader->text, text, (size_t)length);
		return;
	}
	for (int i = 0; i < length; i++)
		if (!strchr(" \t\r\n", text[i])) {
			refuse(reader);
			return;
		}
}

static void begin_doctype(void *self, const XML_Char *name, const XML_Char *system_id, const XML_Char *public_id, int has_subset)
{
	(void)name, (void)system_id, (void)public_id, (void)has_subset;
	refuse(self);
}

bool zg_xml_parse(const char *bytes, size_t length, struct zg_xml *xml)
{
	static const XML_Memory_Handling_Suite memory = { allocate, resize, free };
	struct reader reader = { .xml = xml };
	bool is_good = false;

	if (length == 0 || length > ZG_XML_MOST)
		return false;
	/* named here, UTF-8 is what it is read as, whatever the document says */
	reader.parser = XML_ParserCreate_MM("UTF-8", &memory, NULL);
	zg_assert(reader.parser != NULL);
	XML_SetUserData(reader.parser, &reader);
	XML_SetElementHandler(reader.parser, begin, end);
	XML_SetCharacterDataHandler(reader.parser, add_text);
	XML_SetStartDoctypeDeclHandler(reader.parser, begin_doctype);
	is_good = XML_Parse(reader.parser, bytes, (int)length, XML_TRUE) == XML_STATUS_OK && !reader.is_refused;
	XML_ParserFree(reader.parser);
	zg_buffer_clear(&reader.text);
	if (!is_good)
		zg_xml_clear(xml);
	return is_good;
}

void zg_xml_clear(struct zg_xml *xml)
{
	for (size_t i = 0; i < xml->count; i++) {
		free(xml->fields[i].name);
		free(xml->fields[i].value);
	}
	free(xml->fields);
	*xml = (struct zg_xml){ 0 };
}

const char *zg_xml_value(const struct zg_xml *xml, const char *name, const char *fallback)
{
	for (size_t i = 0; i < xml->count; i++)
		if (strcmp(xml->fields[i].name, name) == 0)
			return xml->fields[i].value;
	return fallback;
}

static void add_escaped(struct zg_buffer *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '&')
			zg_buffer_add_text(out, "&amp;");
		else if (*text == '<')
			zg_buffer_add_text(out, "&lt;");
		else if (*text == '>')
			zg_buffer_add_text(out, "&gt;");
		else if (*text == '\r')
			zg_buffer_add_text(out, "&#13;");    /* bare, it would be read as a line feed */
		else
			zg_buffer_add_byte(out, (unsigned char)*text);
	}
}

void zg_xml_add(struct zg_buffer *out, const char *name, const char *value)
{
	if (!value[0]) {
		zg_buffer_print(out, "<%s/>", name);
		return;
	}
	zg_buffer_print(out, "<%s>", name);
	add_escaped(out, value);
	zg_buffer_print(out, "</%s>", name);
}
