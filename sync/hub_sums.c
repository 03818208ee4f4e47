/* Checksums of what the replica is to hold: PROTOCOL.md, "Checksums". */
#include "sync/hub_request.h"

#include <stdlib.h>
#include <string.h>

#define REST 4 /* of the time: what a look through all records may take */

/* What this member's level never sees is in no replica of theirs. */
static void
drop_unseen(struct hub_sync *s, struct checksums *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->count; i++) {
		if (hub_may_read(s->h, c->items[i].kind, s->holder.access))
			c->items[kept++] = c->items[i];
		else
			free(c->items[i].kind);
	}
	c->count = kept;
}

static enum status
tell_book(
	struct hub_sync *s, const char *book, struct buf *out, struct why *why)
{
	struct frame f = {.type = FRAME_SUM};
	enum status st = LOG(s->h->log, book_sums, book, &f.sums, why);

	drop_unseen(s, &f.sums);
	f.text = mem_text(book);
	if (!st)
		answer_frame(s, &f, out);
	frame_release(&f);
	return st;
}

static int64_t
boot_now(const struct hub *h)
{
	struct clock_reading now;

	clock_read(h->clock, &now);
	return now.boot_ms;
}

/* Others wait meanwhile, so not too often: who is not told asks again. */
static enum status
tell_books(struct hub_sync *s, struct buf *out, struct why *why)
{
	struct hub *h = s->h;
	int64_t began = boot_now(h), ended;
	enum status st = ST_OK;

	if (began < h->sums_from && began >= h->sums_from - h->sums_rest)
		return ST_OK;
	for (size_t i = 0; !st && i < s->whole.count; i++)
		st = tell_book(s, s->whole.items[i], out, why);
	ended = boot_now(h);
	h->sums_rest = (ended - began) * REST;
	h->sums_from = ended + h->sums_rest;
	return st;
}

enum status
answer_sums(struct hub_sync *s, struct buf *out, struct why *why)
{
	int64_t head, came;
	enum status st = LOG(s->h->log, head, &head, &came, why);

	s->phase = PHASE_DONE;
	/* They hold for the answer's cursor, or are not told. */
	if (st || !s->hello.sums || head != s->head)
		return st;
	return tell_books(s, out, why);
}
