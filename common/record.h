/*
 * record.h - one record as it is shown, and saving an edit of it.
 *
 * What is shown is the hub's cells with the outbox laid over them.
 */
#ifndef COMMON_RECORD_H
#define COMMON_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "common/books.h"
#include "common/edit.h"
#include "common/looked.h"
#include "common/nearest.h"
#include "common/replica.h"
#include "common/shown.h"

/* *out belongs to the caller (record_free). ST_NOT_FOUND: none held. */
MUST_CHECK enum status record_load(struct replica *r, const char *kind,
	const char *id, struct record **out, struct why *why);

/*
 * The same for a row of a list, as its table has it: the texts of its kind's
 * columns, void, conflicts, whether any of it is unsent, by whom and when it
 * was made and last written. Other values, and whose edits they are, are not
 * read: no edit is to be made over it.
 */
MUST_CHECK enum status record_glance(struct replica *r, const char *kind,
	const char *id, struct record **out, struct why *why);

/* Is it held, void or not? `kind` must be one of the catalogue's. */
MUST_CHECK enum status record_exists(struct replica *r, const char *kind,
	const char *id, bool *exists, struct why *why);

/* "did you mean 14A? " or "": a piece of a sentence in `out`, on an id that no
 * record has. Of kinds whose ids are codes, which people write. */
const char *record_near(struct replica *r, const struct kind *k, const char *id,
	char out[NEAREST_HINT_MAX]);

/*
 * The id, as it is kept, of the record that was typed in any case: exactly so
 * where there is one, else an official code whatever its case, or an id in
 * small letters. As it was typed where none of these is held.
 */
MUST_CHECK enum status record_id_meant(struct replica *r, const char *kind,
	const char *typed, struct buf *out, struct why *why);
/* The same of one that a field names, KIND/ID where it takes any kind; and of
 * all in its value, which is replaced. */
MUST_CHECK enum status record_ref_meant(struct replica *r,
	const struct field *f, const char *typed, struct buf *out,
	struct why *why);
MUST_CHECK enum status record_refs_meant(struct replica *r,
	const struct field *f, char **value, struct why *why);
/* ST_NOT_FOUND: that there is none, in words for such a kind. */
enum status record_absent(struct replica *r, const struct kind *k,
	const char *id, struct why *why);

/* Title of any record by name: a new string; its id where it is not held. */
char *record_title_of(struct replica *r, const char *kind, const char *id);

/*
 * Save one edit. `e` holds kind, record ("" makes a new one and fills in its
 * id), changes with the overs the person saw, and the void they saw in force
 * (record_change sees to both); id, seen and written are filled in here. Group
 * members and, for a new record, defaults are completed.
 * Refused whole, nothing kept: ST_DATA (value, required field, unknown ref, a
 * field given twice), ST_NOT_ALLOWED, ST_NOT_FOUND (no such record), ST_FILE.
 * An edit that changes nothing is ST_OK and writes nothing (e->id stays none).
 */
MUST_CHECK enum status record_save(
	struct replica *r, struct edit *e, struct why *why);

/* The same for a person who began to look at `when`: what a new record leans
 * on is void to them if it was so then. */
MUST_CHECK enum status record_save_after(struct replica *r, struct edit *e,
	const struct looked *when, struct why *why);

/* May this member write that record, which is held? ST_NOT_ALLOWED with the
 * reason, as a save says it. */
MUST_CHECK enum status record_may_write(
	struct replica *r, const struct record *rec, struct why *why);
/* A change of `field` over what `rec` shows (NULL: a new record). */
void record_change(struct edit *e, const struct record *rec, const char *field,
	const char *value);

/* The person saw that `rec` is void, if it is: their edit says so. */
void record_saw(struct edit *e, const struct record *rec);

/* Void with a reason, and back. ST_DATA: no reason, or already so. */
MUST_CHECK enum status record_void(struct replica *r, const struct record *rec,
	const char *reason, struct why *why);
MUST_CHECK enum status record_unvoid(
	struct replica *r, const struct record *rec, struct why *why);

/*
 * Related records: those of kind `from` with a ref to kind/id in any field,
 * newest first, not void. Adds their ids.
 */
MUST_CHECK enum status record_related(struct replica *r, const char *kind,
	const char *id, const char *from, struct names *ids, struct why *why);

/* The record as the flat JSON object of DESIGN.md section 10. */
void record_json(const struct record *rec, struct buf *out);
/* The members of that object, to add more; closes nothing. */
void record_json_open(const struct record *rec, struct buf *out);

#endif
