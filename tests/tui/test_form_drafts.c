/* What was typed and not saved: when it is kept, and how it comes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/draft.h"
#include "common/renumber.h"
#include "tests/support/good.h"
#include "tests/support/stage.h"

static struct fixture f;
static struct stage st;

static int
begin(void **state)
{
	stage_make(&st, &f, state);
	fixture_save(
		&f, "project", "", "title", "Lot", "beat_ids", "35X", NULL);
	stage_open(&st, &f, "project", "1b-1", NULL);
	return 0;
}

static size_t
drafts(void)
{
	struct names all = {0};
	size_t count;

	good(draft_list(f.r, &all, &why));
	count = all.count;
	names_release(&all);
	return count;
}

static bool
draft_says(const char *name, const char *text)
{
	struct buf body = BUF_INIT;
	int64_t at;
	bool says = !draft_get(f.r, name, &body, &at, &why) &&
		    strstr(buf_text(&body), text);

	buf_release(&body);
	return says;
}

static void
hang_up(void)
{
	stage_close(&st);
	fixture_open_again(&f);
	stage_open(&st, &f, NULL, NULL, NULL);
}

static void
test_on_a_pause_a_move_and_a_new_size(void **state)
{
	(void)state;
	stage_press(&st, "<F4>");
	stage_type(&st, "one");
	assert_int_equal(drafts(), 0);
	assert_true(st.s.app.typed_at != 0);
	app_keep(&st.s.app); /* what a pause does */
	assert_true(draft_says("new/project_update/1b-1", "one"));
	stage_type(&st, " two");
	stage_press(&st, "<Tab>");
	assert_true(draft_says("new/project_update/1b-1", "one two"));
	stage_press(&st, "<S-Tab>");
	stage_type(&st, " three");
	stage_size(&st, 10, 40);
	assert_true(draft_says("new/project_update/1b-1", "one two three"));
	stage_size(&st, 24, 80);
	stage_press(&st, "<C-u>");
	app_keep(&st.s.app);
	assert_int_equal(drafts(), 0); /* nothing is changed any more */
}

/* The label over a long text says where one is; while letters come that of
 * before stands, for the sake of a slow line. */
static void
test_what_is_said_of_a_long_text(void **state)
{
	(void)state;
	stage_press(&st, "<F4>");
	stage_type(&st, "Walked the lot");
	app_keep(&st.s.app); /* what a pause does */
	stage_paint(&st);
	stage_shows(&st, "line 1 of 1, 3 words");
	stage_type(&st, " with Dana");
	stage_shows(&st, "line 1 of 1, 3 words");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "line 2 of 2, 5 words");
	stage_type(&st, "Two lamps out");
	stage_shows(&st, "line 2 of 2, 5 words");
	stage_press(&st, "<Left>");
	stage_shows(&st, "line 2 of 2, 8 words");
	stage_press(&st, "<Up>");
	stage_shows(&st, "line 1 of 2, 8 words");
	stage_type(&st, " again and again");
	stage_press(&st, "<BS>");
	stage_shows(&st, "line 1 of 2, 8 words");
	stage_press(&st, "<Down>");
	stage_shows(&st, "line 2 of 2, 11 words");
	stage_press(&st, "<Up> <C-w>");
	stage_shows(&st, "line 1 of 2, 11 words");
	stage_paste(&st, "some words of another text");
	stage_shows(&st, "line 1 of 2, 15 words");
	stage_type(&st, " and more");
	stage_press(&st, "<Tab>");
	stage_shows(&st, "2 lines, 17 words");
}

static void
test_leaving_asks_once(void **state)
{
	(void)state;
	stage_press(&st, "<F4> <Esc>");
	stage_lacks(&st, "NEW Update"); /* nothing was typed */
	stage_press(&st, "<F4>");
	stage_type(&st, "one");
	stage_press(&st, "<Esc>");
	stage_shows(&st, "Leave without saving? The draft is kept.");
	stage_press(&st, "n");
	stage_shows(&st, "NEW Update");
	stage_press(&st, "<Esc> y");
	stage_lacks(&st, "NEW Update");
	assert_int_equal(drafts(), 1);
	stage_press(&st, "<F4>");
	stage_shows(&st, "Your draft of");
	stage_shows(&st, "| one");
}

