/* What everything stands on: buf, utf8, when, json, digest, sql. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/digest.h"
#include "common/json.h"
#include "common/sql.h"
#include "common/utf8.h"
#include "common/when.h"
#include "tests/support/place.h"

static void
test_buf_stops_at_its_maximum(void **state)
{
	struct buf b = BUF_INIT_MAX(5);

	(void)state;
	assert_string_equal(buf_text(&b), "");
	buf_puts(&b, "abc");
	buf_puts(&b, "def");
	assert_true(buf_full(&b));
	assert_string_equal(buf_text(&b), "abc");
	buf_puts(&b, "d");
	assert_string_equal(buf_text(&b), "abc");
	buf_clear(&b);
	assert_false(buf_full(&b));
	buf_printf(&b, "%d-%s", 12, "xy");
	assert_string_equal(buf_text(&b), "12-xy");
	assert_false(buf_full(&b));
	buf_release(&b);
}

static void
test_buf_drops_cuts_and_gives_away(void **state)
{
	struct buf b = BUF_INIT;
	char *text;

	(void)state;
	buf_add(&b, "hello world", 11);
	buf_drop(&b, 6);
	buf_cut(&b, 3);
	buf_cut(&b, 99);
	assert_string_equal(buf_text(&b), "wor");
	buf_drop(&b, 99);
	assert_int_equal(b.len, 0);
	buf_putc(&b, 'x');
	text = buf_take(&b);
	assert_string_equal(text, "x");
	assert_null(b.data);
	free(text);
	text = buf_take(&b);
	assert_string_equal(text, "");
	free(text);
}

static void
test_buf_reads_files(void **state)
{
	char path[PLACE_MAX];
	struct buf b = BUF_INIT;
	struct why why;

	(void)state;
	place_file(path, "base", "12345");
	assert_int_equal(buf_read_file(&b, path, 5, &why), ST_OK);
	assert_string_equal(buf_text(&b), "12345");
	buf_release(&b);
	assert_int_equal(buf_read_file(&b, path, 4, &why), ST_DATA);
	assert_non_null(strstr(why.text, "larger than 4 bytes"));
	unlink(path);
	assert_int_equal(buf_read_file(&b, path, 4, &why), ST_NOT_FOUND);
	buf_release(&b);
}

static void
test_why_is_clipped_at_a_whole_character(void **state)
{
	char text[WHY_MAX + 10];
	struct why why;

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	text[sizeof(text) - 2] = '\0';
	assert_int_equal(why_set(&why, ST_LATER, "x%s", text), ST_LATER);
	assert_true(utf8_valid(why.text, strlen(why.text)));
	assert_int_equal(why_set(NULL, ST_DATA, "x"), ST_DATA);
}

static void
test_utf8_refuses_what_is_not_text(void **state)
{
	static const char *const bad[] = {"\xc0\x80", "\xe0\x80\x80",
		"\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3", "\x80", "\xff"};
	uint32_t code;
	char out[4];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(utf8_valid(bad[i], strlen(bad[i])));
	assert_true(utf8_valid("\xf0\x9f\x9a\x93 \xe2\x82\xac", 8));
	assert_int_equal(utf8_decode("\xe2\x82\xac", 3, &code), 3);
	assert_int_equal(code, 0x20ac);
	assert_int_equal(utf8_encode(0x1f693, out), 4);
	assert_memory_equal(out, "\xf0\x9f\x9a\x93", 4);
}

static void
test_utf8_finds_and_cleans_control_characters(void **state)
{
	size_t at = 99, changed;
	char *text;

	(void)state;
	assert_true(utf8_clean("a\nb\t", 4, true, &at));
	assert_false(utf8_clean("a\nb", 3, false, &at));
	assert_int_equal(at, 1);
	assert_false(utf8_clean("ab\x7f", 3, true, &at));
	assert_int_equal(at, 2);
	assert_false(utf8_clean("a\0b", 3, true, &at));
	text = utf8_cleaned("a\r\nb\x1b\xff", 6, true, &changed);
	assert_string_equal(text, "a\nb \xef\xbf\xbd");
	assert_int_equal(changed, 3);
	free(text);
}

static void
test_utf8_moves_and_wraps(void **state)
{
	const char *s = "one two  three\nfour";
	size_t skip;
	int used;

	(void)state;
	assert_int_equal(utf8_fit("abcdef", 4, &used), 4);
	assert_int_equal(used, 4);
	assert_int_equal(utf8_next("\xc3\xa9x", 3, 0), 2);
	assert_int_equal(utf8_next("x", 1, 1), 1);
	assert_int_equal(utf8_prev("x\xc3\xa9", 3), 1);
	assert_int_equal(utf8_prev("x", 0), 0);
	assert_int_equal(utf8_wrap(s, strlen(s), 7, &skip), 7);
	assert_int_equal(skip, 2);
	assert_int_equal(utf8_wrap(s + 9, strlen(s + 9), 80, &skip), 5);
	assert_int_equal(skip, 1);
	assert_int_equal(utf8_wrap("abcdef", 6, 4, &skip), 4);
	assert_int_equal(skip, 0);
}

/* 2026-11-22T18:31:00Z: 10:31 in Los Angeles, a Sunday. */
#define NOW INT64_C(1795372260000)

