/* The import of beats: real files of four cities, and broken ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sync/hub_import.h"
#include "tests/support/fixture.h"

#define DATA "../shared/data/"

struct setting {
	char dir[PLACE_MAX];
	char place[80];
	struct hub *hub;
};

static int
setup(void **state)
{
	struct setting *t = mem_alloc(sizeof(*t));
	struct why why = {""};

	place_folder(t->dir, "import");
	snprintf(t->place, sizeof(t->place), "%s/hub", t->dir);
	if (hub_init(t->place, "oakland", "America/Los_Angeles", NULL, NULL,
		    &why) ||
		hub_open(t->place, NULL, NULL, &t->hub, &why)) {
		print_error("%s\n", why.text);
		return -1;
	}
	*state = t;
	return 0;
}

static int
teardown(void **state)
{
	struct setting *t = *state;

	hub_close(t->hub);
	place_remove(t->dir);
	free(t);
	return 0;
}

static int64_t
entries(struct setting *t)
{
	struct hub_stats stats = {0};

	assert_int_equal(hub_stats(t->hub, &stats, NULL), ST_OK);
	return stats.entries;
}

static enum status
import(struct setting *t, const char *text, const char *name,
	struct import_counts *n, struct why *why)
{
	struct beat_import how = {"beat", name};

	return hub_import_beats(t->hub, text, strlen(text), &how, n, why);
}

/* A text that must be refused with `place` in the message, and must leave
 * the hub as it was. */
static void
refuse(struct setting *t, const char *text, const char *place)
{
	int64_t before = entries(t);
	struct import_counts n;
	struct why why = {""};

	assert_int_equal(import(t, text, NULL, &n, &why), ST_DATA);
	if (!strstr(why.text, place))
		fail_msg("'%s' is not in: %s", place, why.text);
	assert_int_equal(entries(t), before);
}

static void
assert_value(
	struct setting *t, const char *id, const char *field, const char *want)
{
	struct buf got = BUF_INIT;

	assert_int_equal(
		hub_value(t->hub, "beat", id, field, &got, NULL), ST_OK);
	assert_string_equal(buf_text(&got), want);
	buf_release(&got);
}

/* Real files. */

struct city {
	const char *file, *code;
	size_t beats, outside;
};

static void
import_city(struct setting *t, const struct city *c)
{
	struct beat_import how = {c->code, NULL};
	struct buf text = BUF_INIT;
	struct import_counts n;
	struct why why = {""};
	int64_t before;

	if (access(c->file, R_OK) != 0) {
		print_message("%s is not on this machine\n", c->file);
		skip();
	}
	assert_int_equal(
		buf_read_file(&text, c->file, IMPORT_MAX, &why), ST_OK);
	if (hub_import_beats(t->hub, text.data, text.len, &how, &n, &why))
		fail_msg("%s", why.text);
	assert_int_equal(n.beats, c->beats);
	assert_int_equal(n.added, c->beats);
	assert_int_equal(n.outside, c->outside);
	assert_int_equal(n.not_polygon, 0);
	before = entries(t);
	if (hub_import_beats(t->hub, text.data, text.len, &how, &n, &why))
		fail_msg("%s", why.text);
	assert_int_equal(n.unchanged, c->beats);
	assert_int_equal(n.added + n.changed, 0);
	assert_int_equal(entries(t), before);
	buf_release(&text);
}

static void
test_oakland(void **state)
{
	import_city(
		*state, &(struct city){DATA
				"oakland_community_policing_beats_2009.geojson",
				"CP_BEAT", 57, 2});
	assert_value(*state, "12X", "code", "12X");
	assert_value(*state, "12X", "name", "12X");
}

/* Beat 3100 stands there three times: one beat of several parts. */
static void
test_chicago(void **state)
{
	struct buf area = BUF_INIT;
	struct setting *t = *state;
	size_t parts = 0;

	import_city(t, &(struct city){DATA "chicago_police_beats.geojson",
			       "BEAT_NUM", 275, 0});
	assert_int_equal(
		hub_value(t->hub, "beat", "3100", "outline", &area, NULL),
		ST_OK);
	for (const char *p = buf_text(&area); (p = strstr(p, "[[[")); p += 3)
		parts++;
	assert_int_equal(parts, 3);
	buf_release(&area);
}

static void
test_san_jose(void **state)
{
	import_city(*state, &(struct city){DATA "sanjose_police_beats.geojson",
				    "Beat", 87, 0});
}

static void
test_seattle(void **state)
{
	import_city(*state, &(struct city){DATA "seattle_police_beats.geojson",
				    "beat", 55, 0});
}

/* Small files. */

