/* The log itself, and who may write it. */
#include "sync/lite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status
lite_step_one(struct sql *db, sqlite3_stmt *s, struct why *why)
{
	bool row;
	enum status st = sql_step(db, s, &row, why);

	if (!st && !row)
		return ST_NOT_FOUND;
	return st;
}

static void
end_reading(struct lite *log)
{
	if (log->reading)
		sql_rollback(log->db);
	log->reading = false;
}

static enum status
lite_begin_write(struct hub_log *l, struct why *why)
{
	end_reading((struct lite *)l);
	return sql_begin(lite_db(l), why);
}

static enum status
lite_begin_read(struct hub_log *l, struct why *why)
{
	struct lite *log = (struct lite *)l;
	enum status st;

	if (log->reading && sql_in_transaction(log->db))
		return ST_OK;
	st = sql_run(log->db, why, "BEGIN", "");
	log->reading = !st && log->together;
	return st;
}

static void
lite_together(struct hub_log *l, bool on)
{
	struct lite *log = (struct lite *)l;

	log->together = on;
	if (!on)
		end_reading(log);
}

static enum status
lite_commit(struct hub_log *l, struct why *why)
{
	return sql_commit(lite_db(l), why);
}

/* What is read together ends later. */
static void
lite_rollback(struct hub_log *l)
{
	if (!((struct lite *)l)->reading)
		sql_rollback(lite_db(l));
}

static bool
lite_busy(const struct hub_log *l)
{
	return sql_busy(((const struct lite *)l)->db);
}

static void
lite_patience(struct hub_log *l, int ms)
{
	sql_patience(lite_db(l), ms);
}

static enum status
lite_part_begin(struct hub_log *l, struct why *why)
{
	return sql_run(lite_db(l), why, "SAVEPOINT part", "");
}

static enum status
lite_part_end(struct hub_log *l, bool keep, struct why *why)
{
	enum status st = ST_OK;

	if (!keep)
		st = sql_run(lite_db(l), why, "ROLLBACK TO part", "");
	return st ? st : sql_run(lite_db(l), why, "RELEASE part", "");
}

static enum status
lite_meta(struct hub_log *l, const char *key, struct buf *out, struct why *why)
{
	struct sql *db = lite_db(l);
	sqlite3_stmt *s =
		sql_use(db, "SELECT value FROM meta WHERE key=?1", "s", key);
	enum status st = lite_step_one(db, s, why);

	if (st)
		return st;
	buf_puts(out, sql_column(s, 0));
	sqlite3_reset(s);
	return ST_OK;
}

static enum status
lite_meta_set(
	struct hub_log *l, const char *key, const char *value, struct why *why)
{
	return sql_run(lite_db(l), why,
		"INSERT INTO meta VALUES(?1, ?2)"
		" ON CONFLICT(key) DO UPDATE SET value=excluded.value",
		"ss", key, value);
}

/* Copy a blob column of exactly `len` bytes; zeros when it is not that. */
static void
column_bytes(sqlite3_stmt *s, int column, void *out, size_t len)
{
	const void *bytes = sqlite3_column_blob(s, column);

	memset(out, 0, len);
	if (bytes && (size_t)sqlite3_column_bytes(s, column) == len)
		memcpy(out, bytes, len);
}

#define REPLICA_COLUMNS                                                     \
	"SELECT number, badge, device, enrolled, synced, n, chain, revoked" \
	" FROM replica "

static void
read_replica(sqlite3_stmt *s, struct log_replica *r)
{
	r->number = (uint32_t)sqlite3_column_int64(s, 0);
	r->badge = mem_text(sql_column(s, 1));
	r->device = mem_text(sql_column(s, 2));
	r->enrolled = sqlite3_column_int64(s, 3);
	r->synced = sqlite3_column_int64(s, 4);
	r->n = (uint32_t)sqlite3_column_int64(s, 5);
	column_bytes(s, 6, r->chain.bytes, DIGEST_SIZE);
	r->revoked = sqlite3_column_int(s, 7) != 0;
}

static enum status
lite_replica(struct hub_log *l, uint32_t number, struct log_replica *out,
	struct why *why)
{
	struct sql *db = lite_db(l);
	sqlite3_stmt *s = sql_use(
		db, REPLICA_COLUMNS "WHERE number=?1", "i", (int64_t)number);
	enum status st = lite_step_one(db, s, why);

