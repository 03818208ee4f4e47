/*
 * outbox.h - own edits: unsent, sent without a verdict yet, and kept until
 * the hub can no longer lose them.
 */
#ifndef COMMON_OUTBOX_H
#define COMMON_OUTBOX_H

#include "common/edit.h"
#include "common/replica.h"

/* An edit as it lies in the outbox. */
struct outbox_edit {
	struct edit edit;
	int64_t seq;   /* 0: no verdict yet */
	int64_t floor; /* not 0: its `seen` is of another past, or 0 as a book
			* was being filled; that of this log which it is sure
			* to be after */
};

/* Call back for each own edit with n > after, oldest first, until it returns
 * other than ST_OK, which is then returned. */
typedef enum status outbox_visit(
	void *arg, const struct outbox_edit *e, struct why *why);
MUST_CHECK enum status outbox_each(struct replica *r, uint32_t after,
	outbox_visit *visit, void *arg, struct why *why);

/* When the next own edit after n was written that was written in this boot;
 * *found is false where there is none. */
MUST_CHECK enum status outbox_next_in_boot(struct replica *r, uint32_t n,
	const char *boot_id, struct clock_reading *written, bool *found,
	struct why *why);

/* The hub has own edit n: h_n, base64. */
MUST_CHECK enum status outbox_chain(
	struct replica *r, uint32_t n, const char *chain, struct why *why);

struct outbox_counts {
	int64_t unsent, held, refused, conflicts, kept;
	int64_t to_decide; /* held edits that wait for this member */
};
MUST_CHECK enum status outbox_count(
	struct replica *r, struct outbox_counts *out, struct why *why);

/* Edits up to n are about to travel: from now on they cannot be undone. */
MUST_CHECK enum status outbox_sending(
	struct replica *r, uint32_t n, struct why *why);

/*
 * Undo the newest unsent edit of this member, while it is the newest edit of
 * the outbox and no sync is under way: it was never anywhere else. Gives its
 * record's name in `what`. ST_NOT_FOUND: nothing unsent to undo.
 */
MUST_CHECK enum status outbox_undo(
	struct replica *r, struct buf *what, struct why *why);

/* The same, and `keep` is told of the edit in the same transaction: its record
 * is by then as it was before it. Where it fails, nothing is undone. */
typedef enum status outbox_undone(
	void *arg, const struct edit *e, struct why *why);
MUST_CHECK enum status outbox_undo_keeping(struct replica *r,
	outbox_undone *keep, void *arg, struct buf *what, struct why *why);

#endif
