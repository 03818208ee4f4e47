/* Saving and settling: what an edit carries, and what the file keeps. */
#include "tests/support/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/conflicts.h"
#include "common/outbox.h"
#include "common/verify.h"
#include "tests/support/good.h"

static struct edit
edit_of(const char *kind, const char *id)
{
	struct edit e = {0};

	e.kind = mem_text(kind);
	e.record = mem_text(id);
	return e;
}

/* The newest edit of the outbox, as it lies there. */
static struct entry
newest(struct fixture *f)
{
	struct past past = {0};
	struct entry e, none = {0};

	good(history_read(f->r, NULL, NULL, 0, 1, &past, &why));
	assert_int_equal(past.count, 1);
	e = past.items[0];
	past.items[0] = none;
	past_release(&past);
	return e;
}

static const char *
value_in(const struct entry *e, const char *field)
{
	const struct change *c = edit_find(&e->edit, field);

	return c ? c->value : NULL;
}

static void
take_place(struct fixture *f)
{
	struct entry e = fixture_entry(f, "48.1", "4480", "place/1c-1", "kind",
		"business", "beat_id", "35X", "address", "1 First St", "geo",
		"37.8,-122.27", NULL);

	fixture_take(f, &e, "beat:35X");
}

static void
test_field_given_twice(void **state)
{
	struct fixture *f = *state;
	struct edit e = edit_of("project", "");

	edit_change(&e, "title", "One", EDIT_ID_NONE);
	edit_change(&e, "beat_ids", "35X", EDIT_ID_NONE);
	edit_change(&e, "title", "Two", EDIT_ID_NONE);
	assert_int_equal(record_save(f->r, &e, &why), ST_DATA);
	assert_non_null(strstr(why.text, "title"));
	edit_release(&e);
	fixture_sound(f);
}

/* A group is filled with what was seen, not with what came meanwhile. */
static void
test_group_as_it_was_seen(void **state)
{
	struct fixture *f = *state;
	struct edit e = edit_of("place", "1c-1");
	struct entry theirs, saved;
	struct record *seen;

	take_place(f);
	good(record_load(f->r, "place", "1c-1", &seen, &why));
	theirs = fixture_entry(f, "48.2", "4480", "place/1c-1", "address",
		"9 Ninth St", "geo", "37.9,-122.29", NULL);
	fixture_take(f, &theirs, NULL);
	record_change(&e, seen, "address", "1 First Street");
	good(record_save(f->r, &e, &why));
	saved = newest(f);
	assert_string_equal(value_in(&saved, "geo"), "37.8,-122.27");
	entry_release(&saved);
	edit_release(&e);
	record_free(seen);
	fixture_sound(f);
}

/* Giving a group the value it has is no change, as for any field. */
static void
test_idle_group_is_not_written(void **state)
{
	struct fixture *f = *state;
	struct entry saved;

	take_place(f);
	fixture_save(
		f, "place", "1c-1", "rank", "2", "address", "1 First St", NULL);
	saved = newest(f);
	assert_string_equal(value_in(&saved, "rank"), "2");
	assert_null(value_in(&saved, "address"));
	entry_release(&saved);
	fixture_sound(f);
}

/* A void that came after the form was opened was not seen. */
static void
test_void_not_seen(void **state)
{
	struct fixture *f = *state;
	struct edit e = edit_of("project", "1c-1");
	struct entry made = fixture_entry(f, "48.1", "4480", "project/1c-1",
		"title", "Theirs", "beat_ids", "35X", NULL);
	struct entry voided = fixture_entry(
		f, "48.2", "4480", "project/1c-1", "void", "twice", NULL);
	struct record *seen;

	fixture_take(f, &made, "beat:35X");
	good(record_load(f->r, "project", "1c-1", &seen, &why));
	fixture_take(f, &voided, NULL);
	record_change(&e, seen, "goal", "Fewer");
	good(record_save(f->r, &e, &why));
	assert_true(edit_id_none(e.saw_void));
	edit_release(&e);
	record_free(seen);
	good(record_load(f->r, "project", "1c-1", &seen, &why));
	e = edit_of("project", "1c-1");
	record_change(&e, seen, "goal", "Fewer still");
	good(record_save(f->r, &e, &why));
	assert_int_equal(e.saw_void.n, 2);
	edit_release(&e);
	record_free(seen);
	fixture_sound(f);
}

static void
open_conflict(struct fixture *f, const char *field, struct entry *e,
	struct edit_id loser)
{
	standing_add(verdict_stand(&e->verdict, field), loser);
	fixture_take(f, e, NULL);
}

/* What is kept against an unseen edit is kept over that edit too: else the
 * hub would find the same conflict again. */
