/* A whole record as it stands: PROTOCOL.md, "Filling". */
#include "sync/hub_core.h"

#include <stdlib.h>
#include <string.h>

/* A record being put together. */
struct whole {
	struct hub_log *log;
	const char *kind, *id;
	struct log_cells cells;
	struct log_losers losers;
	struct frame *f;
	struct why *why;
};

static bool
have_entry(const struct whole *w, struct edit_id id)
{
	for (size_t i = 0; i < w->f->count; i++)
		if (edit_id_same(w->f->entries[i].edit.id, id))
			return true;
	return false;
}

/* Is this change the value that stands, or one side of a conflict? */
static bool
still_told(const struct whole *w, const struct edit *e, const char *field)
{
	const struct log_cell *c = log_cell_find(&w->cells, field);

	return (c && edit_id_same(c->edit, e->id)) ||
	       log_losers_have(&w->losers, field, e->id);
}

static void
trim_lost(struct entry *e)
{
	struct verdict *v = &e->verdict;
	size_t kept = 0;

	for (size_t i = 0; i < v->lost_count; i++) {
		if (edit_find(&e->edit, v->lost[i].field))
			v->lost[kept++] = v->lost[i];
		else
			free(v->lost[i].field);
	}
	v->lost_count = kept;
}

static void
trim(const struct whole *w, struct entry *e)
{
	struct edit *d = &e->edit;
	size_t kept = 0;

	for (size_t i = 0; i < d->count; i++) {
		d->changes[i].over = EDIT_ID_NONE;
		if (still_told(w, d, d->changes[i].field)) {
			d->changes[kept++] = d->changes[i];
			continue;
		}
		free(d->changes[i].field);
		free(d->changes[i].value);
	}
	d->count = kept;
	for (size_t i = 0; i < d->settle_count; i++)
		free(d->settles[i].field);
	d->settle_count = 0;
	d->saw_void = EDIT_ID_NONE;
	for (size_t i = 0; i < e->verdict.standing_count; i++) {
		free(e->verdict.standing[i].field);
		free(e->verdict.standing[i].losers);
	}
	e->verdict.standing_count = 0;
	for (size_t i = 0; i < e->verdict.beyond_count; i++) {
		free(e->verdict.beyond[i].field);
		free(e->verdict.beyond[i].losers);
	}
	e->verdict.beyond_count = 0;
	e->verdict.decide_count = 0;
	trim_lost(e);
}

/* Takes the row's entry over. */
static void
add_entry(struct whole *w, struct log_row *row)
{
	struct frame *f = w->f;

	trim(w, &row->entry);
	MEM_ROOM(f->entries, f->count, f->cap);
	f->entries[f->count++] = row->entry;
	memset(&row->entry, 0, sizeof(row->entry));
}

static enum status
add_seq(struct whole *w, int64_t seq)
{
	struct log_row row = {0};
	enum status st;

	for (size_t i = 0; i < w->f->count; i++)
		if (w->f->entries[i].seq == seq)
			return ST_OK;
	st = LOG(w->log, entry_at, seq, &row, w->why);
	if (!st)
		add_entry(w, &row);
	log_row_release(&row);
	return st == ST_NOT_FOUND ? ST_OK : st;
}

static bool
is_of(const struct whole *w, const struct edit *e)
{
	return strcmp(e->kind, w->kind) == 0 && strcmp(e->record, w->id) == 0;
}

/* The making of another record, which opposes this one's void, is named among
 * the losers alone: who holds that record has it, to others it is no news. */
static enum status
add_loser(struct whole *w, struct edit_id id)
{
	struct log_row row = {0};
	enum status st;

	if (have_entry(w, id))
		return ST_OK;
	st = LOG(w->log, entry_of, id, &row, w->why);
	if (!st && is_of(w, &row.entry.edit))
		add_entry(w, &row);
	log_row_release(&row);
	return st == ST_NOT_FOUND ? ST_OK : st;
}

static int
by_seq(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->seq > y->seq) - (x->seq < y->seq);
}

/* The last entry tells of all open conflicts. */
static void
add_standing(struct whole *w)
{
	struct verdict *v;

	if (!w->f->count)
		return;
	v = &w->f->entries[w->f->count - 1].verdict;
	for (size_t i = 0; i < w->losers.count; i++) {
		struct standing *s = NULL;
		const char *field = w->losers.items[i].field;

		for (size_t j = 0; j < v->standing_count; j++)
			if (strcmp(v->standing[j].field, field) == 0)
				s = &v->standing[j];
		if (!s)
			s = verdict_stand(v, field);
		standing_add(s, w->losers.items[i].edit);
	}
}

static enum status
add_entries(struct whole *w)
{
	struct buf by = BUF_INIT;
	int64_t created;
	enum status st =
		LOG(w->log, creation, w->kind, w->id, &created, &by, w->why);

	if (!st)
		st = add_seq(w, created);
	for (size_t i = 0; !st && i < w->cells.count; i++)
		st = add_seq(w, w->cells.items[i].seq);
	for (size_t i = 0; !st && i < w->losers.count; i++)
		st = add_loser(w, w->losers.items[i].edit);
	buf_release(&by);
	return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status
whole_record(struct hub_log *log, const char *kind, const char *id,
	struct frame *f, struct why *why)
{
	struct whole w = {
		.log = log, .kind = kind, .id = id, .f = f, .why = why};
	enum status st = LOG(log, cells, kind, id, &w.cells, why);

	if (!st)
		st = LOG(log, losers, kind, id, &w.losers, why);
	if (!st)
		st = add_entries(&w);
	if (!st && f->count > 1)
		qsort(f->entries, f->count, sizeof(*f->entries), by_seq);
	if (!st)
		add_standing(&w);
	log_cells_release(&w.cells);
	log_losers_release(&w.losers);
	return st;
}
