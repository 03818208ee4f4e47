/* What was typed stays on the screen where it cannot be kept, or saved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "common/draft.h"
#include "common/inbox.h"
#include "tests/support/good.h"
#include "tests/support/stage.h"
#include "tui/desk.h"

static struct fixture f;
static struct stage st;
static const char *concern;

static int
begin(void **state)
{
	stage_make(&st, &f, state);
	fixture_save(
		&f, "project", "", "title", "Lot", "beat_ids", "35X", NULL);
	concern = fixture_save(&f, "concern", "", "text", "Racing at night",
		"beat_id", "35X", NULL);
	return 0;
}

/* A disk that is full, a file that others lock: nothing can be written. */
static void
file_takes(bool writes)
{
	sqlite3_exec(sql_handle(replica_sql(f.r)),
		writes ? "PRAGMA query_only=0" : "PRAGMA query_only=1", NULL,
		NULL, NULL);
}

static bool
has_draft(const char *text)
{
	struct buf body = BUF_INIT;
	struct names all = {0};
	bool has = false;
	int64_t at;

	good(draft_list(f.r, &all, &why));
	for (size_t i = 0; i < all.count; i++) {
		good(draft_get(f.r, all.items[i], &body, &at, &why));
		has |= strstr(buf_text(&body), text) != NULL;
	}
	names_release(&all);
	buf_release(&body);
	return has;
}

static void
type_a_note(void)
{
	stage_open(&st, &f, "project", "1b-1", NULL);
	stage_press(&st, "<F4>");
	stage_type(&st, "must not be lost");
	file_takes(false);
}

/* It is there still, and can be kept as soon as the file takes it. */
static void
note_is_there(void)
{
	stage_shows(&st, "NEW Update");
	stage_shows(&st, "| must not be lost");
	stage_shows(&st, "cannot"); /* be written: it may be wrapped there */
	file_takes(true);
	stage_press(&st, "<Esc> y");
	stage_lacks(&st, "NEW Update");
	assert_true(has_draft("must not be lost"));
}

static void
test_a_form_is_not_left(void **state)
{
	(void)state;
	type_a_note();
	stage_press(&st, "<Esc> y");
	note_is_there();
}

static void
test_a_form_is_not_left_for_today(void **state)
{
	(void)state;
	type_a_note();
	stage_press(&st, "<F8> y");
	note_is_there();
}

static void
test_a_form_is_not_left_for_another(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", "1b-1", NULL);
	stage_press(&st, "<F4>");
	stage_type(&st, "must not");
	app_keep(&st.s.app);
	stage_type(&st, " be lost");
	file_takes(false);
	stage_press(&st, "<F4>");
	note_is_there();
}

static void
test_beatbook_is_not_left(void **state)
{
	(void)state;
	type_a_note();
	stage_press(&st, "<F9>");
	stage_type(&st, "quit");
	stage_press(&st, "<Enter> y");
	assert_false(st.s.app.leaving);
	note_is_there();
}

/* Who wants to leave all the same says that it may go. */
static void
test_what_is_dropped_may_go(void **state)
{
	(void)state;
	type_a_note();
	stage_press(&st, "<F9>");
	stage_type(&st, "draft-drop");
	stage_press(&st, "<Enter> y");
	stage_lacks(&st, "NEW Update");
	stage_press(&st, "Q y");
	assert_true(st.s.app.leaving);
}

static void
test_a_pause_tries_again(void **state)
{
	(void)state;
	type_a_note();
	app_keep(&st.s.app); /* what a pause does */
	assert_true(st.s.app.typed_at != 0);
	file_takes(true);
	app_keep(&st.s.app);
	assert_true(st.s.app.typed_at == 0);
	assert_true(has_draft("must not be lost"));
}

