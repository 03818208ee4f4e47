/* Requests to the hub, good and bad, in one process with a pinned clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sync/pack.h"
#include "tests/support/fixture.h"
#include "tests/support/good.h"
#include "tests/support/hubs.h"

static void
an_edit_there_and_back(void **state)
{
	struct hubs *t = *state;
	struct peer a, b;
	const struct frame *f;

	peer_enroll(&a, t, "4471");
	peer_enroll(&b, t, "4480");
	peer_sync(&a);
	peer_sync(&b);
	peer_edit(&a, "project/p-1", NULL, "title", "Lake theft", "beat_ids",
		"35X", NULL);
	peer_sync(&a);
	assert_int_equal(a.n, 1);
	f = peer_frame(&a, FRAME_VERDICT, NULL);
	assert_string_equal(f->books.items[0], "beat:35X");
	assert_false(peer_saw(&a, "Lake theft"));
	peer_sync(&b);
	f = peer_frame(&b, FRAME_ENTRY, "project/p-1");
	assert_string_equal(f->entries[0].by, "4471");
	assert_string_equal(
		edit_find(&f->entries[0].edit, "title")->value, "Lake theft");
	assert_string_equal(f->books.items[0], "beat:35X");
	peer_sync(&b);
	assert_null(peer_frame(&b, FRAME_ENTRY, NULL));
	peer_release(&a);
	peer_release(&b);
}

static void
the_same_request_twice(void **state)
{
	struct hubs *t = *state;
	struct buf request = BUF_INIT;
	struct peer a;
	int64_t before;

	peer_enroll(&a, t, "4471");
	peer_sync(&a);
	peer_edit(
		&a, "project/p-1", NULL, "title", "x", "beat_ids", "35X", NULL);
	peer_edit(&a, "project/p-1", peer_id(&a, 1), "title", "y", NULL);
	peer_request(&a, &request);
	/* The answer is lost. */
	assert_int_equal(200, peer_send(&a, request.data, request.len, 1));
	before = hubs_entries(t);
	assert_int_equal(200, peer_send(&a, request.data, request.len, 0));
	assert_int_equal(hubs_entries(t), before);
	/* The verdicts come again, for the answer may have been lost. */
	assert_int_equal(peer_verdict(&a, 2)->seq, before);
	peer_sync(&a);
	buf_release(&request);
	peer_release(&a);
}

static void
copied_files(void **state)
{
	struct hubs *t = *state;
	struct peer a;
	struct digest chain;
	int64_t before;
	uint32_t number;

	peer_enroll(&a, t, "4471");
	peer_sync(&a);
	peer_edit(
		&a, "project/p-1", NULL, "title", "x", "beat_ids", "35X", NULL);
	peer_sync(&a);
	before = hubs_entries(t);
	/* A copy from before wrote another first edit. */
	a.n = 0;
	chain = a.chain;
	memset(&a.chain, 0, sizeof(a.chain));
	free(a.outbox[0].edit.changes[0].value);
	a.outbox[0].edit.changes[0].value = mem_text("z");
	peer_edit(&a, "project/p-1", NULL, "title", "zz", NULL);
	assert_int_equal(200, peer_try(&a));
	number = a.frames[0].head.number;
	assert_int_equal(a.frames[0].head.n, 0);
	assert_true(number > a.number);
	assert_int_equal(a.frame_count, 3); /* head, profile, end */
	/* Asked again, it gives the same. */
	a.n = 0;
	assert_int_equal(200, peer_try(&a));
	assert_int_equal(a.frames[0].head.number, number);
	/* The hello's hash is another's. */
	a.n = 1;
	assert_int_equal(200, peer_try(&a));
	assert_true(a.frames[0].head.other_chain);
	assert_int_equal(a.frames[0].head.number, 0);
	/* It knows more of itself than the hub. */
	a.n = 2;
	a.chain = chain;
	assert_int_equal(200, peer_try(&a));
	assert_int_equal(a.frames[0].head.n, 1);
	assert_int_equal(a.frame_count, 3);
	assert_int_equal(hubs_entries(t), before);
	peer_release(&a);
}

static void
revoked(void **state)
{
	struct hubs *t = *state;
	struct hub_replicas list = {0};
	struct peer p;
	struct hub_revoked gone;

	peer_enroll(&p, t, "4471");
	peer_sync(&p);
	assert_int_equal(ST_NOT_FOUND, hub_revoke(t->h, 77, &gone, &why));
	good(hub_revoke(t->h, p.number, &gone, &why));
	assert_false(gone.unknown || gone.already || gone.copies);
	good(hub_revoke(t->h, p.number, &gone, &why));
	assert_true(gone.already);
	assert_int_equal(401, peer_try(&p));
	good(hub_replica_list(t->h, &list, &why));
	assert_int_equal(list.count, 1);
	assert_true(list.items[0].revoked);
	assert_int_equal(list.items[0].last_sync_ms, t->now.wall_ms);
	hub_replicas_release(&list);
	peer_release(&p);
}

static int
get(struct hubs *t, const char *target, const char *token, struct buf *out)
{
	buf_clear(out);
	return hub_call(t->h, "GET", target, token, NULL, 0, out);
}

