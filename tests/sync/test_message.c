/* Frames: PROTOCOL.md's examples byte for byte, and what is no frame. */
#include "sync/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/value.h"
#include "tests/support/good.h"

/* PROTOCOL.md, "Examples": a request, then its answer. */
static const char hello_line[] =
	"{\"v\":1,\"t\":\"47.4471.bWFj\",\"n\":11,\"h\":\"AQIDBAUGBwg\","
	"\"c\":[\"k3J9x2\",5120,\"CAcGBQQDAgE\"],\"b\":\"dss2T-Utp9Q\","
	"\"p\":\"5f0c\"}\n";
static const char filling_line[] =
	"{\"v\":1,\"t\":\"47.4471.bWFj\",\"n\":0,"
	"\"b\":[\"dept\",\"beat:35X\"],"
	"\"f\":{\"beat:35X\":[5100,\"project\",\"2f-1a\"]}}\n";
static const char *const edit_lines[] = {
	"{\"r\":\"project/1b-1\",\"f\":{\"stage\":\"analysis\"},"
	"\"o\":\"47.3\",\"q\":-20,\"g\":7200000,\"u\":true,"
	"\"w\":1784017860000,\"k\":1000000,\"i\":\"boot-zero\"}\n",
	"{\"r\":\"project_update/1b-2\",\"f\":{\"project_id\":\"1b-1\","
	"\"text\":\"Walked the block.\\nLights are out.\"},\"q\":20,"
	"\"g\":60000,\"w\":7140000,\"k\":4940000,\"i\":\"boot-one\"}\n",
	"{\"r\":\"project/1b-1\",\"f\":{\"goal\":\"half by May\","
	"\"title\":\"Lake theft\"},\"o\":{\"goal\":\"12.7\"},"
	"\"z\":{\"goal\":[\"48.2\",\"51.9\"]},\"y\":\"12.9\"}\n",
	"{\"r\":\"project/1b-7\",\"z\":{\"goal\":[\"48.3\"]},"
	"\"d\":\"ask Ibarra\"}\n",
	"{\"r\":\"project/1b-1\",\"f\":{\"status\":\"closed\"},"
	"\"o\":\"12.8\",\"w\":1500}\n",
};
static const char *const answer_lines[] = {
	"{\"t\":1784025061000,\"i\":\"k3J9x2\",\"n\":16,\"d\":5119,"
	"\"b\":[\"dept\",\"member:4471\",\"beat:35X\"],\"p\":\"77aa\"}\n",
	"{\"profile\":\"{\\\"name\\\": \\\"oakland\\\"}\\n\"}\n",
	"{\"s\":1,\"e\":\"12.8\",\"a\":-3600000,\"m\":\"4480\","
	"\"r\":\"project/1b-1\",\"f\":{\"status\":\"on_hold\"},"
	"\"o\":\"12.7\"}\n",
	"{\"s\":1,\"e\":1,\"a\":1000,\"u\":true,"
	"\"f\":{\"goal\":\"none left\"},"
	"\"l\":{\"goal\":\"48.2\"},\"x\":{\"goal\":[\"12.9\"]},"
	"\"b\":[\"beat:35X\"]}\n",
	"{\"s\":1,\"e\":\"0.3\",\"a\":0,\"r\":\"beat/35X\","
	"\"f\":{\"name\":\"Lake\"},\"h\":\"not allowed\"}\n",
	"{\"s\":2,\"n\":1,\"a\":-4600000,\"u\":true,"
	"\"x\":{\"stage\":[]}}\n",
	"{\"s\":1,\"n\":2,\"a\":7200000,\"j\":\"no such kind\","
	"\"b\":[\"beat:35X\"]}\n",
	"{\"s\":1,\"r\":\"contact/3-9\",\"b\":[\"beat:35X\",\"dept\"],"
	"\"w\":[{\"s\":77,\"e\":\"3.1\",\"a\":1700000000000,"
	"\"m\":\"900\"},{\"s\":90,\"e\":\"12.2\",\"a\":1700000090000,"
	"\"f\":{\"name\":\"Ana Diaz\"}}]}\n",
	"{\"r\":\"contact/3-9\",\"held\":{\"s\":95,\"e\":\"12.3\","
	"\"a\":1700000100000,\"f\":{\"name\":\"Ana D\"},"
	"\"h\":\"not allowed\"}}\n",
	"{\"s\":0,\"r\":\"contact/3-8\",\"b\":[\"dept\"]}\n",
	"{\"s\":1,\"r\":\"contact/3-7\",\"g\":[\"beat:12Y\"]}\n",
	"{\"s\":1,\"a\":1000,\"m\":\"900\",\"k\":true,"
	"\"v\":[\"47.9\"]}\n",
	"{\"c\":[5129,\"AAAAAAAAAAA\"]}\n",
	"{\"fill\":\"beat:35X\",\"s\":5100}\n",
	"{\"r\":\"project/2f-1b\",\"w\":[{\"s\":4001,\"e\":\"51.1\","
	"\"a\":1783000000000,\"m\":\"4490\",\"u\":true,"
	"\"f\":{\"title\":\"Lake\"},\"l\":{\"goal\":\"48.2\"},"
	"\"x\":{\"goal\":[\"51.1\"]}}]}\n",
	"{\"r\":\"project/2f-1c\"}\n",
	"{\"s\":5111,\"e\":\"51.3\",\"a\":1783900000000,"
	"\"r\":\"project/2f-1b\",\"f\":{\"status\":\"closed\"},"
	"\"o\":\"51.1\"}\n",
	"{\"filled\":\"beat:35X\"}\n",
	"{\"end\":true}\n",
};
#define HUB_MS INT64_C(1784025061000)

