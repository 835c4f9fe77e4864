#include "tests/lab/web.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LONGEST_S 60    /* no server lives longer than a test can */

__attribute__((noreturn)) static void give_up(const char *what)
{
	printf("FAILED: the server of the test: %s: %s\n", what, strerror(errno));
	fflush(stdout);
	ERR_print_errors_fp(stdout);
	_exit(99);
}

/* ---- listening ---- */

static int open_port(int backlog, int *port)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) < 0 || (backlog >= 0 && listen(fd, backlog) < 0) ||
	    getsockname(fd, (struct sockaddr *)&address, &length) < 0)
		give_up("a port");
	*port = ntohs(address.sin_port);
	return fd;
}

int web_nobody(void)
{
	int port;

	close(open_port(-1, &port));
	return port;
}

int web_full(int held[3])
{
	int port;
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	held[0] = open_port(0, &port);
	address.sin_port = htons((uint16_t)port);
	for (int i = 1; i < 3; i++) {
		held[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (connect(held[i], (struct sockaddr *)&address, sizeof(address)) < 0 && errno != EINPROGRESS)
			give_up("a full queue");
	}
	return port;
}

/* ---- one connection ---- */

static ssize_t read_some(struct web_peer *peer, char *bytes, size_t size)
{
	return peer->tls ? SSL_read(peer->tls, bytes, (int)size) : read(peer->fd, bytes, size);
}

bool web_take_some(struct web_peer *peer)
{
	char byte;

	if (read_some(peer, &byte, 1) != 1)
		return false;
	peer->seen->requests++;
	return true;
}

static size_t announced(const char *head)
{
	const char *line = strcasestr(head, "\r\nContent-Length:");

	return line ? strtoul(line + strlen("\r\nContent-Length:"), NULL, 10) : 0;
}

bool web_take(struct web_peer *peer)
{
	static char bytes[WEB_REQUEST];
	size_t length = 0, need = sizeof(bytes);

	while (length < need) {
		ssize_t got = read_some(peer, bytes + length, sizeof(bytes) - 1 - length);

		if (got <= 0)
			return false;
		if (length == 0)
			peer->seen->requests++;
		length += (size_t)got;
		bytes[length] = '\0';
		const char *stop = memmem(bytes, length, "\r\n\r\n", 4);

		if (stop)
			need = (size_t)(stop + 4 - bytes) + announced(bytes);
	}
	memcpy(peer->seen->last, bytes, length + 1);
	peer->seen->length = length;
	peer->seen->whole++;
	return true;
}

void web_send(struct web_peer *peer, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t sent = peer->tls ? SSL_write(peer->tls, bytes, (int)length) : write(peer->fd, bytes, length);

		if (sent <= 0)
			return;
		bytes += sent;
		length -= (size_t)sent;
	}
}

void web_say(struct web_peer *peer, const char *format, ...)
{
	char text[16384];
	va_list args;

	va_start(args, format);
	int length = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (length < 0 || (size_t)length >= sizeof(text))
		give_up("an answer too long");
	web_send(peer, text, (size_t)length);
}

void web_wait(int ms)
{
	nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000L }, NULL);
}

void web_wait_for_end(struct web_peer *peer)
{
	char bytes[4096];

	while (read_some(peer, bytes, sizeof(bytes)) > 0)
		;
}

void web_reset(struct web_peer *peer)
{
	setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
	close(peer->fd);
	_exit(0);
}

void web_cut(struct web_peer *peer)
{
	close(peer->fd);
	_exit(0);
}

/* ---- a server ---- */

struct server {
	int listener;
	web_serve *serve;
	struct web_peer peer;
	SSL_CTX *context;
};

static SSL_CTX *make_context(const struct web_id *id, const struct web_id *issuer, web_offer *offer)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());

	if (!context || SSL_CTX_use_certificate(context, id->certificate) != 1 || SSL_CTX_use_PrivateKey(context, id->key) != 1)
		give_up("its certificate");
	if (issuer && SSL_CTX_add1_chain_cert(context, issuer->certificate) != 1)
		give_up("its chain");
	if (offer)
		offer(context);
	return context;
}

