#include "tests/support/crew.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/conflicts.h"
#include "common/fulltext.h"
#include "common/outbox.h"
#include "common/record.h"
#include "common/verify.h"
#include "sync/engine.h"
#include "tests/support/disk.h"
#include "tests/support/good.h"

#define TITLE "Harbor Garage"
#define PIECE 400 /* bytes that travel at a time */

static void
tell(struct crew *c, enum fact_kind kind, int officer, int64_t n)
{
	struct facts *f = &c->facts;

	if (!c->telling)
		return;
	MEM_ROOM(f->items, f->count, f->cap);
	f->items[f->count++] = (struct fact){kind, disk_recorded(), officer, n};
}

static void
read_clock(void *arg, struct clock_reading *now)
{
	struct officer *o = arg;

	*now = o->crew->hub.now;
	snprintf(now->boot_id, sizeof(now->boot_id), "boot-%u", o->boots);
}

static void
read_hub_clock(void *arg, struct clock_reading *now)
{
	*now = *(struct clock_reading *)arg;
}

static void
fill_random(void *arg, void *bytes, size_t len)
{
	uint64_t *seed = arg;
	uint8_t *p = bytes;

	while (len--) {
		*seed = *seed * UINT64_C(6364136223846793005) +
			UINT64_C(1442695040888963407);
		*p++ = (uint8_t)(*seed >> 56);
	}
}

void
crew_make(struct crew *c)
{
	static const char *const badges[OFFICERS] = {"4471", "4480", "900"};

	memset(c, 0, sizeof(*c));
	snprintf(c->hub.place, sizeof(c->hub.place), CREW_PLACE);
	c->hub.now = (struct clock_reading){HUBS_NOW, 1000000, "boot-hub"};
	c->hub.clock = (struct clock){read_hub_clock, &c->hub.now};
	c->hub.random = (struct random_source){fill_random, &c->hub.seed};
	disk_make(CREW_HUB);
	for (int i = 0; i < OFFICERS; i++) {
		struct officer *o = &c->officers[i];

		o->badge = badges[i];
		o->crew = c;
		o->clock = (struct clock){read_clock, o};
		snprintf(o->path, sizeof(o->path), DISK_ROOT "%s/replica.db",
			o->badge);
		disk_make(o->badge);
	}
	c->ends = mem_alloc(crew_steps() * sizeof(*c->ends));
}

void
crew_close(struct crew *c)
{
	hub_close(c->hub.h);
	c->hub.h = NULL;
	for (int i = 0; i < OFFICERS; i++) {
		replica_close(c->officers[i].r);
		c->officers[i].r = NULL;
	}
}

void
crew_release(struct crew *c)
{
	crew_close(c);
	free(c->facts.items);
	free(c->ends);
}

/* Syncing. */

static void
tell_confirmed(struct crew *c, int officer, int64_t *known)
{
	int64_t n;

	good(replica_meta_int(
		c->officers[officer].r, META_CONFIRMED, 0, &n, &why));
	if (n > *known)
		tell(c, FACT_CONFIRMED, officer, n);
	*known = n;
}

static void
travel_up(struct hub_sync *s, const struct buf *request)
{
	for (size_t at = 0; at < request->len; at += PIECE)
		hub_sync_feed(s, request->data + at,
			request->len - at < PIECE ? request->len - at : PIECE);
	hub_sync_finish(s);
}

/* The answer comes as it is drawn. */
static void
travel_down(struct crew *c, int officer, struct hub_sync *s, struct engine *e,
	struct buf *all)
{
	struct buf piece = BUF_INIT;
	int64_t known = INT64_MAX;
	bool more = true;

	good(replica_meta_int(
		c->officers[officer].r, META_CONFIRMED, 0, &known, &why));
	while (more) {
		buf_clear(&piece);
		hub_sync_answer(s, &piece, &more);
		buf_add(all, buf_text(&piece), piece.len);
		good(engine_feed(e, hub_sync_status(s), buf_text(&piece),
			piece.len, &why));
		tell_confirmed(c, officer, &known);
	}
	buf_release(&piece);
}

