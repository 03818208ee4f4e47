/* Search, saved searches, filters that are remembered, places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/stage.h"

static struct fixture f;
static struct stage st;
static const char *garage, *motel;

static int
begin(void **state)
{
	stage_make(&st, &f, state);
	garage = fixture_save(&f, "project", "", "title", "Harbor Garage",
		"beat_ids", "35X", NULL);
	motel = fixture_save(&f, "project", "", "title", "Sunset Motel",
		"beat_ids", "35X", "stage", "analysis", NULL);
	fixture_save(&f, "project_update", "", "project_id", garage, "text",
		"The camera over bay 2 has been dark since March", NULL);
	stage_open(&st, &f, NULL, NULL, NULL);
	return 0;
}

static void
test_results_as_one_types(void **state)
{
	(void)state;
	stage_press(&st, "<F3>");
	stage_shows(&st, "Type what you look for");
	stage_type(&st, "came");
	stage_shows(&st, "1 found");
	stage_shows(&st, "The [camera] over bay 2");
	stage_type(&st, " in:project");
	stage_shows(&st, "0 found");
	stage_shows(&st, "Nothing matches");
	stage_lacks(&st, "Enter open");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "open: nothing is found");
	stage_press(&st, "<C-u>");
	stage_lacks(&st, "F3 saved");
	stage_type(&st, "stage:analysis");
	stage_shows(&st, "1 found");
	stage_shows(&st, "Sunset Motel");
	stage_type(&st, "s");
	stage_shows(&st, "is not understood");
	stage_press(&st, "<C-u>");
	stage_type(&st, motel);
	stage_shows(&st, ">   1b-2     Project  Sunset Motel");
}

/* What there is beside a project: a person, a meeting, what hangs on them. */
static void
save_surroundings(void)
{
	char source[96], person[80], meeting[80];

	snprintf(source, sizeof(source), "project/%s", garage);
	snprintf(person, sizeof(person), "%s",
		fixture_save(&f, "contact", "", "name", "Dana Night Clerk",
			"notes", "Has the gate code of the lot", NULL));
	snprintf(meeting, sizeof(meeting), "%s",
		fixture_save(&f, "meeting", "", "title", "NCPC of July", "kind",
			"community_meeting", "starts_at",
			"2026-07-11T02:00:00.000Z", "beat_ids", "35X", NULL));
	fixture_save(&f, "attendance", "", "meeting_id", meeting, "contact_id",
		person, NULL);
	fixture_save(&f, "attendance", "", "meeting_id", meeting, "member_id",
		"4480", NULL);
	fixture_save(&f, "action_item", "", "text", "Call about the lamps",
		"due_on", "2026-07-20", "source_id", source, NULL);
	fixture_save(&f, "project_step", "", "project_id", garage, "title",
		"Signs at both doors", "stage", "response", NULL);
	fixture_save(&f, "concern", "", "text", "Bottles thrown at night",
		"raised_by_id", person, "source", "resident", NULL);
	fixture_save(&f, "handover", "", "beat_id", "35X", "outgoing_id",
		"4471", "text", "Side door sticks", NULL);
}

static void
test_a_row_says_of_what_it_is(void **state)
{
	static const struct {
		const char *words, *row;
	} rows[] = {
		{"camera", "Update  Harbor Garage: The [camera] over bay 2"},
		{"gate", "Contact  Dana Night Clerk: Has the [gate] code"},
		{"dana", "Contact  [Dana] Night Clerk"},
		{"lamps", "Action item  Harbor Garage: Call about the [lamps]"},
		{"signs", "Step  Harbor Garage: [Signs] at both doors"},
		{"bottles", "Concern  Dana Night Clerk: [Bottles] thrown"},
		{"sticks", "Handover  35X: Side door [sticks]"},
		{"motel", "Project  Sunset [Motel]"},
		{"in:attendance", "Attendance  NCPC of July: Chen"},
		{"in:attendance", "Attendance  NCPC of July: Dana Night Clerk"},
	};

	(void)state;
	save_surroundings();
	stage_press(&st, "<F3>");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		stage_press(&st, "<C-u>");
		stage_type(&st, rows[i].words);
		stage_shows(&st, rows[i].row);
	}
	stage_size(&st, 10, 40);
	stage_press(&st, "<C-u>");
	stage_type(&st, "camera");
	stage_shows(&st, "The [camera] o");
}

