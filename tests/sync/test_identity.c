/*
 * Files that were copied or restored, and hubs that were: real engines and a
 * real hub in one process.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/aside.h"
#include "common/draft.h"
#include "common/outbox.h"
#include "common/record.h"
#include "common/verify.h"
#include "tests/support/good.h"
#include "tests/support/mdt.h"

/* Copied files. */

static void
a_copy_and_its_origin_both_go_on(void **state)
{
	struct hubs *t = *state;
	struct mdt a, b;
	struct buf old = BUF_INIT, body = BUF_INIT, got = BUF_INIT;
	struct hub_stats before;
	char *shared, *mine, *theirs, *update, *text;
	int64_t at;

	mdt_enroll(&a, t, "4471", "a");
	mdt_sync_whole(&a);
	shared = mdt_project(&a, "Shared");
	mdt_sync_whole(&a);
	mdt_copy(&b, &a, "b");
	mine = mdt_project(&a, "Of the origin");
	theirs = mdt_project(&b, "Of the copy");
	assert_string_equal(mine, theirs);
	update = mdt_save(&b, "project_update", "", "project_id", theirs,
		"text", "Walked the block", NULL);
	mdt_change(&b, theirs, "goal", "none left");
	mdt_change(&b, shared, "goal", "fewer");
	good(draft_put(b.r, "project/1-2",
		"{\"kind\":\"project\",\"id\":\"1-2\",\"typed\":{\"goal\":"
		"{\"t\":\"typed\",\"b\":\"none left\",\"o\":\"1.4\"}}}",
		&why));
	mdt_sync_whole(&a);
	mdt_sync_whole(&b);
	assert_int_equal(b.sum.renumbered, 1);
	assert_int_equal(b.sum.renamed, 2);
	assert_int_not_equal(mdt_number(&a), mdt_number(&b));
	assert_int_equal(mdt_unsent(&b), 0);
	mdt_sync_whole(&a);
	assert_int_equal(a.sum.renumbered, 0);
	for (int i = 0; i < 2; i++) {
		struct mdt *d = i ? &b : &a;

		mdt_shows(d, "Shared");
		mdt_shows(d, "Of the origin");
		mdt_value_is(d, shared, "goal", "fewer");
		text = mdt_find(d, "Of the copy");
		mdt_value_is(d, text, "goal", "none left");
		assert_string_not_equal(text, theirs);
		good(sql_int(replica_sql(d->r), 0, &at, &why,
			"SELECT count(*) FROM project_update WHERE "
			"project_id=?1",
			"s", text));
		assert_int_equal(at, 1);
		free(text);
	}
	text = mdt_find(&b, "Of the copy");
	buf_printf(&old, "project/%s", text);
	good(draft_get(b.r, buf_text(&old), &body, &at, &why));
	assert_non_null(strstr(buf_text(&body), text));
	assert_null(strstr(buf_text(&body), "\"1.4\""));
	assert_non_null(strstr(buf_text(&body), "\"typed\""));
	free(text);
	/* Replayed, its requests change nothing. */
	before = mdt_stats(t);
	mdt_send(&b, &b.request, &got);
	assert_int_equal(mdt_stats(t).entries, before.entries);
	assert_int_equal(mdt_stats(t).replicas, before.replicas);
	mdt_put_away(&a);
	mdt_put_away(&b);
	free(shared);
	free(mine);
	free(theirs);
	free(update);
	buf_release(&old);
	buf_release(&body);
	buf_release(&got);
}