	if (st)
		return st;
	read_replica(s, out);
	sqlite3_reset(s);
	return ST_OK;
}

static enum status
lite_replica_put(
	struct hub_log *l, const struct log_replica *r, struct why *why)
{
	return sql_run(lite_db(l), why,
		"INSERT OR REPLACE INTO replica"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
		"issiiibi", (int64_t)r->number, r->badge, r->device,
		r->enrolled, r->synced, (int64_t)r->n, r->chain.bytes,
		(size_t)DIGEST_SIZE, (int64_t)r->revoked);
}

static enum status
lite_replicas(struct hub_log *l, struct log_replicas *out, struct why *why)
{
	struct sql *db = lite_db(l);
	sqlite3_stmt *s = sql_use(db, REPLICA_COLUMNS "ORDER BY number", "");
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		MEM_ROOM(out->items, out->count, out->cap);
		read_replica(s, &out->items[out->count++]);
	}
	return st;
}

static enum status
lite_invite(struct hub_log *l, const char *badge, struct log_invite *out,
	struct why *why)
{
	struct sql *db = lite_db(l);
	sqlite3_stmt *s = sql_use(db,
		"SELECT code, expires FROM invite WHERE badge=?1", "s", badge);
	enum status st = lite_step_one(db, s, why);

	if (st)
		return st;
	column_bytes(s, 0, out->code.bytes, DIGEST_SIZE);
	out->expires = sqlite3_column_int64(s, 1);
	sqlite3_reset(s);
	return ST_OK;
}

static enum status
lite_invite_put(struct hub_log *l, const char *badge,
	const struct log_invite *i, struct why *why)
{
	return sql_run(lite_db(l), why,
		"INSERT OR REPLACE INTO invite VALUES(?1, ?2, ?3)", "sbi",
		badge, i->code.bytes, (size_t)DIGEST_SIZE, i->expires);
}

static enum status
lite_invite_drop(struct hub_log *l, const char *badge, struct why *why)
{
	return sql_run(lite_db(l), why, "DELETE FROM invite WHERE badge=?1",
		"s", badge);
}

static enum status
lite_head(struct hub_log *l, int64_t *seq, int64_t *came, struct why *why)
{
	struct sql *db = lite_db(l);
	sqlite3_stmt *s = sql_use(db,
		"SELECT seq, came FROM entry ORDER BY seq DESC LIMIT 1", "");
	enum status st = lite_step_one(db, s, why);

	*seq = *came = 0;
	if (st)
		return st == ST_NOT_FOUND ? ST_OK : st;
	*seq = sqlite3_column_int64(s, 0);
	*came = sqlite3_column_int64(s, 1);
	sqlite3_reset(s);
	return ST_OK;
}

static enum entry_state
state_of(const struct verdict *v)
{
	if (v->refused)
		return ENTRY_REFUSED;
	return v->held ? ENTRY_HELD : ENTRY_APPLIED;
}

static enum status
lite_entry_add(struct hub_log *l, const struct log_row *row, struct why *why)
{
	const struct entry *e = &row->entry;
	const struct edit *d = &e->edit;
	struct buf body = BUF_INIT, verdict = BUF_INIT;
	enum status st;

	edit_body_text(d, &body);
	verdict_text(&e->verdict, &verdict);
	st = sql_run(lite_db(l), why,
		"INSERT INTO entry VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
		" ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
		"iiiiiisssss"
		"iiiisbbbb",
		e->seq, (int64_t)d->id.replica, (int64_t)d->id.n, e->at,
		(int64_t)e->unsure, row->came, e->by, d->kind, d->record,
		buf_text(&body), buf_text(&verdict),
		(int64_t)state_of(&e->verdict), d->seen, d->written.wall_ms,
		d->written.boot_ms, d->written.boot_id, row->chain.bytes,
		(size_t)DIGEST_SIZE, row->nonce, (size_t)NONCE_SIZE,
		row->leaf.bytes, (size_t)DIGEST_SIZE, row->hash.bytes,
		e->verdict.refused ? (size_t)DIGEST_SIZE : (size_t)0);
	if (!st && !e->verdict.refused)
		st = lite_news_entry(lite_db(l), e, why);
	buf_release(&body);
	buf_release(&verdict);
	return st;
}

