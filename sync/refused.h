/* refused.h - that the hub refuses this replica, kept for who asks later. */
#ifndef SYNC_REFUSED_H
#define SYNC_REFUSED_H

#include "common/replica.h"

/* It refused, in these words; "": it took the replica. In a transaction of its
 * own, and only where that changes something; where it fails, what is kept
 * stays. */
void refused_note(struct replica *r, const char *said);

/* Its words are added to `said`, nothing while it does not refuse; and since
 * when it says so, hub time, ms. */
MUST_CHECK enum status refused_read(
	struct replica *r, struct buf *said, int64_t *since, struct why *why);

#endif
