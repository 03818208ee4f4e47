#include "common/renumber.h"

#include <stdlib.h>
#include <string.h>

#include "common/draft.h"
#include "common/fulltext.h"
#include "common/inbox.h"
#include "common/lay.h"
#include "common/outbox.h"
#include "common/value.h"

/* From one number to the one that followed it. */
struct move {
	struct replica *r;
	uint32_t old, number, upto, keep;
	uint32_t last;	 /* newest own edit of the old number */
	int64_t last_id; /* of records, under the new number */
	int64_t renamed;
	struct edit *edits; /* those that move */
	size_t count, cap;
};

static void
move_release(struct move *m)
{
	for (size_t i = 0; i < m->count; i++)
		edit_release(&m->edits[i]);
	free(m->edits);
}

static enum status
gather_edit(void *arg, const struct outbox_edit *o, struct why *why)
{
	struct move *m = arg;
	struct edit *e;
	struct buf body = BUF_INIT;
	enum status st;

	MEM_ROOM(m->edits, m->count, m->cap);
	e = &m->edits[m->count++];
	memset(e, 0, sizeof(*e));
	e->id = o->edit.id;
	e->kind = mem_text(o->edit.kind);
	e->record = mem_text(o->edit.record);
	edit_body_text(&o->edit, &body);
	st = edit_body_parse(buf_text(&body), e, why);
	buf_release(&body);
	return st;
}

/* Is this an id that the file itself made under its old number? */
static bool
is_own_name(const struct move *m, const char *kind, const char *id)
{
	const struct kind *k = catalog_kind(replica_catalog(m->r), kind);
	char first[ID_MAX + 1];
	size_t len;

	if (k && k->code[0])
		return false;
	record_id_text(m->old, 1, first);
	len = (size_t)(strchr(first, '-') - first) + 1;
	return strncmp(id, first, len) == 0;
}

/* Was the record there before the edits that move? */
static enum status
is_shared(const struct move *m, const char *kind, const char *id, bool *shared,
	struct why *why)
{
	int64_t found;
	enum status st = sql_int(replica_sql(m->r), 0, &found, why,
		"SELECT 1 FROM _entry WHERE kind=?1 AND id=?2 AND replica=?3 "
		"AND n<=?4 UNION ALL SELECT 1 FROM _outbox WHERE kind=?1 AND "
		"id=?2 AND replica=?3 AND n<=?4 LIMIT 1",
		"ssii", kind, id, (int64_t)m->old, (int64_t)m->upto);

	*shared = found != 0;
	return st;
}

static enum status
find_name(struct replica *r, uint32_t old, const char *kind, const char *id,
	char **now, struct why *why)
{
	return sql_text(replica_sql(r), now, why,
		"SELECT now FROM _renamed WHERE number=?1 AND kind=?2 AND "
		"id=?3",
		"iss", (int64_t)old, kind, id);
}

/* A record that the edit made gets an id of the new number. */
static enum status
name_record(struct move *m, const struct edit *e, struct why *why)
{
	char now[ID_MAX + 1];
	char *known = NULL;
	bool shared = true;
	enum status st;

	if (e->id.n <= m->keep || !is_own_name(m, e->kind, e->record))
		return ST_OK;
	st = find_name(m->r, m->old, e->kind, e->record, &known, why);
	if (!st && !known)
		st = is_shared(m, e->kind, e->record, &shared, why);
	free(known);
	if (st || shared)
		return st;
	record_id_text(m->number, ++m->last_id, now);
	m->renamed++;
	return sql_run(replica_sql(m->r), why,
		"INSERT INTO _renamed(number,kind,id,now) VALUES(?1,?2,?3,?4)",
		"isss", (int64_t)m->old, e->kind, e->record, now);
}

/* Records that the first of the edits to keep their names made keep them, even
 * where a later edit is on them too. */
static enum status
name_records(struct move *m, struct why *why)
{
	struct names kept = {0};
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < m->count; i++) {
		const struct edit *e = &m->edits[i];
		char *name = mem_printf("%s/%s", e->kind, e->record);

		if (e->id.n <= m->keep)
			names_add(&kept, name);
		else if (!names_have(&kept, name))
			st = name_record(m, e, why);
		free(name);
	}
	names_release(&kept);
	return st;
}

