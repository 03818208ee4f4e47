/*
 * http.h - one request at a time over libcurl, without waiting for it.
 * The only file that includes curl.h is http.c.
 */
#ifndef SYNC_HTTP_H
#define SYNC_HTTP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/status.h"

struct http; /* opaque: a connection that is kept alive */

/* Called with bytes of the answer's body as they come; other than ST_OK ends
 * the request with that status. */
typedef enum status http_sink(void *arg, int http_status, const char *bytes,
	size_t len, struct why *why);

/* ST_USAGE: not an http:// or https:// URL. `authority`: PEM of the only ones
 * whose certificate is taken; NULL: those that the machine trusts. TLS is 1.3
 * alone, and what began as https stays so. `edits`: there is a file with edits,
 * and whoever is told of a link that failed is told that they are kept. */
MUST_CHECK enum status http_new(const char *base_url, const char *authority,
	bool edits, struct http **out, struct why *why);
void http_free(struct http *h);

/* Start a request; `body` NULL makes it a GET; `token` may be NULL. The body
 * is borrowed until the request is over. */
MUST_CHECK enum status http_start(struct http *h, const char *path,
	const char *token, const char *body, size_t len, http_sink *sink,
	void *arg, struct why *why);

/* What to poll: adds at most `max` descriptors, *timeout_ms (-1 none). */
int http_poll_set(struct http *h, struct pollfd *fds, int max, int *timeout_ms);
/* Go on after a poll. True when the request is over, with its outcome. */
bool http_step(struct http *h, enum status *outcome, int *http_status,
	struct why *why);
/* What the last answer asked to wait before the next request, ms; 0: it did
 * not say. */
int64_t http_retry_after_ms(const struct http *h);
/* Did some of the last request's body go out? */
bool http_began(const struct http *h);
void http_cancel(struct http *h);
bool http_busy(const struct http *h);

/* All of it at once, for commands. */
MUST_CHECK enum status http_run(struct http *h, const char *path,
	const char *token, const char *body, size_t len, http_sink *sink,
	void *arg, int *http_status, struct why *why);

#endif
