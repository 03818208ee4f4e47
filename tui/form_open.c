/* Opening a form: of a record, of a new one, of a draft. */
#include "tui/form.h"

#include <stdlib.h>
#include <string.h>

#include "tui/allowed.h"
#include "tui/form_carry.h"
#include "tui/form_state.h"
#include "tui/hints.h"
#include "tui/news_view.h"
#include "tui/show.h"

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

/* How a form begins. */
struct opening {
	const char *field;	   /* the focus; NULL: the first */
	const struct record *from; /* where one stands; NULL: nowhere */
	bool fresh;		   /* whatever drafts there are */
	bool resumed;		   /* a draft that was named */
};

/* What a field of a new record holds to begin with. */
static void
begin_new(struct app *a, struct form *f, const struct opening *o,
	struct input *in, const struct field *field)
{
	struct buf carried = BUF_INIT;
	char *preset = preset_of(a, field);

	if (f->parent_field && strcmp(f->parent_field, field->name) == 0) {
		input_init(in, field, f->parent_value);
	} else if (preset[0] || o->resumed) {
		input_init(in, field, preset);
	} else {
		form_carry(a->replica, o->from, field, &carried);
		input_init(in, field, buf_text(&carried));
		in->carried = carried.len > 0;
	}
	buf_release(&carried);
	free(preset);
}

bool
form_has_input(const struct replica *r, const struct form *f,
	const struct field *field)
{
	bool fixed = f->was && strcmp(field->name, f->kind->code) == 0;

	if (f->settles)
		return strcmp(field->name, f->settles) == 0;
	return !field_off(replica_catalog(r), field) &&
	       field->type != TYPE_AREA && !fixed;
}

