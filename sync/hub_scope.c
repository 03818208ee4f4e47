#include "sync/hub_scope.h"

#include <stdlib.h>
#include <string.h>

#include "common/value.h"

static enum status
view_value(void *arg, const char *kind, const char *id, const char *field,
	struct buf *out, struct why *why)
{
	struct scope_view *v = arg;
	const struct change *c = NULL;

	if (v->over && strcmp(v->over->kind, kind) == 0 &&
		strcmp(v->over->record, id) == 0)
		c = edit_find(v->over, field);
	if (!c)
		return LOG(v->log, cell_value, kind, id, field, out, why);
	buf_puts(out, c->value);
	return ST_OK;
}

static enum status
view_author(void *arg, const char *kind, const char *id, struct buf *out,
	struct why *why)
{
	struct scope_view *v = arg;
	int64_t seq;
	enum status st = LOG(v->log, creation, kind, id, &seq, out, why);

	if (st != ST_NOT_FOUND)
		return st;
	if (v->over && strcmp(v->over->kind, kind) == 0 &&
		strcmp(v->over->record, id) == 0)
		buf_puts(out, v->by);
	return ST_OK;
}

struct book_lookup
scope_lookup(struct scope_view *v)
{
	struct book_lookup look = {v, view_value, view_author};

	return look;
}

/* Books being told anew after one entry. */
struct following {
	struct hub_log *log;
	const struct catalog *catalog;
	int64_t seq, place;
	struct log_names queue; /* records to ask, each once */
	struct why *why;
};

static void
enqueue(struct following *f, const char *kind, const char *id)
{
	struct log_names *q = &f->queue;

	for (size_t i = 0; i < q->count; i++)
		if (strcmp(q->items[i].id, id) == 0 &&
			strcmp(q->items[i].kind, kind) == 0)
			return;
	MEM_ROOM(q->items, q->count, q->cap);
	q->items[q->count].kind = mem_text(kind);
	q->items[q->count++].id = mem_text(id);
}

static enum status
enqueue_leaners(struct following *f, const char *kind, const char *id)
{
	struct log_names found = {0};
	enum status st = LOG(f->log, leaners, kind, id, &found, f->why);

	for (size_t i = 0; !st && i < found.count; i++)
		enqueue(f, found.items[i].kind, found.items[i].id);
	log_names_release(&found);
	return st;
}

static bool
was_in(const struct log_books *l, const char *book)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->items[i].book, book) == 0)
			return true;
	return false;
}

static enum status
add_move(struct following *f, const char *kind, const char *id,
	const char *book, enum move move)
{
	struct log_move m = {f->seq, (char *)(uintptr_t)kind,
		(char *)(uintptr_t)id, (char *)(uintptr_t)book, move};

	return LOG(f->log, move_add, &m, f->place++, f->why);
}

static enum status
enter(struct following *f, const char *kind, const char *id, const char *book,
	enum move move)
{
	enum status st = LOG(f->log, book_add, kind, id, book, f->seq, f->why);

	return st ? st : add_move(f, kind, id, book, move);
}

static enum status
leave(struct following *f, const char *kind, const char *id, const char *book)
{
	enum status st = LOG(f->log, book_drop, kind, id, book, f->why);

	return st ? st : add_move(f, kind, id, book, MOVE_LEAVES);
}

/* Entering goes before leaving: who holds both books keeps the record. */
static enum status
write_books(struct following *f, const char *kind, const char *id,
	const struct log_books *was, const struct names *now, bool *moved)
{
	enum move move = was->count ? MOVE_ENTERS : MOVE_BORN;
	enum status st = ST_OK;

	*moved = false;
	for (size_t i = 0; !st && i < now->count; i++) {
		if (was_in(was, now->items[i]))
			continue;
		st = enter(f, kind, id, now->items[i], move);
		*moved = true;
	}
	for (size_t i = 0; !st && i < was->count; i++) {
		if (names_have(now, was->items[i].book))
			continue;
		st = leave(f, kind, id, was->items[i].book);
		*moved = true;
	}
	return st;
}

