#include "common/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/lay.h"
#include "common/names.h"
#include "common/number.h"
#include "common/value.h"

static enum status
find_kind(const struct replica *r, const char *kind, const struct kind **out,
	struct why *why)
{
	*out = catalog_kind(replica_catalog(r), kind);
	if (*out)
		return ST_OK;
	return why_set(why, ST_NOT_FOUND,
		"there is no kind '%.40s': `beatbook kinds` lists them", kind);
}

enum status
record_load(struct replica *r, const char *kind, const char *id,
	struct record **out, struct why *why)
{
	const struct kind *k;
	enum status st = find_kind(r, kind, &k, why);

	*out = NULL;
	if (st)
		return st;
	sql_look(replica_sql(r));
	st = shown_read(replica_tables(r), k, id, out, why);
	sql_looked(replica_sql(r));
	return st;
}

static void
glance_sql(const struct kind *k, struct buf *sql)
{
	buf_printf(sql,
		"SELECT EXISTS(SELECT 1 FROM _outbox WHERE kind='%s' AND "
		"id=?1 AND seq IS NULL),created_at,created_by,updated_at,"
		"updated_by,void",
		k->name);
	for (size_t i = 0; i < k->column_count; i++) {
		buf_puts(sql, ",\"");
		buf_puts(sql, k->columns[i]);
		buf_putc(sql, '"');
	}
	buf_printf(sql, " FROM \"%s\" WHERE id=?1", k->name);
}

static void
take_column(sqlite3_stmt *s, int column, struct record *rec, const char *name)
{
	const struct field *f = kind_field(rec->kind, name);
	char real[NUMBER_MAX];
	struct buf text = BUF_INIT;

	if (!f)
		return; /* updated_at */
	if (sqlite3_column_type(s, column) == SQLITE_FLOAT) {
		number_text(sqlite3_column_double(s, column), real);
		buf_puts(&text, real);
	} else {
		lay_column_text(s, column, f, &text);
	}
	record_put(&rec->values[f->index].text, buf_text(&text));
	buf_release(&text);
}

static void
take_row(sqlite3_stmt *s, struct record *rec)
{
	int column = 0;

	rec->unsent = sqlite3_column_int(s, column++) != 0;
	when_parse_instant(sql_column(s, column++), &rec->created_at);
	record_put(&rec->created_by, sql_column(s, column++));
	when_parse_instant(sql_column(s, column++), &rec->updated_at);
	record_put(&rec->updated_by, sql_column(s, column++));
	record_put(&rec->void_value.text, sql_column(s, column++));
	for (size_t i = 0; i < rec->kind->column_count; i++)
		take_column(s, column++, rec, rec->kind->columns[i]);
}

enum status
record_glance(struct replica *r, const char *kind, const char *id,
	struct record **out, struct why *why)
{
	const struct kind *k;
	struct buf sql = BUF_INIT;
	enum status st = find_kind(r, kind, &k, why);
	sqlite3_stmt *s;
	bool row = false;

	*out = NULL;
	if (st)
		return st;
	glance_sql(k, &sql);
	s = sql_use(replica_sql(r), buf_text(&sql), "s", id);
	buf_release(&sql);
	st = sql_step(replica_sql(r), s, &row, why);
	if (st)
		return st;
	if (!row)
		return shown_absent(k, id, why);
	*out = record_blank(k, id);
	take_row(s, *out);
	sqlite3_reset(s);
	st = shown_conflicts(replica_tables(r), *out, why);
	if (st) {
		record_free(*out);
		*out = NULL;
	}
	return st;
}

char *
record_title_of(struct replica *r, const char *kind, const char *id)
{
	const struct kind *k = catalog_kind(replica_catalog(r), kind);
	struct buf sql = BUF_INIT;
	char *title = NULL;

	if (k) {
		buf_printf(&sql, "SELECT \"%s\" FROM \"%s\" WHERE id=?1",
			k->title, k->name);
		/* A title that cannot be read shows as the id. */
		if (sql_text(replica_sql(r), &title, NULL, buf_text(&sql), "s",
			    id))
			title = NULL;
		buf_release(&sql);
	}
	if (title && title[0])
		return title;
	free(title);
	return mem_text(id);
}

