#include "common/tally.h"

#include <stdlib.h>
#include <string.h>

#include "common/query_clause.h"

#define DAY_MS ((int64_t)86400000)
#define WEEK_MS (7 * DAY_MS)

void
tally_release(struct tally *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->items[i].value);
	free(t->items);
	memset(t, 0, sizeof(*t));
}

void
tally_add(struct tally *t, const char *value, int64_t count)
{
	struct tally_item *item;

	MEM_ROOM(t->items, t->count, t->cap);
	item = &t->items[t->count++];
	item->value = mem_text(value);
	item->count = count;
	t->sum += count;
}

void
tally_one(struct tally *t, const char *value)
{
	for (size_t i = 0; i < t->count; i++) {
		if (strcmp(t->items[i].value, value) == 0) {
			t->items[i].count++;
			t->sum++;
			return;
		}
	}
	tally_add(t, value, 1);
}

int64_t
tally_of(const struct tally *t, const char *value)
{
	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->items[i].value, value) == 0)
			return t->items[i].count;
	return 0;
}

/* `columns` of the records that a query gives, grouped by the first; NULL in
 * *s where the catalogue does not have what is asked for. */
static enum status
select_grouped(struct clause *c, const char *kind, const char *text,
	const char *field, const char *since, sqlite3_stmt **s, struct why *why)
{
	struct terms terms = {0};
	struct buf sql = BUF_INIT;
	const struct field *f;
	enum status st;

	*s = NULL;
	c->kind = catalog_kind(replica_catalog(c->r), kind);
	f = c->kind && field ? kind_field(c->kind, field) : NULL;
	if (!c->kind || (field && !f))
		return ST_OK;
	st = terms_parse(text, &terms, why);
	if (!st)
		st = clause_build(c, &terms, why);
	buf_printf(&sql, "SELECT %s%s%s,count(*) FROM %s WHERE %s",
		f ? "k.\"" : "''", f ? f->name : "", f ? "\"" : "",
		buf_text(&c->from), buf_text(&c->sql));
	if (f && since) {
		names_push(&c->bound, since);
		buf_printf(
			&sql, " AND k.\"%s\">=?%zu", f->name, c->bound.count);
	}
	buf_puts(&sql, f ? " GROUP BY 1 ORDER BY 1" : "");
	if (!st)
		*s = clause_use(c, buf_text(&sql));
	buf_release(&sql);
	terms_release(&terms);
	return st;
}

enum status
tally_by(struct replica *r, const char *kind, const char *text,
	const char *field, struct tally *out, struct why *why)
{
	struct clause c = {.r = r};
	sqlite3_stmt *s;
	enum status st = select_grouped(&c, kind, text, field, NULL, &s, why);
	bool row;

	while (!st && s && !(st = sql_step(replica_sql(r), s, &row, why)) &&
		row)
		tally_add(out, sql_column(s, 0), sqlite3_column_int64(s, 1));
	clause_release(&c);
	return st;
}

enum status
tally_count(struct replica *r, const char *kind, const char *text, int64_t *out,
	struct why *why)
{
	struct tally t = {0};
	enum status st = tally_by(r, kind, text, NULL, &t, why);

	*out = t.sum;
	tally_release(&t);
	return st;
}

/* The instant that this week, and so all of them, end with: midnight. */
static int64_t
weeks_end(struct replica *r)
{
	char today[WHEN_MAX];
	int64_t start, end = 0;

	when_day_text(replica_hub_now(r), today);
	if (!when_day_bounds(today, &start, &end))
		end = replica_hub_now(r);
	return end;
}

void
tally_weeks_since(struct replica *r, char day[WHEN_MAX])
{
	when_day_text(weeks_end(r) - TALLY_WEEKS * WEEK_MS - DAY_MS / 2, day);
}

/* Weeks from an instant, or from the noon of a day, to `end`; -1: none. */
static int
weeks_before(const char *text, int64_t end)
{
	int64_t at, day_end;

	if (!when_parse_instant(text, &at)) {
		if (!when_day_bounds(text, &at, &day_end))
			return -1;
		at += (day_end - at) / 2;
	}
	if (at >= end || end - at > TALLY_WEEKS * WEEK_MS)
		return -1;
	return (int)((end - at - 1) / WEEK_MS);
}

enum status
tally_weeks_of(struct replica *r, sqlite3_stmt *s, struct tally_weeks *out,
	struct why *why)
{
	int64_t end = weeks_end(r);
	enum status st;
	bool row;

	while (!(st = sql_step(replica_sql(r), s, &row, why)) && row) {
		int64_t count = sqlite3_column_int64(s, 1);
		int ago = weeks_before(sql_column(s, 0), end);

		if (ago < 0 || ago >= TALLY_WEEKS)
			continue;
		out->counts[TALLY_WEEKS - 1 - ago] += count;
		out->sum += count;
	}
	return st;
}

enum status
tally_weeks(struct replica *r, const char *kind, const char *text,
	const char *field, struct tally_weeks *out, struct why *why)
{
	struct clause c = {.r = r};
	char since[WHEN_MAX];
	sqlite3_stmt *s;
	enum status st;

	tally_weeks_since(r, since);
	st = select_grouped(&c, kind, text, field, since, &s, why);
	if (!st && s)
		st = tally_weeks_of(r, s, out, why);
	clause_release(&c);
	return st;
}
