/* Requests that are wrong, too large or cut: what the hub takes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/pack.h"
#include "tests/support/good.h"
#include "tests/support/hubs.h"

static void
a_cut_request(void **state)
{
	struct hubs *t = *state;
	struct buf request = BUF_INIT;
	struct peer a;
	int64_t before;

	peer_enroll(&a, t, "4471");
	peer_sync(&a);
	for (int i = 0; i < 3; i++)
		peer_edit(&a, "project/p-1",
			i ? peer_id(&a, (uint32_t)i) : NULL, "title",
			i ? "y" : "x", "beat_ids", "35X", NULL);
	before = hubs_entries(t);
	peer_request(&a, &request);
	peer_send(&a, request.data, request.len - 10, 1);
	assert_int_equal(hubs_entries(t), before + 2);
	assert_int_equal(a.n, 0);
	peer_sync(&a);
	assert_int_equal(hubs_entries(t), before + 3);
	assert_int_equal(a.n, 3);
	assert_int_equal(peer_verdict(&a, 1)->seq, before + 1);
	peer_release(&a);
	buf_release(&request);
}

/* One that cannot be read does not hold up the next, and the chain goes on. */
static void
a_refused_edit(void **state)
{
	struct hubs *t = *state;
	struct peer a, b;

	peer_enroll(&a, t, "4471");
	peer_enroll(&b, t, "4480");
	peer_sync(&a);
	peer_sync(&b);
	peer_edit(&a, "project/p-1", NULL, "9 lives", "x", NULL);
	peer_edit(&a, "project/p-1", NULL, "title", "good", "beat_ids", "35X",
		NULL);
	peer_sync(&a);
	assert_non_null(peer_verdict(&a, 1)->verdict.refused);
	assert_null(peer_verdict(&a, 2)->verdict.refused);
	assert_string_equal(hubs_value(t, "project/p-1", "title"), "good");
	peer_edit(&a, "project/p-1", peer_id(&a, 2), "title", "more", NULL);
	peer_sync(&a);
	peer_sync(&b);
	assert_false(peer_saw(&b, "lives"));
	peer_release(&a);
	peer_release(&b);
}

static void
bad(struct hubs *t, struct peer *p, int status, const char *bytes, size_t len)
{
	int64_t before = hubs_entries(t);
	const char *end;

	assert_int_equal(status, peer_send(p, bytes, len, 0));
	assert_int_equal(0, strncmp(p->text.data, "{\"error\":\"", 10));
	end = strchr(p->text.data, '\n');
	assert_int_equal(end - p->text.data, p->text.len - 1);
	assert_int_equal(hubs_entries(t), before);
}

static void
bad_text(struct hubs *t, struct peer *p, int status, const char *text)
{
	bad(t, p, status, text, strlen(text));
}

/* A mebibyte of blanks, deflated to a kilobyte, again and again. */
static void
put_bomb(struct buf *out)
{
	struct packer *packer = packer_new(false);
	char *blanks = mem_alloc(FRAME_MAX);

	memset(blanks, '\n', FRAME_MAX);
	for (int i = 0; i < 80; i++)
		packer_add(packer, blanks, FRAME_MAX, out);
	packer_finish(packer, out);
	packer_free(packer);
	free(blanks);
}

static void
hostile_requests(void **state)
{
	struct hubs *t = *state;
	struct buf b = BUF_INIT, hello = BUF_INIT;
	struct peer p;

	peer_enroll(&p, t, "4471");
	peer_request(&p, &hello);
	bad_text(t, &p, 400, "");
	bad_text(t, &p, 400, "{\n");
	bad_text(t, &p, 400, "{}\n");
	bad_text(t, &p, 400, "GET / HTTP/1.1\r\n");
	bad(t, &p, 400, "\x78\xbb\x00\x00", 4);
	bad(t, &p, 400, "{\"v\":1,\"t\":\"\0\"}\n", 17);
	bad_text(t, &p, 401,
		"{\"v\":1,\"t\":\"1.4471.AAAAAAAAAAAAAAAAAAAAAA\",\"n\":0,"
		"\"b\":[]}\n");
	bad_text(t, &p, 401, "{\"v\":1,\"t\":\"0..AAAA\",\"n\":0,\"b\":[]}\n");
	put_bomb(&b);
	bad(t, &p, 400, b.data, b.len);
	/* After a good hello. */
	buf_clear(&b);
	buf_puts(&b, buf_text(&hello));
	buf_puts(&b, "{\"r\":");
	for (int i = 0; i < 10000; i++)
		buf_putc(&b, '[');
	buf_puts(&b, "\n");
	bad(t, &p, 400, b.data, b.len);
	buf_clear(&b);
	buf_puts(&b, buf_text(&hello));
	buf_puts(&b, "{\"r\":\"project/p-1\",\"f\":{\"title\":\"");
	for (size_t i = 0; i < FRAME_MAX; i++)
		buf_putc(&b, 'x');
	buf_puts(&b, "\"}}\n");
	bad(t, &p, 413, b.data, b.len);
	buf_clear(&b);
	buf_puts(&b, buf_text(&hello));
	buf_puts(&b, "{\"r\":\"project/p-1\",\"f\":{\"title\":\"\xff\"}}\n");
	bad(t, &p, 400, b.data, b.len);
	buf_clear(&b);
	buf_puts(&b, buf_text(&hello));
	buf_puts(&b, "{\"r\":\"project/p-1\",\"g\":-5}\n");
	bad(t, &p, 400, b.data, b.len);
	/* Deciding fields costs their square. */
	buf_clear(&b);
	buf_puts(&b, buf_text(&hello));
	buf_puts(&b, "{\"r\":\"project/p-1\",\"f\":{\"f\":\"\"");
	for (int i = 0; i < EDIT_FIELDS_MAX; i++)
		buf_printf(&b, ",\"f%d\":\"\"", i);
	buf_puts(&b, "}}\n");
	bad(t, &p, 400, b.data, b.len);
	/* And the hub goes on; so does what came before the bad frame. */
	buf_clear(&b);
	buf_puts(&b, buf_text(&hello));
	buf_puts(&b, "{\"r\":\"project/p-1\",\"f\":{\"title\":\"t\"}}\n{\n");
	assert_int_equal(400, peer_send(&p, b.data, b.len, 0));
	assert_string_equal(hubs_value(t, "project/p-1", "title"), "t");
	peer_release(&p);
	buf_release(&b);
	buf_release(&hello);
}

