#include "sync/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/history.h"
#include "common/inbox.h"
#include "common/lent.h"
#include "common/outbox.h"
#include "sync/pack.h"

int64_t
edit_age(const struct clock_reading *written, const struct clock_reading *now,
	int64_t offset_ms, const char *offset_boot, bool *unsure)
{
	int64_t then_ms = written->wall_ms, now_ms = now->wall_ms;

	*unsure = !*now->boot_id || strcmp(written->boot_id, now->boot_id) != 0;
	if (!*unsure) {
		then_ms = written->boot_ms;
		now_ms = now->boot_ms;
	} else {
		if (strcmp(written->boot_id, offset_boot) == 0)
			then_ms += offset_ms;
		if (strcmp(now->boot_id, offset_boot) == 0)
			now_ms += offset_ms;
	}
	return now_ms > then_ms ? now_ms - then_ms : 0;
}

/* The chain is kept whole; the hub asks for its first bytes. */
static enum status
read_chain(struct replica *r, struct hello *h, struct why *why)
{
	struct buf text = BUF_INIT;
	struct digest d = {{0}};
	enum status st = replica_meta(r, META_CHAIN, &text, why);

	if (!st && h->n &&
		!base64_decode(buf_text(&text), d.bytes, DIGEST_SIZE))
		st = why_set(why, ST_FILE,
			"%s: the chain of its edits is damaged: run `beatbook "
			"verify`, then enroll again onto this file",
			replica_path(r));
	memcpy(h->chain, d.bytes, MARK_SIZE);
	buf_release(&text);
	return st;
}

static enum status
read_cursor(struct replica *r, struct cursor *c, struct why *why)
{
	struct buf incarnation = BUF_INIT, mark = BUF_INIT;
	enum status st = replica_meta(r, META_INCARNATION, &incarnation, why);

	if (!st)
		st = replica_meta(r, META_CURSOR_MARK, &mark, why);
	if (!st)
		st = replica_meta_int(r, META_CURSOR, 0, &c->seq, why);
	/* Without all three the hub starts from the beginning. */
	c->set = !st && incarnation.len &&
		 incarnation.len < sizeof(c->incarnation) &&
		 base64_decode(buf_text(&mark), c->mark, MARK_SIZE);
	if (c->set)
		memcpy(c->incarnation, buf_text(&incarnation),
			incarnation.len + 1);
	buf_release(&incarnation);
	buf_release(&mark);
	return st;
}

/* A book that is to be filled anew is not named: so it comes whole. */
static void
add_book(struct hello *h, const struct held_book *b)
{
	struct filling *f;

	if (!b->joined && !b->begun)
		return;
	names_add(&h->books, b->book);
	if (b->joined)
		return;
	MEM_ROOM(h->fillings, h->filling_count, h->filling_cap);
	f = &h->fillings[h->filling_count++];
	f->book = mem_text(b->book);
	f->head = b->head;
	f->kind = mem_text(b->kind);
	f->id = mem_text(b->id);
}

static enum status
hash_books(struct replica *r, struct hello *h, struct why *why)
{
	struct names lent = {0};
	struct buf level = BUF_INIT;
	enum status st = lent_books(r, &lent, why);

	if (!st)
		st = replica_meta(r, META_LEVEL, &level, why);
	books_hash(&h->books, buf_text(&level), &lent, h->books_hash);
	names_release(&h->books);
	names_release(&lent);
	buf_release(&level);
	return st;
}

/* A hash stands for the names where the hub can be expected to know it. */
static enum status
read_books(struct replica *r, struct hello *h, struct why *why)
{
	struct held_books held = {0};
	int64_t by_name = 0;
	enum status st = inbox_books(r, &held, why);

	if (!st)
		st = replica_meta_int(r, META_NAME_BOOKS, 0, &by_name, why);
	for (size_t i = 0; !st && i < held.count; i++)
		add_book(h, &held.items[i]);
	h->books_hashed = !st && !by_name && h->books.count &&
			  h->books.count == held.count && !h->filling_count;
	if (h->books_hashed)
		st = hash_books(r, h, why);
	held_books_release(&held);
	return st ? st : lent_asked(r, &h->asked, why);
}

