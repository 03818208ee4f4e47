#include "tui/record_timeline.h"

#include <stdlib.h>
#include <string.h>

#include "common/held.h"
#include "tui/show.h"

/* Cells of what stands before a text; and where there is little room. */
#define WHEN_CELLS 13
#define WHO_CELLS 13
#define NARROW_WHEN 7
#define NARROW_WHO 7

/* A line of the timeline. */
struct event {
	int64_t at;
	char mark;
	char *head, *text;
	char *kind, *id;     /* a note's */
	struct edit_id edit; /* an entry's */
};
struct events {
	struct event *items;
	size_t count, cap;
};

const struct kind *
record_note_kind(const struct catalog *c, const struct kind *k)
{
	for (size_t i = 0; i < k->section_count; i++) {
		const struct kind *n = catalog_kind(c, k->sections[i]);
		const struct field *title = n ? kind_field(n, n->title) : NULL;
		const struct field *sort = n && n->sort[0] == '-'
						   ? kind_field(n, n->sort + 1)
						   : NULL;

		if (title && title->type == TYPE_LONG && sort &&
			sort->type == TYPE_DATETIME && !n->section_count)
			return n;
	}
	return NULL;
}

static struct event *
add_event(struct events *all, int64_t at)
{
	struct event *e;

	MEM_ROOM(all->items, all->count, all->cap);
	e = &all->items[all->count++];
	memset(e, 0, sizeof(*e));
	e->at = at;
	return e;
}

static char *
event_head(struct view *v, int64_t at, const char *by, const char *what)
{
	bool narrow = record_is_narrow(v);
	char when[WHEN_MAX];
	struct buf b = BUF_INIT, who = BUF_INIT;

	if (narrow)
		show_date(at, app_now(v->app), when);
	else
		show_time(at, app_now(v->app), when);
	show_member(v->app->replica, by, &who);
	show_column(when, narrow ? NARROW_WHEN : WHEN_CELLS, &v->app->look, &b);
	show_padded(buf_text(&who), narrow ? NARROW_WHO : WHO_CELLS,
		&v->app->look, &b);
	buf_printf(&b, " %s  ", what);
	buf_release(&who);
	return buf_take(&b);
}

static void
add_entries(struct view *v, const struct past *past, struct events *all)
{
	for (size_t i = 0; i < past->count; i++) {
		const struct entry *from = &past->items[i];
		struct event *e = add_event(all, from->at);
		struct buf b = BUF_INIT;

		show_changes(v->app->replica, &from->edit, &b);
		e->edit = from->edit.id;
		e->mark = from->verdict.held ? '!' : from->seq ? 0 : '*';
		e->text = buf_take(&b);
		e->head = event_head(v, from->at, from->by, "set");
	}
}

static int64_t
note_time(const struct record *note)
{
	int64_t at;

	if (when_parse_instant(record_text(note, note->kind->sort + 1), &at))
		return at;
	return note->created_at;
}

static void
add_notes(struct view *v, struct events *all)
{
	struct record_view *rv = v->state;
	struct replica *r = v->app->replica;
	const struct kind *k =
		record_note_kind(replica_catalog(r), rv->rec->kind);
	struct names ids = {0};
	struct record *note;
	struct why why;

	if (!k || app_failed(v->app,
			  record_related(
				  r, rv->kind, rv->id, k->name, &ids, &why),
			  &why))
		return;
	for (size_t i = 0; i < ids.count && i < RECORD_EVENTS_MAX; i++) {
		struct event *e;

		if (record_load(r, k->name, ids.items[i], &note, &why))
			continue;
		e = add_event(all, note_time(note));
		e->mark = note->unsent ? '*' : 0;
		e->head = event_head(v, e->at, note->created_by, k->one);
		e->text = mem_text(record_text(note, k->title));
		e->kind = mem_text(k->name);
		e->id = mem_text(note->id);
		record_free(note);
	}
	names_release(&ids);
}

static int
newer_first(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	return (x->at < y->at) - (x->at > y->at);
}

static void
put_event(struct record_view *rv, struct event *e)
{
	size_t first = rows_wrap(&rv->page.rows, e->head, e->text,
		rv->page.cols, e->kind ? RECORD_NOTE_LINES : 1);
	struct row *row = &rv->page.rows.items[first];
	char edit[EDIT_ID_TEXT];

	row->tag = ROW_EVENT;
	row->mark = e->mark;
	edit_id_text(e->edit, edit);
	if (e->kind)
		row_stands_for(row, e->kind, e->id);
	else
		row_set_key(row, "%s", edit);
	free(e->head);
	free(e->text);
	free(e->kind);
	free(e->id);
}

void
record_timeline(struct view *v, const struct past *past)
{
	struct record_view *rv = v->state;
	struct events all = {0};
	struct row *row;

	add_entries(v, past, &all);
	add_notes(v, &all);
	if (all.count)
		qsort(all.items, all.count, sizeof(*all.items), newer_first);
	row = rows_head(
		&rv->page.rows, "Timeline (%zu), newest first", all.count);
	row->pick = true;
	row->tag = ROW_EVENT;
	for (size_t i = 0; i < all.count; i++)
		put_event(rv, &all.items[i]);
	free(all.items);
}
