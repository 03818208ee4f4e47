/*
 * hub_holders.h - what members hold now, remembered between requests: every
 * poll asks it twice, and it changes a few times a day.
 */
#ifndef SYNC_HUB_HOLDERS_H
#define SYNC_HUB_HOLDERS_H

#include "sync/hub_scope.h"

struct holders; /* opaque; bounded */

struct holders *holders_new(void);
void holders_free(struct holders *m); /* NULL is fine */
/*
 * As holder_read. `now` is hub time, not before any entry's stamp. Forgotten
 * with the next entry on a kind that says who holds what, and with the day.
 * Not in a write: what that has not committed must not be remembered.
 */
MUST_CHECK enum status holders_read(struct holders *m, struct hub_log *log,
	const char *badge, int64_t now, struct holder *out, struct why *why);

#endif
