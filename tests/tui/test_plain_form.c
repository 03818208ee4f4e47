/* Forms as questions: field by field, in lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/value.h"
#include "tests/support/good.h"
#include "tests/support/reader.h"

static struct fixture f;
static struct reader r;
static const char *garage;

static int
begin(void **state)
{
	reader_make(&r, &f, state);
	garage = fixture_save(&f, "project", "", "title", "Harbor Garage",
		"beat_ids", "35X", NULL);
	reader_open(&r, &f, "project", garage, NULL);
	return 0;
}

/* Lines, one after another, to a NULL. */
static void
say_all(const char *line, ...)
{
	va_list ap;

	va_start(ap, line);
	for (; line; line = va_arg(ap, const char *))
		reader_say(&r, line);
	va_end(ap);
}

static const char *
goal(void)
{
	return fixture_text(&f, "project", garage, "goal");
}

/* The question of this field of the garage's form. */
static void
ask(const char *field)
{
	char line[16];

	say_all("edit", "again", NULL);
	snprintf(line, sizeof(line), ":%s", reader_number(&r, field));
	reader_say(&r, line);
	reader_hears(&r, field);
}

static void
test_it_asks(void **state)
{
	(void)state;
	say_all("edit", NULL);
	reader_hears(&r, "EDIT Project 1b-1  Harbor Garage. ");
	reader_hears(&r, "An empty line keeps what is there");
	reader_say(&r, ":2");
	reader_hears_only(&r, "2 of 26 Title, required (was: Harbor Garage):");
	reader_say(&r, "Harbor Shed");
	reader_hears(&r, "3 of 26 Kind");
	reader_say(&r, "previous");
	reader_hears_only(&r, "2 of 26 Title, required (now: Harbor Shed):");
	reader_say(&r, "?");
	reader_hears(&r, "Title: ");
	reader_hears(&r, "Now: Harbor Shed\n");
	reader_say(&r, "save");
	reader_hears(&r, "Saved, not sent yet");
	reader_hears(&r, "Harbor Shed. Project");
	assert_string_equal(
		fixture_text(&f, "project", garage, "title"), "Harbor Shed");
}

static void
test_empty_keeps_and_dash_empties(void **state)
{
	(void)state;
	fixture_save(&f, "project", garage, "goal", "Half", NULL);
	ask("Goal");
	reader_say(&r, "");
	say_all("save", NULL);
	reader_hears(&r, "Nothing was changed");
	assert_string_equal(goal(), "Half");
	ask("Goal");
	say_all("-", "save", NULL);
	assert_string_equal(goal(), "");
	ask("Title");
	reader_say(&r, "-");
	reader_hears_only(&r, "Title must be filled in\n2 of 26 Title, "
			      "required (was: Harbor Garage):");
	say_all(":go-today", "new action_item", "save", NULL);
	reader_hears(&r, "Not saved: ");
	reader_hears(&r, "must be filled in\n");
	reader_hears(&r, ", required:");
}

static void
test_long_text(void **state)
{
	(void)state;
	ask("Goal");
	say_all("Break-ins:", "", "  14 a month", "..", "save", ".", NULL);
	reader_hears(&r, "Stage");
	say_all("save", NULL);
	assert_string_equal(goal(), "Break-ins:\n\n  14 a month\n.\nsave");
	ask("Goal");
	say_all("+", "and more", ".", "save", NULL);
	assert_string_equal(
		goal(), "Break-ins:\n\n  14 a month\n.\nsave\nand more");
	ask("Goal");
	say_all("=-", ".", "save", NULL);
	assert_string_equal(goal(), "-");
}

