/* Beats that are come to and lost, with what was written meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/held.h"
#include "common/lent.h"
#include "common/outbox.h"
#include "tests/support/devices.h"
#include "tests/support/good.h"

#define HOUR (60 * MINUTE)

/* Chen (4480) holds 35X and 12Y; Mota (900) is the sergeant; Ruiz (5000) holds
 * 7Z. A project of Chen's on 12Y with an update. */
struct beat {
	struct hubs t;
	struct device chen, mota, ruiz;
	const char *project, *update;
};

static void
sync_all(struct beat *w)
{
	hubs_pass(&w->t, MINUTE);
	device_sync(&w->chen);
	device_sync(&w->mota);
	device_sync(&w->ruiz);
}

static int
set_up(void **state)
{
	struct beat *w = mem_alloc(sizeof(*w));

	hubs_make(&w->t);
	device_enroll(&w->chen, &w->t, "4480");
	device_enroll(&w->mota, &w->t, "900");
	device_enroll(&w->ruiz, &w->t, "5000");
	sync_all(w);
	w->project = fixture_save(&w->chen.f, "project", "", "title", "Motel",
		"beat_ids", "12Y", NULL);
	w->update = fixture_save(&w->chen.f, "project_update", "", "project_id",
		w->project, "text", "Walked it", NULL);
	sync_all(w);
	sync_all(w);
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct beat *w = *state;

	sync_all(w);
	devices_end(&w->t, &w->chen, &w->mota, &w->ruiz, NULL);
	free(w);
	return 0;
}

static bool
has(struct device *d, const char *kind, const char *id)
{
	struct record *rec;
	enum status st = record_load(d->f.r, kind, id, &rec, &why);

	if (st != ST_NOT_FOUND)
		good(st);
	record_free(st ? NULL : rec);
	return st == ST_OK;
}

static const char *
at_hub(struct beat *w, const char *field)
{
	char name[80];

	snprintf(name, sizeof(name), "project/%s", w->project);
	return hubs_value(&w->t, name, field);
}

static int64_t
unsent(struct device *d, int64_t *held)
{
	struct outbox_counts n;

	good(outbox_count(d->f.r, &n, &why));
	*held = n.held;
	return n.unsent;
}

/* The last day is the 14th, 03:31 of which it is: what Chen writes until
 * midnight counts, whenever it arrives; then nobody need do anything. */
static void
an_assignment_ends_by_its_date(void **state)
{
	struct beat *w = *state;
	int64_t held;

	hubs_set(&w->t, "assignment", "0-3", "ends_on", "2026-07-14", NULL);
	device_sync(&w->chen);
	assert_true(has(&w->chen, "project", w->project));
	hubs_pass(&w->t, 20 * HOUR);
	fixture_save(
		&w->chen.f, "project", w->project, "goal", "In time", NULL);
	hubs_pass(&w->t, HOUR);
	fixture_save(
		&w->chen.f, "project", w->project, "lessons", "Too late", NULL);
	assert_int_equal(unsent(&w->chen, &held), 2);
	device_sync(&w->chen);
	assert_int_equal(unsent(&w->chen, &held), 0);
	assert_int_equal(held, 1);
	assert_false(has(&w->chen, "project", w->project));
	assert_false(has(&w->chen, "project_update", w->update));
	assert_string_equal(at_hub(w, "goal"), "In time");
	assert_string_equal(at_hub(w, "lessons"), "");
}

/* To a beat that Chen does not hold and back, with all that belongs to it;
 * what Chen wrote meanwhile is judged as of then. */
static void
a_project_moves_away_and_back(void **state)
{
	struct beat *w = *state;
	int64_t held;

	fixture_save(&w->mota.f, "project", w->project, "beat_ids", "7Z", NULL);
	device_sync(&w->mota);
	fixture_save(
		&w->chen.f, "project", w->project, "goal", "Unaware", NULL);
	fixture_save(&w->chen.f, "project_update", "", "project_id", w->project,
		"text", "Unaware too", NULL);
	sync_all(w);
	assert_false(has(&w->chen, "project", w->project));
	assert_false(has(&w->chen, "project_update", w->update));
	assert_true(has(&w->ruiz, "project", w->project));
	assert_true(has(&w->ruiz, "project_update", w->update));
	assert_int_equal(unsent(&w->chen, &held), 0);
	assert_int_equal(held, 2);
	assert_string_equal(at_hub(w, "goal"), "");
	fixture_save(
		&w->ruiz.f, "project", w->project, "beat_ids", "12Y", NULL);
	device_sync(&w->ruiz);
	sync_all(w);
	assert_true(has(&w->chen, "project", w->project));
	assert_true(has(&w->chen, "project_update", w->update));
	assert_false(has(&w->ruiz, "project", w->project));
}