/* One record's name, from the old number's time to the next. */
static enum status
step_name(const struct move *m, const char *kind, char **id, struct why *why)
{
	char *now = NULL;
	enum status st = find_name(m->r, m->old, kind, *id, &now, why);

	if (now) {
		free(*id);
		*id = now;
	}
	return st;
}

static enum status
step_ref(const struct move *m, const struct field *f, const char *item,
	struct buf *out, struct why *why)
{
	char kind[NAME_MAX_BYTES + 1];
	const char *at = item;
	char *id;
	enum status st;

	if (!f->ref_kind[0] && !record_name_split(item, kind, &at)) {
		buf_puts(out, item);
		return ST_OK;
	}
	id = mem_text(at);
	st = step_name(m, f->ref_kind[0] ? f->ref_kind : kind, &id, why);
	if (!f->ref_kind[0])
		buf_printf(out, "%s/", kind);
	buf_puts(out, id);
	free(id);
	return st;
}

/* A value's refs, from the old number's time to the next. */
static enum status
step_value(const struct move *m, const struct field *f, char **value,
	struct why *why)
{
	struct buf list = BUF_INIT, item = BUF_INIT, now = BUF_INIT;
	size_t at = 0;
	enum status st = ST_OK;

	if (!f || !**value || (f->type != TYPE_REF && f->type != TYPE_REFS))
		return ST_OK;
	if (f->type == TYPE_REF)
		st = step_ref(m, f, *value, &list, why);
	while (!st && f->type == TYPE_REFS && value_next(*value, &at, &item)) {
		buf_clear(&now);
		st = step_ref(m, f, buf_text(&item), &now, why);
		value_join(&list, buf_text(&now));
	}
	free(*value);
	*value = buf_take(&list);
	buf_release(&item);
	buf_release(&now);
	return st;
}

static void
step_id(const struct move *m, struct edit_id *id)
{
	if (id->replica != m->old || id->n <= m->upto || id->n > m->last)
		return;
	id->replica = m->number;
	id->n -= m->upto;
}

static enum status
step_edit(const struct move *m, struct edit *e, struct why *why)
{
	const struct kind *k = catalog_kind(replica_catalog(m->r), e->kind);
	enum status st = ST_OK;

	if (e->record)
		st = step_name(m, e->kind, &e->record, why);
	for (size_t i = 0; !st && i < e->count; i++) {
		struct change *c = &e->changes[i];

		step_id(m, &c->over);
		st = step_value(
			m, k ? kind_field(k, c->field) : NULL, &c->value, why);
	}
	for (size_t i = 0; i < e->settle_count; i++)
		step_id(m, &e->settles[i].loser);
	step_id(m, &e->saw_void);
	return st;
}

static enum status
write_edit(
	const struct move *m, const struct edit *e, uint32_t n, struct why *why)
{
	struct buf body = BUF_INIT;
	enum status st;

	edit_body_text(e, &body);
	st = sql_run(replica_sql(m->r), why,
		"UPDATE _outbox SET replica=?3,n=?4,id=?5,body=?6,seq=NULL,"
		"chain=NULL WHERE replica=?1 AND n=?2",
		"iiiiss", (int64_t)m->old, (int64_t)n, (int64_t)m->number,
		(int64_t)(n - m->upto), e->record, buf_text(&body));
	if (!st)
		st = lay_register(
			replica_tables(m->r), e->kind, e->record, why);
	buf_release(&body);
	return st;
}

static enum status
lay_again(struct replica *r, const char *kind, const char *id, struct why *why)
{
	bool released;
	enum status st = inbox_release(r, kind, id, &released, why);

	return st || released ? st
			      : lay_record(replica_tables(r), kind, id, why);
}

