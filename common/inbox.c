#include "common/inbox.h"

#include <stdlib.h>
#include <string.h>

#include "common/history.h"
#include "common/inbox_held.h"
#include "common/inbox_log.h"
#include "common/inbox_new.h"
#include "common/lay.h"
#include "common/news.h"
#include "common/value.h"

/*
 * Set the cells that this entry won, unless a later entry holds them. `fresh`
 * gets those changes (borrowing their texts) that now stand.
 */
static enum status
cells_write(struct replica *r, const struct entry *e, struct edit *fresh,
	struct why *why)
{
	struct sql *db = replica_sql(r);
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < e->edit.count; i++) {
		const struct change *c = &e->edit.changes[i];

		if (!verdict_won(&e->verdict, c->field))
			continue;
		st = sql_run(db, why,
			"INSERT INTO _cell(kind,id,field,seq) "
			"VALUES(?1,?2,?3,?4) ON CONFLICT(kind,id,field) "
			"DO UPDATE SET seq=?4 WHERE ?4>seq",
			"sssi", e->edit.kind, e->edit.record, c->field, e->seq);
		if (!st && sqlite3_changes(sql_handle(db)))
			edit_change(fresh, c->field, c->value, c->over);
	}
	return st;
}

/* Did a later entry say how the conflict on this field stands? */
static enum status
is_outdated(struct replica *r, const struct entry *e, const char *field,
	bool *outdated, struct why *why)
{
	int64_t found;
	enum status st = sql_int(replica_sql(r), 0, &found, why,
		"SELECT 1 FROM _entry WHERE kind=?1 AND id=?2 AND seq>?3 AND "
		"json_type(verdict,'$.x.\"'||?4||'\"') IS NOT NULL LIMIT 1",
		"ssis", e->edit.kind, e->edit.record, e->seq, field);

	*outdated = found != 0;
	return st;
}

static enum status
losers_write(struct replica *r, const char *kind, const char *id,
	const char *field, const struct standing *x, struct why *why)
{
	struct sql *db = replica_sql(r);
	enum status st = sql_run(db, why,
		"DELETE FROM _conflict WHERE kind=?1 AND id=?2 AND field=?3",
		"sss", kind, id, field);

	for (size_t i = 0; !st && i < x->count; i++)
		st = sql_run(db, why,
			"INSERT INTO _conflict(kind,id,field,replica,n) "
			"VALUES(?1,?2,?3,?4,?5)",
			"sssii", kind, id, field, (int64_t)x->losers[i].replica,
			(int64_t)x->losers[i].n);
	return st;
}

static enum status
standing_write(struct replica *r, const struct entry *e,
	const struct standing *x, struct why *why)
{
	return losers_write(r, e->edit.kind, e->edit.record, x->field, x, why);
}

/* The conflict on another record's void, which this entry made: unless a later
 * entry of that one, or of another that points to it, said how it stands. */
static enum status
beyond_write(struct replica *r, const struct entry *e, const struct standing *x,
	struct why *why)
{
	char kind[NAME_MAX_BYTES + 1];
	int64_t takes = 0;
	const char *id;
	enum status st;

	if (!record_name_split(x->field, kind, &id))
		return ST_OK;
	st = sql_int(replica_sql(r), 0, &takes, why,
		"SELECT 1 FROM _in_book WHERE kind=?1 AND id=?2 AND NOT EXISTS("
		"SELECT 1 FROM _entry WHERE kind=?1 AND id=?2 AND seq>?3 AND "
		"json_type(verdict,'$.x.void') IS NOT NULL) AND NOT EXISTS("
		"SELECT 1 FROM _link l JOIN _entry o ON o.kind=l.kind AND "
		"o.id=l.id WHERE l.target=?2 AND o.seq>?3 AND "
		"json_type(o.verdict,'$.p.\"'||?1||'/'||?2||'\"') IS NOT NULL) "
		"LIMIT 1",
		"ssi", kind, id, e->seq);
	if (st || !takes)
		return st;
	return losers_write(r, kind, id, FIELD_VOID, x, why);
}

/* Log, cells and conflicts: all but the tables that are shown. */
static enum status
entry_take(struct replica *r, const struct entry *e, struct edit *fresh,
	struct why *why)
{
	const struct decision d = {&e->verdict, e->seq, e->at, e->by,
		e->edit.reason, e->edit.count > 0};
	enum status st = inbox_log_write(r, e, why);

