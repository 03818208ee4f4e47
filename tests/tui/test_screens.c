/* The screens, played with keys on a terminal that is a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/conflicts.h"
#include "common/outbox.h"
#include "sync/request.h"
#include "tests/support/stage.h"
#include "tui/keystroke.h"

/* budgets.md, "Screens" */
#define FIRST_PAINT_MAX 2000
#define MOVE_MAX 16
#define SCROLL_MAX 150
#define PAGE_MAX 1500
#define TICK_MAX 24
#define TYPE_END_MAX 4
#define TYPE_INSIDE_MAX 200

static struct fixture f;
static struct stage st;
static const char *project;

static int
begin(void **state)
{
	stage_make(&st, &f, state);
	for (int i = 0; i < 40; i++) {
		char title[60];

		snprintf(title, sizeof(title), "Project %02d, break-ins", i);
		project = fixture_save(&f, "project", "", "title", title,
			"beat_ids", "35X", NULL);
		fixture_pass(&f, 60000);
	}
	return 0;
}

static int64_t
unsent(void)
{
	struct outbox_counts n;
	struct why why;

	assert_int_equal(outbox_count(f.r, &n, &why), ST_OK);
	return n.unsent;
}

static void
test_bytes(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", NULL, NULL);
	print_message("first paint %ld\n", st.sent);
	assert_in_range(st.sent, 500, FIRST_PAINT_MAX);
	stage_paint(&st);
	assert_int_equal(st.sent, 0);
	stage_press(&st, "j");
	print_message("row down %ld\n", st.sent);
	assert_in_range(st.sent, 1, MOVE_MAX);
	stage_press(&st, "k");
	print_message("row up %ld\n", st.sent);
	assert_in_range(st.sent, 1, MOVE_MAX);
	for (int i = 0; i < 18; i++)
		stage_press(&st, "<Down>");
	stage_press(&st, "<Down>");
	print_message("scroll %ld\n", st.sent);
	assert_in_range(st.sent, 1, SCROLL_MAX);
	stage_press(&st, "<PgDn>");
	print_message("page %ld\n", st.sent);
	assert_in_range(st.sent, 1, PAGE_MAX);
	stage_close(&st);
}

static void
test_a_minute_that_passes(void **state)
{
	struct why why;

	(void)state;
	assert_int_equal(replica_meta_set_int(f.r, META_LAST_SYNC,
				 f.now.wall_ms - 14 * 60000, &why),
		ST_OK);
	stage_open(&st, &f, "project", NULL, NULL);
	stage_shows(&st, "SYNCED 14m |");
	fixture_pass(&f, 60000);
	stage_paint(&st);
	stage_shows(&st, "SYNCED 15m |");
	print_message("status tick %ld\n", st.sent);
	assert_in_range(st.sent, 1, TICK_MAX);
	stage_close(&st);
}

static void
test_books_that_were_filled_anew(void **state)
{
	struct why why;

	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g s");
	stage_lacks(&st, "filled anew");
	stage_close(&st);
	assert_int_equal(replica_meta_set_int(f.r, META_MENDED_AT,
				 f.now.wall_ms - 60000, &why),
		ST_OK);
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g s");
	stage_shows(&st, "not as the hub has them and filled anew: ");
	stage_close(&st);
	assert_int_equal(
		replica_meta_set_int(f.r, META_MENDED_AT, 0, &why), ST_OK);
}

static void
test_cursor_is_on_the_chosen_row(void **state)
{
	int row, col;

	(void)state;
	stage_open(&st, &f, "project", NULL, NULL);
	stage_press(&st, "j j");
	stage_cursor(&row, &col);
	assert_int_equal(col, 0);
	assert_int_equal(stage_row(&st, row + 1)[0], '>');
	assert_int_equal(stage_row(&st, row + 1)[2], '*');
	stage_close(&st);
}

/* Where nothing can be chosen it waits where the screen begins to speak. */
static void
test_cursor_of_an_empty_screen(void **state)
{
	static const struct {
		const char *keys;
		int row;
		const char *says;
	} screens[] = {
		{"g c", 2, "No open conflicts"},
		{"g h", 2, "No held edit"},
		{": 'list council' <Enter>", 3, "None yet"},
	};
	int row, col;

	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	for (size_t i = 0; i < 3; i++) {
		if (screens[i].keys[0] == ':') {
			stage_press(&st, ":");
			stage_type(&st, "list council");
			stage_press(&st, "<Enter>");
		} else {
			stage_press(&st, screens[i].keys);
		}
		stage_cursor(&row, &col);
		assert_int_equal(row + 1, screens[i].row);
		assert_non_null(
			strstr(stage_row(&st, row + 1), screens[i].says));
		stage_press(&st, "<F8>");
	}
	stage_close(&st);
}

