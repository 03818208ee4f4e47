#include "common/inbox_held.h"

#include "common/lent.h"
#include "common/value.h"

/* Of an entry. The index has those that were not applied alone, and is taken
 * where the query says so too. */
#define IS_HELD "state>0 AND state=1"

enum status
inbox_held_note(struct replica *r, const struct entry *e, struct why *why)
{
	return sql_run(replica_sql(r), why,
		"INSERT OR IGNORE INTO _held(replica,n,kind,id,by,seq) "
		"VALUES(?1,?2,?3,?4,?5,?6)",
		"iisssi", (int64_t)e->edit.id.replica, (int64_t)e->edit.id.n,
		e->edit.kind, e->edit.record, e->by, e->seq);
}

enum status
inbox_held_in(struct replica *r, struct edit_id held, const char *book,
	struct why *why)
{
	return sql_run(replica_sql(r), why,
		"INSERT INTO _held_book(book,replica,n,pass) VALUES(?1,?2,?3,"
		"coalesce((SELECT pass FROM _book WHERE book=?1),0)) "
		"ON CONFLICT DO UPDATE SET pass=excluded.pass",
		"sii", book, (int64_t)held.replica, (int64_t)held.n);
}

enum status
inbox_held_decided(struct replica *r, const struct decision *d, struct why *why)
{
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < d->verdict->decide_count; i++) {
		struct edit_id id = d->verdict->decides[i];

		st = sql_run(replica_sql(r), why,
			"UPDATE _held SET decided=?3,at=?4,decider=?5,"
			"accepted=?6,reason=?7 WHERE replica=?1 AND n=?2",
			"iiiisis", (int64_t)id.replica, (int64_t)id.n, d->seq,
			d->at, d->by, (int64_t)d->accepted, d->reason);
	}
	return st;
}

/* Held edits of others that nothing keeps here any more, with their entries. */
static enum status
drop_loose(struct replica *r, struct why *why)
{
	struct sql *db = replica_sql(r);
	const char *me = replica_identity(r)->badge;
	enum status st = sql_run(db, why,
		"DELETE FROM _entry WHERE " IS_HELD " AND by<>?1 AND NOT "
		"EXISTS(SELECT 1 FROM _in_book b WHERE b.kind=_entry.kind AND "
		"b.id=_entry.id) AND NOT EXISTS(SELECT 1 FROM _held_book h "
		"WHERE h.replica=_entry.replica AND h.n=_entry.n)",
		"s", me);

	if (!st)
		st = sql_run(db, why,
			"DELETE FROM _held WHERE by<>?1 AND seq NOT IN "
			"(SELECT seq FROM _entry WHERE " IS_HELD ")",
			"s", me);
	return st;
}

enum status
inbox_held_forget(
	struct replica *r, const char *kind, const char *id, struct why *why)
{
	int64_t any;
	enum status st = sql_int(replica_sql(r), 0, &any, why,
		"SELECT 1 FROM _held WHERE kind=?1 AND id=?2 LIMIT 1", "ss",
		kind, id);

	return st || !any ? st : drop_loose(r, why);
}

enum status
inbox_held_whole(
	struct replica *r, const char *kind, const char *id, struct why *why)
{
	struct sql *db = replica_sql(r);
	const char *me = replica_identity(r)->badge;
	enum status st = sql_run(db, why,
		"DELETE FROM _held_book WHERE (replica,n) IN (SELECT replica,n "
		"FROM _held WHERE kind=?1 AND id=?2 AND decided IS NULL AND "
		"by<>?3)",
		"sss", kind, id, me);

	if (!st)
		st = sql_run(db, why,
			"DELETE FROM _entry WHERE seq IN (SELECT seq FROM "
			"_held WHERE kind=?1 AND id=?2 AND decided IS NULL AND "
			"by<>?3)",
			"sss", kind, id, me);

	if (!st)
		st = sql_run(db, why,
			"DELETE FROM _held WHERE kind=?1 AND id=?2 AND decided "
			"IS NULL AND seq NOT IN (SELECT seq FROM _entry "
			"WHERE " IS_HELD ")",
			"ss", kind, id);
	return st;
}

enum status
inbox_held_if_lent(
	struct replica *r, const char *kind, const char *id, struct why *why)
{
	char book[BOOK_MAX];
	enum status st = lent_only(r, kind, id, book, why);

	return st || !*book ? st : inbox_held_whole(r, kind, id, why);
}

enum status
inbox_held_all_if_lent(struct replica *r, struct why *why)
{
	struct names waiting = {0};
	char kind[NAME_MAX_BYTES + 1];
	const char *id;
	sqlite3_stmt *s = sql_use(replica_sql(r),
		"SELECT DISTINCT kind || '/' || id FROM _held WHERE decided IS "
		"NULL AND by<>?1",
		"s", replica_identity(r)->badge);
	enum status st;
	bool row;

	while (!(st = sql_step(replica_sql(r), s, &row, why)) && row)
		names_push(&waiting, sql_column(s, 0));
	for (size_t i = 0; !st && i < waiting.count; i++)
		if (record_name_split(waiting.items[i], kind, &id))
			st = inbox_held_if_lent(r, kind, id, why);
	names_release(&waiting);
	return st;
}

enum status
inbox_held_filled(struct replica *r, const char *book, struct why *why)
{
	enum status st = sql_run(replica_sql(r), why,
		"DELETE FROM _held_book WHERE book=?1 AND pass<"
		"(SELECT pass FROM _book WHERE book=?1)",
		"s", book);

	return st ? st : drop_loose(r, why);
}

enum status
inbox_held_drop_book(struct replica *r, const char *book, struct why *why)
{
	enum status st = sql_run(replica_sql(r), why,
		"DELETE FROM _held_book WHERE book=?1", "s", book);

	return st ? st : drop_loose(r, why);
}

enum status
inbox_held_drop_all(struct replica *r, struct why *why)
{
	struct sql *db = replica_sql(r);
	const char *me = replica_identity(r)->badge;
	enum status st = sql_run(db, why,
		"DELETE FROM _entry WHERE " IS_HELD " AND by<>?1", "s", me);

	if (!st)
		st = sql_run(
			db, why, "DELETE FROM _held WHERE by<>?1", "s", me);
	return st ? st : sql_run(db, why, "DELETE FROM _held_book", "");
}
