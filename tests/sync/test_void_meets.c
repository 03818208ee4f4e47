/* Voids and edits that did not see each other, through the hub. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/fixture.h"
#include "tests/support/two.h"

static const char *
stands(struct two *w)
{
	return hubs_value(&w->t, "project/p-1", FIELD_VOID);
}

static void
void_of_what_was_seen_is_clean(void **state)
{
	struct two *w = *state;

	peer_edit(&w->a, "project/p-1", peer_id(&w->a, 1), FIELD_VOID, "twice",
		NULL);
	peer_sync(&w->a);
	assert_string_equal(stands(w), "twice");
	assert_int_equal(two_conflicts(w), 0);
}

static void
void_over_an_unseen_edit_is_a_conflict(void **state)
{
	struct two *w = *state;

	two_edit(&w->b, peer_id(&w->a, 1), "news");
	peer_edit(&w->a, "project/p-1", peer_id(&w->a, 1), FIELD_VOID, "twice",
		NULL);
	peer_sync(&w->b);
	peer_sync(&w->a);
	assert_string_equal(stands(w), "twice");
	two_value_is(w, "news");
	assert_int_equal(two_conflicts(w), 1);
	assert_string_equal(
		peer_verdict(&w->a, 2)->verdict.standing[0].field, FIELD_VOID);
}

/* Own offline edits before the void hide nothing: an unseen edit that came
 * before them is still unseen. */
static void
void_after_own_edits_sees_no_more(void **state)
{
	struct two *w = *state;

	two_edit(&w->b, peer_id(&w->a, 1), "news");
	peer_edit(
		&w->a, "project/p-1", peer_id(&w->a, 1), "title", "Mine", NULL);
	peer_edit(&w->a, "project/p-1", peer_id(&w->a, 2), FIELD_VOID, "twice",
		NULL);
	peer_sync(&w->b);
	peer_sync(&w->a);
	assert_int_equal(two_conflicts(w), 1);
}

static void
edit_under_an_unseen_void_is_a_conflict(void **state)
{
	struct two *w = *state;
	struct dated_edit *d;

	peer_edit(&w->a, "project/p-1", peer_id(&w->a, 1), FIELD_VOID, "twice",
		NULL);
	peer_sync(&w->a);
	two_edit(&w->b, peer_id(&w->a, 1), "beneath");
	two_edit(&w->b, peer_id(&w->b, 1), "beneath too");
	peer_sync(&w->b);
	assert_string_equal(stands(w), "twice");
	two_value_is(w, "beneath too");
	assert_int_equal(two_conflicts(w), 1);
	assert_int_equal(peer_verdict(&w->b, 2)->verdict.standing[0].count, 1);
	/* Unvoid, and say that the edit is known. */
	d = peer_edit(
		&w->b, "project/p-1", peer_id(&w->b, 2), FIELD_VOID, "", NULL);
	edit_settle(&d->edit, FIELD_VOID, (struct edit_id){w->b.number, 2});
	d->edit.saw_void = (struct edit_id){w->a.number, 2};
	peer_sync(&w->b);
	assert_string_equal(stands(w), "");
	assert_int_equal(two_conflicts(w), 0);
}

static void
edit_that_saw_the_void_is_clean(void **state)
{
	struct two *w = *state;
	struct dated_edit *d;

	peer_edit(&w->a, "project/p-1", peer_id(&w->a, 1), FIELD_VOID, "twice",
		NULL);
	peer_sync(&w->a);
	peer_sync(&w->b);
	d = peer_edit(&w->b, "project/p-1", peer_id(&w->a, 1), "problem",
		"beneath", NULL);
	d->edit.saw_void = (struct edit_id){w->a.number, 2};
	peer_sync(&w->b);
	assert_int_equal(two_conflicts(w), 0);
	assert_string_equal(stands(w), "twice");
}

/* What a replica had been told by a hub that was restored since, is not what
 * has these seqs now: it says up to where the logs are the same. */
static void
void_of_another_past(void **state)
{
	struct two *w = *state;
	struct dated_edit *d;

	peer_edit(&w->a, "project_update/u-1", NULL, "project_id", "p-1",
		"text", "Walked it", NULL);
	d = peer_edit(
		&w->b, "project/p-1", peer_id(&w->a, 1), "void", "twice", NULL);
	d->floor = w->b.cursor.seq;
	d->edit.seen = d->floor + 9;
	peer_sync(&w->a);
	peer_sync(&w->b);
	assert_int_equal(peer_verdict(&w->b, 1)->verdict.standing_count, 1);
	assert_true(edit_id_same((struct edit_id){w->a.number, 2},
		peer_verdict(&w->b, 1)->verdict.standing[0].losers[0]));
}

/* And a void that it hears of after what was written on the void record. */
static void
void_that_comes_again(void **state)
{
	struct two *w = *state;
	struct edit_id lost = {w->b.number, 1};
	struct dated_edit *d;
	const struct verdict *v;

	peer_edit(
		&w->b, "project/p-1", peer_id(&w->a, 1), "void", "twice", NULL);
	hubs_pass(&w->t, MINUTE);
	d = peer_edit(&w->a, "project/p-1", peer_id(&w->a, 1), "problem",
		"known to be void", NULL);
	d->edit.saw_void = lost;
	d = peer_edit(&w->a, "project_update/u-1", NULL, "project_id", "p-1",
		"text", "Walked it", NULL);
	d->edit.saw_void = lost;
	d = peer_edit(
		&w->a, "project/p-1", peer_id(&w->b, 1), "void", "", NULL);
	d->edit.saw_void = lost;
	peer_sync(&w->a);
	peer_sync(&w->b);
	v = &peer_verdict(&w->b, 1)->verdict;
	assert_int_equal(v->lost_count, 1);
	assert_int_equal(v->standing_count, 0);
	assert_string_equal(hubs_value(&w->t, "project/p-1", "void"), "");
	assert_int_equal(two_conflicts(w), 0);
}

/* The same, where nobody took the void back. */
static void
void_that_comes_after_who_saw_it(void **state)
{
	struct two *w = *state;
	struct edit_id lost = {w->b.number, 1};
	struct dated_edit *d;

	peer_edit(
		&w->b, "project/p-1", peer_id(&w->a, 1), "void", "twice", NULL);
	d = peer_edit(&w->a, "project/p-1", peer_id(&w->a, 1), "problem",
		"known to be void", NULL);
	d->edit.saw_void = lost;
	d = peer_edit(&w->a, "project_update/u-1", NULL, "project_id", "p-1",
		"text", "Walked it", NULL);
	d->edit.saw_void = lost;
	peer_sync(&w->a);
	peer_sync(&w->b);
	assert_int_equal(peer_verdict(&w->b, 1)->verdict.lost_count, 0);
	assert_string_equal(hubs_value(&w->t, "project/p-1", "void"), "twice");
	assert_int_equal(two_conflicts(w), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, two_set_up, two_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(void_of_what_was_seen_is_clean),
		TEST(void_over_an_unseen_edit_is_a_conflict),
		TEST(void_after_own_edits_sees_no_more),
		TEST(edit_under_an_unseen_void_is_a_conflict),
		TEST(edit_that_saw_the_void_is_clean),
		TEST(void_of_another_past),
		TEST(void_that_comes_again),
		TEST(void_that_comes_after_who_saw_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
