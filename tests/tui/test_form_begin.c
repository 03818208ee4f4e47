/* What a new record begins with, and what is said beside its fields. */
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

static int
begin(void **state)
{
	stage_make(&st, &f, state);
	return 0;
}

static void
run(const char *command)
{
	stage_press(&st, ":");
	stage_type(&st, command);
	stage_press(&st, "<Enter>");
}

/* The row of a field says so. */
static void
field_shows(const char *label, const char *value)
{
	for (int row = 2; row <= 21; row++) {
		const char *line = stage_row(&st, row);
		size_t len = strlen(label);

		if (strlen(line) < 22 || strncmp(line + 3, label, len) != 0 ||
			!strchr(" *", line[3 + len]))
			continue;
		if (strcmp(line + 22, value) == 0)
			return;
		fail_msg("%s is '%s', not '%s'", label, line + 22, value);
	}
	fail_msg("no field %s:\n%s", label, stage_all(&st));
}

static void
hold_beat(const char *book)
{
	good(sql_begin(replica_sql(f.r), &why));
	good(inbox_fill(f.r, book, 0, &why));
	good(inbox_filled(f.r, book, &why));
	good(sql_commit(replica_sql(f.r), &why));
}

static void
test_ones_own_beat(void **state)
{
	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	run("new project");
	field_shows("Beats", "35X  carried over");
	field_shows("Owner", "Ibarra");
	field_shows("Watchers", "-");
	stage_press(&st, "<Esc>");
	run("new concern");
	field_shows("Beat", "35X  carried over");
}

/* Of two beats, neither is meant more than the other. */
static void
test_of_two_beats_none(void **state)
{
	(void)state;
	hold_beat("beat:12Y");
	stage_open(&st, &f, NULL, NULL, NULL);
	run("new project");
	field_shows("Beats", "-");
}

static const char *meeting;

static void
make_council(void)
{
	const char *council;

	hold_beat("beat:12Y");
	council = fixture_save(&f, "council", "", "name", "Elm Council", "kind",
		"neighborhood_council", "beat_ids", "12Y", NULL);
	meeting = fixture_save(&f, "meeting", "", "title", "July", "kind",
		"neighborhood_council_regular", "starts_at",
		"2026-07-15T01:30:00.000Z", "council_id", council, "beat_ids",
		"12Y", NULL);
}

/* From the chosen meeting: the same council and beat, no guests or minutes. */
static void
test_the_next_meeting_of_a_council(void **state)
{
	(void)state;
	make_council();
	stage_open(&st, &f, "meeting", NULL, NULL);
	stage_press(&st, "n");
	field_shows("Council", "Elm Council  carried over");
	field_shows("Beats", "12Y  carried over");
	field_shows("Organizations", "-");
}

/* What is typed at once are words: a choice waits, though it comes before. */
static void
test_a_form_begins_where_one_types(void **state)
{
	(void)state;
	make_council();
	stage_open(&st, &f, NULL, NULL, NULL);
	run("new meeting");
	stage_type(&st, "July");
	field_shows("Title", "July");
	field_shows("Kind", "-");
	stage_press(&st, "<F2>");
	stage_type(&st, "youth forum");
	stage_press(&st, "<Enter>");
	field_shows("Kind", "Youth forum");
	stage_press(&st, "<Esc> y");
	run("new contact");
	stage_type(&st, "Rosa Lind");
	field_shows("Name", "Rosa Lind");
	stage_press(&st, "<Esc> y");
	run("new action_item");
	stage_type(&st, "Call back");
	field_shows("Text", "Call back");
}

/* A concern raised at a meeting is on that meeting's beat. */
static void
test_what_belongs_to_a_record(void **state)
{
	(void)state;
	make_council();
	stage_open(&st, &f, "meeting", meeting, NULL);
	run("new concern");
	field_shows("Meeting", "July");
	field_shows("Beat", "12Y  carried over");
	stage_press(&st, "<Esc>");
	run("new action_item");
	field_shows("Belongs to", "July");
	field_shows("Owner", "Ibarra");
	stage_press(&st, "<Esc>");
	run("new report_back");
	field_shows("Council", "Elm Council  carried over");
	field_shows("Meeting", "July");
}

