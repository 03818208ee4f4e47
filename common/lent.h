/*
 * lent.h - books that are held because they were asked for (`books +BOOK`):
 * to read, not to write.
 */
#ifndef COMMON_LENT_H
#define COMMON_LENT_H

#include "common/books.h"
#include "common/replica.h"

/* The profile's limit that must be "true" where beats are lent. */
#define LIMIT_LEND_BEATS "lend_beats"
#define ASKED_MAX 64 /* books one file may ask for */

/* The books asked for; sorted. */
MUST_CHECK enum status lent_asked(
	struct replica *r, struct names *out, struct why *why);
/* Ask for one more, or no longer. ST_DATA: too many. */
MUST_CHECK enum status lent_ask(
	struct replica *r, const char *book, bool wanted, struct why *why);

/* Those of the books held that the hub lends, as it said last. */
MUST_CHECK enum status lent_books(
	struct replica *r, struct names *out, struct why *why);
MUST_CHECK enum status lent_set(
	struct replica *r, const struct names *books, struct why *why);

/* A lent book by which alone this record is held: so it is read only. ""
 * where it is not held so. */
MUST_CHECK enum status lent_only(struct replica *r, const char *kind,
	const char *id, char book[BOOK_MAX], struct why *why);

/* Codes of the beats whose books are held of right, not lent; sorted. */
MUST_CHECK enum status lent_own_beats(
	struct replica *r, struct names *out, struct why *why);

#endif