#define HEAD "{\"type\":\"FeatureCollection\",\n\"features\":[\n"
#define TAIL "\n]}\n"
#define SQUARE "[[[0,0],[2,0],[2,2],[0,2],[0,0]]]"
#define FEATURE(code, more, type, area)                             \
	"{\"type\":\"Feature\",\"properties\":{\"beat\":" code more \
	"},\"geometry\":{\"type\":\"" type "\",\"coordinates\":" area "}}"
#define BEAT(code) FEATURE(code, "", "Polygon", SQUARE)

static void
test_parts_and_center(void **state)
{
	struct import_counts n;
	struct why why = {""};
	const char *text = HEAD BEAT("\"7\"") ",\n" FEATURE(
		"7", "", "Polygon", "[[[4,0],[6,0],[6,2],[4,2],[4,0]]]") TAIL;

	assert_int_equal(import(*state, text, NULL, &n, &why), ST_OK);
	assert_int_equal(n.beats, 1);
	assert_value(*state, "7", "center", "1,3");
	assert_value(*state, "7", "outline",
		"[[[[0,0],[2,0],[2,2],[0,2],[0,0]]],"
		"[[[4,0],[6,0],[6,2],[4,2],[4,0]]]]");
}

#define AREA(n)                                                                \
	"\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[" #n ",0],[" #n \
	",1],[9,9],[" #n ",0]]]}}"

/* What could be the code comes first, and nothing is cut without a sign. */
static void
test_which_property_is_the_code(void **state)
{
	struct buf text = BUF_INIT;

	for (int i = 0; i < 2; i++) {
		buf_printf(&text,
			"%s{\"type\":\"Feature\",\"properties\":{\"area\":"
			"\"W\","
			"\"about\":\"a text of many words %d\",\"CP\":\"0%dX\"",
			i ? ",\n" : HEAD, i, i);
		for (int n = 0; n < 40; n++)
			buf_printf(&text, ",\"property_of_some_%02d\":null", n);
		buf_puts(&text, i ? "}," AREA(1) TAIL : "}," AREA(2));
	}
	refuse(*state, buf_text(&text),
		"(CP, area, about, property_of_some_00");
	refuse(*state, buf_text(&text), " and 22 more)");
	buf_release(&text);
}

static void
test_skipped(void **state)
{
	struct import_counts n;
	struct buf said = BUF_INIT;
	struct why why = {""};
	const char *text = HEAD
		BEAT("\"A1\"") ",\n" BEAT("\"-1\"") ",\n" BEAT("-1") ",\n" BEAT(
			"null") ",\n" BEAT("\"\"") ",\n" FEATURE("\"A2\"", "",
			"Point",
			"[1,1]") ",\n"
				 "{\"type\":\"Feature\",\"properties\":{"
				 "\"beat\":\"A3\"},"
				 "\"geometry\":null},\n"
				 "{\"type\":\"Feature\",\"properties\":null,"
				 "\"geometry\":null}" TAIL;

	assert_int_equal(import(*state, text, NULL, &n, &why), ST_OK);
	hub_import_say(&n, &said);
	assert_string_equal(buf_text(&said),
		"1 beat: 1 added, 0 changed, 0 unchanged; "
		"4 features outside any beat (-1) skipped; "
		"3 features that are no polygons skipped\n");
	buf_release(&said);
}

static void
test_names(void **state)
{
	struct import_counts n;
	struct why why = {""};
	const char *text = HEAD FEATURE("\"B1\"",
		",\"name\":\"<b>Harbor<\\/b><br>\\n A &amp; B\\u0007\"",
		"Polygon", SQUARE) TAIL;
	const char *other = HEAD FEATURE(
		"\"B1\"", ",\"name\":\"Harbor\"", "Polygon", SQUARE) TAIL;

	assert_int_equal(import(*state, text, "name", &n, &why), ST_OK);
	assert_int_equal(n.cleaned, 1);
	assert_value(*state, "B1", "name", "Harbor A & B");
	assert_int_equal(import(*state, other, NULL, &n, &why), ST_OK);
	assert_int_equal(n.unchanged, 1);
	assert_int_equal(import(*state, other, "name", &n, &why), ST_OK);
	assert_int_equal(n.changed, 1);
	assert_value(*state, "B1", "name", "Harbor");
}

static void
test_clean_name(void **state)
{
	static const char *const pairs[][2] = {{"Plain", "Plain"},
		{"a < b", "a < b"}, {"<p>", ""}, {"x<br/>y", "x y"},
		{" two  blanks ", "two blanks"}, {"&lt;i&gt;", "<i>"},
		{"&unknown;", "&unknown;"}, {"caf\xc3\xa9", "caf\xc3\xa9"}};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		bool changed;
		char *got = import_clean_name(pairs[i][0], &changed);

		assert_string_equal(got, pairs[i][1]);
		assert_int_equal(changed, strcmp(got, pairs[i][0]) != 0);
		free(got);
	}
}

