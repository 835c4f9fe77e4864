/*
 * libcurl, loaded when the network is first needed.
 *
 * Linked the usual way it costs every start 7 ms and 5 MB (it brings thirty libraries of its own: measured on Debian 12),
 * more than all the rest of the till together, also in a shop that takes cash alone. So the loop waits in poll() until
 * somebody asks for the network; from then on it waits in curl_multi_poll. Once loaded it stays.
 */
#ifndef ZG_IO_CURL_H
#define ZG_IO_CURL_H

#include "src/base/result.h"

#include <curl/curl.h>

/* The functions that we use, each as <curl/curl.h> describes it under its full name (curl_easy_init, ...). */
struct zg_curl {
	CURL *(*easy_init)(void);
	CURLcode (*easy_setopt)(CURL *easy, CURLoption option, ...);
	CURLcode (*easy_getinfo)(CURL *easy, CURLINFO info, ...);
	const char *(*easy_strerror)(CURLcode code);
	void (*easy_cleanup)(CURL *easy);
	struct curl_slist *(*slist_append)(struct curl_slist *list, const char *text);
	void (*slist_free_all)(struct curl_slist *list);
	CURLU *(*url)(void);
	CURLUcode (*url_set)(CURLU *url, CURLUPart part, const char *text, unsigned flags);
	CURLUcode (*url_get)(CURLU *url, CURLUPart part, char **text, unsigned flags);    /* let go by `free` */
	void (*url_cleanup)(CURLU *url);
	void (*free)(void *text);
	CURLM *(*multi_init)(void);
	CURLMcode (*multi_setopt)(CURLM *multi, CURLMoption option, ...);
	CURLMcode (*multi_add_handle)(CURLM *multi, CURL *easy);
	CURLMcode (*multi_remove_handle)(CURLM *multi, CURL *easy);
	CURLMcode (*multi_perform)(CURLM *multi, int *running);
	CURLMcode (*multi_poll)(CURLM *multi, struct curl_waitfd waits[], unsigned count, int timeout_ms, int *ready);
	CURLMsg *(*multi_info_read)(CURLM *multi, int *left);
	CURLMcode (*multi_cleanup)(CURLM *multi);
	curl_version_info_data *(*version_info)(CURLversion age);
};

/* Borrowed, for as long as the program. NULL: libcurl cannot be loaded; err (may be NULL) says which package is missing. */
const struct zg_curl *zg_curl_load(struct zg_error *err);
#endif
