/* A conflict on the screens, for whoever looks at it: which side a key
 * chooses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/conflicts.h"
#include "tests/support/good.h"
#include "tests/support/reader.h"
#include "tests/support/stage.h"

static struct fixture f;
static struct stage st;

/* An edit of the goal of 30-1 that was made without having seen `lost`. */
static void
set_goal(const char *edit, const char *by, const char *goal,
	const char *const *lost)
{
	struct entry e =
		fixture_entry(&f, edit, by, "project/30-1", "goal", goal, NULL);
	struct standing *over = lost ? verdict_stand(&e.verdict, "goal") : NULL;
	struct edit_id id;

	for (; lost && *lost; lost++) {
		assert_true(edit_id_parse(*lost, &id));
		standing_add(over, id);
	}
	fixture_take(&f, &e, NULL);
}

/* A sergeant looks at what others set: Doe's goal, which lost to Chen's. */
static int
begin(void **state)
{
	struct entry e;

	stage_make(&st, &f, state);
	e = fixture_entry(
		&f, "0.900", "", "member/4471", "access", "sergeant", NULL);
	fixture_take(&f, &e, "dept");
	e = fixture_entry(&f, "0.901", "", "member/4490", "name", "Doe", NULL);
	fixture_take(&f, &e, "dept");
	e = fixture_entry(&f, "48.1", "4480", "project/30-1", "title", "Motel",
		"beat_ids", "35X", NULL);
	fixture_take(&f, &e, "beat:35X");
	set_goal("49.1", "4490", "Cut by half", NULL);
	fixture_pass(&f, 60000);
	set_goal("48.2", "4480", "Cut by a third",
		(const char *const[]){"49.1", NULL});
	return 0;
}

static void
expect_goal(const char *goal)
{
	struct conflicts all = {0};

	assert_string_equal(fixture_text(&f, "project", "30-1", "goal"), goal);
	good(conflicts_read(f.r, NULL, NULL, &all, &why));
	assert_int_equal(all.count, 0);
	conflicts_release(&all);
}

static void
look(void)
{
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g c");
	stage_shows(&st, "Chen 14 Jul 03:32: Cut by a third  <- in force");
	stage_shows(&st, "Doe 14 Jul 03:31: Cut by half");
	stage_row_shows(&st, 24, "m keep Chen's  t take Doe's");
}

static void
test_what_lost_between_others_is_taken(void **state)
{
	(void)state;
	look();
	stage_press(&st, "t");
	stage_shows(&st, "No open conflicts");
	expect_goal("Cut by half");
}

static void
test_what_is_in_force_between_others_is_kept(void **state)
{
	(void)state;
	look();
	stage_press(&st, "m");
	stage_shows(&st, "No open conflicts");
	expect_goal("Cut by a third");
}

/* One's own side is m's, whichever is in force. */
static void
test_ones_own_side_is_named(void **state)
{
	(void)state;
	set_goal("51.1", "4471", "Cut it to nothing",
		(const char *const[]){"48.2", "49.1", NULL});
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g c");
	stage_shows(&st, "yours 14 Jul 03:32: Cut it to nothing  <- in force");
	stage_row_shows(&st, 24, "m keep yours  e edit");
	stage_press(&st, "j j");
	stage_row_shows(&st, 24, "m keep yours  t take Chen's");
	stage_press(&st, "m");
	expect_goal("Cut it to nothing");
}

/* Of more than two, the one that is chosen by the arrows. */
static void
test_of_three_sides_any_is_taken(void **state)
{
	static const struct {
		const char *keys, *hints;
	} ways[] = {
		{"<Down>", "m keep Ruiz's  e edit"},
		{"<Down>", "m keep Ruiz's  t take Chen's"},
		{"<Down>", "m keep Ruiz's  t take Doe's"},
	};
	struct entry e = fixture_entry(
		&f, "0.902", "", "member/4495", "name", "Ruiz", NULL);

	(void)state;
	fixture_take(&f, &e, "dept");
	fixture_pass(&f, 60000);
	set_goal("50.1", "4495", "Cut to one",
		(const char *const[]){"48.2", "49.1", NULL});
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g c");
	stage_shows(&st, "first choose the one to take");
	stage_row_shows(&st, 24, "m keep Ruiz's  e edit");
	stage_press(&st, "t");
	stage_shows(&st, "theirs: first choose the value to take");
	for (size_t i = 0; i < COUNT(ways); i++) {
		stage_press(&st, ways[i].keys);
		stage_row_shows(&st, 24, ways[i].hints);
	}
	stage_press(&st, "t");
	stage_shows(&st, "No open conflicts");
	expect_goal("Cut by half");
}

/* Two devices of one person: no name tells their sides apart. */
static void
test_two_sides_of_one_person(void **state)
{
	struct entry e = fixture_entry(&f, "48.3", "4480", "project/30-2",
		"title", "Lake", "beat_ids", "35X", "goal", "Half", NULL);

	(void)state;
	good(conflict_resolve(f.r, "project", "30-1", "goal", NULL, &why));
	fixture_take(&f, &e, "beat:35X");
	e = fixture_entry(
		&f, "52.1", "4480", "project/30-2", "goal", "A third", NULL);
	standing_add(
		verdict_stand(&e.verdict, "goal"), (struct edit_id){48, 3});
	fixture_take(&f, &e, NULL);
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g c");
	stage_row_shows(&st, 24, "m keep what is in force  t take the other");
	stage_press(&st, "t");
	stage_shows(&st, "No open conflicts");
	assert_string_equal(
		fixture_text(&f, "project", "30-2", "goal"), "Half");
}

/* What is not wide enough for verbs still names whom. */
static void
test_on_a_narrow_screen(void **state)
{
	(void)state;
	stage_open_on(&st, &f, &(struct screens_options){0}, "vt220", 10, 40);
	stage_press(&st, "g c");
	stage_row_shows(&st, 10, "m Chen  t Doe");
}

/* The same in lines: the words say whom, and are taken. */
static void
test_in_plain_lines(void **state)
{
	static struct reader r;

	(void)state;
	reader_open(&r, &f, NULL, NULL, NULL);
	reader_say(&r, "conflicts");
	reader_hears(&r, "\nChen 14 Jul 03:32: Cut by a third  <- in force");
	reader_say(&r, "?");
	reader_hears(&r, "mine (keep Chen's): ");
	reader_hears(&r, "\ntheirs (take Doe's): ");
	reader_say(&r, "take doe's");
	reader_hears(&r, "No open conflicts.\n");
	reader_close(&r);
	expect_goal("Cut by half");
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_lost_between_others_is_taken),
		TEST(test_what_is_in_force_between_others_is_kept),
		TEST(test_ones_own_side_is_named),
		TEST(test_of_three_sides_any_is_taken),
		TEST(test_two_sides_of_one_person),
		TEST(test_on_a_narrow_screen),
		TEST(test_in_plain_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