static bool
sync_once(struct crew *c, int officer)
{
	struct hub_sync *s = hub_sync_new(c->hub.h);
	struct buf request = BUF_INIT, answer = BUF_INIT;
	struct sync_counts counts;
	struct engine *e;

	good(engine_begin(c->officers[officer].r, true, &e, &request, &why));
	travel_up(s, &request);
	travel_down(c, officer, s, e, &answer);
	good(engine_end(e, &counts, &why));
	if (c->overhear)
		c->overhear(c->overhear_arg, officer, &request, &answer);
	engine_free(e);
	hub_sync_free(s);
	buf_release(&request);
	buf_release(&answer);
	return counts.again;
}

void
crew_sync(struct crew *c, int officer)
{
	int rounds = 0;

	while (sync_once(c, officer))
		assert_in_range(++rounds, 1, 8);
}

/* Steps. Each looks first whether it was done. */

static void
make_hub(struct crew *c)
{
	struct hubs *t = &c->hub;

	if (!t->h && hub_open(t->place, &t->clock, &t->random, &t->h, &why)) {
		good(hub_init(t->place, "oakland", "America/Los_Angeles",
			&t->clock, &t->random, &why));
		tell(c, FACT_HUB_MADE, 0, 0);
		good(hub_open(t->place, &t->clock, &t->random, &t->h, &why));
	}
}

static void
assign_all(struct hubs *t)
{
	static const char *const beats[][2] = {
		{"4471", "35X"}, {"4480", "35X"}, {"4480", "12Y"}};
	struct names done = {0};

	good(hub_ids(t->h, "assignment", &done, &why));
	for (size_t i = done.count; i < 3; i++)
		hubs_set(t, "assignment", "", "member_id", beats[i][0],
			"beat_id", beats[i][1], NULL);
	names_release(&done);
}

static void
add_people(struct crew *c)
{
	struct hubs *t = &c->hub;

	hubs_set(t, "org_unit", "A1", "name", "A1", "kind", "area", NULL);
	hubs_set(t, "beat", "35X", "org_unit_ids", "A1", NULL);
	hubs_set(t, "beat", "12Y", "org_unit_ids", "A1", NULL);
	for (int i = 0; i < OFFICERS; i++)
		hubs_set(t, "member", c->officers[i].badge, "name", "N",
			"access", i < 2 ? "officer" : "sergeant", "org_unit_id",
			"A1", NULL);
	assign_all(t);
}

void
crew_ask_enrolment(struct crew *c, const char *badge, struct enrolled *e)
{
	struct buf code = BUF_INIT, body = BUF_INIT, answer = BUF_INIT;
	int status;

	good(hub_invite(c->hub.h, badge, &code, &why));
	enroll_request(badge, buf_text(&code), "mdt", NULL, &body);
	status = hub_call(c->hub.h, "POST", "/v1/enroll", NULL, body.data,
		body.len, &answer);
	good(enroll_answer(status, answer.data, answer.len, e, &why));
	buf_release(&code);
	buf_release(&body);
	buf_release(&answer);
}

static void
enroll(struct crew *c, int i)
{
	struct officer *o = &c->officers[i];
	struct enrolled e;

	if (!o->r && replica_open(o->path, &o->clock, &o->r, &why)) {
		struct identity who = {0, o->badge, NULL, "http://hub", NULL};

		crew_ask_enrolment(c, o->badge, &e);
		who.number = e.number;
		who.token = e.token;
		who.hub = e.hub;
		good(replica_create(o->path, &who, e.profile, e.zone, &o->clock,
			&o->r, &why));
		tell(c, FACT_ENROLLED, i, 0);
		enrolled_release(&e);
	}
	crew_sync(c, i);
}

static void
enroll_all(struct crew *c)
{
	for (int i = 0; i < OFFICERS; i++)
		enroll(c, i);
}

/* A record's id by one of its texts, or NULL: to be freed. */
static char *
find(struct crew *c, int officer, const char *kind, const char *field,
	const char *text)
{
	char *sql = mem_printf("SELECT id FROM %s WHERE %s=?1", kind, field);
	char *id = NULL;

	good(sql_text(replica_sql(c->officers[officer].r), &id, &why, sql, "s",
		text));
	free(sql);
	return id;
}

