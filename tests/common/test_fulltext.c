/* Own saves are found by their words at once, though these are brought in a
 * while after: whatever happens between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/fulltext.h"
#include "common/outbox.h"
#include "common/query.h"
#include "common/renumber.h"
#include "common/tally.h"
#include "common/verify.h"
#include "tests/support/fixture.h"
#include "tests/support/good.h"

#define BOOK "beat:35X"

static size_t
found_in(struct replica *r, const char *text)
{
	struct finds found = {0};
	size_t count;

	good(query_find(r, text, 0, &found, &why));
	count = found.count;
	finds_release(&found);
	return count;
}

static size_t
finds(struct fixture *f, const char *text)
{
	return found_in(f->r, text);
}

/* What the index has, whether it is up to date or not. */
static int64_t
indexed(struct fixture *f, const char *word)
{
	int64_t count;

	good(sql_int(replica_sql(f->r), 0, &count, &why,
		"SELECT count(*) FROM _find WHERE _find MATCH ?1", "s", word));
	return count;
}

static const char *
project(struct fixture *f, const char *title)
{
	return fixture_save(
		f, "project", "", "title", title, "beat_ids", "35X", NULL);
}

static void
a_save_is_found_at_once(void **state)
{
	struct fixture *f = *state;
	const char *id = project(f, "Harbor Garage");
	struct buf report = BUF_INIT;
	int64_t count;

	assert_int_equal(indexed(f, "garage"), 0);
	good(replica_verify(f->r, &report, &why)); /* takes it as it is */
	assert_int_equal(indexed(f, "garage"), 0);
	assert_int_equal(finds(f, "garage"), 1);
	fixture_save(f, "project", id, "title", "Lake Motel", NULL);
	assert_int_equal(finds(f, "garage"), 0);
	assert_int_equal(finds(f, "motel in:project"), 1);
	fixture_save(f, "project", id, "goal", "Fewer calls", NULL);
	good(tally_count(f->r, "project", "calls", &count, &why));
	assert_int_equal(count, 1);
	fixture_save(f, "project", id, "goal", "None left", NULL);
	assert_int_equal(finds(f, "-calls in:project"), 1);
	buf_release(&report);
	fixture_sound(f);
}

static void
another_program_finds_it(void **state)
{
	struct fixture *f = *state;
	struct replica *other;

	good(replica_open(f->path, &f->clock, &other, &why));
	project(f, "Harbor Garage");
	assert_int_equal(found_in(other, "garage"), 1);
	project(f, "Lake Motel");
	replica_close(other);
	fixture_open_again(f);
	assert_int_equal(finds(f, "motel"), 1);
}

static void
it_is_found_after_a_crash(void **state)
{
	struct fixture *f = *state;
	int status;
	pid_t child;

	replica_close(f->r);
	f->r = NULL;
	child = fork();
	if (child == 0) {
		good(replica_open(f->path, &f->clock, &f->r, &why));
		project(f, "Harbor Garage");
		_exit(7);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 7);
	good(replica_open(f->path, &f->clock, &f->r, &why));
	assert_int_equal(finds(f, "garage"), 1);
	fixture_sound(f);
}

/* The shape of version 4, all words in it. */
static const char to_version_4[] =
	"BEGIN;"
	"CREATE TABLE _old(replica INTEGER, n INTEGER, kind TEXT, id TEXT,"
	" body TEXT, seen INTEGER, wall INTEGER, boot INTEGER, boot_id TEXT,"
	" at INTEGER, seq INTEGER, chain TEXT, floor INTEGER,"
	" PRIMARY KEY(replica,n));"
	"INSERT INTO _old SELECT * FROM _outbox;"
	"DROP TABLE _outbox;"
	"ALTER TABLE _old RENAME TO _outbox;"
	"CREATE INDEX _outbox_record ON _outbox(kind,id);"
	"CREATE INDEX _outbox_seq ON _outbox(seq);"
	"DELETE FROM _meta WHERE key='words';"
	"PRAGMA user_version=4;"
	"COMMIT;";

