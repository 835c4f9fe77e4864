/* Fresh keys and certificates, all marked TEST ONLY, for a made-up merchant. */
#ifndef SIM_GATE_MAKE_H
#define SIM_GATE_MAKE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A key pair with a certificate: NAME_key.pem (0600), NAME_certificate.pem, NAME_public.pem in dir. issuer: the NAME of the authority in the
 * same directory; NULL: it signs itself. host: for a server on the loopback. serial gets the certificate's, in hex. False: why.
 */
struct gate_identity {
	const char *name, *subject, *issuer;
	bool is_host, is_authority;
};
bool gate_make_identity(const char *dir, const struct gate_identity *identity, char serial[41], char *why, size_t size);
/* An authority and a server certificate for 127.0.0.1 and localhost, where there are none yet: ca_*.pem and server_*.pem. */
bool gate_make_tls(const char *dir, char *why, size_t size);
/* A text into a file of that mode; not over one that is there. */
bool gate_make_file(const char *dir, const char *name, int mode, const char *text, char *why, size_t size);
/* `count` random characters of [0-9a-z], and a NUL. */
void gate_make_secret(char *text, int count);
#endif
