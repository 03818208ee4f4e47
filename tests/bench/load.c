/*
 * A hub under load, beside floors of the same run: libmicrohttpd answering
 * 200 with no work, and one SQLite commit after another. The load runs on the
 * same cores.
 *
 *     load HUB-PROGRAM FOLDER [SECONDS [REPLICAS [LONG-LOG]]]
 */
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/sql.h"
#include "tests/bench/storm.h"

#define SHORT_LOG 10000

static struct why why;
static bool missed;

static void
need(enum status st)
{
	if (!st)
		return;
	fprintf(stderr, "load: %s\n", why.text);
	exit((int)st);
}

struct server {
	pid_t pid;
	int port;
};

/* A child's port is the last number of its first line. */
static int
read_port(int fd)
{
	char line[128] = "";
	size_t n = 0;

	while (n < sizeof(line) - 1 && read(fd, line + n, 1) == 1 &&
		line[n] != '\n')
		n++;
	return strrchr(line, ':')
		       ? (int)strtol(strrchr(line, ':') + 1, NULL, 10)
		       : 0;
}

static void
serve_hub(const char *program, const char *place, struct server *s)
{
	int told[2];

	if (pipe(told) != 0)
		exit(74);
	s->pid = fork();
	if (s->pid == 0) {
		dup2(told[1], 1);
		close(told[0]);
		close(told[1]);
		execl(program, program, "-d", place, "serve", "--listen",
			"127.0.0.1:0", "--rate", "1000000", (char *)NULL);
		_exit(127);
	}
	close(told[1]);
	s->port = read_port(told[0]);
	close(told[0]);
}

static void
end_server(struct server *s)
{
	int status = -1;

	kill(s->pid, SIGTERM);
	waitpid(s->pid, &status, 0);
	if (status)
		fprintf(stderr, "load: the server ended with %d\n", status);
	missed = missed || status;
}

/* The floor of a request: the library, and an answer of two bytes. */
static enum MHD_Result
say_ok(void *arg, struct MHD_Connection *peer, const char *url,
	const char *method, const char *version, const char *bytes, size_t *len,
	void **slot)
{
	struct MHD_Response *r;
	enum MHD_Result sent;

	(void)arg, (void)url, (void)method, (void)version, (void)bytes;
	if (!*slot || *len) {
		*slot = peer;
		*len = 0;
		return MHD_YES;
	}
	r = MHD_create_response_from_buffer(
		3, (void *)(uintptr_t) "{}\n", MHD_RESPMEM_PERSISTENT);
	sent = MHD_queue_response(peer, 200, r);
	MHD_destroy_response(r);
	return sent;
}

static void
serve_nothing(struct server *s)
{
	int told[2];

	if (pipe(told) != 0)
		exit(74);
	s->pid = fork();
	if (s->pid == 0) {
		sigset_t stop;
		int got;
		struct MHD_Daemon *d;

		sigemptyset(&stop);
		sigaddset(&stop, SIGTERM);
		sigprocmask(SIG_BLOCK, &stop, NULL);
		d = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD |
					     MHD_USE_SUPPRESS_DATE_NO_CLOCK,
			0, NULL, NULL, say_ok, NULL,
			MHD_OPTION_CONNECTION_LIMIT, 1000u, MHD_OPTION_END);
		dprintf(told[1], "on 127.0.0.1:%d\n",
			d ? MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)
					->port
			  : 0);
		sigwait(&stop, &got);
		MHD_stop_daemon(d);
		_exit(0);
	}
	close(told[1]);
	s->port = read_port(told[0]);
	close(told[0]);
}

