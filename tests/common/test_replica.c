/* The replica: saving, what is shown, the outbox, what the hub sends. */
#include "tests/support/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/conflicts.h"
#include "common/draft.h"
#include "common/outbox.h"
#include "common/query.h"
#include "common/verify.h"
#include "tests/support/good.h"

static struct outbox_counts
counts(struct fixture *f)
{
	struct outbox_counts c;

	assert_int_equal(outbox_count(f->r, &c, &why), ST_OK);
	return c;
}

/* Save that is expected to fail; the status is given back. */
static enum status
try_save(struct fixture *f, const char *kind, const char *id, const char *field,
	const char *value)
{
	struct record *rec = NULL;
	struct edit e = {0};
	enum status st;

	e.kind = mem_text(kind);
	e.record = id[0] ? mem_text(id) : NULL;
	if (id[0])
		assert_int_equal(
			record_load(f->r, kind, id, &rec, &why), ST_OK);
	record_change(&e, rec, field, value);
	if (!id[0] && strcmp(kind, "project") == 0)
		edit_change(&e, "beat_ids", "35X", EDIT_ID_NONE);
	st = record_save(f->r, &e, &why);
	record_free(rec);
	edit_release(&e);
	return st;
}

static char *
new_project(struct fixture *f, const char *title)
{
	return mem_text(fixture_save(
		f, "project", "", "title", title, "beat_ids", "35X", NULL));
}

static void
test_new_record(void **state)
{
	struct fixture *f = *state;
	char *id = new_project(f, "Harbor Garage lot B, break-ins");

	assert_string_equal(id, "1b-1"); /* 47 in base 36 is 1b */
	assert_string_equal(
		fixture_text(f, "project", id, "stage"), "scanning");
	assert_string_equal(fixture_text(f, "project", id, "owner_id"), "4471");
	assert_string_equal(
		fixture_text(f, "project", id, "opened_on"), "2026-07-14");
	assert_int_equal(counts(f).unsent, 1);
	fixture_open_again(f);
	assert_string_equal(fixture_text(f, "project", id, "title"),
		"Harbor Garage lot B, break-ins");
	fixture_sound(f);
	free(id);
}

static void
test_refusals(void **state)
{
	struct fixture *f = *state;
	char *id = new_project(f, "Speeding at Lincoln school");

	assert_int_equal(
		try_save(f, "project", id, "stage", "guessing"), ST_DATA);
	assert_int_equal(try_save(f, "project", id, "title", ""), ST_DATA);
	assert_non_null(strstr(why.text, "missing"));
	assert_int_equal(try_save(f, "project", id, "colour", "red"), ST_DATA);
	assert_int_equal(
		try_save(f, "project", id, "owner_id", "nobody"), ST_DATA);
	assert_non_null(strstr(why.text, "nobody"));
	assert_int_equal(
		try_save(f, "project", id, "title", "a\001b"), ST_DATA);
	assert_int_equal(
		try_save(f, "attendance", "", "meeting_id", "1b-9"), ST_DATA);
	assert_non_null(strstr(why.text, "contact_id"));
	assert_int_equal(
		try_save(f, "beat", "35X", "name", "x"), ST_NOT_ALLOWED);
	assert_int_equal(counts(f).unsent, 1);
	fixture_sound(f);
	free(id);
}

static void
test_beat_not_held(void **state)
{
	struct fixture *f = *state;
	struct edit e = {0};

	e.kind = mem_text("project");
	edit_change(&e, "title", "Elsewhere", EDIT_ID_NONE);
	edit_change(&e, "beat_ids", "12Y", EDIT_ID_NONE);
	assert_int_equal(record_save(f->r, &e, &why), ST_NOT_ALLOWED);
	assert_int_equal(counts(f).unsent, 0);
	edit_release(&e);
	fixture_sound(f);
}

static void
test_nothing_changed(void **state)
{
	struct fixture *f = *state;
	char *id = new_project(f, "Sunset Motel");

	fixture_save(f, "project", id, "title", "Sunset Motel", NULL);
	assert_int_equal(counts(f).unsent, 1);
	free(id);
}

static void
test_undo(void **state)
{
	struct fixture *f = *state;
	char *id = new_project(f, "Oak Hill flats");
	struct buf what = BUF_INIT;

	fixture_save(f, "project", id, "stage", "analysis", NULL);
	assert_int_equal(outbox_undo(f->r, &what, &why), ST_OK);
	assert_string_equal(
		fixture_text(f, "project", id, "stage"), "scanning");
	assert_int_equal(outbox_sending(f->r, 1, &why), ST_OK);
	assert_int_equal(outbox_undo(f->r, &what, &why), ST_NOT_FOUND);
	assert_int_equal(counts(f).unsent, 1);
	buf_release(&what);
	fixture_sound(f);
	free(id);
}

