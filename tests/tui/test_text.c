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
#define MAN "\xf0\x9f\x91\xa8"
#define WOMAN "\xf0\x9f\x91\xa9"
#define JOINER "\xe2\x80\x8d"
#define COUPLE MAN JOINER WOMAN			 /* one character */
#define THUMB "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd" /* with a skin tone */
#define FLAG_US "\xf0\x9f\x87\xba\xf0\x9f\x87\xb8"
#define FLAG_MX "\xf0\x9f\x87\xb2\xf0\x9f\x87\xbd"

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

/* Each of these is one character for the cursor, however many code points. */
static void
test_characters_are_whole(void **state)
{
	static const char *const whole[] = {E_ACUTE, WIDE, COUPLE, THUMB,
		FLAG_US, "\xe2\x9d\xa4\xef\xb8\x8f" /* a heart, coloured */};
	struct text t;

	(void)state;
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		text_init(&t, false, 100);
		type(&t, "a");
		type(&t, whole[i]);
		type(&t, "b");
		text_left(&t);
		text_left(&t);
		assert_int_equal(t.at, 1);
		text_right(&t);
		assert_int_equal(t.at, 1 + strlen(whole[i]));
		text_move(&t, 2);
		assert_int_equal(t.at, 1);
		assert_true(text_rub_right(&t));
		assert_string_equal(text_get(&t), "ab");
		text_release(&t);
	}
}

static void
test_flags_are_told_apart(void **state)
{
	struct text t;

	(void)state;
	text_init(&t, false, 100);
	type(&t, FLAG_US);
	type(&t, FLAG_MX);
	assert_true(text_rub_left(&t));
	assert_string_equal(text_get(&t), FLAG_US);
	type(&t, FLAG_MX);
	text_left(&t);
	assert_int_equal(t.at, 8);
	text_release(&t);
}

/* What is left behind a character that goes may join what stands before it:
 * the cursor never stands within. */
static void
test_the_cursor_stands_before_a_character(void **state)
{
	struct text t;

	(void)state;
	text_init(&t, true, 100);
	type(&t, "e\n\xcc\x81x");
	text_move(&t, 2);
	assert_int_equal(t.at, 2);
	assert_true(text_rub_left(&t)); /* the accent is the e's now */
	assert_int_equal(t.at, 3);
	assert_true(text_undo(&t));
	assert_string_equal(text_get(&t), "e\n\xcc\x81x");
	text_release(&t);
}

static void
test_words(void **state)
{
	struct text t;

	(void)state;
	text_init(&t, true, 100);
	type(&t, "one  two\nthree");
	text_word_left(&t);
	assert_int_equal(t.at, 9);
	text_word_left(&t);
	assert_int_equal(t.at, 5);
	text_word_left(&t);
	text_word_left(&t);
	assert_int_equal(t.at, 0);
	text_word_right(&t);
	assert_int_equal(t.at, 5);
	assert_true(text_rub_word_right(&t));
	assert_string_equal(text_get(&t), "one  three");
	text_last(&t);
	assert_false(text_rub_word_right(&t));
	text_word_right(&t);
	assert_int_equal(t.at, 10);
	text_first(&t);
	assert_int_equal(t.at, 0);
	assert_true(text_rub_line_end(&t));
	assert_string_equal(text_get(&t), "");
	assert_false(text_rub_word(&t));
	text_release(&t);
}

static void
test_redo(void **state)
{
	struct text t;

	(void)state;
	text_init(&t, false, 100);
	assert_false(text_redo(&t));
	type(&t, "o");
	type(&t, "n");
	type(&t, "e");
	text_rub_left(&t);
	text_rub_left(&t); /* one run: undone as one */
	assert_string_equal(text_get(&t), "o");
	assert_true(text_undo(&t));
	assert_string_equal(text_get(&t), "one");
	assert_int_equal(t.at, 3);
	assert_true(text_undo(&t));
	assert_string_equal(text_get(&t), "");
	assert_true(text_redo(&t));
	assert_string_equal(text_get(&t), "one");
	assert_true(text_redo(&t));
	assert_string_equal(text_get(&t), "o");
	assert_false(text_redo(&t));
	text_undo(&t);
	type(&t, "s"); /* what was undone is gone for good */
	assert_false(text_redo(&t));
	assert_string_equal(text_get(&t), "ones");
	text_release(&t);
}

