/* What somebody who had never seen the screens stumbled over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/conflicts.h"
#include "tests/support/good.h"
#include "tests/support/stage.h"

static struct fixture f;
static struct stage st;
static const char *project, *response, *item;

static int
begin(void **state)
{
	stage_make(&st, &f, state);
	project = fixture_save(&f, "project", "", "title", "Harbor Garage",
		"beat_ids", "35X", NULL);
	response = fixture_save(&f, "response_action", "", "project_id",
		project, "text", "Light in bay 4", NULL);
	item = fixture_save(&f, "action_item", "", "text",
		"Call the manager back", "due_on", "2026-07-15", NULL);
	return 0;
}

/* The form of the response, with the cursor on a field. */
static void
open_field(const char *label)
{
	char focus[60];

	stage_open(&st, &f, "response_action", response, NULL);
	stage_press(&st, "e <Home>");
	snprintf(focus, sizeof(focus), ">  %s", label);
	for (int i = 0; i < 40 && !strstr(stage_all(&st), focus); i++)
		stage_press(&st, "<Tab>");
	stage_shows(&st, focus);
}

static void
test_a_picker_begins_on_the_value(void **state)
{
	(void)state;
	fixture_save(&f, "response_action", response, "assignee_id", "4480",
		"kind", "foot_patrol", NULL);
	open_field("Assigned to");
	stage_press(&st, "<Enter>");
	stage_shows(&st, ">   Chen");
	stage_press(&st, "<Enter>");
	stage_shows(&st, ">  Assigned to");
	stage_press(&st, "<S-Tab> <S-Tab> <S-Tab> <S-Tab> <S-Tab>");
	stage_close(&st);
	open_field("Status");
	stage_press(&st, "<Enter>");
	stage_shows(&st, ">   Planned");
	stage_lacks(&st, "- none -");
	stage_press(&st, "<Enter> <F2>");
	assert_string_equal(
		fixture_text(&f, "response_action", response, "status"),
		"planned");
	assert_string_equal(
		fixture_text(&f, "response_action", response, "assignee_id"),
		"4480");
	stage_close(&st);
}

static void
test_a_picker_finds_beginnings_first(void **state)
{
	(void)state;
	open_field("Status");
	stage_press(&st, "<Enter>");
	stage_type(&st, "d");
	stage_shows(&st, ">   Done");
	stage_press(&st, "<C-u>");
	stage_type(&st, "pro");
	stage_shows(&st, ">   Proposed");
	stage_press(&st, "<C-u>");
	stage_type(&st, "progr");
	stage_shows(&st, ">   In progress");
	stage_press(&st, "<Enter>");
	stage_shows(&st, ">  Status"); /* the last field: it stays there */
	stage_close(&st);
}

static void
test_today_is_the_root(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, "<F4>");
	stage_type(&st, "half a note");
	stage_press(&st, "<F8>");
	stage_shows(&st, "Leave without saving?");
	stage_press(&st, "n");
	stage_shows(&st, "| half a note");
	stage_press(&st, "<F8> y");
	stage_shows(&st, "TODAY");
	stage_shows(&st, "new Update \"half a note\" on Harbor Garage");
	stage_shows(&st, "draft, 14 Jul");
	stage_press(&st, "q");
	stage_shows(&st, "Leave Beatbook? y or n");
	stage_press(&st, "n g p g b g t <Esc>");
	stage_shows(&st, "Nothing lies behind Today: q leaves Beatbook");
	stage_press(&st, "<Esc> <C-c> Q");
	stage_shows(&st, "Leave Beatbook? y or n");
	stage_press(&st, "<Esc> :");
	stage_type(&st, "draft-drop");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "Throw away the draft: new Update \"half a note\" on "
			 "Harbor Garage?");
	stage_press(&st, "n r <C-x> q");
	stage_shows(&st, "Leave Beatbook? y or n");
	stage_press(&st, "n <F8> y :");
	stage_type(&st, "draft-drop");
	stage_press(&st, "<Enter> y");
	stage_shows(&st, "The draft is thrown away");
	stage_lacks(&st, "DRAFTS");
	stage_press(&st, "q y");
	assert_true(st.s.app.leaving);
	stage_close(&st);
}

