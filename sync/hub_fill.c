/* Fillings: books that the replica does not have whole yet. */
#include "sync/hub_request.h"

#include <stdlib.h>
#include <string.h>

enum status
answer_fill(struct hub_sync *s, struct buf *out)
{
	struct frame f = {.type = FRAME_FILL};

	if (s->fill_at == s->fill_count) {
		s->phase = PHASE_SUMS;
		return ST_OK;
	}
	f.text = mem_text(s->fills[s->fill_at].book);
	f.seq = s->fills[s->fill_at].head;
	answer_frame(s, &f, out);
	frame_release(&f);
	s->phase = PHASE_RECORDS;
	return ST_OK;
}

/* Records come in this order of kinds: as the catalogue has them, then what
 * it does not know, by name. */
static int
compare_kinds(const struct catalog *c, const char *a, const char *b)
{
	const struct kind *x = catalog_kind(c, a), *y = catalog_kind(c, b);
	size_t i = x ? x->index : c->kind_count;
	size_t j = y ? y->index : c->kind_count;

	if (i != j)
		return i < j ? -1 : 1;
	return x && y ? 0 : strcmp(a, b);
}

/* The first kind of the book at or after `from` ("": any); "" at the end. */
static const char *
next_kind(struct hub_sync *s, const struct names *kinds, const char *from,
	bool after)
{
	const struct catalog *c = s->h->catalog;
	const char *best = "";

	for (size_t i = 0; i < kinds->count; i++) {
		const char *k = kinds->items[i];
		int order = *from ? compare_kinds(c, k, from) : 1;

		if (order < 0 || (order == 0 && after) ||
			!hub_may_read(s->h, k, s->holder.access))
			continue;
		if (!*best || compare_kinds(c, k, best) < 0)
			best = k;
	}
	return best;
}

/* Does another of these books bring a record that was in it by H? */
static bool
brought(const struct hub_sync *s, const struct log_books *in,
	const struct names *books)
{
	for (size_t i = 0; i < in->count; i++)
		if (in->items[i].since <= s->head &&
			names_have(&s->whole, in->items[i].book) &&
			names_have(books, in->items[i].book))
			return true;
	return false;
}

static enum status
emit_record(struct hub_sync *s, const char *kind, const char *id,
	struct buf *out, struct why *why)
{
	struct frame f = {.type = FRAME_RECORD};
	struct log_books in = {0};
	enum status st = LOG(s->h->log, books, kind, id, &in, why);

	f.kind = mem_text(kind);
	f.id = mem_text(id);
	if (!st && !brought(s, &in, &s->held))
		st = whole_record(s->h->log, kind, id, &f, why);
	if (!st)
		answer_frame(s, &f, out);
	/* What is lent brings the record alone. */
	if (!st && !brought(s, &in, &s->holder.books))
		st = answer_held(s, kind, id, out, why);
	frame_release(&f);
	log_books_release(&in);
	return st;
}

/* Some records of the kind at hand; *done when there are no more. */
static enum status
fill_kind(struct hub_sync *s, struct filling *f, bool *done, struct buf *out,
	struct why *why)
{
	struct names ids = {0};
	enum status st = LOG(s->h->log, book_ids, f->book, f->kind, f->id,
		f->head, ROWS_AT_ONCE, &ids, why);
	size_t i = 0;

	while (!st && i < ids.count && out->len < s->piece_end)
		st = emit_record(s, f->kind, ids.items[i++], out, why);
	if (i) {
		free(f->id);
		f->id = mem_text(ids.items[i - 1]);
	}
	*done = i == ids.count && ids.count < ROWS_AT_ONCE;
	names_release(&ids);
	return st;
}

static void
set_kind(struct filling *f, const char *kind)
{
	char *fresh = mem_text(kind);

	free(f->kind);
	free(f->id);
	f->kind = fresh;
	f->id = mem_text("");
}

enum status
answer_records(struct hub_sync *s, struct buf *out, struct why *why)
{
	struct filling *f = &s->fills[s->fill_at];
	struct names kinds = {0};
	bool done = false;
	const char *kind;
	enum status st = LOG(s->h->log, book_kinds, f->book, &kinds, why);

	kind = next_kind(s, &kinds, f->kind, false);
	if (!st && *kind && strcmp(kind, f->kind) != 0)
		set_kind(f, kind);
	if (!st && *kind)
		st = fill_kind(s, f, &done, out, why);
	if (!st && done)
		kind = next_kind(s, &kinds, f->kind, true);
	if (!st && done && *kind)
		set_kind(f, kind);
	if (!st && !*kind) {
		s->at = f->head;
		s->phase = PHASE_CATCH_UP;
	}
	names_release(&kinds);
	return st;
}

/* Records that left a book after H and are in one of these now, whole. */
static enum status
tell_leavers(struct hub_sync *s, const char *left, const struct names *into,
	struct buf *out, struct why *why)
{
	struct log_names gone = {0};
	enum status st = LOG(s->h->log, leavers, left, s->head, &gone, why);

	for (size_t i = 0; !st && i < gone.count; i++) {
		const struct log_name *r = &gone.items[i];
		struct log_books in = {0};

		st = LOG(s->h->log, books, r->kind, r->id, &in, why);
		if (!st && books_meet(&in, into) &&
			hub_may_read(s->h, r->kind, s->holder.access))
			st = emit_record(s, r->kind, r->id, out, why);
		log_books_release(&in);
	}
	log_names_release(&gone);
	return st;
}

/*
 * The next tail will take it that a record was told of in the books it was in
 * at H. What left one meanwhile, before its turn came, is told of here: what
 * left this book for any that is held, and what left a joined one for this.
 */
static enum status
tell_moved(struct hub_sync *s, const struct names *book, struct buf *out,
	struct why *why)
{
	enum status st = tell_leavers(s, book->items[0], &s->held, out, why);

	for (size_t i = 0; !st && i < s->joined.count; i++)
		st = tell_leavers(s, s->joined.items[i], book, out, why);
	return st;
}

/* What came to the book after the head that its filling began with. */
enum status
answer_catch_up(struct hub_sync *s, struct buf *out, struct why *why)
{
	struct filling *f = &s->fills[s->fill_at];
	struct names book = {0};
	struct lens lens = {&book, &s->whole, false};
	struct frame end = {.type = FRAME_FILLED};
	bool done = s->at >= s->head;
	enum status st = ST_OK;

	names_add(&book, f->book);
	if (!done)
		st = answer_entries(s, &lens, &done, out, why);
	if (!st && done)
		st = tell_moved(s, &book, out, why);
	if (!st && done)
		st = answer_makings(s, f->book, out, why);
	if (!st && done) {
		end.text = mem_text(f->book);
		answer_frame(s, &end, out);
		names_add(&s->whole, f->book);
		s->fill_at++;
		s->phase = PHASE_FILL;
	}
	frame_release(&end);
	names_release(&book);
	return st;
}
