/* Saving one edit: the part of record.h that writes. */
#include "common/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/history.h"
#include "common/lay.h"
#include "common/lent.h"
#include "common/placing.h"
#include "common/renumber.h"
#include "common/utf8.h"
#include "common/value.h"

/* Below the bound of an edit's frame (PROTOCOL.md), with room for the rest. */
#define EDIT_BODY_MAX 1000000

/* A save under way. */
struct saving {
	struct replica *r;
	struct edit *e;
	const struct kind *kind;
	struct record *was;	   /* as shown before; NULL: a new record */
	const struct looked *when; /* began looking; NULL: now */
	int64_t at;		   /* as reckoned here, ms */
};

/* Ids are REPLICA-N in base 36; what has an official code keeps it. */
static enum status
name_record(struct saving *s, struct why *why)
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

static enum status
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

/* An edit that touches one field of a group carries all of them. */
static enum status
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

/* Drop changes that change nothing; those that settle a conflict stay. */
static void
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

static bool
changes_something(const struct saving *s)
{
	if (s->e->settle_count)
		return true;
	for (size_t i = 0; i < s->e->count; i++)
		if (changes_value(s, &s->e->changes[i]))
			return true;
	return false;
}

/* One edit gives a field one value: two could not be read back. */
static enum status
check_once(const struct edit *e, struct why *why)
{
	for (size_t i = 0; i < e->count; i++)
		if (edit_find(e, e->changes[i].field) != &e->changes[i])
			return why_set(why, ST_DATA,
				"%.40s is given twice: give it once",
				e->changes[i].field);
	return ST_OK;
}

/* Is every record of this kind in dept, which is held whole? */
static bool
held_whole(const struct kind *k)
{
	return k->book_count == 1 && k->books[0].count == 1 &&
	       strcmp(k->books[0].steps[0], "dept") == 0;
}

static enum status
check_target(struct saving *s, const struct field *f, const char *target,
	struct why *why)
{
	char name[NAME_MAX_BYTES + 1];
	const struct kind *k;
	const char *id = target;
	bool exists = true;
	enum status st = ST_OK;

	if (f->ref_kind[0])
		snprintf(name, sizeof(name), "%s", f->ref_kind);
	else if (!record_name_split(target, name, &id))
		return why_set(why, ST_DATA,
			"%s: '%.60s' names no record: write KIND/ID", f->label,
			target);
	k = catalog_kind(replica_catalog(s->r), name);
	if (k && held_whole(k))
		st = record_exists(s->r, name, id, &exists, why);
	if (!st && !exists)
		st = why_set(why, ST_DATA,
			"%s: there is no %s '%.60s': `beatbook list %s` shows "
			"them",
			f->label, k->one, id, name);
	return st;
}

static enum status
check_refs(struct saving *s, const struct field *f, const char *list,
	struct why *why)
{
	struct buf item = BUF_INIT;
	size_t at = 0;
	enum status st = ST_OK;

	if (f->type == TYPE_REF && list[0])
		return check_target(s, f, list, why);
	while (!st && f->type == TYPE_REFS && value_next(list, &at, &item))
		st = check_target(s, f, buf_text(&item), why);
	buf_release(&item);
	return st;
}

static enum status
check_void(const struct change *c, struct why *why)
{
	size_t at;

	if (!utf8_clean(c->value, strlen(c->value), false, &at))
		return why_set(why, ST_DATA,
			"the reason has a control character: write it in one "
			"line");
	if (strlen(c->value) > 200)
		return why_set(why, ST_DATA,
			"the reason has %zu bytes, at most 200 are kept: "
			"shorten it",
			strlen(c->value));
	return ST_OK;
}

