/*
 * Which entries an answer has to look at. The log's index of news has under a
 * book at least all that hub_tell.c may tell of it:
 *
 * - an applied entry is told where its record was in the book right before it,
 *   or is born with it: the index has the books before, and all moves;
 * - moves are told in the book that the record enters or leaves;
 * - a held entry is told, and what became of it, where its record is by now,
 *   or would be while it is not made: the index has the books at its time,
 *   those that the record enters later, and those where it would be;
 * - one's own verdicts, and what was written under earlier numbers, go by
 *   number; what became of one's own held edits goes by badge.
 *
 * An edit that opposes another record's void is told with its own record only.
 */
#include "sync/hub_request.h"

#include <stdlib.h>

/* What is being gathered: the first `limit` seqs of all that there are. */
struct gathering {
	struct hub_sync *s;
	struct log_seqs *seqs;
	struct log_span span; /* narrows as seqs come together */
	struct why *why;
};

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* In order, each once, and no more than were asked for. */
static void
thin(struct gathering *g)
{
	struct log_seqs *l = g->seqs;
	size_t kept = 0, limit = (size_t)g->span.limit;

	if (l->count)
		qsort(l->items, l->count, sizeof(*l->items), by_value);
	for (size_t i = 0; i < l->count && kept < limit; i++)
		if (!kept || l->items[i] != l->items[kept - 1])
			l->items[kept++] = l->items[i];
	l->count = kept;
	if (kept == limit)
		g->span.upto = l->items[kept - 1];
}

static void
thin_many(struct gathering *g)
{
	if (g->seqs->count >= 2 * (size_t)g->span.limit)
		thin(g);
}

static enum status
gather_books(struct gathering *g, const struct names *books)
{
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < books->count; i++) {
		st = LOG(g->s->h->log, news, books->items[i], &g->span, g->seqs,
			g->why);
		thin_many(g);
	}
	return st;
}

/* By the file's numbers and its member's badge. */
static enum status
gather_own(struct gathering *g)
{
	struct hub_sync *s = g->s;
	struct hub_log *log = s->h->log;
	struct edit_id all = {s->replica.number, UINT32_MAX};
	enum status st = LOG(log, news_of, all, &g->span, g->seqs, g->why);

	for (size_t i = 0; !st && i < s->origin_count; i++) {
		st = LOG(
			log, news_of, s->origins[i], &g->span, g->seqs, g->why);
		thin_many(g);
	}
	return st ? st
		  : LOG(log, news_decided, s->replica.badge, &g->span, g->seqs,
			    g->why);
}

enum status
news_more(struct hub_sync *s, const struct lens *lens, struct why *why)
{
	struct news *n = &s->news;
	struct gathering g = {.s = s, .seqs = &n->seqs, .why = why};
	enum status st;

	if (n->told < n->seqs.count || n->all)
		return ST_OK;
	n->told = n->seqs.count = 0;
	n->all = s->at >= s->head;
	if (n->all)
		return ST_OK;
	g.span.after = s->at;
	g.span.upto = s->head;
	/* With the books, so that each is asked once for as many entries. */
	g.span.limit = ROWS_AT_ONCE + (int64_t)lens->books->count;
	st = gather_books(&g, lens->books);
	if (!st && lens->own)
		st = gather_own(&g);
	thin(&g);
	n->all = n->seqs.count < (size_t)g.span.limit;
	return st;
}

void
news_release(struct news *n)
{
	log_seqs_release(&n->seqs);
	n->told = 0;
	n->all = false;
}
