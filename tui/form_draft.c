#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/draft.h"
#include "common/json.h"
#include "tui/form_state.h"

/*
 * {"kind":…,"id":…,"field":…,"value":…,
 *  "seen":cursor,"past":its incarnation,"undone":how many edits were,
 *  "typed":{FIELD:{"t":typed,"b":what it began from,"o":over}}}
 */
static void
put_member(struct buf *b, const char *name, const char *text)
{
	if (!text)
		return;
	json_put_member(b, name, text);
}

static void
put_input(struct buf *b, const struct form *f, const struct input *in)
{
	const struct record_value *v =
		f->was ? &f->was->values[in->field->index] : NULL;
	char over[EDIT_ID_TEXT] = "";

	json_put_name(b, in->field->name);
	buf_putc(b, '{');
	put_member(b, "t", text_get(&in->text));
	if (v) {
		edit_id_text(v->edit, over);
		put_member(b, "b", v->text);
		put_member(b, "o", over);
	}
	buf_putc(b, '}');
}

enum status
form_draft_keep(struct form *f, struct replica *r, struct why *why)
{
	struct buf b = BUF_INIT;
	enum status st;

	st = form_follow(f, r, why);
	if (st)
		return st;
	if (!form_changed(f))
		return draft_drop(r, f->draft, why);
	buf_putc(&b, '{');
	put_member(&b, "kind", f->kind->name);
	put_member(&b, "id", f->was ? f->was->id : NULL);
	put_member(&b, "field", f->parent_field);
	put_member(&b, "value", f->parent_value);
	put_member(&b, "settles", f->settles);
	json_put_name(&b, "seen");
	buf_printf(&b, "%lld", (long long)f->when.seq);
	put_member(&b, "past", f->when.incarnation);
	json_put_name(&b, "undone");
	buf_printf(&b, "%lld", (long long)f->when.undone);
	json_put_name(&b, "typed");
	buf_putc(&b, '{');
	for (size_t i = 0; i < f->count; i++)
		if (input_changed(&f->inputs[i]))
			put_input(&b, f, &f->inputs[i]);
	buf_puts(&b, "}}");
	st = draft_put(r, f->draft, buf_text(&b), why);
	if (!st)
		f->draft_at = replica_hub_now(r);
	buf_release(&b);
	return st;
}

static void
take_input(struct form *f, struct input *in, const cJSON *kept)
{
	struct record_value *v =
		f->was ? &f->was->values[in->field->index] : NULL;
	const char *typed = json_text(kept, "t");
	const char *base = json_text(kept, "b");
	const char *over = json_text(kept, "o");

	if (v && base) {
		/* the save goes over what was seen then, not what is now */
		free(v->text);
		v->text = mem_text(base);
		v->edit = EDIT_ID_NONE;
		if (over && over[0] && !edit_id_parse(over, &v->edit))
			v->edit = EDIT_ID_NONE;
		input_release(in);
		input_init(in, &f->kind->fields[in->field->index], base);
	}
	if (typed)
		text_set(&in->text, typed);
}

/* The voids that were seen when the draft was begun. */
static enum status
take_seen(
	struct form *f, struct replica *r, const cJSON *draft, struct why *why)
{
	const char *past = json_text(draft, "past");
	const cJSON *seen = json_get(draft, "seen");

	f->when = (struct looked){.undone = json_int(draft, "undone", 0)};
	if (seen && json_is_int(seen, &f->when.seq) && past)
		snprintf(f->when.incarnation, sizeof(f->when.incarnation), "%s",
			past);
	if (!f->was)
		return ST_OK;
	return looked_at_void(r, &f->when, &f->was->void_value.edit, why);
}

static enum status
read_draft(struct replica *r, const char *name, cJSON **out, int64_t *at,
	struct why *why)
{
	struct buf b = BUF_INIT;
	enum status st = draft_get(r, name, &b, at, why);

	*out = NULL;
	if (!st)
		st = json_parse(buf_text(&b), b.len, false, out, why);
	buf_release(&b);
	return st;
}

enum status
form_draft_take(struct form *f, struct replica *r, struct why *why)
{
	const cJSON *typed, *kept;
	cJSON *draft;
	enum status st = read_draft(r, f->draft, &draft, &f->draft_at, why);

	if (st)
		return st;
	typed = json_get(draft, "typed");
	for (size_t i = 0; i < f->count; i++) {
		kept = typed ? json_get(typed, f->inputs[i].field->name) : NULL;
		if (kept)
			take_input(f, &f->inputs[i], kept);
	}
	st = take_seen(f, r, draft, why);
	cJSON_Delete(draft);
	return st;
}

enum status
form_draft_subject(struct replica *r, const char *name,
	struct draft_subject *out, struct why *why)
{
	cJSON *draft;
	int64_t at;
	enum status st = read_draft(r, name, &draft, &at, why);

	memset(out, 0, sizeof(*out));
	if (st)
		return st;
	out->kind = mem_text(json_text(draft, "kind"));
	out->id = mem_text(json_text(draft, "id"));
	out->field = mem_text(json_text(draft, "field"));
	out->value = mem_text(json_text(draft, "value"));
	out->settles = mem_text(json_text(draft, "settles"));
	cJSON_Delete(draft);
	if (!out->kind)
		return why_set(why, ST_DATA,
			"the draft %.80s cannot be read: drop it", name);
	return ST_OK;
}

void
draft_subject_release(struct draft_subject *s)
{
	free(s->kind);
	free(s->id);
	free(s->field);
	free(s->value);
	free(s->settles);
}
