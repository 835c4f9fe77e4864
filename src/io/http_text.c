/* What is sent and what came, as data: no network here. See http.h. */
#include "src/io/http.h"

#include "src/base/alloc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void zg_http_request_add(struct zg_http_request *request, const char *name, const char *value)
{
	zg_assert(request->header_count < ZG_HTTP_HEADERS);
	request->headers[request->header_count++] = zg_print("%s: %s", name, value);
}

void zg_http_request_clear(struct zg_http_request *request)
{
	free(request->url);
	for (size_t i = 0; i < request->header_count; i++)
		free(request->headers[i]);
	zg_buffer_clear(&request->body);
	*request = (struct zg_http_request){ 0 };
}

bool zg_http_reply_header(const struct zg_http_reply *reply, const char *name, char *value, size_t size)
{
	size_t name_length = strlen(name);
	const char *line = zg_buffer_text(&reply->head);

	value[0] = '\0';
	for (const char *stop; (stop = strchr(line, '\n')) != NULL; line = stop + 1) {
		if ((size_t)(stop - line) <= name_length || line[name_length] != ':' || strncasecmp(line, name, name_length) != 0)
			continue;
		const char *at = line + name_length + 1;

		while (at < stop && (*at == ' ' || *at == '\t'))
			at++;
		while (stop > at && (stop[-1] == ' ' || stop[-1] == '\t'))
			stop--;
		if ((size_t)(stop - at) >= size)
			return false;
		memcpy(value, at, (size_t)(stop - at));
		value[stop - at] = '\0';
		return true;
	}
	return false;
}

void zg_http_reply_clear(struct zg_http_reply *reply)
{
	zg_buffer_clear(&reply->head);
	zg_buffer_clear(&reply->body);
	*reply = (struct zg_http_reply){ 0 };
}
