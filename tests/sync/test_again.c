/* Enrolment onto a file that is there; the ends of unsure stamps. */
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

/* Enrolment onto a file that is there. */

static enum status
ask_again(struct mdt *d, const char *badge, const char *code,
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
	struct mdt a, b;
	struct engine *e;
	struct hub_sync *s;
	int64_t renamed = 0, entries;
	char *id, *fresh;
	bool more = true;
	struct hub_revoked gone;

	mdt_enroll(&a, t, "4471", "a");
	mdt_enroll(&b, t, "4480", "b");
	mdt_sync_whole(&a);
	id = mdt_project(&a, "Old");
	mdt_sync_whole(&a);
	/* Sent, but its answer is lost: that is not sent twice. */
	mdt_change(&a, id, "goal", "sent");
	mdt_request(&a, true, &now);
	entries = mdt_stats(t).entries;
	mdt_change(&a, id, "problem", "unsent");
	fresh = mdt_project(&a, "New and unsent");
	good(hub_revoke(t->h, 1, &gone, &why));
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
	assert_int_equal(mdt_number(&a), 3);
	assert_string_equal(replica_identity(a.r)->url, "http://elsewhere");
	assert_int_equal(mdt_unsent(&a), 2);
	mdt_value_is(&a, id, "problem", "unsent");
	mdt_sync_whole(&a);
	assert_int_equal(mdt_unsent(&a), 0);
	assert_int_equal(mdt_stats(t).entries, entries + 2);
	mdt_sync_whole(&b);
	mdt_shows(&b, "New and unsent");
	mdt_value_is(&b, id, "goal", "sent");
	mdt_value_is(&b, id, "problem", "unsent");
	mdt_put_away(&a);
	mdt_put_away(&b);
	free(id);
	free(fresh);
	buf_release(&code);
	buf_release(&got);
}

/* Unsure stamps. */

static int64_t
stamp(struct mdt *d, uint32_t n)
{
	struct entry e;
	int64_t at;

	good(history_edit(d->r, (struct edit_id){mdt_number(d), n}, &e, &why));
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
send_lines(struct mdt *d, int lines)
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
	struct mdt a;
	int64_t seen, late, early;
	char *id;

	mdt_enroll(&a, t, "4471", "a");
	mdt_sync_whole(&a);
	id = mdt_project(&a, "Old");
	mdt_sync_whole(&a);
	seen = stamp(&a, 1);
	/* Written on a day long before: the clock was wrong. */
	start_anew(t, "boot-wrong", -900 * MINUTE);
	mdt_change(&a, id, "goal", "by a clock that was behind");
	/* And on one long after. */
	start_anew(t, "boot-ahead", 5000 * MINUTE);
	mdt_change(&a, id, "problem", "by a clock that was ahead");
	start_anew(t, "boot-right", -4100 * MINUTE);
	hubs_pass(t, 10 * MINUTE);
	mdt_change(&a, id, "title", "Sure");
	hubs_pass(t, 10 * MINUTE);
	send_lines(&a, 3);
	mdt_sync_whole(&a);
	late = stamp(&a, 4);
	early = stamp(&a, 2);
	assert_true(early >= seen);
	assert_true(stamp(&a, 3) <= late);
	assert_true(stamp(&a, 3) >= seen);
	mdt_put_away(&a);
	free(id);
}

/* After a restore `seen` is of another past: it must not lift the stamp to a
 * time when the edit was long written. */
static void
seen_in_another_past_lifts_no_stamp(void **state)
{
	struct hubs *t = *state;
	struct mdt a, b;
	struct mdt_backup g;
	int64_t written;
	char *id;

	mdt_enroll(&a, t, "4471", "a");
	mdt_enroll(&b, t, "4480", "b");
	mdt_sync_whole(&a);
	mdt_sync_whole(&b);
	id = mdt_project(&a, "Old");
	mdt_sync_whole(&a);
	mdt_back_up(t, &g);
	for (int i = 0; i < 5; i++)
		mdt_change(&a, id, "goal", i % 2 ? "odd" : "even");
	mdt_sync_whole(&a);
	written = t->now.wall_ms;
	mdt_change(&a, id, "problem", "written before the restore");
	start_anew(t, "boot-two", 0);
	hubs_pass(t, 500 * MINUTE);
	mdt_restore(t, &g);
	/* Others fill the places that a had seen. */
	for (int i = 0; i < 20; i++)
		free(mdt_project(&b, "Filler"));
	mdt_sync_whole(&b);
	mdt_sync_whole(&a);
	if (stamp(&a, 7) > written + 10 * MINUTE)
		fail_msg("lifted by %lld min",
			(long long)(stamp(&a, 7) - written) / MINUTE);
	mdt_put_away(&a);
	mdt_put_away(&b);
	free(id);
	mdt_clean_up(t, &g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HUBS_TEST(a_revoked_file_goes_on_after_enrolment),
		HUBS_TEST(unsure_stamps_keep_between_their_ends),
		HUBS_TEST(seen_in_another_past_lifts_no_stamp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
