/*
 * edit.h - one save by one person on one record. It is immutable.
 */
#ifndef COMMON_EDIT_H
#define COMMON_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/digest.h"
#include "common/edit_id.h"
#include "common/status.h"
#include "common/when.h"

/*
 * One field's new value. One reserved name is no field of any kind:
 * FIELD_VOID's value is the reason why the record is void, empty for none;
 * its `over` is the newest edit that was seen on the whole record.
 */
#define FIELD_VOID "void"
struct change {
	char *field;
	char *value;	     /* canonical text; "" empties the field */
	struct edit_id over; /* whose value the person was looking at */
};

/* A losing or held edit that this edit settles: field and that edit. */
struct settled {
	char *field;
	struct edit_id loser;
};

#define EDIT_REASON_MAX 200 /* bytes, one line */
struct edit {
	struct edit_id id;
	char *kind;
	char *record; /* the record's id, without its kind */
	struct change *changes;
	size_t count, cap;
	struct settled *settles;
	size_t settle_count, settle_cap;
	struct edit_id saw_void; /* the void the author saw in force, or none */
	char *reason;		 /* why a held edit is declined; NULL: none */
	int64_t seen;		 /* seq of the cursor the replica held; 0 of a
				  * void while a book was being filled */
	struct clock_reading written;
};

void edit_release(struct edit *e); /* and leaves it zeroed */
void edit_change(struct edit *e, const char *field, const char *value,
	struct edit_id over);
void edit_settle(struct edit *e, const char *field, struct edit_id loser);
/* Does it name that edit, on any field, as one that it settles? */
bool edit_settles(const struct edit *e, struct edit_id id);
const struct change *edit_find(const struct edit *e, const char *field);

/*
 * The body: changes, overs, settles and saw_void as one JSON object, as it is
 * stored and travels:
 *   {"f":{"stage":"analysis"},"o":{"stage":"47.3"},"z":{"goal":["48.2"]},
 *    "y":"47.9","d":"not on this beat"}
 * "o" is a plain text where all overs are the same edit; absent where none.
 */
void edit_put_body(const struct edit *e, struct buf *b); /* without braces */
void edit_put_rest(const struct edit *e, struct buf *b); /* all but "f" */
/* Read a body's members from an object that may hold others too. */
MUST_CHECK enum status edit_get_body(
	const cJSON *object, struct edit *e, struct why *why);

/* The same as a whole object, as stored. Reading back what is not one:
 * ST_FILE, the file is damaged. */
void edit_body_text(const struct edit *e, struct buf *b);
MUST_CHECK enum status edit_body_parse(
	const char *text, struct edit *e, struct why *why);
/* Any object as stored; *out is the caller's (cJSON_Delete). ST_FILE. */
MUST_CHECK enum status edit_stored(
	const char *text, cJSON **out, struct why *why);

/* H(edit) and h_n = H(h_{n-1}, H(edit_n)): PROTOCOL.md, "Hashes". */
void edit_digest(const struct edit *e, struct digest *out);
void edit_chain(const struct digest *before, const struct digest *edit,
	struct digest *out);

#endif
