#include "common/outbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/conflicts.h"
#include "common/held.h"
#include "common/history.h"
#include "common/inbox.h"
#include "common/lay.h"
#include "common/undone.h"

static int64_t
own_number(const struct replica *r)
{
	return replica_identity(r)->number;
}

static enum status
read_row(struct replica *r, sqlite3_stmt *s, struct outbox_edit *o,
	struct why *why)
{
	struct edit *e = &o->edit;

	e->id.replica = replica_identity(r)->number;
	e->id.n = (uint32_t)sqlite3_column_int64(s, 0);
	e->kind = mem_text(sql_column(s, 1));
	e->record = mem_text(sql_column(s, 2));
	e->seen = sqlite3_column_int64(s, 4);
	e->written.wall_ms = sqlite3_column_int64(s, 5);
	e->written.boot_ms = sqlite3_column_int64(s, 6);
	snprintf(e->written.boot_id, sizeof(e->written.boot_id), "%s",
		sql_column(s, 7));
	o->seq = sqlite3_column_int64(s, 8);
	o->floor = sqlite3_column_int64(s, 9);
	return edit_body_parse(sql_column(s, 3), e, why);
}

enum status
outbox_each(struct replica *r, uint32_t after, outbox_visit *visit, void *arg,
	struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s = sql_use(db,
		"SELECT n,kind,id,body,seen,wall,boot,boot_id,seq,"
		"floor FROM _outbox "
		"WHERE replica=?1 AND n>?2 ORDER BY n",
		"ii", own_number(r), (int64_t)after);
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		struct outbox_edit o = {0};

		st = read_row(r, s, &o, why);
		if (!st)
			st = visit(arg, &o, why);
		edit_release(&o.edit);
		if (st)
			break;
	}
	sqlite3_reset(s);
	return st;
}

enum status
outbox_next_in_boot(struct replica *r, uint32_t n, const char *boot_id,
	struct clock_reading *written, bool *found, struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s = sql_use(db,
		"SELECT wall,boot FROM _outbox WHERE replica=?1 AND n>?2 AND "
		"boot_id=?3 ORDER BY n LIMIT 1",
		"iis", own_number(r), (int64_t)n, boot_id);
	enum status st = sql_step(db, s, found, why);

	memset(written, 0, sizeof(*written));
	snprintf(written->boot_id, BOOT_ID_MAX, "%s", boot_id);
	if (st || !*found)
		return st;
	written->wall_ms = sqlite3_column_int64(s, 0);
	written->boot_ms = sqlite3_column_int64(s, 1);
	sqlite3_reset(s);
	return ST_OK;
}

enum status
outbox_chain(struct replica *r, uint32_t n, const char *chain, struct why *why)
{
	return sql_run(replica_sql(r), why,
		"UPDATE _outbox SET chain=?3 WHERE replica=?1 AND n=?2", "iis",
		own_number(r), (int64_t)n, chain);
}

static enum status
count_refused(struct replica *r, int64_t *out, struct why *why)
{
	return sql_int(replica_sql(r), 0, out, why,
		"SELECT count(*) FROM _entry e WHERE state>0 AND state=2 "
		"AND (replica=?1 OR EXISTS(SELECT 1 FROM _number o WHERE "
		"o.number=e.replica AND e.n<=o.upto))",
		"i", own_number(r));
}

enum status
outbox_count(struct replica *r, struct outbox_counts *out, struct why *why)
{
	struct sql *db = replica_sql(r);
	struct conflicts open = {0};
	int64_t confirmed = 0;
	enum status st =
		replica_meta_int(r, META_CONFIRMED, 0, &confirmed, why);

	memset(out, 0, sizeof(*out));
	if (!st)
		st = sql_int(db, 0, &out->unsent, why,
			"SELECT count(*) FROM _outbox WHERE replica=?1 AND "
			"n>?2",
			"ii", own_number(r), confirmed);
	if (!st)
		st = sql_int(db, 0, &out->kept, why,
			"SELECT count(*) FROM _outbox WHERE replica<>?1 OR "
			"n<=?2",
			"ii", own_number(r), confirmed);
	if (!st)
		st = held_count(r, &out->held, &out->to_decide, why);
	if (!st)
		st = count_refused(r, &out->refused, why);
	if (!st)
		st = conflicts_read(r, NULL, NULL, &open, why);
	out->conflicts = (int64_t)open.count;
	conflicts_release(&open);
	return st;
}

enum status
outbox_sending(struct replica *r, uint32_t n, struct why *why)
{
	int64_t sent = 0;
	enum status st = replica_meta_int(r, META_SENT, 0, &sent, why);

	if (st || sent >= n)
		return st;
	return replica_meta_set_int(r, META_SENT, n, why);
}

/* The record is again as it was before this own edit. */
static enum status
take_back(struct replica *r, const struct edit *e, struct why *why)
{
	bool released = false;
	enum status st = undone_note(r, e, why);

	if (!st)
		st = sql_run(replica_sql(r), why,
			"DELETE FROM _outbox WHERE replica=?1 AND n=?2", "ii",
			own_number(r), (int64_t)e->id.n);
	if (!st)
		st = replica_meta_set_int(
			r, META_LAST_N, (int64_t)e->id.n - 1, why);
	if (!st)
		st = inbox_release(r, e->kind, e->record, &released, why);
	if (!st && !released)
		st = lay_record(replica_tables(r), e->kind, e->record, why);
	return st;
}

static enum status
undo_edit(struct replica *r, int64_t n, outbox_undone *keep, void *arg,
	struct buf *what, struct why *why)
{
	struct edit_id id = {(uint32_t)own_number(r), (uint32_t)n};
	struct entry e;
	enum status st = history_edit(r, id, &e, why);

	if (st)
		return st;
	st = take_back(r, &e.edit, why);
	if (!st && keep)
		st = keep(arg, &e.edit, why);
	if (!st)
		buf_printf(what, "%s/%s", e.edit.kind, e.edit.record);
	entry_release(&e);
	return st;
}

enum status
outbox_undo_keeping(struct replica *r, outbox_undone *keep, void *arg,
	struct buf *what, struct why *why)
{
	struct sql *db = replica_sql(r);
	int64_t last = 0, sent = 0, confirmed = 0;
	enum status st = sql_begin(db, why);

	if (!st)
		st = replica_meta_int(r, META_LAST_N, 0, &last, why);
	if (!st)
		st = replica_meta_int(r, META_SENT, 0, &sent, why);
	if (!st)
		st = replica_meta_int(r, META_CONFIRMED, 0, &confirmed, why);
	if (!st && (last <= sent || last <= confirmed))
		st = why_set(why, ST_NOT_FOUND,
			"nothing to undo: every edit was sent; change the "
			"value back instead");
	if (!st)
		st = undo_edit(r, last, keep, arg, what, why);
	if (!st)
		st = sql_commit(db, why);
	sql_rollback(db);
	return st;
}

enum status
outbox_undo(struct replica *r, struct buf *what, struct why *why)
{
	return outbox_undo_keeping(r, NULL, NULL, what, why);
}