static enum status
tell_record(struct following *f, const char *kind, const char *id, bool *moved)
{
	struct scope_view view = {f->log, NULL, ""};
	struct book_lookup look = scope_lookup(&view);
	struct names now = {0}, leaned = {0};
	struct log_books was = {0};
	enum status st = LOG(f->log, books, kind, id, &was, f->why);

	if (!st)
		st = books_of(
			f->catalog, &look, kind, id, &now, &leaned, f->why);
	if (st == ST_DATA) {
		/* The hub made it, and it points nowhere: everybody's. */
		names_add(&now, "dept");
		st = ST_OK;
	}
	if (!st)
		st = write_books(f, kind, id, &was, &now, moved);
	if (!st)
		st = LOG(f->log, leans_set, kind, id, &leaned, f->why);
	names_release(&now);
	names_release(&leaned);
	log_books_release(&was);
	return st;
}

/* The fields that say who holds what; each is looked up the other way. */
static const struct {
	const char *kind, *field;
} linked[] = {
	{"assignment", "member_id"},
	{"member", "org_unit_id"},
	{"member", "supervisor_id"},
	{"beat", "org_unit_ids"},
	{"org_unit", "parent_id"},
};

static enum status
link_field(struct hub_log *log, const struct entry *e, const char *field,
	const char *value, struct why *why)
{
	struct names targets = {0};
	struct buf item = BUF_INIT;
	enum status st;
	size_t at = 0;

	while (value_next(value, &at, &item))
		names_add(&targets, buf_text(&item));
	st = LOG(log, links_set, e->edit.kind, e->edit.record, field, &targets,
		why);
	names_release(&targets);
	buf_release(&item);
	return st;
}

static enum status
write_links(struct hub_log *log, const struct entry *e, struct why *why)
{
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < sizeof(linked) / sizeof(*linked); i++) {
		const struct change *c;

		if (strcmp(linked[i].kind, e->edit.kind) != 0)
			continue;
		c = edit_find(&e->edit, linked[i].field);
		if (c && verdict_won(&e->verdict, c->field))
			st = link_field(log, e, c->field, c->value, why);
	}
	return st;
}

/* Can this entry change any record's books? Only refs do, and the level of a
 * member, which stands in for a unit. */
static bool
may_move(const struct catalog *c, const struct entry *e)
{
	const struct kind *k = catalog_kind(c, e->edit.kind);

	for (size_t i = 0; k && i < e->edit.count; i++) {
		const struct field *f = kind_field(k, e->edit.changes[i].field);

		if (f && (f->type == TYPE_REF || f->type == TYPE_REFS ||
				 strcmp(f->name, "access") == 0))
			return true;
	}
	return false;
}

static enum status
follow_all(struct following *f, const struct entry *e)
{
	enum status st = ST_OK;

	enqueue(f, e->edit.kind, e->edit.record);
	for (size_t i = 0; !st && i < f->queue.count; i++) {
		char *kind = mem_text(f->queue.items[i].kind);
		char *id = mem_text(f->queue.items[i].id);
		bool moved;

		st = tell_record(f, kind, id, &moved);
		if (!st && (moved || i == 0))
			st = enqueue_leaners(f, kind, id);
		free(kind);
		free(id);
	}
	return st;
}

enum status
scope_follow(struct hub_log *log, const struct catalog *c,
	const struct entry *e, struct why *why)
{
	struct following f = {
		.log = log, .catalog = c, .seq = e->seq, .why = why};
	struct log_books was = {0};
	enum status st =
		LOG(log, books, e->edit.kind, e->edit.record, &was, why);

	if (!st)
		st = write_links(log, e, why);
	/* An edit that sets nothing makes nothing either. */
	if (!st && (was.count ? may_move(c, e) : e->edit.count > 0))
		st = follow_all(&f, e);
	log_books_release(&was);
	log_names_release(&f.queue);
	return st;
}

bool
books_meet(const struct log_books *in, const struct names *held)
{
	for (size_t i = 0; i < in->count; i++)
		if (names_have(held, in->items[i].book))
			return true;
	return false;
}

