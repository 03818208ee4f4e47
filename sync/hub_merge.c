#include "sync/hub_merge.h"

#include <stdlib.h>
#include <string.h>

#include "sync/hub_void.h"

/*
 * How far a chain of overs is walked. Only runs of edits that were held are
 * walked at all (find_line); one that is longer makes a conflict too many,
 * never one too few.
 */
#define WALK_MAX 1024

static int64_t
latest(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* An entry's stamp; 0 where the log has none of this edit. */
static enum status
stamp_of(struct hub_log *log, struct edit_id id, int64_t *at, struct why *why)
{
	struct log_row row = {0};
	enum status st;

	*at = 0;
	if (edit_id_none(id))
		return ST_OK;
	st = LOG(log, entry_of, id, &row, why);
	if (!st)
		*at = row.entry.at;
	log_row_release(&row);
	return st == ST_NOT_FOUND ? ST_OK : st;
}

/* An unsure stamp is not before the hub committed what the replica held. */
static enum status
unsure_floor(struct hub_log *log, int64_t seen, int64_t *floor, struct why *why)
{
	struct log_row row = {0};
	enum status st = LOG(log, entry_at, seen, &row, why);

	if (!st)
		*floor = row.came;
	log_row_release(&row);
	return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status
merge_stamp(struct hub_log *log, const struct edit *e, const struct age *age,
	int64_t *at, struct why *why)
{
	int64_t stamp = age->hub_ms - latest(age->age_ms, 0), floor = 0;
	struct edit_id last = EDIT_ID_NONE;
	enum status st = ST_OK;

	if (age->unsure) {
		st = unsure_floor(
			log, age->floor ? age->floor : e->seen, &floor, why);
		if (stamp > age->ceiling)
			stamp = age->ceiling;
		stamp = latest(stamp, floor);
	}
	for (size_t i = 0; !st && i < e->count; i++) {
		if (edit_id_same(e->changes[i].over, last))
			continue;
		last = e->changes[i].over;
		st = stamp_of(log, last, &floor, why);
		stamp = latest(stamp, floor);
	}
	stamp = latest(stamp, 0);
	*at = stamp < age->hub_ms ? stamp : age->hub_ms;
	return st;
}

/* What a field wins with: its group, else itself. */
static const char *
cell_of(const struct kind *k, const char *field)
{
	const struct field *f = k ? kind_field(k, field) : NULL;

	return f ? f->cell : field;
}

static bool
in_cell(const struct merging *m, const char *field, const char *cell)
{
	return strcmp(cell_of(m->kind, field), cell) == 0;
}

void
merging_add_loser(struct merging *m, const char *field, struct edit_id id)
{
	if (log_losers_have(&m->losers, field, id))
		return;
	log_losers_add(&m->losers, field, id);
	names_add(&m->touched, field);
}

void
merging_drop_loser(struct merging *m, size_t i)
{
	names_add(&m->touched, m->losers.items[i].field);
	free(m->losers.items[i].field);
	m->losers.items[i] = m->losers.items[--m->losers.count];
}

/* The edit whose value stands in a cell; NULL: none does yet. */
static const struct log_cell *
standing_cell(const struct merging *m, const char *cell)
{
	const struct log_cell *top = NULL;

	for (size_t i = 0; i < m->cells.count; i++) {
		const struct log_cell *c = &m->cells.items[i];

		if (in_cell(m, c->field, cell) && (!top || c->seq > top->seq))
			top = c;
	}
	return top;
}

static struct edit_id
over_of(const struct merging *m, const struct edit *e, const char *cell)
{
	for (size_t i = 0; i < e->count; i++)
		if (in_cell(m, e->changes[i].field, cell))
			return e->changes[i].over;
	return EDIT_ID_NONE;
}

/* An edit on a chain of overs, as far as one cell goes. */
struct step {
	struct edit_id over;
	bool won, refused;
	struct edit_id against; /* what it lost against */
	int64_t seq, seen;	/* seq 0: the log does not have it */
};

static void
read_step(const struct merging *m, const char *cell, const struct entry *e,
	struct step *out)
{
	out->seq = e->seq;
	out->seen = e->edit.seen;
	out->refused = e->verdict.refused != NULL;
	out->over = over_of(m, &e->edit, cell);
	for (size_t i = 0; i < e->edit.count; i++) {
		const char *field = e->edit.changes[i].field;

		if (in_cell(m, field, cell) && verdict_won(&e->verdict, field))
			out->won = true;
	}
	for (size_t i = 0; i < e->verdict.lost_count; i++)
		if (in_cell(m, e->verdict.lost[i].field, cell))
			out->against = e->verdict.lost[i].against;
}

static enum status
step_at(struct merging *m, const char *cell, struct edit_id id,
	struct step *out)
{
	struct log_row row = {0};
	enum status st = LOG(m->log, entry_of, id, &row, m->why);

	memset(out, 0, sizeof(*out));
	if (!st)
		read_step(m, cell, &row.entry, out);
	log_row_release(&row);
	return st == ST_NOT_FOUND ? ST_OK : st;
}

static bool
in_line(const struct merging *m, struct edit_id id)
{
	for (size_t i = 0; i < m->line_count; i++)
		if (edit_id_same(m->line[i], id))
			return true;
	return false;
}

/* The log's head when it was restored first; one that never was has all. */
static enum status
restored_at(struct merging *m, int64_t *seq)
{
	struct buf text = BUF_INIT;
	enum status st = LOG(m->log, meta, LOG_META_RESTORED, &text, m->why);

	*seq = text.len ? strtoll(buf_text(&text), NULL, 10) : INT64_MAX;
	buf_release(&text);
	return st == ST_NOT_FOUND ? ST_OK : st;
}

static void
lengthen(struct merging *m, struct edit_id id)
{
	MEM_ROOM(m->line, m->line_count, m->line_cap);
	m->line[m->line_count++] = id;
}

/*
 * The ancestors of e in this cell, back to C or to the first that once won:
 * what lies behind that was seen by whoever wrote it, and C came after it. So
 * it did after one that lost against C. Of one that could not be decoded
 * nothing is known but what its replica held.
 */
static enum status
find_line(struct merging *m, const char *cell, const struct log_cell *c)
{
	struct edit_id id = over_of(m, &m->e->edit, cell);
	enum status st = ST_OK;
	bool stop = false;

	m->line_count = 0;
	while (!st && !stop && !edit_id_none(id) && m->line_count < WALK_MAX &&
		!in_line(m, id)) {
		struct step s;

		lengthen(m, id);
		if (c && edit_id_same(id, c->edit))
			break;
		st = step_at(m, cell, id, &s);
		stop = s.won || (c && edit_id_same(s.against, c->edit));
		id = s.over;
		if (c && s.refused && c->seq <= s.seen)
			id = c->edit;
	}
	return st;
}

/*
 * Does C's own chain reach e? Only where a hub lost entries that come again:
 * what was written over e was in its backup only if e was.
 */
static enum status
descends(struct merging *m, const char *cell, const struct log_cell *c,
	bool *yes)
{
	struct edit_id id = c->edit;
	int64_t restored;
	enum status st = restored_at(m, &restored);

	*yes = false;
	if (c->seq <= restored)
		return st;
	for (int i = 0; !st && i < WALK_MAX && !edit_id_none(id) && !*yes;
		i++) {
		struct step s;

		st = step_at(m, cell, id, &s);
		id = s.seq > restored ? s.over : EDIT_ID_NONE;
		*yes = edit_id_same(id, m->e->edit.id);
	}
	return st;
}

/* A branch is told by its newest edit, and what e settles is settled. */
static void
thin_losers(struct merging *m, const char *cell)
{
	for (size_t i = m->losers.count; i-- > 0;) {
		const struct log_loser *l = &m->losers.items[i];

		if (in_line(m, l->edit) && in_cell(m, l->field, cell))
			merging_drop_loser(m, i);
	}
}

static void
settle(struct merging *m)
{
	const struct edit *e = &m->e->edit;

	for (size_t s = 0; s < e->settle_count; s++) {
		const char *cell = cell_of(m->kind, e->settles[s].field);

		for (size_t i = m->losers.count; i-- > 0;) {
			const struct log_loser *l = &m->losers.items[i];

			if (edit_id_same(l->edit, e->settles[s].loser) &&
				in_cell(m, l->field, cell))
				merging_drop_loser(m, i);
		}
	}
}

bool
merging_later(const struct entry *e, const struct log_cell *c)
{
	return e->at >= c->at; /* equal: the later seq, and that is e's */
}

/* Nobody saw the other's value: whoever lost joins where values differ. */
static void
oppose(struct merging *m, const char *cell, bool won)
{
	const struct edit *e = &m->e->edit;

	for (size_t i = 0; i < e->count; i++) {
		const struct change *c = &e->changes[i];
		const struct log_cell *was;

		if (!in_cell(m, c->field, cell))
			continue;
		was = log_cell_find(&m->cells, c->field);
		if (strcmp(was ? was->value : "", c->value) == 0)
			continue;
		if (!won)
			merging_add_loser(m, c->field, e->id);
		else if (was)
			merging_add_loser(m, c->field, was->edit);
	}
}

static void
lose_cell(struct merging *m, const char *cell, struct edit_id against)
{
	const struct edit *e = &m->e->edit;

	for (size_t i = 0; i < e->count; i++)
		if (in_cell(m, e->changes[i].field, cell))
			verdict_lose(
				&m->e->verdict, e->changes[i].field, against);
}

static enum status
decide_cell(struct merging *m, const char *cell)
{
	const struct log_cell *c = standing_cell(m, cell);
	bool silent = false, won;
	enum status st = find_line(m, cell, c);

	if (st)
		return st;
	thin_losers(m, cell);
	if (!c || in_line(m, c->edit))
		return ST_OK;
	st = descends(m, cell, c, &silent);
	if (st)
		return st;
	won = !silent && merging_later(m->e, c);
	if (!silent)
		oppose(m, cell, won);
	if (!won)
		lose_cell(m, cell, c->edit);
	return ST_OK;
}

/* Is this change the first of its cell? */
static bool
first_of_cell(const struct merging *m, size_t i, const char *cell)
{
	for (size_t j = 0; j < i; j++)
		if (in_cell(m, m->e->edit.changes[j].field, cell))
			return false;
	return true;
}

static enum status
decide_all(struct merging *m)
{
	const struct edit *e = &m->e->edit;
	const struct change *voids = edit_find(e, FIELD_VOID);
	enum status st = ST_OK;

	settle(m);
	if (voids)
		st = void_decide(m, voids);
	else
		st = void_check_seen(m);
	for (size_t i = 0; !st && i < e->count; i++) {
		const char *cell = cell_of(m->kind, e->changes[i].field);

		if (strcmp(cell, FIELD_VOID) != 0 && first_of_cell(m, i, cell))
			st = decide_cell(m, cell);
	}
	return st;
}

static size_t
losers_of(const struct log_losers *all, const char *field)
{
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++)
		count += strcmp(all->items[i].field, field) == 0;
	return count;
}

/* Has the field more of them than people can look at, and than before? */
static enum status
grew_too_many(struct merging *m, const char *field, bool *yes)
{
	const struct edit *e = &m->e->edit;
	struct log_losers before = {0};
	size_t count = losers_of(&m->losers, field);
	enum status st = ST_OK;

	*yes = count > LOSERS_MAX;
	if (*yes)
		st = LOG(m->log, losers, e->kind, e->record, &before, m->why);
	*yes = *yes && count > losers_of(&before, field);
	log_losers_release(&before);
	return st;
}

/*
 * More losers than people can look at are not added to: the edit waits, whole,
 * to be decided. Who was asked to decide is not told to wait; and losers of a
 * void are one for each replica.
 */
static enum status
hold_if_crowded(struct merging *m)
{
	struct verdict *v = &m->e->verdict;
	enum status st = ST_OK;
	bool crowded = false;
	size_t i;

	if (v->decide_count || m->e->edit.id.replica == 0)
		return ST_OK;
	for (i = 0; !st && !crowded && i < m->touched.count; i++)
		if (strcmp(m->touched.items[i], FIELD_VOID) != 0)
			st = grew_too_many(m, m->touched.items[i], &crowded);
	if (st || !crowded)
		return st;
	verdict_release(v);
	v->held = mem_printf("%d values of '%.40s' wait to be settled: "
			     "settle them, then accept this one",
		LOSERS_MAX, m->touched.items[i - 1]);
	return ST_OK;
}

static enum status
write_cells(struct merging *m)
{
	const struct edit *e = &m->e->edit;
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < e->count; i++) {
		struct change *c = &e->changes[i];
		struct log_cell cell = {
			c->field, c->value, m->e->seq, m->e->at, e->id};

		if (verdict_won(&m->e->verdict, c->field))
			st = LOG(m->log, cell_set, e->kind, e->record, &cell,
				m->why);
	}
	return st;
}

