/* The screens as lines: what is read, and what a line does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/conflicts.h"
#include "tests/support/good.h"
#include "tests/support/reader.h"

static struct fixture f;
static struct reader r;
static const char *garage, *item;

static int
begin(void **state)
{
	reader_make(&r, &f, state);
	garage = fixture_save(&f, "project", "", "title", "Harbor Garage",
		"beat_ids", "35X", "goal", "Half as many", NULL);
	item = fixture_save(&f, "action_item", "", "text",
		"Call the manager back", "due_on", "2026-07-12", NULL);
	return 0;
}

static void
more_projects(int count)
{
	for (int i = 0; i < count; i++) {
		char title[40];

		snprintf(title, sizeof(title), "Project %02d", i);
		fixture_save(&f, "project", "", "title", title, "beat_ids",
			"35X", NULL);
		fixture_pass(&f, 60000);
	}
}

/* As long as a title may be. */
static const char long_title[] =
	"Break-ins, smashed windows and burned trash cans along the whole of "
	"the lower harbor front, between the old cannery and the ferry "
	"terminal, on weekend nights after the bars close: second year";

static void
test_nothing_is_cut(void **state)
{
	char project[80], source[96], text[300];
	struct buf goal = BUF_INIT;

	(void)state;
	for (int i = 1; i <= 60; i++)
		buf_printf(&goal, "Line %d of what is to be reached.\n", i);
	snprintf(project, sizeof(project), "%s",
		fixture_save(&f, "project", "", "title", long_title, "beat_ids",
			"35X", "goal", buf_text(&goal), NULL));
	snprintf(source, sizeof(source), "project/%s", project);
	fixture_save(&f, "action_item", "", "text", long_title, "due_on",
		"2026-07-12", "source_id", source, NULL);
	fixture_save(&f, "project_step", "", "project_id", project, "title",
		long_title, "stage", "scanning", NULL);
	reader_open(&r, &f, NULL, NULL, NULL);
	reader_hears(&r, long_title);
	reader_misses(&r, "~");
	reader_say(&r, "list action_item");
	snprintf(text, sizeof(text), "Belongs to %s", long_title);
	reader_hears(&r, text);
	reader_misses(&r, "~");
	reader_say(&r, "list project");
	reader_hears(&r, long_title);
	reader_misses(&r, "~");
	snprintf(text, sizeof(text), "open %s", project);
	reader_say(&r, text);
	reader_hears(&r, "Line 10 of what is to be reached.");
	for (int i = 0; i < 4; i++) {
		reader_misses(&r, "~");
		reader_say(&r, "more");
	}
	reader_say(&r, "again");
	reader_hears(&r, "Line 60 of what is to be reached.\n");
	reader_hears(&r, long_title);
	reader_misses(&r, "~");
	reader_say(&r, "history");
	reader_misses(&r, "~");
	buf_release(&goal);
}

static void
test_no_column_of_fixed_width_is_cut(void **state)
{
	struct entry e = fixture_entry(&f, "48.1", "4480", "assignment/30-1",
		"member_id", "4471", "beat_id", "35X", "starts_on",
		"2026-01-01", "role", "neighborhood_service_coordinator", NULL);

	(void)state;
	fixture_take(&f, &e, "dept");
	reader_open(&r, &f, "beat", "35X", NULL);
	reader_hears(&r, "Neighborhood service coordinator  ");
}

static void
test_the_first_screen(void **state)
{
	(void)state;
	reader_open(&r, &f, NULL, NULL, NULL);
	reader_hears(&r, "OFFLINE | 2 unsent");
	reader_hears(&r, "PLAIN\nTODAY  Tue 14 Jul 2026. Ibarra");
	reader_hears(&r, "\nDUE (1)\n1. ");
	reader_hears(&r, "Call the manager back  OVER 2d (not sent)\n");
	reader_hears(&r, "Harbor Garage  Scanning (not sent)\n");
	reader_hears(&r, "Words here: ");
	reader_misses(&r, "---");
	reader_misses(&r, ">");
}

