/*
 * books.h - which books a record travels in, told from its own values and
 * those of the records it points to. The hub and the replica use the same
 * code over different storage.
 */
#ifndef COMMON_BOOKS_H
#define COMMON_BOOKS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"
#include "common/catalog.h"
#include "common/names.h"
#include "common/status.h"

#define BOOK_MAX 80 /* bytes of a book's name, with its NUL */

/* How to look at records while telling books. */
struct book_lookup {
	void *arg;
	/* The current value of one field into `out` (left empty: not set). */
	enum status (*value)(void *arg, const char *kind, const char *id,
		const char *field, struct buf *out, struct why *why);
	/* Badge of the member who made the record (left empty: unknown). */
	enum status (*author)(void *arg, const char *kind, const char *id,
		struct buf *out, struct why *why);
};

/*
 * Add to `books` the books of a record, never none: member:AUTHOR where
 * nothing else applies. Add to `leaned_on` (may be NULL) each KIND/ID that
 * was looked at on the way: when one of those changes, ask again.
 */
MUST_CHECK enum status books_of(const struct catalog *c,
	const struct book_lookup *look, const char *kind, const char *id,
	struct names *books, struct names *leaned_on, struct why *why);

/*
 * The member a record of a WRITERS_SELF kind is about: the first member on
 * its first book path (absence.member_id, absence_note.absence_id.member_id).
 * Their badge is added to `badge`; nothing if it cannot be told.
 */
MUST_CHECK enum status books_subject(const struct catalog *c,
	const struct book_lookup *look, const char *kind, const char *id,
	struct buf *badge, struct why *why);

/* dept, or unit: beat: member: with a name. */
bool book_name_ok(const char *name);

#endif