/* The answer that gave the number is lost, more than once. */
static void
a_number_is_given_once(void **state)
{
	struct hubs *t = *state;
	struct sync_counts now;
	struct buf got = BUF_INIT, first = BUF_INIT;
	struct mdt a, b;
	int64_t replicas, entries;

	mdt_enroll(&a, t, "4471", "a");
	mdt_sync_whole(&a);
	mdt_copy(&b, &a, "b");
	free(mdt_project(&a, "Of the origin"));
	free(mdt_project(&b, "Of the copy"));
	mdt_sync_whole(&a);
	mdt_request(&b, true, &now);
	buf_puts(&first, buf_text(&b.request));
	replicas = mdt_stats(t).replicas;
	mdt_request(&b, true, &now);
	mdt_sync_whole(&b);
	assert_int_equal(mdt_stats(t).replicas, replicas);
	entries = mdt_stats(t).entries;
	mdt_send(&b, &first, &got);
	assert_int_equal(mdt_stats(t).replicas, replicas);
	assert_int_equal(mdt_stats(t).entries, entries);
	mdt_sync_whole(&a);
	mdt_shows(&a, "Of the copy");
	mdt_put_away(&a);
	mdt_put_away(&b);
	buf_release(&got);
	buf_release(&first);
}

/* Last week's file, put back: with nothing new it learns what it wrote. */
static void
a_restored_file_learns_what_it_wrote(void **state)
{
	struct hubs *t = *state;
	struct mdt a, b, c;
	char *id;

	mdt_enroll(&a, t, "4471", "a");
	mdt_sync_whole(&a);
	id = mdt_project(&a, "Before");
	mdt_sync_whole(&a);
	mdt_copy(&b, &a, "b");
	mdt_copy(&c, &a, "c");
	mdt_change(&a, id, "goal", "written after");
	free(mdt_project(&a, "After"));
	mdt_sync_whole(&a);
	mdt_put_away(&a);
	mdt_sync_whole(&b);
	assert_int_equal(b.sum.renumbered, 1);
	assert_int_equal(b.sum.renamed, 0);
	mdt_shows(&b, "After");
	mdt_value_is(&b, id, "goal", "written after");
	free(mdt_project(&b, "Later"));
	mdt_sync_whole(&b);
	/* And one more of the same week. */
	mdt_change(&c, id, "problem", "also from last week");
	mdt_sync_whole(&c);
	assert_int_not_equal(mdt_number(&b), mdt_number(&c));
	mdt_sync_whole(&b);
	mdt_value_is(&b, id, "problem", "also from last week");
	mdt_shows(&c, "Later");
	mdt_put_away(&b);
	mdt_put_away(&c);
	free(id);
}

/* Edits that the file had sent, and had no verdict of, when it was copied. */
static void
shared_edits_are_not_doubled(void **state)
{
	struct hubs *t = *state;
	struct sync_counts now;
	struct mdt a, b;
	int64_t entries;
	char *id;

	mdt_enroll(&a, t, "4471", "a");
	mdt_sync_whole(&a);
	id = mdt_project(&a, "Sent before the copy");
	mdt_request(&a, true, &now);
	mdt_copy(&b, &a, "b");
	entries = mdt_stats(t).entries;
	free(mdt_project(&a, "Of the origin"));
	free(mdt_project(&b, "Of the copy"));
	mdt_sync_whole(&a);
	mdt_sync_whole(&b);
	assert_int_equal(mdt_stats(t).entries, entries + 2);
	mdt_shows(&b, "Sent before the copy");
	mdt_value_is(&b, id, "title", "Sent before the copy");
	mdt_sync_whole(&b);
	assert_int_equal(mdt_unsent(&b), 0);
	mdt_put_away(&a);
	mdt_put_away(&b);
	free(id);
}

/* The origin sent what it shares with the copy, and more than the copy has. */
static void
what_a_shorter_copy_shares_is_not_doubled(void **state)
{
	struct hubs *t = *state;
	struct mdt a, b;
	char *id;

	mdt_enroll(&a, t, "4471", "a");
	mdt_sync_whole(&a);
	id = mdt_project(&a, "Unsent at the copy");
	mdt_change(&a, id, "goal", "fewer");
	mdt_copy(&b, &a, "b");
	mdt_change(&a, id, "problem", "written after");
	mdt_sync_whole(&a);
	mdt_sync_whole(&b);
	assert_int_equal(b.sum.renumbered, 1);
	assert_int_equal(b.sum.renamed, 0);
	assert_int_equal(mdt_unsent(&b), 0);
	mdt_shows(&b, "Unsent at the copy");
	mdt_value_is(&b, id, "problem", "written after");
	mdt_change(&b, id, "goal", "none left");
	mdt_sync_whole(&b);
	mdt_sync_whole(&a);
	mdt_shows(&a, "Unsent at the copy");
	mdt_value_is(&a, id, "goal", "none left");
	assert_int_equal(a.sum.renumbered, 0);
	mdt_put_away(&a);
	mdt_put_away(&b);
	free(id);
}

