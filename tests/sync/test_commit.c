/* Many requests, one commit: what one brings or breaks is its own affair. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/sql.h"
#include "tests/support/good.h"
#include "tests/support/hubs.h"

/* Another program's connection to the same log. */
static struct sql *
other_program(struct hubs *t)
{
	struct sql *db;
	char path[128];

	snprintf(path, sizeof(path), "%s/hub.db", t->place);
	good(sql_open(path, SQL_EXISTING, "the log", &db, &why));
	return db;
}

/* Moves with every commit that is not its own. */
static int64_t
commits(struct sql *db)
{
	int64_t version;

	good(sql_int(db, 0, &version, &why, "PRAGMA data_version", ""));
	return version;
}

static struct hub_sync *
take(struct peer *p)
{
	struct hub_sync *s = hub_sync_new(p->t->h);
	struct buf request = BUF_INIT;

	peer_request(p, &request);
	hub_sync_take(s, request.data, request.len);
	buf_release(&request);
	return s;
}

static void
answer(struct hub_sync *s, struct buf *out)
{
	bool more = true;

	hub_sync_over(s);
	assert_false(hub_sync_waits(s));
	while (more)
		hub_sync_answer(s, out, &more);
	hub_sync_free(s);
}

static void
one_commit_for_all(void **state)
{
	static const char *const badges[] = {"4471", "4480", "900"};
	struct hubs *t = *state;
	struct hub_sync *all[3];
	struct peer p[3];
	struct sql *db = other_program(t);
	struct buf out = BUF_INIT;
	int64_t before, had;

	for (int i = 0; i < 3; i++)
		peer_enroll(&p[i], t, badges[i]);
	had = hubs_entries(t);
	for (int i = 0; i < 3; i++) {
		peer_edit(&p[i], "beat/35X", NULL, "name", badges[i], NULL);
		all[i] = take(&p[i]);
		assert_true(hub_sync_waits(all[i]));
	}
	assert_int_equal(hubs_entries(t), had);
	before = commits(db);
	assert_true(hub_commit(t->h, all, 3));
	assert_int_equal(hubs_entries(t), had + 3);
	assert_int_not_equal(commits(db), before);
	before = commits(db);
	for (int i = 0; i < 3; i++) {
		buf_clear(&out);
		answer(all[i], &out);
		assert_non_null(strstr(buf_text(&out), "\"n\":1"));
		peer_release(&p[i]);
	}
	assert_int_equal(commits(db), before);
	buf_release(&out);
	sql_close(db);
}

static int64_t
revoked(struct hubs *t)
{
	struct hub_stats s;

	good(hub_stats(t->h, &s, &why));
	return s.revoked;
}

static void
a_round_reads_one_moment(void **state)
{
	struct hubs *t = *state;
	struct sql *db = other_program(t);
	struct hub_sync *s;
	struct peer p;
	int64_t had;

	peer_enroll(&p, t, "4471");
	peer_edit(&p, "beat/35X", NULL, "name", "Lake", NULL);
	hub_read_together(t->h, true);
	had = hubs_entries(t);
	assert_int_equal(revoked(t), 0);
	good(sql_run(db, &why,
		"INSERT INTO replica SELECT 9, badge, device, enrolled, synced,"
		" n, chain, 1 FROM replica WHERE number>0 LIMIT 1",
		""));
	assert_int_equal(revoked(t), 0);
	hub_read_together(t->h, false);
	assert_int_equal(revoked(t), 1);
	/* What it writes itself it reads, and so what came before that. */
	hub_read_together(t->h, true);
	assert_int_equal(hubs_entries(t), had);
	s = take(&p);
	assert_true(hub_commit(t->h, &s, 1));
	assert_int_equal(hubs_entries(t), had + 1);
	hub_read_together(t->h, false);
	hub_sync_free(s);
	peer_release(&p);
	sql_close(db);
}

/* Two requests of one replica with another first edit each: the second is a
 * copied file's, and takes nobody else's with it. */
