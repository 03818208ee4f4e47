/* Which books a member holds, where records go, and who is told what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/hubs.h"

#define DAY (24 * 60 * MINUTE)

/* a holds 35X; b 35X and 12Y; c 7Z; s is the sergeant of A1. */
struct team {
	struct hubs t;
	struct peer a, b, c, s;
};

static int
set_up(void **state)
{
	struct team *w = mem_alloc(sizeof(*w));

	hubs_make(&w->t);
	peer_enroll(&w->a, &w->t, "4471");
	peer_enroll(&w->b, &w->t, "4480");
	peer_enroll(&w->c, &w->t, "5000");
	peer_enroll(&w->s, &w->t, "900");
	peer_sync(&w->a);
	peer_sync(&w->b);
	peer_sync(&w->c);
	peer_sync(&w->s);
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct team *w = *state;

	hubs_verify(&w->t);
	peer_release(&w->a);
	peer_release(&w->b);
	peer_release(&w->c);
	peer_release(&w->s);
	hubs_remove(&w->t);
	free(w);
	return 0;
}

/* Everybody's tail is drawn, so that what comes next is news. */
static void
all_sync(struct team *w)
{
	hubs_pass(&w->t, MINUTE);
	peer_sync(&w->a);
	peer_sync(&w->b);
	peer_sync(&w->c);
	peer_sync(&w->s);
}

static void
books_are(struct peer *p, const char *expected)
{
	struct buf text = BUF_INIT;

	names_sort(&p->books);
	for (size_t i = 0; i < p->books.count; i++)
		buf_printf(&text, "%s%s", i ? " " : "", p->books.items[i]);
	assert_string_equal(buf_text(&text), expected);
	buf_release(&text);
}

static void
holds(struct team *w, const char *badge, const char *expected)
{
	struct peer p;

	peer_enroll(&p, &w->t, badge);
	peer_sync(&p);
	books_are(&p, expected);
	peer_release(&p);
}

static void
books_held(void **state)
{
	struct team *w = *state;

	holds(w, "4471", "beat:35X dept member:4471 unit:A1");
	holds(w, "4480", "beat:12Y beat:35X dept member:4480 unit:A1");
	holds(w, "900",
		"beat:12Y beat:35X dept member:4471 member:4480 member:900 "
		"member:930 unit:A1");
	holds(w, "920",
		"beat:12Y beat:35X beat:7Z dept member:920 unit:A1 unit:B1 "
		"unit:D1");
	holds(w, "930", "beat:12Y beat:35X dept member:930 unit:A1");
	holds(w, "999", "dept member:999");
	hubs_set(&w->t, "member", "910", "org_unit_id", "D1", NULL);
	hubs_set(&w->t, "member", "999", "supervisor_id", "910", NULL);
	holds(w, "910", "beat:7Z dept member:910 member:999 unit:B1 unit:D1");
}

/* Days are the department's: this one ends at 07:00 UTC. */
static void
assignments_end_by_their_date(void **state)
{
	struct team *w = *state;

	hubs_set(&w->t, "assignment", "", "member_id", "4471", "beat_id", "12Y",
		"starts_on", "2026-07-14", "ends_on", "2026-07-15", NULL);
	holds(w, "4471", "beat:12Y beat:35X dept member:4471 unit:A1");
	hubs_pass(&w->t, DAY);
	holds(w, "4471", "beat:12Y beat:35X dept member:4471 unit:A1");
	w->t.now.wall_ms += 20 * 60 * MINUTE;
	holds(w, "4471", "beat:12Y beat:35X dept member:4471 unit:A1");
	w->t.now.wall_ms += 60 * MINUTE;
	holds(w, "4471", "beat:35X dept member:4471 unit:A1");
	w->a.hashed = true;
	peer_sync(&w->a);
	books_are(&w->a, "beat:35X dept member:4471 unit:A1");
}

