/* message_splice.h - an edit's body on the wire, long values as splices. */
#ifndef SYNC_MESSAGE_SPLICE_H
#define SYNC_MESSAGE_SPLICE_H

#include "sync/message_members.h"

/* As edit_put_body; `v` is what was decided about it, NULL: nothing yet. */
void put_body(struct coder *c, const struct edit *e, const struct verdict *v,
	struct buf *out);

/*
 * Make plain texts of the splices in member f, before edit_get_body reads it.
 * ST_NOT_FOUND: one of them cannot be put together here.
 */
MUST_CHECK enum status join_body(struct coder *c, const cJSON *object,
	const char *kind, const char *id, struct why *why);

#endif
