#include "sync/engine.h"

#include <stdlib.h>
#include <string.h>

#include "common/outbox.h"
#include "sync/arrival.h"
#include "sync/pack.h"
#include "sync/refusal.h"
#include "sync/request.h"

/* An answer has no bound of its own (a first fill is large); this one only
 * keeps a broken hub from going on for ever. */
#define ANSWER_MAX ((size_t)1 << 30)

/* Frames that wait are searched for what a splice leans on; far fewer come
 * between two cursors. */
#define BASES_MAX 4096

struct engine {
	struct replica *r;
	struct arrival arrival;
	struct request_counts asked;
	struct unpacker *in;
	struct coder coder;
	struct ages ages;
	struct buf refusal; /* the body, where the status is not 200 */
	struct why refused; /* what it says, where that is a refusal */
	int http_status;
	/* Frames of the tail wait here for the cursor that covers them. */
	struct frame *queue;
	size_t queued, queue_cap;
	bool headed, profile_due, filling, ended; /* as decoded so far */
	bool contradicted; /* by what came: that was rolled back */
	bool healed;	   /* all is filled anew: the rest is not taken */
	bool unjoined;	   /* a splice did not fit: the rest is not taken */
	enum status fault;
	struct why why;
};

/* What the hello says and what the request holds must be of one moment. */
static enum status
write_request(
	struct engine *e, bool plain, struct buf *request, struct why *why)
{
	struct sql *db = replica_sql(e->r);
	struct hello *hello = &e->arrival.hello;
	enum status st = sql_begin(db, why);

	/* Another process may have been given a number for this file. */
	if (!st)
		st = replica_reload(e->r, why);
	if (!st)
		st = request_hello(e->r, hello, why);
	if (!st)
		st = request_write(e->r, hello, plain, request, &e->asked, why);
	e->arrival.asked = e->asked.now;
	e->arrival.number = replica_identity(e->r)->number;
	e->arrival.spliced = e->asked.spliced > 0;
	if (!st)
		st = replica_meta_int(
			e->r, META_CURSOR, 0, &e->arrival.cursor, why);
	if (!st)
		st = sql_commit(db, why);
	sql_rollback(db);
	return st;
}

enum status
engine_begin(struct replica *r, bool plain, struct engine **out,
	struct buf *request, struct why *why)
{
	struct engine *e = mem_alloc(sizeof(*e));
	enum status st;

	e->r = r;
	e->arrival.r = r;
	e->in = unpacker_new(ANSWER_MAX);
	e->asked.ages = &e->ages;
	e->refusal.max = REFUSAL_MAX + 1;
	st = write_request(e, plain, request, why);
	e->arrival.counts.sent = e->asked.sent;
	if (st) {
		engine_free(e);
		e = NULL;
	}
	*out = e;
	return st;
}

/* Does the frame stand where PROTOCOL.md lets it stand? */
static bool
order_ok(struct engine *e, const struct frame *f)
{
	bool profile_due = e->profile_due;

	e->profile_due = false;
	switch (f->type) {
	case FRAME_HEAD:
		e->profile_due = f->head.profile_hash != NULL;
		return !e->headed &&
		       (*f->head.incarnation || e->arrival.hello.cursor.set);
	case FRAME_PROFILE:
		return profile_due;
	case FRAME_FILL:
		return !e->filling;
	case FRAME_RECORD:
	case FRAME_FILLED:
		return e->filling;
	case FRAME_CURSOR:
	case FRAME_SUM:
	case FRAME_END:
		return !e->filling;
	default:
		return true;
	}
}

/* What an entry leans on may still wait in the queue, before it. */
static enum status
find_base(void *arg, const struct splice_base *at, struct buf *out,
	struct why *why)
{
	struct engine *e = arg;

	for (size_t i = e->queued; i-- > 0 && e->queued - i <= BASES_MAX;) {
		const struct frame *f = &e->queue[i];

		for (size_t j = 0; j < f->count; j++)
			if (splice_base_in(&f->entries[j].edit, at, out))
				return ST_OK;
	}
	return request_base(e->r, at, out, why);
}