static void
test_undo_of_a_new_record(void **state)
{
	struct fixture *f = *state;
	char *id = new_project(f, "Pine Terrace");
	struct buf what = BUF_INIT;
	struct record *rec;

	assert_int_equal(outbox_undo(f->r, &what, &why), ST_OK);
	assert_int_equal(
		record_load(f->r, "project", id, &rec, &why), ST_NOT_FOUND);
	assert_int_equal(counts(f).unsent, 0);
	buf_release(&what);
	fixture_sound(f);
	free(id);
}

static void
test_verdict(void **state)
{
	struct fixture *f = *state;
	char *id = new_project(f, "River road racing");
	struct record *rec;

	fixture_confirm(f, 1, "beat:35X");
	assert_int_equal(counts(f).unsent, 0);
	assert_int_equal(counts(f).kept, 1);
	assert_int_equal(record_load(f->r, "project", id, &rec, &why), ST_OK);
	assert_false(rec->unsent);
	record_free(rec);
	assert_int_equal(inbox_durable(f->r, f->seq, &why), ST_OK);
	assert_int_equal(counts(f).kept, 0);
	assert_string_equal(
		fixture_text(f, "project", id, "title"), "River road racing");
	fixture_sound(f);
	free(id);
}

static void
test_others_entry_under_unsent_edit(void **state)
{
	struct fixture *f = *state;
	struct entry e = fixture_entry(f, "48.1", "4480", "project/1c-1",
		"title", "Package thefts", "beat_ids", "35X", "stage",
		"scanning", NULL);

	fixture_take(f, &e, "beat:35X");
	fixture_save(f, "project", "1c-1", "stage", "response", NULL);
	e = fixture_entry(f, "48.2", "4480", "project/1c-1", "stage",
		"analysis", "goal", "half by August", NULL);
	fixture_take(f, &e, NULL);
	/* Ours is laid over; what they alone set shows. */
	assert_string_equal(
		fixture_text(f, "project", "1c-1", "stage"), "response");
	assert_string_equal(
		fixture_text(f, "project", "1c-1", "goal"), "half by August");
	fixture_sound(f);
}

static void
test_entries_in_any_order_once(void **state)
{
	struct fixture *f = *state;
	struct entry first = fixture_entry(f, "48.1", "4480", "project/1c-1",
		"title", "Old", "beat_ids", "35X", NULL);
	struct entry second = fixture_entry(
		f, "48.2", "4480", "project/1c-1", "title", "New", NULL);
	struct entry again = fixture_entry(f, "48.1", "4480", "project/1c-1",
		"title", "Old", "beat_ids", "35X", NULL);

	again.seq = first.seq;
	fixture_take(f, &second, "beat:35X");
	fixture_take(f, &first, NULL);
	fixture_take(f, &again, NULL);
	assert_string_equal(fixture_text(f, "project", "1c-1", "title"), "New");
	fixture_sound(f);
}

static void
test_conflict(void **state)
{
	struct fixture *f = *state;
	struct conflicts open = {0};
	struct entry e;
	struct standing *x;
	char *id = new_project(f, "Harbor Garage");

	fixture_confirm(f, 1, "beat:35X");
	fixture_save(f, "project", id, "goal", "ours", NULL);
	fixture_confirm(f, 2, NULL);
	e = fixture_entry(
		f, "48.7", "4480", "project/1b-1", "goal", "theirs", NULL);
	x = verdict_stand(&e.verdict, "goal");
	standing_add(x, (struct edit_id){47, 2});
	fixture_take(f, &e, NULL);

	assert_int_equal(conflicts_read(f->r, NULL, NULL, &open, &why), ST_OK);
	assert_int_equal(open.count, 1);
	assert_string_equal(open.items[0].won.value, "theirs");
	assert_string_equal(open.items[0].won.by, "4480");
	assert_string_equal(open.items[0].lost[0].value, "ours");
	conflicts_release(&open);
	assert_int_equal(
		conflict_resolve(f->r, "project", id, "goal", "ours", &why),
		ST_OK);
	assert_string_equal(fixture_text(f, "project", id, "goal"), "ours");
	assert_int_equal(counts(f).conflicts, 0);
	fixture_sound(f);
	free(id);
}