#define ENTRY_COLUMNS                                                   \
	"SELECT seq, replica, n, at, unsure, came, by, kind, id, body," \
	" verdict, seen, wall, boot, boot_id, chain, nonce, leaf, hash" \
	" FROM entry "

static enum status
read_entry(sqlite3_stmt *s, struct log_row *row, struct why *why)
{
	struct entry *e = &row->entry;
	struct edit *d = &e->edit;
	enum status st;

	memset(row, 0, sizeof(*row));
	e->seq = sqlite3_column_int64(s, 0);
	d->id.replica = (uint32_t)sqlite3_column_int64(s, 1);
	d->id.n = (uint32_t)sqlite3_column_int64(s, 2);
	e->at = sqlite3_column_int64(s, 3);
	e->unsure = sqlite3_column_int(s, 4) != 0;
	row->came = sqlite3_column_int64(s, 5);
	e->by = mem_text(sql_column(s, 6));
	d->kind = mem_text(sql_column(s, 7));
	d->record = mem_text(sql_column(s, 8));
	d->seen = sqlite3_column_int64(s, 11);
	d->written.wall_ms = sqlite3_column_int64(s, 12);
	d->written.boot_ms = sqlite3_column_int64(s, 13);
	snprintf(d->written.boot_id, BOOT_ID_MAX, "%s", sql_column(s, 14));
	column_bytes(s, 15, row->chain.bytes, DIGEST_SIZE);
	column_bytes(s, 16, row->nonce, NONCE_SIZE);
	column_bytes(s, 17, row->leaf.bytes, DIGEST_SIZE);
	column_bytes(s, 18, row->hash.bytes, DIGEST_SIZE);
	st = edit_body_parse(sql_column(s, 9), d, why);
	if (!st)
		st = verdict_parse(sql_column(s, 10), &e->verdict, why);
	if (st)
		log_row_release(row);
	return st;
}

static enum status
one_entry(struct sql *db, sqlite3_stmt *s, struct log_row *out, struct why *why)
{
	enum status st = lite_step_one(db, s, why);

	if (st)
		return st;
	st = read_entry(s, out, why);
	sqlite3_reset(s);
	return st;
}

static enum status
lite_entry_at(
	struct hub_log *l, int64_t seq, struct log_row *out, struct why *why)
{
	return one_entry(lite_db(l),
		sql_use(lite_db(l), ENTRY_COLUMNS "WHERE seq=?1", "i", seq),
		out, why);
}

static enum status
lite_leaf_at(
	struct hub_log *l, int64_t seq, struct digest *out, struct why *why)
{
	struct sql *db = lite_db(l);
	sqlite3_stmt *s =
		sql_use(db, "SELECT leaf FROM entry WHERE seq=?1", "i", seq);
	enum status st = lite_step_one(db, s, why);

	if (st)
		return st;
	column_bytes(s, 0, out->bytes, DIGEST_SIZE);
	sqlite3_reset(s);
	return ST_OK;
}

static enum status
lite_entry_of(struct hub_log *l, struct edit_id edit, struct log_row *out,
	struct why *why)
{
	return one_entry(lite_db(l),
		sql_use(lite_db(l), ENTRY_COLUMNS "WHERE replica=?1 AND n=?2",
			"ii", (int64_t)edit.replica, (int64_t)edit.n),
		out, why);
}

static enum status
lite_entries(struct hub_log *l, const char *kind, const char *id,
	struct log_rows *out, struct why *why)
{
	struct sql *db = lite_db(l);
	sqlite3_stmt *s = sql_use(db,
		ENTRY_COLUMNS "WHERE kind=?1 AND id=?2 ORDER BY seq", "ss",
		kind, id);
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		MEM_ROOM(out->items, out->count, out->cap);
		st = read_entry(s, &out->items[out->count], why);
		if (st)
			break;
		out->count++;
	}
	sqlite3_reset(s);
	return st;
}

