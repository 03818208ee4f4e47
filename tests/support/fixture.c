#include "tests/support/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/fulltext.h"
#include "common/news.h"
#include "common/verify.h"
#include "tests/support/good.h"
#include "tests/support/place.h"

static void
read_clock(void *arg, struct clock_reading *now)
{
	*now = *(struct clock_reading *)arg;
}

static void
hold(struct fixture *f, const char *book)
{
	good(inbox_fill(f->r, book, 0, &why));
	good(inbox_filled(f->r, book, &why));
}

static void
member(struct fixture *f, uint32_t n, const char *badge, const char *name,
	const char *access)
{
	char edit[24], record[64];
	struct entry e;

	snprintf(edit, sizeof(edit), "0.%u", n);
	snprintf(record, sizeof(record), "member/%s", badge);
	e = fixture_entry(f, edit, "", record, "badge_no", badge, "name", name,
		"access", access, "org_unit_id", "A1", "active", "true", NULL);
	fixture_take(f, &e, "dept");
}

static void
beat(struct fixture *f, uint32_t n, const char *code)
{
	char edit[24], record[64];
	struct entry e;

	snprintf(edit, sizeof(edit), "0.%u", n);
	snprintf(record, sizeof(record), "beat/%s", code);
	e = fixture_entry(f, edit, "", record, "code", code, "name", code,
		"org_unit_ids", "A1", NULL);
	fixture_take(f, &e, "dept");
}

static void
furnish(struct fixture *f)
{
	struct entry unit = fixture_entry(f, "0.1", "", "org_unit/A1", "code",
		"A1", "name", "Area 1", "kind", "area", NULL);

	good(sql_begin(replica_sql(f->r), &why));
	hold(f, "dept");
	hold(f, "unit:A1");
	hold(f, "beat:35X");
	hold(f, "member:4471");
	good(sql_commit(replica_sql(f->r), &why));
	fixture_take(f, &unit, "dept");
	beat(f, 2, "35X");
	beat(f, 3, "12Y");
	member(f, 4, "4471", "Ibarra", "officer");
	member(f, 5, "4480", "Chen", "officer");
	member(f, 6, "900", "Mota", "sergeant");
}

void
fixture_begin(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	place_folder(f->dir, "replica");
	setenv("XDG_DATA_HOME", f->dir, 1); /* what is exported goes there */
	snprintf(f->path, sizeof(f->path), "%s/replica.db", f->dir);
	f->now.wall_ms = FIXTURE_NOW;
	f->now.boot_ms = 5000000;
	snprintf(f->now.boot_id, sizeof(f->now.boot_id), "boot-one");
	f->clock.read = read_clock;
	f->clock.arg = &f->now;
}

void
fixture_make(struct fixture *f)
{
	const struct identity who = {
		47, "4471", "47.4471.x", "http://127.0.0.1:1", "testhub"};
	struct buf profile = BUF_INIT;

	fixture_begin(f);
	good(catalog_profile_text("oakland", &profile, &why));
	good(replica_create(f->path, &who, buf_text(&profile),
		"America/Los_Angeles", &f->clock, &f->r, &why));
	buf_release(&profile);
	furnish(f);
}

void
fixture_pass(struct fixture *f, int64_t ms)
{
	f->now.wall_ms += ms;
	f->now.boot_ms += ms;
}

void
fixture_open_again(struct fixture *f)
{
	replica_close(f->r);
	good(replica_open(f->path, &f->clock, &f->r, &why));
}

void
fixture_close(struct fixture *f)
{
	replica_close(f->r);
	names_release(&f->made);
}

void
fixture_remove(struct fixture *f)
{
	fixture_close(f);
	place_remove(f->dir);
}

