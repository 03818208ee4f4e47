/* What others change in a record while its form is open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/outbox.h"
#include "tests/support/good.h"
#include "tests/support/stage.h"

static struct fixture f;
static struct stage st;

#define COMES(edit, record, ...)                                            \
	stage_take(&st, &f,                                                 \
		fixture_entry(&f, edit, "4480", record, __VA_ARGS__, NULL), \
		NULL)

static int
begin(void **state)
{
	struct entry e;

	stage_make(&st, &f, state);
	e = fixture_entry(&f, "48.1", "4480", "place/30-1", "kind",
		"problem_property", "address", "12 Elm St", "geo",
		"37.8,-122.2", "beat_id", "35X", "owner_text", "Lake Ltd",
		NULL);
	fixture_take(&f, &e, "beat:35X");
	stage_open(&st, &f, "place", "30-1", NULL);
	stage_press(&st, "e <Tab>");
	stage_shows(&st, ">  Address *          12 Elm St");
	return 0;
}

/* What the n-th own edit says of a field; NULL: nothing. */
static const struct change *
own_change(uint32_t n, const char *field)
{
	static struct entry own;
	struct edit_id id = {47, n};

	entry_release(&own);
	good(history_edit(f.r, id, &own, &why));
	return edit_find(&own.edit, field);
}

static void
assert_over(const struct change *c, const char *value, const char *over)
{
	char text[EDIT_ID_TEXT];

	assert_non_null(c);
	assert_string_equal(c->value, value);
	edit_id_text(c->over, text);
	assert_string_equal(text, over);
}

static void
go_to(const char *label)
{
	for (int i = 0; i < 60; i++) {
		for (int row = 2; row <= 21; row++) {
			const char *line = stage_row(&st, row);

			if (line[0] == '>' && strstr(line, label) == line + 3)
				return;
		}
		stage_press(&st, "<Tab>");
	}
	fail_msg("no field %s", label);
}

static void
test_what_is_untouched_takes_the_new_value(void **state)
{
	(void)state;
	stage_type(&st, ", rear");
	COMES("48.2", "place/30-1", "rank", "3", "calls_count", "21");
	stage_shows(&st, "2 fields have a new value: Chen");
	stage_shows(&st, "Rank               3");
	stage_press(&st, "<F2>");
	stage_shows(&st, "Saved, not sent yet");
	assert_over(own_change(1, "address"), "12 Elm St, rear", "48.1");
	assert_null(own_change(1, "rank"));
}

static void
test_both_are_shown_and_mine_goes_over_theirs(void **state)
{
	(void)state;
	go_to("Property owner");
	stage_type(&st, " of Oakland");
	COMES("48.2", "place/30-1", "owner_text", "Shore Ltd");
	stage_shows(&st, "Chen changed what you are changing");
	stage_shows(&st, "! Chen 14 Jul 03:31 set: Shore Ltd");
	stage_shows(&st, "Lake Ltd of Oakland");
	stage_press(&st, "<F2>");
	stage_shows(&st, "CHANGED MEANWHILE  30-1");
	stage_shows(&st, "mine    Lake Ltd of Oakland");
	stage_shows(&st, "theirs  Chen 14 Jul 03:31: Shore Ltd");
	stage_press(&st, "<Esc>");
	stage_shows(&st, "EDIT Place");
	stage_press(&st, "<F2> m");
	stage_shows(&st, "Saved, not sent yet");
	assert_over(own_change(1, "owner_text"), "Lake Ltd of Oakland", "48.2");
}

/* Theirs is taken into the form; mine is one undo away. */
static void
test_theirs_can_be_taken(void **state)
{
	(void)state;
	go_to("Property owner");
	stage_type(&st, " of Oakland");
	COMES("48.2", "place/30-1", "owner_text", "Shore Ltd");
	stage_press(&st, "<F2> t");
	stage_shows(&st, "Nothing is saved yet");
	stage_shows(&st, "Property owner     Shore Ltd");
	stage_lacks(&st, "! Chen");
	stage_press(&st, "<C-r>");
	stage_shows(&st, "Property owner     Lake Ltd of Oakland");
	stage_press(&st, "<F2>");
	stage_shows(&st, "Saved, not sent yet");
	assert_over(own_change(1, "owner_text"), "Lake Ltd of Oakland", "48.2");
}

static void
test_each_field_by_itself(void **state)
{
	(void)state;
	stage_type(&st, ", rear");
	go_to("Property owner");
	stage_type(&st, " of Oakland");
	COMES("48.2", "place/30-1", "owner_text", "Shore Ltd", "address",
		"14 Elm St", "geo", "37.8,-122.2");
	stage_press(&st, "<F2>");
	stage_shows(&st, "14 Elm St");
	stage_shows(&st, "Shore Ltd");
	stage_press(&st, "m");
	stage_lacks(&st, ": 14 Elm St");
	stage_press(&st, "t");
	stage_shows(&st, "EDIT Place");
	stage_press(&st, "<F2>");
	stage_shows(&st, "Saved, not sent yet");
	assert_over(own_change(1, "address"), "12 Elm St, rear", "48.2");
	assert_null(own_change(1, "owner_text"));
}

