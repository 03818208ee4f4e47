/* What is drawn is read back as text: no terminal takes part. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tui/canvas.h"

#define E_ACUTE "e\xcc\x81"		/* a letter and a mark upon it */
#define WIDE "\xe6\xbc\xa2\xe5\xad\x97" /* two characters of two cells */
#define LAO "\xe6\xbc\xa2"		/* the first of them */

static struct canvas c;
static const struct look utf8 = {.utf8 = true, .glyphs = true};
static const struct look ascii = {0};

static int
begin(void **state)
{
	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8"); /* widths are its */
	canvas_begin(&c, 6, 20, &utf8);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	canvas_release(&c);
	return 0;
}

static void
row_is(int row, const char *expected)
{
	struct buf b = BUF_INIT;

	canvas_row_text(&c, row, &b);
	assert_string_equal(buf_text(&b), expected);
	buf_release(&b);
}

static void
test_text_is_clipped_by_cells(void **state)
{
	(void)state;
	assert_int_equal(canvas_text(&c, 0, 2, 30, INK_PLAIN, "harbor"), 6);
	row_is(0, "  harbor");
	assert_int_equal(canvas_text(&c, 1, 0, 4, INK_PLAIN, "harbor"), 4);
	row_is(1, "har\xe2\x80\xa6");
	assert_int_equal(canvas_text(&c, 2, 0, 3, INK_PLAIN, WIDE), 3);
	row_is(2, LAO "\xe2\x80\xa6");
	assert_int_equal(canvas_text(&c, 3, 15, 30, INK_PLAIN, "harbor"), 5);
	row_is(3, "               harb\xe2\x80\xa6");
	assert_int_equal(canvas_text(&c, 6, 0, 9, INK_PLAIN, "below"), 0);
	assert_int_equal(canvas_text(&c, -1, 0, 9, INK_PLAIN, "above"), 0);
	assert_int_equal(canvas_text(&c, 5, 20, 9, INK_PLAIN, "beside"), 0);
	row_is(5, "");
}

static void
test_marks_join_their_letter(void **state)
{
	(void)state;
	assert_int_equal(
		canvas_text(&c, 0, 0, 9, INK_PLAIN, "caf" E_ACUTE " x"), 6);
	row_is(0, "caf" E_ACUTE " x");
	assert_string_equal(c.lines[0].cells[3].text, E_ACUTE);
	for (int i = 0; i < 40; i++)
		canvas_text(&c, 1, 0, 9, INK_PLAIN,
			E_ACUTE "\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
				"\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81");
	assert_true(strlen(c.lines[1].cells[0].text) < CELL_BYTES);
	assert_int_equal(canvas_text(&c, 2, 0, 9, INK_PLAIN, "\xcc\x81"), 0);
	row_is(2, "");
}

static void
test_half_a_wide_character_is_none(void **state)
{
	(void)state;
	canvas_text(&c, 0, 0, 9, INK_PLAIN, WIDE);
	canvas_text(&c, 0, 1, 1, INK_PLAIN, "x");
	row_is(0, " x\xe5\xad\x97");
	canvas_text(&c, 1, 0, 9, INK_PLAIN, WIDE);
	canvas_text(&c, 1, 2, 1, INK_PLAIN, "y");
	row_is(1, LAO "y");
	canvas_text(&c, 2, 0, 9, INK_PLAIN, "ab" WIDE);
	canvas_text(&c, 2, 1, 2, INK_PLAIN, LAO);
	row_is(2, "a" LAO " \xe5\xad\x97");
}

static void
test_controls_and_other_terminals(void **state)
{
	(void)state;
	canvas_text(&c, 0, 0, 20, INK_PLAIN, "a\x1b[31m\xc2\x9b");
	row_is(0, "a^[[31m^[");
	canvas_begin(&c, 6, 20, &ascii);
	row_is(0, "");
	canvas_text(&c, 0, 0, 20, INK_PLAIN, "caf" E_ACUTE " " WIDE);
	row_is(0, "cafe ????");
	canvas_text(&c, 1, 0, 3, INK_PLAIN, "harbor");
	row_is(1, "ha~");
}

