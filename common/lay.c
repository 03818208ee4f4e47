#include "common/lay.h"

#include <stdlib.h>
#include <string.h>

#include "common/fulltext.h"
#include "common/value.h"

static bool
is_bool(const char *text)
{
	return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
}

static bool
is_number(const char *text)
{
	char *end;

	(void)strtod(text, &end);
	return !*end;
}

/* What the hub let pass though it is not of its type stays as it is. */
void
lay_bind(sqlite3_stmt *s, int at, const struct field *f, const char *text)
{
	if (!text[0])
		sqlite3_bind_null(s, at);
	else if (f->type == TYPE_INT && is_number(text))
		sqlite3_bind_int64(s, at, strtoll(text, NULL, 10));
	else if (f->type == TYPE_BOOL && is_bool(text))
		sqlite3_bind_int64(s, at, strcmp(text, "true") == 0);
	else if (f->type == TYPE_REAL && is_number(text))
		sqlite3_bind_double(s, at, strtod(text, NULL));
	else
		sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC);
}

bool
lay_same(const struct field *f, const char *a, const char *b)
{
	if (f->type == TYPE_INT && is_number(a) && is_number(b))
		return strtoll(a, NULL, 10) == strtoll(b, NULL, 10);
	if (f->type == TYPE_REAL && is_number(a) && is_number(b))
		return strtod(a, NULL) == strtod(b, NULL);
	return strcmp(a, b) == 0;
}

void
lay_column_text(
	sqlite3_stmt *s, int column, const struct field *f, struct buf *out)
{
	if (sqlite3_column_type(s, column) == SQLITE_NULL)
		return;
	if (f->type == TYPE_BOOL &&
		sqlite3_column_type(s, column) == SQLITE_INTEGER)
		buf_puts(out, sqlite3_column_int(s, column) ? "true" : "false");
	else
		buf_puts(out, sql_column(s, column));
}

enum status
lay_pending(const struct tables *t, const char *kind, const char *id,
	bool *pending, struct why *why)
{
	int64_t found;
	enum status st = sql_int(t->db, 0, &found, why,
		"SELECT 1 FROM _outbox WHERE kind=?1 AND id=?2 "
		"AND seq IS NULL LIMIT 1",
		"ss", kind, id);

	*pending = found != 0;
	return st;
}

enum status
lay_register(const struct tables *t, const char *kind, const char *id,
	struct why *why)
{
	return sql_run(t->db, why,
		"INSERT OR IGNORE INTO _record(kind,id) VALUES(?1,?2)", "ss",
		kind, id);
}

static bool
is_list(const struct field *f)
{
	return f->type == TYPE_REF || f->type == TYPE_REFS ||
	       f->type == TYPE_SET;
}

static enum status
links_drop(const struct tables *t, const struct kind *kind, const char *id,
	const struct field *f, struct why *why)
{
	return sql_run(t->db, why,
		"DELETE FROM _link WHERE kind=?1 AND id=?2 AND field=?3", "sss",
		kind->name, id, f->name);
}

static enum status
links_add(const struct tables *t, const struct kind *kind, const char *id,
	const struct field *f, const char *text, struct why *why)
{
	struct buf item = BUF_INIT;
	size_t at = 0;
	enum status st = ST_OK;

	while (!st && value_next(text, &at, &item))
		st = sql_run(t->db, why,
			"INSERT OR IGNORE INTO _link(kind,id,field,target) "
			"VALUES(?1,?2,?3,?4)",
			"ssss", kind->name, id, f->name, buf_text(&item));
	buf_release(&item);
	return st;
}

/* The column that a change is of; NULL: the kind has none. */
static const char *
column_of(const struct kind *kind, const struct change *c)
{
	if (strcmp(c->field, FIELD_VOID) == 0)
		return FIELD_VOID;
	return kind_field(kind, c->field) ? c->field : NULL;
}

static void
columns_sql(const struct kind *kind, const struct edit *e, struct buf *sql)
{
	buf_printf(sql, "UPDATE \"%s\" SET updated_at=?2,updated_by=?3",
		kind->name);
	for (size_t i = 0; i < e->count; i++)
		if (column_of(kind, &e->changes[i]))
			buf_printf(sql, ",\"%s\"=?", e->changes[i].field);
	buf_puts(sql, " WHERE id=?1");
}

