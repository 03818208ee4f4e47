/* Today: what was sent back, what others changed, how one's beats stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/inbox_held.h"
#include "common/news.h"
#include "tests/support/good.h"
#include "tests/support/stage.h"

#define DAY_MS ((int64_t)86400000)

static struct fixture f;
static struct stage st;

static int
begin(void **state)
{
	stage_make(&st, &f, state);
	return 0;
}

static void
project(const char *title, const char *stage)
{
	fixture_save(&f, "project", "", "title", title, "stage", stage,
		"beat_ids", "35X", NULL);
}

static void
open_today(const char *type)
{
	stage_open_on(&st, &f,
		&(struct screens_options){.look = {.select = "mark"}}, type, 24,
		80);
}

static void
test_my_beat_by_stage(void **state)
{
	(void)state;
	project("Garage", "scanning");
	project("Motel", "scanning");
	fixture_pass(&f, 40 * DAY_MS);
	project("School", "response");
	open_today("vt220");
	stage_row_shows(&st, 1, "TODAY  Sun 23 Aug 2026");
	stage_shows(&st, "MY BEAT\n");
	stage_shows(&st, "35X      open 3, untouched for 30 days: 2");
	stage_shows(&st, "Scanning 2 ####  Analysis 0  Response 1 ##  "
			 "Assessment 0");
	stage_close(&st);
	open_today("xterm-256color");
	stage_shows(&st, "Scanning 2 ████  Analysis 0  Response 1 ██  "
			 "Assessment 0");
	stage_size(&st, 24, 60);
	stage_shows(&st, "Scanning 2  Analysis 0  Response 1");
	stage_close(&st);
}

static void
test_enter_opens_the_beat(void **state)
{
	(void)state;
	open_today("vt220");
	stage_press(&st, "<Enter>");
	stage_row_shows(&st, 1, "BEAT 35X");
	stage_close(&st);
}

static void
test_each_of_several_beats(void **state)
{
	struct why no;

	(void)state;
	good(sql_run(replica_sql(f.r), &no,
		"INSERT INTO _book(book,joined) VALUES('beat:12Y',1)", ""));
	open_today("vt220");
	stage_shows(&st, "MY BEATS (2)");
	stage_shows(&st, "12Y      open 0");
	stage_shows(&st, "35X      open 0");
	stage_close(&st);
	good(sql_run(replica_sql(f.r), &no,
		"DELETE FROM _book WHERE book='beat:12Y'", ""));
}

static void
change(int n, const char *record, const char *title)
{
	char edit[16];
	struct entry e;

	snprintf(edit, sizeof(edit), "48.%d", n);
	e = fixture_entry(&f, edit, "4480", record, "title", title, "beat_ids",
		"35X", NULL);
	fixture_take(&f, &e, "beat:35X");
}

static void
change_many(int from, int to)
{
	for (int i = from; i <= to; i++) {
		char record[32], title[32];

		snprintf(record, sizeof(record), "project/30-%d", i);
		snprintf(title, sizeof(title), "Title %d", i);
		change(i, record, title);
	}
}

/* Looking at Today is not looking at what it lists. */
static void
test_what_was_not_opened_stays(void **state)
{
	(void)state;
	change(1, "project/30-1", "Opened");
	fixture_pass(&f, DAY_MS);
	change(2, "project/30-2", "Not opened");
	open_today("vt220");
	stage_shows(&st, "CHANGED BY OTHERS SINCE 14 Jul 03:31 (2)");
	stage_press(&st, "<Down> <Enter>");
	stage_press(&st, "<Esc>");
	assert_true(app_refresh(&st.s.app));
	stage_paint(&st);
	stage_shows(&st, "CHANGED BY OTHERS SINCE 15 Jul 03:31 (1)");
	stage_lacks(&st, "Opened                 ");
	stage_close(&st);
	fixture_pass(&f, 2 * DAY_MS);
	open_today("vt220");
	stage_shows(&st, "CHANGED BY OTHERS SINCE 15 Jul 03:31 (1)");
	stage_shows(&st, "Not opened");
	stage_close(&st);
	change(3, "project/30-1", "Changed again");
	open_today("vt220");
	stage_shows(&st, "CHANGED BY OTHERS SINCE 15 Jul 03:31 (2)");
	stage_shows(&st, "Chen: Title");
	stage_shows(&st, "Chen: new");
	stage_close(&st);
}

