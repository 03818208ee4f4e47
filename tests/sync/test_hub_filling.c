/* Filling books and telling what moved meanwhile, in one process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/hubs.h"

static void
collect(const struct peer *p, struct names *records)
{
	char name[200];

	for (size_t i = 0; i < p->frame_count; i++) {
		const struct frame *f = &p->frames[i];

		if (f->type != FRAME_RECORD)
			continue;
		snprintf(name, sizeof(name), "%s/%s", f->kind, f->id);
		if (f->count && !names_add(records, name))
			fail_msg("%s came twice", name);
	}
}

/* An answer cut after any of its frames: the next goes on from there, and
 * together they bring each record once. */
static void
filling_goes_on(void **state)
{
	struct hubs *t = *state;
	struct names whole = {0};
	struct buf request = BUF_INIT;
	struct peer a;
	size_t size;

	peer_enroll(&a, t, "4480");
	peer_sync(&a);
	for (int i = 0; i < 12; i++) {
		char id[32];

		snprintf(id, sizeof(id), "project/p-%d", i);
		peer_edit(&a, id, NULL, "title", "x", "beat_ids",
			i % 3 ? "35X" : "35X,12Y", NULL);
	}
	peer_sync(&a);
	peer_forget(&a);
	peer_sync(&a);
	collect(&a, &whole);
	size = a.text.len;
	assert_true(whole.count > 24);
	for (size_t cut = 0; cut < size; cut++) {
		struct names got = {0};

		if (a.text.len > cut && cut && a.text.data[cut - 1] != '\n')
			continue;
		peer_forget(&a);
		buf_clear(&request);
		peer_request(&a, &request);
		peer_send(&a, request.data, request.len, cut ? cut : 1);
		collect(&a, &got);
		peer_sync(&a);
		collect(&a, &got);
		assert_true(names_same(&whole, &got));
		assert_int_equal(a.fill_count, 0);
		names_release(&got);
		peer_forget(&a);
		peer_sync(&a);
	}
	names_release(&whole);
	buf_release(&request);
	peer_release(&a);
}

/* A filling that breaks off before this text of the answer. */
static void
fill_up_to(struct peer *p, const char *text)
{
	struct buf request = BUF_INIT;
	const char *at;
	size_t len;

	peer_request(p, &request);
	peer_send(p, request.data, request.len, 0);
	at = strstr(buf_text(&p->text), text);
	assert_non_null(at);
	len = (size_t)(at - buf_text(&p->text));
	peer_forget(p);
	buf_clear(&request);
	peer_request(p, &request);
	peer_send(p, request.data, request.len, len);
	assert_int_equal(p->fill_count, 1);
	buf_release(&request);
}

/* What changes between two halves of a filling is caught up on. */
static void
filling_catches_up(void **state)
{
	struct hubs *t = *state;
	struct peer a, b;

	peer_enroll(&a, t, "4480");
	peer_enroll(&b, t, "4471");
	peer_sync(&a);
	peer_edit(&a, "project/p-1", NULL, "title", "one", "beat_ids", "35X",
		NULL);
	peer_edit(&a, "project/p-2", NULL, "title", "two", "beat_ids", "35X",
		NULL);
	peer_edit(&a, "project/p-3", NULL, "title", "three", "beat_ids", "35X",
		NULL);
	peer_sync(&a);
	fill_up_to(&b, "{\"r\":\"project/p-2\"");
	/* One that came changes, one that came goes, one enters. */
	peer_edit(&a, "project/p-1", peer_id(&a, 1), "title", "ONE", NULL);
	peer_edit(&a, "project/p-2", peer_id(&a, 2), "beat_ids", "12Y", NULL);
	peer_edit(&a, "project/p-4", NULL, "title", "four", "beat_ids", "35X",
		NULL);
	peer_sync(&a);
	peer_sync(&b);
	assert_non_null(peer_frame(&b, FRAME_ENTRY, "project/p-1"));
	assert_null(peer_frame(&b, FRAME_RECORD, "project/p-2"));
	assert_non_null(peer_frame(&b, FRAME_LEAVE, "project/p-2"));
	assert_non_null(peer_frame(&b, FRAME_RECORD, "project/p-3"));
	assert_non_null(peer_frame(&b, FRAME_ENTRY, "project/p-4"));
	assert_null(peer_frame(&b, FRAME_RECORD, "project/p-4"));
	peer_sync(&b);
	assert_null(peer_frame(&b, FRAME_ENTRY, NULL));
	peer_release(&a);
	peer_release(&b);
}

/* What one makes oneself in a book that is being filled: the verdict does not
 * know of the book, so the filling tells where the record is. */
static void
filling_tells_of_ones_own(void **state)
{
	struct hubs *t = *state;
	const struct frame *f;
	struct peer a;

	peer_enroll(&a, t, "4471");
	fill_up_to(&a, "{\"filled\":\"beat:35X\"");
	peer_edit(&a, "project/p-1", NULL, "title", "one", "beat_ids", "35X",
		NULL);
	peer_sync(&a);
	assert_non_null(peer_verdict(&a, 1));
	f = peer_frame(&a, FRAME_ENTER, "project/p-1");
	assert_non_null(f);
	assert_string_equal(f->books.items[0], "beat:35X");
	assert_int_equal(f->count, 1);
	peer_release(&a);
}

/* A record born into a whole book and one being filled is told to be in both,
 * or it would go with the first of them. */
