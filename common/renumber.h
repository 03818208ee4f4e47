/*
 * renumber.h - a file that is a copy goes on under a number of its own.
 *
 * The hub gives it (PROTOCOL.md, "Chains"). Own edits that the hub shares stay
 * as they are; the later ones are numbered from 1 under the new number, and
 * records that they made get ids of it, so that nothing collides with what
 * another copy wrote. Refs, what was seen and settled, and drafts follow.
 */
#ifndef COMMON_RENUMBER_H
#define COMMON_RENUMBER_H

#include "common/edit.h"
#include "common/replica.h"

struct renumbering {
	uint32_t number;
	const char *token;
	uint32_t upto; /* own edits up to this one are shared with the hub */
	uint32_t keep; /* records made by edits up to this one keep their ids:
			* others may know them */
};

/*
 * To be called inside a transaction; replica_reload when that is over, however
 * it ended. *renamed is increased by the number of records that got other ids.
 */
MUST_CHECK enum status replica_renumber(struct replica *r,
	const struct renumbering *to, int64_t *renamed, struct why *why);

/*
 * An edit that was made ready while the file had the number `was`, brought to
 * the names that records and edits have now. Nothing where it is the number
 * still.
 */
MUST_CHECK enum status renumber_edit(
	struct replica *r, uint32_t was, struct edit *e, struct why *why);

/* A record's id now, which was `id` while the file had the number `was`, added
 * to `out`. */
MUST_CHECK enum status renumber_id(struct replica *r, uint32_t was,
	const char *kind, const char *id, struct buf *out, struct why *why);

#endif
