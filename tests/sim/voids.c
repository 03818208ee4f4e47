#include "tests/sim/voids.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/ledger.h"
#include "tests/sim/scope.h"

#define CHAIN_MAX 1000

struct edit_ids {
	struct edit_id *items;
	size_t count, cap;
};

/* The void of one record. */
struct hidden {
	char *kind, *id;
	struct edit_ids foretold, logged;
};

struct voids {
	const struct world *w;
	const struct view *all;
	struct view now; /* as of the entry at hand; entries are borrowed */
	struct hidden *items;
	size_t count, cap;
};

struct voids *
voids_new(const struct world *w, const struct view *v)
{
	struct voids *m = mem_alloc(sizeof(*m));

	m->w = w;
	m->all = v;
	m->now.entries = v->entries;
	return m;
}

void
voids_free(struct voids *m)
{
	if (!m)
		return;
	m->now.entries = NULL;
	m->now.entry_count = 0;
	view_release(&m->now);
	for (size_t i = 0; i < m->count; i++) {
		free(m->items[i].kind);
		free(m->items[i].id);
		free(m->items[i].foretold.items);
		free(m->items[i].logged.items);
	}
	free(m->items);
	free(m);
}

static struct hidden *
hidden_of(struct voids *m, const char *kind, const char *id)
{
	struct hidden *h;

	for (size_t i = 0; i < m->count; i++)
		if (!strcmp(m->items[i].id, id) &&
			!strcmp(m->items[i].kind, kind))
			return &m->items[i];
	MEM_ROOM(m->items, m->count, m->cap);
	h = &m->items[m->count++];
	memset(h, 0, sizeof(*h));
	h->kind = mem_text(kind);
	h->id = mem_text(id);
	return h;
}

static bool
has(const struct edit_ids *l, struct edit_id id)
{
	for (size_t i = 0; i < l->count; i++)
		if (edit_id_same(l->items[i], id))
			return true;
	return false;
}

static void
push(struct edit_ids *l, struct edit_id id)
{
	MEM_ROOM(l->items, l->count, l->cap);
	l->items[l->count++] = id;
}

/* A replica's newest edit stands for all of them. */
static void
oppose(struct hidden *h, struct edit_id id)
{
	for (size_t i = h->foretold.count; i-- > 0;) {
		struct edit_id *o = &h->foretold.items[i];

		if (o->replica != id.replica)
			continue;
		if (o->n >= id.n)
			return;
		*o = h->foretold.items[--h->foretold.count];
	}
	push(&h->foretold, id);
}

static int64_t
seq_of(const struct voids *m, struct edit_id id)
{
	const struct entry *e = view_entry(&m->now, id);

	return e ? e->seq : 0;
}

/* The edit that made the record void, or took that back; NULL: none. */
static const struct view_cell *
void_cell(const struct voids *m, const char *kind, const char *id)
{
	size_t count;
	const struct view_cell *c = view_record(&m->now, kind, id, &count);

	for (size_t i = 0; i < count; i++)
		if (!strcmp(c[i].field, FIELD_VOID))
			return &c[i];
	return NULL;
}

/*
 * Up to which seq of this log the writer's file had been told. What it was told
 * by a hub that was restored since, counts as far as the logs are the same.
 */
static int64_t
told(const struct voids *m, const struct entry *e)
{
	const struct written *o = ledger_find(m->w->ledger, &e->edit);
	int64_t seq = e->edit.seen;
	bool past = false;

	for (size_t i = 0; o && i < m->w->fork_count; i++) {
		const struct fork *f = &m->w->forks[i];

		past = past || !strcmp(f->incarnation, o->past);
		if (past && f->seq < seq)
			seq = f->seq;
	}
	return seq;
}

/* Of the record, by its newest edit that was on the screen; after an own one
 * that the log did not have, or has anew, what the file had been told. */
static int64_t
seen_upto(const struct voids *m, const struct entry *e, struct edit_id over)
{
	int64_t seq = seq_of(m, over), known = told(m, e);
	bool anew = known < e->edit.seen;

	if ((anew || over.replica == e->edit.id.replica) && seq > known)
		return known;
	return seq;
}

