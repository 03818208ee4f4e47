/* crowd.h - a replica of many invented records, made from a seed. */
#ifndef TESTS_CROWD_H
#define TESTS_CROWD_H

#include "common/replica.h"

/* How many of each kind; 20,000 in all. */
#define CROWD_PROJECTS 5000
#define CROWD_UPDATES 10000
#define CROWD_CONTACTS 2000
#define CROWD_PROMISES 1500
#define CROWD_MEETINGS 1000
#define CROWD_PRIORITIES 500

/* Make it in a new file at `path`, for officer 4471 on beat 14B, as if a hub
 * had filled it in the 300 days up to now by `clock` (NULL: the machine's).
 * *out belongs to the caller. */
MUST_CHECK enum status crowd_make(const char *path, const struct clock *clock,
	struct replica **out, struct why *why);

#endif