static void
births_are_caught_up(void **state)
{
	struct hubs *t = *state;
	struct peer a, b;
	const char *names[] = {"project/p-2", "project/p-3"};

	peer_enroll(&a, t, "4480");
	peer_enroll(&b, t, "4480");
	peer_edit(&a, "project/p-1", NULL, "title", "one", "beat_ids", "35X",
		NULL);
	peer_sync(&a);
	fill_up_to(&b, "{\"r\":\"project/p-1\"");
	peer_edit(&a, names[0], NULL, "title", "two", "beat_ids", "35X,12Y",
		NULL);
	peer_edit(&b, names[1], NULL, "title", "three", "beat_ids", "35X,12Y",
		NULL);
	peer_sync(&a);
	peer_sync(&b);
	for (size_t i = 0; i < 2; i++) {
		const struct frame *f = peer_frame(&b, FRAME_ENTER, names[i]);

		assert_non_null(f);
		assert_true(names_have(&f->books, "beat:35X"));
	}
	peer_release(&a);
	peer_release(&b);
}

/* Whole records: what stands, who made it, and both sides of a conflict. */
static void
move_to_12y(struct hubs *t)
{
	hubs_set(t, "project", "0-zz", "beat_ids", "12Y", NULL);
}

static void
move_to_7z(struct hubs *t)
{
	hubs_set(t, "project", "0-zz", "beat_ids", "7Z", NULL);
}

/* A record that goes from a book being filled to another while its answer is
 * on the way is told by one of the two, or it would never come. */
static void
filling_while_records_move(void **state)
{
	struct hubs *t = *state;
	struct peer a = {0}, b = {0}, c = {0};

	peer_enroll(&a, t, "4480");
	peer_enroll(&b, t, "4480");
	peer_enroll(&c, t, "4480");
	peer_edit(&a, "project/0-zz", NULL, "title", "Lake", "beat_ids", "35X",
		"kind", "sara", "stage", "scanning", "status", "open",
		"owner_id", "4480", "opened_on", "2026-07-14", NULL);
	peer_sync(&a);
	b.meanwhile = move_to_12y;
	peer_sync(&b);
	assert_true(peer_saw(&b, "Lake"));
	assert_non_null(peer_frame(&b, FRAME_RECORD, "project/0-zz"));
	peer_sync(&b);
	assert_non_null(peer_frame(&b, FRAME_LEAVE, "project/0-zz"));
	/* Into a book that is not held: not a byte. */
	c.meanwhile = move_to_7z;
	peer_sync(&c);
	assert_false(peer_saw(&c, "Lake"));
	peer_release(&a);
	peer_release(&b);
	peer_release(&c);
}

/* The same from a book that is held whole to one being filled. */
static void
a_tail_while_records_move(void **state)
{
	struct hubs *t = *state;
	struct peer a = {0}, b = {0};
	char text[8001];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	peer_enroll(&a, t, "4480");
	peer_enroll(&b, t, "4471");
	peer_edit(&a, "project/0-zz", NULL, "title", "Lake", "beat_ids", "35X",
		NULL);
	peer_sync(&a);
	peer_sync(&b);
	hubs_set(t, "assignment", "", "member_id", "4471", "beat_id", "12Y",
		NULL);
	peer_edit(&a, "project/0-zy", NULL, "title", text, "beat_ids", "35X",
		NULL);
	peer_edit(&a, "project/0-zz", peer_id(&a, 1), "title", "Pond", NULL);
	peer_sync(&a);
	b.meanwhile = move_to_12y;
	peer_sync(&b);
	assert_true(peer_saw(&b, "Pond"));
	peer_release(&a);
	peer_release(&b);
}

static void
a_whole_record(void **state)
{
	struct hubs *t = *state;
	struct peer a, b, late;
	const struct frame *f;
	const struct entry *last;

	peer_enroll(&a, t, "4471");
	peer_enroll(&b, t, "4480");
	peer_sync(&a);
	peer_sync(&b);
	peer_edit(
		&a, "project/p-1", NULL, "title", "1", "beat_ids", "35X", NULL);
	peer_sync(&a);
	peer_sync(&b);
	peer_edit(&a, "project/p-1", peer_id(&a, 1), "title", "2", NULL);
	hubs_pass(t, MINUTE);
	peer_edit(&b, "project/p-1", peer_id(&a, 1), "title", "3", "goal", "g",
		NULL);
	peer_sync(&b);
	peer_sync(&a);
	peer_enroll(&late, t, "4471");
	peer_sync(&late);
	f = peer_frame(&late, FRAME_RECORD, "project/p-1");
	assert_int_equal(f->count, 3);
	assert_int_equal(f->entries[0].edit.count, 1);
	last = &f->entries[2];
	assert_int_equal(last->edit.id.replica, a.number);
	assert_int_equal(last->verdict.lost_count, 1);
	assert_int_equal(last->verdict.standing_count, 1);
	assert_int_equal(last->verdict.standing[0].losers[0].n, 2);
	peer_release(&a);
	peer_release(&b);
	peer_release(&late);
}

/* A request that breaks off: what was whole is kept, the rest comes again. */

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HUBS_TEST(filling_goes_on),
		HUBS_TEST(filling_catches_up),
		HUBS_TEST(filling_tells_of_ones_own),
		HUBS_TEST(births_are_caught_up),
		HUBS_TEST(filling_while_records_move),
		HUBS_TEST(a_tail_while_records_move),
		HUBS_TEST(a_whole_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