static void
test_a_row_by_its_number(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", NULL, NULL);
	assert_true(app_choose(&st.s.app, 7));
	stage_paint(&st);
	assert_int_equal(stage_row(&st, 2 + 7)[0], '>');
	assert_true(app_choose(&st.s.app, 2));
	stage_paint(&st);
	assert_int_equal(stage_row(&st, 2 + 2)[0], '>');
	assert_false(app_choose(&st.s.app, 0));
	assert_false(app_choose(&st.s.app, 21));
	stage_close(&st);
	stage_open(&st, &f, NULL, NULL, NULL); /* heads between them */
	for (size_t n = st.s.app.canvas.pick_count; n > 0; n--) {
		assert_true(app_choose(&st.s.app, n));
		stage_paint(&st);
		assert_int_equal(st.s.app.canvas.chosen, n - 1);
	}
	stage_close(&st);
}

static void
test_letters_are_text_in_a_form(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, "<F4>");
	stage_shows(&st, "NEW Update");
	stage_type(&st, "quick jog: g t /u?");
	stage_shows(&st, "| quick jog: g t /u?");
	stage_press(&st, "x");
	stage_press(&st, "y");
	print_message("letter at the end %ld\n", st.sent);
	assert_in_range(st.sent, 1, TYPE_END_MAX);
	stage_type(&st, " and a good many words more, so that the text goes "
			"on over the end of this line and of the next one "
			"too, for three lines in all.");
	stage_press(&st, "<Up> <Up> <Home> <Right>");
	stage_press(&st, "z");
	print_message("letter inside %ld\n", st.sent);
	assert_in_range(st.sent, 1, TYPE_INSIDE_MAX);
	stage_press(&st, "<Esc>");
	stage_shows(&st, "Leave without saving?");
	stage_press(&st, "n");
	stage_shows(&st, "NEW Update");
	stage_close(&st);
}

static void
test_a_saved_form(void **state)
{
	int64_t before = unsent();

	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, "<F4>");
	stage_type(&st, "Walked the lot");
	stage_press(&st, "<F2>");
	stage_shows(&st, "Saved, not sent yet");
	stage_shows(&st, "Walked the lot");
	assert_int_equal(unsent(), before + 1);
	stage_press(&st, "u y");
	stage_shows(&st, "Undone");
	stage_lacks(&st, "Walked the lot");
	assert_int_equal(unsent(), before);
	stage_close(&st);
}

static void
test_a_draft_survives(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, "<F4>");
	stage_type(&st, "Half a thou");
	stage_close(&st); /* as when the line hangs up */
	fixture_open_again(&f);
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_shows(&st, "DRAFTS KEPT (1)");
	stage_press(&st, "r");
	stage_shows(&st, "| Half a thou");
	stage_shows(&st, "Your draft of");
	stage_type(&st, "ght");
	stage_press(&st, "<F2> <Esc> <F8>");
	stage_lacks(&st, "DRAFTS");
	stage_close(&st);
}

static void
test_a_form_does_not_overwrite_what_it_did_not_show(void **state)
{
	struct outbox_counts n;
	struct entry e, own;
	struct why why;

	(void)state;
	e = fixture_entry(&f, "48.1", "4480", "project/30-1", "title", "Thefts",
		"kind", "sara", "stage", "scanning", "status", "open",
		"owner_id", "4480", "opened_on", "2026-07-01", "beat_ids",
		"35X", NULL);
	fixture_take(&f, &e, "beat:35X");
	stage_open(&st, &f, "project", "30-1", NULL);
	stage_press(&st, "e <S-Tab>");
	stage_type(&st, " at the mall");
	/* another title comes in while the form is open; the draft is kept
	 * and taken up again */
	e = fixture_entry(
		&f, "48.2", "4480", "project/30-1", "title", "Parcels", NULL);
	fixture_take(&f, &e, NULL);
	app_refresh(&st.s.app);
	stage_close(&st);
	stage_open(&st, &f, "project", "30-1", NULL);
	stage_shows(&st, "Parcels");
	stage_press(&st, "e");
	stage_shows(&st, "Thefts at the mall");
	stage_shows(&st, "set: Parcels");
	stage_press(&st, "<F2>");
	stage_lacks(&st, "Saved");
	stage_shows(&st, "mine    Thefts at the mall");
	stage_shows(&st, ": Parcels");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "Saved, not sent yet");
	assert_int_equal(outbox_count(f.r, &n, &why), ST_OK);
	assert_int_equal(
		history_edit(f.r, (struct edit_id){47, (uint32_t)n.unsent},
			&own, &why),
		ST_OK);
	assert_int_equal(own.edit.changes[0].over.n, 2); /* it was shown */
	entry_release(&own);
	stage_close(&st);
}

