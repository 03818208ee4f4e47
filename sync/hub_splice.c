/* What splices are cut against and joined to: PROTOCOL.md, "Splices". */
#include "sync/hub_request.h"

#include <stdlib.h>
#include <string.h>

/*
 * May the member know this value? A splice that fits tells that it was
 * guessed right, so what it names must be their own or in view.
 */
static enum status
in_sight(struct hub_sync *s, const struct entry *e, bool *yes, struct why *why)
{
	struct log_books in = {0};
	enum status st = ST_OK;

	*yes = strcmp(e->by, s->replica.badge) == 0;
	if (*yes || !hub_may_read(s->h, e->edit.kind, s->holder.access) ||
		(e->verdict.held && !access_supervises(s->holder.access)))
		return ST_OK;
	st = LOG(s->h->log, books, e->edit.kind, e->edit.record, &in, why);
	*yes = !st && books_meet(&in, &s->holder.books);
	log_books_release(&in);
	return st;
}

static enum status
find_logged(struct hub_sync *s, const struct splice_base *at, struct buf *out,
	struct why *why)
{
	struct log_row row = {0};
	bool yes = false;
	enum status st = LOG(s->h->log, entry_of, at->edit, &row, why);

	if (!st)
		st = in_sight(s, &row.entry, &yes, why);
	if (!st)
		st = yes && splice_base_in(&row.entry.edit, at, out)
			     ? ST_OK
			     : ST_NOT_FOUND;
	log_row_release(&row);
	return st;
}

/* What waits is of one replica, n after n. */
static bool
base_waits(
	const struct hub_sync *s, const struct splice_base *at, struct buf *out)
{
	uint32_t first = s->batch_count ? s->batch[0].row.entry.edit.id.n : 0;
	size_t i = at->edit.n - first;

	return at->edit.n >= first && i < s->batch_count &&
	       splice_base_in(&s->batch[i].row.entry.edit, at, out);
}

/* An edit of this request may lean on another that waits beside it. */
enum status
base_for_taking(void *arg, const struct splice_base *at, struct buf *out,
	struct why *why)
{
	struct hub_sync *s = arg;
	struct hub_log *log = s->h->log;
	enum status st;

	if (base_waits(s, at, out))
		return ST_OK;
	st = LOG(log, begin_read, why);
	if (!st)
		st = find_logged(s, at, out, why);
	log->ops->rollback(log);
	return st;
}

/*
 * The value that was won by the edit this one was written over is what the
 * replica holds; unless the whole record came in this answer, as it is now.
 */
enum status
base_for_telling(void *arg, const struct splice_base *at, struct buf *out,
	struct why *why)
{
	struct hub_sync *s = arg;
	struct log_row row = {0};
	char *name = mem_printf("%s/%s", at->kind, at->id);
	bool came_whole = names_have(&s->told_whole, name);
	enum status st = ST_NOT_FOUND;

	if (!came_whole)
		st = LOG(s->h->log, entry_of, at->edit, &row, why);
	if (!st)
		st = verdict_won(&row.entry.verdict, at->field) &&
				     splice_base_in(&row.entry.edit, at, out)
			     ? ST_OK
			     : ST_NOT_FOUND;
	log_row_release(&row);
	free(name);
	return st;
}
