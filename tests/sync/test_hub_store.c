/* The hub's own edits, its profile, backup, restore, and what an audit finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/sql.h"
#include "tests/support/fixture.h"
#include "tests/support/good.h"
#include "tests/support/hubs.h"

static void
another_profile(void **state)
{
	struct hubs *t = *state;
	struct hub *other;
	struct peer p;

	peer_enroll(&p, t, "4471");
	peer_sync(&p);
	assert_true(peer_saw(&p, "Oakland"));
	/* Set by another program while this one serves. */
	good(hub_open(t->place, &t->clock, &t->random, &other, &why));
	good(hub_set_profile(other, "chicago", &why));
	hub_close(other);
	peer_sync(&p);
	assert_true(peer_saw(&p, "Chicago"));
	assert_string_equal(hub_catalog(t->h)->profile, "chicago");
	assert_int_equal(ST_NOT_FOUND, hub_set_profile(t->h, "atlantis", &why));
	peer_release(&p);
}

static void
own_edits(void **state)
{
	struct hubs *t = *state;
	int64_t before = hubs_entries(t);
	struct edit e = {0};
	bool exists;

	hubs_set(t, "member", "4471", "name", "4471", NULL);
	assert_int_equal(hubs_entries(t), before);
	hubs_set(t, "member", "4471", "name", "Ada", "access", "officer", NULL);
	assert_int_equal(hubs_entries(t), before + 1);
	assert_string_equal(hubs_value(t, "member/4471", "name"), "Ada");
	assert_string_equal(hubs_value(t, "member/4471", "active"), "true");
	assert_string_equal(hubs_value(t, "beat/35X", "name"), "35X");
	e.kind = mem_text("beat");
	e.record = mem_text("9Q");
	edit_change(&e, "org_unit_ids", "NOWHERE", EDIT_ID_NONE);
	assert_int_equal(ST_DATA, hub_write(t->h, &e, &why));
	good(hub_exists(t->h, "beat", "9Q", &exists, &why));
	assert_false(exists);
	edit_release(&e);
	e.kind = mem_text("project");
	e.record = mem_text("none");
	edit_change(&e, "title", "x", EDIT_ID_NONE);
	assert_int_equal(ST_NOT_FOUND, hub_write(t->h, &e, &why));
	edit_release(&e);
}

struct told {
	int64_t done, all;
};

static void
take_progress(void *arg, int64_t done, int64_t all)
{
	struct told *t = arg;

	t->done = done;
	t->all = all;
}

static void
backup_and_restore(void **state)
{
	struct told told = {0};
	struct hubs *t = *state;
	char file[128], place[128];
	struct buf request = BUF_INIT;
	struct hub *kept = t->h;
	struct hub_stats stats;
	struct digest first;
	struct peer a, b, c;

	snprintf(file, sizeof(file), "%s/backup", t->dir);
	snprintf(place, sizeof(place), "%s/again", t->dir);
	peer_enroll(&a, t, "4471");
	peer_sync(&a);
	peer_edit(
		&a, "project/p-1", NULL, "title", "1", "beat_ids", "35X", NULL);
	peer_sync(&a);
	first = a.chain;
	hub_set_progress(t->h, &(struct progress){take_progress, &told});
	good(hub_backup(t->h, file, &why));
	hub_set_progress(t->h, NULL);
	assert_true(told.all > 0);
	assert_int_equal(told.done, told.all);
	assert_int_equal(ST_FILE, hub_backup(t->h, file, &why));
	good(hub_stats(t->h, &stats, &why));
	assert_int_equal(stats.durable_seq, stats.entries);
	peer_edit(&a, "project/p-1", peer_id(&a, 1), "title", "2", NULL);
	peer_sync(&a);
	assert_int_equal(a.frames[0].type, FRAME_HEAD);
	assert_int_equal(a.frames[0].head.durable, stats.entries);
	peer_enroll(&b, t, "4480");
	/* Only into an empty place, and only what is a backup. */
	assert_int_equal(
		ST_FILE, hub_restore(t->place, file, &t->random, &why));
	good(hub_restore(place, file, &t->random, &why));
	assert_int_equal(ST_DATA,
		hub_restore(t->dir, "/proc/self/exe", &t->random, &why));
	good(hub_open(place, &t->clock, &t->random, &t->h, &why));
	good(hub_stats(t->h, &stats, &why));
	assert_int_equal(stats.durable_seq, stats.entries);
	/* It lost the second edit; the replica is told so, and no more. */
	assert_int_equal(200, peer_try(&a));
	assert_int_equal(a.frames[0].head.n, 1);
	assert_true(a.frames[0].head.other_past);
	assert_int_equal(a.frames[0].head.fork, stats.entries);
	assert_int_equal(a.frame_count, 3); /* head, profile, end */
	/* It gives up its cursor and books, and sends what it kept. */
	peer_forget(&a);
	a.n = 1;
	a.chain = first;
	peer_sync(&a);
	assert_int_equal(a.n, 2);
	assert_string_equal(hubs_value(t, "project/p-1", "title"), "2");
	/* One that was enrolled after the backup is known by its token. */
	peer_edit(
		&b, "project/p-2", NULL, "title", "b", "beat_ids", "12Y", NULL);
	peer_sync(&b);
	assert_int_equal(b.n, 1);
	peer_enroll(&c, t, "5000");
	assert_int_equal(c.number, 1002);
	hubs_verify(t);
	peer_release(&a);
	peer_release(&b);
	peer_release(&c);
	buf_release(&request);
	hub_close(t->h);
	t->h = kept;
	place_remove(place);
}

