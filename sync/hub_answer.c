/*
 * POST /v1/sync, giving back: head, tail, fillings, piece by piece. Each
 * piece reads one moment of the log; what comes after H waits for the next
 * sync, and what left a book meanwhile is not told any more.
 */
#include "sync/hub_request.h"

#include <stdlib.h>
#include <string.h>

#include "common/lent.h"
#include "common/value.h"

void
answer_frame(struct hub_sync *s, const struct frame *f, struct buf *out)
{
	buf_clear(&s->line);
	message_put_frame(&s->down, f, &s->line);
	packer_add(s->packer, buf_text(&s->line), s->line.len, out);
	/* The tail is flushed at its cursors. */
	if (s->phase != PHASE_TAIL &&
		packer_pending(s->packer) >= PACK_FLUSH_BYTES)
		packer_flush(s->packer, out);
}

/* A cursor is worth its bytes where a cut would cost more than they do: not
 * when the last one comes soon. */
bool
answer_cursor_due(const struct hub_sync *s)
{
	size_t pending = packer_pending(s->packer);

	return pending >= 2 * PACK_FLUSH_BYTES ||
	       (pending >= PACK_FLUSH_BYTES && s->head - s->at > LAST_ENTRIES);
}

static enum status
emit_cursor(struct hub_sync *s, struct buf *out, struct why *why)
{
	struct frame f = {.type = FRAME_CURSOR, .seq = s->at};
	struct digest leaf = {0};
	enum status st = ST_OK;

	if (s->at)
		st = LOG(s->h->log, leaf_at, s->at, &leaf, why);
	memcpy(f.mark, leaf.bytes, MARK_SIZE);
	if (st)
		return st;
	answer_frame(s, &f, out);
	if (s->at < s->head)
		packer_flush(s->packer, out);
	return ST_OK;
}

/* Head. */

static void
add_fill(struct hub_sync *s, const char *book)
{
	struct filling *f;

	MEM_ROOM(s->fills, s->fill_count, s->fill_cap);
	f = &s->fills[s->fill_count++];
	f->book = mem_text(book);
	f->head = -1;
	for (size_t i = 0; i < s->hello.filling_count; i++) {
		const struct filling *had = &s->hello.fillings[i];

		if (strcmp(had->book, book) != 0 || had->head > s->head)
			continue;
		f->head = had->head;
		f->kind = mem_text(had->kind);
		f->id = mem_text(had->id);
	}
	if (f->head >= 0)
		return;
	f->head = s->head;
	f->kind = mem_text("");
	f->id = mem_text("");
}

static bool
is_filling(const struct hub_sync *s, const char *book)
{
	for (size_t i = 0; i < s->hello.filling_count; i++)
		if (strcmp(s->hello.fillings[i].book, book) == 0)
			return true;
	return false;
}

static bool
has_whole(const struct hub_sync *s, const char *book)
{
	return s->hello.books_hashed ||
	       (names_have(&s->hello.books, book) && !is_filling(s, book));
}

/* dept first, then the member's own, then by name. */
static void
sort_books(struct hub_sync *s)
{
	char *own = mem_printf("member:%s", s->replica.badge);

	if (names_have(&s->held, "dept") && !has_whole(s, "dept"))
		add_fill(s, "dept");
	if (names_have(&s->held, own) && !has_whole(s, own))
		add_fill(s, own);
	for (size_t i = 0; i < s->held.count; i++) {
		const char *book = s->held.items[i];

		if (has_whole(s, book)) {
			names_add(&s->joined, book);
			names_add(&s->whole, book);
		} else if (strcmp(book, "dept") != 0 &&
			   strcmp(book, own) != 0) {
			add_fill(s, book);
		}
	}
	free(own);
}

/* Does the replica hold what it thinks it holds? */
static bool
books_agree(struct hub_sync *s)
{
	uint8_t hash[MARK_SIZE];

	if (!s->hello.books_hashed)
		return names_same(&s->held, &s->hello.books);
	books_hash(&s->held, access_name(s->holder.access), &s->lent, hash);
	return memcmp(hash, s->hello.books_hash, MARK_SIZE) == 0;
}

static enum status
emit_profile(struct hub_sync *s, struct buf *out, struct why *why)
{
	struct frame f = {.type = FRAME_PROFILE};
	struct buf text = BUF_INIT;
	enum status st = LOG(s->h->log, meta, HUB_META_PROFILE, &text, why);

	f.text = buf_take(&text);
	if (!st)
		answer_frame(s, &f, out);
	frame_release(&f);
	return st;
}

static void
emit_number(struct hub_sync *s, struct head *head)
{
	struct buf token = BUF_INIT;

	if (!s->is_copy)
		return;
	head->number = s->copy.number;
	hub_token(s->h, head->number, s->replica.badge, &token);
	head->token = buf_take(&token);
}

/* A file that does not agree with the log about its own past is told that
 * alone: rows would mix the two. So is one of whose edits the log has more than
 * came now: their verdicts are for a file that knows they are its own. */
static bool
says_no_more(const struct hub_sync *s)
{
	return s->other_past || s->other_chain || s->is_copy ||
	       s->hello.n > s->replica.n || s->up.n < s->replica.n;
}

static void
emit_head(struct hub_sync *s, int64_t durable, bool tell_books, bool profile,
	struct buf *out)
{
	struct frame f = {.type = FRAME_HEAD};

