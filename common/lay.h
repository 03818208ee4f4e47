/*
 * lay.h - keeps the kinds' tables, links and full text equal to what is shown
 * (shown.h). Called inside a transaction with what caused the change.
 */
#ifndef COMMON_LAY_H
#define COMMON_LAY_H

#include "common/entry.h"
#include "common/shown.h"

/* Give the record its row number, which full text goes by: before anything of
 * it is laid. Nothing where it has one. */
MUST_CHECK enum status lay_register(const struct tables *t, const char *kind,
	const char *id, struct why *why);

/* Write these values alone into a record's row, made if need be. `at` and
 * `by` are of the edit that they come from. */
MUST_CHECK enum status lay_changes(const struct tables *t, const struct edit *e,
	int64_t at, const char *by, struct why *why);
/* The same but for full text: of an own edit, whose words are due then
 * (fulltext.h). */
MUST_CHECK enum status lay_values(const struct tables *t, const struct edit *e,
	int64_t at, const char *by, struct why *why);

/* Write the whole row anew; drop it where nothing is held or written. Does
 * nothing for a kind that the catalogue does not know. */
MUST_CHECK enum status lay_record(const struct tables *t, const char *kind,
	const char *id, struct why *why);

/* The same for a record of which nothing is laid yet, without reading back
 * what was just written: these entries, at least one, are all there is of it,
 * all applied and in order of seq. */
MUST_CHECK enum status lay_new(const struct tables *t, const char *kind,
	const char *id, const struct entry *entries, size_t count,
	struct why *why);

/* Is any edit of this record in the outbox without its verdict? */
MUST_CHECK enum status lay_pending(const struct tables *t, const char *kind,
	const char *id, bool *pending, struct why *why);

/* Canonical text as its column holds it, and back ("" for NULL). */
void lay_bind(sqlite3_stmt *s, int at, const struct field *f, const char *text);
void lay_column_text(
	sqlite3_stmt *s, int column, const struct field *f, struct buf *out);
/* Is what the column gives back the value that was laid? Equal numbers are
 * equal values. */
bool lay_same(const struct field *f, const char *a, const char *b);

#endif
