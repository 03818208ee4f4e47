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
#include "tests/support/hubs.h"

static struct why why;

static void
good(enum status st)
{
	if (st)
		fail_msg("status %d: %s", (int)st, why.text);
}

static int64_t
entries(struct hubs *t)
{
	struct hub_stats s;

	good(hub_stats(t->h, &s, &why));
	return s.entries;
}

static int
enroll(struct hubs *t, const char *badge, const char *code, const char *more,
	struct buf *out)
{
	struct buf body = BUF_INIT;
	int status;

	buf_printf(&body,
		"{\"badge\":\"%s\",\"code\":\"%s\",\"device\":\"mdt\"%s}",
		badge, code, more);
	buf_clear(out);
	status = hub_call(
		t->h, "POST", "/v1/enroll", NULL, body.data, body.len, out);
	buf_release(&body);
	return status;
}

static void
enrolling(void **state)
{
	struct hubs *t = *state;
	struct buf code = BUF_INIT, out = BUF_INIT, low = BUF_INIT;

	assert_int_equal(ST_NOT_FOUND, hub_invite(t->h, "1234", &code, &why));
	good(hub_invite(t->h, "4471", &code, &why));
	assert_int_equal(14, code.len);
	assert_int_equal('-', code.data[4]);
	assert_int_equal(401, enroll(t, "4480", buf_text(&code), "", &out));
	assert_int_equal(401, enroll(t, "4471", "WRONG", "", &out));
	/* However it is typed. */
	for (size_t i = 0; i < code.len; i++)
		if (code.data[i] != '-')
			buf_putc(&low, (char)(code.data[i] | 0x20));
	assert_int_equal(200, enroll(t, "4471", buf_text(&low), "", &out));
	assert_non_null(strstr(out.data, "\"replica\":1,"));
	assert_non_null(strstr(out.data, "America/Los_Angeles"));
	/* Once. */
	assert_int_equal(401, enroll(t, "4471", buf_text(&code), "", &out));
	/* For 72 hours. */
	buf_clear(&code);
	good(hub_invite(t->h, "4471", &code, &why));
	hubs_pass(t, 72 * 60 * MINUTE);
	assert_int_equal(401, enroll(t, "4471", buf_text(&code), "", &out));
	buf_release(&code);
	buf_release(&out);
	buf_release(&low);
}

static void
guessing_codes(void **state)
{
	struct hubs *t = *state;
	struct buf code = BUF_INIT, out = BUF_INIT;

	good(hub_invite(t->h, "4471", &code, &why));
	for (int i = 0; i < 5; i++)
		assert_int_equal(401, enroll(t, "4471", "ABCD", "", &out));
	assert_int_equal(401, enroll(t, "4471", buf_text(&code), "", &out));
	assert_non_null(strstr(out.data, "too many"));
	hubs_pass(t, 60 * MINUTE);
	assert_int_equal(200, enroll(t, "4471", buf_text(&code), "", &out));
	buf_release(&code);
	buf_release(&out);
}

/* Onto a file that has a number: a new number, and never another member. */
static void
enrolling_again(void **state)
{
	struct hubs *t = *state;
	struct buf code = BUF_INIT, out = BUF_INIT, more = BUF_INIT;
	struct peer p;

	peer_enroll(&p, t, "4471");
	buf_printf(&more, ",\"token\":\"%s\"", p.token);
	good(hub_invite(t->h, "4471", &code, &why));
	assert_int_equal(
		200, enroll(t, "4471", buf_text(&code), buf_text(&more), &out));
	assert_non_null(strstr(out.data, "\"replica\":2,"));
	buf_clear(&code);
	good(hub_invite(t->h, "4480", &code, &why));
	assert_int_equal(
		401, enroll(t, "4480", buf_text(&code), buf_text(&more), &out));
	assert_non_null(strstr(out.data, "member 4471"));
	peer_release(&p);
	buf_release(&code);
	buf_release(&out);
	buf_release(&more);
}

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
	before = entries(t);
	assert_int_equal(200, peer_send(&a, request.data, request.len, 0));
	assert_int_equal(entries(t), before);
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
	before = entries(t);
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
	assert_int_equal(entries(t), before);
	peer_release(&a);
}

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
	before = entries(t);
	peer_request(&a, &request);
	peer_send(&a, request.data, request.len - 10, 1);
	assert_int_equal(entries(t), before + 2);
	assert_int_equal(a.n, 0);
	peer_sync(&a);
	assert_int_equal(entries(t), before + 3);
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
	int64_t before = entries(t);
	const char *end;

	assert_int_equal(status, peer_send(p, bytes, len, 0));
	assert_int_equal(0, strncmp(p->text.data, "{\"error\":\"", 10));
	end = strchr(p->text.data, '\n');
	assert_int_equal(end - p->text.data, p->text.len - 1);
	assert_int_equal(entries(t), before);
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