static void
test_tab_completes_a_search(void **state)
{
	(void)state;
	stage_press(&st, "<F3>");
	stage_type(&st, "in:proj");
	stage_shows(&st, "Tab:  project  project_step  project_update");
	stage_press(&st, "<Tab>");
	stage_shows(&st, "find: in:project\n");
	stage_press(&st, "<Tab>");
	stage_shows(&st, "find: in:project\n");
	stage_press(&st, "<Tab>");
	stage_shows(&st, "find: in:project_step\n");
	stage_press(&st, "<S-Tab>");
	stage_type(&st, " stag");
	stage_press(&st, "<Tab>");
	stage_type(&st, "ana");
	stage_press(&st, "<Tab>");
	stage_shows(&st, "find: in:project stage:analysis\n");
	stage_shows(&st, "1 found");
	stage_type(&st, "zz");
	stage_press(&st, "<Tab>");
	stage_shows(&st, "Nothing completes this");
}

static void
test_a_search_is_kept_and_run_and_dropped(void **state)
{
	(void)state;
	stage_press(&st, "<F3>");
	stage_type(&st, "camera");
	stage_press(&st, "<F2>");
	stage_shows(&st, "Keep this search by the name:");
	stage_type(&st, "dark bays");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "Kept: ");
	stage_press(&st, "<Esc> <F3>");
	stage_shows(&st, ">   kept     dark bays: camera");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "find: camera\n");
	stage_shows(&st, "1 found");
	stage_press(&st, "<F3>");
	stage_shows(&st, "dark bays: camera");
	stage_press(&st, "<Esc> :");
	stage_type(&st, "bays");
	stage_shows(&st, "saved dark bays: camera");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "find: camera\n");
	stage_press(&st, "<Esc> :");
	stage_type(&st, "saved dark bays");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "find: camera\n");
	stage_press(&st, "<Esc> <F3> <Del>");
	stage_shows(&st, "Drop the saved search dark bays? y or n");
	stage_press(&st, "y");
	stage_lacks(&st, ">   kept");
	stage_press(&st, "<Esc> :");
	stage_type(&st, "saved dark bays");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "no saved search is called 'dark bays'");
}

static void
test_a_list_is_kept_as_a_search(void **state)
{
	(void)state;
	stage_press(&st, "g p :");
	stage_type(&st, "filter stage:analysis");
	stage_press(&st, "<Enter> :");
	stage_type(&st, "search-save mine");
	stage_press(&st, "<Enter> <F8> :");
	stage_type(&st, "saved mi");
	stage_press(&st, "<Tab> <Enter>");
	stage_shows(&st, "PROJECTS  (1)");
	stage_shows(&st, "filter: stage:analysis");
}

static void
test_searches_made_before(void **state)
{
	(void)state;
	stage_press(&st, "<F3>");
	stage_type(&st, "motel");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "1b-2  Sunset Motel");
	stage_press(&st, "<F8> <F3>");
	stage_shows(&st, ">   before   motel");
	stage_shows(&st, " Enter run");
	stage_press(&st, "<Enter> <Enter>");
	stage_shows(&st, "1b-2  Sunset Motel");
	stage_press(&st, "<F8> <F3> <Del>");
	stage_lacks(&st, "before   motel");
}

