#include "tui/record_view.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/value.h"
#include "tui/beat_rows.h"
#include "tui/conflict_view.h"
#include "tui/form.h"
#include "tui/hints.h"
#include "tui/history_view.h"
#include "tui/pick.h"
#include "tui/record_sections.h"
#include "tui/show.h"
#include "tui/voiding.h"

static void
load(struct view *v)
{
	struct record_view *rv = v->state;
	struct why why;

	app_follow(v->app, &rv->number, rv->kind, &rv->id);
	record_free(rv->rec);
	rv->rec = NULL;
	app_failed(v->app,
		record_load(v->app->replica, rv->kind, rv->id, &rv->rec, &why),
		&why);
	rv->page.cols = 0;
}

/* BEAT 35X  Riverside North                            Coordinator Okafor */
static void
beat_title(struct view *v, struct buf *left, struct buf *right)
{
	struct record_view *rv = v->state;
	const struct field *f = kind_field(rv->rec->kind, "nsc_id");
	const char *name = record_title(rv->rec);

	for (const char *s = rv->rec->kind->one; *s; s++)
		buf_putc(left, (char)toupper((unsigned char)*s));
	buf_printf(left, " %s", rv->id);
	if (strcmp(name, rv->id) != 0)
		buf_printf(left, "  %s", name);
	if (!f || !record_text(rv->rec, "nsc_id")[0])
		return;
	buf_printf(right, "%s ", f->label);
	show_value(v->app->replica, f, record_text(rv->rec, "nsc_id"), right);
}

static void
title(struct view *v, struct buf *left, struct buf *right)
{
	struct record_view *rv = v->state;
	const struct kind *k =
		catalog_kind(replica_catalog(v->app->replica), rv->kind);
	char when[WHEN_MAX];

	if (rv->rec && strcmp(rv->kind, BEAT_KIND) == 0) {
		beat_title(v, left, right);
		return;
	}
	buf_printf(left, "%s  ", rv->id);
	if (rv->rec)
		section_title(v->app->replica, rv->rec, "", left);
	else
		show_title(v->app->replica, rv->kind, rv->id, left);
	buf_puts(right, k ? k->one : rv->kind);
	if (!rv->rec)
		return;
	show_time(rv->rec->updated_at, app_now(v->app), when);
	buf_printf(right, ", %s ", when);
	show_member(v->app->replica, rv->rec->updated_by, right);
}

/* The kind of the section the choice is in, or NULL. */
static const struct kind *
chosen_section(struct view *v)
{
	struct record_view *rv = v->state;
	const struct row *row = rows_chosen(&rv->page.rows);

	if (!row || row->tag != ROW_SECTION)
		return NULL;
	return catalog_kind(replica_catalog(v->app->replica),
		rv->rec->kind->sections[row->index]);
}

static void
list_section(struct view *v, const struct kind *k)
{
	struct record_view *rv = v->state;
	struct buf arg = BUF_INIT;

	buf_printf(&arg, "%s ", k->name);
	if (strcmp(rv->kind, BEAT_KIND) == 0 &&
		strcmp(k->name, "action_item") == 0)
		beat_promises_query(rv->id, &arg);
	else
		record_section_query(k, rv->rec->kind, rv->id, &arg);
	app_act(v->app, ACT_LIST, buf_text(&arg));
	buf_release(&arg);
}

/* One of several that a field names is chosen, to go there. */
static void
fill_named(void *arg, const char *typed, struct choices *out)
{
	struct view *v = arg;
	struct record_view *rv = v->state;
	const struct field *f = rv->follow;
	struct buf id = BUF_INIT, label = BUF_INIT;
	size_t at = 0;

	while (rv->rec &&
		value_next(rv->rec->values[f->index].text, &at, &id)) {
		buf_clear(&label);
		show_title(v->app->replica, f->ref_kind, buf_text(&id), &label);
		if (pick_matches(buf_text(&label), typed) ||
			pick_matches(buf_text(&id), typed))
			choices_add(out, buf_text(&id), buf_text(&label));
	}
	buf_release(&label);
	buf_release(&id);
}

static void
named_picked(void *arg, const char *id)
{
	struct view *v = arg;
	struct record_view *rv = v->state;

	record_open(v->app, rv->follow->ref_kind, id);
}

/* The chosen row's field, where it names several records; else NULL. */
static const struct field *
names_several(const struct record_view *rv)
{
	const struct row *row = rows_chosen(&rv->page.rows);
	const struct field *f;

	if (!rv->rec || !row || row->tag != ROW_FIELD || row->kind)
		return NULL;
	f = &rv->rec->kind->fields[row->index];
	return f->type == TYPE_REFS && f->ref_kind[0] &&
			       rv->rec->values[f->index].text[0]
		       ? f
		       : NULL;
}

