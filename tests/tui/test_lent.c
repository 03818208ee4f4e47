/* What the screens say of records of other beats: those that are lent, and
 * those that are only pointed to. */
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

static struct fixture f;
static struct stage st;

static int
begin(void **state)
{
	struct names lent = {0};
	struct entry e;

	stage_make(&st, &f, state);
	e = fixture_entry(&f, "48.1", "4480", "project/30-1", "title",
		"Harbor Garage", "beat_ids", "12Y", NULL);
	fixture_take(&f, &e, "beat:12Y");
	names_add(&lent, "beat:12Y");
	good(lent_set(f.r, &lent, &why));
	names_release(&lent);
	return 0;
}

/* In words alone, that every terminal has: no colour, no sign beyond ASCII. */
static void
test_a_lent_record_says_so(void **state)
{
	const char *row;

	(void)state;
	stage_open(&st, &f, "project", "30-1", NULL);
	stage_shows(&st,
		"READ ONLY: beat:12Y is lent to you; its own members write");
	for (int i = 1; i <= 24; i++) {
		row = stage_row(&st, i);
		assert_true(strlen(row) <= 80);
		for (; *row; row++)
			assert_in_range(*row, ' ', '~');
	}
	stage_size(&st, 10, 40);
	stage_shows(&st, "READ ONLY: beat:12Y is lent to you");
	stage_close(&st);
}

static void
test_a_ref_to_what_is_not_held(void **state)
{
	const char *id;

	(void)state;
	id = fixture_save(&f, "action_item", "", "source_id", "project/99-y",
		"text", "Call", "owner_id", "4471", "due_on", "2026-08-01",
		NULL);
	stage_open(&st, &f, "action_item", id, NULL);
	stage_shows(&st, "project/99-y (another beat's, or restricted)");
	stage_close(&st);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_lent_record_says_so),
		TEST(test_a_ref_to_what_is_not_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
