#include "sync/http.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/buf.h"
#include "common/when.h"
#include "sync/curl.h"
#include "sync/untrusted.h"

#define CONNECT_SECONDS 10L
#define SILENT_SECONDS 60L /* without a byte: the request is given up */
/* Bytes of an answer that are given to the sink at once, where more are
 * waiting already: each giving is a commit. */
#define GIVE_BYTES ((size_t)128 << 10)

static const struct curl_calls *curl; /* loaded by http_new() */

struct http {
	char *base;
	CURLM *multi;
	CURL *easy;
	struct curl_slist *headers;
	struct pollfd *sockets; /* what libcurl wants to be polled */
	size_t socket_count, socket_cap;
	int64_t deadline_ms; /* boot clock; -1: libcurl waits for no time */
	bool busy;
	int64_t retry_after_ms;
	const char *body; /* what is left of the request */
	size_t body_left, body_len;
	http_sink *sink;
	void *arg;
	struct buf came;  /* bytes of the answer for the sink */
	enum status sunk; /* what the sink ended the request with */
	struct why why;
	bool named;	  /* an authority was, for this hub alone */
	const char *kept; /* what a failure leaves as it is, or "" */
	char error[CURL_ERROR_SIZE];
};

static int64_t
now_ms(void)
{
	struct clock_reading now;

	clock_read(NULL, &now);
	return now.boot_ms;
}

static struct pollfd *
find_socket(struct http *h, curl_socket_t fd)
{
	for (size_t i = 0; i < h->socket_count; i++)
		if (h->sockets[i].fd == fd)
			return &h->sockets[i];
	return NULL;
}

static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *unused)
{
	struct http *h = arg;
	struct pollfd *p = find_socket(h, fd);

	(void)easy;
	(void)unused;
	if (what == CURL_POLL_REMOVE) {
		if (p)
			*p = h->sockets[--h->socket_count];
		return 0;
	}
	if (!p) {
		MEM_ROOM(h->sockets, h->socket_count, h->socket_cap);
		p = &h->sockets[h->socket_count++];
	}
	p->fd = fd;
	p->events = (short)((what & CURL_POLL_IN ? POLLIN : 0) |
			    (what & CURL_POLL_OUT ? POLLOUT : 0));
	p->revents = 0;
	return 0;
}

static int
on_timer(CURLM *multi, long ms, void *arg)
{
	struct http *h = arg;

	(void)multi;
	h->deadline_ms = ms < 0 ? -1 : now_ms() + ms;
	return 0;
}

static void
give(struct http *h)
{
	long code = 0;

	if (!h->came.len)
		return;
	curl->easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE, &code);
	h->sunk =
		h->sink(h->arg, (int)code, h->came.data, h->came.len, &h->why);
	buf_clear(&h->came);
}

static size_t
on_bytes(char *bytes, size_t size, size_t count, void *arg)
{
	struct http *h = arg;

	buf_add(&h->came, bytes, size * count);
	if (h->came.len >= GIVE_BYTES)
		give(h);
	return h->sunk ? 0 : size * count;
}

/*
 * The body is read once: given as a whole, libcurl would send it again by
 * itself where a connection that served before breaks off, edits that the hub
 * may have already.
 */
static size_t
on_body(char *to, size_t size, size_t count, void *arg)
{
	struct http *h = arg;
	size_t n = size * count < h->body_left ? size * count : h->body_left;

	if (n)
		memcpy(to, h->body, n);
	h->body += n;
	h->body_left -= n;
	return n;
}

/* Is there more to be read right now? */
static bool
more_waits(struct http *h)
{
	for (size_t i = 0; i < h->socket_count; i++) {
		struct pollfd p = {h->sockets[i].fd, POLLIN, 0};

		if (poll(&p, 1, 0) > 0 && p.revents & POLLIN)
			return true;
	}
	return false;
}

/* The parts of a URL that matter here. */
static enum status
check_url(const char *url, bool *loopback, struct why *why)
{
	CURLU *u = curl->url();
	char *scheme = NULL, *host = NULL;
	bool ok = u && !curl->url_set(u, CURLUPART_URL, url, 0) &&
		  !curl->url_get(u, CURLUPART_SCHEME, &scheme, 0) &&
		  !curl->url_get(u, CURLUPART_HOST, &host, 0) &&
		  (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);

	*loopback = ok && (strcmp(host, "localhost") == 0 ||
				  strncmp(host, "127.", 4) == 0 ||
				  strcmp(host, "[::1]") == 0);
	curl->free(scheme);
	curl->free(host);
	curl->url_cleanup(u);
	if (ok)
		return ST_OK;
	return why_set(why, ST_USAGE,
		"'%.200s' is not the address of a hub: write it as "
		"https://HOST or http://HOST:PORT",
		url);
}