/* Our goal of Chen's project lost to hers. */
static void
lose_the_goal(void)
{
	change(1, "project/30-1", "Garage");
	fixture_save(&f, "project", "30-1", "goal", "Cut by half", NULL);
	fixture_confirm(&f, 1, NULL);
	fixture_lose(&f, "48.2", "project/30-1", "goal", "Cut by a third");
}

/* The sergeant settles it, over Chen's. */
static void
settle_the_goal(const char *value)
{
	struct entry e = fixture_entry(
		&f, "49.1", "900", "project/30-1", "goal", value, NULL);

	e.edit.changes[0].over = (struct edit_id){48, 2};
	edit_settle(&e.edit, "goal", (struct edit_id){47, 1});
	verdict_stand(&e.verdict, "goal");
	fixture_take(&f, &e, NULL);
}

/* A first user's: "Chen: new" was all that the loser was told. */
static void
test_what_was_ones_own_was_replaced(void **state)
{
	(void)state;
	lose_the_goal();
	open_today("vt220");
	stage_shows(&st, "CHANGED BY OTHERS SINCE 14 Jul 03:31 (1): "
			 "h shows what was yours\n");
	stage_shows(&st, "30-1     Garage");
	stage_shows(&st, "  Chen replaced your Goal\n");
	stage_press(&st, "g c <Esc>");
	settle_the_goal("Cut by two fifths");
	assert_true(app_refresh(&st.s.app));
	stage_paint(&st);
	stage_lacks(&st, "CONFLICTS");
	stage_shows(&st, "  Mota replaced your Goal\n");
	stage_size(&st, 24, 40);
	stage_shows(&st, ">   30-1     Mota replaced your Goal\n");
	stage_size(&st, 24, 80);
	stage_press(&st, "h");
	stage_row_shows(&st, 1, "HISTORY 30-1  Garage");
	stage_shows(&st, "Cut by half");
	stage_press(&st, "<Esc>"); /* and it was looked at */
	assert_true(app_refresh(&st.s.app));
	stage_paint(&st);
	stage_lacks(&st, "CHANGED BY OTHERS");
	stage_close(&st);
}

/* Ours was in force, and a sergeant wrote a third over both. */
static void
test_what_was_in_force_was_replaced(void **state)
{
	struct entry e;

	(void)state;
	change(1, "project/30-1", "Garage");
	e = fixture_entry(&f, "48.2", "4480", "project/30-1", "goal",
		"Cut by a third", NULL);
	fixture_take(&f, &e, NULL);
	fixture_save(&f, "project", "30-1", "goal", "Cut by half", NULL);
	fixture_confirm(&f, 1, NULL);
	open_today("vt220");
	stage_shows(&st, "Chen: new");
	e = fixture_entry(&f, "49.1", "900", "project/30-1", "goal",
		"Cut by two fifths", NULL);
	e.edit.changes[0].over = (struct edit_id){47, 1};
	edit_settle(&e.edit, "goal", (struct edit_id){48, 2});
	fixture_take(&f, &e, NULL);
	assert_true(app_refresh(&st.s.app));
	stage_paint(&st);
	stage_press(&st, "<Down> <Down> <Down>");
	stage_shows(&st, "  Mota replaced your Goal\n");
	stage_close(&st);
}

/* Ours was written before hers, and came to the hub after it. */
static void
test_what_came_too_late_was_replaced(void **state)
{
	struct entry e;

	(void)state;
	change(1, "project/30-1", "Garage");
	e = fixture_entry(&f, "48.2", "4480", "project/30-1", "goal",
		"Cut by a third", NULL);
	fixture_take(&f, &e, NULL);
	e = fixture_entry(&f, "47.90", "4471", "project/30-1", "goal",
		"Cut by half", NULL);
	verdict_lose(&e.verdict, "goal", (struct edit_id){48, 2});
	fixture_take(&f, &e, NULL);
	open_today("vt220");
	stage_shows(&st, "  Chen replaced your Goal\n");
	stage_close(&st);
}

/* Who did not see Chen's either replaced that, and whoever settles theirs
 * leaves ours where it was. */
