/* A whole shift in the ways that people have of pressing keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/conflicts.h"
#include "common/record.h"
#include "tests/support/shift.h"

static struct fixture f;
static struct stage st;

static void
open_with(const char *keymap_file)
{
	stage_open_on(&st, &f,
		&(struct screens_options){
			.keymap_file = keymap_file, .look = {.select = "mark"}},
		"vt220", 24, 80);
	stage_shows(&st, "TODAY");
}

static int
begin(void **state)
{
	stage_make(&st, &f, state);
	shift_begins(&f);
	return 0;
}

/* One step of a shift: keys and words as in shift.h, what is shown then. */
struct step {
	const char *keys, *seen;
};

/* A step's keys in the way of this shift; the caller's. */
typedef char *as_pressed(const char *keys);

static char *
as_they_are(const char *keys)
{
	return mem_text(keys);
}

/* <F7> as <C-x> 7, where the keyboard has no F-keys. */
static char *
by_ctrl_x(const char *keys)
{
	struct buf out = BUF_INIT;

	for (; *keys; keys++) {
		if (strncmp(keys, "<F", 2) == 0) {
			buf_printf(&out, "<C-x> %c", keys[2]);
			keys += 3;
		} else {
			buf_putc(&out, *keys);
		}
	}
	return buf_take(&out);
}

static void
play(const struct step *steps, size_t count, as_pressed *as)
{
	for (size_t i = 0; i < count; i++) {
		char *keys = as(steps[i].keys);

		shift_play(&st, keys);
		if (!strstr(stage_all(&st), steps[i].seen))
			fail_msg("after %s no '%s' on\n%s", keys, steps[i].seen,
				st.text);
		free(keys);
	}
}

/* What every shift has done at its end. */
static void
expect_done(void)
{
	struct conflicts all = {0};
	struct why why;

	assert_string_equal(
		fixture_text(&f, "project", "30-1", "stage"), "analysis");
	assert_string_equal(
		fixture_text(&f, "action_item", "1b-6", "status"), "done");
	assert_int_equal(
		conflicts_read(f.r, "project", "30-1", &all, &why), ST_OK);
	assert_int_equal(all.count, 0);
	conflicts_release(&all);
	stage_press(&st, "<F3> <C-u>");
	stage_type(&st, "seen from the bus");
	stage_shows(&st, "1 found");
	stage_press(&st, "<F3>");
	stage_type(&st, "twice void:yes");
	stage_shows(&st, "1 found");
}

/* With gloves on: F-keys, arrows, Enter and Tab are all that is hit. */
static const struct step gloves[] = {
	{"<Enter>", "1b-6  Call the manager back"},
	{"<F9> 'mark-done' <Enter> <F2>", "Done, not sent yet"},
	{"<F8>", "DUE: nothing"},
	{"<F3> 'garage lot' <F4> 'Seen from the bus' <F2>",
		"Saved, not sent yet"},
	{"<F8> <F3> 'garage lot' <Enter>", "30-1  Harbor Garage lot B"},
	{"<F9> 'stage-next' <Enter> <F2>", "[>] Analysis"},
	{"<F6>", "\n>"},
	{"<F9> 'history' <Enter>", "HISTORY"},
	{"<F8> <F9> 'conflicts' <Enter>", "<- in force"},
	{"<F9> 'mine' <Enter>", "No open conflicts"},
	{"<F8> <F3> 'entered twice' <Enter> <Enter>", "EDIT Project"},
	{"<F2>", "Entered twice"},
	{"<F8> <F3> 'entered twice' <Enter> <F9> 'void' <Enter> 'a slip' "
	 "<Enter>",
		"VOID: a slip"},
	{"<F8> <F9> 'new contact' <Enter> 'Dana' <F2>", "Saved, not sent yet"},
	{"<F9> 'undo' <Enter> <F2>", "Undone: "},
	{"<F8> <F9> 'go-projects' <Enter> <Down> <Up> <Enter>", "Project"},
	{"<F9> 'back' <Enter>", "PROJECTS"},
	{"<F9> 'go-sync' <Enter> <F7>", "Trying the hub"},
	{"<F1> 'hub now' <Enter>", "Trying the hub"},
	{"<F8>", "TODAY"},
};

static void
test_with_gloves(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(gloves) / sizeof(*gloves); i++) {
		const char *k = gloves[i].keys;

		for (bool words = false; *k; k++) {
			words = (*k == '\'') != words;
			if (words || *k == '\'' || *k == ' ')
				continue;
			assert_int_equal(*k, '<');
			if (strncmp(k, "<F", 2) && strncmp(k, "<Enter>", 7) &&
				strncmp(k, "<Up>", 4) &&
				strncmp(k, "<Down>", 6))
				fail_msg("no key for gloves: %s", k);
			k += strcspn(k, ">");
		}
	}
	open_with(NULL);
	play(gloves, sizeof(gloves) / sizeof(*gloves), as_they_are);
	expect_done();
}