/* Was the record's id made by this replica? */
static bool
is_own_id(const struct edit *e)
{
	char first[ID_MAX + 1];
	size_t len;

	record_id_text(e->id.replica, 1, first);
	len = (size_t)(strchr(first, '-') - first) + 1;
	return strncmp(e->record, first, len) == 0;
}

/*
 * Does the edit make a record that others have written to already? After a hub
 * was restored, what was written on a record may come again before its making.
 */
static enum status
comes_late(
	struct hub_log *log, const struct edit *e, bool *late, struct why *why)
{
	struct log_rows rows = {0};
	enum status st = ST_OK;

	*late = is_own_id(e);
	if (*late)
		st = LOG(log, entries, e->kind, e->record, &rows, why);
	for (size_t i = 0; i < rows.count; i++)
		if (rows.items[i].entry.edit.id.replica == e->id.replica)
			*late = false;
	log_rows_release(&rows);
	return st;
}

/* Is the record in a held book; a new one: will it be? */
static enum status
writes_in_book(struct scope_view *v, const struct catalog *c,
	const struct holder *h, bool *held, bool *is_new, struct why *why)
{
	struct book_lookup look = scope_lookup(v);
	struct log_books in = {0};
	struct names will = {0};
	enum status st =
		LOG(v->log, books, v->over->kind, v->over->record, &in, why);

	*is_new = in.count == 0;
	*held = books_meet(&in, &h->books);
	if (!st && !*is_new && !*held)
		st = comes_late(v->log, v->over, is_new, why);
	if (!st && *is_new)
		st = books_of(c, &look, v->over->kind, v->over->record, &will,
			NULL, why);
	for (size_t i = 0; i < will.count; i++)
		*held = *held || names_have(&h->books, will.items[i]);
	names_release(&will);
	log_books_release(&in);
	return st;
}

/* A kind that only a newer profile knows goes by its books alone. */
static enum status
may_write_unknown(const struct writer *w, struct why *why)
{
	if (w->holds_book && w->access != ACCESS_NONE &&
		w->access != ACCESS_ANALYST && w->access != ACCESS_RECORDS)
		return ST_OK;
	return why_set(why, ST_NOT_ALLOWED,
		"this record is in no book that %s holds to write: ask a "
		"member of its beat or unit",
		w->badge);
}

/* What follows on a making that was held is held with it, else it would make
 * half a record. */
static enum status
check_making(struct hub_log *log, const struct entry *e, struct why *why)
{
	struct log_row row = {0};
	int64_t seq;
	enum status st = LOG(log, held, e->edit.kind, e->edit.record,
		e->edit.id.replica, &seq, why);

	if (st)
		return st == ST_NOT_FOUND ? ST_OK : st;
	st = LOG(log, entry_at, seq, &row, why);
	if (!st && !edit_settles(&e->edit, row.entry.edit.id))
		st = why_set(why, ST_NOT_ALLOWED, "%s", row.entry.verdict.held);
	log_row_release(&row);
	return st;
}

enum status
scope_may_write(struct hub_log *log, const struct catalog *c,
	const struct entry *e, const struct holder *h, struct why *why)
{
	const struct kind *k = catalog_kind(c, e->edit.kind);
	struct scope_view view = {log, &e->edit, e->by};
	struct book_lookup look = scope_lookup(&view);
	struct writer w = {h->badge, h->access, false, false};
	struct buf subject = BUF_INIT;
	bool is_new = false;
	enum status st =
		writes_in_book(&view, c, h, &w.holds_book, &is_new, why);

	if (!st && is_new)
		st = check_making(log, e, why);
	/* Who a record is about is told before the edit, not by it. */
	if (!is_new)
		view.over = NULL;
	if (!st && k && k->writers == WRITERS_SELF)
		st = books_subject(
			c, &look, k->name, e->edit.record, &subject, why);
	if (!st) {
		w.is_subject = strcmp(buf_text(&subject), h->badge) == 0;
		st = k ? rights_may_write(k, &w, why)
		       : may_write_unknown(&w, why);
	}
	buf_release(&subject);
	return st;
}
