/* The catalogue: what the built-in one holds, and what a profile may do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/catalog.h"
#include "tests/support/place.h"

static struct catalog *
read_with(const char *profile)
{
	struct catalog *c;
	struct why why = {""};

	if (catalog_read(profile, profile ? strlen(profile) : 0, "test.json",
		    &c, &why))
		fail_msg("%s", why.text);
	return c;
}

static struct catalog *
read_profile(const char *name)
{
	struct buf text = BUF_INIT;
	struct catalog *c;

	assert_int_equal(catalog_profile_text(name, &text, NULL), ST_OK);
	c = read_with(buf_text(&text));
	buf_release(&text);
	return c;
}

static const struct field *
field_of(const struct catalog *c, const char *kind, const char *field)
{
	const struct kind *k = catalog_kind(c, kind);
	const struct field *f = k ? kind_field(k, field) : NULL;

	if (!f)
		fail_msg("no field %s.%s", kind, field);
	return f;
}

/* DESIGN.md section 3: required fields, each with its default. */
static const struct {
	const char *kind, *field, *preset;
} required[] = {
	{"org_unit", "code", ""},
	{"org_unit", "name", ""},
	{"org_unit", "kind", ""},
	{"beat", "code", ""},
	{"beat", "name", "=code"},
	{"member", "badge_no", ""},
	{"member", "name", ""},
	{"member", "access", ""},
	{"council", "name", ""},
	{"council", "kind", ""},
	{"assignment", "member_id", ""},
	{"assignment", "starts_on", "today"},
	{"absence", "member_id", "me"},
	{"absence", "kind", ""},
	{"absence", "starts_on", ""},
	{"absence", "ends_on", ""},
	{"absence_note", "absence_id", ""},
	{"absence_note", "note", ""},
	{"priority", "title", ""},
	{"priority", "status", "draft"},
	{"priority", "source", ""},
	{"project", "title", ""},
	{"project", "kind", "sara"},
	{"project", "stage", "scanning"},
	{"project", "status", "open"},
	{"project", "owner_id", "me"},
	{"project", "opened_on", "today"},
	{"project_step", "project_id", ""},
	{"project_step", "stage", ""},
	{"project_step", "title", ""},
	{"project_update", "project_id", ""},
	{"project_update", "text", ""},
	{"project_update", "made_at", "now"},
	{"project_update", "author_id", "me"},
	{"assessment", "project_id", ""},
	{"response_action", "text", ""},
	{"response_action", "status", "planned"},
	{"report_back", "given_on", "today"},
	{"report_back", "method", ""},
	{"concern", "text", ""},
	{"concern", "status", "open"},
	{"concern", "raised_at", "now"},
	{"action_item", "text", ""},
	{"action_item", "owner_id", "me"},
	{"action_item", "due_on", ""},
	{"contact", "name", ""},
	{"organization", "name", ""},
	{"organization", "kind", ""},
	{"meeting", "title", ""},
	{"meeting", "kind", ""},
	{"meeting", "starts_at", ""},
	{"meeting", "status", "planned"},
	{"attendance", "meeting_id", ""},
	{"place", "kind", ""},
	{"place", "address", ""},
	{"handover", "beat_id", ""},
	{"handover", "text", ""},
};

static void
test_required_fields_are_those_of_the_design(void **state)
{
	struct catalog *c = read_with(NULL);
	size_t want = sizeof(required) / sizeof(required[0]), have = 0;

	(void)state;
	for (size_t i = 0; i < want; i++) {
		const struct field *f =
			field_of(c, required[i].kind, required[i].field);

		assert_true(f->required);
		assert_string_equal(f->preset, required[i].preset);
	}
	for (size_t i = 0; i < c->kind_count; i++)
		for (size_t j = 0; j < c->kinds[i].field_count; j++)
			have += c->kinds[i].fields[j].required;
	assert_int_equal(have, want);
	catalog_free(c);
}