static void
test_a_code_that_nobody_has(void **state)
{
	(void)state;
	reader_open(&r, &f, NULL, NULL, NULL);
	reader_say(&r, "open beat/35Y");
	reader_hears(&r, "there is no beat/35Y: did you mean 35X? `beatbook "
			 "list beat` shows them");
}

static void
test_a_number_opens(void **state)
{
	(void)state;
	reader_open(&r, &f, NULL, NULL, NULL);
	reader_say(&r, reader_number(&r, "Harbor Garage"));
	reader_hears(&r, "Harbor Garage. Project");
	reader_hears(&r, "Stage: Scanning since 14 Jul, 1 of 4\n");
	reader_misses(&r, "[");
	reader_say(&r, "99");
	reader_hears_only(&r, "There is no 99 here\n");
	reader_say(&r, "0");
	reader_hears_only(&r, "There is no 0 here\n");
	reader_say(&r, "99999999999999999999");
	reader_hears(&r, "There is no ");
}

static void
test_only_what_changed_is_read_again(void **state)
{
	(void)state;
	reader_open(&r, &f, NULL, NULL, NULL);
	reader_say(&r, reader_number(&r, "Harbor Garage"));
	reader_say(&r, "down");
	reader_hears_only(&r, "2. Owner  Ibarra (not sent)\n");
	reader_say(&r, "stage-next");
	reader_hears_only(&r, "Move 1b-1 Harbor Garage to Analysis? y or n");
	reader_say(&r, "y");
	reader_hears(&r, "Saved, not sent yet");
	reader_hears(&r, "\nStage: Analysis since 14 Jul, 2 of 4\n");
	reader_misses(&r, "Half as many");
	reader_say(&r, "back");
	reader_hears(&r, "TODAY");
	reader_hears(&r, "Analysis (not sent)\n");
	reader_misses(&r, "Call the manager");
	reader_say(&r, "again");
	reader_hears(&r, "Call the manager");
}

static void
test_what_is_said_is_said_once(void **state)
{
	(void)state;
	reader_open(&r, &f, "project", garage, NULL);
	reader_say(&r, "resume");
	reader_hears_only(&r, "resume: not on this screen\n");
	reader_say(&r, "status");
	reader_hears(&r, "OFFLINE");
	reader_misses(&r, "resume");
}

static void
test_numbers_stay_with_their_lines(void **state)
{
	char number[16];

	(void)state;
	more_projects(3);
	reader_open(&r, &f, "project", NULL, NULL);
	snprintf(number, sizeof(number), "%s",
		reader_number(&r, "Harbor Garage"));
	fixture_save(&f, "project", "", "title", "Newest of all", "beat_ids",
		"35X", NULL);
	reader_say(&r, "status");
	assert_string_equal(reader_number(&r, "Newest of all"), "5");
	reader_misses(&r, "Harbor Garage");
	reader_say(&r, number);
	reader_hears(&r, "Harbor Garage. Project");
}

static void
test_a_line_that_changed_is_asked_about(void **state)
{
	char number[16];

	(void)state;
	more_projects(3);
	reader_open(&r, &f, "project", NULL, NULL);
	snprintf(number, sizeof(number), "%s",
		reader_number(&r, "Harbor Garage"));
	fixture_save(&f, "project", garage, "title", "Harbor Shed", NULL);
	app_refresh(&r.p.app); /* as a sync does */
	reader_say(&r, number);
	reader_hears(&r, "is gone or reads otherwise now");
	reader_say(&r, reader_number(&r, "Harbor Shed"));
	reader_hears(&r, "Harbor Shed. Project");
}