/* Address and position win together: another position is a clash. */
static void
test_fields_that_win_together(void **state)
{
	(void)state;
	stage_type(&st, ", rear");
	COMES("48.2", "place/30-1", "address", "12 Elm St", "geo",
		"37.9,-122.3");
	stage_shows(&st, "set: 37.9,-122.3");
	stage_press(&st, "<F2>");
	stage_shows(&st, "mine    37.8,-122.2");
	stage_press(&st, "m");
	stage_shows(&st, "Saved, not sent yet");
	assert_over(own_change(1, "address"), "12 Elm St, rear", "48.2");
	assert_over(own_change(1, "geo"), "37.8,-122.2", "48.2");
}

static void
test_the_same_from_both_is_no_question(void **state)
{
	(void)state;
	stage_type(&st, ", rear");
	COMES("48.2", "place/30-1", "address", "12 Elm St, rear", "geo",
		"37.8,-122.2");
	stage_lacks(&st, "set:");
	stage_press(&st, "<F2>");
	stage_shows(&st, "Nothing was changed");
}

/* Another window of one's own, or a command, on the same file. */
static void
test_ones_own_second_window(void **state)
{
	struct replica *other;
	struct record *rec;
	struct edit e = {.kind = mem_text("place"), .record = mem_text("30-1")};

	(void)state;
	go_to("Property owner");
	stage_type(&st, " of Oakland");
	good(replica_open(f.path, &f.clock, &other, &why));
	good(record_load(other, "place", "30-1", &rec, &why));
	record_change(&e, rec, "owner_text", "Shore Ltd");
	record_change(&e, rec, "rank", "3");
	good(record_save(other, &e, &why));
	record_free(rec);
	replica_close(other);
	edit_release(&e);
	stage_press(&st, "<F2>"); /* nothing told the form before */
	stage_shows(&st, "theirs  you, elsewhere, 14 Jul 03:31: Shore Ltd");
	stage_press(&st, "m");
	stage_shows(&st, "Saved, not sent yet");
	assert_over(own_change(2, "owner_text"), "Lake Ltd of Oakland", "47.1");
	assert_null(own_change(2, "rank"));
}

/* A long text is shown whole as far as there is room, with who wrote it. */
static void
test_a_draft_learns_of_it_when_it_goes_on(void **state)
{
	(void)state;
	go_to("Property owner");
	stage_type(&st, " of Oakland");
	stage_close(&st);
	fixture_open_again(&f);
	stage_open(&st, &f, NULL, NULL, NULL);
	COMES("48.2", "place/30-1", "owner_text", "Shore Ltd", "rank", "3");
	stage_press(&st, "r");
	stage_shows(&st, "others changed this meanwhile");
	stage_shows(&st, "set: Shore Ltd");
	stage_shows(&st, "Rank               3");
	stage_press(&st, "<F2> m");
	stage_shows(&st, "Saved, not sent yet");
	assert_over(own_change(1, "owner_text"), "Lake Ltd of Oakland", "48.2");
	assert_null(own_change(1, "rank"));
}

/* Two who wrote at the same narrative: both texts, for one of them to edit. */
static void
test_both_long_texts(void **state)
{
	struct entry e = fixture_entry(&f, "48.9", "4480", "project/30-2",
		"title", "Lot", "beat_ids", "35X", "goal", "Half", NULL);

	(void)state;
	stage_close(&st);
	fixture_take(&f, &e, "beat:35X");
	stage_open(&st, &f, "project", "30-2", NULL);
	stage_press(&st, "e");
	go_to("Goal");
	stage_type(&st, " by August");
	COMES("48.10", "project/30-2", "goal", "Half by May");
	stage_press(&st, "<F2>");
	stage_shows(&st, "mine    Half by August");
	stage_shows(&st, "Half by May");
	stage_press(&st, "<Down> <Down> <Enter>");
	stage_shows(&st, "| Half by August");
	stage_shows(&st, "| Half by May");
	stage_lacks(&st, "! Chen");
	stage_press(&st, "<C-u> <BS>");
	stage_type(&st, ", or May");
	stage_press(&st, "<F2>");
	stage_shows(&st, "Saved, not sent yet");
	assert_over(own_change(1, "goal"), "Half by August, or May", "48.10");
}

/* It may change again while the question is on. */
static void
test_it_changes_again_while_one_is_asked(void **state)
{
	(void)state;
	go_to("Property owner");
	stage_type(&st, " of Oakland");
	COMES("48.2", "place/30-1", "owner_text", "Shore Ltd");
	stage_press(&st, "<F2>");
	COMES("48.3", "place/30-1", "owner_text", "Hill Ltd");
	stage_shows(&st, ": Hill Ltd");
	stage_press(&st, "m");
	stage_shows(&st, "Saved, not sent yet");
	assert_over(own_change(1, "owner_text"), "Lake Ltd of Oakland", "48.3");
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_untouched_takes_the_new_value),
		TEST(test_both_are_shown_and_mine_goes_over_theirs),
		TEST(test_theirs_can_be_taken),
		TEST(test_each_field_by_itself),
		TEST(test_fields_that_win_together),
		TEST(test_the_same_from_both_is_no_question),
		TEST(test_ones_own_second_window),
		TEST(test_a_draft_learns_of_it_when_it_goes_on),
		TEST(test_both_long_texts),
		TEST(test_it_changes_again_while_one_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
