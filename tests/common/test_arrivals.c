/* What the hub sends, in the orders and shapes it may come in. */
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
#include "common/verify.h"
#include "tests/support/good.h"

static void
enter(struct fixture *f, const char *id, struct entry *entries, size_t count)
{
	good(sql_begin(replica_sql(f->r), &why));
	good(inbox_enter(
		f->r, "project", id, "beat:35X", entries, count, &why));
	good(sql_commit(replica_sql(f->r), &why));
	for (size_t i = 0; i < count; i++)
		entry_release(&entries[i]);
}

/* A filling brings the record as it is, then what happened on the way: the
 * list must not say that it was last written in between. */
static void
test_replay_after_filling(void **state)
{
	struct fixture *f = *state;
	struct entry whole[2], between;
	char *updated;

	whole[0] = fixture_entry(f, "48.1", "4480", "project/1c-1", "title",
		"Motel", "beat_ids", "35X", NULL);
	f->now.wall_ms += 60000;
	between = fixture_entry(
		f, "48.2", "4480", "project/1c-1", "goal", "Less", NULL);
	f->now.wall_ms += 60000;
	whole[1] = fixture_entry(
		f, "49.1", "900", "project/1c-1", "goal", "Fewer", NULL);
	enter(f, "1c-1", whole, 2);
	fixture_take(f, &between, NULL);
	assert_string_equal(
		fixture_text(f, "project", "1c-1", "goal"), "Fewer");
	good(sql_text(replica_sql(f->r), &updated, &why,
		"SELECT updated_by FROM project WHERE id='1c-1'", ""));
	assert_string_equal(updated, "900");
	free(updated);
	fixture_sound(f);
}

/* Our own edit, sent with its values and held: no longer shown as ours. */
static void
test_own_entry_held(void **state)
{
	struct fixture *f = *state;
	struct entry e = fixture_entry(f, "48.1", "4480", "project/1c-1",
		"title", "Motel", "beat_ids", "35X", "goal", "Fewer", NULL);

	fixture_take(f, &e, "beat:35X");
	fixture_save(f, "project", "1c-1", "goal", "None", NULL);
	e = fixture_entry(
		f, "47.1", "4471", "project/1c-1", "goal", "None", NULL);
	e.verdict.held = mem_text("not your beat then");
	fixture_take(f, &e, NULL);
	good(inbox_confirmed(f->r, 1, &why));
	assert_string_equal(
		fixture_text(f, "project", "1c-1", "goal"), "Fewer");
	fixture_sound(f);
}

static struct entry
theirs_against_ours(struct fixture *f)
{
	struct entry e = fixture_entry(
		f, "48.7", "4480", "project/1b-1", "goal", "theirs", NULL);

	standing_add(
		verdict_stand(&e.verdict, "goal"), (struct edit_id){47, 2});
	return e;
}

/* The conflict was settled while we did not hold the record. */
static void
test_conflict_settled_while_away(void **state)
{
	struct fixture *f = *state;
	struct conflicts open = {0};
	struct entry e, whole[2];

	fixture_save(
		f, "project", "", "title", "Ours", "beat_ids", "35X", NULL);
	fixture_confirm(f, 1, "beat:35X");
	fixture_save(f, "project", "1b-1", "goal", "ours", NULL);
	fixture_confirm(f, 2, NULL);
	e = theirs_against_ours(f);
	fixture_take(f, &e, NULL);
	good(inbox_leave(f->r, "project", "1b-1", "beat:35X", &why));
	fixture_sound(f);
	good(history_edit(f->r, (struct edit_id){47, 1}, &whole[0], &why));
	whole[1] = fixture_entry(
		f, "49.1", "900", "project/1b-1", "goal", "settled", NULL);
	enter(f, "1b-1", whole, 2);
	assert_string_equal(
		fixture_text(f, "project", "1b-1", "goal"), "settled");
	good(conflicts_read(f->r, NULL, NULL, &open, &why));
	assert_int_equal(open.count, 0);
	conflicts_release(&open);
	fixture_sound(f);
}

static void
use_profile(struct fixture *f, const char *profile)
{
	good(sql_begin(replica_sql(f->r), &why));
	good(replica_set_profile(f->r, profile, "hash", &why));
	good(sql_commit(replica_sql(f->r), &why));
}

/* Profiles with a kind of their own, whose `note` is of this type. */
static void
use_cameras(struct fixture *f, const char *title, const char *note)
{
	char *profile = mem_printf(
		"{\"name\":\"next\",\"title\":\"Next\",\"kinds\":["
		"{\"name\":\"camera\",\"one\":\"Camera\",\"many\":\"Cameras\","
		"\"title\":\"%s\",\"books\":[\"beat_id\"],\"writers\":"
		"\"book\",\"columns\":[\"name\"],\"sort\":\"-updated_at\","
		"\"fields\":["
		"{\"name\":\"name\",\"type\":\"text\",\"label\":\"Name\"},"
		"{\"name\":\"maker\",\"type\":\"text\",\"label\":\"Maker\"},"
		"%s"
		"{\"name\":\"beat_id\",\"type\":\"ref\",\"ref\":\"beat\","
		"\"label\":\"Beat\"}]}]}",
		title, note);

	use_profile(f, profile);
	free(profile);
}

#define NOTE_TEXT "{\"name\":\"note\",\"type\":\"text\",\"label\":\"Note\"},"
#define NOTE_SET                                                 \
	"{\"name\":\"note\",\"type\":\"refs\",\"ref\":\"beat\"," \
	"\"label\":\"Note\"},"