static void
save(struct crew *c, int officer, struct edit *e)
{
	good(record_save(c->officers[officer].r, e, &why));
	if (e->id.n)
		tell(c, FACT_SAVED, officer, e->id.n);
	edit_release(e);
}

/* One field of the project, if it is `from` there now. */
static void
set_field(struct crew *c, int officer, const char *field, const char *from,
	const char *to)
{
	char *id = find(c, officer, "project", "title", TITLE);
	struct edit e = {.kind = mem_text("project"), .record = id};
	struct record *rec;

	assert_non_null(id);
	good(record_load(c->officers[officer].r, "project", id, &rec, &why));
	if (strcmp(record_text(rec, field), from) == 0)
		record_change(&e, rec, field, to);
	save(c, officer, &e);
	record_free(rec);
}

static void
add_update(struct crew *c, int officer, const char *text)
{
	char *id = find(c, officer, "project_update", "text", text);
	char *project = find(c, officer, "project", "title", TITLE);
	struct edit e = {.kind = mem_text("project_update")};

	if (!id) {
		e.record = mem_text("");
		edit_change(&e, "project_id", project, EDIT_ID_NONE);
		edit_change(&e, "text", text, EDIT_ID_NONE);
		save(c, officer, &e);
	} else {
		edit_release(&e);
	}
	free(id);
	free(project);
}

static void
write_three(struct crew *c)
{
	char *id = find(c, 0, "project", "title", TITLE);
	struct edit e = {.kind = mem_text("project")};

	if (!id) {
		e.record = mem_text("");
		edit_change(&e, "title", TITLE, EDIT_ID_NONE);
		edit_change(&e, "beat_ids", "35X", EDIT_ID_NONE);
		save(c, 0, &e);
	} else {
		edit_release(&e);
	}
	free(id);
	add_update(c, 0, "Walked the lot.");
	add_update(c, 0, "Lights are out.");
}

static void
sync_all(struct crew *c)
{
	hubs_pass(&c->hub, MINUTE);
	for (int i = 0; i < OFFICERS; i++)
		crew_sync(c, i);
}

static void
disagree(struct crew *c)
{
	set_field(c, 0, "goal", "", "none by May");
	hubs_pass(&c->hub, MINUTE);
	set_field(c, 1, "goal", "", "half by June");
	sync_all(c);
	crew_sync(c, 0);
}

static void
agree(struct crew *c)
{
	char *id = find(c, 0, "project", "title", TITLE);
	struct replica *r = c->officers[0].r;
	struct conflicts open = {0};
	int64_t n;

	assert_non_null(id);
	good(conflicts_read(r, "project", id, &open, &why));
	if (open.count) {
		good(conflict_resolve(
			r, "project", id, "goal", "half by May", &why));
		good(replica_meta_int(r, META_LAST_N, 0, &n, &why));
		tell(c, FACT_SAVED, 0, n);
	}
	conflicts_release(&open);
	free(id);
	sync_all(c);
}

/* Out of 4471's sight, with all that hangs on it. */
static void
move(struct crew *c)
{
	set_field(c, 1, "beat_ids", "35X", "12Y");
	crew_sync(c, 1);
	crew_sync(c, 0);
}

/* Of a stranger's program: an edit that he may not make, and one that is not
 * an edit. It knows nothing and says all again each time. */
static void
push_bad(struct crew *c)
{
	struct hub_stats s;
	struct buf request = BUF_INIT;
	struct hub_sync *sync;
	struct enrolled e;

	good(hub_stats(c->hub.h, &s, &why));
	if (s.held && s.refused)
		return;
	crew_ask_enrolment(c, "4471", &e);
	buf_printf(&request,
		"{\"v\":1,\"t\":\"%s\",\"n\":0,\"b\":[]}\n"
		"{\"r\":\"org_unit/A1\",\"f\":{\"name\":\"Mine\"}}\n"
		"{\"r\":\"no record\",\"f\":{\"name\":\"x\"}}\n",
		e.token);
	sync = hub_sync_new(c->hub.h);
	travel_up(sync, &request);
	assert_int_equal(200, hub_sync_status(sync));
	hub_sync_free(sync);
	enrolled_release(&e);
	buf_release(&request);
}

