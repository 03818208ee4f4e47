/* What others changed stays new until it was looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/news.h"
#include "common/past.h"
#include "tests/support/fixture.h"
#include "tests/support/good.h"

static void
change(struct fixture *f, const char *edit, const char *by, const char *record)
{
	struct entry e = fixture_entry(
		f, edit, by, record, "title", "Motel", "beat_ids", "35X", NULL);

	fixture_take(f, &e, "beat:35X");
}

static int64_t
count(struct fixture *f)
{
	struct news_sum sum;

	good(news_sum(f->r, &sum, &why));
	return sum.count;
}

static void
others_are_news_once_a_record(void **state)
{
	struct fixture *f = *state;
	struct news_list all = {0};
	struct news_sum sum;

	assert_int_equal(count(f), 0); /* the hub's own are none */
	change(f, "48.1", "4480", "project/30-1");
	change(f, "48.2", "4480", "project/30-2");
	f->now.wall_ms += 60000;
	change(f, "48.3", "4480", "project/30-1");
	change(f, "49.1", "4471", "project/30-3"); /* from another device */
	good(news_sum(f->r, &sum, &why));
	assert_int_equal(sum.count, 2);
	assert_int_equal(sum.since, FIXTURE_NOW);
	good(news_read(f->r, 0, &all, &why));
	assert_int_equal(all.count, 2);
	assert_string_equal(all.items[0].id, "30-1");
	assert_true(all.items[0].first < all.items[0].last);
	assert_string_equal(all.items[1].kind, "project");
	news_list_release(&all);
	good(news_read(f->r, 1, &all, &why));
	assert_int_equal(all.count, 1);
	news_list_release(&all);
}

static void
what_was_looked_at_comes_again_when_it_changes(void **state)
{
	struct fixture *f = *state;

	change(f, "48.1", "4480", "project/30-1");
	change(f, "48.2", "4480", "project/30-2");
	good(news_seen(f->r, "project", "30-1", &why));
	assert_int_equal(count(f), 1);
	fixture_open_again(f);
	assert_int_equal(count(f), 1);
	good(news_seen_all(f->r, f->seq, &why));
	assert_int_equal(count(f), 0);
	change(f, "48.3", "4480", "project/30-1");
	assert_int_equal(count(f), 1);
}

static void
to_look_at_what_is_no_news_writes_nothing(void **state)
{
	struct fixture *f = *state;
	int64_t before = replica_version(f->r);

	good(news_seen(f->r, "project", "30-1", &why));
	assert_int_equal(replica_version(f->r), before);
}

/* Held edits wait elsewhere; records that leave take their news along. */
static void
only_what_holds_and_is_held(void **state)
{
	struct fixture *f = *state;
	struct entry e = fixture_entry(
		f, "48.1", "4480", "project/30-1", "title", "Racing", NULL);

	e.verdict.held = mem_text("not on this beat then");
	fixture_take(f, &e, "beat:35X");
	assert_int_equal(count(f), 0);
	change(f, "48.2", "4480", "project/30-2");
	assert_int_equal(count(f), 1);
	good(sql_begin(replica_sql(f->r), &why));
	good(inbox_leave(f->r, "project", "30-2", "beat:35X", &why));
	good(sql_commit(replica_sql(f->r), &why));
	assert_int_equal(count(f), 0);
}

/* A hub restored from a copy tells another past after the fork. */
static void
another_past_is_news_again(void **state)
{
	struct fixture *f = *state;
	int64_t aside = 0, fork;

	change(f, "48.1", "4480", "project/30-1");
	fork = f->seq;
	change(f, "48.2", "4480", "project/30-1");
	change(f, "48.3", "4480", "project/30-2");
	good(sql_begin(replica_sql(f->r), &why));
	good(replica_fork(f->r, fork, 0, &aside, &why));
	good(sql_commit(replica_sql(f->r), &why));
	assert_int_equal(count(f), 1);
	f->seq = fork;
	change(f, "48.4", "4480", "project/30-4");
	assert_int_equal(count(f), 2);
}

/* A file whose screens were never open begins with what it holds. */
static void
a_file_from_before_news(void **state)
{
	struct fixture *f = *state;

	good(sql_run(replica_sql(f->r), &why,
		"DELETE FROM _meta WHERE key='seen_seq'", ""));
	change(f, "48.1", "4480", "project/30-1");
	assert_int_equal(count(f), 0);
	change(f, "48.2", "4480", "project/30-2");
	assert_int_equal(count(f), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(t) \
	cmocka_unit_test_setup_teardown(t, fixture_set_up, fixture_tear_down)
		TEST(others_are_news_once_a_record),
		TEST(what_was_looked_at_comes_again_when_it_changes),
		TEST(to_look_at_what_is_no_news_writes_nothing),
		TEST(only_what_holds_and_is_held),
		TEST(another_past_is_news_again),
		TEST(a_file_from_before_news),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