static void
test_byte_order_mark(void **state)
{
	struct import_counts n;
	struct why why = {""};

	assert_int_equal(import(*state, "\xef\xbb\xbf" HEAD BEAT("\"C1\"") TAIL,
				 NULL, &n, &why),
		ST_OK);
	assert_int_equal(n.added, 1);
}

static void
test_broken_features(void **state)
{
	refuse(*state, HEAD BEAT("\"D1\"") ",\n" BEAT("\"D2\"") ",\n{]}" TAIL,
		"line 5, feature 3");
	refuse(*state, HEAD BEAT("\"D1\"") ",\n" BEAT("{}") TAIL,
		"line 4, feature 2");
	refuse(*state, HEAD BEAT("\"D1\"") ",\n" BEAT("\"a b\"") TAIL,
		"feature 2: 'a b' cannot be a beat's code");
	refuse(*state,
		HEAD FEATURE("\"D1\"", "", "Polygon", "[[[0,0],[1,1],[0,0]]]")
			TAIL,
		"feature 1: the outline of beat D1");
	refuse(*state,
		HEAD FEATURE("\"D1\"", "", "Polygon",
			"[[[0,0],[1,0],[1,1],[0,1]]]") TAIL,
		"feature 1: the outline of beat D1");
	refuse(*state,
		HEAD FEATURE("\"D1\"", "", "Polygon",
			"[[[0,0],[999,0],[1,1],[0,0]]]") TAIL,
		"not on Earth");
	refuse(*state, HEAD FEATURE("\"D1\"", "", "Polygon", "\"none\"") TAIL,
		"feature 1");
	refuse(*state, HEAD FEATURE("\"D1\"", "", "MultiPolygon", SQUARE) TAIL,
		"feature 1");
	refuse(*state, HEAD "{\"type\":\"Feat\"}" TAIL, "line 3, feature 1");
	refuse(*state, HEAD "7" TAIL, "line 3, feature 1");
	refuse(*state, HEAD BEAT("\"x\\u0000\"") TAIL, "line 3, feature 1");
	refuse(*state, HEAD BEAT("\"x\xff\"") TAIL, "line 3, feature 1");
	refuse(*state,
		HEAD FEATURE("\"D1\"", ",\"beat\":\"D2\"", "Polygon", SQUARE)
			TAIL,
		"feature 1");
}

static void
test_broken_documents(void **state)
{
	refuse(*state, "", "line 1");
	refuse(*state, "[]", "line 1");
	refuse(*state, "{}", "no GeoJSON FeatureCollection");
	refuse(*state, "<html>", "line 1");
	refuse(*state, "{\"type\":\"Topology\",\"features\":[]}",
		"no GeoJSON FeatureCollection");
	refuse(*state, HEAD BEAT("\"E1\"") "," TAIL, "line 4");
	refuse(*state, HEAD BEAT("\"E1\"") BEAT("\"E2\"") TAIL, "line 3");
	refuse(*state, HEAD BEAT("\"E1\"") "\n]} more", "line 4");
	refuse(*state, HEAD BEAT("\"E1\"") "\n],\"crs\":{x}}", "line 4");
	refuse(*state, HEAD BEAT("\"E1\"") "\n],\"features\":[]}", "twice");
	refuse(*state,
		HEAD "{\"type\":\"Feature\",\"properties\":{\"BEAT\":\"1\","
		     "\"id\":2},\"geometry\":null}" TAIL,
		"(BEAT, id)");
}

/* Cut anywhere, it is refused and changes nothing. */
static void
test_cut_anywhere(void **state)
{
	struct setting *t = *state;
	const char *text = HEAD BEAT("\"F1\"") ",\n" BEAT("\"F2\"") "\n]}";
	int64_t before = entries(t);
	struct beat_import how = {"beat", NULL};

	for (size_t len = 0; len < strlen(text); len++) {
		struct import_counts n;
		struct why why = {""};

		if (hub_import_beats(t->hub, text, len, &how, &n, &why) !=
			ST_DATA)
			fail_msg("cut at %zu was taken", len);
	}
	assert_int_equal(entries(t), before);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {TEST(test_oakland),
		TEST(test_chicago), TEST(test_san_jose), TEST(test_seattle),
		TEST(test_parts_and_center), TEST(test_skipped),
		TEST(test_which_property_is_the_code), TEST(test_names),
		cmocka_unit_test(test_clean_name), TEST(test_byte_order_mark),
		TEST(test_broken_features), TEST(test_broken_documents),
		TEST(test_cut_anywhere)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
