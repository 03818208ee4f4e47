/* Values: what people type, the one form it is kept in, and how it is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/catalog.h"
#include "common/value.h"
#include "common/when.h"

/* 2026-11-22 10:31 in Oakland, a Sunday. */
#define NOW INT64_C(1795372260000)

static struct catalog *cat;
static const struct value_context ctx = {"4471", NOW};

static const struct field *
field_of(const char *kind, const char *name)
{
	const struct field *f = kind_field(catalog_kind(cat, kind), name);

	assert_non_null(f);
	return f;
}

static void
reads(const char *kind, const char *name, const char *typed, const char *want)
{
	const struct field *f = field_of(kind, name);
	struct why why = {""};
	char *got;

	if (value_read(f, typed, &ctx, &got, &why))
		fail_msg("%s.%s '%s': %s", kind, name, typed, why.text);
	assert_string_equal(got, want);
	if (value_check(f, got, &why))
		fail_msg("%s.%s: what was read is not canonical: %s", kind,
			name, why.text);
	free(got);
}

static void
refuses(const char *kind, const char *name, const char *typed, const char *says)
{
	struct why why = {""};
	char *got;

	if (value_read(field_of(kind, name), typed, &ctx, &got, &why) !=
		ST_DATA)
		fail_msg("%s.%s took '%s'", kind, name, typed);
	assert_null(got);
	if (!strstr(why.text, says))
		fail_msg("'%s' does not say '%s'", why.text, says);
}

static void
not_canonical(const char *kind, const char *name, const char *text)
{
	if (value_check(field_of(kind, name), text, NULL) != ST_DATA)
		fail_msg("%s.%s: '%s' passed", kind, name, text);
}

static void
test_text(void **state)
{
	char long_text[220];

	(void)state;
	reads("project", "title", "  Garage \xc3\xa9 ", "Garage \xc3\xa9");
	reads("project", "title", " \t ", "");
	reads("project", "goal", " two\n lines\n", " two\n lines\n");
	refuses("project", "title", "a\x1b[2Jb", "^[ at line 1, byte 2");
	refuses("project", "title", "a\nb", "one line");
	refuses("project", "goal", "a\nb\rc", "^M at line 2, byte 4");
	refuses("project", "title", "caf\xe9", "UTF-8");
	refuses("project", "title", "a\xc2\x85", "0x85");
	memset(long_text, 'x', sizeof(long_text));
	long_text[200] = '\0';
	reads("project", "title", long_text, long_text);
	long_text[200] = 'x';
	long_text[201] = '\0';
	refuses("project", "title", long_text,
		"Title: 201 bytes are over its limit of 200");
}

static void
test_long_text_has_a_limit(void **state)
{
	size_t len = 64 * 1024 + 1;
	char *text = malloc(len + 1);

	(void)state;
	memset(text, 'x', len);
	text[len] = '\0';
	refuses("project", "goal", text,
		"65537 bytes are over its limit of "
		"65536");
	text[len - 1] = '\0';
	reads("project", "goal", text, text);
	free(text);
}

static void
test_enums(void **state)
{
	(void)state;
	reads("project", "stage", "analysis", "analysis");
	reads("project", "stage", " Analysis ", "analysis");
	reads("project", "status", "on hold", "on_hold");
	reads("concern", "agency", "MACRO", "macro");
	refuses("project", "stage", "anal",
		"Stage: 'anal' is not one of its values: give scanning, "
		"analysis, response, assessment");
	refuses("member", "role", "croo",
		"Role: 'croo' is not one of its values: did you mean cro? "
		"give ");
	refuses("concern", "category", "noise", "`beatbook kinds concern`");
	not_canonical("project", "stage", "Analysis");
	not_canonical("project", "status", "on hold");
}

static void
test_days_and_instants(void **state)
{
	(void)state;
	reads("project", "opened_on", "2026-11-22", "2026-11-22");
	reads("project", "opened_on", "today", "2026-11-22");
	reads("project", "opened_on", "-2w", "2026-11-08");
	reads("project", "opened_on", "fri", "2026-11-27");
	refuses("project", "opened_on", "2026-02-30", "not a day");
	not_canonical("project", "opened_on", "today");
	reads("meeting", "starts_at", "now", "2026-11-22T18:31:00.000Z");
	reads("meeting", "starts_at", "2026-11-24 18:30",
		"2026-11-25T02:30:00.000Z");
	refuses("meeting", "starts_at", "2026-11-24", "day and time");
	not_canonical("meeting", "starts_at", "2026-11-24 18:30");
}