static void
test_fields_are_read_whole(void **state)
{
	struct catalog *c = read_with(NULL);
	const struct field *f = field_of(c, "concern", "geo");
	const struct kind *k = catalog_kind(c, "attendance");

	(void)state;
	assert_int_equal(f->type, TYPE_GEO);
	assert_int_equal(f->privacy, PRIVACY_PLACE);
	assert_string_equal(f->cell, "location");
	assert_string_equal(f->kind, "concern");
	assert_ptr_equal(&catalog_kind(c, "concern")->fields[f->index], f);
	f = field_of(c, "project", "owner_id");
	assert_string_equal(f->ref_kind, "member");
	assert_string_equal(f->cell, "owner_id");
	assert_int_equal(f->privacy, PRIVACY_PERSONAL);
	assert_int_equal(field_of(c, "project", "goal")->max, 64 * 1024);
	assert_int_equal(field_of(c, "project", "title")->max, 200);
	assert_int_equal(field_of(c, "beat", "outline")->max, 256 * 1024);
	assert_int_equal(field_of(c, "project", "beat_ids")->max, 2000);
	assert_string_equal(
		field_of(c, "action_item", "source_id")->ref_kind, "");
	assert_int_equal(k->any_of_count, 2);
	assert_string_equal(k->any_of[1], "contact_id");
	assert_string_equal(catalog_kind(c, "member")->code, "badge_no");
	catalog_free(c);
}

static void
test_book_paths_are_split_into_steps(void **state)
{
	struct catalog *c = read_with(NULL);
	const struct kind *k = catalog_kind(c, "meeting");

	(void)state;
	assert_int_equal(k->book_count, 3);
	assert_int_equal(k->books[1].count, 2);
	assert_string_equal(k->books[1].steps[0], "council_id");
	assert_string_equal(k->books[1].steps[1], "beat_ids");
	assert_int_equal(
		catalog_kind(c, "assignment")->writers, WRITERS_COMMANDER);
	assert_int_equal(catalog_kind(c, "absence")->writers, WRITERS_SELF);
	assert_int_equal(catalog_kind(c, "beat")->writers, WRITERS_ADMIN);
	assert_int_equal(catalog_kind(c, "project")->writers, WRITERS_BOOK);
	assert_true(kind_restricted(c, catalog_kind(c, "absence_note")));
	assert_false(kind_restricted(c, catalog_kind(c, "absence")));
	assert_false(kind_restricted(c, catalog_kind(c, "action_item")));
	catalog_free(c);
}

static void
test_every_built_in_profile_reads(void **state)
{
	static const char *const names[] = {
		"oakland", "sanjose", "lasd", "chicago", "texas"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct catalog *c = read_profile(names[i]);

		assert_string_equal(c->profile, names[i]);
		assert_true(c->title[0]);
		assert_non_null(catalog_limit(c, "time_zone"));
		catalog_free(c);
	}
}

static void
test_oakland_lays_its_own_words_over(void **state)
{
	struct catalog *c = read_profile("oakland");
	const struct field *f = field_of(c, "concern", "agency");

	(void)state;
	assert_non_null(field_choice(f, "public_works"));
	assert_string_equal(field_choice(f, "macro")->label, "MACRO");
	assert_string_equal(f->choices[f->choice_count - 1].value, "other");
	assert_string_equal(
		field_choice(f, "city_attorney")->label, "City attorney");
	assert_string_equal(catalog_limit(c, "update_days"), "14");
	assert_string_equal(catalog_limit(c, "beat_priorities_max"), "3");
	assert_null(catalog_limit(c, "nothing_of_this_name"));
	assert_null(catalog_kind(c, "plan"));
	catalog_free(c);
}

static void
test_a_field_is_off_where_its_kind_is_missing(void **state)
{
	struct catalog *c = read_profile("oakland");

	(void)state;
	assert_true(field_off(c, field_of(c, "project", "plan_id")));
	assert_false(field_off(c, field_of(c, "project", "beat_ids")));
	assert_false(field_off(c, field_of(c, "action_item", "source_id")));
	assert_true(field_off(c, field_of(c, "meeting", "cems_entered_on")));
	catalog_free(c);
	c = read_profile("chicago");
	assert_false(field_off(c, field_of(c, "meeting", "cems_entered_on")));
	catalog_free(c);
}

#define HEAD "{\"name\":\"p\",\"title\":\"P\""

static void
test_what_is_off_leaves_columns_and_sections(void **state)
{
	struct catalog *c =
		read_with(HEAD ",\"off\":[\"place\",\"concern.category\"]}");
	const struct kind *k = catalog_kind(c, "concern");

	(void)state;
	assert_null(catalog_kind(c, "place"));
	assert_true(field_off(c, kind_field(k, "category")));
	for (size_t i = 0; i < k->column_count; i++)
		assert_string_not_equal(k->columns[i], "category");
	k = catalog_kind(c, "beat");
	for (size_t i = 0; i < k->section_count; i++)
		assert_string_not_equal(k->sections[i], "place");
	for (size_t i = 0; i < c->kind_count; i++)
		assert_int_equal(c->kinds[i].index, i);
	catalog_free(c);
}

