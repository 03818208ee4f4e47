/* Finding: what is kept of searches, what may go into one, what it finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/kept.h"
#include "common/query.h"
#include "common/query_offer.h"
#include "tests/support/fixture.h"
#include "tests/support/good.h"

static size_t
matching(struct fixture *f, const char *kind, const char *text)
{
	const struct query q = {kind, text, NULL, 0};
	struct names ids = {0};
	size_t count;

	good(query_ids(f->r, &q, &ids, &why));
	count = ids.count;
	names_release(&ids);
	return count;
}

static void
test_codes_and_ids_in_any_case(void **state)
{
	static const char *const queries[] = {"beat:35x", "beat_ids:35x",
		"-beat:12y", "owner_id:4471 beat:35X", "id:1B-1", "1B-1",
		"-beat_ids:12y"};
	struct fixture *f = *state;
	const struct kind *k = catalog_kind(replica_catalog(f->r), "project");
	char *refs = mem_text("12y,35x,99z");

	fixture_save(f, "project", "", "title", "Harbor Garage", "beat_ids",
		"35X", NULL);
	for (size_t i = 0; i < sizeof(queries) / sizeof(*queries); i++)
		if (matching(f, "project", queries[i]) != 1)
			fail_msg("%s does not match", queries[i]);
	assert_int_equal(matching(f, "project", "-beat:35x"), 0);
	assert_int_equal(matching(f, "beat", "35x"), 1);
	good(record_refs_meant(f->r, kind_field(k, "beat_ids"), &refs, &why));
	assert_string_equal(refs, "12Y,35X,99z");
	free(refs);
}

/* in: names the kind that is asked for, or it is refused: not left out. */
static void
test_another_kind_is_refused(void **state)
{
	static const char *const others[] = {
		"in:foo", "in:project", "x in:foo"};
	struct fixture *f = *state;
	struct names ids = {0};
	struct query q = {"contact", NULL, NULL, 0};

	fixture_save(
		f, "project", "", "title", "Garage", "beat_ids", "35X", NULL);
	assert_int_equal(matching(f, "project", "in:project garage"), 1);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		q.text = others[i];
		why.text[0] = '\0';
		assert_int_equal(query_ids(f->r, &q, &ids, &why), ST_DATA);
		assert_non_null(strstr(why.text, "of the kind contact"));
		names_release(&ids);
	}
}

static void
test_a_query_with_void_records_and_without(void **state)
{
	static const struct {
		const char *query, *toggled;
		bool asked;
	} cases[] = {
		{"", "void:any", true},
		{"status:open ", "status:open void:any", true},
		{"\"void:any\" thefts", "\"void:any\" thefts void:any", true},
		{"void:any", "", false},
		{"status:open void:yes", "status:open", false},
		{"void:any status:open", "status:open", false},
		{"a -void:yes b void:any", "a b", false},
	};
	struct buf out = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_clear(&out);
		assert_int_equal(query_toggle_void(cases[i].query, &out),
			cases[i].asked);
		assert_string_equal(buf_text(&out), cases[i].toggled);
	}
	buf_release(&out);
}

static void
test_kept_queries(void **state)
{
	struct fixture *f = *state;
	struct kept_list l = {0};
	struct buf text = BUF_INIT;

	good(kept_put(f->r, KEPT_SAVED, "night", "in:project thefts", &why));
	good(kept_put(f->r, KEPT_SAVED, "motel", "motel", &why));
	good(kept_put(f->r, KEPT_FILTER, "night", "status:open", &why));
	good(kept_put(f->r, KEPT_SAVED, "night", "thefts -void:yes", &why));
	fixture_open_again(f);
	good(kept_get(f->r, KEPT_SAVED, "night", &text, &why));
	assert_string_equal(buf_text(&text), "thefts -void:yes");
	good(kept_read(f->r, KEPT_SAVED, &l, &why));
	assert_int_equal(l.count, 2);
	assert_string_equal(l.items[0].name, "night");
	assert_string_equal(l.items[1].text, "motel");
	kept_list_release(&l);
	good(kept_drop(f->r, KEPT_SAVED, "night", &why));
	assert_int_equal(
		kept_get(f->r, KEPT_SAVED, "night", &text, &why), ST_NOT_FOUND);
	assert_int_equal(
		kept_drop(f->r, KEPT_SAVED, "night", &why), ST_NOT_FOUND);
	buf_clear(&text);
	good(kept_get(f->r, KEPT_FILTER, "night", &text, &why));
	buf_release(&text);
	fixture_sound(f);
}

