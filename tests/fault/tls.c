/*
 * TLS cannot be talked down: servers that a shop must not talk to, each real, on loopback, with certificates made for it. A careless client of
 * OpenSSL alone gets an answer from each, so it is the server's one fault that ours refuses; good servers are talked to before and after.
 * Refused means: not one byte of the request came to it (NOT_SENT), and the cashier reads the right reason. A redirect is refused when nobody
 * comes to where it points, the environment when nobody comes to its proxy or trusts its authorities.
 * P33. ZG_COUNT rounds (1).
 */
#include "src/base/alloc.h"
#include "src/io/http.h"
#include "tests/fault/tally.h"
#include "tests/lab/web.h"
#include "tests/unit/scratch.h"

#include <arpa/inet.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#define ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
#define HOST   "DNS:localhost, IP:127.0.0.1"
#define KINDS  12

struct lab {
	struct tally tally;
	char *home, *ca_file;
	struct web_id authority, other_authority, twin_authority, server, old_server;
	struct web web, elsewhere;
	char *where;               /* a redirect's target */
};

/* What a server presents. */
enum id { GOOD, EXPIRED, EARLY, OTHER_NAME, SELF_SIGNED, UNKNOWN_AUTHORITY, TWIN_AUTHORITY, FROM_A_LEAF };

/* What else is wrong. */
enum fault { NOTHING, PINNED_OTHER, REDIRECT_PLAIN, REDIRECT_ELSEWHERE, PROXY, ENVIRONMENT_AUTHORITY };

/* ---- offers of servers ---- */

static void only(SSL_CTX *context, int version, const char *ciphers)
{
	SSL_CTX_set_cipher_list(context, ciphers);
	SSL_CTX_set_min_proto_version(context, version);
	SSL_CTX_set_max_proto_version(context, version);
}

static void only_tls_1_0(SSL_CTX *context) { only(context, TLS1_VERSION, "ALL:@SECLEVEL=0"); }
static void only_tls_1_1(SSL_CTX *context) { only(context, TLS1_1_VERSION, "ALL:@SECLEVEL=0"); }
static void only_tls_1_2(SSL_CTX *context) { only(context, TLS1_2_VERSION, "DEFAULT"); }
static void only_tls_1_3(SSL_CTX *context) { only(context, TLS1_3_VERSION, "DEFAULT"); }
static void only_null(SSL_CTX *context) { only(context, TLS1_2_VERSION, "ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0"); }
static void only_anonymous(SSL_CTX *context) { only(context, TLS1_2_VERSION, "AECDH-AES256-SHA:@SECLEVEL=0"); }

#define UNTRUSTED "The server's certificate is not one that we trust."
#define UNSAFE    "No safe connection came about (TLS 1.2 or newer, and a certificate that we trust)."

static const struct hostile {
	const char *name;
	int kind;                  /* of the promise's twelve, from 1; 0: a good server */
	enum id id;
	web_offer *offer;
	enum fault fault;
	const char *why;           /* how the reason begins; NULL: an answer comes */
} servers[] = {
	{ "a good server", 0, GOOD, NULL, NOTHING, NULL },
	{ "a good server of TLS 1.2 alone", 0, GOOD, only_tls_1_2, NOTHING, NULL },
	{ "a good server of TLS 1.3 alone", 0, GOOD, only_tls_1_3, NOTHING, NULL },
	{ "expired yesterday", 1, EXPIRED, NULL, NOTHING, "The server's certificate has expired" },
	{ "valid from tomorrow", 2, EARLY, NULL, NOTHING, "The server's certificate is not valid yet" },
	{ "for another name", 3, OTHER_NAME, NULL, NOTHING, "The server has a certificate for another name." },
	{ "signed by itself", 4, SELF_SIGNED, NULL, NOTHING, UNTRUSTED },
	{ "of an unknown authority", 5, UNKNOWN_AUTHORITY, NULL, NOTHING, UNTRUSTED },
	{ "of an authority with our authority's name", 5, TWIN_AUTHORITY, NULL, NOTHING, UNSAFE },
	{ "signed by a server's certificate", 5, FROM_A_LEAF, NULL, NOTHING, UNTRUSTED },
	{ "not the pinned certificate, though of our authority", 6, GOOD, NULL, PINNED_OTHER, UNTRUSTED },
	{ "TLS 1.0", 7, GOOD, only_tls_1_0, NOTHING, UNSAFE },
	{ "TLS 1.1", 8, GOOD, only_tls_1_1, NOTHING, UNSAFE },
	{ "a cipher that hides nothing", 9, GOOD, only_null, NOTHING, UNSAFE },
	{ "an anonymous cipher", 9, GOOD, only_anonymous, NOTHING, UNSAFE },
	{ "a redirect to http", 10, GOOD, NULL, REDIRECT_PLAIN, NULL },
	{ "a redirect to another host", 11, GOOD, NULL, REDIRECT_ELSEWHERE, NULL },
	{ "proxies in the environment", 12, GOOD, NULL, PROXY, NULL },
	{ "authorities in the environment", 12, UNKNOWN_AUTHORITY, NULL, ENVIRONMENT_AUTHORITY, UNTRUSTED },
	{ "a good server, at the end", 0, GOOD, NULL, NOTHING, NULL },
};