static void
gained_and_lost_books(void **state)
{
	struct team *w = *state;

	peer_edit(&w->b, "project/p-1", NULL, "title", "Elsewhere", "beat_ids",
		"12Y", NULL);
	peer_sync(&w->b);
	peer_sync(&w->a);
	assert_false(peer_saw(&w->a, "Elsewhere"));
	hubs_set(&w->t, "assignment", "", "member_id", "4471", "beat_id", "12Y",
		NULL);
	w->a.hashed = true;
	peer_sync(&w->a);
	assert_int_equal(w->a.frame_count, 3); /* head, profile, end */
	w->a.hashed = false;
	peer_sync(&w->a);
	assert_true(peer_saw(&w->a, "Elsewhere"));
	assert_non_null(peer_frame(&w->a, FRAME_RECORD, "project/p-1"));
	books_are(&w->a, "beat:12Y beat:35X dept member:4471 unit:A1");
	w->a.hashed = true;
	peer_sync(&w->a);
	assert_false(w->a.frames[0].head.has_books);
	hubs_set(&w->t, "member", "4471", "org_unit_id", "B1", NULL);
	w->a.hashed = false;
	peer_sync(&w->a);
	books_are(&w->a, "beat:12Y beat:35X dept member:4471 unit:B1");
}

static void
make_family(struct team *w)
{
	peer_edit(&w->a, "project/p-1", NULL, "title", "Lake theft", "beat_ids",
		"35X", "owner_id", "4471", NULL);
	peer_edit(&w->a, "project_update/u-1", NULL, "project_id", "p-1",
		"text", "Walked the block", NULL);
	peer_edit(&w->a, "action_item/i-1", NULL, "source_id",
		"project_update/u-1", "text", "Call them", "owner_id", "4471",
		NULL);
	all_sync(w);
	assert_non_null(peer_frame(&w->b, FRAME_ENTRY, "project/p-1"));
	assert_non_null(peer_frame(&w->s, FRAME_ENTRY, "action_item/i-1"));
	assert_false(peer_saw(&w->c, "p-1"));
}

/* A record that moves takes its descendants along: who holds the old book
 * alone loses them, who holds the new one gets them whole. */
static void
moving_takes_descendants(void **state)
{
	struct team *w = *state;
	const struct frame *f;

	make_family(w);
	peer_edit(&w->a, "project/p-1", peer_id(&w->a, 1), "title", "Renamed",
		NULL);
	all_sync(w);
	hubs_pass(&w->t, MINUTE);
	peer_edit(&w->s, "project/p-1", peer_id(&w->a, 1), "beat_ids", "7Z",
		NULL);
	peer_sync(&w->s);
	peer_sync(&w->a);
	assert_non_null(peer_frame(&w->a, FRAME_LEAVE, "project/p-1"));
	assert_non_null(peer_frame(&w->a, FRAME_LEAVE, "project_update/u-1"));
	assert_non_null(peer_frame(&w->a, FRAME_LEAVE, "action_item/i-1"));
	assert_null(peer_frame(&w->a, FRAME_ENTRY, NULL));
	peer_sync(&w->c);
	f = peer_frame(&w->c, FRAME_ENTER, "project/p-1");
	assert_non_null(f);
	assert_string_equal(f->books.items[0], "beat:7Z");
	assert_int_equal(f->count, 3); /* made, renamed, moved */
	assert_null(edit_find(&f->entries[0].edit, "title"));
	assert_non_null(edit_find(&f->entries[0].edit, "owner_id"));
	f = peer_frame(&w->c, FRAME_ENTER, "action_item/i-1");
	assert_int_equal(f->count, 1);
	assert_non_null(peer_frame(&w->c, FRAME_ENTER, "project_update/u-1"));
	assert_null(peer_frame(&w->c, FRAME_ENTRY, NULL));
	/* Later entries just come, and no longer to the others. */
	peer_edit(&w->c, "project/p-1", peer_id(&w->a, 4), "title", "Ours now",
		NULL);
	all_sync(w);
	assert_false(peer_saw(&w->a, "Ours now"));
	assert_false(peer_saw(&w->b, "Ours now"));
}

/* Whoever reads without sending again what the hub has is told so alone: the
 * cursor must not pass a verdict on what has left. */
