/* Books filled anew beside what is there; files made by older programs. */
#include "tests/support/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/conflicts.h"
#include "common/outbox.h"
#include "tests/support/good.h"

#define BOOK "beat:35X"

static void
project(struct fixture *f, const char *edit, const char *id, const char *title)
{
	char record[32];
	struct entry e;

	snprintf(record, sizeof(record), "project/%s", id);
	e = fixture_entry(f, edit, "4480", record, "title", title, "beat_ids",
		"35X", NULL);
	fixture_take(f, &e, BOOK);
}

/* The hub tells a whole record of one entry while it fills the book. */
static void
refilled(struct fixture *f, struct entry *e)
{
	good(sql_begin(replica_sql(f->r), &why));
	good(inbox_enter(f->r, e->edit.kind, e->edit.record, BOOK, e, 1, &why));
	good(inbox_fill_at(f->r, BOOK, e->edit.kind, e->edit.record, &why));
	good(sql_commit(replica_sql(f->r), &why));
	entry_release(e);
}

static void
begin(struct fixture *f, int64_t head)
{
	good(sql_begin(replica_sql(f->r), &why));
	good(inbox_fill(f->r, BOOK, head, &why));
	good(sql_commit(replica_sql(f->r), &why));
}

static void
refill(struct fixture *f)
{
	good(sql_begin(replica_sql(f->r), &why));
	good(inbox_refill(f->r, BOOK, &why));
	good(sql_commit(replica_sql(f->r), &why));
}

static void
filled(struct fixture *f)
{
	good(sql_begin(replica_sql(f->r), &why));
	good(inbox_filled(f->r, BOOK, &why));
	good(sql_commit(replica_sql(f->r), &why));
}

static struct entry
again(struct fixture *f, int64_t seq, const char *edit, const char *record,
	const char *title)
{
	int64_t last = f->seq;
	struct entry e = fixture_entry(f, edit, "4480", record, "title", title,
		"beat_ids", "35X", NULL);

	e.seq = seq;
	f->seq = last;
	return e;
}

static bool
is_there(struct fixture *f, const char *id)
{
	struct record *rec;
	enum status st = record_load(f->r, "project", id, &rec, &why);

	record_free(rec);
	return !st;
}

static void
a_refilled_book_stays_readable_and_drops_what_did_not_come(void **state)
{
	struct fixture *f = *state;
	struct entry e;

	project(f, "48.1", "1c-1", "Motel");
	project(f, "48.2", "1c-2", "Garage");
	refill(f);
	begin(f, f->seq);
	assert_true(is_there(f, "1c-1"));
	assert_true(is_there(f, "1c-2"));
	e = again(f, f->seq - 1, "48.1", "project/1c-1", "Motel");
	refilled(f, &e);
	assert_true(is_there(f, "1c-2"));
	filled(f);
	assert_true(is_there(f, "1c-1"));
	assert_false(is_there(f, "1c-2"));
	fixture_sound(f);
}

static void
a_record_with_unsent_edits_outlives_its_book(void **state)
{
	struct fixture *f = *state;

	project(f, "48.1", "1c-1", "Motel");
	fixture_save(f, "project", "1c-1", "goal", "None left", NULL);
	refill(f);
	begin(f, f->seq);
	filled(f);
	assert_string_equal(
		fixture_text(f, "project", "1c-1", "goal"), "None left");
	fixture_sound(f);
}

/* What the file holds wrongly is put right; own unsent edits stay on top. */
static void
a_whole_record_replaces_cells_and_conflicts(void **state)
{
	struct fixture *f = *state;
	struct conflicts open = {0};
	int64_t first = f->seq + 1;
	struct entry e;

	project(f, "48.1", "1c-1", "Motel");
	e = fixture_entry(f, "49.1", "900", "project/1c-1", "title",
		"Never on the hub", NULL);
	standing_add(
		verdict_stand(&e.verdict, "title"), (struct edit_id){48, 1});
	fixture_take(f, &e, NULL);
	fixture_save(f, "project", "1c-1", "goal", "None left", NULL);
	refill(f);
	begin(f, f->seq);
	e = again(f, first, "48.1", "project/1c-1", "Motel");
	refilled(f, &e);
	filled(f);
	assert_string_equal(
		fixture_text(f, "project", "1c-1", "title"), "Motel");
	assert_string_equal(
		fixture_text(f, "project", "1c-1", "goal"), "None left");
	good(conflicts_read(f->r, NULL, NULL, &open, &why));
	assert_int_equal(open.count, 0);
	conflicts_release(&open);
	fixture_sound(f);
}

/* A value that was stored wrongly at its own place. */
static void
a_whole_record_replaces_an_entry_that_differs(void **state)
{
	struct fixture *f = *state;
	int64_t first = f->seq + 1;
	struct entry e;

	project(f, "48.1", "1c-1", "Motel, and much more than the hub has");
	refill(f);
	begin(f, f->seq);
	e = again(f, first, "48.1", "project/1c-1", "Motel");
	refilled(f, &e);
	filled(f);
	assert_string_equal(
		fixture_text(f, "project", "1c-1", "title"), "Motel");
	fixture_sound(f);
}

