#include "tests/support/mdt.h"

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
#include "common/fulltext.h"
#include "common/outbox.h"
#include "common/record.h"
#include "common/verify.h"
#include "tests/support/good.h"

static void
open_at(struct mdt *d, struct hubs *t, const char *name)
{
	memset(d, 0, sizeof(*d));
	d->t = t;
	snprintf(d->path, sizeof(d->path), "%s/%s", t->dir, name);
}

void
mdt_enroll(struct mdt *d, struct hubs *t, const char *badge, const char *name)
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
void
mdt_copy(struct mdt *to, struct mdt *from, const char *name)
{
	open_at(to, from->t, name);
	good(sql_run(
		replica_sql(from->r), &why, "VACUUM INTO ?1", "s", to->path));
	good(replica_open(to->path, &to->t->clock, &to->r, &why));
}

/* The verify of the file is part of closing it. */
void
mdt_put_away(struct mdt *d)
{
	struct buf report = BUF_INIT;

	fulltext_ready(d->r);
	if (replica_verify(d->r, &report, &why))
		fail_msg("%s: %s", d->path, buf_text(&report));
	buf_release(&report);
	buf_release(&d->request);
	replica_close(d->r);
}

void
mdt_send(struct mdt *d, const struct buf *request, struct buf *got)
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
void
mdt_request(struct mdt *d, bool lost, struct sync_counts *now)
{
	struct buf got = BUF_INIT;
	struct engine *e;

	buf_clear(&d->request);
	good(engine_begin(d->r, true, &e, &d->request, &why));
	mdt_send(d, &d->request, &got);
	if (!lost) {
		good(engine_feed(e, 200, got.data, got.len, &why));
		good(engine_end(e, now, &why));
	}
	engine_free(e);
	buf_release(&got);
}

void
mdt_sync_whole(struct mdt *d)
{
	struct sync_counts now = {.again = true};

	memset(&d->sum, 0, sizeof(d->sum));
	for (int i = 0; now.again && i < 12; i++) {
		mdt_request(d, false, &now);
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
char *
mdt_save(struct mdt *d, const char *kind, const char *id, ...)
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

char *
mdt_project(struct mdt *d, const char *title)
{
	return mdt_save(
		d, "project", "", "title", title, "beat_ids", "35X", NULL);
}

void
mdt_change(struct mdt *d, const char *id, const char *field, const char *value)
{
	free(mdt_save(d, "project", id, field, value, NULL));
}

/* The file has exactly one project of this title; gives its id. */
char *
mdt_find(struct mdt *d, const char *title)
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

void
mdt_shows(struct mdt *d, const char *title)
{
	free(mdt_find(d, title));
}

void
mdt_value_is(
	struct mdt *d, const char *id, const char *field, const char *value)
{
	struct record *rec;

	good(record_load(d->r, "project", id, &rec, &why));
	assert_string_equal(record_text(rec, field), value);
	record_free(rec);
}

int64_t
mdt_unsent(struct mdt *d)
{
	struct outbox_counts n;

	good(outbox_count(d->r, &n, &why));
	return n.unsent;
}

int64_t
mdt_aside(struct mdt *d)
{
	int64_t n;

	good(aside_count(d->r, &n, &why));
	return n;
}

struct hub_stats
mdt_stats(struct hubs *t)
{
	struct hub_stats s;

	good(hub_stats(t->h, &s, &why));
	return s;
}

uint32_t
mdt_number(struct mdt *d)
{
	return replica_identity(d->r)->number;
}

void
mdt_back_up(struct hubs *t, struct mdt_backup *g)
{
	int n = ++t->backups;

	snprintf(g->file, sizeof(g->file), "%s/backup%d", t->dir, n);
	snprintf(g->place, sizeof(g->place), "%s/again%d", t->dir, n);
	good(hub_backup(t->h, g->file, &why));
}

void
mdt_restore(struct hubs *t, struct mdt_backup *g)
{
	good(hub_restore(g->place, g->file, &t->random, &why));
	g->kept = t->h;
	good(hub_open(g->place, &t->clock, &t->random, &t->h, &why));
}

void
mdt_clean_up(struct hubs *t, struct mdt_backup *g)
{
	hubs_verify(t);
	hub_close(t->h);
	t->h = g->kept;
	place_remove(g->place);
}
