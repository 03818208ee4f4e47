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
#include "sync/engine.h"
#include "tests/support/fixture.h"
#include "tests/support/hubs.h"

static struct why why;

static void
good(enum status st)
{
	if (st)
		fail_msg("status %d: %s", (int)st, why.text);
}

struct device {
	struct hubs *t;
	struct replica *r;
	char path[128];
	struct sync_counts sum; /* of the last whole sync */
	struct buf request;	/* the last that was sent */
};

static void
open_at(struct device *d, struct hubs *t, const char *name)
{
	memset(d, 0, sizeof(*d));
	d->t = t;
	snprintf(d->path, sizeof(d->path), "%s/%s", t->dir, name);
}

static void
enroll(struct device *d, struct hubs *t, const char *badge, const char *name)
{
	struct buf code = BUF_INIT, body = BUF_INIT, answer = BUF_INIT;
	struct enrolled e;
	int status;

	open_at(d, t, name);
	good(hub_invite(t->h, badge, &code, &why));
	enroll_request(badge, buf_text(&code), "mdt", NULL, &body);
	status = hub_call(
		t->h, "POST", "/v1/enroll", NULL, body.data, body.len, &answer);
	good(enroll_answer(status, answer.data, answer.len, &e, &why));
	good(replica_create(d->path,
		&(struct identity){
			e.number, badge, e.token, "http://hub", e.hub},
		e.profile, e.zone, &t->clock, &d->r, &why));
	enrolled_release(&e);
	buf_release(&code);
	buf_release(&body);
	buf_release(&answer);
}

/* cp: the same file under another name. */
static void
copy(struct device *to, struct device *from, const char *name)
{
	open_at(to, from->t, name);
	good(sql_run(
		replica_sql(from->r), &why, "VACUUM INTO ?1", "s", to->path));
	good(replica_open(to->path, &to->t->clock, &to->r, &why));
}

/* The verify of the file is part of closing it. */
static void
put_away(struct device *d)
{
	struct buf report = BUF_INIT;

	if (replica_verify(d->r, &report, &why))
		fail_msg("%s: %s", d->path, buf_text(&report));
	buf_release(&report);
	buf_release(&d->request);
	replica_close(d->r);
}

static void
send(struct device *d, const struct buf *request, struct buf *got)
{
	struct hub_sync *s = hub_sync_new(d->t->h);
	bool more = true;

	hub_sync_feed(s, request->data, request->len);
	hub_sync_finish(s);
	assert_int_equal(hub_sync_status(s), 200);
	while (more)
		hub_sync_answer(s, got, &more);
	hub_sync_free(s);
}

/* One request; its answer is lost where `lost`. */
static void
request(struct device *d, bool lost, struct sync_counts *now)
{
	struct buf got = BUF_INIT;
	struct engine *e;

	buf_clear(&d->request);
	good(engine_begin(d->r, true, &e, &d->request, &why));
	send(d, &d->request, &got);
	if (!lost) {
		good(engine_feed(e, 200, got.data, got.len, &why));
		good(engine_end(e, now, &why));
	}
	engine_free(e);
	buf_release(&got);
}

static void
sync_whole(struct device *d)
{
	struct sync_counts now = {.again = true};

	memset(&d->sum, 0, sizeof(d->sum));
	for (int i = 0; now.again && i < 12; i++) {
		request(d, false, &now);
		d->sum.renumbered += now.renumbered;
		d->sum.renamed += now.renamed;
		d->sum.forked += now.forked;
		d->sum.aside = now.forked ? now.aside : d->sum.aside;
	}
	assert_false(now.again);
	hubs_pass(d->t, MINUTE);
}

/* Save over what is shown: field, value, …, NULL; the id belongs to the
 * caller. */
static char *
save(struct device *d, const char *kind, const char *id, ...)
{
	struct record *rec = NULL;
	struct edit e = {.kind = mem_text(kind), .record = mem_text(id)};
	const char *field;
	char *made;
	va_list ap;

	if (*id)
		good(record_load(d->r, kind, id, &rec, &why));
	va_start(ap, id);
	while ((field = va_arg(ap, const char *)))
		record_change(&e, rec, field, va_arg(ap, const char *));
	va_end(ap);
	good(record_save(d->r, &e, &why));
	made = mem_text(e.record);
	record_free(rec);
	edit_release(&e);
	hubs_pass(d->t, MINUTE);
	return made;
}

