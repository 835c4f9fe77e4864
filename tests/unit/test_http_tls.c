/* Whom we talk to: servers with certificates that are made for the test. The hostile ones are in tests/fault/tls. */
#include "src/base/alloc.h"
#include "tests/lab/web.h"
#include "tests/unit/errand.h"
#include "tests/unit/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

static char *home, *ca_file;
static struct web_id authority, server;
static struct errand errand;
static struct web web;

static char *in_home(const char *name)
{
	return zg_print("%s/%s", home, name);
}

static void begin(void)
{
	home = scratch_begin();
	authority = web_make_id(NULL, "TEST ONLY authority", "CA", -1, 10);
	server = web_make_id(&authority, "TEST ONLY server", "DNS:localhost, IP:127.0.0.1", -1, 10);
	ca_file = in_home("ca.pem");
	web_write_certificate(ca_file, &authority);
	errand_begin(&errand, &zg_real_clock);
	errand.options.ca_file = ca_file;
}

static void end(void)
{
	errand_end(&errand);
	web_end(&web);
	web_clear_id(&authority);
	web_clear_id(&server);
	free(ca_file);
	scratch_end(home);
}

static void say(struct web_peer *peer)
{
	while (web_take(peer))
		web_say(peer, ANSWER);
}

static void post(void)
{
	errand_send(&errand, "{}", "https://localhost:%d/", web.port);
	errand_wait(&errand);
}

Test(http_tls, a_server_that_our_authority_vouches_for_is_talked_to)
{
	begin();
	web_begin(&web, say, NULL, &server, NULL, NULL);
	for (int i = 0; i < 3; i++) {
		post();
		cr_expect(eq(int, errand.end, ZG_HTTP_WHOLE), "%s", errand.cause);
		cr_expect(eq(str, errand.body, "ok"));
	}
	errand_send(&errand, NULL, "https://127.0.0.1:%d/", web.port);
	errand_wait(&errand);
	cr_expect(eq(int, errand.status, 200), "%s", errand.cause);
	cr_expect(eq(int, web.seen->handshakes, 2));
	end();
}

/* The shop may trust one certificate and nothing else. */
Test(http_tls, a_certificate_may_be_trusted_by_itself)
{
	begin();
	web_begin(&web, say, NULL, &server, NULL, NULL);
	web_write_certificate(ca_file, &server);
	post();
	cr_expect(eq(int, errand.status, 200), "%s", errand.cause);
	end();
}

Test(http_tls, without_a_file_only_the_systems_authorities_are_trusted)
{
	begin();
	web_begin(&web, say, NULL, &server, NULL, NULL);
	errand.options.ca_file = NULL;
	post();
	cr_expect(eq(int, errand.end, ZG_HTTP_NOT_SENT));
	cr_expect(eq(int, web.seen->requests, 0));
	end();
}

Test(http_tls, a_file_of_authorities_that_is_not_there_is_said_to_be_so)
{
	begin();
	web_begin(&web, say, NULL, &server, NULL, NULL);
	errand.options.ca_file = "/nowhere/ca.pem";
	post();
	cr_expect(eq(int, errand.end, ZG_HTTP_NOT_SENT));
	cr_expect(eq(str, errand.why, "The file of trusted certificates cannot be read. Check it in the settings."));
	end();
}

