/* draft.h - what was typed and not saved, kept in the replica's file. */
#ifndef COMMON_DRAFT_H
#define COMMON_DRAFT_H

#include "common/books.h"
#include "common/replica.h"

#define DRAFT_MAX ((size_t)1 << 20) /* bytes of one draft's body */

/* `name` is the form's own, such as project/2f-1a or new/project_update/2f-1a;
 * `body` is JSON that the form understands. Replaces an older one. */
MUST_CHECK enum status draft_put(
	struct replica *r, const char *name, const char *body, struct why *why);
/* Adds the body to `out`; *at gets when it was put. ST_NOT_FOUND: none. */
MUST_CHECK enum status draft_get(struct replica *r, const char *name,
	struct buf *out, int64_t *at, struct why *why);
/* The draft gets this name and body, and keeps its age. */
MUST_CHECK enum status draft_move(struct replica *r, const char *name,
	const char *now, const char *body, struct why *why);
MUST_CHECK enum status draft_drop(
	struct replica *r, const char *name, struct why *why);
/* Names of all drafts, newest first. */
MUST_CHECK enum status draft_list(
	struct replica *r, struct names *out, struct why *why);

#endif