static void
a_file_of_version_4_is_brought_up(void **state)
{
	struct fixture *f = *state;
	const char *id = project(f, "Harbor Garage");
	struct outbox_counts n;
	int64_t version;

	fixture_confirm(f, 1, BOOK);
	fixture_save(f, "project", id, "goal", "Fewer calls", NULL);
	assert_int_equal(finds(f, "garage calls"), 1);
	good(sql_script(replica_sql(f->r), to_version_4, &why));
	fixture_open_again(f);
	good(sql_int(replica_sql(f->r), 0, &version, &why,
		"PRAGMA user_version", ""));
	assert_int_equal(version, 5);
	good(outbox_count(f->r, &n, &why));
	assert_int_equal(n.unsent, 1);
	assert_int_equal(n.kept, 1);
	assert_int_equal(finds(f, "garage calls"), 1);
	fixture_save(f, "project", id, "goal", "None left", NULL);
	assert_int_equal(finds(f, "none"), 1);
	assert_int_equal(finds(f, "calls"), 0);
	fixture_sound(f);
	good(sql_begin(replica_sql(f->r), &why));
	good(inbox_durable(f->r, f->seq, &why));
	good(sql_commit(replica_sql(f->r), &why));
	good(outbox_count(f->r, &n, &why));
	assert_int_equal(n.kept, 0);
	fixture_sound(f);
}

static int64_t
ms_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* It would be waited for 5 s, were this a save. */
static void
while_another_program_writes_the_rest_is_found(void **state)
{
	struct fixture *f = *state;
	struct replica *other;
	int64_t start;

	good(replica_open(f->path, &f->clock, &other, &why));
	project(f, "Harbor Garage");
	assert_int_equal(finds(f, "harbor"), 1);
	project(f, "Harbor Motel");
	good(sql_begin(replica_sql(other), &why));
	start = ms_now();
	assert_int_equal(finds(f, "harbor"), 1);
	assert_true(ms_now() - start < SQL_PATIENCE_MS / 2);
	sql_rollback(replica_sql(other));
	assert_int_equal(finds(f, "harbor"), 2);
	replica_close(other);
}

static void
what_cannot_be_written_is_searched_as_it_is(void **state)
{
	struct fixture *f = *state;

	project(f, "Harbor Garage");
	assert_int_equal(finds(f, "harbor"), 1);
	project(f, "Harbor Motel");
	good(sql_script(replica_sql(f->r), "PRAGMA query_only=1", &why));
	assert_int_equal(finds(f, "harbor"), 1);
	good(sql_script(replica_sql(f->r), "PRAGMA query_only=0", &why));
	assert_int_equal(finds(f, "harbor"), 2);
	fixture_sound(f);
}

static void
within_a_transaction_it_is_part_of_that(void **state)
{
	struct fixture *f = *state;

	project(f, "Harbor Garage");
	good(sql_begin(replica_sql(f->r), &why));
	assert_int_equal(finds(f, "harbor"), 1);
	assert_true(sql_writing(replica_sql(f->r)));
	sql_rollback(replica_sql(f->r));
	assert_int_equal(indexed(f, "harbor"), 0);
	assert_int_equal(finds(f, "harbor"), 1);
	project(f, "Lake Motel");
	sql_look(replica_sql(f->r));
	assert_int_equal(finds(f, "motel"), 1);
	sql_looked(replica_sql(f->r));
	assert_false(sql_in_transaction(replica_sql(f->r)));
	fixture_sound(f);
}

/* The next edit has the place of the one that was undone. */
static void
what_was_undone_is_not_found_and_what_follows_is(void **state)
{
	struct fixture *f = *state;
	struct buf what = BUF_INIT;

	project(f, "Harbor Garage");
	good(outbox_undo(f->r, &what, &why));
	assert_int_equal(finds(f, "garage"), 0);
	project(f, "Lake Motel");
	assert_int_equal(finds(f, "motel"), 1);
	good(outbox_undo(f->r, &what, &why));
	project(f, "Pier Thefts");
	assert_int_equal(finds(f, "motel"), 0);
	assert_int_equal(finds(f, "thefts"), 1);
	buf_release(&what);
	fixture_sound(f);
}