/* A word without a number is for the chosen line. */
static void
test_the_chosen_line_goes(void **state)
{
	(void)state;
	fixture_save(&f, "action_item", "", "text", "Send the letter", "due_on",
		"2026-07-13", NULL);
	reader_open(&r, &f, NULL, NULL, NULL);
	fixture_save(&f, "action_item", item, "status", "done", NULL);
	app_refresh(&r.p.app); /* as a sync does */
	reader_say(&r, "mark-done");
	reader_hears(&r, "it is done already");
	reader_hears(&r, "DUE (1)");
	reader_say(&r, "mark-done");
	reader_hears(&r, "went from here meanwhile");
	reader_misses(&r, "done today?");
	reader_say(&r, "mark-done");
	reader_hears(&r, "Send the letter done today?");
}

static void
test_words(void **state)
{
	(void)state;
	reader_open(&r, &f, NULL, NULL, NULL);
	reader_say(&r, "go-projects");
	reader_hears(&r, "PROJECTS  (1)");
	reader_say(&r, "BACK");
	reader_hears(&r, "TODAY");
	reader_say(&r, "go-p");
	reader_hears(&r, "PROJECTS");
	reader_say(&r, "q"); /* a key's name */
	reader_say(&r, "g p");
	reader_hears(&r, "PROJECTS");
	reader_say(&r, "Esc");
	reader_say(&r, "projects"); /* the hints' word */
	reader_hears(&r, "PROJECTS");
	reader_say(&r, "F8");
	reader_hears(&r, "TODAY");
	reader_say(&r, "list beat 35X");
	reader_hears(&r, "BEATS  (1). filter: 35X");
	reader_say(&r, "go-");
	reader_hears_only(&r, "'go-' may be go-today, go-projects, go-beats, "
			      "go-sync, go-held, go-lists: write more "
			      "letters\n");
	reader_say(&r, "go-projekts");
	reader_hears_only(&r, "'go-projekts' is no word here; did you mean "
			      "go-projects? ? lists those there are\n");
	reader_say(&r, "mark-done");
	reader_hears_only(&r, "mark-done: records of this kind are not done "
			      "on a day\n");
}

static void
test_a_number_and_a_word(void **state)
{
	char line[40];

	(void)state;
	reader_open(&r, &f, NULL, NULL, NULL);
	snprintf(line, sizeof(line), "%s mark-done",
		reader_number(&r, "Call the manager"));
	reader_say(&r, line);
	reader_hears(&r, "Call the manager back done today? y or n");
	reader_say(&r, "maybe");
	reader_hears(&r, "Only y or n answers this\n");
	reader_hears(&r, "done today? y or n");
	reader_say(&r, "yes");
	reader_hears(&r, "Done, not sent yet");
	reader_hears(&r, "DUE: nothing promised\n");
	assert_string_equal(
		fixture_text(&f, "action_item", item, "status"), "done");
}

static void
test_columns_are_named(void **state)
{
	(void)state;
	reader_open(&r, &f, "project", NULL, NULL);
	reader_hears(&r,
		"\n1. 1b-1, Harbor Garage, Stage Scanning, Status "
		"Open, Owner Ibarra, Touched 14 Jul 03:31, Beats 35X ");
	reader_misses(&r, "ID");
}

static void
test_long_lists_come_in_pages(void **state)
{
	(void)state;
	more_projects(60);
	reader_open(&r, &f, "project", NULL, NULL);
	reader_hears(&r, "\n20. ");
	reader_misses(&r, "\n21. ");
	reader_hears(&r, "There is more: more\n");
	reader_say(&r, "45");
	reader_hears_only(&r, "There is no 45 here; more shows others\n");
	reader_say(&r, "more");
	reader_hears(&r, "21. ");
	reader_misses(&r, "\n20. ");
	reader_say(&r, ""); /* the same */
	reader_hears(&r, "41. ");
	reader_say(&r, "more");
	reader_misses(&r, "There is more");
	reader_say(&r, "more");
	reader_hears_only(&r, "That is all\n");
	reader_say(&r, "45");
	reader_hears(&r, "Project 15. Project");
}