static void
log_profile_health(void **state)
{
	struct hubs *t = *state;
	struct buf out = BUF_INIT;
	struct peer a, c;

	peer_enroll(&a, t, "4471");
	peer_enroll(&c, t, "5000");
	peer_sync(&a);
	peer_edit(&a, "project/p-1", NULL, "title", "Lake", "beat_ids", "35X",
		NULL);
	peer_edit(&a, "project/p-1", peer_id(&a, 1), "title", "Pond", NULL);
	peer_sync(&a);
	assert_int_equal(
		200, get(t, "/v1/log?record=project%2Fp-1", a.token, &out));
	assert_true(strstr(out.data, "Pond") < strstr(out.data, "Lake"));
	assert_int_equal(
		404, get(t, "/v1/log?record=project/p-1", c.token, &out));
	assert_null(strstr(out.data, "p-1"));
	assert_int_equal(
		404, get(t, "/v1/log?record=project/none", c.token, &out));
	assert_int_equal(400, get(t, "/v1/log?record=%zz", c.token, &out));
	assert_int_equal(400, get(t, "/v1/log", c.token, &out));
	assert_int_equal(401, get(t, "/v1/log?record=a/b", NULL, &out));
	assert_int_equal(401, get(t, "/v1/profile", "junk", &out));
	assert_int_equal(200, get(t, "/v1/profile", a.token, &out));
	assert_non_null(strstr(out.data, "Oakland"));
	assert_int_equal(200, get(t, "/v1/health", NULL, &out));
	assert_non_null(strstr(out.data, "\"ok\":true"));
	assert_int_equal(404, get(t, "/v1/other", NULL, &out));
	peer_release(&a);
	peer_release(&c);
	buf_release(&out);
}

/* Deflated both ways, one byte at a time, and two at once on one hub. */
static void
deflated(void **state)
{
	struct hubs *t = *state;
	struct buf plain = BUF_INIT, packed = BUF_INIT, answer = BUF_INIT;
	struct packer *packer = packer_new(false);
	struct unpacker *u = unpacker_new(REQUEST_MAX);
	struct hub_sync *s, *other;
	const char *line = NULL, *last = NULL;
	struct peer p;
	bool more = true;
	size_t len;

	peer_enroll(&p, t, "4471");
	peer_edit(
		&p, "project/p-1", NULL, "title", "1", "beat_ids", "35X", NULL);
	peer_request(&p, &plain);
	packer_add(packer, plain.data, plain.len, &packed);
	packer_finish(packer, &packed);
	s = hub_sync_new(t->h);
	other = hub_sync_new(t->h);
	for (size_t i = 0; i < packed.len; i++) {
		hub_sync_feed(s, packed.data + i, 1);
		hub_sync_feed(other, packed.data + i, 1);
	}
	hub_sync_finish(s);
	hub_sync_finish(other);
	assert_int_equal(200, hub_sync_status(s));
	assert_int_equal(200, hub_sync_status(other));
	while (more)
		hub_sync_answer(s, &answer, &more);
	good(unpacker_add(u, answer.data, answer.len, &why));
	while ((line = unpacker_line(u, &len)))
		last = line;
	assert_int_equal(0, strncmp(last, "{\"end\":true}", 12));
	assert_true(unpacker_ended(u));
	assert_string_equal(hubs_value(t, "project/p-1", "title"), "1");
	hub_sync_free(s);
	hub_sync_free(other);
	unpacker_free(u);
	packer_free(packer);
	buf_release(&plain);
	buf_release(&packed);
	buf_release(&answer);
	peer_release(&p);
}

static void
the_head_alone(void **state)
{
	struct hubs *t = *state;
	struct peer a, b;

	peer_enroll(&a, t, "4471");
	peer_enroll(&b, t, "4471");
	peer_sync(&a);
	peer_sync(&b);
	peer_edit(&b, "contact/2-1", NULL, "name", "Ana", "beat_ids", "35X",
		NULL);
	peer_sync(&b);
	a.head_alone = true;
	peer_sync(&a);
	assert_true(a.ended);
	assert_int_equal(0, a.head.n);
	assert_null(peer_frame(&a, FRAME_ENTRY, NULL));
	assert_null(peer_frame(&a, FRAME_CURSOR, NULL));
	a.head_alone = false;
	peer_sync(&a);
	assert_non_null(peer_frame(&a, FRAME_ENTRY, "contact/2-1"));
	peer_release(&a);
	peer_release(&b);
}

/* Restored twice from one backup, the hub gave a number twice: the file that
 * had it first is not taken for the other member's. */
static void
a_number_given_twice(void **state)
{
	struct hubs *t = *state;
	char backup[128], place[128];
	struct peer first, second;

	snprintf(backup, sizeof(backup), "%s/backup", t->dir);
	assert_int_equal(ST_OK, hub_backup(t->h, backup, &why));
	for (int i = 0; i < 2; i++) {
		hub_close(t->h);
		snprintf(place, sizeof(place), "%s/again%d", t->dir, i);
		assert_int_equal(
			ST_OK, hub_restore(place, backup, &t->random, &why));
		assert_int_equal(ST_OK,
			hub_open(place, &t->clock, &t->random, &t->h, &why));
		peer_enroll(i ? &second : &first, t, i ? "4471" : "5000");
	}
	assert_int_equal(first.number, second.number);
	assert_int_equal(200, peer_try(&second));
	assert_int_equal(401, peer_try(&first));
	peer_release(&first);
	peer_release(&second);
	for (int i = 0; i < 2; i++) {
		snprintf(place, sizeof(place), "%s/again%d", t->dir, i);
		if (i)
			hub_close(t->h);
		place_remove(place);
	}
	unlink(backup);
	assert_int_equal(
		ST_OK, hub_open(t->place, &t->clock, &t->random, &t->h, &why));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HUBS_TEST(an_edit_there_and_back),
		HUBS_TEST(the_same_request_twice),
		HUBS_TEST(the_head_alone),
		HUBS_TEST(copied_files),
		HUBS_TEST(revoked),
		HUBS_TEST(a_number_given_twice),
		HUBS_TEST(log_profile_health),
		HUBS_TEST(deflated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
