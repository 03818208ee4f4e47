/*
 * conflicts.h - fields that people set without having seen each other's
 * value: both sides, and how a person settles them.
 */
#ifndef COMMON_CONFLICTS_H
#define COMMON_CONFLICTS_H

#include "common/edit.h"
#include "common/replica.h"

/* One side of a conflict. */
struct side {
	struct edit_id edit;
	char *value;
	char *deed; /* against a void: what was done that it would hide, such
		       as "set title" or "made contact/2f-1a"; else "" */
	char *by;
	int64_t at;
	bool known; /* false: the edit was not sent to this replica */
};

struct conflict {
	char *kind, *id, *field;
	struct side won;   /* as shown: one's own unsent edit lies over it */
	struct side *lost; /* the losing branches' newest edits, one or more */
	size_t lost_count, lost_cap;
};
struct conflicts {
	struct conflict *items;
	size_t count, cap;
};
void conflicts_release(struct conflicts *c);

/*
 * Open conflicts this member is told of: as author of a side, or as sergeant
 * and above. Of one record, or of all (kind and id NULL).
 */
MUST_CHECK enum status conflicts_read(struct replica *r, const char *kind,
	const char *id, struct conflicts *out, struct why *why);

/* Is there one on that field that this member is told of? */
MUST_CHECK enum status conflict_is_open(struct replica *r, const char *kind,
	const char *id, const char *field, bool *open, struct why *why);

/*
 * Settle one: an edit over the winner that names all its losers. `value` NULL
 * keeps the winner's; else the value to write (the loser's, or a third).
 * ST_NOT_FOUND: no such open conflict. Else as record_save.
 */
MUST_CHECK enum status conflict_resolve(struct replica *r, const char *kind,
	const char *id, const char *field, const char *value, struct why *why);

#endif
