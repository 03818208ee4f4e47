/* Entries and scope events, of the tail and of what a filling catches up on. */
#include "sync/hub_request.h"

#include <stdlib.h>
#include <string.h>

/* Where a record is, and where it was. */
struct track {
	char *kind, *id;
	struct log_books now;
	struct log_moves past; /* read when asked for */
	bool have_past;
};

static void
track_release(struct track *t)
{
	free(t->kind);
	free(t->id);
	log_books_release(&t->now);
	log_moves_release(&t->past);
}

static enum status
track_read(struct hub_sync *s, const char *kind, const char *id,
	struct track *t, struct why *why)
{
	memset(t, 0, sizeof(*t));
	t->kind = mem_text(kind);
	t->id = mem_text(id);
	return LOG(s->h->log, books, kind, id, &t->now, why);
}

static bool
moved_in(const struct track *t, const struct names *books, int64_t seq)
{
	struct names in = {0};
	bool found = false;

	for (size_t i = 0; i < t->past.count; i++) {
		const struct log_move *m = &t->past.items[i];

		if (m->seq > seq || !names_have(books, m->book))
			continue;
		if (m->move != MOVE_LEAVES)
			names_add(&in, m->book);
		for (size_t j = 0; m->move == MOVE_LEAVES && j < in.count; j++)
			if (strcmp(in.items[j], m->book) == 0) {
				free(in.items[j]);
				in.items[j] = in.items[--in.count];
			}
	}
	found = in.count > 0;
	names_release(&in);
	return found;
}

/* Was the record in any of these books right after entry `seq`? */
static enum status
was_in(struct hub_sync *s, struct track *t, const struct names *books,
	int64_t seq, bool *yes, struct why *why)
{
	enum status st = ST_OK;

	*yes = true;
	for (size_t i = 0; i < t->now.count; i++)
		if (t->now.items[i].since <= seq &&
			names_have(books, t->now.items[i].book))
			return ST_OK;
	if (!t->have_past)
		st = LOG(s->h->log, moves_of, t->kind, t->id, &t->past, why);
	t->have_past = true;
	*yes = !st && moved_in(t, books, seq);
	return st;
}

/* Does the replica have the record from other books, as of `seq`? */
static enum status
comes_anyway(struct hub_sync *s, const struct lens *lens, struct track *t,
	int64_t seq, bool *yes, struct why *why)
{
	*yes = false;
	if (!lens->others || !books_meet(&t->now, lens->others))
		return ST_OK;
	return was_in(s, t, lens->others, seq, yes, why);
}

/* Is the record born with this move, into one of these books? */
static bool
is_birth(const struct log_move *m, const char *kind, const char *id,
	const struct names *books)
{
	return m->move == MOVE_BORN && strcmp(m->id, id) == 0 &&
	       strcmp(m->kind, kind) == 0 && names_have(books, m->book);
}

static void
add_born(const struct log_moves *moves, const struct edit *e,
	const struct names *books, struct frame *f)
{
	for (size_t i = 0; i < moves->count; i++) {
		const struct log_move *m = &moves->items[i];

		if (is_birth(m, e->kind, e->record, books))
			names_add(&f->books, m->book);
	}
}

/* Where a record would be that only held edits have made. */
static enum status
add_would_be(struct hub_sync *s, struct edit_id held, const struct names *books,
	struct frame *f, struct why *why)
{
	struct names would = {0};
	enum status st = LOG(s->h->log, held_books, held, &would, why);

	for (size_t i = 0; i < would.count; i++)
		if (names_have(books, would.items[i]) &&
			names_have(&s->holder.books, would.items[i]))
			names_add(&f->books, would.items[i]);
	names_release(&would);
	return st;
}

/* The entry of a brief in a frame of its own. */
static enum status
tell_entry(struct hub_sync *s, const struct lens *lens, enum frame_type type,
	const struct log_brief *b, const struct log_moves *moves,
	struct buf *out, struct why *why)
{
	struct frame f = {.type = type};
	struct log_row row;
	enum status st = LOG(s->h->log, entry_at, b->seq, &row, why);

