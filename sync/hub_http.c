#include "sync/hub_http.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <limits.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "common/json.h"
#include "sync/hub_listen.h"
#include "sync/message.h"

#define PIECE_SIZE ((size_t)64 << 10) /* of an answer, drawn at a time */
#define POOL_SIZE ((size_t)64 << 10)  /* memory of one connection */
#define PEM_MAX ((size_t)1 << 20)
#define STOP_PATIENCE_MS 5000
#define PATIENCE_MS 5	 /* for another program that writes, in the loop */
#define BUSY_RETRY_MS 10 /* then the loop goes on, and tries again */
#define BUSY_TEXT                                                             \
	"another program is writing to the hub's log: nothing was kept, try " \
	"again"

/* One connection, in the server's list while it is open. */
struct connection {
	struct hub_http *server;
	struct MHD_Connection *peer;
	struct connection *next, *before;
	int64_t since; /* boot clock, ms: what the deadline counts from */
};

/* One request on it. */
struct request {
	struct hub_http *server;
	struct connection *on;
	char *target;	       /* as in the request line */
	struct hub_sync *sync; /* POST /v1/sync; else NULL */
	struct buf body;       /* of all other requests */
	struct buf answer;     /* what was drawn and not yet sent */
	size_t taken;	       /* bytes of the body that came */
	int64_t busy_since;    /* boot ms: a call found the log busy; 0 no */
	bool begun, over, more;
	bool waiting, suspended; /* for the log: struct waiting */
};

/* What a request has brought waits for the next commit, which all share. */
struct waiting {
	struct request *request; /* NULL: its connection is gone */
	struct hub_sync *sync;	 /* NULL: a call that found the log busy */
};

struct hub_http {
	struct hub *hub;
	struct waiting *waiting;
	size_t waiting_count, waiting_cap;
	int64_t retry_at;   /* boot ms: the log was busy; 0 it was not */
	int64_t busy_since; /* boot ms; 0 it is not */
	bool resumed;	    /* some may be answered: run without a wait */
	struct MHD_Daemon *daemon;
	struct connection *newest, *oldest;
	gnutls_datum_t ticket_key; /* resumption; no data in plain */
	int64_t deadline_ms;
	char address[LISTEN_ADDRESS_MAX];
};

static int64_t
boot_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Connections and their deadlines. The list is in order of `since`. */

static void
unlink_connection(struct connection *c)
{
	struct hub_http *s = c->server;

	*(c->before ? &c->before->next : &s->newest) = c->next;
	*(c->next ? &c->next->before : &s->oldest) = c->before;
}

/* Its deadline counts from now. */
static void
link_connection(struct connection *c)
{
	struct hub_http *s = c->server;

	c->since = boot_now();
	c->before = NULL;
	c->next = s->newest;
	*(c->next ? &c->next->before : &s->oldest) = c;
	s->newest = c;
}

static void
restart_deadline(struct connection *c)
{
	if (!c)
		return;
	unlink_connection(c);
	link_connection(c);
}

static struct connection *
connection_of(struct MHD_Connection *peer)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		peer, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

static void
connection_start(struct hub_http *s, struct MHD_Connection *peer, void **slot)
{
	struct connection *c = mem_alloc(sizeof(*c));
	const union MHD_ConnectionInfo *tls = MHD_get_connection_info(
		peer, MHD_CONNECTION_INFO_GNUTLS_SESSION);

	c->server = s;
	c->peer = peer;
	link_connection(c);
	*slot = c;
	if (s->ticket_key.data && tls && tls->tls_session)
		gnutls_session_ticket_enable_server(
			tls->tls_session, &s->ticket_key);
}

static void
on_connection(void *arg, struct MHD_Connection *peer, void **slot,
	enum MHD_ConnectionNotificationCode what)
{
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		connection_start(arg, peer, slot);
	} else if (*slot) {
		unlink_connection(*slot);
		free(*slot);
		*slot = NULL;
	}
}

