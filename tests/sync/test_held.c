/* Held edits, from the device that wrote them to the one that decides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/conflicts.h"
#include "common/held.h"
#include "common/inbox.h"
#include "common/outbox.h"
#include "sync/hub_core.h"
#include "sync/lite.h"
#include "tests/support/devices.h"
#include "tests/support/good.h"

/* Chen (4480) wrote on beat 12Y after the day on which their assignment there
 * had ended; Mota (900) and the commander (920) may decide. */
struct beat {
	struct hubs t;
	struct device chen, mota, head;
	char project[64]; /* on 12Y */
	struct edit_id held;
};

/* A new file of this member's, filled. */
static void
join(struct device *d, struct hubs *t, const char *badge)
{
	device_enroll(d, t, badge);
	device_sync(d);
}

/* A field as it is shown; "(none)" where the record is not held. Valid until
 * the next call. */
static const char *
shown_text(
	struct device *d, const char *kind, const char *id, const char *field)
{
	static char text[256];
	const struct record_value *v;
	struct record *rec;
	enum status st = record_load(d->f.r, kind, id, &rec, &why);

	if (st == ST_NOT_FOUND)
		return "(none)";
	good(st);
	v = record_value_of(rec, field);
	snprintf(text, sizeof(text), "%s", v->text);
	record_free(rec);
	return text;
}

static void
end_assignment(struct beat *w)
{
	hubs_set(&w->t, "assignment", "0-3", "ends_on", "2026-07-01", NULL);
}

static void
sync_all(struct beat *w)
{
	hubs_pass(&w->t, MINUTE);
	device_sync(&w->chen);
	device_sync(&w->mota);
	device_sync(&w->head);
}

static int
set_up(void **state)
{
	struct beat *w = mem_alloc(sizeof(*w));

	hubs_make(&w->t);
	join(&w->chen, &w->t, "4480");
	join(&w->mota, &w->t, "900");
	join(&w->head, &w->t, "920");
	strcpy(w->project, fixture_save(&w->chen.f, "project", "", "title",
				   "Garage", "beat_ids", "12Y", NULL));
	sync_all(w);
	end_assignment(w);
	hubs_pass(&w->t, MINUTE);
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct beat *w = *state;

	sync_all(w);
	sync_all(w);
	devices_end(&w->t, &w->chen, &w->mota, &w->head, NULL);
	free(w);
	return 0;
}

static size_t
listed(struct device *d, enum held_which which, struct held *first)
{
	struct helds all = {0};
	size_t count;

	good(held_read(d->f.r, which, NULL, NULL, 0, &all, &why));
	count = all.count;
	if (first && count) {
		*first = all.items[0];
		memset(&all.items[0], 0, sizeof(all.items[0]));
	}
	helds_release(&all);
	return count;
}

static int64_t
counted_held(struct device *d)
{
	struct outbox_counts n;

	good(outbox_count(d->f.r, &n, &why));
	return n.held;
}

static size_t
conflicts_of(struct device *d)
{
	struct conflicts all = {0};
	size_t count;

	good(conflicts_read(d->f.r, NULL, NULL, &all, &why));
	count = all.count;
	conflicts_release(&all);
	return count;
}

static void
title_is(struct beat *w, const char *title)
{
	char name[80];

	snprintf(name, sizeof(name), "project/%s", w->project);
	assert_string_equal(hubs_value(&w->t, name, "title"), title);
}

/* Chen changes the title, too late. */
static void
save_late(struct beat *w)
{
	fixture_save(
		&w->chen.f, "project", w->project, "title", "Garage B", NULL);
}

/* It is the oldest of what is held. */
static void
know_late(struct beat *w)
{
	struct helds all = {0};

	good(held_read(w->chen.f.r, HELD_OPEN, NULL, NULL, 0, &all, &why));
	assert_true(all.count > 0);
	assert_true(all.items[0].mine);
	w->held = all.items[all.count - 1].entry.edit.id;
	helds_release(&all);
}