enum status
record_exists(struct replica *r, const char *kind, const char *id, bool *exists,
	struct why *why)
{
	struct buf sql = BUF_INIT;
	int64_t found;
	enum status st;

	buf_printf(&sql, "SELECT 1 FROM \"%s\" WHERE id=?1", kind);
	st = sql_int(replica_sql(r), 0, &found, why, buf_text(&sql), "s", id);
	*exists = found != 0;
	buf_release(&sql);
	return st;
}

const char *
record_near(struct replica *r, const struct kind *k, const char *id,
	char out[NEAREST_HINT_MAX])
{
	struct nearest near = {.typed = id};
	struct names ids = {NULL, 0, 0};
	struct buf sql = BUF_INIT;
	struct why why;

	out[0] = '\0';
	if (!k->code[0])
		return out;
	buf_printf(&sql, "SELECT id FROM \"%s\" WHERE void IS NULL", k->name);
	if (!sql_names(replica_sql(r),
		    sql_use(replica_sql(r), buf_text(&sql), ""), &ids, NULL,
		    &why))
		for (size_t i = 0; i < ids.count; i++)
			nearest_offer(&near, ids.items[i]);
	if (near.best)
		snprintf(out, NEAREST_HINT_MAX, "did you mean %s? ", near.best);
	names_release(&ids);
	buf_release(&sql);
	return out;
}

enum status
record_id_meant(struct replica *r, const char *kind, const char *typed,
	struct buf *out, struct why *why)
{
	const struct kind *k = catalog_kind(replica_catalog(r), kind);
	struct buf sql = BUF_INIT;
	char *kept = NULL;
	enum status st = ST_OK;

	if (k) {
		buf_printf(&sql,
			"SELECT id FROM \"%s\" WHERE %s ORDER BY id=?1 DESC,id "
			"LIMIT 1",
			kind,
			k->code[0] ? "id=?1 COLLATE NOCASE"
				   : "id IN (?1,lower(?1))");
		st = sql_text(
			replica_sql(r), &kept, why, buf_text(&sql), "s", typed);
	}
	buf_puts(out, kept ? kept : typed);
	free(kept);
	buf_release(&sql);
	return st;
}

enum status
record_ref_meant(struct replica *r, const struct field *f, const char *typed,
	struct buf *out, struct why *why)
{
	char kind[NAME_MAX_BYTES + 1];
	const char *id;

	if (f->ref_kind[0])
		return record_id_meant(r, f->ref_kind, typed, out, why);
	if (!record_name_split(typed, kind, &id)) {
		buf_puts(out, typed);
		return ST_OK;
	}
	buf_printf(out, "%s/", kind);
	return record_id_meant(r, kind, id, out, why);
}

enum status
record_refs_meant(
	struct replica *r, const struct field *f, char **value, struct why *why)
{
	struct buf item = BUF_INIT, kept = BUF_INIT, list = BUF_INIT;
	size_t at = 0;
	enum status st = ST_OK;

	if (f->type == TYPE_REF && (*value)[0])
		st = record_ref_meant(r, f, *value, &list, why);
	while (!st && f->type == TYPE_REFS && value_next(*value, &at, &item)) {
		buf_clear(&kept);
		st = record_ref_meant(r, f, buf_text(&item), &kept, why);
		value_join(&list, buf_text(&kept));
	}
	if (!st && list.len) {
		free(*value);
		*value = buf_take(&list);
	}
	buf_release(&item);
	buf_release(&kept);
	buf_release(&list);
	return st;
}

enum status
record_absent(struct replica *r, const struct kind *k, const char *id,
	struct why *why)
{
	char near[NEAREST_HINT_MAX];

	return why_set(why, ST_NOT_FOUND,
		"there is no %s/%.60s: %s`beatbook list %s` shows them",
		k->name, id, record_near(r, k, id, near), k->name);
}

