#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/held.h"
#include "common/history.h"
#include "common/lent.h"
#include "common/utf8.h"
#include "common/value.h"
#include "tui/beat_rows.h"
#include "tui/news_view.h"
#include "tui/record_sections.h"
#include "tui/show.h"

#define LONG_LINES 8
#define NOTE_LINES 3
#define EVENTS_MAX 100
#define SECTION_MAX 6 /* records shown of each related kind */

/* Cells of what stands before a text; and where there is little room. */
#define LABEL_CELLS 18
#define LABEL_CELLS_MOST 26
#define WHEN_CELLS 13
#define WHO_CELLS 13
#define NARROW_COLS 60
#define NARROW_LABEL 11
#define NARROW_LABEL_MOST 16
#define NARROW_WHEN 7
#define NARROW_WHO 7

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

static bool
is_narrow(const struct view *v)
{
	const struct record_view *rv = v->state;

	return rv->page.cols < NARROW_COLS;
}

/* A field that names one record leads there. */
static void
lead_on(struct row *row, const struct field *f, const char *text)
{
	char kind[NAME_MAX_BYTES + 1];
	const char *id = text;

	if ((f->type != TYPE_REF && f->type != TYPE_REFS) || !text[0] ||
		strchr(text, ','))
		return;
	snprintf(kind, sizeof(kind), "%s", f->ref_kind);
	if (kind[0] || record_name_split(text, kind, &id))
		row_stands_for(row, kind, id);
}

/* Cells of a field's label: in line with the others, or behind a longer one. */
static int
label_cells(const struct view *v, const struct field *f)
{
	int width = utf8_width(f->label);
	int least = is_narrow(v) ? NARROW_LABEL : LABEL_CELLS;
	int most = is_narrow(v) ? NARROW_LABEL_MOST : LABEL_CELLS_MOST;

	if (width < least)
		width = least;
	return width < most ? width : most;
}

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
	show_padded(f->label, label_cells(v, f), &v->app->look, &head);
	buf_putc(&head, ' ');
	first = rows_wrap(&rv->page.rows, buf_text(&head), buf_text(&shown),
		rv->page.cols, LONG_LINES);
	row = &rv->page.rows.items[first];
	row->tag = ROW_FIELD;
	row->index = f->index;
	row->mark = value->conflict ? 'x' : value->unsent ? '*' : 0;
	lead_on(row, f, value->text);
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
				!in_title &&
				f != record_stages(rv->rec->kind) &&
				!record_lists_field(v->app->replica, f)))
			add_field(v, f);
		add_held_values(v, &mine, f->name);
	}
	helds_release(&mine);
}

const struct field *
record_stages(const struct kind *k)
{
	const struct field *f = kind_field(k, "stage");

	return f && f->type == TYPE_ENUM && f->preset[0] ? f : NULL;
}

/* When the record came to a stage the last time, as far as the log here tells;
 * 0: it does not. */
static int64_t
reached_at(const struct past *past, const char *stage)
{
	for (size_t i = 0; i < past->count; i++) {
		const struct entry *e = &past->items[i];
		const struct change *c = edit_find(&e->edit, "stage");

		if (c && !e->verdict.held &&
			verdict_won(&e->verdict, "stage") &&
			strcmp(c->value, stage) == 0)
			return e->at;
	}
	return 0;
}

/* How much of it: days and all, days alone, names alone, or where it is. */
enum stage_words { STAGES_SINCE, STAGES_DAYS, STAGES_NAMES, STAGES_HERE };

static void
put_stages(struct view *v, const struct field *f, const struct past *past,
	enum stage_words words, struct buf *b)
{
	struct record_view *rv = v->state;
	const char *now = record_text(rv->rec, "stage");
	char day[WHEN_MAX], sign = 'x';

	buf_clear(b);
	for (size_t i = 0; i < f->choice_count; i++) {
		bool here = strcmp(f->choices[i].value, now) == 0;
		int64_t at = reached_at(past, f->choices[i].value);

		if (here)
			sign = '>';
		if (words == STAGES_HERE && !here)
			continue;
		buf_printf(b, "%s[%c] %s", b->len ? "  " : "", sign,
			f->choices[i].label);
		if (at && sign != ' ' && words < STAGES_NAMES) {
			show_date(at, app_now(v->app), day);
			buf_printf(b, "%s %s",
				here && words == STAGES_SINCE ? " since" : "",
				day);
		}
		if (words == STAGES_HERE)
			buf_printf(b, ", %zu of %zu", i + 1, f->choice_count);
		if (here)
			sign = ' ';
	}
}

/* "Stage: Analysis since 19 May, 2 of 4", where brackets would be read out. */
static void
add_stage_words(struct view *v, const struct field *f, const struct past *past)
{
	struct record_view *rv = v->state;
	const char *now = record_text(rv->rec, "stage");
	int64_t at = reached_at(past, now);
	char day[WHEN_MAX] = "";

	if (at)
		show_date(at, app_now(v->app), day);
	for (size_t i = 0; i < f->choice_count; i++)
		if (strcmp(f->choices[i].value, now) == 0)
			rows_add(&rv->page.rows, "%s: %s%s%s, %zu of %zu",
				f->label, f->choices[i].label,
				at ? " since " : "", day, i + 1,
				f->choice_count);
}

