/* Numbers that were given to copied files, and the pasts of the log. */
#include "sync/lite.h"

#include <stdlib.h>
#include <string.h>

static const char tables[] =
	"CREATE TABLE IF NOT EXISTS copy(number INTEGER PRIMARY KEY,"
	" origin INTEGER NOT NULL, n INTEGER NOT NULL, mark BLOB NOT NULL,"
	" upto INTEGER NOT NULL, UNIQUE(origin, n, mark));"
	"CREATE TABLE IF NOT EXISTS past(incarnation TEXT PRIMARY KEY,"
	" fork INTEGER NOT NULL) WITHOUT ROWID;";

enum status
lite_copies_make(struct sql *db, struct why *why)
{
	int64_t there;
	enum status st = sql_int(db, 0, &there, why,
		"SELECT 1 FROM sqlite_schema WHERE name='past'", "");

	return st || there ? st : sql_script(db, tables, why);
}

/* A backup that was taken before there was such a table has no pasts. */
enum status
lite_past_add(struct sql *db, struct why *why)
{
	enum status st = lite_copies_make(db, why);

	if (!st)
		st = sql_run(db, why,
			"INSERT OR REPLACE INTO past SELECT value, coalesce("
			"(SELECT max(seq) FROM entry), 0) FROM meta"
			" WHERE key='incarnation' AND value<>''",
			"");
	return st;
}

static enum status
lite_fork(struct hub_log *l, const char *incarnation, int64_t *seq,
	struct why *why)
{
	enum status st = sql_int(lite_db(l), -1, seq, why,
		"SELECT fork FROM past WHERE incarnation=?1", "s", incarnation);

	return !st && *seq < 0 ? ST_NOT_FOUND : st;
}

static enum status
lite_copy_add(struct hub_log *l, const struct log_copy *c, struct why *why)
{
	return sql_run(lite_db(l), why,
		"INSERT INTO copy(number, origin, n, mark, upto)"
		" VALUES(?1, ?2, ?3, ?4, ?5)",
		"iiibi", (int64_t)c->number, (int64_t)c->origin, (int64_t)c->n,
		c->mark, sizeof(c->mark), (int64_t)c->upto);
}

#define COPY_COLUMNS "SELECT number, origin, n, upto FROM copy "

static enum status
read_copy(
	struct sql *db, sqlite3_stmt *s, struct log_copy *out, struct why *why)
{
	enum status st = lite_step_one(db, s, why);

	if (st)
		return st;
	out->number = (uint32_t)sqlite3_column_int64(s, 0);
	out->origin = (uint32_t)sqlite3_column_int64(s, 1);
	out->n = (uint32_t)sqlite3_column_int64(s, 2);
	out->upto = (uint32_t)sqlite3_column_int64(s, 3);
	sqlite3_reset(s);
	return ST_OK;
}

static enum status
lite_copy_like(struct hub_log *l, struct log_copy *c, struct why *why)
{
	struct sql *db = lite_db(l);

	return read_copy(db,
		sql_use(db, COPY_COLUMNS "WHERE origin=?1 AND n=?2 AND mark=?3",
			"iib", (int64_t)c->origin, (int64_t)c->n, c->mark,
			sizeof(c->mark)),
		c, why);
}

static enum status
lite_copy_of(struct hub_log *l, uint32_t number, struct log_copy *out,
	struct why *why)
{
	struct sql *db = lite_db(l);

	return read_copy(db,
		sql_use(db, COPY_COLUMNS "WHERE number=?1", "i",
			(int64_t)number),
		out, why);
}

void
lite_copy_ops(struct hub_log_ops *ops)
{
	ops->fork = lite_fork;
	ops->copy_add = lite_copy_add;
	ops->copy_like = lite_copy_like;
	ops->copy_of = lite_copy_of;
}