	f.head.hub_ms = s->t;
	if (strcmp(s->hello.cursor.incarnation, s->h->incarnation) != 0)
		memcpy(f.head.incarnation, s->h->incarnation,
			sizeof(f.head.incarnation));
	f.head.n = s->is_copy ? s->copy.upto : s->replica.n;
	f.head.durable = durable;
	f.head.other_past = s->other_past;
	f.head.fork = s->fork;
	f.head.other_chain = s->other_chain && !s->is_copy;
	emit_number(s, &f.head);
	f.head.whole = s->unjoined;
	f.head.has_books = tell_books;
	for (size_t i = 0; tell_books && i < s->held.count; i++)
		names_add(&f.head.books, s->held.items[i]);
	for (size_t i = 0; tell_books && i < s->lent.count; i++)
		names_add(&f.head.lent, s->lent.items[i]);
	if (tell_books)
		f.head.level = mem_text(access_name(s->holder.access));
	if (profile)
		f.head.profile_hash = mem_text(s->h->profile_hash);
	answer_frame(s, &f, out);
	frame_release(&f);
}

static enum status
read_now(struct hub_sync *s, int64_t *durable, struct why *why)
{
	struct log_replica now = {0};
	int64_t came;
	enum status st = LOG(s->h->log, head, &s->head, &came, why);

	if (!st)
		st = hub_meta_int(s->h, HUB_META_DURABLE, durable, why);
	if (!st)
		st = LOG(s->h->log, replica, s->replica.number, &now, why);
	if (!st) {
		log_replica_release(&s->replica);
		s->replica = now;
	}
	holder_release(&s->holder);
	return st ? st
		  : holders_read(s->h->holders, s->h->log, s->replica.badge,
			    s->t > came ? s->t : came, &s->holder, why);
}

/* A beat that is asked for is lent where the profile allows it. */
static enum status
lend(struct hub_sync *s, const char *book, struct why *why)
{
	const char *allowed = catalog_limit(s->h->catalog, LIMIT_LEND_BEATS);
	struct log_books in = {0};
	enum status st;

	if (!allowed || strcmp(allowed, "true") != 0 ||
		strncmp(book, "beat:", 5) != 0 || names_have(&s->held, book))
		return ST_OK;
	st = LOG(s->h->log, books, "beat", book + 5, &in, why);
	if (!st && in.count && s->holder.access != ACCESS_NONE) {
		names_add(&s->held, book);
		names_add(&s->lent, book);
	}
	log_books_release(&in);
	return st;
}

static enum status
read_held(struct hub_sync *s, struct why *why)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < s->holder.books.count; i++)
		names_add(&s->held, s->holder.books.items[i]);
	for (size_t i = 0; !st && i < s->hello.asked.count && i < ASKED_MAX;
		i++)
		st = lend(s, s->hello.asked.items[i], why);
	return st;
}

static enum status
step_head(struct hub_sync *s, struct buf *out, struct why *why)
{
	struct cursor *c = &s->hello.cursor;
	int64_t durable = 0;
	bool agree, profile;
	enum status st = hub_refresh(s->h, why);

	if (!st)
		st = read_now(s, &durable, why);
	if (!st)
		st = read_held(s, why);
	if (st)
		return st;
	coder_start_down(&s->down, &s->hello, s->t, s->replica.number);
	s->down.base = s->hello.whole ? NULL : base_for_telling;
	s->down.base_arg = s;
	s->down.ages = &s->ages;
	agree = books_agree(s);
	profile = strcmp(s->hello.profile_hash, s->h->profile_hash) != 0;
	emit_head(s, durable, !agree || !s->hello.books_hashed || s->other_past,
		profile, out);
	if (profile)
		st = emit_profile(s, out, why);
	s->at = c->set ? c->seq : 0;
	s->phase = PHASE_TAIL;
	if (says_no_more(s) || s->hello.head_alone ||
		(s->hello.books_hashed && !agree))
		s->phase = PHASE_DONE;
	else
		sort_books(s);
	return st;
}

static enum status
step_tail(struct hub_sync *s, struct buf *out, struct why *why)
{
	struct lens lens = {&s->joined, NULL, true};
	bool done;
	enum status st = answer_entries(s, &lens, &done, out, why);

	if (!st && (done || answer_cursor_due(s)))
		st = emit_cursor(s, out, why);
	if (!st && done)
		s->phase = PHASE_FILL;
	return st;
}

static void
finish(struct hub_sync *s, struct buf *out)
{
	struct frame f = {.type = FRAME_END};

	answer_frame(s, &f, out);
	packer_finish(s->packer, out);
}

static enum status
step(struct hub_sync *s, struct buf *out, struct why *why)
{
	switch (s->phase) {
	case PHASE_HEAD:
		return step_head(s, out, why);
	case PHASE_TAIL:
		return step_tail(s, out, why);
	case PHASE_FILL:
		return answer_fill(s, out);
	case PHASE_RECORDS:
		return answer_records(s, out, why);
	case PHASE_CATCH_UP:
		return answer_catch_up(s, out, why);
	case PHASE_SUMS:
		return answer_sums(s, out, why);
	case PHASE_DONE:
		break;
	}
	return ST_OK;
}

bool
answer_step(struct hub_sync *s, struct buf *out)
{
	struct hub_log *log = s->h->log;
	struct why why;
	enum status st = LOG(log, begin_read, &why);

	s->piece_end = out->len + PIECE_BYTES;
	while (!st && s->phase != PHASE_DONE && out->len < s->piece_end)
		st = step(s, out, &why);
	log->ops->rollback(log);
	if (!st && s->phase == PHASE_DONE) {
		finish(s, out);
		return false;
	}
	/* The head is out: a stream that breaks off says that it failed. */
	return !st;
}