static char *
project(struct device *d, const char *title)
{
	return save(d, "project", "", "title", title, "beat_ids", "35X", NULL);
}

static void
change(struct device *d, const char *id, const char *field, const char *value)
{
	free(save(d, "project", id, field, value, NULL));
}

/* The file has exactly one project of this title; gives its id. */
static char *
find(struct device *d, const char *title)
{
	struct sql *db = replica_sql(d->r);
	int64_t count;
	char *id;

	good(sql_int(db, 0, &count, &why,
		"SELECT count(*) FROM project WHERE title=?1", "s", title));
	if (count != 1)
		fail_msg("%s: %d of '%s'", d->path, (int)count, title);
	good(sql_text(db, &id, &why, "SELECT id FROM project WHERE title=?1",
		"s", title));
	return id;
}

static void
shows(struct device *d, const char *title)
{
	free(find(d, title));
}

static void
value_is(struct device *d, const char *id, const char *field, const char *value)
{
	struct record *rec;

	good(record_load(d->r, "project", id, &rec, &why));
	assert_string_equal(record_text(rec, field), value);
	record_free(rec);
}

static int64_t
unsent(struct device *d)
{
	struct outbox_counts n;

	good(outbox_count(d->r, &n, &why));
	return n.unsent;
}

static int64_t
aside(struct device *d)
{
	int64_t n;

	good(aside_count(d->r, &n, &why));
	return n;
}

static struct hub_stats
stats(struct hubs *t)
{
	struct hub_stats s;

	good(hub_stats(t->h, &s, &why));
	return s;
}

static uint32_t
number(struct device *d)
{
	return replica_identity(d->r)->number;
}

/* Copied files. */

static void
a_copy_and_its_origin_both_go_on(void **state)
{
	struct hubs *t = *state;
	struct device a, b;
	struct buf old = BUF_INIT, body = BUF_INIT, got = BUF_INIT;
	struct hub_stats before;
	char *shared, *mine, *theirs, *update, *text;
	int64_t at;

	enroll(&a, t, "4471", "a");
	sync_whole(&a);
	shared = project(&a, "Shared");
	sync_whole(&a);
	copy(&b, &a, "b");
	mine = project(&a, "Of the origin");
	theirs = project(&b, "Of the copy");
	assert_string_equal(mine, theirs);
	update = save(&b, "project_update", "", "project_id", theirs, "text",
		"Walked the block", NULL);
	change(&b, theirs, "goal", "none left");
	change(&b, shared, "goal", "fewer");
	good(draft_put(b.r, "project/1-2",
		"{\"kind\":\"project\",\"id\":\"1-2\",\"typed\":{\"goal\":"
		"{\"t\":\"typed\",\"b\":\"none left\",\"o\":\"1.4\"}}}",
		&why));
	sync_whole(&a);
	sync_whole(&b);
	assert_int_equal(b.sum.renumbered, 1);
	assert_int_equal(b.sum.renamed, 2);
	assert_int_not_equal(number(&a), number(&b));
	assert_int_equal(unsent(&b), 0);
	sync_whole(&a);
	assert_int_equal(a.sum.renumbered, 0);
	for (int i = 0; i < 2; i++) {
		struct device *d = i ? &b : &a;

		shows(d, "Shared");
		shows(d, "Of the origin");
		value_is(d, shared, "goal", "fewer");
		text = find(d, "Of the copy");
		value_is(d, text, "goal", "none left");
		assert_string_not_equal(text, theirs);
		good(sql_int(replica_sql(d->r), 0, &at, &why,
			"SELECT count(*) FROM project_update WHERE "
			"project_id=?1",
			"s", text));
		assert_int_equal(at, 1);
		free(text);
	}
	text = find(&b, "Of the copy");
	buf_printf(&old, "project/%s", text);
	good(draft_get(b.r, buf_text(&old), &body, &at, &why));
	assert_non_null(strstr(buf_text(&body), text));
	assert_null(strstr(buf_text(&body), "\"1.4\""));
	assert_non_null(strstr(buf_text(&body), "\"typed\""));
	free(text);
	/* Replayed, its requests change nothing. */
	before = stats(t);
	send(&b, &b.request, &got);
	assert_int_equal(stats(t).entries, before.entries);
	assert_int_equal(stats(t).replicas, before.replicas);
	put_away(&a);
	put_away(&b);
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
	struct device a, b;
	int64_t replicas, entries;

	enroll(&a, t, "4471", "a");
	sync_whole(&a);
	copy(&b, &a, "b");
	free(project(&a, "Of the origin"));
	free(project(&b, "Of the copy"));
	sync_whole(&a);
	request(&b, true, &now);
	buf_puts(&first, buf_text(&b.request));
	replicas = stats(t).replicas;
	request(&b, true, &now);
	sync_whole(&b);
	assert_int_equal(stats(t).replicas, replicas);
	entries = stats(t).entries;
	send(&b, &first, &got);
	assert_int_equal(stats(t).replicas, replicas);
	assert_int_equal(stats(t).entries, entries);
	sync_whole(&a);
	shows(&a, "Of the copy");
	put_away(&a);
	put_away(&b);
	buf_release(&got);
	buf_release(&first);
}

