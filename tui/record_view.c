#include "tui/record_view.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/allowed.h"
#include "tui/conflict_view.h"
#include "tui/form.h"
#include "tui/record_chosen.h"
#include "tui/record_new.h"
#include "tui/record_sections.h"
#include "tui/record_stage.h"
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

static void
edit(struct view *v)
{
	const char *kind, *id;

	if (record_meant(v, ACT_EDIT, &kind, &id))
		form_edit(v->app, kind, id, NULL);
	else
		record_edit_here(v);
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
	load(v);
	page_anew(v);
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
		record_open_chosen(v);
		return true;
	case ACT_NEW:
		record_new_here(v, arg);
		return true;
	case ACT_EDIT:
		edit(v);
		return true;
	case ACT_STAGE_NEXT:
		record_ask_stage(v->app);
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

static bool
is_change(enum action a)
{
	return a == ACT_EDIT || a == ACT_NEW || a == ACT_VOID ||
	       a == ACT_UNVOID || a == ACT_STAGE_NEXT || a == ACT_NOTE ||
	       a == ACT_DONE;
}

/* Why a record that may be written takes no such change. */
static const char *
change_why_off(const struct record *rec, enum action a)
{
	bool is_void = record_is_void(rec);

	if (is_void && a == ACT_VOID)
		return "it is void already: U brings it back";
	if (is_void && (a == ACT_EDIT || a == ACT_STAGE_NEXT))
		return "it is void: U brings it back";
	if (a == ACT_STAGE_NEXT)
		return record_stage_why_off(rec);
	return a == ACT_UNVOID ? unvoid_why_off(is_void) : NULL;
}

/* Why a new one of the chosen section is not for this member. */
static const char *
new_why_off(struct view *v, struct why *why)
{
	const struct kind *k = record_chosen_section(v);

	return k ? allowed_why_off(v->app, k, NULL, why) : NULL;
}

static const char *
why_off(struct view *v, enum action a, struct why *why)
{
	struct record_view *rv = v->state;
	const char *kind = rv->kind, *id = rv->id, *off;
	bool other = record_meant(v, a, &kind, &id);
	struct record *rec = rv->rec;
	char book[BOOK_MAX];

	if (!is_change(a) && a != ACT_HISTORY && !other)
		return NULL;
	if (!rec ||
		(other && record_load(v->app->replica, kind, id, &rec, why)))
		return "the record is not held here";
	off = change_why_off(rec, a);
	if (!off && a == ACT_NEW)
		off = new_why_off(v, why);
	else if (!off && is_change(a) && a != ACT_NOTE)
		off = allowed_why_off(v->app, rec->kind, id, why);
	if (is_change(a) && record_read_only(v->app, kind, id, book, why))
		off = "it is read only: its beat's book is lent";
	if (other)
		record_free(rec);
	return off;
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

static const enum action hints[] = {ACT_OPEN, ACT_EDIT, ACT_UNVOID, ACT_DONE,
	ACT_NEW, ACT_NOTE, ACT_STAGE_NEXT, ACT_HISTORY, ACT_VOID, ACT_PANE_NEXT,
	ACT_PALETTE, ACT_HELP, ACT_NONE};

/* What a key does to the page's record while a row of another is chosen. */
static const char *
hint_of_page(struct record_view *rv, enum action a)
{
	snprintf(rv->hint, sizeof(rv->hint), "%s %.24s", action_brief(a),
		rv->id);
	return rv->hint;
}

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
	if (record_falls_to_page(v, a))
		return hint_of_page(rv, a);
	if (a != ACT_OPEN || !row || row->kind || record_names_several(rv) ||
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
	.meant = record_meant,
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
