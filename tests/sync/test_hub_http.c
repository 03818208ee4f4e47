/* The HTTP shell around a hub: deadlines, headers, what breaks off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sync/hub_http.h"
#include "common/sql.h"
#include "tests/support/hubs.h"

struct setting {
	struct hubs hubs;
	struct peer peer; /* enrolled before the server started */
	const char *place;
	pid_t server;
	int stop; /* closing it ends the server */
	uint16_t port;
};

/* The server's process: a deadline of one second, any port, which it tells
 * through `tell`. */
static void
serve(const char *place, int tell, int stop)
{
	struct hub_http_options o = {
		.address = "127.0.0.1:0", .deadline_s = 1, .a_minute = 2};
	struct hub_http *s = NULL;
	struct hub *h = NULL;
	enum status st = hub_open(place, NULL, NULL, &h, NULL);

	if (!st)
		st = hub_http_new(h, &o, &s, NULL);
	if (!st)
		dprintf(tell, "%s\n", hub_http_address(s));
	close(tell);
	if (!st)
		st = hub_http_run(s, stop, NULL);
	hub_http_free(s);
	hub_close(h);
	_exit((int)st);
}

static int
setup(void **state)
{
	struct setting *t = mem_alloc(sizeof(*t));
	int told[2], stop[2];
	char line[80] = "";

	hubs_make(&t->hubs);
	peer_enroll(&t->peer, &t->hubs, "4471");
	hub_close(t->hubs.h);
	t->hubs.h = NULL;
	t->place = t->hubs.place;
	assert_int_equal(pipe(told) | pipe(stop), 0);
	t->server = fork();
	if (t->server == 0) {
		close(told[0]);
		close(stop[1]);
		serve(t->place, told[1], stop[0]);
	}
	close(told[1]);
	close(stop[0]);
	t->stop = stop[1];
	assert_true(read(told[0], line, sizeof(line) - 1) > 0);
	close(told[0]);
	t->port = (uint16_t)strtol(strchr(line, ':') + 1, NULL, 10);
	*state = t;
	return 0;
}

static int
teardown(void **state)
{
	struct setting *t = *state;
	int status = 0;

	if (t->stop >= 0)
		close(t->stop);
	if (t->server)
		waitpid(t->server, &status, 0);
	peer_release(&t->peer);
	if (!t->hubs.h)
		hubs_again(&t->hubs);
	hubs_verify(&t->hubs);
	hubs_remove(&t->hubs);
	free(t);
	return status;
}

static int
dial(const struct setting *t)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
		.sin_port = htons(t->port),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void