static void
test_kept_void_is_over_all_seen(void **state)
{
	struct fixture *f = *state;
	struct entry made = fixture_entry(f, "48.1", "4480", "project/1c-1",
		"title", "Theirs", "beat_ids", "35X", NULL);
	struct entry voided = fixture_entry(
		f, "48.2", "4480", "project/1c-1", "void", "twice", NULL);
	struct entry later = fixture_entry(
		f, "49.1", "4471", "project/1c-1", "goal", "Fewer", NULL);
	struct entry saved;

	fixture_take(f, &made, "beat:35X");
	fixture_take(f, &voided, NULL);
	open_conflict(f, "void", &later, (struct edit_id){49, 1});
	good(conflict_resolve(f->r, "project", "1c-1", "void", NULL, &why));
	saved = newest(f);
	assert_string_equal(value_in(&saved, "void"), "twice");
	assert_int_equal(edit_find(&saved.edit, "void")->over.replica, 49);
	assert_int_equal(saved.edit.saw_void.replica, 48);
	entry_release(&saved);
	fixture_sound(f);
}

static void
test_taken_side_comes_with_its_group(void **state)
{
	struct fixture *f = *state;
	struct entry theirs, saved;

	take_place(f);
	fixture_save(f, "place", "1c-1", "address", "2 Second St", "geo",
		"37.7,-122.2", NULL);
	fixture_confirm(f, 1, NULL);
	theirs = fixture_entry(f, "48.2", "4480", "place/1c-1", "address",
		"9 Ninth St", "geo", "37.9,-122.29", NULL);
	open_conflict(f, "address", &theirs, (struct edit_id){47, 1});
	good(conflict_resolve(
		f->r, "place", "1c-1", "address", "2 Second St", &why));
	saved = newest(f);
	assert_string_equal(value_in(&saved, "geo"), "37.7,-122.2");
	entry_release(&saved);
	fixture_sound(f);
}

/* One's own unsent edit of the field is what is seen of it: settling is
 * written over that, or the hub would find the two of one person opposed. */
static void
test_settled_over_ones_own(void **state)
{
	struct fixture *f = *state;
	struct entry made = fixture_entry(f, "48.1", "4480", "project/1c-1",
		"title", "Theirs", "beat_ids", "35X", NULL);
	struct entry theirs = fixture_entry(
		f, "48.2", "4480", "project/1c-1", "goal", "Fewer", NULL);
	struct entry saved;

	fixture_take(f, &made, "beat:35X");
	open_conflict(f, "goal", &theirs, (struct edit_id){47, 9});
	fixture_save(f, "project", "1c-1", "goal", "None", NULL);
	fixture_save(f, "project", "1c-1", "title", "Ours", NULL);
	good(conflict_resolve(f->r, "project", "1c-1", "goal", "Few", &why));
	saved = newest(f);
	assert_string_equal(value_in(&saved, "goal"), "Few");
	assert_int_equal(edit_find(&saved.edit, "goal")->over.replica, 47);
	assert_int_equal(edit_find(&saved.edit, "goal")->over.n, 1);
	assert_int_equal(saved.edit.settles[0].loser.n, 9);
	entry_release(&saved);
	fixture_sound(f);
}

/* The record left our books while our edit waited: undoing that lets go. */
static void
test_undo_on_a_record_that_left(void **state)
{
	struct fixture *f = *state;
	struct buf what = BUF_INIT;
	struct record *rec;
	struct entry e = fixture_entry(f, "48.1", "4480", "project/1c-1",
		"title", "Theirs", "beat_ids", "35X", NULL);

	fixture_take(f, &e, "beat:35X");
	fixture_save(f, "project", "1c-1", "goal", "Fewer", NULL);
	good(inbox_leave(f->r, "project", "1c-1", "beat:35X", &why));
	good(outbox_undo(f->r, &what, &why));
	assert_int_equal(
		record_load(f->r, "project", "1c-1", &rec, &why), ST_NOT_FOUND);
	buf_release(&what);
	fixture_sound(f);
}

