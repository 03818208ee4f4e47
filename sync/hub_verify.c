/* Does the log hold together? DESIGN.md section 5, and the audit's chains. */
#include "sync/hub_core.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_AT_ONCE 256

/* What an entry said of a conflict on another record's void. */
struct beyond {
	int64_t seq;
	struct standing stands; /* field: KIND/ID */
};

struct verifying {
	struct hub *h;
	struct buf *report;
	int64_t findings, cells;
	struct beyond *beyond; /* in order of seq */
	size_t beyond_count, beyond_cap;
	struct why *why;
};

static void PRINTF_LIKE(2, 3) found(struct verifying *v, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	buf_puts(v->report, line);
	buf_putc(v->report, '\n');
	v->findings++;
}

/* h_n from the entry before it in the same replica's chain. */
static enum status
check_chain(struct verifying *v, const struct log_row *row)
{
	struct edit_id before = row->entry.edit.id;
	struct log_row last = {0};
	struct digest hash, chain;
	enum status st = ST_OK;

	before.n--;
	if (before.n)
		st = LOG(v->h->log, entry_of, before, &last, v->why);
	if (st == ST_NOT_FOUND) {
		found(v, "entry %" PRId64 ": edit %u.%u before it is missing",
			row->entry.seq, before.replica, before.n);
		return ST_OK;
	}
	if (row->entry.verdict.refused)
		hash = row->hash;
	else
		edit_digest(&row->entry.edit, &hash);
	edit_chain(&last.chain, &hash, &chain);
	if (!st && !digest_same(chain.bytes, row->chain.bytes, DIGEST_SIZE))
		found(v, "entry %" PRId64 ": its replica's chain is broken",
			row->entry.seq);
	log_row_release(&last);
	return st;
}

/* Takes it over. */
static void
keep_beyond(struct verifying *v, struct entry *e)
{
	for (size_t i = 0; i < e->verdict.beyond_count; i++) {
		MEM_ROOM(v->beyond, v->beyond_count, v->beyond_cap);
		v->beyond[v->beyond_count++] =
			(struct beyond){e->seq, e->verdict.beyond[i]};
	}
	e->verdict.beyond_count = 0;
}

static void
drop_beyond(struct verifying *v)
{
	for (size_t i = 0; i < v->beyond_count; i++) {
		free(v->beyond[i].stands.field);
		free(v->beyond[i].stands.losers);
	}
	free(v->beyond);
}

static enum status
check_entry(struct verifying *v, int64_t seq)
{
	struct log_row row;
	struct digest leaf;
	enum status st = LOG(v->h->log, entry_at, seq, &row, v->why);

	if (st == ST_NOT_FOUND) {
		found(v, "entry %" PRId64 ": missing", seq);
		return ST_OK;
	}
	if (st) {
		found(v, "entry %" PRId64 ": cannot be read", seq);
		return ST_OK;
	}
	entry_leaf(&row.entry, row.nonce, &leaf);
	if (!digest_same(leaf.bytes, row.leaf.bytes, DIGEST_SIZE))
		found(v, "entry %" PRId64 ": it is not what was appended", seq);
	st = check_chain(v, &row);
	keep_beyond(v, &row.entry);
	log_row_release(&row);
	return st;
}

static enum status
check_entries(struct verifying *v)
{
	int64_t head, came;
	enum status st = LOG(v->h->log, head, &head, &came, v->why);

	for (int64_t seq = 1; !st && seq <= head; seq++)
		st = check_entry(v, seq);
	return st;
}

static enum status
check_replicas(struct verifying *v)
{
	struct log_replicas all = {0};
	enum status st = LOG(v->h->log, replicas, &all, v->why);

	for (size_t i = 0; !st && i < all.count; i++) {
		const struct log_replica *r = &all.items[i];
		struct edit_id id = {r->number, r->n},
			       after = {r->number, r->n + 1};
		struct log_row row = {0}, more = {0};

		if (r->n)
			st = LOG(v->h->log, entry_of, id, &row, v->why);
		if (st == ST_NOT_FOUND ||
			(!st && !digest_same(row.chain.bytes, r->chain.bytes,
					DIGEST_SIZE)))
			found(v, "replica %u: its last edit is not the log's",
				r->number);
		if (st == ST_NOT_FOUND)
			st = ST_OK;
		if (!st && !LOG(v->h->log, entry_of, after, &more, v->why))
			found(v, "replica %u: the log has more edits of it",
				r->number);
		log_row_release(&row);
		log_row_release(&more);
	}
	log_replicas_release(&all);
	return st;
}