/* Who types on did not mean to leave: nothing typed is lost. */
static void
test_to_go_on_is_not_to_leave(void **state)
{
	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "q g p");
	stage_row_shows(&st, 1, "PROJECTS");
	stage_press(&st, "<Esc> q <C-x> 3");
	stage_row_shows(&st, 1, "SEARCH");
	stage_press(&st, "<Esc> q q");
	stage_shows(&st, "Leave Beatbook? y or n");
	stage_press(&st, "z");
	stage_shows(&st, "z does nothing here");
	stage_lacks(&st, "Leave Beatbook?");
	stage_press(&st, "q <F2>");
	assert_true(st.s.app.leaving);
	stage_close(&st);
}

static void
test_a_void_wants_a_reason(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_size(&st, 24, 100);
	stage_shows(&st, "V void");
	stage_size(&st, 24, 80);
	stage_press(&st, "V <Enter>");
	stage_shows(&st, "for what reason:");
	stage_shows(&st, "a void needs a reason");
	stage_type(&st, " ");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "for what reason:");
	stage_press(&st, "<Esc>");
	stage_lacks(&st, "for what reason:");
	stage_press(&st, "V");
	stage_type(&st, "made twice");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "VOID: made twice");
	stage_close(&st);
}

static void
test_only_y_and_n_answer(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, "S x <Enter>");
	stage_shows(&st, "to Analysis? y or n");
	stage_shows(&st, "Only y, <F2>, n or Esc answer this");
	stage_press(&st, "y");
	stage_shows(&st, "[>] Analysis");
	stage_close(&st);
}

static void
test_a_form_fills_a_screen_that_grew(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, "e <PgDn> <PgDn> <PgDn> <PgDn> <S-Tab>");
	stage_size(&st, 10, 40);
	stage_shows(&st, "\n>  ");
	stage_size(&st, 40, 120);
	stage_shows(&st, "\n>  ");
	stage_shows(&st, "   Title *");
	stage_size(&st, 24, 80);
	stage_shows(&st, "\n>  ");
	assert_true(strlen(stage_row(&st, 2)) > 5);
	assert_true(strlen(stage_row(&st, 21)) > 2);
	stage_close(&st);
}

static void
test_void_records_say_so(void **state)
{
	(void)state;
	fixture_save(&f, "response_action", response, "status", "open", NULL);
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, "V");
	stage_type(&st, "twice");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "U bring back");
	stage_lacks(&st, "S stage");
	stage_lacks(&st, "V void");
	stage_lacks(&st, "e edit");
	stage_press(&st, "e");
	stage_shows(&st, "edit: it is void: U brings it back");
	stage_press(&st, "S");
	stage_shows(&st, "stage-next: it is void");
	stage_press(&st, ":");
	stage_type(&st, "list project void:any");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "> - ");
	stage_shows(&st, "void");
	stage_row_shows(&st, 3, " void ");
	stage_press(&st, "e");
	stage_shows(&st, "edit: it is void");
	stage_close(&st);
}

static void
test_today_names_what_changed(void **state)
{
	struct entry e;

	(void)state;
	e = fixture_entry(&f, "48.1", "4480", "meeting/30-1", "title",
		"Council night", "beat_ids", "35X", NULL);
	fixture_take(&f, &e, "beat:35X");
	f.now.wall_ms += 60000;
	e = fixture_entry(&f, "48.2", "4480", "attendance/30-2", "meeting_id",
		"30-1", "member_id", "900", NULL);
	fixture_take(&f, &e, "beat:35X");
	e = fixture_entry(&f, "48.3", "4480", "project/30-3", "title",
		"Thefts of parcels all along the northern half of Elm Street",
		"beat_ids", "35X", NULL);
	fixture_take(&f, &e, "beat:35X");
	f.now.wall_ms += 60000;
	e = fixture_entry(
		&f, "48.4", "4480", "project/30-3", "stage", "analysis", NULL);
	fixture_take(&f, &e, NULL);
	e = fixture_entry(
		&f, "48.5", "4480", "meeting/30-1", FIELD_VOID, "no", NULL);
	fixture_take(&f, &e, NULL);
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "<End>");
	stage_shows(&st, "Chen: voided");
	stage_shows(&st, "Attendance: Mota");
	stage_shows(&st, "ha~  Chen: new");
	stage_lacks(&st, "Chen: Title");
	stage_close(&st);
	e = fixture_entry(
		&f, "48.6", "4480", "meeting/30-1", FIELD_VOID, "", NULL);
	fixture_take(&f, &e, NULL);
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "<End>");
	stage_shows(&st, "Chen: brought back");
	stage_close(&st);
}