/* What has come of a hello so far, without its end: is it known already that
 * nobody is to go on? */
static int
half_a_hello(struct hubs *t, const char *start, size_t blanks)
{
	struct hub_sync *s = hub_sync_new(t->h);
	struct buf b = BUF_INIT;
	int status;

	buf_puts(&b, start);
	for (size_t i = 0; i < blanks; i++)
		buf_putc(&b, ' ');
	hub_sync_take(s, b.data, b.len);
	status = hub_sync_status(s);
	hub_sync_free(s);
	buf_release(&b);
	return status;
}

/* Of one who has no token little is taken, of others what books need. */
static void
long_hellos(void **state)
{
	struct hubs *t = *state;
	struct buf mine = BUF_INIT;
	struct peer p;

	peer_enroll(&p, t, "4471");
	buf_printf(&mine, "{\"v\":1,\"t\":\"%s\",\"b\":[", p.token);
	assert_int_equal(200, half_a_hello(t, "{\"b\":[", 4000));
	assert_int_equal(400, half_a_hello(t, "{\"b\":[", 5000));
	assert_int_equal(
		401, half_a_hello(t,
			     "{\"v\":1,\"t\":\"1.4471.AAAAAAAAAAAAAAAAAAAAAA\"",
			     5000));
	assert_int_equal(200, half_a_hello(t, buf_text(&mine), 5000));
	assert_int_equal(413, half_a_hello(t, buf_text(&mine), HELLO_MAX));
	buf_release(&mine);
	peer_release(&p);
}

/* An edit too large to pass on is refused in its place. */
static void
a_large_edit(void **state)
{
	struct hubs *t = *state;
	char *text = mem_alloc(FRAME_MAX);
	struct peer p;

	memset(text, 'x', FRAME_MAX - 200);
	peer_enroll(&p, t, "4471");
	peer_sync(&p);
	peer_edit(&p, "project/p-1", NULL, "problem", text, NULL);
	peer_edit(&p, "project/p-1", NULL, "title", "small", "beat_ids", "35X",
		NULL);
	peer_sync(&p);
	assert_non_null(peer_verdict(&p, 1)->verdict.refused);
	peer_edit(&p, "project/p-1", NULL, "goal", "next", NULL);
	peer_sync(&p);
	peer_release(&p);
	free(text);
}

/* No record grows beyond what one frame holds. */
static void
a_large_record(void **state)
{
	static char text[1000001];
	struct hubs *t = *state;
	struct peer a = {0}, b = {0};
	const struct frame *f;

	memset(text, 'x', sizeof(text) - 1);
	peer_enroll(&a, t, "4471");
	peer_enroll(&b, t, "4480");
	peer_edit(
		&a, "project/p-1", NULL, "title", "t", "beat_ids", "35X", NULL);
	for (int i = 0; i < 5; i++) {
		char field[] = {'z', (char)('a' + i), '\0'};

		peer_edit(&a, "project/p-1", NULL, field, text, NULL);
	}
	peer_edit(&a, "project/p-1", NULL, "title", "u", NULL);
	/* One that makes it smaller is taken, and then there is room. */
	peer_edit(&a, "project/p-1", peer_id(&a, 2), "za", "", NULL);
	peer_edit(&a, "project/p-1", peer_id(&a, 5), "zd", text, NULL);
	peer_sync(&a);
	assert_null(peer_verdict(&a, 4)->verdict.refused);
	assert_non_null(peer_verdict(&a, 5)->verdict.refused);
	for (uint32_t n = 7; n <= 9; n++)
		assert_null(peer_verdict(&a, n)->verdict.refused);
	peer_sync(&b);
	f = peer_frame(&b, FRAME_RECORD, "project/p-1");
	assert_non_null(f);
	assert_int_equal(f->count, 6);
	/* The same request again is the same. */
	a.n = 0;
	memset(&a.chain, 0, sizeof(a.chain));
	peer_sync(&a);
	peer_release(&a);
	peer_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HUBS_TEST(a_cut_request),
		HUBS_TEST(a_refused_edit),
		HUBS_TEST(hostile_requests),
		HUBS_TEST(long_hellos),
		HUBS_TEST(a_large_edit),
		HUBS_TEST(a_large_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
