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
#include "sync/hub_door.h"
#include "sync/hub_group.h"
#include "sync/hub_listen.h"
#include "sync/hub_peers.h"
#include "sync/hub_traffic.h"
#include "sync/message.h"

#define PIECE_SIZE ((size_t)64 << 10) /* of an answer, drawn at a time */
#define POOL_SIZE ((size_t)64 << 10)  /* memory of one connection */
#define BODY_STEP ((size_t)64 << 10)  /* of a body: it moves the deadline */
#define NOTE_EVERY_MS 10000	      /* traffic, where there was any */

/* One request on it. */
struct request {
	struct hub_http *server;
	struct one_peer *on;
	struct MHD_Connection *peer;
	char *target;	       /* as in the request line */
	struct hub_sync *sync; /* POST /v1/sync; else NULL */
	struct buf body;       /* of all other requests */
	struct buf answer;     /* what was drawn and not yet sent */
	size_t taken;	       /* bytes of the body that came */
	size_t given;	       /* bytes of the answer */
	int64_t busy_since;    /* boot ms: a call found the log busy; 0 no */
	int64_t ended_us;      /* when the last byte of it came; 0 not yet */
	int64_t answered_us;
	enum traffic_kind kind;
	int status;	 /* that was answered; 0: none */
	int retry_after; /* seconds, goes with it; 0: none */
	bool begun, over, more, counted;
	bool waiting, suspended; /* in the group; not read from meanwhile */
};

struct hub_http {
	struct hub *hub;
	struct group *group;
	bool resumed; /* some may be answered: run without a wait */
	struct door *door;
	struct traffic traffic;
	int64_t note_at; /* boot ms; 0: nothing new */
	struct MHD_Daemon *daemon;
	struct peers *peers;
	gnutls_datum_t ticket_key; /* resumption; no data in plain */
	int64_t deadline_ms, head_ms;
	int active; /* requests whose headers came */
	bool stopping;
	char address[LISTEN_ADDRESS_MAX];
};

static int64_t
boot_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

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
	q->on = connection_of(peer);
	q->peer = peer;
	q->target = mem_text(target);
	q->body.max = HUB_HTTP_CALL_MAX;
	return q;
}

static void
wait_for_log(struct request *q)
{
	group_add(q->server->group, q, q->sync);
	q->waiting = true;
}

static void
waited_for_log(void *arg)
{
	struct request *q = arg;

	q->waiting = false;
	if (q->suspended) {
		MHD_resume_connection(q->peer);
		q->server->resumed = true;
	}
	q->suspended = false;
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
	if (q->sync && !q->over && !q->waiting) {
		hub_sync_over(q->sync);
		if (hub_sync_waits(q->sync))
			wait_for_log(q);
	}
	if (q->waiting)
		group_leave(q->server->group, q);
	else
		hub_sync_free(q->sync);
}

/* Count it, once it is over. */
static void
count_request(struct request *q)
{
	struct hub_http *s = q->server;
	struct traffic *t = &s->traffic;
	struct sync_tally tally = {0};

	if (q->sync) {
		hub_sync_tally(q->sync, &tally);
		q->kind = tally.edits ? TRAFFIC_PUSH : TRAFFIC_POLL;
		t->verdicts.won += tally.verdicts.won;
		t->verdicts.lost += tally.verdicts.lost;
		t->verdicts.held += tally.verdicts.held;
		t->verdicts.refused += tally.verdicts.refused;
	}
	traffic_add(t, q->kind, q->status, (int64_t)q->taken, (int64_t)q->given,
		q->ended_us ? q->answered_us - q->ended_us : 0);
	if (!s->note_at)
		s->note_at = boot_now() + NOTE_EVERY_MS;
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
	peer_deadline(q->on, q->server->head_ms);
	if (q->begun) {
		q->server->active--;
		count_request(q);
	}
	leave_sync(q);
	buf_release(&q->body);
	buf_release(&q->answer);
	free(q->target);
	free(q);
	*slot = NULL;
}