static void
test_the_end_of_a_long_list(void **state)
{
	char number[16];

	(void)state;
	more_projects(99);
	reader_open(&r, &f, "project", NULL, NULL);
	reader_say(&r, "last");
	reader_hears(&r, "PROJECTS  (100)\n1. ");
	reader_hears(&r, "\n20. ");
	reader_misses(&r, "21. ");
	snprintf(number, sizeof(number), "%s",
		reader_number(&r, "Harbor Garage"));
	reader_say(&r, "up");
	reader_hears(&r, "19. ");
	reader_misses(&r, "18. ");
	reader_say(&r, "more");
	reader_hears_only(&r, "That is all\n");
	reader_say(&r, number);
	reader_hears(&r, "Harbor Garage. Project");
	reader_say(&r, "back");
	reader_say(&r, "first");
	reader_hears(&r, "\n1. 1b-2t, Project 98");
	reader_say(&r, "order");
	reader_hears(&r, "by Title\n1. 1b-1, Harbor Garage");
}

static void
test_moves_read_on(void **state)
{
	(void)state;
	more_projects(30);
	reader_open(&r, &f, "project", NULL, NULL);
	for (int i = 0; i < 19; i++)
		reader_say(&r, "down");
	reader_hears(&r, "20. ");
	reader_say(&r, "down");
	reader_hears(&r, "21. ");
	reader_misses(&r, "22. ");
	reader_say(&r, "more");
	reader_hears(&r, "22. ");
	reader_hears(&r, "31. ");
}

static void
test_a_filter(void **state)
{
	(void)state;
	more_projects(5);
	reader_open(&r, &f, "project", NULL, NULL);
	reader_say(&r, "/harbor");
	reader_hears(&r, "PROJECTS  (1 of 6). filter: harbor\n1. 1b-1,");
	reader_say(&r, "filter");
	reader_hears_only(&r, "filter (now: harbor ):");
	reader_say(&r, "stage:");
	reader_hears(&r, "PROJECTS  (0 of 6). filter: stage:");
	reader_say(&r, "/");
	reader_say(&r, "-");
	reader_hears(&r, "PROJECTS  (6)");
	reader_say(&r, "filter no_such:x");
	reader_hears(&r, "no_such");
	reader_say(&r, "filter");
	reader_say(&r, "back");
	reader_misses(&r, "PROJECTS");
}

static void
test_a_question_for_a_line(void **state)
{
	(void)state;
	reader_open(&r, &f, "project", garage, NULL);
	reader_say(&r, "void");
	reader_hears(&r, "Harbor Garage");
	reader_hears(&r, ":");
	reader_say(&r, "?");
	reader_hears(&r, "back gives the question up");
	reader_say(&r, "back");
	reader_misses(&r, "VOID");
	reader_say(&r, "void");
	reader_say(&r, "=back"); /* after = it is what it is */
	reader_hears(&r, "VOID: back (not sent)\nvoided by Ibarra, ");
}

static void
test_choosing_by_words(void **state)
{
	(void)state;
	reader_open(&r, &f, NULL, NULL, NULL);
	reader_say(&r, "lists");
	reader_hears(&r, "LISTS");
	reader_hears(&r, "1. Updates\n2. Contacts\n");
	reader_misses(&r, "/");
	reader_say(&r, "meet");
	reader_hears(&r, "MEETINGS  (0)");
	reader_say(&r, "back");
	reader_say(&r, "lists");
	reader_say(&r, "re");
	reader_say(&r, reader_number(&r, "Responses"));
	reader_hears(&r, "RESPONSES");
	reader_say(&r, "lists");
	reader_say(&r, "=back"); /* is looked for */
	reader_hears(&r, "REPORTS TO COUNCILS");
	reader_say(&r, "lists");
	reader_say(&r, "no such thing");
	reader_hears(&r, "Nothing matches");
	reader_say(&r, ":sync");
	reader_hears(&r, "SYNC");
	reader_say(&r, "back");
	reader_say(&r, "go-today"); /* hardly what is looked for */
	reader_hears(&r, "TODAY");
}

