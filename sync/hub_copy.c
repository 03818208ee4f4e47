/*
 * Is the file that asks the one that wrote what the log has of it, and is this
 * log the one it knows? PROTOCOL.md, "Chains" and "A restored hub".
 */
#include "sync/hub_request.h"

#include <stdlib.h>
#include <string.h>

#define DEVICE_BYTES 100
#define COPY_WORD " (copy of "

enum status
chain_at(struct hub_log *log, const struct log_replica *r, uint32_t n,
	struct digest *out, struct why *why)
{
	struct edit_id id = {r->number, n};
	struct log_row row = {0};
	enum status st = ST_OK;

	memset(out, 0, sizeof(*out));
	if (n == r->n) {
		*out = r->chain;
	} else if (n) {
		st = LOG(log, entry_of, id, &row, why);
		*out = row.chain;
		log_row_release(&row);
	}
	return st;
}

enum status
chain_agrees(struct hub_log *log, const struct log_replica *r, uint32_t n,
	const uint8_t mark[MARK_SIZE], bool *agrees, struct why *why)
{
	struct digest chain;
	enum status st;

	*agrees = false;
	if (n > r->n)
		return ST_OK;
	st = chain_at(log, r, n, &chain, why);
	*agrees = !st && memcmp(chain.bytes, mark, MARK_SIZE) == 0;
	return st == ST_NOT_FOUND ? ST_OK : st;
}

/* Up to where this log and the one of that incarnation are the same. */
static enum status
read_fork(struct hub_sync *s, struct why *why)
{
	enum status st = LOG(
		s->h->log, fork, s->hello.cursor.incarnation, &s->fork, why);

	if (st == ST_NOT_FOUND) {
		s->fork = FORK_UNKNOWN;
		return ST_OK;
	}
	return st;
}

/* Is the cursor's mark the one this log has at its seq? */
static enum status
check_past(struct hub_sync *s, struct why *why)
{
	static const uint8_t start[MARK_SIZE];
	const struct cursor *c = &s->hello.cursor;
	struct digest leaf;
	const uint8_t *mark = start;
	enum status st = ST_OK;

	if (!c->set)
		return ST_OK;
	if (c->seq)
		st = LOG(s->h->log, leaf_at, c->seq, &leaf, why);
	if (c->seq && !st)
		mark = leaf.bytes;
	s->other_past =
		st == ST_NOT_FOUND || memcmp(mark, c->mark, MARK_SIZE) != 0;
	if (st == ST_NOT_FOUND)
		st = ST_OK;
	return st || !s->other_past ? st : read_fork(s, why);
}

void
copy_found(struct hub_sync *s, uint32_t n, const uint8_t mark[MARK_SIZE],
	uint32_t upto)
{
	struct log_copy *c = &s->copy;

	s->take_edits = false;
	s->is_copy = true;
	c->origin = s->replica.number;
	c->n = n;
	memcpy(c->mark, mark, MARK_SIZE);
	c->upto = upto;
}

/* Numbers that the file had before, and up to which edit they are its own. */
static enum status
read_origins(struct hub_sync *s, struct why *why)
{
	struct log_copy c = {.number = s->replica.number};
	enum status st = ST_OK;

	while (s->origin_count < ORIGINS_MAX) {
		st = LOG(s->h->log, copy_of, c.number, &c, why);
		if (st)
			break;
		s->origins[s->origin_count++] =
			(struct edit_id){c.origin, c.upto};
		c.number = c.origin;
	}
	return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status
check_copy(struct hub_sync *s, struct why *why)
{
	const struct hello *hello = &s->hello;
	uint32_t upto = s->replica.n;
	bool agrees;
	enum status st = check_past(s, why);

	if (!st)
		st = chain_agrees(s->h->log, &s->replica, hello->n,
			hello->chain, &agrees, why);
	if (!st)
		st = read_origins(s, why);
	if (st || s->other_past)
		return st;
	s->take_edits = agrees;
	s->other_chain = !agrees && hello->n <= s->replica.n;
	if (agrees)
		upto = hello->n;
	else if (s->other_chain)
		upto = 0;
	if (hello->copy)
		copy_found(s, hello->n, hello->chain, upto);
	return ST_OK;
}

/* The device's name, once with where its number comes from. */
static void
name_copy(const struct log_replica *origin, struct buf *out)
{
	const char *before = strstr(origin->device, COPY_WORD);
	size_t len = before ? (size_t)(before - origin->device)
			    : strlen(origin->device);

	buf_add(out, origin->device, len);
	buf_printf(out, COPY_WORD "%u)", origin->number);
}

static enum status
give_number(struct hub_sync *s, struct log_copy *c, struct why *why)
{
	struct log_replica r = {.badge = s->replica.badge, .enrolled = s->t};
	struct buf device = BUF_INIT;
	int64_t next;
	enum status st = hub_meta_int(s->h, HUB_META_NEXT_REPLICA, &next, why);

	if (!st)
		st = hub_meta_set_int(
			s->h, HUB_META_NEXT_REPLICA, next + 1, why);
	name_copy(&s->replica, &device);
	r.number = c->number = (uint32_t)next;
	r.device = (char *)(uintptr_t)buf_text(&device);
	if (!st)
		st = LOG(s->h->log, replica_put, &r, why);
	if (!st)
		st = LOG(s->h->log, copy_add, c, why);
	buf_release(&device);
	return st;
}

/* The same copy, asking again, is given the same number. */
enum status
copy_number(struct hub_sync *s, struct why *why)
{
	enum status st = LOG(s->h->log, copy_like, &s->copy, why);

	return st == ST_NOT_FOUND ? give_number(s, &s->copy, why) : st;
}