/* A link pays for every byte: only Host and Content-Length are left. */
static void
set_headers(struct http *h, const char *token)
{
	static const char *const without[] = {
		"Accept:", "User-Agent:", "Content-Type:", "Expect:"};
	struct curl_slist *list = NULL;
	char *bearer;

	for (size_t i = 0; i < sizeof(without) / sizeof(*without); i++)
		list = curl->slist_append(list, without[i]);
	if (token) {
		bearer = mem_printf("Authorization: Bearer %s", token);
		list = curl->slist_append(list, bearer);
		free(bearer);
	}
	curl->easy_setopt(h->easy, CURLOPT_HTTPHEADER, list);
	curl->slist_free_all(h->headers);
	h->headers = list;
}

/* These and no others: not the machine's own either. */
static void
trust(CURL *e, const char *authority)
{
	struct curl_blob pem = {(void *)(uintptr_t)authority, strlen(authority),
		CURL_BLOB_COPY};

	curl->easy_setopt(e, CURLOPT_CAINFO_BLOB, &pem);
	curl->easy_setopt(e, CURLOPT_CAPATH, NULL);
}

static void
set_up(struct http *h, const char *authority, bool loopback)
{
	CURL *e = h->easy;

	curl->multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl->multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
	curl->multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl->multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
	curl->easy_setopt(e, CURLOPT_ERRORBUFFER, h->error);
	curl->easy_setopt(e, CURLOPT_WRITEFUNCTION, on_bytes);
	curl->easy_setopt(e, CURLOPT_WRITEDATA, h);
	curl->easy_setopt(e, CURLOPT_READFUNCTION, on_body);
	curl->easy_setopt(e, CURLOPT_READDATA, h);
	curl->easy_setopt(e, CURLOPT_PROTOCOLS_STR,
		strncasecmp(h->base, "https:", 6) == 0 ? "https" : "http");
	curl->easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl->easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl->easy_setopt(e, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl->easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl->easy_setopt(e, CURLOPT_LOW_SPEED_TIME, SILENT_SECONDS);
	curl->easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_3);
	h->named = authority != NULL;
	if (authority)
		trust(e, authority);
	if (loopback) /* else the proxies of the environment */
		curl->easy_setopt(e, CURLOPT_PROXY, "");
}

enum status
http_new(const char *base_url, const char *authority, bool edits,
	struct http **out, struct why *why)
{
	struct http *h;
	bool loopback;
	size_t len = strlen(base_url);
	enum status st = curl_load(&curl, why);

	*out = NULL;
	if (!st)
		st = check_url(base_url, &loopback, why);
	if (st)
		return st;
	h = mem_alloc(sizeof(*h));
	while (len && base_url[len - 1] == '/')
		len--;
	h->base = mem_printf("%.*s", (int)len, base_url);
	h->kept = edits ? "; all edits are kept" : "";
	h->deadline_ms = -1;
	h->multi = curl->multi_init();
	h->easy = curl->easy_init();
	if (!h->multi || !h->easy) {
		http_free(h);
		return why_set(why, ST_FILE,
			"the network library did not start: try again");
	}
	set_up(h, authority, loopback);
	*out = h;
	return ST_OK;
}

void
http_cancel(struct http *h)
{
	if (!h->busy)
		return;
	curl->multi_remove_handle(h->multi, h->easy);
	h->busy = false;
}

void
http_free(struct http *h)
{
	if (!h)
		return;
	http_cancel(h);
	curl->easy_cleanup(h->easy);
	if (h->multi)
		curl->multi_cleanup(h->multi);
	curl->slist_free_all(h->headers);
	buf_release(&h->came);
	free(h->sockets);
	free(h->base);
	free(h);
}

static void
set_body(CURL *easy, const char *body, size_t len)
{
	if (!body) {
		curl->easy_setopt(easy, CURLOPT_HTTPGET, 1L);
		return;
	}
	curl->easy_setopt(easy, CURLOPT_POST, 1L);
	curl->easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
}

static enum status
not_reached(const struct http *h, const char *reason, struct why *why)
{
	return why_set(why, ST_LATER,
		"the hub at %s was not reached (%s): try again later%s",
		h->base, reason, h->kept);
}

enum status
http_start(struct http *h, const char *path, const char *token,
	const char *body, size_t len, http_sink *sink, void *arg,
	struct why *why)
{
	char *url = mem_printf("%s%s", h->base, path);
	int running;

	http_cancel(h);
	h->sink = sink;
	h->arg = arg;
	h->sunk = ST_OK;
	h->retry_after_ms = 0;
	buf_clear(&h->came);
	h->error[0] = '\0';
	curl->easy_setopt(h->easy, CURLOPT_URL, url);
	set_headers(h, token);
	set_body(h->easy, body, len);
	h->body = body;
	h->body_left = h->body_len = len;
	free(url);
	if (curl->multi_add_handle(h->multi, h->easy))
		return not_reached(h, "the request did not start", why);
	h->busy = true;
	curl->multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	return ST_OK;
}

bool
http_busy(const struct http *h)
{
	return h->busy;
}

int
http_poll_set(struct http *h, struct pollfd *fds, int max, int *timeout_ms)
{
	int64_t left = h->deadline_ms - now_ms();
	int n = 0;

	*timeout_ms = -1;
	if (!h->busy)
		return 0;
	if (h->deadline_ms >= 0)
		*timeout_ms = left > 0 ? (int)left : 0;
	while (n < max && (size_t)n < h->socket_count) {
		fds[n] = h->sockets[n];
		n++;
	}
	return n;
}

