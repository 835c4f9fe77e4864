#include "tests/fault/payloads.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONG 10240
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const some[] = {
	"\033[31mred", "\033[2J\033[H", "\033c", "\033]0;title\a", "\033]52;c;cm0gLXJmIC8=\a", "\033]8;;http://x\033\\link\033]8;;\033\\",
	"\033P$q\"p\033\\", "\033_hidden\033\\", "\033^hidden\033\\", "\033X hidden\033\\", "\033[?1049l", "\033[6n", "\033[c", "\033[5i", "\033(0",
	"\033#8", "\033[1;1r", "\233" "31m", "\2350;title\234", "\220q\234", "\xC2\x9B" "31m", "\xC2\x9D" "0;t\a", "\x0E", "\x0F", "\x05", "\r\n", "\n\n\n",
	"\033p\x01\x32\xFA", "\033p" "02", "\033@", "\035V\x01", "\035(k\x03\x01" "1QR", "\020\024\x01\x01\x01", "\020\004\x01", "\034p\x01\x01", "\034.",
	"\xC0\xAF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFE", "\xFF",
	"\xE4\xB8", "\xF0\x9F\x98", "\xC3", "\x80", "\xBF\xBF", "\xC3(", "\xEF\xBF\xBE", "\xEF\xBF\xBF",
	"e\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81", "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7", "\xF0\x9F\x98\x80", "\xE1\x85\x9F",
	"=cmd|'/c calc'!A0", "+1+1", "@SUM(A1)", "-2+3", "\t=1", "\"; drop", "'; DROP TABLE sale; --", "%s%s%n%n", "%999999d", "${jndi:x}", "`id`", "$(id)",
	"../../etc/passwd", "{\"a\":1}", "\\u001b[2J", "{shop.name}", "{if x}", "a|b|c", "a,b\"c", "\xE2\x80\xA8new line", "\xE2\x80\xA9", "a\xC2\xAD" "b",
};

static const char *const sql[] = {
	"' OR '1'='1", "' OR 1=1 --", "\" OR \"\"=\"", "') OR ('a'='a", "'; DROP TABLE journal; --", "'; DELETE FROM sale; --",
	"'); DELETE FROM person; --", "'; UPDATE person SET role='admin'; --", "' UNION SELECT name FROM person --",
	"' UNION ALL SELECT NULL,NULL,NULL --", "'||(SELECT pin FROM person)||'", "1; ATTACH DATABASE '/tmp/x' AS x; --",
	"'; PRAGMA writable_schema=ON; --", "'; PRAGMA journal_mode=DELETE; --", "' AND 1=randomblob(900000000) --", "'; VACUUM; --",
	"'; CREATE TRIGGER x AFTER INSERT ON sale BEGIN DELETE FROM sale; END; --", "'; DROP TRIGGER IF EXISTS x; --", "' OR load_extension('x') --",
	"'; INSERT INTO journal VALUES(0); --", "'; REINDEX; --", "' GLOB '*", "' LIKE '%", "%' --", "_%", "\\' OR 1=1 --", "''''", "\"\"\"\"", "`", "[x]",
	"]", ":login", "@login", "$1", "?1", "?", "*", "x'41'", "0x41", "1e999", "NULL", "null", "CAST('a' AS INTEGER)", "/*", "*/", "/**/OR/**/1=1",
	"--", ";", ";;", "'\n--\nOR 1=1", "a' COLLATE nocase --", "\" MATCH \"x", "sale MATCH 'a", "a OR b NOT c", "NEAR(a b)", "a*", "^a", "col:a",
	"{a b}:c", "\"a\" + \"b\"", "CASE WHEN 1 THEN 1 END", "1 AND (SELECT count(*) FROM sqlite_master)", "(SELECT 1)", "1 LIMIT 1 OFFSET 1", "ROWID",
	"sqlite_schema",
};

/* They mean something only at the beginning. */
static const char *const formulas[] = {
	"=1+1", "=HYPERLINK(\"http://x\")", "=SUM(A1:A9)", "+cmd", "-cmd", "@cmd", "\t@cmd", "\r=cmd", "\n=cmd", "%3D1", "=\"a\"&\"b\"", "=IMPORTXML(1)", ";=1",
	"\"=1", "'=1", "|cmd", "=DDE(1)", " =1", "\xEF\xBC\x9D" "1", "--help", "--json", "--", "-", "-1", "#", "; x", "[shop]", "\xEF\xBB\xBF" "x",
};

