/* A file that is not as the hub has it is filled anew beside what is there, and
 * people are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/devices.h"
#include "tests/support/good.h"

#define DAY (24 * 60 * MINUTE)

struct two {
	struct hubs *t;
	struct device a, b;
	char project[80];
};

static int64_t
ask(struct device *d, const char *sql)
{
	int64_t out = 0;

	good(sql_int(replica_sql(d->f.r), 0, &out, &why, sql, ""));
	return out;
}

static void
two_make(struct two *w, struct hubs *t)
{
	w->t = t;
	device_enroll(&w->a, t, "4471");
	device_enroll(&w->b, t, "4480");
	device_sync(&w->a);
	snprintf(w->project, sizeof(w->project), "%s",
		fixture_save(&w->a.f, "project", "", "title", "Lake theft",
			"beat_ids", "35X", NULL));
	device_sync(&w->a);
	device_sync(&w->b);
	hubs_pass(t, MINUTE);
}

static void
two_release(struct two *w)
{
	fixture_sound(&w->a.f);
	device_release(&w->a);
	device_release(&w->b);
}

/* Behind the file's back: the next place of the log holds another edit. */
static void
invent_entry(struct device *d)
{
	good(sql_run(replica_sql(d->f.r), &why,
		"INSERT INTO _entry(seq,replica,n,at,unsure,by,kind,id,body,"
		"verdict,state) SELECT max(seq)+1,99,1,at,0,'4480',kind,id,"
		"'{\"f\":{\"goal\":\"invented\"}}','{}',0 FROM _entry WHERE "
		"kind='project'",
		""));
	good(sql_run(replica_sql(d->f.r), &why,
		"INSERT OR REPLACE INTO _cell(kind,id,field,seq) SELECT "
		"kind,id,'goal',"
		"seq FROM _entry WHERE replica=99",
		""));
}

static void
sync_sums(struct device *d, int64_t *contradicted)
{
	*contradicted = 0;
	do {
		good(device_try(d, 0));
		*contradicted += d->counts.contradicted;
	} while (d->counts.again);
}

static void
a_contradiction_heals_and_keeps_what_is_unsent(void **state)
{
	int64_t found;
	struct two w;

	two_make(&w, *state);
	fixture_save(&w.b.f, "project", w.project, "goal", "fewer", NULL);
	device_sync(&w.b);
	invent_entry(&w.a);
	fixture_save(&w.a.f, "project", w.project, "problem", "unsent", NULL);
	sync_sums(&w.a, &found);
	assert_int_equal(found, 1);
	assert_int_equal(ask(&w.a, "SELECT count(*) FROM _entry WHERE "
				   "replica=99"),
		0);
	assert_int_equal(ask(&w.a, "SELECT count(*) FROM _book WHERE NOT "
				   "joined"),
		0);
	assert_string_equal(
		fixture_text(&w.a.f, "project", w.project, "goal"), "fewer");
	assert_string_equal(
		fixture_text(&w.a.f, "project", w.project, "problem"),
		"unsent");
	device_sync(&w.b);
	assert_string_equal(
		fixture_text(&w.b.f, "project", w.project, "problem"),
		"unsent");
	sync_sums(&w.a, &found);
	assert_int_equal(found, 0);
	two_release(&w);
}

/* One that stays would fill all anew with every sync: once a day is enough,
 * and what is unsent goes up meanwhile. */
static void
a_contradiction_that_stays_is_told(void **state)
{
	int64_t found;
	struct two w;

	two_make(&w, *state);
	fixture_save(&w.b.f, "project", w.project, "goal", "fewer", NULL);
	device_sync(&w.b);
	invent_entry(&w.a);
	sync_sums(&w.a, &found);
	assert_int_equal(found, 1);
	hubs_pass(w.t, MINUTE);
	fixture_save(&w.b.f, "project", w.project, "goal", "none", NULL);
	device_sync(&w.b);
	invent_entry(&w.a);
	fixture_save(&w.a.f, "project", w.project, "problem", "unsent", NULL);
	assert_int_equal(device_try(&w.a, 0), ST_DATA);
	device_sync(&w.b);
	assert_string_equal(
		fixture_text(&w.b.f, "project", w.project, "problem"),
		"unsent");
	hubs_pass(w.t, DAY);
	sync_sums(&w.a, &found);
	assert_int_equal(found, 1);
	assert_string_equal(
		fixture_text(&w.a.f, "project", w.project, "goal"), "none");
	two_release(&w);
}

/* One request of a's, while whose answer b's next edit is committed. */
static void
sync_meanwhile(struct two *w)
{
	struct buf request = BUF_INIT, got = BUF_INIT;
	struct hub_sync *s = hub_sync_new(w->t->h);
	struct engine *e;
	bool more = true;

	good(engine_begin(w->a.f.r, true, &e, &request, &why));
	assert_non_null(strstr(buf_text(&request), "\"k\":true"));
	hub_sync_feed(s, request.data, request.len);
	hub_sync_finish(s);
	hub_sync_answer(s, &got, &more);
	assert_true(more);
	fixture_save(&w->b.f, "project", w->project, "title", "Later", NULL);
	device_sync(&w->b);
	while (more)
		hub_sync_answer(s, &got, &more);
	hub_sync_free(s);
	assert_null(strstr(buf_text(&got), "{\"sum\":"));
	good(engine_feed(e, 200, got.data, got.len, &why));
	good(engine_end(e, &w->a.counts, &why));
	engine_free(e);
	buf_release(&request);
	buf_release(&got);
}

/* A hub that goes on meanwhile, or is too busy for them, leaves checksums out:
 * it is asked again with the next sync, not only the next day. */
static void
sums_that_did_not_come_are_asked_for_again(void **state)
{
	static char text[6000];
	struct two w;

	two_make(&w, *state);
	device_sync(&w.a);
	hubs_pass(w.t, DAY + MINUTE);
	memset(text, 'x', sizeof(text) - 1);
	fixture_save(&w.b.f, "project", w.project, "goal", text, NULL);
	device_sync(&w.b);
	sync_meanwhile(&w);
	good(device_try(&w.a, 0));
	assert_true(device_asked(&w.a, "\"k\":true"));
	assert_true(device_heard(&w.a, "{\"sum\":"));
	good(device_try(&w.a, 0));
	assert_false(device_asked(&w.a, "\"k\":true"));
	two_release(&w);
}

/* A record that only an unsent edit holds still, its book being lost, goes with
 * the verdict on that, and is counted as gone. */
static void
what_goes_with_its_verdict_is_counted(void **state)
{
	int64_t left = 0;
	struct two w;

	two_make(&w, *state);
	fixture_save(&w.a.f, "project", w.project, "goal", "fewer", NULL);
	hubs_set(w.t, "assignment", "0-1", "ends_on", "2026-07-01", NULL);
	hubs_pass(w.t, MINUTE);
	do {
		good(device_try(&w.a, 0));
		left += w.a.counts.left;
	} while (w.a.counts.again);
	assert_int_equal(ask(&w.a, "SELECT count(*) FROM project"), 0);
	assert_int_equal(left, 1);
	two_release(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HUBS_TEST(a_contradiction_heals_and_keeps_what_is_unsent),
		HUBS_TEST(a_contradiction_that_stays_is_told),
		HUBS_TEST(what_goes_with_its_verdict_is_counted),
		HUBS_TEST(sums_that_did_not_come_are_asked_for_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
