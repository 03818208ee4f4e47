/* The screen of a beat, and what records' screens show of what belongs to
 * them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/lent.h"
#include "tests/support/good.h"
#include "tests/support/stage.h"

#define DAY_MS ((int64_t)86400000)

static struct fixture f;
static struct stage st;
static char project[64];

static void
take(const char *edit, const char *record, const char *field, const char *value,
	const char *field2, const char *value2, const char *field3,
	const char *value3)
{
	struct entry e = fixture_entry(&f, edit, "4480", record, field, value,
		field2, value2, field3, value3, NULL);

	fixture_take(&f, &e, "dept");
}

static int
begin(void **state)
{
	stage_make(&st, &f, state);
	snprintf(project, sizeof(project), "%s",
		fixture_save(&f, "project", "", "title", "Harbor Garage",
			"stage", "response", "beat_ids", "35X", NULL));
	return 0;
}

/* The row, from 1, that holds this; fails where there is none. */
static int
row_of(const char *text)
{
	for (int i = 1; i <= 24; i++)
		if (strstr(stage_row(&st, i), text))
			return i;
	fail_msg("'%s' is not on the screen:\n%s", text, stage_all(&st));
	return 0;
}

/* Down until the chosen row holds this. */
static void
go_to(const char *text)
{
	int row, col;

	for (int i = 0; i < 100; i++) {
		stage_cursor(&row, &col);
		if (strstr(stage_row(&st, row + 1), text))
			return;
		stage_press(&st, "j");
	}
	fail_msg("'%s' cannot be chosen:\n%s", text, stage_all(&st));
}

static void
test_own_beat_by_two_keys(void **state)
{
	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g b");
	stage_row_shows(&st, 1, "BEAT 35X");
	stage_shows(&st, "Projects (1 open)");
	stage_shows(&st, "Harbor Garage");
	stage_press(&st, "g b");
	stage_shows(&st, "BEATS  (2)");
	stage_press(&st, "<Enter>");
	stage_row_shows(&st, 1, "BEAT 12Y");
	stage_press(&st, "<Esc> <Esc>");
	stage_row_shows(&st, 1, "BEAT 35X");
	stage_close(&st);
}

static void
test_places_with_most_calls_first(void **state)
{
	(void)state;
	fixture_save(&f, "place", "", "kind", "top_calls_location", "address",
		"410 Front St", "beat_id", "35X", "calls_count", "7", NULL);
	fixture_save(&f, "place", "", "kind", "violent_crime_hot_spot",
		"address", "Harbor lot B", "beat_id", "35X", "calls_count",
		"14", "project_id", project, NULL);
	stage_open(&st, &f, "beat", "35X", NULL);
	stage_shows(&st, "Places (2)");
	assert_true(row_of("Harbor lot B") < row_of("410 Front St"));
	stage_row_shows(&st, row_of("Harbor lot B"), "14 ########");
	stage_row_shows(&st, row_of("Harbor lot B"), "Response");
	stage_row_shows(&st, row_of("410 Front St"), "7 ####");
	stage_row_shows(&st, row_of("410 Front St"), "no project");
	go_to("410 Front St");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "410 Front St");
	stage_row_shows(&st, 1, "Place,");
	stage_close(&st);
}

/* Numbers say all that bars say: on 40 columns there are no bars. */
static void
test_narrow(void **state)
{
	(void)state;
	fixture_save(&f, "place", "", "kind", "top_calls_location", "address",
		"410 Front St", "beat_id", "35X", "calls_count", "7", NULL);
	stage_open_on(&st, &f,
		&(struct screens_options){.kind = "beat", .id = "35X"}, "vt220",
		10, 40);
	stage_shows(&st, "410 Front St");
	stage_row_shows(&st, row_of("410 Front St"), "  7");
	stage_lacks(&st, "#");
	stage_close(&st);
}

/* In January a note of December says which month it is of. */
static void
test_days_of_another_year_are_whole(void **state)
{
	(void)state;
	fixture_save(&f, "handover", "", "beat_id", "35X", "text",
		"The night clerk is now Dana", NULL);
	fixture_save(&f, "concern", "", "beat_id", "35X", "text", "Racing",
		"raised_at", "2026-07-14T10:20:00.000Z", NULL);
	f.now.wall_ms += INT64_C(200) * 24 * 3600000;
	stage_open(&st, &f, "beat", "35X", NULL);
	stage_shows(&st, " 14 Jul 2026 Ibarra      The night clerk");
	go_to("Concerns");
	stage_shows(&st, " 14 Jul 2026 ");
	stage_lacks(&st, "14 Jul ~");
	stage_size(&st, 10, 40);
	stage_press(&st, "<Home>");
	go_to("Left for the next officer");
	stage_shows(&st, " 14 Jul 2026 Ibarra");
	stage_close(&st);
	stage_open(&st, &f, "project", project, NULL);
	stage_size(&st, 10, 40);
	go_to("Timeline");
	stage_press(&st, "<PgDn>");
	stage_shows(&st, " 14 Jul 2026 Ibarra");
	stage_close(&st);
}

