/* storm.h - many connections at once, each with its next request as soon as
 * its last was answered: one thread, epoll, keep-alive. */
#ifndef TESTS_BENCH_STORM_H
#define TESTS_BENCH_STORM_H

#include <stdint.h>

#include "tests/bench/fleet.h"

struct storm {
	int64_t answers, errors;
	double seconds;
	double p50_ms, p99_ms, max_ms;
};

enum storm_kind {
	STORM_NOTHING, /* GET of what costs no work, for the floor */
	STORM_POLLS,
	STORM_PUSHES,
	STORM_MIXED /* nine polls to one push */
};

/* The first `count` of the fleet against 127.0.0.1:port for so long; then all
 * that is under way is waited for. */
MUST_CHECK enum status storm_run(struct fleet *f, size_t count, int port,
	enum storm_kind kind, double seconds, struct storm *out,
	struct why *why);

#endif