static enum status
move_edits(struct move *m, struct why *why)
{
	struct names was = {0};
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < m->count; i++) {
		names_push(&was, m->edits[i].record);
		st = step_edit(m, &m->edits[i], why);
		if (!st)
			st = write_edit(m, &m->edits[i], m->edits[i].id.n, why);
	}
	for (size_t i = 0; !st && i < m->count; i++) {
		const struct edit *e = &m->edits[i];

		st = lay_again(m->r, e->kind, e->record, why);
		if (!st && strcmp(e->record, was.items[i]) != 0)
			st = lay_again(m->r, e->kind, was.items[i], why);
	}
	names_release(&was);
	return st;
}

/* Drafts: what tui/form_draft.c keeps. */

static enum status
step_text(const struct move *m, cJSON *object, const char *name,
	const struct field *f, struct why *why)
{
	const char *text = json_text(object, name);
	char *now;
	enum status st;

	if (!text)
		return ST_OK;
	now = mem_text(text);
	st = step_value(m, f, &now, why);
	cJSON_ReplaceItemInObjectCaseSensitive(
		object, name, cJSON_CreateString(now));
	free(now);
	return st;
}

static void
step_over(const struct move *m, cJSON *object)
{
	const char *text = json_text(object, "o");
	char now[EDIT_ID_TEXT];
	struct edit_id id;

	if (!text || !edit_id_parse(text, &id))
		return;
	step_id(m, &id);
	edit_id_text(id, now);
	cJSON_ReplaceItemInObjectCaseSensitive(
		object, "o", cJSON_CreateString(now));
}

static enum status
step_typed(const struct move *m, const struct kind *k, cJSON *draft,
	struct why *why)
{
	cJSON *typed = cJSON_GetObjectItemCaseSensitive(draft, "typed"), *f;
	enum status st = ST_OK;

	cJSON_ArrayForEach (f, typed) {
		const struct field *field = k ? kind_field(k, f->string) : NULL;

		step_over(m, f);
		if (!st)
			st = step_text(m, f, "t", field, why);
		if (!st)
			st = step_text(m, f, "b", field, why);
	}
	return st;
}

/* NAME: KIND/ID, settle/KIND/ID/FIELD or new/KIND/VALUE, VALUE being what the
 * draft's `field` points to; +2 and so on may follow. */
static void
name_draft(const char *name, cJSON *draft, struct buf *out)
{
	const char *kind = json_text(draft, "kind");
	const char *id = json_text(draft, "id");
	const char *settles = json_text(draft, "settles");
	const char *value = json_text(draft, "value");
	const char *nth = strrchr(name, '+');

	if (kind && id && settles)
		buf_printf(out, "settle/%s/%s/%s", kind, id, settles);
	else if (kind && id)
		buf_printf(out, "%s/%s", kind, id);
	else if (kind && value)
		buf_printf(out, "new/%s/%s", kind, value);
	else
		nth = name;
	buf_puts(out, nth ? nth : "");
}

static enum status
step_draft(
	const struct move *m, const char *name, cJSON *draft, struct why *why)
{
	const char *kind = json_text(draft, "kind");
	const char *field = json_text(draft, "field");
	const struct kind *k =
		kind ? catalog_kind(replica_catalog(m->r), kind) : NULL;
	struct buf now = BUF_INIT;
	char *id = mem_text(json_text(draft, "id")), *body;
	enum status st = ST_OK;

	if (id && kind)
		st = step_name(m, kind, &id, why);
	if (id)
		cJSON_ReplaceItemInObjectCaseSensitive(
			draft, "id", cJSON_CreateString(id));
	if (!st)
		st = step_text(m, draft, "value",
			k && field ? kind_field(k, field) : NULL, why);
	if (!st)
		st = step_typed(m, k, draft, why);
	name_draft(name, draft, &now);
	body = cJSON_PrintUnformatted(draft);
	if (!st)
		st = draft_move(m->r, name, buf_text(&now), body, why);
	cJSON_free(body);
	free(id);
	buf_release(&now);
	return st;
}

/* What cannot be read as a form's draft stays as it is. */
static enum status
move_drafts(struct move *m, struct why *why)
{
	struct names all = {0};
	enum status st = draft_list(m->r, &all, why);

	for (size_t i = 0; !st && i < all.count; i++) {
		struct buf body = BUF_INIT;
		cJSON *draft = NULL;
		int64_t at;

		st = draft_get(m->r, all.items[i], &body, &at, why);
		if (!st && !json_parse(buf_text(&body), body.len, false, &draft,
				   NULL))
			st = step_draft(m, all.items[i], draft, why);
		cJSON_Delete(draft);
		buf_release(&body);
	}
	names_release(&all);
	return st;
}

