#include "tests/lab/resolver.h"

#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <time.h>

int resolver_hangs_ms = 5000;
_Atomic int resolver_hung;

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
	int (*next)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

	if (name && strcmp(name, "hangs.test") == 0) {
		resolver_hung++;
		nanosleep(&(struct timespec){ resolver_hangs_ms / 1000, resolver_hangs_ms % 1000 * 1000000L }, NULL);
		return EAI_AGAIN;
	}
	if (name && strcmp(name, "nobody.test") == 0)
		return EAI_NONAME;
	*(void **)&next = dlsym(RTLD_NEXT, "getaddrinfo");
	return next(name, service, hints, result);
}