/* Restored hubs. */

static int64_t
projects(struct mdt *d)
{
	int64_t count;

	good(sql_int(replica_sql(d->r), 0, &count, &why,
		"SELECT count(*) FROM project", ""));
	return count;
}

static void
a_restored_hub_gets_back_what_replicas_have(void **state)
{
	struct hubs *t = *state;
	struct mdt a, b, c;
	struct mdt_backup g;
	char *id, *lost;

	mdt_enroll(&a, t, "4471", "a");
	mdt_enroll(&b, t, "4480", "b");
	mdt_enroll(&c, t, "900", "c");
	mdt_sync_whole(&a);
	id = mdt_project(&a, "Old");
	mdt_sync_whole(&a);
	mdt_back_up(t, &g);
	mdt_change(&a, id, "goal", "first");
	mdt_change(&a, id, "goal", "second");
	mdt_sync_whole(&a);
	mdt_sync_whole(&b);
	lost = mdt_project(&b, "Made after the backup");
	mdt_sync_whole(&b);
	mdt_sync_whole(&c);
	mdt_change(&c, lost, "goal", "from the sergeant");
	mdt_sync_whole(&c);
	mdt_sync_whole(&a);
	/* Only a's unsent edit is nowhere else. */
	mdt_change(&a, id, "problem", "written meanwhile");
	mdt_restore(t, &g);
	assert_string_equal(hubs_value(t, "project/1-1", "goal"), "");
	/* c comes first: what b wrote is set aside until b has come. */
	mdt_sync_whole(&c);
	assert_int_equal(c.sum.forked, 1);
	assert_true(mdt_aside(&c) > 0);
	mdt_sync_whole(&b);
	mdt_sync_whole(&a);
	assert_int_equal(mdt_unsent(&a) + mdt_unsent(&b) + mdt_unsent(&c), 0);
	for (int i = 0; i < 3; i++) {
		struct mdt *d = i == 0 ? &a : i == 1 ? &b : &c;

		mdt_sync_whole(d);
		mdt_value_is(d, id, "goal", "second");
		mdt_value_is(d, id, "problem", "written meanwhile");
		mdt_shows(d, "Made after the backup");
		mdt_value_is(d, lost, "goal", "from the sergeant");
		assert_int_equal(mdt_aside(d), 0);
		assert_int_equal(mdt_number(d), i + 1);
		mdt_put_away(d);
	}
	free(id);
	free(lost);
	mdt_clean_up(t, &g);
}

/* A record that one's own edit moved out of one's books, the edit then lost by
 * the hub: it is written here again until it has gone there. */
static void
a_move_out_of_ones_books_that_was_lost(void **state)
{
	struct hubs *t = *state;
	struct mdt a, b, c;
	struct mdt_backup g;
	char *id;

	mdt_enroll(&a, t, "4471", "a");
	mdt_enroll(&b, t, "5000", "b");
	mdt_enroll(&c, t, "4480", "c");
	mdt_sync_whole(&a);
	mdt_sync_whole(&b);
	mdt_sync_whole(&c);
	id = mdt_project(&a, "To be moved");
	mdt_sync_whole(&a);
	mdt_back_up(t, &g);
	mdt_change(&a, id, "beat_ids", "7Z");
	mdt_change(&a, id, "owner_id", "5000");
	mdt_sync_whole(&a);
	assert_int_equal(projects(&a), 0);
	mdt_restore(t, &g);
	free(mdt_project(&c, "New meanwhile"));
	mdt_sync_whole(&c);
	mdt_sync_whole(&a);
	assert_int_equal(a.sum.forked, 1);
	assert_int_equal(mdt_unsent(&a), 0);
	assert_int_equal(projects(&a), 1);
	mdt_shows(&a, "New meanwhile");
	mdt_sync_whole(&b);
	mdt_value_is(&b, id, "title", "To be moved");
	mdt_value_is(&b, id, "beat_ids", "7Z");
	mdt_put_away(&a);
	mdt_put_away(&b);
	mdt_put_away(&c);
	free(id);
	mdt_clean_up(t, &g);
}

