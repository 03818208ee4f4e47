/* What the screens send, in bytes, on a replica of 20,000 records and on four
 * terminals: budgets.md, "Screens". No times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/crowd.h"
#include "tests/support/good.h"
#include "tests/support/stage.h"

#define FIRST_PAINT_MAX 2000
#define SCREEN_MAX 2000
#define MOVE_MAX 16
#define MOVE_ROW_MAX 180
#define SCROLL_MAX 150
#define PAGE_MAX 1500
#define TICK_MAX 24
#define TYPE_END_MAX 4
#define TYPE_INSIDE_MAX 200

#define BODY_ROWS 19 /* of a list at 80x24, below its heads */
#define TICK_MS 10000
#define TICKS_A_MINUTE 6

static const char *const terminals[] = {
	"xterm-256color", "screen", "linux", "vt220"};

static struct fixture f;
static struct stage st;

static int
make_crowd(void **state)
{
	(void)state;
	fixture_begin(&f);
	good(crowd_make(f.path, &f.clock, &f.r, &why));
	return 0;
}

static int
remove_crowd(void **state)
{
	(void)state;
	fixture_remove(&f);
	return 0;
}

static void
open_on(const char *terminal, const char *kind, const char *select)
{
	stage_open_on(&st, &f,
		&(struct screens_options){
			.kind = kind, .look = {.select = select}},
		terminal, 24, 80);
}

/* This many times the key; each answer within its budget. Prints the most. */
static void
press_within(const char *name, int times, long max, const char *what)
{
	long most = 0;

	for (int i = 0; i < times; i++) {
		stage_press(&st, name);
		if (st.sent > most)
			most = st.sent;
	}
	print_message("%s: %ld of %ld\n", what, most, max);
	assert_in_range(most, 1, max);
}

static void
first_paint(const char *terminal)
{
	open_on(terminal, NULL, "mark");
	assert_in_range(st.sent, 500, FIRST_PAINT_MAX);
	stage_close(&st);
	open_on(terminal, "project", "mark");
	assert_in_range(st.sent, 500, FIRST_PAINT_MAX);
	stage_paint(&st);
	assert_int_equal(st.sent, 0);
	stage_close(&st);
}

static void
rows_and_pages(const char *terminal)
{
	open_on(terminal, "project", "mark");
	press_within("j", BODY_ROWS - 1, MOVE_MAX, "row down");
	press_within("k", BODY_ROWS - 1, MOVE_MAX, "row up");
	press_within("<Down>", BODY_ROWS - 1, MOVE_MAX, "arrow down");
	stage_press(&st, "j");
	press_within("j", 40, SCROLL_MAX, "row down that scrolls");
	for (int i = 1; i < BODY_ROWS; i++)
		stage_press(&st, "k");
	stage_press(&st, "k");
	press_within("k", 20, SCROLL_MAX, "row up that scrolls");
	press_within("<PgDn>", 20, PAGE_MAX, "page down");
	press_within("<PgUp>", 5, PAGE_MAX, "page up");
	stage_close(&st);
	open_on(terminal, "project", NULL);
	press_within("j", BODY_ROWS - 1, MOVE_ROW_MAX, "highlighted row down");
	stage_close(&st);
}

/* From anywhere to anywhere, and back. */
static void
screen_changes(const char *terminal)
{
	static const char *const ways[] = {"g p", "<Enter>", "e", "<Esc>", "h",
		"<Esc>", "<F4>", "<Esc>", "<Esc>", "g b", "g s", "g c", "g l",
		"<Esc>", "<F3>", "<Esc>", "<F9>", "<Esc>", "<F1>", "<Esc>",
		"<F8>", "<C-l>"};

	open_on(terminal, NULL, "mark");
	for (size_t i = 0; i < COUNT(ways); i++)
		press_within(ways[i], 1, SCREEN_MAX, ways[i]);
	stage_close(&st);
}

/* Three hours without a key: each minute its status, and nothing else. */
static void
hours(const char *terminal)
{
	good(replica_meta_set_int(
		f.r, META_LAST_SYNC, f.now.wall_ms - 5 * 60000, &why));
	open_on(terminal, "project", "mark");
	for (int minute = 0; minute < 180; minute++) {
		int paints = 0;

		for (int i = 0; i < TICKS_A_MINUTE; i++) {
			fixture_pass(&f, TICK_MS);
			stage_paint(&st);
			assert_in_range(st.sent, 0, TICK_MAX);
			paints += st.sent > 0;
		}
		assert_in_range(paints, 0, 1);
	}
	stage_close(&st);
}

static void
letters(const char *terminal)
{
	open_on(terminal, "project", "mark");
	stage_press(&st, "<Enter> <F4>");
	stage_type(&st, "Manager sa");
	press_within("y", 20, TYPE_END_MAX, "letter at the end");
	stage_type(&st, " and a good many words more, so that the text goes "
			"on over the end of this line and of the next one "
			"too, for three lines in all.");
	stage_press(&st, "<Up> <Up> <Home> <Right>");
	press_within("z", 20, TYPE_INSIDE_MAX, "letter inside");
	stage_press(&st, "<F2>");
	stage_close(&st);
}

static void
on_all(void (*test)(const char *terminal))
{
	for (size_t i = 0; i < COUNT(terminals); i++) {
		print_message("%s\n", terminals[i]);
		test(terminals[i]);
	}
}

static void
test_first_paint(void **state)
{
	(void)state;
	on_all(first_paint);
}

static void
test_rows_and_pages(void **state)
{
	(void)state;
	on_all(rows_and_pages);
}

static void
test_screen_changes(void **state)
{
	(void)state;
	on_all(screen_changes);
}

static void
test_hours(void **state)
{
	(void)state;
	on_all(hours);
}

static void
test_letters(void **state)
{
	(void)state;
	on_all(letters);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_paint),
		cmocka_unit_test(test_rows_and_pages),
		cmocka_unit_test(test_screen_changes),
		cmocka_unit_test(test_hours),
		cmocka_unit_test(test_letters),
	};

	return cmocka_run_group_tests(tests, make_crowd, remove_crowd);
}
