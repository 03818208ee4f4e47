/*
 * request.h - the request of one sync: a hello, then the edits that the hub
 * has not confirmed. PROTOCOL.md, "Request".
 */
#ifndef SYNC_REQUEST_H
#define SYNC_REQUEST_H

#include "common/replica.h"
#include "sync/message.h"

/* A request is cut here, bytes of plain frames: the rest goes with the next. */
#define REQUEST_SOFT_MAX ((size_t)1 << 20)

/* "1" while the hub must be told the names of the books held, not their hash:
 * it did not know the hash, or gave books that have not come yet. */
#define META_NAME_BOOKS "name_books"

/* A splice did not fit. Own edits up to this n go whole; and "1" while the
 * hub is to send whole values, until an answer came to its end. */
#define META_WHOLE_UP "whole_up"
#define META_WHOLE_DOWN "whole_down"

/* Not 0 while edits went out and no head of an answer came back since: the hub
 * may have some of them. Where they are more than ASK_FIRST_BYTES the next
 * request asks for the head alone, which tells how far: else a link that
 * breaks each time before all are out would carry the same ones for ever. */
#define META_UNHEARD "unheard"
#define ASK_FIRST_BYTES 1024 /* of values, before deflating */

/* Hub time, ms, from which on checksums are asked for. */
#define META_SUMS_DUE "sums_due"
#define SUMS_EVERY_MS (INT64_C(24) * 60 * 60 * 1000)

/* Hub time, ms, at which books were filled anew because they were not as the
 * hub has them; and, of that, because it said otherwise than before. */
#define META_MENDED_AT "mended_at"
#define META_CONTRADICTED_AT "contradicted_at"

/* What this replica holds, into `h` (hello_release). */
MUST_CHECK enum status request_hello(
	struct replica *r, struct hello *h, struct why *why);

struct request_counts {
	struct clock_reading now; /* when it was made: ages count to it */
	int64_t sent;		  /* edits */
	struct ages *ages;	  /* to be filled; NULL: not wanted */
	bool more;		  /* some are left for another request, */
	uint32_t newest;	  /* up to this */
	int64_t spliced;	  /* values that went as splices */
};
/* A base_finder: what an edit that lies in this replica (`arg`) gave. */
MUST_CHECK enum status request_base(void *arg, const struct splice_base *at,
	struct buf *out, struct why *why);

/* The whole body, added to `out`. In a transaction: what it holds can no
 * longer be undone from its commit on. */
MUST_CHECK enum status request_write(struct replica *r, const struct hello *h,
	bool plain, struct buf *out, struct request_counts *counts,
	struct why *why);

/*
 * How long ago `written` was, ms, never negative. Within one boot by the boot
 * clock, which cannot be set. Over a reboot by the wall clock, each reading
 * corrected by `offset_ms` where that was learned in the reading's own boot
 * (`offset_boot`); then *unsure is true.
 */
int64_t edit_age(const struct clock_reading *written,
	const struct clock_reading *now, int64_t offset_ms,
	const char *offset_boot, bool *unsure);

#endif
