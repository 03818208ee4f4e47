/* In which books a record travels: DESIGN.md section 3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/books.h"

static struct catalog *cat;

/* A store of a few facts: KIND/ID, field, value; "author" is who made it. */
struct fact {
	const char *record, *field, *value;
};

static enum status
find(void *arg, const char *kind, const char *id, const char *field,
	struct buf *out, struct why *why)
{
	char record[200];

	(void)why;
	snprintf(record, sizeof(record), "%s/%s", kind, id);
	for (const struct fact *f = arg; f->record; f++)
		if (strcmp(f->record, record) == 0 &&
			strcmp(f->field, field) == 0)
			buf_puts(out, f->value);
	return ST_OK;
}

static enum status
find_author(void *arg, const char *kind, const char *id, struct buf *out,
	struct why *why)
{
	return find(arg, kind, id, "author", out, why);
}

static enum status
fail_value(void *arg, const char *kind, const char *id, const char *field,
	struct buf *out, struct why *why)
{
	(void)arg, (void)kind, (void)id, (void)field, (void)out;
	return why_set(why, ST_FILE, "the disk is gone");
}

static void
join(struct names *n, struct buf *out)
{
	names_sort(n);
	for (size_t i = 0; i < n->count; i++)
		buf_printf(out, "%s%s", i ? " " : "", n->items[i]);
	names_release(n);
}

/* Books and what was looked at, each sorted, with blanks between. */
static void
in_books(struct fact *facts, const char *kind, const char *id, const char *want,
	const char *want_leaned)
{
	struct book_lookup look = {facts, find, find_author};
	struct names books = {0}, leaned = {0};
	struct buf got = BUF_INIT, got_leaned = BUF_INIT;
	struct why why = {""};

	if (books_of(cat, &look, kind, id, &books, &leaned, &why))
		fail_msg("%s", why.text);
	join(&books, &got);
	join(&leaned, &got_leaned);
	assert_string_equal(buf_text(&got), want);
	if (want_leaned)
		assert_string_equal(buf_text(&got_leaned), want_leaned);
	buf_release(&got);
	buf_release(&got_leaned);
}

static struct fact town[] = {
	{"member/1", "access", "officer"},
	{"member/1", "org_unit_id", "N1"},
	{"member/2", "access", "officer"},
	{"member/3", "access", "coordinator"},
	{"council/c", "beat_ids", "12X,14B"},
	{"council/none", "name", "No beats yet"},
	{"project/p", "beat_ids", "12X,14Y"},
	{"project/p", "owner_id", "1"},
	{"project/own", "owner_id", "1"},
	{"project/lone", "owner_id", "2"},
	{"project/lone", "author", "1"},
	{"project/nsc", "owner_id", "3"},
	{"project_step/s", "project_id", "p"},
	{"project_step/early", "project_id", "not-here"},
	{"project_step/early", "author", "2"},
	{"priority/q", "council_id", "c"},
	{"report_back/r", "council_id", "c"},
	{"meeting/m", "council_id", "none"},
	{"meeting/m", "org_unit_id", "N1"},
	{"attendance/a", "meeting_id", "m"},
	{"concern/c", "author", "1"},
	{"concern/b", "beat_id", "99Z"},
	{"contact/k", "organization_id", "o"},
	{"organization/o", "author", "3"},
	{"absence/v", "member_id", "1"},
	{"absence/w", "member_id", "2"},
	{"absence/w", "author", "2"},
	{"absence_note/n", "absence_id", "v"},
	{"action_item/i", "source_id", "project_step/s"},
	{"action_item/j", "owner_id", "2"},
	{"action_item/j", "source_id", "nonsense"},
	{"action_item/beat", "source_id", "beat/12X"},
	{"action_item/x", "source_id", "action_item/y"},
	{"action_item/x", "owner_id", "1"},
	{"action_item/y", "source_id", "action_item/x"},
	{"action_item/y", "owner_id", "2"},
	{"assessment/plan", "plan_id", "pl"},
	{"assessment/plan", "author", "2"},
	{"place/bad", "beat_id", "no beat!"},
	{"place/bad", "author", "2"},
	{"later_kind/z", "author", "2"},
	{NULL, NULL, NULL},
};

static void
test_records_of_the_department(void **state)
{
	(void)state;
	in_books(town, "beat", "12X", "dept", "");
	in_books(town, "member", "1", "dept", "");
	in_books(town, "council", "c", "dept", "");
	in_books(town, "assignment", "t", "dept", "");
}

static void
test_beats_come_before_the_unit(void **state)
{
	(void)state;
	in_books(town, "project", "p", "beat:12X beat:14Y", "");
	in_books(town, "project", "own", "unit:N1", "member/1");
	in_books(town, "place", "bad", "member:2", NULL);
}

static void
test_an_unknown_beat_is_a_book_all_the_same(void **state)
{
	(void)state;
	in_books(town, "concern", "b", "beat:99Z", "");
}

static void
test_a_child_travels_with_its_parent(void **state)
{
	(void)state;
	in_books(town, "project_step", "s", "beat:12X beat:14Y", "project/p");
	in_books(town, "attendance", "a", "unit:N1", "council/none meeting/m");
	in_books(town, "action_item", "i", "beat:12X beat:14Y",
		"project/p project_step/s");
	in_books(town, "action_item", "beat", "beat:12X", NULL);
}

static void
test_councils_lend_their_beats(void **state)
{
	(void)state;
	in_books(town, "priority", "q", "beat:12X beat:14B", "council/c");
	in_books(town, "report_back", "r", "beat:12X beat:14B", "council/c");
	in_books(town, "meeting", "m", "unit:N1", "council/none");
}