static void
write_late(struct beat *w)
{
	struct held h = {0};

	save_late(w);
	sync_all(w);
	title_is(w, "Garage");
	know_late(w);
	assert_int_equal(listed(&w->chen, HELD_OPEN, NULL), 1);
	assert_int_equal(counted_held(&w->chen), 1);
	assert_int_equal(listed(&w->mota, HELD_OPEN, &h), 1);
	assert_false(h.mine);
	assert_string_equal(
		edit_find(&h.entry.edit, "title")->value, "Garage B");
	held_release(&h);
	assert_int_equal(counted_held(&w->mota), 0);
}

static void
decided_as(struct device *d, bool accepted, const char *by, const char *reason)
{
	struct held h = {0};

	assert_int_equal(listed(d, HELD_OPEN, NULL), 0);
	assert_true(listed(d, HELD_DECIDED, &h) > 0);
	assert_int_equal(h.accepted, accepted);
	assert_string_equal(h.decider, by);
	assert_string_equal(h.reason, reason);
	held_release(&h);
}

static void
accepted_counts(void **state)
{
	struct beat *w = *state;

	write_late(w);
	good(held_accept(w->mota.f.r, w->held, &why));
	assert_string_equal(
		shown_text(&w->mota, "project", w->project, "title"),
		"Garage B");
	assert_int_equal(listed(&w->mota, HELD_DECIDED, NULL), 0);
	assert_int_equal(held_accept(w->mota.f.r, w->held, &why), ST_NOT_FOUND);
	device_sync(&w->mota);
	title_is(w, "Garage B");
	sync_all(w);
	decided_as(&w->mota, true, "900", "");
	decided_as(&w->head, true, "900", "");
	/* Chen does not hold the record any more, and is told all the same. */
	decided_as(&w->chen, true, "900", "");
	assert_int_equal(counted_held(&w->chen), 0);
	assert_string_equal(
		shown_text(&w->chen, "project", w->project, "title"), "(none)");
	assert_int_equal(conflicts_of(&w->head), 0);
}

static void
declined_does_not(void **state)
{
	struct beat *w = *state;

	write_late(w);
	good(held_decline(w->mota.f.r, w->held, "ask Ibarra", &why));
	sync_all(w);
	sync_all(w);
	title_is(w, "Garage");
	decided_as(&w->chen, false, "900", "ask Ibarra");
	decided_as(&w->mota, false, "900", "ask Ibarra");
	decided_as(&w->head, false, "900", "ask Ibarra");
	assert_string_equal(
		shown_text(&w->mota, "project", w->project, "title"), "Garage");
}

/* Until it is sent a decision is undone like any save. */
static void
undone_decision(void **state)
{
	struct beat *w = *state;
	struct buf what = BUF_INIT;

	write_late(w);
	good(held_decline(w->mota.f.r, w->held, "", &why));
	good(outbox_undo(w->mota.f.r, &what, &why));
	buf_release(&what);
	good(held_accept(w->mota.f.r, w->held, &why));
	sync_all(w);
	title_is(w, "Garage B");
}

static void
an_officer_does_not_decide(void **state)
{
	struct beat *w = *state;
	struct peer forger;
	struct dated_edit *d;
	char name[80];

	write_late(w);
	assert_int_equal(
		held_accept(w->chen.f.r, w->held, &why), ST_NOT_ALLOWED);
	/* 4471 holds 12Y from now on, but is no supervisor. */
	hubs_set(&w->t, "assignment", "", "member_id", "4471", "beat_id", "12Y",
		"starts_on", "2026-07-01", NULL);
	peer_enroll(&forger, &w->t, "4471");
	peer_sync(&forger);
	assert_false(peer_saw(&forger, "Garage B"));
	snprintf(name, sizeof(name), "project/%s", w->project);
	d = peer_edit(&forger, name, NULL, NULL);
	edit_settle(&d->edit, "title", w->held);
	peer_sync(&forger);
	assert_non_null(peer_verdict(&forger, 1)->verdict.held);
	peer_release(&forger);
	sync_all(w);
	assert_int_equal(counted_held(&w->chen), 1);
}

