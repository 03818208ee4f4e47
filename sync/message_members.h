/*
 * message_members.h - the members of one frame, read strictly.
 *
 * The first member that is missing or not of its form is remembered, and all
 * is told at the end by members_status(): a reader of a frame has no branches
 * for faults.
 */
#ifndef SYNC_MESSAGE_MEMBERS_H
#define SYNC_MESSAGE_MEMBERS_H

#include "common/books.h"
#include "common/json.h"
#include "common/when.h"
#include "sync/message.h"

#define INT_EXACT ((int64_t)1 << 53)
#define BOOKS_MAX 4096 /* names in one frame */
#define MARK_TEXT BASE64_SIZE(MARK_SIZE)

/* One line to an object, which is the caller's (cJSON_Delete). */
MUST_CHECK enum status message_parse(
	const char *line, size_t len, cJSON **out, struct why *why);

struct members {
	const cJSON *object;
	const char *bad; /* name of the first bad member, or NULL */
};

void member_bad(struct members *m, const char *name);
enum status members_status(
	const struct members *m, const char *frame, struct why *why);

/* The age of the next edit of a request; and the stamp that edit n is to have
 * by it, or where it was not in the request the stamp before. */
void coder_note_age(struct coder *c, int64_t age_ms);
int64_t coder_stamp_of(const struct coder *c, int64_t n);

/* An entry of the tail is what the next one is told against. */
void coder_note_entry(struct coder *c, const struct edit *e);

bool member_there(const struct members *m, const char *name);
/* Absent: 0. */
int64_t member_int(
	struct members *m, const char *name, int64_t min, int64_t max);
int64_t member_need_int(
	struct members *m, const char *name, int64_t min, int64_t max);
/* `base` plus the member (absent: 0), which must stay within the bounds. */
int64_t member_difference(struct members *m, const char *name, int64_t base,
	int64_t min, int64_t max);
/* Absent: NULL. Borrowed from the object. */
const char *member_text(struct members *m, const char *name, size_t max);
const char *member_need_text(struct members *m, const char *name, size_t max);
bool member_true(struct members *m, const char *name);
void member_mark(
	struct members *m, const char *name, const cJSON *node, uint8_t *mark);
/* "KIND/ID" of member r. */
void member_record(struct members *m, char **kind, char **id);
/* An array of names of books; absent: none. */
void member_books(struct members *m, const char *name, struct names *books);

/* Member k, checksums by kind. */
void member_sums(struct members *m, struct checksums *out);
void put_sums(struct buf *b, const struct checksums *c);

/* Writing. An integer of 0 says nothing and is left out by put_difference. */
void put_int(struct buf *b, const char *name, int64_t value);
void put_difference(struct buf *b, const char *name, int64_t value);
void put_mark(struct buf *b, const uint8_t mark[MARK_SIZE]); /* alone */
void put_record(struct buf *b, const char *kind, const char *id);
void put_names(struct buf *b, const char *name, const struct names *names);

#endif
