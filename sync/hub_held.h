/*
 * hub_held.h - held edits at the hub: whom they concern, and who decides.
 * PROTOCOL.md, "Held edits".
 */
#ifndef SYNC_HUB_HELD_H
#define SYNC_HUB_HELD_H

#include "sync/hub_scope.h"

/*
 * May the holder decide about the held edits that this one names? A
 * supervisor may who holds the record, or would, were it made.
 * ST_NOT_ALLOWED with the reason.
 */
MUST_CHECK enum status held_may_decide(struct hub_log *log,
	const struct entry *e, const struct holder *h, struct why *why);

/* This entry is held, and not in the log yet: keep it in mind, with the books
 * its record would be in where that is not made yet. */
MUST_CHECK enum status held_note(struct hub_log *log, const struct catalog *c,
	const struct entry *e, struct why *why);

/*
 * This entry is about to be merged: note in its verdict and in the log which
 * held edits it decides. *moot: another accepted them before; its values have
 * lost to those.
 */
MUST_CHECK enum status held_settle(
	struct hub_log *log, struct entry *e, bool *moot, struct why *why);

#endif