static void
a_verdict_waits_for_who_knows_the_edit(void **state)
{
	struct team *w = *state;
	struct buf request = BUF_INIT;
	const char *hello_end;

	make_family(w);
	all_sync(w);
	peer_edit(&w->a, "project/p-1", peer_id(&w->a, 1), "title", "Renamed",
		NULL);
	peer_request(&w->a, &request);
	hello_end = strchr(buf_text(&request), '\n') + 1;
	assert_int_equal(
		peer_send(&w->a, buf_text(&request), request.len, 1), 200);
	peer_edit(&w->s, "project/p-1", peer_id(&w->a, 1), "beat_ids", "7Z",
		NULL);
	peer_sync(&w->s);
	peer_send(&w->a, buf_text(&request),
		(size_t)(hello_end - buf_text(&request)), 0);
	assert_true(w->a.ended);
	assert_int_equal(w->a.n, 4);
	assert_false(peer_saw(&w->a, "\"c\":"));
	peer_sync(&w->a);
	assert_non_null(peer_verdict(&w->a, 4));
	assert_non_null(peer_frame(&w->a, FRAME_LEAVE, "project/p-1"));
	buf_release(&request);
}

/* Between two books that are both held nothing is sent again. */
static void
moving_within_what_is_held(void **state)
{
	struct team *w = *state;
	const struct frame *f;

	make_family(w);
	peer_edit(&w->b, "project/p-1", peer_id(&w->a, 1), "beat_ids", "12Y",
		NULL);
	peer_sync(&w->b);
	peer_sync(&w->s);
	assert_non_null(peer_frame(&w->s, FRAME_ENTRY, "project/p-1"));
	f = peer_frame(&w->s, FRAME_ENTER, "project/p-1");
	assert_int_equal(f->count, 0);
	assert_string_equal(f->books.items[0], "beat:12Y");
	assert_true(f < peer_frame(&w->s, FRAME_LEAVE, "project/p-1"));
	assert_non_null(peer_frame(&w->b, FRAME_ENTER, "project/p-1"));
	peer_sync(&w->a);
	assert_non_null(peer_frame(&w->a, FRAME_LEAVE, "project/p-1"));
	assert_false(peer_saw(&w->a, "12Y"));
}

/* Entries from before a record left and came back are not lost, and what it
 * was given while away comes with it. */
static void
away_and_back(void **state)
{
	struct team *w = *state;
	const struct frame *f;

	make_family(w);
	peer_edit(&w->s, "project/p-1", peer_id(&w->a, 1), "beat_ids", "12Y",
		NULL);
	peer_sync(&w->s);
	peer_edit(
		&w->b, "project/p-1", peer_id(&w->a, 1), "title", "Away", NULL);
	peer_sync(&w->b);
	peer_edit(&w->s, "project/p-1", peer_id(&w->s, 1), "beat_ids", "35X",
		NULL);
	peer_sync(&w->s);
	peer_sync(&w->a);
	assert_non_null(peer_frame(&w->a, FRAME_LEAVE, "project/p-1"));
	f = peer_frame(&w->a, FRAME_ENTER, "project/p-1");
	assert_int_equal(f->count, 3);
	assert_true(f > peer_frame(&w->a, FRAME_LEAVE, "project/p-1"));
	assert_true(peer_saw(&w->a, "Away"));
}

/* An update whose project has not come yet is its author's alone. */
static void
a_child_before_its_parent(void **state)
{
	struct team *w = *state;

	peer_edit(&w->a, "project_update/u-9", NULL, "project_id", "p-9",
		"text", "Early bird", NULL);
	all_sync(w);
	assert_false(peer_saw(&w->b, "Early bird"));
	assert_true(peer_saw(&w->s, "member:4471"));
	peer_edit(&w->b, "project/p-9", NULL, "title", "Late", "beat_ids",
		"12Y", NULL);
	peer_sync(&w->b);
	assert_non_null(peer_frame(&w->b, FRAME_ENTER, "project_update/u-9"));
	peer_sync(&w->a);
	assert_non_null(peer_frame(&w->a, FRAME_LEAVE, "project_update/u-9"));
}

