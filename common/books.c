#include "common/books.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/rights.h"
#include "common/value.h"

#define DEPTH_MAX 8 /* records whose books follow one another's */

bool
book_name_ok(const char *name)
{
	static const char *const heads[] = {"unit:", "beat:", "member:"};

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		size_t len = strlen(heads[i]);

		if (strncmp(name, heads[i], len) == 0)
			return record_id_ok(name + len);
	}
	return strcmp(name, "dept") == 0;
}

/* What one call of books_of works with. */
struct telling {
	const struct catalog *c;
	const struct book_lookup *look;
	struct names *leaned_on;
	struct why *why;
};

/* A record whose books are being told, and on whose behalf. */
struct visit {
	const char *kind, *id;
	const struct visit *asked_by;
	int depth;
};

/* A record on the way, and the path that is followed from `visit`. */
struct walk {
	const struct visit *visit;
	const struct book_path *path;
	size_t step;
	const char *kind, *id;
};

static enum status tell(
	struct telling *t, const struct visit *v, struct names *books);
static enum status follow(
	struct telling *t, const struct walk *w, struct names *books);

static void
lean_on(struct telling *t, const struct visit *v, const char *kind,
	const char *id)
{
	char name[NAME_MAX_BYTES + ID_MAX + 2];

	while (v->asked_by)
		v = v->asked_by;
	if (!t->leaned_on ||
		(strcmp(v->kind, kind) == 0 && strcmp(v->id, id) == 0))
		return;
	snprintf(name, sizeof(name), "%s/%s", kind, id);
	names_add(t->leaned_on, name);
}

static void
add_book(struct names *books, const char *head, const char *id)
{
	char name[BOOK_MAX];

	snprintf(name, sizeof(name), "%s%s", head, id);
	if (book_name_ok(name))
		names_add(books, name);
}

static bool
in_visit(const struct visit *v, const char *kind, const char *id)
{
	for (; v; v = v->asked_by)
		if (strcmp(v->kind, kind) == 0 && strcmp(v->id, id) == 0)
			return true;
	return false;
}

/* The books that the record at the end of a path stands for. */
static enum status
add_target(struct telling *t, const struct visit *v, const char *kind,
	const char *id, struct names *books)
{
	struct visit next = {kind, id, v, v->depth + 1};

	if (strcmp(kind, "beat") == 0)
		add_book(books, "beat:", id);
	else if (strcmp(kind, "org_unit") == 0)
		add_book(books, "unit:", id);
	else if (strcmp(kind, "member") == 0)
		add_book(books, "member:", id);
	else if (next.depth <= DEPTH_MAX && !in_visit(v, kind, id))
		return tell(t, &next, books);
	return ST_OK;
}

/* One record that a ref names. */
static enum status
follow_one(struct telling *t, const struct walk *w, const char *kind,
	const char *id, struct names *books)
{
	struct walk next = *w;

	if (!record_id_ok(id) || !catalog_kind(t->c, kind))
		return ST_OK;
	if (w->step + 1 == w->path->count)
		return add_target(t, w->visit, kind, id, books);
	next.step++;
	next.kind = kind;
	next.id = id;
	return follow(t, &next, books);
}

static enum status
follow_refs(struct telling *t, const struct walk *w, const struct field *f,
	const char *refs, struct names *books)
{
	struct buf item = BUF_INIT;
	char kind[NAME_MAX_BYTES + 1];
	enum status st = ST_OK;
	const char *id;
	size_t at = 0;

	if (f->type == TYPE_REFS) {
		while (!st && value_next(refs, &at, &item))
			st = follow_one(
				t, w, f->ref_kind, buf_text(&item), books);
	} else if (f->ref_kind[0]) {
		st = follow_one(t, w, f->ref_kind, refs, books);
	} else if (record_name_split(refs, kind, &id)) {
		st = follow_one(t, w, kind, id, books);
	}
	buf_release(&item);
	return st;
}

/* A member above officer who has no unit belongs to the department. */
static enum status
without_unit(struct telling *t, const struct walk *w, struct names *books)
{
	struct buf level = BUF_INIT;
	enum status st = t->look->value(
		t->look->arg, w->kind, w->id, "access", &level, t->why);

	if (!st && access_from_name(buf_text(&level)) > ACCESS_OFFICER)
		names_add(books, "dept");
	buf_release(&level);
	return st;
}

