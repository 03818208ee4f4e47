/*
 * events.h - a run is a list of events, made up front from the seed; each
 * carries its own chance, so that any of them can be left out.
 */
#ifndef SIM_EVENTS_H
#define SIM_EVENTS_H

#include "tests/sim/world.h"

struct event {
	unsigned what;	 /* which of the table in events.c */
	unsigned device; /* by index, modulo those there are */
	int64_t pass;	 /* ms since the event before */
	uint64_t chance;
};

struct plan {
	unsigned devices;
	struct event *events;
	size_t count, cap;
};

/* The whole run of a seed. Released with plan_release(). */
void plan_make(struct plan *p, uint64_t seed);
void plan_release(struct plan *p);

void event_do(struct world *w, const struct event *e);
const char *event_name(const struct event *e);
/* Faults end, all clocks go on, and everybody syncs till nothing is left. */
void good_weather(struct world *w);

#endif