static const struct held_book *
book_of(struct held_books *held)
{
	for (size_t i = 0; i < held->count; i++)
		if (strcmp(held->items[i].book, BOOK) == 0)
			return &held->items[i];
	fail_msg("the book is not held");
	return NULL;
}

static void
a_refill_that_was_cut_goes_on_and_one_at_another_head_begins_anew(void **state)
{
	struct fixture *f = *state;
	struct held_books held = {0};
	int64_t first = f->seq + 1;
	struct entry e;

	project(f, "48.1", "1c-1", "Motel");
	project(f, "48.2", "1c-2", "Garage");
	refill(f);
	good(inbox_books(f->r, &held, &why));
	assert_false(book_of(&held)->begun);
	held_books_release(&held);
	begin(f, 900);
	e = again(f, first, "48.1", "project/1c-1", "Motel");
	refilled(f, &e);
	begin(f, 900);
	good(inbox_books(f->r, &held, &why));
	assert_true(book_of(&held)->begun);
	assert_int_equal(book_of(&held)->head, 900);
	assert_string_equal(book_of(&held)->id, "1c-1");
	held_books_release(&held);
	begin(f, 950);
	good(inbox_books(f->r, &held, &why));
	assert_string_equal(book_of(&held)->id, "");
	held_books_release(&held);
	e = again(f, first + 1, "48.2", "project/1c-2", "Garage");
	refilled(f, &e);
	filled(f);
	assert_false(is_there(f, "1c-1"));
	assert_true(is_there(f, "1c-2"));
	fixture_sound(f);
}

/* Take an entry of the tail: what came of it, nothing kept if it was bad. */
static enum status
taken(struct fixture *f, struct entry *e)
{
	struct sql *db = replica_sql(f->r);
	enum status st;

	good(sql_begin(db, &why));
	st = inbox_enter(
		f->r, e->edit.kind, e->edit.record, BOOK, NULL, 0, &why);
	if (!st)
		st = inbox_entry(f->r, e, &why);
	if (!st)
		st = sql_commit(db, &why);
	sql_rollback(db);
	entry_release(e);
	return st;
}

static void
a_place_has_one_edit_and_an_edit_one_place(void **state)
{
	struct fixture *f = *state;
	int64_t first = f->seq + 1;
	struct entry e;

	project(f, "48.1", "1c-1", "Motel");
	e = again(f, first, "48.2", "project/1c-1", "Garage");
	assert_int_equal(taken(f, &e), ST_DATA);
	e = again(f, first, "48.2", "project/1c-2", "Garage");
	assert_int_equal(taken(f, &e), ST_DATA);
	e = again(f, first + 1, "48.1", "project/1c-2", "Garage");
	assert_int_equal(taken(f, &e), ST_DATA);
	assert_non_null(strstr(why.text, "48.1"));
	e = again(f, first, "48.1", "project/1c-2", "Motel");
	assert_int_equal(taken(f, &e), ST_DATA);
	assert_false(is_there(f, "1c-2"));
	assert_string_equal(
		fixture_text(f, "project", "1c-1", "title"), "Motel");
	fixture_sound(f);
	e = again(f, first, "48.1", "project/1c-1", "Motel");
	assert_int_equal(taken(f, &e), ST_OK);
	fixture_sound(f);
}

static void
a_whole_record_does_not_take_the_place_of_another(void **state)
{
	struct fixture *f = *state;
	int64_t first = f->seq + 1;
	struct entry e;

	project(f, "48.1", "1c-1", "Motel");
	e = again(f, first, "48.2", "project/1c-2", "Garage");
	good(sql_begin(replica_sql(f->r), &why));
	assert_int_equal(
		inbox_enter(f->r, "project", "1c-2", BOOK, &e, 1, &why),
		ST_DATA);
	sql_rollback(replica_sql(f->r));
	entry_release(&e);
	assert_true(is_there(f, "1c-1"));
	fixture_sound(f);
}

/* What another past had at that place: not shown any more, and never at odds
 * with the log. */
static void
while_a_book_is_refilled_what_was_at_a_place_gives_way(void **state)
{
	struct fixture *f = *state;
	int64_t first = f->seq + 1;
	struct entry e;

	project(f, "48.1", "1c-1", "Motel");
	e = again(f, first + 1, "48.2", "project/1c-1", "Motel and more");
	assert_int_equal(taken(f, &e), ST_OK);
	refill(f);
	begin(f, f->seq);
	e = again(f, first + 1, "49.1", "project/1c-2", "Garage");
	refilled(f, &e);
	fixture_sound(f);
	assert_string_equal(
		fixture_text(f, "project", "1c-1", "title"), "Motel");
	e = again(f, first + 5, "48.1", "project/1c-3", "Lake");
	refilled(f, &e);
	fixture_sound(f);
	assert_false(is_there(f, "1c-1"));
	filled(f);
	assert_true(is_there(f, "1c-2"));
	assert_true(is_there(f, "1c-3"));
	fixture_sound(f);
}