struct weighing {
	size_t bytes;
	bool enough;
};

static enum status
weigh_edit(void *arg, const struct outbox_edit *o, struct why *why)
{
	struct weighing *w = arg;

	(void)why;
	for (size_t i = 0; i < o->edit.count; i++)
		w->bytes += strlen(o->edit.changes[i].value);
	w->enough = w->bytes > ASK_FIRST_BYTES;
	return w->enough ? ST_LATER : ST_OK;
}

/* Must the hub first say what it has of the edits that went out? */
static enum status
ask_first(struct replica *r, struct hello *h, struct why *why)
{
	struct weighing w = {0};
	int64_t unheard = 0;
	enum status st = replica_meta_int(r, META_UNHEARD, 0, &unheard, why);

	if (!st && unheard)
		st = outbox_each(r, h->n, weigh_edit, &w, why);
	h->head_alone = w.enough;
	return w.enough ? ST_OK : st;
}

/* Only who holds all its books whole has something to compare. A time that is
 * far ahead was set by a clock that was. */
static enum status
ask_for_sums(struct replica *r, struct hello *h, struct why *why)
{
	int64_t due = 0, now = replica_hub_now(r);
	enum status st = replica_meta_int(r, META_SUMS_DUE, 0, &due, why);

	h->sums = h->books_hashed && h->cursor.set &&
		  (due <= now || due > now + 2 * SUMS_EVERY_MS);
	return st;
}

enum status
request_hello(struct replica *r, struct hello *h, struct why *why)
{
	struct buf profile = BUF_INIT;
	int64_t n = 0, whole = 0, copy = 0;
	enum status st = replica_meta_int(r, META_CONFIRMED, 0, &n, why);

	memset(h, 0, sizeof(*h));
	if (!st)
		st = replica_meta_int(r, META_WHOLE_DOWN, 0, &whole, why);
	h->n = (uint32_t)n;
	h->whole = whole != 0;
	if (!st)
		st = replica_meta_int(r, META_COPY, 0, &copy, why);
	h->copy = copy != 0;
	h->token = mem_text(replica_identity(r)->token);
	if (!st)
		st = read_chain(r, h, why);
	if (!st)
		st = read_cursor(r, &h->cursor, why);
	if (!st)
		st = read_books(r, h, why);
	if (!st)
		st = replica_meta(r, META_PROFILE_HASH, &profile, why);
	h->profile_hash = buf_take(&profile);
	if (!st)
		st = ask_first(r, h, why);
	if (!st)
		st = ask_for_sums(r, h, why);
	if (st)
		hello_release(h);
	return st;
}

enum status
request_base(void *arg, const struct splice_base *at, struct buf *out,
	struct why *why)
{
	struct replica *r = arg;
	struct entry e;
	enum status st = history_edit(r, at->edit, &e, why);

	if (st)
		return st;
	if (e.verdict.refused || !splice_base_in(&e.edit, at, out))
		st = why_set(why, ST_NOT_FOUND,
			"what '%.40s' was cut against is not held", at->field);
	entry_release(&e);
	return st;
}

struct writing {
	struct replica *r;
	const struct hello *hello;
	struct coder coder;
	struct packer *packer;
	struct buf line, *out;
	size_t plain; /* bytes so far, before deflating */
	int64_t offset_ms, whole_up;
	struct buf offset_boot;
	uint32_t last;
	struct request_counts *counts;
};

/* What ends the visit early, known from real failures by counts->more. */
#define VISIT_ENOUGH ST_LATER

/* An unsure age is no less than that of the next sure edit, wherever that one
 * travels. */
