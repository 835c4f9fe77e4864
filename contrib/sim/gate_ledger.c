#include "contrib/sim/gate_ledger.h"

#include "contrib/sim/gate_order.h"

#include "src/base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool gate_ledger_open(struct gate_ledger *ledger, const char *path)
{
	*ledger = (struct gate_ledger){ .fd = -1 };
	if (!path)
		return true;
	ledger->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	return ledger->fd >= 0;
}

void gate_ledger_close(struct gate_ledger *ledger)
{
	if (ledger->fd >= 0)
		close(ledger->fd);
	zg_buffer_clear(&ledger->lines);
}

static void add(struct gate_ledger *ledger, const struct gate_order *order, json_t *row, const char *kind, int64_t fen, int64_t at_ms)
{
	zg_json_set_integer(row, "seq", ++ledger->count);
	zg_json_set_integer(row, "at_ms", at_ms);
	zg_json_set_string(row, "kind", kind);
	zg_json_set_string(row, "channel", gate_channel_name(order->channel));
	zg_json_set_string(row, "wallet", order->wallet);
	zg_json_set_string(row, "way", order->way == GATE_SCANNED ? "code" : "shown");
	zg_json_set_string(row, "number", order->number);
	zg_json_set_string(row, "channel_no", order->no);
	zg_json_set_integer(row, "fen", fen);
	char *line = zg_json_text(row);
	size_t from = ledger->lines.length;

	zg_buffer_print(&ledger->lines, "%s\n", line);
	const char *bytes = ledger->lines.bytes + from;
	size_t length = ledger->lines.length - from;

	while (ledger->fd >= 0 && length > 0) {
		ssize_t count = write(ledger->fd, bytes, length);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0) {
			ledger->has_failed = true;
			break;
		}
		bytes += count;
		length -= (size_t)count;
	}
	free(line);
	json_decref(row);
}

void gate_ledger_charge(struct gate_ledger *ledger, const struct gate_order *order, int64_t at_ms)
{
	ledger->charged_fen += order->fen;
	add(ledger, order, zg_json_object(), "charge", order->fen, at_ms);
}

void gate_ledger_return(struct gate_ledger *ledger, const struct gate_order *order, const struct gate_refund *refund, int64_t fen, int64_t at_ms)
{
	json_t *row = zg_json_object();

	if (refund) {
		zg_json_set_string(row, "refund_no", refund->number);
		zg_json_set_string(row, "refund_channel_no", refund->no);
	}
	ledger->returned_fen += fen;
	add(ledger, order, row, refund ? "refund" : "reverse", fen, at_ms);
}