static enum MHD_Result
send_response(struct request *q, int status, struct MHD_Response *r)
{
	enum MHD_Result sent;
	char seconds[16];

	if (!r)
		return MHD_NO;
	q->status = status;
	q->answered_us = now_us();
	if (q->retry_after) {
		snprintf(seconds, sizeof(seconds), "%d", q->retry_after);
		MHD_add_response_header(
			r, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
	}
	if (q->server->stopping)
		MHD_add_response_header(r, MHD_HTTP_HEADER_CONNECTION, "close");
	sent = MHD_queue_response(q->peer, (unsigned)status, r);
	MHD_destroy_response(r);
	return sent;
}

/* The text is copied: small answers only. */
static enum MHD_Result
send_text(struct request *q, int status, const struct buf *text)
{
	q->given += text->len;
	return send_response(q, status,
		MHD_create_response_from_buffer(text->len,
			(void *)(uintptr_t)buf_text(text),
			MHD_RESPMEM_MUST_COPY));
}

static enum MHD_Result
send_error(struct request *q, int status, const char *what)
{
	struct buf b = BUF_INIT;
	enum MHD_Result sent;

	buf_puts(&b, "{\"error\":");
	json_put_text(&b, what);
	buf_puts(&b, "}\n");
	sent = send_text(q, status, &b);
	buf_release(&b);
	return sent;
}

/* It may be asked again in `ms`. */
static enum MHD_Result
send_wait(struct request *q, int status, int64_t ms, const char *what)
{
	q->retry_after = (int)((ms + 999) / 1000);
	return send_error(q, status, what);
}

/* Who may ask. */

static const char *
address_of(const struct request *q)
{
	return q->on ? q->on->address : "";
}

static int64_t
take_stranger(struct request *q, enum door_limit limit)
{
	return door_stranger(q->server->door, limit, address_of(q), boot_now());
}

#define REPLICA_TEXT "this replica asks too often: wait, all edits are kept"
#define STRANGER_TEXT                                                   \
	"too many requests without a token of this hub come from your " \
	"address: wait"

/* Once its token is known; what it has brought is not taken then. */
static void
limit_sync(struct request *q)
{
	struct sync_tally tally;
	int64_t wait;

	hub_sync_tally(q->sync, &tally);
	if (q->counted || !tally.replica)
		return;
	q->counted = true;
	wait = door_replica(q->server->door, tally.replica, boot_now());
	peer_deadline(q->on, q->server->deadline_ms);
	if (!wait)
		return;
	q->retry_after = (int)((wait + 999) / 1000);
	hub_sync_give_up(q->sync, 429, REPLICA_TEXT);
}

/* Draw pieces until there are `want` bytes or the answer is over. */
static void
draw(struct request *q, size_t want)
{
	while (q->more && q->answer.len < want)
		hub_sync_answer(q->sync, &q->answer, &q->more);
	peer_deadline(q->on, q->server->deadline_ms);
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
	q->given += n;
	return (ssize_t)n;
}

/* An answer that fits in one piece is sent with its length: 40 bytes of
 * headers, and no chunk marks. A longer one is drawn as the peer takes it. */
static enum MHD_Result
answer_sync(struct request *q)
{
	struct sync_tally tally;
	int64_t wait = 0;
	int status = hub_sync_status(q->sync);

	if (q->taken > REQUEST_MAX)
		return send_error(q, MHD_HTTP_CONTENT_TOO_LARGE,
			"the request is larger than 64 MiB: send less in one "
			"request");
	hub_sync_tally(q->sync, &tally);
	if (!tally.replica)
		wait = take_stranger(q, DOOR_STRANGERS);
	if (wait)
		return send_wait(
			q, MHD_HTTP_TOO_MANY_REQUESTS, wait, STRANGER_TEXT);
	q->more = true;
	draw(q, PIECE_SIZE);
	if (!q->more)
		return send_text(q, status, &q->answer);
	return send_response(q, status,
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
	return now - q->busy_since >= GROUP_BUSY_S * 1000;
}

/* One that showed a token of ours counts for its replica, one that was not
 * answered well for its address. */
static void
count_call(struct request *q, int status)
{
	const char *token = bearer(q->peer), *mac;
	char badge[64 + 1];
	uint32_t number;

	if (q->kind == TRAFFIC_ENROLL) {
		if (status != 200)
			take_stranger(q, DOOR_ENROLMENTS);
	} else if (status == 200 && token &&
		   token_split(token, &number, badge, sizeof(badge), &mac)) {
		door_replica(q->server->door, number, boot_now());
	} else if (status != 200 || !token) {
		take_stranger(q, DOOR_STRANGERS);
	}
}

static enum MHD_Result
answer_call(struct request *q, const char *method)
{
	int status;

	if (q->taken > HUB_HTTP_CALL_MAX)
		return send_error(q, MHD_HTTP_CONTENT_TOO_LARGE,
			"the request is larger than 64 KiB: send less");
	status = hub_call_from(q->server->hub, q->on ? q->on->address : "",
		method, q->target, bearer(q->peer), buf_text(&q->body),
		q->body.len, &q->answer);
	if (status == 503 && !gave_up(q)) {
		buf_clear(&q->answer);
		group_add(q->server->group, q, NULL);
		q->waiting = true;
		return suspend(q, q->peer);
	}
	count_call(q, status);
	if (status == 503)
		q->retry_after = 1;
	return send_text(q, status, &q->answer);
}

/* Bytes that a request says it will send; 0 where it does not say. */
static unsigned long long
announced_length(struct MHD_Connection *peer)
{
	const char *value = MHD_lookup_connection_value(
		peer, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);

	return value ? strtoull(value, NULL, 10) : 0;
}

static int64_t
stranger_waits(struct request *q)
{
	return door_stranger_waits(q->server->door,
		q->kind == TRAFFIC_ENROLL ? DOOR_ENROLMENTS : DOOR_STRANGERS,
		address_of(q), boot_now());
}

/* What can be refused by the headers alone, before any of the rest is read;
 * *result is for libmicrohttpd then. */
static bool
refuse_early(struct request *q, enum MHD_Result *result)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		q->peer, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	bool is_sync = q->kind == TRAFFIC_POLL;
	int64_t wait;

	if (q->server->stopping)
		*result = send_wait(q, MHD_HTTP_SERVICE_UNAVAILABLE, 5000,
			"the hub is being stopped: try again soon");
	else if (info && info->header_size > HUB_HTTP_HEADERS_MAX)
		*result = send_error(q,
			MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE,
			"the headers are larger than 8 KiB: send fewer");
	else if (announced_length(q->peer) >
		 (is_sync ? REQUEST_MAX : (size_t)HUB_HTTP_CALL_MAX))
		*result = send_error(q, MHD_HTTP_CONTENT_TOO_LARGE,
			"the request is too large: send less in one request");
	else if (!is_sync && !bearer(q->peer) && (wait = stranger_waits(q)))
		*result = send_wait(
			q, MHD_HTTP_TOO_MANY_REQUESTS, wait, STRANGER_TEXT);
	else
		return false;
	return true;
}

static enum MHD_Result
begin_request(struct request *q, const char *method)
{
	struct hub_http *s = q->server;
	enum MHD_Result result = MHD_YES;

	q->begun = true;
	s->active++;
	q->kind = traffic_kind_of(method, q->target);
	if (!refuse_early(q, &result) && q->kind == TRAFFIC_POLL)
		q->sync = hub_sync_new(s->hub);
	return result;
}

static void
take_body(struct request *q, const char *bytes, size_t len)
{
	/* Whoever is known may take long, if it goes on. */
	if (q->counted && q->taken / BODY_STEP != (q->taken + len) / BODY_STEP)
		peer_deadline(q->on, q->server->deadline_ms);
	q->taken += len;
	if (!q->sync)
		buf_add(&q->body, bytes, len);
	else if (q->taken <= REQUEST_MAX)
		hub_sync_take(q->sync, bytes, len);
	if (q->sync)
		limit_sync(q);
	if (q->sync && hub_sync_waits(q->sync))
		wait_for_log(q);
}

/* The body is here. True: what it brought waits for the commit. */
static bool
end_body(struct request *q)
{
	if (!q->ended_us)
		q->ended_us = now_us();
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
		return begin_request(q, method);
	if (q->waiting)
		return suspend(q, peer);
	if (*len) {
		take_body(q, bytes, *len);
		*len = 0;
		return MHD_YES;
	}
	if (end_body(q))
		return suspend(q, peer);
	return q->sync ? answer_sync(q) : answer_call(q, method);
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
	s->hub = h;
	s->group = group_new(h, waited_for_log);
	s->peers = peers_new();
	s->door = door_new(o->a_minute);
	s->traffic.since_ms = wall_now();
	s->deadline_ms = (o->deadline_s ? o->deadline_s : HUB_HTTP_DEADLINE_S) *
			 (int64_t)1000;
	s->head_ms = s->deadline_ms < HUB_HTTP_HEAD_S * 1000
			     ? s->deadline_ms
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

	traffic_json(&s->traffic, wall_now(), &json);
	s->note_at = 0;
	if (!hub_note_traffic(s->hub, buf_text(&json)))
		s->note_at = boot_now() + NOTE_EVERY_MS;
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
	sooner(&wait, group_wait(s->group, now));
	if (s->note_at)
		sooner(&wait, s->note_at > now ? s->note_at - now : 0);
	if (MHD_get_timeout(s->daemon, &ms) == MHD_YES)
		sooner(&wait, (int64_t)ms);
	return wait > INT_MAX ? INT_MAX : (int)wait;
}

/* One round: what came, then one commit for all of it. */
static enum status
run_once(struct hub_http *s, struct why *why)
{
	s->resumed = false;
	if (MHD_run(s->daemon) != MHD_YES)
		return why_set(
			why, ST_FILE, "the HTTP server failed: start it again");
	group_commit(s->group, boot_now());
	if (s->note_at && boot_now() >= s->note_at)
		note_traffic(s);
	return ST_OK;
}

static enum status
wait_for_peers(
	struct hub_http *s, struct pollfd *fds, int64_t until, struct why *why)
{
	int64_t now = boot_now(), wait = next_wait(s, now);

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
	int64_t until = boot_now() + HUB_HTTP_STOP_S * 1000;
	int fd = MHD_quiesce_daemon(s->daemon);
	enum status st = ST_OK;

	if (fd >= 0)
		close(fd);
	s->stopping = true;
	fds[1].fd = -1;
	while (!st && s->active && boot_now() < until) {
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
	group_end(s->group);
	if (s->daemon)
		MHD_stop_daemon(s->daemon);
	group_end(s->group);
	if (s->note_at)
		note_traffic(s);
	group_free(s->group);
	peers_free(s->peers);
	door_free(s->door);
	if (s->ticket_key.data)
		gnutls_free(s->ticket_key.data);
	free(s);
}