#define NEW_KIND                                                             \
	"{\"name\":\"plan\",\"one\":\"Plan\",\"many\":\"Plans\","            \
	"\"title\":\"title\",\"writers\":\"book\",\"books\":[\"beat_ids\"]," \
	"\"columns\":[\"title\"],\"sections\":[\"project\"],"                \
	"\"sort\":\"-updated_at\",\"fields\":["                              \
	"{\"name\":\"title\",\"type\":\"text\",\"label\":\"Title\","         \
	"\"max\":80},"                                                       \
	"{\"name\":\"beat_ids\",\"type\":\"refs\",\"ref\":\"beat\","         \
	"\"label\":\"Beats\"}]}"

static void
test_a_profile_adds_kinds_and_fields(void **state)
{
	struct catalog *c = read_with(HEAD
		",\"kinds\":[" NEW_KIND
		",{\"name\":\"beat\",\"one\":\"Sector\",\"fields\":["
		"{\"name\":\"colour\",\"type\":\"enum\",\"values\":\"colour\","
		"\"label\":\"Colour\"}]}],"
		"\"enums\":{\"colour\":[\"red\",\"blue\"]}}");
	const struct kind *beat = catalog_kind(c, "beat");

	(void)state;
	assert_int_equal(field_of(c, "plan", "title")->max, 80);
	assert_false(field_off(c, field_of(c, "project", "plan_id")));
	assert_string_equal(beat->one, "Sector");
	assert_string_equal(beat->many, "Beats");
	assert_int_equal(
		field_of(c, "beat", "colour")->index, beat->field_count - 1);
	assert_string_equal(
		field_choice(field_of(c, "beat", "colour"), "blue")->label,
		"Blue");
	catalog_free(c);
}

/* The first kinds of those that are offered, with blanks between. */
static void
expect_offered(const struct catalog *c, const char *first)
{
	struct buf names = BUF_INIT;

	for (size_t i = 0; i < c->kind_count; i++) {
		size_t seen = 0;

		buf_printf(&names, "%s ", c->offered[i]->name);
		for (size_t j = 0; j < c->kind_count; j++)
			seen += c->offered[j] == &c->kinds[i];
		assert_int_equal(seen, 1);
	}
	if (strncmp(buf_text(&names), first, strlen(first)) != 0)
		fail_msg("offered: %s", buf_text(&names));
	buf_release(&names);
}

static void
test_what_is_written_most_is_offered_first(void **state)
{
	static const char *const profiles[] = {
		"oakland", "sanjose", "lasd", "chicago", "texas"};
	struct catalog *c;

	(void)state;
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		c = read_profile(profiles[i]);
		expect_offered(
			c, "project_update contact concern project meeting ");
		catalog_free(c);
	}
	c = read_with(HEAD ",\"kinds\":[" NEW_KIND "],\"often\":"
			   "[\"beat\",\"plan\",\"beat\"],"
			   "\"off\":[\"absence\",\"absence_note\"]}");
	expect_offered(c, "beat plan org_unit council ");
	catalog_free(c);
	c = read_with(HEAD ",\"off\":[\"report_back\"]}");
	expect_offered(c, "project_update contact ");
	catalog_free(c);
}

static void
test_the_hash_follows_both_sources(void **state)
{
	struct catalog *none = read_with(NULL);
	struct catalog *one = read_with(HEAD "}");
	struct catalog *same = read_with(HEAD "}");
	struct catalog *other = read_with(HEAD " }");

	(void)state;
	assert_int_equal(strlen(one->hash), 16);
	assert_string_equal(one->hash, same->hash);
	assert_string_not_equal(one->hash, other->hash);
	assert_string_not_equal(one->hash, none->hash);
	catalog_free(none);
	catalog_free(one);
	catalog_free(same);
	catalog_free(other);
}

/* One field of a new kind, from line 3 on. */
#define KIND_WITH(books, columns, fields)                             \
	HEAD ",\n\"kinds\":[{\n\"name\":\"extra\",\"one\":\"E\","     \
	     "\"many\":\"E\",\"title\":\"a\",\"writers\":\"book\",\n" \
	     "\"books\":[" books "],\n\"columns\":[" columns "],\n"   \
	     "\"sort\":\"a\",\"fields\":[\n" fields "\n]}]}"
