#include "tests/unit/vectors.h"

#include "src/base/alloc.h"
#include "src/base/buffer.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

char *vector_text(const char *name)
{
	char *path = zg_print("%s/payments/%s", ZG_FIXTURES, name);
	struct zg_buffer text = { 0 };
	FILE *file = fopen(path, "r");
	char some[4096];

	cr_assert(file != NULL, "%s is missing", path);
	for (size_t got; (got = fread(some, 1, sizeof(some), file)) > 0;)
		zg_buffer_add(&text, some, got);
	fclose(file);
	free(path);
	return zg_buffer_take(&text);
}

json_t *vector_json(const char *name)
{
	char *text = vector_text(name);
	json_t *value = zg_json_parse(text, strlen(text));

	cr_assert(value != NULL, "%s is no JSON", name);
	free(text);
	return value;
}

char *vector_private_pem(const char *whose)
{
	char *name = zg_print("TEST_ONLY_%s_private_pkcs8.der.b64", whose), *text = vector_text(name);
	char *pem = zg_print("TEST ONLY\n-----BEGIN PRIVATE KEY-----\n%s-----END PRIVATE KEY-----\n", text);

	free(name);
	free(text);
	return pem;
}

char *vector_pem(const char *name)
{
	char *file = zg_print("TEST_ONLY_%s.pem", name), *text = vector_text(file);

	free(file);
	return text;
}