say(int fd, const char *text)
{
	assert_int_equal(
		send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* All that comes until the server closes. */
static void
hear(int fd, struct buf *out)
{
	char piece[4096];
	ssize_t n;

	while ((n = recv(fd, piece, sizeof(piece), 0)) > 0)
		buf_add(out, piece, (size_t)n);
	close(fd);
}

static void
assert_serves(const struct setting *t)
{
	struct buf got = BUF_INIT;
	int fd = dial(t);

	say(fd, "GET /v1/health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
		"\r\n");
	hear(fd, &got);
	assert_non_null(strstr(buf_text(&got), "HTTP/1.1 200 OK\r\n"));
	assert_non_null(strstr(buf_text(&got), "{\"ok\":true"));
	assert_null(strstr(buf_text(&got), "Date:"));
	buf_release(&got);
}

/* The connection ends long before the minute of silence that libmicrohttpd
 * allows: recv in hear() would wait for that. */
static void
assert_cut(const struct setting *t, const char *begin)
{
	struct buf got = BUF_INIT;
	int fd = dial(t);

	say(fd, begin);
	hear(fd, &got);
	assert_null(strstr(buf_text(&got), "200"));
	buf_release(&got);
	assert_serves(t);
}

static void
test_serves(void **state)
{
	assert_serves(*state);
}

static void
test_slow_headers(void **state)
{
	assert_cut(*state, "GET /v1/health HTTP/1.1\r\nHost:");
}

static void
test_slow_body(void **state)
{
	assert_cut(*state, "POST /v1/sync HTTP/1.1\r\nHost: h\r\n"
			   "Content-Length: 1000\r\n\r\n{");
}

static void
test_silent(void **state)
{
	assert_cut(*state, "");
}

static void
test_refused_before_reading(void **state)
{
	struct buf got = BUF_INIT;
	int fd = dial(*state);

	say(fd, "POST /v1/enroll HTTP/1.1\r\nHost: h\r\n"
		"Content-Length: 65537\r\n\r\n");
	hear(fd, &got);
	assert_non_null(strstr(buf_text(&got), " 413 "));
	assert_non_null(strstr(buf_text(&got), "{\"error\":\""));
	buf_release(&got);
	assert_serves(*state);
}

/* Chunked bodies say no length: what is past the bound is not kept. */
static void
test_chunks_past_the_bound(void **state)
{
	char chunk[4096 + 8];
	struct buf got = BUF_INIT;
	int fd = dial(*state);

	say(fd, "POST /v1/enroll HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
		"Transfer-Encoding: chunked\r\n\r\n");
	memcpy(chunk, "1000\r\n", 6);
	memset(chunk + 6, ' ', 4096);
	memcpy(chunk + 6 + 4096, "\r", 2);
	for (int i = 0; i < 17; i++) {
		say(fd, chunk);
		say(fd, "\n");
	}
	say(fd, "0\r\n\r\n");
	hear(fd, &got);
	assert_non_null(strstr(buf_text(&got), " 413 "));
	buf_release(&got);
}

/* A push with `edits` edits of its own, as the bytes of its request. */
static void
put_push(struct setting *t, int edits, struct buf *out)
{
	struct buf body = BUF_INIT;
	char title[24];

	for (int i = 0; i < edits; i++) {
		snprintf(title, sizeof(title), "push %d", i);
		peer_edit(&t->peer, "project/1-1", NULL, "title", title, NULL);
	}
	peer_request(&t->peer, &body);
	buf_printf(out,
		"POST /v1/sync HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
		"Content-Length: %zu\r\n\r\n",
		body.len);
	buf_add(out, body.data, body.len);
	buf_release(&body);
}

static struct sql *
open_log(const struct setting *t)
{
	struct sql *db;
	char path[128];

	snprintf(path, sizeof(path), "%s/hub.db", t->place);
	assert_int_equal(
		sql_open(path, SQL_EXISTING, "the log", &db, NULL), ST_OK);
	return db;
}

/* While another program writes, a push waits and all else is answered. */
static void
test_log_in_use(void **state)
{
	struct setting *t = *state;
	struct buf push = BUF_INIT, got = BUF_INIT;
	struct sql *db = open_log(t);
	char byte;
	int fd = dial(t);

	put_push(t, 1, &push);
	assert_int_equal(sql_begin(db, NULL), ST_OK);
	say(fd, buf_text(&push));
	assert_serves(t);
	assert_serves(t);
	assert_true(recv(fd, &byte, 1, MSG_DONTWAIT) < 0);
	sql_rollback(db);
	hear(fd, &got);
	assert_non_null(strstr(buf_text(&got), "HTTP/1.1 200 OK\r\n"));
	assert_non_null(strstr(buf_text(&got), "\"n\":1"));
	assert_non_null(strstr(buf_text(&got), "{\"end\":true}"));
	sql_close(db);
	buf_release(&push);
	buf_release(&got);
}

static int64_t
entries_of(const struct setting *t, uint32_t replica)
{
	struct sql *db = open_log(t);
	int64_t n;

	assert_int_equal(sql_int(db, 0, &n, NULL,
				 "SELECT count(*) FROM entry WHERE replica=?1",
				 "i", (int64_t)replica),
		ST_OK);
	sql_close(db);
	return n;
}

/* What came of a request before its connection broke is in the log. */
static void
test_broken_off(void **state)
{
	struct setting *t = *state;
	struct buf push = BUF_INIT, got = BUF_INIT;
	int fd = dial(t);

	put_push(t, 3, &push);
	buf_cut(&push, push.len - 10);
	say(fd, buf_text(&push));
	shutdown(fd, SHUT_WR);
	hear(fd, &got);
	assert_serves(t); /* in a later round than the commit */
	assert_int_equal(entries_of(t, t->peer.number), 2);
	buf_release(&push);
	buf_release(&got);
}

/* Five minutes' worth at once; then when to come again. */
static void
test_too_often(void **state)
{
	struct setting *t = *state;
	struct buf poll = BUF_INIT, got = BUF_INIT;

	put_push(t, 0, &poll);
	for (int i = 0; i < 11; i++) {
		int fd = dial(t);

		buf_clear(&got);
		say(fd, buf_text(&poll));
		hear(fd, &got);
		assert_non_null(strstr(buf_text(&got),
			i < 10 ? "HTTP/1.1 200 " : "HTTP/1.1 429 "));
	}
	assert_non_null(strstr(buf_text(&got), "Retry-After: "));
	assert_non_null(strstr(buf_text(&got), "{\"error\":\""));
	assert_serves(t);
	buf_release(&poll);
	buf_release(&got);
}

/* With this header besides, or "". */
static void
enroll_wrongly(struct setting *t, const char *header, struct buf *got)
{
	static const char body[] =
		"{\"badge\":\"4480\",\"code\":\"AAAA\",\"device\":\"d\"}";
	struct buf request = BUF_INIT;
	int fd = dial(t);

	buf_printf(&request,
		"POST /v1/enroll HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
		"%sContent-Length: %zu\r\n\r\n%s",
		header, strlen(body), body);
	buf_clear(got);
	say(fd, buf_text(&request));
	hear(fd, got);
	buf_release(&request);
}

/* Whoever guesses codes waits; whoever has a token does not, at the same
 * address. */
static void
test_guessing(void **state)
{
	struct setting *t = *state;
	struct buf poll = BUF_INIT, got = BUF_INIT;
	int fd;

	for (int i = 0; i < 20; i++)
		enroll_wrongly(t, "", &got);
	assert_non_null(strstr(buf_text(&got), "HTTP/1.1 401 "));
	enroll_wrongly(t, "", &got);
	assert_non_null(strstr(buf_text(&got), "HTTP/1.1 429 "));
	assert_non_null(strstr(buf_text(&got), "Retry-After: "));
	enroll_wrongly(t, "Authorization: Bearer 1.4480.AAAA\r\n", &got);
	assert_non_null(strstr(buf_text(&got), "HTTP/1.1 429 "));
	put_push(t, 0, &poll);
	fd = dial(t);
	say(fd, buf_text(&poll));
	buf_clear(&got);
	hear(fd, &got);
	assert_non_null(strstr(buf_text(&got), "HTTP/1.1 200 "));
	buf_release(&poll);
	buf_release(&got);
}

static void
ask_for_profile(struct setting *t, const char *token, struct buf *got)
{
	struct buf request = BUF_INIT;
	int fd = dial(t);

	buf_printf(&request,
		"GET /v1/profile HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
		"Authorization: Bearer %s\r\n\r\n",
		token);
	buf_clear(got);
	say(fd, buf_text(&request));
	hear(fd, got);
	buf_release(&request);
}

/* A token that is none of this hub's is no better than none. */
static void
test_tokens_of_nobody(void **state)
{
	struct setting *t = *state;
	struct buf got = BUF_INIT;
	int i = 0;

	do
		ask_for_profile(t, "1.4471.AAAA", &got);
	while (strstr(buf_text(&got), "HTTP/1.1 401 ") && ++i < 250);
	assert_non_null(strstr(buf_text(&got), "HTTP/1.1 429 "));
	assert_in_range(i, 200, 230);
	ask_for_profile(t, t->peer.token, &got);
	assert_non_null(strstr(buf_text(&got), "HTTP/1.1 200 "));
	buf_release(&got);
}

/* What is under way when it is told to stop is answered; nobody new is. */
static void
test_stopping(void **state)
{
	struct setting *t = *state;
	struct buf push = BUF_INIT, got = BUF_INIT;
	struct sql *db = open_log(t);
	int fd = dial(t), status = -1;

	put_push(t, 1, &push);
	assert_int_equal(sql_begin(db, NULL), ST_OK);
	say(fd, buf_text(&push));
	assert_serves(t);
	close(t->stop);
	t->stop = -1;
	sql_rollback(db);
	sql_close(db);
	hear(fd, &got);
	assert_non_null(strstr(buf_text(&got), "HTTP/1.1 200 OK\r\n"));
	assert_non_null(strstr(buf_text(&got), "\"n\":1"));
	assert_int_equal(waitpid(t->server, &status, 0), t->server);
	assert_int_equal(status, 0);
	t->server = 0;
	buf_release(&push);
	buf_release(&got);
}

/* What it did is there for others once it has ended. */
static void
test_traffic(void **state)
{
	struct setting *t = *state;
	struct buf push = BUF_INIT, got = BUF_INIT, json = BUF_INIT;
	int fd = dial(t);

	put_push(t, 3, &push);
	say(fd, buf_text(&push));
	hear(fd, &got);
	assert_serves(t);
	enroll_wrongly(t, "", &got);
	close(t->stop);
	t->stop = -1;
	waitpid(t->server, NULL, 0);
	t->server = 0;
	hubs_again(&t->hubs);
	assert_int_equal(hub_traffic(t->hubs.h, &json, NULL), ST_OK);
	assert_non_null(strstr(buf_text(&json), "\"pushes\":1,"));
	assert_non_null(strstr(buf_text(&json), "\"enrolments\":1,"));
	assert_non_null(strstr(buf_text(&json), "\"calls\":1,"));
	assert_non_null(strstr(buf_text(&json), "\"answered_unknown\":1,"));
	assert_null(strstr(buf_text(&json), "\"max_us\":0"));
	buf_release(&push);
	buf_release(&got);
	buf_release(&json);
}

/* What is decided after its connection is gone counts, too. */
static void
test_traffic_of_one_that_is_gone(void **state)
{
	struct setting *t = *state;
	struct buf push = BUF_INIT, got = BUF_INIT, json = BUF_INIT;
	struct sql *db = open_log(t);
	int fd = dial(t);

	put_push(t, 3, &push);
	buf_cut(&push, push.len - 10);
	assert_int_equal(sql_begin(db, NULL), ST_OK);
	say(fd, buf_text(&push));
	shutdown(fd, SHUT_WR);
	hear(fd, &got);
	sql_rollback(db);
	sql_close(db);
	assert_serves(t);
	close(t->stop);
	t->stop = -1;
	waitpid(t->server, NULL, 0);
	t->server = 0;
	hubs_again(&t->hubs);
	assert_int_equal(hub_traffic(t->hubs.h, &json, NULL), ST_OK);
	assert_int_equal(entries_of(t, t->peer.number), 2);
	assert_non_null(strstr(buf_text(&json), "\"edits_won\":2,"));
	buf_release(&push);
	buf_release(&got);
	buf_release(&json);
}

static void
refuse_address(struct setting *t, const char *address, const char *word)
{
	struct hub_http_options o = {.address = address};
	struct hub_http *s = NULL;
	struct hub *h = NULL;
	struct why why = {""};

	assert_int_equal(hub_open(t->place, NULL, NULL, &h, NULL), ST_OK);
	assert_int_equal(hub_http_new(h, &o, &s, &why), ST_USAGE);
	assert_null(s);
	assert_non_null(strstr(why.text, word));
	hub_close(h);
}

static void
test_addresses(void **state)
{
	static const char *const wrong[] = {"", "8440", "localhost:8440",
		"127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:8440",
		"[::1]", "1.2.3:x"};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		refuse_address(*state, wrong[i], "no address to listen on");
	refuse_address(*state, "0.0.0.0:0", "--plain-on-any-address");
	refuse_address(*state, "[::]:0", "--plain-on-any-address");
	refuse_address(*state, "192.0.2.1:80", "--plain-on-any-address");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {TEST(test_serves),
		TEST(test_slow_headers), TEST(test_slow_body),
		TEST(test_silent), TEST(test_refused_before_reading),
		TEST(test_chunks_past_the_bound), TEST(test_log_in_use),
		TEST(test_broken_off), TEST(test_too_often),
		TEST(test_guessing), TEST(test_tokens_of_nobody),
		TEST(test_stopping), TEST(test_traffic),
		TEST(test_traffic_of_one_that_is_gone), TEST(test_addresses)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