static void
note_frame(struct engine *e, struct frame *f)
{
	if (f->type == FRAME_HEAD) {
		e->headed = true;
		if (!*f->head.incarnation)
			memcpy(f->head.incarnation,
				e->arrival.hello.cursor.incarnation,
				sizeof(f->head.incarnation));
		coder_start_down(&e->coder, &e->arrival.hello, f->head.hub_ms,
			replica_identity(e->r)->number);
		e->coder.base = e->arrival.hello.whole ? NULL : find_base;
		e->coder.base_arg = e;
		e->coder.ages = &e->ages;
	}
	if (f->type == FRAME_FILL || f->type == FRAME_FILLED)
		e->filling = f->type == FRAME_FILL;
	e->ended = f->type == FRAME_END;
}

static enum status
decode(struct engine *e, const char *line, size_t len, struct why *why)
{
	struct frame f;
	enum status st = message_get_frame(&e->coder, line, len, &f, why);

	if (!st && ((!e->headed && f.type != FRAME_HEAD) || !order_ok(e, &f))) {
		st = why_set(why, ST_DATA, "a frame is out of its place");
		frame_release(&f);
	}
	e->unjoined = st == ST_NOT_FOUND && !e->arrival.hello.whole;
	if (st)
		return st;
	note_frame(e, &f);
	MEM_ROOM(e->queue, e->queued, e->queue_cap);
	e->queue[e->queued++] = f;
	return ST_OK;
}

static enum status
decode_lines(struct engine *e, struct why *why)
{
	enum status st = ST_OK;
	const char *line;
	size_t len;

	while (!st && !e->ended && (line = unpacker_line(e->in, &len)))
		st = decode(e, line, len, why);
	return st;
}

static bool
waits_for_cursor(enum frame_type t)
{
	return t == FRAME_ENTRY || t == FRAME_VERDICT || t == FRAME_ENTER ||
	       t == FRAME_LEAVE || t == FRAME_DECIDED || t == FRAME_HELD ||
	       t == FRAME_UNKNOWN;
}

/*
 * Frames that may be taken: up to the last that is complete by itself. Rows
 * of the tail wait for their cursor, so that both commit together.
 */
static size_t
ready(const struct engine *e)
{
	size_t n = e->queued;

	if (e->filling)
		return n;
	while (n && waits_for_cursor(e->queue[n - 1].type))
		n--;
	return n;
}

static void
drop_queue(struct engine *e, size_t n)
{
	for (size_t i = 0; i < n; i++)
		frame_release(&e->queue[i]);
	e->queued -= n;
	if (e->queued)
		memmove(e->queue, e->queue + n, e->queued * sizeof(*e->queue));
}

static enum status
take_queued(struct engine *e, size_t n, struct why *why)
{
	struct sql *db = replica_sql(e->r);
	enum status st = sql_begin(db, why);

	if (!st)
		st = arrival_check(&e->arrival, why);
	for (size_t i = 0; !st && i < n; i++) {
		bool of_records = e->queue[i].type != FRAME_PROFILE;

		st = arrival_take(&e->arrival, &e->queue[i], why);
		e->contradicted = st == ST_DATA && of_records;
	}
	if (!st)
		st = sql_commit(db, why);
	sql_rollback(db);
	return st;
}

/* What the hub says now is taken for true, but no unsent edit is touched. */
static enum status
heal(struct engine *e, struct why *why)
{
	struct sql *db = replica_sql(e->r);
	struct why said = *why;
	enum status st = sql_begin(db, why);

	if (!st)
		st = arrival_contradicted(&e->arrival, &said, why);
	if (!st)
		st = sql_commit(db, why);
	sql_rollback(db);
	e->healed = !st;
	return st;
}

static enum status
take_ready(struct engine *e, struct why *why)
{
	const struct catalog *before = replica_catalog(e->r);
	size_t n = ready(e);
	enum status st;

	if (!n)
		return ST_OK;
	st = take_queued(e, n, why);
	if (st && replica_catalog(e->r) != before)
		replica_undo_profile(e->r);
	drop_queue(e, n);
	if (e->contradicted)
		st = heal(e, why);
	if (e->arrival.turned)
		return st ? st : replica_reload(e->r, why);
	return st;
}

/* The next request says that it wants values whole. */
static enum status
ask_whole(struct engine *e, struct why *why)
{
	struct sql *db = replica_sql(e->r);
	enum status st = sql_begin(db, why);

	if (!st)
		st = replica_meta_set_int(e->r, META_WHOLE_DOWN, 1, why);
	if (!st)
		st = sql_commit(db, why);
	sql_rollback(db);
	return st;
}

