/* Small pictures of numbers: bars and lines, with and without blocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/utf8.h"
#include "tui/spark.h"

static const struct look blocks = {.utf8 = true, .glyphs = true};
static const struct look ascii = {.utf8 = false};
static struct buf out = BUF_INIT;

static const char *
line(const struct look *l, const int64_t *counts, size_t count)
{
	buf_clear(&out);
	spark_line(counts, count, l, &out);
	return buf_text(&out);
}

static const char *
bar(const struct look *l, int64_t value, int64_t max, int cells)
{
	buf_clear(&out);
	spark_bar(value, max, cells, l, &out);
	return buf_text(&out);
}

static void
test_a_line_has_a_cell_for_each(void **state)
{
	const int64_t counts[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};

	(void)state;
	assert_string_equal(line(&blocks, counts, 9), ".▁▂▃▄▅▆▇█");
	assert_int_equal(utf8_width(buf_text(&out)), 9);
	assert_string_equal(line(&ascii, counts, 9), "._-=+*oO#");
}

static void
test_nothing_is_a_dot_and_little_is_not(void **state)
{
	const int64_t none[] = {0, 0, 0}, little[] = {1000000, 1, 0};

	(void)state;
	assert_string_equal(line(&blocks, none, 3), "...");
	assert_string_equal(line(&blocks, little, 3), "█▁.");
	assert_string_equal(line(&ascii, little, 3), "#_.");
	assert_string_equal(line(&ascii, NULL, 0), "");
}

static void
test_a_bar_is_as_long_as_its_part(void **state)
{
	(void)state;
	assert_string_equal(bar(&blocks, 8, 8, 4), "████");
	assert_string_equal(bar(&blocks, 3, 8, 4), "█▌");
	assert_string_equal(bar(&blocks, 0, 8, 4), "");
	assert_string_equal(bar(&blocks, 1, 1000, 4), "▏");
	assert_string_equal(bar(&ascii, 8, 8, 4), "####");
	assert_string_equal(bar(&ascii, 4, 8, 4), "##");
	assert_string_equal(bar(&ascii, 1, 1000, 4), "#");
}

static void
test_a_bar_is_never_too_long(void **state)
{
	(void)state;
	assert_string_equal(bar(&ascii, 900, 30, 4), "####");
	assert_string_equal(bar(&blocks, INT64_MAX, 1, 2), "██");
	assert_string_equal(bar(&ascii, -3, 30, 4), "");
	assert_string_equal(bar(&ascii, 3, 0, 4), "#");
}

static int
done(void **state)
{
	(void)state;
	buf_release(&out);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_line_has_a_cell_for_each),
		cmocka_unit_test(test_nothing_is_a_dot_and_little_is_not),
		cmocka_unit_test(test_a_bar_is_as_long_as_its_part),
		cmocka_unit_test(test_a_bar_is_never_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, done);
}