static void
test_days_are_those_of_the_zone(void **state)
{
	char text[WHEN_MAX];

	(void)state;
	assert_int_equal(when_set_zone("America/Los_Angeles", NULL), ST_OK);
	when_day_text(NOW, text);
	assert_string_equal(text, "2026-11-22");
	when_day_text(INT64_C(1795334400000), text); /* 08:00 UTC: midnight */
	assert_string_equal(text, "2026-11-22");
	when_day_text(INT64_C(1795334399999), text);
	assert_string_equal(text, "2026-11-21");
	when_local_text(NOW, text);
	assert_string_equal(text, "2026-11-22 10:31");
	assert_int_equal(when_set_zone("Nowhere/At_All", NULL), ST_DATA);
	assert_int_equal(when_set_zone("../etc/passwd", NULL), ST_DATA);
}

static void
test_instants_keep_their_milliseconds(void **state)
{
	static const char *const bad[] = {"2026-11-22T18:31:00Z",
		"2026-02-29T00:00:00.000Z", "2026-11-22T24:00:00.000Z",
		"2026-11-22 18:31:00.000Z", "2026-11-22T18:31:00.000z", ""};
	char text[WHEN_MAX];
	int64_t ms;

	(void)state;
	when_instant_text(NOW + 7, text);
	assert_string_equal(text, "2026-11-22T18:31:00.007Z");
	assert_true(when_parse_instant(text, &ms));
	assert_true(ms == NOW + 7);
	when_instant_text(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59.999Z");
	assert_true(when_parse_instant(text, &ms) && ms == -1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(when_parse_instant(bad[i], &ms));
}

static void
test_days_as_people_type_them(void **state)
{
	static const struct {
		const char *typed, *want;
	} days[] = {
		{"today", "2026-11-22"},
		{"Tomorrow", "2026-11-23"},
		{"yesterday", "2026-11-21"},
		{"+3d", "2026-11-25"},
		{"-2w", "2026-11-08"},
		{"sun", "2026-11-29"},
		{"mon", "2026-11-23"},
		{"2024-02-29", "2024-02-29"},
		{"2023-02-29", NULL},
		{"2026-13-01", NULL},
		{"su", NULL},
		{"+3x", NULL},
		{"", NULL},
	};
	char text[WHEN_MAX];
	long n;

	(void)state;
	assert_int_equal(when_set_zone("America/Los_Angeles", NULL), ST_OK);
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		bool got = when_parse_day(days[i].typed, NOW, text);

		assert_int_equal(got, days[i].want != NULL);
		if (got)
			assert_string_equal(text, days[i].want);
	}
	assert_true(when_days_between("2026-02-28", "2026-03-01", &n));
	assert_int_equal(n, 1);
	assert_true(when_days_between("2026-11-22", "2026-11-01", &n));
	assert_int_equal(n, -21);
	assert_false(when_days_between("2026-11-22", "soon", &n));
}

static void
test_instants_as_people_type_them(void **state)
{
	int64_t ms;

	(void)state;
	assert_int_equal(when_set_zone("America/Los_Angeles", NULL), ST_OK);
	assert_true(when_parse_local("now", NOW, &ms) && ms == NOW);
	assert_true(when_parse_local("10:31", NOW, &ms) && ms == NOW);
	assert_true(when_parse_local("today 10:31", NOW + 5, &ms));
	assert_true(ms == NOW);
	assert_true(when_parse_local("2026-07-01 00:00", NOW, &ms));
	assert_true(ms == INT64_C(1782889200000)); /* UTC-7 in summer */
	assert_true(when_parse_local("2026-07-01T00:00", NOW, &ms));
	assert_true(ms == INT64_C(1782889200000));
	/* The T of a day's name is not the one before the time. */
	assert_true(when_parse_local("Today 10:31", NOW + 5, &ms));
	assert_true(ms == NOW);
	assert_true(when_parse_local("Tuesday 19:00", NOW, &ms));
	assert_true(when_parse_local("Tomorrow 09:00", NOW, &ms));
	assert_false(when_parse_local("25:00", NOW, &ms));
	assert_false(when_parse_local("2026-07-01", NOW, &ms));
	assert_false(when_parse_local("noon", NOW, &ms));
}

static void
read_pinned(void *arg, struct clock_reading *now)
{
	*now = *(const struct clock_reading *)arg;
}

static void
test_clocks_can_be_pinned(void **state)
{
	struct clock_reading pinned = {NOW, 42, "boot"}, got;
	struct clock c = {read_pinned, &pinned};

	(void)state;
	clock_read(&c, &got);
	assert_true(got.wall_ms == NOW && got.boot_ms == 42);
	assert_string_equal(got.boot_id, "boot");
	clock_read(NULL, &got);
	assert_true(got.wall_ms > INT64_C(1600000000000));
}

static enum status
parse(const char *text, bool comments, struct why *why)
{
	cJSON *tree = NULL;
	enum status st = json_parse(text, strlen(text), comments, &tree, why);

	cJSON_Delete(tree);
	return st;
}

static void
test_json_refuses_what_cjson_takes(void **state)
{
	struct why why;

	(void)state;
	assert_int_equal(parse("{\"a\":1}", false, &why), ST_OK);
	assert_int_equal(
		parse("{\"a\":\n\"x\\u0000y\"}", false, &why), ST_DATA);
	assert_non_null(strstr(why.text, "line 2"));
	assert_int_equal(parse("{\"a\":\"\xff\"}", false, &why), ST_DATA);
	assert_int_equal(parse("{\"a\":1,\"a\":2}", false, &why), ST_DATA);
	assert_int_equal(parse("{\"a\":1,\"A\":2}", false, &why), ST_OK);
	assert_int_equal(parse("[9007199254740991]", false, &why), ST_OK);
	assert_int_equal(parse("[9007199254740992]", false, &why), ST_DATA);
	assert_int_equal(parse("{} {}", false, &why), ST_DATA);
	assert_int_equal(parse("[\"a\nb\"]", false, &why), ST_DATA);
	assert_int_equal(parse("", false, &why), ST_DATA);
}

static void
test_json_depth_is_bounded(void **state)
{
	char text[64] = "";

	(void)state;
	memset(text, '[', 24);
	memset(text + 24, ']', 24);
	assert_int_equal(parse(text, false, NULL), ST_OK);
	memset(text, '[', 25);
	memset(text + 25, ']', 25);
	assert_int_equal(parse(text, false, NULL), ST_DATA);
}

static void
test_json_comments_keep_the_lines(void **state)
{
	const char *text = "// one\n{\"a\": \"b//c\", // two\n\"d\" 1}";
	struct why why;
	cJSON *tree;

	(void)state;
	assert_int_equal(parse(text, true, &why), ST_DATA);
	assert_non_null(strstr(why.text, "line 3"));
	text = "// one\n{\"a\": \"b//c\"} // two";
	assert_int_equal(parse(text, false, NULL), ST_DATA);
	assert_int_equal(
		json_parse(text, strlen(text), true, &tree, NULL), ST_OK);
	assert_string_equal(json_text(tree, "a"), "b//c");
	assert_null(json_text(tree, "A"));
	cJSON_Delete(tree);
}

static void
test_json_is_written_as_it_is_read(void **state)
{
	struct buf b = BUF_INIT;
	cJSON *tree;

	(void)state;
	buf_putc(&b, '{');
	json_put_name(&b, "a\"b");
	json_put_text(&b, "x\\\n\t\x01\xc3\xa9");
	json_put_name(&b, "n");
	buf_puts(&b, "[1");
	json_put_comma(&b);
	buf_puts(&b, "2]}");
	assert_string_equal(buf_text(&b),
		"{\"a\\\"b\":\"x\\\\\\n\\t\\u0001\xc3\xa9\",\"n\":[1,2]}");
	assert_int_equal(json_parse(b.data, b.len, false, &tree, NULL), ST_OK);
	assert_string_equal(json_text(tree, "a\"b"), "x\\\n\t\x01\xc3\xa9");
	assert_int_equal(json_int(tree, "a\"b", 7), 7);
	cJSON_Delete(tree);
	buf_release(&b);
}

static void
hex(const struct digest *d, char out[2 * DIGEST_SIZE + 1])
{
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		snprintf(out + 2 * i, 3, "%02x", d->bytes[i]);
}

/* FIPS 180-4 example "abc"; RFC 4231 test case 2. */
static void
test_digests_have_their_published_values(void **state)
{
	const struct digest_part parts[] = {{"a", 1}, {"", 0}, {"bc", 2}};
	const char *text = "what do ya want for nothing?";
	char got[2 * DIGEST_SIZE + 1];
	struct digest d;

	(void)state;
	digest_parts(parts, 3, &d);
	hex(&d, got);
	assert_string_equal(got, "ba7816bf8f01cfea414140de5dae2223"
				 "b00361a396177a9cb410ff61f20015ad");
	digest_hmac("Jefe", 4, text, strlen(text), &d);
	hex(&d, got);
	assert_string_equal(got, "5bdcc146bf60754e6a042426089575c7"
				 "5a003f089d2739839dec58b964ec3843");
}

static void
test_base64_goes_there_and_back(void **state)
{
	const uint8_t bytes[] = {0xfb, 0xff, 0x00, 0x10};
	char text[BASE64_SIZE(4)];
	uint8_t back[4];

	(void)state;
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		base64_encode(bytes, n, text);
		assert_int_equal(strlen(text), BASE64_SIZE(n) - 1);
		assert_true(base64_decode(text, back, n));
		assert_memory_equal(back, bytes, n);
	}
	assert_string_equal(text, "-_8AEA");
	assert_false(base64_decode("-_8AE", back, 4));
	assert_false(base64_decode("-_8AEB", back, 4)); /* spare bits set */
	assert_false(base64_decode("+_8AEA", back, 4));
}