/* Last week's file, put back: with nothing new it learns what it wrote. */
static void
a_restored_file_learns_what_it_wrote(void **state)
{
	struct hubs *t = *state;
	struct device a, b, c;
	char *id;

	enroll(&a, t, "4471", "a");
	sync_whole(&a);
	id = project(&a, "Before");
	sync_whole(&a);
	copy(&b, &a, "b");
	copy(&c, &a, "c");
	change(&a, id, "goal", "written after");
	free(project(&a, "After"));
	sync_whole(&a);
	put_away(&a);
	sync_whole(&b);
	assert_int_equal(b.sum.renumbered, 1);
	assert_int_equal(b.sum.renamed, 0);
	shows(&b, "After");
	value_is(&b, id, "goal", "written after");
	free(project(&b, "Later"));
	sync_whole(&b);
	/* And one more of the same week. */
	change(&c, id, "problem", "also from last week");
	sync_whole(&c);
	assert_int_not_equal(number(&b), number(&c));
	sync_whole(&b);
	value_is(&b, id, "problem", "also from last week");
	shows(&c, "Later");
	put_away(&b);
	put_away(&c);
	free(id);
}

/* Edits that the file had sent, and had no verdict of, when it was copied. */
static void
shared_edits_are_not_doubled(void **state)
{
	struct hubs *t = *state;
	struct sync_counts now;
	struct device a, b;
	int64_t entries;
	char *id;

	enroll(&a, t, "4471", "a");
	sync_whole(&a);
	id = project(&a, "Sent before the copy");
	request(&a, true, &now);
	copy(&b, &a, "b");
	entries = stats(t).entries;
	free(project(&a, "Of the origin"));
	free(project(&b, "Of the copy"));
	sync_whole(&a);
	sync_whole(&b);
	assert_int_equal(stats(t).entries, entries + 2);
	shows(&b, "Sent before the copy");
	value_is(&b, id, "title", "Sent before the copy");
	sync_whole(&b);
	assert_int_equal(unsent(&b), 0);
	put_away(&a);
	put_away(&b);
	free(id);
}

/* Restored hubs. */

struct again {
	struct hub *kept;
	char file[128], place[128];
};

static void
back_up(struct hubs *t, struct again *g)
{
	snprintf(g->file, sizeof(g->file), "%s/backup", t->dir);
	snprintf(g->place, sizeof(g->place), "%s/again", t->dir);
	good(hub_backup(t->h, g->file, &why));
}

static void
restore(struct hubs *t, struct again *g)
{
	good(hub_restore(g->place, g->file, &t->random, &why));
	g->kept = t->h;
	good(hub_open(g->place, &t->clock, &t->random, &t->h, &why));
}

static void
clean_up(struct hubs *t, struct again *g)
{
	hubs_verify(t);
	hub_close(t->h);
	t->h = g->kept;
	fixture_delete_folder(g->place);
}

