/* What is chosen stays chosen where the rows around it change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/conflicts.h"
#include "common/inbox_held.h"
#include "common/news.h"
#include "tests/support/good.h"
#include "tests/support/stage.h"

static struct fixture f;
static struct stage st;

#define COMES(edit, record, ...)                                            \
	stage_take(&st, &f,                                                 \
		fixture_entry(&f, edit, "4480", record, __VA_ARGS__, NULL), \
		"beat:35X")

/* Chen's project, and promises of this member due on three days. */
static int
begin(void **state)
{
	stage_make(&st, &f, state);
	COMES("48.1", "project/30-1", "title", "Garage", "goal", "Cut by half",
		"owner_id", "4471", "status", "open", "stage", "analysis",
		"beat_ids", "35X");
	COMES("48.2", "action_item/30-2", "text", "Call the owner", "source_id",
		"project/30-1", "owner_id", "4471", "due_on", "2026-07-15",
		"status", "open");
	COMES("48.3", "action_item/30-3", "text", "Send the letter",
		"source_id", "project/30-1", "owner_id", "4471", "due_on",
		"2026-07-16", "status", "open");
	COMES("48.4", "action_item/30-4", "text", "Ask the clerk", "source_id",
		"project/30-1", "owner_id", "4471", "due_on", "2026-07-17",
		"status", "open");
	return 0;
}

static void
due_comes_first(void)
{
	COMES("48.20", "action_item/30-9", "text", "Due before all",
		"source_id", "project/30-1", "owner_id", "4471", "due_on",
		"2026-07-14", "status", "open");
	stage_shows(&st, "30-9 ");
}

static void
go_down_to(const char *row)
{
	for (int i = 0; i < 60 && !strstr(stage_all(&st), row); i++)
		stage_press(&st, "<Down>");
	stage_shows(&st, row);
}

static void
item_is_done(const char *edit, const char *record)
{
	COMES(edit, record, "status", "done");
}

static void
is_done(const char *id, bool done)
{
	assert_string_equal(fixture_text(&f, "action_item", id, "status"),
		done ? "done" : "open");
}

/* A new user's worst find: the key acted on another record. */
static void
test_today_one_comes_above(void **state)
{
	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "<Down>");
	stage_shows(&st, ">   30-3 ");
	due_comes_first();
	stage_shows(&st, ">   30-3 ");
	stage_press(&st, "D y");
	is_done("30-3", true);
	stage_press(&st, "<End> <Up>");
	stage_shows(&st, ">   30-1     Garage");
	item_is_done("48.21", "action_item/30-9");
	stage_shows(&st, ">   30-1     Garage");
}

static void
test_today_one_goes_above(void **state)
{
	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "<Down> <Down>");
	item_is_done("48.20", "action_item/30-2");
	stage_shows(&st, ">   30-4 ");
}

/* What is chosen instead is not written to by a key that was on its way. */
static void
test_today_the_chosen_goes(void **state)
{
	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "<Down>");
	item_is_done("48.20", "action_item/30-3");
	stage_shows(&st, ">   30-4 ");
	stage_press(&st, "D");
	stage_shows(&st, "mark-done: 30-3 went from here meanwhile");
	stage_lacks(&st, "y or n");
	stage_press(&st, "D");
	stage_shows(&st, "Mark 30-4");
	stage_press(&st, "y");
	is_done("30-4", true);
	stage_press(&st, "<Home>");
	stage_shows(&st, ">   30-2 ");
	item_is_done("48.21", "action_item/30-2");
	stage_press(&st, "<Down> <F4>"); /* a move is an answer to it */
	stage_lacks(&st, "went from here");
}

/* One that went by a key of one's own: the next is meant, and an undo brings
 * back what was chosen. */
static void
test_today_what_one_did_oneself(void **state)
{
	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "<Down>");
	stage_press(&st, "D y");
	stage_shows(&st, ">   30-4 ");
	stage_press(&st, "u y");
	stage_shows(&st, ">   30-3 ");
	stage_press(&st, "D y");
	stage_press(&st, "D y");
	is_done("30-4", true);
}

