#include "tui/record_new.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/value.h"
#include "tui/allowed.h"
#include "tui/form.h"
#include "tui/hints.h"
#include "tui/pick.h"
#include "tui/record_address.h"
#include "tui/record_chosen.h"
#include "tui/record_sections.h"
#include "tui/record_timeline.h"

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

/* Kinds that belong to the record, those that may be at its address, then its
 * fields that hold several. */
static void
fill_children(void *arg, const char *typed, struct choices *out)
{
	struct view *v = arg;
	struct record_view *rv = v->state;
	const struct catalog *c = replica_catalog(v->app->replica);
	const struct kind *of = catalog_kind(c, rv->kind);
	char value[NAME_MAX_BYTES + 2];
	struct why why;

	for (size_t i = 0; i < of->section_count; i++) {
		const struct kind *k = catalog_kind(c, of->sections[i]);

		if (k && pick_matches(k->one, typed) &&
			!allowed_why_off(v->app, k, NULL, &why))
			choices_add(out, k->name, k->one);
	}
	for (size_t i = 0; i < c->kind_count; i++)
		if (record_address_is_of(rv->rec, c->offered[i]) &&
			pick_matches(c->offered[i]->one, typed))
			choices_add(
				out, c->offered[i]->name, c->offered[i]->one);
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
	else if (k && record_address_is_of(rv->rec, k))
		form_new(v->app, k->name, NULL, NULL);
	else if (k)
		new_child(v->app, k, rv->kind, rv->id);
}

void
record_new_here(struct view *v, const char *kind)
{
	struct record_view *rv = v->state;
	const struct catalog *c = replica_catalog(v->app->replica);
	const struct kind *k =
		kind ? catalog_kind(c, kind) : record_chosen_section(v);
	const struct row *row = rows_chosen(&rv->page.rows);

	if (!k && !kind && row && row->tag == ROW_EVENT)
		k = record_note_kind(c, rv->rec->kind);
	if (k && !kind && row && row->tag == ROW_ADDRESS)
		form_new(v->app, k->name, NULL, NULL); /* it is carried over */
	else if (k)
		new_child(v->app, k, rv->kind, rv->id);
	else if (!kind && row && row->tag == ROW_LIST)
		record_edit_here(v);
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
	const struct kind *k, *note;
	enum action a;

	if (!view_meant(v, ACT_NOTE, &kind, &id))
		return NULL;
	k = catalog_kind(c, kind);
	if (!k)
		return NULL;
	note = record_note_kind(c, k);
	if (note)
		return allowed_why_off(v->app, note, NULL, why);
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
