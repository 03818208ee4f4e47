/* A person's own files, changed while the screens are open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/stage.h"

static struct fixture f;
static struct stage st;
static char keymap_file[200], theme_file[200];

static void
put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static int
begin(void **state)
{
	stage_make(&st, &f, state);
	snprintf(keymap_file, sizeof(keymap_file), "%s/keymap.conf", f.dir);
	snprintf(theme_file, sizeof(theme_file), "%s/theme.conf", f.dir);
	stage_open_on(&st, &f,
		&(struct screens_options){.keymap_file = keymap_file,
			.theme_file = theme_file,
			.look = {.select = "mark"}},
		"vt220", 24, 80);
	return 0;
}

/* The person was in an editor. */
static void
pause_typing(void)
{
	fixture_pass(&f, 5000);
}

static void
test_a_keymap_that_changed_is_in_force(void **state)
{
	(void)state;
	stage_shows(&st, "TODAY");
	stage_press(&st, "X");
	stage_shows(&st, "X does nothing here");
	put(keymap_file, "bind all X go-sync\n");
	stage_press(&st, "X");
	stage_shows(&st, "X does nothing here"); /* nobody paused */
	pause_typing();
	stage_press(&st, "X");
	stage_shows(&st, "SYNC");
	pause_typing();
	put(keymap_file, "bind all Y go-today\n");
	stage_press(&st, "j");
	stage_shows(&st, "keymap.conf was read again");
	stage_press(&st, "X");
	stage_shows(&st, "X does nothing here");
	stage_press(&st, "Y");
	stage_shows(&st, "TODAY");
	unlink(keymap_file);
	pause_typing();
	stage_press(&st, "Y");
	stage_shows(&st, "Y does nothing here");
}

static void
test_what_is_wrong_is_said_and_listed(void **state)
{
	(void)state;
	put(keymap_file, "bind all X go-sync\nbind all g up\n"
			 "bind nowhere x up\n");
	put(theme_file, "ink haed green\n");
	pause_typing();
	stage_press(&st, "k");
	stage_shows(&st, "theme.conf:1: unknown ink 'haed'");
	stage_press(&st, "<F1>");
	stage_shows(&st, "\n    theme.conf:1: unknown ink");
	stage_shows(&st, "\n    keymap.conf:2: clash with 'g ");
	stage_shows(&st, "\n    keymap.conf:3: unknown context 'nowhere'");
	stage_type(&st, "go-sync");
	stage_lacks(&st, "keymap.conf:2");
	stage_shows(&st, "X, g s");
	stage_press(&st, "<Esc>");
	put(keymap_file, "bind all X go-sync\n");
	put(theme_file, "ink head green\n");
	pause_typing();
	stage_press(&st, "<F1>");
	stage_lacks(&st, "keymap.conf:");
	stage_lacks(&st, "theme.conf:");
}

/* What is no file of text holds nobody up. */
static void
test_a_file_that_is_none_is_said(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(keymap_file, 0600), 0);
	assert_int_equal(mkdir(theme_file, 0700), 0);
	pause_typing();
	alarm(20); /* who waits for the pipe is ended */
	stage_press(&st, "k");
	alarm(0);
	stage_shows(&st, "theme.conf is no ordinary file: check the name (2 ");
	stage_press(&st, "<F1>");
	stage_shows(&st, "\n    keymap.conf is no ordinary file");
	stage_press(&st, "<Esc>");
	unlink(keymap_file);
	rmdir(theme_file);
	pause_typing();
	stage_press(&st, "<F1>");
	stage_lacks(&st, "ordinary");
}

static void
test_a_theme_that_changed_is_in_force(void **state)
{
	const struct look *l = &st.s.app.look;
	struct style before = l->styles[INK_HEAD];

	(void)state;
	put(theme_file, "ink head magenta underline\n");
	pause_typing();
	stage_press(&st, "k");
	stage_shows(&st, "theme.conf was read again");
	assert_int_equal(l->styles[INK_HEAD].colour, 5);
	assert_true(l->styles[INK_HEAD].underline);
	put(theme_file, "ink alert red\n");
	pause_typing();
	stage_press(&st, "k");
	assert_memory_equal(&l->styles[INK_HEAD], &before, sizeof(before));
	assert_int_equal(l->styles[INK_ALERT].colour, 1);
}

int
main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_keymap_that_changed_is_in_force),
		TEST(test_what_is_wrong_is_said_and_listed),
		TEST(test_a_file_that_is_none_is_said),
		TEST(test_a_theme_that_changed_is_in_force),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