/* A record that stands in several sections is chosen where it was. */
static void
test_today_in_its_section(void **state)
{
	(void)state;
	fixture_save(&f, "project", "30-1", "goal", "Ours", NULL);
	COMES("48.19", "project/30-8", "title", "Motel");
	stage_open(&st, &f, NULL, NULL, NULL);
	go_down_to(">   30-1     Garage");
	stage_lacks(&st, "CONFLICTS");
	fixture_lose(&f, "48.20", "project/30-1", "goal", "Chen's");
	stage_refresh(&st);
	stage_shows(&st, "  x 30-1     Garage");
	stage_shows(&st, ">   30-1     Garage");
}

static void
many_projects(int count)
{
	for (int i = 0; i < count; i++) {
		char title[32];

		snprintf(title, sizeof(title), "Project %d", i);
		fixture_save(&f, "project", "", "title", title, "beat_ids",
			"35X", NULL);
	}
}

/* Who comes to Today anew sees what is due, and what is chosen. */
static void
test_today_is_seen_from_its_top(void **state)
{
	(void)state;
	many_projects(9);
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_size(&st, 16, 80);
	stage_press(&st, "<End>");
	stage_lacks(&st, "DUE (3)");
	stage_press(&st, "g p <Esc>");
	stage_lacks(&st, "DUE (3)");
	stage_press(&st, "g p g t");
	stage_shows(&st, "DUE (3)");
	stage_shows(&st, ">   30-2 ");
	stage_press(&st, "<Down>");
	stage_press(&st, "g p <F8>");
	stage_shows(&st, "DUE (3)");
	stage_shows(&st, ">   30-3 ");
}

static void
open_project(void)
{
	stage_open(&st, &f, "project", "30-1", NULL);
}

static void
test_a_page_with_a_field_above(void **state)
{
	(void)state;
	open_project();
	go_down_to(">   Status");
	COMES("48.20", "project/30-1", "problem", "Car break-ins");
	stage_shows(&st, ">   Status");
	COMES("48.21", "project/30-1", "problem", "");
	stage_shows(&st, ">   Status");
	go_down_to(">   30-3 ");
	item_is_done("48.22", "action_item/30-2");
	stage_shows(&st, ">   30-3 ");
}

static void
test_a_page_that_is_brought_back(void **state)
{
	(void)state;
	open_project();
	go_down_to(">   Beats");
	stage_press(&st, "V");
	stage_type(&st, "entered twice");
	stage_press(&st, "<Enter>");
	stage_shows(&st, ">   Beats");
	stage_press(&st, "u y");
	stage_shows(&st, ">   Beats");
}

static void
test_a_page_behind_its_history(void **state)
{
	(void)state;
	fixture_save(&f, "project", "30-1", "goal", "Cut by a third", NULL);
	open_project();
	go_down_to(">-- Steps (0)");
	stage_press(&st, "h");
	go_down_to(">     Goal               Cut by half");
	stage_press(&st, "P y <Esc>");
	stage_shows(&st, "Timeline (3)");
	stage_shows(&st, ">-- Steps (0)");
}

/* Of a page's section, the record that is chosen goes. */
static void
test_a_page_whose_chosen_goes(void **state)
{
	(void)state;
	open_project();
	go_down_to(">   30-3 ");
	COMES("48.20", "action_item/30-3", "void", "twice");
	stage_shows(&st, ">   30-4 ");
	stage_press(&st, "D");
	stage_shows(&st, "30-3 went from here meanwhile");
	is_done("30-4", false);
}

static void
conflict_on(const char *field, const char *ours, const char *edit)
{
	fixture_save(&f, "project", "30-1", field, ours, NULL);
	fixture_lose(&f, edit, "project/30-1", field, "Chen's");
}

