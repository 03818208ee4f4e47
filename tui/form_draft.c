#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/draft.h"
#include "common/json.h"
#include "tui/form_state.h"

#define DRAFTS_MAX 99 /* of one record, or of one kind of new ones */

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

/* What is typed; tomorrow, +3d would be another day than the one meant. */
static void
put_typed(struct buf *b, struct replica *r, const struct input *in)
{
	bool is_day = in->field->type == TYPE_DATE ||
		      in->field->type == TYPE_DATETIME;
	const struct value_context ctx = {
		replica_identity(r)->badge, replica_hub_now(r)};
	struct buf day = BUF_INIT;
	char *value = NULL;
	struct why why;

	if (is_day && !input_read(in, &ctx, &value, &why))
		value_print(in->field, value, &day);
	put_member(b, "t", value ? buf_text(&day) : text_get(&in->text));
	buf_release(&day);
	free(value);
}

static void
put_input(struct buf *b, struct replica *r, const struct form *f,
	const struct input *in)
{
	const struct record_value *v =
		f->was ? &f->was->values[in->field->index] : NULL;
	char over[EDIT_ID_TEXT] = "";

	json_put_name(b, in->field->name);
	buf_putc(b, '{');
	put_typed(b, r, in);
	if (v) {
		edit_id_text(v->edit, over);
		put_member(b, "b", v->text);
		put_member(b, "o", over);
	}
	buf_putc(b, '}');
}

/*
 * KIND/ID, settle/KIND/ID/FIELD, new/KIND or new/KIND/VALUE; and +2 and so on
 * where one is kept already that is another form's.
 */
static char *
name_of(const struct form *f, int nth)
{
	struct buf b = BUF_INIT;

	if (f->was && f->settles)
		buf_printf(&b, "settle/%s/%s/%s", f->kind->name, f->was->id,
			f->settles);
	else if (f->was)
		buf_printf(&b, "%s/%s", f->kind->name, f->was->id);
	else if (f->parent_field)
		buf_printf(&b, "new/%s/%s", f->kind->name, f->parent_value);
	else
		buf_printf(&b, "new/%s", f->kind->name);
	if (nth > 1)
		buf_printf(&b, "+%d", nth);
	return buf_take(&b);
}

int
form_draft_nth(const char *name)
{
	const char *plus = strrchr(name, '+');

	return plus ? (int)strtol(plus + 1, NULL, 10) : 1;
}

/* What is kept by the form's name for it, and since when; NULL: nothing. */
static enum status
stored(const struct form *f, struct replica *r, char **body, int64_t *at,
	struct why *why)
{
	struct buf b = BUF_INIT;
	char *name = name_of(f, f->nth);
	enum status st = draft_get(r, name, &b, at, why);

