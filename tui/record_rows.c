#include <stdlib.h>
#include <string.h>

#include "common/held.h"
#include "common/history.h"
#include "common/lent.h"
#include "tui/form.h"
#include "tui/record_state.h"
#include "tui/show.h"

#define LONG_LINES 8
#define NOTE_LINES 3
#define EVENTS_MAX 100
#define SECTION_MAX 20 /* records shown of each related kind */

/* A line of the timeline. */
struct event {
	int64_t at;
	char mark;
	char *head, *text;
	char *kind, *id; /* a note's */
};
struct events {
	struct event *items;
	size_t count, cap;
};

static void
add_field(struct view *v, const struct field *f)
{
	struct record_view *rv = v->state;
	const struct record_value *value = &rv->rec->values[f->index];
	struct buf shown = BUF_INIT;
	struct row *row;
	struct buf head = BUF_INIT;
	size_t first;

	if (f->type == TYPE_LONG)
		buf_puts(&shown, value->text);
	else
		show_value(v->app->replica, f, value->text, &shown);
	show_padded(f->label, 18, &v->app->look, &head);
	buf_putc(&head, ' ');
	first = rows_wrap(&rv->page.rows, buf_text(&head), buf_text(&shown),
		rv->page.cols, LONG_LINES);
	row = &rv->page.rows.items[first];
	row->tag = ROW_FIELD;
	row->index = f->index;
	row->mark = value->conflict ? 'x' : value->unsent ? '*' : 0;
	if (f->type == TYPE_REF && f->ref_kind[0])
		row_stands_for(row, f->ref_kind, value->text);
	buf_release(&shown);
	buf_release(&head);
}

static bool
held_back(const struct helds *mine, const char *field)
{
	for (size_t i = 0; i < mine->count; i++)
		if (edit_find(&mine->items[i].entry.edit, field))
			return true;
	return false;
}

/* What this member wrote there and was held, beside what stands. */
static void
add_held_values(struct view *v, const struct helds *mine, const char *field)
{
	struct record_view *rv = v->state;

	for (size_t i = mine->count; i-- > 0;) {
		const struct change *c =
			edit_find(&mine->items[i].entry.edit, field);
		struct buf shown = BUF_INIT;

		if (!c)
			continue;
		show_whole(v->app->replica, rv->rec->kind, field, c->value,
			&shown);
		rows_wrap(&rv->page.rows, "  your held value  ",
			shown.len ? buf_text(&shown) : "(empty)", rv->page.cols,
			NOTE_LINES);
		rv->page.rows.items[rv->page.rows.count - 1].pick = false;
		buf_release(&shown);
	}
}

/* Open held edits of this member on the record at hand. */
static void
read_held_back(struct view *v, struct helds *mine)
{
	struct record_view *rv = v->state;
	struct helds open = {0};
	struct why why;

	app_failed(v->app,
		held_read(v->app->replica, HELD_OPEN, rv->kind, rv->id, 0,
			&open, &why),
		&why);
	for (size_t i = 0; i < open.count; i++) {
		if (!open.items[i].mine)
			continue;
		MEM_ROOM(mine->items, mine->count, mine->cap);
		mine->items[mine->count++] = open.items[i];
		memset(&open.items[i], 0, sizeof(open.items[i]));
	}
	helds_release(&open);
}

static void
add_fields(struct view *v)
{
	struct record_view *rv = v->state;
	const struct catalog *c = replica_catalog(v->app->replica);
	struct helds mine = {0};

	read_held_back(v, &mine);
	for (size_t i = 0; i < rv->rec->kind->field_count; i++) {
		const struct field *f = &rv->rec->kind->fields[i];
		bool in_title = strcmp(f->name, rv->rec->kind->title) == 0 &&
				f->type == TYPE_TEXT;

		if (rv->rec->values[i].conflict || held_back(&mine, f->name) ||
			(rv->rec->values[i].text[0] && !field_off(c, f) &&
				!in_title && strcmp(f->name, "stage") != 0))
			add_field(v, f);
		add_held_values(v, &mine, f->name);
	}
	helds_release(&mine);
}

/* [x] Scanning  [>] Analysis  [ ] Response */
static void
add_stages(struct view *v)
{
	struct record_view *rv = v->state;
	const struct field *f = kind_field(rv->rec->kind, "stage");
	struct buf b = BUF_INIT;
	char sign = 'x';

	if (!f || f->type != TYPE_ENUM)
		return;
	for (size_t i = 0; i < f->choice_count; i++) {
		bool here = strcmp(f->choices[i].value,
				    record_text(rv->rec, "stage")) == 0;

		if (here)
			sign = '>';
		buf_printf(&b, "[%c] %s  ", sign, f->choices[i].label);
		if (here)
			sign = ' ';
	}
	rows_add(&rv->page.rows, "%s", buf_text(&b));
	buf_release(&b);
}

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
	char when[WHEN_MAX];
	struct buf b = BUF_INIT, who = BUF_INIT;

	show_time(at, app_now(v->app), when);
	show_member(v->app->replica, by, &who);
	show_padded(when, 13, &v->app->look, &b);
	show_padded(buf_text(&who), 13, &v->app->look, &b);
	buf_printf(&b, " %s  ", what);
	buf_release(&who);
	return buf_take(&b);
}