static void
fill_sevens(void *arg, void *bytes, size_t len)
{
	(void)arg;
	memset(bytes, 7, len);
}

static void
test_randomness_can_be_pinned(void **state)
{
	struct random_source pinned = {fill_sevens, NULL};
	uint8_t a[16] = {0}, b[16] = {0};

	(void)state;
	random_fill(&pinned, a, sizeof(a));
	assert_int_equal(a[0] + a[15], 14);
	random_fill(NULL, a, sizeof(a));
	random_fill(NULL, b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	assert_true(digest_same(a, a, 16));
	assert_false(digest_same(a, b, 16));
}

struct place {
	char dir[PLACE_MAX], file[PLACE_MAX + 8];
};

static int
sql_setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	if (!p)
		return -1;
	place_folder(p->dir, "base");
	snprintf(p->file, sizeof(p->file), "%s/x.db", p->dir);
	*state = p;
	return 0;
}

static int
sql_teardown(void **state)
{
	struct place *p = *state;

	place_remove(p->dir);
	free(p);
	return 0;
}

static struct sql *
open_new(const char *path)
{
	struct sql *db;
	struct why why;

	if (sql_open(path, SQL_CREATE, "the test file", &db, &why))
		fail_msg("%s", why.text);
	assert_int_equal(
		sql_script(db, "CREATE TABLE t(a INTEGER, b TEXT)", &why),
		ST_OK);
	return db;
}

