/* Counts of what a query gives, and what is on a beat. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/beat_work.h"
#include "common/query.h"
#include "common/tally.h"
#include "tests/support/fixture.h"
#include "tests/support/good.h"

#define DAY_MS ((int64_t)86400000)

static struct fixture f;

static int
begin(void **state)
{
	(void)state;
	fixture_make(&f);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	fixture_remove(&f);
	return 0;
}

static void
project(const char *stage, const char *beats, const char *status)
{
	fixture_save(&f, "project", "", "title", "Garage", "stage", stage,
		"beat_ids", beats, "status", status, NULL);
}

static void
test_by_the_values_of_a_field(void **state)
{
	struct tally t = {0};
	int64_t n;

	(void)state;
	project("scanning", "35X", "open");
	project("scanning", "35X,12Y", "open");
	project("response", "35X", "open");
	project("response", "35X", "closed");
	good(tally_by(
		f.r, "project", "beat_ids:35X status:open", "stage", &t, &why));
	assert_int_equal(t.sum, 3);
	assert_int_equal(tally_of(&t, "scanning"), 2);
	assert_int_equal(tally_of(&t, "response"), 1);
	assert_int_equal(tally_of(&t, "analysis"), 0);
	tally_release(&t);
	good(tally_count(f.r, "project", "beat_ids:35X", &n, &why));
	assert_int_equal(n, 4);
	good(tally_count(f.r, "no_kind", "", &n, &why));
	assert_int_equal(n, 0);
	assert_int_equal(
		tally_count(f.r, "project", "nothing:1", &n, &why), ST_DATA);
}

static void
concern(int days_ago)
{
	char at[WHEN_MAX];

	when_instant_text(f.now.wall_ms - days_ago * DAY_MS, at);
	fixture_save(&f, "concern", "", "text", "Noise", "beat_id", "35X",
		"raised_at", at, NULL);
}

static void
test_week_by_week(void **state)
{
	struct tally_weeks w = {{0}, 0};

	(void)state;
	concern(0);
	concern(6);
	concern(7);
	concern(7 * TALLY_WEEKS - 1);
	concern(7 * TALLY_WEEKS);
	concern(-1);
	good(tally_weeks(f.r, "concern", "beat_id:35X", "raised_at", &w, &why));
	assert_int_equal(w.sum, 4);
	assert_int_equal(w.counts[TALLY_WEEKS - 1], 2);
	assert_int_equal(w.counts[TALLY_WEEKS - 2], 1);
	assert_int_equal(w.counts[0], 1);
}

/* East of Greenwich a day begins when UTC still writes the one before. */
static void
test_the_first_week_begins_at_midnight(void **state)
{
	struct tally_weeks w = {{0}, 0};

	(void)state;
	good(when_set_zone("Asia/Tokyo", &why));
	fixture_save(&f, "concern", "", "text", "Noise", "beat_id", "35X",
		"raised_at", "2026-04-21T15:10:00.000Z", NULL);
	fixture_save(&f, "concern", "", "text", "Before", "beat_id", "35X",
		"raised_at", "2026-04-21T14:50:00.000Z", NULL);
	good(tally_weeks(f.r, "concern", "beat_id:35X", "raised_at", &w, &why));
	good(when_set_zone("America/Los_Angeles", &why));
	assert_int_equal(w.sum, 1);
	assert_int_equal(w.counts[0], 1);
}

static void
test_days_are_of_a_week_as_instants_are(void **state)
{
	struct tally_weeks w = {{0}, 0};

	(void)state;
	fixture_save(&f, "project", "", "title", "A", "opened_on", "2026-07-14",
		"beat_ids", "35X", NULL);
	fixture_save(&f, "project", "", "title", "B", "opened_on", "2026-07-08",
		"beat_ids", "35X", NULL);
	fixture_save(&f, "project", "", "title", "C", "opened_on", "2026-07-07",
		"beat_ids", "35X", NULL);
	good(tally_weeks(f.r, "project", "", "opened_on", &w, &why));
	assert_int_equal(w.counts[TALLY_WEEKS - 1], 2);
	assert_int_equal(w.counts[TALLY_WEEKS - 2], 1);
}

static size_t
asked(const char *kind, const char *text)
{
	struct query q = {kind, text, NULL, 0};
	struct names ids = {0};
	size_t n;

	good(query_ids(f.r, &q, &ids, &why));
	n = ids.count;
	names_release(&ids);
	return n;
}

