/* What a client asks of the hub: its hello, its edits and their ages. */
#include "sync/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/outbox.h"
#include "sync/message.h"
#include "sync/request.h"
#include "tests/support/good.h"
#include "tests/support/syncing.h"

/* The n-th edit of the request that would be made now. */
static void
read_edit(struct fixture *f, unsigned n, struct dated_edit *out)
{
	struct buf request = BUF_INIT, line = BUF_INIT;
	struct engine *e = syncing_begin(f, &request);
	struct coder c = {0};
	struct hello h;

	syncing_line(&request, 0, &line);
	good(message_get_hello(line.data, line.len, &h, &why));
	coder_start_up(&c, &h, 47);
	memset(out, 0, sizeof(*out));
	for (unsigned i = 1; i <= n; i++) {
		edit_release(&out->edit);
		syncing_line(&request, i, &line);
		good(message_get_edit(&c, line.data, line.len, out, &why));
	}
	hello_release(&h);
	coder_release(&c);
	engine_free(e);
	buf_release(&line);
	buf_release(&request);
}

static void
request_says_what_is_held(void **state)
{
	struct fixture f;
	struct dated_edit e;
	struct names lent = {0};
	struct names books = {0};
	uint8_t hash[MARK_SIZE];
	struct hello h;

	(void)state;
	syncing_make(&f);
	syncing_hello(&f, &h);
	names_add(&books, "dept");
	names_add(&books, "unit:A1");
	names_add(&books, "beat:35X");
	names_add(&books, "member:4471");
	books_hash(&books, "", &lent, hash);
	assert_string_equal(h.token, "47.4471.x");
	assert_int_equal(h.n, 0);
	assert_true(h.cursor.set);
	assert_int_equal(h.cursor.seq, 30);
	assert_true(h.books_hashed);
	assert_memory_equal(h.books_hash, hash, MARK_SIZE);
	hello_release(&h);
	names_release(&books);
	read_edit(&f, 2, &e);
	assert_int_equal(e.edit.id.n, 2);
	assert_string_equal(edit_find(&e.edit, "stage")->value, "analysis");
	assert_int_equal(e.edit.seen, 30);
	edit_release(&e.edit);
	fixture_remove(&f);
}

static void
sent_edits_cannot_be_undone(void **state)
{
	struct buf request = BUF_INIT, what = BUF_INIT;
	struct fixture f;

	(void)state;
	syncing_make(&f);
	engine_free(syncing_begin(&f, &request));
	assert_int_equal(outbox_undo(f.r, &what, &why), ST_NOT_FOUND);
	buf_release(&request);
	buf_release(&what);
	fixture_remove(&f);
}

static void
reboot(struct fixture *f, int64_t wall_ms)
{
	f->now.wall_ms = wall_ms;
	f->now.boot_ms = 1000;
	snprintf(f->now.boot_id, sizeof(f->now.boot_id), "boot-two");
}

static void
ages_hold_when_the_clock_is_set(void **state)
{
	struct dated_edit e;
	struct fixture f;

	(void)state;
	syncing_make(&f);
	f.now.boot_ms += 3600000;
	f.now.wall_ms -= INT64_C(86400000); /* someone sets it back a day */
	read_edit(&f, 1, &e);
	assert_int_equal(e.age_ms, 3660000);
	assert_false(e.unsure);
	edit_release(&e.edit);
	read_edit(&f, 2, &e);
	assert_int_equal(e.age_ms, 3600000);
	edit_release(&e.edit);
	fixture_remove(&f);
}

static void
ages_after_a_reboot_are_unsure(void **state)
{
	struct dated_edit e;
	struct fixture f;

	(void)state;
	syncing_make(&f);
	reboot(&f, FIXTURE_NOW + 7200000);
	read_edit(&f, 1, &e);
	assert_int_equal(e.age_ms, 7200000);
	assert_true(e.unsure);
	assert_string_equal(e.edit.written.boot_id, "boot-one");
	assert_int_equal(e.edit.written.boot_ms, 5000000);
	edit_release(&e.edit);
	reboot(&f, FIXTURE_NOW - 7200000); /* never negative */
	read_edit(&f, 1, &e);
	assert_int_equal(e.age_ms, 0);
	assert_true(e.unsure);
	edit_release(&e.edit);
	fixture_remove(&f);
}

