/*
 * arrival.h - the frames of one answer, taken into the replica.
 *
 * Every call is made inside a transaction.
 */
#ifndef SYNC_ARRIVAL_H
#define SYNC_ARRIVAL_H

#include "common/replica.h"
#include "sync/engine.h"
#include "sync/message.h"

struct arrival {
	struct replica *r;
	struct hello hello;	    /* what the answer answers */
	struct clock_reading asked; /* when that was */
	bool spliced;		    /* the request had splices */
	int64_t cursor;		    /* seq the file holds, as far as we know */
	uint32_t number;	    /* the file's, when that was */
	struct head head;	    /* once it was taken */
	bool cursor_came, sums_came;
	bool turned;   /* the file was put right by the head: nothing follows */
	char *filling; /* the book whose records come, or NULL */
	struct sync_counts counts;
};
void arrival_release(struct arrival *a);

/* ST_LATER: another process moved the cursor, or was given a number for the
 * file, so this answer is stale. */
MUST_CHECK enum status arrival_check(struct arrival *a, struct why *why);

/* Takes what it keeps out of `f`. After it, and whether it is committed or
 * not, replica_reload where `turned` is set. */
MUST_CHECK enum status arrival_take(
	struct arrival *a, struct frame *f, struct why *why);

/*
 * What was to be taken contradicts what the file holds, as `said` has it, and
 * was rolled back: all books are to be filled anew beside what is there.
 * ST_DATA: that was done already in the last 24 hours of the hub's time.
 */
MUST_CHECK enum status arrival_contradicted(
	struct arrival *a, const struct why *said, struct why *why);

#endif