	if (!st && inbox_log_state(e) == STATE_APPLIED)
		st = cells_write(r, e, fresh, why);
	if (!st && inbox_log_state(e) == STATE_HELD)
		st = inbox_held_note(r, e, why);
	if (!st)
		st = inbox_held_decided(r, &d, why);
	for (size_t i = 0; !st && i < e->verdict.standing_count; i++) {
		const struct standing *x = &e->verdict.standing[i];
		bool outdated;

		st = is_outdated(r, e, x->field, &outdated, why);
		if (!st && !outdated)
			st = standing_write(r, e, x, why);
	}
	for (size_t i = 0; !st && i < e->verdict.beyond_count; i++)
		st = beyond_write(r, e, &e->verdict.beyond[i], why);
	return st;
}

static enum status
lay_whole(struct replica *r, const char *kind, const char *id, struct why *why)
{
	return lay_record(replica_tables(r), kind, id, why);
}

/* An edit of ours whose verdict comes with its values: no longer pending. */
static enum status
outbox_settle(
	struct replica *r, const struct entry *e, bool *own, struct why *why)
{
	struct sql *db = replica_sql(r);
	enum status st = sql_run(db, why,
		"UPDATE _outbox SET seq=?3 WHERE replica=?1 AND n=?2 AND "
		"seq IS NULL",
		"iii", (int64_t)e->edit.id.replica, (int64_t)e->edit.id.n,
		e->seq);

	*own = !st && sqlite3_changes(sql_handle(db)) > 0;
	return st;
}

/* Is a later entry of this record here already? A filling brings the record
 * as it is, and then what happened on the way. */
static enum status
is_replay(
	struct replica *r, const struct entry *e, bool *replay, struct why *why)
{
	int64_t found;
	enum status st = sql_int(replica_sql(r), 0, &found, why,
		"SELECT 1 FROM _entry WHERE kind=?1 AND id=?2 AND seq>?3 "
		"LIMIT 1",
		"ssi", e->edit.kind, e->edit.record, e->seq);

	*replay = found != 0;
	return st;
}

/* The tables after this entry: in the fields that it won, or all of the record
 * where more than those may be shown otherwise than before. */
static enum status
lay_entry(struct replica *r, const struct entry *e, const struct edit *fresh,
	bool own, struct why *why)
{
	const struct tables *t = replica_tables(r);
	const char *kind = fresh->kind, *id = fresh->record;
	bool pending = false, replay = false, released = false;
	enum status st = lay_pending(t, kind, id, &pending, why);

	if (!st)
		st = is_replay(r, e, &replay, why);
	if (!st && own)
		st = inbox_release(r, kind, id, &released, why);
	if (st || released)
		return st;
	if (pending || own || replay || !e->edit.count)
		return lay_whole(r, kind, id, why);
	if (inbox_log_state(e) == STATE_APPLIED)
		return lay_changes(t, fresh, e->at, e->by, why);
	return ST_OK;
}

enum status
inbox_entry(struct replica *r, const struct entry *e, struct why *why)
{
	struct edit fresh = {0};
	bool own = false;
	enum status st = outbox_settle(r, e, &own, why);

	/* A held entry may be of a record that is not held here at all, and
	 * one that sets nothing makes nothing. */
	if (!st && inbox_log_state(e) == STATE_APPLIED && e->edit.count)
		st = lay_register(
			replica_tables(r), e->edit.kind, e->edit.record, why);
	if (!st)
		st = entry_take(r, e, &fresh, why);
	fresh.kind = mem_text(e->edit.kind);
	fresh.record = mem_text(e->edit.record);
	if (!st)
		st = lay_entry(r, e, &fresh, own, why);
	edit_release(&fresh);
	return st;
}

enum status
inbox_held(struct replica *r, const struct entry *e, const struct names *would,
	struct why *why)
{
	enum status st = inbox_entry(r, e, why);

	for (size_t i = 0; !st && i < would->count; i++)
		st = inbox_held_in(r, e->edit.id, would->items[i], why);
	return st;
}

/* Take out of the file all that was held of a record but our own edits. */
static enum status
record_forget(
	struct replica *r, const char *kind, const char *id, struct why *why)
{
	struct sql *db = replica_sql(r);
	enum status st = sql_run(db, why,
		"DELETE FROM _cell WHERE kind=?1 AND id=?2", "ss", kind, id);

