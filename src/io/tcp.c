/* Network printers: a connection to a port, names looked up in a child so that a dead name server holds nothing up. */
#include "src/base/alloc.h"
#include "src/base/i18n.h"
#include "src/io/child.h"
#include "src/io/private.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOOK_UP_MS   10000
#define CONNECT_MS   5000
#define MOST_HOSTS   4        /* addresses of one name that are tried in turn */

struct host {
	socklen_t length;
	struct sockaddr_storage address;
};

struct zg_tcp {
	struct zg_loop *loop;
	struct zg_link_address address;
	struct host hosts[MOST_HOSTS];
	size_t host_count, host_next;
	struct zg_child *look_up;
	int fd;                       /* -1: none */
	int error;                    /* of the last attempt, as errno */
	struct zg_watch *watch;
	uint64_t timer;
	zg_tcp_done *done;
	void *self;
};

static size_t find_hosts(const struct zg_link_address *address, int flags, struct host hosts[MOST_HOSTS])
{
	struct addrinfo wish = { .ai_socktype = SOCK_STREAM, .ai_flags = flags | AI_NUMERICSERV }, *all = NULL;
	size_t count = 0;
	char port[16];

	snprintf(port, sizeof(port), "%d", address->port);
	if (getaddrinfo(address->target, port, &wish, &all) != 0)
		return 0;
	for (const struct addrinfo *one = all; one && count < MOST_HOSTS; one = one->ai_next) {
		if (one->ai_addrlen > sizeof(hosts[count].address))
			continue;
		memset(&hosts[count], 0, sizeof(hosts[count]));
		hosts[count].length = one->ai_addrlen;
		memcpy(&hosts[count++].address, one->ai_addr, one->ai_addrlen);
	}
	freeaddrinfo(all);
	return count;
}

/* In the child. */
static int look_up(void *self, int out)
{
	const struct zg_tcp *tcp = self;
	struct host hosts[MOST_HOSTS];
	size_t size = find_hosts(&tcp->address, 0, hosts) * sizeof(hosts[0]);

	return size == 0 || write(out, hosts, size) != (ssize_t)size;
}

static void close_attempt(struct zg_tcp *tcp)
{
	zg_watch_remove(tcp->watch);
	tcp->watch = NULL;
	zg_timer_remove(tcp->loop, tcp->timer);
	tcp->timer = 0;
	if (tcp->fd >= 0)
		close(tcp->fd);
	tcp->fd = -1;
}

void zg_tcp_cancel(struct zg_tcp *tcp)
{
	if (!tcp)
		return;
	close_attempt(tcp);
	zg_child_cancel(tcp->look_up);
	free(tcp);
}

static void fail(struct zg_tcp *tcp)
{
	const char *host = tcp->address.target;
	enum zg_link_state state = ZG_LINK_ABSENT;
	struct zg_error err;

	if (tcp->host_count == 0) {
		zg_fail(&err, ZG_OFFLINE, _("Nobody knows the name “%s”. Check it, or give the device's number (192.168.…)."),
			host);
	} else if (tcp->error == ECONNREFUSED) {
		state = ZG_LINK_FAILED;
		zg_fail(&err, ZG_OFFLINE, _("The device at %s does not take connections on port %d. Check the port, and "
					    "whether another computer uses the device."), host, tcp->address.port);
	} else {
		zg_fail(&err, ZG_OFFLINE, _("The device at %s does not answer. Check its cable and that it is switched on."),
			host);
	}
	tcp->done(tcp->self, state, -1, err.text);
	zg_tcp_cancel(tcp);
}

/* Notices a pulled cable within ZG_LINK_DOUBT_MS, also when nothing is sent: then after 10 + 3 × 3 s. */
static void set_options(int fd)
{
	static const struct { int level, name, value; } options[] = {
		{ IPPROTO_TCP, TCP_NODELAY, 1 },      { SOL_SOCKET, SO_KEEPALIVE, 1 },  { IPPROTO_TCP, TCP_KEEPIDLE, 10 },
		{ IPPROTO_TCP, TCP_KEEPINTVL, 3 },    { IPPROTO_TCP, TCP_KEEPCNT, 3 },  { IPPROTO_TCP, TCP_USER_TIMEOUT, ZG_LINK_DOUBT_MS },
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		setsockopt(fd, options[i].level, options[i].name, &options[i].value, sizeof(int));
}

static void next_host(void *self);

static void host_ready(void *self, int fd, unsigned events)
{
	struct zg_tcp *tcp = self;
	socklen_t length = sizeof(tcp->error);

	(void)events;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &tcp->error, &length) < 0)
		tcp->error = errno;
	if (tcp->error) {
		next_host(tcp);
		return;
	}
	tcp->fd = -1;    /* the caller's from here on */
	close_attempt(tcp);
	tcp->done(tcp->self, ZG_LINK_READY, fd, "");
	zg_tcp_cancel(tcp);
}

static void too_late(void *self)
{
	struct zg_tcp *tcp = self;

	tcp->error = ETIMEDOUT;
	next_host(tcp);
}

/* Goes on with the next address of the name; after the last one it has failed. */
static void next_host(void *self)
{
	struct zg_tcp *tcp = self;

	close_attempt(tcp);
	while (tcp->host_next < tcp->host_count) {
		const struct host *host = &tcp->hosts[tcp->host_next++];

		tcp->fd = socket(host->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (tcp->fd < 0) {
			tcp->error = errno;
			continue;
		}
		set_options(tcp->fd);
		if (connect(tcp->fd, (const struct sockaddr *)&host->address, host->length) < 0 && errno != EINPROGRESS) {
			tcp->error = errno;
			close_attempt(tcp);
			continue;
		}
		tcp->watch = zg_watch_add(tcp->loop, tcp->fd, ZG_LOOP_OUT, host_ready, tcp);
		tcp->timer = zg_timer_add(tcp->loop, CONNECT_MS, too_late, tcp);
		return;
	}
	fail(tcp);
}

static void looked_up(void *self, bool ok, const char *bytes, size_t length)
{
	struct zg_tcp *tcp = self;

	tcp->look_up = NULL;
	if (ok && length <= sizeof(tcp->hosts) && length % sizeof(struct host) == 0) {
		memcpy(tcp->hosts, bytes, length);
		tcp->host_count = length / sizeof(struct host);
	}
	next_host(tcp);
}

struct zg_tcp *zg_tcp_open(struct zg_loop *loop, const struct zg_link_address *address, zg_tcp_done *done, void *self)
{
	struct zg_tcp *tcp = zg_alloc(1, sizeof(*tcp));

	*tcp = (struct zg_tcp){ .loop = loop, .address = *address, .fd = -1, .done = done, .self = self };
	tcp->host_count = find_hosts(address, AI_NUMERICHOST, tcp->hosts);
	if (tcp->host_count)
		tcp->timer = zg_timer_add(loop, 0, next_host, tcp);
	else
		tcp->look_up = zg_child_start(loop, look_up, tcp, LOOK_UP_MS, looked_up, tcp);
	return tcp;
}
