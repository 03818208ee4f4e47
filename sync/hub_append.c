/* How an edit becomes an entry. */
#include "sync/hub_core.h"

#include <stdlib.h>
#include <string.h>

#include "sync/hub_held.h"

#define PART_BYTES 256		       /* of an entry without its values */
#define RECORD_MAX (FRAME_MAX / 4 * 3) /* with both sides of conflicts */

enum status
writing_join(struct hub *h, uint32_t number, const char *badge,
	struct writing *w, struct why *why)
{
	enum status st;

	memset(w, 0, sizeof(*w));
	w->h = h;
	st = hub_refresh(h, why);
	if (!st)
		st = LOG(h->log, head, &w->seq, &w->came, why);
	if (!st)
		st = hub_time(h, &w->came, why);
	if (!st)
		st = LOG(h->log, replica, number, &w->replica, why);
	if (st == ST_NOT_FOUND) {
		w->replica.number = number;
		w->replica.badge = mem_text(badge);
		w->replica.device = mem_text("");
		st = ST_OK;
	}
	return st;
}

enum status
writing_begin(struct hub *h, uint32_t number, const char *badge,
	struct writing *w, struct why *why)
{
	enum status st = LOG(h->log, begin_write, why);

	if (!st)
		return writing_join(h, number, badge, w, why);
	memset(w, 0, sizeof(*w));
	return st;
}

enum status
writing_put(struct writing *w, struct why *why)
{
	return LOG(w->h->log, replica_put, &w->replica, why);
}

enum status
writing_commit(struct writing *w, struct why *why)
{
	enum status st = writing_put(w, why);

	if (!st)
		st = LOG(w->h->log, commit, why);
	return st;
}

void
writing_leave(struct writing *w)
{
	log_replica_release(&w->replica);
	memset(w, 0, sizeof(*w));
}

void
writing_end(struct writing *w)
{
	if (w->h)
		w->h->log->ops->rollback(w->h->log);
	writing_leave(w);
}

/* Did the rights of the time it was written allow it? */
static enum status
check_rights(struct writing *w, struct entry *e, struct why *why)
{
	struct holder holder;
	struct why reason = {""};
	enum status st;

	if (w->replica.number == 0)
		return ST_OK;
	st = holder_read(w->h->log, e->by, e->at, &holder, &reason);
	if (!st)
		st = scope_may_write(
			w->h->log, w->h->catalog, e, &holder, &reason);
	if (!st)
		st = held_may_decide(w->h->log, e, &holder, &reason);
	if (st == ST_NOT_ALLOWED) {
		e->verdict.held = mem_text(reason.text);
		st = ST_OK;
	} else if (st && why) {
		*why = reason;
	}
	holder_release(&holder);
	return st;
}

/* What a value takes in a frame, with what an entry adds to it. */
static size_t
weight(const char *field, const char *value)
{
	struct buf b = BUF_INIT;
	size_t bytes;

	json_put_text(&b, value);
	bytes = b.len + strlen(field) + PART_BYTES;
	buf_release(&b);
	return bytes;
}

static size_t
edit_weight(const struct edit *e)
{
	size_t bytes = 0;

	for (size_t i = 0; i < e->count; i++)
		bytes += weight(e->changes[i].field, e->changes[i].value);
	return bytes;
}

static int
by_edit(const void *a, const void *b)
{
	const struct log_loser *x = a, *y = b;

	if (x->edit.replica != y->edit.replica)
		return x->edit.replica < y->edit.replica ? -1 : 1;
	return (x->edit.n > y->edit.n) - (x->edit.n < y->edit.n);
}

/* Each edit is read once, however many of its fields lost; they alone travel
 * with the record. */
static enum status
weigh_losers(struct hub_log *log, const struct log_losers *sorted,
	size_t *bytes, struct why *why)
{
	struct log_row row = {0};
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < sorted->count; i++) {
		const struct log_loser *l = &sorted->items[i];
		const struct change *c;

		if (!edit_id_same(row.entry.edit.id, l->edit)) {
			log_row_release(&row);
			st = LOG(log, entry_of, l->edit, &row, why);
		}
		c = edit_find(&row.entry.edit, l->field);
		*bytes += c ? weight(c->field, c->value) : PART_BYTES;
	}
	log_row_release(&row);
	return st;
}

