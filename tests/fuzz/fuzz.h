/*
 * What the fuzz harnesses share.
 *
 * A harness is one file with fuzz_one() and fuzz_limits, and one line in tests/fuzz/parsers.tsv. libFuzzer brings the bytes
 * (make fuzz), ASan and UBSan look on, and around each input two more things are watched: the processor's time that it
 * took, and the most memory that was held at once. What passes a limit twice in a row ends the run like a crash.
 */
#ifndef ZG_TESTS_FUZZ_H
#define ZG_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most memory that an input may hold: base + times × its length. */
struct fuzz_limits {
	size_t base, times;
};

/* Brought by the harness. bytes are exactly as long as they are: one more read is found. */
extern const struct fuzz_limits fuzz_limits;
void fuzz_one(const char *bytes, size_t length);

/* Ends the run with the sentence; libFuzzer keeps the input. */
__attribute__((format(printf, 2, 3))) void fuzz_check(bool holds, const char *format, ...);

/* An input taken apart from its front. */
struct fuzz_input {
	const char *at, *end;
};

/* The next byte; 0 when there is none. */
unsigned fuzz_byte(struct fuzz_input *input);
/* What stands before the next `stop` (or the end) as a text of just its size, without NULs. The caller frees it. */
char *fuzz_text(struct fuzz_input *input, char stop);
#endif
