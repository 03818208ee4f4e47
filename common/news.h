/*
 * news.h - records that others changed and that this person has not looked at
 * since. It is the file's own: nothing of it goes to the hub.
 *
 * What a book brings when it is filled for the first time is no news, nor what
 * waits for a decision, nor the hub's own housekeeping.
 */
#ifndef COMMON_NEWS_H
#define COMMON_NEWS_H

#include "common/replica.h"

struct news {
	char *kind, *id;
	int64_t first, last; /* seqs of the oldest and the newest change */
};
struct news_list {
	struct news *items;
	size_t count, cap;
};
void news_list_release(struct news_list *l);

/* What there is: how many records; when the oldest change was made, ms; the
 * seq of the newest. */
struct news_sum {
	int64_t count, since, last;
};
MUST_CHECK enum status news_sum(
	struct replica *r, struct news_sum *out, struct why *why);

/* The newest first, at most `limit` (0: all). */
MUST_CHECK enum status news_read(struct replica *r, int64_t limit,
	struct news_list *out, struct why *why);

/* The person looked at a record; or said that all up to `last` is known to
 * them. What came since stays. */
MUST_CHECK enum status news_seen(
	struct replica *r, const char *kind, const char *id, struct why *why);
MUST_CHECK enum status news_seen_all(
	struct replica *r, int64_t last, struct why *why);

/* The cursor moved: note what others changed up to there. To be called inside
 * the transaction that moved it. */
MUST_CHECK enum status news_gather(struct replica *r, struct why *why);
/* A book was filled at this head; the first ever is where news begin. */
MUST_CHECK enum status news_begin(
	struct replica *r, int64_t head, struct why *why);
/* What is after the fork was of another past. */
MUST_CHECK enum status news_fork(
	struct replica *r, int64_t fork, struct why *why);
/* The record is not held any more. */
MUST_CHECK enum status news_forget(
	struct replica *r, const char *kind, const char *id, struct why *why);

#endif
