/*
 * Small real servers on loopback, each in a process of its own that ends with it: plain, or TLS with certificates that are made at once.
 * What a server does with a connection is a function of the test's; each connection gets a process of its own, so that none waits for another.
 */
#ifndef ZG_TESTS_LAB_WEB_H
#define ZG_TESTS_LAB_WEB_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define WEB_REQUEST 65536

/* Shared with the server's processes. */
struct web_seen {
	_Atomic int connections;    /* that were accepted */
	_Atomic int handshakes;     /* that came to their end */
	_Atomic int requests;       /* whose first byte came */
	_Atomic int whole;          /* that came whole, body and all */
	char last[WEB_REQUEST];     /* the last of them, and a NUL */
	size_t length;
};

/* One connection, in the server's process. */
struct web_peer {
	int fd;
	SSL *tls;                   /* NULL: plain */
	struct web_seen *seen;
	const void *self;           /* the test's */
	int index;                  /* of the connection, from 0 */
};

typedef void web_serve(struct web_peer *peer);

/* Changes what a TLS server offers before it begins. */
typedef void web_offer(SSL_CTX *context);

struct web_id {
	EVP_PKEY *key;
	X509 *certificate;
};

struct web {
	int port;
	pid_t pid;
	struct web_seen *seen;
};

/* `id` NULL: plain. issuer's certificate is sent too when it is not NULL. self is borrowed by the server's process. Ends the program when it cannot. */
void web_begin(struct web *web, web_serve *serve, const void *self, const struct web_id *id, const struct web_id *issuer, web_offer *offer);
void web_end(struct web *web);

/* In the server's process. */
bool web_take(struct web_peer *peer);                                   /* a whole request into seen->last; false: the other side is gone */
bool web_take_some(struct web_peer *peer);                              /* no more than the first byte of one */
void web_send(struct web_peer *peer, const char *bytes, size_t length);
void web_say(struct web_peer *peer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void web_wait(int ms);
void web_say_nothing(struct web_peer *peer);                            /* serves: takes the request and keeps still */
void web_say_slowly(struct web_peer *peer);                             /* serves: a byte a second */
void web_wait_for_end(struct web_peer *peer);                           /* reads until the other side closes */
void web_reset(struct web_peer *peer);                                  /* ends it without a farewell: what was not read is lost */
void web_cut(struct web_peer *peer);                                    /* closes the connection below TLS: no close_notify */

/*
 * A key and a certificate for `name` (a text of subjectAltName: "DNS:localhost", "IP:127.0.0.1"; "CA": an authority), valid from so many days from
 * now to so many; signed by issuer, or, when that is NULL, by itself. `common` is its common name.
 */
struct web_id web_make_id(const struct web_id *issuer, const char *common, const char *name, int from_days, int to_days);
void web_clear_id(struct web_id *id);
void web_write_certificate(const char *path, const struct web_id *id);
void web_write_key(const char *path, const struct web_id *id, const char *password);    /* NULL: none */

/* A listener on loopback that never accepts, its queue full: connecting to it neither succeeds nor fails. Descriptors are put into held[3]. */
int web_full(int held[3]);
/* A port of loopback on which nobody listens. */
int web_nobody(void);
#endif