/* Clean text that takes other room than its bytes or characters say: wide, of two widths, with marks, too long for any column. */
static const char *const awkward[] = {
	"\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD",
	"x\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD\xE5\xA5\xBD",
	"\xEF\xBC\xA1\xEF\xBC\xA2\xEF\xBC\xA3 fullwidth", "\xC2\xB7\xE2\x80\x94\xE2\x80\x9C\xE2\x80\x9D\xC3\x97\xC2\xB0\xE2\x84\x83\xE2\x91\xA0 one cell here, two there",
	"e\xCC\x81" "a\xCC\x80" "o\xCC\x88 with marks", "\xF0\x9F\x98\x80 a face", "\xE0\xB8\x81\xE0\xB8\xB3\xE0\xB8\x99 Thai", "\xD0\xA7\xD0\xB0\xD0\xB9 Russian",
	"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnop", "\xEF\xBD\xB1\xEF\xBD\xB2\xEF\xBD\xB3 half wide",
	"1.00", "12,345.00", "\357\277\2451.00", "'; DROP TABLE item; --", "=1+1",
};

static void keep(struct payloads *p, char *text)
{
	if (p->count < PAYLOADS_MAX)
		p->texts[p->count++] = text;
	else
		free(text);
}

static void add(struct payloads *p, const char *bytes)
{
	size_t size = strlen(bytes) + 3;
	char *text = malloc(size);

	snprintf(text, size, "A%sB", bytes);
	keep(p, text);
}

static void add_character(struct payloads *p, unsigned long c)
{
	char bytes[5];

	if (c < 0x800)
		snprintf(bytes, sizeof(bytes), "%c%c", (int)(0xC0 | c >> 6), (int)(0x80 | (c & 0x3F)));
	else if (c < 0x10000)
		snprintf(bytes, sizeof(bytes), "%c%c%c", (int)(0xE0 | c >> 12), (int)(0x80 | (c >> 6 & 0x3F)), (int)(0x80 | (c & 0x3F)));
	else
		snprintf(bytes, sizeof(bytes), "%c%c%c%c", (int)(0xF0 | c >> 18), (int)(0x80 | (c >> 12 & 0x3F)), (int)(0x80 | (c >> 6 & 0x3F)),
			 (int)(0x80 | (c & 0x3F)));
	add(p, bytes);
}

static void add_range(struct payloads *p, unsigned long from, unsigned long to)
{
	for (; from <= to; from++)
		add_character(p, from);
}

/* Every sequence of two bytes behind ESC, ESC p among them; of a CSI; and some of the printer's GS. */
static void add_sequences(struct payloads *p)
{
	for (int c = 0x20; c < 0x7F; c++)
		add(p, (char[]){ '\033', (char)c, '1', '\0' });
	for (int c = 0x40; c < 0x7F; c++)
		add(p, (char[]){ '\033', '[', '1', ';', '2', (char)c, '\0' });
	for (int c = 0x21; c < 0x7F; c += 2)
		add(p, (char[]){ '\035', (char)c, '1', '\0' });
}

static void add_long(struct payloads *p)
{
	static const char *const patterns[] = { "x", "\033[", "\xE5\xA5\xBD", "\xE2\x80\xAE", "'\";--", "e\xCC\x81" };

	for (size_t kind = 0; kind < COUNT(patterns); kind++) {
		size_t length = strlen(patterns[kind]);
		char *text = malloc(LONG + 1);

		for (size_t i = 0; i < LONG; i++)
			text[i] = patterns[kind][i % length];
		text[LONG - LONG % length] = '\0';
		keep(p, text);
	}
}

void payloads_make(struct payloads *p)
{
	static const unsigned long characters[] = { 0xAD, 0x61C, 0x180E, 0xFEFF, 0xE001, 0xF0000, 0x1FFFE, 0x10FFFF, 0x115F, 0x3164, 0xFFA0, 0xE0001, 0x2800 };

	p->count = 0;
	for (int c = 1; c < 0x20; c++)
		add(p, (char[]){ (char)c, '\0' });
	add(p, "\x7F");
	for (int c = 0x80; c < 0xA0; c += 3)
		add(p, (char[]){ (char)c, '\0' });
	add_range(p, 0x80, 0x9F);
	add_range(p, 0x200B, 0x200F);
	add_range(p, 0x202A, 0x202E);
	add_range(p, 0x2060, 0x206F);
	add_range(p, 0xFFF9, 0xFFFB);
	add_range(p, 0xE0020, 0xE0024);
	add_range(p, 0xFE00, 0xFE03);
	for (size_t i = 0; i < COUNT(characters); i++)
		add_character(p, characters[i]);
	for (size_t i = 0; i < COUNT(some); i++)
		add(p, some[i]);
	for (size_t i = 0; i < COUNT(sql); i++)
		add(p, sql[i]);
	for (size_t i = 0; i < COUNT(formulas); i++)
		keep(p, strdup(formulas[i]));
	add_sequences(p);
	add_long(p);
	for (size_t i = 0; i < COUNT(awkward); i++)
		keep(p, strdup(awkward[i]));
	p->awkward = (int)COUNT(awkward);
}

void payloads_drop(struct payloads *p)
{
	for (int i = 0; i < p->count; i++)
		free(p->texts[i]);
	p->count = 0;
}