static enum status
write_losers(struct merging *m)
{
	const struct edit *e = &m->e->edit;
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < m->touched.count; i++) {
		const char *field = m->touched.items[i];
		struct standing *s = verdict_stand(&m->e->verdict, field);

		for (size_t j = 0; j < m->losers.count; j++)
			if (strcmp(m->losers.items[j].field, field) == 0)
				standing_add(s, m->losers.items[j].edit);
		st = LOG(m->log, losers_set, e->kind, e->record, field,
			&m->losers, m->why);
	}
	return st;
}

static enum status
write_decided(struct merging *m)
{
	enum status st = write_cells(m);

	if (!st)
		st = write_losers(m);
	return st ? st : void_check_parents(m);
}

enum status
merge_edit(struct hub_log *log, const struct catalog *c, struct entry *e,
	const struct age *age, struct why *why)
{
	struct merging m = {.log = log, .catalog = c, .e = e, .why = why};
	enum status st;

	m.kind = catalog_kind(c, e->edit.kind);
	m.astray = age->floor && age->floor < e->edit.seen;
	m.told = m.astray ? age->floor : e->edit.seen;
	st = LOG(log, cells, e->edit.kind, e->edit.record, &m.cells, why);
	if (!st)
		st = LOG(log, losers, e->edit.kind, e->edit.record, &m.losers,
			why);
	if (!st)
		st = decide_all(&m);
	if (!st)
		st = hold_if_crowded(&m);
	if (!st && !e->verdict.held)
		st = write_decided(&m);
	log_cells_release(&m.cells);
	log_losers_release(&m.losers);
	names_release(&m.touched);
	free(m.line);
	return st;
}
