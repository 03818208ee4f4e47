/*
 * query_clause.h - the terms of a query as SQL on one kind's table, which the
 * statement calls k: what is asked for, and in which order.
 */
#ifndef COMMON_QUERY_CLAUSE_H
#define COMMON_QUERY_CLAUSE_H

#include "common/names.h"
#include "common/nearest.h"
#include "common/query_terms.h"
#include "common/replica.h"

/* FROM and WHERE, and what is bound to them, in order. */
struct clause {
	struct replica *r;	 /* set by the caller, */
	const struct kind *kind; /* with this; all else zeroed */
	struct buf from;	 /* k, after what its words are found in */
	struct buf sql;
	struct names bound;
	bool any_void; /* void records were asked for */
};
void clause_release(struct clause *c);

/* All conditions; `in:` names this kind or none. ST_DATA: another, a field that
 * the kind has not, or a value
 * that is not of its type; `why` says what would be right. */
MUST_CHECK enum status clause_build(
	struct clause *c, const struct terms *all, struct why *why);
/* A statement of this text with what is bound; the clause must outlive its
 * stepping. */
sqlite3_stmt *clause_use(struct clause *c, const char *sql);
/* ORDER BY a field, "-" first reverses. ST_DATA: the kind has no such field. */
MUST_CHECK enum status clause_order(
	struct clause *c, const char *sort, struct buf *sql, struct why *why);

/* What is asked for as a field of any kind, and is none: beat, void. */
bool term_everywhere(const char *name);
/* A field of the kind, or one that every record has; NULL: neither. */
const struct field *term_field(const struct kind *k, const char *name);
/* All of the kind's, for "did you mean". */
void offer_fields(const struct kind *k, struct nearest *near);

#endif
