#include "contrib/sim/gate.h"

#include "src/base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct { const char *name; int64_t usual; } kinds[GATE_WRONGS] = {
	[GATE_RIGHT]          = { "none",           0     },
	[GATE_DROP_BEFORE]    = { "drop-before",    0     },
	[GATE_DROP_AFTER]     = { "drop-after",     0     },
	[GATE_HOLD]           = { "hold",           20000 },
	[GATE_DELAY]          = { "delay",          20000 },
	[GATE_TRUNCATE]       = { "truncate",       0     },
	[GATE_DRIP]           = { "drip",           0     },
	[GATE_ERROR_BEFORE]   = { "error-before",   500   },
	[GATE_ERROR_AFTER]    = { "error-after",    500   },
	[GATE_BUSY_BEFORE]    = { "busy-before",    0     },
	[GATE_BUSY_AFTER]     = { "busy-after",     0     },
	[GATE_RATE]           = { "rate",           0     },
	[GATE_NO_BALANCE]     = { "no-balance",     0     },
	[GATE_DUPLICATE]      = { "duplicate",      0     },
	[GATE_REPLAY]         = { "replay",         0     },
	[GATE_UNSIGNED]       = { "unsigned",       0     },
	[GATE_BAD_SIGNATURE]  = { "bad-signature",  0     },
	[GATE_PROBE]          = { "probe",          0     },
	[GATE_WRONG_SERIAL]   = { "wrong-serial",   0     },
	[GATE_STALE]          = { "stale",          301   },
	[GATE_ALTERED]        = { "altered",        0     },
	[GATE_WRONG_AMOUNT]   = { "wrong-amount",   0     },
	[GATE_WRONG_MERCHANT] = { "wrong-merchant", 0     },
	[GATE_WRONG_NUMBER]   = { "wrong-number",   0     },
	[GATE_HOSTILE_TEXT]   = { "hostile-text",   0     },
	[GATE_BROKEN_UTF8]    = { "broken-utf8",    0     },
	[GATE_TEXT_NUMBERS]   = { "text-numbers",   0     },
	[GATE_HUGE]           = { "huge",           0     },
	[GATE_HTML]           = { "html",           0     },
	[GATE_REDIRECT]       = { "redirect",       0     },
};

static bool read_kind(char *word, struct gate_fault *fault)
{
	char *value = strchr(word, '='), *end;

	if (value)
		*value++ = '\0';
	for (int i = 1; i < GATE_WRONGS; i++) {
		if (!kinds[i].name || strcmp(kinds[i].name, word) != 0)
			continue;
		*fault = (struct gate_fault){ (enum gate_wrong)i, kinds[i].usual };
		if (!value)
			return true;
		fault->value = strtoll(value, &end, 10);
		return *value && !*end && fault->value >= 0;
	}
	return false;
}

static bool read_times(const char *word, struct gate_order_of_faults *order)
{
	char *end;

	order->left = 1;
	if (!*word)
		return true;
	double number = strtod(word, &end);

	if (end == word || number <= 0)
		return false;
	if (strcmp(end, "%") == 0 && number <= 100) {
		order->left = -1;
		order->permille = (unsigned)(number * 10);
		return true;
	}
	order->left = (int)number;
	return !*end;
}

bool gate_fault_order(struct gate_faults *faults, const char *words)
{
	char channel[16] = "", call[16] = "", kind[48] = "", times[16] = "", more[2];
	struct gate_order_of_faults order = { 0 };

	if (strcmp(words, "off") == 0) {
		faults->count = 0;
		return true;
	}
	int count = sscanf(words, "%15s %15s %47s %15s %1s", channel, call, kind, times, more);

	if (count < 3 || count > 4)
		return false;
	order.channel = gate_channel_of(channel);
	order.call = gate_call_of(call);
	if (order.channel < 0 || order.call < 0 || !read_kind(kind, &order.fault) || !read_times(times, &order))
		return false;
	faults->orders = zg_grow(faults->orders, faults->count, &faults->room, sizeof(*faults->orders));
	faults->orders[faults->count++] = order;
	return true;
}

struct gate_fault gate_fault_take(struct gate *gate, enum gate_channel channel, enum gate_call call)
{
	struct gate_faults *faults = &gate->faults;

	for (size_t i = 0; i < faults->count; i++) {
		struct gate_order_of_faults *order = &faults->orders[i];
		struct gate_fault fault = order->fault;

		if ((order->channel != GATE_CHANNELS && order->channel != (int)channel) || (order->call != GATE_CALLS && order->call != (int)call))
			continue;
		if (order->left < 0 && gate_lot(gate, 1000) >= order->permille)
			continue;
		if (order->left > 0 && --order->left == 0)
			memmove(order, order + 1, (--faults->count - i) * sizeof(*order));
		faults->done[channel][call][fault.wrong]++;
		return fault;
	}
	return (struct gate_fault){ 0 };
}

const char *gate_fault_name(enum gate_wrong wrong)
{
	return kinds[wrong].name;
}

void gate_fault_list(const struct gate_faults *faults, struct zg_buffer *out)
{
	for (int c = 0; c < GATE_CHANNELS; c++)
		for (int k = 0; k < GATE_CALLS; k++)
			for (int w = 0; w < GATE_WRONGS; w++)
				if (faults->done[c][k][w])
					zg_buffer_print(out, "%s %s %s %lld\n", gate_channel_name((enum gate_channel)c), gate_call_name((enum gate_call)k),
							kinds[w].name, (long long)faults->done[c][k][w]);
}

void gate_faults_clear(struct gate_faults *faults)
{
	free(faults->orders);
	*faults = (struct gate_faults){ 0 };
}