/* Within TLS a farewell is signed, but curl (7.88) takes an end without one. Such an answer is marked. */
static void cut_off(struct web_peer *peer)
{
	if (!web_take(peer))
		return;
	web_say(peer, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf of i");
	web_cut(peer);
}

Test(http_tls, an_answer_that_ends_with_its_connection_is_marked)
{
	begin();
	web_begin(&web, cut_off, NULL, &server, NULL, NULL);
	post();
	cr_expect(errand.end == ZG_HTTP_LOST || !errand.has_length);
	end();
}

/* The connection's number is how much of the answer comes. */
static void break_off(struct web_peer *peer)
{
	if (!web_take(peer))
		return;
	web_send(peer, ANSWER, (size_t)peer->index);
	web_cut(peer);
}

Test(http_tls, an_answer_that_is_cut_off_at_any_byte_is_lost)
{
	begin();
	web_begin(&web, break_off, NULL, &server, NULL, NULL);
	for (int i = 0; i < (int)strlen(ANSWER); i++) {
		post();
		cr_expect(eq(int, errand.end, ZG_HTTP_LOST), "after %d bytes", i);
		cr_expect(eq(int, web.seen->requests, i + 1), "after %d bytes", i);
	}
	end();
}

static void die_on_second(struct web_peer *peer)
{
	if (peer->index > 0) {
		say(peer);
		return;
	}
	web_take(peer);
	web_say(peer, ANSWER);
	web_take(peer);
	web_cut(peer);
}

Test(http_tls, a_post_into_a_dead_connection_is_sent_once)
{
	begin();
	web_begin(&web, die_on_second, NULL, &server, NULL, NULL);
	post();
	cr_assert(eq(int, errand.end, ZG_HTTP_WHOLE), "%s", errand.cause);
	post();
	cr_expect(eq(int, errand.end, ZG_HTTP_LOST));
	cr_expect(eq(int, web.seen->requests, 2));
	end();
}

/* ---- the shop's own certificate ---- */

static void ask_for_certificate(SSL_CTX *context)
{
	X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.certificate);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
}

static void send_with_certificate(bool has_certificate)
{
	struct zg_http_request request = { .method = "GET", .url = zg_print("https://localhost:%d/", web.port), .has_certificate = has_certificate };

	errand_send_this(&errand, &request);
	zg_http_request_clear(&request);
	errand_wait(&errand);
}

Test(http_tls, the_shops_certificate_goes_with_requests_that_need_it_and_no_others)
{
	begin();
	struct web_id shop = web_make_id(&authority, "TEST ONLY shop", "DNS:shop", -1, 10);
	char *certificate = in_home("shop.pem"), *key = in_home("shop.key");

	web_write_certificate(certificate, &shop);
	web_write_key(key, &shop, NULL);
	errand.options.certificate_file = certificate;
	errand.options.key_file = key;
	web_begin(&web, say, NULL, &server, NULL, ask_for_certificate);
	send_with_certificate(false);
	cr_expect(ne(int, errand.end, ZG_HTTP_WHOLE));
	send_with_certificate(true);
	cr_expect(eq(int, errand.status, 200), "%s", errand.cause);
	/* that connection is not for those who do not ask for it */
	send_with_certificate(false);
	cr_expect(ne(int, errand.end, ZG_HTTP_WHOLE));
	web_clear_id(&shop);
	free(certificate);
	free(key);
	end();
}

/* A key with a password would make OpenSSL ask for it at the terminal. */
Test(http_tls, a_key_that_cannot_be_used_is_said_to_be_so_at_once)
{
	begin();
	struct web_id shop = web_make_id(&authority, "TEST ONLY shop", "DNS:shop", -1, 10);
	char *certificate = in_home("shop.pem"), *key = in_home("shop.key");

	web_write_certificate(certificate, &shop);
	web_begin(&web, say, NULL, &server, NULL, ask_for_certificate);
	errand.options.certificate_file = certificate;
	errand.options.key_file = key;
	for (int i = 0; i < 3; i++) {
		if (i == 1)
			web_write_key(key, &shop, "TEST ONLY");
		if (i == 2)
			web_write_key(key, &server, NULL);
		send_with_certificate(true);
		cr_expect(eq(int, errand.end, ZG_HTTP_NOT_SENT), "%d", i);
		cr_expect(eq(str, errand.why, "The shop's certificate or its key cannot be used. Check both files in the settings."), "%d: %s", i, errand.cause);
	}
	web_clear_id(&shop);
	free(certificate);
	free(key);
	end();
}
