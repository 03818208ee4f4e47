/* A form that is open while its file is given another number, or while edits
 * that it was typed over are undone. */
#include <stdlib.h>
#include <string.h>

#include "common/renumber.h"
#include "common/undone.h"
#include "tui/form_state.h"

/* What the form knows by name, as an edit: refs in values, what it was typed
 * over, and the record. */
static void
gather(const struct form *f, struct edit *e)
{
	e->kind = mem_text(f->kind->name);
	e->record = mem_text(f->was ? f->was->id : "");
	for (size_t i = 0; i < f->count; i++) {
		const struct field *field = f->inputs[i].field;

		edit_change(e, field->name, text_get(&f->inputs[i].text),
			f->was ? f->was->values[field->index].edit
			       : EDIT_ID_NONE);
	}
	if (f->parent_field)
		edit_change(e, f->parent_field, f->parent_value, EDIT_ID_NONE);
	if (f->was)
		e->saw_void = f->was->void_value.edit;
}

static void
replace(char **text, const char *now)
{
	free(*text);
	*text = mem_text(now);
}

static void
take(struct form *f, const struct edit *e)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct change *c = &e->changes[i];
		struct input *in = &f->inputs[i];

		if (strcmp(c->value, text_get(&in->text)) != 0)
			text_set(&in->text, c->value);
		if (f->was)
			f->was->values[in->field->index].edit = c->over;
	}
	if (f->parent_field)
		replace(&f->parent_value, e->changes[f->count].value);
	if (!f->was)
		return;
	replace(&f->was->id, e->record);
	f->was->void_value.edit = e->saw_void;
}

enum status
form_follow(struct form *f, struct replica *r, struct why *why)
{
	uint32_t number = replica_identity(r)->number;
	int64_t undone = 0;
	struct edit e = {0};
	enum status st = undone_count(r, &undone, why);

	if (st || (f->number == number && f->when.undone == undone))
		return st;
	gather(f, &e);
	st = looked_at_undone(r, &f->when, &e, why);
	if (!st && f->number != number)
		st = renumber_edit(r, f->number, &e, why);
	if (!st) {
		take(f, &e);
		f->when.undone = undone;
	}
	if (!st && f->number != number) {
		f->number = number;
		st = form_draft_moved(f, r, why);
	}
	edit_release(&e);
	return st;
}
