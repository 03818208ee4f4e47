/*
 * query.h - the search language, turned into SQL on the replica's tables.
 *
 *   word "a phrase" field:value field:<v field:>v -field:v field: in:kind
 *
 * Words match full text (the last one also as a prefix). Dates take today,
 * -14d; `me` is the replica's member; sets and refs match any one item.
 * Codes and ids may be typed in any case. beat:CODE is what points to a beat,
 * is in its book, or belongs to that.
 * void records are left out unless `void:yes` or `void:any` is asked for.
 */
#ifndef COMMON_QUERY_H
#define COMMON_QUERY_H

#include "common/books.h"
#include "common/replica.h"

struct query {
	const char *kind; /* NULL: any (then `in:` may name one) */
	const char *text; /* what was typed */
	const char *sort; /* field, created_at, updated_at, id; "-" first
			     reverses; NULL: the kind's own order */
	int64_t limit;	  /* 0: all */
};

/* Ids of the records of one kind that match, in order. ST_DATA: the query is
 * wrong, with where and what would be right. ST_NOT_FOUND: no such kind. */
MUST_CHECK enum status query_ids(struct replica *r, const struct query *q,
	struct names *ids, struct why *why);

/* The same query with void records too or, where it asks for void ones in any
 * way, without them. True: they are asked for now. */
bool query_toggle_void(const char *text, struct buf *out);
/* Have all records that it finds the same choice in this field? */
bool query_holds(const char *text, const struct field *f);

/* One row of a find over all kinds, best match first. */
struct found {
	char *kind, *id, *title;
	char *snippet; /* text around the match, [brackets] around the words */
};
struct finds {
	struct found *items;
	size_t count, cap;
	size_t total; /* that match, within the limit or not */
};
void finds_release(struct finds *f);
/* A word alone that is a record's id finds that record before all others. Where
 * some thousands match, it is the newest here that come first. */
MUST_CHECK enum status query_find(struct replica *r, const char *text,
	int64_t limit, struct finds *out, struct why *why);

/* The kinds that have a record of this id, void ones included; an id may be
 * typed in any case, *as_kept gets how it is kept. */
MUST_CHECK enum status query_id(struct replica *r, const char *id,
	struct names *kinds, struct buf *as_kept, struct why *why);

#endif