#define FIELD_A "{\"name\":\"a\",\"type\":\"text\",\"label\":\"A\"}"
#define WITH_SECTION(kind)                                           \
	HEAD ",\"kinds\":[{\"name\":\"extra\",\"one\":\"E\","        \
	     "\"many\":\"E\",\"title\":\"a\",\"writers\":\"book\","  \
	     "\"books\":[\"dept\"],\"columns\":[],\"sort\":\"a\",\n" \
	     "\"sections\":[\"" kind "\"],\"fields\":[" FIELD_A "]}]}"
#define FIELD_B(more) FIELD_A ",\n{\"name\":\"b\",\"label\":\"B\"," more "}"

static const struct {
	const char *profile, *line, *says;
} mistakes[] = {
	{"{", "line 1", "not JSON"},
	{"[]", ":1:", "object"},
	{"{\"name\":\"p\"}", ":1:", "'title' is missing"},
	{HEAD ",\n\"kidns\":[]}", ":2:", "'kidns' means nothing"},
	{HEAD ",\n\"off\":\"place\"}", ":2:", "list of texts"},
	{HEAD ",\n\"off\":[\n\"palce\"]}", ":3:", "'palce'"},
	{HEAD ",\n\"off\":[\n\"place.colour\"]}", ":3:", "place.colour"},
	{HEAD ",\n\"off\":[\"project.title\"]}", ":", "project.title"},
	{HEAD ",\n\"off\":[\"project\"]}", ":", "project_step.project_id"},
	{HEAD ",\n\"often\":[\"contact\",\n\"palce\"]}", ":3:", "'palce'"},
	{HEAD ",\n\"limits\":{\n\"x\":5}}", ":3:", "in quotes"},
	{HEAD ",\n\"enums\":{\n\"agency\":[\"a b\"]}}", ":3:", "agency"},
	{HEAD ",\n\"enums\":{\n\"agency\":[\"a\",\"a\"]}}", ":3:", "twice"},
	{HEAD ",\n\"labels\":{\n\"stage\":{\"x\":\"X\"}}}", ":3:", "'x'"},
	{KIND_WITH("\"dept\"", "\"a\"", FIELD_B("\"type\":\"txt\"")),
		":8:", "unknown type 'txt'"},
	{KIND_WITH("\"dept\"", "\"a\"", FIELD_A ",\n" FIELD_A), ":",
		"there twice"},
	{KIND_WITH("\"dept\"", "\"a\"",
		 FIELD_B("\"type\":\"enum\",\"values\":\"nil\"")),
		":8:", "no list of values 'nil'"},
	{KIND_WITH("\"dept\"", "\"a\"", FIELD_B("\"type\":\"enum\"")),
		":8:", "needs 'values'"},
	{KIND_WITH("\"dept\"", "\"a\"",
		 FIELD_B("\"type\":\"enum\",\"values\":\"stage\","
			 "\"default\":\"none\"")),
		":8:", "default 'none'"},
	{KIND_WITH("\"dept\"", "\"a\"",
		 FIELD_B("\"type\":\"ref\",\"ref\":\"beat\","
			 "\"default\":\"me\"")),
		":8:", "default 'me'"},
	{KIND_WITH("\"dept\"", "\"a\"",
		 FIELD_B("\"type\":\"ref\",\"ref\":\"baet\"")),
		":8:", "no kind 'baet'"},
	{KIND_WITH("\"dept\"", "\"a\"",
		 FIELD_B("\"type\":\"ref\",\"ref\":\"absence_note\"")),
		":8:", "own books"},
	{KIND_WITH("\"dept\"", "\"a\"", FIELD_B("\"type\":\"refs\"")),
		":8:", "refs need"},
	{KIND_WITH("\"dept\"", "\"a\"",
		 FIELD_B("\"type\":\"text\",\"mark\":\"Q\"")),
		":8:", "mark 'Q'"},
	{KIND_WITH("\"dept\"", "\"a\"", FIELD_B("\"type\":\"int\",\"max\":0")),
		":8:", "'max'"},
	{KIND_WITH("\"dept\"", "\"a\"",
		 FIELD_B("\"type\":\"int\",\"group\":\"a\"")),
		":8:", "group 'a'"},
	{KIND_WITH("\"dept\"", "\"z\"", FIELD_A), ":5:", "'z'"},
	{KIND_WITH("\"a\"", "\"a\"", FIELD_A), ":3:", "step 'a'"},
	{KIND_WITH("\"author.name\"", "\"a\"", FIELD_A), ":3:", "'name'"},
	{KIND_WITH("\"author.x.y.z.w\"", "\"a\"", FIELD_A),
		":4:", "1 to 4 names"},
	{KIND_WITH("", "\"a\"", FIELD_A), ":3:", "'books' is empty"},
	{WITH_SECTION("member"), ":2:", "no field that points here"},
	{WITH_SECTION("mebmer"), ":2:", "'mebmer', which is no kind"},
	{HEAD ",\"kinds\":[" NEW_KIND ",\n" NEW_KIND "]}", ":", "there twice"},
	{HEAD ",\"kinds\":[{\"name\":\"beat\",\n\"sort\":\"code\"}]}",
		":2:", "'sort' means nothing"},
};

