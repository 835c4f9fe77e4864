#include "src/io/hash.h"

#include "src/base/alloc.h"
#include "src/io/child.h"

#include <crypt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIMIT_MS 30000    /* a small computer under load takes seconds */
#define METHOD   "$y$"    /* yescrypt at the library's own cost */

/* What an unknown user's PIN is tried against: a hash of random bytes that nobody kept. */
#define NOBODY "$y$j9T$gOJvvIaI.pPCR3i.qvEQp/$JWUdHwZGkM6ivKcW6ym9YQNfb3YRZ4JUUWGguHTRI81"

struct zg_pin_job {
	struct zg_child *child;
	bool is_check;
	char pin[ZG_PIN_MAX + 2];             /* both wiped once the child has its own */
	char stored[ZG_PIN_HASH_TEXT];
	zg_pin_hash_done *hash_done;
	zg_pin_check_done *check_done;
	void *self;
};

static bool is_hash(const char *stored)
{
	return stored && strncmp(stored, METHOD, strlen(METHOD)) == 0 && strlen(stored) < ZG_PIN_HASH_TEXT;
}

/* Hashes the PIN by `setting`, a salt or a whole hash. False: it cannot be done. */
static bool hash_pin(const char *pin, const char *setting, char hash[ZG_PIN_HASH_TEXT])
{
	struct crypt_data *data = zg_alloc(1, sizeof(*data));    /* 32 kB: too much for a stack */
	const char *made = crypt_rn(pin, setting, data, (int)sizeof(*data));
	bool ok = made && strlen(made) < ZG_PIN_HASH_TEXT;

	if (ok)
		memcpy(hash, made, strlen(made) + 1);
	explicit_bzero(data, sizeof(*data));
	free(data);
	return ok;
}

enum zg_result zg_pin_hash_now(const char *pin, char hash[ZG_PIN_HASH_TEXT])
{
	char salt[CRYPT_GENSALT_OUTPUT_SIZE];

	hash[0] = '\0';
	if (strlen(pin) > ZG_PIN_MAX || !crypt_gensalt_rn(METHOD, 0, NULL, 0, salt, (int)sizeof(salt)))
		return ZG_BROKEN;
	return hash_pin(pin, salt, hash) ? ZG_OK : ZG_BROKEN;
}

static bool is_same(const char *a, const char *b)
{
	unsigned char differs = strlen(a) != strlen(b);

	for (size_t i = 0; a[i] && b[i]; i++)
		differs |= (unsigned char)(a[i] ^ b[i]);
	return !differs;
}

enum zg_result zg_pin_check_now(const char *pin, const char *stored)
{
	bool known = is_hash(stored) && strlen(pin) <= ZG_PIN_MAX;
	char hash[ZG_PIN_HASH_TEXT];

	if (!hash_pin(strlen(pin) <= ZG_PIN_MAX ? pin : "", known ? stored : NOBODY, hash)) {
		/* A stored text that only looks like a hash: cost what a real one costs. */
		if (!known || !hash_pin(pin, NOBODY, hash))
			return ZG_BROKEN;
		known = false;
	}
	bool same = is_same(hash, known ? stored : NOBODY);

	explicit_bzero(hash, sizeof(hash));
	return known && same ? ZG_OK : ZG_REFUSED;
}

/* In the child. A check answers with one letter, so that "wrong" and "could not" stay apart. */
static int work(void *self, int out)
{
	struct zg_pin_job *job = self;
	char answer[ZG_PIN_HASH_TEXT];
	enum zg_result result;

	if (job->is_check) {
		result = zg_pin_check_now(job->pin, job->stored);
		strcpy(answer, result == ZG_OK ? "r" : "w");
		if (result == ZG_REFUSED)
			result = ZG_OK;
	} else {
		result = zg_pin_hash_now(job->pin, answer);
	}
	if (result != ZG_OK || write(out, answer, strlen(answer)) != (ssize_t)strlen(answer))
		return 1;
	return 0;
}

static void done(void *self, bool ok, const char *bytes, size_t length)
{
	struct zg_pin_job *job = self;

	if (job->is_check) {
		enum zg_result result = ZG_BROKEN;

		if (ok && length == 1 && (bytes[0] == 'r' || bytes[0] == 'w'))
			result = bytes[0] == 'r' ? ZG_OK : ZG_REFUSED;
		job->check_done(job->self, result);
	} else {
		bool good = ok && length > 0 && length < ZG_PIN_HASH_TEXT;

		job->hash_done(job->self, good ? ZG_OK : ZG_BROKEN, good ? bytes : "");
	}
	free(job);
}

static struct zg_pin_job *start(struct zg_loop *loop, struct zg_pin_job *job, const char *pin)
{
	/* One byte more than the longest, so that a PIN that is too long is still seen as that. */
	strncpy(job->pin, pin, ZG_PIN_MAX + 1);
	job->child = zg_child_start(loop, work, job, LIMIT_MS, done, job);
	explicit_bzero(job->pin, sizeof(job->pin));
	explicit_bzero(job->stored, sizeof(job->stored));
	return job;
}

struct zg_pin_job *zg_pin_hash(struct zg_loop *loop, const char *pin, zg_pin_hash_done *call, void *self)
{
	struct zg_pin_job *job = zg_alloc(1, sizeof(*job));

	job->hash_done = call;
	job->self = self;
	return start(loop, job, pin);
}

struct zg_pin_job *zg_pin_check(struct zg_loop *loop, const char *pin, const char *stored, zg_pin_check_done *call,
				void *self)
{
	struct zg_pin_job *job = zg_alloc(1, sizeof(*job));

	job->is_check = true;
	job->check_done = call;
	job->self = self;
	if (is_hash(stored))
		strcpy(job->stored, stored);
	return start(loop, job, pin);
}

void zg_pin_cancel(struct zg_pin_job *job)
{
	if (!job)
		return;
	zg_child_cancel(job->child);
	free(job);
}