/* A department's own kinds, which no line of the program names. */
static void
test_kinds_of_a_profile(void **state)
{
	static const char profile[] =
		"{\"name\":\"own\",\"title\":\"Own\",\"kinds\":["
		"{\"name\":\"camera\",\"one\":\"Camera\",\"many\":\"Cameras\","
		"\"title\":\"name\",\"writers\":\"book\","
		"\"books\":[\"beat_id\"],\"columns\":[\"name\"],"
		"\"sections\":[\"lens\"],\"sort\":\"name\",\"fields\":["
		"{\"name\":\"name\",\"type\":\"text\",\"label\":\"Name\"},"
		"{\"name\":\"beat_id\",\"type\":\"ref\",\"ref\":\"beat\","
		"\"label\":\"Beat\",\"index\":true},"
		"{\"name\":\"owner\",\"type\":\"ref\",\"ref\":\"contact\","
		"\"mark\":\"P\",\"label\":\"Owner\"}]},"
		"{\"name\":\"lens\",\"one\":\"Lens\",\"many\":\"Lenses\","
		"\"title\":\"name\",\"writers\":\"book\","
		"\"books\":[\"camera_id\",\"beat_id\"],\"columns\":[\"name\"],"
		"\"sort\":\"name\",\"fields\":["
		"{\"name\":\"name\",\"type\":\"text\",\"label\":\"Name\"},"
		"{\"name\":\"camera_id\",\"type\":\"ref\",\"ref\":\"camera\","
		"\"label\":\"Camera\"},"
		"{\"name\":\"beat_id\",\"type\":\"ref\",\"ref\":\"beat\","
		"\"label\":\"Beat\",\"index\":true},"
		"{\"name\":\"seller\",\"type\":\"ref\",\"ref\":\"contact\","
		"\"label\":\"Seller\",\"index\":true}]}]}";
	const char *camera;

	(void)state;
	good(sql_begin(replica_sql(f.r), &why));
	good(replica_set_profile(f.r, profile, "own", &why));
	good(sql_commit(replica_sql(f.r), &why));
	hold_beat("beat:12Y");
	camera = fixture_save(
		&f, "contact", "", "name", "Ann", "beat_ids", "12Y", NULL);
	camera = fixture_save(&f, "camera", "", "name", "East", "beat_id",
		"12Y", "owner", camera, NULL);
	stage_open(&st, &f, "camera", camera, NULL);
	run("new lens");
	field_shows("Camera", "East");
	field_shows("Beat", "12Y  carried over");
	field_shows("Seller", "-");
}

static void
to_due(void)
{
	stage_open(&st, &f, NULL, NULL, NULL);
	run("new action_item");
	stage_type(&st, "Call back");
	stage_press(&st, "<Tab> <Tab> <Tab> <Tab>");
}

/* The day that is meant stands beside it while one types; once left, the day
 * is what is written there. */
static void
test_days_are_shown_as_what_they_mean(void **state)
{
	(void)state;
	to_due();
	stage_type(&st, "+3");
	field_shows("Due", "+3  Fri 17 Jul 2026, in 3 days");
	stage_type(&st, "d");
	field_shows("Due", "+3d  Fri 17 Jul 2026, in 3 days");
	stage_press(&st, "<C-u>");
	stage_type(&st, "fri");
	field_shows("Due", "fri  Fri 17 Jul 2026, in 3 days");
	stage_press(&st, "<Tab>");
	field_shows("Due", "2026-07-17  Fri, in 3 days");
	stage_press(&st, "<S-Tab> <C-u>");
	stage_type(&st, "someday");
	field_shows("Due", "someday");
	stage_lacks(&st, "! Due");
	stage_press(&st, "<Tab>");
	stage_shows(&st, "! Due: 'someday' is not a day");
	stage_press(&st, "<S-Tab> <C-u>");
	stage_lacks(&st, "! Due");
	stage_type(&st, "today");
	stage_press(&st, "<F2>");
	stage_shows(&st, "Saved, not sent yet");
	assert_string_equal(fixture_text(&f, "action_item", "1b-1", "due_on"),
		"2026-07-14");
}

/* A draft that says +3d is of the day it was written. */
static void
test_a_day_in_a_draft_stays_that_day(void **state)
{
	(void)state;
	to_due();
	stage_type(&st, "tomorrow");
	stage_close(&st);
	f.now.wall_ms += 3 * 86400000;
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "r");
	field_shows("Due", "2026-07-15  Wed, 2 days ago");
}

/* Among many values a letter begins to find one. */
static void
test_choices_are_found_by_typing(void **state)
{
	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	run("new contact");
	stage_type(&st, "Ann");
	stage_press(&st, "<Tab> <Tab> <Tab> <Tab>");
	stage_type(&st, "block c");
	stage_shows(&st, "Leader role: type to find");
	stage_press(&st, "<Enter>");
	field_shows("Leader role", "Block captain");
	stage_press(&st, "<S-Tab>");
	stage_type(&st, "i");
	field_shows("Leader", "( ) Formal  (o) Informal");
	stage_press(&st, "<C-r>");
	field_shows("Leader", "( ) Formal  ( ) Informal");
}

static void
test_long_texts_are_counted(void **state)
{
	(void)state;
	fixture_save(
		&f, "project", "", "title", "Lot", "beat_ids", "35X", NULL);
	stage_open(&st, &f, "project", "1b-1", NULL);
	stage_press(&st, "<F4>");
	stage_type(&st, "one two");
	stage_press(&st, "<Enter>");
	stage_type(&st, "three");
	app_keep(&st.s.app); /* the pause */
	stage_paint(&st);
	field_shows("Text", "line 2 of 2, 3 words");
	stage_press(&st, "<Up>");
	field_shows("Text", "line 1 of 2, 3 words");
	stage_press(&st, "<Tab>");
	field_shows("Text", "2 lines, 3 words");
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_ones_own_beat),
		TEST(test_of_two_beats_none),
		TEST(test_the_next_meeting_of_a_council),
		TEST(test_a_form_begins_where_one_types),
		TEST(test_what_belongs_to_a_record),
		TEST(test_kinds_of_a_profile),
		TEST(test_days_are_shown_as_what_they_mean),
		TEST(test_a_day_in_a_draft_stays_that_day),
		TEST(test_choices_are_found_by_typing),
		TEST(test_long_texts_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
