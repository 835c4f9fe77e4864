#include "contrib/sim/gate_http.h"

#include "contrib/sim/gate_exchange.h"

#include "src/base/alloc.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *file_text(const char *path)
{
	char *text = zg_alloc(65537, 1);
	FILE *file = path ? fopen(path, "re") : NULL;
	size_t count = file ? fread(text, 1, 65536, file) : 0;

	if (file)
		fclose(file);
	if (count > 0)
		return text;
	free(text);
	return NULL;
}

static struct MHD_Daemon *start(struct gate_http *http, int port, bool is_secure)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const struct gate_key *own = http->gate->shop->merchant_certificate;
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, http->certificate },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, http->key },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (char *)(uintptr_t)"NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3" },
		{ own ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END, 0, own ? (char *)(uintptr_t)gate_key_text(own) : NULL },
		{ MHD_OPTION_END, 0, NULL },
	};
	struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_SUPPRESS_DATE_NO_CLOCK;

	return MHD_start_daemon(is_secure ? flags | MHD_USE_TLS : flags, (uint16_t)port, NULL, NULL, gate_exchange_handle, http,
				MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u,
				MHD_OPTION_URI_LOG_CALLBACK, gate_exchange_begin, http, MHD_OPTION_NOTIFY_COMPLETED, gate_exchange_finish, http,
				MHD_OPTION_ARRAY, is_secure ? tls : none, MHD_OPTION_END);
}

static int port_of(struct MHD_Daemon *daemon)
{
	const union MHD_DaemonInfo *info = daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;

	return info ? info->port : -1;
}

struct gate_http *gate_http_open(struct gate *gate, const struct gate_http_wish *wish, char *why, size_t size)
{
	struct gate_http *http = zg_alloc(1, sizeof(*http));

	http->gate = gate;
	http->wish = *wish;
	http->plain = start(http, wish->port, false);
	if (!http->plain) {
		snprintf(why, size, "port %d of 127.0.0.1 cannot be had", wish->port);
		gate_http_close(http);
		return NULL;
	}
	if (wish->https_port >= 0) {
		http->certificate = file_text(wish->certificate);
		http->key = file_text(wish->key);
		http->secure = http->certificate && http->key ? start(http, wish->https_port, true) : NULL;
		if (!http->secure) {
			snprintf(why, size, "HTTPS on port %d cannot be had with %s", wish->https_port, wish->certificate ? wish->certificate : "no certificate");
			gate_http_close(http);
			return NULL;
		}
	}
	snprintf(gate->url, sizeof(gate->url), "http://127.0.0.1:%d", gate_http_port(http));
	if (http->secure)
		snprintf(gate->secure_url, sizeof(gate->secure_url), "https://127.0.0.1:%d", gate_https_port(http));
	return http;
}

void gate_http_close(struct gate_http *http)
{
	if (!http)
		return;
	gate_exchange_go_on(http, true);
	if (http->plain)
		MHD_stop_daemon(http->plain);
	if (http->secure)
		MHD_stop_daemon(http->secure);
	free(http->certificate);
	free(http->key);
	free(http);
}

int gate_http_port(const struct gate_http *http)
{
	return port_of(http->plain);
}

int gate_https_port(const struct gate_http *http)
{
	return port_of(http->secure);
}

void gate_http_fds(const struct gate_http *http, int fds[2])
{
	fds[0] = MHD_get_daemon_info(http->plain, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	fds[1] = http->secure ? MHD_get_daemon_info(http->secure, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd : -1;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

int64_t gate_http_wait(const struct gate_http *http)
{
	int64_t wait = -1, now = gate_running(http->gate);
	MHD_UNSIGNED_LONG_LONG ms;

	if (MHD_get_timeout(http->plain, &ms) == MHD_YES)
		wait = (int64_t)ms;
	if (http->secure && MHD_get_timeout(http->secure, &ms) == MHD_YES)
		wait = sooner(wait, (int64_t)ms);
	for (const struct gate_exchange *one = http->parked; one; one = one->next)
		wait = sooner(wait, zg_clock_wait(http->gate->clock, one->due > now ? one->due - now : 0));
	return wait;
}

void gate_http_run(struct gate_http *http)
{
	gate_run(http->gate);
	gate_exchange_go_on(http, false);
	MHD_run(http->plain);
	if (http->secure)
		MHD_run(http->secure);
}