#define SERVERS (sizeof(servers) / sizeof(servers[0]))

static void serve(struct web_peer *peer)
{
	const char *where = peer->self;

	while (web_take(peer)) {
		if (where)
			web_say(peer, "HTTP/1.1 307 Go\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", where);
		else
			web_say(peer, ANSWER);
	}
}

/* ---- the careless client ---- */

/* Takes any certificate, any version and any cipher. True: the server answers. */
static bool reaches(int port)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port) };
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL *tls = NULL;
	char answer[256] = "";
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	SSL_CTX_set_cipher_list(context, "ALL:COMPLEMENTOFALL:@SECLEVEL=0");
	SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0) {
		tls = SSL_new(context);
		SSL_set_fd(tls, fd);
		if (SSL_connect(tls) == 1 && SSL_write(tls, request, sizeof(request) - 1) > 0)
			(void)SSL_read(tls, answer, sizeof(answer) - 1);
	}
	SSL_free(tls);
	SSL_CTX_free(context);
	close(fd);
	return strncmp(answer, "HTTP/1.1 ", 9) == 0;
}

/* ---- ours ---- */

struct errand {
	bool is_over;
	enum zg_http_end end;
	int status;
	char why[320], cause[240];
};

static void keep(void *self, struct zg_http_reply *reply)
{
	struct errand *errand = self;

	errand->is_over = true;
	errand->end = reply->end;
	errand->status = reply->status;
	snprintf(errand->why, sizeof(errand->why), "%s", reply->why);
	snprintf(errand->cause, sizeof(errand->cause), "%s", reply->cause);
}

static struct errand send_to(int port, const char *ca_file)
{
	struct zg_loop *loop = zg_loop_new(&zg_real_clock);
	struct zg_http_request request = { .method = "POST", .url = zg_print("https://localhost:%d/pay", port) };
	struct zg_http_options options = { .ca_file = ca_file, .connect_ms = 20000, .total_ms = 30000, .most = 4096 };
	struct errand errand = { 0 };

	zg_buffer_add_text(&request.body, "{\"code\":\"TEST ONLY\"}");
	(void)zg_http_send(loop, &request, &options, keep, &errand);
	zg_http_request_clear(&request);
	while (!errand.is_over)
		zg_loop_step(loop, 100);
	zg_loop_free(loop);
	return errand;
}

/* ---- one server ---- */

static struct web_id make_id(struct lab *lab, enum id id)
{
	struct web_id made;

	switch (id) {
	case EXPIRED:
		return web_make_id(&lab->authority, "TEST ONLY", HOST, -30, -1);
	case EARLY:
		return web_make_id(&lab->authority, "TEST ONLY", HOST, 1, 30);
	case OTHER_NAME:    /* a common name counts for nothing */
		return web_make_id(&lab->authority, "localhost", "DNS:pay.example, DNS:*.localhost, IP:127.0.0.2", -1, 30);
	case SELF_SIGNED:
		return web_make_id(NULL, "localhost", HOST, -1, 30);
	case UNKNOWN_AUTHORITY:
		return web_make_id(&lab->other_authority, "TEST ONLY", HOST, -1, 30);
	case TWIN_AUTHORITY:
		return web_make_id(&lab->twin_authority, "TEST ONLY", HOST, -1, 30);
	case FROM_A_LEAF:
		return web_make_id(&lab->old_server, "TEST ONLY", HOST, -1, 30);
	default:
		made = lab->server;
		EVP_PKEY_up_ref(made.key);
		X509_up_ref(made.certificate);
		return made;
	}
}

static const struct web_id *issuer_of(const struct lab *lab, enum id id)
{
	return id == UNKNOWN_AUTHORITY ? &lab->other_authority : id == TWIN_AUTHORITY ? &lab->twin_authority :
	       id == FROM_A_LEAF ? &lab->old_server : NULL;
}