static enum status
check_change(struct saving *s, const struct change *c, struct why *why)
{
	const struct field *f = kind_field(s->kind, c->field);
	enum status st;

	if (strcmp(c->field, FIELD_VOID) == 0)
		return check_void(c, why);
	if (!f)
		return why_set(why, ST_DATA,
			"%s has no field '%.40s': `beatbook kinds %s` lists "
			"them",
			s->kind->one, c->field, s->kind->name);
	if (s->was && strcmp(f->name, s->kind->code) == 0 &&
		strcmp(c->value, s->was->id) != 0)
		return why_set(why, ST_DATA,
			"%s is what this %s is known by and cannot change: "
			"make a new one",
			f->label, s->kind->one);
	st = value_check(f, c->value, why);
	if (!st)
		st = check_refs(s, f, c->value, why);
	return st;
}

static const char *
value_after(const struct saving *s, const char *field)
{
	const struct change *c = edit_find(s->e, field);

	if (c)
		return c->value;
	return s->was ? record_text(s->was, field) : "";
}

static enum status
check_required(struct saving *s, struct why *why)
{
	for (size_t i = 0; i < s->kind->field_count; i++) {
		const struct field *f = &s->kind->fields[i];

		/* What a newer profile asks for does not hold up old records.
		 */
		if (!f->required || value_after(s, f->name)[0] ||
			(s->was && !edit_find(s->e, f->name)))
			continue;
		return why_set(why, ST_DATA, "%s is missing: give %s=VALUE",
			f->label, f->name);
	}
	return ST_OK;
}

/* Of some fields at least one must be set: attendance of a member or of a
 * contact. */
static enum status
check_any_of(struct saving *s, struct why *why)
{
	const struct kind *k = s->kind;
	struct buf list = BUF_INIT_MAX(300);
	enum status st;

	for (size_t i = 0; i < k->any_of_count; i++) {
		if (value_after(s, k->any_of[i])[0]) {
			buf_release(&list);
			return ST_OK;
		}
		buf_printf(&list, "%s%s", i ? " or " : "", k->any_of[i]);
	}
	if (!k->any_of_count)
		return ST_OK;
	st = why_set(why, ST_DATA, "%s needs one more: give %s", k->one,
		buf_text(&list));
	buf_release(&list);
	return st;
}

static enum status
check_all(struct saving *s, struct why *why)
{
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < s->e->count; i++)
		st = check_change(s, &s->e->changes[i], why);
	if (!st)
		st = check_required(s, why);
	if (!st)
		st = check_any_of(s, why);
	return st;
}

/* Is any of these books held, or one's own? */
static enum status
holds_any(struct replica *r, const struct names *books, bool *holds,
	struct why *why)
{
	char own[BOOK_MAX];
	struct names lent = {0};
	enum status st = lent_books(r, &lent, why);

	snprintf(own, sizeof(own), "member:%s", replica_identity(r)->badge);
	*holds = names_have(books, own);
	for (size_t i = 0; !st && !*holds && i < books->count; i++) {
		int64_t found;

		st = sql_int(replica_sql(r), 0, &found, why,
			"SELECT 1 FROM _book WHERE book=?1", "s",
			books->items[i]);
		*holds = found && !names_have(&lent, books->items[i]);
	}
	names_release(&lent);
	return st;
}

/* A record that is held already was sent in a book that is held; one of our
 * own that the hub has not placed yet is judged as a new one. */
static enum status
holds_book(struct saving *s, bool *holds, struct why *why)
{
	struct placing p = {s->r, NULL};
	const struct book_lookup look = placing_lookup(&p);
	struct names books = {0};
	int64_t placed = 0;
	enum status st = sql_int(replica_sql(s->r), 0, &placed, why,
		"SELECT 1 FROM _in_book WHERE kind=?1 AND id=?2 LIMIT 1", "ss",
		s->kind->name, s->e->record);

	*holds = placed != 0;
	if (st || placed)
		return st;
	st = books_of(replica_catalog(s->r), &look, s->kind->name, s->e->record,
		&books, NULL, why);
	if (!st)
		st = holds_any(s->r, &books, holds, why);
	names_release(&books);
	return st;
}

static enum status
check_not_lent(struct saving *s, struct why *why)
{
	char book[BOOK_MAX];
	enum status st =
		lent_only(s->r, s->kind->name, s->e->record, book, why);

	if (!st && book[0])
		st = why_set(why, ST_NOT_ALLOWED,
			"%s is lent to read only: ask a member of that beat to "
			"write this %s",
			book, s->kind->name);
	return st;
}

