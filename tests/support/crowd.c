#include "tests/support/crowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/inbox.h"
#include "tests/support/prose.h"

#define DAY_MS INT64_C(86400000)

struct crowd {
	struct replica *r;
	uint64_t seed;
	int64_t seq, start_ms;
	struct buf text;
};

static struct entry
blank(struct crowd *c, const char *kind, const char *id)
{
	struct entry e = {0};

	e.seq = ++c->seq;
	e.at = c->start_ms + c->seq * 60000;
	e.by = mem_text("4471");
	e.edit.id.replica = 60;
	e.edit.id.n = (uint32_t)c->seq;
	e.edit.kind = mem_text(kind);
	e.edit.record = mem_text(id);
	return e;
}

static void
set(struct entry *e, const char *field, const char *value)
{
	edit_change(&e->edit, field, value, EDIT_ID_NONE);
}

static void
set_words(struct crowd *c, struct entry *e, const char *field, int count)
{
	prose_text(&c->seed, (size_t)count * 6, &c->text);
	set(e, field, buf_text(&c->text));
}

static void
set_day(struct crowd *c, struct entry *e, const char *field)
{
	char day[WHEN_MAX];

	when_day_text(
		c->start_ms + (int64_t)(prose_next(&c->seed) % 300) * DAY_MS,
		day);
	set(e, field, day);
}

static enum status
take(struct crowd *c, struct entry *e, const char *book, struct why *why)
{
	enum status st = inbox_enter(
		c->r, e->edit.kind, e->edit.record, book, e, 1, why);

	entry_release(e);
	return st;
}

static enum status
project(struct crowd *c, int i, struct why *why)
{
	static const char *const stages[] = {
		"scanning", "analysis", "response", "assessment"};
	char id[24];
	struct entry e;

	snprintf(id, sizeof(id), "1o-p%d", i);
	e = blank(c, "project", id);
	set_words(c, &e, "title", 4);
	set(&e, "kind", "sara");
	set(&e, "stage", stages[prose_next(&c->seed) % 4]);
	set(&e, "status", prose_next(&c->seed) % 4 ? "open" : "closed");
	set(&e, "owner_id", i % 3 ? "4471" : "4480");
	set(&e, "beat_ids", "14B");
	set_day(c, &e, "opened_on");
	set_words(c, &e, "problem", 30);
	return take(c, &e, "beat:14B", why);
}

static enum status
update(struct crowd *c, int i, struct why *why)
{
	char id[24], parent[24], at[WHEN_MAX];
	struct entry e;

	snprintf(id, sizeof(id), "1o-u%d", i);
	snprintf(parent, sizeof(parent), "1o-p%d", i % CROWD_PROJECTS);
	e = blank(c, "project_update", id);
	when_instant_text(e.at, at);
	set(&e, "project_id", parent);
	set(&e, "made_at", at);
	set(&e, "author_id", "4471");
	set_words(c, &e, "text", 40);
	return take(c, &e, "beat:14B", why);
}

static enum status
contact(struct crowd *c, int i, struct why *why)
{
	char id[24];
	struct entry e;

	snprintf(id, sizeof(id), "1o-c%d", i);
	e = blank(c, "contact", id);
	set_words(c, &e, "name", 2);
	set(&e, "beat_ids", "14B");
	return take(c, &e, "beat:14B", why);
}

static enum status
promise(struct crowd *c, int i, struct why *why)
{
	char id[24], source[40];
	struct entry e;

	snprintf(id, sizeof(id), "1o-a%d", i);
	snprintf(source, sizeof(source), "project/1o-p%d", i);
	e = blank(c, "action_item", id);
	set_words(c, &e, "text", 6);
	set(&e, "source_id", source);
	set(&e, "owner_id", i % 3 ? "4480" : "4471");
	set(&e, "status", i % 5 ? "done" : "open");
	set_day(c, &e, "due_on");
	return take(c, &e, "beat:14B", why);
}

