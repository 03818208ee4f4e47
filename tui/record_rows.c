#include <stdio.h>
#include <string.h>

#include "common/held.h"
#include "common/lent.h"
#include "common/utf8.h"
#include "common/value.h"
#include "tui/beat_rows.h"
#include "tui/news_view.h"
#include "tui/record_address.h"
#include "tui/record_sections.h"
#include "tui/record_stage.h"
#include "tui/record_timeline.h"
#include "tui/show.h"

#define LONG_LINES 8
#define SECTION_MAX 6 /* records shown of each related kind */

/* Cells of a field's label; and where there is little room. */
#define LABEL_CELLS 18
#define LABEL_CELLS_MOST 26
#define NARROW_COLS 60
#define NARROW_LABEL 11
#define NARROW_LABEL_MOST 16

bool
record_is_narrow(const struct view *v)
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
	int least = record_is_narrow(v) ? NARROW_LABEL : LABEL_CELLS;
	int most = record_is_narrow(v) ? NARROW_LABEL_MOST : LABEL_CELLS_MOST;

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
	row_set_key(row, "%s", f->name);
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
			RECORD_NOTE_LINES);
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
		rv->page.cols, RECORD_NOTE_LINES);
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
	record_timeline(v, past);
}

static void
lay_record(struct view *v, const struct past *past)
{
	struct record_view *rv = v->state;

	record_stage_line(v, past);
	add_fields(v);
	record_timeline(v, past);
	record_lists(v);
	for (size_t i = 0; i < rv->rec->kind->section_count; i++)
		record_section(v, i, SECTION_MAX);
	record_address(v);
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
		history_read(v->app->replica, rv->kind, rv->id, 0,
			RECORD_EVENTS_MAX, &past, &why),
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
