/* The hub's own edits (replica 0), and reading by its commands. */
#include "sync/hub_core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/value.h"

/* One edit being made ready, inside a write transaction. */
struct saving {
	struct hub *h;
	struct edit *e;
	const struct kind *kind;
	struct log_cells was; /* empty: a new record */
	int64_t now;
	struct why *why;
};

static const char *
value_before(const struct saving *s, const char *field)
{
	const struct log_cell *c = log_cell_find(&s->was, field);

	return c ? c->value : "";
}

static const char *
value_after(const struct saving *s, const char *field)
{
	const struct change *c = edit_find(s->e, field);

	return c ? c->value : value_before(s, field);
}

/* 0-N in base 36, as replicas name theirs. */
static enum status
make_id(struct saving *s)
{
	char text[16];
	size_t at = sizeof(text) - 1;
	int64_t n;
	enum status st = hub_meta_int(s->h, HUB_META_LAST_ID, &n, s->why);

	if (!st)
		st = hub_meta_set_int(s->h, HUB_META_LAST_ID, ++n, s->why);
	if (st)
		return st;
	text[at] = '\0';
	for (; n; n /= 36)
		text[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[n % 36];
	free(s->e->record);
	s->e->record = mem_printf("0-%s", text + at);
	return ST_OK;
}

/* What has an official code is known by it. */
static enum status
name_record(struct saving *s)
{
	const char *field = s->kind->code;
	const struct change *code = edit_find(s->e, field);

	if (!field[0])
		return s->e->record && s->e->record[0]
			       ? why_set(s->why, ST_NOT_FOUND,
					 "there is no %s %s", s->kind->one,
					 s->e->record)
			       : make_id(s);
	if (!code && s->e->record && s->e->record[0]) {
		edit_change(s->e, field, s->e->record, EDIT_ID_NONE);
		code = edit_find(s->e, field);
	}
	if (!code || !record_id_ok(code->value) ||
		(s->e->record && s->e->record[0] &&
			strcmp(s->e->record, code->value) != 0))
		return why_set(s->why, ST_DATA,
			"a new %s needs its code in '%s': letters, digits, - "
			"and _",
			s->kind->one, field);
	free(s->e->record);
	s->e->record = mem_text(code->value);
	return LOG(
		s->h->log, cells, s->kind->name, s->e->record, &s->was, s->why);
}

static enum status
fill_default(struct saving *s, const struct field *f)
{
	struct value_context ctx = {"", s->now};
	char *value = NULL;
	enum status st = ST_OK;

	if (!f->preset[0] || edit_find(s->e, f->name))
		return ST_OK;
	if (f->preset[0] == '=')
		value = mem_text(value_after(s, f->preset + 1));
	else
		st = value_read(f, f->preset, &ctx, &value, s->why);
	if (!st && value[0])
		edit_change(s->e, f->name, value, EDIT_ID_NONE);
	free(value);
	return st;
}

/* An edit that touches one field of a group carries all of them. */
static void
fill_groups(struct saving *s)
{
	size_t given = s->e->count;

	for (size_t i = 0; i < given; i++) {
		const struct field *f =
			kind_field(s->kind, s->e->changes[i].field);

		for (size_t j = 0; f && j < s->kind->field_count; j++) {
			const struct field *g = &s->kind->fields[j];

			if (strcmp(f->cell, g->cell) == 0 &&
				!edit_find(s->e, g->name))
				edit_change(s->e, g->name,
					value_before(s, g->name), EDIT_ID_NONE);
		}
	}
}

static bool
changes_cell(const struct saving *s, const char *cell)
{
	for (size_t i = 0; i < s->e->count; i++) {
		const struct change *c = &s->e->changes[i];
		const struct field *f = kind_field(s->kind, c->field);

		if (strcmp(f ? f->cell : c->field, cell) == 0 &&
			strcmp(c->value, value_before(s, c->field)) != 0)
			return true;
	}
	return false;
}

/* What changes nothing goes, unless it settles a conflict. */
static void
drop_idle(struct saving *s)
{
	struct edit *e = s->e;
	bool *idle = mem_grow(NULL, e->count + 1, sizeof(*idle));
	size_t kept = 0;

	for (size_t i = 0; i < e->count; i++) {
		const struct field *f =
			kind_field(s->kind, e->changes[i].field);

		idle[i] = !e->settle_count &&
			  !changes_cell(s, f ? f->cell : e->changes[i].field);
	}
	for (size_t i = 0; i < e->count; i++) {
		if (!idle[i]) {
			e->changes[kept++] = e->changes[i];
			continue;
		}
		free(e->changes[i].field);
		free(e->changes[i].value);
	}
	e->count = kept;
	free(idle);
}

static enum status
check_target(struct saving *s, const struct field *f, const char *target)
{
	char kind[NAME_MAX_BYTES + 1];
	const char *id = target;
	struct log_books in = {0};
	enum status st;

	if (f->ref_kind[0])
		snprintf(kind, sizeof(kind), "%s", f->ref_kind);
	else if (!record_name_split(target, kind, &id))
		return why_set(s->why, ST_DATA,
			"%s: '%.60s' names no record: write KIND/ID", f->label,
			target);
	if (!catalog_kind(s->h->catalog, kind))
		return ST_OK;
	st = LOG(s->h->log, books, kind, id, &in, s->why);
	if (!st && !in.count)
		st = why_set(s->why, ST_DATA,
			"%s: there is no %s %.60s: add it first", f->label,
			kind, id);
	log_books_release(&in);
	return st;
}

static enum status
check_refs(struct saving *s, const struct field *f, const char *list)
{
	struct buf item = BUF_INIT;
	enum status st = ST_OK;
	size_t at = 0;

	if (f->type == TYPE_REF && list[0])
		return check_target(s, f, list);
	while (!st && f->type == TYPE_REFS && value_next(list, &at, &item))
		st = check_target(s, f, buf_text(&item));
	buf_release(&item);
	return st;
}

static enum status
check_change(struct saving *s, const struct change *c)
{
	const struct field *f = kind_field(s->kind, c->field);
	enum status st;

	if (strcmp(c->field, FIELD_VOID) == 0)
		return ST_OK;
	if (!f)
		return why_set(s->why, ST_DATA, "%s has no field '%.40s'",
			s->kind->one, c->field);
	if (s->was.count && strcmp(f->name, s->kind->code) == 0 &&
		strcmp(c->value, s->e->record) != 0)
		return why_set(s->why, ST_DATA,
			"%s is what this %s is known by and cannot change: "
			"make a new one",
			f->label, s->kind->one);
	st = value_check(f, c->value, s->why);
	return st ? st : check_refs(s, f, c->value);
}

static enum status
check_all(struct saving *s)
{
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < s->e->count; i++)
		st = check_change(s, &s->e->changes[i]);
	for (size_t i = 0; !st && i < s->kind->field_count; i++) {
		const struct field *f = &s->kind->fields[i];

		if (f->required && !value_after(s, f->name)[0] &&
			(!s->was.count || edit_find(s->e, f->name)))
			st = why_set(s->why, ST_DATA,
				"%s is missing: give %s=VALUE", f->label,
				f->name);
	}
	return st;
}