static void
columns_bind(sqlite3_stmt *s, const struct kind *kind, const struct edit *e)
{
	int at = 4;

	for (size_t i = 0; i < e->count; i++) {
		const struct change *c = &e->changes[i];
		const struct field *f = kind_field(kind, c->field);

		if (f)
			lay_bind(s, at++, f, c->value);
		else if (column_of(kind, c))
			sqlite3_bind_text(s, at++,
				c->value[0] ? c->value : NULL, -1,
				SQLITE_STATIC);
	}
}

/* All in one statement: each would write the indexes that tell when. */
static enum status
columns_write(const struct tables *t, const struct kind *kind,
	const struct edit *e, const char *at, const char *by, bool *there,
	struct why *why)
{
	struct buf sql = BUF_INIT;
	enum status st;
	sqlite3_stmt *s;
	bool row;

	columns_sql(kind, e, &sql);
	s = sql_use(t->db, buf_text(&sql), "sss", e->record, at, by);
	if (s)
		columns_bind(s, kind, e);
	st = sql_step(t->db, s, &row, why);
	*there = sqlite3_changes(sql_handle(t->db)) > 0;
	buf_release(&sql);
	return st;
}

static enum status
row_begin(const struct tables *t, const struct kind *kind, const char *id,
	const char *at, const char *by, struct why *why)
{
	struct buf sql = BUF_INIT;
	enum status st;

	buf_printf(&sql,
		"INSERT INTO \"%s\"(id,created_at,created_by) "
		"VALUES(?1,?2,?3)",
		kind->name);
	st = sql_run(t->db, why, buf_text(&sql), "sss", id, at, by);
	buf_release(&sql);
	return st;
}

/* What the lists among these values point to. */
static enum status
links_write(const struct tables *t, const struct kind *kind,
	const struct edit *e, struct why *why)
{
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < e->count; i++) {
		const struct change *c = &e->changes[i];
		const struct field *f = kind_field(kind, c->field);

		if (!f || !is_list(f))
			continue;
		st = links_drop(t, kind, e->record, f, why);
		if (!st)
			st = links_add(t, kind, e->record, f, c->value, why);
	}
	return st;
}

enum status
lay_values(const struct tables *t, const struct edit *e, int64_t at,
	const char *by, struct why *why)
{
	const struct kind *kind = catalog_kind(t->catalog, e->kind);
	char text[WHEN_MAX];
	bool there = true;
	enum status st;

	if (!kind)
		return ST_OK;
	when_instant_text(at, text);
	st = columns_write(t, kind, e, text, by, &there, why);
	if (!st && !there)
		st = row_begin(t, kind, e->record, text, by, why);
	if (!st && !there)
		st = columns_write(t, kind, e, text, by, &there, why);
	return st ? st : links_write(t, kind, e, why);
}

/* Does it set any field that has words? */
static bool
sets_words(const struct kind *kind, const struct edit *e)
{
	for (size_t i = 0; i < e->count; i++) {
		const struct field *f = kind_field(kind, e->changes[i].field);

		if (f && fulltext_has(f))
			return true;
	}
	return false;
}

enum status
lay_changes(const struct tables *t, const struct edit *e, int64_t at,
	const char *by, struct why *why)
{
	const struct kind *kind = catalog_kind(t->catalog, e->kind);
	enum status st = lay_values(t, e, at, by, why);

	if (!st && kind && sets_words(kind, e))
		st = fulltext_refresh(t, kind, e->record, why);
	return st;
}

/* A row as it is written; all is borrowed but the array of values. */
struct row {
	const struct kind *kind;
	const char *id, *reason, *created_by, *updated_by;
	int64_t created_at, updated_at;
	const char **values; /* by index */
};

static void
row_sql(const struct kind *kind, struct buf *sql)
{
	buf_printf(sql,
		"INSERT OR REPLACE INTO \"%s\"(id,void,created_at,"
		"created_by,updated_at,updated_by",
		kind->name);
	for (size_t i = 0; i < kind->field_count; i++) {
		buf_puts(sql, ",\"");
		buf_puts(sql, kind->fields[i].name);
		buf_putc(sql, '"');
	}
	buf_puts(sql, ") VALUES(?1,?2,?3,?4,?5,?6");
	for (size_t i = 0; i < kind->field_count; i++)
		buf_puts(sql, ",?");
	buf_putc(sql, ')');
}

