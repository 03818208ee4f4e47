#include "common/aside.h"

enum status
aside_read(struct replica *r, struct past *out, struct why *why)
{
	return history_of(r,
		sql_use(replica_sql(r),
			"SELECT -1,replica,n,at,unsure,by,kind,id,body,verdict "
			"FROM _aside ORDER BY at,replica,n",
			""),
		out, why);
}

enum status
aside_count(struct replica *r, int64_t *out, struct why *why)
{
	return sql_int(
		replica_sql(r), 0, out, why, "SELECT count(*) FROM _aside", "");
}

/*
 * The log has a replica's edits without gaps, so those before this one are in
 * it too, told or not. The hub's own are numbered anew after a restore, and
 * another copy's may have the number of the lost one: those stay listed.
 */
enum status
aside_came(struct replica *r, const struct entry *e, struct why *why)
{
	if (!e->edit.id.replica)
		return ST_OK;
	return sql_run(replica_sql(r), why,
		"DELETE FROM _aside WHERE replica=?1 AND n<=?2 AND NOT EXISTS("
		"SELECT 1 FROM _aside x WHERE x.replica=?1 AND x.n=?2 AND "
		"(x.kind<>?3 OR x.id<>?4))",
		"iiss", (int64_t)e->edit.id.replica, (int64_t)e->edit.id.n,
		e->edit.kind, e->edit.record);
}
