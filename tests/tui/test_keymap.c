/* The keymap: built-in keys, the user's file, and what is wrong with one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tui/keymap.h"

struct trial {
	struct keymap *km;
	struct buf complaints;
};

static int
begin(void **state)
{
	struct trial *t = mem_alloc(sizeof(*t));

	keymap_new(&t->km);
	*state = t;
	return 0;
}

static int
end(void **state)
{
	struct trial *t = *state;

	keymap_free(t->km);
	buf_release(&t->complaints);
	free(t);
	return 0;
}

static void
user_file(struct trial *t, const char *text)
{
	keymap_add(t->km, text, strlen(text), "my.conf", true, &t->complaints);
}

static enum action
find(struct trial *t, enum context c, const char *keys)
{
	enum action a = ACT_NONE;
	struct chord chord;

	assert_true(chord_parse(keys, &chord));
	if (keymap_find(t->km, c, &chord, &a) != MATCH_FULL)
		return ACT_NONE;
	return a;
}

static void
expect_complaint(struct trial *t, const char *text)
{
	if (!strstr(buf_text(&t->complaints), text))
		fail_msg("'%s' is not in '%s'", text, buf_text(&t->complaints));
}

static void
test_built_in_has_no_complaints(void **state)
{
	struct trial *t = *state;
	struct buf out = BUF_INIT, none = BUF_INIT;
	struct keymap *again;

	/* what is printed can be read back over nothing */
	keymap_print(t->km, &out);
	assert_true(out.len > 1000);
	/* and every action is there, with a key or without */
	for (int a = 0; a < ACTION_COUNT; a++) {
		char *name = mem_printf(" %s ", action_name((enum action)a));

		if (!strstr(buf_text(&out), name))
			fail_msg("no%s", name);
		free(name);
	}
	keymap_new(&again);
	keymap_add(again, buf_text(&out), out.len, "printed", true, &none);
	assert_string_equal(buf_text(&none), "");
	keymap_free(again);
	buf_release(&out);
	buf_release(&none);
}

static void
test_contexts_fall_back(void **state)
{
	struct trial *t = *state;

	assert_int_equal(find(t, CTX_ALL, "<F1>"), ACT_HELP);
	assert_int_equal(find(t, CTX_FORM, "<F1>"), ACT_HELP);
	assert_int_equal(find(t, CTX_FORM, "<F2>"), ACT_SAVE);
	assert_int_equal(find(t, CTX_LIST, "<F2>"), ACT_NONE);
	assert_int_equal(find(t, CTX_TODAY, "/"), ACT_FILTER);
	assert_int_equal(find(t, CTX_RECORD, "g s"), ACT_GO_SYNC);
}

/* The same key of a wider context is not another one. */
static void
test_keys_are_told_once(void **state)
{
	struct trial *t = *state;
	struct buf keys = BUF_INIT;

	keymap_keys(t->km, CTX_CONFLICT, ACT_EDIT, &keys);
	assert_string_equal(buf_text(&keys), "e");
	buf_release(&keys);
}

/* A list's key whose action Today has not gives way to the key of all. */
static void
test_what_a_screen_has_not_gives_way(void **state)
{
	struct trial *t = *state;

	user_file(t, "bind all / search\nbind all v history\n");
	assert_string_equal(buf_text(&t->complaints), "");
	assert_int_equal(find(t, CTX_LIST, "/"), ACT_FILTER);
	assert_int_equal(find(t, CTX_TODAY, "/"), ACT_SEARCH);
	assert_int_equal(find(t, CTX_SYNC, "v"), ACT_HISTORY);
	assert_int_equal(find(t, CTX_TODAY, "o"), ACT_ORDER);
	user_file(t, "unbind list o\n");
	assert_int_equal(find(t, CTX_TODAY, "o"), ACT_NONE);
}