/*
 * libmicrohttpd's own time-out sees silence only; one byte a minute would
 * hold a connection for ever. Past the deadline both directions are shut, and
 * its loop closes what is left. Returns ms until the next deadline, -1 none.
 */
static int64_t
cut_slow_connections(struct hub_http *s)
{
	int64_t now = boot_now();
	struct connection *c;

	while ((c = s->oldest) && c->since + s->deadline_ms <= now) {
		const union MHD_ConnectionInfo *info = MHD_get_connection_info(
			c->peer, MHD_CONNECTION_INFO_CONNECTION_FD);

		if (info)
			shutdown(info->connect_fd, SHUT_RDWR);
		restart_deadline(c);
	}
	return c ? c->since + s->deadline_ms - now : -1;
}

/* Requests. */

/* First of all, with the request line as it came. */
static void *
on_target(void *arg, const char *target, struct MHD_Connection *peer)
{
	struct request *q = mem_alloc(sizeof(*q));

	q->server = arg;
	q->on = connection_of(peer);
	q->target = mem_text(target);
	q->body.max = HUB_HTTP_CALL_MAX;
	return q;
}

static void
wait_for_log(struct request *q)
{
	struct hub_http *s = q->server;

	MEM_ROOM(s->waiting, s->waiting_count, s->waiting_cap);
	s->waiting[s->waiting_count++] = (struct waiting){q, q->sync};
	q->waiting = true;
}

/* Nothing is read from it, and nothing asked of us, until its commit. */
static enum MHD_Result
suspend(struct request *q, struct MHD_Connection *peer)
{
	q->suspended = true;
	MHD_suspend_connection(peer);
	return MHD_YES;
}

/* What a request brought counts although its connection is gone. */
static void
leave_sync(struct request *q)
{
	struct hub_http *s = q->server;

	if (q->sync && !q->over && !q->waiting) {
		hub_sync_over(q->sync);
		if (hub_sync_waits(q->sync))
			wait_for_log(q);
	}
	if (!q->waiting)
		hub_sync_free(q->sync);
	for (size_t i = 0; q->waiting && i < s->waiting_count; i++)
		if (s->waiting[i].request == q)
			s->waiting[i].request = NULL;
}

static void
release_waiting(struct hub_http *s)
{
	for (size_t i = 0; i < s->waiting_count; i++) {
		struct request *q = s->waiting[i].request;

		if (!q) {
			hub_sync_free(s->waiting[i].sync);
			continue;
		}
		q->waiting = false;
		if (q->suspended) {
			MHD_resume_connection(q->on->peer);
			s->resumed = true;
		}
		q->suspended = false;
	}
	s->waiting_count = 0;
}

/* False: the log is busy, and may be so for a while yet. */
static bool
commit_syncs(struct hub_http *s)
{
	struct hub_sync **syncs =
		mem_grow(NULL, s->waiting_count + 1, sizeof(*syncs));
	size_t count = 0;
	bool done = true;

	for (size_t i = 0; i < s->waiting_count; i++)
		if (s->waiting[i].sync)
			syncs[count++] = s->waiting[i].sync;
	if (count)
		done = hub_commit(s->hub, syncs, count);
	if (!done && s->busy_since &&
		boot_now() - s->busy_since >= HUB_HTTP_BUSY_S * 1000) {
		for (size_t i = 0; i < count; i++)
			hub_sync_give_up(syncs[i], 503, BUSY_TEXT);
		done = true;
	}
	free(syncs);
	return done;
}

/* After each round: one commit for all that came in it. */
static void
commit_waiting(struct hub_http *s)
{
	int64_t now;

	if (!s->waiting_count)
		return;
	now = boot_now();
	if (now < s->retry_at)
		return;
	if (commit_syncs(s)) {
		s->busy_since = s->retry_at = 0;
		release_waiting(s);
		return;
	}
	if (!s->busy_since)
		s->busy_since = now;
	s->retry_at = now + BUSY_RETRY_MS;
}

static void
on_completed(void *arg, struct MHD_Connection *peer, void **slot,
	enum MHD_RequestTerminationCode how)
{
	struct request *q = *slot;

