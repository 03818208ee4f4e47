/* A record's screen and its list: links, what is void, what the help tells. */
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
static char garage[80], motel[80];

static int
begin(void **state)
{
	stage_make(&st, &f, state);
	snprintf(garage, sizeof(garage), "%s",
		fixture_save(&f, "project", "", "title", "Harbor Garage",
			"beat_ids", "35X,12Y", NULL));
	snprintf(motel, sizeof(motel), "%s",
		fixture_save(&f, "project", "", "title", "Sunset Motel",
			"beat_ids", "35X", NULL));
	stage_open(&st, &f, NULL, NULL, NULL);
	return 0;
}

static void
open_record(const char *name)
{
	stage_press(&st, ":");
	stage_type(&st, "open ");
	stage_type(&st, name);
	stage_press(&st, "<Enter>");
}

/* Go down to the row that begins with this label. */
static void
choose(const char *label)
{
	char row[80];

	snprintf(row, sizeof(row), "> * %s", label);
	for (int i = 0; i < 30 && !strstr(stage_all(&st), row); i++)
		stage_press(&st, "<Down>");
	stage_shows(&st, row);
}

static void
test_a_field_that_names_a_record_leads_there(void **state)
{
	char source[96];

	(void)state;
	snprintf(source, sizeof(source), "project/%s", garage);
	open_record(fixture_save(&f, "action_item", "", "text", "Call back",
		"due_on", "2026-07-20", "source_id", source, NULL));
	choose("Belongs to");
	stage_shows(&st, " Enter open  e edit");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "1b-1  Harbor Garage");
	stage_press(&st, "<Esc>");
	stage_shows(&st, "> * Belongs to");
	stage_press(&st, "e");
	stage_shows(&st, "F2 save");
	stage_press(&st, "<Esc>");
	choose("Owner");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "4471  Ibarra");
	stage_press(&st, "<Esc>");
	choose("Due");
	stage_shows(&st, " Enter edit  e edit");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "F2 save");
}

static void
test_one_of_several_is_chosen_to_go_there(void **state)
{
	(void)state;
	open_record(garage);
	choose("Beats");
	stage_shows(&st, " Enter open  e edit");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "GO TO");
	stage_type(&st, "12y");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "BEAT 12Y");
	stage_press(&st, "<Esc>");
	stage_shows(&st, "> * Beats");
}

static void
test_a_link_to_what_is_not_held_says_so(void **state)
{
	struct entry e;

	(void)state;
	e = fixture_entry(&f, "48.1", "4480", "action_item/30-1", "text",
		"Call back", "owner_id", "4471", "due_on", "2026-07-20",
		"source_id", "project/30-9", NULL);
	fixture_take(&f, &e, "beat:35X");
	open_record("30-1");
	stage_press(&st, "<End> <Home>");
	for (int i = 0; i < 9 && !strstr(stage_all(&st), ">   Belongs"); i++)
		stage_press(&st, "<Down>");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "project/30-9 is not held here: it is another beat's");
	stage_shows(&st, ">   Belongs");
}

static void
void_garage(void)
{
	open_record(garage);
	stage_press(&st, "V");
	stage_type(&st, "entered twice");
	stage_press(&st, "<Enter>");
}

static void
test_a_void_record_says_by_whom_when_and_why(void **state)
{
	(void)state;
	void_garage();
	stage_shows(&st, "Void, not sent yet: u undoes it; v on its list shows "
			 "it again");
	stage_row_shows(&st, 2, "VOID: entered twice");
	stage_row_shows(&st, 3, "voided by Ibarra, 14 Jul 03:31");
}

static void
test_a_list_shows_void_records_too(void **state)
{
	(void)state;
	void_garage();
	stage_press(&st, "g p");
	stage_lacks(&st, "Harbor");
	stage_press(&st, "v");
	stage_shows(&st, "filter: status:open void:any");
	stage_shows(&st, "PROJECTS  (2, void too)");
	stage_size(&st, 24, 132);
	stage_shows(&st, "v no void");
	stage_size(&st, 24, 80);
	stage_shows(&st, "1 void: U brings the chosen one back, v leaves void "
			 "ones out");
	stage_shows(&st, "> - 1b-1     Harbor Garage, void         Scanning");
	stage_press(&st, "<Esc> g p");
	stage_shows(&st, "Harbor Garage");
	stage_press(&st, "v");
	stage_lacks(&st, "Harbor");
	stage_shows(&st, "filter: status:open\n");
	stage_shows(&st, "Void records are left out again");
	stage_press(&st, ":");
	stage_type(&st, "voided");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "Harbor Garage");
}

