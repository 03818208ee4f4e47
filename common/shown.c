#include "common/shown.h"

#include <stdlib.h>
#include <string.h>

/* Where an edit's values come from. */
struct source {
	int64_t at;
	const char *by;
	bool unsent;
};

/* What most values of a record are. */
static char unset[] = "";

static void
text_free(char *text)
{
	if (text != unset)
		free(text);
}

void
record_put(char **slot, const char *text)
{
	text_free(*slot);
	*slot = text[0] ? mem_text(text) : unset;
}

void
record_value_copy(struct record_value *to, const struct record_value *from)
{
	struct record_value copy = *from;

	copy.text = to->text;
	copy.by = to->by;
	record_put(&copy.text, from->text);
	record_put(&copy.by, from->by);
	*to = copy;
}

static void
value_release(struct record_value *v)
{
	text_free(v->text);
	text_free(v->by);
}

void
record_free(struct record *rec)
{
	if (!rec)
		return;
	for (size_t i = 0; i < rec->kind->field_count; i++)
		value_release(&rec->values[i]);
	free(rec->values);
	value_release(&rec->void_value);
	text_free(rec->created_by);
	text_free(rec->updated_by);
	free(rec->id);
	free(rec);
}

static void
value_set(struct record_value *v, const char *text, struct edit_id edit,
	const struct source *from)
{
	record_put(&v->text, text);
	v->edit = edit;
	v->at = from->at;
	record_put(&v->by, from->by);
	v->unsent = from->unsent;
}

struct record *
record_blank(const struct kind *kind, const char *id)
{
	struct record *rec = mem_alloc(sizeof(*rec));
	const struct record_value none = {.text = unset, .by = unset};

	rec->kind = kind;
	rec->id = mem_text(id);
	rec->values = mem_alloc(kind->field_count * sizeof(*rec->values));
	for (size_t i = 0; i < kind->field_count; i++)
		rec->values[i] = none;
	rec->void_value = none;
	rec->created_by = unset;
	rec->updated_by = unset;
	return rec;
}

static struct record_value *
value_slot(struct record *rec, const char *field)
{
	const struct field *f;

	if (strcmp(field, FIELD_VOID) == 0)
		return &rec->void_value;
	f = kind_field(rec->kind, field);
	return f ? &rec->values[f->index] : NULL;
}

static void
take_field(struct record *rec, const struct edit *e, const char *field,
	const struct source *from)
{
	const struct change *c = edit_find(e, field);
	struct record_value *slot = value_slot(rec, field);

	if (c && slot)
		value_set(slot, c->value, e->id, from);
}

static void
touch(struct record *rec, const struct source *from)
{
	rec->updated_at = from->at;
	record_put(&rec->updated_by, from->by);
	if (rec->created_by[0] || rec->created_at)
		return;
	rec->created_at = from->at;
	record_put(&rec->created_by, from->by);
}

/* The entry that cells are of, read once for all that it won. */
struct winner {
	int64_t seq;
	bool there;
	sqlite3_stmt *row; /* the source's texts */
	struct edit edit;
	struct source from;
};

static enum status
read_winner(
	const struct tables *t, int64_t seq, struct winner *w, struct why *why)
{
	enum status st;

	edit_release(&w->edit);
	w->seq = seq;
	w->row = sql_use(t->db,
		"SELECT replica,n,at,by,body FROM _entry WHERE seq=?1", "i",
		seq);
	st = sql_step(t->db, w->row, &w->there, why);
	if (st || !w->there)
		return st;
	w->from.at = sqlite3_column_int64(w->row, 2);
	w->from.by = sql_column(w->row, 3);
	st = edit_body_parse(sql_column(w->row, 4), &w->edit, why);
	w->edit.id.replica = (uint32_t)sqlite3_column_int64(w->row, 0);
	w->edit.id.n = (uint32_t)sqlite3_column_int64(w->row, 1);
	return st;
}

/* The values that stand, entry by entry. */
static enum status
read_cells(
	const struct tables *t, struct record *rec, bool *any, struct why *why)
{
	sqlite3_stmt *s = sql_use(t->db,
		"SELECT field,seq FROM _cell WHERE kind=?1 AND id=?2 "
		"ORDER BY seq",
		"ss", rec->kind->name, rec->id);
	struct winner w = {.seq = -1};
	enum status st;
	bool row;

	while (!(st = sql_step(t->db, s, &row, why)) && row) {
		if (sqlite3_column_int64(s, 1) != w.seq)
			st = read_winner(
				t, sqlite3_column_int64(s, 1), &w, why);
		if (st)
			break;
		if (w.there)
			take_field(rec, &w.edit, sql_column(s, 0), &w.from);
		*any = *any || w.there;
	}
	edit_release(&w.edit);
	sqlite3_reset(w.row);
	sqlite3_reset(s);
	return st;
}