	(void)arg;
	(void)peer;
	(void)how;
	if (!q)
		return;
	restart_deadline(q->on);
	leave_sync(q);
	buf_release(&q->body);
	buf_release(&q->answer);
	free(q->target);
	free(q);
	*slot = NULL;
}

static enum MHD_Result
send_response(struct MHD_Connection *peer, int status, struct MHD_Response *r)
{
	enum MHD_Result sent;

	if (!r)
		return MHD_NO;
	sent = MHD_queue_response(peer, (unsigned)status, r);
	MHD_destroy_response(r);
	return sent;
}

/* The text is copied: small answers only. */
static enum MHD_Result
send_text(struct MHD_Connection *peer, int status, const struct buf *text)
{
	return send_response(peer, status,
		MHD_create_response_from_buffer(text->len,
			(void *)(uintptr_t)buf_text(text),
			MHD_RESPMEM_MUST_COPY));
}

static enum MHD_Result
send_error(struct MHD_Connection *peer, int status, const char *what)
{
	struct buf b = BUF_INIT;
	enum MHD_Result sent;

	buf_puts(&b, "{\"error\":");
	json_put_text(&b, what);
	buf_puts(&b, "}\n");
	sent = send_text(peer, status, &b);
	buf_release(&b);
	return sent;
}

/* Draw pieces until there are `want` bytes or the answer is over. */
static void
draw(struct request *q, size_t want)
{
	while (q->more && q->answer.len < want)
		hub_sync_answer(q->sync, &q->answer, &q->more);
	restart_deadline(q->on);
}

static ssize_t
on_draw(void *arg, uint64_t at, char *out, size_t room)
{
	struct request *q = arg;
	size_t n;

	(void)at;
	if (!q->answer.len)
		draw(q, 1);
	if (!q->answer.len)
		return MHD_CONTENT_READER_END_OF_STREAM;
	n = q->answer.len < room ? q->answer.len : room;
	memcpy(out, q->answer.data, n);
	buf_drop(&q->answer, n);
	return (ssize_t)n;
}

/* An answer that fits in one piece is sent with its length: 40 bytes of
 * headers, and no chunk marks. A longer one is drawn as the peer takes it. */
static enum MHD_Result
answer_sync(struct request *q, struct MHD_Connection *peer)
{
	int status;

	if (q->taken > REQUEST_MAX)
		return send_error(peer, MHD_HTTP_CONTENT_TOO_LARGE,
			"the request is larger than 64 MiB: send less in one "
			"request");
	status = hub_sync_status(q->sync);
	q->more = true;
	draw(q, PIECE_SIZE);
	if (!q->more)
		return send_text(peer, status, &q->answer);
	return send_response(peer, status,
		MHD_create_response_from_callback(
			MHD_SIZE_UNKNOWN, PIECE_SIZE / 4, on_draw, q, NULL));
}

static const char *
bearer(struct MHD_Connection *peer)
{
	const char *value = MHD_lookup_connection_value(
		peer, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);

	if (!value || strncasecmp(value, "Bearer ", 7) != 0)
		return NULL;
	return value + 7;
}

/* Has it waited for the log as long as it may? */
static bool
gave_up(struct request *q)
{
	int64_t now = boot_now();

	if (!q->busy_since)
		q->busy_since = now;
	return now - q->busy_since >= HUB_HTTP_BUSY_S * 1000;
}

static enum MHD_Result
answer_call(struct request *q, struct MHD_Connection *peer, const char *method)
{
	int status;

	if (q->taken > HUB_HTTP_CALL_MAX)
		return send_error(peer, MHD_HTTP_CONTENT_TOO_LARGE,
			"the request is larger than 64 KiB: send less");
	status = hub_call(q->server->hub, method, q->target, bearer(peer),
		buf_text(&q->body), q->body.len, &q->answer);
	if (status == 503 && !gave_up(q)) {
		buf_clear(&q->answer);
		wait_for_log(q);
		q->server->retry_at = boot_now() + BUSY_RETRY_MS;
		return suspend(q, peer);
	}
	return send_text(peer, status, &q->answer);
}

