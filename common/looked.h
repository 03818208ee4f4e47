/*
 * looked.h - when a person began to look: as their form or draft was opened.
 *
 * What came between that and the save they had not seen. The hub's log tells:
 * what stands there above the cursor of then came afterwards.
 */
#ifndef COMMON_LOOKED_H
#define COMMON_LOOKED_H

#include "common/edit.h"
#include "common/replica.h"

struct looked {
	int64_t seq;	      /* of the cursor then held; 0: nothing yet */
	char incarnation[24]; /* of the hub; its seqs are of one past */
	int64_t undone;	      /* own edits that were, until then */
};

MUST_CHECK enum status looked_now(
	struct replica *r, struct looked *out, struct why *why);

/* What `e` names as seen that was undone since becomes what that was written
 * over. Nothing where `l` is NULL. */
MUST_CHECK enum status looked_at_undone(struct replica *r,
	const struct looked *l, struct edit *e, struct why *why);

/*
 * *id is a void in force now: it becomes the one that was in force then, as
 * far as this one only confirms it, or none. One's own are known always.
 */
MUST_CHECK enum status looked_at_void(struct replica *r, const struct looked *l,
	struct edit_id *id, struct why *why);

#endif
