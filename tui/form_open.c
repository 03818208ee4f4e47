/* Opening a form: of a record, of a new one, of a draft. */
#include "tui/form.h"

#include <stdlib.h>
#include <string.h>

#include "tui/form_state.h"

const struct field *
form_parent_field(const struct kind *child, const char *parent)
{
	const struct field *any = NULL;

	for (size_t i = 0; i < child->field_count; i++) {
		const struct field *f = &child->fields[i];

		if (!input_is_ref(f))
			continue;
		if (strcmp(f->ref_kind, parent) == 0)
			return f;
		if (!f->ref_kind[0] && !any)
			any = f;
	}
	return any;
}

static char *
preset_of(struct app *a, const struct field *f)
{
	struct value_context ctx = {app_me(a), app_now(a)};
	char *value = NULL;
	struct why why;

	if (!f->preset[0] || f->preset[0] == '=' ||
		value_read(f, f->preset, &ctx, &value, &why)) {
		free(value);
		return mem_text("");
	}
	return value;
}

/* What a field holds to begin with, a new string. */
static char *
begin_with(struct app *a, const struct form *f, const struct field *field)
{
	if (f->was)
		return mem_text(f->was->values[field->index].text);
	if (f->parent_field && strcmp(f->parent_field, field->name) == 0)
		return mem_text(f->parent_value);
	return preset_of(a, field);
}

static void
add_inputs(struct app *a, struct form *f)
{
	const struct catalog *c = replica_catalog(a->replica);

	f->inputs = mem_alloc(f->kind->field_count * sizeof(*f->inputs));
	for (size_t i = 0; i < f->kind->field_count; i++) {
		const struct field *field = &f->kind->fields[i];
		bool fixed = f->was && strcmp(field->name, f->kind->code) == 0;
		char *value;

		if (f->settles ? strcmp(field->name, f->settles) != 0
			       : field_off(c, field) ||
					 field->type == TYPE_AREA || fixed)
			continue;
		value = begin_with(a, f, field);
		input_init(&f->inputs[f->count++], field, value);
		free(value);
	}
}

/* Where a draft goes on: the first field that was changed. */
static size_t
changed_focus(const struct form *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (input_changed(&f->inputs[i]))
			return i;
	return 0;
}

/* Begin where the person writes: the field asked for, or the first that
 * lacks a value, long texts before the others. */
static size_t
first_focus(const struct form *f, const char *field)
{
	size_t best = f->count;

	for (size_t i = 0; i < f->count; i++) {
		const struct input *in = &f->inputs[i];

		if (field && strcmp(in->field->name, field) == 0)
			return i;
		if (f->was || !in->field->required || text_get(&in->text)[0])
			continue;
		if (best == f->count ||
			(in->field->type == TYPE_LONG &&
				f->inputs[best].field->type != TYPE_LONG))
			best = i;
	}
	return best < f->count ? best : 0;
}

static void
open_form(struct app *a, struct form *made, const char *field)
{
	struct view *v = app_push(a, &form_ops);
	struct form *f = v->state;
	struct why why;
	enum status st;
	char when[WHEN_MAX];

	*f = *made;
	f->cells = 60;
	add_inputs(a, f);
	app_failed(a, looked_now(a->replica, &f->when, &why), &why);
	st = form_draft_take(f, a->replica, &why);
	f->kept = form_version(f);
	f->focus = st ? first_focus(f, field) : changed_focus(f);
	form_say_help(v);
	if (st == ST_NOT_FOUND || app_failed(a, st, &why))
		return;
	form_meet(v);
	when_local_text(f->draft_at, when);
	app_say(a, "Your draft of %s is back%s", when,
		form_clashes(f) ? "; others changed this meanwhile: see below"
				: "");
}

static bool
find_kind(struct app *a, const char *kind, struct form *f)
{
	f->number = replica_identity(a->replica)->number;
	f->kind = catalog_kind(replica_catalog(a->replica), kind);
	if (!f->kind)
		app_say(a, "There is no kind '%s': g l lists them", kind);
	return f->kind != NULL;
}

void
form_edit(struct app *a, const char *kind, const char *id, const char *field)
{
	struct form f = {0};
	struct why why;

	if (!find_kind(a, kind, &f) ||
		app_failed(a, record_load(a->replica, kind, id, &f.was, &why),
			&why))
		return;
	f.draft = mem_printf("%s/%s", kind, id);
	open_form(a, &f, field);
}

void
form_new(struct app *a, const char *kind, const char *field, const char *value)
{
	struct form f = {0};

	if (!find_kind(a, kind, &f))
		return;
	f.parent_field = mem_text(field);
	f.parent_value = mem_text(value);
	f.draft = field ? mem_printf("new/%s/%s", kind, value)
			: mem_printf("new/%s", kind);
	open_form(a, &f, NULL);
}

void
form_settle(struct app *a, const char *kind, const char *id, const char *field)
{
	struct form f = {0};
	struct why why;

	if (!find_kind(a, kind, &f) ||
		app_failed(a, record_load(a->replica, kind, id, &f.was, &why),
			&why))
		return;
	if (!kind_field(f.kind, field)) {
		app_say(a, "Here only one of the two values can be chosen");
		record_free(f.was);
		return;
	}
	f.settles = mem_text(field);
	f.draft = mem_printf("settle/%s/%s/%s", kind, id, field);
	open_form(a, &f, field);
}

void
form_resume(struct app *a, const char *draft)
{
	struct draft_subject s;
	struct why why;
	enum status st = form_draft_subject(a->replica, draft, &s, &why);

	if (!app_failed(a, st, &why)) {
		if (s.id && s.settles)
			form_settle(a, s.kind, s.id, s.settles);
		else if (s.id)
			form_edit(a, s.kind, s.id, NULL);
		else
			form_new(a, s.kind, s.field, s.value);
	}
	draft_subject_release(&s);
}
