#include "src/base/xml.h"

#include "src/base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static bool parses(const char *text)
{
	struct zg_xml xml = { 0 };
	bool is_good = zg_xml_parse(text, strlen(text), &xml);

	cr_expect(is_good || (xml.count == 0 && xml.fields == NULL), "what is refused leaves nothing: %s", text);
	zg_xml_clear(&xml);
	return is_good;
}

static void expect_value(const struct zg_xml *xml, const char *name, const char *wanted)
{
	cr_expect(eq(str, (char *)zg_xml_value(xml, name, "(none)"), (char *)wanted), "%s", name);
}

Test(xml, values_are_the_decoded_text)
{
	static const char text[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xml>\n"
		"<a><![CDATA[one & <two>]]></a>\r\n\t<b>1 &lt; 2 &amp;&amp; 3 &gt; 2 &#x4E2D;</b><c/><d></d><e> 空 格 </e>"
		"<f>a<![CDATA[b]]>c<!-- not text -->d</f><g kind=\"7\">x\r\ny</g></xml>\n";
	struct zg_xml xml = { 0 };

	cr_assert(zg_xml_parse(text, strlen(text), &xml));
	cr_expect(eq(sz, xml.count, 7));
	expect_value(&xml, "a", "one & <two>");
	expect_value(&xml, "b", "1 < 2 && 3 > 2 中");
	expect_value(&xml, "c", "");
	expect_value(&xml, "d", "");
	expect_value(&xml, "e", " 空 格 ");
	expect_value(&xml, "f", "abcd");
	expect_value(&xml, "g", "x\ny");
	expect_value(&xml, "h", "(none)");
	cr_expect(eq(str, xml.fields[0].name, "a"));
	cr_expect(eq(str, xml.fields[6].name, "g"));
	zg_xml_clear(&xml);
}

Test(xml, entities_and_doctypes_are_refused)
{
	static const char *const texts[] = {
		"<!DOCTYPE xml><xml><a>1</a></xml>",
		"<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><xml><a>&e;</a></xml>",
		"<!DOCTYPE xml SYSTEM \"http://192.0.2.1/x.dtd\"><xml><a>1</a></xml>",
		"<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><xml><v>&b;</v></xml>",
		"<xml><a>&e;</a></xml>",
		"<xml><a>&nbsp;</a></xml>",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cr_expect(not(parses(texts[i])), "%s", texts[i]);
}

Test(xml, what_is_not_flat_fields_is_refused)
{
	static const char *const texts[] = {
		"", " ", "xml", "<xml>", "<xml><a>1</a>", "<xml><a>1</b></xml>", "<html><a>1</a></html>", "<XML><a>1</a></XML>", "<xml><a><b>1</b></a></xml>",
		"<xml>text<a>1</a></xml>", "<xml><a>1</a>text</xml>", "<xml><a>1</a><a>1</a></xml>", "<xml><a>1</a><a>2</a></xml>", "<xml/><xml/>",
		"<xml><a>1</a></xml>rest", "<xml><a>\x01</a></xml>", "<xml><a>\xFF\xFE</a></xml>", "<xml><a>\xED\xA0\x80</a></xml>", "<xml><a>&#0;</a></xml>",
		"{\"a\":1}", "<?xml version=\"1.0\" encoding=\"UTF-16\"?", "<xml><a b=\"1\" b=\"2\">1</a></xml>", "<xml><a>]]></a>x</xml>",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cr_expect(not(parses(texts[i])), "%s", texts[i]);
	cr_expect(parses("<xml/>"));
	cr_expect(parses("<xml></xml>"));
}

/* Whatever the document calls itself, it is read as UTF-8. */
Test(xml, another_encoding_is_not_believed)
{
	static const char text[] = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><xml><a>\xE4\xB8\xAD</a></xml>";
	struct zg_xml xml = { 0 };

	cr_assert(zg_xml_parse(text, strlen(text), &xml));
	expect_value(&xml, "a", "中");
	zg_xml_clear(&xml);
}

Test(xml, a_byte_of_nothing_ends_no_value)
{
	static const char text[] = "<xml><a>1\0002</a></xml>";
	struct zg_xml xml = { 0 };

	cr_expect(not(zg_xml_parse(text, sizeof(text) - 1, &xml)));
}

static char *with_fields(size_t count, size_t value_length)
{
	struct zg_buffer text = { 0 };

	zg_buffer_add_text(&text, "<xml>");
	for (size_t i = 0; i < count; i++) {
		zg_buffer_print(&text, "<f%zu>", i);
		for (size_t k = 0; k < value_length; k++)
			zg_buffer_add_byte(&text, 'v');
		zg_buffer_print(&text, "</f%zu>", i);
	}
	zg_buffer_add_text(&text, "</xml>");
	return zg_buffer_take(&text);
}

Test(xml, limits_are_kept)
{
	char *most = with_fields(ZG_XML_FIELDS, 1), *more = with_fields(ZG_XML_FIELDS + 1, 1);
	char *large = with_fields(1, ZG_XML_MOST - strlen("<xml><f0></f0></xml>")), *larger = with_fields(1, ZG_XML_MOST - strlen("<xml><f0></f0></xml>") + 1);
	char name[ZG_XML_NAME + 2], *longest, *longer;

	cr_expect(parses(most));
	cr_expect(not(parses(more)));
	cr_expect(parses(large));
	cr_expect(not(parses(larger)));
	memset(name, 'n', sizeof(name));
	name[ZG_XML_NAME + 1] = '\0';
	longer = zg_print("<xml><%s>1</%s></xml>", name, name);
	longest = zg_print("<xml><%s>1</%s></xml>", name + 1, name + 1);
	cr_expect(parses(longest));
	cr_expect(not(parses(longer)));
	free(most);
	free(more);
	free(large);
	free(larger);
	free(longest);
	free(longer);
}

Test(xml, cut_anywhere_it_is_refused)
{
	static const char text[] = "<xml><return_code><![CDATA[SUCCESS]]></return_code><total_fee>1234</total_fee></xml>";

	for (size_t length = 0; length < strlen(text); length++) {
		char *cut = zg_copy_bytes(text, length);

		cr_expect(not(parses(cut)), "%zu bytes", length);
		free(cut);
	}
	cr_expect(parses(text));
}

Test(xml, what_is_written_is_read_back)
{
	static const char *const values[] = { "", "1234", "门店-拿铁", "a & b", "<b>", "]]>", "\"quoted\" 'too'", " blanks ", "&amp;", "\r\n" };
	struct zg_buffer text = { 0 };
	struct zg_xml xml = { 0 };

	zg_buffer_add_text(&text, "<xml>");
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		char name[] = { 'f', (char)('0' + i), 0 };

		zg_xml_add(&text, name, values[i]);
	}
	zg_buffer_add_text(&text, "</xml>");
	cr_expect(strncmp(text.bytes, "<xml><f0/><f1>1234</f1><f2>门店-拿铁</f2><f3>a &amp; b</f3>", 63) == 0);
	cr_assert(zg_xml_parse(text.bytes, text.length, &xml));
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		char name[] = { 'f', (char)('0' + i), 0 };

		expect_value(&xml, name, values[i]);
	}
	zg_xml_clear(&xml);
	zg_buffer_clear(&text);
}