static void
test_the_authors_unit_or_the_department(void **state)
{
	(void)state;
	in_books(town, "concern", "c", "unit:N1", "member/1");
	in_books(town, "contact", "k", "dept", "member/3 organization/o");
	in_books(town, "project", "nsc", "dept", "member/3");
	in_books(town, "project", "lone", "member:1", "member/2");
}

static void
test_absences(void **state)
{
	(void)state;
	in_books(town, "absence", "v", "unit:N1", "member/1");
	in_books(town, "absence", "w", "member:2", "member/2");
	in_books(town, "absence_note", "n", "member:1", "absence/v");
}

static void
test_what_cannot_be_told_stays_with_its_author(void **state)
{
	(void)state;
	in_books(town, "project_step", "early", "member:2", "project/not-here");
	in_books(town, "action_item", "j", "member:2", "");
	in_books(town, "assessment", "plan", "member:2", "");
	in_books(town, "later_kind", "z", "member:2", "");
}

static void
test_circles_end(void **state)
{
	(void)state;
	in_books(town, "action_item", "x", "member:2", "action_item/y");
	in_books(town, "action_item", "y", "member:1", "action_item/x");
}

/* action_item/0 names 1, which names 2 …, the last of which names a beat. */
static void
chain(struct fact *facts, char names[][40], int length)
{
	for (int i = 0; i <= length; i++)
		snprintf(names[i], 40, "action_item/%d", i);
	for (int i = 0; i < length; i++)
		facts[i] = (struct fact){names[i], "source_id", names[i + 1]};
	facts[length] = (struct fact){names[length], "source_id", "beat/12X"};
	facts[length + 1] = (struct fact){"action_item/0", "owner_id", "1"};
	facts[length + 2] = (struct fact){NULL, NULL, NULL};
}

static void
test_long_chains_end(void **state)
{
	struct fact facts[20];
	char names[20][40];

	(void)state;
	chain(facts, names, 8);
	in_books(facts, "action_item", "0", "beat:12X", NULL);
	chain(facts, names, 9);
	in_books(facts, "action_item", "0", "member:1", NULL);
}

static void
test_failures_are_passed_on(void **state)
{
	struct book_lookup broken = {town, fail_value, find_author};
	struct book_lookup look = {town, find, find_author};
	struct names books = {0};
	struct why why;

	(void)state;
	assert_int_equal(
		books_of(cat, &broken, "project", "p", &books, NULL, &why),
		ST_FILE);
	assert_string_equal(why.text, "the disk is gone");
	assert_int_equal(books_of(cat, &look, "project", "unheard-of", &books,
				 NULL, &why),
		ST_DATA);
	assert_int_equal(books.count, 0);
	names_release(&books);
}

static void
test_books_are_added_to_those_there(void **state)
{
	struct book_lookup look = {town, find, find_author};
	struct names books = {0};

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(books_of(cat, &look, "project", "p", &books,
					 NULL, NULL),
			ST_OK);
	assert_int_equal(books.count, 2);
	names_release(&books);
}

static void
subject_is(const char *kind, const char *id, const char *want)
{
	struct book_lookup look = {town, find, find_author};
	struct buf badge = BUF_INIT;

	assert_int_equal(
		books_subject(cat, &look, kind, id, &badge, NULL), ST_OK);
	assert_string_equal(buf_text(&badge), want);
	buf_release(&badge);
}

static void
test_whom_a_record_is_about(void **state)
{
	(void)state;
	subject_is("absence", "v", "1");
	subject_is("absence_note", "n", "1");
	subject_is("absence_note", "unheard-of", "");
}

static void
test_lists_of_names(void **state)
{
	struct names a = {0}, b = {0};

	(void)state;
	assert_true(names_add(&a, "x"));
	assert_true(names_add(&a, "b"));
	assert_false(names_add(&a, "x"));
	assert_true(names_have(&a, "b"));
	assert_false(names_have(&a, "y"));
	names_add(&b, "b");
	assert_false(names_same(&a, &b));
	names_add(&b, "x");
	assert_true(names_same(&a, &b));
	names_sort(&a);
	assert_string_equal(a.items[0], "b");
	names_release(&a);
	names_release(&b);
	assert_int_equal(a.count, 0);
}

static void
test_names_of_books(void **state)
{
	(void)state;
	assert_true(book_name_ok("dept"));
	assert_true(book_name_ok("beat:12X"));
	assert_true(book_name_ok("member:4471"));
	assert_true(book_name_ok("unit:BFO-1"));
	assert_false(book_name_ok("beat:"));
	assert_false(book_name_ok("beat:1 2"));
	assert_false(book_name_ok("council:c"));
	assert_false(book_name_ok("dept:x"));
}

static int
setup(void **state)
{
	(void)state;
	return (int)catalog_read(NULL, 0, "", &cat, NULL);
}

static int
teardown(void **state)
{
	(void)state;
	catalog_free(cat);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records_of_the_department),
		cmocka_unit_test(test_beats_come_before_the_unit),
		cmocka_unit_test(test_an_unknown_beat_is_a_book_all_the_same),
		cmocka_unit_test(test_a_child_travels_with_its_parent),
		cmocka_unit_test(test_councils_lend_their_beats),
		cmocka_unit_test(test_the_authors_unit_or_the_department),
		cmocka_unit_test(test_absences),
		cmocka_unit_test(
			test_what_cannot_be_told_stays_with_its_author),
		cmocka_unit_test(test_circles_end),
		cmocka_unit_test(test_long_chains_end),
		cmocka_unit_test(test_failures_are_passed_on),
		cmocka_unit_test(test_books_are_added_to_those_there),
		cmocka_unit_test(test_whom_a_record_is_about),
		cmocka_unit_test(test_lists_of_names),
		cmocka_unit_test(test_names_of_books),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
