/* query_terms.h - the search language taken apart, before any table is
 * looked at. */
#ifndef COMMON_QUERY_TERMS_H
#define COMMON_QUERY_TERMS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"
#include "common/status.h"

enum compare {
	COMPARE_EQUAL,
	COMPARE_BELOW,
	COMPARE_TO, /* at most */
	COMPARE_ABOVE,
	COMPARE_FROM /* at least */
};

struct term {
	char *field; /* NULL: a word or phrase */
	char *value;
	enum compare how;
	bool negated;
	bool phrase;	/* was quoted */
	size_t at, len; /* bytes of the text that it is */
};

struct terms {
	struct term *items;
	size_t count, cap;
	const char *lone_word; /* the only word, which may be an id; borrowed */
};
void terms_release(struct terms *t);

/* ST_DATA: a quote that is not closed, more than 4,096 bytes or 200 terms. */
MUST_CHECK enum status terms_parse(
	const char *text, struct terms *out, struct why *why);

/* The value of `in:`, or NULL. */
const char *terms_kind(const struct terms *t);
/* Only words, none of them negated? */
bool terms_plain(const struct terms *t);
/* Any words, negated or not? */
bool terms_words(const struct terms *t);
/* The (not) negated words as an FTS5 expression: all of them, or any of the
 * negated ones. False: there are none. */
bool terms_match(const struct terms *t, bool negated, struct buf *out);

#endif