static void
choose_named(struct view *v, const struct field *f)
{
	struct record_view *rv = v->state;

	rv->follow = f;
	pick_open(v->app, &(struct pick_options){.title = "GO TO",
				  .fill = fill_named,
				  .done = named_picked,
				  .arg = v});
}

static void
follow(struct view *v, const struct row *row)
{
	struct app *a = v->app;

	if (show_absent(a->replica, row->kind, row->id)[0])
		app_say(a,
			"%s/%s is not held here: it is another beat's, or "
			"restricted",
			row->kind, row->id);
	else
		record_open(a, row->kind, row->id);
}

static void
open_chosen(struct view *v)
{
	struct record_view *rv = v->state;
	const struct row *row = rows_chosen(&rv->page.rows);
	const struct kind *section = chosen_section(v);
	const struct field *several = names_several(rv);

	if (!row || !rv->rec)
		return;
	if (row->kind)
		follow(v, row);
	else if (section)
		list_section(v, section);
	else if (several)
		choose_named(v, several);
	else if (row->tag == ROW_FIELD || row->tag == ROW_LIST)
		app_act(v->app, ACT_EDIT, NULL);
	else
		history_open(v->app, rv->kind, rv->id);
}

/* The row of another record that is chosen, or NULL: a field that names one is
 * the page's own. */
static const struct row *
other_row(const struct record_view *rv)
{
	const struct row *row = rows_chosen(&rv->page.rows);

	return rv->rec && row && row->kind && row->tag != ROW_FIELD ? row
								    : NULL;
}

static bool
chosen(struct view *v, const char **kind, const char **id)
{
	const struct row *row = other_row(v->state);

	if (!row)
		return false;
	*kind = row->kind;
	*id = row->id;
	return true;
}

/* The record at hand, from the chosen row's field on. */
static void
edit_here(struct view *v)
{
	struct record_view *rv = v->state;
	const struct row *row = rows_chosen(&rv->page.rows);
	const char *field = NULL;

	if (row && (row->tag == ROW_FIELD || row->tag == ROW_LIST))
		field = rv->rec->kind->fields[row->index].name;
	form_edit(v->app, rv->kind, rv->id, field);
}

static void
edit(struct view *v)
{
	const char *kind, *id;

	if (chosen(v, &kind, &id))
		form_edit(v->app, kind, id, NULL);
	else
		edit_here(v);
}

/* New records that belong to this one. */

static void
new_child(struct app *a, const struct kind *child, const char *kind,
	const char *id)
{
	const struct field *f = form_parent_field(child, kind);
	char *value;

	if (!f) {
		app_say(a, "%s do not belong to this record", child->many);
		return;
	}
	value = f->ref_kind[0] ? mem_text(id) : mem_printf("%s/%s", kind, id);
	form_new(a, child->name, f->name, value);
	free(value);
}

/* Kinds that belong to the record, then its fields that hold several. */
static void
fill_children(void *arg, const char *typed, struct choices *out)
{
	struct view *v = arg;
	struct record_view *rv = v->state;
	const struct catalog *c = replica_catalog(v->app->replica);
	const struct kind *of = catalog_kind(c, rv->kind);
	char value[NAME_MAX_BYTES + 2];

	for (size_t i = 0; i < of->section_count; i++) {
		const struct kind *k = catalog_kind(c, of->sections[i]);

		if (k && pick_matches(k->one, typed))
			choices_add(out, k->name, k->one);
	}
	for (size_t i = 0; i < of->field_count; i++) {
		const struct field *f = &of->fields[i];

		if (!record_lists_field(v->app->replica, f) ||
			!pick_matches(f->label, typed))
			continue;
		snprintf(value, sizeof(value), "+%s", f->name);
		choices_add(out, value, f->label);
	}
}

static void
child_picked(void *arg, const char *picked)
{
	struct view *v = arg;
	struct record_view *rv = v->state;
	const struct kind *k =
		catalog_kind(replica_catalog(v->app->replica), picked);

	if (picked[0] == '+')
		form_edit(v->app, rv->kind, rv->id, picked + 1);
	else if (k)
		new_child(v->app, k, rv->kind, rv->id);
}

static void
new_here(struct view *v, const char *kind)
{
	struct record_view *rv = v->state;
	const struct catalog *c = replica_catalog(v->app->replica);
	const struct kind *k = kind ? catalog_kind(c, kind) : chosen_section(v);
	const struct row *row = rows_chosen(&rv->page.rows);

	if (!k && !kind && row && row->tag == ROW_EVENT)
		k = record_note_kind(c, rv->rec->kind);
	if (k)
		new_child(v->app, k, rv->kind, rv->id);
	else if (!kind && row && row->tag == ROW_LIST)
		edit_here(v);
	else
		pick_open(v->app, &(struct pick_options){.title = "NEW HERE",
					  .fill = fill_children,
					  .done = child_picked,
					  .arg = v});
}

