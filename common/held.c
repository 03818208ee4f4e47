#include "common/held.h"

#include <stdlib.h>
#include <string.h>

#include "common/history.h"
#include "common/record.h"
#include "common/utf8.h"

void
held_release(struct held *h)
{
	entry_release(&h->entry);
	free(h->decider);
	free(h->reason);
	memset(h, 0, sizeof(*h));
}

void
helds_release(struct helds *l)
{
	for (size_t i = 0; i < l->count; i++)
		held_release(&l->items[i]);
	free(l->items);
	memset(l, 0, sizeof(*l));
}

/* Names an unsent edit of ours this held one, of row h? */
#define DECIDING                                                      \
	"EXISTS(SELECT 1 FROM _outbox o,json_each(o.body,'$.z') f,"   \
	"json_each(f.value) z WHERE o.kind=h.kind AND o.id=h.id AND " \
	"o.seq IS NULL AND z.value=h.replica||'.'||h.n)"
#define HELD_COLUMNS                                                  \
	"SELECT h.replica,h.n,h.by,coalesce(h.decided,0),h.accepted," \
	"h.decider,h.reason,h.at," DECIDING " FROM _held h "

static void
read_row(struct replica *r, sqlite3_stmt *s, struct held *h)
{
	memset(h, 0, sizeof(*h));
	h->entry.edit.id.replica = (uint32_t)sqlite3_column_int64(s, 0);
	h->entry.edit.id.n = (uint32_t)sqlite3_column_int64(s, 1);
	h->mine = strcmp(sql_column(s, 2), replica_identity(r)->badge) == 0;
	h->decided = sqlite3_column_int64(s, 3) != 0;
	h->accepted = sqlite3_column_int(s, 4) != 0;
	h->decider = mem_text(sql_column(s, 5));
	h->reason = mem_text(sql_column(s, 6));
	h->decided_at = sqlite3_column_int64(s, 7);
	h->deciding = sqlite3_column_int(s, 8) != 0;
}

static enum status
read_entries(struct replica *r, struct helds *l, struct why *why)
{
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < l->count; i++)
		st = history_edit(
			r, l->items[i].entry.edit.id, &l->items[i].entry, why);
	return st;
}

static sqlite3_stmt *
open_of(struct replica *r, const char *kind, const char *id, int64_t limit)
{
	struct sql *db = replica_sql(r);
	const char *me = access_supervises(replica_access(r))
				 ? NULL
				 : replica_identity(r)->badge;

	if (!kind)
		return sql_use(db,
			HELD_COLUMNS "WHERE h.decided IS NULL AND (?1 IS NULL "
				     "OR h.by=?1) ORDER BY h.seq DESC LIMIT ?2",
			"si", me, limit);
	return sql_use(db,
		HELD_COLUMNS "WHERE h.decided IS NULL AND (?1 IS NULL OR "
			     "h.by=?1) AND h.kind=?3 AND h.id=?4 ORDER BY "
			     "h.seq DESC LIMIT ?2",
		"siss", me, limit, kind, id);
}

static sqlite3_stmt *
decided_of(struct replica *r, const char *kind, const char *id, int64_t limit)
{
	struct sql *db = replica_sql(r);

	if (!kind)
		return sql_use(db,
			HELD_COLUMNS "WHERE h.decided>0 ORDER BY h.decided "
				     "DESC LIMIT ?1",
			"i", limit);
	return sql_use(db,
		HELD_COLUMNS "WHERE h.decided>0 AND h.kind=?2 AND h.id=?3 "
			     "ORDER BY h.decided DESC LIMIT ?1",
		"iss", limit, kind, id);
}

enum status
held_read(struct replica *r, enum held_which which, const char *kind,
	const char *id, int64_t limit, struct helds *out, struct why *why)
{
	struct sql *db = replica_sql(r);
	int64_t most = limit ? limit : -1;
	sqlite3_stmt *s = which == HELD_OPEN ? open_of(r, kind, id, most)
					     : decided_of(r, kind, id, most);
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		MEM_ROOM(out->items, out->count, out->cap);
		read_row(r, s, &out->items[out->count++]);
	}
	return st ? st : read_entries(r, out, why);
}

enum status
held_find(
	struct replica *r, struct edit_id id, struct held *out, struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s =
		sql_use(db, HELD_COLUMNS "WHERE h.replica=?1 AND h.n=?2", "ii",
			(int64_t)id.replica, (int64_t)id.n);
	char name[EDIT_ID_TEXT];
	bool row;
	enum status st = sql_step(db, s, &row, why);

	edit_id_text(id, name);
	if (!st && !row)
		return why_set(why, ST_NOT_FOUND,
			"no edit %s is held here: `beatbook held` lists them",
			name);
	if (st)
		return st;
	read_row(r, s, out);
	sqlite3_reset(s);
	st = history_edit(r, id, &out->entry, why);
	if (st)
		held_release(out);
	return st;
}

