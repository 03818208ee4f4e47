/* The client's side of a sync against answers written by hand. */
#include "sync/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/conflicts.h"
#include "common/outbox.h"
#include "common/verify.h"
#include "sync/message.h"
#include "sync/pack.h"
#include "sync/request.h"
#include "tests/support/good.h"
#include "tests/support/syncing.h"

/* h_n as PROTOCOL.md says, over all edits of the outbox. */
static enum status
chain_one(void *arg, const struct outbox_edit *o, struct why *unused)
{
	struct digest *h = arg, d;

	(void)unused;
	edit_digest(&o->edit, &d);
	edit_chain(h, &d, h);
	return ST_OK;
}

static const char ours_confirmed[] =
	"{\"t\":1784025065000,\"i\":\"inc1\",\"n\":2,\"d\":0}\n"
	"{\"s\":1,\"n\":1,\"a\":-5000,\"b\":[\"beat:35X\"]}\n"
	"{\"s\":1,\"n\":1,\"a\":1000}\n"
	"{\"c\":[32,\"" MARK "\"]}\n"
	"{\"end\":true}\n";

static void
confirmed_edits_are_chained(void **state)
{
	struct outbox_counts left;
	struct sync_counts counts;
	struct digest chain;
	struct fixture f;
	struct hello h;

	(void)state;
	syncing_make(&f);
	memset(&chain, 0, sizeof(chain));
	good(outbox_each(f.r, 0, chain_one, &chain, &why));
	good(syncing_answer(&f, 200, ours_confirmed, &counts));
	assert_int_equal(counts.sent, 2);
	assert_int_equal(counts.confirmed, 2);
	assert_false(counts.again);
	syncing_hello(&f, &h);
	assert_int_equal(h.n, 2);
	assert_memory_equal(h.chain, chain.bytes, MARK_SIZE);
	assert_int_equal(h.cursor.seq, 32);
	hello_release(&h);
	good(outbox_count(f.r, &left, &why));
	assert_int_equal(left.unsent, 0);
	assert_int_equal(left.kept, 2);
	assert_string_equal(
		fixture_text(&f, "project", "1b-1", "stage"), "analysis");
	fixture_remove(&f);
}

static void
hub_time_is_learned(void **state)
{
	struct sync_counts counts;
	struct fixture f;
	int64_t last;

	(void)state;
	syncing_make(&f);
	good(syncing_answer(&f, 200, ours_confirmed, &counts));
	assert_int_equal(counts.offset_ms, HUB_MS - f.now.wall_ms);
	assert_int_equal(replica_hub_now(f.r), HUB_MS);
	good(replica_meta_int(f.r, META_LAST_SYNC, 0, &last, &why));
	assert_int_equal(last, HUB_MS);
	fixture_remove(&f);
}

static void
others_work_arrives(void **state)
{
	static const char answer[] =
		"{\"t\":1784025065000,\"i\":\"inc1\",\"n\":0,\"d\":6}\n"
		"{\"s\":2,\"e\":\"48.1\",\"a\":-9000,\"m\":\"4480\","
		"\"r\":\"contact/1c-1\",\"f\":{\"name\":\"Ana\","
		"\"beat_ids\":\"35X\"},\"b\":[\"beat:35X\"]}\n"
		"{\"s\":3,\"new\":\"frame of a newer hub\"}\n"
		"{\"s\":1,\"r\":\"contact/1c-2\",\"b\":[\"beat:35X\"],"
		"\"w\":[{\"s\":22,\"e\":\"48.9\",\"a\":1784020000000,"
		"\"f\":{\"name\":\"Bo\",\"beat_ids\":\"35X\"}}]}\n"
		"{\"c\":[36,\"" MARK "\"]}\n"
		"{\"s\":2,\"r\":\"contact/1c-1\",\"g\":[\"beat:35X\"]}\n"
		"{\"c\":[38,\"" MARK "\"]}\n{\"end\":true}\n";
	struct sync_counts counts;
	struct record *gone;
	struct fixture f;

	(void)state;
	syncing_make(&f);
	good(syncing_answer(&f, 200, answer, &counts));
	assert_int_equal(counts.entries, 1);
	assert_int_equal(counts.records, 1);
	assert_int_equal(counts.left, 1);
	assert_string_equal(fixture_text(&f, "contact", "1c-2", "name"), "Bo");
	assert_int_equal(
		record_load(f.r, "contact", "1c-1", &gone, &why), ST_NOT_FOUND);
	fixture_remove(&f);
}

