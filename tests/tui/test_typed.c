/* How the screens take what is typed: choices, the palette, questions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/good.h"
#include "tests/support/stage.h"

static struct fixture f;
static struct stage st;
static const char *project;

static int
begin(void **state)
{
	stage_make(&st, &f, state);
	project = fixture_save(&f, "project", "", "title", "Harbor Garage",
		"beat_ids", "35X", NULL);
	return 0;
}

static void
test_new_offers_what_is_written_most(void **state)
{
	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g l");
	stage_row_shows(&st, 1, "commonest first");
	assert_string_equal(stage_row(&st, 4), ">   Updates");
	stage_press(&st, "<Esc> n");
	stage_row_shows(&st, 1, "commonest first");
	assert_string_equal(stage_row(&st, 4), ">   Updates");
	assert_string_equal(stage_row(&st, 5), "    Contacts");
	assert_string_equal(stage_row(&st, 6), "    Concerns");
	assert_string_equal(stage_row(&st, 7), "    Projects");
	assert_string_equal(stage_row(&st, 8), "    Meetings");
	stage_type(&st, "abs");
	assert_string_equal(stage_row(&st, 4), ">   Absences");
	stage_press(&st, "<C-u>");
	stage_type(&st, "proj");
	assert_string_equal(stage_row(&st, 4), ">   Projects");
	stage_press(&st, "<Esc>");
	stage_close(&st);
}

/* What the palette runs for these letters. */
static void
expect_palette(const char *typed, const char *first)
{
	char row[100];

	stage_press(&st, ":");
	stage_type(&st, typed);
	snprintf(row, sizeof(row), "%s", stage_row(&st, 3));
	if (!strstr(row, first))
		fail_msg(":%s gives '%s' and not '%s'", typed, row, first);
	stage_press(&st, "<Esc>");
}

static void
test_the_palette_goes_by_names(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", NULL, NULL);
	expect_palette("save", " save ");
	stage_press(&st, ":");
	stage_type(&st, "SAVE");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "save: not on this screen");
	expect_palette("saved", " saved ");
	expect_palette("search-s", " search-save ");
	expect_palette("go-", " go-today ");
	expect_palette("match", " next-match ");
	expect_palette("drop", " search-drop ");
	expect_palette("the hub", " sync-now ");
	expect_palette("undo", " undo ");
	expect_palette("draft", " draft-drop ");
	expect_palette("sav", " saved "); /* save is off there */
	stage_close(&st);
}

static void
test_help_begins_with_keys(void **state)
{
	const char *none, *off;

	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, "<F4> <F1>");
	stage_lacks(&st, "no key");
	stage_press(&st, "<PgDn> <PgDn>");
	stage_shows(&st, "no key");
	none = strstr(stage_all(&st), "no key");
	off = strstr(st.text, "off: ");
	if (off && off < none)
		fail_msg("off before what has no key:\n%s", st.text);
	stage_press(&st, "<Esc> <Esc>");
	stage_close(&st);
}

static void
test_no_key_is_silent_in_a_question(void **state)
{
	static const char *const keys[] = {"<F8>", "<F3>", "<F2>", "<Down>",
		"<PgDn>", "<C-x> 8", "<C-l>", "<C-g>"};

	(void)state;
	stage_open(&st, &f, "project", NULL, NULL);
	stage_press(&st, "/");
	for (size_t i = 0; i < COUNT(keys); i++) {
		stage_press(&st, keys[i]);
		stage_shows(&st, " does nothing in a question: Enter answers "
				 "it, Esc leaves it\n");
		stage_type(&st, "a");
		stage_lacks(&st, "does nothing");
		stage_press(&st, "<BS>");
	}
	stage_press(&st, "<C-x> z");
	stage_shows(&st, "<C-x> z does nothing in a question");
	stage_type(&st, "zzz");
	stage_press(&st, "<Tab>");
	stage_shows(&st, "Nothing completes this");
	stage_press(&st, "<Esc> S");
	stage_close(&st);
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, "S <C-x> z");
	stage_shows(&st, "Only y, <F2>, n or Esc answer this");
	stage_press(&st, "n");
	stage_close(&st);
}

/* The widest label of a day: all of it fits on the row. */
static void
test_a_wrong_day_says_what_helps(void **state)
{
	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, ":");
	stage_type(&st, "new meeting");
	stage_press(&st, "<Enter>");
	for (int i = 0; i < 60 && !strstr(stage_all(&st), ">  Prepared with");
		i++)
		stage_press(&st, "<Tab>");
	stage_type(&st, "someday");
	stage_press(&st, "<Tab>");
	stage_shows(&st, "! Prepared with coordinator: 'someday' is not a day: "
			 "+3d, fri or 2026-11-22\n");
	stage_close(&st);
}

/* Keys that come at once are what they are one by one. */
static void
test_keys_in_one_burst(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, "<F4>");
	stage_type(&st, "half a note");
	stage_press(&st, "<F8> y g p");
	stage_press(&st, "g t r");
	stage_shows(&st, "| half a note");
	stage_close(&st);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, stage_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_new_offers_what_is_written_most),
		TEST(test_the_palette_goes_by_names),
		TEST(test_help_begins_with_keys),
		TEST(test_no_key_is_silent_in_a_question),
		TEST(test_a_wrong_day_says_what_helps),
		TEST(test_keys_in_one_burst),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