/* One record, and what its entries say it must be. */
struct expected {
	const char *kind, *id;
	struct log_rows rows;
	struct log_cells cells;
	struct log_losers losers;
	size_t told; /* of what entries of others said */
	bool exists;
};

static void
expected_release(struct expected *x)
{
	log_rows_release(&x->rows);
	free(x->cells.items); /* texts are the rows' */
	log_losers_release(&x->losers);
}

static void
expect_value(struct expected *x, const struct entry *e, const struct change *c)
{
	struct log_cell *cell = log_cell_find(&x->cells, c->field);

	if (!cell) {
		MEM_ROOM(x->cells.items, x->cells.count, x->cells.cap);
		cell = &x->cells.items[x->cells.count++];
	}
	*cell = (struct log_cell){
		c->field, c->value, e->seq, e->at, e->edit.id};
}

static void
expect_losers(struct expected *x, const char *field, const struct standing *s)
{
	for (size_t i = x->losers.count; i-- > 0;) {
		if (strcmp(x->losers.items[i].field, field) != 0)
			continue;
		free(x->losers.items[i].field);
		x->losers.items[i] = x->losers.items[--x->losers.count];
	}
	for (size_t i = 0; i < s->count; i++)
		log_losers_add(&x->losers, field, s->losers[i]);
}

/* What entries of other records said with a seq below this, and did not say
 * before. */
static void
expect_beyond(const struct verifying *v, struct expected *x, int64_t below)
{
	for (; x->told < v->beyond_count && v->beyond[x->told].seq < below;
		x->told++) {
		const struct standing *s = &v->beyond[x->told].stands;
		size_t len = strlen(x->kind);

		if (strncmp(s->field, x->kind, len) == 0 &&
			s->field[len] == '/' &&
			strcmp(s->field + len + 1, x->id) == 0)
			expect_losers(x, FIELD_VOID, s);
	}
}

static void
expect_entry(struct expected *x, const struct entry *e)
{
	const struct verdict *v = &e->verdict;

	if (v->held || v->refused)
		return;
	x->exists = x->exists || e->edit.count > 0;
	for (size_t i = 0; i < e->edit.count; i++)
		if (verdict_won(v, e->edit.changes[i].field))
			expect_value(x, e, &e->edit.changes[i]);
	for (size_t i = 0; i < v->standing_count; i++)
		expect_losers(x, v->standing[i].field, &v->standing[i]);
}

static enum status
check_cells(struct verifying *v, const struct expected *x)
{
	struct log_cells now = {0};
	enum status st = LOG(v->h->log, cells, x->kind, x->id, &now, v->why);

	v->cells += (int64_t)now.count;
	if (!st && now.count != x->cells.count)
		found(v, "%s/%s: a value too many or too few", x->kind, x->id);
	for (size_t i = 0; !st && i < x->cells.count; i++) {
		const struct log_cell *want = &x->cells.items[i];
		const struct log_cell *c = log_cell_find(&now, want->field);

		if (!c || c->seq != want->seq || c->at != want->at ||
			!edit_id_same(c->edit, want->edit) ||
			strcmp(c->value, want->value) != 0)
			found(v, "%s/%s %s: not what entry %" PRId64 " set",
				x->kind, x->id, want->field, want->seq);
	}
	log_cells_release(&now);
	return st;
}

