/* Every way the screens can be shown: what differs, and what never does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/good.h"
#include "tests/support/stage.h"
#include "tui/theme.h"

#define ROW_BYTES_MAX 180 /* budgets.md, "Screens": a highlighted row */
#define REVERSE ";7m"	  /* the end of what turns it on */

static struct fixture f;
static struct stage st;
static const char *project;

static int
begin(void **state)
{
	stage_make(&st, &f, state);
	for (int i = 0; i < 30; i++) {
		char title[60];

		snprintf(title, sizeof(title), "Project %02d, break-ins", i);
		project = fixture_save(&f, "project", "", "title", title,
			"beat_ids", "35X", NULL);
	}
	return 0;
}

static void
open_list(struct wishes look, const char *type, int rows, int cols)
{
	stage_open_on(&st, &f,
		&(struct screens_options){.kind = "project", .look = look},
		type, rows, cols);
}

static void
test_the_chosen_row(void **state)
{
	(void)state;
	open_list((struct wishes){.select = "mark"}, "xterm", 24, 80);
	assert_false(stage_was_sent(&st, REVERSE));
	stage_close(&st);
	open_list((struct wishes){.select = "id"}, "xterm", 24, 80);
	assert_true(stage_was_sent(&st, REVERSE));
	stage_press(&st, "j");
	assert_in_range(st.sent, 17, ROW_BYTES_MAX - 50);
	stage_close(&st);
	open_list((struct wishes){0}, "xterm", 24, 80);
	assert_true(stage_was_sent(&st, REVERSE));
	stage_press(&st, "j");
	print_message("a highlighted row down %ld\n", st.sent);
	assert_in_range(st.sent, 17, ROW_BYTES_MAX);
	assert_int_equal(stage_row(&st, 4)[0], '>');
	stage_close(&st);
}

/* A mark alone is what a thin line can take; nothing but ASCII is our own. */
static void
test_over_ssh(void **state)
{
	struct look l;

	(void)state;
	unsetenv("SSH_TTY");
	setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22", 1);
	look_choose(&l, &(struct wishes){0}, "xterm");
	assert_int_equal(l.selection, SELECT_MARK);
	assert_string_equal(look_ellipsis(&l), "~");
	look_choose(&l, &(struct wishes){.select = "row"}, "xterm");
	assert_int_equal(l.selection, SELECT_ROW);
	unsetenv("SSH_CONNECTION");
	look_choose(&l, &(struct wishes){0}, "xterm");
	assert_int_equal(l.selection, SELECT_ROW);
}

static void
test_modes_are_told(void **state)
{
	(void)state;
	open_list((struct wishes){0}, "xterm-256color", 24, 80);
	stage_lacks(&st, "MONO");
	stage_lacks(&st, "ASCII");
	assert_true(stage_was_sent(&st, "\033[36m"));
	stage_close(&st);
	open_list((struct wishes){.mono = true}, "xterm-256color", 24, 80);
	stage_shows(&st, "| MONO");
	assert_false(stage_was_sent(&st, "\033[36m"));
	stage_close(&st);
	open_list((struct wishes){.ascii = true}, "xterm-256color", 24, 80);
	stage_shows(&st, "| ASCII");
	stage_close(&st);
	open_list((struct wishes){0}, "vt220", 24, 80);
	stage_shows(&st, "| MONO ASCII");
	stage_close(&st);
	open_list((struct wishes){.contrast = true}, "xterm-256color", 24, 80);
	stage_shows(&st, "| CONTRAST");
	assert_false(stage_was_sent(&st, "\033[36m"));
	assert_false(stage_was_sent(&st, "\033[2m")); /* dim */
	stage_close(&st);
}

static void
test_no_color(void **state)
{
	struct look l;

	(void)state;
	setenv("NO_COLOR", "1", 1);
	look_choose(&l, &(struct wishes){0}, "xterm");
	assert_false(l.colour);
	setenv("NO_COLOR", "", 1);
	look_choose(&l, &(struct wishes){0}, "xterm");
	assert_true(l.colour);
	unsetenv("NO_COLOR");
}

static void
test_the_status_row_drops_whole_parts(void **state)
{
	(void)state;
	open_list((struct wishes){.select = "mark"}, "vt220", 24, 80);
	assert_string_equal(stage_row(&st, 23),
		" OFFLINE | 30 unsent | never pulled | 4471 | Beat 35X | "
		"MONO ASCII");
	stage_size(&st, 24, 60);
	assert_string_equal(stage_row(&st, 23),
		" OFFLINE | 30 unsent | 4471 | Beat 35X | MONO ASCII");
	stage_size(&st, 24, 48);
	assert_string_equal(
		stage_row(&st, 23), " OFFLINE | 30 unsent | 4471 | MONO ASCII");
	stage_size(&st, 10, 40);
	assert_string_equal(
		stage_row(&st, 9), " OFFLINE | 30 unsent | MONO ASCII");
	stage_close(&st);
}