static void set_environment(const char *value)
{
	static const char *const names[] = { "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		value ? setenv(names[i], value, 1) : unsetenv(names[i]);
}

static void set_authorities(const char *file, const char *folder)
{
	file ? setenv("SSL_CERT_FILE", file, 1) : unsetenv("SSL_CERT_FILE");
	file ? setenv("CURL_CA_BUNDLE", file, 1) : unsetenv("CURL_CA_BUNDLE");
	folder ? setenv("SSL_CERT_DIR", folder, 1) : unsetenv("SSL_CERT_DIR");
}

/* What is to be trusted, and what stands around. The caller frees the file's name; NULL: the system's. */
static char *prepare(struct lab *lab, const struct hostile *hostile)
{
	char *file = zg_print("%s/trusted.pem", lab->home), *proxy = zg_print("http://127.0.0.1:%d", lab->elsewhere.port);

	web_write_certificate(file, hostile->fault == PINNED_OTHER ? &lab->old_server : &lab->authority);
	set_environment(hostile->fault == PROXY ? proxy : NULL);
	if (hostile->fault == ENVIRONMENT_AUTHORITY) {
		web_write_certificate(file, &lab->other_authority);
		set_authorities(file, lab->home);
		free(file);
		file = NULL;
	}
	free(proxy);
	return file;
}

/* True: it was accepted. */
static bool is_accepted(struct lab *lab, const struct hostile *hostile, const struct errand *errand, int requests)
{
	bool is_redirect = hostile->fault == REDIRECT_PLAIN || hostile->fault == REDIRECT_ELSEWHERE;

	if (is_redirect || hostile->fault == PROXY)    /* the server itself is a good one */
		return lab->elsewhere.seen->connections > 0 || errand->end != ZG_HTTP_WHOLE || errand->status != (is_redirect ? 307 : 200) || requests != 1;
	return errand->end != ZG_HTTP_NOT_SENT || requests != 0;
}

static bool try_server(struct lab *lab, const struct hostile *hostile)
{
	struct web_id id = make_id(lab, hostile->id);
	bool is_plain = hostile->fault != REDIRECT_ELSEWHERE;

	/* where nobody must come: a good server too, or a plain one */
	web_begin(&lab->elsewhere, serve, NULL, is_plain ? NULL : &lab->server, NULL, NULL);
	char *where = zg_print("%s://127.0.0.1:%d/", is_plain ? "http" : "https", lab->elsewhere.port);

	web_begin(&lab->web, serve, hostile->fault == REDIRECT_PLAIN || hostile->fault == REDIRECT_ELSEWHERE ? where : NULL, &id,
		  issuer_of(lab, hostile->id), hostile->offer);
	tally_check(&lab->tally, reaches(lab->web.port), "%s: nobody gets an answer from it, so it proves nothing", hostile->name);
	int before = lab->web.seen->requests;
	char *ca_file = prepare(lab, hostile);
	struct errand errand = send_to(lab->web.port, ca_file);
	int requests = lab->web.seen->requests - before;
	bool is_accepted_ = hostile->kind && is_accepted(lab, hostile, &errand, requests);

	if (!hostile->kind)
		tally_check(&lab->tally, errand.end == ZG_HTTP_WHOLE && errand.status == 200, "%s is refused: %s", hostile->name, errand.cause);
	else
		tally_check(&lab->tally, !is_accepted_, "%s: accepted (end %d, status %d, %d requests, %d connections elsewhere)", hostile->name, errand.end,
			    errand.status, requests, (int)lab->elsewhere.seen->connections);
	tally_check(&lab->tally, hostile->why ? strncmp(errand.why, hostile->why, strlen(hostile->why)) == 0 : errand.end == ZG_HTTP_WHOLE,
		    "%s: the cashier reads \"%s\" (%s)", hostile->name, errand.why, errand.cause);
	set_environment(NULL);
	set_authorities(NULL, NULL);
	web_end(&lab->web);
	web_end(&lab->elsewhere);
	web_clear_id(&id);
	free(where);
	free(ca_file);
	return is_accepted_;
}

int main(void)
{
	struct lab lab = { .home = scratch_begin() };
	long rounds = tally_setting("ZG_COUNT", 1), seed = tally_setting("ZG_SEED", 33);
	bool accepted[KINDS + 1] = { false };
	int kinds = 0, hostile = 0, taken = 0;

	setlocale(LC_ALL, "C.UTF-8");
	printf("seed: %ld (nothing here hangs on chance)\n", seed);
	lab.authority = web_make_id(NULL, "TEST ONLY authority", "CA", -30, 30);
	lab.twin_authority = web_make_id(NULL, "TEST ONLY authority", "CA", -30, 30);
	lab.other_authority = web_make_id(NULL, "TEST ONLY other", "CA", -30, 30);
	lab.server = web_make_id(&lab.authority, "TEST ONLY server", HOST, -1, 30);
	lab.old_server = web_make_id(&lab.authority, "TEST ONLY server", HOST, -1, 30);
	for (long round = 0; round < rounds; round++) {
		for (size_t i = 0; i < SERVERS; i++) {
			bool is_taken = try_server(&lab, &servers[i]);

			accepted[servers[i].kind] |= is_taken;
			taken += is_taken;
			hostile += servers[i].kind > 0;
		}
	}
	for (int i = 1; i <= KINDS; i++)
		kinds += accepted[i];
	printf("figure: %d of %d kinds of hostile servers accepted (%d of %d tries)\n", kinds, KINDS, taken, hostile);
	web_clear_id(&lab.authority);
	web_clear_id(&lab.twin_authority);
	web_clear_id(&lab.other_authority);
	web_clear_id(&lab.server);
	web_clear_id(&lab.old_server);
	scratch_end(lab.home);
	return tally_end(&lab.tally);
}