static void
test_what_was_replaced_before_is_not_replaced_again(void **state)
{
	const struct edit_id ours = {47, 1}, chens = {48, 2}, motas = {49, 1};
	struct standing *left;
	struct entry e;

	(void)state;
	lose_the_goal();
	open_today("vt220");
	stage_press(&st, "<Down>");
	e = fixture_entry(&f, "49.1", "900", "project/30-1", "goal",
		"Cut by two fifths", NULL);
	left = verdict_stand(&e.verdict, "goal");
	standing_add(left, ours);
	standing_add(left, chens);
	fixture_take(&f, &e, NULL);
	assert_true(app_refresh(&st.s.app));
	stage_paint(&st);
	stage_shows(&st, "  Chen replaced your Goal\n");
	good(news_seen(f.r, "project", "30-1", &why));
	e = fixture_entry(&f, "49.2", "900", "project/30-1", "goal",
		"Cut by half as much", NULL);
	e.edit.changes[0].over = motas;
	edit_settle(&e.edit, "goal", chens);
	standing_add(verdict_stand(&e.verdict, "goal"), ours);
	fixture_take(&f, &e, NULL);
	assert_true(app_refresh(&st.s.app));
	stage_paint(&st);
	stage_shows(&st, "  Mota: Goal\n");
	stage_lacks(&st, "replaced your Goal");
	stage_close(&st);
}

/* What was put back by the sergeant, or by oneself, was not replaced. */
static void
test_what_was_put_back_was_not_replaced(void **state)
{
	(void)state;
	lose_the_goal();
	settle_the_goal("Cut by half");
	open_today("vt220");
	stage_shows(&st, "Chen: new");
	stage_lacks(&st, "replaced");
	stage_close(&st);
}

static void
test_what_one_wrote_again_was_not_replaced(void **state)
{
	(void)state;
	lose_the_goal();
	open_today("vt220");
	stage_shows(&st, "Chen replaced your Goal");
	stage_press(&st, "g c m g t");
	stage_shows(&st, "Chen: new");
	stage_lacks(&st, "replaced");
	stage_close(&st);
}

/* Of many the newest are shown; the last row leads to all, one by one. */
static void
test_the_rest_of_what_was_changed(void **state)
{
	(void)state;
	change_many(1, 7);
	open_today("vt220");
	stage_shows(&st, "Title 1 ");
	stage_lacks(&st, "more: Enter shows all");
	stage_close(&st);
	change_many(8, 30);
	open_today("vt220");
	stage_shows(&st, "(30)");
	stage_shows(&st, "Title 25");
	stage_lacks(&st, "Title 24");
	stage_shows(&st, "24 more: Enter shows all");
	stage_press(&st, "<Down> <Down> <Down> <Down> <Down> <Down> <Enter>");
	stage_row_shows(&st, 1, "CHANGED BY OTHERS  (30)");
	stage_shows(&st, ">   30-30    Title 30");
	stage_press(&st, "<End>");
	stage_shows(&st, ">   30-1     Title 1 ");
	stage_press(&st, "<Up> <Enter>");
	stage_row_shows(&st, 1, "Title 2");
	stage_press(&st, "<C-n>");
	stage_row_shows(&st, 1, "Title 1");
	stage_press(&st, "<Esc>");
	stage_refresh(&st);
	stage_row_shows(&st, 1, "CHANGED BY OTHERS  (28)");
	stage_shows(&st, ">   30-3     Title 3 ");
	stage_close(&st);
}

static void
test_all_is_said_to_be_seen(void **state)
{
	(void)state;
	open_today("vt220");
	stage_press(&st, "M");
	stage_shows(&st, "mark-seen: nothing was changed by others");
	stage_close(&st);
	change_many(1, 9);
	open_today("vt220");
	stage_press(&st, "M");
	stage_shows(&st, "Mark 9 changed by others as seen? y or n");
	change(10, "project/30-10", "Came meanwhile");
	stage_press(&st, "y");
	stage_shows(&st, "CHANGED BY OTHERS SINCE 14 Jul 03:31 (1)");
	stage_shows(&st, "Came meanwhile");
	stage_close(&st);
	open_today("vt220");
	stage_shows(&st, "(1)");
	stage_close(&st);
}

/* A note is read where the record's page shows it. */
static void
test_a_note_is_seen_on_its_project(void **state)
{
	struct entry e;

	(void)state;
	change(1, "project/30-1", "Garage");
	e = fixture_entry(&f, "48.2", "4480", "project_update/30-2",
		"project_id", "30-1", "text", "Walked the lot", NULL);
	fixture_take(&f, &e, "beat:35X");
	open_today("vt220");
	stage_shows(&st, "Walked the lot");
	stage_press(&st, "<Down> <Enter>");
	stage_row_shows(&st, 1, "Garage");
	stage_press(&st, "<F8>");
	stage_lacks(&st, "CHANGED BY OTHERS");
	stage_close(&st);
}