/* What only a lost device had stays listed, and shows nowhere else. */
static void
what_nobody_sends_again_stays_aside(void **state)
{
	struct hubs *t = *state;
	struct past list = {0};
	struct mdt a, b;
	struct mdt_backup g;

	mdt_enroll(&a, t, "4471", "a");
	mdt_enroll(&b, t, "4480", "b");
	mdt_sync_whole(&a);
	mdt_sync_whole(&b);
	mdt_back_up(t, &g);
	free(mdt_project(&b, "Lost with its device"));
	mdt_sync_whole(&b);
	mdt_sync_whole(&a);
	mdt_shows(&a, "Lost with its device");
	mdt_restore(t, &g);
	mdt_sync_whole(&a);
	assert_int_equal(a.sum.aside, 1);
	good(aside_read(a.r, &list, &why));
	assert_int_equal(list.count, 1);
	assert_string_equal(list.items[0].by, "4480");
	assert_string_equal(edit_find(&list.items[0].edit, "title")->value,
		"Lost with its device");
	past_release(&list);
	mdt_put_away(&a);
	mdt_put_away(&b);
	mdt_clean_up(t, &g);
}

/* The newest backup is gone too: edits that were durable are lost, and the
 * later ones go on under another number, on the same records. */
static void
an_older_backup_than_the_newest(void **state)
{
	struct hubs *t = *state;
	struct mdt a;
	struct mdt_backup g, newer;
	char *id;

	mdt_enroll(&a, t, "4471", "a");
	mdt_sync_whole(&a);
	id = mdt_project(&a, "Old");
	mdt_sync_whole(&a);
	mdt_back_up(t, &g);
	mdt_change(&a, id, "goal", "durable, then lost");
	mdt_sync_whole(&a);
	newer = g;
	snprintf(newer.file, sizeof(newer.file), "%s/newer", t->dir);
	good(hub_backup(t->h, newer.file, &why));
	mdt_sync_whole(&a);
	mdt_change(&a, id, "problem", "kept");
	mdt_sync_whole(&a);
	mdt_restore(t, &g);
	mdt_sync_whole(&a);
	assert_int_equal(a.sum.renumbered, 1);
	assert_int_equal(a.sum.renamed, 0);
	assert_int_equal(mdt_unsent(&a), 0);
	mdt_value_is(&a, id, "problem", "kept");
	assert_int_equal(mdt_aside(&a), 1);
	mdt_put_away(&a);
	free(id);
	mdt_clean_up(t, &g);
}

/* Restored twice: what was written over an edit comes before it, and was in the
 * second backup without it. Its author had seen it all the same. */
static void
what_comes_back_late_after_two_restores(void **state)
{
	struct hubs *t = *state;
	struct mdt a, b;
	struct mdt_backup first, second;
	struct hub_stats stats;
	char *id;

	mdt_enroll(&a, t, "4471", "a");
	mdt_enroll(&b, t, "4480", "b");
	mdt_sync_whole(&a);
	mdt_sync_whole(&b);
	mdt_back_up(t, &first);
	id = mdt_project(&a, "Lost by the hub");
	mdt_sync_whole(&a);
	mdt_sync_whole(&b);
	mdt_change(&b, id, "title", "Seen and changed");
	mdt_restore(t, &first);
	mdt_sync_whole(&b);
	mdt_back_up(t, &second);
	mdt_restore(t, &second);
	mdt_sync_whole(&a);
	mdt_sync_whole(&b);
	mdt_value_is(&a, id, "title", "Seen and changed");
	mdt_value_is(&b, id, "title", "Seen and changed");
	good(hub_stats(t->h, &stats, &why));
	assert_int_equal(stats.conflicts, 0);
	mdt_put_away(&a);
	mdt_put_away(&b);
	free(id);
	mdt_clean_up(t, &second);
	mdt_clean_up(t, &first);
}

