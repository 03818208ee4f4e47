/*
 * inbox_new.h - a whole record of which nothing is here yet, as most are in a
 * first filling: written without looking for what it might replace.
 */
#ifndef COMMON_INBOX_NEW_H
#define COMMON_INBOX_NEW_H

#include "common/entry.h"
#include "common/replica.h"

/*
 * The entries as in inbox_enter(). *taken false: there is something of it, or
 * of one of its entries, or they are not as a hub tells them. What was written
 * by then agrees with them, and the record is to be replaced.
 */
MUST_CHECK enum status inbox_new(struct replica *r, const char *kind,
	const char *id, const struct entry *entries, size_t count, bool *taken,
	struct why *why);

#endif