static void
test_a_filter_is_as_it_was_left(void **state)
{
	(void)state;
	stage_press(&st, "g p");
	stage_lacks(&st, "as you left it");
	stage_press(&st, "/");
	stage_shows(&st, "filter: status:open");
	stage_type(&st, "stage:an");
	stage_shows(&st, "Tab:  analysis");
	stage_press(&st, "<Tab> <Enter>");
	stage_shows(&st, "PROJECTS  (1 of 2)");
	stage_press(&st, "g t g p");
	stage_shows(&st, "PROJECTS  (1 of 2)");
	stage_shows(&st, "The filter is as you left it: a shows all 2");
	/* another list of the same kind has its own */
	stage_press(&st, "g l");
	stage_type(&st, "project");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "PROJECTS  (2)");
	stage_press(&st, "g p / <C-u>");
	stage_type(&st, "status:open");
	stage_press(&st, "<Enter> g t g p");
	stage_lacks(&st, "as you left it");
	stage_shows(&st, "PROJECTS  (2)");
}

static void
test_a_filter_shows_at_every_width_and_goes(void **state)
{
	static const int widths[] = {40, 50, 60, 80, 132};

	(void)state;
	stage_press(&st, "g p /");
	stage_type(&st, "stage:analysis -status:closed beat:35X");
	stage_press(&st, "<Enter> g t g p");
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		stage_size(&st, 24, widths[i]);
		stage_row_shows(&st, 1, "PROJECTS  (1 of 2)");
		stage_row_shows(&st, 24, " a all 2");
	}
	stage_row_shows(&st, 1, "beat:35X");
	stage_size(&st, 24, 80);
	stage_press(&st, "a");
	stage_shows(&st, "PROJECTS  (2)");
	stage_lacks(&st, "a all");
	stage_press(&st, "a");
	stage_shows(&st, "show-all: no filter of yours is set: the list is as "
			 "it was opened");
	stage_press(&st, "g t g p");
	stage_shows(&st, "PROJECTS  (2)");
	stage_lacks(&st, "as you left it");
}

/* Each row would say the same: the next column has its room. */
static void
test_what_the_filter_holds_takes_no_room(void **state)
{
	(void)state;
	stage_press(&st, "g p");
	stage_shows(&st, "Stage      Owner          Touched\n");
	stage_press(&st, "/ <C-u>");
	stage_type(&st, "-status:closed");
	stage_shows(&st, "Stage      Status    Owner");
	stage_press(&st, "<C-u>");
	stage_type(&st, "status:open stage:scanning");
	stage_shows(&st, "Owner          Touched");
	stage_lacks(&st, " Stage ");
	stage_press(&st, "<Esc>");
	stage_shows(&st, "Stage      Owner          Touched\n");
}

static void
test_gone_to_once_more_a_list_has_no_filter(void **state)
{
	(void)state;
	stage_press(&st, "g p /");
	stage_type(&st, "motel");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "PROJECTS  (1 of 2)");
	stage_press(&st, "g p");
	stage_shows(&st, "PROJECTS  (2)");
	stage_press(&st, "g p");
	stage_shows(&st, "It is open already");
	stage_press(&st, "<Esc>");
	stage_shows(&st, "TODAY");
}

static void
test_a_filter_that_gives_more_says_so(void **state)
{
	(void)state;
	fixture_save(&f, "project", motel, "status", "closed", NULL);
	stage_press(&st, "g p");
	stage_shows(&st, "PROJECTS  (1)");
	stage_press(&st, "/ <C-u> <Enter>");
	stage_shows(&st, "PROJECTS  (2, filtered)");
	stage_shows(&st, " a own filter");
	stage_press(&st, "a");
	stage_shows(&st, "PROJECTS  (1)");
}

static void
open_by(const char *words)
{
	stage_press(&st, ":");
	stage_type(&st, words);
	stage_press(&st, "<Enter>");
}

static void
test_an_id_alone_opens(void **state)
{
	struct entry e;

	(void)state;
	open_by("open 1B-2");
	stage_shows(&st, "1b-2  Sunset Motel");
	open_by("open 35x");
	stage_shows(&st, "35X");
	open_by("open 9-9");
	stage_shows(&st, "No record here has the id '9-9'");
	e = fixture_entry(&f, "48.1", "4480", "contact/1b-2", "name",
		"Dana Night Clerk", NULL);
	fixture_take(&f, &e, "beat:35X");
	open_by("open 1b-2");
	stage_shows(&st, "WHICH");
	stage_shows(&st, "Project: Sunset Motel");
	stage_type(&st, "dana");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "1b-2  Dana Night Clerk");
}