static enum status
check_rights(struct saving *s, struct why *why)
{
	struct placing p = {s->r, NULL};
	const struct book_lookup look = placing_lookup(&p);
	struct buf subject = BUF_INIT;
	struct writer w = {0};
	enum status st = books_subject(replica_catalog(s->r), &look,
		s->kind->name, s->e->record, &subject, why);

	w.badge = replica_identity(s->r)->badge;
	w.access = replica_access(s->r);
	w.is_subject = strcmp(buf_text(&subject), w.badge) == 0;
	if (!st)
		st = check_not_lent(s, why);
	if (!st)
		st = holds_book(s, &w.holds_book, why);
	if (!st)
		st = rights_may_write(s->kind, &w, why);
	buf_release(&subject);
	return st;
}

/*
 * What its author held, *floor being where an unsure stamp counts from. While a
 * book is being filled the cursor does not tell what came of it: who makes a
 * record void meanwhile has not seen what leans on it.
 */
static enum status
note_seen(struct saving *s, int64_t *floor, struct why *why)
{
	struct edit *e = s->e;
	const struct change *c = edit_find(e, FIELD_VOID);
	int64_t filling = 0;
	enum status st = replica_meta_int(s->r, META_CURSOR, 0, &e->seen, why);

	*floor = 0;
	if (!st && c && c->value[0])
		st = sql_int(replica_sql(s->r), 0, &filling, why,
			"SELECT 1 FROM _book WHERE joined=0 LIMIT 1", "");
	if (filling) {
		*floor = e->seen;
		e->seen = 0;
	}
	return st;
}

static enum status
write_outbox(struct saving *s, struct why *why)
{
	struct edit *e = s->e;
	struct buf body = BUF_INIT;
	int64_t last = 0, floor = 0;
	enum status st = replica_meta_int(s->r, META_LAST_N, 0, &last, why);

	if (!st)
		st = note_seen(s, &floor, why);
	if (st)
		return st;
	e->id.replica = replica_identity(s->r)->number;
	e->id.n = (uint32_t)last + 1;
	replica_now(s->r, &e->written);
	edit_body_text(e, &body);
	if (body.len > EDIT_BODY_MAX) {
		st = why_set(why, ST_DATA,
			"the edit has %zu bytes, at most %d are sent at once: "
			"save some of the fields first",
			body.len, EDIT_BODY_MAX);
		buf_release(&body);
		return st;
	}
	st = sql_run(replica_sql(s->r), why,
		"INSERT INTO _outbox(replica,n,kind,id,body,seen,wall,boot,"
		"boot_id,at,floor) "
		"VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,nullif(?11,0))",
		"iisssiiisii", (int64_t)e->id.replica, (int64_t)e->id.n,
		e->kind, e->record, buf_text(&body), e->seen,
		e->written.wall_ms, e->written.boot_ms, e->written.boot_id,
		s->at, floor);
	if (!st)
		st = replica_meta_set_int(s->r, META_LAST_N, last + 1, why);
	if (!st && (s->was || e->count))
		st = lay_register(
			replica_tables(s->r), e->kind, e->record, why);
	buf_release(&body);
	return st;
}

/* Rights are checked on the rows as they would be: they tell the books. */
static enum status
save_all(struct saving *s, struct why *why)
{
	enum status st;

	/* A held making that is declined: there is no record, and will be
	 * none. */
	if (!s->was && !s->e->count)
		return write_outbox(s, why);
	st = check_all(s, why);
	if (!st)
		st = write_outbox(s, why);
	if (!st)
		st = lay_changes(replica_tables(s->r), s->e, s->at,
			replica_identity(s->r)->badge, why);
	if (!st)
		st = check_rights(s, why);
	return st;
}

