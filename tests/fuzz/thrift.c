/* What goes to the terminal, said in fewer bytes: another reader of terminals sees the same screen, however the bytes were cut. */
#include "tests/fuzz/fuzz.h"

#include "src/io/thrift.h"
#include "tests/fault/vt.h"

#include <string.h>

const struct fuzz_limits fuzz_limits = { 65536, 40 };    /* the first look costs more than it is worth */

static void pass(const char *bytes, size_t length, size_t step, struct zg_buffer *out)
{
	struct zg_thrift thrift;

	zg_thrift_init(&thrift);
	for (size_t i = 0; i < length; i += step)
		zg_thrift_pass(&thrift, bytes + i, length - i < step ? length - i : step, out);
	zg_thrift_end(&thrift, out);
}

void fuzz_one(const char *bytes, size_t length)
{
	static struct vt blank, plain, thrifty;
	struct zg_buffer whole = { 0 }, slow = { 0 };

	pass(bytes, length, 4096, &whole);
	pass(bytes, length, 1, &slow);
	fuzz_check(whole.length == slow.length && memcmp(zg_buffer_text(&whole), zg_buffer_text(&slow), whole.length) == 0, "cut, it says something else");
	if (!blank.rows)
		vt_init(&blank, 10, 40);
	plain = thrifty = blank;
	vt_feed(&plain, bytes, length);
	vt_feed(&thrifty, zg_buffer_text(&whole), whole.length);
	/* what curses never sends (past the right margin, too) may be said otherwise; what it sends shows the same */
	if (plain.faults == 0 && plain.wrapped == 0 && !plain.in_escape && !plain.in_csi && plain.more == 0) {
		fuzz_check(thrifty.faults == 0, "the terminal is sent %s", thrifty.fault);
		fuzz_check(memcmp(plain.cells, thrifty.cells, sizeof(plain.cells)) == 0, "another screen");
		fuzz_check(plain.row == thrifty.row && plain.column == thrifty.column, "the cursor stands elsewhere");
	}
	zg_buffer_clear(&whole);
	zg_buffer_clear(&slow);
}