/* What is gone on with says since when, and the key for another; so by F4, by
 * n among the kinds, and from Today. */
static void
test_what_is_gone_on_with_says_so(void **state)
{
	static const char said[] =
		"Your draft of 14 Jul 03:31 goes on here: F4 begins another";
	const char *ways[] = {"<F4>", "g t r"};

	(void)state;
	stage_press(&st, "<F4>");
	stage_lacks(&st, "begins another");
	stage_type(&st, "the first");
	stage_press(&st, "<Esc> y");
	f.now.wall_ms += 86400000;
	for (size_t i = 0; i < 2; i++) {
		stage_press(&st, ways[i]);
		stage_shows(&st, said);
		stage_press(&st, "<Esc> y");
	}
	stage_press(&st, ":");
	stage_type(&st, "new concern");
	stage_press(&st, "<Enter>");
	stage_lacks(&st, "begins another");
	stage_type(&st, "Racing");
	stage_press(&st, "<Esc> y :");
	stage_type(&st, "new concern");
	stage_press(&st, "<Enter>");
	stage_shows(&st,
		"Your draft of 15 Jul 03:31 goes on here: F4 begins another");
	stage_press(&st, "<F4>");
	stage_lacks(&st, "Racing");
	stage_lacks(&st, "begins another");
}

/* A record's own draft is the only one. */
static void
test_a_changed_records_draft_says_so(void **state)
{
	(void)state;
	stage_press(&st, "e <S-Tab>");
	stage_type(&st, " theft");
	stage_press(&st, "<Esc> y e");
	stage_shows(&st, "Your draft of 14 Jul 03:31 is back");
	stage_lacks(&st, "begins another");
}

/* Two notes on one project, neither done: both are offered again. */
static void
test_two_of_the_same_kind(void **state)
{
	(void)state;
	stage_press(&st, "<F4>");
	stage_lacks(&st, "F4 another");
	stage_type(&st, "the first");
	app_keep(&st.s.app);
	stage_paint(&st);
	stage_shows(&st, "F4 another");
	stage_press(&st, "<F4>");
	stage_lacks(&st, "the first");
	stage_shows(&st, "NEW Update");
	f.now.wall_ms += 60000;
	stage_type(&st, "the second");
	hang_up();
	stage_shows(&st, "DRAFTS KEPT (2)");
	stage_shows(&st, "new Update \"the first\" on Lot");
	stage_shows(&st, "new Update \"the second\" on Lot");
	assert_true(draft_says("new/project_update/1b-1", "the first"));
	assert_true(draft_says("new/project_update/1b-1+2", "the second"));
	stage_press(&st, "r"); /* the newest */
	stage_shows(&st, "| the second");
	stage_press(&st, "<F2>");
	stage_shows(&st, "Saved, not sent yet");
	assert_int_equal(drafts(), 1);
	stage_press(&st, "r");
	stage_shows(&st, "| the first");
	stage_press(&st, "<F2>");
	assert_int_equal(drafts(), 0);
}

/* Another window of one's own writes its draft by the name that ours has. */
static void
test_another_window_keeps_its_own(void **state)
{
	static const char theirs[] =
		"{\"kind\":\"project_update\",\"field\":\"project_id\","
		"\"value\":\"1b-1\",\"seen\":0,\"past\":\"\",\"undone\":0,"
		"\"typed\":{\"text\":{\"t\":\"of the other window\"}}}";

	(void)state;
	stage_press(&st, "<F4>");
	stage_type(&st, "ours");
	app_keep(&st.s.app);
	good(draft_put(f.r, "new/project_update/1b-1", theirs, &why));
	stage_type(&st, " goes on");
	app_keep(&st.s.app);
	assert_true(
		draft_says("new/project_update/1b-1", "of the other window"));
	assert_true(draft_says("new/project_update/1b-1+2", "ours goes on"));
	stage_press(&st, "<F2>");
	stage_shows(&st, "Saved, not sent yet");
	assert_true(
		draft_says("new/project_update/1b-1", "of the other window"));
	assert_int_equal(drafts(), 1);
}

static void
two_forms_of_a_draft(void)
{
	stage_press(&st, "<F4>");
	stage_type(&st, "Walked the lot");
	app_keep(&st.s.app);
	stage_press(&st, "<F9>");
	stage_type(&st, "note project/1b-1");
	stage_press(&st, "<Enter>");
}