static void
test_back_and_forward(void **state)
{
	(void)state;
	stage_press(&st, "<C-f>");
	stage_shows(&st, "Nothing lies ahead");
	stage_press(&st, "g p / ");
	stage_type(&st, "motel");
	stage_press(&st, "<Enter> <Enter>");
	stage_shows(&st, "1b-2  Sunset Motel");
	stage_press(&st, "<Esc> <Esc>");
	stage_shows(&st, "TODAY");
	stage_press(&st, "<C-f>");
	stage_shows(&st, "filter: status:open motel");
	stage_press(&st, "<C-f>");
	stage_shows(&st, "1b-2  Sunset Motel");
	/* from Today, too, and past a form and the palette */
	stage_press(&st, "<F8>");
	stage_shows(&st, "TODAY");
	stage_press(&st, "<C-f>");
	open_by("forward");
	stage_shows(&st, "1b-2  Sunset Motel");
	stage_press(&st, "<Esc> <F4> <Esc> <C-f>");
	stage_shows(&st, "1b-2  Sunset Motel");
	/* what changed meanwhile is shown */
	stage_press(&st, "<Esc>");
	fixture_save(&f, "project", motel, "title", "Sunrise Motel", NULL);
	stage_press(&st, "<C-f>");
	stage_shows(&st, "1b-2  Sunrise Motel");
	/* another place is another way */
	stage_press(&st, "<Esc> g s <Esc> <C-f>");
	stage_shows(&st, "SYNC");
	stage_press(&st, "<C-f>");
	stage_shows(&st, "Nothing lies ahead");
}

static void
test_a_whole_shift_of_places(void **state)
{
	(void)state;
	for (int i = 0; i < 120; i++)
		stage_press(&st, "g p <Enter> g s");
	assert_in_range(st.s.app.count, 2, 60);
	stage_press(&st, "<Esc>");
	stage_shows(&st, "Project");
	stage_press(&st, "<F8>");
	stage_shows(&st, "TODAY");
}

static void
test_the_palette_completes_what_comes_after(void **state)
{
	(void)state;
	stage_press(&st, ":");
	stage_type(&st, "list proj");
	stage_shows(&st, "Tab:  project  project_step  project_update");
	stage_type(&st, "ect_u");
	stage_press(&st, "<Tab>");
	stage_shows(&st, "type to filter: list project_update\n");
	stage_press(&st, "<C-u>");
	stage_type(&st, "list project sta");
	stage_press(&st, "<Tab>");
	stage_type(&st, "a");
	stage_shows(&st, "Tab:  analysis  assessment");
	stage_type(&st, "n");
	stage_press(&st, "<Tab> <Enter>");
	stage_shows(&st, "PROJECTS  (1)");
	stage_press(&st, ":");
	stage_type(&st, "note harb");
	stage_shows(&st, "(Harbor Garage)");
	stage_press(&st, "<Tab> <Enter>");
	stage_shows(&st, "NEW Update");
	stage_shows(&st, "Harbor Garage");
}

int
main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_results_as_one_types),
		TEST(test_a_row_says_of_what_it_is),
		TEST(test_tab_completes_a_search),
		TEST(test_a_search_is_kept_and_run_and_dropped),
		TEST(test_a_list_is_kept_as_a_search),
		TEST(test_searches_made_before),
		TEST(test_a_filter_is_as_it_was_left),
		TEST(test_a_filter_shows_at_every_width_and_goes),
		TEST(test_what_the_filter_holds_takes_no_room),
		TEST(test_gone_to_once_more_a_list_has_no_filter),
		TEST(test_a_filter_that_gives_more_says_so),
		TEST(test_an_id_alone_opens),
		TEST(test_back_and_forward),
		TEST(test_a_whole_shift_of_places),
		TEST(test_the_palette_completes_what_comes_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