static enum status
follow_field(struct telling *t, const struct walk *w, struct names *books)
{
	const struct kind *k = catalog_kind(t->c, w->kind);
	const struct field *f = kind_field(k, w->path->steps[w->step]);
	struct buf refs = BUF_INIT;
	enum status st;

	if (!f)
		return ST_OK;
	lean_on(t, w->visit, w->kind, w->id);
	st = t->look->value(
		t->look->arg, w->kind, w->id, f->name, &refs, t->why);
	if (!st && refs.len)
		st = follow_refs(t, w, f, buf_text(&refs), books);
	else if (!st && w->step && strcmp(w->kind, "member") == 0 &&
		 strcmp(f->ref_kind, "org_unit") == 0)
		st = without_unit(t, w, books);
	buf_release(&refs);
	return st;
}

static enum status
follow(struct telling *t, const struct walk *w, struct names *books)
{
	struct buf badge = BUF_INIT;
	enum status st;

	if (w->step || strcmp(w->path->steps[0], "author") != 0)
		return follow_field(t, w, books);
	st = t->look->author(t->look->arg, w->kind, w->id, &badge, t->why);
	if (!st)
		st = follow_one(t, w, "member", buf_text(&badge), books);
	buf_release(&badge);
	return st;
}

static enum status
tell_author(struct telling *t, const struct visit *v, struct names *books)
{
	struct buf badge = BUF_INIT;
	enum status st =
		t->look->author(t->look->arg, v->kind, v->id, &badge, t->why);

	if (!st)
		add_book(books, "member:", buf_text(&badge));
	buf_release(&badge);
	return st;
}

/* Nothing is added for a record that is not known here. */
static enum status
tell(struct telling *t, const struct visit *v, struct names *books)
{
	const struct kind *k = catalog_kind(t->c, v->kind);
	struct names own = {0};
	enum status st = ST_OK;

	lean_on(t, v, v->kind, v->id);
	for (size_t i = 0; k && !st && !own.count && i < k->book_count; i++) {
		const struct book_path *path = &k->books[i];
		struct walk w = {v, path, 0, v->kind, v->id};

		if (strcmp(path->steps[0], "dept") == 0)
			names_add(&own, "dept");
		else
			st = follow(t, &w, &own);
	}
	if (!st && !own.count)
		st = tell_author(t, v, &own);
	for (size_t i = 0; i < own.count; i++)
		names_add(books, own.items[i]);
	names_release(&own);
	return st;
}

enum status
books_of(const struct catalog *c, const struct book_lookup *look,
	const char *kind, const char *id, struct names *books,
	struct names *leaned_on, struct why *why)
{
	struct telling t = {c, look, leaned_on, why};
	struct visit root = {kind, id, NULL, 0};
	struct names found = {0};
	enum status st = tell(&t, &root, &found);

	for (size_t i = 0; !st && i < found.count; i++)
		names_add(books, found.items[i]);
	if (!st && !found.count)
		st = why_set(why, ST_DATA,
			"%s/%s is in no book: nobody is known to have made it",
			kind, id);
	names_release(&found);
	return st;
}

enum status
books_subject(const struct catalog *c, const struct book_lookup *look,
	const char *kind, const char *id, struct buf *badge, struct why *why)
{
	const struct kind *k = catalog_kind(c, kind);
	const struct book_path *path = k ? &k->books[0] : NULL;
	struct buf at = BUF_INIT, next = BUF_INIT;
	enum status st = ST_OK;

	buf_puts(&at, id);
	for (size_t i = 0; !st && k && at.len && i < path->count; i++) {
		const struct field *f = kind_field(k, path->steps[i]);

		if (!f)
			break;
		buf_clear(&next);
		st = look->value(
			look->arg, k->name, buf_text(&at), f->name, &next, why);
		if (!st && strcmp(f->ref_kind, "member") == 0) {
			buf_puts(badge, buf_text(&next));
			break;
		}
		buf_clear(&at);
		buf_puts(&at, buf_text(&next));
		k = catalog_kind(c, f->ref_kind);
	}
	buf_release(&at);
	buf_release(&next);
	return st;
}