static void
test_kept_queries_have_bounds(void **state)
{
	struct fixture *f = *state;
	struct kept_list l = {0};
	char name[80];

	for (int i = 0; i < KEPT_SEARCHED_MAX + 5; i++) {
		snprintf(name, sizeof(name), "words %d", i);
		good(kept_put(f->r, KEPT_SEARCHED, name, name, &why));
	}
	good(kept_read(f->r, KEPT_SEARCHED, &l, &why));
	assert_int_equal(l.count, KEPT_SEARCHED_MAX);
	assert_string_equal(l.items[0].text, "words 34");
	kept_list_release(&l);
	for (int i = 0; i < KEPT_NAMES_MAX; i++) {
		snprintf(name, sizeof(name), "name %d", i);
		good(kept_put(f->r, KEPT_SAVED, name, "x", &why));
	}
	assert_int_equal(
		kept_put(f->r, KEPT_SAVED, "one more", "x", &why), ST_DATA);
	good(kept_put(f->r, KEPT_SAVED, "name 7", "y", &why));
	assert_int_equal(kept_put(f->r, KEPT_SAVED, "  ", "x", &why), ST_DATA);
	assert_int_equal(
		kept_put(f->r, KEPT_SAVED, "a\x1b[2J", "x", &why), ST_DATA);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(kept_put(f->r, KEPT_SAVED, name, "x", &why), ST_DATA);
}

/* What is offered at the end of a text, joined by blanks. */
static const char *
offered(struct fixture *f, const char *kind, const char *text)
{
	static char all[4096];
	const struct kind *k =
		kind ? catalog_kind(replica_catalog(f->r), kind) : NULL;
	struct offers o = {0};
	size_t used = 0;

	query_offers(f->r, k, text, strlen(text), &o);
	all[0] = '\0';
	for (size_t i = 0; i < o.count && used < sizeof(all) - 100; i++)
		used += (size_t)snprintf(all + used, sizeof(all) - used, "%s%s",
			i ? " " : "", o.items[i].text);
	offers_release(&o);
	return all;
}

static void
test_what_may_go_into_a_query(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(offered(f, NULL, "in:pro"), "project project_step "
							"project_update");
	assert_string_equal(
		offered(f, "project", "garage -sta"), "stage: status:");
	assert_string_equal(
		offered(f, NULL, "in:project stage:an"), "analysis");
	assert_string_equal(offered(f, "project", "stage:An"), "analysis");
	assert_string_equal(offered(f, "project", "opened_on:>-"), "-7d -30d");
	assert_string_equal(offered(f, "project", "opened_on:t"), "today");
	assert_string_equal(offered(f, "project", "owner_id:m"), "me");
	assert_string_equal(offered(f, "project", "beat_ids:3"), "35X");
	assert_string_equal(offered(f, NULL, "beat:1"), "12Y");
	assert_string_equal(offered(f, NULL, "void:"), "yes no any");
	assert_string_equal(offered(f, NULL, "in:project zz"), "");
	assert_string_equal(offered(f, NULL, "\"sta"), "");
	assert_string_equal(offered(f, "project", "nothing:"), "");
	assert_null(strstr(offered(f, "project", ""), "in:"));
	assert_non_null(strstr(offered(f, NULL, ""), "in:"));
}