static enum status
check_losers(struct verifying *v, const struct expected *x)
{
	struct log_losers now = {0};
	bool same;
	enum status st = LOG(v->h->log, losers, x->kind, x->id, &now, v->why);

	same = now.count == x->losers.count;
	for (size_t i = 0; i < x->losers.count; i++)
		same = same && log_losers_have(&now, x->losers.items[i].field,
				       x->losers.items[i].edit);
	if (!st && !same)
		found(v, "%s/%s: its open conflicts are not the log's", x->kind,
			x->id);
	log_losers_release(&now);
	return st;
}

static void
play_move(const struct log_move *m, struct names *in)
{
	if (m->move != MOVE_LEAVES)
		names_add(in, m->book);
	for (size_t j = 0; m->move == MOVE_LEAVES && j < in->count; j++)
		if (strcmp(in->items[j], m->book) == 0) {
			free(in->items[j]);
			in->items[j] = in->items[--in->count];
			break;
		}
}

/* Where the record's moves, played through, have brought it. */
static enum status
moved_to(struct verifying *v, const struct expected *x, struct names *out)
{
	struct log_moves moves = {0};
	enum status st =
		LOG(v->h->log, moves_of, x->kind, x->id, &moves, v->why);

	for (size_t i = 0; i < moves.count; i++)
		play_move(&moves.items[i], out);
	log_moves_release(&moves);
	return st;
}

/* Does a tail of this book come by the entry? */
static enum status
check_listed(struct verifying *v, const char *book, int64_t seq)
{
	struct log_span span = {seq - 1, seq, 1};
	struct log_seqs there = {0};
	enum status st = LOG(v->h->log, news, book, &span, &there, v->why);

	if (!st && !there.count)
		found(v, "%s is not told of entry %" PRId64, book, seq);
	log_seqs_release(&there);
	return st;
}

static enum status
check_listed_in(struct verifying *v, const struct names *books, int64_t seq)
{
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < books->count; i++)
		st = check_listed(v, books->items[i], seq);
	return st;
}

/* The books that the record was in before entry `seq`; where `later`, and
 * those that it came into from then on. */
static void
books_around(const struct log_moves *moves, int64_t seq, bool later,
	struct names *in)
{
	for (size_t i = 0; i < moves->count; i++) {
		const struct log_move *m = &moves->items[i];

		if (m->seq < seq)
			play_move(m, in);
		else if (later && m->move != MOVE_LEAVES)
			names_add(in, m->book);
	}
}

/* What concerns a held edit is told where its record would be, too. */
static enum status
check_held_news(struct verifying *v, const struct log_moves *moves,
	struct edit_id held, int64_t seq)
{
	struct names in = {0};
	enum status st = LOG(v->h->log, held_books, held, &in, v->why);

	books_around(moves, seq, true, &in);
	if (!st)
		st = check_listed_in(v, &in, seq);
	names_release(&in);
	return st;
}

static enum status
check_decision_news(
	struct verifying *v, const struct log_moves *moves, struct edit_id id)
{
	struct log_held held = {0};
	enum status st = LOG(v->h->log, held_of, id, &held, v->why);

	if (!st && held.decided)
		st = check_held_news(v, moves, id, held.decided);
	if (st == ST_NOT_FOUND) {
		found(v, "held edit %u.%u is not listed as held", id.replica,
			id.n);
		st = ST_OK;
	}
	log_held_release(&held);
	return st;
}

static enum status
check_entry_news(struct verifying *v, const struct log_moves *moves,
	const struct entry *e)
{
	struct names in = {0};
	enum status st;

	if (e->verdict.refused)
		return ST_OK;
	if (e->verdict.held) {
		st = check_held_news(v, moves, e->edit.id, e->seq);
		return st ? st : check_decision_news(v, moves, e->edit.id);
	}
	books_around(moves, e->seq, false, &in);
	st = check_listed_in(v, &in, e->seq);
	names_release(&in);
	return st;
}

static enum status
check_news(struct verifying *v, const struct expected *x)
{
	struct log_moves moves = {0};
	enum status st =
		LOG(v->h->log, moves_of, x->kind, x->id, &moves, v->why);

	for (size_t i = 0; !st && i < moves.count; i++)
		st = check_listed(v, moves.items[i].book, moves.items[i].seq);
	for (size_t i = 0; !st && i < x->rows.count; i++)
		st = check_entry_news(v, &moves, &x->rows.items[i].entry);
	log_moves_release(&moves);
	return st;
}

