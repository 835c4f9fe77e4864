#include "contrib/sim/gate_make.h"

#include "contrib/sim/gate_sign.h"

#include "src/base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MARK "TEST ONLY: made by zhanggui-sim for a merchant that does not exist\n"

static bool fail(char *why, size_t size, const char *dir, const char *name, const char *what)
{
	snprintf(why, size, "%s/%s: %s", dir, name, what);
	return false;
}

bool gate_make_file(const char *dir, const char *name, int mode, const char *text, char *why, size_t size)
{
	char *path = zg_print("%s/%s", dir, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	size_t length = strlen(text);

	free(path);
	if (fd < 0)
		return fail(why, size, dir, name, strerror(errno));
	bool good = write(fd, text, length) == (ssize_t)length;

	if (close(fd) != 0 || !good)
		return fail(why, size, dir, name, "cannot be written");
	return true;
}

void gate_make_secret(char *text, int count)
{
	unsigned char bytes[64];

	zg_assert(count <= (int)sizeof(bytes) && RAND_bytes(bytes, count) == 1);
	for (int i = 0; i < count; i++)
		text[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[bytes[i] % 36];
	text[count] = '\0';
}

/* ---- certificates ---- */

static void extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;

	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	zg_assert(extension && X509_add_ext(certificate, extension, -1) == 1);
	X509_EXTENSION_free(extension);
}

static X509 *certificate_of(EVP_PKEY *key, const struct gate_identity *identity, X509 *issuer, EVP_PKEY *issuer_key)
{
	X509 *made = X509_new();
	BIGNUM *serial = BN_new();

	/* 160 bits with the top one set, so that it is written with 40 digits: WeChat's look like that */
	zg_assert(made && serial && BN_rand(serial, 158, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1);
	X509_set_version(made, 2);
	BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(made));
	BN_free(serial);
	X509_gmtime_adj(X509_getm_notBefore(made), -30 * 86400L);
	X509_gmtime_adj(X509_getm_notAfter(made), 3650 * 86400L);
	X509_set_pubkey(made, key);
	X509_NAME *name = X509_get_subject_name(made);

	X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const unsigned char *)"TEST ONLY", -1, -1, 0);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)identity->subject, -1, -1, 0);
	X509_set_issuer_name(made, X509_get_subject_name(issuer ? issuer : made));
	extend(made, issuer ? issuer : made, NID_basic_constraints, identity->is_authority ? "critical,CA:TRUE" : "CA:FALSE");
	extend(made, issuer ? issuer : made, NID_subject_key_identifier, "hash");
	if (identity->is_authority)
		extend(made, made, NID_key_usage, "critical,keyCertSign,cRLSign");
	if (identity->is_host)
		extend(made, issuer ? issuer : made, NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
	zg_assert(X509_sign(made, issuer_key ? issuer_key : key, EVP_sha256()) > 0);
	return made;
}

static char *bio_text(BIO *bio)
{
	char *bytes;
	long length = BIO_get_mem_data(bio, &bytes);
	char *text = zg_copy_bytes(bytes, (size_t)length);

	BIO_free(bio);
	return text;
}

static bool write_three(const char *dir, const char *name, EVP_PKEY *key, X509 *certificate, char *why, size_t size)
{
	static const char *const ends[] = { "key", "certificate", "public" };
	bool good = true;

	for (int i = 0; i < 3 && good; i++) {
		BIO *bio = BIO_new(BIO_s_mem());
		char file[64];

		BIO_puts(bio, MARK);
		if (i == 0)
			PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
		else if (i == 1)
			PEM_write_bio_X509(bio, certificate);
		else
			PEM_write_bio_PUBKEY(bio, key);
		char *text = bio_text(bio);

		snprintf(file, sizeof(file), "%s_%s.pem", name, ends[i]);
		good = gate_make_file(dir, file, i == 0 ? 0600 : 0644, text, why, size);
		free(text);
	}
	return good;
}

static FILE *open_pem(const char *dir, const char *name, const char *end)
{
	char *path = zg_print("%s/%s_%s.pem", dir, name, end);
	FILE *file = fopen(path, "re");

	free(path);
	return file;
}

static bool read_issuer(const char *dir, const char *name, X509 **certificate, EVP_PKEY **key)
{
	FILE *one = open_pem(dir, name, "certificate"), *two = open_pem(dir, name, "key");

	*certificate = one ? PEM_read_X509(one, NULL, NULL, NULL) : NULL;
	*key = two ? PEM_read_PrivateKey(two, NULL, NULL, NULL) : NULL;
	if (one)
		fclose(one);
	if (two)
		fclose(two);
	return *certificate && *key;
}

bool gate_make_identity(const char *dir, const struct gate_identity *identity, char serial[41], char *why, size_t size)
{
	X509 *issuer = NULL;
	EVP_PKEY *issuer_key = NULL, *key = NULL;
	bool good = false;

	if (identity->issuer && !read_issuer(dir, identity->issuer, &issuer, &issuer_key)) {
		fail(why, size, dir, identity->issuer, "no authority");
	} else {
		/* a gateway's keys are RSA; a web server's need not be, and these are made at once */
		key = identity->is_host || identity->is_authority ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048);
		zg_assert(key != NULL);
		X509 *made = certificate_of(key, identity, issuer, issuer_key);
		BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(made), NULL);
		char *text = BN_bn2hex(number);

		snprintf(serial, 41, "%s", text);
		good = write_three(dir, identity->name, key, made, why, size);
		OPENSSL_free(text);
		BN_free(number);
		X509_free(made);
	}
	X509_free(issuer);
	EVP_PKEY_free(issuer_key);
	EVP_PKEY_free(key);
	return good;
}

bool gate_make_tls(const char *dir, char *why, size_t size)
{
	static const struct gate_identity ca = { "ca", "zhanggui-sim authority", NULL, false, true };
	static const struct gate_identity server = { "server", "127.0.0.1", "ca", true, false };
	char serial[41];
	FILE *there = open_pem(dir, "server", "key");

	if (there) {
		fclose(there);
		return true;
	}
	return gate_make_identity(dir, &ca, serial, why, size) && gate_make_identity(dir, &server, serial, why, size);
}