/* Whoever enrolls is told who vouches for the hub. */
static void
tells_its_authority(void **state)
{
	struct hubs *t = *state;
	struct buf code = BUF_INIT, out = BUF_INIT;

	good(hub_invite(t->h, "4471", &code, &why));
	hub_set_authority(t->h, "-----BEGIN CERTIFICATE-----\n");
	assert_int_equal(200, enroll(t, "4471", buf_text(&code), "", &out));
	assert_non_null(
		strstr(out.data, "\"ca\":\"-----BEGIN CERTIFICATE-----\\n\""));
	buf_release(&code);
	buf_release(&out);
}

/* Wrong codes from one address do not keep the member out at another. */
static int
enroll_from(struct hubs *t, const char *address, const char *code)
{
	struct buf body = BUF_INIT, out = BUF_INIT;
	int status;

	buf_printf(&body,
		"{\"badge\":\"4471\",\"code\":\"%s\",\"device\":\"mdt\"}",
		code);
	status = hub_call_from(t->h, address, "POST", "/v1/enroll", NULL,
		body.data, body.len, &out);
	buf_release(&body);
	buf_release(&out);
	return status;
}

static void
strangers_lock_nobody_out(void **state)
{
	struct hubs *t = *state;
	struct buf code = BUF_INIT;

	good(hub_invite(t->h, "4471", &code, &why));
	for (int i = 0; i < 6; i++)
		assert_int_equal(401, enroll_from(t, "192.0.2.1", "ABCD"));
	assert_int_equal(401, enroll_from(t, "192.0.2.1", buf_text(&code)));
	assert_int_equal(200, enroll_from(t, "192.0.2.2", buf_text(&code)));
	buf_release(&code);
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

static void
revoked(void **state)
{
	struct hubs *t = *state;
	struct hub_replicas list = {0};
	struct peer p;
	size_t copies;

	peer_enroll(&p, t, "4471");
	peer_sync(&p);
	assert_int_equal(ST_NOT_FOUND, hub_revoke(t->h, 77, &copies, &why));
	good(hub_revoke(t->h, p.number, &copies, &why));
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
		fixture_delete_folder(place);
	}
	unlink(backup);
	assert_int_equal(
		ST_OK, hub_open(t->place, &t->clock, &t->random, &t->h, &why));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HUBS_TEST(enrolling),
		HUBS_TEST(guessing_codes),
		HUBS_TEST(enrolling_again),
		HUBS_TEST(an_edit_there_and_back),
		HUBS_TEST(the_same_request_twice),
		HUBS_TEST(the_head_alone),
		HUBS_TEST(copied_files),
		HUBS_TEST(a_cut_request),
		HUBS_TEST(a_refused_edit),
		HUBS_TEST(hostile_requests),
		HUBS_TEST(long_hellos),
		HUBS_TEST(strangers_lock_nobody_out),
		HUBS_TEST(tells_its_authority),
		HUBS_TEST(a_large_edit),
		HUBS_TEST(a_large_record),
		HUBS_TEST(revoked),
		HUBS_TEST(a_number_given_twice),
		HUBS_TEST(log_profile_health),
		HUBS_TEST(deflated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
