/* The payment vectors in tests/fixtures/payments, and the TEST ONLY keys beside them. */
#ifndef TESTS_UNIT_VECTORS_H
#define TESTS_UNIT_VECTORS_H

#include "src/base/json.h"

/* A whole file of that folder; the caller frees it. */
char *vector_text(const char *name);
json_t *vector_json(const char *name);
/* "merchant" or "platform": the private key as PEM, a comment before it. The caller frees it. */
char *vector_private_pem(const char *whose);
/* TEST_ONLY_<name>.pem: "platform_public", "merchant_certificate", ... The caller frees it. */
char *vector_pem(const char *name);
#endif
