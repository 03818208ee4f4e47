/* A value of a record's history that is put in force again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/conflicts.h"
#include "common/draft.h"
#include "tests/support/good.h"
#include "tests/support/stage.h"

static struct fixture f;
static struct stage st;

/* A goal, and one written over it. */
static int
begin(void **state)
{
	stage_make(&st, &f, state);
	fixture_save(
		&f, "project", "", "title", "Garage", "beat_ids", "35X", NULL);
	fixture_save(&f, "project", "1b-1", "goal", "Cut by half", NULL);
	fixture_save(&f, "project", "1b-1", "goal", "Cut by a third", NULL);
	return 0;
}

static void
open_history(void)
{
	stage_open(&st, &f, "project", "1b-1", NULL);
	stage_press(&st, "h");
}

static void
goal_is(const char *value)
{
	assert_string_equal(fixture_text(&f, "project", "1b-1", "goal"), value);
}

/* Asked by name; nothing is written before the answer, and u takes it back
 * without leaving a draft of what the log has. */
static void
test_an_older_value_is_put_back(void **state)
{
	struct names drafts = {0};

	(void)state;
	open_history();
	stage_press(&st, "<Tab> <Down>");
	stage_shows(&st, ">     Goal               Cut by half");
	stage_shows(&st, "P put back");
	stage_press(&st, "P");
	stage_shows(&st, "Put back in 1b-1 Garage, Goal: Cut by half? y or n");
	stage_press(&st, "n");
	goal_is("Cut by a third");
	stage_press(&st, "P y");
	stage_shows(&st, "Put back, not sent yet: u undoes it");
	goal_is("Cut by half");
	stage_row_shows(&st, 2, "edit 47.4, not sent yet");
	stage_press(&st, "u y");
	goal_is("Cut by a third");
	good(draft_list(f.r, &drafts, &why));
	assert_int_equal(drafts.count, 0);
}

static void
test_by_its_name(void **state)
{
	(void)state;
	open_history();
	stage_press(&st, "<Tab> :");
	stage_type(&st, "put-back");
	stage_press(&st, "<Enter> y");
	goal_is("Cut by half"); /* the only field of that entry */
}

/* What cannot be put back says why, and is not among the hints. */
static void
test_what_is_not_put_back(void **state)
{
	(void)state;
	open_history();
	stage_lacks(&st, "P put back");
	stage_press(&st, "P");
	stage_shows(&st, "put-back: that is its value now");
	stage_press(&st, "<Tab> <Tab> P");
	stage_shows(&st, "put-back: choose the field whose value comes back");
	stage_press(&st, "<Esc> V");
	stage_type(&st, "entered twice");
	stage_press(&st, "<Enter> h P");
	stage_shows(&st, "put-back: U brings back what is void");
	stage_press(&st, "<Tab> <Tab> P");
	stage_shows(&st, "put-back: it is void: U brings it back");
}

/* Where one may not write it is said before anything is asked. */
static void
test_who_may_not_write_is_told(void **state)
{
	struct entry e = fixture_entry(
		&f, "49.1", "900", "member/4471", "access", "analyst", NULL);

	(void)state;
	open_history();
	stage_press(&st, "<Tab> <Down>");
	stage_shows(&st, "P put back");
	fixture_take(&f, &e, NULL);
	assert_true(app_refresh(&st.s.app));
	stage_paint(&st);
	stage_press(&st, "P");
	stage_shows(&st, "put-back: ");
	stage_lacks(&st, "y or n");
	goal_is("Cut by a third");
}

static void
test_an_emptied_field(void **state)
{
	(void)state;
	fixture_save(&f, "project", "1b-1", "goal", "", NULL);
	open_history();
	stage_press(&st, "<Tab> P y");
	goal_is("Cut by a third");
	stage_press(&st, "<Tab> P");
	stage_shows(&st, "Put back in 1b-1 Garage, Goal: (empty)? y or n");
	stage_press(&st, "y");
	goal_is("");
}