static void
add_entries(struct view *v, struct events *all)
{
	struct record_view *rv = v->state;
	struct past past = {0};
	struct why why;

	if (app_failed(v->app,
		    history_read(v->app->replica, rv->kind, rv->id, 0,
			    EVENTS_MAX, &past, &why),
		    &why))
		return;
	for (size_t i = 0; i < past.count; i++) {
		const struct entry *from = &past.items[i];
		struct event *e = add_event(all, from->at);
		struct buf b = BUF_INIT;

		show_changes(v->app->replica, &from->edit, &b);
		e->mark = from->verdict.held ? '!' : from->seq ? 0 : '*';
		e->text = buf_take(&b);
		e->head = event_head(v, from->at, from->by, "set");
	}
	past_release(&past);
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
	for (size_t i = 0; i < ids.count && i < EVENTS_MAX; i++) {
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
		rv->page.cols, e->kind ? NOTE_LINES : 1);
	struct row *row = &rv->page.rows.items[first];

	row->tag = ROW_EVENT;
	row->mark = e->mark;
	if (e->kind)
		row_stands_for(row, e->kind, e->id);
	free(e->head);
	free(e->text);
	free(e->kind);
	free(e->id);
}

static void
add_timeline(struct view *v)
{
	struct record_view *rv = v->state;
	struct events all = {0};
	struct row *row;

	add_entries(v, &all);
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

/* A related record: its title and what else its list would show. */
static void
add_related(struct view *v, const struct kind *k, const char *id, size_t index)
{
	struct record_view *rv = v->state;
	struct buf b = BUF_INIT;
	struct record *rec;
	struct row *row;
	struct why why;
	size_t shown = 0;

	if (record_load(v->app->replica, k->name, id, &rec, &why))
		return;
	show_title(v->app->replica, k->name, id, &b);
	for (size_t i = 0; i < k->column_count && shown < 3; i++) {
		const struct field *f = kind_field(k, k->columns[i]);

		if (!f || strcmp(f->name, k->title) == 0 ||
			f->type == TYPE_REF || !record_text(rec, f->name)[0])
			continue;
		buf_puts(&b, shown++ ? ", " : "  - ");
		show_value(v->app->replica, f, record_text(rec, f->name), &b);
	}
	row = rows_add(&rv->page.rows, "%-8s %s", id, buf_text(&b));
	row->pick = true;
	row->mark = rec->unsent ? '*' : 0;
	row->tag = ROW_SECTION;
	row->index = index;
	row_stands_for(row, k->name, id);
	record_free(rec);
	buf_release(&b);
}

static void
add_section(struct view *v, size_t index)
{
	struct record_view *rv = v->state;
	struct replica *r = v->app->replica;
	const char *name = rv->rec->kind->sections[index];
	const struct kind *k = catalog_kind(replica_catalog(r), name);
	struct names ids = {0};
	struct row *row;
	struct why why;

	if (!k || k == record_note_kind(replica_catalog(r), rv->rec->kind))
		return;
	if (app_failed(v->app,
		    record_related(r, rv->kind, rv->id, name, &ids, &why),
		    &why))
		return;
	row = rows_head(&rv->page.rows, "%s (%zu)", k->many, ids.count);
	row->pick = true;
	row->tag = ROW_SECTION;
	row->index = index;
	for (size_t i = 0; i < ids.count && i < SECTION_MAX; i++)
		add_related(v, k, ids.items[i], index);
	if (ids.count > SECTION_MAX)
		rows_add(&rv->page.rows,
			"%zu more: Enter on the heading lists them",
			ids.count - SECTION_MAX);
	names_release(&ids);
}

void
record_section_query(const struct kind *child, const struct kind *parent,
	const char *id, struct buf *out)
{
	const struct field *f = form_parent_field(child, parent->name);

	if (!f)
		return;
	if (f->ref_kind[0])
		buf_printf(out, "%s:%s", f->name, id);
	else
		buf_printf(out, "%s:%s/%s", f->name, parent->name, id);
}

static void
add_lent(struct view *v)
{
	struct record_view *rv = v->state;
	char book[BOOK_MAX];
	struct why why;

	if (!app_failed(v->app,
		    lent_only(v->app->replica, rv->kind, rv->id, book, &why),
		    &why) &&
		book[0])
		rows_add(&rv->page.rows,
			"READ ONLY: %s is lent to you; its own members write",
			book);
}

void
record_rows(struct view *v)
{
	struct record_view *rv = v->state;

	rows_clear(&rv->page.rows);
	if (!rv->rec) {
		rows_add(&rv->page.rows,
			"This record is not held here any more.");
		rows_settle(&rv->page.rows);
		return;
	}
	if (rv->rec->void_value.text && rv->rec->void_value.text[0])
		rows_add(&rv->page.rows, "VOID: %s", rv->rec->void_value.text)
			->ink = INK_ALERT;
	add_lent(v);
	add_stages(v);
	add_fields(v);
	add_timeline(v);
	for (size_t i = 0; i < rv->rec->kind->section_count; i++)
		add_section(v, i);
	rows_settle(&rv->page.rows);
}