static void
test_what_is_wrong_is_said_beside_the_field(void **state)
{
	int64_t before = unsent();

	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, ":");
	stage_type(&st, "list action_item");
	stage_press(&st, "<Enter> n");
	stage_type(&st, "call back");
	stage_press(&st, "<Tab> <Tab> <Tab> <Tab>");
	stage_type(&st, "someday");
	stage_press(&st, "<F2>");
	stage_shows(&st, "! Due");
	stage_shows(&st, "someday");
	stage_shows(&st, "call back");
	assert_int_equal(unsent(), before);
	stage_press(&st, "<C-u>");
	stage_type(&st, "tomorrow");
	stage_press(&st, "<F2>");
	stage_lacks(&st, "! Due");
	assert_int_equal(unsent(), before + 1);
	stage_close(&st);
}

/* What one's own member record says from now on. */
static void
have_access(const char *edit, const char *access)
{
	struct entry e = fixture_entry(
		&f, edit, "", "member/4471", "access", access, NULL);

	fixture_take(&f, &e, NULL);
}

/* Nothing is offered that would be refused when it is saved. */
static void
test_what_one_may_not_write_is_not_offered(void **state)
{
	(void)state;
	stage_open(&st, &f, "beat", "35X", NULL);
	stage_lacks(&st, "e edit");
	stage_lacks(&st, "V void");
	stage_press(&st, "e");
	stage_shows(&st, "edit: access 'officer' may not write beat: ask an "
			 "administrator");
	stage_press(&st, "<End> n");
	stage_type(&st, "assig");
	stage_shows(&st, "NEW HERE");
	stage_lacks(&st, ">   Assignment");
	stage_press(&st, "<Esc> g b n");
	stage_shows(&st, "new: access 'officer' may not write beat");
	stage_press(&st, ":");
	stage_type(&st, "new beat");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "access 'officer' may not write beat");
	stage_lacks(&st, "NEW Beat");
	stage_press(&st, "<F8> n");
	stage_type(&st, "units");
	stage_lacks(&st, ">   Units");
	have_access("0.8", "analyst");
	stage_press(&st, "<Esc> <F8> g p");
	stage_shows(&st, "READ ONLY");
	stage_lacks(&st, "n new");
	stage_lacks(&st, "e edit");
	stage_lacks(&st, "F4 note");
	stage_close(&st);
}

static void
test_what_rights_refuse_stays_typed(void **state)
{
	(void)state;
	have_access("0.8", "admin");
	stage_open(&st, &f, "beat", "35X", NULL);
	stage_press(&st, "e");
	stage_type(&st, " North");
	have_access("0.9", "officer");
	stage_press(&st, "<F2>");
	stage_shows(&st, "EDIT Beat");
	stage_shows(&st, " North");
	assert_true(strlen(stage_row(&st, 22)) > 10);
	stage_close(&st);
}

static void
test_a_disk_that_takes_nothing(void **state)
{
	sqlite3 *db = sql_handle(replica_sql(f.r));

	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, "<F4>");
	stage_type(&st, "must not be lost");
	sqlite3_exec(db, "PRAGMA query_only=1", NULL, NULL, NULL);
	stage_press(&st, "<F2>");
	stage_shows(&st, "| must not be lost");
	assert_true(strlen(stage_row(&st, 22)) > 10);
	stage_lacks(&st, "Saved");
	sqlite3_exec(db, "PRAGMA query_only=0", NULL, NULL, NULL);
	stage_press(&st, "<F2>");
	stage_shows(&st, "Saved, not sent yet");
	stage_close(&st);
}