/* One row of what an edit's entry holds, durable before the next. */
static double
commits_a_second(const char *folder, double seconds)
{
	char *path = mem_printf("%s/floor.db", folder), row[600];
	struct timespec ts;
	struct sql *db;
	double began, t;
	int64_t n = 0;

	memset(row, 'x', sizeof(row));
	need(sql_open(path, SQL_CREATE, "the floor", &db, &why));
	need(sql_script(
		db, "CREATE TABLE e(n INTEGER PRIMARY KEY, row BLOB)", &why));
	clock_gettime(CLOCK_MONOTONIC, &ts);
	t = began = (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
	for (; t < began + seconds; n++) {
		need(sql_begin(db, &why));
		need(sql_run(db, &why, "INSERT INTO e(row) VALUES(?1)", "b",
			row, sizeof(row)));
		need(sql_commit(db, &why));
		clock_gettime(CLOCK_MONOTONIC, &ts);
		t = (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
	}
	sql_close(db);
	free(path);
	return (double)n / (t - began);
}

static double
a_second(const struct storm *s)
{
	return s->seconds > 0 ? (double)s->answers / s->seconds : 0;
}

static void
tell(const char *what, const struct storm *s)
{
	printf("%-44s %8.0f/s  p50 %7.2f  p99 %7.2f  max %7.2f ms  %lld "
	       "errors\n",
		what, a_second(s), s->p50_ms, s->p99_ms, s->max_ms,
		(long long)s->errors);
	fflush(stdout);
	missed = missed || s->errors || !s->answers;
}

static void
goal(const char *what, double ratio, double least, double most)
{
	bool met = ratio >= least && ratio <= most;

	printf("  %-42s %8.2f x  %s\n", what, ratio,
		met ? "reached" : "MISSED");
	fflush(stdout);
}

/* Processor seconds of a server so far. */
static double
spent_by(const struct server *s)
{
	char *path = mem_printf("/proc/%d/stat", (int)s->pid), text[1024];
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	unsigned long user = 0, system = 0;
	const char *after;

	text[n] = '\0';
	after = strrchr(text, ')');
	if (after)
		sscanf(after,
			") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
			&user, &system);
	if (f)
		fclose(f);
	free(path);
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

#define PAIRS 5 /* of which the medians are told */

struct rates {
	double polls, pushes;
	double polls_to_floor; /* median of pairs */
};

struct pair {
	struct storm floor, polls;
	double ratio;
	double floor_us, polls_us; /* of the server's processor, an answer */
};

static double
us_each(double seconds, const struct storm *s)
{
	return s->answers ? seconds * 1e6 / (double)s->answers : 0;
}

static int
by_ratio(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	return (x->ratio > y->ratio) - (x->ratio < y->ratio);
}

/* Both servers stand; the load goes from one to the other, so that what else
 * the machine does meets both. */
static struct pair
polls_beside_floor(
	struct fleet *f, size_t count, const struct server *hub, double seconds)
{
	struct pair p[PAIRS];
	struct server nothing;

	serve_nothing(&nothing);
	for (size_t i = 0; i < PAIRS; i++) {
		double began = spent_by(&nothing);

		need(storm_run(NULL, count, nothing.port, STORM_NOTHING,
			seconds / PAIRS, &p[i].floor, &why));
		p[i].floor_us =
			us_each(spent_by(&nothing) - began, &p[i].floor);
		began = spent_by(hub);
		need(storm_run(f, count, hub->port, STORM_POLLS,
			seconds / PAIRS, &p[i].polls, &why));
		p[i].polls_us = us_each(spent_by(hub) - began, &p[i].polls);
		p[i].ratio = a_second(&p[i].polls) / a_second(&p[i].floor);
	}
	end_server(&nothing);
	qsort(p, PAIRS, sizeof(*p), by_ratio);
	return p[PAIRS / 2];
}

static struct rates
measure(const char *program, const char *place, struct fleet *f, size_t count,
	double seconds, const char *name)
{
	struct rates r;
	struct pair p;
	struct server hub;
	struct storm s;
	char *polls = mem_printf("%s, empty polls", name);
	char *pushes = mem_printf("%s, pushes of one edit", name);

	serve_hub(program, place, &hub);
	/* The first takes what the others' fillings brought. */
	need(storm_run(f, f->count, hub.port, STORM_POLLS, 0.1, &s, &why));
	p = polls_beside_floor(f, count, &hub, seconds);
	tell("floor: libmicrohttpd, no work", &p.floor);
	tell(polls, &p.polls);
	printf("  processor of a poll %.1f us, of the floor's answer %.1f us\n",
		p.polls_us, p.floor_us);
	r.polls = a_second(&p.polls);
	r.polls_to_floor = p.ratio;
	need(storm_run(f, count, hub.port, STORM_PUSHES, seconds, &s, &why));
	tell(pushes, &s);
	r.pushes = a_second(&s);
	end_server(&hub);
	need(fleet_check(f, place, &why));
	free(polls);
	free(pushes);
	return r;
}

static void
all_at_once(
	const char *program, const char *place, struct fleet *f, double seconds)
{
	struct server hub;
	struct storm s;
	char *name = mem_printf("%zu replicas for %.0f s, 1 push to 9 polls",
		f->count, seconds);

	serve_hub(program, place, &hub);
	need(storm_run(f, f->count, hub.port, STORM_MIXED, seconds, &s, &why));
	tell(name, &s);
	end_server(&hub);
	need(fleet_check(f, place, &why));
	printf("  each confirmed edit is in the log once: %zu replicas\n",
		f->count);
	free(name);
}

int
main(int argc, char **argv)
{
	double seconds = argc > 3 ? strtod(argv[3], NULL) : 60;
	size_t count = argc > 4 ? strtoul(argv[4], NULL, 10) : 500;
	int64_t entries = argc > 5 ? strtoll(argv[5], NULL, 10) : 1000000;
	double some = seconds < 10 ? seconds : 10, floor_commits;
	struct fleet f = {0}, g = {0};
	struct rates small, large;
	char *place, *other;

	if (argc < 3)
		return 2;
	place = mem_printf("%s/short", argv[2]);
	other = mem_printf("%s/long", argv[2]);
	need(fleet_make(place, count, SHORT_LOG, &f, &why));
	floor_commits = commits_a_second(argv[2], some);
	printf("%-44s %8.0f/s\n", "floor: one commit after another",
		floor_commits);
	small = measure(argv[1], place, &f, count, some, "log of 10^4");
	goal("polls to the floor, goal 0.4", small.polls_to_floor, 0.4, 1e9);
	goal("pushes to the floor, goal 1", small.pushes / floor_commits, 1,
		1e9);
	all_at_once(argv[1], place, &f, seconds);
	if (entries > SHORT_LOG) {
		need(fleet_make(other, count, entries, &g, &why));
		large = measure(argv[1], other, &g, count, some, "long log");
		goal("polls, long to short log, within 20 %",
			large.polls / small.polls, 0.8, 1e9);
		goal("pushes, long to short log, within 20 %",
			large.pushes / small.pushes, 0.8, 1e9);
	}
	fleet_release(&f);
	fleet_release(&g);
	free(place);
	free(other);
	return missed;
}