	if (st)
		return st;
	f.entries = mem_alloc(sizeof(*f.entries));
	f.count = f.cap = 1;
	f.entries[0] = row.entry;
	if (b->state == ENTRY_APPLIED)
		add_born(moves, &f.entries[0].edit, lens->books, &f);
	else if (b->state == ENTRY_HELD && type == FRAME_ENTRY)
		st = add_would_be(s, b->edit, lens->books, &f, why);
	if (!st)
		answer_frame(s, &f, out);
	frame_release(&f);
	return st;
}

static enum status
would_be_in_view(struct hub_sync *s, const struct names *books,
	struct edit_id held, bool *yes, struct why *why)
{
	struct frame would = {0};
	enum status st = add_would_be(s, held, books, &would, why);

	*yes = would.books.count > 0;
	frame_release(&would);
	return st;
}

/* Held edits are told to those who may decide about them. */
static enum status
held_in_view(struct hub_sync *s, const struct names *books, struct edit_id held,
	const struct log_books *in, bool *yes, struct why *why)
{
	if (!access_supervises(s->holder.access))
		return ST_OK;
	*yes = books_meet(in, books) && books_meet(in, &s->holder.books);
	return in->count ? ST_OK : would_be_in_view(s, books, held, yes, why);
}

/*
 * May this entry of somebody else's be told through the lens? The record must
 * be in its books now, and have been before the entry, or be born with it: an
 * entry that brings it in comes with the whole record.
 */
static enum status
in_view(struct hub_sync *s, const struct lens *lens, const struct log_brief *b,
	const struct log_moves *moves, struct track *t, bool *yes,
	struct why *why)
{
	bool anyway;
	enum status st;

	*yes = false;
	if (b->state == ENTRY_REFUSED ||
		!hub_may_read(s->h, b->kind, s->holder.access))
		return ST_OK;
	if (b->state == ENTRY_HELD)
		return held_in_view(s, lens->books, b->edit, &t->now, yes, why);
	if (!books_meet(&t->now, lens->books))
		return ST_OK;
	st = comes_anyway(s, lens, t, b->seq, &anyway, why);
	if (st || anyway)
		return st;
	for (size_t i = 0; i < moves->count && !*yes; i++)
		*yes = is_birth(&moves->items[i], b->kind, b->id, lens->books);
	return *yes ? ST_OK : was_in(s, t, lens->books, b->seq - 1, yes, why);
}

/* What became of a held edit is told to its author, wherever the record is by
 * now, and to those who were told of the edit. */
static enum status
decision_in_view(struct hub_sync *s, const struct lens *lens,
	const struct log_held *h, bool *yes, struct why *why)
{
	struct log_books in = {0};
	enum status st;

	*yes = lens->own && strcmp(h->by, s->replica.badge) == 0;
	if (*yes)
		return ST_OK;
	st = LOG(s->h->log, books, h->kind, h->id, &in, why);
	if (!st)
		st = held_in_view(s, lens->books, h->edit, &in, yes, why);
	/* A making may have been accepted into other books by now. */
	if (!st && !*yes && access_supervises(s->holder.access))
		st = would_be_in_view(s, lens->books, h->edit, yes, why);
	log_books_release(&in);
	return st;
}

static enum status
put_decisions(struct hub_sync *s, int64_t seq, struct frame *f, struct buf *out,
	struct why *why)
{
	struct entry *told = &f->entries[0];
	struct log_row row;
	enum status st = LOG(s->h->log, entry_at, seq, &row, why);

	if (st)
		return st;
	told->seq = seq;
	told->at = row.entry.at;
	told->by = mem_text(row.entry.by);
	told->edit.reason = mem_text(row.entry.edit.reason);
	f->accepted = row.entry.edit.count > 0;
	answer_frame(s, f, out);
	log_row_release(&row);
	return ST_OK;
}

/* The entry at `seq` was not told: what it decided may have to be. */
static enum status
tell_decisions(struct hub_sync *s, const struct lens *lens, int64_t seq,
	struct buf *out, struct why *why)
{
	struct frame f = {.type = FRAME_DECIDED};
	struct log_helds decided = {0};
	enum status st =
		LOG(s->h->log, held_decided, seq - 1, seq, &decided, why);

	f.entries = mem_alloc(sizeof(*f.entries));
	f.count = f.cap = 1;
	for (size_t i = 0; !st && i < decided.count; i++) {
		const struct log_held *h = &decided.items[i];
		bool yes = false;

		st = decision_in_view(s, lens, h, &yes, why);
		if (!st && yes)
			verdict_decide(&f.entries[0].verdict, h->edit);
	}
	if (!st && f.entries[0].verdict.decide_count)
		st = put_decisions(s, seq, &f, out, why);
	frame_release(&f);
	log_helds_release(&decided);
	return st;
}

