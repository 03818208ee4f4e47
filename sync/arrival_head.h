/*
 * arrival_head.h - the head of an answer, taken into the replica: whether file
 * and hub agree on what was between them, how far the hub has our edits, which
 * books the member holds and which of them are lent.
 *
 * Every call is made inside a transaction.
 */
#ifndef SYNC_ARRIVAL_HEAD_H
#define SYNC_ARRIVAL_HEAD_H

#include "sync/arrival.h"

/*
 * Takes the head out of `f`. Sets a->turned where it put the file right for
 * the next request: nothing else of this answer counts then. Sets
 * a->counts.again where another request is to follow.
 */
MUST_CHECK enum status arrival_take_head(
	struct arrival *a, struct frame *f, struct why *why);

#endif
