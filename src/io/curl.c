#include "src/io/curl.h"

#include "src/base/i18n.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>

#define LIBRARY "libcurl.so.4"    /* the name that every libcurl since 7.16 keeps */

static const struct {
	const char *name;
	size_t at;
} symbols[] = {
	{ "curl_easy_init", offsetof(struct zg_curl, easy_init) },
	{ "curl_easy_setopt", offsetof(struct zg_curl, easy_setopt) },
	{ "curl_easy_getinfo", offsetof(struct zg_curl, easy_getinfo) },
	{ "curl_easy_strerror", offsetof(struct zg_curl, easy_strerror) },
	{ "curl_easy_cleanup", offsetof(struct zg_curl, easy_cleanup) },
	{ "curl_slist_append", offsetof(struct zg_curl, slist_append) },
	{ "curl_slist_free_all", offsetof(struct zg_curl, slist_free_all) },
	{ "curl_url", offsetof(struct zg_curl, url) },
	{ "curl_url_set", offsetof(struct zg_curl, url_set) },
	{ "curl_url_get", offsetof(struct zg_curl, url_get) },
	{ "curl_url_cleanup", offsetof(struct zg_curl, url_cleanup) },
	{ "curl_free", offsetof(struct zg_curl, free) },
	{ "curl_multi_init", offsetof(struct zg_curl, multi_init) },
	{ "curl_multi_setopt", offsetof(struct zg_curl, multi_setopt) },
	{ "curl_multi_add_handle", offsetof(struct zg_curl, multi_add_handle) },
	{ "curl_multi_remove_handle", offsetof(struct zg_curl, multi_remove_handle) },
	{ "curl_multi_perform", offsetof(struct zg_curl, multi_perform) },
	{ "curl_multi_poll", offsetof(struct zg_curl, multi_poll) },
	{ "curl_multi_info_read", offsetof(struct zg_curl, multi_info_read) },
	{ "curl_multi_cleanup", offsetof(struct zg_curl, multi_cleanup) },
	{ "curl_version_info", offsetof(struct zg_curl, version_info) },
};

static bool find_all(void *library, struct zg_curl *curl)
{
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
		void *found = dlsym(library, symbols[i].name);

		if (!found)
			return false;
		*(void **)((char *)curl + symbols[i].at) = found;    /* as dlsym's manual page does it */
	}
	return true;
}

static bool start(struct zg_curl *curl)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);    /* never closed: it leaves threads' and OpenSSL's state behind */
	CURLcode (*global_init)(long flags);

	if (!library || !find_all(library, curl))
		return false;
	*(void **)&global_init = dlsym(library, "curl_global_init");
	return global_init && global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

const struct zg_curl *zg_curl_load(struct zg_error *err)
{
	static struct zg_curl curl;
	static enum { NEW, LOADED, MISSING } state;

	if (state == NEW)
		state = start(&curl) ? LOADED : MISSING;
	if (state == LOADED)
		return &curl;
	(void)zg_fail(err, ZG_BROKEN, _("The network library libcurl is missing. Install the package libcurl4, then start the till again."));
	return NULL;
}