/* A clock that a flat battery set back: no age is made up of it. */
static void
test_a_clock_that_is_behind(void **state)
{
	(void)state;
	good(replica_meta_set_int(
		f.r, META_LAST_SYNC, FIXTURE_NOW + 20000, &why));
	open_list((struct wishes){.select = "mark"}, "vt220", 24, 80);
	stage_shows(&st, " SYNCED 0m  | ");
	f.now.wall_ms -= INT64_C(6) * 365 * 24 * 3600000;
	stage_paint(&st);
	stage_shows(&st, " SYNCED, clock behind | ");
	stage_close(&st);
}

/* The palette and the help are there on every screen, at every width. */
static void
test_hints_keep_the_palette_and_the_help(void **state)
{
	static const char *const ways[] = {"g t", "g p", "g b", "g s", "g c",
		"g h", "g l", "<F3>", "<F4>", "h"};
	static const int widths[] = {40, 60, 80, 132};

	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		stage_press(&st, ways[i]);
		for (size_t w = 0; w < 4; w++) {
			stage_size(&st, 24, widths[w]);
			stage_shows(&st, "F9 commands  F1 help");
		}
		stage_press(&st, "<Esc>");
		if (st.s.app.count == 1)
			stage_press(&st, "g p <Enter>");
	}
	stage_close(&st);
}

/* What a list is read by is there at every width, of every kind. */
static void
test_lists_keep_their_title(void **state)
{
	const struct catalog *cat = replica_catalog(f.r);
	char command[80];

	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	for (size_t i = 0; i < cat->kind_count; i++) {
		const struct kind *k = &cat->kinds[i];
		const struct field *head = kind_field(k, k->columns[0]);

		snprintf(command, sizeof(command), "list %s", k->name);
		stage_press(&st, ":");
		stage_type(&st, command);
		stage_press(&st, "<Enter>");
		stage_size(&st, 24, 40);
		stage_row_shows(&st, 2, "ID");
		for (size_t c = 1; c < k->column_count; c++)
			if (strcmp(k->columns[c], k->title) == 0)
				head = kind_field(k, k->title);
		if (!strstr(stage_row(&st, 2), head->label))
			fail_msg("%s: no %s in '%s'", k->name, head->label,
				stage_row(&st, 2));
		stage_size(&st, 24, 80);
		stage_press(&st, "<Esc>");
	}
	stage_close(&st);
}

/* Who hears or enlarges the screen follows the cursor: it is on the chosen row,
 * or where letters go. */
static void
test_where_the_cursor_is(void **state)
{
	static const char *const lists[] = {
		"g t", "g p", "g b", "g p <Enter>", "g p <Enter> h", "g s"};
	static const char *const texts[] = {"<F3>", "g l", "<F9>", "g p /"};
	int row, col;

	(void)state;
	stage_open(&st, &f, "project", project, NULL);
	for (int big = 0; big < 2; big++) {
		st.s.app.look.big = big;
		for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
			stage_press(&st, lists[i]);
			for (int j = 0; j < 3; j++) {
				stage_press(&st, "<Down>");
				stage_cursor(&row, &col);
				assert_int_equal(col, 0);
				assert_int_equal(
					stage_row(&st, row + 1)[0], '>');
			}
		}
		for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
			stage_press(&st, texts[i]);
			stage_type(&st, "zq");
			stage_cursor(&row, &col);
			assert_memory_equal(
				stage_row(&st, row + 1) + col - 2, "zq", 2);
			stage_press(&st, "<Esc>");
		}
	}
	stage_close(&st);
}

static void
test_help_on_a_narrow_screen(void **state)
{
	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "<F9>");
	stage_type(&st, "e");
	stage_size(&st, 10, 40);
	stage_shows(&st, " export");
	stage_lacks(&st, "What is shown");
	stage_shows(&st, "Esc back");
	stage_close(&st);
}

static void
test_big(void **state)
{
	int row, col;

	(void)state;
	open_list((struct wishes){.big = true}, "xterm", 24, 80);
	stage_shows(&st, "[Enter OPEN]");
	assert_true(strstr(stage_row(&st, 24), "[F1 HELP]") != NULL);
	assert_memory_equal(stage_row(&st, 3), ">1* 1b-", 7);
	assert_string_equal(stage_row(&st, 4), "");
	assert_memory_equal(stage_row(&st, 5), " 2* 1b-", 7);
	stage_press(&st, "9");
	assert_memory_equal(stage_row(&st, 19), ">9* 1b-", 7);
	stage_cursor(&row, &col);
	assert_int_equal(row, 18);
	stage_press(&st, "2 <Enter>");
	stage_shows(&st, "Project 01");
	stage_press(&st, "<Esc> <PgDn> <PgDn> <PgDn>");
	stage_press(&st, "1");
	assert_int_equal(stage_row(&st, 3)[0], '>');
	stage_close(&st);
}

