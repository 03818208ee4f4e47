/* Voids against edits and children, whoever comes first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/conflicts.h"
#include "tests/support/devices.h"
#include "tests/support/good.h"

/* Ibarra (4471) and Chen (4480) hold project 35X of Ibarra's; Mota (900) is
 * their sergeant. All have it. */
struct beat {
	struct hubs t;
	struct device ibarra, chen, mota;
	const char *project;
};

static void
sync_all(struct beat *w)
{
	for (int i = 0; i < 2; i++) {
		hubs_pass(&w->t, MINUTE);
		device_sync(&w->ibarra);
		device_sync(&w->chen);
		device_sync(&w->mota);
	}
}

static int
set_up(void **state)
{
	struct beat *w = mem_alloc(sizeof(*w));

	hubs_make(&w->t);
	device_enroll(&w->ibarra, &w->t, "4471");
	device_enroll(&w->chen, &w->t, "4480");
	device_enroll(&w->mota, &w->t, "900");
	sync_all(w);
	w->project = fixture_save(&w->ibarra.f, "project", "", "title",
		"Garage", "beat_ids", "35X", NULL);
	sync_all(w);
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct beat *w = *state;

	sync_all(w);
	devices_end(&w->t, &w->ibarra, &w->chen, &w->mota, NULL);
	free(w);
	return 0;
}

static void
hide_any(struct device *d, const char *kind, const char *id, const char *reason)
{
	struct record *rec;

	good(record_load(d->f.r, kind, id, &rec, &why));
	if (reason)
		good(record_void(d->f.r, rec, reason, &why));
	else
		good(record_unvoid(d->f.r, rec, &why));
	record_free(rec);
}

static void
hide(struct device *d, const char *id, const char *reason)
{
	hide_any(d, "project", id, reason);
}

/* An update of the project; its id. */
static void
add_update(struct device *d, struct beat *w, char out[64])
{
	snprintf(out, 64, "%s",
		fixture_save(&d->f, "project_update", "", "project_id",
			w->project, "text", "Walked it", NULL));
}

/* How many sides lost against the project's void, as this file knows; `first`
 * is what the first did. */
static size_t
lost_to_void(struct device *d, struct beat *w, char first[128])
{
	struct conflicts all = {0};
	size_t count = 0;

	good(conflicts_read(d->f.r, NULL, NULL, &all, &why));
	assert_true(all.count <= 1);
	for (size_t i = 0; i < all.count; i++) {
		assert_string_equal(all.items[i].kind, "project");
		assert_string_equal(all.items[i].id, w->project);
		assert_string_equal(all.items[i].field, FIELD_VOID);
		count = all.items[i].lost_count;
		snprintf(first, 128, "%s", all.items[i].lost[0].deed);
	}
	conflicts_release(&all);
	return count;
}

/* All who are to be told know of it. */
static void
all_know(struct beat *w, size_t lost, const char *deed)
{
	struct device *const told[] = {&w->ibarra, &w->chen, &w->mota};
	char first[128] = "";

	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(lost_to_void(told[i], w, first), lost);
		assert_string_equal(first, deed);
	}
}

static void
nobody_is_told(struct beat *w)
{
	all_know(w, 0, "");
}

static void
a_child_after_an_unseen_void(void **state)
{
	struct beat *w = *state;
	char update[64], deed[128];

	hide(&w->ibarra, w->project, "twice");
	add_update(&w->chen, w, update);
	hubs_pass(&w->t, MINUTE);
	device_sync(&w->ibarra);
	sync_all(w);
	snprintf(deed, sizeof(deed), "made project_update/%s", update);
	all_know(w, 1, deed);
}

static void
an_unseen_child_before_the_void(void **state)
{
	struct beat *w = *state;
	char update[64], deed[128];

	hide(&w->ibarra, w->project, "twice");
	add_update(&w->chen, w, update);
	hubs_pass(&w->t, MINUTE);
	device_sync(&w->chen);
	sync_all(w);
	snprintf(deed, sizeof(deed), "made project_update/%s", update);
	all_know(w, 1, deed);
}