/* Bytes that a request says it will send; 0 where it does not say. */
static unsigned long long
announced_length(struct MHD_Connection *peer)
{
	const char *value = MHD_lookup_connection_value(
		peer, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);

	return value ? strtoull(value, NULL, 10) : 0;
}

/* The headers are here. What is too large by its own word is refused before
 * any of it is read. */
static enum MHD_Result
begin_request(
	struct request *q, struct MHD_Connection *peer, const char *method)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		peer, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	bool is_sync = strcmp(method, "POST") == 0 &&
		       strcmp(q->target, "/v1/sync") == 0;

	q->begun = true;
	restart_deadline(q->on);
	if (info && info->header_size > HUB_HTTP_HEADERS_MAX)
		return send_error(peer,
			MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE,
			"the headers are larger than 8 KiB: send fewer");
	if (announced_length(peer) >
		(is_sync ? REQUEST_MAX : (size_t)HUB_HTTP_CALL_MAX))
		return send_error(peer, MHD_HTTP_CONTENT_TOO_LARGE,
			"the request is too large: send less in one request");
	if (is_sync)
		q->sync = hub_sync_new(q->server->hub);
	return MHD_YES;
}

static void
take_body(struct request *q, const char *bytes, size_t len)
{
	q->taken += len;
	if (!q->sync)
		buf_add(&q->body, bytes, len);
	else if (q->taken <= REQUEST_MAX)
		hub_sync_take(q->sync, bytes, len);
	if (q->sync && hub_sync_waits(q->sync))
		wait_for_log(q);
}

/* The body is here. True: what it brought waits for the commit. */
static bool
end_body(struct request *q)
{
	if (!q->sync || q->over)
		return false;
	q->over = true;
	hub_sync_over(q->sync);
	if (hub_sync_waits(q->sync))
		wait_for_log(q);
	return q->waiting;
}

static enum MHD_Result
on_request(void *arg, struct MHD_Connection *peer, const char *url,
	const char *method, const char *version, const char *bytes, size_t *len,
	void **slot)
{
	struct request *q = *slot;

	(void)arg;
	(void)url;
	(void)version;
	if (!q->begun)
		return begin_request(q, peer, method);
	if (q->waiting)
		return suspend(q, peer);
	if (*len) {
		take_body(q, bytes, *len);
		*len = 0;
		return MHD_YES;
	}
	if (end_body(q))
		return suspend(q, peer);
	return q->sync ? answer_sync(q, peer) : answer_call(q, peer, method);
}

/* Starting and ending. */

#define COMMON_OPTIONS                                                         \
	MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,             \
		(unsigned)HUB_HTTP_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, \
		(unsigned)HUB_HTTP_INACTIVITY_S,                               \
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL_SIZE,                 \
		MHD_OPTION_URI_LOG_CALLBACK, on_target, s,                     \
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,                  \
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, s

#define COMMON_FLAGS                                      \
	(MHD_USE_EPOLL | MHD_USE_SUPPRESS_DATE_NO_CLOCK | \
		MHD_ALLOW_SUSPEND_RESUME)

static enum status
start_plain(struct hub_http *s, int fd, struct why *why)
{
	s->daemon = MHD_start_daemon(COMMON_FLAGS, 0, NULL, NULL, on_request, s,
		COMMON_OPTIONS, MHD_OPTION_END);
	if (!s->daemon)
		return why_set(why, ST_FILE,
			"the HTTP server does not start: look at the limits "
			"of open files and memory");
	return ST_OK;
}

static enum status
start_tls(struct hub_http *s, int fd, const char *cert, const char *key,
	struct why *why)
{
	s->daemon = MHD_start_daemon(COMMON_FLAGS | MHD_USE_TLS, 0, NULL, NULL,
		on_request, s, COMMON_OPTIONS, MHD_OPTION_HTTPS_MEM_CERT, cert,
		MHD_OPTION_HTTPS_MEM_KEY, key, MHD_OPTION_HTTPS_PRIORITIES,
		"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2", MHD_OPTION_END);
	if (!s->daemon)
		return why_set(why, ST_FILE,
			"TLS does not start: certificate and key must be PEM "
			"and belong together");
	if (gnutls_session_ticket_key_generate(&s->ticket_key) < 0)
		s->ticket_key.data = NULL;
	return ST_OK;
}

