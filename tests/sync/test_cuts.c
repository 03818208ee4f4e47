/* An answer cut at every byte: asking again comes to the same end. */
#include "sync/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/verify.h"
#include "sync/message.h"
#include "sync/pack.h"
#include "tests/support/good.h"
#include "tests/support/syncing.h"

/*
 * A made-up hub: a tail and the records of one book, from which it answers
 * any hello of ours, however far we came.
 */
static const char *const tail[] = {
	"{\"s\":1,\"n\":1,\"a\":-90000,\"b\":[\"beat:35X\"]}",
	"{\"s\":1,\"e\":\"48.1\",\"a\":40000,\"m\":\"4480\","
	"\"r\":\"contact/1c-1\",\"f\":{\"name\":\"Ana\"},"
	"\"b\":[\"beat:35X\"]}",
	"{\"s\":1,\"n\":1,\"a\":10000,\"l\":{\"stage\":\"48.2\"},"
	"\"x\":{\"stage\":[\"47.2\"]}}",
	"{\"s\":1,\"e\":\"48.2\",\"a\":1000,\"r\":\"project/1b-1\","
	"\"f\":{\"stage\":\"response\"},\"o\":\"47.1\"}",
	"{\"s\":1,\"r\":\"contact/1c-5\",\"b\":[\"beat:35X\"],"
	"\"w\":[{\"s\":22,\"e\":\"49.1\",\"a\":1784020000000,"
	"\"m\":\"900\",\"f\":{\"name\":\"Eve\"}}]}",
	"{\"s\":1,\"r\":\"contact/1c-1\",\"g\":[\"beat:35X\"]}",
};
static const char *const records[] = {
	"{\"r\":\"contact/1c-7\",\"w\":[{\"s\":23,\"e\":\"49.2\","
	"\"a\":1784020000000,\"m\":\"900\",\"f\":{\"name\":\"Gil\"}}]}",
	"{\"r\":\"contact/1c-8\",\"w\":[{\"s\":24,\"e\":\"49.3\","
	"\"a\":1784020000000,\"m\":\"900\",\"f\":{\"name\":\"Hal\"}}]}",
};

static void
put(struct packer *p, struct coder *c, const struct frame *f, struct buf *out)
{
	struct buf line = BUF_INIT;

	message_put_frame(c, f, &line);
	packer_add(p, line.data, line.len, out);
	buf_release(&line);
}

static void
put_simple(struct packer *p, struct coder *c, enum frame_type type,
	const char *text, int64_t seq, struct buf *out)
{
	struct frame f = {.type = type, .seq = seq};

	f.text = mem_text(text);
	put(p, c, &f, out);
	frame_release(&f);
}

static void
put_head(struct packer *p, struct coder *c, struct buf *out)
{
	static const char *const names[] = {
		"dept", "unit:A1", "beat:35X", "member:4471", "beat:12Y"};
	struct frame f = {.type = FRAME_HEAD};

	f.head.hub_ms = HUB_MS;
	strcpy(f.head.incarnation, "inc1");
	f.head.n = 2;
	f.head.has_books = true;
	for (size_t i = 0; i < COUNT(names); i++)
		names_add(&f.head.books, names[i]);
	put(p, c, &f, out);
	frame_release(&f);
}

/* Every line read from where it was written, and those after the cursor
 * written anew for this hello. */
static void
put_tail(struct packer *p, struct coder *c, const struct hello *h,
	struct buf *out)
{
	struct hello base = {.token = h->token, .cursor = {.set = true}};
	struct coder in = {0};
	struct frame f;

	base.cursor.seq = 30;
	coder_start_down(&in, &base, HUB_MS, 47);
	for (size_t i = 0; i < COUNT(tail); i++) {
		good(message_get_frame(
			&in, tail[i], strlen(tail[i]), &f, &why));
		if (in.seq > h->cursor.seq) {
			put(p, c, &f, out);
			packer_flush(p, out);
			put_simple(p, c, FRAME_CURSOR, NULL, in.seq, out);
		}
		frame_release(&f);
	}
	coder_release(&in);
}

static void
put_records(
	struct packer *p, struct coder *c, const char *after, struct buf *out)
{
	struct coder in = {0};
	struct frame f;

	put_simple(p, c, FRAME_FILL, "beat:12Y", 36, out);
	for (size_t i = 0; i < COUNT(records); i++) {
		good(message_get_frame(
			&in, records[i], strlen(records[i]), &f, &why));
		if (strcmp(f.id, after) > 0)
			put(p, c, &f, out);
		packer_flush(p, out);
		frame_release(&f);
	}
	put_simple(p, c, FRAME_FILLED, "beat:12Y", 0, out);
	coder_release(&in);
}

static void
answer_hello(const struct hello *h, bool plain, struct buf *out)
{
	struct packer *p = packer_new(plain);
	struct coder c = {0};

	coder_start_down(&c, h, HUB_MS, 47);
	put_head(p, &c, out);
	if (!h->books_hashed) {
		put_tail(p, &c, h, out);
		if (!names_have(&h->books, "beat:12Y") || h->filling_count)
			put_records(p, &c,
				h->filling_count ? h->fillings[0].id : "", out);
	}
	put_simple(p, &c, FRAME_END, NULL, 0, out);
	packer_finish(p, out);
	packer_free(p);
	coder_release(&c);
}