static void
read_hello(const char *line, struct hello *h)
{
	good(message_get_hello(line, strlen(line) - 1, h, &why));
}

static void
check_hello(const char *line)
{
	struct buf b = BUF_INIT;
	struct hello h;

	read_hello(line, &h);
	message_put_hello(&h, &b);
	assert_string_equal(buf_text(&b), line);
	hello_release(&h);
	buf_release(&b);
}

static void
hello_goes_both_ways(void **state)
{
	struct names lent = {0};
	struct names books = {0};
	uint8_t hash[MARK_SIZE];
	struct hello h;

	(void)state;
	check_hello(hello_line);
	check_hello(filling_line);
	read_hello(hello_line, &h);
	names_add(&books, "member:4471");
	names_add(&books, "dept");
	names_add(&books, "beat:35X");
	books_hash(&books, "", &lent, hash);
	assert_true(h.books_hashed);
	assert_memory_equal(h.books_hash, hash, MARK_SIZE);
	assert_int_equal(h.n, 11);
	assert_int_equal(h.cursor.seq, 5120);
	hello_release(&h);
	names_release(&books);
}

static void
edits_go_both_ways(void **state)
{
	struct coder in = {0}, out = {0};
	struct buf b = BUF_INIT;
	struct dated_edit e;
	struct hello h;

	(void)state;
	read_hello(hello_line, &h);
	coder_start_up(&in, &h, 47);
	coder_start_up(&out, &h, 47);
	for (size_t i = 0; i < COUNT(edit_lines); i++) {
		const char *line = edit_lines[i];

		good(message_get_edit(&in, line, strlen(line) - 1, &e, &why));
		assert_int_equal(e.edit.id.replica, 47);
		assert_int_equal(e.edit.id.n, 12 + i);
		buf_clear(&b);
		message_put_edit(&out, &e, &b);
		assert_string_equal(buf_text(&b), line);
		edit_release(&e.edit);
	}
	coder_release(&in);
	coder_release(&out);
	hello_release(&h);
	buf_release(&b);
}

