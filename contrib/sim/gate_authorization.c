#include "contrib/sim/gate_authorization.h"

#include "contrib/sim/gate_request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* name="value" pairs with commas between, in any order; each exactly once. */
static bool read_pairs(const char *at, const char *who, struct gate_authorization *found)
{
	const struct { const char *name; char *to; size_t size; } parts[] = {
		{ who, found->who, sizeof(found->who) },                     { "nonce_str", found->nonce, sizeof(found->nonce) },
		{ "timestamp", found->timestamp, sizeof(found->timestamp) }, { "serial_no", found->serial, sizeof(found->serial) },
		{ "signature", found->signature, sizeof(found->signature) },
	};
	int count = 0;

	while (*at) {
		size_t name = strcspn(at, "=\""), i = 0;

		if (at[name] != '=' || at[name + 1] != '"')
			return false;
		const char *value = at + name + 2, *end = strchr(value, '"');

		if (!end)
			return false;
		while (i < 5 && (strlen(parts[i].name) != name || strncmp(parts[i].name, at, name) != 0))
			i++;
		if (i == 5 || *parts[i].to || end == value || (size_t)(end - value) >= parts[i].size)
			return false;
		snprintf(parts[i].to, parts[i].size, "%.*s", (int)(end - value), value);
		count++;
		at = end + 1;
		if (*at == ',')
			at++;
		else if (*at)
			return false;
	}
	return count == 5;
}

bool gate_authorization_read(const char *head, const char *scheme, const char *who, struct gate_authorization *found)
{
	char header[2048];
	size_t length = strlen(scheme);

	*found = (struct gate_authorization){ 0 };
	return gate_head_value(head, "Authorization", header, sizeof(header)) && strncmp(header, scheme, length) == 0 && header[length] == ' ' &&
	       read_pairs(header + length + 1, who, found);
}

bool gate_authorization_is_near(const char *timestamp, int64_t now_ms, int skew_s)
{
	char *end;
	long long at = strtoll(timestamp, &end, 10), now = now_ms / 1000;

	return *timestamp && !*end && at > now - skew_s && at < now + skew_s;
}