/* The hub's machine lost its last commits: it is the same incarnation still. */
static void
a_hub_that_lost_its_last_commits(void **state)
{
	struct hubs *t = *state;
	struct mdt a, b;
	struct mdt_backup g;
	struct sql *db;
	char *id, path[200];

	mdt_enroll(&a, t, "4471", "a");
	mdt_enroll(&b, t, "4480", "b");
	mdt_sync_whole(&a);
	id = mdt_project(&a, "Old");
	mdt_sync_whole(&a);
	mdt_sync_whole(&b);
	mdt_back_up(t, &g);
	good(hub_restore(g.place, g.file, &t->random, &why));
	mdt_change(&a, id, "goal", "lost by the hub");
	mdt_sync_whole(&a);
	mdt_sync_whole(&b);
	snprintf(path, sizeof(path), "%s/hub.db", g.place);
	good(sql_open(path, SQL_EXISTING, "it", &db, &why));
	good(sql_run(db, &why,
		"UPDATE meta SET value=(SELECT incarnation FROM past) WHERE "
		"key='incarnation'",
		""));
	good(sql_script(db, "DELETE FROM past", &why));
	sql_close(db);
	g.kept = t->h;
	good(hub_open(g.place, &t->clock, &t->random, &t->h, &why));
	mdt_change(&b, id, "problem", "written meanwhile");
	mdt_sync_whole(&b);
	mdt_sync_whole(&a);
	mdt_sync_whole(&b);
	for (int i = 0; i < 2; i++) {
		struct mdt *d = i ? &b : &a;

		mdt_value_is(d, id, "goal", "lost by the hub");
		mdt_value_is(d, id, "problem", "written meanwhile");
		assert_int_equal(mdt_aside(d), 0);
		assert_int_equal(mdt_unsent(d), 0);
		mdt_put_away(d);
	}
	free(id);
	mdt_clean_up(t, &g);
}

/* Both at once: a copy of the file wrote to the restored hub first. */
static void
a_copy_after_a_restore(void **state)
{
	struct hubs *t = *state;
	struct mdt a, b;
	struct mdt_backup g;

	mdt_enroll(&a, t, "4471", "a");
	mdt_sync_whole(&a);
	mdt_copy(&b, &a, "b");
	mdt_back_up(t, &g);
	free(mdt_project(&a, "Of the origin"));
	mdt_sync_whole(&a);
	mdt_restore(t, &g);
	free(mdt_project(&b, "Of the copy"));
	mdt_sync_whole(&b);
	assert_int_equal(b.sum.renumbered, 0);
	mdt_sync_whole(&a);
	assert_int_equal(a.sum.renumbered, 1);
	mdt_sync_whole(&b);
	mdt_shows(&a, "Of the origin");
	mdt_shows(&a, "Of the copy");
	mdt_shows(&b, "Of the origin");
	mdt_shows(&b, "Of the copy");
	mdt_put_away(&a);
	mdt_put_away(&b);
	mdt_clean_up(t, &g);
}

/* A restored hub tells a copy all that its origin's number wrote, also of a
 * record that is out of its scope by now. */
static void
what_left_a_copy_stays_away_after_a_restore(void **state)
{
	struct hubs *t = *state;
	struct record *rec = NULL;
	struct mdt_backup g;
	struct mdt a, b;
	char *id;

	mdt_enroll(&a, t, "4471", "a");
	mdt_sync_whole(&a);
	id = mdt_project(&a, "Moves away");
	mdt_sync_whole(&a);
	mdt_copy(&b, &a, "b");
	free(mdt_project(&a, "Of the origin"));
	mdt_sync_whole(&a);
	mdt_change(&b, id, "beat_ids", "12Y");
	mdt_sync_whole(&b);
	assert_int_equal(b.sum.renumbered, 1);
	mdt_back_up(t, &g);
	free(mdt_project(&b, "After the backup"));
	mdt_sync_whole(&b);
	mdt_restore(t, &g);
	mdt_sync_whole(&b);
	assert_int_equal(
		record_load(b.r, "project", id, &rec, &why), ST_NOT_FOUND);
	mdt_shows(&b, "After the backup");
	mdt_put_away(&a);
	mdt_put_away(&b);
	mdt_clean_up(t, &g);
	free(id);
}

