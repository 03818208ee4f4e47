/* What others must not see or reach: the lock, exports, a restricted screen. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "common/draft.h"
#include "tests/support/stage.h"
#include "tui/keystroke.h"
#include "tui/lock.h"

#define MINUTE INT64_C(60000)

static struct fixture f;
static struct stage st;
static const char *project;

static int
begin(void **state)
{
	stage_make(&st, &f, state);
	setenv("HOME", f.dir, 1); /* paths are told in short */
	project = fixture_save(&f, "project", "", "title",
		"Thefts, \"Elm\" lot", "beat_ids", "35X", NULL);
	fixture_save(&f, "project", "", "title", "=HYPERLINK(0)", "beat_ids",
		"35X", NULL);
	return 0;
}

static void
open_with(bool restricted, int lock_minutes)
{
	stage_open_on(&st, &f,
		&(struct screens_options){.kind = "project",
			.restricted = restricted,
			.lock_minutes = lock_minutes,
			.look = {.select = "mark"}},
		"xterm", 24, 80);
}

static void
test_a_lock_hides_all(void **state)
{
	(void)state;
	open_with(false, 0);
	stage_press(&st, "<C-x> l");
	stage_shows(&st, "LOCKED  since ");
	stage_lacks(&st, "Thefts");
	stage_lacks(&st, "PROJECTS");
	stage_lacks(&st, "unsent");
	stage_press(&st, "V"); /* which would ask for a reason */
	stage_shows(&st, "PROJECTS");
	stage_lacks(&st, "reason");
	stage_close(&st);
}

static void
test_a_paste_is_one_key_to_a_lock(void **state)
{
	static const char *const keys = "qy\r";

	(void)state;
	open_with(false, 0);
	lock_now(&st.s.app);
	app_key(&st.s.app, NAMED_PASTE_BEGIN);
	for (const char *p = keys; *p; p++)
		app_key(&st.s.app, (key)*p);
	stage_paint(&st);
	stage_shows(&st, "LOCKED");
	app_key(&st.s.app, NAMED_PASTE_END);
	stage_paint(&st);
	stage_shows(&st, "PROJECTS");
	assert_false(st.s.app.leaving);
	stage_close(&st);
}

static void
test_an_idle_screen_locks(void **state)
{
	struct names drafts = {0};
	struct why why;

	(void)state;
	open_with(false, 10);
	assert_int_equal(lock_due(&st.s.app), 10 * MINUTE);
	fixture_pass(&f, 9 * MINUTE);
	assert_int_equal(lock_due(&st.s.app), MINUTE);
	stage_press(&st, "<Enter> <F4>");
	stage_type(&st, "Half a thought");
	assert_int_equal(lock_due(&st.s.app), 10 * MINUTE);
	fixture_pass(&f, 10 * MINUTE);
	assert_int_equal(lock_due(&st.s.app), -1);
	assert_int_equal(draft_list(f.r, &drafts, &why), ST_OK);
	assert_int_equal(drafts.count, 1);
	names_release(&drafts);
	stage_paint(&st);
	stage_shows(&st, "LOCKED");
	stage_lacks(&st, "Half");
	fixture_pass(&f, MINUTE);
	stage_press(&st, "x");
	stage_shows(&st, "| Half a thought");
	stage_lacks(&st, "thoughtx");
	stage_type(&st, ".");
	stage_shows(&st, "| Half a thought.");
	stage_close(&st);
}

/* The lid was closed: the key that comes first finds it locked. */
static void
test_woken_after_an_idle_time(void **state)
{
	(void)state;
	open_with(false, 10);
	fixture_pass(&f, 60 * MINUTE);
	stage_press(&st, "j");
	stage_shows(&st, "LOCKED");
	stage_press(&st, "j");
	stage_shows(&st, "PROJECTS");
	stage_close(&st);
	open_with(false, 0);
	fixture_pass(&f, 24 * 60 * MINUTE);
	stage_press(&st, "j");
	stage_shows(&st, "PROJECTS");
	stage_close(&st);
}

static void
test_what_is_locked_costs_nothing(void **state)
{
	(void)state;
	open_with(false, 0);
	stage_press(&st, "<C-x> l");
	fixture_pass(&f, 3 * MINUTE);
	stage_paint(&st);
	assert_int_equal(st.sent, 0);
	stage_close(&st);
}

