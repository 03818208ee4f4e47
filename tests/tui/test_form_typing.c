/* Writing in a form, key by key: long texts, letters of all kinds, pastes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/stage.h"
#include "tui/form.h"

static struct fixture f;
static struct stage st;

static int
begin(void **state)
{
	const struct screens_options o = {.kind = "project", .id = "1b-1"};

	stage_make(&st, &f, state);
	fixture_save(
		&f, "project", "", "title", "Garage", "beat_ids", "35X", NULL);
	stage_open_on(&st, &f, &o, "xterm-256color", 24, 80);
	stage_press(&st, "<F4>");
	return 0;
}

static const char *
saved_text(void)
{
	stage_press(&st, "<F2>");
	stage_shows(&st, "Saved, not sent yet");
	return fixture_text(&f, "project_update", "1b-2", "text");
}

static void
test_letters_of_all_kinds(void **state)
{
	int row, col;

	(void)state;
	stage_type(&st, "caf"
			"e\xcc\x81"
			" \xe5\xad\xa6\xe6\xa0\xa1 x");
	stage_cursor(&row, &col);
	assert_int_equal(col, 5 + 4 + 1 + 4 + 2);
	stage_shows(&st, "caf"
			 "e\xcc\x81"
			 " \xe5\xad\xa6\xe6\xa0\xa1 x");
	/* a family is one character, and what joins it is not sent */
	stage_type(&st, "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9");
	stage_type(&st, "y");
	stage_press(&st, "<Left> <BS>");
	stage_shows(&st, " xy");
	stage_type(&st, "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9");
	assert_false(stage_was_sent(&st, "\xe2\x80\x8d"));
	assert_string_equal(saved_text(),
		"caf"
		"e\xcc\x81"
		" \xe5\xad\xa6\xe6\xa0\xa1 "
		"x\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9y");
}

static void
test_tabs_line_up(void **state)
{
	int row, col;

	(void)state;
	stage_paste(&st, "Mon\t7\nTuesday\t12");
	stage_shows(&st, "| Mon     7");
	stage_shows(&st, "| Tuesday 12");
	stage_cursor(&row, &col);
	assert_int_equal(col, 5 + 10);
	assert_string_equal(saved_text(), "Mon\t7\nTuesday\t12");
}

static void
test_undo_and_redo_by_keys(void **state)
{
	(void)state;
	stage_type(&st, "first second third");
	stage_press(&st, "<C-w> <C-w>");
	stage_lacks(&st, "second");
	stage_press(&st, "<C-r>");
	stage_shows(&st, "first second");
	stage_press(&st, "<C-y>");
	stage_lacks(&st, "second");
	stage_press(&st, "<C-r> <C-r> <C-p> <C-p> <C-t>");
	assert_string_equal(saved_text(), "first third");
}

/* Home and End go by the screen's lines, then to the text's own ends. */
static void
test_home_and_end(void **state)
{
	struct buf all = BUF_INIT;
	int row, top, col;

	(void)state;
	for (int i = 0; i < 30; i++)
		buf_puts(&all, "eight ch ");
	stage_paste(&st, buf_text(&all));
	buf_release(&all);
	stage_cursor(&row, &col);
	stage_press(&st, "<Home>");
	stage_cursor(&top, &col);
	assert_int_equal(top, row);
	assert_int_equal(col, 5);
	stage_press(&st, "<Home>");
	stage_cursor(&top, &col);
	assert_int_equal(top, row - 3);
	stage_press(&st, "<PgDn>");
	stage_cursor(&top, &col);
	assert_int_equal(top, row);
	stage_press(&st, "<C-Home> <Down> <End>");
	stage_cursor(&top, &col);
	assert_int_equal(top, row - 2);
	assert_true(col > 60);
}

/* A paste that is too long is refused whole, and says by how much. */
static void
test_a_paste_that_does_not_fit(void **state)
{
	char *big = mem_alloc(100001);

	(void)state;
	memset(big, 'x', 100000);
	stage_type(&st, "kept");
	stage_paste(&st, big);
	stage_shows(&st, "100000 bytes more do not fit");
	big[60000] = '\0';
	stage_paste(&st, big);
	stage_lacks(&st, "do not fit");
	app_keep(&st.s.app);
	stage_paint(&st);
	stage_shows(&st, "1 word, 60004 of 65536 bytes");
	assert_int_equal(strlen(saved_text()), 60004);
	free(big);
}

/* A word finds its choice though another begins with the same letter. */
static void
test_a_word_at_choices(void **state)
{
	(void)state;
	stage_press(&st, "<Esc> y");
	form_new(&st.s.app, "attendance", NULL, NULL);
	stage_paint(&st);
	for (int i = 0; i < 12 && !strstr(stage_all(&st), ">  Status"); i++)
		stage_press(&st, "<Tab>");
	stage_press(&st, "a");
	stage_shows(&st, "(o) Assigned");
	stage_press(&st, "t");
	stage_shows(&st, "(o) Attended");
	stage_press(&st, "x");
	stage_shows(&st, "No choice begins with 'x'");
	stage_shows(&st, "(o) Attended");
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_letters_of_all_kinds),
		TEST(test_tabs_line_up),
		TEST(test_undo_and_redo_by_keys),
		TEST(test_home_and_end),
		TEST(test_a_paste_that_does_not_fit),
		TEST(test_a_word_at_choices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