/* A sergeant of another unit: what they do not hold they do not decide. */
static void
nor_a_sergeant_elsewhere(void **state)
{
	struct beat *w = *state;
	struct peer other;
	struct dated_edit *d;
	char name[80];

	write_late(w);
	peer_enroll(&other, &w->t, "910");
	peer_sync(&other);
	assert_false(peer_saw(&other, "Garage"));
	snprintf(name, sizeof(name), "project/%s", w->project);
	d = peer_edit(&other, name, NULL, NULL);
	edit_settle(&d->edit, "title", w->held);
	peer_sync(&other);
	assert_non_null(peer_verdict(&other, 1)->verdict.held);
	peer_release(&other);
}

static void
accepted_twice(void **state)
{
	struct beat *w = *state;

	write_late(w);
	good(held_accept(w->mota.f.r, w->held, &why));
	hubs_pass(&w->t, MINUTE);
	good(held_accept(w->head.f.r, w->held, &why));
	device_sync(&w->mota);
	hubs_pass(&w->t, MINUTE);
	fixture_save(
		&w->mota.f, "project", w->project, "title", "Garage C", NULL);
	sync_all(w);
	sync_all(w);
	title_is(w, "Garage C");
	decided_as(&w->chen, true, "900", "");
	assert_int_equal(conflicts_of(&w->head), 0);
	assert_int_equal(listed(&w->head, HELD_OPEN, NULL), 0);
}

static void
declined_then_accepted(void **state)
{
	struct beat *w = *state;
	struct held h = {0};

	write_late(w);
	good(held_decline(w->mota.f.r, w->held, "no", &why));
	good(held_accept(w->head.f.r, w->held, &why));
	sync_all(w);
	sync_all(w);
	title_is(w, "Garage");
	/* What the commander wrote is held in its turn. */
	assert_int_equal(listed(&w->mota, HELD_OPEN, &h), 1);
	assert_non_null(strstr(h.entry.verdict.held, "declined by 900"));
	good(held_accept(w->mota.f.r, h.entry.edit.id, &why));
	held_release(&h);
	sync_all(w);
	sync_all(w);
	title_is(w, "Garage B");
	assert_int_equal(listed(&w->head, HELD_OPEN, NULL), 0);
}

static void
accepted_then_declined(void **state)
{
	struct beat *w = *state;

	write_late(w);
	good(held_decline(w->head.f.r, w->held, "no", &why));
	good(held_accept(w->mota.f.r, w->held, &why));
	device_sync(&w->mota);
	sync_all(w);
	sync_all(w);
	title_is(w, "Garage B");
	decided_as(&w->head, true, "900", "");
	decided_as(&w->chen, true, "900", "");
}

/* Somebody else wrote meanwhile: the accepting edit meets that as any would. */
static void
accepted_against_a_later_edit(void **state)
{
	struct beat *w = *state;

	write_late(w);
	good(held_accept(w->mota.f.r, w->held, &why));
	hubs_pass(&w->t, MINUTE);
	fixture_save(&w->head.f, "project", w->project, "title", "Lot", NULL);
	device_sync(&w->head);
	sync_all(w);
	sync_all(w);
	title_is(w, "Lot");
	assert_int_equal(conflicts_of(&w->mota), 1);
	decided_as(&w->chen, true, "900", "");
}

/* Chen makes a project there, writes on it, and adds an update of it. */
static void
make_late(struct beat *w, char id[64], char update[64])
{
	strcpy(id, fixture_save(&w->chen.f, "project", "", "title", "Motel",
			   "beat_ids", "12Y", NULL));
	hubs_pass(&w->t, MINUTE);
	fixture_save(&w->chen.f, "project", id, "goal", "Quiet nights", NULL);
	strcpy(update, fixture_save(&w->chen.f, "project_update", "",
			       "project_id", id, "text", "Walked it", NULL));
	sync_all(w);
	assert_string_equal(
		shown_text(&w->mota, "project", id, "title"), "(none)");
}

