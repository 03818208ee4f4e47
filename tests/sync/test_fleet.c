/*
 * Four officers' files and one hub, all in this process: random edits, moves,
 * voids and settlings, on devices whose clocks are wrong, over a link that
 * cuts requests and answers anywhere. In the end every file shows what the
 * hub has, of the books that its member holds and of no others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/conflicts.h"
#include "common/record.h"
#include "common/verify.h"
#include "sync/engine.h"
#include "tests/support/fixture.h"
#include "tests/support/hubs.h"

#define OFFICERS 4
#define ROUNDS 400
#define RECORDS 8
#define UPDATES 16

struct device {
	const char *badge, *beats; /* what its member holds */
	int64_t skew;
	struct fleet *fleet;
	struct clock clock;
	struct replica *r;
	char path[128];
};

struct fleet {
	struct hubs t;
	uint64_t seed;
	struct device devices[OFFICERS];
	char *ids[RECORDS]; /* of projects, as they were made */
	size_t count;
	struct {
		char *id, *project;
	} updates[UPDATES];
	size_t update_count;
	bool off_12y; /* 4480's assignment there has ended */
};

static struct why why;

static void
good(enum status st)
{
	if (st)
		fail_msg("status %d: %s", (int)st, why.text);
}

/* The client may refuse what chance proposes. */
static void
let_be(enum status st)
{
	if (st == ST_FILE)
		fail_msg("%s", why.text);
}

static uint32_t
pick(struct fleet *w, uint32_t below)
{
	w->seed = w->seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(w->seed >> 33) % below;
}

static void
read_skewed(void *arg, struct clock_reading *now)
{
	struct device *d = arg;

	*now = d->fleet->t.now;
	now->wall_ms += d->skew;
	now->boot_ms += d->skew / 7 + 100000000;
}

static void
enroll(struct device *d, struct fleet *w, const char *badge, const char *beats)
{
	struct buf code = BUF_INIT, body = BUF_INIT, answer = BUF_INIT;
	struct enrolled e;
	int status;

	d->badge = badge;
	d->beats = beats;
	d->fleet = w;
	d->skew = ((int64_t)pick(w, 2000) - 1000) * MINUTE;
	d->clock = (struct clock){read_skewed, d};
	snprintf(d->path, sizeof(d->path), "%s/%s", w->t.dir, badge);
	good(hub_invite(w->t.h, badge, &code, &why));
	enroll_request(badge, buf_text(&code), "mdt", NULL, &body);
	status = hub_call(w->t.h, "POST", "/v1/enroll", NULL, body.data,
		body.len, &answer);
	good(enroll_answer(status, answer.data, answer.len, &e, &why));
	good(replica_create(d->path,
		&(struct identity){
			e.number, badge, e.token, "http://hub", e.hub},
		e.profile, e.zone, &d->clock, &d->r, &why));
	enrolled_release(&e);
	buf_release(&code);
	buf_release(&body);
	buf_release(&answer);
}

static void
answer(struct hub_sync *s, struct buf *out)
{
	bool more = true;

	while (more)
		hub_sync_answer(s, out, &more);
}

/* Cut a text anywhere, one time in four, where links break at all. */
static size_t
cut(struct fleet *w, size_t len, bool breaks)
{
	return breaks && pick(w, 4) == 0 ? pick(w, (uint32_t)len) : len;
}

/* One request and what comes of it; false: it broke off. */
static bool
sync_once(struct device *d, bool breaks, struct sync_counts *counts)
{
	struct fleet *w = d->fleet;
	struct buf request = BUF_INIT, got = BUF_INIT;
	struct hub_sync *s = hub_sync_new(w->t.h);
	struct engine *e;
	enum status st = ST_OK;
	size_t sent, len, n;

	good(engine_begin(d->r, pick(w, 2), &e, &request, &why));
	sent = cut(w, request.len, breaks);
	hub_sync_feed(s, request.data, sent);
	hub_sync_finish(s);
	answer(s, &got);
	/* Who could not ask to the end hears nothing. */
	len = sent < request.len ? 0 : cut(w, got.len, breaks);
	for (size_t i = 0; !st && i < len; i += n) {
		n = 1 + pick(w, 700);
		n = n < len - i ? n : len - i;
		st = engine_feed(e, hub_sync_status(s), got.data + i, n, &why);
	}
	if (!breaks)
		good(st);
	st = engine_end(e, counts, &why);
	if (st && (!breaks || st != ST_LATER))
		fail_msg("%s, status %d: %s", d->badge, (int)st, why.text);
	engine_free(e);
	hub_sync_free(s);
	buf_release(&request);
	buf_release(&got);
	return !st;
}

