/* Names of keys, both ways, and chords. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/key.h"

static void
expect_both_ways(const char *name, key k)
{
	char text[KEY_NAME_MAX];
	key read;

	assert_true(key_parse(name, strlen(name), &read));
	assert_int_equal(read, k);
	key_text(k, text);
	assert_string_equal(text, name);
}

static void
test_names_both_ways(void **state)
{
	(void)state;
	expect_both_ways("a", 'a');
	expect_both_ways("?", '?');
	expect_both_ways("\xc3\xb1", 0xf1);
	expect_both_ways("<Space>", ' ');
	expect_both_ways("<lt>", '<');
	expect_both_ways("<F1>", NAMED_F0 + 1);
	expect_both_ways("<F12>", NAMED_F12);
	expect_both_ways("<C-x>", KEY_CTRL('x'));
	expect_both_ways("<Esc>", NAMED_ESC);
	expect_both_ways("<S-Tab>", NAMED_BACK_TAB);
	expect_both_ways("<PgDn>", NAMED_PAGE_DOWN);
}

static void
test_what_is_no_key(void **state)
{
	static const char *const bad[] = {"", "ab", "<F0>", "<F13>", "<C-1>",
		"<nothing>", "<>", "\x01", "\xff", "<C-i>", "<C-m>", "<F1x>"};
	key k;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(key_parse(bad[i], strlen(bad[i]), &k));
}

static void
test_case_of_names_is_free(void **state)
{
	key k;

	(void)state;
	assert_true(key_parse("<pgup>", 6, &k));
	assert_int_equal(k, NAMED_PAGE_UP);
	assert_true(key_parse("<C-X>", 5, &k));
	assert_int_equal(k, KEY_CTRL('x'));
}

static void
test_chords(void **state)
{
	char text[CHORD_NAME_MAX];
	struct chord gs, g, g2;

	(void)state;
	assert_true(chord_parse("g  s", &gs));
	assert_int_equal(gs.count, 2);
	chord_name(&gs, text);
	assert_string_equal(text, "g s");
	assert_true(chord_parse("g", &g));
	assert_true(chord_begins(&gs, &g));
	assert_false(chord_begins(&g, &gs));
	assert_true(chord_parse(" g ", &g2));
	assert_true(chord_same(&g, &g2));
	assert_false(chord_parse("a b c d", &g));
	assert_false(chord_parse("", &g));
	assert_false(chord_parse("g <what>", &g));
}

static void
test_printable(void **state)
{
	(void)state;
	assert_true(key_printable('a'));
	assert_true(key_printable(0x5b66));
	assert_false(key_printable(KEY_CTRL('a')));
	assert_false(key_printable(0x7f));
	assert_false(key_printable(0x9b));
	assert_false(key_printable(NAMED_UP));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_both_ways),
		cmocka_unit_test(test_what_is_no_key),
		cmocka_unit_test(test_case_of_names_is_free),
		cmocka_unit_test(test_chords),
		cmocka_unit_test(test_printable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