/* Three records and an edit of one replica's are one branch. */
static void
a_run_of_children_is_one_branch(void **state)
{
	struct beat *w = *state;
	char update[64], deed[128];

	for (int order = 0; order < 2; order++) {
		hide(&w->ibarra, w->project, "twice");
		add_update(&w->chen, w, update);
		fixture_save(&w->chen.f, "project", w->project, "goal",
			order ? "None" : "Half", NULL);
		add_update(&w->chen, w, update);
		add_update(&w->chen, w, update);
		hubs_pass(&w->t, MINUTE);
		device_sync(order ? &w->chen : &w->ibarra);
		sync_all(w);
		snprintf(deed, sizeof(deed), "made project_update/%s", update);
		all_know(w, 1, deed);
		good(conflict_resolve(w->mota.f.r, "project", w->project,
			FIELD_VOID, "", &why));
		sync_all(w);
		nobody_is_told(w);
	}
}

static void
every_replica_is_a_branch(void **state)
{
	struct beat *w = *state;
	char update[64], first[128];

	for (int order = 0; order < 2; order++) {
		hide(&w->ibarra, w->project, "twice");
		add_update(&w->chen, w, update);
		fixture_save(&w->mota.f, "project", w->project, "goal",
			order ? "None" : "Half", NULL);
		hubs_pass(&w->t, MINUTE);
		if (order) {
			device_sync(&w->chen);
			device_sync(&w->mota);
		}
		device_sync(&w->ibarra);
		sync_all(w);
		assert_int_equal(lost_to_void(&w->ibarra, w, first), 2);
		assert_int_equal(lost_to_void(&w->mota, w, first), 2);
		good(conflict_resolve(w->ibarra.f.r, "project", w->project,
			FIELD_VOID, "", &why));
		sync_all(w);
		nobody_is_told(w);
	}
}

static void
who_saw_the_void_may_go_on(void **state)
{
	struct beat *w = *state;
	char update[64];

	add_update(&w->chen, w, update);
	sync_all(w);
	hide(&w->ibarra, w->project, "twice");
	sync_all(w);
	add_update(&w->chen, w, update);
	fixture_save(&w->mota.f, "project", w->project, "goal", "Less", NULL);
	sync_all(w);
	nobody_is_told(w);
}

static void
who_voids_may_go_on(void **state)
{
	struct beat *w = *state;
	char update[64];

	add_update(&w->ibarra, w, update);
	hide(&w->ibarra, w->project, "twice");
	add_update(&w->ibarra, w, update);
	fixture_save(&w->ibarra.f, "project", w->project, "goal", "Less", NULL);
	sync_all(w);
	nobody_is_told(w);
}

/* A record that belongs to a child belongs to the project as well. */
static void
grandchildren(void **state)
{
	struct beat *w = *state;
	char update[64], source[96], deed[128];
	const char *item;

	add_update(&w->chen, w, update);
	sync_all(w);
	for (int order = 0; order < 2; order++) {
		hide(&w->ibarra, w->project, "twice");
		snprintf(source, sizeof(source), "project_update/%s", update);
		item = fixture_save(&w->chen.f, "action_item", "", "source_id",
			source, "text", "Call", "owner_id", "4480", "due_on",
			"2026-08-01", NULL);
		snprintf(deed, sizeof(deed), "made action_item/%s", item);
		hubs_pass(&w->t, MINUTE);
		device_sync(order ? &w->chen : &w->ibarra);
		sync_all(w);
		all_know(w, 1, deed);
		good(conflict_resolve(w->mota.f.r, "project", w->project,
			FIELD_VOID, "", &why));
		sync_all(w);
	}
}

#define LATE 4

/* What is known of the void, in one order whoever tells of it. */
static void
check_deeds(struct device *d, struct beat *w, const char *expected)
{
	struct conflicts all = {0};
	struct buf deeds = BUF_INIT;

	good(conflicts_read(d->f.r, "project", w->project, &all, &why));
	assert_int_equal(all.count, 1);
	assert_string_equal(all.items[0].won.value, "twice");
	for (size_t i = 0; i < all.items[0].lost_count; i++)
		buf_printf(&deeds, "%s; ", all.items[0].lost[i].deed);
	assert_string_equal(buf_text(&deeds), expected);
	conflicts_release(&all);
	buf_release(&deeds);
	fixture_sound(&d->f);
}