static void
promise(const char *source)
{
	fixture_save(&f, "action_item", "", "text", "Call", "source_id", source,
		"due_on", "2026-07-20", NULL);
}

/* beat:35X finds what belongs to what is on the beat, sent or not. */
static void
test_what_is_on_a_beat(void **state)
{
	char own[64];
	struct entry e;

	(void)state;
	snprintf(own, sizeof(own), "project/%s",
		fixture_save(&f, "project", "", "title", "Garage", "beat_ids",
			"35X", NULL));
	e = fixture_entry(&f, "48.2", "4480", "project/30-7", "title", "Motel",
		"beat_ids", "12Y", NULL);
	fixture_take(&f, &e, "unit:A1");
	promise(own);
	promise("beat/35X");
	e = fixture_entry(&f, "48.3", "4480", "action_item/30-8", "text",
		"Look", "source_id", "project/30-7", NULL);
	fixture_take(&f, &e, "unit:A1");
	fixture_save(&f, "project_update", "", "project_id", own + 8, "text",
		"Walked the lot", NULL);
	assert_int_equal(asked("project", "beat:35X"), 1);
	assert_int_equal(asked("project", "-beat:35X"), 1);
	assert_int_equal(asked("project_update", "beat:35X"), 1);
	assert_int_equal(asked("action_item", "beat:12Y"), 1);
	assert_int_equal(asked("action_item", "beat:35X status:open"), 2);
	e = fixture_entry(&f, "48.1", "4480", "action_item/30-1", "text",
		"Look", "source_id", "response_action/30-9", "status", "open",
		NULL);
	fixture_take(&f, &e, "beat:35X");
	assert_int_equal(asked("action_item", "beat:35X"), 3);
}

static void
test_a_beat_is_asked_for_by_its_code(void **state)
{
	struct query q = {"project", "beat:", NULL, 0};
	struct names ids = {0};

	(void)state;
	assert_int_equal(query_ids(f.r, &q, &ids, &why), ST_DATA);
	assert_non_null(strstr(why.text, "the code of a beat"));
	names_release(&ids);
}

/* Open projects of the beat that nobody touched for 30 days. */
static int64_t
untouched(void)
{
	struct beat_projects p;

	good(beat_projects_read(
		f.r, "35X", f.now.wall_ms - 30 * DAY_MS, &p, &why));
	assert_int_equal(p.stages.sum, 1);
	beat_projects_release(&p);
	return p.untouched;
}

static void
test_what_nobody_touched(void **state)
{
	const int64_t old = f.now.wall_ms;
	const char *id;
	int64_t at;

	(void)state;
	id = fixture_save(
		&f, "project", "", "title", "Garage", "beat_ids", "35X", NULL);
	fixture_pass(&f, 40 * DAY_MS);
	assert_int_equal(untouched(), 1);
	good(project_touched(f.r, id, old, &at, &why));
	assert_int_equal(at, old);
	fixture_save(&f, "project_update", "", "project_id", id, "text",
		"Walked the lot", NULL);
	assert_int_equal(untouched(), 0);
	good(project_touched(f.r, id, old, &at, &why));
	assert_true(at > old);
}

static void
test_updates_of_a_beat(void **state)
{
	struct tally_weeks w = {{0}, 0};
	struct names ids = {0};
	const char *id;

	(void)state;
	id = fixture_save(
		&f, "project", "", "title", "Garage", "beat_ids", "35X", NULL);
	fixture_save(&f, "project_update", "", "project_id", id, "text", "A",
		"made_at", "2026-07-01T10:00:00.000Z", NULL);
	fixture_save(
		&f, "project_update", "", "project_id", id, "text", "B", NULL);
	good(beat_updates(f.r, "35X", &w, &why));
	assert_int_equal(w.sum, 2);
	assert_int_equal(w.counts[TALLY_WEEKS - 1], 1);
	good(beat_newest_updates(f.r, "35X", 1, &ids, &why));
	assert_int_equal(ids.count, 1);
	assert_string_equal(
		fixture_text(&f, "project_update", ids.items[0], "text"), "B");
	names_release(&ids);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_by_the_values_of_a_field),
		TEST(test_week_by_week),
		TEST(test_the_first_week_begins_at_midnight),
		TEST(test_days_are_of_a_week_as_instants_are),
		TEST(test_what_is_on_a_beat),
		TEST(test_a_beat_is_asked_for_by_its_code),
		TEST(test_what_nobody_touched),
		TEST(test_updates_of_a_beat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