static void
test_an_answer_is_asked_for_again(void **state)
{
	(void)state;
	stage_open(&st, &f, "concern", concern, NULL);
	stage_press(&st, "D");
	stage_type(&st, "Patrols on Fridays");
	file_takes(false);
	stage_press(&st, "<Enter>");
	stage_shows(&st, "cannot"); /* be written: it may be wrapped there */
	stage_shows(&st, "in what words: Patrols on Fridays");
	file_takes(true);
	stage_press(&st, "<Enter>");
	stage_shows(&st, "u undoes it");
	assert_string_equal(fixture_text(&f, "concern", concern, "answer"),
		"Patrols on Fridays");
}

/* What is typed has half of the row at least: the title gives way to it. */
static void
test_an_answer_has_half_of_the_row(void **state)
{
	static const char words[] = "Patrols on Fridays and Saturdays";

	(void)state;
	concern = fixture_save(&f, "concern", "", "text",
		"Cars race past the school at night and in the day", "beat_id",
		"35X", NULL);
	stage_open(&st, &f, "concern", concern, NULL);
	stage_press(&st, "D");
	stage_row_shows(&st, 22, "Cars race past the school at ");
	stage_type(&st, words);
	stage_row_shows(&st, 22, " Answer 1b-3 Cars ");
	stage_row_shows(&st, 22, "~, in what words: ");
	stage_row_shows(&st, 22, words);
	stage_press(&st, "<Enter>");
	stage_shows(&st, "u undoes it");
	stage_press(&st, "V");
	stage_type(&st, words);
	stage_row_shows(&st, 22, "~, for what reason: ");
	stage_row_shows(&st, 22, words);
}

/* The question leaves half of a narrow row too. */
static void
test_an_answer_on_a_narrow_screen(void **state)
{
	(void)state;
	stage_open_on(&st, &f,
		&(struct screens_options){.kind = "concern", .id = concern},
		"vt220", 10, 40);
	stage_press(&st, "D");
	stage_type(&st, "Patrols on Fri");
	stage_row_shows(&st, 8, " Answer 1b-2 ");
	stage_row_shows(&st, 8, ": Patrols on Fri");
}

/* An answer that is given up, or cut off, is a draft of the record's form. */
static void
test_an_answer_that_is_given_up(void **state)
{
	(void)state;
	stage_open(&st, &f, "concern", concern, NULL);
	stage_press(&st, "D");
	stage_type(&st, "Patrols on Fridays");
	stage_press(&st, "<Esc>");
	stage_shows(&st, "what you wrote is kept as a draft, Today lists it");
	assert_true(has_draft("Patrols on Fridays"));
	stage_press(&st, "<F8>");
	stage_shows(&st, "DRAFTS KEPT (1)");
	stage_press(&st, "r");
	stage_shows(&st, "EDIT Concern");
	stage_shows(&st, "| Patrols on Fridays");
	stage_press(&st, "<F2>");
	stage_shows(&st, "Saved, not sent yet");
	assert_string_equal(fixture_text(&f, "concern", concern, "answer"),
		"Patrols on Fridays");
	assert_false(has_draft("Patrols"));
}

static void
test_an_answer_when_the_line_hangs_up(void **state)
{
	(void)state;
	stage_open(&st, &f, "concern", concern, NULL);
	stage_press(&st, "D");
	stage_type(&st, "Patrols on Fridays");
	good(desk_keep(&st.s.app, &why)); /* what HUP and TERM do */
	stage_close(&st);
	assert_true(has_draft("Patrols on Fridays"));
	stage_open(&st, &f, "concern", concern, NULL);
	stage_press(&st, "e");
	stage_shows(&st, "Your draft of");
	stage_shows(&st, "| Patrols on Fridays");
}

/* It stays on its line where no draft can be kept; the end says so. */
static void
test_an_answer_that_cannot_be_kept(void **state)
{
	(void)state;
	stage_open(&st, &f, "concern", concern, NULL);
	stage_press(&st, "D");
	stage_type(&st, "Patrols on Fridays");
	file_takes(false);
	stage_press(&st, "<Esc>");
	stage_shows(&st, "in what words: Patrols on Fridays");
	assert_int_not_equal(desk_keep(&st.s.app, &why), ST_OK);
	assert_non_null(strstr(why.text, "what was typed is lost"));
	file_takes(true);
	stage_press(&st, "<Esc>");
	assert_true(has_draft("Patrols on Fridays"));
}

