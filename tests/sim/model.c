#include "tests/sim/model.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/voids.h"

#define PAST_WORDS 16
#define VERSIONS_MAX (64 * PAST_WORDS)

struct past_set {
	uint64_t words[PAST_WORDS];
};

/* A value of a cell, in the order of the log. */
struct version {
	const struct entry *entry;
	struct past_set past;
};

struct opponent {
	const char *field;
	struct edit_id edit;
};
struct opponents {
	struct opponent *items;
	size_t count, cap;
};

/* One cell of one record through time. */
struct track {
	const char *kind, *id, *cell;
	struct version *versions;
	size_t count, cap;
	size_t top; /* 1 + the version that stands; 0: none */
	struct opponents foretold, logged;
};

struct model {
	const struct view *v;
	const struct catalog *catalog;
	struct track *tracks;
	size_t count, cap;
	struct edit_id *accepted; /* held edits */
	size_t accepted_count, accepted_cap;
	struct names names;
	struct voids *voids;
};

static bool
has(const struct past_set *s, size_t i)
{
	return (s->words[i / 64] >> (i % 64)) & 1;
}

static void
add(struct past_set *s, size_t i)
{
	s->words[i / 64] |= UINT64_C(1) << (i % 64);
}

static const char *
cell_of(const struct model *m, const char *kind, const char *field)
{
	const struct kind *k = catalog_kind(m->catalog, kind);
	const struct field *f = k ? kind_field(k, field) : NULL;

	return f ? f->cell : field;
}

/* A name that lives as long as the model. */
static const char *
kept_name(struct model *m, const char *name)
{
	names_push(&m->names, name);
	return m->names.items[m->names.count - 1];
}

static struct track *
track_of(struct model *m, const char *kind, const char *id, const char *cell)
{
	struct track *t;

	for (size_t i = 0; i < m->count; i++) {
		t = &m->tracks[i];
		if (!strcmp(t->id, id) && !strcmp(t->cell, cell) &&
			!strcmp(t->kind, kind))
			return t;
	}
	MEM_ROOM(m->tracks, m->count, m->cap);
	t = &m->tracks[m->count++];
	memset(t, 0, sizeof(*t));
	t->kind = kind;
	t->id = id;
	t->cell = cell;
	return t;
}

static void
oppose(struct opponents *l, const char *field, struct edit_id edit)
{
	for (size_t i = 0; i < l->count; i++)
		if (!strcmp(l->items[i].field, field) &&
			edit_id_same(l->items[i].edit, edit))
			return;
	MEM_ROOM(l->items, l->count, l->cap);
	l->items[l->count++] = (struct opponent){field, edit};
}

static void
drop(struct opponents *l, size_t i)
{
	l->items[i] = l->items[--l->count];
}

static bool
have(const struct opponents *l, const struct opponent *o)
{
	for (size_t i = 0; i < l->count; i++)
		if (!strcmp(l->items[i].field, o->field) &&
			edit_id_same(l->items[i].edit, o->edit))
			return true;
	return false;
}

static const char *
text_in(const struct entry *e, const char *field)
{
	const struct change *c = edit_find(&e->edit, field);

	return c ? c->value : "";
}

static size_t
version_of(const struct track *t, struct edit_id id)
{
	size_t i = 0;

	while (i < t->count && !edit_id_same(t->versions[i].entry->edit.id, id))
		i++;
	return i;
}

/* What the writer had seen of this cell. */
static struct past_set
past_of(const struct track *t, struct edit_id over)
{
	struct past_set past = {{0}};
	size_t seen = edit_id_none(over) ? t->count : version_of(t, over);

	if (seen < t->count) {
		past = t->versions[seen].past;
		add(&past, seen);
	}
	return past;
}

/* A branch is told by its newest value. */
static void
thin(struct track *t, const struct past_set *past)
{
	for (size_t i = t->foretold.count; i-- > 0;) {
		size_t n = version_of(t, t->foretold.items[i].edit);

		if (n < t->count && has(past, n))
			drop(&t->foretold, i);
	}
}