static void
test_search(void **state)
{
	(void)state;
	reader_open(&r, &f, NULL, NULL, NULL);
	reader_say(&r, "search manager");
	reader_hears(&r, "SEARCH. 1 found");
	reader_say(&r, "garage");
	reader_hears(&r, "\n1. 1b-1  Project  Harbor [Garage]\n");
	reader_say(&r, "1 note");
	reader_hears(&r, "NEW Update");
	reader_say(&r, "back");
	reader_say(&r, "1");
	reader_hears(&r, "Harbor Garage. Project");
}

static void
test_all_that_is_found(void **state)
{
	(void)state;
	more_projects(90);
	reader_open(&r, &f, NULL, NULL, NULL);
	reader_say(&r, "search project");
	reader_hears(&r, "SEARCH. 90 found");
	for (int i = 0; i < 4; i++) {
		reader_hears(&r, "There is more: more\n");
		reader_say(&r, "more");
	}
	reader_misses(&r, "There is more");
	reader_hears(&r, "\n90. ");
	reader_say(&r, "search-save");
	reader_say(&r, "all of them");
	reader_say(&r, "go-today");
	reader_say(&r, "saved all of them");
	reader_hears(&r, "90 found");
}

static void
test_an_older_value_is_put_back(void **state)
{
	char line[32];

	(void)state;
	fixture_save(&f, "project", garage, "goal", "Cut by half", NULL);
	fixture_save(&f, "project", garage, "goal", "Cut by a third", NULL);
	reader_open(&r, &f, "project", garage, NULL);
	reader_say(&r, "history");
	snprintf(line, sizeof(line), "%s put-back",
		reader_number(&r, "Cut by half"));
	reader_say(&r, line);
	reader_hears(&r, "Goal: Cut by half? y or n");
	reader_say(&r, "y");
	reader_hears(&r, "Put back, not sent yet");
	assert_string_equal(
		fixture_text(&f, "project", garage, "goal"), "Cut by half");
}

static void
test_a_conflict_is_settled(void **state)
{
	struct entry e = fixture_entry(&f, "48.1", "4480", "project/30-1",
		"title", "Thefts", "beat_ids", "35X", NULL);

	(void)state;
	fixture_take(&f, &e, "beat:35X");
	fixture_save(&f, "project", "30-1", "title", "Thefts at Elm", NULL);
	fixture_lose(&f, "48.2", "project/30-1", "title", "Parcels");
	reader_open(&r, &f, NULL, NULL, NULL);
	reader_hears(&r, "Thefts at Elm  Title (conflict)\n");
	reader_say(&r, "conflicts");
	reader_hears(&r, "CONFLICT 1 of 1. ");
	reader_hears(&r, "\n1. Title: 30-1 ");
	reader_hears(&r, "\nChen 14 Jul 03:31: Parcels  <- in force");
	reader_hears(&r, "\nyours 14 Jul 03:31: Thefts at Elm\n");
	reader_say(&r, "mine");
	reader_hears(&r, "Settled Title of 30-1: not sent yet");
	reader_hears(&r, "No open conflicts.\n");
	assert_string_equal(
		fixture_text(&f, "project", "30-1", "title"), "Thefts at Elm");
}