/* When and by whom it was made and last written, from the log's ends. */
static enum status
read_ends(const struct tables *t, struct record *rec, struct why *why)
{
	static const char *const ends[] = {
		"SELECT at,by,replica,n FROM _entry WHERE kind=?1 AND id=?2 "
		"AND state=0 ORDER BY seq LIMIT 1",
		"SELECT at,by,replica,n FROM _entry WHERE kind=?1 AND id=?2 "
		"AND state=0 ORDER BY seq DESC LIMIT 1"};

	for (int i = 0; i < 2; i++) {
		sqlite3_stmt *s =
			sql_use(t->db, ends[i], "ss", rec->kind->name, rec->id);
		bool row;
		enum status st = sql_step(t->db, s, &row, why);

		if (st)
			return st;
		if (row) {
			struct source from = {sqlite3_column_int64(s, 0),
				sql_column(s, 1), false};

			touch(rec, &from);
			rec->newest.replica =
				(uint32_t)sqlite3_column_int64(s, 2);
			rec->newest.n = (uint32_t)sqlite3_column_int64(s, 3);
		}
		sqlite3_reset(s);
	}
	return ST_OK;
}

static enum status
read_outbox(
	const struct tables *t, struct record *rec, bool *any, struct why *why)
{
	sqlite3_stmt *s = sql_use(t->db,
		"SELECT n,body,at,replica FROM _outbox WHERE kind=?1 AND "
		"id=?2 AND seq IS NULL ORDER BY replica,n",
		"ss", rec->kind->name, rec->id);
	enum status st;
	bool row;

	while (!(st = sql_step(t->db, s, &row, why)) && row) {
		struct source from = {sqlite3_column_int64(s, 2), t->me, true};
		struct edit e = {0};

		st = edit_body_parse(sql_column(s, 1), &e, why);
		e.id.replica = (uint32_t)sqlite3_column_int64(s, 3);
		e.id.n = (uint32_t)sqlite3_column_int64(s, 0);
		for (size_t i = 0; i < e.count; i++)
			take_field(rec, &e, e.changes[i].field, &from);
		touch(rec, &from);
		rec->newest = e.id;
		rec->unsent = true;
		*any = *any || e.count;
		edit_release(&e);
		if (st)
			break;
	}
	sqlite3_reset(s);
	return st;
}

enum status
shown_conflicts(const struct tables *t, struct record *rec, struct why *why)
{
	sqlite3_stmt *s = sql_use(t->db,
		"SELECT DISTINCT field FROM _conflict WHERE kind=?1 AND id=?2 "
		"AND NOT EXISTS(SELECT 1 FROM _outbox o WHERE o.kind=?1 AND "
		"o.id=?2 AND o.seq IS NULL AND "
		"json_type(o.body,'$.z.\"'||field||'\"') IS NOT NULL)",
		"ss", rec->kind->name, rec->id);
	enum status st;
	bool row;

	while (!(st = sql_step(t->db, s, &row, why)) && row) {
		struct record_value *v = value_slot(rec, sql_column(s, 0));

		if (v)
			v->conflict = true;
	}
	return st;
}

enum status
shown_absent(const struct kind *kind, const char *id, struct why *why)
{
	return why_set(why, ST_NOT_FOUND,
		"there is no %s/%s in this replica: check the id, or sync if "
		"it is new",
		kind->name, id);
}

static enum status
read_record(const struct tables *t, const struct kind *kind, const char *id,
	bool whole, struct record **out, struct why *why)
{
	struct record *rec = record_blank(kind, id);
	bool any = false;
	enum status st = read_cells(t, rec, &any, why);

	if (!st && whole)
		st = read_ends(t, rec, why);
	if (!st)
		st = read_outbox(t, rec, &any, why);
	if (!st && whole)
		st = shown_conflicts(t, rec, why);
	if (!st && !any)
		st = shown_absent(kind, id, why);
	if (st) {
		record_free(rec);
		rec = NULL;
	}
	*out = rec;
	return st;
}

enum status
shown_read(const struct tables *t, const struct kind *kind, const char *id,
	struct record **out, struct why *why)
{
	return read_record(t, kind, id, true, out, why);
}

enum status
shown_values(const struct tables *t, const struct kind *kind, const char *id,
	struct record **out, struct why *why)
{
	return read_record(t, kind, id, false, out, why);
}

const struct record_value *
record_value_of(const struct record *rec, const char *field)
{
	const struct field *f;

	if (strcmp(field, FIELD_VOID) == 0)
		return &rec->void_value;
	f = kind_field(rec->kind, field);
	return f ? &rec->values[f->index] : NULL;
}

const char *
record_text(const struct record *rec, const char *field)
{
	const struct record_value *v = record_value_of(rec, field);

	return v ? v->text : "";
}

const char *
record_title(const struct record *rec)
{
	const char *title = record_text(rec, rec->kind->title);

	return title[0] ? title : rec->id;
}
