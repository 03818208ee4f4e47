#include "common/conflicts.h"

#include <stdlib.h>
#include <string.h>

#include "common/history.h"
#include "common/record.h"

static void
side_release(struct side *s)
{
	free(s->value);
	free(s->deed);
	free(s->by);
}

void
conflicts_release(struct conflicts *c)
{
	for (size_t i = 0; i < c->count; i++) {
		struct conflict *x = &c->items[i];

		free(x->kind);
		free(x->id);
		free(x->field);
		side_release(&x->won);
		for (size_t j = 0; j < x->lost_count; j++)
			side_release(&x->lost[j]);
		free(x->lost);
	}
	free(c->items);
	memset(c, 0, sizeof(*c));
}

/* What an edit did that a void would hide: on the record, or by making another
 * that belongs to it. */
static char *
deed_of(const struct conflict *x, const struct edit *e)
{
	struct buf deed = BUF_INIT;

	if (strcmp(x->field, FIELD_VOID) != 0 || edit_find(e, FIELD_VOID))
		return mem_text("");
	if (strcmp(e->kind, x->kind) != 0 || strcmp(e->record, x->id) != 0)
		buf_printf(&deed, "made %s/%s", e->kind, e->record);
	else
		buf_puts(&deed, "set");
	for (size_t i = 0; buf_text(&deed)[0] == 's' && i < e->count; i++)
		buf_printf(&deed, "%s %s", i ? "," : "", e->changes[i].field);
	return buf_take(&deed);
}

static enum status
side_read(struct replica *r, const struct conflict *x, struct edit_id id,
	struct side *out, struct why *why)
{
	const struct change *c;
	struct entry e;
	enum status st = history_edit(r, id, &e, why);

	out->edit = id;
	if (st == ST_NOT_FOUND) {
		out->value = mem_text("");
		out->deed = mem_text("");
		out->by = mem_text("");
		return ST_OK;
	}
	if (st)
		return st;
	c = edit_find(&e.edit, x->field);
	out->known = true;
	out->deed = deed_of(x, &e.edit);
	out->value = mem_text(c ? c->value : "");
	out->by = mem_text(e.by);
	out->at = e.at;
	entry_release(&e);
	return ST_OK;
}

static bool
is_loser(const struct conflict *x, struct edit_id id)
{
	for (size_t i = 0; i < x->lost_count; i++)
		if (edit_id_same(x->lost[i].edit, id))
			return true;
	return false;
}

/* The edit that a statement yields, if it yields any. */
static enum status
edit_of(struct replica *r, const struct conflict *x, const char *text,
	struct edit_id *id, struct why *why)
{
	sqlite3_stmt *s =
		sql_use(replica_sql(r), text, "sss", x->kind, x->id, x->field);
	bool row;
	enum status st = sql_step(replica_sql(r), s, &row, why);

	*id = EDIT_ID_NONE;
	if (!st && row) {
		id->replica = (uint32_t)sqlite3_column_int64(s, 0);
		id->n = (uint32_t)sqlite3_column_int64(s, 1);
		sqlite3_reset(s);
	}
	return st;
}

/* What stands in the hub's cells, or one's own newest edit of the field that
 * waits in the outbox: that lies over it, is what is shown, and what is
 * settled is written over it. */
static enum status
winner_read(struct replica *r, struct conflict *x, struct why *why)
{
	struct edit_id id;
	enum status st = edit_of(r, x,
		"SELECT replica,n FROM _outbox WHERE kind=?1 AND id=?2 AND "
		"seq IS NULL AND json_type(body,'$.f.\"'||?3||'\"') IS NOT "
		"NULL ORDER BY replica DESC,n DESC LIMIT 1",
		&id, why);

	if (!st && (edit_id_none(id) || is_loser(x, id)))
		st = edit_of(r, x,
			"SELECT e.replica,e.n FROM _cell c JOIN _entry e "
			"ON e.seq=c.seq WHERE c.kind=?1 AND c.id=?2 AND "
			"c.field=?3",
			&id, why);
	return st ? st : side_read(r, x, id, &x->won, why);
}

static struct conflict *
conflict_of(struct conflicts *all, const char *kind, const char *id,
	const char *field)
{
	struct conflict *x = all->count ? &all->items[all->count - 1] : NULL;

	if (x && strcmp(x->kind, kind) == 0 && strcmp(x->id, id) == 0 &&
		strcmp(x->field, field) == 0)
		return x;
	MEM_ROOM(all->items, all->count, all->cap);
	x = &all->items[all->count++];
	memset(x, 0, sizeof(*x));
	x->kind = mem_text(kind);
	x->id = mem_text(id);
	x->field = mem_text(field);
	return x;
}

static sqlite3_stmt *
losers_of(struct sql *db, const char *kind, const char *id)
{
	if (!kind)
		return sql_use(db,
			"SELECT kind,id,field,replica,n FROM _conflict "
			"ORDER BY kind,id,field,replica,n",
			"");
	return sql_use(db,
		"SELECT kind,id,field,replica,n FROM _conflict "
		"WHERE kind=?1 AND id=?2 ORDER BY field,replica,n",
		"ss", kind, id);
}