/* A ref to what is elsewhere keeps its name; not a byte of that comes. */
static void
refs_to_what_is_elsewhere(void **state)
{
	struct beat *w = *state;
	const char *concern;
	const char *other;

	concern = fixture_save(&w->ruiz.f, "concern", "", "text", "Loud music",
		"beat_id", "7Z", NULL);
	sync_all(w);
	other = fixture_save(&w->chen.f, "project", "", "title", "Noise",
		"beat_ids", "35X", "concern_ids", concern, NULL);
	assert_string_equal(
		fixture_text(&w->chen.f, "project", other, "concern_ids"),
		concern);
	sync_all(w);
	assert_false(has(&w->chen, "concern", concern));
	assert_false(device_heard(&w->chen, "Loud music"));
}

/* What another level may not see leaves, and comes back with the level. */
static void
a_level_that_sees_less(void **state)
{
	struct beat *w = *state;
	const char *contact;

	contact = fixture_save(&w->chen.f, "contact", "", "name", "Ana Diaz",
		"beat_ids", "35X", NULL);
	sync_all(w);
	hubs_set(&w->t, "member", "4480", "access", "analyst", NULL);
	device_sync(&w->chen);
	assert_false(has(&w->chen, "contact", contact));
	assert_true(has(&w->chen, "project", w->project));
	fixture_sound(&w->chen.f);
	hubs_set(&w->t, "member", "4480", "access", "officer", NULL);
	device_sync(&w->chen);
	assert_true(has(&w->chen, "contact", contact));
}

/* A filling that was cut goes on where it was, but not at another level: what
 * came before would not come again. */
static void
a_level_that_changes_while_filling(void **state)
{
	struct beat *w = *state;
	struct device other;
	size_t len;

	device_enroll(&other, &w->t, "4480");
	good(device_try(&other, 0));
	len = other.answer.len;
	device_release(&other);
	device_enroll(&other, &w->t, "4480");
	assert_int_equal(ST_LATER, device_try(&other, len / 2));
	hubs_set(&w->t, "member", "4480", "access", "coordinator", NULL);
	device_sync(&other);
	assert_true(has(&other, "org_unit", "A1"));
	assert_true(has(&other, "member", "999"));
	assert_true(has(&other, "project", w->project));
	fixture_sound(&other.f);
	device_release(&other);
}

/* Of the answer that tells another level nothing but the head is taken: what it
 * goes on with may lean on what was not taken. */
static void
a_level_that_changes_while_others_write(void **state)
{
	struct beat *w = *state;
	char text[2000], more[2100];

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	snprintf(more, sizeof(more), "%s and more", text);
	fixture_save(&w->chen.f, "project", w->project, "problem", text, NULL);
	for (int i = 0; i < 40; i++)
		fixture_save(&w->chen.f, "project_update", "", "project_id",
			w->project, "text", text, NULL);
	fixture_save(&w->chen.f, "project", w->project, "problem", more, NULL);
	device_sync(&w->chen);
	hubs_set(&w->t, "assignment", "", "member_id", "900", "beat_id", "7Z",
		NULL);
	good(device_try(&w->mota, 0)); /* so that it names its books */
	hubs_set(&w->t, "member", "900", "access", "commander", NULL);
	good(device_try(&w->mota, 0));
	assert_true(device_heard(&w->mota, " and more\""));
	device_sync(&w->mota);
	assert_false(device_asked(&w->mota, "\"w\":true"));
	fixture_sound(&w->mota.f);
}

static int64_t
waiting(struct device *d)
{
	int64_t mine, others;

	good(held_count(d->f.r, &mine, &others, &why));
	return others;
}