/* The hub writes over what stands: it sees that, the log is locked. */
static enum status
set_overs(struct saving *s)
{
	const struct log_cell *hidden = log_cell_find(&s->was, FIELD_VOID);
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < s->e->count; i++) {
		struct change *c = &s->e->changes[i];
		const struct field *f = kind_field(s->kind, c->field);
		int64_t top = 0;

		for (size_t j = 0; f && j < s->was.count; j++) {
			const struct log_cell *o = &s->was.items[j];
			const struct field *g = kind_field(s->kind, o->field);

			if (!g || strcmp(g->cell, f->cell) != 0 ||
				o->seq <= top)
				continue;
			top = o->seq;
			c->over = o->edit;
		}
		if (strcmp(c->field, FIELD_VOID) == 0 && s->was.count)
			st = LOG(s->h->log, newest, s->kind->name, s->e->record,
				&c->over, s->why);
	}
	if (hidden && hidden->value[0])
		s->e->saw_void = hidden->edit;
	return st;
}

static enum status
prepare(struct saving *s)
{
	struct edit *e = s->e;
	enum status st = ST_OK;
	bool fresh;

	s->kind = catalog_kind(s->h->catalog, e->kind);
	if (!s->kind)
		return why_set(
			s->why, ST_DATA, "there is no kind '%.40s'", e->kind);
	if (e->record && e->record[0])
		st = LOG(s->h->log, cells, e->kind, e->record, &s->was, s->why);
	if (!st && !s->was.count)
		st = name_record(s);
	fresh = !s->was.count;
	for (size_t i = 0; !st && fresh && i < s->kind->field_count; i++)
		st = fill_default(s, &s->kind->fields[i]);
	if (st)
		return st;
	fill_groups(s);
	drop_idle(s);
	if (!e->count)
		return ST_OK;
	st = check_all(s);
	return st ? st : set_overs(s);
}

