#include "src/base/alloc.h"
#include "src/base/buffer.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

Test(buffer, what_is_dropped_from_the_front_is_at_most_what_is_there)
{
	struct zg_buffer buffer = { 0 };

	zg_buffer_drop(&buffer, 7);
	cr_expect(eq(str, (char *)zg_buffer_text(&buffer), ""));

	zg_buffer_add_text(&buffer, "ABCDE");
	zg_buffer_drop(&buffer, 2);
	cr_expect(eq(str, (char *)zg_buffer_text(&buffer), "CDE"));
	zg_buffer_drop(&buffer, 4);
	cr_expect(eq(sz, buffer.length, 0));
	cr_expect(eq(str, (char *)zg_buffer_text(&buffer), ""));
	zg_buffer_clear(&buffer);
	zg_buffer_clear(NULL);
}

Test(buffer, an_empty_one_gives_an_empty_text_away)
{
	struct zg_buffer buffer = { 0 };

	zg_buffer_print(&buffer, "%s", "");
	char *text = zg_buffer_take(&buffer);

	cr_expect(eq(str, text, ""));
	free(text);
}

/* A length that would wrap around is no memory, not a small block. */
Test(buffer, more_than_there_can_be_ends_the_program_by_its_one_path)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		struct zg_buffer buffer = { 0 };

		close(STDERR_FILENO);
		zg_buffer_add_text(&buffer, "A");
		zg_buffer_add(&buffer, "B", SIZE_MAX - 1);
		_exit(0);
	}
	cr_assert(eq(int, waitpid(child, &status, 0), child));
	cr_expect(eq(int, WIFEXITED(status) ? WEXITSTATUS(status) : -1, 5));
}