static void
test_mistakes_are_told_with_their_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		const char *text = mistakes[i].profile;
		struct catalog *c;
		struct why why = {""};

		assert_int_equal(
			catalog_read(text, strlen(text), "test.json", &c, &why),
			ST_DATA);
		assert_null(c);
		if (!strstr(why.text, "test.json") ||
			!strstr(why.text, mistakes[i].line) ||
			!strstr(why.text, mistakes[i].says))
			fail_msg("%s\nsaid: %s\nwant: %s %s", text, why.text,
				mistakes[i].line, mistakes[i].says);
	}
}

static void
test_kind_names_sqlite_keeps_are_refused(void **state)
{
	static const char *const names[] = {"sqlite_x", "SQLite", "_x", "a-b",
		"a23456789012345678901234567890123456789012"};
	struct buf text = BUF_INIT;
	struct catalog *c;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		buf_clear(&text);
		buf_printf(&text,
			HEAD
			",\"kinds\":[{\"name\":\"%s\",\"one\":\"E\","
			"\"many\":\"E\",\"title\":\"a\","
			"\"writers\":\"book\",\"books\":[\"dept\"],"
			"\"columns\":[],\"sort\":\"a\",\"fields\":[" FIELD_A
			"]}]}",
			names[i]);
		assert_int_equal(
			catalog_read(text.data, text.len, "t", &c, NULL),
			ST_DATA);
	}
	buf_release(&text);
}

static void
test_names(void **state)
{
	(void)state;
	assert_true(catalog_name_ok("project_step"));
	assert_true(catalog_name_ok("a1"));
	assert_true(
		catalog_name_ok("a234567890123456789012345678901234567890"));
	assert_false(
		catalog_name_ok("a2345678901234567890123456789012345678901"));
	assert_false(catalog_name_ok(""));
	assert_false(catalog_name_ok("1a"));
	assert_false(catalog_name_ok("a b"));
	assert_false(catalog_name_ok("a\xc3\xa9"));
	assert_string_equal(type_name(TYPE_DATETIME), "datetime");
}

static void
test_a_profile_comes_by_name_or_file(void **state)
{
	char path[PLACE_MAX];
	struct buf text = BUF_INIT;
	struct why why;

	(void)state;
	place_file(path, "catalog", "{}");
	assert_int_equal(catalog_profile_text(path, &text, &why), ST_OK);
	assert_string_equal(buf_text(&text), "{}");
	unlink(path);
	buf_clear(&text);
	assert_int_equal(
		catalog_profile_text("atlantis", &text, &why), ST_NOT_FOUND);
	assert_non_null(strstr(why.text, "oakland"));
	assert_int_equal(text.len, 0);
	assert_int_equal(catalog_profile_text("", &text, &why), ST_NOT_FOUND);
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_required_fields_are_those_of_the_design),
		cmocka_unit_test(test_fields_are_read_whole),
		cmocka_unit_test(test_book_paths_are_split_into_steps),
		cmocka_unit_test(test_every_built_in_profile_reads),
		cmocka_unit_test(test_oakland_lays_its_own_words_over),
		cmocka_unit_test(test_a_field_is_off_where_its_kind_is_missing),
		cmocka_unit_test(test_what_is_off_leaves_columns_and_sections),
		cmocka_unit_test(test_a_profile_adds_kinds_and_fields),
		cmocka_unit_test(test_what_is_written_most_is_offered_first),
		cmocka_unit_test(test_the_hash_follows_both_sources),
		cmocka_unit_test(test_mistakes_are_told_with_their_line),
		cmocka_unit_test(test_kind_names_sqlite_keeps_are_refused),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_a_profile_comes_by_name_or_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