/* Both sides of a record's open conflicts travel with it. */
static enum status
add_losers(
	struct writing *w, const struct edit *e, size_t *bytes, struct why *why)
{
	struct hub_log *log = w->h->log;
	struct log_losers losers = {0};
	enum status st = LOG(log, losers, e->kind, e->record, &losers, why);

	if (!st && losers.count)
		qsort(losers.items, losers.count, sizeof(*losers.items),
			by_edit);
	if (!st)
		st = weigh_losers(log, &losers, bytes, why);
	log_losers_release(&losers);
	return st;
}

/* The author keeps the text; the log keeps its hash and why. */
static void
refuse(struct log_row *row, const char *reason)
{
	struct edit *e = &row->entry.edit;
	struct edit bare = {.id = e->id,
		.kind = e->kind,
		.record = e->record,
		.seen = e->seen,
		.written = e->written};

	edit_digest(e, &row->hash);
	e->kind = e->record = NULL;
	edit_release(e);
	*e = bare;
	row->entry.verdict.refused = mem_text(reason);
}

/* A record that no frame can hold would end every filling that comes to it. */
static enum status
check_size(struct writing *w, struct log_row *row, struct why *why)
{
	const struct edit *e = &row->entry.edit;
	struct log_cells cells = {0};
	size_t bytes = edit_weight(e);
	enum status st;

	if (w->replica.number == 0)
		return ST_OK;
	st = LOG(w->h->log, cells, e->kind, e->record, &cells, why);
	for (size_t i = 0; i < cells.count; i++)
		if (!edit_find(e, cells.items[i].field))
			bytes += weight(
				cells.items[i].field, cells.items[i].value);
	if (!st)
		st = add_losers(w, e, &bytes, why);
	if (!st && bytes > RECORD_MAX)
		refuse(row, "the record would be larger than can be sent");
	log_cells_release(&cells);
	return st;
}

static void
seal(struct writing *w, struct log_row *row)
{
	struct digest hash;

	row->came = w->came;
	if (row->entry.verdict.refused)
		hash = row->hash;
	else
		edit_digest(&row->entry.edit, &hash);
	edit_chain(&w->replica.chain, &hash, &row->chain);
	random_fill(w->h->random, row->nonce, NONCE_SIZE);
	entry_leaf(&row->entry, row->nonce, &row->leaf);
}

static bool
applied(const struct entry *e)
{
	return !e->verdict.refused && !e->verdict.held;
}

/* What it settles of held edits, and what of its values stands. */
static enum status
decide(struct writing *w, struct entry *e, const struct age *age,
	struct why *why)
{
	bool moot;
	enum status st = held_settle(w->h->log, e, &moot, why);

	if (st || moot)
		return st;
	return merge_edit(w->h->log, w->h->catalog, e, age, why);
}

enum status
writing_add(struct writing *w, struct log_row *row, const struct age *age,
	struct why *why)
{
	struct hub_log *log = w->h->log;
	struct entry *e = &row->entry;
	enum status st;

	e->seq = w->seq + 1;
	e->unsure = age->unsure;
	st = merge_stamp(log, &e->edit, age, &e->at, why);
	if (!st && !e->verdict.refused)
		st = check_rights(w, e, why);
	if (!st && applied(e))
		st = check_size(w, row, why);
	if (!st && applied(e))
		st = decide(w, e, age, why);
	if (st)
		return st;
	seal(w, row);
	if (e->verdict.held)
		st = held_note(log, w->h->catalog, e, why);
	if (!st)
		st = LOG(log, entry_add, row, why);
	if (!st && applied(e))
		st = scope_follow(log, w->h->catalog, e, why);
	w->seq = e->seq;
	w->replica.n = e->edit.id.n;
	w->replica.chain = row->chain;
	return st;
}
