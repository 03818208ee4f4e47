#include "sync/refused.h"

#include <string.h>

#define META_REFUSED "refused"		   /* the hub's words; "": none */
#define META_REFUSED_SINCE "refused_since" /* hub time, ms */

static enum status
keep(struct replica *r, const char *said, struct why *why)
{
	enum status st = replica_meta_set(r, META_REFUSED, said, why);

	return st ? st
		  : replica_meta_set_int(
			    r, META_REFUSED_SINCE, replica_hub_now(r), why);
}

void
refused_note(struct replica *r, const char *said)
{
	struct buf kept = BUF_INIT;
	struct sql *db = replica_sql(r);
	struct why why;
	enum status st = replica_meta(r, META_REFUSED, &kept, &why);
	bool same = !st && strcmp(buf_text(&kept), said) == 0;

	buf_release(&kept);
	if (st || same || sql_begin(db, &why))
		return;
	st = keep(r, said, &why);
	if (!st)
		st = sql_commit(db, &why);
	sql_rollback(db);
}

enum status
refused_read(
	struct replica *r, struct buf *said, int64_t *since, struct why *why)
{
	enum status st = replica_meta(r, META_REFUSED, said, why);

	return st ? st : replica_meta_int(r, META_REFUSED_SINCE, 0, since, why);
}
