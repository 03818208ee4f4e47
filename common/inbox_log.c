#include "common/inbox_log.h"

#include <string.h>

#include "common/aside.h"
#include "common/lay.h"
#include "common/names.h"

enum entry_state
inbox_log_state(const struct entry *e)
{
	if (e->verdict.refused)
		return STATE_REFUSED;
	return e->verdict.held ? STATE_HELD : STATE_APPLIED;
}

#define INSERT_ENTRY                                                  \
	"INSERT INTO _entry(seq,replica,n,at,unsure,by,kind,id,body," \
	"verdict,state) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11) "

static enum status
run_insert(struct replica *r, const char *sql, const struct entry *e,
	struct why *why)
{
	struct buf body = BUF_INIT, verdict = BUF_INIT;
	enum status st;

	edit_body_text(&e->edit, &body);
	verdict_text(&e->verdict, &verdict);
	st = sql_run(replica_sql(r), why, sql, "iiiiisssssi", e->seq,
		(int64_t)e->edit.id.replica, (int64_t)e->edit.id.n, e->at,
		(int64_t)e->unsure, e->by, e->edit.kind, e->edit.record,
		buf_text(&body), buf_text(&verdict),
		(int64_t)inbox_log_state(e));
	buf_release(&body);
	buf_release(&verdict);
	return st;
}

enum status
inbox_log_add(
	struct replica *r, const struct entry *e, bool *added, struct why *why)
{
	enum status st =
		run_insert(r, INSERT_ENTRY "ON CONFLICT DO NOTHING", e, why);

	*added = !st && sqlite3_changes(sql_handle(replica_sql(r))) > 0;
	return st;
}

enum status
inbox_log_cells(
	struct replica *r, const char *kind, const char *id, struct why *why)
{
	struct sql *db = replica_sql(r);
	enum status st = sql_run(db, why,
		"DELETE FROM _cell WHERE kind=?1 AND id=?2", "ss", kind, id);

	return st ? st
		  : sql_run(db, why,
			    "INSERT INTO _cell(kind,id,field,seq) SELECT ?1,?2,"
			    "f.key,max(e.seq) FROM _entry e,"
			    "json_each(e.body,'$.f') f WHERE e.kind=?1 AND "
			    "e.id=?2 AND e.state=0 AND json_type(e.verdict,"
			    "'$.l.\"'||f.key||'\"') IS NULL GROUP BY f.key",
			    "ss", kind, id);
}

/* Records that have this seq under another edit, or this edit under another
 * seq, or that have both and are not the one. */
static enum status
find_clashes(struct replica *r, const struct entry *e, struct names *kinds,
	struct names *ids, struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s = sql_use(db,
		"SELECT kind,id FROM _entry WHERE (replica=?1 AND n=?2 AND "
		"seq<>?3) OR (seq=?3 AND (replica<>?1 OR n<>?2 OR kind<>?4 OR "
		"id<>?5))",
		"iiiss", (int64_t)e->edit.id.replica, (int64_t)e->edit.id.n,
		e->seq, e->edit.kind, e->edit.record);

	return sql_names(db, s, kinds, ids, why);
}

/* Only a book that is filled anew may tell of another past. */
static enum status
check_refill(struct replica *r, const struct entry *e, struct why *why)
{
	int64_t refilling;
	enum status st = sql_int(replica_sql(r), 0, &refilling, why,
		"SELECT 1 FROM _book WHERE joined=0 AND pass>0 LIMIT 1", "");

	if (st || refilling)
		return st;
	return why_set(why, ST_DATA,
		"the hub says now that entry %lld is edit %u.%u, and said "
		"otherwise before: nothing of that was taken, and what you "
		"wrote is sent; the books are filled anew once a day: tell "
		"your administrator",
		(long long)e->seq, e->edit.id.replica, e->edit.id.n);
}

/* Our own entries outlast a record that is gone. */
static enum status
settle_if_here(
	struct replica *r, const char *kind, const char *id, struct why *why)
{
	int64_t here;
	enum status st = sql_int(replica_sql(r), 0, &here, why,
		"SELECT 1 FROM _record WHERE kind=?1 AND id=?2", "ss", kind,
		id);

	if (st || !here)
		return st;
	st = inbox_log_cells(r, kind, id, why);
	return st ? st : lay_record(replica_tables(r), kind, id, why);
}

static enum status
give_way(struct replica *r, const struct entry *e, const struct names *kinds,
	const struct names *ids, struct why *why)
{
	enum status st = sql_run(replica_sql(r), why,
		"DELETE FROM _entry WHERE seq=?3 OR (replica=?1 AND n=?2)",
		"iii", (int64_t)e->edit.id.replica, (int64_t)e->edit.id.n,
		e->seq);

	for (size_t i = 0; !st && i < ids->count; i++)
		st = settle_if_here(r, kinds->items[i], ids->items[i], why);
	return st;
}

static enum status
place_clear(struct replica *r, const struct entry *e, struct why *why)
{
	struct names kinds = {0}, ids = {0};
	enum status st = find_clashes(r, e, &kinds, &ids, why);

	if (!st && ids.count)
		st = check_refill(r, e, why);
	if (!st && ids.count)
		st = give_way(r, e, &kinds, &ids, why);
	names_release(&kinds);
	names_release(&ids);
	return st;
}

enum status
inbox_log_write(struct replica *r, const struct entry *e, struct why *why)
{
	bool added;
	enum status st = inbox_log_add(r, e, &added, why);

	if (!st && !added)
		st = place_clear(r, e, why);
	if (!st && !added)
		st = run_insert(r,
			INSERT_ENTRY "ON CONFLICT(seq) DO UPDATE SET "
				     "body=?9,verdict=?10 WHERE "
				     "length(?9)>length(body)",
			e, why);
	return st ? st : aside_came(r, e, why);
}
