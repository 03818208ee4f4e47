/*
 * shown.h - one record as it is shown: the hub's cells with the outbox laid
 * over them, each value with who set it, when, and by which edit.
 */
#ifndef COMMON_SHOWN_H
#define COMMON_SHOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/catalog.h"
#include "common/edit.h"
#include "common/sql.h"

/* The replica's tables and what is needed to read them. */
struct tables {
	struct sql *db;
	const struct catalog *catalog;
	const char *me; /* badge: writer of what is in the outbox */
};

struct record_value {
	char *text;	     /* canonical; "" not set */
	struct edit_id edit; /* whose value it is; none if never set */
	int64_t at;	     /* when that was written, ms */
	char *by;	     /* badge */
	bool unsent;	     /* that edit is in the outbox */
	bool conflict;	     /* an open conflict on this field */
};

struct record {
	const struct kind *kind;
	char *id;
	struct record_value *values; /* kind->field_count of them, by index */
	struct record_value void_value; /* the reason; "" not void */
	struct edit_id newest; /* the newest edit seen on the whole record */
	int64_t created_at, updated_at; /* ms */
	char *created_by, *updated_by;
	bool unsent; /* any of it */
};

/* *out belongs to the caller. ST_NOT_FOUND: nothing is held or written. */
MUST_CHECK enum status shown_read(const struct tables *t,
	const struct kind *kind, const char *id, struct record **out,
	struct why *why);
/* The same but for when and by whom it was made and last written, the newest
 * edit of it, and what is in conflict. */
MUST_CHECK enum status shown_values(const struct tables *t,
	const struct kind *kind, const char *id, struct record **out,
	struct why *why);
void record_free(struct record *rec); /* NULL is fine */

/* Another text in place of that of a record, which keeps a copy; its texts are
 * changed in no other way. */
void record_put(char **slot, const char *text);
void record_value_copy(
	struct record_value *to, const struct record_value *from);
/* Parts of it: a record without any value; which of its fields are in
 * conflict. */
struct record *record_blank(const struct kind *kind, const char *id);
MUST_CHECK enum status shown_conflicts(
	const struct tables *t, struct record *rec, struct why *why);
/* ST_NOT_FOUND, said in words. */
MUST_CHECK enum status shown_absent(
	const struct kind *kind, const char *id, struct why *why);

/* "" where it is not set or no field of this kind. */
const char *record_text(const struct record *rec, const char *field);
const struct record_value *record_value_of(
	const struct record *rec, const char *field);
const char *record_title(const struct record *rec); /* its id if it has none */

#endif