/* One more file begins to fill, and is cut. */
static void
begin_late(struct device *d, struct beat *w, size_t upto)
{
	device_enroll(d, &w->t, "900");
	(void)device_try(d, upto);
}

/* A void, a grandchild and an edit of three replicas, in this order. */
static void
arrive(struct beat *w, const int order[3], const char *source)
{
	struct device *const from[] = {&w->ibarra, &w->chen, &w->mota};
	struct device late[LATE];
	const char *item;
	char expected[200];

	hide(&w->ibarra, w->project, "twice");
	item = fixture_save(&w->chen.f, "action_item", "", "source_id", source,
		"text", "Call", "owner_id", "4480", "due_on", "2026-08-01",
		NULL);
	fixture_save(&w->mota.f, "project", w->project, "goal", item, NULL);
	snprintf(expected, sizeof(expected), "made action_item/%s; set goal; ",
		item);
	for (int i = 0; i < LATE; i++) {
		begin_late(&late[i], w, 700 + 400 * (size_t)i);
		hubs_pass(&w->t, MINUTE);
		/* Those that wait hear of it at other places of their filling;
		 * one is cut again, so that it is told the same once more,
		 * as is the hub. */
		if (i < 3) {
			(void)device_try(from[order[i]], 100);
			device_sync(from[order[i]]);
		}
		for (int j = 0; j < i; j++)
			(void)device_try(&late[j], j == i - 1 ? 0 : 900);
	}
	sync_all(w);
	for (int i = 0; i < LATE; i++) {
		device_sync(&late[i]);
		check_deeds(&late[i], w, expected);
		device_release(&late[i]);
	}
	check_deeds(&w->chen, w, expected);
	check_deeds(&w->mota, w, expected);
	check_deeds(&w->ibarra, w, expected);
}

static void
every_order_of_arrival(void **state)
{
	static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
		{1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	struct beat *w = *state;
	char update[64], source[96];

	add_update(&w->chen, w, update);
	snprintf(source, sizeof(source), "project_update/%s", update);
	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++) {
		sync_all(w);
		arrive(w, orders[i], source);
		good(conflict_resolve(w->mota.f.r, "project", w->project,
			FIELD_VOID, "", &why));
		sync_all(w);
		nobody_is_told(w);
	}
}

/* Keeping the void closes it; who saw the void before it was confirmed knows
 * that the record is void. */
static void
a_confirmed_void_is_the_same(void **state)
{
	struct beat *w = *state;
	char update[64];

	hide(&w->ibarra, w->project, "twice");
	add_update(&w->chen, w, update);
	sync_all(w);
	good(conflict_resolve(
		w->mota.f.r, "project", w->project, FIELD_VOID, NULL, &why));
	fixture_save(&w->chen.f, "project", w->project, "goal", "Less", NULL);
	add_update(&w->chen, w, update);
	hubs_pass(&w->t, MINUTE);
	device_sync(&w->mota);
	sync_all(w);
	nobody_is_told(w);
	assert_string_equal(
		fixture_text(&w->chen.f, "project", w->project, FIELD_VOID),
		"twice");
}

/* A void that was taken back and came again is another one. */
static void
another_void_is_another(void **state)
{
	struct beat *w = *state;
	char update[64], deed[128];

	hide(&w->ibarra, w->project, "twice");
	sync_all(w);
	add_update(&w->chen, w, update);
	hide(&w->ibarra, w->project, NULL);
	device_sync(&w->ibarra);
	hide(&w->ibarra, w->project, "after all");
	device_sync(&w->ibarra);
	sync_all(w);
	snprintf(deed, sizeof(deed), "made project_update/%s", update);
	all_know(w, 1, deed);
}

/* What the void's author wrote and received before is no news to them. */
static void
what_came_meanwhile_was_seen(void **state)
{
	struct beat *w = *state;
	char update[64];

	fixture_save(&w->chen.f, "project", w->project, "goal", "Less", NULL);
	add_update(&w->chen, w, update);
	device_sync(&w->chen);
	fixture_save(&w->ibarra.f, "project", w->project, "title", "Lot", NULL);
	sync_all(w);
	hide(&w->ibarra, w->project, "twice");
	sync_all(w);
	nobody_is_told(w);
}

