#include "tests/lab/resolver.h"

#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int resolver_hangs_ms;
_Atomic int resolver_hung;

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
	int (*next)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

	if (name && strcmp(name, "hangs.test") == 0) {
		const char *given = getenv(RESOLVER_NAME);
		int ms = resolver_hangs_ms ? resolver_hangs_ms : given ? atoi(given) : 5000;

		resolver_hung++;
		nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000L }, NULL);
		return EAI_AGAIN;
	}
	if (name && strcmp(name, "nobody.test") == 0)
		return EAI_NONAME;
	*(void **)&next = dlsym(RTLD_NEXT, "getaddrinfo");
	return next(name, service, hints, result);
}
