#include "common/save_fill.h"

#include <stdlib.h>
#include <string.h>

#include "common/history.h"
#include "common/value.h"

enum status
fill_id(struct saving *s, struct why *why)
{
	const struct change *code = edit_find(s->e, s->kind->code);
	char name[ID_MAX + 1];
	int64_t last = 0;
	enum status st;

	free(s->e->record);
	s->e->record = NULL;
	if (s->kind->code[0] && code && record_id_ok(code->value)) {
		s->e->record = mem_text(code->value);
		return ST_OK;
	}
	if (s->kind->code[0])
		return why_set(why, ST_DATA,
			"a new %s needs its code in '%s': letters, digits, - "
			"and _",
			s->kind->one, s->kind->code);
	st = replica_meta_int(s->r, META_LAST_ID, 0, &last, why);
	if (!st)
		st = replica_meta_set_int(s->r, META_LAST_ID, last + 1, why);
	if (st)
		return st;
	record_id_text(replica_identity(s->r)->number, last + 1, name);
	s->e->record = mem_text(name);
	return ST_OK;
}

static enum status
fill_default(struct saving *s, const struct field *f, struct why *why)
{
	struct value_context ctx = {
		replica_identity(s->r)->badge, replica_hub_now(s->r)};
	const struct change *like;
	const char *preset = f->preset;
	char *value;
	enum status st;

	if (!preset[0] || edit_find(s->e, f->name))
		return ST_OK;
	if (preset[0] == '=') {
		like = edit_find(s->e, preset + 1);
		preset = like ? like->value : "";
	}
	st = value_read(f, preset, &ctx, &value, why);
	if (!st)
		edit_change(s->e, f->name, value, EDIT_ID_NONE);
	free(value);
	return st;
}

enum status
fill_defaults(struct saving *s, struct why *why)
{
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < s->kind->field_count; i++)
		st = fill_default(s, &s->kind->fields[i], why);
	return st;
}

/*
 * What the person saw in a field whose group they saw in edit `over`: that
 * edit's value, which need not be the one that stands now.
 */
static enum status
seen_value(struct saving *s, const struct field *f, struct edit_id over,
	struct buf *out, struct why *why)
{
	const struct record_value *v = &s->was->values[f->index];
	const struct change *c;
	struct entry seen;
	enum status st;

	if (edit_id_same(v->edit, over)) {
		buf_puts(out, v->text);
		return ST_OK;
	}
	if (edit_id_none(over))
		return ST_OK;
	st = history_edit(s->r, over, &seen, why);
	if (st && st != ST_NOT_FOUND)
		return st;
	c = st ? NULL : edit_find(&seen.edit, f->name);
	buf_puts(out, c ? c->value : v->text);
	if (!st)
		entry_release(&seen);
	return ST_OK;
}

static enum status
fill_mates(struct saving *s, const struct field *f, struct edit_id over,
	struct why *why)
{
	enum status st = ST_OK;

	for (size_t j = 0; !st && j < s->kind->field_count; j++) {
		const struct field *g = &s->kind->fields[j];
		struct buf value = BUF_INIT;

		if (strcmp(f->cell, g->cell) != 0 || edit_find(s->e, g->name))
			continue;
		if (s->was)
			st = seen_value(s, g, over, &value, why);
		if (!st)
			edit_change(s->e, g->name, buf_text(&value), over);
		buf_release(&value);
	}
	return st;
}

enum status
fill_groups(struct saving *s, struct why *why)
{
	size_t given = s->e->count;
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < given; i++) {
		const struct change *c = &s->e->changes[i];
		const struct field *f = kind_field(s->kind, c->field);

		if (f)
			st = fill_mates(s, f, c->over, why);
	}
	return st;
}

static bool
changes_value(const struct saving *s, const struct change *c)
{
	const struct record_value *v =
		s->was ? record_value_of(s->was, c->field) : NULL;

	return strcmp(c->value, v ? v->text : "") != 0;
}

/* Does this change, or one of its group, change anything? */
static bool
changes_cell(const struct saving *s, const struct change *c)
{
	const struct field *f = kind_field(s->kind, c->field);

	if (!f)
		return changes_value(s, c);
	for (size_t i = 0; i < s->e->count; i++) {
		const struct change *mate = &s->e->changes[i];
		const struct field *g = kind_field(s->kind, mate->field);

		if (g && strcmp(f->cell, g->cell) == 0 &&
			changes_value(s, mate))
			return true;
	}
	return false;
}

void
drop_idle_changes(struct saving *s)
{
	struct edit kept = {0};
	struct edit *e = s->e;

	if (e->settle_count)
		return;
	for (size_t i = 0; i < e->count; i++) {
		const struct change *c = &e->changes[i];

		if (changes_cell(s, c))
			edit_change(&kept, c->field, c->value, c->over);
	}
	for (size_t i = 0; i < e->count; i++) {
		free(e->changes[i].field);
		free(e->changes[i].value);
	}
	free(e->changes);
	e->changes = kept.changes;
	e->count = kept.count;
	e->cap = kept.cap;
}

bool
changes_something(const struct saving *s)
{
	if (s->e->settle_count)
		return true;
	for (size_t i = 0; i < s->e->count; i++)
		if (changes_value(s, &s->e->changes[i]))
			return true;
	return false;
}