void
record_saw(struct edit *e, const struct record *rec)
{
	if (rec->void_value.text[0])
		e->saw_void = rec->void_value.edit;
}

void
record_change(struct edit *e, const struct record *rec, const char *field,
	const char *value)
{
	const struct record_value *v = rec ? record_value_of(rec, field) : NULL;

	if (rec)
		record_saw(e, rec);
	edit_change(e, field, value, v ? v->edit : EDIT_ID_NONE);
}

enum status
record_related(struct replica *r, const char *kind, const char *id,
	const char *from, struct names *ids, struct why *why)
{
	const struct kind *k = catalog_kind(replica_catalog(r), from);
	struct buf sql = BUF_INIT, full = BUF_INIT;
	sqlite3_stmt *s;
	enum status st;

	if (!k)
		return ST_OK;
	buf_printf(&full, "%s/%s", kind, id);
	buf_printf(&sql,
		"SELECT id FROM \"%s\" WHERE void IS NULL AND id IN ("
		"SELECT id FROM _link WHERE kind=?1 AND ((target=?2 AND "
		"field IN (",
		from);
	for (size_t i = 0; i < k->field_count; i++)
		if (strcmp(k->fields[i].ref_kind, kind) == 0)
			buf_printf(&sql, "'%s',", k->fields[i].name);
	buf_puts(&sql, "'')) OR target=?3)) ORDER BY updated_at DESC,id");
	s = sql_use(replica_sql(r), buf_text(&sql), "sss", from, id,
		buf_text(&full));
	st = sql_names(replica_sql(r), s, ids, NULL, why);
	buf_release(&sql);
	buf_release(&full);
	return st;
}

static void
json_list(const char *list, struct buf *out)
{
	struct buf item = BUF_INIT;
	size_t at = 0;

	buf_putc(out, '[');
	while (value_next(list, &at, &item)) {
		json_put_comma(out);
		json_put_text(out, buf_text(&item));
	}
	buf_putc(out, ']');
	buf_release(&item);
}

/* A number or bool as it is; a text where the hub let another value pass. */
static void
json_plain(const char *text, struct buf *out)
{
	char again[NUMBER_MAX] = "";
	double n;

	if (number_parse(text, &n))
		number_text(n, again);
	if (strcmp(again, text) == 0 || strcmp(text, "true") == 0 ||
		strcmp(text, "false") == 0)
		buf_puts(out, text);
	else
		json_put_text(out, text);
}

static void
json_value(const struct field *f, const char *text, struct buf *out)
{
	switch (f->type) {
	case TYPE_INT:
	case TYPE_REAL:
	case TYPE_BOOL:
		json_plain(text, out);
		break;
	case TYPE_SET:
	case TYPE_REFS:
		json_list(text, out);
		break;
	default:
		json_put_text(out, text);
		break;
	}
}

static void
json_member(struct buf *out, const char *name, const char *text)
{
	if (!text[0])
		return;
	json_put_member(out, name, text);
}

static void
json_instant(struct buf *out, const char *name, int64_t ms)
{
	char text[WHEN_MAX];

	when_instant_text(ms, text);
	json_member(out, name, text);
}

void
record_json_open(const struct record *rec, struct buf *out)
{
	buf_putc(out, '{');
	json_put_name(out, "record");
	buf_putc(out, '"');
	buf_printf(out, "%s/%s\"", rec->kind->name, rec->id);
	for (size_t i = 0; i < rec->kind->field_count; i++) {
		if (!rec->values[i].text[0])
			continue;
		json_put_name(out, rec->kind->fields[i].name);
		json_value(&rec->kind->fields[i], rec->values[i].text, out);
	}
	json_member(out, FIELD_VOID, rec->void_value.text);
	json_instant(out, "created_at", rec->created_at);
	json_member(out, "created_by", rec->created_by);
	json_instant(out, "updated_at", rec->updated_at);
	json_member(out, "updated_by", rec->updated_by);
}

void
record_json(const struct record *rec, struct buf *out)
{
	record_json_open(rec, out);
	buf_putc(out, '}');
}
