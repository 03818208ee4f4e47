/* Held edits on the screens: their author's and the decider's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "common/held.h"
#include "common/inbox_held.h"
#include "tests/support/good.h"
#include "tests/support/stage.h"

static struct fixture f;
static struct stage st;

static int
begin(void **state)
{
	struct entry e;

	stage_make(&st, &f, state);
	e = fixture_entry(&f, "48.1", "4480", "project/30-1", "title",
		"Harbor Garage", "beat_ids", "35X", NULL);
	fixture_take(&f, &e, "beat:35X");
	return 0;
}

/* From now on the replica's member is a sergeant. */
static void
promote(void)
{
	struct entry e = fixture_entry(
		&f, "0.900", "", "member/4471", "access", "sergeant", NULL);

	fixture_take(&f, &e, "dept");
}

static void
take_held(const char *edit, const char *by, const char *title)
{
	struct entry e = fixture_entry(
		&f, edit, by, "project/30-1", "title", title, NULL);

	e.verdict.held = mem_text("not on this beat then");
	fixture_take(&f, &e, NULL);
}

static void
test_a_sergeant_accepts(void **state)
{
	(void)state;
	promote();
	take_held("48.2", "4480", "Harbor Garage lot B");
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_shows(&st, "HELD EDITS (1): g h shows them, for you to decide");
	stage_press(&st, "g h");
	stage_shows(&st, "held: not on this beat then");
	stage_shows(&st, "held: Harbor Garage lot B");
	stage_shows(&st, "now: Harbor Garage");
	stage_press(&st, "A");
	stage_shows(&st, "Accept Harbor Garage by ");
	stage_press(&st, "y");
	stage_shows(&st, "Accepted: not sent yet");
	stage_shows(&st, "decided by you");
	stage_shows(&st, "HELD EDITS (0)");
	assert_string_equal(fixture_text(&f, "project", "30-1", "title"),
		"Harbor Garage lot B");
	stage_press(&st, "A");
	stage_shows(&st, "it is decided already");
	stage_close(&st);
}

/* It was asked with another value beside the held one. */
static void
test_another_changed_what_is_being_accepted(void **state)
{
	struct entry e;

	(void)state;
	promote();
	take_held("48.2", "4480", "Harbor Garage lot B");
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g h A");
	stage_shows(&st, "Accept Harbor Garage by ");
	e = fixture_entry(&f, "49.1", "900", "project/30-1", "title",
		"Harbor Garage and lots", NULL);
	fixture_take(&f, &e, NULL);
	assert_true(app_refresh(&st.s.app));
	stage_paint(&st);
	stage_press(&st, "y");
	stage_shows(&st, "Nothing is saved: ");
	stage_shows(&st, "changed it meanwhile");
	assert_string_equal(fixture_text(&f, "project", "30-1", "title"),
		"Harbor Garage and lots");
	stage_shows(&st, "now: Harbor Garage and lots");
	stage_press(&st, "A y");
	stage_shows(&st, "Accepted: not sent yet");
	assert_string_equal(fixture_text(&f, "project", "30-1", "title"),
		"Harbor Garage lot B");
	stage_close(&st);
}

static void
test_declining_needs_a_reason(void **state)
{
	struct helds all = {0};

	(void)state;
	promote();
	take_held("48.2", "4480", "Harbor Garage lot B");
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g s");
	stage_shows(&st, "1 held edit of others for you to decide: g h");
	stage_press(&st, "g h B <Enter>");
	stage_shows(&st, "a reason is needed");
	stage_press(&st, "B");
	stage_type(&st, "ask Chen");
	/* a file that takes nothing: the reason is not lost */
	sqlite3_exec(sql_handle(replica_sql(f.r)), "PRAGMA query_only=1", NULL,
		NULL, NULL);
	stage_press(&st, "<Enter>");
	stage_shows(&st, "for what reason: ask Chen");
	sqlite3_exec(sql_handle(replica_sql(f.r)), "PRAGMA query_only=0", NULL,
		NULL, NULL);
	stage_press(&st, "<Enter>");
	stage_shows(&st, "Declined: not sent yet");
	stage_press(&st, "<Esc> <Esc>");
	stage_lacks(&st, "HELD EDITS");
	good(held_read(f.r, HELD_OPEN, NULL, NULL, 0, &all, &why));
	assert_true(all.items[0].deciding);
	helds_release(&all);
	assert_string_equal(
		fixture_text(&f, "project", "30-1", "title"), "Harbor Garage");
	stage_close(&st);
}

