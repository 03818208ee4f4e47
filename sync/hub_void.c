#include "sync/hub_void.h"

#include <stdlib.h>
#include <string.h>

#include "common/value.h"
#include "sync/hub_scope.h"

static int64_t
latest(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/*
 * Up to which seq the author of a void had seen the record. `over` names the
 * newest edit they saw; after one of their own that was not in the log yet
 * they had seen what their replica held; and so where it has its seq anew, the
 * hub having been restored.
 */
static enum status
seen_upto(struct merging *m, const struct change *c, int64_t *seq)
{
	struct log_row row = {0};
	const struct edit *e = &m->e->edit;
	enum status st;

	*seq = 0;
	if (edit_id_none(c->over))
		return ST_OK;
	st = LOG(m->log, entry_of, c->over, &row, m->why);
	if (!st)
		*seq = row.entry.seq;
	if (!st && (c->over.replica == e->id.replica || m->astray) &&
		*seq > m->told)
		*seq = m->told;
	log_row_release(&row);
	return st == ST_NOT_FOUND ? ST_OK : st;
}

/* A run of one replica's edits against a void is one branch: its newest. */
static bool
is_branch_of(const struct log_loser *l, struct edit_id id)
{
	return strcmp(l->field, FIELD_VOID) == 0 &&
	       l->edit.replica == id.replica;
}

static void
add_void_loser(struct merging *m, struct edit_id id)
{
	for (size_t i = m->losers.count; i-- > 0;) {
		const struct log_loser *l = &m->losers.items[i];

		if (!is_branch_of(l, id))
			continue;
		if (l->edit.n >= id.n)
			return;
		merging_drop_loser(m, i);
	}
	merging_add_loser(m, FIELD_VOID, id);
}

/*
 * Was the edit written after the void that only comes now? So it is where a
 * hub lost entries that come again.
 */
static enum status
names_this(struct merging *m, struct edit_id id, bool *yes)
{
	struct log_row row = {0};
	enum status st = LOG(m->log, entry_of, id, &row, m->why);

	*yes = !st && edit_id_same(row.entry.edit.saw_void, m->e->edit.id);
	log_row_release(&row);
	return st == ST_NOT_FOUND ? ST_OK : st;
}

/* Standing values that the author of a void had not seen. */
static enum status
oppose_values(struct merging *m, const struct change *change, int64_t seen)
{
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < m->cells.count; i++) {
		const struct log_cell *c = &m->cells.items[i];
		bool knew;

		if (c->seq <= seen || edit_id_same(c->edit, change->over) ||
			c->edit.replica == m->e->edit.id.replica ||
			strcmp(c->field, FIELD_VOID) == 0)
			continue;
		st = names_this(m, c->edit, &knew);
		if (!st && !knew)
			add_void_loser(m, c->edit);
	}
	return st;
}

static enum status
oppose_child(struct merging *m, const struct log_name *child, int64_t seen)
{
	struct log_row row = {0};
	struct buf by = BUF_INIT;
	int64_t made = 0;
	enum status st = LOG(
		m->log, creation, child->kind, child->id, &made, &by, m->why);

	buf_release(&by);
	if (!st && made > seen)
		st = LOG(m->log, entry_at, made, &row, m->why);
	if (!st && made > seen &&
		row.entry.edit.id.replica != m->e->edit.id.replica &&
		!edit_id_same(row.entry.edit.saw_void, m->e->edit.id))
		add_void_loser(m, row.entry.edit.id);
	log_row_release(&row);
	return st == ST_NOT_FOUND ? ST_OK : st;
}

/* Records that lean on this one, made without its author's knowledge. */
static enum status
oppose_children(struct merging *m, int64_t seen)
{
	const struct edit *e = &m->e->edit;
	struct log_names children = {0};
	enum status st =
		LOG(m->log, leaners, e->kind, e->record, &children, m->why);

	for (size_t i = 0; !st && i < children.count; i++)
		st = oppose_child(m, &children.items[i], seen);
	log_names_release(&children);
	return st;
}

/* Two voids, or a void and its taking back, meet as values do. */
static enum status
meet(struct merging *m, const struct change *change, int64_t seen, bool *won)
{
	const struct log_cell *c = log_cell_find(&m->cells, FIELD_VOID);
	const struct edit *e = &m->e->edit;
	bool knew;
	enum status st;

	*won = true;
	if (!c || c->seq <= seen || c->edit.replica == e->id.replica ||
		edit_id_same(c->edit, e->saw_void) ||
		edit_id_same(c->edit, change->over))
		return ST_OK;
	st = names_this(m, c->edit, &knew);
	if (st)
		return st;
	*won = !knew && merging_later(m->e, c);
	if (!knew && strcmp(c->value, change->value) != 0)
		add_void_loser(m, *won ? c->edit : e->id);
	if (!*won)
		verdict_lose(&m->e->verdict, FIELD_VOID, c->edit);
	return ST_OK;
}

