/*
 * stuck.h - a link that breaks each time before one large edit is through.
 *
 * Edits go in order, and one that is cut is sent again from its beginning: one
 * that is larger than a connection lives for holds up all that came after it.
 */
#ifndef SYNC_STUCK_H
#define SYNC_STUCK_H

#include "common/replica.h"

#define STUCK_AFTER 3	 /* breaks with nothing new at the hub */
#define STUCK_BYTES 1500 /* of text: less is not what the link breaks on */

/*
 * A request with edits broke off while it was on its way, as `why` says. Where
 * that goes on, and the edit that is due is large, this is added to `why`. In a
 * transaction of its own; where that fails `why` stays as it is.
 */
void stuck_note(struct replica *r, struct why *why);

#endif
