/*
 * The gateways on sockets of the loopback, over HTTP and HTTPS, in the loop of whoever calls: nothing here waits by itself.
 *
 * Paths that begin with /sim/ are the hand behind the scenes, over plain HTTP: POST /sim/control takes lines of the control language,
 * GET /sim/ledger, /sim/orders, /sim/faults and /sim/status are questions of it.
 */
#ifndef SIM_GATE_HTTP_H
#define SIM_GATE_HTTP_H

#include "contrib/sim/gate.h"

struct gate_http;

/* Each request that was answered, dropped or held. */
typedef void gate_http_heard(void *self, const struct gate_request *request, const struct gate_reply *reply);

struct gate_http_wish {
	int port, https_port;                 /* 0: any that is free; https_port -1: no HTTPS */
	const char *certificate, *key;        /* PEM files of the HTTPS server */
	gate_http_heard *heard;
	void *self;
};

/* NULL: why. */
struct gate_http *gate_http_open(struct gate *gate, const struct gate_http_wish *wish, char *why, size_t size);
void gate_http_close(struct gate_http *http);    /* NULL is allowed */

int gate_http_port(const struct gate_http *http);
int gate_https_port(const struct gate_http *http);    /* -1: none */
/* Two descriptors to poll for reading, or -1. */
void gate_http_fds(const struct gate_http *http, int fds[2]);
/* Real milliseconds until gate_http_run is due whatever the descriptors say; -1: no such time. */
int64_t gate_http_wait(const struct gate_http *http);
void gate_http_run(struct gate_http *http);
#endif