/* The one below showed what the one above began with, and went on from. */
static void
test_a_form_above_that_began_with_the_same_draft(void **state)
{
	(void)state;
	two_forms_of_a_draft();
	stage_shows(&st, "| Walked the lot");
	stage_press(&st, "<C-u>");
	stage_type(&st, "Met the manager");
	hang_up();
	assert_int_equal(drafts(), 2);
	assert_true(draft_says("new/project_update/1b-1", "Met the manager"));
	assert_true(draft_says("new/project_update/1b-1+2", "Walked the lot"));
}

/* And that draft went with its save. */
static void
test_a_form_above_that_saved_the_same_draft(void **state)
{
	(void)state;
	two_forms_of_a_draft();
	stage_type(&st, ", and back");
	stage_press(&st, "<F2>");
	stage_shows(&st, "Walked the lot");
	hang_up();
	assert_int_equal(drafts(), 1);
	assert_true(draft_says("new/project_update/1b-1", "Walked the lot"));
}

static void
test_what_was_carried_over_comes_back(void **state)
{
	(void)state;
	stage_press(&st, ":");
	stage_type(&st, "list project");
	stage_press(&st, "<Enter> n");
	stage_shows(&st, "35X  carried over");
	stage_type(&st, "Motel");
	hang_up();
	good(sql_begin(replica_sql(f.r), &why)); /* another beat meanwhile */
	good(inbox_fill(f.r, "beat:12Y", 0, &why));
	good(inbox_filled(f.r, "beat:12Y", &why));
	good(sql_commit(replica_sql(f.r), &why));
	stage_press(&st, "r <F2>");
	stage_shows(&st, "Saved, not sent yet");
	assert_string_equal(
		fixture_text(&f, "project", "1b-2", "beat_ids"), "35X");
}

/* The file is given another number while two drafts lie there, one of them
 * in an open form. */
static void
test_drafts_follow_a_new_number(void **state)
{
	const struct renumbering to = {.number = 50, .token = "50.4471.x"};
	int64_t renamed = 0;

	(void)state;
	stage_press(&st, "<F4>");
	stage_type(&st, "the first");
	stage_press(&st, "<F4>");
	stage_type(&st, "the second");
	app_keep(&st.s.app);
	good(sql_begin(replica_sql(f.r), &why));
	good(replica_renumber(f.r, &to, &renamed, &why));
	good(sql_commit(replica_sql(f.r), &why));
	good(replica_reload(f.r, &why));
	stage_type(&st, " goes on");
	app_keep(&st.s.app);
	assert_int_equal(drafts(), 2);
	assert_true(draft_says("new/project_update/1e-1", "the first"));
	assert_true(draft_says("new/project_update/1e-1+2", "second goes on"));
}

/* A first user's: saved, undone, and the text was gone. */
static void
test_an_undone_save_is_a_draft(void **state)
{
	(void)state;
	stage_press(&st, "<F4>");
	stage_type(&st, "Walked the lot");
	stage_press(&st, "<Enter>");
	stage_type(&st, "Two lamps out");
	stage_press(&st, "<F2>");
	assert_int_equal(drafts(), 0);
	stage_press(&st, "u");
	stage_shows(&st, "Undo 1b-2: Text Walked the lot Two lamps out; ");
	stage_press(&st, "y");
	stage_shows(&st, "Undone: Update 1b-2; what it said is a draft: r on "
			 "Today resumes it");
	assert_true(draft_says(
		"new/project_update/1b-1", "Walked the lot\\nTwo lamps out"));
	stage_press(&st, "<F4>");
	stage_shows(&st, "Your draft of");
	stage_shows(&st, "| Walked the lot");
	hang_up();
	stage_shows(&st, "new Update \"Walked the lot Two lamp~\" on Lot");
	stage_press(&st, "r <F2>");
	stage_shows(&st, "Saved, not sent yet");
	assert_int_equal(drafts(), 0);
	assert_string_equal(fixture_text(&f, "project_update", "1b-3", "text"),
		"Walked the lot\nTwo lamps out");
}