/* The author: the value that stands, beside it their own, and why they do not
 * decide; then what was decided, by whom. */
static void
test_its_author_sees_both(void **state)
{
	struct verdict verdict = {0};
	struct decision d = {
		&verdict, 90, f.now.wall_ms, "900", "ask Chen", false};

	(void)state;
	take_held("47.1", "4471", "Harbor Garage lot B");
	stage_open(&st, &f, "project", "30-1", NULL);
	stage_shows(&st, "your held value  Harbor Garage lot B");
	stage_press(&st, "g h A");
	stage_shows(&st, "a sergeant or above");
	verdict_decide(&verdict, (struct edit_id){47, 1});
	good(inbox_held_decided(f.r, &d, &why));
	verdict_release(&verdict);
	stage_close(&st);
	stage_open(&st, &f, "project", "30-1", NULL);
	stage_lacks(&st, "your held value");
	stage_press(&st, "g h");
	stage_shows(&st, "No held edit waits");
	stage_shows(&st, "declined by ");
	stage_shows(&st, "ask Chen");
	stage_press(&st, "h");
	stage_shows(&st, "declined: ");
	stage_close(&st);
}

/* A record that is not made cannot be opened; what it would be is shown. */
static void
test_a_held_making(void **state)
{
	struct entry e = fixture_entry(&f, "48.7", "4480", "project/30-9",
		"title", "Motel", "beat_ids", "35X", "kind", "sara", "stage",
		"scanning", "status", "open", "owner_id", "4480", "opened_on",
		"2026-07-14", NULL);

	(void)state;
	promote();
	e.verdict.held = mem_text("not on this beat then");
	fixture_take(&f, &e, NULL);
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g h <Enter>");
	stage_shows(&st, "the record is not made: this edit would make it");
	stage_shows(&st, "held: Motel");
	stage_lacks(&st, "now:");
	stage_press(&st, "A");
	stage_shows(&st, "Accept Project: Motel by Chen? y or n");
	stage_press(&st, "y");
	assert_string_equal(
		fixture_text(&f, "project", "30-9", "title"), "Motel");
	stage_close(&st);
}

/* On Today Enter leads to where it is decided, and to this one. */
static void
test_a_held_making_on_today(void **state)
{
	struct entry e = fixture_entry(&f, "48.7", "4480",
		"project_update/48-2", "project_id", "30-1", "text",
		"Lights in bay 4 are mended", "made_at", "2026-07-14T10:00:00Z",
		NULL);

	(void)state;
	promote();
	take_held("48.9", "4480", "Harbor Garage lot B");
	e.verdict.held = mem_text("not on this beat then");
	fixture_take(&f, &e, NULL);
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_shows(&st, "Update: Lights in bay 4");
	stage_press(&st, "<Home> <Enter>");
	stage_row_shows(&st, 1, "HELD EDITS (2)");
	stage_press(&st, "B");
	stage_shows(&st, "Decline Harbor Garage by");
	stage_press(&st, "<Esc> <Esc> <Down> <Enter> B");
	stage_shows(&st, "Decline Update: Lights in bay 4");
	stage_press(&st, "<Esc> A");
	stage_shows(&st, "Accept Update: Lights in bay 4");
	stage_shows(&st, " by Chen? y or n");
	stage_close(&st);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_sergeant_accepts),
		TEST(test_another_changed_what_is_being_accepted),
		TEST(test_declining_needs_a_reason),
		TEST(test_its_author_sees_both),
		TEST(test_a_held_making),
		TEST(test_a_held_making_on_today),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