static void
test_search_says_things_once(void **state)
{
	const char *row;

	(void)state;
	fixture_save(&f, "response_action", response, "text",
		"Ask the motel about the night clerk", NULL);
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "<F3>");
	stage_shows(&st, "C-u clear");
	stage_type(&st, "harbor");
	row = strstr(stage_all(&st), "Harbor]");
	assert_non_null(row);
	assert_null(strstr(row + 1, "Harbor"));
	stage_press(&st, "<C-u>");
	stage_type(&st, "clerk");
	stage_shows(&st, "Response");
	stage_shows(&st, "Ask the motel about the night [clerk]");
	stage_size(&st, 10, 40);
	stage_shows(&st, "...[clerk]");
	stage_shows(&st, "Respons"); /* clipped only there */
	stage_shows(&st, "F1 help");
	stage_close(&st);
}

static void
test_hints_and_help_tell_what_works(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, "<F4>");
	stage_lacks(&st, "Enter open");
	stage_shows(&st, "F1 help");
	stage_press(&st, "<S-Tab> <S-Tab>");
	stage_lacks(&st, "Enter open");
	stage_close(&st);
	stage_open(&st, &f, "project", project, NULL);
	for (int cols = 40; cols < 100; cols += 3) {
		stage_size(&st, 24, cols);
		stage_shows(&st, "F1 help");
	}
	stage_size(&st, 24, 80);
	stage_press(&st, "h ?");
	for (size_t i = 0; i < 5; i++) {
		static const char *const words[] = {
			"filter", "order", "new", "edit", "note"};

		stage_type(&st, words[i]);
		stage_shows(&st, "off: ");
		stage_press(&st, "<C-u>");
	}
	stage_type(&st, "open");
	stage_shows(&st, "off: an entry is all here");
	stage_type(&st, " qqq");
	stage_close(&st);
}

static void
test_messages_can_be_read(void **state)
{
	char above[200];

	(void)state;
	stage_open(&st, &f, "project", NULL, NULL);
	stage_press(&st, "/");
	stage_type(&st, "stage:nonsense");
	stage_press(&st, "<Enter>");
	snprintf(above, sizeof(above), "%s", stage_row(&st, 21));
	assert_non_null(strstr(above, "stage:nonsense is not understood"));
	assert_true(strlen(stage_row(&st, 22)) > 3);
	stage_lacks(&st, "~");
	stage_size(&st, 8, 30);
	stage_shows(&st, "Needs 40x10: draft kept");
	stage_size(&st, 24, 80);
	stage_press(&st, "?");
	stage_type(&st, "zzzz");
	stage_shows(&st, "Nothing matches");
	stage_close(&st);
}

static void
test_keymap_complaints_are_short(void **state)
{
	struct screens_options o = {0};
	char path[120];
	FILE *file, *in = fopen("/dev/null", "r"), *out = tmpfile();

	(void)state;
	snprintf(path, sizeof(path), "%s/keymap.conf", f.dir);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("bind all <F6> help\nbind all g t\nbind all x\nbind a\n", file);
	fclose(file);
	o.keymap_file = path;
	memset(&st, 0, sizeof(st));
	st.f = &f;
	st.out = out;
	assert_int_equal(
		screens_begin(&st.s, f.r, &o, in, out, "vt220", &why), ST_OK);
	stage_paint(&st);
	stage_shows(&st, " keymap.conf:2: no action after the key 'g t'");
	stage_shows(&st, "in all: F1 lists them)");
	stage_close(&st);
}

static void
test_a_dumb_terminal_is_refused(void **state)
{
	const struct screens_options o = {.keymap_file = "/dev/null"};
	FILE *in = fopen("/dev/null", "r"), *out = tmpfile();
	struct screens s;

	(void)state;
	assert_int_equal(
		screens_begin(&s, f.r, &o, in, out, "dumb", &why), ST_USAGE);
	assert_non_null(strstr(why.text, "'dumb' cannot show screens"));
	fclose(in);
	fclose(out);
}

static void
test_help_of_fields_is_for_officers(void **state)
{
	(void)state;
	stage_open(&st, &f, "action_item", item, NULL);
	stage_press(&st, "e <PgUp> <Tab> <Tab> <Tab>");
	stage_shows(&st, "Member who does it");
	stage_lacks(&st, "TX-20");
	stage_close(&st);
}

static void
test_a_settled_conflict_is_no_mark(void **state)
{
	struct entry e = fixture_entry(&f, "48.1", "4480", "project/30-1",
		"title", "Thefts", "beat_ids", "35X", NULL);

	(void)state;
	fixture_take(&f, &e, "beat:35X");
	fixture_save(&f, "project", "30-1", "title", "Thefts at Elm", NULL);
	fixture_lose(&f, "48.2", "project/30-1", "title", "Parcels");
	stage_open(&st, &f, "project", NULL, NULL);
	stage_shows(&st, " x 30-1");
	assert_int_equal(
		conflict_resolve(f.r, "project", "30-1", "title", NULL, &why),
		ST_OK);
	stage_refresh(&st);
	stage_lacks(&st, " x 30-1");
	stage_close(&st);
}

