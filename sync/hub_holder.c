/* Which books a member holds as of an instant. DESIGN.md section 8. */
#include "sync/hub_scope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/value.h"
#include "common/when.h"

#define UNITS_MAX 1000 /* a circle of parents ends there */

void
holder_release(struct holder *h)
{
	free(h->badge);
	free(h->unit);
	names_release(&h->books);
	memset(h, 0, sizeof(*h));
}

/* A record's values as they stood at an instant. */
struct past_view {
	struct hub_log *log;
	int64_t at;
	struct log_cells now;
	const char *kind, *id;
	struct why *why;
};

/* The entry whose value stood at the instant. Before the record was made it
 * is taken as it was made: an office may type later than it decides. */
static enum status
value_by_log(struct past_view *p, const char *field, struct buf *out)
{
	struct log_rows rows = {0};
	const struct change *found = NULL;
	int64_t at = p->at;
	bool made = false;
	enum status st = LOG(p->log, entries, p->kind, p->id, &rows, p->why);

	for (size_t i = 0; !st && i < rows.count; i++) {
		const struct entry *e = &rows.items[i].entry;
		const struct change *c = edit_find(&e->edit, field);

		if (e->verdict.held || e->verdict.refused)
			continue;
		if (!made && e->at > at)
			at = e->at;
		made = true;
		if (c && e->at <= at && verdict_won(&e->verdict, field))
			found = c;
	}
	if (found)
		buf_puts(out, found->value);
	log_rows_release(&rows);
	return st;
}

static enum status
past_value(struct past_view *p, const char *field, struct buf *out)
{
	const struct log_cell *c = log_cell_find(&p->now, field);

	buf_clear(out);
	if (!c)
		return ST_OK;
	if (c->at > p->at)
		return value_by_log(p, field, out);
	buf_puts(out, c->value);
	return ST_OK;
}

static enum status
past_open(struct past_view *p, const char *kind, const char *id)
{
	log_cells_release(&p->now);
	p->kind = kind;
	p->id = id;
	return LOG(p->log, cells, kind, id, &p->now, p->why);
}

/* A holder being read. */
struct holding {
	struct holder *h;
	struct past_view past;
	char day[WHEN_MAX];
	struct names units; /* own and sub-units */
	bool beats;	    /* any by assignment */
	struct buf text;
	struct why *why;
};

static void
hold(struct holding *g, const char *head, const char *id)
{
	char book[BOOK_MAX];

	snprintf(book, sizeof(book), "%s%s", head, id);
	if (book_name_ok(book))
		names_add(&g->h->books, book);
}

static enum status
read_member(struct holding *g)
{
	struct past_view *p = &g->past;
	struct buf *t = &g->text;
	enum status st = past_open(p, "member", g->h->badge);
	bool off = true;

	if (!st)
		st = past_value(p, FIELD_VOID, t);
	off = t->len > 0;
	if (!st)
		st = past_value(p, "active", t);
	off = off || strcmp(buf_text(t), "false") == 0;
	if (!st)
		st = past_value(p, "access", t);
	if (!st && !off)
		g->h->access = access_from_name(buf_text(t));
	if (!st)
		st = past_value(p, "org_unit_id", t);
	g->h->unit = mem_text(buf_text(t));
	return st;
}

static enum status
assignment_runs(struct holding *g, bool *runs)
{
	struct past_view *p = &g->past;
	struct buf *t = &g->text;
	enum status st = past_value(p, FIELD_VOID, t);

	*runs = t->len == 0;
	if (!st)
		st = past_value(p, "starts_on", t);
	*runs = *runs && strcmp(buf_text(t), g->day) <= 0;
	if (!st)
		st = past_value(p, "ends_on", t);
	*runs = *runs && (!t->len || strcmp(g->day, buf_text(t)) <= 0);
	if (!st)
		st = past_value(p, "member_id", t);
	*runs = *runs && strcmp(buf_text(t), g->h->badge) == 0;
	return st;
}

static enum status
hold_assigned(struct holding *g, const char *assignment)
{
	bool runs;
	enum status st = past_open(&g->past, "assignment", assignment);

	if (!st)
		st = assignment_runs(g, &runs);
	if (!st && runs)
		st = past_value(&g->past, "beat_id", &g->text);
	if (!st && runs && g->text.len) {
		hold(g, "beat:", buf_text(&g->text));
		g->beats = true;
	}
	return st;
}

