/*
 * tally.h - how many records a query gives: by what a field says, and week by
 * week.
 */
#ifndef COMMON_TALLY_H
#define COMMON_TALLY_H

#include "common/replica.h"

/* How many have this value; "" is those where it is not set. */
struct tally_item {
	char *value;
	int64_t count;
};
struct tally {
	struct tally_item *items;
	size_t count, cap;
	int64_t sum;
};
void tally_release(struct tally *t);
void tally_add(struct tally *t, const char *value, int64_t count);
/* One more of a value, of which there are few. */
void tally_one(struct tally *t, const char *value);
int64_t tally_of(const struct tally *t, const char *value);

/*
 * The records of `kind` that `text` (query.h) gives, by their values of a
 * field that holds one. Errors as query_ids; a kind or field that the
 * catalogue has not gives none.
 */
MUST_CHECK enum status tally_by(struct replica *r, const char *kind,
	const char *text, const char *field, struct tally *out,
	struct why *why);

/* How many there are. */
MUST_CHECK enum status tally_count(struct replica *r, const char *kind,
	const char *text, int64_t *out, struct why *why);

/* Weeks that end with the present moment, the oldest first. */
#define TALLY_WEEKS 12
struct tally_weeks {
	int64_t counts[TALLY_WEEKS];
	int64_t sum;
};

/* The same records by the week that a date or an instant lies in; what is
 * older, or to come, is left out. */
MUST_CHECK enum status tally_weeks(struct replica *r, const char *kind,
	const char *text, const char *field, struct tally_weeks *out,
	struct why *why);

/* Add the days or instants in the first column of all rows of `s`, as many as
 * the second says. */
MUST_CHECK enum status tally_weeks_of(struct replica *r, sqlite3_stmt *s,
	struct tally_weeks *out, struct why *why);

/* The day before those weeks: of instants, which are written in UTC, none of
 * them is before it. */
void tally_weeks_since(struct replica *r, char day[WHEN_MAX]);

#endif