/* What follows is not taken, and might lean on what was not. */
static bool
over(const struct engine *e)
{
	return e->healed || e->arrival.turned;
}

static enum status
feed_stream(struct engine *e, const char *bytes, size_t len, struct why *why)
{
	struct why what = {""};
	enum status broken = unpacker_add(e->in, bytes, len, &what);
	enum status undecoded = decode_lines(e, &what);
	enum status st = take_ready(e, why);

	if (over(e))
		return st;
	if (!st && e->unjoined)
		st = ask_whole(e, why);
	if (!st && undecoded == ST_FILE)
		st = why_set(why, ST_FILE, "%s", what.text);
	if (st || e->ended || (!broken && !undecoded))
		return st;
	if (!e->headed)
		return refusal_not_ours(why);
	return why_set(why, ST_LATER,
		"the hub's answer cannot be read (%s): what came before is "
		"kept; try again, and if it stays so update beatbook",
		what.text);
}

/* Who is not known any more is told what became of the edits. */
static enum status
refuse(struct engine *e, struct why *why)
{
	struct outbox_counts n;
	struct why said;
	enum status st = refusal_read(
		e->http_status, buf_text(&e->refusal), e->refusal.len, &said);

	e->refused = st == ST_REFUSED ? said : (struct why){""};
	if (st != ST_REFUSED || e->http_status != 401 ||
		outbox_count(e->r, &n, why) || !n.unsent)
		return why_set(why, st, "%s", said.text);
	return why_set(why, st,
		"%.200s; %lld unsent edit%s kept here: `beatbook enroll` with "
		"a new code sends %s and keeps this file",
		said.text, (long long)n.unsent, n.unsent == 1 ? " is" : "s are",
		n.unsent == 1 ? "it" : "them");
}

/* A refusal is one line of JSON: try once it may be whole. */
static enum status
feed_refusal(struct engine *e, const char *bytes, size_t len, struct why *why)
{
	struct buf *b = &e->refusal;

	buf_add(b, bytes, len);
	if (buf_full(b))
		return refusal_not_ours(why);
	if (b->len && strchr("}\n", b->data[b->len - 1]))
		return refuse(e, why);
	return ST_OK;
}

enum status
engine_feed(struct engine *e, int http_status, const char *bytes, size_t len,
	struct why *why)
{
	if (e->fault)
		return why_set(why, e->fault, "%s", e->why.text);
	if (e->ended || over(e))
		return ST_OK;
	e->http_status = http_status;
	if (http_status == 200)
		e->fault = feed_stream(e, bytes, len, &e->why);
	else
		e->fault = feed_refusal(e, bytes, len, &e->why);
	return e->fault ? why_set(why, e->fault, "%s", e->why.text) : ST_OK;
}

void
engine_counts(const struct engine *e, struct sync_counts *out)
{
	*out = e->arrival.counts;
}

enum status
engine_end(struct engine *e, struct sync_counts *counts, struct why *why)
{
	bool more;

	*counts = e->arrival.counts;
	counts->again = true;
	if (over(e) ? !e->fault : e->unjoined && e->fault == ST_LATER)
		return ST_OK;
	more = e->asked.more && e->arrival.head.n < e->asked.newest;
	counts->again =
		!e->fault && e->ended && (more || e->arrival.counts.again);
	if (e->fault)
		return why_set(why, e->fault, "%s", e->why.text);
	if (e->ended)
		return ST_OK;
	if (e->http_status && e->http_status != 200)
		return refuse(e, why);
	if (e->http_status && !e->headed)
		return refusal_not_ours(why);
	return why_set(why, ST_LATER,
		"the connection to the hub broke off: what came is kept and "
		"all edits are; try again");
}

const char *
engine_refused(const struct engine *e)
{
	return e->refused.text;
}

void
engine_free(struct engine *e)
{
	if (!e)
		return;
	drop_queue(e, e->queued);
	free(e->queue);
	arrival_release(&e->arrival);
	unpacker_free(e->in);
	coder_release(&e->coder);
	ages_release(&e->ages);
	buf_release(&e->refusal);
	free(e);
}
