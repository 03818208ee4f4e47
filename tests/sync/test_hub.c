/* Requests to the hub, good and bad, in one process with a pinned clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/pack.h"
#include "tests/support/hubs.h"

static struct why why;

static int
set_up(void **state)
{
	struct hubs *t = mem_alloc(sizeof(*t));

	hubs_make(t);
	*state = t;
	return 0;
}

static int
tear_down(void **state)
{
	struct hubs *t = *state;

	hubs_verify(t);
	hubs_remove(t);
	free(t);
	return 0;
}

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
	assert_int_equal(409, peer_try(&a));
	/* The hello's hash is another's. */
	a.n = 1;
	assert_int_equal(409, peer_try(&a));
	/* It knows more of itself than the hub. */
	a.n = 2;
	a.chain = chain;
	assert_int_equal(409, peer_try(&a));
	assert_int_equal(entries(t), before);
	peer_release(&a);
}

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

/* What changes between two halves of a filling is caught up on. */
static void
filling_catches_up(void **state)
{
	struct hubs *t = *state;
	struct buf request = BUF_INIT;
	struct peer a, b;
	const char *at;

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
	peer_request(&b, &request);
	peer_send(&b, request.data, request.len, 0);
	at = strstr(buf_text(&b.text), "{\"r\":\"project/p-2\"");
	assert_non_null(at);
	peer_forget(&b);
	buf_clear(&request);
	peer_request(&b, &request);
	peer_send(&b, request.data, request.len,
		(size_t)(at - buf_text(&b.text)));
	assert_int_equal(b.fill_count, 1);
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
	buf_release(&request);
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
		"\"b\":[],\"w\":1,\"k\":1,\"i\":\"x\"}\n");
	bad_text(t, &p, 401,
		"{\"v\":1,\"t\":\"0..AAAA\",\"n\":0,\"b\":[],\"w\":1,\"k\":1,"
		"\"i\":\"x\"}\n");
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
	bad(t, &p, 400, b.data, b.len);
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

	peer_enroll(&p, t, "4471");
	peer_sync(&p);
	assert_int_equal(ST_NOT_FOUND, hub_revoke(t->h, 77, &why));
	good(hub_revoke(t->h, p.number, &why));
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

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(enrolling),
		TEST(guessing_codes),
		TEST(enrolling_again),
		TEST(an_edit_there_and_back),
		TEST(the_same_request_twice),
		TEST(copied_files),
		TEST(filling_goes_on),
		TEST(filling_catches_up),
		TEST(filling_while_records_move),
		TEST(a_tail_while_records_move),
		TEST(a_whole_record),
		TEST(a_cut_request),
		TEST(a_refused_edit),
		TEST(hostile_requests),
		TEST(a_large_edit),
		TEST(a_large_record),
		TEST(revoked),
		TEST(log_profile_health),
		TEST(deflated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