static void
rows_wait_for_their_cursor(void **state)
{
	static const char head[] =
		"{\"t\":1784025065000,\"i\":\"inc1\",\"n\":0,\"d\":6}\n"
		"{\"s\":2,\"e\":\"48.1\",\"a\":-9000,\"m\":\"4480\","
		"\"r\":\"contact/1c-1\",\"f\":{\"name\":\"Ana\"},"
		"\"b\":[\"beat:35X\"]}\n";
	static const char cursor[] = "{\"c\":[32,\"" MARK "\"]}\n";
	struct buf request = BUF_INIT;
	struct record *rec;
	struct fixture f;
	struct engine *e;

	(void)state;
	syncing_make(&f);
	e = syncing_begin(&f, &request);
	good(engine_feed(e, 200, head, strlen(head), &why));
	assert_int_equal(
		record_load(f.r, "contact", "1c-1", &rec, &why), ST_NOT_FOUND);
	good(engine_feed(e, 200, cursor, strlen(cursor), &why));
	assert_string_equal(fixture_text(&f, "contact", "1c-1", "name"), "Ana");
	engine_free(e);
	buf_release(&request);
	fixture_remove(&f);
}

static void
unknown_books_are_asked_for_by_name(void **state)
{
	static const char books[] =
		"{\"t\":1784025065000,\"i\":\"inc1\",\"n\":0,\"d\":6,"
		"\"b\":[\"dept\",\"unit:A1\",\"member:4471\",\"beat:12Y\"]}\n"
		"{\"end\":true}\n";
	static const char filled[] =
		"{\"t\":1784025065000,\"i\":\"inc1\",\"n\":0,\"d\":6,"
		"\"b\":[\"dept\",\"unit:A1\",\"member:4471\",\"beat:12Y\"]}\n"
		"{\"c\":[30,\"" MARK "\"]}\n"
		"{\"fill\":\"beat:12Y\",\"s\":30}\n"
		"{\"r\":\"contact/1c-2\",\"w\":[{\"s\":22,\"e\":\"48.9\","
		"\"a\":1784020000000,\"m\":\"4480\","
		"\"f\":{\"name\":\"Bo\"}}]}\n"
		"{\"filled\":\"beat:12Y\"}\n{\"end\":true}\n";
	struct sync_counts counts;
	struct fixture f;
	struct hello h;

	(void)state;
	syncing_make(&f);
	good(syncing_answer(&f, 200, books, &counts));
	assert_true(counts.again);
	syncing_hello(&f, &h);
	assert_false(h.books_hashed);
	assert_int_equal(h.books.count, 3); /* beat:35X is lost */
	assert_false(names_have(&h.books, "beat:35X"));
	hello_release(&h);
	/* Our own unsent project stays, whatever its book. */
	assert_string_equal(
		fixture_text(&f, "project", "1b-1", "title"), "Lake theft");
	good(syncing_answer(&f, 200, filled, &counts));
	assert_false(counts.again);
	assert_int_equal(counts.records, 1);
	assert_string_equal(fixture_text(&f, "contact", "1c-2", "name"), "Bo");
	syncing_hello(&f, &h);
	assert_true(h.books_hashed);
	hello_release(&h);
	fixture_remove(&f);
}

static void
a_filling_goes_on_where_it_broke_off(void **state)
{
	static const char answer[] =
		"{\"t\":1784025065000,\"i\":\"inc1\",\"n\":0,\"d\":6,"
		"\"b\":[\"dept\",\"unit:A1\",\"member:4471\",\"beat:12Y\"]}\n"
		"{\"c\":[30,\"" MARK "\"]}\n"
		"{\"fill\":\"beat:12Y\",\"s\":29}\n"
		"{\"r\":\"contact/1c-2\",\"w\":[{\"s\":22,\"e\":\"48.9\","
		"\"a\":1784020000000,\"m\":\"4480\","
		"\"f\":{\"name\":\"Bo\"}}]}\n"
		"{\"r\":\"contact/1c-3\",\"w\":[{\"s\":3,\"e\"";
	struct sync_counts counts;
	struct fixture f;
	struct hello h;

	(void)state;
	syncing_make(&f);
	assert_int_equal(syncing_answer(&f, 200, answer, &counts), ST_LATER);
	syncing_hello(&f, &h);
	assert_false(h.books_hashed);
	assert_int_equal(h.filling_count, 1);
	assert_string_equal(h.fillings[0].book, "beat:12Y");
	assert_int_equal(h.fillings[0].head, 29);
	assert_string_equal(h.fillings[0].kind, "contact");
	assert_string_equal(h.fillings[0].id, "1c-2");
	hello_release(&h);
	fixture_remove(&f);
}

