#include "common/draft.h"

#include <string.h>

enum status
draft_put(
	struct replica *r, const char *name, const char *body, struct why *why)
{
	struct clock_reading now;

	if (strlen(body) > DRAFT_MAX)
		return why_set(why, ST_DATA,
			"the draft is larger than %zu bytes: save it in parts",
			DRAFT_MAX);
	replica_now(r, &now);
	return sql_run(replica_sql(r), why,
		"INSERT INTO _draft(name,body,at) VALUES(?1,?2,?3) "
		"ON CONFLICT(name) DO UPDATE SET body=?2, at=?3",
		"ssi", name, body, now.wall_ms);
}

enum status
draft_get(struct replica *r, const char *name, struct buf *out, int64_t *at,
	struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s = sql_use(
		db, "SELECT body,at FROM _draft WHERE name=?1", "s", name);
	bool row;
	enum status st = sql_step(db, s, &row, why);

	if (st)
		return st;
	if (!row)
		return why_set(why, ST_NOT_FOUND, "no draft of %s", name);
	buf_puts(out, sql_column(s, 0));
	*at = sqlite3_column_int64(s, 1);
	sqlite3_reset(s);
	return ST_OK;
}

enum status
draft_move(struct replica *r, const char *name, const char *now,
	const char *body, struct why *why)
{
	return sql_run(replica_sql(r), why,
		"UPDATE OR REPLACE _draft SET name=?2,body=?3 WHERE name=?1",
		"sss", name, now, body);
}

enum status
draft_drop(struct replica *r, const char *name, struct why *why)
{
	return sql_run(replica_sql(r), why, "DELETE FROM _draft WHERE name=?1",
		"s", name);
}

enum status
draft_list(struct replica *r, struct names *out, struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s = sql_use(
		db, "SELECT name FROM _draft ORDER BY at DESC,name", "");

	return sql_names(db, s, out, NULL, why);
}