static void
test_choices(void **state)
{
	(void)state;
	ask("Stage");
	reader_hears(&r, "1. Scanning\n2. Analysis\n3. Response\n");
	reader_hears(&r, "(was: Scanning):");
	reader_say(&r, "9");
	reader_hears(&r, "Nothing matches '9'\n1. Scanning\n");
	reader_say(&r, "y"); /* no first letter, though in Analysis */
	reader_hears(&r, "Which? A number, or other words\n1. Analysis\n");
	reader_say(&r, "1");
	reader_say(&r, "previous");
	reader_hears(&r, "(now: Analysis):");
	reader_say(&r, "resp"); /* the first letters */
	reader_say(&r, "save");
	assert_string_equal(
		fixture_text(&f, "project", garage, "stage"), "response");
	ask("Mandates");
	reader_say(&r, "1, 2");
	reader_say(&r, "previous");
	reader_say(&r, "-");
	reader_say(&r, "save");
	assert_string_equal(
		fixture_text(&f, "project", garage, "mandates"), "");
	ask("Replicable");
	say_all("y", "save", NULL);
	assert_string_equal(
		fixture_text(&f, "project", garage, "replicable"), "true");
}

static void
test_records_are_found(void **state)
{
	(void)state;
	ask("Owner");
	reader_say(&r, "nobody");
	reader_hears(&r, "Nothing matches 'nobody'\n");
	reader_say(&r, "*");
	reader_hears(&r, "Which? A number, or other words\n1. ");
	reader_say(&r, reader_number(&r, "Mota"));
	reader_say(&r, "previous");
	reader_hears(&r, "(now: Mota):");
	reader_say(&r, "chen");
	reader_say(&r, "previous");
	reader_hears(&r, "(now: Chen):");
	reader_say(&r, "4471"); /* its id */
	reader_say(&r, "previous");
	reader_hears(&r, "(was: Ibarra):");
	ask("Beats");
	reader_say(&r, "35X, 12Y");
	say_all("save", NULL);
	assert_string_equal(
		fixture_text(&f, "project", garage, "beat_ids"), "35X,12Y");
	ask("Watchers");
	say_all("chen", "previous", "+mota", "save", NULL);
	assert_string_equal(
		fixture_text(&f, "project", garage, "watcher_ids"), "4480,900");
}

static void
test_a_wrong_value_is_asked_again(void **state)
{
	(void)state;
	ask("Opened");
	reader_say(&r, "someday");
	reader_hears(&r, "Opened: 'someday'");
	reader_hears(&r, "Opened, required (was: 2026-07-14):");
	reader_say(&r, "+3d");
	say_all("save", NULL);
	assert_string_equal(
		fixture_text(&f, "project", garage, "opened_on"), "2026-07-17");
}

static void
test_words_can_be_values(void **state)
{
	(void)state;
	ask("Title");
	reader_say(&r, "go-today");
	reader_hears(&r, "Write :go-today to do that, or =go-today as a "
			 "value\n2 of 26 Title");
	say_all("=save", "save", NULL);
	assert_string_equal(
		fixture_text(&f, "project", garage, "title"), "save");
}

static void
test_leaving_keeps_a_draft(void **state)
{
	(void)state;
	ask("Title");
	say_all("Half done", "back", NULL);
	reader_hears(&r, "Leave without saving? The draft is kept. y or n");
	say_all("n", NULL);
	reader_hears(&r, "3 of 26 Kind");
	say_all("back", "y", "go-today", NULL);
	reader_hears(&r, "DRAFTS KEPT (1)");
	say_all("resume", NULL);
	reader_hears(&r, "Your draft of ");
	reader_hears(&r, "(now: Half done):");
	say_all("save", NULL);
	assert_string_equal(
		fixture_text(&f, "project", garage, "title"), "Half done");
}

/* The line is gone in the midst of a text. */
static void
test_the_end_keeps_a_draft(void **state)
{
	(void)state;
	ask("Goal");
	say_all("first", "second", NULL);
	reader_close(&r);
	reader_open(&r, &f, NULL, NULL, NULL);
	reader_hears(&r, "DRAFTS KEPT (1)");
	reader_say(&r, "resume");
	say_all("save", NULL);
	assert_string_equal(goal(), "first\nsecond");
}

static void
test_a_new_record(void **state)
{
	(void)state;
	say_all("note", NULL);
	reader_hears(&r, "NEW Update. ");
	reader_hears(&r, " Text, required:");
	say_all("Walked the lot", ".", "save", NULL);
	reader_hears(&r, "Saved, not sent yet");
	reader_hears(&r, "Update  Walked the lot (not sent)");
	say_all("new concern", NULL);
	reader_misses(&r, "An empty line keeps"); /* said once */
	say_all("back", "go-today", "new concern", NULL);
	reader_hears(&r, "NEW Concern");
}

