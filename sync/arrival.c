#include "sync/arrival.h"

#include <stdlib.h>
#include <string.h>

#include "common/history.h"
#include "common/inbox.h"
#include "common/inbox_held.h"
#include "common/news.h"
#include "common/past.h"
#include "sync/arrival_head.h"
#include "sync/request.h"

void
arrival_release(struct arrival *a)
{
	hello_release(&a->hello);
	head_release(&a->head);
	free(a->filling);
	a->filling = NULL;
}

enum status
arrival_check(struct arrival *a, struct why *why)
{
	int64_t cursor = 0, number = 0;
	enum status st = replica_meta_int(a->r, META_CURSOR, 0, &cursor, why);

	if (!st)
		st = replica_meta_int(a->r, META_REPLICA, 0, &number, why);
	if (!st && (cursor != a->cursor || (number != a->number && !a->turned)))
		st = why_set(why, ST_LATER,
			"another beatbook is syncing this file: wait for it, "
			"then try again");
	return st;
}

static enum status
enter_books(struct arrival *a, const struct frame *f, const char *kind,
	const char *id, struct why *why)
{
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < f->books.count; i++)
		st = inbox_enter(
			a->r, kind, id, f->books.items[i], NULL, 0, why);
	return st;
}

/* Is the record here that this own edit is of? */
static enum status
own_is_here(
	struct arrival *a, struct edit_id id, int64_t *here, struct why *why)
{
	return sql_int(replica_sql(a->r), 0, here, why,
		"SELECT 1 FROM _outbox o JOIN _record r ON r.kind=o.kind AND "
		"r.id=o.id WHERE o.replica=?1 AND o.n=?2",
		"ii", (int64_t)id.replica, (int64_t)id.n);
}

static enum status
is_here(struct arrival *a, const struct frame *f, int64_t *here,
	struct why *why)
{
	return sql_int(replica_sql(a->r), 0, here, why,
		"SELECT 1 FROM _record WHERE kind=?1 AND id=?2", "ss", f->kind,
		f->id);
}

/* What this file wrote under an earlier number is told wherever its record is
 * by now: one that is in no book held does not come back by it. */
static enum status
release_if_own(struct arrival *a, const struct entry *e, struct why *why)
{
	bool released;

	if (strcmp(e->by, replica_identity(a->r)->badge) != 0)
		return ST_OK;
	return inbox_release(
		a->r, e->edit.kind, e->edit.record, &released, why);
}

/* The books come first: a record that is in none would be dropped. */
static enum status
take_entry(struct arrival *a, const struct frame *f, struct why *why)
{
	const struct entry *e = &f->entries[0];
	enum status st;

	a->counts.entries++;
	if (e->verdict.held)
		return inbox_held(a->r, e, &f->books, why);
	st = enter_books(a, f, e->edit.kind, e->edit.record, why);
	if (!st)
		st = inbox_entry(a->r, e, why);
	return st ? st : release_if_own(a, e, why);
}

/* A verdict does not say which record: our own edit does. */
static enum status
take_verdict(struct arrival *a, const struct frame *f, struct why *why)
{
	struct entry own = {0};
	struct edit_id id = f->entries[0].edit.id;
	int64_t before = 0, after = 0;
	enum status st = own_is_here(a, id, &before, why);

	if (!st && f->books.count) {
		st = history_edit(a->r, id, &own, why);
		if (!st)
			st = enter_books(
				a, f, own.edit.kind, own.edit.record, why);
		entry_release(&own);
	}
	if (!st)
		st = inbox_verdict(a->r, &f->entries[0], why);
	if (!st)
		st = own_is_here(a, id, &after, why);
	a->counts.left += before && !after;
	return st;
}

static enum status
take_enter(struct arrival *a, const struct frame *f, struct why *why)
{
	enum status st = ST_OK;

	a->counts.records += f->count > 0;
	for (size_t i = 0; !st && i < f->books.count; i++)
		st = inbox_enter(a->r, f->kind, f->id, f->books.items[i],
			i ? NULL : f->entries, i ? 0 : f->count, why);
	return st;
}