/* It came to be due here, and left with its book. */
static void
what_left_is_not_found(void **state)
{
	struct fixture *f = *state;
	const char *id = project(f, "Harbor Garage");

	fixture_confirm(f, 1, BOOK);
	fixture_save(f, "project", id, "goal", "Fewer calls", NULL);
	good(sql_begin(replica_sql(f->r), &why));
	good(inbox_leave(f->r, "project", id, BOOK, &why));
	good(sql_commit(replica_sql(f->r), &why));
	assert_int_equal(finds(f, "calls"), 1);
	fixture_save(f, "project", id, "goal", "None left", NULL);
	fixture_confirm(f, 2, NULL);
	fixture_confirm(f, 3, NULL);
	assert_int_equal(finds(f, "none"), 0);
	project(f, "Lake Motel");
	assert_int_equal(finds(f, "motel"), 1);
	assert_int_equal(finds(f, "lake"), 1);
	fixture_sound(f);
}

static void
what_is_void_is_found_where_that_is_asked(void **state)
{
	struct fixture *f = *state;
	const char *id = project(f, "Harbor Garage");

	fixture_save(f, "project", id, "void", "entered twice", NULL);
	assert_int_equal(finds(f, "garage"), 0);
	assert_int_equal(finds(f, "garage void:yes in:project"), 1);
	fixture_sound(f);
}

static void
many_saves_do_not_wait_for_a_search(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 3 * FULLTEXT_DUE_MAX; i++)
		project(f, "Harbor Garage");
	assert_in_range(indexed(f, "harbor"), 2 * FULLTEXT_DUE_MAX,
		3 * FULLTEXT_DUE_MAX - 1);
	assert_int_equal(finds(f, "harbor"), 3 * FULLTEXT_DUE_MAX);
	fixture_sound(f);
}

/* What came from the hub meanwhile is in, with what is not sent over it. */
static void
others_write_the_same_record(void **state)
{
	struct fixture *f = *state;
	const char *id = project(f, "Harbor Garage");
	char *name = mem_printf("project/%s", id);
	struct entry e;

	fixture_confirm(f, 1, BOOK);
	fixture_save(f, "project", id, "goal", "Fewer calls", NULL);
	e = fixture_entry(f, "48.1", "4480", name, "problem", "By night", NULL);
	fixture_take(f, &e, NULL);
	assert_int_equal(indexed(f, "night"), 1);
	assert_int_equal(finds(f, "garage calls night"), 1);
	fixture_sound(f);
	free(name);
}

/* One edit keeps the number it had, the other one moves. */
static void
another_number_changes_nothing(void **state)
{
	const struct renumbering to = {
		.number = 50, .token = "50.4471.x", .upto = 1};
	struct fixture *f = *state;
	int64_t renamed = 0;

	project(f, "Harbor Garage");
	project(f, "Lake Motel");
	good(sql_begin(replica_sql(f->r), &why));
	good(replica_renumber(f->r, &to, &renamed, &why));
	good(sql_commit(replica_sql(f->r), &why));
	good(replica_reload(f->r, &why));
	assert_int_equal(finds(f, "garage"), 1);
	assert_int_equal(finds(f, "motel"), 1);
	for (int i = 0; i < 3; i++)
		project(f, "Pier Thefts");
	assert_int_equal(finds(f, "thefts"), 3);
	fixture_sound(f);
}

static void
a_search_is_no_news(void **state)
{
	struct fixture *f = *state;
	int64_t before;

	project(f, "Harbor Garage");
	before = replica_version(f->r);
	assert_int_equal(finds(f, "garage"), 1);
	assert_int_equal(indexed(f, "garage"), 1);
	assert_int_equal(replica_version(f->r), before);
	project(f, "Lake Motel");
	assert_true(replica_version(f->r) != before);
}

#define TEST(f) \
	cmocka_unit_test_setup_teardown(f, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_save_is_found_at_once),
		TEST(another_program_finds_it),
		TEST(it_is_found_after_a_crash),
		TEST(a_file_of_version_4_is_brought_up),
		TEST(while_another_program_writes_the_rest_is_found),
		TEST(what_cannot_be_written_is_searched_as_it_is),
		TEST(within_a_transaction_it_is_part_of_that),
		TEST(what_was_undone_is_not_found_and_what_follows_is),
		TEST(what_left_is_not_found),
		TEST(what_is_void_is_found_where_that_is_asked),
		TEST(many_saves_do_not_wait_for_a_search),
		TEST(others_write_the_same_record),
		TEST(another_number_changes_nothing),
		TEST(a_search_is_no_news),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
