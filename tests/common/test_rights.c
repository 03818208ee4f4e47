/* Who may write and read what: DESIGN.md sections 3 and 8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/rights.h"

static struct catalog *cat;

static bool
may_write(const char *kind, enum access a, bool holds, bool subject)
{
	struct writer w = {"4471", a, holds, subject};
	struct why why = {""};
	enum status st = rights_may_write(catalog_kind(cat, kind), &w, &why);

	if (st) {
		assert_int_equal(st, ST_NOT_ALLOWED);
		assert_non_null(strstr(why.text, ": ask "));
	}
	return !st;
}

static void
test_levels_have_names(void **state)
{
	(void)state;
	for (int a = ACCESS_OFFICER; a <= ACCESS_ADMIN; a++)
		assert_int_equal(
			access_from_name(access_name((enum access)a)), a);
	assert_int_equal(access_from_name("chief"), ACCESS_NONE);
	assert_int_equal(access_from_name(""), ACCESS_NONE);
	assert_int_equal(access_from_name("none"), ACCESS_NONE);
	assert_true(access_supervises(ACCESS_SERGEANT));
	assert_true(access_supervises(ACCESS_ADMIN));
	assert_false(access_supervises(ACCESS_COORDINATOR));
	assert_false(access_supervises(ACCESS_ANALYST));
}

/* Each level that may write a kind whose book it holds, as letters:
 * o officer, c coordinator, s sergeant, m commander, a admin. */
static const struct {
	const char *kind, *writers;
} in_held_book[] = {
	{"project", "ocsma"},
	{"contact", "ocsma"},
	{"council", "ocsma"},
	{"assignment", "ma"},
	{"absence", "sma"},
	{"absence_note", "sma"},
	{"org_unit", "a"},
	{"beat", "a"},
	{"member", "a"},
};

static void
test_each_kind_has_its_writers(void **state)
{
	static const struct {
		char letter;
		enum access access;
	} levels[] = {{'o', ACCESS_OFFICER}, {'c', ACCESS_COORDINATOR},
		{'s', ACCESS_SERGEANT}, {'m', ACCESS_COMMANDER},
		{'a', ACCESS_ADMIN}, {'y', ACCESS_ANALYST},
		{'r', ACCESS_RECORDS}, {'n', ACCESS_NONE}};

	(void)state;
	for (size_t i = 0; i < sizeof(in_held_book) / sizeof(*in_held_book);
		i++)
		for (size_t j = 0; j < sizeof(levels) / sizeof(*levels); j++) {
			bool want = strchr(in_held_book[i].writers,
					    levels[j].letter) != NULL;

			if (may_write(in_held_book[i].kind, levels[j].access,
				    true, false) != want)
				fail_msg("%s as %s", in_held_book[i].kind,
					access_name(levels[j].access));
		}
}

static void
test_a_book_not_held_is_not_written(void **state)
{
	(void)state;
	assert_false(may_write("project", ACCESS_OFFICER, false, false));
	assert_false(may_write("project", ACCESS_COMMANDER, false, false));
	assert_false(may_write("absence", ACCESS_SERGEANT, false, false));
	assert_false(may_write("assignment", ACCESS_ADMIN, false, false));
}

static void
test_members_write_their_own_absence(void **state)
{
	(void)state;
	assert_true(may_write("absence", ACCESS_OFFICER, true, true));
	assert_true(may_write("absence", ACCESS_OFFICER, false, true));
	assert_false(may_write("absence", ACCESS_OFFICER, true, false));
	assert_false(may_write("absence", ACCESS_RECORDS, true, true));
	assert_false(may_write("project", ACCESS_OFFICER, false, true));
}

static void
test_contacts_are_hidden_from_analysts(void **state)
{
	const struct kind *contact = catalog_kind(cat, "contact");

	(void)state;
	assert_false(rights_may_read(contact, ACCESS_ANALYST));
	assert_true(rights_may_read(contact, ACCESS_RECORDS));
	assert_true(rights_may_read(contact, ACCESS_OFFICER));
	assert_true(
		rights_may_read(catalog_kind(cat, "project"), ACCESS_ANALYST));
	assert_true(rights_may_read(
		catalog_kind(cat, "absence_note"), ACCESS_OFFICER));
	assert_false(
		rights_may_read(catalog_kind(cat, "project"), ACCESS_NONE));
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
		cmocka_unit_test(test_levels_have_names),
		cmocka_unit_test(test_each_kind_has_its_writers),
		cmocka_unit_test(test_a_book_not_held_is_not_written),
		cmocka_unit_test(test_members_write_their_own_absence),
		cmocka_unit_test(test_contacts_are_hidden_from_analysts),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
