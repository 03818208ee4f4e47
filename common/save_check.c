#include "common/save_check.h"

#include <stdio.h>
#include <string.h>

#include "common/lent.h"
#include "common/placing.h"
#include "common/utf8.h"
#include "common/value.h"

enum status
check_once(const struct edit *e, struct why *why)
{
	for (size_t i = 0; i < e->count; i++)
		if (edit_find(e, e->changes[i].field) != &e->changes[i])
			return why_set(why, ST_DATA,
				"%.40s is given twice: give it once",
				e->changes[i].field);
	return ST_OK;
}

/* Is every record of this kind in dept, which is held whole? */
static bool
held_whole(const struct kind *k)
{
	return k->book_count == 1 && k->books[0].count == 1 &&
	       strcmp(k->books[0].steps[0], "dept") == 0;
}

static enum status
check_target(struct saving *s, const struct field *f, const char *target,
	struct why *why)
{
	char name[NAME_MAX_BYTES + 1];
	const struct kind *k;
	const char *id = target;
	char near[NEAREST_HINT_MAX];
	bool exists = true;
	enum status st = ST_OK;

	if (f->ref_kind[0])
		snprintf(name, sizeof(name), "%s", f->ref_kind);
	else if (!record_name_split(target, name, &id))
		return why_set(why, ST_DATA,
			"%s: '%.60s' names no record: write KIND/ID", f->label,
			target);
	k = catalog_kind(replica_catalog(s->r), name);
	if (k && held_whole(k))
		st = record_exists(s->r, name, id, &exists, why);
	if (!st && !exists)
		st = why_set(why, ST_DATA,
			"%s: there is no %s '%.60s': %s`beatbook list %s` "
			"shows them",
			f->label, k->one, id, record_near(s->r, k, id, near),
			name);
	return st;
}

static enum status
check_refs(struct saving *s, const struct field *f, const char *list,
	struct why *why)
{
	struct buf item = BUF_INIT;
	size_t at = 0;
	enum status st = ST_OK;

	if (f->type == TYPE_REF && list[0])
		return check_target(s, f, list, why);
	while (!st && f->type == TYPE_REFS && value_next(list, &at, &item))
		st = check_target(s, f, buf_text(&item), why);
	buf_release(&item);
	return st;
}

static enum status
check_void(const struct change *c, struct why *why)
{
	size_t at;

	if (!utf8_clean(c->value, strlen(c->value), false, &at))
		return why_set(why, ST_DATA,
			"the reason has a control character: write it in one "
			"line");
	if (strlen(c->value) > 200)
		return why_set(why, ST_DATA,
			"the reason has %zu bytes, at most 200 are kept: "
			"shorten it",
			strlen(c->value));
	return ST_OK;
}

static enum status
check_change(struct saving *s, const struct change *c, struct why *why)
{
	const struct field *f = kind_field(s->kind, c->field);
	enum status st;

	if (strcmp(c->field, FIELD_VOID) == 0)
		return check_void(c, why);
	if (!f)
		return why_set(why, ST_DATA,
			"%s has no field '%.40s': `beatbook kinds %s` lists "
			"them",
			s->kind->one, c->field, s->kind->name);
	if (s->was && strcmp(f->name, s->kind->code) == 0 &&
		strcmp(c->value, s->was->id) != 0)
		return why_set(why, ST_DATA,
			"%s is what this %s is known by and cannot change: "
			"make a new one",
			f->label, s->kind->one);
	st = value_check(f, c->value, why);
	if (!st)
		st = check_refs(s, f, c->value, why);
	return st;
}

static const char *
value_after(const struct saving *s, const char *field)
{
	const struct change *c = edit_find(s->e, field);

	if (c)
		return c->value;
	return s->was ? record_text(s->was, field) : "";
}

static enum status
check_required(struct saving *s, struct why *why)
{
	for (size_t i = 0; i < s->kind->field_count; i++) {
		const struct field *f = &s->kind->fields[i];

		/* What a newer profile asks for does not hold up old records.
		 */
		if (!f->required || value_after(s, f->name)[0] ||
			(s->was && !edit_find(s->e, f->name)))
			continue;
		return why_set(why, ST_DATA, "%s is missing: give %s=VALUE",
			f->label, f->name);
	}
	return ST_OK;
}

