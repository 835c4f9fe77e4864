/*
 * The phones' own account: each charge, and each amount that came back. Written by the wallets alone, never by a gateway's answer, so
 * that what the till believes can be held against what happened. JSON lines, each in one write.
 */
#ifndef SIM_GATE_LEDGER_H
#define SIM_GATE_LEDGER_H

#include "contrib/sim/gate_words.h"

#include "src/base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

struct gate_order;
struct gate_refund;

struct gate_ledger {
	int fd;                      /* -1: in memory only */
	bool has_failed;             /* a line could not be written */
	struct zg_buffer lines;      /* all of it */
	int64_t count, charged_fen, returned_fen;
};

/* False: the file could not be opened for adding. NULL: in memory only. */
bool gate_ledger_open(struct gate_ledger *ledger, const char *path);
void gate_ledger_close(struct gate_ledger *ledger);

void gate_ledger_charge(struct gate_ledger *ledger, const struct gate_order *order, int64_t at_ms);
/* refund NULL: the whole payment was taken back. */
void gate_ledger_return(struct gate_ledger *ledger, const struct gate_order *order, const struct gate_refund *refund, int64_t fen, int64_t at_ms);
#endif