static void
author_and_owner_units(void **state)
{
	struct team *w = *state;

	peer_edit(&w->a, "contact/k-1", NULL, "name", "Ana Diaz", NULL);
	all_sync(w);
	assert_true(peer_saw(&w->b, "Ana Diaz"));
	assert_false(peer_saw(&w->c, "Ana Diaz"));
	/* The author's unit changes, and the contact goes with them. */
	hubs_set(&w->t, "member", "4471", "org_unit_id", "B1", NULL);
	all_sync(w);
	assert_non_null(peer_frame(&w->c, FRAME_ENTER, "contact/k-1"));
	assert_non_null(peer_frame(&w->b, FRAME_LEAVE, "contact/k-1"));
}

static void
unknown_kinds_stay_with_their_author(void **state)
{
	struct team *w = *state;

	peer_edit(&w->a, "drone_flight/d-1", NULL, "pilot", "Me myself", NULL);
	all_sync(w);
	assert_int_equal(peer_verdict(&w->a, 1)->verdict.lost_count, 0);
	assert_null(peer_verdict(&w->a, 1)->verdict.held);
	assert_false(peer_saw(&w->b, "Me myself"));
	assert_true(peer_saw(&w->s, "Me myself")); /* A1's sergeant */
}

static void
held_without_rights(void **state)
{
	struct team *w = *state;
	const struct frame *f;

	make_family(w);
	peer_edit(&w->c, "project/p-1", NULL, "title", "Not mine", NULL);
	peer_edit(&w->c, "member/4471", NULL, "access", "admin", NULL);
	peer_edit(&w->c, "project/p-5", NULL, "title", "New there", "beat_ids",
		"12Y", NULL);
	peer_edit(&w->c, "project/p-5", peer_id(&w->c, 3), "goal", "More of it",
		NULL);
	peer_sync(&w->c);
	assert_non_null(peer_verdict(&w->c, 1)->verdict.held);
	assert_non_null(peer_verdict(&w->c, 2)->verdict.held);
	assert_non_null(peer_verdict(&w->c, 4)->verdict.held);
	assert_string_equal(hubs_value(&w->t, "project/p-5", "goal"), "");
	assert_non_null(peer_verdict(&w->c, 3)->verdict.held);
	assert_string_equal(
		hubs_value(&w->t, "project/p-1", "title"), "Lake theft");
	assert_string_equal(
		hubs_value(&w->t, "member/4471", "access"), "officer");
	peer_sync(&w->a);
	assert_false(peer_saw(&w->a, "Not mine"));
	peer_sync(&w->b);
	assert_false(peer_saw(&w->b, "New there"));
	peer_sync(&w->s);
	f = peer_frame(&w->s, FRAME_ENTRY, "project/p-1");
	assert_non_null(f->entries[0].verdict.held);
	f = peer_frame(&w->s, FRAME_ENTRY, "project/p-5");
	assert_non_null(f->entries[0].verdict.held);
	/* There is no such record; this is where it would be. */
	assert_int_equal(f->books.count, 1);
	assert_string_equal(f->books.items[0], "beat:12Y");
}

/* What counts is what held when it was written. */
static void
rights_of_the_time_it_was_written(void **state)
{
	struct team *w = *state;
	struct names ids = {0};
	struct why why;

	peer_edit(&w->a, "project/p-1", NULL, "title", "In time", "beat_ids",
		"35X", NULL);
	hubs_pass(&w->t, MINUTE);
	assert_int_equal(ST_OK, hub_ids(w->t.h, "assignment", &ids, &why));
	hubs_set(&w->t, "assignment", ids.items[0], "ends_on", "2026-07-13",
		NULL);
	names_release(&ids);
	hubs_pass(&w->t, MINUTE);
	peer_edit(&w->a, "project/p-2", NULL, "title", "Too late", "beat_ids",
		"35X", NULL);
	peer_sync(&w->a);
	assert_null(peer_verdict(&w->a, 1)->verdict.held);
	assert_non_null(peer_verdict(&w->a, 2)->verdict.held);
	books_are(&w->a, "dept member:4471 unit:A1");
}

