#include "tests/bench/spent.h"

#include <time.h>

static double
clock_seconds(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

struct spent
spent_now(void)
{
	return (struct spent){clock_seconds(CLOCK_MONOTONIC),
		clock_seconds(CLOCK_PROCESS_CPUTIME_ID)};
}

struct spent
spent_less(struct spent all, struct spent part)
{
	return (struct spent){all.wall - part.wall, all.cpu - part.cpu};
}

struct spent
spent_since(struct spent start)
{
	return spent_less(spent_now(), start);
}

void
spent_add(struct spent *sum, struct spent more)
{
	sum->wall += more.wall;
	sum->cpu += more.cpu;
}