static void
add_inputs(struct app *a, struct form *f, const struct opening *o)
{
	f->inputs = mem_alloc(f->kind->field_count * sizeof(*f->inputs));
	for (size_t i = 0; i < f->kind->field_count; i++) {
		const struct field *field = &f->kind->fields[i];

		if (!form_has_input(a->replica, f, field))
			continue;
		if (f->was)
			input_init(&f->inputs[f->count], field,
				f->was->values[i].text);
		else
			begin_new(a, f, o, &f->inputs[f->count], field);
		f->count++;
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

/* Would one write here first? The more the better; 0: no. */
static int
calls_for_text(const struct form *f, const struct input *in, const char *field)
{
	if (field && strcmp(in->field->name, field) == 0)
		return 5;
	if (f->was || text_get(&in->text)[0])
		return 0;
	if (!in->field->required)
		return 1;
	if (!input_is_text(in->field) && !input_is_ref(in->field))
		return 2;
	return in->field->type == TYPE_LONG ? 4 : 3;
}

/* Begin where the person writes: the field asked for; in a new record the
 * first that lacks a value, required ones before the others; of these a long
 * text before what else is typed, and that before a choice among a few: what is
 * typed at once are words. */
static size_t
first_focus(const struct form *f, const char *field)
{
	size_t best = 0;
	int most = 0;

	for (size_t i = 0; i < f->count; i++) {
		int calls = calls_for_text(f, &f->inputs[i], field);

		if (calls > most) {
			most = calls;
			best = i;
		}
	}
	return best;
}

/* A record has one draft, of new ones there may be several. */
static void
say_draft(struct view *v)
{
	struct form *f = v->state;
	char when[WHEN_MAX], keys[CHORD_NAME_MAX];

	form_meet(v);
	show_time(f->draft_at, app_now(v->app), when);
	hints_key(v, ACT_DRAFT_ASIDE, keys);
	if (f->was && !f->now)
		app_say(v->app,
			"Your draft of %s is back; its record is not held "
			"here: it can be read, not saved",
			when);
	else if (f->settled)
		app_say(v->app,
			"Your draft of %s is back; its conflict is settled%s",
			when, form_clashes(f) ? ": see below" : "");
	else if (form_clashes(f))
		app_say(v->app,
			"Your draft of %s is back; others changed this "
			"meanwhile: see below",
			when);
	else if (f->was)
		app_say(v->app, "Your draft of %s is back", when);
	else
		app_say(v->app,
			"Your draft of %s goes on here: %s begins another",
			when, keys);
}

static struct view *
open_form(struct app *a, struct form *made, struct opening o)
{
	struct view *v = app_push(a, &form_ops);
	struct form *f = v->state;
	bool taken = false;
	struct why why;
	enum status st;

	*f = *made;
	f->cells = 60;
	f->room = 50;
	if (!o.resumed)
		app_failed(
			a, form_draft_find(f, a->replica, o.fresh, &why), &why);
	add_inputs(a, f, &o);
	app_failed(a, looked_now(a->replica, &f->when, &why), &why);
	st = form_draft_take(f, a->replica, &taken, &why);
	f->kept = form_version(f);
	f->focus = taken ? changed_focus(f) : first_focus(f, o.field);
	if (app_failed(a, st, &why))
		return v;
	form_say_help(v);
	if (taken)
		say_draft(v);
	return v;
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

/* A draft outlives its record on this device: what was typed is still to be
 * read. */
static enum status
load_record(struct app *a, struct form *f, const char *id, bool resumed,
	struct why *why)
{
	enum status st =
		record_load(a->replica, f->kind->name, id, &f->was, why);

	if (st != ST_NOT_FOUND || !resumed)
		return st;
	f->was = record_blank(f->kind, id);
	return ST_OK;
}

/* NULL: it could not be opened, and it is said why. */
static struct view *
edit_record(struct app *a, const char *kind, const char *id,
	const struct draft_subject *draft, struct opening o)
{
	struct form f = {0};
	struct why why;

	if (!find_kind(a, kind, &f) ||
		app_failed(a, load_record(a, &f, id, o.resumed, &why), &why))
		return NULL;
	if (draft && draft->settles && !kind_field(f.kind, draft->settles)) {
		app_say(a, "Here only one of the two values can be chosen");
		record_free(f.was);
		return NULL;
	}
	news_looked(a, kind, id);
	f.settles = mem_text(draft ? draft->settles : NULL);
	f.nth = draft ? draft->nth : 1;
	return open_form(a, &f, o);
}

void
form_edit(struct app *a, const char *kind, const char *id, const char *field)
{
	edit_record(a, kind, id, NULL, (struct opening){.field = field});
}

void
form_begin_empty(struct form *f, struct input *in)
{
	struct record_value *was = &f->was->values[in->field->index];
	const struct field *field = in->field;

	record_put(&was->text, "");
	was->edit = EDIT_ID_NONE;
	input_release(in);
	input_init(in, field, "");
}

void
form_written(struct app *a, const char *kind, const char *id, const char *field,
	const char *text)
{
	struct view *v = edit_record(a, kind, id, NULL,
		(struct opening){.field = field, .fresh = true});
	struct input *in;

	if (!v)
		return;
	in = form_focused(v);
	form_begin_empty(v->state, in);
	text_replace(&in->text, text);
	form_touched(v);
	form_meet(v);
}

void
form_settle(struct app *a, const char *kind, const char *id, const char *field)
{
	const struct draft_subject s = {.settles = mem_text(field), .nth = 1};

	edit_record(a, kind, id, &s, (struct opening){.field = field});
	free(s.settles);
}

/* The record that a new one will belong to, or that is chosen; NULL: none. */
static struct record *
standing_at(struct app *a, const struct form *f)
{
	const struct field *parent =
		f->parent_field ? kind_field(f->kind, f->parent_field) : NULL;
	struct view *v = app_top(a);
	char split[NAME_MAX_BYTES + 1];
	const char *kind = split, *id = f->parent_value;
	struct record *rec;
	struct why why;

	if (parent && parent->ref_kind[0])
		kind = parent->ref_kind;
	else if (parent && !record_name_split(f->parent_value, split, &id))
		return NULL;
	if (!parent && (!v->ops->subject || !v->ops->subject(v, &kind, &id)))
		return NULL;
	return record_load(a->replica, kind, id, &rec, &why) ? NULL : rec;
}

static void
new_record(struct app *a, const struct draft_subject *s, struct opening o)
{
	struct form f = {.nth = s->nth};
	struct record *from = NULL;

	if (!find_kind(a, s->kind, &f))
		return;
	f.parent_field = mem_text(s->field);
	f.parent_value = mem_text(s->value);
	if (!o.resumed)
		from = standing_at(a, &f);
	o.from = from;
	open_form(a, &f, o);
	record_free(from);
}

static void
new_of(struct app *a, const char *kind, const char *field, const char *value,
	bool fresh)
{
	struct draft_subject s = {.kind = mem_text(kind),
		.field = mem_text(field),
		.value = mem_text(value),
		.nth = 1};

	new_record(a, &s, (struct opening){.fresh = fresh});
	draft_subject_release(&s);
}

void
form_new(struct app *a, const char *kind, const char *field, const char *value)
{
	const struct kind *k = catalog_kind(replica_catalog(a->replica), kind);
	struct why why;

	if (k && allowed_why_off(a, k, NULL, &why))
		app_failed(a, ST_NOT_ALLOWED, &why);
	else
		new_of(a, kind, field, value, false);
}

void
form_another(struct view *v)
{
	struct app *a = v->app;
	struct form *f = v->state;
	char *kind = mem_text(f->kind->name), *field = f->parent_field,
	     *value = f->parent_value;

	f->parent_field = f->parent_value = NULL; /* the next form's now */
	app_pop(a);
	new_of(a, kind, field, value, true);
	free(kind);
	free(field);
	free(value);
}

void
form_resume(struct app *a, const char *draft)
{
	const struct opening o = {.resumed = true};
	struct draft_subject s;
	struct why why;
	enum status st = form_draft_subject(a->replica, draft, &s, &why);

	if (app_failed(a, st, &why))
		;
	else if (s.id)
		edit_record(a, s.kind, s.id, &s, o);
	else
		new_record(a, &s, o);
	draft_subject_release(&s);
}
