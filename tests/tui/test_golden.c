/*
 * Every screen as tests/tui/screens/ has it, row by row, in colour, in mono and
 * in ASCII, at several sizes. The clock stands. BEATBOOK_GOLDEN=write writes
 * down what is shown now; `git diff` is then to be read as a person would see
 * it.
 *
 *   == LOOK COLSxROWS      a screen, the row with the cursor marked by <
 *   -- inks                what is not plain of it: ROW: INK FROM-TO, …
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/good.h"
#include "tests/support/shift.h"

#define TEXT_MAX ((size_t)1 << 20)
#define FOLDER "tests/tui/screens/"

static struct fixture f;
static struct stage st;

/* What is played from Today on. Keys, with what is between quotes typed. */
static const struct script {
	const char *name, *keys;
} scripts[] = {
	{"today", ""},
	{"beat", "g b"},
	{"projects", "g p"},
	{"projects-filtered", "g p / 'gar'"},
	{"nothing-found", "g p / 'zebra' <Enter>"},
	{"project", "g p <Down> <Down> <Enter>"},
	{"update", "g p <Down> <Down> <Enter> <F4> 'Walked the lot; 7 cars'"},
	{"edit", "g p <Down> <Down> <Enter> e"},
	{"wrong-field", ": 'new action_item' <Enter> <F2>"},
	{"stage", "g p <Down> <Down> <Enter> S"},
	{"history", "g p <Down> <Down> <Enter> h"},
	{"conflict", "g c"},
	{"held", "g h"},
	{"sync", "g s"},
	{"lists", "g l"},
	{"search", "<F3> 'garage'"},
	{"help", "<F1>"},
	{"palette", "<F9> 'sta'"},
	{"unknown-key", "z"},
	{"locked", "<C-x> l"},
};

static const struct {
	const char *name, *terminal;
	struct wishes look;
	int rows, cols;
} looks[] = {
	{"colour", "xterm-256color", {.select = "row"}, 24, 80},
	{"mono", "xterm-256color", {.mono = true, .select = "mark"}, 24, 80},
	{"ascii", "vt220", {.ascii = true, .select = "mark"}, 24, 80},
	{"big", "xterm-256color", {.big = true, .select = "mark"}, 24, 80},
	{"ascii", "vt220", {.ascii = true, .select = "mark"}, 10, 40},
	{"colour", "xterm-256color", {.select = "id"}, 43, 132},
};

/* What there is to see. */

static void
pass(int minutes)
{
	f.now.wall_ms += minutes * INT64_C(60000);
	f.now.boot_ms += minutes * INT64_C(60000);
}

static void
conflict_about(const char *project)
{
	char record[80];
	struct entry e;

	snprintf(record, sizeof(record), "project/%s", project);
	e = fixture_entry(&f, "48.1", "4480", record, "title", "Package thefts",
		"beat_ids", "35X", NULL);
	fixture_take(&f, &e, "beat:35X");
	fixture_save(&f, "project", project, "title", "Package thefts, Elm St",
		NULL);
	pass(9);
	e = fixture_entry(&f, "48.2", "4480", record, "title",
		"Package thefts, Oak Hill", NULL);
	standing_add(
		verdict_stand(&e.verdict, "title"), (struct edit_id){47, 1});
	fixture_take(&f, &e, NULL);
}