static void
edits_are_read_from_differences(void **state)
{
	struct coder c = {0};
	struct dated_edit e[5];
	struct hello h;

	(void)state;
	read_hello(hello_line, &h);
	coder_start_up(&c, &h, 47);
	for (size_t i = 0; i < 5; i++)
		good(message_get_edit(&c, edit_lines[i],
			strlen(edit_lines[i]) - 1, &e[i], &why));
	assert_int_equal(e[0].edit.seen, 5100);
	assert_int_equal(e[0].edit.written.wall_ms, 1784017860000);
	assert_int_equal(e[0].edit.written.boot_ms, 1000000);
	assert_string_equal(e[0].edit.written.boot_id, "boot-zero");
	assert_int_equal(e[0].age_ms, 7200000);
	assert_true(e[0].unsure);
	assert_int_equal(e[1].edit.seen, 5120);
	assert_int_equal(e[1].edit.written.wall_ms, 1784025000000);
	assert_int_equal(e[1].edit.written.boot_ms, 4940000);
	assert_string_equal(e[1].edit.written.boot_id, "boot-one");
	assert_false(e[1].unsure);
	assert_string_equal(edit_find(&e[1].edit, "text")->value,
		"Walked the block.\nLights are out.");
	/* One device, running on: its clocks and ages move as one. */
	assert_int_equal(e[2].age_ms, 60000);
	assert_int_equal(e[4].age_ms, 58500);
	assert_int_equal(e[4].edit.written.wall_ms, 1784025001500);
	assert_int_equal(e[4].edit.written.boot_ms, 4941500);
	for (size_t i = 0; i < 5; i++)
		edit_release(&e[i].edit);
	coder_release(&c);
	hello_release(&h);
}

static void
start_down(struct coder *c)
{
	struct hello h;

	memset(c, 0, sizeof(*c));
	read_hello(hello_line, &h);
	coder_start_down(c, &h, HUB_MS, 47);
	hello_release(&h);
}

/* The stamp of an own edit is told where it is not what its age says. */
static void
stamps_follow_ages(void **state)
{
	static const char first[] = "{\"s\":1,\"n\":1}\n";
	static const char second[] = "{\"s\":1,\"n\":1,\"a\":-7}\n";
	int64_t told[] = {7200000, 60000};
	struct ages ages = {told, 2, 2};
	struct buf b = BUF_INIT;
	struct coder in, out;
	struct frame f;

	(void)state;
	start_down(&in);
	start_down(&out);
	in.ages = out.ages = &ages;
	good(message_get_frame(&in, first, strlen(first) - 1, &f, &why));
	assert_int_equal(f.entries[0].at, HUB_MS - 7200000);
	message_put_frame(&out, &f, &b);
	assert_string_equal(buf_text(&b), first);
	frame_release(&f);
	good(message_get_frame(&in, second, strlen(second) - 1, &f, &why));
	assert_int_equal(f.entries[0].at, HUB_MS - 60007);
	buf_clear(&b);
	message_put_frame(&out, &f, &b);
	assert_string_equal(buf_text(&b), second);
	frame_release(&f);
	coder_release(&in);
	coder_release(&out);
	buf_release(&b);
}

static void
answers_go_both_ways(void **state)
{
	static const enum frame_type types[] = {FRAME_HEAD, FRAME_PROFILE,
		FRAME_ENTRY, FRAME_ENTRY, FRAME_ENTRY, FRAME_VERDICT,
		FRAME_VERDICT, FRAME_ENTER, FRAME_HELD, FRAME_ENTER,
		FRAME_LEAVE, FRAME_DECIDED, FRAME_CURSOR, FRAME_FILL,
		FRAME_RECORD, FRAME_RECORD, FRAME_ENTRY, FRAME_FILLED,
		FRAME_END};
	struct buf b = BUF_INIT;
	struct coder in, out;
	struct frame f;

	(void)state;
	start_down(&in);
	start_down(&out);
	for (size_t i = 0; i < COUNT(answer_lines); i++) {
		const char *line = answer_lines[i];

		good(message_get_frame(&in, line, strlen(line) - 1, &f, &why));
		assert_int_equal(f.type, types[i]);
		buf_clear(&b);
		message_put_frame(&out, &f, &b);
		assert_string_equal(buf_text(&b), line);
		frame_release(&f);
	}
	coder_release(&in);
	coder_release(&out);
	buf_release(&b);
}