static void
test_refs_by_their_words(void **state)
{
	struct fixture *f = *state;
	char *id = mem_text(fixture_save(f, "project", "", "title",
		"Harbor Garage", "beat_ids", "35X", NULL));

	assert_string_equal(
		offered(f, "project_update", "project_id:harb"), id);
	free(id);
}

static void
test_an_id_finds_its_record_first(void **state)
{
	struct fixture *f = *state;
	char *id = mem_text(fixture_save(f, "project", "", "title",
		"Harbor Garage", "beat_ids", "35X", NULL));
	struct finds found = {0};
	struct names kinds = {0};
	struct buf kept = BUF_INIT;

	for (int i = 0; i < 3; i++)
		fixture_save(
			f, "project", "", "title", id, "beat_ids", "35X", NULL);
	good(query_find(f->r, id, 2, &found, &why));
	assert_int_equal(found.count, 2);
	assert_int_equal(found.total >= 3, 1);
	assert_string_equal(found.items[0].id, id);
	finds_release(&found);
	good(query_find(f->r, "35x", 0, &found, &why));
	assert_string_equal(found.items[0].kind, "beat");
	finds_release(&found);
	good(query_id(f->r, "1B-1", &kinds, &kept, &why));
	assert_int_equal(kinds.count, 1);
	assert_string_equal(buf_text(&kept), id);
	names_release(&kinds);
	good(query_id(f->r, "no-such", &kinds, &kept, &why));
	assert_int_equal(kinds.count, 0);
	buf_release(&kept);
	free(id);
}

static void
expect_total(struct fixture *f, const char *text, int64_t limit, size_t count,
	size_t total)
{
	struct finds found = {0};

	good(query_find(f->r, text, limit, &found, &why));
	if (found.count != count || found.total != total)
		fail_msg("%s: %zu of %zu", text, found.count, found.total);
	finds_release(&found);
}

static void
test_all_are_counted_that_match(void **state)
{
	struct fixture *f = *state;
	struct record *rec;
	char *id = NULL;

	for (int i = 0; i < 9; i++) {
		free(id);
		id = mem_text(fixture_save(f, "project", "", "title",
			"Garage thefts", "beat_ids", "35X", NULL));
	}
	fixture_save(f, "project_update", "", "project_id", id, "text",
		"The garage again", NULL);
	good(record_load(f->r, "project", id, &rec, &why));
	good(record_void(f->r, rec, "a slip", &why));
	record_free(rec);
	expect_total(f, "garage", 3, 3, 9);
	expect_total(f, "garage", 0, 9, 9);
	expect_total(f, "garage in:project", 3, 3, 8);
	expect_total(f, "garage beat_ids:35X", 3, 3, 8);
	expect_total(f, "garage void:any", 0, 10, 10);
	expect_total(f, "beat:35X garage", 2, 2, 9);
	expect_total(f, "nothing", 3, 0, 0);
	free(id);
}

static void
test_what_matched_is_shown_within_a_kind(void **state)
{
	struct fixture *f = *state;
	struct finds found = {0};

	fixture_save(f, "project", "", "title", "Motel", "goal",
		"No more thefts from cars", "beat_ids", "35X", NULL);
	fixture_save(f, "project", "", "title", "Car thefts", "beat_ids", "35X",
		NULL);
	good(query_find(f->r, "thef in:project", 0, &found, &why));
	assert_int_equal(found.count, 2);
	for (size_t i = 0; i < 2; i++)
		assert_non_null(strstr(found.items[i].snippet, "[thefts]"));
	finds_release(&found);
}

int
main(void)
{
#define TEST(t) \
	cmocka_unit_test_setup_teardown(t, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_codes_and_ids_in_any_case),
		TEST(test_another_kind_is_refused),
		TEST(test_a_query_with_void_records_and_without),
		TEST(test_kept_queries),
		TEST(test_kept_queries_have_bounds),
		TEST(test_what_may_go_into_a_query),
		TEST(test_refs_by_their_words),
		TEST(test_an_id_finds_its_record_first),
		TEST(test_all_are_counted_that_match),
		TEST(test_what_matched_is_shown_within_a_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