static void
back_up(struct crew *c)
{
	struct hub_stats s;

	if (access(CREW_BACKUP, F_OK) == 0)
		return;
	good(hub_backup(c->hub.h, CREW_BACKUP, &why));
	good(hub_stats(c->hub.h, &s, &why));
	tell(c, FACT_BACKUP, 0, s.durable_seq);
}

static void
go_on(struct crew *c)
{
	add_update(c, 1, "It is Chen's beat now.");
	sync_all(c);
	sync_all(c);
}

static void (*const steps[])(struct crew *) = {make_hub, add_people, enroll_all,
	write_three, sync_all, disagree, agree, move, push_bad, back_up, go_on};

size_t
crew_steps(void)
{
	return sizeof(steps) / sizeof(*steps);
}

void
crew_tell_one(struct crew *c, size_t step)
{
	c->step = step;
	hubs_pass(&c->hub, MINUTE);
	steps[step](c);
	if (c->telling)
		c->ends[step] = disk_recorded();
}

void
crew_tell(struct crew *c, size_t first)
{
	for (size_t i = first; i < crew_steps(); i++)
		crew_tell_one(c, i);
}

void
crew_open_hub(struct crew *c)
{
	struct hubs *t = &c->hub;

	good(hub_open(t->place, &t->clock, &t->random, &t->h, &why));
}

void
crew_open_file(struct officer *o)
{
	good(replica_open(o->path, &o->clock, &o->r, &why));
}

void
crew_open_all(struct crew *c)
{
	crew_open_hub(c);
	for (int i = 0; i < OFFICERS; i++)
		crew_open_file(&c->officers[i]);
}

void
crew_open(struct crew *c, long call)
{
	for (size_t i = 0; i < c->facts.count; i++) {
		const struct fact *f = &c->facts.items[i];

		if (f->call > call)
			continue;
		if (f->kind == FACT_HUB_MADE)
			crew_open_hub(c);
		if (f->kind == FACT_ENROLLED)
			crew_open_file(&c->officers[f->officer]);
	}
}

/* The end. */

int64_t
crew_count(const char *path, const char *sql, int64_t a, int64_t b)
{
	struct sql *db;
	int64_t n = 0;

	good(sql_open(path, SQL_READ, "file", &db, &why));
	good(sql_int(db, 0, &n, &why, sql, "ii", a, b));
	sql_close(db);
	return n;
}

static void
check_hub(struct crew *c)
{
	struct names projects = {0}, updates = {0};
	struct hub_stats s;

	hubs_verify(&c->hub);
	good(hub_ids(c->hub.h, "project", &projects, &why));
	good(hub_ids(c->hub.h, "project_update", &updates, &why));
	assert_int_equal(1, projects.count);
	assert_int_equal(3, updates.count);
	good(hub_stats(c->hub.h, &s, &why));
	assert_int_equal(0, s.conflicts);
	assert_int_equal(1, s.held);
	assert_int_equal(1, s.refused);
	names_release(&projects);
	names_release(&updates);
}

static void
check_officer(struct crew *c, int i)
{
	struct officer *o = &c->officers[i];
	struct outbox_counts counts;
	struct buf report = BUF_INIT;
	int64_t n;

	fulltext_ready(o->r);
	if (replica_verify(o->r, &report, &why))
		fail_msg("%s: %s\n%s", o->badge, why.text, buf_text(&report));
	good(outbox_count(o->r, &counts, &why));
	assert_int_equal(0, counts.unsent);
	good(sql_int(replica_sql(o->r), 0, &n, &why,
		"SELECT count(*) FROM project_update", ""));
	assert_int_equal(i == 0 ? 0 : 3, n);
	good(sql_int(replica_sql(o->r), 0, &n, &why,
		"SELECT count(*) FROM project WHERE beat_ids='12Y' AND"
		" goal='half by May'",
		""));
	assert_int_equal(i == 0 ? 0 : 1, n);
	buf_release(&report);
}

void
crew_check_end(struct crew *c)
{
	check_hub(c);
	for (int i = 0; i < OFFICERS; i++)
		check_officer(c, i);
}
