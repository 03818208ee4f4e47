#include <stdlib.h>
#include <string.h>

#include "common/conflicts.h"
#include "tui/form_state.h"

/* "Label: reason" goes beside that field. */
static bool
blame(struct view *v, const char *reason)
{
	struct form *f = v->state;

	for (size_t i = 0; i < f->count; i++) {
		const char *label = f->inputs[i].field->label;
		size_t len = strlen(label);

		if (strncmp(reason, label, len) != 0 ||
			(reason[len] != ':' && reason[len] != ' '))
			continue;
		input_error(&f->inputs[i], reason);
		f->focus = i;
		return true;
	}
	return false;
}

enum status
form_read(struct view *v, const struct input *in, char **value, struct why *why)
{
	struct value_context ctx = {app_me(v->app), app_now(v->app)};
	enum status st = input_read(in, &ctx, value, why);

	if (!st && in->field->required && !(*value)[0])
		st = why_set(
			why, ST_DATA, "%s must be filled in", in->field->label);
	return st;
}

void
form_check(struct view *v, struct input *in)
{
	bool is_day = in->field->type == TYPE_DATE ||
		      in->field->type == TYPE_DATETIME;
	char *value = NULL;
	struct why why;
	enum status st;

	if (!input_changed(in))
		return;
	st = form_read(v, in, &value, &why);
	input_error(in, st ? why.text : NULL);
	if (!st && is_day && !input_says(in, value))
		input_say(in, value);
	free(value);
}

/* One field of the edit, and those that win together with it as they were
 * seen. */
static void
change(struct form *f, struct edit *e, const struct field *field,
	const char *value)
{
	record_change(e, f->was, field->name, value);
	for (size_t i = 0; f->was && i < f->count; i++) {
		const struct input *mate = &f->inputs[i];

		if (mate->field != field && !input_changed(mate) &&
			strcmp(mate->field->cell, field->cell) == 0 &&
			!edit_find(e, mate->field->name))
			record_change(e, f->was, mate->field->name,
				f->was->values[mate->field->index].text);
	}
}

/* The moment of the save, to the millisecond, where nobody set another. */
static bool
is_now(const struct field *f)
{
	return strcmp(f->preset, "now") == 0;
}

/* All fields into an edit; the first that is wrong gets the focus. */
static bool
collect(struct view *v, struct edit *e)
{
	struct form *f = v->state;
	size_t wrong = 0, first = 0;
	struct why why;

	for (size_t i = 0; i < f->count; i++) {
		struct input *in = &f->inputs[i];
		char *value = NULL;

		if (!input_changed(in) && (f->was || is_now(in->field)))
			continue;
		if (form_read(v, in, &value, &why)) {
			input_error(in, why.text);
			if (!wrong++)
				first = i;
			free(value);
			continue;
		}
		input_error(in, NULL);
		if (value[0] || f->was)
			change(f, e, in->field, value);
		free(value);
	}
	if (!wrong)
		return true;
	f->focus = first;
	app_say(v->app, "Not saved: %zu field%s marked with !", wrong,
		wrong > 1 ? "s are" : " is");
	v->app->notice_ink = INK_ALERT;
	return false;
}

static void
saved(struct view *v, const struct edit *e)
{
	struct form *f = v->state;
	struct app *a = v->app;
	bool fresh = !f->was && !f->parent_field;
	char *name = mem_printf("%s/%s", f->kind->name, e->record);
	bool nothing = edit_id_none(e->id);
	struct why why;
	enum status st = form_draft_drop(f, a->replica, &why);

	app_pop(a);
	if (fresh)
		app_act(a, ACT_OPEN, name);
	if (nothing)
		app_say(a, "Nothing was changed");
	else
		app_saved(a, "Saved, not sent yet");
	app_failed(a, st, &why);
	free(name);
}

/* Write it; a settled conflict is an edit that common/ makes whole. */
static enum status
write_edit(struct view *v, struct edit *e, struct why *why)
{
	struct form *f = v->state;
	const struct change *c;
	enum status st;

	if (!f->settles || f->settled)
		return record_save_after(v->app->replica, e, &f->when, why);
	c = edit_find(e, f->settles);
	st = conflict_resolve(v->app->replica, f->kind->name, f->was->id,
		f->settles, c ? c->value : NULL, why);
	if (!st)
		e->id.n = 1; /* something was written */
	return st;
}

void
form_save(struct view *v)
{
	struct form *f = v->state;
	struct edit e = {0};
	struct why why;
	enum status st;

	if (app_failed(v->app, form_follow(f, v->app->replica, &why), &why))
		return;
	form_meet(v);
	if (form_clashes(f)) {
		form_ask_clashes(v);
		return;
	}
	e.kind = mem_text(f->kind->name);
	e.record = mem_text(f->was ? f->was->id : "");
	if (collect(v, &e)) {
		st = write_edit(v, &e, &why);
		if (app_failed(v->app, st, &why))
			blame(v, why.text);
		else
			saved(v, &e);
	}
	edit_release(&e);
}