static void
test_a_held_edit_is_decided(void **state)
{
	struct entry e = fixture_entry(
		&f, "0.900", "", "member/4471", "access", "sergeant", NULL);

	(void)state;
	fixture_take(&f, &e, "dept");
	e = fixture_entry(&f, "48.1", "4480", "project/30-1", "title", "Thefts",
		"beat_ids", "35X", NULL);
	fixture_take(&f, &e, "beat:35X");
	for (int i = 0; i < 2; i++) {
		char edit[16];

		snprintf(edit, sizeof(edit), "48.%d", i + 2);
		e = fixture_entry(&f, edit, "4480", "project/30-1", "title",
			i ? "Thefts of cars" : "Thefts of parcels", NULL);
		e.verdict.held = mem_text("not on this beat then");
		fixture_take(&f, &e, NULL);
	}
	reader_open(&r, &f, NULL, NULL, NULL);
	reader_hears(&r, "HELD EDITS (2): g h shows them, for you to decide");
	reader_say(&r, "g h");
	reader_hears(&r, "Project: 30-1 Thefts\n");
	reader_hears(&r, "held: Thefts of parcels\n");
	reader_say(&r, "2 decline");
	reader_hears(&r, "Decline Thefts by Chen, for what reason:");
	reader_say(&r, "It is Chen's beat no more");
	reader_hears(&r, "Declined: not sent yet");
	reader_say(&r, "1 accept");
	reader_hears(&r, "Accept Thefts by Chen? y or n");
	reader_say(&r, "y");
	reader_hears(&r, "Accepted: not sent yet");
	assert_string_not_equal(
		fixture_text(&f, "project", "30-1", "title"), "Thefts");
}

/* Whatever the list of actions has for a screen can be written there, by its
 * name and by as many letters as tell it from others. */
static void
check_actions(const char *screen, const char *go)
{
	if (go)
		reader_say(&r, go);
	reader_hears(&r, screen);
	for (int i = 0; i < ACT_LEFT; i++) {
		enum action act = (enum action)i;

		if (!action_in(act, app_context(&r.p.app)))
			continue;
		if (plain_action(&r.p, action_name(act), false) != act)
			fail_msg("%s is not reached: %s", action_name(act),
				screen);
		reader_say(&r, "? all");
		reader_hears(&r, action_name(act));
	}
}

static void
test_every_action_is_reached(void **state)
{
	(void)state;
	reader_open(&r, &f, NULL, NULL, NULL);
	check_actions("TODAY", NULL);
	check_actions("SYNC", "go-sync");
	check_actions("HELD", "go-held");
	check_actions("CONFLICT", "conflicts");
	check_actions("PROJECTS", "go-projects");
	check_actions("Harbor Garage", "1");
	check_actions("HISTORY", "history");
}

static void
test_help(void **state)
{
	(void)state;
	reader_open(&r, &f, "project", garage, NULL);
	reader_say(&r, "?");
	reader_hears(
		&r, "stage-next: Move the record, or the page's, a stage on\n");
	reader_hears(&r, "A number opens its line");
	reader_say(&r, "help unvoid");
	reader_hears_only(&r, "unvoid: Bring a void record back. Off now: it "
			      "is not void: v on a list shows void ones\n");
	reader_say(&r, "? nothing-such");
	reader_hears(&r, "is no word here");
	reader_say(&r, "lock");
	reader_hears_only(&r, "lock: what was printed cannot be hidden: leave "
			      "Beatbook\n");
}

/* A key of one's own is a word at once, and what is wrong is told. */
static void
test_keys_of_ones_own(void **state)
{
	char path[128];
	FILE *file;

	(void)state;
	snprintf(path, sizeof(path), "%s/keymap.conf", f.dir);
	reader_open_with(
		&r, &f, &(struct screens_options){.keymap_file = path});
	reader_say(&r, "X");
	reader_hears(&r, "'X' is no word here");
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("bind all X go-sync\nbind nowhere x up\n", file);
	assert_int_equal(fclose(file), 0);
	f.now.boot_ms += 5000; /* in an editor */
	reader_say(&r, "X");
	reader_hears(&r, "SYNC");
	reader_say(&r, "?");
	reader_hears(&r, "keymap.conf:2: unknown context 'nowhere'");
}