/* Absences are written by whom they are about; their notes are restricted. */
static void
absences(void **state)
{
	struct team *w = *state;

	peer_edit(&w->a, "absence/x-1", NULL, "member_id", "4471", "kind",
		"training", "starts_on", "2026-07-20", "ends_on", "2026-07-21",
		NULL);
	peer_edit(&w->a, "absence_note/x-2", NULL, "absence_id", "x-1", "note",
		"Private matter", NULL);
	all_sync(w);
	assert_null(peer_verdict(&w->a, 1)->verdict.held);
	assert_null(peer_verdict(&w->a, 2)->verdict.held);
	assert_true(peer_saw(&w->b, "training"));
	assert_false(peer_saw(&w->b, "Private matter"));
	assert_true(peer_saw(&w->s, "Private matter"));
	peer_edit(
		&w->b, "absence/x-1", peer_id(&w->a, 1), "kind", "court", NULL);
	peer_sync(&w->b);
	assert_non_null(peer_verdict(&w->b, 1)->verdict.held);
}

static void
kinds_a_level_never_sees(void **state)
{
	struct team *w = *state;
	struct peer analyst;

	peer_enroll(&analyst, &w->t, "930");
	peer_sync(&analyst);
	peer_edit(&w->a, "contact/k-1", NULL, "name", "Ana Diaz", "beat_ids",
		"35X", NULL);
	peer_edit(&w->a, "project/p-1", NULL, "title", "Lake", "beat_ids",
		"35X", NULL);
	peer_sync(&w->a);
	peer_sync(&analyst);
	assert_true(peer_saw(&analyst, "Lake"));
	assert_false(peer_saw(&analyst, "Ana Diaz"));
	peer_release(&analyst);
	peer_enroll(&analyst, &w->t, "930");
	peer_sync(&analyst);
	assert_true(peer_saw(&analyst, "Lake"));
	assert_false(peer_saw(&analyst, "k-1"));
	peer_release(&analyst);
}

/* A beat's book is lent to who asks, to read; what is written in it is held.
 * Nothing else is lent. */
static void
beats_are_lent(void **state)
{
	struct team *w = *state;

	peer_edit(&w->c, "project/p-9", NULL, "title", "Elsewhere", "beat_ids",
		"7Z", NULL);
	peer_sync(&w->c);
	names_add(&w->a.asked, "beat:7Z");
	names_add(&w->a.asked, "beat:99Z");
	names_add(&w->a.asked, "member:900");
	names_add(&w->a.asked, "unit:B1");
	peer_sync(&w->a);
	books_are(&w->a, "beat:35X beat:7Z dept member:4471 unit:A1");
	assert_int_equal(w->a.lent.count, 1);
	assert_string_equal(w->a.lent.items[0], "beat:7Z");
	assert_true(peer_saw(&w->a, "Elsewhere"));
	peer_edit(&w->a, "project/p-9", NULL, "title", "Mine", NULL);
	w->a.hashed = true;
	peer_sync(&w->a);
	assert_false(w->a.frames[0].head.has_books);
	assert_non_null(peer_verdict(&w->a, 1)->verdict.held);
	/* Not to those who may decide elsewhere either. */
	peer_sync(&w->s);
	assert_false(peer_saw(&w->s, "Mine"));
	names_add(&w->s.asked, "beat:7Z");
	peer_sync(&w->s);
	assert_true(peer_saw(&w->s, "Elsewhere"));
	assert_false(peer_saw(&w->s, "Mine"));
}

/* Nor are held makings of records that would be in a book that is lent. */
static void
held_makings_are_not_lent(void **state)
{
	struct team *w = *state;

	peer_edit(&w->a, "project/p-8", NULL, "title", "Not made", "beat_ids",
		"7Z", NULL);
	peer_sync(&w->a);
	assert_non_null(peer_verdict(&w->a, 1)->verdict.held);
	names_add(&w->s.asked, "beat:7Z");
	peer_sync(&w->s);
	assert_int_equal(w->s.lent.count, 1);
	assert_false(peer_saw(&w->s, "Not made"));
}