static void
test_letters_rubbed_to_the_right_are_one(void **state)
{
	struct text t;

	(void)state;
	text_init(&t, false, 100);
	type(&t, "shop owner");
	text_first(&t);
	for (int i = 0; i < 4; i++)
		text_rub_right(&t);
	assert_string_equal(text_get(&t), " owner");
	assert_true(text_undo(&t));
	assert_string_equal(text_get(&t), "shop owner");
	text_release(&t);
}

static void
test_a_paste_is_undone_by_itself(void **state)
{
	struct text t;

	(void)state;
	text_init(&t, false, 100);
	type(&t, "a");
	type(&t, "b");
	type(&t, "pasted");
	type(&t, "c");
	assert_true(text_undo(&t));
	assert_true(text_undo(&t));
	assert_string_equal(text_get(&t), "ab");
	assert_true(text_replace(&t, "chosen"));
	assert_true(text_undo(&t));
	assert_string_equal(text_get(&t), "ab");
	text_release(&t);
}

/* Many pastes that are undone keep a bounded memory. */
static void
test_undo_forgets_the_oldest(void **state)
{
	static char big[400000];
	struct text t;
	int undone = 0;

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	text_init(&t, true, 1000000);
	for (int i = 0; i < 9; i++) {
		text_replace(&t, big);
		text_replace(&t, "");
	}
	assert_true(t.undo.bytes <= 1 << 20);
	while (text_undo(&t))
		undone++;
	assert_in_range(undone, 2, 17);
	text_release(&t);
}

static void
test_tabs(void **state)
{
	struct area a = {0};
	struct text t;

	(void)state;
	text_init(&t, true, 100);
	type(&t, "ab\tc");
	assert_string_equal(text_get(&t), "ab\tc");
	area_lay(&a, &t, 20);
	assert_int_equal(a.count, 1);
	assert_int_equal(a.col, 9);
	text_left(&t);
	text_left(&t);
	area_lay(&a, &t, 20);
	assert_int_equal(a.col, 2);
	text_last(&t);
	type(&t, "\tdef"); /* 16 and 3 cells, 19 is the last for text */
	area_lay(&a, &t, 20);
	assert_int_equal(a.count, 1);
	type(&t, "g");
	area_lay(&a, &t, 20);
	assert_int_equal(a.count, 2);
	assert_int_equal(a.lines[0].len, 4);
	area_release(&a);
	text_release(&t);
}

/* Lines that no blank breaks: an end is still within its own line. */
static void
test_moving_through_unbroken_lines(void **state)
{
	struct area a = {0};
	struct text t;

	(void)state;
	text_init(&t, true, 100);
	type(&t, WIDE WIDE WIDE WIDE WIDE WIDE);
	type(&t, "\nabcdef");
	assert_true(area_move(&a, &t, -1, 7));
	assert_int_equal(a.row, 1);
	assert_true(area_move(&a, &t, -1, 7));
	assert_int_equal(a.row, 0);
	assert_int_equal(t.at, 6);
	assert_false(area_line_end(&a, &t, 7));
	assert_true(area_line_start(&a, &t, 7));
	assert_int_equal(t.at, 0);
	assert_true(area_move(&a, &t, 9, 7));
	assert_int_equal(a.row, 2);
	assert_false(area_move(&a, &t, 9, 7));
	area_release(&a);
	text_release(&t);
}

/* Through a short line and out again, the column is the one it came from. */
static void
test_moves_keep_their_column(void **state)
{
	struct area a = {0};
	struct text t;

	(void)state;
	text_init(&t, true, 100);
	type(&t, "abcdef\nx\nuvwxyz");
	text_left(&t);
	assert_true(area_move(&a, &t, -1, 20));
	assert_int_equal(a.col, 1);
	assert_true(area_move(&a, &t, -1, 20));
	assert_int_equal(a.col, 5);
	area_release(&a);
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
		cmocka_unit_test(test_characters_are_whole),
		cmocka_unit_test(test_flags_are_told_apart),
		cmocka_unit_test(test_the_cursor_stands_before_a_character),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_redo),
		cmocka_unit_test(test_letters_rubbed_to_the_right_are_one),
		cmocka_unit_test(test_a_paste_is_undone_by_itself),
		cmocka_unit_test(test_undo_forgets_the_oldest),
		cmocka_unit_test(test_tabs),
		cmocka_unit_test(test_moving_through_unbroken_lines),
		cmocka_unit_test(test_moves_keep_their_column),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
