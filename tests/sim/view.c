#include "tests/sim/view.h"

#include <stdlib.h>
#include <string.h>

static struct edit_id
column_edit(sqlite3_stmt *s, int column)
{
	return (struct edit_id){(uint32_t)sqlite3_column_int64(s, column),
		(uint32_t)sqlite3_column_int64(s, column + 1)};
}

static void
add_entry(struct view *v, sqlite3_stmt *s)
{
	struct entry *e;
	struct why why;

	MEM_ROOM(v->entries, v->entry_count, v->entry_cap);
	v->came = mem_grow(v->came, v->entry_cap, sizeof(*v->came));
	v->came[v->entry_count] = sqlite3_column_int64(s, 14);
	e = &v->entries[v->entry_count++];
	memset(e, 0, sizeof(*e));
	e->seq = sqlite3_column_int64(s, 0);
	e->edit.id = column_edit(s, 1);
	e->at = sqlite3_column_int64(s, 3);
	e->unsure = sqlite3_column_int(s, 4) != 0;
	e->by = mem_text(sql_column(s, 5));
	e->edit.kind = mem_text(sql_column(s, 6));
	e->edit.record = mem_text(sql_column(s, 7));
	e->edit.seen = sqlite3_column_int64(s, 10);
	e->edit.written.wall_ms = sqlite3_column_int64(s, 11);
	e->edit.written.boot_ms = sqlite3_column_int64(s, 12);
	strncpy(e->edit.written.boot_id, sql_column(s, 13), BOOT_ID_MAX - 1);
	world_good(verdict_parse(sql_column(s, 9), &e->verdict, &why), &why);
	if (!e->verdict.refused)
		world_good(edit_body_parse(sql_column(s, 8), &e->edit, &why),
			&why);
}

static void
add_cell(struct view *v, sqlite3_stmt *s)
{
	MEM_ROOM(v->cells, v->cell_count, v->cell_cap);
	v->cells[v->cell_count++] =
		(struct view_cell){mem_text(sql_column(s, 0)),
			mem_text(sql_column(s, 1)), mem_text(sql_column(s, 2)),
			mem_text(sql_column(s, 3)), column_edit(s, 4)};
}

static void
add_loser(struct view *v, sqlite3_stmt *s)
{
	MEM_ROOM(v->losers, v->loser_count, v->loser_cap);
	v->losers[v->loser_count++] = (struct view_loser){
		mem_text(sql_column(s, 0)), mem_text(sql_column(s, 1)),
		mem_text(sql_column(s, 2)), column_edit(s, 3)};
}

static void
read_rows(struct sql *db, struct view *v, const char *text,
	void (*add)(struct view *, sqlite3_stmt *))
{
	sqlite3_stmt *s = sql_use(db, text, "");
	struct why why;
	bool row;

	for (;;) {
		world_good(sql_step(db, s, &row, &why), &why);
		if (!row)
			return;
		add(v, s);
	}
}

void
view_read(struct world *w, struct view *v)
{
	struct sql *db;
	struct why why;

	memset(v, 0, sizeof(*v));
	world_good(sql_open(w->hub_path, SQL_READ, "the log", &db, &why), &why);
	read_rows(db, v,
		"SELECT seq,replica,n,at,unsure,by,kind,id,body,verdict,seen,"
		"wall,boot,boot_id,came FROM entry ORDER BY seq",
		add_entry);
	read_rows(db, v,
		"SELECT kind,id,field,value,replica,n FROM cell "
		"ORDER BY kind,id,field",
		add_cell);
	read_rows(db, v,
		"SELECT kind,id,field,replica,n FROM loser "
		"ORDER BY kind,id,field,replica,n",
		add_loser);
	sql_close(db);
}

void
view_release(struct view *v)
{
	for (size_t i = 0; i < v->entry_count; i++)
		entry_release(&v->entries[i]);
	for (size_t i = 0; i < v->cell_count; i++) {
		free(v->cells[i].kind);
		free(v->cells[i].id);
		free(v->cells[i].field);
		free(v->cells[i].value);
	}
	for (size_t i = 0; i < v->loser_count; i++) {
		free(v->losers[i].kind);
		free(v->losers[i].id);
		free(v->losers[i].field);
	}
	free(v->entries);
	free(v->came);
	free(v->cells);
	free(v->losers);
}

static int
compare(const struct view_cell *c, const char *kind, const char *id,
	const char *field)
{
	int order = strcmp(c->kind, kind);

	if (!order)
		order = strcmp(c->id, id);
	return order ? order : strcmp(c->field, field);
}

/* The first cell that is not before this name. */
static size_t
lower(const struct view *v, const char *kind, const char *id, const char *field)
{
	size_t from = 0, to = v->cell_count;

	while (from < to) {
		size_t mid = (from + to) / 2;

		if (compare(&v->cells[mid], kind, id, field) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

const char *
view_value(const struct view *v, const char *kind, const char *id,
	const char *field)
{
	size_t at = lower(v, kind, id, field);

	if (at < v->cell_count && !compare(&v->cells[at], kind, id, field))
		return v->cells[at].value;
	return "";
}

const struct view_cell *
view_record(
	const struct view *v, const char *kind, const char *id, size_t *count)
{
	size_t from = lower(v, kind, id, ""), to = from;

	while (to < v->cell_count && !strcmp(v->cells[to].kind, kind) &&
		!strcmp(v->cells[to].id, id))
		to++;
	*count = to - from;
	return &v->cells[from];
}

void
view_set(struct view *v, const struct view_cell *c)
{
	size_t at = lower(v, c->kind, c->id, c->field);
	bool there = at < v->cell_count &&
		     !compare(&v->cells[at], c->kind, c->id, c->field);

	if (!there) {
		MEM_ROOM(v->cells, v->cell_count, v->cell_cap);
		memmove(&v->cells[at + 1], &v->cells[at],
			(v->cell_count++ - at) * sizeof(*v->cells));
		v->cells[at] = (struct view_cell){mem_text(c->kind),
			mem_text(c->id), mem_text(c->field), NULL, c->edit};
	}
	free(v->cells[at].value);
	v->cells[at].value = mem_text(c->value);
	v->cells[at].edit = c->edit;
}

const struct entry *
view_making(const struct view *v, const char *kind, const char *id)
{
	for (size_t i = 0; i < v->entry_count; i++) {
		const struct entry *e = &v->entries[i];

		if (!e->verdict.held && !e->verdict.refused && e->edit.count &&
			!strcmp(e->edit.record, id) &&
			!strcmp(e->edit.kind, kind))
			return e;
	}
	return NULL;
}

const char *
view_author(const struct view *v, const char *kind, const char *id)
{
	const struct entry *e = view_making(v, kind, id);

	return e ? e->by : "";
}

const struct entry *
view_entry(const struct view *v, struct edit_id id)
{
	for (size_t i = 0; i < v->entry_count; i++)
		if (edit_id_same(v->entries[i].edit.id, id))
			return &v->entries[i];
	return NULL;
}