/* Reads the first `n` lines of the answer and gives the last. */
static void
nth_frame(size_t n, struct frame *f)
{
	struct coder c;

	start_down(&c);
	for (size_t i = 0; i < n; i++) {
		const char *line = answer_lines[i];

		good(message_get_frame(&c, line, strlen(line) - 1, f, &why));
		if (i + 1 < n)
			frame_release(f);
	}
	coder_release(&c);
}

static void
entries_are_read_from_differences(void **state)
{
	struct frame f;

	(void)state;
	nth_frame(4, &f);
	assert_int_equal(f.entries[0].seq, 5122);
	assert_int_equal(f.entries[0].at, HUB_MS - 3600000 + 1000);
	assert_string_equal(f.entries[0].by, "4480");
	assert_true(f.entries[0].unsure);
	assert_false(verdict_won(&f.entries[0].verdict, "goal"));
	assert_true(names_have(&f.books, "beat:35X"));
	frame_release(&f);
	nth_frame(5, &f);
	assert_string_equal(f.entries[0].by, "");
	assert_string_equal(f.entries[0].verdict.held, "not allowed");
	frame_release(&f);
	nth_frame(7, &f);
	assert_int_equal(f.entries[0].seq, 5126);
	assert_int_equal(f.entries[0].edit.id.replica, 47);
	assert_int_equal(f.entries[0].edit.id.n, 14);
	assert_string_equal(f.entries[0].by, "4471");
	assert_string_equal(f.entries[0].verdict.refused, "no such kind");
	frame_release(&f);
}

static void
whole_records_are_read(void **state)
{
	struct frame f;

	(void)state;
	nth_frame(8, &f);
	assert_int_equal(f.seq, 5127);
	assert_int_equal(f.count, 2);
	assert_string_equal(f.entries[0].edit.record, "3-9");
	assert_int_equal(f.entries[0].edit.count, 0);
	assert_string_equal(f.entries[1].by, "4480"); /* told before */
	assert_int_equal(f.entries[1].seq, 90);
	frame_release(&f);
	nth_frame(17, &f); /* between FILL and FILLED: not a difference */
	assert_int_equal(f.entries[0].seq, 5111);
	assert_int_equal(f.entries[0].at, 1783900000000);
	assert_string_equal(f.entries[0].by, "4490");
	frame_release(&f);
}

static bool
frame_ok(const char *line, enum frame_type *type)
{
	struct coder c;
	struct frame f;
	enum status st;

	start_down(&c);
	st = message_get_frame(&c, line, strlen(line), &f, &why);
	coder_release(&c);
	if (st) {
		assert_int_equal(st, ST_DATA);
		return false;
	}
	*type = f.type;
	frame_release(&f);
	return true;
}

static void
newer_frames_are_passed_over(void **state)
{
	static const char newer[] = "{\"s\":3,\"a\":-5,\"new\":[1]}";
	enum frame_type type;
	struct coder c;
	struct frame f;

	(void)state;
	assert_true(frame_ok("{\"splice\":{}}", &type));
	assert_int_equal(type, FRAME_UNKNOWN);
	assert_true(frame_ok("{}", &type));
	assert_int_equal(type, FRAME_UNKNOWN);
	start_down(&c);
	good(message_get_frame(&c, newer, strlen(newer), &f, &why));
	frame_release(&f);
	good(message_get_frame(
		&c, answer_lines[2], strlen(answer_lines[2]) - 1, &f, &why));
	assert_int_equal(f.entries[0].seq, 5124);
	assert_int_equal(f.entries[0].at, HUB_MS - 5 - 3600000);
	frame_release(&f);
	coder_release(&c);
}