/* A draft that lies there already stays beside it. */
static void
test_an_undone_save_beside_a_draft(void **state)
{
	(void)state;
	fixture_save(&f, "project_update", "", "project_id", "1b-1", "text",
		"the saved", NULL);
	stage_press(&st, "<F4>");
	stage_type(&st, "the typed");
	stage_press(&st, "<Esc> y u y");
	stage_shows(&st, "Undone: Update 1b-2");
	assert_true(draft_says("new/project_update/1b-1", "the typed"));
	assert_true(draft_says("new/project_update/1b-1+2", "the saved"));
}

/* A record that was made and then changed, both undone. */
static void
test_undone_step_by_step(void **state)
{
	(void)state;
	fixture_save(&f, "project", "1b-1", "goal", "No thefts", NULL);
	stage_press(&st, "u y");
	stage_shows(&st, "Undone: Project 1b-1; what it said is a draft");
	assert_true(draft_says("project/1b-1", "No thefts"));
	stage_press(&st, "u");
	stage_shows(&st, "Undo 1b-1: Title Lot; ");
	stage_press(&st, "y");
	assert_int_equal(drafts(), 1); /* the change went into the new one */
	assert_true(draft_says("new/project", "Lot"));
	assert_true(draft_says("new/project", "No thefts"));
	stage_press(&st, "g t");
	stage_press(&st, "r <F2>");
	stage_shows(&st, "Saved, not sent yet");
	assert_string_equal(
		fixture_text(&f, "project", "1b-2", "goal"), "No thefts");
}

/* A choice is chosen again in a key: no draft of it. */
static void
test_an_undone_choice_is_no_draft(void **state)
{
	(void)state;
	fixture_save(&f, "project", "1b-1", "stage", "analysis", NULL);
	stage_press(&st, "u y");
	stage_shows(&st, "Undone: the newest save on project/1b-1");
	assert_int_equal(drafts(), 0);
}

/* Our goal of 30-1 lost to Chen's. */
static void
a_goal_in_conflict(void)
{
	struct entry e = fixture_entry(&f, "48.1", "4480", "project/30-1",
		"title", "Motel", "beat_ids", "35X", NULL);

	fixture_take(&f, &e, "beat:35X");
	fixture_save(&f, "project", "30-1", "goal", "Cut by half", NULL);
	fixture_confirm(&f, 1, "beat:35X");
	fixture_confirm(&f, 2, NULL);
	fixture_lose(&f, "48.2", "project/30-1", "goal", "Cut by a third");
	stage_press(&st, "g c");
	stage_shows(&st, "CONFLICT 1 of 1");
}

/* Neither side's words: typed to settle it, saved and undone. */
static void
test_an_undone_third_value_is_a_draft(void **state)
{
	(void)state;
	a_goal_in_conflict();
	stage_press(&st, "e <C-End> <C-u>");
	stage_type(&st, "Between the two");
	stage_press(&st, "<F2>");
	stage_shows(&st, "No open conflicts");
	stage_press(&st, "u y");
	stage_shows(&st, "Undone: Project 30-1; what it said is a draft");
	stage_shows(&st, "CONFLICT 1 of 1");
	assert_true(draft_says("settle/project/30-1/goal", "Between the two"));
	stage_press(&st, "e");
	stage_shows(&st, "SETTLE Project");
	stage_shows(&st, "Your draft of");
	stage_shows(&st, "| Between the two");
	hang_up();
	stage_shows(&st, "DRAFTS KEPT (1)");
	stage_press(&st, "r");
	stage_shows(&st, "SETTLE Project");
	stage_press(&st, "<F2> g c");
	stage_shows(&st, "No open conflicts");
	assert_int_equal(drafts(), 0);
	assert_string_equal(
		fixture_text(&f, "project", "30-1", "goal"), "Between the two");
}

/* Chen settles 30-1 while a third value for its goal is typed, or kept. */
static void
chen_settles(const char *edit, const char *goal)
{
	struct entry e = fixture_entry(
		&f, edit, "4480", "project/30-1", "goal", goal, NULL);

	edit_settle(&e.edit, "goal", (struct edit_id){47, 2});
	verdict_stand(&e.verdict, "goal"); /* no loser stands any more */
	fixture_take(&f, &e, NULL);
	stage_refresh(&st);
}

static void
expect_saved_goal(const char *goal)
{
	assert_int_equal(drafts(), 0);
	assert_string_equal(fixture_text(&f, "project", "30-1", "goal"), goal);
	stage_press(&st, "g c");
	stage_shows(&st, "No open conflicts");
}