/* One request; the answer breaks off after `cut` bytes. Gives its length. */
static size_t
round_trip(struct fixture *f, bool plain, size_t cut, bool *again)
{
	struct buf request = BUF_INIT, line = BUF_INIT, answer = BUF_INIT;
	struct engine *e = syncing_begin(f, &request);
	struct sync_counts counts;
	struct hello h;
	size_t len;

	syncing_line(&request, 0, &line);
	good(message_get_hello(line.data, line.len, &h, &why));
	answer_hello(&h, plain, &answer);
	len = answer.len;
	if (cut < len)
		buf_cut(&answer, cut);
	good(engine_feed(e, 200, buf_text(&answer), answer.len, &why));
	*again = engine_end(e, &counts, &why) || counts.again;
	engine_free(e);
	hello_release(&h);
	buf_release(&request);
	buf_release(&line);
	buf_release(&answer);
	return len;
}

static void
sync_to_the_end(struct fixture *f, bool plain)
{
	bool again = true;

	for (int i = 0; again && i < 5; i++)
		round_trip(f, plain, SIZE_MAX, &again);
	assert_false(again);
}

/* Everything a sync decides, as text. */
static void
dump(struct fixture *f, struct buf *out)
{
	static const char *const queries[] = {
		"SELECT seq,kind,id,body,verdict FROM _entry ORDER BY 1",
		"SELECT kind,id,field,seq,'' FROM _cell ORDER BY 1,2,3",
		"SELECT kind,id,book,'','' FROM _in_book ORDER BY 1,2,3",
		"SELECT book,joined,head,kind,id FROM _book ORDER BY 1",
		"SELECT kind,id,field,replica,n FROM _conflict ORDER BY 1,2",
		"SELECT n,seq,kind,id,'' FROM _outbox ORDER BY 1",
		"SELECT kind,id,'','','' FROM _record ORDER BY 1,2",
		"SELECT id,name,updated_by,'','' FROM contact ORDER BY 1",
		"SELECT id,stage,title,updated_by,'' FROM project ORDER BY 1",
		"SELECT key,value,'','','' FROM _meta ORDER BY 1",
	};
	struct sql *db = replica_sql(f->r);
	bool row;

	buf_clear(out);
	for (size_t i = 0; i < COUNT(queries); i++) {
		sqlite3_stmt *s = sql_use(db, queries[i], "");

		while (!sql_step(db, s, &row, &why) && row)
			for (int c = 0; c < 5; c++)
				buf_printf(out, "%s%c", sql_column(s, c),
					c == 4 ? '\n' : '|');
	}
}

static void
copy_file(const char *from, const char *to)
{
	struct buf b = BUF_INIT;
	FILE *f = fopen(to, "wb");

	good(buf_read_file(&b, from, BUF_MAX_DEFAULT, &why));
	assert_non_null(f);
	assert_int_equal(fwrite(b.data, 1, b.len, f), b.len);
	assert_int_equal(fclose(f), 0);
	buf_release(&b);
}

/* A fixture's file as it was made, opened anew. */
static void
start_over(struct fixture *f, const char *kept)
{
	replica_close(f->r);
	copy_file(kept, f->path);
	good(replica_open(f->path, &f->clock, &f->r, &why));
	/* The machine does not fail here: no need to wait for the disk. */
	good(sql_script(replica_sql(f->r), "PRAGMA synchronous=OFF", &why));
}

/*
 * The sync has two requests: the first is answered with the books alone. The
 * second is cut at every `step`th byte of its answer, then all is asked again.
 */
static void
check_cuts(bool plain, size_t step)
{
	struct buf whole = BUF_INIT, pieced = BUF_INIT, report = BUF_INIT;
	struct fixture f;
	char kept[128];
	size_t len;
	bool again;

	syncing_make(&f);
	round_trip(&f, plain, SIZE_MAX, &again);
	assert_true(again);
	snprintf(kept, sizeof(kept), "%s/kept.db", f.dir);
	replica_close(f.r);
	copy_file(f.path, kept);
	good(replica_open(f.path, &f.clock, &f.r, &why));
	len = round_trip(&f, plain, SIZE_MAX, &again);
	assert_false(again);
	dump(&f, &whole);
	assert_non_null(strstr(buf_text(&whole), "1c-8|Hal"));
	for (size_t cut = 0; cut < len; cut += step) {
		start_over(&f, kept);
		round_trip(&f, plain, cut, &again);
		/* Of a deflated answer the last frame may be here already. */
		assert_true(again || !plain);
		sync_to_the_end(&f, plain);
		dump(&f, &pieced);
		assert_string_equal(buf_text(&pieced), buf_text(&whole));
	}
	if (replica_verify(f.r, &report, &why))
		fail_msg("%s", buf_text(&report));
	fixture_remove(&f);
	buf_release(&whole);
	buf_release(&pieced);
	buf_release(&report);
}

static void
a_cut_anywhere_loses_nothing(void **state)
{
	(void)state;
	check_cuts(true, 1);
}

static void
a_cut_anywhere_in_a_deflated_answer_loses_nothing(void **state)
{
	(void)state;
	check_cuts(false, 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cut_anywhere_loses_nothing),
		cmocka_unit_test(
			a_cut_anywhere_in_a_deflated_answer_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