static void
a_restored_hub_gets_back_what_replicas_have(void **state)
{
	struct hubs *t = *state;
	struct device a, b, c;
	struct again g;
	char *id, *lost;

	enroll(&a, t, "4471", "a");
	enroll(&b, t, "4480", "b");
	enroll(&c, t, "900", "c");
	sync_whole(&a);
	id = project(&a, "Old");
	sync_whole(&a);
	back_up(t, &g);
	change(&a, id, "goal", "first");
	change(&a, id, "goal", "second");
	sync_whole(&a);
	sync_whole(&b);
	lost = project(&b, "Made after the backup");
	sync_whole(&b);
	sync_whole(&c);
	change(&c, lost, "goal", "from the sergeant");
	sync_whole(&c);
	sync_whole(&a);
	/* Only a's unsent edit is nowhere else. */
	change(&a, id, "problem", "written meanwhile");
	restore(t, &g);
	assert_string_equal(hubs_value(t, "project/1-1", "goal"), "");
	/* c comes first: what b wrote is set aside until b has come. */
	sync_whole(&c);
	assert_int_equal(c.sum.forked, 1);
	assert_true(aside(&c) > 0);
	sync_whole(&b);
	sync_whole(&a);
	assert_int_equal(unsent(&a) + unsent(&b) + unsent(&c), 0);
	for (int i = 0; i < 3; i++) {
		struct device *d = i == 0 ? &a : i == 1 ? &b : &c;

		sync_whole(d);
		value_is(d, id, "goal", "second");
		value_is(d, id, "problem", "written meanwhile");
		shows(d, "Made after the backup");
		value_is(d, lost, "goal", "from the sergeant");
		assert_int_equal(aside(d), 0);
		assert_int_equal(number(d), i + 1);
		put_away(d);
	}
	free(id);
	free(lost);
	clean_up(t, &g);
}

/* What only a lost device had stays listed, and shows nowhere else. */
static void
what_nobody_sends_again_stays_aside(void **state)
{
	struct hubs *t = *state;
	struct past list = {0};
	struct device a, b;
	struct again g;

	enroll(&a, t, "4471", "a");
	enroll(&b, t, "4480", "b");
	sync_whole(&a);
	sync_whole(&b);
	back_up(t, &g);
	free(project(&b, "Lost with its device"));
	sync_whole(&b);
	sync_whole(&a);
	shows(&a, "Lost with its device");
	restore(t, &g);
	sync_whole(&a);
	assert_int_equal(a.sum.aside, 1);
	good(aside_read(a.r, &list, &why));
	assert_int_equal(list.count, 1);
	assert_string_equal(list.items[0].by, "4480");
	assert_string_equal(edit_find(&list.items[0].edit, "title")->value,
		"Lost with its device");
	past_release(&list);
	put_away(&a);
	put_away(&b);
	clean_up(t, &g);
}

/* The newest backup is gone too: edits that were durable are lost, and the
 * later ones go on under another number, on the same records. */
static void
an_older_backup_than_the_newest(void **state)
{
	struct hubs *t = *state;
	struct device a;
	struct again g, newer;
	char *id;

	enroll(&a, t, "4471", "a");
	sync_whole(&a);
	id = project(&a, "Old");
	sync_whole(&a);
	back_up(t, &g);
	change(&a, id, "goal", "durable, then lost");
	sync_whole(&a);
	newer = g;
	snprintf(newer.file, sizeof(newer.file), "%s/newer", t->dir);
	good(hub_backup(t->h, newer.file, &why));
	sync_whole(&a);
	change(&a, id, "problem", "kept");
	sync_whole(&a);
	restore(t, &g);
	sync_whole(&a);
	assert_int_equal(a.sum.renumbered, 1);
	assert_int_equal(a.sum.renamed, 0);
	assert_int_equal(unsent(&a), 0);
	value_is(&a, id, "problem", "kept");
	assert_int_equal(aside(&a), 1);
	put_away(&a);
	free(id);
	clean_up(t, &g);
}

/* The hub's machine lost its last commits: it is the same incarnation still. */
static void
a_hub_that_lost_its_last_commits(void **state)
{
	struct hubs *t = *state;
	struct device a, b;
	struct again g;
	struct sql *db;
	char *id, path[200];

	enroll(&a, t, "4471", "a");
	enroll(&b, t, "4480", "b");
	sync_whole(&a);
	id = project(&a, "Old");
	sync_whole(&a);
	sync_whole(&b);
	back_up(t, &g);
	good(hub_restore(g.place, g.file, &t->random, &why));
	change(&a, id, "goal", "lost by the hub");
	sync_whole(&a);
	sync_whole(&b);
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
	change(&b, id, "problem", "written meanwhile");
	sync_whole(&b);
	sync_whole(&a);
	sync_whole(&b);
	for (int i = 0; i < 2; i++) {
		struct device *d = i ? &b : &a;

		value_is(d, id, "goal", "lost by the hub");
		value_is(d, id, "problem", "written meanwhile");
		assert_int_equal(aside(d), 0);
		assert_int_equal(unsent(d), 0);
		put_away(d);
	}
	free(id);
	clean_up(t, &g);
}