/* What a copy shares with its origin is nobody's to send again once a number
 * is given to it: a restored hub that has lost it gets it all the same. */
static void
what_a_copy_shares_comes_again_after_a_restore(void **state)
{
	struct hubs *t = *state;
	struct sync_counts now;
	struct mdt_backup g;
	struct mdt a, b, c;

	mdt_enroll(&a, t, "4471", "a");
	mdt_enroll(&c, t, "4471", "c");
	mdt_sync_whole(&a);
	mdt_sync_whole(&c);
	free(mdt_project(&a, "Of both"));
	mdt_copy(&b, &a, "b");
	free(mdt_project(&a, "Of the origin"));
	mdt_back_up(t, &g);
	mdt_sync_whole(&a);
	mdt_request(&b, false, &now);
	mdt_request(&b, false, &now);
	assert_int_equal(now.renumbered, 1);
	mdt_restore(t, &g);
	mdt_sync_whole(&b);
	assert_int_equal(mdt_unsent(&b), 0);
	mdt_shows(&b, "Of both");
	mdt_sync_whole(&c);
	mdt_shows(&c, "Of both");
	mdt_put_away(&a);
	mdt_put_away(&b);
	mdt_put_away(&c);
	mdt_clean_up(t, &g);
}

/* A thief's copy does not go on under a number of its own. */
static void
copies_are_revoked_with_their_origin(void **state)
{
	struct hubs *t = *state;
	struct mdt a, b, c, other;
	struct hub_revoked gone;

	mdt_enroll(&a, t, "4471", "a");
	mdt_enroll(&other, t, "4471", "other");
	mdt_sync_whole(&a);
	mdt_copy(&b, &a, "b");
	free(mdt_project(&a, "Of the origin"));
	free(mdt_project(&b, "Of the copy"));
	mdt_sync_whole(&a);
	mdt_sync_whole(&b);
	mdt_copy(&c, &b, "c");
	free(mdt_project(&b, "Of the copy, later"));
	free(mdt_project(&c, "Of a copy's copy"));
	mdt_sync_whole(&b);
	mdt_sync_whole(&c);
	good(hub_revoke(t->h, mdt_number(&a), &gone, &why));
	assert_int_equal(gone.copies, 2);
	assert_int_equal(mdt_stats(t).revoked, 3);
	mdt_sync_whole(&other);
	mdt_put_away(&a);
	mdt_put_away(&b);
	mdt_put_away(&c);
	mdt_put_away(&other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HUBS_TEST(a_copy_and_its_origin_both_go_on),
		HUBS_TEST(a_number_is_given_once),
		HUBS_TEST(a_restored_file_learns_what_it_wrote),
		HUBS_TEST(shared_edits_are_not_doubled),
		HUBS_TEST(what_a_shorter_copy_shares_is_not_doubled),
		HUBS_TEST(a_restored_hub_gets_back_what_replicas_have),
		HUBS_TEST(a_move_out_of_ones_books_that_was_lost),
		HUBS_TEST(what_nobody_sends_again_stays_aside),
		HUBS_TEST(an_older_backup_than_the_newest),
		HUBS_TEST(what_comes_back_late_after_two_restores),
		HUBS_TEST(a_hub_that_lost_its_last_commits),
		HUBS_TEST(a_copy_after_a_restore),
		HUBS_TEST(what_left_a_copy_stays_away_after_a_restore),
		HUBS_TEST(what_a_copy_shares_comes_again_after_a_restore),
		HUBS_TEST(copies_are_revoked_with_their_origin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