const char *
fixture_save(struct fixture *f, const char *kind, const char *id, ...)
{
	struct record *rec = NULL;
	struct edit e = {0};
	const char *field;
	va_list ap;

	e.kind = mem_text(kind);
	if (id[0]) {
		e.record = mem_text(id);
		good(record_load(f->r, kind, id, &rec, &why));
	}
	va_start(ap, id);
	while ((field = va_arg(ap, const char *)))
		record_change(&e, rec, field, va_arg(ap, const char *));
	va_end(ap);
	good(record_save(f->r, &e, &why));
	names_push(&f->made, e.record);
	record_free(rec);
	edit_release(&e);
	return f->made.items[f->made.count - 1];
}

struct entry
fixture_entry(struct fixture *f, const char *edit_id, const char *by,
	const char *record, ...)
{
	const char *slash = strchr(record, '/'), *field;
	struct entry e = {0};
	va_list ap;

	e.seq = ++f->seq;
	e.at = f->now.wall_ms;
	e.by = mem_text(by);
	e.edit.kind = mem_printf("%.*s", (int)(slash - record), record);
	e.edit.record = mem_text(slash + 1);
	if (!edit_id_parse(edit_id, &e.edit.id))
		fail_msg("'%s' is no edit", edit_id);
	va_start(ap, record);
	while ((field = va_arg(ap, const char *)))
		edit_change(
			&e.edit, field, va_arg(ap, const char *), EDIT_ID_NONE);
	va_end(ap);
	return e;
}

void
fixture_take(struct fixture *f, struct entry *e, const char *book)
{
	good(sql_begin(replica_sql(f->r), &why));
	if (book)
		good(inbox_enter(f->r, e->edit.kind, e->edit.record, book, NULL,
			0, &why));
	good(inbox_entry(f->r, e, &why));
	good(replica_meta_set_int(f->r, META_CURSOR, e->seq, &why));
	good(news_gather(f->r, &why));
	good(sql_commit(replica_sql(f->r), &why));
	entry_release(e);
}

void
fixture_lose(struct fixture *f, const char *edit_id, const char *record,
	const char *field, const char *value)
{
	struct entry e =
		fixture_entry(f, edit_id, "4480", record, field, value, NULL);
	struct edit_id ours = {47, 0};
	int64_t n;

	good(replica_meta_int(f->r, META_LAST_N, 0, &n, &why));
	ours.n = (uint32_t)n;
	standing_add(verdict_stand(&e.verdict, field), ours);
	fixture_take(f, &e, NULL);
}

void
fixture_confirm(struct fixture *f, uint32_t n, const char *book)
{
	struct entry e = {0}, own;

	e.edit.id.replica = 47;
	e.edit.id.n = n;
	e.seq = ++f->seq;
	e.at = f->now.wall_ms;
	good(history_edit(f->r, e.edit.id, &own, &why));
	good(sql_begin(replica_sql(f->r), &why));
	if (book)
		good(inbox_enter(f->r, own.edit.kind, own.edit.record, book,
			NULL, 0, &why));
	good(inbox_confirmed(f->r, n, &why));
	good(inbox_verdict(f->r, &e, &why));
	good(sql_commit(replica_sql(f->r), &why));
	entry_release(&own);
}

const char *
fixture_text(
	struct fixture *f, const char *kind, const char *id, const char *field)
{
	static char text[70000];
	struct record *rec;

	good(record_load(f->r, kind, id, &rec, &why));
	snprintf(text, sizeof(text), "%s", record_text(rec, field));
	record_free(rec);
	return text;
}

int
fixture_set_up(void **state)
{
	struct fixture *f = mem_alloc(sizeof(*f));

	fixture_make(f);
	*state = f;
	return 0;
}

int
fixture_tear_down(void **state)
{
	fixture_remove(*state);
	free(*state);
	return 0;
}

void
fixture_sound(struct fixture *f)
{
	struct buf report = BUF_INIT;

	fulltext_ready(f->r); /* what is due is not compared */
	if (replica_verify(f->r, &report, &why))
		fail_msg("verify: %s\n%s", why.text, buf_text(&report));
	buf_release(&report);
}
