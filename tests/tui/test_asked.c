/* What a question is about changes before it is answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/good.h"
#include "tests/support/stage.h"

static struct fixture f;
static struct stage st;

#define COMES(edit, record, ...)                                            \
	stage_take(&st, &f,                                                 \
		fixture_entry(&f, edit, "4480", record, __VA_ARGS__, NULL), \
		"beat:35X")

static int
begin(void **state)
{
	struct entry e;

	stage_make(&st, &f, state);
	e = fixture_entry(&f, "48.1", "4480", "project/30-1", "title", "Garage",
		"beat_ids", "35X", "stage", "scanning", "status", "open", NULL);
	fixture_take(&f, &e, "beat:35X");
	e = fixture_entry(&f, "48.2", "4480", "action_item/30-2", "text",
		"Call back", "source_id", "project/30-1", "status", "open",
		NULL);
	fixture_take(&f, &e, "beat:35X");
	return 0;
}

static void
test_another_moved_it_on(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", "30-1", NULL);
	stage_press(&st, "S");
	stage_shows(&st, "to Analysis? y or n");
	COMES("48.3", "project/30-1", "stage", "analysis");
	stage_press(&st, "y");
	stage_shows(&st, "Chen changed it meanwhile");
	assert_string_equal(
		fixture_text(&f, "project", "30-1", "stage"), "analysis");
	stage_press(&st, "S");
	stage_shows(&st, "to Response? y or n");
	stage_press(&st, "y");
	stage_shows(&st, "Saved, not sent yet");
}

static void
test_another_did_something_with_a_promise(void **state)
{
	(void)state;
	stage_open(&st, &f, "action_item", "30-2", NULL);
	stage_press(&st, "D");
	COMES("48.3", "action_item/30-2", "status", "dropped");
	stage_press(&st, "y");
	stage_shows(&st, "Chen changed it meanwhile");
	assert_string_equal(
		fixture_text(&f, "action_item", "30-2", "status"), "dropped");
}

/* What was written as a reason stays, and is one of the record as it is. */
static void
test_another_changed_what_is_being_void(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", "30-1", NULL);
	stage_press(&st, "V");
	stage_type(&st, "entered twice");
	COMES("48.3", "project/30-1", "goal", "Half as many");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "Chen changed it meanwhile");
	stage_shows(&st, "for what reason: entered twice");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "Void, not sent yet");
}

/* What was written as an answer stays, and is one to the concern as it is. */
static void
test_another_referred_what_is_being_answered(void **state)
{
	(void)state;
	COMES("48.3", "concern/30-3", "text", "Car break-ins", "status", "open",
		"beat_id", "35X");
	stage_open(&st, &f, "concern", "30-3", NULL);
	stage_press(&st, "D");
	stage_type(&st, "More patrols");
	COMES("48.4", "concern/30-3", "status", "referred");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "Nothing is saved: Chen changed it meanwhile");
	stage_shows(&st, "in what words: More patrols");
	assert_string_equal(
		fixture_text(&f, "concern", "30-3", "status"), "referred");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "Answered, not sent yet");
	assert_string_equal(
		fixture_text(&f, "concern", "30-3", "status"), "answered");
}

/* Another window of one's own saved something since. */
static void
test_an_undo_is_of_the_save_it_names(void **state)
{
	(void)state;
	fixture_save(&f, "project", "30-1", "goal", "Half as many", NULL);
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "u");
	stage_shows(&st, "Undo 30-1: Goal Half as many? y or n");
	fixture_save(&f, "project", "30-1", "problem", "Car break-ins", NULL);
	stage_press(&st, "y");
	stage_shows(&st, "saved meanwhile");
	assert_string_equal(fixture_text(&f, "project", "30-1", "problem"),
		"Car break-ins");
	stage_press(&st, "u");
	stage_shows(&st, "Undo 30-1: Problem Car break-ins? y or n");
	stage_press(&st, "y");
	assert_string_equal(fixture_text(&f, "project", "30-1", "problem"), "");
}

/* A choice that was left open keeps the place it was asked from. */
static void
test_a_choice_after_many_places(void **state)
{
	(void)state;
	stage_open(&st, &f, "project", "30-1", NULL);
	COMES("48.3", "project/30-1", "beat_ids", "35X,12Y");
	for (int i = 0; i < 20 && !strstr(stage_all(&st), ">   Beats"); i++)
		stage_press(&st, "j");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "GO TO");
	for (int i = 0; i < 25; i++) {
		stage_press(&st, "<F3>");
		stage_type(&st, "garage");
		stage_press(&st, "<Enter>");
	}
	for (int i = 0; i < 60 && !strstr(stage_all(&st), "GO TO"); i++)
		stage_press(&st, "<Esc>");
	stage_shows(&st, "GO TO");
	stage_press(&st, "<Enter>");
	stage_lacks(&st, "GO TO");
	stage_press(&st, "<Esc>");
	stage_shows(&st, "30-1  Garage");
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_another_moved_it_on),
		TEST(test_another_did_something_with_a_promise),
		TEST(test_another_changed_what_is_being_void),
		TEST(test_another_referred_what_is_being_answered),
		TEST(test_an_undo_is_of_the_save_it_names),
		TEST(test_a_choice_after_many_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
