/* One request on its way through the server, and the server itself: for gate_http.c and gate_exchange.c alone. */
#ifndef SIM_GATE_EXCHANGE_H
#define SIM_GATE_EXCHANGE_H

#include "contrib/sim/gate_http.h"

#include <microhttpd.h>

/* One request, from its first line until its connection is done with it. */
struct gate_exchange {
	struct gate_http *http;
	struct MHD_Connection *connection;    /* NULL: gone */
	char *target;
	struct zg_buffer head, body;
	struct gate_request request;
	struct gate_reply reply;
	enum { NEW, BODY, HELD, LATE, READY, DRIPPING } stage;
	bool is_parked;
	int64_t due;                          /* running clock */
	struct gate_exchange *next;           /* among the parked */
};

struct gate_http {
	struct gate *gate;
	struct MHD_Daemon *plain, *secure;
	struct gate_http_wish wish;
	struct gate_exchange *parked;
	char *certificate, *key;              /* PEM texts */
};

/* libmicrohttpd's callbacks: `self` is the struct gate_http. */
void *gate_exchange_begin(void *self, const char *uri, struct MHD_Connection *connection);
enum MHD_Result gate_exchange_handle(void *self, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
				     const char *data, size_t *size, void **state);
void gate_exchange_finish(void *self, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why);

/* What was parked and is due goes on: a held request is only now carried out, whether or not somebody still listens. all: the server ends. */
void gate_exchange_go_on(struct gate_http *http, bool all);
#endif