/* Entries of a record that has no value were held, all of them. */
static enum status
lite_creation(struct hub_log *l, const char *kind, const char *id, int64_t *seq,
	struct buf *by, struct why *why)
{
	struct sql *db = lite_db(l);
	sqlite3_stmt *s = sql_use(db,
		"SELECT seq, by FROM (SELECT 1 FROM cell WHERE kind=?1 AND"
		" id=?2 LIMIT 1) CROSS JOIN entry WHERE kind=?1 AND id=?2 AND"
		" state=0 AND json_type(body, '$.f') IS NOT NULL ORDER BY seq"
		" LIMIT 1",
		"ss", kind, id);
	enum status st = lite_step_one(db, s, why);

	if (st)
		return st;
	*seq = sqlite3_column_int64(s, 0);
	buf_puts(by, sql_column(s, 1));
	sqlite3_reset(s);
	return ST_OK;
}

static enum status
lite_held(struct hub_log *l, const char *kind, const char *id, uint32_t replica,
	int64_t *seq, struct why *why)
{
	struct sql *db = lite_db(l);
	sqlite3_stmt *s = sql_use(db,
		"SELECT seq FROM entry WHERE kind=?1 AND id=?2 AND state=1"
		" AND +replica=?3 ORDER BY seq LIMIT 1",
		"ssi", kind, id, (int64_t)replica);
	enum status st = lite_step_one(db, s, why);

	if (st)
		return st;
	*seq = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return ST_OK;
}

static enum status
lite_newest(struct hub_log *l, const char *kind, const char *id,
	struct edit_id *out, struct why *why)
{
	struct sql *db = lite_db(l);
	sqlite3_stmt *s = sql_use(db,
		"SELECT replica, n FROM entry WHERE kind=?1 AND id=?2"
		" AND state=0 ORDER BY seq DESC LIMIT 1",
		"ss", kind, id);
	enum status st = lite_step_one(db, s, why);

	if (st)
		return st;
	out->replica = (uint32_t)sqlite3_column_int64(s, 0);
	out->n = (uint32_t)sqlite3_column_int64(s, 1);
	sqlite3_reset(s);
	return ST_OK;
}

static enum status
read_briefs(struct sql *db, sqlite3_stmt *s, struct log_briefs *out,
	struct why *why)
{
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		struct log_brief *b;

		MEM_ROOM(out->items, out->count, out->cap);
		b = &out->items[out->count++];
		b->seq = sqlite3_column_int64(s, 0);
		b->edit.replica = (uint32_t)sqlite3_column_int64(s, 1);
		b->edit.n = (uint32_t)sqlite3_column_int64(s, 2);
		b->state = (enum entry_state)sqlite3_column_int(s, 3);
		b->kind = mem_text(sql_column(s, 4));
		b->id = mem_text(sql_column(s, 5));
	}
	return st;
}

static enum status
lite_tail(struct hub_log *l, int64_t after, int64_t upto, int64_t limit,
	struct log_briefs *out, struct why *why)
{
	struct sql *db = lite_db(l);

	return read_briefs(db,
		sql_use(db,
			"SELECT seq, replica, n, state, kind, id FROM entry"
			" WHERE seq>?1 AND seq<=?2 ORDER BY seq LIMIT ?3",
			"iii", after, upto, limit),
		out, why);
}

void
lite_entry_ops(struct hub_log_ops *ops)
{
	ops->begin_write = lite_begin_write;
	ops->begin_read = lite_begin_read;
	ops->commit = lite_commit;
	ops->rollback = lite_rollback;
	ops->together = lite_together;
	ops->busy = lite_busy;
	ops->patience = lite_patience;
	ops->part_begin = lite_part_begin;
	ops->part_end = lite_part_end;
	ops->meta = lite_meta;
	ops->meta_set = lite_meta_set;
	ops->replica = lite_replica;
	ops->replica_put = lite_replica_put;
	ops->replicas = lite_replicas;
	ops->invite = lite_invite;
	ops->invite_put = lite_invite_put;
	ops->invite_drop = lite_invite_drop;
	ops->head = lite_head;
	ops->entry_add = lite_entry_add;
	ops->entry_at = lite_entry_at;
	ops->leaf_at = lite_leaf_at;
	ops->entry_of = lite_entry_of;
	ops->entries = lite_entries;
	ops->creation = lite_creation;
	ops->held = lite_held;
	ops->newest = lite_newest;
	ops->tail = lite_tail;
}