static void
test_a_void_record_is_brought_back_from_its_list(void **state)
{
	(void)state;
	void_garage();
	stage_press(&st, "g p U");
	stage_shows(&st, "unvoid: it is not void: v on a list shows void ones");
	stage_press(&st, "v");
	stage_shows(&st, "> - 1b-1");
	stage_shows(&st, "U bring back");
	stage_press(&st, "U");
	stage_shows(&st, "Bring back 1b-1 Harbor Garage? y or n");
	stage_press(&st, "y");
	stage_shows(&st, "Brought back, not sent yet: u undoes it");
	stage_shows(&st, "> * 1b-1");
}

static void
test_what_is_left_of_void_ones_is_said(void **state)
{
	char step[80];

	(void)state;
	snprintf(step, sizeof(step), "%s",
		fixture_save(&f, "project_step", "", "project_id", garage,
			"title", "Signs", "stage", "response", NULL));
	open_record(step);
	stage_press(&st, "V");
	stage_type(&st, "not needed");
	stage_press(&st, "<Enter> <Esc>");
	open_record(garage);
	stage_shows(&st, "--- Steps (0, 1 void) ---");
	stage_shows(&st, "--- Responses (0) ---");
	stage_press(&st, "<Tab> <Tab> <Enter>");
	stage_shows(&st, "STEPS  (0)");
	stage_shows(&st, "but 1 void: v shows it");
	stage_press(&st, "v");
	stage_shows(&st, "Signs");
}

static void
test_a_list_of_void_ones_says_which_key_shows_them(void **state)
{
	(void)state;
	fixture_save(&f, "project", motel, "status", "closed", NULL);
	void_garage();
	stage_press(&st, "g p");
	stage_shows(&st, "PROJECTS  (0)");
	stage_shows(&st, "Nothing matches but 1 void: v shows it");
	stage_press(&st, "v");
	stage_shows(&st, "Harbor Garage");
	stage_shows(&st, "PROJECTS  (1, void too)");
	stage_press(&st, "v :");
	stage_type(&st, "list council");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "None yet: n makes the first");
}

static void
test_a_list_without_void_records_says_so(void **state)
{
	(void)state;
	stage_press(&st, "g p v");
	stage_shows(&st, "No record of this list is void");
	stage_shows(&st, "filter: status:open\n");
}

static void
test_history_is_among_the_hints(void **state)
{
	(void)state;
	open_record(garage);
	stage_shows(&st, "h history");
	stage_shows(&st, "F1 help");
}

static void
test_a_code_is_typed_in_any_case(void **state)
{
	static const char *const typed[] = {
		"go-beats 12y", "open beat/12y", "open 12y"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		stage_press(&st, "<F8> :");
		stage_type(&st, typed[i]);
		stage_press(&st, "<Enter>");
		stage_shows(&st, "BEAT 12Y");
	}
	stage_press(&st, "g p /");
	stage_type(&st, "beat:12y");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "PROJECTS  (1 of 2)");
	stage_shows(&st, "Harbor Garage");
}

static void
test_a_choice_as_a_title_says_whose(void **state)
{
	char absence[80];

	(void)state;
	snprintf(absence, sizeof(absence), "%s",
		fixture_save(&f, "absence", "", "kind", "vacation", "starts_on",
			"2026-07-20", "ends_on", "2026-07-24", NULL));
	open_record(fixture_save(&f, "absence_note", "", "absence_id", absence,
		"note", "Chen has the gate code", NULL));
	stage_shows(&st, "Absence            Ibarra: Vacation");
	choose("Absence");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "1b-3  Ibarra: Vacation");
	stage_press(&st, ":");
	stage_type(&st, "list absence");
	stage_press(&st, "<Enter>");
	stage_size(&st, 10, 40);
	stage_shows(&st, "1b-3     Ibarra         Vacation");
}

static void
test_a_step_is_of_one_stage(void **state)
{
	(void)state;
	open_record(fixture_save(&f, "project_step", "", "project_id", garage,
		"title", "Signs", "stage", "response", NULL));
	stage_shows(&st, "Stage              Response");
	stage_lacks(&st, "[>]");
	stage_lacks(&st, "S stage");
	stage_lacks(&st, "F4 note");
	stage_press(&st, "S");
	stage_shows(&st, "stage-next: records of this kind have no stages");
	stage_press(&st, "<F4>");
	stage_shows(&st, "note: records of this kind have no notes");
	stage_press(&st, "e");
	stage_size(&st, 10, 40);
	stage_press(&st, "<PgDn>");
	stage_shows(&st, " Assigned to ");
}