/* What does on the chosen row of a screen, where a note does not. */
static enum action
instead_of_note(struct view *v)
{
	struct why why;

	if (!view_why_off(v, ACT_EDIT, &why))
		return ACT_EDIT;
	if (v->ops->context != CTX_RECORD && !view_why_off(v, ACT_OPEN, &why))
		return ACT_OPEN;
	return ACT_BACK;
}

const char *
record_note_off(struct view *v, struct why *why)
{
	const struct catalog *c = replica_catalog(v->app->replica);
	char keys[CHORD_NAME_MAX];
	const char *kind, *id;
	const struct kind *k;
	enum action a;

	if (!v->ops->subject || !v->ops->subject(v, &kind, &id))
		return NULL;
	k = catalog_kind(c, kind);
	if (!k || record_note_kind(c, k))
		return NULL;
	a = instead_of_note(v);
	hints_key(v, a, keys);
	why_set(why, ST_USAGE, "records of this kind have no notes: %s %s",
		keys,
		a == ACT_EDIT	? "edits what is chosen"
		: a == ACT_OPEN ? "opens it"
				: "goes back");
	return why->text;
}

void
record_note(struct app *a, const char *kind, const char *id)
{
	const struct catalog *c = replica_catalog(a->replica);
	const struct kind *k = catalog_kind(c, kind);
	const struct kind *note = k ? record_note_kind(c, k) : NULL;

	if (note)
		new_child(a, note, kind, id);
	else
		app_say(a, "%s have no notes: :open %s/%s shows it",
			k ? k->many : kind, kind, id);
}

/* Changes that are asked about by name. */

static const struct choice *
next_stage(const struct record *rec)
{
	const struct field *f = rec ? record_stages(rec->kind) : NULL;

	for (size_t i = 0; f && i + 1 < f->choice_count; i++)
		if (strcmp(f->choices[i].value, record_text(rec, "stage")) == 0)
			return &f->choices[i + 1];
	return NULL;
}

static void
stage_answer(void *arg, const char *answer)
{
	struct view *v = arg;
	struct record_view *rv = v->state;
	const struct choice *to = next_stage(rv->rec);
	struct edit e = {0};
	struct why why;

	if (!answer || !to)
		return;
	e.kind = mem_text(rv->kind);
	e.record = mem_text(rv->id);
	record_change(&e, rv->rec, "stage", to->value);
	if (!app_failed(v->app, record_save(v->app->replica, &e, &why), &why))
		app_saved(v->app, "Saved, not sent yet: u undoes it");
	edit_release(&e);
}

static void
ask_stage(struct view *v)
{
	struct record_view *rv = v->state;
	struct buf question = BUF_INIT;

	show_asked(v->app->replica, &v->app->look, "Move", rv->rec, &question);
	buf_printf(&question, " to %s?", next_stage(rv->rec)->label);
	prompt_yes(&v->app->prompt, buf_text(&question), stage_answer, v);
	buf_release(&question);
}

/* The next record of the list this one was opened from. */
static void
step(struct view *v, int by)
{
	struct record_view *rv = v->state;
	struct view *below = app_below(v->app);
	const char *kind, *id;

	if (!below || !below->ops->step || !below->ops->step(below, by) ||
		!below->ops->subject(below, &kind, &id)) {
		app_say(v->app, "No more on the list this was opened from");
		return;
	}
	free(rv->kind);
	free(rv->id);
	rv->kind = mem_text(kind);
	rv->id = mem_text(id);
	rv->number = replica_identity(v->app->replica)->number;
	rv->page.rows.list.chosen = rv->page.rows.list.top = 0;
	load(v);
}

static bool
has_conflict(const struct record *rec)
{
	for (size_t i = 0; rec && i < rec->kind->field_count; i++)
		if (rec->values[i].conflict)
			return true;
	return false;
}

static bool
act(struct view *v, enum action a, const char *arg)
{
	struct record_view *rv = v->state;

	if (rows_act(&rv->page.rows, a))
		return true;
	switch (a) {
	case ACT_OPEN:
		if (arg)
			return false;
		open_chosen(v);
		return true;
	case ACT_NEW:
		new_here(v, arg);
		return true;
	case ACT_EDIT:
		edit(v);
		return true;
	case ACT_STAGE_NEXT:
		ask_stage(v);
		return true;
	case ACT_HISTORY:
		history_open(v->app, rv->kind, rv->id);
		return true;
	case ACT_CONFLICTS:
		if (!has_conflict(rv->rec))
			return false; /* those of all records */
		conflict_open(v->app, rv->kind, rv->id);
		return true;
	case ACT_MATCH_NEXT:
	case ACT_MATCH_PREV:
		step(v, a == ACT_MATCH_NEXT ? 1 : -1);
		return true;
	default:
		return false;
	}
}

