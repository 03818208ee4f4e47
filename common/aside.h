/*
 * aside.h - entries of others that a hub has lost, and that stand nowhere any
 * more: kept and listed until they come again.
 */
#ifndef COMMON_ASIDE_H
#define COMMON_ASIDE_H

#include "common/history.h"
#include "common/replica.h"

/* Entries set aside, oldest first, added to `out`; their seq is -1. */
MUST_CHECK enum status aside_read(
	struct replica *r, struct past *out, struct why *why);
MUST_CHECK enum status aside_count(
	struct replica *r, int64_t *out, struct why *why);
/* This entry came: it and what its replica wrote before it are no longer
 * missing. */
MUST_CHECK enum status aside_came(
	struct replica *r, const struct entry *e, struct why *why);

#endif