static void
test_sql_binds_and_reads(void **state)
{
	struct place *p = *state;
	struct sql *db = open_new(p->file);
	struct stat info;
	int64_t n;
	char *text;

	assert_int_equal(sql_run(db, NULL, "INSERT INTO t VALUES(?1, ?2)", "is",
				 INT64_C(1) << 60, "x'y"),
		ST_OK);
	assert_int_equal(sql_run(db, NULL, "INSERT INTO t VALUES(?1, ?2)", "-s",
				 (const char *)NULL),
		ST_OK);
	assert_int_equal(sql_int(db, 5, &n, NULL, "SELECT a FROM t WHERE b=?1",
				 "s", "x'y"),
		ST_OK);
	assert_true(n == INT64_C(1) << 60);
	assert_int_equal(sql_int(db, 5, &n, NULL, "SELECT a FROM t WHERE b=?1",
				 "s", "none"),
		ST_OK);
	assert_true(n == 5);
	assert_int_equal(sql_text(db, &text, NULL,
				 "SELECT b FROM t WHERE a IS NULL", ""),
		ST_OK);
	assert_null(text);
	assert_int_equal(stat(p->file, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	sql_close(db);
}

static void
test_sql_rolls_back(void **state)
{
	struct place *p = *state;
	struct sql *db = open_new(p->file);
	int64_t n;

	assert_int_equal(sql_begin(db, NULL), ST_OK);
	assert_true(sql_in_transaction(db));
	assert_int_equal(
		sql_run(db, NULL, "INSERT INTO t VALUES(1, 'a')", ""), ST_OK);
	sql_rollback(db);
	assert_false(sql_in_transaction(db));
	sql_rollback(db);
	assert_int_equal(sql_begin(db, NULL), ST_OK);
	assert_int_equal(
		sql_run(db, NULL, "INSERT INTO t VALUES(2, 'b')", ""), ST_OK);
	assert_int_equal(sql_commit(db, NULL), ST_OK);
	assert_int_equal(
		sql_int(db, 0, &n, NULL, "SELECT sum(a) FROM t", ""), ST_OK);
	assert_true(n == 2);
	sql_close(db);
}

static void
test_sql_says_what_is_wrong_with_a_file(void **state)
{
	struct place *p = *state;
	struct sql *db;
	struct why why;
	FILE *f;

	assert_int_equal(
		sql_open(p->file, SQL_EXISTING, "the test file", &db, &why),
		ST_NOT_FOUND);
	assert_null(db);
	f = fopen(p->file, "w");
	assert_non_null(f);
	for (int i = 0; i < 200; i++)
		fputs("this is no database", f);
	fclose(f);
	assert_int_equal(
		sql_open(p->file, SQL_EXISTING, "the test file", &db, &why),
		ST_FILE);
	assert_non_null(strstr(why.text, "damaged"));
	assert_null(db);
}

static void
test_sql_reading_does_not_write(void **state)
{
	struct place *p = *state;
	struct sql *db = open_new(p->file), *reader;
	struct why why;

	assert_int_equal(
		sql_open(p->file, SQL_READ, "the test file", &reader, &why),
		ST_OK);
	assert_int_equal(
		sql_run(reader, &why, "INSERT INTO t VALUES(1, 'a')", ""),
		ST_FILE);
	assert_non_null(strstr(why.text, "cannot be written"));
	sql_close(reader);
	sql_close(db);
}

#define SQL_TEST(name) \
	cmocka_unit_test_setup_teardown(name, sql_setup, sql_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buf_stops_at_its_maximum),
		cmocka_unit_test(test_buf_drops_cuts_and_gives_away),
		cmocka_unit_test(test_buf_reads_files),
		cmocka_unit_test(test_why_is_clipped_at_a_whole_character),
		cmocka_unit_test(test_utf8_refuses_what_is_not_text),
		cmocka_unit_test(test_utf8_finds_and_cleans_control_characters),
		cmocka_unit_test(test_utf8_moves_and_wraps),
		cmocka_unit_test(test_days_are_those_of_the_zone),
		cmocka_unit_test(test_instants_keep_their_milliseconds),
		cmocka_unit_test(test_days_as_people_type_them),
		cmocka_unit_test(test_instants_as_people_type_them),
		cmocka_unit_test(test_clocks_can_be_pinned),
		cmocka_unit_test(test_json_refuses_what_cjson_takes),
		cmocka_unit_test(test_json_depth_is_bounded),
		cmocka_unit_test(test_json_comments_keep_the_lines),
		cmocka_unit_test(test_json_is_written_as_it_is_read),
		cmocka_unit_test(test_digests_have_their_published_values),
		cmocka_unit_test(test_base64_goes_there_and_back),
		cmocka_unit_test(test_randomness_can_be_pinned),
		SQL_TEST(test_sql_binds_and_reads),
		SQL_TEST(test_sql_rolls_back),
		SQL_TEST(test_sql_says_what_is_wrong_with_a_file),
		SQL_TEST(test_sql_reading_does_not_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