/* Both at once: a copy of the file wrote to the restored hub first. */
static void
a_copy_after_a_restore(void **state)
{
	struct hubs *t = *state;
	struct device a, b;
	struct again g;

	enroll(&a, t, "4471", "a");
	sync_whole(&a);
	copy(&b, &a, "b");
	back_up(t, &g);
	free(project(&a, "Of the origin"));
	sync_whole(&a);
	restore(t, &g);
	free(project(&b, "Of the copy"));
	sync_whole(&b);
	assert_int_equal(b.sum.renumbered, 0);
	sync_whole(&a);
	assert_int_equal(a.sum.renumbered, 1);
	sync_whole(&b);
	shows(&a, "Of the origin");
	shows(&a, "Of the copy");
	shows(&b, "Of the origin");
	shows(&b, "Of the copy");
	put_away(&a);
	put_away(&b);
	clean_up(t, &g);
}

/* Enrolment onto a file that is there. */

static enum status
ask_again(struct device *d, const char *badge, const char *code,
	struct enrolled *given)
{
	struct buf body = BUF_INIT, got = BUF_INIT;
	struct former former;
	enum status st;
	int status;

	good(former_read(d->r, &former, &why));
	enroll_request(badge, code, "mdt", &former, &body);
	status = hub_call(
		d->t->h, "POST", "/v1/enroll", NULL, body.data, body.len, &got);
	st = enroll_answer(status, got.data, got.len, given, &why);
	former_release(&former);
	buf_release(&body);
	buf_release(&got);
	return st;
}

static void
a_revoked_file_goes_on_after_enrolment(void **state)
{
	struct hubs *t = *state;
	struct buf code = BUF_INIT, got = BUF_INIT;
	struct sync_counts now;
	struct enrolled given;
	struct device a, b;
	struct engine *e;
	struct hub_sync *s;
	int64_t renamed = 0, entries;
	char *id, *fresh;
	bool more = true;

	enroll(&a, t, "4471", "a");
	enroll(&b, t, "4480", "b");
	sync_whole(&a);
	id = project(&a, "Old");
	sync_whole(&a);
	/* Sent, but its answer is lost: that is not sent twice. */
	change(&a, id, "goal", "sent");
	request(&a, true, &now);
	entries = stats(t).entries;
	change(&a, id, "problem", "unsent");
	fresh = project(&a, "New and unsent");
	good(hub_revoke(t->h, 1, &why));
	good(engine_begin(a.r, true, &e, &a.request, &why));
	s = hub_sync_new(t->h);
	hub_sync_feed(s, a.request.data, a.request.len);
	hub_sync_finish(s);
	while (more)
		hub_sync_answer(s, &got, &more);
	assert_int_equal(hub_sync_status(s), 401);
	assert_int_equal(
		engine_feed(e, 401, got.data, got.len, &why), ST_REFUSED);
	assert_non_null(strstr(why.text, "3 unsent edits are kept here"));
	engine_free(e);
	hub_sync_free(s);
	good(hub_invite(t->h, "4471", &code, &why));
	/* Another member's code, or file: refused, and the code is not spent. */
	assert_int_equal(
		ask_again(&b, "4471", buf_text(&code), &given), ST_REFUSED);
	good(ask_again(&a, "4471", buf_text(&code), &given));
	assert_int_equal(given.upto, 2);
	good(enroll_again(a.r, "http://elsewhere", &given, &renamed, &why));
	enrolled_release(&given);
	assert_int_equal(renamed, 1);
	assert_int_equal(number(&a), 3);
	assert_string_equal(replica_identity(a.r)->url, "http://elsewhere");
	assert_int_equal(unsent(&a), 2);
	value_is(&a, id, "problem", "unsent");
	sync_whole(&a);
	assert_int_equal(unsent(&a), 0);
	assert_int_equal(stats(t).entries, entries + 2);
	sync_whole(&b);
	shows(&b, "New and unsent");
	value_is(&b, id, "goal", "sent");
	value_is(&b, id, "problem", "unsent");
	put_away(&a);
	put_away(&b);
	free(id);
	free(fresh);
	buf_release(&code);
	buf_release(&got);
}

/* Unsure stamps. */

static int64_t
stamp(struct device *d, uint32_t n)
{
	struct entry e;
	int64_t at;

	good(history_edit(d->r, (struct edit_id){number(d), n}, &e, &why));
	assert_true(e.seq > 0);
	at = e.at;
	entry_release(&e);
	return at;
}

