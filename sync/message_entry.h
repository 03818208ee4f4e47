/*
 * message_entry.h - entries, verdicts and decisions of an answer, told against
 * those that came before in it: PROTOCOL.md, "Answer".
 */
#ifndef SYNC_MESSAGE_ENTRY_H
#define SYNC_MESSAGE_ENTRY_H

#include "sync/message_members.h"

/* Members s and a: whole in a filling, else from the frame before. */
void put_seq(struct coder *c, int64_t seq, struct buf *out);
int64_t get_seq(struct members *m, struct coder *c);
int64_t get_at(struct members *m, struct coder *c);

/* Writing, without braces. Each takes of the frame what message.h says. */
void put_entry(struct coder *c, const struct frame *f, struct buf *out);
void put_verdict(struct coder *c, const struct frame *f, struct buf *out);
void put_decided(struct coder *c, const struct frame *f, struct buf *out);
void put_held(struct coder *c, const struct frame *f, struct buf *out);
void put_whole(struct coder *c, const struct frame *f, struct buf *out);

/*
 * Reading into a frame whose type is set. What is wrong with a member is
 * remembered in `m`, or ST_DATA. ST_NOT_FOUND: a splice cannot be put together
 * here.
 */
MUST_CHECK enum status get_entry(
	struct members *m, struct coder *c, struct frame *f, struct why *why);
MUST_CHECK enum status get_verdict(
	struct members *m, struct coder *c, struct frame *f, struct why *why);
MUST_CHECK enum status get_decided(
	struct members *m, struct coder *c, struct frame *f, struct why *why);
/* Kind and id first: of get_held by itself, of get_whole by the caller. */
MUST_CHECK enum status get_held(
	struct members *m, struct coder *c, struct frame *f, struct why *why);
MUST_CHECK enum status get_whole(
	struct members *m, struct coder *c, struct frame *f, struct why *why);

#endif
