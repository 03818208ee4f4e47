#include "tests/sim/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/history.h"
#include "common/outbox.h"

struct ledger *
ledger_new(void)
{
	return mem_alloc(sizeof(struct ledger));
}

static void
forget(struct written *w)
{
	edit_release(&w->edit);
	for (size_t i = 0; i < w->seen_count; i++) {
		free(w->seen[i].field);
		free(w->seen[i].text);
	}
	free(w->seen);
}

void
ledger_free(struct ledger *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->count; i++)
		forget(&l->items[i]);
	free(l->items);
	free(l);
}

static void
see(struct written *w, const char *field, const struct record_value *v)
{
	if (edit_id_none(v->edit))
		return;
	MEM_ROOM(w->seen, w->seen_count, w->seen_cap);
	w->seen[w->seen_count++] = (struct seen_value){
		mem_text(field), mem_text(v->text), v->edit};
}

struct noting {
	struct device *d;
	const struct record *rec;
};

static void
copy_edit(struct edit *to, const struct edit *e)
{
	to->id = e->id;
	to->kind = mem_text(e->kind);
	to->record = mem_text(e->record);
	to->reason = mem_text(e->reason);
	to->saw_void = e->saw_void;
	to->seen = e->seen;
	to->written = e->written;
	for (size_t i = 0; i < e->count; i++)
		edit_change(to, e->changes[i].field, e->changes[i].value,
			e->changes[i].over);
	for (size_t i = 0; i < e->settle_count; i++)
		edit_settle(to, e->settles[i].field, e->settles[i].loser);
}

static void
note_past(struct device *d, struct written *w)
{
	struct buf past = BUF_INIT;
	struct why why;

	world_good(replica_meta(d->r, META_INCARNATION, &past, &why), &why);
	snprintf(w->past, sizeof(w->past), "%s", buf_text(&past));
	buf_release(&past);
}

static enum status
note(void *arg, const struct outbox_edit *o, struct why *why)
{
	struct noting *n = arg;
	struct ledger *l = n->d->w->ledger;
	const struct record *rec = n->rec;
	struct written *w;

	(void)why;
	MEM_ROOM(l->items, l->count, l->cap);
	w = &l->items[l->count++];
	memset(w, 0, sizeof(*w));
	w->device = n->d->index;
	copy_edit(&w->edit, &o->edit);
	w->now = w->edit.id;
	edit_digest(&w->edit, &w->digest);
	note_past(n->d, w);
	for (size_t i = 0; rec && i < rec->kind->field_count; i++)
		see(w, rec->kind->fields[i].name, &rec->values[i]);
	if (rec)
		see(w, FIELD_VOID, &rec->void_value);
	n->d->ledger_n = o->edit.id.n;
	return ST_OK;
}

void
ledger_note(struct device *d, const struct record *rec)
{
	struct noting n = {d, rec};
	struct why why;

	world_good(outbox_each(d->r, d->ledger_n, note, &n, &why), &why);
}

static bool
is_same(const struct edit *a, const struct edit *b, bool renamed)
{
	const struct clock_reading *x = &a->written, *y = &b->written;

	if (a->seen != b->seen || x->wall_ms != y->wall_ms ||
		x->boot_ms != y->boot_ms || strcmp(x->boot_id, y->boot_id))
		return false;
	return renamed ? !strcmp(a->kind, b->kind) && a->count == b->count
		       : edit_id_same(a->id, b->id);
}

const struct written *
ledger_find(const struct ledger *l, const struct edit *e)
{
	for (size_t i = 0; i < l->count; i++)
		if (is_same(&l->items[i].edit, e, false))
			return &l->items[i];
	for (size_t i = 0; i < l->count; i++)
		if (is_same(&l->items[i].edit, e, true))
			return &l->items[i];
	return NULL;
}

void
ledger_renumber(struct device *d, uint32_t upto, uint32_t number)
{
	struct ledger *l = d->w->ledger;

	for (size_t i = 0; i < l->count; i++) {
		struct written *w = &l->items[i];

		if (w->device == d->index && w->now.replica == d->number &&
			w->now.n > upto)
			w->now = (struct edit_id){number, w->now.n - upto};
	}
}

void
ledger_undo(struct device *d)
{
	struct ledger *l = d->w->ledger;
	struct why why;
	int64_t last;

	world_good(replica_meta_int(d->r, META_LAST_N, 0, &last, &why), &why);
	for (size_t i = l->count; i-- > 0;) {
		struct edit_id id = l->items[i].now;

		if (l->items[i].device != d->index || id.replica != d->number ||
			id.n <= (uint32_t)last)
			continue;
		if (d->w->copied || d->kept) { /* elsewhere it may be still */
			l->items[i].gone = true;
			continue;
		}
		forget(&l->items[i]);
		l->items[i] = l->items[--l->count];
	}
	d->ledger_n = (uint32_t)last;
}

void
ledger_lose(struct device *d)
{
	struct ledger *l = d->w->ledger;
	struct why why;

	for (size_t i = 0; i < l->count; i++) {
		struct written *w = &l->items[i];
		struct entry e;

		if (w->device != d->index || w->gone)
			continue;
		w->gone = history_edit(d->r, w->edit.id, &e, &why) != ST_OK;
		if (!w->gone)
			entry_release(&e);
	}
}