/* The head leads to the list as the rows below it lead to their records. */
static void
test_my_open_projects(void **state)
{
	char title[32];

	(void)state;
	open_today("vt220");
	stage_shows(&st, "MY OPEN PROJECTS (0): g p lists all");
	stage_press(&st, "<End>");
	stage_lacks(&st, ">MY OPEN");
	stage_close(&st);
	for (int i = 1; i <= 7; i++) {
		snprintf(title, sizeof(title), "Mine %d", i);
		project(title, "scanning");
	}
	change(1, "project/30-1", "Chen's");
	open_today("vt220");
	stage_shows(&st, " MY OPEN PROJECTS (7): Enter lists them");
	stage_shows(&st, "Mine 1 ");
	stage_lacks(&st, "more Projects");
	stage_close(&st);
	project("Mine 8", "scanning");
	stage_open_on(&st, &f,
		&(struct screens_options){.look = {.select = "mark"}}, "vt220",
		14, 80);
	stage_press(&st, "<Down> <Down>");
	stage_shows(&st, ">MY OPEN PROJECTS (8): Enter lists them");
	stage_press(&st, "<Enter>");
	stage_row_shows(&st, 1, "PROJECTS  (8)");
	stage_shows(&st, "Mine 8");
	stage_lacks(&st, "Chen's");
	stage_press(&st, "<Esc>");
	stage_press(&st, "<End> <Up>");
	stage_shows(&st, ">   2 more Projects: Enter shows all");
	stage_press(&st, "<Enter>");
	stage_row_shows(&st, 1, "PROJECTS  (8)");
	stage_close(&st);
}

/* Of promises, too, the last row leads to those that have no room. */
static void
test_more_is_due_than_is_shown(void **state)
{
	(void)state;
	for (int i = 0; i < 10; i++)
		fixture_save(&f, "action_item", "", "text", "Call back",
			"owner_id", "4471", "due_on", "2026-07-20", NULL);
	open_today("vt220");
	stage_shows(&st, "DUE (10)");
	stage_shows(&st, "2 more Action items: Enter shows all");
	for (int i = 0; i < 8; i++)
		stage_press(&st, "<Down>");
	stage_press(&st, "<Enter>");
	stage_row_shows(&st, 1, "ACTION ITEMS  (10)");
	stage_close(&st);
}

/* Two drafts that begin alike are told apart where there is room to. */
/* Some of each, the rest in rows of their own. */
static void
fill_sections(void)
{
	char title[32];

	for (int i = 0; i < 10; i++)
		fixture_save(&f, "action_item", "", "text", "Call back",
			"owner_id", "4471", "due_on", "2026-07-20", NULL);
	for (int i = 1; i <= 8; i++) {
		snprintf(title, sizeof(title), "Mine %d", i);
		project(title, "scanning");
	}
	change(1, "project/30-1", "Chen's");
}

/* The row that is chosen; borrowed until the next call. */
static const char *
chosen_row(void)
{
	int row, col;

	stage_cursor(&row, &col);
	return stage_row(&st, row + 1);
}

static void
test_tab_goes_to_each_section_and_around(void **state)
{
	static const char *const sections[] = {
		"Chen's", "35X", "MY OPEN", "UNSENT", "Call back", "Chen's"};
	size_t count = sizeof(sections) / sizeof(sections[0]);

	(void)state;
	fill_sections();
	open_today("vt220");
	assert_non_null(strstr(chosen_row(), "Call back"));
	for (size_t i = 0; i < count; i++) {
		stage_press(&st, "<Tab>");
		if (!strstr(chosen_row(), sections[i]))
			fail_msg("%s: %s", sections[i], chosen_row());
	}
	for (size_t i = count - 1; i-- > 0;) {
		stage_press(&st, "<S-Tab>");
		if (!strstr(chosen_row(), sections[i]))
			fail_msg("back to %s: %s", sections[i], chosen_row());
	}
	stage_close(&st);
}