static void
test_refs_are_found_by_title(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, "e <Tab> <Tab> <Tab>");
	stage_shows(&st, ">  Beats");
	stage_type(&st, "12");
	stage_shows(&st, "12Y  12Y");
	stage_press(&st, "<Enter> <Esc>");
	stage_shows(&st, "35X, 12Y");
	stage_press(&st, "<F2>");
	assert_string_equal(
		fixture_text(&f, "project", project, "beat_ids"), "35X,12Y");
	stage_close(&st);
}

static void
test_filter(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", NULL, NULL);
	stage_press(&st, "/");
	stage_type(&st, "39");
	stage_shows(&st, "PROJECTS  (1 of 40)");
	stage_press(&st, "<Esc>");
	stage_shows(&st, "PROJECTS  (40)");
	stage_press(&st, "/");
	stage_type(&st, "stage:nonsense");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "PROJECTS  (40)");
	stage_shows(&st, " stage:nonsense is not understood");
	stage_shows(&st, "assessment"); /* the last word of two rows */
	stage_close(&st);
}

static void
test_stage_and_void_ask_by_name(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, "S");
	stage_shows(&st, "to Analysis? y or n");
	stage_press(&st, "n");
	stage_shows(&st, "[>] Scanning");
	stage_press(&st, "S y");
	stage_shows(&st, "[x] Scanning 14 Jul  [>] Analysis 14 Jul");
	stage_press(&st, "V");
	stage_type(&st, "made twice");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "VOID: made twice");
	stage_press(&st, "U y");
	stage_lacks(&st, "VOID:");
	stage_close(&st);
}

/* Our title of 30-1 lost against Chen's. */
static void
make_conflict(void)
{
	struct entry e = fixture_entry(&f, "48.1", "4480", "project/30-1",
		"title", "Thefts", "beat_ids", "35X", NULL);

	fixture_take(&f, &e, "beat:35X");
	fixture_save(&f, "project", "30-1", "title", "Thefts at Elm", NULL);
	fixture_lose(&f, "48.2", "project/30-1", "title", "Parcels");
}

static void
test_a_conflict_is_settled(void **state)
{
	struct conflicts all = {0};
	struct why why;

	(void)state;
	make_conflict();
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_shows(&st, "CONFLICTS (1)");
	stage_press(&st, "g c");
	stage_shows(&st, "Parcels  <- in force");
	stage_shows(&st, "yours");
	stage_press(&st, "e <C-u>");
	stage_type(&st, "Thefts of parcels");
	stage_press(&st, "<F2>");
	stage_shows(&st, "No open conflicts");
	assert_string_equal(fixture_text(&f, "project", "30-1", "title"),
		"Thefts of parcels");
	assert_int_equal(
		conflicts_read(f.r, "project", "30-1", &all, &why), ST_OK);
	assert_int_equal(all.count, 0);
	conflicts_release(&all);
	stage_close(&st);
}

static void
test_changes_by_others_appear(void **state)
{
	struct entry e;

	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	e = fixture_entry(&f, "48.1", "4480", "project/30-1", "title",
		"Thefts of parcels", "beat_ids", "35X", NULL);
	fixture_take(&f, &e, "beat:35X");
	assert_true(app_refresh(&st.s.app));
	stage_paint(&st);
	stage_press(&st, "<End>");
	stage_shows(&st, "CHANGED BY OTHERS");
	stage_shows(&st, "Thefts of parcels");
	stage_close(&st);
}

static void
test_controls_are_never_sent(void **state)
{
	struct entry e =
		fixture_entry(&f, "48.1", "4480", "project/30-1", "title",
			"evil\x1b]0;owned\x07 \xc2\x9b"
			"31m",
			"beat_ids", "35X", NULL);

	(void)state;
	fixture_take(&f, &e, "beat:35X");
	stage_open(&st, &f, "project", "30-1", NULL);
	stage_shows(&st, "evil^[]0;owned^G");
	stage_press(&st, "<Esc>");
	assert_false(stage_was_sent(&st, "\x1b]0"));
	assert_false(stage_was_sent(&st, "\xc2\x9b"));
	stage_close(&st);
}

static void
test_a_paste_fires_nothing(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_paste(&st, "Vqq\ny\n");
	stage_shows(&st, "Pasted text is not taken here");
	stage_press(&st, "<F4>");
	stage_paste(&st, "one\ntwo q");
	stage_shows(&st, "| one");
	stage_shows(&st, "| two q");
	stage_close(&st);
}

