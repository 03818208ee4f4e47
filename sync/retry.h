/*
 * retry.h - when the next sync is tried, from how the last ones went. Every
 * outcome sets a time for another: nothing but that is needed for an outbox
 * to empty once the hub is there again.
 */
#ifndef SYNC_RETRY_H
#define SYNC_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/status.h"

#define RETRY_EVERY_MS 300000 /* while all goes well */
#define RETRY_SOON_MS 5000    /* after a save */
#define RETRY_LONGEST_MS 3600000

/* Instants are of a clock in ms that never goes back. */
struct retry {
	int64_t next_at;
	int64_t not_before; /* the hub asked for that, or refused */
	int failures;	    /* in a row */
};

void retry_start(struct retry *r, int64_t now); /* the first is due now */
/*
 * A sync ended. ST_OK: in about 5 minutes. ST_REFUSED: the hub wants a
 * person to act, so 5 minutes, doubled to an hour. Else (not reached, a login
 * page, a full disk) 5 s, doubled to 5 minutes. All is spread by `random`, so
 * that a fleet does not come back at once; never before `retry_after_ms` (0:
 * not said) is over, and never later than RETRY_LONGEST_MS.
 */
void retry_ended(struct retry *r, enum status outcome, int64_t retry_after_ms,
	uint32_t random, int64_t now);
/* Something was saved: in 5 s, unless that is before not_before. */
void retry_soon(struct retry *r, int64_t now);

#endif