/* What another settled meanwhile is no dead end: the third value is an edit
 * like any other, over the value that is in force now. */
static void
test_a_third_value_after_another_settled_it(void **state)
{
	(void)state;
	a_goal_in_conflict();
	stage_press(&st, "e <C-End> <C-u>");
	stage_type(&st, "Between the two");
	stage_press(&st, "<F2> u y");
	assert_true(draft_says("settle/project/30-1/goal", "Between the two"));
	chen_settles("48.3", "Cut by a tenth");
	stage_press(&st, "<F8>");
	stage_shows(&st, "DRAFTS KEPT (1)");
	stage_press(&st, "r");
	stage_shows(&st, "EDIT Project");
	stage_shows(&st, "its conflict is settled: see below");
	stage_shows(&st, "| Between the two");
	stage_shows(&st, "Chen 14 Jul 03:31 set: Cut by a tenth");
	stage_press(&st, "<F2>");
	stage_shows(&st, "CHANGED MEANWHILE");
	stage_shows(&st, "theirs  Chen 14 Jul 03:31: Cut by a tenth");
	stage_press(&st, "m");
	stage_shows(&st, "Saved, not sent yet");
	expect_saved_goal("Between the two");
}

/* The same where what was in force was kept, and theirs is taken. */
static void
test_a_third_value_after_another_kept_theirs(void **state)
{
	(void)state;
	a_goal_in_conflict();
	stage_press(&st, "e <C-End> <C-u>");
	stage_type(&st, "Between the two");
	stage_press(&st, "<F2> u y");
	chen_settles("48.3", "Cut by a third");
	stage_press(&st, "<F8> r <F2>");
	stage_shows(&st, "theirs  Chen 14 Jul 03:31: Cut by a third");
	stage_press(&st, "t");
	stage_shows(&st, "Taken into the form");
	stage_press(&st, "<F2>");
	stage_shows(&st, "Nothing was changed");
	expect_saved_goal("Cut by a third");
}

/* It was settled while the form for a third value was on the screen. */
static void
test_it_is_settled_while_a_third_value_is_typed(void **state)
{
	(void)state;
	a_goal_in_conflict();
	stage_press(&st, "e <C-End> <C-u>");
	stage_shows(&st, "SETTLE Project");
	stage_type(&st, "Between the two");
	chen_settles("48.3", "Cut by a tenth");
	stage_shows(&st, "EDIT Project");
	stage_shows(&st, "Chen 14 Jul 03:31 set: Cut by a tenth");
	stage_press(&st, "<F2> m");
	stage_shows(&st, "Saved, not sent yet");
	expect_saved_goal("Between the two");
}

/* A side is chosen again in a key, and its words stand in the log. */
static void
test_an_undone_side_is_no_draft(void **state)
{
	(void)state;
	a_goal_in_conflict();
	stage_press(&st, "m");
	stage_shows(&st, "No open conflicts");
	stage_press(&st, "u y");
	stage_shows(&st, "Undone: the newest save on project/30-1");
	stage_press(&st, "t u y");
	stage_shows(&st, "CONFLICT 1 of 1");
	assert_int_equal(drafts(), 0);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_on_a_pause_a_move_and_a_new_size),
		TEST(test_what_is_said_of_a_long_text),
		TEST(test_leaving_asks_once),
		TEST(test_what_is_gone_on_with_says_so),
		TEST(test_a_changed_records_draft_says_so),
		TEST(test_two_of_the_same_kind),
		TEST(test_another_window_keeps_its_own),
		TEST(test_a_form_above_that_began_with_the_same_draft),
		TEST(test_a_form_above_that_saved_the_same_draft),
		TEST(test_what_was_carried_over_comes_back),
		TEST(test_drafts_follow_a_new_number),
		TEST(test_an_undone_save_is_a_draft),
		TEST(test_an_undone_save_beside_a_draft),
		TEST(test_undone_step_by_step),
		TEST(test_an_undone_choice_is_no_draft),
		TEST(test_an_undone_third_value_is_a_draft),
		TEST(test_a_third_value_after_another_settled_it),
		TEST(test_a_third_value_after_another_kept_theirs),
		TEST(test_it_is_settled_while_a_third_value_is_typed),
		TEST(test_an_undone_side_is_no_draft),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