	if (!st)
		st = sql_run(db, why,
			"DELETE FROM _entry WHERE kind=?1 AND id=?2 AND "
			"replica<>?3 AND state<>1 AND NOT EXISTS(SELECT 1 FROM "
			"_number o WHERE o.number=_entry.replica AND "
			"_entry.n<=o.upto)",
			"ssi", kind, id, (int64_t)replica_identity(r)->number);
	if (!st)
		st = inbox_held_forget(r, kind, id, why);
	if (!st)
		st = news_forget(r, kind, id, why);
	if (!st)
		st = sql_run(db, why,
			"DELETE FROM _conflict WHERE kind=?1 AND id=?2 AND "
			"replica<>?3",
			"ssi", kind, id, (int64_t)replica_identity(r)->number);
	if (!st)
		st = lay_whole(r, kind, id, why);
	if (!st)
		st = sql_run(db, why,
			"DELETE FROM _record WHERE kind=?1 AND id=?2", "ss",
			kind, id);
	return st;
}

enum status
inbox_release(struct replica *r, const char *kind, const char *id,
	bool *released, struct why *why)
{
	int64_t placed = 0;
	bool pending = false;
	enum status st = sql_int(replica_sql(r), 0, &placed, why,
		"SELECT 1 FROM _in_book WHERE kind=?1 AND id=?2 LIMIT 1", "ss",
		kind, id);

	if (!st)
		st = lay_pending(replica_tables(r), kind, id, &pending, why);
	*released = !st && !placed && !pending;
	if (*released)
		st = record_forget(r, kind, id, why);
	return st;
}

/* The edit as it lies in the outbox, with what the hub decided. */
static enum status
own_entry(struct replica *r, const struct entry *verdict, struct entry *own,
	struct why *why)
{
	enum status st = history_edit(r, verdict->edit.id, own, why);

	if (st)
		return st;
	own->seq = verdict->seq;
	own->at = verdict->at;
	own->unsure = verdict->unsure;
	verdict_release(&own->verdict);
	own->verdict = verdict->verdict;
	return ST_OK;
}

enum status
inbox_verdict(struct replica *r, const struct entry *e, struct why *why)
{
	struct verdict lent = {0}; /* e keeps its own */
	struct edit fresh = {0};
	struct entry own;
	int64_t pending = 0;
	bool settled, released = false;
	enum status st = sql_int(replica_sql(r), 0, &pending, why,
		"SELECT 1 FROM _outbox WHERE replica=?1 AND n=?2 AND "
		"seq IS NULL",
		"ii", (int64_t)e->edit.id.replica, (int64_t)e->edit.id.n);

	if (st || !pending)
		return st;
	st = own_entry(r, e, &own, why);
	if (st)
		return st;
	st = outbox_settle(r, e, &settled, why);
	if (!st)
		st = entry_take(r, &own, &fresh, why);
	if (!st)
		st = inbox_release(
			r, own.edit.kind, own.edit.record, &released, why);
	if (!st && !released)
		st = lay_whole(r, own.edit.kind, own.edit.record, why);
	own.verdict = lent;
	edit_release(&fresh);
	entry_release(&own);
	return st;
}

/* Is what is stored at this place the same, as far as it is told? Another
 * place gives way when the entry is written. */
static enum status
entry_agrees(
	struct replica *r, const struct entry *e, bool *agrees, struct why *why)
{
	struct entry stored;
	enum status st = history_edit(r, e->edit.id, &stored, why);

	*agrees = true;
	if (st == ST_NOT_FOUND)
		return ST_OK;
	if (st)
		return st;
	for (size_t i = 0; stored.seq == e->seq && i < e->edit.count; i++) {
		const struct change *c = &e->edit.changes[i];
		const struct change *had = edit_find(&stored.edit, c->field);

		if (!had || strcmp(had->value, c->value) != 0 ||
			verdict_won(&stored.verdict, c->field) !=
				verdict_won(&e->verdict, c->field))
			*agrees = false;
	}
	entry_release(&stored);
	return ST_OK;
}

/* One entry of a whole record: what the hub says now goes over what is here. */
static enum status
entry_replace(struct replica *r, const struct entry *e, struct why *why)
{
	struct edit fresh = {0};
	bool own, agrees;
	enum status st = outbox_settle(r, e, &own, why);

	if (!st)
		st = entry_agrees(r, e, &agrees, why);
	if (!st && !agrees)
		st = sql_run(replica_sql(r), why,
			"DELETE FROM _entry WHERE replica=?1 AND n=?2", "ii",
			(int64_t)e->edit.id.replica, (int64_t)e->edit.id.n);
	if (!st)
		st = inbox_log_write(r, e, why);
	if (!st && inbox_log_state(e) == STATE_APPLIED)
		st = cells_write(r, e, &fresh, why);
	for (size_t i = 0; !st && i < e->verdict.standing_count; i++)
		st = standing_write(r, e, &e->verdict.standing[i], why);
	edit_release(&fresh);
	return st;
}