static void
test_what_is_left_for_the_next_officer(void **state)
{
	(void)state;
	fixture_save(&f, "project_update", "", "project_id", project, "text",
		"Walked the lot", NULL);
	stage_open(&st, &f, "beat", "35X", NULL);
	stage_shows(&st, "Left for the next officer (0); the newest updates");
	stage_shows(&st, "Walked the lot");
	stage_close(&st);
	fixture_save(&f, "handover", "", "beat_id", "35X", "text",
		"The night clerk is now Dana", NULL);
	stage_open(&st, &f, "beat", "35X", NULL);
	stage_shows(&st, "Left for the next officer (1)");
	stage_shows(&st, "The night clerk is now Dana");
	stage_lacks(&st, "Walked the lot");
	stage_close(&st);
}

static void
test_new_here_in_a_section(void **state)
{
	(void)state;
	stage_open(&st, &f, "beat", "35X", NULL);
	go_to("Left for the next officer");
	stage_press(&st, "n");
	stage_shows(&st, "NEW Handover");
	stage_row_shows(&st, 2, "35X");
	stage_close(&st);
}

static void
test_officers_that_are_assigned_now(void **state)
{
	(void)state;
	take("48.1", "assignment/30-1", "member_id", "4471", "beat_id", "35X",
		"starts_on", "2026-01-01");
	take("48.2", "assignment/30-2", "member_id", "4480", "beat_id", "35X",
		"starts_on", "2027-01-01");
	take("48.3", "member/4471", "supervisor_id", "900", "work_days",
		"Mon,Tue", "role", "cro");
	stage_open(&st, &f, "beat", "35X", NULL);
	stage_shows(&st, "Officers (1)");
	stage_row_shows(&st, row_of("CRO"), "4471");
	stage_row_shows(&st, row_of("CRO"), "Mon, Tue");
	stage_row_shows(&st, row_of("CRO"), "Sgt ");
	stage_lacks(&st, "4480");
	stage_close(&st);
}

static void
test_promises_of_all_that_is_on_it(void **state)
{
	char source[80];

	(void)state;
	snprintf(source, sizeof(source), "project/%s", project);
	for (int i = 0; i < 5; i++)
		fixture_save(&f, "action_item", "", "text", "Call the manager",
			"source_id", source, "due_on", "2026-07-12", NULL);
	stage_open(&st, &f, "beat", "35X", NULL);
	stage_shows(&st, "Open promises (5)");
	stage_shows(&st, "OVER 2d");
	go_to("all 5: Enter");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "ACTION ITEMS  (5)");
	stage_close(&st);
}

static void
test_the_next_meeting_of_a_council(void **state)
{
	char council[64];

	(void)state;
	snprintf(council, sizeof(council), "%s",
		fixture_save(&f, "council", "", "name", "Riverside council",
			"kind", "neighborhood_council", "beat_ids", "35X",
			NULL));
	fixture_save(&f, "meeting", "", "title", "Past", "kind",
		"neighborhood_council_regular", "council_id", council,
		"starts_at", "2026-07-01T18:30:00.000Z", "venue", "Hall", NULL);
	fixture_save(&f, "meeting", "", "title", "Next", "kind",
		"neighborhood_council_regular", "council_id", council,
		"starts_at", "2026-07-21T18:30:00.000Z", "venue", "Library",
		NULL);
	stage_open(&st, &f, "beat", "35X", NULL);
	stage_press(&st, "<PgDn>");
	stage_shows(&st, "Riverside council");
	stage_shows(&st, "meets 21 Jul");
	stage_shows(&st, "Library");
	stage_lacks(&st, "Hall");
	stage_close(&st);
}

static void
test_concerns_by_week(void **state)
{
	char at[WHEN_MAX];

	(void)state;
	for (int i = 0; i < 4; i++) {
		when_instant_text(f.now.wall_ms - (i ? 3 : 9) * DAY_MS, at);
		fixture_save(&f, "concern", "", "text", "Noise", "beat_id",
			"35X", "raised_at", at, NULL);
	}
	stage_open(&st, &f, "beat", "35X", NULL);
	stage_press(&st, "<PgDn>");
	stage_shows(&st, "Raised, 12 weeks: 4  ..........=#  this week 3, the "
			 "week before 1");
	stage_close(&st);
}