static enum status
take_decided(struct arrival *a, const struct frame *f, struct why *why)
{
	const struct entry *e = &f->entries[0];
	const struct decision d = {
		&e->verdict, e->seq, e->at, e->by, e->edit.reason, f->accepted};

	return inbox_held_decided(a->r, &d, why);
}

static enum status
take_leave(struct arrival *a, const struct frame *f, struct why *why)
{
	int64_t before = 0, after = 0;
	enum status st = is_here(a, f, &before, why);

	for (size_t i = 0; !st && i < f->books.count; i++)
		st = inbox_leave(a->r, f->kind, f->id, f->books.items[i], why);
	if (!st)
		st = inbox_held_if_lent(a->r, f->kind, f->id, why);
	if (!st)
		st = is_here(a, f, &after, why);
	a->counts.left += before && !after;
	return st;
}

static enum status
take_record(struct arrival *a, const struct frame *f, struct why *why)
{
	enum status st = inbox_enter(
		a->r, f->kind, f->id, a->filling, f->entries, f->count, why);

	a->counts.records += f->count > 0;
	return st ? st : inbox_fill_at(a->r, a->filling, f->kind, f->id, why);
}

static enum status
take_fill(struct arrival *a, struct frame *f, struct why *why)
{
	enum status st = inbox_fill(a->r, f->text, f->seq, why);

	free(a->filling);
	a->filling = f->text;
	f->text = NULL;
	return st;
}

/* A book that is new here is looked at as soon as it is whole; one that was
 * refilled only when all are, or a fault that stays would refill for ever. */
static enum status
take_filled(struct arrival *a, const struct frame *f, struct why *why)
{
	int64_t pass = 0;
	enum status st = sql_int(replica_sql(a->r), 0, &pass, why,
		"SELECT pass FROM _book WHERE book=?1", "s", f->text);

	if (!st && !pass)
		st = replica_meta_set_int(a->r, META_SUMS_DUE, 0, why);
	return st ? st : inbox_filled(a->r, f->text, why);
}

static enum status
note_mended(const struct arrival *a, struct why *why)
{
	return replica_meta_set_int(a->r, META_MENDED_AT, a->head.hub_ms, why);
}

/* What differs from the hub's is filled anew. */
static enum status
take_sum(struct arrival *a, const struct frame *f, struct why *why)
{
	struct checksums own = {0};
	int64_t joined = 0;
	enum status st = sql_int(replica_sql(a->r), 0, &joined, why,
		"SELECT joined FROM _book WHERE book=?1", "s", f->text);

	if (!st && joined && a->cursor_came) {
		a->sums_came = true;
		st = checksums_read(a->r, f->text, &own, why);
	}
	if (!st && joined && a->cursor_came &&
		!checksums_same(&own, &f->sums)) {
		a->counts.differed++;
		a->counts.again = true;
		st = inbox_refill(a->r, f->text, why);
		if (!st)
			st = note_mended(a, why);
	}
	checksums_release(&own);
	return st;
}

static enum status
take_cursor(struct arrival *a, const struct frame *f, struct why *why)
{
	char mark[BASE64_SIZE(MARK_SIZE)];
	enum status st = replica_meta_set_int(a->r, META_CURSOR, f->seq, why);

	base64_encode(f->mark, MARK_SIZE, mark);
	if (!st)
		st = replica_meta_set(a->r, META_CURSOR_MARK, mark, why);
	if (!st)
		st = replica_meta_set(
			a->r, META_INCARNATION, a->head.incarnation, why);
	if (!st)
		st = news_gather(a->r, why);
	a->cursor = f->seq;
	a->cursor_came = true;
	return st;
}

/* Books that the head named and that are not here whole. */
static enum status
books_missing(struct arrival *a, bool *missing, struct why *why)
{
	struct held_books held = {0};
	size_t joined = 0;
	enum status st = inbox_books(a->r, &held, why);

	*missing = false;
	for (size_t i = 0; i < held.count; i++) {
		joined += held.items[i].joined;
		*missing = *missing || !held.items[i].joined;
	}
	*missing =
		*missing || (a->head.has_books && joined < a->head.books.count);
	held_books_release(&held);
	return st;
}

