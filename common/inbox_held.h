/*
 * inbox_held.h - held edits as the hub tells of them, kept beside the log so
 * that what waits is found without looking through it. Like inbox.h: inside a
 * transaction, and all idempotent.
 */
#ifndef COMMON_INBOX_HELD_H
#define COMMON_INBOX_HELD_H

#include "common/entry.h"
#include "common/replica.h"

/* An entry that is held was taken into the log. */
MUST_CHECK enum status inbox_held_note(
	struct replica *r, const struct entry *e, struct why *why);
/* Its record is not made, and would be in this book, which is held. */
MUST_CHECK enum status inbox_held_in(struct replica *r, struct edit_id held,
	const char *book, struct why *why);

/* What an entry decided about held edits: those of its verdict. */
struct decision {
	const struct verdict *verdict;
	int64_t seq, at;
	const char *by, *reason; /* reason NULL: none */
	bool accepted;
};
MUST_CHECK enum status inbox_held_decided(
	struct replica *r, const struct decision *d, struct why *why);

/* A record is no longer held: others' held edits of it go with it, but those
 * that would make it in a book that is still held. */
MUST_CHECK enum status inbox_held_forget(
	struct replica *r, const char *kind, const char *id, struct why *why);
/* A record comes whole: held edits of others that wait on it follow. */
MUST_CHECK enum status inbox_held_whole(
	struct replica *r, const char *kind, const char *id, struct why *why);
/* A record may only be read here, being in lent books alone: others' held edits
 * of it are not this member's to decide, and go. The second for all records. */
MUST_CHECK enum status inbox_held_if_lent(
	struct replica *r, const char *kind, const char *id, struct why *why);
MUST_CHECK enum status inbox_held_all_if_lent(
	struct replica *r, struct why *why);
/* A book was filled anew: what did not come again is no longer there. */
MUST_CHECK enum status inbox_held_filled(
	struct replica *r, const char *book, struct why *why);
/* A book is no longer held: so do those that would make records of it. */
MUST_CHECK enum status inbox_held_drop_book(
	struct replica *r, const char *book, struct why *why);
/* This member no longer decides: others' held edits go. */
MUST_CHECK enum status inbox_held_drop_all(struct replica *r, struct why *why);

#endif