static void
test_labels_are_whole(void **state)
{
	struct entry e = fixture_entry(&f, "48.1", "900", "member/4480",
		"le_start_on", "2012-03-01", NULL);
	struct entry access = fixture_entry(
		&f, "0.9", "", "member/4471", "access", "admin", NULL);

	(void)state;
	fixture_take(&f, &e, NULL);
	fixture_take(&f, &access, NULL);
	stage_press(&st, "<F8> :");
	stage_type(&st, "open member/4480");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "In law enforcement since 2012-03-01");
	stage_press(&st, "e");
	stage_shows(&st, "F2 save");
	stage_shows(&st, "In law enforcement since 2012-03-01");
}

static void
test_a_list_has_room_for_what_it_is_of(void **state)
{
	(void)state;
	fixture_save(&f, "project_update", "", "project_id", garage, "text",
		"The work order for bay 4 was filed twice", "delay_reason",
		"vacation", NULL);
	fixture_save(&f, "report_back", "", "project_id", garage, "method",
		"oral", "text", "Told of the dark lights", NULL);
	stage_press(&st, ":");
	stage_type(&st, "list project_update");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "The work order for bay 4 was filed");
	stage_press(&st, ":");
	stage_type(&st, "list report_back");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "Told of the dark lights");
}

/* Where a row of the help names this action. */
static const char *
place_of(const char *text, const char *action)
{
	char name[80];
	const char *at;

	snprintf(name, sizeof(name), " %-15s", action);
	at = strstr(text, name);
	assert_non_null(at);
	return at;
}

static void
test_help_begins_with_what_one_does_and_ends_with_moves(void **state)
{
	static const char *const first[] = {"g t", "g p", "g p <Enter>"};
	const char *text;

	(void)state;
	stage_size(&st, 100, 80);
	for (size_t i = 0; i < 3; i++) {
		for (int palette = 0; palette < 2; palette++) {
			stage_press(&st, "<F8>");
			stage_press(&st, first[i]);
			stage_press(&st, palette ? "<F9>" : "<F1>");
			assert_non_null(strstr(
				stage_row(&st, 3), ">   <Enter>        open"));
			text = stage_all(&st);
			assert_true(place_of(text, "new") <
				    place_of(text, "go-today"));
			assert_true(place_of(text, "go-today") <
				    place_of(text, "up"));
			assert_true(
				place_of(text, "quit") < place_of(text, "up"));
			stage_press(&st, "<Esc>");
		}
	}
}

/* A project with a promise and an update, on its page. */
static void
open_with_rows(void)
{
	char source[96];

	snprintf(source, sizeof(source), "project/%s", garage);
	fixture_save(&f, "action_item", "", "text", "Call the owner", "due_on",
		"2026-07-20", "source_id", source, NULL);
	fixture_save(&f, "project_update", "", "project_id", garage, "text",
		"Walked the lot", NULL);
	open_record(garage);
}

/* Go down to the row that holds this. */
static void
choose_row(const char *text)
{
	stage_press(&st, "<Home>");
	for (int i = 0; i < 40; i++) {
		int row, col;

		stage_cursor(&row, &col);
		if (strstr(stage_row(&st, row + 1), text))
			return;
		stage_press(&st, "<Down>");
	}
	fail_msg("no row with '%s'", text);
}

static void
test_a_key_is_about_the_chosen_row(void **state)
{
	(void)state;
	open_with_rows();
	stage_press(&st, "D");
	stage_shows(&st, "mark-done: records of this kind are not done");
	choose_row("Call the owner");
	stage_shows(&st, " Enter open  e edit  D done  n new  F4 note 1b-1");
	stage_press(&st, "h");
	stage_shows(&st, "HISTORY");
	stage_shows(&st, "Call the owner");
	stage_press(&st, "<Esc> D");
	stage_shows(&st, "Call the owner done today? y or n");
	stage_press(&st, "y");
	stage_shows(&st, "Done, not sent yet: u undoes it");
	stage_shows(&st, "1b-1  Harbor Garage");
	choose_row("Walked the lot");
	stage_press(&st, "h");
	stage_shows(&st, "Walked the lot");
	stage_lacks(&st, "Harbor Garage, ");
}

static void
test_what_a_row_is_not_for_is_about_the_page(void **state)
{
	(void)state;
	open_with_rows();
	stage_shows(&st, "F4 note  S stage  h history");
	choose_row("Walked the lot");
	stage_shows(&st, "F4 note 1b-1  S stage 1b-1");
	stage_press(&st, "S");
	stage_shows(&st, "Move 1b-1 Harbor Garage to Analysis? y or n");
	stage_press(&st, "y");
	stage_shows(&st, "[>] Analysis");
	choose_row("Walked the lot");
	stage_press(&st, "<F4>");
	stage_shows(&st, "Harbor Garage");
	stage_type(&st, "Called back");
	stage_press(&st, "<F2>");
	stage_shows(&st, "Timeline (4)");
}