static void
held_making_accepted(void **state)
{
	struct beat *w = *state;
	struct helds all = {0};
	char id[64], update[64];

	make_late(w, id, update);
	good(held_read(w->mota.f.r, HELD_OPEN, NULL, NULL, 0, &all, &why));
	assert_int_equal(all.count, 2); /* newest first */
	assert_int_equal(
		held_accept(w->mota.f.r, all.items[0].entry.edit.id, &why),
		ST_DATA); /* there is no record to set a goal of */
	good(held_accept(w->mota.f.r, all.items[1].entry.edit.id, &why));
	good(held_accept(w->mota.f.r, all.items[0].entry.edit.id, &why));
	helds_release(&all);
	sync_all(w);
	sync_all(w);
	assert_string_equal(
		shown_text(&w->head, "project", id, "goal"), "Quiet nights");
	assert_string_equal(
		shown_text(&w->head, "project", id, "title"), "Motel");
	assert_string_equal(
		shown_text(&w->head, "project_update", update, "text"),
		"Walked it");
	assert_int_equal(counted_held(&w->chen), 0);
	assert_int_equal(listed(&w->head, HELD_OPEN, NULL), 0);
	assert_int_equal(listed(&w->head, HELD_DECIDED, NULL), 2);
}

static void
held_making_declined(void **state)
{
	struct beat *w = *state;
	struct helds all = {0};
	char id[64], update[64], name[80];

	make_late(w, id, update);
	good(held_read(w->mota.f.r, HELD_OPEN, NULL, NULL, 0, &all, &why));
	for (size_t i = 0; i < all.count; i++)
		good(held_decline(w->mota.f.r, all.items[i].entry.edit.id,
			"twice", &why));
	assert_string_equal(
		shown_text(&w->mota, "project", id, "title"), "(none)");
	fixture_sound(&w->mota.f);
	helds_release(&all);
	sync_all(w);
	sync_all(w);
	snprintf(name, sizeof(name), "project/%s", id);
	assert_string_equal(hubs_value(&w->t, name, "title"), "");
	assert_string_equal(
		shown_text(&w->head, "project", id, "title"), "(none)");
	assert_int_equal(listed(&w->head, HELD_DECIDED, NULL), 2);
	assert_int_equal(listed(&w->chen, HELD_DECIDED, NULL), 2);
	assert_int_equal(counted_held(&w->chen), 0);
}

/* An audit looks at whether decisions can be found by book. */
static void
audit_misses_decision(struct beat *w)
{
	struct sql *db = lite_db(w->t.h->log);
	struct buf report = BUF_INIT;

	good(sql_script(db,
		"CREATE TEMP TABLE kept AS SELECT * FROM news WHERE seq IN "
		"(SELECT decided FROM held) AND book='beat:12Y';"
		"DELETE FROM news WHERE (book,seq) IN (SELECT * FROM kept)",
		&why));
	assert_int_equal(hub_verify(w->t.h, &report, &why), ST_NOT_FOUND);
	assert_non_null(
		strstr(buf_text(&report), "beat:12Y is not told of entry"));
	good(sql_script(db, "INSERT INTO news SELECT * FROM kept", &why));
	buf_release(&report);
}

/* What is accepted may come into other books than it would have been in when
 * it was held: who was told of it there hears what became of it, and nothing
 * of the record. */
static void
accepted_into_other_books(void **state)
{
	struct beat *w = *state;
	struct held h = {0};
	char update[64];

	strcpy(update,
		fixture_save(&w->chen.f, "project_update", "", "project_id",
			w->project, "text", "Walked it", NULL));
	sync_all(w);
	assert_int_equal(listed(&w->mota, HELD_OPEN, NULL), 1);
	assert_int_equal(listed(&w->head, HELD_OPEN, &h), 1);
	fixture_save(&w->head.f, "project", w->project, "beat_ids", "7Z", NULL);
	fixture_save(
		&w->head.f, "project", w->project, "owner_id", "5000", NULL);
	sync_all(w);
	good(held_accept(w->head.f.r, h.entry.edit.id, &why));
	held_release(&h);
	sync_all(w);
	sync_all(w);
	assert_string_equal(
		shown_text(&w->head, "project_update", update, "text"),
		"Walked it");
	assert_string_equal(
		shown_text(&w->mota, "project_update", update, "text"),
		"(none)");
	assert_int_equal(listed(&w->mota, HELD_OPEN, NULL), 0);
	assert_int_equal(listed(&w->mota, HELD_DECIDED, NULL), 1);
	audit_misses_decision(w);
}

