/* What zhanggui-sim gateway was asked for. */
#ifndef SIM_GATEWAY_OPTIONS_H
#define SIM_GATEWAY_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct gateway_wish {
	int port, https_port;       /* 0: any free one; https_port -1: none */
	const char *keys, *make_shop, *tls_dir, *script, *ledger, *log;
	uint64_t seed;
	bool until_eof;
};

/* False: *code is the exit code, and all was said. */
bool gateway_wish_read(struct gateway_wish *wish, int argc, char **argv, int *code);
#endif