/* Does who saw this void know of the one in force? */
static bool
knows(const struct voids *m, struct edit_id saw, struct edit_id in_force)
{
	for (int i = 0; i < CHAIN_MAX && !edit_id_none(in_force); i++) {
		const struct entry *e;

		if (edit_id_same(saw, in_force))
			return true;
		e = view_entry(&m->now, in_force);
		in_force = e ? e->edit.saw_void : EDIT_ID_NONE;
	}
	return false;
}

/* Written elsewhere, above what was seen; not by who saw this void (which a
 * restored hub may hear of later). */
static bool
is_news(const struct voids *m, const struct entry *e, struct edit_id id,
	int64_t seen)
{
	const struct entry *other = view_entry(&m->now, id);

	return other && other->seq > seen && id.replica != e->edit.id.replica &&
	       !edit_id_same(other->edit.saw_void, e->edit.id);
}

static void
oppose_values(struct voids *m, struct hidden *h, const struct entry *e,
	struct edit_id over, int64_t seen)
{
	size_t count;
	const struct view_cell *c =
		view_record(&m->now, h->kind, h->id, &count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(c[i].field, FIELD_VOID) &&
			!edit_id_same(c[i].edit, over) &&
			is_news(m, e, c[i].edit, seen))
			oppose(h, c[i].edit);
}

static bool
leans_on(const struct voids *m, const struct view_cell *c,
	const struct hidden *h)
{
	struct names leans = {0};
	char *name = mem_printf("%s/%s", h->kind, h->id);
	bool yes;

	scope_leans(&m->now, c->kind, c->id, &leans);
	yes = names_have(&leans, name);
	names_release(&leans);
	free(name);
	return yes;
}

static void
oppose_children(
	struct voids *m, struct hidden *h, const struct entry *e, int64_t seen)
{
	for (size_t i = 0; i < m->now.cell_count; i++) {
		const struct view_cell *c = &m->now.cells[i];
		const struct entry *made;

		if (i && !strcmp(c->id, c[-1].id) &&
			!strcmp(c->kind, c[-1].kind))
			continue;
		made = view_making(&m->now, c->kind, c->id);
		if (made && is_news(m, e, made->edit.id, seen) &&
			leans_on(m, c, h))
			oppose(h, made->edit.id);
	}
}

/* Two voids, or a void and its taking back, meet as values do. Is this one in
 * force after that? */
static bool
meet(struct voids *m, struct hidden *h, const struct entry *e,
	const struct change *change, int64_t seen)
{
	const struct view_cell *c = void_cell(m, h->kind, h->id);
	const struct entry *top = c ? view_entry(&m->now, c->edit) : NULL;
	bool wins;

	if (!top || top->seq <= seen ||
		top->edit.id.replica == e->edit.id.replica ||
		edit_id_same(top->edit.id, e->edit.saw_void) ||
		edit_id_same(top->edit.id, change->over))
		return true;
	if (edit_id_same(top->edit.saw_void, e->edit.id))
		return false;
	wins = e->at >= top->at;
	if (strcmp(c->value, change->value))
		oppose(h, wins ? top->edit.id : e->edit.id);
	return wins;
}

static void
tell_difference(const struct entry *e, const struct hidden *h, const char *what)
{
	char id[EDIT_ID_TEXT];

	edit_id_text(e->edit.id, id);
	world_fail("voids are opposed as in the model",
		"edit %s (seq %lld) on %s/%s, void of %s/%s: %s", id,
		(long long)e->seq, e->edit.kind, e->edit.record, h->kind, h->id,
		what);
}

static void
make_void(struct voids *m, struct hidden *h, const struct entry *e,
	const struct change *c)
{
	int64_t seen = seen_upto(m, e, c->over);
	bool wins = meet(m, h, e, c, seen);

	if (wins != verdict_won(&e->verdict, FIELD_VOID))
		tell_difference(e, h, wins ? "has lost" : "has won");
	if (!wins || !c->value[0])
		return;
	oppose_values(m, h, e, c->over, seen);
	oppose_children(m, h, e, seen > told(m, e) ? seen : told(m, e));
}