static void
test_disk_full(void **state)
{
	struct fixture *f = *state;
	struct edit e = edit_of("project", "");
	struct outbox_counts before, after;
	char *text = mem_alloc(60001), *pragma;
	int64_t pages = 0;

	memset(text, 'x', 60000);
	good(outbox_count(f->r, &before, &why));
	good(sql_int(
		replica_sql(f->r), 0, &pages, &why, "PRAGMA page_count", ""));
	pragma = mem_printf("PRAGMA max_page_count=%lld", (long long)pages);
	good(sql_script(replica_sql(f->r), pragma, &why));
	free(pragma);
	edit_change(&e, "title", "Too large", EDIT_ID_NONE);
	edit_change(&e, "beat_ids", "35X", EDIT_ID_NONE);
	edit_change(&e, "problem", text, EDIT_ID_NONE);
	assert_int_equal(record_save(f->r, &e, &why), ST_FILE);
	assert_non_null(strstr(why.text, "the disk is full"));
	assert_false(sql_in_transaction(replica_sql(f->r)));
	good(outbox_count(f->r, &after, &why));
	assert_int_equal(after.unsent, before.unsent);
	fixture_sound(f);
	good(sql_script(
		replica_sql(f->r), "PRAGMA max_page_count=1000000000", &why));
	good(record_save(f->r, &e, &why));
	assert_string_equal(e.record, "1b-1");
	assert_int_equal(e.id.n, 1);
	edit_release(&e);
	free(text);
	fixture_sound(f);
}

static void
test_read_only(void **state)
{
	struct fixture *f = *state;
	struct edit e = edit_of("project", "");

	good(sql_script(replica_sql(f->r), "PRAGMA query_only=1", &why));
	edit_change(&e, "title", "Nowhere to go", EDIT_ID_NONE);
	edit_change(&e, "beat_ids", "35X", EDIT_ID_NONE);
	assert_int_equal(record_save(f->r, &e, &why), ST_FILE);
	assert_non_null(strstr(why.text, "cannot be written"));
	assert_false(sql_in_transaction(replica_sql(f->r)));
	good(sql_script(replica_sql(f->r), "PRAGMA query_only=0", &why));
	good(record_save(f->r, &e, &why));
	assert_int_equal(e.id.n, 1);
	edit_release(&e);
	fixture_sound(f);
}

#define WRITERS 3
#define EACH_WRITES 20

/* Another process with the same file: 0 when all its saves went through. */
static int
write_many(const struct fixture *f)
{
	struct replica *r;

	if (replica_open(f->path, &f->clock, &r, &why))
		return 1;
	for (int i = 0; i < EACH_WRITES; i++) {
		struct edit e = edit_of("project", "");
		enum status st;

		edit_change(&e, "title", "At once", EDIT_ID_NONE);
		edit_change(&e, "beat_ids", "35X", EDIT_ID_NONE);
		st = record_save(r, &e, &why);
		edit_release(&e);
		if (st)
			return 1;
	}
	replica_close(r);
	return 0;
}

static void
test_several_processes(void **state)
{
	struct fixture *f = *state;
	struct outbox_counts counts;
	int64_t records = 0, last = 0;

	for (int i = 0; i < WRITERS; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (!pid)
			_exit(write_many(f));
	}
	for (int i = 0; i < WRITERS; i++) {
		int status;

		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	good(outbox_count(f->r, &counts, &why));
	assert_int_equal(counts.unsent, WRITERS * EACH_WRITES);
	good(replica_meta_int(f->r, META_LAST_N, 0, &last, &why));
	assert_int_equal(last, WRITERS * EACH_WRITES);
	good(sql_int(replica_sql(f->r), 0, &records, &why,
		"SELECT count(*) FROM project", ""));
	assert_int_equal(records, WRITERS * EACH_WRITES);
	fixture_sound(f);
}

/* A file that could not be made whole is not in the way of the next try. */
static void
test_create_again_after_failure(void **state)
{
	struct fixture *f = *state;
	const struct identity who = {48, "4471", "48.4471.x", "", "testhub"};
	struct replica *r;
	char path[128];

	snprintf(path, sizeof(path), "%s/second.db", f->dir);
	assert_int_equal(replica_create(path, &who, "{\"kinds\":7}", "UTC",
				 &f->clock, &r, &why),
		ST_DATA);
	assert_int_equal(access(path, F_OK), -1);
	good(replica_create(path, &who, "", "UTC", &f->clock, &r, &why));
	replica_close(r);
	assert_int_equal(
		replica_create(path, &who, "", "UTC", &f->clock, &r, &why),
		ST_FILE);
	assert_int_equal(access(path, F_OK), 0);
}

int
main(void)
{
#define EACH(t) \
	cmocka_unit_test_setup_teardown(t, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		EACH(test_field_given_twice),
		EACH(test_group_as_it_was_seen),
		EACH(test_idle_group_is_not_written),
		EACH(test_void_not_seen),
		EACH(test_kept_void_is_over_all_seen),
		EACH(test_taken_side_comes_with_its_group),
		EACH(test_settled_over_ones_own),
		EACH(test_undo_on_a_record_that_left),
		EACH(test_disk_full),
		EACH(test_read_only),
		EACH(test_several_processes),
		EACH(test_create_again_after_failure),
	};

	return cmocka_run_group_tests_name("edits", tests, NULL, NULL);
}