/* Did the file write this under a number that it had before? It may wait for
 * the verdict still. */
static bool
was_own(const struct hub_sync *s, struct edit_id id)
{
	for (size_t i = 0; i < s->origin_count; i++)
		if (s->origins[i].replica == id.replica &&
			id.n <= s->origins[i].n)
			return true;
	return false;
}

static enum status
tell_brief(struct hub_sync *s, const struct lens *lens,
	const struct log_brief *b, const struct log_moves *moves, bool *told,
	struct buf *out, struct why *why)
{
	bool own = b->edit.replica == s->replica.number;
	struct track t;
	enum status st;

	*told = own && lens->own;
	if (*told)
		return tell_entry(s, lens, FRAME_VERDICT, b, moves, out, why);
	if (own)
		return ST_OK;
	st = track_read(s, b->kind, b->id, &t, why);
	if (!st)
		st = in_view(s, lens, b, moves, &t, told, why);
	*told = *told || (lens->own && *b->kind && was_own(s, b->edit));
	if (!st && *told)
		st = tell_entry(s, lens, FRAME_ENTRY, b, moves, out, why);
	else if (!st)
		st = tell_decisions(s, lens, b->seq, out, why);
	track_release(&t);
	return st;
}

static void
note_whole(struct hub_sync *s, const struct log_move *m)
{
	char *name = mem_printf("%s/%s", m->kind, m->id);

	names_push(&s->told_whole, name);
	free(name);
}

/* One held edit that waits, by itself: it may be large. */
static enum status
tell_held(struct hub_sync *s, const struct log_held *h,
	const struct names *books, struct buf *out, struct why *why)
{
	struct frame f = {.type = FRAME_HELD};
	struct log_row row;
	enum status st = LOG(s->h->log, entry_of, h->edit, &row, why);

	if (st)
		return st;
	f.kind = mem_text(h->kind);
	f.id = mem_text(h->id);
	f.entries = mem_alloc(sizeof(*f.entries));
	f.count = f.cap = 1;
	f.entries[0] = row.entry;
	if (books)
		st = add_would_be(s, h->edit, books, &f, why);
	if (!st)
		answer_frame(s, &f, out);
	frame_release(&f);
	return st;
}

enum status
answer_held(struct hub_sync *s, const char *kind, const char *id,
	struct buf *out, struct why *why)
{
	struct log_helds open = {0};
	struct log_books in = {0};
	enum status st = ST_OK;

	if (access_supervises(s->holder.access))
		st = LOG(s->h->log, held_open, kind, id, &open, why);
	if (!st && open.count)
		st = LOG(s->h->log, books, kind, id, &in, why);
	for (size_t i = 0; !st && i < open.count; i++)
		if (books_meet(&in, &s->holder.books))
			st = tell_held(s, &open.items[i], NULL, out, why);
	log_books_release(&in);
	log_helds_release(&open);
	return st;
}

/* Of a record that others have made meanwhile, as a hub that was restored may
 * hear it, held edits are told where the record is. */
static enum status
tell_making(struct hub_sync *s, const struct log_held *h,
	const struct names *into, struct buf *out, struct why *why)
{
	struct log_books in = {0};
	enum status st = ST_OK;

	if (hub_may_read(s->h, h->kind, s->holder.access)) {
		st = LOG(s->h->log, books, h->kind, h->id, &in, why);
		if (!st && !in.count)
			st = tell_held(s, h, into, out, why);
	}
	log_books_release(&in);
	return st;
}

enum status
answer_makings(
	struct hub_sync *s, const char *book, struct buf *out, struct why *why)
{
	struct names into = {0};
	struct log_helds open = {0};
	enum status st = ST_OK;

	names_add(&into, book);
	if (access_supervises(s->holder.access) &&
		names_have(&s->holder.books, book))
		st = LOG(s->h->log, held_makings, book, &open, why);
	for (size_t i = 0; !st && i < open.count; i++)
		st = tell_making(s, &open.items[i], &into, out, why);
	log_helds_release(&open);
	names_release(&into);
	return st;
}

