#include "tests/support/typed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/draft.h"
#include "common/json.h"
#include "tests/support/good.h"
#include "tui/form_state.h"

/* FNV-1a. */
static uint64_t
hash_of(const char *text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return hash;
}

/* A day is kept as the day that was meant, not as it was typed. */
static bool
is_kept_as_typed(const struct input *in)
{
	return in->field->type != TYPE_DATE && in->field->type != TYPE_DATETIME;
}

static void
note_form(struct typed *t, const struct view *v)
{
	const struct form *f = v->state;
	struct typed_field *note;

	for (size_t i = 0; i < f->count; i++) {
		const struct input *in = &f->inputs[i];

		if (!input_changed(in) || !is_kept_as_typed(in))
			continue;
		MEM_ROOM(t->fields, t->count, t->cap);
		note = &t->fields[t->count++];
		note->view = v;
		note->hash = hash_of(text_get(&in->text));
		snprintf(note->name, sizeof(note->name), "%s", in->field->name);
	}
}

static int64_t
last_n(struct replica *r)
{
	int64_t n;

	good(replica_meta_int(r, META_LAST_N, 0, &n, &why));
	return n;
}

void
typed_note(struct typed *t, struct app *a)
{
	t->count = 0;
	for (size_t i = 0; i < a->count; i++)
		if (a->views[i]->ops == &form_ops)
			note_form(t, a->views[i]);
	t->last_n = last_n(a->replica);
	t->throwing = a->prompt.on && a->prompt.yes_no &&
		      strstr(a->prompt.label, "Throw away");
}

void
typed_release(struct typed *t)
{
	free(t->fields);
	memset(t, 0, sizeof(*t));
}

static bool
is_open(const struct app *a, const struct view *view)
{
	for (size_t i = 0; a && i < a->count; i++)
		if (a->views[i] == view && view->ops == &form_ops)
			return true;
	return false;
}

static bool
draft_has(struct replica *r, const char *name, const struct typed_field *field)
{
	struct buf body = BUF_INIT;
	const cJSON *kept;
	const char *text;
	cJSON *draft;
	int64_t at;
	bool has;

	good(draft_get(r, name, &body, &at, &why));
	good(json_parse(buf_text(&body), body.len, false, &draft, &why));
	kept = json_get(json_get(draft, "typed"), field->name);
	text = kept ? json_text(kept, "t") : NULL;
	has = text && hash_of(text) == field->hash;
	cJSON_Delete(draft);
	buf_release(&body);
	return has;
}

static bool
is_in_a_draft(struct replica *r, const struct typed_field *field)
{
	struct names all = {0};
	bool found = false;

	good(draft_list(r, &all, &why));
	for (size_t i = 0; i < all.count && !found; i++)
		found = draft_has(r, all.items[i], field);
	names_release(&all);
	return found;
}

void
typed_is_kept(const struct typed *t, struct app *a, struct replica *r)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct typed_field *field = &t->fields[i];

		if (is_open(a, field->view) || t->throwing ||
			last_n(r) > t->last_n)
			continue;
		if (!is_in_a_draft(r, field))
			fail_msg("what was typed for %s is lost", field->name);
	}
}