/* No words, no draft; nor is a reason one, which is a field of nothing. */
static void
test_what_is_no_answer_is_no_draft(void **state)
{
	(void)state;
	stage_open(&st, &f, "concern", concern, NULL);
	stage_press(&st, "D <Space> <Esc> D <Esc> V");
	stage_type(&st, "entered twice");
	stage_press(&st, "<Esc>");
	stage_shows(&st, "Racing at night");
	stage_lacks(&st, "draft");
	assert_false(has_draft(""));
}

static void
test_a_reason_is_asked_for_again(void **state)
{
	(void)state;
	stage_open(&st, &f, "concern", concern, NULL);
	stage_press(&st, "V");
	stage_type(&st, "entered twice");
	file_takes(false);
	stage_press(&st, "<Enter>");
	stage_shows(&st, "cannot"); /* be written: it may be wrapped there */
	stage_shows(&st, "for what reason: entered twice");
	file_takes(true);
	stage_press(&st, "<Enter>");
	stage_shows(&st, "Void, not sent yet");
}

static int
patience_ms(void)
{
	sqlite3_stmt *s;
	int ms;

	assert_int_equal(sqlite3_prepare_v2(sql_handle(replica_sql(f.r)),
				 "PRAGMA busy_timeout", -1, &s, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	ms = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	return ms;
}

/* Another program that holds the file does not hold the screens up for long,
 * also where a search asked by itself. */
static void
test_a_held_file_is_not_waited_for_long(void **state)
{
	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	assert_in_range(patience_ms(), 100, 1000);
	stage_press(&st, "<F3>");
	stage_type(&st, "lot");
	assert_in_range(patience_ms(), 100, 1000);
}

/* Somebody else's answer that came while one wrote is not written over. */
static void
test_an_answer_that_others_gave_meanwhile(void **state)
{
	struct entry e = fixture_entry(&f, "48.1", "4480", "concern/30-7",
		"text", "Dumping", "beat_id", "35X", NULL);

	(void)state;
	fixture_take(&f, &e, "beat:35X");
	stage_open(&st, &f, "concern", "30-7", NULL);
	stage_press(&st, "D");
	stage_type(&st, "Patrols on Fridays");
	e = fixture_entry(&f, "48.2", "4480", "concern/30-7", "status",
		"answered", "answered_at", "2026-07-14T10:20:00.000Z", "answer",
		"Cleared today", NULL);
	fixture_take(&f, &e, NULL);
	app_refresh(&st.s.app);
	stage_press(&st, "<Enter>");
	assert_string_equal(
		fixture_text(&f, "concern", "30-7", "answer"), "Cleared today");
	stage_shows(&st, "Chen 14 Jul 03:31 set: Cleared today");
	stage_shows(&st, "| Patrols on Fridays");
	stage_press(&st, "<F2> m");
	stage_shows(&st, "Saved, not sent yet");
	assert_string_equal(fixture_text(&f, "concern", "30-7", "answer"),
		"Patrols on Fridays");
}

/* No draft is written over, however many there are. */
static void
test_a_hundredth_draft(void **state)
{
	static const char body[] =
		"{\"kind\":\"project_update\",\"field\":\"project_id\","
		"\"value\":\"1b-1\",\"typed\":{\"text\":{\"t\":\"%d.\"}}}";
	char name[64], text[200];

	(void)state;
	stage_open(&st, &f, "project", "1b-1", NULL);
	stage_press(&st, "<F4>");
	for (int i = 1; i <= 99; i++) {
		snprintf(name, sizeof(name), "new/project_update/1b-1+%d", i);
		if (i == 1)
			*strchr(name, '+') = '\0';
		snprintf(text, sizeof(text), body, i);
		good(draft_put(f.r, name, text, &why));
	}
	stage_type(&st, "must not be lost");
	stage_press(&st, "<Esc> y");
	stage_shows(&st, "99 drafts");
	stage_shows(&st, "| must not be lost");
	assert_true(has_draft("\"99.\""));
	stage_press(&st, "<F2>");
	stage_shows(&st, "Saved, not sent yet");
}

/* A draft of a record that left this device is to be read all the same. */
static void
test_a_draft_whose_record_is_gone(void **state)
{
	struct entry e = fixture_entry(&f, "48.1", "4480", "place/30-7", "kind",
		"problem_property", "address", "12 Elm St", "beat_id", "12Y",
		NULL);
	int64_t gone = 0;

	(void)state;
	fixture_take(&f, &e, "beat:12Y");
	stage_open(&st, &f, "place", "30-7", NULL);
	stage_press(&st, "e <Tab>");
	stage_type(&st, ", rear gate is open");
	good(sql_begin(replica_sql(f.r), &why));
	good(inbox_drop_book(f.r, "beat:12Y", &gone, &why));
	good(sql_commit(replica_sql(f.r), &why));
	app_refresh(&st.s.app);
	stage_press(&st, "<F2>");
	stage_shows(&st, "there is no place/30-7 in this replica");
	stage_press(&st, "<F8> y r");
	stage_shows(&st, "EDIT Place 30-7");
	stage_shows(&st, "not held here");
	stage_shows(&st, "12 Elm St, rear gate is open");
	stage_press(&st, "<F2>");
	stage_shows(&st, "there is no place/30-7 in this replica");
	stage_press(&st, "<Esc> y");
	assert_true(has_draft("rear gate is open"));
	/* it comes again, and the draft is one of it as before */
	e = fixture_entry(&f, "48.1", "4480", "place/30-7", "kind",
		"problem_property", "address", "12 Elm St", "beat_id", "12Y",
		NULL);
	fixture_take(&f, &e, "beat:12Y");
	app_refresh(&st.s.app);
	stage_press(&st, "r <F2>");
	stage_shows(&st, "Saved, not sent yet");
	assert_string_equal(fixture_text(&f, "place", "30-7", "address"),
		"12 Elm St, rear gate is open");
}

/* A line holds so much; what does not fit is said, not swallowed. */
static void
test_what_does_not_fit_on_a_line(void **state)
{
	static const char *const lines[][2] = {{"D", "holds 1000 bytes"},
		{"<F3>", "holds 500 bytes"}, {"<F9>", "holds 300 bytes"},
		{"g l", "holds 200 bytes"}};
	char long_text[1500];

	(void)state;
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	stage_open(&st, &f, "concern", concern, NULL);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		stage_press(&st, lines[i][0]);
		stage_paste(&st, long_text);
		stage_shows(&st, lines[i][1]);
		stage_press(&st, "<Esc>");
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_form_is_not_left),
		TEST(test_a_form_is_not_left_for_today),
		TEST(test_a_form_is_not_left_for_another),
		TEST(test_beatbook_is_not_left),
		TEST(test_what_is_dropped_may_go),
		TEST(test_a_pause_tries_again),
		TEST(test_an_answer_is_asked_for_again),
		TEST(test_an_answer_has_half_of_the_row),
		TEST(test_an_answer_on_a_narrow_screen),
		TEST(test_an_answer_that_is_given_up),
		TEST(test_an_answer_when_the_line_hangs_up),
		TEST(test_an_answer_that_cannot_be_kept),
		TEST(test_what_is_no_answer_is_no_draft),
		TEST(test_a_reason_is_asked_for_again),
		TEST(test_a_held_file_is_not_waited_for_long),
		TEST(test_an_answer_that_others_gave_meanwhile),
		TEST(test_a_hundredth_draft),
		TEST(test_a_draft_whose_record_is_gone),
		TEST(test_what_does_not_fit_on_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