static void
test_leaving_a_book(void **state)
{
	struct fixture *f = *state;
	struct record *rec;
	struct entry e = fixture_entry(f, "48.1", "4480", "project/1c-1",
		"title", "Theirs", "beat_ids", "35X", NULL);
	char *id = new_project(f, "Ours");

	fixture_take(f, &e, "beat:35X");
	fixture_confirm(f, 1, "beat:35X");
	fixture_save(f, "project", id, "stage", "analysis", NULL);
	assert_int_equal(
		inbox_leave(f->r, "project", "1c-1", "beat:35X", &why), ST_OK);
	assert_int_equal(
		inbox_leave(f->r, "project", id, "beat:35X", &why), ST_OK);
	assert_int_equal(
		record_load(f->r, "project", "1c-1", &rec, &why), ST_NOT_FOUND);
	/* Ours waits for its verdict: nothing unsent is ever dropped. */
	assert_string_equal(
		fixture_text(f, "project", id, "stage"), "analysis");
	fixture_confirm(f, 2, NULL);
	assert_int_equal(
		record_load(f->r, "project", id, &rec, &why), ST_NOT_FOUND);
	fixture_sound(f);
	free(id);
}

static void
test_void(void **state)
{
	struct fixture *f = *state;
	char *id = new_project(f, "Twice entered");
	struct query q = {"project", "", NULL, 0};
	struct names ids = {0};
	struct record *rec;

	assert_int_equal(record_load(f->r, "project", id, &rec, &why), ST_OK);
	assert_int_equal(record_void(f->r, rec, "", &why), ST_DATA);
	assert_int_equal(record_void(f->r, rec, "entered twice", &why), ST_OK);
	record_free(rec);
	assert_int_equal(query_ids(f->r, &q, &ids, &why), ST_OK);
	assert_int_equal(ids.count, 0);
	assert_int_equal(record_load(f->r, "project", id, &rec, &why), ST_OK);
	assert_string_equal(rec->void_value.text, "entered twice");
	assert_int_equal(record_unvoid(f->r, rec, &why), ST_OK);
	record_free(rec);
	assert_int_equal(query_ids(f->r, &q, &ids, &why), ST_OK);
	assert_int_equal(ids.count, 1);
	names_release(&ids);
	fixture_sound(f);
	free(id);
}

static void
expect_kind_ids(struct fixture *f, const char *kind, const char *text,
	const char *expected)
{
	struct query q = {kind, text, "id", 0};
	struct names ids = {0};
	struct buf got = BUF_INIT;
	enum status st = query_ids(f->r, &q, &ids, &why);

	if (st)
		fail_msg("%s: %s", text, why.text);
	for (size_t i = 0; i < ids.count; i++)
		buf_printf(&got, "%s%s", i ? " " : "", ids.items[i]);
	assert_string_equal(buf_text(&got), expected);
	buf_release(&got);
	names_release(&ids);
}

static void
expect_ids(struct fixture *f, const char *text, const char *expected)
{
	expect_kind_ids(f, "project", text, expected);
}

static void
test_queries(void **state)
{
	struct fixture *f = *state;

	fixture_save(f, "project", "", "title", "Garage break-ins", "beat_ids",
		"35X", "stage", "analysis", NULL);
	fixture_save(f, "project", "", "title", "Motel disturbances",
		"beat_ids", "35X,12Y", "opened_on", "2026-05-01", NULL);
	fixture_save(f, "project", "", "title", "Speeding", "beat_ids", "35X",
		"problem", "cars pass the garage too fast", NULL);
	expect_ids(f, "", "1b-1 1b-2 1b-3");
	expect_ids(f, "garage", "1b-1 1b-3");
	expect_ids(f, "gar", "1b-1 1b-3");
	expect_ids(f, "\"break-ins\"", "1b-1");
	expect_ids(f, "garage -speeding", "1b-1");
	expect_ids(f, "stage:analysis", "1b-1");
	expect_ids(f, "stage:Anal", "1b-1");
	expect_ids(f, "-stage:analysis", "1b-2 1b-3");
	expect_ids(f, "beat_ids:12Y", "1b-2");
	expect_ids(f, "owner_id:me", "1b-1 1b-2 1b-3");
	expect_ids(f, "opened_on:<-30d", "1b-2");
	expect_ids(f, "opened_on:today", "1b-1 1b-3");
	expect_ids(f, "updated_at:today", "1b-1 1b-2 1b-3");
	expect_ids(f, "problem:", "1b-1 1b-2");
	expect_ids(f, "-problem:", "1b-3");
	expect_ids(f, "title:motel", "1b-2");
	expect_ids(f, "1b-2", "1b-2");
	expect_ids(f, "created_by:me stage:scanning", "1b-2 1b-3");
}