static void
test_a_promise_is_marked_done(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", NULL, NULL);
	stage_press(&st, "D");
	stage_shows(&st, "records of this kind are not done on a day");
	stage_press(&st, "<Esc>");
	stage_shows(&st, "Call the manager back");
	stage_shows(&st, "D done");
	stage_press(&st, "D");
	stage_shows(&st, "Call the manager back done today? y or n");
	stage_press(&st, "y");
	stage_shows(&st, "u undoes it");
	stage_lacks(&st, "Call the manager back");
	assert_string_equal(
		fixture_text(&f, "action_item", item, "status"), "done");
	assert_string_equal(
		fixture_text(&f, "action_item", item, "done_on"), "2026-07-14");
	stage_close(&st);
}

static void
test_synced_goes_with_the_hub(void **state)
{
	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	st.s.sync.state = SYNC_ONLINE;
	st.s.sync.reached_at = app_boot(&st.s.app);
	app_synced(&st.s.app, "Synced");
	stage_paint(&st);
	stage_shows(&st, "Synced");
	stage_shows(&st, "ONLINE");
	f.now.boot_ms += 3 * 60000;
	stage_paint(&st);
	stage_shows(&st, " SYNCED");
	stage_lacks(&st, "ONLINE");
	stage_lacks(&st, "Synced");
	stage_press(&st, "g s");
	stage_shows(&st, "Last answer: sent 0, received 0 changes, 0 new "
			 "records\n");
	stage_lacks(&st, "in your books");
	stage_press(&st, "<Esc>");
	st.s.sync.counts.left = 1;
	stage_press(&st, "g s");
	stage_shows(&st, "1 record is no longer in your books: gone from here, "
			 "kept by the hub\n");
	stage_close(&st);
}

/* Go down to the row that holds this. */
static void
choose(const char *text)
{
	for (int i = 0; i < 40; i++) {
		const char *mark = strstr(stage_all(&st), "\n> ");
		const char *at = strstr(stage_all(&st), text);

		if (mark && at && at > mark &&
			!memchr(mark + 1, '\n', (size_t)(at - mark - 1)))
			return;
		stage_press(&st, "<Down>");
	}
	fail_msg("no row with '%s'", text);
}

static void
test_a_row_of_another_record_is_what_is_meant(void **state)
{
	char meeting[80], present[80];

	(void)state;
	snprintf(meeting, sizeof(meeting), "%s",
		fixture_save(&f, "meeting", "", "title", "Council of July",
			"kind", "small_group", "starts_at",
			"2026-07-13T18:00:00.000Z", "beat_ids", "35X", NULL));
	snprintf(present, sizeof(present), "%s",
		fixture_save(&f, "attendance", "", "meeting_id", meeting,
			"member_id", "4480", NULL));
	stage_open(&st, &f, "meeting", meeting, NULL);
	stage_press(&st, "V");
	stage_shows(&st, "Void 1b-");
	stage_shows(&st, "Council of July, for what reason");
	stage_press(&st, "<Esc>");
	choose(present);
	stage_press(&st, "e");
	stage_shows(&st, "Attendance");
	stage_lacks(&st, "Council of July, ");
	stage_press(&st, "<Esc>");
	choose(present);
	stage_press(&st, "U");
	stage_shows(&st, "it is not void");
	stage_press(&st, "V");
	stage_shows(&st, "Chen, for what reason");
	stage_type(&st, "was away");
	stage_press(&st, "<Enter>");
	stage_lacks(&st, present);
	stage_shows(&st, "Council of July");
	stage_press(&st, "h");
	stage_lacks(&st, "was away");
	stage_close(&st);
}

static void
test_a_preview_is_one_line(void **state)
{
	(void)state;
	fixture_save(&f, "project_update", "", "project_id", project, "text",
		"One\n\nTwo\n\nThree\tand\nfour", NULL);
	stage_open(&st, &f, "project", project, NULL);
	stage_shows(&st, "Two Three and four\n");
	stage_lacks(&st, "^J");
	stage_press(&st, ":");
	stage_type(&st, "list project_update");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "One Two Three and");
	stage_close(&st);
}

