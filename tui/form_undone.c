/* What goes on as a draft though its form is not on the screen: what was saved
 * and undone, and what was written for one field. */
#include <stdlib.h>
#include <string.h>

#include "common/history.h"
#include "tui/form.h"
#include "tui/form_state.h"

/* The field by which it belongs to another record: what its books follow, and
 * nothing that is filled in by itself. */
static const struct change *
parent_of(const struct kind *k, const struct edit *e)
{
	for (size_t i = 0; i < k->book_count; i++) {
		const char *step = k->books[i].steps[0];
		const struct field *f = kind_field(k, step);
		const struct change *c = edit_find(e, step);

		if (f && c && c->value[0] && f->type == TYPE_REF &&
			!f->preset[0])
			return c;
	}
	return NULL;
}

/* Does the record's log still have that value of the field? */
static bool
stands_in_log(const struct past *past, const struct change *c)
{
	for (size_t i = 0; i < past->count; i++) {
		const struct change *x =
			edit_find(&past->items[i].edit, c->field);

		if (x && strcmp(x->value, c->value) == 0)
			return true;
	}
	return false;
}

/* Of a record that is there still, only what was written at length, or what
 * was typed to settle a conflict; and that stands nowhere else: a side that was
 * chosen, or an older value that was put back, is chosen again in a key. */
static bool
comes_back(const struct form *f, const struct field *field,
	const struct change *c, const struct past *past)
{
	if (!f->was)
		return true;
	return c && !stands_in_log(past, c) &&
	       (f->settles ? input_is_text(field) : field->type == TYPE_LONG);
}

static void
put_back(struct form *f, const struct replica *r, const struct edit *e,
	const struct past *past)
{
	f->inputs = mem_alloc(f->kind->field_count * sizeof(*f->inputs));
	for (size_t i = 0; i < f->kind->field_count; i++) {
		const struct field *field = &f->kind->fields[i];
		const struct change *c = edit_find(e, field->name);
		struct input *in = &f->inputs[f->count];

		if (!form_has_input(r, f, field) ||
			!comes_back(f, field, c, past))
			continue;
		input_init(in, field, f->was ? f->was->values[i].text : "");
		if (c)
			input_say(in, c->value);
		f->count++;
	}
}

/* The form as it was before that save. */
static enum status
form_again(struct form *f, struct replica *r, const struct edit *e,
	struct why *why)
{
	const struct change *parent;
	struct past past = {0};
	enum status st = record_load(r, e->kind, e->record, &f->was, why);

	if (!st)
		st = history_read(r, e->kind, e->record, 0, 0, &past, why);
	if (st == ST_NOT_FOUND) {
		f->was = NULL;
		parent = parent_of(f->kind, e);
		f->parent_field = mem_text(parent ? parent->field : NULL);
		f->parent_value = mem_text(parent ? parent->value : NULL);
		st = ST_OK;
	}
	if (!st)
		put_back(f, r, e, &past);
	past_release(&past);
	return st ? st : looked_now(r, &f->when, why);
}

enum status
form_keep_undone(
	struct replica *r, const struct edit *e, bool *kept, struct why *why)
{
	struct form f = {.number = replica_identity(r)->number};
	enum status st;

	*kept = false;
	f.kind = catalog_kind(replica_catalog(r), e->kind);
	if (!f.kind)
		return ST_OK;
	if (e->settle_count)
		f.settles = mem_text(e->settles[0].field);
	st = form_again(&f, r, e, why);
	if (!st && !f.was)
		st = form_draft_join(&f, r, e->record, why);
	if (!st && form_changed(&f)) {
		st = form_draft_find(&f, r, true, why);
		if (!st)
			st = form_draft_keep(&f, r, why);
		*kept = !st;
	}
	form_release(&f);
	return st;
}

/* The form of that one field alone. */
static enum status
form_of_field(struct form *f, struct replica *r, const char *id,
	const char *field, struct why *why)
{
	enum status st = record_load(r, f->kind->name, id, &f->was, why);

	if (st == ST_NOT_FOUND) { /* it left this device since */
		f->was = record_blank(f->kind, id);
		st = ST_OK;
	}
	if (st)
		return st;
	f->inputs = mem_alloc(sizeof(*f->inputs));
	f->count = 1;
	input_init(f->inputs, kind_field(f->kind, field), "");
	form_begin_empty(f, f->inputs);
	return looked_now(r, &f->when, why);
}

enum status
form_keep_written(struct replica *r, const char *kind, const char *id,
	const char *field, const char *text, struct why *why)
{
	struct form f = {.number = replica_identity(r)->number};
	enum status st;

	f.kind = catalog_kind(replica_catalog(r), kind);
	st = form_of_field(&f, r, id, field, why);
	if (!st)
		text_replace(&f.inputs->text, text);
	if (!st)
		st = form_draft_find(&f, r, true, why);
	if (!st)
		st = form_draft_keep(&f, r, why);
	form_release(&f);
	return st;
}