static void
test_lines_that_have_no_canvas(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	canvas_put_lines(&utf8,
		"a\x1b[31m\xc2\x9b\x07\r\n\tb\xff"
		"\xe2\x80\xae" WIDE "\n",
		&b);
	assert_string_equal(
		buf_text(&b), "a^[[31m^[^G^M\n        b\xef\xbf\xbd" WIDE "\n");
	buf_clear(&b);
	canvas_put_lines(&ascii, "b\xff" WIDE, &b);
	assert_string_equal(buf_text(&b), "b?????");
	buf_release(&b);
}

static void
test_lines_and_rules(void **state)
{
	(void)state;
	canvas_text(&c, 0, 0, 20, INK_PLAIN, "what was there before");
	canvas_line(&c, 0, INK_PLAIN, "new");
	row_is(0, " new");
	canvas_rule(&c, 1, "Goal");
	row_is(1, "--- Goal -----------");
}

static void
test_rows_that_can_be_chosen(void **state)
{
	(void)state;
	canvas_sign(&c, 0, '*');
	canvas_mark(&c, 1, false, 'x');
	canvas_mark(&c, 3, true, 0);
	canvas_mark(&c, 6, false, 0);
	canvas_pick(&c, 4, false);
	row_is(0, "  *");
	row_is(1, "  x");
	row_is(3, ">");
	row_is(4, "");
	assert_int_equal(c.pick_count, 3);
	assert_int_equal(c.picks[0], 1);
	assert_int_equal(c.picks[1], 3);
	assert_int_equal(c.picks[2], 4);
	assert_int_equal(c.chosen, 1);
	assert_int_equal(c.cursor_row, 3);
	canvas_begin(&c, 6, 20, &utf8);
	assert_int_equal(c.pick_count, 0);
	assert_int_equal(c.chosen, -1);
}

static void
test_items_apart(void **state)
{
	(void)state;
	canvas_begin(&c, 12, 20, &utf8);
	c.numbered = true;
	canvas_text(&c, 0, 0, 20, INK_TITLE, "title");
	canvas_text(&c, 1, 1, 20, INK_HEAD, "head");
	canvas_text(&c, 2, 4, 20, INK_PLAIN, "one");
	canvas_mark(&c, 2, false, '*');
	canvas_text(&c, 3, 4, 20, INK_PLAIN, "and more of it");
	canvas_text(&c, 4, 4, 20, INK_PLAIN, "two");
	canvas_mark(&c, 4, true, 0);
	canvas_text(&c, 6, 1, 20, INK_HEAD, "head");
	canvas_text(&c, 7, 4, 20, INK_PLAIN, "three");
	canvas_mark(&c, 7, false, 0);
	canvas_text(&c, 11, 0, 20, INK_PLAIN, "hints");
	assert_int_equal(canvas_gaps(&c, 1), 1);
	canvas_spread(&c, 1, 9);
	row_is(0, "title");
	row_is(1, " head");
	row_is(2, " 1* one");
	row_is(3, "    and more of it");
	row_is(4, "");
	row_is(5, ">2  two");
	row_is(6, "");
	row_is(7, " head");
	row_is(8, " 3  three");
	row_is(9, "");
	row_is(11, "hints");
	assert_int_equal(c.cursor_row, 5);
	assert_int_equal(c.marked, 5);
	assert_int_equal(c.picks[1], 5);
	assert_int_equal(c.picks[2], 8);
}

/* A front end without screens asks for as many rows as there are. */
static void
test_any_number_of_rows(void **state)
{
	(void)state;
	canvas_begin(&c, 100000, 200, &utf8);
	canvas_text(&c, 99999, 199, 1, INK_PLAIN, "x");
	assert_null(c.lines[5].cells);
	canvas_begin(&c, 3, 40, &utf8);
	row_is(2, "");
	canvas_text(&c, 2, 39, 9, INK_PLAIN, "x");
	canvas_begin(&c, 200, 40, &utf8);
	row_is(2, "");
	canvas_text(&c, 199, 0, 9, INK_PLAIN, "last");
	row_is(199, "last");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(test_text_is_clipped_by_cells),
		TEST(test_marks_join_their_letter),
		TEST(test_half_a_wide_character_is_none),
		TEST(test_controls_and_other_terminals),
		TEST(test_lines_that_have_no_canvas),
		TEST(test_lines_and_rules),
		TEST(test_rows_that_can_be_chosen),
		TEST(test_items_apart),
		TEST(test_any_number_of_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