static void
test_letters_are_text_while_typing(void **state)
{
	struct trial *t = *state;

	for (key k = 0x20; k < 0x7f; k++) {
		struct chord c = {{k}, 1};
		enum action a;

		assert_int_equal(
			keymap_find(t->km, CTX_TEXT, &c, &a), MATCH_NONE);
		assert_int_equal(
			keymap_find(t->km, CTX_FORM, &c, &a), MATCH_NONE);
	}
	user_file(t, "bind form x save\n");
	expect_complaint(t, "my.conf:1: cannot bind 'x'");
}

static void
test_a_prefix_waits(void **state)
{
	struct trial *t = *state;
	struct chord g = {{'g'}, 1};
	enum action a;

	assert_int_equal(keymap_find(t->km, CTX_LIST, &g, &a), MATCH_PREFIX);
}

static void
test_user_file_wins(void **state)
{
	struct trial *t = *state;

	user_file(t, "# mine\n\nbind list <F6> filter # as at home\n"
		     "unbind all q\nbind all u page-up\r\n");
	assert_string_equal(buf_text(&t->complaints), "");
	assert_int_equal(find(t, CTX_LIST, "<F6>"), ACT_FILTER);
	assert_int_equal(find(t, CTX_LIST, "q"), ACT_NONE);
	assert_int_equal(find(t, CTX_LIST, "u"), ACT_PAGE_UP);
	assert_int_equal(keymap_user_count(t->km), 3);
}

static void
test_what_is_wrong_is_told_by_line(void **state)
{
	struct trial *t = *state;

	user_file(t, "bind all <F4> fly\n"
		     "bind nowhere a up\n"
		     "bind all <F77> up\n"
		     "bnid all a up\n"
		     "bind all <F5> up\n"
		     "bind all <C-s> up\n"
		     "bind all\n"
		     "bind list z up\n");
	expect_complaint(t, "my.conf:1: unknown action 'fly'");
	expect_complaint(t, "my.conf:2: unknown context 'nowhere': all, list");
	expect_complaint(t, "conflict, held, text");
	expect_complaint(t, "my.conf:3: unknown key '<F77>'");
	expect_complaint(t, "my.conf:4: unknown word 'bnid'");
	expect_complaint(t, "my.conf:5: cannot bind '<F5>'");
	expect_complaint(t, "my.conf:6: cannot bind '<C-s>'");
	expect_complaint(t, "my.conf:7: unknown action");
	assert_int_equal(find(t, CTX_LIST, "z"), ACT_UP);
	assert_int_equal(find(t, CTX_ALL, "<F4>"), ACT_NOTE);
}

static void
test_a_key_twice_in_one_file(void **state)
{
	struct trial *t = *state;

	user_file(t, "bind list z up\nbind list z down\n");
	expect_complaint(t, "my.conf:2: a second time in this file 'z'");
	assert_int_equal(find(t, CTX_LIST, "z"), ACT_UP);
}

static void
test_a_key_that_hides_a_chord(void **state)
{
	struct trial *t = *state;

	user_file(t, "bind all g up\n");
	expect_complaint(t, "my.conf:1: clash with 'g ");
	assert_int_equal(find(t, CTX_ALL, "g t"), ACT_GO_TODAY);
}

static void
test_a_key_that_hides_chords_of_a_wider_context(void **state)
{
	struct trial *t = *state;

	user_file(t, "bind list g up\n"
		     "unbind today g\n"
		     "bind today g up\n");
	expect_complaint(t, "my.conf:1: clash with 'g ");
	assert_null(strstr(buf_text(&t->complaints), "my.conf:2"));
	assert_null(strstr(buf_text(&t->complaints), "my.conf:3"));
	assert_int_equal(find(t, CTX_LIST, "g t"), ACT_GO_TODAY);
	assert_int_equal(find(t, CTX_TODAY, "g"), ACT_UP);
	assert_int_equal(find(t, CTX_TODAY, "g t"), ACT_NONE);
}