static void
what_is_not_the_hubs_is_no_answer(void **state)
{
	static const struct {
		int status;
		const char *body;
	} answers[] = {
		{200, "<html><body>Please log in</body></html>"},
		{200, "{\"login\":\"required\"}"},
		{200, "{\"login\":\"required\"}\n"},
		{200, "{\"end\":true}\n"},
		{200, "{\"c\":[9,\"" MARK "\"]}\n"},
		{200, "\r\n"},
		{200, "{}\n"},
		{200, "{\"t\":\"now\"}\n"},
		{200, ""},
		{302, "<a href=\"http://login\">moved</a>\n"},
		{403, "<html>Forbidden by proxy</html>\n"},
		{403, "{\"message\":\"no\"}\n"},
		{407, ""},
		{502, "Bad gateway"},
		{502, "{\"error\":\"upstream\"}\n"},
		{511, "{\"error\":\"log in\"}\n"},
	};
	struct sync_counts counts;
	struct fixture f;
	struct hello h;

	(void)state;
	syncing_make(&f);
	for (size_t i = 0; i < COUNT(answers); i++) {
		why.text[0] = '\0';
		assert_int_equal(syncing_answer(&f, answers[i].status,
					 answers[i].body, &counts),
			ST_LATER);
		if (answers[i].body[0])
			assert_non_null(
				strstr(why.text, "not from a Beatbook hub"));
	}
	syncing_hello(&f, &h);
	assert_int_equal(h.cursor.seq, 30);
	assert_int_equal(h.n, 0);
	hello_release(&h);
	fixture_remove(&f);
}

static void
refusals_are_in_the_hubs_words(void **state)
{
	static const int statuses[] = {400, 401, 403, 404, 409, 413};
	struct sync_counts counts;
	struct fixture f;

	(void)state;
	syncing_make(&f);
	for (size_t i = 0; i < COUNT(statuses); i++) {
		assert_int_equal(syncing_answer(&f, statuses[i],
					 "{\"error\":\"replica 47 is revoked: "
					 "enroll\\u001b[2J again\"}\n",
					 &counts),
			ST_REFUSED);
		/* Who is not known any more hears what is kept as well. */
		assert_string_equal(why.text,
			statuses[i] == 401
				? "replica 47 is revoked: enroll [2J again; 2 "
				  "unsent edits are kept here: `beatbook "
				  "enroll` with a new code sends them and "
				  "keeps this file"
				: "replica 47 is revoked: enroll [2J again");
	}
	assert_int_equal(
		syncing_answer(&f, 500,
			"{\"error\":\"the disk is full: wait\"}\n", &counts),
		ST_LATER);
	assert_string_equal(why.text, "the disk is full: wait");
	fixture_remove(&f);
}

static void
nothing_unsent_is_not_told_of(void **state)
{
	struct sync_counts counts;
	struct fixture f;

	(void)state;
	syncing_make(&f);
	good(syncing_answer(&f, 200, ours_confirmed, &counts));
	assert_int_equal(
		syncing_answer(&f, 401,
			"{\"error\":\"not known: ask an administrator\"}\n",
			&counts),
		ST_REFUSED);
	assert_string_equal(why.text, "not known: ask an administrator");
	fixture_remove(&f);
}

static void
refusals_come_in_pieces(void **state)
{
	static const char body[] = "{\"error\":\"no {such} token: enroll\"}";
	struct buf request = BUF_INIT;
	struct sync_counts counts;
	enum status st = ST_OK;
	struct fixture f;
	struct engine *e;

	(void)state;
	syncing_make(&f);
	e = syncing_begin(&f, &request);
	for (size_t i = 0; !st && i < strlen(body); i++) {
		/* Not yet whole, so not yet judged. */
		if (i < strlen(body) - 1 && body[i] == '}')
			continue;
		st = engine_feed(e, 401, body + i, 1, &why);
	}
	assert_int_equal(st, ST_REFUSED);
	assert_int_equal(engine_end(e, &counts, &why), ST_REFUSED);
	engine_free(e);
	buf_release(&request);
	fixture_remove(&f);
}