static size_t
open_conflicts(void)
{
	struct conflicts all = {0};
	size_t count;

	good(conflicts_read(f.r, NULL, NULL, &all, &why));
	count = all.count;
	conflicts_release(&all);
	return count;
}

/* t settles without a question: what it settles must be what was chosen. */
static void
test_a_conflict_that_comes_back(void **state)
{
	(void)state;
	conflict_on("goal", "Ours", "48.30");
	conflict_on("title", "Our garage", "48.31");
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g c <Down>");
	stage_row_shows(&st, 1, "CONFLICT 2 of 2");
	stage_press(&st, "t");
	stage_row_shows(&st, 1, "CONFLICT 1 of 1");
	stage_press(&st, "u y");
	stage_row_shows(&st, 1, "CONFLICT 2 of 2");
}

/* Which of the three is chosen. */
static const char *
chosen_field(void)
{
	const char *screen = stage_all(&st);

	return strstr(screen, ">-- Goal:")	? "goal"
	       : strstr(screen, ">-- Problem:") ? "problem"
						: "title";
}

static void
test_a_conflict_among_others(void **state)
{
	const char *first, *second;

	(void)state;
	conflict_on("goal", "Ours", "48.30");
	conflict_on("title", "Our garage", "48.31");
	conflict_on("problem", "Thefts", "48.32");
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g c");
	first = chosen_field();
	stage_press(&st, "<Down>");
	stage_row_shows(&st, 1, "CONFLICT 2 of 3");
	second = chosen_field();
	good(conflict_resolve(f.r, "project", "30-1", first, NULL, &why));
	stage_refresh(&st);
	stage_row_shows(&st, 1, "CONFLICT 1 of 2");
	assert_string_equal(chosen_field(), second);
	stage_press(&st, "t"); /* the chosen one never went */
	assert_int_equal(open_conflicts(), 1);
	assert_string_not_equal(chosen_field(), second);
}

static void
test_a_conflict_that_another_settled(void **state)
{
	(void)state;
	conflict_on("goal", "Ours", "48.30");
	conflict_on("title", "Our garage", "48.31");
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g c <Down>");
	good(conflict_resolve(f.r, "project", "30-1",
		strstr(stage_all(&st), ">-- Goal") ? "goal" : "title", NULL,
		&why));
	stage_refresh(&st);
	stage_press(&st, "t");
	stage_shows(&st, "theirs: 30-1 went from here meanwhile");
	assert_int_equal(open_conflicts(), 1);
	stage_press(&st, "t");
	assert_int_equal(open_conflicts(), 0);
}

static void
take_held(const char *edit, const char *title)
{
	struct entry e = fixture_entry(
		&f, edit, "4480", "project/30-1", "title", title, NULL);

	e.verdict.held = mem_text("not on this beat then");
	stage_take(&st, &f, e, NULL);
}

/* By another sergeant. */
static void
decline_first(void)
{
	struct verdict verdict = {0};
	struct decision d = {
		&verdict, 90, f.now.wall_ms, "900", "ask Chen", false};

	verdict_decide(&verdict, (struct edit_id){48, 32});
	good(inbox_held_decided(f.r, &d, &why));
	verdict_release(&verdict);
	stage_refresh(&st);
}

/* The first that is named from the chosen row on. */
static void
chosen_names(const char *lot)
{
	const char *row = strstr(stage_all(&st), "\n>");

	assert_non_null(row);
	row = strstr(row, "lot ");
	assert_non_null(row);
	assert_memory_equal(row, lot, strlen(lot));
}

static void
test_held_edits(void **state)
{
	struct entry e = fixture_entry(
		&f, "0.900", "", "member/4471", "access", "sergeant", NULL);

	(void)state;
	stage_take(&st, &f, e, "dept");
	take_held("48.30", "Garage lot A");
	take_held("48.31", "Garage lot B");
	take_held("48.32", "Garage lot C");
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g h <Down>");
	stage_shows(&st, "HELD EDITS (3)");
	chosen_names("lot B");
	decline_first();
	stage_shows(&st, "HELD EDITS (2)");
	chosen_names("lot B");
}

