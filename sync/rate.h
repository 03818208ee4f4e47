/*
 * rate.h - how often each of many may ask: token buckets in memory that is
 * bounded. A bucket holds `burst` and gains one each `every_ms`; one that is
 * full takes no room. Where there are more than the table holds, those that
 * are nearest to full are forgotten first.
 */
#ifndef SYNC_RATE_H
#define SYNC_RATE_H

#include <stdint.h>

struct rate_table; /* opaque */

struct rate_limit {
	int64_t every_ms; /* at least 1 */
	int64_t burst;	  /* at least 1 */
};

struct rate_table *rate_new(void);
void rate_free(struct rate_table *t); /* NULL is fine */
/* ms until this key has one; 0: it has. Clocks in ms that never go back. */
int64_t rate_wait(struct rate_table *t, const struct rate_limit *l,
	const char *key, int64_t now_ms);
/* The same, and take it where it has one. */
int64_t rate_take(struct rate_table *t, const struct rate_limit *l,
	const char *key, int64_t now_ms);

#endif