/* [x] Scanning 02 May  [>] Analysis since 19 May  [ ] Response */
static void
add_stages(struct view *v, const struct past *past)
{
	struct record_view *rv = v->state;
	const struct field *f = record_stages(rv->rec->kind);
	int words = STAGES_SINCE;
	struct buf b = BUF_INIT;

	if (!f)
		return;
	if (v->app->look.plain) {
		add_stage_words(v, f, past);
		return;
	}
	do
		put_stages(v, f, past, (enum stage_words)words, &b);
	while (utf8_width(buf_text(&b)) > rv->page.cols - 5 &&
		words++ < STAGES_HERE);
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
	bool narrow = is_narrow(v);
	char when[WHEN_MAX];
	struct buf b = BUF_INIT, who = BUF_INIT;

	if (narrow)
		show_date(at, app_now(v->app), when);
	else
		show_time(at, app_now(v->app), when);
	show_member(v->app->replica, by, &who);
	show_padded(when, narrow ? NARROW_WHEN : WHEN_CELLS, &v->app->look, &b);
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
add_timeline(struct view *v, const struct past *past)
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

/* A beat itself is the department's: it is as its book is. */
static enum status
lent_beat(struct replica *r, const char *beat, char book[BOOK_MAX],
	struct why *why)
{
	struct names lent = {0};
	enum status st = lent_books(r, &lent, why);

	snprintf(book, BOOK_MAX, "beat:%s", beat);
	if (!names_have(&lent, book))
		book[0] = '\0';
	names_release(&lent);
	return st;
}

bool
record_read_only(struct app *a, const char *kind, const char *id,
	char book[BOOK_MAX], struct why *why)
{
	struct replica *r = a->replica;
	enum status st = strcmp(kind, BEAT_KIND) == 0
				 ? lent_beat(r, id, book, why)
				 : lent_only(r, kind, id, book, why);

	return !app_failed(a, st, why) && book[0];
}

/* Why, and below that who voided it and when. */
static void
add_void(struct view *v)
{
	struct record_view *rv = v->state;
	const struct record_value *value = &rv->rec->void_value;
	size_t at = rows_wrap(&rv->page.rows, "VOID: ", value->text,
		rv->page.cols, NOTE_LINES);
	struct buf who = BUF_INIT;
	char when[WHEN_MAX];

	rv->page.rows.items[at].mark = value->conflict ? 'x'
				       : value->unsent ? '*'
						       : 0;
	show_time(value->at, app_now(v->app), when);
	show_member(v->app->replica, value->by, &who);
	rows_add(&rv->page.rows, "voided by %s, %s", buf_text(&who), when);
	for (; at < rv->page.rows.count; at++) {
		rv->page.rows.items[at].ink = INK_ALERT;
		rv->page.rows.items[at].pick = false;
	}
	buf_release(&who);
}

static void
add_warnings(struct view *v)
{
	struct record_view *rv = v->state;
	char book[BOOK_MAX];
	struct why why;

	if (record_is_void(rv->rec))
		add_void(v);
	if (record_read_only(v->app, rv->kind, rv->id, book, &why))
		rows_add(&rv->page.rows,
			"READ ONLY: %s is lent to you; its own members write",
			book);
}

/* A beat is what goes on there; what it is itself comes after that. */
static void
lay_beat(struct view *v, const struct past *past)
{
	struct record_view *rv = v->state;

	beat_rows(v);
	rows_head(&rv->page.rows, "About this beat")->pick = true;
	add_fields(v);
	add_timeline(v, past);
}

static void
lay_record(struct view *v, const struct past *past)
{
	struct record_view *rv = v->state;

	add_stages(v, past);
	add_fields(v);
	add_timeline(v, past);
	record_lists(v);
	for (size_t i = 0; i < rv->rec->kind->section_count; i++)
		record_section(v, i, SECTION_MAX);
}

/* The record was looked at, and so were the notes whose texts stand here. */
static void
note_looked(struct view *v)
{
	struct record_view *rv = v->state;

	news_looked(v->app, rv->kind, rv->id);
	for (size_t i = 0; i < rv->page.rows.count; i++) {
		const struct row *row = &rv->page.rows.items[i];

		if (row->tag == ROW_EVENT && row->kind)
			news_looked(v->app, row->kind, row->id);
	}
}

void
record_rows(struct view *v)
{
	struct record_view *rv = v->state;
	struct past past = {0};
	struct why why;

	rows_clear(&rv->page.rows);
	if (!rv->rec) {
		rows_add(&rv->page.rows,
			"This record is not held here any more.");
		rows_settle(&rv->page.rows);
		return;
	}
	app_failed(v->app,
		history_read(v->app->replica, rv->kind, rv->id, 0, EVENTS_MAX,
			&past, &why),
		&why);
	add_warnings(v);
	if (strcmp(rv->kind, BEAT_KIND) == 0)
		lay_beat(v, &past);
	else
		lay_record(v, &past);
	past_release(&past);
	rows_settle(&rv->page.rows);
	note_looked(v);
}
