#include "tests/unit/scratch.h"

#include "src/base/alloc.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

char *scratch_begin(void)
{
	const char *base = getenv("TMPDIR");
	char *path = zg_print("%s/zg-test-XXXXXX", base ? base : "/tmp");

	zg_assert(mkdtemp(path) != NULL);
	return path;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
	(void)about, (void)kind, (void)where;
	return remove(path);
}

void scratch_end(char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(path);
}
