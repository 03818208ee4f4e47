/*
 * entry.h - an edit that reached the hub's log: its place there, its stamp, and
 * what the hub decided about it.
 */
#ifndef COMMON_ENTRY_H
#define COMMON_ENTRY_H

#include "common/edit.h"

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
