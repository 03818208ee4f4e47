/*
 * past.h - a hub that does not know what this file knows of it: it was
 * restored from a backup, or lost its newest commits.
 *
 * What it lost of our own edits is unsent again. What it lost of others is set
 * aside: it stands nowhere any more, and is listed until it comes again from
 * those who wrote it. Books are filled anew beside what is there.
 */
#ifndef COMMON_PAST_H
#define COMMON_PAST_H

#include "common/replica.h"

/*
 * The log that this file was following and the hub's agree up to entry `fork`
 * (negative: that is not known), and the hub has our edits up to `n`. To be
 * called inside a transaction. *aside gets the number of entries set aside.
 */
MUST_CHECK enum status replica_fork(struct replica *r, int64_t fork, uint32_t n,
	int64_t *aside, struct why *why);

/*
 * The hub was restored, and has told all that it has: edits of a number that
 * this file had before, and that have no verdict, are lost there. They are
 * written again under the present one. To be called inside a transaction.
 */
MUST_CHECK enum status replica_adopt(
	struct replica *r, int64_t *count, struct why *why);

/*
 * The hub has our edits up to `n`, fewer than it confirmed, or others than we
 * wrote (`differs`): they are to be sent again from the newest one that is
 * surely the same. Where none is, the file will ask for a number of its own.
 * To be called inside a transaction.
 */
MUST_CHECK enum status replica_go_back(
	struct replica *r, uint32_t n, bool differs, struct why *why);

#endif