static void
sync_whole(struct device *d)
{
	struct sync_counts counts = {.again = true};

	for (int i = 0; counts.again && i < 20; i++)
		sync_once(d, false, &counts);
	assert_false(counts.again);
}

static void
make(struct device *d)
{
	static const char *const beats[] = {"35X", "12Y", "7Z", "35X,12Y"};
	struct fleet *w = d->fleet;
	struct edit e = {.kind = mem_text("project"), .record = mem_text("")};

	edit_change(&e, "title", "made", EDIT_ID_NONE);
	edit_change(&e, "beat_ids", beats[pick(w, 4)], EDIT_ID_NONE);
	if (!record_save(d->r, &e, &why))
		w->ids[w->count++] = mem_text(e.record);
	edit_release(&e);
}

static void
change(struct device *d, const struct record *rec)
{
	static const char *const fields[] = {"title", "problem", "goal"};
	static const char *const beats[] = {"35X", "12Y", "7Z", "35X,12Y"};
	struct fleet *w = d->fleet;
	struct edit e = {.kind = mem_text("project")};
	char text[24];

	e.record = mem_text(rec->id);
	snprintf(text, sizeof(text), "%u", pick(w, 1000));
	record_change(&e, rec, fields[pick(w, 3)], text);
	if (pick(w, 6) == 0)
		record_change(&e, rec, "beat_ids", beats[pick(w, 4)]);
	let_be(record_save(d->r, &e, &why));
	edit_release(&e);
}

/* An update of the project: a record of its own that goes where that goes. */
static void
add_update(struct device *d, const struct record *rec)
{
	struct fleet *w = d->fleet;
	struct edit e = {.kind = mem_text("project_update")};

	e.record = mem_text("");
	edit_change(&e, "project_id", rec->id, EDIT_ID_NONE);
	edit_change(&e, "text", "Walked the block", EDIT_ID_NONE);
	if (w->update_count < UPDATES && !record_save(d->r, &e, &why)) {
		w->updates[w->update_count].project = mem_text(rec->id);
		w->updates[w->update_count++].id = mem_text(e.record);
	}
	edit_release(&e);
}

static void
settle(struct device *d, const struct record *rec)
{
	struct conflicts all = {0};

	good(conflicts_read(d->r, "project", rec->id, &all, &why));
	if (all.count)
		let_be(conflict_resolve(d->r, "project", rec->id,
			all.items[0].field,
			pick(d->fleet, 2) ? NULL : "settled", &why));
	conflicts_release(&all);
}

static void
touch(struct device *d)
{
	struct fleet *w = d->fleet;
	struct record *rec;
	uint32_t what = pick(w, 10);

	if (!w->count ||
		record_load(d->r, "project",
			w->ids[pick(w, (uint32_t)w->count)], &rec, &why))
		return;
	if (what == 0 && rec->void_value.text[0])
		let_be(record_unvoid(d->r, rec, &why));
	else if (what == 0)
		let_be(record_void(d->r, rec, "twice", &why));
	else if (what == 2)
		add_update(d, rec);
	else if (what == 1)
		settle(d, rec);
	else
		change(d, rec);
	record_free(rec);
}

static bool
should_hold(const struct device *d, const char *beats)
{
	static const char *const all[] = {"35X", "12Y", "7Z"};

	for (size_t i = 0; i < 3; i++)
		if (strstr(d->beats, all[i]) && strstr(beats, all[i]))
			return true;
	return false;
}

/* Does this file show the project as the hub has it, or rightly not at all? */
static void
compare(struct device *d, const char *id)
{
	static const char *const fields[] = {
		"title", "problem", "goal", "beat_ids", FIELD_VOID};
	struct hubs *t = &d->fleet->t;
	struct record *rec;
	char name[80];
	enum status st = record_load(d->r, "project", id, &rec, &why);
	bool should;

	snprintf(name, sizeof(name), "project/%s", id);
	should = should_hold(d, hubs_value(t, name, "beat_ids"));
	if (!hubs_value(t, name, "beat_ids")[0]) {
		/* Its making is held: it is its author's alone. */
		record_free(st ? NULL : rec);
		return;
	}
	if ((st == ST_OK) != should)
		fail_msg("%s %s %s (beats %s)", d->badge,
			should ? "does not hold" : "holds", name,
			hubs_value(t, name, "beat_ids"));
	for (size_t i = 0; !st && i < 5; i++) {
		const char *mine = i < 4 ? record_text(rec, fields[i])
					 : rec->void_value.text;

		if (strcmp(mine, hubs_value(t, name, fields[i])) != 0)
			fail_msg("%s %s %s: '%s', the hub has '%s'", d->badge,
				name, fields[i], mine,
				hubs_value(t, name, fields[i]));
	}
	record_free(st ? NULL : rec);
}

