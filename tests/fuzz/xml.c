/* XML of one level: what is read is written and read back the same; the same bytes give the same fields. */
#include "tests/fuzz/fuzz.h"

#include "src/base/xml.h"

#include <string.h>

/* expat's tables, and a field's two texts; a byte may be an element's name, its place and its value */
const struct fuzz_limits fuzz_limits = { 65536, 300 };

void fuzz_one(const char *bytes, size_t length)
{
	struct zg_xml xml = { 0 }, again = { 0 };
	struct zg_buffer text = { 0 };

	if (!zg_xml_parse(bytes, length, &xml)) {
		fuzz_check(!xml.fields && xml.count == 0, "what is refused left something behind");
		return;
	}
	fuzz_check(xml.count <= ZG_XML_FIELDS, "%zu fields", xml.count);
	zg_buffer_add_text(&text, "<xml>");
	for (size_t i = 0; i < xml.count; i++) {
		const struct zg_xml_field *field = &xml.fields[i];

		fuzz_check(strlen(field->name) <= ZG_XML_NAME && strlen(field->value) <= length, "a field longer than its document");
		fuzz_check(zg_xml_value(&xml, field->name, NULL) == field->value, "%s is there twice", field->name);
		zg_xml_add(&text, field->name, field->value);
	}
	zg_buffer_add_text(&text, "</xml>");
	fuzz_check(zg_xml_parse(text.bytes, text.length, &again) || text.length > ZG_XML_MOST, "written out, it is not read: %s", text.bytes);
	fuzz_check(text.length > ZG_XML_MOST || again.count == xml.count, "%zu fields became %zu", xml.count, again.count);
	for (size_t i = 0; i < again.count; i++)
		fuzz_check(strcmp(xml.fields[i].name, again.fields[i].name) == 0 && strcmp(xml.fields[i].value, again.fields[i].value) == 0,
			   "%s: \"%s\" became \"%s\"", xml.fields[i].name, xml.fields[i].value, again.fields[i].value);
	zg_xml_clear(&again);
	zg_xml_clear(&xml);
	zg_buffer_clear(&text);
}