static struct version *
add_version(struct track *t, const struct entry *e, const struct past_set *past)
{
	if (t->count == VERSIONS_MAX)
		world_fail("the model", "a cell with more than %d values",
			VERSIONS_MAX);
	MEM_ROOM(t->versions, t->count, t->cap);
	t->versions[t->count] = (struct version){e, *past};
	return &t->versions[t->count++];
}

/* Was the value that stands written over this one, which a restored hub hears
 * of only now? */
static bool
descends(const struct model *m, const struct track *t, const struct entry *top,
	const struct entry *e)
{
	for (int i = 0; top && i < 1000; i++) {
		struct edit_id over = EDIT_ID_NONE;
		size_t n;

		for (size_t j = 0; j < top->edit.count; j++) {
			const struct change *c = &top->edit.changes[j];

			if (!strcmp(cell_of(m, t->kind, c->field), t->cell))
				over = c->over;
		}
		if (edit_id_same(over, e->edit.id))
			return true;
		n = edit_id_none(over) ? t->count : version_of(t, over);
		top = n < t->count ? t->versions[n].entry : NULL;
	}
	return false;
}

/* Does the entry, at its place in the log, win this cell? */
static bool
decide(struct model *m, struct track *t, const struct entry *e,
	const struct past_set *past)
{
	const struct entry *top = t->top ? t->versions[t->top - 1].entry : NULL;
	bool wins;

	if (!top || has(past, t->top - 1))
		return true;
	if (descends(m, t, top, e))
		return false;
	wins = e->at >= top->at;
	for (size_t i = 0; i < e->edit.count; i++) {
		const struct change *c = &e->edit.changes[i];

		if (strcmp(cell_of(m, e->edit.kind, c->field), t->cell) ||
			!strcmp(c->value, text_in(top, c->field)))
			continue;
		if (!wins)
			oppose(&t->foretold, c->field, e->edit.id);
		else if (edit_find(&top->edit, c->field))
			oppose(&t->foretold, c->field, top->edit.id);
	}
	return wins;
}

static void
tell_difference(const struct track *t, const struct entry *e, const char *what)
{
	char id[EDIT_ID_TEXT];

	edit_id_text(e->edit.id, id);
	world_fail("conflicts are those of the model",
		"edit %s (seq %lld) on %s/%s %s: %s", id, (long long)e->seq,
		t->kind, t->id, t->cell, what);
}

static void
one_cell(struct model *m, struct track *t, const struct entry *e,
	const struct change *c)
{
	struct past_set past = past_of(t, c->over);
	bool applied = !e->verdict.held && !e->verdict.refused, wins;

	if (applied) {
		thin(t, &past);
		wins = decide(m, t, e, &past);
		if (wins != verdict_won(&e->verdict, c->field))
			tell_difference(t, e, wins ? "has lost" : "has won");
		if (wins)
			t->top = t->count + 1;
	}
	add_version(t, e, &past);
}

static void
settle(struct model *m, const struct entry *e)
{
	for (size_t s = 0; s < e->edit.settle_count; s++) {
		const struct settled *z = &e->edit.settles[s];
		struct track *t = track_of(m, e->edit.kind, e->edit.record,
			cell_of(m, e->edit.kind, z->field));

		for (size_t i = t->foretold.count; i-- > 0;)
			if (edit_id_same(t->foretold.items[i].edit, z->loser))
				drop(&t->foretold, i);
	}
}

static void
take_standing(struct track *t, const char *field, const struct standing *x)
{
	for (size_t j = t->logged.count; j-- > 0;)
		if (!strcmp(t->logged.items[j].field, field))
			drop(&t->logged, j);
	for (size_t j = 0; j < x->count; j++)
		oppose(&t->logged, field, x->losers[j]);
}

/* What the entry says of the conflicts after it, on its own record and on the
 * voids of others. */
static void
take_logged(struct model *m, const struct entry *e)
{
	const struct verdict *v = &e->verdict;

	for (size_t i = 0; i < v->standing_count; i++) {
		const char *field = v->standing[i].field;

		take_standing(track_of(m, e->edit.kind, e->edit.record,
				      cell_of(m, e->edit.kind, field)),
			field, &v->standing[i]);
	}
	for (size_t i = 0; i < v->beyond_count; i++) {
		char *kind = mem_text(v->beyond[i].field);
		char *slash = strchr(kind, '/');

		*slash = '\0';
		take_standing(track_of(m, kept_name(m, kind),
				      kept_name(m, slash + 1), FIELD_VOID),
			FIELD_VOID, &v->beyond[i]);
		free(kind);
	}
}