	*body = st ? NULL : buf_take(&b);
	buf_release(&b);
	free(name);
	return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status
form_draft_find(struct form *f, struct replica *r, bool fresh, struct why *why)
{
	int64_t at, newest = -1;
	int found = 0, nth;
	enum status st = ST_OK;

	for (nth = 1; !st && nth <= DRAFTS_MAX; nth++) {
		char *body;

		f->nth = nth;
		st = stored(f, r, &body, &at, why);
		if (!body && fresh)
			break;
		if (body && at > newest) {
			newest = at;
			found = nth;
		}
		free(body);
	}
	if (!st && fresh && nth > DRAFTS_MAX)
		return why_set(why, ST_DATA,
			"%d drafts of the same are kept: save some of them, or "
			"drop them",
			DRAFTS_MAX);
	if (!fresh)
		f->nth = found ? found : 1;
	return st;
}

/* Is what is kept by that name what this form wrote or read there? */
static bool
is_ours(const struct form *f, const char *body)
{
	return !body || (f->draft && strcmp(f->draft, body) == 0);
}

bool
form_draft_gone(const struct form *f, struct replica *r)
{
	char *body = NULL;
	int64_t at;
	struct why why;
	bool gone = f->draft && !stored(f, r, &body, &at, &why) &&
		    !(body && is_ours(f, body));

	free(body);
	return gone;
}

/* Another window wrote a draft by our name: ours gets one of its own. */
static enum status
step_aside(struct form *f, struct replica *r, struct why *why)
{
	char *body;
	int64_t at;
	enum status st = stored(f, r, &body, &at, why);

	if (!st && !is_ours(f, body))
		st = form_draft_find(f, r, true, why);
	free(body);
	return st;
}

static void
put_body(struct buf *b, struct replica *r, const struct form *f)
{
	buf_putc(b, '{');
	put_member(b, "kind", f->kind->name);
	put_member(b, "id", f->was ? f->was->id : NULL);
	put_member(b, "field", f->parent_field);
	put_member(b, "value", f->parent_value);
	put_member(b, "settles", f->settles);
	json_put_name(b, "seen");
	buf_printf(b, "%lld", (long long)f->when.seq);
	put_member(b, "past", f->when.incarnation);
	json_put_name(b, "undone");
	buf_printf(b, "%lld", (long long)f->when.undone);
	json_put_name(b, "typed");
	buf_putc(b, '{');
	for (size_t i = 0; i < f->count; i++)
		if (input_changed(&f->inputs[i]) || f->inputs[i].carried)
			put_input(b, r, f, &f->inputs[i]);
	buf_puts(b, "}}");
}

static enum status
write_draft(struct form *f, struct replica *r, struct why *why)
{
	struct buf b = BUF_INIT;
	char *name, *body;
	enum status st = step_aside(f, r, why);

	if (st)
		return st;
	put_body(&b, r, f);
	name = name_of(f, f->nth);
	st = draft_put(r, name, buf_text(&b), why);
	if (!st) {
		free(f->draft);
		f->draft = mem_text(buf_text(&b));
		st = stored(f, r, &body, &f->draft_at, why);
		free(body);
	}
	free(name);
	buf_release(&b);
	return st;
}

enum status
form_draft_keep(struct form *f, struct replica *r, struct why *why)
{
	enum status st = form_follow(f, r, why);

	if (st)
		return st;
	return form_changed(f) ? write_draft(f, r, why)
			       : form_draft_drop(f, r, why);
}

enum status
form_draft_drop(struct form *f, struct replica *r, struct why *why)
{
	char *body, *name = name_of(f, f->nth);
	int64_t at;
	enum status st = stored(f, r, &body, &at, why);

	if (!st && body && is_ours(f, body))
		st = draft_drop(r, name, why);
	free(f->draft);
	f->draft = NULL;
	f->draft_at = 0;
	free(body);
	free(name);
	return st;
}

enum status
form_draft_moved(struct form *f, struct replica *r, struct why *why)
{
	char *body;
	enum status st = ST_OK;

	if (!f->draft)
		return ST_OK;
	st = stored(f, r, &body, &f->draft_at, why);
	if (!st) {
		free(f->draft);
		f->draft = body;
	}
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
		record_put(&v->text, base);
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

static void
take_typed(struct form *f, const cJSON *draft)
{
	const cJSON *typed = json_get(draft, "typed"), *kept;

	for (size_t i = 0; i < f->count; i++) {
		kept = typed ? json_get(typed, f->inputs[i].field->name) : NULL;
		if (kept)
			take_input(f, &f->inputs[i], kept);
	}
}

enum status
form_draft_take(struct form *f, struct replica *r, bool *taken, struct why *why)
{
	cJSON *draft;
	enum status st;

	*taken = false;
	free(f->draft);
	st = stored(f, r, &f->draft, &f->draft_at, why);
	if (st || !f->draft)
		return st;
	st = json_parse(f->draft, strlen(f->draft), false, &draft, why);
	if (st) {
		free(f->draft);
		f->draft = NULL; /* it stays; ours gets another name */
		return st;
	}
	*taken = true;
	take_typed(f, draft);
	st = take_seen(f, r, draft, why);
	cJSON_Delete(draft);
	return st;
}

static enum status
read_draft(struct replica *r, const char *name, cJSON **out, struct why *why)
{
	struct buf b = BUF_INIT;
	int64_t at;
	enum status st = draft_get(r, name, &b, &at, why);

	*out = NULL;
	if (!st)
		st = json_parse(buf_text(&b), b.len, false, out, why);
	buf_release(&b);
	return st;
}

/* Was all of it typed over what the form says? */
static bool
goes_on(const struct form *f, const cJSON *draft)
{
	const cJSON *typed = json_get(draft, "typed"), *kept;

	for (size_t i = 0; typed && i < f->count; i++) {
		const struct input *in = &f->inputs[i];
		const char *base;

		kept = json_get(typed, in->field->name);
		base = kept ? json_text(kept, "b") : NULL;
		if (kept && !input_says(in, base ? base : ""))
			return false;
	}
	return typed != NULL;
}

enum status
form_draft_join(
	struct form *f, struct replica *r, const char *id, struct why *why)
{
	enum status st = ST_OK;

	for (int nth = DRAFTS_MAX; !st && nth > 0; nth--) {
		char *name =
			nth > 1 ? mem_printf("%s/%s+%d", f->kind->name, id, nth)
				: mem_printf("%s/%s", f->kind->name, id);
		cJSON *draft;

		if (!read_draft(r, name, &draft, why) && goes_on(f, draft)) {
			take_typed(f, draft);
			st = draft_drop(r, name, why);
		}
		cJSON_Delete(draft);
		free(name);
	}
	return st;
}

/* The first text that was typed, to tell one draft from another. */
static char *
first_text(const struct kind *k, const cJSON *draft)
{
	const cJSON *typed = json_get(draft, "typed"), *kept;

	for (size_t i = 0; k && typed && i < k->field_count; i++) {
		const struct field *f = &k->fields[i];
		const char *text;

		kept = json_get(typed, f->name);
		text = kept ? json_text(kept, "t") : NULL;
		if (text && text[0] &&
			(f->type == TYPE_LONG || f->type == TYPE_TEXT))
			return mem_text(text);
	}
	return NULL;
}

enum status
form_draft_subject(struct replica *r, const char *name,
	struct draft_subject *out, struct why *why)
{
	cJSON *draft;
	enum status st = read_draft(r, name, &draft, why);

	memset(out, 0, sizeof(*out));
	if (st)
		return st;
	out->kind = mem_text(json_text(draft, "kind"));
	out->id = mem_text(json_text(draft, "id"));
	out->field = mem_text(json_text(draft, "field"));
	out->value = mem_text(json_text(draft, "value"));
	out->settles = mem_text(json_text(draft, "settles"));
	out->nth = form_draft_nth(name);
	if (out->kind)
		out->text = first_text(
			catalog_kind(replica_catalog(r), out->kind), draft);
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
	free(s->text);
}