static void
test_bad_queries(void **state)
{
	struct fixture *f = *state;
	const char *const bad[] = {"colour:red", "\"open", "stage:nonsense",
		"opened_on:whenever", "replicable:perhaps"};
	struct names ids = {0};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct query q = {"project", bad[i], NULL, 0};

		assert_int_equal(query_ids(f->r, &q, &ids, &why), ST_DATA);
		assert_non_null(strstr(why.text, ": "));
	}
	names_release(&ids);
}

/* Days end at midnight in the zone, though a clock change makes them 23 or 25
 * hours long: in Los Angeles on 1 November and 8 March 2026. */
static void
test_days_of_a_clock_change(void **state)
{
	struct fixture *f = *state;
	static const char *const starts[] = {"2026-11-02T07:30:00.000Z",
		"2026-11-02T08:00:00.000Z", "2026-03-09T07:30:00.000Z"};

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		fixture_save(f, "meeting", "", "title", "Night shift", "kind",
			"community_meeting", "beat_ids", "35X", "starts_at",
			starts[i], NULL);
	expect_kind_ids(f, "meeting", "starts_at:2026-11-01", "1b-1");
	expect_kind_ids(f, "meeting", "starts_at:2026-11-02", "1b-2");
	expect_kind_ids(f, "meeting", "starts_at:2026-03-08", "");
	expect_kind_ids(f, "meeting", "starts_at:<=2026-03-08", "");
	expect_kind_ids(f, "meeting", "starts_at:>2026-11-01", "1b-2");
}

/* What the index does not keep is left out of the question. */
static void
test_dashes_and_quotes_in_a_query(void **state)
{
	struct fixture *f = *state;
	char *id = new_project(f, "Harbor – “lot B” café");

	expect_ids(f, "harbor – lot", id);
	expect_ids(f, "harbor - lot", id);
	expect_ids(f, "“ café", id);
	expect_ids(f, "… CAFE", id);
	free(id);
}

static void
test_endless_query(void **state)
{
	struct fixture *f = *state;
	struct buf text = BUF_INIT;
	struct names ids = {0};
	struct query q = {"project", NULL, NULL, 0};

	for (int i = 0; i < 1020; i++)
		buf_puts(&text, "id: ");
	q.text = buf_text(&text);
	assert_int_equal(query_ids(f->r, &q, &ids, &why), ST_DATA);
	assert_non_null(strstr(why.text, "shorten it"));
	buf_cut(&text, 4 * 200);
	q.text = buf_text(&text);
	assert_int_equal(query_ids(f->r, &q, &ids, &why), ST_OK);
	names_release(&ids);
	buf_release(&text);
}

static void
test_bad_numbers(void **state)
{
	struct fixture *f = *state;
	const char *const bad[] = {"rank:nan", "rank:0x10", "rank:1,5"};
	struct names ids = {0};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct query q = {"place", bad[i], NULL, 0};

		assert_int_equal(query_ids(f->r, &q, &ids, &why), ST_DATA);
		assert_non_null(strstr(why.text, "a number"));
	}
	names_release(&ids);
}

static void
test_find(void **state)
{
	struct fixture *f = *state;
	struct finds found = {0};
	char *id = new_project(f, "Garage break-ins");

	fixture_save(f, "project_update", "", "project_id", id, "text",
		"Camera over bay 2 of the garage is dark", NULL);
	assert_int_equal(query_find(f->r, "garage", 0, &found, &why), ST_OK);
	assert_int_equal(found.count, 2);
	finds_release(&found);
	assert_int_equal(
		query_find(f->r, "camera in:project_update", 0, &found, &why),
		ST_OK);
	assert_int_equal(found.count, 1);
	assert_non_null(strstr(found.items[0].snippet, "[Camera]"));
	finds_release(&found);
	assert_int_equal(
		query_find(f->r, "garage beat_ids:35X", 0, &found, &why),
		ST_OK);
	assert_int_equal(found.count, 1);
	finds_release(&found);
	free(id);
}

static void
test_related(void **state)
{
	struct fixture *f = *state;
	struct names ids = {0};
	char *id = new_project(f, "Garage break-ins");

	fixture_save(
		f, "project_update", "", "project_id", id, "text", "One", NULL);
	fixture_save(f, "action_item", "", "source_id", "project/1b-1", "text",
		"call back", "due_on", "2026-07-20", NULL);
	assert_int_equal(record_related(f->r, "project", id, "project_update",
				 &ids, &why),
		ST_OK);
	assert_int_equal(
		record_related(f->r, "project", id, "action_item", &ids, &why),
		ST_OK);
	assert_int_equal(ids.count, 2);
	names_release(&ids);
	free(id);
}

