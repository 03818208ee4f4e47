/* Syncs that fail: what is said, and what they leave. */
#include "sync/client.h"

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

#include "common/buf.h"
#include "sync/stuck.h"
#include "tests/support/good.h"
#include "tests/support/syncing.h"

/* A server that takes whole requests: the first brings edits, the next asks what
 * the hub has of them, and so on by turns. */
struct server {
	pid_t child;
	char url[64];
};

static bool
is_whole(const struct buf *b)
{
	const char *end = strstr(buf_text(b), "\r\n\r\n");
	const char *length = strstr(buf_text(b), "Content-Length: ");

	return end && length &&
	       b->len >= (size_t)(end + 4 - b->data) +
				 strtoul(length + 16, NULL, 10);
}

static void
answer_one(int fd, const char *answer)
{
	struct buf request = BUF_INIT;
	char bytes[4096];
	ssize_t n;

	while (!is_whole(&request) && (n = read(fd, bytes, sizeof(bytes))) > 0)
		buf_add(&request, bytes, (size_t)n);
	send(fd, answer, strlen(answer), MSG_NOSIGNAL);
	buf_release(&request);
	close(fd);
}

#define HAS_NONE                                                          \
	"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"                    \
	"{\"t\":1784025065000,\"i\":\"inc1\",\"n\":0,\"d\":0}\n{\"end\":" \
	"true}\n"

/* "" closes the connection. */
static void
server_start(struct server *s, const char *to_edits)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	snprintf(s->url, sizeof(s->url), "http://127.0.0.1:%u",
		(unsigned)ntohs(a.sin_port));
	s->child = fork();
	if (s->child == 0)
		alarm(60); /* though the test fails */
	for (int i = 0; s->child == 0; i++)
		answer_one(accept(fd, NULL, NULL), i % 2 ? HAS_NONE : to_edits);
	close(fd);
}

static void
server_end(struct server *s)
{
	kill(s->child, SIGKILL);
	waitpid(s->child, NULL, 0);
}

/* Syncs in a row with a server that answers so, while a long text is due:
 * `why` is what the last of them says. */
static void
sync_often(const char *to_edits)
{
	struct sync_counts counts, last;
	struct client *c;
	struct fixture f;
	struct server s;
	char text[2000];

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	fixture_make(&f);
	fixture_save(&f, "project", "", "title", "Lake theft", "problem", text,
		"beat_ids", "35X", NULL);
	server_start(&s, to_edits);
	good(replica_meta_set(f.r, META_URL, s.url, &why));
	good(replica_reload(f.r, &why));
	good(client_new(f.r, &c, &why));
	for (int i = 0; i <= STUCK_AFTER; i++)
		assert_int_equal(client_sync(c, &counts, &why), ST_LATER);
	client_counts(c, &last);
	assert_int_equal(last.sent, 1);
	assert_int_equal(counts.sent, 1);
	client_free(c);
	server_end(&s);
	fixture_remove(&f);
}

#define SAYS_STUCK (strstr(why.text, "in one connection") != NULL)

static void
a_link_that_breaks(void **state)
{
	(void)state;
	sync_often("");
	assert_true(SAYS_STUCK);
}

/* The whole request came: no better link would help. */
static void
a_hub_that_is_busy(void **state)
{
	(void)state;
	sync_often("HTTP/1.1 503 Busy\r\nContent-Length: 29\r\n"
		   "Connection: close\r\n\r\n"
		   "{\"error\":\"busy: come again\"}\n");
	assert_non_null(strstr(why.text, "busy: come again"));
	assert_false(SAYS_STUCK);
}

/* A sync in a hurry takes more memory, as long as it goes on. */
static void
one_that_does_not_start(void **state)
{
	struct sync_counts counts;
	struct client *c;
	struct fixture f;
	int64_t before, after;

	(void)state;
	fixture_make(&f);
	fixture_open_again(&f);
	good(sql_int(
		replica_sql(f.r), 0, &before, &why, "PRAGMA cache_size", ""));
	good(replica_meta_set(f.r, META_URL, "http://127.0.0.1:1", &why));
	good(replica_meta_set_int(f.r, META_CONFIRMED, 2, &why));
	good(replica_reload(f.r, &why));
	good(client_new(f.r, &c, &why));
	assert_int_equal(client_sync(c, &counts, &why), ST_FILE);
	good(sql_int(
		replica_sql(f.r), 0, &after, &why, "PRAGMA cache_size", ""));
	assert_int_equal(after, before);
	client_free(c);
	fixture_remove(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_that_breaks),
		cmocka_unit_test(a_hub_that_is_busy),
		cmocka_unit_test(one_that_does_not_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
