/*
 * edit.h - one save by one person on one record, and its place in the log.
 *
 * An edit is immutable. Its identity is (replica, n), written 47.12. An entry
 * is an edit that reached the hub's log, with what the hub decided about it.
 */
#ifndef COMMON_EDIT_H
#define COMMON_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/digest.h"
#include "common/json.h"
#include "common/status.h"
#include "common/when.h"

struct edit_id {
	uint32_t replica; /* 0 is the hub itself */
	uint32_t n;	  /* 1, 2, 3 … in each replica; 0: no edit */
};
#define EDIT_ID_TEXT 24
/* clang-format off */
#define EDIT_ID_NONE ((struct edit_id){0, 0})
/* clang-format on */

bool edit_id_none(struct edit_id id);
bool edit_id_same(struct edit_id a, struct edit_id b);
void edit_id_text(struct edit_id id, char out[EDIT_ID_TEXT]); /* "" if none */
bool edit_id_parse(const char *text, struct edit_id *id);

/*
 * One field's new value. Two reserved names are no fields of any kind:
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

/* H(edit) and h_n = H(h_{n-1}, H(edit_n)): PROTOCOL.md, "Hashes". */
void edit_digest(const struct edit *e, struct digest *out);
void edit_chain(const struct digest *before, const struct digest *edit,
	struct digest *out);

/* What the hub decided about an entry, once, for ever. */
struct lost {
	char *field;
	struct edit_id against; /* the edit whose value stands */
};
struct standing {
	char *field;		/* a conflict after this entry */
	struct edit_id *losers; /* none left: it is closed */
	size_t count, cap;
};
struct verdict {
	char *held;    /* NULL, or why the whole edit is held: not applied */
	char *refused; /* NULL, or why it could not be decoded */
	struct lost *lost; /* every other field won */
	size_t lost_count, lost_cap;
	struct standing *standing;
	size_t standing_count, standing_cap;
	/* The same on the voids of records that this one leans on: `field` is
	 * their KIND/ID. */
	struct standing *beyond;
	size_t beyond_count, beyond_cap;
	/* Held edits that this entry decides: accepts where it sets fields,
	 * else declines. */
	struct edit_id *decides;
	size_t decide_count, decide_cap;
};
void verdict_release(struct verdict *v);
void verdict_lose(struct verdict *v, const char *field, struct edit_id against);
struct standing *verdict_stand(struct verdict *v, const char *field);
struct standing *verdict_stand_beyond(struct verdict *v, const char *record);
void standing_add(struct standing *s, struct edit_id loser);
void verdict_decide(struct verdict *v, struct edit_id held);
bool verdict_won(const struct verdict *v, const char *field);
/* Members "l", "x", "h", "j" (refused), "v" (decides) and "p" (beyond);
 * nothing where all won and nothing else was decided. */
void verdict_put(const struct verdict *v, struct buf *b); /* without braces */
MUST_CHECK enum status verdict_get(
	const cJSON *object, struct verdict *v, struct why *why);

void verdict_text(const struct verdict *v, struct buf *b);
MUST_CHECK enum status verdict_parse(
	const char *text, struct verdict *v, struct why *why);

struct entry {
	struct edit edit;
	int64_t seq;
	int64_t at;  /* stamp minted by the hub, ms */
	bool unsure; /* the age was reckoned by a clock that can be set */
	char *by;    /* badge of the member who wrote it; "" the hub itself */
	struct verdict verdict;
};
void entry_release(struct entry *e);

/* The leaf's hash, RFC 9162 with the hub's nonce: PROTOCOL.md, "Hashes". */
#define NONCE_SIZE 16
void entry_leaf(const struct entry *e, const uint8_t nonce[NONCE_SIZE],
	struct digest *out);

#endif