static void
take_camera(
	struct fixture *f, const char *edit, const char *name, const char *note)
{
	struct entry e = fixture_entry(f, edit, "4480", "camera/1o-1", "name",
		name, "maker", "Axis", "beat_id", "35X", "note", note, NULL);

	fixture_take(f, &e, "beat:35X");
}

/* A kind goes with a profile and comes back with the next. */
static void
test_kind_off_and_on(void **state)
{
	struct fixture *f = *state;
	struct entry e;

	use_cameras(f, "name", NOTE_TEXT);
	take_camera(f, "60.1", "Pole 4", "35X");
	use_profile(f, "{\"name\":\"old\",\"title\":\"Old\"}");
	fixture_sound(f);
	take_camera(f, "60.2", "Pole 5", "12Y");
	e = fixture_entry(f, "60.3", "4480", "camera/1o-2", "name", "Pole 9",
		"beat_id", "35X", NULL);
	fixture_take(f, &e, "beat:35X");
	good(inbox_leave(f->r, "camera", "1o-2", "beat:35X", &why));
	use_cameras(f, "name", NOTE_TEXT);
	assert_string_equal(
		fixture_text(f, "camera", "1o-1", "name"), "Pole 5");
	fixture_sound(f);
}

/* So with a field, or its type, or which field is the title. */
static void
test_field_changes_with_the_profile(void **state)
{
	struct fixture *f = *state;

	use_cameras(f, "name", NOTE_TEXT);
	take_camera(f, "60.1", "Pole 4", "35X");
	use_cameras(f, "maker", "");
	fixture_sound(f);
	take_camera(f, "60.2", "Pole 4", "35X,12Y");
	use_cameras(f, "name", NOTE_SET);
	assert_string_equal(
		fixture_text(f, "camera", "1o-1", "note"), "35X,12Y");
	fixture_sound(f);
}

/* A value that breaks the catalogue is applied by the hub: shown as it is,
 * and no damage. */
static void
test_values_that_break_the_catalogue(void **state)
{
	struct fixture *f = *state;
	struct buf json = BUF_INIT;
	struct record *rec;
	cJSON *tree = NULL;
	struct entry e = fixture_entry(f, "48.1", "4480", "place/1c-1", "kind",
		"business", "address", "1 First St", "beat_id", "35X",
		"problem_kinds", "noise,noise", "calls_count", "about 7",
		"rank", "007", NULL);

	fixture_take(f, &e, "beat:35X");
	fixture_sound(f);
	good(record_load(f->r, "place", "1c-1", &rec, &why));
	record_json(rec, &json);
	good(json_parse(json.data, json.len, false, &tree, &why));
	assert_string_equal(json_text(tree, "calls_count"), "about 7");
	assert_string_equal(json_text(tree, "rank"), "007");
	cJSON_Delete(tree);
	buf_release(&json);
	record_free(rec);
}

/* Rows that were gone through one by one, without an index, so far. */
static int64_t
rows_scanned(struct fixture *f)
{
	sqlite3 *db = sql_handle(replica_sql(f->r));
	int64_t sum = 0;

	for (sqlite3_stmt *s = sqlite3_next_stmt(db, NULL); s;
		s = sqlite3_next_stmt(db, s))
		sum += sqlite3_stmt_status(
			s, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0);
	return sum;
}

static void
leave(struct fixture *f, const char *id)
{
	good(sql_begin(replica_sql(f->r), &why));
	good(inbox_leave(f->r, "project", id, "beat:35X", &why));
	good(sql_commit(replica_sql(f->r), &why));
}

/* A record of which an edit waits leaves at the same cost, whatever else is in
 * the file. */
static void
test_held_that_leaves_among_many(void **state)
{
	const struct names nowhere = {0};
	struct fixture *f = *state;
	char edit[24], record[32];
	int64_t before;
	struct entry e;

	for (int i = 1; i <= 200; i++) {
		snprintf(edit, sizeof(edit), "12.%d", i);
		snprintf(record, sizeof(record), "project/c-%d", i);
		e = fixture_entry(f, edit, "4480", record, "title", "x",
			"beat_ids", "35X", NULL);
		fixture_take(f, &e, "beat:35X");
	}
	e = fixture_entry(f, "13.1", "4480", "project/c-7", "title", "y", NULL);
	e.verdict.held = mem_text("not their beat");
	good(sql_begin(replica_sql(f->r), &why));
	good(inbox_held(f->r, &e, &nowhere, &why));
	good(sql_commit(replica_sql(f->r), &why));
	before = rows_scanned(f);
	leave(f, "c-7");
	assert_true(rows_scanned(f) - before < 20);
	entry_release(&e);
	assert_int_equal(history_edit(f->r, (struct edit_id){13, 1}, &e, &why),
		ST_NOT_FOUND);
	fixture_sound(f);
}

int
main(void)
{
#define EACH(t) \
	cmocka_unit_test_setup_teardown(t, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		EACH(test_replay_after_filling),
		EACH(test_own_entry_held),
		EACH(test_held_that_leaves_among_many),
		EACH(test_conflict_settled_while_away),
		EACH(test_kind_off_and_on),
		EACH(test_field_changes_with_the_profile),
		EACH(test_values_that_break_the_catalogue),
	};

	return cmocka_run_group_tests_name("arrivals", tests, NULL, NULL);
}