/* Change the file behind the hub's back; what must be said of it? */
static void
tamper(struct hubs *t, const char *text, const char *finding)
{
	struct buf report = BUF_INIT;
	char path[160], copy[200];
	struct hub *h;
	struct sql *db;

	snprintf(path, sizeof(path), "%s/tampered", t->dir);
	snprintf(copy, sizeof(copy), "%s/copy", t->dir);
	good(hub_backup(t->h, copy, &why));
	good(hub_restore(path, copy, &t->random, &why));
	remove(copy);
	snprintf(copy, sizeof(copy), "%s/hub.db", path);
	good(sql_open(copy, SQL_EXISTING, "it", &db, &why));
	good(sql_script(db, text, &why));
	sql_close(db);
	good(hub_open(path, &t->clock, &t->random, &h, &why));
	assert_int_equal(ST_NOT_FOUND, hub_verify(h, &report, &why));
	if (!strstr(buf_text(&report), finding))
		fail_msg("%s: no '%s' in %s", text, finding, report.data);
	hub_close(h);
	place_remove(path);
	buf_release(&report);
}

static void
tampering_is_found(void **state)
{
	struct hubs *t = *state;
	struct peer a;

	peer_enroll(&a, t, "4471");
	peer_sync(&a);
	peer_edit(
		&a, "project/p-1", NULL, "title", "1", "beat_ids", "35X", NULL);
	peer_edit(&a, "project/p-1", peer_id(&a, 1), "title", "2", NULL);
	peer_sync(&a);
	tamper(t,
		"UPDATE entry SET body=replace(body, '\"2\"', '\"3\"')"
		" WHERE seq=(SELECT max(seq) FROM entry)",
		"not what was appended");
	tamper(t, "UPDATE entry SET at=at+1 WHERE seq=3", "entry 3:");
	tamper(t, "UPDATE entry SET by='900' WHERE seq=3", "entry 3:");
	tamper(t, "DELETE FROM entry WHERE seq=4", "entry 4: missing");
	tamper(t, "UPDATE entry SET wall=1 WHERE seq=5", "chain is broken");
	tamper(t, "DELETE FROM entry WHERE seq=(SELECT max(seq) FROM entry)",
		"last edit is not the log's");
	tamper(t, "UPDATE cell SET value='9' WHERE field='title'",
		"project/p-1 title");
	tamper(t, "DELETE FROM cell WHERE field='title'", "too few");
	tamper(t, "INSERT INTO cell VALUES('project','x','title',1,0,1,1,'y')",
		"belong to no entry");
	tamper(t, "INSERT INTO loser VALUES('project','p-1','title',1,1)",
		"conflicts");
	tamper(t, "UPDATE record_book SET book='dept' WHERE id='p-1'",
		"project/p-1: its books");
	tamper(t,
		"DELETE FROM news WHERE book='beat:35X'"
		" AND seq=(SELECT max(seq) FROM entry)",
		"beat:35X is not told of entry");
	peer_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HUBS_TEST(another_profile),
		HUBS_TEST(own_edits),
		HUBS_TEST(backup_and_restore),
		HUBS_TEST(tampering_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
