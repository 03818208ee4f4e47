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
	answer_frame(s, &f, out);
	frame_release(&f);
	return ST_OK;
}

/* Where a record will be that only a held edit has made. */
static enum status
will_be_in(struct hub_sync *s, const struct log_brief *b,
	const struct names *books, bool *yes, struct why *why)
{
	struct log_row row;
	struct names will = {0};
	struct scope_view view = {s->h->log, NULL, NULL};
	struct book_lookup look = scope_lookup(&view);
	enum status st = LOG(s->h->log, entry_at, b->seq, &row, why);

	if (st)
		return st;
	view.over = &row.entry.edit;
	view.by = row.entry.by;
	st = books_of(s->h->catalog, &look, b->kind, b->id, &will, NULL, why);
	for (size_t i = 0; !st && i < will.count; i++)
		*yes = *yes || names_have(books, will.items[i]);
	names_release(&will);
	log_row_release(&row);
	return st;
}

/* Held edits are told to those who may decide about them. */
static enum status
held_in_view(struct hub_sync *s, const struct lens *lens,
	const struct log_brief *b, struct track *t, bool *yes, struct why *why)
{
	if (!access_supervises(s->holder.access))
		return ST_OK;
	if (!t->now.count)
		return will_be_in(s, b, lens->books, yes, why);
	*yes = books_meet(&t->now, lens->books);
	return ST_OK;
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
		return held_in_view(s, lens, b, t, yes, why);
	if (!books_meet(&t->now, lens->books))
		return ST_OK;
	st = comes_anyway(s, lens, t, b->seq, &anyway, why);
	if (st || anyway)
		return st;
	for (size_t i = 0; i < moves->count && !*yes; i++)
		*yes = is_birth(&moves->items[i], b->kind, b->id, lens->books);
	return *yes ? ST_OK : was_in(s, t, lens->books, b->seq - 1, yes, why);
}

static enum status
tell_brief(struct hub_sync *s, const struct lens *lens,
	const struct log_brief *b, const struct log_moves *moves,
	struct buf *out, struct why *why)
{
	bool own = b->edit.replica == s->replica.number, yes;
	struct track t;
	enum status st;

	/* What this file never wrote, though it has its number, comes with
	 * its values. */
	if (own && b->edit.n <= s->up.n)
		return lens->own ? tell_entry(s, lens, FRAME_VERDICT, b, moves,
					   out, why)
				 : ST_OK;
	st = track_read(s, b->kind, b->id, &t, why);
	if (!st)
		st = in_view(s, lens, b, moves, &t, &yes, why);
	if (!st && yes)
		st = tell_entry(s, lens, FRAME_ENTRY, b, moves, out, why);
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

/* One record's moves at one seq: enters, then leaves. */
static enum status
tell_moves(struct hub_sync *s, const struct lens *lens,
	const struct log_moves *moves, size_t first, struct buf *out,
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
		if (o->move == MOVE_ENTERS)
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
tell_seq(struct hub_sync *s, const struct lens *lens, const struct log_brief *b,
	struct buf *out, struct why *why)
{
	struct log_moves moves = {0};
	enum status st = LOG(s->h->log, moves_at, b->seq, &moves, why);

	if (!st)
		st = tell_brief(s, lens, b, &moves, out, why);
	for (size_t i = 0; !st && i < moves.count; i++)
		if (!moved_before(&moves, i) &&
			hub_may_read(
				s->h, moves.items[i].kind, s->holder.access))
			st = tell_moves(s, lens, &moves, i, out, why);
	log_moves_release(&moves);
	return st;
}

/* The next briefs after s->at: all, or without any joined book only the
 * replica's own. */
static enum status
next_briefs(struct hub_sync *s, const struct lens *lens,
	struct log_briefs *briefs, struct why *why)
{
	if (lens->own && !lens->books->count)
		return LOG(s->h->log, tail_of, s->replica.number, 0, s->at,
			s->head, ROWS_AT_ONCE, briefs, why);
	return LOG(s->h->log, tail, s->at, s->head, ROWS_AT_ONCE, briefs, why);
}

enum status
answer_entries(struct hub_sync *s, const struct lens *lens, bool *done,
	struct buf *out, struct why *why)
{
	struct log_briefs briefs = {0};
	enum status st = next_briefs(s, lens, &briefs, why);

	*done = !st && briefs.count < ROWS_AT_ONCE;
	for (size_t i = 0; !st && i < briefs.count; i++) {
		st = tell_seq(s, lens, &briefs.items[i], out, why);
		s->at = briefs.items[i].seq;
		if (s->since >= CURSOR_BYTES) {
			*done = *done && i + 1 == briefs.count;
			break;
		}
	}
	if (!st && *done)
		s->at = s->head;
	log_briefs_release(&briefs);
	return st;
}