static enum status
meeting(struct crowd *c, int i, struct why *why)
{
	char id[24], at[WHEN_MAX];
	struct entry e;

	snprintf(id, sizeof(id), "1o-m%d", i);
	e = blank(c, "meeting", id);
	when_instant_text(e.at, at);
	set_words(c, &e, "title", 4);
	set(&e, "kind", "community_meeting");
	set(&e, "starts_at", at);
	set(&e, "status", "held");
	set(&e, "beat_ids", "14B");
	return take(c, &e, "beat:14B", why);
}

static enum status
priority(struct crowd *c, int i, struct why *why)
{
	char id[24];
	struct entry e;

	snprintf(id, sizeof(id), "1o-r%d", i);
	e = blank(c, "priority", id);
	set_words(c, &e, "title", 4);
	set(&e, "status", "active");
	set(&e, "source", "beat");
	set(&e, "beat_ids", "14B");
	return take(c, &e, "beat:14B", why);
}

static enum status
department(struct crowd *c, struct why *why)
{
	static const char *const people[][2] = {
		{"4471", "Ibarra"}, {"4480", "Chen"}};
	struct entry e = blank(c, "org_unit", "A1");
	enum status st;

	set(&e, "code", "A1");
	set(&e, "name", "Area 1");
	set(&e, "kind", "area");
	st = take(c, &e, "dept", why);
	if (st)
		return st;
	e = blank(c, "beat", "14B");
	set(&e, "code", "14B");
	set(&e, "name", "Riverside North");
	st = take(c, &e, "dept", why);
	for (size_t i = 0; !st && i < 2; i++) {
		e = blank(c, "member", people[i][0]);
		set(&e, "badge_no", people[i][0]);
		set(&e, "name", people[i][1]);
		set(&e, "access", "officer");
		set(&e, "org_unit_id", "A1");
		set(&e, "active", "true");
		st = take(c, &e, "dept", why);
	}
	return st;
}

static enum status
many(struct crowd *c, int count,
	enum status (*one)(struct crowd *, int, struct why *), struct why *why)
{
	enum status st = ST_OK;

	for (int i = 0; !st && i < count; i++)
		st = one(c, i, why);
	return st;
}

static enum status
hold(struct crowd *c, const char *book, struct why *why)
{
	enum status st = inbox_fill(c->r, book, 0, why);

	return st ? st : inbox_filled(c->r, book, why);
}

static enum status
fill(struct crowd *c, struct why *why)
{
	enum status st = sql_begin(replica_sql(c->r), why);

	if (!st)
		st = hold(c, "dept", why);
	if (!st)
		st = hold(c, "beat:14B", why);
	if (!st)
		st = hold(c, "member:4471", why);
	if (!st)
		st = department(c, why);
	if (!st)
		st = many(c, CROWD_PROJECTS, project, why);
	if (!st)
		st = many(c, CROWD_UPDATES, update, why);
	if (!st)
		st = many(c, CROWD_CONTACTS, contact, why);
	if (!st)
		st = many(c, CROWD_PROMISES, promise, why);
	if (!st)
		st = many(c, CROWD_MEETINGS, meeting, why);
	if (!st)
		st = many(c, CROWD_PRIORITIES, priority, why);
	if (!st)
		st = replica_meta_set_int(c->r, META_CURSOR, c->seq, why);
	if (!st)
		st = sql_commit(replica_sql(c->r), why);
	sql_rollback(replica_sql(c->r));
	return st;
}

enum status
crowd_make(const char *path, const struct clock *clock, struct replica **out,
	struct why *why)
{
	const struct identity who = {
		47, "4471", "47.4471.x", "http://127.0.0.1:9", "bench"};
	struct crowd c = {.seed = 20261122};
	struct clock_reading now;
	struct buf profile = BUF_INIT;
	enum status st;

	clock_read(clock, &now);
	c.start_ms = now.wall_ms - 290 * DAY_MS;
	st = catalog_profile_text("oakland", &profile, why);
	if (!st)
		st = replica_create(path, &who, buf_text(&profile),
			"America/Los_Angeles", clock, &c.r, why);
	if (!st)
		st = fill(&c, why);
	if (st) {
		replica_close(c.r);
		c.r = NULL;
	}
	*out = c.r;
	buf_release(&c.text);
	buf_release(&profile);
	return st;
}