static void
a_hub_ahead_or_behind(void **state)
{
	static const char ahead[] =
		"{\"t\":1784025065000,\"i\":\"inc1\",\"n\":3,\"d\":0}\n"
		"{\"s\":1,\"e\":\"47.3\",\"a\":0,\"r\":\"project/1b-9\","
		"\"f\":{\"title\":\"Theirs\"},\"b\":[\"beat:35X\"]}\n"
		"{\"c\":[31,\"AAAAAAAAAAA\"]}\n{\"end\":true}\n";
	static const char number[] =
		"{\"t\":1784025065000,\"i\":\"inc1\",\"n\":0,\"d\":0,"
		"\"r\":[50,\"50.4471.x\"]}\n{\"end\":true}\n";
	struct sync_counts counts;
	struct fixture f;
	struct hello h;

	(void)state;
	syncing_make(&f);
	/* It has more of us than was ever written here: this is a copy. */
	good(syncing_answer(&f, 200, ahead, &counts));
	assert_true(counts.again);
	syncing_hello(&f, &h);
	assert_int_equal(h.n, 2);
	assert_true(h.copy);
	assert_int_equal(h.cursor.seq, 30);
	hello_release(&h);
	good(syncing_answer(&f, 200, number, &counts));
	assert_int_equal(counts.renamed, 1);
	assert_int_equal(replica_identity(f.r)->number, 50);
	assert_string_equal(
		fixture_text(&f, "project", "1e-1", "stage"), "analysis");
	fixture_remove(&f);
	/* It has less than it confirmed: that is sent again. */
	syncing_make(&f);
	good(syncing_answer(&f, 200, ours_confirmed, &counts));
	good(syncing_answer(&f, 200,
		"{\"t\":1784025065000,\"i\":\"inc1\",\"n\":1,"
		"\"d\":0}\n{\"end\":true}\n",
		&counts));
	assert_true(counts.again);
	syncing_hello(&f, &h);
	assert_int_equal(h.n, 1);
	assert_false(h.copy);
	hello_release(&h);
	fixture_remove(&f);
}

/* Books stay as they are until they were filled anew. */
static void
another_past_keeps_books_and_edits(void **state)
{
	static const char answer[] =
		"{\"t\":1784025065000,\"i\":\"inc2\",\"n\":2,\"d\":0,"
		"\"o\":20,\"b\":[\"dept\"]}\n{\"end\":true}\n";
	struct held_books held = {0};
	struct sync_counts counts;
	struct fixture f;
	struct hello h;

	(void)state;
	syncing_make(&f);
	good(syncing_answer(&f, 200, answer, &counts));
	assert_int_equal(counts.forked, 1);
	syncing_hello(&f, &h);
	assert_int_equal(h.n, 0);
	assert_false(h.cursor.set);
	assert_int_equal(h.books.count, 0);
	hello_release(&h);
	good(inbox_books(f.r, &held, &why));
	assert_int_equal(held.count, 4);
	held_books_release(&held);
	fixture_remove(&f);
}

static void
frames_before_a_bad_one_stay(void **state)
{
	static const char *const bad[] = {"{\"s\":\"x\",\"n\":1,\"a\":0}\n",
		"not JSON\n", "{\"r\":\"contact/1-1\"}\n",
		"{\"filled\":\"dept\"}\n", "{\"profile\":\"{}\"}\n",
		"{\"t\":1,\"i\":\"inc1\",\"n\":2,\"d\":0}\n", "{\"c\":[9]}\n"};
	struct sync_counts counts;
	struct buf answer = BUF_INIT;
	struct fixture f;
	struct hello h;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		syncing_make(&f);
		buf_clear(&answer);
		buf_puts(&answer, ours_confirmed);
		buf_cut(&answer, answer.len - strlen("{\"end\":true}\n"));
		buf_puts(&answer, bad[i]);
		assert_int_equal(
			syncing_answer(&f, 200, buf_text(&answer), &counts),
			ST_LATER);
		assert_non_null(strstr(why.text, "cannot be read"));
		syncing_hello(&f, &h);
		assert_int_equal(h.cursor.seq, 32);
		assert_int_equal(h.n, 2);
		hello_release(&h);
		fixture_remove(&f);
	}
	buf_release(&answer);
}

static void
a_second_sync_of_the_file_is_noticed(void **state)
{
	struct buf request = BUF_INIT;
	struct fixture f;
	struct engine *e;

	(void)state;
	syncing_make(&f);
	e = syncing_begin(&f, &request);
	good(replica_meta_set_int(f.r, META_CURSOR, 31, &why));
	assert_int_equal(engine_feed(e, 200, ours_confirmed,
				 strlen(ours_confirmed), &why),
		ST_LATER);
	assert_non_null(strstr(why.text, "another beatbook"));
	engine_free(e);
	buf_release(&request);
	fixture_remove(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(confirmed_edits_are_chained),
		cmocka_unit_test(hub_time_is_learned),
		cmocka_unit_test(others_work_arrives),
		cmocka_unit_test(rows_wait_for_their_cursor),
		cmocka_unit_test(unknown_books_are_asked_for_by_name),
		cmocka_unit_test(a_filling_goes_on_where_it_broke_off),
		cmocka_unit_test(what_is_not_the_hubs_is_no_answer),
		cmocka_unit_test(refusals_are_in_the_hubs_words),
		cmocka_unit_test(nothing_unsent_is_not_told_of),
		cmocka_unit_test(refusals_come_in_pieces),
		cmocka_unit_test(a_hub_ahead_or_behind),
		cmocka_unit_test(another_past_keeps_books_and_edits),
		cmocka_unit_test(frames_before_a_bad_one_stay),
		cmocka_unit_test(a_second_sync_of_the_file_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