/* Of some fields at least one must be set: attendance of a member or of a
 * contact. */
static enum status
check_any_of(struct saving *s, struct why *why)
{
	const struct kind *k = s->kind;
	struct buf list = BUF_INIT_MAX(300);
	enum status st;

	for (size_t i = 0; i < k->any_of_count; i++) {
		if (value_after(s, k->any_of[i])[0]) {
			buf_release(&list);
			return ST_OK;
		}
		buf_printf(&list, "%s%s", i ? " or " : "", k->any_of[i]);
	}
	if (!k->any_of_count)
		return ST_OK;
	st = why_set(why, ST_DATA, "%s needs one more: give %s", k->one,
		buf_text(&list));
	buf_release(&list);
	return st;
}

enum status
check_values(struct saving *s, struct why *why)
{
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < s->e->count; i++)
		st = check_change(s, &s->e->changes[i], why);
	if (!st)
		st = check_required(s, why);
	if (!st)
		st = check_any_of(s, why);
	return st;
}

/* Is any of these books held, or one's own? */
static enum status
holds_any(struct replica *r, const struct names *books, bool *holds,
	struct why *why)
{
	char own[BOOK_MAX];
	struct names lent = {0};
	enum status st = lent_books(r, &lent, why);

	snprintf(own, sizeof(own), "member:%s", replica_identity(r)->badge);
	*holds = names_have(books, own);
	for (size_t i = 0; !st && !*holds && i < books->count; i++) {
		int64_t found;

		st = sql_int(replica_sql(r), 0, &found, why,
			"SELECT 1 FROM _book WHERE book=?1", "s",
			books->items[i]);
		*holds = found && !names_have(&lent, books->items[i]);
	}
	names_release(&lent);
	return st;
}

/* A record that is held already was sent in a book that is held; one of our
 * own that the hub has not placed yet is judged as a new one. */
static enum status
holds_book(struct saving *s, bool *holds, struct why *why)
{
	struct placing p = {s->r, NULL};
	const struct book_lookup look = placing_lookup(&p);
	struct names books = {0};
	int64_t placed = 0;
	enum status st = sql_int(replica_sql(s->r), 0, &placed, why,
		"SELECT 1 FROM _in_book WHERE kind=?1 AND id=?2 LIMIT 1", "ss",
		s->kind->name, s->e->record);

	*holds = placed != 0;
	if (st || placed)
		return st;
	st = books_of(replica_catalog(s->r), &look, s->kind->name, s->e->record,
		&books, NULL, why);
	if (!st)
		st = holds_any(s->r, &books, holds, why);
	names_release(&books);
	return st;
}

static enum status
check_not_lent(struct saving *s, struct why *why)
{
	char book[BOOK_MAX];
	enum status st =
		lent_only(s->r, s->kind->name, s->e->record, book, why);

	if (!st && book[0])
		st = why_set(why, ST_NOT_ALLOWED,
			"%s is lent to read only: ask a member of that beat to "
			"write this %s",
			book, s->kind->name);
	return st;
}

enum status
check_rights(struct saving *s, struct why *why)
{
	struct placing p = {s->r, NULL};
	const struct book_lookup look = placing_lookup(&p);
	struct buf subject = BUF_INIT;
	struct writer w = {0};
	enum status st = ST_OK;

	w.badge = replica_identity(s->r)->badge;
	w.access = replica_access(s->r);
	if (s->kind->writers == WRITERS_SELF)
		st = books_subject(replica_catalog(s->r), &look, s->kind->name,
			s->e->record, &subject, why);
	w.is_subject = strcmp(buf_text(&subject), w.badge) == 0;
	if (!st)
		st = check_not_lent(s, why);
	if (!st)
		st = holds_book(s, &w.holds_book, why);
	if (!st)
		st = rights_may_write(s->kind, &w, why);
	buf_release(&subject);
	return st;
}

enum status
record_may_write(struct replica *r, const struct record *rec, struct why *why)
{
	struct edit e = {.record = rec->id};
	struct saving s = {.r = r, .e = &e, .kind = rec->kind};

	return check_rights(&s, why);
}