static int
begin(void **state)
{
	const char *garage;

	stage_make(&st, &f, state);
	conflict_about("30-1");
	garage = fixture_save(&f, "project", "", "title",
		"Harbor Garage lot B, break-ins", "beat_ids", "35X", "goal",
		"14 to 7 by 31 Aug", "stage", "analysis", NULL);
	pass(3);
	fixture_save(&f, "project_update", "", "project_id", garage, "text",
		"Caf\xc3\xa9 owner says the bay 4 light is out again. Will "
		"meet "
		"facilities on Wednesday.",
		NULL);
	pass(2);
	fixture_save(&f, "project", "", "title",
		"\xe5\xad\xa6\xe6\xa0\xa1 "
		"crossing, cars race at dismissal",
		"beat_ids", "35X", NULL);
	fixture_save(&f, "action_item", "", "text",
		"Call the garage manager back about bay 4", "due_on",
		"2026-07-12", NULL);
	fixture_save(&f, "action_item", "", "text", "Six-week measure",
		"due_on", "2026-07-14", NULL);
	pass(30);
	fixture_save(&f, "project", "", "title", "Sunset Motel", "beat_ids",
		"35X", NULL);
	pass(7);
	return 0;
}

/* Writing a screen down. */

static void
put_inks(const struct canvas *c, int row, struct buf *out)
{
	static const char *const names[] = {
#define X(id, name) name,
		INKS(X)
#undef X
	};
	const struct canvas_row *r = &c->lines[row];
	bool any = false;

	for (int col = 0, from; col < r->end; col++) {
		from = col;
		while (col + 1 < r->end &&
			r->cells[col + 1].ink == r->cells[from].ink)
			col++;
		if (r->cells[from].ink == INK_PLAIN)
			continue;
		buf_printf(out, "%s %s %d-%d", any ? "," : "",
			names[r->cells[from].ink], from + 1, col + 1);
		any = true;
	}
}

static void
put_colours(const struct canvas *c, struct buf *out)
{
	struct buf inks = BUF_INIT;

	buf_puts(out, "-- inks\n");
	for (int row = 0; row < c->rows; row++) {
		buf_clear(&inks);
		put_inks(c, row, &inks);
		if (inks.len)
			buf_printf(out, "%d:%s\n", row + 1, buf_text(&inks));
	}
	buf_release(&inks);
}

static void
put_screen(const char *look, struct buf *out)
{
	const struct canvas *c = &st.s.app.canvas;

	buf_printf(out, "== %s %dx%d\n", look, c->cols + 1, c->rows);
	for (int row = 0; row < c->rows; row++)
		buf_printf(out, "%s%s\n", stage_row(&st, row + 1),
			row == c->cursor_row ? " <" : "");
	if (st.s.app.look.colour)
		put_colours(c, out);
}

static void
compare(const char *name, const struct buf *said)
{
	char *path = mem_printf(FOLDER "%s.txt", name);
	const char *how = getenv("BEATBOOK_GOLDEN");
	struct buf kept = BUF_INIT_MAX(TEXT_MAX);
	FILE *file;

	if (how && strcmp(how, "write") == 0) {
		file = fopen(path, "w");
		if (!file ||
			fwrite(said->data, 1, said->len, file) != said->len ||
			fclose(file))
			fail_msg("%s cannot be written", path);
	}
	if (buf_read_file(&kept, path, TEXT_MAX, &why))
		fail_msg("%s (BEATBOOK_GOLDEN=write makes it)", why.text);
	assert_string_equal(buf_text(said), buf_text(&kept));
	buf_release(&kept);
	free(path);
}

/* Of the script that *state names. */
static void
test_is_as_written_down(void **state)
{
	const struct script *script = *state;
	struct buf said = BUF_INIT;
	void *stage;

	for (size_t l = 0; l < COUNT(looks); l++) {
		begin(&stage);
		stage_open_on(&st, &f,
			&(struct screens_options){.look = looks[l].look},
			looks[l].terminal, looks[l].rows, looks[l].cols);
		shift_play(&st, script->keys);
		put_screen(looks[l].name, &said);
		stage_tear_down(&stage);
	}
	compare(script->name, &said);
	buf_release(&said);
}

int
main(void)
{
	struct CMUnitTest tests[COUNT(scripts)];

	for (size_t i = 0; i < COUNT(scripts); i++)
		tests[i] = (struct CMUnitTest){.name = scripts[i].name,
			.test_func = test_is_as_written_down,
			.initial_state = (void *)&scripts[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
