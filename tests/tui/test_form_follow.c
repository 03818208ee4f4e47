/* Screens that are open while their file is given another number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/draft.h"
#include "common/renumber.h"
#include "tests/support/good.h"
#include "tests/support/stage.h"

static void
renumber(struct fixture *f)
{
	const struct renumbering to = {.number = 50, .token = "50.4471.x"};
	int64_t renamed = 0;

	good(sql_begin(replica_sql(f->r), &why));
	good(replica_renumber(f->r, &to, &renamed, &why));
	good(sql_commit(replica_sql(f->r), &why));
	good(replica_reload(f->r, &why));
	assert_int_equal(renamed, 1);
}

static void
an_open_form_is_saved_to_its_record(void **state)
{
	struct fixture *f = *state;
	struct names drafts = {0};
	struct stage st;

	fixture_save(
		f, "project", "", "title", "Lake", "beat_ids", "35X", NULL);
	stage_open(&st, f, "project", "1b-1", NULL);
	stage_press(&st, "e <S-Tab>");
	stage_type(&st, " theft");
	renumber(f);
	stage_press(&st, "<F2>");

	assert_string_equal(
		fixture_text(f, "project", "1e-1", "title"), "Lake theft");
	good(draft_list(f->r, &drafts, &why));
	assert_int_equal(drafts.count, 0);
	stage_close(&st);
	fixture_sound(f);
}

/* What is looked at while the file gets its number is still there then. */
static void
an_open_history_goes_with_its_record(void **state)
{
	struct fixture *f = *state;
	struct stage st;

	fixture_save(
		f, "project", "", "title", "Lake", "beat_ids", "35X", NULL);
	stage_open(&st, f, "project", "1b-1", NULL);
	stage_press(&st, "h");
	stage_shows(&st, "HISTORY 1b-1");
	renumber(f);
	fixture_save(f, "project", "1e-1", "goal", "fewer", NULL);
	assert_true(app_refresh(&st.s.app));
	stage_press(&st, "j");
	stage_shows(&st, "HISTORY 1e-1");
	stage_shows(&st, "fewer");
	stage_close(&st);
	fixture_sound(f);
}

/* Another process of this file was given the number. */
static void
a_save_follows_what_another_process_was_given(void **state)
{
	struct fixture *f = *state;
	struct replica *other;
	struct record *rec;
	struct edit e = {
		.kind = mem_text("project"), .record = mem_text("1b-1")};

	fixture_save(
		f, "project", "", "title", "Lake", "beat_ids", "35X", NULL);
	good(replica_open(f->path, &f->clock, &other, &why));
	good(record_load(other, "project", "1b-1", &rec, &why));
	renumber(f);
	record_change(&e, rec, "goal", "none left");
	good(record_save(other, &e, &why));
	assert_int_equal(e.id.replica, 50);
	assert_string_equal(e.record, "1e-1");
	record_free(rec);
	replica_close(other);
	assert_string_equal(
		fixture_text(f, "project", "1e-1", "goal"), "none left");
	edit_release(&e);
	fixture_sound(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			an_open_form_is_saved_to_its_record, fixture_set_up,
			fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			an_open_history_goes_with_its_record, fixture_set_up,
			fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			a_save_follows_what_another_process_was_given,
			fixture_set_up, fixture_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