/* A sergeant who only reads a beat decides nothing there. */
static void
a_book_that_comes_to_be_lent(void **state)
{
	struct beat *w = *state;

	hubs_set(&w->t, "member", "4480", "access", "analyst", NULL);
	fixture_save(&w->chen.f, "project", w->project, "goal", "Quiet", NULL);
	sync_all(w);
	assert_int_equal(waiting(&w->mota), 1);
	good(lent_ask(w->mota.f.r, "beat:12Y", true, &why));
	hubs_set(&w->t, "member", "900", "org_unit_id", "D1", NULL);
	sync_all(w);
	assert_true(has(&w->mota, "project", w->project));
	assert_int_equal(waiting(&w->mota), 0);
	hubs_set(&w->t, "member", "900", "org_unit_id", "A1", NULL);
	sync_all(w);
	assert_int_equal(waiting(&w->mota), 1);
}

/* Nor does the sergeant where the record moves there, until it is back. */
static void
a_record_that_moves_into_a_lent_book(void **state)
{
	struct beat *w = *state;

	good(lent_ask(w->mota.f.r, "beat:7Z", true, &why));
	hubs_set(&w->t, "member", "4480", "access", "analyst", NULL);
	fixture_save(&w->chen.f, "project", w->project, "goal", "Quiet", NULL);
	sync_all(w);
	assert_int_equal(waiting(&w->mota), 1);
	hubs_set(&w->t, "project", w->project, "beat_ids", "7Z", NULL);
	sync_all(w);
	assert_true(has(&w->mota, "project", w->project));
	assert_int_equal(waiting(&w->mota), 0);
	hubs_set(&w->t, "project", w->project, "beat_ids", "12Y", NULL);
	sync_all(w);
	assert_int_equal(waiting(&w->mota), 1);
	hubs_set(&w->t, "project", w->project, "beat_ids", "12Y,7Z", NULL);
	sync_all(w);
	hubs_set(&w->t, "beat", "12Y", "org_unit_ids", "D1", NULL);
	sync_all(w);
	assert_true(has(&w->mota, "project", w->project));
	assert_int_equal(waiting(&w->mota), 0);
}

/* The sergeant decides again once the beat is theirs, though what is in it was
 * lent to them before. */
static void
a_book_of_records_that_were_lent(void **state)
{
	struct beat *w = *state;

	good(lent_ask(w->mota.f.r, "beat:7Z", true, &why));
	hubs_set(&w->t, "beat", "12Y", "org_unit_ids", "D1", NULL);
	hubs_set(&w->t, "project", w->project, "beat_ids", "12Y,7Z", NULL);
	hubs_set(&w->t, "member", "4480", "access", "analyst", NULL);
	fixture_save(&w->chen.f, "project", w->project, "goal", "Quiet", NULL);
	sync_all(w);
	assert_true(has(&w->mota, "project", w->project));
	assert_int_equal(waiting(&w->mota), 0);
	hubs_set(&w->t, "beat", "12Y", "org_unit_ids", "A1", NULL);
	sync_all(w);
	assert_int_equal(waiting(&w->mota), 1);
}

/* What was decided while a book came anew waits no more, where the decision
 * itself was not told. */
static void
a_making_accepted_before_all_comes_anew(void **state)
{
	struct beat *w = *state;
	struct device desk;
	struct helds open = {0};

	hubs_set(&w->t, "member", "4480", "access", "analyst", NULL);
	fixture_save(&w->chen.f, "project", "", "title", "Held", "beat_ids",
		"12Y", NULL);
	sync_all(w);
	assert_int_equal(waiting(&w->mota), 1);
	device_enroll(&desk, &w->t, "900");
	device_sync(&desk);
	good(held_read(desk.f.r, HELD_OPEN, NULL, NULL, 0, &open, &why));
	assert_int_equal(open.count, 1);
	good(held_accept(desk.f.r, open.items[0].entry.edit.id, &why));
	helds_release(&open);
	device_sync(&desk);
	hubs_set(&w->t, "member", "900", "access", "commander", NULL);
	sync_all(w);
	assert_int_equal(waiting(&w->mota), 0);
	fixture_sound(&desk.f);
	device_release(&desk);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_assignment_ends_by_its_date),
		TEST(a_project_moves_away_and_back),
		TEST(refs_to_what_is_elsewhere),
		TEST(a_level_that_sees_less),
		TEST(a_level_that_changes_while_filling),
		TEST(a_level_that_changes_while_others_write),
		TEST(a_book_that_comes_to_be_lent),
		TEST(a_record_that_moves_into_a_lent_book),
		TEST(a_book_of_records_that_were_lent),
		TEST(a_making_accepted_before_all_comes_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