static void
test_help_runs_what_is_chosen(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, "?");
	stage_shows(&st, "keys here: Record");
	stage_type(&st, "unvoid");
	stage_shows(&st, "off: it is not void");
	stage_press(&st, "<C-u>");
	stage_type(&st, "history");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "HISTORY");
	stage_press(&st, "<Esc> <F9>");
	stage_type(&st, "open beat/35X");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "Beat");
	stage_close(&st);
}

static void
test_keyboards_without_f_keys(void **state)
{
	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "<C-x> 3");
	stage_shows(&st, "SEARCH");
	stage_type(&st, "break");
	stage_shows(&st, "[break");
	stage_close(&st);
}

static void
test_small_screens(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, "<F4>");
	stage_type(&st, "kept");
	stage_size(&st, 10, 40);
	stage_shows(&st, "| kept");
	stage_shows(&st, "F2 save");
	stage_size(&st, 9, 39);
	stage_shows(&st, "Needs 40x10: draft kept");
	stage_size(&st, 24, 80);
	stage_shows(&st, "| kept");
	stage_close(&st);
}

/* What a smaller size cut off comes back, though no row of ours changed. */
static void
test_a_size_between_two_paints(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", NULL, NULL);
	stage_size_between(&st, 12, 50);
	assert_in_range(st.sent, 0, 2000);
	stage_press(&st, "j");
	stage_close(&st);
}

/* A message of two rows, and one above a question, take the body's last. */
static void
test_what_is_said_covers_nothing_chosen(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", NULL, NULL);
	stage_size(&st, 10, 40);
	for (int i = 0; i < 9; i++)
		stage_press(&st, "<Down>");
	stage_press(&st, "z");
	stage_shows(&st, "z does nothing here");
	assert_int_equal(stage_row(&st, st.s.app.canvas.marked + 1)[0], '>');
	stage_press(&st, "u z");
	stage_shows(&st, "Undo ");
	stage_shows(&st, "n or Esc answer");
	assert_int_equal(stage_row(&st, st.s.app.canvas.marked + 1)[0], '>');
	stage_press(&st, "n");
	assert_int_equal(stage_row(&st, st.s.app.canvas.marked + 1)[0], '>');
	stage_close(&st);
}

/* No screen may draw into the last column, nor beyond the frame. */
static void
test_every_screen_at_every_size(void **state)
{
	static const char *const ways[] = {"g t", "g p", "g b", "g s", "g c",
		"g l", "<F3>", "<F1>", "<F9>"};

	(void)state;
	make_conflict();
	stage_open(&st, &f, "project", project, NULL);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		stage_press(&st, ways[i]);
		for (int cols = 38; cols < 100; cols += 7)
			for (int rows = 8; rows < 40; rows += 6)
				stage_size(&st, rows, cols);
		stage_size(&st, 24, 80);
		for (int row = 1; row <= 24; row++)
			assert_in_range(strlen(stage_row(&st, row)), 0, 160);
		stage_press(&st, "<Esc>");
	}
	stage_close(&st);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, stage_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_bytes),
		TEST(test_a_minute_that_passes),
		TEST(test_books_that_were_filled_anew),
		TEST(test_cursor_is_on_the_chosen_row),
		TEST(test_cursor_of_an_empty_screen),
		TEST(test_a_row_by_its_number),
		TEST(test_letters_are_text_in_a_form),
		TEST(test_a_saved_form),
		TEST(test_a_draft_survives),
		TEST(test_a_form_does_not_overwrite_what_it_did_not_show),
		TEST(test_what_is_wrong_is_said_beside_the_field),
		TEST(test_what_one_may_not_write_is_not_offered),
		TEST(test_what_rights_refuse_stays_typed),
		TEST(test_a_disk_that_takes_nothing),
		TEST(test_refs_are_found_by_title),
		TEST(test_filter),
		TEST(test_stage_and_void_ask_by_name),
		TEST(test_a_conflict_is_settled),
		TEST(test_changes_by_others_appear),
		TEST(test_controls_are_never_sent),
		TEST(test_a_paste_fires_nothing),
		TEST(test_help_runs_what_is_chosen),
		TEST(test_keyboards_without_f_keys),
		TEST(test_small_screens),
		TEST(test_a_size_between_two_paints),
		TEST(test_what_is_said_covers_nothing_chosen),
		TEST(test_every_screen_at_every_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