static void
test_an_answer_is_marked_done(void **state)
{
	const char *concern = fixture_save(&f, "concern", "", "text",
		"Racing at night", "beat_id", "35X", "answer_owner_id", "4471",
		"answer_due_on", "2026-07-15", NULL);

	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	choose("Racing at night");
	stage_press(&st, "D");
	stage_shows(&st, "Racing at night, in what words");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "write what was answered");
	stage_press(&st, "D");
	stage_type(&st, "Patrols on Fridays");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "u undoes it");
	stage_lacks(&st, "Racing at night");
	assert_string_equal(fixture_text(&f, "concern", concern, "answer"),
		"Patrols on Fridays");
	assert_string_equal(fixture_text(&f, "concern", concern, "answered_at"),
		"2026-07-14T10:31:00.000Z");
	assert_string_equal(
		fixture_text(&f, "concern", concern, "status"), "answered");
	stage_press(&st, "u y");
	stage_shows(&st, "Racing at night");
	assert_string_equal(
		fixture_text(&f, "concern", concern, "answered_at"), "");
	assert_string_equal(fixture_text(&f, "concern", concern, "answer"), "");
	stage_close(&st);
}

/* Written before, and further than answered: neither is taken back. */
static void
test_an_answer_that_is_written_is_kept(void **state)
{
	const char *concern = fixture_save(&f, "concern", "", "text",
		"Racing at night", "beat_id", "35X", "answer", "Told her\nso",
		"status", "resolved", NULL);

	(void)state;
	stage_open(&st, &f, "concern", concern, NULL);
	stage_press(&st, "D");
	stage_shows(&st, "Racing at night answered now? y or n");
	stage_press(&st, "y");
	stage_shows(&st, "u undoes it");
	assert_string_equal(
		fixture_text(&f, "concern", concern, "answer"), "Told her\nso");
	assert_string_equal(
		fixture_text(&f, "concern", concern, "status"), "resolved");
	assert_string_not_equal(
		fixture_text(&f, "concern", concern, "answered_at"), "");
	stage_press(&st, "D");
	stage_shows(&st, "it is answered already");
	stage_close(&st);
}

static void
test_a_wrong_instant_says_what_helps(void **state)
{
	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, ":");
	stage_type(&st, "new concern");
	stage_press(&st, "<Enter>");
	for (int i = 0; i < 40 && !strstr(stage_all(&st), ">  Answered"); i++)
		stage_press(&st, "<Tab>");
	stage_type(&st, "today");
	stage_press(&st, "<Tab>");
	stage_shows(&st, "now, +3d 14:00 or 2026-11-22 10:30\n");
	stage_close(&st);
}

static void
test_what_has_no_notes_offers_none(void **state)
{
	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	choose("Call the manager back");
	stage_lacks(&st, "F4 note");
	stage_press(&st, "<F4>");
	stage_shows(&st, "note: records of this kind have no notes: Enter");
	stage_press(&st, ":");
	stage_type(&st, "search manager");
	stage_press(&st, "<Enter> <F4>");
	stage_shows(&st, "note: records of this kind have no notes: Enter");
	stage_press(&st, "<Esc> <Esc>");
	stage_close(&st);
	stage_open(&st, &f, "action_item", NULL, NULL);
	stage_press(&st, "<F4>");
	stage_shows(&st, "note: records of this kind have no notes: e edits");
	stage_close(&st);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, stage_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_picker_begins_on_the_value),
		TEST(test_a_picker_finds_beginnings_first),
		TEST(test_today_is_the_root),
		TEST(test_to_go_on_is_not_to_leave),
		TEST(test_a_void_wants_a_reason),
		TEST(test_only_y_and_n_answer),
		TEST(test_a_form_fills_a_screen_that_grew),
		TEST(test_void_records_say_so),
		TEST(test_today_names_what_changed),
		TEST(test_search_says_things_once),
		TEST(test_hints_and_help_tell_what_works),
		TEST(test_messages_can_be_read),
		TEST(test_keymap_complaints_are_short),
		TEST(test_a_dumb_terminal_is_refused),
		TEST(test_help_of_fields_is_for_officers),
		TEST(test_a_settled_conflict_is_no_mark),
		TEST(test_a_promise_is_marked_done),
		TEST(test_synced_goes_with_the_hub),
		TEST(test_a_row_of_another_record_is_what_is_meant),
		TEST(test_a_preview_is_one_line),
		TEST(test_an_answer_is_marked_done),
		TEST(test_an_answer_that_is_written_is_kept),
		TEST(test_a_wrong_instant_says_what_helps),
		TEST(test_what_has_no_notes_offers_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
