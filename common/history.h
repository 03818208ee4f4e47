/* history.h - the log entries this replica holds, newest first. */
#ifndef COMMON_HISTORY_H
#define COMMON_HISTORY_H

#include "common/entry.h"
#include "common/replica.h"

/*
 * One entry of the log as this replica knows it. Own edits without a verdict
 * come first, with seq 0 and `at` as this device reckons it.
 */
struct past {
	struct entry *items;
	size_t count, cap;
};
void past_release(struct past *p);

/*
 * Entries of one record, or of all (kind and id NULL); at most `limit` (0:
 * all), those before `before` in seq (0: from the newest).
 */
MUST_CHECK enum status history_read(struct replica *r, const char *kind,
	const char *id, int64_t before, int64_t limit, struct past *out,
	struct why *why);

/* One edit, wherever it lies. ST_NOT_FOUND: not sent to this replica. */
MUST_CHECK enum status history_edit(struct replica *r, struct edit_id id,
	struct entry *out, struct why *why);

/* Entries from rows of seq, replica, n, at, unsure, by, kind, id, body and
 * verdict, all that the statement yields. */
MUST_CHECK enum status history_of(
	struct replica *r, sqlite3_stmt *s, struct past *out, struct why *why);

/* An entry as the JSON object of `log --json` (DESIGN.md section 10). */
void history_json(const struct entry *e, struct buf *out);

#endif