__attribute__((noreturn)) static void serve_one(struct server *server, int fd)
{
	struct web_peer *peer = &server->peer;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(LONGEST_S);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	peer->fd = fd;
	if (server->context) {
		peer->tls = SSL_new(server->context);
		SSL_set_fd(peer->tls, fd);
		if (SSL_accept(peer->tls) != 1)
			_exit(0);
	}
	peer->seen->handshakes++;
	server->serve(peer);
	if (peer->tls)
		SSL_shutdown(peer->tls);
	/* closing with unread bytes would be a reset, which overtakes what was sent */
	shutdown(fd, SHUT_WR);
	for (char bytes[256]; poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 2000) > 0 && read(fd, bytes, sizeof(bytes)) > 0;)
		;
	_exit(0);
}

__attribute__((noreturn)) static void serve_all(struct server *server)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		int fd = accept(server->listener, NULL, NULL);

		if (fd < 0)
			continue;
		server->peer.index = server->peer.seen->connections++;
		if (fork() == 0)
			serve_one(server, fd);
		close(fd);
	}
}

void web_begin(struct web *web, web_serve *serve, const void *self, const struct web_id *id, const struct web_id *issuer, web_offer *offer)
{
	struct server server = { .serve = serve };

	fflush(stdout);
	web->seen = mmap(NULL, sizeof(*web->seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (web->seen == MAP_FAILED)
		give_up("memory");
	server.listener = open_port(64, &web->port);
	server.peer = (struct web_peer){ .seen = web->seen, .self = self };
	server.context = id ? make_context(id, issuer, offer) : NULL;
	web->pid = fork();
	if (web->pid < 0)
		give_up("a process");
	if (web->pid == 0) {
		setpgid(0, 0);
		serve_all(&server);
	}
	setpgid(web->pid, web->pid);
	close(server.listener);
	SSL_CTX_free(server.context);
}

void web_end(struct web *web)
{
	kill(-web->pid, SIGKILL);
	waitpid(web->pid, NULL, 0);
	munmap(web->seen, sizeof(*web->seen));
	*web = (struct web){ 0 };
}

/* ---- certificates ---- */

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;

	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);

	if (!extension || X509_add_ext(certificate, extension, -1) != 1)
		give_up("an extension");
	X509_EXTENSION_free(extension);
}

struct web_id web_make_id(const struct web_id *issuer, const char *common, const char *name, int from_days, int to_days)
{
	struct web_id id = { EVP_EC_gen("P-256"), X509_new() };
	X509 *by = issuer ? issuer->certificate : id.certificate;
	static long serial = 1;

	if (!id.key || !id.certificate)
		give_up("a key");
	X509_set_version(id.certificate, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(id.certificate), ++serial);
	X509_gmtime_adj(X509_getm_notBefore(id.certificate), 86400L * from_days);
	X509_gmtime_adj(X509_getm_notAfter(id.certificate), 86400L * to_days);
	X509_set_pubkey(id.certificate, id.key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(id.certificate), "CN", MBSTRING_ASC, (const unsigned char *)common, -1, -1, 0);
	X509_set_issuer_name(id.certificate, X509_get_subject_name(by));
	if (strcmp(name, "CA") == 0) {
		add_extension(id.certificate, by, NID_basic_constraints, "critical,CA:TRUE");
		add_extension(id.certificate, by, NID_key_usage, "critical,keyCertSign,cRLSign");
	} else {
		add_extension(id.certificate, by, NID_basic_constraints, "critical,CA:FALSE");
		add_extension(id.certificate, by, NID_subject_alt_name, name);
	}
	if (X509_sign(id.certificate, issuer ? issuer->key : id.key, EVP_sha256()) == 0)
		give_up("a signature");
	return id;
}

void web_clear_id(struct web_id *id)
{
	EVP_PKEY_free(id->key);
	X509_free(id->certificate);
	*id = (struct web_id){ 0 };
}

void web_write_certificate(const char *path, const struct web_id *id)
{
	FILE *file = fopen(path, "w");

	if (!file || PEM_write_X509(file, id->certificate) != 1 || fclose(file) != 0)
		give_up(path);
}

void web_write_key(const char *path, const struct web_id *id, const char *password)
{
	FILE *file = fopen(path, "w");

	if (!file || PEM_write_PrivateKey(file, id->key, password ? EVP_aes_256_cbc() : NULL, (const unsigned char *)password,
					  password ? (int)strlen(password) : 0, NULL, NULL) != 1 || fclose(file) != 0)
		give_up(path);
}

void web_say_nothing(struct web_peer *peer)
{
	if (web_take(peer))
		web_wait_for_end(peer);
}

void web_say_slowly(struct web_peer *peer)
{
	if (!web_take(peer))
		return;
	web_say(peer, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
	for (int i = 0; i < 1000; i++) {
		web_say(peer, "x");
		web_wait(1000);
	}
}