static void
test_a_stage_is_that_of_the_chosen_row(void **state)
{
	(void)state;
	open_record("35x");
	choose_row("Harbor Garage");
	stage_shows(&st, "S stage  ");
	stage_press(&st, "S");
	stage_shows(&st, "Move 1b-1 Harbor Garage to Analysis? y or n");
	stage_press(&st, "y");
	stage_shows(&st, "BEAT 35X");
	assert_string_equal(
		fixture_text(&f, "project", garage, "stage"), "analysis");
}

static void
save_at_410(void)
{
	fixture_save(
		&f, "project", motel, "title", "Motel, 410 Front St", NULL);
	fixture_save(&f, "contact", "", "name", "Dana Clerk", "address",
		"410 FRONT ST, room 2", NULL);
	fixture_save(&f, "contact", "", "name", "Lee", "address",
		"1410 Front St", NULL);
	fixture_save(&f, "concern", "", "text", "Bottles thrown", "address",
		"410 front st", "beat_id", "35X", "source", "resident", NULL);
	fixture_save(&f, "project_update", "", "project_id", garage, "text",
		"The clerk of 410 Front St called", NULL);
}

static void
test_a_place_shows_what_is_known_there(void **state)
{
	char place[80];

	(void)state;
	save_at_410();
	snprintf(place, sizeof(place), "%s",
		fixture_save(&f, "place", "", "kind", "top_calls_location",
			"address", "Sunset Motel, 410 Front St, Oakland",
			"beat_id", "35X", NULL));
	open_record(place);
	stage_size(&st, 40, 80);
	stage_shows(&st, "--- Action items (0) ---");
	stage_shows(&st, "--- Projects at this address (1) ---");
	stage_shows(&st, "--- Contacts at this address (1) ---");
	stage_shows(&st, "Dana Clerk");
	stage_shows(&st, "--- Concerns at this address (1) ---");
	stage_shows(&st, "--- Updates at this address (1) ---");
	stage_lacks(&st, "Lee");
	stage_lacks(&st, "Places at");
	choose_row("Contacts at this address");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "CONTACTS  (1)");
	stage_shows(&st, "Dana Clerk");
	stage_press(&st, "<Esc> n");
	stage_shows(&st, "NEW Contact");
	stage_shows(&st, "410 Front St");
	stage_shows(&st, "carried over");
	stage_press(&st, "<Esc>");
	choose_row("Dana Clerk");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "Address            410 FRONT ST, room 2");
}

static void
test_what_is_nowhere_else_is_begun_at_a_place(void **state)
{
	(void)state;
	open_record(fixture_save(&f, "place", "", "kind", "top_calls_location",
		"address", "9 \"Old\" Mill Rd", "beat_id", "35X", NULL));
	stage_shows(&st, " Nothing else is at this address");
	choose_row("Kind");
	stage_press(&st, "n");
	stage_shows(&st, "NEW HERE");
	stage_type(&st, "conc");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "NEW Concern");
	stage_press(&st, "<PgDn>");
	stage_shows(&st, "9 \"Old\" Mill Rd");
}

int
main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_field_that_names_a_record_leads_there),
		TEST(test_one_of_several_is_chosen_to_go_there),
		TEST(test_a_link_to_what_is_not_held_says_so),
		TEST(test_a_void_record_says_by_whom_when_and_why),
		TEST(test_a_list_shows_void_records_too),
		TEST(test_a_void_record_is_brought_back_from_its_list),
		TEST(test_a_list_without_void_records_says_so),
		TEST(test_help_begins_with_what_one_does_and_ends_with_moves),
		TEST(test_a_code_is_typed_in_any_case),
		TEST(test_a_choice_as_a_title_says_whose),
		TEST(test_a_step_is_of_one_stage),
		TEST(test_labels_are_whole),
		TEST(test_a_list_has_room_for_what_it_is_of),
		TEST(test_history_is_among_the_hints),
		TEST(test_a_place_shows_what_is_known_there),
		TEST(test_what_is_nowhere_else_is_begun_at_a_place),
		TEST(test_a_key_is_about_the_chosen_row),
		TEST(test_what_a_row_is_not_for_is_about_the_page),
		TEST(test_a_stage_is_that_of_the_chosen_row),
		TEST(test_what_is_left_of_void_ones_is_said),
		TEST(test_a_list_of_void_ones_says_which_key_shows_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
