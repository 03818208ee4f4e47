#include "tests/bench/storm.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define EVENTS 128

struct line { /* one connection */
	struct light *who;
	int fd;
	struct buf out, in;
	size_t sent;
	double began;
	unsigned asked;
	bool busy;
};

struct weather {
	struct line *lines;
	size_t count, busy;
	int epoll, port;
	enum storm_kind kind;
	double until;
	float *took; /* ms */
	size_t took_count, took_cap;
	struct storm *out;
};

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static bool
dial(struct weather *w, struct line *l)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)w->port),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct epoll_event e = {.events = EPOLLIN, .data.ptr = l};
	int on = 1;

	l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return l->fd >= 0 &&
	       connect(l->fd, (struct sockaddr *)&a, sizeof(a)) == 0 &&
	       setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) ==
		       0 &&
	       epoll_ctl(w->epoll, EPOLL_CTL_ADD, l->fd, &e) == 0;
}

static void
fail(struct weather *w, struct line *l)
{
	w->out->errors++;
	w->busy -= l->busy;
	l->busy = false;
	close(l->fd);
	l->fd = -1;
}

/* Requests are small: they fit into the socket's buffer whole. */
static void
ask(struct weather *w, struct line *l)
{
	bool push = w->kind == STORM_PUSHES ||
		    (w->kind == STORM_MIXED && l->asked % 10 == 9);
	struct buf body = BUF_INIT;

	l->asked++;
	buf_clear(&l->out);
	buf_clear(&l->in);
	if (w->kind == STORM_NOTHING) {
		buf_puts(&l->out, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	} else {
		light_ask(l->who, push, &body);
		buf_printf(&l->out,
			"POST /v1/sync HTTP/1.1\r\nHost: h\r\n"
			"Content-Length: %zu\r\n\r\n",
			body.len);
		buf_add(&l->out, body.data, body.len);
		buf_release(&body);
	}
	l->began = now();
	l->busy = true;
	w->busy++;
	if (send(l->fd, l->out.data, l->out.len, MSG_NOSIGNAL) !=
		(ssize_t)l->out.len)
		fail(w, l);
}

/* The body's place, once all of it is here; NULL: not yet. */
static const char *
whole(const struct buf *in, size_t *len)
{
	const char *text = buf_text(in);
	const char *end = strstr(text, "\r\n\r\n");
	const char *length = end ? strstr(text, "Content-Length:") : NULL;

	if (!length || length > end)
		return NULL;
	*len = strtoul(length + 15, NULL, 10);
	end += 4;
	return in->len - (size_t)(end - in->data) >= *len ? end : NULL;
}

static void
note(struct weather *w, double ms)
{
	MEM_ROOM(w->took, w->took_count, w->took_cap);
	w->took[w->took_count++] = (float)ms;
}

static void
hear(struct weather *w, struct line *l)
{
	char piece[65536];
	ssize_t n = recv(l->fd, piece, sizeof(piece), MSG_DONTWAIT);
	const char *body;
	size_t len = 0;

	if (n <= 0) {
		if (n == 0 || errno != EAGAIN)
			fail(w, l);
		return;
	}
	buf_add(&l->in, piece, (size_t)n);
	body = whole(&l->in, &len);
	if (!body)
		return;
	note(w, (now() - l->began) * 1000);
	l->busy = false;
	w->busy--;
	w->out->answers++;
	if (strncmp(buf_text(&l->in), "HTTP/1.1 200 ", 13) != 0 ||
		(w->kind != STORM_NOTHING && !light_take(l->who, body, len))) {
		if (!w->out->errors)
			fprintf(stderr, "%.400s\n", buf_text(&l->in));
		w->out->errors++;
	}
	if (now() < w->until)
		ask(w, l);
}

static int
by_size(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return x < y ? -1 : x > y;
}

static void
sum_up(struct weather *w, double began)
{
	struct storm *out = w->out;

	out->seconds = now() - began;
	if (!w->took_count)
		return;
	qsort(w->took, w->took_count, sizeof(*w->took), by_size);
	out->p50_ms = w->took[w->took_count / 2];
	out->p99_ms = w->took[w->took_count * 99 / 100];
	out->max_ms = w->took[w->took_count - 1];
}

static void
blow(struct weather *w)
{
	struct epoll_event events[EVENTS];

	for (size_t i = 0; i < w->count; i++)
		ask(w, &w->lines[i]);
	while (w->busy) {
		int n = epoll_wait(w->epoll, events, EVENTS, 30000);

		for (int i = 0; i < n; i++)
			hear(w, events[i].data.ptr);
		if (n == 0) { /* half a minute without any answer */
			w->out->errors += (int64_t)w->busy;
			return;
		}
	}
}

enum status
storm_run(struct fleet *f, size_t count, int port, enum storm_kind kind,
	double seconds, struct storm *out, struct why *why)
{
	struct weather w = {.count = count,
		.port = port,
		.kind = kind,
		.out = out,
		.epoll = epoll_create1(EPOLL_CLOEXEC)};
	double began;
	enum status st = ST_OK;

	memset(out, 0, sizeof(*out));
	w.lines = mem_grow(NULL, count, sizeof(*w.lines));
	memset(w.lines, 0, count * sizeof(*w.lines));
	for (size_t i = 0; !st && i < count; i++) {
		w.lines[i].who = f ? &f->items[i] : NULL;
		if (!dial(&w, &w.lines[i]))
			st = why_set(why, ST_LATER, "connection %zu: %s", i,
				strerror(errno));
	}
	began = now();
	w.until = began + seconds;
	if (!st) {
		blow(&w);
		sum_up(&w, began);
	}
	for (size_t i = 0; i < count; i++) {
		if (w.lines[i].fd > 0)
			close(w.lines[i].fd);
		buf_release(&w.lines[i].in);
		buf_release(&w.lines[i].out);
	}
	free(w.lines);
	free(w.took);
	close(w.epoll);
	return st;
}