/*
 * libcurl may change its sockets at each action, so those that are ready are
 * copied first. One that left meanwhile does no harm.
 */
static void
act_on_sockets(struct http *h)
{
	size_t n = h->socket_count;
	struct pollfd *fds = mem_grow(NULL, n + 1, sizeof(*fds));
	int running;

	if (n)
		memcpy(fds, h->sockets, n * sizeof(*fds));
	if (n && poll(fds, (nfds_t)n, 0) > 0) {
		for (size_t i = 0; i < n; i++) {
			int what = (fds[i].revents & POLLIN ? CURL_CSELECT_IN
							    : 0) |
				   (fds[i].revents & POLLOUT ? CURL_CSELECT_OUT
							     : 0) |
				   (fds[i].revents & (POLLERR | POLLHUP)
						   ? CURL_CSELECT_ERR
						   : 0);

			if (what && find_socket(h, fds[i].fd))
				curl->multi_socket_action(
					h->multi, fds[i].fd, what, &running);
		}
	}
	free(fds);
}

/* libcurl's sentence, else its word for the code. */
static const char *
reason_of(const struct http *h, CURLcode code)
{
	return *h->error ? h->error : curl->easy_strerror(code);
}

static enum status
not_trusted(const struct http *h, CURLcode code, struct why *why)
{
	long verdict = 0;

	curl->easy_getinfo(h->easy, CURLINFO_SSL_VERIFYRESULT, &verdict);
	return untrusted(
		h->base, verdict, reason_of(h, code), h->named, h->kept, why);
}

/* As a hub that speaks TLS does where it is spoken to without. */
static bool
hung_up_at_once(const struct http *h, CURLcode code)
{
	long heard = 0;

	curl->easy_getinfo(h->easy, CURLINFO_HEADER_SIZE, &heard);
	return !heard &&
	       (code == CURLE_GOT_NOTHING || code == CURLE_SEND_ERROR ||
		       code == CURLE_RECV_ERROR);
}

static enum status
hung_up(const struct http *h, const char *reason, struct why *why)
{
	static const char plain[] = "http://";
	size_t n = sizeof(plain) - 1;

	if (strncmp(h->base, plain, n) != 0)
		return not_reached(h, reason, why);
	return why_set(why, ST_LATER,
		"the hub at %s was not reached (%s): it may speak https: give "
		"https://%s; else try again later%s",
		h->base, reason, h->base + n, h->kept);
}

static enum status
outcome_of(struct http *h, CURLcode code, struct why *why)
{
	if (h->sunk)
		return why_set(why, h->sunk, "%s", h->why.text);
	if (!code)
		return ST_OK;
	/* libcurl would have sent it all again. */
	if (code == CURLE_SEND_FAIL_REWIND)
		return not_reached(h, "the connection broke off", why);
	if (code == CURLE_PEER_FAILED_VERIFICATION)
		return not_trusted(h, code, why);
	if (hung_up_at_once(h, code))
		return hung_up(h, reason_of(h, code), why);
	return not_reached(h, reason_of(h, code), why);
}

bool
http_step(
	struct http *h, enum status *outcome, int *http_status, struct why *why)
{
	curl_off_t after = 0;
	CURLMsg *msg;
	long code = 0;
	int running, left;
	bool over;

	if (!h->busy)
		return false;
	act_on_sockets(h);
	if (h->deadline_ms >= 0 && h->deadline_ms <= now_ms()) {
		h->deadline_ms = -1; /* libcurl sets the next by on_timer */
		curl->multi_socket_action(
			h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	msg = curl->multi_info_read(h->multi, &left);
	over = msg && msg->msg == CURLMSG_DONE;
	if (!h->sunk && (over || !more_waits(h)))
		give(h);
	if (!over && !h->sunk)
		return false;
	*outcome = outcome_of(h, over ? msg->data.result : CURLE_OK, why);
	curl->easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE, &code);
	*http_status = (int)code;
	curl->easy_getinfo(h->easy, CURLINFO_RETRY_AFTER, &after);
	h->retry_after_ms = code == 200 ? 0 : (int64_t)after * 1000;
	http_cancel(h);
	return true;
}

bool
http_began(const struct http *h)
{
	return h->body_left < h->body_len;
}

int64_t
http_retry_after_ms(const struct http *h)
{
	return h->retry_after_ms;
}

enum status
http_run(struct http *h, const char *path, const char *token, const char *body,
	size_t len, http_sink *sink, void *arg, int *http_status,
	struct why *why)
{
	struct pollfd fds[16];
	enum status st = http_start(h, path, token, body, len, sink, arg, why);
	int timeout_ms, n;

	*http_status = 0;
	if (st)
		return st;
	do {
		n = http_poll_set(h, fds, 16, &timeout_ms);
		poll(fds, (nfds_t)n, timeout_ms);
	} while (!http_step(h, &st, http_status, why));
	return st;
}