static void
test_numbers(void **state)
{
	(void)state;
	reads("place", "calls_count", "0021", "21");
	reads("place", "calls_count", "-0", "0");
	reads("place", "calls_count", "9223372036854775807",
		"9223372036854775807");
	refuses("place", "calls_count", "9223372036854775808", "too large");
	refuses("place", "calls_count", "2.5", "whole number");
	refuses("place", "calls_count", "0x10", "whole number");
	not_canonical("place", "calls_count", "021");
	reads("assessment", "target", "7.50", "7.5");
	reads("assessment", "target", ".1", "0.1");
	reads("assessment", "target", "1e3", "1000");
	reads("assessment", "target", "-0.0", "0");
	reads("assessment", "target", "0.30000000000000004",
		"0.30000000000000004");
	refuses("assessment", "target", "nan", "number");
	refuses("assessment", "target", "1e999", "number");
	refuses("assessment", "target", "7,5", "number");
	refuses("assessment", "target", "0x1p3", "number");
	not_canonical("assessment", "target", "7.50");
}

static void
test_bools(void **state)
{
	(void)state;
	reads("member", "active", "Yes", "true");
	reads("member", "active", "0", "false");
	reads("member", "active", "", "");
	refuses("member", "active", "perhaps", "yes nor no");
	not_canonical("member", "active", "yes");
}

static void
test_refs(void **state)
{
	(void)state;
	reads("project", "owner_id", "me", "4471");
	reads("project", "owner_id", "member/4471", "4471");
	reads("project_step", "project_id", "2f-1a", "2f-1a");
	refuses("project_step", "project_id", "meeting/2f-1a", "a project");
	refuses("project_step", "project_id", "2f 1a", "id");
	refuses("project_step", "project_id", "x!/2f-1a", "id");
	not_canonical("project", "owner_id", "member/4471");
	reads("action_item", "source_id", "meeting/2f-1a", "meeting/2f-1a");
	refuses("action_item", "source_id", "2f-1a", "KIND/ID");
	reads("project", "watcher_ids", "me, 88", "4471,88");
	reads("project", "beat_ids", " 14B, 12X ,14B,", "14B,12X");
	not_canonical("project", "beat_ids", "14B, 12X");
	not_canonical("project", "beat_ids", "14B,14B");
	refuses("project", "beat_ids", "14B,!", "id");
}

static void
test_sets(void **state)
{
	(void)state;
	reads("beat", "languages", "Spanish, Cantonese,Spanish",
		"Spanish,Cantonese");
	reads("beat", "languages", "Tongan\\, spoken , a\\\\b",
		"Tongan\\, spoken,a\\\\b");
	reads("council", "report_methods", "Oral,email", "oral,email");
	refuses("council", "report_methods", "oral,fax", "'fax'");
}

static void
test_lists_come_apart_as_they_were_joined(void **state)
{
	struct buf list = BUF_INIT, item = BUF_INIT;
	size_t at = 0;

	(void)state;
	assert_false(value_next("", &at, &item));
	value_join(&list, "a,b");
	value_join(&list, "c\\");
	value_join(&list, "d");
	assert_string_equal(buf_text(&list), "a\\,b,c\\\\,d");
	assert_true(value_next(list.data, &at, &item));
	assert_string_equal(buf_text(&item), "a,b");
	assert_true(value_next(list.data, &at, &item));
	assert_string_equal(buf_text(&item), "c\\");
	assert_true(value_next(list.data, &at, &item));
	assert_string_equal(buf_text(&item), "d");
	assert_false(value_next(list.data, &at, &item));
	buf_release(&list);
	buf_release(&item);
}

static void
test_positions(void **state)
{
	(void)state;
	reads("place", "geo", "37.80440, -122.27123449", "37.8044,-122.271234");
	reads("place", "geo", "-0.0000001 0", "0,0");
	refuses("place", "geo", "91,0", "latitude");
	refuses("place", "geo", "37.8", "latitude");
	refuses("place", "geo", "37.8,,1", "latitude");
	refuses("place", "geo", "37.8,1,2", "latitude");
	not_canonical("place", "geo", "37.80440,-122");
}

