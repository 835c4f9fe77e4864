#include "contrib/sim/gate_words.h"

#include <string.h>

static const char *const channels[GATE_CHANNELS] = { "wechat", "alipay", "lakala" };
static const char *const calls[GATE_CALLS] = { "pay", "show", "query", "cancel", "close", "refund", "refund-query", "bill", "bill-file", "keys" };

const char *gate_channel_name(enum gate_channel channel)
{
	return channels[channel];
}

const char *gate_call_name(enum gate_call call)
{
	return calls[call];
}

static int find(const char *const *words, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(words[i], name) == 0)
			return i;
	return strcmp(name, "any") == 0 ? count : -1;
}

int gate_channel_of(const char *name)
{
	return find(channels, GATE_CHANNELS, name);
}

int gate_call_of(const char *name)
{
	return find(calls, GATE_CALLS, name);
}