static enum status
save_new(struct saving *s, struct why *why)
{
	bool exists = false;
	enum status st = name_record(s, why);

	if (!st && s->kind->code[0])
		st = record_exists(
			s->r, s->kind->name, s->e->record, &exists, why);
	if (!st && exists)
		st = why_set(why, ST_DATA,
			"there is a %s '%.60s' already: set its fields instead",
			s->kind->one, s->e->record);
	if (!st)
		st = fill_defaults(s, why);
	if (!st)
		st = fill_groups(s, why);
	if (st)
		return st;
	drop_idle_changes(s);
	if (edit_id_none(s->e->saw_void))
		st = placing_saw_void(
			s->r, s->e, s->when, &s->e->saw_void, why);
	return st ? st : save_all(s, why);
}

static enum status
save_again(struct saving *s, bool *idle, struct why *why)
{
	enum status st =
		record_load(s->r, s->e->kind, s->e->record, &s->was, why);

	/* A decision about a held making names a record that is not there. */
	if (st == ST_NOT_FOUND && s->e->settle_count)
		st = ST_OK;
	if (st)
		return st;
	*idle = !changes_something(s);
	if (*idle)
		return ST_OK;
	st = fill_groups(s, why);
	if (st)
		return st;
	drop_idle_changes(s);
	return save_all(s, why);
}

/* Another process may have been given another number for this file while the
 * edit was made ready. */
static enum status
follow_number(struct replica *r, struct edit *e, struct why *why)
{
	uint32_t was = replica_identity(r)->number;
	int64_t now = was;
	enum status st = replica_meta_int(r, META_REPLICA, was, &now, why);

	if (st || now == was)
		return st;
	st = replica_reload(r, why);
	return st ? st : renumber_edit(r, was, e, why);
}

enum status
record_save(struct replica *r, struct edit *e, struct why *why)
{
	return record_save_after(r, e, NULL, why);
}

enum status
record_save_after(struct replica *r, struct edit *e, const struct looked *when,
	struct why *why)
{
	struct saving s = {
		.r = r, .e = e, .when = when, .at = replica_hub_now(r)};
	bool fresh = !e->record || !e->record[0], idle = false;
	enum status st;

	e->id = EDIT_ID_NONE;
	s.kind = catalog_kind(replica_catalog(r), e->kind);
	if (!s.kind)
		return why_set(why, ST_DATA,
			"there is no kind '%.40s': `beatbook kinds` lists them",
			e->kind);
	st = check_once(e, why);
	if (st)
		return st;
	st = sql_begin(replica_sql(r), why);
	if (!st)
		st = follow_number(r, e, why);
	if (!st)
		st = fresh ? save_new(&s, why) : save_again(&s, &idle, why);
	if (!st && !idle)
		st = sql_commit(replica_sql(r), why);
	sql_rollback(replica_sql(r));
	if (st) {
		e->id = EDIT_ID_NONE;
		if (fresh) {
			free(e->record);
			e->record = NULL;
		}
	}
	record_free(s.was);
	return st;
}

static enum status
save_void(struct replica *r, const struct record *rec, const char *reason,
	struct why *why)
{
	struct edit e = {0};
	enum status st;

	e.kind = mem_text(rec->kind->name);
	e.record = mem_text(rec->id);
	record_saw(&e, rec);
	edit_change(&e, FIELD_VOID, reason, rec->newest);
	st = record_save(r, &e, why);
	edit_release(&e);
	return st;
}

enum status
record_void(struct replica *r, const struct record *rec, const char *reason,
	struct why *why)
{
	if (rec->void_value.text[0])
		return why_set(why, ST_DATA,
			"%s/%s is void already (%.200s): unvoid brings it back",
			rec->kind->name, rec->id, rec->void_value.text);
	if (!reason[0])
		return why_set(why, ST_DATA,
			"a void needs a reason: say why in a few words");
	return save_void(r, rec, reason, why);
}

enum status
record_unvoid(struct replica *r, const struct record *rec, struct why *why)
{
	if (!rec->void_value.text[0])
		return why_set(why, ST_DATA,
			"%s/%s is not void: there is nothing to bring back",
			rec->kind->name, rec->id);
	return save_void(r, rec, "", why);
}