enum status
held_count(struct replica *r, int64_t *mine, int64_t *waiting, struct why *why)
{
	const char *me = replica_identity(r)->badge;
	struct sql *db = replica_sql(r);
	enum status st;

	*waiting = 0;
	st = sql_int(db, 0, mine, why,
		"SELECT count(*) FROM _held WHERE decided IS NULL AND by=?1",
		"s", me);
	if (!st && access_supervises(replica_access(r)))
		st = sql_int(db, 0, waiting, why,
			"SELECT count(*) FROM _held h WHERE decided IS NULL "
			"AND NOT " DECIDING,
			"");
	return st;
}

/* What this member may decide about, and has not. */
static enum status
find_open(struct replica *r, struct edit_id id, struct held *h, struct why *why)
{
	enum status st = held_find(r, id, h, why);
	char name[EDIT_ID_TEXT];

	if (st)
		return st;
	edit_id_text(id, name);
	if (h->decided || h->deciding)
		st = why_set(why, ST_NOT_FOUND,
			"edit %s was decided already, by %s", name,
			h->deciding ? replica_identity(r)->badge : h->decider);
	else if (!access_supervises(replica_access(r)))
		st = why_set(why, ST_NOT_ALLOWED,
			"about held edits decides a sergeant or above who "
			"holds the record: ask one");
	if (st)
		held_release(h);
	return st;
}

/* Each field it sets is named, else what it would have settled; one that does
 * neither has nothing but its place. */
static void
name_held(struct edit *e, const struct edit *held)
{
	for (size_t i = 0; i < held->count; i++)
		edit_settle(e, held->changes[i].field, held->id);
	for (size_t i = 0; !held->count && i < held->settle_count; i++)
		edit_settle(e, held->settles[i].field, held->id);
	if (!e->settle_count)
		edit_settle(e, FIELD_VOID, held->id);
}

/* What it set, over what is there now, and what it would have settled. */
static void
take_over(struct edit *e, const struct edit *held, const struct record *rec)
{
	for (size_t i = 0; i < held->count; i++) {
		const struct change *c = &held->changes[i];

		if (rec && strcmp(c->field, FIELD_VOID) == 0)
			edit_change(e, c->field, c->value, rec->newest);
		else
			record_change(e, rec, c->field, c->value);
	}
	for (size_t i = 0; i < held->settle_count; i++)
		edit_settle(e, held->settles[i].field, held->settles[i].loser);
}

static enum status
save_decision(struct replica *r, const struct edit *held, bool accept,
	const char *reason, struct why *why)
{
	struct record *rec = NULL;
	struct edit e = {0};
	enum status st = record_load(r, held->kind, held->record, &rec, why);

	if (st && st != ST_NOT_FOUND)
		return st;
	e.kind = mem_text(held->kind);
	e.record = mem_text(held->record);
	if (rec)
		record_saw(&e, rec);
	if (accept)
		take_over(&e, held, rec);
	name_held(&e, held);
	if (reason[0])
		e.reason = mem_text(reason);
	st = record_save(r, &e, why);
	record_free(rec);
	edit_release(&e);
	return st;
}

enum status
held_accept(struct replica *r, struct edit_id id, struct why *why)
{
	struct held h = {0};
	enum status st = find_open(r, id, &h, why);

	if (!st)
		st = save_decision(r, &h.entry.edit, true, "", why);
	held_release(&h);
	return st;
}

static enum status
check_reason(const char *reason, struct why *why)
{
	size_t at;

	if (!utf8_clean(reason, strlen(reason), false, &at))
		return why_set(why, ST_DATA,
			"the reason has a control character: write it in one "
			"line");
	if (strlen(reason) > EDIT_REASON_MAX)
		return why_set(why, ST_DATA,
			"the reason has %zu bytes, at most %d are kept: "
			"shorten it",
			strlen(reason), EDIT_REASON_MAX);
	return ST_OK;
}

enum status
held_decline(struct replica *r, struct edit_id id, const char *reason,
	struct why *why)
{
	struct held h = {0};
	enum status st = check_reason(reason, why);

	if (!st)
		st = find_open(r, id, &h, why);
	if (!st)
		st = save_decision(r, &h.entry.edit, false, reason, why);
	held_release(&h);
	return st;
}
