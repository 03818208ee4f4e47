/* Checksums: what is damaged behind a replica's back is found, and filled
 * anew beside what is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/checksum.h"
#include "tests/support/devices.h"
#include "tests/support/good.h"

#define DAY (24 * 60 * MINUTE)

struct two {
	struct hubs *t;
	struct device a, b;
	char first[80], second[80];
};

static void
run(struct device *d, const char *sql)
{
	good(sql_run(replica_sql(d->f.r), &why, sql, ""));
}

static void
make_project(struct device *d, const char *title, char id[80])
{
	snprintf(id, 80, "%s",
		fixture_save(&d->f, "project", "", "title", title, "beat_ids",
			"35X", "goal", "fewer", NULL));
}

/* Two officers, two projects, and an open conflict on the first. */
static void
two_make(struct two *w, struct hubs *t)
{
	w->t = t;
	device_enroll(&w->a, t, "4471");
	device_enroll(&w->b, t, "4480");
	device_sync(&w->a);
	device_sync(&w->b);
	make_project(&w->a, "Lake theft", w->first);
	make_project(&w->a, "Garage", w->second);
	device_sync(&w->a);
	device_sync(&w->b);
	hubs_pass(t, MINUTE);
	fixture_save(&w->b.f, "project", w->first, "goal", "none", NULL);
	hubs_pass(t, MINUTE);
	fixture_save(&w->a.f, "project", w->first, "goal", "half", NULL);
	device_sync(&w->b);
	device_sync(&w->a);
	device_sync(&w->b);
}

static void
two_release(struct two *w)
{
	device_release(&w->a);
	device_release(&w->b);
}

/* The next daily look. */
static void
next_day(struct two *w, int64_t differed)
{
	int64_t found = 0;

	hubs_pass(w->t, DAY + MINUTE);
	do {
		good(device_try(&w->a, 0));
		found += w->a.counts.differed;
		if (!found)
			assert_true(device_asked(&w->a, "\"k\":true"));
	} while (w->a.counts.again);
	assert_int_equal(found, differed);
	fixture_sound(&w->a.f);
}

static void
both_come_to_the_same(void **state)
{
	struct two w;

	two_make(&w, *state);
	assert_true(device_heard(&w.a, "\"x\":{\"goal\":"));
	next_day(&w, 0);
	assert_true(device_heard(&w.a, "{\"sum\":\"beat:35X\",\"k\":{"));
	assert_true(device_heard(&w.a, "{\"sum\":\"dept\",\"k\":{"));
	/* Not again on the same day. */
	hubs_pass(w.t, 23 * 60 * MINUTE);
	device_sync(&w.a);
	assert_false(device_asked(&w.a, "\"k\":true"));
	two_release(&w);
}

/* Damaged by `sql`, found, and as it was; beside it one's own edit goes up. */
static void
damage(struct hubs *t, const char *sql)
{
	struct checksums before = {0}, after = {0};
	struct two w;

	two_make(&w, t);
	next_day(&w, 0);
	good(checksums_read(w.a.f.r, "beat:35X", &before, &why));
	run(&w.a, sql);
	fixture_save(&w.a.f, "contact", "", "name", "Ana Diaz", "beat_ids",
		"35X", NULL);
	next_day(&w, 1);
	assert_true(device_heard(&w.a, "{\"fill\":\"beat:35X\""));
	assert_false(device_heard(&w.a, "{\"fill\":\"dept\""));
	next_day(&w, 0);
	good(checksums_read(w.a.f.r, "beat:35X", &after, &why));
	assert_int_equal(after.count, before.count + 1); /* contacts */
	for (size_t i = 0; i < before.count; i++)
		assert_true(checksums_kind(&after, before.items[i].kind)->sum ==
			    before.items[i].sum);
	assert_string_equal(
		fixture_text(&w.a.f, "project", w.first, "goal"), "half");
	assert_string_equal(
		fixture_text(&w.a.f, "project", w.second, "title"), "Garage");
	device_sync(&w.b);
	assert_true(device_heard(&w.b, "Ana Diaz"));
	checksums_release(&before);
	checksums_release(&after);
	two_release(&w);
}

static void
a_damaged_cell(void **state)
{
	damage(*state, "UPDATE _cell SET seq=(SELECT min(seq) FROM _cell WHERE "
		       "kind='project') WHERE kind='project' AND field='goal'");
}

static void
a_cell_that_is_gone(void **state)
{
	damage(*state,
		"DELETE FROM _cell WHERE kind='project' AND field='title'");
}

static void
a_missing_record(void **state)
{
	damage(*state, "DELETE FROM _in_book WHERE kind='project' AND id="
		       "(SELECT max(id) FROM project)");
}

static void
a_record_too_many(void **state)
{
	damage(*state, "INSERT INTO _in_book(kind,id,book) "
		       "VALUES('place','zz-1','beat:35X')");
}

static void
a_conflict_too_many(void **state)
{
	damage(*state,
		"INSERT INTO _conflict SELECT kind,id,'title',replica,n FROM "
		"_conflict");
}

static void
a_conflict_too_few(void **state)
{
	damage(*state, "DELETE FROM _conflict");
}

/* The same rows in any order; another row, another sum. */
static void
sums_are_of_what_is_held(void **state)
{
	const struct edit_id x = {47, 12}, y = {47, 13};
	struct checksums c = {0}, d = {0};

	(void)state;
	checksums_add(&c, CHECKSUM_RECORD, "project", "1b-1", "", EDIT_ID_NONE);
	checksums_add(&c, CHECKSUM_CELL, "project", "1b-1", "goal", x);
	checksums_add(&d, CHECKSUM_CELL, "project", "1b-1", "goal", x);
	assert_false(checksums_same(&c, &d));
	checksums_add(&d, CHECKSUM_RECORD, "project", "1b-1", "", EDIT_ID_NONE);
	assert_true(checksums_same(&c, &d));
	checksums_add(&c, CHECKSUM_LOSER, "project", "1b-1", "goal", y);
	checksums_add(&d, CHECKSUM_CELL, "project", "1b-1", "goal", y);
	assert_false(checksums_same(&c, &d));
	checksums_release(&c);
	checksums_release(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_of_what_is_held),
		HUBS_TEST(both_come_to_the_same),
		HUBS_TEST(a_damaged_cell),
		HUBS_TEST(a_cell_that_is_gone),
		HUBS_TEST(a_missing_record),
		HUBS_TEST(a_record_too_many),
		HUBS_TEST(a_conflict_too_many),
		HUBS_TEST(a_conflict_too_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