static void
unknown_members_are_passed_over(void **state)
{
	enum frame_type type;

	(void)state;
	assert_true(frame_ok("{\"end\":true,\"why\":{\"a\":1}}", &type));
	assert_true(frame_ok("{\"s\":1,\"n\":1,\"a\":1,\"zz\":7}", &type));
	assert_int_equal(type, FRAME_VERDICT);
}

static void
bad_frames_are_refused(void **state)
{
	static const char *const lines[] = {
		"",
		"x",
		"[]",
		"null",
		"7",
		"{\"end\":false}",
		"{\"end\":1}",
		"{\"t\":1}",
		"{\"t\":\"1\",\"i\":\"a\",\"n\":1,\"d\":1}",
		"{\"t\":1,\"i\":\"a\",\"n\":4294967296,\"d\":1}",
		"{\"t\":1,\"i\":\"aaaaaaaaaaaaaaaaaaaaaaaa\",\"n\":1,\"d\":1}",
		"{\"t\":1,\"i\":\"a\",\"n\":1,\"d\":-1}",
		"{\"t\":1,\"i\":\"a\",\"n\":1,\"d\":1,\"b\":\"dept\"}",
		"{\"t\":1,\"i\":\"a\",\"n\":1,\"d\":1,\"b\":[\"town\"]}",
		"{\"t\":1,\"i\":\"a\",\"n\":1,\"d\":1,\"b\":[7]}",
		"{\"profile\":7}",
		"{\"c\":[1]}",
		"{\"c\":[-1,\"AAAAAAAAAAA\"]}",
		"{\"c\":[1,\"AAAA\"]}",
		"{\"c\":[1.5,\"AAAAAAAAAAA\"]}",
		"{\"fill\":\"dept\"}",
		"{\"fill\":\"town\",\"s\":1}",
		"{\"filled\":true}",
		"{\"s\":1,\"n\":0.5,\"a\":0}",
		"{\"s\":1,\"n\":-11,\"a\":0}",
		"{\"s\":-1,\"n\":1,\"a\":0}",
		"{\"s\":1,\"n\":1,\"a\":\"x\"}",
		"{\"s\":9007199254740993,\"n\":1,\"a\":0}",
		"{\"s\":9007199254740992,\"n\":1,\"a\":0}",
		"{\"s\":1,\"n\":1,\"a\":0,\"u\":1}",
		"{\"s\":1,\"n\":1,\"a\":0,\"l\":\"x\"}",
		"{\"s\":1,\"n\":1,\"a\":0,\"l\":{\"a b\":\"1.1\"}}",
		"{\"s\":1,\"n\":1,\"a\":0,\"x\":{\"f\":\"1.1\"}}",
		"{\"s\":1,\"n\":1,\"a\":0,\"h\":7}",
		"{\"s\":1,\"n\":1,\"a\":0,\"j\":[]}",
		"{\"s\":1,\"e\":\"12\",\"a\":0,\"m\":\"1\",\"r\":\"a/b\"}",
		"{\"s\":1,\"e\":\"12.0\",\"a\":0,\"m\":\"1\",\"r\":\"a/b\"}",
		"{\"s\":1,\"e\":\"12.1\",\"a\":0,\"r\":\"a/b\"}",
		"{\"s\":1,\"e\":\"12.1\",\"a\":0,\"m\":\"a b\",\"r\":\"a/b\"}",
		"{\"s\":1,\"e\":\"0.1\",\"a\":0,\"r\":\"a\"}",
		"{\"s\":1,\"e\":\"0.1\",\"a\":0,\"r\":\"A b/c\"}",
		"{\"s\":1,\"e\":\"0.1\",\"a\":0,\"r\":\"a/b/c\"}",
		"{\"s\":1,\"e\":\"0.1\",\"a\":0,\"r\":\"a/b\",\"f\":[]}",
		"{\"s\":1,\"e\":\"0.1\",\"a\":0,\"r\":\"a/b\",\"f\":{\"x\":1}}",
		"{\"s\":1,\"e\":\"0.1\",\"a\":0,\"r\":\"a/b\",\"o\":7}",
		"{\"s\":1,\"r\":\"a/b\",\"b\":[]}",
		"{\"s\":1,\"r\":\"a/b\",\"g\":[]}",
		"{\"r\":\"a/b\",\"w\":{}}",
		"{\"r\":\"a/b\",\"w\":[7]}",
		"{\"r\":\"a/b\",\"w\":[{\"s\":0,\"e\":\"0.1\",\"a\":1}]}",
		"{\"r\":\"a/b\",\"w\":[{\"s\":1,\"e\":\"9.1\",\"a\":1}]}",
		"{\"r\":\"a/b\",\"r\":\"a/b\"}",
		"{\"r\":\"a/\\u0000\"}",
		"{\"r\":\"a/\xff\"}",
		"{\"end\":true} {}",
	};
	enum frame_type type;

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		if (frame_ok(lines[i], &type))
			fail_msg("taken: %s", lines[i]);
}