static void
test_with_gloves_and_no_f_keys(void **state)
{
	(void)state;
	open_with(NULL);
	play(gloves, sizeof(gloves) / sizeof(*gloves), by_ctrl_x);
	expect_done();
}

/* Names of actions alone: each step opens the palette and types one. */
static const struct step named[] = {
	{"open", "1b-6  Call the manager back"},
	{"mark-done", "done today?"},
	{"= y", "Done, not sent yet"},
	{"go-today", "DUE: nothing"},
	{"note project/30-1", "NEW Update"},
	{"= 'Seen from the bus'", "Seen from the bus"},
	{"save", "Saved, not sent yet"},
	{"open 30-1", "30-1  Harbor Garage lot B"},
	{"stage-next", "Move 30-1"},
	{"= y", "[>] Analysis"},
	{"next-pane", "\n>"},
	{"history", "HISTORY"},
	{"back", "30-1  Harbor Garage lot B"},
	{"forward", "HISTORY"},
	{"conflicts", "<- in force"},
	{"mine", "No open conflicts"},
	{"search twice", "1 found"},
	{"open", "1b-1  Entered twice"},
	{"void", "for what reason"},
	{"= 'a slip' <Enter>", "VOID: a slip"},
	{"list project stage:scanning", "filter: stage:scanning"},
	{"filter motel", "PROJECTS  (1 of"},
	{"search-save motels", "Kept: "},
	{"go-today", "TODAY"},
	{"saved motels", "filter: motel"},
	{"search-drop motels", "Drop the saved search motels?"},
	{"= y", "Dropped: "},
	{"down", "\n>"},
	{"new contact", "NEW Contact"},
	{"= 'Dana'", "Dana"},
	{"save", "Saved, not sent yet"},
	{"undo", "Undo "},
	{"= y", "Undone: "},
	{"go-projects", "PROJECTS"},
	{"go-sync", "SYNC"},
	{"sync-now", "Trying the hub"},
	{"help", "HELP"},
	{"= <Esc>", "SYNC"},
	{"go-today", "TODAY"},
};

/* "= KEYS" answers what is asked; all else is a name. */
static char *
by_name(const char *words)
{
	return words[0] == '=' ? mem_text(words + 2)
			       : mem_printf("<F9> '%s' <Enter>", words);
}

static void
test_by_the_palette_alone(void **state)
{
	(void)state;
	open_with(NULL);
	play(named, sizeof(named) / sizeof(*named), by_name);
	expect_done();
}

static const struct step vi[] = {
	{"l", "1b-6  Call the manager back"},
	{"D y", "Done, not sent yet"},
	{"h", "DUE: nothing"},
	{"g p / 'garage' <Enter> l", "30-1  Harbor Garage lot B"},
	{"a 'Seen from the bus' <F2>", "Saved, not sent yet"},
	{"S y", "[>] Analysis"},
	{"H", "HISTORY"},
	{"h [", "PROJECTS"},
	{"] h", "PROJECTS"},
	{"g c m", "No open conflicts"},
	{"<C-o> / <C-u> 'status:open' <Enter> G", "PROJECTS  (3)"},
	{"g g", "PROJECTS  (3)"},
	{": 'open 1b-1' <Enter> d d 'a slip' <Enter>", "VOID: a slip"},
	{"u n", "VOID: a slip"},
	{"Z Z n", "VOID: a slip"},
};

static void
test_with_the_keys_of_vi(void **state)
{
	(void)state;
	open_with("tui/keymaps/vi.conf");
	stage_lacks(&st, "vi.conf");
	play(vi, sizeof(vi) / sizeof(*vi), as_they_are);
	expect_done();
}

static const struct step mutt[] = {
	{"<Enter>", "1b-6  Call the manager back"},
	{"D y", "Done, not sent yet"},
	{"i", "DUE: nothing"},
	{"g p l 'garage' <Enter> <Enter>", "30-1  Harbor Garage lot B"},
	{"r 'Seen from the bus' <F2>", "Saved, not sent yet"},
	{"S y", "[>] Analysis"},
	{"h", "HISTORY"},
	{"i i", "PROJECTS"},
	{"g c m", "No open conflicts"},
	{"i l <C-u> 'status:open' <Enter> *", "PROJECTS  (3)"},
	{"=", "PROJECTS  (3)"},
	{"/ 'twice' <Enter> d 'a slip' <Enter>", "VOID: a slip"},
	{"$", "Trying the hub"},
	{"y", "LISTS"},
	{"<Esc>", "VOID: a slip"},
	{"x n", "VOID: a slip"},
};

static void
test_with_the_keys_of_mutt(void **state)
{
	(void)state;
	open_with("tui/keymaps/mutt.conf");
	stage_lacks(&st, "mutt.conf");
	play(mutt, sizeof(mutt) / sizeof(*mutt), as_they_are);
	expect_done();
}

int
main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_with_gloves),
		TEST(test_with_gloves_and_no_f_keys),
		TEST(test_by_the_palette_alone),
		TEST(test_with_the_keys_of_vi),
		TEST(test_with_the_keys_of_mutt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