static enum status
hold_assignments(struct holding *g)
{
	struct names ids = {0};
	enum status st = LOG(g->past.log, links_to, "assignment", "member_id",
		g->h->badge, &ids, g->why);

	for (size_t i = 0; !st && i < ids.count; i++)
		st = hold_assigned(g, ids.items[i]);
	names_release(&ids);
	return st;
}

/* Own unit and those below it. */
static enum status
find_units(struct holding *g)
{
	enum status st = ST_OK;

	names_add(&g->units, g->h->unit);
	for (size_t i = 0; !st && i < g->units.count && i < UNITS_MAX; i++) {
		struct names below = {0};

		st = LOG(g->past.log, links_to, "org_unit", "parent_id",
			g->units.items[i], &below, g->why);
		for (size_t j = 0; j < below.count; j++)
			names_add(&g->units, below.items[j]);
		names_release(&below);
	}
	return st;
}

static enum status
hold_beats_of(struct holding *g, const char *unit)
{
	struct names beats = {0};
	enum status st = LOG(g->past.log, links_to, "beat", "org_unit_ids",
		unit, &beats, g->why);

	for (size_t i = 0; i < beats.count; i++)
		hold(g, "beat:", beats.items[i]);
	names_release(&beats);
	return st;
}

static enum status
hold_units(struct holding *g)
{
	enum status st = find_units(g);

	for (size_t i = 0; !st && i < g->units.count; i++) {
		hold(g, "unit:", g->units.items[i]);
		st = hold_beats_of(g, g->units.items[i]);
	}
	return st;
}

static enum status
hold_all_of(struct holding *g, const char *kind, const char *head)
{
	struct names ids = {0};
	enum status st = LOG(g->past.log, ids, kind, &ids, g->why);

	for (size_t i = 0; i < ids.count; i++)
		hold(g, head, ids.items[i]);
	names_release(&ids);
	return st;
}

static enum status
hold_members(struct holding *g, const char *field, const char *target)
{
	struct names badges = {0};
	enum status st = LOG(g->past.log, links_to, "member", field, target,
		&badges, g->why);

	for (size_t i = 0; i < badges.count; i++)
		hold(g, "member:", badges.items[i]);
	names_release(&badges);
	return st;
}

/* Levels whose work is more than their own beats. */
static bool
sees_wide(enum access a)
{
	return a == ACCESS_SERGEANT || a == ACCESS_COMMANDER ||
	       a == ACCESS_ANALYST || a == ACCESS_RECORDS;
}

static enum status
hold_wide(struct holding *g)
{
	enum status st;

	if (g->h->unit[0])
		return hold_units(g);
	if (g->beats)
		return ST_OK;
	st = hold_all_of(g, "beat", "beat:");
	if (!st)
		st = hold_all_of(g, "org_unit", "unit:");
	return st;
}

static enum status
hold_all(struct holding *g)
{
	enum status st;

	hold(g, "dept", "");
	hold(g, "member:", g->h->badge);
	if (g->h->unit[0])
		hold(g, "unit:", g->h->unit);
	st = hold_assignments(g);
	if (!st)
		st = hold_members(g, "supervisor_id", g->h->badge);
	if (!st && access_supervises(g->h->access) && g->h->unit[0])
		st = hold_members(g, "org_unit_id", g->h->unit);
	if (!st && sees_wide(g->h->access))
		st = hold_wide(g);
	names_sort(&g->h->books);
	return st;
}

enum status
holder_read(struct hub_log *log, const char *badge, int64_t at,
	struct holder *out, struct why *why)
{
	struct holding g = {.h = out, .why = why};
	enum status st;

	memset(out, 0, sizeof(*out));
	out->badge = mem_text(badge);
	g.past.log = log;
	g.past.at = at;
	g.past.why = why;
	when_day_text(at, g.day);
	st = read_member(&g);
	if (!st && out->access != ACCESS_NONE)
		st = hold_all(&g);
	log_cells_release(&g.past.now);
	names_release(&g.units);
	buf_release(&g.text);
	return st;
}