static void
test_arrows_reach_all_that_leads_further(void **state)
{
	int more = 0;

	(void)state;
	fill_sections();
	open_today("vt220");
	for (int i = 0; i < 30; i++) {
		more += strstr(chosen_row(), " more ") != NULL;
		if (strstr(chosen_row(), "UNSENT"))
			break;
		stage_press(&st, "<Down>");
	}
	assert_int_equal(more, 2);
	stage_shows(&st, ">UNSENT (18): Enter shows them, F7 tries now");
	stage_press(&st, "<Enter>");
	assert_non_null(strstr(stage_row(&st, 1), "SYNC"));
	stage_close(&st);
}

static void
test_drafts_by_what_they_say(void **state)
{
	(void)state;
	fixture_save(
		&f, "project", "", "title", "Garage", "beat_ids", "35X", NULL);
	stage_open(&st, &f, "project", NULL, NULL);
	stage_press(&st, "<F4>");
	stage_type(&st, "Walked the lot with the manager of the garage");
	stage_press(&st, "<F8> y");
	stage_shows(&st, "new Update \"Walked the lot with ~\" on Garage");
	stage_press(&st, ":");
	stage_type(&st, "draft-drop");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "Throw away the draft: "
			 "new Update \"Walked the lot with the~\" on Garage?");
	stage_press(&st, "n");
	stage_size(&st, 24, 132);
	stage_shows(&st, "\"Walked the lot with the manager of the garage\" "
			 "on Garage");
	stage_size(&st, 24, 50);
	stage_shows(&st, "new Update");
	stage_close(&st);
}

/* A sergeant has more of them than have room. */
static void
test_more_is_held_than_is_shown(void **state)
{
	char id[16], record[32];

	(void)state;
	for (int i = 1; i <= 8; i++) {
		struct entry e;

		snprintf(record, sizeof(record), "project/30-%d", i);
		change(i, record, "River road racing");
		snprintf(id, sizeof(id), "47.%d", i);
		e = fixture_entry(
			&f, id, "4471", record, "title", "Racing", NULL);
		e.verdict.held = mem_text("not on this beat then");
		fixture_take(&f, &e, NULL);
	}
	open_today("vt220");
	stage_shows(&st, "HELD EDITS (8)");
	for (int i = 0; i < 9 && !strstr(chosen_row(), " more"); i++)
		stage_press(&st, "<Down>");
	assert_non_null(strstr(chosen_row(), "3 more: Enter shows all"));
	stage_press(&st, "<Enter>");
	assert_non_null(strstr(stage_row(&st, 1), "HELD"));
	stage_close(&st);
}

static void
test_what_was_sent_back(void **state)
{
	struct verdict verdict = {0};
	struct decision d = {&verdict, 90, f.now.wall_ms, "900",
		"which hours? add counts", false};
	struct entry e;

	(void)state;
	change(1, "project/30-1", "River road racing");
	e = fixture_entry(
		&f, "47.1", "4471", "project/30-1", "title", "Racing", NULL);
	e.verdict.held = mem_text("not on this beat then");
	fixture_take(&f, &e, NULL);
	verdict_decide(&verdict, (struct edit_id){47, 1});
	good(inbox_held_decided(f.r, &d, &why));
	verdict_release(&verdict);
	open_today("vt220");
	stage_shows(&st, "SENT BACK TO YOU (1)");
	stage_shows(&st, "> ! 30-1     River road racing");
	stage_shows(&st, "\"which hours? add counts\"");
	stage_close(&st);
	fixture_pass(&f, 15 * DAY_MS);
	open_today("vt220");
	stage_lacks(&st, "SENT BACK");
	stage_close(&st);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_my_beat_by_stage),
		TEST(test_enter_opens_the_beat),
		TEST(test_each_of_several_beats),
		TEST(test_what_was_not_opened_stays),
		TEST(test_what_was_ones_own_was_replaced),
		TEST(test_what_was_in_force_was_replaced),
		TEST(test_what_came_too_late_was_replaced),
		TEST(test_what_was_put_back_was_not_replaced),
		TEST(test_what_was_replaced_before_is_not_replaced_again),
		TEST(test_what_one_wrote_again_was_not_replaced),
		TEST(test_the_rest_of_what_was_changed),
		TEST(test_all_is_said_to_be_seen),
		TEST(test_a_note_is_seen_on_its_project),
		TEST(test_my_open_projects),
		TEST(test_more_is_due_than_is_shown),
		TEST(test_tab_goes_to_each_section_and_around),
		TEST(test_arrows_reach_all_that_leads_further),
		TEST(test_drafts_by_what_they_say),
		TEST(test_more_is_held_than_is_shown),
		TEST(test_what_was_sent_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
