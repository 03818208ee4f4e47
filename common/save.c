/* Saving one edit: the part of record.h that writes. */
#include "common/record.h"

#include <stdlib.h>

#include "common/fulltext.h"
#include "common/lay.h"
#include "common/placing.h"
#include "common/renumber.h"
#include "common/save_check.h"
#include "common/save_fill.h"

/* Below the bound of an edit's frame (PROTOCOL.md), with room for the rest. */
#define EDIT_BODY_MAX 1000000

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
	if (!st && !s->was && e->count) /* else it has its number */
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
	st = check_values(s, why);
	if (!st)
		st = write_outbox(s, why);
	if (!st)
		st = lay_values(replica_tables(s->r), s->e, s->at,
			replica_identity(s->r)->badge, why);
	if (!st)
		st = fulltext_saved(s->r, s->e->id.n, why);
	if (!st)
		st = check_rights(s, why);
	return st;
}

static enum status
save_new(struct saving *s, struct why *why)
{
	bool exists = false;
	enum status st = fill_id(s, why);

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
	enum status st = shown_values(
		replica_tables(s->r), s->kind, s->e->record, &s->was, why);

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
		st = looked_at_undone(r, when, e, why);
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