/* The edit's contents are lent to the row while it is appended. */
static enum status
append(struct writing *w, struct edit *e, struct why *why)
{
	struct age age = {.hub_ms = w->came, .ceiling = INT64_MAX};
	struct log_row row = {0};
	enum status st;

	e->id.replica = 0;
	e->id.n = w->replica.n + 1;
	e->seen = w->seq;
	clock_read(w->h->clock, &e->written);
	row.entry.edit = *e;
	row.entry.by = mem_text("");
	st = writing_add(w, &row, &age, why);
	memset(&row.entry.edit, 0, sizeof(row.entry.edit));
	log_row_release(&row);
	return st;
}

static enum status
write_one(struct writing *w, struct edit *e, struct why *why)
{
	struct saving s = {.h = w->h, .e = e, .now = w->came, .why = why};
	enum status st = prepare(&s);

	e->id = EDIT_ID_NONE;
	if (!st && e->count)
		st = append(w, e, why);
	log_cells_release(&s.was);
	return st;
}

enum status
hub_write_all(struct hub *h, struct edit *edits, size_t count, struct why *why)
{
	struct writing w;
	enum status st = writing_begin(h, 0, "", &w, why);

	for (size_t i = 0; !st && i < count; i++)
		st = write_one(&w, &edits[i], why);
	if (!st)
		st = writing_commit(&w, why);
	writing_end(&w);
	return st;
}

enum status
hub_write(struct hub *h, struct edit *e, struct why *why)
{
	return hub_write_all(h, e, 1, why);
}

enum status
hub_value(struct hub *h, const char *kind, const char *id, const char *field,
	struct buf *out, struct why *why)
{
	enum status st = LOG(h->log, begin_read, why);

	if (!st)
		st = LOG(h->log, cell_value, kind, id, field, out, why);
	h->log->ops->rollback(h->log);
	return st;
}

enum status
hub_exists(struct hub *h, const char *kind, const char *id, bool *exists,
	struct why *why)
{
	struct log_books in = {0};
	enum status st = LOG(h->log, begin_read, why);

	if (!st)
		st = LOG(h->log, books, kind, id, &in, why);
	h->log->ops->rollback(h->log);
	*exists = in.count > 0;
	log_books_release(&in);
	return st;
}

enum status
hub_ids(struct hub *h, const char *kind, struct names *ids, struct why *why)
{
	enum status st = LOG(h->log, begin_read, why);

	if (!st)
		st = LOG(h->log, ids, kind, ids, why);
	h->log->ops->rollback(h->log);
	return st;
}
