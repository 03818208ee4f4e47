#include "sync/arrival_head.h"

#include <stdlib.h>
#include <string.h>

#include "common/inbox.h"
#include "common/inbox_held.h"
#include "common/lent.h"
#include "common/outbox.h"
#include "common/past.h"
#include "common/renumber.h"
#include "sync/request.h"

/* The hub read its clock between our request and now: take the middle. */
static enum status
learn_offset(struct arrival *a, int64_t hub_ms, struct why *why)
{
	const struct clock_reading *asked = &a->asked;
	struct clock_reading now;
	int64_t took = 0;
	enum status st;

	replica_now(a->r, &now);
	if (strcmp(now.boot_id, asked->boot_id) == 0)
		took = now.boot_ms - asked->boot_ms;
	a->counts.offset_ms = hub_ms - (asked->wall_ms + took / 2);
	st = replica_meta_set_int(a->r, META_OFFSET, a->counts.offset_ms, why);
	if (!st)
		st = replica_meta_set(
			a->r, META_OFFSET_BOOT, asked->boot_id, why);
	return st;
}

/* h_n of each edit from the newest confirmed one on. */
struct chaining {
	uint32_t n, last;
	struct digest *chains; /* of first + 1, first + 2 … n */
	size_t count, cap;
	struct digest chain;
	bool done; /* the last was reached: the visit ends */
};

static enum status
chain_edit(void *arg, const struct outbox_edit *o, struct why *why)
{
	struct chaining *c = arg;
	struct digest edit;

	(void)why;
	if (o->edit.id.n != c->n + 1 || c->n == c->last) {
		c->done = true;
		return ST_LATER;
	}
	edit_digest(&o->edit, &edit);
	edit_chain(&c->chain, &edit, &c->chain);
	MEM_ROOM(c->chains, c->count, c->cap);
	c->chains[c->count++] = c->chain;
	c->n++;
	return ST_OK;
}

static enum status
read_chain(struct arrival *a, struct chaining *c, struct why *why)
{
	struct buf text = BUF_INIT;
	enum status st = replica_meta(a->r, META_CHAIN, &text, why);

	if (!st && c->n)
		base64_decode(buf_text(&text), c->chain.bytes, DIGEST_SIZE);
	buf_release(&text);
	return st;
}

/* Each keeps its own: the hub may come back knowing fewer of them. */
static enum status
write_chains(struct arrival *a, const struct chaining *c, struct why *why)
{
	char text[BASE64_SIZE(DIGEST_SIZE)];
	uint32_t first = c->n - (uint32_t)c->count;
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < c->count; i++) {
		base64_encode(c->chains[i].bytes, DIGEST_SIZE, text);
		st = outbox_chain(a->r, first + (uint32_t)i + 1, text, why);
	}
	if (!st && c->count)
		st = replica_meta_set(a->r, META_CHAIN, text, why);
	return st;
}

/* The hub has edits of ours up to n: h_n goes into every hello from now on. */
static enum status
confirm(struct arrival *a, uint32_t n, struct why *why)
{
	struct chaining c = {.last = n};
	int64_t known = 0;
	enum status st = replica_meta_int(a->r, META_CONFIRMED, 0, &known, why);

	if (st || n <= known)
		return st;
	c.n = (uint32_t)known;
	st = read_chain(a, &c, why);
	if (!st)
		st = outbox_each(a->r, c.n, chain_edit, &c, why);
	if (c.done)
		st = ST_OK;
	if (!st)
		st = write_chains(a, &c, why);
	if (!st)
		st = inbox_confirmed(a->r, c.n, why);
	free(c.chains);
	return st;
}

static enum status
drop_lost_books(struct arrival *a, const struct names *now, struct why *why)
{
	struct held_books held = {0};
	enum status st = inbox_books(a->r, &held, why);

	for (size_t i = 0; !st && i < held.count; i++)
		if (!names_have(now, held.items[i].book))
			st = inbox_drop_book(
				a->r, held.items[i].book, &a->counts.left, why);
	held_books_release(&held);
	if (!st)
		st = replica_meta_set_int(a->r, META_NAME_BOOKS, 1, why);
	return st;
}

/* The hub could not put one of our splices together. */
static enum status
send_whole(struct arrival *a, struct why *why)
{
	int64_t last = 0;
	enum status st = replica_meta_int(a->r, META_LAST_N, 0, &last, why);

	a->counts.again = a->spliced;
	return st ? st : replica_meta_set_int(a->r, META_WHOLE_UP, last, why);
}

/* Another level sees other kinds, and held edits or not: all comes anew, and
 * what it may not see leaves. Not with this answer: it goes on with fillings
 * where they were, and what it tells is not of the new ones. */
static enum status
follow_level(struct arrival *a, struct why *why)
{
	struct buf was = BUF_INIT;
	bool changed;
	enum status st = replica_meta(a->r, META_LEVEL, &was, why);

	changed = was.len && strcmp(buf_text(&was), a->head.level) != 0;
	if (!st && changed)
		st = inbox_refill_all(a->r, why);
	if (!st && changed &&
		!access_supervises(access_from_name(a->head.level)))
		st = inbox_held_drop_all(a->r, why);
	if (!st)
		st = replica_meta_set(a->r, META_LEVEL, a->head.level, why);
	a->turned = a->turned || changed;
	a->counts.again = a->counts.again || changed;
	buf_release(&was);
	return st;
}