enum status
void_decide(struct merging *m, const struct change *change)
{
	int64_t seen;
	bool won;
	enum status st = seen_upto(m, change, &seen);

	if (!st)
		st = meet(m, change, seen, &won);
	if (st || !won || !change->value[0])
		return st;
	st = oppose_values(m, change, seen);
	return st ? st : oppose_children(m, latest(seen, m->told));
}

/*
 * Does an edit that names the void `saw` know of the one in force? One that
 * was written on the void record only confirms it: it names the one before.
 */
static enum status
knows_void(struct merging *m, struct edit_id saw, struct edit_id in_force,
	bool *knows)
{
	enum status st = ST_OK;

	*knows = edit_id_same(saw, in_force);
	for (int i = 0; !st && !*knows && !edit_id_none(saw) && i < 64 &&
			!edit_id_none(in_force);
		i++) {
		struct log_row row = {0};

		st = LOG(m->log, entry_of, in_force, &row, m->why);
		in_force = row.entry.edit.saw_void;
		*knows = !st && edit_id_same(saw, in_force);
		log_row_release(&row);
	}
	return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status
void_check_seen(struct merging *m)
{
	const struct log_cell *c = log_cell_find(&m->cells, FIELD_VOID);
	const struct edit *e = &m->e->edit;
	bool knows;
	enum status st;

	if (!c || !c->value[0] || !e->count)
		return ST_OK;
	st = knows_void(m, e->saw_void, c->edit, &knows);
	if (!st && !knows)
		add_void_loser(m, e->id);
	return st;
}

/* The making joins the conflict on its parent's void. */
static enum status
join_losers(
	struct merging *m, const char *parent, const char *kind, const char *id)
{
	struct merging other = {.log = m->log, .e = m->e, .why = m->why};
	struct standing *s;
	enum status st = LOG(m->log, losers, kind, id, &other.losers, m->why);

	if (!st)
		add_void_loser(&other, m->e->edit.id);
	if (!st && other.touched.count) {
		s = verdict_stand_beyond(&m->e->verdict, parent);
		for (size_t i = 0; i < other.losers.count; i++)
			if (strcmp(other.losers.items[i].field, FIELD_VOID) ==
				0)
				standing_add(s, other.losers.items[i].edit);
		st = LOG(m->log, losers_set, kind, id, FIELD_VOID,
			&other.losers, m->why);
	}
	log_losers_release(&other.losers);
	names_release(&other.touched);
	return st;
}

/*
 * One record leaned on. The edit names the nearest that its author saw void;
 * where it names one, the others were seen as far as the replica held them.
 */
static enum status
check_parent(struct merging *m, const char *parent)
{
	const struct edit *e = &m->e->edit;
	const struct log_cell *c;
	struct log_cells cells = {0};
	char kind[NAME_MAX_BYTES + 1];
	bool knows = true;
	const char *id;
	enum status st;

	if (!record_name_split(parent, kind, &id))
		return ST_OK;
	st = LOG(m->log, cells, kind, id, &cells, m->why);
	c = log_cell_find(&cells, FIELD_VOID);
	if (!st && c && c->value[0] && c->edit.replica != e->id.replica) {
		st = knows_void(m, e->saw_void, c->edit, &knows);
		knows = knows ||
			(!edit_id_none(e->saw_void) && c->seq <= m->told);
	}
	if (!st && !knows)
		st = join_losers(m, parent, kind, id);
	log_cells_release(&cells);
	return st;
}

enum status
void_check_parents(struct merging *m)
{
	const struct edit *e = &m->e->edit;
	struct scope_view view = {m->log, e, m->e->by};
	struct book_lookup look = scope_lookup(&view);
	struct names books = {0}, parents = {0};
	enum status st;

	if (!m->kind || m->cells.count || !e->count)
		return ST_OK;
	st = books_of(m->catalog, &look, e->kind, e->record, &books, &parents,
		m->why);
	if (st == ST_DATA)
		st = ST_OK;
	for (size_t i = 0; !st && i < parents.count; i++)
		st = check_parent(m, parents.items[i]);
	names_release(&books);
	names_release(&parents);
	return st;
}