static bool
foretells(const struct track *t)
{
	return strcmp(t->cell, FIELD_VOID) != 0; /* voids.h does */
}

static void
compare(struct model *m, const struct entry *e)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct track *t = &m->tracks[i];

		if (strcmp(t->id, e->edit.record) || !foretells(t))
			continue;
		for (size_t j = 0; j < t->foretold.count; j++)
			if (!have(&t->logged, &t->foretold.items[j]))
				tell_difference(t, e, "a conflict is missing");
		for (size_t j = 0; j < t->logged.count; j++)
			if (!have(&t->foretold, &t->logged.items[j]))
				tell_difference(t, e, "a conflict is false");
	}
}

static bool
is_accepted(const struct model *m, struct edit_id id)
{
	for (size_t i = 0; i < m->accepted_count; i++)
		if (edit_id_same(m->accepted[i], id))
			return true;
	return false;
}

/* An entry that accepts held edits, when all were accepted before, loses as a
 * whole: the first decides. */
static bool
is_moot(struct model *m, const struct entry *e)
{
	bool moot = false, fresh = false;

	for (size_t i = 0; e->edit.count && i < e->edit.settle_count; i++) {
		struct edit_id id = e->edit.settles[i].loser;
		const struct entry *held = view_entry(m->v, id);

		if (!held || !held->verdict.held)
			continue;
		moot = moot || is_accepted(m, id);
		fresh = fresh || !is_accepted(m, id);
		MEM_ROOM(m->accepted, m->accepted_count, m->accepted_cap);
		m->accepted[m->accepted_count++] = id;
	}
	return moot && !fresh;
}

static void
one_entry(struct model *m, const struct entry *e)
{
	bool applied = !e->verdict.held && !e->verdict.refused;

	if (applied && is_moot(m, e)) {
		if (e->verdict.lost_count != e->edit.count)
			world_fail(
				"the first decision about a held edit counts",
				"seq %lld", (long long)e->seq);
		return;
	}
	if (applied)
		settle(m, e);
	for (size_t i = 0; i < e->edit.count; i++) {
		const struct change *c = &e->edit.changes[i];
		struct track *t = track_of(m, e->edit.kind, e->edit.record,
			cell_of(m, e->edit.kind, c->field));
		bool again = t->count && t->versions[t->count - 1].entry == e;

		if (!again && foretells(t))
			one_cell(m, t, e, c);
	}
	take_logged(m, e);
	voids_entry(m->voids, e, applied);
	if (applied)
		compare(m, e);
}

/* The hub's table is what its entries say. */
static void
compare_table(struct model *m)
{
	size_t logged = 0;

	for (size_t i = 0; i < m->count; i++)
		logged += m->tracks[i].logged.count;
	for (size_t i = 0; i < m->v->loser_count; i++) {
		const struct view_loser *l = &m->v->losers[i];
		struct track *t = track_of(
			m, l->kind, l->id, cell_of(m, l->kind, l->field));
		struct opponent o = {l->field, l->edit};

		if (!have(&t->logged, &o))
			world_fail("open conflicts are those of the log",
				"%s/%s %s", l->kind, l->id, l->field);
	}
	if (logged != m->v->loser_count)
		world_fail("open conflicts are those of the log",
			"%zu by the entries, %zu in the table", logged,
			m->v->loser_count);
}

void
model_check(struct world *w, const struct view *v)
{
	struct model m = {.v = v,
		.catalog = hub_catalog(w->t.h),
		.voids = voids_new(w, v)};

	for (size_t i = 0; i < v->entry_count; i++)
		one_entry(&m, &v->entries[i]);
	compare_table(&m);
	for (size_t i = 0; i < m.count; i++) {
		free(m.tracks[i].versions);
		free(m.tracks[i].foretold.items);
		free(m.tracks[i].logged.items);
	}
	free(m.tracks);
	voids_free(m.voids);
	free(m.accepted);
	names_release(&m.names);
}