/* A device that is filled now has what waits, and not what is decided. */
static void
fillings_bring_what_waits(void **state)
{
	struct beat *w = *state;
	struct device fresh;
	struct held h = {0};
	char id[64], update[64];

	save_late(w);
	make_late(w, id, update);
	know_late(w);
	join(&fresh, &w->t, "900");
	assert_int_equal(listed(&fresh, HELD_OPEN, &h), 3);
	assert_string_equal(h.entry.edit.record, id);
	assert_string_equal(h.entry.by, "4480");
	held_release(&h);
	fixture_sound(&fresh.f);
	good(held_decline(fresh.f.r, w->held, "", &why));
	device_sync(&fresh);
	device_release(&fresh);
	join(&fresh, &w->t, "920");
	assert_int_equal(listed(&fresh, HELD_OPEN, NULL), 2);
	fixture_sound(&fresh.f);
	device_release(&fresh);
	join(&fresh, &w->t, "4471");
	assert_int_equal(listed(&fresh, HELD_OPEN, NULL), 0);
	device_release(&fresh);
}

/* Who comes to supervise a unit gets what waits on its beats; who goes keeps
 * nothing of it. */
static void
books_gained_and_lost(void **state)
{
	struct beat *w = *state;
	struct device other;
	char id[64], update[64];

	save_late(w);
	make_late(w, id, update);
	know_late(w);
	join(&other, &w->t, "910");
	assert_int_equal(listed(&other, HELD_OPEN, NULL), 0);
	hubs_set(&w->t, "member", "910", "org_unit_id", "A1", NULL);
	device_sync(&other);
	assert_int_equal(listed(&other, HELD_OPEN, NULL), 3);
	fixture_sound(&other.f);
	hubs_set(&w->t, "member", "910", "org_unit_id", "B1", NULL);
	device_sync(&other);
	assert_int_equal(listed(&other, HELD_OPEN, NULL), 0);
	fixture_sound(&other.f);
	device_release(&other);
}

/* A record that comes into a sergeant's beats brings its held edits. */
static void
moved_records_bring_them(void **state)
{
	struct beat *w = *state;
	struct device other;

	write_late(w);
	join(&other, &w->t, "910");
	fixture_save(&w->head.f, "project", w->project, "beat_ids", "7Z", NULL);
	sync_all(w);
	sync_all(w);
	device_sync(&other);
	assert_int_equal(listed(&other, HELD_OPEN, NULL), 1);
	assert_int_equal(listed(&w->mota, HELD_OPEN, NULL), 0);
	good(held_accept(other.f.r, w->held, &why));
	device_sync(&other);
	title_is(w, "Garage B");
	sync_all(w);
	decided_as(&w->chen, true, "910", "");
	fixture_sound(&other.f);
	device_release(&other);
}

/* A void is held and accepted like any edit. */
static void
a_held_void(void **state)
{
	struct beat *w = *state;
	struct record *rec;
	struct held h = {0};

	good(record_load(w->chen.f.r, "project", w->project, &rec, &why));
	good(record_void(w->chen.f.r, rec, "twice", &why));
	record_free(rec);
	sync_all(w);
	assert_int_equal(listed(&w->mota, HELD_OPEN, &h), 1);
	good(held_accept(w->mota.f.r, h.entry.edit.id, &why));
	held_release(&h);
	sync_all(w);
	sync_all(w);
	assert_string_equal(
		shown_text(&w->head, "project", w->project, FIELD_VOID),
		"twice");
	assert_int_equal(conflicts_of(&w->head), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(accepted_counts),
		TEST(declined_does_not),
		TEST(undone_decision),
		TEST(an_officer_does_not_decide),
		TEST(nor_a_sergeant_elsewhere),
		TEST(accepted_twice),
		TEST(declined_then_accepted),
		TEST(accepted_then_declined),
		TEST(accepted_against_a_later_edit),
		TEST(held_making_accepted),
		TEST(held_making_declined),
		TEST(accepted_into_other_books),
		TEST(fillings_bring_what_waits),
		TEST(books_gained_and_lost),
		TEST(moved_records_bring_them),
		TEST(a_held_void),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