/* Entries that won what the whole record says another one has, are not those
 * of the hub. */
static enum status
drop_contradicted(
	struct replica *r, const char *kind, const char *id, struct why *why)
{
	return sql_run(replica_sql(r), why,
		"DELETE FROM _entry WHERE kind=?1 AND id=?2 AND state=0 AND "
		"EXISTS(SELECT 1 FROM json_each(_entry.body,'$.f') f "
		"LEFT JOIN _cell c ON c.kind=?1 AND c.id=?2 AND c.field=f.key "
		"WHERE json_type(_entry.verdict,'$.l.\"'||f.key||'\"') IS NULL "
		"AND coalesce(c.seq,0)<_entry.seq)",
		"ss", kind, id);
}

/* The whole record tells of all values that stand and of all conflicts that
 * are open; only own edits without verdict are laid over it. */
static enum status
record_replace(struct replica *r, const char *kind, const char *id,
	const struct entry *entries, size_t count, struct why *why)
{
	struct sql *db = replica_sql(r);
	bool had;
	enum status st = sql_run(db, why,
		"DELETE FROM _cell WHERE kind=?1 AND id=?2", "ss", kind, id);

	had = !st && sqlite3_changes(sql_handle(db)) > 0;
	if (!st)
		st = sql_run(db, why,
			"DELETE FROM _conflict WHERE kind=?1 AND id=?2", "ss",
			kind, id);
	if (!st)
		st = inbox_held_whole(r, kind, id, why);
	for (size_t i = 0; !st && i < count; i++)
		st = entry_replace(r, &entries[i], why);
	if (!st && had)
		st = drop_contradicted(r, kind, id, why);
	return st ? st : lay_whole(r, kind, id, why);
}

static enum status
record_take(struct replica *r, const char *kind, const char *id,
	const struct entry *entries, size_t count, struct why *why)
{
	bool taken;
	enum status st = inbox_new(r, kind, id, entries, count, &taken, why);

	if (st || taken)
		return st;
	return record_replace(r, kind, id, entries, count, why);
}

enum status
inbox_enter(struct replica *r, const char *kind, const char *id,
	const char *book, const struct entry *entries, size_t count,
	struct why *why)
{
	enum status st = sql_run(replica_sql(r), why,
		"INSERT INTO _in_book(kind,id,book,pass) VALUES(?1,?2,?3,"
		"coalesce((SELECT pass FROM _book WHERE book=?3),0)) "
		"ON CONFLICT DO UPDATE SET pass=excluded.pass",
		"sss", kind, id, book);

	if (!st)
		st = lay_register(replica_tables(r), kind, id, why);
	if (!st && count)
		st = record_take(r, kind, id, entries, count, why);
	return st;
}

enum status
inbox_leave(struct replica *r, const char *kind, const char *id,
	const char *book, struct why *why)
{
	bool released;
	enum status st = sql_run(replica_sql(r), why,
		"DELETE FROM _in_book WHERE kind=?1 AND id=?2 AND book=?3",
		"sss", kind, id, book);

	if (!st)
		st = inbox_release(r, kind, id, &released, why);
	return st;
}

enum status
inbox_confirmed(struct replica *r, uint32_t n, struct why *why)
{
	return replica_meta_set_int(r, META_CONFIRMED, n, why);
}

/* The newest of the edits that go now is where the chain can be taken up. */
static enum status
keep_base(struct replica *r, int64_t seq, struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s = sql_use(db,
		"SELECT n,chain FROM _outbox WHERE replica=?1 AND seq<=?2 AND "
		"chain IS NOT NULL ORDER BY n DESC LIMIT 1",
		"ii", (int64_t)replica_identity(r)->number, seq);
	char *chain = NULL;
	int64_t n = 0;
	bool row;
	enum status st = sql_step(db, s, &row, why);

	if (st || !row)
		return st;
	n = sqlite3_column_int64(s, 0);
	chain = mem_text(sql_column(s, 1));
	sqlite3_reset(s);
	st = replica_meta_set_int(r, META_BASE, n, why);
	if (!st)
		st = replica_meta_set(r, META_BASE_CHAIN, chain, why);
	free(chain);
	return st;
}

enum status
inbox_durable(struct replica *r, int64_t seq, struct why *why)
{
	enum status st = replica_meta_set_int(r, META_DURABLE, seq, why);

	if (!st)
		st = keep_base(r, seq, why);
	if (!st)
		st = sql_run(replica_sql(r), why,
			"DELETE FROM _outbox WHERE seq<=?1", "i", seq);
	return st;
}