/* One record's moves at one seq: enters, then leaves. A birth rides with its
 * entry, where that was told; else it is an entering like others. */
static enum status
tell_moves(struct hub_sync *s, const struct lens *lens,
	const struct log_moves *moves, size_t first, bool told, struct buf *out,
	struct why *why)
{
	const struct log_move *m = &moves->items[first];
	struct frame in = {.type = FRAME_ENTER, .seq = m->seq};
	struct frame gone = {.type = FRAME_LEAVE, .seq = m->seq};
	bool before = true, anyway = false;
	struct track t;
	enum status st = track_read(s, m->kind, m->id, &t, why);

	for (size_t i = first; i < moves->count; i++) {
		const struct log_move *o = &moves->items[i];

		if (strcmp(o->id, m->id) != 0 ||
			strcmp(o->kind, m->kind) != 0 ||
			!names_have(lens->books, o->book))
			continue;
		if (o->move == MOVE_ENTERS || (o->move == MOVE_BORN && !told))
			names_add(&in.books, o->book);
		else if (o->move == MOVE_LEAVES)
			names_add(&gone.books, o->book);
	}
	in.kind = mem_text(m->kind);
	in.id = mem_text(m->id);
	gone.kind = mem_text(m->kind);
	gone.id = mem_text(m->id);
	if (!books_meet(&t.now, lens->books))
		names_release(&in.books); /* it is elsewhere by now */
	if (!st && in.books.count)
		st = was_in(s, &t, lens->books, m->seq - 1, &before, why);
	if (!st && in.books.count)
		st = comes_anyway(s, lens, &t, m->seq, &anyway, why);
	if (!st && in.books.count && !before && !anyway)
		st = whole_record(s->h->log, m->kind, m->id, &in, why);
	if (!st && in.count)
		note_whole(s, m);
	if (!st && in.books.count)
		answer_frame(s, &in, out);
	/* Who could read it before, or reads it anyway, may decide only now. */
	if (!st && in.books.count)
		st = answer_held(s, m->kind, m->id, out, why);
	if (!st && gone.books.count)
		answer_frame(s, &gone, out);
	track_release(&t);
	frame_release(&in);
	frame_release(&gone);
	return st;
}

static bool
moved_before(const struct log_moves *moves, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(moves->items[j].id, moves->items[i].id) == 0 &&
			strcmp(moves->items[j].kind, moves->items[i].kind) == 0)
			return true;
	return false;
}

/* An entry and the moves it caused. */
static enum status
tell_brief_and_moves(struct hub_sync *s, const struct lens *lens,
	const struct log_brief *b, struct buf *out, struct why *why)
{
	struct log_moves moves = {0};
	bool told = false;
	enum status st = LOG(s->h->log, moves_at, b->seq, &moves, why);

	if (!st)
		st = tell_brief(s, lens, b, &moves, &told, out, why);
	for (size_t i = 0; !st && i < moves.count; i++)
		if (!moved_before(&moves, i) &&
			hub_may_read(
				s->h, moves.items[i].kind, s->holder.access))
			st = tell_moves(s, lens, &moves, i, told, out, why);
	log_moves_release(&moves);
	return st;
}

static enum status
tell_seq(struct hub_sync *s, const struct lens *lens, int64_t seq,
	struct buf *out, struct why *why)
{
	struct log_briefs one = {0};
	enum status st = LOG(s->h->log, tail, seq - 1, seq, 1, &one, why);

	if (!st && one.count)
		st = tell_brief_and_moves(s, lens, &one.items[0], out, why);
	log_briefs_release(&one);
	return st;
}

enum status
answer_entries(struct hub_sync *s, const struct lens *lens, bool *done,
	struct buf *out, struct why *why)
{
	struct news *n = &s->news;
	enum status st = news_more(s, lens, why);

	for (int i = 0; !st && i < ROWS_AT_ONCE && n->told < n->seqs.count;
		i++) {
		st = tell_seq(s, lens, n->seqs.items[n->told], out, why);
		s->at = n->seqs.items[n->told++];
		if (answer_cursor_due(s) || out->len >= s->piece_end)
			break;
	}
	*done = !st && n->all && n->told == n->seqs.count;
	if (*done) {
		news_release(n);
		s->at = s->head;
	}
	return st;
}
