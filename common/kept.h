/*
 * kept.h - queries that a person keeps on this device: by a name of their own,
 * as the filter of a list, as what was searched for before. They are part of
 * the replica's file and are never sent.
 */
#ifndef COMMON_KEPT_H
#define COMMON_KEPT_H

#include "common/replica.h"

enum kept {
	KEPT_SAVED,   /* by a name, of which there are at most KEPT_NAMES_MAX */
	KEPT_FILTER,  /* the name is the list's; the newest KEPT_FILTERS_MAX */
	KEPT_SEARCHED /* the name is the text; the newest KEPT_SEARCHED_MAX */
};
#define KEPT_NAMES_MAX 200
#define KEPT_FILTERS_MAX 200
#define KEPT_SEARCHED_MAX 30
#define KEPT_NAME_MAX 60 /* bytes of a name given by a person */

struct kept_query {
	char *name, *text;
};
struct kept_list {
	struct kept_query *items; /* the newest first */
	size_t count, cap;
};
void kept_list_release(struct kept_list *l);

/* Keep it, in place of one of the same name. ST_DATA: too many, or a name that
 * is none: empty, too long, or with control characters. */
MUST_CHECK enum status kept_put(struct replica *r, enum kept which,
	const char *name, const char *text, struct why *why);
/* Adds the text to `out`. ST_NOT_FOUND: there is none of this name. */
MUST_CHECK enum status kept_get(struct replica *r, enum kept which,
	const char *name, struct buf *out, struct why *why);
/* ST_NOT_FOUND: there is none of this name. */
MUST_CHECK enum status kept_drop(
	struct replica *r, enum kept which, const char *name, struct why *why);
MUST_CHECK enum status kept_read(struct replica *r, enum kept which,
	struct kept_list *out, struct why *why);

#endif
