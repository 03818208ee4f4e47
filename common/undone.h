/*
 * undone.h - own edits that were undone. Their numbers are used again, so a
 * form or draft of before, which says what it was typed over by such a number,
 * would name an edit that its author never saw.
 */
#ifndef COMMON_UNDONE_H
#define COMMON_UNDONE_H

#include "common/edit.h"
#include "common/replica.h"

/* This own edit is being undone: what it was written over is kept in mind. To
 * be called in the transaction that does. */
MUST_CHECK enum status undone_note(
	struct replica *r, const struct edit *e, struct why *why);

/* How many were undone so far. */
MUST_CHECK enum status undone_count(
	struct replica *r, int64_t *count, struct why *why);

/*
 * What `e` names as seen that was undone since there were `since`, becomes
 * what that was written over; or nothing, where more than UNDONE_MAX were
 * undone since.
 */
#define UNDONE_MAX 64
MUST_CHECK enum status undone_follow(
	struct replica *r, int64_t since, struct edit *e, struct why *why);

#endif