static void
test_a_beat_that_is_not_held(void **state)
{
	(void)state;
	stage_open(&st, &f, "beat", "12Y", NULL);
	stage_shows(&st, "Its book is not held here");
	stage_close(&st);
}

static void
test_a_lent_beat_is_read_only(void **state)
{
	struct names lent = {0};
	struct entry e;

	(void)state;
	e = fixture_entry(&f, "48.1", "4480", "project/30-1", "title",
		"Sunset Motel", "beat_ids", "12Y", "status", "open", "stage",
		"scanning", NULL);
	fixture_take(&f, &e, "beat:12Y");
	names_add(&lent, "beat:12Y");
	good(lent_set(f.r, &lent, &why));
	names_release(&lent);
	stage_open(&st, &f, "beat", "12Y", NULL);
	stage_shows(&st, "READ ONLY: beat:12Y is lent to you");
	stage_shows(&st, "Sunset Motel");
	stage_press(&st, "n");
	stage_shows(&st, "it is read only: its beat's book is lent");
	stage_close(&st);
}

/* Statements that read whole tables would be slow where much is held. */
static void
check_plan(sqlite3 *db, const char *sql)
{
	char *explain = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
	sqlite3_stmt *s;

	assert_int_equal(sqlite3_prepare_v2(db, explain, -1, &s, NULL), 0);
	while (sqlite3_step(s) == SQLITE_ROW) {
		const char *step = (const char *)sqlite3_column_text(s, 3);

		if (strncmp(step, "SCAN ", 5) == 0 && !strstr(step, "USING") &&
			!strstr(step, "VIRTUAL") &&
			!strstr(step, "CONSTANT ROW"))
			fail_msg("%s: %s", step, sql);
	}
	sqlite3_finalize(s);
	sqlite3_free(explain);
}

/* What was prepared on the way: the statements of all the screens opened. */
static void
test_no_screen_reads_a_whole_table(void **state)
{
	sqlite3 *db = sql_handle(replica_sql(f.r));
	struct names seen = {0};

	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g b");
	for (sqlite3_stmt *s = sqlite3_next_stmt(db, NULL); s;
		s = sqlite3_next_stmt(db, s))
		if (sqlite3_sql(s) && strstr(sqlite3_sql(s), "project"))
			names_add(&seen, sqlite3_sql(s));
	assert_true(seen.count > 5);
	for (size_t i = 0; i < seen.count; i++)
		check_plan(db, seen.items[i]);
	names_release(&seen);
	stage_close(&st);
}

/* Records of other kinds. */

static void
test_sections_are_cut_and_list_all(void **state)
{
	(void)state;
	for (int i = 0; i < 9; i++)
		fixture_save(&f, "project_step", "", "title", "Count cars",
			"stage", "scanning", "project_id", project, NULL);
	stage_open(&st, &f, "project", project, NULL);
	go_to("Steps (9)");
	go_to("all 9: Enter");
	stage_press(&st, "<Enter>");
	stage_shows(&st, "STEPS  (9)");
	stage_press(&st, "n");
	stage_shows(&st, "NEW Step");
	stage_shows(&st, "Harbor Garage");
	stage_close(&st);
}

static void
test_partners_are_a_section(void **state)
{
	char partner[64];

	(void)state;
	snprintf(partner, sizeof(partner), "%s",
		fixture_save(&f, "organization", "", "name", "Facilities",
			"kind", "other", "beat_ids", "35X", NULL));
	fixture_save(&f, "project", project, "partner_ids", partner, NULL);
	stage_open(&st, &f, "project", project, NULL);
	go_to("Partners (1)");
	go_to("Facilities");
	stage_press(&st, "n");
	stage_shows(&st, "EDIT");
	stage_press(&st, "<Esc>");
	go_to("Facilities");
	stage_press(&st, "<Enter>");
	stage_row_shows(&st, 1, "Facilities");
	stage_shows(&st, "Projects (1)");
	stage_close(&st);
}