static void
start_anew(struct hubs *t, const char *boot, int64_t wall_error)
{
	strcpy(t->now.boot_id, boot);
	t->now.boot_ms = 5000;
	t->now.wall_ms += wall_error;
}

/* A request that breaks off after so many lines, unheard. */
static void
send_lines(struct device *d, int lines)
{
	struct hub_sync *s = hub_sync_new(d->t->h);
	const char *end;
	struct engine *e;

	buf_clear(&d->request);
	good(engine_begin(d->r, true, &e, &d->request, &why));
	end = buf_text(&d->request);
	while (lines--)
		end = strchr(end, '\n') + 1;
	hub_sync_feed(s, d->request.data, (size_t)(end - d->request.data));
	hub_sync_finish(s);
	hub_sync_free(s);
	engine_free(e);
}

/* Ceiling: the next sure edit of the replica, though it goes in another
 * request; floor: the commit of what it had seen, and what it was over. */
static void
unsure_stamps_keep_between_their_ends(void **state)
{
	struct hubs *t = *state;
	struct device a;
	int64_t seen, late, early;
	char *id;

	enroll(&a, t, "4471", "a");
	sync_whole(&a);
	id = project(&a, "Old");
	sync_whole(&a);
	seen = stamp(&a, 1);
	/* Written on a day long before: the clock was wrong. */
	start_anew(t, "boot-wrong", -900 * MINUTE);
	change(&a, id, "goal", "by a clock that was behind");
	/* And on one long after. */
	start_anew(t, "boot-ahead", 5000 * MINUTE);
	change(&a, id, "problem", "by a clock that was ahead");
	start_anew(t, "boot-right", -4100 * MINUTE);
	hubs_pass(t, 10 * MINUTE);
	change(&a, id, "title", "Sure");
	hubs_pass(t, 10 * MINUTE);
	send_lines(&a, 3);
	sync_whole(&a);
	late = stamp(&a, 4);
	early = stamp(&a, 2);
	assert_true(early >= seen);
	assert_true(stamp(&a, 3) <= late);
	assert_true(stamp(&a, 3) >= seen);
	put_away(&a);
	free(id);
}

/* After a restore `seen` is of another past: it must not lift the stamp to a
 * time when the edit was long written. */
static void
seen_in_another_past_lifts_no_stamp(void **state)
{
	struct hubs *t = *state;
	struct device a, b;
	struct again g;
	int64_t written;
	char *id;

	enroll(&a, t, "4471", "a");
	enroll(&b, t, "4480", "b");
	sync_whole(&a);
	sync_whole(&b);
	id = project(&a, "Old");
	sync_whole(&a);
	back_up(t, &g);
	for (int i = 0; i < 5; i++)
		change(&a, id, "goal", i % 2 ? "odd" : "even");
	sync_whole(&a);
	written = t->now.wall_ms;
	change(&a, id, "problem", "written before the restore");
	start_anew(t, "boot-two", 0);
	hubs_pass(t, 500 * MINUTE);
	restore(t, &g);
	/* Others fill the places that a had seen. */
	for (int i = 0; i < 20; i++)
		free(project(&b, "Filler"));
	sync_whole(&b);
	sync_whole(&a);
	if (stamp(&a, 7) > written + 10 * MINUTE)
		fail_msg("lifted by %lld min",
			(long long)(stamp(&a, 7) - written) / MINUTE);
	put_away(&a);
	put_away(&b);
	free(id);
	clean_up(t, &g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HUBS_TEST(a_copy_and_its_origin_both_go_on),
		HUBS_TEST(a_number_is_given_once),
		HUBS_TEST(a_restored_file_learns_what_it_wrote),
		HUBS_TEST(shared_edits_are_not_doubled),
		HUBS_TEST(a_restored_hub_gets_back_what_replicas_have),
		HUBS_TEST(what_nobody_sends_again_stays_aside),
		HUBS_TEST(an_older_backup_than_the_newest),
		HUBS_TEST(a_hub_that_lost_its_last_commits),
		HUBS_TEST(a_copy_after_a_restore),
		HUBS_TEST(a_revoked_file_goes_on_after_enrolment),
		HUBS_TEST(unsure_stamps_keep_between_their_ends),
		HUBS_TEST(seen_in_another_past_lifts_no_stamp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