/* The message row says where it is; gives the text. */
static void
exported(const char *name, struct buf *text)
{
	struct buf path = BUF_INIT;
	struct stat info;
	struct why why;

	buf_printf(&path, "%s/beatbook/export/%s", f.dir, name);
	stage_shows(&st, "Exported to");
	stage_shows(&st, name);
	assert_int_equal(stat(buf_text(&path), &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	buf_clear(text);
	assert_int_equal(
		buf_read_file(text, buf_text(&path), 1 << 20, &why), ST_OK);
	buf_release(&path);
}

static void
test_a_list_is_exported(void **state)
{
	struct buf text = BUF_INIT;

	(void)state;
	open_with(true, 0);
	stage_press(&st, "<C-x> w");
	exported("project-2026-07-14-0331.csv", &text);
	assert_non_null(strstr(buf_text(&text), "ID,Title,Stage"));
	assert_non_null(strstr(buf_text(&text), "\"Thefts, \"\"Elm\"\" lot\""));
	/* a spreadsheet must not take it for a formula */
	assert_non_null(strstr(buf_text(&text), ",'=HYPERLINK(0),"));
	/* a second one never takes the first one's place */
	stage_press(&st, "/");
	stage_type(&st, "elm");
	stage_press(&st, "<Enter> <C-x> w");
	exported("project-2026-07-14-0331-2.csv", &text);
	assert_null(strstr(buf_text(&text), "HYPERLINK"));
	exported("project-2026-07-14-0331-2.csv", &text);
	buf_release(&text);
	stage_close(&st);
}

static void
test_a_record_is_exported(void **state)
{
	struct buf text = BUF_INIT, name = BUF_INIT;

	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	stage_press(&st, ":");
	stage_type(&st, "export");
	stage_press(&st, "<Enter>");
	buf_printf(&name, "project-%s-2026-07-14-0331.txt", project);
	exported(buf_text(&name), &text);
	assert_non_null(strstr(buf_text(&text), "Thefts, \"Elm\" lot"));
	assert_non_null(strstr(buf_text(&text), "[>] Scanning"));
	assert_null(strstr(buf_text(&text), "F1 help"));
	buf_release(&text);
	buf_release(&name);
	stage_close(&st);
}

/* A page shows how a long text begins; a file has all of it. */
static void
test_an_export_cuts_no_text(void **state)
{
	struct buf text = BUF_INIT, goal = BUF_INIT, name = BUF_INIT;
	char before[sizeof(st.text)], word[16];

	(void)state;
	for (int i = 0; i < 900; i++)
		buf_printf(&goal, "%sw%d", i ? " " : "", i);
	fixture_save(&f, "project", project, "goal", buf_text(&goal), NULL);
	stage_open(&st, &f, "project", project, NULL);
	stage_lacks(&st, "w899");
	stage_press(&st, "j j j j");
	snprintf(before, sizeof(before), "%s", stage_all(&st));
	stage_press(&st, "<C-x> w");
	buf_printf(&name, "project-%s-2026-07-14-0331.txt", project);
	exported(buf_text(&name), &text);
	for (int i = 0; i < 900; i++) {
		snprintf(word, sizeof(word), "w%d", i);
		if (!strstr(buf_text(&text), word))
			fail_msg("no %s in %s", word, buf_text(&text));
	}
	stage_press(&st, "<C-l>"); /* the page is as it was */
	assert_string_equal(stage_all(&st), before);
	buf_release(&text);
	buf_release(&goal);
	buf_release(&name);
	stage_close(&st);
}

static void
test_an_export_that_cannot_be_written(void **state)
{
	struct buf path = BUF_INIT;
	FILE *file;

	(void)state;
	buf_printf(&path, "%s/beatbook", f.dir);
	file = fopen(buf_text(&path), "w"); /* in the folder's place */
	assert_non_null(file);
	fclose(file);
	open_with(true, 0);
	stage_press(&st, "<C-x> w");
	stage_shows(&st, "Nothing exported");
	stage_close(&st);
	remove(buf_text(&path));
	buf_release(&path);
}

static void
test_restricted(void **state)
{
	(void)state;
	open_with(true, 0);
	stage_press(&st, "<C-z>");
	stage_shows(&st, "suspend: restricted: there is no shell here");
	assert_false(st.s.app.suspend);
	stage_press(&st, "?");
	stage_type(&st, "suspend");
	stage_shows(&st, "off: restricted");
	stage_close(&st);
	open_with(false, 0);
	stage_press(&st, "<C-z>");
	assert_true(st.s.app.suspend);
	stage_close(&st);
}

static void
test_restricted_names_no_path(void **state)
{
	(void)state;
	open_with(true, 0);
	stage_press(&st, "<C-x> w");
	stage_shows(&st, "Exported to project-2026-07-14-0331.csv, in the "
			 "export folder");
	stage_lacks(&st, "/beatbook/");
	stage_close(&st);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, stage_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_lock_hides_all),
		TEST(test_a_paste_is_one_key_to_a_lock),
		TEST(test_an_idle_screen_locks),
		TEST(test_woken_after_an_idle_time),
		TEST(test_what_is_locked_costs_nothing),
		TEST(test_a_list_is_exported),
		TEST(test_a_record_is_exported),
		TEST(test_an_export_cuts_no_text),
		TEST(test_an_export_that_cannot_be_written),
		TEST(test_restricted),
		TEST(test_restricted_names_no_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