/* Our own entries of a record outlast it: what takes the place of one does not
 * bring the rest of it back. */
static void
what_is_gone_stays_gone_when_an_entry_gives_way(void **state)
{
	struct fixture *f = *state;
	const char *id;
	struct entry e;

	id = fixture_save(
		f, "project", "", "title", "Motel", "beat_ids", "35X", NULL);
	fixture_confirm(f, 1, BOOK);
	fixture_save(f, "project", id, "goal", "None left", NULL);
	fixture_confirm(f, 2, NULL);
	good(sql_begin(replica_sql(f->r), &why));
	good(inbox_leave(f->r, "project", id, BOOK, &why));
	good(sql_commit(replica_sql(f->r), &why));
	assert_false(is_there(f, id));
	refill(f);
	begin(f, f->seq);
	e = again(f, f->seq, "49.1", "project/1c-2", "Garage");
	refilled(f, &e);
	assert_false(is_there(f, id));
	fixture_sound(f);
}

/* The shape of version 1: what had no column then goes. */
static const char to_version_1[] =
	"BEGIN;"
	"CREATE TABLE _old(n INTEGER PRIMARY KEY, kind TEXT, id TEXT,"
	" body TEXT, seen INTEGER, wall INTEGER, boot INTEGER, boot_id TEXT,"
	" at INTEGER, seq INTEGER);"
	"INSERT INTO _old SELECT n,kind,id,body,seen,wall,boot,boot_id,at,seq"
	" FROM _outbox;"
	"DROP TABLE _outbox;"
	"ALTER TABLE _old RENAME TO _outbox;"
	"CREATE INDEX _outbox_record ON _outbox(kind,id);"
	"CREATE INDEX _outbox_seq ON _outbox(seq);"
	"DROP TABLE _number; DROP TABLE _renamed; DROP TABLE _aside;"
	"DROP TABLE _held; DROP TABLE _held_book; DROP TABLE _kept;"
	"DROP TABLE _news;"
	"DROP INDEX _project_counted;"
	"ALTER TABLE _book DROP COLUMN pass;"
	"ALTER TABLE _in_book DROP COLUMN pass;"
	"DELETE FROM _meta WHERE key IN('base','base_chain');"
	"PRAGMA user_version=1;"
	"COMMIT;";

static void
a_file_of_version_1_is_brought_up(void **state)
{
	struct fixture *f = *state;
	struct outbox_counts n;
	char *chain;
	int64_t version, indexes;

	project(f, "48.1", "1c-1", "Motel");
	fixture_save(f, "project", "1c-1", "goal", "Fewer", NULL);
	fixture_confirm(f, 1, NULL);
	fixture_save(
		f, "project", "", "title", "Ours", "beat_ids", "35X", NULL);
	good(replica_meta_set(f->r, META_CHAIN, "abc", &why));
	good(sql_script(replica_sql(f->r), to_version_1, &why));
	fixture_open_again(f);
	good(sql_int(replica_sql(f->r), 0, &version, &why,
		"PRAGMA user_version", ""));
	assert_int_equal(version, 5);
	good(sql_int(replica_sql(f->r), 0, &indexes, &why,
		"SELECT count(*) FROM sqlite_master WHERE type='index' AND "
		"name IN('_project_counted','_project_void')",
		""));
	assert_int_equal(indexes, 2);
	good(outbox_count(f->r, &n, &why));
	assert_int_equal(n.unsent, 1);
	assert_int_equal(n.kept, 1);
	good(sql_text(replica_sql(f->r), &chain, &why,
		"SELECT chain FROM _outbox WHERE replica=47 AND n=1", ""));
	assert_string_equal(chain, "abc");
	free(chain);
	assert_string_equal(
		fixture_text(f, "project", "1c-1", "goal"), "Fewer");
	assert_string_equal(
		fixture_text(f, "project", "1b-1", "title"), "Ours");
	fixture_sound(f);
	fixture_save(f, "project", "1b-1", "goal", "More", NULL);
	refill(f);
	fixture_sound(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(t) \
	cmocka_unit_test_setup_teardown(t, fixture_set_up, fixture_tear_down)
		TEST(a_refilled_book_stays_readable_and_drops_what_did_not_come),
		TEST(a_record_with_unsent_edits_outlives_its_book),
		TEST(a_whole_record_replaces_cells_and_conflicts),
		TEST(a_whole_record_replaces_an_entry_that_differs),
		TEST(a_refill_that_was_cut_goes_on_and_one_at_another_head_begins_anew),
		TEST(a_place_has_one_edit_and_an_edit_one_place),
		TEST(a_whole_record_does_not_take_the_place_of_another),
		TEST(while_a_book_is_refilled_what_was_at_a_place_gives_way),
		TEST(what_is_gone_stays_gone_when_an_entry_gives_way),
		TEST(a_file_of_version_1_is_brought_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
