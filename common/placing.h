/*
 * placing.h - where a record goes, told from what this replica shows: its
 * books, and the records it leans on.
 */
#ifndef COMMON_PLACING_H
#define COMMON_PLACING_H

#include "common/books.h"
#include "common/edit.h"
#include "common/looked.h"
#include "common/replica.h"

/* The tables, with the making of one record laid over (may be NULL). */
struct placing {
	struct replica *r;
	const struct edit *over;
};
struct book_lookup placing_lookup(struct placing *p);

/* The void of the nearest record that a new one, which `e` makes, leans on:
 * its author saw that in force, `when` they began (NULL: now). Untouched where
 * none is void that they saw. */
MUST_CHECK enum status placing_saw_void(struct replica *r, const struct edit *e,
	const struct looked *when, struct edit_id *out, struct why *why);

#endif
