#include "tests/lab/workers.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int workers_count(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	return processors < 1 ? 1 : processors > WORKERS_MOST ? WORKERS_MOST : (int)processors;
}

static bool write_all(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, bytes, size);

		if (written <= 0)
			return false;
		bytes += written;
		size -= (size_t)written;
	}
	return true;
}

static bool read_all(int fd, char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t got = read(fd, bytes, size);

		if (got <= 0)
			return false;
		bytes += got;
		size -= (size_t)got;
	}
	return true;
}

bool workers_run(int of, size_t size, void (*work)(int index, int of, void *result), void (*add)(const void *result, void *self), void *self)
{
	pid_t pids[WORKERS_MOST];
	int ends[WORKERS_MOST], pair[2], status;
	bool is_whole = true;
	char *result = calloc(1, size);

	fflush(stdout);
	for (int i = 0; i < of; i++) {
		ends[i] = -1;
		pids[i] = pipe(pair) == 0 ? fork() : -1;
		if (pids[i] == 0) {
			close(pair[0]);
			work(i, of, result);
			fflush(stdout);
			_exit(write_all(pair[1], result, size) ? 0 : 1);
		}
		if (pids[i] > 0) {
			close(pair[1]);
			ends[i] = pair[0];
		}
	}
	for (int i = 0; i < of; i++) {
		bool came = ends[i] >= 0 && read_all(ends[i], result, size);

		if (came)
			add(result, self);
		if (ends[i] >= 0)
			close(ends[i]);
		came = pids[i] > 0 && waitpid(pids[i], &status, 0) == pids[i] && status == 0 && came;
		is_whole = is_whole && came;
	}
	free(result);
	return is_whole;
}