/* One more request of p's, cut off before this text comes. */
static void
cut_before(struct peer *p, const char *whole, const char *text)
{
	const char *at = strstr(whole, text);
	struct buf request = BUF_INIT;

	assert_non_null(at);
	peer_request(p, &request);
	peer_send(p, request.data, request.len, (size_t)(at - whole));
	buf_release(&request);
}

/* Held edits of a record that was lent are told when it enters a book of one's
 * own, while that is being filled, too. */
static void
from_a_lent_book_into_one_being_filled(void **state)
{
	struct team *w = *state;
	struct peer x; /* another device of the sergeant's */

	peer_enroll(&x, &w->t, "900");
	names_add(&w->s.asked, "beat:7Z");
	names_add(&x.asked, "beat:7Z");
	hubs_set(&w->t, "beat", "12Y", "org_unit_ids", "D1", NULL);
	peer_edit(&w->b, "project/p-1", NULL, "title", "One", "beat_ids", "12Y",
		NULL);
	peer_edit(&w->b, "project/p-2", NULL, "title", "Two", "beat_ids", "12Y",
		NULL);
	peer_edit(&w->c, "project/p-9", NULL, "title", "There", "beat_ids",
		"7Z", NULL);
	peer_edit(&w->a, "project/p-9", NULL, "title", "Mine", NULL);
	peer_sync(&w->b);
	peer_sync(&w->c);
	all_sync(w);
	peer_sync(&w->s);
	peer_sync(&x);
	peer_sync(&x);
	assert_true(names_have(&w->s.lent, "beat:7Z"));
	assert_false(names_have(&w->s.books, "beat:12Y"));
	hubs_set(&w->t, "beat", "12Y", "org_unit_ids", "A1", NULL);
	peer_sync(&x);
	cut_before(&w->s, buf_text(&x.text), "{\"r\":\"project/p-2\"");
	assert_int_equal(w->s.fill_count, 1);
	hubs_set(&w->t, "project", "p-9", "beat_ids", "7Z,12Y", NULL);
	peer_sync(&w->s);
	assert_non_null(peer_frame(&w->s, FRAME_ENTER, "project/p-9"));
	assert_true(peer_saw(&w->s, "Mine"));
	peer_release(&x);
}

/* A level that changed is told, though the books are the same. */
static void
the_level_goes_with_the_books(void **state)
{
	struct team *w = *state;

	w->a.hashed = true;
	peer_sync(&w->a);
	assert_false(w->a.frames[0].head.has_books);
	hubs_set(&w->t, "member", "4471", "access", "coordinator", NULL);
	peer_sync(&w->a);
	assert_true(w->a.frames[0].head.has_books);
	assert_string_equal(w->a.frames[0].head.level, "coordinator");
	assert_null(peer_frame(&w->a, FRAME_CURSOR, NULL));
}

static void
a_member_who_is_off(void **state)
{
	struct team *w = *state;

	hubs_set(&w->t, "member", "4471", "active", "false", NULL);
	assert_int_equal(401, peer_try(&w->a));
	hubs_set(&w->t, "member", "4471", "active", "true", NULL);
	assert_int_equal(200, peer_try(&w->a));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(books_held),
		TEST(assignments_end_by_their_date),
		TEST(gained_and_lost_books),
		TEST(moving_takes_descendants),
		TEST(a_verdict_waits_for_who_knows_the_edit),
		TEST(moving_within_what_is_held),
		TEST(away_and_back),
		TEST(a_child_before_its_parent),
		TEST(author_and_owner_units),
		TEST(unknown_kinds_stay_with_their_author),
		TEST(held_without_rights),
		TEST(rights_of_the_time_it_was_written),
		TEST(absences),
		TEST(kinds_a_level_never_sees),
		TEST(beats_are_lent),
		TEST(held_makings_are_not_lent),
		TEST(from_a_lent_book_into_one_being_filled),
		TEST(the_level_goes_with_the_books),
		TEST(a_member_who_is_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
