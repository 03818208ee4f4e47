/*
 * inbox.h - what the hub sent, taken into the replica.
 *
 * Every call is made inside a transaction (sql_begin … sql_commit) together
 * with the cursor that covers it. All are idempotent: what was taken before
 * changes nothing. Kinds and fields the catalogue does not know are kept in
 * the log and the cells, and laid when it learns them.
 */
#ifndef COMMON_INBOX_H
#define COMMON_INBOX_H

#include "common/books.h"
#include "common/entry.h"
#include "common/replica.h"

/*
 * An entry of another replica, or one of our own with its values, on a
 * record that is held. Here, and wherever entries are taken: ST_DATA where its
 * seq is that of another edit or its edit has another seq, and no book is
 * being filled anew; nothing of the transaction is to be kept then.
 */
MUST_CHECK enum status inbox_entry(
	struct replica *r, const struct entry *e, struct why *why);

/* An entry that is held. Where its record is not made: in `would`, the held
 * books that it would be in. */
MUST_CHECK enum status inbox_held(struct replica *r, const struct entry *e,
	const struct names *would, struct why *why);

/* The verdict on our own edit n: e->edit has only its id. The values are
 * taken from the outbox, the edit is kept until durable. */
MUST_CHECK enum status inbox_verdict(
	struct replica *r, const struct entry *e, struct why *why);

/*
 * A record came into a held book. With entries: the whole current record
 * (its creating entry first, each trimmed to the fields that still stand, and
 * both sides of open conflicts, in order of seq), which replaces the record's
 * cells and conflicts. Without: it is held already or its entries follow.
 */
MUST_CHECK enum status inbox_enter(struct replica *r, const char *kind,
	const char *id, const char *book, const struct entry *entries,
	size_t count, struct why *why);

/* A record left a book: dropped unless another held book or an own edit
 * without verdict holds it. */
MUST_CHECK enum status inbox_leave(struct replica *r, const char *kind,
	const char *id, const char *book, struct why *why);

/* Drop a record that no held book and no own edit without verdict holds. */
MUST_CHECK enum status inbox_release(struct replica *r, const char *kind,
	const char *id, bool *released, struct why *why);

/* Books: begin (or go on) filling at head S; filled to the end; given up with
 * all records that no other book or outbox edit holds. */
MUST_CHECK enum status inbox_fill(
	struct replica *r, const char *book, int64_t head, struct why *why);
/* The last record that came of a book being filled. */
MUST_CHECK enum status inbox_fill_at(struct replica *r, const char *book,
	const char *kind, const char *id, struct why *why);
MUST_CHECK enum status inbox_filled(
	struct replica *r, const char *book, struct why *why);
/*
 * Fill this book anew beside what is there: its records stay, readable and
 * editable, until the hub has told all; then those leave it that did not come
 * again. Nothing where it is not held. A record that is in another book too,
 * and that one is whole, comes without its values: what is in doubt in more
 * than one book is to be refilled in all of them.
 */
MUST_CHECK enum status inbox_refill(
	struct replica *r, const char *book, struct why *why);
MUST_CHECK enum status inbox_refill_all(struct replica *r, struct why *why);
/* Adds to *gone how many records went with it. */
MUST_CHECK enum status inbox_drop_book(
	struct replica *r, const char *book, int64_t *gone, struct why *why);

/* The hub has our edits up to n; it can no longer lose entries up to seq. */
MUST_CHECK enum status inbox_confirmed(
	struct replica *r, uint32_t n, struct why *why);
MUST_CHECK enum status inbox_durable(
	struct replica *r, int64_t seq, struct why *why);

/* Books held, joined or filling. */
struct held_book {
	char *book;
	bool joined;
	bool begun;	 /* being filled, and the hub said from which head */
	int64_t head;	 /* that head */
	char *kind, *id; /* last record that came, or "" */
};
struct held_books {
	struct held_book *items;
	size_t count, cap;
};
void held_books_release(struct held_books *h);
MUST_CHECK enum status inbox_books(
	struct replica *r, struct held_books *out, struct why *why);

#endif