static void
test_what_is_unbound_was_bound(void **state)
{
	struct trial *t = *state;

	user_file(t, "unbind list <F12>\n"
		     "unbind all g\n"
		     "unbind list n\n"
		     "unbind record g t\n");
	expect_complaint(t, "my.conf:1: nothing is bound to '<F12>'");
	expect_complaint(t, "my.conf:4: nothing is bound to 'g t'");
	assert_int_equal(find(t, CTX_RECORD, "g s"), ACT_NONE);
	assert_int_equal(find(t, CTX_LIST, "n"), ACT_NONE);
	assert_int_equal(find(t, CTX_RECORD, "n"), ACT_NEW);
}

static void
load(struct trial *t, const char *path)
{
	struct buf text = BUF_INIT;
	struct why why;

	assert_int_equal(buf_read_file(&text, path, 65536, &why), ST_OK);
	assert_true(text.len > 200);
	user_file(t, buf_text(&text));
	buf_release(&text);
	assert_string_equal(buf_text(&t->complaints), "");
}

static void
test_keys_for_hands_that_know_vi(void **state)
{
	struct trial *t = *state;

	load(t, "tui/keymaps/vi.conf");
	assert_int_equal(find(t, CTX_LIST, "g g"), ACT_FIRST);
	assert_int_equal(find(t, CTX_RECORD, "G"), ACT_LAST);
	assert_int_equal(find(t, CTX_RECORD, "n"), ACT_MATCH_NEXT);
	assert_int_equal(find(t, CTX_RECORD, "g t"), ACT_GO_TODAY);
	assert_int_equal(find(t, CTX_ALL, "Z Z"), ACT_QUIT);
	assert_int_equal(find(t, CTX_TODAY, "/"), ACT_SEARCH);
	for (enum context c = 0; c < CONTEXT_COUNT; c++)
		if (!context_is_text(c) && action_in(ACT_NOTE, c))
			assert_int_equal(find(t, c, "a"), ACT_NOTE);
}

static void
test_keys_for_hands_that_know_mutt(void **state)
{
	struct trial *t = *state;

	load(t, "tui/keymaps/mutt.conf");
	assert_int_equal(find(t, CTX_LIST, "l"), ACT_FILTER);
	assert_int_equal(find(t, CTX_RECORD, "r"), ACT_NOTE);
	assert_int_equal(find(t, CTX_TODAY, "m"), ACT_NEW);
	assert_int_equal(find(t, CTX_CONFLICT, "m"), ACT_MINE);
	assert_int_equal(find(t, CTX_ALL, "$"), ACT_SYNC_NOW);
	assert_int_equal(find(t, CTX_TODAY, "/"), ACT_SEARCH);
	assert_int_equal(find(t, CTX_TODAY, "r"), ACT_NOTE);
	assert_int_equal(find(t, CTX_TODAY, "R"), ACT_RESUME);
}

static void
test_key_of_an_action(void **state)
{
	struct trial *t = *state;
	struct chord c;
	char name[CHORD_NAME_MAX];

	assert_true(keymap_key(t->km, CTX_LIST, ACT_FILTER, &c));
	chord_name(&c, name);
	assert_string_equal(name, "/");
	/* in a form only what is no letter */
	assert_true(keymap_key(t->km, CTX_FORM, ACT_PALETTE, &c));
	chord_name(&c, name);
	assert_string_equal(name, "<F9>");
	assert_false(keymap_key(t->km, CTX_FORM, ACT_GO_SYNC, &c));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(test_built_in_has_no_complaints),
		TEST(test_contexts_fall_back),
		TEST(test_keys_are_told_once),
		TEST(test_what_a_screen_has_not_gives_way),
		TEST(test_letters_are_text_while_typing),
		TEST(test_a_prefix_waits),
		TEST(test_user_file_wins),
		TEST(test_what_is_wrong_is_told_by_line),
		TEST(test_a_key_twice_in_one_file),
		TEST(test_a_key_that_hides_a_chord),
		TEST(test_a_key_that_hides_chords_of_a_wider_context),
		TEST(test_what_is_unbound_was_bound),
		TEST(test_keys_for_hands_that_know_vi),
		TEST(test_keys_for_hands_that_know_mutt),
		TEST(test_key_of_an_action),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
