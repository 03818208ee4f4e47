/*
 * held.h - edits that were not applied because the rights of the time they
 * were written did not allow it: their author sees them, and a supervisor who
 * holds the record decides.
 */
#ifndef COMMON_HELD_H
#define COMMON_HELD_H

#include "common/entry.h"
#include "common/replica.h"

struct held {
	struct entry entry; /* verdict.held says why */
	bool mine;
	bool deciding; /* this member decided, and that is not sent yet */
	bool decided, accepted;
	char *decider, *reason; /* badge; "" no reason was given */
	int64_t decided_at;	/* ms */
};
struct helds {
	struct held *items;
	size_t count, cap;
};
void held_release(struct held *h);
void helds_release(struct helds *l);

enum held_which {
	HELD_OPEN,   /* own ones that wait, and those this member may decide */
	HELD_DECIDED /* what was decided, as far as this replica was told */
};

/* Of one record, or of all (kind and id NULL), newest first; at most `limit`
 * (0: all). */
MUST_CHECK enum status held_read(struct replica *r, enum held_which which,
	const char *kind, const char *id, int64_t limit, struct helds *out,
	struct why *why);

/* One of them. ST_NOT_FOUND: no edit of this identity is held here. */
MUST_CHECK enum status held_find(struct replica *r, struct edit_id id,
	struct held *out, struct why *why);

/* How many own ones wait, and how many wait for this member. */
MUST_CHECK enum status held_count(
	struct replica *r, int64_t *mine, int64_t *waiting, struct why *why);

/*
 * Accept: an edit of this member's sets what the held one would have set,
 * over what they see now. Decline: an edit that sets nothing, with a reason
 * ("" none). Both name the held edit.
 * ST_NOT_FOUND: no such held edit, or decided already. ST_NOT_ALLOWED: not
 * a supervisor. Else as record_save.
 */
MUST_CHECK enum status held_accept(
	struct replica *r, struct edit_id id, struct why *why);
MUST_CHECK enum status held_decline(struct replica *r, struct edit_id id,
	const char *reason, struct why *why);

#endif
