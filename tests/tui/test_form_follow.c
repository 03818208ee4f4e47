/* Screens that are open while their file is given another number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/conflicts.h"
#include "common/draft.h"
#include "common/renumber.h"
#include "tests/support/good.h"
#include "tests/support/stage.h"

/* What the hub has of it, edits up to `upto`, keeps its number; one record was
 * made since. */
static void
renumber_after(struct fixture *f, uint32_t upto)
{
	const struct renumbering to = {
		.number = 50, .token = "50.4471.x", .upto = upto};
	int64_t renamed = 0;

	good(sql_begin(replica_sql(f->r), &why));
	good(replica_renumber(f->r, &to, &renamed, &why));
	good(sql_commit(replica_sql(f->r), &why));
	good(replica_reload(f->r, &why));
	assert_int_equal(renamed, 1);
}

static void
renumber(struct fixture *f)
{
	renumber_after(f, 0);
}

static void
an_open_form_is_saved_to_its_record(void **state)
{
	struct fixture *f = *state;
	struct names drafts = {0};
	struct stage st;

	fixture_save(
		f, "project", "", "title", "Lake", "beat_ids", "35X", NULL);
	stage_open(&st, f, "project", "1b-1", NULL);
	stage_press(&st, "e <S-Tab>");
	stage_type(&st, " theft");
	renumber(f);
	stage_press(&st, "<F2>");

	assert_string_equal(
		fixture_text(f, "project", "1e-1", "title"), "Lake theft");
	good(draft_list(f->r, &drafts, &why));
	assert_int_equal(drafts.count, 0);
	stage_close(&st);
	fixture_sound(f);
}

/* What is looked at while the file gets its number is still there then. */
static void
an_open_history_goes_with_its_record(void **state)
{
	struct fixture *f = *state;
	struct stage st;

	fixture_save(
		f, "project", "", "title", "Lake", "beat_ids", "35X", NULL);
	stage_open(&st, f, "project", "1b-1", NULL);
	stage_press(&st, "h");
	stage_shows(&st, "HISTORY 1b-1");
	renumber(f);
	fixture_save(f, "project", "1e-1", "goal", "fewer", NULL);
	assert_true(app_refresh(&st.s.app));
	stage_press(&st, "j");
	stage_shows(&st, "HISTORY 1e-1");
	stage_shows(&st, "fewer");
	stage_close(&st);
	fixture_sound(f);
}

/* Chen's goal of 30-1 is in force over ours, edit 47.1, which the hub has; what
 * is not sent yet is a project of our own. */
static void
make_conflict(struct fixture *f)
{
	struct entry e = fixture_entry(f, "48.1", "4480", "project/30-1",
		"title", "Motel", "beat_ids", "35X", NULL);

	fixture_take(f, &e, "beat:35X");
	fixture_save(f, "project", "30-1", "goal", "Cut by half", NULL);
	fixture_confirm(f, 1, NULL);
	fixture_lose(f, "48.2", "project/30-1", "goal", "A third");
	fixture_save(
		f, "project", "", "title", "Lake", "beat_ids", "35X", NULL);
}

/* How the conflict ended: by an edit under the new number, after which it is
 * there no more. */
static void
expect_settled(struct fixture *f, const char *goal)
{
	struct conflicts all = {0};
	struct record *rec;

	assert_string_equal(fixture_text(f, "project", "30-1", "goal"), goal);
	good(conflicts_read(f->r, NULL, NULL, &all, &why));
	assert_int_equal(all.count, 0);
	conflicts_release(&all);
	good(record_load(f->r, "project", "30-1", &rec, &why));
	assert_int_equal(record_value_of(rec, "goal")->edit.replica, 50);
	record_free(rec);
	fixture_sound(f);
}