static void
test_when_all_was_asked(void **state)
{
	(void)state;
	say_all("note", "Text", ".", NULL);
	for (int i = 0; i < 20 && !strstr(r.text, "All fields"); i++)
		reader_say(&r, "");
	reader_hears_only(&r, "All fields were asked: save, back, again, or a "
			      "field's number:");
	reader_say(&r, "44");
	reader_hears(&r, "There is no 44 here\nAll fields were asked");
	reader_say(&r, "4");
	reader_hears(&r, "4 of 9 Text, required (now: Text):");
	reader_say(&r, "");
	reader_hears(&r, "All fields were asked");
	reader_say(&r, "save");
	reader_hears(&r, "Saved");
}

/* However long a text is, it is read whole, on a line of its own. */
static void
test_a_long_text_is_read_whole(void **state)
{
	struct buf line = BUF_INIT, answer = BUF_INIT;

	(void)state;
	for (int i = 0; i < 600; i++)
		buf_puts(&line, "word ");
	buf_puts(&line, "end");
	say_all("note", buf_text(&line), ".", NULL);
	reader_say(&r, "again");
	buf_printf(&answer, "\n4. Text: %s\n5. ", buf_text(&line));
	reader_hears(&r, buf_text(&answer));
	buf_release(&line);
	buf_release(&answer);
}

static void
test_too_much(void **state)
{
	const struct kind *k = catalog_kind(replica_catalog(f.r), "project");
	size_t max = kind_field(k, "title")->max;
	char *line = mem_alloc(max + 3000);

	(void)state;
	memset(line, 'x', max + 2999);
	ask("Title");
	reader_say(&r, line);
	reader_hears(&r, "Title");
	reader_hears(&r, "2 of 26 Title, required (was: Harbor Garage):");
	free(line);
}

static void
test_other_actions_from_a_form(void **state)
{
	(void)state;
	ask("Title");
	say_all("Half done", ":go-sync", NULL);
	reader_hears(&r, "SYNC");
	say_all("back", NULL);
	reader_hears(&r, "of 26 ");
	for (int i = 0; i < ACT_LEFT; i++)
		if (action_in((enum action)i, CTX_FORM))
			assert_int_equal(
				plain_action(&r.p, action_name((enum action)i),
					true),
				i);
}

/* Others changed it while one wrote. */
static void
test_what_others_changed_meanwhile(void **state)
{
	struct entry e;

	(void)state;
	fixture_confirm(&f, 1, "beat:35X");
	ask("Goal");
	say_all("Mine", ".", NULL);
	e = fixture_entry(
		&f, "48.1", "4480", "project/1b-1", "goal", "Theirs", NULL);
	fixture_take(&f, &e, NULL);
	say_all("previous", NULL);
	reader_hears(&r, "Chen 14 Jul 03:31 set: Theirs\n");
	reader_hears(&r, "Goal (now: Mine):");
	say_all("save", NULL);
	reader_hears(&r, "Others changed what you changed: which is it to be?");
	reader_say(&r, reader_number(&r, "theirs  Chen"));
	reader_hears(&r, "Taken into the form");
	say_all(":text-undo", NULL);
	reader_hears(&r, "Goal (now: Mine):");
	say_all("save", NULL);
	reader_hears(&r, "Saved, not sent yet");
	assert_string_equal(goal(), "Mine");
}

int
main(void)
{
#define STORY(name) \
	cmocka_unit_test_setup_teardown(name, begin, reader_tear_down)
	const struct CMUnitTest tests[] = {
		STORY(test_it_asks),
		STORY(test_empty_keeps_and_dash_empties),
		STORY(test_long_text),
		STORY(test_choices),
		STORY(test_records_are_found),
		STORY(test_a_wrong_value_is_asked_again),
		STORY(test_words_can_be_values),
		STORY(test_leaving_keeps_a_draft),
		STORY(test_the_end_keeps_a_draft),
		STORY(test_a_new_record),
		STORY(test_when_all_was_asked),
		STORY(test_a_long_text_is_read_whole),
		STORY(test_too_much),
		STORY(test_other_actions_from_a_form),
		STORY(test_what_others_changed_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