static enum status
read_pem(const char *file, const char *what, struct buf *out, struct why *why)
{
	if (!buf_read_file(out, file, PEM_MAX, why))
		return ST_OK;
	return why_set(why, ST_FILE,
		"the TLS %s '%s' cannot be read: give a PEM file", what, file);
}

static enum status
start_daemon(struct hub_http *s, const struct hub_http_options *o, int fd,
	struct why *why)
{
	struct buf cert = BUF_INIT, key = BUF_INIT;
	enum status st;

	if (!o->cert_file)
		return start_plain(s, fd, why);
	st = read_pem(o->cert_file, "certificate", &cert, why);
	if (!st)
		st = read_pem(o->key_file, "key", &key, why);
	if (!st)
		st = start_tls(s, fd, buf_text(&cert), buf_text(&key), why);
	if (key.len)
		explicit_bzero(key.data, key.len);
	buf_release(&cert);
	buf_release(&key);
	return st;
}

enum status
hub_http_new(struct hub *h, const struct hub_http_options *o,
	struct hub_http **out, struct why *why)
{
	struct hub_http *s = mem_alloc(sizeof(*s));
	enum status st;
	int fd = -1;

	*out = NULL;
	s->hub = h;
	hub_patience(h, PATIENCE_MS);
	s->deadline_ms = (o->deadline_s ? o->deadline_s : HUB_HTTP_DEADLINE_S) *
			 (int64_t)1000;
	st = hub_listen(o->address, o->cert_file || o->plain_on_any_address,
		&fd, s->address, why);
	if (!st)
		st = start_daemon(s, o, fd, why);
	if (st && fd >= 0)
		close(fd);
	if (st)
		hub_http_free(s);
	else
		*out = s;
	return st;
}

const char *
hub_http_address(const struct hub_http *s)
{
	return s->address;
}

static int
next_wait(struct hub_http *s, int64_t deadline)
{
	MHD_UNSIGNED_LONG_LONG ms;
	int64_t wait = deadline;

	if (s->resumed)
		return 0;
	if (s->waiting_count) {
		wait = s->retry_at - boot_now();
		wait = wait < 0 ? 0 : wait;
	}
	if (MHD_get_timeout(s->daemon, &ms) == MHD_YES &&
		(wait < 0 || (int64_t)ms < wait))
		wait = (int64_t)ms;
	return wait > INT_MAX ? INT_MAX : (int)wait;
}

enum status
hub_http_run(struct hub_http *s, int stop_fd, struct why *why)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	struct pollfd fds[2] = {{.events = POLLIN}, {.events = POLLIN}};

	if (!info)
		return why_set(why, ST_FILE, "the HTTP server has no epoll");
	fds[0].fd = info->epoll_fd;
	fds[1].fd = stop_fd;
	for (;;) {
		int wait = next_wait(s, cut_slow_connections(s));

		if (poll(fds, 2, wait) < 0 && errno != EINTR)
			return why_set(
				why, ST_FILE, "poll: %s", strerror(errno));
		if (fds[1].revents)
			return ST_OK;
		s->resumed = false;
		if (MHD_run(s->daemon) != MHD_YES)
			return why_set(why, ST_FILE,
				"the HTTP server failed: start it again");
		commit_waiting(s);
	}
}

void
hub_http_free(struct hub_http *s)
{
	if (!s)
		return;
	s->retry_at = 0;
	hub_patience(s->hub, STOP_PATIENCE_MS);
	commit_waiting(s);
	release_waiting(s);
	if (s->daemon)
		MHD_stop_daemon(s->daemon);
	commit_waiting(s);
	release_waiting(s);
	free(s->waiting);
	if (s->ticket_key.data)
		gnutls_free(s->ticket_key.data);
	free(s);
}