/* Settled before the screens had a look at the file again, and after. */
static void
settle_after_a_new_number(struct fixture *f, const char *where, bool looked)
{
	struct stage st;

	make_conflict(f);
	stage_open(&st, f, "project", "30-1", NULL);
	stage_press(&st, where);
	stage_shows(&st, "CONFLICT 1 of 1");
	stage_shows(&st, "yours ");
	renumber_after(f, 1);
	if (looked)
		assert_true(app_refresh(&st.s.app));
	stage_paint(&st);
	stage_shows(&st, "CONFLICT 1 of 1");
	stage_press(&st, "m");
	stage_shows(&st, "No open conflicts");
	expect_settled(f, "Cut by half");
	stage_press(&st, "<Esc>");
	stage_shows(&st, "Cut by half");
	stage_press(&st, "g p");
	stage_shows(&st, "1e-1");
	stage_lacks(&st, "1b-");
	stage_close(&st);
}

static void
an_open_conflict_is_settled_under_the_new_number(void **state)
{
	settle_after_a_new_number(*state, "g c", false);
}

static void
an_open_conflict_looks_again(void **state)
{
	settle_after_a_new_number(*state, "g c", true);
}

static void
a_records_conflict_is_settled_under_the_new_number(void **state)
{
	settle_after_a_new_number(*state, "c", false);
}

/* The form that settles it was open, with something typed. */
static void
an_open_settling_is_saved_under_the_new_number(void **state)
{
	struct fixture *f = *state;
	struct stage st;

	make_conflict(f);
	stage_open(&st, f, NULL, NULL, NULL);
	stage_press(&st, "g c e");
	stage_shows(&st, "SETTLE Project");
	stage_press(&st, "<C-End> <C-u> <BS> <C-u> <BS> <C-u>");
	stage_type(&st, "Between the two");
	renumber_after(f, 1);
	assert_true(app_refresh(&st.s.app));
	stage_paint(&st);
	stage_shows(&st, "Between the two");
	stage_press(&st, "<F2>");
	stage_shows(&st, "No open conflicts");
	expect_settled(f, "Between the two");
	stage_close(&st);
}

/* It was saved, undone, and lies there as a draft. */
static void
an_undone_settling_is_a_draft_under_the_new_number(void **state)
{
	struct fixture *f = *state;
	struct stage st;

	make_conflict(f);
	stage_open(&st, f, NULL, NULL, NULL);
	stage_press(&st, "g c e <C-End> <C-u>");
	stage_type(&st, "Between the two");
	stage_press(&st, "<F2> u y g t");
	renumber_after(f, 1);
	assert_true(app_refresh(&st.s.app));
	stage_press(&st, "r");
	stage_shows(&st, "| Between the two");
	stage_press(&st, "<F2>");
	expect_settled(f, "Between the two");
	stage_close(&st);
}

/* Another process of this file was given the number. */
static void
a_save_follows_what_another_process_was_given(void **state)
{
	struct fixture *f = *state;
	struct replica *other;
	struct record *rec;
	struct edit e = {
		.kind = mem_text("project"), .record = mem_text("1b-1")};

	fixture_save(
		f, "project", "", "title", "Lake", "beat_ids", "35X", NULL);
	good(replica_open(f->path, &f->clock, &other, &why));
	good(record_load(other, "project", "1b-1", &rec, &why));
	renumber(f);
	record_change(&e, rec, "goal", "none left");
	good(record_save(other, &e, &why));
	assert_int_equal(e.id.replica, 50);
	assert_string_equal(e.record, "1e-1");
	record_free(rec);
	replica_close(other);
	assert_string_equal(
		fixture_text(f, "project", "1e-1", "goal"), "none left");
	edit_release(&e);
	fixture_sound(f);
}

int
main(void)
{
#define TEST(t) \
	cmocka_unit_test_setup_teardown(t, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(an_open_form_is_saved_to_its_record),
		TEST(an_open_history_goes_with_its_record),
		TEST(an_open_conflict_is_settled_under_the_new_number),
		TEST(an_open_conflict_looks_again),
		TEST(a_records_conflict_is_settled_under_the_new_number),
		TEST(an_open_settling_is_saved_under_the_new_number),
		TEST(an_undone_settling_is_a_draft_under_the_new_number),
		TEST(a_save_follows_what_another_process_was_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