static void
edit_beneath(struct voids *m, struct hidden *h, const struct entry *e)
{
	const struct view_cell *c = void_cell(m, h->kind, h->id);

	if (c && c->value[0] && e->edit.count &&
		!knows(m, e->edit.saw_void, c->edit))
		oppose(h, e->edit.id);
}

static void
made_below(struct voids *m, const char *parent, const struct entry *e)
{
	char kind[NAME_MAX_BYTES + 1];
	const struct view_cell *c;
	const char *id = strchr(parent, '/');

	snprintf(kind, sizeof(kind), "%.*s", (int)(id - parent), parent);
	id++;
	c = void_cell(m, kind, id);
	if (!c || !c->value[0] || c->edit.replica == e->edit.id.replica ||
		knows(m, e->edit.saw_void, c->edit))
		return;
	if (edit_id_none(e->edit.saw_void) || seq_of(m, c->edit) > told(m, e))
		oppose(hidden_of(m, kind, id), e->edit.id);
}

static void
made(struct voids *m, const struct entry *e)
{
	struct names leans = {0};

	scope_leans(&m->now, e->edit.kind, e->edit.record, &leans);
	for (size_t i = 0; i < leans.count; i++)
		made_below(m, leans.items[i], e);
	names_release(&leans);
}

static void
settle(struct hidden *h, const struct entry *e)
{
	for (size_t s = 0; s < e->edit.settle_count; s++)
		for (size_t i = h->foretold.count; i-- > 0;)
			if (!strcmp(e->edit.settles[s].field, FIELD_VOID) &&
				edit_id_same(h->foretold.items[i],
					e->edit.settles[s].loser))
				h->foretold.items[i] =
					h->foretold.items[--h->foretold.count];
}

static void
apply(struct voids *m, const struct entry *e)
{
	for (size_t i = 0; i < e->edit.count; i++) {
		const struct change *c = &e->edit.changes[i];

		if (verdict_won(&e->verdict, c->field))
			view_set(&m->now, &(struct view_cell){e->edit.kind,
						  e->edit.record, c->field,
						  c->value, e->edit.id});
	}
}

static void
take_standing(struct hidden *h, const struct standing *x)
{
	h->logged.count = 0;
	for (size_t i = 0; i < x->count; i++)
		push(&h->logged, x->losers[i]);
}

static void
take_logged(struct voids *m, const struct entry *e)
{
	const struct verdict *v = &e->verdict;

	for (size_t i = 0; i < v->standing_count; i++)
		if (!strcmp(v->standing[i].field, FIELD_VOID))
			take_standing(
				hidden_of(m, e->edit.kind, e->edit.record),
				&v->standing[i]);
	for (size_t i = 0; i < v->beyond_count; i++) {
		char *kind = mem_text(v->beyond[i].field);
		char *slash = strchr(kind, '/');

		*slash = '\0';
		take_standing(hidden_of(m, kind, slash + 1), &v->beyond[i]);
		free(kind);
	}
}

static void
compare(const struct voids *m, const struct entry *e)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct hidden *h = &m->items[i];

		for (size_t j = 0; j < h->foretold.count; j++)
			if (!has(&h->logged, h->foretold.items[j]))
				tell_difference(e, h, "a conflict is missing");
		for (size_t j = 0; j < h->logged.count; j++)
			if (!has(&h->foretold, h->logged.items[j]))
				tell_difference(e, h, "a conflict is false");
	}
}

void
voids_entry(struct voids *m, const struct entry *e, bool applied)
{
	struct hidden *h = hidden_of(m, e->edit.kind, e->edit.record);
	const struct change *c = edit_find(&e->edit, FIELD_VOID);
	size_t before;

	if (applied) {
		view_record(&m->now, e->edit.kind, e->edit.record, &before);
		m->now.entry_count = (size_t)(e - m->all->entries) + 1;
		settle(h, e);
		if (c)
			make_void(m, h, e, c);
		else
			edit_beneath(m, h, e);
		apply(m, e);
		if (!before && e->edit.count)
			made(m, e);
	}
	take_logged(m, e);
	compare(m, e);
}
