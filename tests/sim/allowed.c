#include "tests/sim/allowed.h"

#include <string.h>

#include "common/held.h"
#include "common/lent.h"
#include "tests/sim/scope.h"

enum access
allowed_level(const struct view *v, const char *badge)
{
	return access_from_name(view_value(v, "member", badge, "access"));
}

static bool
is_lent(struct device *d, const struct view *v, const char *book)
{
	const char *lends =
		catalog_limit(hub_catalog(d->w->t.h), LIMIT_LEND_BEATS);
	size_t cells;

	if (!lends || strcmp(lends, "true") || strncmp(book, "beat:", 5))
		return false;
	view_record(v, "beat", book + 5, &cells);
	return cells > 0;
}

void
allowed_lent(struct device *d, const struct view *v, const struct names *held,
	struct names *lent)
{
	struct names asked = {0};
	struct why why;

	world_good(lent_asked(d->r, &asked, &why), &why);
	for (size_t i = 0; i < asked.count; i++)
		if (!names_have(held, asked.items[i]) &&
			is_lent(d, v, asked.items[i]))
			names_add(lent, asked.items[i]);
	names_release(&asked);
}

static void
check_lent(struct device *d, const struct view *v, const struct names *held)
{
	struct names rightly = {0}, lent = {0};
	struct why why;

	allowed_lent(d, v, held, &rightly);
	world_good(lent_books(d->r, &lent, &why), &why);
	if (!names_same(&rightly, &lent))
		world_fail("books that are asked for are lent",
			"device %u (%s) has %zu, not %zu", d->index, d->badge,
			lent.count, rightly.count);
	names_release(&rightly);
	names_release(&lent);
}

static bool
is_decided(const struct view *v, struct edit_id held)
{
	for (size_t i = 0; i < v->entry_count; i++) {
		const struct verdict *by = &v->entries[i].verdict;

		for (size_t j = 0; j < by->decide_count; j++)
			if (edit_id_same(by->decides[j], held))
				return true;
	}
	return false;
}

/* Where a held edit's record is, or would be; the last is the hub's word. */
static void
books_of_held(struct device *d, const struct view *v, const struct entry *e,
	struct names *books)
{
	struct sql *db;
	struct why why;
	sqlite3_stmt *s;
	size_t cells;
	bool row;

	view_record(v, e->edit.kind, e->edit.record, &cells);
	if (cells) {
		scope_record(v, e->edit.kind, e->edit.record, books);
		return;
	}
	world_good(
		sql_open(d->w->hub_path, SQL_READ, "the log", &db, &why), &why);
	s = sql_use(db, "SELECT book FROM held_book WHERE replica=?1 AND n=?2",
		"ii", (int64_t)e->edit.id.replica, (int64_t)e->edit.id.n);
	for (;;) {
		world_good(sql_step(db, s, &row, &why), &why);
		if (!row)
			break;
		names_add(books, sql_column(s, 0));
	}
	sql_close(db);
}

/* May this member decide about it? */
static bool
decides(struct device *d, const struct view *v, const struct entry *e,
	const struct names *held)
{
	enum access level = allowed_level(v, d->badge);
	const struct kind *k =
		catalog_kind(hub_catalog(d->w->t.h), e->edit.kind);
	struct names books = {0};
	bool yes;

	if (!access_supervises(level) || !k || !rights_may_read(k, level))
		return false;
	books_of_held(d, v, e, &books);
	yes = scope_meets(&books, held);
	names_release(&books);
	return yes;
}

static bool
lists(const struct helds *l, struct edit_id id)
{
	for (size_t i = 0; i < l->count; i++)
		if (edit_id_same(l->items[i].entry.edit.id, id))
			return true;
	return false;
}

static void
check_held(struct device *d, const struct view *v, const struct names *held)
{
	struct helds open = {0};
	struct why why;

	world_good(
		held_read(d->r, HELD_OPEN, NULL, NULL, 0, &open, &why), &why);
	for (size_t i = 0; i < v->entry_count; i++) {
		const struct entry *e = &v->entries[i];
		bool waits = e->verdict.held && !is_decided(v, e->edit.id);
		bool own = e->edit.id.replica == d->number;
		bool must = waits && (own || decides(d, v, e, held));
		bool can = must || (waits && !strcmp(e->by, d->badge));
		bool is = lists(&open, e->edit.id);

		if ((must && !is) || (is && !can))
			world_fail(is ? "what is held is told to nobody else"
				      : "what is held is told to who decides",
				"device %u (%s): seq %lld on %s/%s", d->index,
				d->badge, (long long)e->seq, e->edit.kind,
				e->edit.record);
	}
	helds_release(&open);
}

void
allowed_check_device(struct device *d, const struct view *v)
{
	struct names held = {0};

	if (replica_access(d->r) != allowed_level(v, d->badge))
		world_fail("a device knows its member's level",
			"device %u (%s)", d->index, d->badge);
	scope_member(v, d->badge, d->w->t.now.wall_ms, &held);
	check_lent(d, v, &held);
	check_held(d, v, &held);
	names_release(&held);
}

/* A member's value when the entry was written. */
static const char *
value_then(const struct view *v, const struct entry *e, const char *field)
{
	const char *value = "";

	for (size_t i = 0; i < v->entry_count; i++) {
		const struct entry *m = &v->entries[i];
		const struct change *c = edit_find(&m->edit, field);

		if (c && m->seq < e->seq && m->at <= e->at &&
			!strcmp(m->edit.kind, "member") &&
			!strcmp(m->edit.record, e->by) && !m->verdict.held &&
			!m->verdict.refused && verdict_won(&m->verdict, field))
			value = c->value;
	}
	return value;
}

void
allowed_check_log(const struct view *v)
{
	for (size_t i = 0; i < v->entry_count; i++) {
		const struct entry *e = &v->entries[i];
		enum access level;

		if (!e->edit.id.replica || e->verdict.held ||
			e->verdict.refused)
			continue;
		level = access_from_name(value_then(v, e, "access"));
		if (level == ACCESS_ANALYST || level == ACCESS_RECORDS ||
			!strcmp(value_then(v, e, "active"), "false"))
			world_fail("what the level did not allow is held",
				"seq %lld of %s", (long long)e->seq, e->by);
	}
}