static void
bad_hellos_are_refused(void **state)
{
	static const char head[] = "{\"v\":1,\"t\":\"47.1.m\",\"n\":1,"
				   "\"h\":\"AQIDBAUGBwg\"";
	static const char *const rest[] = {
		"}",
		",\"b\":7}",
		",\"b\":\"AAAA\"}",
		",\"b\":[\"beat:\"]}",
		",\"b\":[],\"f\":{\"dept\":[1,\"\",\"\"]}}",
		",\"b\":\"AQIDBAUGBwg\",\"f\":{}}",
		",\"b\":[\"dept\"],\"f\":{\"dept\":[1,\"\"]}}",
		",\"b\":[\"dept\"],\"f\":{\"dept\":[1,\"a\",\"\"]}"
		"}",
		",\"b\":[\"dept\"],\"f\":{\"dept\":[-1,\"\",\"\"]}"
		"}",
		",\"b\":[],\"c\":[\"\",1,\"AQIDBAUGBwg\"]}",
		",\"b\":[],\"c\":[\"a\",1]}",
		",\"b\":[],\"c\":7}",
		",\"b\":[],\"p\":7}",
		",\"b\":[],\"v\":2}",
	};
	struct hello h;
	char line[300];

	(void)state;
	for (size_t i = 0; i < COUNT(rest); i++) {
		snprintf(line, sizeof(line), "%s%s", head, rest[i]);
		if (message_get_hello(line, strlen(line), &h, &why) != ST_DATA)
			fail_msg("taken: %s", line);
	}
	snprintf(line, sizeof(line), "%s,\"b\":[]}", head);
	good(message_get_hello(line, strlen(line), &h, &why));
	hello_release(&h);
	snprintf(line, sizeof(line),
		"{\"v\":2,\"t\":\"47.1.m\",\"n\":0,\"w\":1,\"k\":1,"
		"\"i\":\"x\",\"b\":[]}");
	assert_int_equal(
		message_get_hello(line, strlen(line), &h, &why), ST_DATA);
}