static enum status
row_write(const struct tables *t, const struct row *w, struct why *why)
{
	char created[WHEN_MAX], updated[WHEN_MAX];
	struct buf sql = BUF_INIT;
	enum status st;
	sqlite3_stmt *s;
	bool row;

	when_instant_text(w->created_at, created);
	when_instant_text(w->updated_at, updated);
	row_sql(w->kind, &sql);
	s = sql_use(t->db, buf_text(&sql), "ssssss", w->id,
		w->reason[0] ? w->reason : NULL, created, w->created_by,
		updated, w->updated_by);
	for (size_t i = 0; s && i < w->kind->field_count; i++)
		lay_bind(s, (int)i + 7, &w->kind->fields[i], w->values[i]);
	st = sql_step(t->db, s, &row, why);
	buf_release(&sql);
	return st;
}

static enum status
row_links(const struct tables *t, const struct row *w, bool fresh,
	struct why *why)
{
	const struct kind *kind = w->kind;
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < kind->field_count; i++) {
		const struct field *f = &kind->fields[i];

		if (!is_list(f))
			continue;
		if (!fresh)
			st = links_drop(t, kind, w->id, f, why);
		if (!st)
			st = links_add(t, kind, w->id, f, w->values[i], why);
	}
	return st;
}

/* The row with all that is kept beside it. `fresh`: nothing of the record was
 * laid before. */
static enum status
row_lay(const struct tables *t, const struct row *w, bool fresh,
	struct why *why)
{
	struct fulltext x = {BUF_INIT, BUF_INIT};
	enum status st = row_write(t, w, why);

	if (!st)
		st = row_links(t, w, fresh, why);
	for (size_t i = 0; i < w->kind->field_count; i++)
		fulltext_add(&x, w->kind, &w->kind->fields[i], w->values[i]);
	if (!st)
		st = fulltext_write(t, w->kind, w->id, &x, fresh, why);
	fulltext_release(&x);
	return st;
}

static enum status
record_write(const struct tables *t, const struct record *rec, struct why *why)
{
	struct row w = {rec->kind, rec->id, rec->void_value.text,
		rec->created_by, rec->updated_by, rec->created_at,
		rec->updated_at,
		mem_grow(NULL, rec->kind->field_count + 1, sizeof(*w.values))};
	enum status st;

	for (size_t i = 0; i < rec->kind->field_count; i++)
		w.values[i] = rec->values[i].text;
	st = row_lay(t, &w, false, why);
	free(w.values);
	return st;
}

static enum status
record_drop(const struct tables *t, const struct kind *kind, const char *id,
	struct why *why)
{
	struct buf sql = BUF_INIT;
	enum status st;

	buf_printf(&sql, "DELETE FROM \"%s\" WHERE id=?1", kind->name);
	st = sql_run(t->db, why, buf_text(&sql), "s", id);
	if (!st)
		st = sql_run(t->db, why,
			"DELETE FROM _link WHERE kind=?1 AND id=?2", "ss",
			kind->name, id);
	if (!st)
		st = fulltext_drop(t, kind, id, why);
	buf_release(&sql);
	return st;
}

enum status
lay_record(const struct tables *t, const char *kind_name, const char *id,
	struct why *why)
{
	const struct kind *kind = catalog_kind(t->catalog, kind_name);
	struct record *rec;
	enum status st;

	if (!kind)
		return ST_OK;
	st = shown_read(t, kind, id, &rec, why);
	if (st == ST_NOT_FOUND)
		return record_drop(t, kind, id, why);
	if (!st)
		st = record_write(t, rec, why);
	record_free(rec);
	return st;
}

static void
row_take(struct row *w, const struct entry *e)
{
	for (size_t i = 0; i < e->edit.count; i++) {
		const struct change *c = &e->edit.changes[i];
		const struct field *f = kind_field(w->kind, c->field);

		if (!verdict_won(&e->verdict, c->field))
			continue;
		if (strcmp(c->field, FIELD_VOID) == 0)
			w->reason = c->value;
		else if (f)
			w->values[f->index] = c->value;
	}
	w->updated_at = e->at;
	w->updated_by = e->by;
}

enum status
lay_new(const struct tables *t, const char *kind_name, const char *id,
	const struct entry *entries, size_t count, struct why *why)
{
	const struct kind *kind = catalog_kind(t->catalog, kind_name);
	struct row w = {
		kind, id, "", entries[0].by, "", entries[0].at, 0, NULL};
	enum status st;

	if (!kind)
		return ST_OK;
	w.values = mem_grow(NULL, kind->field_count + 1, sizeof(*w.values));
	for (size_t i = 0; i < kind->field_count; i++)
		w.values[i] = "";
	for (size_t i = 0; i < count; i++)
		row_take(&w, &entries[i]);
	st = row_lay(t, &w, true, why);
	free(w.values);
	return st;
}