static void
two_voids(void **state)
{
	struct beat *w = *state;
	char first[128];

	hide(&w->ibarra, w->project, "twice");
	hubs_pass(&w->t, MINUTE);
	hide(&w->chen, w->project, "a mistake");
	sync_all(w);
	assert_int_equal(lost_to_void(&w->mota, w, first), 1);
	assert_string_equal(first, "");
	assert_string_equal(
		fixture_text(&w->mota.f, "project", w->project, FIELD_VOID),
		"a mistake");
}

/* Who fills when the conflict is there already is told as much of it, and of
 * the child with that child alone. */
static void
who_fills_afterwards(void **state)
{
	struct beat *w = *state;
	struct device late;
	char update[64], deed[128], first[128];

	hide(&w->ibarra, w->project, "twice");
	add_update(&w->chen, w, update);
	sync_all(w);
	device_enroll(&late, &w->t, "4471");
	device_sync(&late);
	snprintf(deed, sizeof(deed), "made project_update/%s", update);
	assert_int_equal(lost_to_void(&late, w, first), 1);
	assert_string_equal(first, deed);
	fixture_sound(&late.f);
	device_release(&late);
}

/* A cursor says nothing of a book that is being filled: the update is below it,
 * and not there yet. */
static void
a_child_that_the_filling_had_not_brought(void **state)
{
	struct beat *w = *state;
	struct device late;
	struct record *rec;
	char update[64], deed[128], first[128];

	add_update(&w->chen, w, update);
	sync_all(w);
	device_enroll(&late, &w->t, "900");
	for (size_t max = 400; max < 100000; max += 40) {
		if (device_try(&late, max) == ST_OK)
			fail_msg("all of it came at once");
		if (!record_load(late.f.r, "project", w->project, &rec, &why))
			break;
	}
	record_free(rec);
	assert_int_equal(
		record_load(late.f.r, "project_update", update, &rec, &why),
		ST_NOT_FOUND);
	hide(&late, w->project, "twice");
	device_sync(&late);
	sync_all(w);
	snprintf(deed, sizeof(deed), "made project_update/%s", update);
	assert_int_equal(lost_to_void(&late, w, first), 1);
	assert_string_equal(first, deed);
	assert_int_equal(lost_to_void(&w->chen, w, first), 1);
	assert_string_equal(first, deed);
	fixture_sound(&late.f);
	device_release(&late);
}

/* A council is everyone's, a meeting of it is its beat's: elsewhere one knows
 * that the council's void is in doubt, and nothing of the meeting. */
static void
a_child_of_another_beat_stays_there(void **state)
{
	struct beat *w = *state;
	struct device santos;
	struct conflicts all = {0};
	struct entry e;
	const char *council;

	council = fixture_save(&w->mota.f, "council", "", "name", "Lake",
		"kind", "neighborhood_council", "beat_ids", "35X", NULL);
	sync_all(w);
	hide_any(&w->mota, "council", council, "twice");
	fixture_save(&w->chen.f, "meeting", "", "council_id", council, "title",
		"Spring", "kind", "small_group", "starts_at",
		"2026-08-02T01:00:00.000Z", NULL);
	sync_all(w);
	device_enroll(&santos, &w->t, "910");
	device_sync(&santos);
	good(conflicts_read(santos.f.r, "council", council, &all, &why));
	assert_int_equal(all.count, 1);
	assert_int_equal(all.items[0].lost_count, 1);
	assert_false(all.items[0].lost[0].known);
	assert_int_equal(
		history_edit(santos.f.r, all.items[0].lost[0].edit, &e, &why),
		ST_NOT_FOUND);
	conflicts_release(&all);
	fixture_sound(&santos.f);
	device_release(&santos);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_child_after_an_unseen_void),
		TEST(an_unseen_child_before_the_void),
		TEST(a_run_of_children_is_one_branch),
		TEST(every_replica_is_a_branch),
		TEST(who_saw_the_void_may_go_on),
		TEST(who_voids_may_go_on),
		TEST(grandchildren),
		TEST(every_order_of_arrival),
		TEST(a_confirmed_void_is_the_same),
		TEST(another_void_is_another),
		TEST(what_came_meanwhile_was_seen),
		TEST(two_voids),
		TEST(who_fills_afterwards),
		TEST(a_child_that_the_filling_had_not_brought),
		TEST(a_child_of_another_beat_stays_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