static void
one_fails_alone(void **state)
{
	struct hubs *t = *state;
	struct hub_sync *all[3];
	struct peer first, other;
	struct peer copy;
	struct buf out = BUF_INIT;
	int64_t had;

	peer_enroll(&first, t, "4471");
	peer_enroll(&other, t, "4480");
	copy = first;
	had = hubs_entries(t);
	peer_edit(&first, "beat/35X", NULL, "name", "one", NULL);
	peer_edit(&copy, "beat/35X", NULL, "name", "two", NULL);
	peer_edit(&other, "beat/12Y", NULL, "name", "three", NULL);
	all[0] = take(&first);
	all[1] = take(&copy);
	all[2] = take(&other);
	assert_true(hub_commit(t->h, all, 3));
	assert_int_equal(hubs_entries(t), had + 2);
	assert_int_equal(hub_sync_status(all[0]), 200);
	assert_int_equal(hub_sync_status(all[1]), 200);
	buf_clear(&out);
	answer(all[1], &out);
	assert_non_null(strstr(buf_text(&out), "\"r\":["));
	assert_int_equal(hub_sync_status(all[2]), 200);
	hub_sync_free(all[0]);
	hub_sync_free(all[2]);
	buf_release(&out);
	ages_release(&copy.ages);
	edit_release(&copy.outbox[0].edit);
	free(copy.outbox);
	free(copy.wrote);
	ages_release(&copy.ages);
	peer_release(&first);
	peer_release(&other);
}

/* The log fails in the middle of one request's edits: those before it go back
 * too, the others' stay, and the same request is taken whole afterwards. */
static void
a_part_that_fails_goes_back_alone(void **state)
{
	static const char *const badges[] = {"4471", "4480", "900"};
	struct hubs *t = *state;
	struct sql *db = other_program(t);
	struct hub_sync *all[3];
	struct peer p[3];
	int64_t had;

	good(sql_script(db,
		"CREATE TRIGGER fails BEFORE INSERT ON entry WHEN "
		"new.replica=2 AND new.n=2 BEGIN SELECT RAISE(ABORT,'worn "
		"out'); END",
		&why));
	for (int i = 0; i < 3; i++) {
		peer_enroll(&p[i], t, badges[i]);
		peer_edit(&p[i], "beat/35X", NULL, "name", badges[i], NULL);
		peer_edit(&p[i], "beat/35X", peer_id(&p[i], 1), "code", "35X",
			NULL);
	}
	assert_int_equal(p[1].number, 2);
	had = hubs_entries(t);
	for (int i = 0; i < 3; i++)
		all[i] = take(&p[i]);
	assert_true(hub_commit(t->h, all, 3));
	assert_int_equal(hubs_entries(t), had + 4);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(hub_sync_status(all[i]), i == 1 ? 500 : 200);
		assert_false(hub_sync_waits(all[i]));
		hub_sync_free(all[i]);
	}
	hubs_verify(t);
	good(sql_script(db, "DROP TRIGGER fails", &why));
	peer_sync(&p[1]);
	assert_int_equal(p[1].n, 2);
	assert_int_equal(hubs_entries(t), had + 6);
	for (int i = 0; i < 3; i++)
		peer_release(&p[i]);
	sql_close(db);
}

static void
waits_for_another_program(void **state)
{
	struct hubs *t = *state;
	struct sql *db = other_program(t);
	struct hub_sync *s;
	struct peer p;
	int64_t had;

	peer_enroll(&p, t, "4471");
	had = hubs_entries(t);
	peer_edit(&p, "beat/35X", NULL, "name", "late", NULL);
	s = take(&p);
	hub_patience(t->h, 0);
	good(sql_begin(db, &why));
	assert_false(hub_commit(t->h, &s, 1));
	assert_true(hub_sync_waits(s));
	assert_int_equal(hub_sync_status(s), 200);
	sql_rollback(db);
	assert_true(hub_commit(t->h, &s, 1));
	assert_int_equal(hub_sync_status(s), 200);
	assert_int_equal(hubs_entries(t), had + 1);
	hub_sync_free(s);
	peer_release(&p);
	sql_close(db);
}

static void
gives_up(void **state)
{
	struct hubs *t = *state;
	struct hub_sync *s;
	struct peer p;
	int64_t had;

	peer_enroll(&p, t, "4471");
	had = hubs_entries(t);
	peer_edit(&p, "beat/35X", NULL, "name", "never", NULL);
	s = take(&p);
	hub_sync_give_up(s, 503, "the log is in use: try again");
	assert_false(hub_sync_waits(s));
	assert_int_equal(hub_sync_status(s), 503);
	hub_sync_free(s);
	assert_int_equal(hubs_entries(t), had);
	peer_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {HUBS_TEST(one_commit_for_all),
		HUBS_TEST(a_round_reads_one_moment), HUBS_TEST(one_fails_alone),
		HUBS_TEST(a_part_that_fails_goes_back_alone),
		HUBS_TEST(waits_for_another_program), HUBS_TEST(gives_up)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