static void
bad_edits_are_refused(void **state)
{
	static const char *const lines[] = {"{}", "{\"r\":7}",
		"{\"r\":\"project\"}", "{\"r\":\"project/1\",\"g\":-1}",
		"{\"r\":\"project/1\",\"g\":\"1\"}",
		"{\"r\":\"project/1\",\"q\":-5121}",
		"{\"r\":\"project/1\",\"k\":-5000001}",
		"{\"r\":\"project/1\",\"w\":9007199254740992}",
		"{\"r\":\"project/1\",\"i\":7}",
		("{\"r\":\"project/1\","
		 "\"i\":\"0123456789012345678901234567890123456789\"}"),
		"{\"r\":\"project/1\",\"u\":\"yes\"}",
		"{\"r\":\"project/1\",\"i\":5}",
		"{\"r\":\"project/1\",\"f\":{\"x\":null}}",
		"{\"r\":\"project/1\",\"f\":{\"x\":\"\",\"x\":\"\"}}",
		"{\"r\":\"project/1\",\"z\":{\"x\":\"1.1\"}}",
		"{\"r\":\"project/1\",\"y\":\"\"}",
		"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["};
	struct coder c = {0};
	struct dated_edit e;
	struct hello h;

	(void)state;
	read_hello(hello_line, &h);
	for (size_t i = 0; i < COUNT(lines); i++) {
		coder_start_up(&c, &h, 47);
		if (message_get_edit(&c, lines[i], strlen(lines[i]), &e,
			    &why) != ST_DATA)
			fail_msg("taken: %s", lines[i]);
		assert_int_equal(c.n, 11);
	}
	coder_release(&c);
	hello_release(&h);
}

/* Every frame cut at every byte, and with every byte changed: no crash. */
static void
damage_does_no_harm(void **state)
{
	char line[600];
	enum frame_type type;

	(void)state;
	for (size_t i = 0; i < COUNT(answer_lines); i++) {
		size_t len = strlen(answer_lines[i]) - 1;

		for (size_t at = 0; at < len; at++) {
			memcpy(line, answer_lines[i], len);
			line[len] = '\0';
			line[at] = (char)(line[at] ^ 0x15);
			(void)frame_ok(line, &type);
			line[at] = '\0';
			assert_false(frame_ok(line, &type));
		}
	}
}

static void
tokens_are_split(void **state)
{
	static const char *const bad[] = {"", "47", "47.4471", "47.4471.",
		".4471.x", "x.4471.y", "047.4471.x", "4294967296.1.x", "-1.1.x",
		"47..x", "47.a b.x", "47.12345678.x"};
	char badge[8];
	const char *mac;
	uint32_t number;

	(void)state;
	assert_true(token_split(
		"47.44.71.m-c", &number, badge, sizeof(badge), &mac));
	assert_int_equal(number, 47);
	assert_string_equal(badge, "44.71");
	assert_string_equal(mac, "m-c");
	for (size_t i = 0; i < COUNT(bad); i++)
		if (token_split(bad[i], &number, badge, sizeof(badge), &mac))
			fail_msg("split: %s", bad[i]);
}

static void
examples_stand_in_the_protocol(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	if (buf_read_file(&b, "sync/PROTOCOL.md", 1 << 20, &why))
		skip(); /* not run from the source folder */
	assert_non_null(strstr(b.data, hello_line));
	assert_non_null(strstr(b.data, filling_line));
	for (size_t i = 0; i < COUNT(edit_lines); i++)
		assert_non_null(strstr(b.data, edit_lines[i]));
	for (size_t i = 0; i < COUNT(answer_lines); i++)
		assert_non_null(strstr(b.data, answer_lines[i]));
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hello_goes_both_ways),
		cmocka_unit_test(edits_go_both_ways),
		cmocka_unit_test(edits_are_read_from_differences),
		cmocka_unit_test(stamps_follow_ages),
		cmocka_unit_test(answers_go_both_ways),
		cmocka_unit_test(entries_are_read_from_differences),
		cmocka_unit_test(whole_records_are_read),
		cmocka_unit_test(newer_frames_are_passed_over),
		cmocka_unit_test(unknown_members_are_passed_over),
		cmocka_unit_test(bad_frames_are_refused),
		cmocka_unit_test(bad_hellos_are_refused),
		cmocka_unit_test(bad_edits_are_refused),
		cmocka_unit_test(damage_does_no_harm),
		cmocka_unit_test(tokens_are_split),
		cmocka_unit_test(examples_stand_in_the_protocol),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