/* Why a record, void or not, takes no such change. */
static const char *
change_why_off(bool is_void, enum action a)
{
	if (is_void && a == ACT_EDIT)
		return "it is void: U brings it back";
	if (is_void && a == ACT_VOID)
		return "it is void already: U brings it back";
	return a == ACT_UNVOID ? unvoid_why_off(is_void) : NULL;
}

static const char *
other_why_off(
	struct view *v, const struct row *row, enum action a, struct why *why)
{
	char book[BOOK_MAX];
	struct record *rec;
	bool is_void;

	if (record_load(v->app->replica, row->kind, row->id, &rec, why))
		return "the record is not held here";
	is_void = record_is_void(rec);
	record_free(rec);
	if (record_read_only(v->app, row->kind, row->id, book, why))
		return "it is read only: its beat's book is lent";
	return change_why_off(is_void, a);
}

static const char *
why_off(struct view *v, enum action a, struct why *why)
{
	struct record_view *rv = v->state;
	const struct row *other = other_row(rv);
	char book[BOOK_MAX];
	bool is_void;

	if (other && (a == ACT_EDIT || a == ACT_VOID || a == ACT_UNVOID))
		return other_why_off(v, other, a, why);
	if (!rv->rec)
		return a == ACT_EDIT || a == ACT_NEW || a == ACT_VOID ||
				       a == ACT_UNVOID || a == ACT_STAGE_NEXT ||
				       a == ACT_NOTE
			       ? "the record is not held here"
			       : NULL;
	is_void = record_is_void(rv->rec);
	if ((a == ACT_EDIT || a == ACT_NEW || a == ACT_VOID ||
		    a == ACT_UNVOID || a == ACT_STAGE_NEXT || a == ACT_NOTE) &&
		record_read_only(v->app, rv->kind, rv->id, book, why))
		return "it is read only: its beat's book is lent";
	if (is_void && a == ACT_STAGE_NEXT)
		return "it is void: U brings it back";
	if (a == ACT_STAGE_NEXT && !record_stages(rv->rec->kind))
		return "records of this kind have no stages";
	if (a == ACT_STAGE_NEXT && !next_stage(rv->rec))
		return "this is the last stage";
	return change_why_off(is_void, a);
}

static bool
subject(struct view *v, const char **kind, const char **id)
{
	struct record_view *rv = v->state;

	*kind = rv->kind;
	*id = rv->id;
	return rv->rec != NULL;
}

static void
close_record(struct view *v)
{
	struct record_view *rv = v->state;

	record_free(rv->rec);
	page_release(&rv->page);
	free(rv->kind);
	free(rv->id);
}

static const enum action hints[] = {ACT_OPEN, ACT_EDIT, ACT_NEW, ACT_NOTE,
	ACT_STAGE_NEXT, ACT_UNVOID, ACT_DONE, ACT_HISTORY, ACT_VOID,
	ACT_PANE_NEXT, ACT_PALETTE, ACT_HELP, ACT_NONE};

/* Enter on a field changes it where it leads nowhere: a word as long, so that
 * a move costs few bytes. */
static const char *
hint(struct view *v, enum action a)
{
	struct record_view *rv = v->state;
	const struct row *row = rows_chosen(&rv->page.rows);
	struct why why;

	if (a == ACT_NEW)
		return "new";
	if (a != ACT_OPEN || !row || row->kind || names_several(rv) ||
		(row->tag != ROW_FIELD && row->tag != ROW_LIST))
		return action_brief(a);
	return view_why_off(v, ACT_EDIT, &why) ? NULL : "edit";
}

static const struct view_ops ops = {
	.name = "Record",
	.context = CTX_RECORD,
	.state_size = sizeof(struct record_view),
	.hints = hints,
	.hint = hint,
	.title = title,
	.draw = page_draw,
	.act = act,
	.why_off = why_off,
	.reload = load,
	.subject = subject,
	.chosen = chosen,
	.close = close_record,
};

void
record_open(struct app *a, const char *kind, const char *id)
{
	struct record *rec;
	struct record_view *rv;
	const struct kind *k = catalog_kind(replica_catalog(a->replica), kind);
	struct why why;
	enum status st = record_load(a->replica, kind, id, &rec, &why);

	if (st == ST_NOT_FOUND && k && k->code[0])
		st = record_absent(a->replica, k, id, &why);
	if (app_failed(a, st, &why))
		return;
	rv = app_push(a, &ops)->state;
	rv->kind = mem_text(kind);
	rv->id = mem_text(id);
	rv->number = replica_identity(a->replica)->number;
	rv->rec = rec;
	rv->page.fill = record_rows;
}