static void
test_outlines(void **state)
{
	static const char *const ring = "[[0,0],[1.25,0],[1,1.0000004],[0,0]]";
	struct buf polygon = BUF_INIT;

	(void)state;
	buf_printf(&polygon, "[\n %s ]", ring);
	reads("beat", "outline", buf_text(&polygon),
		"[[[[0,0],[1.25,0],[1,1],[0,0]]]]");
	buf_clear(&polygon);
	buf_printf(&polygon, "[[%s,%s],[%s]]", ring, ring, ring);
	reads("beat", "outline", buf_text(&polygon),
		"[[[[0,0],[1.25,0],[1,1],[0,0]],[[0,0],[1.25,0],[1,1],[0,0]]],"
		"[[[0,0],[1.25,0],[1,1],[0,0]]]]");
	reads("beat", "outline", "[[[0,0,9],[1,0,9],[1,1,9],[0,0,9]]]",
		"[[[[0,0],[1,0],[1,1],[0,0]]]]");
	refuses("beat", "outline", "[[[0,0],[1,0],[0,0]]]", "four");
	refuses("beat", "outline", "[[[0,0],[1,0],[1,1],[0,1]]]", "begins");
	refuses("beat", "outline", "[[[0,0],[181,0],[1,1],[0,0]]]", "Earth");
	refuses("beat", "outline", "[[[0,0],[1],[1,1],[0,0]]]", "longitude");
	refuses("beat", "outline", "[[0,0]]", "not an outline");
	refuses("beat", "outline", "[[[0,0],", "not JSON");
	not_canonical("beat", "outline", "[[[0,0],[1,0],[1,1],[0,0]]]");
	buf_release(&polygon);
}

static void
prints(const char *kind, const char *name, const char *text, const char *want)
{
	struct buf out = BUF_INIT;

	value_print(field_of(kind, name), text, &out);
	assert_string_equal(buf_text(&out), want);
	buf_release(&out);
}

static void
test_values_are_shown_to_people(void **state)
{
	(void)state;
	prints("project", "stage", "analysis", "Analysis");
	prints("project", "stage", "unheard_of", "unheard_of");
	prints("project", "mandates",
		"resolution_79235,resolution_85149_measure_z",
		"Resolution 79235, Resolution 85149, Measure Z");
	prints("project", "beat_ids", "12X,14B", "12X, 14B");
	prints("meeting", "starts_at", "2026-11-25T02:30:00.000Z",
		"2026-11-24 18:30");
	prints("member", "active", "true", "yes");
	prints("member", "active", "", "");
	prints("beat", "outline",
		"[[[[0,0],[1,0],[1,1],[0,0]],[[0,0],[1,0],[1,1],[0,0]]],"
		"[[[0,0],[1,0],[1,1],[0,0]]]]",
		"2 parts, 12 points");
}

static void
test_record_names(void **state)
{
	char kind[NAME_MAX_BYTES + 1];
	const char *id = "unchanged";

	(void)state;
	assert_true(record_name_split("project/2f-1a", kind, &id));
	assert_string_equal(kind, "project");
	assert_string_equal(id, "2f-1a");
	id = "unchanged";
	assert_false(record_name_split("project", kind, &id));
	assert_false(record_name_split("project/", kind, &id));
	assert_false(record_name_split("/2f", kind, &id));
	assert_false(record_name_split("project/a/b", kind, &id));
	assert_string_equal(id, "unchanged");
	assert_false(record_id_ok("a b"));
	assert_false(record_id_ok(""));
	assert_true(record_id_ok("12X_a.b-c"));
}

static int
setup(void **state)
{
	struct buf text = BUF_INIT;
	enum status st = catalog_profile_text("oakland", &text, NULL);

	(void)state;
	if (!st)
		st = when_set_zone("America/Los_Angeles", NULL);
	if (!st)
		st = catalog_read(text.data, text.len, "oakland", &cat, NULL);
	buf_release(&text);
	return (int)st;
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
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_long_text_has_a_limit),
		cmocka_unit_test(test_enums),
		cmocka_unit_test(test_days_and_instants),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_bools),
		cmocka_unit_test(test_refs),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_lists_come_apart_as_they_were_joined),
		cmocka_unit_test(test_positions),
		cmocka_unit_test(test_outlines),
		cmocka_unit_test(test_values_are_shown_to_people),
		cmocka_unit_test(test_record_names),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
