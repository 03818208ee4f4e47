/* runs.h - one run of a plan, in a process of its own. */
#ifndef SIM_RUNS_H
#define SIM_RUNS_H

#include "tests/sim/events.h"

struct outcome {
	bool failed;
	struct buf text; /* "ORACLE: what it saw" */
};
void outcome_release(struct outcome *o);

/* Run those events of the plan whose `keep` is true (NULL: all), on a copy of
 * the world. `talks`: tell what happens on standard output. */
void run_plan(struct world *w, uint64_t seed, const struct plan *p,
	const bool *keep, bool talks, struct outcome *o);

/* Leave out what the failure does not need: `keep` says what stays. */
void run_shrink(struct world *w, uint64_t seed, const struct plan *p,
	bool *keep, struct outcome *o);

#endif
