/*
 * placing.h - where a record goes, told from what this replica shows: its
 * books, and the records it leans on.
 */
#ifndef COMMON_PLACING_H
#define COMMON_PLACING_H

#include "common/books.h"
#include "common/edit.h"
#include "common/replica.h"

/* The tables, with the making of one record laid over (may be NULL). */
struct placing {
	struct replica *r;
	const struct edit *over;
};
struct book_lookup placing_lookup(struct placing *p);

/* The void of the nearest record that a new one, which `e` makes, leans on:
 * its author sees that in force. Untouched where none is void. */
MUST_CHECK enum status placing_saw_void(struct replica *r, const struct edit *e,
	struct edit_id *out, struct why *why);

#endif