static void
test_leaving(void **state)
{
	(void)state;
	reader_open(&r, &f, NULL, NULL, NULL);
	reader_say(&r, "quit");
	reader_hears_only(&r, "Leave Beatbook? y or n");
	reader_say(&r, "n");
	assert_false(r.p.app.leaving);
	reader_say(&r, "back");
	reader_hears(&r, "Nothing lies behind Today: quit leaves Beatbook\n");
	reader_say(&r, "quit");
	reader_say(&r, "go-projects");
	reader_hears(&r, "PROJECTS");
	reader_say(&r, "quit");
	reader_say(&r, "y");
	assert_true(r.p.app.leaving);
}

static void
test_what_others_wrote_is_no_command(void **state)
{
	(void)state;
	fixture_save(&f, "project", garage, "title", "And \xe2\x80\xae turned",
		NULL);
	reader_open(&r, &f, NULL, NULL, NULL);
	reader_misses(&r, "\xe2\x80\xae");
	reader_say(&r, "\x1b[2J\x07");
	reader_hears(&r, "is no word here");
	reader_say(&r, "\xff\xfe\xc3(");
	reader_hears(&r, "is no word here");
}

/* Lines of any kind, for a long time: nothing falls over. */
static void
test_any_lines(void **state)
{
	static const char *const words[] = {"1", "2", "3", "7", "new", "note",
		"edit", "back", "y", "n", "", "-", "+", ".", "..", "*", "?",
		"save", "again", "more", "previous", "harbor", "today", "1,2",
		"+1", "u", "lists", "go-today", "go-sync", "conflicts",
		"history", "search a", "void", "unvoid", "stage-next", ":3",
		":go-today", "filter", "order", "next-match", "2 mark-done",
		"resume", "draft-drop", "r", "last", "first", "page-down",
		"\xf0\x9f\x98\x80", "\xff", "35X", "=save", "status", "down",
		"export x", "list project", "open project/1b-1", "new concern"};
	unsigned long seed = 7;

	(void)state;
	reader_open(&r, &f, NULL, NULL, NULL);
	for (int i = 0; i < 6000; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		reader_say(&r, words[(seed >> 33) % COUNT(words)]);
		if (r.p.app.leaving) {
			reader_close(&r);
			reader_open(&r, &f, NULL, NULL, NULL);
		}
	}
}

/* Words of lines, not keys of screens. */
static void
test_undo_names_the_word_that_resumes(void **state)
{
	(void)state;
	reader_open(&r, &f, NULL, NULL, NULL);
	reader_say(&r, "undo");
	reader_say(&r, "y");
	reader_hears(&r, "what it said is a draft: resume on Today resumes it");
	reader_misses(&r, "draft: r on Today");
}

int
main(void)
{
#define STORY(name) \
	cmocka_unit_test_setup_teardown(name, begin, reader_tear_down)
	const struct CMUnitTest tests[] = {
		STORY(test_nothing_is_cut),
		STORY(test_no_column_of_fixed_width_is_cut),
		STORY(test_the_first_screen),
		STORY(test_undo_names_the_word_that_resumes),
		STORY(test_a_code_that_nobody_has),
		STORY(test_a_number_opens),
		STORY(test_only_what_changed_is_read_again),
		STORY(test_what_is_said_is_said_once),
		STORY(test_numbers_stay_with_their_lines),
		STORY(test_a_line_that_changed_is_asked_about),
		STORY(test_the_chosen_line_goes),
		STORY(test_words),
		STORY(test_a_number_and_a_word),
		STORY(test_columns_are_named),
		STORY(test_long_lists_come_in_pages),
		STORY(test_the_end_of_a_long_list),
		STORY(test_moves_read_on),
		STORY(test_a_filter),
		STORY(test_a_question_for_a_line),
		STORY(test_choosing_by_words),
		STORY(test_search),
		STORY(test_all_that_is_found),
		STORY(test_an_older_value_is_put_back),
		STORY(test_a_conflict_is_settled),
		STORY(test_a_held_edit_is_decided),
		STORY(test_every_action_is_reached),
		STORY(test_help),
		STORY(test_keys_of_ones_own),
		STORY(test_leaving),
		STORY(test_what_others_wrote_is_no_command),
		STORY(test_any_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
