/*
 * checksum.h - what a book holds of each kind, as one number: two sides that
 * hold the same come to the same, in whatever order they look.
 * PROTOCOL.md, "Checksums".
 */
#ifndef COMMON_CHECKSUM_H
#define COMMON_CHECKSUM_H

#include "common/edit.h"
#include "common/replica.h"

struct checksum {
	char *kind;
	uint64_t sum;
};
struct checksums {
	struct checksum *items;
	size_t count, cap;
};
void checksums_release(struct checksums *c);
/* The one of this kind, made with 0 where there was none. */
struct checksum *checksums_kind(struct checksums *c, const char *kind);
bool checksums_same(const struct checksums *a, const struct checksums *b);

/* What is counted: that a record is there, the edit whose value stands in a
 * field, and each losing edit of a field's open conflict. */
#define CHECKSUM_RECORD 'r' /* field "", no edit */
#define CHECKSUM_CELL 'c'
#define CHECKSUM_LOSER 'l'
void checksums_add(struct checksums *c, char what, const char *kind,
	const char *id, const char *field, struct edit_id edit);

/*
 * Add the rows of a statement whose columns are what, kind, id, field,
 * replica, n: both sides look with one of their own.
 */
MUST_CHECK enum status checksums_add_rows(
	struct checksums *c, struct sql *db, sqlite3_stmt *s, struct why *why);

/* What this replica holds of a book. */
MUST_CHECK enum status checksums_read(struct replica *r, const char *book,
	struct checksums *out, struct why *why);

#endif
