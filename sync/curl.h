/*
 * curl.h - libcurl, loaded when the first request is made.
 *
 * It brings some thirty libraries, which take longer to load than all else that
 * a program does until its first screen, and most commands need none of them.
 */
#ifndef SYNC_CURL_H
#define SYNC_CURL_H

#include <curl/curl.h>

#include "common/status.h"

/* What is used of it, without curl_. */
#define CURL_CALLS(X)          \
	X(easy_cleanup)        \
	X(easy_getinfo)        \
	X(easy_init)           \
	X(easy_setopt)         \
	X(easy_strerror)       \
	X(free)                \
	X(multi_add_handle)    \
	X(multi_cleanup)       \
	X(multi_info_read)     \
	X(multi_init)          \
	X(multi_remove_handle) \
	X(multi_setopt)        \
	X(multi_socket_action) \
	X(slist_append)        \
	X(slist_free_all)      \
	X(url)                 \
	X(url_cleanup)         \
	X(url_get)             \
	X(url_set)

struct curl_calls {
#define X(name) __typeof__(curl_##name) *name;
	CURL_CALLS(X)
#undef X
};

/* The same each time, and never unloaded. ST_FILE: it is not installed. */
MUST_CHECK enum status curl_load(
	const struct curl_calls **out, struct why *why);

#endif
