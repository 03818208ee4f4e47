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
#include <unistd.h>

#include "sync/hub_exchange.h"
#include "sync/hub_listen.h"

#define PIECE_SIZE ((size_t)16 << 10) /* of an answer that is drawn */
#define POOL_SIZE ((size_t)32 << 10)  /* of a connection, cleared for each */

struct request {
	struct hub_http *server;
	struct MHD_Connection *peer;
	char *target; /* as in the request line */
	struct exchange exchange;
	bool begun;
	bool suspended; /* not read from while it waits */
};

struct hub_http {
	struct exchange_host host;
	struct MHD_Daemon *daemon;
	struct peers *peers;
	gnutls_datum_t ticket_key; /* resumption; no data in plain */
	int64_t head_ms;
	int active;   /* requests whose headers came */
	bool resumed; /* some may be answered: run without a wait */
	char address[LISTEN_ADDRESS_MAX];
};

static int64_t
wall_now(void)
{
	struct clock_reading now;

	clock_read(NULL, &now);
	return now.wall_ms;
}

/* Connections. */

static struct one_peer *
connection_of(struct MHD_Connection *peer)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		peer, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

static void
connection_start(struct hub_http *s, struct MHD_Connection *peer, void **slot)
{
	const union MHD_ConnectionInfo *fd = MHD_get_connection_info(
		peer, MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *from = MHD_get_connection_info(
		peer, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const union MHD_ConnectionInfo *tls = MHD_get_connection_info(
		peer, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	struct one_peer *c = peer_start(s->peers, fd ? fd->connect_fd : -1,
		from ? from->client_addr : NULL);

	peer_deadline(c, s->head_ms);
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
		peer_end(*slot);
		*slot = NULL;
	}
}

/* Requests. */

/* First of all, with the request line as it came. */
static void *
on_target(void *arg, const char *target, struct MHD_Connection *peer)
{
	struct request *q = mem_alloc(sizeof(*q));

	q->server = arg;
	q->peer = peer;
	q->target = mem_text(target);
	return q;
}

static void
waited_for_log(void *arg)
{
	struct request *q = arg;

	q->exchange.waiting = false;
	if (q->suspended) {
		MHD_resume_connection(q->peer);
		q->server->resumed = true;
	}
	q->suspended = false;
}

/* Nothing is read from it, and nothing asked of us, until its commit. */
static enum MHD_Result
suspend(struct request *q)
{
	q->suspended = true;
	MHD_suspend_connection(q->peer);
	return MHD_YES;
}

static void
on_completed(void *arg, struct MHD_Connection *peer, void **slot,
	enum MHD_RequestTerminationCode how)
{
	struct request *q = *slot;

	(void)arg;
	(void)how;
	if (!q)
		return;
	peer_deadline(connection_of(peer), q->server->head_ms);
	if (q->begun) {
		q->server->active--;
		exchange_end(&q->exchange);
	}
	free(q->target);
	free(q);
	*slot = NULL;
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

/* Bytes that a request says it will send; 0 where it does not say. */
static unsigned long long
announced_length(struct MHD_Connection *peer)
{
	const char *value = MHD_lookup_connection_value(
		peer, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);

	return value ? strtoull(value, NULL, 10) : 0;
}

static void
read_head(struct request *q, const char *method, struct exchange_head *head)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		q->peer, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

	*head = (struct exchange_head){
		.method = method,
		.target = q->target,
		.token = bearer(q->peer),
		.size = info ? info->header_size : 0,
		.length = announced_length(q->peer),
	};
}

static ssize_t
on_draw(void *arg, uint64_t at, char *out, size_t room)
{
	struct request *q = arg;
	size_t n = exchange_draw(&q->exchange, out, room);

	(void)at;
	return n ? (ssize_t)n : MHD_CONTENT_READER_END_OF_STREAM;
}

/* An answer that fits in one piece is sent with its length: 40 bytes of
 * headers, and no chunk marks. A longer one is drawn as the peer takes it. */
static struct MHD_Response *
response_of(struct request *q)
{
	struct exchange *x = &q->exchange;

	if (x->more)
		return MHD_create_response_from_callback(
			MHD_SIZE_UNKNOWN, PIECE_SIZE, on_draw, q, NULL);
	x->given += x->answer.len;
	return MHD_create_response_from_buffer(x->answer.len,
		(void *)(uintptr_t)buf_text(&x->answer), MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result
send_answer(struct request *q)
{
	struct MHD_Response *r = response_of(q);
	enum MHD_Result sent;
	char seconds[16];

	if (!r)
		return MHD_NO;
	if (q->exchange.retry_after) {
		snprintf(seconds, sizeof(seconds), "%d",
			q->exchange.retry_after);
		MHD_add_response_header(
			r, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
	}
	if (q->server->host.stopping)
		MHD_add_response_header(r, MHD_HTTP_HEADER_CONNECTION, "close");
	sent = MHD_queue_response(q->peer, (unsigned)q->exchange.status, r);
	MHD_destroy_response(r);
	return sent;
}

static enum MHD_Result
take_step(struct request *q, enum exchange_step step)
{
	switch (step) {
	case EXCHANGE_WAITS:
		return suspend(q);
	case EXCHANGE_ANSWERED:
		return send_answer(q);
	case EXCHANGE_GOES_ON:
		break;
	}
	return MHD_YES;
}

static enum exchange_step
begin_request(struct request *q, const char *method)
{
	struct exchange_head head;

	q->begun = true;
	q->server->active++;
	read_head(q, method, &head);
	return exchange_begin(&q->exchange, &q->server->host,
		connection_of(q->peer), q, &head);
}

static enum MHD_Result
on_request(void *arg, struct MHD_Connection *peer, const char *url,
	const char *method, const char *version, const char *bytes, size_t *len,
	void **slot)
{
	struct request *q = *slot;

	(void)arg;
	(void)peer;
	(void)url;
	(void)version;
	if (!q->begun)
		return take_step(q, begin_request(q, method));
	if (q->exchange.waiting)
		return suspend(q);
	if (*len) {
		exchange_take(&q->exchange, bytes, *len);
		*len = 0;
		return MHD_YES;
	}
	return take_step(q, exchange_over(&q->exchange));
}

/* Starting and ending. */

#define COMMON_OPTIONS                                             \
	MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, \
		(unsigned)HUB_HTTP_CONNECTIONS,                    \
		MHD_OPTION_PER_IP_CONNECTION_LIMIT,                \
		(unsigned)HUB_HTTP_FROM_ONE_ADDRESS,               \
		MHD_OPTION_CONNECTION_TIMEOUT,                     \
		(unsigned)HUB_HTTP_INACTIVITY_S,                   \
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL_SIZE,     \
		MHD_OPTION_URI_LOG_CALLBACK, on_target, s,         \
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,      \
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
		"NORMAL:-VERS-ALL:+VERS-TLS1.3", MHD_OPTION_END);
	if (!s->daemon)
		return why_set(why, ST_FILE,
			"TLS does not start: certificate and key must be PEM "
			"and belong together");
	if (gnutls_session_ticket_key_generate(&s->ticket_key) < 0)
		s->ticket_key.data = NULL;
	return ST_OK;
}

static enum status
start_daemon(struct hub_http *s, const struct hub_http_options *o, int fd,
	struct why *why)
{
	struct buf cert = BUF_INIT, key = BUF_INIT;
	enum status st;

	if (!o->cert_file)
		return start_plain(s, fd, why);
	st = listen_read_pem(o->cert_file, "certificate", &cert, why);
	if (!st)
		st = listen_read_pem(o->key_file, "key", &key, why);
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
	s->host.hub = h;
	s->host.group = group_new(h, waited_for_log, &s->host.traffic);
	s->peers = peers_new();
	s->host.door = door_new(o->a_minute);
	s->host.traffic.since_ms = wall_now();
	s->host.deadline_ms =
		(o->deadline_s ? o->deadline_s : HUB_HTTP_DEADLINE_S) *
		(int64_t)1000;
	s->head_ms = s->host.deadline_ms < HUB_HTTP_HEAD_S * 1000
			     ? s->host.deadline_ms
			     : HUB_HTTP_HEAD_S * 1000;
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

/* What was done is there for `stats`. */
static void
note_traffic(struct hub_http *s)
{
	struct buf json = BUF_INIT;

	traffic_json(&s->host.traffic, wall_now(), &json);
	s->host.note_at = 0;
	if (!hub_note_traffic(s->host.hub, buf_text(&json)))
		s->host.note_at = peers_now() + EXCHANGE_NOTE_MS;
	buf_release(&json);
}

static void
sooner(int64_t *wait, int64_t ms)
{
	if (ms >= 0 && (*wait < 0 || ms < *wait))
		*wait = ms;
}

static int
next_wait(struct hub_http *s, int64_t now)
{
	MHD_UNSIGNED_LONG_LONG ms;
	int64_t wait = peers_cut(s->peers);

	if (s->resumed)
		return 0;
	sooner(&wait, group_wait(s->host.group, now));
	if (s->host.note_at)
		sooner(&wait,
			s->host.note_at > now ? s->host.note_at - now : 0);
	if (MHD_get_timeout(s->daemon, &ms) == MHD_YES)
		sooner(&wait, (int64_t)ms);
	return wait > INT_MAX ? INT_MAX : (int)wait;
}

/* One round: what came, then one commit for all of it. */
static enum status
run_once(struct hub_http *s, struct why *why)
{
	enum MHD_Result ran;

	s->resumed = false;
	hub_read_together(s->host.hub, true);
	ran = MHD_run(s->daemon);
	hub_read_together(s->host.hub, false);
	if (ran != MHD_YES)
		return why_set(
			why, ST_FILE, "the HTTP server failed: start it again");
	group_commit(s->host.group, peers_now());
	if (s->host.note_at && peers_now() >= s->host.note_at)
		note_traffic(s);
	return ST_OK;
}

static enum status
wait_for_peers(
	struct hub_http *s, struct pollfd *fds, int64_t until, struct why *why)
{
	int64_t now = peers_now(), wait = next_wait(s, now);

	if (until >= 0)
		sooner(&wait, until > now ? until - now : 0);
	if (poll(fds, fds[1].fd < 0 ? 1 : 2, (int)wait) < 0 && errno != EINTR)
		return why_set(why, ST_FILE, "poll: %s", strerror(errno));
	return ST_OK;
}

/* Nobody new; what is under way is answered, within bounds. */
static enum status
finish_requests(struct hub_http *s, struct pollfd *fds, struct why *why)
{
	int64_t until = peers_now() + HUB_HTTP_STOP_S * 1000;
	int fd = MHD_quiesce_daemon(s->daemon);
	enum status st = ST_OK;

	if (fd >= 0)
		close(fd);
	s->host.stopping = true;
	fds[1].fd = -1;
	while (!st && s->active && peers_now() < until) {
		st = wait_for_peers(s, fds, until, why);
		if (!st)
			st = run_once(s, why);
	}
	return st;
}

enum status
hub_http_run(struct hub_http *s, int stop_fd, struct why *why)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	struct pollfd fds[2] = {{.events = POLLIN}, {.events = POLLIN}};
	enum status st = ST_OK;

	if (!info)
		return why_set(why, ST_FILE, "the HTTP server has no epoll");
	fds[0].fd = info->epoll_fd;
	fds[1].fd = stop_fd;
	while (!st) {
		st = wait_for_peers(s, fds, -1, why);
		if (!st && fds[1].revents)
			return finish_requests(s, fds, why);
		if (!st)
			st = run_once(s, why);
	}
	return st;
}

void
hub_http_free(struct hub_http *s)
{
	if (!s)
		return;
	group_end(s->host.group);
	if (s->daemon)
		MHD_stop_daemon(s->daemon);
	group_end(s->host.group);
	if (s->host.note_at)
		note_traffic(s);
	group_free(s->host.group);
	peers_free(s->peers);
	door_free(s->host.door);
	if (s->ticket_key.data)
		gnutls_free(s->ticket_key.data);
	free(s);
}
