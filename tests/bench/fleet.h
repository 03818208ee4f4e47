/* fleet.h - replicas as bare as can be, for a hub under load: each has a
 * token, a cursor, and a project of its own that it edits again and again. */
#ifndef TESTS_BENCH_FLEET_H
#define TESTS_BENCH_FLEET_H

#include "sync/hub.h"
#include "sync/message.h"

#define FLEET_BEATS 50 /* with one officer each, who have the replicas */

struct light {
	uint32_t number, n;
	char *token;
	struct digest chain; /* h_n */
	struct cursor cursor;
	struct names books;
	char level[16], profile[80]; /* as the head names them */
	struct edit_id over;	     /* its newest edit of its project */
	char beat[8];
	struct dated_edit waiting; /* of the request that is under way */
	bool pushing;
};

struct fleet {
	struct light *items;
	size_t count;
};

/* A new hub at `place` with `count` replicas, each filled, and a log of at
 * least `entries` entries on a beat that none of them holds. */
MUST_CHECK enum status fleet_make(const char *place, size_t count,
	int64_t entries, struct fleet *out, struct why *why);
void fleet_release(struct fleet *f);

/* The body of one's next request, with or without an edit; and its answer.
 * False: it is not a whole 200 answer, or did not confirm the edit. */
void light_ask(struct light *l, bool push, struct buf *body);
bool light_take(struct light *l, const char *answer, size_t len);

/* Is each confirmed edit in the log, once, and nothing else of theirs? */
MUST_CHECK enum status fleet_check(
	const struct fleet *f, const char *place, struct why *why);

#endif
