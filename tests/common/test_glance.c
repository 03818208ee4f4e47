/* A row of a list is what the whole record says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/record.h"
#include "tests/support/fixture.h"
#include "tests/support/good.h"

static bool
in_conflict(const struct record *rec)
{
	bool any = false;

	for (size_t i = 0; i < rec->kind->field_count; i++)
		any = any || rec->values[i].conflict;
	return any;
}

static void
same(struct fixture *f, const char *kind, const char *id)
{
	struct record *whole, *row;

	good(record_load(f->r, kind, id, &whole, &why));
	good(record_glance(f->r, kind, id, &row, &why));
	for (size_t i = 0; i < row->kind->column_count; i++)
		assert_string_equal(record_text(row, row->kind->columns[i]),
			record_text(whole, row->kind->columns[i]));
	assert_string_equal(row->void_value.text, whole->void_value.text);
	assert_int_equal(row->created_at, whole->created_at);
	assert_int_equal(row->updated_at, whole->updated_at);
	assert_string_equal(row->created_by, whole->created_by);
	assert_string_equal(row->updated_by, whole->updated_by);
	assert_int_equal(row->unsent, whole->unsent);
	assert_int_equal(in_conflict(row), in_conflict(whole));
	record_free(whole);
	record_free(row);
}

static void
each_type(void **state)
{
	struct fixture *f = *state;
	char *project = mem_text(fixture_save(f, "project", "", "title",
		"Pine Terrace", "beat_ids", "35X,12Y", "stage", "analysis",
		"owner_id", "4480", NULL));
	char *measure = mem_text(fixture_save(f, "assessment", "", "project_id",
		project, "measure", "Calls in four weeks", "baseline", "21",
		"target", "2.5", "result", "-0.125", "assessed_on",
		"2026-07-01", "narrative", "Not in the list.", NULL));

	same(f, "project", project);
	same(f, "assessment", measure);
	same(f, "member", "900");
	same(f, "beat", "35X");
	fixture_save(f, "assessment", measure, "baseline", "", NULL);
	same(f, "assessment", measure);
	free(project);
	free(measure);
}

static void
sent_and_void(void **state)
{
	struct fixture *f = *state;
	char *id = mem_text(fixture_save(
		f, "project", "", "title", "Lot B", "beat_ids", "35X", NULL));
	struct record *rec;

	fixture_confirm(f, 1, "beat:35X");
	same(f, "project", id);
	good(record_load(f->r, "project", id, &rec, &why));
	good(record_void(f->r, rec, "entered twice", &why));
	same(f, "project", id);
	record_free(rec);
	free(id);
}

static void
what_is_not_there(void **state)
{
	struct fixture *f = *state;
	struct record *rec;

	assert_int_equal(record_glance(f->r, "project", "1o-99", &rec, &why),
		ST_NOT_FOUND);
	assert_null(rec);
	assert_int_equal(
		record_glance(f->r, "ship", "1", &rec, &why), ST_NOT_FOUND);
	assert_null(rec);
}

/* A look that was not ended is over where something is written. */
static void
a_look_holds_nobody_up(void **state)
{
	struct fixture *f = *state;
	const char *id;

	sql_look(replica_sql(f->r));
	same(f, "member", "900");
	id = fixture_save(
		f, "project", "", "title", "Lot C", "beat_ids", "35X", NULL);
	sql_looked(replica_sql(f->r));
	same(f, "project", id);
	good(sql_begin(replica_sql(f->r), &why));
	sql_look(replica_sql(f->r));
	sql_looked(replica_sql(f->r));
	assert_true(sql_in_transaction(replica_sql(f->r)));
	good(sql_commit(replica_sql(f->r), &why));
}

/* One within another is part of that: others' saves are seen after it. */
static void
looks_within_a_look_are_of_its_moment(void **state)
{
	struct fixture *f = *state;
	struct sql *db = replica_sql(f->r);
	const char *id = fixture_save(
		f, "project", "", "title", "Lot C", "beat_ids", "35X", NULL);
	struct replica *mine = f->r, *other;

	good(replica_open(f->path, &f->clock, &other, &why));
	sql_look(db);
	assert_string_equal(fixture_text(f, "project", id, "title"), "Lot C");
	f->r = other;
	fixture_save(f, "project", id, "title", "Lot D", NULL);
	f->r = mine;
	assert_string_equal(fixture_text(f, "project", id, "title"), "Lot C");
	sql_looked(db);
	assert_false(sql_in_transaction(db));
	assert_string_equal(fixture_text(f, "project", id, "title"), "Lot D");
	replica_close(other);
}

#define TEST(f) \
	cmocka_unit_test_setup_teardown(f, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_type),
		TEST(sent_and_void),
		TEST(what_is_not_there),
		TEST(a_look_holds_nobody_up),
		TEST(looks_within_a_look_are_of_its_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