static void
test_drafts(void **state)
{
	struct fixture *f = *state;
	struct buf body = BUF_INIT;
	int64_t at;

	assert_int_equal(draft_put(f->r, "new/project", "{}", &why), ST_OK);
	assert_int_equal(
		draft_put(f->r, "new/project", "{\"a\":1}", &why), ST_OK);
	fixture_open_again(f);
	assert_int_equal(
		draft_get(f->r, "new/project", &body, &at, &why), ST_OK);
	assert_string_equal(buf_text(&body), "{\"a\":1}");
	assert_int_equal(draft_drop(f->r, "new/project", &why), ST_OK);
	assert_int_equal(
		draft_get(f->r, "new/project", &body, &at, &why), ST_NOT_FOUND);
	buf_release(&body);
}

static void
test_unknown_kind_is_kept(void **state)
{
	struct fixture *f = *state;
	const char *profile =
		"{\"name\":\"next\",\"title\":\"Next\",\"kinds\":["
		"{\"name\":\"camera\",\"one\":\"Camera\",\"many\":\"Cameras\","
		"\"title\":\"name\",\"books\":[\"beat_id\"],\"writers\":"
		"\"book\","
		"\"columns\":[\"name\"],\"sort\":\"-updated_at\",\"fields\":["
		"{\"name\":\"name\",\"type\":\"text\",\"label\":\"Name\"},"
		"{\"name\":\"beat_id\",\"type\":\"ref\",\"ref\":\"beat\","
		"\"label\":\"Beat\"}]}]}";
	struct entry e = fixture_entry(f, "60.1", "4480", "camera/1o-1", "name",
		"Pole 4", "beat_id", "35X", NULL);
	struct record *rec;

	fixture_take(f, &e, "beat:35X");
	assert_int_equal(
		record_load(f->r, "camera", "1o-1", &rec, &why), ST_NOT_FOUND);
	assert_int_equal(sql_begin(replica_sql(f->r), &why), ST_OK);
	if (replica_set_profile(f->r, profile, "hash", &why))
		fail_msg("%s", why.text);
	assert_int_equal(sql_commit(replica_sql(f->r), &why), ST_OK);
	assert_string_equal(
		fixture_text(f, "camera", "1o-1", "name"), "Pole 4");
	fixture_sound(f);
}

static void
test_verify_finds_tampering(void **state)
{
	struct fixture *f = *state;
	struct buf report = BUF_INIT;
	char *id = new_project(f, "Harbor Garage");

	assert_int_equal(sql_script(replica_sql(f->r),
				 "UPDATE project SET title='Other'", &why),
		ST_OK);
	assert_int_equal(replica_verify(f->r, &report, &why), ST_NOT_FOUND);
	assert_non_null(strstr(buf_text(&report), "title"));
	buf_release(&report);
	free(id);
}

static void
test_damaged_file(void **state)
{
	struct fixture *f = *state;
	struct replica *other = NULL;
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/bad.db", f->dir);
	out = fopen(path, "w");
	assert_non_null(out);
	for (int i = 0; i < 500; i++)
		fputs("this is no database at all\n", out);
	fclose(out);
	assert_int_equal(replica_open(path, &f->clock, &other, &why), ST_FILE);
	assert_null(other);
	assert_non_null(strstr(why.text, "beatbook verify"));
	assert_non_null(strstr(why.text, "enroll"));
	snprintf(path, sizeof(path), "%s/none.db", f->dir);
	assert_int_equal(replica_open(path, &f->clock, &other, &why), ST_FILE);
	assert_non_null(strstr(why.text, "beatbook enroll"));
}

int
main(void)
{
#define EACH(t) \
	cmocka_unit_test_setup_teardown(t, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		EACH(test_new_record),
		EACH(test_refusals),
		EACH(test_beat_not_held),
		EACH(test_nothing_changed),
		EACH(test_undo),
		EACH(test_undo_of_a_new_record),
		EACH(test_verdict),
		EACH(test_others_entry_under_unsent_edit),
		EACH(test_entries_in_any_order_once),
		EACH(test_conflict),
		EACH(test_leaving_a_book),
		EACH(test_void),
		EACH(test_queries),
		EACH(test_bad_queries),
		EACH(test_days_of_a_clock_change),
		EACH(test_dashes_and_quotes_in_a_query),
		EACH(test_endless_query),
		EACH(test_bad_numbers),
		EACH(test_find),
		EACH(test_related),
		EACH(test_drafts),
		EACH(test_unknown_kind_is_kept),
		EACH(test_verify_finds_tampering),
		EACH(test_damaged_file),
	};

	return cmocka_run_group_tests_name("replica", tests, NULL, NULL);
}