static void
test_the_day_of_each_stage(void **state)
{
	(void)state;
	fixture_pass(&f, 3 * DAY_MS);
	fixture_save(&f, "project", project, "stage", "assessment", NULL);
	stage_open(&st, &f, "project", project, NULL);
	stage_shows(&st, "[x] Scanning  [x] Analysis  [x] Response 14 Jul  "
			 "[>] Assessment 17 Jul");
	stage_size(&st, 24, 100);
	stage_shows(&st, "[>] Assessment since 17 Jul");
	stage_size(&st, 24, 70);
	stage_shows(&st, "[x] Scanning  [x] Analysis  [x] Response  "
			 "[>] Assessment 17 Jul");
	stage_size(&st, 24, 66);
	stage_shows(&st, "[x] Scanning  [x] Analysis  [x] Response  [>] Asse");
	stage_lacks(&st, "Assessment 17 Jul");
	stage_size(&st, 10, 40);
	stage_shows(&st, "[>] Assessment, 4 of 4");
	stage_close(&st);
}

/* Where there is no room for all of them, the oldest days go first. */
static void
test_the_newest_days_of_stages_stay(void **state)
{
	static const char *const stages[] = {
		"scanning", "analysis", "response", NULL};
	char id[64];

	(void)state;
	snprintf(id, sizeof(id), "%s",
		fixture_save(&f, "project", "", "title", "Motel", "beat_ids",
			"35X", NULL));
	for (int i = 0; stages[i]; i++) {
		fixture_save(&f, "project", id, "stage", stages[i], NULL);
		fixture_pass(&f, DAY_MS);
	}
	stage_open(&st, &f, "project", id, NULL);
	stage_shows(&st, "[x] Scanning  [x] Analysis 15 Jul  "
			 "[>] Response 16 Jul  [ ] Assessment");
	stage_size(&st, 24, 100);
	stage_shows(&st, "[x] Scanning 14 Jul  [x] Analysis 15 Jul");
	stage_close(&st);
}

static void
test_a_contact_at_a_meeting_by_name(void **state)
{
	char contact[64], meeting[64];

	(void)state;
	snprintf(contact, sizeof(contact), "%s",
		fixture_save(&f, "contact", "", "name", "Rosa Lind", "beat_ids",
			"35X", NULL));
	snprintf(meeting, sizeof(meeting), "%s",
		fixture_save(&f, "meeting", "", "title", "Council", "kind",
			"small_group", "starts_at", "2026-07-21T18:30:00.000Z",
			"beat_ids", "35X", NULL));
	fixture_save(&f, "attendance", "", "meeting_id", meeting, "contact_id",
		contact, "capacity", "resident", NULL);
	stage_open(&st, &f, "meeting", meeting, NULL);
	stage_shows(&st, "Attendance (1)");
	stage_shows(&st, "Rosa Lind  - Resident");
	stage_close(&st);
	stage_open(&st, &f, "contact", contact, NULL);
	stage_shows(&st, "Attendance (1)");
	stage_shows(&st, "Council  - Resident");
	stage_close(&st);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)

/* However many rows come before it. */
static void
test_what_is_left_has_its_mark(void **state)
{
	(void)state;
	fixture_save(&f, "handover", "", "beat_id", "35X", "text",
		"Gate code at Pine Terrace", NULL);
	for (int i = 0; i < 8; i++) {
		char address[40];

		stage_open(&st, &f, "beat", "35X", NULL);
		assert_int_equal(stage_row(&st, row_of("Gate code"))[2], '*');
		go_to("Gate code");
		stage_press(&st, "<Enter>");
		stage_shows(&st, "Handover");
		stage_close(&st);
		snprintf(address, sizeof(address), "%d Front St", i);
		fixture_save(&f, "place", "", "kind", "rental_property",
			"calls_count", "7", "address", address, "beat_id",
			"35X", NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_own_beat_by_two_keys),
		TEST(test_places_with_most_calls_first),
		TEST(test_narrow),
		TEST(test_days_of_another_year_are_whole),
		TEST(test_what_is_left_for_the_next_officer),
		TEST(test_new_here_in_a_section),
		TEST(test_officers_that_are_assigned_now),
		TEST(test_promises_of_all_that_is_on_it),
		TEST(test_the_next_meeting_of_a_council),
		TEST(test_concerns_by_week),
		TEST(test_a_beat_that_is_not_held),
		TEST(test_a_lent_beat_is_read_only),
		TEST(test_no_screen_reads_a_whole_table),
		TEST(test_sections_are_cut_and_list_all),
		TEST(test_partners_are_a_section),
		TEST(test_the_day_of_each_stage),
		TEST(test_the_newest_days_of_stages_stay),
		TEST(test_a_contact_at_a_meeting_by_name),
		TEST(test_what_is_left_has_its_mark),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