static bool
same_books(const struct log_books *a, const struct names *b)
{
	bool same = a->count == b->count;

	for (size_t i = 0; i < a->count; i++)
		same = same && names_have(b, a->items[i].book);
	return same;
}

static enum status
check_books(struct verifying *v, const struct expected *x)
{
	struct scope_view view = {v->h->log, NULL, ""};
	struct book_lookup look = scope_lookup(&view);
	struct names told = {0}, moved = {0};
	struct log_books now = {0};
	enum status st = LOG(v->h->log, books, x->kind, x->id, &now, v->why);

	if (!st && x->exists)
		st = books_of(v->h->catalog, &look, x->kind, x->id, &told, NULL,
			v->why);
	if (st == ST_DATA) {
		names_add(&told, "dept");
		st = ST_OK;
	}
	if (!st)
		st = moved_to(v, x, &moved);
	if (!st && !same_books(&now, &told))
		found(v, "%s/%s: its books are not what its values say",
			x->kind, x->id);
	if (!st && !same_books(&now, &moved))
		found(v, "%s/%s: its books are not where it moved", x->kind,
			x->id);
	names_release(&told);
	names_release(&moved);
	log_books_release(&now);
	return st;
}

static enum status
check_record(struct verifying *v, const char *kind, const char *id)
{
	struct expected x = {.kind = kind, .id = id};
	enum status st = LOG(v->h->log, entries, kind, id, &x.rows, v->why);

	for (size_t i = 0; !st && i < x.rows.count; i++) {
		expect_beyond(v, &x, x.rows.items[i].entry.seq);
		expect_entry(&x, &x.rows.items[i].entry);
	}
	expect_beyond(v, &x, INT64_MAX);
	if (!st)
		st = check_cells(v, &x);
	if (!st)
		st = check_losers(v, &x);
	if (!st)
		st = check_books(v, &x);
	if (!st)
		st = check_news(v, &x);
	expected_release(&x);
	return st;
}

static enum status
check_some(struct verifying *v, char **kind, char **id, bool *more)
{
	struct log_names names = {0};
	enum status st = LOG(
		v->h->log, records, *kind, *id, ROWS_AT_ONCE, &names, v->why);

	for (size_t i = 0; !st && i < names.count; i++)
		st = check_record(v, names.items[i].kind, names.items[i].id);
	*more = names.count > 0;
	if (names.count) {
		free(*kind);
		free(*id);
		*kind = mem_text(names.items[names.count - 1].kind);
		*id = mem_text(names.items[names.count - 1].id);
	}
	log_names_release(&names);
	return st;
}

/* A record that the log has no entry of shows in the count of the values. */
static enum status
check_records(struct verifying *v)
{
	char *kind = mem_text(""), *id = mem_text("");
	struct log_stats stats = {0};
	bool more = true;
	enum status st = ST_OK;

	while (!st && more)
		st = check_some(v, &kind, &id, &more);
	if (!st)
		st = LOG(v->h->log, stats, &stats, v->why);
	if (!st && stats.cells != v->cells)
		found(v, "%" PRId64 " values belong to no entry",
			stats.cells - v->cells);
	free(kind);
	free(id);
	return st;
}

enum status
hub_verify(struct hub *h, struct buf *report, struct why *why)
{
	struct verifying v = {.h = h, .report = report, .why = why};
	enum status st = LOG(h->log, begin_read, why);

	if (!st)
		st = hub_refresh(h, why);
	if (!st)
		st = check_entries(&v);
	if (!st)
		st = check_replicas(&v);
	if (!st && !v.findings)
		st = check_records(&v);
	h->log->ops->rollback(h->log);
	drop_beyond(&v);
	if (!st && v.findings)
		st = why_set(why, ST_NOT_FOUND,
			"%" PRId64 " findings: keep this file, and compare it "
			"with a backup",
			v.findings);
	return st;
}
