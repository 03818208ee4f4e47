/* Text being edited: UTF-8, wide and combining letters, wrapping, undo. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/area.h"
#include "tui/text.h"

#define E_ACUTE "e\xcc\x81" /* e and a combining accent */
#define WIDE "\xe5\xad\xa6" /* two cells */
#define N_TILDE "\xc3\xb1"

static void
type(struct text *t, const char *s)
{
	assert_true(text_insert(t, s, strlen(s)));
}

static void
test_typing_and_rubbing(void **state)
{
	struct text t;

	(void)state;
	text_init(&t, false, 100);
	type(&t, "se");
	type(&t, N_TILDE);
	type(&t, "al");
	assert_string_equal(text_get(&t), "se" N_TILDE "al");
	text_left(&t);
	text_left(&t);
	assert_true(text_rub_left(&t));
	assert_string_equal(text_get(&t), "seal");
	assert_true(text_rub_right(&t));
	assert_string_equal(text_get(&t), "sel");
	text_start(&t);
	assert_false(text_rub_left(&t));
	text_end(&t);
	assert_false(text_rub_right(&t));
	text_release(&t);
}

static void
test_combining_marks_stay_with_their_letter(void **state)
{
	struct text t;

	(void)state;
	text_init(&t, false, 100);
	type(&t, "caf" E_ACUTE);
	type(&t, " x");
	text_left(&t);
	text_left(&t);
	text_left(&t); /* over e and accent in one */
	type(&t, "-");
	assert_string_equal(text_get(&t), "caf-" E_ACUTE " x");
	assert_true(text_rub_right(&t));
	assert_string_equal(text_get(&t), "caf- x");
	text_release(&t);
}

static void
test_controls_do_not_get_in(void **state)
{
	struct text t;

	(void)state;
	text_init(&t, false, 100);
	type(&t, "a\x1b[2Jb\nc\td");
	assert_string_equal(text_get(&t), "a [2Jb c d");
	text_release(&t);
	text_init(&t, true, 100);
	type(&t, "a\r\nb\x07");
	assert_string_equal(text_get(&t), "a\nb ");
	text_release(&t);
}

static void
test_full_takes_nothing_more(void **state)
{
	struct text t;

	(void)state;
	text_init(&t, false, 5);
	type(&t, "12345");
	assert_false(text_insert(&t, "6", 1));
	assert_string_equal(text_get(&t), "12345");
	text_release(&t);
}

static void
test_undo(void **state)
{
	struct text t;

	(void)state;
	text_init(&t, false, 100);
	type(&t, "one");
	type(&t, " ");
	type(&t, "t");
	type(&t, "w");
	type(&t, "o");
	text_rub_word(&t);
	assert_string_equal(text_get(&t), "one ");
	assert_true(text_undo(&t));
	assert_string_equal(text_get(&t), "one two");
	assert_true(text_undo(&t)); /* the word that was typed as one */
	assert_string_equal(text_get(&t), "one ");
	while (text_undo(&t))
		;
	assert_string_equal(text_get(&t), "");
	text_release(&t);
}

static void
test_lines(void **state)
{
	struct text t;

	(void)state;
	text_init(&t, true, 100);
	type(&t, "first\nsecond");
	text_start(&t);
	assert_int_equal(t.at, 6);
	text_right(&t);
	assert_true(text_rub_line(&t));
	assert_string_equal(text_get(&t), "first\necond");
	text_left(&t);
	text_start(&t);
	text_end(&t);
	assert_int_equal(t.at, 5);
	text_release(&t);
}

static void
test_wrapping(void **state)
{
	struct area a = {0};
	struct text t;

	(void)state;
	text_init(&t, true, 1000);
	type(&t, "Talked to the shop owner.\n\nBack Wed.");
	area_lay(&a, &t, 12);
	assert_int_equal(a.count, 5);
	assert_int_equal(a.lines[0].len, 9); /* Talked to */
	assert_int_equal(a.lines[1].len, 8); /* the shop */
	assert_int_equal(a.lines[3].len, 0); /* the empty line */
	assert_int_equal(a.row, 4);
	/* what was typed is what is kept: no blanks of the wrapping */
	assert_string_equal(
		text_get(&t), "Talked to the shop owner.\n\nBack Wed.");
	area_release(&a);
	text_release(&t);
}

static void
test_wide_letters_wrap_by_cells(void **state)
{
	struct area a = {0};
	struct text t;

	(void)state;
	text_init(&t, true, 1000);
	type(&t, WIDE WIDE WIDE WIDE WIDE);
	area_lay(&a, &t, 7); /* three of two cells, one is for the cursor */
	assert_int_equal(a.count, 2);
	assert_int_equal(a.lines[0].len, 9);
	assert_int_equal(a.col, 4);
	area_release(&a);
	text_release(&t);
}

static void
test_moving_between_lines(void **state)
{
	struct area a = {0};
	struct text t;

	(void)state;
	text_init(&t, true, 1000);
	type(&t, "abcdef\nx\nuvwxyz");
	assert_true(area_move(&a, &t, -1, 20));
	assert_int_equal(t.at, 8); /* the short line's end */
	assert_true(area_move(&a, &t, -1, 20));
	assert_int_equal(a.row, 0);
	assert_false(area_move(&a, &t, -1, 20));
	assert_true(area_move(&a, &t, 1, 20));
	assert_true(area_move(&a, &t, 1, 20));
	assert_false(area_move(&a, &t, 1, 20));
	area_release(&a);
	text_release(&t);
}

static void
test_a_field_follows_its_cursor(void **state)
{
	struct text t;
	int col;

	(void)state;
	text_init(&t, false, 1000);
	type(&t, "0123456789");
	assert_int_equal(field_window(&t, 20, &col), 0);
	assert_int_equal(col, 10);
	assert_int_equal(field_window(&t, 5, &col), 6);
	assert_int_equal(col, 4);
	text_start(&t);
	assert_int_equal(field_window(&t, 5, &col), 0);
	assert_int_equal(col, 0);
	text_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_typing_and_rubbing),
		cmocka_unit_test(test_combining_marks_stay_with_their_letter),
		cmocka_unit_test(test_controls_do_not_get_in),
		cmocka_unit_test(test_full_takes_nothing_more),
		cmocka_unit_test(test_undo),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_wrapping),
		cmocka_unit_test(test_wide_letters_wrap_by_cells),
		cmocka_unit_test(test_moving_between_lines),
		cmocka_unit_test(test_a_field_follows_its_cursor),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