/* Counters begin anew; what travelled under the old number cannot be undone
 * under this one either. */
static enum status
write_meta(struct move *m, const char *token, struct why *why)
{
	int64_t sent = 0;
	enum status st = replica_meta_int(m->r, META_SENT, 0, &sent, why);
	const struct {
		const char *key;
		int64_t value;
	} facts[] = {{META_REPLICA, m->number}, {META_CONFIRMED, 0},
		{META_BASE, 0}, {META_LAST_N, (int64_t)m->count},
		{META_WORDS, (int64_t)m->count},
		{META_SENT, sent > m->upto ? sent - m->upto : 0},
		{META_LAST_ID, m->last_id}, {META_COPY, 0}};

	for (size_t i = 0; !st && i < sizeof(facts) / sizeof(*facts); i++)
		st = replica_meta_set_int(
			m->r, facts[i].key, facts[i].value, why);
	if (!st)
		st = replica_meta_set(m->r, META_CHAIN, "", why);
	if (!st)
		st = replica_meta_set(m->r, META_BASE_CHAIN, "", why);
	if (!st)
		st = replica_meta_set(m->r, META_TOKEN, token, why);
	return st ? st
		  : sql_run(replica_sql(m->r), why,
			    "INSERT OR REPLACE INTO _number(number,upto,next) "
			    "VALUES(?1,?2,?3)",
			    "iii", (int64_t)m->old, (int64_t)m->upto,
			    (int64_t)m->number);
}

enum status
replica_renumber(struct replica *r, const struct renumbering *to,
	int64_t *renamed, struct why *why)
{
	struct move m = {.r = r,
		.old = replica_identity(r)->number,
		.number = to->number,
		.upto = to->upto,
		.keep = to->keep};
	int64_t last = 0;
	enum status st = replica_meta_int(r, META_LAST_N, 0, &last, why);

	m.last = (uint32_t)last;
	if (!st)
		st = fulltext_settle(r, why);
	if (!st)
		st = outbox_each(r, to->upto, gather_edit, &m, why);
	/* Some after those may be lost, durable though they were. */
	if (m.count)
		m.upto = m.edits[0].id.n - 1;
	if (!st)
		st = name_records(&m, why);
	if (!st)
		st = move_edits(&m, why);
	if (!st)
		st = move_drafts(&m, why);
	if (!st)
		st = write_meta(&m, to->token, why);
	*renamed += m.renamed;
	move_release(&m);
	return st;
}

/* The number that followed `was`, and up to which edit they are shared. */
static enum status
next_move(struct replica *r, uint32_t was, struct move *m, bool *found,
	struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s =
		sql_use(db, "SELECT upto,next FROM _number WHERE number=?1",
			"i", (int64_t)was);
	enum status st = sql_step(db, s, found, why);

	*m = (struct move){.r = r, .old = was, .last = UINT32_MAX};
	if (!st && *found) {
		m->upto = (uint32_t)sqlite3_column_int64(s, 0);
		m->number = (uint32_t)sqlite3_column_int64(s, 1);
		sqlite3_reset(s);
	}
	return st;
}

enum status
renumber_edit(struct replica *r, uint32_t was, struct edit *e, struct why *why)
{
	bool found = true;
	enum status st = ST_OK;

	while (!st && found && was != replica_identity(r)->number) {
		struct move m;

		st = next_move(r, was, &m, &found, why);
		if (!st && found)
			st = step_edit(&m, e, why);
		was = m.number;
	}
	return st;
}

enum status
renumber_id(struct replica *r, uint32_t was, const char *kind, const char *id,
	struct buf *out, struct why *why)
{
	struct edit e = {.kind = mem_text(kind), .record = mem_text(id)};
	enum status st = renumber_edit(r, was, &e, why);

	buf_puts(out, e.record);
	edit_release(&e);
	return st;
}
