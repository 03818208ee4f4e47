#include "common/history.h"

#include <stdlib.h>
#include <string.h>

#define ENTRY_COLUMNS "seq,replica,n,at,unsure,by,kind,id,body,verdict"

void
past_release(struct past *p)
{
	for (size_t i = 0; i < p->count; i++)
		entry_release(&p->items[i]);
	free(p->items);
	memset(p, 0, sizeof(*p));
}

static struct entry *
past_room(struct past *p)
{
	struct entry *e;

	MEM_ROOM(p->items, p->count, p->cap);
	e = &p->items[p->count++];
	memset(e, 0, sizeof(*e));
	return e;
}

static enum status
read_entry(sqlite3_stmt *s, struct entry *e, struct why *why)
{
	enum status st;

	e->seq = sqlite3_column_int64(s, 0);
	e->edit.id.replica = (uint32_t)sqlite3_column_int64(s, 1);
	e->edit.id.n = (uint32_t)sqlite3_column_int64(s, 2);
	e->at = sqlite3_column_int64(s, 3);
	e->unsure = sqlite3_column_int(s, 4) != 0;
	e->by = mem_text(sql_column(s, 5));
	e->edit.kind = mem_text(sql_column(s, 6));
	e->edit.record = mem_text(sql_column(s, 7));
	st = edit_body_parse(sql_column(s, 8), &e->edit, why);
	if (!st)
		st = verdict_parse(sql_column(s, 9), &e->verdict, why);
	return st;
}

/* Own edits without a verdict look like entries that have no place yet. */
#define PENDING_COLUMNS     \
	"0,replica,n,at,0," \
	"(SELECT value FROM _meta WHERE key='badge'),kind,id,body,'{}'"

static enum status
read_all(struct replica *r, sqlite3_stmt *s, int64_t limit, struct past *out,
	struct why *why)
{
	struct sql *db = replica_sql(r);
	enum status st = ST_OK;
	bool row = true;

	while (!st && (!limit || (int64_t)out->count < limit)) {
		st = sql_step(db, s, &row, why);
		if (st || !row)
			return st;
		st = read_entry(s, past_room(out), why);
	}
	sqlite3_reset(s);
	return st;
}

static sqlite3_stmt *
pending_of(struct sql *db, const char *kind, const char *id)
{
	if (!kind)
		return sql_use(db,
			"SELECT " PENDING_COLUMNS " FROM _outbox "
			"WHERE seq IS NULL ORDER BY replica DESC,n DESC",
			"");
	return sql_use(db,
		"SELECT " PENDING_COLUMNS " FROM _outbox WHERE kind=?1 "
		"AND id=?2 AND seq IS NULL ORDER BY replica DESC,n DESC",
		"ss", kind, id);
}

static sqlite3_stmt *
entries_of(struct sql *db, const char *kind, const char *id, int64_t before)
{
	if (!kind)
		return sql_use(db,
			"SELECT " ENTRY_COLUMNS " FROM _entry WHERE seq<?1 "
			"ORDER BY seq DESC",
			"i", before);
	return sql_use(db,
		"SELECT " ENTRY_COLUMNS " FROM _entry WHERE kind=?2 AND id=?3 "
		"AND seq<?1 ORDER BY seq DESC",
		"iss", before, kind, id);
}

enum status
history_read(struct replica *r, const char *kind, const char *id,
	int64_t before, int64_t limit, struct past *out, struct why *why)
{
	struct sql *db = replica_sql(r);
	enum status st = ST_OK;

	if (!before)
		st = read_all(r, pending_of(db, kind, id), limit, out, why);
	if (!st && (!limit || (int64_t)out->count < limit))
		st = read_all(r,
			entries_of(db, kind, id, before ? before : INT64_MAX),
			limit, out, why);
	return st;
}

enum status
history_edit(struct replica *r, struct edit_id id, struct entry *out,
	struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s = sql_use(db,
		"SELECT " ENTRY_COLUMNS " FROM _entry WHERE replica=?1 AND "
		"n=?2 UNION ALL SELECT " PENDING_COLUMNS " FROM _outbox "
		"WHERE replica=?1 AND n=?2 AND seq IS NULL",
		"ii", (int64_t)id.replica, (int64_t)id.n);
	enum status st;
	bool row;

	memset(out, 0, sizeof(*out));
	st = sql_step(db, s, &row, why);
	if (!st && !row)
		return why_set(why, ST_NOT_FOUND,
			"edit %u.%u was not sent to this replica", id.replica,
			id.n);
	if (!st)
		st = read_entry(s, out, why);
	sqlite3_reset(s);
	if (st)
		entry_release(out);
	return st;
}

enum status
history_of(
	struct replica *r, sqlite3_stmt *s, struct past *out, struct why *why)
{
	return read_all(r, s, 0, out, why);
}

static void
json_changes(const struct edit *e, struct buf *out)
{
	json_put_name(out, "set");
	buf_putc(out, '{');
	for (size_t i = 0; i < e->count; i++) {
		json_put_member(out, e->changes[i].field, e->changes[i].value);
	}
	buf_putc(out, '}');
	json_put_name(out, "over");
	buf_putc(out, '{');
	for (size_t i = 0; i < e->count; i++)
		if (!edit_id_none(e->changes[i].over))
			edit_id_put_member(
				out, e->changes[i].field, e->changes[i].over);
	buf_putc(out, '}');
}

static void
json_settles(const struct edit *e, struct buf *out)
{
	if (!e->settle_count)
		return;
	json_put_name(out, "resolves");
	buf_putc(out, '[');
	for (size_t i = 0; i < e->settle_count; i++) {
		json_put_comma(out);
		buf_putc(out, '{');
		json_put_member(out, "field", e->settles[i].field);
		edit_id_put_member(out, "edit", e->settles[i].loser);
		buf_putc(out, '}');
	}
	buf_putc(out, ']');
}

static const char *
decided(const struct entry *e, const char *field)
{
	if (e->verdict.held)
		return "held";
	return verdict_won(&e->verdict, field) ? "won" : "lost";
}

static void
json_verdict(const struct entry *e, struct buf *out)
{
	if (e->seq <= 0)
		return;
	json_put_name(out, "verdict");
	buf_putc(out, '{');
	for (size_t i = 0; i < e->edit.count; i++) {
		json_put_member(out, e->edit.changes[i].field,
			decided(e, e->edit.changes[i].field));
	}
	buf_putc(out, '}');
	if (e->verdict.held)
		json_put_member(out, "held", e->verdict.held);
	if (e->verdict.refused)
		json_put_member(out, "refused", e->verdict.refused);
}

void
history_json(const struct entry *e, struct buf *out)
{
	char at[WHEN_MAX];

	buf_putc(out, '{');
	edit_id_put_member(out, "edit", e->edit.id);
	json_put_name(out, "seq");
	if (e->seq > 0)
		buf_printf(out, "%lld", (long long)e->seq);
	else
		buf_puts(out, "null");
	when_instant_text(e->at, at);
	json_put_member(out, "at", at);
	if (e->unsure)
		buf_puts(out, ",\"unsure\":true");
	json_put_member(out, "by", e->by);
	json_put_name(out, "record");
	buf_putc(out, '"');
	buf_printf(out, "%s/%s\"", e->edit.kind, e->edit.record);
	json_changes(&e->edit, out);
	json_settles(&e->edit, out);
	if (e->edit.reason)
		json_put_member(out, "reason", e->edit.reason);
	json_verdict(e, out);
	buf_putc(out, '}');
}