static void
test_a_history(void **state)
{
	(void)state;
	open_project();
	stage_press(&st, "h");
	go_down_to(">     Goal               Cut by half");
	COMES("48.20", "project/30-1", "goal", "Cut by a third");
	stage_shows(&st, ">     Goal               Cut by half");
}

static void
test_what_is_unsent(void **state)
{
	(void)state;
	fixture_save(&f, "project", "30-1", "goal", "First", NULL);
	fixture_save(&f, "project", "30-1", "goal", "Second", NULL);
	fixture_save(&f, "project", "30-1", "goal", "Third", NULL);
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g s <Down>");
	stage_shows(&st, "UNSENT (3)");
	fixture_confirm(&f, 1, NULL);
	stage_refresh(&st);
	stage_shows(&st, "UNSENT (2)");
	stage_shows(&st, "Second");
	assert_non_null(strstr(strstr(stage_all(&st), "\n>"), "Second"));
}

static void
test_a_list(void **state)
{
	(void)state;
	stage_open(&st, &f, "action_item", NULL, "status:open");
	stage_press(&st, "<Down>");
	stage_shows(&st, ">   30-3 ");
	due_comes_first();
	stage_shows(&st, ">   30-3 ");
	item_is_done("48.21", "action_item/30-9");
	stage_shows(&st, ">   30-3 ");
	item_is_done("48.22", "action_item/30-3");
	stage_shows(&st, ">   30-4 ");
	stage_press(&st, "D");
	stage_shows(&st, "30-3 went from here meanwhile");
	is_done("30-4", false);
}

static void
test_what_was_found(void **state)
{
	char row[32];

	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "<F3>");
	stage_type(&st, "in:action_item status:open");
	stage_press(&st, "<Down>");
	snprintf(row, sizeof(row), "%.12s", strstr(stage_all(&st), ">   30-"));
	due_comes_first();
	stage_shows(&st, row);
	item_is_done("48.21", "action_item/30-9");
	stage_shows(&st, row);
}

static void
test_what_others_changed(void **state)
{
	(void)state;
	for (int i = 40; i < 49; i++) {
		char edit[16], record[32];

		snprintf(edit, sizeof(edit), "48.%d", i);
		snprintf(record, sizeof(record), "project/30-%d", i);
		COMES(edit, record, "title", "New", "beat_ids", "35X");
	}
	stage_open(&st, &f, NULL, NULL, NULL);
	go_down_to(">   7 more: Enter shows all");
	stage_press(&st, "<Enter> <Down>");
	stage_shows(&st, ">   30-47 ");
	COMES("48.60", "project/30-60", "title", "Newest");
	stage_shows(&st, ">   30-47 ");
	COMES("48.61", "project/30-46", "title", "Again");
	stage_shows(&st, ">   30-47 ");
	good(news_seen(f.r, "project", "30-47", &why));
	stage_refresh(&st);
	stage_shows(&st, ">   30-45 ");
	stage_press(&st, "<F4>");
	stage_shows(&st, "note: 30-47 went from here meanwhile");
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_today_one_comes_above),
		TEST(test_today_one_goes_above),
		TEST(test_today_the_chosen_goes),
		TEST(test_today_what_one_did_oneself),
		TEST(test_today_in_its_section),
		TEST(test_today_is_seen_from_its_top),
		TEST(test_a_page_with_a_field_above),
		TEST(test_a_page_that_is_brought_back),
		TEST(test_a_page_behind_its_history),
		TEST(test_a_page_whose_chosen_goes),
		TEST(test_a_conflict_that_comes_back),
		TEST(test_a_conflict_among_others),
		TEST(test_a_conflict_that_another_settled),
		TEST(test_held_edits),
		TEST(test_a_history),
		TEST(test_what_is_unsent),
		TEST(test_a_list),
		TEST(test_what_was_found),
		TEST(test_what_others_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
