#include "contrib/sim/gate_request.h"

#include "src/base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void gate_reply_clear(struct gate_reply *reply)
{
	zg_buffer_clear(&reply->head);
	zg_buffer_clear(&reply->body);
	*reply = (struct gate_reply){ 0 };
}

void gate_reply_header(struct gate_reply *reply, const char *name, const char *value)
{
	zg_buffer_print(&reply->head, "%s: %s\n", name, value);
}

bool gate_head_value(const char *head, const char *name, char *value, size_t size)
{
	size_t length = strlen(name);

	while (head && *head) {
		const char *end = strchr(head, '\n');
		size_t line = end ? (size_t)(end - head) : strlen(head);

		if (line > length && head[length] == ':' && strncasecmp(head, name, length) == 0) {
			const char *from = head + length + 1;

			while (*from == ' ')
				from++;
			size_t count = (size_t)(head + line - from);

			if (count >= size)
				return false;
			memcpy(value, from, count);
			value[count] = '\0';
			return true;
		}
		head = end ? end + 1 : NULL;
	}
	return false;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool gate_unescape(char *text, size_t *length)
{
	size_t out = 0;

	for (size_t in = 0; in < *length; in++) {
		char c = text[in];

		if (c == '+') {
			c = ' ';
		} else if (c == '%') {
			if (in + 2 >= *length || hex_digit(text[in + 1]) < 0 || hex_digit(text[in + 2]) < 0)
				return false;
			c = (char)(hex_digit(text[in + 1]) * 16 + hex_digit(text[in + 2]));
			in += 2;
		}
		text[out++] = c;
	}
	text[out] = '\0';
	*length = out;
	return true;
}

bool gate_form_value(const char *text, size_t length, const char *name, char *value, size_t size)
{
	size_t wanted = strlen(name);
	const char *end = text + length;

	for (const char *at = text; at < end;) {
		const char *next = memchr(at, '&', (size_t)(end - at));
		size_t part = next ? (size_t)(next - at) : (size_t)(end - at);

		if (part > wanted && at[wanted] == '=' && strncmp(at, name, wanted) == 0) {
			size_t count = part - wanted - 1;
			char *plain = zg_copy_bytes(at + wanted + 1, count);
			bool good = gate_unescape(plain, &count) && strlen(plain) == count && count < size;

			if (good)
				memcpy(value, plain, count + 1);
			free(plain);
			return good;
		}
		at += part + 1;
	}
	return false;
}

void gate_path(const struct gate_request *request, char *path, size_t size)
{
	snprintf(path, size, "%.*s", (int)strcspn(request->target, "?"), request->target);
}

const char *gate_request_query(const struct gate_request *request)
{
	const char *mark = strchr(request->target, '?');

	return mark ? mark + 1 : "";
}

bool gate_refuse(struct gate_reply *reply, const char *rule, const char *why)
{
	snprintf(reply->rule, sizeof(reply->rule), "%s", rule);
	snprintf(reply->why, sizeof(reply->why), "%s", why);
	return false;
}