/* The value that lost a conflict: it is settled so. */
static void
test_a_conflict_is_settled_by_it(void **state)
{
	struct conflicts open = {0};

	(void)state;
	fixture_confirm(&f, 1, "beat:35X");
	fixture_confirm(&f, 2, NULL);
	fixture_confirm(&f, 3, NULL);
	fixture_lose(&f, "48.1", "project/1b-1", "goal", "Cut by a fifth");
	goal_is("Cut by a fifth");
	open_history();
	stage_press(&st, "<Tab> <Down>");
	stage_shows(&st, ">     Goal               Cut by a third");
	stage_press(&st, "P y");
	goal_is("Cut by a third");
	good(conflicts_read(f.r, NULL, NULL, &open, &why));
	assert_int_equal(open.count, 0);
	conflicts_release(&open);
}

/* What another set while it was asked is not written over unseen. */
static void
test_another_changed_it_meanwhile(void **state)
{
	struct entry e;

	(void)state;
	for (uint32_t n = 1; n <= 3; n++)
		fixture_confirm(&f, n, "beat:35X");
	open_history();
	stage_press(&st, "<Tab> <Down> P");
	stage_shows(&st, "Goal: Cut by half? y or n");
	e = fixture_entry(
		&f, "48.1", "4480", "project/1b-1", "goal", "None", NULL);
	fixture_take(&f, &e, NULL);
	stage_refresh(&st);
	stage_press(&st, "y");
	stage_shows(&st, "Nothing is saved: Chen changed it meanwhile");
	goal_is("None");
	stage_press(&st, "P y");
	stage_shows(&st, "Put back, not sent yet");
	goal_is("Cut by half");
}

static void
move_a_place(void)
{
	fixture_save(&f, "place", "", "kind", "top_calls_location", "address",
		"410 Front St", "geo", "37.795,-122.27", "beat_id", "35X",
		NULL);
	fixture_save(&f, "place", "1b-2", "address", "12 Elm St", "geo",
		"37.8,-122.25", NULL);
}

static void
place_is_back(void)
{
	assert_string_equal(
		fixture_text(&f, "place", "1b-2", "address"), "410 Front St");
	assert_non_null(
		strstr(fixture_text(&f, "place", "1b-2", "geo"), "37.795"));
}

/* An address and its position win, and come back, together. */
static void
test_what_wins_as_one_comes_back_as_one(void **state)
{
	(void)state;
	move_a_place();
	stage_open(&st, &f, "place", "1b-2", NULL);
	stage_press(&st, "h <Tab> <Down> <Down>");
	stage_shows(&st, "Address");
	stage_press(&st, "P y");
	place_is_back();
}

/* So they do where another's place lost to the one in force. */
static void
test_an_older_place_settles_as_one(void **state)
{
	const struct edit_id ours = {47, 5};
	struct entry e;

	(void)state;
	move_a_place();
	for (uint32_t n = 1; n <= 5; n++)
		fixture_confirm(&f, n, "beat:35X");
	e = fixture_entry(&f, "48.1", "4480", "place/1b-2", "address",
		"9 Oak St", "geo", "37.7,-122.2", NULL);
	standing_add(verdict_stand(&e.verdict, "address"), ours);
	standing_add(verdict_stand(&e.verdict, "geo"), ours);
	fixture_take(&f, &e, NULL);
	stage_open(&st, &f, "place", "1b-2", NULL);
	stage_press(&st, "h <Tab> <Tab> <Down> <Down>");
	stage_shows(&st, ">     Address            410 Front St");
	stage_press(&st, "P y");
	stage_shows(&st, "Put back");
	place_is_back();
}

/* What is sent is not undone: it is said what leads back all the same. */
static void
test_undo_of_what_is_sent_names_the_way(void **state)
{
	(void)state;
	for (uint32_t n = 1; n <= 3; n++)
		fixture_confirm(&f, n, "beat:35X");
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "u");
	stage_shows(&st, "undo: all is sent: h, then P on an older value puts "
			 "that in force again");
	stage_close(&st);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_an_older_value_is_put_back),
		TEST(test_by_its_name),
		TEST(test_what_is_not_put_back),
		TEST(test_who_may_not_write_is_told),
		TEST(test_an_emptied_field),
		TEST(test_a_conflict_is_settled_by_it),
		TEST(test_another_changed_it_meanwhile),
		TEST(test_what_wins_as_one_comes_back_as_one),
		TEST(test_an_older_place_settles_as_one),
		TEST(test_undo_of_what_is_sent_names_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