static enum status
read_losers(struct replica *r, const char *kind, const char *id,
	struct conflicts *all, struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s = losers_of(db, kind, id);
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		struct conflict *x = conflict_of(all, sql_column(s, 0),
			sql_column(s, 1), sql_column(s, 2));
		struct edit_id loser = {(uint32_t)sqlite3_column_int64(s, 3),
			(uint32_t)sqlite3_column_int64(s, 4)};

		MEM_ROOM(x->lost, x->lost_count, x->lost_cap);
		memset(&x->lost[x->lost_count], 0, sizeof(*x->lost));
		st = side_read(r, x, loser, &x->lost[x->lost_count++], why);
		if (st)
			break;
	}
	sqlite3_reset(s);
	return st;
}

/* A conflict is told to its authors and to those who supervise. */
static bool
is_told(struct replica *r, const struct conflict *x)
{
	const char *me = replica_identity(r)->badge;

	if (access_supervises(replica_access(r)) || strcmp(x->won.by, me) == 0)
		return true;
	for (size_t i = 0; i < x->lost_count; i++)
		if (strcmp(x->lost[i].by, me) == 0)
			return true;
	return false;
}

/* Has this member settled it already, in an edit that waits to be sent? */
static enum status
is_settled(struct replica *r, const struct conflict *x, bool *settled,
	struct why *why)
{
	int64_t found;
	enum status st = sql_int(replica_sql(r), 0, &found, why,
		"SELECT 1 FROM _outbox WHERE kind=?1 AND id=?2 AND seq IS NULL "
		"AND json_type(body,'$.z.\"'||?3||'\"') IS NOT NULL LIMIT 1",
		"sss", x->kind, x->id, x->field);

	*settled = found != 0;
	return st;
}

static enum status
keep_told(struct replica *r, struct conflicts *all, struct conflicts *out,
	struct why *why)
{
	for (size_t i = 0; i < all->count; i++) {
		struct conflict none = {0};
		bool settled;
		enum status st = is_settled(r, &all->items[i], &settled, why);

		if (st)
			return st;
		if (settled || !is_told(r, &all->items[i]))
			continue;
		MEM_ROOM(out->items, out->count, out->cap);
		out->items[out->count++] = all->items[i];
		all->items[i] = none;
	}
	return ST_OK;
}

enum status
conflicts_read(struct replica *r, const char *kind, const char *id,
	struct conflicts *out, struct why *why)
{
	struct conflicts all = {0};
	enum status st = read_losers(r, kind, id, &all, why);

	for (size_t i = 0; !st && i < all.count; i++)
		st = winner_read(r, &all.items[i], why);
	if (!st)
		st = keep_told(r, &all, out, why);
	conflicts_release(&all);
	return st;
}

static const struct conflict *
find_field(const struct conflicts *all, const char *field)
{
	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->items[i].field, field) == 0)
			return &all->items[i];
	return NULL;
}

enum status
conflict_is_open(struct replica *r, const char *kind, const char *id,
	const char *field, bool *open, struct why *why)
{
	struct conflicts all = {0};
	enum status st = conflicts_read(r, kind, id, &all, why);

	*open = !st && find_field(&all, field);
	conflicts_release(&all);
	return st;
}

/* A loser's value is taken with the rest of its group: they win together. */
static enum status
take_mates(struct replica *r, const struct conflict *x,
	const struct record *rec, const char *value, struct edit *e,
	struct why *why)
{
	const struct field *f = kind_field(rec->kind, x->field);
	const struct side *from = NULL;
	struct entry lost;
	enum status st;

	for (size_t i = 0; value && i < x->lost_count; i++)
		if (x->lost[i].known && strcmp(x->lost[i].value, value) == 0)
			from = &x->lost[i];
	if (!f || !from || strcmp(value, x->won.value) == 0)
		return ST_OK;
	st = history_edit(r, from->edit, &lost, why);
	if (st)
		return st;
	for (size_t i = 0; i < lost.edit.count; i++) {
		const struct change *c = &lost.edit.changes[i];
		const struct field *g = kind_field(rec->kind, c->field);

		if (g && g != f && strcmp(g->cell, f->cell) == 0)
			edit_change(e, c->field, c->value, x->won.edit);
	}
	entry_release(&lost);
	return ST_OK;
}

static enum status
resolve(struct replica *r, const struct conflict *x, const char *value,
	struct why *why)
{
	bool voids = strcmp(x->field, FIELD_VOID) == 0;
	struct record *rec;
	struct edit e = {0};
	enum status st = record_load(r, x->kind, x->id, &rec, why);

	if (st)
		return st;
	e.kind = mem_text(x->kind);
	e.record = mem_text(x->id);
	record_saw(&e, rec);
	/* Over a void lies all that was seen of the record. */
	edit_change(&e, x->field, value ? value : x->won.value,
		voids ? rec->newest : x->won.edit);
	st = take_mates(r, x, rec, value, &e, why);
	for (size_t i = 0; i < x->lost_count; i++)
		edit_settle(&e, x->field, x->lost[i].edit);
	if (!st)
		st = record_save(r, &e, why);
	record_free(rec);
	edit_release(&e);
	return st;
}

enum status
conflict_resolve(struct replica *r, const char *kind, const char *id,
	const char *field, const char *value, struct why *why)
{
	struct conflicts all = {0};
	enum status st = conflicts_read(r, kind, id, &all, why);
	const struct conflict *x = st ? NULL : find_field(&all, field);

	if (!st && !x)
		st = why_set(why, ST_NOT_FOUND,
			"there is no open conflict on %s of %s/%s: `beatbook "
			"conflicts` lists them",
			field, kind, id);
	if (!st)
		st = resolve(r, x, value, why);
	conflicts_release(&all);
	return st;
}
