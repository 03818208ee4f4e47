#include "common/looked.h"

#include <stdio.h>
#include <string.h>

#include "common/history.h"
#include "common/undone.h"

#define CONFIRMED_MAX 64 /* voids one over another, as at the hub */

enum status
looked_now(struct replica *r, struct looked *out, struct why *why)
{
	struct buf incarnation = BUF_INIT;
	enum status st = replica_meta_int(r, META_CURSOR, 0, &out->seq, why);

	if (!st)
		st = replica_meta(r, META_INCARNATION, &incarnation, why);
	snprintf(out->incarnation, sizeof(out->incarnation), "%s",
		buf_text(&incarnation));
	buf_release(&incarnation);
	return st ? st : undone_count(r, &out->undone, why);
}

enum status
looked_at_undone(struct replica *r, const struct looked *l, struct edit *e,
	struct why *why)
{
	return l ? undone_follow(r, l->undone, e, why) : ST_OK;
}

enum status
looked_at_void(struct replica *r, const struct looked *l, struct edit_id *id,
	struct why *why)
{
	struct looked now;
	struct edit_id in_force = *id;
	enum status st = looked_now(r, &now, why);
	int64_t upto = strcmp(now.incarnation, l->incarnation) ? 0 : l->seq;
	bool known = false;

	for (int i = 0; !st && !known && i < CONFIRMED_MAX; i++) {
		struct entry e;

		*id = in_force;
		if (edit_id_none(*id) ||
			id->replica == replica_identity(r)->number)
			return ST_OK;
		st = history_edit(r, *id, &e, why);
		known = !st && e.seq <= upto;
		in_force = st ? EDIT_ID_NONE : e.edit.saw_void;
		entry_release(&e);
	}
	if (!known)
		*id = EDIT_ID_NONE;
	return st == ST_NOT_FOUND ? ST_OK : st;
}