/* Digits are text where one types, and what a person bound them to. */
static void
test_big_and_letters(void **state)
{
	(void)state;
	stage_open_on(&st, &f,
		&(struct screens_options){.kind = "project",
			.id = project,
			.look = {.big = true}},
		"xterm", 24, 80);
	stage_press(&st, "<F4>");
	stage_type(&st, "7 cars");
	stage_shows(&st, "| 7 cars");
	stage_press(&st, "<F2> <F3>");
	stage_type(&st, "29");
	stage_shows(&st, "find: 29");
	stage_close(&st);
}

/* The chosen row is in reach at every size, with items apart too. */
static void
test_big_at_every_size(void **state)
{
	static const char *const ways[] = {"g t", "g p", "g s", "g l", "<F1>"};

	(void)state;
	open_list((struct wishes){.big = true}, "xterm", 24, 80);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		stage_press(&st, ways[i]);
		for (int rows = 10; rows < 44; rows += 3) {
			stage_size(&st, rows, 80);
			stage_press(&st, "<PgDn> <Down>");
			if (!st.s.app.canvas.pick_count)
				continue;
			assert_true(st.s.app.canvas.marked > 0);
			assert_true(st.s.app.canvas.marked < rows - 4);
		}
		stage_press(&st, "<Esc>");
	}
	stage_close(&st);
}

static void
test_a_theme(void **state)
{
	static const char text[] = "# my colours\n"
				   "ink head green bold\n"
				   "ink title default underline reverse\n"
				   "ink haed red\n"
				   "ink alert purple\n"
				   "ink head red\n"
				   "ink faint red blinking\n"
				   "colour head red\n";
	struct buf complaints = BUF_INIT;
	struct look l;

	(void)state;
	look_choose(&l, &(struct wishes){0}, "xterm");
	theme_add(&l, text, strlen(text), "theme.conf", &complaints);
	assert_int_equal(l.styles[INK_HEAD].colour, 2);
	assert_true(l.styles[INK_HEAD].bold);
	assert_int_equal(l.styles[INK_TITLE].colour, -1);
	assert_true(l.styles[INK_TITLE].underline);
	assert_false(l.styles[INK_TITLE].bold);
	assert_int_equal(l.styles[INK_ALERT].colour, 1); /* as built in */
	assert_int_equal(l.styles[INK_FAINT].colour, -1);
	assert_string_equal(buf_text(&complaints),
		"theme.conf:4: unknown ink 'haed': plain, title, head, faint, "
		"alert, status, hints or chosen\n"
		"theme.conf:5: unknown colour 'purple': black, red, green, "
		"yellow, blue, magenta, cyan, white or default\n"
		"theme.conf:6: a second time in this file 'head': the first "
		"is kept\n"
		"theme.conf:7: unknown attribute 'blinking': bold, reverse or "
		"underline\n"
		"theme.conf:8: unknown word 'colour': ink\n");
	buf_clear(&complaints);
	look_choose(&l, &(struct wishes){.contrast = true}, "xterm");
	theme_add(&l, text, strlen(text), "theme.conf", &complaints);
	assert_int_equal(l.styles[INK_HEAD].colour, -1);
	buf_release(&complaints);
}

static void
test_a_theme_on_the_screen(void **state)
{
	char path[PLACE_MAX];

	(void)state;
	place_file(path, "theme", "ink head magenta\nink nothing red\n");
	stage_open_on(&st, &f,
		&(struct screens_options){
			.kind = "project", .theme_file = path},
		"xterm-256color", 24, 80);
	assert_true(stage_was_sent(&st, "\033[35m"));
	assert_false(stage_was_sent(&st, "\033[36m"));
	stage_shows(&st, ":2: unknown ink 'nothing'");
	stage_close(&st);
	remove(path);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, stage_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_the_chosen_row),
		TEST(test_over_ssh),
		TEST(test_modes_are_told),
		TEST(test_no_color),
		TEST(test_the_status_row_drops_whole_parts),
		TEST(test_a_clock_that_is_behind),
		TEST(test_hints_keep_the_palette_and_the_help),
		TEST(test_lists_keep_their_title),
		TEST(test_where_the_cursor_is),
		TEST(test_help_on_a_narrow_screen),
		TEST(test_big),
		TEST(test_big_and_letters),
		TEST(test_big_at_every_size),
		TEST(test_a_theme),
		TEST(test_a_theme_on_the_screen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