static enum status
reckon_age(struct writing *w, struct dated_edit *e, struct why *why)
{
	const struct clock_reading *now = &w->counts->now;
	const char *offset_boot = buf_text(&w->offset_boot);
	struct clock_reading next;
	bool found, unsure;
	int64_t age;
	enum status st;

	e->age_ms = edit_age(
		&e->edit.written, now, w->offset_ms, offset_boot, &e->unsure);
	if (!e->unsure || !*now->boot_id)
		return ST_OK;
	st = outbox_next_in_boot(
		w->r, e->edit.id.n, now->boot_id, &next, &found, why);
	if (st || !found)
		return st;
	age = edit_age(&next, now, w->offset_ms, offset_boot, &unsure);
	if (e->age_ms < age)
		e->age_ms = age;
	return ST_OK;
}

static enum status
write_edit(void *arg, const struct outbox_edit *o, struct why *why)
{
	struct writing *w = arg;
	struct dated_edit e = {
		.edit = o->edit, .floor = o->floor}; /* borrows the edit */

	enum status st;

	if (w->plain > REQUEST_SOFT_MAX) {
		w->counts->more = true;
		return VISIT_ENOUGH;
	}
	st = reckon_age(w, &e, why);
	if (st)
		return st;
	buf_clear(&w->line);
	w->coder.base = o->edit.id.n > w->whole_up ? request_base : NULL;
	message_put_edit(&w->coder, &e, &w->line);
	packer_add(w->packer, w->line.data, w->line.len, w->out);
	if (packer_pending(w->packer) >= PACK_FLUSH_BYTES)
		packer_flush(w->packer, w->out);
	w->plain += w->line.len;
	w->last = o->edit.id.n;
	w->counts->sent++;
	return ST_OK;
}

static enum status
note_sending(struct replica *r, const struct writing *w, struct why *why)
{
	enum status st = outbox_sending(r, w->last, why);

	return st ? st : replica_meta_set_int(r, META_UNHEARD, w->last, why);
}

static enum status
write_edits(struct replica *r, struct writing *w, struct why *why)
{
	int64_t newest = 0;
	enum status st = replica_meta_int(r, META_LAST_N, 0, &newest, why);

	w->counts->newest = (uint32_t)newest;
	w->counts->more = w->hello->head_alone;
	if (st || w->counts->more)
		return st;
	st = replica_meta_int(r, META_OFFSET, 0, &w->offset_ms, why);

	if (!st)
		st = replica_meta(r, META_OFFSET_BOOT, &w->offset_boot, why);
	if (!st)
		st = replica_meta_int(r, META_WHOLE_UP, 0, &w->whole_up, why);
	if (!st)
		st = outbox_each(r, w->hello->n, write_edit, w, why);
	if (st == VISIT_ENOUGH && w->counts->more)
		st = ST_OK;
	if (!st && w->counts->sent)
		st = note_sending(r, w, why);
	return st;
}

enum status
request_write(struct replica *r, const struct hello *h, bool plain,
	struct buf *out, struct request_counts *counts, struct why *why)
{
	struct writing w = {.r = r, .hello = h, .out = out, .counts = counts};
	enum status st = ST_OK;

	counts->sent = counts->spliced = 0;
	counts->more = false;
	replica_now(r, &counts->now);
	w.packer = packer_new(plain);
	coder_start_up(&w.coder, h, replica_identity(r)->number);
	w.coder.base_arg = r;
	w.coder.ages = counts->ages;
	message_put_hello(h, &w.line);
	packer_add(w.packer, w.line.data, w.line.len, out);
	if (!h->copy)
		st = write_edits(r, &w, why);
	packer_finish(w.packer, out);
	counts->spliced = w.coder.spliced;
	packer_free(w.packer);
	coder_release(&w.coder);
	buf_release(&w.line);
	buf_release(&w.offset_boot);
	return st;
}