/* In a book that is lent nobody decides: where one comes to be, or is lent no
 * more, its held edits go or come, as at another level. */
static enum status
follow_lent(struct arrival *a, struct why *why)
{
	struct names was = {0};
	struct held_books held = {0};
	enum status st = lent_books(a->r, &was, why);

	if (!st)
		st = inbox_books(a->r, &held, why);
	for (size_t i = 0; !st && i < held.count; i++) {
		const char *book = held.items[i].book;

		if (names_have(&was, book) == names_have(&a->head.lent, book))
			continue;
		st = inbox_refill(a->r, book, why);
		a->turned = a->counts.again = true;
	}
	held_books_release(&held);
	names_release(&was);
	return st;
}

static enum status
take_books(struct arrival *a, struct why *why)
{
	enum status st = drop_lost_books(a, &a->head.books, why);

	if (!st)
		st = follow_lent(a, why);
	if (!st)
		st = lent_set(a->r, &a->head.lent, why);
	if (!st && a->head.lent.count)
		st = inbox_held_all_if_lent(a->r, why);
	return st || !a->head.level ? st : follow_level(a, why);
}

/* Without a word on them the member's books are those that the hello named: one
 * that was to be filled anew, and was not named, is lost. */
static enum status
follow_books(struct arrival *a, struct why *why)
{
	if (a->head.has_books)
		return take_books(a, why);
	if (a->hello.books_hashed)
		return ST_OK;
	return drop_lost_books(a, &a->hello.books, why);
}

/* The hub gave this file, which is a copy, a number of its own. */
static enum status
take_number(struct arrival *a, struct why *why)
{
	struct renumbering to = {.number = a->head.number,
		.token = a->head.token,
		.upto = a->head.n};
	int64_t copy = 0, last = 0;
	enum status st = replica_meta_int(a->r, META_COPY, 0, &copy, why);

	if (!st)
		st = replica_meta_int(a->r, META_LAST_N, 0, &last, why);
	to.keep = copy == COPY_LOST ? (uint32_t)last : 0;
	a->counts.renumbered = 1;
	return st ? st : replica_renumber(a->r, &to, &a->counts.renamed, why);
}

/*
 * The hub has more than this file ever wrote: it was copied, and what the hub
 * has under its number is another's too. But what was sent, and the hub found
 * no fault with, is shared. The rest is sent before a number is asked for.
 */
static enum status
know_copy(struct arrival *a, int64_t last, struct why *why)
{
	int64_t shared = (int64_t)a->hello.n + a->counts.sent;
	enum status st;

	if (a->head.whole && a->spliced)
		return send_whole(a, why);
	a->counts.confirmed = a->counts.sent;
	st = confirm(a, (uint32_t)shared, why);
	return st || shared < last
		       ? st
		       : replica_meta_set_int(a->r, META_COPY, COPY_YES, why);
}

/*
 * Do file and hub agree on what was between them? Where they do not, this puts
 * the file right for the next request, and of this answer nothing else counts.
 */
static enum status
agree(struct arrival *a, struct why *why)
{
	const struct head *head = &a->head;
	int64_t last = 0;
	enum status st = replica_meta_int(a->r, META_LAST_N, 0, &last, why);

	if (st)
		return st;
	a->turned = true;
	if (head->other_past) {
		a->counts.forked = 1;
		st = replica_fork(
			a->r, head->fork, head->n, &a->counts.aside, why);
		return st ? st
			  : replica_meta_int(
				    a->r, META_CURSOR, 0, &a->cursor, why);
	}
	if (head->number)
		return take_number(a, why);
	if (head->other_chain || head->n < a->hello.n)
		return replica_go_back(a->r, head->n, head->other_chain, why);
	if (head->n > last)
		return know_copy(a, last, why);
	a->turned = false;
	return ST_OK;
}

static enum status
count_confirmed(struct arrival *a, struct why *why)
{
	uint32_t n = a->head.n;
	enum status st = confirm(a, n, why);

	/* What an earlier request brought that broke off counts now. */
	if (a->hello.head_alone || n - a->hello.n < a->counts.sent)
		a->counts.confirmed = n - a->hello.n;
	else
		a->counts.confirmed = a->counts.sent;
	return st;
}

enum status
arrival_take_head(struct arrival *a, struct frame *f, struct why *why)
{
	struct head *head = &a->head;
	enum status st;

	*head = f->head;
	memset(&f->head, 0, sizeof(f->head));
	st = learn_offset(a, head->hub_ms, why);
	if (!st)
		st = replica_meta_set_int(a->r, META_UNHEARD, 0, why);
	if (!st && a->hello.cursor.set &&
		strcmp(head->incarnation, a->hello.cursor.incarnation) != 0)
		st = replica_meta_set_int(a->r, META_ADOPT, 1, why);
	if (!st)
		st = agree(a, why);
	a->counts.again = a->turned;
	if (st || a->turned)
		return st;
	st = count_confirmed(a, why);
	if (!st)
		st = inbox_durable(a->r, head->durable, why);
	if (!st && head->whole)
		st = send_whole(a, why);
	if (!st)
		st = follow_books(a, why);
	return st;
}