static void
compare_update(struct device *d, const char *id, const char *project)
{
	struct record *rec;
	enum status st = record_load(d->r, "project_update", id, &rec, &why);
	char name[80];
	bool should, made;

	snprintf(name, sizeof(name), "project/%s", project);
	made = hubs_value(&d->fleet->t, name, "beat_ids")[0] != '\0';
	should = should_hold(d, hubs_value(&d->fleet->t, name, "beat_ids"));
	snprintf(name, sizeof(name), "project_update/%s", id);
	/* Where either is held, it is its author's alone. */
	if (made && hubs_value(&d->fleet->t, name, "text")[0] &&
		(st == ST_OK) != should)
		fail_msg("%s %s %s", d->badge,
			should ? "does not hold" : "holds", name);
	record_free(st ? NULL : rec);
}

static void
compare_all(struct fleet *w)
{
	for (size_t i = 0; i < OFFICERS; i++) {
		struct buf report = BUF_INIT;
		struct device *d = &w->devices[i];

		for (size_t j = 0; j < w->count; j++)
			compare(d, w->ids[j]);
		for (size_t j = 0; j < w->update_count; j++)
			compare_update(
				d, w->updates[j].id, w->updates[j].project);
		if (replica_verify(w->devices[i].r, &report, &why))
			fail_msg("%s: %s", w->devices[i].badge, report.data);
		buf_release(&report);
	}
}

/* 4480 is taken off beat 12Y, or comes back. */
static void
reassign(struct fleet *w)
{
	w->off_12y = !w->off_12y;
	hubs_set(&w->t, "assignment", "0-3", "ends_on",
		w->off_12y ? "2026-07-01" : "", NULL);
	w->devices[1].beats = w->off_12y ? "35X" : "35X,12Y";
}

/* A round: somebody does something, or syncs as well as the link lets. */
static void
one_round(struct fleet *w)
{
	struct device *d = &w->devices[pick(w, OFFICERS)];
	struct sync_counts counts;

	hubs_pass(&w->t, pick(w, 3) * MINUTE);
	if (pick(w, 20) == 0)
		reassign(w);
	else if (w->count < RECORDS && pick(w, 8) == 0)
		make(d);
	else if (pick(w, 3))
		touch(d);
	else
		sync_once(d, true, &counts);
}

static void
run(uint64_t seed)
{
	struct fleet *w = mem_alloc(sizeof(*w));

	w->seed = seed;
	hubs_make(&w->t);
	enroll(&w->devices[0], w, "4471", "35X");
	enroll(&w->devices[1], w, "4480", "35X,12Y");
	enroll(&w->devices[2], w, "5000", "7Z");
	enroll(&w->devices[3], w, "900", "35X,12Y");
	for (size_t i = 0; i < OFFICERS; i++)
		sync_whole(&w->devices[i]);
	for (int i = 0; i < ROUNDS; i++)
		one_round(w);
	for (size_t i = 0; i < 2 * OFFICERS; i++)
		sync_whole(&w->devices[i % OFFICERS]);
	compare_all(w);
	hubs_verify(&w->t);
	for (size_t i = 0; i < OFFICERS; i++)
		replica_close(w->devices[i].r);
	for (size_t i = 0; i < w->count; i++)
		free(w->ids[i]);
	for (size_t i = 0; i < w->update_count; i++) {
		free(w->updates[i].id);
		free(w->updates[i].project);
	}
	hubs_remove(&w->t);
	free(w);
}

static void
all_files_come_to_agree(void **state)
{
	const char *given = getenv("FLEET_SEED");
	uint64_t first = given ? strtoull(given, NULL, 10) : 1;

	(void)state;
	for (uint64_t seed = first; seed < first + (given ? 1 : 8); seed++) {
		print_message("FLEET_SEED=%llu\n", (unsigned long long)seed);
		run(seed);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_files_come_to_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
