#include "common/news.h"

#include <stdlib.h>
#include <string.h>

#define META_NOTED "seen_seq" /* seq up to which the log was gone through */

void
news_list_release(struct news_list *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->items[i].kind);
		free(l->items[i].id);
	}
	free(l->items);
	memset(l, 0, sizeof(*l));
}

enum status
news_sum(struct replica *r, struct news_sum *out, struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s =
		sql_use(db, "SELECT count(*),min(at),max(last) FROM _news", "");
	bool row;
	enum status st = sql_step(db, s, &row, why);

	memset(out, 0, sizeof(*out));
	if (st || !row)
		return st;
	out->count = sqlite3_column_int64(s, 0);
	out->since = sqlite3_column_int64(s, 1);
	out->last = sqlite3_column_int64(s, 2);
	sqlite3_reset(s);
	return ST_OK;
}

enum status
news_read(struct replica *r, int64_t limit, struct news_list *out,
	struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s = sql_use(db,
		"SELECT kind,id,first,last FROM _news ORDER BY last DESC "
		"LIMIT ?1",
		"i", limit ? limit : -1);
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		struct news *n;

		MEM_ROOM(out->items, out->count, out->cap);
		n = &out->items[out->count++];
		n->kind = mem_text(sql_column(s, 0));
		n->id = mem_text(sql_column(s, 1));
		n->first = sqlite3_column_int64(s, 2);
		n->last = sqlite3_column_int64(s, 3);
	}
	return st;
}

/* To look costs no write where there is nothing to note. */
enum status
news_seen(struct replica *r, const char *kind, const char *id, struct why *why)
{
	int64_t is_news;
	enum status st = sql_int(replica_sql(r), 0, &is_news, why,
		"SELECT 1 FROM _news WHERE kind=?1 AND id=?2", "ss", kind, id);

	return st || !is_news ? st : news_forget(r, kind, id, why);
}

enum status
news_seen_all(struct replica *r, int64_t last, struct why *why)
{
	return sql_run(replica_sql(r), why, "DELETE FROM _news WHERE last<=?1",
		"i", last);
}

static enum status
gather(struct replica *r, int64_t noted, int64_t cursor, struct why *why)
{
	return sql_run(replica_sql(r), why,
		"INSERT INTO _news(kind,id,at,first,last) SELECT kind,id,"
		"min(at),min(seq),max(seq) FROM _entry e WHERE seq>?1 AND "
		"seq<=?2 AND by NOT IN('',?3) AND state=0 AND EXISTS(SELECT 1 "
		"FROM _record r WHERE r.kind=e.kind AND r.id=e.id) "
		"GROUP BY 1,2 "
		"ON CONFLICT(kind,id) DO UPDATE SET last=excluded.last",
		"iis", noted, cursor, replica_identity(r)->badge);
}

/* A file that was filled before there were news, and whose screens were never
 * open, begins with what it has by now. */
enum status
news_gather(struct replica *r, struct why *why)
{
	int64_t noted = 0, cursor = 0;
	enum status st = replica_meta_int(r, META_NOTED, -1, &noted, why);

	if (!st)
		st = replica_meta_int(r, META_CURSOR, 0, &cursor, why);
	if (st || noted >= cursor)
		return st;
	if (noted >= 0)
		st = gather(r, noted, cursor, why);
	return st ? st : replica_meta_set_int(r, META_NOTED, cursor, why);
}

enum status
news_begin(struct replica *r, int64_t head, struct why *why)
{
	return sql_run(replica_sql(r), why,
		"INSERT OR IGNORE INTO _meta(key,value) VALUES('" META_NOTED
		"',?1)",
		"i", head);
}

enum status
news_fork(struct replica *r, int64_t fork, struct why *why)
{
	struct sql *db = replica_sql(r);
	enum status st =
		sql_run(db, why, "DELETE FROM _news WHERE first>?1", "i", fork);

	if (!st)
		st = sql_run(db, why, "UPDATE _news SET last=?1 WHERE last>?1",
			"i", fork);
	return st ? st
		  : sql_run(db, why,
			    "UPDATE _meta SET value=?1 WHERE key='" META_NOTED
			    "' AND value>?1",
			    "i", fork);
}

enum status
news_forget(
	struct replica *r, const char *kind, const char *id, struct why *why)
{
	return sql_run(replica_sql(r), why,
		"DELETE FROM _news WHERE kind=?1 AND id=?2", "ss", kind, id);
}
