/*
 * hub_void.h - voids against edits and children that were written without
 * knowledge of each other. PROTOCOL.md, "Voids".
 */
#ifndef SYNC_HUB_VOID_H
#define SYNC_HUB_VOID_H

#include "sync/hub_merging.h"

/* A void or unvoid: against the void in force and, if it hides the record,
 * against values and children that its author had not seen. */
MUST_CHECK enum status void_decide(
	struct merging *m, const struct change *change);

/* An edit of a void record whose author did not know that it is void. */
MUST_CHECK enum status void_check_seen(struct merging *m);

/*
 * The edit made a record, whose cells are written: where its author did not
 * know that a record it leans on is void, that is a conflict on that one's
 * void. Into the log, and into the verdict.
 */
MUST_CHECK enum status void_check_parents(struct merging *m);

#endif