static void
ages_are_corrected_by_the_offset_of_their_boot(void **state)
{
	const struct clock_reading then = {1000000, 500, "a"},
				   now = {9000000, 100, "b"}, none = {7, 9, ""};
	bool unsure;

	(void)state;
	assert_int_equal(edit_age(&then, &now, 60000, "", &unsure), 8000000);
	assert_true(unsure);
	assert_int_equal(edit_age(&then, &now, 60000, "a", &unsure), 7940000);
	assert_int_equal(edit_age(&then, &now, 60000, "b", &unsure), 8060000);
	assert_int_equal(edit_age(&then, &then, 60000, "a", &unsure), 0);
	assert_false(unsure);
	assert_int_equal(edit_age(&none, &none, 0, "", &unsure), 0);
	assert_true(unsure); /* a boot without a name is no boot */
}

static void
a_large_outbox_goes_in_parts(void **state)
{
	struct buf request = BUF_INIT, text = BUF_INIT;
	struct sync_counts counts;
	struct fixture f;
	struct engine *e;
	char answer[200];

	(void)state;
	syncing_make(&f);
	for (int i = 0; i < 20; i++) {
		buf_clear(&text); /* no two with a head or tail in common */
		while (text.len < 60000)
			buf_printf(&text, "%d walked %zu. ", i, text.len * 20);
		buf_printf(&text, "%d", i);
		fixture_save(&f, "project", "1b-1", "problem", buf_text(&text),
			NULL);
	}
	e = syncing_begin(&f, &request);
	assert_in_range(request.len, 1 << 20, (1 << 20) + 70000);
	snprintf(answer, sizeof(answer),
		"{\"t\":%lld,\"i\":\"inc1\",\"n\":3,\"d\":0}\n{\"end\":true}\n",
		(long long)HUB_MS);
	good(engine_feed(e, 200, answer, strlen(answer), &why));
	good(engine_end(e, &counts, &why));
	assert_true(counts.again);
	assert_in_range(counts.sent, 10, 21);
	assert_int_equal(counts.confirmed, 3);
	engine_free(e);
	buf_release(&request);
	buf_release(&text);
	fixture_remove(&f);
}

static void
after_a_break_the_hub_says_what_it_has(void **state)
{
	static const char head[] = "{\"t\":1784025065000,\"i\":\"inc1\","
				   "\"n\":3,\"d\":0}\n{\"end\":true}\n";
	struct buf request = BUF_INIT, text = BUF_INIT;
	struct sync_counts counts;
	struct fixture f;
	struct hello h;

	(void)state;
	syncing_make(&f);
	while (text.len <= 2000)
		buf_puts(&text, "walked the block again, ");
	fixture_save(&f, "project", "1b-1", "problem", buf_text(&text), NULL);
	fixture_save(&f, "project", "1b-1", "goal", buf_text(&text), NULL);
	syncing_hello(&f, &h); /* the request of which nothing is heard */
	assert_false(h.head_alone);
	hello_release(&h);
	engine_free(syncing_begin(&f, &request));
	assert_ptr_equal(strchr(buf_text(&request), '\n'),
		request.data + request.len - 1); /* no edit */
	good(syncing_answer(&f, 200, head, &counts));
	assert_true(counts.again);
	assert_int_equal(counts.confirmed, 3);
	syncing_hello(&f, &h);
	assert_false(h.head_alone);
	assert_int_equal(h.n, 3);
	hello_release(&h);
	buf_release(&request);
	buf_release(&text);
	fixture_remove(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request_says_what_is_held),
		cmocka_unit_test(sent_edits_cannot_be_undone),
		cmocka_unit_test(ages_hold_when_the_clock_is_set),
		cmocka_unit_test(ages_after_a_reboot_are_unsure),
		cmocka_unit_test(
			ages_are_corrected_by_the_offset_of_their_boot),
		cmocka_unit_test(a_large_outbox_goes_in_parts),
		cmocka_unit_test(after_a_break_the_hub_says_what_it_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