/*
 * Was the head all that the hub said? It told other books than the hash was of,
 * or that it has edits of ours which this request did not bring it.
 */
static bool
head_came_alone(const struct arrival *a)
{
	bool other_books = a->head.has_books && a->hello.books_hashed;
	bool has_more =
		a->head.whole || a->head.n - a->hello.n > a->counts.sent;

	return !a->cursor_came &&
	       (other_books || has_more || a->hello.head_alone);
}

/* Of a restored hub's answer that is whole. */
static enum status
adopt(struct arrival *a, struct why *why)
{
	int64_t restored = 0, count = 0;
	enum status st = replica_meta_int(a->r, META_ADOPT, 0, &restored, why);

	if (!st && restored && a->cursor_came)
		st = replica_adopt(a->r, &count, why);
	a->counts.again = a->counts.again || count;
	return st;
}

/*
 * A head alone is followed by another request. Else the sync is whole; what it
 * left out comes with the next, if this one brought anything at all.
 */
static enum status
take_end(struct arrival *a, struct why *why)
{
	bool missing;
	enum status st;

	if (head_came_alone(a)) {
		a->counts.again = true;
		return ST_OK;
	}
	st = books_missing(a, &missing, why);
	if (!st)
		st = adopt(a, why);
	if (!st)
		st = replica_meta_set_int(a->r, META_NAME_BOOKS, missing, why);
	if (!st && a->sums_came)
		st = replica_meta_set_int(a->r, META_SUMS_DUE,
			a->head.hub_ms + SUMS_EVERY_MS, why);
	if (!st && a->hello.whole)
		st = replica_meta_set_int(a->r, META_WHOLE_DOWN, 0, why);
	if (!st)
		st = replica_meta_set_int(
			a->r, META_LAST_SYNC, a->head.hub_ms, why);
	if (missing && (a->counts.records || a->counts.entries))
		a->counts.again = true;
	return st;
}

enum status
arrival_take(struct arrival *a, struct frame *f, struct why *why)
{
	if (a->turned)
		return ST_OK;
	switch (f->type) {
	case FRAME_HEAD:
		return arrival_take_head(a, f, why);
	case FRAME_PROFILE:
		return replica_set_profile(
			a->r, f->text, a->head.profile_hash, why);
	case FRAME_ENTRY:
		return take_entry(a, f, why);
	case FRAME_VERDICT:
		return take_verdict(a, f, why);
	case FRAME_ENTER:
		return take_enter(a, f, why);
	case FRAME_LEAVE:
		return take_leave(a, f, why);
	case FRAME_DECIDED:
		return take_decided(a, f, why);
	case FRAME_HELD:
		return inbox_held(a->r, &f->entries[0], &f->books, why);
	case FRAME_RECORD:
		return take_record(a, f, why);
	case FRAME_FILL:
		return take_fill(a, f, why);
	case FRAME_FILLED:
		return take_filled(a, f, why);
	case FRAME_CURSOR:
		return take_cursor(a, f, why);
	case FRAME_SUM:
		return take_sum(a, f, why);
	case FRAME_END:
		return take_end(a, why);
	case FRAME_UNKNOWN:
		break;
	}
	return ST_OK;
}

enum status
arrival_contradicted(struct arrival *a, const struct why *said, struct why *why)
{
	int64_t last = 0, now = a->head.hub_ms;
	enum status st =
		replica_meta_int(a->r, META_CONTRADICTED_AT, 0, &last, why);

	if (!st && last && now >= last && now - last < SUMS_EVERY_MS)
		return why_set(why, ST_DATA, "%s", said->text);
	if (!st)
		st = inbox_refill_all(a->r, why);
	if (!st)
		st = replica_meta_set_int(a->r, META_CONTRADICTED_AT, now, why);
	if (!st)
		st = note_mended(a, why);
	a->counts.contradicted = 1;
	a->counts.again = true;
	return st;
}
